"""Tidying: what each law makes of typical lines, and what it must leave alone."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tutor import read
from tutor.algebra.equal import by_samples
from tutor.algebra.tidy import LAWS, tidied, variants
from tutor.form.walk import rewritten

LINES = [
    ("numbers", "0*x + 1*y", "y"), ("numbers", "x*2*3", "6*x"), ("numbers", "x - (-3)", "x + 3"), ("numbers", "2*x*x", "2*x^2"),
    ("numbers", "0.01*2*T", "0.02*T"), ("numbers", "cos(0)*x", "x"), ("numbers", "sqrt(4)*x", "2*x"), ("numbers", "-(-x)", "x"),
    ("numbers", "x*(-1)*sin(x)", "-x*sin(x)"), ("numbers", "6/4*x", "3*x/2"), ("numbers", "x/0", "x/0"),
    ("restore", "x^(-1/2)", "1/sqrt(x)"), ("restore", "x^(2/3)", "x^(2/3)"), ("restore", "x^(-3)", "1/x^3"),
    ("powers", "x^2*x^3", "x^5"), ("powers", "e^x*e^x", "e^(2*x)"), ("powers", "sqrt(x)*sqrt(x)", "x"), ("powers", "(2x)^3", "8*x^3"),
    ("powers", "x^n*x", "x^(n + 1)"), ("powers", "x*y", "x*y"),
    ("collect", "2x + 3x - 5x", "0"), ("collect", "sin(x) + x + sin(x)", "2*sin(x) + x"), ("collect", "x + y", "x + y"),
    ("collect", "2*(x + y) + 3*(y + x)", "5*(x + y)"), ("collect", "(x + x + x)*2 + (x + x)*3", "12*x"),
    ("pythagoras", "sin(x)^2 + cos(x)^2", "1"), ("pythagoras", "1 + tan(x)^2", "sec(x)^2"), ("pythagoras", "1 - cos(x)^2", "sin(x)^2"),
    ("pythagoras", "sin(x)^2 - cos(x)^2", "sin(x)^2 - cos(x)^2"),
    ("quotients", "sin(x)/cos(x)", "tan(x)"), ("quotients", "sin(x)/cos(y)", "sin(x)/cos(y)"),
    ("factor", "x^2*e^x + 2x*e^x", "x*(x + 2)*e^x"), ("factor", "2x + 4", "2*x + 4"),
    ("cancel", "(2x + 4)/2", "x + 2"), ("cancel", "(x + 1)/2", "(x + 1)/2"),
    ("fraction", "1/x + 1/y", "1/x + 1/y"), ("fraction", "sqrt(x) + 1/sqrt(x)", "(x + 1)/sqrt(x)"),
    ("distribute", "x*(1/x + 1)", "1 + x"), ("distribute", "x*(1/y + 1)", "x*(1/y + 1)"),
    ("nested", "1/(1 + 1/x)", "x/(x + 1)"),
    ("logarithms", "ln(e^(2x))", "2*x"),
]  # fmt: skip


@pytest.mark.parametrize(("law", "before", "after"), LINES)
def test_line(law: str, before: str, after: str) -> None:
    found = rewritten(read(before), LAWS[law].change)
    assert by_samples(found, read(after)).equal is not False
    assert str(found) == str(read(after))


@pytest.mark.parametrize(
    "text",
    [
        "2*x/(x^2 + 1) + 2*x/(x^2 + 1) + (x^2 + 1)^x*(ln(x^2 + 1) + 2*x^2/(x^2 + 1))", "x^x*(1/x + 1) + x^(x - 1)",
        "(x + 0)^2*3 + (x + x + 0)*2", "1/(2x)^2 + 1/(4*x^2)", "-x/(1 - x) + 1/(x - 1)", "sqrt(x^2 + 1)*x/(x^2 + 1)", "(1/3 + 0.5*x)*0.1",
        "e^x*(e^x + 1)^2/(e^(2x) + e^x)", "x^(1/2)*x^(1/3)", "a^(-1)*(a*x + a)/(2a)", "I*I*x + 1",
    ],
)  # fmt: skip
def test_tidying_keeps_the_value(text: str) -> None:
    form = read(text)
    value, lines = tidied(form)
    if "I" not in text:
        assert by_samples(form, value).equal is True
    for before, after in pairwise(lines):
        assert before.after is after.before
    for other in variants(value):
        assert by_samples(value, other.after).equal is not False


def test_what_the_learner_wrote_stays() -> None:
    inner = read("sin(x*2*1)")
    value, _ = tidied(read("1*sin(x*2*1)*3"), {inner: inner})
    assert str(value) == "3*sin(x*2*1)"
