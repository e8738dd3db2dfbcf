"""Remainders modulo a prime: what differs there differs, and no identity is ever contradicted."""

from __future__ import annotations

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import MANY
from tutor.algebra.lower import lift, lower
from tutor.algebra.residue import differ_modulo
from tutor.form.reading import read
from tutor.form.tree import Add, Div, Form, Mul, Neg, Num, Pow, Sym
from tutor.grading.equality import settled

_LEAVES = st.one_of(st.sampled_from("xyz").map(Sym), st.integers(0, 9).map(Num), st.just(Num(25, 1)))
RATIONAL = st.recursive(_LEAVES, lambda inner: st.one_of(
    st.lists(inner, min_size=2, max_size=3).map(lambda parts: Add(tuple(parts))), st.lists(inner, min_size=2, max_size=3).map(lambda parts: Mul(tuple(parts))),
    st.builds(Neg, inner), st.builds(Div, inner, inner), st.builds(lambda base, power: Pow(base, Num(power)), inner, st.integers(0, 3)),
), max_leaves=6)  # fmt: skip


@settings(max_examples=150 * MANY)
@given(RATIONAL)
def test_an_identity_is_never_contradicted(form: Form) -> None:
    expanded = sympy.together(sympy.expand(lower(form)))
    if not expanded.has(sympy.zoo, sympy.nan):
        assert not differ_modulo(form, lift(expanded))


@settings(max_examples=150 * MANY)
@given(RATIONAL, RATIONAL)
def test_what_differs_is_different(one: Form, other: Form) -> None:
    if differ_modulo(one, other):
        assert sympy.cancel(lower(one) - lower(other)) != 0


@pytest.mark.parametrize(("answer", "key"), [
    ("y - (x-a)^5999", "y - (x-a)^6000"), ("(x-a)^9999 + y", "y"), ("1/(1 + (x-y)^8000)", "1"), ("x + 10^-300*x^7*y^9000", "x"),
])  # fmt: skip
def test_what_no_ball_sees_is_refused(answer: str, key: str) -> None:
    assert settled(read(answer), read(key)).equal is False


@pytest.mark.parametrize("text", ["sin(x)", "x^y", "x^(1/2)", "1/0", "1/(x - x)", "0^0", "(x - x)^-1"])
def test_of_what_is_no_rational_number_nothing_is_said(text: str) -> None:
    assert not differ_modulo(read(text), read("x"))
