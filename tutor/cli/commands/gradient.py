"""`tutor gradient`."""

from __future__ import annotations

import click

from tutor.cli import options
from tutor.cli.output import Target, guarded


@click.command("gradient", cls=options.Command)
@options.expression
@options.wrt
@options.at
@options.level
@options.output
def command(expression: str, wrt: tuple[str, ...], at: str | None, level: str, format: str | None, plain: bool, file: str | None) -> None:
    """All partial derivatives, the vector, and at a point its length and direction.

    EXPRESSION is calculator text, Unicode or LaTeX; - reads it from standard input. Without --wrt,
    every letter counts as a variable.
    """
    target = Target(format, plain, file)

    def work() -> int:
        from tutor.api import explain_gradient
        from tutor.cli.show import show

        return show(explain_gradient(expression, wrt, level=level, at=at), target)  # type: ignore[arg-type]

    guarded(work, target)
