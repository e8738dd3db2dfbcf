"""The README stays true: its samples are what the program writes, its Python runs, its commands can be found.

`python -m tests.test_readme` writes the samples again after the output has changed on purpose.
"""

from __future__ import annotations

import doctest
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from tutor.cli import COMMANDS, group
from tutor.form import cursor, tokens

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
SAMPLE = re.compile(r"^```console\n\$ (tutor [^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TEXT = README.read_text(encoding="utf-8")


def shown(command: str) -> str:
    """What a terminal of 80 columns shows for a command, without colour."""
    name, *rest = shlex.split(command)[1:]
    result = CliRunner().invoke(group, [name, "--format", "terminal", *rest])
    assert result.exit_code in (0, 1, 2), result.output
    return result.output


def renewed(text: str) -> str:
    """The README with every sample made again."""
    return SAMPLE.sub(lambda found: f"```console\n$ {found[1]}\n{shown(found[1])}```", text)


@pytest.mark.parametrize(("command", "output"), SAMPLE.findall(TEXT))
def test_a_sample_is_what_the_program_writes(command: str, output: str) -> None:
    assert shown(command) == output


def test_the_samples_fit_80_columns() -> None:
    assert max(len(line) for _, output in SAMPLE.findall(TEXT) for line in output.splitlines()) <= 80


def test_the_python_runs() -> None:
    result = doctest.testfile(str(README), module_relative=False, encoding="utf-8")
    assert result.attempted > 5
    assert result.failed == 0


def test_it_opens_with_two_commands_alone_in_their_blocks() -> None:
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    assert [kind for kind, _ in blocks[:2]] == ["sh", "sh"]
    main_job, tests = (body.splitlines() for _, body in blocks[:2])
    assert len(main_job) == len(tests) == 1
    assert main_job[0].endswith('tutor explain "sin(x^2)"')
    assert "pytest -n auto" in tests[0]
    assert all("sudo" not in line and line.startswith("python3 -m venv .venv && ") for line in main_job + tests)


def test_every_command_and_limit_is_named() -> None:
    assert all(f"`tutor {name} " in TEXT for name in COMMANDS)
    limits = (tokens.LONGEST_TEXT, cursor.DEEPEST, tokens.MOST_DIGITS, cursor.GREATEST_EXPONENT, cursor.GREATEST_FACTORIAL)
    paragraph = TEXT[TEXT.index("## Hostile text") :]
    assert [limit for limit in limits if f"{limit:,}" not in paragraph] == []


def test_its_links_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", TEXT)
    assert links
    assert [link for link in links if not (ROOT / link).is_file()] == []


if __name__ == "__main__":
    README.write_text(renewed(TEXT), encoding="utf-8")
