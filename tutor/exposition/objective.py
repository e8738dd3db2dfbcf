"""What a run makes small, as a heading, and its gradient in steps: of a written function each partial derivative, of data the chain rule for one row.

>>> from tutor.descent.run import descend
>>> trace = descend("x^2", start="x=1", rate="0.1", steps=1)
>>> [str(part) for part in title(trace, name_of(trace))]
['f(x) = x^2']
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tutor.exposition import Level
from tutor.exposition.data import plain
from tutor.exposition.derivation import board_blocks
from tutor.exposition.doc import Block, Maths, Paragraph, Phrase, Section
from tutor.exposition.names import Name, equation, named
from tutor.exposition.phrases import PHRASES
from tutor.form.numerals import number
from tutor.form.tree import Form, Relation, Sym

if TYPE_CHECKING:
    from tutor.descent.fit import Fit
    from tutor.descent.objective import Objective
    from tutor.descent.trace import Trace

say = PHRASES.say
_LONGEST = 80
"""Written-out losses and gradients with more nodes than this are not shown."""


def data_of(objective: Objective) -> Fit | None:
    """The objective, where it is a loss over data."""
    return objective if hasattr(objective, "table") else None  # type: ignore[return-value]


def name_of(trace: Trace, typed: Form | None = None) -> Name:
    """What the objective is called: as it was typed, else f of its letters; a loss over data is L."""
    formula = trace.objective.formula
    if formula is not None and data_of(trace.objective) is None:
        return named(typed if typed is not None else formula, formula, trace.letters[0])
    return Name(next(letter for letter in ("L", "J", "F") if letter not in trace.letters), trace.letters, len(trace.letters) > 1)


def title(trace: Trace, name: Name) -> Phrase:
    """f(x) = …, or of which loss over which data the mean is taken."""
    fit = data_of(trace.objective)
    if fit is None:
        formula = trace.objective.formula
        return (name.written(),) if formula is None else (equation(name, 0, formula),)
    values = {"left": name.written() if len(name.letters) <= 6 else Sym(name.name), "row": fit.row, "count": fit.rows, "rows": f"{fit.rows:,}", "source": fit.table.source, "penalty": fit.penalty or ""}
    return say("descent.data.title", values)


def objective_text(trace: Trace) -> str:
    """The function as calculator text, or the title of the loss."""
    if data_of(trace.objective) is None and trace.objective.formula is not None:
        return str(trace.objective.formula)
    return plain(title(trace, name_of(trace)))


def data_fields(objective: Objective) -> dict[str, Any]:
    """The data behind a loss; nothing for a written function."""
    fit = data_of(objective)
    if fit is None:
        return {}
    return {"data": {
        "source": fit.table.source, "rows": fit.rows, "target": fit.target, "model": str(fit.model), "loss": fit.loss.name,
        "l1": str(fit.l1), "l2": str(fit.l2), "temperature": None if fit.temperature is None else str(fit.temperature),
    }}  # fmt: skip


def gradient_blocks(trace: Trace, name: Name, level: Level) -> Iterator[Block]:
    """The derivation of each component, once."""
    fit = data_of(trace.objective)
    if fit is not None:
        yield Section(say("descent.gradient.data", {}), tuple(_data_gradient(fit, name, level)), "gradient")
    elif trace.objective.gradient is not None:
        heading = say("descent.gradient.one" if len(trace.letters) == 1 else "descent.gradient.many", {})
        partials = trace.objective.gradient.partials
        yield Section(heading, tuple(block for one in partials for block in board_blocks(one, name, level)), "gradient")


def short_gradient(trace: Trace, name: Name) -> Iterator[Block]:
    """The components without their steps."""
    fit = data_of(trace.objective)
    partials = trace.objective.gradient.partials if trace.objective.gradient is not None else ()
    if fit is not None and (not partials or any(one.value.size > _LONGEST for one in partials)):
        row = _row_name(fit)
        yield from (Maths(Relation((row.derivative((one.variable,)), one.value), ("=",))) for one in fit.partials)
        return
    yield from (Maths(Relation((name.derivative((one.variable,)), one.value), ("=",))) for one in partials)


def _row_name(fit: Fit) -> Name:
    return Name(next(letter for letter in ("l", "q", "r") if letter not in fit.row.free), tuple(sorted(fit.row.free)), partial=True)


def _data_gradient(fit: Fit, name: Name, level: Level) -> Iterator[Block]:
    """The loss of one row by each parameter; then the mean, where it can be written out."""
    row = _row_name(fit)
    yield Paragraph(say("descent.data.row", {"left": Sym(row.name)}))
    yield Maths(Relation((Sym(row.name), fit.row), ("=",)))
    for one in fit.partials:
        yield from board_blocks(one, row, level)
    yield Paragraph(say("descent.data.mean", {"count": number(fit.rows), "rows": f"{fit.rows:,}"}))
    if fit.penalty is not None:
        yield Paragraph(say("descent.data.penalty", {}))
        penalty = Name("P" if "P" not in fit.letters else "Q", fit.letters, partial=True)
        yield Maths(Relation((Sym(penalty.name), fit.penalty), ("=",)))
        yield from (Maths(Relation((penalty.derivative((one.variable,)), one.value), ("=",))) for one in fit.penalty_partials)
    if fit.temperature is not None:
        yield Paragraph(say("descent.data.temperature", {"temperature": fit.temperature}))
    written = fit.gradient
    if written is not None and all(one.value.size <= _LONGEST for one in written.partials):
        yield Paragraph(say("descent.data.written", {}))
        yield from (Maths(Relation((name.derivative((one.variable,)), one.value), ("=",))) for one in written.partials)


__all__ = ["data_fields", "data_of", "gradient_blocks", "name_of", "objective_text", "short_gradient", "title"]
