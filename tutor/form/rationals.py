"""Arithmetic in exact fractions: what stays a fraction has a value, everything else has none (None).

>>> from tutor.form.arithmetic import compute
>>> from tutor.form.reading import read
>>> compute(read("sqrt(4x)/3 + abs(-1)"), {"x": Fraction(1)}, RATIONALS)
Fraction(5, 3)
>>> compute(read("sqrt(x)"), {"x": Fraction(2)}, RATIONALS) is None
True
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from tutor.form.arithmetic import Arithmetic

_MOST_BITS = 1_000_000
"""Powers with more bits are not computed."""


def _power(base: Fraction | None, exponent: Any, exact: Fraction | None) -> Fraction | None:
    power = exact if exact is not None else exponent
    if base is None or not isinstance(power, Fraction) or abs(power) * max(base.numerator.bit_length(), base.denominator.bit_length()) > _MOST_BITS:
        return None
    if power.denominator == 1:
        return base ** int(power)
    rooted = _root(base, power.denominator)
    return None if rooted is None else rooted**power.numerator


def _root(radicand: Fraction, index: int) -> Fraction | None:
    if radicand < 0:
        found = _root(-radicand, index) if index % 2 else None
        return None if found is None else -found
    parts = _whole_root(radicand.numerator, index), _whole_root(radicand.denominator, index)
    return None if None in parts else Fraction(*parts)  # type: ignore[arg-type]


def _whole_root(value: int, index: int) -> int | None:
    """The whole root of a whole number by bisection on its bits; None where there is none."""
    if index == 2:
        found = math.isqrt(value)
    else:
        low, high = 0, 1 << -(-value.bit_length() // index)
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if middle**index <= value else (low, middle - 1)
        found = low
    return found if found**index == value else None


_CALLS: dict[str, Callable[..., Fraction]] = {
    "abs": abs, "max": max, "min": min, "relu": lambda u: max(u, Fraction(0)), "sign": lambda u: Fraction((u > 0) - (u < 0)),
    "floor": lambda u: Fraction(math.floor(u)), "ceil": lambda u: Fraction(math.ceil(u)), "step": lambda u: Fraction((u > 0) - (u < 0) + 1, 2),
}  # fmt: skip
"""The functions of fractions that are fractions."""


def _call(name: str, args: tuple[Any, ...]) -> Fraction | None:
    found = _CALLS.get(name)
    return None if found is None else found(*args)


def _holds(operator: str, left: Fraction, right: Fraction) -> bool:
    order = (left > right) - (left < right)
    return {"=": order == 0, "!=": order != 0, "<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0}[operator]


def _select(branches: list[tuple[Any, Any]], otherwise: Any) -> Any:
    return next((value for value, condition in branches if condition), otherwise)


RATIONALS = Arithmetic(lambda value: value, lambda _: None, _call, _power, _root, _select, _holds, None)
"""Fractions; None is no value, and arithmetic with it has none either."""

__all__ = ["RATIONALS"]
