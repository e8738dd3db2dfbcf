"""Slopes of curves against SymPy's idiff, against partial derivatives, and against points of the curve nearby."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import TypeVar

import pytest
import sympy
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.calculus.smooth import functions
from tests.conftest import MANY
from tutor import RequestError, differentiate, read
from tutor.algebra.equal import by_samples
from tutor.algebra.lower import lower
from tutor.calculus.curve import curve_of
from tutor.calculus.implicit import HIGHEST_ORDER, implicit
from tutor.calculus.linear import has, solved
from tutor.form.evaluate import evaluate, evaluate_ball
from tutor.form.numerals import number
from tutor.form.tree import Add, Apply, Div, Form, Mul, Neg, Num, Pow, Relation, Sym, total
from tutor.form.walk import substitute

QUICK = settings(max_examples=40 * MANY, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
T = TypeVar("T")
X, Y = sympy.Symbol("x", real=True), sympy.Symbol("y", real=True)

KNOWN = [
    ("x^2 + y^2 = 25", ["-x/y", "-25/y^3"]),
    ("x^3 + y^3 = 3x*y", ["(y - x^2)/(y^2 - x)", "-2*x*y/(y^2 - x)^3"]),
    ("sqrt(x) + sqrt(y) = 1", ["-sqrt(y)/sqrt(x)", "1/(2*x^(3/2))"]),
    ("x^2/a^2 + y^2/b^2 = 1", ["-b^2*x/(a^2*y)", "-b^4/(a^2*y^3)"]),
    ("tan(y) = x", ["1/(1 + x^2)", "-2*x/(1 + x^2)^2"]),
    ("sin(y) = x", ["1/cos(y)", "x/cos(y)^3"]),
    ("e^y = x", ["1/x", "-1/x^2"]),
    ("x*y = 1", ["-y/x", "2*y/x^2"]),
    ("y^5 + y = x", ["1/(5*y^4 + 1)", "-20*y^3/(5*y^4 + 1)^3"]),
    ("ln(x + y) = x", ["x + y - 1", "x + y"]),
    ("sin(x*y) = x", ["(1 - y*cos(x*y))/(x*cos(x*y))"]),
    ("x*e^y = y*e^x", ["(y*e^x - e^y)/(x*e^y - e^x)"]),
    ("x^2*y^3 - x*y = 10", ["(y - 2*x*y^3)/(3*x^2*y^2 - x)"]),
    ("y = x^3", ["3*x^2", "6*x"]),
]


@pytest.mark.parametrize(("equation", "values"), KNOWN, ids=[row[0] for row in KNOWN])
def test_what_a_textbook_finds(equation: str, values: list[str]) -> None:
    result = implicit(equation, order=len(values))
    assert [str(value) for value in result.values] == values
    assert result.proved


NEARBY = [
    ("x^2 + y^2 = 25", 3.0, 4.0), ("x^3 + y^3 = 3x*y", 1.5, 1.5), ("y^5 + y = x", 2.0, 1.0), ("tan(y) = x", 1.0, math.pi / 4),
    ("sqrt(x) + sqrt(y) = 1", 0.25, 0.25), ("ln(x + y) = x", 0.0, 1.0), ("e^(x*y) = x + y", 0.0, 1.0), ("sin(x*y) = x", 0.5, math.pi / 3),
    ("x^2 + x*y + y^3 = 3", 1.0, 1.0), ("y^2 = x^3 - x + 1", 1.0, 1.0), ("x^y = y^x", 2.0, 4.0), ("(x + y)/(x - y) = x", 2.0, 2 / 3),
]  # fmt: skip


def _unless(said: str, work: Callable[[], T]) -> T | None:
    """What comes out, or None where it is refused for this reason; any other error is one."""
    try:
        return work()
    except RequestError as error:
        if said in str(error):
            return None
        raise


def height(form: Form, x: float, near: float) -> float:
    """The y close to `near` at which the form is zero, by bisection."""
    low, high = near - 0.02, near + 0.02
    below = evaluate(form, {"x": x, "y": low})
    assert below * evaluate(form, {"x": x, "y": high}) < 0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if evaluate(form, {"x": x, "y": middle}) * below > 0 else (low, middle)
    return (low + high) / 2


@pytest.mark.parametrize(("equation", "x", "y"), NEARBY, ids=[row[0] for row in NEARBY])
def test_difference_quotients_along_the_curve(equation: str, x: float, y: float) -> None:
    """(y(x + d) − y(x − d))/2d and (y(x + d) − 2y(x) + y(x − d))/d² on points that are solved for."""
    result = implicit(equation, order=2)
    form, step = result.curve.function, 1e-3
    left, middle, right = (height(form, x + move, y) for move in (-step, 0, step))
    slope, bend = (evaluate(value, {"x": x, "y": middle}) for value in result.values)
    assert (right - left) / (2 * step) == pytest.approx(slope, rel=1e-4, abs=1e-4)
    assert (right - 2 * middle + left) / step**2 == pytest.approx(bend, rel=1e-3, abs=1e-3)


coefficients = st.integers(-3, 3)
places = st.builds(Fraction, st.integers(-6, 6), st.integers(1, 3)).filter(bool)


@st.composite
def curves(draw: st.DrawFn) -> tuple[Form, Fraction, Fraction]:
    """A polynomial in x and y equal to its own value at a point, with the point."""
    powers = draw(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=4, unique=True))
    parts = [(draw(coefficients), i, j) for i, j in powers]
    assume(any(c and j for c, _, j in parts) and any(c and i for c, i, _ in parts))
    x, y = draw(places), draw(places)
    value = sum((c * x**i * y**j for c, i, j in parts), Fraction(0))
    side = total(Mul((number(c), Pow(Sym("x"), Num(i)), Pow(Sym("y"), Num(j)))) for c, i, j in parts if c)
    return Relation((side, number(value)), ("=",)), x, y


@QUICK
@given(curves(), st.integers(1, 3))
def test_sympy_finds_the_same_number_on_the_curve(curve: tuple[Form, Fraction, Fraction], order: int) -> None:
    equation, x, y = curve
    assert isinstance(equation, Relation)
    left, right = map(lower, equation.operands)
    result = _unless("too long", lambda: implicit(equation, order=order))
    if result is None:
        return
    point = {X: sympy.Rational(x.numerator, x.denominator), Y: sympy.Rational(y.numerator, y.denominator)}
    assume(sympy.diff(left - right, Y).subs(point) != 0)
    for k, value in enumerate(result.values, 1):
        expected = sympy.idiff(left - right, Y, X, k).subs(point)
        found = evaluate_ball(value, {"x": x, "y": y}, 400)
        if found.is_finite():  # where y′ was simplified, a factor that is zero here may stand below
            assert found.overlaps(evaluate_ball(number(Fraction(int(expected.p), int(expected.q))), {}, 400))


@QUICK
@given(functions.filter(lambda form: "a" in form.free))
def test_the_slope_is_minus_the_quotient_of_the_partial_derivatives(form: Form) -> None:
    """On the curve f(x, a) = c, also where the equation was used: c put back as f(x, a)."""
    result = _unless("drops out", lambda: implicit(Relation((form, Sym("c")), ("=",)), "x", "a"))
    if result is None:
        return
    slope = result.slope
    bottom = differentiate(form, "a").value
    quotient = Neg(Div(differentiate(form, "x").value, bottom))
    assert by_samples(substitute(slope, {"c": form}), quotient).equal is not False


@settings(QUICK, max_examples=15 * MANY)
@given(curves())
def test_every_line_is_proved(curve: tuple[Form, Fraction, Fraction]) -> None:
    equation, x, y = curve
    result = implicit(equation, order=2)
    here = result.at({"x": number(x), "y": number(y)})
    assert result.proved
    assert here.kind in ("regular", "vertical", "singular")


@pytest.mark.parametrize("order", range(1, HIGHEST_ORDER + 1))
def test_the_derivatives_of_the_arc_tangent(order: int) -> None:
    """tan(y) = x is y = arctan(x): each order against the explicit function."""
    result = implicit("tan(y) = x", order=order)
    explicit = differentiate("atan(x)", "x", order).value
    assert by_samples(result.values[-1], explicit).equal is True
    assert result.proved


@pytest.mark.parametrize(("equation", "explicit"), [("y^3 = x", "cbrt(x)"), ("e^y - e^(-y) = 2x", "asinh(x)"), ("y^2 + 2y = x", "sqrt(1 + x) - 1")])
def test_putting_the_explicit_function_in(equation: str, explicit: str) -> None:
    for value, k in zip(implicit(equation, order=3).values, (1, 2, 3), strict=True):
        formula = substitute(value, {"y": read(explicit)})
        for place in (0.5, 1.0, 3.0):
            assert evaluate(formula, {"x": place}) == pytest.approx(evaluate(differentiate(explicit, "x", k).value, {"x": place}), rel=1e-9)


# -- letters -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("equation", "variable", "of", "pair"),
    [
        ("x^2 + y^2 = 1", None, None, ("x", "y")),
        ("x^2 + y^2 = 1", "y", None, ("y", "x")),
        ("x^2 + y^2 = 1", None, "x", ("y", "x")),
        ("u^2 = v", None, None, ("u", "v")),
        ("a*x + b*y = 1", None, None, ("x", "y")),
        ("a*x + b*y = 1", "a", None, ("a", "y")),
        ("P*V = n*R*T", "V", "P", ("V", "P")),
        ("a*b*y = 1", None, "y", None),
        ("a*b*c = 1", None, None, None),
        ("a*b*c = 1", "a", None, None),
        ("x^2 + y^2 = 1", "x", "x", None),
        ("x^2 + y^2 = 1", "t", None, None),
        ("x^2 = 4", None, None, None),
        ("1 = 2", None, None, None),
    ],
)
def test_which_letter_depends_on_which(equation: str, variable: str | None, of: str | None, pair: tuple[str, str] | None) -> None:
    if pair is None:
        with pytest.raises(RequestError) as caught:
            implicit(equation, variable, of)
        assert caught.value.kind == "variable"
        assert caught.value.advice
        return
    curve = implicit(equation, variable, of).curve
    assert (curve.variable, curve.of) == pair
    assert curve.chosen is (pair == ("u", "v"))
    assert set(curve.constants) == curve.equation.free - set(pair)


def test_the_slope_of_one_is_the_reciprocal_of_the_other() -> None:
    """dy/dx · dx/dy = 1 on every curve."""
    for equation in ("x^3 + y^3 = 3x*y", "sin(x*y) = x", "y^2 = x^3 - x"):
        one, other = implicit(equation, "x", "y"), implicit(equation, "y", "x")
        assert by_samples(Mul((one.slope, other.slope)), Num(1)).equal is True


@pytest.mark.parametrize(
    ("equation", "kind"),
    [
        ("x^2 + y^2", "equation"), ("x^2 < y", "equation"), ("x = y = 1", "equation"), ("max(x, y) = 3", "implicit"),
        ("zeta(y) = x", "implicit"), ("y - y + x = 3", "implicit"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_says_why(equation: str, kind: str) -> None:
    with pytest.raises(RequestError) as caught:
        implicit(equation)
    assert caught.value.kind == kind
    assert caught.value.advice


@pytest.mark.parametrize("order", [0, HIGHEST_ORDER + 1])
def test_orders_have_a_limit(order: int) -> None:
    with pytest.raises(RequestError, match="order"):
        implicit("x*y = 1", order=order)


def test_no_order_takes_forever() -> None:
    with pytest.raises(RequestError, match="too long"):
        implicit("x^y = y^x", order=4)


# -- points ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("equation", "point", "kind", "values"),
    [
        ("x^2 + y^2 = 25", "x=3,y=4", "regular", ["-3/4", "-25/64"]),
        ("x^2 + y^2 = 25", "x=0,y=-5", "regular", ["0", "1/5"]),
        ("x^2 + y^2 = 25", "x=5,y=0", "vertical", []),
        ("x^2 + y^2 = 2", "x=sqrt(2),y=0", "vertical", []),
        ("x^3 + y^3 = 3x*y", "x=3/2,y=3/2", "regular", ["-1", "-32/3"]),
        ("x^3 + y^3 = 3x*y", "x=0,y=0", "singular", []),
        ("y^2 = x^3", "x=0,y=0", "singular", []),
        ("sqrt(x) + sqrt(y) = 1", "x=0,y=1", "undefined", []),
        ("x^2/a^2 + y^2/b^2 = 1", "x=0,y=3,a=2,b=3", "regular", ["0", "-3/4"]),
        ("sin(x*y) = x", "x=1,y=pi/2", "vertical", []),
        ("e^y = x", "x=2,y=ln(2)", "regular", ["1/2", "-1/4"]),
    ],
)
def test_points_of_a_curve(equation: str, point: str, kind: str, values: list[str]) -> None:
    result = implicit(equation, order=2, at=point)
    assert result.here is not None
    assert (result.here.kind, [str(value.exact) for value in result.here.values]) == (kind, values)
    assert (result.here.tangent is not None) is (kind == "regular")
    assert result.proved


def test_the_tangent_touches() -> None:
    """y = 25/4 − 3x/4 meets the circle in one point: the discriminant is zero."""
    here = implicit("x^2 + y^2 = 25").at("x=3,y=4")
    assert here.tangent is not None
    line = lower(here.tangent.operands[-1])
    assert sympy.discriminant(sympy.expand(X**2 + line**2 - 25), X) == 0
    assert [str(side) for side in here.tangent.operands] == ["y", "4 - 3*(x - 3)/4", "25/4 - 3*x/4"]


@pytest.mark.parametrize(
    ("point", "said"),
    [("x=3,y=3", "left side is 18 there, the right side 25"), ("x=pi,y=1", "left side is about 10.8696 there"), ("x=3", "no value for y"), ("3", "no letter")],
)
def test_a_point_that_is_none_of_the_curve(point: str, said: str) -> None:
    with pytest.raises(RequestError, match=said):
        implicit("x^2 + y^2 = 25", at=point)


def test_a_point_outside_of_the_domain() -> None:
    with pytest.raises(RequestError, match="left side of the equation has no real value"):
        implicit("ln(x) + y = 1", at="x=-1,y=2")


def test_a_wrong_formula_would_be_found_out() -> None:
    """The audit contradicts a slope with a wrong sign."""
    from dataclasses import replace

    right = implicit("x^2 + y^2 = 25")
    wrong = replace(right, solving=(*right.solving[:-1], replace(right.solving[-1], equation=read("y'(x) = x/y"))))  # type: ignore[arg-type]
    assert right.proved
    assert not wrong.confirmed
    assert any(audit.failed for audit in wrong.audits)


# -- the parts ---------------------------------------------------------------------------------------

simple = st.sampled_from([read(text) for text in ("1", "2", "x", "y", "x*y", "x + y", "sin(x)", "y^2 - x", "1/x")])


@given(st.lists(st.tuples(simple, st.booleans()), min_size=1, max_size=4), st.lists(st.tuples(simple, st.booleans()), min_size=1, max_size=3))
def test_a_linear_equation_is_solved(left: list[tuple[Form, bool]], right: list[tuple[Form, bool]]) -> None:
    """What is found, put in, makes both sides equal; every line follows from the one before."""
    m = Sym("m")
    sides = [total(Mul((part, Add((m, Num(1))))) if holds_m else part for part, holds_m in side) for side in (left, right)]
    equation = Relation((sides[0], sides[1]), ("=",))
    lines = _unless("drops out", lambda: solved(equation, m))
    if lines is None:
        return
    last = lines[-1].equation if lines else equation
    assert last.operands[0] is m
    assert not has(last.operands[1], m)
    assert by_samples(*(substitute(side, {"m": last.operands[1]}) for side in sides)).equal is not False
    before = equation
    for line in lines:
        gaps = [Add((one.operands[0], Neg(one.operands[1]))) for one in (line.equation, before)]
        assert by_samples(gaps[0], Mul((line.factor, gaps[1]))).equal is not False
        before = line.equation


@pytest.mark.parametrize(
    ("equation", "form"),
    [("x^2 + y^2 = 25", "(y^2 + x^2)/y^3"), ("sqrt(x) + sqrt(y) = 1", "(sqrt(x) + sqrt(y))/x"), ("tan(y) = x", "1/(1 + tan(y)^2)"), ("e^y = x", "e^(-2y)")],
)
def test_what_the_equation_of_the_curve_makes_shorter(equation: str, form: str) -> None:
    curve = curve_of(read(equation))
    found = curve.shorter(read(form))
    assert found
    for line, one in found:
        multiple = Mul((one.multiple, curve.function))
        assert by_samples(Add((one.before, Neg(one.after))), multiple).equal is True
        assert curve.weight(line.after) < curve.weight(line.before)


def test_nothing_is_replaced_back_and_forth() -> None:
    assert [str(line.after) for line, _ in curve_of(read("tan(y) = x")).shorter(read("1/(1 + tan(y)^2)"))] == ["1/(1 + x^2)"]


def test_the_unknown_function_is_written_with_its_variable() -> None:
    curve = curve_of(read("P*V = 1"), "V", "P")
    assert curve.lifted(read("P^2")) is Pow(Apply("P", (Sym("V"),), (0,)), Num(2))
    assert curve.plain(curve.lifted(read("P^2*V"))) is read("P^2*V")
