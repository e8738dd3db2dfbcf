"""Floats with a running estimate of their error, for a machine without python-flint.

A `Blur` m ± r has the operators of a ball. The radius follows the usual rules of error propagation
(Higham, *Accuracy and Stability of Numerical Algorithms*, ch. 3) with a generous unit roundoff, and through a
function by its values at both ends. That is an estimate and no proof, and `TOLERANCE` is far above it: two
values agree when they are that close relative to their size, and differ only when they are a
`MARGIN` apart. In between nothing is known.

>>> third = Blur(1) / 3
>>> third.overlaps(Blur(Fraction(1, 3))), bool(third > 0), bool(third == Blur("0.3333"))
(True, True, False)
>>> agree(third * 3, Blur(1)), agree(third, Blur("0.34")), agree(third, Blur("0.33333334"))
(True, False, None)
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from tutor.form.arithmetic import COMPARE, OPPOSITE, Arithmetic
from tutor.form.functions import CONSTANTS, FUNCTIONS

TOLERANCE, MARGIN = 1e-9, 1e-6
_UNIT = 2.0**-50
_WIDE = 1e-3
"""A radius that is a larger part of the number than this says nothing."""


class Blur:
    """A float and an estimate of its error; as a truth value, and in comparisons, like a ball: True only where that is sure."""

    __slots__ = ("middle", "radius")
    middle: float
    radius: float

    def __init__(self, value: Any = 0, radius: float | None = None) -> None:
        if isinstance(value, Blur):
            self.middle, self.radius = value.middle, value.radius
            return
        if isinstance(value, str):
            value = Fraction(value) if value.strip().lstrip("+-")[:1].isdigit() or value.strip().lstrip("+-")[:1] == "." else float(value)
        try:
            self.middle = float(value)
        except OverflowError:
            self.middle = math.inf
        known = self.middle == value
        self.radius = radius if radius is not None else 0.0 if known else abs(self.middle) * _UNIT

    # -- operators

    def __add__(self, other: Any) -> Blur:
        other = _blur(other)
        return _rounded(self.middle + other.middle, self.radius + other.radius)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Blur:
        other = _blur(other)
        return _rounded(self.middle - other.middle, self.radius + other.radius)

    def __rsub__(self, other: Any) -> Blur:
        return Blur.__sub__(_blur(other), self)

    def __mul__(self, other: Any) -> Blur:
        other = _blur(other)
        spread = abs(self.middle) * other.radius + abs(other.middle) * self.radius + self.radius * other.radius
        return _rounded(self.middle * other.middle, spread)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Blur:
        other = _blur(other)
        least = abs(other.middle) - other.radius
        if not least > 0:
            return NAN
        value = self.middle / other.middle
        return _rounded(value, (self.radius + abs(value) * other.radius) / least)

    def __rtruediv__(self, other: Any) -> Blur:
        return Blur.__truediv__(_blur(other), self)

    def __pow__(self, other: Any) -> Blur:
        if isinstance(other, int):
            if self.contains(0):
                return _through(lambda value: math.pow(value, other), self) if other >= 0 else NAN
            return _seen(_through(lambda value: math.pow(value, other), self))
        return Blur.exp(self.log() * other)

    def __neg__(self) -> Blur:
        return Blur(-self.middle, self.radius)

    def __abs__(self) -> Blur:
        return Blur(abs(self.middle), self.radius)

    # -- comparisons: True only where that is sure

    def __eq__(self, other: object) -> bool:
        other = _blur(other)
        return not self.radius and not other.radius and self.middle == other.middle

    def __ne__(self, other: object) -> bool:
        other = _blur(other)
        return self < other or self > other

    def __lt__(self, other: Any) -> bool:
        return self.middle + self.radius < _blur(other).low

    def __le__(self, other: Any) -> bool:
        return self.middle + self.radius <= _blur(other).low

    def __gt__(self, other: Any) -> bool:
        return _blur(other) < self

    def __ge__(self, other: Any) -> bool:
        return _blur(other) <= self

    __hash__ = None  # type: ignore[assignment]

    # -- what a ball offers as well

    @property
    def low(self) -> float:
        """The lower end."""
        return self.middle - self.radius

    def overlaps(self, other: Any) -> bool:
        """Whether a number could be both."""
        other = _blur(other)
        return not abs(self.middle - other.middle) > self.radius + other.radius

    def contains(self, other: Any) -> bool:
        """Whether it could be this number."""
        return self.overlaps(other)

    def union(self, other: Any) -> Blur:
        """What holds both."""
        other = _blur(other)
        low, high = (side(self.middle + sign * self.radius, other.middle + sign * other.radius) for side, sign in ((min, -1), (max, 1)))
        return Blur((low + high) / 2, (high - low) / 2)

    def is_finite(self) -> bool:
        """Whether there is a value, and its error leaves something of it."""
        return math.isfinite(self.middle) and self.radius <= _WIDE * max(1.0, abs(self.middle))

    def is_zero(self) -> bool:
        """Whether it surely is 0."""
        return self == 0

    def is_integer(self) -> bool:
        """Whether it surely is a whole number."""
        return not self.radius and self.middle.is_integer()

    def fmpz(self) -> int:
        """A whole number as one."""
        return int(self.middle)

    def mid(self) -> Blur:
        """The middle, without an error."""
        return Blur(self.middle, 0.0)

    def rad(self) -> Blur:
        """The error, as a number without one."""
        return Blur(self.radius, 0.0)

    def exp(self) -> Blur:
        """e to this."""
        return _seen(_through(math.exp, self))

    def log(self) -> Blur:
        """The natural logarithm."""
        return _through(math.log, self)

    def sqrt(self) -> Blur:
        """The square root."""
        return _through(math.sqrt, self)

    def __float__(self) -> float:
        return self.middle

    def __repr__(self) -> str:
        return f"[{self.middle:.15g} +/- {self.radius:.3g}]"

    def str(self, digits: int = 15) -> Any:
        """As decimal text."""
        return f"[{self.middle:.{digits}g} +/- {self.radius:.3g}]"


NAN = Blur(math.nan, 0.0)


def agree(one: Blur, other: Blur) -> bool | None:
    """True: close to `TOLERANCE`; False: apart by `MARGIN`; None: in between, or no value."""
    if not (one.is_finite() and other.is_finite()):
        return None
    gap, size = abs(one.middle - other.middle), max(abs(one.middle), abs(other.middle))
    error = one.radius + other.radius
    if gap <= TOLERANCE * size + error and error <= TOLERANCE * max(size, TOLERANCE):
        return True
    return False if gap > MARGIN * size + 100 * error else None


def _blur(value: Any) -> Blur:
    return value if isinstance(value, Blur) else Blur(value)


def _rounded(value: float, radius: float) -> Blur:
    return Blur(value, radius + abs(value) * _UNIT)


_FAINT = 1e-290
"""A value below this may have lost its digits to the end of the range of floats."""


def _seen(value: Blur) -> Blur:
    """A value that is never zero, such as a power of a positive number; nan where it is too small for floats."""
    return NAN if abs(value.middle) < _FAINT else value


def _through(function: Any, *args: Blur) -> Blur:
    """A function by its values in the middle and at the ends."""
    try:
        value = float(function(*(arg.middle for arg in args)))
        ends = [float(function(*(arg.middle + (sign * arg.radius if k == place else 0) for k, arg in enumerate(args)))) for place in range(len(args)) for sign in (-1, 1) if args[place].radius]
    except (ValueError, OverflowError, ZeroDivisionError, TypeError):
        return NAN
    return _rounded(value, 2 * max((abs(end - value) for end in ends), default=0.0))


def _call(name: str, args: tuple[Any, ...]) -> Blur:
    real = FUNCTIONS[name].real
    return NAN if real is None else _through(real, *map(_blur, args))


def _power(base: Blur, exponent: Blur, exact: Fraction | None) -> Blur:
    if exact is not None and exact.denominator == 1:
        return base**exact.numerator
    if base < 0:
        return base ** exponent.fmpz() if exponent.is_integer() else NAN
    if base == 0:
        return Blur(0) if exponent > 0 else NAN
    return _seen(_through(math.pow, base, exponent)) if base > 0 else NAN


def _root(radicand: Blur, index: int) -> Blur:
    if index % 2 and radicand < 0:
        return -_root(-radicand, index)
    return radicand if radicand == 0 else _through(math.sqrt if index == 2 else lambda value: float(math.pow(value, 1 / index)), radicand)


def _select(branches: list[tuple[Any, Any]], otherwise: Any) -> Any:
    for value, condition in branches:
        if condition is None:
            return NAN
        if condition:
            return value
    return otherwise


def _holds(operator: str, left: Blur, right: Blur) -> bool | None:
    if not (left.is_finite() and right.is_finite()):
        return None
    return True if COMPARE[operator](left, right) else False if COMPARE[OPPOSITE[operator]](left, right) else None


def _constant(name: str) -> Blur:
    value = CONSTANTS[name].value
    return NAN if value is None else Blur(value, abs(value) * _UNIT)


BLURS = Arithmetic(Blur, _constant, _call, _power, _root, _select, _holds, NAN)

__all__ = ["BLURS", "MARGIN", "TOLERANCE", "Blur", "agree"]
