"""Documents as sentences to be read aloud: no layout, every sign a word, one sentence a line.

>>> from tutor import read
>>> from tutor.exposition.doc import Doc, Maths, Section
>>> print(speech(Doc(("A line",), (Section(("Power rule",), (Maths(read("y = 2")),)),))))
A line.
Power rule.
y equals 2.
"""

from __future__ import annotations

from collections.abc import Iterator

from tutor.exposition.doc import Doc, Maths, Paragraph, Phrase, Result, Section, Table
from tutor.form.notation.speech import SPEECH
from tutor.form.tree import Form
from tutor.form.write import write
from tutor.render.signs import spoken_text
from tutor.render.walk import VERDICTS, events, filled, width_of

READ_ALOUD = 6
"""Rows of a table that are read; of a longer one, the first ones and the last."""


def speech(doc: Doc) -> str:
    """The document as lines of sentences."""
    return "\n".join(_sentence(text) for text in _texts(doc) if text.strip())


def _texts(doc: Doc) -> Iterator[str]:
    yield _phrase(doc.title)
    for _, block, closes in events(doc):
        if closes:
            continue
        match block:
            case Section(heading, _, _, verdict):
                yield _phrase(heading)
                if verdict in ("failed", "sampled"):
                    yield f"This step: {VERDICTS[verdict]}"
            case Paragraph(phrase, _):
                yield _phrase(phrase)
            case Maths(form, _, note):
                yield _phrase((form, ", ", *note) if note else (form,))
            case Result(form, also):
                yield f"The result: {_maths(form)}"
                for other in also:
                    yield f"This can also be written as {_maths(other)}"
            case Table():
                yield from _table(block)


def _maths(form: Form) -> str:
    return write(form, SPEECH)


def _phrase(phrase: Phrase) -> str:
    """The parts with a blank between words and formula; a comma or a stop stays where it was."""
    said = ""
    for part in phrase:
        text = _maths(part) if isinstance(part, Form) else spoken_text(part)
        apart = said and not said[-1].isspace() and not text.startswith((" ", ",", ".", ";", ":", "?", ")"))
        said += " " + text if apart else text
    return " ".join(said.split())


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "?", "!", ":", ";")) else text.rstrip(",") + "."


def _table(table: Table) -> Iterator[str]:
    size, count = width_of(table), len(table.rows)
    if table.caption:
        yield _phrase(table.caption)
    yield f"A table of {count} row{'s' * (count != 1)}"
    heads = [_phrase(cell) for cell in filled(table.header, size)]
    chosen = range(count) if count <= READ_ALOUD else [*range(READ_ALOUD // 2), count - 1]
    for place in chosen:
        cells = [_phrase(cell) for cell in filled(table.rows[place], size)]
        said = [f"{head} {cell}".strip() for head, cell in zip(heads, cells, strict=True) if cell]
        yield f"Row {place + 1}: {', '.join(said)}"
