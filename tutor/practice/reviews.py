"""Reviews: when a skill is due again, by FSRS (the package `fsrs`, its published default parameters).

Source: J. Ye, J. Su, Y. Cao, "A Stochastic Shortest Path Algorithm for Optimizing Spaced Repetition Scheduling", KDD 2022; github.com/open-spaced-repetition.
A skill is the card; what is asked is always a fresh variant, so that the skill is recalled and not an answer. There are no steps of minutes
(what is repeated within a session is `choose`'s matter) and no random spread, so that the same log gives the same dates. Recall is aimed at 0.9.

>>> first = reviewed(None, datetime(2026, 1, 5, tzinfo=UTC), "good")
>>> later = reviewed(first, first.due, "good")
>>> (first.due - first.last).days, (later.due - later.last).days, reviewed(later, later.due, "again").stability < later.stability
(2, 11, True)
>>> round(recall(later, later.due), 2)
0.9
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from fsrs import Card, Scheduler

Grade = Literal["again", "hard", "good", "easy"]
"""Again: wrong, or the solution was asked for. Hard: right with help, or partly. Good: right."""


@dataclass(frozen=True, slots=True)
class Memory:
    """A skill's memory: days until recall falls to 0.9, difficulty from 1 to 10, when it was last asked, when it is due."""

    stability: float
    difficulty: float
    last: datetime
    due: datetime


@cache
def _scheduler() -> Scheduler:
    from fsrs import Scheduler

    return Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)


def _card(memory: Memory | None) -> Card:
    from fsrs import Card, State

    if memory is None:
        return Card(card_id=1, due=datetime(2000, 1, 1, tzinfo=UTC))
    return Card(card_id=1, state=State.Review, stability=memory.stability, difficulty=memory.difficulty, due=memory.due, last_review=memory.last)


def reviewed(memory: Memory | None, when: datetime, grade: Grade) -> Memory:
    """The memory after a question about the skill; None is a skill that was never asked."""
    from fsrs import Rating

    ratings = {"again": Rating.Again, "hard": Rating.Hard, "good": Rating.Good, "easy": Rating.Easy}
    when = when.astimezone(UTC)
    card, _ = _scheduler().review_card(_card(memory), ratings[grade], when)
    assert card.stability is not None
    assert card.difficulty is not None
    return Memory(card.stability, card.difficulty, when, card.due)


def recall(memory: Memory | None, now: datetime) -> float:
    """The chance that the skill is recalled now; 0 for one that was never asked."""
    return 0.0 if memory is None else float(_scheduler().get_card_retrievability(_card(memory), now.astimezone(UTC)))


__all__ = ["Grade", "Memory", "recall", "reviewed"]
