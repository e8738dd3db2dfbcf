"""An answer that stands in a variable of a notebook or a script: whatever a student put there gives a verdict, and nothing is raised.

>>> judged("2x", derivative_of="x^2").outcome, judged(12, "12").outcome, judged(None, "12").outcome, judged(lambda x: x, "12").outcome
('right', 'right', 'unreadable', 'unreadable')
"""

from __future__ import annotations

from typing import Any

from tutor.errors import ReadError
from tutor.grading.check import check
from tutor.grading.verdict import Verdict

_LONGEST = 100_000
_ADVICE = 'Give the answer itself, as a text such as "2x".'


def judged(answer: object, expected: Any = None, **asked: Any) -> Verdict:
    """The verdict of `tutor.check` on the value of a variable. Raises `ReadError` or `RequestError` only for a wrong call.

    A text is read as it is; a number, or an expression of another library, as it prints; of anything else it is said that it is no answer.
    """
    text = answer_text(answer)
    return check(text, expected, **asked) if isinstance(text, str) else Verdict("unreadable", 0.0, fault=text)


def answer_text(answer: object) -> str | ReadError:
    """The value as a text, or why it is none."""
    if isinstance(answer, str):
        return "".join(answer)  # a plain str, whatever class it was
    if answer is None or answer is ...:
        return ReadError("missing", "there is no answer", advice=_ADVICE)
    if isinstance(answer, bool) or callable(answer) or isinstance(answer, bytes | dict | set):
        return ReadError("type", f"a value of the type {type(answer).__name__[:40]} is no answer", advice=_ADVICE)
    try:
        text = str(answer)[:_LONGEST]
    except Exception as error:  # noqa: BLE001 (the object is the student's, and so is its code)
        return ReadError("type", f"the answer cannot be shown as a text ({type(error).__name__[:40]})", advice=_ADVICE)
    return "".join(text)


__all__ = ["answer_text", "judged"]
