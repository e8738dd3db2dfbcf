"""Solving equations, limits and eigenvalues: SymPy's answers, within a budget, never a hang.

Each answer says what it is worth: in closed form, or only as decimals; all there are, or only what was
found; or that the budget ran out. A solution can be checked by putting it in, which is what callers
claim and the audit proves.

>>> from tutor import read
>>> [str(point["x"]) for point in solve([read("x^3 - 2x")], ["x"]).points]
['-sqrt(2)', '0', 'sqrt(2)']
>>> found = solve([read("cos(x) - x")], ["x"])
>>> [str(point["x"])[:8] for point in found.points], found.numeric
(['0.739085'], True)
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tutor.algebra.worker import OutOfTime, ask
from tutor.form.evaluate import evaluate
from tutor.form.reading import read
from tutor.form.tree import Form

SECONDS = 8.0
"""The budget of one question, unless a caller gives another."""
PARAMETER = "n"
"""Stands for any integer in a periodic family of solutions."""
_FAR, _PER_UNIT = 40, 16
"""Numeric roots are looked for between −40 and 40, sixteen places to each unit."""
_CLOSE = 1e-9


@dataclass(frozen=True, slots=True)
class Solutions:
    """Real solutions: each `point` maps unknowns to forms.

    `complete`: there are no others. `numeric`: at least one is a decimal, because there is no short closed form.
    `in_time` is False where the budget ran out. A point may contain `PARAMETER` (any integer), and an unknown that
    a point does not name may have any value.
    """

    points: tuple[Mapping[str, Form], ...]
    complete: bool
    numeric: bool = False
    in_time: bool = True


def solve(equations: Sequence[Form], unknowns: Sequence[str], seconds: float = SECONDS) -> Solutions:
    """The points at which all forms are zero, over the real numbers; an unknown that a point does not name is free.

    >>> [{name: str(value) for name, value in point.items()} for point in solve([read("x + y - 3"), read("x - y - 1")], ["x", "y"]).points]
    [{'x': '2', 'y': '1'}]
    """
    names = sorted(frozenset().union(*(form.free for form in equations)))
    try:
        found = ask("solve", seconds, equations=[str(form) for form in equations], unknowns=list(unknowns), names=names)
    except OutOfTime:
        return Solutions((), False, in_time=False)
    points = tuple({name: read(text, variables=names) for name, text in point.items()} for point in found["points"])
    if not points and not found["complete"] and len(equations) == len(unknowns) == 1 and names == list(unknowns):
        places = _crossings(equations[0], unknowns[0])
        return Solutions(tuple({unknowns[0]: read(f"{place:.15g}")} for place in places), False, numeric=True)
    return Solutions(points, found["complete"], any(found["numeric"]))


def solve_polynomials(equations: Sequence[Form], unknowns: Sequence[str], seconds: float = SECONDS) -> Solutions | None:
    """All real points of polynomials in these unknowns alone, as fractions or decimals: quicker than `solve`, which looks for radicals.

    None where there are infinitely many, or the budget ran out.

    >>> found = solve_polynomials([read("x^2 + y^2 - 5"), read("x*y - 2")], ["x", "y"])
    >>> [[str(value) for value in point.values()] for point in found.points]
    [['-2', '-1'], ['-1', '-2'], ['1', '2'], ['2', '1']]
    """
    try:
        found = ask("polynomial_points", seconds, equations=[str(form) for form in equations], unknowns=list(unknowns))
    except OutOfTime:
        return None
    if found is None:
        return None
    points = tuple({name: read(text, variables=unknowns) for name, text in point.items()} for point in found["points"])
    return Solutions(points, True, any(found["numeric"]))


def _crossings(form: Form, variable: str) -> list[float]:
    """Where a form of one letter changes its sign, by bisection; roots without a change of sign are not found."""
    grid = [k / _PER_UNIT for k in range(-_FAR * _PER_UNIT, _FAR * _PER_UNIT + 1)]
    values = [evaluate(form, {variable: place}) for place in grid]
    found = [place for place, value in zip(grid, values, strict=True) if value == 0]
    for left, right, before, after in zip(grid, grid[1:], values, values[1:], strict=False):
        if before * after < 0:
            place = _bisected(form, variable, left, right, before)
            if abs(evaluate(form, {variable: place})) < _CLOSE * (1 + abs(before) + abs(after)):  # no jump and no pole
                found.append(place)
    return sorted(found)


def _bisected(form: Form, variable: str, left: float, right: float, below: float) -> float:
    for _ in range(100):
        middle = (left + right) / 2
        if middle in (left, right):
            break
        value = evaluate(form, {variable: middle})
        if value == 0 or math.isnan(value):
            return middle
        left, right = (middle, right) if value * below > 0 else (left, middle)
    return (left + right) / 2


def proved_equal(left: Form, right: Form, conditions: Sequence[Form] = (), seconds: float = SECONDS) -> bool:
    """Whether SymPy proves two forms equal where the conditions hold, within the budget; False says nothing.

    >>> proved_equal(read("sin(2x)"), read("2 sin(x) cos(x)"))
    True
    """
    names = sorted(left.free.union(right.free, *(condition.free for condition in conditions)))
    try:
        return bool(ask("prove", seconds, left=str(left), right=str(right), conditions=[str(condition) for condition in conditions], names=names))
    except OutOfTime:
        return False


def limit(form: Form, variable: str, place: Form, side: str = "", seconds: float = SECONDS) -> Form | None:
    """The limit for variable → place, from the right (`+`), the left (`-`) or both sides.

    None where there is none, or SymPy finds none. Raises `OutOfTime`. Infinity is the constant of that name, or its opposite.

    >>> str(limit(read("sin(x)/x"), "x", read("0"))), str(limit(read("e^x"), "x", read("-infinity")))
    ('1', '0')
    """
    names = sorted(form.free | place.free)
    text = ask("limit", seconds, form=str(form), variable=variable, place=str(place), side=side, names=names)
    return None if text is None else read(text, variables=names)


@dataclass(frozen=True, slots=True)
class Eigenvalue:
    """An eigenvalue with its multiplicity and eigenvectors; `numeric` where it is only a decimal, without vectors."""

    value: Form
    multiplicity: int
    vectors: tuple[tuple[Form, ...], ...]
    numeric: bool = False


def eigenvalues(rows: Sequence[Sequence[Form]], seconds: float = SECONDS) -> tuple[Eigenvalue, ...]:
    """The eigenvalues of a symmetric matrix of numbers, the largest first. Raises `OutOfTime`.

    >>> [(str(one.value), [str(entry) for entry in one.vectors[0]]) for one in eigenvalues([[read("2"), read("1")], [read("1"), read("2")]])]
    [('3', ['1', '1']), ('1', ['-1', '1'])]
    """
    found = ask("eigen", seconds, rows=[[str(cell) for cell in row] for row in rows])
    return tuple(
        Eigenvalue(read(one["value"]), one["multiplicity"], tuple(tuple(map(read, vector)) for vector in one["vectors"]), one["numeric"])
        for one in found
    )
