"""A document in reading order, for every medium: blocks with their depth, and where a section ends.

The walk is iterative: a step inside a step inside a step costs no stack.

>>> from tutor.exposition.doc import Doc, Paragraph, Section
>>> doc = Doc(("t",), (Section(("h",), (Paragraph(("p",)),)),))
>>> [(depth, type(block).__name__, closes) for depth, block, closes in events(doc)]
[(0, 'Section', False), (1, 'Paragraph', False), (0, 'Section', True)]
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from tutor.exposition.doc import Block, Doc, Phrase, Section, Table
from tutor.form.numerals import rational
from tutor.form.tree import Form
from tutor.form.write import Notation

ALSO = "also:"
"""Stands before other forms of a result."""

VERDICTS = {"proved": "confirmed", "sampled": "agrees at sample points, not proved", "failed": "not confirmed"}
"""What a reader is told about a step; an unknown verdict says nothing."""


def events(doc: Doc) -> Iterator[tuple[int, Block, bool]]:
    """Each block with its depth; a section comes twice, before and (True) after what it holds."""
    stack: list[tuple[int, Block, bool]] = [(0, block, False) for block in reversed(doc.blocks)]
    while stack:
        depth, block, closes = stack.pop()
        yield depth, block, closes
        if isinstance(block, Section) and not closes:
            stack.append((depth, block, True))
            stack.extend((depth + 1, inner, False) for inner in reversed(block.blocks))


def written(phrase: Phrase, text: Callable[[str], str], maths: Callable[[Form], str]) -> str:
    """A phrase as one string: `text` escapes its words, `maths` writes its forms."""
    return "".join(maths(part) if isinstance(part, Form) else text(part) for part in phrase)


def marked(notation: Notation, before: str, after: str) -> Notation:
    """The notation with its marks around the focus."""
    kind = type(notation)
    return type(f"Marked{kind.__name__}", (kind,), {"focus": lambda _, text: f"{before}{text}{after}"})()  # type: ignore[no-any-return]


_NUMBER = re.compile(r"[+\-−]?\s*(\d[\d, ]*)?([.,]\d+)?([eE][+\-−]?\d+)?\s*%?")


def numeric_columns(table: Table) -> list[bool]:
    """Which columns hold numbers only (and perhaps gaps): those are set to the right."""
    return [_numeric([row[place] for row in table.rows if place < len(row)]) for place in range(width_of(table))]


def width_of(table: Table) -> int:
    """How many columns the table has."""
    return max([len(table.header), *map(len, table.rows)], default=0)


def filled(row: Sequence[Phrase], width: int) -> list[Phrase]:
    """The row with empty cells up to the width."""
    return [*row, *((),) * (width - len(row))]


def _numeric(cells: list[Phrase]) -> bool:
    texts = [_flat(cell) for cell in cells]
    values = [text for text in texts if text.strip() not in ("", "…", "...", "–", "-", "−", "⋮")]
    return bool(values) and all(text and _NUMBER.fullmatch(text) for text in values)


def _flat(cell: Phrase) -> str:
    """A cell as a text in which a number can be seen; anything else is a letter."""
    return written(cell, str, lambda form: "x" if rational(form) is None else "0").strip()
