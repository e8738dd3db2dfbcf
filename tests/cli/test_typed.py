"""What people type wrongly, and what they type to see what happens: an answer or two clear lines, never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import tutor, written
from tests.form.hostile import REFUSED
from tutor.render.signs import columns

WRONG = ["2*(x+1", "sin", "x+*3", "In(x)", "sinn(x)", "3..5", "x^", r"\frac{1}{", "", ";", "х^2", '__import__("os")']
"""Texts that cannot be read."""

REQUESTS = [
    ["explain", "x*y"],
    ["explain", "(a, b)"],
    ["explain", "x^2 + y^2 = 1"],
    ["explain", "x^2", "--at", "x"],
    ["explain", "x^2", "--at", "y=1"],
    ["explain", "x^2", "--at", "x=1,x=2"],
    ["explain", "x^2", "--wrt", "3"],
    ["explain", "x^2", "--order", "13"],
    ["explain", "x^2", "--order", "2", "--wrt", "x,y"],
    ["explain", "x^2", "--level", "loud"],
    ["explain", "x^2", "--format", "pdf"],
    ["explain", "x^2", "--another-way", "--another-way", "--another-way", "--another-way"],
    ["explain", "sin", "x"],
    ["explain"],
    ["gradient", "5"],
    ["gradient", "x*y", "--at", "x=1"],
    ["hint", "x*y", "--wrt", "x,y"],
    ["hint", "x", "--number", "0"],
    ["read", "x", "--colour"],
    ["integrate", "x"],
    ["--colour"],
]
"""Command lines that make no sense."""

ODD = [
    "0", "-0", "--", "-", "-1", "--x", "-x^-x", "x/0", "0/0", "0^0", "0^x", "x^0", "1^x", "1/0", "sqrt(-1)", "ln(0)",
    "ln(-x)", "(-1)^x", "i", "e", "pi", "∞", "x/x", "x-x", "x^x^x", "((((x))))", "|x|", "||x|-1|", "x!", "floor(x)",
    "sign(x)", "max(x,0)", "min(x,x)", "max(x)", "max()", "f(x)", "f'(x)", "f(f(x))", "g(x,x)", "int(t,t,0,x)", "∫_0^x t dt",
    "d/dx x^2", "x=3", "y=x^2", "f(x)=x^2", "x<1", "(1,2)", "{x}", "[x]", "[0,1)", "x,", ",", ".", "..", "x.", ".x", "1.",
    ".5x", "1e9", "1e-9x", "1e999", "0.1+0.2", "00x", "x_", "x_1_2", "_", "__", "x__1", "x²³", "x^²", "²", "√", "√√x", "½x",
    "π²", "θ", "αβ", "%", "5%", "x%2", "#", "$x$", "\\", "\\frac", "\\frac12", "\\sin", "{", "}", "[", ")", "(", "()", "x()",
    "sin()", "sin(x,y)", "log_0(x)", "log_1(x)", "log_x(x)", "lambda", "None", "x if x else y", "import os", "x; y", "x\ny",
    "x\ty", "a\x00b", "\x1b[31mx", "\ufeffx", "\u200bx", "x\u0301", "\U0001d465", "😀", "x" * 70, "x+" * 3000 + "x",
    "gamma(x)", "erf(x)", "sin^2 x", "sin^-1 x", "tan(pi/2)", "acos(2)", "acosh(0)x", "1/(x-x)", "ln(x-x)", "x^(1/0)",
    "sqrt(x-x-1)",
]  # fmt: skip


@pytest.mark.parametrize("text", WRONG)
def test_a_text_that_cannot_be_read(text: str) -> None:
    result = tutor("explain", text)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("Cannot read the expression: ")
    assert max(map(len, result.stderr.splitlines())) <= 80
    if text:
        lines = result.stderr.splitlines()
        caret = next(place for place, line in enumerate(lines) if line.strip().startswith("^"))
        assert lines[caret - 1].strip() == text


@pytest.mark.parametrize(("text", "meant"), [("2*(x+1", "2*(x+1)"), ("In(x)", "ln(x)"), ("sinn(x)", "sin(x)")])
def test_the_likely_correction_is_offered(text: str, meant: str) -> None:
    assert f"Did you mean {meant} ?" in tutor("explain", text).stderr


@pytest.mark.parametrize("args", REQUESTS, ids=" ".join)
def test_a_request_that_makes_no_sense(args: list[str]) -> None:
    result = tutor(*args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr
    assert "Traceback" not in result.stderr


def test_there_are_a_hundred_odd_texts() -> None:
    assert len(set(ODD)) >= 100


@pytest.mark.parametrize("text", ODD)
@pytest.mark.parametrize("command", ["explain", "gradient", "hint", "read"])
def test_an_odd_text_gets_an_answer_or_an_error(command: str, text: str) -> None:
    result = tutor(command, text, *(["--wrt", "x", "--at", "x=1"] if command == "explain" else []), typed="x")
    assert result.exit_code in (0, 2), result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert "\x1b" not in result.output
    assert bool(result.stdout) == (result.exit_code == 0)
    assert bool(result.stderr) == (result.exit_code == 2)


@pytest.mark.parametrize("name", [name for name, text in REFUSED.items() if len(text) < 50_000])
def test_a_hostile_text_is_refused_in_a_few_lines(name: str) -> None:
    result = tutor("explain", "--", REFUSED[name])
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) <= 8
    assert max(map(columns, result.stderr.splitlines())) <= 80


@pytest.mark.parametrize("command", ["explain", "gradient", "hint", "read"])
def test_an_expression_may_begin_with_a_minus_sign(command: str) -> None:
    assert written(command, "-x^2") == written(command, "--", "-x^2")
    assert written(command, "-cosh(x)", "--plain") == written(command, "--plain", "--", "-cosh(x)")


def test_a_dash_reads_standard_input() -> None:
    assert written("explain", "-", typed="  sin(x^2)\n") == written("explain", "sin(x^2)")
    assert tutor("explain", "-", typed="").exit_code == 2
    assert tutor("explain", "-", typed=b"\xff\xfe\x00").exit_code == 2
    assert "more than the tutor takes on" in tutor("explain", "-", typed="x+" * 2_000_000).stderr


def test_an_unknown_command_suggests() -> None:
    assert "Did you mean tutor explain?" in tutor("explian", "x").stderr
    assert 'tutor explain "x^2"' in tutor("x^2").stderr
    assert "--level" in tutor("explain", "x", "--levle", "full").stderr


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    nowhere = tutor("explain", "x", "-o", str(tmp_path / "no" / "such"))
    assert (nowhere.exit_code, nowhere.stdout) == (2, "")
    assert nowhere.stderr.startswith("Cannot write ")
    assert tutor("explain", "x", "-o", str(tmp_path)).exit_code == 2


def test_a_fault_of_ours_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RecursionError

    monkeypatch.setattr("tutor.form.reading.understand", broken)
    result = tutor("explain", "x")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "RecursionError" in result.stderr
