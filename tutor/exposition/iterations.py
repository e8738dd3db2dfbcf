"""The iterations of a run as tables: one row an iterate, the substituted formula where it fits, long runs elided in the middle.

>>> shown_rows(20, "normal")
[0, 1, 2, 3, 4, None, 10, None, 20]
>>> shown_rows(4, "brief")
[0, 1, 2, 3, 4]
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from tutor.errors import RequestError
from tutor.exposition import Level
from tutor.exposition.columns import PAGE, PLACES, Column, cell, figures, fixed, short, tables, width, written
from tutor.exposition.doc import Block, Maths, Paragraph, Phrase, Section
from tutor.exposition.names import Name
from tutor.exposition.phrases import PHRASES
from tutor.exposition.rule import MOST_WRITTEN, Shown, is_plain, renaming, slope_sign, slopes_used, update
from tutor.form.evaluate import evaluate
from tutor.form.numerals import number, rational
from tutor.form.tree import Add, Form, Mul, Neg, Num, Relation, Sym

if TYPE_CHECKING:
    from tutor.descent.trace import Trace

_FIRST: dict[Level, int] = {"brief": 3, "normal": 5, "full": 9}
"""Rows at the beginning of a long run."""
_FEW = 6
"""So many rows more are shown rather than left out."""
MOST_LETTERS = 8
"""Letters that have a column of their own."""
_REMEMBERED = 100_000
"""Runs up to so many steps are gone through again for what the method remembers."""
_EXACT_ROWS = 40
"""Rows up to which fractions are tried for the formulas."""
_LONGEST = 32
"""A fraction with more signs than this is not written into a table."""


def shown_rows(steps: int, level: Level = "normal") -> list[int | None]:
    """The rows of a table: all of a short run; else the first few, 10, 100, 1000, … and the last, with None for what is left out."""
    first = _FIRST[level]
    if steps < first + _FEW:
        return list(range(steps + 1))
    later = [10**power for power in range(1, len(str(steps))) if first < 10**power < steps]
    found: list[int | None] = list(range(first))
    for n in (*later, steps):
        found += [n] if n - 1 in found else [None, n]
    return found


@dataclass(frozen=True)
class Rows:
    """The rows of a run that a table shows, with what their columns hold."""

    trace: Trace
    name: Name
    level: Level = "normal"
    exact: tuple[tuple[Fraction, ...], ...] | None = None

    @cached_property
    def numbers(self) -> list[int | None]:
        """Which iterates, None for those that are left out."""
        return shown_rows(self.trace.steps, self.level)

    @cached_property
    def shown(self) -> list[int]:
        """Which iterates are there."""
        return [n for n in self.numbers if n is not None]

    def column(self, heading: Phrase, values: Sequence[float | None]) -> Column:
        """A column of numbers, one for each row that is there."""
        return self.filled(heading, [cell(form) for form in written(values)])

    def filled(self, heading: Phrase, cells: Sequence[Phrase]) -> Column:
        """A column of cells, with gaps where rows are left out."""
        given = iter(cells)
        return Column(heading, tuple(() if n is None else next(given) for n in self.numbers))

    @cached_property
    def first(self) -> Column:
        """The numbers of the iterates."""
        return Column(("n",), tuple(("…",) if n is None else (number(n),) for n in self.numbers))

    @cached_property
    def coordinates(self) -> list[Column]:
        """The points."""
        return [self.column((Sym(letter),), [float(self.trace.points[n, k]) for n in self.shown]) for k, letter in self.places]

    @property
    def places(self) -> list[tuple[int, str]]:
        """The letters that have a column."""
        return list(enumerate(self.trace.letters))[:MOST_LETTERS]

    @cached_property
    def slopes(self) -> list[Column]:
        """The gradient, and of several letters its length."""
        found = [self.column((slope_sign(self.trace, self.name, letter),), [self.slope(n)[k] for n in self.shown]) for k, letter in self.places]
        if len(self.trace.letters) > 1:
            found.append(self.column(PHRASES.say("descent.length", {}), [self._length(n) for n in self.shown]))
        return found

    @cached_property
    def values(self) -> list[Column]:
        """The value, and by which factor the gradient became shorter (or longer) in the step that led there."""
        heading: Form = self.name.written() if len(self.trace.letters) == 1 else Sym(self.name.name)
        value = self.column((heading,), [self.trace.objective.value(*self.trace.points[n].tolist()) for n in self.shown])
        return [value, self.column(PHRASES.say("descent.factor", {}), [self._factor(n) for n in self.shown])]

    def _factor(self, n: int) -> float | None:
        before, here = (self._length(n - 1), self._length(n)) if n else (0.0, 0.0)
        return here / before if 0 < before < math.inf and here < math.inf else None

    def _length(self, n: int) -> float:
        """The length of a gradient, also of one whose squares are too large for floats."""
        return math.hypot(*self.slope(n))

    def slope(self, n: int) -> tuple[float, ...]:
        """The gradient at an iterate; a long run is not gone through for the few rows that are shown."""
        if n not in self._slopes:
            self._slopes[n] = self.trace.objective.slopes(*self.trace.points[n].tolist())
        return self._slopes[n]

    @cached_property
    def _slopes(self) -> dict[int, tuple[float, ...]]:
        return {}

    @cached_property
    def rates(self) -> list[Column]:
        """The learning rate of the step that starts here, where it changes from step to step."""
        rate = self.trace.method.rate
        if not rate.free:
            return []
        return [self.column((Sym("alpha"),), [evaluate(rate, {"n": n + 1.0}) if n < self.trace.steps else None for n in self.shown])]

    @cached_property
    def memory(self) -> list[Column]:
        """What the method remembers before each step, for few letters."""
        names = self.trace.program.memory_names
        if not names or len(self.trace.letters) > MOST_WRITTEN or self.trace.steps > _REMEMBERED:
            return []
        found, called = [], renaming(self.trace)
        for place, name in enumerate(names):
            letter, coordinate = called[name.partition("@")[0]], int(name.rpartition(".")[2])
            sign = Sym(letter) if len(self.trace.letters) == 1 else Sym(f"{letter}_{self.trace.letters[coordinate]}")
            found.append(self.column((sign,), [float(self.trace.memory[n, place]) for n in self.shown]))
        return found

    # -- the substituted formula -----------------------------------------------------------------------

    @property
    def has_formulas(self) -> bool:
        """Whether a step is one formula with numbers."""
        return is_plain(self.trace) and len(self.trace.letters) <= MOST_WRITTEN and self.trace.steps > 0

    @cached_property
    def fractions(self) -> Sequence[tuple[Fraction, ...]]:
        """The first iterates as fractions, as far as they are some."""
        if self.exact is not None:
            return self.exact
        try:
            return self.trace.exact(min(self.trace.steps, _EXACT_ROWS))
        except RequestError:
            return []

    def formula(self, n: int) -> Relation:
        """The step from iterate n with its numbers: x₁ = 0 − 0.1·(−4) = 0.4."""
        rate = self.trace.method.rate
        alpha = rational(rate) if not rate.free else None
        by: Fraction | float = alpha if alpha is not None else evaluate(rate, {"n": n + 1.0})
        here: Sequence[Fraction | float] = tuple(map(float, self.trace.points[n]))
        slopes: Sequence[Fraction | float] = slopes_used(self.trace, n)
        if alpha is not None and alpha and n + 1 < len(self.fractions):
            here = self.fractions[n]
            slopes = [(old - new) / alpha for old, new in zip(here, self.fractions[n + 1], strict=True)]
        if len(here) == 1:
            return self._narrow(here[0], slopes[0], by, n)
        return update(self.trace.letters, tuple(map(Shown, here)), tuple(map(Shown, slopes)), Shown(by), n + 1)

    def _narrow(self, here: Fraction | float, slope: Fraction | float, rate: Fraction | float, n: int) -> Relation:
        """The formula of one letter, with no more digits than the columns have."""
        there: Fraction | float = float(self.trace.points[n + 1, 0])
        if isinstance(here, Fraction) and isinstance(slope, Fraction) and isinstance(rate, Fraction):
            there = here - rate * slope
        left, by_rate, right = self._digits(here), self._digits(slope, self._slope_decimals), self._digits(there)
        alpha = Shown(rate).form
        rounded = not all(ends for _, ends in (left, by_rate, right)) or Shown(rate).is_rounded
        step = Add((left[0], Neg(Mul((alpha, by_rate[0])))))
        return Relation((Sym(f"{self.trace.letters[0]}_{n + 1}"), step, right[0]), ("=", "~" if rounded else "="))

    def _digits(self, value: Fraction | float, decimals: int | None = None) -> tuple[Form, bool]:
        """A number with a few decimals, and whether that is all of it."""
        decimals = self._decimals if decimals is None else decimals
        ends = short(value, decimals) if isinstance(value, Fraction) else None
        if ends is not None:
            return ends, True
        value = float(value)
        if value.is_integer() and abs(value) < 1e9:
            return number(int(value)), True
        small = 0 < abs(value) < 10.0 ** -max(decimals - 1, 0) or abs(value) >= 1e9
        return figures(value) if small else fixed(value, decimals), False

    @cached_property
    def _decimals(self) -> int:
        """As many decimals as the column of the letter has, at least one."""
        return _decimals_of(self.coordinates[0])

    @cached_property
    def _slope_decimals(self) -> int:
        return _decimals_of(self.slopes[0])

    @cached_property
    def formulas(self) -> Column:
        """The step that leads from each iterate to the next, without its left side."""
        cells: list[Phrase] = []
        for n in self.shown:
            form = self.formula(n) if n < self.trace.steps else None
            cells.append(() if form is None else (Relation(form.operands[1:], form.operators[1:]),))
        heading = PHRASES.say("descent.next", {"letter": Sym(self.trace.letters[0])})
        return self.filled(heading, cells)

    # -- exactly ----------------------------------------------------------------------------------------

    @cached_property
    def fraction_columns(self) -> list[Column]:
        """The iterates as fractions, where these were asked for."""
        if self.exact is None:
            return []
        return [
            self.filled(PHRASES.say("descent.exactly", {"letter": Sym(letter)}), [_fraction(self.exact[n][k]) for n in self.shown]) for k, letter in self.places
        ]  # fmt: skip


def _decimals_of(column: Column) -> int:
    bare = (part.operand if isinstance(part, Neg) else part for one in column.cells for part in one)
    return max((part.places for part in bare if isinstance(part, Num)), default=PLACES) or PLACES


def _fraction(value: Fraction) -> Phrase:
    """A fraction where it is not too long, else how long it is."""
    form = number(value)
    if width((form,)) <= _LONGEST:
        return (form,)
    return PHRASES.say("descent.long", {"top": len(str(abs(value.numerator))), "bottom": len(str(value.denominator))})


def iteration_blocks(rows: Rows) -> Iterator[Block]:
    """The table of the iterations, in several parts where it is too wide, with the formulas in it or above it."""
    trace = rows.trace
    one = len(trace.letters) == 1
    numbers = [rows.rates, rows.coordinates, rows.slopes, rows.values]
    inside = rows.has_formulas and one and rows.exact is None and rows.level != "brief"
    with_formula = [*rows.rates, *rows.coordinates, *rows.slopes, rows.formulas, *rows.values] if inside else []
    groups: list[Sequence[Column]] = [rows.fraction_columns, *numbers]
    if with_formula and sum(column.width + 2 for column in with_formula) + rows.first.width <= PAGE:
        groups = [with_formula]
    elif rows.has_formulas and rows.level != "brief":
        first = [Maths(rows.formula(n)) for n in range(min(3, trace.steps))]
        yield Section(PHRASES.say("descent.put_in", {"count": len(first)}), tuple(first), "formulas")
    memory = rows.memory if rows.level != "brief" else []
    blocks: list[Block] = list(tables(rows.first, [group for group in (*groups, memory) if group]))
    if len(trace.letters) > MOST_LETTERS:
        blocks.append(Paragraph(PHRASES.say("descent.more_letters", {"shown": MOST_LETTERS, "all": len(trace.letters)})))
    yield Section(PHRASES.say("descent.iterations", {}), tuple(blocks), "iterations")


__all__ = ["MOST_LETTERS", "Rows", "iteration_blocks", "shown_rows"]
