"""How transposes, norms, sums over an index and differentials look, and that a power T is a transpose only by its looks."""

from __future__ import annotations

import pytest

from tutor.form.notation.latex import LATEX
from tutor.form.notation.mathml import MATHML
from tutor.form.notation.plain import PLAIN
from tutor.form.notation.speech import SPEECH
from tutor.form.notation.unicode import UNICODE
from tutor.form.reading import read
from tutor.form.tree import Apply, Form, Mul, Num, Pow, Sym
from tutor.form.write import write

FUNCTIONS = ("norm", "norm_1", "differential", "sum", "sum_i", "sum_j")

SHOWN = [
    ("x^T A x", "xᵀAx", "x^T Ax", "x^{T} A x", "x to the power capital T times capital A times x"),
    ("A^T (A x - b)", "Aᵀ (Ax − b)", "A^T (Ax - b)", "A^{T} (A x - b)", "capital A to the power capital T times the quantity capital A times x minus b, end quantity"),
    ("norm(A x - b)^2", "‖Ax − b‖²", "norm(Ax - b)^2", r"\| A x - b \|^{2}", "the quantity the norm of the quantity capital A times x minus b, end quantity, end quantity, squared"),
    ("lambda norm_1(w)", "λ ‖w‖₁", "lambda*norm_1(w)", r"\lambda \| w \|_{1}", "lambda times the 1-norm of w"),
    ("2 sum_i(x_i sum_j(A_ij x_j))", "2 Σᵢ xᵢ Σⱼ Aᵢⱼxⱼ", "2*sum_i(x_i*sum_j(A_ij*x_j))", r"2 \sum_{i} x_{i} \sum_{j} A_{ij} x_{j}",
     "2 times the sum over i of x sub i times the sum over j of capital A sub i j times x sub j, end of sum, end of sum"),
    ("sum_i((x_i - y_i)^2)", "Σᵢ (xᵢ − yᵢ)²", "sum_i((x_i - y_i)^2)", r"\sum_{i} (x_{i} - y_{i})^{2}", "the sum over i of the quantity x sub i minus y sub i, end quantity, squared, end of sum"),
    ("sum_i(x_i + y_i)", "Σᵢ (xᵢ + yᵢ)", "sum_i(x_i + y_i)", r"\sum_{i} (x_{i} + y_{i})", "the sum over i of the quantity x sub i plus y sub i, end quantity, end of sum"),
    ("sum_i(x_i) sum_j(y_j)", "(Σᵢ xᵢ) Σⱼ yⱼ", "sum_i(x_i)*sum_j(y_j)", r"\left(\sum_{i} x_{i}\right) \sum_{j} y_{j}",
     "the sum over i of x sub i, end of sum, times the sum over j of y sub j, end of sum"),
    ("sum_i(x_i)^2", "(Σᵢ xᵢ)²", "sum_i(x_i)^2", r"\left(\sum_{i} x_{i}\right)^{2}", "the sum over i of x sub i, end of sum, squared"),
    ("2u^T A differential(x)", "2uᵀA dx", "2u^T A dx", r"2 u^{T} A \, \mathrm{d}x", "2 times u to the power capital T times capital A times d x"),
    ("differential(x)^T A x", "(dx)ᵀAx", "(dx)^T Ax", r"(\mathrm{d}x)^{T} \, A x", "the quantity d x, end quantity, to the power capital T times capital A times x"),
    ("differential(A) x", "dA x", "dA x", r"\mathrm{d}A \, x", "d capital A times x"),
    ("differential(A x)", "d(Ax)", "d(Ax)", r"\mathrm{d}(A x)", "the differential of the quantity capital A times x, end quantity"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "unicode", "plain", "latex", "speech"), SHOWN, ids=[row[0] for row in SHOWN])
def test_how_it_looks(text: str, unicode: str, plain: str, latex: str, speech: str) -> None:
    form = read(text, functions=FUNCTIONS)
    assert [write(form, notation) for notation in (UNICODE, PLAIN, LATEX, SPEECH)] == [unicode, plain, latex, speech]


@pytest.mark.parametrize("text", [row[0] for row in SHOWN])
def test_calculator_text_reads_back_where_the_names_are_declared(text: str) -> None:
    form = read(text, functions=FUNCTIONS)
    assert read(str(form), functions=FUNCTIONS) is form


@pytest.mark.parametrize("text", ["xᵀAx", "(A + B)ᵀx", "Aᵀ (x − y)", "2xᵀ", "xᵀᵀ", "w₁ᵀw₂", "∂f/∂x₁", "∂f/∂Aᵢⱼ", "Aᵢⱼxⱼ", "∂²f/∂xₖ²"])
def test_signs_of_linear_algebra_read_back(text: str) -> None:
    form = read(text)
    assert read(write(form, UNICODE)) is form
    if text != "xᵀᵀ":
        assert write(form, UNICODE) == text


def test_a_transpose_by_its_looks() -> None:
    assert read("xᵀAx") is read("x^T A x") is Mul((Pow(Sym("x"), Sym("T")), Sym("A"), Sym("x")))


@pytest.mark.parametrize("text", ["e^T", "2^T", "3e^T"])
def test_the_power_of_a_number_is_no_transpose(text: str) -> None:
    assert "ᵀ" not in write(read(text), UNICODE)


def test_a_transpose_that_is_meant_is_spoken() -> None:
    def transpose(form: Form) -> Form:
        return Apply("transpose", (form,), (0,))

    x, a = Sym("x"), Sym("A")
    form = Mul((Num(2), transpose(x), a, x))
    assert [write(form, notation) for notation in (UNICODE, PLAIN, LATEX)] == ["2xᵀAx", "2x^T Ax", "2 x^{T} A x"]
    assert write(form, SPEECH) == "2 times x transposed times capital A times x"
    assert write(form, MATHML) == write(read("2x^T A x"), MATHML)
    assert write(transpose(Mul((a, x))), UNICODE) == "(Ax)ᵀ"


def test_mathml_sets_the_index_below_its_sum() -> None:
    text = write(read("sum_i(A_ij)", functions=FUNCTIONS), MATHML)
    assert text == "<mrow><munder><mo>∑</mo><mi>i</mi></munder><msub><mi>A</mi><mrow><mi>i</mi><mi>j</mi></mrow></msub></mrow>"


def test_other_functions_and_subscripts_are_as_before() -> None:
    assert write(read("d(t) = 5t^2"), UNICODE) == "d(t) = 5t²"
    assert write(read("w_max + x_in"), UNICODE) == "w_max + x_in"
    assert write(read("w_max"), LATEX) == r"w_{\mathrm{max}}"
