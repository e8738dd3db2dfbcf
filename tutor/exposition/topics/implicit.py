"""A curve's slope as a document: both sides differentiated, the equation solved for y′, higher orders, a point.

The engine speaks of y(x) and y′(x); here they are written y and y′, as people do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from tutor.algebra.tidy import Rewrite
from tutor.calculus.curve import Curve, Replacement
from tutor.calculus.differentiate import Derivation
from tutor.calculus.implicit import Finish, Higher, Implicit, ImplicitAt
from tutor.calculus.linear import Line, has
from tutor.calculus.points import Point
from tutor.exposition import Level
from tutor.exposition.abbreviate import abbreviated
from tutor.exposition.data import plain, point_data, texts, value_data, working
from tutor.exposition.derivation import board_blocks, changed
from tutor.exposition.doc import Block, Doc, Maths, Paragraph, Phrase, Result, Section, mapped
from tutor.exposition.names import Name
from tutor.exposition.phrases import PHRASES, listed
from tutor.exposition.places import point_phrase, value_line
from tutor.form.tree import ONE, ZERO, Apply, Deriv, Form, Relation, Sym
from tutor.form.walk import rewritten

_SHORT_MULTIPLE = 12
"""A multiple of the equation with more nodes than this is not said in a sentence."""


def document(result: Implicit, level: Level = "normal", typed: Form | None = None, point: Point | None = None) -> Doc:  # noqa: ARG001 (the equation names itself)
    """The slope of the curve, its higher derivatives, and the curve at a point."""
    here = result.here or (result.at(point) if point else None)
    blocks: list[Block] = [*_intro(result, level)]
    if level == "brief":
        blocks.append(Maths(result.equation))
    else:
        first = tuple(_first(result, level))
        blocks.extend(first if result.order == 1 else (Section(_say("first"), first, "order"),))
        for below, one in zip((result.finish, *(one.finish for one in result.higher)), result.higher, strict=False):
            blocks.append(_higher(result, one, below, level))
    blocks.extend(Result(_equation(result.curve.derivative(k), value)) for k, value in enumerate(result.values, 1))
    if result.conditions:
        blocks.append(Paragraph(PHRASES.say("text.conditions", {"conditions": listed(result.conditions)}), "condition"))
    if level == "full":
        blocks.append(_check(result))
    if here is not None:
        blocks.append(_at(result, here))
    return abbreviated(mapped(Doc((result.curve.equation,), tuple(blocks)), _people(result.curve)))


def fields(result: Implicit, point: Point | None = None) -> dict[str, Any]:
    """The fields of `tutor implicit --format json`; y′ stands there as y'(x), and as `letter` in the claims."""
    here = result.here or (result.at(point) if point else None)
    data: dict[str, Any] = {
        "equation": str(result.curve.equation), "variable": result.curve.variable, "of": result.curve.of, "order": result.order,
        "differentiated": str(result.equation), "letter": result.letter,
        "solving": [{"rule": line.law, "equation": str(line.equation), "text": plain(_line_says(result, line, "heading"))} for line in result.solving],
        "values": texts(result.values),
        "orders": [_order_data(result, k, finish) for k, finish in enumerate((result.finish, *(one.finish for one in result.higher)), 1)],
        **working(result),
        "conditions": texts(result.conditions),
    }  # fmt: skip
    if here is not None:
        data["at"] = {
            "point": point_data(here.point), "kind": here.kind, "values": [value_data(value) for value in here.values],
            "tangent": None if here.tangent is None else str(here.tangent),
        }  # fmt: skip
    return data


def _order_data(result: Implicit, order: int, finish: Finish) -> dict[str, Any]:
    contains = None if order == 1 else str(result.higher[order - 2].contains)
    lines = [{"rule": line.law, "before": str(line.before), "after": str(line.after), "text": plain(says)} for line, says in _lawful(finish)]
    return {"order": order, "value": str(finish.value), "contains": contains, "lines": lines}


def _people(curve: Curve) -> Callable[[Form], Form]:
    """y for y(x), y′ for y′(x), d/dx for every derivative that is written down."""
    memo: dict[Form, Form] = {}
    argument = (Sym(curve.variable),)

    def written(node: Form) -> Form:
        match node:
            case Apply(curve.of, args, (0,)) if args == argument:
                return Sym(curve.of)
            case Apply(curve.of, args, orders) if args == argument:
                return Apply(curve.of, (), orders)
            case Deriv(body, variable, order, True):
                return Deriv(body, variable, order)
        return node

    return lambda form: rewritten(form, written, memo)


@dataclass(frozen=True, slots=True)
class _Left(Name):
    """What stands on the left of the board: d/dx of one side, or y″."""

    form: Form = ZERO

    def derivative(self, variables: tuple[str, ...]) -> Form:
        return self.form


def _say(key: str, **values: Any) -> Phrase:
    return PHRASES.say(f"implicit.{key}", values)


def _equation(*sides: Form) -> Relation:
    said = tuple(dict.fromkeys(sides))
    return Relation(said, ("=",) * (len(said) - 1))


def _letters(result: Implicit) -> dict[str, Form]:
    return {"of": Sym(result.curve.of), "variable": Sym(result.curve.variable), "primed": result.primed}


def _intro(result: Implicit, level: Level) -> Iterator[Block]:
    constants = [Sym(letter) for letter in result.curve.constants]
    if level != "brief":
        yield Paragraph(_say("intro", **_letters(result)))
    if result.curve.chosen:
        yield Paragraph(_say("chosen", **_letters(result)), "remark")
    if constants:
        yield Paragraph(_say("constants", letters=listed(constants), many=len(constants) > 1))
    if level == "full":
        yield Paragraph(_say("why"), "reason")


# -- the first order ---------------------------------------------------------------------------------


def _first(result: Implicit, level: Level) -> Iterator[Block]:
    for name, side, written in zip(("left", "right"), result.sides, result.curve.equation.operands, strict=True):
        if written.free:
            yield Section(_say(name, variable=Sym(result.curve.variable)), _side(result, side, level), name)
    yield _section("both", result, level, Maths(result.equation))
    for line in result.solving:
        blocks: list[Block] = [Paragraph(_line_says(result, line, "reason"), "reason")] if level == "full" else []
        yield Section(_line_says(result, line, "heading"), (*blocks, Maths(line.equation)), line.law)
    yield from _finished(result.finish, result.primed, level)


def _side(result: Implicit, side: Derivation, level: Level) -> tuple[Block, ...]:
    left = Deriv(side.function, side.variable)
    if side.root.rule in ("constant", "identity") and level != "full":
        return (Maths(_equation(left, side.value)),)
    return _board(result, side, left, level)


def _board(result: Implicit, one: Derivation, left: Form, level: Level) -> tuple[Block, ...]:
    """A derivation on the board; that y has the derivative y′ was said in the beginning, and is repeated only at full level."""
    blocks = board_blocks(one, _Left(result.curve.of, (one.variable,), form=left), level)
    return tuple(_without_primes(result, blocks, level == "full"))


def _without_primes(result: Implicit, blocks: tuple[Block, ...], said: bool, depth: int = 0) -> Iterator[Block]:
    for block in blocks:
        if not isinstance(block, Section):
            yield block
        elif block.rule != "apply":
            yield replace(block, blocks=tuple(_without_primes(result, block.blocks, said, depth + 1)))
        elif said or not depth:
            yield Section(_say("apply", **_letters(result)), tuple(inner for inner in block.blocks if isinstance(inner, Maths)), "apply")


def _section(key: str, result: Implicit, level: Level, *blocks: Block) -> Section:
    reason = (Paragraph(_say(f"{key}.reason", **_letters(result)), "reason"),) if level == "full" else ()
    return Section(_say(f"{key}.heading", **_letters(result)), (*reason, *blocks), key)


def _line_says(result: Implicit, line: Line, what: str) -> Phrase:
    return _say(f"line.{line.law}.{what}", **_letters(result), by=line.by)


def _lawful(finish: Finish) -> Iterator[tuple[Rewrite, Phrase]]:
    """Each line with its heading."""
    replacements = iter(finish.replacements)
    for line in finish.lines:
        if line.law == "curve":
            yield line, _replaced("heading", next(replacements))
        else:
            yield line, PHRASES.say(f"{_place(line)}.heading", {})


def _place(line: Rewrite) -> str:
    return "implicit.law.one_fraction" if line.law == "one_fraction" else f"laws.{line.law}"


def _replaced(what: str, one: Replacement) -> Phrase:
    return _say(f"law.curve.{what}", before=one.before, after=one.after, multiple=one.multiple)


def _finished(finish: Finish, left: Form, level: Level) -> Iterator[Section]:
    replacements = iter(finish.replacements)
    for line, heading in _lawful(finish):
        blocks: list[Block] = []
        one = next(replacements) if line.law == "curve" else None
        if level == "full":
            blocks.append(Paragraph(PHRASES.say(f"{_place(line)}.reason", {}) if one is None else _replaced("reason", one), "reason"))
            if one is not None and one.multiple is not ONE and one.multiple.size <= _SHORT_MULTIPLE:
                blocks.append(Paragraph(_replaced("with_multiple", one), "reason"))
        blocks.append(Maths(_equation(left, line.after), changed(line.before, line.after)))
        yield Section(heading, tuple(blocks), f"law.{line.law}")


# -- higher orders -----------------------------------------------------------------------------------


def _higher(result: Implicit, one: Higher, below: Finish, level: Level) -> Section:
    left = result.curve.derivative(one.order)
    blocks: list[Block] = []
    again = has(one.contains, result.primed)
    if level == "full":
        blocks.append(Paragraph(_say("order.reason" if again else "order.alone", **_letters(result)), "reason"))
    blocks.append(Maths(_equation(result.curve.derivative(one.order - 1), below.value)))
    blocks.extend(_board(result, one.derivation, left, level))
    if again:
        known = Relation((result.primed, result.slope), ("=",))
        blocks.append(Section(_say("put", primed=known), (Maths(_equation(left, one.finish.form)),), "put"))
    blocks.extend(_finished(one.finish, left, level))
    ordinal = PHRASES.words("text.ordinals")[one.order]
    return Section(_say("order.heading", ordinal=ordinal), tuple(blocks), "order")


def _check(result: Implicit) -> Paragraph:
    x, y = result.curve.variable, result.curve.of
    function = Relation((Apply("F", (Sym(x), Sym(y)), (0, 0)), result.curve.function), ("=",))
    return Paragraph(_say("check", **_letters(result), function=function, quotient=_equation(result.quotient, result.slope)), "evidence")


# -- at a point --------------------------------------------------------------------------------------


def _at(result: Implicit, here: ImplicitAt) -> Section:
    sides = (here.left.substituted, here.left.exact, here.right.substituted)
    blocks: list[Block] = [Maths(_equation(*(side for side in sides if side is not None)), note=_say("on_curve"))]
    if here.kind != "regular":
        line = Relation((Sym(result.curve.variable), here.point[result.curve.variable]), ("=",))
        blocks.append(Paragraph(_say(here.kind, **_letters(result), line=line), "condition"))
    for k, value in enumerate(here.values, 1):
        blocks.append(value_line(result.curve.derivative(k), value))
    if here.tangent is not None:
        blocks.append(Section(_say("tangent"), (Maths(here.tangent),), "tangent"))
    return Section(_say("at", point=point_phrase(here.point)), tuple(blocks), "at")
