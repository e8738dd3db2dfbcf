"""A number: exactly, or as close as is asked for."""

from __future__ import annotations

from dataclasses import dataclass

from tutor.algebra.equal import UNDECIDED, Evidence
from tutor.calculus.points import value_at
from tutor.exposition.phrases import PHRASES
from tutor.form.evaluate import evaluate
from tutor.form.numerals import rational
from tutor.form.tree import Form, Listing, Num, Relation
from tutor.grading.equality import settled
from tutor.grading.kinds.base import Judgement, bare, said
from tutor.grading.verdict import Finding


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
            return Judgement("wrong", 0.0, UNDECIDED, (said("kind.number", "not_number"),))
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
        return (said("rounded", "rounded"),)
    return ()
