"""Whether two forms have the same values, by mpmath at random points with 60 digits: nothing of the tutor's own evaluation is used."""

from __future__ import annotations

import random
from typing import Any

import mpmath

from tutor.form.tree import Add, Call, Const, Div, Form, Mul, Neg, Num, Pow, Root, Sym

DIGITS = 60
FINEST = 6_200
"""Digits that tell 1/2006! from nothing."""
_DOUBTED, _LOST = 600, 200
_POINTS, _TRIES = 4, 40
_CALLS = {
    "sin": mpmath.sin, "cos": mpmath.cos, "tan": mpmath.tan, "ln": mpmath.ln, "abs": abs, "asin": mpmath.asin, "acos": mpmath.acos, "atan": mpmath.atan,
    "sinh": mpmath.sinh, "cosh": mpmath.cosh, "tanh": mpmath.tanh, "asinh": mpmath.asinh, "sec": mpmath.sec, "csc": mpmath.csc, "cot": mpmath.cot,
    "sign": mpmath.sign, "sech": mpmath.sech, "csch": mpmath.csch, "coth": mpmath.coth, "acosh": mpmath.acosh, "atanh": mpmath.atanh, "exp": mpmath.exp, "factorial": mpmath.factorial,
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)), "log": lambda x, base: mpmath.ln(x) / mpmath.ln(base),
}  # fmt: skip


def value(form: Form, point: dict[str, Any]) -> Any:
    """The value at a point. Raises `ValueError` where it is not real, and `KeyError` for a function that is not known here."""
    parts = [value(child, point) for child in form.children]
    match form:
        case Num():
            return mpmath.mpf(form.value.numerator) / form.value.denominator
        case Sym(name):
            return point[name]
        case Const(name):
            return {"pi": mpmath.pi, "e": mpmath.e}[name] + mpmath.mpf(0)
        case Add():
            return mpmath.fsum(parts)
        case Mul():
            return mpmath.fprod(parts)
        case Neg():
            return -parts[0]
        case Div():
            return parts[0] / parts[1]
        case Pow():
            return real(mpmath.power(parts[0], parts[1]))
        case Root():
            odd = parts[1] == int(parts[1]) and int(parts[1]) % 2 and parts[0] < 0
            return -mpmath.root(-parts[0], int(parts[1])) if odd else real(mpmath.power(parts[0], 1 / parts[1]))
        case Call(name, _):
            return real(_CALLS[name](*parts))
    raise KeyError(type(form).__name__)


def real(number: Any) -> Any:
    """A number that is real. Raises `ValueError` for any other."""
    if (isinstance(number, mpmath.mpc) and number.imag != 0) or not mpmath.isfinite(number):
        raise ValueError("no real value")
    return number.real if isinstance(number, mpmath.mpc) else number


def same(one: Form, other: Form, digits: int = DIGITS) -> bool | None:
    """Whether two forms agree at a few points; None where no point is found at which both have a value, or one holds an unknown function."""
    rng, seen = random.Random(f"{one} {other}"), 0
    with mpmath.workdps(digits):
        for turn in range(_TRIES):
            size = (1, 2, 0.5, 3)[turn % 4]
            point = {name: mpmath.mpf(rng.uniform(-size, size)) + mpmath.mpf(rng.random()) / 10**20 for name in sorted(one.free | other.free)}
            try:
                left, right = value(one, point), value(other, point)
            except (ValueError, ZeroDivisionError, OverflowError):
                continue
            except KeyError:
                return None
            near = mpmath.mpf(10) ** (-DIGITS // 2 if digits == DIGITS else _LOST - digits)
            if abs(left - right) > near * (1 + abs(left) + abs(right)):
                return False if digits > DIGITS else same(one, other, _DOUBTED)  # digits may be lost in sin(e^80)
            seen += 1
            if seen == _POINTS or digits == FINEST:
                return True
    return True if seen else None
