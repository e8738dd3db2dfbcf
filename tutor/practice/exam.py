"""Exams: a fixed plan, a time limit, no hints, results at the end. The plan is an author's file, the sitting a pure state machine.

    format: 1
    title: Derivatives, first test
    minutes: 30
    questions:
      - {family: chain-rule/two-layers, seed: 3}
      - {topic: product-rule, count: 2, difficulty: 1}
      - {variant: business/coffee-profit@7k.93f9f6}

Each entry names a family (with a seed: which numbers), a topic (a skill or a folder; as many problems of different families as there are), or
one variant. The same plan with the same seed gives the same exam everywhere, as long as the exercises are the same; `Sitting.variants` says which.

A reply is kept as it was read, without a verdict; it can be replaced until the exam is handed in or the time is up. What comes in later counts for nothing.

>>> plan = read_plan("format: 1\\ntitle: A test\\nminutes: 5\\nquestions:\\n  - {family: power-rule/power-sums, seed: 3}\\n", "plan.yaml")
>>> plan.title, plan.minutes, plan.entries[0].name
('A test', 5.0, 'power-rule/power-sums')
>>> from datetime import UTC
>>> from tutor.practice.shelf import shelf_of
>>> sitting = seated(plan, shelf_of(), "", datetime(2026, 1, 5, 9, 0, tzinfo=UTC))
>>> len(sitting.places), sitting.left(datetime(2026, 1, 5, 9, 2, tzinfo=UTC))
(2, datetime.timedelta(seconds=180))
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Literal

from tutor.errors import ReadError, RequestError
from tutor.grading.verdict import Verdict
from tutor.practice.events import Leave, Next, Note, Reply, Skip, Undo
from tutor.practice.records import Answered, Item
from tutor.practice.session import mistakes_in
from tutor.practice.shelf import Entry as Row
from tutor.practice.shelf import Shelf
from tutor.problems.problem import Problem, Question, seeded
from tutor.problems.source import LONGEST, Node, SourceError, parse

FORMAT = 1
MOST = 60
"""Problems of an exam."""
LONGEST_REPLY = 20_000
_DRAWS = 20
_KEYS = ("format", "title", "minutes", "questions")
_ENTRY = ("family", "topic", "variant", "seed", "count", "difficulty")
_GRACE = timedelta(seconds=2)
"""A reply that was sent in time may arrive a little later."""


# -- the plan ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a plan; `difficulty` 0 is any."""

    kind: Literal["family", "topic", "variant"]
    name: str
    seed: str
    count: int
    difficulty: int
    node: Node = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan; `digest` changes when the file does. `minutes` is None where the file gives no limit."""

    title: str
    minutes: float | None
    entries: tuple[Entry, ...]
    digest: str


def load_plan(path: Path) -> Plan:
    """The plan in a file. Raises `RequestError` and `SourceError`."""
    try:
        if path.stat().st_size > LONGEST:
            raise SourceError("long", f"the file is larger than {LONGEST:,} bytes", str(path), 1, 1)
        return read_plan(path.read_text(encoding="utf-8"), str(path))
    except OSError as error:
        raise RequestError("file", f"cannot read {path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise SourceError("encoding", "the file is not UTF-8", str(path), 1, 1, advice="Save it as UTF-8.") from error


def read_plan(text: str, file: str) -> Plan:
    """The plan in a text. Raises `SourceError`."""
    root = parse(text, file)
    entries = root.entries(_KEYS, ("format", "title", "questions"))
    entries["format"].whole(FORMAT, FORMAT)
    found = tuple(_entry(node, k) for k, node in enumerate(entries["questions"].items("a list of questions"), 1))
    if not 0 < sum(one.count for one in found) <= MOST:
        raise entries["questions"].fault("count", f"an exam has from 1 to {MOST} problems, not {sum(one.count for one in found)}")
    minutes = entries["minutes"].number(0.1, 600) if "minutes" in entries else None
    return Plan(entries["title"].text("a title"), minutes, found, sha256(text.encode()).hexdigest()[:16])


def _entry(node: Node, number: int) -> Entry:
    entries = node.entries(_ENTRY)
    named = [name for name in ("family", "topic", "variant") if name in entries]
    if len(named) != 1:
        raise node.fault("entry", "each entry has one of family, topic, variant", "Such as - {family: chain-rule/two-layers, seed: 3}.")
    kind: Literal["family", "topic", "variant"] = "family" if named == ["family"] else "topic" if named == ["topic"] else "variant"
    for name in entries:
        if (name == "difficulty" and kind != "topic") or (name in ("count", "seed") and kind == "variant"):
            raise entries[name].fault("entry", f"{name} does not belong to a {kind}")
    return Entry(
        kind, entries[kind].text("a name"), entries["seed"].text("a seed") if "seed" in entries else str(number),
        entries["count"].whole(1, MOST) if "count" in entries else 1, entries["difficulty"].whole(1, 3) if "difficulty" in entries else 0, node,
    )  # fmt: skip


def problems_of(plan: Plan, shelf: Shelf, seed: str = "") -> tuple[Problem, ...]:
    """The problems of a plan, the same ones every time; another `seed` gives other numbers. Raises `SourceError` for what cannot be had."""
    found: dict[str, Problem] = {}
    for number, entry in enumerate(plan.entries):
        try:
            for problem in _problems(entry, shelf, f"{seed}/{entry.seed}" if seed else entry.seed, f"{plan.digest}/{number}"):
                fresh = problem if entry.kind == "variant" else _fresh(problem, found)
                found[f"{number}/{fresh.id}" if fresh.id in found else fresh.id] = fresh
        except SourceError:
            raise
        except RequestError as fault:
            raise entry.node.fault(fault.kind, fault.message, fault.advice) from fault
    return tuple(found.values())


def _fresh(problem: Problem, known: Mapping[str, Problem]) -> Problem:
    """The problem, or another variant of its family where it is in the exam already; the same one where there is no other."""
    found = problem
    for k in range(_DRAWS):
        if found.id not in known:
            return found
        found = seeded(problem.family, f"{problem.id}/{k}")
    return problem


def _problems(entry: Entry, shelf: Shelf, seed: str, place: str) -> list[Problem]:
    if entry.kind == "variant":
        return [shelf.library.problem(entry.name)]
    if entry.kind == "family":
        family = shelf.family(entry.name)
        return [seeded(family, f"{seed}/{k}" if k else seed) for k in range(entry.count)]
    rows = _of_topic(shelf, entry)
    random = Random(f"{place}/{seed}")  # noqa: S311  # the same for everybody is what is wanted
    order = [row for _ in range(-(-entry.count // len(rows))) for row in random.sample(rows, len(rows))][: entry.count]
    return [seeded(shelf.family(row.id), f"{seed}/{k}") for k, row in enumerate(order)]


def _of_topic(shelf: Shelf, entry: Entry) -> list[Row]:
    range_ = (entry.difficulty, entry.difficulty) if entry.difficulty else (1, 3)
    return sorted(shelf.about((entry.name,), range_).entries, key=lambda row: row.id)


# -- the sitting --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GoTo:
    """Go to a question by its number."""

    number: int


class HandIn:
    """End the exam."""


class TimeUp:
    """The clock has run out."""


Event = Reply | Skip | Undo | Leave | Next | GoTo | HandIn | TimeUp


@dataclass(frozen=True, slots=True)
class Handed:
    """A reply: the number of its question (from 0), its text, and when it was given."""

    place: int
    reply: str
    when: datetime


@dataclass(frozen=True)
class Unread:
    """A reply that could not be read; it changes nothing."""

    fault: ReadError = field(compare=False)


@dataclass(frozen=True)
class Kept:
    """A reply was kept."""

    handed: Handed


@dataclass(frozen=True)
class Sitting:
    """An exam while it is written. `at` is the question on the screen, None the overview before handing in; `log` are all replies in order."""

    title: str
    problems: tuple[Problem, ...] = field(compare=False, repr=False)
    places: tuple[tuple[int, int], ...]
    minutes: float | None
    began: datetime
    at: int | None = 0
    log: tuple[Handed, ...] = ()
    said: Unread | Kept | Note | None = None
    over: bool = False
    ended: datetime | None = None

    @property
    def variants(self) -> tuple[str, ...]:
        """The variants of the problems."""
        return tuple(one.id for one in self.problems)

    @property
    def replies(self) -> Mapping[int, Handed]:
        """The reply to each question that counts: the last one."""
        return {one.place: one for one in self.log}

    @property
    def open(self) -> tuple[int, ...]:
        """The questions without a reply."""
        known = self.replies
        return tuple(k for k in range(len(self.places)) if k not in known)

    def question(self, place: int) -> Question:
        """A question by its number from 0."""
        problem, number = self.places[place]
        return self.problems[problem].questions[number]

    def left(self, now: datetime) -> timedelta | None:
        """The time that is left; None without a limit."""
        return None if self.minutes is None else max(self.began + timedelta(minutes=self.minutes) - now, timedelta())

    def late(self, now: datetime) -> bool:
        """Whether the time is up."""
        return self.minutes is not None and now > self.began + timedelta(minutes=self.minutes) + _GRACE


def seated(plan: Plan, shelf: Shelf, seed: str, now: datetime, minutes: float | None = None) -> Sitting:
    """An exam at its beginning; `minutes` replaces the plan's limit. Raises `SourceError`."""
    return sitting_of(plan.title, problems_of(plan, shelf, seed), now, plan.minutes if minutes is None else minutes)


def sitting_of(title: str, problems: tuple[Problem, ...], now: datetime, minutes: float | None) -> Sitting:
    """An exam of these problems. Raises `SourceError` where a question cannot be worked out: before the exam begins, not in it."""
    for problem in problems:
        _ = problem.statement
        for question in problem.questions:
            _ = question.kind, question.ask
    return Sitting(title, problems, tuple((k, n) for k, one in enumerate(problems) for n in range(len(one.questions))), minutes, now)


def step(sitting: Sitting, event: Event, now: datetime) -> Sitting:
    """The exam after an event at a moment."""
    if sitting.over:
        return sitting
    sitting = replace(sitting, said=None)
    if isinstance(event, TimeUp) or sitting.late(now):
        limit = now if sitting.minutes is None else min(now, sitting.began + timedelta(minutes=sitting.minutes))
        return replace(sitting, over=True, ended=limit, said=Note("time_up"))
    match event:
        case HandIn():
            return replace(sitting, over=True, ended=now)
        case GoTo(number) if 1 <= number <= len(sitting.places):
            return replace(sitting, at=number - 1)
        case GoTo():
            return replace(sitting, said=Note("no_such_question"))
        case Leave():
            return replace(sitting, at=None)
        case Undo():
            return replace(sitting, at=len(sitting.places) - 1 if sitting.at is None else max(sitting.at - 1, 0))
        case (Skip() | Next()) if sitting.at is not None:
            return _onward(sitting)
        case Reply(text) if text.strip() and sitting.at is not None:
            return _replied(sitting, sitting.at, text.strip(), now)
    return sitting


def _replied(sitting: Sitting, at: int, text: str, now: datetime) -> Sitting:
    if len(text) > LONGEST_REPLY:
        return replace(sitting, said=Unread(ReadError("long", f"an answer has at most {LONGEST_REPLY:,} characters")))
    fault = unreadable(sitting.question(at), text)
    if fault is not None:
        return replace(sitting, said=Unread(fault))
    handed = Handed(at, text, now)
    return replace(_onward(replace(sitting, log=(*sitting.log, handed))), said=Kept(handed))


def unreadable(question: Question, text: str) -> ReadError | None:
    """Why a reply cannot be read; None where it can."""
    try:
        question.reading(text)
    except ReadError as fault:
        return fault
    return None


def _onward(sitting: Sitting) -> Sitting:
    """The next question without a reply behind this one, else one before it, else the overview."""
    assert sitting.at is not None
    after = [k for k in sitting.open if k > sitting.at] or [k for k in sitting.open if k != sitting.at]
    return replace(sitting, at=after[0] if after else None)


# -- the results ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Graded:
    """A question with its reply, the verdict on it (None without a reply), and its points out of how many."""

    place: int
    question: Question
    handed: Handed | None
    verdict: Verdict | None

    @property
    def of(self) -> float:
        """The most points."""
        return self.question.weight

    @property
    def points(self) -> float:
        """The points."""
        return 0.0 if self.verdict is None else round(self.verdict.points(self.of), 4)

    @property
    def outcome(self) -> str:
        """The outcome in a word; none without a reply."""
        return "none" if self.verdict is None else self.verdict.outcome


def graded(sitting: Sitting) -> tuple[Graded, ...]:
    """Every question with its verdict."""
    replies = sitting.replies
    found = []
    for place in range(len(sitting.places)):
        question, handed = sitting.question(place), replies.get(place)
        found.append(Graded(place, question, handed, None if handed is None else question.check(handed.reply)))
    return tuple(found)


def records(sitting: Sitting, results: tuple[Graded, ...], session: str, shelf: Shelf) -> tuple[Answered, ...]:
    """The answers for the log of practice."""
    found, before = [], sitting.began
    for handed in sorted(sitting.replies.values(), key=lambda one: one.when):
        verdict = results[handed.place].verdict
        assert verdict is not None
        which, number = sitting.places[handed.place]
        family = sitting.problems[which].family
        row = shelf.entry(family.id)
        item = Item(sitting.problems[which].id, number, row.asks[number] if row is not None and number < len(row.asks) else family.skills, family.difficulty)
        seconds = max((handed.when - before).total_seconds(), 0.0)
        found.append(Answered(handed.when, session, item, handed.reply[:2000], verdict.outcome, verdict.score, mistakes_in(verdict), seconds=round(seconds, 3)))
        before = handed.when
    return tuple(found)


__all__ = [
    "FORMAT", "Event", "GoTo", "Graded", "HandIn", "Handed", "Kept", "Plan", "Sitting", "TimeUp", "Unread", "graded", "load_plan", "problems_of", "read_plan", "records", "seated",
    "sitting_of", "step", "unreadable",
]  # fmt: skip
