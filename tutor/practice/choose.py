"""Which question comes next, and why.

Every question that could come gets a score, a sum of the terms below, and one is drawn: a higher score makes it more probable. The same learner, shelf,
moment and randomness give the same question. A problem is chosen by the skill that one of its questions asks for; it begins with its first question, and its
next part is a question that could come.

- **need**: skills are learned in the order of their prerequisites; one that is begun goes on before a new one begins.
- **review**: what is due by FSRS comes back, with a fresh variant.
- **mixing**: another skill than before (interleaving: D. Rohrer, K. Taylor, Instructional Science 35 (2007), 481-498), another family, and
  between other skills the one question that makes a skill count as mastered.
- **fit**: about four of five answers right, by knowledge tracing and by ratings (R. C. Wilson et al., Nature Communications 10 (2019), 4646: 85 %).
- **information**: which mistake the learner makes, where what comes before is known: the question whose answers tell the suspected one from its neighbours.

The first question of all is a simple one. After three lapses in a row only what the skill builds on is asked, until that is right once.

>>> from datetime import UTC
>>> from random import Random
>>> from tutor.practice.learner import NEW
>>> from tutor.practice.shelf import shelf_of
>>> shelf, now = shelf_of(), datetime(2026, 1, 5, tzinfo=UTC)
>>> choice = choose(NEW, shelf, now, Random(3))
>>> choice == choose(NEW, shelf, now, Random(3)), choice.item.question, str(choice.reasons[0])
(True, 0, 'Derivative as a rate of change: a first question.')
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from math import exp, log
from random import Random

from tutor.errors import RequestError, TutorError
from tutor.grading.document import name_of
from tutor.practice.learner import Learner
from tutor.practice.mastery import MASTERED, chance
from tutor.practice.rating import START, expected
from tutor.practice.records import Item
from tutor.practice.reviews import recall
from tutor.practice.said import Said
from tutor.practice.shelf import Entry, Shelf
from tutor.practice.suspects import Beliefs, beliefs, information
from tutor.problems.skills import SKILLS

NEED, BEGUN, REVIEW, PROOF, FIT, INFORMATION, LOCKED = 2.0, 0.6, 2.5, 2.5, 2.0, 12.0, 5.0
SAME_SKILL, SAME_FAMILY, LATER, NEXT_PART = 0.5, 4.0, 0.3, 1.0
AIM = 0.8
COOL = 0.2
"""The lower, the more surely the highest score is drawn."""
_LOOKED_AT = 12
"""For so many of the best questions it is worked out what they tell."""
_SUSPICIOUS = 0.2
_UNLOCKED = 0.5
"""What comes before a skill counts as known, where it is improbable no more than so much that it is not."""
_FAMILIES, _VARIANTS = 6, 3
_PAUSE = timedelta(hours=1)


@dataclass(frozen=True)
class Choice:
    """The next question, and the reasons for it, the weightiest first."""

    item: Item
    reasons: tuple[Said, ...]


@dataclass(frozen=True)
class _Candidate:
    """A family that could come, for the sake of a skill for which one of its questions asks; or the next part of the problem before, by its variant."""

    entry: Entry
    skill: str
    variant: str = ""
    part: int = 0

    @cached_property
    def place(self) -> int:
        """The number of the question with the skill."""
        return next(k for k, skills in enumerate(self.entry.asks) if k >= self.part and skills[0] == self.skill)

    @property
    def skills(self) -> tuple[str, ...]:
        return self.entry.asks[self.place]


def choose(learner: Learner, shelf: Shelf, now: datetime, random: Random, easier: bool = False, without: Collection[str] = ()) -> Choice:
    """The next question from a shelf, of none of some families; an easier one than the last.

    Raises `RequestError` where there is none.
    """
    scores = _Scores(learner, shelf, now, learner.last.item if easier and learner.last is not None else None, frozenset(without))
    left = scores.all()
    while left:
        found = _drawn(left, random)
        try:
            item = scores.item(found, random)
        except TutorError:  # a file that cannot be read
            del left[found]
            continue
        return Choice(item, scores.reasons(found))
    raise RequestError("shelf", "there is no exercise to choose from", advice="tutor exercises lists what there is.")


def _drawn(scores: Mapping[_Candidate, float], random: Random) -> _Candidate:
    most = max(scores.values())
    return random.choices(list(scores), [exp((score - most) / COOL) for score in scores.values()])[0]


@dataclass(frozen=True)
class _Scores:
    """The terms of the score."""

    learner: Learner
    shelf: Shelf
    now: datetime
    hard: Item | None
    without: frozenset[str]

    def all(self) -> dict[_Candidate, float]:
        """The score of every question that could come."""
        entries = [one for one in self.shelf.entries if one.id not in self.without and self._is_easier(one)]
        candidates = [*(_Candidate(entry, skill) for entry in entries for skill in self._aims(entry) if self._is_in_reach(skill)), *self._next_part()]
        held = [one for one in candidates if one.place == one.part and self._is_held_to(one)]
        scores = {one: self.base(one) for one in held or candidates}
        best = sorted(scores, key=lambda one: (-scores[one], one.entry.id))
        close = [*best[:_LOOKED_AT], *[one for one in best[_LOOKED_AT:] if self._is_suspect(one)][:_LOOKED_AT]]
        return scores | {one: scores[one] + INFORMATION * (1 - self.locked(one)) * self.information(one) for one in close}

    def _next_part(self) -> Iterator[_Candidate]:
        """The next part of the last problem, where the learner is still at it and did not turn away."""
        last = self.learner.last
        if last is None or last.outcome == "skipped" or self.hard is not None or self.now - last.when >= _PAUSE:
            return
        entry, part = self.shelf.entry(last.item.family), last.item.question + 1
        if entry is not None and part < len(entry.asks) and last.item.variant.endswith(f".{entry.digest}") and entry.id not in self.without:
            yield from (_Candidate(entry, skill, last.item.variant, part) for skill in self._aims(entry, part))

    def _aims(self, entry: Entry, part: int = 0) -> Sequence[str]:
        """The skills for which a family's questions (from a part on) can be chosen: those of the shelf, else those that they have."""
        found = dict.fromkeys(skills[0] for skills in entry.asks[part:])
        return [skill for skill in found if skill in self.shelf.skills] or list(found)

    def _is_easier(self, entry: Entry) -> bool:
        hard = self.hard
        if hard is None:
            return True
        if entry.id == hard.family or entry.difficulty > hard.difficulty:
            return False
        return self._chance(entry.asks[0], entry.difficulty, entry.id) > self._chance(hard.skills, hard.difficulty, hard.family)

    def _is_in_reach(self, skill: str) -> bool:
        """Whether a skill can be easier than the one asked for: the same, one before it, or one that builds on what is known."""
        if self.hard is None:
            return True
        asked = self.hard.skills[0]
        return skill == asked or skill in self.shelf.before(asked) or self._locked(skill) <= _UNLOCKED

    def _is_held_to(self, one: _Candidate) -> bool:
        """Whether it is what has to come, where there is such a question: at first a simple one; after three lapses a skill before; an easier one, where that is asked for."""
        if not self.learner.answered:
            return one.entry.difficulty == 1
        if self.hard is None:
            return one.skill in self.lapsed.values() and one.skill not in self.lapsed
        skill = self.hard.skills[0]
        return one.skill in self.shelf.before(skill) or (one.skill == skill and one.entry.difficulty < self.hard.difficulty)

    def base(self, one: _Candidate) -> float:
        """All terms but the information."""
        return (
            self.need(one) + self.review(one) + self.proof(one) - FIT * (self.chance(one) - AIM) ** 2
            - LOCKED * self.locked(one) - self.sameness(one) + (NEXT_PART if one.part else 0.0) - LATER * (one.place - one.part)
        )  # fmt: skip

    # -- the terms

    def need(self, one: _Candidate) -> float:
        """How much there is to learn in it; more of a skill that is begun."""
        mastery = self.learner.mastery(one.skill)
        if mastery.known >= MASTERED:
            return 0.0
        return NEED * (1 - mastery.known) + (BEGUN if mastery.answers else 0.0)

    def review(self, one: _Candidate) -> float:
        """How urgent a review is."""
        memory = self.learner.memories.get(one.skill)
        if memory is None or memory.due > self.now:
            return 0.0
        return REVIEW + 1 - recall(memory, self.now)

    def proof(self, one: _Candidate) -> float:
        """A skill that lacks only the success between other skills."""
        mastery = self.learner.mastery(one.skill)
        return PROOF if mastery.known >= MASTERED and not mastery.interleaved and self.last_skill != one.skill else 0.0

    def locked(self, one: _Candidate) -> float:
        """How improbable it is that what comes before its skill is known; a problem that is begun goes on."""
        return 0.0 if one.part else self._locked(one.skill)

    def _locked(self, skill: str) -> float:
        return 1 - min((self.learner.known(one) for one in self.shelf.before(skill)), default=1.0)

    def sameness(self, one: _Candidate) -> float:
        """The skill or the family was asked a short while ago; what goes on is no repetition."""
        if one.part:
            return 0.0
        again = SAME_FAMILY * (1 - self.families.index(one.entry.id) / _FAMILIES) if one.entry.id in self.families else 0.0
        return again + (SAME_SKILL if self.last_skill == one.skill else 0.0)

    def information(self, one: _Candidate) -> float:
        """What its answer would tell about the learner's mistakes; what a later part would tell is shared among the questions until then."""
        told = self.shelf.tells(one.entry.id)[one.part :]
        return max((information(part, self.beliefs) / (k + 1) for k, part in enumerate(told)), default=0.0)

    def chance(self, one: _Candidate) -> float:
        """The probability of a right answer."""
        return self._chance(one.skills, one.entry.difficulty, one.entry.id)

    def _chance(self, skills: tuple[str, ...], difficulty: int, family: str) -> float:
        traced = chance((self.learner.known(skill) for skill in skills), difficulty)
        rated = expected(self.learner.ability, self.learner.families.get(family, START[difficulty]))
        return 1 / (1 + exp(-(_logit(traced) + _logit(rated)) / 2))

    # -- what the terms need

    @cached_property
    def last_skill(self) -> str:
        """The first skill of the last question."""
        last = self.learner.last
        return last.item.skills[0] if last is not None and last.item.skills else ""

    @cached_property
    def families(self) -> list[str]:
        """The last families, the latest first."""
        return list(dict.fromkeys(answered.item.family for answered in reversed(self.learner.firsts)))[:_FAMILIES]

    @cached_property
    def lapsed(self) -> dict[str, str]:
        """The skills that lapsed, each with the one before it that should be asked; left out where that was right since, or there is none."""
        found = {}
        for skill, mastery in self.learner.masteries.items():
            before = self.shelf.before(skill)
            if mastery.lapsed and before and not self._right_since(skill, before):
                found[skill] = min(before, key=lambda one: (self.learner.known(one), one))
        return found

    def _right_since(self, skill: str, before: tuple[str, ...]) -> bool:
        for one in reversed(self.learner.firsts):
            if skill in one.item.skills:
                return False
            if one.outcome == "right" and set(before) & set(one.item.skills):
                return True
        return False

    @cached_property
    def beliefs(self) -> Beliefs:
        """The probabilities of the mistakes."""
        return beliefs(self.learner, self.shelf)

    @cached_property
    def suspects(self) -> tuple[str, ...]:
        """The mistakes that are somewhat probable, the most probable first."""
        return tuple(name for name, value in self.beliefs.ranked if value >= _SUSPICIOUS)

    @cached_property
    def wrong_skills(self) -> frozenset[str]:
        """The skills of questions that were answered wrongly."""
        return frozenset(answered.item.skills[0] for answered in self.learner.firsts if answered.outcome == "wrong")

    def _is_suspect(self, one: _Candidate) -> bool:
        """Whether a question may show what is suspected: it practises a skill in which that was seen."""
        return bool(self.suspects) and not self.wrong_skills.isdisjoint(one.entry.asks[one.part])

    # -- the variant

    def item(self, one: _Candidate, random: Random) -> Item:
        """The question, in a fresh variant; where a mistake is suspected, of a few the one that tells most. Raises `TutorError`."""
        seen = {answered.item.variant for answered in self.learner.recent}
        count = _VARIANTS if self.suspects else 1
        variants = [one.variant] if one.variant else [self.shelf.fresh(one.entry, random.getrandbits(48), seen).id for _ in range(count)]
        items = [Item(variant, one.part, one.entry.asks[one.part], one.entry.difficulty) for variant in dict.fromkeys(variants)]
        return max(items, key=lambda item: information(self.shelf.told(item), self.beliefs)) if len(items) > 1 else items[0]

    # -- the reasons

    def reasons(self, one: _Candidate) -> tuple[Said, ...]:
        """Why a question was chosen, the weightiest reason first."""
        skill = {"skill": SKILLS[one.skill].title}
        mastery, memory = self.learner.mastery(one.skill), self.learner.memories.get(one.skill)
        above = next((name for name, before in self.lapsed.items() if before == one.skill), "")
        suspect = self._suspect_in(one)
        told = [
            (self.hard is not None, Said("practice.why.easier")),
            (one.part > 0, Said("practice.why.same")),
            (bool(above), Said("practice.why.back", {**skill, "above": SKILLS[above].title if above else ""})),
            (bool(suspect), Said("practice.why.mistake", {"name": name_of(suspect).capitalize() if suspect else ""})),
            (self.review(one) > 0, Said("practice.why.review", {**skill, "date": memory.due.date().isoformat() if memory else ""})),
            (self.proof(one) > 0, Said("practice.why.proof", skill)),
            (not self.learner.answered, Said("practice.why.first", skill)),
            (bool(self.learner.answered) and not mastery.answers, Said("practice.why.new" if self._locked(one.skill) <= _UNLOCKED else "practice.why.untried", skill)),
            (mastery.answers > 0 and mastery.known < MASTERED, Said("practice.why.learning", {**skill, "percent": round(100 * mastery.known)})),
            (mastery.mastered and not self.review(one), Said("practice.why.kept", skill)),
            (bool(self.last_skill) and self.last_skill != one.skill and not one.part, Said("practice.why.mixed")),
        ]  # fmt: skip
        return (*(said for holds, said in told if holds), Said("practice.why.fit", {"percent": round(100 * self.chance(one))}))

    def _suspect_in(self, one: _Candidate) -> str:
        """The most probable of the suspected mistakes that shows in a question."""
        told = self.shelf.tells(one.entry.id)[one.part : one.part + 1] if self.learner.answered and self.suspects else ()
        shown = {name for parts in told for names in parts for name in names}
        return next((name for name in self.suspects if name in shown and name_of(name)), "")


def _logit(value: float) -> float:
    return log(value / (1 - value))


__all__ = ["Choice", "choose"]
