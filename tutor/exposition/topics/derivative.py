"""One derivative: `tutor explain`."""

from __future__ import annotations

from typing import Any

from tutor.calculus.differentiate import Derivation
from tutor.calculus.points import Point, value_at
from tutor.exposition import Level
from tutor.exposition.data import body, point_data, value_data
from tutor.exposition.derivation import explanation
from tutor.exposition.doc import Doc
from tutor.form.tree import Form


def document(result: Derivation, level: Level = "normal", typed: Form | None = None, point: Point | None = None) -> Doc:
    """The steps, the result, and its value at a point."""
    return explanation(result, level, typed, point)


def fields(result: Derivation, point: Point | None = None) -> dict[str, Any]:
    """The fields of `tutor explain --format json`."""
    data: dict[str, Any] = {
        "variables": [one.variable for one in result.chain], "asked": list(result.asked), "order": result.order,
        "value": str(result.value), **body(result),
    }  # fmt: skip
    if point:
        data["at"] = {"point": point_data(point), **value_data(value_at(result.value, point))}
    return data
