"""Results as JSON-ready data, by a stable schema (see `docs/json.md`): what all topics share.

Every mathematical value is calculator text, which `read` takes back.

>>> from tutor.calculus.differentiate import differentiate
>>> found = body(differentiate("sin(x^2)"))
>>> found["proved"], found["steps"][0]["rule"], found["steps"][0]["after"]
(True, 'chain', '2*x*cos(x^2)')
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import Any

from tutor.algebra.equal import Evidence
from tutor.algebra.tidy import Rewrite
from tutor.calculus.audit import Audit
from tutor.calculus.conditions import needed
from tutor.calculus.differentiate import Derivation
from tutor.calculus.points import Point, Value
from tutor.calculus.tree import Step
from tutor.calculus.worked import Claim, Worked, conditions_of, distinct
from tutor.exposition.derivation import step_values
from tutor.exposition.doc import Phrase
from tutor.exposition.naming import Letters, kind
from tutor.exposition.phrases import PHRASES
from tutor.exposition.unwind import unwound
from tutor.form.reading import Reading
from tutor.form.tree import Form

_DEEPEST = 60
"""JSON nests no deeper than this, so that every reader can read it."""

SCHEMA = 1
"""Raised when a field changes its meaning or goes away; new fields do not raise it."""


def reading_data(reading: Reading) -> dict[str, Any]:
    """The fields of `tutor read --format json`."""
    return {
        **head(reading),
        "letters": sorted(reading.form.free),
        "remarks": [plain(PHRASES.say(remark, {})) for remark in reading.remarks],
        "alternatives": [{"reading": str(other.form), "convention": other.convention} for other in reading.alternatives],
    }


def head(reading: Reading) -> dict[str, Any]:
    """What every JSON begins with."""
    return {"schema": SCHEMA, "input": reading.text, "reading": str(reading.form)}


def working(result: Worked) -> dict[str, Any]:
    """What a result consists of: every derivation with its steps, every claim, and what is known of them."""
    claims = [{"statement": str(line.line.before), "reason": line.line.reason, **_evidence(line.evidence)}
              for audit in result.audits for line in audit.lines if isinstance(line.line, Claim)]  # fmt: skip
    return {
        "proved": result.proved,
        "confirmed": result.confirmed,
        "conditions": texts(conditions_of(result)),
        "derivations": [
            {"function": str(one.chain[0].function), "variables": [step.variable for step in one.chain], "value": str(one.value), **body(one)}
            for one in distinct(result.derivations)
        ],
        "claims": claims,
    }


def body(derivation: Derivation) -> dict[str, Any]:
    """A derivation's steps and what is known of them."""
    audit = derivation.audit
    return {
        "proved": audit.proved,
        "confirmed": audit.confirmed,
        "conditions": texts(derivation.conditions),
        "also": texts(line.after for line in derivation.also),
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


def texts(forms: Iterable[Form]) -> list[str]:
    """Forms as calculator text."""
    return [str(form) for form in forms]


def point_data(point: Point) -> dict[str, str]:
    """A point as its letters with their values."""
    return {name: str(value) for name, value in point.items()}


def value_data(value: Value) -> dict[str, Any]:
    """A value at a point, exact and as a decimal."""
    return {"exact": None if value.exact is None else str(value.exact), "decimal": value.decimal}


def plain(phrase: Phrase) -> str:
    """A phrase as one line of text, its mathematics as calculator text."""
    return "".join(str(part) for part in phrase)
