"""What a typed line means: an answer, or a key of one letter (or its word). A colon in front always makes it a key.

Where a question names the letter, or offers it as a choice, the letter alone is an answer: the speed s(t) may be asked for.

>>> meant("?", KEYS), meant("s", KEYS), meant("2x", KEYS), meant("S", KEYS), meant("skip", KEYS)
('hint', 'skip', '', 'skip', 'skip')
>>> meant("s", KEYS, frozenset("st")), meant(":s", KEYS, frozenset("st"))
('', 'skip')
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tutor.exposition.data import plain
from tutor.exposition.phrases import PHRASES
from tutor.practice import exam_screens, screens
from tutor.render.signs import columns

_REDRAW = {"l": "redraw"}
"""Ctrl-L; typed it needs a colon."""
KEYS = {**screens.KEYS, **_REDRAW}
"""The keys of practice."""
EXAM = {**exam_screens.KEYS, **_REDRAW}
"""The keys of an exam."""
_WORDS = {"quit": "leave", "exit": "leave", "help": "keys", "back": "undo"}


def meant(text: str, keys: Mapping[str, str], named: frozenset[str] = frozenset()) -> str:
    """The name of the key that a line is; empty for an answer."""
    text = text.strip()
    bare = text.removeprefix(":").strip().casefold()
    words = {**{word: word for word in keys.values()}, **{word: key for word, key in _WORDS.items() if key in keys.values()}}
    if text.startswith(":"):
        return keys.get(bare) or words.get(bare, "unknown")
    if bare in named or text in named:
        return ""
    return (keys.get(bare, "") if bare not in _REDRAW else "") or words.get(bare, "")


def labels(typed: Mapping[str, str], page: str, words: Iterable[str] | None = None) -> tuple[str, ...]:
    """Keys with what they do in a word, those of a page of phrases; `typed` is what has to be typed for each.

    >>> labels(screens.pressed(frozenset("s")), "quiz", ("hint", "skip"))
    ('? hint', ':s skip')
    """
    return tuple(f"{typed[word]} {plain(PHRASES.say(f'{page}.keys.{word}', {}))}" for word in (typed if words is None else words))


def rows_of(keys: Iterable[str], width: int, gap: int = 3) -> list[str]:
    """Words in lines of at most `width` columns.

    >>> rows_of(["? hint", "! solution", "s skip"], 22)
    ['? hint   ! solution', 's skip']
    """
    rows: list[str] = []
    for key in keys:
        if rows and columns(rows[-1]) + gap + columns(key) <= width:
            rows[-1] += " " * gap + key
        else:
            rows.append(key)
    return rows


__all__ = ["EXAM", "KEYS", "labels", "meant", "rows_of"]
