"""What a function is on one side of a place: |x| is x to the right of 0 and −x to the left of it.

Absolute values, signs, steps, maxima and cases are replaced by what they are close to the place, on the
side that is asked for, with the conditions under which that is so.

>>> from tutor import read
>>> right, left = (near(read("abs(x) + x"), "x", read("0"), side) for side in (1, -1))
>>> str(right.form), str(left.form), [str(condition) for condition in left.conditions]
('x + x', '-x + x', ['x < 0'])
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from tutor.form.evaluate import evaluate_ball, holds
from tutor.form.numerals import number
from tutor.form.tree import ONE, ZERO, Add, Call, Cases, Form, Neg, Relation
from tutor.form.walk import nodes, rewritten, substitute

_NEAR = (Fraction(1, 10**6), Fraction(1, 10**9))
"""Two distances at which a choice must be the same."""
_NEGATED = {"<": ">=", ">": "<=", "<=": ">", ">=": "<", "=": "!=", "!=": "="}
_BROKEN = frozenset(("abs", "sign", "step", "relu", "floor", "ceil", "max", "min"))


@dataclass(frozen=True, slots=True)
class Piece:
    """A function close to a place, and where it is this one."""

    form: Form
    conditions: tuple[Form, ...] = ()


Choice = tuple[Form, tuple[Form, ...]]


def is_in_pieces(form: Form, variable: str) -> bool:
    """Whether the function is put together from pieces.

    >>> from tutor import read
    >>> is_in_pieces(read("max(x, 0)"), "x"), is_in_pieces(read("sin(x)"), "x")
    (True, False)
    """
    return any(_is_broken(node, variable) for node in nodes(form))


def _is_broken(node: Form, variable: str) -> bool:
    return variable in node.free and (isinstance(node, Cases) or (isinstance(node, Call) and node.name in _BROKEN))


def near(form: Form, variable: str, place: Form, side: int) -> Piece:
    """The function close to a place that is a number, to its right (`side` 1) or left (−1)."""
    points = [{variable: Add((place, number(side * distance)))} for distance in _NEAR]
    conditions: list[Form] = []

    def change(node: Form) -> Form:
        if not _is_broken(node, variable) or node.free != {variable}:
            return node
        found = [_chosen(node, point) for point in points]
        if found[0] is None or found[0] != found[1]:
            return node
        conditions.extend(found[0][1])
        return found[0][0]

    piece = rewritten(form, change)
    return Piece(piece, tuple(dict.fromkeys(conditions)))


def _chosen(node: Form, point: Mapping[str, Form]) -> Choice | None:
    """What a node is at a point, and the condition for it; None where that cannot be told."""
    placed = dict(point)
    if isinstance(node, Cases):
        return _branch(node, placed)
    assert isinstance(node, Call)
    inner = node.args[0]
    if node.name in ("max", "min"):
        return _extreme(node, placed)
    if node.name in ("floor", "ceil"):
        return _step(node, inner, placed)
    positive = holds(substitute(Relation((inner, ZERO), (">",)), placed), {})
    if positive is None:
        return None
    above: Mapping[str, Callable[[Form], Form]] = {"abs": lambda u: u, "sign": lambda _: ONE, "step": lambda _: ONE, "relu": lambda u: u}
    below: Mapping[str, Callable[[Form], Form]] = {"abs": Neg, "sign": lambda _: Neg(ONE), "step": lambda _: ZERO, "relu": lambda _: ZERO}
    return (above if positive else below)[node.name](inner), (Relation((inner, ZERO), (">" if positive else "<",)),)


def _branch(node: Cases, placed: dict[str, Form]) -> Choice | None:
    passed: list[Form] = []
    for k, condition in enumerate(node.conditions):
        held = holds(substitute(condition, placed), {})
        if held is None:
            return None
        if held:
            return node.values[k], (*passed, condition)
        if isinstance(condition, Relation) and len(condition.operators) == 1:
            passed.append(Relation(condition.operands, (_NEGATED[condition.operators[0]],)))
    return (node.values[-1], tuple(passed)) if len(node.values) > len(node.conditions) else None


def _extreme(node: Call, placed: dict[str, Form]) -> Choice | None:
    sign = ">" if node.name == "max" else "<"
    for best in node.args:
        others = [other for other in node.args if other is not best]
        wins = tuple(Relation((best, other), (sign,)) for other in others)
        if all(holds(substitute(win, placed), {}) for win in wins):
            return best, wins
    return None


def _step(node: Call, inner: Form, placed: dict[str, Form]) -> Choice | None:
    value = evaluate_ball(substitute(node, placed), {})
    if not value.is_finite() or value.rad() > 0:
        return None
    whole = int(float(value))
    low, high = (whole, whole + 1) if node.name == "floor" else (whole - 1, whole)
    return number(whole), (Relation((inner, number(low)), (">",)), Relation((inner, number(high)), ("<",)))
