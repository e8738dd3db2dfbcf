"""Sets of numbers, inequalities and numbers in many notations, against their meaning at single points."""

from __future__ import annotations

from fractions import Fraction
from operator import ge, gt, le, lt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor import read
from tutor.algebra.factors import compared_signs
from tutor.grading.check import check
from tutor.grading.kinds.typed import read_answer

POINTS = [Fraction(k, 4) for k in range(-52, 53)]
Piece = tuple[Fraction | None, Fraction | None, bool, bool]
HOLDS = {"<": lt, "<=": le, ">": gt, ">=": ge}


@st.composite
def sets(draw: st.DrawFn) -> list[Piece]:
    """One interval, or two that do not meet; the outer bounds may be infinite."""
    bounds = sorted(draw(st.sets(st.integers(-12, 12), min_size=2, max_size=4).filter(lambda some: len(some) % 2 == 0)))
    closed = draw(st.lists(st.booleans(), min_size=len(bounds), max_size=len(bounds)))
    found: list[Piece] = [
        (Fraction(bounds[k], 2), Fraction(bounds[k + 1], 2), closed[k], closed[k + 1]) for k in range(0, len(bounds), 2)
    ]  # fmt: skip
    if draw(st.booleans()):
        found[0] = (None, found[0][1], False, found[0][3])
    if draw(st.booleans()):
        found[-1] = (found[-1][0], None, found[-1][2], False)
    return found


def lies_in(some: list[Piece], value: Fraction) -> bool:
    return any(
        (low is None or value > low or (left and value == low)) and (high is None or value < high or (right and value == high))
        for low, high, left, right in some
    )  # fmt: skip


def written(piece: Piece, style: str) -> str:
    """A piece in a notation: with brackets, with French brackets and decimal commas, or as an inequality."""
    low, high, left, right = piece
    below, above = ("-∞" if low is None else str(low)), ("∞" if high is None else str(high))
    if style == "round":
        return f"{'[' if left else '('}{below}, {above}{']' if right else ')'}"
    if style == "outwards":
        comma = [text if value is None else str(float(value)).replace(".", ",") for text, value in ((below, low), (above, high))]
        return f"{'[' if left else ']'}{comma[0]}; {comma[1]}{']' if right else '['}"
    parts = ([] if low is None else [f"x {'>=' if left else '>'} {below}"]) + ([] if high is None else [f"x {'<=' if right else '<'} {above}"])
    return f"({' and '.join(parts)})" if len(parts) > 1 else parts[0] if parts else "(-∞, ∞)"


STYLES = st.lists(st.sampled_from(("round", "outwards", "inequality")), min_size=2, max_size=2)
JOINED = st.sampled_from((" ∪ ", " or ", " U ", "∪"))


@settings(max_examples=200)
@given(sets(), sets(), st.booleans(), STYLES, STYLES, JOINED, JOINED)
def test_a_set_in_any_notation(one: list[Piece], other: list[Piece], same: bool, mine: list[str], theirs: list[str], join: str, joined: str) -> None:
    other = one[::-1] if same else other
    key = join.join(written(piece, style) for piece, style in zip(one, mine, strict=False))
    answer = joined.join(written(piece, style) for piece, style in zip(other, theirs, strict=False))
    verdict = check(answer, key, kind="interval")
    assert verdict.outcome != "undecided"
    assert verdict.right is all(lies_in(one, value) is lies_in(other, value) for value in POINTS), (key, answer)


FACTORS = st.lists(st.tuples(st.sampled_from((1, -1, 2)), st.integers(-3, 3)), min_size=1, max_size=3)
INEQUALITIES = st.tuples(FACTORS, st.lists(st.tuples(st.just(1), st.integers(-3, 3)), max_size=1), st.sampled_from(list(HOLDS)))
Inequality = tuple[list[tuple[int, int]], list[tuple[int, int]], str]


def product(factors: list[tuple[int, int]], value: Fraction) -> Fraction:
    found = Fraction(1)
    for factor, zero in factors:
        found *= factor * (value - zero)
    return found


def fits(some: Inequality, value: Fraction) -> bool:
    above, below = product(some[0], value), product(some[1], value)
    return bool(below) and bool(HOLDS[some[2]](above / below, 0))


def text(some: Inequality) -> str:
    above, below = ("*".join(f"({factor}*(x - ({zero})))" for factor, zero in factors) or "1" for factors in some[:2])
    return f"{above}/({below}) {some[2]} 0"


@settings(max_examples=200)
@given(INEQUALITIES, INEQUALITIES, st.booleans())
def test_inequalities_by_their_solutions(one: Inequality, other: Inequality, related: bool) -> None:
    other = (one[0] + one[1], [], one[2]) if related else other
    verdict = check(text(other), text(one), kind="inequality")
    assert verdict.outcome != "undecided"
    assert verdict.right is all(fits(one, value) is fits(other, value) for value in (*POINTS, Fraction(99), Fraction(-99)))


@pytest.mark.parametrize(("left", "right", "same"), [("x^4 - 16", "x^2 - 4", True), ("x^3 - 2", "x^5 - 2", False), ("x^2 + 1", "1", True), ("x^2 - 2", "x^4 - 4", True)])
def test_signs_between_zeros(left: str, right: str, same: bool) -> None:
    found = compared_signs(read(left), read(right), False, False)
    assert found is not None
    assert (found.point is None and not found.ends) is same


@given(st.integers(0, 10**12), st.integers(1, 10**6), st.integers(1, 6), st.sampled_from((",.", " .", ".,", " ,", "'.", "\u202f,")))
def test_a_number_with_groups_of_digits(whole: int, fraction: int, places: int, signs: str) -> None:
    digits = str(fraction)[:places].ljust(places, "7")
    if whole < 1000 and len(digits) == 3 and signs[1] == ",":
        digits += "1"
    grouped = f"{whole:,}".replace(",", signs[0])
    verdict = check(f"{grouped}{signs[1]}{digits}", f"{whole}.{digits}")
    assert verdict.right, (grouped, signs, digits)


@given(st.integers(1, 999), st.integers(0, 999))
def test_a_comma_that_could_mean_two_things_is_asked_about(front: int, back: int) -> None:
    found = read_answer(f"{front},{back:03}")
    assert {str(found.form), *(str(other.form) for other in found.alternatives)} == {f"{front}{back:03}", f"{front}.{back:03}"}
    assert check(f"{front},{back:03}", f"{front}.{back:03}").outcome == "undecided"
    assert check(f"{front},{back:03}", str(front * 1000 + back)).right
