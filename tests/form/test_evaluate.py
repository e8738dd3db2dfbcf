"""Values at points: floats, balls and arrays agree with each other, with SymPy, and with the table of derivatives."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import islice, product

import numpy as np
import pytest
import sympy

from tutor.errors import RequestError
from tutor.form.arrays import evaluate_array
from tutor.form.evaluate import evaluate, evaluate_ball, holds, precision, sample_points
from tutor.form.functions import CONSTANTS, FUNCTIONS, Function
from tutor.form.reading import read
from tutor.form.tree import Call, Form, Sym
from tutor.form.walk import substitute

CANDIDATES = [Fraction(n, 16) for n in (-52, -37, -23, -11, -5, -2, 2, 3, 7, 11, 13, 21, 29, 45, 77)]
ROWS = [pytest.param(row, id=name) for name, row in FUNCTIONS.items()]
WITH_BALL = [pytest.param(row, id=name) for name, row in FUNCTIONS.items() if row.ball is not None]
RULES = [pytest.param(row, k, id=f"{name}-{k}") for name, row in FUNCTIONS.items() for k in range(len(row.derivatives))]
LETTERS = ("u", "v")


def call(row: Function) -> Form:
    return Call(row.name, tuple(Sym(letter) for letter in LETTERS[: max(row.arity, 1)]))


def inside(row: Function, smooth: bool = False) -> list[dict[str, Fraction]]:
    """Points in the domain (and where the derivative exists), exact."""
    conditions = [text for text in (row.domain, row.smooth if smooth else "") if text]
    found = []
    if row.arity == 1:
        grid = [{"u": value} for value in CANDIDATES]
    else:
        grid = [{"u": u, "v": v} for u, v in product((Fraction(1, 4), Fraction(7, 4), Fraction(3)), (Fraction(1, 3), Fraction(5, 2)))]
    for point in grid:
        if all(holds(read(text), {name: point[name] for name in read(text).free}) for text in conditions):
            found.append(point)
    return found


def floats(point: dict[str, Fraction]) -> dict[str, float]:
    return {name: float(value) for name, value in point.items()}


@pytest.mark.parametrize("row", ROWS)
def test_there_are_points_to_test_at(row: Function) -> None:
    assert len(inside(row)) >= 3


@pytest.mark.parametrize("row", WITH_BALL)
def test_floats_balls_and_arrays_agree(row: Function) -> None:
    form, points = call(row), inside(row)
    array = evaluate_array(form, {name: np.array([float(point[name]) for point in points]) for name in points[0]})
    for point, in_array in zip(points, array, strict=True):
        ball = evaluate_ball(form, point)
        assert ball.is_finite(), point
        value = evaluate(form, floats(point))
        assert math.isclose(value, float(ball.mid()), rel_tol=2e-13, abs_tol=1e-15), point
        assert math.isclose(float(in_array), value, rel_tol=1e-12, abs_tol=1e-15), point


@pytest.mark.parametrize("row", WITH_BALL)
def test_balls_agree_with_sympy(row: Function) -> None:
    form = call(row)
    if row.sympy:
        letters = sympy.symbols(LETTERS[: row.arity])
        meaning = getattr(sympy, row.sympy)(*letters)
    else:
        assert row.definition, "a row says what SymPy takes it for, or how it is defined"
        for point in inside(row):
            assert evaluate_ball(read(row.definition), point).overlaps(evaluate_ball(form, point)), point
        return
    for point in inside(row)[:8]:
        exact = {letter: sympy.Rational(point[str(letter)].numerator, point[str(letter)].denominator) for letter in letters}
        expected = meaning.subs(exact).evalf(40)
        assert abs(sympy.im(expected)) < 1e-30, point
        ball = evaluate_ball(form, point)
        assert abs(sympy.Float(ball.mid().str(40, radius=False), 40) - sympy.re(expected)) <= sympy.Float(10) ** -33 * (1 + abs(sympy.re(expected))), point


@pytest.mark.parametrize(("row", "argument"), RULES)
def test_derivatives_agree_with_differences(row: Function, argument: int) -> None:
    """(f(x + h) - f(x - h))/2h in balls of 400 bits, h = 2^-60: right to 30 digits where f is smooth."""
    rule = read(row.derivatives[argument], variables=LETTERS)
    form, letter, step = call(row), LETTERS[argument], Fraction(1, 2**60)
    points = inside(row, smooth=True)
    assert len(points) >= 3
    needs_other = any(isinstance(node, Call) and FUNCTIONS[node.name].ball is None for node in _nodes(rule))
    for point in points:
        right = evaluate_ball(form, {**point, letter: point[letter] + step}, 400)
        left = evaluate_ball(form, {**point, letter: point[letter] - step}, 400)
        with precision(400):
            difference = (right - left) / (2 * float(step))
        if needs_other:
            expected = sympy.polygamma(1, sympy.Rational(point["u"].numerator, point["u"].denominator)).evalf(40)
            assert math.isclose(float(difference.mid()), float(expected), rel_tol=1e-14)
            continue
        stated = evaluate_ball(rule, {name: point[name] for name in rule.free}, 400)
        assert stated.is_finite(), point
        with precision(400):
            error = difference - stated
        assert abs(float(error.mid())) <= 1e-28 * (1 + abs(float(stated.mid()))), point


def _nodes(form: Form) -> list[Form]:
    from tutor.form.walk import nodes

    return list(nodes(form))


@pytest.mark.parametrize("row", [pytest.param(row, id=name) for name, row in FUNCTIONS.items() if row.definition])
def test_definitions_mean_the_function(row: Function) -> None:
    definition = read(row.definition, variables=LETTERS)
    for point in inside(row, smooth=True):
        assert evaluate_ball(definition, point).overlaps(evaluate_ball(call(row), point)), point


UNDEFINED = ["1/0", "sqrt(-1)", "ln(0)", "ln(-1)", "(-1)^(1/2)", "asin(2)", "acosh(0)", "0^(-1)", "root(-1, 4)", "log(2, 1)", "1/(1 - 1) + 1", "I", "infinity"]


@pytest.mark.parametrize("text", UNDEFINED)
def test_where_there_is_no_value(text: str) -> None:
    assert math.isnan(evaluate(read(text), {}))
    assert not evaluate_ball(read(text), {}).is_finite()
    assert not np.isfinite(evaluate_array(read(text), {}))


@pytest.mark.parametrize(
    ("text", "x", "value"),
    [
        ("x^2/4", 3.0, 2.25), ("root(x, 3)", -8.0, -2.0), ("x^(1/3)", 8.0, 2.0), ("|x|", -2.5, 2.5), ("x!", 4.0, 24.0),
        ("piecewise(x^2, x <= 1; 2x - 1)", 3.0, 5.0), ("piecewise(x^2, x <= 1; 2x - 1)", -2.0, 4.0), ("x < 1", 0.0, 1.0), ("0 < x < 1", 2.0, 0.0),
        ("max(0, x, 2)", 1.0, 2.0), ("0.1 + 0.2 - 0.3", 0.0, 5.551115123125783e-17), ("x^-2", 2.0, 0.25), ("(-2)^3", 0.0, -8.0), ("2^x^2", 2.0, 16.0),
    ],
)  # fmt: skip
def test_values(text: str, x: float, value: float) -> None:
    assert evaluate(read(text), {"x": x}) == pytest.approx(value, rel=1e-15, abs=1e-18)


def test_a_ball_holds_the_true_value() -> None:
    ball = evaluate_ball(read("e^(sin(x^2)) - pi*x"), {"x": Fraction(1, 3)})
    wide = evaluate_ball(read("e^(sin(x^2)) - pi*x"), {"x": Fraction(1, 3)}, 600)
    assert ball.contains(wide)
    assert float(ball.rad()) < 1e-45
    assert evaluate_ball(read("0.1"), {}).contains(evaluate_ball(read("1/10"), {}, 900))


def test_a_relation_between_balls_is_decided_or_open() -> None:
    assert holds(read("sqrt(2)^2 > 1.99"), {}) is True
    assert holds(read("pi < 3"), {}) is False
    assert holds(read("sqrt(2)^2 = 2"), {}) is None
    assert holds(read("1/x > 0"), {"x": 0}) is None


def test_arrays_broadcast() -> None:
    grid = evaluate_array(read("x^2 + y"), {"x": np.arange(3.0)[:, None], "y": np.arange(2.0)})
    assert grid.tolist() == [[0.0, 1.0], [1.0, 2.0], [4.0, 5.0]]
    values = evaluate_array(read("piecewise(x^2, x <= 1; 2x - 1)"), {"x": np.array([-2.0, 1.0, 3.0])})
    assert values.tolist() == [4.0, 1.0, 5.0]
    open_ended = evaluate_array(read("piecewise(1, ln(x) > 0; 2)"), {"x": np.array([-1.0, 0.5, 3.0])})
    assert np.array_equal(open_ended, [np.nan, 2.0, 1.0], equal_nan=True)
    assert evaluate_array(read("x < 1"), {"x": np.array([0.0, 2.0])}).tolist() == [1.0, 0.0]


def test_a_missing_value_is_named() -> None:
    with pytest.raises(RequestError, match="y") as caught:
        evaluate(read("x + y"), {"x": 1.0})
    assert caught.value.advice


def test_substitution_and_evaluation_commute() -> None:
    form, inner = read("sin(u)^2 + u/3"), read("x^2 - 1")
    for point in islice(sample_points(["x"]), 20):
        value = evaluate(inner, floats(point))
        assert evaluate(substitute(form, {"u": inner}), floats(point)) == pytest.approx(evaluate(form, {"u": value}))


def test_sample_points_are_the_same_each_time() -> None:
    first, again = (list(islice(sample_points(names), 200)) for names in (["y", "x"], ("x", "y")))
    assert first == again
    assert all(set(point) == {"x", "y"} for point in first)
    assert len({(point["x"], point["y"]) for point in first}) > 190
    assert all(isinstance(value, Fraction) for point in first for value in point.values())
    assert min(point["x"] for point in first) < -3 < 3 < max(point["x"] for point in first)


def test_constants() -> None:
    for name, row in CONSTANTS.items():
        value = evaluate(Call("abs", (read(row.sympy if name in ("i", "infinity") else name),)), {})
        assert math.isnan(value) if row.value is None else value == row.value


@pytest.mark.parametrize("power", [1, 2, 3, 7, 12])
def test_a_power_of_a_ball_around_zero_is_one(power: int) -> None:
    """x + |x| is 0 ± ε where x is negative and no binary fraction; its powers are small, and not missing."""
    ball = evaluate_ball(read(f"(x + abs(x))^{power}"), {"x": Fraction(-707, 338)})
    assert ball.is_finite()
    assert ball.contains(0)
    assert abs(ball) < 1e-40


def test_a_negative_power_of_a_ball_around_zero_has_no_value() -> None:
    assert not evaluate_ball(read("(x + abs(x))^-2"), {"x": Fraction(-707, 338)}).is_finite()
