"""The phrase file: every id that the engine can emit has its sentences, every sentence can be said, in the tone of the house."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pytest
import yaml

from tests.calculus.probes import PROBES
from tutor import RequestError, differentiate, read, understand
from tutor.algebra.tidy import LAWS
from tutor.calculus.rules import RULES
from tutor.exposition import LEVELS
from tutor.exposition.derivation import explanation
from tutor.exposition.doc import Doc, Maths, Paragraph, Section
from tutor.exposition.naming import kind
from tutor.exposition.phrases import PHRASES
from tutor.form.cursor import Conventions
from tutor.form.tree import Form
from tutor.resources import find

PARTS = ("name", "heading", "reason", "structure", "form")


def sentences(node: Any, path: str = "") -> Iterator[tuple[str, str]]:
    for key, value in node.items():
        if isinstance(value, dict):
            yield from sentences(value, f"{path}{key}.")
        elif isinstance(value, str):
            yield path + key, value


FOLDER = find("templates", "phrases/en/rules.yaml").parent
TABLE = {path.stem: yaml.load(path.read_bytes(), Loader=yaml.BaseLoader) for path in sorted(FOLDER.glob("*.yaml"))}
ALL = dict(sentences(TABLE))


def test_every_rule_has_every_sentence() -> None:
    kinds = {kind(step) for text, variable, _, _ in PROBES for step in differentiate(text, variable).root.walk()}
    for route in range(3):
        for text in ("tan(x)", "(2x)^3", "x*(x+1)", "x^2*x^3", "(sqrt(x))^2", "ln(e^x)", "log(2x, 3x)", "-sin(x)", "x/e^x", "(x+2)^1", "f(x, x^2)", "zeta(x)"):
            try:
                kinds |= {kind(step) for step in differentiate(text, "x", another_way=route).root.walk()}
            except RequestError:  # fewer ways than asked for
                break
    missing = [f"rules.{rule}.{part}" for rule in kinds for part in PARTS if not PHRASES.has(f"rules.{rule}.{part}")]
    assert missing == []


def test_every_rule_id_is_known() -> None:
    named = set(TABLE["rules"])
    finer = {"power", "exp", "exponential", "function", "apply", "opposite", "cancel_first", "root_of_square", "square_of_root", "log_of_exponential", "power_of_product", "unsolved"}
    assert named - finer <= set(RULES)
    assert set(RULES) - named == {"table"}  # the table speaks by the kind of its entry


def test_every_law_has_every_sentence() -> None:
    assert set(TABLE["laws"]) == set(LAWS)
    assert all(PHRASES.has(f"laws.{law}.{part}") for law in LAWS for part in ("heading", "reason"))


def test_every_remark_and_convention_has_a_sentence() -> None:
    for text in ("log(x)", "I*x", "2e-3", "sin^-1(x)"):
        for remark in understand(text).remarks:
            assert PHRASES.has(remark), remark
    for convention in fields(Conventions):
        assert PHRASES.has(f"read.{'reciprocal' if convention.name == 'inverse' else convention.name}"), convention.name


@pytest.mark.parametrize("key", ALL)
def test_tone(key: str) -> None:
    """Never "simply", "obviously", "just"; no exclamation marks; no praise."""
    text = re.sub(r"\{[{%].*?[%}]\}", "", ALL[key])
    assert not re.search(r"\b(simply|obviously|just|easy to see|clearly|trivially|well done|great)\b", text, re.IGNORECASE)
    assert "!" not in text


def everything(doc: Doc) -> Iterator[Any]:
    for block in doc.walk():
        match block:
            case Paragraph(phrase, _):
                yield from phrase
            case Section(heading, _, _, _):
                yield from heading
            case Maths(_, _, note):
                yield from note


@pytest.mark.parametrize(("text", "variable"), [probe[:2] for probe in PROBES])
@pytest.mark.parametrize("level", LEVELS)
def test_documents_hold_forms_and_words_only(text: str, variable: str, level: Any) -> None:
    for part in everything(explanation(differentiate(text, variable), level)):
        assert isinstance(part, (str, Form))
        if isinstance(part, str):
            assert "{{" not in part
            assert "None" not in part
            assert "□" not in part
        else:
            assert "□" not in part.free


def test_the_letters_of_layers_are_distinct() -> None:
    doc = explanation(differentiate("sin(cos(e^(x^2)))"))
    headings = [block.heading for block in doc.walk() if isinstance(block, Section) and block.rule == "chain"]
    letters = [next(str(part) for part in heading[2:] if isinstance(part, Form)) for heading in headings]
    assert letters == ["u", "v", "w"]


def test_a_shared_part_is_worked_out_once() -> None:
    doc = explanation(differentiate("sin(x^2)*e^(sin(x^2))"))
    lines = [str(block.form) for block in doc.walk() if isinstance(block, Maths)]
    assert sum(line.startswith("diff(sin(x^2), x) = cos(x^2)*diff") for line in lines) == 1
    assert any(isinstance(block, Paragraph) and "found above" in str(block.phrase) for block in doc.walk())


def test_the_typed_name_is_kept() -> None:
    typed = read("P(p) = -20p^2 + 200p - 300")
    doc = explanation(differentiate(typed), "normal", typed)
    assert str(doc.title[0]) == "P(p) = -20*p^2 + 200*p - 300"
    assert any("P'(p)" in str(block.form) for block in doc.walk() if isinstance(block, Maths))
