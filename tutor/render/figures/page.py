"""A page that moves: the picture with a slider, and the numbers of the step beside it. It needs nothing else and no network.

The picture is the SVG of `files`, as it is without JavaScript: the whole run. With JavaScript what belongs to the runs is drawn
anew for each step, from places that were computed here. The data stand in the page as JSON (Jinja's `tojson`, which leaves no `<` in it).
The page may load nothing and send nothing: its content security policy says so.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from tutor.exposition.figures import Figure, Panel, Run
from tutor.exposition.phrases import PHRASES
from tutor.exposition.plots.panels import TANGENT as HALF
from tutor.form.tree import Sym
from tutor.render.figures.draw import MOVING, Where, drawing, frames, settings
from tutor.render.figures.files import svg_element
from tutor.render.figures.style import TANGENT, look
from tutor.render.figures.words import number, told, words
from tutor.resources import Folder, folders

_MOST_ROWS = 12
"""Runs with a row in the table."""
_MOST_LETTERS = 6
_WIDTH = 200.0
_FAR = 1e4
"""Places so many times the picture's size away are not drawn to."""

SIGNS = {
    "o": "M-1 0a1 1 0 1 0 2 0a1 1 0 1 0 -2 0z", "s": "M-.9-.9H.9V.9H-.9z", "^": "M0-1.1L1.1 .9H-1.1z", "D": "M0-1.25L1.25 0L0 1.25L-1.25 0z",
    "v": "M0 1.1L1.1-.9H-1.1z", "P": "M-.4-1.1H.4V-.4H1.1V.4H.4V1.1H-.4V.4H-1.1V-.4H-.4z",
    "X": "M-1.1-.6L-.6-1.1L0-.5L.6-1.1L1.1-.6L.5 0L1.1 .6L.6 1.1L0 .5L-.6 1.1L-1.1 .6L-.5 0z", "p": "M0-1.1L1.05-.34L.65 .89H-.65L-1.05-.34z",
    "<": "M-1.1 0L.9-1.1V1.1z", ">": "M1.1 0L-.9-1.1V1.1z", "h": "M0-1.1L.95-.55V.55L0 1.1L-.95 .55V-.55z", "d": "M0-1.3L.8 0L0 1.3L-.8 0z",
}  # fmt: skip
"""The signs of `style`, as paths around the origin."""


def page(figure: Figure, *, templates: Iterable[Folder] = ()) -> str:
    """The whole page; the user's own `templates` folders come first. Raises `RequestError` without matplotlib."""
    with settings():
        made = drawing(figure, _WIDTH, titled=False)
        # Safe: matplotlib escapes the text in what it draws, and so does `svg_element`.
        picture = Markup(svg_element(figure, made))  # noqa: S704
        places = frames(made)
        panels = [_panel(figure, panel, *place) for panel, place in zip(figure.panels, places, strict=True)]
    environment = _environment(tuple(map(str, folders("templates", templates))))
    letters = figure.letters[:_MOST_LETTERS]
    runs = figure.runs if len(figure.runs) <= _MOST_ROWS else ()
    return environment.get_template("pages/figure.html").render(
        title=words(figure.title), description=told(figure), picture=picture, last=len(figure.frames) - 1, final=figure.frames[-1],
        header=[words((Sym(letter),)) for letter in letters], value=words(figure.name), rows=[_row(run, len(letters)) for run in runs],
        say=lambda key: words(PHRASES.say(f"figures.{key}", {})),
        data={
            "frames": figure.frames, "panels": [panel for panel in panels if panel], "signs": SIGNS, "moving": MOVING, "tangent": TANGENT,
            "looks": [look(run.style)._asdict() for run in figure.runs], "rows": bool(runs),
            "runs": [{"n": run.numbers, "cells": [_cells(run, k, len(letters)) for k in range(len(run.numbers))]} for run in runs],
        },
    )  # fmt: skip


@lru_cache(maxsize=8)
def _environment(searched: tuple[str, ...]) -> Environment:
    return Environment(loader=FileSystemLoader(searched), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def _cells(run: Run, k: int, letters: int) -> list[float | None]:
    """The numbers of one step: the point, the value, the length of the gradient; nothing where there is no number."""
    return [part if math.isfinite(part) else None for part in (*run.points[k][:letters], run.values[k], run.lengths[k])]


def _row(run: Run, letters: int) -> dict[str, Any]:
    style = look(run.style)
    cells = [number(math.nan if part is None else part) for part in _cells(run, len(run.numbers) - 1, letters)]
    return {"label": words(run.label), "colour": style.colour, "path": SIGNS[style.sign], "n": run.numbers[-1], "cells": cells}


def _panel(figure: Figure, panel: Panel, box: tuple[float, float, float, float], where: Where) -> dict[str, Any] | None:
    """The places of all runs in one panel, in the picture's own units; None for a panel in which nothing moves."""
    if panel.kind == "rates":
        return None
    spots = [[_spot(panel, where, *_place(figure, panel, run, k)) for k in range(len(run.numbers))] for run in figure.runs]
    tangents = _tangents(figure, panel, where) if panel.kind == "curve" and len(figure.traces) == 1 else []
    return {"box": [round(part, 2) for part in box], "spots": spots, "tangents": tangents, "dots": panel.kind in ("curve", "contour"), "joined": panel.kind != "curve" or len(figure.runs) == 1}


def _place(figure: Figure, panel: Panel, run: Run, k: int) -> tuple[float, float]:
    """Where a run is in a panel after a step."""
    match panel.kind:
        case "contour":
            return run.points[k][0], run.points[k][1]
        case "curve":
            return run.points[k][0], run.values[k]
        case "places":
            return float(run.numbers[k]), run.points[k][0]
    return float(run.numbers[k]), run.values[k] - (figure.floor or 0.0)


def _spot(panel: Panel, where: Where, x: float, y: float) -> list[float] | None:
    """A place in the picture's units; None where there is none, or far outside."""
    if panel.vertical.scale == "log" and y <= 0:  # the bottom: below the picture
        y = panel.vertical.low / 1e6
    across, up = panel.horizontal.part(x), panel.vertical.part(y)
    if not (math.isfinite(across) and math.isfinite(up)) or max(abs(across), abs(up)) > _FAR:
        return None
    return [round(part, 2) for part in where(x, y)]


def _tangents(figure: Figure, panel: Panel, where: Where) -> list[list[list[float]] | None]:
    """The ends of the tangent at each step, all of one length."""
    run, objective = figure.runs[0], figure.traces[0][2].objective
    width, height = panel.horizontal.high - panel.horizontal.low, panel.vertical.high - panel.vertical.low
    found: list[list[list[float]] | None] = []
    for point, value in zip(run.points, run.values, strict=True):
        (slope,) = objective.slopes(*point)
        if not math.isfinite(value + slope) or max(abs(panel.vertical.part(value)), abs(panel.horizontal.part(point[0]))) > _FAR:
            found.append(None)
            continue
        half = HALF * width / math.hypot(1.0, slope * width / height)
        found.append([[round(part, 2) for part in where(point[0] + side * half, value + side * slope * half)] for side in (-1, 1)])
    return found


__all__ = ["SIGNS", "page"]
