"""The value of a form at a point: exactly, and as a decimal with its error known.

>>> from tutor import read
>>> found = value_at(read("sin(x)/2"), {"x": read("pi/6")})
>>> str(found.exact), found.decimal
('1/4', '0.25')
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module

from tutor.algebra.laws.arithmetic import numbers
from tutor.algebra.tidy import tidied
from tutor.errors import RequestError
from tutor.form.evaluate import evaluate, evaluate_ball
from tutor.form.numerals import rational
from tutor.form.reading import read
from tutor.form.tree import Form, Num, Relation, Sym
from tutor.form.walk import rewritten, substitute

Point = Mapping[str, Form]
_DIGITS = 6
_HUGE = 10.0**100


@dataclass(frozen=True, slots=True)
class Value:
    """A value at a point: with the numbers put in (`substituted`), `exact`, and as a `decimal` text.

    `exact` and `decimal` are None where the form has no real value; `decimal` is rounded to six
    significant digits unless it is exact.
    """

    substituted: Form
    exact: Form | None
    decimal: str | None


def read_point(text: str | Mapping[str, object]) -> dict[str, Form]:
    """A point typed as `x=3, y=1/2`, or given as a mapping of names to numbers or texts.

    Raises `ReadError`, or `RequestError` for what is no point.

    >>> {name: str(value) for name, value in read_point("x=3,y=pi/2").items()}
    {'x': '3', 'y': 'pi/2'}
    """
    if not isinstance(text, str):
        return {_name(name): value if isinstance(value, Form) else read(str(value)) for name, value in text.items()}
    found: dict[str, Form] = {}
    for piece in _pieces(text):
        relation = read(piece)
        match relation:
            case Relation((Sym(name), value), ("=",)) if not value.free:
                if name in found:
                    raise RequestError("point", f"{name} is given twice")
                found[name] = value
            case _:
                raise RequestError("point", f"{piece.strip()!r} gives no letter a value", advice="Write a point as x=3,y=1.")
    return found


def _pieces(text: str) -> list[str]:
    """The text cut at commas outside of brackets."""
    pieces, depth, start = [], 0, 0
    for place, sign in enumerate(text):
        depth += (sign in "([{") - (sign in ")]}")
        if sign in ",;" and depth <= 0:
            pieces.append(text[start:place])
            start = place + 1
    return [*pieces, text[start:]]


def _name(text: str) -> str:
    form = read(text, variables=(text,))
    if not isinstance(form, Sym):
        raise RequestError("point", f"{text!r} is no letter")
    return form.name


def value_at(form: Form, point: Point) -> Value:
    """The value of a form at a point that gives every letter a value.

    Raises `RequestError` when a letter has none.
    """
    check_point(point, form)
    substituted = substitute(form, dict(point))
    ball = evaluate_ball(substituted, {})
    if not ball.is_finite():
        return Value(substituted, None, None)
    if abs(ball) > _HUGE or 0 < abs(ball) < 1 / _HUGE:  # hundreds of digits tell nobody anything
        size, _, power = ball.str(_DIGITS, radius=False).partition("e")
        return Value(substituted, substituted, f"{size}*10^({int(power)})" if power.startswith("-") else f"{size}*10^{int(power)}")
    exact = rewritten(substituted, numbers)
    if rational(exact) is None:
        exact, _ = tidied(exact)
    if rational(exact) is None:
        exact = import_module("tutor.algebra.lower").simplest(substituted) or exact
    return Value(substituted, exact, decimal(exact))


def check_point(point: Point, *forms: Form) -> None:
    """Raises `RequestError` when a letter of the forms has no value at the point."""
    missing = frozenset().union(*(form.free for form in forms)) - point.keys()
    if missing:
        names = ", ".join(sorted(missing))
        raise RequestError("point", f"the point gives no value for {names}", advice=f"Add it, such as {min(missing)}=1.")


def decimal(form: Form) -> str:
    """A number as a decimal: all its digits when they are few, else six significant ones.

    >>> decimal(read("1/8")), decimal(read("sqrt(2)"))
    ('0.125', '1.41421')
    """
    value = rational(form)
    if value is not None and (value.denominator == 1 or 10**_DIGITS % value.denominator == 0):
        shown = f"{value.numerator / value.denominator:.{_DIGITS}f}".rstrip("0").rstrip(".")
        return str(value.numerator) if value.denominator == 1 else shown
    return f"{float(evaluate_ball(form, {})):.{_DIGITS}g}" if not form.free else f"{evaluate(form, {}):.{_DIGITS}g}"


def is_short(form: Form) -> bool:
    """Whether a number needs no decimal beside it: an integer or a decimal as it stands."""
    value = rational(form)
    return value is not None and (value.denominator == 1 or isinstance(form, Num))
