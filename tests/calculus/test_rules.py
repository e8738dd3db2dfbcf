"""Every rule: its example is taken by it, its mistakes give what the catalogue says and never the right answer."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.corpora import shared
from tutor import differentiate, read
from tutor.algebra.equal import by_samples
from tutor.calculus.differentiate import Derivation
from tutor.calculus.plan import Planner
from tutor.calculus.rules import RULES
from tutor.calculus.tree import Step, Variant
from tutor.errors import ReadError
from tutor.form.tree import Deriv, Form
from tutor.form.walk import nodes


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_example_is_matched(rule: Any) -> None:
    form = read(rule.example)
    found = [choice.rule.id for node in nodes(form) for choice in Planner("x").choices(node)]
    assert rule.id in found


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_example_is_confirmed(rule: Any) -> None:
    assert differentiate(rule.example, "x").audit.failed == ()


def mistaken(step: Step, target: Step, variant: Variant) -> Form | None:
    """The value of a derivation in which one step is replaced by a buggy variant of its rule; None where that does not apply."""
    parts = tuple(mistaken(child, target, variant) for child in step.steps)
    if None in parts:
        return None
    return (variant if step is target else step.theorem.value)(step.match, parts)  # type: ignore[arg-type]


CATALOGUED = {mistake for rule in RULES.values() for mistake in rule.mistakes}


def tasks() -> list[dict[str, Any]]:
    try:
        rows = json.loads(shared("reference/mistakes.json").read_text(encoding="utf-8"))
    except pytest.skip.Exception:
        return []
    return [row for row in rows if row["id"] in CATALOGUED]


@pytest.mark.parametrize("row", tasks(), ids=lambda row: row["id"])
def test_mistake_gives_the_wrong_answer_of_the_catalogue(row: dict[str, Any]) -> None:
    task = re.fullmatch(r"d/dx (?:of )?(.*)", row["task"])
    if task is None:
        pytest.skip(f"{row['task']!r} is no task of one derivative")
    try:
        function, student = read(task[1]), read(row["student"])
    except ReadError:
        pytest.skip(f"{row['task']!r} is no expression")
    seen: list[str] = []
    for derivation in _all_ways(function):
        for step in derivation.root.walk():
            for wrong in (mistaken(derivation.root, step, variant) for mistake, variant in step.theorem.variants if mistake == row["id"]):
                seen.append(str(wrong))
                if wrong is not None and by_samples(wrong, student).equal:
                    assert by_samples(wrong, derivation.value).equal is False
                    return
    pytest.fail(f"{row['id']} never gives {row['student']}: {seen}")


def _all_ways(function: Form) -> list[Derivation]:
    first = differentiate(function, "x")
    return [first, *(differentiate(function, "x", another_way=k) for k in range(1, len(first.routes)))]


def test_steps_hold_no_unworked_derivative() -> None:
    for text in ("x^2*sin(3x)", "ln(x*sqrt(x + 1))", "(x^2 + 1)/(x - 1)"):
        for step in differentiate(text).root.walk():
            assert not any(isinstance(node, Deriv) for node in nodes(step.after))
