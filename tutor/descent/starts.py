"""Many starts: which valley each of them falls into.

The starts are spread over a box by a seeded generator (NumPy's PCG64, the same numbers on every machine). Runs that end
in the same place, to within what they still move, belong to one valley; a run that is still on its way belongs to none.

>>> found = basins("x^4 - 3x^2 + x", starts=20, seed=1, rate="0.05", steps=500)
>>> [(round(valley.point[0], 4), len(valley.starts)) for valley in found.valleys], found.unsettled
([(-1.3008, 14), (1.1309, 6)], ())
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tutor.calculus.differentiate import Derivation
from tutor.calculus.worked import Worked
from tutor.descent.method import Number
from tutor.descent.objective import Objective, objective_of
from tutor.descent.run import descend
from tutor.descent.trace import Trace
from tutor.errors import RequestError
from tutor.form.tree import Form

MOST_STARTS = 1_000
_FLAT = 1e-4
"""A run has settled where the gradient is no longer than this, and so is its last step."""
_NEAR = 1e-2
"""Ends closer than this, as a part of the box, are one place."""


@dataclass(frozen=True, slots=True)
class Valley:
    """A place that runs end in: the lowest of their ends, the value there, and which starts fall into it (numbers from 0)."""

    point: tuple[float, ...]
    value: float
    starts: tuple[int, ...]


@dataclass(frozen=True)
class Basins(Worked):
    """Runs from many starts, the valleys from the lowest up, and the runs that have not settled."""

    traces: tuple[Trace, ...]
    valleys: tuple[Valley, ...]
    unsettled: tuple[int, ...]
    box: tuple[tuple[float, float], ...]
    seed: int

    @property
    def objective(self) -> Objective:
        """What all runs make small."""
        return self.traces[0].objective

    @property
    def derivations(self) -> tuple[Derivation, ...]:
        """Those of the gradient."""
        return self.traces[0].derivations


def basins(
    function: str | Form | Objective, *, starts: int, seed: int = 0, rate: Number | None = None, steps: int = 500, method: str = "gd",
    box: Mapping[str, tuple[float, float]] | tuple[float, float] = (-3.0, 3.0), **options: Any,
) -> Basins:
    """Runs from so many starts in a box (the same sides for all letters, or one pair a letter). Raises `ReadError` and `RequestError`."""  # fmt: skip
    import numpy as np

    objective = objective_of(function)
    if not 1 <= starts <= MOST_STARTS:
        raise RequestError("starts", f"the number of starts is from 1 to {MOST_STARTS}, not {starts}")
    sides = _sides(box, objective.letters)
    spread = np.random.Generator(np.random.PCG64(seed)).random((starts, len(sides)))
    low, high = (np.array(part) for part in zip(*sides, strict=True))
    places = np.round(low + spread * (high - low), 3)
    traces = tuple(descend(objective, start=place.tolist(), rate=rate, steps=steps, method=method, **options) for place in places)
    settled = [k for k, trace in enumerate(traces) if _settled(trace)]
    return Basins(traces, _valleys(traces, settled, math.hypot(*(high - low))), tuple(k for k in range(starts) if k not in set(settled)), sides, seed)


def _sides(box: Mapping[str, tuple[float, float]] | tuple[float, float], letters: tuple[str, ...]) -> tuple[tuple[float, float], ...]:
    found = []
    for letter in letters:
        low, high = box.get(letter, (math.nan, math.nan)) if isinstance(box, Mapping) else box
        if not -math.inf < low < high < math.inf:
            raise RequestError("box", f"the box has no sides for {letter}", advice=f"Give two numbers, the smaller one first, such as {letter}=(-3, 3).")
        found.append((float(low), float(high)))
    return tuple(found)


def _settled(trace: Trace) -> bool:
    """Whether the run has come to rest: no step of any length any more, and no slope (at a border there may be one)."""
    if trace.stopped not in ("steps", "tolerance") or not trace.steps:
        return False
    return bool(trace.moves[-1] <= _FLAT and (trace.lengths[-1] <= _FLAT * 100 or trace.moves[-1] == 0))


def _valleys(traces: tuple[Trace, ...], settled: list[int], width: float) -> tuple[Valley, ...]:
    """Ends that lie together, lowest value first."""
    groups: list[list[int]] = []
    for k in sorted(settled, key=lambda k: float(traces[k].values[-1])):
        home = next((group for group in groups if math.dist(traces[group[0]].points[-1], traces[k].points[-1]) <= _NEAR * width), None)
        if home is None:
            groups.append([k])
        else:
            home.append(k)
    return tuple(Valley(traces[group[0]].last.point, traces[group[0]].last.value, tuple(sorted(group))) for group in groups)


__all__ = ["MOST_STARTS", "Basins", "Valley", "basins"]
