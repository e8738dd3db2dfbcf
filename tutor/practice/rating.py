"""Ratings: how able a learner is and how hard a family is, on one scale, by a rule like Elo's.

Sources: A. E. Elo, "The Rating of Chessplayers, Past and Present" (1978); R. Pelánek, "Applications of the Elo rating system in adaptive educational
systems", Computers & Education 98 (2016), 169-179. The scale is in logits; a step gets smaller with the number of answers, as Pelánek's
uncertainty function says:

    P(right) = 1 / (1 + exp(-(ability - difficulty)))         step(n) = a / (1 + b n),  a = 1, b = 0.05
    ability += step (score - P),   difficulty -= step/2 (score - P)

A family starts where its author's difficulty (1, 2, 3) puts it.

>>> learner, family = Rating(), START[2]
>>> learner, family = played(learner, family, 1.0)
>>> round(learner.value, 2), round(family.value, 2), expected(learner, family) > 0.5
(0.5, -0.25, True)
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp

_STEP, _SLOWER = 1.0, 0.05


@dataclass(frozen=True, slots=True)
class Rating:
    """A place on the scale, and how many answers it rests on."""

    value: float = 0.0
    answers: int = 0

    @property
    def step(self) -> float:
        """How far the next answer moves it at most."""
        return _STEP / (1 + _SLOWER * self.answers)


START = {1: Rating(-1.0), 2: Rating(0.0), 3: Rating(1.0)}
"""Where families of each difficulty begin."""


def expected(learner: Rating, family: Rating) -> float:
    """The chance of a right answer.

    >>> expected(Rating(1.0), Rating(1.0))
    0.5
    """
    return 1 / (1 + exp(-(learner.value - family.value)))


def played(learner: Rating, family: Rating, score: float) -> tuple[Rating, Rating]:
    """Both ratings after an answer with this score."""
    surprise = score - expected(learner, family)
    return Rating(learner.value + learner.step * surprise, learner.answers + 1), Rating(family.value - family.step / 2 * surprise, family.answers + 1)


__all__ = ["START", "Rating", "expected", "played"]
