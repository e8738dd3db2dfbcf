"""The named laws of algebra by which a result is tidied, one small function each.

A law looks at one node whose children are already tidy and gives the node that it becomes (the same
object when it does not apply). `tutor.algebra.tidy` applies them bottom-up, one law a line, so that
every line has a name and two sides that can be checked. What a law loses is said in its docstring:
cancelling and combining powers widen the domain, everything else keeps it.

>>> from tutor import read
>>> str(collect(read("2x + 3x"))), str(factor(read("x^2*e^x + 2x*e^x")))
('5*x', 'x*(x + 2)*e^x')
"""

from __future__ import annotations

from fractions import Fraction
from functools import reduce
from math import gcd, lcm

from tutor.algebra.monomial import (
    Exponent,
    Monomial,
    Rational,
    collected,
    fraction_form,
    monomial,
    plus,
    power_form,
    ratio,
    terms,
    whole,
)  # fmt: skip
from tutor.form.evaluate import evaluate
from tutor.form.numerals import integer, number, rational
from tutor.form.tree import ONE, ZERO, Add, Call, Const, Div, E, Form, Mul, Neg, Num, Pow, Root, Sym, product, total

LARGE = 240
"""Parts with more nodes than this are left as they stand: tidying is for lines that a person reads."""
_LONGEST_SUM = 40


def numbers(node: Form) -> Form:
    """Do the arithmetic: drop zeros and ones, multiply numbers and put them first, move signs to the front.

    >>> from tutor import read
    >>> str(numbers(read("cos(x)*3*1")))
    '3*cos(x)'
    """
    match node:
        case Add():
            return _number_sum(node)
        case Mul() | Div() | Neg():
            return _number_product(node)
        case Pow(base, exponent):
            return _number_power(node, base, exponent)
        case Root(radicand, _):
            return radicand if radicand in (ZERO, ONE) else _exact_root(node)
        case Call(_, args) if args[0] in (ZERO, ONE, E):
            return _exact_call(node)
    return node


def _number_sum(node: Add) -> Form:
    flat: list[Form] = []
    for term in node.terms:
        flat.extend(terms(term) if term.size <= LARGE else (term,))
    values = [rational(term) for term in flat]
    if len(flat) == len(node.terms) and sum(value is not None for value in values) < 2 and ZERO not in flat:
        return node
    constant = sum(value for value in values if value is not None)
    decimal = any(isinstance(part, Num) and part.places for term in flat for part in (term, *term.children))
    kept: list[Form] = []
    placed = not constant
    for term, value in zip(flat, values, strict=True):
        if value is None:
            kept.append(term)
        elif not placed:
            kept.append(number(constant, decimal=decimal))
            placed = True
    return total(kept)


def _number_product(node: Form) -> Form:
    coefficient: Rational = 1
    decimal = False
    above: list[Form] = []
    below: list[Form] = []
    stack: list[tuple[Form, bool]] = [(node, True)]
    while stack:
        part, is_above = stack.pop()
        if part.size > LARGE and part is not node:
            (above if is_above else below).append(part)
            continue
        match part:
            case Num():
                if not part.digits and not is_above:
                    return node
                value = part.value if part.places else part.digits
                coefficient = whole(coefficient * value) if is_above else ratio(coefficient, value)
                decimal = decimal or part.places > 0
            case Neg(inner):
                coefficient = -coefficient
                stack.append((inner, is_above))
            case Mul(factors):
                stack.extend((factor, is_above) for factor in reversed(factors))
            case Div(numerator, denominator):
                stack.append((denominator, not is_above))
                stack.append((numerator, is_above))
            case _:
                (above if is_above else below).append(part)
    return fraction_form(coefficient, decimal, _letters_merged(above), _letters_merged(below))


def _letters_merged(factors: list[Form]) -> list[Form]:
    """Equal letters as one power: x·x is x²."""
    letters = [factor for factor in factors if _letter_power(factor)]
    if len(letters) < 2 or len({_letter_power(factor)[0] for factor in letters}) == len(letters):  # type: ignore[index]
        return factors
    powers: dict[Form, int] = {}
    for factor in letters:
        letter, power = _letter_power(factor)  # type: ignore[misc]
        powers[letter] = powers.get(letter, 0) + power
    return [power_form(letter, power) for letter, power in powers.items()] + [factor for factor in factors if factor not in letters]


def _letter_power(factor: Form) -> tuple[Form, int] | None:
    match factor:
        case Sym():
            return factor, 1
        case Pow(Sym() as base, Num(digits, 0)):
            return base, digits
    return None


def _number_power(node: Form, base: Form, exponent: Form) -> Form:
    if exponent is ONE or base is ONE:
        return base
    if exponent is ZERO and base is not ZERO:
        return ONE
    value, power = rational(base), integer(exponent)
    if value is not None and power is not None and abs(power) <= 40 and (value or power > 0) and abs(value**power) < 10**9:
        decimal = any(isinstance(part, Num) and part.places for part in (base, *base.children))
        return number(value**power, decimal=decimal)
    return node


def _exact_root(node: Root) -> Form:
    value, index = rational(node.radicand), integer(node.index)
    if value is None or index is None or value < 0 or index < 2:
        return node
    tops = round(value.numerator ** (1 / index)), round(value.denominator ** (1 / index))
    if tops[0] ** index == value.numerator and tops[1] ** index == value.denominator and max(tops) < 10**6:
        return number(Fraction(*tops))
    return node


def _exact_call(node: Call) -> Form:
    """Values such as ln 1 = 0, cos 0 = 1: floats are exact there."""
    if node.free:
        return node
    value = evaluate(node, {})
    return number(int(value)) if value in (0.0, 1.0, -1.0) and node.name not in ("erf", "zeta") else node


def restore(node: Form) -> Form:
    """Write negative exponents as fractions and fractional exponents as roots.

    >>> from tutor import read
    >>> str(restore(read("x^(-4)"))), str(restore(read("x^(1/2)")))
    ('1/x^4', 'sqrt(x)')
    """
    match node:
        case Pow(base, exponent):
            power = rational(exponent)
            if power is None or (power.denominator == 1 and power > 0):
                return node
            written = power_form(base, abs(power))
            return Div(ONE, written) if power < 0 else written
        case Mul(factors) if any(isinstance(factor, Div) for factor in factors):
            return _number_product(node)
        case Div() if any(isinstance(part, Div) for part in node.children):
            return _number_product(node)
    return node


def powers(node: Form) -> Form:
    """Combine powers of one base: x·x² = x³, x³/x = x² (x ≠ 0), (2x)³ = 8x³, e^x·e^x = e^(2x).

    Loses: points where a cancelled factor is zero, and for roots the points where they are undefined.

    >>> from tutor import read
    >>> str(powers(read("x^3*sin(x)/x")))
    'x^2*sin(x)'
    """
    if not isinstance(node, Mul | Div | Pow | Neg) or node.size > LARGE:
        return node
    combined = monomial(node).form()
    fewer = isinstance(node, Pow) or (isinstance(node, Mul) and len(getattr(combined, "factors", ())) < len(node.factors))
    return combined if combined.size < node.size + fewer else node


def collect(node: Form) -> Form:
    """Collect like terms: 2x + 3x = 5x."""
    if not isinstance(node, Add) or node.size > 4 * LARGE:
        return node
    joined = collected(node.terms)
    return _positive_first(joined) if len(terms(joined)) < len(node.terms) or joined is ZERO else node


def _positive_first(form: Form) -> Form:
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
    return _positive_first(flat) if flat is not None and flat.size < node.size else node


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
    return _number_product(Mul((outside.form(), inside)))


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
    return Div(_positive_first(total(parts)), bottom)


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


def cancel(node: Form) -> Form:
    """Cancel what divides every term above and the bottom: (2x + 4)/2 = x + 2, (ab + ac)/a = b + c.

    Loses: the points where a cancelled factor is zero.

    >>> from tutor import read
    >>> str(cancel(read("(2x + 4)/(6*sqrt(x))"))), str(cancel(read("(a*x + a*y)/(2*a)")))
    ('(x + 2)/(3*sqrt(x))', '(x + y)/2')
    """
    if not isinstance(node, Div) or node.size > LARGE:
        return node
    top = monomial(node.numerator)
    bracket = next((base for base, power in top.powers.items() if isinstance(base, Add) and power == 1), None)
    if bracket is None:
        return node
    taken = factor(bracket, also_numbers=True)
    if taken is bracket:
        return node
    rest = {base: power for base, power in top.powers.items() if base is not bracket}
    outside = Monomial(top.coefficient, top.decimal, rest).form()
    shorter = monomial(Div(Mul((outside, taken)), node.denominator)).form()
    return shorter if shorter.size < node.size else node


_SQUARES = (("sin", "cos", 1, 1), ("cosh", "sinh", 1, -1), ("sec", "tan", 1, -1), ("csc", "cot", 1, -1))
"""a² ± b² = 1: Pythagoras for the circle and for the hyperbola."""
_COMPLEMENTS = {
    "sin": (-1, "cos", -1), "cos": (-1, "sin", -1), "sec": (-1, "tan", 1), "csc": (-1, "cot", 1), "cosh": (-1, "sinh", 1),
    "tan": (1, "sec", 1), "cot": (1, "csc", 1), "sinh": (1, "cosh", 1),
}  # fmt: skip
"""f: (s, g, r) says f² + s = r·g²."""


def pythagoras(node: Form) -> Form:
    """sin² + cos² = 1, cosh² − sinh² = 1, sec² − tan² = 1, csc² − cot² = 1; 1 − sin² = cos², 1 + tan² = sec² and their relatives.

    >>> from tutor import read
    >>> str(pythagoras(read("x*sin(x)^2 + x*cos(x)^2 + 1")))
    'x + 1'
    """
    if not isinstance(node, Add) or node.size > LARGE:
        return node
    monos = [monomial(term) for term in node.terms]
    for i, first in enumerate(monos):
        for j, second in enumerate(monos):
            if i == j:
                continue
            joined = _joined_squares(first, second)
            if joined is not None:
                rest = [joined.form() if k == i else term for k, term in enumerate(node.terms) if k != j]
                return total(part for part in rest if part is not ZERO)
    return node


def _joined_squares(first: Monomial, second: Monomial) -> Monomial | None:
    for base, power in first.powers.items():
        if power != 2 or not isinstance(base, Call):
            continue
        for one, other, sign, other_sign in _SQUARES:
            partner = Call(other, base.args)
            same_size = first.coefficient * other_sign == second.coefficient * sign
            if base.name == one and same_size and second.powers.get(partner) == 2:
                left = {key: value for key, value in first.powers.items() if key is not base}
                if left == {key: value for key, value in second.powers.items() if key is not partner}:
                    return Monomial(first.coefficient, first.decimal, left)
        if base.name in _COMPLEMENTS:
            shift, other, result = _COMPLEMENTS[base.name]
            left = {key: value for key, value in first.powers.items() if key is not base}
            if second.powers == left and second.coefficient == shift * first.coefficient:
                return Monomial(result * first.coefficient, first.decimal, {**left, Call(other, base.args): 2})
    return None


_QUOTIENTS = {("sin", "cos"): "tan", ("cos", "sin"): "cot", ("sinh", "cosh"): "tanh", ("cosh", "sinh"): "coth"}
_RECIPROCALS = {"cos": "sec", "sin": "csc", "cosh": "sech", "sinh": "csch", "tan": "cot", "cot": "tan", "sec": "cos", "csc": "sin", "sech": "cosh", "csch": "sinh"}


def quotients(node: Form) -> Form:
    """sin/cos = tan, cos·sec = 1 and their relatives, where a product gets shorter by them.

    >>> from tutor import read
    >>> str(quotients(read("2*sin(x)/cos(x)"))), str(quotients(read("cos(x)*tan(x)")))
    ('2*tan(x)', 'sin(x)')
    """
    if not isinstance(node, Mul | Div) or node.size > LARGE:
        return node
    mono = monomial(node)
    calls = [base for base, power in mono.powers.items() if isinstance(base, Call) and len(base.args) == 1 and not isinstance(power, Form)]
    for one in calls:
        for other in calls:
            joined = _joined_quotient(mono.powers, one, other)
            if joined is not None:
                form = Monomial(mono.coefficient, mono.decimal, joined).form()
                if form.size < node.size:
                    return form
    return node


def _joined_quotient(all_powers: dict[Form, Exponent], one: Call, other: Call) -> dict[Form, Exponent] | None:
    if one.args != other.args or one is other:
        return None
    p, q = all_powers[one], all_powers[other]
    assert not isinstance(p, Form)
    assert not isinstance(q, Form)
    left = {base: power for base, power in all_powers.items() if base is not one and base is not other}
    if (one.name, other.name) in _QUOTIENTS and p > 0 and q == -p:
        made = Call(_QUOTIENTS[one.name, other.name], one.args)
        return {**left, made: p + (left.pop(made, 0))}  # type: ignore[operator]
    if _RECIPROCALS.get(one.name) == other.name and p == q and p > 0:
        return left
    for (top, bottom), quotient in _QUOTIENTS.items():
        if (one.name, other.name) == (quotient, bottom) and p == q and p > 0:
            made = Call(top, one.args)
            return {**left, made: p + (left.pop(made, 0))}  # type: ignore[operator]
    return None


def logarithms(node: Form) -> Form:
    """ln(e^u) = u, e^(ln u) = u (u > 0), ln e = 1.

    >>> from tutor import read
    >>> str(logarithms(read("e^(ln(x))")))
    'x'
    """
    match node:
        case Call("ln", (Pow(Const("e"), exponent),)):
            return exponent
        case Pow(Const("e"), Call("ln", (inner,))):
            return inner
    return node
