"""What is known of a learner: a pure fold over the log of answers.

`updated` takes one answer, `learner_of` a whole log, `learner_in` a store's (from the last snapshot, where there is one). A better model is
fitted by folding the same log again: `MODEL` is its number, and a snapshot of another model is not used.

>>> from datetime import UTC
>>> from tutor.practice.records import Item
>>> item = Item("power-rule/sums@7k.93f9f6", 0, ("power-rule",), 1)
>>> learner = updated(NEW, Answered(datetime(2026, 1, 5, tzinfo=UTC), "a", item, "2x", "right", 1.0))
>>> learner.known("power-rule") > NEW.known("power-rule"), learner.mastered("power-rule"), learner.answered
(True, False, 1)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from math import prod
from typing import TYPE_CHECKING, Any

from tutor.errors import RequestError
from tutor.practice.mastery import Evidence, Mastery, blamed, judged, weight_of
from tutor.practice.rating import START, Rating, played
from tutor.practice.records import Answered, Item, answered_of, record, standing
from tutor.practice.reviews import Grade, Memory, reviewed

if TYPE_CHECKING:
    from tutor.practice.store import Store

MODEL = 1
"""The number of this model: another one for whatever changes what a log comes to."""
RECENT = 60
"""So many answers are kept as they are."""
SKIPPED = 0.3
"""What a skipped question weighs: it may be unknown, or unwanted."""
_NIGHT = timedelta(hours=8)
_KEPT = "learner"
_TAIL = 100
"""A snapshot is renewed when so many answers have come since."""


@dataclass(frozen=True)
class Learner:
    """What is known of a learner.

    `masteries` and `memories` are by skill, `families` the ratings by family, `ability` the learner's own; `recent` are the last answers, oldest first.
    """

    masteries: Mapping[str, Mastery] = field(default_factory=dict)
    memories: Mapping[str, Memory] = field(default_factory=dict)
    families: Mapping[str, Rating] = field(default_factory=dict)
    ability: Rating = field(default_factory=Rating)
    recent: tuple[Answered, ...] = ()
    answered: int = 0

    def mastery(self, skill: str) -> Mastery:
        """What is known of a skill."""
        return self.masteries.get(skill, _FRESH)

    def known(self, skill: str) -> float:
        """How probable it is that the learner has the skill."""
        return self.mastery(skill).known

    def mastered(self, skill: str) -> bool:
        """Whether the skill counts as known."""
        return self.mastery(skill).mastered

    def due(self, now: datetime) -> tuple[str, ...]:
        """The skills whose review is due, the longest due first."""
        return tuple(sorted((skill for skill, memory in self.memories.items() if memory.due <= now), key=lambda skill: (self.memories[skill].due, skill)))

    def rating(self, item: Item) -> Rating:
        """The rating of an item's family."""
        return self.families.get(item.family, START[item.difficulty])

    @property
    def last(self) -> Answered | None:
        """The last answer that counted."""
        return self.recent[-1] if self.recent else None

    @property
    def firsts(self) -> tuple[Answered, ...]:
        """The first answer to each of the last questions, oldest first."""
        return tuple(one for k, one in enumerate(self.recent) if k == 0 or not same_question(self.recent[k - 1], one))


_FRESH = Mastery()
NEW = Learner()
"""A learner of whom nothing is known."""


def same_question(one: Answered, other: Answered) -> bool:
    """Whether two answers are tries at the same question."""
    return one.session == other.session and one.item.variant == other.item.variant and one.item.question == other.item.question


def updated(learner: Learner, answered: Answered) -> Learner:
    """The learner after an answer; one that could not be read or decided changes nothing."""
    if not answered.counts:
        return learner
    tries = 0
    for before in reversed(learner.recent):
        if not same_question(before, answered):
            break
        tries += 1
    first = not tries
    score = answered.score if answered.outcome in ("right", "partly") else 0.0
    weight = weight_of(answered.hints, tries) if score else weight_of(0, tries) * (SKIPPED if answered.outcome == "skipped" else 1.0)
    skills = answered.item.skills if score >= 0.5 else blamed(answered.item, answered.mistakes)
    worked = first and answered.outcome != "skipped"  # nothing is learned from a question that was left
    masteries = {**learner.masteries, **_judged(learner, answered, skills, (score, weight, worked))}
    ability, families, memories = learner.ability, learner.families, learner.memories
    if worked:
        ability, family = played(ability, learner.rating(answered.item), score * weight)
        families = {**families, answered.item.family: family}
        grade: Grade = "good" if score >= 1 and weight >= 1 else "hard" if score >= 0.5 else "again"
        memories = {**memories, **{skill: reviewed(memories.get(skill), answered.when, grade) for skill in skills}}
    return Learner(masteries, memories, families, ability, (*learner.recent, answered)[-RECENT:], learner.answered + first)


def _judged(learner: Learner, answered: Answered, skills: tuple[str, ...], seen: tuple[float, float, bool]) -> dict[str, Mastery]:
    """The mastery of each skill of which an answer speaks."""
    score, weight, first = seen
    known = {skill: learner.known(skill) for skill in skills}
    found = {}
    for skill in skills:
        others = prod(value for name, value in known.items() if name != skill)
        found[skill] = judged(learner.mastery(skill), Evidence(score, weight, answered.item.difficulty, others, _interleaved(learner, answered, skill), first))
    return found


def _interleaved(learner: Learner, answered: Answered, skill: str) -> bool:
    """Whether the problem before was about another skill, or a night lies between."""
    before = next((one for one in reversed(learner.recent) if one.item.variant != answered.item.variant), None)
    return before is not None and (before.item.skills[:1] != (skill,) or answered.when - before.when >= _NIGHT)


def learner_of(log: Iterable[Answered], start: Learner = NEW) -> Learner:
    """The learner whose answers these are, in order, without those that were taken back; `start` is who the learner was before."""
    for answered in standing(log):
        start = updated(start, answered)
    return start


# -- snapshots -----------------------------------------------------------------------------------------


def learner_in(store: Store) -> Learner:
    """The learner whose answers a store holds: the last snapshot and what came after it, or all of the log."""
    snapshot = store.kept(_KEPT)
    known = None if snapshot is None else _known(snapshot, store)
    learner, tail = (NEW, []) if known is None else (known[0], list(store.since(known[1])))
    if known is None or any(one.outcome == "undone" for one in tail):  # an answer from before the snapshot may have been taken back
        learner, tail = NEW, list(store.log())
    learner = learner_of(tail, learner)
    if len(tail) >= _TAIL:
        last = tail[-1].when
        store.keep(_KEPT, {"model": MODEL, "last": last.isoformat(), "count": store.count(last), "learner": learner_data(learner)})
    return learner


def _known(snapshot: Mapping[str, Any], store: Store) -> tuple[Learner, datetime] | None:
    """A snapshot's learner and its moment; None where it is of another model, or answers from before it were added since."""
    try:
        last = datetime.fromisoformat(snapshot["last"])
        fits = snapshot["model"] == MODEL and snapshot["count"] == store.count(last)
        return (_learner(snapshot["learner"]), last) if fits else None
    except (KeyError, TypeError, ValueError, AttributeError, RequestError):
        return None


def learner_data(learner: Learner) -> dict[str, Any]:
    """A learner as JSON-ready data."""
    return {
        "masteries": {name: asdict(one) for name, one in learner.masteries.items()},
        "memories": {name: {"stability": one.stability, "difficulty": one.difficulty, "last": one.last.isoformat(), "due": one.due.isoformat()} for name, one in learner.memories.items()},
        "families": {name: asdict(one) for name, one in learner.families.items()}, "ability": asdict(learner.ability),
        "recent": [record(one) for one in learner.recent], "answered": learner.answered,
    }  # fmt: skip


def _learner(data: Mapping[str, Any]) -> Learner:
    memories = {name: Memory(one["stability"], one["difficulty"], datetime.fromisoformat(one["last"]), datetime.fromisoformat(one["due"])) for name, one in data["memories"].items()}
    return Learner(
        {name: Mastery(**one) for name, one in data["masteries"].items()}, memories, {name: Rating(**one) for name, one in data["families"].items()},
        Rating(**data["ability"]), tuple(map(answered_of, data["recent"])), data["answered"],
    )  # fmt: skip


__all__ = ["MODEL", "NEW", "RECENT", "Learner", "learner_data", "learner_in", "learner_of", "same_question", "updated"]
