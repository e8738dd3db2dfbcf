"""Values over the complex numbers: SymPy's principal values, and those of the real line where all is real."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy

from tutor.form.complexes import complex_value
from tutor.form.evaluate import evaluate
from tutor.form.functions import FUNCTIONS
from tutor.form.numerals import Gaussian
from tutor.form.reading import read
from tutor.form.tree import Call, Sym

PLACES = [Gaussian(Fraction(3, 7), Fraction(5, 9)), Gaussian(Fraction(-4, 7), Fraction(5, 3)), Gaussian(Fraction(-7, 5), Fraction(-1, 3)), Gaussian(Fraction(9, 5), Fraction(-1, 3))]
OTHER = Gaussian(Fraction(2, 3), Fraction(1, 5))
ANALYTIC = [name for name, row in FUNCTIONS.items() if row.over_complex is not None and row.sympy and not name.startswith("elliptic")]


def exact(value: Gaussian) -> sympy.Expr:
    return sympy.Rational(value.real) + sympy.I * sympy.Rational(value.imag)


@pytest.mark.parametrize("name", ANALYTIC)
def test_functions_have_the_principal_values_of_sympy(name: str) -> None:
    row = FUNCTIONS[name]
    form = Call(name, tuple(map(Sym, "uv"[: row.arity])))
    for place in PLACES:
        right = complex(getattr(sympy, row.sympy)(*(exact(place), exact(OTHER))[: row.arity]).evalf(30))
        assert complex_value(form, {"u": place, "v": OTHER}) == pytest.approx(right, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("sqrt(-4)", 2j), ("(-8)^(1/3)", 1 + 3**0.5 * 1j), ("root(-8, 3)", 1 + 3**0.5 * 1j), ("ln(-1)", 3.141592653589793j), ("I^I", 0.20787957635076193), ("I^2", -1), ("abs(3 + 4I)", 5),
        ("e^(I*pi)", -1), ("floor(5/2)", 2), ("max(1, 2)", 2), ("0^2", 0), ("piecewise(1, 2 < 1; I)", 1j), ("2^(-1)", 0.5), ("log(-8, 2)", 3 + 4.532360141827194j),
    ],
)  # fmt: skip
def test_values(text: str, value: complex) -> None:
    assert complex_value(read(text), {}) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize("text", ["1/0", "ln(0)", "0^(-1)", "0^I", "floor(I)", "max(I, 1)", "I < 1", "infinity", "tan(pi/2)*0 + 1/(1 - 1)"])
def test_where_there_is_no_value(text: str) -> None:
    assert complex_value(read(text), {}) is None


@pytest.mark.parametrize("text", ["x^3/(x + 1)", "sin(x)*e^x", "atan(x) + sinh(x)", "sqrt(x)*ln(x)", "x^x", "abs(x - 9)", "gamma(x)", "floor(x)"])
def test_on_the_positive_axis_they_are_the_real_ones(text: str) -> None:
    for place in (Fraction(1, 3), Fraction(7, 2)):
        assert complex_value(read(text), {"x": place}) == pytest.approx(evaluate(read(text), {"x": float(place)}), rel=1e-12)


def test_a_complex_number_as_text() -> None:
    assert [str(Gaussian(Fraction(a), Fraction(b, 2))) for a, b in ((1, 3), (1, -3), (0, 2), (5, 0))] == ["1 + 3/2*I", "1 - 3/2*I", "0 + 1*I", "5"]
