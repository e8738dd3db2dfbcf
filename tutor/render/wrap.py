"""Lines of a given width out of sentences and formulas, broken where it hurts least.

A text is cut into units that stay whole; each place between two units has a price. A sentence
breaks at its spaces for nothing. A formula breaks at a relation, then at a + or − of its outermost
sum, then at a product sign; each bracket around a place makes it far dearer, so that a
sub-expression is cut only when there is no other way. The cheapest set of lines is found by dynamic
programming over the places (Knuth and Plass, *Breaking paragraphs into lines*, 1981), with few
lines rather than even ones.

>>> units = formula("f' = a + (b + c) + d")
>>> [text_of(line) for line in fill(units, 14, relation_hang(units, 30))]
["f' = a", '     + (b + c)', '     + d']
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from tutor.render.signs import columns

Segment = tuple[str, str]
"""A text and the name of its style."""

Line = tuple[Segment, ...]
"""What stands on one line, in order."""

BEGIN, END = "\ue000", "\ue001"
"""Private-use characters around the focus in a written formula; they never reach a line."""

LINE, NESTED, OVERFULL = 100, 1_000, 100_000
RELATION, SUM, COMMA, SIGN, PRODUCT, FORBIDDEN = 0, 10, 30, 50, 150, -1
_WORDS = re.compile(r"( *)([^ ]+)|( +)(?=$)")
_RELATIONS = frozenset("!=<>≤≥≠≈~→⇒←")
_SUMS = frozenset("+-−±")
_PRODUCTS = frozenset("·*×/÷")
_OPENERS, _CLOSERS = "([{⌊⌈", ")]}⌋⌉"


@dataclass(frozen=True, slots=True)
class Unit:
    """A piece that stays whole; `gap` stands before it unless a line begins here, at this `price`."""

    segments: Line
    width: int
    gap: str = " "
    price: int = 0
    kind: str = ""


def text_of(line: Line) -> str:
    """A line without its styles."""
    return "".join(text for text, _ in line)


def sentence(text: str, style: str) -> list[Unit]:
    """The words of a text; a first word that touches what stands before it has no gap."""
    units: list[Unit] = []
    last = ""
    for before, word, after in _WORDS.findall(text):
        gap = before or after
        # A sign between spaces (x ≠ 2) keeps its company unless that costs a line.
        bound = SIGN if _is_sign(word) or _is_sign(last) else 0
        units.append(Unit(((word, style),), columns(word), gap, bound if gap else FORBIDDEN))
        last = word
    return units


def _is_sign(word: str) -> bool:
    return bool(word) and not any(sign.isalnum() or sign in "([{…" for sign in word)


def joined(parts: Iterable[list[Unit]]) -> list[Unit]:
    """Units of several parts in a row; where no space stands between two parts they become one unit."""
    found: list[Unit] = []
    for part in parts:
        for unit in part:
            if found and unit.price == FORBIDDEN:
                last = found[-1]
                found[-1] = Unit(last.segments + unit.segments, last.width + unit.width, last.gap, last.price, last.kind)
            else:
                found.append(unit)
    return [unit for unit in found if unit.width]


def formula(text: str, style: str = "", surcharge: int = 0, room: int = 0) -> list[Unit]:
    """The units of a written formula; marks of the focus become its style. One that fits into `room` stays whole."""
    if len(text) <= room and BEGIN not in text:
        return [Unit(((text, style),), columns(text), "", FORBIDDEN)]
    units: list[Unit] = []
    start, price, gap, kind = 0, FORBIDDEN, "", ""
    inside = False
    for place, next_gap, next_kind, next_price in _places(text):
        segments, inside = _styled(text[start:place], style, inside)
        units.append(Unit(segments, sum(columns(part) for part, _ in segments), gap, price, kind))
        start, gap, kind, price = place + len(next_gap), next_gap, next_kind, next_price + surcharge
    segments, _ = _styled(text[start:], style, inside)
    units.append(Unit(segments, sum(columns(part) for part, _ in segments), gap, price, kind))
    return units


def _places(text: str) -> Iterator[tuple[int, str, str, int]]:
    """Where a formula may be broken: place, the gap that vanishes there, kind and price."""
    stack: list[str] = []  # the brackets that are open
    last = ""  # the last sign that is neither a space nor a mark
    for place, sign in enumerate(text):
        if sign in (BEGIN, END):
            continue
        following = text[place + 1 :].lstrip(BEGIN + END)[:1] if sign == " " else sign
        if sign == " " and place:
            found = _kind(last, following)
            if found:
                yield place, " ", found[0], found[1] + NESTED * len(stack)
            continue
        if (sign == "*" and last and last not in _PRODUCTS) or (sign == "/" and last in _CLOSERS):
            yield place, "", "product", PRODUCT + NESTED * len(stack)
        _track(stack, sign, last)
        last = sign


def _kind(last: str, following: str) -> tuple[str, int] | None:
    """What breaking at a space between these two signs means; None right after an operator."""
    if following in _RELATIONS:
        return "relation", RELATION
    if last in _RELATIONS or last in _SUMS or last in _PRODUCTS:
        return None
    if following in _SUMS:
        return "sum", SUM
    if last in ",;":
        return "comma", COMMA
    return "product", PRODUCT


def _track(stack: list[str], sign: str, last: str) -> None:
    """Follow brackets, and bars, which open where an operand may begin."""
    if sign in _OPENERS:
        stack.append(sign)
    elif sign in _CLOSERS and stack:
        stack.pop()
    elif sign == "|":
        if stack and stack[-1] == "|" and last and last not in "+-−·*/([{=<>":
            stack.pop()
        else:
            stack.append(sign)


def _styled(text: str, style: str, inside: bool) -> tuple[Line, bool]:
    """A piece of a formula as segments, and whether the focus goes on after it."""
    if BEGIN not in text and END not in text:
        return ((text, "focus" if inside else style),), inside
    segments: list[Segment] = []
    start, depth = 0, int(inside)
    for place, sign in enumerate(text + END):
        if sign not in (BEGIN, END):
            continue
        if place > start:
            segments.append((text[start:place], "focus" if depth else style))
        start = place + 1
        if place < len(text):
            depth = max(depth + (1 if sign == BEGIN else -1), 0)
    return tuple(segments), depth > 0


Hang = Callable[[Unit], int]


def no_hang(_: Unit) -> int:
    """Every line begins where the first one does."""
    return 0


def small_hang(_: Unit) -> int:
    """Continuation lines begin a little to the right."""
    return 2


def relation_hang(units: Sequence[Unit], width: int) -> Hang:
    """Later relations stand under the first one, the terms of a broken sum a little to its right."""
    if width < 24:
        return small_hang
    column = 0
    for place, unit in enumerate(units):
        if unit.kind == "relation":
            column += len(unit.gap)
            break
        column += unit.width + (len(unit.gap) if place else 0)
    else:
        column = 0
    if column > min(width // 3, 24):
        column = 2
    deeper = column + 2 if column else 2

    def hang(unit: Unit) -> int:
        if unit.kind == "relation":
            return column
        return deeper if unit.kind == "sum" else deeper + 2

    return hang


def fill(units: Sequence[Unit], width: int, hang: Hang = no_hang) -> list[Line]:
    """The cheapest lines; continuation lines begin with the blanks that `hang` asks for."""
    count = len(units)
    if not count:
        return []
    if sum(unit.width + len(unit.gap) for unit in units) <= width:
        return list(_lines(units, [count] * (count + 1), hang))
    cost, end = [0] * (count + 1), [count] * (count + 1)
    for start in range(count - 1, -1, -1):
        used = hang(units[start]) if start else 0
        best = -1
        for stop in range(start + 1, count + 1):
            unit = units[stop - 1]
            used += unit.width + (len(unit.gap) if stop - 1 > start else 0)
            over = max(used - width, 0)
            if over and stop - 1 > start:
                break
            price = LINE + OVERFULL * over + cost[stop] + (units[stop].price if stop < count else 0)
            if best < 0 or price <= best:
                best, cost[start], end[start] = price, price, stop
    return list(_lines(units, end, hang))


def _lines(units: Sequence[Unit], end: list[int], hang: Hang) -> Iterator[Line]:
    start = 0
    while start < len(units):
        blanks = hang(units[start]) if start else 0
        segments: list[Segment] = [(" " * blanks, "")] if blanks else []
        for place in range(start, end[start]):
            unit = units[place]
            if place > start and unit.gap:
                # A gap between two parts of the focus belongs to the focus.
                both = segments[-1][1] == unit.segments[0][1]
                segments.append((unit.gap, segments[-1][1] if both else ""))
            segments.extend(unit.segments)
        yield merged(segments)
        start = end[start]


def merged(segments: Iterable[Segment]) -> Line:
    """Segments with neighbours of one style joined."""
    found: list[Segment] = []
    for text, style in segments:
        if found and found[-1][1] == style:
            found[-1] = (found[-1][0] + text, style)
        elif text:
            found.append((text, style))
    return tuple(found)
