"""What is kept of practice: one record an answer, appended and never changed.

Everything else that is known of a learner (mastery, ratings, when to review) is computed from these records in order, so
that a better model can be fitted to the same log later. Times are UTC, durations seconds.

>>> item = Item("chain-rule/one-layer@7k.93f9f6", 0, ("chain-rule",), 1)
>>> item.family
'chain-rule/one-layer'
>>> answered = Answered(datetime(2026, 1, 5, 9, 30, tzinfo=UTC), "a", item, "2x cos(x^2)", "right", 1.0)
>>> record(answered)["outcome"], answered_of(record(answered)) == answered
('right', True)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, get_args

from tutor.errors import RequestError

Outcome = Literal["right", "partly", "wrong", "unreadable", "undecided", "skipped", "shown", "undone"]
"""What a grader says, or that the learner skipped the question, asked for the worked solution, or took the answer before back."""


@dataclass(frozen=True, slots=True)
class Item:
    """A question that can be asked: the variant's id, which of its questions, and what it practises."""

    variant: str
    question: int
    skills: tuple[str, ...]
    difficulty: int

    @property
    def family(self) -> str:
        """The family's id."""
        return self.variant.partition("@")[0]


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer: when, in which session, to what, and how it went.

    `attempt` counts from 1; `hints` is how many were shown before it; `mistakes` are the ids of the findings.
    """

    when: datetime
    session: str
    item: Item
    reply: str
    outcome: Outcome
    score: float
    mistakes: tuple[str, ...] = ()
    attempt: int = 1
    hints: int = 0
    seconds: float = 0.0

    @property
    def counts(self) -> bool:
        """Whether it says something about the learner: an unreadable or undecided answer does not."""
        return self.outcome not in ("unreadable", "undecided", "undone")


def record(answered: Answered) -> dict[str, Any]:
    """The record as JSON-ready data."""
    item = answered.item
    return {
        "when": answered.when.astimezone(UTC).isoformat(), "session": answered.session, "variant": item.variant, "question": item.question,
        "skills": list(item.skills), "difficulty": item.difficulty, "reply": answered.reply, "outcome": answered.outcome, "score": answered.score,
        "mistakes": list(answered.mistakes), "attempt": answered.attempt, "hints": answered.hints, "seconds": answered.seconds,
    }  # fmt: skip


def answered_of(data: Mapping[str, Any]) -> Answered:
    """The record in JSON data. Raises `RequestError` for what is none."""
    try:
        when = datetime.fromisoformat(data["when"])
        item = Item(str(data["variant"]), int(data["question"]), tuple(map(str, data["skills"])), int(data["difficulty"]))
        answered = Answered(
            when, str(data["session"]), item, str(data["reply"]), data["outcome"], float(data["score"]),
            tuple(map(str, data["mistakes"])), int(data["attempt"]), int(data["hints"]), float(data["seconds"]),
        )  # fmt: skip
        _checked(answered, data)
        return answered
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise RequestError("record", f"this is no record of an answer: {error}", advice="Records are written by tutor progress --export.") from error


def _checked(answered: Answered, data: Mapping[str, Any]) -> None:
    """Raises `ValueError` for values that no answer has: a log may come from anywhere."""
    item = answered.item
    for holds, expected in (
        (answered.outcome in get_args(Outcome), "an outcome"),
        (answered.when.tzinfo is not None and 1970 < answered.when.year < 9000, "a time with its zone"),
        (isinstance(data["skills"], list) and isinstance(data["mistakes"], list) and bool(item.skills), "a list of skills and one of mistakes"),
        (1 <= item.difficulty <= 3 and item.question >= 0, "a question and its difficulty from 1 to 3"),
        (0 <= answered.score <= 1 and 0 <= answered.seconds < 1e9, "a score from 0 to 1, and seconds"),
        (1 <= answered.attempt < 1e6 and 0 <= answered.hints < 1e6, "the number of the attempt, and of hints"),
    ):  # fmt: skip
        if not holds:
            raise ValueError(f"{expected} was expected")


def standing(log: Iterable[Answered]) -> list[Answered]:
    """The records without those that were taken back: an `undone` one takes back the latest one of its session and question that counts.

    >>> item, now = Item("chain-rule/one-layer@7k.93f9f6", 0, ("chain-rule",), 1), datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
    >>> slip, back = Answered(now, "a", item, "2x", "wrong", 0.0), Answered(now, "a", item, "", "undone", 0.0)
    >>> standing([slip, slip, back]) == [slip]
    True
    """
    kept: list[Answered] = []
    for one in log:
        if one.outcome != "undone":
            kept.append(one)
            continue
        for place in range(len(kept) - 1, -1, -1):
            other = kept[place]
            if other.counts and (other.session, other.item.variant, other.item.question) == (one.session, one.item.variant, one.item.question):
                del kept[place]
                break
    return kept


__all__ = ["Answered", "Item", "Outcome", "answered_of", "record", "standing"]
