"""Hints lead to the answer and never hold it."""

from __future__ import annotations

import pytest

from tests.calculus.probes import PROBES
from tutor import differentiate
from tutor.exposition.hints import hints
from tutor.form.tree import Deriv, Form, Sym
from tutor.form.walk import nodes

IDS = [f"{text} d{variable}" for text, variable, _, _ in PROBES]


@pytest.mark.parametrize(("text", "variable"), [probe[:2] for probe in PROBES], ids=IDS)
def test_no_hint_holds_the_answer(text: str, variable: str) -> None:
    derivation = differentiate(text, variable)
    answers = {derivation.value, derivation.root.after, derivation.root.worked}
    for hint in hints(derivation):
        for part in hint.phrase:
            if isinstance(part, Form) and part.size > 3:
                assert answers.isdisjoint(nodes(part)) or any(isinstance(node, Deriv) for node in nodes(part)) or part is derivation.function


@pytest.mark.parametrize(("text", "variable"), [probe[:2] for probe in PROBES], ids=IDS)
def test_there_is_a_hint_and_none_is_repeated(text: str, variable: str) -> None:
    found = hints(differentiate(text, variable))
    assert found
    assert len({hint.phrase for hint in found}) == len(found)


def test_the_first_hint_names_no_part_of_the_way() -> None:
    first = hints(differentiate("x^2*sin(3x)"))[0]
    assert all(isinstance(part, (str, Sym)) for part in first.phrase)
