"""A product seen as a number times powers: what the laws of `tutor.algebra.laws` compute with.

`Monomial(c, {b1: p1, b2: p2})` stands for c · b1^p1 · b2^p2. Exponents are fractions, or forms where
they hold letters. A decimal stays a decimal: 0.01 · 2 is 0.02.

>>> from tutor import read
>>> m = monomial(read("6*x^2*y/(4*x)"))
>>> m.coefficient, {str(base): str(power) for base, power in m.powers.items()}
(Fraction(3, 2), {'x': '1', 'y': '1'})
>>> str(m.form())
'3*x*y/2'
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from tutor.form.numerals import integer, number, rational
from tutor.form.tree import ONE, ZERO, Add, Apply, Call, Cases, Const, Div, Form, Mul, Neg, Num, Pow, Root, Sym, product, total

Rational = int | Fraction
"""Exact numbers; whole ones are kept as `int`, which is many times faster."""
Exponent = Rational | Form
Bracket = frozenset[tuple[Any, Rational]]
Key = frozenset[tuple[Form | Bracket, Exponent]]
_LONG = 200
"""Brackets with more nodes than this are only equal to themselves."""
_LARGEST = 10**12
"""Powers of numbers are worked out up to this size; 2^100 stays 2^100."""


@dataclass(frozen=True, slots=True)
class Monomial:
    """coefficient times the powers; `decimal`: write the coefficient as a decimal where it ends."""

    coefficient: Rational
    decimal: bool
    powers: dict[Form, Exponent]

    def key(self) -> Key:
        """What like terms have in common; a + b and b + a count as one bracket."""
        return frozenset((_bracket_key(base) if isinstance(base, Add) else base, power) for base, power in self.powers.items())

    def form(self, roots: frozenset[int] = frozenset((2,))) -> Form:
        """Written as in a textbook: number first, one fraction, no negative exponents, roots restored."""
        above: list[Form] = []
        below: list[Form] = []
        for base, power in self.powers.items():
            if isinstance(power, Form):
                above.append(Pow(base, power))
            elif power > 0:
                above.append(power_form(base, power, roots))
            elif power < 0:
                below.append(power_form(base, -power, roots))
        return fraction_form(self.coefficient, self.decimal, above, below)


def power_form(base: Form, power: Rational, roots: frozenset[int] = frozenset((2,))) -> Form:
    """base^power for a positive power: x, x^3, sqrt(x), root(x^2, 3), x^(3/2)."""
    if power == 1:
        return base
    top, index = power.numerator, power.denominator
    if index in roots and (top == 1 or index % 2):
        return Root(base if top == 1 else Pow(base, Num(top)), Num(index))
    return Pow(base, number(power))


def fraction_form(coefficient: Rational, decimal: bool, above: Iterable[Form], below: Iterable[Form]) -> Form:
    """coefficient · above / below with the sign in front, the number first and the factors in order.

    >>> from tutor import read
    >>> str(fraction_form(Fraction(-3, 2), False, [read("cos(x)"), read("x^2")], []))
    '-3*x^2*cos(x)/2'
    """
    if not coefficient:
        return ZERO
    top, bottom = ordered(above), ordered(below)
    magnitude: Rational = -coefficient if coefficient < 0 else coefficient
    written: Form = Num(magnitude) if isinstance(magnitude, int) else number(magnitude, decimal=decimal)
    if isinstance(written, Num):
        numerator = top if written is ONE and top else [written, *top]
    else:
        if not (magnitude.numerator == 1 and top):
            top = [Num(magnitude.numerator), *top]
        numerator = top
        bottom = [Num(magnitude.denominator), *bottom]
    value = product(numerator)
    if bottom:
        value = Div(value, product(bottom))
    return Neg(value) if coefficient < 0 else value


def ordered(factors: Iterable[Form]) -> list[Form]:
    """Factors in textbook order: constants, letters, roots and brackets, exponentials, functions.

    Letters stand in alphabetical order, everything else keeps its order.
    """
    some = list(factors)
    if len(some) < 2:
        return some
    return sorted(some, key=_rank)


def _rank(factor: Form) -> tuple[int, str]:
    """Where a factor stands: numbers, constants, letters, f^g, polynomials, exponentials, functions, their brackets."""
    base, exponent = (factor.base, factor.exponent) if isinstance(factor, Pow) else (factor, ONE)
    if not factor.free and not isinstance(factor, Num):
        return (1, "") if isinstance(base, Const | Num) else (7, "") if isinstance(base, Call) else (2, "")
    match base:
        case Num():
            return (0, "") if factor is base else (6, "")
        case Const():
            return 6, ""
        case Sym(name) if not exponent.free or base is factor:
            return 3, name.lower() + name
        case Call() | Apply() | Cases() if not exponent.free:
            return 7, ""
        case Add() if not exponent.free:
            return (8 if _holds_functions(base) else 5), ""
    return (4 if exponent.free else 5), ""


def _holds_functions(bracket: Form) -> bool:
    """Whether a term of the sum is, or has as a factor, a function or an exponential."""
    for term in bracket.children:
        for part in (term, *term.children, *(inner for child in term.children for inner in child.children)):
            if isinstance(part, Call | Apply) or (isinstance(part, Pow) and part.exponent.free):
                return True
    return False


def whole(value: Rational) -> Rational:
    """The same number, as an `int` where it is one."""
    return value.numerator if value.denominator == 1 else value


def ratio(top: Rational, bottom: Rational) -> Rational:
    """top/bottom, as an `int` where it is one."""
    if isinstance(top, int) and isinstance(bottom, int) and not top % bottom:
        return top // bottom
    return whole(Fraction(top) / bottom)


@lru_cache(maxsize=4096)
def monomial(form: Form) -> Monomial:
    """The form as a number times powers; roots count as powers, equal bases are merged."""
    coefficient: Rational = 1
    decimal = False
    powers: dict[Form, Exponent] = {}
    stack: list[tuple[Form, Rational]] = [(form, 1)]
    while stack:
        node, power = stack.pop()
        match node:
            case Num(digits, places) if power.denominator == 1 and (digits or power > 0):
                if power == 1 and not places:
                    coefficient *= digits
                elif -40 <= power <= 40 and node.value ** int(max(power, -power)) <= _LARGEST:
                    coefficient = whole(coefficient * node.value ** int(power))
                    decimal = decimal or places > 0
                else:
                    _multiply(powers, node, power)
            case Neg(inner) if power.denominator == 1:
                if power % 2:
                    coefficient = -coefficient
                stack.append((inner, power))
            case Mul(factors) if power.denominator == 1:
                stack.extend((factor, power) for factor in reversed(factors))
            case Div(numerator, denominator) if power.denominator == 1:
                stack.append((denominator, -power))
                stack.append((numerator, power))
            case Pow(base, exponent):
                exact = exponent.digits if isinstance(exponent, Num) and not exponent.places else rational(exponent)
                if exact is None:
                    _multiply_symbolic(powers, base, exponent, power)
                elif power.denominator == 1:
                    inner_is_product = isinstance(base, Mul | Div | Neg | Pow | Num | Root)
                    if exact.denominator == 1 and inner_is_product and -40 <= exact * power <= 40:
                        stack.append((base, whole(exact * power)))
                    else:
                        _multiply(powers, base, whole(exact * power))
                else:
                    _multiply(powers, node, power)
            case Root(radicand, index):
                degree = integer(index)
                if degree is None or degree < 2:
                    _multiply(powers, node, power)
                else:
                    _multiply(powers, radicand, whole(Fraction(power) / degree))
            case _:
                _multiply(powers, node, power)
    for base, raised in list(powers.items()):
        if isinstance(base, Call) and base.name == "abs" and isinstance(raised, int) and not raised % 2:
            del powers[base]
            _multiply(powers, base.args[0], raised)
    unit = powers.get(_UNIT)
    if unit is not None and not isinstance(unit, Form) and unit.denominator == 1:
        del powers[_UNIT]
        turns = int(unit) % 4
        coefficient = -coefficient if turns in (2, 3) else coefficient
        if turns % 2:
            powers[_UNIT] = 1
    return Monomial(coefficient, decimal, powers)


_UNIT = Const("i")


def _multiply(powers: dict[Form, Exponent], base: Form, power: Rational) -> None:
    base = _as_before(powers, base)
    before = powers.get(base)
    if before is None:
        if base is not ONE:
            powers[base] = power
    elif not isinstance(before, Form):
        if before + power:
            powers[base] = whole(before + power)
        else:
            del powers[base]
    else:
        powers[base] = plus(before, number(power))


@lru_cache(maxsize=2048)
def _bracket_key(bracket: Add) -> Bracket:
    """What a bracket is, whatever the order and the writing of its terms: 1 − (ax)² and −a²x² + 1 are one."""
    if bracket.size > _LONG:
        return frozenset(((bracket, 1),))
    found: dict[Key, Rational] = {}
    for term in bracket.terms:
        mono = monomial(term)
        key = mono.key()
        found[key] = found.get(key, 0) + mono.coefficient
    return frozenset(found.items())


def _as_before(powers: dict[Form, Exponent], base: Form) -> Form:
    """The bracket a + b where b + a is already a base."""
    if isinstance(base, Add) and base not in powers:
        for other in powers:
            if isinstance(other, Add) and _bracket_key(other) == _bracket_key(base):
                return other
    return base


def _multiply_symbolic(powers: dict[Form, Exponent], base: Form, exponent: Form, power: Rational) -> None:
    if power != 1:
        exponent = times(power, exponent)
    before = powers.pop(base, None)
    if before is not None:
        exponent = plus(number(before) if not isinstance(before, Form) else before, exponent)
    exact = rational(exponent)
    if exact is None:
        powers[base] = exponent
    elif exact:
        powers[base] = whole(exact)


def times(factor: Rational, form: Form) -> Form:
    """factor · form, in textbook order."""
    if isinstance(form, Add):
        return Add(tuple(times(factor, term) for term in form.terms))
    part = monomial(form)
    return Monomial(whole(part.coefficient * factor), part.decimal, part.powers).form()


def plus(left: Form, right: Form) -> Form:
    """left + right with like terms collected."""
    return collected((*terms(left), *terms(right)))


def terms(form: Form) -> tuple[Form, ...]:
    """The terms of a sum, or the form as its only term."""
    return form.terms if isinstance(form, Add) else (form,)


def collected(parts: Iterable[Form]) -> Form:
    """The sum of the parts with like terms joined where the first of them stood.

    >>> from tutor import read
    >>> str(collected(read("3*x + 1 - x + y").terms))
    '2*x + 1 + y'
    """
    found: dict[Key, Monomial] = {}
    written: dict[Key, Form] = {}
    for part in parts:
        mono = monomial(part)
        key = mono.key()
        before = found.get(key)
        if before is None:
            found[key], written[key] = mono, part
        else:
            joined = Monomial(whole(before.coefficient + mono.coefficient), before.decimal or mono.decimal, before.powers)
            found[key], written[key] = joined, joined.form()
    return total(written[key] for key, mono in found.items() if mono.coefficient)
