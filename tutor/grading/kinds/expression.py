"""A function of letters, such as a derivative: equal to the key wherever both are defined.

>>> from tutor import read
>>> Expression(read("2x + 1")).judge(read("1 + x + x")).outcome
'right'
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, islice

from tutor.algebra.equal import UNDECIDED, Evidence
from tutor.algebra.places import domain_of
from tutor.algebra.tidy import variants
from tutor.calculus.differentiate import Derivation
from tutor.form.evaluate import BITS, evaluate, precision
from tutor.form.numerals import Gaussian, number
from tutor.form.reading import read
from tutor.form.tree import ONE, Add, Deriv, Form, Mul, Num
from tutor.form.walk import kinds_of
from tutor.grading.equality import domain_change, settled
from tutor.grading.kinds.base import Judgement, Mathematics, Samples, bare, is_scalar, named, place_phrase, said, wrong
from tutor.grading.kinds.jumps import jump
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
        given = domain_of(self.conditions).read(named(answer) if self.derivation is None else bare(answer))
        if not is_scalar(given):
            return wrong("kind.expression", "not_expression")
        if given.kinds & _DERIV:
            return wrong("unfinished", "unfinished")
        evidence = self._compared(given)
        if evidence.equal is None:
            return Judgement("undecided", 0.0, evidence, (said("undecided", "undecided"),))
        if evidence.equal:
            return self._right(given, evidence)
        return Judgement("wrong", 0.0, evidence, lambda: self._wrong(given, evidence))

    def _wrong(self, given: Form, evidence: Evidence) -> tuple[Finding, ...]:
        """A point where it shows, and the mistake."""
        mistakes = findings(self.derivation, given, self.key) if self.derivation is not None else ()
        seen = witnessed(given, self.key, evidence) if self.key.free else ()  # the value of a constant would be the answer
        return (*seen, *mistakes)

    def _compared(self, given: Form) -> Evidence:
        sides = lettered(given, self.key)
        if sides is None:
            return UNDECIDED
        yours, key = sides
        evidence = settled(yours, key, self.conditions)
        if evidence.equal and not evidence.proof and (point := jump(yours, key, self.conditions)) is not None:
            return Evidence(False, "samples", evidence.points, point)
        if evidence.equal is not True and (self.absolute is not None or self.relative is not None) and self._is_close(yours, key):
            return Evidence(True, "tolerance", _ENOUGH)
        return evidence

    def _is_close(self, given: Form, key: Form) -> bool:
        """Whether the values agree within the tolerance at a few points of the domain."""
        gap, share, domain = float(self.absolute or 0), float(self.relative or 0), domain_of(self.conditions)
        seen = 0
        with precision(BITS):
            for place in islice(domain.places(given, key), _SAMPLES):
                yours, theirs = place.ball(given), place.ball(key)
                if yours.is_finite() and theirs.is_finite() and place.holds(domain.conditions):
                    if float(abs(yours - theirs)) > max(gap, share * float(abs(theirs))):
                        return False
                    seen += 1
        return seen >= (_ENOUGH if given.free or key.free else 1)

    def _right(self, given: Form, evidence: Evidence) -> Judgement:
        if not self.same_domain:
            return Judgement("right", 1.0, evidence, (), lambda: self._domain(given))
        remarks = self._domain(given)
        return Judgement("partly", 0.5, evidence, remarks) if remarks else Judgement("right", 1.0, evidence)

    def _domain(self, given: Form) -> tuple[Finding, ...]:
        """A remark where the answer has a value at a point and the key has none, or the other way round."""
        change = domain_change(given, self.key, self.conditions)
        if change is None:
            return ()
        how = "grew" if change.grew else "shrank"
        return (said(f"domain.{how}", how, point=place_phrase(change.point)),)

    def samples(self) -> Samples:
        """The key in other forms; the key with a term or a factor too many."""
        others = tuple(str(line.after) for line in variants(self.key))
        shifted = (Add((self.key, ONE)), Add((Mul((Num(3), self.key)), Num(2))))
        return Samples((str(self.key), f"{Mul((ONE, self.key))}", f"= {self.key}", f"${self.key}$.", *others), (*map(str, shifted), "(1, 2)"))


_PLACES = (*map(Fraction, (1, 2, 3, -1, 0)), Fraction(1, 2), Fraction(-2), Fraction(4), Fraction(10))


def witnessed(given: Form, key: Form, evidence: Evidence) -> tuple[Finding, ...]:
    """A finding with both values at a simple point where they differ visibly, or else at the point that proves it."""
    names = sorted(given.free | key.free)
    points: Iterator[Mapping[str, Fraction]] = ({name: place + k for k, name in enumerate(names)} for place in _PLACES)
    if any(isinstance(value, Gaussian) for value in evidence.witness.values()):
        return _complex_witness(given, key, evidence.witness)
    for point in chain(points, (evidence.witness,)):
        values = {name: float(value) for name, value in point.items()}
        if given.free | key.free <= values.keys():
            yours, theirs = evaluate(given, values), evaluate(key, values)
            shown = _shown(yours), _shown(theirs)
            if None not in shown and shown[0] is not shown[1]:
                sentence = "witness" if names else "witness_number"
                return (said("witness", sentence, point=place_phrase(point), yours=shown[0], right=shown[1]),)
    return ()


def _complex_witness(given: Form, key: Form, point: Mapping[str, Fraction | Gaussian]) -> tuple[Finding, ...]:
    from tutor.form.complexes import complex_value

    values = [complex_value(form, point) for form in (given, key)]
    shown = [None if value is None else number(Gaussian(*(Fraction(f"{part:.4g}") for part in (value.real, value.imag))), decimal=True) for value in values]
    if None in shown or shown[0] is shown[1]:
        return ()
    return (said("witness", "witness", point=place_phrase(point), yours=shown[0], right=shown[1]),)


def _shown(value: float) -> Form | None:
    if not abs(value) < 1e9:
        return None
    text = f"{value:.4g}"
    return read(text) if "e" in text else number(Fraction(text), decimal="." in text)
