"""Options under headings: the help of a command that has many."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from tutor.cli.options import Command, Decorator


class Grouped(click.Option):
    """An option that stands under a heading in the help."""

    def __init__(self, *args: Any, heading: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.heading = heading


class GroupedCommand(Command):
    """A command whose help has its options under their headings, in the order in which they are declared; the others come last."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        sections: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx) if isinstance(parameter, click.Option) else None
            if record is not None:
                sections.setdefault(getattr(parameter, "heading", "Output"), []).append(record)
        for heading in sorted(sections, key=lambda one: one == "Output"):
            with formatter.section(heading):
                formatter.write_dl(sections[heading])


def under(heading: str) -> Callable[..., Decorator]:
    """`click.option` for options under this heading."""

    def option(*names: str, **attributes: Any) -> Decorator:
        return click.option(*names, cls=Grouped, heading=heading, **attributes)

    return option


__all__ = ["Grouped", "GroupedCommand", "under"]
