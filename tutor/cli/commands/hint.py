"""`tutor hint`."""

from __future__ import annotations

import json

import click

from tutor.cli import options
from tutor.cli.output import Target, guarded


@click.command("hint", cls=options.Command)
@options.expression
@options.wrt
@click.option("--number", type=click.IntRange(min=1), default=1, show_default=True, help="Which hint: 1 is the vaguest.")
@options.output
def command(expression: str, wrt: tuple[str, ...], number: int, format: str | None, plain: bool, file: str | None) -> None:
    """One hint at a time towards a derivative; the answer is not among them.

    EXPRESSION is calculator text, Unicode or LaTeX; - reads it from standard input.
    """
    target = Target(format, plain, file)

    def work() -> int:
        from tutor.calculus.differentiate import differentiate
        from tutor.cli.show import show_doc
        from tutor.exposition.doc import Doc, Paragraph
        from tutor.exposition.hints import hints
        from tutor.exposition.phrases import PHRASES
        from tutor.form.reading import understand

        if len(wrt) > 1:
            raise click.UsageError("A hint is about one letter: give --wrt one name.")
        reading = understand(expression, variables=wrt)
        found = hints(differentiate(reading.form, wrt[0] if wrt else None))
        beyond = Paragraph(PHRASES.say("hint.last", {"count": len(found)}), "hint")
        chosen = found[number - 1] if number <= len(found) else beyond
        if target.format == "json":
            from tutor.exposition.data import SCHEMA
            from tutor.exposition.data import plain as plain_phrase

            data = {
                "schema": SCHEMA, "input": reading.text, "reading": str(reading.form),
                "number": number, "of": len(found), "text": plain_phrase(chosen.phrase),
            }  # fmt: skip
            target.text(json.dumps(data, ensure_ascii=False, indent=2))
        else:
            show_doc(Doc((), (chosen,)), target)
        return 0

    guarded(work, target)
