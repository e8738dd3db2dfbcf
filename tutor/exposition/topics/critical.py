"""Stationary points as a document: the gradient, its equations solved step by step, each point tested, the whole domain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from tutor.calculus.optima.critical import CriticalPoint, StationaryPoints
from tutor.calculus.optima.find import family_letters, is_numeric, period_of
from tutor.calculus.optima.line import is_infinite
from tutor.calculus.optima.numbers import approximate
from tutor.calculus.optima.said import Remark
from tutor.calculus.points import Point, Value, decimal
from tutor.exposition import Level
from tutor.exposition.data import plain, point_data, value_data, working
from tutor.exposition.derivation import board_blocks
from tutor.exposition.doc import Block, Doc, Maths, Paragraph, Phrase, Result, Section, Table
from tutor.exposition.names import Name, equation, named
from tutor.exposition.phrases import PHRASES, listed
from tutor.exposition.topics.verdicts import has_short_decimal, verdict_blocks
from tutor.form.reading import read
from tutor.form.tree import ONE, PI, TWO, ZERO, Apply, Form, Listing, Relation, Sym

say = PHRASES.say
_INVALID = ("not_defined", "no_gradient")
"""Solutions at which there is no derivative: no solutions at all."""


def document(result: StationaryPoints, level: Level = "normal", typed: Form | None = None, point: Point | None = None) -> Doc:  # noqa: ARG001 (all topics are called alike)
    """The gradient, where it is zero, what kind of place each is, and what holds everywhere."""
    name = named(typed or result.function, result.function, result.variables[0])
    many = len(result.variables) > 1
    blocks: list[Block] = []
    if level != "brief":
        blocks.append(Paragraph(say("critical.intro_many" if many else "critical.intro", {})))
        blocks += _derivatives(result, name, level)
        blocks.append(_solving(result, name, level))
        blocks += _dropped(result, ("outside",))
        if result.points:
            blocks.append(_classified(result, name, level))
    else:
        blocks.append(Paragraph(_found(result)))
    blocks += _results(result, name)
    blocks += _slope_where(result)
    overall = list(_overall(result, level))
    if overall:
        blocks.append(Section(_overall_heading(result), tuple(overall), "overall"))
    return Doc((equation(name, 0, result.function),), tuple(blocks))


def _slope_where(result: StationaryPoints) -> Iterator[Block]:
    """Where the derivatives exist, where that is not everywhere."""
    where = result.hessian.gradient_where
    if where:
        yield Paragraph(say("critical.slope_where_many" if len(result.variables) > 1 else "critical.slope_where", {"conditions": listed(where)}), "condition")


def _dropped(result: StationaryPoints, why: Sequence[str]) -> Iterator[Block]:
    """Solutions that do not count, for these reasons."""
    for remark in result.dropped:
        if remark.id in why:
            yield Paragraph(say(f"critical.dropped.{remark.id}", {"places": listed(remark.values["places"])}), "condition")


def _overall_heading(result: StationaryPoints) -> Phrase:
    if result.on is None:
        return say("critical.overall.heading", {})
    return say("critical.overall.heading_on", {"low": result.on[0], "high": result.on[1]})


def _derivatives(result: StationaryPoints, name: Name, level: Level) -> Iterator[Block]:
    """The first derivatives with their steps."""
    for slope in result.slopes:
        heading = say("critical.partial", {"variable": Sym(slope.variable)}) if len(result.variables) > 1 else say("critical.derivative", {})
        yield Section(heading, board_blocks(slope, name, level), "derivative")


# -- solving -----------------------------------------------------------------------------------------


def _solving(result: StationaryPoints, name: Name, level: Level) -> Section:
    many = len(result.variables) > 1
    blocks: list[Block] = []
    for slope in result.slopes:
        left = name.derivative((slope.variable,))
        blocks.append(Maths(Relation((left, slope.value, ZERO), ("=", "=")) if slope.value is not ZERO else Relation((left, ZERO), ("=",))))
    solved = result.solved
    if solved.by == "hand":
        blocks += remark_blocks(solved.remarks, level, [is_zero_line(slope.value) for slope in result.slopes])
        blocks += _dropped(result, _INVALID)
        blocks.append(Paragraph(_found(result)))
    else:
        blocks += _dropped(result, _INVALID)
        blocks += [Paragraph(phrase) for phrase in _by_solver(result)]
    return Section(say("critical.where_many" if many else "critical.where", {}), tuple(blocks), "solving")


def is_zero_line(form: Form) -> Form:
    """form = 0."""
    return Relation((form, ZERO), ("=",))


def _by_solver(result: StationaryPoints) -> Iterator[Phrase]:
    solved = result.solved
    if not solved.in_time:
        yield say("critical.nobody", {"seconds": f"{result.seconds:g}"})
    elif solved.by == "many":
        yield say("critical.many", {})
    elif not solved.points:
        yield say("critical.solver_empty" if solved.complete else "critical.solver_none", {})
        if solved.complete:
            yield _found(result)
    else:
        yield say("critical.search" if solved.by == "search" else "critical.solver_numeric" if solved.numeric else "critical.solver", {})
        yield _found(result)
        if not solved.complete:
            yield say("critical.solver_incomplete", {})


def _found(result: StationaryPoints) -> Phrase:
    """All solutions in one sentence."""
    end = "_many" if len(result.variables) > 1 else ""
    solved = result.solved
    if solved.by in ("many", "nobody") or (not solved.points and not solved.complete):
        return next(_by_solver(result))
    out = [remark.values["places"] for remark in result.dropped if remark.id in _INVALID]
    valid = [point for point in solved.points if tuple(Relation((Sym(name), value), ("=",)) for name, value in point.items()) not in out]
    if not valid:
        by_limits = any(one.kind == "stationary" for one in result.points)
        return say("critical.none_formula" if by_limits else f"critical.none{end}", {})
    places = _joined([_place(point, result.variables, result.parameters) for point in valid])
    return say(f"critical.solutions{end}", {"places": places})


def _joined(phrases: Sequence[Phrase]) -> Phrase:
    """Phrases as an enumeration; "at" stands once for plain points."""
    found: list[str | Form] = []
    for k, phrase in enumerate(phrases):
        if k:
            found.append(" and " if k == len(phrases) - 1 else ", ")
        found += phrase
    return tuple(found)


def _place(point: Point, variables: Sequence[str], fixed: Iterable[str] = ()) -> Phrase:
    """at x = 3; at (x, y) = (0, 0); wherever x = −y; at x = πn, where n is any integer."""
    if not point:
        return say("critical.everywhere", {})
    letters = family_letters(point, (*variables, *fixed))
    shown = point_form(point, variables)
    if letters:
        even = all(period_of(value, letter) is not None for value in point.values() for letter in letters if letter in value.free)
        kind = "for_integers_real" if not even else "for_integers_many" if len(letters) > 1 else "for_integers"
        return say(f"critical.{kind}", {"point": shown, "letters": listed([Sym(letter) for letter in letters])})
    if len(point) < len(variables):
        return say("critical.free_line", {"point": shown})
    return say("critical.at_about" if is_numeric(point) else "critical.at", {"point": shown})


def point_form(point: Point, variables: Sequence[str]) -> Form:
    """x = 3, or (x, y) = (0, 1); of a line of points, what is given."""
    names = [name for name in variables if name in point]
    values = [rounded(point[name]) for name in names]
    if len(names) == 1:
        return Relation((Sym(names[0]), values[0]), ("=",))
    return Relation((Listing("tuple", tuple(map(Sym, names))), Listing("tuple", tuple(values))), ("=",))


def rounded(value: Form) -> Form:
    """A number that is only a long decimal, with six digits; anything else as it is."""
    return read(decimal_of(value)) if is_numeric({"x": value}) else value


def decimal_of(value: Form) -> str:
    """Six significant digits."""
    return f"{approximate(value):.6g}"


def remark_blocks(remarks: Sequence[Remark], level: Level, shown: Sequence[Form] = ()) -> Iterator[Block]:
    """The steps of solving: a heading each, its lines, its cases. A line that has just been written is not repeated."""
    last = list(shown)
    for remark in remarks:
        blocks: list[Block] = []
        if level == "full" and PHRASES.has(f"critical.reason.{remark.id}"):
            blocks.append(Paragraph(say(f"critical.reason.{remark.id}", {}), "reason"))
        lines = [line for line in remark.lines if line not in last]
        blocks += [Maths(line, note=_given(remark, k)) for k, line in enumerate(lines)]
        for case in remark.cases:
            heading = say("critical.case", {"assumed": listed(case.assumed)})
            blocks.append(Section(heading, tuple(remark_blocks(case.remarks, level, case.assumed)), "case"))
        if remark.lines and not lines and not remark.cases:
            continue
        heading = say(f"critical.step.{remark.id}", _step_values(remark))
        yield Section(heading, tuple(blocks), f"step.{remark.id}") if blocks else Paragraph(heading)
        last = list(remark.lines) or last


def _given(remark: Remark, place: int) -> Phrase:
    """Of values that are put back: for which value of the other letter."""
    given = remark.values.get("given")
    return say("text.condition", {"condition": listed(given[place])}) if given and len(given) > 1 and len(given) == len(remark.lines) else ()


def _step_values(remark: Remark) -> dict[str, Any]:
    values: dict[str, Any] = {"one": ONE, "two": TWO, "pi": PI, "letter_D": Sym("D"), "many": len(remark.lines) > 1, **remark.values}
    for key in ("roots", "letters", *(("given",) if remark.id == "never" else ())):
        if isinstance(values.get(key), tuple):
            values[key] = listed(values[key])
    return values


# -- each point --------------------------------------------------------------------------------------


def _classified(result: StationaryPoints, name: Name, level: Level) -> Section:
    """The second derivatives, then a section for each point."""
    blocks: list[Block] = []
    if not result.parameters and any(_needs_second(test) for point in result.points for test in point.tests):
        blocks.append(_second_section(result, name, level))
    for point in result.points:
        blocks.append(Section(_heading(point, result), tuple(verdict_blocks(point, name, level)), point.verdict))
    return Section(say("critical.points_many" if len(result.points) > 1 else "critical.points", {}), tuple(blocks), "tests")


def _needs_second(test: Remark) -> bool:
    return test.id.startswith(("second_", "hessian_"))


def _second_section(result: StationaryPoints, name: Name, level: Level) -> Section:
    blocks: list[Block] = []
    for one in result.hessian.seconds:
        left = name.derivative(one.letters)
        blocks += board_blocks(one.whole, name, level) if level == "full" else [Maths(Relation((left, one.value), ("=",)))]
    if result.hessian.mixed and level == "full":
        blocks.append(Paragraph(say("hessian.mixed_many", {})))
    return Section(say("critical.seconds" if len(result.variables) > 1 else "critical.second", {}), tuple(blocks), "second")


def _heading(point: CriticalPoint, result: StationaryPoints) -> Phrase:
    place: Form | Phrase = point_form(point.point, result.variables) if point.point else say("critical.everywhere", {})
    return say("critical.heading", {"point": place, "kind": kind_phrase(point, result), "numeric": point.numeric})


def kind_phrase(point: CriticalPoint, result: StationaryPoints) -> Phrase:
    """a local minimum, a saddle point, …"""
    if point.kind == "corner" and point.verdict != "undecided":
        return say(f"critical.kind.corner_{point.verdict}", {})
    return say(f"critical.kind.{point.verdict}{'_many' if point.verdict == 'saddle' and len(result.variables) > 1 else ''}", {})


def _results(result: StationaryPoints, name: Name) -> Iterator[Block]:
    """One point: its value as the result. Several: a table."""
    if len(result.points) == 1 and (value := result.points[0].value) is not None and value.exact is not None:
        (point,) = result.points
        if len(point.point) == len(result.variables) and not point.family and not point.numeric:
            yield Result(Relation((name_at(name, point.point), value.exact), ("=",)))
            yield Paragraph(_heading(point, result))
            return
    if not result.points:
        return
    header = tuple(say(f"critical.header.{one}", {}) for one in ("place", "kind", "value"))
    rows = tuple((_row_place(point, result), kind_phrase(point, result), _value(point.value, point.numeric)) for point in result.points)
    yield Table(header, rows, say("critical.summary", {}))


def _row_place(point: CriticalPoint, result: StationaryPoints) -> Phrase:
    return (point_form(point.point, result.variables),) if point.point else say("critical.everywhere", {})


def name_at(name: Name, point: Point) -> Form:
    """f(3), P(5), f(0, 1)."""
    values = [point[letter] for letter in name.letters if letter in point]
    return Apply(name.name, tuple(rounded(value) for value in values), (0,) * len(values)) if len(values) == len(name.letters) else Sym(name.name)


def _value(value: Value | None, numeric: bool) -> Phrase:
    if value is None or value.exact is None:
        return ("–",)
    if numeric:
        return say("text.approximately", {"decimal": read(decimal_of(value.exact))})
    return (value.exact,)


# -- the whole domain --------------------------------------------------------------------------------

_BRIEF = ("lowest", "highest", "no_", "both")
"""What is said of the whole domain even briefly."""


def _overall(result: StationaryPoints, level: Level) -> Iterator[Block]:
    for remark in result.overall:
        if level == "brief" and not remark.id.startswith(_BRIEF):
            continue
        if "rows" in remark.values:
            yield _rows(remark)
            continue
        said = _overall_values(remark, result)
        if said.get("shape") or remark.id.startswith("no_"):
            yield Paragraph(say("critical.overall.shape" if said.get("shape") else "critical.overall.walk", said))
        yield from (Maths(line) for line in remark.lines)
        yield Paragraph(say(f"critical.overall.{remark.id}", said))
    if result.hessian.where and len(result.variables) > 1:
        yield Paragraph(say("critical.excluded", {}), "remark")


def _rows(remark: Remark) -> Table:
    """The limits at the ends, or the values to compare."""
    letter = remark.values["letter"]
    rows: list[tuple[Phrase, ...]]
    if remark.id == "limits":
        header = (say("critical.header.towards", {}), say("critical.header.limit", {}))
        rows = [(_end_cell(letter, end, side), (value,)) for end, side, value in remark.values["rows"]]
        return Table(header, tuple(rows), say("critical.overall.limits", {}))
    header = (say("critical.header.place", {}), say("critical.header.value", {}))
    rows = [((Relation((letter, rounded(place)), ("=",)),), _shown(value)) for place, value in remark.values["rows"]]
    return Table(header, tuple(rows), say("critical.overall.values", {}))


def _end_cell(letter: Form, end: Form, side: str) -> Phrase:
    return say(f"critical.end.short_{side or 'plain'}", {"end": Relation((letter, end), ("=",)) if side else end})


def _shown(value: Form) -> Phrase:
    """An exact number; a rounded one, or a long one with its decimal."""
    if is_numeric({"x": value}):
        return say("text.approximately", {"decimal": read(decimal_of(value))})
    short = is_infinite(value) or value.size <= 3 or has_short_decimal(value)
    return (value,) if short else (value, ", ", *say("text.approximately", {"decimal": read(decimal(value))}))


def _overall_values(remark: Remark, result: StationaryPoints) -> dict[str, Any]:
    said: dict[str, Any] = {"where": None, "on": False, "lines": bool(remark.lines), "some": bool(result.points), **remark.values}
    if "places" in said:
        said["places"] = _joined([say("critical.at", {"point": Relation((place.operands[0], rounded(place.operands[1])), ("=",))}) for place in said["places"]])
    if "points" in said:
        said["places"] = _joined([_place({one.operands[0].name: one.operands[1] for one in point}, result.variables) for point in said["points"]])
    if isinstance(said.get("start"), tuple):
        said["start"] = point_form({one.operands[0].name: one.operands[1] for one in said["start"]}, result.variables)
    if said.get("ends"):
        said["ends"] = _joined([say(f"critical.end.{side or 'plain'}", {"letter": said["letter"], "end": end}) for end, side in said["ends"]])
    if isinstance(said.get("value"), Form):
        said["value"] = _shown(said["value"])
    return said


# -- data --------------------------------------------------------------------------------------------


def fields(result: StationaryPoints, point: Point | None = None) -> dict[str, Any]:  # noqa: ARG001 (all topics are called alike)
    """The fields of `tutor critical --format json`."""
    solved = result.solved
    return {
        "variables": list(result.variables), "gradient": [str(slope.value) for slope in result.slopes],
        "on": None if result.on is None else [str(end) for end in result.on],
        "solving": {"by": solved.by, "complete": solved.complete, "in_time": solved.in_time, "numeric": solved.numeric, "steps": [_remark(remark) for remark in solved.remarks]},
        "points": [_point_data(one, result) for one in result.points],
        "dropped": [plain(say(f"critical.dropped.{remark.id}", {"places": listed(remark.values["places"])})) for remark in result.dropped],
        "overall": [_overall_data(remark, result) for remark in result.overall],
        **working(result),
    }  # fmt: skip


def _remark(remark: Remark) -> dict[str, Any]:
    cases = [{"assumed": [str(one) for one in case.assumed], "steps": [_remark(inner) for inner in case.remarks]} for case in remark.cases]
    text = plain(say(f"critical.step.{remark.id}", _step_values(remark)))
    return {"step": remark.id, "text": text, "lines": [str(line) for line in remark.lines], "cases": cases}


def _point_data(one: CriticalPoint, result: StationaryPoints) -> dict[str, Any]:
    return {
        "point": point_data(one.point), "kind": one.kind, "verdict": one.verdict, "numeric": one.numeric, "family": list(one.family),
        "value": None if one.value is None else value_data(one.value), "tests": [test.id for test in one.tests],
        "free": [name for name in result.variables if name not in one.point],
    }  # fmt: skip


def _overall_data(remark: Remark, result: StationaryPoints) -> dict[str, Any]:
    if "rows" in remark.values:
        text = plain(say(f"critical.overall.{remark.id}", {}))
    else:
        text = plain(say(f"critical.overall.{remark.id}", _overall_values(remark, result)))
    value = remark.values.get("value")
    return {"statement": remark.id, "value": str(value) if isinstance(value, Form) else None, "text": text}


__all__ = ["document", "fields", "kind_phrase", "name_at", "remark_blocks"]
