"""Runs: the published figures, why they stop, what they keep, progress and interruption."""

from __future__ import annotations

import math
import threading
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from tutor.descent.compare import race, sweep
from tutor.descent.objective import penalised, written
from tutor.descent.run import descend, iterations
from tutor.descent.starts import basins
from tutor.errors import RequestError
from tutor.form.reading import read


def test_the_iterates_of_the_articles() -> None:
    parabola = descend("x^2 - 4x + 5", start="x=0", rate="0.1", steps=20)
    assert parabola.exact()[20] == (Fraction(188535840025698, 95367431640625),)
    assert [parabola[n].gradient for n in (0, 1)] == [(-4.0,), (pytest.approx(-3.2),)]
    assert parabola.last.point[0] == pytest.approx(1.976941569907863)
    bowl = descend("x^2 + 2y^2", start={"x": 4, "y": 3}, rate="0.1", steps=20)
    assert bowl.exact()[20] == (Fraction(4398046511104, 95367431640625), Fraction(10460353203, 95367431640625))
    assert descend("x^2", start="x=10", rate="0.001", steps=1000).last.point[0] == pytest.approx(1.350645224466836)


def test_the_start_is_exact_and_in_any_order() -> None:
    one, other = (descend("x^2 + x*y + y^2", start=start, rate="1/10", steps=3) for start in ("y=1/3, x=2", [2, 1 / 3]))
    assert one.exact(1)[0] == (Fraction(2), Fraction(1, 3))
    np.testing.assert_allclose(one.points, other.points)


@pytest.mark.parametrize(("text", "start", "rate", "stopped", "steps"), [
    ("x^2", 1, "0.1", "steps", 50), ("x^4", 10, "1", "overflow", None), ("ln(x)", 1, "2", "undefined", None), ("sqrt(x) + x", 1, "1", "undefined", None),
    ("x^2 - 2x", 1, "0.5", "steps", 50), ("1/x", 1, "-0", "steps", 50), ("e^(x^2)", 3, "1", "overflow", None), ("-x^2", 1, "1", "steps", 50),
])  # fmt: skip
def test_why_a_run_stops(text: str, start: int, rate: str, stopped: str, steps: int | None) -> None:
    trace = descend(text, start=[start], rate=rate, steps=50)
    assert trace.stopped in (stopped, "undefined" if stopped == "overflow" else stopped)
    assert np.isfinite(trace.points).all()
    assert np.isnan(trace.values[-1]) == (trace.stopped == "undefined" and text != "e^(x^2)")
    if steps is not None:
        assert trace.steps == steps


def test_a_tolerance_ends_at_the_first_flat_point() -> None:
    trace = descend("x^2 + 2y^2", start=[4, 3], rate="0.1", steps=100_000, tolerance=1e-6)
    assert trace.stopped == "tolerance"
    assert trace.lengths[-1] <= 1e-6 < trace.lengths[-2]


def test_a_long_run_is_the_short_one_repeated() -> None:
    long = descend("x^2 + 2y^2", start=[4, 3], rate="0.00001", steps=300_000, method="adam")
    assert len(long) == 300_001
    some = descend("x^2 + 2y^2", start=[4, 3], rate="0.00001", steps=3_000, method="adam")
    np.testing.assert_array_equal(long.points[:3_001], some.points)


def test_progress_and_interruption_lose_nothing() -> None:
    seen: list[tuple[int, int]] = []

    def stop(done: int, steps: int) -> None:
        seen.append((done, steps))
        if len(seen) == 2:
            raise KeyboardInterrupt

    trace = descend("x^2", start=[1], rate="0.000001", steps=1_000_000, progress=stop)
    assert trace.stopped == "interrupted"
    assert trace.steps == seen[-1][0] < 1_000_000
    assert trace.last.point[0] == pytest.approx((1 - 2e-6) ** trace.steps)


def test_iterations_come_while_it_runs() -> None:
    rows = iterations("x^2", start=[10], rate="0.1", steps=10**9)
    first = [next(rows) for _ in range(3)]
    assert [(row.n, round(row.point[0], 6), round(row.value, 6)) for row in first] == [(0, 10, 100), (1, 8, 64), (2, 6.4, 40.96)]
    assert len(list(iterations("ln(x)", start=[1], rate=2, steps=50))) == descend("ln(x)", start=[1], rate=2, steps=50).steps + 1


def test_the_arrays_are_the_runs_own() -> None:
    trace = descend("x^2 + y^2", start=[1, 2], rate="0.1", steps=5, method="momentum")
    for array in (trace.points, trace.gradients, trace.values, trace.lengths, trace.moves, trace.memory):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    assert trace.points[:, 0].base is not None
    np.testing.assert_allclose(trace.gradients, 2 * trace.points)
    np.testing.assert_allclose(trace.points[1:], trace.points[:-1] - 0.1 * trace.memory[1:])
    assert [row.n for row in trace] == list(range(6))


def test_threads_do_not_disturb_each_other() -> None:
    found: dict[int, Any] = {}

    def run(k: int) -> None:
        found[k] = descend("(1 - x)^2 + 100(y - x^2)^2", start=[-1, k / 4], rate="0.001", steps=2_000, method="adam").points

    threads = [threading.Thread(target=run, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for k in range(4):
        again = descend("(1 - x)^2 + 100(y - x^2)^2", start=[-1, k / 4], rate="0.001", steps=2_000, method="adam").points
        np.testing.assert_array_equal(found[k], again)


@pytest.mark.parametrize(("call", "said"), [
    ({"function": "x^2 + y", "start": "x=1"}, "y"), ({"function": "x^2", "start": "x=1, z=2"}, "z"), ({"function": "x^2", "start": [1, 2]}, "2 numbers"),
    ({"function": "x^2", "start": "x=1", "steps": -1}, "negative"), ({"function": "x^2", "start": "x=1", "steps": 10**12}, "too many"),
    ({"function": "3", "start": "x=1"}, "letters"), ({"function": "x^2", "start": "x=1", "rate": None}, "rate"), ({"function": "x^2", "start": "x=y"}, ""),
    ({"function": "x = 2", "start": "x=1"}, ""), ({"function": "x^2", "start": "1"}, ""),
])  # fmt: skip
def test_what_makes_no_sense_is_refused(call: dict[str, Any], said: str) -> None:
    with pytest.raises(RequestError) as caught:
        descend(**{"rate": "0.1", "steps": 5, **call})
    assert said in str(caught.value)


def test_exact_iterates_end_where_there_are_no_fractions() -> None:
    with pytest.raises(RequestError, match="leaves the fractions"):
        descend("e^x", start="x=0", rate="0.1", steps=3).exact()
    with pytest.raises(RequestError, match="digits"):
        descend("x^4 + x", start="x=1/3", rate="0.01", steps=30).exact()
    with pytest.raises(RequestError, match="no fraction"):
        descend("x^2", start="x=pi", rate="0.1", steps=3).exact()
    with pytest.raises(RequestError, match="system of equations"):
        descend("x^2", start="x=1", steps=3, method="newton").exact()


def test_penalties_are_part_of_the_objective() -> None:
    found = penalised(written("x^2 + y"), l1=read("0.5"), l2=read("2"))
    assert found.value(3.0, -1.0) == pytest.approx(9 - 1 + 0.5 * 4 + 2 * 10)
    assert found.slopes(3.0, -1.0) == (pytest.approx(6 + 0.5 + 12), pytest.approx(1 - 0.5 - 4))


# -- several runs --------------------------------------------------------------------------------------


def test_a_sweep_of_rates() -> None:
    found = sweep("x^2", start="x=10", rates=["1", "0.1", "0.001"], steps=20)
    assert [round(trace.last.point[0], 6) for trace in found.traces] == [10.0, 0.115292, round(10 * 0.998**20, 6)]


def test_a_race_gives_each_method_its_rate() -> None:
    names = ["gd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "newton"]
    found = race("x^2 + 20y^2", start="x=4,y=3", methods=names, rate=dict.fromkeys(names[:-1], "0.01"), steps=50)
    assert found.labels == tuple(names)
    np.testing.assert_allclose(found.traces[-1].points[1], 0, atol=1e-12)
    assert math.isclose(float(found.traces[0].points[1, 0]), 4 * 0.98)


@pytest.mark.parametrize("rates", [[], ["0.1", "0.1"], [str(k) for k in range(1, 20)]])
def test_no_comparison(rates: list[str]) -> None:
    with pytest.raises(RequestError):
        sweep("x^2", start="x=1", rates=rates)


def test_starts_fall_into_valleys() -> None:
    himmelblau = "(x^2 + y - 11)^2 + (x + y^2 - 7)^2"
    found = basins(himmelblau, starts=60, seed=4, rate="0.01", steps=2_000, box=(-5, 5))
    places = {tuple(np.round(valley.point, 3)) for valley in found.valleys}
    assert places == {(3.0, 2.0), (-2.805, 3.131), (-3.779, -3.283), (3.584, -1.848)}
    assert sorted([k for valley in found.valleys for k in valley.starts] + list(found.unsettled)) == list(range(60))
    again = basins(himmelblau, starts=60, seed=4, rate="0.01", steps=2_000, box={"x": (-5, 5), "y": (-5, 5)})
    assert again.valleys == found.valleys
    assert basins(himmelblau, starts=60, seed=5, rate="0.01", steps=10, box=(-5, 5)).unsettled


def test_runs_that_leave_are_in_no_valley() -> None:
    found = basins("x^3 - 3x", starts=40, seed=1, rate="0.01", steps=3_000)
    assert [round(valley.point[0], 4) for valley in found.valleys] == [1.0]
    assert all(found.traces[k].points[0, 0] < -1 for k in found.unsettled)
    assert found.unsettled


@pytest.mark.parametrize("options", [{"starts": 0}, {"starts": 10_000}, {"starts": 3, "box": (2, 1)}, {"starts": 3, "box": {"y": (0, 1)}}])
def test_no_starts(options: dict[str, Any]) -> None:
    with pytest.raises(RequestError):
        basins("x^2", rate="0.1", **options)


def test_an_interrupted_comparison_shows_what_there_is() -> None:
    calls = iter(range(100))

    def stop(done: int, steps: int) -> None:
        if next(calls) == 1:
            raise KeyboardInterrupt

    found = sweep("x^2", start="x=1", rates=["0.1", "0.2", "0.3"], steps=50, progress=stop)
    assert (found.labels, found.traces[-1].stopped) == (("0.1", "0.2"), "interrupted")


def test_a_region_has_as_many_dimensions_as_letters() -> None:
    with pytest.raises(RequestError, match="2 components"):
        descend("x^2 + y^2 + z^2", start=[1, 1, 1], rate="0.1", project="halfspace((1, 2), 3)")


def test_lengths_of_a_run_that_flies_apart_warn_of_nothing() -> None:
    trace = descend("x^2 + y^2", start=[1, 1], rate=1000, steps=200)
    assert trace.stopped == "overflow"
    assert len(trace.lengths) == len(trace.moves) + 1
