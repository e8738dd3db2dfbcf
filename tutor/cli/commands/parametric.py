"""`tutor parametric`."""

from __future__ import annotations

import click

from tutor.cli import options
from tutor.cli.output import Target, guarded


@click.command("parametric", cls=options.Command)
@options.expression
@click.option("--wrt", metavar="LETTER", help="The parameter, where the curve has several letters.")
@click.option("--order", type=int, default=2, show_default=True, help="Up to which derivative of y by x.")
@options.at
@options.level
@options.output
def command(expression: str, wrt: str | None, order: int, at: str | None, level: str, format: str | None, plain: bool, file: str | None) -> None:
    """Slope and second derivative of a curve that is given by a parameter, and at a point its tangent.

    EXPRESSION is a pair of coordinates, (t^2, t^3) or (x = t^2, y = t^3); - reads it from standard input.
    """
    target = Target(format, plain, file)

    def work() -> int:
        from tutor.api import explained
        from tutor.calculus.parametric import parametric
        from tutor.cli.show import show
        from tutor.form.reading import understand

        reading = understand(expression, variables=(wrt,) if wrt else ())
        return show(explained(parametric(reading.form, wrt, order, at), reading, level=level), target)  # type: ignore[arg-type]

    guarded(work, target)
