"""Values of forms at a few fixed places: two forms that differ show it there, so that few have to be compared exactly.

A `Shelf` holds wrong answers to one question with their values, column by column: the first answer to a question pays for
the column, every other one looks it up. What agrees is confirmed in balls by whoever asks.

>>> from tutor import read
>>> places = places_of(read("x^2"), {"x"})
>>> shelf = Shelf([(read("2x"), "A"), (read("x^3"), "B")])
>>> shelf.matching(places, [place.value(read("x*x*x")) for place in places])
['B']
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice
from typing import Generic, TypeVar

from tutor.algebra.equal import by_samples, compared
from tutor.form.evaluate import FLOATS, compute, evaluate_ball, sample_points
from tutor.form.tree import Form

T = TypeVar("T")
_CLOSE = 1e-9
_PLACES, _TRIES, _LEAST = 4, 60, 2
_STEP = 1e-5
_ROUGH = 1e-6
"""A difference quotient is so close to the slope, as a share of it, where the function is smooth."""
_COLUMNS = 16


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A point, with its coordinates as floats; `exact` ones where they are fractions."""

    values: Mapping[str, float]
    exact: Mapping[str, Fraction] = field(default_factory=dict)

    def value(self, form: Form, known: dict[Form, object] | None = None) -> float:
        """The value of a form here; nan where there is none. A letter without a value gets some number, always the same."""
        missing = form.free - self.values.keys()
        values = {**self.values, **{name: 0.6180339 + 0.7320508 * k for k, name in enumerate(sorted(missing))}} if missing else self.values
        found = compute(form, values, FLOATS, known)
        return found if isinstance(found, float) else math.nan

    def slope(self, form: Form, variable: str) -> float:
        """The difference quotient of a form here: about its derivative."""
        at = self.values[variable]
        left, right = (Place({**self.values, variable: at + sign * _STEP}).value(form) for sign in (-1, 1))
        return (right - left) / (2 * _STEP)


class Shelf(Generic[T]):
    """Forms, each with something that belongs to it, and their values at the places where somebody looked first."""

    def __init__(self, entries: Iterable[tuple[Form, T]]) -> None:
        self.entries = list(entries)
        self._columns: dict[Place, list[float]] = {}

    def column(self, place: Place) -> list[float]:
        """The values of all forms at a place."""
        found = self._columns.get(place)
        if found is None:
            known: dict[Form, object] = {}
            found = [place.value(form, known) for form, _ in self.entries]
            if len(self._columns) >= _COLUMNS:
                self._columns.clear()
            self._columns[place] = found
        return found

    def matching(self, places: Sequence[Place], values: Sequence[float]) -> list[T]:
        """What belongs to forms with these values; a place at which there is no value does not count."""
        return [self.entries[row][1] for row in self.rows(places, values)]

    def rows(self, places: Sequence[Place], values: Sequence[float]) -> list[int]:
        """The numbers of the entries with these values."""
        seen = [(place, value) for place, value in zip(places, values, strict=True) if math.isfinite(value)]
        if not seen:
            return []
        (first, value), *others = seen
        gap = _CLOSE * (1 + 2 * abs(value))
        rows = [row for row, found in enumerate(self.column(first)) if abs(found - value) <= gap]
        return [row for row in rows if all(close(place.value(self.entries[row][0]), value) for place, value in others)]


def places_of(form: Form, names: Iterable[str]) -> list[Place]:
    """Places at which a form has a value, for every letter of `names`."""
    found: list[Place] = []
    for point in islice(sample_points(form.free.union(names)), _TRIES):
        place = Place({name: float(value) for name, value in point.items()}, point)
        if math.isfinite(place.value(form)):
            found.append(place)
            if len(found) == _PLACES:
                break
    return found


def close(one: float, other: float) -> bool:
    """Whether two values are the same, as far as floats can tell; nan is close to nothing."""
    return abs(one - other) <= _CLOSE * (1 + abs(one) + abs(other))


def roughly(one: float, other: float) -> bool:
    """Whether a difference quotient may be this slope."""
    return abs(one - other) <= _ROUGH * (1 + abs(one) + abs(other))


def same_values(one: Sequence[float], other: Sequence[float]) -> bool:
    """Whether two rows of values agree wherever both have one, in at least two places."""
    both = [(left, right) for left, right in zip(one, other, strict=True) if math.isfinite(left) and math.isfinite(right)]
    return len(both) >= _LEAST and all(close(left, right) for left, right in both)


def confirmed(one: Form, other: Form, places: Sequence[Place]) -> bool:
    """Whether two forms agree in balls, at two places where both have a value."""
    if one is other:
        return True
    agreed = 0
    for place in places:
        if not (one.free | other.free) <= place.exact.keys():
            return by_samples(one, other).equal is True
        verdict = compared(evaluate_ball(one, place.exact), evaluate_ball(other, place.exact))
        if verdict is False:
            return False
        agreed += verdict is True
        if agreed == _LEAST:
            return True
    return False


__all__ = ["Place", "Shelf", "close", "confirmed", "places_of", "roughly", "same_values"]
