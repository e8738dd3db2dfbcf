"""The gradient as a document: each partial derivative, the vector, and at a point its length and direction."""

from __future__ import annotations

from tutor.calculus.gradient import Gradient, GradientAt
from tutor.calculus.points import Value
from tutor.exposition import Level
from tutor.exposition.derivation import board_blocks
from tutor.exposition.doc import Block, Doc, Maths, Paragraph, Result, Section
from tutor.exposition.names import Name, equation, named
from tutor.exposition.phrases import PHRASES, listed
from tutor.exposition.places import point_phrase, value_line
from tutor.form.reading import read
from tutor.form.tree import Apply, Call, Form, Listing, Relation, Sym


def gradient_doc(gradient: Gradient, level: Level = "normal", typed: Form | None = None, here: GradientAt | None = None) -> Doc:
    """The document of a gradient; `here` adds its value at a point."""
    name = named(typed or gradient.function, gradient.function, gradient.variables[0])
    title = equation(name, 0, gradient.function)
    letters = listed([Sym(variable) for variable in gradient.variables])
    blocks: list[Block] = [Paragraph(PHRASES.say("gradient.intro", {"letters": letters}))]
    for partial in gradient.partials:
        heading = PHRASES.say("gradient.component", {"variable": Sym(partial.variable)})
        blocks.append(Section(heading, board_blocks(partial, name, level), "partial"))
    left = Call("grad", (Sym(name.name),))
    blocks.append(Result(Relation((left, gradient.vector), ("=",))))
    conditions = list(dict.fromkeys(condition for partial in gradient.partials for condition in partial.conditions))
    if conditions:
        blocks.append(Paragraph(PHRASES.say("text.conditions", {"conditions": listed(conditions)}), "condition"))
    if here is not None:
        blocks.append(_at(name, left, here))
    return Doc((title,), tuple(blocks))


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
