"""A run with its iterates in exact fractions beside the floats.

>>> from tutor.descent.run import descend
>>> found = exactly(descend("x^2 - 4x + 5", start="x=0", rate="0.1", steps=3))
>>> [str(point[0]) for point in found.points]
['0', '2/5', '18/25', '122/125']
>>> next(iter(found.rows()))
{'point': ['0'], 'gradient': ['-4'], 'value': '5'}
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tutor.calculus.differentiate import Derivation
from tutor.calculus.worked import Claim, Worked
from tutor.descent.objective import Objective
from tutor.descent.trace import Trace
from tutor.form.arithmetic import compute
from tutor.form.rationals import RATIONALS
from tutor.form.tree import Form


@dataclass(frozen=True, eq=False)
class ExactTrace(Worked):
    """A run and its iterates as fractions, the start first."""

    trace: Trace
    points: tuple[tuple[Fraction, ...], ...]

    @property
    def objective(self) -> Objective:
        """What the run made small."""
        return self.trace.objective

    @property
    def derivations(self) -> tuple[Derivation, ...]:
        """Those of the run."""
        return self.trace.derivations

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Those of the run."""
        return self.trace.claims

    def rows(self) -> Iterator[dict[str, Any]]:
        """Point, gradient and value of each iterate as texts; None where a value is no fraction."""
        formula, gradient = self.trace.objective.formula, self.trace.objective.gradient
        for point in self.points:
            here = dict(zip(self.trace.letters, point, strict=True))
            yield {
                "point": [str(part) for part in point],
                "gradient": None if gradient is None else [_text(form, here) for form in gradient.value],
                "value": None if formula is None else _text(formula, here),
            }


def _text(form: Form, here: dict[str, Fraction]) -> str | None:
    found = compute(form, here, RATIONALS)
    return None if found is None else str(found)


def exactly(trace: Trace) -> ExactTrace:
    """The run with its fractions. Raises `RequestError` where it leaves them, or they become too long."""
    return ExactTrace(trace, tuple(trace.exact()))


__all__ = ["ExactTrace", "exactly"]
