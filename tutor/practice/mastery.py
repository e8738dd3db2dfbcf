"""Mastery: how probable it is that a learner has a skill, by Bayesian knowledge tracing.

Source: A. T. Corbett, J. R. Anderson, "Knowledge Tracing: Modeling the Acquisition of Procedural Knowledge", User Modeling and User-Adapted
Interaction 4 (1995), 253-278. A skill is known or not; an answer is right by knowing without a slip, or by a guess, and
after each question there is a chance that the skill was learned there:

    P(known | right) = P(known) (1 - slip) / (P(known) (1 - slip) + (1 - P(known)) guess)
    P(known) after the question = P(known | answer) + (1 - P(known | answer)) learn

A question that needs several skills is right when all of them are known: each skill is judged with the others as probable as they are
(so a wrong answer is blamed on what is least certain). A diagnosed mistake is blamed on its own skill. The priors are below, in one table; they
are assumptions, stated so that they can be refitted to a log.

A skill counts as mastered from 0.95 on (Corbett and Anderson's criterion), with one success that was interleaved: right, without help,
after a question about another skill or a night's pause. A wrong answer takes both away again.

>>> one = Mastery()
>>> one = judged(one, Evidence(1.0, 1.0, 1)); round(one.known, 2)
0.78
>>> two = judged(one, Evidence(1.0, 1.0, 1, interleaved=True)); two.mastered
True
>>> judged(two, Evidence(0.0, 1.0, 1)).mastered
False
>>> judged(Mastery(), Evidence(1.0, weight_of(hints=2, tries=0), 1)).known < one.known
True
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import prod

from tutor.practice.records import Item


@dataclass(frozen=True, slots=True)
class Priors:
    """What is assumed before anything is known; `slip` and `guess` for questions of difficulty 1, 2 and 3."""

    known: float
    learn: float
    slip: tuple[float, float, float]
    guess: tuple[float, float, float]


PRIORS = Priors(known=0.25, learn=0.10, slip=(0.06, 0.10, 0.16), guess=(0.10, 0.06, 0.04))
"""Typed mathematics is seldom guessed; harder questions are seldom guessed and more often slipped in."""
MASTERED = 0.95
HELPED = 0.5
"""Each hint, and each earlier try at the same question, halves what a right answer weighs."""
LAPSES = 3
_LEAST, _MOST = 0.001, 0.999


@dataclass(frozen=True, slots=True)
class Mastery:
    """What is known of one skill: the probability, how many questions it had, whether it was shown between other skills, wrong answers in a row."""

    known: float = PRIORS.known
    answers: int = 0
    interleaved: bool = False
    lapses: int = 0

    @property
    def mastered(self) -> bool:
        """Whether the skill counts as known."""
        return self.known >= MASTERED and self.interleaved

    @property
    def lapsed(self) -> bool:
        """Whether it went wrong so often in a row that what comes before it should be asked."""
        return self.lapses >= LAPSES


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an answer says: the score from 0 to 1, how much it weighs, the question's difficulty, the product of the other skills' probabilities."""

    score: float
    weight: float
    difficulty: int
    others: float = 1.0
    interleaved: bool = False
    first: bool = True


def weight_of(hints: int, tries: int) -> float:
    """What an answer weighs after so many hints and earlier tries at the same question.

    >>> weight_of(0, 0), weight_of(1, 0), weight_of(1, 1)
    (1.0, 0.5, 0.25)
    """
    return float(HELPED ** (hints + tries))


def judged(before: Mastery, seen: Evidence) -> Mastery:
    """The mastery of a skill after an answer."""
    known = posterior(before.known, seen)
    if seen.first:
        known += (1 - known) * PRIORS.learn
    success = seen.score >= 1 and seen.weight >= 1
    return Mastery(
        min(max(known, _LEAST), _MOST), before.answers + seen.first, seen.score >= 0.5 and (before.interleaved or (success and seen.interleaved)),
        0 if seen.score >= 0.5 else before.lapses + seen.first,
    )  # fmt: skip


def posterior(known: float, seen: Evidence) -> float:
    """P(known | answer): Bayes' rule, a partly right answer between the two, evidence of little weight flattened."""
    slip, guess = PRIORS.slip[seen.difficulty - 1], PRIORS.guess[seen.difficulty - 1]
    chance = (1 - slip) * seen.others + guess * (1 - seen.others)
    likely = (chance**seen.score * (1 - chance) ** (1 - seen.score)) ** seen.weight
    unlikely = (guess**seen.score * (1 - guess) ** (1 - seen.score)) ** seen.weight
    return float(known * likely / (known * likely + (1 - known) * unlikely))


def chance(known: Iterable[float], difficulty: int) -> float:
    """The probability of a right answer to a question that needs these skills.

    >>> round(chance([0.9, 0.9], 1), 3)
    0.78
    """
    together = prod(known)
    return (1 - PRIORS.slip[difficulty - 1]) * together + PRIORS.guess[difficulty - 1] * (1 - together)


# -- which skills an answer speaks of ------------------------------------------------------------------

SKILLS_OF = {
    "P": ("power-rule",), "S": ("power-rule",), "E": ("exponential-and-log",), "T": ("trigonometric",), "C": ("chain-rule",),
    "R": ("product-rule",), "Q": ("quotient-rule",), "H": ("second-derivative",), "I": ("derivative-at-point",),
    "M": ("partial-derivative", "gradient", "total-derivative", "directional-derivative", "hessian", "saddle"), "G": ("gradient-descent", "learning-rate"),
    "L": ("loss", "regression"), "O": ("momentum", "adaptive-methods", "newton", "projection"),
}  # fmt: skip
"""The skills behind the groups of the catalogue of mistakes."""


def blamed(item: Item, mistakes: Sequence[str]) -> tuple[str, ...]:
    """The skills that a wrong answer speaks of: those of the mistake that was found, else all of the question.

    >>> item = Item("a/b@0", 0, ("trigonometric", "chain-rule"), 1)
    >>> blamed(item, ["witness", "C1"]), blamed(item, ["P1"]), blamed(item, []), blamed(item, ["C1 or T1"])
    (('chain-rule',), ('power-rule',), ('trigonometric', 'chain-rule'), ('chain-rule', 'trigonometric'))
    """
    found: list[str] = []
    for mistake in named(mistakes):
        skills = SKILLS_OF.get(mistake[:1], ())
        found.extend([one for one in skills if one in item.skills] or skills[:1])
    return tuple(dict.fromkeys(found)) or item.skills


def named(mistakes: Iterable[str]) -> tuple[str, ...]:
    """The ids of the catalogue among findings: of "C1 or T1" both, of witness none.

    >>> named(["witness", "C1 or T1", "algebra.sign"])
    ('C1', 'T1')
    """
    ids = (one for finding in mistakes for one in finding.split(" or "))
    return tuple(dict.fromkeys(one for one in ids if one[:1].isupper() and one[1:].isdigit()))


__all__ = ["HELPED", "LAPSES", "MASTERED", "PRIORS", "SKILLS_OF", "Evidence", "Mastery", "Priors", "blamed", "chance", "judged", "named", "posterior", "weight_of"]
