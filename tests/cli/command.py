"""Calling `tutor` inside this process, and what the tests of the command line share."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from tutor.cli import group

ROOT = Path(__file__).parents[2]

FORMATS = ("terminal", "plain", "latex", "markdown", "html", "json", "speech")


def tutor(*args: str, typed: str | bytes | None = None) -> Result:
    """What a command line does; standard output is no terminal."""
    return CliRunner().invoke(group, list(args), input=typed, env={"TUTOR_DEBUG": None, "NO_COLOR": None}, prog_name="tutor")


def written(*args: str, typed: str | bytes | None = None) -> str:
    """The output of a command line that succeeds and says nothing on standard error."""
    result = tutor(*args, typed=typed)
    assert (result.exit_code, result.stderr) == (0, ""), result.output
    return result.stdout
