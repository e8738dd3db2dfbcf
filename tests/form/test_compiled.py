"""Compiled forms have the values that the walk over the tree has."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.calculus.smooth import functions
from tests.conftest import MANY
from tutor.errors import RequestError
from tutor.form.compiled import Asked, Assignment, array_function, function, loop
from tutor.form.evaluate import evaluate
from tutor.form.reading import read
from tutor.form.tree import Add, Form, Num, Sym

POINTS = st.tuples(st.floats(-3, 3), st.floats(-3, 3))


def close(one: float, other: float) -> bool:
    return (math.isnan(one) and not math.isfinite(other)) or one == pytest.approx(other, rel=1e-9, abs=1e-12)


@settings(max_examples=200 * MANY)
@given(functions, POINTS)
def test_a_compiled_form_has_the_value_of_the_walk(form: Form, point: tuple[float, float]) -> None:
    ours = function([form], ["x", "a"])(*point)[0]
    theirs = evaluate(form, {"x": point[0], "a": point[1]})
    assert close(ours, theirs) or (math.isnan(ours) and not math.isfinite(theirs))


@settings(max_examples=100 * MANY)
@given(functions)
def test_arrays_have_the_values_of_floats(form: Form) -> None:
    places = np.array([0.3, 1.1, 2.7])
    with np.errstate(all="ignore"):
        rows = np.broadcast_to(array_function([form], ["x", "a"])(places, 0.7)[0], places.shape)
    for place, ours in zip(places, rows, strict=True):
        theirs = function([form], ["x", "a"])(float(place), 0.7)[0]
        assert close(theirs, float(ours))


@pytest.mark.parametrize("text", ["ln(x)", "1/(x + 1)", "sqrt(x)", "x^(1/2)", "e^(1000 - x)", "asin(2 - x)"])
def test_what_has_no_value_is_nan(text: str) -> None:
    assert math.isnan(function([read(text)], ["x"])(-1.0)[0])


@pytest.mark.parametrize(("text", "point"), [
    ("root(x, 3)", -8.0), ("x^(1/3)", 8.0), ("x^(-2)", 3.0), ("x^20", 1.1), ("max(x, 2, 3) - min(x, 1)", 2.5), ("piecewise(x^2, x <= 1; 2x - 1)", 3.0),
    ("piecewise(x^2, x <= 1; 2x - 1)", -3.0), ("gamma(x)", 4.5), ("digamma(x)", 2.0), ("sign(x)*floor(x)", -2.5), ("x^x + 2^x + x^pi", 1.5), ("-x - (-x)", 2.0),
])  # fmt: skip
def test_every_kind_of_node(text: str, point: float) -> None:
    assert function([read(text)], ["x"])(point)[0] == pytest.approx(evaluate(read(text), {"x": point}), rel=1e-12)


def test_no_form_is_too_long_or_too_deep() -> None:
    nested = "x"
    for _ in range(150):
        nested = f"sin({nested} + 1)"
    for text in ("+".join(f"sin({k}x)" for k in range(1, 900)), "*".join("(x+1)" for _ in range(300)), nested):
        assert function([read(text)], ["x"])(0.5)[0] == pytest.approx(evaluate(read(text), {"x": 0.5}), rel=1e-9)


def test_shared_parts_are_computed_once() -> None:
    calls = []
    slow = read("slow(x) + slow(x)^2 + sin(slow(x))", functions=["slow"])
    found = function([slow], ["x"], {"slow": lambda x: calls.append(x) or 2.0})(1.0)[0]
    assert (found, len(calls)) == (pytest.approx(6 + math.sin(2)), 1)


def test_a_loop_repeats_its_steps() -> None:
    steps = [Assignment("s", read("a + b")), Asked(("t",), lambda s: (s * 2.0,), ("s",)), Assignment("u", read("t - s"))]
    assert list(loop(steps, {"a": "b", "b": "u"}, ["u"])(1, 5, 0.0, 1.0)) == [1.0, 2.0, 3.0, 5.0, 8.0]


def test_a_loop_counts_and_ends_where_there_is_no_value() -> None:
    once = loop([Assignment("y", read("x - n"))], {"x": "y"}, ["y"])
    assert list(once(1, 3, 10.0)) == [9.0, 7.0, 4.0]
    assert list(loop([Assignment("y", read("sqrt(x) - 1"))], {"x": "y"}, ["y"])(1, 9, 4.0)) == [1.0, 0.0, -1.0]
    assert list(loop([Assignment("y", read("x^3"))], {"x": "y"}, ["y"])(1, 50, 10.0))[-1] > 1e200


@pytest.mark.parametrize("text", ["x + y", "f(x)", "x < 1", "(x, 2)"])
def test_what_is_no_number_of_its_letters_is_refused(text: str) -> None:
    with pytest.raises(RequestError):
        function([read(text)], ["z"])


def test_names_play_no_part() -> None:
    """A letter is a numbered variable: whatever it is called, it cannot reach anything."""
    for name in ("__import__", "n", "v0", "errors", "print", "x; y"):
        assert function([Add((Sym(name), Num(1)))], [name])(1.0) == (2.0,)
