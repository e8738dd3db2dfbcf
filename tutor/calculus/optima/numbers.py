"""Exact numbers without letters: their sign, their order, and numbers between them.

A sign is decided in ball arithmetic; that a number is zero only by a proof.

>>> from tutor import read
>>> sign_of(read("sqrt(2)^2 - 2")), sign_of(read("pi - 3")), str(between(read("sqrt(2)"), read("sqrt(3)")))
(0, 1, '1.5')
"""

from __future__ import annotations

from fractions import Fraction
from importlib import import_module

from tutor.algebra.tidy import tidied
from tutor.calculus.points import Point, Value, decimal, value_at
from tutor.form.evaluate import evaluate_ball
from tutor.form.numerals import number, rational
from tutor.form.tree import ZERO, Add, Form, Neg
from tutor.form.walk import substitute

_BITS = (160, 640)


def sign_of(form: Form) -> int | None:
    """−1, 0 or 1; None where there is no value, or nothing can be proved."""
    value = rational(form)
    if value is not None:
        return (value > 0) - (value < 0)
    for bits in _BITS:
        ball = evaluate_ball(form, {}, bits)
        if not ball.is_finite():
            break
        if ball > 0 or ball < 0:
            return 1 if ball > 0 else -1
    exact = value_of(form)
    if exact is None:
        return None
    known = rational(exact)
    if known is not None:
        return (known > 0) - (known < 0)
    return 0 if import_module("tutor.algebra.proof").equality_proved(form, ZERO) else None


def compare(one: Form, other: Form) -> int | None:
    """−1, 0 or 1, as the first number is less than, equal to, or greater than the second; None: not decided."""
    return 0 if one is other else sign_of(Add((one, Neg(other))))


def value_of(form: Form, point: Point | None = None) -> Form | None:
    """The exact value of a form at a point, as short as it gets; None where it has none.

    >>> from tutor import read
    >>> str(value_of(read("x^2 - 2x"), {"x": read("1 + sqrt(3)")})), value_of(read("ln(x)"), {"x": read("0")})
    ('2', None)
    """
    return full_value(form, point).exact


def full_value(form: Form, point: Point | None = None) -> Value:
    """The value with the numbers put in, exactly and as short as it gets, and as a decimal.

    A root of what is only nearly zero in balls (√(2 − √2²)) is looked at again in its simplest form.
    """
    found = value_at(form, point or {})
    if found.exact is not None and (rational(found.exact) is not None or found.exact.size < 4):
        return found
    short = import_module("tutor.algebra.exact").shortest(found.substituted)
    if short is None or (found.exact is not None and short.size >= found.exact.size) or not evaluate_ball(short, {}).is_finite():
        return found
    return Value(found.substituted, short, decimal(short))


def approximate(form: Form) -> float:
    """A number as a float."""
    return float(evaluate_ball(form, {}))


def exactly(form: Form) -> Fraction:
    """A rational number close to the number (the number itself, where it is one)."""
    value = rational(form)
    return value if value is not None else Fraction(approximate(form))


def between(low: Form | None, high: Form | None) -> Form | None:
    """A plain number surely between two numbers (None: no end); None where they are too close to tell apart.

    >>> from tutor import read
    >>> str(between(None, None)), str(between(read("2"), None)), str(between(None, read("0.5")))
    ('0', '3', '-1')
    """
    if low is None and high is None:
        return ZERO
    if low is None or high is None:
        end = approximate(low if low is not None else high)  # type: ignore[arg-type]
        return number(int(end // 1) + (2 if end % 1 else 1)) if low is not None else number(int(end // 1) - 1)
    left, right = approximate(low), approximate(high)
    candidates = [Fraction(round(left + (right - left) * share)) for share in (0.5, 0.3, 0.7)]
    candidates += [Fraction(left + (right - left) / 2).limit_denominator(size) for size in (2, 4, 10, 100, 10_000, 10**8)]
    for place in candidates:
        written = number(place, decimal=True)
        if compare(low, written) == -1 and compare(written, high) == -1:
            return written
    return None


def put(form: Form, **values: Form) -> Form:
    """The form with letters replaced, as it stands."""
    return substitute(form, values)


def tidy(form: Form) -> Form:
    """The form as a textbook would write it."""
    return tidied(form)[0]
