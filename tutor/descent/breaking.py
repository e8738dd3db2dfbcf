"""Runs that break off or blow up: a point without a value or gradient, numbers too large for floats, steps that only grow.

>>> from tutor.descent.run import descend
>>> from tutor.descent.watched import Watched
>>> broken_off(Watched(descend("ln(x)", start="x=1", rate="0.1", steps=50), 1e-6)).kind
'left'
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from tutor.calculus.optima.said import Remark
from tutor.descent.curvature import curvature, is_stochastic
from tutor.descent.finding import Diagnosis
from tutor.descent.watched import Watched, fixed_rate, made, no_lowest_value, progress
from tutor.form.evaluate import evaluate

if TYPE_CHECKING:
    from numpy.typing import NDArray


_HUGE = 1e100
"""Coordinates beyond this are on their way out of the floats."""

def broken_off(seen: Watched) -> Diagnosis | None:
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
        return made(seen, "left", [Remark("left.value", said, claims=()), Remark("left.advice", {}) if n else None], limit=tuple(here))
    if "newton" in seen.stages and math.isfinite(seen.length):
        return made(seen, "singular", [Remark("singular", {"places": seen.places(seen.end), "n": trace.steps, "one": len(trace.letters) == 1})])
    gradient = math.isfinite(seen.length)
    said = {"n": trace.steps, "places": seen.places(seen.end)}
    return made(seen, "left", [Remark("left.step" if gradient else "left.gradient", said), Remark("left.advice", {})], limit=seen.end)


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
        "first_length": float(lengths[0]) if len(lengths) else math.nan, "last_length": float(lengths[-1]) if len(lengths) else math.nan, "rate": fixed_rate(seen),
    }  # fmt: skip
    remarks = [Remark("overflow", {"n": seen.trace.steps}), Remark("exploding", said) if exploding else None]
    if falling:
        proven = no_lowest_value(seen)
        return made(seen, "no_minimum", [proven or Remark("falls.seen", said), *remarks], overflow=True, exploding=exploding)
    return made(seen, "diverges", [Remark("diverges.seen", said), *remarks, _start_bound(seen)], overflow=True, exploding=exploding)


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


def _start_bound(seen: Watched) -> Remark | None:
    """For plain descent: the bound by the curvature at the start, beside the rate."""
    bent = curvature(seen.trace.objective, seen.trace.points[0].tolist())
    if seen.rule is None or seen.rule.name != "gd" or bent is None or bent.largest <= 0 or bent.quadratic:
        return None
    bound = 2 / bent.largest
    above = float(seen.rule.rate) > bound
    return Remark("bound_at_start", {"places": seen.places(seen.trace.points[0].tolist()), "largest": bent.largest, "bound": bound, "rate": fixed_rate(seen), "above": above,
                                     "one": len(seen.end) == 1})  # fmt: skip


def still(seen: Watched) -> Diagnosis | None:
    """No step, or steps of length zero."""
    if not seen.trace.steps:
        return made(seen, "still", [Remark("no_steps", {"length": seen.length})])
    rate = fixed_rate(seen)
    if rate is not None and evaluate(rate, {}) == 0:
        return made(seen, "still", [Remark("rate_zero", {"length": seen.length})])
    return None


def escaping(seen: Watched) -> Diagnosis | None:
    """Steps and values that grow to the end."""
    import numpy as np

    count = min(5, len(seen.moves))
    if count < 3 or is_stochastic(seen.trace):
        return None
    growing = bool(np.all(np.diff(seen.moves[-count:]) > 0)) and bool(np.all(np.diff(seen.values[-count:]) > 0))
    if not growing or seen.values[-1] <= seen.values[0] or seen.moves[-1] < 2 * seen.moves[-count]:
        return None
    said = {**progress(seen), "rate": fixed_rate(seen), "last_length": seen.length}
    exploding = _explodes(seen.lengths)
    return made(seen, "diverges", [Remark("diverges.seen", said), Remark("exploding", said) if exploding else None, _start_bound(seen)], exploding=exploding)


__all__ = ["broken_off", "escaping", "still"]
