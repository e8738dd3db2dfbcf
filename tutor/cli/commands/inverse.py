"""`tutor inverse`."""

from __future__ import annotations

import click

from tutor.cli import options
from tutor.cli.output import Target, guarded


@click.command("inverse", cls=options.Command)
@options.expression
@click.option("--at", metavar="POINT", help="The place, such as x=2, or the function's value, such as y=10.")
@options.level
@options.output
def command(expression: str, at: str | None, level: str, format: str | None, plain: bool, file: str | None) -> None:
    """The derivative of the inverse function: the reciprocal of the slope at the place it came from.

    EXPRESSION is calculator text, Unicode or LaTeX; - reads it from standard input.
    """
    target = Target(format, plain, file)

    def work() -> int:
        from tutor.api import explained
        from tutor.calculus.inverse import inverse_derivative
        from tutor.cli.show import expect_solving, show
        from tutor.form.reading import understand

        reading = understand(expression)
        expect_solving()
        return show(explained(inverse_derivative(reading.form, at), reading, level=level), target)  # type: ignore[arg-type]

    guarded(work, target)
