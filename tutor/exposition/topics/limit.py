"""The derivative from its definition, as a document: the quotient, its algebra, the limit, a table, the rules beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tutor.algebra.solve import SECONDS
from tutor.algebra.tidy import Rewrite
from tutor.calculus.difference import INFINITY, shifted
from tutor.calculus.limit import LimitDefinition
from tutor.calculus.points import Point, decimal
from tutor.calculus.sides import ALGEBRA, LATE, NONE, Side, Term, is_infinite
from tutor.exposition import Level
from tutor.exposition.abbreviate import abbreviated
from tutor.exposition.data import plain, texts, value_data, working
from tutor.exposition.doc import Block, Doc, Maths, Paragraph, Phrase, Result, Section, Table
from tutor.exposition.names import Name, equation, named
from tutor.exposition.phrases import PHRASES, listed
from tutor.exposition.places import at_point
from tutor.form.numerals import number, rational
from tutor.form.reading import read
from tutor.form.tree import Add, Apply, Div, Form, Neg, Relation, Sym


@dataclass(frozen=True, slots=True)
class _Names:
    """What the function and its quotient are called: f, and q(h)."""

    name: Name
    quotient: str
    result: LimitDefinition

    @property
    def step(self) -> Sym:
        return Sym(self.result.step)

    @property
    def derivative(self) -> Form:
        variables = (self.result.variable,)
        return self.name.derivative(variables) if self.result.is_general else at_point(self.name, variables, {variables[0]: self.result.place})

    def height(self, place: Form) -> Form:
        """f(3), f(x + h), f(x + h, y)."""
        args = tuple(place if letter == self.result.variable else Sym(letter) for letter in self.name.letters)
        return Apply(self.name.name, args, (0,) * len(args))

    def short(self, term: int = 0) -> Form:
        """q(h), or q₁(h) for one term of several."""
        return Apply(f"{self.quotient}_{term}" if term else self.quotient, (self.step,), (0,))


def document(result: LimitDefinition, level: Level = "normal", typed: Form | None = None, point: Point | None = None) -> Doc:  # noqa: ARG001 (the place is part of the result)
    """The quotient worked out line by line, the limit, and what the rules say."""
    name = named(typed or result.function, result.function, result.variable)
    taken = result.function.free | {result.variable, result.step, name.name}
    names = _Names(name, next(letter for letter in ("q", "Q", "m", "D", "w") if letter not in taken), result)
    blocks = list(_brief(names) if level == "brief" else _worked(names, level))
    return abbreviated(Doc((equation(name, 0, result.function),), tuple(blocks)))


def fields(result: LimitDefinition, point: Point | None = None) -> dict[str, Any]:  # noqa: ARG001
    """The fields of `tutor limit --format json`."""
    table = result.table
    return {
        "variable": result.variable,
        "place": None if result.is_general else str(result.place),
        "step": result.step,
        "height": None if result.height is None else str(result.height),
        "quotient": None if result.height is None else str(result.quotient),
        "value": None if result.value is None else str(result.value),
        "by_rules": None if result.by_rules is None else str(result.by_rules),
        "trouble": result.trouble,
        "sides": [_side_data(side, result) for side in result.sides],
        "table": None if table is None else {
            "place": str(table.place), "rows": [{"step": str(step), "quotient": value_data(value)["decimal"]} for step, value in table.rows],
        },
        **working(result),
        "conditions": texts(result.conditions),
    }  # fmt: skip


def _side_data(side: Side, result: LimitDefinition) -> dict[str, Any]:
    return {
        "side": {0: "both", 1: "right", -1: "left"}[side.sign],
        "piece": str(side.piece.form),
        "value": None if side.value is None else str(side.value),
        "terms": [
            {"term": str(term.function), "quotient": str(term.way.quotient), "last": str(term.way.last), "source": term.source,
             "value": None if term.value is None else str(term.value),
             "known": [{"form": str(one.form), "value": str(one.value)} for one in term.way.known],
             "lines": [{"rule": line.law, "before": str(line.before), "after": str(line.after), "text": _spoken(line, result)} for line in term.way.lines]}
            for term in side.terms
        ],
    }  # fmt: skip


def _spoken(line: Rewrite, result: LimitDefinition) -> str:
    return plain(_say(f"line.{line.law}.heading", step=Sym(result.step)))


def _say(key: str, **values: Any) -> Phrase:
    return PHRASES.say(f"limit.{key}", values)


def _equation(*sides: Form) -> Relation:
    return Relation(sides, ("=",) * (len(sides) - 1))


def _place(names: _Names) -> Form:
    return _equation(Sym(names.result.variable), names.result.place)


def _start(names: _Names) -> Form:
    """(f(3 + h) − f(3))/h, by names."""
    place = names.result.place
    top = Add((names.height(shifted(place, names.result.step)), Neg(names.height(place))))
    return Div(top, names.step)


# -- the document ------------------------------------------------------------------------------------


def _brief(names: _Names) -> Iterator[Block]:
    result = names.result
    if result.height is not None:
        sides = [_start(names)] if len(result.sides) != 1 or len(result.sides[0].terms) > 1 else [_start(names), result.sides[0].terms[0].way.last]
        yield Maths(_equation(names.short(), *sides))
    yield from _answer(names)


def _worked(names: _Names, level: Level) -> Iterator[Block]:
    result = names.result
    said = {"step": names.step, "variable": Sym(result.variable)}
    if result.trouble != "value":
        yield Paragraph(_say("intro.general", **said) if result.is_general else _say("intro.place", **said, place=_place(names)))
        yield from _explained(names, level)
        lines = [Maths(_equation(names.short(), side)) for side in dict.fromkeys((_start(names), result.quotient))]
        reason = [Paragraph(_say("reason", **said), "reason")] if level == "full" else []
        yield Section(_say("quotient"), (*lines, *reason), "quotient")
    for side in result.sides:
        blocks = tuple(_side(names, side, level))
        if side.sign:
            yield Section(_say(f"side.{'right' if side.sign > 0 else 'left'}", **said), blocks, "side")
        else:
            yield from blocks
    yield from _table(names)
    yield from _answer(names)
    if result.value is not None and result.by_rules is not None:
        yield Paragraph(_rules(names, result.by_rules), "evidence")


def _explained(names: _Names, level: Level) -> Iterator[Block]:
    result = names.result
    others = [Sym(letter) for letter in names.name.letters if letter != result.variable]
    if others:
        yield Paragraph(_say("held", letters=listed(others), many=len(others) > 1, variable=Sym(result.variable), step=names.step))
    elif level == "full":
        letter = "y" if names.name.name != "y" and result.variable != "y" else "z"
        said = {"function": names.name.written(), "name": Sym(names.name.name), "letter": Sym(letter), "variable": Sym(result.variable)}
        yield Paragraph(_say("written", derivative=names.derivative, **said), "reason")


def _side(names: _Names, side: Side, level: Level) -> Iterator[Block]:
    result = names.result
    if side.piece.form is not result.function:
        yield Paragraph(_say("near", place=_place(names), side=side.sign, piece=equation(names.name, 0, side.piece.form)))
    if len(side.terms) == 1:
        yield from _term(names, side.terms[0], 0, level)
        return
    yield Paragraph(_say("sum"))
    for k, term in enumerate(side.terms, 1):
        blocks = tuple(_term(names, term, k, level))
        yield Section(_say("term", term=term.function), (Maths(_equation(names.short(k), term.way.quotient)), *blocks), "term")
    if side.value is not None:
        yield Section(_say("together"), (Paragraph(_say("limit.value", quotient=names.short(), value=side.value)),), "together")


def _term(names: _Names, term: Term, k: int, level: Level) -> Iterator[Block]:
    left = names.short(k)
    if k == 0 and term.way.quotient is not names.result.quotient:
        yield Maths(_equation(left, term.way.quotient))
    for line in term.way.lines:
        reason = (Paragraph(_say(f"line.{line.law}.reason", step=names.step), "reason"),) if level == "full" else ()
        yield Section(_say(f"line.{line.law}.heading", step=names.step), (*reason, Maths(_equation(left, line.after))), line.law)
    known = [Paragraph(_say(f"known.{one.law}", form=one.form, value=one.value)) for one in term.way.known]
    yield Section(_say("limit.heading", step=names.step), (*known, Paragraph(_tends(names, term, k))), "limit")


def _tends(names: _Names, term: Term, k: int) -> Phrase:
    """What a quotient tends to, and how that is known."""
    said: dict[str, Any] = {"quotient": names.short(k), "step": names.step, "value": term.value, "variable": Sym(names.result.variable)}
    if term.value is None:
        if term.source == LATE:
            return _say("limit.late", **said, seconds=number(int(SECONDS)))
        return _say("limit.none_general" if names.result.is_general else "limit.none", **said)
    by_algebra = term.source == ALGEBRA
    if is_infinite(term.value):
        return _say("limit.infinite" if by_algebra else "limit.solver_infinite", **said, up=term.value is INFINITY)
    if not by_algebra:
        return _say("limit.solver", **said)
    if term.way.known:
        return _say("limit.value", **said)
    return _say("limit.put_in" if names.result.step in term.way.last.free else "limit.constant", **said)


def _answer(names: _Names) -> Iterator[Block]:
    result = names.result
    if result.value is not None:
        yield Result(_equation(names.derivative, result.value))
    if result.conditions and result.value is not None:
        yield Paragraph(PHRASES.say("text.conditions", {"conditions": listed(result.conditions)}), "condition")
    if result.trouble:
        yield Paragraph(_trouble(names), "condition")
    if result.trouble in (LATE, NONE):
        slope = result.rules_here
        if slope is not None:
            yield Paragraph(_say("rules_only", value=_equation(names.derivative, slope)))


def _trouble(names: _Names) -> Phrase:
    result = names.result
    values = {side.sign: side.value for side in result.sides}
    height = names.height(result.place)
    value = _equation(height, result.height) if result.height is not None else height
    return _say(
        f"trouble.{result.trouble}", name=names.name.written(), place=_place(names), height=value,
        left=values.get(-1), right=values.get(1), side=next(iter(values), 0),
    )  # fmt: skip


def _rules(names: _Names, value: Form) -> Phrase:
    result = names.result
    here = names.name.derivative((result.variable,))
    own = result.sides[0].rules
    rules = _equation(here, own.value)
    if result.is_general or own.function is not result.function:
        return _say("rules", rules=rules if result.is_general else _equation(names.derivative, value))
    return _say("rules_at", rules=rules, place=_place(names), value=value)


def _amount(slope: Form) -> Phrase:
    """A number, with its decimal where it has no short one."""
    if rational(slope) is not None:
        return (slope,)
    about = PHRASES.say("text.approximately", {"decimal": read(decimal(slope))})
    return (slope, ", ", *about)


def _table(names: _Names) -> Iterator[Block]:
    table = names.result.table
    if table is None or not names.result.sides:
        return
    place = _equation(Sym(names.result.variable), table.place) if names.result.is_general else ""
    rows = tuple(((step,), (read(value.decimal),) if value.decimal is not None else ("–",)) for step, value in table.rows)
    blocks: list[Block] = [Table(((names.step,), (names.short(),)), rows)]
    slope = names.result.slope_in_table
    if slope is not None:
        same = all(value.exact is slope for _, value in table.rows)
        blocks.append(Paragraph(_say("table.line", step=names.step) if same else _say("table.limit", value=_amount(slope))))
    yield Section(_say("table.heading", step=names.step, place=place), tuple(blocks), "table")
