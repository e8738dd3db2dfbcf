"""Pictures as values: figures of panels, panels of lines and marks on two axes. What they show is decided in `panels`, how they look in `tutor.render`.

>>> Axis(("f",), 1.0, 100.0, "log").part(10.0)
0.5
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from tutor.descent.trace import Trace
from tutor.exposition.doc import Phrase

Scale = Literal["linear", "log", "symlog"]
"""symlog: linear up to 1 and logarithmic beyond, for both signs."""
Role = Literal["path", "function", "tangent", "series", "region"]
MOST_FRAMES = 400
"""Frames of an animation; the steps between them are left out."""
_FEWEST_FRAMES = 20


@dataclass(frozen=True, slots=True)
class Axis:
    """What is measured along a side, from where to where; `whole`: only integers are numbered."""

    label: Phrase
    low: float
    high: float
    scale: Scale = "linear"
    whole: bool = False

    def part(self, value: float) -> float:
        """Where a value lies between the low end (0) and the high end (1); nan where it has no place."""
        low, here, high = (stretched(one, self.scale) for one in (self.low, value, self.high))
        return (here - low) / (high - low)


def stretched(value: float, scale: Scale) -> float:
    """A value on its scale.

    >>> stretched(100.0, "log"), stretched(-1000.0, "symlog"), stretched(0.5, "symlog")
    (2.0, -4.0, 0.5)
    """
    if scale == "log":
        return math.log10(value) if value > 0 else math.nan
    if scale == "symlog" and abs(value) > 1:
        return math.copysign(1 + math.log10(abs(value)), value)
    return value


@dataclass(frozen=True, slots=True)
class Line:
    """Points in order. `style` numbers the colour and the sign, `numbers` are the steps that the points belong to."""

    role: Role
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    style: int = 0
    label: Phrase = ()
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """One place with a meaning: `start`, `end`, `bottom` (of a valley). The style −1 is that of no run."""

    kind: Literal["start", "end", "bottom"]
    x: float
    y: float
    style: int = 0
    label: Phrase = ()


@dataclass(frozen=True, slots=True)
class Relief:
    """The function over a window: values in rows from low to high (nan where there is none), and the heights of contour lines."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    values: tuple[tuple[float, ...], ...]
    levels: tuple[float, ...]

    @property
    def has_holes(self) -> bool:
        """Whether the function has no value somewhere in the window."""
        return any(math.isnan(value) for row in self.values for value in row)


@dataclass(frozen=True, slots=True)
class Panel:
    """One picture with its axes; `level`: both axes have the same scale."""

    kind: Literal["curve", "contour", "progress", "places", "rates"]
    horizontal: Axis
    vertical: Axis
    lines: tuple[Line, ...]
    marks: tuple[Mark, ...] = ()
    relief: Relief | None = None
    level: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """The numbers of one run, for a page that moves through them: one entry a kept step."""

    label: Phrase
    style: int
    numbers: tuple[int, ...]
    points: tuple[tuple[float, ...], ...]
    values: tuple[float, ...]
    lengths: tuple[float, ...]


@dataclass(frozen=True)
class Figure:
    """Everything that is drawn. `name` is what the function is called; `legend` says what the styles mean, `description` says in sentences what there is to see; values are shown from `floor`."""

    title: Phrase
    name: Phrase
    description: tuple[Phrase, ...]
    panels: tuple[Panel, ...]
    legend: tuple[tuple[int, Phrase], ...]
    letters: tuple[str, ...]
    traces: tuple[tuple[Phrase, int, Trace], ...]
    floor: float | None = None

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """The runs with their numbers, thinned to `MOST_FRAMES` steps or fewer."""
        frames = self.frames
        return tuple(_run(label, style, trace, [n for n in frames if n <= trace.steps]) for label, style, trace in self.traces)

    @cached_property
    def frames(self) -> tuple[int, ...]:
        """The numbers of the steps that are kept, for all runs together."""
        longest = max(trace.steps for _, _, trace in self.traces)
        most = max(_FEWEST_FRAMES, min(MOST_FRAMES, 12 * MOST_FRAMES // len(self.traces)))
        ends = {trace.steps for _, _, trace in self.traces}
        return tuple(sorted({*kept(longest, most), *(ends if len(ends) < most else ())}))


def _run(label: Phrase, style: int, trace: Trace, numbers: list[int]) -> Run:
    import numpy as np

    points = trace.points[numbers]
    with np.errstate(all="ignore"):
        lengths = np.linalg.norm(trace.objective.gradients(points), axis=1)
    return Run(label, style, tuple(numbers), tuple(map(tuple, points.tolist())), tuple(trace.objective.values(points).tolist()), tuple(lengths.tolist()))


def kept(last: int, most: int) -> list[int]:
    """Numbers from 0 to the last: all, or the first ones and then pairs of neighbours at even distances.

    >>> kept(5, 100), len(kept(1_000_000, 400)), kept(1_000_000, 400)[-2:]
    ([0, 1, 2, 3, 4, 5], 400, [999999, 1000000])
    """
    if last < most:
        return list(range(last + 1))
    head = most // 4
    pairs = (most - head) // 2
    later = [head + (last - 1 - head) * k // (pairs - 1) for k in range(pairs)]
    return sorted({*range(head), *later, *(n + 1 for n in later)})


__all__ = ["MOST_FRAMES", "Axis", "Figure", "Line", "Mark", "Panel", "Relief", "Role", "Run", "Scale", "kept", "stretched"]
