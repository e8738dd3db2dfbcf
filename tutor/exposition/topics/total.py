"""The total derivative: the tree of paths, each rate, the sum: `tutor explain --where`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tutor.calculus.points import Point, value_at
from tutor.calculus.total import Path, TotalDerivative
from tutor.exposition import Level
from tutor.exposition.data import point_data, texts, value_data, working
from tutor.exposition.derivation import board_blocks, changed
from tutor.exposition.doc import Block, Doc, Maths, Paragraph, Phrase, Result, Section, Table
from tutor.exposition.names import Name, named
from tutor.exposition.phrases import PHRASES, listed
from tutor.exposition.places import point_phrase, value_line, where_it_holds
from tutor.form.tree import Apply, Deriv, Form, Relation, Sym, product, total


def document(result: TotalDerivative, level: Level = "normal", typed: Form | None = None, point: Point | None = None) -> Doc:
    """Paths, rates, their sum, what the letters stand for, the result."""
    outer = named(typed or result.function, result.function, min(result.function.free))
    left = _derivative(result, outer.name)
    blocks: list[Block] = list(_intro(result, outer))
    if level != "brief":
        blocks.extend(_rates(result, outer, level))
        blocks.extend(_sum(result, outer, left, level))
    blocks.append(Result(Relation((left, result.value), ("=",)), tuple(line.after for line in result.direct.also[:1])))
    blocks.extend(where_it_holds(result))
    if point:
        heading = PHRASES.say("total.at", {"point": point_phrase(point)})
        blocks.append(Section(heading, _value(left, result, point), "at"))
    if level == "full":
        composed = Relation((Sym(outer.name), result.composed), ("=",))
        blocks.append(Paragraph(PHRASES.say("total.check", {"composed": composed, "value": result.direct.value})))
    return Doc(_title(result, outer), tuple(blocks))


def _title(result: TotalDerivative, outer: Name) -> Phrase:
    definitions = [Relation((Sym(name), form), ("=",)) for name, form in result.where.items()]
    return (Relation((outer.written(), result.function), ("=",)), " ", *PHRASES.say("total.where", {"where": listed(definitions)}))


def _derivative(result: TotalDerivative, name: str) -> Form:
    """f′(t), or ∂f/∂t where other letters stay fixed (d/dt f, where ∂f/∂t is the rate of a direct path)."""
    if not result.partial:
        return Apply(name, (Sym(result.variable),), (1,))
    return Deriv(Sym(name), result.variable, 1, ("", result.variable) not in result.links)


def _called(result: TotalDerivative, outer: Name, name: str) -> Name:
    """The outer function, or a dependent letter as a function of the letters that it is written with."""
    letters = tuple(sorted(result.where[name].free)) if name else ()
    return Name(name, letters, len(letters) > 1) if name else outer


def _symbols(result: TotalDerivative, outer: Name, path: Path) -> list[Form]:
    """The rate of each link as a symbol: ∂f/∂x, and x′(t) for a function of one letter."""
    above = ("", *path.letters)
    return [_called(result, outer, name).derivative((letter,)) for name, letter in zip(above, path.letters, strict=False)]


def _intro(result: TotalDerivative, outer: Name) -> Iterator[Block]:
    words, count = PHRASES.words("text.words"), len(result.paths)
    values = {
        "name": Sym(outer.name), "variable": Sym(result.variable), "many": count > 1,
        "words": words[count] if count < len(words) else str(count),
    }  # fmt: skip
    yield Paragraph(PHRASES.say("total.intro", values))
    rows = [
        (_way(outer, path), (product(_symbols(result, outer, path)),), (path.product,))
        for path in result.paths
    ]  # fmt: skip
    yield Table(tuple(PHRASES.say(f"total.{head}", {}) for head in ("path", "rates", "values")), tuple(rows))
    if count > 1 and any(len(path.letters) == 1 for path in result.paths):
        yield Paragraph(PHRASES.say("total.direct", values))
    others = sorted(result.composed.free - {result.variable})
    if others:
        yield Paragraph(PHRASES.say("total.held", {"others": listed(list(map(Sym, others)))}))


def _way(outer: Name, path: Path) -> Phrase:
    """f → x → t."""
    arrow = PHRASES.say("total.arrow", {})
    found: list[str | Form] = [Sym(outer.name)]
    for letter in path.letters:
        found += [*arrow, Sym(letter)]
    return tuple(found)


def _rates(result: TotalDerivative, outer: Name, level: Level) -> Iterator[Block]:
    """The derivative of every link on the board, those of one function under one heading."""
    for name in dict.fromkeys(start for start, _ in result.links):
        called = _called(result, outer, name)
        links = [link for (start, _), link in result.links.items() if start == name]
        values = {"name": Sym(called.name), "letters": listed([Sym(link.variable) for link in links])}
        blocks = [block for link in links for block in board_blocks(link, called, level)]
        yield Section(PHRASES.say("total.inner" if name else "total.outer", values), tuple(blocks), "link")


def _sum(result: TotalDerivative, outer: Name, left: Form, level: Level) -> Iterator[Block]:
    pattern = total(product(_symbols(result, outer, path)) for path in result.paths)
    reason = PHRASES.say("total.together_reason", {"variable": Sym(result.variable), "name": Sym(outer.name)})
    lines: list[Block] = [Paragraph(reason, "reason")] if level == "full" else []
    lines += [Maths(Relation((left, pattern), ("=",))), Maths(Relation((left, result.sum), ("=",)))]
    yield Section(PHRASES.say("total.together", {}), tuple(lines), "several")
    if result.substituted is not result.sum:
        yield Section(PHRASES.say("total.substitute", {}), (Maths(Relation((left, result.substituted), ("=",))),), "substitute")
    for line in result.algebra:
        shown = Maths(Relation((left, line.after), ("=",)), changed(line.before, line.after))
        yield Section(PHRASES.say(f"laws.{line.law}.heading", {}), (shown,), f"law.{line.law}")


def _value(left: Form, result: TotalDerivative, point: Point) -> tuple[Block, ...]:
    found = value_at(result.value, point)
    here = Apply(left.name, (point[result.variable],), (1,)) if isinstance(left, Apply) else left
    if found.exact is None:
        return (Paragraph(PHRASES.say("text.no_value", {"what": here}), "condition"),)
    return (value_line(here, found),)


def fields(result: TotalDerivative, point: Point | None = None) -> dict[str, Any]:
    """The fields of `tutor explain --where … --format json`."""
    data: dict[str, Any] = {
        "where": {name: str(form) for name, form in result.where.items()}, "variable": result.variable, "partial": result.partial,
        "value": str(result.value), "sum": str(result.sum),
        "paths": [{"letters": list(path.letters), "rates": texts(link.value for link in path.links), "product": str(path.product)} for path in result.paths],
        **working(result),
    }  # fmt: skip
    if point:
        data["at"] = {"point": point_data(point), **value_data(value_at(result.value, point))}
    return data
