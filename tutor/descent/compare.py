"""Several runs beside each other: a race of methods, or the same method with several rates.

>>> found = sweep("x^2", start="x=10", rates=["1", "0.1", "0.001"], steps=20)
>>> found.labels, [round(trace.last.point[0], 4) for trace in found.traces]
(('1', '0.1', '0.001'), [10.0, 0.1153, 9.6075])
>>> race("x^2 + 20y^2", start="x=4,y=3", methods=["gd", "adam"], rate="0.01", steps=5).labels
('gd', 'adam')
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tutor.calculus.differentiate import Derivation
from tutor.calculus.worked import Claim, Worked
from tutor.descent.method import Number
from tutor.descent.objective import Objective, objective_of
from tutor.descent.run import Start, descend
from tutor.descent.trace import Trace
from tutor.errors import RequestError
from tutor.form.tree import Form

MOST = 12
"""Runs in one comparison."""


@dataclass(frozen=True)
class Race(Worked):
    """Runs of one objective from one start; `varied` says what differs: "method" or "rate"."""

    varied: str
    labels: tuple[str, ...]
    traces: tuple[Trace, ...]

    @property
    def objective(self) -> Objective:
        """What all runs make small."""
        return self.traces[0].objective

    @property
    def derivations(self) -> tuple[Derivation, ...]:
        """Those of the gradient."""
        return self.traces[0].derivations

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Those of the runs."""
        return tuple(claim for trace in self.traces for claim in trace.claims)


def sweep(function: str | Form | Objective, *, start: Start, rates: Sequence[Number], steps: int = 100, method: str = "gd", **options: Any) -> Race:
    """One method with several learning rates. Raises `ReadError` and `RequestError`, as `descend` does."""
    objective = objective_of(function)
    labels = tuple(str(rate).strip() for rate in rates)
    _check(labels, "rate")
    return _side_by_side("rate", labels, (descend(objective, start=start, rate=rate, steps=steps, method=method, **options) for rate in rates))


def race(
    function: str | Form | Objective, *, start: Start, methods: Sequence[str], rate: Number | Mapping[str, Number] | None = None, steps: int = 100,
    settings: Mapping[str, Mapping[str, Number]] | None = None, **options: Any,
) -> Race:
    """Several methods from one start; `rate` is that of all, or a mapping from method to rate, and `settings` maps a method to its own.

    A rate for all is not Newton's: its step has the rate 1 unless a mapping says otherwise. Raises `ReadError` and `RequestError`.
    """  # fmt: skip
    objective = objective_of(function)
    _check(tuple(methods), "method")

    def rate_of(name: str) -> Number | None:
        return rate.get(name) if isinstance(rate, Mapping) else None if name == "newton" else rate

    own = settings or {}
    runs = (descend(objective, start=start, rate=rate_of(name), steps=steps, method=name, settings=own.get(name), **options) for name in methods)
    return _side_by_side("method", tuple(methods), runs)


def _side_by_side(varied: str, labels: tuple[str, ...], runs: Iterable[Trace]) -> Race:
    """The runs, up to one that was interrupted: a person who stops a comparison has seen enough."""
    traces: list[Trace] = []
    for trace in runs:
        traces.append(trace)
        if trace.stopped == "interrupted":
            break
    return Race(varied, labels[: len(traces)], tuple(traces))


def _check(labels: tuple[str, ...], what: str) -> None:
    if not labels:
        raise RequestError("compare", f"there is no {what} to compare", advice="Name some, separated by commas.")
    if len(set(labels)) < len(labels):
        twice = next(label for label in labels if labels.count(label) > 1)
        raise RequestError("compare", f"the {what} {twice} is named twice")
    if len(labels) > MOST:
        raise RequestError("compare", f"{len(labels)} runs are too many for one comparison", advice=f"Compare at most {MOST}.")


__all__ = ["MOST", "Race", "race", "sweep"]
