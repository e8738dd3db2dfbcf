"""Curvature against eigenvalues that are known beforehand, and the rules of methods against their own iteration matrices."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import numpy as np
import pytest

from tests.descent.quadratics import quadratic
from tutor.calculus.worked import audit_claims
from tutor.descent.curvature import Rule, curvature, is_polynomial, rule_of
from tutor.descent.objective import written
from tutor.descent.run import descend
from tutor.descent.spectral import above, below, characteristic, matrix, minimal, multiplicity, square_root
from tutor.form.evaluate import evaluate
from tutor.form.reading import read
from tutor.form.tree import Form


@pytest.mark.parametrize("seed", range(40))
def test_eigenvalues_bound_and_best_rate_are_those_of_the_matrix_it_was_built_from(seed):
    one = quadratic(Random(seed))
    found = curvature(one.objective)
    assert found.quadratic
    assert [value.exact for value in found.values for _ in range(value.multiplicity)] == sorted(one.values)
    positive = [value for value in one.values if value > 0]
    if positive:
        assert evaluate(found.bound, {}) == pytest.approx(float(2 / max(positive)))
    assert (found.best_rate is not None) == (bool(positive) and min(one.values) >= 0)
    if found.best_rate is not None:
        assert Fraction(*evaluate(found.best_rate, {}).as_integer_ratio()) == pytest.approx(2 / (min(positive) + max(positive)))
        kappa = max(positive) / min(positive)
        assert evaluate(found.best_factor, {}) == pytest.approx(float((kappa - 1) / (kappa + 1)))
    audit = audit_claims(found.claims)
    assert audit.proved


def test_numbers_are_written_as_they_were_typed():
    assert str(curvature(written("0.5x^2 + y^2")).bound) == "1"
    assert str(curvature(written("x^2 + 2y^2")).best_rate) == "1/3"
    assert [str(one.value) for one in curvature(written("x^2 + 3x*y + 4y^2")).values] == ["5 - 3*sqrt(2)", "5 + 3*sqrt(2)"]


def test_a_function_without_bend_that_is_no_polynomial_is_not_quadratic():
    assert curvature(written("abs(x)")) is None
    assert not is_polynomial(read("x^3/x"))
    assert is_polynomial(read("(2x - 1)^2/3 + pi*x*y"))


def test_elsewhere_the_hessian_belongs_to_a_point():
    rosenbrock = written("(1 - x)^2 + 100(y - x^2)^2")
    assert curvature(rosenbrock) is None
    found = curvature(rosenbrock, (1.0, 1.0))
    assert not found.quadratic
    assert [round(one.size, 4) for one in found.values] == [0.3994, 1001.6006]
    assert found.condition == pytest.approx(2508.01, rel=1e-4)
    assert found.data()["at"] == {"x": 1.0, "y": 1.0}


class _Measured:
    """An objective that gives nothing but values and slopes."""

    letters, formula, gradient, derivations = ("x", "y"), None, None, ()

    def slopes(self, x, y):
        return 2 * x + y, x + 4 * y


def test_without_second_derivatives_they_are_taken_from_differences_of_gradients():
    found = curvature(_Measured(), (1.0, 2.0))
    assert found.measured
    assert np.allclose(found.matrix, [[2, 1], [1, 4]], atol=1e-6)


def _iteration(rule: Rule, value: float) -> np.ndarray:
    """The step of a method on ½λx² as a matrix on (x, memory), from its update rule."""
    a, mu = float(rule.rate), float(rule.mu)
    if rule.name == "momentum":  # b' = mu b + (1 - tau) λx, x' = x - a b'
        tau = float(rule.tau)
        return np.array([[1 - a * value * (1 - tau), -a * mu], [value * (1 - tau), mu]])
    if rule.name == "nesterov":  # b' = mu b + λx, x' = x - a(λx + mu b')
        return np.array([[1 - a * value - a * mu * value, -a * mu * mu], [value, mu]])
    return np.array([[1 - a * (value + float(rule.decay))]])


@pytest.mark.parametrize("name", ["gd", "momentum", "nesterov"])
@pytest.mark.parametrize("seed", range(30))
def test_a_rule_has_the_eigenvalues_of_its_iteration_matrix(name, seed):
    random = Random(seed)
    rule = Rule(name, Fraction(random.randint(1, 60), 40), Fraction(random.randint(1, 9), 10) if name != "gd" else Fraction(0))
    value = random.choice((0.3, 1.0, 2.0, 3.7, -1.0))
    expected = np.abs(np.linalg.eigvals(_iteration(rule, value)))
    assert sorted(abs(root) for root in rule.roots(value)) == pytest.approx(sorted(expected), abs=1e-7)
    assert (rule.factor(value) < 1 - 1e-9) == (0 < value < float(rule.edge) - 1e-9)


def test_where_its_roots_are_complex_the_heavy_ball_contracts_by_the_root_of_mu():
    rule = Rule("momentum", Fraction(1, 100), Fraction(9, 10))
    assert rule.swings(40.0)
    assert rule.factor(40.0) == pytest.approx(0.9**0.5)


@pytest.mark.parametrize(
    ("options", "name"),
    [({}, "gd"), ({"method": "momentum"}, "momentum"), ({"method": "nesterov"}, "nesterov"), ({"method": "newton", "rate": None}, "newton"), ({"weight_decay": "0.1"}, "gd"),
     ({"method": "adam"}, None), ({"method": "adagrad"}, None), ({"method": "rmsprop"}, None), ({"clip_norm": 1}, None), ({"project": "box(0, 1)"}, None), ({"mirror": True}, None),
     ({"rate": read("1/n")}, None)],
)  # fmt: skip
def test_only_linear_methods_with_fixed_numbers_have_a_rule(options, name):
    trace = descend("x^2 + y^2", start="x=1,y=2", steps=3, **{"rate": "0.1", **options})
    found = rule_of(trace)
    assert (found.name if found else None) == name


def test_batches_have_no_rule():
    trace = descend("x^2", start="x=1", rate="0.1", steps=5, batch=lambda n, x: (2 * x + (-1) ** n,))
    assert rule_of(trace) is None


@pytest.mark.parametrize("seed", range(60))
def test_roots_are_counted_as_floats_count_them(seed):
    random = Random(seed)
    size = random.randint(1, 4)
    half = [[random.randint(-2, 2) for _ in range(size)] for _ in range(size)]
    rows = matrix([[half[i][j] + half[j][i] for j in range(size)] for i in range(size)])
    sizes = np.linalg.eigvalsh(np.array(rows, dtype=float))
    polynomial = characteristic(rows)
    for place in (Fraction(0), Fraction(1), Fraction(-2), Fraction(7, 3)):
        assert above(polynomial, place) == int((sizes > float(place) + 1e-9).sum())
        assert multiplicity(polynomial, place) == int((abs(sizes - float(place)) < 1e-9).sum())
        assert below(polynomial, place) == int((sizes < float(place) - 1e-9).sum())
    vector = tuple(Fraction(random.randint(-1, 1)) for _ in range(size))
    found = np.array(rows, dtype=float)
    value = sum((float(c) * np.linalg.matrix_power(found, k) for k, c in enumerate(reversed(minimal(rows, vector)))), np.zeros_like(found))
    assert np.allclose(value @ np.array(vector, dtype=float), 0, atol=1e-7)


@pytest.mark.parametrize("value", [Fraction(9, 4), Fraction(45, 4), Fraction(2), Fraction(1, 3), Fraction(0)])
def test_roots_of_fractions(value):
    outside, inside = square_root(value)
    assert outside**2 * inside == value


def test_everything_shown_is_a_form_or_a_float():
    found = curvature(written("x^2 + 3x*y + 4y^2"))
    assert isinstance(found.best_rate, float)
    assert isinstance(curvature(written("x^2 + y^2")).best_rate, Form)
    assert found.data()["eigenvalues"][0] == {"value": pytest.approx(0.757359), "exact": "5 - 3*sqrt(2)", "multiplicity": 1}
