"""Exact identities: what is called identical is equal at every sample, what is called different is not, and many laws are found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.calculus.smooth import functions
from tests.timing import within
from tutor import read
from tutor.algebra.equal import by_samples
from tutor.algebra.identity import identical
from tutor.algebra.tidy import tidied
from tutor.form.tree import Add, Div, Form, Mul, Neg, Num, Pow, Sym

EQUAL = [
    ("(x^2 - 1)/(x - 1)", "x + 1"), ("-1/(2 - x)", "1/(x - 2)"), ("x^2*sqrt(x)", "x^(5/2)"), ("sqrt(x)^3", "x*sqrt(x)"), ("root(x, 3)^2", "x^(2/3)"),
    ("e^(2x)", "(e^x)^2"), ("e^(x + 1)", "e*e^x"), ("x^x*x", "x^(x + 1)"), ("2^x*2", "2^(x + 1)"), ("a^(x/2)*a^(x/2)", "a^x"), ("e^(x - y)", "e^x/e^y"),
    ("abs(x)^2", "x^2"), ("sqrt(2)*sqrt(2)", "2"), ("1/(sqrt(x) + 1)", "(sqrt(x) - 1)/(x - 1)"), ("(1 + sqrt(5))^2", "6 + 2sqrt(5)"),
    ("sin(x)^4 - cos(x)^4", "sin(x)^2 - cos(x)^2"), ("tan(x)^2 + 1", "1/cos(x)^2"), ("sec(x)*tan(x)", "sin(x)/cos(x)^2"), ("cot(x)^2 + 1", "csc(x)^2"),
    ("sin(1 - x)", "-sin(x - 1)"), ("cos(x - y)", "cos(y - x)"), ("sin(-2x)", "-sin(2x)"), ("ln(x + 1)*y", "y*ln(1 + x)"),
    ("sinh(x)", "(e^x - 1/e^x)/2"), ("cosh(x)^2 - sinh(x)^2", "1"), ("1 - tanh(x)^2", "1/cosh(x)^2"), ("log_10(x)", "ln(x)/ln(10)"),
    ("sigmoid(x)*(1 - sigmoid(x))", "e^(-x)/(1 + e^(-x))^2"), ("0.5x", "x/2"), ("f(x)*2 - f(x)", "f(x)"), ("x/x", "1"), ("(x + y)^10", "(y + x)^10"),
]  # fmt: skip
NOT_THE_SAME = [
    ("sqrt(x^2)", "x"), ("sqrt(x)*sqrt(y)", "sqrt(x*y)*sign(x)"), ("sign(x)^2", "1"), ("ln(x^2)", "2ln(x)"), ("1/0", "2"), ("0/0", "1"),
    ("sin(x)", "cos(x)"), ("x^2", "x^3"), ("asin(sin(x))", "x"), ("abs(x)", "x"), ("(-8)^(1/3)", "-2"),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right"), EQUAL)
def test_an_identity_is_found(left: str, right: str) -> None:
    assert identical(read(left), read(right)) is True


@pytest.mark.parametrize(("left", "right"), NOT_THE_SAME)
def test_what_is_no_identity_is_not_called_one(left: str, right: str) -> None:
    assert identical(read(left), read(right)) is not True


@pytest.mark.parametrize(("left", "right"), [("x^2", "x^3"), ("(x^2 - 1)/(x - 1)", "x - 1"), ("x*y", "x + y"), ("1/x", "0"), ("2", "3")])
def test_rational_functions_that_differ_are_proved_different(left: str, right: str) -> None:
    assert identical(read(left), read(right)) is False


@given(functions, functions)
def test_it_never_contradicts_the_samples(one: Form, other: Form) -> None:
    found, sampled = identical(one, other), by_samples(one, other).equal
    assert (found, sampled) not in ((True, False), (False, True))


@given(functions)
def test_tidying_is_an_identity_where_that_can_be_seen(form: Form) -> None:
    assert identical(form, tidied(form)[0]) is not False


rationals = st.recursive(
    st.one_of(st.sampled_from([Sym("x"), Sym("y")]), st.integers(0, 5).map(Num)),
    lambda inner: st.one_of(
        st.builds(lambda u, v: Add((u, v)), inner, inner), st.builds(lambda u, v: Mul((u, v)), inner, inner), st.builds(Neg, inner),
        st.builds(Div, inner, inner), st.builds(lambda u, n: Pow(u, Num(n)), inner, st.integers(0, 3)),
    ),
    max_leaves=6,
)  # fmt: skip


@given(rationals, rationals, rationals)
def test_the_laws_of_fractions_are_identities(u: Form, v: Form, w: Form) -> None:
    assert identical(Mul((u, Add((v, w)))), Add((Mul((u, v)), Mul((u, w))))) is not False
    both = Add((Div(u, w), Div(v, w))), Div(Add((u, v)), w)
    assert identical(*both) is not False
    verdict = identical(u, v)
    if verdict is not None:
        sampled = by_samples(u, v).equal
        assert sampled is None or sampled is verdict


@pytest.mark.parametrize("text", ["(x + y + z + a + b + c)^40", "x^10000 + 1", "(((x+1)^30 + y)^30 + z)^30", "+".join(f"1/(x+{k})" for k in range(300))])
def test_what_is_too_large_is_left_alone_soon(text: str) -> None:
    form = read(text)
    with within(5):
        assert identical(form, Add((form, Num(1)))) is not True
