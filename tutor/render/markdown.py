"""Documents as Markdown with `$…$` and `$$…$$` (GitHub, Jupyter, Pandoc, Obsidian).

Words are escaped so that no text of a person becomes a link, a heading, a list, HTML or a formula.

>>> from tutor import read
>>> from tutor.exposition.doc import Doc, Maths, Paragraph
>>> print(markdown(Doc(("On ", read("x")), (Paragraph(("2 * 3 < 7 $",)), Maths(read("y = x"))))), end="")
# On $x$
<BLANKLINE>
2 \\* 3 &lt; 7 \\$
<BLANKLINE>
$$
y = x
$$
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tutor.exposition.doc import Doc, Maths, Paragraph, Phrase, Result, Section, Table
from tutor.form.notation.latex import LATEX
from tutor.form.tree import Form
from tutor.form.write import write
from tutor.render.latex import MARKED, aligned
from tutor.render.rows import rows
from tutor.render.signs import visible
from tutor.render.walk import ALSO, VERDICTS, events, filled, numeric_columns, width_of, written

ROOM = 80
_ACTIVE = re.compile(r"[\\`*_{}\[\]$~|^]")
_AT_START = re.compile(r"^( *)([#+=:-]|\d+(?=[.)]))")
_EMPHASIS = ("reason", "remark", "hint", "condition", "evidence")
_STRONG = ("question", "warning")


def markdown(doc: Doc) -> str:
    """The document as Markdown."""
    blocks = [f"# {phrase_text(doc.title)}"] if doc.title else []
    blocks.extend(body_of(doc))
    return "".join(f"{block}\n\n" for block in blocks).rstrip("\n") + "\n" if blocks else ""


def body_of(doc: Doc, below: int = 0) -> Iterator[str]:
    """The blocks of a document; its headings stand so many levels lower."""
    for level, block, closes in events(doc):
        depth = level + below
        if closes:
            continue
        match block:
            case Section(heading, _, _, verdict):
                doubt = f" [{VERDICTS[verdict]}]" if verdict in ("failed", "sampled") else ""
                yield f"{'#' * min(depth + 2, 6)} {phrase_text((*heading, doubt))}"
            case Paragraph(phrase, role):
                text = phrase_text(phrase).strip()
                mark = "*" if role in _EMPHASIS else "**" if role in _STRONG else ""
                yield f"{mark}{text}{mark}" if text else ""
            case Maths(form, focus, note):
                yield _display(form, focus)
                if note:
                    yield f"*({phrase_text(note)})*"
            case Result(form, also):
                yield _display(form, None)
                if also:
                    yield f"{ALSO} " + ", ".join(_maths(other) for other in also)
            case Table():
                if block.caption:
                    yield f"**{phrase_text(block.caption)}**"
                yield _table(block)


def _maths(form: Form) -> str:
    return f"${_unsafe_as_words(write(form, LATEX))}$"


def _unsafe_as_words(tex: str) -> str:
    """LaTeX in which a Markdown reader sees no HTML."""
    return tex.replace("<", "\\lt ").replace(">", "\\gt ")


def _display(form: Form, focus: Form | None) -> str:
    found = rows(form, ROOM, focus)
    whole = len(found) == 1
    tex = write(form, MARKED, focus) if whole else f"\\begin{{aligned}}\n{aligned(found, focus)}\n\\end{{aligned}}"
    return f"$$\n{_unsafe_as_words(tex)}\n$$"


def escaped(text: str) -> str:
    """Words as Markdown that shows them as they are.

    >>> escaped("a*b <b> | # 1.")
    'a\\\\*b &lt;b&gt; \\\\| # 1.'
    """
    shown = visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _ACTIVE.sub(lambda found: "\\" + found.group(), shown)


def phrase_text(phrase: Phrase) -> str:
    """A sentence with its formulas; nothing at its start makes it anything else."""
    text = written(phrase, escaped, _maths)
    return _AT_START.sub(_harmless, text, count=1)


def _harmless(found: re.Match[str]) -> str:
    """The first sign of a line without its meaning: a bullet, a heading, a number of a list."""
    blanks, sign = found.groups()
    return f"{blanks}{sign}\\" if sign.isdigit() else f"{blanks}\\{sign}"


def _table(table: Table) -> str:
    size = width_of(table)
    if not size:
        return ""
    rule = ["---:" if right else "---" for right in numeric_columns(table)]
    lines = [_row([_cell(cell) for cell in filled(table.header, size)]), _row(rule)]
    lines.extend(_row([_cell(cell) for cell in filled(row, size)]) for row in table.rows)
    return "\n".join(lines)


def _cell(cell: Phrase) -> str:
    """A cell: every bar in a formula is escaped too, since the table is cut before the formula is read."""
    return written(cell, escaped, lambda form: _maths(form).replace("|", "\\|"))


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
