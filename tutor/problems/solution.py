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

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tutor.calculus.audit import Audit
from tutor.calculus.differentiate import Derivation
from tutor.calculus.gradient import Gradient
from tutor.calculus.graph.backprop import Backprop
from tutor.calculus.optima.critical import StationaryPoints
from tutor.calculus.total import TotalDerivative
from tutor.calculus.worked import Worked, distinct
from tutor.descent.trace import Trace
from tutor.exposition import Level
from tutor.exposition.doc import Block, Doc, Maths, Paragraph, Phrase, Result, Section
from tutor.exposition.names import Name, named
from tutor.exposition.phrases import PHRASES, listed
from tutor.exposition.places import value_section
from tutor.exposition.topics import topic
from tutor.exposition.topics.critical import point_form
from tutor.form.evaluate import evaluate
from tutor.form.numerals import rational
from tutor.form.reading import read
from tutor.form.tree import Add, Apply, Div, Form, Listing, Neg, Relation, Sym
from tutor.form.walk import nodes
from tutor.problems.paper import answered, on_paper, unrepeated
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
        if question.options and not all(option in "".join(map(str, question.ask)) for option in question.options):
            yield Paragraph(say("problem.one_of", {"options": "; ".join(question.options)}))


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
    said = in_words(question)
    return (*said, f" {question.unit}") if question.unit else said


def value(question: Question) -> Phrase:
    """The right answer; one in words is words."""
    key, asked = question.answer.key, question.answer.asked
    return (str(asked.expected),) if isinstance(key, Sym) and isinstance(asked.expected, str) and asked.kind != "expression" else (key,)


def in_words(question: Question) -> Phrase:
    """The right answer as it is said: several places are an enumeration, and a number that is no fraction has its decimals behind it."""
    key, asked = question.answer.key, question.answer.asked
    if isinstance(key, Listing) and key.kind == "set":
        return listed(key.items)
    if isinstance(key, Listing) and asked.kind == "iterates":
        return tuple(part for k, cell in enumerate(key.items) for part in ((", ", cell) if k else (cell,)))
    return (Relation((key, about), ("~",)),) if (about := _about(question)) is not None else value(question)


def _about(question: Question) -> Form | None:
    """The decimals of a number that is measured or rounded, and is no fraction."""
    key, settings = question.answer.key, question.source.settings
    if key.free or isinstance(key, Listing | Relation | Sym) or not (question.unit or _ROUNDED & settings.keys()):
        return None
    exact = rational(key)
    if exact is not None and (not _ROUNDED & settings.keys() or (10_000 * exact).denominator == 1):
        return None
    size = evaluate(key, {})
    places = settings.get("decimal_places")
    if places is None:
        return _decimal(float(f"{size:.4g}"))
    rounded = read(f"{abs(size):.{int(str(places))}f}")
    return Neg(rounded) if size < 0 else rounded


_ROUNDED = {"decimal_places", "significant_figures", "tolerance", "relative_tolerance"}


@dataclass
class _Told:
    """What a solution has said so far: the derivatives that stand on the page, and in which question."""

    problem: Problem
    level: Level
    known: dict[tuple[Form, tuple[str, ...]], str] = field(default_factory=dict)
    passes: dict[tuple[Form, tuple[tuple[str, Form], ...]], str] = field(default_factory=dict)
    said: set[Phrase] = field(default_factory=set)
    here: str = ""

    def solved(self, k: int, question: Question) -> Iterator[Block]:
        """How one answer comes about, the answer, what it means."""
        self.here = f"{chr(97 + k)})" if len(self.problem.questions) > 1 else ""
        if question.spotted is not None:
            yield from self._error(question)
        found = question.answer
        blocks = (*(block for worked in found.worked for block in (*self._worked(worked, found.point), *self._alone(worked, found.key))), *map(Maths, found.lines))
        shown, stated = (unrepeated(blocks), False) if self._ends_in_words(question) else answered(blocks, found.key)
        yield from shown
        yield from self._checked(question)
        if not stated and question.spotted is None and self._is_tall(question):
            yield Result(found.key)
        elif not stated and question.spotted is None:
            yield Paragraph(say("problem.result", {"result": result(question)}), "result")
        if question.interpretation:
            yield Paragraph(question.interpretation)

    def _ends_in_words(self, question: Question) -> bool:
        """Whether the answer is a sentence of its own: with a unit, or after a search or a table, whose last line is not the answer."""
        return bool(question.unit) or any(isinstance(worked, StationaryPoints | Trace) for worked in question.answer.worked)

    def _is_tall(self, question: Question) -> bool:
        """Whether an answer is an expression, or holds fractions: then it stands on a line of its own."""
        key = question.answer.key
        is_one = not isinstance(key, Listing) or key.kind == "tuple"
        return not question.unit and in_words(question) == (key,) and is_one and (bool(key.free) or any(isinstance(node, Div) for node in nodes(key)))

    def _worked(self, worked: Worked, point: Mapping[str, Form] | None) -> Iterator[Block]:
        yield from (block for block in self._told(worked, point) if not self._is_said(block))

    def _is_said(self, block: Block) -> bool:
        """Whether a sentence without numbers has been said in this solution."""
        if not isinstance(block, Paragraph) or any(isinstance(part, Form) for part in block.phrase):
            return False
        known = block.phrase in self.said
        self.said.add(block.phrase)
        return known

    def _told(self, worked: Worked, point: Mapping[str, Form] | None) -> Iterator[Block]:
        place = None if point is None else dict(point)
        function = _function(worked)
        firsts = [one for one in distinct(worked.derivations) if one.order == 1 and one.function is function]
        seen = bool(firsts) and all(_letters(one) in self.known for one in firsts)
        blocks = on_paper(self.level, worked, topic(worked).document(worked, self.level, self._named(worked), place))
        if isinstance(worked, StationaryPoints):
            blocks = self._within(worked, blocks)
        name = self._name(worked)
        if isinstance(worked, TotalDerivative):
            yield from self._along(worked, blocks)
        elif isinstance(worked, Backprop):
            yield from self._pass(worked, blocks)
        elif isinstance(worked, Derivation) and name is not None:
            yield from self._derivation(worked, blocks, name, place)
        elif not seen or name is None:
            yield from blocks
        elif isinstance(worked, Gradient):
            yield from self._again(firsts, name)
            yield from (block for block in blocks if isinstance(block, Result) or (isinstance(block, Section) and block.rule == "at"))
        else:
            yield from self._without(blocks, firsts, name)
        for one in firsts:
            self.known.setdefault(_letters(one), self.here)

    def _derivation(self, worked: Derivation, blocks: tuple[Block, ...], name: Name, place: dict[str, Form] | None) -> Iterator[Block]:
        """A derivative of any order, with a reference for each order that has been found."""
        if _letters(worked) in self.known:
            yield from self._again([worked], name)
            if place:
                yield value_section(worked, name, place)
            return
        lower = iter(worked.chain)
        for block in blocks:
            if isinstance(block, Section) and block.rule == "order" and _letters(one := next(lower)) in self.known:
                yield from self._again([one], name)
            else:
                yield block
        for one in worked.chain:
            self.known.setdefault(_letters(one), self.here)

    def _along(self, worked: TotalDerivative, blocks: tuple[Block, ...]) -> Iterator[Block]:
        """A rate along all links; where it has been found, a reference and its value."""
        found = next((block for block in blocks if isinstance(block, Result)), None)
        key = worked.function, tuple(worked.where.items())
        if found is None or key not in self.passes:
            self.passes[key] = self.here
            yield from blocks
            return
        left = found.form.operands[0] if isinstance(found.form, Relation) else found.form
        yield Paragraph(say("problem.found_above" if self.passes[key] else "problem.found_above_here", {"name": left, "question": self.passes[key]}))
        yield found
        yield from (block for block in blocks if isinstance(block, Section) and block.rule == "at")

    def _pass(self, worked: Backprop, blocks: tuple[Block, ...]) -> Iterator[Block]:
        """Both passes through a graph; they hold the slopes of all letters, so they are shown once."""
        key = worked.function, tuple(worked.point.items())
        if key in self.passes:
            yield Paragraph(say("problem.pass_above", {"question": self.passes[key]}))
        else:
            yield from blocks
            self.passes[key] = self.here

    def _within(self, worked: StationaryPoints, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """The blocks with a word on the places at which the variable cannot be."""
        found = [point for point in worked.solved.points if all(letter in point for letter in worked.variables)]
        left = [one.point for one in worked.points]
        conditions = self._conditions(worked)
        if not conditions or not left or len(left) == len(found) or worked.on is not None:
            return blocks
        places = listed([point_form(point, worked.variables) for point in left])
        only = Paragraph(say("critical.allowed", {"places": places, "count": len(left), "conditions": listed(conditions)}))
        k = next((k for k, block in enumerate(blocks) if isinstance(block, Section) and block.rule == "solving"), len(blocks) - 1)
        return (*blocks[: k + 1], only, *blocks[k + 1 :])

    def _alone(self, worked: Worked, key: Form) -> Iterator[Block]:
        """Why the one place in an open interval is the best of all, where nothing has been said of that."""
        conditions = self._conditions(worked)
        if not isinstance(worked, StationaryPoints) or not conditions or worked.on is not None or len(worked.points) != 1 or len(worked.variables) != 1:
            return
        (one,) = worked.points
        if one.point.get(worked.variables[0]) is key and one.verdict in ("minimum", "maximum") and not any(remark.id.endswith("_taken") for remark in worked.overall):
            yield Paragraph(say("problem.alone", {"conditions": listed(conditions), "least": one.verdict == "minimum"}))

    def _conditions(self, worked: Worked) -> list[Form]:
        """Where the letters of a search may be."""
        return [one for one in self.problem.scope.conditions if isinstance(worked, StationaryPoints) and one.free & set(worked.variables)]

    def _again(self, derivations: list[Derivation], name: Name) -> Iterator[Block]:
        """A reference in the place of a derivation: P′(p) has been found in a)."""
        for one in derivations:
            left = name.derivative(_letters(one)[1])
            where = self.known[_letters(one)]
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
        # Lines that an author wrote need not follow from each other.
        yield Paragraph(say("problem.mistake_line" if spotted.mistake else "problem.mistake_line_plain", {**line, "right": spotted.right is not None}))
        if spotted.right is not None:
            yield Maths(spotted.right)
        if spotted.mistake and spotted.wrong < len(spotted.lines):
            yield Paragraph(say("problem.below", {}), "reason")

    def _checked(self, question: Question) -> Iterator[Block]:
        """The value of a slope beside a difference quotient with a short step."""
        found = question.answer
        if self.level == "brief" or not found.point or len(found.point) != 1 or len(found.worked) != 1 or found.key.free:
            return
        (worked,) = found.worked
        name = self._name(worked)
        ((letter, place),) = found.point.items()
        exact = rational(place)
        if not isinstance(worked, Derivation) or worked.order != 1 or name is None or exact is None or (1000 * exact).denominator != 1:
            return
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
        function = _function(worked)
        letters = worked.letters if isinstance(worked, Trace) else getattr(worked, "variables", None) or (getattr(worked, "variable", None),)
        typed = self._named(worked)
        return None if typed is None or function is None or not letters[0] else named(typed, function, letters[0])


def _letters(derivation: Derivation) -> tuple[Form, tuple[str, ...]]:
    """What is differentiated, and by which letters in turn."""
    return derivation.chain[0].function, tuple(one.variable for one in derivation.chain)


def _function(worked: Worked) -> Form | None:
    """What a result is about."""
    if isinstance(worked, Derivation):
        return worked.chain[0].function
    about = getattr(worked.objective, "formula", None) if isinstance(worked, Trace) else getattr(worked, "function", None)
    return about if isinstance(about, Form) else None


def _decimal(value: float) -> Form:
    return read(f"{value:.10g}") if value >= 0 else Neg(read(f"{-value:.10g}"))


def audits(problem: Problem) -> tuple[Audit, ...]:
    """The audits of everything that the solution shows."""
    worked = [one for question in problem.questions for one in question.answer.worked]
    return tuple(audit for one in distinct(worked) for audit in one.audits)  # type: ignore[arg-type]


__all__ = ["audits", "key", "lettered", "result", "solution", "statement", "value"]
