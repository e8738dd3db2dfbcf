"""A panel of a figure as a small SVG, for paper: a graph with tangents, or contour lines with arrows and a path. Nothing else is needed, and the bytes are the same every time.

>>> from tutor.exposition.plots.graph import graph
>>> from tutor.form.reading import read
>>> drawn = svg(graph(read("f(x)"), read("x^2"), "x", tangents=(1.0,)))
>>> drawn.startswith("<svg"), drawn.count("<polyline"), "The tangent at 1 has the slope 2." in drawn
(True, 2, True)
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from xml.sax.saxutils import escape

from tutor.exposition.figures import Axis, Figure, Line, Panel, Relief
from tutor.render.figures.style import FUNCTION, GROUND, TANGENT, look
from tutor.render.figures.words import tick, ticks, told, words

WIDTH = 330.0
_HEIGHT = 205.0
_LEFT, _RIGHT, _TOP, _BELOW = 46.0, 14.0, 20.0, 34.0
_MOST_HIGH = 300.0
Spot = tuple[float, float]
_CORNERS = ((0, 0), (1, 0), (1, 1), (0, 1))


def svg(figure: Figure) -> str:
    """The first panel, with words for those who do not see it."""
    panel = figure.panels[0]
    frame = _Frame(panel)
    parts = [*frame.axes(), *(frame.relief(panel.relief) if panel.relief is not None else ()), *(part for line in panel.lines for part in frame.line(line)), *frame.marks()]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {frame.whole:g}" width="{WIDTH:g}" height="{frame.whole:g}" role="img" font-size="11" font-family="Libertinus Serif, serif">'
        f"<title>{escape(words(figure.title))}</title><desc>{escape(told(figure))}</desc>{''.join(parts)}</svg>"
    )


def spoken(figure: Figure) -> str:
    """What there is to see, in sentences."""
    return told(figure)


class _Frame:
    """Where the places of a panel lie in the picture."""

    def __init__(self, panel: Panel) -> None:
        self.panel = panel
        self.across, self.up = panel.horizontal, panel.vertical
        self.width = WIDTH - _LEFT - _RIGHT
        self.height = _HEIGHT - _TOP - _BELOW
        if panel.level:
            ratio = (self.up.high - self.up.low) / (self.across.high - self.across.low)
            self.height = min(self.width * ratio, _MOST_HIGH)
            self.width = self.height / ratio

    @property
    def whole(self) -> float:
        return round(self.height + _TOP + _BELOW, 1)

    def spot(self, x: float, y: float) -> Spot:
        return _LEFT + self.width * self.across.part(x), _TOP + self.height * (1 - self.up.part(y))

    def axes(self) -> Iterator[str]:
        left, right, top, bottom = _LEFT, _LEFT + self.width, _TOP, _TOP + self.height
        for value in _round(self.across, 7):
            x, _ = self.spot(value, self.up.low)
            yield f'<path d="M{x:.1f} {top:.1f}V{bottom + 4:.1f}" stroke="#dcdcdc" stroke-width=".6"/><text x="{x:.1f}" y="{bottom + 15:.1f}" text-anchor="middle">{escape(tick(value, "linear"))}</text>'
        for value in _round(self.up, 6):
            _, y = self.spot(self.across.low, value)
            yield f'<path d="M{left - 4:.1f} {y:.1f}H{right:.1f}" stroke="#dcdcdc" stroke-width=".6"/><text x="{left - 7:.1f}" y="{y + 3.6:.1f}" text-anchor="end">{escape(tick(value, "linear"))}</text>'
        yield f'<path d="M{left:.1f} {top:.1f}V{bottom:.1f}H{right:.1f}" fill="none" stroke="#000" stroke-width=".8"/>'
        zero = self.spot(0.0, 0.0)
        if self.panel.relief is None and self.up.low < 0 < self.up.high:
            yield f'<path d="M{left:.1f} {zero[1]:.1f}H{right:.1f}" stroke="#000" stroke-width=".6"/>'
        yield f'<text x="{right:.1f}" y="{bottom + 29:.1f}" text-anchor="end" font-style="italic">{escape(words(self.across.label))}</text>'
        yield f'<text x="{left - 4:.1f}" y="{top - 7:.1f}" font-style="italic">{escape(words(self.up.label))}</text>'

    def line(self, line: Line) -> Iterator[str]:
        if line.role == "path":
            yield from self._path(line)
            return
        colour, style = (TANGENT, ' stroke-dasharray="5 3"') if line.role == "tangent" else (FUNCTION, "") if line.role == "function" else ("#000", ' stroke-dasharray="6 2"')
        for piece in self._pieces(line.xs, line.ys):
            yield f'<polyline points="{_joined(piece)}" fill="none" stroke="{colour}" stroke-width="1.3"{style}/>'
        if line.role == "tangent":
            x, y = self.spot((line.xs[0] + line.xs[-1]) / 2, (line.ys[0] + line.ys[-1]) / 2)
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.6" fill="{TANGENT}"/>'

    def _path(self, line: Line) -> Iterator[str]:
        colour = look(line.style).colour
        spots = [self.spot(x, y) for x, y in zip(line.xs, line.ys, strict=True)]
        on_curve = self.panel.kind == "curve"
        for (x, y), (to_x, to_y) in pairwise(spots):
            if not on_curve:
                yield f'<path d="M{x:.1f} {y:.1f}L{to_x:.1f} {to_y:.1f}" stroke="{colour}" stroke-width="1.3"/>{_tip((x, y), (to_x, to_y), colour)}'
        for number, (x, y) in zip(line.numbers, spots, strict=False):
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.4" fill="{colour}"/><text x="{x + 4:.1f}" y="{y - 4:.1f}" font-size="9">{number}</text>'

    def _pieces(self, xs: Sequence[float], ys: Sequence[float]) -> Iterator[list[Spot]]:
        """The parts of a line inside the frame."""
        piece: list[Spot] = []
        room = 0.0 if self.panel.kind == "contour" else 0.02 * (self.up.high - self.up.low)
        for x, y in zip(xs, ys, strict=True):
            if math.isfinite(y) and self.up.low - room <= y <= self.up.high + room and self.across.low <= x <= self.across.high:
                piece.append(self.spot(x, y))
                continue
            if len(piece) > 1:
                yield piece
            piece = []
        if len(piece) > 1:
            yield piece

    def relief(self, relief: Relief) -> Iterator[str]:
        """Contour lines: in each cell of the grid straight pieces between the places where a height is crossed."""
        for level in relief.levels:
            path = "".join(f"M{x:.1f} {y:.1f}L{to_x:.1f} {to_y:.1f}" for (x, y), (to_x, to_y) in self._crossed(relief, level))
            if path:
                yield f'<path d="{path}" fill="none" stroke="{GROUND}" stroke-width=".7"/>'

    def _crossed(self, relief: Relief, level: float) -> Iterator[tuple[Spot, Spot]]:
        for i, k in _cells(relief, level):
            around = [((relief.xs[k + a], relief.ys[i + b]), relief.values[i + b][k + a] - level) for a, b in _CORNERS]
            met = [_between(one, other) for one, other in pairwise([*around, around[0]]) if (one[1] < 0) != (other[1] < 0)]
            yield from ((self.spot(*start), self.spot(*end)) for start, end in zip(met[::2], met[1::2], strict=False))

    def marks(self) -> Iterator[str]:
        for mark in self.panel.marks:
            if not (0 <= self.across.part(mark.x) <= 1 and 0 <= self.up.part(mark.y) <= 1):
                continue
            x, y = self.spot(mark.x, mark.y)
            if mark.kind == "bottom":
                yield f'<path d="M{x - 4:.1f} {y:.1f}h8M{x:.1f} {y - 4:.1f}v8" stroke="#000" stroke-width="1.1"/>'
            elif mark.kind == "start":
                yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="#fff" stroke="#000" stroke-width="1.1"/>'
            else:
                yield f'<rect x="{x - 2.8:.1f}" y="{y - 2.8:.1f}" width="5.6" height="5.6" fill="{look(0).colour}" stroke="#000" stroke-width=".8"/>'


def _cells(relief: Relief, level: float) -> list[tuple[int, int]]:
    """The cells of the grid that a height goes through, by row and column."""
    import numpy as np

    below = np.array(relief.values) < level
    count = below[:-1, :-1].astype(int) + below[1:, :-1] + below[:-1, 1:] + below[1:, 1:]
    return [(int(i), int(k)) for i, k in np.argwhere((count > 0) & (count < len(_CORNERS)))]


def _round(axis: Axis, most: int) -> list[float]:
    return [value for value in ticks(axis, most) if axis.low <= value <= axis.high]


def _joined(spots: Sequence[Spot]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)


def _between(one: tuple[Spot, float], other: tuple[Spot, float]) -> Spot:
    (x, y), height = one
    (to_x, to_y), end = other
    share = height / (height - end)
    return x + share * (to_x - x), y + share * (to_y - y)


def _tip(start: Spot, end: Spot, colour: str) -> str:
    """The head of an arrow."""
    length = math.dist(start, end)
    if length < 9:
        return ""
    along = ((end[0] - start[0]) / length, (end[1] - start[1]) / length)
    back = (end[0] - 7 * along[0], end[1] - 7 * along[1])
    sides = [(back[0] - 2.6 * along[1], back[1] + 2.6 * along[0]), (back[0] + 2.6 * along[1], back[1] - 2.6 * along[0])]
    return f'<path d="M{end[0]:.1f} {end[1]:.1f}L{sides[0][0]:.1f} {sides[0][1]:.1f}L{sides[1][0]:.1f} {sides[1][1]:.1f}z" fill="{colour}"/>'


__all__ = ["WIDTH", "spoken", "svg"]
