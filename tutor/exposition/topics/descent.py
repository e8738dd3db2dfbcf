"""A run of descent as a document: its gradient once in steps, the rule, a row an iterate, and what happened, in words and numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tutor.descent.exactly import ExactTrace
from tutor.descent.trace import Trace
from tutor.exposition import Level
from tutor.exposition.columns import figures
from tutor.exposition.data import texts, working
from tutor.exposition.diagnosed import Together, diagnosis_data, diagnosis_of
from tutor.exposition.diagnosis import diagnosis_blocks
from tutor.exposition.doc import Block, Doc, Maths, Paragraph, Phrase, Result, Section
from tutor.exposition.iterations import Rows, iteration_blocks
from tutor.exposition.names import Name
from tutor.exposition.objective import data_fields, data_of, gradient_blocks, name_of, objective_text, short_gradient, title
from tutor.exposition.phrases import PHRASES, listed
from tutor.exposition.places import point_phrase
from tutor.exposition.rule import (
    MOST_WRITTEN,
    Shown,
    batch_slopes,
    first_step,
    is_plain,
    is_reweighted,
    numbered,
    renaming,
    rule_lines,
    settings_shown,
)
from tutor.form.numerals import number
from tutor.form.tree import Apply, Form, Listing, Relation, Sym
from tutor.form.walk import nodes

if TYPE_CHECKING:
    from tutor.calculus.points import Point
    from tutor.calculus.worked import Worked

say = PHRASES.say
_BY_LIBRARY = frozenset(("momentum", "nesterov", "adagrad", "rmsprop", "adam", "clip_norm"))
"""Stages that the two conventions write differently."""
_SYMBOLS = {name: Sym(name.rstrip("_")) for name in ("alpha", "eta", "lambda_", "gamma", "theta", "w")}
_LONGEST = 50
"""An exact result with more signs than this is given as a decimal."""


def document(result: Trace | ExactTrace, level: Level = "normal", typed: Form | None = None, point: Point | None = None) -> Doc:  # noqa: ARG001
    """The gradient, the rule, the iterations, and the diagnosis."""
    trace = _trace(result)
    name = name_of(trace, typed)
    blocks: list[Block] = [Paragraph(introduction(trace))]
    if level != "brief":
        blocks += gradient_blocks(trace, name, level)
        blocks += _rule(trace, name, level)
    else:
        blocks += short_gradient(trace, name)
    blocks += iteration_blocks(Rows(trace, name, level, _exact(result)))
    blocks += _legend(trace, level)
    blocks += _ending(trace, name, result)
    blocks += diagnosis_blocks(diagnosis_of(trace), level)
    return Doc(title(trace, name), tuple(blocks))


def worked(result: Trace | ExactTrace) -> Worked:
    """Everything that the document states."""
    return Together((result, diagnosis_of(_trace(result))))


def _trace(result: Trace | ExactTrace) -> Trace:
    return result if isinstance(result, Trace) else result.trace


def _exact(result: Trace | ExactTrace) -> tuple[tuple[Fraction, ...], ...] | None:
    return None if isinstance(result, Trace) else result.points


def method_name(trace: Trace) -> Phrase:
    """Gradient descent, Adam, …; by the mirror step where that replaces plain descent."""
    stages = {stage.name for stage in trace.method.stages}
    return say(f"descent.method.{'mirror' if 'mirror' in stages and trace.method.name == 'gd' else trace.method.name}", {})


def introduction(trace: Trace) -> Phrase:
    """Which method, from where, how many steps, which rate."""
    start = point_phrase(dict(zip(trace.letters, trace.start, strict=True))) if len(trace.letters) <= MOST_WRITTEN * 2 else (Listing("tuple", trace.start[:3]), ", …")
    values = {
        "method": method_name(trace), "start": start, "extras": _extras(trace), "steps": number(trace.steps), "count": trace.steps, "rate": rate_phrase(trace),
    }  # fmt: skip
    return say("descent.intro", values)


def rate_phrase(trace: Trace) -> Phrase:
    """α = 0.1, or the schedule's formula."""
    rate = Relation((Sym("alpha"), trace.method.rate), ("=",))
    return say("descent.scheduled", {"rate": rate, "n": Sym("n")}) if trace.method.rate.free else (rate,)


def _extras(trace: Trace) -> Phrase:
    """What else happens to the gradient or the point."""
    found: list[Phrase] = []
    for stage in trace.method.stages:
        if PHRASES.has(f"descent.with.{stage.name}"):
            settings = {key: Listing("tuple", value) if isinstance(value, tuple) else value for key, value in stage.settings.items()}
            found.append(say(f"descent.with.{stage.name}", {**settings, "point": Listing("tuple", tuple(map(Sym, trace.letters)))}))
    fit = data_of(trace.objective)
    if fit is not None and fit.temperature is not None:
        found.append(say("descent.with.reweighted", {"temperature": fit.temperature}))
    if batch_slopes(trace) is not None:
        found.append(say("descent.with.batch", {}))
    return tuple(part for k, phrase in enumerate(found) for part in ((", ", *phrase) if k else phrase))


# -- gradient and rule ---------------------------------------------------------------------------------


def _rule(trace: Trace, name: Name, level: Level) -> Iterator[Block]:
    lines = rule_lines(trace, name)
    count = "one" if len(trace.letters) == 1 else "many"
    values = {"point": Sym(renaming(trace)["x"]), "letters": listed([Sym(letter) for letter in trace.letters])}
    blocks: list[Block] = [Paragraph(say(f"descent.rule.{'plain_' if is_plain(trace) else ''}{count}", values))]
    blocks += [Maths(line.form) for line in lines]
    blocks += [Paragraph(phrase) for phrase in _remarks(trace, [line.form for line in lines])]
    if level == "full":
        blocks.append(Paragraph(say("descent.rule.symbols", _SYMBOLS), "reason"))
    yield Section(say("descent.rule.heading", {}), tuple(blocks), "rule")
    yield from _first(trace, name, level)


def _remarks(trace: Trace, lines: list[Form]) -> Iterator[Phrase]:
    """What the signs of the rule mean."""
    names = renaming(trace)
    free = frozenset(letter for line in lines for letter in line.free)
    reductions = {node.name for line in lines for node in nodes(line) if isinstance(node, Apply) and node.name in ("norm", "sum", "threshold")}
    if reductions:
        yield say("descent.rule.reduced", {"names": sorted(reductions), "point": Sym(names["x"])})
    if trace.method.name == "newton" and len(trace.letters) > 1:
        yield say("descent.rule.hessian", {"H": Sym(names["H"])})
    memory = [(Sym(names[letter]), start) for stage in trace.method.stages for letter, start in stage.memory.items()]
    if memory:
        yield say("descent.rule.memory", {"letters": listed([letter for letter, _ in memory]), "many": len(memory) > 1, "start": memory[0][1]})
    if names["n"] in free:
        yield say("descent.rule.step", {"n": Sym(names["n"])})
    if is_reweighted(trace):
        yield say("descent.rule.reweighted", {"g": Sym(names["g"])})
    yield say("descent.rule.here", {"settings": listed(settings_shown(trace))})
    if any(stage.name in _BY_LIBRARY for stage in trace.method.stages):
        yield say("descent.rule.convention", {"library": say(f"descent.rule.libraries.{trace.method.convention}", {})})


def _first(trace: Trace, name: Name, level: Level) -> Iterator[Block]:
    """The first step with its numbers; at the full level with the reason for each line."""
    lines = first_step(trace, name)
    if not lines or (is_plain(trace) and level != "full"):
        return
    blocks: list[Block] = []
    said: tuple[str, str] | None = None
    for line in lines:
        if level == "full" and (line.stage, line.name) != said:
            blocks.append(Paragraph(say(f"descent.why.{line.stage}.{line.name}", {}), "reason"))
        said = (line.stage, line.name)
        blocks.append(Maths(line.form))
    yield Section(say("descent.first.lines" if level == "full" else "descent.first.heading", {}), tuple(blocks), "first")


# -- after the table -----------------------------------------------------------------------------------


def _legend(trace: Trace, level: Level) -> Iterator[Block]:
    if level == "brief" or not trace.steps:
        return
    phrases = [say(f"descent.legend.{'one' if len(trace.letters) == 1 else 'many'}", {})]
    names = renaming(trace)
    if (memory := [Sym(names[letter]) for stage in trace.method.stages for letter in stage.memory]) and len(trace.letters) <= MOST_WRITTEN:
        phrases.append(say("descent.legend.memory", {"letters": listed(memory)}))
    if batch_slopes(trace) is not None:
        phrases.append(say("descent.legend.batch", {}))
    phrases.append(say("descent.legend.rounded", {}))
    yield Paragraph(tuple(part for k, phrase in enumerate(phrases) for part in ((" ", *phrase) if k else phrase)), "remark")


def _ending(trace: Trace, name: Name, result: Trace | ExactTrace) -> Iterator[Block]:
    """Where it is in the end, and why it ended there."""
    if trace.stopped != "steps":
        role = "text" if trace.stopped == "tolerance" else "warning"
        yield Paragraph(say(f"descent.stopped.{trace.stopped}", {"steps": number(trace.steps), "count": trace.steps}), role)
    exact = _exact(result)
    numbers = [Shown(part) for part in (exact[-1] if exact is not None else trace.points[-1].tolist())]
    fractions = [] if exact is None else [number(part) for part in exact[-1]]
    if len(trace.letters) == 1 and fractions and numbers[0].is_rounded and fractions[0].size < 6 and len(str(fractions[0])) <= _LONGEST:
        yield Result(Relation((numbered(trace.letters[0], trace.steps), fractions[0], numbers[0].form), ("=", "~")))
    elif len(trace.letters) <= MOST_WRITTEN:
        yield Result(place(trace.letters, numbers, trace.steps))
    else:
        yield Result(Relation((name.written() if len(name.letters) <= MOST_WRITTEN else Sym(name.name), figures(trace.objective.value(*trace.points[-1].tolist()), 6)), ("~",)))


def place(letters: tuple[str, ...], numbers: list[Shown], n: int) -> Form:
    """x₂₀ ≈ 1.97694; (x₂₀, y₂₀) ≈ (0.0461169, 0.000109685)."""
    left = [numbered(letter, n) for letter in letters]
    right = [one.form for one in numbers]
    sign = "=" if all(_is_exact(one) for one in numbers) else "~"
    if len(letters) == 1:
        return Relation((left[0], right[0]), (sign,))
    return Relation((Listing("tuple", tuple(left)), Listing("tuple", tuple(right))), (sign,))


def _is_exact(one: Shown) -> bool:
    return not one.is_rounded or (isinstance(one.value, float) and one.value == 0)


# -- data ----------------------------------------------------------------------------------------------


def fields(result: Trace | ExactTrace, point: Point | None = None) -> dict[str, Any]:  # noqa: ARG001
    """The fields of `tutor descend --format json`: every iterate, with all digits."""
    trace = _trace(result)
    diagnosis = diagnosis_of(trace)
    return {
        **about(trace), "verdict": diagnosis.kind, "diagnosis": diagnosis_data(diagnosis), "steps": trace.steps, "stopped": trace.stopped,
        "iterations": iterations_data(result), **working(worked(result)),
    }  # fmt: skip


def about(trace: Trace) -> dict[str, Any]:
    """Method and objective."""
    gradient = trace.objective.gradient
    return {
        "method": trace.method.name, "convention": trace.method.convention, "rate": str(trace.method.rate),
        "settings": {key: texts(value) if isinstance(value, tuple) else str(value) for key, value in trace.method.settings.items()},
        "stages": [stage.name for stage in trace.method.stages],
        "objective": objective_text(trace), **data_fields(trace.objective), "gradient": None if gradient is None else texts(gradient.value),
        "letters": list(trace.letters), "start": {letter: str(value) for letter, value in zip(trace.letters, trace.start, strict=True)},
    }  # fmt: skip


def iterations_data(result: Trace | ExactTrace) -> list[dict[str, Any]]:
    """One record an iterate; numbers that are none are null."""
    trace = _trace(result)
    rows = zip(trace.points.tolist(), trace.gradients.tolist(), trace.values.tolist(), strict=True)
    found = [
        {"n": n, "point": place, "gradient": [_float(part) for part in slopes], "value": _float(value)} for n, (place, slopes, value) in enumerate(rows)
    ]  # fmt: skip
    if isinstance(result, ExactTrace):
        for row, exact in zip(found, result.rows(), strict=True):
            row["exact"] = exact
    return found


def _float(value: float) -> float | None:
    return value if math.isfinite(value) else None
