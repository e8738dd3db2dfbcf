"""Where a point may be: the border of a projection's region as a line through the plane.

>>> from tutor.descent.run import descend
>>> trace = descend("x^2 + y^2", start="x=1,y=1", rate="0.1", steps=3, project="l1(2)")
>>> [(line.xs, line.ys) for line in outline(trace, 3.0)]
[((2.0, 0.0, -2.0, 0.0, 2.0), (0.0, 2.0, 0.0, -2.0, 0.0))]
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from tutor.descent.trace import Trace
from tutor.exposition.plots.values import Line
from tutor.form.evaluate import evaluate

REGIONS = ("box", "linf", "l1", "l2", "simplex", "halfspace")
_ROUND = 96
"""Points of a circle."""


def is_confined(trace: Trace) -> bool:
    """Whether the point is kept somewhere, so that the bottom of the function may be out of its reach."""
    return any(stage.name in (*REGIONS, "mirror") for stage in trace.method.stages)


def outline(trace: Trace, far: float) -> Iterator[Line]:
    """The border, as far as a window reaches that holds no number larger than `far`."""
    for stage in trace.method.stages:
        if stage.name in REGIONS:
            settings = {name: value if isinstance(value, tuple) else (value,) for name, value in stage.settings.items()}
            corners = _corners(stage.name, {name: [evaluate(form, {}) for form in forms] for name, forms in settings.items()}, far)
            yield Line("region", tuple(float(x) for x, _ in corners), tuple(float(y) for _, y in corners))


def _corners(name: str, numbers: dict[str, list[float]], far: float) -> list[tuple[float, float]]:
    if name in ("box", "linf"):
        low, high = numbers["lower"][0], numbers["upper"][0]
        return [(low, low), (high, low), (high, high), (low, high), (low, low)]
    if name == "halfspace":
        (a, b), bound = numbers["normal"], numbers["bound"][0]
        x, y = a * bound / (a * a + b * b), b * bound / (a * a + b * b)
        length = 4 * (far + math.hypot(x, y)) / math.hypot(a, b)
        return [(x - b * length, y + a * length), (x + b * length, y - a * length)]
    radius = numbers["radius"][0]
    if name == "l2":
        return [(radius * math.cos(math.tau * k / _ROUND), radius * math.sin(math.tau * k / _ROUND)) for k in range(_ROUND + 1)]
    if name == "l1":
        return [(radius, 0), (0, radius), (-radius, 0), (0, -radius), (radius, 0)]
    return [(radius, 0), (0, radius)]


__all__ = ["REGIONS", "is_confined", "outline"]
