"""The ground under runs: a window round the iterates, the function sampled in it, heights for contour lines, the lowest place nearby.

A run that flies apart would make every window useless: its last step is longer than all others together. Such a run is seen
from its beginning; the window then holds the iterates that stay within a few lengths of the first two steps. Heights of contour
lines are the heights at the ranks of the sampled ones (each band covers the same part of the picture); where a narrow
valley leaves nothing between them, they grow geometrically from the bottom.

>>> from tutor.descent.run import descend
>>> calm = descend("x^2 + 2y^2", start="x=4,y=3", rate="0.1", steps=20)
>>> shown(calm.points), [[round(side, 2) for side in sides] for sides in window([calm.points])]
(21, [[-0.43, 4.47], [-0.36, 3.36]])
>>> shown(descend("x^2", start="x=1", rate="1.5", steps=100).points)
4
>>> [round(part, 6) for part in lowest(calm.objective, (4.0, 3.0))]
[0.0, 0.0]
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tutor.descent.objective import Objective

Sides = tuple[float, float]
_MARGIN = 0.12
_FLIGHT = 4.0
"""A run that flies apart is shown as far as so many lengths of its first two steps."""
_SURGE = 3.0
"""A last step so many times as long as the middle one is that of a run that flies apart."""
_SIMILAR = 8.0
"""Sides of a window that differ by no more than this factor get the same scale."""
_SQUAT = 0.62
"""The shorter side of a window with one scale, as a part of the longer."""
_NEWTON_STEPS = 100
_MOST_LETTERS = 30
"""More second derivatives than this takes are not computed for a picture."""
_WORK = 40_000_000
"""Rows of data times points: what a picture may cost."""
_COARSEST = 15
"""Points of the side of a grid, at least."""


def shown(points: NDArray[Any]) -> int:
    """How many of a run's iterates a window can hold: all of them, or those before it flies apart."""
    import numpy as np

    if len(points) < 4:
        return len(points)
    with np.errstate(over="ignore"):
        moves = np.abs(np.diff(points, axis=0)).max(axis=1)
        reach = np.maximum.accumulate(np.abs(points - points[0]).max(axis=1))
        home = max(float(reach[2]), 1e-12 * float(np.abs(points[0]).max()))
        if not (moves[-1] > _SURGE * np.median(moves) and reach[-1] > _FLIGHT * home):
            return len(points)
        return max(3, int(np.searchsorted(reach, _FLIGHT * home, side="right")))


def window(paths: Sequence[NDArray[Any]], places: Sequence[Sequence[float]] = (), *, margin: float = _MARGIN) -> tuple[Sides, ...]:
    """The sides of a box that holds what can be shown of the paths; a run that flies apart does not stretch the window of calm ones.

    `places` are held too where they are not far away. No side is empty.
    """
    import numpy as np

    calm = [path for path in paths if shown(path) == len(path)] or [path[: shown(path)] for path in paths]
    inside = np.concatenate(calm)
    low, high = inside.min(axis=0), inside.max(axis=0)
    reach = max(float((high - low).max()), 1e-9)
    for place in places:
        if bool(np.all((np.asarray(place) > low - 1.5 * reach) & (np.asarray(place) < high + 1.5 * reach))):
            low, high = np.minimum(low, place), np.maximum(high, place)
    size = high - low
    widest = float(size.max())
    if widest <= 1e-9 * max(1.0, float(np.abs(high).max())):
        widest = max(1.0, float(np.abs(high).max()) / 2)
    size = np.where(size < widest * 1e-6, widest * 0.5, size * (1 + 2 * margin))
    middle = (low + high) / 2
    return tuple((float(m - s / 2), float(m + s / 2)) for m, s in zip(middle, size, strict=True))


def levelled(sides: Sequence[Sides]) -> tuple[tuple[Sides, ...], bool]:
    """Two sides with the same scale where they are alike, the shorter one lengthened; and whether they are.

    With one scale for both letters a gradient stands at right angles on the contour line.

    >>> levelled([(0, 10), (0, 4)]), levelled([(0, 1000), (0, 1)])[1]
    ((((0, 10), (-1.1, 5.1)), True), False)
    """
    sizes = [high - low for low, high in sides]
    if max(sizes) > _SIMILAR * min(sizes):
        return tuple(sides), False
    least = _SQUAT * max(sizes)
    return tuple((low, high) if high - low >= least else ((low + high - least) / 2, (low + high + least) / 2) for low, high in sides), True


def affordable(objective: Objective, fewest: int, most: int) -> int:
    """At how many points a picture may ask for the value: fewer where each value is a sum over many rows of data."""
    rows = getattr(objective, "rows", 1) if getattr(objective, "quadratic", None) is None else 1
    return max(fewest, min(most, _WORK // max(rows, 1)))


def finest(objective: Objective, most: int, letters: int) -> int:
    """How many points a side of a grid over so many letters may have."""
    points = affordable(objective, _COARSEST**letters, most**letters)
    return points if letters == 1 else math.isqrt(points)


def sampled(objective: Objective, sides: Sequence[Sides], count: int) -> tuple[tuple[NDArray[Any], ...], NDArray[Any]]:
    """The places along each side, and the values there: a row, or a grid whose first index belongs to the second letter. nan where there is none."""
    import numpy as np

    axes = tuple(np.linspace(low, high, count) for low, high in sides)
    grid = np.meshgrid(*axes, indexing="xy")
    with np.errstate(all="ignore"):
        values = np.asarray(objective.values(np.stack([part.ravel() for part in grid], axis=1)), dtype=float).reshape(grid[0].shape)
    return axes, np.where(np.isfinite(values), values, np.nan)


def heights(values: NDArray[Any], count: int = 11) -> tuple[float, ...]:
    """Heights of contour lines, rising, as short numbers; none where all values are the same."""
    import numpy as np

    found = np.sort(values[np.isfinite(values)])
    if not len(found) or found[-1] - found[0] <= 1e-12 * max(1.0, abs(float(found[-1]))):
        return ()
    low, high = float(found[0]), float(found[-1])
    ranks = np.quantile(found, np.linspace(0, 1, count + 2)[1:-1])
    first = float(ranks[0]) - low
    if high - low > 60 * (float(np.median(found)) - low):
        ranks = low + np.geomspace(max(first / 50, (high - low) * 1e-7), (high - low) * 0.6, count)
    elif (high - low) < 40 * first:
        return _even(low, high, count)
    return _short(low, [float(rank) for rank in ranks], high)


def _even(low: float, high: float, count: int) -> tuple[float, ...]:
    """The multiples of a round number between two numbers.

    >>> _even(0.3, 10.4, 10)
    (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0)
    """
    raw = (high - low) / (count + 1)
    power = 10.0 ** math.floor(math.log10(raw))
    step = min((1, 2, 2.5, 5, 10), key=lambda factor: abs(math.log(factor * power / raw))) * power
    return tuple(round(k * step, 12 - math.floor(math.log10(step))) for k in range(math.ceil(low / step + 1e-9), math.ceil(high / step - 1e-9)))


def _short(low: float, ranks: Sequence[float], high: float) -> tuple[float, ...]:
    """The heights rounded to as few digits as keep them apart."""
    gaps = [after - before for before, after in pairwise([low, *ranks])]
    found = [round(rank, 1 - math.floor(math.log10(gap))) if gap > 0 else rank for rank, gap in zip(ranks, gaps, strict=True)]
    two = [float(f"{rank:.2g}") for rank in ranks]
    found = two if all(one < other for one, other in pairwise(two)) else found
    return tuple(sorted({height for height in found if low < height < high}))


def lowest(objective: Objective, start: Sequence[float]) -> tuple[float, ...] | None:
    """The bottom of the valley that holds a point: damped Newton steps downhill (negative curvature reversed), or None where there is none.

    Only for objectives that give second derivatives. A place counts as a bottom where the gradient vanishes and no curvature is negative.
    """
    import numpy as np

    curvature = getattr(objective, "curvature", None)
    size = len(objective.letters)
    if curvature is None or size > _MOST_LETTERS or getattr(objective, "temperature", None) is not None:
        return None
    point, value = np.array(start, dtype=float), objective.value(*start)
    steepest = 0.0
    for _ in range(_NEWTON_STEPS):
        slope = np.array(objective.slopes(*point.tolist()))
        bend = np.array(curvature(*point.tolist())).reshape(size, size)
        if not (math.isfinite(value) and np.isfinite(slope).all() and np.isfinite(bend).all()):
            return None
        length = float(np.linalg.norm(slope))
        bends, turns = np.linalg.eigh((bend + bend.T) / 2)
        largest = float(np.abs(bends).max())
        # What counts as no slope is measured by the slope and the bend at the start: on the way to a pole they grow.
        steepest = steepest or max(length, largest * max(1e-3, float(np.abs(point).max())))
        if length <= 1e-13 * steepest:
            return _bottom(objective, point, value, turns, float(np.abs(point - start).max()))
        step = turns @ ((turns.T @ slope) / np.maximum(np.abs(bends), max(1e-9 * largest, 1e-300)))
        found = _shortened(objective, point, value, step, float(slope @ step))
        if found is None:  # no step gets lower: the place is as flat as floats can tell, or it is no valley
            flat = length <= 1e-6 * steepest
            return _bottom(objective, point, value, turns, float(np.abs(point - start).max())) if flat else None
        point, value = found
    return None


def _bottom(objective: Objective, point: NDArray[Any], value: float, turns: NDArray[Any], way: float) -> tuple[float, ...] | None:
    """The point, if no place beside it along the axes of curvature is lower: x³ is flat at 0 and has no bottom there."""
    beside = 1e-3 * max(way, 1e-3 * max(1.0, float(abs(point).max())))
    rounding = 1e-13 * max(abs(value), 1e-290)
    places = [point + side * beside * turn for turn in turns.T for side in (1, -1)]
    return None if any(objective.value(*there.tolist()) < value - rounding for there in places) else tuple(point.tolist())


def _shortened(objective: Objective, point: NDArray[Any], value: float, step: NDArray[Any], promised: float) -> tuple[NDArray[Any], float] | None:
    """The step halved until the value falls by a part of what the slope promises (Armijo's rule)."""
    part = 1.0
    for _ in range(50):
        there = point - part * step
        found = objective.value(*there.tolist())
        if found <= value - 1e-4 * part * promised and bool((there != point).any()):
            return there, found
        part /= 2
    return None


__all__ = ["Sides", "affordable", "finest", "heights", "levelled", "lowest", "sampled", "shown", "window"]
