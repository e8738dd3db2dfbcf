"""What is known of one answer, as plain values that travel between processes and into files.

>>> from tutor.grading.check import check
>>> found = result_of(check("cos(x^2)", derivative_of="sin(x^2)"))
>>> found.outcome, found.finding, found.evidence[:17]
('wrong', 'witness;C1', 'different at x = ')
>>> found.feedback[:36]
'Not yet. At x = 1 yours is 0.5403, t'
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import NamedTuple

from tutor.exposition.data import plain
from tutor.exposition.doc import Paragraph
from tutor.exposition.phrases import PHRASES
from tutor.grading.document import told
from tutor.grading.verdict import Verdict

LONGEST_FEEDBACK = 2_000
_NAMED = 5
"""Questions of the key that are named where one is not among them."""
FIELDS = ("outcome", "score", "points", "finding", "feedback", "evidence")
"""The columns that grading adds."""
TIME = "time"
"""The column that is added when times are asked for: milliseconds."""


class Result(NamedTuple):
    """An answer's outcome, its score from 0 to 1, the ids of the findings, what is said to the learner, how it is known, and the seconds."""

    outcome: str
    score: float
    finding: str = ""
    feedback: str = ""
    evidence: str = ""
    seconds: float = 0.0


def result_of(verdict: Verdict) -> Result:
    """The result of a verdict."""
    said = " ".join(plain(block.phrase) for block in told(verdict) if isinstance(block, Paragraph))[:LONGEST_FEEDBACK]
    if verdict.fault is not None:
        return Result(verdict.outcome, float(verdict.score), f"unreadable.{verdict.fault.kind}", said)
    ids = ";".join(dict.fromkeys(finding.mistake for finding in (*verdict.findings, *verdict.remarks)))
    return Result(verdict.outcome, float(verdict.score), ids, said, "" if verdict.evidence.equal is None else str(verdict.evidence))


def not_graded(trouble: str, took: float = 0.0, **values: object) -> Result:
    """The result of a row that could not be graded: undecided, with the reason (in `bulk.yaml`); it is never called wrong.

    >>> not_graded("crash").feedback
    'Not graded: the process that graded the answer ended.'
    """
    return Result("undecided", 0.0, f"trouble.{trouble}", plain(PHRASES.say(f"bulk.trouble.{trouble}", values)), "", took)


def not_asked(question: str, known: Iterable[str]) -> Result:
    """The result of a row whose question the key does not have.

    >>> not_asked("Q1", ["q1", "q2"]).feedback
    'Not graded: the key has no question "Q1"; it has q1, q2.'
    """
    names = list(islice(known, _NAMED + 1))
    return not_graded("question", name=question[:60], known=", ".join(names if len(names) <= _NAMED else [*names[:_NAMED], "..."]))


__all__ = ["FIELDS", "TIME", "Result", "not_asked", "not_graded", "result_of"]
