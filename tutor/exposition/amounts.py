"""Numbers in sentences and tables: exactly where that is short, else as a decimal that is called one.

>>> from tutor import read
>>> from tutor.calculus.points import value_at
>>> amount(value_at(read("sqrt(2)"), {})), cell(value_at(read("1/8"), {})), amount(value_at(read("1/8"), {}))
(('about ', read('1.41421')), (read('0.125'),), (read('1/8'),))
"""

from __future__ import annotations

from tutor.calculus.points import Value
from tutor.exposition.doc import Maths, Phrase
from tutor.exposition.phrases import PHRASES
from tutor.form.numerals import number, rational
from tutor.form.reading import read
from tutor.form.tree import Form, Listing, Neg, Num, Relation

_LONGEST = 9
"""Decimals with more digits than this are rounded."""
_SHORT = 1000
"""Fractions with larger denominators are shown as decimals inside a sentence."""


def cell(value: Value) -> Phrase:
    """A number in a table, as a decimal; a dash where there is none."""
    if value.exact is None or value.decimal is None:
        return ("–",)
    exact = _short_decimal(value.exact)
    return (exact if exact is not None else read(value.decimal),)


def amount(value: Value) -> Phrase:
    """A number in a sentence: exactly where it is rational and short, else "about" and its decimal."""
    assert value.exact is not None
    assert value.decimal is not None
    exact = rational(value.exact)
    if _short_decimal(value.exact) is value.exact or (exact is not None and exact.denominator < _SHORT and value.exact.size < 5):
        return (value.exact,)
    return PHRASES.say("text.approximately", {"decimal": read(value.decimal)})


def is_exact(value: Value) -> bool:
    """Whether `cell` shows a number without rounding it."""
    return value.exact is not None and _short_decimal(value.exact) is not None


def _short_decimal(form: Form) -> Form | None:
    """A number that ends after a few digits, as a decimal."""
    value = rational(form)
    if value is None:
        return None
    written = number(value, decimal=True)
    bare = written.operand if isinstance(written, Neg) else written
    return written if isinstance(bare, Num) and len(str(bare.digits)) <= _LONGEST and bare.places <= _LONGEST else None


def chain(*sides: Form | None) -> Form:
    """left = middle = right, without what is missing or said twice."""
    said = list(dict.fromkeys(side for side in sides if side is not None))
    return Relation(tuple(said), ("=",) * (len(said) - 1)) if len(said) > 1 else said[0]


def vector_line(left: Form | None, values: tuple[Value, ...], kind: str = "tuple") -> Maths:
    """left = (with the numbers put in) = (exact values), decimals behind them where they say more."""
    exact = Listing(kind, tuple(value.exact for value in values if value.exact is not None))
    substituted = Listing(kind, tuple(value.substituted for value in values))
    if all(value.exact is None or rational(value.exact) is not None for value in values):
        return Maths(chain(left, substituted, exact))
    decimals = Listing(kind, tuple(read(value.decimal) for value in values if value.decimal is not None))
    return Maths(chain(left, substituted, exact), note=PHRASES.say("text.approximately", {"decimal": decimals}))
