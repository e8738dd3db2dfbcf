"""Answers that are read piece by piece: `x = 1 or x = 2`, `0.4; 0.72; 0.976`, `(-∞, 2) ∪ (3, ∞)`.

The pieces lie between separators outside of brackets. Each is read as any text is; a fault in one is reported at its
place in the whole text.

>>> [text for text, _ in cut("(1, 2), (3, 4)", ",")]
['(1, 2)', ' (3, 4)']
>>> reading = assembled("x = 1 or x = 2", cut("x = 1 or x = 2", r"\\bor\\b"), "set")
>>> str(reading.form), [span for form, span in reading.places if str(form) == "2"]
('{x = 1, x = 2}', [(13, 14)])
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from tutor.errors import LimitError, ReadError, Span
from tutor.form.reading import Alternative, Reading, understand
from tutor.form.tokens import check_length
from tutor.form.tree import Form, Listing
from tutor.grading.kinds.typed import read_answer

MOST_PIECES = 200
Piece = tuple[str, int]
"""A text and where it begins in the whole."""


@dataclass(frozen=True)
class Assembled(Reading):
    """A reading made of the readings of pieces, each with the place where it begins."""

    parts: tuple[tuple[int, Reading], ...] = ()

    @cached_property
    def places(self) -> tuple[tuple[Form, Span], ...]:
        """Every part with the place where it was written."""
        return tuple((form, (start + at, end + at)) for at, part in self.parts for form, (start, end) in part.places)

    @cached_property
    def alternatives(self) -> tuple[Alternative, ...]:
        """Other readings of a single piece are other readings of the whole; of several there are none."""
        return self.parts[0][1].alternatives if len(self.parts) == 1 and self.parts[0][1].form is self.form else ()


def cut(text: str, separator: str) -> list[Piece]:
    """The pieces of a text between separators (a regular expression) outside of brackets.

    Raises `LimitError` for a text that is too long, or cut into too many.
    """
    check_length(text)
    found: list[Piece] = []
    depth, start = 0, 0
    for match in re.finditer(rf"(?P<open>[(\[{{])|(?P<close>[)\]}}])|(?P<cut>{separator})", text):
        if match["open"]:
            depth += 1
        elif match["close"]:
            depth = max(depth - 1, 0)
        elif depth == 0:
            found.append((text[start : match.start()], start))
            start = match.end()
    if len(found) >= MOST_PIECES:
        raise LimitError("pieces", f"the text has more than {MOST_PIECES} parts", text[:60], (0, min(len(text), 60)), advice="Answer in fewer parts.")
    return [*found, (text[start:], start)]


def piece_read(whole: str, piece: Piece, names: frozenset[str] = frozenset()) -> Reading:
    """The reading of one piece. Raises `ReadError` at its place in the whole."""
    text, start = piece
    try:
        return read_answer(text, names)
    except ReadError:
        pass
    try:  # once more with blanks in front, so that columns and places are those of the whole
        return understand(" " * start + text, variables=names)
    except ReadError as fault:
        fault.text = whole
        if fault.suggestion:
            fault.suggestion = whole[:start] + fault.suggestion.strip() + whole[start + len(text) :]
        raise


def assembled(whole: str, pieces: Sequence[Piece], kind: str, names: frozenset[str] = frozenset(), bare: bool = False) -> Assembled:
    """The pieces as one listing; a single one alone where it may stand `bare`."""
    readings = tuple((start, piece_read(whole, (text, start), names)) for text, start in pieces)
    form = readings[0][1].form if bare and len(readings) == 1 else Listing(kind, tuple(part.form for _, part in readings))
    return gathered(whole, form, readings, names)


def gathered(whole: str, form: Form, parts: tuple[tuple[int, Reading], ...] = (), names: frozenset[str] = frozenset()) -> Assembled:
    """A reading of a text as a form that its parts make up."""
    remarks = tuple(dict.fromkeys(remark for _, part in parts for remark in part.remarks))
    return Assembled(whole, form, remarks, names, frozenset(), parts)
