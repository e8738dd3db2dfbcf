"""docs/families.md: its example is a family without findings in under 40 lines, and its tables list every key and call."""

from __future__ import annotations

import re

import pytest

from tests.cli.command import ROOT
from tutor.problems import family as module
from tutor.problems.answers import CALLS
from tutor.problems.family import read_family
from tutor.problems.problem import seeded
from tutor.problems.quality import check_family
from tutor.problems.solution import audits, solution

PAGE = (ROOT / "docs" / "families.md").read_text(encoding="utf-8")
EXAMPLE = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)[0]


def test_the_example_passes_the_check() -> None:
    report = check_family(read_family(EXAMPLE, "physics/ball"))
    assert [(finding.id, finding.sentence) for finding in report.findings] == []
    assert report.valid > 5


def test_the_example_is_short() -> None:
    assert len([line for line in EXAMPLE.splitlines() if line.strip()]) < 40


def test_its_solution_is_proved() -> None:
    problem = seeded(read_family(EXAMPLE, "physics/ball"), 1)
    assert solution(problem, "full").blocks
    assert all(audit.proved for audit in audits(problem))


@pytest.mark.parametrize("key", [*module._KEYS, *module._QUESTION])
def test_every_key_is_described(key: str) -> None:
    assert f"`{key}`" in PAGE


@pytest.mark.parametrize("name", CALLS)
def test_every_call_is_described(name: str) -> None:
    assert f"`{name}(" in PAGE


@pytest.mark.parametrize("finding", module.ALLOWED)
def test_every_finding_that_can_be_allowed_is_described(finding: str) -> None:
    assert f"`{finding}`" in PAGE
