"""What is said of a run whose end is known: the factor of each direction, the rates that converge, the best one, why it crawls or is held.

Each statement brings its proof: |1 − 0.1·2| = 0.8 is a claim.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tutor.calculus.optima.said import Remark, compared, equals
from tutor.calculus.worked import Claim, equal
from tutor.descent.case import Case
from tutor.descent.closed import closed_form
from tutor.descent.curvature import Amount, Eigenvalue, shown
from tutor.descent.finding import SLOW
from tutor.descent.spectral import Vector
from tutor.form.numerals import number
from tutor.form.tree import ZERO, Add, Div, Form, Listing, Mul, Neg, Num, Sym, total
from tutor.form.walk import substitute

if TYPE_CHECKING:

    pass

TIE = 1e-12
"""Factors as close as this are equal."""

def kind_of_place(case: Case, point: Vector) -> str:  # noqa: ARG001 (the same everywhere)
    """What a stationary point of a quadratic function is."""
    signs = set(case.bent.signs)
    if {1, -1} <= signs:
        return "saddle"
    if -1 in signs:
        return "top"
    return "valley" if 0 in signs else "minimum"


def gradient_claims(case: Case, point: Vector) -> Iterator[Claim]:
    """That the gradient (with weight decay, both together) is zero at a point."""
    gradient = case.trace.objective.gradient
    assert gradient is not None
    place: dict[str, Form] = {letter: number(value, decimal=case.decimals) for letter, value in zip(case.trace.letters, point, strict=True)}
    for letter, partial in zip(case.trace.letters, gradient.value, strict=True):
        slope = substitute(partial, place)
        if case.rule.decay:
            slope = Add((slope, Mul((number(case.rule.decay, decimal=True), place[letter]))))
        yield equal(slope, ZERO, "stationary")


def place_remark(case: Case, end: str) -> Remark | None:
    """What is said of the point: a valley, a saddle with the directions that lead away, a top."""
    if case.rule.decay and end in ("minimum", "valley") and case.limit is not None and any(case.limit):
        return Remark("decayed", {"decay": number(case.rule.decay, decimal=True)})
    if end == "minimum":
        return None
    if end == "valley":
        return Remark("valley", {"directions": directions(case, 0)})
    return Remark(end, {"directions": directions(case, -1), "one": len(case.trace.letters) == 1})


def directions(case: Case, sign: int) -> tuple[Form, ...]:
    """The directions of the eigenvalues with this sign: letters, where they are axes, else vectors."""
    found: list[Form] = []
    for one, own in zip(case.bent.values, case.bent.signs, strict=True):
        if own == sign:
            names = [k for vector in one.vectors for k, entry in enumerate(vector) if entry is not ZERO]
            found += [Sym(case.trace.letters[k]) for k in names] if len(names) == len(one.vectors) else [Listing("tuple", vector) for vector in one.vectors]
    return tuple(found)


def fragile(case: Case) -> Remark | None:
    """A direction in which the start has no part, and in which the rate is too large: rounding can bring it in."""
    edge, top = case.rule.edge, case.bent.values[-1]
    if edge is None or top.size <= float(edge) * (1 + TIE):
        return None
    return Remark("fragile", {"eigenvalue": top.amount, "rate": case.trace.method.rate})


def per_digit(factor: float) -> int | None:
    """How many steps a further digit takes."""
    return math.ceil(math.log(10) / -math.log(factor)) if 0 < factor < 1 else None


def factors(case: Case) -> list[Remark]:
    """What a step does along each direction that takes part."""
    found = []
    if len(case.along) > 1 and all(one.swings for one in case.along) and len({round(one.factor, 12) for one in case.along}) == 1:
        one = case.along[0]
        return [Remark("factor.swing.all", {"factor": one.amount, "line": None, "root": one.shown})]
    for one in case.along:
        claims = () if one.shown is None or not isinstance(one.amount, Form) else (equal(one.shown, one.amount, "factor"),)
        line = equals(one.shown, one.amount) if one.shown is not None and isinstance(one.amount, Form) else None
        said = {
            "places": () if case.limit is None else case.places(case.limit), "direction": one.direction, "eigenvalue": one.eigenvalue.amount,
            "factor": one.amount, "line": line, "root": one.shown, "turns": one.turns,
        }  # fmt: skip
        alone = len(case.trace.letters) == 1
        name = "newton" if case.rule.name == "newton" else "swing" if one.swings else "memory" if case.rule.name != "gd" else "gd"
        size = "zero" if one.factor == 0 else "less" if one.factor < 1 - TIE else "same" if one.factor <= 1 + TIE else "more"
        found.append(Remark(f"factor.{name}.{size if name in ('gd', 'memory') else 'one'}.{'alone' if alone else 'along'}", said, claims=claims))
        if name == "newton":
            break
    if len(found) > 1:
        worst = max(case.along, key=lambda one: one.factor)
        if len({round(one.factor, 12) for one in case.along}) > 1 and abs(worst.factor - 1) > TIE:
            found.append(Remark("decides", {"factor": worst.amount, "direction": worst.direction}))
    return found


def edge_of(case: Case) -> Amount | None:
    """The greatest rate that is stable along all directions that take part."""
    largest = case.along[-1].eigenvalue if case.along else case.bent.values[-1]
    if largest.exact is None:
        return float(case.rule.reach) / (largest.size + float(case.rule.decay)) if largest.size > 0 else None
    curve = largest.exact + case.rule.decay
    return shown(case.rule.reach / curve, case.decimals) if curve > 0 else None


def rates(case: Case, *, brief: bool = False, at_once: bool = True) -> Remark | None:
    """Which rates converge, and the one that arrives at once; `brief`: where the bound comes from has been said."""
    edge = edge_of(case)
    if case.rule.name == "newton" or edge is None:
        return Remark("range.newton", {}) if case.rule.name == "newton" else None
    values = {"edge": edge, "reach": number(case.rule.reach, decimal=case.decimals), "largest": case.along[-1].eigenvalue.amount, "mu": number(case.rule.mu, decimal=True), "brief": brief}
    if case.rule.name != "gd":
        return Remark(f"range.{case.rule.name}", values)
    claims = []
    if isinstance(edge, Form) and case.along[-1].eigenvalue.exact is not None:
        curve = case.along[-1].eigenvalue.exact + case.rule.decay
        claims.append(equal(Div(Num(2), number(curve, decimal=case.decimals)), edge, "bound"))
        rate = case.trace.method.rate
        order = "<" if case.rule.rate * curve < 2 else "=" if case.rule.rate * curve == 2 else ">"
        claims.append(Claim(compared(rate, order, edge), "bound"))
        if len(case.along) == 1:
            return Remark("range.at_once", {**values, "at_once": shown(1 / curve, case.decimals) if at_once else None}, claims=tuple(claims))
    return Remark("range.gd", values, claims=tuple(claims))


def best(case: Case) -> Remark | None:
    """The best fixed rate for plain descent in several directions."""
    if case.rule.name != "gd" or len(case.along) < 2 or case.rule.decay:
        return None
    low, high = case.along[0].eigenvalue, case.along[-1].eigenvalue
    rate, factor, condition = _best_numbers(low, high, case)
    claims = []
    if isinstance(rate, Form) and isinstance(factor, Form) and low.value is not None and high.value is not None:
        claims.append(equal(Div(Num(2), Add((low.value, high.value))), rate, "best_rate"))
        claims.append(equal(Div(Add((high.value, Neg(low.value))), Add((high.value, low.value))), factor, "best_factor"))
    return Remark("best", {"rate": rate, "factor": factor, "condition": condition, "low": low.amount, "high": high.amount}, claims=tuple(claims))


def _best_numbers(low: Eigenvalue, high: Eigenvalue, case: Case) -> tuple[Amount, Amount, Amount]:
    if low.exact is not None and high.exact is not None:
        return tuple(shown(value, case.decimals) for value in (2 / (low.exact + high.exact), (high.exact - low.exact) / (high.exact + low.exact), high.exact / low.exact))  # type: ignore[return-value]
    return 2 / (low.size + high.size), (high.size - low.size) / (high.size + low.size), high.size / low.size


def better_rate(case: Case) -> Amount | None:
    """The best fixed rate of plain descent for the directions that take part."""
    if case.rule.name != "gd" or not case.along or case.along[0].eigenvalue.size + float(case.rule.decay) <= 0:
        return None
    low, high, decay = case.along[0].eigenvalue, case.along[-1].eigenvalue, case.rule.decay
    if low.exact is not None and high.exact is not None:
        return shown(2 / (low.exact + high.exact + 2 * decay), case.decimals)
    return 2 / (low.size + high.size + 2 * float(decay))


def cause_of(case: Case) -> Remark | None:
    """Why a run crawls: the rate is far from the best one, or even that one is slow."""
    if case.rule.name != "gd" or not case.along:
        return None
    low, high = case.along[0].eigenvalue, case.along[-1].eigenvalue
    decay = float(case.rule.decay)
    left = (high.size - low.size) / (high.size + low.size + 2 * decay)
    values: dict[str, Any] = {"rate": case.trace.method.rate, "better": better_rate(case), "factor": left, "digit": per_digit(left), "at_once": left == 0}
    small = float(case.rule.rate) < 1 / (low.size + high.size + 2 * decay)
    slow = left > 0 and (per_digit(left) or 0) > SLOW
    if small and not slow:
        return Remark("crawls.rate", values)
    condition: Amount = (high.size + decay) / (low.size + decay)
    if not decay:
        _, values["factor"], condition = _best_numbers(low, high, case)
    return Remark("crawls.both" if small else "crawls.condition", {**values, "condition": condition})


def closed(case: Case) -> Remark | None:
    """The closed form, where there is one."""
    forms = closed_form(case.trace)
    if forms is None:
        return None
    lines = tuple(equals(Sym(f"{letter}_n"), form) for letter, form in zip(case.trace.letters, forms, strict=True) if "_" not in letter)
    return Remark("closed", {"lines": lines}) if len(lines) == len(forms) else None


def steps_needed(case: Case, there: int | None, more: int | None, about: bool) -> Remark | None:
    """When it is within the tolerance, or how many steps more that takes."""
    said = {"tolerance": case.tolerance, "n": there, "more": more, "total": None if more is None else case.trace.steps + more}
    if there is not None:
        return Remark("within", said)
    return None if more is None else Remark("more_about" if about else "more", said)


def held(case: Case) -> Remark:
    """Why nothing leaves a saddle: the gradient has no part along the directions that lead away."""
    assert case.limit is not None
    rows = [one for one, sign in zip(case.bent.values, case.bent.signs, strict=True) if sign < 0]
    down = directions(case, -1)
    claims: list[Claim] = []
    lines: list[Form] = []
    gradient = case.trace.objective.gradient
    assert gradient is not None
    for direction in down:
        if isinstance(direction, Sym):
            place = case.trace.letters.index(direction.name)
            value = number(case.start[place], decimal=case.decimals)
            slope = substitute(gradient.value[place], {direction.name: value})
            if slope.free:
                continue
            claims.append(equal(slope, ZERO, "held"))
            lines.append(equals(direction, value))
    for one in rows:
        for vector in one.vectors:
            parts = [Mul((entry, number(value - end, decimal=case.decimals))) for entry, value, end in zip(vector, case.start, case.limit, strict=True)]
            claims.append(equal(total(parts), ZERO, "held"))
    grows = growth(case, rows[0])
    return Remark("saddle_held", {"directions": down, "eigenvalue": rows[0].amount, "lines": tuple(lines), "grows": grows}, claims=tuple(claims))


def growth(case: Case, one: Eigenvalue) -> Amount:
    """By what a small part along a direction that curves downwards would grow."""
    if case.rule.name == "gd" and one.exact is not None:
        return shown(1 - case.rule.rate * (one.exact + case.rule.decay), case.decimals)
    return case.rule.factor(one.size)


def rounding(distances: Any) -> Remark | None:
    """In floats a run can leave the line after all: by rounding."""
    import numpy as np

    nearest = int(np.nanargmin(distances))
    return Remark("rounding", {"n": nearest}) if distances[-1] > 100 * distances[nearest] and distances[-1] > 1e-12 else None


def as_point(case: Case, point: Vector) -> tuple[Form, ...]:
    """x = 2, or (2, 0)."""
    places = case.places(point)
    return places if len(places) == 1 else (Listing("tuple", tuple(number(value, decimal=case.decimals) for value in point)),)


__all__ = ["TIE", "as_point", "best", "better_rate", "cause_of", "closed", "directions", "edge_of", "factors", "fragile", "gradient_claims", "growth", "held", "kind_of_place", "per_digit", "place_remark", "rates", "rounding", "steps_needed"]
