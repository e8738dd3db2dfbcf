"""`tutor hessian`, `tutor critical` and `tutor newton` as a person calls them."""

from __future__ import annotations

import json

import pytest

from tests.cli.command import FORMATS, tutor, written
from tests.cli.test_json import checked
from tutor import read

COMMANDS = [
    ["hessian", "-0.01T^2 - 0.5t^2 + 3T + 10t"],
    ["hessian", "x^3 + y^3 - 3x*y", "--at", "x=1,y=1"],
    ["hessian", "e^x + y^2"],
    ["hessian", "x^2*y^2"],
    ["hessian", "x^3", "--at", "x=2"],
    ["hessian", "ln(x)*y", "--at", "x=0,y=1"],
    ["hessian", "x^2 + y^2 + z^2 + x*y*z", "--at", "x=1,y=2,z=3"],
    ["critical", "x^2 - y^2"],
    ["critical", "x^3 - 3x"],
    ["critical", "Q(T,t) = -0.01T^2 - 0.5t^2 + 3T + 10t"],
    ["critical", "x^3 + y^3 - 3x*y"],
    ["critical", "x^4"],
    ["critical", "x^3"],
    ["critical", "x^2*y^2"],
    ["critical", "(x+y)^2"],
    ["critical", "e^x"],
    ["critical", "sin(x)"],
    ["critical", "cos(x) + cos(y)"],
    ["critical", "x*e^(-x)"],
    ["critical", "ln(x) - x"],
    ["critical", "x + 1/x"],
    ["critical", "abs(x)"],
    ["critical", "x*abs(x)"],
    ["critical", "x^6/6 - x^2/2 - x"],
    ["critical", "x^4 - 4x^2 + 1", "--on", "[-1, 3]"],
    ["critical", "sin(x)", "--on", "0..2pi"],
    ["critical", "a*x^2 + b*x", "--wrt", "x"],
    ["critical", "x^3 - 3x*y^2"],
    ["critical", "sin(x)*sin(y)"],
    ["critical", "relu(x)"],
    ["critical", "0*x + 3"],
    ["critical", "(x^2 - 1)/(x - 1)"],
    ["critical", "x^2*ln(x)"],
    ["newton", "x^4 - 3x^2 + x", "--at", "x=1"],
    ["newton", "x^4 - 3x^2 + x", "--at", "x=0", "--steps", "4"],
    ["newton", "x^2 = 2", "--at", "x=1", "--steps", "5"],
    ["newton", "x^2 - y^2", "--at", "x=1,y=2"],
    ["newton", "x^3", "--at", "x=0"],
    ["newton", "x^2 = 2", "--at", "x=0"],
    ["newton", "x^2 + 2y^2", "--at", "x=4,y=3", "--steps", "2"],
    ["newton", "x^4 + y^4 + x*y", "--at", "x=1,y=1", "--steps", "5"],
    ["newton", "ln(x) = 1", "--at", "x=9"],
]


@pytest.mark.parametrize("args", COMMANDS, ids=" ".join)
def test_the_json_fits_its_schema_and_reads_back(args: list[str]) -> None:
    data = json.loads(written(*args, "--format", "json"))
    checked(args[0], data)
    assert data["confirmed"]
    for claim in data["claims"]:
        read(claim["statement"])


@pytest.mark.parametrize("args", COMMANDS, ids=" ".join)
def test_every_format_and_level(args: list[str]) -> None:
    for format in FORMATS:
        assert written(*args, "--format", format)
    for level in ("brief", "full"):
        text = written(*args, "--level", level, "--plain")
        assert text.isascii()
        assert max(map(len, text.splitlines())) <= 80
        assert "None" not in text


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["hessian", "-0.01T^2 - 0.5t^2 + 3T + 10t"], ["H = [[-0.02, 0], [0, -1]]", "lambda_1 = -0.02", "dome", "kappa = (-1)/(-0.02) = 50", "Clairaut"]),
        (["critical", "x^3 - 3x"], ["Take the square root", "f''(-1) = 6*(-1) = -6", "second derivative test", "falls without bound"]),
        (["critical", "x^4"], ["inconclusive", "First derivative test"]),
        (["critical", "x^3"], ["inconclusive", "terrace"]),
        (["critical", "x^2 - y^4"], ["D is zero: the Hessian test is inconclusive", "Neither minimum"]),
        (["critical", "e^x"], ["e^x is never zero", "never reaches it", "no minimum"]),
        (["critical", "x^3 + y^3 - 3x*y"], ["Put y = x^2 into the other equation", "Case x = 0", "saddle point"]),
        (["critical", "100 - x^2 - 2y^2"], ["There the value is", "gradient descent can run away"]),
        (["critical", "x^6/6 - x^2/2 - x"], ["no short closed form", "About x = 1.1673"]),
        (["critical", "abs(x)"], ["no derivative there", "a local minimum at a corner"]),
        (["critical", "sin(x)"], ["n is any integer", "repeat themselves after 2*pi"]),
        (["critical", "x^2*ln(x)"], ["x is never zero for x > 0"]),
        (["newton", "x^4 - 3x^2 + x", "--at", "x=1"], ["Newton's step for a minimum", "x_1 = 7/6", "promised"]),
        (["newton", "x^2 = 2", "--at", "x=1", "--steps", "5"], ["Newton's step for an equation", "x_1 = 3/2", "about doubles"]),
        (["newton", "x^2 - y^2", "--at", "x=1,y=2"], ["no descent step", "damping"]),
        (["newton", "x^3", "--at", "x=0"], ["There is no step"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_is_said(args: list[str], said: list[str]) -> None:
    text = " ".join(written(*args).split())
    for words in said:
        assert words in text


def test_nothing_global_is_claimed_without_a_reason() -> None:
    assert "Nothing is claimed about the whole domain" in written("critical", "x*e^(-x^2-y^2)")
    assert "least value of all" not in written("critical", "x^3 - 3x")


def test_beyond_the_budget_it_says_so() -> None:
    text = written("critical", "x^5 - 5*e^x + x^2", "--seconds", "0")
    assert "Not found within 0 s" in text


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["hessian", "5"], "no letters"), (["hessian", "x*y", "--at", "x=1"], "no value for y"), (["critical", "x^2 + y^2 = 1"], "equation"),
        (["critical", "x*y", "--on", "0..1"], "one variable"), (["critical", "x^2", "--on", "[2, 1]"], "smaller end first"), (["critical", "x^2", "--on", "banana"], "no closed interval"),
        (["newton", "x^2"], "--at x=1"), (["newton", "x^2 + y = 2", "--at", "x=1,y=1"], "several unknowns"), (["newton", "ln(x)", "--at", "x=0"], "no real value"),
        (["newton", "x^2", "--at", "x=1", "--steps", "0"], "from 1 to 20"), (["critical", "2*(x+1"], "not closed"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)  # fmt: skip
def test_a_request_that_makes_no_sense(args: list[str], words: str) -> None:
    result = tutor(*args)
    assert result.exit_code == 2
    assert words in result.stderr
    assert "Traceback" not in result.output
