"""`tutor check` and `tutor check-working`: verdicts in words, exit statuses, every format, wrong input."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command import FORMATS, ROOT, tutor
from tests.cli.test_json import checked
from tutor import check, read
from tutor.cli.commands.check import GROUPS
from tutor.cli.commands.check import command as check_command

RIGHT = ["check", "2x cos(x^2)", "--derivative-of", "sin(x^2)"]
WRONG = ["check", "cos(x^2)", "--derivative-of", "sin(x^2)"]
UNREADABLE = ["check", "2x cos(x^2", "--derivative-of", "sin(x^2)"]
STATUSES = [
    (RIGHT, 0), (WRONG, 1), (UNREADABLE, 2),
    (["check", "0.46666", "--expected", "7/15", "--tolerance", "1e-3"], 0),
    (["check", "0.46666", "--expected", "7/15"], 1),
    (["check", "(-6, -4)", "--gradient-of", "100 - x^2 - 2y^2", "--at", "x=3,y=1"], 0),
    (["check", "(-6, 4)", "--gradient-of", "100 - x^2 - 2y^2", "--at", "x=3,y=1"], 1),
    (["check", "-3", "--expected", "-3"], 0),
    (["check", "(x^2-1)/(x+1)", "--expected", "x-1"], 0),
    (["check", "(x^2-1)/(x+1)", "--expected", "x-1", "--same-domain"], 1),
    (["check", "6x", "--derivative-of", "x^3", "--order", "2"], 0),
    (["check", "2*x*y^3", "--derivative-of", "x^2*y^3", "--wrt", "x"], 0),
    (["check", "ln(x)", "--expected", "ln(abs(x))", "--domain", "x > 0"], 0),
    (["check", "", "--expected", "x"], 2),
    (["check", "x"], 2),
    (["check", "x", "--expected", "2*(x"], 2),
    (["check", "x", "--expected", "x", "--derivative-of", "x"], 2),
    (["check", "2x", "--derivative-of", "x^2*y"], 2),
]  # fmt: skip
DESCENT = ["--formula", "descent", "--values", "x_0=0,a=0.1", "--function", "x^2 - 4x + 5"]
STATUSES += [
    (["check", "0.4", *DESCENT], 0), (["check", "-0.4", *DESCENT], 1), (["check", "0.4", *DESCENT[:4]], 2), (["check", "1", "--formula", "magic"], 2),
    (["check", "1", "--formula", "adam"], 2), (["check", "0.67", "--expected", "2/3", "--decimal-places", "2"], 0),
    (["check", "0.67", "--expected", "2/3", "--significant-figures", "3"], 1), (["check", "0.67", "--expected", "2/3", "--relative-tolerance", "1%"], 0),
    (["check", "(1, 3)", "--expected", "(1, 2)", "--weights", "3,1"], 1), (["check", "(1, 3)", "--expected", "(1, 2)", "--weights", "3"], 2),
    (["check", "(1, 3)", "--expected", "(1, 2)", "--weights", "a,b"], 2), (["check", "0.8, 0.64", "--expected", "1, 0.8, 0.64", "--kind", "iterates", "--given", "0"], 0),
    (["check", "1, 0.9, 0.81", "--expected", "1, 0.8, 0.64", "--kind", "iterates", "--step", "0.8x"], 1),
    (["check", "1", "--expected", "(1, 2)", "--kind", "iterates", "--given", "7"], 2), (["check", "1", "--expected", "(1, 2)", "--given", "x"], 2),
    (["check", "x^2 - 1", "--expected", "(x - 1)(x + 1)", "--form", "factored", "--form-credit", "1"], 0),
    (["check", "x^2 - 1", "--expected", "(x - 1)(x + 1)", "--form", "factored", "--form-credit", "2"], 2),
    (["check", "x^2", "--antiderivative-of", "2x", "--constant"], 1), (["check", "b", "--expected", "b", "--kind", "choice", "--options", "a,b"], 0),
    (["check", "[[2, 0], [0, 4]]", "--hessian-of", "x^2 + 2y^2"], 0), (["check", "12", "--expected", "0.12", "--mistake", "share", "12", "A share?"], 1),
    (["check", "12", "--expected", "0.12", "--mistake", "share", "0.120", "A share?"], 2), (["check", "12", "--expected", "0.12", "--mistake", "share", "2*(", "A share?"], 2),
]  # fmt: skip
WORKING = """\
# by the product rule
u = x^2, u
f'(x) = (x^2)' sin(3x) + x^2 (sin(3x))'
      = 2x sin(3x) + x^2 cos(3x)
      = 2x sin(3x) + x^2 cos(3x
      = x (2 sin(3x) + x cos(3x))
"""
QUESTION = ["--derivative-of", "x^2 sin(3x)"]


@pytest.fixture
def answer(tmp_path: Path) -> str:
    file = tmp_path / "answer.txt"
    file.write_text(WORKING, encoding="utf-8")
    return str(file)


@pytest.mark.parametrize(("args", "status"), STATUSES, ids=lambda value: " ".join(value) if isinstance(value, list) else "")
def test_the_exit_status_is_the_outcome(args: list[str], status: int) -> None:
    result = tutor(*args)
    assert result.exit_code == status
    assert bool(result.stderr) is (status == 2)
    assert bool(result.stdout) is (status != 2)


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_fits_its_page_and_keeps_the_answer(format: str, answer: str) -> None:
    for args in (WRONG, ["check-working", answer, *QUESTION]):
        result = tutor(*args, "--format", format)
        assert (result.exit_code, result.stderr) == (1, "")
        assert "2*x*cos" not in result.stdout
        assert "3*x^2*cos" not in result.stdout
        if format in ("terminal", "plain"):
            assert max(map(len, result.stdout.splitlines())) <= 80
        if format == "plain":
            assert result.stdout.isascii()


def test_a_wrong_answer_is_told_what_to_look_at() -> None:
    assert tutor(*WRONG, "-f", "terminal").stdout == """\
Read as: cos(x²)

Not yet. At x = 1 yours is 0.5403, the right value is 1.081.
The outer step at sin(x²) is right. Is the inside only x? What still has to be
multiplied on? [inner derivative missing]
Proved at x = 37/101: the values there differ by more than any rounding.
"""


def test_every_parameter_of_check_has_an_option() -> None:
    flags = {flag for one in check_command.params for flag in one.opts}
    named = {"answer": "answer", "mistakes": "--mistake"}
    for name in inspect.signature(check).parameters:
        assert named.get(name, "--" + name.replace("_", "-")) in flags


def test_the_help_groups_the_options() -> None:
    told = tutor("check", "--help").stdout
    assert max(map(len, told.splitlines())) <= 80
    places = [told.index(heading + ":") for heading in (*GROUPS, "Output")]
    assert places == sorted(places)
    for one in check_command.params:
        for flag in one.opts:
            assert not flag.startswith("--") or f" {flag}" in told
    grouped = [flag for flags in GROUPS.values() for flag in flags]
    assert len(grouped) == len(set(grouped))
    assert set(grouped) <= {flag for one in check_command.params for flag in one.opts}


@pytest.mark.parametrize(("args", "said"), [
    (["check", "1", "--formula", "adam"], "This computation needs a, b, c, g_1."), (["check", "0.4", *DESCENT[:4]], "needs a function"),
    (["check", "(1, 3)", "--expected", "(1, 2)", "--weights", "a,b"], "Write --weights as 3,1."),
    (["check", "12", "--expected", "0.12", "--mistake", "share", "0.120", "A share?"], "is right"),
])  # fmt: skip
def test_a_wrong_option_is_told(args: list[str], said: str) -> None:
    result = tutor(*args)
    assert said in " ".join(result.stderr.split())
    assert max(map(len, result.stderr.splitlines())) <= 80
    assert "error" in json.loads(tutor(*args, "-f", "json").stderr)


def test_the_authors_sentence_is_said() -> None:
    told = tutor("check", "12", "--expected", "0.12", "--mistake", "share", "12", "Is that a share, or a per cent?").stdout
    assert "Is that a share, or a per cent?" in told


def test_an_unreadable_answer_gets_the_caret_and_costs_nothing() -> None:
    result = tutor(*UNREADABLE)
    assert result.stderr == """\
Cannot read the expression: the bracket opened at column 7 is not closed.
    2x cos(x^2
          ^    expected )
Did you mean 2x cos(x^2) ?
It counts as no attempt: correct the text and hand it in again.
"""
    assert "no attempt" not in tutor("check", "x", "--expected", "2*(x").stderr


@pytest.mark.parametrize("format", ["html", "markdown", "latex", "speech"])
def test_an_unreadable_answer_is_a_page_where_a_page_was_asked_for(format: str) -> None:
    result = tutor("check", "<b>&$#", "--expected", "x", "--format", format)
    assert (result.exit_code, result.stderr) == (2, "")
    assert "no attempt" in result.stdout
    assert "<b>&" not in result.stdout


def test_the_json_of_a_verdict() -> None:
    for args, _ in STATUSES:
        result = tutor(*args, "--format", "json")
        if not result.stdout:
            assert result.exit_code == 2
            assert "error" in json.loads(result.stderr)
            continue
        data = json.loads(result.stdout)
        checked("check", data)
        assert {"right": 0, "unreadable": 2}.get(data["outcome"], 1) == result.exit_code
    unreadable = json.loads(tutor(*UNREADABLE, "-f", "json").stdout)
    assert (unreadable["outcome"], unreadable["fault"]["span"], unreadable["reading"]) == ("unreadable", [6, 7], None)
    wrong = json.loads(tutor(*WRONG, "-f", "json").stdout)
    assert [(finding["mistake"], finding["name"], finding["step"]) for finding in wrong["findings"][1:]] == [("C1", "inner derivative missing", "sin(x^2)")]
    assert wrong["evidence"]["witness"]


def test_the_json_of_a_working(answer: str) -> None:
    data = json.loads(tutor("check-working", answer, *QUESTION, "-f", "json").stdout)
    checked("check-working", data)
    assert (data["outcome"], data["first_wrong"], data["input"]) == ("partly", 4, WORKING)
    assert [line["outcome"] for line in data["lines"]] == ["unreadable", "follows", "wrong", "unreadable", "carried"]
    assert [line["number"] for line in data["lines"]] == [2, 3, 4, 5, 6]
    assert all(str(read(side)) == side for line in data["lines"] for side in line["sides"])
    for text in ("", "\0", "x = 1 = 2", "≈ 3", "f'(x) = ="):
        result = tutor("check-working", "-", "--expected", "x", "-f", "json", typed=text)
        checked("check-working", json.loads(result.stdout))


def test_a_working_line_by_line(answer: str) -> None:
    told = tutor("check-working", answer, *QUESTION, "-f", "terminal").stdout
    assert "Line 4 does not follow from line 3." in told
    assert "[argument kept but factor lost]" in told
    assert "    Cannot read the expression" in told
    assert "                               ^    expected )" in told
    assert "follows from line 4" in told
    assert tutor("check-working", "-", *QUESTION, typed="2x sin(3x) + 3x^2 cos(3x)").exit_code == 0


def test_what_is_no_working(tmp_path: Path) -> None:
    missing = tutor("check-working", str(tmp_path / "none.txt"), "--expected", "x")
    assert (missing.exit_code, missing.stdout) == (2, "")
    assert "No such file" in missing.stderr
    assert "directory" in tutor("check-working", str(tmp_path), "--expected", "x").stderr
    for typed in (b"\x00\xff\xfe" * 1000, b"x" * 2_000_000, b"", b"# nothing\n"):
        result = tutor("check-working", "-", "--expected", "x", typed=typed)
        assert result.exit_code == 2
        assert "no attempt" in result.stdout + result.stderr
        assert "Traceback" not in result.stderr
    assert tutor("check-working", "-", typed="x").exit_code == 2


def test_the_commands_are_listed_and_explained() -> None:
    for name in ("check", "check-working"):
        assert name in tutor("--help").stdout
        assert "Exit status" in tutor(name, "--help").stdout
    assert "tutor check" in tutor().stdout


def test_a_verdict_needs_no_sympy() -> None:
    program = f"""
import sys
sys.argv = ["tutor", *{WRONG!r}]
from tutor.cli import main
try:
    main()
except SystemExit:
    pass
assert "sympy" not in sys.modules
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, "")
