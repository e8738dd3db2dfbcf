"""Zeros as a document: the equation solved step by step, and which solutions count."""

from __future__ import annotations

from typing import Any

from tutor.calculus.optima.zeros import Zeros
from tutor.calculus.points import Point
from tutor.exposition import Level
from tutor.exposition.data import texts, working
from tutor.exposition.doc import Block, Doc, Maths, Paragraph
from tutor.exposition.names import equation, named
from tutor.exposition.phrases import PHRASES, listed
from tutor.exposition.topics.critical import is_zero_line, remark_blocks
from tutor.form.tree import ZERO, Form, Relation, Sym


def document(result: Zeros, level: Level = "normal", typed: Form | None = None, point: Point | None = None) -> Doc:  # noqa: ARG001 (all topics are called alike)
    """The equation, its solution, the places."""
    name = named(typed or result.function, result.function, result.variable)
    left = result.called if result.called is not None else name.written() if isinstance(typed, Relation) else None
    line = is_zero_line(result.function) if left is None else Relation((left, result.function, ZERO), ("=", "="))
    blocks: list[Block] = [Maths(line)]
    if level != "brief":
        blocks += remark_blocks(result.solved.remarks, level, [is_zero_line(result.function)]) if result.solved.by == "hand" else [Paragraph(PHRASES.say("critical.solver", {}))]
    every = [point[result.variable] for point in result.solved.points]
    if len(result.values) < len(every):
        places = listed([Relation((Sym(result.variable), value), ("=",)) for value in result.values])
        blocks.append(Paragraph(PHRASES.say("critical.allowed", {"places": places, "count": len(result.values), "conditions": listed(result.conditions)})))
    return Doc((equation(name, 0, result.function),), tuple(blocks))


def fields(result: Zeros, point: Point | None = None) -> dict[str, Any]:  # noqa: ARG001 (all topics are called alike)
    """The zeros with what proves them."""
    return {"variable": result.variable, "value": texts(result.values), **working(result)}


__all__ = ["document", "fields"]
