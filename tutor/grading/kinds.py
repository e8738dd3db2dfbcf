"""Kinds of answers: each a frozen type that can judge a form.

A kind holds the key. `judge` gets the answer as a form and says what is known; it never raises on what a
person typed. `Expression` also knows how its key came about, so that it can look for the mistake in the derivation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from tutor.algebra.equal import UNDECIDED, Evidence
from tutor.calculus.differentiate import Derivation
from tutor.calculus.points import value_at
from tutor.exposition.phrases import PHRASES, listed
from tutor.form.evaluate import evaluate
from tutor.form.numerals import number, rational
from tutor.form.reading import read
from tutor.form.tree import Apply, Deriv, Form, Listing, Num, Relation, Sym
from tutor.grading.equality import domain_change, settled
from tutor.grading.mistakes import findings
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


@dataclass(frozen=True, slots=True)
class Expression:
    """A function of letters. `derivation` is how the key came about, if it is a derivative."""

    key: Form
    conditions: tuple[Form, ...] = ()
    derivation: Derivation | None = None
    same_domain: bool = False

    def judge(self, answer: Form) -> Judgement:
        """Right where it is equal to the key; else the mistake and a witness."""
        given = bare(answer)
        if isinstance(given, Relation | Listing):
            return Judgement("wrong", 0.0, UNDECIDED, (Finding("kind.expression", PHRASES.say("grade.not_expression", {})),))
        evidence = settled(given, self.key, self.conditions)
        if evidence.equal is None:
            return Judgement("undecided", 0.0, evidence, (Finding("undecided", PHRASES.say("grade.undecided", {})),))
        if evidence.equal:
            return self._right(given, evidence)
        mistakes = findings(self.derivation, given, self.key) if self.derivation is not None else ()
        return Judgement("wrong", 0.0, evidence, (*_witnessed(given, self.key, evidence), *mistakes))

    def _right(self, given: Form, evidence: Evidence) -> Judgement:
        change = domain_change(given, self.key, self.conditions)
        if change is None:
            return Judgement("right", 1.0, evidence)
        place = listed([Relation((Sym(name), number(value)), ("=",)) for name, value in change.point.items()])
        said = Finding("domain.grew" if change.grew else "domain.shrank", PHRASES.say(f"grade.{'grew' if change.grew else 'shrank'}", {"point": place}))
        if self.same_domain:
            return Judgement("partly", 0.5, evidence, (said,))
        return Judgement("right", 1.0, evidence, (), (said,))


_PLACES = (*map(Fraction, (1, 2, 3, -1, 0)), Fraction(1, 2), Fraction(-2), Fraction(4), Fraction(10))


def _witnessed(given: Form, key: Form, evidence: Evidence) -> tuple[Finding, ...]:
    """At a simple point where both have values and differ visibly: both values; else at the point that proves it."""
    names = sorted(given.free | key.free)
    points: list[Mapping[str, Fraction]] = [{name: place + k for k, name in enumerate(names)} for place in _PLACES]
    for point in (*points, evidence.witness):
        values = {name: float(value) for name, value in point.items()}
        if given.free | key.free <= values.keys():
            yours, theirs = evaluate(given, values), evaluate(key, values)
            shown = _shown(yours), _shown(theirs)
            if None not in shown and shown[0] is not shown[1]:
                place = listed([Relation((Sym(name), number(value)), ("=",)) for name, value in point.items()])
                said = {"point": place, "yours": shown[0], "right": shown[1]}
                return (Finding("witness", PHRASES.say("grade.witness" if names else "grade.witness_number", said)),)
    return ()


def _shown(value: float) -> Form | None:
    return read(f"{value:.4g}") if abs(value) < 1e9 else None


@dataclass(frozen=True, slots=True)
class Number:
    """A number: exactly, or within an absolute or relative tolerance."""

    key: Form
    absolute: float | None = None
    relative: float | None = None

    def judge(self, answer: Form) -> Judgement:
        """Right where it is the same number, or close enough where that is allowed."""
        given = bare(answer)
        if given.free or isinstance(given, Relation | Listing):
            return Judgement("wrong", 0.0, UNDECIDED, (Finding("kind.number", PHRASES.say("grade.not_number", {})),))
        evidence = settled(given, self.key)
        if evidence.equal:
            return Judgement("right", 1.0, evidence)
        yours, theirs = evaluate(given, {}), evaluate(self.key, {})
        gap = abs(yours - theirs)
        if (self.absolute is not None and gap <= self.absolute) or (self.relative is not None and gap <= self.relative * abs(theirs)):
            return Judgement("right", 1.0, Evidence(True, "tolerance"))
        if evidence.equal is None:
            return Judgement("undecided", 0.0, evidence)
        return Judgement("wrong", 0.0, evidence, _number_findings(given, self.key))


def _number_findings(given: Form, key: Form) -> tuple[Finding, ...]:
    yours, theirs = value_at(given, {}), value_at(key, {})
    one, other = (rational(value.exact) if value.exact is not None else None for value in (yours, theirs))
    if one is not None and other is not None and one == -other:
        return (Finding("I6", PHRASES.say("mistakes.I6.ask", {})),)
    if isinstance(given, Num) and given.places and abs(given.evaluate() - evaluate(key, {})) < 0.5 * 10.0**-given.places:
        return (Finding("rounded", PHRASES.say("grade.rounded", {})),)
    return ()
