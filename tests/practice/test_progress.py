"""Where a learner stands: the table, the drawing, the data."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.practice.small import START, world
from tests.practice.test_session import RIGHT, played
from tutor.practice.learner import learner_of
from tutor.practice.progress import courses, progress_data, progress_doc, skills_of, spark
from tutor.practice.records import standing
from tutor.practice.session import Next, Reply, Skip, Undo
from tutor.render.signs import columns
from tutor.render.text import plain, terminal
from tutor.render.wrap import text_of

LOG = played(world(), Reply("2x cos(3x)"), Reply(RIGHT), Next(), Reply("x"), Undo(), Skip()).log


def test_the_table_has_every_skill_that_was_asked() -> None:
    text = plain(progress_doc(LOG, START))
    learner = learner_of(LOG)
    assert {"power-rule", "chain-rule", "optimum"} <= set(skills_of(learner)) == set(learner.masteries)
    assert all(title in text for title in ("Power rule", "Chain rule", "Greatest and least values"))
    assert f"{round(100 * learner.known('chain-rule'))} %" in text


def test_what_was_taken_back_is_not_counted() -> None:
    data = progress_data(LOG, START)
    assert data["answers"] == len([one for one in standing(LOG) if one.counts]) == 3
    assert [one["answers"] for one in data["sessions"]] == [3]


def test_nothing_is_said_of_nobody() -> None:
    assert "Nothing is known yet" in plain(progress_doc((), START))
    assert progress_data((), START)["skills"] == []


def test_what_is_due_is_said() -> None:
    assert "due for review" in plain(progress_doc(LOG, START + timedelta(days=400)))
    assert "due for review" not in plain(progress_doc(LOG, START))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60), st.booleans())
def test_a_drawing_has_a_sign_for_each_value_and_rises_with_it(values: list[float], ascii_only: bool) -> None:
    drawn = spark(values, ascii_only)
    assert len(drawn) == len(values)
    order = sorted(range(len(values)), key=values.__getitem__)
    assert [drawn[k] for k in order] == sorted(drawn)
    assert not ascii_only or drawn.isascii()


def test_the_page_fits_its_window() -> None:
    for width in (80, 40):
        assert max(columns(text_of(line)) for line in terminal(progress_doc(LOG, START, True), width)) <= width
    assert plain(progress_doc(LOG, START, True, True)).isascii()
    assert courses(LOG).keys() == learner_of(LOG).masteries.keys()
