"""Documents as LaTeX: a whole article that pdflatex and xelatex compile with amsmath alone.

The source is ASCII: signs and accents in sentences become commands, a letter that the standard fonts
lack is named by its code. Long formulas are broken into rows; the part being worked on is underlined.

>>> from tutor import read
>>> from tutor.exposition.doc import Doc, Paragraph
>>> print(latex(Doc(("On ", read("x")), (Paragraph(("50% of it.",)),))), end="")
\\documentclass[11pt]{article}
\\usepackage{amsmath}
\\setlength{\\parindent}{0pt}
\\setlength{\\parskip}{0.5\\baselineskip}
\\begin{document}
<BLANKLINE>
\\section*{On $x$}
<BLANKLINE>
50\\% of it.
<BLANKLINE>
\\end{document}
"""

from __future__ import annotations

from collections.abc import Iterator

from tutor.exposition.doc import Doc, Maths, Paragraph, Phrase, Result, Section, Table
from tutor.form.notation.latex import LATEX
from tutor.form.tree import Form
from tutor.form.write import write
from tutor.render.rows import Part, rows
from tutor.render.signs import latex_text
from tutor.render.walk import ALSO, VERDICTS, events, filled, marked, numeric_columns, width_of, written

ROOM = 62
"""Characters of a formula on one row of a page."""

LONG_TABLE = 35
"""A table of more rows does not fit on one page."""

MARKED = marked(LATEX, "\\underline{", "}")
_HEADINGS = ("\\subsection*", "\\paragraph", "\\subparagraph")
_ROLES = {
    "reason": "\\emph", "remark": "\\emph", "hint": "\\emph", "question": "\\textbf", "warning": "\\textbf",
    "condition": "\\textsl", "evidence": "\\textsl",
}  # fmt: skip


def latex(doc: Doc) -> str:
    """The document as a standalone article."""
    tables = [block for block in doc.walk() if isinstance(block, Table)]
    preamble = ["\\documentclass[11pt]{article}", "\\usepackage{amsmath}"]
    if any(len(table.rows) > LONG_TABLE for table in tables):
        preamble.append("\\usepackage{longtable}")
    preamble += ["\\setlength{\\parindent}{0pt}", "\\setlength{\\parskip}{0.5\\baselineskip}", "\\begin{document}", ""]
    title = ["\\section*{" + phrase_text(doc.title) + "}", ""] if doc.title else []
    # An article without a page is an error message, so an empty document gets an empty box.
    body = [*title, *body_of(doc)] or ["\\mbox{}", ""]
    return "\n".join([*preamble, *body, "\\end{document}", ""])


def body_of(doc: Doc, below: int = 0) -> Iterator[str]:
    """The lines of a document's blocks; its headings stand so many levels lower."""
    for level, block, closes in events(doc):
        depth = level + below
        if closes:
            continue
        match block:
            case Section(heading, _, _, verdict):
                doubt = f" [{VERDICTS[verdict]}]" if verdict in ("failed", "sampled") else ""
                yield f"{_HEADINGS[min(depth, 2)]}{{{phrase_text((*heading, doubt))}}}"
            case Paragraph(phrase, role):
                text = phrase_text(phrase)
                yield f"{_ROLES[role]}{{{text}}}" if role in _ROLES else text
            case Maths(form, focus, note):
                yield _display(form, focus, note)
            case Result(form, also):
                single = len(rows(form, ROOM)) == 1
                yield f"\\[\n\\boxed{{{write(form, LATEX)}}}\n\\]" if single else _display(form, None, ())
                if also:
                    yield latex_text(ALSO) + " " + ", \\quad ".join(f"${write(other, LATEX)}$" for other in also)
            case Table():
                yield _table(block)
        yield ""


def phrase_text(phrase: Phrase) -> str:
    """A sentence with its formulas."""
    return written(phrase, latex_text, lambda form: f"${write(form, LATEX)}$")


def _display(form: Form, focus: Form | None, note: Phrase) -> str:
    tag = f" \\tag*{{{phrase_text(note)}}}" if note else ""
    found = rows(form, ROOM, focus)
    if len(found) == 1:
        return f"\\[\n{write(form, MARKED, focus)}{tag}\n\\]"
    return "\\begin{align*}\n" + aligned(found, focus) + tag + "\n\\end{align*}"


def aligned(found: list[list[Part]], focus: Form | None) -> str:
    """Rows of a formula with `&` at the relations: the inside of `align` or `aligned`."""
    lines = []
    for place, row in enumerate(found):
        texts = []
        aligns = next((part for part in row if part.relates), None)
        if aligns is None:
            texts.append("&" if place == 0 else "&\\quad")
        for part in row:
            if part is aligns:
                texts.append("&")
            if part.sign:
                # An empty atom makes the sign at the start of a row a sign between two terms.
                opens = part is row[0] and not part.relates
                texts.append(LATEX.relations[part.sign] if part.relates else "{} " * opens + part.sign)
            texts.append(write(part.form, MARKED, focus))
        lines.append(" ".join(texts))
    return " \\\\\n".join(lines)


def _table(table: Table) -> str:
    size = width_of(table)
    if not size:
        return phrase_text(table.caption)
    long = len(table.rows) > LONG_TABLE
    name = "longtable" if long else "tabular"
    columns = "".join("r" if right else "l" for right in numeric_columns(table))
    head = [_row(table.header, size, heading=True), "\\hline"] if table.header else []
    if long and head:
        head.append("\\endhead")
    lines = [f"\\begin{{{name}}}{{{columns}}}", *head, *(_row(row, size) for row in table.rows), f"\\end{{{name}}}"]
    caption = [phrase_text(table.caption), ""] if table.caption else []
    around = lines if long else ["\\begin{center}", *lines, "\\end{center}"]
    return "\n".join([*caption, *around])


def _row(cells: tuple[Phrase, ...], size: int, *, heading: bool = False) -> str:
    texts = [phrase_text(cell) for cell in filled(cells, size)]
    if heading:
        texts = [f"\\textbf{{{text}}}" if text else "" for text in texts]
    return " & ".join(texts) + " \\\\"
