"""Verdicts: right answers in other forms, wrong ones with their mistake, unreadable ones with their place."""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.calculus.smooth import functions
from tests.corpora import rows
from tutor import RequestError, differentiate, read
from tutor.algebra.equal import by_samples
from tutor.algebra.tidy import variants
from tutor.errors import ReadError
from tutor.form.tree import Add, Form, Num
from tutor.grading.check import check
from tutor.grading.mistakes import candidates

SET_ASIDE = {
    "asin(sqrt(-x^(-2) + 1))": "the published answer holds for x > 0 only: the right verdict says so",
    "yx*tan(y)*7*tanh(y)": "yx is one name in the published row",
    "log(E/x)/x^2": "E is SymPy's name for e; here it is a letter",
}


def test_published_answers_are_right() -> None:
    wrong = [row["expr"] for row in rows("corpora/derivatives.jsonl") if row["expr"] not in SET_ASIDE
             and check(row["answer"], derivative_of=row["expr"], wrt=row["var"], order=row["order"]).outcome != "right"]  # fmt: skip
    assert wrong == []


def test_pairs_made_for_this() -> None:
    for row in rows("corpora/pairs.jsonl"):
        if row["student"] not in SET_ASIDE:
            assert (check(row["student"], derivative_of=row["function"], wrt="x").outcome == "right") is row["equal"], row["student"]


@given(functions)
def test_other_forms_of_the_answer_are_right_and_never_diagnosed(form: Form) -> None:
    derivation = differentiate(form, "x")
    for other in (derivation.root.after, derivation.value, *(line.after for line in variants(derivation.value))):
        verdict = check(str(other), derivative_of=form, wrt="x")
        assert verdict.outcome in ("right", "undecided")
        assert [finding for finding in verdict.findings if finding.mistake != "undecided"] == []


@given(functions)
def test_a_shifted_answer_is_wrong(form: Form) -> None:
    verdict = check(str(Add((differentiate(form, "x").value, Num(1)))), derivative_of=form, wrt="x")
    assert verdict.outcome in ("wrong", "undecided")


@pytest.mark.parametrize("text", ["x^2*sin(3x)", "sin(x^2)/x", "(3x+1)^5*e^(2x)", "x*e^x*sin(x)"])
def test_every_diagnosis_is_true(text: str) -> None:
    """The candidate that a finding names really gives the answer, and is not the right one."""
    derivation = differentiate(text)
    tried = 0
    for candidate in candidates(derivation):
        if by_samples(candidate.value, derivation.value).equal is not False or len(candidate.slips) > 1:
            continue
        tried += 1
        verdict = check(str(candidate.value), derivative_of=text)
        assert verdict.outcome == "wrong"
        assert [finding for finding in verdict.findings if finding.mistake != "witness"]
    assert tried > 5


def test_a_finding_asks_and_does_not_tell() -> None:
    verdict = check("cos(x^2)", derivative_of="sin(x^2)")
    witness, slip = verdict.findings
    assert witness.message == "At x = 1 yours is 0.5403, the right value is 1.081."
    assert (slip.mistake, slip.step) == ("C1", read("sin(x^2)"))
    assert slip.message.endswith("?")
    assert "2x" not in slip.message.replace(" ", "")


def test_a_domain_that_changed_is_a_remark() -> None:
    shrank = check("(x^2-1)/(x+1)", "x-1")
    assert (shrank.outcome, [remark.mistake for remark in shrank.remarks]) == ("right", ["domain.shrank"])
    assert "x = -1" in shrank.remarks[0].message
    assert [remark.mistake for remark in check("ln(abs(x))", "ln(x)").remarks] == ["domain.grew"]
    assert check("(x^2-1)/(x+1)", "x-1", same_domain=True).outcome == "partly"
    assert check("2x", "x+x").remarks == ()


@pytest.mark.parametrize(("answer", "function"), [("2x sin(x^2)", "sin(x^2)"), ("ln(x^2 + 1)*2x", "ln(x^2 + 1)"), ("3cos(3x)", "cos(3x)")])
def test_an_outer_function_that_was_left_as_it_is(answer: str, function: str) -> None:
    assert [finding.mistake for finding in check(answer, derivative_of=function).findings] == ["witness", "C13"]
    assert check("2x e^(x^2)", derivative_of="e^(x^2)").right


@pytest.mark.parametrize(
    ("answer", "expected", "outcome"),
    [("7/15", "7/15", "right"), ("0.46666", "7/15", "wrong"), ("sqrt(12)", "2sqrt(3)", "right"), ("-3", "3", "wrong"), ("x", "3", "wrong"), ("pi", "3.14159", "wrong")],
)
def test_numbers(answer: str, expected: str, outcome: str) -> None:
    assert check(answer, expected).outcome == outcome


def test_a_tolerance_and_a_point() -> None:
    assert check("0.46666", "7/15", tolerance=1e-3).outcome == "right"
    assert check("120", derivative_of="-20p^2 + 200p - 300", at="p=2").outcome == "right"
    assert [finding.mistake for finding in check("-120", derivative_of="-20p^2 + 200p - 300", at="p=2").findings] == ["I6 or P3"]


def test_unreadable_is_not_wrong() -> None:
    verdict = check("2*(x+1", "2x+2")
    assert (verdict.outcome, verdict.score) == ("unreadable", 0.0)
    assert verdict.fault is not None
    assert verdict.fault.span == (2, 3)


def test_points_are_plain_floats() -> None:
    for answer, points in (("2x", 5.0), ("3x", 0.0), ("2*(x", 0.0)):
        found = check(answer, "2x").points(5)
        assert type(found) is float
        assert found == points


def test_raise_if_wrong() -> None:
    check("2x", "2x").raise_if_wrong()
    with pytest.raises(AssertionError, match="wrong: At x = 1"):
        check("3x", "2x").raise_if_wrong()


def test_a_wrong_call_raises() -> None:
    for call in ({}, {"expected": "x", "derivative_of": "x"}):
        with pytest.raises(RequestError):
            check("x", **call)  # type: ignore[arg-type]
    with pytest.raises(ReadError):
        check("x", "2*(x")
