"""Worksheets as LaTeX that pdflatex compiles with what every installation has; the layout is in `templates/pages/worksheet.tex`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tutor.exposition.doc import Doc, Table
from tutor.render.latex import LONG_TABLE, body_of, phrase_text
from tutor.render.sheets.words import points, room, score, word
from tutor.render.signs import latex_text
from tutor.render.typst import environment
from tutor.resources import Folder
from tutor.worksheets.sheet import Asked, Item, Sheet

_PAPERS = {name: f"{name}paper" for name in ("a3", "a4", "a5", "letter", "legal")}
_TALL = 22
"""A problem with more lines to write on than this may be longer than a page."""


def written(what: str, sheets: Sequence[Sheet], *, templates: Iterable[Folder] = ()) -> str:
    """Sheets or their keys as one article."""
    write = _sheet if what == "sheet" else _key
    layout = sheets[0].layout
    return environment(templates).get_template("pages/worksheet.tex").render(
        paper=_PAPERS[layout.paper], large=layout.large, columns=layout.columns if what == "sheet" else 1, copies=[(latex_text(one.id), write(one)) for one in sheets],
    )  # fmt: skip


def _sheet(sheet: Sheet) -> str:
    columns = sheet.layout.columns
    fields = [
        f"\\field{{{word('name')}}}{{{latex_text(sheet.student) or _rule(0.36)}}}", f"\\field{{{word('date')}}}{{{_rule(0.16)}}}",
        *([f"\\field{{{word('score')}}}{{{_rule(0.08)} {score(sheet)}}}"] if sheet.total else []),
    ]  # fmt: skip
    told = f"{latex_text(sheet.layout.instructions)}\n\n" if sheet.layout.instructions else ""
    problems = "\n\n".join(_problem(sheet, item) for item in sheet.items)
    inside = f"\\begin{{multicols}}{{{columns}}}\n{problems}\n\\end{{multicols}}" if columns > 1 else problems
    return f"\\sheettitle{{{latex_text(sheet.title)}}}\n\n{' '.join(fields)}\\par\\smallskip\\hrule\\bigskip\n\n{told}{inside}"


def _rule(width: float) -> str:
    return f"\\rule[-2pt]{{{width}\\textwidth}}{{0.4pt}}"


def _problem(sheet: Sheet, item: Item) -> str:
    body = [_blocks(Doc((), item.statement))] if item.statement else []
    for k, asked in enumerate(item.asked()):
        worth = f"\\worth{{{points(item.points[k])}}}" if item.points else ""
        body.append(_asked(asked, worth))
        rows = room(sheet, item, asked)
        if rows:
            body.append(f"\\answer{sheet.layout.space}{{{rows}}}")
    name = "tallproblem" if sum(room(sheet, item, asked) for asked in item.asked()) > _TALL or any(_is_long(asked) for asked in item.asked()) else "problem"
    return f"\\begin{{{name}}}{{{item.number}}}\n" + "\n\n".join(body) + f"\n\\end{{{name}}}"


def _is_long(asked: Asked) -> bool:
    return any(isinstance(block, Table) and len(block.rows) > LONG_TABLE for block in asked.shown)


def _asked(asked: Asked, worth: str) -> str:
    parts = [phrase_text(asked.phrase) + worth]
    if asked.shown:
        parts.append(_blocks(Doc((), asked.shown)))
    if asked.options:
        parts.append("\n\n".join(f"\\choice{{{latex_text(option)}}}" for option in asked.options))
    return "\n\n".join(parts)


def _key(sheet: Sheet) -> str:
    told = f"{latex_text(sheet.student)}\n\n" if sheet.student else ""
    problems = "\n\n".join(_solved(sheet, item) for item in sheet.items)
    return f"\\sheettitle{{{latex_text(word('key', title=sheet.title))}}}\n\n{told}\\hrule\\bigskip\n\n{problems}"


def _solved(sheet: Sheet, item: Item) -> str:
    head = f"\\solved{{{item.number}}}{{{latex_text(item.problem.title)}}}{{{latex_text(item.problem.id)}}}"
    if sheet.layout.key == "results":
        return head + "\n\n" + "\n\n".join(map(phrase_text, item.results()))
    return head + "\n\n" + _blocks(Doc((), item.solved()), below=1)


def _blocks(doc: Doc, below: int = 0) -> str:
    return "\n".join(body_of(doc, below)).strip()


__all__ = ["written"]
