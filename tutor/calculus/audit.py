"""The audit: every line against a witness that knows nothing of our rules.

Each derivative in the tree is compared with SymPy's own derivative of the same function (a proof,
where the difference reduces to zero) and with forward-mode differentiation in ball arithmetic at
points inside the line's conditions. The two sides of each algebra line are reduced to one fraction of
polynomials (a proof), or compared in the same two ways. One line that fails makes the whole explanation fail; a line that only samples confirm is said
to be confirmed, not proved.

>>> from tutor.calculus.differentiate import differentiate
>>> result = differentiate("sin(x^2)").audit
>>> result.proved, [str(line.evidence) for line in result.lines][:1]
(True, ['difference reduced to zero'])
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tutor.algebra.equal import ENOUGH, UNDECIDED, Evidence, compared
from tutor.algebra.identity import identical
from tutor.algebra.tidy import Rewrite
from tutor.calculus.forward import computable, derivative_ball, quotient_ball
from tutor.calculus.tree import Step
from tutor.form.evaluate import evaluate_ball, holds, sample_points
from tutor.form.tree import Form

if TYPE_CHECKING:
    from tutor.calculus.differentiate import Derivation
    from tutor.calculus.worked import Claim

TAKEN = "unknown"
"""The rule whose value is SymPy's own: SymPy cannot be its witness too, difference quotients are."""
_MOST_WORK = 800
"""Nodes in lines for which no proof was found: beyond, the rest is checked by samples only, so that no audit takes long."""
_LARGEST = 1_500
"""Lines with more nodes than this are checked by samples only."""
_TRIES = 120


@dataclass(frozen=True, slots=True)
class Line:
    """One audited line and what is known of it."""

    line: Step | Rewrite | Claim
    evidence: Evidence


@dataclass(frozen=True)
class Audit:
    """The evidence for every line of a derivation (or for claims), in the order in which they were derived."""

    lines: tuple[Line, ...]
    _by_line: dict[int, Evidence] = field(default_factory=dict, repr=False)

    @property
    def proved(self) -> bool:
        """Every line has a proof."""
        return all(line.evidence.proof for line in self.lines)

    @property
    def confirmed(self) -> bool:
        """Every line is proved, or agrees with the witness at samples."""
        return all(line.evidence.equal is True for line in self.lines)

    @property
    def failed(self) -> tuple[Line, ...]:
        """The lines that a witness contradicts."""
        return tuple(line for line in self.lines if line.evidence.equal is False)

    def of(self, line: Step | Rewrite | Claim) -> Evidence:
        """The evidence of one line."""
        return self._by_line.get(id(line), UNDECIDED)


def audit(derivation: Derivation, *, symbolic: bool = True) -> Audit:
    """Check every line of a derivation. Without `symbolic`, in balls only: SymPy is not imported."""
    lines: list[Line] = []
    work = 0
    for one in derivation.chain:
        samples = _samples(one)
        for line, conditions in _lines(one):
            evidence = _checked(line, one, conditions, samples, symbolic and work <= _MOST_WORK)
            work += 0 if evidence.proof else line.before.size + line.after.size
            lines.append(Line(line, evidence))
    return Audit(tuple(lines), {id(line.line): line.evidence for line in lines})


@dataclass(frozen=True, slots=True)
class _Sample:
    """A point inside the conditions, with what balls have computed there so far."""

    point: Mapping[str, Fraction]
    duals: dict[Form, Any] = field(default_factory=dict)
    balls: dict[Form, Any] = field(default_factory=dict)

    def agrees(self, line: Step | Rewrite) -> bool | None:
        """Whether both sides of a line agree here; None where one has no value, or balls are too wide to say."""
        ours = evaluate_ball(line.after, self.point, memo=self.balls)
        if isinstance(line, Step) and line.rule == TAKEN:
            witness = quotient_ball(line.before, self.point, line.variable)
        elif isinstance(line, Step):
            witness = derivative_ball(line.before, self.point, line.variable, memo=self.duals)
        else:
            witness = evaluate_ball(line.before, self.point, memo=self.balls)
        return compared(ours, witness)


def _samples(one: Derivation) -> list[_Sample]:
    """Points at which every condition holds and the result has a value."""
    names = one.function.free | {one.variable}
    if not (computable(one.function) and computable(one.value)):
        return []
    found: list[_Sample] = []
    for tries, point in enumerate(sample_points(names)):
        if len(found) == ENOUGH or tries == _TRIES:
            break
        if all(holds(condition, point) for condition in one.conditions):
            sample = _Sample(point)
            if all(evaluate_ball(form, point, memo=sample.balls).is_finite() for form in (one.function, one.root.after)):
                found.append(sample)
    return found


def _lines(one: Derivation) -> Iterator[tuple[Step | Rewrite, tuple[Form, ...]]]:
    """Every line of one order, with the conditions of its own."""
    for step in one.root.walk():
        if step.rewrite is not None:
            yield step.rewrite, step.conditions
        yield step, step.conditions
    for rewrite in one.algebra:
        yield rewrite, ()


def _checked(line: Step | Rewrite, one: Derivation, conditions: tuple[Form, ...], samples: list[_Sample], symbolic: bool) -> Evidence:
    evidence = _sampled(line, samples)
    if evidence.equal is False or (isinstance(line, Step) and line.rule == TAKEN):
        return evidence
    if line.before.size > _LARGEST or line.after.size > _LARGEST:
        return evidence
    if symbolic:
        if isinstance(line, Rewrite) and identical(line.before, line.after):
            return Evidence(True, "exact", evidence.points)
        from tutor.algebra.proof import derivative_proved, equality_proved

        where = (*one.conditions, *conditions)
        if isinstance(line, Step):
            proved = derivative_proved(line.before, line.variable, line.after, where)
        else:
            proved = equality_proved(line.before, line.after, where)
        if proved:
            return Evidence(True, "symbolic", evidence.points)
    return evidence


def _sampled(line: Step | Rewrite, samples: list[_Sample]) -> Evidence:
    """What the samples say of a line; fewer than `ENOUGH` agreeing points leave it undecided."""
    agreed = 0
    for sample in samples:
        verdict = sample.agrees(line)
        if verdict is False:
            return Evidence(False, "samples", agreed, sample.point)
        agreed += verdict is True
    return Evidence(True, "samples", agreed) if agreed >= ENOUGH else UNDECIDED
