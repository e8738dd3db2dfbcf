"""Hints for a question, one at a time; the second one asks a smaller question, which can be answered there and then.

Where the question is a derivative, the hints come from its tree (`tutor.exposition.hints`), with the author's among them. Every other
question has the author's hints, or else the way that its kind of answer usually goes, and its smaller question is the derivative of the
function that it is about, unless an earlier question has asked for that.

>>> from tutor.problems.library import Library
>>> some = clues(Library().problem("business/coffee-profit", 7), 0)
>>> [one.smaller is not None for one in some][:3]
[False, True, False]
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from tutor.errors import TutorError
from tutor.exposition.doc import Phrase
from tutor.exposition.hints import hints, smaller
from tutor.exposition.phrases import PHRASES
from tutor.form.tree import Apply, Form, Relation, Sym
from tutor.form.walk import nodes
from tutor.grading.asked import Asked
from tutor.grading.kinds.base import Kind
from tutor.grading.selection import select
from tutor.problems.answers import CALLS, parsed
from tutor.problems.problem import Problem, Question
from tutor.problems.scope import Function

say = PHRASES.say


@dataclass(frozen=True)
class Smaller:
    """A smaller question: the derivative of a part by a letter."""

    part: Form
    letter: str

    @cached_property
    def kind(self) -> Kind:
        """How a reply to it is graded."""
        return select(Asked(derivative_of=self.part, wrt=self.letter))


@dataclass(frozen=True)
class Clue:
    """A hint, and the smaller question that it asks, if it does."""

    phrase: Phrase
    smaller: Smaller | None = None


def clues(problem: Problem, place: int) -> tuple[Clue, ...]:
    """The hints of a question from the vaguest to the most definite."""
    question = problem.questions[place]
    found = _derivative(question) if _is_derivative(question) else _way(problem, place)
    second = next((one for one in found if one.smaller), None)
    if second is not None and found.index(second) > 1:
        found.remove(second)
        found.insert(1, second)
    return tuple({one.phrase: one for one in found}.values())


def _is_derivative(question: Question) -> bool:
    """Whether the question asks for one derivative of first order, as an expression."""
    found = question.answer
    return not question.source.finds_error and found.asked.derivative_of is not None and len(found.derivations) == 1 and not found.point and found.derivations[0].order == 1


def _derivative(question: Question) -> list[Clue]:
    """The author's hints and those of the tree: the structure first, then the smaller question."""
    (derivation,) = question.answer.derivations
    part = smaller(derivation)
    asked = say("hint.smaller", {"part": part})
    engine = [Clue(one.phrase, Smaller(part, derivation.variable) if part is not None and one.phrase == asked else None) for one in hints(derivation)]
    own = [Clue(phrase) for phrase in question.hints]
    return [*own[:1], *(one for one in engine if one.smaller), *own[1:], *(one for one in engine if not one.smaller)] if own else engine


def _way(problem: Problem, place: int) -> list[Clue]:
    """The author's hints, or how such a question goes; the function's own derivative is the smaller question."""
    question = problem.questions[place]
    call = _call(question)
    own = [Clue(phrase) for phrase in question.hints] or [Clue(phrase) for phrase in _usual(question, call)]
    about = _function(problem, question, call)
    if about is None:
        return own
    name, function, letter = about
    known = next((k for k, other in enumerate(problem.questions[:place]) if _answers(other, function, letter)), None)
    if known is not None:
        return [own[0], Clue(say("quiz.known_from", {"question": f"{chr(97 + known)})"})), *own[1:]]
    left = Apply(name, tuple(map(Sym, function.letters)), (0,) * len(function.letters))
    values = {"function": Relation((left, function.body), ("=",)), "letter": Sym(letter), "several": len(function.letters) > 1}
    return [own[0], Clue(say("quiz.smaller", values), Smaller(function.body, letter)), *own[1:]]


def _answers(question: Question, function: Function, letter: str) -> bool:
    """Whether this very derivative is the answer to a question, or a part of it (an entry of a gradient)."""
    asked = () if question.source.finds_error or question.answer.point else question.answer.derivations
    return any((one.function, one.variable, one.order) == (function.body, letter, 1) for one in asked)


def _usual(question: Question, call: Apply | None) -> Iterator[Phrase]:
    """How a question of this kind goes, in two or three sentences."""
    name = _kind_of(question, call)
    for k in range(1, 10):
        if not PHRASES.has(f"quiz.ways.{name}.{k}"):
            return
        yield say(f"quiz.ways.{name}.{k}", {})


def _kind_of(question: Question, call: Apply | None) -> str:
    """The name of the way that leads to the answer."""
    if question.source.finds_error:
        return "error"
    if call is None:
        return "words" if question.source.settings.get("kind") in ("choice", "choices", "word", "boolean") else "formula"
    if call.name == "diff":
        return "higher" if any(one.order > 1 for one in question.answer.derivations) else "value"
    return call.name if PHRASES.has(f"quiz.ways.{call.name}.1") else "formula"


def _call(question: Question) -> Apply | None:
    """The engine's call in the author's line: of P @ argmax(P, p) the one behind the sign. None for a formula and for words."""
    try:
        form, where = parsed(question.source.answer, question.scope)
    except TutorError:  # an answer in words is a text with blanks
        return None
    return next((node for part in (form, where) if part is not None for node in nodes(part) if isinstance(node, Apply) and node.name in CALLS), None)


def _function(problem: Problem, question: Question, call: Apply | None) -> tuple[str, Function, str] | None:
    """The function that a question is about, its name, and the letter that moves: the first argument of the call that names one."""
    functions = problem.scope.functions
    args: tuple[Form, ...] = call.args if call is not None else tuple(map(Sym, list(functions)[-1:])) if question.source.finds_error else ()
    for k, part in enumerate(args):
        if not isinstance(part, Sym) or part.name not in functions:
            continue
        function = functions[part.name]
        after = args[k + 1] if k + 1 < len(args) else None
        letter = after.name if isinstance(after, Sym) and after.name in function.letters else function.letters[0]
        return (part.name, function, letter) if letter in function.body.free else None
    return None


__all__ = ["Clue", "Smaller", "clues"]
