"""Values over NumPy arrays that broadcast together.

>>> from tutor import read
>>> import numpy
>>> evaluate_array(read("1/x"), {"x": numpy.array([1.0, 2.0, 0.0])}).tolist()
[1.0, 0.5, inf]
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from typing import Any

from tutor.errors import RequestError
from tutor.form.arithmetic import Arithmetic, compute
from tutor.form.evaluate import FLOATS
from tutor.form.functions import FUNCTIONS
from tutor.form.tree import Form, Relation
from tutor.form.walk import nodes


def evaluate_array(form: Form, values: Mapping[str, Any]) -> Any:
    """The values over arrays; `nan` (or an infinite number) where there is none.

    Raises `RequestError` when a variable has no value, or for a chain of relations.
    """
    import numpy as np

    if any(isinstance(node, Relation) and len(node.operators) > 1 for node in nodes(form)):
        raise RequestError("array", "a chain of relations has no array of values")
    with np.errstate(all="ignore"):
        return compute(form, {name: np.asarray(value, dtype=float) for name, value in values.items()}, array_arithmetic())


@cache
def array_arithmetic() -> Arithmetic:
    """How to compute with arrays of floats. NumPy is imported now."""
    import numpy as np

    def call(name: str, args: tuple[Any, ...]) -> Any:
        row = FUNCTIONS[name]
        return row.array(np, *args) if row.array is not None else np.vectorize(lambda *u: FLOATS.call(name, u), otypes=[float])(*args)

    def power(base: Any, exponent: Any, exact: Fraction | None) -> Any:
        return np.asarray(base, dtype=float) ** (exact.numerator if exact is not None and exact.denominator == 1 else exponent)

    def root(radicand: Any, index: int) -> Any:
        if index % 2:
            return np.sign(radicand) * np.abs(radicand) ** (1 / index)
        return np.sqrt(radicand) if index == 2 else np.asarray(radicand, dtype=float) ** (1 / index)

    def select(branches: list[tuple[Any, Any]], otherwise: Any) -> Any:
        result = otherwise
        for value, condition in reversed(branches):
            result = np.where(np.isnan(condition), np.nan, np.where(condition == 1, value, result))
        return result

    compared = {"=": np.equal, "!=": np.not_equal, "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal}

    def holds(operator: str, left: Any, right: Any) -> Any:
        """1 where the relation holds, 0 where it does not, nan where a side has no value."""
        return np.where(np.isnan(left) | np.isnan(right), np.nan, np.asarray(compared[operator](left, right), dtype=float))

    return Arithmetic(float, FLOATS.constant, call, power, root, select, holds, math.nan)


__all__ = ["array_arithmetic", "evaluate_array"]
