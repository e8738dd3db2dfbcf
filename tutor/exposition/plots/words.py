"""Numbers, places and names in a picture, as forms and phrases.

>>> str(shown_number(-0.04611686)), str(place((2.0, 1e-17))), method_name("adam")
('-0.04612', '(2, 0)', ('Adam',))
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from tutor.exposition.columns import figures
from tutor.exposition.doc import Phrase
from tutor.exposition.phrases import PHRASES, listed
from tutor.form.tree import Form, Listing, Neg, Sym

_DIGITS = 4
_ROUNDING = 1e-12
_WHOLE_PLACE = 3
"""Letters up to which a place is written with all its numbers."""


def shown_number(value: float) -> Form:
    """A float with four digits; very large and very small ones with a power of ten."""
    if math.isfinite(value):
        return figures(value, _DIGITS)
    return Neg(Sym("infinity")) if value < 0 else Sym("infinity")


def place(point: Sequence[float]) -> Form:
    """A point: a number, or a tuple of them; what is nothing but rounding is 0."""
    least = _ROUNDING * max(1.0, *(abs(part) for part in point if math.isfinite(part)))
    forms = tuple(shown_number(0.0 if abs(part) < least else part) for part in point)
    return forms[0] if len(forms) == 1 else Listing("tuple", forms)


def short_place(point: Iterable[float]) -> Phrase:
    """A point in a sentence; of many letters the first."""
    parts = [float(part) for part in point]
    if len(parts) <= _WHOLE_PLACE:
        return (place(parts),)
    return ("(", *listed([shown_number(part) for part in parts[:_WHOLE_PLACE]], last=", "), ", …)")


def method_name(name: str) -> Phrase:
    """What a method is called beside a line; a name that is not known stays as it is."""
    key = f"figures.methods.{name}"
    return PHRASES.say(key, {}) if PHRASES.has(key) else (name,)


__all__ = ["method_name", "place", "short_place", "shown_number"]
