"""The slope in a direction: laws of the dot product, SymPy and difference quotients as oracles."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from typing import Any

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.corpora import shared
from tutor.algebra.lower import lower, symbol
from tutor.calculus.directional import Directional, directional
from tutor.calculus.gradient import gradient
from tutor.errors import ReadError, RequestError
from tutor.form.evaluate import evaluate, evaluate_ball, holds
from tutor.form.reading import read
from tutor.form.tree import Form, Relation

small = st.integers(-6, 6)
directions = st.lists(small, min_size=2, max_size=2).filter(any)
SMOOTH = ["sin(x*y)", "e^(x - y)", "x^2*y - y^3", "ln(x^2 + y^2 + 1)", "sqrt(x^2 + y^2 + 1)", "x/(y^2 + 1)", "atan(x + 2y)", "cos(x)*y"]


def size(form: Form | None) -> float:
    assert form is not None
    return float(evaluate_ball(form, {}))


def slope(found: Directional) -> float:
    return size(found.slope.exact)


def test_the_bowl() -> None:
    found = directional("x^2 + 2y^2", "x=3,y=1", "3,4")
    assert [str(part) for part in found.unit] == ["3/5", "4/5"]
    assert [str(part.exact) for part in found.components] == ["6", "4"]
    assert (str(found.length.exact), str(found.slope.exact), str(found.steepest.exact)) == ("5", "34/5", "2*sqrt(13)")
    assert not found.is_unit
    assert found.proved


def test_the_hill() -> None:
    rows = {row["id"]: row for row in json.loads(shared("reference/worked_examples.json").read_text(encoding="utf-8"))}
    down = directional("100 - x^2 - 2y^2", "x=3,y=1", rows["hill-opposite"]["right"])
    assert [str(part.exact) for part in down.components] == rows["hill-gradient-3-1"]["right"]
    assert down.steepest.exact is read(rows["hill-norm"]["right"])
    assert down.slope.exact is read("-2*sqrt(13)")
    assert str(down.cosine and down.cosine.exact) == "-1"
    assert down.proved


@settings(max_examples=60)
@given(st.lists(small, min_size=5, max_size=5), small, small, directions)
def test_polynomials_by_sympy(c: list[int], a: int, b: int, toward: list[int]) -> None:
    text = f"({c[0]})*x^3 + ({c[1]})*x^2*y + ({c[2]})*x*y + ({c[3]})*y^2 + ({c[4]})*x + x + y"
    found = directional(text, {"x": a, "y": b}, toward)
    x, y, f = symbol("x"), symbol("y"), lower(read(text))
    here = {x: a, y: b}
    expected = (sympy.diff(f, x).subs(here) * toward[0] + sympy.diff(f, y).subs(here) * toward[1]) / sympy.sqrt(toward[0] ** 2 + toward[1] ** 2)
    assert sympy.simplify(lower(found.slope.exact) - expected) == 0  # type: ignore[arg-type]
    assert found.proved


@given(st.sampled_from(SMOOTH), directions, st.integers(1, 20))
def test_the_length_of_the_direction_does_not_matter(text: str, toward: list[int], factor: int) -> None:
    point = {"x": 1, "y": 2}
    one, longer, back = (directional(text, point, [k * part for part in toward]) for k in (1, factor, -1))
    assert slope(one) == pytest.approx(slope(longer))
    assert slope(one) == pytest.approx(-slope(back))


@given(st.sampled_from(SMOOTH), directions)
def test_no_direction_is_steeper_than_the_gradient(text: str, toward: list[int]) -> None:
    found = directional(text, {"x": 1, "y": 2}, toward)
    assert abs(slope(found)) <= size(found.steepest.exact) * (1 + 1e-12)
    if found.cosine is not None and found.degrees is not None:
        assert size(found.steepest.exact) * math.cos(math.radians(size(found.degrees.exact))) == pytest.approx(slope(found), abs=1e-12)


@pytest.mark.parametrize("text", SMOOTH)
def test_along_the_gradient_the_slope_is_its_length(text: str) -> None:
    point = {"x": 1, "y": 2}
    here = gradient(text).at(point)
    parts = [value.exact for value in here.components]
    assert slope(directional(text, point, parts)) == pytest.approx(size(here.length.exact))


@pytest.mark.parametrize("text", SMOOTH)
@pytest.mark.parametrize("toward", [(1, 0), (0, 1), (3, 4), (-1, 2), (-2, -1)])
def test_a_difference_quotient_along_the_direction(text: str, toward: tuple[int, int]) -> None:
    found, form, h = directional(text, {"x": 1, "y": 2}, toward), read(text), 1e-5
    u, v = (size(part) for part in found.unit)
    ahead, behind = (evaluate(form, {"x": 1 + way * h * u, "y": 2 + way * h * v}) for way in (1, -1))
    assert slope(found) == pytest.approx((ahead - behind) / (2 * h), rel=1e-6, abs=1e-7)
    assert found.proved


# -- how a direction may be given ------------------------------------------------------------------------


@pytest.mark.parametrize("toward", ["3,4", "(3, 4)", "[3, 4]", "x=3,y=4", "y=4, x=3", [3, 4], ("3", "4"), {"y": 4, "x": 3}, read("(3, 4)"), "6/2, 2^2"])
def test_ways_to_give_a_direction(toward: Any) -> None:
    assert str(directional("x^2 + 2y^2", "x=3,y=1", toward).slope.exact) == "34/5"


def test_the_order_of_the_letters() -> None:
    assert str(directional("x^2 + 2y^2", "y=1,x=3", "3,4").slope.exact) == "34/5"  # not that of the point
    turned = directional("x^2 + 2y^2", "x=3,y=1", "3,4", ["y", "x"])
    assert (turned.variables, str(turned.slope.exact)) == (("y", "x"), "36/5")


def test_a_unit_vector_stays() -> None:
    for toward in ("1,0", "0,-1", "3/5,4/5", "cos(1),sin(1)", "0.6,0.8"):
        found = directional("x*y", "x=1,y=2", toward)
        assert found.is_unit
        assert found.unit == found.toward
        assert found.proved


def test_one_letter_and_three() -> None:
    assert str(directional("x^2", "x=3", "-5").slope.exact) == "-6"
    assert str(directional("x*y*z", "x=1,y=2,z=3", "1,2,2").slope.exact) == "16/3"


def test_across_the_gradient_nothing_changes() -> None:
    level = directional("x^2 + 2y^2", "x=3,y=1", "-4,6")
    assert (str(level.slope.exact), str(level.cosine and level.cosine.exact)) == ("0", "0")
    assert level.proved


def test_a_flat_place() -> None:
    flat = directional("x^2 + y^2", "x=0,y=0", "1,1")
    assert (str(flat.slope.exact), flat.cosine, flat.degrees) == ("0", None, None)
    assert flat.proved


def test_the_claims_hold() -> None:
    found = directional("x^2 + 2y^2", "x=3,y=1", "3,4")
    assert {claim.reason for claim in found.claims} >= {"the unit vector has length 1", "the sum of the products", "no direction is steeper"}
    assert all(holds(claim.statement, {}) is not False for claim in found.claims if isinstance(claim.statement, Relation))


# -- where it makes no sense -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "at", "trouble"),
    [("abs(x) + y", "x=0,y=0", "slope"), ("abs(x*y)", "x=0,y=1", "slope"), ("max(x, y)", "x=1,y=1", "value"), ("sqrt(x^2 + y^2)", "x=0,y=0", "value"),
     ("ln(x) + y", "x=0,y=1", "value"), ("1/(x - y)", "x=1,y=1", "value")],
)  # fmt: skip
def test_where_the_formula_does_not_apply(text: str, at: str, trouble: str) -> None:
    found = directional(text, at, "1,1")
    assert found.trouble == trouble
    assert not any(audit.failed for audit in found.audits)


@pytest.mark.parametrize(
    ("toward", "names"),
    [("0,0", "zero"), ("1", "x, y"), ("1,2,3", "x, y"), ("x=1", "y"), ("x=1,z=2", "z"), ("a,1", "a"), ("", "x, y"), ("1/0,1", "1/0"), ([], "x, y"), ("1-1, 0", "zero")],
)  # fmt: skip
def test_directions_that_make_no_sense(toward: Any, names: str) -> None:
    with pytest.raises(RequestError) as raised:
        directional("x^2 + y", "x=1,y=1", toward)
    assert raised.value.kind == "direction"
    assert names in f"{raised.value.message} {raised.value.advice}"


def test_other_requests_that_make_no_sense() -> None:
    for text, at, toward, kind in (("x*y", "", "1,1", "point"), ("x*y", "x=1", "1,1", "point"), ("5", "x=1", "1", "variable"), ("x^2 + y^2 = 1", "x=1,y=1", "1", "equation")):
        with pytest.raises(RequestError) as raised:
            directional(text, at, toward)
        assert raised.value.kind == kind
    with pytest.raises(ReadError):
        directional("x*y", "x=1,y=1", "1,(2")


def test_components_are_exact() -> None:
    found = directional("x^2 + y^2", {"x": Fraction(1, 2), "y": Fraction(1, 3)}, "0.3,0.4")
    assert (str(found.length.exact), [str(part) for part in found.unit]) == ("1/2", ["0.6", "0.8"])
    assert size(found.slope.exact) == pytest.approx(0.6 + 0.8 * 2 / 3)


def test_a_derivative_that_nobody_knows() -> None:
    assert directional("zeta(x) + y", "x=2,y=1", "1,1").trouble == "value"
