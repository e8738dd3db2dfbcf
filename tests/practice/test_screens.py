"""What is on the screen: what is said and what is not said, and that it fits 80 and 40 columns."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.practice.small import FAMILIES, START, item, world
from tests.practice.test_session import EVENTS, RIGHT, asking, played
from tutor.errors import TutorError
from tutor.exposition.data import plain as text_of_phrase
from tutor.exposition.doc import Doc
from tutor.exposition.phrases import PHRASES
from tutor.form.reading import read
from tutor.practice import screens
from tutor.practice.events import Event, Hint, Judged, Next, Note, Reply, Skip, Solution
from tutor.practice.learner import NEW
from tutor.practice.session import Session, begin, step
from tutor.problems.library import Library
from tutor.problems.problem import problem_of, seeded
from tutor.render.signs import columns
from tutor.render.speech import speech
from tutor.render.text import plain, terminal
from tutor.render.wrap import text_of


def lines(doc: Doc, width: int) -> list[str]:
    return [text_of(line) for line in terminal(doc, width)]


@given(EVENTS, st.sampled_from([80, 40]))
def test_every_screen_fits_its_window(events: list[Event], width: int) -> None:
    where = world()
    session = begin(where, "a", count=3)
    for event in events:
        session = step(session, event, where)
        if isinstance(event, Reply) and not event.text.isprintable():
            continue
        docs = [screens.said_doc(session), *([screens.question_doc(session), screens.why_doc(session.asking)] if session.asking else [])]
        assert max((columns(line) for doc in docs for line in lines(doc, width)), default=0) <= width
    assert max(columns(line) for doc in screens.summary_docs(session, NEW, START) for line in lines(doc, width)) <= width


@pytest.mark.parametrize("name", Library().names())
def test_every_question_of_the_library_fits_40_columns_and_can_be_spoken(name: str) -> None:
    try:
        problem = seeded(Library().family(name), 2)
        session = begin(world(item("chain/sine")), "a")
        for k in range(len(problem.questions)):
            one = asking(session)
            doc = screens.question_doc(_at(session, one, problem, k))
            assert max(columns(line) for line in lines(doc, 40)) <= 40
            assert plain(doc, 40).isascii()
            assert speech(doc)
    except TutorError as fault:
        pytest.skip(f"{name} cannot be worked out: {fault}")


def _at(session, one, problem, place):  # type: ignore[no-untyped-def]
    from dataclasses import replace

    return replace(session, asking=replace(one, item=replace(one.item, question=place), problem=problem))


@given(EVENTS)
def test_the_right_answer_stands_nowhere_before_it_was_found_or_asked_for(events: list[Event]) -> None:
    """A verdict on a wrong answer, a hint and the question itself hold no form that is the key."""
    where = world()
    session = begin(where, "a", count=3)
    for event in events:
        session = step(session, event, where)
        if session.asking is None or session.settled or (isinstance(session.said, Judged) and session.said.smaller):
            continue
        key = session.asking.question.answer.key
        if not key.free:
            continue
        text = plain(screens.said_doc(session)) + plain(screens.question_doc(session))
        typed = event.text if isinstance(event, Reply) else ""
        assert str(key) == typed or re.sub(r"\s", "", plain(Doc((key,), ()))) not in re.sub(r"\s", "", text)


def test_a_number_that_is_asked_for_is_not_in_the_witness() -> None:
    where = world(item("shop/price", 0, 1))
    session = played(where, Reply("77"))
    text = plain(screens.said_doc(session))
    key = str(asking(session).question.answer.key)
    assert "Not yet." in text
    assert key not in re.findall(r"\d+", text)


def test_a_verdict_says_how_the_answer_was_read_where_it_fails_and_which_mistake_it_was() -> None:
    text = plain(screens.said_doc(played(world(), Reply("2x cos(3x)"))))
    assert text.startswith("Read as: 2x*cos(3x)")
    assert "Not yet. At x = " in text
    assert "[" in text
    assert "?" in text
    assert "Proved at" not in text, "one point that shows it is enough"


def test_a_wrong_number_gets_no_witness_but_the_offer_of_a_hint() -> None:
    text = plain(screens.said_doc(played(world(item("shop/price", 0, 1)), Reply("77"))))
    assert "? gives a hint" in text
    assert "Proved" not in text


def test_letters_that_the_question_does_not_know_are_named() -> None:
    assert "A and y do not occur in this question." in plain(screens.said_doc(played(world(), Reply("A x + y"))))
    assert "occur" not in plain(screens.said_doc(played(world(), Reply("2x cos(3x) + pi"))))


def test_an_empty_line_is_answered_with_what_can_be_done() -> None:
    assert plain(screens.said_doc(played(world(), Reply("  ")))).startswith("Type an answer; ? gives a hint")


def test_how_a_right_answer_is_known_is_said() -> None:
    assert re.search("Right.\n(Known|Proved|Equal)", plain(screens.said_doc(played(world(), Reply(RIGHT)))))


def test_what_was_chosen_is_said_as_the_author_wrote_it() -> None:
    assert text_of_phrase(screens.said(read("{saddle_point, b}"), ("A", "B"))) == "B"
    assert screens.said(read("2x")) == (read("2x"),)


def test_what_a_right_answer_means_is_said_with_it() -> None:
    session = played(world(item("shop/price")), Reply("x"), Reply(str(problem_of(FAMILIES["shop/price"], 0).questions[0].answer.key)))
    assert "So much more a day" in plain(screens.said_doc(session))


def test_later_parts_show_what_came_out_before_but_not_what_was_skipped() -> None:
    first, second = item("shop/price"), item("shop/price", 0, 1)
    key = plain(Doc((asking(played(world(first))).question.answer.key,), ()))
    assert key in plain(screens.question_doc(played(world(first, second), Solution(), Next())))
    skipped = plain(screens.question_doc(played(world(first, second), Skip())))
    assert key not in skipped
    assert "a) What is P'(s)?" in skipped


def test_another_way_is_offered_after_three_wrong_answers_and_not_after_an_unreadable_one() -> None:
    offered = "look at it another way"
    assert offered in plain(screens.said_doc(played(world(), *map(Reply, ("x", "2x", "3x")))))
    assert offered not in plain(screens.said_doc(played(world(), *map(Reply, ("x", "2x", "3x", "4*(")))))


def test_letters_that_a_question_names_are_answers() -> None:
    assert "s" in screens.answers_of(played(world(item("shop/price"))))
    assert "s" not in screens.answers_of(played(world()))
    assert screens.answers_of(played(world(item("shop/price")), Solution())) == frozenset()


def test_a_key_that_could_be_an_answer_and_is_none_is_no_attempt() -> None:
    session = played(world(item("shop/price")))
    doc = screens.letter_doc(session, " s ")
    assert doc is not None
    assert "s is a letter of this question, but not its answer" in plain(doc)
    assert ":s skip" in plain(doc)
    assert screens.letter_doc(session, "x") is None, "no key"
    assert screens.letter_doc(session, "2s") is None


def test_a_note_names_the_key_as_it_has_to_be_typed() -> None:
    where = world(item("shop/price"))
    session = played(where, *[Hint()] * 12)
    assert session.said == Note("no_more_hints")
    assert "! shows the worked solution" in plain(screens.said_doc(session))
    assert plain(Doc((), (screens.note(Note("stopped"), frozenset("b")),))).startswith("Time to look at it another way: :b is")


def test_a_wrong_reply_to_the_smaller_question_is_judged_as_that() -> None:
    session = played(world(), Hint(), Hint(), Reply("5x"))
    text = plain(screens.said_doc(session))
    assert text.startswith("Read as: 5x")
    assert "Not yet. At x = 1 yours is 5, the right value is 2." in text
    assert "counts as no attempt" in text
    assert "Right: that answers the smaller question." in plain(screens.said_doc(step(session, Reply("2x"), world())))


def summary(session: Session) -> str:
    return "\n".join(plain(doc) for doc in screens.summary_docs(session, NEW, START))


def test_the_summary_says_what_counts_as_known_now() -> None:
    where = world(*[item("chain/sine"), item("shop/price")] * 4)
    replies = {"chain/sine": RIGHT, "shop/price": str(problem_of(FAMILIES["shop/price"], 0).questions[0].answer.key)}
    session = begin(where, "a", count=6)
    while not session.over:
        session = step(step(session, Reply(replies[asking(session).item.family]), where), Next(), where)
    assert re.search(r"Known now: .*Chain rule", summary(session))
    assert "100 %" not in summary(session)


def test_the_summary_counts_names_the_mistakes_and_says_what_next() -> None:
    where = world()
    session = played(where, Reply("2x cos(3x)"), Hint(), Reply(RIGHT), Next(), Skip(), Solution(), count=3)
    text = summary(session)
    assert "3 questions" in text
    assert re.search(r"right after another try or a hint +1", text)
    assert re.search(r"worked solution seen +1", text)
    assert re.search(r"skipped +1", text)
    assert "What went wrong" in text
    assert re.search(r"Chain rule +- +\d+ %", text)
    assert "tutor quiz --topic" in text


def test_the_summary_of_nothing_says_so() -> None:
    assert "No question was answered." in summary(played(world()))


@pytest.mark.parametrize("note", ["undone", "nothing_to_undo", "seen", "skipped", "easier", "another", "no_hints", "no_more_hints", "nothing_fits", "settled", "whole", "empty"])
def test_every_note_has_its_sentence(note: str) -> None:
    assert PHRASES.has(f"quiz.{note}")


def test_every_key_is_explained() -> None:
    text = plain(screens.keys_doc(frozenset("s")))
    assert "  :s" in text
    assert all(PHRASES.has(f"quiz.keys.{word}") and PHRASES.has(f"quiz.keys_long.{word}") for word in screens.KEYS.values())
