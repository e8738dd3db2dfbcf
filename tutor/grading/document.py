"""A verdict as a document and as JSON-ready data; the same for a working.

How the text was read, the verdict in words with a point where it shows, the question of each finding with the name of the mistake
behind it, remarks, and how the verdict is known. The right answer is not in it.

>>> from tutor.grading.check import check
>>> from tutor.exposition.data import plain
>>> doc = verdict_doc(check("cos(x^2)", derivative_of="sin(x^2)"))
>>> plain(doc.title), plain(doc.blocks[0].phrase)
('Read as: cos(x^2)', 'Not yet. At x = 1 yours is 0.5403, the right value is 1.081.')
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

from tutor.algebra.equal import Evidence
from tutor.errors import ReadError
from tutor.exposition.data import SCHEMA, plain, texts
from tutor.exposition.doc import Block, Doc, Maths, Paragraph, Phrase, Section
from tutor.exposition.phrases import PHRASES, listed
from tutor.exposition.readings import remarks
from tutor.form.numerals import Gaussian, number
from tutor.form.tree import Relation, Sym
from tutor.grading.verdict import Finding, Verdict
from tutor.grading.working import LineVerdict, Working

_WITNESS = "witness"
_LONG = 40
"""A witness with more digits than this is no help to a reader."""
say = PHRASES.say


@lru_cache(maxsize=1_024)
def name_of(mistake: str) -> str:
    """The name of a mistake in a few words; empty where it has none. Of two that explain an answer equally well, both names.

    >>> name_of("C1"), name_of("T1 or T2"), name_of("algebra.sign"), name_of("witness")
    ('inner derivative missing', 'cosine keeps plus or sine gains minus', 'sign lost', '')
    """
    keys = [next((key for key in (f"mistakes.{one}.name", f"working.{one}.name") if PHRASES.has(key)), "") for one in mistake.split(" or ")]
    return " or ".join(plain(say(key, {})) for key in keys) if all(keys) else ""


# -- one answer --------------------------------------------------------------------------------------


def verdict_doc(verdict: Verdict) -> Doc:
    """The document of a verdict."""
    title: Phrase = () if verdict.reading is None else (*say("verdict.read_as", {}), verdict.reading.form)
    return Doc(title, tuple(_verdict_blocks(verdict)))


def _verdict_blocks(verdict: Verdict, credited: bool = True) -> Iterator[Block]:
    yield from told(verdict, credited)
    known = known_by(verdict.evidence)
    if known and verdict.outcome != "undecided":
        yield Paragraph(known, "reason")


def told(verdict: Verdict, credited: bool = True) -> Iterator[Block]:
    """What is told a learner of a verdict, without how it is known."""
    if verdict.reading is not None:
        yield from remarks(verdict.reading)
    if verdict.fault is not None:
        yield from _fault_blocks(verdict.fault)
        yield Paragraph(say("verdict.free", {}), "remark")
        return
    witness = next((finding for finding in verdict.findings if finding.mistake == _WITNESS), None)
    yield Paragraph(_outcome(verdict, witness))
    yield from _questions(finding for finding in verdict.findings if finding is not witness and not _is_outcome(verdict, finding))
    yield from (Paragraph(remark.phrase, "remark") for remark in verdict.remarks)
    if credited and 0 < verdict.score < 1:
        yield Paragraph(say("verdict.score", {"percent": percent(verdict.score)}))


def _outcome(verdict: Verdict, witness: Finding | None) -> Phrase:
    first = next((finding for finding in verdict.findings if _is_outcome(verdict, finding)), None)
    if first is not None:
        ambiguous = first.mistake == "ambiguous"
        return (*say("verdict.ambiguous", {}), " ", *first.phrase) if ambiguous else first.phrase
    words = say(f"verdict.{verdict.outcome}", {})
    return words if witness is None else (*words, " ", *witness.phrase)


def _is_outcome(verdict: Verdict, finding: Finding) -> bool:
    """Whether a finding says itself why nothing was decided."""
    return verdict.outcome == "undecided" and finding is verdict.findings[0]


def _questions(findings: Iterator[Finding]) -> Iterator[Paragraph]:
    for finding in findings:
        name = name_of(finding.mistake)
        behind = say("verdict.named", {"name": name}) if name else ()
        yield Paragraph((*finding.phrase, *behind), "question" if finding.phrase and str(finding.phrase[-1]).endswith("?") else "text")


def _fault_blocks(fault: ReadError, number: int = 0) -> Iterator[Block]:
    """What is said of an unreadable answer or line where no caret can be shown."""
    sentence = "working.unreadable" if number else "verdict.unreadable"
    yield Paragraph(say(sentence, {"message": fault.message.rstrip("."), "number": number}), "warning")
    if fault.expected:
        yield Paragraph(say("verdict.expected", {"expected": fault.expected}))
    if fault.suggestion:
        yield Paragraph(say("verdict.suggestion", {"suggestion": fault.suggestion}))
    if fault.advice:
        yield Paragraph((fault.advice,))


def percent(score: float) -> str:
    """A score in percent, rounded to whole ones but never up to 100.

    >>> percent(0.5), percent(0.999)
    ('50', '99')
    """
    return str(min(round(100 * score), 99) if score < 1 else 100)


def known_by(evidence: Evidence) -> Phrase:
    """How a verdict is known, in a sentence; empty where nothing is known."""
    if evidence.equal is None:
        return ()
    point = _shown(evidence.witness)
    alone = evidence.method == "samples" and (not point if not evidence.equal else evidence.points <= 1)
    key = f"verdict.{'known' if evidence.equal else 'different'}.{evidence.method}{'_number' if alone else ''}"
    return say(key, {"count": evidence.points, "point": point}) if PHRASES.has(key) else ()


def _shown(point: Mapping[str, Fraction | Gaussian]) -> Phrase:
    if any(len(str(value)) > _LONG for value in point.values()):
        return ()
    return listed([Relation((Sym(name), number(value)), ("=",)) for name, value in sorted(point.items())])


def verdict_data(verdict: Verdict, typed: str) -> dict[str, Any]:
    """The fields of `tutor check --format json`."""
    return {
        "schema": SCHEMA,
        "input": typed,
        "reading": None if verdict.reading is None else str(verdict.reading.form),
        **_outcome_data(verdict),
    }


def _outcome_data(verdict: Verdict) -> dict[str, Any]:
    return {
        "outcome": verdict.outcome,
        "score": verdict.score,
        "findings": [_finding_data(finding) for finding in verdict.findings],
        "evidence": _evidence_data(verdict.evidence),
        "remarks": [
            *(_finding_data(Finding(key, say(key, {}))) for key in (verdict.reading.remarks if verdict.reading else ())),
            *(_finding_data(remark) for remark in verdict.remarks),
        ],
        "fault": None if verdict.fault is None else verdict.fault.data(),
    }


def _finding_data(finding: Finding) -> dict[str, Any]:
    step = None if finding.step is None else str(finding.step)
    return {"mistake": finding.mistake, "name": name_of(finding.mistake), "step": step, "message": finding.message}


def _evidence_data(evidence: Evidence) -> dict[str, Any]:
    return {
        "equal": evidence.equal,
        "method": evidence.method,
        "points": evidence.points,
        "witness": {name: str(value) for name, value in sorted(evidence.witness.items())},
        "text": plain(known_by(evidence)),
    }


# -- a working ---------------------------------------------------------------------------------------


def working_doc(working: Working) -> Doc:
    """The document of a working."""
    blocks = [block for line in working.lines for block in line_blocks(line, working)]
    return Doc(working_title(working), (*blocks, *goal_blocks(working)))


def working_title(working: Working) -> Phrase:
    """What the working is about."""
    function = working.question.function
    return say("working.title", {}) if function is None else say("working.title_for", {"function": function})


def line_blocks(line: LineVerdict, working: Working) -> tuple[Block, ...]:
    """What is said of one line; of an unreadable one without its caret."""
    if line.fault is not None:
        return (*_fault_blocks(line.fault, line.number), Paragraph(say("working.free", {}), "remark"))
    form = line.form or line.rounded[0]
    about = say("working.about", {"rounded": listed(line.rounded)}) if line.rounded and line.form is not None else ()
    if line.outcome not in ("wrong", "back"):
        said = say(f"working.{line.outcome}", {"number": line.number, "source": line.above})
        noted = Maths(form, note=(*said, "; ", *about) if about else said)
        return (noted, *_questions(iter(line.findings)))
    kind = "within" if line.outcome == "wrong" and line.above == line.number else line.outcome
    heading = say(f"working.heading_{kind}", {"number": line.number, "above": _above(line)})
    focus = line.side if line.side is not form and line.side in line.sides else None
    return (Section(heading, (Maths(form, focus, about), *_line_findings(line, working)), f"working.{line.outcome}"),)


def skipped(line: LineVerdict) -> Block:
    """That a line could not be read, where its caret is shown behind it."""
    return Paragraph(say("working.skipped", {"number": line.number}))


def _above(line: LineVerdict) -> Phrase:
    return say("working.line", {"number": line.above}) if line.above else say("working.question", {})


def _line_findings(line: LineVerdict, working: Working) -> Iterator[Block]:
    if line.side is not None and len(line.sides) > 2:
        yield Paragraph(say("working.side", {"side": line.side}))
    if line is working.first_wrong and 0 < line.above < line.number:
        yield Paragraph(say("working.so_far", {"number": line.above}))
    witness = [finding for finding in line.findings if finding.mistake == _WITNESS]
    yield from (Paragraph(finding.phrase) for finding in witness)
    yield from _questions(finding for finding in line.findings if finding not in witness)


def goal_blocks(working: Working) -> tuple[Block, ...]:
    """The verdict on the answer and the credit; what was said of the first wrong line is not said again."""
    goal = working.goal
    if goal.fault is not None:
        named = any(line.fault is goal.fault for line in working.lines)
        return (*(() if named else _fault_blocks(goal.fault)), Paragraph(say("verdict.free", {}), "remark"))
    first = working.first_wrong
    if any(goal.findings and finding is goal.findings[0] for line in working.lines for finding in line.findings):
        told: list[Block] = [Paragraph(say("verdict.ambiguous", {}))]
    elif first is not None and goal.outcome in ("wrong", "partly"):
        told = [Paragraph(say(f"verdict.{goal.outcome}", {}))]
    else:
        told = list(_verdict_blocks(goal, credited=False))
    head: tuple[Block, ...] = () if goal.reading is None else (Maths(goal.reading.form),)
    credit = "rule" if first is not None and working.score else "score"
    return (
        Section(say("working.goal", {}), (*head, *told), "working.goal"),
        Paragraph(say(f"working.{credit}", {"percent": percent(working.score)}), "reason" if credit == "rule" else "text"),
    )


def working_data(working: Working, typed: str) -> dict[str, Any]:
    """The fields of `tutor check-working --format json`."""
    first = working.first_wrong
    return {
        "schema": SCHEMA,
        "input": typed,
        "outcome": working.outcome,
        "score": working.score,
        "first_wrong": None if first is None else first.number,
        "lines": [_line_data(line) for line in working.lines],
        "goal": {"reading": None if working.goal.reading is None else str(working.goal.reading.form), **_outcome_data(working.goal)},
    }


def _line_data(line: LineVerdict) -> dict[str, Any]:
    return {
        "number": line.number,
        "text": line.text,
        "outcome": line.outcome,
        "sides": texts(line.sides),
        "rounded": texts(line.rounded),
        "side": None if line.side is None else str(line.side),
        "above": line.above,
        "credit": line.credit,
        "findings": [_finding_data(finding) for finding in line.findings],
        "evidence": _evidence_data(line.evidence),
        "fault": None if line.fault is None else line.fault.data(),
    }


__all__ = [
    "goal_blocks", "known_by", "line_blocks", "name_of", "percent", "skipped", "told", "verdict_data", "verdict_doc", "working_data", "working_doc",
    "working_title",
]  # fmt: skip
