"""Learners that are computed: one with a hidden mistake, one who learns.

A learner with a hidden mistake answers like somebody who knows everything and has one wrong idea: the answer to a question about
a derivative is what the catalogue's mistake, made wherever it can be made, leads to; to any other question it is right. (A slip of
attention comes now and then.) A learner who learns has each skill or not, answers rightly with all skills of a question but for slips, and may
get a skill from a question if what comes before it is there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from tutor.errors import TutorError
from tutor.form.tree import Form, Listing
from tutor.practice.choose import choose
from tutor.practice.learner import NEW, Learner, updated
from tutor.practice.mastery import SKILLS_OF, named
from tutor.practice.records import Answered, Item
from tutor.practice.shelf import Shelf
from tutor.practice.suspects import beliefs
from tutor.practice.tells import wrong_answers
from tutor.problems.problem import Question
from tutor.problems.quality import key_texts

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
Choosing = Callable[[Learner, datetime, Random], Item]
"""Which question comes next."""


# -- a hidden mistake ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Mistaken:
    """A learner with a wrong idea, which a share of the time is not followed."""

    mistake: str
    careful: float = 0.1

    def reply(self, question: Question, random: Random) -> str:
        """What the learner types."""
        right = next(iter(key_texts(question)))
        if random.random() < self.careful:
            return right
        try:
            wrong = next((forms for mistake, forms in wrong_answers(question) if mistake == self.mistake), None)
        except TutorError:
            return right
        return right if wrong is None else written(question, wrong)


def written(question: Question, forms: tuple[Form, ...]) -> str:
    """An answer of these entries as the learner types it: with numbers in it, where a place is given."""
    found = question.answer
    point = found.point or (found.about.point if found.about is not None else None)
    from tutor.calculus.points import value_at

    entries = [(value_at(one, point).exact or one) if point else one for one in forms]
    return str(entries[0] if len(entries) == 1 else _like(found.key, iter(entries)))


def _like(key: Form, entries: object) -> Form:
    """Entries in the shape of a key."""
    if isinstance(key, Listing):
        return Listing(key.kind, tuple(_like(item, entries) for item in key.items))
    return next(entries)  # type: ignore[call-overload, no-any-return]


@dataclass
class Diagnosing:
    """A quiz with a learner who has a mistake: after how many questions it was found (0: it was not), and what was thought last."""

    found: int
    thought: str
    log: list[Answered] = field(default_factory=list)


def diagnose(shelf: Shelf, mistake: str, seed: int, most: int = 5) -> Diagnosing:
    """Ask a learner with a mistake questions, until it is found."""
    learner, random, log = NEW, Random(f"{mistake}/{seed}"), list[Answered]()
    person, believed = Mistaken(mistake), ""
    for number in range(1, most + 1):
        now = START + timedelta(minutes=number)
        item = choose(learner, shelf, now, random).item
        answered = graded(shelf, item, lambda question: person.reply(question, random), now)
        log.append(answered)
        learner = updated(learner, answered)
        believed = beliefs(learner, shelf).suspected
        if believed == mistake:
            return Diagnosing(number, believed, log)
    return Diagnosing(0, believed, log)


def graded(shelf: Shelf, item: Item, reply: Callable[[Question], str], now: datetime) -> Answered:
    """A reply to an item, graded as the quiz does it."""
    question = shelf.problem(item.variant).questions[item.question]
    text = reply(question)
    verdict = question.check(text)
    mistakes = () if verdict.right else tuple(dict.fromkeys(one.mistake for one in verdict.findings if one.mistake != "witness"))
    return Answered(now, "simulated", item, text, verdict.outcome, verdict.score, mistakes)


def diagnosed(mistake: str) -> Callable[[Question], str]:
    """What a learner with a mistake types who always follows it."""
    return lambda question: Mistaken(mistake, 0.0).reply(question, Random(0))


def mistakes_of(shelf: Shelf, topic: str = "") -> list[str]:
    """The mistakes of the catalogue that some question of a shelf shows; those of a topic."""
    found = {name for entry in shelf.entries for told in shelf.tells(entry.id) for names in told for name in named(names)}
    return sorted(name for name in found if not topic or topic in SKILLS_OF[name[:1]])


# -- learning --------------------------------------------------------------------------------------------


@dataclass
class Learning:
    """A learner who learns: from each question the skills that are in reach, with some probability."""

    random: Random
    shelf: Shelf
    skills: set[str] = field(default_factory=set)
    quick: float = 0.35
    slip: float = 0.08
    guess: float = 0.05

    def answer(self, item: Item, now: datetime) -> Answered:
        """The answer to an item, and what is learned there."""
        knows = self.skills.issuperset(item.skills)
        right = self.random.random() < (1 - self.slip if knows else self.guess)
        for skill in item.skills:
            if self.skills.issuperset(self.shelf.before(skill)) and self.random.random() < self.quick:
                self.skills.add(skill)
        return Answered(now, "simulated", item, "", "right" if right else "wrong", float(right))


def questions_until(shelf: Shelf, choosing: Choosing, seed: int, done: Callable[[Learner, Learning], bool], most: int) -> int:
    """After how many questions something holds of the learner; `most`, where it does not."""
    random = Random(seed)
    person, learner, now = Learning(Random(f"person {seed}"), shelf), NEW, START
    for number in range(1, most):
        now += timedelta(minutes=2)
        learner = updated(learner, person.answer(choosing(learner, now, random), now))
        if done(learner, person):
            return number
    return most


def by_choice(shelf: Shelf) -> Choosing:
    """As the quiz chooses."""
    return lambda learner, now, random: choose(learner, shelf, now, random).item


def by_chance(shelf: Shelf) -> Choosing:
    """Any family, any question of it."""

    def any_item(learner: Learner, now: datetime, random: Random) -> Item:
        entry = random.choice(shelf.entries)
        part = random.randrange(len(entry.asks))
        return Item(f"{entry.id}@0.{entry.digest}", part, entry.asks[part], entry.difficulty)

    return any_item
