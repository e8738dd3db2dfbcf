"""Runs: from what a person asks for to a `Trace`.

The compiled loop yields numbers; they are taken in blocks, so that a long run can report how far it is, can be interrupted, and
ends at the first point that is flat enough, or too large for floats, or has left the domain (that point is kept: it shows where).

>>> trace = descend("x^2", start="x=10", rate="0.1", steps=20)
>>> round(trace.last.point[0], 6)
0.115292
>>> [round(row.point[0], 3) for row in iterations("x^2", start="x=10", rate="0.1", steps=2)]
[10.0, 8.0, 6.4]
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from tutor.calculus.points import read_point
from tutor.descent.method import Method, Number, method
from tutor.descent.objective import Objective, objective_of
from tutor.descent.program import Program, Slopes, unrolled
from tutor.descent.trace import Iteration, Stopped, Trace
from tutor.descent.vectors import VectorProgram
from tutor.errors import RequestError
from tutor.form.evaluate import evaluate
from tutor.form.tree import Form

if TYPE_CHECKING:
    from numpy.typing import NDArray

Start = str | Mapping[str, object] | Sequence[float]
Progress = Callable[[int, int], None]
"""Called after each block with the steps done and the steps asked for."""
MOST_NUMBERS = 300_000_000
"""Steps times letters: what a run may keep (2.4 GB)."""
MOST_UNROLLED = 50
"""Letters whose updates are written out one by one; with more of them arrays are faster."""
_FIRST_BLOCK, _BLOCK = 1_024, 131_072


def descend(
    function: str | Form | Objective,
    *,
    start: Start,
    rate: Number | None = None,
    steps: int = 100,
    method: str | Method = "gd",
    tolerance: float | None = None,
    batch: Slopes | None = None,
    progress: Progress | None = None,
    **options: Any,
) -> Trace:
    """Go downhill and keep every iterate.

    `function` is a text, a form, or an objective such as `Fit`; `start` a point ("x=4,y=3", a mapping, or numbers in the order of the letters).
    `options` are those of `tutor.descent.method.method`: convention, settings, clip_norm, clip_value, weight_decay, project, mirror. The run
    ends after `steps`, or where the gradient is no longer than `tolerance`. `batch` gives the gradient of each step's batch (`tutor.descent.batches`).
    A keyboard interrupt ends the run, and what was computed is returned. Raises `ReadError` and `RequestError`.
    """
    objective, program, chosen, place = _prepared(function, start, rate, method, batch, options)
    _check_steps(steps, len(place))
    points, stopped = _points(program, objective, [evaluate(part, {}) for part in place], steps, tolerance, progress)
    return Trace(objective, chosen, place, points, stopped, program)


def iterations(
    function: str | Form | Objective, *, start: Start, rate: Number | None = None, steps: int = 100, method: str | Method = "gd",
    batch: Slopes | None = None, **options: Any,
) -> Iterator[Iteration]:
    """The iterates of a run while it runs, the start first. The parameters are those of `descend`."""  # fmt: skip
    objective, program, _, place = _prepared(function, start, rate, method, batch, options)
    point = tuple(evaluate(part, {}) for part in place)
    numbers = program.run(1, steps, *point)
    for n in range(steps + 1):
        if len(point) < len(place):
            return
        yield Iteration(n, point, objective.slopes(*point), objective.value(*point))
        if math.isnan(objective.value(*point)):
            return
        point = tuple(islice(numbers, len(place)))


def _prepared(
    function: str | Form | Objective, start: Start, rate: Number | None, name: str | Method, batch: Slopes | None, options: dict[str, Any]
) -> tuple[Objective, Program | VectorProgram, Method, tuple[Form, ...]]:
    objective = objective_of(function)
    chosen = name if isinstance(name, Method) else method(name, rate=rate, **options)
    place = _start(start, objective)
    chosen.check_letters(len(place))
    program = unrolled(chosen, objective, batch) if len(place) <= MOST_UNROLLED else VectorProgram(chosen, objective, batch)
    return objective, program, chosen, place


def _start(start: Start, objective: Objective) -> tuple[Form, ...]:
    """The start as exact numbers in the order of the letters."""
    if not isinstance(start, str | Mapping):
        if len(start) != len(objective.letters):
            raise RequestError("start", f"the start has {len(start)} numbers for {len(objective.letters)} letters")
        start = dict(zip(objective.letters, start, strict=True))
    point = read_point({name: f"{value:.17g}" if isinstance(value, float) else value for name, value in start.items()} if isinstance(start, Mapping) else start)
    missing = [letter for letter in objective.letters if letter not in point]
    others = [letter for letter in point if letter not in objective.letters]
    if missing or others:
        said = f"the start gives no value for {', '.join(missing)}" if missing else f"{', '.join(others)} does not occur in the function"
        shown = ",".join(f"{letter}={point.get(letter, 1)}" for letter in objective.letters)
        raise RequestError("start", said, advice=f"Write the start as {shown}.")
    return tuple(point[letter] for letter in objective.letters)


def _check_steps(steps: int, letters: int) -> None:
    if steps < 0:
        raise RequestError("steps", f"the number of steps is not negative, and not {steps}")
    if steps * letters > MOST_NUMBERS:
        raise RequestError("steps", f"{steps:,} steps of {letters} letters are too many to keep", advice=f"Take at most {MOST_NUMBERS // letters:,}.")


def _points(
    program: Program | VectorProgram, objective: Objective, start: Sequence[float], steps: int, tolerance: float | None, progress: Progress | None
) -> tuple[NDArray[Any], Stopped]:
    """The iterates as an array, and why there are no more."""
    import numpy as np

    size = len(start)
    kept = np.empty((steps + 1, size))
    kept[0] = start
    numbers = program.run(1, steps, *start)
    done, block, stopped = 0, _FIRST_BLOCK, "steps"
    try:
        while done < steps and stopped == "steps":
            wanted = min(block, steps - done)
            found = np.fromiter(islice(numbers, wanted * size), float).reshape(-1, size)
            good, stopped = _good(found, objective, tolerance, wanted)
            kept[done + 1 : done + 1 + good] = found[:good]
            done, block = done + good, _BLOCK
            if progress is not None:
                progress(done, steps)
    except KeyboardInterrupt:
        stopped = "interrupted"
    points = kept[: done + 1]
    points.setflags(write=False)
    return points, stopped  # type: ignore[return-value]


def _good(found: NDArray[Any], objective: Objective, tolerance: float | None, wanted: int) -> tuple[int, Stopped]:
    """How many rows of a block count, and why no more follow."""
    import numpy as np

    finite = np.isfinite(found).all(axis=1)
    good = len(found) if finite.all() else int(np.argmin(finite))
    if objective.has_gaps and (missing := np.isnan(objective.values(found[:good]))).any():
        return int(np.argmax(missing)) + 1, "undefined"
    if tolerance is not None and good:
        flat = np.linalg.norm(objective.gradients(found[:good]), axis=1) <= tolerance
        if flat.any():
            return int(np.argmax(flat)) + 1, "tolerance"
    if good < len(found):
        return good, "undefined" if np.isnan(found[good]).any() else "overflow"
    return good, "steps" if good == wanted else "undefined"


__all__ = ["MOST_NUMBERS", "Progress", "Start", "descend", "iterations"]
