"""The panels of a picture: the contour with its paths, the curve with its tangents, values against the step, a letter against the step, values against the rate."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from tutor.descent.landscape import Sides, finest, heights, levelled, sampled
from tutor.exposition.phrases import PHRASES
from tutor.exposition.plots.ground import Course, Ground, Measure
from tutor.exposition.plots.regions import outline
from tutor.exposition.plots.values import Axis, Line, Mark, Panel, Relief
from tutor.form.evaluate import evaluate
from tutor.form.tree import Sym

if TYPE_CHECKING:
    from numpy.typing import NDArray

say = PHRASES.say
_GRID = 121
_TANGENTS = 4
TANGENT = 0.16
"""Half the length of a tangent, as a part of the picture's width."""
_APART = 0.04
"""Places closer than this part of the width share a tangent."""
_BEYOND = 50.0
"""Lines that leave the picture are followed for so many of its widths."""
_OUT_OF_SIGHT = 100.0
"""A value at the end that is so many times the first is not shown beside others."""


def contour(ground: Ground) -> Panel:
    """The relief with the paths on it."""
    (across, up), same = levelled(ground.sides)
    (xs, ys), values = sampled(ground.objective, (across, up), finest(ground.objective, _GRID, 2))
    relief = Relief(tuple(xs.tolist()), tuple(ys.tolist()), tuple(map(tuple, values.tolist())), heights(values))
    paths = tuple(_path(course, course.points[:, 0], course.points[:, 1], across) for course in ground.courses)
    ends = dict.fromkeys(mark for path in paths for mark in _ends(path, (across, up)))
    border = outline(ground.courses[0].trace, max(abs(end) for side in (across, up) for end in side))
    letters = [(Sym(letter),) for letter in ground.letters]
    return Panel("contour", Axis(letters[0], *across), Axis(letters[1], *up), (*border, *paths), (*_bottoms(ground), *ends), relief, same)


def curve(ground: Ground) -> Panel:
    """The function of one letter with the first places of one run on it, and the tangents there."""
    course = ground.courses[0]
    (sides,) = ground.sides
    seen = [k for k, n in enumerate(course.numbers) if n < course.shown]
    function, vertical = ground.curve(sides, course.values[seen])
    path = _path(course, course.points[:, 0], course.values, sides)
    up = (vertical.low, vertical.high)
    lines = (function, *_tangents(course, seen, sides, up), path)
    return Panel("curve", Axis((Sym(ground.letters[0]),), *sides), vertical, lines, (*_bottoms(ground), *_ends(path, (sides, up))))


def _tangents(course: Course, seen: Sequence[int], across: Sides, up: Sides) -> Iterator[Line]:
    """Tangents at the first places that are not the same, of one length on the page."""
    width, height = across[1] - across[0], up[1] - up[0]
    drawn: list[float] = []
    for k in seen[:40]:
        x, y = float(course.points[k, 0]), float(course.values[k])
        (slope,) = course.trace.objective.slopes(x)
        if len(drawn) == _TANGENTS or not math.isfinite(y + slope) or any(abs(x - other) < _APART * width for other in drawn):
            continue
        drawn.append(x)
        half = TANGENT * width / math.hypot(1.0, slope * width / height)
        yield Line("tangent", (x - half, x + half), (y - slope * half, y + slope * half), numbers=(course.numbers[k],) * 2)


def start_curve(ground: Ground, starts: Sequence[tuple[int, float]]) -> Panel:
    """The function of one letter with many starts on it: their styles and places."""
    import numpy as np

    (sides,) = ground.sides
    values = ground.objective.values(np.array([[x] for _, x in starts]))
    function, vertical = ground.curve(sides, values)
    marks = tuple(Mark("start", x, float(y), style) for (style, x), y in zip(starts, values, strict=True) if math.isfinite(y))
    return Panel("curve", Axis((Sym(ground.letters[0]),), *sides), vertical, (function,), (*marks, *_bottoms(ground)))


def progress(ground: Ground) -> Panel:
    """Values, or distances from the bottom, against the number of the step."""
    measure = ground.measure
    lines = [_on_scale(_series(course, ground.measured(course)), measure) for course in ground.courses]
    calm = [line for line, course in zip(lines, ground.courses, strict=True) if course.shown > course.trace.steps]
    known = [value for line in calm or lines for value in line.ys if measure.holds(value)]
    starts = [line.ys[0] for line in lines if line.ys]
    return Panel("progress", _steps(ground), measure.axis(ground.vertical, [*known, *starts]), tuple(lines))


def places(ground: Ground, last: int | None = None) -> Panel:
    """The one letter against the number of the step, up to the last one."""
    (sides,) = ground.sides
    far = _BEYOND * (sides[1] - sides[0])
    lines = (_series(course, course.points[:, 0]) for course in ground.courses)
    held = tuple(replace(line, ys=tuple(min(max(y, sides[0] - far), sides[1] + far) for y in line.ys)) for line in lines)
    return Panel("places", _steps(ground, last), Axis((Sym(ground.letters[0]),), *sides), held)


def restless(ground: Ground) -> int:
    """After how many steps nothing can be seen to move any more."""
    import numpy as np

    ((low, high),) = ground.sides
    traces = [course.trace for course in ground.courses]
    moving = (np.flatnonzero(np.abs(trace.points[:, 0] - trace.points[-1, 0]) > 0.004 * (high - low)) for trace in traces)
    last = max((int(found[-1]) for found in moving if len(found)), default=0)
    return max(1, min(max(10, round(1.25 * last)), max(trace.steps for trace in traces)))


def rates(ground: Ground, few: int) -> Panel | None:
    """The value at the end against the learning rate, where at least so many rates are positive numbers."""
    fixed = [(evaluate(course.trace.method.rate, {}), course) for course in ground.courses if not course.trace.method.rate.free]
    pairs = sorted(((rate, course) for rate, course in fixed if rate > 0), key=lambda pair: pair[0])
    if len(pairs) < few:
        return None
    measure = ground.measure
    ends = [measure.of(float(course.values[-1])) if course.trace.stopped != "overflow" else math.inf for _, course in pairs]
    start = measure.of(float(pairs[0][1].values[0]))
    vertical = measure.axis(ground.vertical, [start, *(end for end in ends if end <= _OUT_OF_SIGHT * abs(start))])
    line = _on_scale(Line("series", tuple(rate for rate, _ in pairs), tuple(min(end, 1e300) for end in ends)), measure)
    inside = [measure.holds(end) and vertical.low <= end <= vertical.high for end in ends]
    marks = tuple(Mark("end", rate, end, course.style) for (rate, course), end, within in zip(pairs, ends, inside, strict=True) if within)
    room = (pairs[-1][0] / pairs[0][0]) ** 0.06
    across = say("figures.rate", {"steps": max(course.trace.steps for course in ground.courses)})
    return Panel("rates", Axis(across, pairs[0][0] / room, pairs[-1][0] * room, "log"), vertical, (line,), marks)


# -- lines and marks ---------------------------------------------------------------------------------


def _steps(ground: Ground, last: int | None = None) -> Axis:
    return Axis(say("figures.step", {}), 0, max(last or max(course.trace.steps for course in ground.courses), 1), whole=True)


def _path(course: Course, xs: NDArray[Any], ys: NDArray[Any], across: Sides) -> Line:
    """A path through the window; one that flies apart ends with its first step outside."""
    low, high = across[0] - _BEYOND * (across[1] - across[0]), across[1] + _BEYOND * (across[1] - across[0])
    picked = [k for k, n in enumerate(course.numbers) if n <= course.shown and math.isfinite(xs[k]) and math.isfinite(ys[k])]
    held = tuple(min(max(float(xs[k]), low), high) for k in picked)
    return Line("path", held, tuple(float(ys[k]) for k in picked), course.style, course.label, tuple(course.numbers[k] for k in picked))


def _series(course: Course, values: NDArray[Any]) -> Line:
    """One number a step, as far as there are numbers."""
    picked = [k for k in range(len(values)) if math.isfinite(values[k])]
    numbers = tuple(course.numbers[k] for k in picked)
    return Line("series", tuple(map(float, numbers)), tuple(float(values[k]) for k in picked), course.style, course.label, numbers)


def _on_scale(line: Line, measure: Measure) -> Line:
    """A line on the scale of a measure: on a logarithmic one it ends, going down, where it arrives at the bottom."""
    if measure.scale != "log":
        return line
    last = next((k for k, y in enumerate(line.ys) if k and not measure.holds(y)), len(line.ys))
    ys = tuple(y if measure.holds(y) else measure.least for y in line.ys[: last + 1])
    return replace(line, xs=line.xs[: last + 1], ys=ys, numbers=line.numbers[: last + 1])


def _bottoms(ground: Ground) -> tuple[Mark, ...]:
    """The bottoms in the window; those of valleys that starts fall into have the style of their runs."""
    found = []
    for style, point in enumerate(ground.bottoms):
        if all(low <= part <= high for part, (low, high) in zip(point, ground.sides, strict=True)):
            height = point[1] if ground.size == 2 else ground.objective.value(*point)
            found.append(Mark("bottom", point[0], height, style if ground.valleys else -1))
    return tuple(found)


def _ends(path: Line, sides: tuple[Sides, Sides]) -> Iterator[Mark]:
    """Where a path starts and where it ends, if that is in the window."""
    kinds: tuple[tuple[int, Literal["start", "end"]], ...] = ((0, "start"), (-1, "end"))
    for place, kind in kinds if path.xs else ():
        x, y = path.xs[place], path.ys[place]
        if all(low <= part <= high for part, (low, high) in zip((x, y), sides, strict=True)):
            # All paths of a race have one start: it belongs to none of them.
            yield Mark(kind, x, y, path.style) if kind == "end" else Mark(kind, x, y, -1, say("figures.start", {}))


__all__ = ["TANGENT", "contour", "curve", "places", "progress", "rates", "restless", "start_curve"]
