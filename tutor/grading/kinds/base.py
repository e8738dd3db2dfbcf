"""What all kinds of answers share: how a text is read, what is said of it, and samples for tests.

A kind is a frozen value that holds the key. `understood` reads an answer's text (most kinds read mathematics; a choice or a
word is read in its own way, into a form all the same), `judge` says what is known of the form, and `samples` gives answer
texts whose outcome is known, so that one test runs over all kinds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from tutor.algebra.equal import Evidence
from tutor.exposition.doc import Phrase
from tutor.exposition.phrases import PHRASES, listed
from tutor.form.numerals import Gaussian, number
from tutor.form.reading import Reading
from tutor.form.tree import Apply, Cases, Deriv, Form, Interval, Listing, Relation, Sym
from tutor.form.walk import kinds_of
from tutor.grading.equality import settled
from tutor.grading.kinds.typed import read_answer
from tutor.grading.verdict import Finding, Findings, Judged, Outcome

Names = frozenset[str]
_LONGEST_CHAIN = 12
OTHER = Evidence(False, "shape")
"""What is known of an answer whose shape alone is another: a number for a vector, a row for a column."""


@dataclass(frozen=True, eq=False)
class Judgement(Judged):
    """What a kind says of an answer."""

    outcome: Outcome
    score: float
    evidence: Evidence
    said: Findings = ()
    noted: Findings = ()


@dataclass(frozen=True, slots=True)
class Samples:
    """Answer texts of a kind: `right` ones, `wrong` ones (no credit, or only a part of it), and texts that cannot be read."""

    right: tuple[str, ...]
    wrong: tuple[str, ...]
    unreadable: tuple[str, ...] = ("", "2*(x+1", "3 +* 4")


class Kind(Protocol):
    """A kind of answer with its key."""

    def understood(self, text: str, names: Names = frozenset()) -> Reading:
        """How an answer's text is read. Raises `ReadError`."""

    def judge(self, answer: Form) -> Judgement:
        """What is known of an answer."""

    def samples(self) -> Samples:
        """Answers of which the outcome is known."""


class Mathematics:
    """The base of kinds whose answers are read as any other mathematics."""

    __slots__ = ()

    def understood(self, text: str, names: Names = frozenset()) -> Reading:
        """How an answer's text is read. Raises `ReadError`."""
        return read_answer(text, names)


def bare(answer: Form) -> Form:
    """The value that an answer states: of f′(x) = 2x, y = 2x, dy/dx = 2x the right side."""
    match answer:
        case Relation((Sym(name), value), ("=",)) if name not in value.free:
            return value
        case Relation((Apply() | Deriv(), value), ("=",)):
            return value
        case Relation((value, Sym()), ("=",)) if not value.free:
            return value
        case Relation((Sym(name), *values), operators) if set(operators) == {"="} and not any(name in value.free for value in values):
            return _chained(values) or answer
        case Relation((Apply() | Deriv(), *values), operators) if set(operators) == {"="}:
            return _chained(values) or answer
        case Relation((*values,), operators) if set(operators) == {"="} and not any(value.free for value in values):
            return _chained(values) or answer
    return answer


def _chained(values: Sequence[Form]) -> Form | None:
    """The last of values that are all equal, as in 5 + 6 = 11; None where one is not."""
    if len(values) > _LONGEST_CHAIN or not all(map(is_scalar, values)):
        return None
    return values[-1] if all(settled(value, values[-1]).equal for value in values[:-1]) else None


def named(answer: Form) -> Form:
    """The value of a named function: of f′(x) = 2x the right side. y = 2x stays the equation that it is."""
    match answer:
        case Relation((Apply() | Deriv(), value), ("=",)):
            return value
        case Relation((Apply() | Deriv(), *values), operators) if set(operators) == {"="}:
            return _chained(values) or answer
    return answer


_SEVERAL = kinds_of(Listing) | kinds_of(Interval)
_RELATION, _CASES = kinds_of(Relation), kinds_of(Cases)


def is_scalar(form: Form) -> bool:
    """Whether a form stands for one number: no list, interval or equation occurs in it (conditions of cases may)."""
    return not form.kinds & _SEVERAL and not (form.kinds & _RELATION and not form.kinds & _CASES) and not isinstance(form, Relation)


def said(mistake: str, sentence: str, **values: object) -> Finding:
    """A finding with a sentence of `grade.yaml`."""
    return Finding(mistake, PHRASES.say(f"grade.{sentence}", values))


def wrong(mistake: str, sentence: str, **values: object) -> Judgement:
    """No credit, with one sentence of `grade.yaml` that says why."""
    return Judgement("wrong", 0.0, OTHER, (said(mistake, sentence, **values),))


def graded(score: float) -> Outcome:
    """The outcome that belongs to a score: right, partly, wrong."""
    return "right" if score >= 1 else "partly" if score > 0 else "wrong"


def joint(evidence: Iterable[Evidence]) -> Evidence:
    """What is known of a whole from what is known of its parts: a difference first, then what is open, then the weakest agreement."""
    some = tuple(evidence)
    for wanted in (False, None):
        for one in some:
            if one.equal is wanted:
                return one
    weakest = [one for one in some if not one.proof] or list(some)
    return min(weakest, key=lambda one: one.points, default=Evidence(True, "structure"))


def place_phrase(point: Mapping[str, Fraction | Gaussian]) -> Phrase:
    """x = 3 and y = 1."""
    return listed([Relation((Sym(name), number(value)), ("=",)) for name, value in point.items()])
