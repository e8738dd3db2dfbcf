"""Which mistake a learner probably makes: a probability for each from the last answers, and what a question would tell about it.

The model is Bayes' rule over these hypotheses: the learner has one wrong idea at a time, this one or that one, or none. Each answer multiplies the
odds of a mistake against none by how much more probable the answer is with it: a mistake that was found rises; where it could have shown and
did not, it falls. Of two that look the same in a question both rise, and a question that separates them lowers the other one.
Older answers weigh less, so that another idea can take its place: a learner learns.

What a question tells is the expected information of its answer, in bits (C. E. Shannon, 1948): the entropy of the answers that can come, less the
entropy that remains when the mistake is known, since who has one does not always show it.

>>> from datetime import UTC, datetime
>>> from tutor.practice.learner import NEW, updated
>>> from tutor.practice.records import Answered, Item
>>> from tutor.practice.shelf import shelf_of
>>> item = Item("power-rule/power-sums@0", 0, ("power-rule",), 1)
>>> learner = updated(NEW, Answered(datetime(2026, 1, 5, tzinfo=UTC), "a", item, "", "wrong", 0.0, ("P10",)))
>>> beliefs(learner, shelf_of()).suspected
'P10'
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import log2
from typing import TYPE_CHECKING

from tutor.practice.mastery import SKILLS_OF, named, weight_of
from tutor.practice.records import Answered

if TYPE_CHECKING:
    from tutor.practice.learner import Learner
    from tutor.practice.shelf import Shelf
    from tutor.practice.tells import Told

PRIOR, ABOUT, ELSEWHERE = 0.015, 0.10, 0.002
"""The odds of a mistake against none before anything is known; where a topic was chosen, of one of that topic, and of any other."""
MADE, ALIKE = 0.75, 0.01
"""Who has a mistake shows it so often where it can show; its answer comes about so often without it."""
RIGHT, RIGHT_WITH = 0.85, 0.20
"""A right answer without, and with, a mistake that could have shown."""
OTHER = 0.4
"""How much less probable a mistake gets where another one showed and it did not."""
FADING = 0.95
SUSPECTED = 0.5
_LAST = 20
_ENTROPY = -MADE * log2(MADE) - (1 - MADE) * log2(1 - MADE)


@dataclass(frozen=True)
class Beliefs:
    """How probable each mistake is: the odds against none of those that could have shown or did, and the odds of all others before anything is known.

    >>> found = Beliefs({"C1": 3.0}, lambda _: 0.01)
    >>> found.of("C1"), found.of("P1"), found.suspected
    (0.75, 0.0025, 'C1')
    """

    odds: Mapping[str, float]
    start: Callable[[str], float]

    @cached_property
    def _whole(self) -> float:
        return 1 + sum(self.odds.values())

    def of(self, mistake: str) -> float:
        """The probability of a mistake."""
        return (self.odds[mistake] if mistake in self.odds else self.start(mistake)) / self._whole

    @cached_property
    def ranked(self) -> tuple[tuple[str, float], ...]:
        """The mistakes that could have shown or did, with their probabilities, the most probable first."""
        return tuple(sorted(((name, self.of(name)) for name in self.odds), key=lambda one: (-one[1], one[0])))

    @property
    def suspected(self) -> str:
        """The mistake that a learner probably makes: more probable than all else together; empty where there is none."""
        return next((name for name, value in self.ranked[:1] if value > SUSPECTED), "")


def beliefs(learner: Learner, shelf: Shelf) -> Beliefs:
    """What the last answers say about the mistakes of the catalogue."""
    odds: dict[str, float] = {}
    start = _start(shelf)
    for one in [one for one in learner.firsts if one.outcome in ("right", "wrong", "partly")][-_LAST:]:
        possible = {name for names in shelf.whole.told(one.item) for name in named(names)}
        odds = {name: start(name) ** (1 - FADING) * value**FADING for name, value in odds.items()}
        odds |= {name: odds.get(name, start(name)) * _ratio(name, one) for name in possible.union(named(one.mistakes))}
    return Beliefs(odds, start)


def _start(shelf: Shelf) -> Callable[[str], float]:
    """The odds of each mistake before anything is known."""
    if not shelf.chosen:
        return lambda _: PRIOR
    return lambda name: ABOUT if shelf.chosen.intersection(SKILLS_OF.get(name[:1], ())) else ELSEWHERE


def _ratio(name: str, one: Answered) -> float:
    """How much more probable an answer is with a mistake than without any."""
    if one.outcome == "right":
        return float((RIGHT_WITH / RIGHT) ** weight_of(one.hints, 0))
    found = named(one.mistakes)
    return MADE / ALIKE if name in found else OTHER if found else 1.0


def information(told: Told, believed: Beliefs) -> float:
    """What the answer to a question is expected to tell, in bits, about which mistake a learner makes.

    >>> together, apart = (frozenset(("C1", "P1")),), (frozenset(("C1",)), frozenset(("P1",)))
    >>> either = Beliefs({"C1": 3.0, "P1": 3.0}, lambda _: PRIOR)
    >>> information(together, either) < information(apart, either)
    True
    """
    shares = [sum(map(believed.of, named(names))) for names in told]
    whole = max(sum(shares), 1.0)
    shown = [MADE * share / whole for share in shares]
    entropy = -sum(share * log2(share) for share in (*shown, 1 - sum(shown)) if share > 0)
    return max(entropy - _ENTROPY * sum(shares) / whole, 0.0)


__all__ = ["SUSPECTED", "Beliefs", "beliefs", "information"]
