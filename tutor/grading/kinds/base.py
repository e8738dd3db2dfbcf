"""What all kinds of answers share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from tutor.algebra.equal import Evidence
from tutor.exposition.doc import Phrase
from tutor.exposition.phrases import PHRASES, listed
from tutor.form.numerals import number
from tutor.form.tree import Apply, Deriv, Form, Relation, Sym
from tutor.grading.verdict import Finding, Outcome


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a kind says of an answer."""

    outcome: Outcome
    score: float
    evidence: Evidence
    findings: tuple[Finding, ...] = ()
    remarks: tuple[Finding, ...] = ()


class Kind(Protocol):
    """A kind of answer with its key."""

    def judge(self, answer: Form) -> Judgement:
        """What is known of an answer."""


def bare(answer: Form) -> Form:
    """The value that an answer states: of f′(x) = 2x, y = 2x, dy/dx = 2x the right side."""
    match answer:
        case Relation((Apply() | Sym() | Deriv(), value), ("=",)):
            return value
    return answer


def said(mistake: str, sentence: str, **values: object) -> Finding:
    """A finding with a sentence of `grade.yaml`."""
    return Finding(mistake, PHRASES.say(f"grade.{sentence}", values))


def place_phrase(point: Mapping[str, Fraction]) -> Phrase:
    """x = 3 and y = 1."""
    return listed([Relation((Sym(name), number(value)), ("=",)) for name, value in point.items()])
