"""A function of letters, such as a derivative: equal to the key wherever both are defined."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from tutor.algebra.equal import UNDECIDED, Evidence
from tutor.calculus.differentiate import Derivation
from tutor.form.evaluate import evaluate
from tutor.form.reading import read
from tutor.form.tree import Form, Listing, Relation
from tutor.grading.equality import domain_change, settled
from tutor.grading.kinds.base import Judgement, bare, place_phrase, said
from tutor.grading.mistakes import findings
from tutor.grading.verdict import Finding


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
            return Judgement("wrong", 0.0, UNDECIDED, (said("kind.expression", "not_expression"),))
        evidence = settled(given, self.key, self.conditions)
        if evidence.equal is None:
            return Judgement("undecided", 0.0, evidence, (said("undecided", "undecided"),))
        if evidence.equal:
            return self._right(given, evidence)
        mistakes = findings(self.derivation, given, self.key) if self.derivation is not None else ()
        return Judgement("wrong", 0.0, evidence, (*witnessed(given, self.key, evidence), *mistakes))

    def _right(self, given: Form, evidence: Evidence) -> Judgement:
        change = domain_change(given, self.key, self.conditions)
        if change is None:
            return Judgement("right", 1.0, evidence)
        how = "grew" if change.grew else "shrank"
        remark = said(f"domain.{how}", how, point=place_phrase(change.point))
        if self.same_domain:
            return Judgement("partly", 0.5, evidence, (remark,))
        return Judgement("right", 1.0, evidence, (), (remark,))


_PLACES = (*map(Fraction, (1, 2, 3, -1, 0)), Fraction(1, 2), Fraction(-2), Fraction(4), Fraction(10))


def witnessed(given: Form, key: Form, evidence: Evidence) -> tuple[Finding, ...]:
    """A finding with both values at a simple point where they differ visibly, or else at the point that proves it."""
    names = sorted(given.free | key.free)
    points: list[Mapping[str, Fraction]] = [{name: place + k for k, name in enumerate(names)} for place in _PLACES]
    for point in (*points, evidence.witness):
        values = {name: float(value) for name, value in point.items()}
        if given.free | key.free <= values.keys():
            yours, theirs = evaluate(given, values), evaluate(key, values)
            shown = _shown(yours), _shown(theirs)
            if None not in shown and shown[0] is not shown[1]:
                sentence = "witness" if names else "witness_number"
                return (said("witness", sentence, point=place_phrase(point), yours=shown[0], right=shown[1]),)
    return ()


def _shown(value: float) -> Form | None:
    return read(f"{value:.4g}") if abs(value) < 1e9 else None
