"""Formulas as people write them after numbers were put in: no factor 1, no term 0, no double sign.

Where a tidied result may look quite different from what was typed, this changes nothing else: 1·x² + (−3)·x + 0 becomes
x² − 3x, and 2(x + 1)³ stays what it is. Whole and decimal factors that have come together are multiplied.

>>> from tutor.form.reading import read
>>> from tutor.form.walk import substitute
>>> numbers = {"a": read("1"), "b": read("-3"), "c": read("0")}
>>> str(neat(substitute(read("a*x^2 + b*x + c"), numbers))), str(neat(substitute(read("-b*x - b"), numbers)))
('x^2 - 3*x', '3*x + 3')
>>> str(neat(substitute(read("2*b*x^a/a"), numbers)))
'-6*x'
"""

from __future__ import annotations

from functools import reduce

from tutor.form.tree import ONE, ZERO, Add, Div, Form, Mul, Neg, Num, Pow
from tutor.form.walk import rewritten


def neat(form: Form) -> Form:
    """The form without factors 1, terms 0 and double signs. The same parts occur in many variants of an exercise: the last ones are kept."""
    if len(_DONE) > _MOST_KEPT:
        _DONE.clear()
    return rewritten(form, _neat, _DONE)


_DONE: dict[Form, Form] = {}
_MOST_KEPT = 20_000


def _neat(node: Form) -> Form:
    match node:
        case Neg(Neg(inner)):
            return inner
        case Neg(inner) if inner is ZERO:
            return ZERO
        case Mul(factors):
            return _product(factors)
        case Add(terms):
            return _sum(terms)
        case Div(above, below):
            return _quotient(above, below)
        case Pow(base, exponent) if exponent is ONE:
            return base
        case Pow(_, exponent) if exponent is ZERO:
            return ONE
    return node


def _product(factors: tuple[Form, ...]) -> Form:
    negative = sum(isinstance(factor, Neg) for factor in factors) % 2 == 1
    bare = [factor.operand if isinstance(factor, Neg) else factor for factor in factors]
    if ZERO in bare:
        return ZERO
    numbers = [factor for factor in bare if isinstance(factor, Num)]
    number = reduce(_multiplied, numbers, ONE)
    others = [factor for factor in bare if not isinstance(factor, Num)]
    kept = bare if len(numbers) <= 1 and number is not ONE else ([] if number is ONE and others else [number]) + others
    found = kept[0] if len(kept) == 1 else Mul(tuple(kept))
    return Neg(found) if negative else found


def _multiplied(one: Num, other: Num) -> Num:
    digits, places = one.digits * other.digits, one.places + other.places
    while places and digits % 10 == 0:
        digits, places = digits // 10, places - 1
    return Num(digits, places)


def _sum(terms: tuple[Form, ...]) -> Form:
    kept = tuple(term for term in terms if term is not ZERO)
    return ZERO if not kept else kept[0] if len(kept) == 1 else Add(kept)


def _quotient(above: Form, below: Form) -> Form:
    negative = isinstance(above, Neg) != isinstance(below, Neg)
    top, bottom = (part.operand if isinstance(part, Neg) else part for part in (above, below))
    if top is ZERO and bottom is not ZERO:
        return ZERO
    found = top if bottom is ONE else Div(top, bottom)
    return Neg(found) if negative else found


__all__ = ["neat"]
