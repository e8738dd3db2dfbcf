"""The derivative of the inverse: by bisection, by the inverse's own name, by both ways to give the point."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor.algebra.lower import lower, symbol
from tutor.calculus.inverse import InverseDerivative, inverse_derivative
from tutor.errors import RequestError
from tutor.form.evaluate import evaluate, evaluate_ball, holds
from tutor.form.numerals import rational
from tutor.form.reading import read
from tutor.form.tree import Form

RISING = ["x^3 + x", "e^x + x", "x + sin(x)/2", "sinh(x)", "x^5 + 2x", "atan(x)", "x/sqrt(1 + x^2)", "2x + 7", "tanh(x) + x", "ln(x + 3)", "sqrt(x + 3)"]


def preimage(form: Form, value: float, low: float = -2.9, high: float = 20.0) -> float:
    """Where a rising function takes a value."""
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if evaluate(form, {"x": middle}) < value else (low, middle)
    return (low + high) / 2


def number(form: Form | None) -> float:
    assert form is not None
    return float(evaluate_ball(form, {}))


@pytest.mark.parametrize("text", RISING)
@pytest.mark.parametrize("place", ["1", "0", "-1/2", "2"])
def test_a_difference_quotient_of_the_inverse(text: str, place: str) -> None:
    found = inverse_derivative(text, {"x": place})
    (branch,) = found.branches
    assert branch.inverse is not None
    form, h = read(text), 1e-5
    value = number(branch.value.exact)
    ratio = (preimage(form, value + h) - preimage(form, value - h)) / (2 * h)
    assert number(branch.inverse.exact) == pytest.approx(ratio, rel=1e-5)
    assert found.proved


@settings(max_examples=40)
@given(st.integers(1, 5), st.integers(1, 9), st.integers(-9, 9), st.fractions(-4, 4, max_denominator=4))
def test_cubics(a: int, b: int, c: int, place: Fraction) -> None:
    """Of a rising cubic the place is found exactly where it is rational, and the slope is the reciprocal."""
    text = f"{a}x^3 + {b}x + {c}"
    value = a * place**3 + b * place + c
    given_place, given_value = inverse_derivative(text, {"x": place}), inverse_derivative(text, {"y": value})
    assert given_place.direction == ">"
    for found in (given_place, given_value):
        (branch,) = found.branches
        assert rational(branch.place) == place
        assert branch.inverse is not None
        assert branch.inverse.exact is not None
        assert rational(branch.inverse.exact) == 1 / (3 * a * place**2 + b)
        assert found.proved


NAMED = ["sin(x)", "cos(x)", "tan(x)", "cot(x)", "sinh(x)", "cosh(x)", "tanh(x)", "coth(x)", "e^x", "ln(x)", "atan(x)", "asinh(x)", "atanh(x)"]


@pytest.mark.parametrize("text", NAMED)
def test_inverses_that_have_a_name(text: str) -> None:
    """f(g(y)) = y, and 1/f′(g(y)) is what the table and SymPy say of g."""
    found = inverse_derivative(text)
    assert found.known is not None
    assert found.named is not None
    y = symbol("y")
    for place in (Fraction(1, 3), Fraction(3, 2)):
        if not all(holds(condition, {"y": place}) for condition in found.named.conditions):
            continue
        back = evaluate(found.function, {"x": evaluate(found.known, {"y": float(place)})})
        assert back == pytest.approx(float(place))
        theirs = sympy.diff(lower(found.known), y).subs(y, sympy.Rational(place.numerator, place.denominator)).evalf()
        assert evaluate(found.named.value, {"y": float(place)}) == pytest.approx(float(theirs))
    assert found.confirmed if text in ("asinh(x)", "atanh(x)") else found.proved


@pytest.mark.parametrize(
    ("text", "value", "place", "slope"),
    [("sin(x)", "1/2", "pi/6", "2/sqrt(3)"), ("e^x", "3", "ln(3)", "1/3"), ("ln(x)", "1", "e", "e"), ("tan(x)", "1", "pi/4", "1/2"), ("2x + 3", "7", "2", "1/2"),
     ("x^3 + x", "10", "2", "1/13"), ("sqrt(x)", "2", "4", "4"), ("1/x", "2", "1/2", "-1/4")],
)  # fmt: skip
def test_exact_places(text: str, value: str, place: str, slope: str) -> None:
    found = inverse_derivative(text, f"y={value}")
    (branch,) = found.branches
    assert branch.place is read(place)
    assert branch.inverse is not None
    assert sympy.simplify(lower(branch.inverse.exact) - lower(read(slope))) == 0  # type: ignore[arg-type]
    assert not branch.numeric
    assert found.proved


@pytest.mark.parametrize("text", ["x^3 + x", "e^x", "ln(x)", "x/(1 + x^2)", "sqrt(x)", "x^2 - x"])
def test_the_general_formula(text: str) -> None:
    """1/f′ at g(y), written as one fraction."""
    found = inverse_derivative(text)
    for place in (0.6, 0.75, 2.5):
        assert evaluate(found.reciprocal, {"x": place}) == pytest.approx(1 / evaluate(found.slope.value, {"x": place}))
    assert found.general.free <= {"y"}
    assert f"{found.name}(y)" in str(found.general)


def test_several_places_have_an_inverse_each() -> None:
    found = inverse_derivative("x^2", "y=4")
    assert [(str(branch.place), str(branch.inverse and branch.inverse.exact)) for branch in found.branches] == [("-2", "-1/4"), ("2", "1/4")]
    assert found.complete
    assert found.proved


def test_of_a_periodic_function_some_are_found() -> None:
    found = inverse_derivative("sin(2x)", "y=1/2")
    assert not found.complete
    assert all(branch.value.exact is read("1/2") for branch in found.branches)
    assert found.proved


def test_a_place_that_is_only_a_decimal() -> None:
    found = inverse_derivative("x^5 + x", "y=1")
    (branch,) = found.branches
    assert branch.numeric
    assert number(branch.place) == pytest.approx(0.7548776662466927)
    assert branch.inverse is not None
    assert float(branch.inverse.decimal or "nan") == pytest.approx(1 / (5 * 0.7548776662466927**4 + 1), rel=1e-5)
    assert found.proved  # that the place fits to nine digits


@pytest.mark.parametrize(("text", "value"), [("x^2", "-1"), ("e^x", "-1"), ("e^x", "0"), ("sin(x)", "2"), ("1/x", "0")])
def test_values_that_are_never_taken(text: str, value: str) -> None:
    found = inverse_derivative(text, f"y={value}")
    assert (found.branches, found.complete) == ((), True)


@pytest.mark.parametrize(
    ("text", "at", "trouble"),
    [("x^2", "x=0", "flat"), ("x^3", "y=0", "flat"), ("cos(x)", "x=0", "flat"), ("ln(x)", "x=-1", "value"), ("1/x", "x=0", "value"), ("abs(x)", "x=0", "slope"),
     ("cbrt(x)", "x=0", "slope")],
)  # fmt: skip
def test_where_there_is_no_derivative(text: str, at: str, trouble: str) -> None:
    found = inverse_derivative(text, at)
    assert [branch.trouble for branch in found.branches] == [trouble]
    assert all(branch.inverse is None for branch in found.branches)
    assert not any(audit.failed for audit in found.audits)


@pytest.mark.parametrize(
    ("text", "direction", "regular"),
    [("x^3 + x", ">", None), ("-x^3 - x", "<", None), ("e^x", ">", None), ("e^(-x)", "<", None), ("x^2", "", "x != 0"), ("x^3", "", "x != 0"), ("1/x", "", None),
     ("x^2 - x", "", "x != 1/2"), ("5 - 2x", "<", None)],
)  # fmt: skip
def test_where_there_is_an_inverse(text: str, direction: str, regular: str | None) -> None:
    found = inverse_derivative(text)
    assert found.direction == direction
    assert (None if found.regular is None else str(found.regular)) == regular
    assert found.proved


def test_letters() -> None:
    assert inverse_derivative("y^3 + y").letter == "z"
    assert inverse_derivative("P(p) = 2p + 1", "q=5").letter == "q"
    assert inverse_derivative("x^3").name == "g"
    assert inverse_derivative("g(x) = x^3 + x").name == "h"
    assert inverse_derivative("f(x) + x").name == "k"  # g is what the function itself will be called
    assert inverse_derivative("y = x^3 + x", "y=10").branches[0].place is read("2")


@pytest.mark.parametrize(
    ("text", "at", "kind"),
    [("5", None, "variable"), ("x*y", None, "variable"), ("x - x", None, "function"), ("x^2", "x=1,y=1", "point"), ("x^2", {"x": "a"}, "point"), ("x^2 + y^2 = 1", None, "equation"),
     ("(x, x^2)", None, "several")],
)  # fmt: skip
def test_requests_that_make_no_sense(text: str, at: str | None, kind: str) -> None:
    with pytest.raises(RequestError) as raised:
        inverse_derivative(text, at)
    assert raised.value.kind == kind


def test_it_is_a_value() -> None:
    assert isinstance(inverse_derivative("x^3 + x"), InverseDerivative)
    assert inverse_derivative("2x + 7")._repr_latex_() == read("1/2")._repr_latex_()


def test_a_derivative_that_nobody_knows() -> None:
    (branch,) = inverse_derivative("zeta(x)", "x=2").branches
    assert branch.trouble == "slope"
