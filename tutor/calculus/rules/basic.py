"""Constants, the variable itself, constant factors, sums: the linear part of differentiation.

Theorems as in Stewart, *Calculus*, 8th ed., section 3.1.
"""

from __future__ import annotations

from fractions import Fraction

from tutor.algebra.tidy import Rewrite
from tutor.calculus.tree import Match, Rule, Variant, where
from tutor.form.numerals import integer, number, rational
from tutor.form.tree import ONE, TWO, ZERO, Add, Const, Div, Form, Mul, Neg, Num, Pow, Sym, product, total


def match_constant(form: Form, variable: str) -> Match | None:
    """Nothing in it depends on the variable: numbers, constants, other letters."""
    return None if variable in form.free else Match(form, variable)


def _named_constant_as_variable(m: Match, _: tuple[Form, ...]) -> Form | None:
    match m.form:
        case Pow(Const() as base, exponent) if (power := integer(exponent)) is not None:
            return Mul((exponent, Pow(base, number(power - 1))))
        case Const():
            return ONE
    return None


CONSTANT = Rule(
    "constant", "c' = 0", "pi^2", 0.0, match_constant, lambda _m, _d: ZERO,
    {
        "P10": where(lambda m: not m.form.free, lambda m, _: m.form), "P11": where(lambda m: not m.form.free and m.form is not ONE, lambda _m, _d: ONE),
        "P12": _named_constant_as_variable, "M4": where(lambda m: bool(m.form.free), lambda m, _: m.form),
    },
)  # fmt: skip


def match_identity(form: Form, variable: str) -> Match | None:
    """The variable itself."""
    return Match(form, variable) if isinstance(form, Sym) and form.name == variable else None


IDENTITY = Rule("identity", "x' = 1", "x", 0.0, match_identity, lambda _m, _d: ONE, {"P13": lambda m, _: m.form})


def match_multiple(form: Form, variable: str) -> Match | None:
    """c·f, f/c, −f with c free of the variable."""
    match form:
        case Neg(inner) if variable in inner.free:
            return Match(form, variable, (inner,), {"c": Neg(ONE), "f": inner})
        case Mul(factors):
            fixed = [factor for factor in factors if variable not in factor.free]
            moving = [factor for factor in factors if variable in factor.free]
            if fixed and moving:
                return Match(form, variable, (product(moving),), {"c": product(fixed), "f": product(moving)}, weight=0.1)
        case Div(top, bottom) if variable in top.free and variable not in bottom.free:
            return _fraction_multiple(form, variable, top, bottom)
        case Div(Mul(factors), bottom) if variable in bottom.free:
            fixed = [factor for factor in factors if variable not in factor.free]
            moving = [factor for factor in factors if variable in factor.free]
            if fixed and moving:
                inner = Div(product(moving), bottom)
                return Match(form, variable, (inner,), {"c": product(fixed), "f": inner}, weight=0.2)
    return None


def _fraction_multiple(form: Form, variable: str, top: Form, bottom: Form) -> Match:
    """x/3 is ⅓·x, 7x/2 is 7/2·x."""
    fixed: list[Form] = []
    moving: Form = top
    if isinstance(top, Mul):
        fixed = [factor for factor in top.factors if variable not in factor.free]
        moving = product(factor for factor in top.factors if variable in factor.free)
    constant = Div(product(fixed), bottom)
    return Match(form, variable, (moving,), {"c": constant, "f": moving}, weight=0.1)


def value_multiple(m: Match, d: tuple[Form, ...]) -> Form:
    """The factor stays where it was: in front, or under the fraction line."""
    match m.form:
        case Neg():
            return Neg(d[0])
        case Div(top, bottom) if m.variable not in bottom.free and rational(m.parts["c"]) is None:
            fixed = [factor for factor in top.factors if not m.varies(factor)] if isinstance(top, Mul) else []
            return Div(product((*fixed, d[0])), bottom)
    return Mul((m.parts["c"], d[0]))


def _by_a_number(m: Match) -> bool:
    return not isinstance(m.form, Neg) and not m.parts["c"].free


def _is_mean(m: Match) -> bool:
    """(u + v + w)/3: a sum divided by the number of its terms."""
    moving = m.parts["f"]
    return isinstance(moving, Add) and _by_a_number(m) and rational(m.parts["c"]) == Fraction(1, len(moving.terms))


MULTIPLE = Rule(
    "multiple", "(c*u)' = c*u'", "5*x^2", 0.4, match_multiple, value_multiple,
    {
        "P14": where(lambda m: _by_a_number(m) and not _is_mean(m), lambda _, d: d[0]), "L3": where(_is_mean, lambda _, d: d[0]),
        "P15": where(_by_a_number, lambda _m, _d: ZERO),
        "C9": where(lambda m: isinstance(m.form, Neg), lambda _, d: d[0]), "M2": where(lambda m: bool(m.parts["c"].free), lambda _, d: d[0]),
    },
)  # fmt: skip


def match_sum(form: Form, variable: str) -> Match | None:
    """A sum: the derivatives of its terms, in the typed order, each with its sign."""
    if not isinstance(form, Add) or variable not in form.free:
        return None
    return Match(form, variable, tuple(term.operand if isinstance(term, Neg) else term for term in form.terms))


def value_sum(m: Match, d: tuple[Form, ...]) -> Form:
    """Each derivative with the sign of its term."""
    return Add(tuple(Neg(part) if isinstance(term, Neg) else part for term, part in zip(m.form.children, d, strict=True)))


def _only_first(m: Match, d: tuple[Form, ...]) -> Form:
    first = Neg(d[0]) if isinstance(m.form.children[0], Neg) else d[0]
    return total((first, *m.form.children[1:]))


def _without(place: int) -> Variant:
    """The derivative without that of one term that has one; places are counted from the end."""

    def value(m: Match, d: tuple[Form, ...]) -> Form | None:
        terms = value_sum(m, d).children
        if place >= len(terms) or not m.varies(m.form.children[-1 - place]):
            return None
        return total((*terms[: len(terms) - 1 - place], *terms[len(terms) - place :]))

    return value


_MOST_TERMS = 6
"""Sums lose one of so many terms, counted from the end."""


def _keeps_a_curve(m: Match) -> bool:
    """Whether a term behind the first one is more than a number times the variable (that one would be P13) or a constant."""
    return any(m.varies(term) and not _is_line(term, m.variable) for term in m.form.children[1:])


def _is_line(form: Form, variable: str) -> bool:
    match form:
        case Neg(inner):
            return _is_line(inner, variable)
        case Mul(factors):
            return sum(variable in factor.free for factor in factors) == 1 and any(_is_line(factor, variable) for factor in factors)
        case Div(top, bottom):
            return variable not in bottom.free and _is_line(top, variable)
    return isinstance(form, Sym) and form.name == variable


def _residuals(m: Match) -> tuple[Form, ...]:
    """The bases of a sum of squares such as (100 - 50w)² + (200 - 100w)²; empty where it is none."""
    bases = tuple(term.base for term in m.form.children if isinstance(term, Pow) and term.exponent is TWO and isinstance(term.base, Add))
    return bases if len(bases) == len(m.form.children) else ()


def _have_bias(m: Match) -> bool:
    return all(bias_of(base, m.variable) for base in _residuals(m))


def bias_of(form: Form, variable: str) -> bool:
    """Whether a sum is a prediction w·x + b with a letter of its own for the bias b."""
    return isinstance(form, Add) and any(isinstance(term, Sym) and term.name != variable for term in form.terms)


def _errors_alone(m: Match, _: tuple[Form, ...]) -> Form:
    """Twice the errors, without what stands at the weight."""
    return total(Mul((TWO, base)) for base in _residuals(m))


SUM = Rule(
    "sum", "(u + v)' = u' + v'", "x^3 - x^2", 0.5, match_sum, value_sum,
    {
        "S1": where(lambda m: any(isinstance(term, Neg) for term in m.form.children), lambda _, d: total(d)),
        "S2": where(_keeps_a_curve, _only_first), "S3": tuple(map(_without, range(_MOST_TERMS))),
        "L1": where(lambda m: bool(_residuals(m)), lambda _, d: total(Div(part, TWO) for part in d)),
        "L2": where(lambda m: bool(_residuals(m)) and not _have_bias(m), _errors_alone),
        "L4": where(lambda m: bool(_residuals(m)), lambda _, d: Neg(total(d))),
        "L6": where(lambda m: bool(_residuals(m)) and _have_bias(m), _errors_alone),
    },
)  # fmt: skip


def match_simplified(form: Form, variable: str) -> Match | None:
    """u^1 and u^0: the exponent says that there is nothing to do."""
    match form:
        case Pow(base, Num(digits, 0)) if digits < 2 and variable in base.free:
            plain = base if digits else ONE
            return Match(form, variable, (plain,), rewrite=Rewrite(form, plain, "numbers"))
        case Pow(Num(1, 0), exponent) if variable in exponent.free:
            return Match(form, variable, (ONE,), rewrite=Rewrite(form, ONE, "numbers"))
    return None


TRIVIAL_POWER = Rule("trivial_power", "u^1 = u", "(x + 2)^1", 0.1, match_simplified, lambda _, d: d[0])

BASIC = (CONSTANT, IDENTITY, MULTIPLE, SUM, TRIVIAL_POWER)

