"""Equality at samples: also where a function exists on a small part of the line, or differs by very little."""

from __future__ import annotations

from itertools import islice

import pytest

from tutor import read
from tutor.algebra.equal import by_samples
from tutor.algebra.places import domain_of, integer_condition, spoken_condition
from tutor.form.numerals import Gaussian


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("sqrt(x-100)*sqrt(101-x)", "sqrt((x-100)*(101-x))"), ("asin(x/1000-5)", "pi/2 - acos(x/1000-5)"), ("sqrt(x^2)", "abs(x)"), ("1/sqrt(x)", "sqrt(1/x)"),
        ("ln(abs(x^2-9))", "ln(abs(x-3)) + ln(abs(x+3))"), ("sqrt((x-3)*(x-5))", "sqrt(x-3)*sqrt(x-5)"), ("asinh(x)", "ln(x+sqrt(x^2+1))"), ("-1/(2-x)", "1/(x-2)"),
        ("ln(x)", "ln(abs(x))"), ("(x^2-1)/(x+1)", "x-1"),
    ],
)  # fmt: skip
def test_equal_wherever_both_are_defined(left: str, right: str) -> None:
    assert by_samples(read(left), read(right)).equal is True


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("sqrt(x-100)*sqrt(101-x)", "2sqrt((x-100)*(101-x))"), ("sqrt(x-5000)", "sqrt(x-5000) + 1"), ("sqrt(x-1000000)", "x"), ("1/2004!", "1/2006!"),
        ("ln(ln(ln(x)))", "ln(ln(ln(x))) + 1/10^9"), ("sqrt(x^2)", "x"), ("sin(pi*x)", "0"), ("sqrt(x-y-100)*sqrt(101-x+y)", "0"), ("e^x", "e^x + 1/10^30"),
    ],
)  # fmt: skip
def test_a_difference_is_proved_at_a_witness(left: str, right: str) -> None:
    one, other = read(left), read(right)
    evidence = by_samples(one, other)
    assert evidence.equal is False
    assert evidence.witness.keys() == one.free | other.free


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("abs(x+5)", "x+5"), ("abs(x)*y", "x*abs(y)"), ("sqrt(x^2*y^2)", "x*y"), ("relu(x+5)", "x+5"), ("relu(x-20)", "0"), ("abs(x-100)", "100-x"),
        ("sign(x)*sign(y)", "1"), ("piecewise(x, x<5; 5)", "x"), ("abs(x-2000)", "2000-x"), ("sqrt((x+50)^2)", "x+50"), ("abs(x*y*z)", "x*y*z"),
        ("((x+7)^2)^(1/2)", "x+7"), ("relu(x)*relu(y)", "relu(x*y)"), ("max(x, y)", "x"),
    ],
)  # fmt: skip
def test_a_corner_far_away_is_seen(left: str, right: str) -> None:
    assert by_samples(read(left), read(right)).equal is False


@pytest.mark.parametrize(("left", "right"), [("abs(x)", "sqrt(x^2)"), ("max(x, y)", "(x + y + abs(x - y))/2"), ("relu(x)", "(x + abs(x))/2")])
def test_corners_at_the_same_place_are_equal(left: str, right: str) -> None:
    assert by_samples(read(left), read(right)).equal is True


@pytest.mark.parametrize(("left", "right"), [("sqrt(-x^2-1)", "2sqrt(-x^2-1)"), ("1/0", "1"), ("f(x)", "f(x) + 1")])
def test_without_a_value_nothing_is_known(left: str, right: str) -> None:
    assert by_samples(read(left), read(right)).equal is None


def test_the_same_points_every_time() -> None:
    pairs = [("x^2", "x^3"), ("sqrt(x-5000)", "1"), ("x*y", "x/y")]
    first, second = ([by_samples(read(one), read(other)) for one, other in pairs] for _ in range(2))
    assert first == second


@pytest.mark.parametrize(("text", "complex_too"), [("x", False), ("z complex", True)])
def test_a_statement_about_letters(text: str, complex_too: bool) -> None:
    stated = [spoken_condition(text) or read("x > 0")]
    assert by_samples(read("ln(z^2)"), read("2*ln(z)"), stated).equal is not complex_too


def test_conditions_that_cannot_hold_leave_everything_open() -> None:
    assert by_samples(read("x"), read("x + 1"), [read("x > 1"), read("x < 0")]).equal is None
    assert by_samples(read("n"), read("n^2"), [integer_condition("n"), read("0 <= n"), read("n <= 1")]).equal is None


@pytest.mark.parametrize("text", ["complex", "x complex", "x > 0", "n integer"])
def test_places_are_inside_and_never_the_same_integers(text: str) -> None:
    condition = spoken_condition(text) or read(text)
    domain = domain_of((condition,))
    found = [place for place in islice(domain.places(read("x + n"), read("2*x")), 60) if place.holds(domain.conditions)]
    assert len(found) > 20
    points = [tuple(map(str, place.point.values())) for place in found]
    assert points == [tuple(map(str, place.point.values())) for place in islice(domain.places(read("x + n"), read("2*x")), 60) if place.holds(domain.conditions)]
    if domain.whole:
        assert len(set(points)) == len(points)
        assert all(place.point["n"].denominator == 1 for place in found)
    if domain.is_complex:
        quadrants = {(value.real > 0, value.imag > 0) for place in found for value in [place.point["x"]] if isinstance(value, Gaussian)}
        assert len(quadrants) == 4


def test_what_is_kept_between_comparisons_is_bounded() -> None:
    domain = domain_of(())
    for k in range(400):
        assert by_samples(read(f"x^2 + {k}"), read(f"x^2 + {k} + sin(x) - sin(x)")).equal is True
    assert max(len(place.memo) for place in islice(domain.places(read("x"), read("2x")), 4)) < 300
