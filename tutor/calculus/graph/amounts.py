"""A number that was computed: to seventeen digits, exactly where it is a fraction, and as it is written down.

>>> from tutor import read
>>> from tutor.form.evaluate import evaluate_ball
>>> third, root = (amount(evaluate_ball(read(text), {}), exact) for text, exact in (("1/3", Fraction(1, 3)), ("sqrt(2)", None)))
>>> [str(one.shown) for one in (third, root)], root.value
(['1/3', '1.41421'], 1.4142135623730951)
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tutor.form.evaluate import BITS, precision, to_ball
from tutor.form.numerals import number
from tutor.form.tree import ONE, Add, Call, Form, Mul, Neg, Num, Pow, Relation

if TYPE_CHECKING:
    from flint import arb

DIGITS = 6
"""Significant digits of a rounded number."""
_FARTHEST = 30_000
"""Binary orders of magnitude beyond which a number is not written: some nine thousand digits."""
_PLAIN = range(-5, 9)
"""Orders of magnitude that are written without a power of ten."""
_WHOLE, _SHORT, _LONGEST = 10**9, 1000, 9
"""Whole numbers and fractions are written exactly below these, decimals up to so many digits."""


@dataclass(frozen=True, slots=True)
class Amount:
    """`digits` are the first seventeen or so; `exact` is None where the number is no fraction that was found."""

    digits: Decimal
    exact: Fraction | None = None

    @property
    def value(self) -> float:
        """The nearest float."""
        return float(self.digits)

    @property
    def shown(self) -> Form:
        """How it is written: exactly where that is short, else rounded to six significant digits."""
        exact = self.exact
        if exact is None or not self.is_short:
            return written(self.rounded())
        decimal = number(exact, decimal=True)
        return decimal if isinstance(decimal, Num) or (isinstance(decimal, Neg) and isinstance(decimal.operand, Num)) else number(exact)

    @property
    def is_short(self) -> bool:
        """Whether it is written exactly."""
        exact = self.exact
        if exact is None:
            return False
        if 10**DIGITS % exact.denominator == 0:
            return abs(exact) < _WHOLE and len(_decimal(exact).as_tuple().digits) <= _LONGEST
        return abs(exact.numerator) < _SHORT and exact.denominator < _SHORT

    def rounded(self, digits: int = DIGITS) -> Decimal:
        """Rounded to significant digits."""
        return Context(prec=digits).plus(self.digits)

    @property
    def half_unit(self) -> Decimal:
        """Half a unit of the last digit of what is written rounded."""
        return Decimal(5).scaleb(self.rounded().adjusted() - DIGITS)

    @property
    def margin(self) -> Decimal:
        """How far off a number may be that is shown so: half a unit, or, where it is shown exactly, next to nothing."""
        return Decimal(1).scaleb(-20) if self.is_short else self.half_unit

    def near(self, what: Form) -> Relation:
        """The statement that something is no further off than `margin`: what balls can see."""
        shown = self.shown
        difference = Add((what, shown.operand if isinstance(shown, Neg) else Neg(shown)))
        return Relation((Call("abs", (difference,)), written(self.margin)), ("<=",))

    def states(self, what: Form) -> Relation:
        """The statement that something is this number: an equation, or, where it is rounded, the same as `near`."""
        return Relation((what, self.shown), ("=",)) if self.is_short else self.near(what)

    def agrees(self, ball: arb) -> bool | None:
        """Whether a ball surely lies as near as `near` says; None where that is open."""
        if not ball.is_finite():
            return None
        with precision(BITS):
            shown = self.exact if self.exact is not None and self.is_short else Fraction(self.rounded())
            gap, limit = abs(ball - to_ball(shown)), to_ball(Fraction(self.margin))
            return True if gap <= limit else False if gap > limit else None


def amount(ball: arb, exact: Any = None) -> Amount:
    """The amount in a ball; `exact` is what exact arithmetic found, a fraction or nan."""
    known = exact if isinstance(exact, Fraction) else None
    if known is not None:
        return Amount(_decimal(known), known)
    if ball.contains(0):  # at the highest precision it cannot be told from 0
        return Amount(Decimal(0))
    return Amount(Decimal(ball.mid().str(20, radius=False)))


def beyond(ball: arb) -> bool:
    """Whether a number is so large or so small that nobody could read it."""
    if not ball.is_finite() or ball.contains(0):
        return False
    digits, power = ball.mid().man_exp()
    return abs(int(digits).bit_length() + int(power)) > _FARTHEST


def _decimal(value: Fraction) -> Decimal:
    return Context(prec=20).divide(Decimal(value.numerator), Decimal(value.denominator))


def written(value: Decimal) -> Form:
    """A decimal as a form, very large and very small ones with a power of ten.

    >>> [str(written(Decimal(text))) for text in ("-0.25", "0.00000095367", "12000000000")]
    ['-0.25', '9.5367*10^(-7)', '1.2*10^10']
    """
    if not value:
        return Num(0)
    size, power = abs(value).normalize(), value.adjusted()
    form: Form
    if power in _PLAIN:
        form = _num(size)
    else:
        digits = _num(size.scaleb(-power))
        tens = Pow(Num(10), Num(power) if power > 0 else Neg(Num(-power)))
        form = tens if digits is ONE else Mul((digits, tens))
    return Neg(form) if value < 0 else form


def _num(value: Decimal) -> Num:
    places = max(0, -int(value.as_tuple().exponent))
    return Num(int(value.scaleb(places)), places)
