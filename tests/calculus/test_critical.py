"""Stationary points by law and oracle: functions built to have them, SymPy's solutions, values sampled around each point, budgets kept."""

from __future__ import annotations

import json
import math
import time
from fractions import Fraction

import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.calculus.smooth import functions
from tests.corpora import shared
from tutor import ReadError, RequestError, read
from tutor.algebra.lower import lower, symbol
from tutor.algebra.solve import solve
from tutor.calculus.optima.critical import CriticalPoint, StationaryPoints, critical_points, read_interval
from tutor.calculus.optima.find import find, value_here
from tutor.calculus.optima.said import claims_of
from tutor.calculus.optima.solving import solve_one
from tutor.calculus.optima.systems import solve_all
from tutor.calculus.worked import proved
from tutor.form.evaluate import evaluate
from tutor.form.numerals import number
from tutor.form.tree import Add, Form, Mul, Neg, Num, Pow, Sym, product
from tutor.form.walk import substitute

X, Y = Sym("x"), Sym("y")
small = st.fractions(-5, 5, max_denominator=3)


def verdicts(result: StationaryPoints) -> dict[tuple[str, ...], str]:
    return {tuple(str(value) for value in one.point.values()): one.verdict for one in result.points}


def statements(result: StationaryPoints) -> list[str]:
    return [remark.id for remark in result.overall]


def around(function: Form, one: CriticalPoint, size: float) -> list[float]:
    """How much higher the function is at points around a critical point."""
    here = {name: evaluate(value, {}) for name, value in one.point.items()}
    height = evaluate(function, here)
    names = list(here)
    steps: list[tuple[float, ...]] = [tuple(size * turn * (k == j) for j in range(len(names))) for k in range(len(names)) for turn in (1, -1)]
    if len(names) == 2:
        steps += [(size * math.cos(k * math.pi / 24), size * math.sin(k * math.pi / 24)) for k in range(48)]
    found = [evaluate(function, {name: here[name] + step for name, step in zip(names, move, strict=True)}) - height for move in steps]
    return [value for value in found if not math.isnan(value)]


def check_by_samples(result: StationaryPoints, size: float = 1e-3) -> None:
    """No sample may contradict a verdict or a statement about the whole domain."""
    for one in result.points:
        if one.family or len(one.point) < len(result.variables) or one.verdict == "undecided":
            continue
        changes = around(result.function, one, size)
        slack = 1e-10 * (1 + abs(evaluate(one.value.exact, {})))  # type: ignore[union-attr, arg-type]
        if one.verdict == "minimum":
            assert min(changes) >= -slack, one.point
        elif one.verdict == "maximum":
            assert max(changes) <= slack, one.point
    for remark in result.overall:
        if remark.id in ("lowest_taken", "highest_taken") and not remark.values.get("where"):
            best = evaluate(remark.values["value"], {})
            for k in range(-40, 41):
                value = evaluate(result.function, dict.fromkeys(result.variables, k / 6))
                if math.isfinite(value) and not result.on:
                    assert value >= best - 1e-9 * (1 + abs(best)) if remark.id == "lowest_taken" else value <= best + 1e-9 * (1 + abs(best))


# -- the examples of the issue -----------------------------------------------------------------------

EXAMPLES = [
    ("x^2 - y^2", {("0", "0"): "saddle"}, ["no_highest", "no_lowest"]),
    ("x^3 - 3x", {("-1",): "maximum", ("1",): "minimum"}, ["lowest_infinite", "highest_infinite"]),
    ("Q(T,t) = -0.01T^2 - 0.5t^2 + 3T + 10t", {("150", "10"): "maximum"}, ["highest_taken", "no_lowest"]),
    ("x^3 + y^3 - 3x*y", {("0", "0"): "saddle", ("1", "1"): "minimum"}, ["no_both"]),
    ("x^4", {("0",): "minimum"}, ["lowest_taken", "highest_infinite"]),
    ("x^3", {("0",): "saddle"}, ["lowest_infinite", "highest_infinite"]),
    ("x^4 + y^4", {("0", "0"): "minimum"}, ["lowest_taken", "no_highest"]),
    ("x^2*y^2", {("0",): "minimum"}, ["lowest_taken", "no_highest"]),
    ("(x+y)^2", {("-y",): "minimum"}, ["lowest_taken", "no_highest"]),
    ("e^x", {}, ["rising", "convex", "lowest_approached", "highest_infinite"]),
    ("sin(x)", {("pi/2 + 2*pi*n",): "maximum", ("3*pi/2 + 2*pi*n",): "minimum"}, ["lowest_taken", "highest_taken"]),
    ("x*e^(-x)", {("1",): "maximum"}, ["highest_taken", "lowest_infinite"]),
    ("ln(x) - x", {("1",): "maximum"}, ["concave", "highest_taken", "lowest_infinite"]),
    ("x + 1/x", {("-1",): "maximum", ("1",): "minimum"}, ["lowest_infinite", "lowest_taken", "highest_taken"]),
    ("abs(x)", {("0",): "minimum"}, ["lowest_taken", "highest_infinite"]),
    ("100 - x^2 - 2y^2", {("0", "0"): "maximum"}, ["concave_everywhere", "highest_taken", "no_lowest"]),
    ("x^2 - 4x + 5", {("2",): "minimum"}, ["convex", "lowest_taken"]),
    ("P(p) = -20p^2+200p-300", {("5",): "maximum"}, ["concave", "highest_taken"]),
    ("x^3 - 3x*y^2", {("0", "0"): "saddle"}, ["no_both"]),
    ("x^2 - y^4", {("0", "0"): "saddle"}, ["no_highest", "no_lowest"]),
    ("x^4 + y^4 - 4x*y", {("-1", "-1"): "minimum", ("0", "0"): "saddle", ("1", "1"): "minimum"}, ["grows", "lowest_taken"]),
    ("x^2 + y^2 - z^2", {("0", "0", "0"): "saddle"}, ["no_highest", "no_lowest"]),
    ("(y - x^2)*(y - 3x^2)", {("0", "0"): "undecided"}, ["lowest_unknown"]),
    ("x + sin(x)", {("pi + 2*pi*n",): "saddle"}, []),
    ("sqrt(abs(x))", {("0",): "minimum"}, ["lowest_taken"]),
    ("x^2/(x^2 + 1)", {("0",): "minimum"}, ["lowest_taken", "highest_approached"]),
    ("1/(x^2 + 1)", {("0",): "maximum"}, ["highest_taken", "lowest_approached"]),
    ("sqrt(4 - x^2)", {("0",): "maximum"}, ["lowest_taken", "highest_taken"]),
    ("sqrt(x)", {}, ["rising", "lowest_taken", "highest_infinite"]),
    ("x*abs(x)", {("0",): "saddle"}, []),
]


@pytest.mark.parametrize(("text", "points", "said"), EXAMPLES, ids=[row[0] for row in EXAMPLES])
def test_examples(text: str, points: dict[tuple[str, ...], str], said: list[str]) -> None:
    result = critical_points(text)
    assert verdicts(result) == points
    assert set(said) <= set(statements(result))
    assert result.confirmed
    check_by_samples(result)


@pytest.mark.parametrize("text", [row[0] for row in EXAMPLES if "abs" not in row[0]])
def test_everything_shown_is_proved(text: str) -> None:
    assert critical_points(text).proved


def test_second_tests_that_fail_are_called_inconclusive() -> None:
    for text, test in (("x^4", "second_zero"), ("x^3", "second_zero"), ("x^4 + y^4", "hessian_flat"), ("x^2 - y^4", "hessian_flat_bowl"), ("y^4 - x^2", "hessian_flat_dome")):
        (one,) = critical_points(text).points
        assert test in [remark.id for remark in one.tests]


def test_the_exponential_has_no_minimum() -> None:
    result = critical_points("e^x")
    assert result.points == ()
    (said,) = [remark for remark in result.overall if remark.id == "lowest_approached"]
    assert str(said.values["value"]) == "0"
    assert "lowest_taken" not in statements(result)


def test_without_a_closed_form_it_is_numeric() -> None:
    result = critical_points("x^6/6 - x^2/2 - x")
    assert result.solved.numeric
    assert result.solved.by == "solver"
    (one,) = result.points
    assert evaluate(one.point["x"], {}) == pytest.approx(1.1673039782614187)
    assert (one.verdict, one.numeric) == ("minimum", True)
    assert result.proved


# -- intervals ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "on", "least", "greatest"),
    [
        ("x^3 - 3x", "[0, 2]", "-2", "2"), ("x^2 - 4x + 5", "0..3", "1", "5"), ("sin(x)", "[0, 2pi]", "-1", "1"), ("e^x", "[0, 1]", "1", "e"),
        ("x^3", "[-1, 2]", "-1", "8"), ("abs(x - 1)", "0..3", "0", "2"), ("ln(x)", "[1, e]", "0", "1"), ("x^4 - 2x^2", "[-2, 1/2]", "-1", "8"),
        ("100 - 10t", "0..10", "0", "100"),
    ],
)  # fmt: skip
def test_an_interval(text: str, on: str, least: str, greatest: str) -> None:
    result = critical_points(text, on=on)
    values = {remark.id: str(remark.values["value"]) for remark in result.overall if remark.id.endswith("_taken")}
    assert values == {"lowest_taken": least, "highest_taken": greatest}
    assert result.confirmed
    low, high = (evaluate(end, {}) for end in result.on)  # type: ignore[union-attr]
    (letter,) = result.variables
    for k in range(101):
        value = evaluate(result.function, {letter: low + (high - low) * k / 100})
        assert evaluate(read(least), {}) - 1e-9 <= value <= evaluate(read(greatest), {}) + 1e-9


def test_an_interval_with_a_hole() -> None:
    assert {"lowest_infinite", "highest_infinite"} <= set(statements(critical_points("1/x", on="[-1, 1]")))
    assert "highest_taken" in statements(critical_points("ln(x)", on="[0, 1]"))


@pytest.mark.parametrize("text", ["[4, 0]", "[0, 1)", "(0, 1)", "x", "[1, 1]", "[0, infinity]", "[a, 1]", "0...", "[1,2,3]"])
def test_no_interval(text: str) -> None:
    with pytest.raises((RequestError, ReadError)):
        read_interval(text)


def test_an_interval_needs_one_letter() -> None:
    with pytest.raises(RequestError) as raised:
        critical_points("x*y", on="[0, 1]")
    assert raised.value.kind == "interval"


# -- built to have them ------------------------------------------------------------------------------


@settings(max_examples=25)
@given(small, small, st.integers(-4, 4), st.integers(-3, 3), st.integers(-4, 4))
def test_quadratics_with_a_known_centre(p: Fraction, q: Fraction, a: int, b: int, c: int) -> None:
    """a u² + 2b uv + c v² around (p, q): the eigenvalues' signs follow from a + c and ac − b²."""
    assume(a * c != b * b)
    u, v = Add((X, Neg(number(p)))), Add((Y, Neg(number(q))))
    form = Add((Mul((number(a), u, u)), Mul((number(2 * b), u, v)), Mul((number(c), v, v))))
    result = critical_points(form, ("x", "y"))
    (one,) = result.points
    assert [one.point["x"], one.point["y"]] == [number(p), number(q)]
    assert one.verdict == ("saddle" if a * c < b * b else "minimum" if a > 0 else "maximum")
    assert result.proved
    taken = {"minimum": "lowest_taken", "maximum": "highest_taken", "saddle": None}[one.verdict]
    assert taken is None or taken in statements(result)


@settings(max_examples=25)
@given(st.sets(st.integers(-4, 4), min_size=1, max_size=4), st.sampled_from([1, 2, 3]), st.sampled_from([1, -1, 3]))
def test_slopes_with_known_roots(roots: set[int], order: int, factor: int) -> None:
    """f′ = c·Π(x − r)^k: minima and maxima alternate where k is odd, terraces where it is even."""
    slope = Mul((number(factor), *(Pow(Add((X, Neg(number(root)))), Num(order)) for root in sorted(roots))))
    values = sympy.Poly(sympy.expand(sympy.integrate(sympy.expand(lower(slope)), symbol("x"))), symbol("x"))
    form = read(str(values.as_expr()).replace("**", "^"))
    result = critical_points(form)
    assert [one.point["x"] for one in result.points] == [number(root) for root in sorted(roots)]
    for one, root in zip(result.points, sorted(roots), strict=True):
        sides = [math.prod((root + step - other) ** order for other in roots) * factor for step in (-0.01, 0.01)]
        expected = "saddle" if sides[0] * sides[1] > 0 else "minimum" if sides[0] < 0 else "maximum"
        assert one.verdict == expected
    assert result.proved
    assert result.solved.by == "hand"


@settings(max_examples=15)
@given(st.sampled_from(["x^2", "x^4 - 2x^2", "x^3 - 3x", "x*e^(-x)", "e^x - x", "x^2/(1 + x^2)"]), st.integers(-5, 5), st.integers(-9, 9), st.sampled_from([1, -1]))
def test_translated_and_turned_over(text: str, shift: int, height: int, turn: int) -> None:
    """f(x − a) + c has the same points a further to the right; −f has maxima where f has minima."""
    first = critical_points(text)
    moved = Add((Mul((number(turn), substitute(read(text), {"x": Add((X, Neg(number(shift))))}))), number(height)))
    second = critical_points(moved)
    assert len(first.points) == len(second.points)
    turned = {"minimum": "maximum", "maximum": "minimum"} if turn < 0 else {}
    for one, other in zip(first.points, second.points, strict=True):
        assert evaluate(other.point["x"], {}) == pytest.approx(evaluate(one.point["x"], {}) + shift)
        assert other.verdict == turned.get(one.verdict, one.verdict)


@settings(max_examples=25)
@given(functions.filter(lambda form: form.size <= 16))
def test_generated_functions(form: Form) -> None:
    result = critical_points(substitute(form, {"a": Num(2)}), seconds=4)
    check_by_samples(result)
    assert not any(audit.failed for audit in result.audits)


# -- solving -----------------------------------------------------------------------------------------


@settings(max_examples=40)
@given(st.lists(st.integers(-4, 4), max_size=3), st.sampled_from(["1", "x^2 + 1", "e^x", "x^2 - 2", "x^2 - x - 1", "ln(x)", "x^2 + x + 2"]))
def test_solving_by_hand_finds_what_sympy_finds(roots: list[int], rest: str) -> None:
    form = product([*(Add((X, Neg(number(root)))) for root in roots), read(rest)])
    ours = solve_one(form, "x")
    if ours is None or "x" not in form.free:
        return
    theirs = solve([form], ["x"])
    defined = [value for value in ours.values if value_here(form, {"x": value}).exact is not None]  # x·ln(x): 0 is no solution
    assert sorted(evaluate(value, {}) for value in defined) == pytest.approx(sorted(evaluate(point["x"], {}) for point in theirs.points))
    assert all(proved(claim).proof for claim in claims_of(ours.remarks))


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("2x - 4", ["isolate"]), ("x^2 - x - 1", ["quadratic"]), ("x^2 + x + 1", ["no_real_root"]), ("4x^3", ["power"]), ("1 - 1/x^2", ["common_denominator", "fraction", "isolate", "even_power"]),
        ("1/(2*sqrt(x))", ["fraction_never"]), ("e^x", ["never"]), ("ln(x) + 1", ["isolate", "logarithm"]), ("e^(2x) - 3", ["isolate", "exponential", "isolate"]), ("x^2 - 2x + 1", ["double_root"]),
        ("x^3 - 6x^2 + 11x - 6", ["split"]), ("x^4 - 4x^2 + 1", ["substitute", "quadratic", "undo"]), ("2 + cos(x)", ["isolate", "angle_never"]), ("x*(x^2 + 1)", ["never", "divide"]), ("e^x + 1", ["isolate", "exponential_never"]),
    ],
)  # fmt: skip
def test_the_steps_have_names(text: str, steps: list[str]) -> None:
    found = solve_one(read(text), "x")
    assert found is not None
    assert [remark.id for remark in found.remarks] == steps
    assert all(proved(claim).proof for claim in claims_of(found.remarks))


@pytest.mark.parametrize("text", ["x^5 - x - 1", "x - cos(x)", "e^x - 3x"])
def test_what_a_pupil_cannot_solve_is_left_to_sympy(text: str) -> None:
    assert solve_one(read(text), "x") is None
    assert find([read(text)], ("x",)).by == "solver"


@pytest.mark.parametrize(
    ("equations", "count"),
    [(["3x^2 - 3y", "3y^2 - 3x"], 2), (["2x + y - 3", "x + 2y - 3"], 1), (["y*(1 - 2x - y)", "x*(1 - x - 2y)"], 4), (["y - 1/x^2", "x - 1/y^2"], 1), (["x + y", "x + y - 1"], 0), (["2x*y", "x^2 + 2y"], 1)],
)
def test_systems(equations: list[str], count: int) -> None:
    forms = [read(text) for text in equations]
    ours = solve_all(forms, ("x", "y"))
    assert ours is not None
    assert len(ours.points) == count
    assert all(proved(claim).proof for claim in claims_of(ours.remarks))
    for point in ours.points:
        place = {name: evaluate(value, {}) for name, value in point.items()}
        assert all(abs(evaluate(form, place)) < 1e-12 for form in forms)


def test_a_wrong_hand_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where SymPy knows a solution that the steps have missed, the steps do not count."""
    from tutor.calculus.optima import find as module
    from tutor.calculus.optima.solving import Roots

    monkeypatch.setattr(module, "solve_one", lambda *_: Roots((), (number(1),)))
    assert [str(point["x"]) for point in find([read("(x - 1)*(x - 2)*(x^2 + 1)")], ("x",)).points] == ["1", "2"]


def test_a_letter_that_is_n_stays_a_letter() -> None:
    assert verdicts(critical_points("n^2 - 4n")) == {("2",): "minimum"}
    assert verdicts(critical_points("sin(n)")) == {("pi/2 + 2*pi*m",): "maximum", ("3*pi/2 + 2*pi*m",): "minimum"}


def test_a_derivative_of_zero_does_not_make_a_function_constant() -> None:
    assert [[test.id for test in one.tests] for one in critical_points("floor(x)").points] == [["pieces"]]
    assert [[test.id for test in one.tests] for one in critical_points("0*x + 3").points] == [["constant"]]


def test_letters_that_are_held_fixed() -> None:
    result = critical_points("a*x^2 + b*x", ["x"])
    assert [str(one.point["x"]) for one in result.points] == ["-b/(2*a)"]
    assert result.points[0].verdict == "undecided"
    assert result.proved


# -- budgets -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["x^5 - x - 1", "x^2 - cos(x)", "x^4 - 3x^2 + x*y + sin(y)", "x^2*y^3 + e^(x*y)", "tan(x) - x", "x^x - 2x", "sin(x)*sin(y) + x"])
def test_beyond_the_budget_nothing_hangs(text: str) -> None:
    critical_points("x^2")  # the helper process is there
    start = time.monotonic()
    result = critical_points(text, seconds=0.0)
    assert time.monotonic() - start < 15
    assert result.solved.by in ("hand", "nobody", "search")
    assert not any(remark.id.endswith("_taken") for remark in result.overall)


def test_not_found_in_time_is_said() -> None:
    result = critical_points("x^5 - 5*e^x + x^2", seconds=0.0)
    assert (result.solved.by, result.solved.in_time, result.points) == ("nobody", False, ())


# -- the published numbers ---------------------------------------------------------------------------


def test_worked_examples() -> None:
    rows = {row["id"]: row for row in json.loads(shared("reference/worked_examples.json").read_text(encoding="utf-8"))}
    cookie = critical_points("-0.01T^2 - 0.5t^2 + 3T + 10t")
    assert [str(value) for value in cookie.points[0].point.values()] == rows["cookie-optimum"]["right"]
    assert str(cookie.points[0].value.exact) == "275"  # type: ignore[union-attr]
    coffee = critical_points("P(p) = -20p^2 + 200p - 300")
    assert [str(coffee.points[0].point["p"]), str(coffee.points[0].value.exact)] == ["5", "200"]  # type: ignore[union-attr]
    assert evaluate(coffee.slopes[0].value, {"p": 5.0}) == rows["coffee-slope-5"]["value"]
    assert evaluate(critical_points(rows["quad-derivative"]["inputs"]["f"]).points[0].point["x"], {}) == rows["quad-min-slope"]["inputs"]["x"]
    assert verdicts(critical_points(rows["saddle-gradient"]["inputs"]["f"])) == {("0", "0"): "saddle"}
    bowl = critical_points(rows["bowl-gradient"]["inputs"]["f"])
    assert [str(value) for value in bowl.points[0].point.values()] == rows["bowl-min"]["right"]
    assert [str(slope.value) for slope in critical_points(rows["hill-gradient"]["inputs"]["h"]).slopes] == ["-2*x", "-4*y"]


@pytest.mark.parametrize("text", ["5", "x = y^2 + x", "(x, y)"])
def test_requests_that_make_no_sense(text: str) -> None:
    with pytest.raises(RequestError):
        critical_points(text)


def test_a_rounded_point_has_a_rounded_value() -> None:
    found = value_here(read("x^2"), {"x": read("1.4142135623731")}).exact
    assert found is not None
    assert len(str(found)) <= 14
    assert evaluate(found, {}) == pytest.approx(2)
