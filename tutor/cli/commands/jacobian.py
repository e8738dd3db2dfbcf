"""`tutor jacobian`."""

from __future__ import annotations

import click

from tutor.cli import options
from tutor.cli.output import Target, guarded


@click.command("jacobian", cls=options.Command)
@options.expression
@options.wrt
@options.at
@options.level
@options.output
def command(expression: str, wrt: tuple[str, ...], at: str | None, level: str, format: str | None, plain: bool, file: str | None) -> None:
    """The matrix of partial derivatives of several functions, and its determinant where it is square.

    EXPRESSION is one function, or several in brackets: (x*y, x + y^2); - reads it from standard input. Without
    --wrt, every letter counts as a variable, in alphabetical order.
    """
    target = Target(format, plain, file)

    def work() -> int:
        from tutor.api import explained
        from tutor.calculus.jacobian import jacobian
        from tutor.cli.show import show
        from tutor.form.reading import understand

        reading = understand(expression, variables=wrt)
        return show(explained(jacobian(reading.form, wrt, at), reading, level=level), target)  # type: ignore[arg-type]

    guarded(work, target)
