"""The graph of a function of one letter with tangents and marked places, and the contour lines of one of two letters with gradients: small pictures for paper.

>>> from tutor.form.reading import read
>>> figure = graph(read("P(p)"), read("-20p^2 + 200p - 300"), "p", tangents=(2.0,), marked=((5.0, "maximum"),))
>>> [line.role for line in figure.panels[0].lines], [mark.x for mark in figure.panels[0].marks], len(figure.description)
(['function', 'tangent'], [5.0], 3)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tutor.descent.landscape import Sides, heights, levelled
from tutor.exposition.phrases import PHRASES
from tutor.exposition.plots.panels import TANGENT
from tutor.exposition.plots.values import Axis, Figure, Line, Mark, Panel, Relief
from tutor.exposition.plots.words import place as place_form
from tutor.exposition.plots.words import shown_number
from tutor.form.arrays import evaluate_array
from tutor.form.tree import Form, Sym

if TYPE_CHECKING:
    from numpy.typing import NDArray

say = PHRASES.say
Marked = tuple[float, str]
"""A place, and what it is: minimum, maximum, saddle."""
_POINTS, _GRID, _TOUCHING = 161, 49, 33
_MARGIN = 0.55
"""How far the picture goes beyond the places, as a part of their distance."""
_ALONE = 3.0
"""How far the picture goes beyond one place, at least."""
_TALL = 7.0
"""Heights so many times as far from the marked ones as half of the graph is are cut off."""
_CUT = 3.5
_ARROW = 0.3
"""The length of the longest arrow, as a part of the picture."""
_SHORT = 0.06


def graph(name: Form, function: Form, letter: str, *, tangents: Sequence[float] = (), marked: Sequence[Marked] = (), held: Sequence[float] = (), domain: tuple[float, float] = (-math.inf, math.inf)) -> Figure | None:
    """The graph around some places, with the tangents there; `held` are places that are seen as well. None where there is nothing to draw."""
    import numpy as np

    places = [*tangents, *(x for x, _ in marked)]
    if not places:
        return None
    sides = _around([*places, *held], domain)
    xs = np.linspace(*sides, _POINTS)
    ys = _values(function, {letter: xs})
    ends = [float(_values(function, {letter: np.array([x])})[0]) for x in places]
    if not np.isfinite(ys).any() or not all(map(math.isfinite, ends)):
        return None
    up = _height(ys, ends)
    lines = [Line("function", tuple(xs.tolist()), tuple(ys.tolist()))]
    said = [say("figures.graph", {"name": name, "letter": Sym(letter), "low": shown_number(_short(sides[0])), "high": shown_number(_short(sides[1]))})]
    for x, y in zip(tangents, ends, strict=False):
        slope = _slope(function, letter, x, sides)
        half = (TANGENT if len(tangents) > 2 else 1.6 * TANGENT) * (sides[1] - sides[0]) / math.hypot(1.0, slope * (sides[1] - sides[0]) / (up[1] - up[0]))
        along = np.linspace(x - half, x + half, _TOUCHING)
        lines.append(Line("tangent", tuple(along.tolist()), tuple((y + slope * (along - x)).tolist())))
        said.append(say("figures.touching", {"place": shown_number(x), "slope": shown_number(_short(slope))}))
    marks = tuple(Mark("end", x, y) for (x, _), y in zip(marked, ends[len(tangents) :], strict=True))
    said += [say(f"figures.marked.{kind}", {"place": shown_number(x), "value": shown_number(y)}) for (x, kind), y in zip(marked, ends[len(tangents) :], strict=True)]
    panel = Panel("curve", Axis((Sym(letter),), *sides), Axis((name,), *up), tuple(lines), marks)
    return Figure((name,), (name,), tuple(said), (panel,), (), (letter,), ())


def surface(name: Form, function: Form, letters: tuple[str, str], *, arrows: Sequence[tuple[Sequence[float], Sequence[float]]] = (), marked: Sequence[tuple[Sequence[float], str]] = ()) -> Figure | None:
    """Contour lines around some places; `arrows` are places with the gradient there. None where there is nothing to draw."""
    import numpy as np

    places = [*(point for point, _ in arrows), *(point for point, _ in marked)]
    if not places:
        return None
    # One place alone is seen from the origin.
    around = [*places, (0.0, 0.0)] if len(places) == 1 else places
    (across, up), same = levelled([_around([float(point[k]) for point in around], (-math.inf, math.inf)) for k in (0, 1)])
    xs, ys = np.linspace(*across, _GRID), np.linspace(*up, _GRID)
    grid = np.meshgrid(xs, ys, indexing="xy")
    values = _values(function, {letters[0]: grid[0], letters[1]: grid[1]})
    levels = heights(values, 9)
    if not levels or not np.isfinite(values).all():
        return None
    # With two scales a gradient does not stand at right angles on the contour line.
    shown = [(point, slope) for point, slope in arrows if any(slope)] if same else []
    size = min(across[1] - across[0], up[1] - up[0]) * _ARROW
    longest = max((math.hypot(*slope) for _, slope in shown), default=0.0) or 1.0
    lines = tuple(Line("path", (point[0], point[0] + size * slope[0] / longest), (point[1], point[1] + size * slope[1] / longest), 1) for point, slope in shown)
    said = [say("figures.surface", {"name": name})]
    said += [say("figures.arrow", {"place": place_form(point), "slope": place_form(slope)}) for point, slope in shown]
    said += [say(f"figures.marked_there.{kind}", {"place": place_form(point)}) for point, kind in marked]
    marks = (*(Mark("start", float(point[0]), float(point[1]), -1) for point, _ in arrows), *(Mark("end", float(point[0]), float(point[1])) for point, _ in marked))
    relief = Relief(tuple(xs.tolist()), tuple(ys.tolist()), tuple(map(tuple, values.tolist())), levels)
    panel = Panel("contour", Axis((Sym(letters[0]),), *across), Axis((Sym(letters[1]),), *up), lines, marks, relief, same)
    return Figure((name,), (name,), tuple(said), (panel,), (), letters, ())


def _values(function: Form, places: dict[str, Any]) -> NDArray[Any]:
    import numpy as np

    shape = next(iter(places.values())).shape
    found = np.broadcast_to(np.asarray(evaluate_array(function, places), dtype=float), shape)
    return np.where(np.isfinite(found), found, np.nan)


def _around(places: Sequence[float], domain: tuple[float, float]) -> Sides:
    """A stretch that holds the places with room on both sides, as far as the letter may go."""
    low, high = min(places), max(places)
    span = high - low or max(_ALONE, 0.5 * abs(high))
    room = span * _MARGIN if high > low else span
    sides = max(low - room, domain[0]), min(high + room, domain[1])
    # Zero is near: a picture that begins there is easier to read.
    near = 0.0 if low >= 0 and 0 < sides[0] < 0.35 * sides[1] and domain[0] <= 0 else sides[0]
    return near, sides[1]


def _height(ys: NDArray[Any], marked: Sequence[float]) -> Sides:
    """From where to where heights are shown: all of them, or the middle ones where a few are far away."""
    import numpy as np

    good = ys[np.isfinite(ys)]
    low, high = min(float(good.min()), *marked), max(float(good.max()), *marked)
    usual = max(float(np.median(np.abs(good - marked[0]))), max(marked) - min(marked))
    if usual > 0:
        low, high = (edge if abs(edge - marked[0]) <= _TALL * usual else marked[0] + math.copysign(_CUT * usual, edge - marked[0]) for edge in (low, high))
    room = _SHORT * (high - low) or max(1.0, abs(high))
    return low - room, high + room


def _slope(function: Form, letter: str, x: float, sides: Sides) -> float:
    import numpy as np

    step = 1e-5 * (sides[1] - sides[0])
    below, above = _values(function, {letter: np.array([x - step, x + step])}).tolist()
    return float((above - below) / (2 * step))


def _short(value: float) -> float:
    """Without the rounding of a quotient."""
    return float(f"{value:.5g}")


__all__ = ["graph", "surface"]
