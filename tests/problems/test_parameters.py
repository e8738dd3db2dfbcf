"""Ranks and values are each other's inverse; the hash is the same for ever; ranges, derived values and constraints mean what they say."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.errors import RequestError
from tutor.form.numerals import rational
from tutor.form.tree import Form
from tutor.problems.parameters import Space, hashed, read_space
from tutor.problems.source import SourceError, parse


def space(parameters: str, derived: str = "{}", constraints: str = "[]") -> Space:
    node = parse(f"parameters: {parameters}\nderived: {derived}\nconstraints: {constraints}", "f.yaml").entries()
    return read_space(node["parameters"], node["derived"], node["constraints"])


SPACE = space("{a: 1..5, b: [10, 0.5, 2/3], w: [tea, milk], r: [{he: she, x: y}, {he: he, x: z}]}", "{c: a*b, d: c - a}", "[d != 0]")


@given(st.integers(0, SPACE.size - 1))
def test_a_rank_is_its_values(rank: int) -> None:
    values = SPACE.values(rank)
    assert SPACE.rank(values) == rank


@given(st.integers(0, SPACE.size - 1), st.integers(0, SPACE.size - 1))
def test_different_ranks_have_different_choices(one: int, other: int) -> None:
    same = all(SPACE.values(one)[name] == SPACE.values(other)[name] for name in SPACE.choices)
    assert same is (one == other)


@given(st.integers(0, SPACE.size - 1))
def test_derived_values_are_exact(rank: int) -> None:
    values = SPACE.values(rank)
    a, b, c, d = (rational(value) for name in "abcd" if isinstance(value := values[name], Form))
    assert a is not None
    assert b is not None
    assert (c, d) == (a * b, a * b - a)
    assert SPACE.holds(values) is (a * b - a != 0)


@pytest.mark.parametrize("rank", [-1, SPACE.size, 10**30])
def test_other_numbers_are_no_variants(rank: int) -> None:
    with pytest.raises(RequestError):
        SPACE.values(rank)


PUBLISHED = {
    "": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "abc": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
}
"""SHA-256 as its standard gives it (FIPS 180-4, examples)."""


@pytest.mark.parametrize("text", PUBLISHED)
@pytest.mark.parametrize("size", [2, 288, 10**9])
def test_the_hash_is_the_published_one(text: str, size: int) -> None:
    assert hashed(text, size) == int(PUBLISHED[text], 16) % size


def test_a_seed_gives_the_same_combination_for_ever() -> None:
    """These numbers were printed on somebody's sheet: they never change."""
    assert [SPACE.seeded(f"x/{k}") for k in range(6)] == [6, 5, 17, 39, 27, 31]


@given(st.integers(-20, 20), st.integers(0, 12), st.integers(1, 4), st.integers(0, 2))
def test_ranges_count_up(low: int, count: int, step: int, places: int) -> None:
    unit = Fraction(1, 10**places)
    first, by = low * unit, step * unit
    last = first + count * by

    def shown(value: Fraction) -> str:
        return f"{float(value):.{places}f}"

    found = space(f"{{a: {shown(first)}..{shown(last)} by {shown(by)}}}").choices["a"]
    assert [rational(one) for one in found if isinstance(one, Form)] == [first + k * by for k in range(count + 1)]


@pytest.mark.parametrize(
    "parameters",
    ["{a: 5..3}", "{a: 1..9 by 0}", "{a: 1...3}", "{a: x..y}", "{a: []}", "{a: [1, 1]}", "{a: 1..1000000}", "{a: 0..1 by 0.00001}", "{'2a': [1]}", "{a_b_c: [1]}",
     "{a: 1..99999999999999999999}", "{a: ['" + "9" * 5000 + "']}"],
)  # fmt: skip
def test_parameters_that_make_no_sense_are_refused_with_their_place(parameters: str) -> None:
    with pytest.raises(SourceError) as caught:
        space(parameters)
    assert caught.value.line == 1


@pytest.mark.parametrize("constraint", ["a", "a + 1", "p0 != 1", "a = = 1", "exec('x') > 1", "__import__('os') = 1", "9^9^9^9^9 > a", "a < 'x'"])
def test_constraints_have_a_reader_of_their_own(constraint: str) -> None:
    with pytest.raises(SourceError) as caught:
        space("{a: 1..3}", "{}", f'["{constraint}"]')
    assert caught.value.line == 3


def test_a_constraint_that_cannot_be_decided_does_not_hold() -> None:
    found = space("{a: 0..3}", "{}", "[1/a > 0]")
    assert [rank for rank in range(4) if found.holds(found.values(rank))] == [1, 2, 3]


def test_ranks_are_all_valid_ones_in_order_or_a_sample_of_them() -> None:
    all_of_them = list(SPACE.ranks("k", 1000))
    assert all_of_them == [rank for rank in range(SPACE.size) if SPACE.holds(SPACE.values(rank))]
    some = list(SPACE.ranks("k", 10))
    assert len(set(some)) == 10
    assert set(some) <= set(all_of_them)
    assert some == list(SPACE.ranks("k", 10)) != list(SPACE.ranks("l", 10))


def test_without_a_valid_variant_there_is_none() -> None:
    with pytest.raises(RequestError, match="constraints"):
        space("{a: 1..3}", "{}", "[a > 5]").seeded("x")
