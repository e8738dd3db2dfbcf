"""The tangent as a document: derivative, value and slope, the line, and a few steps along it beside the true change."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

from tutor.calculus.inside import outside
from tutor.calculus.points import Point, Value
from tutor.calculus.tangent import Step, Tangent, is_positive
from tutor.exposition import Level
from tutor.exposition.abbreviate import abbreviated
from tutor.exposition.amounts import amount, cell, chain
from tutor.exposition.data import point_data, texts, value_data, working
from tutor.exposition.derivation import board_blocks
from tutor.exposition.doc import Block, Doc, Maths, Paragraph, Phrase, Result, Section, Table
from tutor.exposition.names import Name, equation, named
from tutor.exposition.phrases import PHRASES, listed
from tutor.exposition.places import at_point, point_phrase, value_line
from tutor.form.evaluate import evaluate
from tutor.form.numerals import rational
from tutor.form.tree import ONE, TWO, ZERO, Apply, Div, Form, Mul, Pow, Relation, Sym, total

_HEIGHTS = "yzwvuqs"
"""Letters for the height of the tangent, the usual ones first."""


def document(result: Tangent, level: Level = "normal", typed: Form | None = None, point: Point | None = None) -> Doc:  # noqa: ARG001 (the point is part of the result)
    """The tangent, and what it is worth over a step; where there is none, why."""
    found = named(typed or result.function, result.function, result.variables[0])
    name = replace(found, letters=result.variables, partial=len(result.variables) > 1)
    blocks: list[Block] = []
    if level != "brief":
        blocks.append(Paragraph(_say(f"intro.{'question' if result.trouble else _kind(result)}", point=point_phrase(result.point))))
        blocks.extend(_derivatives(result, name, level))
    blocks.extend(_trouble(result, name) if result.trouble else _tangent(result, name, level))
    return abbreviated(Doc((equation(name, 0, result.function),), tuple(blocks)))


def fields(result: Tangent, point: Point | None = None) -> dict[str, Any]:  # noqa: ARG001
    """The fields of `tutor tangent --format json`."""
    there = not result.trouble
    return {
        "variables": list(result.variables),
        "point": point_data(result.point),
        "trouble": result.trouble,
        "derivatives": texts(partial.value for partial in result.partials),
        "height": value_data(result.height),
        "slopes": [value_data(slope) for slope in result.slopes] if there else [],
        "tangent": str(result.touching) if there else None,
        "expanded": str(result.expanded) if there else None,
        "second": value_data(result.bend) if result.bend is not None else None,
        "steps": [
            {"by": texts(step.by), "linear": value_data(step.linear), "true": value_data(step.true), "difference": value_data(step.difference),
             "predicted": value_data(step.predicted) if step.predicted is not None else None}
            for step in result.steps
        ],
        **working(result),
    }  # fmt: skip


def _kind(result: Tangent) -> str:
    return {1: "line", 2: "plane"}.get(len(result.variables), "many")


def _say(key: str, **values: Any) -> Phrase:
    return PHRASES.say(f"tangent.{key}", values)


def _derivatives(result: Tangent, name: Name, level: Level) -> list[Block]:
    if len(result.partials) == 1:
        return [Section(_say("derivative"), board_blocks(result.partials[0], name, level), "derivative")]
    return [Section(_say("partial", variable=Sym(one.variable)), board_blocks(one, name, level), "partial") for one in result.partials]


# -- where there is none ------------------------------------------------------------------------------


def _trouble(result: Tangent, name: Name) -> list[Block]:
    where = point_phrase(result.point)
    if result.trouble == "value":
        return [_warning("trouble.value", name=name.written(), point=where)]
    first = result.partials[0]
    if result.trouble == "vertical":
        inverse = Relation((Div(ONE, name.derivative((first.variable,))), result.reciprocal), ("=",))
        line = Relation((Sym(first.variable), result.point[first.variable]), ("=",))
        return [_warning("trouble.vertical", name=name.written(), point=where, inverse=inverse, line=line)]
    broken = [condition for partial in result.partials for condition in outside(partial.conditions, result.point)]
    if not broken:
        return [_warning("trouble.undefined", point=where)]
    return [_warning("trouble.condition", point=where, conditions=listed(list(dict.fromkeys(broken)))), *_sides(result)]


def _warning(key: str, **values: Any) -> Paragraph:
    return Paragraph(_say(key, **values), "condition")


def _sides(result: Tangent) -> list[Block]:
    if not result.sides:
        return []
    variable = Sym(result.variables[0])
    (left, before), (right, after) = result.sides
    places = [Relation((variable, place), ("=",)) for place in (left, right)]
    said: list[Block] = [Paragraph(_say("trouble.sides", left=places[0], before=amount(before), right=places[1], after=amount(after)))]
    return [*said, Paragraph(_say("trouble.corner", point=point_phrase(result.point)))] if result.is_corner else said


# -- where there is one -------------------------------------------------------------------------------


def _tangent(result: Tangent, name: Name, level: Level) -> list[Block]:
    heading = _say("at", point=point_phrase(result.point))
    values = [value_line(_height(result, name), result.height)]
    for partial, slope in zip(result.partials, result.slopes, strict=True):
        values.append(value_line(at_point(name, (partial.variable,), result.point), slope))
    left = _left(result, name)
    answer = Result(Relation((left, result.expanded), ("=",)))
    if level == "brief":
        return [*values, answer, *_sentences(result, name)[:1]]
    line: list[Block] = [Maths(Relation((left, _formula(result, name)), ("=",))), Maths(Relation((left, result.touching), ("=",)))]
    if level == "full":
        kind = "line" if len(result.variables) == 1 else "plane"
        line.insert(0, Paragraph(_say(f"reason.{kind}", place=result.point[result.variables[0]]), "reason"))
    blocks: list[Block] = [Section(heading, tuple(values), "at"), Section(_say(_kind(result)), tuple(line), "line"), answer]
    return [*blocks, Section(_say("steps"), tuple(_steps(result, name, level)), "steps")]


def _left(result: Tangent, name: Name) -> Form:
    """What stands on the left of the tangent's equation: y, or z over two letters; of a named y, y."""
    if name.plain:
        return Sym(name.name)
    letters = _HEIGHTS if len(result.variables) == 1 else _HEIGHTS[1:]
    taken = {*result.variables, name.name}
    return Sym(next((letter for letter in letters if letter not in taken), "L"))


def _height(result: Tangent, name: Name) -> Form:
    """f(a)."""
    return Apply(name.name, tuple(result.point[letter] for letter in result.variables), (0,) * len(result.variables))


def _formula(result: Tangent, name: Name) -> Form:
    """f(a) + f′(a)(x − a), by its names."""
    ways = (Mul((at_point(name, (letter,), result.point), result.shift(letter))) for letter in result.variables)
    return total([_height(result, name), *ways])


def _steps(result: Tangent, name: Name, level: Level) -> list[Block]:
    """The table, and what it says."""
    sentences = _sentences(result, name)
    if _is_straight(result):
        return sentences
    blocks = _second(result, name, level) if result.bend is not None else []
    reason = [Paragraph(_say("why_square", bend=_bend_name(name)), "reason")] if blocks and level == "full" else []
    return [*blocks, _table(result, name), *sentences, *reason]


def _second(result: Tangent, name: Name, level: Level) -> list[Block]:
    """The second derivative on the board, and its value."""
    assert result.second is not None
    assert result.bend is not None
    board = board_blocks(result.second, name, level) if level == "full" else (Maths(equation(name, 2, result.second.value)),)
    value = () if result.is_quadratic else (value_line(at_point(name, (result.second.variable,) * 2, result.point), result.bend),)
    return [Section(_say("second"), (*board, *value), "second")]


def _table(result: Tangent, name: Name) -> Table:
    kind, count = _kind(result), len(result.variables)
    moves = [_say("header.in", variable=Sym(letter)) for letter in result.variables] if count == 2 else [_say("header.step" if count == 1 else "header.each")]
    header = [*moves, _say(f"header.{kind}"), _say("header.true"), _say("header.difference")]
    if result.bend is not None:
        header.append(_say("header.predicted", bend=_bend_name(name)))
    return Table(tuple(header), tuple(_row(step, len(moves)) for step in result.steps))


def _row(step: Step, moves: int) -> tuple[Phrase, ...]:
    values = [step.linear, step.true, step.difference, *([step.predicted] if step.predicted is not None else [])]
    return (*((by,) for by in step.by[:moves]), *(cell(value) for value in values))


def _bend_name(name: Name) -> Form:
    """f″, without its argument."""
    return Apply(name.name, (), (2,))


def _is_straight(result: Tangent) -> bool:
    return all(not partial.value.free and not partial.conditions for partial in result.partials)


def _sentences(result: Tangent, name: Name) -> list[Block]:
    """What the table shows, the most important first."""
    if _is_straight(result):
        return [Paragraph(_say("straight" if len(result.variables) == 1 else "flat"))]
    step = next(one for one in result.steps if ZERO not in one.by)
    blocks: list[Block] = [Paragraph(_comparison(result, step))]
    if len(result.variables) > 1:
        return [*blocks, Paragraph(_say("hundredth", exactly=False))] if _is_smooth(result) else blocks
    if result.bend is not None and step.true.exact is not None:
        blocks.extend(_bending(result, name, step, result.bend))
    return blocks


def _comparison(result: Tangent, step: Step) -> Phrase:
    over = _say("unit.one") if step.by[0] is ONE else _say("unit.other", step=step.by[0])
    moved = [Relation((Sym(letter), result.moved(letter, by)), ("=",)) for letter, by in zip(result.variables, step.by, strict=True)]
    if step.true.exact is None:
        return _say("no_end", over=over, end=listed(moved))
    said = {"over": over, "really": amount(step.true), "linear": amount(step.linear)}
    if step.difference.exact is ZERO:
        return _say("agree", **said)
    if len(result.variables) > 1:
        return _say("together", **said, both=len(result.variables) == 2)
    return _say("bends", **said, start=point_phrase(result.point), end=moved[0])


def _bending(result: Tangent, name: Name, step: Step, bend: Value) -> list[Block]:
    """What the second derivative has to do with it."""
    assert bend.exact is not None
    assert step.predicted is not None
    where = point_phrase(result.point)
    if bend.exact is ZERO:
        return [Paragraph(_say("faster", point=where))]
    half = Div(ONE, TWO)
    product = Mul((half, at_point(name, (result.variables[0],) * 2, result.point), Pow(step.by[0], TWO)))
    worked = chain(product, Mul((half, bend.exact, Pow(step.by[0], TWO))))
    if result.is_quadratic:
        said = _say("exactly", difference=amount(step.difference), product=worked)
    else:
        rounded = rational(step.predicted.exact or ZERO) is None
        foretold = product if rounded else chain(product, step.predicted.exact)
        said = _say("nearly", predicted=amount(step.predicted), rounded=rounded, product=foretold, difference=amount(step.difference))
    positive = is_positive(bend.exact)
    sign = Relation((at_point(name, (result.variables[0],) * 2, result.point), ZERO), (">" if positive else "<",))
    blocks: list[Block] = [Paragraph(said)]
    if result.is_quadratic or _is_smooth(result):
        blocks.append(Paragraph(_say("hundredth", exactly=result.is_quadratic)))
    return [*blocks, Paragraph(_say("above" if positive else "below", point=where, sign=sign))]


def _is_smooth(result: Tangent) -> bool:
    """Whether the smaller steps of the table show the square: each difference at most a fiftieth of the one before."""
    sizes = [abs(evaluate(step.difference.exact or ZERO, {})) for step in result.steps if ZERO not in step.by]
    return all(before > 0 and 50 * after <= before <= 200 * after for before, after in pairwise(sizes))
