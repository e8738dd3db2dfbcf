"""`tutor limit`."""

from __future__ import annotations

import click

from tutor.cli import options
from tutor.cli.output import Target, guarded


@click.command("limit", cls=options.Command)
@options.expression
@click.option("--wrt", metavar="LETTER", help="The letter that moves by h; all others stay fixed.")
@click.option("--at", metavar="POINT", help="The place, such as x=3; without one, the derivative for every place.")
@options.level
@options.output
def command(expression: str, wrt: str | None, at: str | None, level: str, format: str | None, plain: bool, file: str | None) -> None:
    """The derivative from its definition: the limit of the difference quotient, worked out line by line.

    EXPRESSION is calculator text, Unicode or LaTeX; - reads it from standard input.
    """
    target = Target(format, plain, file)

    def work() -> int:
        from tutor.api import explained
        from tutor.calculus.limit import limit_definition
        from tutor.cli.show import show
        from tutor.form.reading import understand

        reading = understand(expression, variables=(wrt,) if wrt else ())
        return show(explained(limit_definition(reading.form, wrt, at or None), reading, level=level), target)  # type: ignore[arg-type]

    guarded(work, target)
