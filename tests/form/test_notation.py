"""Notations by law: what is written reads back as the same form, with no bracket too few or too many."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings

from tests.conftest import MANY
from tests.strategies import forms
from tutor.errors import ReadError
from tutor.form.functions import FUNCTIONS
from tutor.form.notation.calculator import CALCULATOR
from tutor.form.notation.latex import LATEX
from tutor.form.notation.mathml import MATHML, math_element
from tutor.form.notation.plain import PLAIN
from tutor.form.notation.speech import SPEECH
from tutor.form.notation.unicode import UNICODE
from tutor.form.reading import read
from tutor.form.tree import Add, Call, Const, Deriv, Div, Form, Integral, Interval, Mul, Neg, Num, Pow, Relation, Root, Sym, sqrt
from tutor.form.walk import nodes
from tutor.form.write import Notation, write

TEXTS = {"calculator": CALCULATOR, "unicode": UNICODE, "plain": PLAIN, "latex": LATEX}
law = settings(max_examples=150 * MANY, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])

NOT_TYPED_IN_LATEX = {
    **dict.fromkeys(("digamma", "polygamma"), r"\psi is a letter for an unknown function"),
    **dict.fromkeys(("uppergamma", "lowergamma"), r"\Gamma and \gamma are read as the gamma function of one argument"),
    **dict.fromkeys(("elliptic_k", "elliptic_e", "besselj", "bessely", "besseli", "besselk"), "a capital letter in front of a bracket multiplies"),
    **dict.fromkeys(("airyai", "airybi", "airyaiprime", "airybiprime", "polylog"), "the textbook name is no name that the reader knows"),
}
"""Functions whose LaTeX cannot be typed, and why."""
UNREADABLE = ("elliptic_k", "elliptic_e")
"""An underscore begins a subscript: the reader cannot produce these names in any notation."""


@pytest.mark.parametrize("name", TEXTS)
def test_what_is_written_reads_back(name: str) -> None:
    @law
    @given(forms())
    def check(form: Form) -> None:
        if name == "latex" and any(isinstance(node, Call) and node.name in NOT_TYPED_IN_LATEX for node in nodes(form)):
            return
        text = write(form, TEXTS[name])
        assert read(text) is form, text

    check()


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("function", [name for name in FUNCTIONS if name not in UNREADABLE])
def test_every_function_reads_back(function: str, name: str) -> None:
    if name == "latex" and function in NOT_TYPED_IN_LATEX:
        pytest.skip(NOT_TYPED_IN_LATEX[function])
    row = FUNCTIONS[function]
    form = Call(function, (Sym("x"), Sym("y"))[: row.arity])
    assert read(write(form, TEXTS[name])) is form


def _kept_for_people(text: str, start: int, inner: str, behind: str) -> bool:
    """Brackets that the reader could do without and a person could not.

    They stand around a minus (3 · (−4)), around a fraction beside a factor or over a bar, around a
    power in an exponent, around a power that is raised again, and behind a root sign.
    """
    if inner.startswith(("-", "−")) or text[:start].endswith(("√", "∛", "∜")):
        return True
    try:
        content = read(inner)
    except ReadError:
        return False
    raised = text[:start].endswith("^") or behind.startswith(tuple("^⁰¹²³⁴⁵⁶⁷⁸⁹⁻ⁿˣʸᵗᵃᵇᵏᵐⁱᵀ"))
    return isinstance(content, Div) or (raised and isinstance(content, (Pow, Root)))


def _is_call(text: str, start: int) -> bool:
    before = text[start - 1] if start else " "
    return before.isalpha() or before in "²³¹⁰⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉′″‴'" or (before.isdigit() and "_" in text[:start].rpartition(" ")[2])


def _pairs(text: str) -> list[tuple[int, int]]:
    found, open_ = [], []
    for place, sign in enumerate(text):
        if sign == "(":
            open_.append(place)
        elif sign == ")" and open_:
            found.append((open_.pop(), place))
    return found


@pytest.mark.parametrize("name", ["calculator", "unicode", "plain"])
def test_no_bracket_can_be_left_out(name: str) -> None:
    @law
    @given(forms())
    def check(form: Form) -> None:
        if any(isinstance(node, (Deriv, Integral, Interval)) or node in (Call("factorial", node.children),) for node in nodes(form)):
            return  # their brackets are part of the sign: (x²)′, ∫ (x + 1) dx, [0, 1)
        text = write(form, TEXTS[name])
        for start, end in _pairs(text):
            inner = text[start + 1 : end]
            if _is_call(text, start) or _kept_for_people(text, start, inner, text[end + 1 :]):
                continue
            try:
                shorter = read(text[:start] + inner + text[end + 1 :])
            except ReadError:
                continue
            assert shorter is not form, f"{text}: the brackets around {inner} are not needed"

    check()


@pytest.mark.parametrize("name", TEXTS)
def test_signs_are_never_doubled(name: str) -> None:
    @law
    @given(forms())
    def check(form: Form) -> None:
        text = write(form, TEXTS[name]).replace("−", "-")
        assert not any(double in text for double in ("+ -", "- -", "--", "+-", "-+", "**"))

    check()


@law
@given(forms())
def test_mathml_is_well_formed(form: Form) -> None:
    root = ElementTree.fromstring(math_element(form, focus=form.children[0] if form.children else None))
    two, three = {"msup", "msub", "mfrac", "mroot"}, {"msubsup"}
    for element in root.iter():
        tag = element.tag.rpartition("}")[2]
        assert len(element) == (2 if tag in two else 3 if tag in three else len(element)), tag


@law
@given(forms())
def test_latex_has_balanced_braces_and_brackets(form: Form) -> None:
    text = write(form, LATEX)
    depth = 0
    for sign in text.replace(r"\{", "").replace(r"\}", ""):
        depth += (sign == "{") - (sign == "}")
        assert depth >= 0
    assert depth == 0
    assert text.count(r"\left") == text.count(r"\right")


@law
@given(forms())
def test_speech_says_words(form: Form) -> None:
    text = write(form, SPEECH)
    assert not set(text) & set("()^*/+=<>{}|"), text
    assert "  " not in text
    assert ",," not in text


def test_mathml_escapes_and_names() -> None:
    text = math_element(Relation((Sym("x"), Num(1)), ("<",)), display=True)
    assert "&lt;" in text
    assert 'alttext="x &lt; 1"' in text
    assert 'display="block"' in text
    assert write(Sym("price"), MATHML) == "<mi>price</mi>"
    assert write(Sym("theta_bar"), MATHML) == '<mover accent="true"><mi>θ</mi><mo>‾</mo></mover>'
    assert write(read("2x sin(x)"), MATHML, read("sin(x)")) == (
        "<mrow><mn>2</mn><mo>\u2062</mo><mi>x</mi><mo>\u2062</mo>"
        '<mspace width="0.17em"/><mrow class="focus"><mrow><mi>sin</mi><mo>\u2061</mo><mrow><mo fence="true">(</mo><mi>x</mi><mo fence="true">)</mo></mrow></mrow></mrow></mrow>'
    )


def test_focus_marks_a_part_and_its_minus_stays_in_the_sum() -> None:
    class Marked(type(UNICODE)):  # type: ignore[misc]
        def focus(self, text: str) -> str:
            return f"«{text}»"

    form = read("sin(x)^2 - 3x + 2*x")
    assert write(form, Marked(), read("sin(x)")) == "«sin(x)»² − 3x + 2x"
    assert write(form, Marked(), form.children[1]) == "sin²(x) − «3x» + 2x"


def test_jupyter_shows_latex() -> None:
    assert read("sqrt(x)/2")._repr_latex_() == r"$\displaystyle \frac{\sqrt{x}}{2}$"


def test_products_that_a_careless_writer_would_misprint() -> None:
    x = Sym("x")
    assert write(Mul((Num(1), x)), UNICODE) == "1 · x"
    assert write(Mul((Num(2), Num(3), x)), UNICODE) == "2 · 3x"
    assert write(Mul((Sym("f"), Add((x, Num(1))))), UNICODE) == "f · (x + 1)"
    assert write(Mul((Const("e"), Num(3))), PLAIN) == "e*3"
    assert write(Neg(Neg(x)), UNICODE) == "−(−x)"
    assert write(Pow(Neg(x), Num(2)), UNICODE) == "(−x)²"
    assert write(Pow(sqrt(x), Num(2)), UNICODE) == "(√x)²"


ROWS: list[tuple[str, str, str, str, str]] = [
    ("x^2*sin(3*x)", "x² sin(3x)", "x^2*sin(3x)", r"x^{2} \sin(3 x)", "x squared times sine of 3 x"),
    ("2*x*sin(3*x) + 3*x^2*cos(3*x)", "2x sin(3x) + 3x² cos(3x)", "2x*sin(3x) + 3x^2*cos(3x)", r"2 x \sin(3 x) + 3 x^{2} \cos(3 x)", "2 x times sine of 3 x plus 3 x squared times cosine of 3 x"),
    ("x*(2*sin(3*x) + 3*x*cos(3*x))", "x (2 sin(3x) + 3x cos(3x))", "x*(2*sin(3x) + 3x*cos(3x))", r"x (2 \sin(3 x) + 3 x \cos(3 x))", "x times the quantity 2 times sine of 3 x plus 3 x times cosine of 3 x, end quantity"),
    ("x^2*3*cos(3*x)", "x² · 3 cos(3x)", "x^2*3*cos(3x)", r"x^{2} \cdot 3 \cos(3 x)", "x squared times 3 times cosine of 3 x"),
    ("-0.01*T^2 - 0.5*t^2 + 3*T + 10*t", "−0.01T² − 0.5t² + 3T + 10t", "-0.01T^2 - 0.5t^2 + 3T + 10t", "-0.01 T^{2} - 0.5 t^{2} + 3 T + 10 t", "minus 0.01 capital T squared minus 0.5 t squared plus 3 capital T plus 10 t"),
    ("-0.01*2*T - 0 + 3 + 0", "−0.01 · 2T − 0 + 3 + 0", "-0.01*2T - 0 + 3 + 0", r"-0.01 \cdot 2 T - 0 + 3 + 0", "minus 0.01 times 2 capital T minus 0 plus 3 plus 0"),
    ("0 - 0.1*(-4)", "0 − 0.1 · (−4)", "0 - 0.1*(-4)", r"0 - 0.1 \cdot (-4)", "0 minus 0.1 times minus 4"),
    ("-20*p^2 + 200*p - 300", "−20p² + 200p − 300", "-20p^2 + 200p - 300", "-20 p^{2} + 200 p - 300", "minus 20 p squared plus 200 p minus 300"),
    ("x^2 - 4*x + 5", "x² − 4x + 5", "x^2 - 4x + 5", "x^{2} - 4 x + 5", "x squared minus 4 x plus 5"),
    ("abs(1 - 0.1*2)", "|1 − 0.1 · 2|", "abs(1 - 0.1*2)", r"\left|1 - 0.1 \cdot 2\right|", "the absolute value of the quantity 1 minus 0.1 times 2, end quantity"),
    ("2*x*y", "2xy", "2xy", "2 x y", "2 x y"),
    ("1/(2*sqrt(x))", "1/(2√x)", "1/(2*sqrt(x))", r"\frac{1}{2 \sqrt{x}}", "the fraction with numerator 1, and denominator 2 times the square root of x, end of fraction"),
    ("(x + 1)/(x - 2)", "(x + 1)/(x − 2)", "(x + 1)/(x - 2)", r"\frac{x + 1}{x - 2}", "the fraction with numerator x plus 1, and denominator x minus 2, end of fraction"),
    ("1/2*x", "(1/2) x", "(1/2)*x", r"\frac{1}{2} x", "one half times x"),
    ("e^(-x)", "e^(−x)", "e^(-x)", "e^{-x}", "e to the power minus x"),
    ("x*e^x", "xeˣ", "x*e^x", "x e^{x}", "x times e to the power x"),
    ("sin(3*x)^2*cos(x)", "sin²(3x) cos(x)", "sin(3x)^2*cos(x)", r"\sin^{2}(3 x) \cos(x)", "sine squared of 3 x times cosine of x"),
    ("root(x, 3)", "∛x", "cbrt(x)", r"\sqrt[3]{x}", "the cube root of x"),
    ("sqrt(x + 1)*y", "√(x + 1) · y", "sqrt(x + 1)*y", r"\sqrt{x + 1} y", "the square root of the quantity x plus 1, end quantity, times y"),
    ("log_2(x)", "log₂(x)", "log_2(x)", r"\log_{2}(x)", "log base 2 of x"),
    ("w_1*x_1 + w_2*x_2", "w₁x₁ + w₂x₂", "w_1*x_1 + w_2*x_2", "w_{1} x_{1} + w_{2} x_{2}", "w sub 1 times x sub 1 plus w sub 2 times x sub 2"),
    ("y - y_hat", "y − y_hat", "y - y_hat", r"y - \hat{y}", "y minus y hat"),
    ("w_max*x", "w_max · x", "w_max*x", r"w_{\mathrm{max}} x", "w sub max times x"),
    ("sigmoid(w*x + b)", "σ(wx + b)", "sigmoid(wx + b)", r"\sigma(w x + b)", "sigmoid of the quantity w times x plus b, end quantity"),
    ("diff(x^2, x)", "(x²)′", "(x^2)'", "(x^{2})'", "the derivative of x squared"),
    ("diff(a*x^2, x, 2)", "d²/dx² (ax²)", "d^2/dx^2 (a*x^2)", r"\frac{d^{2}}{d x^{2}} (a x^{2})", "the second derivative with respect to x of the quantity a times x squared, end quantity"),
    ("partial(x^2*y, x)", "∂/∂x (x²y)", "partial(x^2*y, x)", r"\frac{\partial}{\partial x} (x^{2} y)", "the partial derivative with respect to x of the quantity x squared times y, end quantity"),
    ("partial(x^2*y, x, 2)", "∂²/∂x² (x²y)", "partial(x^2*y, x, 2)", r"\frac{\partial^{2}}{\partial x^{2}} (x^{2} y)", "the second partial derivative with respect to x of the quantity x squared times y, end quantity"),
    ("f'(g(x))*g'(x)", "f′(g(x)) g′(x)", "f'(g(x))*g'(x)", "f'(g(x)) g'(x)", "f prime of g of x times g prime of x"),
    ("f^(1,0)(x, y)", "f^(1,0)(x, y)", "f^(1,0)(x, y)", "f^{(1,0)}(x, y)", "f, differentiated once in argument 1, of x and y, end of arguments"),
    ("integral(sin(t), t, 0, x)", "∫₀ˣ sin(t) dt", "integral(sin(t), t, 0, x)", r"\int_{0}^{x} \sin(t) \, dt", "the integral from 0 to x of sine of t, with respect to t, end of integral"),
    ("integral(t^2 + 1, t, -1, x^2)", "∫_{−1}^(x²) (t² + 1) dt", "integral(t^2 + 1, t, -1, x^2)", r"\int_{-1}^{x^{2}} (t^{2} + 1) \, dt", "the integral from minus 1 to x squared of t squared plus 1, with respect to t, end of integral"),
    ("piecewise(x^2, x <= 1; 2*x - 1)", "{x² if x ≤ 1; 2x − 1 otherwise}", "{x^2 if x <= 1; 2x - 1 otherwise}", r"\begin{cases} x^{2} & \text{if } x \le 1 \\ 2 x - 1 & \text{otherwise} \end{cases}", "by cases: x squared if x is at most 1; 2 x minus 1 otherwise; end of cases"),
    ("f*(x + 1)", "f · (x + 1)", "f*(x + 1)", r"f \cdot (x + 1)", "f times the quantity x plus 1, end quantity"),
    ("2*pi*r", "2πr", "2*pi*r", r"2 \pi r", "2 pi r"),
    ("price*quantity", "price · quantity", "price*quantity", r"\mathrm{price} \cdot \mathrm{quantity}", "price times quantity"),
    ("x != 2", "x ≠ 2", "x != 2", r"x \ne 2", "x is not equal to 2"),
    ("-pi <= x < infinity", "−π ≤ x < ∞", "-pi <= x < infinity", r"-\pi \le x < \infty", "minus pi is at most x is less than infinity"),
    ("[[1, 2], [3, 4]]", "[[1, 2], [3, 4]]", "[[1, 2], [3, 4]]", r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}", "the matrix with row 1: 1; 2; row 2: 3; 4; end of matrix"),
    ("(a, b, c)", "(a, b, c)", "(a, b, c)", "(a, b, c)", "the vector with entries a; b; c; end of vector"),
    ("[0, 1)", "[0, 1)", "[0, 1)", "[0, 1)", "the interval from 0 included to 1 excluded"),
    ("asin(x)^2", "arcsin(x)²", "arcsin(x)^2", r"\arcsin(x)^{2}", "the quantity inverse sine of x, end quantity, squared"),
    ("x^(1/2)", "x^(1/2)", "x^(1/2)", r"x^{\frac{1}{2}}", "x to the power one half"),
    ("x^(-3)", "x⁻³", "x^(-3)", "x^{-3}", "x to the power minus 3"),
    ("(x^2)^3", "(x²)³", "(x^2)^3", "(x^{2})^{3}", "the quantity x squared, end quantity, cubed"),
    ("(2*x)^3", "(2x)³", "(2x)^3", "(2 x)^{3}", "the quantity 2 x, end quantity, cubed"),
    ("1*x", "1 · x", "1*x", r"1 \cdot x", "1 times x"),
    ("x/3*y", "(x/3) y", "(x/3)*y", r"\frac{x}{3} y", "the quantity x over 3, end quantity, times y"),
    ("x/y/z", "(x/y)/z", "(x/y)/z", r"\frac{\frac{x}{y}}{z}", "the fraction with numerator x over y, and denominator z, end of fraction"),
    ("a - (b - c)", "a − (b − c)", "a - (b - c)", "a - (b - c)", "a minus the quantity b minus c, end quantity"),
    ("factorial(n)*k", "n! · k", "factorial(n)*k", "n! k", "factorial of n times k"),
    ("floor(x) + abs(abs(x) - 1)", "⌊x⌋ + abs(|x| − 1)", "floor(x) + abs(abs(x) - 1)", r"\left\lfloor x \right\rfloor + \left|\left|x\right| - 1\right|", "floor of x plus the absolute value of the quantity the absolute value of x minus 1, end quantity"),
    ("2^x*ln(2)", "2ˣ ln(2)", "2^x*ln(2)", r"2^{x} \ln(2)", "2 to the power x times natural log of 2"),
    ("x*(x + 1)*(x - 2)", "x (x + 1)(x − 2)", "x*(x + 1)(x - 2)", "x (x + 1) (x - 2)", "x times the quantity x plus 1, end quantity, times the quantity x minus 2, end quantity"),
]
COLUMNS: list[tuple[Notation, int]] = [(CALCULATOR, 0), (UNICODE, 1), (PLAIN, 2), (LATEX, 3), (SPEECH, 4)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_what_a_teacher_would_write(row: tuple[str, str, str, str, str]) -> None:
    form = read(row[0])
    assert tuple(write(form, notation) for notation, _ in COLUMNS) == row
