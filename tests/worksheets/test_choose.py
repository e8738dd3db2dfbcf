"""Which problems: spread over topics and difficulties, no two alike, the same on every machine, and clear words where it cannot be done."""

from __future__ import annotations

from collections import Counter

import pytest

from tutor.errors import RequestError
from tutor.problems.family import read_family
from tutor.worksheets.choose import Stock, chosen
from tutor.worksheets.sheet import make
from tutor.worksheets.topics import belonging, offered, resolved

from .families import plan, sheet, stock


def families(**options: str) -> list[str]:
    return [item.problem.family.id for item in sheet(**options).items]


@pytest.mark.parametrize(
    ("typed", "topic"),
    [
        ("chain-rule", "chain-rule"), ("Chain rule", "chain-rule"), ("chain_rule", "chain-rule"), ("partials", "partial-derivative"), ("chain", "chain-rule"),
        ("gradient", "gradient"), ("fields", "fields"), ("fields/hill", "fields/hill"), ("Value of a derivative", "derivative-at-point"), ("all", "all"),
    ],
)  # fmt: skip
def test_topics_by_their_names(typed: str, topic: str) -> None:
    assert resolved(typed, stock().families) == topic


@pytest.mark.parametrize(("typed", "advice"), [("chain-role", "chain-rule"), ("gradeint", "gradient"), ("pro", "product-rule or projection"), ("xyzzy", "Topics with exercises"), ("fields/hil", "fields/hill")])
def test_an_unknown_topic_suggests_the_nearest(typed: str, advice: str) -> None:
    with pytest.raises(RequestError, match="no topic") as caught:
        resolved(typed, stock().families)
    assert advice in caught.value.advice


def test_a_topic_without_exercises_says_which_have_some() -> None:
    with pytest.raises(RequestError, match="no exercises for softmax yet") as caught:
        sheet(topics="softmax")
    assert "chain-rule" in caught.value.advice


def test_a_difficulty_without_exercises_says_which_there_are() -> None:
    with pytest.raises(RequestError, match="of this difficulty") as caught:
        sheet(topics="partials", difficulty="3")
    assert "1, 2" in caught.value.advice


def test_topics_take_turns() -> None:
    found = sheet(topics="product-rule,gradient,trigonometric", count="9").items
    counted = Counter(item.problem.family.skills[0] for item in found)
    assert set(counted.values()) == {3}


def test_difficulties_are_spread_and_rise() -> None:
    levels = [item.problem.family.difficulty for item in sheet(topics="drill", count="9").items]
    assert levels == sorted(levels)
    assert Counter(levels).keys() == {1, 2, 3}
    assert max(Counter(levels).values()) <= 5


def test_the_range_of_difficulties_is_kept() -> None:
    assert {item.problem.family.difficulty for item in sheet(count="12", difficulty="2-3").items} == {2, 3}


def test_all_families_before_any_twice() -> None:
    assert Counter(families(count="6")).most_common(1)[0][1] == 1
    assert max(Counter(families(count="12")).values()) <= 3


@pytest.mark.parametrize("seed", range(12))
def test_no_two_problems_are_alike(seed: int) -> None:
    found = sheet(count="30", seed=str(seed)).items
    seen = [(item.statement, tuple(asked.phrase for asked in item.asked())) for item in found]
    assert len({repr(one) for one in seen}) == 30


def test_alike_is_what_a_reader_sees() -> None:
    text = "format: 1\ntitle: A\nskills: [power-rule]\ndifficulty: 1\nparameters: {n: 2..5, hidden: 1..50}\nquestions: [{ask: 'What is $n$?', answer: n}]"
    found = make(plan(count="4"), Stock([read_family(text, "drill/four")]))
    assert {str(item.asked()[0].phrase[1]) for item in found.items} == {"2", "3", "4", "5"}
    with pytest.raises(RequestError, match="no more than 4 different") as caught:
        make(plan(count="5"), Stock([read_family(text, "drill/four")]))
    assert caught.value.advice


def test_more_than_there_are_is_refused() -> None:
    with pytest.raises(RequestError, match="100 problems are asked for, and there are 20 different"):
        sheet(topics="product-rule", count="100")


def test_the_choice_is_the_same_everywhere() -> None:
    found = chosen(stock().families, ("drill", "fields"), 6, (1, 3), "3")
    assert [family.id for family in found] == CHOSEN


CHOSEN = ["drill/powers", "fields/partials", "drill/products", "fields/hill", "fields/hill", "drill/chain-sine"]
"""Written down once: a sheet of today must come out the same tomorrow."""


def test_another_seed_gives_another_sheet() -> None:
    assert len({sheet(seed=str(seed)).id.rpartition(".")[2] for seed in range(10)}) == 10


def test_what_belongs_to_a_topic() -> None:
    assert [family.id for family in belonging("partial-derivative", stock().families)] == ["fields/hill", "fields/partials"]
    assert [family.id for family in belonging("fields/hill", stock().families)] == ["fields/hill"]
    assert len(belonging("all", stock().families)) == len(stock().families)
    assert "chain-rule" in offered(stock().families)
    assert "softmax" not in offered(stock().families)


def test_a_family_that_cannot_be_worked_out_is_left_out_and_named() -> None:
    text = "format: 1\ntitle: A\nskills: [chain-rule]\ndifficulty: 1\nparameters: {n: 0..0}\nquestions: [{ask: 'What is $1/n$?', answer: 1/n}]"
    mixed = Stock([*stock().families, read_family(text, "drill/broken")])
    found = make(plan(topics="chain-rule", count="4"), mixed)
    assert "drill/broken" not in {item.problem.family.id for item in found.items}
    assert [fault.file for fault in mixed.faults] == ["drill/broken.yaml"]
    with pytest.raises(RequestError, match="no topic 'drill/broken'"):
        make(plan(topics="drill/broken", count="1"), mixed)
