"""Worksheets as one self-contained page with MathML: it prints well, and hints and answers fold open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from tutor.render.html import blocks_markup, environment, phrase_markup
from tutor.render.sheets.picture import svg
from tutor.render.sheets.words import Once, points, room, score, word
from tutor.resources import Folder
from tutor.worksheets.sheet import Asked, Item, Sheet

_SIDES = {False: 5, True: 7}
"""The squares of a grid, in millimetres."""


def written(what: str, sheets: Sequence[Sheet], *, answers: bool = False, templates: Iterable[Folder] = ()) -> str:
    """Sheets, with folded hints, and with `answers` folded answers too; or their keys."""
    page = environment(templates).get_template("pages/worksheet.html")
    title = sheets[0].title if what == "sheet" else word("key", title=sheets[0].title)
    layout = sheets[0].layout
    copies = [{"sheet": one, "problems": list(_problems(one, answers) if what == "sheet" else _solutions(one))} for one in sheets]
    return page.render(title=title, copies=copies, what=what, layout=layout, word=word, score=score, side=_SIDES[layout.large])


def _problems(sheet: Sheet, answers: bool) -> Iterator[dict[str, Any]]:
    for item in sheet.items:
        statement, asks = _asked(Once(item.problem))
        hints = item.hints() if answers else [()] * len(asks)
        solved = _solved(item, sheet.layout.key) if answers and sheet.layout.key != "none" else None
        yield {
            "item": item, "statement": statement, "solution": solved,
            "questions": [
                {**ask, "rows": room(sheet, item, item.asked()[k]), "worth": points(item.points[k]) if item.points else "", "hints": [phrase_markup(hint) for hint in hints[k]]}
                for k, ask in enumerate(asks)
            ],
        }  # fmt: skip


def _solutions(sheet: Sheet) -> Iterator[dict[str, Any]]:
    for item in sheet.items:
        yield {"item": item, "solution": _solved(item, sheet.layout.key), "worth": points(item.total) if item.points else ""}


def _solved(item: Item, key: str) -> Markup:
    if key == "results":
        return Markup("").join(Markup("<p>{}</p>").format(phrase_markup(phrase)) for phrase in item.results())
    # Safe: `svg` escapes the words in what it draws.
    pictures = Markup("").join(Markup(f'<div class="picture">{svg(one)}</div>') for one in item.pictures())  # noqa: S704
    return blocks_markup(item.solved(), level=3) + pictures


@lru_cache(maxsize=2_000)
def _asked(once: Once) -> tuple[Markup, list[dict[str, Any]]]:
    """The story and the questions."""
    return blocks_markup(once.item.statement), [_question(asked) for asked in once.item.asked()]


def _question(asked: Asked) -> dict[str, Any]:
    return {"ask": phrase_markup(asked.phrase), "shown": blocks_markup(asked.shown) if asked.shown else "", "options": asked.options}


__all__ = ["written"]
