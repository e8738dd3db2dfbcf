"""Variants: the same id is the same problem, questions are graded with their settings, units may stand behind an answer."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.problems.families import TANK, family, questions
from tutor.errors import RequestError
from tutor.exposition.doc import Maths, Table
from tutor.problems import problem as module
from tutor.problems.blind import collisions
from tutor.problems.problem import Question, problem_of, rank_of, seeded

ONE = family(TANK)


@given(st.integers(0, 10**12))
def test_a_variants_number_is_written_and_read(rank: int) -> None:
    assert rank_of(module._in_digits(rank)) == rank


@pytest.mark.parametrize("text", ["i", "l", "o", "u", "-1", "é", " "])
def test_digits_that_look_like_others_are_none(text: str) -> None:
    with pytest.raises(RequestError):
        rank_of(text)


def test_a_seed_is_the_same_problem_in_every_process() -> None:
    program = "from tests.problems.families import *; from tutor.problems.problem import seeded; print([seeded(family(TANK), k).id for k in range(5)])"
    runs = {subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed, "PATH": ""}).stdout for seed in ("1", "2")}
    assert runs == {str([seeded(ONE, k).id for k in range(5)]) + "\n"}


def test_seeds_spread_over_the_variants() -> None:
    assert len({seeded(ONE, k).rank for k in range(60)}) > 12


def test_a_seed_avoids_blind_variants() -> None:
    blind = {rank for rank in range(ONE.space.size) if ONE.space.holds(ONE.space.values(rank)) and collisions(problem_of(ONE, rank))}
    assert blind
    assert not blind & {seeded(ONE, k).rank for k in range(60)}


def test_a_disabled_variant_is_never_drawn() -> None:
    one = family("parameters: {a: 1..2}\ndisabled: [{a: 1}]\nquestions: [{ask: 'What is {{ a }}?', answer: a}]")
    assert {seeded(one, k).rank for k in range(20)} == {1}
    none = family("parameters: {a: [1]}\ndisabled: [{a: 1}]\nquestions: [{ask: 'What?', answer: a}]")
    with pytest.raises(RequestError, match="disabled"):
        seeded(none, 0)


def first(line: str, **more: str) -> Question:
    return problem_of(questions(line, **more), 0).questions[0]


@pytest.mark.parametrize(
    ("line", "replies"),
    [
        ('{ask: x, answer: "diff(f, x) @ 3", unit: euros per cup}', {"12": "right", "12 euros per cup": "right", "12.0": "right", "11": "wrong", "euros": "wrong"}),
        ('{ask: x, answer: "1/3", decimal_places: 2}', {"0.33": "right", "0.333": "partly", "1/3": "partly", "0.34": "wrong"}),
        ('{ask: x, answer: "1/3", tolerance: 1%}', {"0.333": "right", "0.3": "wrong"}),
        ('{ask: x, answer: "(x + 1)*(x - 1)", form: factored}', {"(x-1)(x+1)": "right", "x^2 - 1": "partly"}),
        ('{ask: x, answer: "{% if a > 1 %}up{% else %}down{% endif %}", kind: choice, options: [up, down]}', {"up": "right", "down": "wrong"}),
        ('{ask: x, answer: "nature(x^2, 0)"}', {"minimum": "right", "maximum": "wrong"}),
        ('{ask: x, answer: "true", kind: boolean}', {"yes": "right", "no": "wrong"}),
        ('{ask: x, answer: "iterates(x^2, 1, 0.25, 3)", given: [2]}', {"0.5; 0.125": "right", "0.5; 0.25": "partly"}),
        ('{ask: x, answer: "stationary(x^3 - 3x)"}', {"x = 1 or x = -1": "right", "1": "partly"}),
    ],
)  # fmt: skip
def test_replies(line: str, replies: dict[str, str]) -> None:
    question = first(line)
    assert {reply: question.check(reply).outcome for reply in replies} == replies


def test_the_mistakes_of_the_catalogue_and_of_the_author_are_named() -> None:
    question = first('{ask: x, answer: "diff(f, x)", mistakes: [{id: own, answer: "a*x", say: "Really?"}]}')
    assert [finding.mistake for finding in question.check("2*x^2*2").findings][-1] == "P1"
    assert question.check("2x").findings[-1].message == "Really?"


def test_a_table_to_fill_in_and_a_working() -> None:
    table = first('{ask: x, answer: "iterates(x^2, 1, 0.25, 3)", given: [2]}').shown[0]
    assert isinstance(table, Table)
    assert [row[1][0] if row[1][0] == "?" else str(row[1][0]) for row in table.rows] == ["?", "0.25", "?"]
    lines = first('{ask: x, working: ["1 + 1 = 2", "2 + 2 = 5"]}')
    assert [line.note for line in lines.shown if isinstance(line, Maths)] == [("(1)",), ("(2)",)]
    assert lines.check("2").outcome == "right"
