"""The Jacobian: SymPy's matrix and determinant as oracles, the chain rule and Leibniz' formula as laws."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor.algebra.lower import lower, symbol
from tutor.calculus.gradient import gradient
from tutor.calculus.jacobian import Jacobian, core, jacobian
from tutor.calculus.matrix import leibniz
from tutor.errors import ReadError, RequestError
from tutor.form.evaluate import evaluate, evaluate_ball
from tutor.form.numerals import number, rational
from tutor.form.reading import read
from tutor.form.tree import ZERO, Form, Listing
from tutor.form.walk import substitute

PAIRS = [
    "(x*y, x + y^2)", "(e^x cos(y), e^x sin(y))", "(x/(1 + y^2), y - x)", "(x^2 - y^2, 2x*y)", "(sin(x + y), sin(x - y))",
    "(ln(1 + x^2), atan(y))", "(x, y)", "(x + y, 2x + 2y)", "(x^3, y^3)", "(sqrt(1 + x^2*y^2), tanh(x))",
]  # fmt: skip
small = st.integers(-4, 4)


def polynomial(coefficients: list[int], letters: str = "xy") -> str:
    x, y = tuple(letters)
    terms = (f"{x}", f"{y}", f"{x}*{y}", f"{x}^2", f"{y}^2")
    return " + ".join(f"({c})*{term}" for c, term in zip(coefficients, terms, strict=True)) + f" + {x} + {y}"


polynomials = st.lists(small, min_size=5, max_size=5)


def expected(found: Jacobian) -> Any:
    """SymPy's own matrix."""
    return sympy.Matrix([lower(form) for form in found.functions]).jacobian([symbol(name) for name in found.variables])


def vanishes(expression: Any) -> bool:
    return bool(sympy.simplify(expression) == 0)


# -- the matrix --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", PAIRS)
def test_the_matrix_and_the_determinant_are_sympys(text: str) -> None:
    found = jacobian(text)
    matrix = expected(found)
    assert all(vanishes(difference) for difference in lower(found.matrix) - matrix)
    assert found.determinant is not None
    assert vanishes(lower(found.determinant) - matrix.det())
    assert found.proved


@settings(max_examples=30)
@given(polynomials, polynomials, small, small)
def test_polynomials(one: list[int], two: list[int], a: int, b: int) -> None:
    found = jacobian([polynomial(one), polynomial(two)], ["x", "y"], {"x": a, "y": b})
    assert all(vanishes(difference) for difference in lower(found.matrix) - expected(found))
    here = found.here
    assert here is not None
    assert here.determinant is not None
    there = expected(found).subs({symbol("x"): a, symbol("y"): b})
    assert lower(here.matrix) == there
    assert rational(here.determinant.exact) == Fraction(int(there.det()))  # type: ignore[arg-type]
    assert here.sign == {1: "+", 0: "0", -1: "-"}[int(sympy.sign(there.det()))]
    assert found.proved


@settings(max_examples=15)
@given(polynomials, polynomials, polynomials, polynomials, small, small)
def test_the_chain_rule(f: list[int], g: list[int], u: list[int], v: list[int], a: int, b: int) -> None:
    """J of F∘G at a point is J of F at G's value times J of G."""
    inner = {"u": read(polynomial(u)), "v": read(polynomial(v))}
    outer = [read(polynomial(c, "uv")) for c in (f, g)]
    place = {"x": number(a), "y": number(b)}
    there = {name: number(Fraction(int(lower(substitute(form, place))))) for name, form in inner.items()}
    whole = jacobian([substitute(form, inner) for form in outer], ["x", "y"], place).here
    left = jacobian(outer, ["u", "v"], there).here
    right = jacobian(list(inner.values()), ["x", "y"], place).here
    assert whole is not None
    assert left is not None
    assert right is not None
    assert lower(whole.matrix) == lower(left.matrix) * lower(right.matrix)


def test_letters_and_rows_keep_their_order() -> None:
    assert str(jacobian("(x*y, x + y^2)", ["y", "x"]).matrix) == "[[x, y], [2*y, 1]]"
    assert jacobian("(b*A, a)").variables == ("A", "a", "b")
    assert str(jacobian("(a*x, x*y)", ["x"]).matrix) == "[[a], [y]]"


@pytest.mark.parametrize("text", ["(x*y, x + y^2)", "[x*y, x + y^2]", "F(x, y) = (x*y, x + y^2)", "(u = x*y, v = x + y^2)", ["x*y", "x + y^2"], read("(x*y, x + y^2)")])
def test_ways_to_give_functions(text: Any) -> None:
    assert str(jacobian(text).matrix) == "[[y, x], [1, 2*y]]"


def test_names_of_components() -> None:
    assert jacobian("(x = r cos(t), y = r sin(t))").labels == ("x", "y")
    assert jacobian("(r cos(t), r sin(t))").labels == ("", "")


@pytest.mark.parametrize("text", ["x^2*y", "sin(x*y) + x", "x*y*z"])
def test_of_one_function_the_row_is_its_gradient(text: str) -> None:
    found = jacobian(text)
    assert tuple(entry.value for entry in found.rows[0]) == gradient(text).value
    assert found.proved


# -- the determinant -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "letters", "determinant"),
    [("(r cos(t), r sin(t))", "rt", "r"), ("(r cos(t), r sin(t), z)", "rtz", "r"), ("(e^x cos(y), e^x sin(y))", "xy", "e^(2x)"),
     ("(r sin(p) cos(t), r sin(p) sin(t), r cos(p))", "rpt", "r^2 sin(p)"), ("(2x + 3y, 4x - y)", "xy", "-14"), ("(x, 1/y)", "xy", "-1/y^2")],
)  # fmt: skip
def test_well_known_determinants(text: str, letters: str, determinant: str) -> None:
    found = jacobian(text, list(letters))
    assert found.determinant is not None
    assert vanishes(lower(found.determinant) - lower(read(determinant)))
    assert found.determinant.size <= read(determinant).size + 1
    assert found.proved


@settings(max_examples=40)
@given(st.integers(1, 5).flatmap(lambda n: st.lists(st.lists(st.integers(-5, 5), min_size=n, max_size=n), min_size=n, max_size=n)))
def test_leibniz(rows: list[list[int]]) -> None:
    found = leibniz([[number(cell) for cell in row] for row in rows])
    assert found is not None
    assert lower(found) == sympy.Matrix(rows).det()


def test_swapping_two_letters_turns_the_sign() -> None:
    for text in PAIRS:
        one, other = (jacobian(text, letters, {"x": "1/2", "y": 2}).here for letters in (["x", "y"], ["y", "x"]))
        assert one is not None
        assert other is not None
        assert {one.sign, other.sign} in ({"+", "-"}, {"0"})


def test_a_matrix_that_is_not_square_has_none() -> None:
    found = jacobian("(x, y, x*y)", at="x=1,y=2")
    assert (found.is_square, found.determinant, found.expansion) == (False, None, None)
    assert found.here is not None
    assert found.here.determinant is None


def test_a_determinant_too_long_to_write() -> None:
    letters = [f"x_{k}" for k in range(6)]
    functions = [" + ".join(f"{(3 * i + 5 * j) % 7 + 1}*{name}^2" for j, name in enumerate(letters)) for i in range(6)]
    assert jacobian(functions, letters).determinant is None


def test_where_it_is_zero() -> None:
    assert str(jacobian("(x*y, x + y^2)").regular) == "2*y^2 - x != 0"
    assert jacobian("(e^x cos(y), e^x sin(y))").regular is None
    assert jacobian("(1/x, y)").regular is None
    assert jacobian("(x + y, 2x + 2y)").determinant is ZERO
    assert [str(core(read(text))) for text in ("-2x/y", "-(-x)", "x/y/z", "x*y")] == ["2*x", "x", "x", "x*y"]


# -- at a point ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", PAIRS)
def test_the_matrix_is_the_linear_map_that_comes_closest(text: str) -> None:
    """F(a + h) − F(a) − J h is of second order in h."""
    found = jacobian(text, at="x=0.5,y=2")
    here = found.here
    assert here is not None
    h, k = 1e-4, -2e-4
    for form, row in zip(found.functions, here.entries, strict=True):
        slopes = [float(evaluate_ball(value.exact, {})) for value in row if value.exact is not None]
        change = evaluate(form, {"x": 0.5 + h, "y": 2 + k}) - evaluate(form, {"x": 0.5, "y": 2})
        assert change == pytest.approx(slopes[0] * h + slopes[1] * k, abs=1e-6)


@pytest.mark.parametrize(("text", "at", "defined"), [("(abs(x), y)", "x=0,y=1", False), ("(1/x, y)", "x=0,y=1", False), ("(abs(x), y)", "x=-2,y=1", True), ("(sqrt(x), y)", "x=0,y=1", False)])
def test_where_it_is_not_defined(text: str, at: str, defined: bool) -> None:
    found = jacobian(text, at=at)
    assert found.here is not None
    assert found.here.defined is defined
    assert (found.here.determinant is not None) is defined
    assert not any(audit.failed for audit in found.audits)


def test_exact_values_at_a_point() -> None:
    here = jacobian("(r cos(t), r sin(t))", ["r", "t"], "r=2,t=pi/3").here
    assert here is not None
    assert str(here.matrix) == "[[1/2, -sqrt(3)], [sqrt(3)/2, 1]]"
    assert here.determinant is not None
    assert str(here.determinant.exact) == "2"


@pytest.mark.parametrize(
    ("functions", "variables", "at", "kind"),
    [("(1, 2)", None, None, "variable"), ("(x, y)", ["x", "x"], None, "variable"), ("(x^2 = 3, y)", None, None, "equation"), ("((x, y), z)", None, None, "several"),
     ("{x, y}", None, None, "several"), ("(x, y)", None, "x=1", "point"), ("(x*y, y)", None, "x=1", "point"), ("(x, y)", ["2"], None, "variable"),
     ([f"x_{k}" for k in range(30)], None, None, "size")],
)  # fmt: skip
def test_requests_that_make_no_sense(functions: Any, variables: list[str] | None, at: str | None, kind: str) -> None:
    with pytest.raises(RequestError) as raised:
        jacobian(functions, variables, at)
    assert raised.value.kind == kind


def test_texts_that_cannot_be_read() -> None:
    with pytest.raises(ReadError):
        jacobian("(x*, y)")


def test_the_matrix_is_a_form() -> None:
    matrix: Form = jacobian("(x, y)").matrix
    assert isinstance(matrix, Listing)
    assert "pmatrix" in jacobian("(x, y)")._repr_latex_()


def test_a_derivative_that_nobody_knows() -> None:
    here = jacobian("(zeta(x), y)", at="x=2,y=1").here
    assert here is not None
    assert not here.defined
