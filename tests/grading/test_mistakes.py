"""Diagnoses by law: each is true, none is made of a right answer, and no sentence gives the answer away."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.calculus.smooth import functions
from tutor import Mistake, RequestError, check, differentiate, read
from tutor.algebra.equal import by_samples
from tutor.algebra.tidy import variants
from tutor.calculus.differentiate import Derivation
from tutor.errors import TutorError
from tutor.exposition.phrases import PHRASES
from tutor.form.tree import Form, Neg, Num
from tutor.form.walk import nodes, substitute
from tutor.grading import mistakes
from tutor.grading.candidates import STAGES, Candidate, candidates, misreadings, singles
from tutor.grading.check import judged
from tutor.grading.fingerprints import Shelf, places_of
from tutor.grading.kinds.expression import Expression
from tutor.grading.mistakes import diagnoses, findings, known, value_findings
from tutor.grading.verdict import Finding

MOST = 40
"""Candidates of one derivation that are tried."""


def derived(form: Form, order: int = 1) -> Derivation:
    return differentiate(form, ("x",) * order)


def told(found: tuple[Finding, ...]) -> list[str]:
    return [finding.mistake for finding in found if finding.mistake != "witness"]


def gives_away(finding: Finding, derivation: Derivation) -> bool:
    """Whether a sentence shows the right answer, in a form that is not in the question and is more than a letter or a number."""
    key, shown = derivation.value, [part for part in finding.phrase if isinstance(part, Form)]
    if key.size < 2 or key in nodes(derivation.chain[0].function) or finding.mistake == "witness":
        return False
    return any(key in nodes(part) for part in shown) or (key.size > 5 and str(key) in finding.message)


@settings(max_examples=25)
@given(functions, st.integers(0, 10**6))
def test_every_diagnosis_is_true(form: Form, seed: int) -> None:
    """The answer of a candidate is wrong, and whatever is said of it is a slip that leads to this answer."""
    derivation = derived(form)
    wrong = [one for one in candidates(derivation) if by_samples(one.value, derivation.value, derivation.conditions).equal is False]
    for candidate in wrong[seed % (len(wrong) or 1) :][:6]:
        evidence = by_samples(candidate.value, derivation.value, derivation.conditions)
        assert evidence.equal is False
        for one in diagnoses(derivation, candidate.value):
            assert one.value is candidate.value or by_samples(one.value, candidate.value).equal is not False
            assert len(one.slips) <= len(candidate.slips) or len({slip.mistake for slip in one.slips}) == 1
        found = findings(derivation, candidate.value, derivation.value)
        assert not any(gives_away(finding, derivation) for finding in found)


@settings(max_examples=25)
@given(functions)
def test_one_slip_is_always_explained(form: Form) -> None:
    """By itself, or by another explanation as simple, as long as the answer has values where the right one has them."""
    derivation = derived(form)
    for candidate in list(singles(derivation))[:MOST]:
        if by_samples(candidate.value, derivation.value, derivation.conditions).equal is False:
            answered = [place for place in known(derivation).places if abs(place.value(candidate.value)) < 1e6]
            found = diagnoses(derivation, candidate.value)
            assert (found and len(found[0].slips) == 1) or len(answered) < 2


@settings(max_examples=25)
@given(functions, st.integers(1, 2))
def test_a_right_answer_is_never_diagnosed(form: Form, order: int) -> None:
    derivation = derived(form, order)
    for right in (derivation.root.after, derivation.value, *(line.after for line in variants(derivation.value)), Neg(Neg(derivation.value))):
        assert diagnoses(derivation, right) == ()
        assert findings(derivation, right, derivation.value) == ()


@settings(max_examples=25)
@given(functions, st.sampled_from(["1", "1/2", "2", "pi/3"]))
def test_a_wrong_value_is_a_value_of_what_is_named(form: Form, place: str) -> None:
    derivation, point = derived(form), {"x": read(place), "a": Num(2)}
    key = substitute(derivation.value, point)
    assert value_findings(derivation, point, key, key) == ()
    for candidate in list(singles(derivation))[:8]:
        answer = substitute(candidate.value, point)
        different = by_samples(answer, key).equal is False
        found = value_findings(derivation, point, answer, key)
        assert different or found == ()
        assert not any(gives_away(finding, derivation) for finding in found)


@pytest.mark.parametrize(("function", "order"), [("x^2*sin(3x)", 1), ("sin(x^2)/x", 1), ("(3x+1)^5*e^(2x)", 1), ("x*e^x*sin(x)", 1), ("e^(x^2)", 2), ("sqrt(x^2+1)", 2)])
def test_what_check_says_is_true(function: str, order: int) -> None:
    """Through `check`: the answer of each candidate of one slip is wrong, and one of the slips that are named leads to it."""
    derivation = derived(read(function), order)
    kind = Expression(derivation.value, derivation.conditions, derivation)
    tried = 0
    for candidate in singles(derivation):
        if by_samples(candidate.value, derivation.value).equal is not False:
            continue
        tried += 1
        verdict = judged(str(candidate.value), kind)
        assert verdict.outcome == "wrong"
        (named,) = told(verdict.findings) or [""]
        leads = [one for source in STAGES[0] for one in source(derivation) if one.mistakes[0] in named.split(" or ") and by_samples(one.value, candidate.value).equal]
        assert leads, (str(candidate.value), named)
    assert tried > 5


@pytest.mark.parametrize(
    ("function", "answer", "mistake"),
    [
        ("e^(-3x)", "e^(-3x)", "E3"), ("e^(-3x)", "3e^(-3x)", "C9"), ("cos(-x)", "-sin(-x)", "C9"), ("sin(cos(2x))", "cos(cos(2x))*(-sin(2x))", "C8"),
        ("1/(x^2+1)", "1/(2x)", "P8"), ("sqrt(x^2+1)", "sqrt(2x)", "P9"), ("x^3/2 - 5x", "3x^2/2 - 5x", "P13"),
        ("ln(x + 2)", "1/x + 0", "P17"), ("1/(x+3)", "-1/x^2", "P17"), ("sqrt(x + 4)", "1/(2sqrt(x))", "P17"), ("e^(x+1)", "e^x", "P17"),
        ("(sin(x) + x)^2", "2 sin(x) cos(x) + 2x", "P17"), ("x^3", "x^4/4", "P5"), ("sin(x)*x", "sin(x) - x cos(x) + 3", "P5"), ("x^2+1", "5(x^2+1)", ""),
        ("x^2 e^x", "-2x e^x - x^2 e^x", "A1"), ("x^2 e^x", "x^2 e^x", "R5"), ("x e^x sin(x)", "e^x sin(x) + x e^x cos(x)", "R6"), ("x^3 + x^2 + x", "3x^2 + 1", "S3"), ("x^2 e^x", "4x e^x + 2 x^2 e^x", "A3"), ("x^2 e^x", "2x e^x + x^2 e^x + 7", "A4"),
        ("5x^2", "0", "P15"), ("5x", "3x", ""), ("x^2 y", "x^2", "L5"), ("ln(x)", "ln(x)", "A2"),
    ],
)  # fmt: skip
def test_what_is_said(function: str, answer: str, mistake: str) -> None:
    found = told(check(answer, derivative_of=function, wrt="x").findings)
    assert mistake in (found[0].split(" or ") if found else [""])


def test_two_that_explain_it_equally_well_are_one_question() -> None:
    (found,) = [one for one in check("2x", derivative_of="(x + 3)^2").findings if one.mistake != "witness"]
    assert found.mistake == "C10 or P17"
    assert found.message.startswith("Two slips lead to this answer")
    assert " Or: " in found.message


def test_a_constant_derivative_is_not_shown() -> None:
    """The value at a point would be the answer."""
    assert all("5" not in finding.message.replace("5x", "").replace("5*x", "") for finding in check("3", derivative_of="5x + x").findings)
    assert told(check("(3x, 2y)", gradient_of="3x + y^2").findings) == ["entries", "P13"]
    assert not any(finding.mistake == "witness" for finding in check("(3x, 2y)", gradient_of="3x + y^2").findings)


@pytest.mark.parametrize(
    ("call", "answer", "mistake"),
    [
        ({"gradient_of": "x^2 y^3"}, "(2x y^3, 3y^2)", "M2"), ({"gradient_of": "x^2 y^3"}, "(3x^2 y^2, 2x y^3)", "M8"),
        ({"gradient_of": "x^2 y^3"}, "(-2x y^3, -3x^2 y^2)", "A1"), ({"gradient_of": "x^2 y^3", "at": "x=1, y=2"}, "(2, 12)", "M2"),
        ({"hessian_of": "x^2 y + x y^3"}, "[[2, 2x + 3y^2], [2x + 3y^2, 6x y]]", "M2"), ({"hessian_of": "x^2 y + x y^3", "at": "x=1, y=2"}, "[[2, 14], [14, 12]]", "M2"),
        ({"derivative_of": "sin(3x)", "order": 2, "at": "x=pi/6"}, "-3", "H4"), ({"derivative_of": "x^4", "order": 2, "at": "x=1/2"}, "1/2", "H1"),
        ({"derivative_of": "x^3", "order": 2}, "3x^2", "H1"), ({"derivative_of": "x^3", "order": 2}, "2x", "H4"), ({"derivative_of": "x^2 + 3x", "at": "x=2"}, "10", "I1"),
    ],
)  # fmt: skip
def test_values_and_entries(call: dict[str, object], answer: str, mistake: str) -> None:
    found = told(check(answer, **call).findings)  # type: ignore[arg-type]
    assert mistake in {one for finding in found for one in finding.split(" or ")}


@pytest.mark.parametrize(("function", "order", "at"), [("x^3", 3, None), ("x^3", 2, "x=1"), ("x^4", 3, "x=1"), ("x^5 + x^4", 3, "x=1"), ("5x^2", 1, "x=1/2")])
def test_no_sentence_holds_the_number_that_is_asked_for(function: str, order: int, at: str | None) -> None:
    """The steps of a later order have numbers in them that the question does not have."""
    derivation = derived(read(function), order)
    key = derivation.value if at is None else substitute(derivation.value, {"x": read(at.removeprefix("x="))})
    wanted = f"{abs(key.evaluate()):g}"
    for candidate in singles(derivation):
        answer = candidate.value if at is None else substitute(candidate.value, {"x": read(at.removeprefix("x="))})
        for finding in check(str(answer), derivative_of=function, order=order, at=at).findings:
            assert wanted not in re.findall(r"[0-9.]+", finding.message) or wanted in re.findall(r"[0-9.]+", function)


def test_letters_that_were_not_asked_for() -> None:
    derivation = derived(read("x^3"))
    assert told(findings(derivation, read("x^4/4 + C"), derivation.value)) == ["P5"]
    assert told(findings(derivation, read("3x^2*k"), derivation.value)) == ["A3"]
    assert findings(derivation, read("k*x + 7"), derivation.value) == ()


def test_what_is_known_goes_with_its_question() -> None:
    derivation = derived(read("x^7 + x"))
    first = known(derivation)
    assert known(derivation) is first
    assert first.shelf(derivation, 0) is first.shelf(derivation, 0)
    number = id(derivation)
    del derivation
    assert mistakes._KNOWN.get(number) is not first


def test_only_so_many_questions_are_remembered() -> None:
    kept = [differentiate(f"x^{k} + {k}") for k in range(2, 2 + mistakes._KEPT + 20)]
    for derivation in kept:
        assert told(findings(derivation, derivation.function, derivation.value))
    assert len(mistakes._KNOWN) <= mistakes._KEPT
    assert findings(kept[0], kept[0].value, kept[0].value) == ()


def test_threads_say_the_same() -> None:
    derivation = derived(read("x^2*sin(3x)"))
    answers = [one.value for one in singles(derived(read("x^2*sin(3x)")))] * 3
    alone = [told(findings(derived(read("x^2*sin(3x)")), answer, derivation.value)) for answer in answers]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda answer: told(findings(derivation, answer, derivation.value)), answers))
    assert together == alone


def test_large_questions_are_searched_in_bounded_time() -> None:
    text = "*".join(f"(x^2+{k})" for k in range(1, 60))
    derivation = differentiate(text)
    assert len(list(singles(derivation))) <= 200
    assert isinstance(findings(derivation, read("x + 1"), derivation.value), tuple)


def test_a_shelf_finds_what_has_the_same_values() -> None:
    places = places_of(read("1/x"), {"x"})
    shelf = Shelf([(read("ln(x)"), "logarithm"), (read("x/x^3"), "square"), (read("sqrt(-x^2)"), "nothing")])
    assert shelf.matching(places, [place.value(read("1/x^2")) for place in places]) == ["square"]
    assert shelf.matching(places, [place.value(read("sqrt(-1-x^2)")) for place in places]) == []


def test_misreadings_are_derivatives_of_what_they_say() -> None:
    for function in ("(x+3)^2", "sin(x+y)", "x^2*y^3", "1/(x+2)"):
        derivation = differentiate(function, "x")
        assert all(isinstance(one, Candidate) and len(one.slips) == 1 and one.slips[0].step is None for one in misreadings(derivation))
    assert {one.mistakes[0] for one in misreadings(differentiate("x^2*y^3", "x"))} == {"L5", "M1", "M3", "M5"}


def test_every_mistake_of_a_rule_has_its_sentence() -> None:
    from tutor.calculus.rules import RULES

    for rule in RULES.values():
        for mistake in rule.mistakes:
            assert PHRASES.has(f"mistakes.{mistake}.ask"), mistake
            assert PHRASES.has(f"mistakes.{mistake}.name"), mistake


# -- the author's own --------------------------------------------------------------------------------

OWN = [Mistake("half", "x", "Where did the two go?"), Mistake("cube", "3x^2", "Which power is it?")]


def test_an_authors_mistake_is_reported() -> None:
    found = check("x*x/x", derivative_of="x^2", mistakes=OWN).findings
    assert [(one.mistake, one.message) for one in found if one.mistake != "witness"] == [("half", "Where did the two go?")]
    assert told(check("x^3", derivative_of="x^2", mistakes=OWN).findings) == told(check("x^3", derivative_of="x^2").findings)
    assert check("2x", derivative_of="x^2", mistakes=OWN).findings == ()


@pytest.mark.parametrize(
    ("call", "answer"),
    [
        ({"expected": "(1, 2)"}, "(2, 1)"), ({"expected": "{1, 2}"}, "{1, 3}"), ({"expected": "x > 2"}, "x >= 2"), ({"expected": "saddle", "kind": "word"}, "minimum"),
        ({"expected": "5 m", "kind": "unit"}, "5 m/s"), ({"expected": True}, "no"), ({"expected": "b", "kind": "choice", "options": ("a", "b")}, "a"),
        ({"antiderivative_of": "2x"}, "x^3"), ({"gradient_of": "x*y"}, "(x, y)"), ({"expected": "3.14", "decimal_places": 2}, "3.2"),
        ({"expected": "y = 2x"}, "y = x"), ({"expected": "2x + 2", "form": "factored"}, "x + 1"),
    ],
)  # fmt: skip
def test_an_authors_mistake_of_every_kind(call: dict[str, object], answer: str) -> None:
    verdict = check(answer, **call, mistakes=[Mistake("own", answer, "Look again?")])  # type: ignore[arg-type]
    assert verdict.outcome in ("wrong", "partly")
    assert [finding.mistake for finding in verdict.findings][-1] == "own"


def test_a_mistake_that_makes_no_sense_is_a_wrong_call() -> None:
    for mistake in (Mistake("own", "x + x", "Hm?"), Mistake("own", "x", ""), Mistake("C1", "x", " ")):
        with pytest.raises(RequestError):
            check("1", "2x", mistakes=[mistake])
    with pytest.raises(TutorError):
        check("1", "2x", mistakes=[Mistake("own", "2*(x", "Hm?")])
    assert check("1", "saddle", kind="word", mistakes=[Mistake("M14", "1")]).findings[0].message == "Walk along the other letter: does the function rise there too?"


def test_a_mistake_far_from_the_origin_is_found() -> None:
    assert told(check("1/2*(x - 100)^(1/2)", derivative_of="sqrt(x - 100)").findings) == ["C5 or C6"]
