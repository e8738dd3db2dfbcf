"""Errors as lines for a person, with a caret under the place, and as data for a program.

>>> from tutor.errors import ReadError
>>> fault = ReadError("bracket", "the bracket opened at column 3 is not closed", "2*(x+1", (2, 3), expected=")", suggestion="2*(x+1)")
>>> print("\\n".join(fault_lines(fault)))
Cannot read the expression: the bracket opened at column 3 is not closed.
    2*(x+1
      ^    expected )
Did you mean 2*(x+1) ?
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

from tutor.errors import LimitError, ReadError, Span, TutorError
from tutor.render.signs import columns, plain_text, shown

INDENT = 4


def fault_lines(error: TutorError, width: int = 80, *, ascii_only: bool = False) -> list[str]:
    """The error as lines no wider than `width`: what is wrong, where, what was expected, what to do."""
    found = textwrap.wrap(_written(_headline(error), ascii_only), width) or [""]
    if isinstance(error, ReadError):
        found += _place(error, width, ascii_only)
        found += _suggestion(error, width, ascii_only)
    if error.advice:
        found += textwrap.wrap(_written(error.advice, ascii_only), width)
    return found


def fault_data(error: TutorError) -> dict[str, Any]:
    """The error as JSON-ready data: `kind`, `message`, `advice`, and for a text what stands where."""
    return error.data()


def _headline(error: TutorError) -> str:
    match error:
        case LimitError():
            return f"This is more than the tutor takes on: {_stopped(error.message)}"
        case ReadError():
            return f"Cannot read the expression: {_stopped(error.message)}"
    if place := getattr(error, "place", ""):  # a file of an author's, with line and column
        return _stopped(f"{place}: {error.message}")
    first = error.message.split(" ", 1)[0]
    named = len(first) == 1 or not first.isalpha()  # a sentence may begin with a variable: x stays x
    return _stopped(error.message if named else error.message[:1].upper() + error.message[1:])


def _stopped(message: str) -> str:
    return message if message.endswith((".", "?", "!")) else message + "."


def _place(error: ReadError, width: int, ascii_only: bool) -> list[str]:
    """The text, the caret under it, and what would have fitted there."""
    expected = f"expected {_written(error.expected, ascii_only)}" if error.expected else ""
    if not error.text.strip():
        return textwrap.wrap(expected.capitalize() + ".", width) if expected else []
    line, before, marked = _window(error.text, error.span, width - INDENT, ascii_only)
    caret = " " * (INDENT + before) + "^" * marked
    lines = [" " * INDENT + line]
    if expected and len(caret) + 4 + columns(expected) <= width:
        return [*lines, f"{caret}    {expected}"]
    return [*lines, caret, *textwrap.wrap(expected, width, initial_indent=" " * INDENT, subsequent_indent=" " * INDENT)]


def _suggestion(error: ReadError, width: int, ascii_only: bool) -> list[str]:
    """The suggested text, whole where it fits on a line, otherwise the part that differs."""
    if not error.suggestion:
        return []
    signs = [_sign(sign, ascii_only) for sign in error.suggestion]
    line = f"Did you mean {''.join(signs)} ?"
    if columns(line) <= width:
        return [line]
    same = next((place for place, (old, new) in enumerate(zip(error.text, error.suggestion, strict=False)) if old != new), len(error.text))
    part, _, _ = _window(error.suggestion, (same, same + 1), width - INDENT, ascii_only)
    return ["Did you mean", " " * INDENT + part]


def _window(text: str, span: Span, room: int, ascii_only: bool) -> tuple[str, int, int]:
    """A piece of the text around the span that fits the room; columns before the mark, columns of the mark."""
    signs = [_sign(sign, ascii_only) for sign in text]
    start = min(max(span[0], 0), len(signs))
    stop = min(max(span[1], start + 1), max(len(signs), start + 1))
    if columns("".join(signs)) <= room:
        return _cut(signs, (0, len(signs)), (start, stop), "")
    gap = "..." if ascii_only else "…"
    left, right = start, start
    left_room = (room - 2 * columns(gap)) * 2 // 5
    used = 0
    while left > 0 and used + columns(signs[left - 1]) <= left_room:
        left -= 1
        used += columns(signs[left])
    while right < len(signs) and used + columns(signs[right]) <= room - 2 * columns(gap):
        used += columns(signs[right])
        right += 1
    while left > 0 and used + columns(signs[left - 1]) <= room - 2 * columns(gap):
        left -= 1
        used += columns(signs[left])
    return _cut(signs, (left, right), (start, stop), gap)


def _cut(signs: Sequence[str], kept: Span, span: Span, gap: str) -> tuple[str, int, int]:
    (left, right), (start, stop) = kept, span
    begin, end = gap if left > 0 else "", gap if right < len(signs) else ""
    before = columns(begin) + columns("".join(signs[left:start]))
    marked = max(columns("".join(signs[start : min(stop, right)])), 1)
    return begin + "".join(signs[left:right]) + end, before, marked


def _sign(sign: str, ascii_only: bool) -> str:
    """One typed character as it can be shown; no white space but the blank is left as it is."""
    if sign.isspace() and sign not in " \n\t":
        return " "
    return plain_text(sign) if ascii_only and sign.isprintable() else shown(sign, plain=ascii_only)


def _written(text: str, ascii_only: bool) -> str:
    return "".join(_sign(sign, ascii_only) for sign in text)
