"""Where the boxes of a layered graph stand: columns from left to right, few crossings, straight arrows where possible.

The four steps of Sugiyama, Tagawa & Toda (1981): a column for each box (the longest way from the left; what
reads nothing stands beside its first reader), a bend wherever an arrow passes a column, an order in each
column by the mean place of the neighbours, and heights that pull neighbours level without any overlap. A
picture of many columns is broken into rows, as text into lines, where few arrows cross.

>>> found = arranged([(0, 2), (1, 2), (2, 3)], [(60, 40)] * 4)
>>> [found.columns[k] for k in range(4)], found.boxes[0].y != found.boxes[1].y
([0, 0, 1, 2], True)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

Edge = tuple[int, int]
Size = tuple[float, float]

GAP = 26.0
"""Between boxes of one column."""
LANE = 16.0
"""Around a bend."""
_SWEEPS = 12
_LIGHT = 0.01
"""How little a letter weighs against an operation where both want the same height."""
_MOST_COLUMNS, _LINE = 10, 8
"""More columns than the first are broken into rows of about the second."""
_FEW = 3
"""Arrows that may cross from one row to the next."""
ROW_GAP = 56.0


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle by its middle."""

    x: float
    y: float
    width: float
    height: float

    @property
    def left(self) -> float:
        """The left side."""
        return self.x - self.width / 2

    @property
    def right(self) -> float:
        """The right side."""
        return self.x + self.width / 2

    @property
    def top(self) -> float:
        """The upper side."""
        return self.y - self.height / 2

    @property
    def bottom(self) -> float:
        """The lower side."""
        return self.y + self.height / 2

    def meets(self, other: Box) -> bool:
        """Whether two rectangles overlap."""
        return self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom


@dataclass(frozen=True, slots=True)
class Arranged:
    """The boxes by number, their columns and rows, for each arrow the bends between its ends (x, y, row), and the rectangle of each row."""

    boxes: dict[int, Box]
    columns: dict[int, int]
    rows: dict[int, int]
    bends: dict[Edge, tuple[tuple[float, float, int], ...]]
    bands: tuple[Box, ...]


def arranged(edges: Sequence[Edge], sizes: Sequence[Size], gaps: Callable[[int], float] = lambda _: 90.0) -> Arranged:
    """Places for boxes of these sizes; boxes are numbered so that arrows go upwards. `gaps` is the room behind a column."""
    column = columns(edges, len(sizes))
    pieces, chains = _with_bends(edges, column)
    order = _ordered(pieces, column, len(sizes))
    height = {one: sizes[one][1] + GAP if one < len(sizes) else LANE for one in column}
    ys = _heights(order, pieces, height)
    row = _rows(edges, column, len(sizes))
    return _placed(sizes, chains, column, row, order, ys, gaps)


def columns(edges: Sequence[Edge], count: int) -> dict[int, int]:
    """The longest way from the left; a box that reads nothing stands one column before its first reader."""
    sources: dict[int, list[int]] = {k: [] for k in range(count)}
    users: dict[int, list[int]] = {k: [] for k in range(count)}
    for source, user in edges:
        sources[user].append(source)
        users[source].append(user)
    found: dict[int, int] = {}
    for k in range(count):
        found[k] = 1 + max((found[source] for source in sources[k]), default=-1)
    for k in range(count):
        if not sources[k] and users[k]:
            found[k] = min(found[user] for user in users[k]) - 1
    return found


def _with_bends(edges: Sequence[Edge], column: dict[int, int]) -> tuple[list[Edge], dict[Edge, list[int]]]:
    """The arrows cut into pieces from one column to the next, and the bends of each arrow (numbered behind the boxes)."""
    pieces: list[Edge] = []
    chains: dict[Edge, list[int]] = {}
    for source, user in edges:
        chain = []
        last = source
        for place in range(column[source] + 1, column[user]):
            bend = len(column)
            column[bend] = place
            chain.append(bend)
            pieces.append((last, bend))
            last = bend
        pieces.append((last, user))
        chains[source, user] = chain
    return pieces, chains


# -- order -------------------------------------------------------------------------------------------


def _ordered(pieces: Sequence[Edge], column: dict[int, int], boxes: int) -> list[list[int]]:
    """Each column from top to bottom: as found from the last box backwards, then improved by barycentres."""
    before, behind = _neighbours(pieces, column)
    order: list[list[int]] = [[] for _ in range(1 + max(column.values()))]
    seen: set[int] = set()
    stack = [k for k in range(boxes) if not behind[k]]
    while stack:
        one = stack.pop()
        if one not in seen:
            seen.add(one)
            order[column[one]].append(one)
            stack.extend(reversed(before[one]))
    best, least = [list(one) for one in order], _crossings(order, behind)
    for sweep in range(_SWEEPS):
        forwards = sweep % 2 == 1
        for place in range(len(order)) if forwards else reversed(range(len(order))):
            _by_barycentre(order, place, before if forwards else behind)
        crossings = _crossings(order, behind)
        if crossings < least:
            best, least = [list(one) for one in order], crossings
    return best


def _neighbours(pieces: Sequence[Edge], boxes: Iterable[int]) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    before: dict[int, list[int]] = {one: [] for one in boxes}
    behind: dict[int, list[int]] = {one: [] for one in before}
    for source, user in pieces:
        before[user].append(source)
        behind[source].append(user)
    return before, behind


def _by_barycentre(order: list[list[int]], place: int, neighbours: dict[int, list[int]]) -> None:
    """A column by the mean place of the neighbours on one side; what has none stays where it is."""
    where = {one: k for line in order for k, one in enumerate(line)}
    mean = {one: sum(where[other] for other in neighbours[one]) / len(neighbours[one]) if neighbours[one] else where[one] for one in order[place]}
    order[place].sort(key=lambda one: mean[one])


def _crossings(order: list[list[int]], behind: dict[int, list[int]]) -> int:
    count = 0
    where = {one: k for line in order for k, one in enumerate(line)}
    for line in order:
        ends = [where[user] for one in line for user in sorted(behind[one], key=lambda user: where[user])]
        count += sum(ends[k] > ends[m] for k in range(len(ends)) for m in range(k + 1, len(ends)))
    return count


# -- heights -----------------------------------------------------------------------------------------


def _heights(order: list[list[int]], pieces: Sequence[Edge], height: dict[int, float]) -> dict[int, float]:
    """The middle of each box and bend: as level with its neighbours as the order and the boxes allow."""
    ys: dict[int, float] = {}
    for line in order:
        top = -sum(height[one] for one in line) / 2
        for one in line:
            ys[one] = top + height[one] / 2
            top += height[one]
    before, behind = _neighbours(pieces, list(ys))

    def settle(line: list[int], wanted: list[float]) -> None:
        weights = [1.0 if before[one] else _LIGHT for one in line]
        ys.update(zip(line, _apart(wanted, [height[one] for one in line], weights), strict=True))

    for sweep in range(_SWEEPS):
        for line in order if sweep % 2 else reversed(order):
            sides = before if sweep % 2 else behind
            settle(line, [_level(_main(sides[one], before) or _main(behind[one], before) or before[one], ys, ys[one]) for one in line])
    for line in order:  # the operations stand: each letter now goes as near to its users as it can
        settle(line, [ys[one] if before[one] else _level(behind[one], ys, ys[one]) for one in line])
    return ys


def _level(near: list[int], ys: dict[int, float], own: float) -> float:
    return sum(ys[other] for other in near) / len(near) if near else own


def _main(boxes: list[int], before: dict[int, list[int]]) -> list[int]:
    """Those that read something themselves: the main line goes straight, and letters stand beside it."""
    return [one for one in boxes if before[one]]


def _apart(wanted: Sequence[float], heights: Sequence[float], weights: Sequence[float]) -> list[float]:
    """The places nearest to those that are wanted, in their order and without overlap (pool adjacent violators).

    >>> _apart([0, 0, 50], [20, 20, 20], [1, 1, 1])
    [-10.0, 10.0, 50.0]
    """
    offsets, total = [], 0.0
    for place, height in enumerate(heights):
        total += (heights[place - 1] + height) / 2 if place else 0.0
        offsets.append(total)
    pools: list[tuple[float, float, int]] = []
    for y, offset, weight in zip(wanted, offsets, weights, strict=True):
        mean, heavy, count = float(y - offset), weight, 1
        while pools and pools[-1][0] > mean:
            other, more, others = pools.pop()
            mean, heavy, count = (mean * heavy + other * more) / (heavy + more), heavy + more, count + others
        pools.append((mean, heavy, count))
    levels = [mean for mean, _, count in pools for _ in range(count)]
    return [level + offset for level, offset in zip(levels, offsets, strict=True)]


# -- rows --------------------------------------------------------------------------------------------


def _rows(edges: Sequence[Edge], column: dict[int, int], boxes: int) -> list[int]:
    """For each column the row in which it stands; a break comes where few arrows cross."""
    last = max(column[one] for one in range(boxes))
    if last < _MOST_COLUMNS:
        return [0] * (last + 1)
    crossing = [sum(column[source] <= place < column[user] for source, user in edges) for place in range(last)]
    rows, start = [0] * (last + 1), 0
    while last - start >= _LINE:
        allowed = [place for place in range(start + _LINE - 3, last) if crossing[place] <= _FEW]
        if not allowed:
            break
        window = [place for place in allowed if place < start + _LINE] or allowed[:1]
        cut = min(window, key=lambda place: (crossing[place], -place))
        for place in range(cut + 1, last + 1):
            rows[place] += 1
        start = cut + 1
    return rows


def _placed(
    sizes: Sequence[Size], chains: dict[Edge, list[int]], column: dict[int, int], row: list[int], order: list[list[int]],
    ys: dict[int, float], gaps: Callable[[int], float],
) -> Arranged:  # fmt: skip
    """Coordinates: columns from left to right in each row, rows one below the other, all from 0 on."""
    count = len(sizes)
    lefts: list[float] = []
    widths = [max((sizes[one][0] for one in line if one < count), default=0.0) for line in order]
    for place in range(len(widths)):
        new = not place or row[place] != row[place - 1]
        lefts.append(0.0 if new else lefts[-1] + widths[place - 1] + gaps(place - 1))
    shifts: list[float] = []
    bands: list[Box] = []
    top = 0.0
    for number in range(max(row) + 1):
        inside = [one for one in ys if row[column[one]] == number]
        high = min(ys[one] - (sizes[one][1] / 2 if one < count else 0) for one in inside)
        low = max(ys[one] + (sizes[one][1] / 2 if one < count else 0) for one in inside)
        right = max(lefts[place] + widths[place] for place in range(len(order)) if row[place] == number)
        shifts.append(top - high)
        bands.append(Box(right / 2, top + (low - high) / 2, right, low - high))
        top += low - high + ROW_GAP

    def place_of(one: int) -> tuple[float, float]:
        at = column[one]
        return lefts[at] + widths[at] / 2, ys[one] + shifts[row[at]]

    boxes = {one: Box(*place_of(one), *sizes[one]) for one in range(count)}
    bends = {edge: tuple((*place_of(bend), row[column[bend]]) for bend in chain) for edge, chain in chains.items()}
    rows = {one: row[column[one]] for one in range(count)}
    return Arranged(boxes, {one: column[one] for one in range(count)}, rows, bends, tuple(bands))
