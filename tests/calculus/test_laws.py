"""Laws of differentiation on generated functions, against witnesses that know none of our rules."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import HealthCheck, given, settings

from tests.calculus.smooth import functions
from tests.conftest import MANY
from tutor import differentiate
from tutor.algebra.equal import by_samples
from tutor.algebra.tidy import LAWS
from tutor.calculus.audit import audit
from tutor.calculus.forward import derivative_ball
from tutor.form.evaluate import evaluate_ball, precision, to_ball
from tutor.form.tree import Add, Form, Mul, Num, Pow, Sym
from tutor.form.walk import rewritten, substitute

QUICK = settings(max_examples=120 * MANY, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


@QUICK
@given(functions)
def test_no_line_is_contradicted_by_forward_mode(form: Form) -> None:
    assert audit(differentiate(form, "x"), symbolic=False).failed == ()


@settings(QUICK, max_examples=40 * MANY)
@given(functions)
def test_value_agrees_with_a_difference_quotient(form: Form) -> None:
    """(f(x + h) − f(x − h))/2h tends to f′(x): in balls with tiny h, to half of the digits."""
    value = differentiate(form, "x").value
    point, h = {"x": Fraction(3, 7), "a": Fraction(5, 4)}, Fraction(1, 2**120)
    slope = evaluate_ball(value, point, 600)
    sides = [evaluate_ball(form, {**point, "x": point["x"] + step}, 600) for step in (h, -h)]
    with precision(600):
        ratio = (sides[0] - sides[1]) / (2 * to_ball(h))
        if slope.is_finite() and ratio.is_finite():
            assert abs(slope - ratio) < (abs(slope) + 1) * to_ball(Fraction(1, 2**60))


@settings(QUICK, max_examples=60 * MANY)
@given(functions, functions)
def test_linear(one: Form, other: Form) -> None:
    together = differentiate(Add((Mul((Num(3), one)), other)), "x").value
    apart = Add((Mul((Num(3), differentiate(one, "x").value)), differentiate(other, "x").value))
    assert by_samples(together, apart).equal is not False


@settings(QUICK, max_examples=60 * MANY)
@given(functions)
def test_chain_by_substitution(form: Form) -> None:
    """d/dx f(x²) = f′(x²)·2x."""
    square = Pow(Sym("x"), Num(2))
    direct = differentiate(substitute(form, {"x": square}), "x").value
    composed = Mul((substitute(differentiate(form, "x").value, {"x": square}), Num(2), Sym("x")))
    assert by_samples(direct, composed).equal is not False


@settings(QUICK, max_examples=60 * MANY)
@given(functions)
def test_mixed_partials_agree(form: Form) -> None:
    """Clairaut: the order of differentiation does not matter where both are continuous."""
    one, other = (differentiate(form, letters).value for letters in (("x", "a"), ("a", "x")))
    assert by_samples(one, other).equal is not False


@QUICK
@given(functions)
def test_every_law_of_algebra_keeps_the_value(form: Form) -> None:
    value = differentiate(form, "x").root.after
    for law in LAWS.values():
        changed = rewritten(value, law.change)
        assert by_samples(value, changed).equal is not False


@QUICK
@given(functions)
def test_what_is_independent_has_derivative_zero(form: Form) -> None:
    assert differentiate(form, "q").value is Num(0)


@QUICK
@given(functions)
def test_derivation_is_deterministic(form: Form) -> None:
    assert differentiate(form, "x").value is differentiate(form, "x").value


def test_forward_mode_agrees_with_a_known_value() -> None:
    from tutor import read

    ball = derivative_ball(read("x^3"), {"x": 2}, "x")
    assert ball.contains(12)
