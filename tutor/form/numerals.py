"""Rational numbers as they are written: 3, 0.5, −1/2.

>>> str(number(rational(number(3)) / 4))
'3/4'
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from tutor.form.tree import Add, Const, Div, Form, Mul, Neg, Num


@dataclass(frozen=True, slots=True)
class Gaussian:
    """A complex number with rational parts. No float stands for it: as one it is `nan`.

    >>> str(Gaussian(Fraction(1, 2), Fraction(-3)))
    '1/2 - 3*I'
    """

    real: Fraction
    imag: Fraction

    def __str__(self) -> str:
        return str(number(self))

    def __float__(self) -> float:
        return math.nan


def number(value: Fraction | int | Gaussian, *, decimal: bool = False) -> Form:
    """A rational number written as a person would; as a decimal when asked and when it ends.

    >>> str(number(Fraction(-3, 4))), str(number(Fraction(-1, 50), decimal=True))
    ('-3/4', '-0.02')
    """
    if isinstance(value, Gaussian):
        real, size = number(value.real, decimal=decimal), Mul((number(abs(value.imag), decimal=decimal), Const("i")))
        return Add((real, size if value.imag > 0 else Neg(size))) if value.imag else real
    value = Fraction(value)
    magnitude = abs(value)
    written: Form
    places = _decimal_places(magnitude.denominator) if decimal else None
    if magnitude.denominator == 1:
        written = Num(magnitude.numerator)
    elif places is not None:
        written = Num(int(magnitude * 10**places), places)
    else:
        written = Div(Num(magnitude.numerator), Num(magnitude.denominator))
    return Neg(written) if value < 0 else written


def _decimal_places(denominator: int, most: int = 30) -> int | None:
    """How many places a fraction with this denominator needs, or None when it does not end."""
    twos = (denominator & -denominator).bit_length() - 1
    rest, fives = denominator >> twos, 0
    while rest % 5 == 0:
        rest //= 5
        fives += 1
    return max(twos, fives) if rest == 1 and max(twos, fives) <= most else None


def rational(form: Form) -> Fraction | None:
    """The value of a written number (`3`, `0.5`, `-1/2`), or None when it is no plain number.

    >>> rational(Div(Neg(Num(1)), Num(2)))
    Fraction(-1, 2)
    """
    match form:
        case Num():
            return form.value
        case Neg(inner):
            value = rational(inner) if not isinstance(inner, Neg) else None
            return None if value is None else -value
        case Div(Num() as top, Num() as bottom) if bottom.digits:
            return top.value / bottom.value
        case Div(Neg(Num() as top), Num() as bottom) if bottom.digits:
            return -top.value / bottom.value
    return None


def integer(form: Form) -> int | None:
    """The value of a written integer, or None."""
    value = rational(form)
    return value.numerator if value is not None and value.denominator == 1 else None
