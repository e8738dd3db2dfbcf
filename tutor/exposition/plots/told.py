"""What there is to see in a picture, in sentences: what each panel shows, where the bottom is, from where to where each run goes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tutor.exposition.doc import Phrase
from tutor.exposition.phrases import PHRASES
from tutor.exposition.plots.ground import Course, Ground
from tutor.exposition.plots.values import Panel
from tutor.exposition.plots.words import short_place, shown_number
from tutor.form.tree import Sym

say = PHRASES.say


def described(ground: Ground, panels: Sequence[Panel], keys: dict[str, str], **values: Any) -> Iterator[Phrase]:
    """A sentence a panel, under the key of its kind, and what else there is in it."""
    marked = any(mark.kind == "bottom" for panel in panels for mark in panel.marks)
    for panel in panels:
        facts = {"name": ground.name, "letter": Sym(ground.letters[0]), "vertical": panel.vertical.label, "scale": panel.vertical.scale, **values}
        yield say(f"figures.kind.{keys.get(panel.kind, panel.kind)}", facts)
        if panel.kind == "progress" and ground.measure.floor is not None:
            where = {"place": short_place(ground.bottoms[0]), "lowest": shown_number(ground.measure.floor)}
            yield say("figures.bottom" if marked else "figures.floor", where)
        if panel.relief is not None and panel.relief.has_holes:
            yield say("figures.domain", {"name": ground.name})
        if any(line.role == "region" for line in panel.lines):
            yield say("figures.region", {})


def told(who: Phrase, course: Course, panels: Sequence[Panel]) -> Phrase:
    """From where to where a run goes, and whether its path leaves the picture."""
    steps = course.trace.steps
    facts: dict[str, Any] = {
        "who": who, "start": short_place(course.points[0]), "end": short_place(course.points[-1]), "steps": steps,
        "before": shown_number(float(course.values[0])), "after": shown_number(float(course.values[-1])),
    }  # fmt: skip
    path = next((line for panel in panels for line in panel.lines if line.role == "path" and line.style == course.style), None)
    if path is not None and path.numbers and path.numbers[-1] < steps:
        return say("figures.run.left", {**facts, "last": max(path.numbers[-1] - 1, 0)})
    return say("figures.run.calm", facts)


__all__ = ["described", "told"]
