"""Algebra before differentiating: rewritings that a teacher makes because the rest gets easier.

Each is a rule whose only need is the rewritten function: the derivative is that of the new form.
The planner weighs them against differentiating the form as it was typed.
"""

from __future__ import annotations

from tutor.algebra.laws.sums import expanded
from tutor.algebra.monomial import Monomial, monomial, terms, times
from tutor.algebra.tidy import Rewrite
from tutor.calculus.tree import Match, Rule
from tutor.form.functions import FUNCTIONS
from tutor.form.numerals import integer, number
from tutor.form.reading import read
from tutor.form.tree import ONE, TWO, ZERO, Add, Call, Const, Div, E, Form, Mul, Neg, Num, Pow, Relation, Root, total
from tutor.form.walk import substitute


def _routed(law: str, form: Form, variable: str, other: Form, conditions: tuple[Form, ...] = (), weight: float = 0.0) -> Match | None:
    if other is form:
        return None
    return Match(form, variable, (other,), {"other": other}, conditions, Rewrite(form, other, law), weight)


def _same(_: Match, d: tuple[Form, ...]) -> Form:
    return d[0]


def match_root(form: Form, variable: str) -> Match | None:
    """√u = u^(1/2), the n-th root = u^(1/n)."""
    match form:
        case Root(radicand, index) if variable in radicand.free and variable not in index.free:
            return _routed("root_as_power", form, variable, Pow(radicand, Div(ONE, index)))
    return None


def _root_passed_through(m: Match, d: tuple[Form, ...]) -> Form | None:
    """√u becomes √(u′), with the u′ that the derivative d of u^(1/n) shows: u′ = n·d·u/u^(1/n)."""
    match m.form:
        case Root(radicand, index):
            return Root(Div(Mul((index, d[0], radicand)), m.form), index)
    return None


ROOT = Rule("root_as_power", "root(u, n) = u^(1/n)", "sqrt(x)", 0.2, match_root, _same, {"P9": _root_passed_through})


def match_reciprocal(form: Form, variable: str) -> Match | None:
    """c/uⁿ = c·u^(−n), with c free of the variable."""
    match form:
        case Div(top, bottom) if variable not in top.free and variable in bottom.free:
            mono = monomial(bottom) if bottom.size <= 60 else Monomial(1, False, {bottom: 1})
            moving = [(base, power) for base, power in mono.powers.items() if variable in base.free]
            if len(moving) != 1:
                return None
            base, power = moving[0]
            if isinstance(power, Form) or power <= 0:
                return None
            rest = Monomial(mono.coefficient, mono.decimal, {b: p for b, p in mono.powers.items() if b is not base}).form()
            constant = top if rest is ONE else Div(top, rest)
            raised = Pow(base, number(-power))
            other = raised if constant is ONE else Mul((constant, raised))
            return _routed("reciprocal_as_power", form, variable, other, (Relation((base, ZERO), ("!=",)),))
    return None


def _reciprocal_flattened(m: Match, d: tuple[Form, ...]) -> Form | None:
    """c/v becomes c/v′, with the v′ that the derivative d of c/v shows: v′ = -d·v²/c."""
    match m.form:
        case Div(top, bottom) if d[0] is not ZERO:
            return Div(Mul((Neg(ONE), top, top)), Mul((d[0], Pow(bottom, TWO))))
    return None


RECIPROCAL = Rule("reciprocal_as_power", "1/u^n = u^(-n)", "1/x^3", 0.3, match_reciprocal, _same, {"P8": _reciprocal_flattened})


def match_exponential_below(form: Form, variable: str) -> Match | None:
    """u/e^v = u·e^(−v)."""
    match form:
        case Div(top, Pow(Const("e"), exponent)) if variable in exponent.free:
            raised = Pow(E, times(-1, exponent))
            return _routed("exponential_up", form, variable, raised if top is ONE else Mul((top, raised)))
    return None


EXPONENTIAL_BELOW = Rule("exponential_up", "u/e^v = u*e^(-v)", "x/e^x", 0.4, match_exponential_below, _same)


def match_split(form: Form, variable: str) -> Match | None:
    """A sum over a single power, divided term by term: (x² + 3x)/x = x + 3."""
    match form:
        case Div(Add() as top, bottom) if variable in bottom.free and top.size <= 60 and bottom.size <= 12:
            below = monomial(bottom)
            if any(isinstance(base, Add) for base in below.powers):
                return None
            parts = [monomial(Div(term, bottom)).form() for term in top.terms]
            if any(part.size > term.size + 4 for part, term in zip(parts, top.terms, strict=True)):
                return None
            return _routed("split_fraction", form, variable, total(parts), (Relation((bottom, ZERO), ("!=",)),))
        case Mul() | Div() if form.size <= 40:
            cancelled = monomial(form).form()
            if cancelled.size < form.size - 1:
                return _routed("cancel_first", form, variable, cancelled)
    return None


SPLIT = Rule("split_fraction", "(u + v)/w = u/w + v/w", "(x^2 + 3x)/x", 0.6, match_split, _same)


def match_power_of_power(form: Form, variable: str) -> Match | None:
    """(e^u)^n = e^(n·u), (u^m)^n = u^(m·n) for integers."""
    match form:
        case Pow(Pow(base, inner), outer) if variable not in outer.free and variable in form.free:
            count = integer(outer)
            if count is None:
                return None
            if (value := integer(inner)) is not None:
                return _routed("power_of_power", form, variable, Pow(base, number(value * count)))
            if base is E or isinstance(base, Num):
                return _routed("power_of_power", form, variable, Pow(base, times(count, inner)))
        case Root(Pow(base, Num(2, 0)), Num(2, 0)) if variable in base.free:
            return _routed("root_of_square", form, variable, Call("abs", (base,)))
        case Pow(Root(radicand, index), Num(2, 0)) if index is Num(2):
            return _routed("square_of_root", form, variable, radicand, (Relation((radicand, ZERO), (">=",)),))
    return None


POWER_OF_POWER = Rule("power_of_power", "(u^m)^n = u^(m*n)", "(e^x)^2", 0.4, match_power_of_power, _same)


def match_logarithm(form: Form, variable: str) -> Match | None:
    """The logarithm of a product, quotient, power or root as a sum: ln(u·v) = ln u + ln v."""
    match form:
        case Call("ln", (inner,)) | Call("log", (inner, _)) if variable in inner.free and inner.size <= 400:
            base = form.args[1:]
            if base and variable in base[0].free:
                return None
            return _log_parts(form, variable, inner, base)
    return None


def _log_parts(form: Call, variable: str, inner: Form, base: tuple[Form, ...]) -> Match | None:
    match inner:
        case Pow(Const("e"), exponent) if form.name == "ln":
            return _routed("log_of_exponential", form, variable, exponent)
        case Mul() | Div() | Root() | Pow():
            mono = monomial(inner)
        case _:
            return None
    if mono.coefficient <= 0:
        return None
    pieces: list[tuple[Form, Form]] = []
    if mono.coefficient != 1:
        pieces.append((ONE, number(mono.coefficient, decimal=mono.decimal)))
    for part, power in mono.powers.items():
        if not isinstance(power, Form) and len(mono.powers) == 1 and mono.coefficient == 1 and power.denominator == 1 and power % 2 == 0:
            return None
        pieces.append((number(power) if not isinstance(power, Form) else power, part))
    if len(pieces) == 1 and pieces[0][1] is inner:
        return None
    logs = [_scaled(power, Call(form.name, (part, *base))) for power, part in pieces]
    conditions = tuple(Relation((part, ZERO), (">",)) for _, part in pieces if variable in part.free)
    return _routed("log_laws", form, variable, total(logs), conditions, 0.1 * len(logs))


def _scaled(power: Form, log: Form) -> Form:
    if isinstance(power, Neg):
        return Neg(_scaled(power.operand, log))
    if isinstance(log, Call) and log.name == "ln" and log.args[0] is E:
        return power
    return log if power is ONE else Mul((power, log))


LOG_LAWS = Rule("log_laws", "ln(u*v) = ln(u) + ln(v)", "ln(x*sqrt(x + 1))", 0.9, match_logarithm, _same, {})


def match_change_of_base(form: Form, variable: str) -> Match | None:
    """log_b(u) = ln u / ln b, where the base moves too."""
    match form:
        case Call("log", (inner, base)) if variable in base.free:
            return _routed("change_of_base", form, variable, Div(Call("ln", (inner,)), Call("ln", (base,))))
    return None


CHANGE_OF_BASE = Rule("change_of_base", "log(u, b) = ln(u)/ln(b)", "log(2x, 3x)", 0.4, match_change_of_base, _same)


def match_expand(form: Form, variable: str) -> Match | None:
    """Multiply out a small product or square of sums."""
    if form.size > 30 or variable not in form.free:
        return None
    match form:
        case Mul(factors) if any(isinstance(factor, Add) for factor in factors):
            pass
        case Pow(Add(), Num(digits, 0)) if digits in (2, 3):
            pass
        case Pow(Mul() | Neg() | Div(), exponent) if integer(exponent) is not None:
            other = monomial(form).form()
            return _routed("power_of_product", form, variable, other, weight=1.3) if other.size < form.size else None
        case _:
            return None
    if any(isinstance(part, Call | Root) or (isinstance(part, Pow) and variable in part.exponent.free) for part in _inside(form)):
        return None
    flat = expanded(form)
    if flat is None or not isinstance(flat, Add) or len(flat.terms) > 4 or not _polynomial(flat):
        return None
    return _routed("expand_first", form, variable, flat, weight=0.5 * len(flat.terms))


def _inside(form: Form) -> tuple[Form, ...]:
    """The node, its children and grandchildren."""
    return (form, *form.children, *(part for child in form.children for part in child.children))


def _polynomial(form: Form) -> bool:
    return all(not isinstance(power, Form) and power > 0 and power.denominator == 1 for term in terms(form) for power in monomial(term).powers.values())


EXPAND = Rule("expand_first", "u*(v + w) = u*v + u*w", "x*(x + 1)", 0.7, match_expand, _same)


def match_definition(form: Form, variable: str) -> Match | None:
    """tan = sin/cos and the like: a proof where the table gives the answer at once."""
    match form:
        case Call(name, (inner,)) if variable in inner.free:
            row = FUNCTIONS[name]
            if row.definition and row.family in ("trigonometric", "hyperbolic", "activation"):
                other = substitute(read(row.definition), {"u": inner})
                return _routed("definition", form, variable, other)
    return None


DEFINITION = Rule("definition", "tan(u) = sin(u)/cos(u)", "tan(x)", 3.0, match_definition, _same)

ROUTES = (ROOT, RECIPROCAL, EXPONENTIAL_BELOW, SPLIT, POWER_OF_POWER, LOG_LAWS, CHANGE_OF_BASE, EXPAND, DEFINITION)
