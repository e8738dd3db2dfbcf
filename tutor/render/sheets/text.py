"""Worksheets as lines of 80 columns: plain ASCII, or with the signs of mathematics (`terminal`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from tutor.exposition.doc import Block, Doc, Paragraph, Section
from tutor.form.notation.plain import PLAIN
from tutor.form.notation.unicode import UNICODE
from tutor.render.sheets.words import points, room, score, word
from tutor.render.signs import columns, plain_text, visible
from tutor.render.text import lines
from tutor.render.wrap import text_of
from tutor.worksheets.sheet import Asked, Item, Sheet

WIDTH = 80
_INDENT = 4


def written(what: str, sheets: Sequence[Sheet], *, ascii_only: bool) -> str:
    """Sheets or their keys as text; several are kept apart by form feeds, so that each is printed on pages of its own."""
    write = _Writer(ascii_only=ascii_only)
    texts = ["\n".join(write.sheet(one) if what == "sheet" else write.key(one)) + "\n" for one in sheets]
    return "\f".join(texts)


class _Writer:
    """A notation and an alphabet."""

    def __init__(self, *, ascii_only: bool) -> None:
        self.ascii_only = ascii_only
        self._lines = partial(lines, notation=PLAIN if ascii_only else UNICODE, ascii_only=ascii_only)

    def sheet(self, sheet: Sheet) -> Iterator[str]:
        """The title, the lines to fill in, the problems."""
        yield from self._head(self._text(sheet.title))
        yield self._fields(sheet)
        if sheet.layout.instructions:
            yield from ("", *self._blocks((Paragraph((sheet.layout.instructions,)),), 0))
        for item in sheet.items:
            yield ""
            yield from self._problem(sheet, item)
        yield from self._foot(sheet)

    def key(self, sheet: Sheet) -> Iterator[str]:
        """The answers."""
        yield from self._head(self._text(word("key", title=sheet.title)))
        if sheet.student:
            yield self._text(sheet.student)
        for item in sheet.items:
            yield ""
            yield from self._solved(sheet, item)
        yield from self._foot(sheet)

    def _head(self, title: str) -> Iterator[str]:
        yield title
        yield ("=" if self.ascii_only else "═") * min(columns(title), WIDTH)

    def _fields(self, sheet: Sheet) -> str:
        name = self._text(sheet.student) if sheet.student else "_" * 26
        worth = f"   {word('score')} ______ {score(sheet)}" if sheet.total else ""
        return f"{word('name')} {name}   {word('date')} ______________{worth}"

    def _foot(self, sheet: Sheet) -> Iterator[str]:
        yield from ("", word("sheet", id=sheet.id))

    def _problem(self, sheet: Sheet, item: Item) -> Iterator[str]:
        found = list(self._blocks(item.statement))
        for k, asked in enumerate(item.asked()):
            found += self._asked(asked, points(item.points[k]) if item.points else "")
            rows = room(sheet, item, asked)
            found += ["", *[" " * _INDENT + "_" * (WIDTH - _INDENT)] * rows, ""] if rows else []
        while found and not found[-1]:
            found.pop()
        yield from _numbered(item.number, found)

    def _asked(self, asked: Asked, worth: str) -> Iterator[str]:
        found = list(self._blocks((Paragraph((*asked.phrase, f"  [{worth}]") if worth else asked.phrase), *asked.shown)))
        return iter([*found, *(f"{' ' * (_INDENT + 2)}[ ] {self._text(option)}" for option in asked.options)])

    def _solved(self, sheet: Sheet, item: Item) -> Iterator[str]:
        title = self._text(item.problem.title)
        worth = f"  [{points(item.total)}]" if item.points else ""
        shown = [Paragraph(phrase) for phrase in item.results()] if sheet.layout.key == "results" else item.solved()
        yield f"{item.number}.".ljust(_INDENT) + f"{title}{worth}  {item.problem.id}"
        yield from self._blocks(tuple(shown))

    def _blocks(self, blocks: tuple[Block, ...], indent: int = _INDENT) -> Iterator[str]:
        before = False
        for block in blocks:
            if before and isinstance(block, Section):
                yield ""
            before = isinstance(block, Section)
            for line in self._lines(Doc((), (block,)), width=WIDTH - indent):
                yield (" " * indent + text_of(line)).rstrip()

    def _text(self, text: str) -> str:
        return plain_text(text) if self.ascii_only else visible(text)


def _numbered(number: int, found: list[str]) -> Iterator[str]:
    """Lines with the number in front of the first one."""
    head, *rest = found or [""]
    yield f"{number}.".ljust(_INDENT) + head[_INDENT:]
    yield from rest


__all__ = ["WIDTH", "written"]
