"""Worksheets as Typst source and as PDF. The layout is in `templates/pages/worksheet.typ`; here is what stands in it.

A problem's text is made once, whatever number of copies it stands on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil

from tutor.exposition.doc import Paragraph, Table
from tutor.form.notation.typst import quoted
from tutor.render.sheets.picture import spoken, svg
from tutor.render.sheets.words import Once, points, room, score, word
from tutor.render.typst import environment, flat, phrase_source, source, text_source
from tutor.resources import Folder
from tutor.worksheets.sheet import Asked, Item, Sheet

_SIZES = {False: 11, True: 17}
_PITCH = {False: 8, True: 11}
_PAPERS = {"a3": (297, 420), "a4": (210, 297), "a5": (148, 210), "letter": (216, 279), "legal": (216, 356)}
_POINT = 0.3528
_NAMES = {"letter": "us-letter", "legal": "us-legal"}
_EDGES = 46
"""Millimetres of a page's height that no problem can use."""


def written(what: str, sheets: Sequence[Sheet], *, templates: Iterable[Folder] = ()) -> str:
    """Sheets or their keys as one source."""
    write = _sheet if what == "sheet" else _key
    body = "\n\n".join(write(sheet, place) for place, sheet in enumerate(sheets))
    title = sheets[0].title if what == "sheet" else word("key", title=sheets[0].title)
    page = _page(sheets[0], what)
    return environment(templates).get_template("pages/worksheet.typ").render(
        title=quoted(title), body=body, page=page, paper=_NAMES.get(page.paper, page.paper), pitch=_PITCH[page.large]
    )


@dataclass(frozen=True)
class _Page:
    """What the layout comes to in millimetres and points."""

    paper: str
    columns: int
    large: bool

    @property
    def size(self) -> int:
        """The size of the letters in points."""
        return _SIZES[self.large] - (self.paper == "a5")

    @property
    def margin(self) -> int:
        """What is left free at both sides."""
        return 14 if self.paper == "a5" else 19

    @property
    def em(self) -> float:
        """The size of the letters in millimetres."""
        return self.size * _POINT

    @property
    def width(self) -> float:
        """What a problem's text is wide."""
        gaps = (self.columns - 1) * 2.2 * self.em
        return (_PAPERS[self.paper][0] - 2 * self.margin - gaps) / self.columns - 1.9 * self.em

    @property
    def breadth(self) -> int:
        """About how many characters of a formula stand on one row."""
        return max(18, int((self.width - 1.2 * self.em) / (0.55 * self.em)))

    @property
    def across(self) -> int:
        """How many squares of a grid stand beside each other."""
        return int(self.width / (_PITCH[self.large] * 0.625))

    def lines(self, signs: int) -> float:
        """The height of so many characters of text."""
        return ceil(max(signs, 1) * 0.48 * self.em / self.width) * 1.35 * self.em

    def is_tall(self, signs: Sequence[int], rows: int) -> bool:
        """Whether questions of so many characters, with so many rows to write on, are longer than a page."""
        height = sum(self.lines(count) + 0.6 * self.em for count in signs) + rows * _PITCH[self.large]
        return height > 0.92 * (_PAPERS[self.paper][1] - _EDGES)


def _page(sheet: Sheet, what: str) -> _Page:
    layout = sheet.layout
    return _Page(layout.paper, layout.columns if what == "sheet" else 1, layout.large)


# -- the sheet -----------------------------------------------------------------------------------------


def _sheet(sheet: Sheet, place: int) -> str:
    page = _page(sheet, "sheet")
    problems = "\n\n".join(_problem(sheet, item, page) for item in sheet.items)
    fields = [
        _field(word("name"), "2.6fr", sheet.student),
        _field(word("date"), "1.3fr"),
        *([_field(word("score"), "1.2fr", "", score(sheet))] if sheet.total else []),
    ]
    below = f", below: [{text_source(sheet.layout.instructions)}]" if sheet.layout.instructions else ""
    return _copy(sheet, place, f"#head([{text_source(sheet.title)}], fields: ({', '.join(fields)},){below})\n{problems}")


def _copy(sheet: Sheet, place: int, body: str) -> str:
    return f"#copy({quoted(sheet.id)}, <end-{place}>)[\n{body}\n#metadata(none)<end-{place}>]"


def _field(label: str, width: str, value: str = "", behind: str = "") -> str:
    if behind:
        return f'field("{label}", {width}, value: grid(columns: (1fr, auto), column-gutter: .3em, pdf.artifact(block(width: 100%, height: .8em, stroke: (bottom: .5pt + soft))), "{behind}"))'
    given = f", value: {quoted(value)}" if value else ""
    return f'field("{label}", {width}{given})'


def _problem(sheet: Sheet, item: Item, page: _Page) -> str:
    statement, asks = _asked(Once(item.problem), page.breadth)
    rows = [room(sheet, item, asked) for asked in item.asked()]
    questions = []
    for k, ask in enumerate(asks):
        worth = f', points: "{points(item.points[k])}"' if item.points else ""
        questions.append(f'#question(space: space("{sheet.layout.space}", {rows[k]}){worth})[{ask}]')
    tall = ", tall: true" if page.is_tall(list(_signs(item, page.breadth)), sum(rows)) else ""
    told = f"#block(sticky: true)[\n{statement}\n]\n" if tall and statement else f"{statement}\n" if statement else ""
    return f"#problem({item.number}{tall})[{told}{chr(10).join(questions)}]"


def _signs(item: Item, breadth: int) -> Iterator[int]:
    """About how many characters each piece of a problem has; a displayed line counts as two full lines."""
    for block in (*item.statement, *(block for asked in item.asked() for block in (Paragraph(asked.phrase), *asked.shown))):
        match block:
            case Paragraph(phrase, _):
                yield len(flat(phrase))
            case Table(_, table_rows, _):
                yield from (breadth for _ in range(len(table_rows) + 2))
            case _:
                yield 2 * breadth
    yield from (breadth for asked in item.asked() for _ in asked.options)


@lru_cache(maxsize=4_000)
def _asked(once: Once, breadth: int) -> tuple[str, list[str]]:
    """The story and the questions."""
    item = once.item
    return source(item.statement, room=breadth).strip("\n"), [_ask(asked, breadth) for asked in item.asked()]


def _ask(asked: Asked, breadth: int) -> str:
    parts = [phrase_source(asked.phrase)]
    if asked.shown:
        parts.append(source(asked.shown, room=breadth).strip("\n"))
    if asked.options:
        parts.append(f"#options({', '.join(f'[{text_source(option)}]' for option in asked.options)})")
    return "\n\n".join(parts)


# -- the key -------------------------------------------------------------------------------------------


def _key(sheet: Sheet, place: int) -> str:
    breadth = _page(sheet, "key").breadth
    if sheet.layout.key == "results":
        found = "\n".join(f"#results({item.number}, {quoted(item.problem.id)}, ({', '.join(f'[{row}]' for row in _results(Once(item.problem)))},))" for item in sheet.items)
    else:
        found = "\n\n".join(_solved(item, breadth) for item in sheet.items)
    below = f", below: [{text_source(sheet.student)}]" if sheet.student else ""
    return _copy(sheet, place, f"#head([{text_source(word('key', title=sheet.title))}]{below})\n{found}")


def _solved(item: Item, breadth: int) -> str:
    title = item.problem.title + (f" ({points(item.total)})" if item.points else "")
    return f"#solved({item.number}, [{text_source(title)}], {quoted(item.problem.id)})[\n{_solution(Once(item.problem), breadth)}\n]"


@lru_cache(maxsize=4_000)
def _results(once: Once) -> list[str]:
    return [phrase_source(result) for result in once.item.results()]


@lru_cache(maxsize=4_000)
def _solution(once: Once, breadth: int) -> str:
    pictures = "\n".join(f"#picture({quoted(svg(one))}, {quoted(spoken(one))})" for one in once.item.pictures())
    return source(once.item.solved(), level=3, room=breadth) + f"\n{pictures}"


__all__ = ["written"]
