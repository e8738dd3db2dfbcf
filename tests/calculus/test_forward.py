"""Forward mode in balls: known values, and no value where the function has none."""

from __future__ import annotations

import pytest

from tutor import read
from tutor.calculus.forward import derivative_ball, quotient_ball
from tutor.form.evaluate import evaluate_ball


@pytest.mark.parametrize(
    ("text", "x"),
    [("(sqrt(x))^2", -1), ("ln(x)^0 * 2", -1), ("1/x", 0), ("abs(x)", 0), ("sqrt(-1)*x", 2), ("max(x, -x)", 0), ("x^(1/2)", -4), ("f(x)", 1)],
)
def test_no_derivative(text: str, x: int) -> None:
    assert not derivative_ball(read(text), {"x": x}, "x").is_finite()


@pytest.mark.parametrize("text", ["sin(x)", "x^x", "erf(x)", "max(x, 2)", "root(x, 3)", "log(x, 3)", "piecewise(x^2, x < 0; x^3)"])
def test_agrees_with_the_difference_quotient(text: str) -> None:
    form = read(text)
    quotient = quotient_ball(form, {"x": 1}, "x")
    assert quotient.is_finite()
    slope = derivative_ball(form, {"x": 1}, "x")
    assert slope.overlaps(quotient)


def test_the_quotient_serves_where_no_table_does() -> None:
    form, place = read("elliptic_k(x/9)"), {"x": 1}
    assert not derivative_ball(form, place, "x").is_finite()
    known = evaluate_ball(read("(elliptic_e(x/9) - (1 - x/9)*elliptic_k(x/9))/(2*(1 - x/9)*x)"), place, 480)
    assert quotient_ball(form, place, "x").overlaps(known)
