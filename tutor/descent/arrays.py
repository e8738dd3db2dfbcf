"""Forms over columns: one pass of NumPy over all rows for each distinct part.

The compiler of `tutor.form.compiled` writes Python's arithmetic, which works on arrays as it does on floats. What differs
for arrays (the functions of the table, roots, powers that are not whole, cases) is handed to it as functions of its own.

>>> import numpy as np
>>> from tutor import read
>>> z, y = np.array([0.0, 2.0]), np.array([0.0, 1.0])
>>> [column.tolist() for column in columnwise([read("(z - y)^2"), read("sqrt(z)")], ["z", "y"])(z, y)]
[[0.0, 1.0], [0.0, 1.4142135623730951]]
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from tutor.algebra.monomial import monomial, terms
from tutor.form.arrays import array_arithmetic
from tutor.form.compiled import function
from tutor.form.functions import FUNCTIONS
from tutor.form.numerals import integer, rational
from tutor.form.tree import Add, Apply, Call, Cases, Div, E, Form, Mul, Neg, Num, Pow, Relation, Root, Sym, total
from tutor.form.walk import nodes, rewritten

Columns = Callable[..., tuple[Any, ...]]
"""A function of columns and numbers to columns and numbers; `nan` where a row has no value."""


def columnwise(outputs: Sequence[Form], letters: Sequence[str]) -> Columns:
    """The values of forms as a function of columns or numbers, in the order of `letters`.

    An output without letters is a float. The caller decides what NumPy says of overflows (`numpy.errstate`). Raises
    `RequestError` for a form that has no values.
    """
    calls: dict[str, Callable[..., Any]] = {}
    prepared = [rewritten(form, lambda node: _for_arrays(node, calls)) for form in outputs]
    return function(prepared, letters, calls)


def _for_arrays(node: Form, calls: dict[str, Callable[..., Any]]) -> Form:
    """The node as an unknown function, where arrays need one of their own."""
    if not node.free:
        return node
    arithmetic = array_arithmetic()

    def asked(name: str, computed: Callable[..., Any], args: tuple[Form, ...]) -> Form:
        calls[name] = computed
        return Apply(name, args, (0,) * len(args))

    match node:
        case Call(name, args):
            row = FUNCTIONS[name].array
            return asked(name, partial(row, np) if row is not None else lambda *given: arithmetic.call(name, given), args)
        case Pow(base, exponent) if base is E:
            return asked("exp", np.exp, (exponent,))
        case Pow(_, exponent) if integer(exponent) is None:
            return asked("power", lambda base, power: arithmetic.power(base, power, None), node.children)
        case Root(radicand, index) if (whole := integer(index)) is not None:
            return asked(f"root {whole}", lambda inner: arithmetic.root(inner, whole), (radicand,))
        case Relation(operands, operators):
            chain = tuple([asked(sign, partial(arithmetic.holds, sign), operands[k : k + 2]) for k, sign in enumerate(operators)])
            return chain[0] if len(chain) == 1 else asked("all", _all, chain)
        case Cases(values, conditions):
            return asked(f"cases {len(conditions)}", partial(_select, len(conditions)), (*conditions, *values))
    return node


def _all(*held: Any) -> Any:
    return np.multiply.reduce(np.broadcast_arrays(*held))


def _select(count: int, *parts: Any) -> Any:
    conditions, values = parts[:count], parts[count:]
    otherwise = values[count] if len(values) > count else np.nan
    return array_arithmetic().select(list(zip(values[:count], conditions, strict=True)), otherwise)


def split(form: Form, letter: str) -> tuple[Form, Form] | None:
    """The form as a sum of a part in this letter alone and a part without it; None where it is no such sum.

    >>> from tutor import read
    >>> [str(part) for part in split(read("sigmoid(z) - y"), "z")], split(read("z*y"), "z")
    (['sigmoid(z)', '-y'], None)
    """
    inside, outside = [], []
    for term in terms(form):
        if letter not in term.free:
            outside.append(term)
        elif term.free == {letter}:
            inside.append(term)
        else:
            return None
    return total(inside), total(outside)


@dataclass(frozen=True, slots=True)
class Scaled:
    """A function of one letter as outer·form(inner·letter), with two numbers that need not be multiplied in again and again."""

    outer: float
    inner: float
    form: Form


def scaled(form: Form, letter: str) -> Scaled:
    """The numbers of a function of one letter that can be taken out of it.

    >>> from tutor import read
    >>> scaled(read("tanh(z/2)/2"), "z")
    Scaled(outer=0.5, inner=0.5, form=read('tanh(z)'))
    """
    whole, moving = monomial(form), Sym(letter)
    rest = replace(whole, coefficient=1).form()
    holders = {node for node in nodes(rest) if moving in node.children}
    multiples = [monomial(node) for node in holders]
    if len(holders) == 1 and multiples[0].powers == {moving: 1}:
        (node,) = holders
        return Scaled(float(whole.coefficient), float(multiples[0].coefficient), rewritten(rest, lambda part: moving if part is node else part))
    return Scaled(float(whole.coefficient), 1.0, rest)


_PROBES = np.concatenate([sign * np.logspace(-307, 308, 400) for sign in (1.0, -1.0)] + [np.array([0.0, np.inf, -np.inf, np.nan, 5e-324])])


def is_quiet(form: Form) -> bool:
    """Whether a form in one letter can be computed without a warning wherever the letter is: sums, multiples and functions that never overflow."""
    for node in nodes(form):
        if isinstance(node, Mul | Div):
            if sum(rational(part) is None for part in node.children) > 1 or rational(node.children[-1]) == 0:
                return False
        elif not isinstance(node, Num | Sym | Add | Neg | Call):
            return False
    try:
        with np.errstate(all="raise", under="ignore"):
            columnwise([form], sorted(form.free))(_PROBES)
    except (FloatingPointError, ValueError):
        return False
    return True


__all__ = ["Columns", "Scaled", "columnwise", "is_quiet", "scaled", "split"]
