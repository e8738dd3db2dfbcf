"""Answers that are wrong by very little, far out, or on a small part of the line only: found by benchmarks/grading.py."""

from __future__ import annotations

import pytest

from tutor.grading.check import check

_SIGMOID = "352947*x^5*sigmoid(sqrt(((7*x)^3)^2 + 1))*(1 - sigmoid(sqrt(((7*x)^3)^2 + 1)))/sqrt(((7*x)^3)^2 + 1)"
_RATIO = "6/(((e^sin(5))^2 + 1)*sqrt(36*x^2 + 1)) + 100*x*ln(25*x^2 + 1)/((25*x^2 + 1)*(ln(25*x^2 + 1)^2 + 1))"
_QUOTIENT = "16x(14x + 5)/((2 + 7x)^2 + 1)^2"


@pytest.mark.parametrize(
    ("answer", "key"),
    [
        ("2(1 + 1/1133!)", "2"), ("9x^8 + 1/1472!", "9x^8"), ("5x^4/sqrt(x^10 + 1) + 1/1963!", "5x^4/sqrt(x^10 + 1)"), ("1/2004!", "1/2006!"),
        ("sin(x)(1 + 10^(-30)*10^(-30))", "sin(x)"), ("sin(x) + 10^(-400)", "sin(x)"), (f"abs({_SIGMOID})", _SIGMOID), (f"({_SIGMOID})*abs(x)/x", _SIGMOID),
        (f"sqrt(({_RATIO})^2)", _RATIO), (f"abs({_QUOTIENT})", _QUOTIENT), (f"(({_QUOTIENT})^2)^(1/2)", _QUOTIENT), ("|x(x - 1/10)|", "x(x - 1/10)"),
    ],
)  # fmt: skip
def test_a_near_miss_is_wrong(answer: str, key: str) -> None:
    verdict = check(answer, key)
    assert (verdict.outcome, verdict.evidence.equal) == ("wrong", False)


@pytest.mark.parametrize(
    ("answer", "key"),
    [
        ("sin(x) + 1/1000! - 1/1000!", "sin(x)"), ("sin(2x)/1000!", "2 sin(x)cos(x)/1000!"), ("0", "sin(x)^2 + cos(x)^2 - 1"), ("|x^2 + 1|", "x^2 + 1"),
        ("ln|x^2 - 9|", "ln|x - 3| + ln|x + 3|"), ("sqrt(x^2 - 6x + 9)", "|x - 3|"), ("sqrt(8) - 2sqrt(2)", "0"), ("e^(-x^6) + x - x", "e^(-x^6)"),
    ],
)  # fmt: skip
def test_what_only_looks_like_one_is_right(answer: str, key: str) -> None:
    assert check(answer, key).right
