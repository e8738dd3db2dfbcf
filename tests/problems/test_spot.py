"""Find the error: the grader of workings, which knows nothing of where the error was put, finds it in the same line."""

from __future__ import annotations

import json

import pytest

from tests.corpora import shared
from tests.problems.families import questions
from tutor.calculus.differentiate import differentiate
from tutor.errors import RequestError, TutorError
from tutor.form.reading import read
from tutor.grading.candidates import singles
from tutor.grading.working import check_working
from tutor.problems.problem import problem_of
from tutor.problems.scope import Function, Scope
from tutor.problems.spot import planted, written_out

FUNCTIONS = ["x^3 - 5x^2 + 2x - 7", "x^2*sin(x)", "sin(x^2 + 1)", "(2x + 1)^5", "x^2/(x + 1)", "e^(3x)*x", "ln(x^2 + 1)", "sqrt(x^2 + 1)", "5/x^3", "x*e^x*sin(x)"]
CASES = [(text, mistake) for text in FUNCTIONS for mistake in dict.fromkeys(one.slips[0].mistake for one in singles(differentiate(text)))]


@pytest.mark.parametrize(("text", "mistake"), CASES)
def test_the_grader_finds_the_line(text: str, mistake: str) -> None:
    derivation = differentiate(text)
    try:
        found = planted(derivation, (mistake,), read("f"))
    except RequestError:
        return  # here the slip makes no difference
    working = check_working("\n".join(map(str, found.lines)), derivative_of=text)
    assert working.first_wrong is not None
    assert working.first_wrong.number == found.wrong
    assert found.right is not None
    assert found.lines[found.wrong - 1] is not found.right
    assert check_working(str(found.right), derivative_of=text).first_wrong is None


def test_an_error_that_cannot_be_made_is_answered_with_those_that_can() -> None:
    with pytest.raises(RequestError) as caught:
        planted(differentiate("x^3"), ("C1",), read("f"))
    assert "P1" in caught.value.advice


SCOPE = Scope({"a": read("0.1")}, {"f": Function(("x",), read("x^2 - 4x + 5"))})


@pytest.mark.parametrize(
    ("lines", "wrong"),
    [
        (["f'(x) = 2x - 4", "f'(0) = -4", "x_1 = 0 - a*(-4) = 0.4", "x_2 = x_1 - a*f'(x_1) = 0.82"], 4), (["1/3 = 0.33", "2/3 = 0.66"], 2), (["x_10 = 2 - 2*0.8^10 = 1.93"], 1),
        (["f'(x) = 2x", "f'(1) = 2"], 1), (["x_10 = 2 - 2*0.8^10 = 1.79", "1 = 2"], 2), (["sqrt(2) = 1.41", "sqrt(2) = 1.42"], 2),
    ],
)  # fmt: skip
def test_the_first_false_line_of_an_author(lines: list[str], wrong: int) -> None:
    assert written_out(lines, SCOPE).wrong == wrong


@pytest.mark.parametrize("lines", [["1 + 1 = 2"], ["x > 2"], ["x + "], ["f(x"]])
def test_lines_without_an_error_are_refused(lines: list[str]) -> None:
    with pytest.raises(TutorError):
        written_out(lines, SCOPE)


PUBLISHED = {
    "quad-x-10": ["x_10 = 2*(1 - 0.8^10) = {}"], "quad-x-20": ["x_20 = 2*(1 - 0.8^20) = {}"], "alpha001-x-1000": ["x_1000 = 10*0.998^1000 = {}"], "alpha01-x-20": ["x_20 = 10*0.8^20 = {}"],
    "house-grad-1": ["g = 2/3*(50*(-100) + 100*(-200) + 150*(-300)) = {}"],
}  # fmt: skip


@pytest.mark.parametrize("id", PUBLISHED)
def test_published_wrong_figures_are_wrong(id: str) -> None:
    rows = {row["id"]: row for row in json.loads(shared("reference/worked_examples.json").read_text(encoding="utf-8"))}
    figure = rows[id]["published_wrongly_as"].split()[0].replace(",", "")
    assert written_out([line.format(figure) for line in PUBLISHED[id]], SCOPE).wrong == 1
    right = rows[id]["value"]
    with pytest.raises(RequestError):
        written_out([line.format(f"{right:.4f}") for line in PUBLISHED[id]], SCOPE)


def test_a_question_asks_for_the_line_and_shows_the_working() -> None:
    family = questions('{ask: "Where?", answer: "diff(f, x)", error: "P1"}', '{ask: "And right?", answer: "diff(f, x)"}')
    where, right = problem_of(family, 3).questions
    assert where.check(str(where.answer.key)).outcome == "right"
    assert len(where.shown) >= 2
    assert right.check(str(right.answer.key)).outcome == "right"
    assert where.spotted is not None
    assert where.spotted.mistake == "P1"


@pytest.mark.parametrize(
    ("lines", "right"),
    [
        (["x_1 = 6 - 0.2*20 = 2", "x_2 = 2 - 0.2*4 = -2"], "x_2 = 2 - 0.2*4 = 1.2"),
        (["a_1 = 5 - 2*0.8 = 3.4", "a_3 = 5 - 2*0.8^3 = 4.66"], "a_3 = 5 - 2*0.8^3 = 3.98"),
        (["a_3 = 5 - 2*0.8^3 = 4.66", "b = 5 - 2*0.8^10 = 4.79"], "a_3 = 5 - 2*0.8^3 = 3.98"),
        (["S = 50^2 + 100^2 = 7500"], "S = 50^2 + 100^2 = 12500"),
        (["g = 1/3 = 0.5", "h = 2/3 = 0.667"], "g = 1/3 = 0.333"),
        (["x + 1 = x + 2"], None),
    ],
)
def test_a_wrong_number_is_put_right_with_the_decimals_of_the_others(lines: list[str], right: str | None) -> None:
    found = written_out(lines, Scope({}, {}, (), ("x",))).right
    assert (None if found is None else str(found)) == (None if right is None else str(read(right)))


def test_a_line_that_is_right_when_rounded_is_no_wrong_line() -> None:
    with pytest.raises(RequestError, match="rounded"):
        written_out(["y_1 = 3*0.4 = 1.2", "y_10 = 3*0.4^10 = 0"], Scope({}, {}))
