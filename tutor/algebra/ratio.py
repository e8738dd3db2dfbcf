"""Whether two forms are one fraction of polynomials, decided by whole numbers alone.

Put a large power of two for each letter (Kronecker, 1882): an integer polynomial in one letter whose
coefficients add up to less than N in size, and that vanishes at N, is the zero polynomial, since its
leading term outweighs the rest. Several letters are N, N^7, N^49, as long as no exponent reaches 7.
So one exact evaluation of both sides, with a bound on the coefficients beside it, *proves* an
identity or its failure. What is no rational operation (sin u, √u, π) counts as a letter: equal is a
proof then too, different is not.

>>> from tutor import read
>>> same_ratio(read("(x^2 - 1)/(x - 1)"), read("x + 1")), same_ratio(read("x^2"), read("x^3"))
(True, False)
>>> same_ratio(read("2x*cos(x^2)"), read("cos(x^2)*x*2")), same_ratio(read("sin(x)^2 + cos(x)^2"), read("1"))
(True, None)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tutor.form.numerals import integer
from tutor.form.tree import Add, Const, Div, Form, Mul, Neg, Num, Pow, Sym
from tutor.form.walk import SHALLOW

_BITS, _STEP = 96, 7
"""The first letter stands for 2^96, each further one for the seventh power of the one before."""
_MOST_LETTERS = 3
_LONGEST = 1000
"""Nodes, written out, beyond which nothing is tried: shared parts are worked out where they stand."""
_HIGHEST = 64
"""Exponents beyond this are not worked out."""


class _TooLarge(Exception):
    """Not worked out: nothing is known."""


_Polynomial = tuple[int, int, int]
"""Its value at the large numbers, so many bits bound the sum of its coefficients' sizes, and its degree is at most that."""
_Ratio = tuple[_Polynomial, _Polynomial]
_ONE: _Polynomial = (1, 0, 0)


def same_ratio(left: Form, right: Form) -> bool | None:
    """True: equal wherever both sides are defined. False: different. None: not known here."""
    if left.depth > SHALLOW or right.depth > SHALLOW or left.size + right.size > _LONGEST:
        return None
    letters: dict[Form, _Ratio] = {}
    try:
        (top, bottom), (other_top, other_bottom) = (_ratio(side, letters) for side in (left, right))
        one, other = _times(top, other_bottom), _times(other_top, bottom)
    except _TooLarge:
        return None
    if max(one[1], other[1]) + 1 >= _BITS or (len(letters) > 1 and max(one[2], other[2]) >= _STEP):
        return None
    if one[0] == other[0]:
        return True
    return False if all(type(letter) is Sym for letter in letters) else None


def _ratio(form: Form, letters: dict[Form, _Ratio]) -> _Ratio:
    rule = _RULES.get(type(form))
    return _letter(form, letters) if rule is None else rule(form, letters)


def _letter(form: Form, letters: dict[Form, _Ratio]) -> _Ratio:
    """A letter, or what counts as one."""
    found = letters.get(form)
    if found is None:
        if len(letters) >= _MOST_LETTERS or (isinstance(form, Const) and form.name not in ("e", "pi")):
            raise _TooLarge
        found = letters[form] = (1 << _BITS * _STEP ** len(letters), 0, 1), _ONE
    return found


def _number(form: Any, _: dict[Form, _Ratio]) -> _Ratio:
    bottom = 10**form.places
    return (form.digits, form.digits.bit_length(), 0), (bottom, bottom.bit_length(), 0) if form.places else _ONE


def _times(one: _Polynomial, other: _Polynomial) -> _Polynomial:
    size = one[1] + other[1]
    if size >= _BITS:
        raise _TooLarge
    return one[0] * other[0], size, one[2] + other[2]


def _product(form: Any, letters: dict[Form, _Ratio]) -> _Ratio:
    top = bottom = _ONE
    for factor in form.factors:
        above, below = _ratio(factor, letters)
        top, bottom = _times(top, above), bottom if below is _ONE else _times(bottom, below)
    return top, bottom


def _sum(form: Any, letters: dict[Form, _Ratio]) -> _Ratio:
    first, *others = form.terms
    top, bottom = _ratio(first, letters)
    for term in others:
        above, below = _ratio(term, letters)
        if below[0] != bottom[0]:  # the same number stands for the same polynomial, as long as the bounds hold
            top, above, bottom = _times(top, below), _times(above, bottom), _times(bottom, below)
        top = top[0] + above[0], max(top[1], above[1]) + 1, max(top[2], above[2])
    return top, bottom


def _opposite(form: Any, letters: dict[Form, _Ratio]) -> _Ratio:
    (value, size, degree), bottom = _ratio(form.operand, letters)
    return (-value, size, degree), bottom


def _quotient(form: Any, letters: dict[Form, _Ratio]) -> _Ratio:
    (top, bottom), (other_top, other_bottom) = _ratio(form.numerator, letters), _ratio(form.denominator, letters)
    return _defined(_times(top, other_bottom), _times(bottom, other_top))


def _defined(top: _Polynomial, bottom: _Polynomial) -> _Ratio:
    """The fraction; a denominator that vanishes here may be zero everywhere."""
    if not bottom[0]:
        raise _TooLarge
    return top, bottom


def _power(form: Any, letters: dict[Form, _Ratio]) -> _Ratio:
    power = integer(form.exponent)
    if power is None:
        return _letter(form, letters)
    top, bottom = (_raised(part, abs(power)) for part in _ratio(form.base, letters))
    return (top, bottom) if power >= 0 else _defined(bottom, top)


def _raised(poly: _Polynomial, power: int) -> _Polynomial:
    value, size, degree = poly
    if power > _HIGHEST or size * power >= _BITS or value.bit_length() * power > _BITS * _STEP**_MOST_LETTERS:
        raise _TooLarge
    return value**power, size * power, degree * power


_RULES: dict[type[Form], Callable[[Any, dict[Form, _Ratio]], _Ratio]] = {
    Num: _number, Add: _sum, Mul: _product, Neg: _opposite, Div: _quotient, Pow: _power,
}  # fmt: skip

__all__ = ["same_ratio"]
