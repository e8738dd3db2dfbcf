"""The value of a form at a point: in floats, and in balls with rigorous error bounds.

One walk serves every kind of number: an `Arithmetic` says how numbers of its kind are made and
which column of the function table computes with them. Where a form has no real value (a root of
-1, a division by zero) the result is `nan`; in balls it is a ball that is not finite. A ball
[m ± r] from python-flint (Johansson, *Arb*, 2017) surely contains the true value.

>>> from tutor import read
>>> evaluate(read("x^2 + 1"), {"x": 3.0})
10.0
>>> evaluate_ball(read("sin(x)"), {"x": "0.5"}).str(20)
'[0.47942553860420300027 +/- 3.29e-21]'
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tutor.form.arithmetic import COMPARE, Arithmetic, compute, first_that_holds
from tutor.form.balls import BITS, ball_arithmetic, precision, to_ball
from tutor.form.functions import CONSTANTS, FUNCTIONS
from tutor.form.tree import Form

if TYPE_CHECKING:
    from flint import arb


# -- floats ------------------------------------------------------------------------------------------


def _float_call(name: str, args: tuple[Any, ...]) -> float:
    row = FUNCTIONS[name]
    if row.real is not None:
        return float(row.real(*args))
    return float(ball_arithmetic().call(name, tuple(to_ball(arg) for arg in args)))


def _float_power(base: float, exponent: float, exact: Fraction | None) -> float:
    result = base ** (exact.numerator if exact is not None and exact.denominator == 1 else exponent)
    return result if isinstance(result, float | int) else math.nan


def _float_root(radicand: float, index: int) -> float:
    if radicand < 0:
        return -_float_root(-radicand, index) if index % 2 else math.nan
    return math.sqrt(radicand) if index == 2 else math.cbrt(radicand) if index == 3 else radicand ** (1 / index)


def _float_constant(name: str) -> float:
    value = CONSTANTS[name].value
    return math.nan if value is None else value


def _float_holds(operator: str, left: float, right: float) -> bool | None:
    return None if math.isnan(left) or math.isnan(right) else COMPARE[operator](left, right)


FLOATS = Arithmetic(float, _float_constant, _float_call, _float_power, _float_root, first_that_holds, _float_holds, math.nan)


def evaluate(form: Form, values: Mapping[str, float]) -> float:
    """The value as a float, `nan` where there is none.

    Raises `RequestError` when a variable has no value.
    """
    result = compute(form, {name: float(value) for name, value in values.items()}, FLOATS)
    if result is True or result is False or result is None:
        return math.nan if result is None else float(result)
    return float(result)


# -- balls -------------------------------------------------------------------------------------------


def evaluate_ball(form: Form, values: Mapping[str, Any], bits: int = BITS, memo: dict[Form, Any] | None = None) -> arb:
    """The value as a ball of `bits` working precision; a ball that is not finite means no value.

    `values` are exact: fractions, integers, or decimal texts; `memo` as for `compute`. Raises `RequestError` when a variable
    has no value.
    """
    with precision(bits):
        result = compute(form, {name: to_ball(value) for name, value in values.items()}, ball_arithmetic(), memo)
        if result is True or result is False or result is None:
            return to_ball(int(result)) if result is not None else ball_arithmetic().undefined
        ball: arb = result
        return ball


def holds(relation: Form, values: Mapping[str, Any], bits: int = BITS) -> bool | None:
    """Whether a relation surely holds (or surely not) at an exact point; None: undecided or undefined."""
    with precision(bits):
        result = compute(relation, {name: to_ball(value) for name, value in values.items()}, ball_arithmetic())
        return result if isinstance(result, bool) else None


def sample_points(names: Iterable[str]) -> Iterator[dict[str, Fraction]]:
    """An endless, fixed sequence of exact points: first near the origin, then further out.

    A Halton-like sequence over the variables in alphabetical order, on rings of growing size, so
    that the same form gets the same points on every run and thread.
    """
    ordered = sorted(names)
    primes = (7, 11, 13, 17, 19, 23, 29, 31)
    rings = ((0, 1), (0, 2), (-1, 1), (-3, 3), (0, 4), (-10, 10), (0, 50), (-200, 200), (1, 1000), (0, 1))
    count = 0
    while True:
        low, high = rings[count % len(rings)]
        count += 1
        yield {
            name: low + (high - low) * Fraction((count * (2 * k + 5) + 3 * k * k + 2) * 37 % (101 * primes[k % 8]), 101 * primes[k % 8])
            for k, name in enumerate(ordered)
        }


__all__ = [
    "BITS", "FLOATS", "Arithmetic", "ball_arithmetic", "compute", "evaluate", "evaluate_ball", "holds", "precision", "sample_points", "to_ball",
]  # fmt: skip
