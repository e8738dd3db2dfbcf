"""Answers with several entries, each of a kind of its own: which are right, and what each earns.

>>> from tutor import read
>>> from tutor.grading.kinds.number import Number
>>> found = judged((Number(read("-6")), Number(read("-4"))), (read("-6"), read("4")), (read("x"), read("y")))
>>> found.outcome, found.score, found.findings[0].message
('partly', 0.5, 'Right: entry x. Look again at entry y.')
"""

from __future__ import annotations

from collections.abc import Sequence

from tutor.errors import RequestError
from tutor.exposition.doc import Phrase
from tutor.exposition.phrases import PHRASES, listed
from tutor.form.tree import Form, Num
from tutor.grading.kinds.base import Judgement, Kind, graded, joint, said
from tutor.grading.verdict import Finding


def judged(kinds: Sequence[Kind], given: Sequence[Form], labels: Sequence[Form], weights: Sequence[float] = ()) -> Judgement:
    """The judgement on all entries together; what is open leaves the whole open."""
    parts = [kind.judge(form) for kind, form in zip(kinds, given, strict=True)]
    shares = shared_out(weights, len(parts))
    score = sum(part.score * share for part, share in zip(parts, shares, strict=True))
    score = 1.0 if all(part.outcome == "right" for part in parts) else min(score, 1.0)
    evidence = joint(part.evidence for part in parts)
    findings = _findings(parts, labels)
    remarks = tuple(dict.fromkeys(remark for part in parts for remark in part.remarks))
    if any(part.outcome == "undecided" for part in parts):
        return Judgement("undecided", 0.0, evidence, findings)
    return Judgement(graded(score), score, evidence, findings, remarks if score == 1 else ())


def shared_out(weights: Sequence[float], count: int) -> list[float]:
    """The weights as shares of 1; equal ones where none are given.

    >>> shared_out((), 4), shared_out((3, 1), 2)
    ([0.25, 0.25, 0.25, 0.25], [0.75, 0.25])
    """
    if not weights:
        return [1 / count] * count
    whole = float(sum(weights))
    return [float(weight) / whole for weight in weights]


def check_weights(weights: Sequence[float], count: int) -> tuple[float, ...]:
    """The weights of a call. Raises `RequestError` unless there is one not negative number an entry, and not only zeros."""
    found = tuple(float(weight) for weight in weights)
    if found and (len(found) != count or min(found) < 0 or not 0 < sum(found) < float("inf")):
        raise RequestError("weights", f"the weights do not fit {count} entries", advice="Give one positive number for each entry.")
    return found


def _findings(parts: Sequence[Judgement], labels: Sequence[Form]) -> tuple[Finding, ...]:
    """Which entries are right, then what is said of the others, each with its label."""
    good = [label for part, label in zip(parts, labels, strict=True) if part.outcome == "right"]
    rest = [(part, label) for part, label in zip(parts, labels, strict=True) if part.outcome != "right"]
    if not rest:
        return ()
    others = listed([label for _, label in rest])
    if good:
        first = said("entries", "entries_some", right=listed(good), good=len(good), rest=others, count=len(rest))
    elif len(parts) > 1:
        first = said("entries", "entries_none")
    else:
        return rest[0][0].findings
    places: dict[tuple[str, Phrase], list[Form]] = {}
    found: dict[tuple[str, Phrase], Finding] = {}
    for part, label in rest:
        for finding in part.findings:
            places.setdefault((finding.mistake, finding.phrase), []).append(label)
            found.setdefault((finding.mistake, finding.phrase), finding)
    return (first, *(_labelled(finding, places[key], len(parts)) for key, finding in found.items()))


def _labelled(finding: Finding, labels: Sequence[Form], count: int) -> Finding:
    """The finding with the entries to which it belongs: what is said of several is said once."""
    if count < 2:
        return finding
    phrase: Phrase = (*PHRASES.say("grade.entry", {"label": listed(labels), "count": len(labels)}), *finding.phrase)
    return Finding(finding.mistake, phrase, finding.step)


def numbered(count: int) -> tuple[Form, ...]:
    """1, 2, 3: the labels of entries that have no letters."""
    return tuple(Num(k + 1) for k in range(count))


__all__ = ["check_weights", "judged", "numbered", "shared_out"]
