"""Mixed partial derivatives in any order, and methods that are asked for by name."""

from __future__ import annotations

from itertools import permutations

import pytest
import sympy
from hypothesis import given

from tests.calculus.smooth import functions
from tutor import RequestError, differentiate, explain, read
from tutor.algebra.equal import by_samples
from tutor.algebra.lower import lower, symbol
from tutor.form.tree import Form, Mul, Sym

SEVERAL = ["x^2*y^3*sin(x)", "e^(x*y)/y", "x*ln(y) + y^2*sin(x*y)", "sqrt(x^2 + y^2)", "x*y*z + sin(x*z)*y", "(x + y)^5*z"]


@pytest.mark.parametrize("text", SEVERAL)
def test_every_order_gives_the_same(text: str) -> None:
    form = read(text)
    letters = sorted(form.free)
    oracle = sympy.diff(lower(form), *map(symbol, letters))
    for order in permutations(letters):
        found = differentiate(form, order)
        assert found.asked == order
        assert sorted(one.variable for one in found.chain) == letters
        assert found.confirmed
        assert sympy.simplify(lower(found.value) - oracle) == 0


def test_the_easier_letter_comes_first() -> None:
    for asked in ("xy", "yx"):
        assert [one.variable for one in differentiate("x^2*sin(x)*e^x*y", tuple(asked)).chain] == ["y", "x"]
    assert [one.variable for one in differentiate("y^2*sin(y)*e^y*x", ("y", "x")).chain] == ["x", "y"]


def test_a_letter_that_comes_twice_is_counted_twice() -> None:
    found = differentiate("x^3*y^2", ("x", "y", "x"))
    assert sorted(one.variable for one in found.chain) == ["x", "x", "y"]
    assert str(found.value) == "12*x*y"


@pytest.mark.parametrize("text", ["abs(x)*y^2", "max(x, y)*y", "floor(x)*y"])
def test_with_corners_the_order_is_kept(text: str) -> None:
    assert [one.variable for one in differentiate(text, ("x", "y")).chain] == ["x", "y"]
    assert "Clairaut's theorem is not used" in " ".join(str(explain(text, ("x", "y"))).split())


def test_the_theorem_is_named_and_the_order_said() -> None:
    text = " ".join(str(explain("x^2*y^3*sin(x)", ("x", "y"))).split())
    assert "Asked for in the order x, y, worked out in the order y, x" in text
    assert "Clairaut's theorem" in text
    assert "Clairaut" not in str(explain("x^3*y", "x", 2))


@given(functions, functions)
def test_logarithmic_differentiation_is_another_way_to_the_same(one: Form, other: Form) -> None:
    form = Mul((one, other, Sym("x")))
    try:
        found = differentiate(form, "x", by="logarithmic")
    except RequestError:  # the factors are powers of one base
        return
    assert found.root.rule == "logarithmic"
    assert by_samples(found.value, differentiate(form, "x").value, found.conditions).equal is not False


@pytest.mark.parametrize(
    ("text", "method", "rule"),
    [
        ("x^2*sin(x)", "logarithmic", "logarithmic"), ("x^x", "logarithmic", "power_tower"), ("sqrt((x-1)(x-2)/(x-3))", "logarithmic", "logarithmic"),
        ("x*(x+1)", "product", "product"), ("x*(x+1)", "expand_first", "expand_first"), ("1/x^2", "quotient", "quotient"),
        ("(x^2+1)^5", "logarithmic", "logarithmic"), ("3x^2*sin(x)*e^x*x^x", "logarithmic", "logarithmic"),
    ],
)  # fmt: skip
def test_a_method_by_its_name(text: str, method: str, rule: str) -> None:
    found = differentiate(text, "x", by=method)
    assert found.root.rule == rule
    assert found.audit.confirmed
    assert by_samples(found.value, differentiate(text, "x").value, found.conditions).equal


def test_the_logarithm_has_every_factor() -> None:
    """ln |y| is what is written, also the number in front, and a factor x^x wants x > 0."""
    found = differentiate("3x^2*sin(x)*x^x", "x", by="logarithmic")
    assert by_samples(found.root.parts["log"], read("ln(abs(3x^2*sin(x)*x^x))"), (read("x > 0"),)).equal
    assert "x > 0" in map(str, found.conditions)


@pytest.mark.parametrize(("method", "said"), [("quotient", "does not fit"), ("magic", "no method"), ("unknown", "no method")])
def test_a_method_that_does_not_fit(method: str, said: str) -> None:
    with pytest.raises(RequestError, match=said) as error:
        differentiate("x^2*sin(x)", "x", by=method)
    assert error.value.kind == "method"
    assert "product" in error.value.advice
