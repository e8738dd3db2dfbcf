"""Many starts as a document: the valleys that they fall into, and which start falls where."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

from tutor.exposition import Level
from tutor.exposition.columns import Column, cell, figures, tables, written
from tutor.exposition.data import working
from tutor.exposition.doc import Block, Doc, Paragraph, Phrase, Section
from tutor.exposition.iterations import MOST_LETTERS
from tutor.exposition.objective import gradient_blocks, name_of, title
from tutor.exposition.phrases import PHRASES, listed
from tutor.exposition.topics.descent import about, method_name, rate_phrase
from tutor.form.numerals import number
from tutor.form.tree import Form, Listing, Relation, Sym

if TYPE_CHECKING:
    from tutor.calculus.points import Point
    from tutor.descent.starts import Basins, Valley
    from tutor.descent.trace import Trace
    from tutor.exposition.names import Name

say = PHRASES.say
_MOST_ROWS: dict[Level, int] = {"brief": 0, "normal": 20, "full": 100}


def document(result: Basins, level: Level = "normal", typed: Form | None = None, point: Point | None = None) -> Doc:  # noqa: ARG001
    """The valleys, which start falls where, and what that teaches."""
    first = result.traces[0]
    name = name_of(first, typed)
    blocks: list[Block] = [Paragraph(_introduction(result))]
    if level != "brief":
        blocks += gradient_blocks(first, name, "brief" if level == "normal" else level)
    if result.valleys:
        blocks.append(Section(say("descent.basins.valleys", {}), tuple(_valleys(result, name)), "valleys"))
    blocks += [Paragraph(phrase) for phrase in _summary(result)]
    if result.unsettled:
        values = {"count": len(result.unsettled), "all": not result.valleys}
        blocks.append(Paragraph(say("descent.basins.unsettled", values), "warning"))
    if _MOST_ROWS[level]:
        blocks.append(Section(say("descent.basins.starts", {}), tuple(_starts(result, _MOST_ROWS[level])), "starts"))
    if len(result.valleys) > 1 and level != "brief":
        blocks.append(Paragraph(say("descent.basins.lesson", {}), "reason"))
    return Doc(title(first, name), tuple(blocks))


def _introduction(result: Basins) -> Phrase:
    first = result.traces[0]
    sides = [
        Relation((figures(low), Sym(letter), figures(high)), ("<=", "<=")) for letter, (low, high) in zip(first.letters[:MOST_LETTERS], result.box, strict=False)
    ]  # fmt: skip
    values = {
        "count": number(len(result.traces)), "box": listed(sides), "seed": str(result.seed), "steps": number(max(trace.steps for trace in result.traces)),
        "method": method_name(first), "rate": rate_phrase(first),
    }  # fmt: skip
    return say("descent.basins.intro", values)


def _valleys(result: Basins, name: Name) -> Iterator[Block]:
    """One row a valley, the lowest first."""
    letters = result.traces[0].letters[:MOST_LETTERS]
    all_starts = len(result.traces)
    first = Column(say("descent.basins.number", {}), tuple((number(k + 1),) for k in range(len(result.valleys))))
    columns = [
        *(Column((Sym(letter),), tuple(map(cell, written([_clean(valley.point[k]) for valley in result.valleys])))) for k, letter in enumerate(letters)),
        Column((Sym(name.name),), tuple(map(cell, written([_clean(valley.value) for valley in result.valleys])))),
        Column(say("descent.basins.count", {}), tuple((number(len(valley.starts)),) for valley in result.valleys)),
        Column(say("descent.basins.share", {}), tuple((f"{100 * len(valley.starts) / all_starts:.0f} %",) for valley in result.valleys)),
    ]
    yield from tables(first, [columns])


def _clean(value: float) -> float:
    """A number without the last digits, in which runs that end in one place differ."""
    return round(value, 6)


def _summary(result: Basins) -> Iterator[Phrase]:
    if len(result.valleys) == 1:
        yield say("descent.basins.one", {"count": len(result.valleys[0].starts)})
    elif result.valleys:
        lowest = result.valleys[0]
        level = [valley for valley in result.valleys if _clean(valley.value) == _clean(lowest.value)]
        values: dict[str, Any] = {
            "count": len(result.valleys), "place": _place(result.traces[0], lowest), "value": figures(_clean(lowest.value)), "shared": len(level),
            "reached": sum(len(valley.starts) for valley in level), "all": len(result.traces),
        }  # fmt: skip
        yield say("descent.basins.many" if len(level) == 1 else "descent.basins.equal", values)


def _place(trace: Trace, valley: Valley) -> Phrase:
    values = tuple(figures(_clean(part)) for part in valley.point[:MOST_LETTERS])
    if len(values) == 1:
        return (Relation((Sym(trace.letters[0]), values[0]), ("~",)),)
    return (Relation((Listing("tuple", tuple(map(Sym, trace.letters[:MOST_LETTERS]))), Listing("tuple", values)), ("~",)),)


def _starts(result: Basins, most: int) -> Iterator[Block]:
    """Of one letter the stretches that fall into the same valley; else, and for few starts, one row a start."""
    homes = {start: place + 1 for place, valley in enumerate(result.valleys) for start in valley.starts}
    letters = result.traces[0].letters[:MOST_LETTERS]
    if len(letters) == 1 and len(result.valleys) > 1:
        yield from map(Paragraph, _stretches(result, homes))
    order = range(len(result.traces)) if len(letters) > 1 else sorted(range(len(result.traces)), key=lambda k: float(result.traces[k].points[0, 0]))
    some = list(order)[:most]
    starts = [Column((*say("descent.basins.start", {}), " ", Sym(letter)), tuple(map(cell, written([float(result.traces[k].points[0, j]) for k in some])))) for j, letter in enumerate(letters)]
    to = Column(say("descent.basins.to", {}), tuple((number(homes[k]),) if k in homes else say("descent.basins.none", {}) for k in some))
    yield from tables(starts[0], [[*starts[1:], to]])
    if len(some) < len(result.traces):
        yield Paragraph(say("descent.basins.rows", {"shown": len(some), "all": len(result.traces)}))


def _stretches(result: Basins, homes: dict[int, int]) -> Iterator[Phrase]:
    """From where to where neighbouring starts fall into the same valley."""
    placed = sorted((float(result.traces[k].points[0, 0]), home) for k, home in homes.items())
    for home, group in groupby(placed, key=lambda pair: pair[1]):
        xs = [x for x, _ in group]
        yield say("descent.basins.interval", {"low": figures(xs[0]), "high": figures(xs[-1]), "number": home, "one": len(xs) == 1})


def fields(result: Basins, point: Point | None = None) -> dict[str, Any]:  # noqa: ARG001
    """The fields of `tutor descend --starts --format json`."""
    first = result.traces[0]
    homes = {start: place for place, valley in enumerate(result.valleys) for start in valley.starts}
    return {
        **{key: value for key, value in about(first).items() if key != "start"},
        "seed": result.seed, "box": {letter: list(sides) for letter, sides in zip(first.letters, result.box, strict=True)},
        "valleys": [{"point": list(valley.point), "value": valley.value, "starts": list(valley.starts)} for valley in result.valleys],
        "unsettled": list(result.unsettled),
        "starts": [
            {"start": trace.points[0].tolist(), "end": trace.points[-1].tolist(), "steps": trace.steps, "stopped": trace.stopped, "valley": homes.get(k)}
            for k, trace in enumerate(result.traces)
        ],
        **working(result),
    }  # fmt: skip
