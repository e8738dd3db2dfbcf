"""Expressions of vectors and matrices evaluated in NumPy, by their looks alone: the oracle of `test_matrices`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tutor.form.evaluate import evaluate
from tutor.form.tree import Add, Apply, Call, Const, Div, Form, Mul, Neg, Num, Pow, Root, Sym

Array = Any
STEP = 1e-6


def softmax(z: Array) -> Array:
    shifted = np.exp(z - z.max())
    return shifted / shifted.sum()


FUNCTIONS = {
    "norm": lambda u: np.sqrt((u**2).sum()),
    "norm_1": lambda u: np.abs(u).sum(),
    "trace": np.trace,
    "softmax": softmax,
    "crossentropy": lambda y, p: -(y * np.log(p)).sum(),
    "logsumexp": lambda z: np.log(np.exp(z).sum()),
    "diag": lambda p: np.diag(p[:, 0]),
}


def is_number(value: Array) -> bool:
    return np.ndim(value) == 0 or value.shape == (1, 1)


def number(value: Array) -> float:
    return float(np.asarray(value).reshape(()))


def multiplied(values: list[Array]) -> Array:
    """Numbers commute; the others stand in their order."""
    scale = np.prod([number(value) for value in values if is_number(value)])
    chain = [value for value in values if not is_number(value)]
    for value in chain[1:]:
        chain[0] = chain[0] @ value
    return scale * chain[0] if chain else scale


def value(form: Form, letters: Mapping[str, Array]) -> Array:
    """The value of a form: columns are arrays of one column. `I` fits where it stands in a sum or alone."""

    def of(part: Form) -> Array:
        return value(part, letters)

    match form:
        case Sym(name):
            return letters[name]
        case Num():
            return float(form.value)
        case Const():
            return evaluate(form, {})
        case Add(terms):
            return sum(map(of, terms[1:]), of(terms[0]))
        case Neg(inner):
            return -of(inner)
        case Mul(factors):
            return multiplied(list(map(of, factors)))
        case Div(top, bottom):
            return of(top) / number(of(bottom))
        case Pow(base, exponent):
            return np.asarray(of(base)).T if exponent is Sym("T") else number(of(base)) ** number(of(exponent))
        case Root(radicand, _):
            return number(of(radicand)) ** 0.5
        case Call("sign", (inner,)):
            return np.sign(of(inner))
        case Call(name, args):
            slots = {f"u_{place}": number(of(arg)) for place, arg in enumerate(args)}
            return evaluate(Call(name, tuple(Sym(slot) for slot in slots)), slots)
        case Apply(name, args):
            return FUNCTIONS[name](*map(of, args))
    raise NotImplementedError(type(form).__name__)


def slopes(form: Form, letters: Mapping[str, Array], variable: str) -> Array:
    """Central differences: of a number in the shape of the variable, of a column one row for each entry."""
    start = np.asarray(letters[variable], dtype=float)
    columns = []
    for place in np.ndindex(start.shape):
        ends = []
        for step in (STEP, -STEP):
            moved = start.copy()
            moved[place] += step
            ends.append(np.asarray(value(form, {**letters, variable: moved if moved.ndim else float(moved)})))
        columns.append((ends[0] - ends[1]) / (2 * STEP))
    if columns[0].size == 1:
        return np.array([number(column) for column in columns]).reshape(start.shape)
    return np.hstack(columns)
