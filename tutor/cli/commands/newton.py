"""`tutor newton`."""

from __future__ import annotations

import click

from tutor.cli import options
from tutor.cli.output import Target, guarded


@click.command("newton", cls=options.Command)
@options.expression
@click.option("--at", metavar="POINT", help="Where the step starts, such as x=1 or x=3,y=1.")
@click.option("--steps", type=int, default=1, show_default=True, metavar="N", help="Repeat the step so many times.")
@options.level
@options.output
def command(expression: str, at: str | None, steps: int, level: str, format: str | None, plain: bool, file: str | None) -> None:
    """One step of Newton's method, towards a minimum or towards a root.

    EXPRESSION is a function, such as "x^4 - 3x^2 + x": the step looks for a place where the slope is zero. Or it is
    an equation, such as "x^2 = 2": the step looks for its root.
    """
    target = Target(format, plain, file)

    def work() -> int:
        from tutor.api import explained
        from tutor.calculus.optima.newton import newton_step
        from tutor.cli.show import show
        from tutor.form.reading import understand

        reading = understand(expression)
        return show(explained(newton_step(reading.form, at, steps), reading, level=level), target)  # type: ignore[arg-type]

    guarded(work, target)
