"""Sums seen as polynomials in whatever their terms consist of: multiplied out, as one fraction, divided with remainder.

A term is a monomial in letters, roots and functions alike, so that x·sin(y) + sin(y)² can be divided by
x + sin(y). Division by several letters needs to know which term of the divisor leads (Cox, Little &
O'Shea, *Ideals, Varieties, and Algorithms*, section 2.3): here the caller names it.

>>> from tutor import read
>>> str(multiplied_out(read("(x + h)^3 - x^3")))
'3*h*x^2 + 3*h^2*x + h^3'
>>> [str(part) for part in division(read("x^2 + y^2 + 1"), read("x^2 + y^2 - 25"), read("y^2"))]
['1', '26']
"""

from __future__ import annotations

from collections.abc import Iterable
from math import lcm

from tutor.algebra.laws.sums import factor
from tutor.algebra.monomial import Exponent, Key, Monomial, Rational, collected, monomial, power_form, ratio, terms, whole
from tutor.form.numerals import integer, number, rational
from tutor.form.tree import ONE, ZERO, Add, Div, Form, Mul, Neg, Num, Pow, product, total
from tutor.form.walk import fold

MOST_TERMS = 120
"""No sum is multiplied out to more terms."""
_HIGHEST = 20
_MOST_STEPS = 60


def expanded_terms(form: Form, most: int = MOST_TERMS) -> tuple[Form, ...] | None:
    """The terms of a form without brackets, each bracket of its own collected; None when there are too many.

    >>> from tutor import read
    >>> [str(term) for term in expanded_terms(read("(3 + h)^2 - 9"))]
    ['9', '6*h', 'h^2', '-9']
    """

    def visit(node: Form, parts: tuple[tuple[Form, ...] | None, ...]) -> tuple[Form, ...] | None:
        known = [part for part in parts if part is not None]
        if len(known) < len(parts):
            return None
        found = _expanded(node, known, most)
        return found if found is None or len(found) <= most else None

    return fold(form, visit)


def _expanded(node: Form, parts: list[tuple[Form, ...]], most: int) -> tuple[Form, ...] | None:
    match node:
        case Add():
            return tuple(term for part in parts for term in part)
        case Neg():
            return tuple(_times(Num(1), Neg(term)) for term in parts[0])
        case Mul():
            return _multiplied(parts, most)
        case Div() if len(parts[1]) == 1 and len(parts[0]) > 1:
            return tuple(monomial(Div(term, parts[1][0])).form() for term in parts[0])
        case Pow(_, Num(power, 0)) if len(parts[0]) > 1 and 0 < power <= _HIGHEST:
            return _multiplied([parts[0]] * power, most)
    return (node,)


def _multiplied(factors: Iterable[tuple[Form, ...]], most: int) -> tuple[Form, ...] | None:
    found: tuple[Form, ...] = (ONE,)
    for part in factors:
        if len(found) * len(part) > 4 * most:
            return None
        found = terms(collected(_times(left, right) for left in found for right in part))
    return found


def _times(left: Form, right: Form) -> Form:
    return monomial(Mul((left, right))).form()


def multiplied_out(form: Form) -> Form | None:
    """The form as a sum of terms, like terms collected; None when that is too long."""
    found = expanded_terms(form)
    return None if found is None else collected(found)


# -- one fraction ------------------------------------------------------------------------------------


def one_fraction(form: Form) -> tuple[Form, Form]:
    """Numerator and denominator of the form as one fraction, nothing multiplied out.

    >>> from tutor import read
    >>> [str(part) for part in one_fraction(read("1/(x + h) - 1/x"))]
    ['x - (x + h)', '(x + h)*x']
    """
    top, bottom = fold(form, _fraction)
    return top, _below(bottom)


def _fraction(node: Form, parts: tuple[tuple[Form, Monomial], ...]) -> tuple[Form, Monomial]:
    match node:
        case Add():
            return _sum(parts)
        case Neg():
            return Neg(parts[0][0]), parts[0][1]
        case Mul():
            return product(_factors(top for top, _ in parts)), _join(*(bottom for _, bottom in parts))
        case Div():
            (top, bottom), (divisor, over) = parts
            above = product(_factors((top, *_written(over))))
            return above, _join(bottom, monomial(divisor))
        case Pow(_, exponent) if (power := integer(exponent)) is not None and 0 < abs(power) <= _HIGHEST:
            top, bottom = parts[0]
            if power < 0:
                top, bottom = _below(bottom), monomial(top)
            size = abs(power)
            return top if size == 1 or top is ONE else Pow(top, Num(size)), _join(*[bottom] * size)
        case Pow(base, Neg(exponent)) if exponent.free:
            return ONE, monomial(Pow(base, exponent))
    return node, _NOTHING


_NOTHING = Monomial(1, False, {})


def _factors(parts: Iterable[Form]) -> list[Form]:
    """The factors of a product, without brackets around inner products and without ones."""
    return [factor for part in parts for factor in (part.factors if isinstance(part, Mul) else (part,)) if factor is not ONE]


def _written(mono: Monomial) -> list[Form]:
    """A denominator's number and powers as factors; nothing where it is 1."""
    powers = [power_form(base, power) if not isinstance(power, Form) else Pow(base, power) for base, power in mono.powers.items()]
    return ([] if mono.coefficient == 1 else [number(mono.coefficient)]) + powers


def _below(mono: Monomial) -> Form:
    return product(_written(mono))


def _join(*monos: Monomial) -> Monomial:
    return monomial(product(factor for mono in monos for factor in _written(mono)))


def _sum(parts: tuple[tuple[Form, Monomial], ...]) -> tuple[Form, Monomial]:
    """Over the least common denominator."""
    powers: dict[Form, Exponent] = {}
    for _, bottom in parts:
        for base, power in bottom.powers.items():
            before = powers.get(base, 0)
            if isinstance(power, Form) or isinstance(before, Form):
                powers[base] = power
            else:
                powers[base] = max(before, power)
    scale = lcm(*(bottom.coefficient.numerator for _, bottom in parts))
    common = Monomial(scale, False, powers)
    scaled = (_scaled(top, _written(monomial(Div(_below(common), _below(bottom))))) for top, bottom in parts)
    return total(term for part in scaled for term in terms(part)), common


def _scaled(top: Form, by: list[Form]) -> Form:
    if isinstance(top, Neg):
        return Neg(_scaled(top.operand, by))
    return product(_factors((top, *by))) if by else top


def reduced_fraction(form: Form) -> Form | None:
    """The form as one fraction, the numerator multiplied out, common factors cancelled; None when that is too long.

    Loses: the points where a cancelled factor is zero.

    >>> from tutor import read
    >>> str(reduced_fraction(read("-(y + x^2/y)/y^2"))), str(reduced_fraction(read("(x^2 - y^2)/(x - y)^2")))
    ('-(y^2 + x^2)/y^3', '(x + y)/(x - y)')
    """
    top, bottom = one_fraction(form)
    flat = multiplied_out(top)
    return None if flat is None else lowest_terms(flat, bottom)


def lowest_terms(top: Form, bottom: Form) -> Form:
    """top/bottom without the factors that divide every term above, and the brackets below that divide the sum above."""
    for base, power in monomial(bottom).powers.items():
        if isinstance(base, Add) and not isinstance(power, Form) and power.denominator == 1:
            lead = next((term for term in base.terms if term.free), ONE)
            for _ in range(int(power)):
                divided = division(top, base, lead)
                if divided is None or divided[1] is not ZERO:
                    break
                top, bottom = divided[0], Div(bottom, base)
    return _signed(monomial(Div(_shared(top), bottom)))


def _shared(form: Form) -> Form:
    """What all terms of a bracket share, taken out of every bracket of a product."""
    match form:
        case Mul(factors):
            return Mul(tuple(_shared(part) for part in factors))
        case Neg(inner):
            return Neg(_shared(inner))
    return factor(form, also_numbers=True)


def _signed(fraction: Monomial) -> Form:
    """The fraction with a bracket above that begins with a plus: −(1 − x) for −1 + x under a minus, x − 1 for −1 + x."""
    bracket = next((base for base, power in fraction.powers.items() if isinstance(base, Add) and power == 1), None)
    if bracket is None or not isinstance(bracket.children[0], Neg):
        return fraction.form()
    if fraction.coefficient < 0:
        coefficient, written = -fraction.coefficient, total(_times(Num(1), Neg(term)) for term in bracket.children)
    else:
        front = next((term for term in bracket.children if not isinstance(term, Neg)), bracket.children[0])
        coefficient, written = fraction.coefficient, total((front, *(term for term in bracket.children if term is not front)))
    powers = {written if base is bracket else base: power for base, power in fraction.powers.items()}
    return Monomial(coefficient, fraction.decimal, powers).form()


# -- division ----------------------------------------------------------------------------------------


Terms = dict[Key, Monomial]


def division(form: Form, divisor: Form, lead: Form) -> tuple[Form, Form] | None:
    """Quotient and remainder: form = quotient · divisor + remainder, and `lead`, a term of the divisor, divides no term of the remainder.

    None where that does not end soon.
    """
    flat, by = expanded_terms(form), expanded_terms(divisor)
    leading = monomial(lead)
    if flat is None or by is None or not leading.powers:
        return None
    rest, quotient, parts = _gathered(flat), _gathered(()), [monomial(part) for part in by]
    most = min(MOST_TERMS, 2 * len(rest) + 2 * len(parts) + 8)
    for _ in range(_MOST_STEPS):
        share = next((found for term in rest.values() if (found := _over(term, leading)) is not None), None)
        if share is None:
            return _written_out(quotient), _written_out(rest)
        _add(quotient, share)
        taken = Monomial(-share.coefficient, share.decimal, share.powers)
        for part in parts:
            _add(rest, _multiplied_by(taken, part))
        if len(rest) > most:
            return None
    return None


def _gathered(parts: Iterable[Form]) -> Terms:
    found: Terms = {}
    for part in parts:
        _add(found, monomial(part))
    return found


def _add(found: Terms, mono: Monomial) -> None:
    """One more term; those that cancel are gone."""
    key = mono.key()
    before = found.get(key)
    coefficient = mono.coefficient if before is None else whole(before.coefficient + mono.coefficient)
    if coefficient:
        found[key] = Monomial(coefficient, mono.decimal or (before is not None and before.decimal), before.powers if before else mono.powers)
    else:
        found.pop(key, None)


def _written_out(found: Terms) -> Form:
    return total(mono.form() for mono in found.values())


def _multiplied_by(left: Monomial, right: Monomial) -> Monomial:
    powers: dict[Form, Exponent] = dict(left.powers)
    for base, power in right.powers.items():
        before = powers.get(base, 0)
        if isinstance(before, Form) or isinstance(power, Form):
            if base not in powers:
                powers[base] = power
                continue
            return monomial(Mul((left.form(), right.form())))
        if before + power:
            powers[base] = whole(before + power)
        else:
            del powers[base]
    return Monomial(whole(left.coefficient * right.coefficient), left.decimal or right.decimal, powers)


def _over(term: Monomial, lead: Monomial) -> Monomial | None:
    """term/lead where that has no new denominator, else None."""
    left: dict[Form, Exponent] = dict(term.powers)
    for base, power in lead.powers.items():
        have = left.pop(base, 0)
        if isinstance(power, Form) or isinstance(have, Form):
            times = _multiple(have, power)
            if times is None:
                return None
            if times > 1 and isinstance(power, Form):
                left[base] = _scaled_exponent(power, times - 1)
        elif have < power or power < 0:
            return None
        elif have != power:
            left[base] = whole(have - power)
    coefficient: Rational = ratio(term.coefficient, lead.coefficient)
    return Monomial(coefficient, term.decimal, left)


def _multiple(have: Exponent, power: Exponent) -> int | None:
    """How many times as large an exponent with letters is as another: 2y is 2 times y; None where that is no number of times."""
    if not (isinstance(have, Form) and isinstance(power, Form)):
        return None
    share = rational(monomial(Div(have, power)).form())
    return share.numerator if share is not None and share.denominator == 1 and share >= 1 else None


def _scaled_exponent(power: Form, by: int) -> Form:
    return power if by == 1 else _times(number(by), power)


def remainders(form: Form, divisor: Form) -> list[tuple[Form, Form]]:
    """Every quotient and remainder that some leading term of the divisor gives."""
    flat, by = multiplied_out(form), expanded_terms(divisor)
    if flat is None or by is None:
        return []
    found = [division(flat, total(by), lead) for lead in by if lead.free]
    return [one for one in found if one is not None and one[0] is not ZERO]
