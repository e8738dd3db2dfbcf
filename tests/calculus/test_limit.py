"""The derivative as a limit: against the rules, against the quotient's own values, and where there is no limit."""

from __future__ import annotations

import json
import math
from fractions import Fraction

import pytest
import sympy
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.calculus.smooth import functions
from tests.conftest import MANY
from tests.corpora import shared
from tutor import RequestError, differentiate, read
from tutor.algebra import solve, worker
from tutor.algebra.equal import by_samples
from tutor.algebra.lower import lower
from tutor.calculus.difference import INFINITY, difference_quotient, limit_of, worked_out
from tutor.calculus.limit import LimitDefinition, limit_definition
from tutor.calculus.pieces import is_in_pieces, near
from tutor.calculus.sides import ALGEBRA, LATE, SOLVER
from tutor.form.evaluate import evaluate
from tutor.form.numerals import number
from tutor.form.tree import Add, Call, Div, E, Form, Mul, Neg, Num, Pow, Root, Sym, total
from tutor.form.walk import substitute

QUICK = settings(max_examples=40 * MANY, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
X = Sym("x")

numbers = st.integers(-4, 4).filter(bool).map(number)
polynomials = st.lists(st.tuples(numbers, st.integers(0, 4)), min_size=1, max_size=3, unique_by=lambda part: part[1]).map(
    lambda parts: total(Mul((c, Pow(X, Num(k)))) if k else c for c, k in parts)
)
positive = st.integers(1, 4).map(lambda c: Add((Pow(X, Num(2)), Num(c))))
linear = st.builds(lambda a, b: Add((Mul((a, X)), b)), numbers, numbers)
terms = st.one_of(
    polynomials,
    st.builds(Div, polynomials, positive),
    st.builds(lambda u, c: Mul((c, Root(u, Num(2)))), positive, numbers),
    st.builds(lambda name, u, c: Mul((c, Call(name, (u,)))), st.sampled_from(("sin", "cos", "tan")), linear, numbers),
    st.builds(lambda u, c: Mul((c, Pow(E, u))), linear, numbers),
    st.builds(lambda u: Pow(Num(3), u), linear),
    st.integers(1, 3).map(lambda c: Call("ln", (Add((X, Num(c))),))),
    st.integers(1, 3).map(lambda c: Root(Add((X, Num(c))), Num(3))),
)
places = st.builds(Fraction, st.integers(0, 6), st.integers(1, 3)).map(number)
REACHED = st.lists(terms, min_size=1, max_size=3).map(total).filter(lambda form: "x" in form.free)
"""What algebra and the known limits reach."""


@QUICK
@given(REACHED)
def test_for_every_place_the_limit_is_what_the_rules_give(form: Form) -> None:
    result = limit_definition(form, "x")
    assert result.value is not None
    assert {term.source for side in result.sides for term in side.terms} == {ALGEBRA}
    assert by_samples(result.value, differentiate(form, "x").value).equal is not False


@QUICK
@given(REACHED, places)
def test_at_a_place_too(form: Form, place: Form) -> None:
    result = limit_definition(form, "x", at={"x": place})
    assume(result.height is not None)
    slope = evaluate(differentiate(form, "x").value, {"x": evaluate(place, {})})
    assume(abs(slope) < 1e12)
    assert result.trouble == ""
    assert result.value is not None
    assert evaluate(result.value, {}) == pytest.approx(slope, rel=1e-6, abs=1e-6)


@QUICK
@given(REACHED)
def test_no_line_changes_the_quotient(form: Form) -> None:
    for side in limit_definition(form, "x").sides:
        for term in side.terms:
            for line in term.way.lines:
                assert by_samples(line.before, line.after).equal is not False


@settings(QUICK, max_examples=15 * MANY)
@given(REACHED)
def test_nothing_is_contradicted(form: Form) -> None:
    assert not any(audit.failed for audit in limit_definition(form, "x").audits)


@settings(QUICK, max_examples=25 * MANY)
@given(functions.filter(lambda form: form.free == {"x"}))
def test_the_table_holds_values_of_the_quotient(form: Form) -> None:
    result = _without_solver(form)
    if result.table is None:
        return
    here = evaluate(form, {"x": evaluate(result.table.place, {})})
    for step, value in result.table.rows:
        h = evaluate(step, {})
        ratio = (evaluate(form, {"x": evaluate(result.table.place, {}) + h}) - here) / h
        if value.decimal is not None and math.isfinite(ratio):
            assert float(value.decimal) == pytest.approx(ratio, rel=1e-4, abs=1e-6 * (1 + abs(here)))


def _without_solver(form: Form) -> LimitDefinition:
    """As if the solver's budget were always used up."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(solve, "ask", _never)
        return limit_definition(form, "x")


def _never(*_: object, **__: object) -> None:
    raise worker.OutOfTime("no time")


@pytest.mark.parametrize(
    ("function", "at", "value", "last"),
    [
        ("x^2", "x=3", "6", "6 + h"), ("x^2", None, "2*x", "2*x + h"), ("x^3", "x=-1", "3", "3 - 3*h + h^2"),
        ("1/x", None, "-1/x^2", "-1/(x*(x + h))"), ("1/x", "x=2", "-1/4", "-1/(2*(2 + h))"),
        ("sqrt(x)", "x=4", "1/4", "1/(sqrt(4 + h) + 2)"), ("sqrt(x)", None, "1/(2*sqrt(x))", "1/(sqrt(x + h) + sqrt(x))"),
        ("cbrt(x)", "x=8", "1/12", "1/(root(8 + h, 3)^2 + 2*root(8 + h, 3) + 4)"), ("x/(x + 1)", None, "1/(x + 1)^2", "1/((x + h + 1)*(x + 1))"),
        ("sin(x)", None, "cos(x)", "sin(x)*((cos(h) - 1)/h) + cos(x)*(sin(h)/h)"), ("e^x", "x=0", "1", "(e^h - 1)/h"),
        ("2^x", "x=0", "ln(2)", "(2^h - 1)/h"), ("ln(x)", "x=1", "1", "ln(1 + h)/h"), ("abs(x)", "x=-2", "-1", "-1"), ("7", None, "0", "0"),
        ("x^(3/2)", None, "3*sqrt(x)/2", "(3*x^2 + 3*h*x + h^2)/((x + h)^(3/2) + x^(3/2))"),
    ],
)  # fmt: skip
def test_the_line_from_which_the_limit_is_read(function: str, at: str | None, value: str, last: str) -> None:
    result = limit_definition(function, at=at)
    assert str(result.value) == value
    assert by_samples(result.sides[0].terms[0].way.last, read(last)).equal is True
    assert result.proved


@pytest.mark.parametrize(
    ("function", "at", "trouble", "sides"),
    [
        ("abs(x)", "x=0", "corner", [("right", "1"), ("left", "-1")]),
        ("abs(x^2 - 1)", "x=1", "corner", [("right", "2"), ("left", "-2")]),
        ("max(x, 0)", "x=0", "corner", [("right", "1"), ("left", "0")]),
        ("relu(x)", "x=0", "corner", [("right", "1"), ("left", "0")]),
        ("x*abs(x)", "x=0", "", [("right", "0"), ("left", "0")]),
        ("piecewise(x^2, x <= 1; 2x - 1)", "x=1", "", [("right", "2"), ("left", "2")]),
        ("piecewise(x^2, x < 1; 3x)", "x=1", "jump", [("right", "3"), ("left", "infinity")]),
        ("piecewise(x^2, x != 2; 7)", "x=2", "jump", [("right", "-infinity"), ("left", "infinity")]),
        ("sign(x)", "x=0", "jump", [("right", "infinity"), ("left", "infinity")]),
        ("floor(x)", "x=1", "jump", [("right", "0"), ("left", "infinity")]),
        ("floor(x)", "x=1/2", "", [("both", "0")]),
        ("cbrt(x)", "x=0", "infinite", [("both", "infinity")]),
        ("sqrt(abs(x))", "x=0", "infinite", [("right", "infinity"), ("left", "-infinity")]),
        ("sqrt(x)", "x=0", "infinite", [("right", "infinity")]),
        ("x^(3/2)", "x=0", "end", [("right", "0")]),
        ("sqrt(1 - x)*(1 - x)", "x=1", "end", [("left", "0")]),
        ("sqrt(-x^2)", "x=0", "alone", []),
        ("sin(x)/x", "x=0", "value", []),
        ("ln(x)", "x=-1", "value", []),
        ("1/x", "x=0", "value", []),
        ("piecewise(x^2*sin(1/x), x != 0; 0)", "x=0", "", [("both", "0")]),
    ],
)
def test_where_there_is_no_limit_or_only_one_side(function: str, at: str, trouble: str, sides: list[tuple[str, str]]) -> None:
    result = limit_definition(function, at=at)
    assert result.trouble == trouble
    assert [({0: "both", 1: "right", -1: "left"}[side.sign], str(side.value)) for side in result.sides] == sides
    assert (result.value is not None) is (trouble in ("", "end"))
    assert result.confirmed


@pytest.mark.parametrize("function", ["e^(x^2)", "x*sin(x)", "atan(x)", "ln(x^2 + 1)"])
def test_what_algebra_does_not_reach_sympy_is_asked_for(function: str) -> None:
    result = limit_definition(function)
    assert result.sides[0].terms[0].source == SOLVER
    assert result.value is not None
    assert by_samples(result.value, differentiate(function).value).equal is True
    assert result.proved


def test_a_limit_that_takes_too_long_is_said_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solve, "ask", _never)
    result = limit_definition("e^(x^2)", at="x=1")
    assert (result.trouble, result.value) == (LATE, None)
    assert str(result.rules_here) == "2*e"
    assert result.table is not None


def test_the_coffee_shop() -> None:
    """Row 5 of the curriculum: P′(2) = 120, although over a whole unit the quotient is 100."""
    result = limit_definition("P(p) = -20p^2 + 200p - 300", at="p=2")
    assert str(result.value) == "120"
    assert evaluate(result.sides[0].terms[0].way.last, {"h": 1.0}) == 100.0


@pytest.mark.parametrize(
    ("name", "function", "variable", "at"),
    [
        ("battery-slope", "100 - 10t", "t", None), ("coffee-derivative", "-20p^2 + 200p - 300", "p", None), ("coffee-slope-2", "-20p^2 + 200p - 300", "p", "p=2"),
        ("coffee-slope-5", "-20p^2 + 200p - 300", "p", "p=5"), ("coffee-slope-7", "-20p^2 + 200p - 300", "p", "p=7"),
        ("cookie-dT", "-0.01T^2 - 0.5t^2 + 3T + 10t", "T", None), ("cookie-dT-150", "-0.01T^2 - 0.5t^2 + 3T + 10t", "T", "T=150"),
        ("cookie-dt", "-0.01T^2 - 0.5t^2 + 3T + 10t", "t", None), ("quad-derivative", "x^2 - 4x + 5", "x", None),
    ],
)  # fmt: skip
def test_the_published_slopes(name: str, function: str, variable: str, at: str | None) -> None:
    rows = {row["id"]: row["right"] for row in json.loads(shared("reference/worked_examples.json").read_text(encoding="utf-8"))}
    result = limit_definition(function, variable, at)
    assert result.value is not None
    assert by_samples(result.value, read(rows[name])).equal is True
    assert result.proved


def test_partial_derivatives_by_the_definition() -> None:
    result = limit_definition("x^2*y + sin(y)", "y")
    assert result.value is not None
    assert by_samples(result.value, read("x^2 + cos(y)")).equal is True
    assert str(limit_definition("100 - x^2 - 2y^2", "x", at="x=3,y=1").value) == "-6"


@pytest.mark.parametrize(("function", "letter"), [("x^2", "h"), ("h^2", "k"), ("h(t) = -5t^2", "k"), ("h*k*t", "s")])
def test_the_step_has_a_letter_of_its_own(function: str, letter: str) -> None:
    assert limit_definition(function, "t" if "t" in function else None).step == letter


@pytest.mark.parametrize(
    ("call", "kind"),
    [
        (lambda: limit_definition("x*y"), "variable"),
        (lambda: limit_definition("max(x, 0)"), "limit"),
        (lambda: limit_definition("f(x)*2", "x"), "limit"),
        (lambda: limit_definition("x^2", at="y=3"), "point"),
        (lambda: limit_definition("x^2", at="x=3,y=3"), "point"),
        (lambda: limit_definition("x^2 = 3"), "equation"),
        (lambda: limit_definition("(x, y)"), "several"),
        (lambda: limit_definition("x^2", at={"x": read("a")}), "point"),
    ],
)
def test_a_request_that_makes_no_sense(call: object, kind: str) -> None:
    with pytest.raises(RequestError) as caught:
        call()  # type: ignore[operator]
    assert caught.value.kind == kind
    assert caught.value.advice


# -- the parts ---------------------------------------------------------------------------------------

broken = st.sampled_from(["abs(x)", "abs(x - 1)", "max(x, x^2)", "min(x, 1)", "relu(x - 1)", "sign(x)", "step(x)", "floor(x)", "ceil(x)",
                          "piecewise(x^2, x < 1; 3x)", "piecewise(1, x < 0; x, x <= 1; x^2)", "abs(sin(x))"])  # fmt: skip


@given(broken, st.sampled_from([-1, 0, 1]), st.sampled_from([1, -1]))
def test_a_piece_is_the_function_close_by(text: str, place: int, side: int) -> None:
    form = read(text)
    piece = near(form, "x", number(place), side)
    assert not is_in_pieces(piece.form, "x")
    for distance in (1e-3, 1e-5):
        point = {"x": place + side * distance}
        assert evaluate(piece.form, point) == pytest.approx(evaluate(form, point), abs=1e-12)
        assert all(evaluate(condition, point) == 1 for condition in piece.conditions)


def test_what_cannot_be_told_is_left_as_it_is() -> None:
    form = read("floor(1/x) + abs(a*x)")
    assert near(form, "x", read("0"), 1).form is form


@pytest.mark.parametrize(
    ("form", "side", "value"),
    [
        ("6 + h", 0, "6"), ("1/h", 1, "infinity"), ("1/h", -1, "-infinity"), ("1/h", 0, None), ("-2/h^2", 0, "-infinity"), ("h/h", 0, None),
        ("1/root(h^2, 3)", 0, "infinity"), ("1/sqrt(h)", 1, "infinity"), ("a/h", 1, None), ("(x + h)/(2x + h)", 0, "1/2"),
    ],
)  # fmt: skip
def test_letting_the_step_go_to_zero(form: str, side: int, value: str | None) -> None:
    found = limit_of(read(form), "h", side)
    assert (None if found is None else str(found)) == value


@given(REACHED, places)
def test_the_quotient_is_the_quotient(form: Form, place: Form) -> None:
    height = substitute(form, {"x": place})
    quotient = difference_quotient(form, "x", place, height, "h")
    x, h = evaluate(place, {}), 0.37
    expected = (evaluate(form, {"x": x + h}) - evaluate(form, {"x": x})) / h
    if math.isfinite(expected):
        assert evaluate(quotient, {"h": h}) == pytest.approx(expected, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("function", ["sin(x)", "cos(2x)", "e^(-x)", "5^x", "ln(x + 1)", "tan(x)", "log(x + 1, 2)"])
def test_the_limits_that_are_known(function: str) -> None:
    """Each one that is used, by SymPy."""
    form = read(function)
    known = worked_out(form, "x", read("0"), number(int(evaluate(form, {"x": 0.0}))), "h").known
    assert known
    for one in known:
        found = sympy.limit(lower(one.form), sympy.Symbol("h", real=True), 0)
        assert sympy.simplify(found - lower(one.value)) == 0


def test_infinity_is_the_constant_of_that_name() -> None:
    assert (str(INFINITY), str(Neg(INFINITY))) == ("infinity", "-infinity")
