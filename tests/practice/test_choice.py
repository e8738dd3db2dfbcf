"""The choice of the next question, judged by computed learners (`simulated.py`; `benchmarks/quiz.py` runs many more)."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path
from random import Random
from statistics import median

import pytest

from tests.practice.simulated import START, by_chance, by_choice, diagnose, diagnosed, graded, mistakes_of, questions_until
from tests.practice.test_model import answered
from tutor.errors import RequestError
from tutor.practice.choose import Choice, choose
from tutor.practice.learner import NEW, Learner, learner_of, updated
from tutor.practice.records import Answered, Item, Outcome
from tutor.practice.shelf import Shelf, shelf_of
from tutor.practice.suspects import Beliefs, beliefs, information
from tutor.problems.library import Library
from tutor.problems.quality import key_texts
from tutor.problems.skills import SKILLS

DAY = timedelta(days=1)
RULES = ("power-rule", "product-rule", "quotient-rule", "chain-rule", "trigonometric", "exponential-and-log", "roots")


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return shelf_of()


def after(shelf: Shelf, rows: list[tuple[str, int, Outcome, tuple[str, ...]]]) -> Learner:
    """The learner after answers to first variants of families."""
    learner = NEW
    for k, (family, part, outcome, mistakes) in enumerate(rows):
        entry = shelf.entry(family)
        assert entry is not None
        item = Item(shelf.fresh(entry, k).id, part, entry.asks[part], entry.difficulty)
        learner = updated(learner, Answered(START + timedelta(minutes=k), "a", item, "", outcome, float(outcome == "right"), mistakes))
    return learner


def drawn(learner: Learner, shelf: Shelf, count: int = 40, **more: object) -> list[Choice]:
    now = (learner.last.when if learner.last else START) + timedelta(minutes=1)
    return [choose(learner, shelf, now, Random(seed), **more) for seed in range(count)]  # type: ignore[arg-type]


# -- the choice -----------------------------------------------------------------------------------------


def test_the_same_circumstances_give_the_same_question(shelf: Shelf) -> None:
    learner = after(shelf, [("power-rule/power-sums", 0, "wrong", ("P10",)), ("power-rule/named-constants", 0, "right", ())])
    fresh = shelf_of()  # what the other one has worked out does not matter
    for seed in range(5):
        assert choose(learner, shelf, START + DAY, Random(seed)) == choose(learner, fresh, START + DAY, Random(seed))


def test_a_first_question_is_one_that_needs_nothing_before(shelf: Shelf) -> None:
    for choice in drawn(NEW, shelf):
        assert shelf.before(choice.item.skills[0]) == ()
        assert choice.item.question == 0
        assert choice.reasons[0].id == "practice.why.first"


def test_every_reason_can_be_said(shelf: Shelf) -> None:
    learner, said = NEW, set[str]()
    random = Random(5)
    for k in range(60):
        now = START + timedelta(hours=5 * k)
        choice = choose(learner, shelf, now, random, easier=k % 9 == 8)
        said |= {reason.id for reason in choice.reasons}
        assert all(str(reason).endswith(".") for reason in choice.reasons)
        mistakes = ("P1",) if k % 4 == 0 else ()
        learner = updated(learner, Answered(now, "a", choice.item, "", "wrong" if k % 4 == 0 or 20 < k < 30 else "right", float(k % 4 != 0 and not 20 < k < 30), mistakes))
    assert {"practice.why.new", "practice.why.review", "practice.why.mixed", "practice.why.easier", "practice.why.mistake"} <= said


def test_a_variant_is_always_fresh(shelf: Shelf) -> None:
    part = shelf.about(["power-rule"])
    learner, seen = NEW, Counter[tuple[str, int]]()
    random = Random(2)
    for k in range(40):
        item = choose(learner, part, START + timedelta(minutes=k), random).item
        seen[item.variant, item.question] += 1
        learner = updated(learner, Answered(START + timedelta(minutes=k), "a", item, "", "right", 1.0))
    assert max(seen.values()) == 1


def test_topics_alternate_where_there_are_several(shelf: Shelf) -> None:
    part = shelf.about(["product-rule", "chain-rule"])
    learner = learner_of([answered(k, (skill,)) for k, skill in enumerate(["power-rule", "product-rule", "chain-rule"] * 2)])
    same = Counter(choice.item.skills[0] == "chain-rule" for choice in drawn(learner, part))
    assert same[False] > same[True]


def test_what_is_due_comes_back(shelf: Shelf) -> None:
    learner = learner_of(answered(k, (skill,)) for k in range(6) for skill in ("rate-of-change", "power-rule")[k % 2 : k % 2 + 1])
    assert learner.mastered("power-rule")
    now = learner.memories["power-rule"].due + DAY
    reasons = Counter(reason.id for seed in range(20) for reason in choose(learner, shelf, now, Random(seed)).reasons)
    assert reasons["practice.why.review"] >= 15


def test_three_lapses_lead_back_to_the_prerequisite(shelf: Shelf) -> None:
    known = [answered(k, (skill,)) for k, skill in enumerate(["rate-of-change", "power-rule"] * 2)]
    lapsed = learner_of([*known, *(answered(10 + k, ("chain-rule",), "wrong", mistakes=("C1",)) for k in range(3))])
    assert lapsed.mastery("chain-rule").lapsed
    for choice in drawn(lapsed, shelf):
        assert choice.item.skills[0] == "power-rule"
        assert choice.reasons[0].id == "practice.why.back"
    deeper = learner_of([*known, *(answered(10 + k, (skill,), "wrong") for skill in ("chain-rule", "power-rule") for k in range(3))])
    assert {choice.item.skills[0] for choice in drawn(deeper, shelf)} == {"rate-of-change"}
    again = updated(lapsed, answered(20, ("power-rule",)))
    assert "practice.why.back" not in {reason.id for choice in drawn(again, shelf) for reason in choice.reasons}


def test_an_easier_question_is_easier_and_where_there_is_none_it_is_said(shelf: Shelf) -> None:
    learner = after(shelf, [("chain-rule/two-layers", 0, "skipped", ())])
    for choice in drawn(learner, shelf, 10, easier=True):
        assert choice.item.difficulty <= 3
        assert choice.item.skills[0] == "chain-rule" or choice.item.skills[0] in shelf.before("chain-rule") or learner.known(choice.item.skills[0]) > 0.5
        assert choice.reasons[0].id == "practice.why.easier"
    alone = shelf.about(["chain-rule"])
    with pytest.raises(RequestError, match="no exercise to choose"):
        choose(learner, alone, START, Random(1), without={entry.id for entry in alone.entries})


def test_a_problem_goes_on_unless_it_was_left(shelf: Shelf) -> None:
    rows: list[tuple[str, int, Outcome, tuple[str, ...]]] = [("gradient-descent/one-step", 0, "right", ())]
    learner = after(shelf, rows)
    assert learner.last is not None
    going_on = [choice for choice in drawn(learner, shelf.about(["gradient-descent"])) if choice.item.variant == learner.last.item.variant]
    assert going_on
    assert {choice.item.question for choice in going_on} == {1}
    skipped = after(shelf, [("gradient-descent/one-step", 0, "skipped", ())])
    assert skipped.last is not None
    assert all(choice.item.variant != skipped.last.item.variant for choice in drawn(skipped, shelf))


# -- mistakes -------------------------------------------------------------------------------------------


def test_a_mistake_that_showed_is_suspected_and_right_answers_clear_it(shelf: Shelf) -> None:
    shown = after(shelf, [("power-rule/power-sums", 0, "wrong", ("P10",))])
    believed = beliefs(shown, shelf)
    assert believed.suspected == "P10"
    assert believed.of("P1") < beliefs(NEW, shelf).of("P1")
    cleared = after(shelf, [("power-rule/power-sums", 0, "wrong", ("P10",)), *([("power-rule/power-sums", 0, "right", ())] * 4)])  # type: ignore[list-item]
    assert beliefs(cleared, shelf).of("P10") < 0.1


def test_another_mistake_takes_the_place_of_an_older_one(shelf: Shelf) -> None:
    rows: list[tuple[str, int, Outcome, tuple[str, ...]]] = [("power-rule/power-sums", 0, "wrong", ("P10",)), *([("power-rule/named-constants", 0, "wrong", ("P3",))] * 2)]  # type: ignore[list-item]
    assert beliefs(after(shelf, rows), shelf).suspected == "P3"


def test_of_two_that_look_the_same_the_next_question_separates_them(shelf: Shelf) -> None:
    part = shelf.about(["chain-rule"])
    learner = after(part, [("chain-rule/power-of-a-line", 0, "wrong", ("C5 or C6",))])
    believed = beliefs(learner, part)
    assert believed.of("C5") == believed.of("C6") > 0.4
    assert believed.suspected == ""
    chosen = [part.tells(choice.item.family)[choice.item.question] for choice in drawn(learner, part)]
    separating = sum(_separates(told, "C5", "C6") for told in chosen)
    usual = sum(_separates(part.tells(entry.id)[0], "C5", "C6") for entry in part.entries) / len(part.entries)
    assert separating / len(chosen) > max(usual, 0.9)


def _separates(told: tuple[frozenset[str], ...], one: str, other: str) -> bool:
    return any((one in names) != (other in names) for names in told)


def test_information_is_what_the_answer_can_tell() -> None:
    believed = Beliefs({"C1": 4.0, "P1": 4.0}, lambda _: 0.01)
    apart, together, nothing = (frozenset(("C1",)), frozenset(("P1",))), (frozenset(("C1", "P1")),), (frozenset(("T1",)),)
    assert information(apart, believed) > information(together, believed) > information(nothing, believed) > information((), believed) == 0
    certain = Beliefs({"C1": 1e9}, lambda _: 0.0)
    assert information(apart, certain) < 1e-6  # what is known cannot be told


def test_the_simulated_learner_types_what_the_grader_diagnoses(shelf: Shelf) -> None:
    """Without slips of attention, a mistake that shows in a question is found in it by name, alone or with one that looks the same."""
    named = total = 0
    for entry in shelf.about(["power-rule", "chain-rule", "product-rule", "quotient-rule"]).entries:
        problem = shelf.fresh(entry, 1)
        for part, skills in enumerate(entry.asks):
            item = Item(problem.id, part, skills, entry.difficulty)
            for names in shelf.told(item):
                for mistake in names:
                    found = graded(shelf, item, diagnosed(mistake), START)
                    assert found.outcome != "right"
                    total += 1
                    named += any(one in part_of.split(" or ") for part_of in found.mistakes for one in names)
            assert graded(shelf, item, lambda question: next(iter(key_texts(question))), START).outcome == "right"
    assert named / total > 0.9


def test_a_hidden_mistake_is_found_within_five_questions(shelf: Shelf) -> None:
    """Nine of ten, over all mistakes that the families of a topic show, in sessions on it; the learner answers rightly one time in ten all the same."""
    found = []
    for topic in SKILLS.keys() & {skills[0] for entry in shelf.entries for skills in entry.asks}:
        part = shelf.about([topic])
        found += [bool(diagnose(part, mistake, seed).found) for mistake in mistakes_of(part, topic) for seed in range(2)]
    assert len(found) > 200
    assert sum(found) / len(found) >= 0.9


def test_a_learner_without_a_mistake_is_not_accused(shelf: Shelf) -> None:
    part = shelf.about(["chain-rule"])
    assert all(diagnose(part, "none", seed, most=12).thought == "" for seed in range(4))


# -- learning -------------------------------------------------------------------------------------------


def test_who_learns_needs_fewer_questions_than_in_a_random_order(shelf: Shelf) -> None:
    part = shelf.about(RULES)
    chosen, random = ([questions_until(part, way, seed, lambda learner, _: all(map(learner.mastered, RULES)), 200) for seed in range(8)] for way in (by_choice(part), by_chance(part)))
    assert median(chosen) < 0.75 * median(random)


# -- the shelf ------------------------------------------------------------------------------------------


def test_the_index_is_kept_and_renewed_where_a_file_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own, cache = tmp_path / "own", tmp_path / "shelf.json"
    own.mkdir()
    text = (Library().files["power-rule/power-sums"]).read_text()
    (own / "mine.yaml").write_text(text)
    (own / "broken.yaml").write_text("format: 1")
    library = Library((own,))
    first = shelf_of(library, cache)
    assert first.entry("mine") is not None
    assert first.entry("broken") is None
    with monkeypatch.context() as frozen:
        frozen.setattr(Library, "family", lambda *_: pytest.fail("a file was read"))
        assert shelf_of(library, cache).entries == first.entries
    (own / "mine.yaml").write_text(text.replace("difficulty: 1", "difficulty: 2 "))
    renewed = shelf_of(library, cache).entry("mine")
    assert renewed is not None
    assert renewed.difficulty == 2
    for spoiled in ("{", '{"format": 1, "rows": {"a": {"entry": {}}}}', json.dumps({"format": 0, "rows": {}})):
        cache.write_text(spoiled)
        assert len(shelf_of(library, cache).entries) == len(first.entries)
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".part"] == []


def test_a_shelf_without_a_place_for_its_index_works(tmp_path: Path) -> None:
    assert shelf_of(cache=tmp_path / "no" / "where" / "shelf.json").entries


@pytest.mark.parametrize("topics", [["chain-rul"], ["nothing"]])
def test_an_unknown_topic_is_refused(shelf: Shelf, topics: list[str]) -> None:
    with pytest.raises(RequestError, match="no topic"):
        shelf.about(topics)


def test_a_variant_of_a_family_that_changed_is_refused(shelf: Shelf) -> None:
    with pytest.raises(RequestError, match="has changed"):
        shelf.problem("power-rule/power-sums@7.000000")
    assert shelf.told(Item("power-rule/power-sums@7.000000", 0, ("power-rule",), 1)) == shelf.tells("power-rule/power-sums")[0]


def test_the_first_question_does_without_sympy(tmp_path: Path) -> None:
    script = """
import sys
from datetime import datetime, UTC
from random import Random
from tutor.practice.choose import choose
from tutor.practice.learner import NEW
from tutor.practice.shelf import shelf_of
choose(NEW, shelf_of(), datetime(2026, 1, 5, tzinfo=UTC), Random(1))
assert "sympy" not in sys.modules and "click" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", script], check=True, cwd=Path(__file__).parents[2])
