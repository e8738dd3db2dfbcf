"""An exercise with blanks as a document: the function, the rule, the table, what is asked for; and the same table filled in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tutor.exposition.columns import Column, tables
from tutor.exposition.data import texts
from tutor.exposition.doc import Block, Doc, Maths, Paragraph, Phrase, Section
from tutor.exposition.iterations import Rows
from tutor.exposition.objective import name_of, short_gradient, title
from tutor.exposition.phrases import PHRASES, listed
from tutor.exposition.rule import numbered, rule_lines, settings_shown
from tutor.exposition.topics.descent import introduction
from tutor.form.numerals import number
from tutor.form.tree import Form, Listing

if TYPE_CHECKING:
    from tutor.descent.blanks import TableExercise

say = PHRASES.say


def exercise_doc(exercise: TableExercise, typed: Form | None = None, *, solution: bool = False) -> Doc:
    """The exercise, or with `solution` the table with nothing left out."""
    trace = exercise.trace
    name = name_of(trace, typed)
    blocks: list[Block] = [Paragraph(introduction(trace))]
    rule: list[Block] = [Paragraph(say("descent.exercise.rule", {})), *(Maths(line.form) for line in rule_lines(trace, name))]
    rule.append(Paragraph(say("descent.exercise.rates", {"settings": listed(settings_shown(trace))})))
    blocks += short_gradient(trace, name) if solution else ()
    blocks += rule
    blank: frozenset[int] = frozenset() if solution else frozenset(exercise.blanks)
    rows = _Table(trace, name, "full", None, len(exercise.cells))
    table = tables(rows.first, [_hidden(rows.coordinates, blank, ask=True), _hidden([*rows.slopes, rows.values[0]], blank, ask=False)])
    if solution:
        return Doc(title(trace, name), (*blocks, Section(say("descent.exercise.solution", {}), tuple(table), "solution")))
    values: dict[str, Any] = {"cells": listed([_cell(exercise, n) for n in exercise.blanks])}
    task = [Paragraph(say("descent.exercise.task", values), "question")]
    values = {"places": exercise.places, "tolerance": number(exercise.absolute, decimal=True)}
    task.append(Paragraph(say("descent.exercise.round", values)))
    if len(exercise.blanks) > 1:
        task.append(Paragraph(say("descent.exercise.answer", {"shape": _shape(exercise)})))
    return Doc(title(trace, name), (*blocks, Section(say("descent.exercise.title", {}), (*table, *task), "exercise")))


class _Table(Rows):
    """The first rows of a run, all of them."""

    def __init__(self, *parts: Any) -> None:
        *shared, count = parts
        super().__init__(*shared)
        self.__dict__["numbers"] = list(range(count))


def _hidden(columns: Sequence[Column], blank: frozenset[int], *, ask: bool) -> list[Column]:
    """The columns with nothing in the rows that are blank, and a line where a number is asked for."""
    gap: Phrase = say("descent.exercise.blank", {}) if ask else ()
    return [Column(column.heading, tuple(gap if n in blank else one for n, one in enumerate(column.cells))) for column in columns]


def _cell(exercise: TableExercise, n: int) -> Form:
    parts = tuple(numbered(letter, n) for letter in exercise.letters)
    return parts[0] if len(parts) == 1 else Listing("tuple", parts)


def _shape(exercise: TableExercise) -> Phrase:
    """x₂; x₅ with a semicolon between."""
    found: list[str | Form] = []
    for k, n in enumerate(exercise.blanks):
        found += [*("; ",) * bool(k), _cell(exercise, n)]
    return tuple(found)


def exercise_data(exercise: TableExercise) -> dict[str, Any]:
    """The exercise as data, in the words of the answer kind that grades it; the cells hold the solution."""
    return {
        "cells": texts(exercise.cells), "given": sorted(exercise.given), "blanks": list(exercise.blanks), "letters": list(exercise.letters),
        "step": None if exercise.step is None else str(exercise.step), "absolute": str(exercise.absolute), "places": exercise.places, "seed": exercise.seed,
    }  # fmt: skip


__all__ = ["exercise_data", "exercise_doc"]
