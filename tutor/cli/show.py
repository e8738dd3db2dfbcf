"""Showing an explanation: steps at once, the audit's line when it is known; other formats when all is."""

from __future__ import annotations

from collections.abc import Iterator

from tutor.api import Explanation, write_doc
from tutor.cli.output import Target
from tutor.exposition.doc import Doc
from tutor.render.wrap import Line


def show(explanation: Explanation, target: Target) -> int:
    """Write the explanation; 0 when every line was confirmed, 1 when one was contradicted."""
    if target.streams:
        target.lines(doc_lines(Doc((explanation.title,), ()), target))
        target.lines(((), *doc_lines(Doc((), explanation.steps.blocks), target)))
        target.lines(doc_lines(Doc((), explanation.doc.blocks[len(explanation.steps.blocks) :]), target))
    else:
        target.text(explanation.text(target.format))
    return int(any(audit.failed for audit in explanation.audits))


def doc_lines(doc: Doc, target: Target) -> Iterator[Line]:
    """The lines of a document for a terminal or a pipe."""
    from tutor.form.notation.plain import PLAIN
    from tutor.form.notation.unicode import UNICODE
    from tutor.render.text import lines

    plain = target.format == "plain"
    return lines(doc, PLAIN if plain else UNICODE, target.width, ascii_only=plain)


def show_doc(doc: Doc, target: Target) -> None:
    """Write a document that needs no audit."""
    if target.streams:
        target.lines(doc_lines(doc, target))
    else:
        target.text(write_doc(doc, target.format))
