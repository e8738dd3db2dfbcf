"""Options that several commands share, each declared once."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

import click

from tutor.exposition import LEVELS
from tutor.render import FORMAT_NAMES

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

_LONGEST_INPUT = 60_000


def typed(ctx: click.Context, parameter: click.Parameter, value: str) -> str:
    """The text itself; `-` reads standard input (at most a little more than the reader accepts)."""
    if value != "-":
        return value
    if sys.stdin is None:
        return ""
    return sys.stdin.buffer.read(_LONGEST_INPUT * 4).decode("utf-8", "replace").strip()


def names(ctx: click.Context, parameter: click.Parameter, value: str | None) -> tuple[str, ...]:
    """Names separated by commas."""
    return tuple(name.strip() for name in value.split(",") if name.strip()) if value else ()


class Command(click.Command):
    """A command whose expression may begin with a minus sign: `-x^2` is no option.

    Short options are therefore written on their own (`-f json`, not `-fjson`).
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        valued = {name for one in self.params if isinstance(one, click.Option) and not (one.is_flag or one.count) for name in one.opts}
        short = {name for one in self.get_params(ctx) for name in one.opts if not name.startswith("--")}
        return super().parse_args(ctx, expressions_last(args, short, valued))


def expressions_last(args: list[str], short: set[str], valued: set[str]) -> list[str]:
    """The arguments with those that begin with one minus sign, and are no option, behind a `--`.

    >>> expressions_last(["-x^2", "--at", "x=1"], {"-f"}, {"--at"})
    ['--at', 'x=1', '--', '-x^2']
    """
    cut = args.index("--") if "--" in args else len(args)
    known: list[str] = []
    negative: list[str] = []
    for before, arg in zip(["", *args], args[:cut], strict=False):
        is_option = arg in ("", "-") or arg in short or arg.startswith("--") or not arg.startswith("-")
        (known if is_option or before in valued else negative).append(arg)
    rest = negative + args[cut + 1 :]
    return [*known, "--", *rest] if rest else known


expression: Decorator = click.argument("expression", callback=typed, metavar="EXPRESSION")
wrt: Decorator = click.option(
    "--wrt", metavar="LETTER", callback=names, help="The letter that moves; several, separated by commas, one after the other."
)
at: Decorator = click.option("--at", metavar="POINT", help="The value at a point, such as x=3,y=1.")
level: Decorator = click.option(
    "--level", type=click.Choice(LEVELS), default="normal", show_default=True, help="How much is said."
)


def output_in(formats: Sequence[str]) -> Decorator:
    """--format (one of these), --plain, --output: together they make one `tutor.cli.output.Target`."""

    def apply(command: Callable[..., Any]) -> Callable[..., Any]:
        command = click.option("--output", "-o", "file", type=click.Path(dir_okay=False, writable=True), help="Write to a file.")(command)
        command = click.option("--plain", "plain", is_flag=True, help="ASCII only, one line after the other: same as --format plain.")(command)
        return click.option(
            "--format", "-f", "format", type=click.Choice(formats), default=None,
            help="terminal when at a terminal, else plain.",
        )(command)  # fmt: skip

    return apply


output = output_in(FORMAT_NAMES)
"""The formats that every command has."""
