"""Solutions by law: what was built to have given roots has them; what is found is one; time and memory are bounded."""

from __future__ import annotations

import math
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor import read
from tutor.algebra.solve import eigenvalues, limit, solve
from tutor.algebra.tasks import MEMORY
from tutor.algebra.worker import Allowance, OutOfTime, Worker
from tutor.form.evaluate import evaluate
from tutor.form.numerals import number
from tutor.form.tree import Add, Form, Mul, Neg, Sym, product

X = Sym("x")
rationals = st.fractions(-9, 9, max_denominator=6)


def values(form: Form) -> float:
    return evaluate(form, {})


@settings(max_examples=30)
@given(st.sets(rationals, min_size=1, max_size=4), st.sampled_from(["1", "x^2 + 1", "e^x", "x^2 + x + 1"]))
def test_a_polynomial_has_the_roots_it_was_made_of(roots: set[Fraction], factor: str) -> None:
    form = product([*(Add((X, Neg(number(root)))) for root in roots), read(factor)])
    found = solve([form], ["x"])
    assert found.complete
    assert not found.numeric
    assert [point["x"] for point in found.points] == [number(root) for root in sorted(roots)]


@settings(max_examples=20)
@given(rationals, rationals, st.integers(-5, 5), st.integers(-5, 5))
def test_a_linear_system_has_its_point(x: Fraction, y: Fraction, a: int, b: int) -> None:
    equations = [read(f"3x + y - ({3 * x + y})"), read(f"{a}*x + ({b})*y - ({a * x + b * y})")]
    found = solve(equations, ["x", "y"])
    assert found.complete
    if 3 * b != a:
        assert [dict(point) for point in found.points] == [{"x": number(x), "y": number(y)}]
    else:
        assert len(found.points[0]) == 1  # one letter stays free


@pytest.mark.parametrize(
    ("equations", "count"),
    [
        (["x^3 - y^2 + 1", "x*y - 3"], 1), (["4x^3 - 4x + y", "4y^3 + x - 2"], 3), (["3x^2 - 3y", "3y^2 - 3x"], 2),
        (["2x - 2x*y", "2y - x^2 + z", "2z + y"], 3), (["x^2 + y^2 + 1", "x - y"], 0), (["(x-1)^2", "(x-1)*(y-2) + (y-2)^3"], 1),
    ],
)  # fmt: skip
def test_a_polynomial_system_has_all_its_real_points(equations: list[str], count: int) -> None:
    """Also where SymPy's own solver finds no radicals and says that there are none."""
    forms = [read(text) for text in equations]
    found = solve(forms, ["x", "y", "z"][: len(equations)])
    assert (len(found.points), found.complete) == (count, True)
    for point in found.points:
        place = {name: values(value) for name, value in point.items()}
        assert all(abs(evaluate(form, place)) < 1e-9 for form in forms)


@pytest.mark.parametrize("text", ["cos(x) - x", "ln(x) + x - 2", "x^5 - x - 1", "e^x - 3x", "tan(x) - x", "x^x - 2"])
def test_without_a_closed_form_there_are_decimals(text: str) -> None:
    form = read(text)
    found = solve([form], ["x"])
    assert found.numeric
    assert found.points
    assert all(abs(evaluate(form, {"x": values(point["x"])})) < 1e-6 for point in found.points)


def test_a_pole_is_no_root() -> None:
    assert all(abs(values(point["x"]) % 3.141592653589793 - 1.5707963) > 1e-3 for point in solve([read("tan(x) - x")], ["x"]).points)


@pytest.mark.parametrize(("text", "points"), [("e^x", []), ("1/x^2", []), ("0", [{}]), ("(x^2-1)/(x-1)", [{"x": "-1"}]), ("a*x - b", [{"x": "b/a"}])])
def test_none_all_and_letters(text: str, points: list[dict[str, str]]) -> None:
    found = solve([read(text)], ["x"])
    assert [{name: str(value) for name, value in point.items()} for point in found.points] == points
    assert found.complete


def test_a_periodic_family_has_a_parameter() -> None:
    form = read("cos(2x) - 1/2")
    found = solve([form], ["x"])
    assert found.complete
    for point in found.points:
        assert point["x"].free == {"n"}
        assert all(abs(evaluate(form, {"x": evaluate(point["x"], {"n": n})})) < 1e-9 for n in range(-3, 4))


@pytest.mark.parametrize(
    ("text", "place", "side", "value"),
    [
        ("sin(x)/x", "0", "", "1"), ("(1 + 1/x)^x", "infinity", "", "e"), ("1/x", "0", "+", "infinity"), ("1/x", "0", "-", "-infinity"),
        ("1/x", "0", "", "None"), ("abs(x)/x", "0", "", "None"), ("e^x", "-infinity", "", "0"), ("a*x", "2", "", "2*a"),
    ],
)  # fmt: skip
def test_limits(text: str, place: str, side: str, value: str) -> None:
    assert str(limit(read(text), "x", read(place), side)) == value


@settings(max_examples=15)
@given(st.integers(-6, 6), st.integers(-6, 6), st.integers(-6, 6))
def test_eigenvalues_have_their_trace_and_product(a: int, b: int, c: int) -> None:
    found = eigenvalues([[number(a), number(b)], [number(b), number(c)]])
    listed = [values(one.value) for one in found for _ in range(one.multiplicity)]
    assert sum(listed) == pytest.approx(a + c, abs=1e-9)
    assert listed[0] * listed[1] == pytest.approx(a * c - b * b, abs=1e-9)
    assert listed == sorted(listed, reverse=True)
    for one in found:
        for x, y in one.vectors:
            assert a * values(x) + b * values(y) == pytest.approx(values(Mul((one.value, x))), abs=1e-9)


def test_without_time_there_is_no_answer() -> None:
    found = solve([read("x - 1")], ["x"], seconds=0.0)
    assert (found.in_time, found.complete, found.points) == (False, False, ())


def test_beyond_its_budget_a_process_is_killed_and_the_next_request_starts_another() -> None:
    one = Worker()
    try:
        one.ask("ready", 20)
        start = time.monotonic()
        with pytest.raises(OutOfTime):
            one.ask("eigen", 0.2, rows=[[str(math.gcd(row + 2, column + 2) * (row ^ column)) for column in range(18)] for row in range(18)])
        assert time.monotonic() - start < 10
        assert one.ask("ready", 20) is True
    finally:
        one.close()


def test_all_requests_of_a_block_share_what_is_allowed() -> None:
    one, rows = Worker(), [[str(math.gcd(row + 2, column + 2) * (row ^ column)) for column in range(18)] for row in range(18)]
    try:
        with Allowance(0.3) as outer, Allowance(60) as inner:
            assert inner is outer
            with pytest.raises(OutOfTime, match="no answer"):
                one.ask("eigen", 20, rows=rows)
            with pytest.raises(OutOfTime, match="no time is left"):
                one.ask("ready", 20)
        assert one.ask("ready", 20) is True
    finally:
        one.close()


def test_where_no_process_can_start_there_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    one = Worker()
    one.warm()
    with pytest.raises(OutOfTime, match="could not be started"):
        one.ask("ready", 20)


def test_a_long_computation_is_killed() -> None:
    hard = read("x^97 + sin(x^31)*y^41 + e^(x*y)"), read("y^89 - cos(x*y)^23 + x^y")
    start = time.monotonic()
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(solve, hard, ["x", "y"], 1.0).result(timeout=30).complete is False
    assert time.monotonic() - start < 15


def test_threads_share_one_process() -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda k: str(solve([read(f"x - {k}")], ["x"]).points[0]["x"]), range(12)))
    assert found == [str(k) for k in range(12)]


def test_a_process_that_died_is_replaced() -> None:
    one = Worker()
    try:
        assert one.ask("ready", 20) is True
        assert one._process is not None
        one._process.kill()
        one._process.wait()
        assert one.ask("ready", 20) is True
    finally:
        one.close()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="another process's limits can be read on Linux")
def test_memory_is_limited() -> None:
    import resource

    one = Worker()
    try:
        one.ask("ready", 20)
        assert one._process is not None
        assert resource.prlimit(one._process.pid, resource.RLIMIT_AS) == (MEMORY, MEMORY)
    finally:
        one.close()
