"""Multiplying out, one fraction, division with remainder: each keeps the value, and does what its name says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.calculus.smooth import functions
from tutor import read
from tutor.algebra.equal import by_samples
from tutor.algebra.monomial import terms
from tutor.algebra.polynomial import MOST_TERMS, division, expanded_terms, multiplied_out, one_fraction, reduced_fraction, remainders
from tutor.form.tree import Add, Div, Form, Mul, Num, Pow, Sym, product, total
from tutor.form.walk import nodes

letters = st.sampled_from([Sym("x"), Sym("y"), Sym("z")])
monomials = st.builds(lambda c, parts: product([Num(c), *parts]), st.integers(1, 9), st.lists(letters, max_size=3))
polynomials = st.lists(monomials, min_size=1, max_size=4).map(total)
rationals = st.builds(lambda a, b, c, d: Add((Div(a, b), Mul((c, Pow(d, Num(2)))))), polynomials, polynomials, polynomials, polynomials)


@given(rationals)
def test_one_fraction_is_the_same_number(form: Form) -> None:
    top, bottom = one_fraction(form)
    assert by_samples(form, Div(top, bottom)).equal is True
    assert not any(isinstance(node, Div) for node in (*nodes(top), *nodes(bottom)))


@given(functions)
def test_nothing_changes_the_value_of_a_function(form: Form) -> None:
    for changed in (multiplied_out(form), reduced_fraction(form), Div(*one_fraction(form))):
        assert changed is None or by_samples(form, changed).equal is not False


@given(polynomials, polynomials)
def test_a_product_multiplied_out_has_no_brackets(one: Form, other: Form) -> None:
    flat = multiplied_out(Mul((one, other)))
    assert flat is not None
    assert by_samples(flat, Mul((one, other))).equal is True
    assert not any(isinstance(node, Add) for term in terms(flat) for node in nodes(term))


@given(polynomials, polynomials)
def test_what_was_multiplied_on_divides_without_remainder(one: Form, other: Form) -> None:
    flat = multiplied_out(other)
    assert flat is not None
    lead = next((term for term in terms(flat) if term.free), None)
    if lead is None:
        return
    found = division(Mul((one, flat)), flat, lead)
    if found is None:  # with this leading term the division does not end soon
        return
    quotient, rest = found
    assert by_samples(Add((Mul((quotient, flat)), rest)), Mul((one, other))).equal is True


@given(polynomials, polynomials)
def test_every_remainder_is_right(form: Form, divisor: Form) -> None:
    for quotient, rest in remainders(form, divisor):
        assert by_samples(Add((Mul((quotient, divisor)), rest)), form).equal is True


@pytest.mark.parametrize(
    ("form", "reduced"),
    [
        ("(x^2 - y^2)/(x - y)", "x + y"),
        ("(2x + 4)/(6x)", "(x + 2)/(3*x)"),
        ("1/(1/x + 1/y)", "x*y/(x + y)"),
        ("(-x + 1)/(-2)", "(x - 1)/2"),
        ("1/e^(-x)", "e^x"),
        ("(sin(x)^2 - 1)/(sin(x) - 1)", "sin(x) + 1"),
    ],
)
def test_lowest_terms(form: str, reduced: str) -> None:
    found = reduced_fraction(read(form))
    assert found is not None
    assert by_samples(found, read(reduced)).equal is True
    assert found.size <= read(reduced).size


def test_a_power_of_e_with_letters_divides() -> None:
    assert division(read("x*e^(3y) + 1"), read("e^y - x"), read("e^y")) == (read("x*e^(2*y) + x^2*e^y + x^3"), read("1 + x^4"))


def test_long_sums_are_left_alone() -> None:
    form = read("(a + b + c + d + k + m)^9")
    assert expanded_terms(form) is None
    assert reduced_fraction(Div(form, Sym("x"))) is None
    found = expanded_terms(read("(x + h)^20"))
    assert found is not None
    assert len(found) == 21 <= MOST_TERMS


def test_division_by_a_number_has_no_leading_term() -> None:
    assert division(read("x + 1"), read("3"), read("3")) is None
