"""Hessians by law and oracle: SymPy's second derivatives and eigenvalues, quadratics built to have given eigenvalues, signs of the curvature."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.calculus.smooth import functions
from tutor import RequestError, read
from tutor.algebra.lower import lower, symbol
from tutor.calculus.matrix import matrix_of, rows_of
from tutor.calculus.optima.hessian import hessian
from tutor.calculus.optima.polynomial import coefficients, distinct_roots, never_changes_sign, rational_roots
from tutor.calculus.optima.signs import holds_everywhere, span
from tutor.calculus.optima.spectrum import kind_of, spectrum
from tutor.form.evaluate import evaluate, sample_points
from tutor.form.numerals import number
from tutor.form.tree import Add, Form, Mul, Neg, Num, Pow, Sym, product
from tutor.form.walk import substitute

X, Y = Sym("x"), Sym("y")
small = st.integers(-6, 6)


def quadratic(entries: list[list[int]], names: str = "xyz") -> Form:
    """½ vᵀHv with this Hessian."""
    letters = [Sym(name) for name in names[: len(entries)]]
    return Add(tuple(Mul((number(Fraction(entry, 2)), a, b)) for row, a in zip(entries, letters, strict=True) for entry, b in zip(row, letters, strict=True)))


@settings(max_examples=25)
@given(functions.filter(lambda form: form.size <= 25), functions.filter(lambda form: form.size <= 12))
def test_it_is_sympys_hessian(f: Form, g: Form) -> None:
    form = Add((substitute(f, {"a": Y}), Mul((g, Y, Y))))
    found = hessian(form, ("x", "y"))
    theirs = sympy.hessian(lower(form), [symbol("x"), symbol("y")])
    for k, row in enumerate(found.rows):
        for j, entry in enumerate(row):
            expected = theirs[k, j]
            for point in ({"x": 0.3, "y": 1.7, "a": 0.6}, {"x": 1.2, "y": -0.4, "a": 2.1}):
                there = float(expected.subs({symbol(name): value for name, value in point.items()}).evalf()) if expected.free_symbols else float(expected)
                assert evaluate(entry, point) == pytest.approx(there, rel=1e-6, abs=1e-8)


@settings(max_examples=40)
@given(small, small, small)
def test_eigenvalues_of_two_by_two(a: int, b: int, c: int) -> None:
    found = hessian(quadratic([[a, b], [b, c]]), ("x", "y"))
    assert found.constant
    assert found.here is not None
    assert found.here.spectrum is not None
    values = [evaluate(one.value, {}) for one in found.here.spectrum.values for _ in range(one.multiplicity)]
    theirs = sorted((float(value.evalf()) for value, count in sympy.Matrix([[a, b], [b, c]]).eigenvals().items() for _ in range(count)), reverse=True)
    assert values == pytest.approx(theirs, abs=1e-9)
    signs = [(value > 1e-9) - (value < -1e-9) for value in theirs]
    assert found.here.spectrum.kind == kind_of(signs)
    assert found.proved


@settings(max_examples=12)
@given(small, small, small, small, small, small)
def test_eigenvalues_of_three_by_three(a: int, b: int, c: int, d: int, e: int, f: int) -> None:
    entries = [[a, b, c], [b, d, e], [c, e, f]]
    found = hessian(quadratic(entries), ("x", "y", "z")).here
    assert found is not None
    assert found.spectrum is not None
    values = [evaluate(one.value, {}) for one in found.spectrum.values for _ in range(one.multiplicity)]
    assert sum(values) == pytest.approx(a + d + f, abs=1e-8)
    assert values[0] * values[1] * values[2] == pytest.approx(float(sympy.Matrix(entries).det()), abs=1e-6)
    for one in found.spectrum.values:
        for vector in one.vectors:
            numbers = [evaluate(entry, {}) for entry in vector]
            for row, entry in zip(entries, numbers, strict=True):
                assert sum(x * y for x, y in zip(row, numbers, strict=True)) == pytest.approx(evaluate(one.value, {}) * entry, abs=1e-8)


@settings(max_examples=25)
@given(st.integers(-5, 5), st.integers(-5, 5), st.sampled_from([(1, 0), (1, 1), (2, 1), (1, -3)]))
def test_a_form_built_from_squares_has_its_eigenvalues(p: int, q: int, direction: tuple[int, int]) -> None:
    """p (u·v)² + q (w·v)² with orthogonal u and w has the eigenvalues 2p|u|², 2q|w|² along u and w."""
    u, w = direction
    form = Add((Mul((number(p), Pow(Add((Mul((number(u), X)), Mul((number(w), Y)))), Num(2)))), Mul((number(q), Pow(Add((Mul((number(-w), X)), Mul((number(u), Y)))), Num(2))))))
    found = hessian(form, ("x", "y")).here
    assert found is not None
    assert found.spectrum is not None
    length = u * u + w * w
    assert sorted(evaluate(one.value, {}) for one in found.spectrum.values for _ in range(one.multiplicity)) == pytest.approx(sorted([2 * p * length, 2 * q * length]))
    if p > q > 0:
        assert found.spectrum.condition is number(Fraction(p, q))


def test_cookies_stay_exact_decimals() -> None:
    found = hessian("Q(T,t) = -0.01T^2 - 0.5t^2 + 3T + 10t")
    assert str(found.matrix) == "[[-0.02, 0], [0, -1]]"
    assert found.here is not None
    assert found.here.spectrum is not None
    assert [str(one.value) for one in found.here.spectrum.values] == ["-0.02", "-1"]
    assert (found.here.spectrum.kind, str(found.here.spectrum.condition)) == ("dome", "50")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("e^x + y^2", "bowl"), ("x^4 + y^4", "flat_bowl"), ("-e^x - e^y", "dome"), ("x^2*y^2", None), ("x^3 + y^2", None), ("ln(x) + ln(y)", "dome"),
        ("x^4 + y^4 + x^2*y^2", "flat_bowl"), ("sqrt(x^2 + 1) + y^2", "bowl"), ("x*ln(x) + y^2", "bowl"), ("cosh(x)", "bowl"), ("x^4", "flat_bowl"),
        ("x^4 - 4x^3 + 6x^2", "flat_bowl"), ("x^4 - x^2", None), ("ln(1 + e^x)", "bowl"),
    ],
)  # fmt: skip
def test_definite_everywhere(text: str, kind: str | None) -> None:
    found = hessian(text)
    assert (found.everywhere[0] if found.everywhere else None) == kind
    assert found.proved
    if kind in ("bowl", "flat_bowl", "dome", "flat_dome"):
        turn = 1 if kind.endswith("bowl") else -1
        for _, point in zip(range(20), sample_points(found.function.free), strict=False):
            values = {name: abs(float(value)) % 30 + 0.1 for name, value in point.items()}
            first = turn * evaluate(found.rows[0][0], values)
            assert first >= -1e-12


def test_the_easier_order_is_taken() -> None:
    (one,) = hessian("x*e^(y^2)").mixed
    assert one.letters == ("y", "x")  # 2xy·e^(y²) by x: the exponential is only a constant factor
    (other,) = hessian("y*e^(x^2)").mixed
    assert other.letters == ("x", "y")
    assert one.value is read("2*y*e^(y^2)")


def test_at_a_point() -> None:
    found = hessian("x^3 + y^3 - 3x*y", at="x=1,y=1").here
    assert found is not None
    assert found.stationary
    assert found.spectrum is not None
    assert found.spectrum.kind == "bowl"
    undefined = hessian("ln(x)*y", at="x=0,y=1").here
    assert undefined is not None
    assert not undefined.defined


@pytest.mark.parametrize(("call", "kind"), [(lambda: hessian("5"), "variable"), (lambda: hessian("x = y^2 + x"), "equation"), (lambda: hessian("x*y", at="x=1"), "point")])
def test_requests_that_make_no_sense(call: object, kind: str) -> None:
    with pytest.raises(RequestError) as raised:
        call()  # type: ignore[operator]
    assert raised.value.kind == kind


def test_beyond_the_budget_nothing_hangs() -> None:
    found = hessian("x^2 + y^2 + z^2 + x*y + 2*y*z", seconds=0.0).here
    assert found is not None
    assert found.spectrum is not None
    assert (found.spectrum.method, found.spectrum.kind) == ("none", "open")


# -- signs and polynomials ---------------------------------------------------------------------------


@settings(max_examples=60)
@given(st.lists(st.tuples(st.fractions(-5, 5, max_denominator=4), st.integers(1, 3)), max_size=4), st.sampled_from(["1", "x^2 + 1", "-2", "x^2 + x + 1"]))
def test_signs_of_polynomials_with_known_roots(roots: list[tuple[Fraction, int]], rest: str) -> None:
    form = product([*(Pow(Add((X, Neg(number(root)))), Num(order)) for root, order in roots), read(rest)])
    values = coefficients(form, "x")
    assert values is not None
    assert distinct_roots(values) == len({root for root, _ in roots})
    assert rational_roots(values) == sorted({root for root, _ in roots})
    orders: dict[Fraction, int] = {}
    for root, order in roots:
        orders[root] = orders.get(root, 0) + order
    changes = any(order % 2 for order in orders.values())
    sign, touches = never_changes_sign(values)
    assert (sign == 0) is changes
    if not changes:
        assert touches is bool(roots)
        assert sign == (-1 if rest.startswith("-") else 1)


@settings(max_examples=60)
@given(functions.filter(lambda form: form.size <= 30))
def test_a_span_is_never_wrong(form: Form) -> None:
    low, high = span(form)
    for _, point in zip(range(25), sample_points({"x", "a"}), strict=False):
        value = evaluate(form, {name: float(entry) for name, entry in point.items()})
        if value == value and abs(value) > 1e-9:
            assert low <= (1 if value > 0 else -1) <= high


@pytest.mark.parametrize(
    ("text", "conditions", "true"),
    [
        ("x^2 - x + 1 > 0", [], True), ("x > 0", [], False), ("1/x > 0", ["x > 0"], True), ("x^3 - x >= 0", ["x >= 1"], True), ("x^3 - x > 0", ["x >= 1"], False),
        ("2 + cos(x) > 0", [], True), ("1 + cos(x) > 0", [], False), ("1 + cos(x) >= 0", [], True), ("1 - tanh(x)^2 > 0", [], True),
        ("-x^2 - 1 < 0", [], True), ("sec(x)^2 > 0", [], True), ("x*y >= 0", [], False), ("e^x*(x^2 + 1) != 0", [], True),
    ],
)  # fmt: skip
def test_what_always_holds(text: str, conditions: list[str], true: bool) -> None:
    relation = read(text)
    assert holds_everywhere(relation, [read(one) for one in conditions]) is true  # type: ignore[arg-type]


def test_a_matrix_of_numbers() -> None:
    rows = rows_of(read("[[1, 2], [2, 1]]"))
    assert matrix_of(rows) is read("[[1, 2], [2, 1]]")
    assert spectrum(rows).kind == "saddle"
