"""Requests that make no sense get an error that says what to do; names, orders, points, gradients."""

from __future__ import annotations

import pytest

from tutor import RequestError, differentiate, explain, gradient, read
from tutor.calculus.points import read_point, value_at


@pytest.mark.parametrize(
    ("call", "kind"),
    [
        (lambda: differentiate("x*y"), "variable"),
        (lambda: differentiate("x^2 + y^2 = 25", "x"), "equation"),
        (lambda: differentiate("(x, y)", "x"), "several"),
        (lambda: differentiate("[0, 1)", "x"), "several"),
        (lambda: differentiate("2*(x, y)", "x"), "several"),
        (lambda: differentiate("x", "x", 0), "order"),
        (lambda: differentiate("x", "x", 99), "order"),
        (lambda: differentiate("x", "2x"), "variable"),
        (lambda: differentiate("x", another_way=5), "route"),
        (lambda: gradient("5"), "variable"),
        (lambda: gradient("x*y", ["x", "x"]), "variable"),
        (lambda: gradient("x*y").at("x=1"), "point"),
        (lambda: read_point("x=1,x=2"), "point"),
        (lambda: read_point("x^2"), "point"),
        (lambda: read_point("x=y"), "point"),
        (lambda: explain("x^2", level="loud"), "level"),
        (lambda: explain("x^2").text("pdf"), "format"),
        (lambda: read("x").evaluate(y=1.0), "value"),
    ],
)
def test_kind(call: object, kind: str) -> None:
    with pytest.raises(RequestError) as raised:
        call()  # type: ignore[operator]
    assert raised.value.kind == kind
    assert raised.value.message


def test_definitions_are_taken_apart() -> None:
    assert differentiate("P(p) = -20p^2 + 200p - 300").value is read("-40p + 200")
    assert differentiate("y = x^2").value is read("2x")


def test_decimals_stay_exact() -> None:
    assert str(differentiate("-0.01T^2 - 0.5t^2 + 3T + 10t", "T").value) == "-0.02*T + 3"
    assert str(differentiate("0.1x*0.2x").value) == "0.04*x"


def test_hill() -> None:
    here = gradient("100 - x^2 - 2y^2").at("x=3,y=1")
    assert [str(part.exact) for part in here.components] == ["-6", "-4"]
    assert str(here.length.exact) == "2*sqrt(13)"
    assert here.direction is not None
    flat = gradient("x^2 + y^2").at("x=0,y=0")
    assert flat.direction is None


@pytest.mark.parametrize(
    ("form", "point", "exact", "decimal"),
    [
        ("sin(x)", "x=pi/6", "1/2", "0.5"), ("ln(x)", "x=1", "0", "0"), ("e^x", "x=1", "e", "2.71828"),
        ("1/x", "x=0", None, None), ("sqrt(x)", "x=8", "2*sqrt(2)", "2.82843"), ("x^2", "x=0.1", "0.01", "0.01"), ("x/3", "x=1", "1/3", "0.333333"),
    ],
)  # fmt: skip
def test_values(form: str, point: str, exact: str | None, decimal: str | None) -> None:
    value = value_at(read(form), read_point(point))
    assert (None if value.exact is None else str(value.exact), value.decimal) == (exact, decimal)


@pytest.mark.parametrize(
    ("text", "conditions"),
    [
        ("((-x*pi)*sqrt(x))^2", ["x >= 0"]), ("sqrt(x)", ["x > 0"]), ("1/(x - 2)", ["x != 2"]), ("ln(7 - 3x)", ["x < 7/3"]),
        ("ln(x*sqrt(x + 1)/(x - 2)^3)", ["x > 2"]), ("asin(2x)", ["-1/2 < x < 1/2"]), ("x/(x^2 + 1)", []), ("e^x*sin(x)*x", []),
        ("tan(x)", ["cos(x) != 0"]), ("x^x", ["x > 0"]), ("abs(x)", ["x != 0"]),
    ],
)  # fmt: skip
def test_conditions(text: str, conditions: list[str]) -> None:
    assert [str(condition) for condition in differentiate(text, "x").conditions] == conditions
