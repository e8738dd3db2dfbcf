"""A file with an error is refused with its place and what to do; one without is a value."""

from __future__ import annotations

import pytest

from tests.problems.families import TANK, family
from tutor.errors import TutorError
from tutor.problems.family import FORMAT, read_family
from tutor.problems.problem import problem_of
from tutor.problems.source import SourceError


def changed(old: str, new: str) -> str:
    assert old in TANK
    return TANK.replace(old, new, 1)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("format: 1", "format: 2", "whole number"), ("title: A title", "titel: A title", "titel"), ("[power-rule]", "[power-rul]", "Did you mean power-rule"), ("difficulty: 1", "difficulty: 4", "from 1 to 3"),
        ("difficulty: 1\n", "", "difficulty"), ("t0 < end", "t0 < ende", "not known"), ("t0 < end", "t0 + end", "no condition"), ("a*end^2", "a*end^", "follows"), ("V: a*(end - t)^2", "V: a*(end - t", "bracket"),
        ("V: a*(end - t)^2", "V: a*end", "depends on no variable"), ("V: a*(end - t)^2", "V: a*(end - s)^2", "s is not known"), ("V: a", "2V: a", "no name"), ("{{ t0 }}", "{{ t0 ", "line"), ("{{ t0 }}", "{{ t0() }}", "call"),
        ("{{ t0 }}", "{% for x in t0 %}{% endfor %}", "for"), ("answer: diff(V, t) @ t0", "anwser: diff(V, t)", "Did you mean answer"), ("id: forgot, ", "", "id"), ("full: a*end^2", "a: end", "parameter already"),
        ("end: 5..8", "end: 5..8..9", "no range"), ("questions:\n", "questions: []\nignored:\n", "ignored"), ("0 <= t <= end", "t + 1", "condition"), ("skills: [power-rule]", "skills: power-rule", "dash"),
    ],
)  # fmt: skip
def test_an_error_is_named_with_its_place(old: str, new: str, said: str) -> None:
    text = changed(old, new)
    with pytest.raises(SourceError) as caught:
        read_family(text, "tests/one")
    assert said in f"{caught.value.message} {caught.value.advice}"
    assert 1 <= caught.value.line <= text.count("\n") + 1


@pytest.mark.parametrize(("old", "new"), [("diff(V, t) @ t0", "diff(V, s) @ t0"), ("diff(V, t) @ t0", "diff(V, t) @"), ("diff(V, t) @ t0", "difff(V, t)"), ("$V(t) = V$", "$V(t) = $"), ("{{ t0 }}", "{{ t1 }}")])
def test_what_shows_only_in_a_variant_has_its_place_too(old: str, new: str) -> None:
    problem = problem_of(family(changed(old, new)), 0)
    with pytest.raises(SourceError) as caught:
        _ = problem.statement, problem.questions[0].ask, problem.questions[0].kind
    assert caught.value.line > 4


@pytest.mark.parametrize("name", ["", "A/b", "../etc/passwd", "a//b", "a b", "a/", "é"])
def test_ids_are_lower_case_words(name: str) -> None:
    with pytest.raises(SourceError):
        read_family(TANK, name)


def test_the_digest_changes_with_the_file() -> None:
    assert family(TANK).digest == family(TANK).digest != family(TANK + "\n").digest
    assert FORMAT == 1


def test_functions_of_functions_and_of_data() -> None:
    one = family("""
parameters: {a: 2..3}
variables: {p: p > 0, w: ''}
functions: {R: a*p, C: p^2 + 1, P: R - C, D(p): P'(p), L: "loss(w*x, x = (1, 2), y = (a, 4))"}
questions: [{ask: "Which?", answer: "argmax(P)"}]
""")
    problem = problem_of(one, 0)
    assert {name: str(function.body) for name, function in problem.scope.functions.items()} == {
        "R": "2*p", "C": "p^2 + 1", "P": "2*p - (p^2 + 1)", "D": "2 - 2*p", "L": "((w - 2)^2 + (2*w - 4)^2)/2",
    }  # fmt: skip
    assert [function.letters for function in problem.scope.functions.values()] == [("p",)] * 4 + [("w",)]


def test_pinned_and_disabled_variants() -> None:
    one = family(TANK.replace("derived:", "pinned: [{a: 3, end: 5, t0: 4}]\ndisabled: [{a: 2, end: 5, t0: 2}]\nderived:"))
    assert [str(problem_of(one, rank).values["a"]) for rank in one.pinned] == ["3"]
    assert one.disabled == {0}
    for wrong in ("{a: 9, end: 5, t0: 2}", "{a: 2, end: 5}", "{a: 2, end: 5, t0: 2, x: 1}"):
        with pytest.raises(TutorError):
            family(TANK.replace("derived:", f"pinned: [{wrong}]\nderived:"))


@pytest.mark.parametrize(
    ("text", "message", "advice"),
    [
        ("parameters: {room: [1]}\nderived: {b: rom + 1}\nquestions: [{ask: x, answer: b}]", "rom is not known", "Did you mean room?"),
        ("parameters: {room: [1]}\nvariables: {t: ''}\nfunctions: {T: room + wormer*t}\nquestions: [{ask: x, answer: room}]", "wormer is not known", "Known: room, t"),
        ("parameters: {a: [1]}\nquestions: [{ask: '{{ a | an }}', answer: a}]", "there is no filter 'an'", "Filters: a, capital, plural."),
    ],
)
def test_a_misspelt_name_is_said_as_it_stands(text: str, message: str, advice: str) -> None:
    with pytest.raises(SourceError, match=message) as caught:
        family(text)
    assert advice in caught.value.advice
