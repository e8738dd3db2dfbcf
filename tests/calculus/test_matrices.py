"""Gradients by vectors and matrices, against finite differences of NumPy arrays and against SymPy's matrices."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.calculus.arrays import number, slopes, softmax, value
from tests.conftest import MANY
from tutor.algebra.lower import lower
from tutor.calculus.matrices import MatrixGradient, matrix_gradient
from tutor.calculus.matrices.algebra import Algebra
from tutor.calculus.matrices.entries import Entries
from tutor.calculus.matrices.shapes import understood
from tutor.calculus.worked import audit_claims
from tutor.errors import RequestError, TutorError
from tutor.form.reading import read
from tutor.form.tree import Mul, Num

TABLE = [
    ("x^T A x", "x", "(A + A^T)*x"),
    ("x^T A x", "A", "x*x^T"),
    ("norm(A x - b)^2", "x", "2*A^T*(A*x - b)"),
    ("norm(A x - b)^2", "A", "2*(A*x - b)*x^T"),
    ("norm(A x - b)^2", "b", "-2*(A*x - b)"),
    ("||A x - b||^2", "x", "2*A^T*(A*x - b)"),
    ("‖A x − b‖²", "x", "2*A^T*(A*x - b)"),
    ("|A x - b|^2", "x", "2*A^T*(A*x - b)"),
    (r"\|A x - b\|^2", "x", "2*A^T*(A*x - b)"),
    ("(A x - b)^T (A x - b)", "x", "2*A^T*(A*x - b)"),
    ("norm(X w - y)^2 + lambda*norm(w)^2", "w", "2*X^T*(X*w - y) + 2*lambda*w"),
    ("norm(X w - y)^2 + lambda*norm_1(w)", "w", "2*X^T*(X*w - y) + lambda*sign(w)"),
    ("norm(X w - y)^2 + lambda*norm(w)^2", "lambda", "norm(w)^2"),
    ("norm(X w - y)^2/(2n)", "w", None),
    ("a^T x", "x", "a"),
    ("x^T x", "x", "2*x"),
    ("xᵀx", "x", "2*x"),
    ("b^T A x", "x", "A^T*b"),
    ("b^T A x", "A", "b*x^T"),
    ("norm(x)", "x", "x/norm(x)"),
    ("norm(x - y)", "y", None),
    ("norm(x)^4", "x", "4*norm(x)^2*x"),
    ("norm(x)^3", "x", None),
    ("trace(A^T X)", "X", "A"),
    ("tr(X)", "X", "I"),
    ("trace(A X B)", "X", "A^T*B^T"),
    ("trace(X^T A X)", "X", "(A + A^T)*X"),
    ("trace(X X^T X)", "X", None),
    ("norm(A X - B)^2", "X", "2*A^T*(A*X - B)"),
    ("norm(W)^2", "W", "2*W"),
    ("norm(W)", "W", "W/norm(W)"),
    ("norm_1(W)", "W", "sign(W)"),
    ("norm(W^T W - B)^2", "W", None),
    ("softmax(z)", "z", "diag(p) - p*p^T"),
    ("softmax(A x + b)", "x", "(diag(p) - p*p^T)*A"),
    ("A softmax(z)", "z", None),
    ("crossentropy(y, softmax(z))", "z", "p - y"),
    ("crossentropy(y, softmax(W x + b))", "W", "(p - y)*x^T"),
    ("crossentropy(y, softmax(W x + b))", "b", "p - y"),
    ("crossentropy(y, softmax(W x + b))", "x", "W^T*(p - y)"),
    ("crossentropy(y, softmax(W x + b)) + lambda norm(W)^2", "W", "(p - y)*x^T + 2*lambda*W"),
    ("norm(softmax(z) - y)^2", "z", None),
    ("logsumexp(A x)", "x", "A^T*p"),
    ("ln(1 + e^(-a^T x))", "x", None),
    ("sigmoid(a^T x)", "x", None),
    ("(a^T x)(b^T x)", "x", "(b^T*x)*a + (a^T*x)*b"),
    ("a^T x x^T b", "x", None),
    ("x^T (A + lambda I) x", "x", None),
    ("1/2 x^T A x - b^T x", "x", None),
    ("x^T A^T A x", "x", "2*A^T*A*x"),
    ("x^T A^T B A x", "A", None),
    ("x^T A x/(x^T x)", "x", None),
    ("norm_1(A x - b)", "x", "A^T*sign(A*x - b)"),
    ("e^(-norm(x - b)^2)", "x", None),
    ("sqrt(1 + x^T x)", "x", "x/sqrt(1 + x^T*x)"),
    ("trace((x^T x) A)", "x", None),
    ("(x^T A x) trace(X^T B)", "X", "(x^T*A*x)*B"),
    ("trace((a^T X b) C)", "X", None),
    ("A x - b", "x", "A"),
    ("(a^T x) b", "x", "b*a^T"),
    ("(x^T x) x", "x", None),
    ("x x^T a", "x", None),
    ("x/norm(x)", "x", None),
    ("A (x - B x)", "x", None),
    ("(x^T A x)(b - x)", "x", None),
    ("(x + a)(x + b)^T c", "x", None),
    ("A^2 x", "x", None),
    ("H(x - b)", "x", "H"),
    ("w_1^T w_2", "w_1", "w_2"),
    ("x", "x", "I"),
]
"""Expression, letter, and the gradient where a textbook prints it in one way."""


def some_letters(result: MatrixGradient, seed: int = 1) -> dict[str, Any]:
    """Random values for all letters, sizes all different, targets being shares."""
    draw = np.random.default_rng(seed)
    sizes = {"1": 1, **dict(zip(result.typed.sizes, (3, 4, 2, 5), strict=False))}
    letters = {letter.name: draw.normal(size=[sizes[size] for size in letter.shape]) for letter in result.letters}
    letters.update({letter.name: float(draw.uniform(0.5, 2)) for letter in result.letters if letter.kind == "scalar"})
    letters.update({str(target): softmax(letters[str(target)]) for target in result.targets})
    columns = result.typed.shape(result.step.before)[0] if result.kind == "jacobian" else result.typed.letter(result.variable).shape[0]
    letters["I"] = np.eye(sizes[next((one.shape[0] for one in result.letters if one.kind == "identity"), columns)])
    for symmetric in result.typed.symmetric:
        letters[symmetric] = letters[symmetric] + letters[symmetric].T
    return letters


def with_names(result: MatrixGradient, letters: Mapping[str, Any]) -> dict[str, Any]:
    return {**letters, **{str(name): value(part, letters) for name, part in result.names}}


def assert_slopes(result: MatrixGradient, seed: int = 1) -> None:
    letters = some_letters(result, seed)
    expected = slopes(result.function, letters, result.variable)
    found = np.asarray(value(result.value, with_names(result, letters)))
    found = np.broadcast_to(found if expected.ndim else number(found), expected.shape)
    assert np.allclose(found, expected, rtol=2e-4, atol=1e-5), f"{result.value}:\n{found}\n{expected}"


IDS = [f"{text} by {letter}" for text, letter, _ in TABLE]


@pytest.mark.parametrize(("text", "letter", "expected"), TABLE, ids=IDS)
def test_the_gradient_is_that_of_finite_differences(text: str, letter: str, expected: str | None) -> None:
    result = matrix_gradient(text, letter)
    assert expected is None or str(result.value) == expected
    assert_slopes(result)


@pytest.mark.parametrize(("text", "letter", "expected"), TABLE, ids=IDS)
def test_every_line_is_proved(text: str, letter: str, expected: str | None) -> None:
    result = matrix_gradient(text, letter)
    assert len(result.checks) == (2 if result.typed.sizes else 1)
    assert result.index, "no index form"
    assert [str(line.line.before) for audit in result.audits for line in audit.lines if not line.evidence.proof] == []


def sympy_matrix(entries: Entries, form: Any) -> sympy.Matrix:
    """The entries of a form, lowered to a SymPy matrix."""
    rows, columns = entries.size(form)
    return sympy.Matrix(rows, columns, lambda i, j: lower(entries.of(form, i + 1, j + 1)))


@pytest.mark.parametrize(("text", "letter", "expected"), TABLE[::3], ids=IDS[::3])
def test_sympy_derives_the_same_from_its_own_matrices(text: str, letter: str, expected: str | None) -> None:
    """The function is put together by SymPy's matrix products, not by ours, and differentiated by SymPy."""
    result = matrix_gradient(text, letter)
    sizes = dict(zip(result.typed.sizes, (2, 3, 1), strict=False))
    if result.targets or "I" in result.value.free | result.function.free:
        pytest.skip("needs a condition, or the identity")
    symbols: dict[str, Any] = {}
    for one in result.letters:
        rows, columns = (sizes.get(size, 1) for size in one.shape)
        entries = [[sympy.Symbol(f"{one.name}{i}{j}", real=True) for j in range(columns)] for i in range(rows)]
        symbols[one.name] = entries[0][0] if one.kind == "scalar" else sympy.Matrix(entries)
    function, gradient = in_sympy(result.function, symbols), in_sympy(result.value, {**symbols, **{str(name): in_sympy(part, symbols) for name, part in result.names}})
    point = {symbol: sympy.Rational(random.Random(str(symbol)).randint(1, 40), 17) for one in symbols.values() for symbol in getattr(one, "free_symbols", ())}
    moving = list(symbols[letter]) if isinstance(symbols[letter], sympy.MatrixBase) else [symbols[letter]]
    outputs = list(function) if isinstance(function, sympy.MatrixBase) else [function]
    ours = list(gradient) if isinstance(gradient, sympy.MatrixBase) else [gradient]
    theirs = [sympy.diff(output, symbol) for output in outputs for symbol in moving]
    assert len(ours) == len(theirs)
    for one, other in zip(ours, theirs, strict=True):
        assert abs(sympy.N((one - other).subs(point).doit(), 30)) < 1e-20


def in_sympy(form: Any, letters: Mapping[str, Any]) -> Any:
    """A form in SymPy's matrices; numbers come out of matrices of one entry."""
    from tutor.form.tree import Add, Apply, Call, Const, Div, Neg, Num, Pow, Root, Sym

    def of(part: Any) -> Any:
        return in_sympy(part, letters)

    def plain(found: Any) -> Any:
        return found[0] if isinstance(found, sympy.MatrixBase) and found.shape == (1, 1) else found

    match form:
        case Sym(name):
            return letters[name]
        case Num() | Const():
            return lower(form)
        case Add(terms):
            found = [of(term) for term in terms]
            total = found[0]
            for term in found[1:]:
                total = total + term
            return total
        case Neg(inner):
            return -of(inner)
        case Mul(factors):
            found = [plain(of(factor)) for factor in factors]
            scale = sympy.prod([part for part in found if not isinstance(part, sympy.MatrixBase)])
            chain = [part for part in found if isinstance(part, sympy.MatrixBase)]
            for part in chain[1:]:
                chain[0] = chain[0] * part
            return plain(scale * chain[0]) if chain else scale
        case Div(top, bottom):
            return of(top) / plain(of(bottom))
        case Pow(base, exponent) if exponent is Sym("T"):
            return of(base).T if isinstance(of(base), sympy.MatrixBase) else of(base)
        case Pow(base, exponent):
            return plain(of(base)) ** of(exponent)
        case Root(inner, _):
            return sympy.sqrt(plain(of(inner)))
        case Call("sign", (inner,)):
            return of(inner).applyfunc(sympy.sign) if isinstance(of(inner), sympy.MatrixBase) else sympy.sign(of(inner))
        case Call(name, (inner,)):
            u = Sym("u_0")
            return lower(Call(name, (u,))).subs(lower(u), plain(of(inner)))
        case Apply(name, (inner,)):
            return SYMPY[name](of(inner) if isinstance(of(inner), sympy.MatrixBase) else sympy.Matrix([[of(inner)]]))
    raise NotImplementedError(str(form))


SYMPY: dict[str, Any] = {
    "norm": lambda u: sympy.sqrt(sum(part**2 for part in u)),
    "norm_1": lambda u: sum(sympy.Abs(part) for part in u),
    "trace": lambda u: u.trace(),
    "softmax": lambda u: u.applyfunc(sympy.exp) / sum(u.applyfunc(sympy.exp)),
    "logsumexp": lambda u: sympy.log(sum(u.applyfunc(sympy.exp))),
    "diag": lambda u: sympy.diag(*u),
}


NUMBERS = [
    "x^T A x", "norm(A x - b)^2", "b^T A x", "a^T x", "norm(x - b)^2", "lambda x^T x", "norm_1(x)", "logsumexp(A x)",
    "crossentropy(y, softmax(A x))", "trace(A A^T)", "norm(x)", "sin(a^T x)", "(a^T x)^2", "ln(1 + norm(x)^2)",
]  # fmt: skip
COLUMNS = ["A x", "x", "b", "A^T x", "softmax(x)", "x - b", "lambda x", "(a^T x) b", "norm(x)^2 x", "2x + a"]

numbers = st.recursive(
    st.sampled_from(NUMBERS),
    lambda inner: st.one_of(
        st.builds("({}) + ({})".format, inner, inner), st.builds("({}) - 3({})".format, inner, inner), st.builds("({})*({})".format, inner, inner),
        st.builds("({})/(2 + norm(x)^2)".format, inner), st.builds("sin({})".format, inner),
    ),
    max_leaves=3,
)  # fmt: skip
columns = st.recursive(
    st.sampled_from(COLUMNS),
    lambda inner: st.one_of(st.builds("({}) + ({})".format, inner, inner), st.builds("A({})".format, inner), st.builds("({})*({})".format, st.sampled_from(NUMBERS), inner)),
    max_leaves=3,
)
law = settings(max_examples=60 * MANY, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@law
@given(numbers, st.sampled_from(("x", "A", "b", "a", "lambda")))
def test_generated_numbers(text: str, letter: str) -> None:
    """Sums, products, quotients and functions of numbers, by any letter of them."""
    expression = f"{text} + 0*(x^T A x + b^T x + a^T x + lambda)"
    result = matrix_gradient(expression, letter)
    assert_slopes(result, seed=len(text))


@law
@given(columns)
def test_generated_columns(text: str) -> None:
    result = matrix_gradient(f"{text} + 0*A x", "x")
    assert_slopes(result, seed=len(text))


@settings(max_examples=12 * MANY, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(numbers)
def test_generated_numbers_are_confirmed(text: str) -> None:
    """No line of the matrix form or of the index form is contradicted by the entries."""
    result = matrix_gradient(f"{text} + 0*x^T A x", "x", check_size=1)
    assert not any(audit.failed for audit in result.audits), text


# -- the proof can fail ---------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["norm(A x - b)^2", "x^T A x", "crossentropy(y, softmax(A x))", "A x"])
def test_a_wrong_value_is_found_out(text: str) -> None:
    result = matrix_gradient(text, "x")
    wrong = replace(result, value=Mul((Num(2), result.value)))
    assert not wrong.confirmed
    assert any(audit.failed for audit in wrong.audits)


def test_a_wrong_line_is_found_out() -> None:
    result = matrix_gradient("norm(A x - b)^2", "x")
    for name in ("lines", "index"):
        lines = getattr(result, name)
        wrong = replace(result, **{name: (*lines[:-1], replace(lines[-1], form=Mul((Num(3), lines[-1].form))))})
        assert audit_claims(wrong.claims).failed, name


def test_the_gradient_of_a_cross_entropy_needs_shares() -> None:
    """Without Σ y = 1 the slope is p Σ y − y: the assumption is stated, and the claims use it."""
    result = matrix_gradient("crossentropy(y, softmax(z))", "z")
    assert [str(given) for given in result.assumptions] == ["sum_i(y_i) = 1"]
    letters = with_names(result, some_letters(result))
    double = {**letters, "y": 2 * letters["y"]}
    expected = slopes(result.function, double, "z")
    assert np.allclose(expected, 2 * (letters["p"] - letters["y"]), atol=1e-5)
    assert not np.allclose(expected, value(result.value, double), atol=1e-2)


# -- symmetric matrices, shapes, letters ----------------------------------------------------------------


def test_a_symmetric_matrix_gives_a_shorter_gradient() -> None:
    result = matrix_gradient("x^T A x + b^T x", "x", symmetric=["A"])
    assert (str(result.general), str(result.value)) == ("(A + A^T)*x + b", "2*A*x + b")
    assert result.proved
    assert_slopes(result)


def test_without_the_declaration_it_is_not_shortened() -> None:
    result = matrix_gradient("x^T A x", "x")
    assert result.general is result.value


@pytest.mark.parametrize(("text", "letter"), [(text, letter) for text, letter, _ in TABLE])
def test_the_gradient_has_the_shape_of_the_letter(text: str, letter: str) -> None:
    result = matrix_gradient(text, letter)
    if result.kind == "gradient" and str(result.value) != "I":
        assert result.typed.shape(result.value) == result.typed.letter(letter).shape


def test_how_letters_are_taken() -> None:
    result = matrix_gradient("norm(X w - y)^2/(2n) + lambda*w^T S w", "w", symmetric=["S"])
    assert {one.name: (one.kind, one.shape, one.declared) for one in result.letters} == {
        "X": ("matrix", ("m", "p"), False), "w": ("vector", ("p", "1"), False), "y": ("vector", ("m", "1"), False), "n": ("scalar", ("1", "1"), False),
        "lambda": ("scalar", ("1", "1"), False), "S": ("matrix", ("p", "p"), True),
    }  # fmt: skip


def test_declarations_change_how_letters_are_taken() -> None:
    result = matrix_gradient("norm(x*theta - mu)^2", "theta", vectors=["θ", "mu"], matrices=["x"])
    assert str(result.value) == "2*x^T*(x*theta - mu)"
    assert str(matrix_gradient("c*x^T x", "x", scalars=["c"]).value) == "2*c*x"
    assert str(matrix_gradient("e^T x", "x", vectors=["e"]).value) == "e"


WRONG = [
    ("x y", "x", "shape", "x^T*y"),
    ("x^T + x", "x", "shape", "transposes"),
    ("A x + 3", "x", "shape", "--scalars"),
    ("x + lambda", "x", "shape", "--vectors lambda"),
    ("norm(X theta - y)^2", "theta", "shape", "--vectors theta"),
    ("(x - mu)^T S (x - mu)", "x", "shape", "--vectors mu"),
    ("trace(x)", "x", "shape", "A^T*X"),
    ("softmax(A)", "A", "shape", "softmax(z)"),
    ("sin(x)", "x", "shape", "--scalars x"),
    ("x^2", "x", "shape", "norm(x)^2"),
    ("A^x", "A", "shape", "exponent"),
    ("e^T x", "x", "shape", "--vectors e"),
    ("norm(x, y)", "x", "shape", "norm(x)"),
    ("crossentropy(y, z)", "z", "shape", "softmax"),
    ("crossentropy(A, softmax(z))", "z", "shape", ""),
    ("crossentropy(A y, softmax(z))", "z", "rule", "softmax(z)"),
    ("crossentropy(y, softmax(z))", "y", "rule", "inside"),
    ("x^T A", "x", "shape", "^T"),
    ("A", "A", "shape", "trace"),
    ("A x", "A", "shape", "norm"),
    ("lambda x", "lambda", "shape", "norm"),
    ("x^T A x", None, "variable", "--wrt x"),
    ("x^T x", "q", "variable", "letters are x"),
    ("2 + 3", None, "variable", ""),
    ("x^T x = 3", "x", "equation", ""),
    ("diff(x^T x, x)", "x", "expression", "norm"),
    ("sign(x)^T x", "x", "rule", ""),
]


@pytest.mark.parametrize(("text", "letter", "kind", "advice"), WRONG, ids=[row[0] for row in WRONG])
def test_what_does_not_fit_is_said_with_advice(text: str, letter: str | None, kind: str, advice: str) -> None:
    with pytest.raises(RequestError) as found:
        matrix_gradient(text, letter)
    assert found.value.kind == kind
    assert advice in f"{found.value.message} {found.value.advice}"


@pytest.mark.parametrize(("names", "kind"), [({"symmetric": ["A"]}, "variable"), ({"vectors": ["A"], "matrices": ["A"]}, "letters"), ({"vectors": ["2"]}, "letters")])
def test_declarations_that_contradict(names: dict[str, list[str]], kind: str) -> None:
    with pytest.raises(RequestError) as found:
        matrix_gradient("x^T A x", "A", **names)  # type: ignore[arg-type]
    assert found.value.kind == kind


@pytest.mark.parametrize("size", [0, 6, -1])
def test_the_size_of_the_check_is_bounded(size: int) -> None:
    with pytest.raises(RequestError):
        matrix_gradient("x^T x", check_size=size)


def test_a_letter_that_names_an_entry_is_refused() -> None:
    with pytest.raises(RequestError) as found:
        matrix_gradient("a_1*a^T x", "x", scalars=["a_1"])
    assert found.value.kind == "letters"


def test_the_sizes_of_the_check() -> None:
    assert [check.sizes for check in matrix_gradient("norm(A x - b)^2", "x", check_size=3).checks] == [{"m": 3, "n": 4}, {"m": 4, "n": 3}]
    assert [len(check.components) for check in matrix_gradient("norm(A x - b)^2", "A").checks] == [6, 6]
    with pytest.raises(RequestError):
        matrix_gradient("softmax(A softmax(B x))", "x", check_size=9)


def test_where_norms_have_corners() -> None:
    assert [str(one) for one in matrix_gradient("norm(x - b)", "x").conditions] == ["x - b != 0"]
    assert [str(one) for one in matrix_gradient("norm_1(A x - b)", "x").conditions] == ["sum_j(A_ij*x_j) - b_i != 0"]
    assert [str(one) for one in matrix_gradient("norm_1(W)", "W").conditions] == ["W_ij != 0"]
    assert [str(one) for one in matrix_gradient("ln(norm(x))", "x").conditions] == ["x != 0"]
    for smooth in ("norm(x)^2", "norm(x)^4", "e^(-norm(x)^2)", "sqrt(1 + x^T x)", "sqrt(1 + norm(x)^2)"):
        assert matrix_gradient(smooth, "x").conditions == (), smooth


def test_many_matrices_have_a_matrix_form_without_an_index_form() -> None:
    result = matrix_gradient("x^T A B A B A B A B A B A B x", "x", check_size=1)
    assert result.index == ()
    assert_slopes(result)


def test_an_expression_that_is_too_long() -> None:
    with pytest.raises(RequestError) as found:
        matrix_gradient("+".join(["x^T x"] * 100), "x")
    assert found.value.kind == "size"


@given(st.text(alphabet="xAbyλ^T+-*/()|, 2_1", max_size=24))
@settings(max_examples=200 * MANY, deadline=None)
def test_any_text_gives_a_result_or_an_error_of_the_tutors_own(text: str) -> None:
    try:
        result = matrix_gradient(text, "x")
    except TutorError:
        return
    assert result.kind in ("gradient", "jacobian", "derivative")


# -- the algebra ----------------------------------------------------------------------------------------

ALGEBRA = understood("x^T A x + y^T B x + lambda y^T C y + a^T x + trace(A B)").typed
chains = st.lists(st.sampled_from(("A", "B", "A^T", "B^T", "(A + B)", "(A - A^T)", "2", "lambda", "(a^T x)", "(x^T A x)")), min_size=1, max_size=5)


@law
@given(st.lists(chains, min_size=1, max_size=3), st.sampled_from(("x", "x x^T", "A", "")))
def test_transposing_and_collecting_keep_the_value(parts: list[list[str]], tail: str) -> None:
    """Products of square matrices, with numbers in between."""
    whole = understood(" + ".join("*".join((*part, tail or "A")) for part in parts) + " + 0*(A + B) " + (tail or "A") + " + 0*lambda*(a^T x) " + (tail or "A"))
    letters = {name: np.random.default_rng(3).normal(size=(3, 3)) for name in "AB"}
    letters["B"] = letters["B"] + 1
    letters.update(x=np.random.default_rng(4).normal(size=(3, 1)), a=np.random.default_rng(5).normal(size=(3, 1)))
    algebra, form = Algebra(whole.typed), whole.typed.form
    here = {**letters, "lambda": 1.5}
    expected = value(form, here)
    assert np.allclose(value(algebra.collected(form), here), expected)
    assert np.allclose(value(algebra.transposed(form), here), expected.T)
    assert np.allclose(value(algebra.transposed(algebra.transposed(form)), here), expected)


def test_numbers_are_numbers_for_all_laws() -> None:
    algebra = Algebra(ALGEBRA)
    assert str(algebra.times(read("2"), read("x^T*A*x"), read("3"), read("y"))) == "6*(x^T*A*x)*y"
    assert str(algebra.collected(read("2*A*x - A*x - A*x"))) == "0"
    assert str(algebra.collected(read("A*x*x^T - B*x*x^T"))) == "(A - B)*x*x^T"


def test_entries_of_a_product() -> None:
    typed = understood("norm(A B x)^2").typed
    entries = Entries(typed, {"m": 1, "n": 2, "p": 1})
    assert str(entries.of(read("A*B*x"))) == "A_11*B_11*x_1 + A_12*B_21*x_1"
    assert number(value(read("2*3"), {})) == 6
