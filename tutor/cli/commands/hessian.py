"""`tutor hessian`."""

from __future__ import annotations

import click

from tutor.cli import options
from tutor.cli.output import Target, guarded


@click.command("hessian", cls=options.Command)
@options.expression
@options.wrt
@options.at
@options.level
@options.output
def command(expression: str, wrt: tuple[str, ...], at: str | None, level: str, format: str | None, plain: bool, file: str | None) -> None:
    """All second partial derivatives as a matrix, its eigenvalues and what they mean.

    EXPRESSION is calculator text, Unicode or LaTeX; - reads it from standard input. Without --wrt,
    every letter counts as a variable. With --at, the matrix is taken at a point.
    """
    target = Target(format, plain, file)

    def work() -> int:
        from tutor.api import explained
        from tutor.calculus.optima.hessian import hessian
        from tutor.cli.show import show
        from tutor.form.reading import understand

        reading = understand(expression, variables=wrt)
        result = hessian(reading.form, wrt, at)
        return show(explained(result, reading, level=level), target)  # type: ignore[arg-type]

    guarded(work, target)
