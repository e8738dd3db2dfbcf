"""The ground under runs: windows that hold what can be seen, bottoms against linear algebra, heights of contour lines."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from tutor.descent.fit import fit
from tutor.descent.landscape import affordable, finest, heights, levelled, lowest, sampled, shown, window
from tutor.descent.objective import written
from tutor.descent.run import descend

SIZES = st.integers(1, 6).map(lambda k: k / 2)


@given(SIZES, SIZES, st.integers(-1, 1), st.tuples(st.integers(-4, 4), st.integers(-4, 4)))
def test_the_bottom_of_a_bowl_solves_the_linear_system(a: float, b: float, c: int, start: tuple[int, int]) -> None:
    bowl = written(f"{a}x^2 + {b}y^2 + {c / 2}*x*y - x + 2y")
    matrix = np.array([[2 * a, c / 2], [c / 2, 2 * b]])
    found = lowest(bowl, start)
    if np.linalg.eigvalsh(matrix)[0] > 0:
        assert found == pytest.approx(np.linalg.solve(matrix, [1, -2]), abs=1e-9)
    elif np.linalg.eigvalsh(matrix)[0] < 0:
        assert found is None


@pytest.mark.parametrize(
    ("text", "start", "bottom"),
    [
        ("(1-x)^2 + 100(y-x^2)^2", (-1.2, 1), (1, 1)), ("x^4", (1,), (0,)), ("x^4 - 3x^2 + x", (2,), (1.130901,)), ("x^4 - 3x^2 + x", (-2,), (-1.30084,)),
        ("cosh(x) + y^2", (3, 1), (0, 0)), ("x*ln(x)", (2,), (math.exp(-1),)),
    ],
)  # fmt: skip
def test_the_bottom_of_the_valley_that_holds_the_start(text: str, start: tuple[float, ...], bottom: tuple[float, ...]) -> None:
    assert lowest(written(text), start) == pytest.approx(bottom, abs=1e-4)


@pytest.mark.parametrize(("text", "start"), [("x^3", (1,)), ("x^2 - y^2", (1, 0)), ("x^2 - y^2", (1, 0.1)), ("x + y^2", (1, 1)), ("e^(-x)", (0,)), ("-x^2", (1,)), ("ln(x)", (2,))])
def test_where_there_is_no_bottom_none_is_found(text: str, start: tuple[float, ...]) -> None:
    assert lowest(written(text), start) is None


def test_what_follows_no_function_has_no_bottom() -> None:
    assert lowest(fit("w*size", "price", "houses", temperature=1), (0.0,)) is None


PATHS = arrays(float, st.tuples(st.integers(1, 30), st.integers(1, 3)), elements=st.floats(-1e6, 1e6, width=32))


@given(PATHS)
def test_a_window_holds_what_is_shown_and_has_an_inside(path: NDArray[np.float64]) -> None:
    held = path[: shown(path)]
    assert len(held) >= min(3, len(path))
    for (low, high), column in zip(window([path]), held.T, strict=True):
        assert low < high
        assert low <= column.min() <= column.max() <= high


@pytest.mark.parametrize("rate", [1.05, 1.2, 1.5, 3, 40])
def test_a_run_that_flies_apart_is_shown_from_its_beginning(rate: float) -> None:
    points = descend("x^2 + y^2", start="x=1,y=2", rate=rate, steps=600).points
    ((low, high), _) = window([points])
    assert 3 <= shown(points) < len(points)
    assert high - low < 40 * abs(points[2, 0])


@pytest.mark.parametrize("rate", [0.001, 0.1, 0.5, 0.9, 1])
def test_a_calm_run_is_shown_to_its_end(rate: float) -> None:
    points = descend("x^2 + y^2", start="x=1,y=2", rate=rate, steps=300).points
    assert shown(points) == len(points)


def test_a_run_that_flies_apart_does_not_stretch_the_window_of_calm_ones() -> None:
    calm, wild = (descend("x^2", start="x=1", rate=rate, steps=50).points for rate in ("0.1", "1.6"))
    assert window([calm, wild]) == window([calm])


def test_a_place_is_held_if_it_is_not_far() -> None:
    path = np.array([[0.0, 0.0], [1.0, 1.0]])
    ((_, high), _) = window([path], [(2.0, 0.5)])
    assert high > 2
    assert window([path], [(900.0, 0.5)]) == window([path])


@given(st.tuples(st.floats(0.1, 100), st.floats(0.1, 100)))
def test_one_scale_where_the_sides_are_alike(sizes: tuple[float, float]) -> None:
    sides = tuple((1.0, 1.0 + size) for size in sizes)
    found, same = levelled(sides)
    assert all(new[0] <= old[0] and new[1] >= old[1] for new, old in zip(found, sides, strict=True))
    assert same == (max(sizes) <= 8 * min(sizes)) or math.isclose(max(sizes), 8 * min(sizes))
    if same:
        assert min(high - low for low, high in found) >= 0.6 * max(high - low for low, high in found)


FUNCTIONS: list[Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]]] = [
    lambda x, y: x**2 + 20 * y**2, lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2, lambda x, y: x**2 - y**2, lambda x, y: np.exp(5 * x) + y, lambda x, y: x + 0 * y,
]  # fmt: skip


@pytest.mark.parametrize("k", range(len(FUNCTIONS)))
@pytest.mark.parametrize(("factor", "shift"), [(1, 0), (1e6, 0), (1e-9, 0), (1, 1000), (3, -77.7)])
def test_heights_rise_and_cut_the_picture(k: int, factor: float, shift: float) -> None:
    values = factor * FUNCTIONS[k](*np.meshgrid(np.linspace(-2, 2, 61), np.linspace(-2, 2, 61))) + shift
    found = heights(values)
    assert all(one < other for one, other in pairwise(found))
    assert values.min() < found[0]
    assert found[-1] < values.max()
    assert 4 <= len(found) <= 16
    assert all(len(Decimal(repr(height)).normalize().as_tuple().digits) <= 6 for height in found)


def test_a_plain_has_no_contour_lines() -> None:
    assert heights(np.full((5, 5), 3.0)) == heights(np.full((5, 5), np.nan)) == ()


def test_a_grid_is_sampled_in_rows() -> None:
    (xs, ys), values = sampled(written("x + 10y"), [(0, 1), (0, 2)], 3)
    assert values.tolist() == [[x + 10 * y for x in xs] for y in ys]
    (xs,), values = sampled(written("1/x"), [(-1, 1)], 3)
    assert math.isnan(values[1])


def test_values_over_many_rows_are_asked_at_fewer_places() -> None:
    few, many = fit("w*x^2 + b^2", "y", {"x": [1, 2], "y": [3, 4]}), fit("w*x^2 + b^2", "y", {"x": [1.0] * 500_000, "y": [3.0] * 500_000})
    assert finest(few, 121, 2) == 121
    assert finest(many, 121, 2) == 15
    assert 60 <= affordable(many, 60, 1200) < 100
    assert finest(fit("w*x + b", "y", {"x": [1.0, 2.0] * 250_000, "y": [3.0] * 500_000}), 121, 2) == 121  # a quadratic needs the rows once
