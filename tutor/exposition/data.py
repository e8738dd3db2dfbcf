"""Derivations as JSON-ready data, by a stable schema (see `docs/json.md`).

Every mathematical value is calculator text, which `read` takes back.

>>> from tutor.calculus.differentiate import differentiate
>>> from tutor.form.reading import understand
>>> data = derivation_data(differentiate("sin(x^2)"), understand("sin(x^2)"))
>>> data["value"], data["proved"], data["steps"][0]["rule"]
('2*x*cos(x^2)', True, 'chain')
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from tutor.algebra.equal import Evidence
from tutor.algebra.tidy import Rewrite
from tutor.calculus.audit import Audit
from tutor.calculus.conditions import needed
from tutor.calculus.differentiate import Derivation
from tutor.calculus.gradient import Gradient, GradientAt
from tutor.calculus.points import Point, Value, value_at
from tutor.calculus.tree import Step
from tutor.exposition.derivation import step_values
from tutor.exposition.doc import Phrase
from tutor.exposition.naming import Letters, kind
from tutor.exposition.phrases import PHRASES
from tutor.exposition.unwind import unwound
from tutor.form.reading import Reading

_DEEPEST = 60
"""JSON nests no deeper than this, so that every reader can read it."""

SCHEMA = 1
"""Raised when a field changes its meaning or goes away; new fields do not raise it."""


def derivation_data(derivation: Derivation, reading: Reading, at: Point | None = None) -> dict[str, Any]:
    """The fields of `tutor explain --format json`."""
    audit = derivation.audit
    data: dict[str, Any] = {
        **_head(reading), "variables": [one.variable for one in derivation.chain], "order": derivation.order,
        "value": str(derivation.value), **_body(derivation, audit),
    }  # fmt: skip
    if at:
        data["at"] = {"point": _point(at), **_value(value_at(derivation.value, at))}
    return data


def gradient_data(gradient: Gradient, reading: Reading, here: GradientAt | None = None) -> dict[str, Any]:
    """The fields of `tutor gradient --format json`."""
    data: dict[str, Any] = {
        **_head(reading), "variables": list(gradient.variables), "value": [str(form) for form in gradient.value],
        "proved": gradient.proved,
        "partials": [
            {"variable": one.variable, "value": str(one.value), **_body(one, one.audit)} for one in gradient.partials
        ],
    }  # fmt: skip
    if here is not None:
        data["at"] = {
            "point": _point(here.point), "components": [_value(value) for value in here.components],
            "length": _value(here.length), "direction": None if here.direction is None else [_value(value) for value in here.direction],
        }  # fmt: skip
    return data


def reading_data(reading: Reading) -> dict[str, Any]:
    """The fields of `tutor read --format json`."""
    return {
        **_head(reading),
        "letters": sorted(reading.form.free),
        "remarks": [plain(PHRASES.say(remark, {})) for remark in reading.remarks],
        "alternatives": [{"reading": str(other.form), "convention": other.convention} for other in reading.alternatives],
    }


def _head(reading: Reading) -> dict[str, Any]:
    return {"schema": SCHEMA, "input": reading.text, "reading": str(reading.form)}


def _body(derivation: Derivation, audit: Audit) -> dict[str, Any]:
    return {
        "proved": audit.proved,
        "confirmed": audit.confirmed,
        "conditions": [str(condition) for condition in derivation.conditions],
        "also": [str(line.after) for line in derivation.also],
        "steps": [line for one in derivation.chain for line in _order(one, audit)],
    }


def _order(one: Derivation, audit: Audit) -> list[dict[str, Any]]:
    letters = Letters(one.function, one.variable)
    rules = unwound(_step(one.root, audit, letters, 0, 0, {}))
    return [*rules, *(_rewrite(line, audit) for line in one.algebra)]


def _step(
    step: Step, audit: Audit, letters: Letters, layer: int, depth: int, done: dict[int, dict[str, Any]]
) -> Generator[Any, Any, list[dict[str, Any]]]:
    """A step with those below it in `steps`; below `_DEEPEST` levels they stand behind it instead.

    One that was written already is repeated without what is below it.
    """
    if id(step) in done:
        return [{**done[id(step)], "steps": [], "repeated": True}]
    values = step_values(step, letters[layer])
    data: dict[str, Any] = {
        "rule": kind(step) if step.rewrite is not None else step.rule,
        "before": str(step.before),
        "after": str(step.after),
        "text": plain(PHRASES.say(f"rules.{kind(step)}.heading", values)),
        "pattern": str(step.pattern),
        "worked": str(step.worked),
        "variable": step.variable,
        "conditions": [str(condition) for condition in needed(step.conditions)],
        **_evidence(audit.of(step)),
    }
    if step.rewrite is not None:
        data["rewrite"] = {"before": str(step.rewrite.before), "after": str(step.rewrite.after), **_evidence(audit.of(step.rewrite))}
    done[id(step)] = data
    below: list[dict[str, Any]] = []
    for child in step.steps:
        below.extend((yield _step(child, audit, letters, layer + (step.rule == "chain"), depth + 1, done)))
    return [{**data, "steps": below}] if depth < _DEEPEST else [*below, {**data, "steps": []}]


def _rewrite(line: Rewrite, audit: Audit) -> dict[str, Any]:
    text = plain(PHRASES.say(f"laws.{line.law}.heading", {}))
    return {"rule": f"law.{line.law}", "before": str(line.before), "after": str(line.after), "text": text, **_evidence(audit.of(line)), "steps": []}


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {
        "proved": evidence.proof,
        "evidence": {"equal": evidence.equal, "method": evidence.method, "points": evidence.points},
    }


def _point(point: Point) -> dict[str, str]:
    return {name: str(value) for name, value in point.items()}


def _value(value: Value) -> dict[str, Any]:
    return {"exact": None if value.exact is None else str(value.exact), "decimal": value.decimal}


def plain(phrase: Phrase) -> str:
    """A phrase as one line of text, its mathematics as calculator text."""
    return "".join(str(part) for part in phrase)
