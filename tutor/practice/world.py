"""What is outside of a session: the clock, the seed of all chance, the store, the exercises, and who chooses the next question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Protocol

from tutor.practice.learner import NEW, Learner
from tutor.practice.records import Answered, Item
from tutor.practice.said import Said
from tutor.problems.problem import Problem


@dataclass(frozen=True)
class Wanted:
    """What the next question should be: of these topics, easier than the last one, of none of these families."""

    topics: tuple[str, ...] = ()
    easier: bool = False
    without: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Chosen:
    """A question to ask, and why."""

    item: Item
    reasons: tuple[Said, ...] = ()


class Chooser(Protocol):
    """Says which question comes next."""

    def choose(self, learner: Learner, wanted: Wanted, now: datetime, random: Random) -> Chosen | None:
        """The next question for a learner; None where none fits."""


class Log(Protocol):
    """Where answers are appended."""

    def append(self, answered: Answered) -> None:
        """Add an answer."""


class Source(Protocol):
    """Where problems are found."""

    def problem(self, variant: str) -> Problem:
        """A problem by its variant's id. Raises `TutorError`."""


@dataclass(frozen=True)
class World:
    """Everything outside: the store, the chooser, the exercises, the clock, and the seed of all chance.

    `start` is the learner before the session. (With a seed it is a new one, so that the same replies give the same questions.)
    """

    store: Log
    chooser: Chooser
    source: Source
    clock: Callable[[], datetime]
    seed: str
    start: Learner = NEW


__all__ = ["Chooser", "Chosen", "Log", "Source", "Wanted", "World"]
