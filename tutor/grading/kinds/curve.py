"""Points on the curve of an equation, found by walking along one letter until the sides change places.

A change of sign is found in floats, and then closed in on in ball arithmetic to far more places than two curves that
people write would agree in by accident.

>>> from tutor import read
>>> [{name: round(float(value), 3) for name, value in point.items()} for point in points_on(read("y = 2x - 5"), most=2)]
[{'x': 0.0, 'y': -5.0}, {'x': 1.0, 'y': -3.0}]
>>> _, place = points_on(read("y = e^x"), most=2)
>>> lies_on(read("ln(y) = x"), place), lies_on(read("y = 3^x"), place)
(True, False)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import islice, pairwise, product

from tutor.form.evaluate import evaluate, evaluate_ball, to_ball
from tutor.form.tree import Add, Form, Neg, Relation

Place = Mapping[str, Fraction]
_SEEDS = tuple(map(Fraction, ("0", "1", "2", "-1", "1/2", "3")))
_ODD_SEEDS = tuple(map(Fraction, ("7/5", "-13/11", "37/16", "-5/7", "29/9", "5/13")))
"""Places for the other letters: simple ones to show, and odd ones, at which two curves do not meet by accident as at 0 and 1."""
_FAR = (20, 40, 90, 200, 600, 2000, 10**4, 10**6)
_GRID = sorted([Fraction(k, 4) + Fraction(1, 73) for k in range(-48, 49)] + [Fraction(sign * far) for far in _FAR for sign in (1, -1)])
_MOST_STARTS = 24
_WORK = 2_000
"""Starts times letters times nodes: long equations in many letters are walked along from fewer starts."""
_BITS = 320
_STEPS = 240
_ON, _OFF = Fraction(1, 2**180), Fraction(1, 10**5)
"""Gaps between the sides, relative to their size, below which a point lies on a curve, and above which it does not."""


def points_on(equation: Relation, most: int = 8, names: Iterable[str] = (), odd: bool = False) -> Iterator[Place]:
    """Some points at which both sides agree, the simplest first, or `odd` ones; `names` are letters that a point has besides."""
    return islice(_walks(equation, sorted({*equation.free, *names}), _ODD_SEEDS if odd else _SEEDS), most)


def lies_on(equation: Relation, place: Place) -> bool | None:
    """Whether a point lies on the curve, as closely as can be computed; None where that is not clear."""
    left, right = (evaluate_ball(side, place, _BITS) for side in equation.operands)
    gap = abs(left - right)
    size = abs(left) + abs(right) + 1
    if not gap.is_finite():
        return None
    return True if gap < size * to_ball(_ON) else False if gap > size * to_ball(_OFF) else None


def _walks(equation: Relation, names: list[str], seeds: tuple[Fraction, ...]) -> Iterator[Place]:
    difference = Add((equation.operands[0], Neg(equation.operands[1])))
    starts = max(2, min(_MOST_STARTS, _WORK // (difference.size * max(1, len(equation.free)))))
    for moving in sorted(equation.free, reverse=True):
        others = [name for name in names if name != moving]
        for start in islice(product(seeds, repeat=len(others)), starts):
            fixed = dict(zip(others, start, strict=True))
            for value in islice(_roots(difference, moving, fixed), 2):
                place = {name: {**fixed, moving: value}[name] for name in names}
                if lies_on(equation, place):
                    yield place


def _roots(form: Form, name: str, fixed: Place) -> Iterator[Fraction]:
    floats = {other: float(value) for other, value in fixed.items()}
    values = [(at, evaluate(form, {**floats, name: float(at)})) for at in _GRID]
    for (left, below), (right, above) in pairwise(values):
        if below * above < 0:
            yield _closed_in(form, name, fixed, left, right, below)
        elif below == 0 and evaluate_ball(form, {**fixed, name: left}) == 0:
            yield left  # a value that is only too small for a float is no zero


def _closed_in(form: Form, name: str, fixed: Place, left: Fraction, right: Fraction, below: float) -> Fraction:
    """The place of the change of sign, by bisection in balls; a short number where that is one."""
    near = round((left + right) / 2)
    if left <= near <= right and evaluate_ball(form, {**fixed, name: Fraction(near)}) == 0:
        return Fraction(near)
    for _ in range(_STEPS):
        middle = (left + right) / 2
        value = evaluate_ball(form, {**fixed, name: middle}, _BITS)
        if not value.is_finite() or (not value > 0 and not value < 0):
            return middle
        left, right = (middle, right) if (value > 0) is (below > 0) else (left, middle)
    return (left + right) / 2
