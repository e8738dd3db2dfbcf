"""Functions of one inner function: the table of elementary derivatives, and the chain rule over it.

`outer_of` splits a form into an outer function with a hole and what stands in the hole: sin(3x) is
sin(□) at 3x, (x² + 1)³ is □³ at x² + 1, 2^(3x) is 2^□ at 3x. When the variable itself stands in the
hole, the derivative is read from the table (`TABLE`); otherwise the chain rule multiplies by the
derivative of the inner function:

    (F(g))′ = F′(g) · g′        Stewart, *Calculus*, 8th ed., section 3.4

>>> from tutor import read
>>> found = outer_of(read("sin(3*x)"), "x")
>>> str(found.derivative), str(found.inner)
('cos(□)', '3*x')
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from tutor.calculus.rules.basic import bias_of
from tutor.calculus.tree import HOLE, Match, Rule, Variant, where
from tutor.form.functions import FUNCTIONS
from tutor.form.numerals import number, rational
from tutor.form.reading import read
from tutor.form.tree import ONE, TWO, ZERO, Add, Apply, Call, Const, Div, E, Form, Mul, Neg, Num, Pow, Relation, Sym
from tutor.form.walk import nodes, substitute


@dataclass(frozen=True, slots=True)
class Outer:
    """An outer function with a hole: its kind (power, exponential, a function's name), derivative, conditions."""

    kind: str
    function: Form
    derivative: Form
    inner: Form
    conditions: tuple[Form, ...] = ()


def outer_of(form: Form, variable: str) -> Outer | None:
    """Split off the outermost function of one inner function, or None where the form has none."""
    match form:
        case Call("log", (inner, base)) if variable in inner.free and variable not in base.free:
            return Outer("log", Call("log", (HOLE, base)), Div(ONE, Mul((HOLE, Call("ln", (base,))))), inner, (_relation(HOLE, ">", ZERO),))
        case Call("ln", (Call("abs", (inner,)),)):
            return Outer("ln", Call("ln", (Call("abs", (HOLE,)),)), Div(ONE, HOLE), inner, (_relation(HOLE, "!=", ZERO),))
        case Call(name, (inner,)):
            row = None if _complex(name, inner) else _row(name)
            return None if row is None else Outer(name, Call(name, (HOLE,)), row[0], inner, row[1])
        case Pow(base, exponent) if variable in base.free and variable not in exponent.free:
            return _power(base, exponent)
        case Pow(base, exponent) if variable not in base.free:
            return _exponential(base, exponent)
        case Apply(name, (inner,), (order,)):
            return Outer("apply", Apply(name, (HOLE,), (order,)), Apply(name, (HOLE,), (order + 1,)), inner)
    return None


@cache
def _row(name: str) -> tuple[Form, tuple[Form, ...]] | None:
    """The derivative of a function of one argument and its conditions, with the hole for u."""
    row = FUNCTIONS[name]
    if row.arity != 1 or len(row.derivatives) != 1:
        return None
    hole: dict[str, Form] = {"u": HOLE}
    conditions = tuple(substitute(read(text), hole) for text in (row.domain, row.smooth) if text)
    return substitute(read(row.derivatives[0]), hole), conditions[-1:] if row.smooth and row.domain else conditions


def _complex(name: str, inner: Form) -> bool:
    """Whether a real-line formula (one with absolute values) would meet the imaginary unit."""
    return any("abs" in text for text in FUNCTIONS[name].derivatives) and Const("i") in nodes(inner)


def _power(base: Form, exponent: Form) -> Outer:
    value = rational(exponent)
    lowered = number(value - 1) if value is not None and not _decimal(exponent) else Add((exponent, Neg(ONE)))
    conditions: tuple[Form, ...] = ()
    if value is None or value.denominator != 1:
        conditions = (_relation(HOLE, ">", ZERO),)
    elif value < 0:
        conditions = (_relation(HOLE, "!=", ZERO),)
    derivative = Mul((exponent, HOLE if value == 2 else Pow(HOLE, lowered)))
    return Outer("power", Pow(HOLE, exponent), derivative, base, conditions)


def _decimal(form: Form) -> bool:
    return any(isinstance(part, Num) and part.places for part in (form, *form.children))


def _exponential(base: Form, exponent: Form) -> Outer:
    if base is E:
        return Outer("exp", Pow(E, HOLE), Pow(E, HOLE), exponent)
    conditions = () if (value := rational(base)) is not None and value > 0 else (_relation(base, ">", ZERO),)
    return Outer("exponential", Pow(base, HOLE), Mul((Pow(base, HOLE), Call("ln", (base,)))), exponent, conditions)


def _relation(left: Form, operator: str, right: Form) -> Relation:
    return Relation((left, right), (operator,))


def _parts(outer: Outer) -> dict[str, Form]:
    return {"outer": outer.function, "outer_derivative": outer.derivative, "inner": outer.inner}


def _conditions(outer: Outer) -> tuple[Form, ...]:
    return tuple(substitute(condition, {HOLE.name: outer.inner}) for condition in outer.conditions)


# -- the table ---------------------------------------------------------------------------------------


def match_table(form: Form, variable: str) -> Match | None:
    """An elementary function of the variable itself."""
    outer = outer_of(form, variable)
    if outer is None or not isinstance(outer.inner, Sym) or outer.inner.name != variable:
        return None
    return Match(form, variable, (), _parts(outer), _conditions(outer))


def value_table(m: Match, _: tuple[Form, ...]) -> Form:
    """The table's derivative at the variable."""
    return substitute(m.parts["outer_derivative"], {HOLE.name: m.parts["inner"]})


def _power_variant(change: str) -> Variant:
    return lambda m, _: _powers(m.form, m.variable).get(change)


@lru_cache(256)
def _powers(form: Form, variable: str) -> Mapping[str, Form | None]:
    """What learners make of a power of the variable: the same powers occur in many exercises."""
    match form:
        case Pow(base, exponent) if not exponent.free and variable in base.free and (power := rational(exponent)) is not None:
            up, down, same = (Pow(base, number(power + step)) for step in (1, -1, 0))
            return {
                "P1": Mul((exponent, same)), "P2": down, "P3": Mul((exponent, up)) if power > 0 else None, "P4": up,
                "P5": Div(up, number(power + 1)) if power != -1 else None,
                "P6": Mul((number(power + 1), down)), "P7": Mul((exponent, up)) if power < 0 else None,
            }  # fmt: skip
    return {}


def _power_rule_on_exponential(m: Match, _: tuple[Form, ...]) -> Form | None:
    match m.form:
        case Pow(base, exponent) if not m.varies(base):
            return Mul((exponent, Pow(base, Add((exponent, Neg(ONE))))))
    return None


def _base_ignored(m: Match, _: tuple[Form, ...]) -> Form | None:
    match m.form:
        case Pow(base, _) if base is not E and not m.varies(base):
            return m.form
        case Call("log", (inner, _)):
            return Div(ONE, inner)
    return None


def _sign_changed(m: Match, _: tuple[Form, ...]) -> Form:
    value = value_table(m, ())
    return value.operand if isinstance(value, Neg) else Neg(value)


def _logarithm_for_reciprocal(m: Match, _: tuple[Form, ...]) -> Form | None:
    return Call("ln", (m.parts["inner"],)) if m.form is Pow(m.parts["inner"], Neg(ONE)) else None


def _of(*names: str) -> Callable[[Match], bool]:
    """Whether the outer function is one of these functions."""
    return lambda m: isinstance(m.parts["outer"], Call) and m.parts["outer"].name in names


TABLE = Rule(
    "table", "F'(x) from the table", "sin(x)", 1.0, match_table, value_table,
    {
        **{change: _power_variant(change) for change in ("P1", "P2", "P3", "P4", "P5", "P6", "P7")},
        "E1": _power_rule_on_exponential, "E2": where(lambda m: isinstance(m.form, Pow), _base_ignored),
        "E8": where(lambda m: isinstance(m.form, Call), _base_ignored), "E10": _logarithm_for_reciprocal,
        "T1": where(_of("cos"), _sign_changed), "T2": where(_of("sin"), _sign_changed), "T3": where(_of("tan"), _sign_changed),
    },
)  # fmt: skip


# -- the chain rule ------------------------------------------------------------------------------------


def match_chain(form: Form, variable: str) -> Match | None:
    """An elementary function of an inner function that is more than the variable."""
    outer = outer_of(form, variable)
    if outer is None or variable not in outer.inner.free or isinstance(outer.inner, Sym):
        return None
    return Match(form, variable, (outer.inner,), _parts(outer), _conditions(outer))


def value_chain(m: Match, d: tuple[Form, ...]) -> Form:
    """The outer derivative at the inner function, times the inner derivative."""
    return Mul((_outer_at(m, m.parts["inner"]), d[0]))


def _outer_at(m: Match, place: Form) -> Form:
    return substitute(m.parts["outer_derivative"], {HOLE.name: place})


# What learners do with it. The catalogue names one slip differently by the function in which it happens.

def _is_power(m: Match) -> bool:
    return isinstance(m.form, Pow) and m.varies(m.form.base)


def _is_exponential(m: Match) -> bool:
    return isinstance(m.form, Pow) and not m.varies(m.form.base)


_is_logarithm = _of("ln", "log")


def _is_trigonometric(m: Match) -> bool:
    return isinstance(m.parts["outer"], Call) and FUNCTIONS[m.parts["outer"].name].family == "trigonometric"


def _scales(m: Match) -> bool:
    """Whether the inner function is a number times the variable."""
    inner = m.parts["inner"].operand if isinstance(m.parts["inner"], Neg) else m.parts["inner"]
    parts = inner.children if isinstance(inner, Mul | Div) else ()
    return len(parts) == 2 and inner.free == {m.variable} and any(isinstance(part, Sym) for part in parts) and any(isinstance(part, Num) for part in parts)


def _has_others(m: Match) -> bool:
    return bool(m.parts["inner"].free - {m.variable})


def _is_mirrored(m: Match) -> bool:
    """Whether the inner function is the variable with a minus."""
    return isinstance(m.parts["inner"], Neg) and isinstance(m.parts["inner"].operand, Sym)


def _is_prediction_error(m: Match) -> bool:
    """(w·x + b − y)², of which a weight moves."""
    return isinstance(m.form, Pow) and m.form.exponent is TWO and bias_of(m.parts["inner"], m.variable)


def _has_name_of_its_own(m: Match) -> bool:
    """Whether the catalogue calls a dropped inner derivative differently here, by the function or by what stands inside."""
    return _has_others(m) or _is_logarithm(m) or _is_mirrored(m) or (_scales(m) and (_is_exponential(m) or _is_trigonometric(m)))


def _dropped(m: Match, _: tuple[Form, ...]) -> Form:
    """F′(g) without g′."""
    return _outer_at(m, m.parts["inner"])


def _one_layer_early(m: Match, _: tuple[Form, ...]) -> Form | None:
    """F′(g(h))·g′(h), without h′."""
    below = outer_of(m.parts["inner"], m.variable)
    if below is None or isinstance(below.inner, Sym):
        return None
    return Mul((_outer_at(m, m.parts["inner"]), substitute(below.derivative, {HOLE.name: below.inner})))


def _at_derivative(m: Match, d: tuple[Form, ...]) -> Form:
    """F′(g′)."""
    return _outer_at(m, d[0])


def _at_variable(m: Match, d: tuple[Form, ...]) -> Form:
    """F′(x)·g′."""
    return Mul((_outer_at(m, Sym(m.variable)), d[0]))


def _inner_as_product(m: Match, d: tuple[Form, ...]) -> Form:
    x = Sym(m.variable)
    outside = substitute(m.parts["outer"], {HOLE.name: x})
    return Add((Mul((_outer_at(m, x), m.parts["inner"])), Mul((outside, d[0]))))


def _exponent_kept(m: Match, d: tuple[Form, ...]) -> Form | None:
    return Mul((m.form.exponent, m.form, d[0])) if isinstance(m.form, Pow) else None


def _exponent_lost(m: Match, d: tuple[Form, ...]) -> Form | None:
    """u² differentiated as u·u′."""
    return Mul((m.form.base, d[0])) if isinstance(m.form, Pow) and m.form.exponent is TWO else None


def _inner_for_its_derivative(m: Match, _: tuple[Form, ...]) -> Form:
    return Mul((_outer_at(m, m.parts["inner"]), m.parts["inner"]))


def _square_of_argument(m: Match, _: tuple[Form, ...]) -> Form | None:
    match m.form:
        case Pow(Call(name, (inner,)), Num(2, 0)):
            moved = outer_of(Call(name, (Pow(inner, TWO),)), m.variable)
            if moved is not None:
                return Mul((TWO, inner, substitute(moved.derivative, {HOLE.name: Pow(inner, TWO)})))
    return None


def _constant_inside_dropped(m: Match, d: tuple[Form, ...]) -> Form | None:
    inner = m.parts["inner"]
    if isinstance(inner, Add):
        moving = [term for term in inner.terms if m.varies(term)]
        if len(moving) < len(inner.terms) and len(moving) == 1:
            return Mul((_outer_at(m, moving[0]), d[0]))
    return None


def _missing_brackets(m: Match, d: tuple[Form, ...]) -> Form | None:
    if isinstance(d[0], Add):
        first, *rest = d[0].terms
        return Add((Mul((_outer_at(m, m.parts["inner"]), first)), *rest))
    return None


CHAIN = Rule(
    "chain", "(F(u))' = F'(u)*u'", "sin(x^2)", 2.0, match_chain, value_chain,
    {
        "C1": where(lambda m: not _has_name_of_its_own(m), _dropped), "C8": _one_layer_early,
        "C9": where(lambda m: _is_mirrored(m) and not _is_logarithm(m), _dropped),
        "E3": where(lambda m: _is_exponential(m) and _scales(m), _dropped), "E6": where(_is_logarithm, _dropped),
        "T6": where(lambda m: _is_trigonometric(m) and _scales(m), _dropped), "M7": where(lambda m: _has_others(m) and not _is_prediction_error(m), _dropped),
        "L6": where(_is_prediction_error, _dropped),
        "C2": where(lambda m: not (_is_power(m) or _is_exponential(m) or _is_logarithm(m)), _at_derivative),
        "C7": where(_is_power, _at_derivative), "E5": where(_is_exponential, _at_derivative), "E7": where(_is_logarithm, _at_derivative),
        "C3": lambda m, d: Add((_outer_at(m, m.parts["inner"]), d[0])),
        "L1": where(_is_power, _exponent_lost), "C4": _inner_as_product, "C5": where(_is_power, _exponent_kept), "C6": where(_is_power, _inner_for_its_derivative),
        "C10": where(lambda m: not _has_others(m), _constant_inside_dropped), "C11": _missing_brackets,
        "C12": where(_scales, lambda m, d: Div(_outer_at(m, m.parts["inner"]), d[0])),
        "C13": where(lambda m: _is_trigonometric(m) or _is_logarithm(m), lambda m, d: Mul((m.form, d[0]))),
        "E4": where(lambda m: _is_exponential(m) and _scales(m), _at_variable), "E9": where(lambda m: _is_logarithm(m) and _scales(m), _at_variable),
        "T4": where(lambda m: _is_trigonometric(m) and _scales(m), _at_variable), "T5": _square_of_argument,
        "M6": where(lambda m: _has_others(m) and isinstance(m.parts["inner"], Add), _at_variable),
    },
)  # fmt: skip


# -- unknown functions of several arguments --------------------------------------------------------------


def match_several(form: Form, variable: str) -> Match | None:
    """f(u, v): one path for each argument that depends on the variable."""
    if not isinstance(form, Apply) or len(form.args) < 2 or variable not in form.free:
        return None
    needs = tuple(arg for arg in form.args if variable in arg.free)
    return Match(form, variable, needs)


def value_several(m: Match, d: tuple[Form, ...]) -> Form:
    """The sum over the paths: ∂f/∂(k-th argument) times the derivative of that argument."""
    form = m.form
    assert isinstance(form, Apply)
    moving = [k for k, arg in enumerate(form.args) if m.varies(arg)]
    paths = [Mul((Apply(form.name, form.args, _raised(form.orders, k)), inner)) for k, inner in zip(moving, d, strict=True)]
    return Add(tuple(paths)) if len(paths) > 1 else paths[0]


def _one_path(place: int) -> Variant:
    """The term of one path alone."""

    def value(m: Match, d: tuple[Form, ...]) -> Form | None:
        paths = value_several(m, d).children
        return paths[place] if len(d) > 1 and place < len(paths) else None

    return value


def _raised(orders: tuple[int, ...], k: int) -> tuple[int, ...]:
    return (*orders[:k], orders[k] + 1, *orders[k + 1 :])


SEVERAL = Rule(
    "several", "(f(u, v))' = f^(1,0)(u, v)*u' + f^(0,1)(u, v)*v'", "f(x^2, x)", 2.5, match_several, value_several,
    {"M13": tuple(_one_path(k) for k in range(3))},
)  # fmt: skip

ELEMENTARY = (TABLE, CHAIN, SEVERAL)

__all__ = ["ELEMENTARY", "Outer", "outer_of"]
