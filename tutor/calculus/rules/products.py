"""Products of any number of factors, quotients, and logarithmic differentiation.

    (u·v)′ = u′·v + u·v′        (u/v)′ = (u′·v − u·v′)/v²        Stewart, *Calculus*, section 3.2
    y′ = y · (ln y)′            section 3.6; for powers f^g and for products of many factors
"""

from __future__ import annotations

from fractions import Fraction

from tutor.algebra.monomial import Exponent, monomial, times
from tutor.calculus.conditions import POSITIVE, sign
from tutor.calculus.tree import Match, Rule, Value, Variant, where
from tutor.form.numerals import number
from tutor.form.tree import ONE, TWO, ZERO, Add, Call, Const, Div, Form, Mul, Neg, Num, Pow, Relation, Root, product, total


def _positive(form: Form) -> Relation:
    return Relation((form, ZERO), (">",))


def _not_zero(form: Form) -> Relation:
    return Relation((form, ZERO), ("!=",))


def match_product(form: Form, variable: str) -> Match | None:
    """A product of two or more factors that all depend on the variable."""
    if not isinstance(form, Mul) or any(variable not in factor.free for factor in form.factors):
        return None
    return Match(form, variable, form.factors, weight=4.0 * (len(form.factors) - 2))


def value_product(m: Match, d: tuple[Form, ...]) -> Form:
    """One term a factor: its derivative with the other factors kept."""
    factors = m.form.children
    return Add(tuple(Mul((*factors[:k], d[k], *factors[k + 1 :])) for k in range(len(factors))))


def _with_minus(m: Match, d: tuple[Form, ...]) -> Form:
    first, *rest = value_product(m, d).children
    return Add((first, *(Neg(term) for term in rest)))


def _without(place: int) -> Variant:
    """The rule without one of its terms."""

    def value(m: Match, d: tuple[Form, ...]) -> Form | None:
        terms = value_product(m, d).children
        return total((*terms[:place], *terms[place + 1 :])) if place < len(terms) else None

    return value


PRODUCT = Rule(
    "product", "(u*v)' = u'*v + u*v'", "x^2*sin(x)", 3.0, match_product, value_product,
    {
        "R1": lambda _, d: product(d),
        "R2": lambda m, d: Add(tuple(Mul((u, du)) for u, du in zip(m.form.children, d, strict=True))),
        "R3": lambda _, d: total(d),
        "R4": _with_minus,
        "R5": tuple(where(lambda m: len(m.form.children) == 2, _without(k)) for k in (1, 0)),
        "R6": tuple(where(lambda m: len(m.form.children) > 2, _without(k)) for k in (2, 1, 0, 3)),
    },
)  # fmt: skip


def match_quotient(form: Form, variable: str) -> Match | None:
    """A fraction with the variable in the denominator."""
    match form:
        case Div(top, bottom) if variable in bottom.free:
            return Match(form, variable, (top, bottom), {"u": top, "v": bottom}, (_not_zero(bottom),))
    return None


def value_quotient(m: Match, d: tuple[Form, ...]) -> Form:
    """(u′·v − u·v′)/v²."""
    u, v = m.parts["u"], m.parts["v"]
    return Div(Add((Mul((d[0], v)), Neg(Mul((u, d[1]))))), Pow(v, TWO))


def _quotient_variant(sign: int, swapped: bool, bottom: str) -> Value:
    def value(m: Match, d: tuple[Form, ...]) -> Form:
        u, v = m.parts["u"], m.parts["v"]
        first, second = Mul((d[0], v)), Mul((u, d[1]))
        if swapped:
            first, second = second, first
        top = Add((first, second if sign > 0 else Neg(second)))
        below = {"v2": Pow(v, TWO), "u2": Pow(u, TWO), "v": v}.get(bottom)
        return top if below is None else Div(top, below)

    return value


QUOTIENT = Rule(
    "quotient", "(u/v)' = (u'*v - u*v')/v^2", "x/(x^2 + 1)", 5.0, match_quotient, value_quotient,
    {
        "Q1": where(lambda m: m.varies(m.parts["u"]), lambda _, d: Div(d[0], d[1])), "Q2": _quotient_variant(-1, False, "u2"), "Q3": _quotient_variant(-1, False, "v"),
        "Q4": _quotient_variant(1, False, "v2"), "Q5": _quotient_variant(-1, True, "v2"), "Q6": _quotient_variant(-1, False, "1"),
        "P8": where(lambda m: not m.varies(m.parts["u"]), lambda m, d: Div(m.parts["u"], d[1])),
    },
)  # fmt: skip


# -- logarithmic differentiation -----------------------------------------------------------------------


def match_power_tower(form: Form, variable: str) -> Match | None:
    """f^g with the variable in base and exponent: ln y = g·ln f."""
    match form:
        case Pow(base, exponent) if variable in base.free and variable in exponent.free and not isinstance(base, Num | Const):
            log = Mul((exponent, Call("ln", (base,))))
            return Match(form, variable, (log,), {"log": log, "base": base, "exponent": exponent}, (_positive(base),))
    return None


def value_logarithmic(m: Match, d: tuple[Form, ...]) -> Form:
    """y′ = y·(ln y)′."""
    return Mul((m.form, d[0]))


POWER_TOWER = Rule(
    "power_tower", "(u^v)' = u^v*(v*ln(u))'", "x^x", 3.0, match_power_tower, value_logarithmic,
    {"P16": lambda m, _: Mul((m.parts["exponent"], Pow(m.parts["base"], Add((m.parts["exponent"], Neg(ONE))))))},
)  # fmt: skip


def match_logarithmic(form: Form, variable: str, least: int = 3) -> Match | None:
    """A product or quotient of many factors: ln y is a sum. With fewer than three it is a detour, taken when asked for."""
    if not isinstance(form, Mul | Div | Root | Pow) or form.size > 4000:
        return None
    factors = _factors(form)
    moving = [(base, power) for base, power in factors if variable in base.free or (isinstance(power, Form) and variable in power.free)]
    if len(moving) < least:
        return None
    conditions = tuple(_positive(base) if isinstance(power, Form) else _not_zero(base) for base, power in moving if variable in base.free)
    return Match(form, variable, (log := _log_of(factors),), {"log": log}, conditions)


def _factors(form: Form) -> list[tuple[Form, Exponent]]:
    """Bases with their exponents; the root of a product is taken apart too (ln |y| needs no signs)."""
    mono = monomial(form)
    size = Fraction(mono.coefficient if mono.coefficient > 0 else -mono.coefficient)
    found: list[tuple[Form, Exponent]] = [] if size == 1 else [(number(size, decimal=mono.decimal), Fraction(1))]
    for base, power in mono.powers.items():
        if isinstance(base, Mul | Div) and not isinstance(power, Form):
            found.extend((inner, _scaled(exponent, power)) for inner, exponent in _factors(base))
        else:
            found.append((base, power))
    return found


def _scaled(exponent: Exponent, by: Fraction | int) -> Exponent:
    return times(by, exponent) if isinstance(exponent, Form) else exponent * by


def _log_of(factors: list[tuple[Form, Exponent]]) -> Form:
    terms: list[Form] = []
    for base, power in factors:
        exponent = number(power) if not isinstance(power, Form) else power
        log: Form = ONE if base is Const("e") else Call("ln", (base if sign(base) == POSITIVE else Call("abs", (base,)),))
        negative = isinstance(exponent, Neg)
        size = exponent.operand if isinstance(exponent, Neg) else exponent
        term = log if size is ONE else size if log is ONE else Mul((size, log))
        terms.append(Neg(term) if negative else term)
    return total(terms)


LOGARITHMIC = Rule("logarithmic", "y' = y*(ln(abs(y)))'", "x*sin(x)*e^x*ln(x)", 4.5, match_logarithmic, value_logarithmic)

PRODUCTS = (PRODUCT, QUOTIENT, POWER_TOWER, LOGARITHMIC)

