"""Newton's direction: the solution s of H s = g, so that x − s is where the quadratic model has its bottom.

Where H is not positive definite that place is no bottom and the step may climb; `damping` d solves (H + d·I) s = g instead
(Levenberg 1944; Nocedal & Wright, *Numerical Optimization*, section 3.3).

>>> from tutor.descent.objective import written
>>> from tutor.form.tree import ZERO
>>> newton_direction(written("x^2 + 2y^2"), {"damping": ZERO})(4.0, 3.0)
(4.0, 3.0)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from tutor.errors import RequestError
from tutor.form.evaluate import evaluate
from tutor.form.tree import Form

if TYPE_CHECKING:
    from tutor.descent.objective import Objective


def newton_direction(objective: Objective, settings: Mapping[str, Form]) -> Callable[..., tuple[float, ...]]:
    """The direction as a function of the point; nan where the system has no single solution. Raises `RequestError` without second derivatives."""
    curvature = getattr(objective, "curvature", None)
    if curvature is None:
        raise RequestError("method", "Newton's method needs second derivatives, which this objective does not give", advice="Choose another method.")
    damping, slopes, size = evaluate(settings["damping"], {}), objective.slopes, len(objective.letters)

    def direction(*point: float) -> tuple[float, ...]:
        entries, sides = curvature(*point), slopes(*point)
        rows = [[*entries[k * size : (k + 1) * size], sides[k]] for k in range(size)]
        for k in range(size):
            rows[k][k] += damping
        return _solved(rows)

    return direction


def _solved(rows: list[list[float]]) -> tuple[float, ...]:
    """Gauss's elimination with the largest pivot in each column."""
    size = len(rows)
    for k in range(size):
        pivot = max(range(k, size), key=lambda row: abs(rows[row][k]))
        rows[k], rows[pivot] = rows[pivot], rows[k]
        if rows[k][k] == 0 or math.isnan(rows[k][k]):
            return (math.nan,) * size
        for row in range(size):
            if row != k:
                factor = rows[row][k] / rows[k][k]
                rows[row] = [one - factor * other for one, other in zip(rows[row], rows[k], strict=True)]
    return tuple(rows[k][size] / rows[k][k] for k in range(size))


__all__ = ["newton_direction"]
