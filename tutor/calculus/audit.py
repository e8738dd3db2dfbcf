"""The audit: every line against a witness that knows nothing of our rules.

Each derivative in the tree is compared with SymPy's own derivative of the same function (a proof,
where the difference reduces to zero) and with forward-mode differentiation in ball arithmetic at
points inside the line's conditions. Each algebra line has its two sides compared in the same two
ways. One line that fails makes the whole explanation fail; a line that only samples confirm is said
to be confirmed, not proved.

>>> from tutor.calculus.differentiate import differentiate
>>> result = differentiate("sin(x^2)").audit
>>> result.proved, [str(line.evidence) for line in result.lines][:1]
(True, ['difference reduced to zero'])
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tutor.algebra.equal import UNDECIDED, Evidence, agree, by_samples
from tutor.algebra.tidy import Rewrite
from tutor.calculus.forward import computable, derivative_ball
from tutor.calculus.tree import Step
from tutor.form.evaluate import evaluate_ball
from tutor.form.tree import Form

if TYPE_CHECKING:
    from tutor.calculus.differentiate import Derivation

_LARGEST = 1_500
"""Lines with more nodes than this are checked by samples only."""
_LARGEST_SAMPLED = 60_000


@dataclass(frozen=True, slots=True)
class Line:
    """One audited line and what is known of it."""

    line: Step | Rewrite
    evidence: Evidence


@dataclass(frozen=True)
class Audit:
    """The evidence for every line of a derivation, in the order in which they were derived."""

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

    def of(self, line: Step | Rewrite) -> Evidence:
        """The evidence of one line of this derivation."""
        return self._by_line.get(id(line), UNDECIDED)


def audit(derivation: Derivation, *, symbolic: bool = True) -> Audit:
    """Check every line of a derivation. Without `symbolic`, in balls only: SymPy is not imported."""
    lines: list[Line] = []
    for line, conditions in _lines(derivation):
        lines.append(Line(line, _checked(line, conditions, symbolic)))
    return Audit(tuple(lines), {id(line.line): line.evidence for line in lines})


def _lines(derivation: Derivation) -> Iterator[tuple[Step | Rewrite, tuple[Form, ...]]]:
    for one in derivation.chain:
        for step in one.root.walk():
            if step.rewrite is not None:
                yield step.rewrite, step.conditions
            yield step, one.conditions
        for rewrite in one.algebra:
            yield rewrite, one.conditions


def _checked(line: Step | Rewrite, conditions: tuple[Form, ...], symbolic: bool) -> Evidence:
    evidence = _step_samples(line, conditions) if isinstance(line, Step) else _rewrite_samples(line, conditions)
    if evidence.equal is False:
        return evidence
    if symbolic and line.before.size <= _LARGEST and line.after.size <= _LARGEST:
        from tutor.algebra.proof import derivative_proved, equality_proved

        if isinstance(line, Step):
            proved = derivative_proved(line.before, line.variable, line.after, (*conditions, *line.conditions))
        else:
            proved = equality_proved(line.before, line.after, conditions)
        if proved:
            return Evidence(True, "symbolic", evidence.points)
    return evidence


def _step_samples(step: Step, conditions: tuple[Form, ...]) -> Evidence:
    if not step.before.free or step.after.size > _LARGEST_SAMPLED or not (computable(step.before) and computable(step.after)):
        return UNDECIDED

    def witness(values: Any, bits: int) -> Any:
        return derivative_ball(step.before, values, step.variable, bits)

    def ours(values: Any, bits: int) -> Any:
        return evaluate_ball(step.after, values, bits)

    return agree(ours, witness, step.before.free | step.after.free | {step.variable}, (*conditions, *step.conditions))


def _rewrite_samples(line: Rewrite, conditions: tuple[Form, ...]) -> Evidence:
    if line.before is line.after:
        return Evidence(True, "structure")
    if not (computable(line.before) and computable(line.after)) or line.before.size > _LARGEST_SAMPLED:
        return UNDECIDED
    return by_samples(line.before, line.after, conditions)
