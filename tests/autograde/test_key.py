"""The answer key: what it takes, and what it refuses with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.autograde.key import Source, load, read_key
from tutor.errors import RequestError
from tutor.grading.check import check
from tutor.problems.library import Library
from tutor.problems.source import SourceError


def entry(text: str) -> object:
    return read_key(Source(f"questions: {{q: {{{text}}}}}"))["q"]


@pytest.mark.parametrize(
    ("text", "given", "answers"),
    [
        ("derivative_of: x^2 y, wrt: y", {"derivative_of": "x^2 y", "wrt": "y"}, ["x^2", "2x y"]),
        ("derivative_of: x^5, order: 2", {"derivative_of": "x^5", "order": 2}, ["20x^3", "5x^4"]),
        ('derivative_of: x^2, at: "x=3"', {"derivative_of": "x^2", "at": "x=3"}, ["6", "2x", "9"]),
        ("gradient_of: x^2 y, wrt: [y, x]", {"gradient_of": "x^2 y", "wrt": ["y", "x"]}, ["(x^2, 2x y)", "(2x y, x^2)"]),
        ("antiderivative_of: 2x, constant: yes", {"antiderivative_of": "2x", "constant": True}, ["x^2 + C", "x^2"]),
        ("expected: 0.25, tolerance: 2%", {"expected": "0.25", "tolerance": "2%"}, ["0.251", "0.3", "1/4"]),
        ("expected: 2/3, decimal_places: 2", {"expected": "2/3", "decimal_places": 2}, ["0.67", "0.7"]),
        ("expected: (x-1)(x+1), form: factored, form_credit: 0.25", {"expected": "(x-1)(x+1)", "form": "factored", "form_credit": 0.25}, ["x^2-1", "(x+1)(x-1)"]),
        ('expected: "(1, 2)", weights: [3, 1]', {"expected": "(1, 2)", "weights": (3.0, 1.0)}, ["(1, 3)", "(2, 2)"]),
        ("expected: 12*cost, variables: [cost]", {"expected": "12*cost", "variables": ["cost"]}, ["12 cost", "cost"]),
        ('expected: "12", mistakes: [{id: half, answer: "6", say: Is that all of it}]', {"expected": "12"}, ["12"]),
    ],
)
def test_a_question_is_judged_as_check_does(text: str, given: dict[str, object], answers: list[str]) -> None:
    made = entry(text)
    for answer in answers:
        verdict, wanted = made.judge(answer), check(answer, **given)  # type: ignore[attr-defined, arg-type]
        assert (verdict.outcome, verdict.score) == (wanted.outcome, wanted.score), answer


def test_an_expected_mistake_is_named() -> None:
    verdict = entry('expected: "12", mistakes: [{id: half, answer: "6", say: Is that all of it}]').judge("6")  # type: ignore[attr-defined]
    assert [finding.mistake for finding in verdict.findings][-1] == "half"


def test_a_part_of_an_exercise() -> None:
    problem = Library().problem("business/coffee-profit", 3)
    key = read_key(Source("questions:\n" + "".join(f"  p{k}: {{exercise: {problem.id}, part: {chr(97 + k)}}}\n" for k in range(len(problem.questions)))))
    for k, question in enumerate(problem.questions):
        assert key[f"p{k}"].judge(str(question.answer.key)).outcome == question.check(str(question.answer.key)).outcome


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("questions:\n  q1: {derivativ_of: x}", 2, "derivativ_of"),
        ("questions:\n  q1: {derivative_of: x}\n  q1: {expected: x}", 3, "twice"),
        ("questions:\n  q1: {derivative_of: 'x+'}", 2, "q1"),
        ("questions:\n  q1: {points: 2}", 2, "expected"),
        ("questions:\n  q1: {expected: 2, points: -1}", 2, "number"),
        ("questions:\n  q1: {exercise: no/such}", 2, "no/such"),
        ("questions:\n  q1: {exercise: business/coffee-profit@0, part: z}", 2, "z"),
        ("questions:\n  q1: {expected: 2, part: a}", 2, "exercise"),
        ("questions: {}", 1, "no question"),
        ("format: 2\nquestions: {q: {expected: 1}}", 1, "whole number"),
        ("questions: &a {q: *a}", 1, "anchors"),
        ("other: 1", 1, "other"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_place(text: str, line: int, said: str) -> None:
    with pytest.raises(SourceError) as caught:
        read_key(Source(text, "k.yaml"))
    assert caught.value.line == line
    assert said in caught.value.message + caught.value.advice


def test_files(tmp_path: Path) -> None:
    with pytest.raises(RequestError):
        load(tmp_path / "none.yaml")
    (tmp_path / "latin.yaml").write_bytes(b"questions: {q: {expected: \xe4}}")
    with pytest.raises(SourceError, match="UTF-8"):
        load(tmp_path / "latin.yaml")


def test_the_key_in_the_docs() -> None:
    text = (Path(__file__).parents[2] / "docs" / "bulk.md").read_text(encoding="utf-8")
    key = read_key(Source(text.partition("```yaml\n")[2].partition("```")[0]))
    assert key["q1"].judge("2x sin(x) + x^2 cos(x)").outcome == "right"
    assert key["q3"].judge("(-6, -4)").outcome == "right"
