"""`tutor tangent`."""

from __future__ import annotations

import click

from tutor.cli import options
from tutor.cli.output import Target, guarded


@click.command("tangent", cls=options.Command)
@options.expression
@click.option("--at", metavar="POINT", help="Where the tangent touches, such as x=2 or x=3,y=1.")
@click.option("--step", metavar="NUMBER", default="1", show_default=True, help="How far the tangent is followed.")
@options.level
@options.output
def command(expression: str, at: str | None, step: str, level: str, format: str | None, plain: bool, file: str | None) -> None:
    """The tangent line (of two letters: the tangent plane), and how far off it is after a step.

    EXPRESSION is calculator text, Unicode or LaTeX; - reads it from standard input.
    """
    target = Target(format, plain, file)

    def work() -> int:
        from tutor.api import explained
        from tutor.calculus.tangent import tangent
        from tutor.cli.show import show
        from tutor.form.reading import understand

        reading = understand(expression)
        return show(explained(tangent(reading.form, at or "", step), reading, level=level), target)  # type: ignore[arg-type]

    guarded(work, target)
