"""CodeGrade: a "capture points" step reads a float from 0 to 1 out of what the step prints. (A "unit test" step reads JUnit XML: `junit.py`.)

The float stands on the last line, behind `score:`. The regular expression for the step is `PATTERN`; no line that quotes a student begins that way, because
feedback is indented.

>>> from tutor.grading.check import check
>>> text = output([Task("q1", 2, check("2x", "2x")), Task("q2", 1, check("x", "2x"))])
>>> text.splitlines()[-1]
'score: 0.666666667'
"""

from __future__ import annotations

from collections.abc import Sequence

from tutor.autograde.adapters.task import Task, overview, share, written

PATTERN = r"^score: ([01]\.\d+)$"


def output(tasks: Sequence[Task]) -> str:
    """What the step prints: the feedback, and the score behind it."""
    said = "\n".join(f"  {line}".rstrip() for line in written(overview(tasks), "text").splitlines())
    return f"{said}\n\nscore: {share(tasks):.9f}\n"


__all__ = ["PATTERN", "output"]
