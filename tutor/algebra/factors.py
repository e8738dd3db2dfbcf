"""Factors of polynomials over ℚ, for questions about a form: is it irreducible, is a fraction in lowest terms, where is it zero?

Numerator and denominator of a form are python-flint polynomials in its letters (and, where it has any, in its roots
and functions, see `tutor.algebra.identity`). Factoring is exact over ℚ; what is too large is left open, not guessed.

>>> from tutor import read
>>> factored(read("6x^2 - 6")), factored(read("x^2 - 2"))
(Factored(content=6, count=2), Factored(content=1, count=1))
>>> shared_factor(read("2x + 2"), read("x^2 - 1")), shared_factor(read("x + 1"), read("x^2 + 1"))
(True, False)
>>> zeros = zero_sets(read("y*z - 2x*z + 5z"), read("2y - 4x + 10"))
>>> [str(form) for form in zeros.only_left], zeros.only_right
(['z'], ())
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import gcd
from typing import Any

from tutor.algebra.identity import _plain, _Ring, _TooLarge
from tutor.form.numerals import number
from tutor.form.tree import ONE, Add, Div, Form, Neg, Num, Pow, Root, Sym, product, total
from tutor.form.walk import rewritten

_MOST_TERMS = 150
_HIGHEST = 24


@dataclass(frozen=True, slots=True)
class Factored:
    """The greatest integer that divides all coefficients, and the number of irreducible factors with letters, powers counted."""

    content: int
    count: int


@dataclass(frozen=True, slots=True)
class ZeroSets:
    """Two equations form = 0, by their irreducible factors: what only one of them has, what both have, and what each excludes.

    Factors in one letter without a real zero are left out.
    """

    both: tuple[Form, ...]
    only_left: tuple[Form, ...]
    only_right: tuple[Form, ...]
    left_excludes: tuple[Form, ...]
    right_excludes: tuple[Form, ...]


def factored(form: Form) -> Factored | None:
    """The factors of a polynomial in letters; None for what is none, or too large."""
    found = _fractions(form)
    if found is None or found[0].opaque or not found[1][0][1].is_constant():
        return None
    top = found[1][0][0]
    return Factored(_content(top), sum(power for _, power in top.factor()[1])) if top else Factored(0, 0)


def factor_number(form: Form) -> int | None:
    """How many different irreducible factors the numerator has that can be zero, in letters, roots and functions alike; None where it is too large.

    >>> from tutor import read
    >>> factor_number(read("(y - e^x)*(y - 7)^2")), factor_number(read("e^x*y - e^x"))
    (2, 1)
    """
    found = _fractions(form)
    if found is None:
        return None
    ring, ((top, bottom),) = found
    if not top:
        return None
    exponentials = {str(generator) for atom, generator in ring.generators.items() if atom[0] == "power"}
    return sum(str(factor) not in exponentials for factor, _ in (top / top.gcd(bottom)).factor()[1])


def shared_factor(top: Form, bottom: Form) -> bool | None:
    """Whether a polynomial with letters, or an integer, divides both; None where that is not known."""
    found = _fractions(top, bottom)
    if found is None:
        return None
    (above, over), (below, under) = found[1]
    if not above or not below or not (over.is_constant() and under.is_constant()):
        return None
    if not above.gcd(below).is_constant():
        return True
    return gcd(_content(above), _content(below)) > 1


def zero_sets(left: Form, right: Form) -> ZeroSets | None:
    """Where two fractions of polynomials in letters are zero, compared; None for other forms and for large ones."""
    found = _fractions(left, right)
    if found is None or found[0].opaque or not all(top and bottom for top, bottom in found[1]):
        return None
    ring, ((top, bottom), (other_top, other_bottom)) = found
    one, other = ({str(factor): factor for factor, _ in (above / above.gcd(below)).factor()[1]} for above, below in ((top, bottom), (other_top, other_bottom)))
    names = [atom[1] for atom in ring.generators]
    return ZeroSets(
        *(tuple(_written(factor, names) for factor in some) for some in (
            [factor for name, factor in one.items() if name in other],
            [factor for name, factor in one.items() if name not in other and _can_vanish(factor)],
            [factor for name, factor in other.items() if name not in one and _can_vanish(factor)],
            [factor for factor, _ in bottom.factor()[1] if _can_vanish(factor) and _meets(factor, one)],
            [factor for factor, _ in other_bottom.factor()[1] if _can_vanish(factor) and _meets(factor, other)],
        ))
    )  # fmt: skip


def _can_vanish(poly: Any) -> bool:
    """Whether a polynomial has a real zero: decided for one letter, taken for granted for several."""
    from flint import fmpq_poly

    used = [place for place, degree in enumerate(poly.degrees()) if degree]
    if len(used) != 1:
        return True
    coefficients = {int(exponents[used[0]]): value for exponents, value in poly.terms()}
    single = fmpq_poly([coefficients.get(k, 0) for k in range(max(coefficients) + 1)])
    roots: list[Any] = single.numer().complex_roots()
    return any(bool(root.imag == 0) for root, _ in roots)


@dataclass(frozen=True, slots=True)
class Sides:
    """Where two statements p < 0 differ: at a `point` between the zeros, or only at `ends`, the zeros themselves; or nowhere."""

    point: Fraction | None = None
    ends: bool = False


def compared_signs(left: Form, right: Form, left_closed: bool, right_closed: bool) -> Sides | None:
    """Whether left < 0 and right < 0 (with `closed`: ≤) hold for the same numbers; None but for fractions of polynomials in one letter.

    Between two neighbouring zeros of all factors nothing changes its sign, so that one number for each gap decides; zeros of
    different irreducible factors are different numbers.

    >>> from tutor import read
    >>> compared_signs(read("16 - x^4"), read("4 - x^2"), True, True), compared_signs(read("x^2 - 4"), read("x - 2"), False, False).point
    (Sides(point=None, ends=False), Fraction(-3, 1))
    """
    found = _fractions(left, right)
    if found is None or found[0].opaque or len(found[0].generators) != 1:
        return None
    sides = [tuple(_single(poly) for poly in pair) for pair in found[1]]
    if not all(poly for pair in sides for poly in pair):
        return None
    zeros = sorted(
        ((float(root.real), root.real, factor) for factor in {str(factor): factor for pair in sides for poly in pair for factor, _ in poly.factor()[1]}.values()
         for root, _ in factor.numer().complex_roots() if root.imag == 0),
        key=lambda zero: zero[0],
    )  # fmt: skip
    gaps = _between([zero[1] for zero in zeros])
    if gaps is None:
        return None
    closed = (left_closed, right_closed)
    inside = [[_sign_at(pair, place) < 0 for place in gaps] for pair in sides]
    for place, one, other in zip(gaps, *inside, strict=True):
        if one is not other:
            return Sides(place)
    at = [[_holds_at(pair, factor, gap, closed[k]) for (_, _, factor), gap in zip(zeros, inside[k], strict=False)] for k, pair in enumerate(sides)]
    return Sides(None, at[0] != at[1])


def solved(form: Form, closed: bool) -> list[tuple[Form | None, Form | None]] | None:
    """Where a fraction of polynomials in one letter is < 0 (with `closed`: ≤ 0): open gaps between neighbouring zeros, and single zeros.

    None where a zero is no root of a factor of degree two or less. A bound None is infinite; a single zero is given as two equal bounds.

    >>> from tutor import read
    >>> [(str(low), str(high)) for low, high in solved(read("x^2 - 4"), closed=True)]
    [('-2', '-2'), ('-2', '2'), ('2', '2')]
    """
    found = _fractions(form)
    if found is None or found[0].opaque or len(found[0].generators) != 1:
        return None
    top, bottom = (_single(poly) for poly in found[1][0])
    if not top or not bottom:
        return None
    pair = (top / top.gcd(bottom), bottom / top.gcd(bottom))
    zeros: list[tuple[Any, Form, Any]] = []
    for factor in {str(factor): factor for poly in (top, bottom) for factor, _ in poly.factor()[1]}.values():
        real = [root.real for root, _ in factor.numer().complex_roots() if root.imag == 0]
        if real and factor.degree() > 2:
            return None
        zeros += [(ball, written, factor) for ball, written in zip(sorted(real, key=float), _roots_written(factor), strict=False)] if real else []
    zeros.sort(key=lambda zero: float(zero[0]))
    gaps = _between([zero[0] for zero in zeros])
    if gaps is None:
        return None
    inside = [_sign_at(pair, place) < 0 for place in gaps]
    belongs = [closed and top % factor == 0 and bottom % factor != 0 for _, _, factor in zeros]
    bounds: list[Form | None] = [None, *(written for _, written, _ in zeros), None]
    spans: list[tuple[Form | None, Form | None]] = []
    for place, here in enumerate(inside):
        if here:
            spans.append((bounds[place], bounds[place + 1]))
        if place < len(zeros) and belongs[place]:
            spans.append((bounds[place + 1], bounds[place + 1]))
    return spans


def _roots_written(factor: Any) -> list[Form]:
    """The real zeros of an irreducible polynomial of degree one or two, the smaller one first."""
    c, b, a = (Fraction(int(value.p), int(value.q)) for value in (*factor.coeffs(), 0, 0)[:3]) if factor.degree() == 2 else (Fraction(0),) * 3
    if factor.degree() == 1:
        low, high = (Fraction(int(value.p), int(value.q)) for value in factor.coeffs())
        return [number(-low / high)]
    root = Root(number(b * b - 4 * a * c), Num(2))
    found: list[Form] = [Div(Add((number(-b), side)), number(2 * a)) for side in (Neg(root), root)]
    return found if a > 0 else found[::-1]


def _single(poly: Any) -> Any:
    """A polynomial in one letter as one that knows its roots."""
    from flint import fmpq_poly

    coefficients = {int(exponents[0]): value for exponents, value in poly.terms()}
    return fmpq_poly([coefficients.get(k, 0) for k in range(max(coefficients, default=0) + 1)])


def _between(roots: list[Any]) -> list[Fraction] | None:
    """A number below, between and above roots; None where two are too close to tell apart."""
    if not roots:
        return [Fraction(0)]
    inner = []
    for low, high in pairwise(roots):
        middle = Fraction((float(low.upper()) + float(high.lower())) / 2)
        if not (low < _ball(middle) and _ball(middle) < high):
            return None
        inner.append(middle)
    return [Fraction(int(float(roots[0])) - 1), *inner, Fraction(int(float(roots[-1])) + 1)]


def _ball(value: Fraction) -> Any:
    from flint import arb, fmpq

    return arb(fmpq(value.numerator, value.denominator))


def _sign_at(pair: tuple[Any, Any], place: Fraction) -> int:
    from flint import fmpq

    product = pair[0](fmpq(place.numerator, place.denominator)) * pair[1](fmpq(place.numerator, place.denominator))
    return int(product > 0) - int(product < 0)


def _holds_at(pair: tuple[Any, Any], factor: Any, before: bool, closed: bool) -> bool:
    """Whether top/bottom < 0 (or ≤ 0) at a zero of a factor, where it holds as before unless the factor is one of its own."""
    top, bottom = (bool(poly % factor == 0) for poly in pair)
    return False if bottom else closed if top else before


def _meets(excluded: Any, curves: dict[str, Any]) -> bool:
    """Whether a factor that is excluded can be zero together with one of the curves: in one letter only with a common root."""
    used = [sum(map(bool, poly.degrees())) for poly in (excluded, *curves.values())]
    if max(used, default=0) > 1 or len({tuple(map(bool, poly.degrees())) for poly in (excluded, *curves.values())}) > 1:
        return True
    return any(not excluded.gcd(curve).is_constant() for curve in curves.values())


def _fractions(*forms: Form) -> tuple[_Ring, list[tuple[Any, Any]]] | None:
    """Numerators and denominators in one ring; None for what is too large."""
    try:
        sides = [rewritten(form, _plain) for form in forms]
        ring = _Ring(sides)
        found = [ring.fraction(side) for side in sides]
    except (_TooLarge, ZeroDivisionError, OverflowError, RecursionError):
        return None
    small = all(len(poly) <= _MOST_TERMS and max(map(int, poly.degrees()), default=0) <= _HIGHEST for pair in found for poly in pair)
    return (ring, found) if small else None


def _content(poly: Any) -> int:
    """The greatest integer that divides all coefficients; 1 where one of them is no integer."""
    values = [Fraction(int(value.p), int(value.q)) for value in poly.coeffs()]
    return gcd(*(value.numerator for value in values)) if all(value.denominator == 1 for value in values) else 1


def _written(poly: Any, names: list[str]) -> Form:
    """A polynomial in letters as a form."""
    terms: list[Form] = []
    for exponents, coefficient in poly.terms():
        value = Fraction(int(coefficient.p), int(coefficient.q))
        powers = [_power(name, int(exponent)) for name, exponent in zip(names, exponents, strict=False) if exponent]
        magnitude = number(abs(value))
        term = product(powers if magnitude is ONE and powers else (magnitude, *powers))
        terms.append(Neg(term) if value < 0 else term)
    return total(terms)


def _power(name: str, exponent: int) -> Form:
    return Sym(name) if exponent == 1 else Pow(Sym(name), Num(exponent))


__all__ = ["Factored", "ZeroSets", "factor_number", "factored", "shared_factor", "zero_sets"]
