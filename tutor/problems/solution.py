"""The worked problem: statement, what is asked, how each answer comes about, what it means.

The steps are the engine's (the topics of `tutor.exposition`), so that a solution is proved like any explanation; the author adds only
the story and the interpretation. What an earlier question has worked out is referred to and not derived again. Three levels: brief
(the lines with numbers and the results), normal (what stands on the board), full (with the reasons).

>>> from tutor.problems.library import load
>>> from tutor.problems.problem import problem_of
>>> from tutor.resources import find
>>> problem = problem_of(load(find("templates", "stories/new.yaml")), 0)
>>> [type(block).__name__ for block in solution(problem).blocks], key(problem).blocks[1].phrase
(['Paragraph', 'Maths', 'Section', 'Section'], ('b) ', read('-12'), ' litres per minute'))
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tutor.calculus.audit import Audit
from tutor.calculus.differentiate import Derivation
from tutor.calculus.gradient import Gradient
from tutor.calculus.worked import Worked, distinct
from tutor.descent.trace import Trace
from tutor.exposition import Level
from tutor.exposition.doc import Block, Doc, Maths, Paragraph, Phrase, Result, Section, Table
from tutor.exposition.figures import Figure, figure_of
from tutor.exposition.names import Name, named
from tutor.exposition.phrases import PHRASES
from tutor.exposition.places import value_section
from tutor.exposition.topics import topic
from tutor.form.evaluate import evaluate
from tutor.form.reading import read
from tutor.form.tree import Add, Apply, Div, Form, Neg, Relation, Sym
from tutor.problems.problem import Problem, Question

say = PHRASES.say
_DERIVED = ("derivative", "partial", "gradient")
"""Sections of the engine's documents that hold first derivatives."""
_STEP = 0.001


def statement(problem: Problem) -> Doc:
    """The problem as it is set: the story and the questions, lettered where there are several."""
    return Doc((problem.title,), (*problem.statement, *_asked(problem.questions)))


def _asked(questions: tuple[Question, ...]) -> Iterator[Block]:
    for k, question in enumerate(questions):
        yield Paragraph(lettered(k, len(questions), question.ask), "question")
        yield from question.shown


def lettered(place: int, count: int, phrase: Phrase) -> Phrase:
    """a) in front of the first of several."""
    return (f"{chr(97 + place)}) ", *phrase) if count > 1 else phrase


def solution(problem: Problem, level: Level = "normal") -> Doc:
    """The worked problem."""
    blocks: list[Block] = [*problem.statement]
    told = _Told(problem, level)
    for k, question in enumerate(problem.questions):
        blocks.append(Section(lettered(k, len(problem.questions), question.ask), (*question.shown, *told.solved(k, question)), "question"))
    return Doc((problem.title,), tuple(blocks))


def key(problem: Problem) -> Doc:
    """The results alone."""
    return Doc((problem.title,), tuple(Paragraph(lettered(k, len(problem.questions), result(question))) for k, question in enumerate(problem.questions)))


def result(question: Question) -> Phrase:
    """The right answer with its unit."""
    said = value(question)
    return (*said, f" {question.unit}") if question.unit else said


def value(question: Question) -> Phrase:
    """The right answer; one in words is words."""
    key, asked = question.answer.key, question.answer.asked
    return (str(asked.expected),) if isinstance(key, Sym) and isinstance(asked.expected, str) and asked.kind != "expression" else (key,)


@dataclass
class _Told:
    """What a solution has said so far: the derivatives that stand on the page, and in which question."""

    problem: Problem
    level: Level
    known: dict[tuple[Form, str], str] = field(default_factory=dict)
    here: str = ""

    def solved(self, k: int, question: Question) -> Iterator[Block]:
        """How one answer comes about, the answer, what it means."""
        self.here = f"{chr(97 + k)})" if len(self.problem.questions) > 1 else ""
        if question.spotted is not None:
            yield from self._error(question)
        found = question.answer
        for worked in found.worked:
            yield from self._worked(worked, found.point)
        for line in found.lines:
            yield Maths(line)
        yield from self._checked(question)
        yield Paragraph(say("problem.result", {"result": result(question)}), "result")
        if question.interpretation:
            yield Paragraph(question.interpretation)

    def _worked(self, worked: Worked, point: Mapping[str, Form] | None) -> Iterator[Block]:
        place = None if point is None else dict(point)
        function = getattr(worked, "function", None)
        firsts = [one for one in distinct(worked.derivations) if one.order == 1 and one.function is function]
        seen = bool(firsts) and all((one.function, one.variable) in self.known for one in firsts)
        document = _for_paper(self.level, topic(worked).document(worked, self.level, self._named(worked), place))
        name = self._name(worked)
        if not seen or name is None:
            yield from document.blocks
        elif isinstance(worked, Derivation) and worked.order == 1:
            yield from self._again(firsts, name)
            if place:
                yield value_section(worked, name, place)
        elif isinstance(worked, Gradient):
            yield from self._again(firsts, name)
            yield from (block for block in document.blocks if isinstance(block, Result) or (isinstance(block, Section) and block.rule == "at"))
        else:
            yield from self._without(document.blocks, firsts, name)
        for one in firsts:
            self.known.setdefault((one.function, one.variable), self.here)

    def _again(self, derivations: list[Derivation], name: Name) -> Iterator[Block]:
        """A reference in the place of a derivation: P′(p) has been found in a)."""
        for one in derivations:
            left = name.derivative((one.variable,))
            where = self.known[one.function, one.variable]
            key = "problem.found_above" if where and where != self.here else "problem.found_above_here"
            if self.level != "brief":
                yield Paragraph(say(key, {"name": left, "question": where}))
            yield Maths(Relation((left, one.value), ("=",)))

    def _without(self, blocks: tuple[Block, ...], firsts: list[Derivation], name: Name) -> Iterator[Block]:
        """The blocks, with references where the first derivatives were worked out again."""
        done = False
        for block in blocks:
            if isinstance(block, Section) and block.rule in _DERIVED:
                if not done:
                    yield from self._again(firsts, name)
                done = True
            else:
                yield block

    def _error(self, question: Question) -> Iterator[Block]:
        """Which line is wrong; of a planted mistake also what it should say, and that the lines below follow from it."""
        spotted = question.spotted
        assert spotted is not None
        line = {"number": spotted.wrong}
        if spotted.right is None:
            yield Paragraph(say("problem.mistake_line_plain", line))
        else:
            yield Paragraph(say("problem.mistake_line", line))
            yield Maths(spotted.right)
            # Lines that an author wrote need not follow from each other.
            if spotted.wrong < len(spotted.lines):
                yield Paragraph(say("problem.below", {}), "reason")

    def _checked(self, question: Question) -> Iterator[Block]:
        """The value of a slope beside a difference quotient with a short step."""
        found = question.answer
        if self.level == "brief" or not found.point or len(found.point) != 1 or len(found.worked) != 1 or found.key.free:
            return
        (worked,) = found.worked
        name = self._name(worked)
        if not isinstance(worked, Derivation) or worked.order != 1 or name is None:
            return
        ((letter, place),) = found.point.items()
        ends = [evaluate(place, {}) + side * _STEP for side in (1, -1)]
        values = [evaluate(worked.function, {letter: end}) for end in ends]
        ratio = (values[0] - values[1]) / (2 * _STEP)
        if abs(ratio - evaluate(found.key, {})) > 1e-4 * (1 + abs(ratio)):
            return
        high, low = (Apply(name.name, (_decimal(end),), (0,)) for end in ends)
        yield Paragraph(say("problem.check_difference", {"quotient": Div(Add((high, Neg(low))), _decimal(2 * _STEP)), "value": _decimal(float(f"{ratio:.4g}"))}), "evidence")

    def _named(self, worked: Worked) -> Form | None:
        """The function with the name that the story gives it: P(p) = …"""
        function = _function(worked)
        for name, one in self.problem.scope.functions.items():
            if one.body is function:
                return Relation((Apply(name, tuple(map(Sym, one.letters)), (0,) * len(one.letters)), one.body), ("=",))
        return function if isinstance(function, Form) else None

    def _name(self, worked: Worked) -> Name | None:
        function = getattr(worked, "function", None)
        letters = getattr(worked, "variables", None) or (getattr(worked, "variable", None),)
        typed = self._named(worked)
        return None if typed is None or function is None or not letters[0] else named(typed, function, letters[0])


_OPTION = re.compile(r"(?:(?<=[.!?;)])|^)[^.!?;]*(?<![\w-])--[a-z][^.!?]*[.!?)]*")


_NOT_ASKED = ("step", "length", "direction")
"""Sections of the engine's documents that answer more than was asked: they are for the full level."""


def _for_paper(level: Level, doc: Doc) -> Doc:
    """The document without sentences about options of a command line, and without what nobody asked for."""
    return Doc(doc.title, tuple(_on_paper(block) for block in _asked_for(level, doc.blocks)))


def _asked_for(level: Level, blocks: tuple[Block, ...]) -> Iterator[Block]:
    for block in blocks:
        if not isinstance(block, Section):
            yield block
        elif block.rule != "step" and (level == "full" or block.rule not in _NOT_ASKED):
            yield Section(block.heading, tuple(_asked_for(level, block.blocks)), block.rule, block.verdict)


def _on_paper(block: Block) -> Block:
    match block:
        case Paragraph(phrase, role):
            return Paragraph(_without_options(phrase), role)
        case Section(heading, blocks, rule, verdict):
            return Section(heading, tuple(map(_on_paper, blocks)), rule, verdict)
        case Table(header, rows, caption):
            return Table(header, rows, _without_options(caption))
    return block


def _without_options(phrase: Phrase) -> Phrase:
    return tuple(_OPTION.sub("", part) if isinstance(part, str) else part for part in phrase) if any(isinstance(part, str) and "--" in part for part in phrase) else phrase


def _function(worked: Worked) -> Form | None:
    """What a result is about."""
    about = getattr(worked.objective, "formula", None) if isinstance(worked, Trace) else getattr(worked, "function", None)
    return about if isinstance(about, Form) else None


def _decimal(value: float) -> Form:
    return read(f"{value:.10g}") if value >= 0 else Neg(read(f"{-value:.10g}"))


def figures(problem: Problem) -> list[tuple[int, Figure]]:
    """The pictures that help, each with the number of its question: the path of a descent."""
    return [(k, figure_of(one)) for k, question in enumerate(problem.questions) for one in question.answer.worked if isinstance(one, Trace) and len(one.letters) <= 2]


def audits(problem: Problem) -> tuple[Audit, ...]:
    """The audits of everything that the solution shows."""
    worked = [one for question in problem.questions for one in question.answer.worked]
    return tuple(audit for one in distinct(worked) for audit in one.audits)  # type: ignore[arg-type]


__all__ = ["audits", "figures", "key", "lettered", "result", "solution", "statement", "value"]
