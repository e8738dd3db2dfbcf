"""Answers as people type them, by the table tests/fixtures/answers.yaml: each has the outcome that a teacher would give."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tutor.grading.check import check

TABLE = Path(__file__).parents[1] / "fixtures" / "answers.yaml"
OUTCOMES = ("right", "partly", "wrong", "unreadable", "undecided")


@lru_cache
def rows() -> list[Any]:
    sections = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return [
        pytest.param(str(answer), block.get("expected"), block.get("call", {}), outcome, id=f"{section['section']}-{place}-{outcome}-{answer}")
        for section in sections for place, block in enumerate(section["blocks"]) for outcome in OUTCOMES for answer in block.get(outcome, ())
    ]  # fmt: skip


@pytest.mark.parametrize(("answer", "expected", "call", "outcome"), rows())
def test_an_answer(answer: str, expected: str | None, call: dict[str, Any], outcome: str) -> None:
    verdict = check(answer, expected, **call)
    assert verdict.outcome == outcome, [finding.message for finding in verdict.findings] or verdict.fault
    assert (verdict.score == 1) is (outcome == "right")
    assert (0 < verdict.score < 1) is (outcome == "partly")
    assert bool(verdict.findings) is (outcome in ("partly", "undecided")) or outcome == "wrong"
    assert (verdict.fault is not None) is (outcome == "unreadable")


def test_the_table_is_large_and_has_every_outcome() -> None:
    found = [param.values[3] for param in rows()]
    assert len(found) > 600
    assert set(found) == set(OUTCOMES)
