"""Laws of numbers and powers: the arithmetic, roots and negative exponents, equal bases, ln and e.

>>> from tutor import read
>>> str(numbers(read("cos(x)*3*1"))), str(powers(read("x^3*sin(x)/x")))
('3*cos(x)', 'x^2*sin(x)')
"""

from __future__ import annotations

from fractions import Fraction

from tutor.algebra.laws import LARGE
from tutor.algebra.monomial import Rational, fraction_form, monomial, power_form, ratio, terms, whole
from tutor.form.evaluate import evaluate
from tutor.form.numerals import integer, number, rational
from tutor.form.tree import ONE, ZERO, Add, Call, Const, Div, E, Form, Mul, Neg, Num, Pow, Root, Sym, total


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
            return number_product(node)
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


def number_product(node: Form) -> Form:
    """A product with its numbers multiplied and in front, one sign, one fraction."""
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
            return number_product(node)
        case Div() if any(isinstance(part, Div) for part in node.children):
            return number_product(node)
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
