"""Numbers in closed form, as short as SymPy writes them. SymPy is imported here, when this module first is.

>>> from tutor import read
>>> str(shortest(read("((1 + sqrt(5))/2)^3"))), str(shortest(read("sqrt(2 - sqrt(2)^2)")))
('2 + sqrt(5)', '0')
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import sympy

from tutor.algebra.lower import NotLifted, lift, lower
from tutor.form.tree import Form

_FAILURES = (NotLifted, TypeError, ValueError, NotImplementedError, RecursionError, ZeroDivisionError, AttributeError)
_LONGEST = 60
_WAYS: tuple[Callable[[Any], Any], ...] = (
    sympy.radsimp, sympy.expand, lambda value: sympy.expand(sympy.radsimp(value)), lambda value: sympy.sqrtdenest(sympy.expand(value)),
)  # fmt: skip


def shortest(form: Form) -> Form | None:
    """The shortest of a few exact ways to write a number without letters; None where SymPy has none."""
    if form.size > 4 * _LONGEST:
        return None
    found = sorted(_written(form), key=lambda one: one.size)
    return found[0] if found else None


def _written(form: Form) -> Iterator[Form]:
    try:
        value = lower(form)
        yield lift(value)
    except _FAILURES:
        return
    if not value.is_number or value.count_ops() > _LONGEST:
        return
    for way in _WAYS:
        try:
            yield lift(way(value))
        except _FAILURES:
            continue
