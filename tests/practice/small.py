"""A small world for sessions: three families, a chooser that goes through a list, a clock that ticks, a store in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from tutor.errors import RequestError
from tutor.practice.learner import Learner
from tutor.practice.records import Item
from tutor.practice.said import Said
from tutor.practice.store import MemoryStore
from tutor.practice.world import Chosen, Wanted, World
from tutor.problems.family import Family, read_family
from tutor.problems.problem import Problem, problem_of, rank_of

START = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)

CHAIN = """
format: 1
title: A sine inside
skills: [chain-rule]
difficulty: 2
parameters: {a: [3, 5, 7]}
variables: {x: ""}
functions: {f: x^2*sin(a*x)}
story: $f(x) = f$
questions:
  - ask: What is $f'(x)$?
    answer: diff(f, x)
"""
SHOP = """
format: 1
title: A shop
skills: [power-rule, optimum]
difficulty: 1
parameters: {a: [10, 20], best: 4..6}
derived: {b: 2*a*best}
variables: {s: s > 0}
functions: {P: -a*s^2 + b*s}
story: A shop earns $P(s) = P$ euros at a price of $s$ euros.
questions:
  - ask: What is $P'(s)$?
    answer: diff(P, s)
    interpretation: So much more a day for each euro.
  - ask: At which price does it earn most?
    answer: argmax(P, s)
    unit: euros
"""
BROKEN = """
format: 1
title: Nothing works
skills: [gradient]
difficulty: 1
parameters: {a: [1, 2]}
variables: {x: ""}
functions: {f: a*x}
questions:
  - ask: What is that?
    answer: argmax(f, x)
"""


def family(text: str, name: str) -> Family:
    return read_family(text, name)


FAMILIES = {one.id: one for one in (family(CHAIN, "chain/sine"), family(SHOP, "shop/price"), family(BROKEN, "broken/none"))}


@dataclass
class Problems:
    """Finds problems of the three families."""

    def problem(self, variant: str) -> Problem:
        name, _, rest = variant.partition("@")
        if name not in FAMILIES:
            raise RequestError("family", f"there is no exercise {name!r}")
        return problem_of(FAMILIES[name], rank_of(rest.partition(".")[0]))


def item(name: str, rank: int = 0, question: int = 0) -> Item:
    one = FAMILIES.get(name, FAMILIES["chain/sine"])
    return Item(f"{name}@{rank}.{one.digest}", question, one.skills, one.difficulty)


@dataclass
class InOrder:
    """Gives items one after the other, from the beginning again, without excluded families, and easier ones if so wanted. Keeps what it was asked."""

    items: Sequence[Item]
    asked: list[tuple[Learner, Wanted]] = field(default_factory=list)

    def choose(self, learner: Learner, wanted: Wanted, now: datetime, random: Random) -> Chosen | None:
        self.asked.append((learner, wanted))
        left = [one for one in self.items if one.family not in wanted.without and (not wanted.topics or set(wanted.topics) & set(one.skills))]
        if wanted.easier and learner.last is not None:
            left = [one for one in left if one.difficulty < learner.last.item.difficulty]
        return Chosen(left[learner.answered % len(left)], (Said("quiz.why_plain"),)) if left else None


@dataclass
class Clock:
    """One second later at each look."""

    now: datetime = START

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


def world(*items: Item, store: MemoryStore | None = None) -> World:
    return World(store or MemoryStore(), InOrder(items or (item("chain/sine"), item("shop/price"), item("shop/price", 0, 1))), Problems(), Clock(), "seed")
