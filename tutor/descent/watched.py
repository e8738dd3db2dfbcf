"""A run as it is watched: what is looked at again and again, each once.

>>> from tutor.descent.run import descend
>>> seen = Watched(descend("x^2", start="x=1", rate="0.1", steps=20), 1e-6)
>>> round(seen.length, 6), seen.rest[0], progress(seen)["falls"]
(0.023058, (0.0,), True)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tutor.calculus.optima.said import Remark
from tutor.descent.curvature import Curvature, Rule, curvature, rule_of
from tutor.descent.finding import Diagnosis, Kind, kept
from tutor.descent.rest import stationary_near
from tutor.errors import RequestError
from tutor.form.evaluate import evaluate
from tutor.form.tree import Form, Sym

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tutor.descent.trace import Trace

TAIL = 40
"""So many of the last iterates are looked at."""
_SAMPLED, _WORK = 400, 40_000_000
"""So many values of a loss over data are looked at, and so many rows in all."""
_REGIONS = ("box", "linf", "l1", "l2", "simplex", "halfspace", "mirror")

@dataclass(frozen=True)
class Watched:
    """A run with what is looked at again and again."""

    trace: Trace
    tolerance: float

    @cached_property
    def end(self) -> tuple[float, ...]:
        """The last point."""
        return tuple(self.trace.points[-1].tolist())

    @cached_property
    def scale(self) -> float:
        """The size of the last point, at least 1."""
        return max(1.0, *map(abs, self.end))

    @cached_property
    def chosen(self) -> NDArray[Any]:
        """The numbers of the iterates whose values are looked at: all of a written function, a sample where each value is a sum over data."""
        import numpy as np

        count, rows = len(self.trace.points), getattr(self.trace.objective, "rows", 1)
        most = max(TAIL, min(_SAMPLED, _WORK // max(1, rows)))
        if self.trace.objective.formula is not None or count <= most:
            return np.arange(count)
        return np.unique(np.concatenate([np.linspace(0, count - 1, most).astype(int), np.arange(count - TAIL, count)]))

    @cached_property
    def values(self) -> NDArray[Any]:
        """The values at the chosen iterates."""
        import numpy as np

        with np.errstate(all="ignore"):
            whole = len(self.chosen) == len(self.trace.points)
            return np.asarray(self.trace.values if whole else self.trace.objective.values(self.trace.points[self.chosen]))

    @cached_property
    def tail(self) -> NDArray[Any]:
        """The last iterates."""
        return self.trace.points[-(TAIL + 1) :]

    @cached_property
    def moves(self) -> NDArray[Any]:
        """The lengths of the last steps."""
        import numpy as np

        with np.errstate(all="ignore"):
            return np.asarray(np.linalg.norm(np.diff(self.tail, axis=0), axis=1))

    @cached_property
    def lengths(self) -> NDArray[Any]:
        """The lengths of all gradients of a written function; of no other, which would cost a walk over the data each."""
        import numpy as np

        if self.trace.objective.formula is None:
            return np.array([])
        with np.errstate(all="ignore"):
            return np.asarray(self.trace.lengths)

    @cached_property
    def length(self) -> float:
        """The length of the gradient at the end."""
        slopes = self.trace.objective.slopes(*self.end)
        return math.hypot(*slopes) if all(map(math.isfinite, slopes)) else math.nan

    @cached_property
    def first_length(self) -> float:
        """The length of the gradient at the start."""
        return math.hypot(*self.trace.objective.slopes(*self.trace.points[0].tolist()))

    @cached_property
    def stages(self) -> tuple[str, ...]:
        """The names of the method's stages."""
        return tuple(stage.name for stage in self.trace.method.stages)

    @property
    def bounded_region(self) -> bool:
        """Whether each step ends in a region."""
        return any(name in _REGIONS for name in self.stages)

    @cached_property
    def rule(self) -> Rule | None:
        """The rule of the steps near the end, where it is linear; clipping that does nothing there is left out."""
        idle = [stage.name for stage in self.trace.method.stages if stage.name in ("clip_norm", "clip_value") and self._idle(stage.settings["c"])]
        return rule_of(self.trace, without=idle)

    def _idle(self, bound: Form | tuple[Form, ...]) -> bool:
        return isinstance(bound, Form) and self.length < evaluate(bound, {})

    @cached_property
    def rest(self) -> tuple[tuple[float, ...], Curvature] | None:
        """A stationary point near the end, with the curvature there."""
        return None if self.bounded_region or self.reweighted or "weight_decay" in self.stages else stationary_near(self.trace, self.end)

    @property
    def reweighted(self) -> bool:
        """Whether the steps follow the gradient of no function (rows weighted by their loss)."""
        return getattr(self.trace.objective, "temperature", None) is not None

    def places(self, point: Sequence[float]) -> tuple[tuple[str, float], ...]:
        """Letters with their values."""
        return tuple(zip(self.trace.letters, point, strict=True))


def made(seen: Watched, kind: Kind, remarks: Sequence[Remark | None], *, certain: bool = False, **fields: Any) -> Diagnosis:
    """A diagnosis that rests on the numbers of the run."""
    return Diagnosis(kind, seen.trace, certain, kept(remarks), tolerance=seen.tolerance, **fields)


def progress(seen: Watched) -> dict[str, Any]:
    """What the run has done so far."""
    return {
        "n": seen.trace.steps, "first": float(seen.values[0]), "last": float(seen.values[-1]), "length": seen.length, "first_length": seen.first_length,
        "places": seen.places(seen.end), "move": float(seen.moves[-1]) if len(seen.moves) else 0.0, "interrupted": seen.trace.stopped == "interrupted",
        "falls": bool(seen.values[-1] < seen.values[0]),
    }  # fmt: skip


def fixed_rate(seen: Watched) -> Form | None:
    """The learning rate, where it is one number."""
    rate = seen.trace.method.rate
    return None if rate.free else rate


def is_plain(seen: Watched) -> bool:
    """Whether the steps are plain descent at a fixed rate."""
    return seen.rule is not None and seen.rule.name == "gd" and not seen.rule.decay


def is_newton(seen: Watched) -> bool:
    """Whether the steps are Newton's."""
    return "newton" in seen.stages


def comes_to_rest(seen: Watched) -> bool:
    """Steps that are tiny, or were much longer at the beginning of the run and still shrink."""
    import numpy as np

    last = float(seen.moves[-1])
    if last <= 1e-12 * seen.scale:
        return True
    most = float(np.linalg.norm(np.diff(seen.trace.points[: TAIL + 1], axis=0), axis=1).max())
    return last <= 1e-6 * max(most, seen.scale) and bool(seen.moves[-1] <= seen.moves[0])


def bend(seen: Watched) -> dict[str, Any]:
    """The size of the largest curvature at the last point."""
    bent = curvature(seen.trace.objective, seen.end)
    return {"bend": None if bent is None else max(abs(one.size) for one in bent.values), "one": len(seen.end) == 1}


def local_bound(seen: Watched) -> Remark | None:
    """The Hessian at the last point, and for plain descent the bound it gives there."""
    bent = curvature(seen.trace.objective, seen.end)
    if bent is None or bent.largest <= 0 or not is_plain(seen) or bent.quadratic or seen.reweighted:
        return None
    assert seen.rule is not None
    return Remark("local_bound", {"places": seen.places(seen.end), "largest": bent.largest, "bound": 2 / bent.largest, "rate": fixed_rate(seen), "above": float(seen.rule.rate) > 2 / bent.largest,
                                  "one": len(seen.end) == 1})  # fmt: skip


def no_lowest_value(seen: Watched) -> Remark | None:
    """What the critical points and limits of a function of one letter say about the lowest value: that there is none.

    The value `ahead` says whether the run moves towards the end in question, with no critical point on the way.
    """
    formula = seen.trace.objective.formula
    if formula is None or len(seen.trace.letters) != 1 or formula.size > 200:
        return None
    from tutor.calculus.optima.critical import critical_points

    (letter,) = seen.trace.letters
    try:
        found = critical_points(formula, (letter,), seconds=2.0)
    except RequestError:
        return None
    for remark in found.overall:
        if remark.id in ("lowest_infinite", "lowest_approached") and remark.values.get("where") is None:
            turns = [evaluate(one.point[letter], {}) for one in found.points if letter in one.point and not one.family]
            said = {**remark.values, "letter": Sym(letter), "ahead": _heads_for(seen, [end for end, _ in remark.values["ends"]], turns)}
            return Remark(f"none.{remark.id.partition('_')[2]}", said, claims=remark.claims)
    return None


def _heads_for(seen: Watched, ends: Sequence[Form], turns: Sequence[float]) -> bool:
    """Whether the run moves towards one of the ends, with no critical point between."""
    if len(seen.tail) < 2:
        return False
    here = seen.end[0]
    direction = here - float(seen.tail[-2][0])
    for end in ends:
        place = _place(end)
        if (place - here) * direction > 0 and not any(min(place, here) < turn < max(place, here) for turn in turns):
            return True
    return False


def _place(end: Form) -> float:
    text = str(end)
    return -math.inf if text == "-infinity" else math.inf if text == "infinity" else evaluate(end, {})


__all__ = ["TAIL", "Watched", "bend", "comes_to_rest", "fixed_rate", "is_newton", "is_plain", "local_bound", "made", "no_lowest_value", "progress"]
