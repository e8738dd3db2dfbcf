"""Where functions jump, single points count: floor(x) + 1 is ⌈x⌉ at every number but the integers.

Samples lie beside such points and cannot see them. So where a step, a sign or cases occur, two forms that agree at samples are
compared once more at the integers around zero, at the numbers that occur in them, and at their halves.

>>> from tutor import read
>>> point = jump(read("floor(x) + 1"), read("ceil(x)"))
>>> {name: str(value) for name, value in point.items()}, jump(read("floor(-x)"), read("-ceil(x)"))
({'x': '0'}, None)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache

from tutor.form.evaluate import evaluate_ball, holds
from tutor.form.functions import FUNCTIONS
from tutor.form.tree import Call, Cases, Form, Num
from tutor.form.walk import kinds_of, nodes

_MAY_JUMP = kinds_of(Call, Cases)
_SMALL = tuple(map(Fraction, (0, 1, -1, 2, -2, 3, -3)))
_MOST_NUMBERS = 12


def jump(left: Form, right: Form, conditions: Sequence[Form] = ()) -> dict[str, Fraction] | None:
    """A point at which two forms have different values because one of them jumps there; None where none is seen."""
    if not (left.kinds | right.kinds) & _MAY_JUMP or not any(map(_jumps, (left, right))):
        return None
    for point in _points(left, right):
        if all(holds(condition, point) is not False for condition in conditions):
            one, other = evaluate_ball(left, point), evaluate_ball(right, point)
            if one.is_finite() and other.is_finite() and not one.overlaps(other):
                return point
    return None


@lru_cache(maxsize=256)
def _jumps(form: Form) -> bool:
    return any(isinstance(node, Cases) or (isinstance(node, Call) and FUNCTIONS[node.name].family == "step") for node in nodes(form))


def _points(left: Form, right: Form) -> Iterator[dict[str, Fraction]]:
    """Simple numbers and those that occur, for one letter after the other while the rest stand at an odd place."""
    names = sorted(left.free | right.free)
    numbers = sorted({sign * node.value for form in (left, right) for node in nodes(form) if isinstance(node, Num) for sign in (1, -1)}, key=abs)[:_MOST_NUMBERS]
    places = dict.fromkeys((*_SMALL, *numbers, *(number / 2 for number in numbers), *(1 / number for number in numbers if number)))
    rest = {name: Fraction(7 + 2 * k, 5) for k, name in enumerate(names)}
    for name in names:
        for place in places:
            yield {**rest, name: place}
    for place in places:  # all letters alike, as for sign(x − y)
        yield dict.fromkeys(names, place)
