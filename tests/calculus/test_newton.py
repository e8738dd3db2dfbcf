"""Newton's step by law: it solves its linear system, arrives at once on quadratics, and is Newton's method for f′ in disguise."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.calculus.smooth import functions
from tutor import RequestError, differentiate, read
from tutor.calculus.optima.newton import as_equation, newton_step
from tutor.form.evaluate import evaluate
from tutor.form.numerals import number
from tutor.form.tree import Add, Form, Mul, Neg, Num, Pow, Relation, Sym
from tutor.form.walk import substitute

X, Y = Sym("x"), Sym("y")
small = st.fractions(-4, 4, max_denominator=4)


def test_mistake_o11_is_not_made() -> None:
    """Newton for a minimum of x² − 4x + 5 from 0 goes to 2, not to 5/4; for the root of the same expression it would."""
    step = newton_step("x^2 - 4x + 5", "x=0")
    assert (step.kind, str(step.new[0].exact)) == ("minimum", "2")  # type: ignore[index]
    root = newton_step("x^2 - 4x + 5 = 0", "x=0")
    assert (root.kind, str(root.new[0].exact)) == ("root", "5/4")  # type: ignore[index]


@settings(max_examples=30)
@given(small, small, small.filter(lambda a: a != 0), small)
def test_one_step_arrives_on_a_parabola(start: Fraction, centre: Fraction, factor: Fraction, height: Fraction) -> None:
    form = Add((Mul((number(factor), Pow(Add((X, Neg(number(centre)))), Num(2)))), number(height)))
    step = newton_step(form, {"x": number(start)})
    assert step.quadratic
    assert step.new is not None
    assert step.new[0].exact is number(centre)
    assert step.promised is not None
    assert step.after is not None
    assert evaluate(step.promised.exact, {}) == evaluate(step.after.exact, {}) == float(height)  # type: ignore[arg-type]
    assert step.local is not None
    assert step.local.spectrum is not None
    assert step.local.spectrum.kind == ("bowl" if factor > 0 else "dome")
    assert step.proved


@settings(max_examples=20)
@given(small, small, small, small, st.integers(-3, 3), st.integers(1, 4), st.integers(1, 4))
def test_one_step_arrives_on_a_quadratic_of_two_letters(a: Fraction, b: Fraction, p: Fraction, q: Fraction, mixed: int, first: int, second: int) -> None:
    assume(4 * first * second != mixed * mixed)
    u, v = Add((X, Neg(number(p)))), Add((Y, Neg(number(q))))
    form = Add((Mul((number(first), u, u)), Mul((number(mixed), u, v)), Mul((number(second), v, v))))
    step = newton_step(form, {"x": number(a), "y": number(b)})
    assert step.new is not None
    assert [value.exact for value in step.new] == [number(p), number(q)]
    assert step.proved


@settings(max_examples=10)
@given(functions.filter(lambda form: form.size <= 12), st.sampled_from(["1/2", "1", "-1", "2"]))
def test_for_a_minimum_it_is_the_step_for_the_root_of_the_slope(form: Form, start: str) -> None:
    form = substitute(form, {"a": Num(2)})
    slope = differentiate(form, "x").value
    assume("x" in slope.free)
    try:
        minimum = newton_step(form, {"x": start})
        root = newton_step(Relation((slope, Num(0)), ("=",)), {"x": start})
    except RequestError:
        return
    assert (minimum.new is None) is (root.new is None)
    if minimum.new is not None and root.new is not None:
        assert evaluate(minimum.new[0].exact, {}) == pytest.approx(evaluate(root.new[0].exact, {}), rel=1e-9, abs=1e-9)  # type: ignore[arg-type]


def test_repeated_steps_follow_the_rule() -> None:
    step = newton_step("x^2 = 2", "x=1", steps=4)
    exact = [Fraction(1)]
    for _ in range(4):
        exact.append(exact[-1] - (exact[-1] ** 2 - 2) / (2 * exact[-1]))
    assert all(abs(one.place[0] - value) < Fraction(1, 10**200) for one, value in zip(step.iterates, exact, strict=True))
    assert step.doubling
    assert step.proved


@pytest.mark.parametrize(
    ("text", "at", "steps", "doubling", "stopped"),
    [
        ("x^4 - 3x^2 + x", "x=1", 5, True, ""), ("x^4", "x=1", 6, False, ""), ("x^2 = 2", "x=1", 5, True, ""), ("x^2 = 0", "x=1", 6, False, ""),
        ("x^2 + 2y^2", "x=4,y=3", 3, False, "arrived"), ("cos(x) = x", "x=1", 5, True, ""), ("ln(x) = 1", "x=2", 5, True, ""),
    ],
)  # fmt: skip
def test_doubling_is_said_only_where_it_is_seen(text: str, at: str, steps: int, doubling: bool, stopped: str) -> None:
    step = newton_step(text, at, steps)
    assert (step.doubling, step.stopped) == (doubling, stopped)
    assert step.proved


@pytest.mark.parametrize(("text", "at", "kind"), [("x^4 - 3x^2 + x", "x=0", "dome"), ("x^2 - y^2", "x=1,y=2", "saddle"), ("x^3", "x=1", "bowl"), ("x^3", "x=-1", "dome")])
def test_where_it_heads_for(text: str, at: str, kind: str) -> None:
    step = newton_step(text, at)
    assert step.local is not None
    assert step.local.spectrum is not None
    assert step.local.spectrum.kind == kind


def test_steps_that_approach_a_saddle_say_so() -> None:
    assert newton_step("x^4 + y^4 + x*y", "x=1,y=1", 5).final_kind == "saddle"
    assert newton_step("x^3 - 3x", "x=-0.5", 5).final_kind == "dome"
    assert newton_step("x^3 - 3x", "x=0.5", 5).final_kind == "bowl"


@pytest.mark.parametrize(("text", "at", "stopped"), [("x^3", "x=0", "singular"), ("x*y^2", "x=0,y=0", "singular"), ("x^2 = 2", "x=0", "flat")])
def test_no_step_where_it_would_divide_by_zero(text: str, at: str, stopped: str) -> None:
    step = newton_step(text, at)
    assert (step.new, step.stopped) == (None, stopped)
    assert step.proved


@pytest.mark.parametrize(
    ("text", "at", "kind"),
    [("x^2", None, "point"), ("x^2", "y=1", "point"), ("ln(x)", "x=0", "point"), ("x^2 + y = 2", "x=1,y=1", "equation"), ("5", "x=1", "variable"), ("x < 2", "x=1", "equation")],
)
def test_requests_that_make_no_sense(text: str, at: str | None, kind: str) -> None:
    with pytest.raises(RequestError) as raised:
        newton_step(text, at)
    assert raised.value.kind == kind


def test_the_number_of_steps() -> None:
    for steps in (0, 99):
        with pytest.raises(RequestError) as raised:
            newton_step("x^2", "x=1", steps)
        assert raised.value.kind == "steps"


def test_what_is_an_equation() -> None:
    assert as_equation(read("x = cos(x)")) is not None
    assert as_equation(read("x = 2")) is not None
    for text in ("P(p) = p^2", "y = x^2", "x^2 + 1"):
        assert as_equation(read(text)) is None
