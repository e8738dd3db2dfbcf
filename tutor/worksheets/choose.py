"""Which families stand on a sheet, and which variant of each: spread over topics and difficulties, no two problems alike.

The topics take turns. Each turn takes, of the topic's families, one of the difficulty that is next in turn, and the one that was
used least; ties are decided by a hash of the seed, which is the same on every machine. The sheet begins with what is easy. Every copy of
a sheet has the same families in the same order, with other numbers.

>>> from tutor.problems.family import read_family
>>> text = "format: 1\\ntitle: A\\nskills: [power-rule]\\ndifficulty: {}\\nparameters: {{n: 2..9}}\\nquestions: [{{ask: 'What is $n$?', answer: n}}]"
>>> stock = Stock([read_family(text.format(level), f"drill/{name}") for level, name in ((2, "harder"), (1, "easy"))])
>>> [family.id for family in chosen(stock.families, ("power-rule",), 4, (1, 3), "3")]
['drill/easy', 'drill/easy', 'drill/harder', 'drill/harder']
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from hashlib import sha256

from tutor.errors import RequestError
from tutor.problems.blind import collisions
from tutor.problems.family import FORMAT, Family
from tutor.problems.library import Library
from tutor.problems.problem import Problem, problem_of
from tutor.problems.source import SourceError
from tutor.worksheets.topics import ALL, belonging, offered

_TRIES = 60
_DRAWS = 24
_MOST_KEPT = 20_000


class Stock:
    """Families to choose from, and their problems, each made once.

    `faults` are the files that cannot be read, and those with a variant that cannot be worked out, which are left out from then on.
    """

    def __init__(self, families: Sequence[Family], faults: Sequence[SourceError] = ()) -> None:
        self.families = tuple(families)
        self.faults = list(faults)
        self._problems: dict[tuple[str, int], tuple[Problem, bool]] = {}

    def problem(self, family: Family, seed: str) -> Problem:
        """The problem of a seed, whose mistakes can be told apart where that can be had. Raises `RequestError` where the family has no variant."""
        best: Problem | None = None
        for k in range(_DRAWS):
            rank = family.space.seeded(f"{family.id}/{FORMAT}/{seed}/{k}")
            if rank in family.disabled:
                continue
            problem, blind = self._at(family, rank)
            if not blind:
                return problem
            best = best or problem
        if best is None:
            raise RequestError("variant", f"the variants of {family.id} are disabled")
        return best

    def _at(self, family: Family, rank: int) -> tuple[Problem, bool]:
        """A variant, and whether it is blind (`tutor.problems.blind`); found out once."""
        key = family.id, rank
        if key not in self._problems:
            if len(self._problems) >= _MOST_KEPT:
                self._problems.clear()
            problem = problem_of(family, rank)
            try:
                for question in problem.questions:
                    _ = question.ask, question.answer
                _ = problem.statement
            except SourceError as fault:
                self._leave_out(family, fault)
                raise
            self._problems[key] = problem, bool(collisions(problem))
        return self._problems[key]

    def _leave_out(self, family: Family, fault: SourceError) -> None:
        self.families = tuple(one for one in self.families if one is not family)
        self.faults.append(fault)


def stocked(library: Library) -> Stock:
    """All families of a library that can be read."""
    faults: list[SourceError] = []
    families = list(library.families(faults))
    return Stock(families, faults)


def chosen(families: Sequence[Family], topics: Sequence[str], count: int, difficulty: tuple[int, int], key: str) -> list[Family]:
    """The families of a sheet in their order, one for each problem. Raises `RequestError` where there are not enough."""
    groups = _groups(families, topics, difficulty, key)
    used: Counter[str] = Counter()
    found: list[Family] = []
    levels = list(range(difficulty[0], difficulty[1] + 1))
    turn = 0
    while len(found) < count:
        taken = 0
        for group in groups[: count - len(found)]:
            family = _next(group, used, levels, turn)
            if family is not None:
                used[family.id] += 1
                found.append(family)
                taken += 1
        turn += 1
        if not taken:
            raise _too_few(len(found), count)
    return sorted(found, key=lambda family: family.difficulty)


def _too_few(found: int, count: int) -> RequestError:
    return RequestError("count", f"{count} problems are asked for, and there are {found} different ones", advice="Take fewer, or more topics.")


def _groups(families: Sequence[Family], topics: Sequence[str], difficulty: tuple[int, int], key: str) -> list[list[Family]]:
    """The families that each topic can give, in hashed order."""
    groups = []
    for topic in topics or (ALL,):
        every = belonging(topic, families)
        fitting = [family for family in every if difficulty[0] <= family.difficulty <= difficulty[1]]
        if not fitting:
            raise _nothing(topic, every, families)
        groups.append(sorted(fitting, key=lambda family: _hash(f"{key}/{family.id}")))
    return groups


def _nothing(topic: str, every: Sequence[Family], families: Sequence[Family]) -> RequestError:
    if not every:
        return RequestError("topic", f"there are no exercises for {topic} yet", advice=f"Topics with exercises: {', '.join(offered(families)) or 'none'}.")
    levels = sorted({family.difficulty for family in every})
    return RequestError("difficulty", f"there are no exercises for {topic} of this difficulty", advice=f"There are some of difficulty {', '.join(map(str, levels))}.")


def _next(group: Sequence[Family], used: Counter[str], levels: Sequence[int], turn: int) -> Family | None:
    """The least used family of the difficulty that is next in turn, or of the nearest one."""
    left = [family for family in group if used[family.id] < family.space.size]
    wanted = levels[turn % len(levels)]
    return min(left, key=lambda family: (used[family.id], abs(family.difficulty - wanted)), default=None)


def problems(stock: Stock, families: Sequence[Family], key: str) -> list[Problem]:
    """A problem of each family, no two alike. Raises `RequestError` where a family has no more different ones."""
    found: list[Problem] = []
    for place, family in enumerate(families):
        alike = [one for one in found if one.family is family]
        found.append(_unlike(stock, family, f"{key}/{place}", alike))
    return found


def _unlike(stock: Stock, family: Family, key: str, alike: Sequence[Problem]) -> Problem:
    """A problem that differs from some of the same family in what is asked."""
    ranks = {one.rank for one in alike}
    for k in range(_TRIES):
        problem = stock.problem(family, f"{key}/{k}")
        if not alike or (problem.rank not in ranks and all(_seen(problem) != _seen(one) for one in alike)):
            return problem
    raise RequestError("count", f"{family.id} has no more than {len(alike)} different variants", advice="Take fewer problems, or more topics.")


def _seen(problem: Problem) -> object:
    """What a reader sees of a problem."""
    return problem.statement, tuple(question.ask for question in problem.questions)


def _hash(text: str) -> bytes:
    return sha256(text.encode()).digest()


__all__ = ["Stock", "chosen", "problems", "stocked"]
