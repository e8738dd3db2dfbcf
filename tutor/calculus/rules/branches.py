"""Functions with branches: maximum and minimum, piecewise forms with a check at the joins.

A piecewise function has a derivative at a join only where both branches agree there in value and
in slope; otherwise the join is left out of the derivative's domain.
"""

from __future__ import annotations

import math

from tutor.algebra.identity import identical
from tutor.calculus.tree import Match, Rule
from tutor.form.evaluate import evaluate
from tutor.form.tree import ONE, ZERO, Add, Call, Cases, Deriv, Div, Form, Mul, Neg, Relation, Sym
from tutor.form.walk import substitute

_STRICT = {"<=": "<", ">=": ">", "<": "<", ">": ">", "=": "=", "!=": "!="}
_FLIPPED = {"<=": ">=", ">=": "<=", "<": ">", ">": "<", "=": "=", "!=": "!="}
_OPPOSITE = {"<=": ">", ">=": "<", "<": ">", ">": "<"}


def match_extremum(form: Form, variable: str) -> Match | None:
    """max and min of two: the derivative of whichever is taken; of more, one after the other."""
    match form:
        case Call("max" | "min", args) if variable in form.free:
            if len(args) > 2:
                inner = Call(form.name, args[1:])
                return Match(form, variable, (args[0], inner), {"u": args[0], "v": inner})
            return Match(form, variable, args, {"u": args[0], "v": args[1]}, (Relation(args, ("!=",)),))
    return None


def value_extremum(m: Match, d: tuple[Form, ...]) -> Form:
    """{u′ where u is taken; v′ where v is taken}."""
    u, v = m.parts["u"], m.parts["v"]
    assert isinstance(m.form, Call)
    sign = ">" if m.form.name == "max" else "<"
    return Cases(d, (relation(u, sign, v), relation(v, sign, u)))


def relation(left: Form, operator: str, right: Form) -> Relation:
    """left operator right, with a letter on the left: x > 0 and not 0 < x."""
    if not left.free and right.free:
        return Relation((right, left), (_FLIPPED[operator],))
    return Relation((left, right), (operator,))


EXTREMUM = Rule("extremum", "max(u, v)' = u' where u > v, v' where v > u", "max(0, x)", 1.5, match_extremum, value_extremum)


def match_cases(form: Form, variable: str) -> Match | None:
    """A piecewise form: each branch on its own."""
    if not isinstance(form, Cases) or variable not in form.free:
        return None
    return Match(form, variable, form.values)


def value_cases(m: Match, d: tuple[Form, ...]) -> Form:
    """The branches' derivatives; joins where value or slope differ are left out."""
    form = m.form
    assert isinstance(form, Cases)
    if any(isinstance(part, Deriv) for part in d):
        return Cases(d, form.conditions)
    joins = [smooth_at_join(form, d, k, m.variable) for k in range(len(form.conditions))]
    if all(joins):
        return Cases(d, form.conditions)
    conditions = [strict(condition) for condition in form.conditions]
    if len(d) > len(conditions) and len(conditions) == 1:
        conditions.append(outside(form.conditions[0]))
    return Cases(d, tuple(conditions))


def smooth_at_join(form: Cases, slopes: tuple[Form, ...], k: int, variable: str) -> bool:
    """Whether branch k and the next agree, in value and slope, where the condition of branch k ends."""
    if k + 1 >= len(form.values):
        return False
    pairs = [(part[k], part[k + 1]) for part in (form.values, slopes)]
    place = boundary(form.conditions[k], variable)
    if place is not None and form.free == {variable}:
        return all(math.isclose(evaluate(a, place), evaluate(b, place), rel_tol=1e-12, abs_tol=1e-12) for a, b in pairs)
    end = end_of(form.conditions[k], variable)
    return end is not None and all(identical(substitute(a, {variable: end}), substitute(b, {variable: end})) is True for a, b in pairs)


def end_of(condition: Form, variable: str) -> Form | None:
    """Where a condition that is linear in the variable ends: z - y <= 1 at a value of z that is y + 1."""
    if not isinstance(condition, Relation) or len(condition.operators) != 1:
        return None
    left, right = condition.operands
    difference = Add((left, Neg(right)))
    start, next_one = (substitute(difference, {variable: value}) for value in (ZERO, ONE))
    slope = Add((next_one, Neg(start)))
    if identical(slope, ZERO) is True or identical(difference, Add((start, Mul((slope, Sym(variable)))))) is not True:
        return None
    return Div(Neg(start), slope)


def boundary(condition: Form, variable: str) -> dict[str, float] | None:
    """The point at which a condition such as x <= 1 ends."""
    match condition:
        case Relation((Sym(name), limit), (_,)) if name == variable and not limit.free:
            return {variable: evaluate(limit, {})}
        case Relation((limit, Sym(name)), (_,)) if name == variable and not limit.free:
            return {variable: evaluate(limit, {})}
    return None


def strict(condition: Form) -> Form:
    """The same relation without its end points."""
    return Relation(condition.operands, tuple(_STRICT[sign] for sign in condition.operators)) if isinstance(condition, Relation) else condition


def outside(condition: Form) -> Form:
    """The strict opposite of a simple relation."""
    assert isinstance(condition, Relation)
    return Relation(condition.operands, tuple(_OPPOSITE.get(sign, sign) for sign in condition.operators))


CASES = Rule("cases", "branch by branch", "piecewise(x^2, x <= 1; 2*x - 1)", 1.0, match_cases, value_cases)

BRANCHES = (EXTREMUM, CASES)
