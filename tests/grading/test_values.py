"""Wrong values at a point and wrong steps of a computation: the mistake is named, from the derivation or from the formula."""

from __future__ import annotations

from typing import Any

import pytest

from tests.grading.test_formulas import TASKS
from tutor import RequestError
from tutor.grading.check import check
from tutor.grading.formulas import FORMULAS

PROFIT, HOUSES = "-20p^2 + 200p - 300", "((100 - 50w)^2 + (200 - 100w)^2 + (300 - 150w)^2)/3"


@pytest.mark.parametrize(
    ("answer", "function", "at", "mistake"),
    [
        ("20", PROFIT, "p=2", "I1"), ("0", PROFIT, "p=2", "I2"), ("-120", PROFIT, "p=2", "I6 or P3"), ("10", "100 - 10t", "t=3", "I6 or S1"),
        ("-70000/3", HOUSES, "w=0", "L1"), ("400", HOUSES, "w=0", "L2"), ("-140000", HOUSES, "w=0", "L3"),
    ],
)  # fmt: skip
def test_a_wrong_value_has_its_mistake(answer: str, function: str, at: str, mistake: str) -> None:
    """The catalogue's losses too: a lost two at each square, the errors alone, a sum for the mean."""
    verdict = check(answer, derivative_of=function, at=at)
    assert verdict.outcome == "wrong"
    assert [finding.mistake for finding in verdict.findings] == [mistake]


@pytest.mark.parametrize(("answer", "mistake"), [("2 sin(x) cos(x)", "put_in"), ("sin(2x)", "put_in"), ("2 sin(x)", "C1"), ("x + 1", "kind.number"), ("k", "kind.number")])
def test_letters_that_are_still_there(answer: str, mistake: str) -> None:
    """The point is to be put in, or the slip that was made before comes first."""
    verdict = check(answer, derivative_of="sin(x)^2", at="x=1")
    assert (verdict.outcome, [finding.mistake for finding in verdict.findings]) == ("wrong", [mistake])


def test_a_right_value_has_none() -> None:
    for answer, function, at in (("120", PROFIT, "p=2"), ("-140000/3", HOUSES, "w=0"), ("0", "x^2", "x=0")):
        verdict = check(answer, derivative_of=function, at=at)
        assert (verdict.outcome, verdict.findings) == ("right", ())


def arguments(name: str, task: Any) -> dict[str, Any]:
    """A task as arguments of `check`."""
    found: dict[str, Any] = {"formula": name, "values": dict(task.numbers)}
    if task.functions:
        letters = task.functions["g"][0]
        found["function"] = "x^2 - 4x + 5" if letters == ("x",) else "(x + y)^2" if "x + y" in str(task.functions["g"][1]) else "x^2 + 2y^2"
    return found


@pytest.mark.parametrize("mistake", TASKS)
def test_a_computation_is_graded_and_its_mistake_named(mistake: str) -> None:
    name, task = TASKS[mistake]
    given = arguments(name, task)
    right, wrong = (FORMULAS[name].result(task, which) for which in ("", mistake))
    for results, outcome in ((right, "right"), (wrong, "wrong")):
        answer = str(results[0]) if len(results) == 1 else f"({', '.join(map(str, results))})"
        verdict = check(answer, **given)
        assert verdict.outcome == outcome or (outcome == "wrong" and verdict.outcome == "partly")
        if outcome == "wrong":
            assert mistake in {one for finding in verdict.findings for one in finding.mistake.split(" or ")}
        else:
            assert verdict.findings == ()


def test_a_formula_that_does_not_exist() -> None:
    with pytest.raises(RequestError, match="no formula") as error:
        check("1", formula="magic")
    assert "descent" in error.value.advice


def test_an_ambiguous_text_asks_for_brackets() -> None:
    verdict = check("1/2x", "1/(2x)")
    assert (verdict.outcome, [finding.mistake for finding in verdict.findings]) == ("undecided", ["ambiguous"])
    assert check("1/(2x)", "1/(2x)").outcome == "right"
    assert check("1/2x", "x/2").outcome == "right"


def test_an_answer_of_thousands_of_factors_is_judged_soon() -> None:
    assert check("*".join(["x"] * 3000), derivative_of="x^2").outcome == "wrong"


@pytest.mark.parametrize(
    ("answer", "expected", "domain", "outcome"),
    [
        ("(-1)^n", "cos(pi*n)", "n = floor(n)", "right"), ("1", "cos(2pi*n)", "n = floor(n)", "right"), ("1", "cos(pi*n)", "n = floor(n)", "wrong"),
        ("x", "sqrt(x^2)", "x > 0", "right"), ("x", "sqrt(x^2)", (), "wrong"), ("-x", "sqrt(x^2)", "x < 0", "right"),
    ],
)  # fmt: skip
def test_what_is_assumed_decides(answer: str, expected: str, domain: Any, outcome: str) -> None:
    assert check(answer, expected, domain=domain).outcome == outcome
