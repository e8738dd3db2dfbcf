"""Gradescope: `results.json` with a test for each task.

The format is that of https://gradescope-autograders.readthedocs.io/en/latest/specs/: scores are numbers, the total is their sum, and the outcome is a tag,
so that answers that could not be read or decided are found among those that are wrong.

>>> from tutor.grading.check import check
>>> found = results([Task("q1", 2, check("2*(x", "2x"))])
>>> found["score"], found["tests"][0]["status"], found["tests"][0]["tags"]
(0.0, 'failed', ['unreadable'])
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from tutor.autograde.adapters.task import Medium, Task, total

Visibility = Literal["visible", "hidden", "after_due_date", "after_published"]
_FORMATS: dict[Medium, str] = {"text": "text", "markdown": "md", "html": "html"}


def results(tasks: Sequence[Task], *, medium: Medium = "text", visibility: Visibility = "visible") -> dict[str, Any]:
    """The document, ready for JSON."""
    return {
        "score": total(tasks),
        "visibility": visibility,
        "tests": [
            {
                "name": task.name,
                "number": str(number),
                "score": task.points,
                "max_score": float(task.most),
                "status": "passed" if task.verdict.right else "failed",
                "output": task.feedback(medium),
                "output_format": _FORMATS[medium],
                "tags": [task.verdict.outcome],
                "visibility": visibility,
            }
            for number, task in enumerate(tasks, 1)
        ],
    }


__all__ = ["Visibility", "results"]
