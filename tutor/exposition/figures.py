"""Pictures of runs as values: what is drawn, with its labels and with words for those who do not see it. Media come later (`tutor.render.figures`).

A `Figure` has panels. A panel has two axes and on them lines (the path, the function, tangents, values against the number of the
step), marks (start, end, bottoms of valleys) and perhaps the relief under them. Which panels there are follows from the result:

    one letter       the curve with places and tangents; values against the step
    two letters      contour lines with the path; values against the step
    more letters     values against the step
    a race           the paths on one contour (one letter: the letter against the step); values against the step
    a sweep          as a race; from five rates on the value at the end against the rate
    many starts      the starts, marked by the valley that they fall into

>>> from tutor.descent.run import descend
>>> figure = figure_of(descend("x^2 + 2y^2", start="x=4,y=3", rate="0.1", steps=20))
>>> [panel.kind for panel in figure.panels], figure.panels[1].vertical.scale
(['contour', 'progress'], 'log')
>>> [line.role for line in figure.panels[0].lines], [mark.kind for mark in figure.panels[0].marks]
(['path'], ['bottom', 'start', 'end'])
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tutor.descent.compare import Race
from tutor.descent.starts import Basins
from tutor.descent.trace import Trace
from tutor.errors import RequestError
from tutor.exposition.doc import Phrase
from tutor.exposition.phrases import PHRASES
from tutor.exposition.plots.ground import Course, Ground
from tutor.exposition.plots.panels import contour, curve, places, progress, rates, restless, start_curve
from tutor.exposition.plots.told import described, told
from tutor.exposition.plots.values import MOST_FRAMES, Axis, Figure, Line, Mark, Panel, Relief, Run, Scale
from tutor.exposition.plots.words import method_name, place
from tutor.form.tree import Form, Relation, Sym

_MOST_PATHS = 60
"""Runs whose paths are drawn when there are many starts."""
_MANY_RATES = 5
_LONGEST_RATE = 12
say = PHRASES.say


def figure_of(result: Trace | Race | Basins, typed: Form | None = None) -> Figure:
    """The picture of a result; `typed` is the function as a person wrote it, which may name it. Raises `RequestError` where there is nothing to draw."""
    match result:
        case Trace():
            return _single(result, typed)
        case Race():
            return _race(result, typed)
        case Basins():
            return _basins(result, typed)
    raise RequestError("plot", f"there is no picture of a {type(result).__name__}", advice="Pictures are drawn of runs, of races and of many starts.")


def _figure(ground: Ground, said: Sequence[Phrase], panels: Sequence[Panel], legend: Sequence[tuple[int, Phrase]] = ()) -> Figure:
    runs = tuple((course.label, course.style, course.trace) for course in ground.courses)
    return Figure(ground.title, ground.name, tuple(said), tuple(panels), tuple(legend), ground.letters, runs, ground.measure.floor)


def _single(trace: Trace, typed: Form | None) -> Figure:
    who = method_name(trace.method.name)
    course = Course(who, 0, trace)
    ground = Ground((course,), typed=typed)
    first = {1: curve, 2: contour}.get(ground.size)
    panels = [progress(ground)] if first is None else [first(ground), progress(ground)]
    return _figure(ground, [*described(ground, panels, {}, method=who), told(who, course, panels)], panels)


def _race(found: Race, typed: Form | None) -> Figure:
    courses = tuple(Course(_label(found, k), k, trace) for k, trace in enumerate(found.traces))
    ground = Ground(courses, typed=typed)
    first = rates(ground, _MANY_RATES) if found.varied == "rate" else None
    if first is None and ground.size <= 2:
        first = places(ground) if ground.size == 1 else contour(ground)
    panels = [progress(ground)] if first is None else [first, progress(ground)]
    keys = {"places": "race_curve", "contour": "race_contour", "rates": "sweep"}
    said = [*described(ground, panels, keys, count=len(courses)), *(told(course.label, course, panels) for course in courses)]
    return _figure(ground, said, panels, [(course.style, course.label) for course in courses])


def _label(found: Race, k: int) -> Phrase:
    """What differs between the runs: α = 0.1, or the method's name."""
    if found.varied != "rate":
        return method_name(found.labels[k])
    rate = found.traces[k].method.rate
    return (Relation((Sym("alpha"), rate), ("=",)),) if rate.size <= _LONGEST_RATE and not rate.free else (found.labels[k],)


def _basins(found: Basins, typed: Form | None) -> Figure:
    home = {start: style for style, valley in enumerate(found.valleys) for start in valley.starts}
    styles = [home.get(k, len(found.valleys)) for k in range(len(found.traces))]
    courses = tuple(Course((), style, trace) for style, trace in zip(styles, found.traces[:_MOST_PATHS], strict=False))
    ground = Ground(courses, tuple(found.box), tuple(valley.point for valley in found.valleys), typed)
    panels = _basin_panels(ground, styles, found.traces)
    legend = _valleys(found)
    keys = {"contour": "basins_contour", "curve": "basins_curve", "progress": "basins"}
    said = [*described(ground, panels[:1], keys, starts=len(found.traces)), *(label for _, label in legend)]
    return _figure(ground, said, panels, legend)


def _valleys(found: Basins) -> list[tuple[int, Phrase]]:
    """How many starts fall into each valley, and how many into none."""
    starts = len(found.traces)
    legend = [
        (style, say("figures.valley", {"place": place(valley.point), "count": len(valley.starts), "starts": starts}))
        for style, valley in enumerate(found.valleys)
    ]
    return [*legend, (len(legend), say("figures.unsettled", {"count": len(found.unsettled), "starts": starts}))] if found.unsettled else legend


def _basin_panels(ground: Ground, styles: Sequence[int], traces: Sequence[Trace]) -> list[Panel]:
    if ground.size > 2:
        return [progress(ground)]
    if ground.size == 1:
        return [start_curve(ground, [(style, float(trace.points[0, 0])) for style, trace in zip(styles, traces, strict=True)]), places(ground, restless(ground))]
    panel = contour(ground)
    starts = tuple(Mark("start", float(trace.points[0, 0]), float(trace.points[0, 1]), style) for style, trace in zip(styles, traces, strict=True))
    return [replace(panel, marks=(*starts, *(mark for mark in panel.marks if mark.kind == "bottom")))]


__all__ = ["MOST_FRAMES", "Axis", "Figure", "Line", "Mark", "Panel", "Relief", "Run", "Scale", "figure_of"]
