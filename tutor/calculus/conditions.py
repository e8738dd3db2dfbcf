"""Where a line holds: relations such as x > 0, x ≠ 2, without those that always hold.

`sign` is a small calculus of signs: what it can see from the shape alone (squares, exponentials,
absolute values, sums of such) it says, and everything else it leaves open.

>>> from tutor import read
>>> [str(c) for c in needed([read("x^2 + 1 > 0"), read("x > 0"), read("x != 0"), read("2 > 0")])]
['x > 0']
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import cache

from tutor.algebra.monomial import monomial
from tutor.form.evaluate import holds
from tutor.form.functions import FUNCTIONS
from tutor.form.numerals import integer, number, rational
from tutor.form.reading import read
from tutor.form.tree import ZERO, Add, Call, Const, Div, Form, Mul, Neg, Num, Pow, Relation, Root, Sym
from tutor.form.walk import fold, nodes, substitute

POSITIVE, NOT_NEGATIVE, NEGATIVE, OPEN = "positive", "not negative", "negative", "open"
_LONGEST = 600
"""Conditions longer than this are not stated: nobody could read them."""
_ALWAYS_POSITIVE = frozenset(("cosh", "sigmoid", "softplus", "sech"))


def sign(form: Form) -> str:
    """positive, not negative, negative, or open, judged by shape for all real values of the letters."""
    return fold(form, _sign)


def _sign(node: Form, parts: tuple[str, ...]) -> str:
    match node:
        case Num(digits, _):
            return POSITIVE if digits else NOT_NEGATIVE
        case Const("e" | "pi"):
            return POSITIVE
        case Neg():
            return NEGATIVE if parts[0] == POSITIVE else OPEN
        case Add():
            if all(part in (POSITIVE, NOT_NEGATIVE) for part in parts):
                return POSITIVE if POSITIVE in parts else NOT_NEGATIVE
            return NEGATIVE if all(part == NEGATIVE for part in parts) else OPEN
        case Mul() | Div():
            if all(part == POSITIVE for part in parts):
                return POSITIVE
            return NOT_NEGATIVE if all(part in (POSITIVE, NOT_NEGATIVE) for part in parts) else OPEN
        case Pow(_, exponent):
            if parts[0] == POSITIVE:
                return POSITIVE
            whole = integer(exponent)
            return NOT_NEGATIVE if whole is not None and whole % 2 == 0 else parts[0] if parts[0] == NOT_NEGATIVE else OPEN
        case Root(_, Num(2, 0)):
            return POSITIVE if parts[0] == POSITIVE else NOT_NEGATIVE
        case Call(name, _):
            return POSITIVE if name in _ALWAYS_POSITIVE else NOT_NEGATIVE if name == "abs" else OPEN
    return OPEN


def needed(conditions: Iterable[Form]) -> tuple[Form, ...]:
    """The conditions that say something, once each, without those that a stronger one covers."""
    kept: dict[Relation, None] = {}
    for condition in dict.fromkeys(conditions):
        if isinstance(condition, Relation) and condition.size <= _LONGEST:
            simple = simplified(condition)
            if simple is not None:
                kept[simple] = None
    about: dict[Form, list[Relation]] = {}
    for condition in kept:
        if condition.operators[0] != "!=":  # which covers nothing, and a product has hundreds of them
            about.setdefault(condition.operands[0], []).append(condition)
    return tuple(
        condition for condition in kept
        if not any(_covers(other, condition) for other in about.get(condition.operands[0], ()) if other is not condition)
    )  # fmt: skip


def domain(form: Form) -> list[Form]:
    """Where a form is defined, as far as the table of functions and fractions say it.

    >>> from tutor import read
    >>> [str(condition) for condition in domain(read("ln(x)/(x - 2)"))]
    ['x > 0', 'x - 2 != 0']
    """
    found: list[Form] = []
    for node in nodes(form):
        match node:
            case Call(name, (inner,)) if FUNCTIONS[name].domain:
                found.append(substitute(_domain_of(name), {"u": inner}))
            case Div(_, bottom) if bottom.free:
                found.append(Relation((bottom, ZERO), ("!=",)))
    return [*found, *radicands(form)]


def radicands(form: Form) -> list[Form]:
    """What stands under an even root may not be negative."""
    return [
        Relation((node.radicand, ZERO), (">=",))
        for node in nodes(form)
        if isinstance(node, Root) and isinstance(node.index, Num) and node.index.digits % 2 == 0
    ]


@cache
def _domain_of(name: str) -> Form:
    return read(FUNCTIONS[name].domain)


def simplified(condition: Relation) -> Relation | None:
    """The condition in its plainest form, or None when it always holds."""
    if not condition.free:
        return None if holds(condition, {}) else condition
    if len(condition.operators) != 1:
        return _scaled(condition)
    left, right = condition.operands
    if not left.free and right.free:
        return simplified(Relation((right, left), (_FLIPPED[condition.operators[0]],)))
    if right is not ZERO:
        return condition
    operator, known = condition.operators[0], sign(left)
    if (known == POSITIVE and operator in (">", ">=", "!=")) or (known == NOT_NEGATIVE and operator == ">=") or (known == NEGATIVE and operator == "!="):
        return None
    return _plainer(left, operator, condition)


_FLIPPED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "=", "!=": "!="}


def _scaled(condition: Relation) -> Relation:
    """−1 < 2x < 1 is −1/2 < x < 1/2."""
    match condition:
        case Relation((low, Mul((Num() as scale, rest)), high), _) if scale.digits and None not in (bounds := (rational(low), rational(high))):
            below, above = (number(bound / scale.value) for bound in bounds if bound is not None)
            return Relation((below, rest, above), condition.operators)
    return condition


def _plainer(form: Form, operator: str, condition: Relation) -> Relation:
    """x^2 ≠ 0 is x ≠ 0, 3x > 0 is x > 0, x − 2 ≠ 0 is x ≠ 2, 2x + 1 > 0 is x > −1/2."""
    match form:
        case Pow(base, exponent) if operator == "!=" and (power := integer(exponent)) is not None and power > 0:
            return _plainer(base, operator, Relation((base, ZERO), (operator,)))
        case Mul((Num(), rest)) if operator in ("!=", ">", ">="):
            return _plainer(rest, operator, Relation((rest, ZERO), (operator,)))
        case Root(inner, _) | Call("abs", (inner,)) if operator == "!=":
            return _plainer(inner, operator, Relation((inner, ZERO), (operator,)))
        case Root(inner, Num(digits, 0)) if operator == ">" and digits % 2 == 0:
            return _plainer(inner, operator, Relation((inner, ZERO), (operator,)))
        case Add((_, _)):
            return _solved(form, operator) or condition
    return condition


def _solved(form: Add, operator: str) -> Relation | None:
    """A linear condition in one letter, solved: 7 − 3x > 0 is x < 7/3."""
    for moving, shift in (form.terms, form.terms[::-1]):
        by, mono = rational(shift), monomial(moving)
        if by is None or len(mono.powers) != 1 or not mono.coefficient:
            continue
        (letter, power), = mono.powers.items()
        if isinstance(letter, Sym) and power == 1:
            sign = operator if mono.coefficient > 0 else _FLIPPED[operator]
            return Relation((letter, number(-by / Fraction(mono.coefficient))), (sign,))
    return None


def _covers(stronger: Relation, weaker: Relation) -> bool:
    """x > 0 covers x ≠ 0 and x ≥ 0."""
    if len(stronger.operators) != 1 or len(weaker.operators) != 1 or stronger.operands[0] is not weaker.operands[0]:
        return False
    one, other = stronger.operators[0], weaker.operators[0]
    bounds = rational(stronger.operands[1]), rational(weaker.operands[1])
    if bounds[0] is None or bounds[1] is None:
        return stronger.operands[1] is weaker.operands[1] and one in (">", "<") and other in ("!=", one + "=")
    if one in (">", ">="):
        return other in (">", ">=", "!=") and (bounds[0] > bounds[1] or (bounds[0] == bounds[1] and one == ">"))
    return one in ("<", "<=") and other in ("<", "<=", "!=") and (bounds[0] < bounds[1] or (bounds[0] == bounds[1] and one == "<"))
