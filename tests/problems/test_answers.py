"""Every call against SymPy or a value worked out in another way; what makes no sense is refused with a sentence."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from tutor.calculus.optima.critical import critical_points
from tutor.errors import TutorError
from tutor.form.numerals import rational
from tutor.form.reading import read
from tutor.form.tree import Form, Listing
from tutor.grading.check import judged
from tutor.grading.selection import select
from tutor.problems.answers import CALLS, answer
from tutor.problems.calls.base import Answer
from tutor.problems.extremes import places
from tutor.problems.scope import Function, Scope

X, Y, T = sympy.symbols("x y t", real=True)
SCOPE = Scope(
    {"a": read("3"), "p_0": read("2")},
    {
        "f": Function(("x",), read("a*x^3 - 6x^2 + 1".replace("a", "2"))), "g": Function(("x",), read("x*e^(-x)")), "Q": Function(("x", "y"), read("-2x^2 - y^2 + 4x + x*y")),
        "q": Function(("x",), read("x^2 - 4x + 5")), "P": Function(("p",), read("-20p^2 + 200p - 300")), "B": Function(("t",), read("t^2 - 6t")), "S": Function(("x", "y"), read("x^2 - y^2")),
    },
    (read("0 <= t <= 4"), read("p > 0")), ("x", "y", "t", "p"),
)  # fmt: skip
W = sympy.Symbol("w", real=True)
F, G, Q = 2 * X**3 - 6 * X**2 + 1, X * sympy.exp(-X), -2 * X**2 - Y**2 + 4 * X + X * Y


def key(text: str) -> Form:
    return answer(text, SCOPE).key


def same(form: Form, expression: object) -> bool:
    return sympy.simplify(form.sympy() - sympy.sympify(expression)) == 0


EXPECTED = {
    "diff(f, x)": sympy.diff(F, X), "diff(f, x, 2)": sympy.diff(F, X, 2), "diff(f) @ a": sympy.diff(F, X).subs(X, 3), "diff(g, x) @ 2": sympy.diff(G, X).subs(X, 2),
    "diff(Q, x)": sympy.diff(Q, X), "diff(Q, x, y)": sympy.diff(Q, X, Y), "diff(Q, y) @ (1, 2)": sympy.diff(Q, Y).subs({X: 1, Y: 2}), "diff(Q, y) @ (y = 2, x = 1)": sympy.diff(Q, Y).subs({X: 1, Y: 2}),
    "diff(sin(x)*x, x)": sympy.diff(sympy.sin(X) * X, X), "f(p0 + 1) - f(p0)": F.subs(X, 3) - F.subs(X, 2), "f'(p0)": sympy.diff(F, X).subs(X, 2), "P @ argmax(P, p)": 200,
    "argmax(P, p)": 5, "argmin(q)": 2, "argmin(f(x)*0 + x^2 - 2x)": 1, "argmax(B)": 0, "argmin(B)": 3, "argmax(g)": 1, "P(argmax(P, p))": 200, "newton(f, 3)": 3 - sympy.diff(F, X).subs(X, 3) / sympy.diff(F, X, 2).subs(X, 3),
    "newton(x^2 = 2, 1)": sympy.Rational(3, 2), "directional(Q, (1, 0), (3, 4))": sympy.Rational(4, 5), "length((3, 4))": 5, "length(gradient(Q)) @ (1, 1)": sympy.sqrt(2), "length((1, 2, 2))": 3,
    "implicit(x^2 + y^2 = 25, x, y) @ (3, 4)": sympy.Rational(-3, 4), "implicit(x^2 + y^2 = 25, x, y)": -X / Y, "limit(f, x) @ 1": sympy.diff(F, X).subs(X, 1), "limit(q, x)": 2 * X - 4,
    "total(Q, t, x = 2t, y = t^2)": sympy.diff(Q.subs({X: 2 * T, Y: T**2}), T), "total(Q, t, x = 2t, y = t^2) @ 1": sympy.diff(Q.subs({X: 2 * T, Y: T**2}), T).subs(T, 1),
    "iterates(q, 0, 0.1, 1)": sympy.Rational(2, 5), "formula(descent, q, x0 = 0, a = 0.1)": sympy.Rational(2, 5), "formula(newton, q, x0 = 7)": 2,
    "formula(momentum, q, x0 = 0, a = 0.1, m = 0.9)": sympy.Rational(2, 5) + sympy.Rational(9, 10) * sympy.Rational(2, 5) + sympy.Rational(32, 100), "backprop((y - w*x)^2, w, x = 2, y = 1, w = 3)": 20,
    "loss(w*x, x = (1, 2), y = (3, 5))": ((3 - W) ** 2 + (5 - 2 * W) ** 2) / 2, "diff(loss(w*size, price, houses), w) @ 0": sympy.Rational(-140000, 3),
    "antiderivative(f, x)": F, "inverse(f, 3)": 1 / sympy.diff(F, X).subs(X, 3), "0.1 + 0.2": sympy.Rational(3, 10), "sqrt(8)": sympy.sqrt(8),
}  # fmt: skip


@pytest.mark.parametrize("line", EXPECTED)
def test_against_another_way(line: str) -> None:
    assert same(key(line), EXPECTED[line])


LISTED = {
    "gradient(Q)": [sympy.diff(Q, X), sympy.diff(Q, Y)], "gradient(Q) @ (1, 2)": [2, -3], "hessian(Q)": [-4, 1, 1, -2], "jacobian(Q, S)": [-4 * X + 4 + Y, X - 2 * Y, 2 * X, -2 * Y],
    "argmax(Q)": [sympy.Rational(8, 7), sympy.Rational(4, 7)], "stationary(f, x)": [0, 2], "roots(P, p)": [5 - sympy.sqrt(10), 5 + sympy.sqrt(10)], "roots(diff(f, x) - 18, x)": [-1, 3], "roots(t^2 - 9, t)": [3], "maxima(f)": [0], "minima(f)": [2], "saddles(S)": [0, 0], "iterates(q, 0, 0.1, 3)": ["2/5", "18/25", "122/125"],
    "iterates(x^2 + 2y^2, (4, 3), 0.1, 2)": ["16/5", "9/5", "64/25", "27/25"], "backprop((y - w*x - b)^2, w, b, x = 1, y = 3, w = 1, b = 1)": [-2, -2], "formula(clip, u = 6, v = 8, c = 5)": [3, 4],
    "iterates(q, 0, 0.1, 2, momentum, mu = 0.9)": ["2/5", "27/25"], "(a, p0)": [3, 2],
}  # fmt: skip


def flat(form: Form) -> list[Form]:
    return [part for item in form.items for part in flat(item)] if isinstance(form, Listing) else [form]


@pytest.mark.parametrize("line", LISTED)
def test_several_values_against_another_way(line: str) -> None:
    found = flat(key(line))
    assert len(found) == len(LISTED[line])
    assert all(same(one, other) for one, other in zip(found, LISTED[line], strict=True))


def test_the_tangent_touches() -> None:
    line = answer("tangent(f, 3)", SCOPE).key.children[1].sympy()
    assert line.subs(X, 3) == F.subs(X, 3)
    assert sympy.diff(line, X) == sympy.diff(F, X).subs(X, 3)
    plane = answer("tangent(Q, (1, 2))", SCOPE).key.children[1].sympy()
    assert [sympy.diff(plane, letter) for letter in (X, Y)] == [2, -3]
    assert plane.subs({X: 1, Y: 2}) == Q.subs({X: 1, Y: 2})


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("nature(f, 0)", "maximum"), ("nature(f, 2)", "minimum"), ("nature(f, 1)", "none of them"), ("nature(x^3, 0)", "terrace"), ("nature(S, (0, 0))", "saddle point"), ("trend(f, 1)", "falling"),
        ("trend(f, 3)", "rising"), ("trend(f, 0)", "flat"), ("bend(f, 0)", "concave"), ("bend(f, 3)", "convex"),
    ],
)  # fmt: skip
def test_answers_in_words(line: str, word: str) -> None:
    found = answer(line, SCOPE)
    kind = select(found.asked)
    assert (found.asked.expected, judged(word, kind).outcome) == (word, "right")
    assert all(judged(other, kind).outcome == "wrong" for other in found.asked.options if other != word)


@pytest.mark.parametrize("line", [*EXPECTED, *LISTED])
def test_the_grader_takes_the_key_and_the_solution_is_there(line: str) -> None:
    found = answer(line, SCOPE)
    text = found.asked.expected if isinstance(found.asked.expected, str) else str(found.key)
    assert judged(text, select(found.asked, found.about)).outcome == "right"
    assert judged(text, select(found.asked)).outcome == "right"
    assert isinstance(found, Answer)
    assert all(audit.confirmed for worked in found.worked for audit in worked.audits)


@pytest.mark.parametrize(
    "line",
    [
        "diff(f, x, 0)", "diff(f, x, 99)", "diff(Q)", "diff()", "diff(3)", "gradient(Q) @ 1", "gradient(Q) @ (1, 2, 3)", "argmax(f)", "argmax(q)", "argmin(P)", "maxima(q)", "newton(5x, 1)",
        "nature(f)", "trend(Q, (1, 1))", "iterates(q, 0, 0.1, 99)", "iterates(q, 0, 0.1, 1.5)", "iterates(q, 0, 0.1, 2, walking)", "formula(nothing, q)", "formula(descent, q, x0 = 1)", "loss(w*x)",
        "loss(w*x, tea, pots)", "backprop(w*x, w, x = 1)", "total(Q, t)", "directional(Q, (1, 0), (1, 2, 3))", "directional(Q, (1, 0), (0, 0))", "length(a)", "1/0", "f(1, 2)", "ln(0)", "argmax(P, p) @ 2",
        "diff(f, x) @ y = 1", "diff(f", "f @ ", "9^9^9^9", "implicit(x, y)", "jacobian(f)", "roots(Q)", "roots(q, x)", "roots(x^5 - x - 1, x)", "roots(P, p) @ 2", "tangent(1/x, 0)", "hessian(f)",
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(line: str) -> None:
    with pytest.raises(TutorError) as caught:
        answer(line, SCOPE)
    assert caught.value.message


def test_every_call_is_tested() -> None:
    text = " ".join((*EXPECTED, *LISTED, "tangent nature trend bend"))
    assert [name for name in CALLS if name not in text] == []


# -- the quick ways agree with the engine ------------------------------------------------------------

NUMBERS = st.integers(-6, 6)


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS)
def test_a_polynomial_of_one_letter(a: int, b: int, c: int, d: int) -> None:
    form = read(f"({a})*x^3 + ({b})*x^2 + ({c})*x + ({d})")
    found = places(form, ("x",))
    if found is None:
        return
    slope, second = (sympy.diff(form.sympy(), X, k) for k in (1, 2))
    roots = [(sympy.Rational(*place.as_integer_ratio()), kind) for (place,), kind in found]
    assert [root for root, _ in roots] == sorted(sympy.solve(slope, X))
    assert [second.subs(X, root) > 0 for root, _ in roots] == [kind == "minimum" for _, kind in roots]


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS)
def test_a_quadratic_function_of_two_letters(a: int, b: int, c: int, d: int, e: int) -> None:
    form = read(f"({a})*x^2 + ({b})*y^2 + ({c})*x*y + ({d})*x + ({e})*y")
    found = places(form, ("x", "y"))
    determinant = 4 * a * b - c * c
    if found is None:
        return
    (((x, y), kind),) = found
    assert (2 * a * x + c * y + d, 2 * b * y + c * x + e) == (0, 0)
    assert kind == ("saddle" if determinant < 0 else "minimum" if a > 0 else "maximum")


@pytest.mark.parametrize("text", ["x^2 + y^2 + z^2 - x*y + z", "x*y + z^2", "-x^2 - 2y^2 - 3z^2 + x", "x*y", "x*y + y*z + z*x"])
def test_definite_or_not_as_the_engine_says(text: str) -> None:
    form = read(text)
    letters = tuple(sorted(form.free))
    ((place, kind),) = places(form, letters) or []
    (point,) = critical_points(form, letters).points
    assert (tuple(rational(point.point[letter]) for letter in letters), point.verdict) == (place, kind)


@given(st.fractions(-50, 50, max_denominator=20), st.integers(1, 9))
def test_iterates_follow_the_closed_form(start: Fraction, tenth: int) -> None:
    rate = Fraction(tenth, 20)
    line = f"iterates(x^2, {start.numerator}/{start.denominator}, {rate.numerator}/{rate.denominator}, 3)"
    assert [rational(cell) for cell in flat(key(line))] == [start * (1 - 2 * rate) ** n for n in (1, 2, 3)]


def test_steps_of_adam_are_rounded_and_judged_with_a_tolerance() -> None:
    found = answer("iterates(q, 0, 0.1, 2, adam)", SCOPE)
    assert math.isclose(float(rational(flat(found.key)[0]) or 0), 0.1, rel_tol=1e-5)
    assert found.asked.relative_tolerance is not None
