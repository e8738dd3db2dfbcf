"""Stories in files of their own, words in options, and the curriculum's numbers in the pinned variants of the story families."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.corpora import shared
from tutor.form.reading import read
from tutor.problems import family as families
from tutor.problems.answers import answer
from tutor.problems.family import read_family
from tutor.problems.library import Library
from tutor.problems.problem import problem_of
from tutor.problems.scope import Function, Scope
from tutor.problems.source import SourceError

LIBRARY = Library()
SHOP = """
format: 1
title: A shop
skills: [power-rule]
difficulty: 1
parameters: {a: [10, 20], scene: [{place: kiosk, thing: cup, money: euros}, {place: ice-cream van, thing: cone, money: dollars}]}
variables: {p: p > 0}
functions: {P: 100*p - a*p^2}
story: %s
questions:
  - {ask: "What is $P'(p)$?", answer: "diff(P, p)"}
  - {ask: "What is sold?", kind: choice, options: ["a {{ scene.thing }}", a car], answer: "a {{ scene.thing }}"}
"""


def worked_examples() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(shared("reference/worked_examples.json").read_text(encoding="utf-8"))
    return rows


def said(name: str, rank: int) -> str:
    return " ".join("".join(map(str, getattr(block, "phrase", ()))) for block in problem_of(read_family(SHOP % name, "shop"), rank).statement)


def test_a_story_in_a_file_is_told_with_the_values_of_the_family() -> None:
    assert said("{file: business/shop}", 1).startswith("An ice-cream van asks p dollars for a cone.")


def test_the_digest_changes_with_the_shared_story(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = read_family(SHOP % "{file: business/shop}", "shop").digest
    other = tmp_path / "shop.txt"
    other.write_text("Another story.", encoding="utf-8")
    monkeypatch.setattr(families, "find", lambda kind, name: other)
    assert read_family(SHOP % "{file: business/shop}", "shop").digest != before
    assert read_family(SHOP % "Told here.", "shop").digest == read_family(SHOP % "Told here.", "shop").digest


@pytest.mark.parametrize("name", ["{file: business/no-such-shop}", "{file: ../pages/worksheet}", "{file: }", "{fil: business/shop}", "{file: [a]}"])
def test_what_is_no_shared_story_is_named_with_its_place(name: str) -> None:
    with pytest.raises(SourceError) as caught:
        read_family(SHOP % name, "shop")
    assert caught.value.line == 9


def test_options_have_the_words_of_the_variant() -> None:
    question = problem_of(read_family(SHOP % "x", "shop"), 1).questions[1]
    assert question.options == ("a cone", "a car")
    assert [question.check(reply).outcome for reply in ("a cone", "a car", "a cone, a car", "a cup")] == ["right", "wrong", "wrong", "unreadable"]


def test_iterates_come_in_the_order_of_the_functions_letters() -> None:
    scope = Scope({}, {"f": Function(("w", "b"), read("(w - 3)^2 + 2b^2"))})
    assert str(answer("iterates(f, (0, 1), 0.1, 1)", scope).key) == "(0.6, 0.6)"
    assert str(answer("iterates(f, (0, 2), 0.1, 1)", scope).key) == "(0.6, 1.2)"


PINNED = {
    "business/coffee-profit": {0: "coffee-derivative", 1: "coffee-slope-2", 2: "coffee-plus1-at2", 3: "coffee-slope-7"},
    "kitchen/cookies": {0: "cookie-dT", 1: "cookie-dt"},
    "kitchen/oven-chain": {3: "cookie-chain"},
    "housing/price-per-m2": {1: "house-gradient", 2: "house-limit"},
    "housing/three-steps": {0: "house-gradient", 1: "house-grad-1", 2: "house-w-1"},
    "energy/battery": {0: "battery-2", 1: "battery-slope"},
    "landscape/hill": {2: "hill-norm"},
}
"""The questions of pinned variants that ask for a number or a formula of the curriculum."""


@pytest.mark.parametrize(("name", "place", "row"), [(name, place, row) for name, rows in PINNED.items() for place, row in rows.items()])
def test_the_pinned_variant_has_the_curriculums_number(name: str, place: int, row: str) -> None:
    family = LIBRARY.family(name)
    question = problem_of(family, family.pinned[0]).questions[place]
    right = next(one["right"] for one in worked_examples() if one["id"] == row)
    assert question.check(right).outcome == "right"
    assert question.check("123.456").outcome == "wrong"


def test_the_pinned_houses_go_through_the_curriculums_steps() -> None:
    family = LIBRARY.family("housing/three-steps")
    steps = problem_of(family, family.pinned[0]).questions[3]
    right = {one["id"]: one["right"] for one in worked_examples()}
    assert steps.check("; ".join(right[f"house-w-{k}"] for k in (1, 2, 3))).outcome == "right"
    assert steps.check("0.67; 1.11; 1.40").outcome == "wrong"


def test_the_pinned_cookies_and_hill() -> None:
    cookies, hill = (problem_of(family, family.pinned[0]) for family in map(LIBRARY.family, ("kitchen/cookies", "landscape/hill")))
    assert [str(question.answer.key) for question in cookies.questions[3:]] == ["[[-0.02, 0], [0, -1]]", "(150, 10)", "275"]
    assert [str(question.answer.key) for question in hill.questions[:2]] == ["(-6, -4)", "(6, 4)"]
