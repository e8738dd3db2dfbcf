"""What a grader says: an outcome, a score, findings, and how the verdict is known.

An answer that cannot be read is not wrong, and neither is one of which nothing is known: both are
outcomes of their own. A finding names a mistake by its id, the step where it happened, and says a
sentence that asks or offers a check; it never contains the answer.

>>> Verdict("right", 1.0).points(5), Verdict("wrong", 0.0).points(5)
(5.0, 0.0)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from numbers import Real
from typing import Any, Literal

from tutor.algebra.equal import UNDECIDED, Evidence
from tutor.errors import ReadError, RequestError
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


Findings = tuple[Finding, ...] | Callable[[], tuple[Finding, ...]]
"""Findings, or how they are found."""


class Judged:
    """What has findings and remarks: `said` and `noted` hold them, or look for them when somebody asks.

    To name a mistake takes longer than to see that there is one.
    """

    said: Findings
    noted: Findings

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What there is to say about an answer that is not right."""
        return self.said() if callable(self.said) else self.said

    @cached_property
    def remarks(self) -> tuple[Finding, ...]:
        """What there is to say about a right answer too: a domain that grew, a power that was taken as a root."""
        return self.noted() if callable(self.noted) else self.noted

    def __getstate__(self) -> dict[str, Any]:
        kept = {name: value for name, value in self.__dict__.items() if name not in ("findings", "remarks")}
        return {**kept, "said": self.findings, "noted": self.remarks}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Judged) and type(self) is type(other) and self.__getstate__() == other.__getstate__()

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True, eq=False)
class Verdict(Judged):
    """The verdict on one answer; `score` is from 0 to 1, `findings` and `remarks` say what there is to say about it.

    `reading` is how the answer was understood (None where it could not be read; then `fault` says why).
    """

    outcome: Outcome
    score: float
    said: Findings = field(default=(), repr=False)
    evidence: Evidence = UNDECIDED
    reading: Reading | None = None
    fault: ReadError | None = None
    noted: Findings = field(default=(), repr=False)

    def points(self, most: float = 1.0) -> float:
        """The score as points: a plain float from 0 to `most`, never a bool and never above it. Raises `RequestError` for a maximum that is none."""
        given: object = most  # whoever calls may not check types
        whole = float(given) if isinstance(given, Real) else -1.0
        if not 0 <= whole < float("inf"):
            raise RequestError("points", f"{most!r} is no number of points", advice="Give the points of a right answer, such as 5.")
        return min(max(whole * float(self.score), 0.0), whole)

    @property
    def right(self) -> bool:
        """Whether the whole answer is right."""
        return self.outcome == "right"

    def raise_if_wrong(self) -> None:
        """For tests. Raises `WrongAnswer`, `UnreadableAnswer` or `UndecidedAnswer`, each an `AssertionError`, unless the answer is right.

        >>> Verdict("undecided", 0.0).raise_if_wrong()
        Traceback (most recent call last):
            ...
        tutor.grading.verdict.UndecidedAnswer: undecided: it is neither called right nor wrong
        """
        __tracebackhide__ = True  # pytest shows the line that asked
        if not self.right:
            raise {"unreadable": UnreadableAnswer, "undecided": UndecidedAnswer}.get(self.outcome, WrongAnswer)(self._said())

    def _said(self) -> str:
        """What a test shows of an answer that is not right, in a line or two."""
        if self.fault is not None:
            return " ".join(filter(None, (f"{self.outcome}: {self.fault.message.rstrip('.')}.", self.fault.suggestion and f"Did you mean {self.fault.suggestion} ?", self.fault.advice)))
        said = " ".join(finding.message for finding in self.findings)
        read = "" if self.reading is None else f"\nRead as: {self.reading.form}"
        without = "undecided: it is neither called right nor wrong" if self.outcome == "undecided" else self.outcome
        return (f"{self.outcome}: {said}" if said else without) + read


class NotRight(AssertionError):
    """An answer that `Verdict.raise_if_wrong` does not let pass."""


class WrongAnswer(NotRight):
    """The answer is wrong, or right in part."""


class UnreadableAnswer(NotRight):
    """The answer could not be read: nothing is said of whether it is right."""


class UndecidedAnswer(NotRight):
    """Whether the answer is right could not be decided."""
