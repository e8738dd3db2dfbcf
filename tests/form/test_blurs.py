"""Floats with an error, where python-flint is missing: they hold the true value, and say nothing where they cannot."""

from __future__ import annotations

import math
import operator
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.form.arithmetic import compute
from tutor.form.blurs import BLURS, MARGIN, NAN, Blur, agree
from tutor.form.evaluate import evaluate_ball
from tutor.form.functions import FUNCTIONS
from tutor.form.reading import read
from tutor.form.tree import Call, Sym

NUMBERS = st.fractions(min_value=-50, max_value=50, max_denominator=200)
TEXTS = ["(x + y)^3 - x*y/7", "x/(y^2 + 1/3) - 2^x", "sin(x)*cos(y) - e^(x/9)", "atan(x*y) + abs(x - y)", "sqrt(x^2 + y^2)*ln(x^2 + 2)", "root(x, 3) + max(x, y)", "1/(x + 51) - (y - 51)^-2"]


def blurred(text: str, **values: Fraction) -> Blur:
    found: Blur = compute(read(text), {name: Blur(value) for name, value in values.items()}, BLURS)
    return found


@given(NUMBERS, NUMBERS, st.sampled_from(TEXTS))
def test_the_true_value_is_inside(x: Fraction, y: Fraction, text: str) -> None:
    found, true = blurred(text, x=x, y=y), evaluate_ball(read(text), {"x": x, "y": y}, 400)
    assert found.is_finite()
    assert true.is_finite()
    assert abs(found.middle - float(true)) <= found.radius + abs(float(true)) * 2.0**-52
    assert found.radius <= 1e-6 * (1 + abs(found.middle))


@pytest.mark.parametrize("name", [name for name, row in FUNCTIONS.items() if row.real is not None and row.ball is not None and row.arity == 1])
def test_functions_are_near_their_balls(name: str) -> None:
    form, seen = Call(name, (Sym("u"),)), 0
    for place in (Fraction(-7, 3), Fraction(-1, 3), Fraction(2, 7), Fraction(9, 11), Fraction(5, 2)):
        found, true = compute(form, {"u": Blur(place)}, BLURS), evaluate_ball(form, {"u": place})
        if true.is_finite():
            seen += 1
            assert math.isclose(found.middle, float(true), rel_tol=1e-12)
    assert seen > 0


@pytest.mark.parametrize("text", ["1/0", "sqrt(-1)", "ln(0)", "0^(-1)", "asin(2)", "(-1)^(1/2)", "1/(1/3 + 1/6 - 1/2)", "10^400", "I", "polygamma(1, 2)"])
def test_where_there_is_no_value(text: str) -> None:
    assert not blurred(text).is_finite()
    assert agree(blurred(text), blurred(text)) is None


def test_what_is_lost_by_cancelling_is_known() -> None:
    lost = blurred("(x + 1) - x - 1", x=Fraction(10**14))
    assert lost.contains(0)
    assert lost.radius > 1e-6
    assert agree(lost, Blur(1e-3)) is None
    assert agree(blurred("(1 - cos(x))/x^2", x=Fraction(1, 10**7)), Blur("0.5")) is None


@given(st.floats(1e-3, 1e3), st.sampled_from([1e-12, 1e-10, 1e-8, 1e-7, 1e-5, 1e-3]))
def test_between_agreement_and_refusal_nothing_is_known(size: float, gap: float) -> None:
    wanted = True if gap < 1e-9 else False if gap > MARGIN else None
    assert agree(Blur(size), Blur(size * (1 + gap))) is wanted


def test_comparisons_are_true_only_where_they_are_sure() -> None:
    third, same = Blur(1) / 3, Fraction(1, 3)
    assert not any([third < same, third > same, third == same, operator.ne(third, same), third <= same, third >= same])
    assert all([third < 0.34, third > 0.33, third != 0.34, Blur(2) == 2, Blur("0.5") == 0.5, Blur(2) <= 2, Blur(2) >= 2])
    assert compute(read("x < 1/3"), {"x": third}, BLURS) is None
    assert compute(read("x < 1"), {"x": third}, BLURS) is True


def test_what_else_a_ball_can_do() -> None:
    assert [Blur(7).is_integer(), (Blur(1) / 3).is_integer(), NAN.is_finite(), Blur(0).is_zero()] == [True, False, False, True]
    assert (Blur(2) ** Blur(0.5)).overlaps(math.sqrt(2))
    assert Blur(1).union(3).contains(2)
    assert [float(3 - Blur(1)), float(1 / Blur(4)), float(abs(Blur(-3))), float((2 * Blur(3) + 1).mid()), Blur(7).fmpz()] == [2, 0.25, 3, 7, 7]
