"""A document as a value: what is said, before any medium decides how it looks.

Engines produce derivations, `tutor.exposition` turns them into a `Doc`, `tutor.render` writes a `Doc`
for a medium. Mathematics stays a `Form` until a notation writes it, so no text of a person or of the
engine is ever pasted into LaTeX or HTML.

>>> from tutor import read
>>> doc = Doc(("Derivative of ", read("x^2")), (Paragraph(("The exponent comes down.",)), Maths(read("f'(x) = 2x"))))
>>> [type(block).__name__ for block in doc.blocks]
['Paragraph', 'Maths']
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from typing import Any

from tutor.exposition.unwind import unwound
from tutor.form.tree import Form

Phrase = tuple[str | Form, ...]
"""A sentence: text and mathematics in reading order."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A sentence with a role.

    Roles: `text`, `reason` (why a rule holds), `condition` (x > 0), `remark` (how the text was read),
    `hint`, `question`, `evidence` (how the lines were confirmed), `warning`.
    """

    phrase: Phrase
    role: str = "text"


@dataclass(frozen=True, slots=True)
class Maths:
    """A displayed line, usually an equation; `focus` is the part being worked on.

    `note` stands behind the line (the name of the algebra law, "value at x = 1").
    """

    form: Form
    focus: Form | None = None
    note: Phrase = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One step with its heading and what belongs to it; `rule` is the stable id of the rule.

    `verdict` is `proved`, `sampled`, `failed`, or empty while nothing is known.
    """

    heading: Phrase
    blocks: tuple[Block, ...]
    rule: str = ""
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a header; `caption` says what it shows."""

    header: tuple[Phrase, ...]
    rows: tuple[tuple[Phrase, ...], ...]
    caption: Phrase = ()


@dataclass(frozen=True, slots=True)
class Result:
    """The line that a reader came for, and other forms of the same value."""

    form: Form
    also: tuple[Form, ...] = ()


Block = Paragraph | Maths | Section | Table | Result


@dataclass(frozen=True, slots=True)
class Doc:
    """A whole explanation: a title and blocks."""

    title: Phrase
    blocks: tuple[Block, ...]

    def walk(self) -> Iterator[Block]:
        """Every block, sections before what they hold."""
        stack = list(reversed(self.blocks))
        while stack:
            block = stack.pop()
            yield block
            if isinstance(block, Section):
                stack.extend(reversed(block.blocks))


def mapped(doc: Doc, change: Callable[[Form], Form]) -> Doc:
    """The document with every form changed, those in sentences and headings too.

    >>> from tutor import read
    >>> mapped(Doc((read("x"),), (Maths(read("x^2")),)), lambda form: read("y")).blocks[0].form
    read('y')
    """
    return Doc(mapped_phrase(doc.title, change), mapped_blocks(doc.blocks, change))


def mapped_blocks(blocks: tuple[Block, ...], change: Callable[[Form], Form]) -> tuple[Block, ...]:
    """Blocks with every form changed; sections may be nested deeper than Python's stack."""
    return unwound(_mapped_all(blocks, change))


def _mapped_all(blocks: tuple[Block, ...], change: Callable[[Form], Form]) -> Generator[Any, Any, tuple[Block, ...]]:
    found: list[Block] = []
    for block in blocks:
        if isinstance(block, Section):
            inner = yield _mapped_all(block.blocks, change)
            found.append(replace(block, heading=mapped_phrase(block.heading, change), blocks=inner))
        else:
            found.append(_mapped(block, change))
    return tuple(found)


def mapped_phrase(phrase: Phrase, change: Callable[[Form], Form]) -> Phrase:
    """A sentence with every form changed."""
    return tuple(change(part) if isinstance(part, Form) else part for part in phrase)


def _mapped(block: Paragraph | Maths | Table | Result, change: Callable[[Form], Form]) -> Block:
    match block:
        case Paragraph(phrase, _):
            return replace(block, phrase=mapped_phrase(phrase, change))
        case Maths(form, focus, note):
            return Maths(change(form), None if focus is None else change(focus), mapped_phrase(note, change))
        case Result(form, also):
            return Result(change(form), tuple(change(other) for other in also))
        case Table(header, rows, caption):
            cells = tuple(tuple(mapped_phrase(cell, change) for cell in row) for row in rows)
            return Table(tuple(mapped_phrase(cell, change) for cell in header), cells, mapped_phrase(caption, change))
