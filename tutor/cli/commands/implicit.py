"""`tutor implicit`."""

from __future__ import annotations

import click

from tutor.cli import options
from tutor.cli.output import Target, guarded


@click.command("implicit", cls=options.Command)
@options.expression
@click.option("--wrt", metavar="LETTER", help="The letter that moves; x unless there is none.")
@click.option("--of", metavar="LETTER", help="The letter that depends on it; y unless there is none.")
@click.option("--order", type=click.IntRange(1, 4), default=1, show_default=True, help="Up to which derivative.")
@click.option("--at", metavar="POINT", help="Slope and tangent at a point of the curve, such as x=3,y=4.")
@options.level
@options.output
def command(
    expression: str, wrt: str | None, of: str | None, order: int, at: str | None, level: str, format: str | None, plain: bool, file: str | None
) -> None:
    """The slope of a curve that is given by an equation, y treated as a function of x.

    EXPRESSION is an equation such as x^2 + y^2 = 25, as calculator text, Unicode or LaTeX; - reads it from standard input.
    Letters other than the two are constants.
    """
    target = Target(format, plain, file)

    def work() -> int:
        from tutor.api import explained
        from tutor.calculus.implicit import implicit
        from tutor.cli.show import show
        from tutor.form.reading import understand

        reading = understand(expression, variables=tuple(name for name in (wrt, of) if name))
        result = implicit(reading.form, wrt, of, order, at=at or None)
        return show(explained(result, reading, level=level), target)  # type: ignore[arg-type]

    guarded(work, target)
