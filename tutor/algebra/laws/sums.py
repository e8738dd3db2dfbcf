"""Laws of sums: like terms, multiplying out, common factors.

>>> from tutor import read
>>> str(collect(read("2x + 3x"))), str(factor(read("x^2*e^x + 2x*e^x")))
('5*x', 'x*(x + 2)*e^x')
"""

from __future__ import annotations

from functools import reduce
from math import gcd, lcm

from tutor.algebra.laws import LARGE
from tutor.algebra.laws.arithmetic import number_product
from tutor.algebra.monomial import Exponent, Monomial, Rational, collected, monomial, ratio, terms, whole
from tutor.form.tree import ZERO, Add, Div, Form, Mul, Neg, Sym, product, total

_LONGEST_SUM = 40


def collect(node: Form) -> Form:
    """Collect like terms: 2x + 3x = 5x."""
    if not isinstance(node, Add) or node.size > 4 * LARGE:
        return node
    joined = collected(node.terms)
    return positive_first(joined) if len(terms(joined)) < len(node.terms) or joined is ZERO else node


def positive_first(form: Form) -> Form:
    """1 − x² and not −x² + 1, where a sum was made anew."""
    match form:
        case Add((Neg() as first, second)) if not isinstance(second, Neg):
            return Add((second, first))
    return form


def expand(node: Form) -> Form:
    """Multiply out the products in a sum, where that makes it shorter.

    >>> from tutor import read
    >>> str(expand(read("2x*(x + 1) - (x^2 + 1)")))
    'x^2 + 2*x - 1'
    """
    if not isinstance(node, Add) or node.size > LARGE or not any(_has_bracket(term) for term in node.terms):
        return node
    flat = expanded(node)
    return positive_first(flat) if flat is not None and flat.size < node.size else node


def _has_bracket(term: Form) -> bool:
    """Whether a sum stands as a factor (or under a whole power) somewhere in the term."""
    return any(isinstance(base, Add) for base in monomial(term).powers)


def expanded(form: Form) -> Form | None:
    """The form multiplied out and collected, or None when that is too long."""
    done: list[Form] = []
    for term in terms(form):
        parts = _distributed(term)
        if parts is None or len(done) + len(parts) > _LONGEST_SUM:
            return None
        done.extend(parts)
    return _by_degree(collected(done))


def _distributed(term: Form) -> list[Form] | None:
    """One term as a list of terms without brackets; None when there are too many."""
    mono = monomial(term)
    sums = [(base, power) for base, power in mono.powers.items() if isinstance(base, Add) and not isinstance(power, Form) and power.denominator == 1 and 0 < power <= 6]
    if not sums:
        return [term]
    rest: dict[Form, Exponent] = {base: power for base, power in mono.powers.items() if (base, power) not in sums}
    parts: list[Form] = [Monomial(mono.coefficient, mono.decimal, rest).form()]
    for base, power in sums:
        for _ in range(int(power)):
            if len(parts) * len(base.children) > _LONGEST_SUM:
                return None
            parts = list(terms(collected(_times(left, right) for left in parts for right in base.children)))
    return parts


def _times(left: Form, right: Form) -> Form:
    return monomial(Mul((left, right))).form()


def _by_degree(form: Form) -> Form:
    """A polynomial in one letter with falling degrees; other sums keep their order."""
    if not isinstance(form, Add) or len(form.free) != 1:
        return form
    letter = Sym(next(iter(form.free)))
    degrees: list[Rational] = []
    for term in form.terms:
        mono = monomial(term)
        power = mono.powers.get(letter, 0)
        if isinstance(power, Form) or power.denominator != 1 or power < 0 or any(base.free for base in mono.powers if base is not letter):
            return form
        degrees.append(power)
    order = sorted(range(len(degrees)), key=lambda k: -degrees[k])
    return Add(tuple(form.terms[k] for k in order))


def factor(node: Form, *, also_numbers: bool = False) -> Form:
    """Take the common factor of all terms out of a sum: x²eˣ + 2xeˣ = x (x + 2) eˣ.

    A common number alone is taken out only when `also_numbers` asks for it.
    """
    if not isinstance(node, Add) or node.size > 2 * LARGE:
        return node
    monos = [monomial(term) for term in node.terms]
    common = _common_powers(monos)
    content = _content(monos)
    if not content or (not common and (not also_numbers or content == 1)):
        return node
    outside = Monomial(content, any(mono.decimal for mono in monos), common)
    inside = total(_divided(mono, outside).form() for mono in monos)
    return number_product(Mul((outside.form(), inside)))


def _common_powers(monos: list[Monomial]) -> dict[Form, Exponent]:
    common: dict[Form, Exponent] = {}
    for base, power in monos[0].powers.items():
        others = [mono.powers.get(base) for mono in monos[1:]]
        if any(other is None for other in others):
            continue
        if not isinstance(power, Form):
            exact = [other for other in others if other is not None and not isinstance(other, Form)]
            if len(exact) == len(others):
                least = min(power, *exact)
                if least > 0 or all(other < 0 for other in (power, *exact)):
                    common[base] = least if least > 0 else max(power, *exact)
        elif all(other is power for other in others):
            common[base] = power
    return common


def _content(monos: list[Monomial]) -> Rational:
    """The greatest number that divides every coefficient; negative when every coefficient is."""
    values = [mono.coefficient for mono in monos]
    top = reduce(gcd, (abs(value.numerator) for value in values))
    bottom = reduce(lcm, (value.denominator for value in values))
    return ratio(-top if all(value < 0 for value in values) else top, bottom)


def _divided(mono: Monomial, by: Monomial) -> Monomial:
    left: dict[Form, Exponent] = {}
    for base, power in mono.powers.items():
        share = by.powers.get(base)
        if share is None:
            left[base] = power
        elif not isinstance(power, Form) and not isinstance(share, Form) and power != share:
            left[base] = whole(power - share)
    return Monomial(ratio(mono.coefficient, by.coefficient), mono.decimal, left)


def factor_shorter(node: Form) -> Form:
    """`factor`, where the sum gets clearly shorter by it."""
    taken = factor(node)
    if taken is node:
        return node
    settled = _settled(taken)
    return taken if settled.size <= 0.8 * node.size else node


def _settled(form: Form) -> Form:
    """What a factored form becomes when its bracket is multiplied out."""
    factors = form.factors if isinstance(form, Mul) else (form,)
    if isinstance(form, Div):
        return Div(_settled(form.numerator), form.denominator)
    if isinstance(form, Neg):
        return Neg(_settled(form.operand))
    return product(expand(part) for part in factors)


def distribute(node: Form) -> Form:
    """Multiply a factor into a bracket of fractions that it cancels: x²·y·(2/x + z/y) = 2xy + x²z.

    >>> from tutor import read
    >>> str(distribute(read("x*sin(x)*(1/x + cos(x)/sin(x))")))
    'sin(x) + x*cos(x)'
    """
    if not isinstance(node, Mul) or node.size > LARGE:
        return node
    for k, bracket in enumerate(node.factors):
        if isinstance(bracket, Add) and len(bracket.terms) <= 8 and any(_has_fraction(term) for term in bracket.terms):
            outside = product((*node.factors[:k], *node.factors[k + 1 :]))
            if all(_cancels(outside, term) for term in bracket.terms):
                return total(monomial(Mul((outside, term))).form() for term in bracket.terms)
    return node


def _cancels(outside: Form, term: Form) -> bool:
    """Whether what stands below in the term is a factor of what stands outside."""
    have = monomial(outside).powers
    for base, power in monomial(term).powers.items():
        there = have.get(base, 0)
        if not isinstance(power, Form) and power < 0 and (isinstance(there, Form) or there + power < 0):
            return False
    return True


def _has_fraction(form: Form) -> bool:
    return any(not isinstance(power, Form) and power < 0 for power in monomial(form).powers.values())
