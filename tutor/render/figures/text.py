"""Pictures in a terminal: lines of text, in braille dots or in ASCII, for a first look.

A braille letter has two columns of four dots, so that a window of 30 by 11 letters has 60 by 44 places. Contour lines are faint
(a dot a letter), paths are lines of dots; the first places have their numbers, an end is `●` (`@` in ASCII), a bottom `+`. Where there are
several runs each has a small letter, which stands at its end, and in ASCII along its whole path.

>>> from tutor.descent.run import descend
>>> from tutor.exposition.figures import figure_of
>>> lines = terminal_figure(figure_of(descend("x^2 + y^2", start="x=4,y=3", rate="0.1", steps=20)), 70)
>>> len(lines), max(map(len, lines)) <= 70
(15, True)
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from string import ascii_lowercase

from tutor.exposition.figures import Axis, Figure, Line, Mark, Panel
from tutor.render.figures.words import number, tick, ticks, words
from tutor.render.signs import columns, plain_text

_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""The bit of each dot of a braille letter, by row and column."""
_HEIGHT = 15
_SIDE_BY_SIDE = 60
"""From this width on two panels stand beside each other."""
_NARROWEST = 30
_GAP = 3
_MOST_LABEL = 8
_FAINT = " .·"
"""What a sign of more weight may cover."""


def terminal_figure(figure: Figure, width: int = 78, *, ascii: bool = False, height: int = _HEIGHT) -> list[str]:
    """The figure in lines of at most `width` columns; two panels beside each other where there is room, each `height` lines high.

    `ascii`: nothing but ASCII. What the letters of several runs mean stands below.
    """
    width = max(width, _NARROWEST)
    beside = len(figure.panels) > 1 and width >= _SIDE_BY_SIDE
    rooms = _rooms(figure.panels, width, height) if beside else [min(width, _shaped(panel, height, width)) for panel in figure.panels]
    blocks = [_panel(panel, room, height, many=len(figure.traces) > 1, ascii=ascii) for panel, room in zip(figure.panels, rooms, strict=True)]
    if beside:
        lines = [(" " * _GAP).join(map(_filled, row, rooms)) for row in zip(*blocks, strict=True)]
    else:
        lines = [line for block in blocks for line in block]
    return [(plain_text(line) if ascii else line).rstrip() for line in [*lines, *_legend(figure, width, ascii=ascii)]]


def _rooms(panels: Sequence[Panel], width: int, height: int) -> list[int]:
    """The columns of two panels."""
    first = min((width - _GAP) // 2, _shaped(panels[0], height, width))
    return [first, width - _GAP - first]


def _shaped(panel: Panel, height: int, width: int) -> int:
    """The columns of a panel: what its shape asks for where both axes have one scale (a letter is twice as high as wide)."""
    if not panel.level:
        return width
    across, up = panel.horizontal, panel.vertical
    return max(_NARROWEST, round(2.2 * (height - 4) * (across.high - across.low) / (up.high - up.low)) + _MOST_LABEL)


def _filled(text: str, width: int) -> str:
    return text + " " * (width - columns(text))


def _legend(figure: Figure, width: int, *, ascii: bool) -> Iterator[str]:
    """What the letters mean, as many in a line as it holds."""
    line = ""
    for style, label in figure.legend:
        entry = f"{_letter(style)} {plain_text(words(label)) if ascii else words(label)}"
        if line and columns(line) + columns(entry) + 3 > width:
            yield line
            line = ""
        line += ("   " if line else "") + entry
    if line:
        yield line


def _letter(style: int) -> str:
    return ascii_lowercase[style % 26]


# -- one panel ---------------------------------------------------------------------------------------


def _panel(panel: Panel, room: int, height: int, *, many: bool, ascii: bool) -> list[str]:
    """The label of the vertical axis, the picture with its numbers, the horizontal axis with its numbers and its label."""
    marks = ticks(panel.vertical, 5)
    labels = [_number(value, panel.vertical, ascii=ascii) for value in marks]
    left = max(map(columns, labels), default=0)
    canvas = Canvas(room - left - 2, height - 4, panel, ascii=ascii)
    _draw(canvas, many=many)
    names = [""] * canvas.height
    for value, label in zip(marks, labels, strict=True):
        names[canvas.cell(panel.horizontal.low, value)[1]] = label
    bar, notch, corner, rule = "|++-" if ascii else "│┤└─"
    up, across = (plain_text(words(axis.label)) if ascii else words(axis.label) for axis in (panel.vertical, panel.horizontal))
    found = [_cut(f"{'':{left}} {up}", room, ascii=ascii)]
    for name, row in zip(names, canvas.rows(), strict=True):
        found.append(" " * (left - columns(name)) + name + " " + (notch if name else bar) + row)
    found.append(" " * (left + 1) + corner + rule * canvas.width)
    found.append(_below(panel.horizontal, left + 2, canvas.width, ascii=ascii))
    found.append(_cut(f"{across:>{room}}", room, ascii=ascii))
    return found


def _number(value: float, axis: Axis, *, ascii: bool) -> str:
    text = tick(value, axis.scale)
    if ascii:
        return text.replace("−", "-") if plain_text(text).lstrip("-").replace(".", "").isdigit() else f"{value:.3g}".replace("e-0", "e-").replace("e+0", "e")
    return text if columns(text) <= _MOST_LABEL else number(value)


def _cut(text: str, room: int, *, ascii: bool) -> str:
    dots = "..." if ascii else "…"
    return text if columns(text) <= room else text[: room - len(dots)] + dots


def _below(axis: Axis, left: int, width: int, *, ascii: bool) -> str:
    """The numbers under the horizontal axis, each in the middle under its place, as far as they do not touch."""
    line = [" "] * (left + width)
    free = 0
    for value in ticks(axis, max(3, width // 8)):
        text = _number(value, axis, ascii=ascii)
        start = min(max(left + math.floor(axis.part(value) * (width - 1)) - (len(text) - 1) // 2, 0), len(line) - len(text))
        if start >= free:
            line[start : start + len(text)] = text
            free = start + len(text) + 1
    return "".join(line)


class Canvas:
    """Letters in rows; in Unicode a letter without a sign of its own shows its dots."""

    def __init__(self, width: int, height: int, panel: Panel, *, ascii: bool) -> None:
        self.width, self.height, self.panel, self.ascii = width, height, panel, ascii
        self.signs = [[" "] * width for _ in range(height)]
        self.dots = [[0] * width for _ in range(height)]

    def spot(self, x: float, y: float) -> tuple[float, float]:
        """Where a place lies, in letters from the left and from the top."""
        return self.panel.horizontal.part(x) * self.width, (1 - self.panel.vertical.part(y)) * self.height

    def cell(self, x: float, y: float) -> tuple[int, int]:
        """The letter of a place, −1 where it has none; places on the border belong to the picture."""
        across, down = self.spot(x, y)
        if not (-1e-9 <= across <= self.width + 1e-9 and -1e-9 <= down <= self.height + 1e-9):
            return -1, -1
        return min(max(int(across), 0), self.width - 1), min(max(int(down), 0), self.height - 1)

    def put(self, x: float, y: float, sign: str, over: str = "") -> None:
        """A sign at a place, if that lies in the picture and (where `over` is given) holds one of these signs."""
        column, row = self.cell(x, y)
        if column >= 0 and (not over or self.signs[row][column] in over):
            self.signs[row][column] = sign

    def line(self, line: Line, sign: str) -> None:
        """Straight lines from place to place: in dots, or in the sign."""
        fine = (1, 1) if self.ascii else (2, 4)
        spots = [tuple(part * size for part, size in zip(self.spot(x, y), fine, strict=True)) for x, y in zip(line.xs, line.ys, strict=True)]
        for one, other in pairwise(spots):
            for across, down in _between(one, other, self.width * fine[0], self.height * fine[1]):
                if not self.ascii:
                    self.dots[down // 4][across // 2] |= _DOTS[down % 4][across % 2]
                elif self.signs[down][across] in _FAINT:
                    self.signs[down][across] = sign

    def rows(self) -> Iterator[str]:
        """The rows of letters."""
        for signs, dots in zip(self.signs, self.dots, strict=True):
            yield "".join(chr(0x2800 + bits) if bits and sign in _FAINT else sign for sign, bits in zip(signs, dots, strict=True))


def _between(start: Sequence[float], end: Sequence[float], width: int, height: int) -> Iterator[tuple[int, int]]:
    """The places in the picture on a straight line."""
    inside = _clipped(start, end, (width, height)) if all(map(math.isfinite, (*start, *end))) else None
    if inside is None:
        return
    (x, y), (to_x, to_y) = inside
    count = max(1, math.ceil(2 * max(abs(to_x - x), abs(to_y - y))))
    for k in range(count + 1):
        yield min(int(x + (to_x - x) * k / count), width - 1), min(int(y + (to_y - y) * k / count), height - 1)


def _clipped(start: Sequence[float], end: Sequence[float], sizes: tuple[int, int]) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """The part of a straight line that lies in the picture (Liang & Barsky, 1984).

    >>> _clipped((-10, 5), (10, 5), (4, 10)), _clipped((-1, -1), (-2, 5), (4, 10))
    (((0.0, 5.0), (4.0, 5.0)), None)
    """
    first, last = 0.0, 1.0
    ways = [after - before for before, after in zip(start, end, strict=True)]
    for before, way, size in zip(start, ways, sizes, strict=True):
        if way == 0 and not 0 <= before <= size:
            return None
        if way:
            enters, leaves = sorted((-before / way, (size - before) / way))
            first, last = max(first, enters), min(last, leaves)
    if first > last:
        return None
    return (start[0] + first * ways[0], start[1] + first * ways[1]), (start[0] + last * ways[0], start[1] + last * ways[1])


# -- what stands on it -------------------------------------------------------------------------------


def _draw(canvas: Canvas, *, many: bool) -> None:
    panel = canvas.panel
    if panel.relief is not None:
        _relief(canvas)
    for line in panel.lines:
        if line.role in ("function", "region"):
            canvas.line(line, ".")
    spread = any(mark.kind == "start" and mark.style >= 0 for mark in panel.marks)
    # Of many starts on one picture only the starts are shown: their paths would cover them.
    runs = [] if spread else [line for line in panel.lines if line.role in ("path", "series")]
    lettered = many and panel.kind != "rates"
    for line in runs:
        if panel.kind != "curve":
            canvas.line(line, _letter(line.style) if lettered else "*")
    for mark in panel.marks:
        if mark.kind != "end" or panel.kind == "rates":
            canvas.put(mark.x, mark.y, _sign(mark, canvas, many=many), "" if mark.kind == "bottom" else _FAINT + "*+")
    for line in runs:
        if lettered:
            _end(canvas, line)
        elif panel.kind in ("curve", "contour"):
            _numbers(canvas, line)


def _relief(canvas: Canvas) -> None:
    """A faint dot wherever the next letter, to the right or below, is in another band."""
    relief = canvas.panel.relief
    assert relief is not None
    rows, across, levels = len(relief.ys), len(relief.xs), relief.levels[1 :: max(2, len(relief.levels) // 4)]
    bands = []
    for row in range(canvas.height + 1):
        y = rows - 1 - round(min((row + 0.5) / canvas.height, 1.0) * (rows - 1))
        values = [relief.values[y][round(min((column + 0.5) / canvas.width, 1.0) * (across - 1))] for column in range(canvas.width + 1)]
        bands.append([-1 if math.isnan(value) else sum(value > level for level in levels) for value in values])
    for row in range(canvas.height):
        for column in range(canvas.width):
            here, right, below = bands[row][column], bands[row][column + 1], bands[row + 1][column]
            if here not in (right, below) or here != below:
                canvas.signs[row][column] = "." if canvas.ascii else "·"


def _sign(mark: Mark, canvas: Canvas, *, many: bool) -> str:
    if mark.kind == "bottom":
        return "+" if mark.style < 0 else _letter(mark.style).upper()
    if mark.style >= 0:
        return _letter(mark.style)
    return "0" if not many else "o" if canvas.ascii else "○"


def _numbers(canvas: Canvas, line: Line) -> None:
    """The end of a run, and numbers at its first places as far as they are free; other places are dots."""
    places = list(zip(line.xs, line.ys, line.numbers, strict=True))
    if not places:
        return
    canvas.put(*places[-1][:2], "@" if canvas.ascii else "●")
    for x, y, n in places[:10]:
        canvas.put(x, y, str(n), _FAINT + "*")
    if canvas.panel.kind == "curve":
        for x, y, _ in places[10:]:
            canvas.put(x, y, "o" if canvas.ascii else "∘", _FAINT)


def _end(canvas: Canvas, line: Line) -> None:
    """The letter of a run at its last place in the picture; beside it if another letter stands there."""
    last = next((found for x, y in zip(reversed(line.xs), reversed(line.ys), strict=True) if (found := canvas.cell(x, y))[0] >= 0), None)
    if last is None:
        return
    column, row = last
    taken = ascii_lowercase.replace(_letter(line.style), "") if canvas.ascii else ascii_lowercase
    for shift in (0, -1, -2, 1, 2, -3, -4, -5, -6):
        if 0 <= column + shift < canvas.width and canvas.signs[row][column + shift] not in taken + "○":
            canvas.signs[row][column + shift] = _letter(line.style)
            return


__all__ = ["terminal_figure"]
