"""One exact evaluation as a proof: never a false one, also where a form is made to vanish at the numbers that are put in."""

from __future__ import annotations

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from tutor import read
from tutor.algebra.ratio import same_ratio
from tutor.form.tree import Add, Div, Form, Mul, Neg, Num, Pow, Sym

LEAVES = st.one_of(st.sampled_from([Sym("x"), Sym("y")]), st.builds(Num, st.integers(0, 40)), st.builds(Num, st.integers(1, 99), st.just(1)))


def wider(parts: st.SearchStrategy[Form]) -> st.SearchStrategy[Form]:
    return st.one_of(
        st.builds(lambda a, b: Add((a, b)), parts, parts), st.builds(lambda a, b: Mul((a, b)), parts, parts), st.builds(Neg, parts),
        st.builds(Div, parts, parts), st.builds(lambda a, k: Pow(a, Num(k)), parts, st.integers(0, 3)), st.builds(lambda a: Pow(a, Neg(Num(1))), parts),
    )  # fmt: skip


RATIONAL = st.recursive(LEAVES, wider, max_leaves=8)


def difference(left: Form, right: Form) -> sympy.Expr:
    return sympy.cancel(sympy.together(left.sympy() - right.sympy()))


@given(RATIONAL, RATIONAL)
def test_what_it_says_is_what_sympy_finds(left: Form, right: Form) -> None:
    found = same_ratio(left, right)
    if found is not None:
        assert (difference(left, right) == 0) is found


@given(RATIONAL, st.sampled_from(["x + 1", "x*y", "3", "x^2 + y"]))
def test_the_same_in_another_form_is_never_refused(form: Form, text: str) -> None:
    other = read(text)
    for shape in (Div(Mul((form, other)), other), Add((other, form, Neg(other))), Mul((Neg(form), Neg(Num(1))))):
        assert same_ratio(form, shape) is not False
        assert same_ratio(form, Add((shape, Num(1)))) is not True


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("x", str(2**96)), ("x - 2^96", "0"), ("x*y", f"{2**96}*y"), ("y", "x^7"), ("x*y", "x^8"), ("y + z", "x^7 + z"), ("z", "x^49"), ("(x - 2^95)^3", "(2^95)^3"), ("x/2^48/2^48", "1"),
        ("sin(x)", "x^7"), ("(x - 2^32)*(x - 2^64)", f"x^2 - {2**32 + 2**64}*x + {2**96} + 0*x + 1"), ("0.5^96*x", "1"),
    ],
)  # fmt: skip
def test_what_agrees_at_the_large_numbers_alone_is_not_taken_for_equal(left: str, right: str) -> None:
    one, other = read(left), read(right)
    assert same_ratio(one, other) is not True
    assert same_ratio(other, one) is not True  # the letter that comes first gets the smallest number


@pytest.mark.parametrize("text", ["1/(x - x)", "1/0", "(x - x)^-1", "0/(1/(x - x))", "infinity", "I*x", "x^1000", "1" * 60 + "*x"])
def test_what_has_no_value_or_is_large_is_left_open(text: str) -> None:
    assert same_ratio(read(text), read("x + 1")) is not True
    assert same_ratio(read(text), Mul((Num(1), read(text)))) is None


@pytest.mark.parametrize(
    ("left", "right"),
    [("2x*cos(x^2)", "cos(x^2)*x*2"), ("pi*(x + 1)", "pi*x + pi"), ("e^x*(x + 1)", "x*e^x + e^x"), ("sqrt(x)/(2x)", "1/2*sqrt(x)*x^-1"), ("f(x)*2", "f(x) + f(x)")],
)
def test_functions_count_as_letters(left: str, right: str) -> None:
    assert same_ratio(read(left), read(right)) is True
    assert same_ratio(read(left), Add((read(right), Num(1)))) is None


def test_shared_parts_are_not_written_out() -> None:
    form: Form = Sym("x")
    for _ in range(35):
        form = Add((form, form))
    assert same_ratio(form, Mul((Num(2**35), Sym("x")))) is None
