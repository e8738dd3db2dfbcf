"""A session as a pure state machine: `step(session, event, world)` gives the next session; clock, randomness and store are in the world.

    asking    a question is open. A reply that is not right leaves it open; right, or the worked solution shown, settles it
    settled   `Next` brings the next question, or ends the session when the count is reached
    over      nothing more, unless `More`

Each answer is in the store before the session that shows its verdict exists: what a person has seen is saved. Undo takes back the latest
answer that counted, with a record that says so; what was seen (a hint, a solution) stays seen. Which question comes next is the
chooser's business (`tutor.practice.choose`), also whether a problem goes on with its next part. The same events in the same world give the
same session, so that whole sessions replay in tests; `Next` writes nothing, so that it can be done in advance while a person reads.

>>> from datetime import UTC
>>> from tutor.practice.store import MemoryStore
>>> from tutor.problems.library import Library
>>> class Coffee:
...     def choose(self, learner, wanted, now, random):
...         return Chosen(Item(Library().problem("business/coffee-profit", 7).id, 0, ("power-rule",), 2))
>>> world = World(MemoryStore(), Coffee(), Library(), lambda: datetime(2026, 1, 5, tzinfo=UTC), "seed")
>>> session = begin(world, "a")
>>> session.asking.question.source.answer, session.settled
('diff(P, p)', False)
>>> session = step(session, Reply("p"), world)
>>> type(session.said).__name__, session.said.verdict.outcome, session.asking.attempts
('Judged', 'wrong', 1)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from random import Random
from typing import Any

from tutor.errors import TutorError
from tutor.grading.check import judged
from tutor.grading.verdict import Verdict
from tutor.practice.events import Easier, Event, Hint, Hinted, Judged, Leave, More, Next, Note, Reply, Skip, Solution, Solved, Telling, Undo
from tutor.practice.hinting import Clue, Smaller, clues
from tutor.practice.learner import learner_of
from tutor.practice.records import Answered, Item, Outcome, standing
from tutor.practice.said import Said
from tutor.practice.world import Chooser, Chosen, Source, Wanted, World
from tutor.problems.problem import Problem, Question

COUNT = 10
"""Questions of a session, where nobody says how many."""
RESUMED = timedelta(days=1)
"""A question that was left open longer ago is not asked again as it was."""
_TRIES = 8
"""So often another question is chosen where one cannot be worked out."""
_LONGEST = 2_000
"""Characters of a reply that are kept in the log."""


# -- the session -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asking:
    """A question, and how it goes: attempts that counted, hints seen, and the outcome once it is settled.

    `aside`: the smaller question of a hint has been asked, and an answer to it is waited for.
    """

    item: Item
    problem: Problem = field(compare=False, repr=False)
    since: datetime
    reasons: tuple[Said, ...] = ()
    attempts: int = 0
    hints: int = 0
    outcome: Outcome | None = None
    resumed: bool = False
    aside: bool = False

    @property
    def question(self) -> Question:
        """The question of the problem."""
        return self.problem.questions[self.item.question]

    @cached_property
    def clues(self) -> tuple[Clue, ...]:
        """All hints."""
        return clues(self.problem, self.item.question)

    @property
    def smaller(self) -> Smaller | None:
        """The smaller question that a hint has asked."""
        return next((one.smaller for one in self.clues[: self.hints] if one.smaller), None) if self.hints else None


@dataclass(frozen=True)
class Session:
    """A session: the open question, what was settled before it, the records so far, and what the last step has to say.

    `back` is the session before the latest answer that counted; None where there is none, or where a solution was seen since.
    """

    id: str
    count: int
    size: int
    topics: tuple[str, ...]
    began: datetime
    asking: Asking | None = None
    done: tuple[Asking, ...] = ()
    log: tuple[Answered, ...] = ()
    said: Telling = None
    over: bool = False
    number: int = 0
    back: Session | None = field(default=None, repr=False, compare=False)

    @property
    def settled(self) -> bool:
        """Whether the question on the screen is done with."""
        return self.asking is not None and self.asking.outcome is not None

    @property
    def complete(self) -> bool:
        """Whether as many questions are done as were asked for."""
        return len(self.done) + self.settled >= self.count


def begin(world: World, id: str, count: int = COUNT, topics: tuple[str, ...] = (), resume: Mapping[str, Any] | None = None) -> Session:
    """A new session with its first question; a question that was left open comes first (`resume`: see `left_open`)."""
    now = world.clock()
    session = Session(id, count, count, topics, now)
    found = _resumed(resume, world, topics, now) if resume else None
    return replace(session, asking=found, number=1) if found else _asked(session, world, Wanted(topics))


def step(session: Session, event: Event, world: World) -> Session:
    """The session after an event."""
    session = replace(session, said=None)
    if isinstance(event, Leave):
        return replace(session, over=True)
    if isinstance(event, Undo):
        return _undone(session, world)
    if session.over or session.asking is None:
        return _asked(replace(session, over=False, count=session.count + session.size), world, Wanted(session.topics)) if isinstance(event, More) else session
    if session.settled:
        return _after(session, session.asking, event, world)
    return _open(session, session.asking, event, world)


def _open(session: Session, asking: Asking, event: Event, world: World) -> Session:
    """What happens while a question is open."""
    match event:
        case Reply(text) if text.strip():
            return _replied(session, asking, text.strip(), world)
        case Reply():
            return replace(session, said=Note("empty"))
        case Hint() if asking.hints < len(asking.clues):
            clue = asking.clues[asking.hints]
            found = replace(asking, hints=asking.hints + 1, aside=clue.smaller is not None)
            return replace(session, asking=found, said=Hinted(clue, found.hints, len(asking.clues)))
        case Hint():
            return replace(session, said=Note("no_more_hints" if asking.hints else "no_hints"))
        case Next() if asking.aside:
            return replace(session, asking=replace(asking, aside=False), said=Note("whole"))
        case Solution():
            shown = _recorded(session, asking, Answered(world.clock(), session.id, asking.item, "", "shown", 0.0), world)
            return replace(shown, asking=replace(asking, outcome="shown"), said=Solved(), back=None)
        case Skip():
            return _skipped(session, asking, world)
        case Easier():
            return _eased(session, asking, world)
    return session


def _after(session: Session, asking: Asking, event: Event, world: World) -> Session:
    """What happens after a question is settled."""
    match event:
        case Next() | Skip():
            return _onward(session, asking, world)
        case Solution():
            return replace(session, said=Solved(), back=None)
        case Easier():
            session = _settled(session, asking)
            return session if session.over else _easier(session, world)
        case Reply(text) if text.strip():
            return replace(session, said=Note("settled"))
        case Hint():
            return replace(session, said=Note("settled"))
    return session


# -- answers ------------------------------------------------------------------------------------------------


def _replied(session: Session, asking: Asking, text: str, world: World) -> Session:
    verdict = asking.question.check(text)
    smaller = _to_smaller(asking, text, verdict)
    if smaller is not None:
        return replace(session, asking=replace(asking, aside=asking.aside and not smaller.right), said=Judged(smaller, text, True))
    counts = verdict.outcome not in ("unreadable", "undecided")
    answered = Answered(world.clock(), session.id, asking.item, text[:_LONGEST], verdict.outcome, verdict.score, mistakes_in(verdict))
    found = _recorded(session, asking, answered, world)
    if counts:
        asking = replace(asking, attempts=asking.attempts + 1, since=answered.when, outcome="right" if verdict.right else None, aside=False)
    return replace(found, asking=asking, said=Judged(verdict, text))


def mistakes_in(verdict: Verdict) -> tuple[str, ...]:
    """The ids of the mistakes that explain an answer which is not right."""
    if verdict.outcome not in ("wrong", "partly"):
        return ()
    return tuple(dict.fromkeys(one.mistake for one in verdict.findings if one.mistake != "witness"))


def _to_smaller(asking: Asking, text: str, whole: Verdict) -> Verdict | None:
    """The verdict on a reply as an answer to the smaller question; None where it is one to the whole question.

    It is one to the smaller question where it is right there, or where that is being asked, it can be read as an answer to it, and no
    known mistake in the whole question explains it.
    """
    smaller = asking.smaller
    if smaller is None or whole.right:
        return None
    verdict = judged(text, smaller.kind)
    meant = asking.aside and verdict.outcome != "unreadable" and (mistakes_in(verdict) or not mistakes_in(whole))
    return verdict if verdict.right or meant else None


def _recorded(session: Session, asking: Asking, answered: Answered, world: World) -> Session:
    """The session with a record more, which is in the store; what counts can be taken back."""
    whole = replace(
        answered, attempt=asking.attempts + 1, hints=asking.hints, seconds=max(round((answered.when - asking.since).total_seconds(), 3), 0.0),
    )  # fmt: skip
    world.store.append(whole)
    return replace(session, log=(*session.log, whole), back=session if whole.counts else session.back)


def _undone(session: Session, world: World) -> Session:
    """The session before the latest answer that counted; what was seen since stays seen, and the log keeps both."""
    back = session.back
    if back is None or back.asking is None:
        last = next((one.outcome for one in reversed(standing(session.log)) if one.counts), "")
        return replace(session, said=Note("seen" if last else "nothing_to_undo"))
    taken = next(one for one in reversed(standing(session.log)) if one.counts)
    now = world.clock()
    undone = replace(taken, when=now, reply="", outcome="undone", score=0.0, mistakes=(), seconds=0.0)
    world.store.append(undone)
    seen = max((one.hints for one in (session.asking, *session.done, back.asking) if one and one.item == back.asking.item), default=0)
    return replace(back, asking=replace(back.asking, hints=seen, since=now, outcome=None), log=(*session.log, undone), said=Note("undone"), over=False)


def _skipped(session: Session, asking: Asking, world: World) -> Session:
    found = _recorded(session, asking, Answered(world.clock(), session.id, asking.item, "", "skipped", 0.0), world)
    onward = _onward(found, replace(asking, outcome="skipped"), world)
    return replace(onward, said=onward.said or Note("skipped"))


def _eased(session: Session, asking: Asking, world: World) -> Session:
    """Another question in the place of this one, which counts as skipped."""
    return _easier(_recorded(session, asking, Answered(world.clock(), session.id, asking.item, "", "skipped", 0.0), world), world)


# -- the next question ------------------------------------------------------------------------------------------


def _onward(session: Session, asking: Asking, world: World) -> Session:
    """The next question, or the end."""
    session = _settled(session, asking)
    return session if session.over else _asked(session, world, Wanted(session.topics))


def _settled(session: Session, asking: Asking) -> Session:
    """The session with a question done; over, where it was the last one."""
    done = (*session.done, asking)
    return replace(session, done=done, asking=None, over=len(done) >= session.count)


def _easier(session: Session, world: World) -> Session:
    """The session with an easier question; where there is none, with another one. It says which of them it is."""
    easier = _chosen(session, world, Wanted(session.topics, True))
    if easier is None:
        session = _asked(session, world, Wanted(session.topics))
        return session if session.over else replace(session, said=Note("another"))
    return replace(session, asking=easier, number=session.number + 1, said=Note("easier"))


def _asked(session: Session, world: World, wanted: Wanted) -> Session:
    """The session with a question that is chosen; over, where there is none."""
    asking = _chosen(session, world, wanted)
    if asking is None:
        return replace(session, asking=None, over=True, said=Note("nothing_fits"))
    return replace(session, asking=asking, number=session.number + 1, said=None)


def _chosen(session: Session, world: World, wanted: Wanted) -> Asking | None:
    """A question that can be worked out; None where there is none."""
    learner = learner_of(standing(session.log), world.start)
    for attempt in range(_TRIES):
        chosen = world.chooser.choose(learner, wanted, world.clock(), Random(f"{world.seed}/{session.number}/{attempt}"))  # noqa: S311  # no secret
        if chosen is None:
            return None
        try:
            asking = _opened(chosen.item, world.source.problem(chosen.item.variant), world.clock(), chosen.reasons)
        except TutorError:  # a file that cannot be read, or a variant that there is no more
            asking = None
        if asking is not None:
            return asking
        wanted = replace(wanted, without=wanted.without | {chosen.item.family})
    return None


def _opened(item: Item, problem: Problem, now: datetime, reasons: tuple[Said, ...] = ()) -> Asking | None:
    """A question on the screen; None for one that cannot be worked out."""
    try:
        question = problem.questions[item.question]
        _ = question.kind, question.ask, problem.statement
    except (TutorError, IndexError):
        return None
    return Asking(item, problem, now, reasons)


def left_open(session: Session, now: datetime) -> dict[str, Any]:
    """The open question as JSON-ready data, to be asked again when the next session begins; empty where none is open."""
    asking = session.asking
    if asking is None or session.settled:
        return {}
    item = asking.item
    return {
        "variant": item.variant, "question": item.question, "skills": list(item.skills), "difficulty": item.difficulty, "attempts": asking.attempts,
        "hints": asking.hints, "when": now.isoformat(),
    }  # fmt: skip


def _resumed(data: Mapping[str, Any], world: World, topics: tuple[str, ...], now: datetime) -> Asking | None:
    """The question that the last session left open; None where there is none, it is not of the topics, too old, or its file has changed."""
    try:
        item = Item(str(data["variant"]), int(data["question"]), tuple(map(str, data["skills"])), int(data["difficulty"]))
        attempts, hints, when = int(data["attempts"]), int(data["hints"]), datetime.fromisoformat(data["when"])
        if abs(now - when) > RESUMED or (topics and not set(topics) & {*item.skills, item.family.partition("/")[0]}):
            return None
        found = _opened(item, world.source.problem(item.variant), now)
    except (TutorError, KeyError, TypeError, ValueError):
        return None
    return None if found is None else replace(found, attempts=max(attempts, 0), hints=min(max(hints, 0), len(found.clues)), resumed=True)


def shown(session: Session, now: datetime) -> Session:
    """The session with its question on the screen from now on: for one that was made in advance."""
    return session if session.asking is None or session.settled else replace(session, asking=replace(session.asking, since=now))


__all__ = [
    "COUNT", "Asking", "Chooser", "Chosen", "Easier", "Event", "Hint", "Hinted", "Judged", "Leave", "More", "Next", "Note", "Reply", "Session",
    "Skip", "Solution", "Solved", "Source", "Telling", "Undo", "Wanted", "World", "begin", "left_open", "mistakes_in", "shown", "step",
]  # fmt: skip
