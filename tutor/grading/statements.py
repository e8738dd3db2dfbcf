"""A line of a working as statements: cut where one ends, without the words around the mathematics.

`u = x^2, u' = 2x` says two things, and so does `y = x^3 => y' = 3x^2`. Words that join or name a step (so, then, by the power rule)
are not mathematics. A comma cuts only where what follows says something of its own: (1, 2) is a point and `2x, 4y` no statement.

>>> [body.strip() for body in statements("let u = x^2, then u' = 2x (power rule)")]
['u = x^2', "u' = 2x"]
>>> [body.strip() for body in statements("The derivative is: 2x, by the power rule")], list(statements("and now I simplify"))
(['2x'], [])
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache

from tutor.exposition.phrases import PHRASES
from tutor.form.functions import FUNCTIONS

ARROW = r"<?=>|<?->|[⇒⟹⇔⟺→↔∴➜]|\\(?:Rightarrow|Longrightarrow|implies|iff|Leftrightarrow|rightarrow|to|therefore)(?![a-z])"
_SAYS = re.compile(r"[=<>≈≠≤≥]|\\(?:approx|le|ge|ne|lt|gt)q?(?![a-z])")
_LETTERS = re.compile(r"(?:[^\W\d_]|[\s,.;:!?'’\"-])+")
_WORD = r"[^\W\d_]+(?:['’-][^\W\d_]{2,})*"
_FRONT = re.compile(rf"\s*(?:[aIi]\s+(?={_WORD}(?:[\s,:.]|$)))?({_WORD})(?=[\s,:.]|$)[\s,:.]*")
_TITLE = re.compile(r"\s*[^\W\d_][^\W\d_][^\W\d_\s,'’-]?(?:[^\W\d_]|[\s,'’-])*:(?!=)")
_ASIDE = re.compile(r"\(((?:[^\W\d_]|[\s.,;'’-])*)\)[\s.,;]*$")


@cache
def _words() -> frozenset[str]:
    """What people write between and around the lines of a derivation."""
    return frozenset(PHRASES.words("statements.words"))


@cache
def _cuts() -> re.Pattern[str]:
    """Brackets, and what ends a statement outside of them."""
    joining = "|".join(PHRASES.words("statements.joining"))
    return re.compile(rf"(?P<open>[(\[{{])|(?P<close>[)\]}}])|(?P<arrow>{ARROW})|(?P<comma>(?<!\\)[,;](?!\d)|\b(?:{joining})\b)")


def statements(line: str, names: Collection[str] = ()) -> Iterator[str]:
    """What a line says, piece by piece; each with blanks in front, so that everything keeps its column."""
    pieces = _cut(line, names)
    if any(comma and not _SAYS.search(body) for comma, body in pieces):
        pieces = [(False, without_words(line, names))] if not re.search(ARROW, line) else _cut(line, names, commas=False)
    yield from (body for _, body in pieces if body.strip())


def _cut(line: str, names: Collection[str], *, commas: bool = True) -> list[tuple[bool, str]]:
    """The pieces that are more than words, each with whether a comma or a word stands in front of it."""
    found: list[tuple[bool, str]] = []
    depth, start, after = 0, 0, False
    for match in (*_cuts().finditer(line), None):
        if match is not None and not match["arrow"] and not match["comma"]:
            depth = max(depth + (1 if match["open"] else -1), 0)
        elif match is None or (not depth and (commas or match["arrow"])):
            stop = len(line) if match is None else match.start()
            body = without_words(" " * start + line[start:stop], names)
            if body.strip() and not is_prose(body, names, 1 if after else 2):
                found.append((after and bool(found), body))
            after = match is not None and bool(match["comma"])
            start = stop if match is None else match.end()
    return found


def without_words(text: str, names: Collection[str] = ()) -> str:
    """The text without the words in front of it and behind it; what is left keeps its place.

    >>> without_words("so f'(x) = 2x"), without_words("2x (chain rule)"), without_words("sin x")
    ("   f'(x) = 2x", '2x', 'sin x')
    """
    title = _TITLE.match(text)
    start = title.end() if title else 0
    while (found := _FRONT.match(text, start)) and _is_word(found[1], names):
        start = found.end()
    text = " " * start + text[start:]
    if (aside := _ASIDE.search(text)) and aside[1].strip() and all(_is_word(word, names) for word in re.findall(_WORD, aside[1])):
        text = text[: aside.start()].rstrip()
    while True:
        body, _, last = text.rstrip(_STOPS).rpartition(" ")
        if not _is_word(last.strip(_STOPS), names):
            return text
        text = body.rstrip()


_STOPS = " \t.,;:!"


def is_prose(text: str, names: Collection[str] = (), least: int = 2) -> bool:
    """Whether this is words only, such as "by the product rule": so many at least that are no names of functions or variables."""
    words = re.findall(r"[^\W\d_]{3,}", text)
    return bool(_LETTERS.fullmatch(text)) and sum(word.lower() not in FUNCTIONS and word not in names for word in words) >= least


def _is_word(text: str, names: Collection[str]) -> bool:
    """Whether this is one of the words, and no name."""
    return text.lower() in _words() and text not in names


__all__ = ["ARROW", "is_prose", "statements", "without_words"]
