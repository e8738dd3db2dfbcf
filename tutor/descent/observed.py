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
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from tutor.calculus.optima.hessian import Hessian, second_derivatives
from tutor.calculus.optima.said import Remark, equals
from tutor.calculus.optima.spectrum import definite_everywhere
from tutor.calculus.optima.spread import everywhere_kind
from tutor.calculus.worked import Claim, equal, proved
from tutor.descent.curvature import Curvature, Rule, curvature, is_stochastic, rule_of
from tutor.descent.finding import SLOW, TOLERANCE, Diagnosis, Kind, kept
from tutor.descent.program import Program
from tutor.errors import RequestError
from tutor.form.evaluate import evaluate, holds
from tutor.form.numerals import number
from tutor.form.tree import ZERO, Form, Sym
from tutor.form.walk import substitute

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tutor.descent.trace import Trace

_TAIL = 40
"""So many of the last iterates are looked at."""
_HUGE = 1e100
_FLOOR = 1e-13
"""Distances below this part of the point's size are rounding."""
_LONGEST_PERIOD = 12
_NEWTON = 200
_SAMPLED, _WORK = 400, 40_000_000
"""So many values of a loss over data are looked at, and so many rows in all."""
_FLAT = 1e-6
"""A curvature so much smaller than the largest one (or than 1) decides nothing."""
_REGIONS = ("box", "linf", "l1", "l2", "simplex", "halfspace", "mirror")
_PLATEAU = 1e-3
_CONVEX, _SIZE = 3, 200
"""Letters, and nodes of second derivatives, up to which a function is tried for being convex everywhere."""


@dataclass(frozen=True)
class Watched:
    """A run with what is looked at again and again."""

    trace: Trace
    tolerance: float

    @cached_property
    def end(self) -> tuple[float, ...]:
        """The last point."""
        return tuple(self.trace.points[-1].tolist())

    @cached_property
    def scale(self) -> float:
        """The size of the last point, at least 1."""
        return max(1.0, *map(abs, self.end))

    @cached_property
    def chosen(self) -> NDArray[Any]:
        """The numbers of the iterates whose values are looked at: all of a written function, a sample where each value is a sum over data."""
        import numpy as np

        count, rows = len(self.trace.points), getattr(self.trace.objective, "rows", 1)
        most = max(_TAIL, min(_SAMPLED, _WORK // max(1, rows)))
        if self.trace.objective.formula is not None or count <= most:
            return np.arange(count)
        return np.unique(np.concatenate([np.linspace(0, count - 1, most).astype(int), np.arange(count - _TAIL, count)]))

    @cached_property
    def values(self) -> NDArray[Any]:
        """The values at the chosen iterates."""
        import numpy as np

        with np.errstate(all="ignore"):
            whole = len(self.chosen) == len(self.trace.points)
            return np.asarray(self.trace.values if whole else self.trace.objective.values(self.trace.points[self.chosen]))

    @cached_property
    def tail(self) -> NDArray[Any]:
        """The last iterates."""
        return self.trace.points[-(_TAIL + 1) :]

    @cached_property
    def moves(self) -> NDArray[Any]:
        """The lengths of the last steps."""
        import numpy as np

        with np.errstate(all="ignore"):
            return np.asarray(np.linalg.norm(np.diff(self.tail, axis=0), axis=1))

    @cached_property
    def lengths(self) -> NDArray[Any]:
        """The lengths of all gradients of a written function; of no other, which would cost a walk over the data each."""
        import numpy as np

        if self.trace.objective.formula is None:
            return np.array([])
        with np.errstate(all="ignore"):
            return np.asarray(self.trace.lengths)

    @cached_property
    def length(self) -> float:
        """The length of the gradient at the end."""
        slopes = self.trace.objective.slopes(*self.end)
        return math.hypot(*slopes) if all(map(math.isfinite, slopes)) else math.nan

    @cached_property
    def first_length(self) -> float:
        """The length of the gradient at the start."""
        return math.hypot(*self.trace.objective.slopes(*self.trace.points[0].tolist()))

    @cached_property
    def stages(self) -> tuple[str, ...]:
        """The names of the method's stages."""
        return tuple(stage.name for stage in self.trace.method.stages)

    @property
    def bounded_region(self) -> bool:
        """Whether each step ends in a region."""
        return any(name in _REGIONS for name in self.stages)

    @cached_property
    def rule(self) -> Rule | None:
        """The rule of the steps near the end, where it is linear; clipping that does nothing there is left out."""
        idle = [stage.name for stage in self.trace.method.stages if stage.name in ("clip_norm", "clip_value") and self._idle(stage.settings["c"])]
        return rule_of(self.trace, without=idle)

    def _idle(self, bound: Form | tuple[Form, ...]) -> bool:
        return isinstance(bound, Form) and self.length < evaluate(bound, {})

    @cached_property
    def rest(self) -> tuple[tuple[float, ...], Curvature] | None:
        """A stationary point near the end, with the curvature there."""
        return None if self.bounded_region or self.reweighted or "weight_decay" in self.stages else stationary_near(self.trace, self.end)

    @property
    def reweighted(self) -> bool:
        """Whether the steps follow the gradient of no function (rows weighted by their loss)."""
        return getattr(self.trace.objective, "temperature", None) is not None

    def places(self, point: Sequence[float]) -> tuple[tuple[str, float], ...]:
        """Letters with their values."""
        return tuple(zip(self.trace.letters, point, strict=True))


def observed(trace: Trace, tolerance: float = TOLERANCE) -> Diagnosis:
    """What the numbers of a run show."""
    seen = Watched(trace, tolerance)
    for judge in (_broken_off, _still, _escaping, _resting_in_region, _noisy, _balanced, _cyclic, _settled, _without_minimum, _flat, _swinging, _slow):
        found = judge(seen)
        if found is not None:
            return found
    return _made(seen, "underway", [Remark("underway", _progress(seen)), _local(seen)])


def _made(seen: Watched, kind: Kind, remarks: Sequence[Remark | None], *, certain: bool = False, **fields: Any) -> Diagnosis:
    return Diagnosis(kind, seen.trace, certain, kept(remarks), tolerance=seen.tolerance, **fields)


def _progress(seen: Watched) -> dict[str, Any]:
    """What the run has done so far."""
    return {
        "n": seen.trace.steps, "first": float(seen.values[0]), "last": float(seen.values[-1]), "length": seen.length, "first_length": seen.first_length,
        "places": seen.places(seen.end), "move": float(seen.moves[-1]) if len(seen.moves) else 0.0, "interrupted": seen.trace.stopped == "interrupted",
        "falls": bool(seen.values[-1] < seen.values[0]),
    }  # fmt: skip


# -- runs that end early -----------------------------------------------------------------------------


def _broken_off(seen: Watched) -> Diagnosis | None:
    """A point without a value or gradient, or numbers too large for floats."""
    import numpy as np

    trace, values = seen.trace, seen.values
    missing = np.nonzero(~np.isfinite(values))[0]
    if not len(missing) and trace.stopped not in ("undefined", "overflow"):
        return None
    if trace.stopped == "overflow" or (len(missing) and np.isinf(values[missing[0]])) or _is_huge(seen):
        return _blown_up(seen)
    if len(missing):
        n = int(seen.chosen[missing[0]])
        here = trace.points[n].tolist()
        said = {"n": n, "places": seen.places(here), "before": None if not n else seen.places(trace.points[n - 1].tolist()), "at_start": n == 0}
        return _made(seen, "left", [Remark("left.value", said, claims=()), Remark("left.advice", {}) if n else None], limit=tuple(here))
    if "newton" in seen.stages and math.isfinite(seen.length):
        return _made(seen, "singular", [Remark("singular", {"places": seen.places(seen.end), "n": trace.steps, "one": len(trace.letters) == 1})])
    gradient = math.isfinite(seen.length)
    said = {"n": trace.steps, "places": seen.places(seen.end)}
    return _made(seen, "left", [Remark("left.step" if gradient else "left.gradient", said), Remark("left.advice", {})], limit=seen.end)


def _is_huge(seen: Watched) -> bool:
    return seen.scale > _HUGE or (not seen.length < 1e150 and seen.scale > 1e15) or abs(float(seen.values[-1])) > 1e200


def _blown_up(seen: Watched) -> Diagnosis:
    """The numbers became too large: upwards, or downhill without end."""
    import numpy as np

    finite = seen.values[np.isfinite(seen.values)]
    falling = len(finite) > 1 and bool(np.all(np.diff(finite) < 0))
    lengths = seen.lengths[np.isfinite(seen.lengths)]
    exploding = _explodes(lengths)
    said = {
        "n": seen.trace.steps, "first": float(finite[0]) if len(finite) else math.nan, "last": float(finite[-1]) if len(finite) else math.nan,
        "first_length": float(lengths[0]) if len(lengths) else math.nan, "last_length": float(lengths[-1]) if len(lengths) else math.nan, "rate": _rate(seen),
    }  # fmt: skip
    remarks = [Remark("overflow", {"n": seen.trace.steps}), Remark("exploding", said) if exploding else None]
    if falling:
        proven = _one_letter(seen)
        return _made(seen, "no_minimum", [proven or Remark("falls.seen", said), *remarks], overflow=True, exploding=exploding)
    return _made(seen, "diverges", [Remark("diverges.seen", said), *remarks, _start_bound(seen)], overflow=True, exploding=exploding)


def _explodes(lengths: NDArray[Any]) -> bool:
    """Whether the gradient grew by larger and larger factors."""
    import numpy as np

    some = lengths[-5:]
    some = some[some > 0]
    if len(some) < 3:
        return False
    with np.errstate(all="ignore"):
        ratios = np.log(some[1:]) - np.log(some[:-1])
    return bool(np.all(ratios > math.log(10)) and np.all(np.diff(ratios) > 0))


def _rate(seen: Watched) -> Form | None:
    rate = seen.trace.method.rate
    return None if rate.free else rate


def _start_bound(seen: Watched) -> Remark | None:
    """For plain descent: the bound by the curvature at the start, beside the rate."""
    bent = curvature(seen.trace.objective, seen.trace.points[0].tolist())
    if seen.rule is None or seen.rule.name != "gd" or bent is None or bent.largest <= 0 or bent.quadratic:
        return None
    bound = 2 / bent.largest
    above = float(seen.rule.rate) > bound
    return Remark("bound_at_start", {"places": seen.places(seen.trace.points[0].tolist()), "largest": bent.largest, "bound": bound, "rate": _rate(seen), "above": above,
                                     "one": len(seen.end) == 1})  # fmt: skip


def _still(seen: Watched) -> Diagnosis | None:
    """No step, or steps of length zero."""
    if not seen.trace.steps:
        return _made(seen, "still", [Remark("no_steps", {"length": seen.length})])
    rate = _rate(seen)
    if rate is not None and evaluate(rate, {}) == 0:
        return _made(seen, "still", [Remark("rate_zero", {"length": seen.length})])
    return None


def _escaping(seen: Watched) -> Diagnosis | None:
    """Steps and values that grow to the end."""
    import numpy as np

    count = min(5, len(seen.moves))
    if count < 3 or is_stochastic(seen.trace):
        return None
    growing = bool(np.all(np.diff(seen.moves[-count:]) > 0)) and bool(np.all(np.diff(seen.values[-count:]) > 0))
    if not growing or seen.values[-1] <= seen.values[0] or seen.moves[-1] < 2 * seen.moves[-count]:
        return None
    said = {**_progress(seen), "rate": _rate(seen), "last_length": seen.length}
    exploding = _explodes(seen.lengths)
    return _made(seen, "diverges", [Remark("diverges.seen", said), Remark("exploding", said) if exploding else None, _start_bound(seen)], exploding=exploding)


# -- regions, batches, weight decay ------------------------------------------------------------------


def _resting_in_region(seen: Watched) -> Diagnosis | None:
    """A run with a projection, or with weights that are multiplied."""
    if not seen.bounded_region or is_stochastic(seen.trace) or not _comes_to_rest(seen):
        return None
    mirror = "mirror" in seen.stages
    if seen.length <= _FLAT * max(1.0, seen.first_length):
        return _made(seen, "converges", [Remark("inside", {"places": seen.places(seen.end), "length": seen.length})], limit=seen.end)
    slopes = seen.trace.objective.slopes(*seen.end)
    inner = mirror and max(slopes) - min(slopes) <= 1e-4 * max(1.0, *map(abs, slopes))
    name = "mirror_level" if inner else "mirror_edge" if mirror else "edge"
    if inner:
        return _made(seen, "converges", [Remark(f"boundary.{name}", {"places": seen.places(seen.end), "length": seen.length, "slope": slopes[0]})], limit=seen.end)
    return _made(seen, "boundary", [Remark(f"boundary.{name}", {"places": seen.places(seen.end), "length": seen.length, "gradient": seen.places(slopes)})], limit=seen.end)


def _comes_to_rest(seen: Watched) -> bool:
    """Steps that are tiny, or were much longer at the beginning of the run and still shrink."""
    import numpy as np

    last = float(seen.moves[-1])
    if last <= 1e-12 * seen.scale:
        return True
    most = float(np.linalg.norm(np.diff(seen.trace.points[: _TAIL + 1], axis=0), axis=1).max())
    return last <= 1e-6 * max(most, seen.scale) and bool(seen.moves[-1] <= seen.moves[0])


def _noisy(seen: Watched) -> Diagnosis | None:
    """Steps by batches: only what the mean of the values shows."""
    import numpy as np

    if not is_stochastic(seen.trace):
        return None
    if seen.length <= _FLAT * max(1.0, seen.first_length):
        return _made(seen, "converges", [Remark("batches.arrived", {"places": seen.places(seen.end), "length": seen.length, "n": seen.trace.steps})], limit=seen.end)
    values = seen.values
    quarter = max(1, len(values) // 4)
    before, after = values[-2 * quarter : -quarter], values[-quarter:]
    said = {**_progress(seen), "before": float(before.mean()) if len(before) else math.nan, "after": float(after.mean()), "spread": float(after.std())}
    if len(values) < 20:
        return _made(seen, "underway", [Remark("underway", said)])
    gap = said["before"] - said["after"]
    noise = float(np.std(np.concatenate([before, after]))) / math.sqrt(quarter) * 3
    if gap > max(noise, 1e-3 * abs(said["after"])):
        return _made(seen, "underway", [Remark("batches.falling", said)])
    if gap < -max(noise, 1e-3 * abs(said["before"])) and values[-1] > values[0]:
        return _made(seen, "diverges", [Remark("batches.rising", said)])
    return _made(seen, "hovers", [Remark("batches.hovers", said)])


def _balanced(seen: Watched) -> Diagnosis | None:
    """Weight decay: at rest where the gradient is not zero. Weighted rows: at rest where the weighted slopes cancel."""
    if seen.reweighted and _comes_to_rest(seen):
        return _made(seen, "converges", [Remark("reweighted", {"places": seen.places(seen.end), "move": float(seen.moves[-1])})], limit=seen.end)
    if "weight_decay" not in seen.stages or not _comes_to_rest(seen) or seen.length <= _FLAT * max(1.0, seen.first_length):
        return None
    return _made(seen, "converges", [Remark("balanced", {"places": seen.places(seen.end), "length": seen.length})], limit=seen.end)


# -- at or near a stationary point -------------------------------------------------------------------


def stationary_near(trace: Trace, point: Sequence[float]) -> tuple[tuple[float, ...], Curvature] | None:
    """Where Newton's method leads from a point, if its steps end; with the curvature there."""
    import numpy as np

    objective, here = trace.objective, np.array(point, dtype=float)
    if len(here) > 10:
        return None
    first = here.copy()
    lengths: list[float] = []
    for _ in range(_NEWTON):
        bent = _matrix(trace, here)
        slope = np.array(objective.slopes(*here.tolist()))
        if bent is None or not np.isfinite(slope).all():
            return None
        if float(np.abs(slope).max()) == 0:
            if not bent.any() and lengths and lengths[-1] > 0.5 * max(lengths):
                return None  # steps that never got shorter have run into a slope too small for floats
            lengths.append(0.0)
            break
        step = np.linalg.lstsq(bent, slope, rcond=1e-12)[0]
        lengths.append(float(np.linalg.norm(step)))
        if lengths[-1] > 1e3 * (1 + float(np.linalg.norm(first))):
            return None
        here = here - step
        if lengths[-1] <= _FLOOR * (1 + float(np.linalg.norm(here))):
            break
    if lengths and lengths[-1] > 1e-9 * (1 + float(np.linalg.norm(here))):
        return None
    found = _snapped(trace, here)
    left, bent_there = np.array(objective.slopes(*found)), curvature(objective, found)
    if bent_there is None or not np.isfinite(left).all():
        return None
    steep = max(1.0, abs(bent_there.largest), abs(bent_there.smallest))
    return (found, bent_there) if float(np.linalg.norm(left)) <= 1e-8 * steep else None


def _matrix(trace: Trace, point: NDArray[Any]) -> NDArray[Any] | None:
    import numpy as np

    bends = getattr(trace.objective, "curvature", None)
    size = len(point)
    if bends is not None:
        rows = np.array(bends(*point.tolist())).reshape(size, size)
    else:
        found = curvature(trace.objective, point.tolist())
        if found is None:
            return None
        rows = np.array(found.matrix)
    return rows if np.isfinite(rows).all() else None


def _snapped(trace: Trace, point: NDArray[Any]) -> tuple[float, ...]:
    """The point with few digits, where the gradient is no longer there."""
    exact = tuple(float(part) for part in point)
    short = tuple(round(part, 7) + 0.0 for part in exact)
    slopes = [trace.objective.slopes(*place) for place in (exact, short)]
    lengths = [math.hypot(*one) if all(map(math.isfinite, one)) else math.inf for one in slopes]
    return short if lengths[1] <= lengths[0] * 1.01 else exact


def shape_at(trace: Trace, point: Sequence[float], bent: Curvature) -> str:
    """minimum, valley, saddle, maximum, terrace (one letter), or open, of a stationary point: by the eigenvalues, where those are zero by values around it."""
    import numpy as np

    least = _FLAT * max(1.0, abs(bent.largest), abs(bent.smallest))
    sizes, turns = np.linalg.eigh(np.array(bent.matrix))
    up, down = bool((sizes > least).any()), bool((sizes < -least).any())
    if up and down:
        return "saddle"
    flat = [turns[:, k] for k in range(len(sizes)) if abs(sizes[k]) <= least]
    if not flat:
        return "minimum" if up else "maximum"
    here, signs = trace.objective.value(*point), set()
    for direction in flat:
        for width in (0.01, 0.03, 0.1):
            for side in (1, -1):
                rise = trace.objective.value(*(np.array(point) + side * width * direction).tolist()) - here
                signs.add(0 if abs(rise) <= 1e-13 * max(1.0, abs(here)) else 1 if rise > 0 else -1)
    if up:
        signs.add(1)
    if down:
        signs.add(-1)
    if signs == {1}:
        return "minimum"
    if {1, -1} <= signs:
        return "terrace" if len(point) == 1 else "saddle"
    return "maximum" if signs == {-1} else "valley" if -1 not in signs else "open"


def _settled(seen: Watched) -> Diagnosis | None:
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
        no_bottom = _one_letter(seen)
        return _made(seen, kind, [Remark(f"at.{shape}", place), _leaving(seen, bent) if shape == "saddle" else None, no_bottom], **fields)
    if exact is not None:
        return _made(seen, "arrived", [exact, _bottom(seen, shape), _bends(seen, bent)], certain=True, **{**fields, "within": exact.values["n"], "more": 0, "factor": None})
    within = _from_then_on(distances, seen.tolerance)
    more = 0 if within is not None else None if flat else _estimate(last, factor, seen.tolerance)
    fields |= {"within": within, "more": more, "about": within is None}
    slow = within is None and ((factor is None and not _newton(seen)) or (factor or 0) > 10 ** (-1 / SLOW)) and last > seen.tolerance
    kind = "oscillates" if _alternates(seen, point) and not near else "crawls" if slow else "converges"
    local, cause = _predicted_factor(seen, bent, shape), _crawl_cause(seen, bent, shape) if kind == "crawls" else None
    told = cause is not None and "condition" in cause.values
    remarks = [Remark(f"{kind}.seen", place), local, cause, _bottom(seen, shape), None if told else _bends(seen, bent, told=local is not None)]
    said = {"tolerance": seen.tolerance, "n": within, "more": more, "total": None if more is None else seen.trace.steps + more}
    remarks.append(Remark("within", said) if within is not None else Remark("more_about", said) if more is not None else None)
    better = 2 / (bent.lowest_positive.size + bent.largest) if _plain(seen) and shape == "minimum" and bent.lowest_positive is not None and not _is_flat(bent, shape) else None
    return _made(seen, kind, remarks, better=better, **fields)


def _plain(seen: Watched) -> bool:
    return seen.rule is not None and seen.rule.name == "gd" and not seen.rule.decay


def _is_flat(bent: Curvature, shape: str) -> bool:
    """Whether a minimum has a direction without curvature."""
    return shape in ("minimum", "valley", "terrace") and bent.smallest <= _FLAT * max(1.0, abs(bent.largest))


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
    zero = np.nonzero(seen.lengths[:_TAIL] == 0)[0]
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
            "rate": _rate(seen), "name": seen.rule.name}  # fmt: skip
    return Remark("local_factor", said)


def _crawl_cause(seen: Watched, bent: Curvature, shape: str) -> Remark | None:
    if _is_flat(bent, shape):
        return Remark("crawls.flat", {"one": len(seen.end) == 1})
    if seen.trace.method.rate.free:
        return Remark("crawls.schedule", {"rate": evaluate(seen.trace.method.rate, {"n": float(seen.trace.steps)}), "n": seen.trace.steps})
    if not _plain(seen) or bent.lowest_positive is None:
        return None
    condition, best = bent.largest / bent.lowest_positive.size, 2 / (bent.lowest_positive.size + bent.largest)
    left = (condition - 1) / (condition + 1)
    assert seen.rule is not None
    if float(seen.rule.rate) < best / 2 and condition < 100:
        return Remark("crawls.rate_near", {"rate": _rate(seen), "better": best, "factor": left, "one": len(seen.end) == 1})
    return Remark("crawls.condition", {"condition": condition, "factor": left, "better": best, "digit": math.ceil(math.log(10) / -math.log(left)) if 0 < left < 1 else None})


def _newton(seen: Watched) -> bool:
    return "newton" in seen.stages


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


def _local(seen: Watched) -> Remark | None:
    """The Hessian at the last point, and for plain descent the bound it gives there."""
    bent = curvature(seen.trace.objective, seen.end)
    if bent is None or bent.largest <= 0 or not _plain(seen) or bent.quadratic or seen.reweighted:
        return None
    assert seen.rule is not None
    return Remark("local_bound", {"places": seen.places(seen.end), "largest": bent.largest, "bound": 2 / bent.largest, "rate": _rate(seen), "above": float(seen.rule.rate) > 2 / bent.largest,
                                  "one": len(seen.end) == 1})  # fmt: skip


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


# -- cycles, falls, plateaus -------------------------------------------------------------------------


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
            return _made(seen, "cycles", [Remark("cycles.seen", said), _corner(seen)], period=period)
    return None


def _corner(seen: Watched) -> Remark | None:
    """The gradient jumps between the points of a cycle, however close they are: a corner, or a rate that is too large."""
    bound = _local(seen)
    if bound is not None and bound.values["above"]:
        return bound
    fixed = seen.trace.method.rate
    return Remark("cycles.smaller", {"rate": fixed}) if not fixed.free else None


def _one_letter(seen: Watched) -> Remark | None:
    """What the critical points and limits of a function of one letter say about the lowest value: that there is none.

    The value `ahead` says whether the run moves towards the end in question, with no critical point on the way.
    """
    formula = seen.trace.objective.formula
    if formula is None or len(seen.trace.letters) != 1 or formula.size > 200:
        return None
    from tutor.calculus.optima.critical import critical_points

    (letter,) = seen.trace.letters
    try:
        found = critical_points(formula, (letter,), seconds=2.0)
    except RequestError:
        return None
    for remark in found.overall:
        if remark.id in ("lowest_infinite", "lowest_approached") and remark.values.get("where") is None:
            turns = [evaluate(one.point[letter], {}) for one in found.points if letter in one.point and not one.family]
            said = {**remark.values, "letter": Sym(letter), "ahead": _heads_for(seen, [end for end, _ in remark.values["ends"]], turns)}
            return Remark(f"none.{remark.id.partition('_')[2]}", said, claims=remark.claims)
    return None


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
    proven = _one_letter(seen)
    if proven is None or not proven.values["ahead"] or _newton(seen):
        return None
    if proven.id == "none.approached":
        limit = evaluate(proven.values["value"], {})
        gap = float(seen.values[-1]) - limit
        if seen.length < _PLATEAU and gap > 0.05 * max(1.0, abs(limit)):
            return _made(seen, "plateau", [Remark("plateau", {**_progress(seen), **_bend(seen)}), _vanishing(seen), proven])
    return _made(seen, "no_minimum", [Remark("falls.on", _progress(seen)), proven])


def _heads_for(seen: Watched, ends: Sequence[Form], turns: Sequence[float]) -> bool:
    """Whether the run moves towards one of the ends, with no critical point between."""
    if len(seen.tail) < 2:
        return False
    here = seen.end[0]
    direction = here - float(seen.tail[-2][0])
    for end in ends:
        place = _place(end)
        if (place - here) * direction > 0 and not any(min(place, here) < turn < max(place, here) for turn in turns):
            return True
    return False


def _place(end: Form) -> float:
    text = str(end)
    return -math.inf if text == "-infinity" else math.inf if text == "infinity" else evaluate(end, {})


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
    return _made(seen, "no_minimum", [Remark("falls.line", {**_progress(seen), "far": reach * 1e6, "value": values[-1]})])


def _bend(seen: Watched) -> dict[str, Any]:
    bent = curvature(seen.trace.objective, seen.end)
    return {"bend": None if bent is None else max(abs(one.size) for one in bent.values), "one": len(seen.end) == 1}


def _vanishing(seen: Watched) -> Remark | None:
    return Remark("vanishing", {"length": seen.length, "move": float(seen.moves[-1])})


def _flat(seen: Watched) -> Diagnosis | None:
    """A tiny gradient, a tiny curvature, and no stationary point near."""
    import numpy as np

    if not seen.length < _PLATEAU or seen.bounded_region or "weight_decay" in seen.stages:
        return None
    bend = _bend(seen)
    if bend["bend"] is None or bend["bend"] > 10 * _PLATEAU:
        return None
    if not bool(np.all(np.diff(seen.values[-10:]) <= 0)):
        return None
    return _made(seen, "plateau", [Remark("plateau", {**_progress(seen), **bend}), _vanishing(seen)])


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
        return _made(seen, "oscillates", [Remark(f"swings.{name}", {**_progress(seen), "share": float(back.mean())}), _local(seen)])
    if not shrinking and len(steps) >= 20 and back.mean() > 0.2 and not bool(np.all(np.diff(seen.values[-20:]) <= 0)):
        return _made(seen, "wanders", [Remark("wanders", _progress(seen)), _local(seen)])
    return None


def _slow(seen: Watched) -> Diagnosis | None:
    """A rate far below what the curvature here allows, or one that a schedule has taken away."""
    rate = seen.trace.method.rate
    if rate.free:
        now = evaluate(rate, {"n": float(seen.trace.steps)})
        if seen.moves[-1] <= 1e-6 * seen.scale and seen.length > 1e3 * float(seen.moves[-1]):
            return _made(seen, "crawls", [Remark("crawls.faded", {"rate": now, "n": seen.trace.steps}), Remark("underway", _progress(seen))])
        return None
    local = _local(seen)
    if local is None or seen.length < 0.5 * seen.first_length or seen.rule is None:
        return None
    if float(seen.rule.rate) < 0.02 * local.values["bound"]:
        return _made(seen, "crawls", [Remark("crawls.far_below", {**_progress(seen), **local.values}), Remark("underway", _progress(seen))], better=local.values["bound"] / 2)
    return None


__all__ = ["Watched", "observed", "shape_at", "stationary_near"]
