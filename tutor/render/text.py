"""Documents as lines of text: in Unicode for a terminal, in ASCII for everything else.

`lines` is a generator, so the first line is there before the last block is looked at. A line is a
tuple of (text, style); what a style looks like is decided where the line is printed. Text of a
person reaches a line with its control characters made visible.

Steps are indented by two a level, formulas stand two further in (and never left of column four).

>>> from tutor import read
>>> from tutor.exposition.doc import Block, Doc, Maths, Result, Section
>>> print(plain(Doc(("f(x) = ", read("x^2")), (Section(("Power rule",), (Maths(read("f'(x) = 2x")),)), Result(read("f'(x) = 2x"))))))
f(x) = x^2
<BLANKLINE>
Power rule
    f'(x) = 2x
<BLANKLINE>
f'(x) = 2x
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from tutor.exposition.doc import Block, Doc, Maths, Paragraph, Phrase, Result, Section, Table
from tutor.form.notation.plain import PLAIN
from tutor.form.notation.unicode import UNICODE
from tutor.form.tree import Form
from tutor.form.write import Notation, Piece, write
from tutor.render.grid import Cell, grid
from tutor.render.signs import columns, plain_text, visible
from tutor.render.walk import ALSO, VERDICTS, events, filled, marked, numeric_columns, width_of
from tutor.render.wrap import BEGIN, END, Hang, Line, Unit, fill, formula, joined, no_hang, relation_hang, sentence, small_hang, text_of

STYLES = (
    "", "title", "rule", "focus", "result", "note", "reason", "condition", "remark", "hint", "question",
    "proved", "warning", "failed", "header",
)  # fmt: skip
"""Every style name that a segment can have."""

_ROLE_STYLES = {"text": "", "evidence": "proved"}
NARROWEST = 20
NOTE_COLUMN = 0.55
SHORT = 16
"""A formula of this many columns is not cut inside a sentence."""
INSIDE_SENTENCE = 400
"""Cutting a formula inside a sentence is worth several lines of text."""


def plain(doc: Doc, width: int = 80) -> str:
    """The document in ASCII, formulas in linear notation."""
    return "\n".join(text_of(line) for line in lines(doc, PLAIN, width, ascii_only=True))


def terminal(doc: Doc, width: int = 80) -> Iterator[Line]:
    """The lines of the document in Unicode."""
    return lines(doc, UNICODE, width)


def lines(doc: Doc, notation: Notation, width: int = 80, *, ascii_only: bool = False) -> Iterator[Line]:
    """The lines of the document in a notation, none wider than `width` unless a piece cannot be cut.

    `ascii_only` also spells the signs inside sentences (− · ′ →) in ASCII.
    """
    page = _Page(notation, max(width, NARROWEST), ascii_only)
    before: Block | None = None
    if doc.title:
        yield from page.paragraph(doc.title, 0, "title")
        if doc.blocks:
            yield ()
    for depth, block, closes in events(doc):
        if closes:
            continue
        if before and _apart(before, block):
            yield ()
        before = block
        match block:
            case Section():
                yield from page.heading(block, depth)
            case Paragraph(phrase, role):
                yield from page.paragraph(phrase, depth, _ROLE_STYLES.get(role, role))
            case Maths():
                yield from page.maths(block, depth)
            case Result():
                yield from page.result(block, depth)
            case Table():
                yield from page.table(block, depth)


def _apart(before: Block, block: Block) -> bool:
    """Whether an empty line stands between two blocks: around a table, before a result, before what follows one."""
    return isinstance(before, Table) or isinstance(block, Result | Table) or (isinstance(before, Result) and isinstance(block, Section))


class _Page:
    """A notation, a width and an alphabet."""

    def __init__(self, notation: Notation, width: int, ascii_only: bool) -> None:
        self.notation, self.width, self.ascii_only = notation, width, ascii_only
        self.memo: dict[Form, Piece] = {}

    @cached_property
    def marked(self) -> Notation:
        return marked(self.notation, BEGIN, END)

    def paragraph(self, phrase: Phrase, depth: int, style: str, hang: Hang = no_hang) -> Iterator[Line]:
        margin = self.margin(2 * depth)
        whole = self.line(phrase, style, self.width - margin)
        return _indented([whole] if whole else fill(self.units(phrase, style), self.width - margin, hang), margin)

    def heading(self, section: Section, depth: int) -> Iterator[Line]:
        margin = self.margin(2 * depth)
        whole = None if section.verdict in ("failed", "sampled") else self.line(section.heading, "rule", self.width - margin)
        if whole:
            return _indented([whole], margin)
        units = self.units(section.heading, "rule")
        if section.verdict in ("failed", "sampled"):  # what is confirmed is said once, at the end
            style = "failed" if section.verdict == "failed" else "warning"
            units += self.units((f"  [{VERDICTS[section.verdict]}]",), style)
        return _indented(fill(units, self.width - margin, small_hang), margin)

    def maths(self, block: Maths, depth: int) -> Iterator[Line]:
        margin = self.margin(max(4, 2 * depth + 2))
        return self.noted(self.cut(block.form, "", block.focus, self.width - margin), self.units(block.note, "note"), margin)

    def result(self, block: Result, depth: int) -> Iterator[Line]:
        margin = self.margin(2 * depth)
        found = self.cut(block.form, "result", None, self.width - margin)
        also = joined(part for form in block.also for part in (sentence(f" {ALSO} ", ""), self.formula(form, "", room=self.width // 2)))
        return self.noted(found, also, margin)

    def noted(self, found: list[Line], note: list[Unit], margin: int) -> Iterator[Line]:
        """Lines with a note behind the last one, or on lines of its own where there is no room."""
        yield from _indented(found[:-1], margin)
        if not note:
            yield from _indented(found[-1:], margin)
            return
        size = sum(unit.width + len(unit.gap) for unit in note) - len(note[0].gap)
        used = margin + columns(text_of(found[-1]))
        column = min(max(int(self.width * NOTE_COLUMN), used + 3), self.width - size)
        if column >= used + 3:
            (behind,) = fill(note, size)
            yield from _indented([(*found[-1], (" " * (column - used), ""), *behind)], margin)
            return
        yield from _indented(found[-1:], margin)
        inner = min(margin + 4, self.width // 2)
        yield from _indented(fill(note, self.width - inner, small_hang), inner)

    def table(self, block: Table, depth: int) -> Iterator[Line]:
        margin, size = self.margin(2 * depth + 2), width_of(block)
        if block.caption:
            yield from self.paragraph(block.caption, depth, "")
        header = [self.units(cell, "header") for cell in filled(block.header, size)] if block.header else None
        rows: list[list[Cell]] = [[self.units(cell, "") for cell in filled(row, size)] for row in block.rows]
        yield from _indented(grid(header, rows, numeric_columns(block), self.width - margin), margin)

    def margin(self, wanted: int) -> int:
        """The indentation of deep steps stops where half of the line is left."""
        return min(wanted, self.width // 2)

    def units(self, phrase: Phrase, style: str) -> list[Unit]:
        return joined(
            self.formula(part, style, INSIDE_SENTENCE) if isinstance(part, Form) else sentence(self.text(part), style)
            for part in phrase
        )  # fmt: skip

    def formula(self, form: Form, style: str, surcharge: int = 0, focus: Form | None = None, room: int = SHORT) -> list[Unit]:
        return formula(self.written(form, focus), style, surcharge, room)

    def written(self, form: Form, focus: Form | None = None) -> str:
        """The form as text; a part that occurs in several lines of the page is written once."""
        return write(form, self.notation, memo=self.memo) if focus is None else write(form, self.marked, focus)

    def line(self, phrase: Phrase, style: str, width: int) -> Line | None:
        """The whole phrase where it fits on one line, so that there is nothing to weigh, else None."""
        text = "".join([self.written(part) if isinstance(part, Form) else self.text(part) for part in phrase]).strip(" ")
        return ((text, style),) if text and columns(text) <= width else None

    def cut(self, form: Form, style: str, focus: Form | None, width: int) -> list[Line]:
        """The lines of a displayed formula."""
        whole = self.line((form,), style, width) if focus is None else None
        if whole:
            return [whole]
        units = self.formula(form, style, focus=focus, room=width)
        return fill(units, width, relation_hang(units, width))

    def text(self, text: str) -> str:
        return plain_text(text) if self.ascii_only else visible(text)


def _indented(found: list[Line], margin: int) -> Iterator[Line]:
    for line in found:
        yield ((" " * margin, ""), *line) if margin and line else line
