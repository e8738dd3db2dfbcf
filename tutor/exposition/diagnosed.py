"""A run together with its diagnosis: everything that its document states, so that one audit proves it all; and the diagnosis as data.

>>> from tutor.descent.run import descend
>>> trace = descend("x^2 - 4x + 5", start="x=0", rate="0.1", steps=20)
>>> diagnosis_data(diagnosis_of(trace))["factor"]
{'value': 0.8, 'exact': '0.8'}
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from tutor.calculus.differentiate import Derivation
from tutor.calculus.worked import Claim, Worked
from tutor.form.evaluate import evaluate
from tutor.form.tree import Form

if TYPE_CHECKING:
    from tutor.descent.finding import Diagnosis
    from tutor.descent.trace import Trace

_KNOWN: WeakKeyDictionary[Trace, Diagnosis] = WeakKeyDictionary()
"""The diagnosis of each run that is still there: document, data and audit ask for the same one."""


def diagnosis_of(trace: Trace) -> Diagnosis:
    """What the run is."""
    from tutor.descent.diagnosis import diagnose

    found = _KNOWN.get(trace)
    if found is None:
        found = _KNOWN[trace] = diagnose(trace)
    return found


@dataclass(frozen=True, eq=False)
class Together(Worked):
    """Several results whose lines are proved together."""

    parts: tuple[Worked, ...]

    @property
    def derivations(self) -> tuple[Derivation, ...]:
        """Those of all parts."""
        return tuple(one for part in self.parts for one in part.derivations)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Those of all parts."""
        return tuple(claim for part in self.parts for claim in part.claims)


def diagnosis_data(diagnosis: Diagnosis) -> dict[str, Any]:
    """The diagnosis as JSON-ready data; numbers as floats, with exact ones beside them."""
    curvature = diagnosis.curvature
    return {
        "kind": diagnosis.kind, "certain": diagnosis.certain, "statements": list(diagnosis.ids),
        "limit": None if diagnosis.limit is None else [amount_data(part) for part in diagnosis.limit],
        "factor": amount_data(diagnosis.factor), "tolerance": diagnosis.tolerance, "within": diagnosis.within, "more": diagnosis.more, "about": diagnosis.about,
        "better": amount_data(diagnosis.better), "period": diagnosis.period,
        "curvature": None if curvature is None else {
            "bound": amount_data(curvature.bound), "best_rate": amount_data(curvature.best_rate), "best_factor": amount_data(curvature.best_factor),
            "condition": amount_data(curvature.condition),
        },
    }  # fmt: skip


def amount_data(amount: Form | float | None) -> dict[str, Any] | None:
    """A number as a float (null where it is none) and as text where it is exact."""
    if amount is None:
        return None
    value = evaluate(amount, {}) if isinstance(amount, Form) else float(amount)
    return {"value": value if math.isfinite(value) else None, "exact": str(amount) if isinstance(amount, Form) else None}


__all__ = ["Together", "amount_data", "diagnosis_data", "diagnosis_of"]
