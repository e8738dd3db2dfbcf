"""Runs whose end is known before they start: linear rules on quadratic functions, decided in fractions.

Along an eigenvector with the eigenvalue λ the distance to the stationary point is multiplied by the same number at each step. Which
eigenvectors take part is the minimal polynomial of the first gradient; whether their eigenvalues lie below, at or above the bound
is counted by Descartes' rule (see `spectral`). So nothing here is an estimate except numbers of steps for rules with a memory.

>>> from tutor.descent.run import descend
>>> found = predicted(descend("x^2 - 4x + 5", start="x=0", rate="0.1", steps=20))
>>> found.kind, str(found.factor), [str(part) for part in found.limit], found.more
('converges', '0.8', ['2'], 46)
>>> predicted(descend("x^2 - y^2", start="x=1,y=0", rate="0.1", steps=20)).kind
'saddle'
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tutor.calculus.optima.said import Remark, compared
from tutor.calculus.worked import Claim
from tutor.descent import spectral
from tutor.descent.case import Case
from tutor.descent.closed import fractions_of, written_in_decimals
from tutor.descent.curvature import curvature, rule_of
from tutor.descent.finding import SLOW, TOLERANCE, Diagnosis, Kind, kept
from tutor.descent.spectral import Vector
from tutor.descent.statements import (
    TIE,
    as_point,
    best,
    better_rate,
    cause_of,
    closed,
    directions,
    edge_of,
    factors,
    fragile,
    gradient_claims,
    growth,
    held,
    kind_of_place,
    per_digit,
    place_remark,
    rates,
    rounding,
    steps_needed,
)
from tutor.form.numerals import number
from tutor.form.tree import ZERO

if TYPE_CHECKING:

    from tutor.descent.trace import Trace

_LIMIT = 10**9
"""Numbers of steps beyond this are not given."""

def predicted(trace: Trace, tolerance: float = TOLERANCE) -> Diagnosis | None:
    """The end of a run that is known beforehand; None for any other run."""
    rule = rule_of(trace)
    start = fractions_of(trace.start)
    if rule is None or start is None or not rule.rate or not trace.steps:
        return None
    bent = curvature(trace.objective, decimals=written_in_decimals(trace))
    if bent is None or bent.exact is None or bent.slope is None:
        return None
    case = Case(trace, bent, rule, start, tolerance)
    if rule.name == "newton":
        return _newton(case) if 0 not in bent.signs else None
    return _decided(case)


def _decided(case: Case) -> Diagnosis:
    """What the eigenvalues that take part make of the run."""
    if len(case.part) == 1:
        return _standing(case)
    edge = case.rule.reach / case.rule.rate
    falls = spectral.below(case.part, Fraction(0)), spectral.multiplicity(case.part, Fraction(0))
    if spectral.above(case.part, edge):
        return _diverging(case, any(falls))
    if any(falls):
        return _falling(case, straight=not falls[0])
    if spectral.multiplicity(case.part, edge):
        return _cycling(case)
    return _settling(case)


def _newton(case: Case) -> Diagnosis:
    if len(case.part) == 1:
        return _standing(case)
    rate = case.rule.rate
    if rate > 2:
        return _diverging(case, False)
    return _cycling(case) if rate == 2 else _settling(case)


def _said(case: Case, kind: Kind, remarks: Sequence[Remark | None], **fields: Any) -> Diagnosis:
    limit = case.limit
    found = Diagnosis(kind, case.trace, True, (), case.bent, None if limit is None else case.amounts(limit), tolerance=case.tolerance)
    ending = Remark("overflow", {"n": case.trace.steps}) if case.trace.stopped == "overflow" or fields.get("overflow") else None
    return replace(found, remarks=kept([*remarks, ending]), **{**fields, "overflow": ending is not None})


def _standing(case: Case) -> Diagnosis:
    """The first gradient is zero: no step moves."""
    end = kind_of_place(case, case.start)
    kind: Kind = "arrived" if end in ("minimum", "valley") else "saddle" if end == "saddle" else "maximum"
    places = case.places(case.start)
    zeros = tuple(gradient_claims(case, case.start))
    remarks = [Remark("standing", {"places": places, "decayed": bool(case.rule.decay)}, claims=zeros), place_remark(case, end)]
    return _said(case, kind, remarks, limit=case.amounts(case.start), within=0, more=0)


def _settling(case: Case) -> Diagnosis:
    """Every part that moves shrinks."""
    assert case.limit is not None
    end = kind_of_place(case, case.limit)
    distances = _distances(case.trace, case.limit)
    worst = max(case.along, key=lambda one: one.factor)
    claims = tuple(gradient_claims(case, case.limit))
    if _departed(distances):
        return _thrown_off(case, end, distances)
    zero = all(one.factor == 0 for one in case.along) if case.rule.name in ("gd", "newton") else False
    if zero and case.trace.steps:
        arrival = Remark("arrived", {"places": case.places(case.limit), "n": 1, "one": len(case.trace.letters) == 1}, claims=claims)
        return _said(case, _kind_at(end, "arrived"), [arrival, *factors(case), place_remark(case, end)], within=1, more=0, factor=ZERO)
    more, about = _further(case, distances)
    there = _first_within(distances, case.tolerance)
    slow = worst.factor > 0 and math.log(10) > -math.log(worst.factor) * SLOW and there is None
    kind: Kind = "oscillates" if _turning(case) else "crawls" if slow else "converges"
    fields = {"factor": worst.amount, "within": there, "more": more if there is None else 0, "about": about, "better": better_rate(case)}
    head = Remark(f"{kind}.head", {"places": case.places(case.limit), "factor": worst.amount, "digit": per_digit(worst.factor), "one": len(case.trace.letters) == 1}, claims=claims)
    if end in ("saddle", "top"):
        kind = _kind_at(end, kind)
        head = Remark("held", {"places": case.places(case.limit), "factor": worst.amount, "newton": case.rule.name == "newton"}, claims=claims)
    remarks: list[Remark | None] = [head, *factors(case), place_remark(case, end) if end != "saddle" or case.rule.name == "newton" else held(case)]
    if end == "saddle" and case.rule.name != "newton":
        remarks.append(rounding(distances))
    if kind in ("converges", "crawls", "oscillates"):
        cause = cause_of(case) if kind == "crawls" else None
        told = cause is not None and bool(cause.values.get("at_once"))
        best_rate, doubt = best(case) if cause is None else None, fragile(case)
        if doubt is not None:
            fields |= {"more": None} if there is None else {}
        steps = None if doubt is not None and there is None else steps_needed(case, there, more, about)
        remarks += [cause, rates(case, at_once=not told), best_rate, closed(case), steps, doubt]
    else:
        remarks.append(closed(case))
    return _said(case, kind, remarks, **fields)


def _departed(distances: Any) -> bool:
    """Whether the floats of the run moved away from where exact numbers would go."""
    return bool(len(distances) > 2 and not distances[-1] <= distances[0] and distances[-1] > 1e3 * distances.min())


def _thrown_off(case: Case, end: str, distances: Any) -> Diagnosis:
    """Exact numbers would settle; rounding brought in a direction in which steps lead away."""
    assert case.limit is not None
    nearest = int(distances.argmin())
    values = {"places": case.places(case.limit), "n": nearest, "directions": directions(case, -1), "saddle": end == "saddle"}
    top = case.bent.values[-1]
    if end == "saddle":
        return _said(case, "no_minimum", [Remark("thrown_off", {**values, "eigenvalue": case.bent.values[0].amount})], overflow=case.trace.stopped in ("overflow", "undefined"))
    return _said(case, "diverges", [Remark("thrown_off", {**values, "eigenvalue": top.amount}), closed(case)], overflow=case.trace.stopped in ("overflow", "undefined"))


def _kind_at(end: str, kind: Kind) -> Kind:
    return "saddle" if end == "saddle" else "maximum" if end == "top" else kind


def _turning(case: Case) -> bool:
    """Whether only negative factors are the largest ones."""
    most = max(one.factor for one in case.along)
    first = [one for one in case.along if one.factor >= most * (1 - TIE)]
    if case.rule.name == "newton":
        return case.rule.rate > 1
    return all(one.turns for one in first)


def _distances(trace: Trace, limit: Vector) -> Any:
    import numpy as np

    with np.errstate(all="ignore"):
        return np.linalg.norm(trace.points - np.array([float(value) for value in limit]), axis=1)


def _first_within(distances: Any, tolerance: float) -> int | None:
    """The first iterate from which on all are within the tolerance."""
    import numpy as np

    outside = np.nonzero(~(distances <= tolerance))[0]
    first = int(outside[-1]) + 1 if len(outside) else 0
    return first if first < len(distances) else None


def _further(case: Case, distances: Any) -> tuple[int | None, bool]:
    """How many more steps until the distance is within the tolerance; whether that is an estimate."""
    worst = max(one.factor for one in case.along)
    if float(distances[-1]) <= case.tolerance:
        return 0, False
    if case.rule.name in ("gd", "newton"):
        found = _exact_steps(case)
        return (None if found is None else max(0, found - case.trace.steps)), False
    if not 0 < worst < 1:
        return None, True
    estimate = math.ceil(math.log(case.tolerance / float(distances[-1])) / math.log(worst))
    return (estimate if estimate < _LIMIT else None), True


def _exact_steps(case: Case) -> int | None:
    """The first n at which √Σ(cᵢqᵢⁿ)² is within the tolerance, by bisection: the sum falls."""
    import numpy as np

    assert case.limit is not None
    sizes, turns = np.linalg.eigh(np.array(case.moved, dtype=float))
    gap = np.array([float(one - other) for one, other in zip(case.start, case.limit, strict=True)])
    shares = turns.T @ gap
    factors = np.full(len(sizes), abs(1 - float(case.rule.rate))) if case.rule.name == "newton" else np.abs(1 - float(case.rule.rate) * sizes)
    shares, factors = shares[np.abs(shares) > 1e-14 * max(1.0, float(np.abs(gap).max()))], factors[np.abs(shares) > 1e-14 * max(1.0, float(np.abs(gap).max()))]

    def outside(n: int) -> bool:
        with np.errstate(under="ignore"):
            return bool(np.sqrt(np.sum((shares * factors**n) ** 2)) > case.tolerance)

    high = 1
    while outside(high):
        high *= 2
        if high > _LIMIT:
            return None
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if outside(middle) else (low, middle)
    return high


def _diverging(case: Case, falls: bool) -> Diagnosis:
    worst = max(case.along, key=lambda one: one.factor)
    over = [one for one in case.along if case.rule.name == "newton" or float(case.rule.rate) * (one.eigenvalue.size + float(case.rule.decay)) > float(case.rule.reach)] or [worst]
    edge = edge_of(case)
    values = {"rate": case.trace.method.rate, "edge": edge, "largest": over[-1].eigenvalue.amount, "reach": number(case.rule.reach, decimal=case.decimals),
              "one": len(case.trace.letters) == 1, "memory": case.rule.name in ("momentum", "nesterov"), "name": case.rule.name, "several": len(over) > 1,
              "factor": worst.amount}  # fmt: skip
    remarks = [Remark("diverges.newton" if case.rule.name == "newton" else "diverges.head", values), *factors(case), rates(case, brief=True), None if falls or case.rule.name == "newton" else best(case), closed(case)]
    remarks.append(Remark("also_falls", {"directions": directions(case, -1)}) if falls else None)
    return _said(case, "diverges", remarks, factor=worst.amount, better=None if falls else better_rate(case), overflow=case.trace.stopped in ("overflow", "undefined"))


def _falling(case: Case, straight: bool) -> Diagnosis:
    """Some part runs downhill for ever."""
    down = [one for one in case.along if one.eigenvalue.size + float(case.rule.decay) <= 0]
    one = down[0]
    letters = len(case.trace.letters)
    name = "straight" if straight else "curved"
    claims = [Claim(compared(one.eigenvalue.value, "<", ZERO), "sign")] if not straight and one.eigenvalue.value is not None else []
    values: dict[str, Any] = {"direction": one.direction, "eigenvalue": one.eigenvalue.amount, "factor": growth(case, one.eigenvalue), "one": letters == 1}
    remarks: list[Remark | None] = [Remark(f"falls.{name}", values, claims=tuple(claims))]
    if case.limit is not None and any(sign > 0 for sign in case.bent.signs):
        remarks.append(Remark("passes_saddle", {"places": case.places(case.limit)}))
    remarks.append(closed(case))
    return _said(case, "no_minimum", remarks, factor=None if straight else growth(case, one.eigenvalue), overflow=case.trace.stopped in ("overflow", "undefined"))


def _cycling(case: Case) -> Diagnosis:
    """At the bound: the distance along one direction changes its sign and nothing else."""
    top = case.along[-1]
    exactly = len(case.along) == 1 and case.rule.name in ("gd", "newton")
    values: dict[str, Any] = {"rate": case.trace.method.rate, "largest": top.eigenvalue.amount, "edge": edge_of(case), "one": len(case.trace.letters) == 1, "exactly": exactly,
                              "direction": top.direction, "reach": number(case.rule.reach, decimal=case.decimals)}  # fmt: skip
    if exactly and case.limit is not None:
        other = tuple(2 * end - start for start, end in zip(case.start, case.limit, strict=True))
        values |= {"places": as_point(case, case.start), "others": as_point(case, other)}
    name = "cycles.newton" if case.rule.name == "newton" else "cycles.exactly" if exactly else "cycles.long_run"
    remarks = [Remark(name, values), *factors(case), rates(case, brief=True), best(case), closed(case)]
    return _said(case, "cycles", remarks, factor=top.amount, period=2, better=better_rate(case))


__all__ = ["predicted"]
