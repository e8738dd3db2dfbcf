"""Numbers with an error bound: balls of python-flint, or floats with a running estimate of the error where it is missing.

A ball [m ± r] (Johansson, *Arb*, 2017) surely contains the true value, so that two balls that do not
meet prove a difference. Where python-flint cannot be imported, `Blur` takes its place with the same
operators: nothing is proved then, and `rigorous` says so. This is the one place that decides.

python-flint keeps one working precision for the whole process. `precision` therefore lets one thread
at a time compute, so that a verdict does not depend on what another thread does.

>>> with precision(100):
...     third = to_ball(1) / 3
>>> third.overlaps(to_ball("0.333333333333")), bool(third > 0)
(False, True)
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from fractions import Fraction
from functools import cache
from threading import RLock
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from tutor.form.arithmetic import COMPARE, OPPOSITE, Arithmetic
from tutor.form.functions import FUNCTIONS

if TYPE_CHECKING:
    from flint import arb

BITS = 160
"""Working precision of balls, in bits, unless a caller asks for more."""
_LARGEST_POWER = 10_000


@cache
def rigorous() -> bool:
    """Whether balls are python-flint's, whose bounds are proofs. It is imported now, if it is there."""
    try:
        import flint  # noqa: F401
    except ImportError:
        return False
    return True


_one_at_a_time = RLock()


class precision(AbstractContextManager[None]):
    """Work with this many bits inside the block, alone: other threads wait."""

    __slots__ = ("before", "bits")

    def __init__(self, bits: int) -> None:
        self.bits = bits

    def __enter__(self) -> None:
        _one_at_a_time.acquire()
        context = _context()
        self.before = context.prec
        context.prec = self.bits

    def __exit__(self, *_: object) -> None:
        _context().prec = self.before
        _one_at_a_time.release()


@cache
def _context() -> Any:
    """What holds the working precision."""
    if not rigorous():
        return SimpleNamespace(prec=53)
    from flint import ctx

    return ctx


@cache
def _makers() -> tuple[Any, Any]:
    """What makes a ball, and a fraction for it."""
    if not rigorous():
        from tutor.form.blurs import Blur

        return Blur, Fraction
    from flint import arb, fmpq

    return arb, fmpq


def to_ball(value: Any) -> arb:
    """A number, fraction or decimal text as a ball."""
    ball, fraction = _makers()
    if isinstance(value, Fraction):
        return cast("arb", ball(value.numerator if value.denominator == 1 else fraction(value.numerator, value.denominator)))
    return cast("arb", value if isinstance(value, ball) else ball(value))


@cache
def ball_arithmetic() -> Arithmetic:
    """Balls of python-flint, which is imported now; without it, floats with an error."""
    if not rigorous():
        from tutor.form.blurs import BLURS

        return BLURS
    from flint import arb

    nan, zero = arb.nan(), arb(0)
    constants = {"pi": arb.pi, "e": arb.const_e}

    def call(name: str, args: tuple[Any, ...]) -> Any:
        ball = FUNCTIONS[name].ball
        return nan if ball is None else ball(*args)

    def power(base: arb, exponent: arb, exact: Fraction | None) -> arb:
        if exact is not None and exact.denominator == 1:
            return cast("arb", whole_power(base, exact.numerator))
        if base < 0:  # (−1)^n has a value where n surely is an integer
            return base ** int(exponent.fmpz()) if exponent.is_integer() and abs(exponent) < _LARGEST_POWER else nan
        if base == 0:
            return zero if exponent > 0 else nan
        return base**exponent

    def select(branches: list[tuple[Any, Any]], otherwise: Any) -> Any:
        for value, condition in branches:
            if condition is None:
                return nan
            if condition:
                return value
        return nan if isinstance(otherwise, float) else otherwise

    return Arithmetic(to_ball, lambda name: constants.get(name, arb.nan)(), call, power, ball_root, select, ball_holds, nan)


def whole_power(base: Any, exponent: int) -> Any:
    """A whole power; that of a ball around zero, which python-flint does not know, by squaring."""
    if exponent <= 0 or not base.contains(0):
        return base**exponent
    found, square = None, base
    while True:
        if exponent & 1:
            found = square if found is None else found * square
        exponent >>= 1
        if not exponent:
            return found
        square = square * square


def ball_root(radicand: arb, index: int) -> arb:
    """The real root."""
    if radicand == 0:  # where python-flint has no value for an odd root
        return radicand
    if index % 2 and radicand < 0:
        return -((-radicand).root(index))
    return radicand.sqrt() if index == 2 else radicand.root(index)


def ball_holds(operator: str, left: arb, right: arb) -> bool | None:
    """None when the balls overlap, so that the relation is open at this precision."""
    if not (left.is_finite() and right.is_finite()):
        return None
    if COMPARE[operator](left, right):
        return True
    return False if COMPARE[OPPOSITE[operator]](left, right) else None


__all__ = ["BITS", "ball_arithmetic", "ball_holds", "ball_root", "precision", "rigorous", "to_ball"]
