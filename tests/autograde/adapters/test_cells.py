"""Answers in variables: whatever a student puts there; and the two functions that notebooks call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.autograde.adapters.submissions import hostile_answers
from tutor.autograde.adapters import nbgrader, otter
from tutor.autograde.adapters.cells import judged
from tutor.errors import RequestError
from tutor.grading.verdict import NotRight, UnreadableAnswer, WrongAnswer


class Raising:
    def __str__(self) -> str:
        raise ValueError


class Liar:
    __str__ = property(lambda self: lambda: 5)  # type: ignore[assignment]


class Text(str):
    """A text that pretends."""

    def strip(self, *_: object) -> str:
        return "2x"

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = str.__hash__


STRANGE = (None, ..., True, False, b"2x", {}, {1}, len, lambda: "2x", int, Raising(), Liar(), [], (), object(), Text("3x"), float("nan"), float("inf"), 10**5000 // 3)


@pytest.mark.parametrize("answer", STRANGE, ids=lambda one: type(one).__name__)
def test_strange_values_get_no_points_and_raise_nothing(answer: object) -> None:
    verdict = judged(answer, derivative_of="x^2")
    assert verdict.outcome in ("unreadable", "wrong", "undecided")
    assert verdict.points(2) == 0.0


def test_values_that_print_as_mathematics_are_read() -> None:
    sympy = pytest.importorskip("sympy")
    x = sympy.Symbol("x")
    assert judged(sympy.diff(x**2 * sympy.sin(x), x), derivative_of="x^2 sin(x)").right
    assert judged(12, "12").right
    assert judged(0.25, "1/4").right
    assert judged((-6, -4), gradient_of="100 - x^2 - 2y^2", at="x=3, y=1").right


def test_a_wrong_call_still_raises() -> None:
    calls: tuple[Callable[[], Any], ...] = (lambda: judged("2x"), lambda: nbgrader.points("2x", -1, "2x"), lambda: otter.credit("2x"))
    for call in calls:
        with pytest.raises(RequestError):
            call()


def test_points_of_a_cell_are_plain_floats_that_print_as_numbers(capfd: pytest.CaptureFixture[str]) -> None:
    for answer in ("2x", "3x", "2*(x", *STRANGE, *hostile_answers(20)):
        points = nbgrader.points(answer, 3, derivative_of="x^2")
        assert type(points) is float
        assert float(repr(points)) == points
        assert 0 <= points <= 3
        out, err = capfd.readouterr()
        assert out
        assert err == ""
    nbgrader.points("2x", 3, "2x", say=False)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(("answer", "half", "whole"), [("(-6, -4)", True, True), ("(-6, 4)", True, False), ("(4, 6)", False, False), ("(", False, False)])
def test_credit_by_shares(answer: str, half: bool, whole: bool) -> None:
    def passes(share: float) -> bool:
        try:
            otter.credit(answer, share, gradient_of="100 - x^2 - 2y^2", at="x=3, y=1")
        except NotRight:
            return False
        return True

    assert (passes(0.5), passes(1.0)) == (half, whole)


def test_the_errors_are_told_apart() -> None:
    with pytest.raises(WrongAnswer):
        otter.credit("3x", expected="2x")
    with pytest.raises(UnreadableAnswer):
        otter.credit(..., expected="2x")
