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
from math import gcd
from typing import Any

from tutor.algebra.identity import _plain, _Ring, _TooLarge
from tutor.form.numerals import number
from tutor.form.tree import ONE, Form, Neg, Num, Pow, Sym, product, total
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
