"""What is not doubted reads the same under every other convention, so that no other reading is missed."""

from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor.algebra.equal import by_samples
from tutor.errors import ReadError
from tutor.form.cursor import Conventions
from tutor.form.doubts import doubtful
from tutor.form.reading import _CHANGED, _USUAL, _parser
from tutor.form.tree import Form

NAMES = {field.name for field in fields(Conventions)}
PIECES = (
    *"xyaefdEi2/*+-^() '_|!<=", "**", "pi", "10", "1.5", ".5", "sin", "cos(", "ln", "log", "sqrt(", "exp(", "max(", "gamma(", "root(", "sin^2", "^-1", "/3", "2x",
    "x2", "d/dx", "log_2", "log2", "arcsin", "(x+1)", "floor(", "Sin", "alpha",
)  # fmt: skip


def form_under(text: str, conventions: Conventions) -> Form | None:
    try:
        return _parser(text, conventions, frozenset(), frozenset()).whole()
    except ReadError:
        return None


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=10).map("".join))
@settings(max_examples=600)
def test_what_is_not_doubted_reads_the_same(text: str) -> None:
    usual = form_under(text, _USUAL)
    if usual is None:
        return
    for name in NAMES - set(doubtful(text)):
        other = form_under(text, _CHANGED[name])
        if name == "tight_product" and "/" not in text and other is not usual:
            assert other is None or by_samples(usual, other).equal is not False  # a product in other brackets
        else:
            assert other is usual or other is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("1/2x", "tight_product"), ("2e-3x", "scientific"), ("xy", "split"), ("a(b + c)", "applied"), ("e^2x", "loose_exponent"), ("x^1/2", "loose_exponent"),
        ("sin x/2", "wide_argument"), ("sin x y", "narrow_argument"), ("x2", "indexed"), ("d/dx x^2", "leibniz"), ("sin^-1(x)", "inverse"), ("log(x)", "common_log"),
    ],
)  # fmt: skip
def test_each_convention_is_doubted_where_it_matters(text: str, name: str) -> None:
    assert name in doubtful(text)
    assert form_under(text, _CHANGED[name]) is not form_under(text, _USUAL)


def test_most_texts_leave_no_doubt() -> None:
    assert [text for text in ("3*x^2-8*x+7", "2*x*cos(x^2)", "x/(x^2+1)", "(2*sin(x)+1)*exp(x)", "sqrt(x)/2", "-4*ln(x)") if list(doubtful(text))] == []


def test_beyond_plain_ascii_everything_is_doubted() -> None:
    for text in ("½x", "\\frac12x", "$x$"):
        assert set(doubtful(text)) == NAMES
    assert set(doubtful("x", plain=False)) == NAMES
