"""One pass of a method over arrays: for objectives with more letters than are worth writing out one by one.

The stages' lines hold for every coordinate, so they hold for whole arrays; what sees all coordinates at once (a length, a sum) is
computed beside them.

>>> from tutor.descent.method import method
>>> from tutor.descent.objective import written
>>> program = VectorProgram(method("gd", rate="0.1", clip_norm=1), written("x^2 + 2y^2"))
>>> [round(part, 4) for part in program.run(1, 2, 4.0, 3.0)]
[3.9445, 2.9168, 3.8885, 2.834]
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tutor.descent.method import Method
from tutor.descent.objective import Objective
from tutor.descent.program import Slopes
from tutor.descent.stage import NUMBER, POINT, REDUCTIONS, SLOPE, Stage, threshold
from tutor.form.compiled import array_function
from tutor.form.evaluate import evaluate
from tutor.form.tree import Apply, Form, Sym
from tutor.form.walk import rewritten

if TYPE_CHECKING:
    from numpy.typing import NDArray

Line = Callable[[dict[str, Any]], Any]
"""The value of a line for the values of its letters."""


@dataclass(frozen=True)
class VectorProgram:
    """The passes of a method on an objective, in arrays; `run` is as that of a `Program`."""

    method: Method
    objective: Objective
    batch: Slopes | None = None

    @property
    def size(self) -> int:
        """How many letters there are."""
        return len(self.objective.letters)

    @cached_property
    def memory(self) -> tuple[Form, ...]:
        """Where the memory starts, coordinate after coordinate of one letter after the other."""
        return tuple(first for stage in self.method.stages for first in stage.memory.values() for _ in range(self.size))

    @cached_property
    def memory_names(self) -> tuple[str, ...]:
        """The names of the memory, in the same order."""
        return tuple(f"{letter}@{k}.{place}" for k, stage in enumerate(self.method.stages) for letter in stage.memory for place in range(self.size))

    def run(self, first: int, last: int, *point: float) -> Iterator[float]:
        """The coordinates after each pass, one after the other."""
        for x, _ in self._passes(first, last, point):
            yield from x.tolist()

    def run_with_memory(self, first: int, last: int, *point: float) -> Iterator[float]:
        """As `run`, with the memory behind the coordinates."""
        for x, memories in self._passes(first, last, point):
            yield from x.tolist()
            for memory in memories:
                for part in memory.values():
                    yield from part.tolist()

    def _passes(self, first: int, last: int, point: Sequence[float]) -> Iterator[tuple[NDArray[Any], list[dict[str, Any]]]]:
        import numpy as np

        x = np.array(point)
        stages = [_Ready(stage, self.objective) for stage in self.method.stages]
        memories = [{letter: np.full(self.size, evaluate(start, {})) for letter, start in stage.memory.items()} for stage in self.method.stages]
        for n in range(first, last + 1):
            here = x.tolist()
            g = np.array(self.objective.slopes(*here) if self.batch is None else self.batch(n, *here))
            with np.errstate(all="ignore"):
                for k, stage in enumerate(stages):
                    x, g, memories[k] = stage.passed(x, g, float(n), memories[k])
            yield x, memories


class _Ready:
    """A stage with its lines compiled for arrays."""

    def __init__(self, stage: Stage, objective: Objective) -> None:
        import numpy as np

        self.stage = stage
        self.settings = {
            name: np.array([evaluate(part, {}) for part in value]) if isinstance(value, tuple) else value if value.free else evaluate(value, {})
            for name, value in stage.settings.items()
        }  # fmt: skip
        self.direction = None if stage.direction is None else stage.direction(objective, stage.settings)  # type: ignore[arg-type]
        self.lines = [(line.name, _line(line.value)) for line in stage.lines]
        self.schedules = {name: array_function([value], [NUMBER]) for name, value in self.settings.items() if isinstance(value, Form)}

    def passed(self, x: Any, g: Any, n: float, memory: dict[str, Any]) -> tuple[Any, Any, dict[str, Any]]:
        """The point, the gradient and the memory behind the stage."""
        import numpy as np

        slope = g if self.direction is None else np.array(self.direction(*x.tolist()))
        values = {**self.settings, **memory, POINT: x, SLOPE: slope, NUMBER: n}
        values |= {name: function(n)[0] for name, function in self.schedules.items()}
        for name, line in self.lines:
            values[name] = line(values)
        return values[POINT], values[SLOPE], {letter: values[letter] for letter in memory}


def _line(form: Form) -> Line:
    """A line as a function of its letters' values; reductions become letters of their own, computed first."""
    reductions: dict[str, tuple[str, Line, Line | None]] = {}

    def put_aside(node: Form) -> Form:
        if not isinstance(node, Apply) or node.name not in REDUCTIONS:
            return node
        name = f"reduction@{len(reductions)}"
        reductions[name] = node.name, _elementwise(node.args[0]), _elementwise(node.args[1]) if len(node.args) > 1 else None
        return Sym(name)

    outer = _elementwise(rewritten(form, put_aside))

    def value(values: dict[str, Any]) -> Any:
        known = dict(values)
        for name, (kind, part, radius) in reductions.items():
            known[name] = _reduced(kind, part(known), None if radius is None else radius(known))
        return outer(known)

    return value


def _elementwise(form: Form) -> Line:
    letters = sorted(form.free)
    function = array_function([form], letters)
    return lambda values: function(*(values[letter] for letter in letters))[0]


def _reduced(kind: str, part: Any, radius: Any) -> float:
    if kind == "norm":
        return math.sqrt(float(part @ part))
    return float(part.sum()) if kind == "sum" else threshold(float(radius), *part.tolist())


__all__ = ["VectorProgram"]
