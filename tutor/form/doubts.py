"""Under which other conventions a text may read otherwise: a look at its signs, so that most texts are read only once.

Each convention (`tutor.form.cursor.Conventions`) needs something in the text to be about: `tight_product` a division and two
factors side by side, `common_log` a logarithm. What is named here may still read the same; what is not named surely does.

>>> list(doubtful("3*x^2*cos(x) - 8*x")), list(doubtful("1/2x")), list(doubtful("x^2/3"))
([], ['tight_product'], ['loose_exponent'])
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import fields

from tutor.form.cursor import Conventions
from tutor.form.functions import ALIASES, FUNCTIONS

_CALL = re.compile(r"[A-Za-z]+\d*(?=\()")
_CALLED = frozenset((*FUNCTIONS, *ALIASES, "exp", "log", "sqrt"))
_CONSTANT = re.compile(r"(?<![A-Za-z])pi(?![A-Za-z])")
_SIDE_BY_SIDE = re.compile(r"[\w.)\]}|!']\s*[A-Za-z([{|]|[A-Za-z)\]}!|']\s*[\d.]")
_WORD = re.compile(r"[A-Za-z]{2}")
_LOOSE = re.compile(r"(?:\^|\*\*)\s*[-+]*[^-+*/()\[\]{}|=<>,;]*?[\w.](?:/\s*[\w.]|[A-Za-z])")

_SIGNS: dict[str, Callable[[str, str], object]] = {
    "tight_product": lambda text, bare: "/" in text and _SIDE_BY_SIDE.search(bare),
    "scientific": lambda text, _: re.search(r"[\d.][eE]", text),
    "split": lambda _, bare: _WORD.search(bare),
    "applied": lambda _, bare: re.search(r"[A-Za-z]['\w]*\s*\(|_", bare),
    "loose_exponent": lambda _, bare: _LOOSE.search(bare),
    "wide_argument": lambda _, bare: _WORD.search(bare),
    "narrow_argument": lambda _, bare: _WORD.search(bare),
    "indexed": lambda _, bare: re.search(r"[A-Za-z]\d", bare),
    "leibniz": lambda text, _: "/" in text and "d" in text,
    "inverse": lambda text, bare: ("^" in text or "**" in text) and _WORD.search(bare),
    "common_log": lambda text, _: "log" in text,
}
"""What must stand in a text, or in what is left of it without names of functions before a bracket, for a convention to matter."""


def doubtful(text: str, plain: bool = True) -> Iterator[str]:
    """The conventions that may change how a text is read; all of them for one that is not `plain` (declared names), beyond ASCII, or LaTeX."""
    if not plain or not text.isascii() or "\\" in text or "$" in text:
        yield from (field.name for field in fields(Conventions))
        return
    bare = _CONSTANT.sub("p", _CALL.sub(lambda match: "" if match[0] in _CALLED else match[0], text))
    yield from (name for name, matters in _SIGNS.items() if matters(text, bare))


__all__ = ["doubtful"]
