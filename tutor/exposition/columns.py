"""Columns of measured numbers: one way of writing for all that stands in a column, and tables no wider than a page.

A computed number has sixteen digits, of which a table shows as many as tell its rows apart. All numbers of a column have the same
decimals, so that they can be compared by eye; where they differ too much in size for that, each has its own significant
digits, the very small and very large ones with a power of ten.

>>> [str(form) for form in written([0.4, 0.72, 0.976])], [str(form) for form in written([10.0, -10.0])]
(['0.400', '0.720', '0.976'], ['10', '-10'])
>>> [str(form) for form in written([4.0, 1 / 3, 1e-9])]
['4', '0.33333', '10^(-9)']
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tutor.exposition.doc import Phrase, Table
from tutor.form.notation.plain import PLAIN
from tutor.form.notation.unicode import UNICODE
from tutor.form.numerals import number
from tutor.form.tree import Form, Mul, Neg, Num, Pow
from tutor.form.write import write

PLACES, MOST_PLACES, FIGURES = 4, 6, 5
"""Decimals that a column has, those that it has at most, and significant digits where no number of decimals does."""
PAGE = 76
"""The room for a table inside a section on a page of 80 columns."""
NONE: Phrase = ("–",)
"""Stands where there is no number."""


def written(values: Sequence[float | None]) -> list[Form | None]:
    """The numbers of a column, all with the same decimals where that shows each of them."""
    sizes = [abs(value) for value in values if value is not None and math.isfinite(value) and value]
    places = _places(sizes)
    return [None if value is None or not math.isfinite(value) else figures(value) if places is None else fixed(value, places) for value in values]


def _places(sizes: Sequence[float]) -> int | None:
    """How many decimals show numbers of these sizes: the fewest that round none of them, at most a few."""
    if not sizes:
        return 0
    largest, smallest = max(sizes), min(sizes)
    wanted = max(PLACES - max(0, math.floor(math.log10(largest)) - 2), 1 - math.floor(math.log10(smallest)), 0)
    if largest >= 1e9 or wanted > MOST_PLACES:
        return None
    return next((places for places in range(wanted) if all(_is_rounded(size, places) for size in sizes)), wanted)


def _is_rounded(value: float, places: int) -> bool:
    return abs(round(value, places) - value) <= 1e-12 * max(1.0, abs(value))


def fixed(value: float, places: int) -> Form:
    """A number with so many decimals; zero has no sign."""
    digits = abs(round(Fraction(value) * 10**places))
    return Neg(Num(digits, places)) if value < 0 and digits else Num(digits, places)


def figures(value: float, most: int = FIGURES) -> Form:
    """A number with so many significant digits, without zeros at its end; very small and very large ones with a power of ten.

    >>> [str(figures(value)) for value in (0.0, 2 / 3, -123456.0, 1.2345678e-7, 1e12)]
    ['0', '0.66667', '-123460', '1.2346*10^(-7)', '10^12']
    """
    if not value:
        return Num(0)
    mantissa, _, power = f"{abs(value):.{most - 1}e}".partition("e")
    digits, places = int(mantissa.replace(".", "")), most - 1 - int(power)
    while digits % 10 == 0:
        digits, places = digits // 10, places - 1
    if -4 <= int(power) < 9:
        found: Form = Num(digits, places) if places > 0 else Num(digits * 10**-places)
    else:
        shown = len(str(digits)) - 1
        ten = Pow(Num(10), number(int(power)))
        found = ten if digits == 1 else Mul((Num(digits, shown), ten))
    return Neg(found) if value < 0 else found


def short(value: Fraction, places: int) -> Form | None:
    """A fraction as a decimal that ends after at most so many places, else None."""
    scaled = value * 10**places
    return number(value, decimal=True) if scaled.denominator == 1 else None


def cell(form: Form | None) -> Phrase:
    """A number in a table; a dash where there is none."""
    return NONE if form is None else (form,)


def width(phrase: Phrase) -> int:
    """How many columns a phrase takes, in a terminal or in ASCII, whichever is more."""
    return max(sum(len(part if isinstance(part, str) else write(part, notation)) for part in phrase) for notation in (UNICODE, PLAIN))


@dataclass(frozen=True, slots=True)
class Column:
    """A heading and what stands below it."""

    heading: Phrase
    cells: tuple[Phrase, ...]

    @property
    def width(self) -> int:
        """How many columns of a terminal it takes."""
        return max(map(width, (self.heading, *self.cells)))


def tables(first: Column, groups: Iterable[Sequence[Column]], room: int = PAGE, gap: int = 2) -> list[Table]:
    """The columns as one table, or as several beside the same first column where they are too wide for one.

    Columns of a group stand in one table as long as that is possible.
    """
    rows: list[list[Column]] = [[]]
    for group in groups:
        taken = _taken(first, rows[-1], gap)
        if rows[-1] and taken + sum(column.width + gap for column in group) > room:
            rows.append([])
        for column in group:
            if rows[-1] and _taken(first, rows[-1], gap) + column.width + gap > room:
                rows.append([])
            rows[-1].append(column)
    return [_table((first, *columns)) for columns in rows if columns]


def _taken(first: Column, columns: Sequence[Column], gap: int) -> int:
    return first.width + sum(column.width + gap for column in columns)


def _table(columns: Sequence[Column]) -> Table:
    rows = zip(*(column.cells for column in columns), strict=True)
    return Table(tuple(column.heading for column in columns), tuple(rows))
