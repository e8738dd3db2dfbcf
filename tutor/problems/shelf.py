"""Documents about families: what there is, the report of the check, many variants on one page; and the start of a new file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from tutor.errors import RequestError, TutorError
from tutor.exposition.data import plain
from tutor.exposition.doc import Block, Doc, Paragraph, Phrase, Section, Table
from tutor.exposition.phrases import PHRASES
from tutor.problems import solution
from tutor.problems.blind import collisions
from tutor.problems.family import Family
from tutor.problems.library import topics
from tutor.problems.problem import Problem, problem_of
from tutor.problems.quality import Finding, Report
from tutor.problems.skills import SKILLS
from tutor.problems.source import SourceError

say = PHRASES.say
_POOL = 80


# -- what there is -------------------------------------------------------------------------------------


def listing(families: Sequence[Family]) -> Doc:
    """The families by the first skill that they practise, easy ones first."""
    if not families:
        return Doc(say("problem.listing", {}), (Paragraph(say("problem.none", {})),))
    levels, columns = PHRASES.words("problem.levels"), tuple((name,) for name in PHRASES.words("problem.columns"))
    wide = max(len(one.id) for one in families)
    blocks: list[Block] = []
    for skill, some in by_first_skill(families).items():
        rows = tuple(((one.id.ljust(wide),), (levels[one.difficulty - 1].ljust(5),), (one.title,)) for one in sorted(some, key=lambda one: (one.difficulty, one.id)))
        blocks.append(Section((f"{SKILLS[skill].title} ({skill})",), (Table(columns, rows),), "topic"))
    count = {"families": len(families), "variants": f"{sum(one.space.size for one in families):,}"}
    return Doc(say("problem.listing", {}), (*blocks, Paragraph(say("problem.counted", count))))


def by_first_skill(families: Iterable[Family]) -> dict[str, list[Family]]:
    """The families by the skill that they name first, in the order of the skills."""
    found: dict[str, list[Family]] = {name: [] for name in SKILLS}
    for family in families:
        found[family.skills[0]].append(family)
    return {name: some for name, some in found.items() if some}


def chosen(families: Sequence[Family], wanted: Sequence[str] = (), difficulty: tuple[int, int] = (1, 3)) -> list[Family]:
    """The families that practise one of the skills (or lie in a folder of that name), of some difficulty. Raises `RequestError` for an unknown name."""
    from difflib import get_close_matches

    folders = {one.topic for one in families}
    for name in wanted:
        if name not in SKILLS and name not in folders:
            near = get_close_matches(name, [*SKILLS, *folders], 1, 0.4)
            raise RequestError("topic", f"there is no topic {name!r}", advice=f"Did you mean {near[0]}?" if near else f"Topics: {', '.join(topics(families))}.")
    low, high = difficulty
    return [one for one in families if low <= one.difficulty <= high and (not wanted or set(wanted) & {*one.skills, one.topic})]


def listing_data(families: Sequence[Family], faults: Sequence[SourceError] = ()) -> dict[str, Any]:
    """The fields of `tutor exercises --format json`."""
    rows = [{
        "id": one.id, "title": one.title, "skills": list(one.skills), "difficulty": one.difficulty, "combinations": one.space.size,
        "questions": len(one.questions), "digest": one.digest,
    } for one in families]  # fmt: skip
    return {"schema": 1, "families": rows, "faults": [fault.data() for fault in faults]}


# -- the check -----------------------------------------------------------------------------------------


def report_doc(reports: Sequence[Report], faults: Sequence[TutorError], seconds: float) -> Doc:
    """A table of all families, then what was found."""
    wide = max((len(one.family) for one in reports), default=0)
    rows = [((one.family.ljust(wide),), (_looked_at(one),), (str(one.blind),), (str(len(one.findings)) if one.findings else plain(say("problem.fine", {})),)) for one in reports]
    header = tuple((name,) for name in PHRASES.words("problem.report_columns"))
    blocks: list[Block] = [Table(header, tuple(rows))] if rows else []
    blocks += [Section((one.family,), tuple(_finding(finding) for finding in one.findings), "findings") for one in reports if one.findings]
    blocks += [Paragraph((f"{getattr(fault, 'place', '')}: {fault.message}. {fault.advice}",), "warning") for fault in faults]
    slow = max(reports, key=lambda one: one.slowest[1], default=None)
    if slow is not None and slow.slowest[0]:
        blocks.append(Paragraph(say("problem.slowest", {"variant": slow.slowest[0], "time": f"{1000 * slow.slowest[1]:.0f}"})))
    found = sum(len(one.findings) for one in reports) + len(faults)
    total = {"families": len(reports), "variants": f"{sum(one.valid for one in reports):,}", "findings": found, "seconds": f"{seconds:.1f}"}
    blocks.append(Paragraph(say("problem.summary", total)))
    return Doc(say("problem.report", {"count": len(reports)}), tuple(blocks))


def _looked_at(report: Report) -> str:
    return f"{report.valid:,}" if report.complete else plain(say("problem.sampled", {"valid": f"{report.valid:,}", "combinations": f"{report.combinations:,}"}))


def _finding(finding: Finding) -> Section:
    where = f"{finding.question})  " if len(finding.question) == 1 else ""
    heading: Phrase = (f"{where}{finding.id}: {finding.sentence}",)
    if not finding.variant:
        return Section(heading, ())
    values = {"count": finding.count, "variant": finding.variant}
    return Section(heading, (Paragraph(say("problem.finding_in" if finding.count > 1 else "problem.finding_in_one", values)),))


def report_data(reports: Sequence[Report], faults: Sequence[TutorError], seconds: float) -> dict[str, Any]:
    """The fields of `tutor exercises check --format json`."""
    rows = [{
        "family": one.family, "combinations": one.combinations, "variants": one.valid, "complete": one.complete, "blind": one.blind,
        "findings": [{"id": finding.id, "question": finding.question, "variant": finding.variant, "count": finding.count, "sentence": finding.sentence} for finding in one.findings],
        "slowest": {"variant": one.slowest[0], "seconds": round(one.slowest[1], 6)}, "seconds": round(one.seconds, 3),
    } for one in reports]  # fmt: skip
    return {"schema": 1, "families": rows, "faults": [fault.data() for fault in faults], "seconds": round(seconds, 3)}


# -- many variants on one page ---------------------------------------------------------------------------


def varied(family: Family, count: int) -> list[Problem]:
    """Variants that differ as much as possible from each other, the pinned ones first. Raises `RequestError` where there is none."""
    pool = [problem_of(family, rank) for rank in (*family.pinned, *family.space.ranks(f"{family.id}/preview", _POOL)) if rank not in family.disabled]
    if not pool:
        raise RequestError("variant", f"no variant of {family.id} fulfils the constraints", advice="Loosen the constraints, or widen the parameters.")
    found = [pool[0]]
    rest = [one for one in pool if one.rank != pool[0].rank]
    while rest and len(found) < count:
        best = max(rest, key=lambda one: (min(_differences(one, other) for other in found), sum(_differences(one, other) for other in found)))
        found.append(best)
        rest = [one for one in rest if one.rank != best.rank]
    return found


def _differences(one: Problem, other: Problem) -> int:
    return sum(one.values[name] != other.values[name] for name in one.values)


def preview(family: Family, count: int = 6) -> Doc:
    """Statement, questions and results of some variants."""
    blocks: list[Block] = []
    for problem in varied(family, count):
        results = Section(say("problem.key", {}), solution.key(problem).blocks, "key")
        note = (Paragraph(("!  ", *_blind(problem)), "warning"),) if collisions(problem) else ()
        blocks.append(Section(say("problem.variant", {"id": problem.id}), (*note, *solution.statement(problem).blocks, results), "variant"))
    return Doc((family.title,), tuple(blocks))


def _blind(problem: Problem) -> Phrase:
    told = sorted(f"{chr(97 + k)}) {one}{f' and {other}' if other else ''}" for k, one, other in collisions(problem))
    return (f"blind: {', '.join(told[:4])}",)


# -- one problem -----------------------------------------------------------------------------------------


def problem_data(problem: Problem, solved: bool) -> dict[str, Any]:
    """The fields of `tutor problem --format json`; keys, hints and solution only where they are asked for."""
    questions: list[dict[str, Any]] = []
    for question in problem.questions:
        row: dict[str, Any] = {"ask": plain(question.ask), "unit": question.unit, "weight": question.weight, "shown": [plain(phrase) for block in question.shown for phrase in _phrases(block)]}
        if solved:
            row |= {"answer": plain(solution.value(question)), "hints": texts_of(question.hints), "interpretation": plain(question.interpretation)}
        questions.append(row)
    family = problem.family
    data = {"schema": 1, "id": problem.id, "family": family.id, "title": family.title, "skills": list(family.skills), "difficulty": family.difficulty,
            "statement": [plain(phrase) for block in problem.statement for phrase in _phrases(block)], "questions": questions}  # fmt: skip
    if solved:
        data["proved"] = all(audit.proved for audit in solution.audits(problem))
    return data


def texts_of(phrases: Iterable[Phrase]) -> list[str]:
    """Phrases as plain texts."""
    return [plain(phrase) for phrase in phrases]


def _phrases(block: Block) -> Iterable[Phrase]:
    match block:
        case Paragraph(phrase, _):
            yield phrase
        case Table(header, rows, _):
            for row in (header, *rows):
                yield tuple(part for cell in row for part in (*cell, " "))
        case Section(heading, inner, _, _):
            yield heading
            for one in inner:
                yield from _phrases(one)
        case _:
            yield (block.form, *(f"  {part}" if isinstance(part, str) else part for part in getattr(block, "note", ())))


__all__ = ["by_first_skill", "chosen", "listing", "listing_data", "preview", "problem_data", "report_data", "report_doc", "varied"]
