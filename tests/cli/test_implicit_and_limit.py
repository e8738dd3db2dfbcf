"""`tutor implicit` and `tutor limit` as a person calls them: every format, what is said, what is refused."""

from __future__ import annotations

import json

import pytest

from tests.cli.command import FORMATS, tutor, written
from tests.cli.test_json import checked, steps_of
from tutor import read

IMPLICIT = [
    ["implicit", "x^2 + y^2 = 25", "--order", "2", "--at", "x=3,y=4"],
    ["implicit", "x^2 + y^2 = 25", "--at", "x=5,y=0"],
    ["implicit", "x^3 + y^3 = 3x*y", "--order", "3", "--at", "x=0,y=0"],
    ["implicit", "sqrt(x) + sqrt(y) = 1", "--at", "x=0,y=1"],
    ["implicit", "P*V = n*R*T", "--wrt", "V", "--of", "P", "--level", "full"],
    ["implicit", "tan(y) = x", "--order", "2", "--level", "full"],
    ["implicit", "u^2 = v", "--level", "brief"],
    ["implicit", "\\frac{x^2}{a^2} + \\frac{y^2}{b^2} = 1"],
    ["implicit", "(x^2 + y^2)^2 = x^2 - y^2", "--order", "2"],
]
LIMIT = [
    ["limit", "x^2", "--at", "x=3"],
    ["limit", "x^2"],
    ["limit", "x^2 + sin(x) - 3e^x", "--level", "full"],
    ["limit", "abs(x)", "--at", "x=0"],
    ["limit", "sin(x)/x", "--at", "x=0"],
    ["limit", "cbrt(x)", "--at", "x=0"],
    ["limit", "e^(x^2)", "--at", "x=1"],
    ["limit", "x*y^2", "--wrt", "y"],
    ["limit", "P(p) = -20p^2 + 200p - 300", "--at", "p=2", "--level", "brief"],
    ["limit", "piecewise(x^2, x < 1; 3x)", "--at", "x=1"],
    ["limit", "sqrt(x)", "--at", "x=0", "--level", "brief"],
    ["limit", "sec(x)"],
]


@pytest.mark.parametrize("args", [*IMPLICIT, *LIMIT], ids=" ".join)
@pytest.mark.parametrize("format", FORMATS)
def test_every_format(args: list[str], format: str) -> None:
    output = written(*args, "--format", format)
    assert output.endswith("\n")
    if format in ("terminal", "plain"):
        assert max(map(len, output.splitlines())) <= 80
    if format == "plain":
        assert output.isascii()
    if format == "json":
        checked(args[0], json.loads(output))


@pytest.mark.parametrize("args", [*IMPLICIT, *LIMIT], ids=" ".join)
def test_every_line_is_proved(args: list[str]) -> None:
    data = json.loads(written(*args, "--format", "json"))
    assert data["proved"] is True
    assert all(claim["proved"] for claim in data["claims"])
    assert all(step["proved"] for one in data["derivations"] for step in steps_of(one["steps"]))
    assert written(*args).splitlines()[-1].startswith("every line proved")


@pytest.mark.parametrize("args", [["implicit", "x^3 + y^3 = 3x*y", "--order", "2"], ["limit", "x^2 + sin(x)"]], ids=" ".join)
def test_levels_differ_in_length(args: list[str]) -> None:
    brief, normal, full = (len(written(*args, "--level", level)) for level in ("brief", "normal", "full"))
    assert 3 * brief < 2 * normal
    assert normal < full


# -- implicit ----------------------------------------------------------------------------------------


def test_the_circle_at_80_columns() -> None:
    page = written(*IMPLICIT[0], "--format", "terminal")
    for line in (
        "Along this curve y depends on x: treat y as a function of x.", "2x + 2y y′ = 0", "2y y′ = −2x", "Divide by 2y", "y′ = −x/y", "Put in y′ = −x/y",
        "Use the equation of the curve: there y² + x² = 25", "y″ = −25/y³", "This holds for y ≠ 0.", "3² + 4² = 25", "y = 4 − 3(x − 3)/4 = 25/4 − 3x/4",
    ):  # fmt: skip
        assert line in page
    assert "y(x)" not in page


@pytest.mark.parametrize("level", ["brief", "normal", "full"])
@pytest.mark.parametrize("format", ["terminal", "plain", "latex", "markdown", "speech"])
def test_y_is_written_without_its_argument(level: str, format: str) -> None:
    page = written("implicit", "sin(x*y) + y^2 = x", "--order", "2", "--level", level, "--format", format)
    assert not any(sign in page for sign in ("y(x)", "y'(x)", "y′(x)", "y of x", "∂"))


def test_letters_that_were_chosen_are_named() -> None:
    assert "Here v is taken as a function of u" in written("implicit", "u^2 = v")
    assert "taken as a function" not in written("implicit", "u^2 = v", "--wrt", "u")
    assert "R, T and n are constants." in written("implicit", "P*V = n*R*T", "--wrt", "V", "--of", "P")
    assert "x' = " in written("implicit", "y = x^3", "--wrt", "y", "--of", "x")


def test_special_points_are_spoken_of() -> None:
    assert "The tangent is vertical, the line x = 5" in " ".join(written(*IMPLICIT[1]).split())
    assert "The formula gives 0/0" in " ".join(written(*IMPLICIT[2]).split())
    assert "does not exist, so this way gives no slope here" in " ".join(written(*IMPLICIT[3]).split())


def test_the_full_level_checks_by_partial_derivatives() -> None:
    assert "is -P/V. The two agree." in " ".join(written(*IMPLICIT[4]).split())


def test_the_data_of_a_curve() -> None:
    data = json.loads(written(*IMPLICIT[0], "--format", "json"))
    assert (data["variable"], data["of"], data["values"]) == ("x", "y", ["-x/y", "-25/y^3"])
    assert [line["rule"] for line in data["solving"]] == ["moved", "divided"]
    assert data["conditions"] == ["y != 0"]
    assert data["at"]["kind"] == "regular"
    assert [value["exact"] for value in data["at"]["values"]] == ["-3/4", "-25/64"]
    for text in (data["differentiated"], *data["values"], *(line["equation"] for line in data["solving"]), data["at"]["tangent"]):
        assert str(read(text)) == text


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["x^2 + y^2"], "such as x^2 + y^2 = 1"),
        (["x^2 < y"], "no inequality"),
        (["x^2 = 4"], "only x"),
        (["a*b*c = 1"], "--wrt a --of b"),
        (["x^2 + y^2 = 25", "--at", "x=3,y=3"], "the left side is 18 there, the right side 25"),
        (["x^2 + y^2 = 25", "--at", "x=3"], "Add it, such as y=1"),
        (["x^2 + y^2 = 25", "--of", "z"], "no letter z"),
        (["max(x, y) = 3"], "without cases"),
        (["2*(x + y = 3"], "not closed"),
        (["x^2 + y^2 = 25", "--order", "9"], "9"),
    ],
)
def test_a_curve_that_is_none(args: list[str], said: str) -> None:
    result = tutor("implicit", *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in " ".join(result.stderr.split())


# -- limit -------------------------------------------------------------------------------------------


def test_the_square_at_three() -> None:
    page = written(*LIMIT[0], "--format", "terminal")
    lines = ["q(h) = (f(3 + h) − f(3))/h", "q(h) = ((3 + h)² − 9)/h", "q(h) = (9 + 6h + h² − 9)/h", "q(h) = (6h + h²)/h", "q(h) = 6 + h", "f′(3) = 6"]
    places = [page.index(line) for line in lines]
    assert places == sorted(places)
    assert "None of these is the derivative." in page
    assert "The two ways agree." in " ".join(page.split())


def test_two_sides_that_disagree() -> None:
    page = " ".join(written(*LIMIT[3]).split())
    assert "From the right: h > 0" in page
    assert "From the left: h < 0" in page
    assert "-1 from the left, 1 from the right. The limit does not exist" in page


def test_where_there_is_no_value_there_is_no_derivative() -> None:
    assert "f(x) has no value at x = 0. Without f(0) there is no difference quotient" in " ".join(written(*LIMIT[4]).split())


def test_a_line_has_the_same_quotient_everywhere() -> None:
    assert "the same for every h, because the graph is a line" in " ".join(written("limit", "5x + 1").split())


def test_the_typed_name_is_kept() -> None:
    page = written("limit", "P(p) = -20p^2 + 200p - 300", "--at", "p=2")
    assert "P'(2) = 120" in page
    assert "(P(2 + h) - P(2))/h" in page


def test_the_data_of_a_limit() -> None:
    data = json.loads(written(*LIMIT[0], "--format", "json"))
    assert (data["place"], data["quotient"], data["value"], data["by_rules"]) == ("3", "((3 + h)^2 - 9)/h", "6", "6")
    assert [line["rule"] for line in data["sides"][0]["terms"][0]["lines"]] == ["multiply_out", "collect", "cancel"]
    assert [row["quotient"] for row in data["table"]["rows"]] == ["6.1", "6.01", "6.001", "5.9", "5.99", "5.999"]
    assert json.loads(written(*LIMIT[4], "--format", "json"))["trouble"] == "value"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["x*y"], "--wrt x"), (["max(x, 0)"], "--at x=1"), (["x^2", "--at", "y=3"], "no letter y"), (["x^2 = 3"], "Give one side"), (["x^2", "--at", "x"], "x=3,y=1"),
        (["f(x) + 1", "--wrt", "x"], "Give a formula"),
    ],
)  # fmt: skip
def test_a_limit_that_makes_no_sense(args: list[str], said: str) -> None:
    result = tutor("limit", *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in " ".join(result.stderr.split())
