"""Published derivative problems: all read, all explained, all right, no longer than the key on the median."""

from __future__ import annotations

import statistics
from typing import Any

import pytest

from tests.corpora import rows
from tutor import differentiate, read
from tutor.algebra.equal import Evidence, by_samples
from tutor.calculus.audit import TAKEN, audit
from tutor.calculus.differentiate import Derivation
from tutor.form.tree import Form

DECLARED = {"yx*tan(y)*7*tanh(y)": ("yx",)}
"""Rows whose source counts a run of letters as one name."""

ON_A_BRANCH = {
    "asin(sqrt(-x^(-2) + 1))": "the published answer leaves out the sign of x: it holds for x > 0 only",
}
"""Rows whose published answer is right on part of the domain only, with the reason."""


def derived(row: dict[str, Any]) -> tuple[Derivation, Form]:
    function = read(row["expr"], variables=DECLARED.get(row["expr"], ()))
    several = isinstance(row["var"], list)
    return differentiate(function, row["var"], 1 if several else row["order"]), read(row["answer"])


def test_all_right_and_short() -> None:
    ratios, wrong = [], []
    for row in rows("corpora/derivatives.jsonl"):
        derivation, answer = derived(row)
        ratios.append(derivation.value.size / answer.size)
        conditions = derivation.conditions
        if row["expr"] in ON_A_BRANCH:
            conditions = (*conditions, read("x > 0"))
        if verdict(derivation.value, answer, conditions).equal is not True:
            wrong.append((row["expr"], str(derivation.value), row["answer"]))
    assert wrong == []
    assert statistics.median(ratios) <= 1.25


def verdict(value: Form, answer: Form, conditions: tuple[Form, ...]) -> Evidence:
    return by_samples(value, answer, conditions)


def test_no_line_is_contradicted() -> None:
    for row in rows("corpora/derivatives.jsonl"):
        derivation, _ = derived(row)
        assert audit(derivation, symbolic=False).failed == (), row["expr"]


@pytest.mark.parametrize("start", range(0, 256, 32))
def test_lines_are_proved(start: int) -> None:
    """Nearly every line of every row has an exact proof; all others are confirmed."""
    found = [line for row in rows("corpora/derivatives.jsonl")[start : start + 32] for line in derived(row)[0].audit.lines]
    lines = [line for line in found if line.line.rule != TAKEN]  # SymPy's own values have other witnesses
    proved = sum(line.evidence.proof for line in lines)
    assert all(line.evidence.equal is not False for line in found)
    assert proved >= 0.97 * len(lines)
