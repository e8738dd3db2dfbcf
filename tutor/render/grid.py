"""Tables as lines: columns aligned, numbers to the right, cells wrapped when the page is narrow.

>>> from tutor.render.wrap import sentence, text_of
>>> cells = [[sentence(text, "") for text in row.split(",")] for row in ("n,x", "0,0.25", "10,−1.50")]
>>> for line in grid(cells[0], cells[1:], [True, True], 40):
...     print(text_of(line))
 n      x
 0   0.25
10  −1.50
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tutor.render.signs import columns
from tutor.render.wrap import Line, Segment, Unit, fill, merged, text_of

Cell = list[Unit]
GAP = "  "
NARROW = 8
SHORT = 18
"""A column of numbers is no wider than this, with its power of ten."""


def grid(header: list[Cell] | None, rows: list[list[Cell]], numeric: Sequence[bool], width: int) -> list[Line]:
    """The lines of a table no wider than `width`: as columns; where they do not fit, short ones in several tables, others row by row."""
    table = [header, *rows] if header else rows
    widths = [max(map(_natural, column)) for column in zip(*table, strict=True)]
    least = [
        size if right else max(NARROW, *(unit.width for cell in column for unit in cell), 0)
        for size, right, column in zip(widths, numeric, zip(*table, strict=True), strict=True)
    ]
    fitted = _fitted(widths, least, width - len(GAP) * (len(widths) - 1))
    if fitted is None:
        panels = _panels(widths, width) if header else None
        return list(_one_by_one(header, rows, width) if panels is None else _in_panels(table, panels, numeric, width))
    return [line for row in table for line in _row(row, fitted, numeric)]


def _natural(cell: Cell) -> int:
    """The width of a cell on one line."""
    return sum(unit.width + (len(unit.gap) if place else 0) for place, unit in enumerate(cell))


def _fitted(widths: Sequence[int], least: Sequence[int], room: int) -> list[int] | None:
    """Column widths that fill no more than the room: the widest gives way; None when that is not enough."""
    fitted = list(widths)
    while sum(fitted) > room:
        yielding = [place for place, size in enumerate(fitted) if size > least[place]]
        if not yielding:
            return None
        widest = max(yielding, key=lambda place: fitted[place])
        fitted[widest] -= 1
    return fitted


def _panels(widths: Sequence[int], room: int) -> list[list[int]] | None:
    """The columns in groups that fit, the first column in front of each; None where a column is no number or short word."""
    if max(widths) > SHORT or len(widths) < 3:
        return None
    count = len(_dealt(widths, room, len(widths)))
    return _dealt(widths, room, -(-(len(widths) - 1) // count))


def _dealt(widths: Sequence[int], room: int, most: int) -> list[list[int]]:
    """Columns one after the other into groups, at most so many behind the first one."""
    panels: list[list[int]] = [[0]]
    for place in range(1, len(widths)):
        if len(panels[-1]) > most or sum(widths[one] + len(GAP) for one in panels[-1]) + widths[place] > room:
            panels.append([0])
        panels[-1].append(place)
    return panels


def _in_panels(table: list[list[Cell]], panels: list[list[int]], numeric: Sequence[bool], width: int) -> Iterator[Line]:
    for number, places in enumerate(panels):
        if number:
            yield ()
        parts = [[row[place] for place in places] for row in table]
        yield from grid(parts[0], parts[1:], [numeric[place] for place in places], width)


def _row(cells: Sequence[Cell], widths: Sequence[int], numeric: Sequence[bool]) -> Iterator[Line]:
    columns_of_lines = [fill(cell, size) for cell, size in zip(cells, widths, strict=True)]
    for place in range(max(map(len, columns_of_lines), default=0)):
        segments: list[Segment] = []
        for found, size, right in zip(columns_of_lines, widths, numeric, strict=True):
            line: Line = found[place] if place < len(found) else ()
            blanks = " " * (size - columns(text_of(line)))
            segments += [(blanks, ""), *line, (GAP, "")] if right else [*line, (blanks, ""), (GAP, "")]
        yield _trimmed(merged(segments))


def _trimmed(line: Line) -> Line:
    """A line without blanks at its end."""
    parts = list(line)
    while parts and not parts[-1][0].rstrip():
        parts.pop()
    if parts:
        parts[-1] = (parts[-1][0].rstrip(), parts[-1][1])
    return tuple(parts)


def _one_by_one(header: list[Cell] | None, rows: list[list[Cell]], width: int) -> Iterator[Line]:
    """A table that is too wide for its columns: each cell on a line of its own, behind its header."""
    for place, row in enumerate(rows):
        if place:
            yield ()
        for column, cell in enumerate(row):
            label = header[column] if header else []
            units = [*label, *(_after(cell) if label else cell)]
            yield from fill(units, width, lambda _: 4)


def _after(cell: Cell) -> Cell:
    """A cell that may begin behind a label: its first unit gets a gap."""
    return [Unit(unit.segments, unit.width, GAP if place == 0 else unit.gap, max(unit.price, 0), unit.kind) for place, unit in enumerate(cell)]
