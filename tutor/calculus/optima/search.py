"""Solutions of a system found by searching: Newton's method from many starts, for equations that no solver knows.

What is found is checked at each point; what is not found proves nothing.

>>> from tutor import read
>>> [[round(value, 6) for value in point] for point in searched([read("e^x - 2 + 0*y"), read("y - cos(y)")], ("x", "y"))]
[[0.693147, 0.739085]]
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from itertools import product

from tutor.calculus.differentiate import differentiate
from tutor.form.evaluate import evaluate
from tutor.form.tree import Form

_STARTS = (0.3, 1.1, -0.9, 2.3, -2.1, 0.05, -5.2, 6.1)
_MOST_STARTS, _MOST_LETTERS, _LARGEST = 160, 4, 400
_STEPS, _CLOSE, _FAR = 40, 1e-12, 1e4


def searched(equations: Sequence[Form], names: Sequence[str], seconds: float = 2.0) -> list[tuple[float, ...]]:
    """Points at which all equations hold to rounding, each once, in order; none where there are too many letters."""
    if len(names) > _MOST_LETTERS or len(equations) != len(names) or sum(form.size for form in equations) > _LARGEST:
        return []
    rows = [[differentiate(form, name).value for name in names] for form in equations]
    found: list[tuple[float, ...]] = []
    until = time.monotonic() + seconds
    for start in _starts(len(names)):
        if time.monotonic() > until:
            break
        point = _newton(equations, rows, names, start)
        if point is not None and not any(math.dist(point, other) < 1e-6 * (1 + math.hypot(*point)) for other in found):
            found.append(point)
    return sorted(found)


def _starts(count: int) -> Iterator[tuple[float, ...]]:
    each = max(2, int(_MOST_STARTS ** (1 / count)))
    return product(_STARTS[:each], repeat=count)


def _newton(equations: Sequence[Form], rows: Sequence[Sequence[Form]], names: Sequence[str], start: tuple[float, ...]) -> tuple[float, ...] | None:
    """Where Newton's method ends from a start; None where it does not settle on a regular solution."""
    here = start
    for _ in range(_STEPS):
        values = dict(zip(names, here, strict=True))
        heights = [evaluate(form, values) for form in equations]
        matrix = [[evaluate(cell, values) for cell in row] for row in rows]
        step = _solved(matrix, [-height for height in heights])
        if step is None or not all(map(math.isfinite, step)):
            return None
        here = tuple(a + b for a, b in zip(here, step, strict=True))
        if max(map(abs, here)) > _FAR:
            return None
        if max(map(abs, step)) < _CLOSE * (1 + max(map(abs, here))):
            end = [evaluate(form, dict(zip(names, here, strict=True))) for form in equations]
            return here if max(map(abs, end)) < 1e-9 else None
    return None


def _solved(matrix: Sequence[Sequence[float]], right: Sequence[float]) -> list[float] | None:
    """A small linear system by elimination; None where it is nearly singular."""
    table = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    if not all(math.isfinite(cell) for row in table for cell in row):
        return None
    for k in range(len(table)):
        pivot = max(range(k, len(table)), key=lambda j: abs(table[j][k]))
        if abs(table[pivot][k]) < 1e-10:
            return None
        table[k], table[pivot] = table[pivot], table[k]
        for j in range(len(table)):
            if j != k:
                share = table[j][k] / table[k][k]
                table[j] = [a - share * b for a, b in zip(table[j], table[k], strict=True)]
    return [row[-1] / row[k] for k, row in enumerate(table)]
