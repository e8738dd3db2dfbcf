"""Form requirements: each by examples that have the form and that lack it, and by what our own laws of algebra produce."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.calculus.smooth import functions
from tests.strategies import forms, terms
from tutor import RequestError, read
from tutor.algebra.factors import factored, shared_factor, zero_sets
from tutor.algebra.laws.sums import expanded, factor
from tutor.algebra.polynomial import multiplied_out
from tutor.algebra.tidy import tidied
from tutor.exposition.phrases import PHRASES
from tutor.form.tree import Add, Form, Mul, Neg
from tutor.form.walk import rewritten
from tutor.grading.check import check
from tutor.grading.forms import FORMS, lacking, requirement
from tutor.grading.pattern import fits, same_shape

EXAMPLES: dict[str, tuple[list[str], list[str]]] = {
    "expanded": (
        ["x^2 + x", "2x", "x", "7", "x/2 + 1/2", "(x+1)/(x-1)", "sin(2(x+1))", "x*sin(x) + cos(x)", "e^(2(x+1))", "-x - 1", "x^2*y^3"],
        ["x(x+1)", "(x+1)^2", "-(x+1)", "(x+1)/2", "x + x", "x^2 + 2(x+1)", "x - (x+1)", "(x+1)(x-1)/x", "2x + 3 + 4"],
    ),
    "factored": (
        ["x(x+1)", "(x+1)^2", "2(x-1)(x+1)", "-(x-1)(x+2)", "x^2 + 1", "x^2 - 2", "(x+1)(x+1)", "x/2*(x+1)", "x^3", "7", "(x+1)/(x-1)", "x*(x+2)*e^x", "(x^2+x+1)^3*(x-1)",
         "1/2*(x - 3)*(x + 3)", "x + y", "e^x*(sin(x) + cos(x))"],
        ["x^2 + x", "x^2 - 1", "(x^2-1)*(x+1)", "(2x+2)(x-1)", "x(x^2+x)", "(x^2-1)^2", "2x + 4", "x^2 - 2x + 1", "(x^2-1)/(x+3)", "x*e^x + e^x", "x/2 + 1/2", "3x*y + 6x"],
    ),
    "single_fraction": (
        ["(x+1)/(x-1)", "x + 1", "-x/2", "2*x/3", "1/2*x", "sin(1/x)/x", "x^2/(x+1)^3", "e^(-x)/x", "3/4"],
        ["1/x + 1/y", "x + 1/x", "1/x*1/y", "x/2/3", "(1/x)/(1/y)", "x^(-1) + 1", "x/2 + 1", "1/(1 + 1/x)"],
    ),
    "lowest_terms": (
        ["1/2", "x/y", "(x+1)/(x-1)", "2x/3", "3/4*x", "(2x+1)/2", "0.5x/2", "(x^2+1)/(x+1)", "x", "sin(x)/x", "7"],
        ["2/4", "2x/4", "x^2/x", "(x^2-1)/(x+1)", "(2x+2)/4", "x/1", "6/4*x", "(x*y+x)/(x^2)", "sin(x)^2/sin(x)", "10/5"],
    ),
    "no_negative_exponents": (
        ["1/x^2", "e^(-x)", "x^2", "2^(-x)", "x^(1/2)", "e^(-2x)/x", "3 - x"],
        ["x^(-2)", "x^(-1/2)", "2*x^-1", "(x+1)^(-3)", "x^(-n)", "sin(x)^(-1)", "10^(-3)"],
    ),
    "rationalised": (
        ["sqrt(x)/x", "sqrt(2)/2", "1/x", "sqrt(2)", "1/(x+1)", "sqrt(x+1)/3", "sqrt(x/y)", "1/sin(sqrt(x))"],
        ["1/sqrt(2)", "1/sqrt(x)", "x/(1+sqrt(2))", "sqrt(1/2)", "x^(-1/2)", "1/x^(1/2)", "3/(2*root(x, 3))"],
    ),
    "simplified": (
        ["2x + 1", "x/2", "sqrt(2)/2", "x*(x+1)", "x^2 + x", "sin(x)*cos(x)", "(x+1)/(x-1)", "-3x", "1/x", "x*e^x", "0", "x^2*y", "2x*cos(x^2)", "(x - 1)^2 + 3"],
        ["2x + 3x", "x*x", "2*3*x", "x + 0", "x^1", "x/x", "(2x+2)/(x+1)", "--x", "x/1", "sin(x)^2 + cos(x)^2", "2/4", "x^2*x^3", "ln(x/y) + ln(y)", "0*x + 1", "1/x^-1", "3 + 4"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, (good, _) in EXAMPLES.items() for text in good])
def test_has_the_form(name: str, text: str) -> None:
    assert lacking(FORMS[name], read(text)) is None


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, (_, bad) in EXAMPLES.items() for text in bad])
def test_lacks_the_form(name: str, text: str) -> None:
    found = lacking(FORMS[name], read(text))
    assert found is not None
    assert found.mistake == f"form.{name}"
    assert found.message.endswith(("?", "."))


PATTERNS: dict[str, tuple[list[str], list[str]]] = {
    "a*x + b": (
        ["2x + 1", "1 + 2x", "-x + 3", "x", "2x", "x/2 - 1/3", "3", "0.5x + 1", "sqrt(2)*x + pi", "-3/4*x", "1 - x", "x*2 + 1", "0"],
        ["2x + 3x + 1", "2(x + 1)", "2x + 3 + 4", "x^2", "2*3*x + 1", "sin(x)", "2x + y", "x*x", "(2x + 2)/2"],
    ),
    "a*x^2 + b*x + c": (["x^2 + 2x + 1", "2x^2 - 3", "-x^2", "3 - x + x^2/2", "5"], ["(x + 1)^2", "x*x + 1", "x(x + 2)", "x^3 + x", "x^2 + x^2"]),
    "a*(x - b)^2 + c": (["2(x - 3)^2 + 1", "(x + 3)^2", "-(x - 1/2)^2 + 4", "x^2 + 1", "(x - 1)^2"], ["x^2 + 2x + 1", "2(x-3)^2 + 1 + 1", "2(2x - 3)^2"]),
    "a*(x - b)*(x - c)": (["2(x - 1)(x + 2)", "(x - 1)*x", "-(x + 1)(x + 2)", "3x*x"], ["x^2 - 1", "(2x - 1)(x + 1)", "(x - 1)^2"]),
    "a*e^(b*x)": (["2e^(3x)", "e^x", "-e^(-x)", "e^(x/2)/3"], ["2*3^x", "e^(3x) + 1", "e^(x + 1)"]),
    "a*x^n": (["3x^4", "x", "-x^(-2)", "x^(1/2)/2"], ["3x^4 + 1", "x^4*x", "3^x"]),
    "a/(x + b)": (["2/(x + 1)", "1/(x - 3)", "-1/x"], ["2/(2x + 1)", "x/(x + 1)", "(x + 1)/2"]),
    "a*sin(b*x + c)": (["2sin(3x - 1)", "sin(x)", "-sin(2x)/3"], ["2cos(x)", "sin(x)^2", "sin(x^2)"]),
    "y = a*x + b": (["y = 2x + 1", "2x + 1 = y", "y = -x"], ["2y = 4x", "y - 1 = x", "2x + 1"]),
    "a*x^2 + a": (["2x^2 + 2", "x^2 + 1", "-x^2 - 1"], ["2x^2 + 1", "2x^2"]),
}


@pytest.mark.parametrize(("pattern", "text"), [(pattern, text) for pattern, (good, _) in PATTERNS.items() for text in good])
def test_fits_the_pattern(pattern: str, text: str) -> None:
    form = read(pattern)
    assert fits(form, read(text), form.free - {"x", "y"})


@pytest.mark.parametrize(("pattern", "text"), [(pattern, text) for pattern, (_, bad) in PATTERNS.items() for text in bad])
def test_does_not_fit_the_pattern(pattern: str, text: str) -> None:
    form = read(pattern)
    assert not fits(form, read(text), form.free - {"x", "y"})


# -- laws --------------------------------------------------------------------------------------------

polynomials = st.lists(st.integers(-4, 4), min_size=2, max_size=4).map(
    lambda coefficients: read(" + ".join(f"({coefficient})*x^{power}" if power else f"({coefficient})" for power, coefficient in enumerate(coefficients)))
).map(lambda form: tidied(form)[0])  # fmt: skip


@given(polynomials, polynomials)
def test_what_is_multiplied_out_is_expanded(one: Form, other: Form) -> None:
    flat = multiplied_out(Mul((one, other)))
    assert flat is not None
    assert lacking(FORMS["expanded"], flat) is None
    if isinstance(one, Add) and isinstance(other, Add):
        assert lacking(FORMS["expanded"], Mul((one, other))) is not None


@given(polynomials, polynomials)
def test_a_product_of_two_sums_is_factored_and_its_expansion_is_not(one: Form, other: Form) -> None:
    product = Mul((one, other))
    flat = multiplied_out(product)
    if isinstance(flat, Add) and all(isinstance(part, Add) for part in (one, other)):
        assert lacking(FORMS["factored"], flat) is not None
        found = [factored(part) for part in (one, other)]
        known = [part for part in found if part is not None]
        if all(part.count == 1 and part.content == 1 for part in known):
            assert lacking(FORMS["factored"], product) is None


@given(polynomials, polynomials, polynomials)
def test_a_common_factor_is_seen(one: Form, other: Form, common: Form) -> None:
    if "x" in common.free and all("x" in form.free for form in (one, other)):
        assert shared_factor(Mul((one, common)), Mul((other, common))) is True


@given(polynomials, polynomials)
def test_a_product_is_zero_where_a_factor_is(one: Form, other: Form) -> None:
    if "x" in one.free and "x" in other.free:
        found = zero_sets(Mul((one, other)), one)
        assert found is not None
        assert found.only_right == ()


@given(functions)
def test_what_our_laws_make_is_simplified(form: Form) -> None:
    tidy = tidied(tidied(form)[0])[0]
    found = lacking(FORMS["simplified"], tidy)
    assert found is None or found.message != PHRASES.say("forms.simplified", {"part": tidy}), str(tidy)


@given(functions)
def test_a_doubled_term_is_not_simplified(form: Form) -> None:
    if form.free and tidied(form)[0].free:
        assert lacking(FORMS["simplified"], Add((form, form))) is not None


@given(functions)
def test_a_common_factor_left_in_a_sum_is_not_factored(form: Form) -> None:
    taken = factor(form)
    if isinstance(form, Add) and taken is not form:
        assert lacking(FORMS["factored"], form) is not None
    flat = expanded(form)
    assert flat is None or flat.free <= form.free


@given(st.sampled_from(sorted(FORMS)), forms())
def test_no_form_makes_a_check_fail(name: str, form: Form) -> None:
    found = lacking(FORMS[name], form)
    assert found is None or found.message


@given(terms, st.randoms(use_true_random=False))
def test_order_and_signs_do_not_change_the_shape(form: Form, random: object) -> None:
    def turned(node: Form) -> Form:
        if isinstance(node, Add | Mul):
            parts = list(node.children)
            random.shuffle(parts)  # type: ignore[attr-defined]
            return node.rebuild(tuple(parts))
        return node

    assert same_shape(form, rewritten(form, turned))
    assert same_shape(Mul((Neg(form), Neg(form))), Mul((form, form)))
    assert not same_shape(form, Neg(form)) or str(form) == "0"


@given(st.integers(-9, 9), st.fractions(min_value=-9, max_value=9, max_denominator=9))
def test_every_line_fits_its_pattern(slope: int, shift: object) -> None:
    written = tidied(read(f"({slope})*x + ({shift})"))[0]
    assert fits(read("a*x + b"), written, frozenset("ab"))


# -- in a check --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("answer", "expected", "form", "outcome", "mistakes"), [
    ("(x+1)(x-1)", "x^2 - 1", "factored", "right", []),
    ("x^2 - 1", "(x+1)(x-1)", "factored", "partly", ["form.factored"]),
    ("x^2 + 1", "(x+1)(x-1)", "factored", "wrong", ["witness"]),
    ("2/4", "1/2", "lowest_terms", "partly", ["form.lowest_terms"]),
    ("1/sqrt(2)", "sqrt(2)/2", "rationalised", "partly", ["form.rationalised"]),
    ("1/sqrt(2)", "sqrt(2)/2", "rationalized", "partly", ["form.rationalised"]),
    ("2x*x", "2x^2", ("simplified", "expanded"), "partly", ["form.simplified"]),
    ("x(x + 1)", "x^2 + x", ("simplified", "expanded"), "partly", ["form.expanded"]),
    ("f(x) = x^2 + x", "x^2 + x", "expanded", "right", []),
    ("(x - 1)^2 - 1", "x^2 - 2x", "a*(x - b)^2 + c", "right", []),
    ("x^2 - 2x", "x^2 - 2x", "a*(x - b)^2 + c", "partly", ["form.pattern"]),
    ("y = 2x - 5", "2x - y = 5", "y = a*x + b", "right", []),
    ("2x - y = 5", "2x - y = 5", "y = a*x + b", "partly", ["form.pattern"]),
    ("y - b = m*x", "y = m*x + b", "same", "partly", ["form.same"]),
    ("(2*1, 3)", "(2, 3)", "simplified", "partly", ["form.simplified"]),
    ("{2/4, 1}", "{1/2, 1}", "lowest_terms", "partly", ["form.lowest_terms"]),
    ("x^-2", "1/x^2", "no negative exponents", "partly", ["form.no_negative_exponents"]),
])  # fmt: skip
def test_equal_but_not_in_the_form(answer: str, expected: str, form: str | tuple[str, ...], outcome: str, mistakes: list[str]) -> None:
    verdict = check(answer, expected, form=form)
    assert verdict.outcome == outcome
    assert [finding.mistake for finding in verdict.findings] == mistakes
    assert verdict.evidence.equal is (outcome != "wrong")


def test_the_author_says_what_it_earns() -> None:
    for credit in (0.0, 0.8, 1.0):
        verdict = check("x^2 - 1", "(x+1)(x-1)", form="factored", form_credit=credit)
        assert verdict.score == credit
        assert verdict.outcome == ("right" if credit == 1 else "partly" if credit else "wrong")
        said = verdict.remarks if verdict.right else verdict.findings
        assert [finding.mistake for finding in said] == ["form.factored"]


def test_a_derivative_in_a_form() -> None:
    assert check("2x", derivative_of="x^2", form="simplified").right
    assert check("x*2*1", derivative_of="x^2", form="simplified").outcome == "partly"
    assert check("x + x", derivative_of="x^2", wrt="x", form="a*x").outcome == "partly"


@pytest.mark.parametrize("name", ["pretty", "factord", "a*(x", "", "x^2 + 1"])
def test_an_unknown_form_is_refused(name: str) -> None:
    with pytest.raises(RequestError) as caught:
        requirement(name, read("x^2 + x"))
    assert "expanded" in caught.value.advice
