"""The tangent: numbers of the curriculum, Taylor's theorem as a law, SymPy and difference quotients as oracles."""

from __future__ import annotations

import itertools
import json
import math
from fractions import Fraction
from typing import Any

import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.calculus.smooth import functions
from tests.conftest import MANY
from tests.corpora import shared
from tutor.algebra.lower import lower, symbol
from tutor.calculus.tangent import Tangent, tangent
from tutor.errors import ReadError, RequestError
from tutor.form.evaluate import evaluate, evaluate_ball
from tutor.form.numerals import number, rational
from tutor.form.reading import read
from tutor.form.tree import Add, Form, Mul, Num, Pow, Sym

X = Sym("x")
small = st.integers(-9, 9)
fractions = st.fractions(min_value=-5, max_value=5, max_denominator=8)


def examples() -> dict[str, Any]:
    return {row["id"]: row for row in json.loads(shared("reference/worked_examples.json").read_text(encoding="utf-8"))}


def polynomial(coefficients: list[int]) -> Form:
    """c₀ + c₁x + c₂x² + …"""
    return Add(tuple(Mul((number(c), Pow(X, Num(k)))) for k, c in enumerate(coefficients)))


def value(coefficients: list[int], x: Fraction) -> Fraction:
    return sum((c * x**k for k, c in enumerate(coefficients)), Fraction(0))


# -- the numbers of the curriculum -------------------------------------------------------------------


@pytest.mark.parametrize("price", [2, 5, 7])
def test_the_coffee_shop(price: int) -> None:
    given_rows = examples()
    shop = tangent("P(p) = -20p^2 + 200p - 300", {"p": price})
    assert shop.slopes[0].exact is read(given_rows[f"coffee-slope-{price}"]["right"])
    derivative = lower(shop.partials[0].value) - lower(read(given_rows["coffee-derivative"]["right"]))
    assert sympy.expand(derivative) == 0
    change = given_rows.get(f"coffee-plus1-at{price}")
    if change is not None:
        assert shop.steps[0].true.exact is read(change["right"])
    assert shop.steps[0].difference.exact is shop.steps[0].predicted.exact is read("-20")  # type: ignore[union-attr]
    assert shop.is_quadratic
    assert shop.proved


def test_the_parabola() -> None:
    given_rows = examples()
    for row in (given_rows[f"quad-grad-{k}"] for k in (1, 2, 3)):
        place = Fraction(row["inputs"]["x"])
        assert rational(tangent("x^2 - 4x + 5", {"x": place}).slopes[0].exact) == Fraction(row["right"])  # type: ignore[arg-type]
    lowest = tangent("x^2 - 4x + 5", "x=2")
    assert (lowest.slopes[0].exact, str(lowest.expanded)) == (read(given_rows["quad-min-slope"]["right"]), "1")


def test_the_hill() -> None:
    hill = tangent("100 - x^2 - 2y^2", "x=3,y=1")
    assert [str(slope.exact) for slope in hill.slopes] == examples()["hill-gradient-3-1"]["right"]
    assert str(hill.expanded) == "-6*x - 4*y + 111"
    assert [str(step.true.exact) for step in hill.steps[:3]] == ["-7", "-6", "-13"]
    assert hill.proved


# -- laws ----------------------------------------------------------------------------------------------


@given(st.lists(small, min_size=3, max_size=3), fractions, fractions.filter(bool))
def test_of_a_quadratic_the_second_derivative_predicts_the_difference(c: list[int], place: Fraction, step: Fraction) -> None:
    found = tangent(polynomial(c), {"x": place}, step)
    for one in found.steps:
        assert one.predicted is not None
        assert rational(one.difference.exact) == rational(one.predicted.exact)  # type: ignore[arg-type]
        assert rational(one.difference.exact) == c[2] * rational(one.by[0]) ** 2  # type: ignore[arg-type, operator]
    assert found.proved


@given(st.lists(small, min_size=2, max_size=6), fractions, fractions.filter(bool))
def test_the_table_is_right_for_polynomials(c: list[int], place: Fraction, step: Fraction) -> None:
    found = tangent(polynomial(c), {"x": place}, step)
    slope = sum((k * a * place ** (k - 1) for k, a in enumerate(c) if k), Fraction(0))
    for one, h in zip(found.steps, (step, step / 10, step / 100), strict=True):
        true = value(c, place + h) - value(c, place)
        assert rational(one.linear.exact) == slope * h  # type: ignore[arg-type]
        assert rational(one.true.exact) == true  # type: ignore[arg-type]
        assert rational(one.difference.exact) == true - slope * h  # type: ignore[arg-type]


@given(st.lists(small, min_size=2, max_size=5), fractions)
def test_the_line_touches(c: list[int], place: Fraction) -> None:
    """L(a) = f(a), L is linear, and f − L vanishes twice at a."""
    found = tangent(polynomial(c), {"x": place})
    x, at = symbol("x"), sympy.Rational(place.numerator, place.denominator)
    line, gap = lower(found.expanded), lower(polynomial(c)) - lower(found.expanded)
    assert sympy.diff(line, x, 2) == 0
    assert sympy.expand(gap).subs(x, at) == 0
    assert sympy.diff(sympy.expand(gap), x).subs(x, at) == 0
    assert sympy.expand(lower(found.touching) - line) == 0


@settings(max_examples=25 * MANY)
@given(functions.filter(lambda form: form.free == {"x"}), st.sampled_from(["1/2", "1", "-1", "2"]))
def test_smooth_functions(form: Form, place: str) -> None:
    """SymPy's slope, a difference quotient, and the change from one float to the other."""
    found = tangent(form, {"x": place})
    assume(not found.trouble)
    at = float(Fraction(place))
    slope, here = float(evaluate_ball(found.slopes[0].substituted, {})), evaluate(form, {"x": at})
    assume(abs(here) < 1e4 and abs(slope) < 1e4)
    assert slope == pytest.approx(float(sympy.diff(lower(form), symbol("x")).subs(symbol("x"), at).evalf()), rel=1e-6, abs=1e-9)
    quotient = (evaluate(form, {"x": at + 1e-5}) - evaluate(form, {"x": at - 1e-5})) / 2e-5
    assert slope == pytest.approx(quotient, rel=1e-3, abs=1e-3 * (1 + abs(here)))
    step = found.steps[-1]
    if step.true.exact is not None:
        assert float(evaluate_ball(step.true.exact, {})) == pytest.approx(evaluate(form, {"x": at + 0.01}) - here, rel=1e-6, abs=1e-9 * (1 + abs(here)))
    assert not any(audit.failed for audit in found.audits)


@settings(max_examples=40)
@given(st.lists(small, min_size=6, max_size=6), small, small, fractions.filter(bool))
def test_the_plane_is_sympys(c: list[int], a: int, b: int, step: Fraction) -> None:
    text = f"({c[0]})*x^3 + ({c[1]})*x^2*y + ({c[2]})*x*y^2 + ({c[3]})*y^3 + ({c[4]})*x + ({c[5]})*y"
    found = tangent(text, {"x": a, "y": b}, step)
    x, y, f = symbol("x"), symbol("y"), lower(read(text))
    here = {x: a, y: b}
    plane = f.subs(here) + sympy.diff(f, x).subs(here) * (x - a) + sympy.diff(f, y).subs(here) * (y - b)
    assert sympy.expand(lower(found.expanded) - plane) == 0
    h = sympy.Rational(step.numerator, step.denominator)
    for one, (dx, dy) in zip(found.steps, [(h, 0), (0, h), (h, h), (h / 10, h / 10), (h / 100, h / 100)], strict=True):
        assert lower(one.true.exact) == f.subs({x: a + dx, y: b + dy}) - f.subs(here)  # type: ignore[arg-type]
        assert lower(one.linear.exact) == (plane.subs({x: a + dx, y: b + dy}) - f.subs(here))  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["sin(x)", "e^x", "ln(x + 2)", "sqrt(x + 3)", "1/(x + 4)", "atan(x)"])
def test_the_difference_shrinks_like_the_square(text: str) -> None:
    found = tangent(text, {"x": 1}, "0.1")
    sizes = [abs(float(step.difference.decimal or "nan")) for step in found.steps]
    assert [before / after for before, after in itertools.pairwise(sizes)] == pytest.approx([100, 100], rel=0.15)
    assert found.proved


# -- other values, other letters -----------------------------------------------------------------------


def test_exact_values() -> None:
    found = tangent("sin(x)", "x=pi/4")
    assert found.height.exact is found.slopes[0].exact is read("sqrt(2)/2")
    assert found.bend is not None
    assert str(found.bend.exact) == "-sqrt(2)/2"
    assert found.proved


def test_decimals_stay_exact() -> None:
    cookies = tangent("-0.01T^2 - 0.5t^2 + 3T + 10t", "T=150,t=10")
    assert (cookies.variables, str(cookies.expanded), str(cookies.height.exact)) == (("T", "t"), "275", "275")


def test_more_than_two_letters() -> None:
    found = tangent("x*y*z", "x=1,y=2,z=3")
    assert str(found.expanded) == "6*x + 3*y + 2*z - 12"
    assert [len(step.by) for step in found.steps] == [3, 3, 3]
    assert found.second is None
    assert found.proved


@pytest.mark.parametrize(("text", "line"), [("5", "5"), ("3x + 1", "3*x + 1"), ("x^2", "2*x - 1"), ("1/x", "-x + 2"), ("-x", "-x")])
def test_lines(text: str, line: str) -> None:
    assert str(tangent(text, "x=1").expanded) == line


def test_letters_of_the_point_count_even_where_the_function_has_them_not() -> None:
    assert str(tangent("x^2", "x=1,y=5").expanded) == "2*x - 1"


@pytest.mark.parametrize("step", ["1/3", "-0.5", "pi", "sqrt(2)"])
def test_steps_may_be_any_number(step: str) -> None:
    found = tangent("x^2", "x=1", step)
    assert float(evaluate_ball(found.steps[0].difference.exact, {})) == pytest.approx(float(evaluate_ball(read(step), {})) ** 2)  # type: ignore[arg-type]
    assert found.proved


def test_a_step_may_leave_the_domain() -> None:
    found = tangent("ln(x)", "x=1", -1)
    assert found.steps[0].true.exact is found.steps[0].difference.exact is None
    assert found.steps[1].true.decimal == "-0.105361"
    assert found.proved


# -- where there is none -------------------------------------------------------------------------------

TROUBLE = [
    ("abs(x)", "x=0", "slope"), ("abs(x - 1) + x", "x=1", "slope"), ("max(x, 1)", "x=1", "slope"), ("relu(x)", "x=0", "slope"), ("floor(x)", "x=2", "slope"),
    ("1/x", "x=0", "value"), ("ln(x)", "x=0", "value"), ("sqrt(x)", "x=-1", "value"), ("tan(x)", "x=pi/2", "value"), ("asin(x)", "x=2", "value"),
    ("sqrt(x)", "x=0", "vertical"), ("cbrt(x)", "x=0", "vertical"), ("asin(x)", "x=1", "vertical"), ("x^(2/3)", "x=0", "vertical"),
    ("abs(x) + y", "x=0,y=1", "slope"), ("x/y", "x=1,y=0", "value"), ("sqrt(x^2 + y^2)", "x=0,y=0", "slope"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "at", "trouble"), TROUBLE)
def test_there_is_no_tangent(text: str, at: str, trouble: str) -> None:
    found = tangent(text, at)
    assert (found.trouble, found.steps) == (trouble, ())
    assert not any(audit.failed for audit in found.audits)


@pytest.mark.parametrize(("text", "at"), [(text, at) for text, at, trouble in TROUBLE if trouble == "vertical"])
def test_an_infinite_slope_is_infinite(text: str, at: str) -> None:
    """Close to the point the slope exceeds any bound."""
    found = tangent(text, at)
    place = float(evaluate_ball(found.point["x"], {}))
    slopes = [abs(evaluate(found.partials[0].value, {"x": place + way * 1e-12})) for way in (1, -1)]
    assert max(slope for slope in slopes if not math.isnan(slope)) > 1e3


def test_a_corner_is_told_from_a_smooth_join() -> None:
    corner, smooth = tangent("abs(x)", "x=0"), tangent("x*abs(x)", "x=0")
    assert [str(slope.exact) for _, slope in corner.sides] == ["-1", "1"]
    assert corner.is_corner
    assert not smooth.is_corner
    assert tangent("sqrt(x)^3", "x=0").sides == ()


@pytest.mark.parametrize(
    ("text", "at", "step", "kind"),
    [("x^2", "", 1, "point"), ("x^2", "x=1", 0, "step"), ("x^2", "x=1", "h", "step"), ("x^2", "x=1", "1/0", "step"), ("a*x", "x=1", 1, "point"),
     ("x^2 + y^2 = 1", "x=1,y=0", 1, "equation"), ("(x, y)", "x=1,y=0", 1, "several"), ("x^2", "x=1,x=2", 1, "point"), ("x^2", "2", 1, "point")],
)  # fmt: skip
def test_requests_that_make_no_sense(text: str, at: str, step: Any, kind: str) -> None:
    with pytest.raises(RequestError) as raised:
        tangent(text, at, step)
    assert raised.value.kind == kind


def test_a_point_in_letters_is_no_point() -> None:
    with pytest.raises(RequestError):
        tangent("x^2", {"x": Sym("a")})
    with pytest.raises(ReadError):
        tangent("x^2", "x=(1")


def test_a_tangent_is_a_value() -> None:
    assert isinstance(tangent("x^2", "x=1"), Tangent)
    assert tangent("x^2", "x=1")._repr_latex_() == read("2x - 1")._repr_latex_()


def test_a_derivative_that_nobody_knows() -> None:
    assert tangent("zeta(x)", "x=2").trouble == "slope"
    assert tangent("f(x)^2", "x=1").trouble == "value"
