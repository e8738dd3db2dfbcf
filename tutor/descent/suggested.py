"""A learning rate where none is given: one that the curvature at the starts bears.

Plain descent is stable as long as the rate times the largest curvature stays below 2, and does not overshoot up to 1 (Nesterov, *Introductory
Lectures on Convex Optimization*, section 1.2.3). So the rate is 0.1, or where that is too much the next smaller one of 0.05, 0.02, 0.01, … that
keeps the product at 1 or below at the starts.

>>> from tutor.descent.objective import written
>>> [str(suggested_rate(written(text), [(4.0, 3.0)])) for text in ("x^2 + 2y^2", "x^2 + 20y^2")]
['0.1', '0.02']
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from tutor.descent.objective import Objective
from tutor.errors import RequestError
from tutor.form.reading import read
from tutor.form.tree import Form, Num

_LARGEST = "0.1"
_LADDER = (5, 2, 1)
_SMALLEST = 12
_MOST_LETTERS = 200


def suggested_rate(objective: Objective, points: Iterable[Sequence[float]]) -> Form:
    """The largest rate of 0.1, 0.05, 0.02, 0.01, … that times the largest curvature at the points is at most 1."""
    bend = max((_bend(objective, point) for point in points), default=0.0)
    if bend <= 10:
        return read(_LARGEST)
    return next(
        (Num(digit, places) for places in range(2, _SMALLEST) for digit in _LADDER if digit * bend <= 10.0**places), Num(1, _SMALLEST)
    )  # fmt: skip


def _bend(objective: Objective, point: Sequence[float]) -> float:
    """The size of the largest eigenvalue of the Hessian at a point; 0 where it is not known."""
    import numpy as np

    curvature = getattr(objective, "curvature", None)
    if curvature is None or len(point) > _MOST_LETTERS:
        return 0.0
    try:
        rows = np.array(curvature(*point)).reshape(len(point), len(point))
    except RequestError:
        return 0.0
    if not np.isfinite(rows).all():
        return 0.0
    found = float(np.abs(np.linalg.eigvalsh(rows)).max())
    return found if math.isfinite(found) else 0.0


__all__ = ["suggested_rate"]
