"""A command with many options: its help lists them in groups, each under what it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click

from tutor.cli import options


class Grouped(options.Command):
    """A command whose help puts the options that `groups` names under headings; the others follow behind them."""

    def __init__(self, *args: Any, groups: Mapping[str, Sequence[str]], **given: Any) -> None:
        super().__init__(*args, **given)
        self.groups = groups

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options group by group."""
        records = {flag: record for one in self.get_params(ctx) if (record := one.get_help_record(ctx)) for flag in one.opts if flag.startswith("--")}
        grouped = {flag for flags in self.groups.values() for flag in flags}
        rest = {"Output": [flag for flag in records if flag not in grouped]}
        for heading, flags in {**self.groups, **rest}.items():
            rows = list(dict.fromkeys(records[flag] for flag in flags if flag in records))
            if rows:
                with formatter.section(heading):
                    formatter.write_dl(rows)
