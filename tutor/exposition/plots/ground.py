"""The ground of a picture: the function under the runs with its name, the window round them, the bottom below them, the scale of its values.

Values are shown as the distance from the bottom of the lowest valley reached, on a logarithmic scale, where Newton's
method finds that bottom; else as they are.

>>> from tutor.descent.run import descend
>>> ground = Ground((Course((), 0, descend("x^2 - 4x + 5", start="x=0", rate="0.1", steps=20)),))
>>> ground.bottoms, ground.measure.floor, ground.measure.scale, [[round(end, 2) for end in side] for side in ground.sides]
(((2.0,),), 1.0, 'log', [[-0.48, 4.48]])
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tutor.descent.landscape import Sides, affordable, finest, lowest, sampled, shown, window
from tutor.descent.trace import Trace
from tutor.exposition.doc import Phrase
from tutor.exposition.names import Name, equation
from tutor.exposition.objective import data_of, name_of
from tutor.exposition.objective import title as whole_title
from tutor.exposition.phrases import PHRASES
from tutor.exposition.plots.regions import is_confined
from tutor.exposition.plots.values import Axis, Line, Scale, kept, stretched
from tutor.form.tree import Form, Sym

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tutor.descent.objective import Objective

MOST_POINTS = 1_200
"""Points of a line; a longer run is thinned."""
_FEWEST_POINTS = 60
_CURVE = 400
_LONGEST_TITLE = 30
_LONGEST_NAME = 4
"""Letters up to which they stand in the name f(x, y)."""
_DIGITS = 1e-16
"""Values closer to the bottom than this part of the first distance say nothing but rounding."""
_FAR = 1e280
"""Values beyond this have no place in a picture."""
_STEEP = 0.35
"""How far a curve is followed above and below what the run did, as a part of that."""


@dataclass(frozen=True, eq=False)
class Course:
    """A run as it is drawn: with a label and a style, and the values at the steps that are kept."""

    label: Phrase
    style: int
    trace: Trace

    @cached_property
    def numbers(self) -> tuple[int, ...]:
        """The steps that are kept: fewer where a value is the mean over many rows."""
        return tuple(kept(self.trace.steps, affordable(self.trace.objective, _FEWEST_POINTS, MOST_POINTS)))

    @cached_property
    def points(self) -> NDArray[Any]:
        """The points at these steps."""
        found: NDArray[Any] = self.trace.points[list(self.numbers)]
        return found

    @cached_property
    def values(self) -> NDArray[Any]:
        """The values at these steps."""
        return self.trace.objective.values(self.points)

    @cached_property
    def shown(self) -> int:
        """How many of all iterates a window can hold."""
        return shown(self.trace.points)

    @cached_property
    def least(self) -> int | None:
        """The place of the lowest value among those that are kept."""
        import numpy as np

        good = np.where(np.isfinite(self.values), self.values, np.inf)
        k = int(np.argmin(good))
        return k if math.isfinite(good[k]) else None


@dataclass(frozen=True)
class Measure:
    """How heights are shown: from which floor, on which scale."""

    floor: float | None
    scale: Scale
    least: float

    def of(self, value: float) -> float:
        """A value as it is shown."""
        return value if self.floor is None else value - self.floor

    def holds(self, height: float) -> bool:
        """Whether a height has a place on the scale."""
        return math.isfinite(height) and (self.scale != "log" or height > self.least)

    def axis(self, label: Phrase, values: Sequence[float]) -> Axis:
        """An axis with room for the values."""
        known = [min(max(value, -_FAR), _FAR) for value in values if self.holds(value)] or [1.0]
        low, high = min(known), max(known)
        if self.scale == "log":
            room = min(max((high / low) ** 0.06, 1.6), 30.0)
            return Axis(label, low / room, high * room, "log")
        room = 0.06 * (stretched(high, self.scale) - stretched(low, self.scale)) or 0.5 * max(1.0, abs(high))
        if self.scale == "symlog":
            return Axis(label, _unstretched(stretched(low, self.scale) - room), _unstretched(stretched(high, self.scale) + room), "symlog")
        return Axis(label, low - room, high + room)


def _unstretched(value: float) -> float:
    return value if abs(value) <= 1 else math.copysign(10 ** min(abs(value) - 1, 308), value)


@dataclass(frozen=True, eq=False)
class Ground:
    """The function under the runs. `box` is the window where it is given, `valleys` are bottoms that are known; `typed` is what a person wrote."""

    courses: tuple[Course, ...]
    box: tuple[Sides, ...] = ()
    valleys: tuple[tuple[float, ...], ...] = ()
    typed: Form | None = None

    @property
    def objective(self) -> Objective:
        """What all runs make small."""
        return self.courses[0].trace.objective

    @property
    def letters(self) -> tuple[str, ...]:
        """The letters that are moved."""
        return self.objective.letters

    @property
    def size(self) -> int:
        """How many they are."""
        return len(self.letters)

    @cached_property
    def _named(self) -> Name:
        return name_of(self.courses[0].trace, self.typed)

    @cached_property
    def name(self) -> Phrase:
        """f(x, y); f alone where there are many letters."""
        return (self._named.written() if self.size <= _LONGEST_NAME else Sym(self._named.name),)

    @property
    def title(self) -> Phrase:
        """f(x, y) = … where that is short, or which loss it is."""
        fit, formula = data_of(self.objective), self.objective.formula
        if fit is not None:
            return whole_title(self.courses[0].trace, self._named) if fit.row.size <= _LONGEST_TITLE else self.name
        return (equation(self._named, 0, formula),) if formula is not None and formula.size <= _LONGEST_TITLE else self.name

    @cached_property
    def bottoms(self) -> tuple[tuple[float, ...], ...]:
        """Bottoms of valleys, the lowest first: those that are given, else the one below the lowest place of all runs."""
        if self.valleys:
            return self.valleys
        places = [(float(course.values[course.least]), k) for k, course in enumerate(self.courses) if course.least is not None]
        if not places:
            return ()
        course = self.courses[min(places)[1]]
        found = None if is_confined(course.trace) or course.least is None else lowest(self.objective, course.points[course.least].tolist())
        return () if found is None else (found,)

    @cached_property
    def sides(self) -> tuple[Sides, ...]:
        """The window."""
        import numpy as np

        if self.box:
            return window([np.array(self.box).T], self.valleys, margin=0.04)
        paths = [course.trace.points for course in self.courses]
        if self.size > 1 or not self.bottoms:
            return window(paths, self.bottoms)
        # A curve is seen as far on the other side of its bottom.
        ((bottom,),) = self.bottoms
        return window(paths, [(bottom,), *((2 * bottom - float(path[0, 0]),) for path in paths)])

    @cached_property
    def floor(self) -> float | None:
        """The value at the lowest bottom; nothing where no bottom is known, or where a run is lower."""
        if not self.bottoms:
            return None
        floor = self.objective.value(*self.bottoms[0])
        reached = min(float(course.values[course.least]) for course in self.courses if course.least is not None)
        first = max(abs(float(course.values[0]) - floor) for course in self.courses)
        if reached < floor - 1e-12 * max(1.0, abs(floor), min(first, 1e300)):
            return None
        least = min(floor, reached)
        return 0.0 if 0 <= least < 1e-12 * first else least

    @cached_property
    def measure(self) -> Measure:
        """The scale on which the values of all runs can be seen."""
        import numpy as np

        found = np.concatenate([course.values for course in self.courses])
        found = found[np.isfinite(found)]
        if self.floor is not None and len(found) and found.max() > self.floor:
            first = max(abs(float(course.values[0]) - self.floor) for course in self.courses)
            return Measure(self.floor, "log", max(first if math.isfinite(first) else 1.0, 1e-290) * _DIGITS)
        low, high = (float(found.min()), float(found.max())) if len(found) else (0.0, 1.0)
        if low > 0:
            return Measure(None, "log" if high > 20 * low else "linear", 0.0)
        return Measure(None, "symlog" if max(-low, high) > 1e4 else "linear", 0.0)

    @property
    def vertical(self) -> Phrase:
        """What the values' axis is called."""
        return self.name if self.measure.floor is None else PHRASES.say("figures.above", {"name": self.name})

    def measured(self, course: Course) -> NDArray[Any]:
        """The values of a run as they are shown."""
        import numpy as np

        with np.errstate(invalid="ignore", over="ignore"):
            return course.values if self.measure.floor is None else course.values - self.measure.floor

    def curve(self, sides: Sides, values: NDArray[Any]) -> tuple[Line, Axis]:
        """The function over the window, and an axis with room for these values."""
        import numpy as np

        (xs,), ys = sampled(self.objective, (sides,), finest(self.objective, _CURVE, 1))
        known = np.concatenate([values[np.isfinite(values)], [self.objective.value(*point) for point in self.bottoms]])
        known = known if len(known) else np.array([0.0, 1.0])
        low, high = float(known.min()), float(known.max())
        seen = ys[np.isfinite(ys)]
        if len(seen):
            reach = max(high - low, 1e-9 * max(1.0, abs(high))) if high > low else float(seen.max() - seen.min()) or 1.0
            low = min(low, max(float(seen.min()), low - _STEEP * reach))
            high = max(high, min(float(seen.max()), high + _STEEP * reach))
        room = 0.06 * (high - low) or 0.5 * max(1.0, abs(high))
        return Line("function", tuple(xs.tolist()), tuple(ys.tolist())), Axis(self.name, low - room, high + room)


__all__ = ["MOST_POINTS", "Course", "Ground", "Measure"]
