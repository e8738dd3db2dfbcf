"""A function of letters, such as a derivative: equal to the key wherever both are defined.

>>> from tutor import read
>>> Expression(read("2x + 1")).judge(read("1 + x + x")).outcome
'right'
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice

from tutor.algebra.equal import UNDECIDED, Evidence
from tutor.algebra.tidy import variants
from tutor.calculus.differentiate import Derivation
from tutor.form.evaluate import evaluate, holds, sample_points
from tutor.form.reading import read
from tutor.form.tree import ONE, Add, Deriv, Form, Mul, Num
from tutor.form.walk import kinds_of
from tutor.grading.equality import domain_change, settled
from tutor.grading.kinds.base import Judgement, Mathematics, Samples, bare, is_scalar, named, place_phrase, said, wrong
from tutor.grading.kinds.unknown import lettered
from tutor.grading.mistakes import findings
from tutor.grading.verdict import Finding

_DERIV = kinds_of(Deriv)
_SAMPLES = 12
_ENOUGH = 4


@dataclass(frozen=True, slots=True)
class Expression(Mathematics):
    """A function of letters. `derivation` is how the key came about, if it is a derivative.

    With a tolerance (absolute or relative) an answer is right that is that close at every sample point.
    """

    key: Form
    conditions: tuple[Form, ...] = ()
    derivation: Derivation | None = None
    same_domain: bool = False
    absolute: Fraction | None = None
    relative: Fraction | None = None

    def judge(self, answer: Form) -> Judgement:
        """Right where it is equal to the key; else the mistake and a witness."""
        given = named(answer) if self.derivation is None else bare(answer)
        if not is_scalar(given):
            return wrong("kind.expression", "not_expression")
        if given.kinds & _DERIV:
            return wrong("unfinished", "unfinished")
        evidence = self._compared(given)
        if evidence.equal is None:
            return Judgement("undecided", 0.0, evidence, (said("undecided", "undecided"),))
        if evidence.equal:
            return self._right(given, evidence)
        mistakes = findings(self.derivation, given, self.key) if self.derivation is not None else ()
        return Judgement("wrong", 0.0, evidence, (*witnessed(given, self.key, evidence), *mistakes))

    def _compared(self, given: Form) -> Evidence:
        sides = lettered(given, self.key)
        if sides is None:
            return UNDECIDED
        yours, key = sides
        evidence = settled(yours, key, self.conditions)
        if evidence.equal is not True and (self.absolute is not None or self.relative is not None) and self._is_close(yours, key):
            return Evidence(True, "tolerance", _ENOUGH)
        return evidence

    def _is_close(self, given: Form, key: Form) -> bool:
        """Whether the values agree within the tolerance at a few points of the domain."""
        gap, share = float(self.absolute or 0), float(self.relative or 0)
        seen = 0
        for point in islice(sample_points(given.free | key.free), _SAMPLES):
            if all(holds(condition, point) for condition in self.conditions):
                yours, theirs = (evaluate(form, {name: float(value) for name, value in point.items()}) for form in (given, key))
                if math.isfinite(yours) and math.isfinite(theirs):
                    if abs(yours - theirs) > max(gap, share * abs(theirs)):
                        return False
                    seen += 1
        return seen >= _ENOUGH

    def _right(self, given: Form, evidence: Evidence) -> Judgement:
        change = domain_change(given, self.key, self.conditions)
        if change is None:
            return Judgement("right", 1.0, evidence)
        how = "grew" if change.grew else "shrank"
        remark = said(f"domain.{how}", how, point=place_phrase(change.point))
        if self.same_domain:
            return Judgement("partly", 0.5, evidence, (remark,))
        return Judgement("right", 1.0, evidence, (), (remark,))

    def samples(self) -> Samples:
        """The key in other forms; the key with a term or a factor too many."""
        others = tuple(str(line.after) for line in variants(self.key))
        shifted = (Add((self.key, ONE)), Add((Mul((Num(3), self.key)), Num(2))))
        return Samples((str(self.key), f"{Mul((ONE, self.key))}", *others), (*map(str, shifted), "(1, 2)"))


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
