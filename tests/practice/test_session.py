"""Sessions as lists of events: what is kept, what can be taken back, what comes next; the same events give the same session."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import MANY
from tests.practice.small import START, Clock, InOrder, item, world
from tutor.practice.events import Easier, Event, Hint, Hinted, Judged, Leave, More, Next, Note, Reply, Skip, Solution, Solved, Undo
from tutor.practice.records import Answered, standing
from tutor.practice.session import Asking, Session, begin, left_open, shown, step
from tutor.practice.store import MemoryStore
from tutor.practice.world import World

RIGHT = "2x sin(3x) + 3x^2 cos(3x)"
"""The answer to the first question."""


def played(where: World, *events: Event, **given: Any) -> Session:
    session = begin(where, "a", **given)
    for event in events:
        session = step(session, event, where)
    return session


def asking(session: Session) -> Asking:
    assert session.asking is not None
    return session.asking


def stored(where: World) -> list[Answered]:
    assert isinstance(where.store, MemoryStore)
    return list(where.store.log())


# -- answers ------------------------------------------------------------------------------------------------


def test_a_wrong_answer_leaves_the_question_open_and_is_kept_with_its_mistake() -> None:
    where = world()
    session = played(where, Reply("2x cos(3x)"))
    assert isinstance(session.said, Judged)
    assert (session.said.verdict.outcome, session.settled, asking(session).attempts) == ("wrong", False, 1)
    (kept,) = stored(where)
    assert (kept.outcome, kept.attempt, kept.reply, kept.item) == ("wrong", 1, "2x cos(3x)", item("chain/sine"))


def test_a_right_answer_settles_the_question_and_the_next_one_comes_with_next() -> None:
    where = world()
    session = played(where, Reply("x"), Hint(), Reply(RIGHT))
    assert session.settled
    assert [(one.outcome, one.attempt, one.hints) for one in stored(where)] == [("wrong", 1, 0), ("right", 2, 1)]
    after = step(session, Next(), where)
    assert (after.settled, asking(after).item, len(after.done), after.number) == (False, item("shop/price"), 1, 2)
    assert stored(where) == list(session.log)


@pytest.mark.parametrize("text", ["2*(x", "import os", "", "   ", "__import__('os').system('x')", "9" * 5000, "\x1b[2J", "x" * 60_000, "((((" * 500])
def test_what_cannot_be_read_is_no_attempt(text: str) -> None:
    session = played(world(), Reply(text))
    assert asking(session).attempts == 0 or (isinstance(session.said, Judged) and session.said.verdict.outcome == "wrong")
    assert not session.settled
    assert all(len(one.reply) <= 2000 for one in session.log)


def smaller(session: Session) -> bool:
    assert isinstance(session.said, Judged)
    return session.said.smaller


def test_a_reply_to_the_smaller_question_is_told_and_is_no_attempt() -> None:
    assert not smaller(played(world(), Hint(), Reply("2x"))), "it has not been asked yet"
    session = played(world(), Hint(), Hint(), Reply("2x"))
    assert (smaller(session), asking(session).aside, asking(session).attempts, session.log) == (True, False, 0, ())
    assert not smaller(step(session, Reply("3x"), world()))
    assert step(session, Reply(RIGHT), world()).settled


def test_a_wrong_reply_to_the_smaller_question_is_no_attempt_either_and_leaves_it_open() -> None:
    where = world()
    session = played(where, Hint(), Hint(), Reply("5x"))
    assert (smaller(session), asking(session).aside, asking(session).attempts, stored(where)) == (True, True, 0, [])
    session = step(session, Next(), where)
    assert (session.said, asking(session).aside, session.number) == (Note("whole"), False, 1)
    assert not smaller(step(session, Reply("5x"), where))


def test_while_the_smaller_question_is_asked_the_whole_one_can_be_answered() -> None:
    assert played(world(), Hint(), Hint(), Reply(RIGHT)).settled
    known_mistake = played(world(), Hint(), Hint(), Reply("2x cos(3x)"))
    assert (smaller(known_mistake), asking(known_mistake).attempts, asking(known_mistake).aside) == (False, 1, False)
    assert not asking(played(world(), Hint(), Hint(), Hint())).aside, "the next hint is about the whole question"


def test_hints_come_one_at_a_time_until_there_are_no_more() -> None:
    session, where, seen = begin(world(), "a"), world(), []
    for number in range(1, 20):
        session = step(session, Hint(), where)
        if isinstance(session.said, Note):
            break
        assert isinstance(session.said, Hinted)
        assert session.said.number == number
        seen.append(session.said.clue.phrase)
    assert session.said == Note("no_more_hints")
    assert len(seen) == len(set(seen)) == len(asking(session).clues) >= 4
    assert asking(session).clues[1].smaller is not None


def test_the_time_from_the_question_to_the_answer_is_kept() -> None:
    where = world()
    session = begin(where, "a")
    session = shown(session, START + timedelta(seconds=30))
    assert isinstance(where.clock, Clock)
    where.clock.now = START + timedelta(seconds=41)
    assert step(session, Reply("x"), where).log[0].seconds == 12.0


# -- the other keys --------------------------------------------------------------------------------------------


def test_the_solution_settles_without_credit_and_cannot_be_taken_back() -> None:
    where = world()
    session = played(where, Reply("x"), Solution())
    assert (session.said, session.settled, [one.outcome for one in session.log]) == (Solved(), True, ["wrong", "shown"])
    undone = step(session, Undo(), where)
    assert (undone.said, undone.asking, undone.log) == (Note("seen"), session.asking, session.log)
    later = step(step(session, Next(), where), Undo(), where)
    assert (later.said, asking(later).item) == (Note("seen"), item("shop/price"))


def test_skip_leads_on_and_can_be_taken_back() -> None:
    where = world()
    session = played(where, Hint(), Skip())
    assert (session.said, asking(session).item, session.log[-1].outcome) == (Note("skipped"), item("shop/price"), "skipped")
    undone = step(session, Undo(), where)
    assert (undone.said, asking(undone).item, asking(undone).hints, undone.done) == (Note("undone"), item("chain/sine"), 1, ())
    assert standing(stored(where)) == []


def test_undo_gives_the_attempt_back_but_not_what_was_seen() -> None:
    where = world()
    session = played(where, Reply("x"), Hint(), Hint(), Undo())
    assert (asking(session).attempts, asking(session).hints, session.said) == (0, 2, Note("undone"))
    assert [one.outcome for one in stored(where)] == ["wrong", "undone"]
    assert standing(stored(where)) == []
    assert step(session, Undo(), where).said == Note("nothing_to_undo")


def test_undo_goes_back_over_a_right_answer_and_further() -> None:
    where = world()
    session = played(where, Reply("x"), Reply(RIGHT), Next(), Reply("7"), Undo(), Undo())
    assert (asking(session).item, asking(session).attempts, session.done, session.settled) == (item("chain/sine"), 1, (), False)
    assert [one.outcome for one in standing(stored(where))] == ["wrong"]
    assert step(session, Undo(), where).said == Note("undone")


def test_easier_replaces_the_question_and_says_whether_it_is_easier() -> None:
    where = world(item("chain/sine"), item("shop/price"))
    session = played(where, Easier())
    assert (session.said, asking(session).item, len(session.done), session.log[-1].outcome) == (Note("easier"), item("shop/price"), 0, "skipped")
    assert isinstance(where.chooser, InOrder)
    learner, wanted = where.chooser.asked[-1]
    assert (wanted.easier, learner.answered) == (True, 1)
    again = step(session, Easier(), where)
    assert (again.said, again.over, again.number) == (Note("another"), False, 3), "where there is none, another question comes"
    after = step(played(world(item("chain/sine"), item("shop/price")), Solution()), Easier(), where)
    assert (after.said, len(after.done)) == (Note("easier"), 1)
    assert played(world(item("chain/sine")), Solution(), Easier(), count=1).over


def test_the_session_ends_after_its_count_and_goes_on_when_asked() -> None:
    where = world()
    session = played(where, Skip(), Skip(), count=2)
    assert session.over
    assert session.complete
    assert step(session, Reply("x"), where).log == session.log
    more = step(session, More(), where)
    assert (more.over, more.count, len(more.done)) == (False, 4, 2)
    assert step(session, Undo(), where).over is False


def test_leaving_keeps_everything() -> None:
    where = world()
    session = played(where, Reply("x"), Leave())
    assert session.over
    assert stored(where) == list(session.log)


def test_after_the_end_of_a_question_a_reply_changes_nothing() -> None:
    where = world()
    session = played(where, Reply(RIGHT))
    assert step(session, Reply("x"), where).said == Note("settled")
    assert step(session, Reply("x"), where).log == session.log


# -- what comes next ---------------------------------------------------------------------------------------------


def test_a_question_that_cannot_be_worked_out_is_passed_over() -> None:
    where = world(item("broken/none"), item("gone/away"), item("chain/sine"))
    session = begin(where, "a")
    assert asking(session).item == item("chain/sine")
    assert isinstance(where.chooser, InOrder)
    assert where.chooser.asked[-1][1].without == {"broken/none", "gone/away"}
    assert played(world(item("broken/none"))).said == Note("nothing_fits")


def test_topics_reach_the_chooser() -> None:
    assert asking(played(world(), topics=("power-rule",))).item.family == "shop/price"


def test_the_chooser_sees_the_learner_without_what_was_taken_back() -> None:
    where = world()
    played(where, Reply("x"), Undo(), Skip())
    assert isinstance(where.chooser, InOrder)
    assert [learner.answered for learner, _ in where.chooser.asked] == [0, 1]
    assert [one.outcome for one in where.chooser.asked[-1][0].recent] == ["skipped"]


def test_an_open_question_comes_again_in_the_next_session() -> None:
    where = world()
    session = played(where, Reply("x"), Hint(), Hint())
    data = left_open(session, where.clock())
    again = begin(world(item("shop/price")), "b", resume=data)
    assert (asking(again).item, asking(again).attempts, asking(again).hints, asking(again).resumed) == (item("chain/sine"), 1, 2, True)
    assert left_open(step(session, Solution(), where), START) == {}


@pytest.mark.parametrize(
    "change",
    [{"variant": "gone/away@1.abc"}, {"variant": "chain/sine@zzzz"}, {"question": 7}, {"when": "2020-01-01T00:00:00+00:00"}, {"when": "now"}, {"skills": 3}, {"attempts": None}],
)
def test_an_open_question_that_does_not_fit_any_more_is_forgotten(change: dict[str, Any]) -> None:
    where = world(item("shop/price"))
    data = left_open(played(world(), Reply("x")), START) | change
    assert asking(begin(where, "b", resume=data)).item == item("shop/price")
    assert asking(begin(where, "b", topics=("power-rule",), resume=left_open(played(world()), START))).item == item("shop/price")


# -- laws over any events -------------------------------------------------------------------------------------------

EVENTS = st.lists(
    st.one_of(
        st.sampled_from(["2x", "x", RIGHT, "2*(", "", "4", "5", "-20s + 200", "120", "s", "\x00", "1/0", "x=1,y=2"]).map(Reply),
        st.sampled_from([Hint, Solution, Skip, Undo, Undo, Easier, Next, Next, More]).map(lambda kind: kind()),
    ),
    max_size=14,
)


@given(EVENTS)
def test_whole_sessions_replay(events: list[Event]) -> None:
    one, other = played(world(), *events, count=3), played(world(), *events, count=3)
    assert one == other
    assert one.said == other.said


@given(EVENTS)
def test_laws_of_every_step(events: list[Event]) -> None:
    for_more = events * MANY if MANY > 1 else events
    where = world()
    session = begin(where, "a", count=3)
    for event in for_more[:60]:
        before, session = session, step(session, event, where)
        assert stored(where) == list(session.log), "what was told is in the store, and nothing else"
        assert session.log[: len(before.log)] == before.log, "the log only grows"
        assert len(session.log) <= len(before.log) + 1
        assert len(session.done) <= session.count
        if session.asking and before.asking and session.asking.item == before.asking.item and not isinstance(event, Undo) and session.number == before.number:
            assert session.asking.hints >= before.asking.hints
            assert session.asking.attempts >= before.asking.attempts
        assert session.settled <= (session.asking is not None)
        assert (session.asking is None) <= session.over
    assert sum(one.outcome == "undone" for one in session.log) * 2 + len(standing(session.log)) == len(session.log)


@given(EVENTS)
def test_next_in_advance_is_next_later(events: list[Event]) -> None:
    where = world()
    session = played(where, *events, count=3)
    if session.settled:
        records = stored(where)
        early, late = (shown(step(session, Next(), where), START) for _ in range(2))
        assert early == late
        assert stored(where) == records, "Next writes nothing"
