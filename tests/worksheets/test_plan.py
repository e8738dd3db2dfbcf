"""Plans: read strictly, with the place of each error; options over the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.errors import RequestError
from tutor.problems.source import SourceError
from tutor.worksheets.plan import Plan, changed, load_plan, read_plan

FULL = """
title: Chain rule, Tuesday
topics: [chain-rule, fields]
count: 12
difficulty: 2-3
seed: 7
variants: 30
names: class.csv
points: 2
space: grid
room: 5
columns: 2
paper: letter
large: yes
key: results
instructions: Show your working.
"""


def test_every_word_is_read() -> None:
    plan = read_plan(FULL)
    assert (plan.title, plan.topics, plan.count, plan.difficulty, plan.seed) == ("Chain rule, Tuesday", ("chain-rule", "fields"), 12, (2, 3), 7)
    assert (plan.variants, plan.names) == (30, "class.csv")
    layout = plan.layout
    assert (layout.points, layout.space, layout.room, layout.columns, layout.paper, layout.large, layout.key) == (2, "grid", 5, 2, "letter", True, "results")
    assert layout.instructions == "Show your working."


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("spase: grid", "spase is not known", (1, 1)), ("count: twelve", "whole number from 1 to 200", (1, 8)), ("count: 0", "from 1", (1, 8)),
        ("count: 12\ncount: 13", "occurs twice", (2, 1)), ("difficulty: 3-1", "no range of difficulties", (1, 13)), ("difficulty: 4", "no range", (1, 13)),
        ("space: gird", "'gird' is not known", (1, 8)), ("paper: a6", "not known", (1, 8)), ("large: maybe", "not known", (1, 8)), ("topics: {a: b}", "mapping", (1, 9)),
        ("seed: -1", "from 0", (1, 7)), ("variants: 100000", "from 1 to 2000", (1, 11)), ("key: *x", "", (1, 6)), ("", "empty", (1, 1)), ("title:", "nothing", (1, 7)),
        ("format: 2", "from 1 to 1", (1, 9)), ("- a", "mapping", (1, 1)),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_place(text: str, message: str, place: tuple[int, int]) -> None:
    with pytest.raises(SourceError) as caught:
        read_plan(text, "my.yaml")
    assert message in caught.value.message
    assert (caught.value.file, caught.value.line, caught.value.column) == ("my.yaml", *place)


def test_a_near_word_is_suggested() -> None:
    with pytest.raises(SourceError) as caught:
        read_plan("spase: grid")
    assert caught.value.advice == "Did you mean space?"


@pytest.mark.parametrize(("text", "ends"), [("2", (2, 2)), ("1-3", (1, 3)), ("1..2", (1, 2)), ("2–3", (2, 3)), ("1 - 2", (1, 2))])
def test_difficulties(text: str, ends: tuple[int, int]) -> None:
    assert read_plan(f"difficulty: {text}").difficulty == ends


def test_options_come_before_the_file() -> None:
    plan = changed(read_plan(FULL), count="3", points="0", topics="gradient, chain-rule", title=None)
    assert (plan.count, plan.layout.points, plan.topics, plan.title) == (3, 0, ("gradient", "chain-rule"), "Chain rule, Tuesday")


def test_an_option_that_cannot_be_read_is_named() -> None:
    with pytest.raises(RequestError, match="--space: 'gird'") as caught:
        changed(Plan(), count="3", space="gird")
    assert caught.value.advice == "Did you mean grid?"


def test_a_file(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text("\ufeffnames: class.csv\ncount: 3\n", encoding="utf-8")
    assert load_plan(tmp_path / "plan.yaml").names == str(tmp_path / "class.csv")
    with pytest.raises(RequestError, match="there is no file"):
        load_plan(tmp_path / "none.yaml")
    (tmp_path / "bad.yaml").write_bytes(b"title: \xff\xfe")
    with pytest.raises(SourceError, match="not UTF-8"):
        load_plan(tmp_path / "bad.yaml")


def test_the_plan_of_the_documentation_is_one() -> None:
    page = (Path(__file__).parents[2] / "docs" / "worksheets.md").read_text(encoding="utf-8")
    text = page.partition("```yaml\n")[2].partition("```")[0]
    plan = read_plan(text)
    assert (plan.count, plan.layout.space, plan.names) == (12, "grid", "class.csv")
    assert {line.partition(":")[0] for line in text.splitlines()} == {*FULL_WORDS}


FULL_WORDS = {line.partition(":")[0] for line in FULL.strip().splitlines()}
