"""Worksheets as one self-contained page with MathML: it prints well, and hints and answers fold open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from tutor.render.html import blocks_markup, environment, phrase_markup
from tutor.render.sheets.words import points, room, score, word
from tutor.resources import Folder
from tutor.worksheets.sheet import Asked, Item, Sheet

_SIDES = {False: 5, True: 7}
"""The squares of a grid, in millimetres."""


def written(what: str, sheets: Sequence[Sheet], *, format: str = "html", answers: bool = False, templates: Iterable[Folder] = ()) -> str:
    """Sheets, with folded hints, and with `answers` folded answers too; or their keys."""
    page = environment(templates).get_template("pages/worksheet.html")
    problems = _problems if what == "sheet" else _solutions
    title = sheets[0].title if what == "sheet" else word("key", title=sheets[0].title)
    layout = sheets[0].layout
    copies = [{"sheet": one, "problems": list(problems(one, answers))} for one in sheets]
    return page.render(title=title, copies=copies, what=what, layout=layout, word=word, score=score, side=_SIDES[layout.large])


def _problems(sheet: Sheet, answers: bool) -> Iterator[dict[str, Any]]:
    for item in sheet.items:
        statement, asks = _asked(item.problem.id, item)
        hints = item.hints() if answers else [()] * len(asks)
        solved = _solved(item, sheet.layout.key) if answers and sheet.layout.key != "none" else None
        yield {
            "item": item, "statement": statement, "rows": room(sheet, item), "solution": solved,
            "questions": [
                {**ask, "worth": points(item.points[k]) if item.points else "", "hints": [phrase_markup(hint) for hint in hints[k]]}
                for k, ask in enumerate(asks)
            ],
        }  # fmt: skip


def _solutions(sheet: Sheet, answers: bool) -> Iterator[dict[str, Any]]:
    for item in sheet.items:
        yield {"item": item, "solution": _solved(item, sheet.layout.key), "worth": points(item.total) if item.points else ""}


def _solved(item: Item, key: str) -> Markup:
    if key == "results":
        return Markup("").join(Markup("<p>{}</p>").format(phrase_markup(phrase)) for phrase in item.results())
    return blocks_markup(item.solved(), level=3)


@lru_cache(maxsize=2_000)
def _kept(identity: str) -> list[Any]:
    """What was made of a problem, by its id."""
    return []


def _asked(identity: str, item: Item) -> tuple[Markup, list[dict[str, Any]]]:
    kept = _kept(identity)
    if not kept:
        kept.append((blocks_markup(item.statement), [_question(asked) for asked in item.asked()]))
    found: tuple[Markup, list[dict[str, Any]]] = kept[0]
    return found


def _question(asked: Asked) -> dict[str, Any]:
    return {"ask": phrase_markup(asked.phrase), "shown": blocks_markup(asked.shown) if asked.shown else "", "options": asked.options}


__all__ = ["written"]
