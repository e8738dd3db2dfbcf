"""What is known of a learner: knowledge tracing, ratings, reviews, and the fold over the log."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.practice.learner import NEW, Learner, learner_data, learner_of, updated
from tutor.practice.mastery import MASTERED, PRIORS, Evidence, Mastery, blamed, chance, judged, posterior, weight_of
from tutor.practice.rating import START, Rating, expected, played
from tutor.practice.records import Answered, Item, Outcome
from tutor.practice.reviews import Grade, recall, reviewed
from tutor.problems.skills import SKILLS

NOW = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
shares = st.floats(0.001, 0.999)


def answered(number: int, skills: tuple[str, ...] = ("power-rule",), outcome: Outcome = "right", **more: object) -> Answered:
    item = Item(f"{skills[0]}/some@{number}.93f9f6", 0, skills, 1)
    return Answered(NOW + timedelta(minutes=number), "a", item, "", outcome, float(outcome == "right"), **more)  # type: ignore[arg-type]


# -- knowledge tracing ---------------------------------------------------------------------------------


def test_the_update_is_that_of_corbett_and_anderson() -> None:
    """Their formulas, with the numbers put in by hand: P(L) = 0.25, G = 0.1, S = 0.06, T = 0.1."""
    right = 0.25 * 0.94 / (0.25 * 0.94 + 0.75 * 0.1)
    wrong = 0.25 * 0.06 / (0.25 * 0.06 + 0.75 * 0.9)
    for score, value in ((1.0, right), (0.0, wrong)):
        assert isclose(posterior(0.25, Evidence(score, 1.0, 1)), value)
        assert isclose(judged(Mastery(0.25), Evidence(score, 1.0, 1)).known, value + (1 - value) * 0.1)


@given(shares, st.integers(1, 3), shares)
def test_right_raises_wrong_lowers_and_partly_lies_between(known: float, difficulty: int, others: float) -> None:
    values = [posterior(known, Evidence(score, 1.0, difficulty, others)) for score in (0.0, 0.5, 1.0)]
    assert values == sorted(values)
    assert values[0] <= known <= values[2]


@given(shares, st.integers(1, 3), st.integers(0, 4), st.integers(0, 3))
def test_a_helped_answer_says_less(known: float, difficulty: int, hints: int, tries: int) -> None:
    helped, alone = (posterior(known, Evidence(1.0, weight, difficulty)) for weight in (weight_of(hints, tries), 1.0))
    assert known <= helped <= alone
    assert (hints + tries > 0) == (helped < alone)


@given(shares, shares)
def test_a_question_of_two_skills_blames_the_less_certain_one(one: float, other: float) -> None:
    """The exact posterior of a pair of independent skills, by enumeration."""
    slip, guess = PRIORS.slip[0], PRIORS.guess[0]
    worlds = {(a, b): (one if a else 1 - one) * (other if b else 1 - other) for a in (0, 1) for b in (0, 1)}
    for score in (0.0, 1.0):
        seen = {pair: share * (abs(1 - score - (1 - slip)) if all(pair) else abs(1 - score - guess)) for pair, share in worlds.items()}
        exact = (seen[1, 0] + seen[1, 1]) / sum(seen.values())
        assert isclose(posterior(one, Evidence(score, 1.0, 1, other)), exact, rel_tol=1e-9)
    assert isclose(chance([one, other], 1), sum(share * ((1 - slip) if all(pair) else guess) for pair, share in worlds.items()))


def test_mastery_needs_an_interleaved_success_and_can_be_lost() -> None:
    alone = learner_of(answered(k) for k in range(8))
    assert alone.known("power-rule") >= MASTERED
    assert not alone.mastered("power-rule")
    mixed = learner_of([answered(1), answered(2), answered(3, ("roots",)), answered(4)])
    assert mixed.mastered("power-rule")
    assert not updated(mixed, answered(5, outcome="wrong")).mastered("power-rule")
    helped = learner_of([answered(1), answered(2), answered(3, ("roots",)), answered(4, hints=1)])
    assert not helped.mastered("power-rule")
    next_day = updated(alone, Answered(NOW + timedelta(days=1), "b", Item("power-rule/some@99", 0, ("power-rule",), 1), "", "right", 1.0))
    assert next_day.mastered("power-rule")


def test_parts_of_one_problem_are_not_interleaved() -> None:
    def part(number: int, skill: str) -> Answered:
        return Answered(NOW + timedelta(minutes=number), "a", Item("power-rule/some@1", number, (skill,), 1), "", "right", 1.0)

    learner = learner_of([part(0, "power-rule"), part(1, "roots"), part(2, "power-rule"), part(3, "roots"), part(4, "power-rule")])
    assert learner.known("power-rule") > MASTERED
    assert not learner.mastery("power-rule").interleaved


def test_a_diagnosed_mistake_is_blamed_on_its_skill() -> None:
    before = learner_of([answered(1, ("trigonometric", "chain-rule"))])
    after = updated(before, answered(2, ("trigonometric", "chain-rule"), "wrong", mistakes=("C1",)))
    assert after.known("chain-rule") < before.known("chain-rule")
    assert after.known("trigonometric") == before.known("trigonometric")
    assert updated(NEW, answered(1, ("trigonometric",), "wrong", mistakes=("P2",))).known("power-rule") < NEW.known("power-rule")
    assert all(skill in SKILLS for letter in "PSETCRQHIMGLO" for skill in blamed(Item("a@0", 0, ("x",), 1), [f"{letter}1"]))


def test_three_wrong_answers_in_a_row_are_a_lapse_and_tries_at_one_question_are_one() -> None:
    tries = [Answered(NOW + timedelta(seconds=k), "a", Item("power-rule/some@1", 0, ("power-rule",), 1), "", "wrong", 0.0) for k in range(5)]
    assert learner_of(tries).mastery("power-rule").lapses == 1
    learner = learner_of(answered(k, outcome="wrong") for k in range(3))
    assert learner.mastery("power-rule").lapsed
    assert not updated(learner, answered(9)).mastery("power-rule").lapsed


# -- ratings --------------------------------------------------------------------------------------------


@given(st.floats(-3, 3), st.floats(-3, 3), st.integers(0, 200), st.sampled_from([0.0, 0.5, 1.0]))
def test_ratings_move_by_the_surprise_and_less_and_less(one: float, other: float, count: int, score: float) -> None:
    learner, family = Rating(one, count), Rating(other, count)
    after, harder = played(learner, family, score)
    surprise = score - expected(learner, family)
    assert (after.value - learner.value) * surprise >= 0 >= (harder.value - family.value) * surprise
    assert abs(after.value - learner.value) <= learner.step * abs(surprise) + 1e-12
    assert after.step < learner.step


def test_a_rating_finds_the_level_of_a_learner() -> None:
    """Who answers three of four right is rated log 3 above the questions."""
    learner, family = Rating(), START[2]
    for k in range(400):
        learner, _ = played(learner, family, float(k % 4 > 0))
    assert abs(learner.value - 1.0986) < 0.25


# -- reviews --------------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.sampled_from(["again", "hard", "good", "easy"]), st.integers(1, 60)), min_size=1, max_size=8))
def test_a_review_is_due_later_the_better_it_went(steps: list[tuple[Grade, int]]) -> None:
    memory, now = None, NOW
    for grade, days in steps:
        memory, now = reviewed(memory, now, grade), now + timedelta(days=days)
    ordered = [reviewed(memory, now, grade).due for grade in ("again", "hard", "good", "easy")]
    assert ordered == sorted(ordered)
    assert memory is not None
    assert 0.0 <= recall(memory, now) <= 1.0
    assert recall(memory, memory.last) >= recall(memory, now)


def test_a_skill_is_reviewed_once_a_question() -> None:
    first = learner_of([answered(1, outcome="wrong")])
    again = updated(first, Answered(NOW + timedelta(minutes=2), "a", first.recent[-1].item, "", "right", 1.0))
    assert again.memories == first.memories
    assert first.due(NOW) == ()
    assert first.due(NOW + timedelta(days=60)) == ("power-rule",)


# -- the fold -------------------------------------------------------------------------------------------

OUTCOMES: list[Outcome] = ["right", "partly", "wrong", "unreadable", "undecided", "skipped", "shown"]
logs = st.lists(st.tuples(st.integers(0, 8), st.sampled_from(OUTCOMES), st.sampled_from(["power-rule", "chain-rule", "roots"]), st.integers(0, 2)), max_size=12)


def _log(rows: list[tuple[int, Outcome, str, int]]) -> list[Answered]:
    return [
        Answered(NOW + timedelta(minutes=k), "a", Item(f"f/x@{variant}", 0, (skill, "power-rule")[: 1 + (skill != "power-rule")], 1), "", outcome, {"right": 1.0, "partly": 0.5}.get(outcome, 0.0), hints=hints)
        for k, (variant, outcome, skill, hints) in enumerate(rows)
    ]  # fmt: skip


@given(logs, st.integers(0, 12))
def test_the_fold_can_be_cut_anywhere(rows: list[tuple[int, Outcome, str, int]], cut: int) -> None:
    log = _log(rows)
    assert learner_of(log) == learner_of(log[cut:], learner_of(log[:cut]))
    assert all(0 < one.known < 1 for one in learner_of(log).masteries.values())


@given(logs)
def test_what_says_nothing_changes_nothing(rows: list[tuple[int, Outcome, str, int]]) -> None:
    log = _log(rows)
    assert learner_of(log) == learner_of(one for one in log if one.outcome not in ("unreadable", "undecided"))


@given(logs)
def test_a_learner_is_found_again_in_its_data(rows: list[tuple[int, Outcome, str, int]]) -> None:
    from tutor.practice.learner import _learner

    learner = learner_of(_log(rows))
    assert _learner(learner_data(learner)) == learner


def test_an_answer_that_was_taken_back_never_was() -> None:
    slip = answered(2, outcome="wrong")
    undone = Answered(NOW + timedelta(minutes=3), "a", slip.item, "", "undone", 0.0)
    assert learner_of([answered(1), slip, undone, answered(4)]) == learner_of([answered(1), answered(4)])


@pytest.mark.parametrize("outcome", ["shown", "skipped", "wrong"])
def test_a_question_left_lowers_less_than_a_wrong_answer(outcome: Outcome) -> None:
    def known(of: Outcome) -> float:
        learner: Learner = updated(NEW, answered(1, outcome=of))
        return learner.known("power-rule")

    assert known("wrong") <= known(outcome) < known("right")


@given(logs, st.integers(0, 2))
def test_nothing_is_learned_from_a_question_that_was_left(rows: list[tuple[int, Outcome, str, int]], hints: int) -> None:
    before = learner_of(_log(rows))
    after = updated(before, answered(60, ("chain-rule", "roots"), "skipped", hints=hints))
    assert all(after.known(skill) <= before.known(skill) for skill in ("power-rule", "chain-rule", "roots"))
    assert after.memories == before.memories
