"""Published numbers beside a run: whether the iterate has them, and at which iterate the number would be right.

A printed number stands for all numbers that round to it: 1.93 for [1.925, 1.935). So "x₁₀ = 1.93" is wrong where x₁₀ is
1.785, and would be right of x₁₅. What was meant as a bound ("below 3.5 by then") has a first iterate beyond it.

>>> from tutor.descent.run import descend
>>> trace = descend("x^2 - 4x + 5", start="x=0", rate="0.1", steps=40)
>>> found = compared(trace, 10, ("1.93",))
>>> found.right, found.first, [round(part, 4) for part in found.ours]
(False, 15, [1.7853])
>>> first_within(trace, 0, 2.0, 2), first_past(trace, 0, 1.93)
(27, 16)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tutor.errors import RequestError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tutor.descent.trace import Trace

_PRINTED = re.compile(r"[-−+]?\d[\d,]*(?:\.\d+)?")
_ROUNDING = 1e-12


@dataclass(frozen=True)
class Comparison:
    """A printed point (or gradient) beside the run's own at the iterate `n`.

    `first` is the first iterate that rounds to what was printed (None: no iterate of this run does), `past` for each number the first iterate
    that has reached or passed it.
    """

    n: int
    ours: tuple[float, ...]
    printed: tuple[float, ...]
    digits: tuple[int, ...]
    right: bool
    first: int | None
    past: tuple[int | None, ...]


def printed(text: str) -> tuple[float, int]:
    """A number as it was printed, and its decimals. Raises `RequestError` for what holds no number.

    >>> printed("-66,667"), printed("2.00 (reached the minimum!)")
    ((-66667.0, 0), (2.0, 2))
    """
    found = _PRINTED.search(text)
    if found is None:
        raise RequestError("number", f"{text!r} holds no number", advice="Write it in digits, such as 1.93.")
    plain = found[0].replace(",", "").replace("−", "-")
    return float(plain), len(plain.partition(".")[2])


def first_within(trace: Trace, place: int, value: float, digits: int, *, slopes: bool = False) -> int | None:
    """The first iterate whose coordinate (or slope) rounds to a value with so many decimals; None where none does."""
    return _first(_rounds(_column(trace, place, slopes), value, digits))


def first_past(trace: Trace, place: int, value: float, *, slopes: bool = False) -> int | None:
    """The first iterate whose coordinate (or slope) has reached a value, or lies beyond it as seen from the start; None where none does."""
    column = _column(trace, place, slopes)
    return _first(column <= value if column[0] > value else column >= value)


def compared(trace: Trace, n: int, texts: Sequence[str], *, slopes: bool = False) -> Comparison:
    """Numbers printed for the iterate `n`, one for each letter, beside the run's own. Raises `RequestError` for another count, or a later iterate."""
    if len(texts) != len(trace.letters):
        raise RequestError("number", f"{len(texts)} numbers were printed for {len(trace.letters)} letters")
    if not 0 <= n <= trace.steps:
        raise RequestError("steps", f"the run has no iterate {n}", advice=f"It has {trace.steps} steps.")
    values = [printed(text) for text in texts]
    columns = [_column(trace, place, slopes) for place in range(len(texts))]
    rounds = [_rounds(column, value, digits) for column, (value, digits) in zip(columns, values, strict=True)]
    fits = rounds[0]
    for one in rounds[1:]:
        fits = fits & one
    past = tuple(first_past(trace, place, value, slopes=slopes) for place, (value, _) in enumerate(values))
    ours = tuple(float(column[n]) for column in columns)
    return Comparison(n, ours, tuple(value for value, _ in values), tuple(digits for _, digits in values), bool(fits[n]), _first(fits), past)


def _column(trace: Trace, place: int, slopes: bool) -> NDArray[Any]:
    return (trace.gradients if slopes else trace.points)[:, place]


def _rounds(column: NDArray[Any], value: float, digits: int) -> NDArray[Any]:
    import numpy as np

    return np.asarray(np.abs(column - value) <= 0.5 * 10.0**-digits + _ROUNDING * max(1.0, abs(value)))


def _first(holds: NDArray[Any]) -> int | None:
    import numpy as np

    return int(np.argmax(holds)) if holds.any() else None


__all__ = ["Comparison", "compared", "first_past", "first_within", "printed"]
