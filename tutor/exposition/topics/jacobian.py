"""The Jacobian as a document: the rows with their derivatives, the matrix, its determinant and what that means."""

from __future__ import annotations

from typing import Any

from tutor.calculus.jacobian import Jacobian, JacobianAt
from tutor.calculus.points import Point, value_at
from tutor.exposition import Level
from tutor.exposition.abbreviate import abbreviated
from tutor.exposition.amounts import amount, chain
from tutor.exposition.data import point_data, texts, value_data, working
from tutor.exposition.derivation import board_blocks
from tutor.exposition.doc import Block, Doc, Maths, Paragraph, Phrase, Result, Section
from tutor.exposition.names import Name
from tutor.exposition.phrases import PHRASES, listed
from tutor.exposition.places import point_phrase, value_line, where_it_holds
from tutor.form.numerals import rational
from tutor.form.reading import read
from tutor.form.tree import ZERO, Apply, Call, Form, Listing, Relation, Sym

J = Sym("J")
DETERMINANT = Apply("det", (J,), (0,))
_MEASURES = {2: "two", 3: "three"}


def document(result: Jacobian, level: Level = "normal", typed: Form | None = None, point: Point | None = None) -> Doc:  # noqa: ARG001
    """The rows, the matrix, the determinant where there is one, and the values at a point."""
    names = _names(result)
    blocks: list[Block] = []
    if level != "brief":
        blocks.append(_said("intro", letters=listed([Sym(letter) for letter in result.variables], ", ")))
        if len(result.functions) == 1:
            blocks.append(_said("single"))
        blocks.extend(_row(result, number, name, level) for number, name in enumerate(names))
    if level == "full":
        blocks.append(_said("reason.matrix", "reason"))
    blocks.append(Result(chain(J, result.matrix)))
    blocks.extend(where_it_holds(result))
    if len(result.functions) > 1:
        blocks.extend(_determinant(result, level))
    if result.here is not None:
        blocks.append(_at(result, result.here))
    return abbreviated(Doc((_title(result, typed, names),), tuple(blocks)))


def fields(result: Jacobian, point: Point | None = None) -> dict[str, Any]:  # noqa: ARG001
    """The fields of `tutor jacobian --format json`."""
    data: dict[str, Any] = {
        "functions": texts(result.functions),
        "variables": list(result.variables),
        "matrix": [texts(entry.value for entry in row) for row in result.rows],
        "determinant": None if result.determinant is None else str(result.determinant),
    }
    here = result.here
    if here is not None:
        data["at"] = {
            "point": point_data(here.point),
            "matrix": [[value_data(value) for value in row] for row in here.entries],
            "determinant": None if here.determinant is None else value_data(here.determinant),
            "defined": here.defined,
        }
    return {**data, **working(result)}


def _say(key: str, **values: Any) -> Phrase:
    return PHRASES.say(f"jacobian.{key}", values)


def _said(key: str, role: str = "text", **values: Any) -> Paragraph:
    return Paragraph(_say(key, **values), role)


def _names(result: Jacobian) -> list[Name]:
    """What the functions are called: as they were typed, else f, g, h, else f with a number."""
    count, taken = len(result.functions), set(result.variables) | {label for label in result.labels if label}
    free = [letter for letter in "fghFGH" if letter not in taken]
    own = iter(free if count <= 3 else [f"f_{k + 1}" for k in range(count)])
    return [Name(label or next(own), result.variables, partial=len(result.variables) > 1) for label in result.labels]


def _title(result: Jacobian, typed: Form | None, names: list[Name]) -> Form:
    """F(x, y) = (xy, x + y²), under the name that was typed."""
    if len(names) == 1:
        return chain(names[0].written(), result.functions[0])
    several = Listing("tuple", result.functions)
    match typed:
        case Relation((Apply() | Sym() as left, Listing()), ("=",)):
            return chain(left, several)
    taken = {*result.variables, *(name.name for name in names)}
    if any(result.labels):
        return chain(Listing("tuple", tuple(Sym(name.name) for name in names)), several)
    return chain(Apply(next(letter for letter in "FGHT" if letter not in taken), tuple(map(Sym, result.variables)), (0,) * len(result.variables)), several)


def _row(result: Jacobian, number: int, name: Name, level: Level) -> Section:
    heading = _say("row", number=str(number + 1), function=chain(name.written(), result.functions[number]))
    entries = (Section(_say("entry", variable=Sym(entry.variable)), board_blocks(entry, name, level), "partial") for entry in result.rows[number])
    return Section(heading, tuple(entries), "row")


def _determinant(result: Jacobian, level: Level) -> list[Block]:
    size = len(result.functions)
    if not result.is_square:
        return [] if level == "brief" else [_said("determinant.not_square", rows=str(size), columns=str(len(result.variables)))]
    if result.expansion is None:
        return [_said("determinant.long")]
    if level == "brief":
        return [Maths(chain(DETERMINANT, result.determinant))]
    blocks: list[Block] = [_said("reason.determinant" if size == 2 else "reason.volume", "reason")] if level == "full" else []
    blocks.append(Maths(chain(DETERMINANT, result.expansion), note=_say("determinant.two" if size == 2 else "determinant.many") if level == "full" else ()))
    blocks.extend(Maths(chain(DETERMINANT, line.after), note=PHRASES.say(f"laws.{line.law}.heading", {})) for line in result.algebra)
    return [Section(_say("determinant.heading"), (*blocks, _regular(result)), "determinant")]


def _regular(result: Jacobian) -> Paragraph:
    if result.determinant is ZERO:
        return _said("always_zero")
    return _said("never_zero") if result.regular is None else _said("regular", condition=result.regular)


def _at(result: Jacobian, here: JacobianAt) -> Section:
    heading = _say("at", point=point_phrase(here.point))
    if here.broken:
        return Section(heading, (_said("broken", "condition", conditions=listed(here.broken)),), "at")
    if not here.defined:
        return Section(heading, (_said("no_value", "condition"),), "at")
    blocks: list[Block] = [_matrix_line(result, here)]
    if here.determinant is not None and len(result.functions) > 1:
        blocks.extend((value_line(DETERMINANT, here.determinant), *_meaning(result, here)))
    return Section(heading, tuple(blocks), "at")


def _matrix_line(result: Jacobian, here: JacobianAt) -> Maths:
    place = Apply("J", tuple(here.point[letter] for letter in result.variables if letter in here.point), (0,) * len(result.variables))
    left = place if len(place.args) == len(place.orders) else J
    values = [value for row in here.entries for value in row]
    if all(value.exact is not None and rational(value.exact) is not None for value in values):
        return Maths(chain(left, here.matrix))
    rows = tuple(Listing("list", tuple(read(value.decimal or "0") for value in row)) for row in here.entries)
    return Maths(chain(left, here.matrix), note=PHRASES.say("text.approximately", {"decimal": Listing("matrix", rows)}))


def _meaning(result: Jacobian, here: JacobianAt) -> list[Block]:
    """What the determinant's value says."""
    assert here.determinant is not None
    assert here.determinant.exact is not None
    size = len(result.functions)
    measure = _say(f"measure.{_MEASURES.get(size, 'many')}", size=str(size))
    if here.sign == "0":
        return [_said("collapses", measure=measure)]
    if not here.sign:
        return []
    factor = amount(value_at(Call("abs", (here.determinant.exact,)), {}))
    return [_said("keeps" if here.sign == "+" else "turns", measure=measure, factor=factor), _said("invertible")]
