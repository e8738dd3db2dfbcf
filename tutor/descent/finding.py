"""What a run turned out to be, as a value: its kind, the statements that are true of it with their numbers and proofs.

Kinds:

    arrived      at a stationary point, exactly                  cycles       the same points again and again
    converges    comes closer at every step, or already there    diverges     the steps lead away, upwards
    oscillates   changes its side at every step                  no_minimum   downhill for ever, or towards a value never reached
    crawls       comes closer, and so slowly that it matters     saddle       held at a point that is no minimum (maximum: at a top)
    plateau      the gradient is tiny, and no minimum is near    left         a point without a value or gradient
    boundary     at rest on the edge of the allowed region       hovers       noise of the batches keeps it from settling
    singular     Newton's step does not exist                    wanders      neither comes to rest nor runs off
    underway     still on the way; nothing more is known         still        no step was taken, or none of any length
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from tutor.calculus.differentiate import Derivation
from tutor.calculus.optima.said import Remark, claims_of
from tutor.calculus.worked import Claim, Worked
from tutor.descent.curvature import Amount, Curvature, amount_data

if TYPE_CHECKING:
    from tutor.descent.trace import Trace

Kind = Literal[
    "arrived", "converges", "oscillates", "crawls", "cycles", "diverges", "no_minimum", "saddle", "maximum", "plateau", "left", "boundary", "hovers",
    "singular", "wanders", "underway", "still",
]  # fmt: skip
TOLERANCE = 1e-6
"""Within this distance a run counts as there, unless a caller says otherwise."""
SLOW = 100
"""A run that needs more steps than this for each further digit crawls."""


@dataclass(frozen=True, eq=False)
class Diagnosis(Worked):
    """What a run is (`kind`, see the module), and why.

    `certain`: it follows from exact eigenvalues and an exact start; else it rests on the numbers of this run. `limit` is where it goes or stays,
    `factor` how much of the distance a step leaves in the long run, `within` the first iterate within `tolerance` of the limit, `more` how many
    further steps that would take (`about`: an estimate). `better` is a better fixed rate, only for plain descent. `overflow`: the numbers became too large for floats.
    `exploding`: so did the gradient, faster at each step.
    """

    kind: Kind
    trace: Trace
    certain: bool
    remarks: tuple[Remark, ...]
    curvature: Curvature | None = None
    limit: tuple[Amount, ...] | None = None
    factor: Amount | None = None
    tolerance: float = TOLERANCE
    within: int | None = None
    more: int | None = None
    about: bool = False
    better: Amount | None = None
    period: int | None = None
    overflow: bool = False
    exploding: bool = False

    @property
    def derivations(self) -> tuple[Derivation, ...]:
        """The second derivatives, where the statements speak of them."""
        return () if self.curvature is None else self.curvature.derivations

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """What the statements rest on."""
        return (*(self.curvature.claims if self.curvature is not None else ()), *claims_of(self.remarks))

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the statements."""
        return tuple(remark.id for remark in self.remarks)

    def data(self) -> dict[str, Any]:
        """The kind and its numbers, ready for JSON; `statements` are the ids of what is said."""
        from tutor.descent.closed import closed_form

        closed = closed_form(self.trace)
        letters = self.trace.letters
        return {
            "kind": self.kind, "certain": self.certain, "statements": list(self.ids),
            "limit": None if self.limit is None else {letter: amount_data(value) for letter, value in zip(letters, self.limit, strict=True)},
            "factor": None if self.factor is None else amount_data(self.factor), "tolerance": self.tolerance, "within": self.within, "more": self.more,
            "about": self.about, "better_rate": None if self.better is None else amount_data(self.better), "period": self.period,
            "overflow": self.overflow, "exploding": self.exploding,
            "closed_form": None if closed is None else {letter: str(form) for letter, form in zip(letters, closed, strict=True)},
            "curvature": None if self.curvature is None else self.curvature.data(),
        }  # fmt: skip


def kept(remarks: Sequence[Remark | None]) -> tuple[Remark, ...]:
    """Those that there are."""
    return tuple(remark for remark in remarks if remark is not None)


__all__ = ["SLOW", "TOLERANCE", "Diagnosis", "Kind", "kept"]
