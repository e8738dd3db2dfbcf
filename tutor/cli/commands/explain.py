"""`tutor explain`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tutor.cli import options
from tutor.cli.output import Target, guarded

if TYPE_CHECKING:
    from tutor.form.reading import Reading


@click.command("explain", cls=options.Command)
@options.expression
@options.wrt
@click.option("--order", type=click.IntRange(1, 12), default=1, show_default=True, help="Which derivative.")
@options.at
@options.level
@click.option("--where", "where", metavar="LETTER=EXPRESSION", multiple=True, help="What a letter depends on, such as x=t^2: the chain rule along all paths.")
@click.option("--another-way", count=True, help="Begin in another way; twice for a third one.")
@click.option("--by", metavar="METHOD", default="", help="Begin by a method: logarithmic, product, quotient, expand_first, ...")
@options.output
def command(
    expression: str, wrt: tuple[str, ...], order: int, at: str | None, level: str, where: tuple[str, ...], another_way: int, by: str,
    format: str | None, plain: bool, file: str | None,
) -> None:  # fmt: skip
    """A derivative, worked out step by step, every line proved.

    EXPRESSION is calculator text, Unicode or LaTeX; - reads it from standard input.
    """
    target = Target(format, plain, file)

    def work() -> int:
        from tutor.calculus.request import asked
        from tutor.cli.show import show, show_title
        from tutor.form.reading import understand

        if order > 1 and len(wrt) > 1:
            raise click.UsageError("--order repeats one letter; --wrt x,y already gives the order for several.")
        reading = understand(expression, variables=wrt)
        if where:
            if len(wrt) != 1 or order > 1 or another_way or by:
                raise click.UsageError("--where needs --wrt with one letter, and goes with --at and --level only.")
            return total(reading, where, wrt[0], level, at, target)
        variable = wrt if len(wrt) > 1 else wrt[0] if wrt else None
        function, letters = asked(reading.form, variable, order)
        early = not (at or another_way or by)  # these can still turn out to make no sense
        if early:
            show_title(reading.form, function, letters[0], target)
        from tutor.api import explain

        return show(explain(reading, variable, order, level=level, at=at, another_way=another_way, by=by), target, titled=early)  # type: ignore[arg-type]

    guarded(work, target)


def total(reading: Reading, where: tuple[str, ...], variable: str, level: str, at: str | None, target: Target) -> int:
    """The chain rule along all paths."""
    from tutor.api import explained
    from tutor.calculus.total import definitions, total_derivative
    from tutor.cli.show import show

    found = total_derivative(reading.form, definitions(where), variable)
    return show(explained(found, reading, level=level, at=at), target)  # type: ignore[arg-type]
