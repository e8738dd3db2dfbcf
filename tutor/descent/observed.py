"""Runs that can only be watched: what their numbers show, and no more than that.

Where a run comes to rest is looked up by Newton's method from its last point, where the Hessian is known; the Hessian there says
what kind of place it is and, for plain descent, what each step does near it (the linearisation of the step at a fixed point). That a function of one
letter has no minimum is taken from its critical points and limits, which are exact; of several letters only what
the numbers along the last direction show.

>>> from tutor.descent.run import descend
>>> found = observed(descend("(1 - x)^2 + 100(y - x^2)^2", start="x=1.2,y=1.2", rate="0.001", steps=20000))
>>> found.kind, [round(part, 3) for part in found.limit]
('crawls', [1.0, 1.0])
>>> observed(descend("e^x", start="x=0", rate="0.1", steps=100)).kind
'no_minimum'
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

from tutor.calculus.optima.said import Remark
from tutor.descent.breaking import broken_off, escaping, still
from tutor.descent.curvature import is_stochastic
from tutor.descent.finding import TOLERANCE, Diagnosis
from tutor.descent.rest import FLAT
from tutor.descent.settling import settled
from tutor.descent.watched import Watched, bend, comes_to_rest, is_newton, local_bound, made, no_lowest_value, progress
from tutor.form.evaluate import evaluate

if TYPE_CHECKING:

    from tutor.descent.trace import Trace

_LONGEST_PERIOD = 12
"""Cycles of more points than this are not looked for."""
_PLATEAU = 1e-3
"""A gradient shorter than this, with no stationary point near, is a plateau's."""

def observed(trace: Trace, tolerance: float = TOLERANCE) -> Diagnosis:
    """What the numbers of a run show."""
    seen = Watched(trace, tolerance)
    for judge in (broken_off, still, escaping, _resting_in_region, _noisy, _balanced, _cyclic, settled, _without_minimum, _flat, _swinging, _slow):
        found = judge(seen)
        if found is not None:
            return found
    return made(seen, "underway", [Remark("underway", progress(seen)), local_bound(seen)])


def _resting_in_region(seen: Watched) -> Diagnosis | None:
    """A run with a projection, or with weights that are multiplied."""
    if not seen.bounded_region or is_stochastic(seen.trace) or not comes_to_rest(seen):
        return None
    mirror = "mirror" in seen.stages
    if seen.length <= FLAT * max(1.0, seen.first_length):
        return made(seen, "converges", [Remark("inside", {"places": seen.places(seen.end), "length": seen.length})], limit=seen.end)
    slopes = seen.trace.objective.slopes(*seen.end)
    inner = mirror and max(slopes) - min(slopes) <= 1e-4 * max(1.0, *map(abs, slopes))
    name = "mirror_level" if inner else "mirror_edge" if mirror else "edge"
    if inner:
        return made(seen, "converges", [Remark(f"boundary.{name}", {"places": seen.places(seen.end), "length": seen.length, "slope": slopes[0]})], limit=seen.end)
    return made(seen, "boundary", [Remark(f"boundary.{name}", {"places": seen.places(seen.end), "length": seen.length, "gradient": seen.places(slopes)})], limit=seen.end)


def _noisy(seen: Watched) -> Diagnosis | None:
    """Steps by batches: only what the mean of the values shows."""
    import numpy as np

    if not is_stochastic(seen.trace):
        return None
    if seen.length <= FLAT * max(1.0, seen.first_length):
        return made(seen, "converges", [Remark("batches.arrived", {"places": seen.places(seen.end), "length": seen.length, "n": seen.trace.steps})], limit=seen.end)
    values = seen.values
    quarter = max(1, len(values) // 4)
    before, after = values[-2 * quarter : -quarter], values[-quarter:]
    said = {**progress(seen), "before": float(before.mean()) if len(before) else math.nan, "after": float(after.mean()), "spread": float(after.std())}
    if len(values) < 20:
        return made(seen, "underway", [Remark("underway", said)])
    gap = said["before"] - said["after"]
    noise = float(np.std(np.concatenate([before, after]))) / math.sqrt(quarter) * 3
    if gap > max(noise, 1e-3 * abs(said["after"])):
        return made(seen, "underway", [Remark("batches.falling", said)])
    if gap < -max(noise, 1e-3 * abs(said["before"])) and values[-1] > values[0]:
        return made(seen, "diverges", [Remark("batches.rising", said)])
    return made(seen, "hovers", [Remark("batches.hovers", said)])


def _balanced(seen: Watched) -> Diagnosis | None:
    """Weight decay: at rest where the gradient is not zero. Weighted rows: at rest where the weighted slopes cancel."""
    if seen.reweighted and comes_to_rest(seen):
        return made(seen, "converges", [Remark("reweighted", {"places": seen.places(seen.end), "move": float(seen.moves[-1])})], limit=seen.end)
    if "weight_decay" not in seen.stages or not comes_to_rest(seen) or seen.length <= FLAT * max(1.0, seen.first_length):
        return None
    return made(seen, "converges", [Remark("balanced", {"places": seen.places(seen.end), "length": seen.length})], limit=seen.end)


def _cyclic(seen: Watched) -> Diagnosis | None:
    """The same points again and again."""
    import numpy as np

    tail = seen.tail
    spread = float(np.ptp(tail, axis=0).max())
    if spread <= 1e-9 * seen.scale:
        return None
    for period in range(2, min(_LONGEST_PERIOD, (len(tail) - 1) // 3) + 1):
        gap = float(np.abs(tail[period:] - tail[:-period]).max())
        if gap <= 1e-6 * spread:
            points = tuple(seen.places(row) for row in tail[-period:].tolist()) if period <= 4 else ()
            said = {"period": period, "exactly": gap == 0, "points": points, "gap": gap, "width": spread, "n": seen.trace.steps, "one": len(seen.end) == 1}
            return made(seen, "cycles", [Remark("cycles.seen", said), _corner(seen)], period=period)
    return None


def _corner(seen: Watched) -> Remark | None:
    """The gradient jumps between the points of a cycle, however close they are: a corner, or a rate that is too large."""
    bound = local_bound(seen)
    if bound is not None and bound.values["above"]:
        return bound
    fixed = seen.trace.method.rate
    return Remark("cycles.smaller", {"rate": fixed}) if not fixed.free else None


def _without_minimum(seen: Watched) -> Diagnosis | None:
    """Moving on to an end where the value falls for ever, or towards a value that it never reaches."""
    import numpy as np

    if len(seen.moves) < 2 or seen.bounded_region:
        return None
    values = seen.values[-min(len(seen.values), 10) :]
    if not bool(np.all(np.diff(values) <= 0)) or values[-1] >= seen.values[0]:
        return None
    if len(seen.end) > 1:
        return _endless_line(seen)
    proven = no_lowest_value(seen)
    if proven is None or not proven.values["ahead"] or is_newton(seen):
        return None
    if proven.id == "none.approached":
        limit = evaluate(proven.values["value"], {})
        gap = float(seen.values[-1]) - limit
        if seen.length < _PLATEAU and gap > 0.05 * max(1.0, abs(limit)):
            return made(seen, "plateau", [Remark("plateau", {**progress(seen), **bend(seen)}), _vanishing(seen), proven])
    return made(seen, "no_minimum", [Remark("falls.on", progress(seen)), proven])


def _endless_line(seen: Watched) -> Diagnosis | None:
    """Several letters: the values along the last direction, as far as a million times the way gone."""
    import numpy as np

    way = np.array(seen.end) - seen.tail[0]
    length = float(np.linalg.norm(way))
    if not length > 0 or seen.length < _PLATEAU:
        return None
    unit, reach = way / length, max(float(np.linalg.norm(np.array(seen.end) - seen.trace.points[0])), 1.0)
    places = [(np.array(seen.end) + unit * reach * 10.0**k).tolist() for k in range(7)]
    values = [float(seen.values[-1]), *(seen.trace.objective.value(*place) for place in places)]
    if not all(map(math.isfinite, values)) or not all(one > other for one, other in pairwise(values)):
        return None
    drops = [one - other for one, other in pairwise(values)]
    if drops[-1] <= 2 * drops[-2]:
        return None
    return made(seen, "no_minimum", [Remark("falls.line", {**progress(seen), "far": reach * 1e6, "value": values[-1]})])


def _vanishing(seen: Watched) -> Remark | None:
    return Remark("vanishing", {"length": seen.length, "move": float(seen.moves[-1])})


def _flat(seen: Watched) -> Diagnosis | None:
    """A tiny gradient, a tiny curvature, and no stationary point near."""
    import numpy as np

    if not seen.length < _PLATEAU or seen.bounded_region or "weight_decay" in seen.stages:
        return None
    bends = bend(seen)
    if bends["bend"] is None or bends["bend"] > 10 * _PLATEAU:
        return None
    if not bool(np.all(np.diff(seen.values[-10:]) <= 0)):
        return None
    return made(seen, "plateau", [Remark("plateau", {**progress(seen), **bends}), _vanishing(seen)])


def _swinging(seen: Watched) -> Diagnosis | None:
    """Steps that turn back again and again and do not get shorter."""
    import numpy as np

    steps = np.diff(seen.tail, axis=0)
    if len(steps) < 6:
        return None
    back = np.sum(steps[1:] * steps[:-1], axis=1) < 0
    half = len(steps) // 2
    shrinking = seen.moves[half:].max() < 0.9 * seen.moves[:half].max()
    if back.mean() > 0.6:
        name = "shrinking" if shrinking else "going_on"
        return made(seen, "oscillates", [Remark(f"swings.{name}", {**progress(seen), "share": float(back.mean())}), local_bound(seen)])
    if not shrinking and len(steps) >= 20 and back.mean() > 0.2 and not bool(np.all(np.diff(seen.values[-20:]) <= 0)):
        return made(seen, "wanders", [Remark("wanders", progress(seen)), local_bound(seen)])
    return None


def _slow(seen: Watched) -> Diagnosis | None:
    """A rate far below what the curvature here allows, or one that a schedule has taken away."""
    rate = seen.trace.method.rate
    if rate.free:
        now = evaluate(rate, {"n": float(seen.trace.steps)})
        if seen.moves[-1] <= 1e-6 * seen.scale and seen.length > 1e3 * float(seen.moves[-1]):
            return made(seen, "crawls", [Remark("crawls.faded", {"rate": now, "n": seen.trace.steps}), Remark("underway", progress(seen))])
        return None
    local = local_bound(seen)
    if local is None or seen.length < 0.5 * seen.first_length or seen.rule is None:
        return None
    if float(seen.rule.rate) < 0.02 * local.values["bound"]:
        return made(seen, "crawls", [Remark("crawls.far_below", {**progress(seen), **local.values}), Remark("underway", progress(seen))], better=local.values["bound"] / 2)
    return None


__all__ = ["observed"]
