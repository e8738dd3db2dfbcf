"""A working judged line by line: each line against the one above it and against the question.

A line follows where it equals the line above it (the first one: the question). The first line that does not is marked, and the
mistake is looked for between those two: in the derivation tree where a derivative was taken, among the slips of algebra where
lines were rewritten. From there on lines are compared with the wrong one: what follows from it is right work on a wrong value.

Credit: every line that says something new is one part, and the answer is one. A line that follows earns its part, a wrong
one nothing. Work that follows from the first wrong line earns half of its part (follow-through, granted once); behind a second
wrong line nothing is earned until a line is right again. Lines that repeat, define a letter, are true by themselves or cannot
be read are no parts. A working without a wrong line and with the right answer earns all.

>>> found = check_working("f'(x) = 2x sin(3x) + x^2 cos(3x)\\n= x (2 sin(3x) + x cos(3x))", derivative_of="x^2 sin(3x)")
>>> [(line.number, line.outcome) for line in found.lines], found.goal.outcome, round(found.score, 2)
([(1, 'wrong'), (2, 'carried')], 'wrong', 0.17)
>>> [finding.mistake for finding in found.lines[0].findings]
['witness', 'T6']
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tutor.algebra.worker import Allowance
from tutor.errors import LimitError, RequestError
from tutor.form.tree import Form, Interval, Listing, Relation
from tutor.grading.asked import Asked, Place
from tutor.grading.check import judged
from tutor.grading.desk import CARRIED, Desk, LineVerdict
from tutor.grading.lines import pieces
from tutor.grading.question import Question, question
from tutor.grading.selection import select
from tutor.grading.verdict import Outcome, Verdict

PROOFS = 10.0
"""Seconds that the proofs of all lines may take together."""


@dataclass(frozen=True, slots=True)
class Working:
    """The verdict on a working: on each line that says something, and on the answer (`goal`); `score` is from 0 to 1."""

    lines: tuple[LineVerdict, ...]
    goal: Verdict
    score: float
    question: Question

    @property
    def first_wrong(self) -> LineVerdict | None:
        """The first line that does not follow."""
        return next((line for line in self.lines if line.outcome == "wrong"), None)

    @property
    def outcome(self) -> Outcome:
        """Right where every line follows and the answer is right; unreadable where nothing could be read."""
        if self.goal.outcome == "unreadable":
            return "unreadable"
        if self.goal.right and self.first_wrong is None:
            return "right"
        if self.first_wrong is None and self.goal.outcome == "undecided":
            return "undecided"
        return "partly" if self.score else "wrong"

    def points(self, most: float = 1.0) -> float:
        """The score as points: a plain float from 0 to `most`."""
        return float(most) * self.score


def check_working(
    text: str,
    expected: str | Form | None = None,
    *,
    derivative_of: str | Form | None = None,
    gradient_of: str | Form | None = None,
    wrt: str | Sequence[str] | None = None,
    order: int = 1,
    at: Place | None = None,
    variables: Iterable[str] = (),
    domain: str | Iterable[str] = (),
    **options: Any,
) -> Working:
    """The verdict on a working, a text of lines. `options` go to `check`, which judges the answer in the last line.

    Never raises on the text; raises `ReadError` or `RequestError` for a wrong call.

    >>> check_working("(x+1)^2 - x^2\\n= x^2 + 1 - x^2\\n= 1", "2x + 1").first_wrong.number
    2
    """
    call = Asked(
        expected, derivative_of, wrt, order, gradient_of, at=at, variables=frozenset(variables),
        domain=(domain,) if isinstance(domain, str) else tuple(domain), **options,
    )  # fmt: skip
    asked = _question(call)
    kind = select(call, asked)
    desk = Desk(asked, call.variables)
    try:
        found = pieces(text, call.variables)
    except LimitError as fault:
        return Working((), Verdict("unreadable", 0.0, fault=fault), 0.0, asked)
    with Allowance(PROOFS):
        lines = tuple(map(desk.line, found, (*found[1:], None)))
        goal = desk.goal(lines, lambda answer: judged(str(answer), kind, call.variables))
    return Working(lines, goal, _score(lines, goal), asked)


def _question(call: Asked) -> Question:
    """The question of a working. Raises `ReadError` and `RequestError` for one that makes no sense, or is not worked line by line."""
    if sum(one is not None for one in (call.expected, call.derivative_of, call.gradient_of)) != 1:
        raise RequestError("expected", "say what is asked for, in one way", advice="Give expected, derivative_of or gradient_of.")
    asked = question(call)
    if isinstance(asked.key, Relation | Interval) or (isinstance(asked.key, Listing) and asked.key.kind == "set"):
        raise RequestError("expected", "only expressions, derivatives and gradients are judged line by line", advice="Check the answer alone.")
    return asked


def _score(lines: Sequence[LineVerdict], goal: Verdict) -> float:
    if goal.right and all(line.outcome != "wrong" for line in lines):
        return 1.0
    credits = [line.credit for line in lines if line.credit is not None]
    return (sum(credits) + goal.score) / (len(credits) + 1)


__all__ = ["CARRIED", "LineVerdict", "Working", "check_working"]
