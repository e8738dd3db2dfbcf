"""Hints: none shows the answer, the second one asks a smaller question, and its answer is recognised. Over the families that there are."""

from __future__ import annotations

import pytest

from tests.practice.small import FAMILIES
from tutor.calculus.differentiate import differentiate
from tutor.errors import TutorError
from tutor.exposition.data import plain
from tutor.exposition.phrases import PHRASES
from tutor.form.tree import Form, Sym
from tutor.grading.check import judged
from tutor.practice.hinting import clues
from tutor.problems.answers import CALLS
from tutor.problems.library import Library
from tutor.problems.problem import Problem, problem_of, seeded

NAMES = Library().names()


def problem(name: str) -> Problem:
    try:
        return seeded(Library().family(name), 5)
    except TutorError as fault:
        pytest.skip(f"{name} cannot be read: {fault}")


@pytest.mark.parametrize("name", NAMES)
def test_every_question_has_hints_and_none_of_them_is_the_answer(name: str) -> None:
    one = problem(name)
    for place, question in enumerate(one.questions):
        found = clues(one, place)
        assert found, question.source.answer
        assert len({plain(clue.phrase) for clue in found}) == len(found)
        key = question.answer.key
        if not isinstance(key, Sym) and key.size > 3:
            assert all(part is not key for clue in found for part in clue.phrase if isinstance(part, Form)), "a hint shows the answer"
        asked = [k for k, clue in enumerate(found) if clue.smaller]
        assert asked in ([], [1]), "the second hint asks the smaller question"


@pytest.mark.parametrize("name", NAMES)
def test_the_answer_to_a_smaller_question_is_recognised(name: str) -> None:
    one = problem(name)
    for place in range(len(one.questions)):
        for clue in clues(one, place):
            if clue.smaller is not None:
                right = differentiate(clue.smaller.part, clue.smaller.letter).value
                assert judged(str(right), clue.smaller.kind).right
                assert not judged("x y z w", clue.smaller.kind).right
                assert clue.smaller.part in {part for part in clue.phrase if isinstance(part, Form)} or "=" in plain(clue.phrase)


def test_a_derivative_that_was_asked_for_is_not_the_smaller_question_again() -> None:
    found = clues(problem_of(FAMILIES["shop/price"], 0), 1)
    assert "a)" in plain(found[1].phrase)
    assert all(clue.smaller is None for clue in found)


def test_nor_is_one_that_an_earlier_gradient_holds() -> None:
    one = problem("gradients/quadratic")
    assert [k for k, clue in enumerate(clues(one, 0)) if clue.smaller] == [1]
    assert all(clue.smaller is None for clue in clues(one, 1))


@pytest.mark.parametrize("call", [*CALLS, "value", "higher", "error", "words"])
def test_every_kind_of_answer_has_a_way(call: str) -> None:
    if call != "diff":
        assert PHRASES.has(f"quiz.ways.{call}.1")
    text = plain(PHRASES.say(f"quiz.ways.{'value' if call == 'diff' else call}.1", {}))
    assert not {"simply", "obviously", "just", "clearly"} & set(text.casefold().split())
