"""The forty probes: the route that a teacher takes, the right value, every line proved."""

from __future__ import annotations

import pytest

from tests.calculus.probes import PROBES
from tutor import differentiate, read
from tutor.algebra.equal import by_samples
from tutor.exposition import LEVELS
from tutor.exposition.derivation import explanation

IDS = [f"{text} d{variable}" for text, variable, _, _ in PROBES]


@pytest.mark.parametrize(("text", "variable", "rule", "value"), PROBES, ids=IDS)
def test_route_and_value(text: str, variable: str, rule: str, value: str) -> None:
    derivation = differentiate(text, variable)
    expected = read(value)
    assert derivation.root.rule == rule
    if derivation.value is not expected and "f'" not in value:
        assert by_samples(derivation.value, expected, derivation.conditions).equal is True
        assert derivation.value.size <= 1.25 * expected.size


@pytest.mark.parametrize(("text", "variable", "rule", "value"), PROBES, ids=IDS)
def test_every_line_is_proved(text: str, variable: str, rule: str, value: str) -> None:
    derivation = differentiate(text, variable)
    assert [str(line.line) for line in derivation.audit.lines if not line.evidence.proof] == []
    assert derivation.proved


@pytest.mark.parametrize(("text", "variable"), [probe[:2] for probe in PROBES], ids=IDS)
def test_every_level_has_a_document(text: str, variable: str) -> None:
    derivation = differentiate(text, variable)
    counts = [len(list(explanation(derivation, level).walk())) for level in LEVELS]
    assert counts[0] <= counts[1] <= counts[2]


@pytest.mark.parametrize(("text", "variable"), [probe[:2] for probe in PROBES], ids=IDS)
def test_every_other_way_gives_the_same_function(text: str, variable: str) -> None:
    best = differentiate(text, variable)
    for route in range(1, len(best.routes)):
        other = differentiate(text, variable, another_way=route)
        assert other.audit.confirmed
        assert by_samples(other.value, best.value, (*best.conditions, *other.conditions)).equal is True
