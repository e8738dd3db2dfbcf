"""Documents as HTML with MathML: a page that needs nothing else, and a fragment for notebooks.

The words and the layout are in `templates/pages/`; a folder of the user's own may replace them.
Everything is escaped by Jinja; only what the MathML writer made is taken as markup.

>>> from tutor import read
>>> from tutor.exposition.doc import Doc, Paragraph
>>> page = html(Doc(("On ", read("x")), (Paragraph(("1 < 2",)),)))
>>> page.startswith("<!doctype html>"), "1 &lt; 2" in page, "<script" in page
(True, True, False)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from tutor.exposition.doc import Block, Doc, Phrase, Result, Section, Table
from tutor.form.notation.mathml import MATHML, math_element
from tutor.form.notation.unicode import UNICODE
from tutor.form.tree import Form
from tutor.form.write import write
from tutor.render.rows import Part, rows
from tutor.render.signs import visible
from tutor.render.walk import ALSO, VERDICTS, events, filled, numeric_columns, width_of, written
from tutor.resources import Folder, folders

ROOM = 34
"""Longer formulas may be broken by the browser, before a relation and between the terms of a sum."""

_SIGNS = {**MATHML.relations, "+": "+", "-": "−"}


def html(doc: Doc, *, templates: Iterable[Folder] = ()) -> str:
    """The document as a whole page; the user's own `templates` folders come first."""
    return _render("pages/explanation.html", doc, templates)


def fragment(doc: Doc, *, templates: Iterable[Folder] = ()) -> str:
    """The document as one element with its style, to stand inside another page (`_repr_html_`)."""
    return _render("pages/fragment.html", doc, templates)


def blocks_markup(blocks: tuple[Block, ...], level: int = 2, templates: Iterable[Folder] = ()) -> Markup:
    """Blocks as elements that stand inside `.tutor`; the headings begin at a level."""
    # Safe: what Jinja escaped is not escaped again.
    return Markup(environment(templates).get_template("pages/blocks.html").render(events=_events(Doc((), blocks), level)).strip())  # noqa: S704


def phrase_markup(phrase: Phrase) -> Markup:
    """A sentence with its formulas."""
    return Markup("").join(_parts(phrase))


def environment(templates: Iterable[Folder] = ()) -> Environment:
    """The templates of pages, with what they need to write phrases, formulas and tables."""
    return _environment(tuple(map(str, folders("templates", templates))))


def _render(name: str, doc: Doc, templates: Iterable[Folder]) -> str:
    return environment(templates).get_template(name).render(doc=doc, events=_events(doc))


@lru_cache(maxsize=8)
def _environment(searched: tuple[str, ...]) -> Environment:
    found = Environment(
        loader=FileSystemLoader(searched), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    found.filters.update(flat=_flat, parts=_parts, cells=_cells, formula=_formula, pieces=_pieces)
    found.globals.update(also=ALSO, verdicts=VERDICTS)
    return found


def _events(doc: Doc, level: int = 2) -> Iterator[tuple[str, int, Block]]:
    """What the template goes through: the name of the block's macro, the level of a heading, the block."""
    for depth, block, closes in events(doc):
        if isinstance(block, Section):
            yield "close" if closes else "open", min(depth + level, 6), block
        else:
            yield type(block).__name__.lower(), min(depth + level, 6), block


def _parts(phrase: Phrase) -> list[str | Markup]:
    """A phrase as words, which the template escapes, and formulas, which are markup already."""
    return [_markup(part) if isinstance(part, Form) else visible(part) for part in phrase]


def _flat(phrase: Phrase) -> str:
    """A phrase without markup, for a title or a label."""
    return written(phrase, visible, lambda form: write(form, UNICODE))


def _formula(form: Form) -> Markup:
    return _markup(form, display=True)


def _pieces(block: Any) -> list[Markup]:
    """A displayed formula in pieces that stay whole on a line; mostly there is one."""
    form: Form = block.form
    focus = None if isinstance(block, Result) else block.focus
    found = [part for row in rows(form, ROOM, focus) for part in row]
    if len(found) == 1:
        return [_markup(form, focus, display=True)]
    return [_piece(part, focus) for part in found]


def _markup(form: Form, focus: Form | None = None, *, display: bool = False) -> Markup:
    # Safe: the MathML writer escapes every name and number that it writes.
    return Markup(math_element(form, focus=focus, display=display))  # noqa: S704


def _piece(part: Part, focus: Form | None) -> Markup:
    if not part.sign:
        return _markup(part.form, focus, display=True)
    inside = Markup(write(part.form, MATHML, focus))  # noqa: S704 (as above)
    return Markup('<math display="block" alttext="{} {}"><mrow><mo form="infix">{}</mo>{}</mrow></math>').format(
        part.sign, str(part.form), _SIGNS[part.sign], inside
    )


def _cells(table: Table) -> dict[str, Any]:
    """A table as cells with their alignment."""
    size, numeric = width_of(table), numeric_columns(table)
    return {
        "header": list(zip(filled(table.header, size), numeric, strict=True)) if table.header else [],
        "rows": [list(zip(filled(row, size), numeric, strict=True)) for row in table.rows],
    }
