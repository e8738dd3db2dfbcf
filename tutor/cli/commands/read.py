"""`tutor read`."""

from __future__ import annotations

import json

import click

from tutor.cli import options
from tutor.cli.output import Target, guarded


@click.command("read", cls=options.Command)
@options.expression
@click.option("--variables", metavar="NAMES", default="", help="Names of several letters, separated by commas.")
@options.output
def command(expression: str, variables: str, format: str | None, plain: bool, file: str | None) -> None:
    """How a text was understood, and what else it could mean.

    EXPRESSION is calculator text, Unicode or LaTeX; - reads it from standard input.
    """
    target = Target(format, plain, file)

    def work() -> int:
        from tutor.cli.show import show_doc
        from tutor.exposition.readings import reading_doc
        from tutor.form.reading import understand

        reading = understand(expression, variables=[name.strip() for name in variables.split(",") if name.strip()])
        if target.format == "json":
            from tutor.exposition.data import reading_data

            target.text(json.dumps(reading_data(reading), ensure_ascii=False, indent=2))
        else:
            show_doc(reading_doc(reading), target)
        return 0

    guarded(work, target)
