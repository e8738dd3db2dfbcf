"""The methods against rules written by hand in NumPy, against their own exact and vector forms, and against the libraries."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import MANY
from tests.descent.libraries import CASES, FUNCTIONS, optax_iterates, torch_iterates
from tutor.descent.method import METHODS, Method, method
from tutor.descent.objective import written
from tutor.descent.program import Program, exact, unrolled
from tutor.descent.run import descend
from tutor.descent.schedules import SCHEDULES, schedule
from tutor.descent.stage import threshold
from tutor.descent.vectors import VectorProgram
from tutor.errors import RequestError
from tutor.form.evaluate import evaluate

TABLE: dict[str, Any] = json.loads((Path(__file__).parents[1] / "fixtures" / "optimisers.json").read_text(encoding="utf-8"))
"""Iterates of the two libraries: `python -m tests.descent.libraries` writes them again where both are installed."""


def ours(case: str) -> np.ndarray[Any, Any]:
    row = CASES[case]
    start, steps = FUNCTIONS[row.function].start, row.steps
    trace = descend(FUNCTIONS[row.function].text, start=start, steps=steps, method=row.method, rate=row.rate, convention=row.convention,
                    settings=row.settings, clip_norm=row.clip_norm, weight_decay=row.weight_decay)  # fmt: skip
    return trace.points


@pytest.mark.parametrize("case", CASES)
def test_the_iterates_are_those_of_the_library(case: str) -> None:
    np.testing.assert_allclose(ours(case), TABLE[case], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("case", [name for name, row in CASES.items() if row.convention == "torch"])
def test_the_installed_torch_agrees(case: str) -> None:
    if importlib.util.find_spec("torch") is None:
        pytest.skip("torch is not installed")
    np.testing.assert_allclose(ours(case), torch_iterates(CASES[case]), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("case", [name for name, row in CASES.items() if row.convention == "optax"])
def test_the_installed_optax_agrees(case: str) -> None:
    if importlib.util.find_spec("optax") is None:
        pytest.skip("optax is not installed")
    np.testing.assert_allclose(ours(case), optax_iterates(CASES[case]), rtol=1e-12, atol=1e-12)


Update = Callable[[np.ndarray[Any, Any], np.ndarray[Any, Any], dict[str, Any], int], np.ndarray[Any, Any]]


def by_hand(name: str, convention: str, rate: float) -> Update:
    """The rules as the reference writes them, in NumPy."""

    def update(x: Any, g: Any, state: dict[str, Any], t: int) -> Any:
        def kept(letter: str, value: Any) -> Any:
            state[letter] = value
            return value

        torch = convention == "torch"
        if name == "gd":
            return x - rate * g
        if name in ("momentum", "nesterov"):
            b = kept("b", 0.9 * state.get("b", 0.0) + g)
            return x - rate * (b if name == "momentum" else g + 0.9 * b)
        if name == "adagrad":
            s = kept("s", state.get("s", 0.0 if torch else 0.1) + g**2)
            return x - rate * g / (np.sqrt(s) + 1e-10 if torch else np.sqrt(s + 1e-7))
        if name == "rmsprop":
            rho = 0.99 if torch else 0.9
            v = kept("v", rho * state.get("v", 0.0) + (1 - rho) * g**2)
            return x - rate * g / (np.sqrt(v) + 1e-8 if torch else np.sqrt(v + 1e-8))
        m = kept("m", 0.9 * state.get("m", 0.0) + 0.1 * g)
        v = kept("v", 0.999 * state.get("v", 0.0) + 0.001 * g**2)
        return x - rate * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)

    return update


@pytest.mark.parametrize("convention", METHODS)
@pytest.mark.parametrize("name", [name for name in METHODS["torch"] if name != "newton"])
def test_the_rules_of_the_reference(name: str, convention: str) -> None:
    update, state = by_hand(name, convention, 0.05), dict[str, Any]()
    x = np.array([2.0, -1.5])
    expected = [x]
    for t in range(1, 31):
        g = np.array([2 * x[0] + np.cos(x[0]) * x[1], 4 * x[1] + np.sin(x[0])])
        x = update(x, g, state, t)
        expected.append(x)
    trace = descend("x^2 + 2y^2 + sin(x)*y", start=[2, -1.5], rate="0.05", steps=30, method=name, convention=convention)
    np.testing.assert_allclose(trace.points, expected, rtol=1e-12, atol=1e-12)


OPTIONS: list[dict[str, Any]] = [
    {"name": "adam", "rate": "0.1", "clip_norm": 1, "weight_decay": "0.1"}, {"name": "rmsprop", "rate": "0.1", "project": "l1(2)", "convention": "optax"},
    {"name": "gd", "rate": "0.1", "mirror": True}, {"name": "gd", "rate": "0.1", "project": "halfspace((1, 2, 3), 1)"}, {"name": "newton"},
    {"name": "momentum", "rate": "0.1", "settings": {"mu": "0.8"}, "project": "simplex"}, {"name": "adagrad", "rate": "0.5", "clip_value": "0.7"},
    {"name": "nesterov", "rate": "0.05", "project": "l2(1/2)"}, {"name": "gd", "rate": "0.1", "project": "box(0, 1)", "clip_norm": 2, "convention": "optax"},
]  # fmt: skip


@pytest.mark.parametrize("options", OPTIONS, ids=lambda one: " ".join(map(str, one.values())))
def test_written_out_and_in_arrays_it_is_the_same_run(options: dict[str, Any]) -> None:
    chosen, objective = method(**options), written("x^2 + 2y^2 + x*y + ln(1 + z^2)")
    ours, theirs = (list(kind.run_with_memory(1, 25, 0.2, 0.3, 0.5)) for kind in (unrolled(chosen, objective), VectorProgram(chosen, objective)))
    assert len(ours) > 25
    np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-12)


@settings(max_examples=50 * MANY)
@given(st.integers(-5, 5), st.integers(-5, 5), st.sampled_from(["gd", "momentum", "nesterov"]), st.sampled_from([None, "box(-1, 2)", "simplex", "halfspace((1, 2), 3)"]))
def test_fractions_round_to_the_floats(x: int, y: int, name: str, region: str | None) -> None:
    chosen = method(name, rate="0.05", project=region)
    program = unrolled(chosen, written("x^2 + 3y^2 - x*y + x"))
    fractions = list(exact(program, [Fraction(x), Fraction(y)], 8))
    floats = np.reshape(list(program.run(1, 8, float(x), float(y))), (-1, 2))
    np.testing.assert_allclose(np.array(fractions, dtype=float), floats, rtol=1e-9, atol=1e-9)


# -- regions: the nearest allowed point ---------------------------------------------------------------

REGIONS: dict[str, Callable[[np.ndarray[Any, Any]], bool]] = {
    "box(-1, 2)": lambda p: bool((p >= -1 - 1e-9).all() and (p <= 2 + 1e-9).all()),
    "l2(1.5)": lambda p: bool(np.linalg.norm(p) <= 1.5 + 1e-9),
    "l1(1.5)": lambda p: bool(np.abs(p).sum() <= 1.5 + 1e-9),
    "linf(1)": lambda p: bool(np.abs(p).max() <= 1 + 1e-9),
    "simplex": lambda p: bool((p >= -1e-9).all() and abs(p.sum() - 1) <= 1e-9),
    "simplex(2)": lambda p: bool((p >= -1e-9).all() and abs(p.sum() - 2) <= 1e-9),
    "halfspace((1, -2, 0.5), 1)": lambda p: bool(p @ np.array([1, -2, 0.5]) <= 1 + 1e-9),
}


@cache
def resting(region: str, size: int) -> Program:
    """Steps of length zero, projected."""
    return unrolled(method("gd", rate=0, project=region), written("+".join(f"{letter}^2" for letter in "pqruvw"[:size])))


def projected(region: str, point: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return np.array(list(resting(region, len(point)).run(1, 1, *point.tolist())))


@pytest.mark.parametrize("region", REGIONS)
@settings(max_examples=60 * MANY)
@given(point=st.lists(st.floats(-5, 5), min_size=3, max_size=3).map(np.array), seed=st.integers(0, 10_000))
def test_a_projection_is_the_nearest_allowed_point(region: str, point: np.ndarray[Any, Any], seed: int) -> None:
    nearest = projected(region, point)
    assert REGIONS[region](nearest)
    np.testing.assert_allclose(projected(region, nearest), nearest, atol=1e-9)
    if REGIONS[region](point):
        np.testing.assert_allclose(nearest, point, atol=1e-9)
    others = np.random.default_rng(seed).normal(size=(200, 3)) * 2
    allowed = [projected(region, other) for other in others[:20]] + [other for other in others if REGIONS[region](other)]
    assert all(np.linalg.norm(point - nearest) <= np.linalg.norm(point - other) + 1e-9 for other in allowed)


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=8), st.floats(0.1, 5))
def test_the_threshold_leaves_the_radius(parts: list[float], radius: float) -> None:
    assert sum(max(part - threshold(radius, *parts), 0) for part in parts) == pytest.approx(radius)


def test_many_letters_use_the_sorted_threshold() -> None:
    point = np.array([0.9, 0.8, -0.3, 0.4, 2.0])
    assert projected("simplex", point).sum() == pytest.approx(1)


# -- clipping, schedules, and what is refused ---------------------------------------------------------


def test_clipping_keeps_the_direction_and_a_short_gradient() -> None:
    for convention in METHODS:
        long, short = (descend("3x + 4y", start=[0, 0], rate=1, steps=1, clip_norm=c, convention=convention).points[1] for c in (1, 100))
        np.testing.assert_allclose(long, [-0.6, -0.8], rtol=1e-6)
        np.testing.assert_allclose(short, [-3, -4])
    np.testing.assert_allclose(descend("3x + 4y", start=[0, 0], rate=1, steps=1, clip_value=1).points[1], [-1, -1])
    np.testing.assert_allclose(descend("x^2", start=[0], rate=1, steps=3, clip_norm=1, convention="optax").points, 0)


@pytest.mark.parametrize("name", SCHEDULES)
def test_schedules_start_and_end_as_they_say(name: str) -> None:
    rates = [evaluate(schedule(name, "0.5", 40), {"n": float(n)}) for n in range(1, 41)]
    assert all(0 <= rate <= 0.5 for rate in rates)
    assert max(rates) == pytest.approx(0.5)
    last = {"constant": 0.5, "step": 0.0625, "exponential": 0.5 * 0.99**39, "cosine": 0.25 * (1 + np.cos(np.pi * 39 / 40)), "warmup": 0.0}
    assert rates[-1] == pytest.approx(last[name])


def test_a_schedule_runs() -> None:
    trace = descend("x^2", start=[1], rate=schedule("exponential(0.5)", "0.4", 3), steps=3)
    np.testing.assert_allclose(trace.points[:, 0], [1, 0.2, 0.2 * 0.6, 0.2 * 0.6 * 0.8])


def test_newton_arrives_on_a_quadratic_and_is_damped() -> None:
    np.testing.assert_allclose(descend("x^2 + x*y + 3y^2 - x", start=[5, 5], steps=1, method="newton").gradients[1], 0, atol=1e-12)
    damped = descend("x^2", start=[3], steps=1, method="newton", settings={"damping": 2}).points[1, 0]
    assert damped == pytest.approx(3 - 6 / 4)
    assert descend("x + y^2", start=[1, 1], steps=3, method="newton").stopped == "undefined"


@pytest.mark.parametrize(("options", "advice"), [
    ({"name": "adm", "rate": 1}, "adam"), ({"name": "gd"}, "--rate"), ({"name": "gd", "rate": -1}, ""), ({"name": "gd", "rate": "x"}, ""),
    ({"name": "adam", "rate": 1, "settings": {"mu": 1}}, "beta_1"), ({"name": "momentum", "rate": 1, "settings": {"mu": "1.5"}}, ""),
    ({"name": "gd", "rate": 1, "clip_norm": 0}, ""), ({"name": "gd", "rate": 1, "project": "ball"}, "simplex"), ({"name": "gd", "rate": 1, "project": "box(2, 1)"}, ""),
    ({"name": "gd", "rate": 1, "project": "l2(-1)"}, ""), ({"name": "gd", "rate": 1, "convention": "keras"}, "torch"), ({"name": "gd", "rate": "1/0"}, ""),
    ({"name": "gd", "rate": 1, "project": "halfspace(1)"}, "halfspace"), ({"name": "gd", "rate": 1, "weight_decay": -1}, ""),
])  # fmt: skip
def test_what_makes_no_sense_is_refused(options: dict[str, Any], advice: str) -> None:
    with pytest.raises(RequestError) as caught:
        method(**options)
    assert advice in str(caught.value) + (caught.value.advice or "")


@pytest.mark.parametrize("text", ["cosin", "step(0)", "warmup(50, 40)", "exponential(1, 2)", "cosine(", "step(x)"])
def test_no_schedule(text: str) -> None:
    from tutor.errors import TutorError

    with pytest.raises(TutorError):
        schedule(text, "0.1", 40)


def test_a_method_says_its_settings() -> None:
    chosen = method("adam", rate="0.1", convention="optax", clip_norm=1)
    assert isinstance(chosen, Method)
    assert {name: str(value) for name, value in chosen.settings.items()} == {
        "c": "1", "beta_1": "0.9", "beta_2": "0.999", "epsilon": "0.00000001", "alpha": "0.1",
    }  # fmt: skip
