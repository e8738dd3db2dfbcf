"""Integrals with moving limits, and what to do where no rule is known.

    d/dx ∫_a^b f(t, x) dt = f(b, x)·b′ − f(a, x)·a′ + ∫_a^b ∂f/∂x dt

the fundamental theorem of calculus in Leibniz's form (Stewart, *Calculus*, sections 5.3 and 15).
"""

from __future__ import annotations

from importlib import import_module

from tutor.calculus.tree import Match, Rule
from tutor.form.tree import Apply, Deriv, Form, Integral, Mul, Neg, Sym, total
from tutor.form.walk import substitute


def match_integral(form: Form, variable: str) -> Match | None:
    """An integral whose limits or integrand depend on the variable."""
    if not isinstance(form, Integral) or variable not in form.free:
        return None
    needs = tuple(part for part in _moving(form, variable))
    return Match(form, variable, needs, {"integrand": form.body, "upper": form.upper, "lower": form.lower})


def _moving(form: Integral, variable: str) -> list[Form]:
    parts = [limit for limit in (form.upper, form.lower) if variable in limit.free]
    if variable in form.body.free and variable != form.variable:
        parts.append(form.body)
    return parts


def value_integral(m: Match, d: tuple[Form, ...]) -> Form:
    """Integrand at the upper limit times its derivative, minus the same below, plus the inside's change."""
    form = m.form
    assert isinstance(form, Integral)
    rest = list(d)
    terms: list[Form] = []
    if m.varies(form.upper):
        terms.append(Mul((_at(form, form.upper), rest.pop(0))))
    if m.varies(form.lower):
        terms.append(Neg(Mul((_at(form, form.lower), rest.pop(0)))))
    if rest:
        terms.append(Integral(rest[0], form.variable, form.lower, form.upper))
    return total(terms)


def _at(form: Integral, limit: Form) -> Form:
    return limit if form.body is Sym(form.variable) else substitute(form.body, {form.variable: limit})


INTEGRAL = Rule("integral", "(integral(f(t), t, a, u))' = f(u)*u'", "integral(sin(t), t, 0, x^2)", 2.0, match_integral, value_integral)


def match_unknown(form: Form, variable: str) -> Match | None:
    """Anything that depends on the variable: the rule of last resort."""
    return Match(form, variable) if variable in form.free else None


def value_unknown(m: Match, _: tuple[Form, ...]) -> Form:
    """SymPy's derivative; where SymPy has none either, the derivative stays written down."""
    derivative: Form | None = import_module("tutor.algebra.lower").sympy_derivative(m.form, m.variable)
    return Deriv(m.form, m.variable, 1, len(m.form.free) > 1) if derivative is None else derivative


UNKNOWN_RULE = Rule("unknown", "no rule is known here", "zeta(x)", 100.0, match_unknown, value_unknown)


def match_inner_derivative(form: Form, variable: str) -> Match | None:
    """A derivative that was typed: one more order."""
    match form:
        case Deriv(Apply(), name, _, _) if name == variable:
            return Match(form, variable)
    return None


def value_inner_derivative(m: Match, _: tuple[Form, ...]) -> Form:
    """The same derivative with its order raised."""
    form = m.form
    assert isinstance(form, Deriv)
    return Deriv(form.body, form.variable, form.order + 1, form.partial)


WRITTEN = Rule("written_derivative", "(f')' = f''", "diff(f(x), x)", 1.0, match_inner_derivative, value_inner_derivative)

UNKNOWN = (INTEGRAL, WRITTEN, UNKNOWN_RULE)

