"""`tutor directional`."""

from __future__ import annotations

import click

from tutor.cli import options
from tutor.cli.output import Target, guarded


@click.command("directional", cls=options.Command)
@options.expression
@click.option("--at", metavar="POINT", help="Where, such as x=3,y=1.")
@click.option("--toward", metavar="DIRECTION", help="The direction, such as 3,4 (letters in alphabetical order, or as in --wrt) or x=3,y=4.")
@options.wrt
@options.level
@options.output
def command(
    expression: str, at: str | None, toward: str | None, wrt: tuple[str, ...], level: str, format: str | None, plain: bool, file: str | None
) -> None:
    """The slope in a direction, which is given length 1 first, and the steepest slope beside it.

    EXPRESSION is calculator text, Unicode or LaTeX; - reads it from standard input.
    """
    target = Target(format, plain, file)

    def work() -> int:
        from tutor.api import explained
        from tutor.calculus.directional import directional
        from tutor.cli.show import show
        from tutor.errors import RequestError
        from tutor.form.reading import understand

        reading = understand(expression, variables=wrt)
        if not toward:
            raise RequestError("direction", "the direction is missing", advice="Give one, such as --toward 3,4.")
        return show(explained(directional(reading.form, at or "", toward, wrt), reading, level=level), target)  # type: ignore[arg-type]

    guarded(work, target)
