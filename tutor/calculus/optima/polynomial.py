"""Polynomials with rational coefficients, exactly: reading one off a form, its roots counted and found.

The number of real roots in an interval is counted by Sturm's theorem (Basu, Pollack & Roy, *Algorithms in
Real Algebraic Geometry*, chapter 2), which turns "12x² − 24x + 12 is never negative" into a proof.

>>> from tutor import read
>>> found = coefficients(read("(x - 1)^2*(x + 2)"), "x")
>>> [int(c) for c in found], rational_roots(found)
([2, -3, 0, 1], [Fraction(-2, 1), Fraction(1, 1)])
>>> distinct_roots(coefficients(read("x^2 + x + 1"), "x"))
0
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from math import lcm

from tutor.algebra.laws.sums import positive_first
from tutor.algebra.monomial import fraction_form, power_form
from tutor.form.numerals import integer
from tutor.form.tree import Add, Div, Form, Mul, Neg, Num, Pow, Sym, total
from tutor.form.walk import fold

Terms = dict[tuple[int, ...], Fraction]
"""Exponents of the letters, and the coefficient of that product of powers."""
Coefficients = list[Fraction]
"""Of one letter: the constant first."""
_HIGHEST, _MOST = 24, 200


def terms_of(form: Form, letters: Sequence[str]) -> Terms | None:
    """The form as a polynomial in the letters; None where it is none, or a long one.

    >>> from tutor import read
    >>> terms_of(read("(x + y)^2/2"), ("x", "y"))[1, 1]
    Fraction(1, 1)
    """
    if not form.free <= set(letters):
        return None
    return fold(form, lambda node, parts: _polynomial(node, parts, letters))


def _polynomial(node: Form, parts: tuple[Terms | None, ...], letters: Sequence[str]) -> Terms | None:
    constant = (0,) * len(letters)
    if isinstance(node, Num):
        return {constant: node.value} if node.digits else {}
    if isinstance(node, Sym):
        return {tuple(int(letter == node.name) for letter in letters): Fraction(1)}
    some = [part for part in parts if part is not None]
    if len(some) < len(parts):
        return None
    match node:
        case Add():
            return _sum(some)
        case Neg():
            return {powers: -value for powers, value in some[0].items()}
        case Mul():
            return _product(some, constant)
        case Div() if some[1].keys() == {constant}:
            return {powers: value / some[1][constant] for powers, value in some[0].items()}
        case Pow(_, exponent) if (power := integer(exponent)) is not None and 0 <= power <= _HIGHEST:
            return _product([some[0]] * power, constant)
    return None


def _sum(parts: Sequence[Terms]) -> Terms:
    found: Terms = {}
    for part in parts:
        for powers, value in part.items():
            found[powers] = found.get(powers, Fraction(0)) + value
    return {powers: value for powers, value in found.items() if value}


def _product(parts: Sequence[Terms], constant: tuple[int, ...]) -> Terms | None:
    found: Terms = {constant: Fraction(1)}
    for part in parts:
        if len(found) * len(part) > _MOST:
            return None
        found = _sum([{tuple(a + b for a, b in zip(one, other, strict=True)): left * right for other, right in part.items()} for one, left in found.items()])
    return found if all(sum(powers) <= _HIGHEST for powers in found) else None


def coefficients(form: Form, letter: str) -> Coefficients | None:
    """Of a polynomial in one letter, the constant first; of zero: none. None where the form is no such polynomial."""
    terms = terms_of(form, (letter,))
    if terms is None:
        return None
    degree = max((powers[0] for powers in terms), default=-1)
    return [terms.get((power,), Fraction(0)) for power in range(degree + 1)]


def written(values: Sequence[Fraction], letter: str, *, decimal: bool = False) -> Form:
    """The polynomial with falling degrees.

    >>> str(written([Fraction(-1), Fraction(0), Fraction(3, 2)], "x"))
    '3*x^2/2 - 1'
    """
    parts = [
        fraction_form(value, decimal, [power_form(Sym(letter), Fraction(power))] if power else [], [])
        for power, value in reversed(list(enumerate(values)))
        if value
    ]
    return positive_first(total(parts))


# -- arithmetic of dense polynomials -------------------------------------------------------------------


def at(values: Sequence[Fraction], place: Fraction) -> Fraction:
    """The value at a number, by Horner's scheme."""
    found = Fraction(0)
    for value in reversed(values):
        found = found * place + value
    return found


def slope(values: Sequence[Fraction]) -> Coefficients:
    """The derivative."""
    return [power * value for power, value in enumerate(values)][1:]


def divided(values: Sequence[Fraction], by: Sequence[Fraction]) -> tuple[Coefficients, Coefficients]:
    """Quotient and remainder."""
    rest, quotient = list(values), [Fraction(0)] * max(len(values) - len(by) + 1, 0)
    for place in reversed(range(len(quotient))):
        quotient[place] = rest[place + len(by) - 1] / by[-1]
        for k, value in enumerate(by):
            rest[place + k] -= quotient[place] * value
    return quotient, _trimmed(rest)


def _trimmed(values: Coefficients) -> Coefficients:
    while values and not values[-1]:
        values.pop()
    return values


def common_divisor(one: Sequence[Fraction], other: Sequence[Fraction]) -> Coefficients:
    """The greatest common divisor, with leading coefficient 1."""
    a, b = list(one), list(other)
    while b:
        a, b = b, divided(a, b)[1]
    return [value / a[-1] for value in a]


# -- roots -------------------------------------------------------------------------------------------


def distinct_roots(values: Sequence[Fraction], low: Fraction | None = None, high: Fraction | None = None) -> int:
    """How many different real roots lie between two numbers, the ends not counted (all, where an end is left out)."""
    if len(values) < 2:
        return 0
    plain = without_repeats(values)
    for end in (low, high):
        if end is not None and not at(plain, end):
            plain = divided(plain, [-end, Fraction(1)])[0]
    chain = _sturm(plain)
    return _variations(chain, low, -1) - _variations(chain, high, 1)


def without_repeats(values: Sequence[Fraction]) -> Coefficients:
    """The polynomial with the same roots, each once."""
    return divided(values, common_divisor(values, slope(values)))[0] if len(values) > 1 else list(values)


def _sturm(values: Sequence[Fraction]) -> list[Coefficients]:
    """Sturm's chain of a polynomial without repeated roots."""
    chain = [list(values), slope(values)]
    while len(chain[-1]) > 1:
        chain.append([-value for value in divided(chain[-2], chain[-1])[1]])
    return [part for part in chain if part]


def _variations(chain: Sequence[Sequence[Fraction]], place: Fraction | None, side: int) -> int:
    return _changes([_sign_at(part, place, side) for part in chain])


def _sign_at(values: Sequence[Fraction], place: Fraction | None, side: int) -> int:
    """The sign at a number, or far out on a side."""
    found = at(values, place) if place is not None else values[-1] * side ** (len(values) - 1)
    return (found > 0) - (found < 0)


def _changes(signs: Sequence[int]) -> int:
    some = [sign for sign in signs if sign]
    return sum(one != other for one, other in pairwise(some))


def rational_roots(values: Sequence[Fraction]) -> list[Fraction]:
    """The different rational roots, the smallest first.

    The bottom of a rational root divides the leading coefficient L of the polynomial in whole numbers, so once a real
    root is enclosed more narrowly than 1/L, one or two fractions are left to try.
    """
    plain = without_repeats(values)
    if len(plain) < 2:
        return []
    leading = abs(plain[-1] * lcm(*(value.denominator for value in plain))).numerator
    chain = _sturm(plain)
    bound = 1 + max(abs(value / plain[-1]) for value in plain)
    found: list[Fraction] = []
    stack = [(-bound, bound)]
    while stack:
        low, high = stack.pop()
        if _variations(chain, low, -1) == _variations(chain, high, 1):
            continue
        if (high - low) * leading < 1:
            tries = (Fraction(top, leading) for top in range(math.ceil(low * leading), math.floor(high * leading) + 1))
            found += [one for one in tries if not at(plain, one)]
            continue
        middle = (low + high) / 2
        stack += [(low, middle), (middle, high)]
    return sorted(set(found))


def never_changes_sign(values: Sequence[Fraction], low: Fraction | None = None, high: Fraction | None = None) -> tuple[int, bool]:
    """The sign of a polynomial between two numbers, and whether it is zero somewhere there; sign 0: it takes both signs, or is zero.

    >>> never_changes_sign([Fraction(12), Fraction(-24), Fraction(12)])
    (1, True)
    """
    if not values:
        return 0, True
    odd = _roots_of_odd_order(values)
    if distinct_roots(odd, low, high):
        return 0, True
    return _sign_inside(values, low, high), bool(distinct_roots(values, low, high))


def _roots_of_odd_order(values: Sequence[Fraction]) -> Coefficients:
    """A polynomial whose roots are those at which this one changes its sign (Yun's decomposition)."""
    found: Coefficients = [Fraction(1)]
    rest = list(values)
    repeated = common_divisor(rest, slope(rest)) if len(rest) > 1 else [Fraction(1)]
    plain = divided(rest, repeated)[0]
    order = 1
    while len(plain) > 1:
        shared = common_divisor(plain, repeated)
        once = divided(plain, shared)[0]
        if order % 2:
            found = _multiplied(found, once)
        plain, repeated = shared, divided(repeated, shared)[0]
        order += 1
    return found


def _multiplied(one: Sequence[Fraction], other: Sequence[Fraction]) -> Coefficients:
    found = [Fraction(0)] * (len(one) + len(other) - 1)
    for i, left in enumerate(one):
        for j, right in enumerate(other):
            found[i + j] += left * right
    return found


def _sign_inside(values: Sequence[Fraction], low: Fraction | None, high: Fraction | None) -> int:
    """The sign at some place in the interval that is no root."""
    start = low if low is not None else high - len(values) - 1 if high is not None else Fraction(0)
    width = (high - start) if high is not None else Fraction(len(values) + 1)
    places = (start + width * Fraction(k, len(values) + 2) for k in range(1, len(values) + 2))
    return next(sign for sign in (_sign_at(values, place, 1) for place in places) if sign)
