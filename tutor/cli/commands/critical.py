"""`tutor critical`."""

from __future__ import annotations

import click

from tutor.cli import options
from tutor.cli.output import Target, guarded


@click.command("critical", cls=options.Command)
@options.expression
@click.option("--wrt", metavar="LETTERS", callback=options.names, help="The letters that move, separated by commas; all letters, if left out.")
@click.option("--on", metavar="INTERVAL", help="A closed interval for one letter, such as [0,4] or 0..4: its ends are compared too.")
@click.option("--seconds", type=click.FloatRange(0, 600), default=None, help="Time for each question to the solver. [default: 8]")
@options.level
@options.output
def command(
    expression: str, wrt: tuple[str, ...], on: str | None, seconds: float | None, level: str, format: str | None, plain: bool, file: str | None
) -> None:
    """Stationary points: the gradient set to zero, solved step by step, each point tested.

    EXPRESSION is calculator text, Unicode or LaTeX; - reads it from standard input. What holds over the
    whole domain is said only where it is justified.
    """
    target = Target(format, plain, file)

    def work() -> int:
        from tutor.algebra.solve import SECONDS
        from tutor.api import explained
        from tutor.calculus.optima.critical import critical_points
        from tutor.cli.show import expect_solving, show
        from tutor.form.reading import understand

        reading = understand(expression, variables=wrt)
        expect_solving()
        result = critical_points(reading.form, wrt, on, SECONDS if seconds is None else seconds)
        return show(explained(result, reading, level=level), target)  # type: ignore[arg-type]

    guarded(work, target)
