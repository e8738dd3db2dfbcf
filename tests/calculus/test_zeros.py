"""Zeros: SymPy's, all of them proved, those outside of the conditions left out."""

from __future__ import annotations

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from tutor.calculus.optima.zeros import zeros
from tutor.errors import RequestError
from tutor.exposition.doc import Maths, Paragraph
from tutor.exposition.topics import topic
from tutor.form.reading import read
from tutor.form.tree import Form, Relation

X = sympy.Symbol("x", real=True)
NUMBERS = st.integers(-9, 9)


@given(NUMBERS.filter(bool), NUMBERS, NUMBERS)
def test_of_a_quadratic_they_are_those_of_the_formula(a: int, b: int, c: int) -> None:
    found = zeros(f"({a})*x^2 + ({b})*x + ({c})")
    wanted = sympy.real_roots(sympy.Poly(a * X**2 + b * X + c, X), multiple=False)
    assert [sympy.simplify(value.sympy() - root) for value, (root, _) in zip(found.values, wanted, strict=True)] == [0] * len(wanted)
    assert found.proved


@pytest.mark.parametrize(("text", "values"), [("e^x - 1", ["0"]), ("ln(x)*(x - 4)", ["1", "4"]), ("(x - 2)/(x + 1)", ["2"]), ("x^2 + 1", []), ("sqrt(x) - 3", ["9"])])
def test_other_functions(text: str, values: list[str]) -> None:
    found = zeros(text)
    assert [str(value) for value in found.values] == values
    assert found.proved


@pytest.mark.parametrize("text", ["x*y", "3", "x^5 - x - 1", "sin(x)"])
def test_what_is_not_known_exactly_is_refused(text: str) -> None:
    with pytest.raises(RequestError):
        zeros(text)


def test_conditions_are_said() -> None:
    found = zeros("t^2 - 9", conditions=[read("t > 0")])
    blocks = topic(found).document(found, "normal", read("h(t) = t^2 - 9")).blocks
    assert [str(value) for value in found.values] == ["3"]
    assert isinstance(blocks[0], Maths)
    assert str(blocks[0].form) == "h(t) = t^2 - 9 = 0"
    last = blocks[-1]
    assert isinstance(last, Paragraph)
    assert [str(part) for part in last.phrase if isinstance(part, Form)] == ["t = 3", "t > 0"]


def test_it_is_written_as_it_was_called() -> None:
    found = zeros("6x^2 - 6x - 36", called=read("f'(x) + 4"))
    (first, *_) = topic(found).document(found).blocks
    assert isinstance(first, Maths)
    assert isinstance(first.form, Relation)
    assert [str(side) for side in first.form.operands] == ["f'(x) + 4", "6*x^2 - 6*x - 36", "0"]
    assert topic(found).fields(found)["value"] == ["-2", "3"]
