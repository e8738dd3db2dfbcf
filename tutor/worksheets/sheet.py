"""A worksheet as a value: its problems in order, what each counts, whose copy it is, and an id that rebuilds it.

The id stands in the footer: `chain-rule+gradient.12.1-3.3.7.k2f9` says topics, count, difficulties, seed and copy, and ends with a check over
the variants of all problems. It gives the same problems and the same key on any machine, and says so when the exercises have changed.

>>> from tutor.problems.family import read_family
>>> text = "format: 1\\ntitle: A\\nskills: [power-rule]\\ndifficulty: 1\\nparameters: {n: 2..99}\\nquestions: [{ask: 'What is $n$?', answer: n, weight: 2}]"
>>> stock = Stock([read_family(text, "drill/count")])
>>> sheet = make(Plan(topics=("power-rule",), count=3, layout=Layout(points=2)), stock)
>>> [item.points for item in sheet.items], sheet.total
([(4,), (4,), (4,)], 12)
>>> again = rebuilt(sheet.id, stock)
>>> again.id == sheet.id and [item.problem.id for item in again.items] == [item.problem.id for item in sheet.items]
True
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256

from tutor.errors import RequestError
from tutor.exposition.doc import Block, Phrase
from tutor.exposition.plots.values import Figure
from tutor.problems.problem import Problem, Question
from tutor.problems.solution import lettered, result, solution
from tutor.problems.source import SourceError
from tutor.worksheets.choose import Stock, chosen, problems
from tutor.worksheets.names import Student
from tutor.worksheets.plan import MOST_PROBLEMS, Layout, Plan
from tutor.worksheets.topics import ALL, resolved

_ID = re.compile(r"(?P<topics>[a-z0-9/+-]+)\.(?P<count>\d{1,4})\.(?P<low>[123])-(?P<high>[123])\.(?P<seed>\d{1,9})\.(?P<copy>\d{1,5}|n[0-9a-z]{8})(?:\.(?P<check>[0-9a-f]{4}))?")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is printed: the sentence, what stands below it, and what there is to choose from."""

    phrase: Phrase
    shown: tuple[Block, ...] = ()
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Item:
    """A problem on a sheet: its number, and the points of each of its questions (none where points are not given)."""

    number: int
    problem: Problem
    points: tuple[int, ...]

    @property
    def total(self) -> int:
        """The points of the whole problem."""
        return sum(self.points)

    @property
    def statement(self) -> tuple[Block, ...]:
        """The story."""
        return self.problem.statement

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions."""
        return self.problem.questions

    def asked(self) -> list[Asked]:
        """What is asked, lettered where there are several questions."""
        count = len(self.questions)
        return [Asked(lettered(k, count, question.ask), question.shown, question.options) for k, question in enumerate(self.questions)]

    def results(self) -> list[Phrase]:
        """The right answers, lettered like the questions."""
        return [lettered(k, len(self.questions), result(question)) for k, question in enumerate(self.questions)]

    def solved(self) -> tuple[Block, ...]:
        """The worked solution, without the story."""
        return solution(self.problem).blocks[len(self.statement) :]

    def pictures(self) -> list[Figure]:
        """The pictures that belong to the worked solution."""
        from tutor.problems.pictures import figures

        return [figure for _, figure in sorted(figures(self.problem), key=lambda one: one[0])]

    def hints(self) -> list[tuple[Phrase, ...]]:
        """The hints of each question: the author's, or those of its derivation."""
        return [_hints(question) for question in self.questions]


def _hints(question: Question) -> tuple[Phrase, ...]:
    if question.hints:
        return question.hints
    from tutor.calculus.differentiate import Derivation
    from tutor.exposition.hints import hints

    derivations = [one for one in question.answer.worked if isinstance(one, Derivation)]
    return tuple(hint.phrase for hint in hints(derivations[0])) if derivations else ()


@dataclass(frozen=True)
class Sheet:
    """A worksheet; `copy` is 0, the number of a variant, or a student's key."""

    plan: Plan
    items: tuple[Item, ...]
    copy: str = "0"
    student: str = ""

    @cached_property
    def id(self) -> str:
        """What rebuilds the problems and the key."""
        plan = self.plan
        topics = "+".join(plan.topics) or ALL
        check = sha256(" ".join(item.problem.id for item in self.items).encode()).hexdigest()[:4]
        return f"{topics}.{plan.count}.{plan.difficulty[0]}-{plan.difficulty[1]}.{plan.seed}.{self.copy}.{check}"

    @property
    def layout(self) -> Layout:
        """How it looks."""
        return self.plan.layout

    @property
    def title(self) -> str:
        """The plan's title, or the topics."""
        alone = {item.problem.family.id: item.problem.title for item in self.items}
        return self.plan.title or _titled(self.plan.topics, alone)

    @property
    def total(self) -> int:
        """The points of the whole sheet."""
        return sum(item.total for item in self.items)


def make(plan: Plan, stock: Stock, copy: str = "0", student: str = "") -> Sheet:
    """The sheet of a plan, or a copy of it with other numbers. Raises `RequestError` and `SourceError`."""
    topics = tuple(dict.fromkeys(resolved(topic, stock.families) for topic in plan.topics))
    plan = replace(plan, topics=() if ALL in topics else topics)
    key = f"{'+'.join(sorted(plan.topics))}/{plan.count}/{plan.difficulty}/{plan.seed}"
    found = _problems(plan, stock, key, copy)
    items = tuple(Item(k, problem, _points(problem, plan.layout.points)) for k, problem in enumerate(found, 1))
    return Sheet(plan, items, copy, student)


def _problems(plan: Plan, stock: Stock, key: str, copy: str) -> list[Problem]:
    """The problems; where one cannot be worked out, its family is left out, and the choice begins again without it."""
    while True:
        known = len(stock.families)
        try:
            families = chosen(stock.families, plan.topics, plan.count, plan.difficulty, key)
            return problems(stock, families, f"{plan.seed}/{copy}")
        except SourceError:
            if len(stock.families) == known:
                raise


def copies(plan: Plan, stock: Stock, students: Sequence[Student] = ()) -> Iterator[Sheet]:
    """All copies of a plan: one a student, or its variants, or the one sheet."""
    for student in students:
        yield make(plan, stock, f"n{student.key}", student.name)
    if not students:
        numbers = range(1, plan.variants + 1) if plan.variants > 1 else (0,)
        yield from (make(plan, stock, str(number)) for number in numbers)


def is_id(text: str) -> bool:
    """Whether a text is a sheet's id.

    >>> is_id("chain-rule+gradient.12.1-3.3.7.0a1f"), is_id("plan.yaml")
    (True, False)
    """
    return _ID.fullmatch(text) is not None


def rebuilt(sheet_id: str, stock: Stock, plan: Plan | None = None) -> Sheet:
    """The sheet of an id, in the layout and with the title of a plan. Raises `RequestError`, also where the exercises have changed."""
    match = _ID.fullmatch(sheet_id)
    if match is None or not 1 <= int(match["count"]) <= MOST_PROBLEMS:
        raise RequestError("id", f"{sheet_id!r} is no sheet's id", advice="It stands in the footer, such as chain-rule.10.1-3.0.0.1a2b.")
    topics = () if match["topics"] == ALL else tuple(match["topics"].split("+"))
    wanted = replace(plan or Plan(), topics=topics, count=int(match["count"]), difficulty=(int(match["low"]), int(match["high"])), seed=int(match["seed"]))
    found = make(wanted, stock, match["copy"])
    if match["check"] and not found.id.endswith(f".{match['check']}"):
        raise RequestError(
            "id", "the exercises have changed since this sheet was made", advice=f"Leave out .{match['check']} to see what the sheet is now."
        )
    return found


def _points(problem: Problem, each: int) -> tuple[int, ...]:
    return tuple(max(round(each * question.weight), 1) for question in problem.questions) if each else ()


def _titled(topics: Sequence[str], families: Mapping[str, str]) -> str:
    """The titles of skills, folders and single exercises."""
    from tutor.problems.skills import SKILLS

    names = [SKILLS[topic].title if topic in SKILLS else families[topic] if topic in families else topic.rpartition("/")[2].replace("-", " ").capitalize() for topic in topics]
    return ", ".join(names) if 0 < len(names) <= 4 else "Worksheet"


__all__ = ["Asked", "Item", "Sheet", "copies", "is_id", "make", "rebuilt"]
