"""The gradient as a document: each partial derivative, the vector, and at a point its length and direction."""

from __future__ import annotations

from typing import Any

from tutor.calculus.gradient import Gradient, GradientAt
from tutor.calculus.points import Point, Value
from tutor.exposition import Level
from tutor.exposition.data import body, point_data, texts, value_data
from tutor.exposition.derivation import board_blocks
from tutor.exposition.doc import Block, Doc, Maths, Paragraph, Result, Section
from tutor.exposition.names import Name, equation, named
from tutor.exposition.phrases import PHRASES, listed
from tutor.exposition.places import point_phrase, value_line, where_it_holds
from tutor.form.reading import read
from tutor.form.tree import Apply, Call, Form, Listing, Relation, Sym


def document(result: Gradient, level: Level = "normal", typed: Form | None = None, point: Point | None = None) -> Doc:
    """The partial derivatives, the vector, and its value at a point."""
    name = named(typed or result.function, result.function, result.variables[0])
    title = equation(name, 0, result.function)
    letters = listed([Sym(variable) for variable in result.variables])
    blocks: list[Block] = [Paragraph(PHRASES.say("gradient.intro", {"letters": letters}))]
    for partial in result.partials:
        heading = PHRASES.say("gradient.component", {"variable": Sym(partial.variable)})
        blocks.append(Section(heading, board_blocks(partial, name, level), "partial"))
    left = Call("grad", (Sym(name.name),))
    blocks.append(Result(Relation((left, result.vector), ("=",))))
    blocks.extend(where_it_holds(result))
    if point:
        blocks.append(_at(name, left, result.at(point)))
    return Doc((title,), tuple(blocks))


def fields(result: Gradient, point: Point | None = None) -> dict[str, Any]:
    """The fields of `tutor gradient --format json`."""
    data: dict[str, Any] = {
        "variables": list(result.variables), "value": texts(result.value), "proved": result.proved,
        "partials": [{"variable": one.variable, "value": str(one.value), **body(one)} for one in result.partials],
    }  # fmt: skip
    if point:
        here = result.at(point)
        data["at"] = {
            "point": point_data(here.point), "components": [value_data(value) for value in here.components],
            "length": value_data(here.length), "direction": None if here.direction is None else [value_data(value) for value in here.direction],
        }  # fmt: skip
    return data


def _at(name: Name, left: Form, here: GradientAt) -> Section:
    heading = PHRASES.say("gradient.at", {"point": point_phrase(here.point)})
    place = Apply(name.name, tuple(here.point[letter] for letter in name.letters if letter in here.point), (0,) * len(name.letters))
    if not here.defined:
        return Section(heading, (Paragraph(PHRASES.say("text.no_value", {"what": left}), "condition"),), "at")
    located = Call("grad", (place if len(place.args) == len(place.orders) else Sym(name.name),))
    substituted = Listing("tuple", tuple(component.substituted for component in here.components))
    blocks: list[Block] = [_line(located, substituted, here.components)]
    if here.direction is None:
        blocks.append(Paragraph(PHRASES.say("gradient.flat", {})))
        return Section(heading, tuple(blocks), "at")
    blocks.append(Section(PHRASES.say("gradient.length", {}), (value_line(Call("abs", (located,)), here.length),), "length"))
    direction = Section(
        PHRASES.say("gradient.direction", {}),
        (_line(None, Listing("tuple", tuple(part.substituted for part in here.direction)), here.direction),
         Paragraph(PHRASES.say("gradient.opposite", {}))),
        "direction",
    )  # fmt: skip
    return Section(heading, (*blocks, direction), "at")


def _line(left: Form | None, substituted: Form, values: tuple[Value, ...]) -> Maths:
    exact = Listing("tuple", tuple(value.exact for value in values if value.exact is not None))
    sides = list(dict.fromkeys(side for side in (left, substituted, exact) if side is not None))
    decimals = Listing("tuple", tuple(read(value.decimal) for value in values if value.decimal is not None))
    note = PHRASES.say("text.approximately", {"decimal": decimals}) if decimals is not exact else ()
    form = Relation(tuple(sides), ("=",) * (len(sides) - 1)) if len(sides) > 1 else sides[0]
    return Maths(form, note=note)
