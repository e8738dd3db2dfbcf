"""One pass of a method over all coordinates, written out: from the point and the memory to the next point and memory.

The stages speak of x and g; here each coordinate has names of its own, every name is assigned once, and the gradient's
components (or a call that returns them) stand where g comes in. This one list of assignments runs as a compiled loop of floats,
and in exact fractions.

>>> from tutor.descent.method import method
>>> from tutor.descent.objective import written
>>> program = unrolled(method("gd", rate="0.1"), written("x^2 - 4x + 5"))
>>> next(iter(exact(program, [Fraction(0)], 1)))
(Fraction(2, 5),)
>>> [round(x, 4) for x in program.run(1, 3, 0.0)]
[0.4, 0.72, 0.976]
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from tutor.algebra.neat import neat
from tutor.descent.method import Method
from tutor.descent.objective import Objective
from tutor.descent.stage import CALLS, NUMBER, POINT, SLOPE, Components, Stage, component
from tutor.errors import RequestError
from tutor.form.arithmetic import compute
from tutor.form.compiled import Asked, Assignment, loop
from tutor.form.rationals import RATIONALS
from tutor.form.tree import Form, Sym
from tutor.form.walk import substitute

Slopes = Callable[..., tuple[float, ...]]
"""The gradient as a function of the point; that of a batch has the number of the step before the point."""


@dataclass(frozen=True)
class Program:
    """The assignments of one pass.

    `carried` says for each name at the start of a pass with which name's value the next one starts: the
    coordinates first (`size` of them), then the memory, which begins with `memory`.
    """

    steps: tuple[Assignment | Asked, ...]
    carried: dict[str, str]
    size: int
    memory: tuple[Form, ...]
    memory_names: tuple[str, ...]

    @property
    def position(self) -> list[str]:
        """The names of the new coordinates."""
        return list(self.carried.values())[: self.size]

    @cached_property
    def run(self) -> Callable[..., Iterator[float]]:
        """`run(first, last, *point)`: the coordinates after each pass, one after the other."""
        return self._looped(self.position)

    @cached_property
    def run_with_memory(self) -> Callable[..., Iterator[float]]:
        """As `run`, with the memory behind the coordinates."""
        return self._looped(list(self.carried.values()))

    def _looped(self, yielded: list[str]) -> Callable[..., Iterator[float]]:
        from tutor.form.evaluate import evaluate

        once = loop(self.steps, self.carried, yielded, CALLS)
        start = tuple(evaluate(form, {}) for form in self.memory)
        return lambda first, last, *point: once(first, last, *point, *start)


def unrolled(method: Method, objective: Objective, batch: Slopes | None = None) -> Program:
    """The program of a method on an objective; `batch` gives the gradient of the step's batch in the place of the whole one."""
    places = range(len(objective.letters))
    start = tuple(Sym(f"{POINT}@{k}") for k in places)
    steps: list[Assignment | Asked] = list(_measured(objective, start, batch))
    values: dict[str, Form | Components] = {POINT: start, SLOPE: tuple(Sym(f"{SLOPE}@{k}") for k in places), NUMBER: Sym(NUMBER)}
    memory: dict[str, tuple[str, Form]] = {}
    for number, stage in enumerate(method.stages):
        if stage.direction is not None:
            names = tuple(f"{SLOPE}@{number}.{k}" for k in places)
            steps.append(Asked(names, stage.direction(objective, stage.settings), tuple(part.name for part in start)))  # type: ignore[arg-type]
            values[SLOPE] = tuple(map(Sym, names))
        values = _staged(stage, number, values, steps, memory)
    position = values[POINT]
    assert isinstance(position, tuple)
    carried = {old.name: new.name for old, new in zip(start, position, strict=True) if isinstance(new, Sym)}
    carried |= {name: new for name, (new, _) in memory.items()}
    starts = tuple(first for _, first in memory.values())
    return Program(tuple(steps), carried, len(start), starts, tuple(memory))


def _measured(objective: Objective, start: Sequence[Sym], batch: Slopes | None) -> Iterator[Assignment | Asked]:
    """The gradient at the point: its forms where they are written, else a call."""
    names = tuple(f"{SLOPE}@{k}" for k in range(len(start)))
    here = tuple(part.name for part in start)
    if batch is not None:
        yield Asked(names, batch, (NUMBER, *here))
    elif objective.gradient is None:
        yield Asked(names, objective.slopes, here)
    else:
        put_in: dict[str, Form] = dict(zip(objective.letters, start, strict=True))
        yield from (Assignment(name, substitute(form, put_in)) for name, form in zip(names, objective.gradient.value, strict=True))


def _staged(
    stage: Stage, number: int, values: dict[str, Form | Components], steps: list[Assignment | Asked], memory: dict[str, tuple[str, Form]]
) -> dict[str, Form | Components]:
    """What the letters stand for behind a stage; its assignments are added to `steps`, its memory to `memory`."""
    places = range(len(values[POINT]))  # type: ignore[arg-type]
    known: dict[str, Form | Components] = {**values, **stage.settings}
    known |= {letter: tuple(Sym(f"{letter}@{number}.{k}") for k in places) for letter in stage.memory}
    for version, line in enumerate(stage.lines):
        names = tuple(f"{line.name}@{number}.{k}.{version}" for k in places)
        steps.extend(Assignment(name, neat(component(line.value, known, k))) for k, name in enumerate(names))
        known[line.name] = tuple(map(Sym, names))
    for letter, first in stage.memory.items():
        for k in places:
            memory[f"{letter}@{number}.{k}"] = (known[letter][k].name, first)  # type: ignore[index, union-attr]
    return {letter: known[letter] for letter in (POINT, SLOPE, NUMBER)}


def exact(program: Program, start: Sequence[Fraction], steps: int) -> Iterator[tuple[Fraction, ...]]:
    """The iterates as fractions, one tuple a step.

    Raises `RequestError` where a value is no fraction (a root, an exponential), or the fractions outgrow `LONGEST`.
    """
    first = [compute(form, {}, RATIONALS) for form in program.memory]
    held = dict(zip(program.carried, (*start, *first), strict=True))
    for n in range(1, steps + 1):
        values = {**held, NUMBER: Fraction(n)}
        for step in program.steps:
            if isinstance(step, Asked):
                raise RequestError("exact", "this run takes its gradient from data or a system of equations, and has no exact iterates")
            found = compute(step.value, values, RATIONALS)
            if found is None:
                raise RequestError("exact", f"step {n} leaves the fractions: {_plain(step.value)} is none", advice="Run it in decimals, or with fewer steps.")
            values[step.name] = found
        held = {old: values[new] for old, new in program.carried.items()}
        if any(value.denominator.bit_length() > LONGEST for value in held.values()):
            raise RequestError("exact", f"the fractions have more than {round(LONGEST * 0.3, -2):.0f} digits at step {n}", advice="Take fewer steps, or run it in decimals.")
        yield tuple(list(held.values())[: program.size])


LONGEST = 13_300
"""Bits of a denominator beyond which exact iterates end: about 4,000 digits."""


def _plain(form: Form) -> str:
    """A form of inner names as a reader knows them: x@1 is x."""
    return str(substitute(form, {name: Sym(name.partition("@")[0]) for name in form.free}))


__all__ = ["LONGEST", "Program", "Slopes", "exact", "unrolled"]
