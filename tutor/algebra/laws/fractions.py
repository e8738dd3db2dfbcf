"""Laws of fractions: common denominators, fractions in fractions, cancelling.

>>> from tutor import read
>>> str(cancel(read("(2x + 4)/2"))), str(nested_fractions(read("1/(1 + 1/x)")))
('x + 2', 'x/(x + 1)')
"""

from __future__ import annotations

from functools import reduce
from math import lcm

from tutor.algebra.laws import LARGE
from tutor.algebra.laws.sums import collect, expand, factor, positive_first
from tutor.algebra.monomial import Exponent, Monomial, fraction_form, monomial, plus, power_form, ratio, whole
from tutor.form.numerals import number
from tutor.form.tree import Add, Div, Form, Mul, Pow, total


def common_denominator(node: Form) -> Form:
    """Put a sum over its common denominator, where that makes it shorter.

    >>> from tutor import read
    >>> str(common_denominator(read("sqrt(x + 1) + x/(2*sqrt(x + 1))")))
    '(2*(x + 1) + x)/(2*sqrt(x + 1))'
    """
    if not isinstance(node, Add) or node.size > LARGE:
        return node
    joined = _joined_fraction(node)
    if joined is None:
        return node
    settled = Div(expand(collect(joined.numerator)), joined.denominator)
    return joined if settled.size < 0.9 * node.size else node


def _joined_fraction(node: Add) -> Div | None:
    """The sum as one fraction, or None when no term has a denominator."""
    monos = [monomial(term) for term in node.terms]
    below: dict[Form, Exponent] = {}
    for mono in monos:
        for base, power in mono.powers.items():
            if not isinstance(power, Form) and power < 0:
                least = below.get(base)
                below[base] = power if least is None or isinstance(least, Form) else min(power, least)
    scale = reduce(lcm, (mono.coefficient.denominator for mono in monos))
    if not below and (scale == 1 or any(mono.decimal for mono in monos)):
        return None
    inverse = Monomial(ratio(1, scale), False, below)
    parts = [_divided_exactly(mono, inverse).form() for mono in monos]
    bottom = fraction_form(scale, False, [power_form(base, -power) for base, power in below.items() if not isinstance(power, Form)], [])
    return Div(positive_first(total(parts)), bottom)


def _divided_exactly(mono: Monomial, by: Monomial) -> Monomial:
    """mono / by, also where `by` holds bases that `mono` does not."""
    left: dict[Form, Exponent] = dict(mono.powers)
    for base, share in by.powers.items():
        power = left.pop(base, 0)
        assert not isinstance(share, Form)
        if isinstance(power, Form):
            left[base] = plus(power, number(-share))
        elif power != share:
            left[base] = whole(power - share)
    return Monomial(ratio(mono.coefficient, by.coefficient), mono.decimal, left)


def nested_fractions(node: Form) -> Form:
    """Clear fractions inside a fraction: 1/(y·(1 + (x/y)²)) = y/(y² + x²).

    >>> from tutor import read
    >>> str(nested_fractions(read("1/(y*(1 + (x/y)^2))")))
    'y/(y^2 + x^2)'
    """
    if not isinstance(node, Mul | Div) or node.size > LARGE:
        return node
    mono = monomial(node)
    parts: list[Form] = [Monomial(mono.coefficient, mono.decimal, {}).form()]
    for base, power in mono.powers.items():
        written = Pow(_over_common_denominator(base), number(power) if not isinstance(power, Form) else power)
        parts.append(written)
    cleared = monomial(Mul(tuple(parts))).form()
    return cleared if cleared.size < node.size else node


def _over_common_denominator(base: Form) -> Form:
    """A sum with fractions as one fraction, its numerator collected; any other form as it is."""
    if not isinstance(base, Add) or base.size > LARGE // 2:
        return base
    joined = _joined_fraction(base)
    return base if joined is None else Div(expand(collect(joined.numerator)), joined.denominator)


def cancel(node: Form) -> Form:
    """Cancel what divides every term above and the bottom: (2x + 4)/2 = x + 2, (ab + ac)/a = b + c.

    Loses: the points where a cancelled factor is zero.

    >>> from tutor import read
    >>> str(cancel(read("(2x + 4)/(6*sqrt(x))"))), str(cancel(read("(a*x + a*y)/(2*a)")))
    ('(x + 2)/(3*sqrt(x))', '(x + y)/2')
    """
    if not isinstance(node, Div) or node.size > LARGE:
        return node
    top, bottom = _factored(node.numerator), _factored(node.denominator)
    if top is node.numerator and bottom is node.denominator:
        return node
    shorter = monomial(Div(top, bottom)).form()
    return shorter if shorter.size < node.size else node


def _factored(form: Form) -> Form:
    """A product with the common factor taken out of its bracket, where there is one bracket."""
    mono = monomial(form)
    bracket = next((base for base, power in mono.powers.items() if isinstance(base, Add) and power == 1), None)
    if bracket is None:
        return form
    taken = factor(bracket, also_numbers=True)
    if taken is bracket:
        return form
    rest = {base: power for base, power in mono.powers.items() if base is not bracket}
    return Mul((Monomial(mono.coefficient, mono.decimal, rest).form(), taken))
