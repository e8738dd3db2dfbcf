"""What a grader says: an outcome, a score, findings, and how the verdict is known.

An answer that cannot be read is not wrong, and neither is one of which nothing is known: both are
outcomes of their own. A finding names a mistake by its id, the step where it happened, and says a
sentence that asks or offers a check; it never contains the answer.

>>> Verdict("right", 1.0).points(5), Verdict("wrong", 0.0).points(5)
(5.0, 0.0)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tutor.algebra.equal import UNDECIDED, Evidence
from tutor.errors import ReadError
from tutor.exposition.doc import Phrase
from tutor.form.reading import Reading
from tutor.form.tree import Form

Outcome = Literal["right", "partly", "wrong", "unreadable", "undecided"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to say about an answer.

    `mistake` is a stable id (of the catalogue of mistakes, or of a form requirement), `phrase` the sentence, `step` the
    part of the task where it happened, if that is known.
    """

    mistake: str
    phrase: Phrase
    step: Form | None = None

    @property
    def message(self) -> str:
        """The sentence as plain text."""
        return "".join(map(str, self.phrase))


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict on one answer; `score` is from 0 to 1.

    `reading` is how the answer was understood (None where it could not be read; then `fault` says why). `remarks` are
    about a right answer too: a domain that grew, an ambiguous text.
    """

    outcome: Outcome
    score: float
    findings: tuple[Finding, ...] = ()
    evidence: Evidence = UNDECIDED
    reading: Reading | None = None
    fault: ReadError | None = None
    remarks: tuple[Finding, ...] = ()

    def points(self, most: float = 1.0) -> float:
        """The score as points: a plain float from 0 to `most`."""
        return float(most) * self.score

    @property
    def right(self) -> bool:
        """Whether the whole answer is right."""
        return self.outcome == "right"

    def raise_if_wrong(self) -> None:
        """For tests. Raises `AssertionError` with the findings, unless the answer is right."""
        if not self.right:
            said = " ".join(finding.message for finding in self.findings)
            raise AssertionError(f"{self.outcome}: {said}" if said else self.outcome)
