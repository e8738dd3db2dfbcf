"""The derivative of an inverse function as a document: the slope, its reciprocal, and the place it belongs to."""

from __future__ import annotations

from typing import Any

from tutor.calculus.inverse import Branch, InverseDerivative
from tutor.calculus.points import Point, decimal
from tutor.exposition import Level
from tutor.exposition.abbreviate import abbreviated
from tutor.exposition.amounts import chain
from tutor.exposition.data import value_data, working
from tutor.exposition.derivation import board_blocks
from tutor.exposition.doc import Block, Doc, Maths, Paragraph, Phrase, Result, Section
from tutor.exposition.names import Name, equation, named
from tutor.exposition.phrases import PHRASES, listed
from tutor.exposition.places import at_point, value_line
from tutor.form.reading import read
from tutor.form.tree import ONE, ZERO, Apply, Div, Form, Mul, Neg, Pow, Relation, Sym
from tutor.form.walk import substitute


def document(result: InverseDerivative, level: Level = "normal", typed: Form | None = None, point: Point | None = None) -> Doc:  # noqa: ARG001
    """The slope of the inverse: in general, by its name where it has one, and at a point."""
    name = named(typed or result.function, result.function, result.variable)
    if name.plain:  # of y = x³ the y is the inverse's letter
        name = Name("f" if result.variable != "f" else "F", name.letters)
    blocks: list[Block] = []
    if level != "brief":
        blocks.extend(_derivative(result, name, level))
    blocks.extend(_formula(result, name, level))
    if result.known is not None and level != "brief":
        blocks.append(_named(result))
    if result.target is not None or result.branches:
        blocks.extend(_places(result, name))
    else:
        blocks.append(Result(chain(_g(result, Sym(result.letter), 1), result.general if result.named is None else result.named.value)))
    return abbreviated(Doc((equation(name, 0, result.function),), tuple(blocks)))


def fields(result: InverseDerivative, point: Point | None = None) -> dict[str, Any]:  # noqa: ARG001
    """The fields of `tutor inverse --format json`."""
    return {
        "variable": result.variable,
        "letter": result.letter,
        "derivative": str(result.slope.value),
        "general": str(result.general),
        "inverse": None if result.known is None else str(result.known),
        "target": None if result.target is None else str(result.target),
        "complete": result.complete,
        "branches": [_branch_data(branch) for branch in result.branches],
        **working(result),
    }


def _branch_data(branch: Branch) -> dict[str, Any]:
    place = {"exact": None if branch.numeric else str(branch.place), "decimal": decimal(branch.place)}
    values = {"value": branch.value, "slope": branch.slope, "inverse": branch.inverse}
    said = {key: None if value is None else value_data(value) for key, value in values.items()}
    if branch.numeric:
        said = {key: None if data is None else {**data, "exact": None} for key, data in said.items()}
    return {"place": place, **said, "trouble": branch.trouble, "numeric": branch.numeric}


def _say(key: str, **values: Any) -> Phrase:
    return PHRASES.say(f"inverse.{key}", values)


def _said(key: str, role: str = "text", **values: Any) -> Paragraph:
    return Paragraph(_say(key, **values), role)


def _g(result: InverseDerivative, argument: Form, order: int = 0) -> Form:
    return Apply(result.name, (argument,), (order,))


def _derivative(result: InverseDerivative, name: Name, level: Level) -> list[Block]:
    x, y = Sym(result.variable), Sym(result.letter)
    here = Apply(name.name, (x,), (0,))
    intro = _said("intro", inverse=Sym(result.name), there=chain(_g(result, y), x), here=chain(here, y), power=Pow(Sym(name.name), Neg(ONE)))
    return [intro, Section(_say("derivative"), (*board_blocks(result.slope, name, level), _sign(result)), "derivative")]


def _sign(result: InverseDerivative) -> Paragraph:
    if result.direction:
        return _said("sign.grows" if result.direction == ">" else "sign.falls", variable=Sym(result.variable))
    return _said("sign.never") if result.regular is None else _said("sign.regular", condition=result.regular)


def _formula(result: InverseDerivative, name: Name, level: Level) -> list[Block]:
    y = Sym(result.letter)
    inner = _g(result, y)
    slope = Apply(name.name, (inner,), (1,))
    line = Maths(chain(_g(result, y, 1), Div(ONE, slope), result.general))
    if level == "brief":
        return [line] if result.branches else []
    blocks: list[Block] = [line]
    if level == "full":
        identity, product = chain(Apply(name.name, (inner,), (0,)), y), chain(Mul((slope, _g(result, y, 1))), ONE)
        blocks[:0] = [_said("reason.axes", "reason"), _said("reason.chain", "reason", identity=identity, letter=y, product=product)]
    return [Section(_say("formula"), tuple(blocks), "formula")]


def _named(result: InverseDerivative) -> Section:
    """arcsin y and the like: the formula gives what the table says."""
    assert result.known is not None
    assert result.named is not None
    assert result.through is not None
    y = Sym(result.letter)
    lines: list[Block] = [] if result.direction else [_said("named.branch")]
    lines.append(Maths(chain(_g(result, y, 1), result.through, result.named.value), note=_say("named.table", conditions=listed(result.named.conditions))))
    return Section(_say("named.heading", equation=chain(_g(result, y), result.known)), tuple(lines), "named")


# -- at a point ---------------------------------------------------------------------------------------


def _places(result: InverseDerivative, name: Name) -> list[Block]:
    if not result.branches:
        wanted = Relation((result.function, result.target or ZERO), ("=",))
        key = "late" if not result.in_time else "none" if result.complete else "unknown"
        return [_said(f"place.{key}", "condition", variable=Sym(result.variable), equation=wanted)]
    blocks: list[Block] = []
    if len(result.branches) > 1:
        places = listed([_located(result, branch) for branch in result.branches])
        blocks.append(_said("place.several", target=result.target, places=places))
    for branch in result.branches:
        blocks.extend(_branch(result, branch, name))
    if not result.complete:
        blocks.append(_said("place.others"))
    return blocks


def _located(result: InverseDerivative, branch: Branch) -> Relation:
    """x = 2; of a decimal, its first digits."""
    return Relation((Sym(result.variable), _shown(branch, branch.place)), ("=",))


def _shown(branch: Branch, form: Form) -> Form:
    return read(decimal(form)) if branch.numeric else form


def _branch(result: InverseDerivative, branch: Branch, name: Name) -> list[Block]:
    place = _located(result, branch)
    if branch.trouble in ("value", "slope"):
        return [_said(f"trouble.{branch.trouble}", "condition", place=place)]
    at = {result.variable: _shown(branch, branch.place)}
    value, slope = Apply(name.name, tuple(at.values()), (0,)), at_point(name, (result.variable,), at)
    target = result.target or branch.value.exact
    assert target is not None
    found = result.target is not None and len(result.branches) == 1
    heading = _say("place.found", variable=Sym(result.variable), target=target) if found else _say("place.branch" if result.target else "place.given", place=place)
    blocks: list[Block] = []
    if branch.numeric:
        blocks.append(_said("place.rough", equation=Relation((result.function, target), ("=",)), place=place))
        rounded = read(decimal(branch.slope.exact or ZERO))
        blocks.append(Maths(chain(slope, substitute(result.slope.value, at)), note=PHRASES.say("text.approximately", {"decimal": rounded})))
    else:
        blocks += [value_line(value, branch.value), _said("place.so", equation=chain(_g(result, target), branch.place)), value_line(slope, branch.slope)]
    section = Section(heading, tuple(blocks), "at")
    if branch.inverse is None or branch.inverse.exact is None:
        return [section, _said("flat", "condition", slope=chain(slope, ZERO), target=chain(Sym(result.letter), target))]
    return [section, *_answer(result, branch, slope, target)]


def _answer(result: InverseDerivative, branch: Branch, slope: Form, target: Form) -> list[Block]:
    """g′(b) = 1/f′(a), as the result."""
    assert branch.inverse is not None
    assert branch.inverse.exact is not None
    left = _g(result, target, 1)
    if branch.numeric:
        rounded = read(decimal(branch.inverse.exact))
        return [Maths(chain(left, Div(ONE, slope)), note=PHRASES.say("text.approximately", {"decimal": rounded}))]
    return [Result(chain(left, Div(ONE, slope), branch.inverse.exact))]
