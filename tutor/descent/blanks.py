"""A table of iterations as an exercise: some of its places are blank, and the learner works them out from the rows above.

The cells are those of the answer kind `tutor.grading.kinds.iterates.Iterates`, which has parameters of the same names: the values in order
from the start on, which of them are given, the step from one to the next (so that a slip costs one cell), and how far off a number may be.

>>> from tutor.descent.run import descend
>>> exercise = exercise_of(descend("x^2 - 4x + 5", start="x=0", rate="0.1", steps=20), blanks=2, seed=1)
>>> [str(cell) for cell in exercise.cells[:3]], exercise.blanks, str(exercise.step)
(['0', '2/5', '18/25'], (1, 2), 'x - 0.1*(2*x - 4)')
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tutor.descent.program import Program
from tutor.descent.stage import component
from tutor.errors import RequestError
from tutor.form.compiled import Asked
from tutor.form.numerals import number
from tutor.form.tree import Form, Listing, Sym

if TYPE_CHECKING:
    from tutor.descent.trace import Trace

_ROWS, _MORE = 5, 2
"""Rows after the start that a table has at least, and rows that are given besides the blanks."""
_PLACES, _FIGURES = 4, 4
MOST_BLANKS = 50


@dataclass(frozen=True, eq=False)
class TableExercise:
    """Rows 0 to `rows` of a run, with blanks.

    `cells` are the points in order (a number, or a tuple of several letters), `given` the places that are filled in, `step` the next point in
    `letters` (None where a step needs more than the point before it), `absolute` how far off a number may be, `places` to how many decimals
    it is asked for.
    """

    trace: Trace
    cells: tuple[Form, ...]
    given: frozenset[int]
    letters: tuple[str, ...]
    step: Form | None
    places: int
    seed: int

    @property
    def blanks(self) -> tuple[int, ...]:
        """The numbers of the iterates that are asked for."""
        return tuple(k for k in range(len(self.cells)) if k not in self.given)

    @property
    def absolute(self) -> Fraction:
        """How far off a number may be: one unit of the last decimal that is asked for."""
        return Fraction(1, 10**self.places)


def exercise_of(trace: Trace, blanks: int = 3, seed: int = 0) -> TableExercise:
    """The first rows of a run with so many blanks at places that the seed chooses. Raises `RequestError` for a number that does not fit the run."""
    if not 1 <= blanks <= MOST_BLANKS:
        raise RequestError("blanks", f"the number of blanks is from 1 to {MOST_BLANKS}, not {blanks}")
    if blanks > trace.steps:
        raise RequestError("blanks", f"the run has {trace.steps} steps, too few for {blanks} blanks", advice=f"Take more steps, such as --steps {blanks + _MORE}, or fewer blanks.")
    rows = min(trace.steps, max(_ROWS, blanks + _MORE))
    chosen = random.Random(seed).sample(range(1, rows + 1), blanks)  # noqa: S311 (an exercise is no secret)
    return TableExercise(trace, tuple(_cells(trace, rows)), frozenset(range(rows + 1)) - set(chosen), trace.letters, step_form(trace), _places(trace, rows), seed)


def _cells(trace: Trace, rows: int) -> Iterator[Form]:
    """The points, exactly where they are fractions of a readable size."""
    try:
        exact: list[tuple[Fraction, ...]] = trace.exact(rows)
    except RequestError:
        exact = []
    for n in range(rows + 1):
        point = exact[n] if n < len(exact) else tuple(Fraction(part) for part in trace.points[n].tolist())
        parts = tuple(number(part) for part in point)
        yield parts[0] if len(parts) == 1 else Listing("tuple", parts)


def _places(trace: Trace, rows: int) -> int:
    """Decimals that show about four digits of each coordinate."""
    sizes = [abs(part) for part in trace.points[: rows + 1].ravel().tolist() if part]
    smallest = min(sizes, default=1.0)
    return min(max(_PLACES, _FIGURES - 1 - math.floor(math.log10(smallest))), 12)


def step_form(trace: Trace) -> Form | None:
    """The next point as a form in the letters; None for methods that remember, that count, or whose gradient is not written."""
    gradient = trace.objective.gradient
    stages = trace.method.stages
    if gradient is None or not isinstance(trace.program, Program) or isinstance(trace.program.steps[0], Asked):
        return None
    if any(stage.memory or stage.direction is not None for stage in stages) or trace.method.rate.free:
        return None
    values: dict[str, Any] = {"x": tuple(map(Sym, trace.letters)), "g": tuple(gradient.value)}
    for stage in stages:
        for line in stage.lines:
            if "n" in line.value.free:
                return None
            known = {**values, **stage.settings}
            values[line.name] = tuple(component(line.value, known, k) for k in range(len(trace.letters)))
    return values["x"][0] if len(trace.letters) == 1 else Listing("tuple", values["x"])


__all__ = ["MOST_BLANKS", "TableExercise", "exercise_of", "step_form"]
