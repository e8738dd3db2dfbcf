"""`tutor check-working`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tutor.cli import options
from tutor.cli.commands.check import STATUS, asked, free_of_charge, question
from tutor.cli.output import Target, guarded

if TYPE_CHECKING:
    from tutor.grading.working import Working

_MOST_BYTES = 4 * 60_000 + 1
"""One more than the longest text that is read can have."""


@click.command("check-working", cls=options.Command)
@click.argument("source", metavar="FILE")
@question
@options.output
def command(source: str, format: str | None, plain: bool, file: str | None, **given: Any) -> None:
    """Does each line of a working follow from the one above it, and is the answer right?

    FILE is a text with a line for each step, such as f'(x) = ..., = ..., u = ...; - reads standard input. Bullets, blank lines,
    comments after # and arrows are tolerated. Say what is asked for with one of --derivative-of, --gradient-of and --expected.

    The first line that does not follow is marked. Work that follows from it earns half of its credit, once.

    Exit status: 0 every line follows and the answer is right; 1 not so, or not decided; 2 nothing can be read.
    """
    target = Target(format, plain, file)

    def work() -> int:
        import json

        from tutor.cli.show import show_doc
        from tutor.grading.document import working_data, working_doc
        from tutor.grading.working import check_working

        text = _text(source)
        working = check_working(text, **asked(**given))
        if target.format == "json":
            target.text(json.dumps(working_data(working, text), ensure_ascii=False, indent=2))
        elif target.streams:
            _stream(working, target)
        else:
            show_doc(working_doc(working), target)
        return STATUS[working.outcome]

    guarded(work, target)


def _text(source: str) -> str:
    """The text of a file, or of standard input; bytes that are no text become signs that cannot be read. Raises `RequestError`."""
    import sys

    from tutor.errors import RequestError

    try:
        if source == "-":
            data = b"" if sys.stdin is None else sys.stdin.buffer.read(_MOST_BYTES)
        else:
            with open(source, "rb") as stream:
                data = stream.read(_MOST_BYTES)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        advice = "Give the name of a text file, or - for standard input."
        raise RequestError("file", f"cannot read {source!r}: {reason}", advice=advice) from None
    return data.decode("utf-8", "replace")


def _stream(working: Working, target: Target) -> None:
    """The lines one by one; an unreadable one with its caret."""
    from tutor.cli.show import doc_lines
    from tutor.exposition.doc import Doc
    from tutor.grading.document import goal_blocks, line_blocks, skipped, working_title
    from tutor.render.faults import fault_lines

    if not working.lines and working.goal.fault is not None:
        raise free_of_charge(working.goal.fault)
    target.lines((*doc_lines(Doc(working_title(working), ()), target), ()))
    for line in working.lines:
        if line.fault is None:
            target.lines(doc_lines(Doc((), line_blocks(line, working)), target))
            continue
        target.lines(doc_lines(Doc((), (skipped(line),)), target))
        found = fault_lines(line.fault, target.width - 4, ascii_only=target.format == "plain")
        target.lines([(("    " + one, "warning"),) for one in found])
    target.lines(((), *doc_lines(Doc((), goal_blocks(working)), target)))
