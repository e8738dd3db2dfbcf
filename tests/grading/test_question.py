"""A question is made once, whoever asks; calls that look alike and are not are kept apart; what a verdict says is found when asked for."""

from __future__ import annotations

import copy
import pickle
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tutor import RequestError, check
from tutor.grading import selection
from tutor.grading.asked import Asked
from tutor.grading.question import question
from tutor.grading.selection import select
from tutor.grading.verdict import Finding, Verdict
from tutor.grading.working import check_working

CALLS: list[tuple[str, dict[str, Any]]] = [
    ("2x cos(x^2)", {"derivative_of": "sin(x^2)"}),
    ("6x", {"derivative_of": "f(x) = x^3", "order": 2}),
    ("12", {"derivative_of": "x^3", "at": "x=2"}),
    ("(2x, 2y)", {"gradient_of": "x^2 + y^2"}),
    ("(6, 4)", {"gradient_of": "x^2 + y^2", "at": {"x": 3, "y": 2}}),
]


@pytest.mark.parametrize(("answer", "call"), CALLS, ids=str)
def test_check_and_check_working_ask_the_same(answer: str, call: dict[str, Any]) -> None:
    verdict, working = check(answer, **call), check_working(answer, **call)
    assert (verdict.outcome, working.goal.outcome) == ("right", "right")
    asked = Asked(**call)
    assert question(asked).values == working.question.values
    made = select(asked, working.question).judge(select(asked).understood(answer).form)
    assert made == select(asked).judge(select(asked).understood(answer).form)


def test_the_hessian_has_its_entries_row_after_row() -> None:
    found = question(Asked(hessian_of="x^2 y"))
    assert [str(value) for value in found.values] == ["2*y", "2*x", "2*x", "0"]
    assert check("[[2y, 2x], [2x, 0]]", hessian_of="x^2 y").right


def test_a_question_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []
    monkeypatch.setattr(selection, "question", lambda asked: made.append(asked) or question(asked))
    selection._kept.cache_clear()
    outcomes = [check(answer, derivative_of="x^2 + 17").outcome for answer in ("2x", "x", "2 x", "3x")]
    assert (outcomes, len(made)) == (["right", "wrong", "right", "wrong"], 1)
    assert [check("4", derivative_of="x^2 + 17", at={"x": 2}).outcome for _ in range(3)] == ["right"] * 3
    assert len(made) == 2
    for k in range(selection.KEPT + 5):
        check("x", f"x + {k}")
    assert selection._kept.cache_info().currsize <= selection.KEPT


def test_calls_that_only_look_alike_are_kept_apart() -> None:
    for _ in range(2):
        assert check("true", True).right
        assert not check("true", 1).right
        assert check("1", 1).right
        assert check("1", 1.0).right
        assert check("1, 2", ["1", "2"]).right
        assert not check("1, 2", ["1", "3"]).right
        assert check("x", "x", tolerance=1).right
        with pytest.raises(RequestError):
            check("x", "x", tolerance=True)


def test_what_changes_after_a_call_does_not_change_the_answer() -> None:
    point, options = {"x": 1}, ["a", "b"]
    assert check("2", derivative_of="x^2", at=point).right
    point["x"] = 2
    assert check("4", derivative_of="x^2", at=point).right
    assert check("a", "a", kind="choice", options=options).right
    options[0] = "c"
    with pytest.raises(RequestError):
        check("a", "a", kind="choice", options=options)


def test_the_same_from_many_threads() -> None:
    answers = ["2x", "x^2", "2*x + 0", "x + x", "-2x", "2*(x"] * 20
    alone = [check(answer, derivative_of="x^2").outcome for answer in answers]
    selection._kept.cache_clear()
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda answer: check(answer, derivative_of="x^2").outcome, answers)) == alone


def test_findings_are_looked_for_once_and_when_asked() -> None:
    asked: list[int] = []

    def find() -> tuple[Finding, ...]:
        asked.append(1)
        return (Finding("A", ("why?",)),)

    verdict = Verdict("wrong", 0.0, find)
    assert verdict.points(5) == 0
    assert asked == []
    assert [finding.message for finding in verdict.findings] == ["why?"]
    assert verdict.findings is verdict.findings
    assert asked == [1]


def test_a_verdict_can_be_copied_and_sent_to_another_process() -> None:
    for answer in ("cos(x^2)", "2x cos(x^2)", "2*(x"):
        verdict = check(answer, derivative_of="sin(x^2)")
        sent = pickle.loads(pickle.dumps(verdict))
        assert [finding.message for finding in sent.findings] == [finding.message for finding in verdict.findings]
        assert (sent.outcome, sent.score, sent.remarks) == (verdict.outcome, verdict.score, verdict.remarks)
    assert copy.copy(check("x", "2x")) == check("x", "2x")
    assert check("x", "2x") != check("3x", "2x")
