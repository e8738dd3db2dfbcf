"""Worksheets as Markdown with `$…$`, for a wiki, a notebook or pandoc."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tutor.exposition.doc import Doc
from tutor.render.markdown import body_of, escaped, phrase_text
from tutor.render.sheets.words import points, room, score, word
from tutor.worksheets.sheet import Asked, Item, Sheet

_LINE = "\\_" * 30
_BLANK = "&nbsp;"


def written(what: str, sheets: Sequence[Sheet]) -> str:
    """Sheets or their keys; a rule stands between two of them."""
    write = _sheet if what == "sheet" else _key
    return "\n\n---\n\n".join("\n\n".join(write(one)) for one in sheets) + "\n"


def _sheet(sheet: Sheet) -> Iterator[str]:
    yield f"# {escaped(sheet.title)}"
    fields = [f"{word('name')} {escaped(sheet.student) or _LINE}", f"{word('date')} {_LINE[:30]}"]
    yield " ".join([*fields, *([f"{word('score')} {_LINE[:16]} {score(sheet)}"] if sheet.total else [])])
    if sheet.layout.instructions:
        yield escaped(sheet.layout.instructions)
    for item in sheet.items:
        yield f"## {word('problem', n=item.number)}"
        yield from body_of(Doc((), item.statement))
        for k, asked in enumerate(item.asked()):
            yield from _asked(asked, f" *({points(item.points[k])})*" if item.points else "")
            yield from [_BLANK] * room(sheet, item, asked)
    yield _foot(sheet)


def _asked(asked: Asked, worth: str) -> Iterator[str]:
    yield phrase_text(asked.phrase) + worth
    yield from body_of(Doc((), asked.shown))
    if asked.options:
        yield "\n".join(f"- [ ] {escaped(option)}" for option in asked.options)


def _key(sheet: Sheet) -> Iterator[str]:
    yield f"# {escaped(word('key', title=sheet.title))}"
    if sheet.student:
        yield escaped(sheet.student)
    for item in sheet.items:
        yield f"## {word('problem', n=item.number)}: {escaped(item.problem.title)}"
        yield from _solved(sheet, item)
        yield f"`{item.problem.id}`"
    yield _foot(sheet)


def _solved(sheet: Sheet, item: Item) -> Iterator[str]:
    if sheet.layout.key == "results":
        yield from map(phrase_text, item.results())
    else:
        yield from (block for block in body_of(Doc((), item.solved()), below=1) if block)


def _foot(sheet: Sheet) -> str:
    return f"`{sheet.id}`"


__all__ = ["written"]
