"""Curves by a parameter: SymPy as oracle, graphs and new parameters as laws."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.calculus.smooth import functions
from tests.conftest import MANY
from tutor.algebra.lower import lower, symbol
from tutor.calculus.differentiate import differentiate
from tutor.calculus.parametric import Parametric, parametric
from tutor.errors import ReadError, RequestError
from tutor.form.evaluate import evaluate, evaluate_ball
from tutor.form.reading import read
from tutor.form.tree import Form, Listing, Sym
from tutor.form.walk import substitute

CURVES = [
    "(t^2, t^3)", "(cos(t), sin(t))", "(3cos(t), 2sin(t))", "(t - sin(t), 1 - cos(t))", "(e^t, e^(-t))", "(t^2 + 1, ln(t))", "(e^t cos(t), e^t sin(t))",
    "(t^3 - 3t, t^2)", "(1/t, t^2)", "(cos(t)^3, sin(t)^3)", "(sinh(t), cosh(t))", "(t/(1 + t^2), 1/(1 + t^2))", "(sqrt(t), t)", "(2t + 1, 5)",
]  # fmt: skip
T = symbol("t")
small = st.integers(-5, 5)


def by_sympy(found: Parametric, order: int) -> Any:
    x, y = (lower(form) for form in found.coordinates)
    for _ in range(order):
        y = sympy.diff(y, T) / sympy.diff(x, T)
    return y


@pytest.mark.parametrize("text", CURVES)
def test_the_orders_are_sympys(text: str) -> None:
    found = parametric(text, order=3)
    for k, order in enumerate(found.orders, 1):
        theirs = by_sympy(found, k)
        for place in (Fraction(1, 2), Fraction(6, 5), Fraction(2)):
            number = complex(theirs.subs(T, sympy.Rational(place.numerator, place.denominator)).evalf(20))
            assert float(evaluate_ball(order.value, {"t": place})) == pytest.approx(number.real, rel=1e-9, abs=1e-12)
    assert found.proved


@settings(max_examples=40)
@given(st.lists(small, min_size=3, max_size=3), st.lists(small, min_size=4, max_size=4), small)
def test_polynomials(a: list[int], b: list[int], place: int) -> None:
    x, y = (" + ".join(f"({c})*t^{k}" for k, c in enumerate(coefficients)) for coefficients in (a, b))
    assume(any(a[1:]))
    found = parametric(f"({x}, {y})", at={"t": place}) if any(b[1:]) else parametric(f"({x}, {y} + t)", at={"t": place})
    assert found.here is not None
    if found.here.kind == "slope":
        for k, value in enumerate(found.here.slopes, 1):
            assert sympy.simplify(by_sympy(found, k)).subs(T, place) == lower(value.exact)  # type: ignore[arg-type]
    assert found.proved


@settings(max_examples=20 * MANY)
@given(functions.filter(lambda form: form.free == {"x"} and form.size < 25))
def test_of_a_graph_they_are_the_ordinary_derivatives(form: Form) -> None:
    """(t, f(t)) has the slope f′ and the second derivative f″."""
    graph = Listing("tuple", (Sym("t"), substitute(form, {"x": Sym("t")})))
    found = parametric(graph, "t")
    for order, one in enumerate(found.orders, 1):
        ordinary = differentiate(form, "x", order).value
        for place in (0.25, 1.25):
            expected = evaluate(ordinary, {"x": place})
            if abs(expected) < 1e6:
                assert evaluate(one.value, {"t": place}) == pytest.approx(expected, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("text", CURVES)
@pytest.mark.parametrize("clock", ["2t + 1", "t^3 + t", "e^t"])
def test_another_clock_gives_the_same_slopes(text: str, clock: str) -> None:
    """The derivatives by x belong to the curve, not to the speed with which it is passed through."""
    found = parametric(text)
    x, y = (substitute(form, {"t": read(clock)}) for form in found.coordinates)
    other = parametric(Listing("tuple", (x, y)))
    here = 0.3
    there = evaluate(read(clock), {"t": here})
    for one, two in zip(found.orders, other.orders, strict=True):
        assert evaluate(two.value, {"t": here}) == pytest.approx(evaluate(one.value, {"t": there}), rel=1e-8, abs=1e-10)


@pytest.mark.parametrize("text", CURVES)
def test_the_slope_is_that_of_a_chord(text: str) -> None:
    found, h = parametric(text, at="t=1.2"), 1e-5
    assert found.here is not None
    (x0, y0), (x1, y1) = ([evaluate(form, {"t": 1.2 + way * h}) for form in found.coordinates] for way in (-1, 1))
    assert found.here.kind == "slope"
    assert float(found.here.slopes[0].decimal or "nan") == pytest.approx((y1 - y0) / (x1 - x0), rel=1e-4, abs=1e-6)


def test_the_quotient_of_second_derivatives_is_something_else() -> None:
    found = parametric("(t^2, t^3)")
    assert str(found.orders[1].value) == "3/(4*t)"
    wrong = lower(read("3t^3")) / T**2  # y″/x″ = 6t/2
    assert sympy.simplify(lower(found.orders[1].value) - wrong) != 0


# -- at a point ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "at", "kind", "line"),
    [("(t^2, t^3)", "t=1", "slope", "3*x/2 - 1/2"), ("(cos(t), sin(t))", "t=pi/4", "slope", "-x + sqrt(2)"), ("(t^2, t^3 - 3t)", "t=1", "slope", "-2"),
     ("(cos(t), sin(t))", "t=0", "vertical", None), ("(t^2, t)", "t=0", "vertical", None), ("(t^2, t^3)", "t=0", "still", None), ("(t - sin(t), 1 - cos(t))", "t=0", "still", None),
     ("(1/t, t)", "t=0", "undefined", None), ("(t, abs(t))", "t=0", "undefined", None), ("(sqrt(t), t)", "t=0", "undefined", None), ("(t, ln(t))", "t=-1", "undefined", None)],
)  # fmt: skip
def test_kinds_of_points(text: str, at: str, kind: str, line: str | None) -> None:
    found = parametric(text, at=at)
    assert found.here is not None
    assert found.here.kind == kind
    assert (None if found.here.expanded is None else str(found.here.expanded)) == line
    assert found.proved


def test_a_point_that_stands_still_may_have_a_direction() -> None:
    cusp, cycloid = parametric("(t^2, t^3)", at="t=0").here, parametric("(t - sin(t), 1 - cos(t))", at="t=0").here
    assert cusp is not None
    assert cycloid is not None
    assert str(cusp.slopes[0].exact) == "0"
    assert cycloid.slopes[0].exact is None


@given(st.sampled_from(CURVES), st.integers(1, 6))
def test_the_tangent_passes_through_the_point_with_the_slope(text: str, tenths: int) -> None:
    here = parametric(text, at={"t": Fraction(tenths, 5)}).here
    assert here is not None
    assume(here.kind == "slope")
    x, line = symbol("x"), lower(here.expanded)  # type: ignore[arg-type]
    across, up = (lower(value.exact) for value in here.coordinates)  # type: ignore[arg-type]
    assert abs(complex((line.subs(x, across) - up).evalf())) < 1e-9
    assert abs(complex((sympy.diff(line, x) - lower(here.slopes[0].exact)).evalf())) < 1e-9  # type: ignore[arg-type]


# -- how a curve may be given --------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["(t^2, t^3)", "[t^2, t^3]", "(x = t^2, y = t^3)", "r(t) = (t^2, t^3)", read("(t^2, t^3)"), "(s^2, s^3)"])
def test_ways_to_give_a_curve(text: Any) -> None:
    found = parametric(text)
    assert str(found.orders[0].value) == f"3*{found.parameter}/2"
    assert found.names == ("x", "y")


def test_names_and_parameters() -> None:
    assert parametric("(x^2, x^3)").names == ("u", "v")
    assert parametric("(u = t, v = t^2)").names == ("u", "v")
    ellipse = parametric("(a cos(t), b sin(t))", "t")
    assert str(ellipse.orders[0].value) == "-b*cot(t)/a"
    assert [str(condition) for condition in ellipse.where] == ["a*sin(t) != 0"]
    assert ellipse.proved


def test_conditions() -> None:
    assert [str(condition) for condition in parametric("(t^2, t^3)").where] == ["t != 0"]
    assert [str(condition) for condition in parametric("(t^2 + 1, ln(t))").where] == ["t > 0"]
    assert parametric("(e^t, t)").where == ()


@pytest.mark.parametrize(
    ("text", "parameter", "order", "at", "kind"),
    [("x^2", None, 2, None, "curve"), ("(t, t, t)", None, 2, None, "curve"), ("(1, t)", None, 2, None, "curve"), ("(1, 2)", None, 2, None, "variable"), ("(a*t, t)", None, 2, None, "variable"),
     ("(t, t^2)", None, 9, None, "order"), ("(t, t^2)", None, 0, None, "order"), ("(t, t^2)", None, 2, "x=1", "point"), ("(x^2 + y^2 = 1, t)", None, 2, None, "equation")],
)  # fmt: skip
def test_requests_that_make_no_sense(text: str, parameter: str | None, order: int, at: str | None, kind: str) -> None:
    with pytest.raises(RequestError) as raised:
        parametric(text, parameter, order, at)
    assert raised.value.kind == kind


def test_texts_that_cannot_be_read() -> None:
    with pytest.raises(ReadError):
        parametric("(t^2, t^3")


def test_a_derivative_that_nobody_knows() -> None:
    here = parametric("(t, zeta(t))", at="t=2").here
    assert here is not None
    assert here.kind == "undefined"
