"""What a run leaves behind: every iterate, and gradients and values at all of them when they are asked for.

>>> from tutor.descent.run import descend
>>> trace = descend("x^2 + 2y^2", start="x=4,y=3", rate="0.1", steps=20)
>>> trace.points.shape, trace.stopped, [round(part, 4) for part in trace.last.point]
((21, 2), 'steps', [0.0461, 0.0001])
>>> row = trace[1]
>>> row.n, [round(part, 4) for part in row.point], [round(part, 4) for part in row.gradient], round(row.value, 4)
(1, [3.2, 1.8], [6.4, 7.2], 16.72)
>>> [str(part) for part in trace.exact(2)[2]]
['64/25', '27/25']
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal

from tutor.calculus.differentiate import Derivation
from tutor.calculus.points import decimal
from tutor.calculus.worked import Claim, Worked
from tutor.descent.method import Method
from tutor.descent.objective import Objective
from tutor.descent.program import Program, exact
from tutor.descent.vectors import VectorProgram
from tutor.errors import RequestError
from tutor.form.numerals import rational
from tutor.form.tree import Form

if TYPE_CHECKING:
    from numpy.typing import NDArray

Stopped = Literal["steps", "tolerance", "undefined", "overflow", "interrupted"]
"""Why a run ended: all steps are done; the gradient is short enough; a value is missing, or is too large for floats; a person stopped it."""


@dataclass(frozen=True, slots=True)
class Iteration:
    """One iterate: its number, the point, the gradient there and the value there (nan where there is none)."""

    n: int
    point: tuple[float, ...]
    gradient: tuple[float, ...]
    value: float

    @property
    def length(self) -> float:
        """The length of the gradient."""
        return math.hypot(*self.gradient)


@dataclass(frozen=True, eq=False)
class Trace(Worked):
    """A run: `points` has one row an iterate, the start first; the arrays are the run's own and cannot be written to."""

    objective: Objective
    method: Method
    start: tuple[Form, ...]
    points: NDArray[Any]
    stopped: Stopped
    program: Program | VectorProgram

    @property
    def derivations(self) -> tuple[Derivation, ...]:
        """Those of the gradient, where it is written."""
        return self.objective.derivations

    @property
    def claims(self) -> tuple[Claim, ...]:
        """What is exact about the run: its first updates, and its closed form where there is one."""
        from tutor.descent.closed import claims_of

        return claims_of(self)

    @property
    def letters(self) -> tuple[str, ...]:
        """The letters that were moved, in the order of the columns."""
        return self.objective.letters

    @property
    def steps(self) -> int:
        """How many steps were taken."""
        return len(self.points) - 1

    @cached_property
    def gradients(self) -> NDArray[Any]:
        """The gradient of the objective at each iterate (of the whole one, also where the steps used batches)."""
        return _kept(self.objective.gradients(self.points))

    @cached_property
    def values(self) -> NDArray[Any]:
        """The value of the objective at each iterate."""
        return _kept(self.objective.values(self.points))

    @cached_property
    def lengths(self) -> NDArray[Any]:
        """The length of the gradient at each iterate."""
        import numpy as np

        with np.errstate(over="ignore"):
            return _kept(np.linalg.norm(self.gradients, axis=1))

    @cached_property
    def moves(self) -> NDArray[Any]:
        """The length of each step."""
        import numpy as np

        with np.errstate(over="ignore"):
            return _kept(np.linalg.norm(np.diff(self.points, axis=0), axis=1))

    def __len__(self) -> int:
        return len(self.points)

    def __getitem__(self, n: int) -> Iteration:
        """The iterate with this number; negative numbers count from the end."""
        place = range(len(self.points))[n]
        return Iteration(place, tuple(self.points[place].tolist()), tuple(self.gradients[place].tolist()), float(self.values[place]))

    def __iter__(self) -> Iterator[Iteration]:
        return (self[n] for n in range(len(self)))

    @property
    def last(self) -> Iteration:
        """The last iterate."""
        return self[-1]

    def exact(self, steps: int | None = None) -> list[tuple[Fraction, ...]]:
        """The iterates in exact fractions, the start first. Raises `RequestError` where they are no fractions, or too long ones."""
        if isinstance(self.program, VectorProgram):
            raise RequestError("exact", f"{len(self.letters)} letters are too many for exact iterates")
        start = tuple(map(rational, self.start))
        if any(part is None for part in start):
            raise RequestError("exact", "the start is no fraction", advice="Start at fractions or decimals.")
        first: tuple[Fraction, ...] = tuple(part for part in start if part is not None)
        return [first, *exact(self.program, first, self.steps if steps is None else steps)]

    @cached_property
    def memory(self) -> NDArray[Any]:
        """What the method remembers before each step (the columns are those of `program.memory_names`); the run is gone through again."""
        import numpy as np

        from tutor.form.evaluate import evaluate

        names = self.program.memory_names
        width = self.program.size + len(names)
        first = [*self.points[0].tolist(), *(evaluate(form, {}) for form in self.program.memory)]
        later = np.fromiter(islice(self.program.run_with_memory(1, self.steps, *self.points[0].tolist()), self.steps * width), float)
        rows = np.vstack([np.array(first), later.reshape(-1, width)])
        return _kept(rows[:, self.program.size :])

    def __str__(self) -> str:
        where = ", ".join(f"{letter} = {value:.6g}" for letter, value in zip(self.letters, self.last.point, strict=True))
        return f"{self.steps} steps of {self.method.name} (rate {_rate(self.method)}): {where}"


def _rate(method: Method) -> str:
    return str(method.rate) if method.rate.free else decimal(method.rate)


def _kept(array: NDArray[Any]) -> NDArray[Any]:
    """The array, which nobody can change any more."""
    array.setflags(write=False)
    return array


__all__ = ["Iteration", "Stopped", "Trace"]
