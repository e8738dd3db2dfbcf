"""Whether a point lies inside the conditions of a line, with room on every side.

A derivative's formula is worth something at a point only where its conditions hold around it: |x| has the
formula sign(x) for x ≠ 0, and sign(0) is a number all the same. On the edge (x ≥ 0 at 0) there is only one side.

>>> from tutor import read
>>> [str(c) for c in outside([read("x != 0"), read("x + 1 > 0")], {"x": read("0")})]
['x != 0']
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tutor.calculus.points import Value, read_point, value_at
from tutor.errors import RequestError
from tutor.form.evaluate import evaluate_ball, holds
from tutor.form.tree import ZERO, Add, Form, Neg, Relation
from tutor.form.walk import substitute

_STRICT = {"<=": "<", ">=": ">"}


def outside(conditions: Iterable[Form], point: Mapping[str, Form]) -> tuple[Form, ...]:
    """The conditions that do not surely hold at the point and around it."""
    return tuple(condition for condition in conditions if isinstance(condition, Relation) and not _inside(condition, point))


def _inside(condition: Relation, point: Mapping[str, Form]) -> bool:
    placed = [substitute(side, dict(point)) for side in condition.operands]
    pairs = zip(placed, condition.operators, placed[1:], strict=False)
    return all(_decided(left, _STRICT.get(operator, operator), right) for left, operator, right in pairs)


def _decided(left: Form, operator: str, right: Form) -> bool:
    """By balls, and where they cannot tell two numbers apart, by the exact difference."""
    if left.free or right.free:
        return False
    held = holds(Relation((left, right), (operator,)), {})
    return held if held is not None else operator == "=" and value_at(Add((left, Neg(right))), {}).exact is ZERO


def wanted_point(at: str | Mapping[str, object] | None, what: str, example: str) -> dict[str, Form]:
    """The point that was given. Raises `RequestError` where there is none, or it is no point."""
    if not at:
        raise RequestError("point", f"{what} needs a point", advice=f"Give one, such as --at {example}.")
    point = read_point(at)
    lettered = next((name for name, value in point.items() if value.free), None)
    if lettered is not None:
        raise RequestError("point", f"the value of {lettered} has letters in it", advice=f"Give a number, such as --at {example}.")
    return point


def value_there(form: Form, point: Mapping[str, Form]) -> Value:
    """The value at a point; without one where a derivative that nobody knows still holds the letter."""
    placed = substitute(form, dict(point))
    return Value(placed, None, None) if placed.free else value_at(form, point)


def has_value(form: Form, point: Mapping[str, Form]) -> bool:
    """Whether a form has a finite real value at a point.

    >>> from tutor import read
    >>> has_value(read("1/x"), {"x": read("0")}), has_value(read("1/x"), {"x": read("2")})
    (False, True)
    """
    placed = substitute(form, dict(point))
    return not placed.free and evaluate_ball(placed, {}).is_finite()


__all__ = ["has_value", "outside", "value_there", "wanted_point"]
