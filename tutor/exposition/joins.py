"""What happens at the joins of a piecewise function: do value and slope of both sides agree?"""

from __future__ import annotations

from collections.abc import Iterator

from tutor.calculus.rules.branches import boundary, smooth_at_join
from tutor.calculus.tree import Step
from tutor.exposition.doc import Paragraph
from tutor.exposition.phrases import PHRASES
from tutor.form.evaluate import evaluate
from tutor.form.numerals import number
from tutor.form.tree import Cases, Form, Relation, Sym


def join_notes(step: Step) -> Iterator[Paragraph]:
    """A sentence for each join of a piecewise step; none for any other step."""
    if not isinstance(step.before, Cases):
        return
    slopes = tuple(child.after for child in step.steps)
    for k, condition in enumerate(step.before.conditions):
        place = boundary(condition, step.variable)
        if place is None or k + 1 >= len(step.before.values):
            continue
        here = Relation((Sym(step.variable), _limit(condition, step.variable)), ("=",))
        if smooth_at_join(step.before, slopes, k, step.variable):
            values = {"place": here, "value": _number(step.before.values[k], place), "slope": _number(slopes[k], place)}
            yield Paragraph(PHRASES.say("text.joins_meet", values))
        else:
            yield Paragraph(PHRASES.say("text.joins_differ", {"place": here}), "condition")


def _limit(condition: Form, variable: str) -> Form:
    assert isinstance(condition, Relation)
    left, right = condition.operands
    return right if isinstance(left, Sym) and left.name == variable else left


def _number(form: Form, place: dict[str, float]) -> Form | str:
    value = evaluate(form, place)
    return number(int(value)) if value == int(value) else f"{value:.4g}"
