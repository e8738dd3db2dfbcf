"""Where a run could come to rest: the stationary point to which Newton's method leads from its last point, and what kind of place that is.

The Hessian decides where its eigenvalues do; along directions without curvature the values around the point do.

>>> from tutor.descent.run import descend
>>> trace = descend("x^4 + y^2", start="x=1,y=1", rate="0.1", steps=20)
>>> point, bent = stationary_near(trace, trace.last.point)
>>> point, shape_at(trace, point, bent)
((0.0, 0.0), 'minimum')
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tutor.descent.curvature import Curvature, curvature

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tutor.descent.trace import Trace

FLAT = 1e-6
"""A curvature so much smaller than the largest one (or than 1) decides nothing."""
_FLOOR = 1e-13
"""Steps below this part of the point's size are rounding."""
_NEWTON = 200
"""So many of Newton's steps are tried."""
_MOST = 10
"""Letters up to which that is done."""

def stationary_near(trace: Trace, point: Sequence[float]) -> tuple[tuple[float, ...], Curvature] | None:
    """Where Newton's method leads from a point, if its steps end; with the curvature there."""
    import numpy as np

    objective, here = trace.objective, np.array(point, dtype=float)
    if len(here) > _MOST:
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
    short = tuple(round(part, 6) + 0.0 for part in exact)
    slopes = [trace.objective.slopes(*place) for place in (exact, short)]
    lengths = [math.hypot(*one) if all(map(math.isfinite, one)) else math.inf for one in slopes]
    return short if lengths[1] <= lengths[0] * 1.01 else exact


def shape_at(trace: Trace, point: Sequence[float], bent: Curvature) -> str:
    """minimum, valley, saddle, maximum, terrace (one letter), or open, of a stationary point: by the eigenvalues, where those are zero by values around it."""
    import numpy as np

    least = FLAT * max(1.0, abs(bent.largest), abs(bent.smallest))
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


__all__ = ["FLAT", "shape_at", "stationary_near"]
