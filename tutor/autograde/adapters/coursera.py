"""Coursera: `feedback.json` with a fractional score, and beside it `htmlFeedback.html`, which the learner sees.

The format is that of https://github.com/coursera/programming-assignments-demo (custom graders, version 2). The score is a float and never a bool: true and
false are refused there.

>>> from tutor.grading.check import check
>>> feedback([Task("q1", 2, check("2x", "2x"))])
{'fractionalScore': 1.0, 'feedback': '2 of 2 points\\n\\nq1: 2 of 2 points\\n  Read as: 2x\\n  Right.\\n  Known because it is written in the same form.', 'feedbackType': 'HTML'}
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tutor.autograde.adapters.task import Task, overview, share, written


def feedback(tasks: Sequence[Task]) -> dict[str, Any]:
    """The document, ready for JSON."""
    return {"fractionalScore": share(tasks), "feedback": written(overview(tasks), "text"), "feedbackType": "HTML"}


def page(tasks: Sequence[Task]) -> str:
    """The page that belongs to it."""
    return written(overview(tasks), "html")


__all__ = ["feedback", "page"]
