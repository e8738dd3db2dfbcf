"""What a kind of number has to offer so that a form can be computed with it, and the one walk that computes.

An `Arithmetic` says how numbers of its kind are made, added up by their own operators, put into
functions and compared; `compute` goes through a form once, parts before wholes. Floats and arrays are
in `tutor.form.evaluate` and `tutor.form.arrays`, balls in `tutor.form.balls`, complex balls in `tutor.form.complexes`.

>>> from fractions import Fraction
>>> from tutor import read
>>> exact = Arithmetic(lambda value: value, *[lambda *_: None] * 5, lambda sign, a, b: COMPARE[sign](a, b), None)
>>> compute(read("(x + 1/3)/2"), {"x": Fraction(1, 6)}, exact), compute(read("x < 1"), {"x": Fraction(2)}, exact)
(Fraction(1, 4), False)
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from tutor.errors import RequestError
from tutor.form.numerals import integer, rational
from tutor.form.tree import Add, Call, Cases, Const, Div, Form, Mul, Neg, Num, Pow, Relation, Root, Sym
from tutor.form.walk import SHALLOW, nodes


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """How to compute with one kind of number.

    `number` makes one from a fraction, `constant` from a constant's name; `call` is a known
    function at its arguments; `power` gets the exponent's exact value when it is a plain number;
    `root` takes an integer index; `holds` decides a relation between two numbers; `undefined` is
    what stands for no value.
    """

    number: Callable[[Fraction], Any]
    constant: Callable[[str], Any]
    call: Callable[[str, tuple[Any, ...]], Any]
    power: Callable[[Any, Any, Fraction | None], Any]
    root: Callable[[Any, int], Any]
    select: Callable[[list[tuple[Any, Any]], Any], Any]
    holds: Callable[[str, Any, Any], Any]
    undefined: Any


Done = dict[Form, Any]
"""The values of parts at one point."""
_ERRORS = (ValueError, OverflowError, ZeroDivisionError, TypeError)


def compute(form: Form, values: Mapping[str, Any], arithmetic: Arithmetic, memo: Done | None = None) -> Any:
    """The value in one kind of number; every variable needs a value of that kind.

    `memo` carries the values of parts from one call to the next at the same point. Raises `RequestError` when one has none.
    """
    missing = form.free - values.keys()
    if missing:
        names = ", ".join(sorted(missing))
        raise RequestError("value", f"no value given for {names}", advice=f"Give one, such as {min(missing)}=1.")
    done: Done = {} if memo is None else memo
    if form in done:
        return done[form]
    if form.depth <= SHALLOW:
        return _computed(form, values, arithmetic, done)
    for node in nodes(form):
        if node not in done:
            _computed(node, values, arithmetic, done)
    return done[form]


def _computed(node: Form, values: Mapping[str, Any], arithmetic: Arithmetic, done: Done) -> Any:
    for child in node.children:
        if child not in done:
            _computed(child, values, arithmetic, done)
    try:
        found = _RULES[type(node)](node, values, arithmetic, done)
    except _ERRORS:
        found = arithmetic.undefined
    done[node] = found
    return found


_WHOLE = tuple(map(Fraction, range(101)))
_value = lru_cache(maxsize=1_024)(rational)
"""An answer is evaluated at many points: the numbers in it are made once."""


def _exact(form: Form) -> Fraction | None:
    """The value of a plain number; most are small and whole."""
    return _WHOLE[form.digits] if type(form) is Num and not form.places and form.digits <= 100 else _value(form)


def _number(node: Any, _: Mapping[str, Any], arithmetic: Arithmetic, __: Done) -> Any:
    return arithmetic.number(_exact(node))  # type: ignore[arg-type]


def _letter(node: Any, values: Mapping[str, Any], arithmetic: Arithmetic, _: Done) -> Any:
    return values.get(node.name, arithmetic.undefined)


def _sum(node: Any, _: Mapping[str, Any], __: Arithmetic, done: Done) -> Any:
    terms = node.terms
    result = done[terms[0]]
    for term in terms[1:]:
        result = result + done[term]
    return result


def _product(node: Any, _: Mapping[str, Any], __: Arithmetic, done: Done) -> Any:
    factors = node.factors
    result = done[factors[0]]
    for factor in factors[1:]:
        result = result * done[factor]
    return result


def _power(node: Any, _: Mapping[str, Any], arithmetic: Arithmetic, done: Done) -> Any:
    return arithmetic.power(done[node.base], done[node.exponent], _exact(node.exponent))


def _root(node: Any, _: Mapping[str, Any], arithmetic: Arithmetic, done: Done) -> Any:
    whole = integer(node.index)
    if whole is not None and whole > 1:
        return arithmetic.root(done[node.radicand], whole)
    return arithmetic.power(done[node.radicand], 1 / done[node.index], None)


def _relation(node: Any, _: Mapping[str, Any], arithmetic: Arithmetic, done: Done) -> Any:
    sides = [done[operand] for operand in node.operands]
    return _all([arithmetic.holds(sign, sides[k], sides[k + 1]) for k, sign in enumerate(node.operators)])


def _all(held: list[Any]) -> Any:
    """Three-valued "and": None is undecided."""
    if len(held) == 1:
        return held[0]
    if any(part is False for part in held):
        return False
    return None if any(part is None for part in held) else True


def _cases(node: Any, _: Mapping[str, Any], arithmetic: Arithmetic, done: Done) -> Any:
    branches = [(done[value], done[condition]) for value, condition in zip(node.values, node.conditions, strict=False)]
    otherwise = done[node.values[-1]] if len(node.conditions) < len(node.values) else arithmetic.undefined
    return arithmetic.select(branches, otherwise)


class _Rules(dict[type[Form], Callable[[Any, Mapping[str, Any], Arithmetic, Done], Any]]):
    """What computes each class of node; what is not listed has no value."""

    def __missing__(self, kind: type[Form]) -> Callable[[Any, Mapping[str, Any], Arithmetic, Done], Any]:
        return lambda _, __, arithmetic, ___: arithmetic.undefined


_RULES = _Rules({
    Num: _number, Sym: _letter, Add: _sum, Mul: _product, Pow: _power, Root: _root, Relation: _relation, Cases: _cases,
    Neg: lambda node, _, __, done: -done[node.operand],
    Div: lambda node, _, __, done: done[node.numerator] / done[node.denominator],
    Call: lambda node, _, arithmetic, done: arithmetic.call(node.name, tuple([done[arg] for arg in node.args])),
    Const: lambda node, _, arithmetic, __: arithmetic.constant(node.name),
})  # fmt: skip


def first_that_holds(branches: list[tuple[Any, Any]], otherwise: Any) -> Any:
    """The value of the first branch whose condition is true; nan where one before it is open."""
    for value, condition in branches:
        if condition is None:
            return math.nan
        if condition:
            return value
    return otherwise


COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
"""The signs of relations as comparisons of Python."""
OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}

__all__ = ["COMPARE", "OPPOSITE", "Arithmetic", "Done", "compute", "first_that_holds"]
