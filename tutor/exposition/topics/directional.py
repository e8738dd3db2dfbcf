"""The directional derivative as a document: gradient, unit vector, the sum, and the steepest slope beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tutor.calculus.directional import Directional
from tutor.calculus.inside import outside
from tutor.calculus.points import Point
from tutor.calculus.tangent import is_positive
from tutor.exposition import Level
from tutor.exposition.abbreviate import abbreviated
from tutor.exposition.amounts import amount, chain, vector_line
from tutor.exposition.data import point_data, texts, value_data, working
from tutor.exposition.derivation import board_blocks
from tutor.exposition.doc import Block, Doc, Maths, Paragraph, Phrase, Result, Section
from tutor.exposition.names import Name, equation, named
from tutor.exposition.phrases import PHRASES, listed
from tutor.exposition.places import point_phrase, value_line
from tutor.form.numerals import rational
from tutor.form.reading import read
from tutor.form.tree import ONE, ZERO, Apply, Call, Div, Form, Listing, Mul, Neg, Sym, total


def document(result: Directional, level: Level = "normal", typed: Form | None = None, point: Point | None = None) -> Doc:  # noqa: ARG001
    """The slope in a direction, and how it was found; where the formula does not apply, why."""
    name = replace(named(typed or result.function, result.function, result.variables[0]), letters=result.variables)
    blocks: list[Block] = []
    if level != "brief":
        blocks.append(_said("intro", name=name.written(), point=point_phrase(result.point), toward=_vector(result.toward)))
        if len(result.variables) > 1:
            blocks.append(_said("order", letters=listed([Sym(letter) for letter in result.variables], ", ")))
        blocks.extend(_partials(result, name, level))
    blocks.extend([_trouble(result)] if result.trouble else _slope(result, name, level))
    return abbreviated(Doc((equation(name, 0, result.function),), tuple(blocks)))


def fields(result: Directional, point: Point | None = None) -> dict[str, Any]:  # noqa: ARG001
    """The fields of `tutor directional --format json`."""
    there = not result.trouble
    return {
        "variables": list(result.variables),
        "point": point_data(result.point),
        "trouble": result.trouble,
        "toward": texts(result.toward),
        "length": value_data(result.length),
        "unit": texts(result.unit),
        "gradient": texts(result.gradient.value),
        "components": [value_data(value) for value in result.components] if there else [],
        "slope": value_data(result.slope) if there else None,
        "steepest": value_data(result.steepest) if there else None,
        "cosine": value_data(result.cosine) if there and result.cosine is not None else None,
        **working(result),
    }


def _say(key: str, **values: Any) -> Phrase:
    return PHRASES.say(f"directional.{key}", values)


def _said(key: str, role: str = "text", **values: Any) -> Paragraph:
    return Paragraph(_say(key, **values), role)


def _vector(parts: tuple[Form, ...]) -> Form:
    return Listing("tuple", parts)


def _partials(result: Directional, name: Name, level: Level) -> list[Block]:
    partial = replace(name, partial=len(result.variables) > 1 or name.partial)
    return [Section(_say("component", variable=Sym(one.variable)), board_blocks(one, partial, level), "partial") for one in result.gradient.partials]


def _trouble(result: Directional) -> Paragraph:
    broken = [condition for partial in result.gradient.partials for condition in outside(partial.conditions, result.point)]
    values = {"point": point_phrase(result.point), "conditions": listed(list(dict.fromkeys(broken)))}
    return _said(f"trouble.{result.trouble}", "condition", **values)


def _slope(result: Directional, name: Name, level: Level) -> list[Block]:
    place = Apply(name.name, tuple(result.point[letter] for letter in result.variables), (0,) * len(result.variables))
    slope = Call("grad", (place,))
    letter = Sym(next(letter for letter in "uvwd" if letter not in result.variables))
    left = Sym(f"D_{letter.name}")
    answer = Result(chain(left, result.slope.exact))
    sum_of_products = _sum(left, result)
    if level == "brief":
        return [vector_line(slope, result.components), *_unit(result, letter, level), sum_of_products, answer]
    products: list[Block] = [sum_of_products]
    if level == "full":
        products.insert(0, _said("reason.sum", "reason", parts=_ways(result)))
    return [
        Section(_say("at", point=point_phrase(result.point)), (vector_line(slope, result.components),), "at"),
        Section(_say("unit"), tuple(_unit(result, letter, level)), "unit"),
        Section(_say("sum", letter=letter), tuple(products), "sum"),
        answer,
        Section(_say("compare"), tuple(_compared(result, slope, level)), "compare"),
    ]


def _ways(result: Directional) -> Phrase:
    """3/5 in x and 4/5 in y."""
    said: list[str | Form] = []
    for place, (part, letter) in enumerate(zip(result.unit, result.variables, strict=True)):
        said += [", " if place else "", part, " in ", Sym(letter)]
    return tuple(piece for piece in said if piece != "")


def _unit(result: Directional, letter: Sym, level: Level) -> list[Block]:
    if result.is_unit:
        return [_said("is_unit", toward=_vector(result.toward), letter=letter)]
    length = value_line(Call("abs", (_vector(result.toward),)), result.length)
    divided = Mul((_reciprocal(result.length.exact), _vector(result.toward)))
    blocks: list[Block] = [_said("normalised", toward=_vector(result.toward), length=result.length.exact), length]
    if level == "full":
        blocks.append(_said("reason.unit", "reason"))
    return [*blocks, Maths(chain(letter, divided, _vector(result.unit)))] if level != "brief" else [*blocks[:1], Maths(chain(letter, _vector(result.unit)))]


def _reciprocal(length: Form | None) -> Form:
    assert length is not None
    return Div(ONE, length)


def _sum(left: Form, result: Directional) -> Maths:
    """6 · 3/5 + 4 · 4/5 = 18/5 + 16/5 = 34/5."""
    products = [_signed(term.substituted) for term in result.terms]
    values = total(term.exact for term in result.terms if term.exact is not None)
    line = chain(left, total(products), values, result.slope.exact)
    exact = result.slope.exact
    note = () if exact is None or rational(exact) is not None or result.slope.decimal is None else PHRASES.say("text.approximately", {"decimal": read(result.slope.decimal)})
    return Maths(line, note=note)


def _signed(product: Form) -> Form:
    """(−6) · 3/5 with its sign in front."""
    match product:
        case Mul((Neg(slope), part)) if not isinstance(part, Neg):
            return Neg(Mul((slope, part)))
        case Mul((slope, Neg(part))) if not isinstance(slope, Neg):
            return Neg(Mul((slope, part)))
    return product


def _compared(result: Directional, slope: Form, level: Level) -> list[Block]:
    if result.cosine is None or result.degrees is None:
        return [_said("flat")]
    blocks: list[Block] = [_said("steepest"), value_line(Call("abs", (slope,)), result.steepest)]
    if level == "full":
        blocks.append(_said("reason.cosine", "reason"))
    if result.cosine.exact is ONE:
        return [*blocks, _said("same")]
    if result.cosine.exact is Neg(ONE):
        return [*blocks, _said("opposite")]
    if result.cosine.exact is ZERO:
        return [*blocks, _said("across")]
    degrees = read(f"{float(result.degrees.decimal or 0):.3g}")
    blocks.append(_said("share", share=amount(result.cosine), degrees=degrees))
    assert result.slope.exact is not None
    return [*blocks, _said("climbs" if is_positive(result.slope.exact) else "falls")]


__all__ = ["document", "fields"]
