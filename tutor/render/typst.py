"""Documents as Typst source, and as PDF: tagged, with every formula spoken, and the same bytes every time.

The PDF is made by the `typst` wheel, which holds the compiler and its fonts: nothing is fetched, and the system's fonts are not looked
at. It conforms to PDF/UA-1 (ISO 14289-1): each formula carries its spoken form, the document its title and its language.

>>> from tutor import read
>>> from tutor.exposition.doc import Doc, Maths, Paragraph
>>> print(typst(Doc(("On ", read("x")), (Paragraph(("50% of #1 is ", read("x/2"), ".")), Maths(read("y = x^2"))))).partition("= On")[2].rstrip())
 #m("x", $x$);
<BLANKLINE>
50% of \\#1 is #m("x over 2", $frac(x, 2)$);.
<BLANKLINE>
#formula((m("y equals x squared", $display(y = x^(2))$),))
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tutor.errors import RequestError
from tutor.exposition.doc import Block, Doc, Maths, Paragraph, Phrase, Result, Section, Table
from tutor.form.notation.speech import SPEECH
from tutor.form.notation.typst import TYPST, quoted
from tutor.form.notation.unicode import UNICODE
from tutor.form.tree import Form
from tutor.form.write import write
from tutor.render.rows import Part, rows
from tutor.render.signs import visible
from tutor.render.walk import ALSO, VERDICTS, events, filled, marked, numeric_columns, width_of, written
from tutor.resources import Folder, folders

ROOM = 74
"""About how many characters of a formula stand on one row; what is still too long breaks by itself."""

MARKED = marked(TYPST, "underline(", ")")
_SHORT_NOTE = 45
_DEEPEST = 6
"""Headings below this level are set like those on it."""

_ACTIVE = re.compile(r"[\\#$*_`<>@~\[\]]|-(?=[-?\d])|/(?=[/*])")
_AT_START = re.compile(r"^( *)([=+/-]|\d+(?=\.))")


def typst(doc: Doc, *, templates: Iterable[Folder] = ()) -> str:
    """The document as Typst source; the user's own `templates` folders come first."""
    body = [f"= {phrase_source(doc.title)}", ""] if doc.title else []
    text = "\n".join([*body, source(doc.blocks)])
    return environment(templates).get_template("pages/document.typ").render(title=quoted(flat(doc.title) or "Explanation"), body=text)


def pdf(doc: Doc, *, templates: Iterable[Folder] = ()) -> bytes:
    """The document as PDF. Raises `RequestError` where the typst package is missing."""
    return compiled(typst(doc, templates=templates))


def environment(templates: Iterable[Folder] = ()) -> Environment:
    """Templates for media in which braces and hashes have a meaning of their own: `<< value >>`, `<% statement %>`."""
    return _environment(tuple(map(str, folders("templates", templates))))


@lru_cache(maxsize=8)
def _environment(searched: tuple[str, ...]) -> Environment:
    return Environment(  # noqa: S701 (what is put in is escaped for its own medium, which is not HTML)
        loader=FileSystemLoader(searched), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
        block_start_string="<%", block_end_string="%>", variable_start_string="<<", variable_end_string=">>", comment_start_string="<#", comment_end_string="#>",
    )  # fmt: skip


# -- a document's parts --------------------------------------------------------------------------------


def source(blocks: tuple[Block, ...], level: int = 2, room: int = ROOM) -> str:
    """Blocks in Typst's markup; the headings begin at a level. The document must hold `pages/parts.typ`."""
    return "\n".join(_blocks(blocks, level, room))


def _blocks(blocks: tuple[Block, ...], level: int, room: int) -> Iterator[str]:
    for depth, block, closes in events(Doc((), blocks)):
        if closes:
            continue
        match block:
            case Section(heading, _, _, verdict):
                doubt = f" [{VERDICTS[verdict]}]" if verdict in ("failed", "sampled") else ""
                yield f"{'=' * min(depth + level, _DEEPEST)} {phrase_source((*heading, doubt))}"
            case Paragraph(phrase, role):
                text = phrase_source(phrase)
                yield text if role == "text" else f'#said("{role}")[{text}]'
            case Maths(form, focus, note):
                shown = phrase_source(note)
                # A short note stays in one piece.
                behind = f", note: [{f'#box[{shown}]' if len(flat(note)) <= _SHORT_NOTE else shown}]" if note else ""
                yield f"#formula({_rows(form, focus, room)}{behind})"
            case Result(form, also):
                others = f", also: [{text_source(ALSO)} {', '.join(map(_inline, also))}]" if also else ""
                yield f"#result({_rows(form, None, room)}{others})"
            case Table():
                yield _table(block)
        yield ""


def phrase_source(phrase: Phrase) -> str:
    """A sentence in Typst's markup.

    >>> phrase_source(("= 1. a -- b", ))
    '\\\\= 1. a \\\\-- b'
    """
    return _AT_START.sub(_harmless, written(phrase, text_source, _inline), count=1)


def _harmless(found: re.Match[str]) -> str:
    """The first sign of a line without its meaning: a heading, a list, a term."""
    blanks, sign = found.groups()
    return f"{blanks}{sign}\\" if sign.isdigit() else f"{blanks}\\{sign}"


@lru_cache(maxsize=10_000)
def text_source(text: str) -> str:
    r"""Words as Typst's markup that shows them as they are.

    >>> print(text_source("a_b #x [c] // d <e>"))
    a\_b \#x \[c\] \// d \<e\>
    """
    return _ACTIVE.sub(lambda found: "\\" + found.group(), visible(text, plain=True))


def flat(phrase: Phrase) -> str:
    """A sentence without markup, for a title."""
    return written(phrase, visible, lambda form: write(form, UNICODE))


@lru_cache(maxsize=20_000)
def _inline(form: Form) -> str:
    """A formula inside a sentence. The semicolon ends it, so that nothing that follows is taken for a part of it."""
    return f"#{_equation(write(form, SPEECH), write(form, TYPST))};"


def _equation(spoken: str, text: str, *, display: bool = False) -> str:
    return f"m({quoted(spoken)}, ${f'display({text})' if display else text}$)"


@lru_cache(maxsize=20_000)
def _rows(form: Form, focus: Form | None, room: int) -> str:
    """A displayed formula as a list of rows."""
    found = rows(form, room, focus)
    # An empty text makes the sign at the start of a row a sign between two terms.
    opens = ['"" ' if row[0].sign in ("+", "-") else "" for row in found]
    texts = [
        _equation(" ".join(map(_spoken, row)), start + " ".join([_part(part, focus) for part in row]), display=True)
        for start, row in zip(opens, found, strict=True)
    ]
    return f"({', '.join(texts)},)"


def _spoken(part: Part) -> str:
    sign = {"+": "plus", "-": "minus"}.get(part.sign) or SPEECH.relations.get(part.sign, "")
    return f"{sign} {write(part.form, SPEECH)}".strip()


def _part(part: Part, focus: Form | None) -> str:
    text = write(part.form, MARKED, focus)
    return f"{TYPST.relations.get(part.sign, part.sign)} {text}" if part.sign else text


def _table(table: Table) -> str:
    size = width_of(table)
    if not size:
        return phrase_source(table.caption)
    align = ", ".join("right" if right else "left" for right in numeric_columns(table))
    header = _cells(table.header, size) if table.header else ""
    rows_ = ", ".join(_cells(row, size) for row in table.rows)
    caption = f", caption: [{phrase_source(table.caption)}]" if table.caption else ""
    return f"#grid-of(({align},), ({header}{',' if header else ''}), ({rows_}{',' if rows_ else ''}){caption})"


def _cells(cells: tuple[Phrase, ...], size: int) -> str:
    return ", ".join(f"[{phrase_source(cell)}]" for cell in filled(cells, size))


# -- PDF -----------------------------------------------------------------------------------------------

_THREAD = threading.local()
_MISSING = "could not be displayed"


def compiled(text: str) -> bytes:
    """Typst source as PDF/UA-1; one compiler a thread is kept.

    A sign that the fonts of the wheel lack (a Chinese name, say) is looked for among the system's. Raises `RequestError`.
    """
    typst_package = _package()
    try:
        return _compile(text, ignore_system_fonts=True)
    except typst_package.TypstError as error:
        if _MISSING not in str(error):
            raise
    try:
        return _compile(text, ignore_system_fonts=False)
    except typst_package.TypstError as error:
        sign = re.search(r'text `"(.*?)"`', str(error))
        what = f" for {sign[1]}" if sign else ""
        raise RequestError("font", f"there is no font{what} here", advice="Install a font that has it, or write HTML instead.") from error


def _compile(text: str, *, ignore_system_fonts: bool) -> bytes:
    compilers: dict[bool, Any] = _THREAD.__dict__.setdefault("compilers", {})
    if ignore_system_fonts not in compilers:
        compilers[ignore_system_fonts] = _package().Compiler(ignore_system_fonts=ignore_system_fonts)
    found: bytes = compilers[ignore_system_fonts].compile(input=text.encode(), format="pdf", pdf_standards="ua-1", timestamp=0)
    return found


def _package() -> Any:
    try:
        import typst
    except ImportError as error:
        raise RequestError("typst", "PDF needs the package typst, which is not installed", advice="pip install 'calculus-tutor[worksheets]'") from error
    return typst


__all__ = ["ROOM", "compiled", "environment", "flat", "pdf", "phrase_source", "source", "text_source", "typst"]
