"""tutor tangent, directional, jacobian, inverse, parametric: what a person sees, in every format, and what goes wrong."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.cli.command import FORMATS, tutor, written
from tests.cli.test_json import checked, steps_of
from tutor import read
from tutor.exposition import LEVELS

COMMANDS = [
    ["tangent", "P(p) = -20p^2 + 200p - 300", "--at", "p=2"],
    ["tangent", "sin(x)", "--at", "x=pi/4", "--step", "0.5"],
    ["tangent", "x^3 - x", "--at", "x=2", "--step", "-1/2"],
    ["tangent", "x^2 + 2y^2", "--at", "x=3,y=1"],
    ["tangent", "x*y*z", "--at", "x=1,y=2,z=3"],
    ["tangent", "3x + 1", "--at", "x=2"],
    ["tangent", "y = x^4", "--at", "x=0"],
    ["tangent", "ln(x)", "--at", "x=1", "--step", "-1"],
    ["tangent", "abs(x)", "--at", "x=0"],
    ["tangent", "1/x", "--at", "x=0"],
    ["tangent", "cbrt(x)", "--at", "x=0"],
    ["tangent", "max(x, 1) + y", "--at", "x=1,y=0"],
    ["directional", "x^2 + 2y^2", "--at", "x=3,y=1", "--toward", "3,4"],
    ["directional", "h = 100 - x^2 - 2y^2", "--at", "x=3,y=1", "--toward", "y=1,x=-1"],
    ["directional", "x^2 + 2y^2", "--at", "x=3,y=1", "--toward", "3,2"],
    ["directional", "x^2 + 2y^2", "--at", "x=3,y=1", "--toward", "-3,-2"],
    ["directional", "x^2 + 2y^2", "--at", "x=3,y=1", "--toward", "-2,3"],
    ["directional", "x*y", "--at", "x=0,y=0", "--toward", "0,1"],
    ["directional", "x^2*y", "--at", "x=1,y=2", "--toward", "1,2", "--wrt", "y,x"],
    ["directional", "abs(x) + y", "--at", "x=0,y=0", "--toward", "1,1"],
    ["jacobian", "(x*y, x + y^2)", "--at", "x=1,y=2"],
    ["jacobian", "(x*y, x + y^2)", "--at", "x=2,y=1"],
    ["jacobian", "(x = r cos(t), y = r sin(t))", "--wrt", "t,r", "--at", "r=2,t=pi/3"],
    ["jacobian", "F(x, y) = (e^x cos(y), e^x sin(y))"],
    ["jacobian", "(x, y, x*y)", "--at", "x=1,y=2"],
    ["jacobian", "x^2*y"],
    ["jacobian", "(abs(x), y)", "--at", "x=0,y=1"],
    ["jacobian", "(ln(x), y)", "--at", "x=-1,y=1"],
    ["jacobian", "(a*b*c, a + b, b + c)", "--at", "a=1,b=2,c=3"],
    ["inverse", "x^3 + x", "--at", "y=10"],
    ["inverse", "y = x^3 + x", "--at", "x=1"],
    ["inverse", "sin(x)"],
    ["inverse", "sin(x)", "--at", "y=1/2"],
    ["inverse", "x^2", "--at", "y=4"],
    ["inverse", "x^2", "--at", "x=0"],
    ["inverse", "x^2", "--at", "y=-1"],
    ["inverse", "x^5 + x", "--at", "y=1"],
    ["inverse", "-x^3 - x"],
    ["inverse", "ln(x)", "--at", "x=-1"],
    ["inverse", "abs(x)", "--at", "x=0"],
    ["inverse", "sin(2x)", "--at", "y=1/2"],
    ["parametric", "(t^2, t^3)", "--at", "t=1"],
    ["parametric", "(t^2, t^3)", "--at", "t=0"],
    ["parametric", "(x = cos(t), y = sin(t))", "--at", "t=0"],
    ["parametric", "r(t) = (t - sin(t), 1 - cos(t))", "--at", "t=pi/2"],
    ["parametric", "(a cos(t), b sin(t))", "--wrt", "t", "--order", "3"],
    ["parametric", "(t, t^2)", "--order", "1"],
    ["parametric", "(1/t, t)", "--at", "t=0"],
    ["parametric", "(t^2, t^3 - 3t)", "--at", "t=1"],
]


def data(*args: str) -> Any:
    return json.loads(written(*args, "--format", "json"))


def flat(text: str) -> str:
    """The words of a text, without line breaks."""
    return " ".join(text.split())


# -- every command, in every format ------------------------------------------------------------------------------


@pytest.mark.parametrize("args", COMMANDS, ids=" ".join)
def test_the_json_fits_the_schema_and_reads_back(args: list[str]) -> None:
    found = data(*args)
    checked(args[0], found)
    assert found["confirmed"]
    for derivation in found["derivations"]:
        names = re.findall(r"[A-Za-z]+", " ".join(derivation["variables"]))
        assert str(read(derivation["value"], variables=names)) == derivation["value"]
        assert all(step["evidence"]["equal"] for step in steps_of(derivation["steps"]))
    assert all(claim["evidence"]["equal"] for claim in found["claims"])


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("args", COMMANDS, ids=" ".join)
def test_plain_text_is_ascii_and_narrow(args: list[str], level: str) -> None:
    text = written(*args, "--level", level, "--plain")
    assert text.isascii()
    assert max(map(len, text.splitlines())) <= 80
    assert not re.search(r"\{\{|None|True|False|□|about about|  \.|diff\(|\bForm\b", text)
    assert text.rstrip().splitlines()[-1].startswith("every line")


@pytest.mark.parametrize("format", [format for format in FORMATS if format not in ("plain", "json")])
@pytest.mark.parametrize("args", [COMMANDS[0], COMMANDS[12], COMMANDS[20], COMMANDS[29], COMMANDS[41]], ids=" ".join)
def test_every_format(args: list[str], format: str) -> None:
    text = written(*args, "--level", "full", "--format", format)
    assert "every line proved" in flat(text)
    assert "None" not in text


@pytest.mark.parametrize("args", COMMANDS, ids=" ".join)
def test_more_is_said_at_a_higher_level(args: list[str]) -> None:
    brief, normal, full = (len(written(*args, "--level", level)) for level in LEVELS)
    assert brief <= normal <= full
    assert brief < full


# -- tangent -----------------------------------------------------------------------------------------------------------


def test_the_coffee_shop_is_told_as_a_teacher_would() -> None:
    text = flat(written("tangent", "P(p) = -20p^2 + 200p - 300", "--at", "p=2"))
    for line in ("P'(2) = -40*2 + 200 = 120", "y = 20 + 120(p - 2)", "y = 120p - 220", "P''(p) = -40"):
        assert line in text
    assert "Over a whole unit the curve bends: from p = 2 to p = 3 the value really changes by 100, not by 120." in text
    assert "The difference -20 is exactly (1/2)*P''(2)*1^2 = (1/2)*(-40)*1^2" in text
    assert "not by -80" in flat(written("tangent", "P(p) = -20p^2 + 200p - 300", "--at", "p=7"))


def test_the_table_of_steps() -> None:
    text = written("tangent", "x^3 - x", "--at", "x=2")
    rows = [line.split() for line in text.splitlines() if re.match(r"\s+(1|0\.1|0\.01)\s", line)]
    assert rows == [["1", "11", "18", "7", "6"], ["0.1", "1.1", "1.161", "0.061", "0.06"], ["0.01", "0.11", "0.110601", "0.000601", "0.0006"]]


def test_exactly_and_about_are_kept_apart() -> None:
    exact, rough = (flat(written("tangent", text, "--at", "x=1")) for text in ("x^2", "x^3"))
    assert "is exactly" in exact
    assert "a hundred times smaller" in exact
    assert "about a hundred times" not in exact
    assert "is exactly" not in rough
    assert "about a hundred times smaller" in rough


def test_above_and_below() -> None:
    assert "lies above its tangent, because f''(0) > 0" in flat(written("tangent", "e^x", "--at", "x=0"))
    assert "lies below its tangent, because f''(1) < 0" in flat(written("tangent", "ln(x)", "--at", "x=1"))
    assert "shrinks even faster" in flat(written("tangent", "x^3", "--at", "x=0"))
    assert "its own tangent" in flat(written("tangent", "3x + 1", "--at", "x=0"))


@pytest.mark.parametrize(
    ("text", "said"),
    [("abs(x)", "it needs x != 0"), ("abs(x)", "the slope is -1; a little to the right"), ("1/x", "has no value at x = 0"), ("sqrt(x)", "no tangent of finite slope"),
     ("cbrt(x)", "no tangent of finite slope"), ("abs(x)", "a corner")],
)  # fmt: skip
def test_where_there_is_no_tangent(text: str, said: str) -> None:
    assert said in flat(written("tangent", text, "--at", "x=0"))


def test_the_plane() -> None:
    text = written("tangent", "x^2 + 2y^2", "--at", "x=3,y=1")
    assert "z = 6x + 4y - 11" in text
    rows = [line.split() for line in text.splitlines() if re.match(r"\s+[01][.\d]*\s+[01]", line)]
    assert rows[:3] == [["1", "0", "6", "7", "1"], ["0", "1", "4", "6", "2"], ["1", "1", "10", "13", "3"]]


# -- directional ---------------------------------------------------------------------------------------------------------


def test_the_direction_is_normalised_and_the_text_says_so() -> None:
    text = flat(written("directional", "x^2 + 2y^2", "--at", "x=3,y=1", "--toward", "3,4"))
    assert "(3, 4) has length 5. A slope is counted for one step, so the direction is divided by its length." in text
    assert "u = (1/5)*(3, 4) = (3/5, 4/5)" in text
    assert "D_u = 6*(3/5) + 4*(4/5) = 18/5 + 16/5 = 34/5" in text
    assert "in the order of the letters: x, y" in text
    assert "has length 1 already" in flat(written("directional", "x*y", "--at", "x=1,y=1", "--toward", "1,0"))


@pytest.mark.parametrize(("toward", "said"), [("6,4", "the gradient's own"), ("-3,-2", "opposite to the gradient"), ("-2,3", "at a right angle"), ("1,0", "this way climbs"), ("-1,0", "this way descends")])
def test_compared_with_the_steepest_way(toward: str, said: str) -> None:
    assert said in flat(written("directional", "x^2 + 2y^2", "--at", "x=3,y=1", "--toward", toward))


# -- jacobian ------------------------------------------------------------------------------------------------------------


def test_what_the_determinant_says() -> None:
    keeps, collapses, turns = (flat(written("jacobian", "(x*y, x + y^2)", "--wrt", order, "--at", at))
                               for order, at in (("x,y", "x=1,y=2"), ("x,y", "x=2,y=1"), ("y,x", "x=1,y=2")))  # fmt: skip
    assert "det(J) = 2*4 - 1 = 7" in keeps
    assert "small areas are multiplied by 7, and the orientation is kept" in keeps
    assert "the orientation is reversed" in turns
    assert "no smooth inverse near this point" in collapses
    assert "small volumes" in flat(written("jacobian", "(2x, 3y, 4z)", "--at", "x=1,y=1,z=1"))


def test_rows_are_worked_out_on_the_board() -> None:
    text = flat(written("jacobian", "(x*y, x + y^2)", "--plain"))
    for line in ("Row 1: f(x, y) = xy", "Row 2: g(x, y) = x + y^2", "J = [[y, x], [1, 2y]]", "det(J) = 2y^2 - x"):
        assert line in text


def test_typed_names_are_kept() -> None:
    assert written("jacobian", "G(a, b) = (a*b, a)").startswith("G(a, b) = (ab, a)")
    assert "Row 1: x(r, t) = r*cos(t)" in written("jacobian", "(x = r cos(t), y = r sin(t))")


# -- inverse -------------------------------------------------------------------------------------------------------------


def test_the_slope_is_the_reciprocal() -> None:
    text = flat(written("inverse", "x^3 + x", "--at", "y=10"))
    for line in ("g'(y) = 1/f'(g(y)) = 1/(3*g(y)^2 + 1)", "So g(10) = 2.", "f'(2) = 3*2^2 + 1 = 13", "g'(10) = 1/f'(2) = 1/13", "positive for every x"):
        assert line in text


def test_the_table_entry_follows() -> None:
    text = flat(written("inverse", "sin(x)", "--level", "full"))
    assert "g'(y) = 1/cos(arcsin(y)) = 1/sqrt(1 - y^2)" in text
    assert "f'(g(y))*g'(y) = 1" in text


def test_a_value_may_belong_to_several_places_or_none() -> None:
    assert "at several places: x = -2 and x = 2" in flat(written("inverse", "x^2", "--at", "y=4"))
    assert "There is no x with x^2 = -1" in flat(written("inverse", "x^2", "--at", "y=-1"))
    assert "No short exact solution" in flat(written("inverse", "x^5 + x", "--at", "y=1"))
    assert "its graph is vertical" in flat(written("inverse", "x^3", "--at", "x=0"))


# -- parametric ----------------------------------------------------------------------------------------------------------


def test_the_second_derivative_is_not_a_quotient_of_second_derivatives() -> None:
    text = flat(written("parametric", "(t^2, t^3)", "--at", "t=1"))
    for line in ("dy/dx = y'(t)/x'(t) = 3t^2/(2t)", "dy/dx = 3t/2", "= m'(t)/x'(t) = (3/2)/(2t)", "This is not y''(t)/x''(t)", "This holds for t != 0", "y = 3x/2 - 1/2"):
        assert line in text


@pytest.mark.parametrize(("curve", "at", "said"), [("(cos(t), sin(t))", "t=0", "the line x = 1, without a slope"), ("(t^2, t^3 - 3t)", "t=1", "horizontal"), ("(t^2, t^3)", "t=0", "tends to 0"), ("(t, -t^2)", "t=1", "bends downward")])
def test_what_the_curve_does_there(curve: str, at: str, said: str) -> None:
    assert said in flat(written("parametric", curve, "--at", at))


# -- wrong requests ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "said"),
    [(["tangent", "x^2"], "--at x=2"), (["tangent", "x^2", "--at", "x=1", "--step", "0"], "--step 0.1"), (["tangent", "a*x", "--at", "x=1"], "a=1"),
     (["directional", "x*y", "--at", "x=1,y=1"], "--toward 3,4"), (["directional", "x*y", "--at", "x=1,y=1", "--toward", "1"], "order x, y"),
     (["directional", "x*y", "--at", "x=1,y=1", "--toward", "0,0"], "points nowhere"), (["directional", "x*y", "--toward", "1,1"], "--at x=1,y=1"),
     (["jacobian", "(x, y", "--at", "x=1"], ")"), (["jacobian", "(1, 2)"], "--wrt x"), (["inverse", "x*y"], "one letter"), (["inverse", "7"], "no inverse"),
     (["parametric", "t^2"], "(t^2, t^3)"), (["parametric", "(a*t, t)"], "--wrt t"), (["parametric", "(3, t)"], "upright")],
    ids=lambda part: " ".join(part) if isinstance(part, list) else part,
)  # fmt: skip
def test_errors_say_what_to_do(args: list[str], said: str) -> None:
    result = tutor(*args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in flat(result.stderr)
    assert json.loads(tutor(*args, "--format", "json").stderr)["error"]["kind"]


@pytest.mark.parametrize("command", ["tangent", "directional", "jacobian", "inverse", "parametric"])
def test_help(command: str) -> None:
    text = tutor(command, "--help").stdout
    assert "EXPRESSION" in text
    assert "--at" in text


def test_a_negative_expression_is_no_option() -> None:
    assert "y = -2x + 1" in written("tangent", "-x^2", "--at", "x=1")


def test_a_text_may_come_from_standard_input() -> None:
    assert "y = 2x - 1" in written("tangent", "-", "--at", "x=1", typed="x^2\n")
