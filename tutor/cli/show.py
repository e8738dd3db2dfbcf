"""Showing an explanation: the title at once, the steps as soon as they are there, the audit's line when it is known.

Other formats than terminal and plain text are written when everything is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from threading import Thread
from typing import TYPE_CHECKING

from tutor.cli.output import Target
from tutor.exposition.doc import Doc
from tutor.form.tree import Form

if TYPE_CHECKING:
    from tutor.api import Explanation
    from tutor.render.wrap import Line


def expect_solving() -> None:
    """Import what the audit will need while the helper process, which imports it too, is being waited for."""
    Thread(target=import_module, args=("tutor.algebra.proof",), daemon=True).start()


def show_title(typed: Form, function: Form, variable: str, target: Target) -> None:
    """Write f(x) = … before the engine is even imported, where lines are written one by one."""
    if target.streams:
        from tutor.exposition.names import title

        target.lines(doc_lines(Doc((title(typed, function, variable),), ()), target))


def show(explanation: Explanation, target: Target, *, titled: bool = False) -> int:
    """Write the explanation, without its title where that was written; 0 when every line was confirmed, 1 when one was contradicted."""
    if target.streams:
        steps = explanation.steps
        if not titled:
            target.lines(doc_lines(Doc(steps.title, ()), target))
        target.lines(((), *doc_lines(Doc((), steps.blocks), target)))
        target.lines(doc_lines(Doc((), explanation.doc.blocks[len(steps.blocks) :]), target))
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
        from tutor.api import write_doc

        target.text(write_doc(doc, target.format))
