"""Closed forms against the iterates in fractions, and claims against the audit."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest

from tests.descent.quadratics import quadratic, rate_for
from tutor.calculus.worked import audit_claims, equal, proved
from tutor.descent.closed import claims_of, closed_form, first_updates
from tutor.descent.run import descend
from tutor.form.arithmetic import compute
from tutor.form.numerals import number
from tutor.form.rationals import RATIONALS
from tutor.form.walk import substitute


def _members(forms, n):
    return tuple(compute(substitute(form, {"n": number(n)}), {}, RATIONALS) for form in forms)


@pytest.mark.parametrize(
    ("function", "start", "rate", "shown"),
    [("x^2 - 4x + 5", "x=0", "0.1", ["2 - 2*0.8^n"]), ("x^2 - 4x + 5", "x=0", "1/10", ["2 - 2*(4/5)^n"]), ("x^2 + 2y^2", "x=4,y=3", "0.1", ["4*0.8^n", "3*0.6^n"]),
     ("x^2", "x=10", "0.001", ["10*0.998^n"]), ("x^2", "x=3", "1.7", ["3*(-2.4)^n"]), ("x^2", "x=3", "1", ["3*(-1)^n"]), ("3x", "x=3", "0.1", ["3 - 0.3*n"]),
     ("x^2 - y^2", "x=1,y=0", "0.1", ["0.8^n", "0"]), ("(x - y)^2", "x=1,y=3", "0.1", ["2 - 0.6^n", "2 + 0.6^n"]), ("x^2", "x=0", "0.1", ["0"])],
)  # fmt: skip
def test_closed_forms_as_one_writes_them(function, start, rate, shown):
    assert [str(form) for form in closed_form(descend(function, start=start, rate=rate, steps=5))] == shown


@pytest.mark.parametrize("seed", range(60))
def test_a_closed_form_gives_every_exact_iterate(seed):
    random = Random(seed)
    one = quadratic(random)
    trace = descend(one.objective, start=one.start, rate=rate_for(random, one), steps=8)
    forms = closed_form(trace)
    if forms is None:
        return
    exact = trace.exact(8)
    assert [_members(forms, n) for n in range(9)] == exact


def test_most_generated_runs_have_one():
    found = 0
    for seed in range(40):
        random = Random(seed)
        one = quadratic(random)
        found += closed_form(descend(one.objective, start=one.start, rate=rate_for(random, one), steps=2)) is not None
    assert found >= 25


@pytest.mark.parametrize(("mu", "rate", "start"), [("0.4", "0.1", "1"), ("0.5", "0.08", "3"), ("1/9", "1/3", "-2")])
def test_the_heavy_ball_has_two_powers_where_its_roots_are_fractions(mu, rate, start):
    trace = descend("x^2/2 + x", start={"x": start}, rate=rate, steps=10, method="momentum", settings={"mu": mu})
    forms = closed_form(trace)
    if forms is not None:
        assert [_members(forms, n) for n in range(11)] == trace.exact(10)
        assert audit_claims(claims_of(trace)).proved
    assert forms is not None or mu != "0.4"


@pytest.mark.parametrize(
    ("function", "options"),
    [("x^2", {"rate": "0.5"}), ("x^4", {"rate": "0.1"}), ("e^x", {"rate": "0.1"}), ("abs(x)", {"rate": "0.1"}), ("x^2", {"rate": "0.1", "method": "adam"}),
     ("x^2", {"rate": "0.1", "method": "nesterov"}), ("x^2", {"rate": "0.1", "clip_norm": 1}), ("x^2", {"rate": "0.1", "project": "box(1, 2)"}), ("pi*x^2", {"rate": "0.1"}),
     ("x^2/2", {"rate": "0.02", "method": "momentum"})],
)  # fmt: skip
def test_where_there_is_none_there_is_none(function, options):
    assert closed_form(descend(function, start="x=1", steps=5, **options)) is None


@pytest.mark.parametrize(
    "options",
    [{}, {"method": "momentum"}, {"method": "nesterov"}, {"method": "adagrad"}, {"method": "rmsprop"}, {"method": "adam"}, {"method": "adam", "convention": "optax"},
     {"clip_norm": 1}, {"clip_value": 1}, {"weight_decay": "0.1"}, {"project": "l2(1)"}, {"project": "simplex"}, {"mirror": True}, {"project": "halfspace((1, 2), 3)"}],
)  # fmt: skip
@pytest.mark.parametrize("function", ["x^2 + 2y^2", "(1 - x)^2 + 100(y - x^2)^2", "e^x + y^2"])
def test_the_first_updates_of_every_method_are_proved(function, options):
    trace = descend(function, start="x=0.4,y=0.6", rate="0.1", steps=4, **options)
    claims = first_updates(trace)
    assert len(claims) >= 8
    assert audit_claims(claims).proved


def test_the_first_updates_as_they_are_written():
    trace = descend("x^2 - 4x + 5", start="x=0", rate="0.1", steps=20)
    shown = [str(claim.statement) for claim in claims_of(trace)]
    assert shown[:4] == ["2*0 - 4 = -4", "0 - 0.1*(-4) = 0.4", "2*0.4 - 4 = -3.2", "0.4 - 0.1*(-3.2) = 0.72"]
    assert shown[-2:] == ["2 - 2*0.8^0 = 0", "2 - 2*0.8^(n + 1) = (2 - 2*0.8^n) - 0.1*(2*(2 - 2*0.8^n) - 4)"]
    assert trace.proved


@pytest.mark.parametrize("seed", range(25))
def test_closed_forms_are_proved(seed):
    random = Random(seed)
    one = quadratic(random)
    trace = descend(one.objective, start=one.start, rate=rate_for(random, one), steps=5)
    assert audit_claims(claims_of(trace)).proved


def test_a_wrong_closed_form_would_be_refuted():
    trace = descend("x^2 - 4x + 5", start="x=0", rate="0.1", steps=5)
    (claim,) = [claim for claim in claims_of(trace) if claim.reason == "closed_step"]
    left, right = claim.statement.operands
    assert proved(equal(left, substitute(right, {"n": number(3)}), "wrong", claim.conditions)).equal is False


def test_data_and_many_letters_have_no_claims_of_their_own():
    trace = descend("x^2", start="x=1", rate="0.1", steps=5, batch=lambda n, x: (2 * x,))
    assert claims_of(trace) == ()


def test_decay_moves_the_point_of_rest():
    trace = descend("x^2 - 4x", start="x=3", rate="0.1", steps=6, weight_decay="0.5")
    assert [str(form) for form in closed_form(trace)] == ["1.6 + 1.4*0.75^n"]
    assert _members(closed_form(trace), 6) == trace.exact(6)[6]
    assert trace.exact(1)[1] == (Fraction(3) - Fraction(1, 10) * (2 + Fraction(3, 2)),)
