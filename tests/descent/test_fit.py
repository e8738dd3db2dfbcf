"""Fits: the numbers of the house prices; slopes against differences, NumPy and the written form; batches; models that are refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from tests.corpora import shared
from tutor.algebra.lower import symbol
from tutor.calculus.differentiate import differentiate
from tutor.calculus.worked import proved
from tutor.descent import fit as fit_module
from tutor.descent import passes as passes_module
from tutor.descent.arrays import columnwise, is_quiet, scaled, split
from tutor.descent.batches import batch_rows, batch_slopes, order
from tutor.descent.data import DataError, built_in
from tutor.descent.fit import Fit, fit
from tutor.descent.losses import LOSSES, Loss, loss
from tutor.descent.model import read_model
from tutor.descent.passes import weight
from tutor.descent.run import descend
from tutor.descent.table import BLOCK, Table
from tutor.errors import ReadError, RequestError
from tutor.form.arrays import evaluate_array
from tutor.form.evaluate import compute, evaluate
from tutor.form.rationals import RATIONALS
from tutor.form.reading import read

RANDOM = np.random.default_rng(5)
SAMPLE = {"u": RANDOM.normal(size=40), "v": RANDOM.normal(size=40)}
SAMPLE["y"] = 2 * SAMPLE["u"] - SAMPLE["v"] + RANDOM.normal(size=40)
SAMPLE["k"] = (SAMPLE["y"] > 0).astype(float)

CASES: list[tuple[str, str, str]] = [
    ("a*u + b*v + c", "y", "mse"), ("a*u + b*v + c", "y", "mae"), ("a*u + b*v + c", "y", "huber"), ("a*u + b*v + c", "k", "logistic"),
    ("a*u + v", "y", "mse"), ("a*u + v", "k", "logistic"), ("c", "y", "mse"), ("a*e^(u/2) + b*sin(v)", "y", "huber"),
    ("sigmoid(a*u + b*v + c)", "k", "cross-entropy"), ("sigmoid(a*u + c)", "k", "mse"), ("a*tanh(b*u) + c", "y", "mse"),
    ("a*e^(b*u/4)", "y", "mae"), ("a^2*u + b*c*v", "k", "logistic"), ("a*u^2 + b*abs(v) + piecewise(c, u > 0; 2c)", "y", "mse"),
    ("sqrt(a^2 + 1)*u + b^(1/3)*v", "y", "huber"),
]  # fmt: skip
IDS = [f"{model} {name}" for model, _, name in CASES]


def points(letters: Sequence[str], count: int = 3) -> list[tuple[float, ...]]:
    drawn = np.random.default_rng(len(letters)).uniform(0.2, 1.7, size=(count, len(letters)))
    return [tuple(point) for point in drawn.tolist()]


def differences(function: Callable[..., Any], point: Sequence[float], width: float = 1e-6) -> np.ndarray[Any, Any]:
    """Central differences of a function of floats, one row a coordinate."""
    rows = []
    for k in range(len(point)):
        right, left = ([part + sign * width * (j == k) for j, part in enumerate(point)] for sign in (1, -1))
        rows.append((np.array(function(*right)) - np.array(function(*left))) / (2 * width))
    return np.array(rows)


# -- the published numbers ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def published() -> dict[str, Any]:
    rows = json.loads(shared("reference/worked_examples.json").read_text(encoding="utf-8"))
    return {row["id"]: row for row in rows if row["id"].startswith("house-")}


@pytest.fixture(scope="module")
def houses() -> Fit:
    return fit("w*size", "price", "houses")


def meant(text: str) -> Any:
    return sympy.sympify(text, {"w": symbol("w")})


def test_the_loss_of_the_house_prices(published: dict[str, Any], houses: Fit) -> None:
    assert houses.formula is not None
    assert sympy.expand(houses.formula.sympy() - meant(published["house-loss"]["right"])) == 0
    assert str(houses.written()) == "((50*w - 100)^2 + (100*w - 200)^2 + (150*w - 300)^2)/3"


def test_the_gradient_of_the_house_prices(published: dict[str, Any], houses: Fit) -> None:
    assert houses.gradient is not None
    assert sympy.expand(houses.gradient.value[0].sympy() - meant(published["house-gradient"]["right"])) == 0


def test_the_steps_of_the_house_prices(published: dict[str, Any], houses: Fit) -> None:
    assert houses.gradient is not None
    w, rate = Fraction(0), Fraction(1, 10**5)
    for n in (1, 2, 3):
        slope = compute(houses.gradient.value[0], {"w": w}, RATIONALS)
        assert slope == Fraction(published[f"house-grad-{n}"]["right"])
        assert houses.slopes(float(w))[0] == pytest.approx(published[f"house-grad-{n}"]["value"], rel=1e-14)
        w -= rate * slope
        assert w == Fraction(published[f"house-w-{n}"]["right"])
        assert w == 2 * (1 - Fraction(23, 30) ** n)


def test_a_run_over_the_house_prices_has_exact_iterates(houses: Fit) -> None:
    trace = descend(houses, start="w=0", rate="0.00001", steps=40)
    assert [row[0] for row in trace.exact()] == [2 * (1 - Fraction(23, 30) ** n) for n in range(41)]
    assert trace.points[-1, 0] == pytest.approx(2 * (1 - (23 / 30) ** 40), rel=1e-12)


def test_the_house_prices_end_where_they_should(published: dict[str, Any], houses: Fit) -> None:
    limit = float(published["house-limit"]["value"])
    assert houses.slopes(limit) == pytest.approx((0.0,), abs=1e-9)
    assert houses.value(limit) == pytest.approx(0, abs=1e-20)


# -- slopes ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("model", "target", "name"), CASES, ids=IDS)
@pytest.mark.parametrize("penalty", [{}, {"l2": "0.3"}, {"l1": 0.2, "l2": 1}])
def test_slopes_are_those_of_the_value(model: str, target: str, name: str, penalty: dict[str, Any]) -> None:
    one = fit(model, target, SAMPLE, name, **penalty)
    for point in points(one.letters):
        assert one.slopes(*point) == pytest.approx(differences(one.value, point), rel=2e-6, abs=2e-7)


@pytest.mark.parametrize(("model", "target", "name"), CASES, ids=IDS)
def test_the_value_is_the_mean_of_the_losses(model: str, target: str, name: str) -> None:
    """The loss of each row by walking over its form, against the compiled and the quadratic ways."""
    one = fit(model, target, SAMPLE, name)
    for point in points(one.letters):
        here = dict(zip(one.letters, point, strict=True))
        losses = [evaluate(one.row, {**here, **{key: float(column[k]) for key, column in SAMPLE.items()}}) for k in range(one.rows)]
        assert one.losses(*point) == pytest.approx(losses, rel=1e-12, abs=1e-14)
        assert one.value(*point) == pytest.approx(np.mean(losses), rel=1e-12)
        assert one.predictions(*point) == pytest.approx(np.broadcast_to(evaluate_array(one.model, {**SAMPLE, **here}), one.rows))


@pytest.mark.parametrize(("model", "target", "name"), CASES, ids=IDS)
@pytest.mark.parametrize("penalty", [{}, {"l1": 0.2, "l2": 1}, {"temperature": 2}])
def test_many_points_are_as_one_by_one(model: str, target: str, name: str, penalty: dict[str, Any]) -> None:
    one = fit(model, target, SAMPLE, name, **penalty)
    many = points(one.letters, 7)
    assert one.values(np.array(many)) == pytest.approx([one.value(*point) for point in many], rel=1e-12)
    assert one.gradients(np.array(many)) == pytest.approx(np.array([one.slopes(*point) for point in many]), rel=1e-11, abs=1e-13)
    assert one.gradients(np.empty((0, len(one.letters)))).shape == (0, len(one.letters))


@pytest.mark.parametrize(("model", "target", "name"), CASES, ids=IDS)
@pytest.mark.parametrize("penalty", [{}, {"l2": "0.3"}])
def test_curvature_is_that_of_the_slopes(model: str, target: str, name: str, penalty: dict[str, Any]) -> None:
    one = fit(model, target, SAMPLE, name, **penalty)
    point = points(one.letters)[0]
    found = np.array(one.curvature(*point)).reshape(len(point), len(point))
    expected = differences(one.slopes, point)
    assert found == pytest.approx(expected, rel=2e-5, abs=2e-6)
    assert found == pytest.approx(found.T)


@pytest.mark.parametrize(("model", "target", "name"), CASES, ids=IDS)
def test_what_is_written_out_is_what_is_computed(model: str, target: str, name: str) -> None:
    few = {key: np.round(column[:3], 2) for key, column in SAMPLE.items()}
    one = fit(model, target, few, name)
    if name == "huber":
        assert one.formula is None
        return
    assert one.formula is not None
    assert one.gradient is not None
    for point in points(one.letters):
        here = dict(zip(one.letters, point, strict=True))
        assert evaluate(one.formula, here) == pytest.approx(one.value(*point), rel=1e-12)
        assert [evaluate(part, here) for part in one.gradient.value] == pytest.approx(one.slopes(*point), rel=1e-9, abs=1e-12)


def test_only_a_few_rows_are_written_out() -> None:
    assert fit("w*hours + b", "charge", "battery").formula is not None
    assert fit("w*u", "y", SAMPLE).formula is None
    assert fit("w*hours + b", "passed", "exam", "logistic").formula is None
    assert fit("w*size", "price", "houses", temperature=1).formula is None


@pytest.mark.parametrize(("model", "target", "name"), CASES, ids=IDS)
def test_every_derivative_is_proved(model: str, target: str, name: str) -> None:
    one = fit(model, target, SAMPLE, name, l2="0.1")
    assert one.confirmed
    assert one.proved or (name == "huber" and "sqrt" in model) or "piecewise" in model
    assert {part.variable for part in one.partials} == set(one.letters)
    assert any(claim.reason == "chain" for claim in one.claims)


def test_what_is_written_out_is_proved(houses: Fit) -> None:
    assert houses.proved
    assert {claim.reason for claim in houses.claims} == {"chain", "written"}
    assert fit("w*size + b", "price", "houses", "mae", l1="0.1", l2=2).proved
    assert fit("sigmoid(w*a + v*b)", "c", built_in("xor"), "cross-entropy").proved


# -- against linear algebra --------------------------------------------------------------------------


def flats(**options: Any) -> tuple[Fit, np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    table = built_in("flats")
    matrix = np.column_stack([table.column("size"), table.column("rooms"), table.column("age"), np.ones(table.rows)])
    return fit("w1*size + w2*rooms + w3*age + b", "price", "flats", **options), matrix, table.column("price")


def test_least_squares_is_where_the_slopes_are_zero() -> None:
    one, matrix, price = flats()
    best, rest, *_ = np.linalg.lstsq(matrix, price, rcond=None)
    assert one.slopes(*best.tolist()) == pytest.approx([0] * 4, abs=1e-8)
    assert one.quadratic is not None
    assert one.quadratic.lowest == pytest.approx(best, rel=1e-7)
    assert one.value(*best.tolist()) == pytest.approx(rest[0] / len(price), rel=1e-9)
    assert one.quadratic.matrix == pytest.approx(2 * matrix.T @ matrix / len(price))


def test_ridge_is_where_its_equations_say() -> None:
    one, matrix, price = flats(l2="0.5")
    best = np.linalg.solve(matrix.T @ matrix / len(price) + 0.5 * np.eye(4), matrix.T @ price / len(price))
    assert one.slopes(*best.tolist()) == pytest.approx([0] * 4, abs=1e-9)
    assert one.quadratic is not None
    assert one.quadratic.lowest == pytest.approx(best)


def test_lasso_keeps_the_quick_way_and_is_no_quadratic() -> None:
    one, matrix, price = flats(l1=3)
    assert one.quadratic is None
    point = (1.0, -2.0, 0.5, 7.0)
    expected = 2 * matrix.T @ (matrix @ point - price) / len(price) + 3 * np.sign(point)
    assert one.slopes(*point) == pytest.approx(expected, rel=1e-12)


def test_values_of_a_perfect_fit_do_not_fall_below_zero() -> None:
    one = fit("w*x + b", "y", {"x": np.arange(1000.0) * 1e3, "y": 3e3 * np.arange(1000.0) + 7})
    near = np.array([[3.0 + step, 7.0] for step in np.logspace(-16, -6, 30)])
    assert (one.values(near) >= 0).all()
    assert one.values(near)[-1] == pytest.approx(1e-12 * np.mean((np.arange(1000.0) * 1e3) ** 2), rel=1e-3)


@pytest.mark.parametrize("letters", [3, 12])
def test_many_parameters(letters: int) -> None:
    columns = {f"x{k}": RANDOM.normal(size=50) for k in range(letters)}
    target = RANDOM.normal(size=50)
    one = fit(" + ".join(f"w{k}*x{k}" for k in range(letters)), "y", {**columns, "y": target}, l2="0.1")
    matrix, point = np.column_stack(list(columns.values())), RANDOM.normal(size=letters)
    expected = 2 * matrix.T @ (matrix @ point - target) / 50 + 0.2 * point
    assert one.slopes(*point.tolist()) == pytest.approx(expected, rel=1e-12)


def logistic(rows: int = 1000, width: int = 10, seed: int = 3) -> tuple[dict[str, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    random = np.random.default_rng(seed)
    matrix = random.normal(size=(rows, width))
    classes = (matrix @ random.normal(size=width) + random.normal(size=rows) > 0).astype(float)
    return {**{f"x{k}": matrix[:, k] for k in range(width)}, "y": classes}, matrix, classes


@pytest.mark.parametrize("intercept", ["", " + b", " + x_0*x_1"])
@pytest.mark.parametrize("options", [{}, {"l2": "0.1"}])
def test_logistic_regression(intercept: str, options: dict[str, Any]) -> None:
    data, matrix, classes = logistic()
    one = fit(" + ".join(f"w{k}*x{k}" for k in range(10)) + intercept, "y", data, "logistic", **options)
    point = np.random.default_rng(1).normal(size=len(one.letters))
    design = np.column_stack([matrix, np.ones(1000)]) if intercept == " + b" else matrix
    shift = matrix[:, 0] * matrix[:, 1] if intercept == " + x_0*x_1" else 0
    expected = design.T @ (1 / (1 + np.exp(-(design @ point + shift))) - classes) / 1000 + (0.2 * point if options else 0)
    assert one.slopes(*point.tolist()) == pytest.approx(expected, rel=1e-12, abs=1e-15)


def test_logits_of_any_size_give_slopes() -> None:
    data, _, _ = logistic(100, 2)
    one = fit("a*x0 + b*x1", "y", data, "logistic")
    for size in (1e3, 1e8, 1e300):
        assert np.isfinite(one.slopes(size, -size)).all()
    assert one.value(1e5, -1e5) > 0


def test_one_class_too_many_is_named() -> None:
    with pytest.raises(DataError) as raised:
        fit("w*x", "y", {"x": [1, 2, 3], "y": [0, 1, 2]}, "logistic")
    assert (raised.value.kind, raised.value.row, raised.value.column) == ("target", 3, "y")
    with pytest.raises(DataError):
        fit("sigmoid(w*x)", "y", {"x": [1, 2], "y": [0, 1.5]}, "cross-entropy")
    fit("sigmoid(w*x)", "y", {"x": [1, 2], "y": [0, 0.5]}, "cross-entropy")


# -- long tables -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("model", "target", "name"), CASES, ids=IDS)
@pytest.mark.parametrize("options", [{}, {"temperature": 1, "l2": "0.1"}])
def test_blocks_are_as_the_whole(model: str, target: str, name: str, options: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Copies of the same rows have the same mean, over several blocks, with and without the design matrix in memory."""
    times = BLOCK // 20
    long = {key: np.tile(column, times) for key, column in SAMPLE.items()}
    short = fit(model, target, SAMPLE, name, **options)
    point = points(short.letters)[0]
    for room in (1 << 30, 0):
        monkeypatch.setattr(passes_module, "IN_MEMORY", room)
        one = fit(model, target, long, name, **options)
        assert one.rows > BLOCK
        assert one.slopes(*point) == pytest.approx(short.slopes(*point), rel=1e-10, abs=1e-12)
        assert one.value(*point) == pytest.approx(short.value(*point), rel=1e-11)
        assert one.gradients(np.array([point])) == pytest.approx(np.array([short.slopes(*point)]), rel=1e-10, abs=1e-12)
        assert one.slopes_over(np.arange(40), *point) == pytest.approx(short.slopes(*point), rel=1e-10, abs=1e-12)


# -- re-weighted descent -----------------------------------------------------------------------------


@pytest.mark.parametrize(("model", "target", "name"), CASES, ids=IDS)
@pytest.mark.parametrize("tau", [0.1, 1, 5])
def test_reweighted_slopes_are_the_mean_of_weighted_rows(model: str, target: str, name: str, tau: float) -> None:
    one = fit(model, target, SAMPLE, name, temperature=tau)
    rows = [fit(model, target, {key: column[k : k + 1] for key, column in SAMPLE.items()}, name, parameters=one.letters) for k in range(one.rows)]
    point = points(one.letters)[1]
    weights = [np.exp(min(row.value(*point), tau) / (tau + 1)) for row in rows]
    expected = np.mean([factor * np.array(row.slopes(*point)) for factor, row in zip(weights, rows, strict=True)], axis=0)
    assert one.slopes(*point) == pytest.approx(expected, rel=1e-9, abs=1e-12)
    assert one.weights(*point) == pytest.approx(weights, rel=1e-12)
    assert (one.weights(*point) < np.e).all()
    assert one.value(*point) == pytest.approx(fit(model, target, SAMPLE, name).value(*point), rel=1e-12)


@pytest.mark.parametrize("tau", [2, 5])
def test_what_the_reweighted_gradient_is_the_gradient_of(tau: float) -> None:
    """Not of the mean loss, not of the weighted mean, but of the mean of G(l), where G' is the weight."""
    one = fit("a*u + b*v", "y", SAMPLE, temperature=tau)
    point = (1.0, 0.3)

    def bent(losses: np.ndarray[Any, Any]) -> Any:
        steep = np.exp(np.minimum(losses, tau) / (tau + 1))
        return ((tau + 1) * (steep - 1) + steep * np.maximum(losses - tau, 0)).mean()

    slopes = np.array(one.slopes(*point))
    assert slopes == pytest.approx(differences(lambda *at: bent(one.losses(*at)), point), rel=1e-6)
    assert slopes != pytest.approx(differences(one.value, point), rel=0.05)
    assert slopes != pytest.approx(differences(lambda *at: (one.weights(*at) * one.losses(*at)).mean(), point), rel=0.05)
    assert np.array(one.curvature(*point)).reshape(2, 2) == pytest.approx(differences(one.slopes, point), rel=1e-5)


# -- batches -----------------------------------------------------------------------------------------


@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 2**64 - 1), st.integers(0, 5))
def test_an_epoch_sees_every_row_once(rows: int, size: int, seed: int, epoch: int) -> None:
    size = min(size, rows)
    steps = -(-rows // size)
    found = [batch_rows(rows, size, seed, epoch * steps + k + 1) for k in range(steps)]
    assert sorted(np.concatenate(found).tolist()) == list(range(rows))
    assert all(len(batch) == size for batch in found[:-1])


def test_batches_are_the_same_on_every_machine() -> None:
    assert order(6, 1, 0).tolist() == [2, 4, 5, 0, 3, 1]
    assert order(6, 1, 1).tolist() != order(6, 1, 0).tolist() != order(6, 2, 0).tolist()


@pytest.mark.parametrize(("model", "target", "name"), CASES, ids=IDS)
@pytest.mark.parametrize("options", [{}, {"l2": "0.1"}, {"temperature": 1}])
def test_batches_are_the_whole_on_average(model: str, target: str, name: str, options: dict[str, Any]) -> None:
    one = fit(model, target, SAMPLE, name, **options)
    steps, point = batch_slopes(one, 7, 11), points(one.letters)[2]
    each = [len(steps.rows(n)) * np.array(steps(n, *point)) for n in range(1, steps.per_epoch + 1)]
    assert sum(each) / one.rows == pytest.approx(one.slopes(*point), rel=1e-9, abs=1e-12)
    assert batch_slopes(one, one.rows, 3)(1, *point) == pytest.approx(one.slopes(*point), rel=1e-9, abs=1e-12)


def test_a_step_depends_on_its_number_alone() -> None:
    steps = batch_slopes(fit("a*u + b", "y", SAMPLE), 3, 8)
    numbers = [1, 40, 2, 14, 15, 40, 1]
    assert [steps(n, 1.0, 2.0) for n in numbers] == [batch_slopes(fit("a*u + b", "y", SAMPLE), 3, 8)(n, 1.0, 2.0) for n in numbers]
    assert [steps.epoch(n) for n in (1, 14, 15)] == [1, 1, 2]
    assert all(steps.rows(n).tolist() == batch_rows(40, 3, 8, n).tolist() for n in numbers)


@pytest.mark.parametrize(("size", "seed", "kind"), [(0, 1, "batch"), (4, 1, "batch"), (-1, 1, "batch"), (1, -1, "seed"), (1, 2**64, "seed")])
def test_batches_that_make_no_sense(houses: Fit, size: int, seed: int, kind: str) -> None:
    with pytest.raises(RequestError) as raised:
        batch_slopes(houses, size, seed)
    assert raised.value.kind == kind


def test_a_run_in_batches(houses: Fit) -> None:
    trace = descend(houses, start="w=0", rate="0.00001", steps=6, batch=batch_slopes(houses, 2, 7))
    w = 0.0
    for n in range(1, 7):
        rows = houses.table.column("size")[batch_rows(3, 2, 7, n)]
        w -= 1e-5 * np.mean(2 * rows * (rows * w - 2 * rows))
        assert trace.points[n, 0] == pytest.approx(w, rel=1e-12)


# -- losses ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(LOSSES))
def test_losses_and_their_slopes_are_proved(name: str) -> None:
    one = loss(name)
    assert one.derivation.proved
    assert all(proved(claim).proof for claim in one.claims)


@given(st.sampled_from(sorted(LOSSES)), st.floats(0.05, 0.95), st.sampled_from([0.0, 1.0]), st.sampled_from([0.3, 1, "2.5"]))
def test_the_slope_of_a_loss(name: str, prediction: float, target: float, delta: Any) -> None:
    one = loss(name, delta)
    value = lambda z: evaluate(one.form, {"z": z, "y": target})  # noqa: E731
    assert evaluate(one.slope, {"z": prediction, "y": target}) == pytest.approx((value(prediction + 1e-6) - value(prediction - 1e-6)) / 2e-6, rel=1e-5, abs=1e-6)


def test_hubers_loss_has_slopes_at_its_joins() -> None:
    one = fit("w", "y", {"y": [0]}, "huber", delta=2)
    assert [one.slopes(float(w))[0] for w in (-3, -2, -1, 0, 1, 2, 3)] == [-2, -2, -1, 0, 1, 2, 2]
    assert [one.value(float(w)) for w in (-3, -2, 0, 2, 3)] == [4, 2, 0, 2, 4]


def test_pieces_that_meet_keep_their_joins_also_where_these_have_letters() -> None:
    meeting, apart = differentiate("piecewise(x^2, x <= a; 2*a*x - a^2)", "x"), differentiate("piecewise(x^2, x <= a; 2x)", "x")
    assert str(meeting.value) == "piecewise(2*x, x <= a; 2*a)"
    assert str(apart.value) == "piecewise(2*x, x < a; 2, x > a)"
    assert meeting.proved
    assert str(fit("w*x", "y", {"x": [1], "y": [1]}, "huber").partials[0].value) == "piecewise(-x, w*x - y < -1; x*(w*x - y), w*x - y <= 1; x)"


def test_the_median_and_the_mean_are_the_best_constants() -> None:
    data = {"y": [1, 2, 3, 4, 100]}
    assert fit("m", "y", data).slopes(22.0) == pytest.approx((0,), abs=1e-12)
    absolute = fit("m", "y", data, "mae")
    assert absolute.slopes(2.9)[0] < 0 < absolute.slopes(3.1)[0]
    assert absolute.slopes(3.0) == (0.0,)


@pytest.mark.parametrize(("name", "same"), [("L2", "mse"), ("absolute", "mae"), ("bce", "cross-entropy"), ("Cross Entropy", "cross-entropy")])
def test_losses_have_other_names(name: str, same: str) -> None:
    found = loss(name)
    assert isinstance(found, Loss)
    assert found.name == same


# -- forms over columns ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["x^2 + y", "x^3/y", "e^x", "x^y", "y^(1/2)", "sqrt(y)", "root(x, 3)", "sin(x)*ln(y)", "abs(x - y)", "piecewise(x, x < y; y, x > 1; 0)", "max(x, y, 1)",
     "gamma(y)", "sigmoid(x) - softplus(y)", "2", "x^(-2)", "piecewise(1, 0 < x < y; 2)", "log(y, 3)", "Si(x)"],
)  # fmt: skip
def test_columns_are_computed_as_rows_are(text: str) -> None:
    form, x, y = read(text), np.array([-1.5, 0.5, 2.0, 0.7]), np.array([0.3, 2.0, 0.1, 0.7])
    with np.errstate(all="ignore"):
        found = np.broadcast_to(columnwise([form], ["x", "y"])(x, y)[0], 4)
    expected = [evaluate(form, {"x": a, "y": b}) for a, b in zip(x.tolist(), y.tolist(), strict=True)]
    assert found == pytest.approx(expected, rel=1e-12, nan_ok=True)


@given(st.floats(-50, 50), st.sampled_from(["tanh(z/2)/2", "-3*sin(2z)", "z", "5z", "sigmoid(z) + sin(z)", "abs(z)/4"]))
def test_numbers_that_are_taken_out_are_put_back(z: float, text: str) -> None:
    form = read(text)
    found = scaled(form, "z")
    assert found.outer * evaluate(found.form, {"z": found.inner * z}) == pytest.approx(evaluate(form, {"z": z}), rel=1e-12, abs=1e-14)


def test_a_sum_is_split_by_its_letters() -> None:
    assert [str(part) for part in split(read("tanh(z) - y + 1"), "z") or ()] == ["tanh(z)", "-y + 1"]
    assert split(read("(z - y)^2"), "z") is None


@pytest.mark.parametrize(("text", "quiet"), [("tanh(z)", True), ("sigmoid(z)/2 + 1", True), ("e^z", False), ("1/z", False), ("ln(z)", False), ("z^2", False), ("sinh(z)", False)])
def test_what_never_overflows_is_known(text: str, quiet: bool) -> None:
    assert is_quiet(read(text)) == quiet


# -- models ------------------------------------------------------------------------------------------

HEADINGS = ["size", "age", "floor area", "log_price", "lot_area_m2", "cost", "x1", "x2", "price", "Größe", "max", "e"]


@pytest.mark.parametrize(
    ("text", "columns"),
    [("w*size + b", {"size"}), ("w*age", {"age"}), ("w*floor_area + c*lot_area_m2", {"floor_area", "lot_area_m2"}), ("a*cost + b*log_price", {"cost", "log_price"}),
     ("w1*x1 + w2*x2", {"x_1", "x_2"}), ("w*Größe", {"Größe"}), ("2age*w", {"age"}), ("w*max(size, 1) + max", {"size", "max"}), ("a*e^(b*age)", {"age"}),
     ("w_size*x1", {"x_1"}), ("slope*age + bias", {"age"}), ("log(size)*w", {"size"})],
)  # fmt: skip
def test_models_are_read_with_their_columns(text: str, columns: set[str]) -> None:
    known = {"size", "age", "floor_area", "log_price", "lot_area_m2", "cost", "x_1", "x_2", "price", "Größe", "max"}
    assert read_model(text, HEADINGS).free & known == columns


def test_an_error_in_a_model_is_shown_as_it_was_typed() -> None:
    with pytest.raises(ReadError) as raised:
        read_model("w*(lot_area_m2 + age", HEADINGS)
    assert raised.value.text == "w*(lot_area_m2 + age"
    assert raised.value.span == (2, 3)
    assert "lot_area_m2" in raised.value.suggestion


DATA = {"size": [50, 100, 150], "price": [100, 200, 300], "age": [1, 2, 3]}


@pytest.mark.parametrize(
    ("model", "target", "options", "kind", "said"),
    [
        ("w*siz", "price", {}, "model", "size"),
        ("w*prize", "size", {}, "model", "price"),
        ("w*x + b", "price", {}, "model", "size, price, age"),
        ("w*size", "prize", {}, "column", "price"),
        ("w*price", "price", {}, "model", "predicts"),
        ("size", "price", {}, "model", "parameter"),
        ("w*size", None, {}, "target", "price = "),
        ("w*size", "price", {"loss": "hubert"}, "loss", "huber"),
        ("w*size", "price", {"loss": "huber", "delta": 0}, "setting", "above 0"),
        ("w*size", "price", {"delta": "x"}, "setting", "delta"),
        ("w*size", "price", {"l1": -1}, "setting", "from 0"),
        ("w*size", "price", {"l2": float("nan")}, "setting", "l2"),
        ("w*size", "price", {"temperature": 0}, "setting", "temperature"),
        ("w*size + b", "price", {"parameters": ["w"]}, "parameter", "b is neither"),
        ("w*size", "price", {"parameters": ["w", "v"]}, "parameter", "v does not"),
        ("w*size + age", "price", {"parameters": ["w", "age"]}, "parameter", "age is a column"),
        ("w*size < 3", "price", {}, "equation", "not a function"),
    ],
)
def test_fits_that_make_no_sense(model: str, target: str | None, options: dict[str, Any], kind: str, said: str) -> None:
    with pytest.raises(RequestError) as raised:
        fit(model, target, DATA, **options)
    assert raised.value.kind == kind
    assert said in f"{raised.value.message} {raised.value.advice}"


def test_a_row_where_the_model_has_no_value_is_named() -> None:
    for model in ("w*ln(x)", "x^w*ln(x)", "w^2/sqrt(x) + w"):
        with pytest.raises(DataError) as raised:
            fit(model, "y", {"x": [1, 0, 2], "y": [1, 2, 3]})
        assert raised.value.row == 2
        assert "x = 0" in raised.value.message


def test_a_model_that_grows_too_large_over_the_data_is_named() -> None:
    with pytest.raises(DataError, match="row 2") as raised:
        fit("w*e^x", "y", {"x": [1, 1000], "y": [1, 2]}).slopes(1.0)
    assert raised.value.kind == "model"


def test_where_a_prediction_has_no_value_there_is_none() -> None:
    one = fit("ln(w*x)", "y", {"x": [1, 2, 3, 4], "y": [1, 2, 3, 4]})
    assert one.has_gaps
    assert np.isnan(one.value(-1.0))
    assert np.isnan(one.slopes(0.0)).all() or np.isinf(one.slopes(0.0)).all()
    assert not fit("w*ln(x)", "y", {"x": [1, 2], "y": [1, 2]}).has_gaps
    assert not fit("w*x", "y", {"x": [1, 2], "y": [1, 0]}, "logistic").has_gaps


def test_parameters_keep_their_order() -> None:
    assert fit("b + w*size", "price", DATA).letters == ("b", "w")
    assert fit("b + w*size", "price", DATA, parameters=["w", "b"]).letters == ("w", "b")


def test_a_model_may_look_affine_and_be_none() -> None:
    """The slope of floor(w)·x in w is 0 wherever it exists: no design matrix follows from that."""
    one = fit("floor(w)*x + v", "y", {"x": [1, 2], "y": [1, 2]}, parameters=["w", "v"])
    assert one.value(1.5, 0.0) == pytest.approx(0)
    assert one.value(2.5, 0.0) == pytest.approx(2.5)


def test_a_file_is_read_only_where_it_is_needed(tmp_path: Any) -> None:
    path = tmp_path / "towns.csv"
    path.write_text("town,floor area;m2,price,note\nBern,50,100,x\nBasel,100,200,\n")
    one = fit("price = w*floor_area_m2", None, str(path))
    assert one.table.names == ("floor_area_m2", "price")
    assert one.slopes(2.0) == (0.0,)


def test_weights_grow_with_the_loss_up_to_a_cap() -> None:
    assert str(weight(read("l"), read("1"))) == "e^(min(l, 1)/2)"
    assert fit_module.MOST_WRITTEN == 12


def test_a_table_may_be_shared() -> None:
    table = Table.of(DATA)
    assert fit("w*size", "price", table).table is fit("w*age", "price", table).table
