"""Pictures as values: which panels there are, and that everything in them is true of the run."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor import RequestError, differentiate, read
from tutor.descent.compare import race, sweep
from tutor.descent.fit import fit
from tutor.descent.run import descend
from tutor.descent.starts import basins
from tutor.descent.trace import Trace
from tutor.exposition.figures import MOST_FRAMES, Axis, Figure, Line, Panel, figure_of
from tutor.exposition.plots.values import kept
from tutor.form.evaluate import evaluate

METHODS = ["gd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "newton"]


def said(figure: Figure) -> str:
    return " ".join("".join(map(str, phrase)) for phrase in figure.description)


def panel(figure: Figure, kind: str) -> Panel:
    return next(one for one in figure.panels if one.kind == kind)


def lines(one: Panel, role: str) -> list[Line]:
    return [line for line in one.lines if line.role == role]


@pytest.mark.parametrize(
    ("text", "start", "kinds"),
    [("x^2", "x=1", ["curve", "progress"]), ("x^2 + y^2", "x=1,y=1", ["contour", "progress"]), ("x^2 + y^2 + z^2", "x=1,y=1,z=1", ["progress"])],
)
def test_the_letters_decide_which_panels_there_are(text: str, start: str, kinds: list[str]) -> None:
    assert [one.kind for one in figure_of(descend(text, start=start, rate="0.1", steps=5)).panels] == kinds


@given(st.integers(1, 20), st.integers(1, 20), st.integers(-5, 5), st.integers(1, 60))
def test_paths_and_values_are_those_of_the_run(a: int, b: int, x: int, steps: int) -> None:
    trace = descend(f"{a}x^2 + {b}y^2 + x", start=f"x={x},y=2", rate="0.01", steps=steps)
    figure = figure_of(trace)
    (path,) = lines(panel(figure, "contour"), "path")
    assert [path.xs, path.ys] == [tuple(column) for column in trace.points.T.tolist()]
    assert path.numbers == tuple(range(steps + 1))
    (series,) = lines(panel(figure, "progress"), "series")
    assert figure.floor == pytest.approx(-1 / (4 * a))
    assert np.array(series.ys[:-1]) == pytest.approx(trace.values[: len(series.ys) - 1] - figure.floor)


@pytest.mark.parametrize(
    "trace",
    [
        descend("x^2 - 4x + 5", start="x=0", rate="0.1", steps=20), descend("x^2", start="x=1", rate="1.2", steps=40), descend("x^2 - y^2", start="x=1,y=0.001", rate="0.1", steps=80),
        descend("x^2 + y^2", start="x=0,y=0", rate="0.1", steps=3), descend("x^2 + y^2", start="x=1,y=1", rate="3", steps=2000), descend("x^3", start="x=1", rate="0.1", steps=40),
        descend("(1-x)^2 + 100(y-x^2)^2", start="x=-1.2,y=1", rate="0.001", steps=4000), descend("x*ln(x)", start="x=0.3", rate="3", steps=9), descend("x", start="x=0", rate="1", steps=0),
        descend("1/x", start="x=1", rate="0.1", steps=30), descend("x^2 + 1000000y^2", start="x=1000,y=1", rate="0.0000001", steps=30), descend("abs(x)", start="x=1", rate="0.3", steps=9),
        descend("x^4 - 100000x", start="x=0", rate="0.0001", steps=50),
    ],
)  # fmt: skip
def test_every_panel_has_room_and_something_in_it(trace: Trace) -> None:
    figure = figure_of(trace)
    for one in figure.panels:
        for axis in (one.horizontal, one.vertical):
            assert math.isfinite(axis.low)
            assert math.isfinite(axis.high)
            assert axis.low < axis.high
            assert axis.scale != "log" or axis.low > 0
        drawn = [(x, y) for line in one.lines if line.role in ("path", "series") for x, y in zip(line.xs, line.ys, strict=True)]
        assert all(math.isfinite(x) and math.isfinite(y) for x, y in drawn)
        assert any(0 <= one.horizontal.part(x) <= 1 and 0 <= one.vertical.part(y) <= 1 for x, y in drawn)
    assert "{" not in said(figure)
    assert figure.runs[0].numbers[-1] == trace.steps


def test_tangents_have_the_slope_of_the_curve() -> None:
    figure = figure_of(descend("x^4 - 3x^2 + x", start="x=2", rate="0.02", steps=30))
    curve = panel(figure, "curve")
    slope, function = differentiate("x^4 - 3x^2 + x").value, read("x^4 - 3x^2 + x")
    tangents = lines(curve, "tangent")
    assert 2 <= len(tangents) <= 4
    for tangent in tangents:
        (x0, x1), (y0, y1) = tangent.xs, tangent.ys
        middle = (x0 + x1) / 2
        assert (y1 - y0) / (x1 - x0) == pytest.approx(evaluate(slope, {"x": middle}))
        assert (y0 + y1) / 2 == pytest.approx(evaluate(function, {"x": middle}))
    lengths = [math.hypot(*(axis.part(b) - axis.part(a) for axis, (a, b) in ((curve.horizontal, one.xs), (curve.vertical, one.ys)))) for one in tangents]
    assert max(lengths) == pytest.approx(min(lengths))


def test_a_run_that_flies_apart_leaves_its_picture_and_that_is_said() -> None:
    trace = descend("x^2 + 20y^2", start="x=4,y=3", rate="0.055", steps=40)
    figure = figure_of(trace)
    one = panel(figure, "contour")
    (path,) = lines(one, "path")
    assert 3 < path.numbers[-1] < 40
    inside = [0 <= one.vertical.part(y) <= 1 for y in path.ys]
    assert all(inside[:-1])
    assert not inside[-1]
    assert f"leaves the picture after step {path.numbers[-1] - 1}." in said(figure)
    assert [mark.kind for mark in one.marks] == ["bottom", "start"]


def test_without_a_bottom_the_values_stand_as_they_are() -> None:
    figure = figure_of(descend("x^2 - y^2", start="x=1,y=0.1", rate="0.1", steps=30))
    assert figure.floor is None
    (series,) = lines(panel(figure, "progress"), "series")
    assert min(series.ys) < 0
    assert panel(figure, "progress").vertical.scale == "linear"
    assert "bottom" not in said(figure)
    assert panel(figure_of(descend("x^2 - y^2", start="x=1,y=0.1", rate="0.1", steps=90)), "progress").vertical.scale == "symlog"


def test_arriving_at_the_bottom_leaves_a_logarithmic_picture_downwards() -> None:
    figure = figure_of(descend("x^2 + 1", start="x=1", rate="0.5", steps=4))
    one = panel(figure, "progress")
    (series,) = lines(one, "series")
    assert series.numbers == (0, 1)
    assert one.vertical.part(series.ys[-1]) < 0


def test_where_there_is_no_value_the_relief_has_holes_and_that_is_said() -> None:
    figure = figure_of(descend("x*ln(x) + y^2", start="x=0.2,y=1", rate="0.1", steps=30))
    relief = panel(figure, "contour").relief
    assert relief is not None
    assert relief.has_holes == any(x < 0 for x in relief.xs)
    assert relief.has_holes == ("hatched" in said(figure))


@pytest.mark.parametrize("region", ["box(0, 1)", "l1(1)", "l2(1)", "linf(1)", "simplex", "halfspace((1, 2), 1)"])
def test_where_the_point_may_be_is_outlined(region: str) -> None:
    trace = descend("(x-3)^2 + (y-2)^2", start="x=0.2,y=0.3", rate="0.1", steps=60, project=region)
    (outline,) = lines(panel(figure_of(trace), "contour"), "region")
    end = trace.points[-1]
    corners = list(pairwise(np.array([outline.xs, outline.ys]).T))
    # The bottom lies outside, so the run ends on the border.
    assert min(_distance(end, one, other) for one, other in corners) < 2e-3


def _distance(point: np.ndarray, one: np.ndarray, other: np.ndarray) -> float:
    way = other - one
    part = min(max(float((point - one) @ way / (way @ way)), 0.0), 1.0)
    return float(np.linalg.norm(point - one - part * way))


def test_a_race_shows_every_method_in_both_panels() -> None:
    figure = figure_of(race("x^2 + 20y^2", start="x=4,y=3", methods=METHODS, rate="0.01", steps=30))
    for kind, role in (("contour", "path"), ("progress", "series")):
        assert [line.style for line in lines(panel(figure, kind), role)] == list(range(7))
    assert [style for style, _ in figure.legend] == list(range(7))
    assert said(figure).count(" goes from (4, 3) to ") == 7
    assert len([mark for mark in panel(figure, "contour").marks if mark.kind == "start"]) == 1


def test_a_sweep_names_the_rates() -> None:
    figure = figure_of(sweep("x^2", start="x=10", rates=["1", "0.1", "0.001"], steps=20))
    assert [one.kind for one in figure.panels] == ["places", "progress"]
    assert [str(label[0]) for _, label in figure.legend] == ["alpha = 1", "alpha = 0.1", "alpha = 0.001"]
    assert set(lines(figure.panels[0], "series")[0].ys) == {10.0, -10.0}


def test_many_rates_are_compared_by_their_ends() -> None:
    found = sweep("x^2 + 20y^2", start="x=4,y=3", rates=["0.06", "0.001", "0.0475", "0.003", "0.01"], steps=30)
    one = panel(figure_of(found), "rates")
    (line,) = one.lines
    assert line.xs == (0.001, 0.003, 0.01, 0.0475, 0.06)
    assert line.ys == pytest.approx([float(found.traces[k].values[-1]) for k in (1, 3, 4, 2, 0)])
    assert one.vertical.part(line.ys[-1]) > 1  # it grows out of the picture
    assert {mark.style for mark in one.marks} == {1, 2, 3, 4}


def test_starts_have_the_style_of_their_valley() -> None:
    found = basins("(x^2+y-11)^2 + (x+y^2-7)^2", starts=30, seed=1, rate="0.01", steps=400, box=(-5.0, 5.0))
    one = panel(figure_of(found), "contour")
    starts = [mark for mark in one.marks if mark.kind == "start"]
    assert len(starts) == 30
    for mark, trace in zip(starts, found.traces, strict=True):
        assert math.dist(found.valleys[mark.style].point, trace.points[-1]) < 0.1
    assert len([mark for mark in one.marks if mark.kind == "bottom"]) == 4


@pytest.mark.parametrize(("text", "kinds"), [("x^4 - 3x^2 + x", ["curve", "places"]), ("x^4 - x^2 + y^4 - y^2 + z^2", ["progress"])])
def test_many_starts_in_other_dimensions(text: str, kinds: list[str]) -> None:
    found = basins(text, starts=70, seed=1, rate="0.02", steps=3 if len(kinds) == 1 else 200)
    figure = figure_of(found)
    assert [one.kind for one in figure.panels] == kinds
    assert len(figure.traces) == 60
    assert ("not settled: 70 of 70 starts" in said(figure)) == (len(found.unsettled) == 70)


def test_a_loss_is_named_and_its_bottom_found() -> None:
    figure = figure_of(descend(fit("w*size", "price", "houses"), start="w=0", rate="0.00001", steps=30))
    assert str(figure.name[0]) == "L(w)"
    assert "the mean of" in "".join(map(str, figure.title))
    assert figure.floor == 0


def test_a_name_that_was_typed_is_kept() -> None:
    trace = descend("p^2 + 1", start="p=1", rate="0.1", steps=5)
    assert str(figure_of(trace, read("P(p) = p^2 + 1")).title[0]) == "P(p) = p^2 + 1"


@given(st.integers(0, 5000), st.integers(20, 1200))
def test_thinning_keeps_the_ends_and_pairs(last: int, most: int) -> None:
    found = kept(last, most)
    assert found[0] == 0
    assert found[-1] == last
    assert all(one < other for one, other in pairwise(found))
    assert len(found) <= most + 1
    if last >= most:  # an oscillation of two steps is still seen at both of its ends
        later = found[most // 4 :]
        assert {n % 2 for n in later} == {0, 1}


def test_a_long_run_is_thinned() -> None:
    figure = figure_of(descend("x^2 + y^2", start="x=1,y=1", rate="0.0001", steps=50_000))
    assert all(len(line.xs) <= 1200 for one in figure.panels for line in one.lines)
    assert len(figure.frames) <= MOST_FRAMES
    assert figure.runs[0].numbers[-1] == 50_000


@given(st.sampled_from(["linear", "log", "symlog"]), st.lists(st.integers(1, 10**6), min_size=3, max_size=3, unique=True))
def test_an_axis_keeps_the_order(scale: str, values: list[int]) -> None:
    low, middle, high = sorted(value / 1000 for value in values)
    axis = Axis(("x",), low, high, scale)  # type: ignore[arg-type]
    assert axis.part(low) == 0
    assert axis.part(high) == 1
    assert 0 < axis.part(middle) < 1


def test_other_results_have_no_picture() -> None:
    with pytest.raises(RequestError, match="no picture of a Derivation"):
        figure_of(differentiate("x^2"))  # type: ignore[arg-type]
