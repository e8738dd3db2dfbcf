"""Problems: one variant of a family with its numbers, its questions, how they are graded, and its solution.

A problem is a value: the statement and the questions as blocks and phrases (see `tutor.exposition.doc`), each question's right answer and
the engine's results behind it. What costs anything (the derivation, the kind of answer with its mistakes, the solution's text) is made
when it is asked for. `Problem.id` names the variant: the family, the variant's number and the file's digest, so that it rebuilds the problem and the
key on any machine, and says so when the file has changed since.

>>> from tutor.problems.family import read_family
>>> shop = read_family('''
... format: 1
... title: A shop
... skills: [power-rule, optimum]
... difficulty: 1
... parameters: {a: [10, 20], best: 4..6}
... derived: {b: 2*a*best}
... variables: {p: p > 0}
... functions: {P: -a*p^2 + b*p}
... story: A shop earns $P(p) = P$ euros.
... questions:
...   - {ask: "What is $P'(p)$?", answer: "diff(P, p)"}
...   - {ask: "At which price does it earn most?", answer: "argmax(P, p)", unit: euros}
... ''', "shop")
>>> problem = problem_of(shop, 0)
>>> "".join(map(str, problem.statement[0].phrase))
'A shop earns P(p) = -10*p^2 + 80*p euros.'
>>> [str(one.answer.key) for one in problem.questions], problem.questions[1].check("4 euros").outcome
(['-20*p + 80', '4'], 'right')
>>> problem.id.rpartition(".")[0]
'shop@0'
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from tutor.algebra.neat import neat
from tutor.errors import RequestError, TutorError
from tutor.exposition.doc import Block, Maths, Paragraph, Phrase, Table
from tutor.exposition.phrases import PHRASES
from tutor.form.numerals import integer, number
from tutor.form.reading import Reading
from tutor.form.tree import Apply, Form, Listing, Sym
from tutor.form.walk import kinds_of, substitute
from tutor.grading.asked import Asked
from tutor.grading.authored import Mistake
from tutor.grading.check import judged
from tutor.grading.kinds.base import Kind
from tutor.grading.selection import select
from tutor.grading.verdict import Verdict
from tutor.problems import family as written
from tutor.problems.answers import CALLS, Answer, Function, Scope, answer
from tutor.problems.family import Family
from tutor.problems.parameters import Value, Values, forms
from tutor.problems.source import Node, SourceError
from tutor.problems.spot import Spotted, ids, planted, shown_lines, written_out
from tutor.problems.story import Story

_APPLY = kinds_of(Apply)
_DRAWS = 24
"""So many times a variant is drawn for a seed until its mistakes can be told apart."""
_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
"""The digits of a variant's number: letters that look like digits are left out."""


@dataclass(frozen=True)
class Question:
    """A question of a problem: what is asked, the right answer, and what belongs to it."""

    source: written.Question
    values: Mapping[str, Value]
    scope: Scope
    id: str

    @cached_property
    def ask(self) -> Phrase:
        """What is asked."""
        return self.source.ask.phrase(self.values, self.scope)

    @cached_property
    def answer(self) -> Answer:
        """The right answer. Raises `SourceError` where the author's line cannot be worked out."""
        if not self.source.finds_error:
            return self.worked_out(self.source.answer, self.source.node)
        spotted = self.spotted
        assert spotted is not None
        return Answer(number(spotted.wrong), Asked(expected=number(spotted.wrong)))

    @cached_property
    def spotted(self) -> Spotted | None:
        """The working in which an error is to be found; None where none is. Raises `SourceError`."""
        if not self.source.finds_error:
            return None
        try:
            return self._spotted()
        except TutorError as fault:
            raise self._at(self.source.node, fault) from fault

    def _spotted(self) -> Spotted:
        if self.source.error is None:
            found = written_out(self.source.working, self.scope) if not self.source.answer else None
            if found is not None:
                return found
            wrong = integer(answer(self.source.answer, self.scope).key)
            if wrong is None or not 1 <= wrong <= len(self.source.working):
                raise RequestError("working", f"the answer is the number of the first wrong line, from 1 to {len(self.source.working)}")
            return Spotted(shown_lines(self.source.working, self.scope), wrong)
        wanted = ids("".join(map(str, self.source.error.phrase(self.values, self.scope))))
        right = answer(self.source.answer, self.scope)
        if not right.derivations or right.point:
            raise RequestError("error", "an error is put into the working of a derivative", advice="Such as answer: diff(f, x).")
        derivation = right.derivations[-1]
        return planted(derivation, wanted, self.name_of(derivation.function))

    def name_of(self, body: Form) -> Form:
        """The name that the family gives a function; f where it has none."""
        return next((Sym(name) for name, one in self.scope.functions.items() if one.body is body), Sym("f"))

    @cached_property
    def shown(self) -> tuple[Block, ...]:
        """What stands below the question: the numbered lines of a working, or a table with cells to fill in."""
        if self.spotted is not None:
            return tuple(Maths(line, note=(f"({k})",)) for k, line in enumerate(self.spotted.lines, 1))
        if not self.source.given:
            return ()
        cells = self.answer.key.children if isinstance(self.answer.key, Listing) else (self.answer.key,)
        rows = tuple(((str(k),), (cell,) if k in self.source.given else ("?",)) for k, cell in enumerate(cells, 1))
        return (Table((PHRASES.say("problem.step", {}), PHRASES.say("problem.value", {})), rows),)

    def _at(self, node: Node, fault: TutorError) -> SourceError:
        """A complaint with the place in the file and the variant."""
        return node.fault(fault.kind, f"in variant {self.id}: {fault.message}", fault.advice)

    @cached_property
    def kind(self) -> Kind:
        """How replies are graded. Raises `SourceError` for settings that do not fit the answer."""
        more = dict(self.source.settings)
        if self.source.options:
            more["options"] = self.options
        if self.source.given:
            more["given"] = tuple(k - 1 for k in self.source.given)
        found = self.answer
        try:
            mistakes = tuple(Mistake(one.id, str(key), one.say) for one, key in self._mistakes if key is not found.key)
            about = None if "kind" in more else found.about
            return select(replace(found.asked, mistakes=mistakes, **more), about)
        except TutorError as fault:
            raise self._at(self.source.node, fault) from fault

    @cached_property
    def _mistakes(self) -> list[tuple[written.Foreseen, Form]]:
        """The author's mistakes with what they come to."""
        return [(one, self.worked_out(one.answer, one.node).key) for one in self.source.mistakes]

    @property
    def meaningless(self) -> list[str]:
        """The author's mistakes that lead to the right answer in this variant: nothing is said of them."""
        return [one.id for one, key in self._mistakes if key is self.answer.key]

    @cached_property
    def unit(self) -> str:
        """The unit that stands behind the answer, which may depend on it: 1 euro, 2 euros."""
        return "".join(map(str, self._said(self.source.unit)))

    @cached_property
    def options(self) -> tuple[str, ...]:
        """What the author lets choose from, with the variant's words."""
        return tuple("".join(map(str, story.phrase(self.values, self.scope))) for story in self.source.options)

    @property
    def weight(self) -> float:
        """What the question counts."""
        return self.source.weight

    @cached_property
    def interpretation(self) -> Phrase:
        """What the answer means in the story; empty where the author says nothing."""
        return self._said(self.source.interpretation)

    @property
    def hints(self) -> tuple[Phrase, ...]:
        """The author's hints, from the vaguest to the most definite."""
        return tuple(story.phrase(self.values, self.scope) for story in self.source.hints)

    def check(self, reply: str) -> Verdict:
        """The verdict on a reply; the unit may stand behind it."""
        return judged(self._bare(reply), self.kind)

    def reading(self, reply: str) -> Reading:
        """How a reply is read, without a verdict. Raises `ReadError`."""
        return self.kind.understood(self._bare(reply))

    def _bare(self, reply: str) -> str:
        unit = self.unit
        return reply.rstrip().removesuffix(unit).rstrip() if unit and self.source.settings.get("kind") != "unit" else reply

    def _said(self, story: Story | None) -> Phrase:
        if story is None:
            return ()
        return story.phrase({**self.values, "answer": self.answer.key}, self.scope)

    def worked_out(self, line: str, node: Node) -> Answer:
        """What a line of the author comes to. Raises `SourceError`."""
        try:
            if self.source.settings.get("kind") in _WORDS and line.partition("(")[0].strip() not in CALLS:
                return _word(line, self.values, self.scope)
            return answer(line, self.scope)
        except SourceError:
            raise
        except TutorError as fault:
            raise self._at(node, fault) from fault


@dataclass(frozen=True)
class Problem:
    """A variant of a family; `rank` is its number among all combinations."""

    family: Family
    rank: int
    values: Values

    @property
    def id(self) -> str:
        """The variant's name: it rebuilds the problem and its key."""
        return f"{self.family.id}@{_in_digits(self.rank)}.{self.family.digest}"

    @cached_property
    def scope(self) -> Scope:
        """What the names mean in this variant."""
        numbers = forms(self.values)
        functions: dict[str, Function] = {}
        for name, one in self.family.functions.items():
            body = one.body
            try:
                if body.kinds & _APPLY or body.free & functions.keys():
                    body = Scope(numbers, functions, (), self.family.variables).plain(body)
            except TutorError as fault:
                raise one.node.fault(fault.kind, f"in variant {self.id}: {fault.message}", fault.advice) from fault
            functions[name] = Function(one.letters, neat(substitute(body, numbers)))
        return Scope(numbers, functions, tuple(neat(substitute(condition, numbers)) for condition in self.family.conditions), self.family.variables)

    @cached_property
    def statement(self) -> tuple[Block, ...]:
        """The story. Raises `SourceError`."""
        return self.family.story.blocks(self.values, self.scope) if self.family.story.text else ()

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """The questions in order."""
        return tuple(Question(one, self.values, self.scope, self.id) for one in self.family.questions)

    @property
    def title(self) -> str:
        """The family's title."""
        return self.family.title

    def asked(self) -> tuple[Block, ...]:
        """The statement, and the questions as paragraphs, each with what stands below it."""
        return (*self.statement, *(block for question in self.questions for block in (Paragraph(question.ask, "question"), *question.shown)))


_WORDS = ("choice", "choices", "word", "boolean")


def _word(line: str, values: Mapping[str, Value], scope: Scope) -> Answer:
    """An answer in words: the line is a text with values, and what it says is expected."""
    said = "".join(map(str, Story(line).phrase(values, scope)))
    return Answer(Sym(said), Asked(expected=said))


def problem_of(family: Family, rank: int) -> Problem:
    """The variant with this number. Raises `RequestError` where there is none, or the constraints do not hold for it."""
    values = family.space.values(rank)
    if not family.space.holds(values):
        raise RequestError("variant", f"variant {rank} of {family.id} does not fulfil the constraints")
    return Problem(family, rank, values)


def seeded(family: Family, seed: int | str) -> Problem:
    """The variant that belongs to a seed, the same on every machine; a blind one (`tutor.problems.blind`) is drawn again.

    Raises `RequestError` where no variant fulfils the constraints.
    """
    from tutor.problems.blind import collisions

    best: Problem | None = None
    for k in range(_DRAWS):
        rank = family.space.seeded(f"{family.id}/{written.FORMAT}/{seed}/{k}")
        if rank not in family.disabled:
            problem = problem_of(family, rank)
            if not collisions(problem):
                return problem
            best = best or problem
    if best is None:
        raise RequestError("variant", f"the variants of {family.id} are disabled")
    return best


def _in_digits(rank: int) -> str:
    found = ""
    while rank >= len(_DIGITS):
        rank, digit = divmod(rank, len(_DIGITS))
        found = _DIGITS[digit] + found
    return _DIGITS[rank] + found


def rank_of(text: str) -> int:
    """The number that digits stand for. Raises `RequestError` for other signs.

    >>> rank_of(_in_digits(123456))
    123456
    """
    found = 0
    for sign in text.lower():
        if sign not in _DIGITS:
            raise RequestError("variant", f"{text!r} is no variant's number")
        found = found * len(_DIGITS) + _DIGITS.index(sign)
    return found


__all__ = ["Problem", "Question", "problem_of", "rank_of", "seeded"]
