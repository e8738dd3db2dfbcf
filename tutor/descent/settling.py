"""Runs at a stationary point, or on the way to one: what kind of place it is, how fast they come closer, and why so slowly.

>>> from tutor.descent.run import descend
>>> from tutor.descent.watched import Watched
>>> found = settled(Watched(descend("x^4", start="x=1", rate="0.1", steps=100), 1e-6))
>>> found.kind, found.ids
('crawls', ('crawls.seen', 'crawls.flat', 'convex'))
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tutor.calculus.optima.hessian import Hessian, second_derivatives
from tutor.calculus.optima.said import Remark, equals
from tutor.calculus.optima.spectrum import definite_everywhere
from tutor.calculus.optima.spread import everywhere_kind
from tutor.calculus.worked import Claim, equal, proved
from tutor.descent.curvature import Curvature, Rule
from tutor.descent.finding import SLOW, Diagnosis, Kind
from tutor.descent.program import Program
from tutor.descent.rest import FLAT, shape_at
from tutor.descent.watched import TAIL, Watched, fixed_rate, is_newton, is_plain, made, no_lowest_value
from tutor.errors import RequestError
from tutor.form.evaluate import evaluate, holds
from tutor.form.numerals import number
from tutor.form.tree import ZERO, Form, Sym
from tutor.form.walk import substitute

if TYPE_CHECKING:
    from numpy.typing import NDArray


_CONVEX, _SIZE = 3, 200
"""Letters, and nodes of second derivatives, up to which a function is tried for being convex everywhere."""

def settled(seen: Watched) -> Diagnosis | None:
    """At a stationary point, or on the way to one."""
    import numpy as np

    if seen.rest is None:
        return None
    point, bent = seen.rest
    distances = np.linalg.norm(seen.trace.points - np.array(point), axis=1)
    size = 1 + float(np.linalg.norm(point))
    last = float(distances[-1])
    floor = 1e-12 * size
    near = last <= seen.tolerance * size
    shape = shape_at(seen.trace, point, bent)
    if shape == "open" or not (near or _approaching(distances, seen.rule)) or (not near and _repels(seen, bent)):
        return None
    exact = _exactly_there(seen)
    flat = _is_flat(bent, shape)
    factor = None if seen.rule is not None and seen.rule.name == "newton" and not flat and seen.rule.rate == 1 else _measured(distances, floor)
    place = {"places": seen.places(point), "factor": factor, "distance": last or None, "near": near, "one": len(point) == 1, "flat": flat, "n": seen.trace.steps}
    fields: dict[str, Any] = {"limit": point, "curvature": bent, "factor": factor}
    if shape in ("saddle", "maximum", "terrace"):
        kind: Kind = "maximum" if shape == "maximum" else "saddle"
        no_bottom = no_lowest_value(seen)
        return made(seen, kind, [Remark(f"at.{shape}", place), _leaving(seen, bent) if shape == "saddle" else None, no_bottom], **fields)
    if exact is not None:
        return made(seen, "arrived", [exact, _bottom(seen, shape), _bends(seen, bent)], certain=True, **{**fields, "within": exact.values["n"], "more": 0, "factor": None})
    within = _from_then_on(distances, seen.tolerance)
    more = 0 if within is not None else None if flat else _estimate(last, factor, seen.tolerance)
    fields |= {"within": within, "more": more, "about": within is None}
    slow = within is None and ((factor is None and not is_newton(seen)) or (factor or 0) > 10 ** (-1 / SLOW)) and last > seen.tolerance
    kind = "oscillates" if _alternates(seen, point) and not near else "crawls" if slow else "converges"
    local, cause = _predicted_factor(seen, bent, shape), _crawl_cause(seen, bent, shape) if kind == "crawls" else None
    told = cause is not None and "condition" in cause.values
    remarks = [Remark(f"{kind}.seen", place), local, cause, _bottom(seen, shape), None if told else _bends(seen, bent, told=local is not None)]
    said = {"tolerance": seen.tolerance, "n": within, "more": more, "total": None if more is None else seen.trace.steps + more}
    remarks.append(Remark("within", said) if within is not None else Remark("more_about", said) if more is not None else None)
    better = 2 / (bent.lowest_positive.size + bent.largest) if is_plain(seen) and shape == "minimum" and bent.lowest_positive is not None and not _is_flat(bent, shape) else None
    return made(seen, kind, remarks, better=better, **fields)


def _is_flat(bent: Curvature, shape: str) -> bool:
    """Whether a minimum has a direction without curvature."""
    return shape in ("minimum", "valley", "terrace") and bent.smallest <= FLAT * max(1.0, abs(bent.largest))


def _approaching(distances: NDArray[Any], rule: Rule | None) -> bool:
    """Whether the distances shrink: half of the first one, and less and less at the end (at each step, where the method has no memory)."""
    import numpy as np

    if len(distances) < 6 or distances[-1] > 0.5 * distances[0]:
        return False
    tail = distances[-min(20, len(distances)) :]
    if rule is not None and rule.name in ("gd", "newton"):
        return bool(np.all(np.diff(tail[-6:]) < 0))
    half = len(tail) // 2
    return bool(tail[half:].max() < tail[:half].max() * (1 - 1e-5))


def _repels(seen: Watched, bent: Curvature) -> bool:
    """Whether the step enlarges small distances at the point: a run that is near by chance does not stay."""
    return seen.rule is not None and seen.rule.name != "newton" and any(seen.rule.factor(one.size) > 1 + 1e-9 for one in bent.values if one.size > 0)


def _exactly_there(seen: Watched) -> Remark | None:
    """The first iterates with a gradient of zero, where exact arithmetic says so too."""
    import numpy as np

    trace = seen.trace
    if trace.objective.gradient is None or not isinstance(trace.program, Program):
        return None
    zero = np.nonzero(seen.lengths[:TAIL] == 0)[0]
    if not len(zero):
        return None
    n = int(zero[0])
    try:
        place = trace.exact(n)[n]
    except RequestError:
        return None
    values: dict[str, Form] = {letter: number(value) for letter, value in zip(trace.letters, place, strict=True)}
    claims = tuple(equal(substitute(partial, values), ZERO, "stationary") for partial in trace.objective.gradient.value)
    if any(abs(evaluate(claim.statement.operands[0], {})) > 0 for claim in claims):
        return None
    places = tuple(equals(Sym(name), value) for name, value in values.items())
    conditions = [substitute(condition, values) for partial in trace.objective.gradient.partials for condition in partial.conditions]
    if any(holds(condition, {}) is False for condition in conditions):
        return Remark("arrived_corner", {"places": places, "n": n})
    return Remark("arrived", {"places": places, "n": n, "one": False}, claims=claims)


def _measured(distances: NDArray[Any], floor: float) -> float | None:
    """What a step leaves of the distance, over the last steps that floats can tell apart."""
    above = distances[distances > floor * 100]
    some = above[-min(21, len(above)) :]
    if len(some) < 4 or some[0] <= 0:
        return None
    found = float((some[-1] / some[0]) ** (1 / (len(some) - 1)))
    return found if 0 < found < 1 else None


def _from_then_on(distances: NDArray[Any], tolerance: float) -> int | None:
    import numpy as np

    outside = np.nonzero(~(distances <= tolerance))[0]
    first = int(outside[-1]) + 1 if len(outside) else 0
    return first if first < len(distances) else None


def _estimate(distance: float, factor: float | None, tolerance: float) -> int | None:
    if factor is None or factor > 1 - 1e-9 or distance <= tolerance:
        return None
    return math.ceil(math.log(tolerance / distance) / math.log(factor))


def _alternates(seen: Watched, point: Sequence[float]) -> bool:
    """Whether the last steps change their side of the point each time."""
    import numpy as np

    gaps = seen.tail[-12:] - np.array(point)
    products = np.sum(gaps[1:] * gaps[:-1], axis=1)
    return len(products) > 3 and bool(np.all(products < 0))


def _predicted_factor(seen: Watched, bent: Curvature, shape: str) -> Remark | None:
    """The linearised step at the limit: |1 − αλ| for the least and the greatest eigenvalue."""
    if seen.rule is None or shape != "minimum" or _is_flat(bent, shape) or seen.rule.name == "newton":
        return None
    factors = [seen.rule.factor(one.size) for one in (bent.values[0], bent.values[-1])]
    said = {"factor": max(factors), "smallest": bent.smallest, "largest": bent.largest, "one": len(seen.end) == 1, "bound": float(seen.rule.reach) / bent.largest,
            "rate": fixed_rate(seen), "name": seen.rule.name}  # fmt: skip
    return Remark("local_factor", said)


def _crawl_cause(seen: Watched, bent: Curvature, shape: str) -> Remark | None:
    if _is_flat(bent, shape):
        return Remark("crawls.flat", {"one": len(seen.end) == 1})
    if seen.trace.method.rate.free:
        return Remark("crawls.schedule", {"rate": evaluate(seen.trace.method.rate, {"n": float(seen.trace.steps)}), "n": seen.trace.steps})
    if not is_plain(seen) or bent.lowest_positive is None:
        return None
    condition, best = bent.largest / bent.lowest_positive.size, 2 / (bent.lowest_positive.size + bent.largest)
    left = (condition - 1) / (condition + 1)
    assert seen.rule is not None
    if float(seen.rule.rate) < best / 2 and condition < 100:
        return Remark("crawls.rate_near", {"rate": fixed_rate(seen), "better": best, "factor": left, "one": len(seen.end) == 1})
    return Remark("crawls.condition", {"condition": condition, "factor": left, "better": best, "digit": math.ceil(math.log(10) / -math.log(left)) if 0 < left < 1 else None})


def _bottom(seen: Watched, shape: str) -> Remark | None:
    """Whether the minimum is the lowest: known where the function is convex everywhere."""
    gradient = seen.trace.objective.gradient
    if gradient is not None and len(seen.end) <= _CONVEX:
        found = Hessian(gradient.function, gradient.variables, gradient, second_derivatives(gradient))
        if found.constant:
            found = replace(found, here=found.local({}))
        elif sum(entry.size for row in found.rows for entry in row) <= _SIZE:
            found = replace(found, everywhere=definite_everywhere(found.rows, found.where))
        known = everywhere_kind(found)
        if known is not None and known[0] in ("bowl", "flat_bowl"):
            return Remark("convex", {"valley": shape == "valley"}, claims=known[1].claims if known[1] is not None else ())
    return Remark("valley_seen", {}) if shape == "valley" else Remark("local_only", {})


def _bends(seen: Watched, bent: Curvature, *, told: bool = False) -> Remark | None:
    if len(seen.end) == 1 or bent.quadratic or bent.lowest_positive is None or bent.smallest <= 0:
        return None
    return Remark("bends", {"smallest": bent.smallest, "largest": bent.largest, "condition": bent.largest / bent.smallest, "measured": bent.measured, "told": told})


def _leaving(seen: Watched, bent: Curvature) -> Remark | None:
    """Why nothing leaves: the derivative by a letter is zero wherever the letter has the value that it kept."""
    import numpy as np

    gradient = seen.trace.objective.gradient
    if gradient is None:
        return None
    lines: list[Form] = []
    claims: list[Claim] = []
    for place, letter in enumerate(seen.trace.letters):
        column = seen.trace.points[:, place]
        if not bool(np.all(column == column[0])) or bent.matrix[place][place] >= 0:
            continue
        start = seen.trace.start[place]
        claim = equal(substitute(gradient.value[place], {letter: start}), ZERO, "held")
        if proved(claim).equal is True:
            lines.append(equals(Sym(letter), start))
            claims.append(claim)
    if not lines:
        return None
    return Remark("saddle_line", {"lines": tuple(lines)}, claims=tuple(claims))


__all__ = ["settled"]
