"""Every command line that the tutor promises, at 80 columns, in every format."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.cli.command import FORMATS, ROOT, tutor, written
from tutor import __version__, read
from tutor.cli import COMMANDS

PROMISED = [
    ["explain", "sin(x^2)"],
    ["explain", "sin(x^2)", "--level", "brief"],
    ["explain", "sin(x^2)", "--level", "full"],
    ["explain", "x^2*y^3 + sin(x*y)", "--wrt", "y"],
    ["explain", "ln(x*sqrt(x+1)/(x-2)^3)", "--another-way"],
    ["explain", "x^x", "--order", "2", "--at", "x=1"],
    ["gradient", "100 - x^2 - 2y^2", "--at", "x=3,y=1"],
    ["implicit", "x^2 + y^2 = 25", "--order", "2", "--at", "x=3,y=4"],
    ["hessian", "-0.01T^2 - 0.5t^2 + 3T + 10t"],
    ["critical", "x^2 - y^2"],
    ["tangent", "x^3 - x", "--at", "x=2"],
    ["directional", "x^2 + 2y^2", "--at", "x=3,y=1", "--toward", "3,4"],
    ["jacobian", "(x*y, x + y^2)"],
    ["backprop", "(y - sigmoid(w*x + b))^2", "--at", "x=1,y=0,w=0.5,b=0", "--wrt", "w,b"],
    ["limit", "x^2", "--at", "x=3"],
    ["explain", "x*y", "--where", "x=t^2", "--where", "y=t^3", "--wrt", "t"],
    ["inverse", "x^3 + x", "--at", "y=2"],
    ["parametric", "(t^2, t^3)", "--at", "t=1"],
    ["newton", "x^4 - 3x^2 + x", "--at", "x=1"],
    ["matrix", "norm(A x - b)^2", "--wrt", "x"],
    ["hint", "x^2 sin(3x)", "--number", "2"],
    ["read", "1/2x"],
]


@pytest.mark.parametrize("args", PROMISED, ids=" ".join)
@pytest.mark.parametrize("format", FORMATS)
def test_a_promised_command_line(args: list[str], format: str) -> None:
    output = written(*args, "--format", format)
    assert output.endswith("\n")
    if format in ("terminal", "plain"):
        assert max(map(len, output.splitlines())) <= 80
        assert "\x1b" not in output
    if format == "plain":
        assert output.isascii()
    if format == "json":
        assert json.loads(output)["schema"] == 1
    if format == "html":
        assert output.startswith("<!doctype html>")
    if format == "latex":
        assert output.rstrip().endswith(r"\end{document}")


@pytest.mark.parametrize("args", PROMISED[:-2], ids=" ".join)
def test_an_explanation_ends_with_the_line_of_the_audit(args: list[str]) -> None:
    assert written(*args).splitlines()[-1].startswith("every line proved")


def test_a_partial_derivative_says_what_is_frozen() -> None:
    assert "x is held fixed" in written("explain", "x^2*y^3 + sin(x*y)", "--wrt", "y")


def test_levels_differ_in_length() -> None:
    brief, normal, full = (len(written("explain", "x^2 sin(3x)", "--level", level)) for level in ("brief", "normal", "full"))
    assert brief < normal < full


def test_another_way_is_another_way() -> None:
    usual, other = (json.loads(written("explain", "ln(x^2 (x+1))", *way, "-f", "json")) for way in ([], ["--another-way"]))
    assert usual["steps"][0]["rule"] != other["steps"][0]["rule"]
    assert other["proved"]


def test_a_value_is_exact_and_decimal() -> None:
    data = json.loads(written("explain", "sqrt(x)", "--at", "x=2", "-f", "json"))
    assert str(read(data["at"]["exact"])) == data["at"]["exact"]
    assert data["at"]["decimal"] == "0.353553"


def test_no_hint_reveals_the_answer() -> None:
    count = json.loads(written("hint", "x^2 sin(3x)", "-f", "json"))["of"]
    every = [written("hint", "x^2 sin(3x)", "--number", str(number)) for number in range(1, count + 2)]
    assert len(set(every)) == count + 1
    assert not any("2x*sin(3x)" in hint or "3*cos(3x)" in hint or "3cos(3x)" in hint for hint in every)


def test_the_start_page_names_every_command() -> None:
    page = written()
    assert all(re.search(rf"\b{name}\b", page) for name in COMMANDS)
    assert max(map(len, page.splitlines())) <= 80


def test_help_reads_like_a_table_of_contents() -> None:
    page = written("--help")
    assert [line.split()[0] for line in page.splitlines() if line.startswith("  ") and line.split()[0] in COMMANDS] == list(COMMANDS)
    assert "Exit status" in page


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_explains_itself(name: str) -> None:
    page = written(name, "--help")
    assert re.search(r"\b(EXPRESSION|ANSWER|FILE|ADDRESS)\b", page)
    assert "--format" in page or "--plain" in page or name == "autograde"  # each system has its own format
    assert max(map(len, page.splitlines())) <= 80


def test_a_command_is_a_file() -> None:
    files = {path.stem for path in (ROOT / "tutor" / "cli" / "commands").glob("*.py")} - {"__init__"}
    assert files == {name.replace("-", "_") for name in COMMANDS}


def test_version() -> None:
    assert written("--version") == f"tutor {__version__}\n"


@pytest.mark.parametrize("format", FORMATS)
def test_a_file_holds_what_would_have_been_shown(format: str, tmp_path: Path) -> None:
    file = tmp_path / "answer"
    assert written("explain", "sin(x^2)", "--format", format, "--output", str(file)) == ""
    assert file.read_text(encoding="utf-8") == written("explain", "sin(x^2)", "--format", format)


def test_a_file_is_plain_unless_told_otherwise(tmp_path: Path) -> None:
    file = tmp_path / "answer"
    written("read", "x^2", "-o", str(file))
    assert file.read_text(encoding="utf-8") == written("read", "x^2", "--plain")


GREEK = "θ² · √(α_1 θ) − ½θ"
PLACE = ("--at", "θ=2,α_1=1/2")
WITH_GREEK: dict[str, tuple[str, ...]] = {
    "read": (GREEK,), "tangent": (GREEK, *PLACE), "newton": ("θ² · √(2θ) − ½θ", "--at", "θ=2"), "directional": (GREEK, *PLACE, "--toward", "1,2"),
    "inverse": ("θ³ + ½θ",), "parametric": ("(θ², ½√θ)",), "backprop": (GREEK, *PLACE), "implicit": ("θ² + β² = ½", "--wrt", "θ", "--of", "β"),
    "check": ("½θ", "--expected", "θ/2"), "descend": ("θ² + ½β²", "--start", "θ=2,β=1", "--level", "full"),
}  # fmt: skip


WITHOUT_EXPRESSION = ("check-working", "exercises", "problem", "worksheet", "quiz", "progress", "grade", "autograde", "serve")
"""Commands that take no mathematics on their command line."""


@pytest.mark.parametrize("command", [command for command in COMMANDS if command not in WITHOUT_EXPRESSION])
def test_plain_is_ascii_whatever_was_typed(command: str) -> None:
    assert written(command, *WITH_GREEK.get(command, (GREEK, "--wrt", "θ")), "--plain").isascii()


def test_plain_is_a_format() -> None:
    assert written("explain", "x^2", "--plain") == written("explain", "x^2", "--format", "plain") == written("explain", "x^2")
    assert tutor("explain", "x^2", "--plain", "--format", "html").exit_code == 2


def test_the_html_stands_alone() -> None:
    page = written("explain", "sin(x^2)", "--format", "html")
    assert not any(word in page for word in ("<script", "src=", "@import", "url("))
    for part in page.split("<math ")[1:]:
        ET.fromstring("<math " + part.split("</math>")[0] + "</math>")
