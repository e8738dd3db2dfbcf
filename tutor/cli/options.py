"""Options that several commands share, each declared once."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import click

FORMATS = ("terminal", "plain", "latex", "markdown", "html", "json", "speech")
Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

_LONGEST_INPUT = 60_000


def _typed(ctx: click.Context, parameter: click.Parameter, value: str) -> str:
    """The text itself; `-` reads standard input (at most a little more than the reader accepts)."""
    if value != "-":
        return value
    return sys.stdin.buffer.read(_LONGEST_INPUT * 4).decode("utf-8", "replace").strip()


def _names(ctx: click.Context, parameter: click.Parameter, value: str | None) -> tuple[str, ...]:
    return tuple(name.strip() for name in value.split(",") if name.strip()) if value else ()


expression: Decorator = click.argument("expression", callback=_typed, metavar="EXPRESSION")
wrt: Decorator = click.option(
    "--wrt", metavar="LETTER", callback=_names, help="The letter that moves; several, separated by commas, one after the other."
)
at: Decorator = click.option("--at", metavar="POINT", help="The value at a point, such as x=3,y=1.")
level: Decorator = click.option(
    "--level", type=click.Choice(["brief", "normal", "full"]), default="normal", show_default=True, help="How much is said."
)


def output(command: Callable[..., Any]) -> Callable[..., Any]:
    """--format, --plain, --output: together they make one `tutor.cli.output.Target`."""
    command = click.option("--output", "-o", "file", type=click.Path(dir_okay=False, writable=True), help="Write to a file.")(command)
    command = click.option("--plain", "plain", is_flag=True, help="ASCII only, one line after the other: same as --format plain.")(command)
    return click.option(
        "--format", "-f", "format", type=click.Choice(FORMATS), default=None,
        help="terminal when at a terminal, else plain.",
    )(command)  # fmt: skip
