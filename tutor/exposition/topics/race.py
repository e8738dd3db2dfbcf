"""Several runs beside each other as a document: the values after the same number of steps, where each ends, what happens with each."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from tutor.exposition import Level
from tutor.exposition.columns import Column, cell, figures, tables, written
from tutor.exposition.data import working
from tutor.exposition.diagnosed import Together, diagnosis_of
from tutor.exposition.diagnosis import diagnosis_blocks
from tutor.exposition.doc import Block, Doc, Maths, Paragraph, Phrase, Section
from tutor.exposition.iterations import MOST_LETTERS, shown_rows
from tutor.exposition.objective import data_fields, gradient_blocks, name_of, objective_text, title
from tutor.exposition.phrases import PHRASES, listed
from tutor.exposition.places import point_phrase
from tutor.exposition.rule import rule_lines
from tutor.exposition.topics.descent import about, iterations_data, method_name
from tutor.form.numerals import number
from tutor.form.reading import read
from tutor.form.tree import Form, Relation, Sym

if TYPE_CHECKING:
    from tutor.calculus.points import Point
    from tutor.calculus.worked import Worked
    from tutor.descent.compare import Race
    from tutor.descent.trace import Trace
    from tutor.exposition.names import Name

say = PHRASES.say


def document(result: Race, level: Level = "normal", typed: Form | None = None, point: Point | None = None) -> Doc:  # noqa: ARG001
    """What is compared, the values side by side, where each ends, and what happens with each."""
    first = result.traces[0]
    name = name_of(first, typed)
    blocks: list[Block] = [Paragraph(_introduction(result))]
    if level != "brief":
        blocks += gradient_blocks(first, name, "brief" if level == "normal" else level)
    if level == "full" and result.varied == "method":
        blocks.append(Section(say("descent.race.rules", {}), tuple(_rules(result, name)), "rule"))
    blocks += _side_by_side(result, name, level)
    blocks.append(Section(say("descent.race.ends", {}), tuple(_ends(result, name)), "ends"))
    blocks += _lowest(result)
    if level != "brief":
        blocks.append(Section(say("descent.race.what", {}), tuple(_each(result)), "diagnosis"))
    if result.varied == "method" and len(result.traces) > 1:
        blocks.append(Paragraph(say("descent.race.lowest_note", {}), "reason"))
    return Doc(title(first, name), tuple(blocks))


def worked(result: Race) -> Worked:
    """Everything that the document states."""
    return Together((result, *map(diagnosis_of, result.traces)))


def _introduction(result: Race) -> Phrase:
    first = result.traces[0]
    start = point_phrase(dict(zip(first.letters, first.start, strict=True)))
    values = {"count": number(len(result.traces)), "start": start, "steps": number(max(trace.steps for trace in result.traces)), "method": method_name(first)}
    phrase = say(f"descent.race.{'methods' if result.varied == 'method' else 'rates'}", values)
    newton = result.varied == "method" and any(trace.method.name == "newton" for trace in result.traces) and len(result.traces) > 1
    return (*phrase, " ", *say("descent.race.newton", {})) if newton else phrase


def label_phrase(result: Race, place: int) -> Phrase:
    """The name of a run: a method's, or α = 0.1."""
    return (Relation((Sym("alpha"), read(result.labels[place])), ("=",)),) if result.varied == "rate" else (result.labels[place],)


def _rules(result: Race, name: Name) -> Iterator[Block]:
    for place, trace in enumerate(result.traces):
        lines = tuple(Maths(line.form) for line in rule_lines(trace, name))
        yield Section((*label_phrase(result, place), ": ", *method_name(trace)), lines, "method")


def _side_by_side(result: Race, name: Name, level: Level) -> Iterator[Section]:
    """The values of all runs after the same number of steps; of one letter also the places."""
    steps = max(trace.steps for trace in result.traces)
    numbers = shown_rows(steps, level)
    letters = result.traces[0].letters
    first = Column(("n",), tuple(("…",) if n is None else (number(n),) for n in numbers))
    value: Form = Sym(name.name)
    parts: list[tuple[str, dict[str, Form], str]] = [("value", {"value": value}, "values")]
    if len(letters) == 1:
        parts.insert(0, ("place", {"letter": Sym(letters[0])}, "points"))
    for key, values, what in parts:
        columns = [_column(label_phrase(result, k), trace, numbers, what) for k, trace in enumerate(result.traces)]
        yield Section(say(f"descent.race.{key}", values), tuple(tables(first, [[column] for column in columns])), what)


def _column(heading: Phrase, trace: Trace, numbers: Sequence[int | None], what: str) -> Column:
    there = [n for n in numbers if n is not None]
    array = trace.points[:, 0] if what == "points" else trace.values
    forms = iter(written([float(array[n]) if n <= trace.steps else None for n in there]))
    return Column(heading, tuple(() if n is None else cell(next(forms)) for n in numbers))


def _ends(result: Race, name: Name) -> Iterator[Block]:
    letters = result.traces[0].letters[:MOST_LETTERS]
    rate = result.varied == "rate"
    label = Column(say(f"descent.race.{'rate' if rate else 'method'}", {}), tuple((read(one),) if rate else (one,) for one in result.labels))
    rates = [trace.method.rate for trace in result.traces]
    own = [] if rate or len(set(rates)) == 1 else [Column(say("descent.race.rate", {}), tuple((one,) for one in rates))]
    columns = [
        *own,
        Column(say("descent.race.steps", {}), tuple((number(trace.steps),) for trace in result.traces)),
        *(_numbers((Sym(letter),), [float(trace.points[-1, k]) for trace in result.traces]) for k, letter in enumerate(letters)),
        _numbers((Sym(name.name),), [trace.last.value for trace in result.traces]),
        _numbers(say("descent.length", {}), [trace.last.length for trace in result.traces]),
    ]
    yield from tables(label, [columns])


def _numbers(heading: Phrase, values: Sequence[float]) -> Column:
    return Column(heading, tuple(map(cell, written(values))))


def _lowest(result: Race) -> Iterator[Block]:
    """Which run has come lowest."""
    values = [trace.last.value for trace in result.traces]
    known = [value for value in values if math.isfinite(value)]
    if len(known) < 2:
        return
    lowest = min(known)
    close = [k for k, value in enumerate(values) if math.isfinite(value) and value - lowest <= 1e-9 * max(1.0, abs(lowest))]
    shown = figures(min(values[k] for k in close))
    if len(close) == 1:
        yield Paragraph(say("descent.race.reached", {"label": label_phrase(result, close[0]), "value": shown}))
        return
    labels = [label_phrase(result, k) for k in close]
    together = listed([part for label in labels for part in label if isinstance(part, Form)]) if result.varied == "rate" else (", ".join(result.labels[k] for k in close),)
    yield Paragraph(say("descent.race.shared", {"labels": together, "value": shown}))


def _each(result: Race) -> Iterator[Section]:
    for place, trace in enumerate(result.traces):
        yield Section(label_phrase(result, place), diagnosis_blocks(diagnosis_of(trace), "brief"), "run")


def fields(result: Race, point: Point | None = None) -> dict[str, Any]:  # noqa: ARG001
    """The fields of `tutor descend --compare --format json`: every iterate of every run."""
    first = result.traces[0]
    return {
        "compared": result.varied, "objective": objective_text(first), **data_fields(first.objective), "letters": list(first.letters),
        "runs": [
            {"label": label, **_own(trace), "verdict": diagnosis_of(trace).kind, "steps": trace.steps, "stopped": trace.stopped, "iterations": iterations_data(trace)}
            for label, trace in zip(result.labels, result.traces, strict=True)
        ],
        **working(worked(result)),
    }  # fmt: skip


def _own(trace: Trace) -> dict[str, Any]:
    shared = ("objective", "data", "gradient", "letters")
    return {key: value for key, value in about(trace).items() if key not in shared}
