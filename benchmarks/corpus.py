"""The published problems: read, explained, right, audited, and how long the final form is.

`python benchmarks/corpus.py [FOLDER OF corpora]`. Right means equal to the published answer at
samples inside the derivation's conditions. Every row that falls out of a count is named.
"""

from __future__ import annotations

import statistics
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from measure import Row, corpora, percentile, show
from probes import Problem, published

from tutor.algebra.equal import by_samples
from tutor.calculus.differentiate import Derivation, differentiate
from tutor.errors import TutorError
from tutor.form.reading import read

DECLARED = {"yx": ("yx",)}
"""Words that are one letter in the sources that they come from (nerdamer)."""


@dataclass(slots=True)
class Counts:
    """What was seen so far: how many of what, the lengths, and the rows that fell out."""

    found: Counter[str] = field(default_factory=Counter)
    lines: Counter[str] = field(default_factory=Counter)
    lengths: list[float] = field(default_factory=list)
    out: list[str] = field(default_factory=list)

    def miss(self, problem: Problem, what: str) -> None:
        self.out.append(f"{problem.name}: {problem.text}: {what}")


def tried(problem: Problem, counts: Counts) -> None:
    """One row: as far as it comes."""
    names = (*problem.wrt, *(name for word, names in DECLARED.items() if word in problem.text for name in names))
    try:
        form, key = read(problem.text, variables=names), read(problem.answer, variables=names)
    except TutorError as error:
        return counts.miss(problem, f"not read: {error}")
    counts.found["read"] += 1
    try:
        derivation = differentiate(form, problem.wrt)
    except TutorError as error:
        return counts.miss(problem, f"not explained: {error}")
    unknown = any(step.rule == "unknown" for one in derivation.chain for step in one.root.walk())
    counts.found["explained"] += not unknown
    if unknown:
        counts.miss(problem, "no rule known")
    equal = by_samples(derivation.value, key, derivation.conditions)
    counts.found["equal"] += equal.equal is True
    if equal.equal is not True:
        part = " (the published answer holds on a part of the domain)" if problem.part else ""
        counts.miss(problem, f"ours {derivation.value}, published {key}: {equal}{part}")
    counts.lengths.append(derivation.value.size / key.size)
    _audited(problem, derivation, counts)
    return None


def _audited(problem: Problem, derivation: Derivation, counts: Counts) -> None:
    for line in derivation.audit.lines:
        evidence = line.evidence
        kind = "proved" if evidence.proof else {True: "confirmed", False: "contradicted", None: "undecided"}[evidence.equal]
        counts.lines[kind] += 1
        if kind in ("contradicted", "undecided"):
            counts.miss(problem, f"{kind}: {line.line.before} -> {line.line.after}")
    counts.found["audited"] += all(line.evidence.equal is True for line in derivation.audit.lines)


def rows(arguments: Sequence[str] = ()) -> list[Row]:
    """The table's lines; none where there is no corpus."""
    folder = corpora(arguments)
    if folder is None:
        return []
    problems, counts = published(folder), Counts()
    for problem in problems:
        tried(problem, counts)
    for miss in counts.out:
        print(miss, file=sys.stderr)
    total = len(problems)
    lines = ", ".join(f"{counts.lines[kind]} {kind}" for kind in ("proved", "confirmed", "undecided", "contradicted"))
    tail = f"p95 {percentile(counts.lengths, 0.95):.2f}, most {max(counts.lengths):.2f}"
    return [
        Row("published problems read", f"{counts.found['read']} of {total}", "", "all"),
        Row("explained by rules", f"{counts.found['explained']} of {total}", "", "all"),
        Row("equal to the published answer", f"{counts.found['equal']} of {total}", f"{sum(p.part for p in problems)} answers hold on a part", "all"),
        Row("every line proved or confirmed", f"{counts.found['audited']} of {total}", lines, "all"),
        Row("nodes of our final form / of the published key, median", f"{statistics.median(counts.lengths):.2f} ×", tail, "≤ 1.25"),
    ]


if __name__ == "__main__":
    show(rows(sys.argv[1:]))
