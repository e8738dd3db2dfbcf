"""PrairieLearn's external grader: `results.json` with a score from 0 to 1, and `gradable: false` for what is not wrong but cannot be graded.

The format is that of https://docs.prairielearn.com/externalGrading/. A submission that is not gradable costs no attempt, so nothing is said about its other
answers: else one bracket left open would buy their verdicts.

>>> from tutor.grading.check import check
>>> results([Task("q1", 1, check("2x", "2x")), Task("q2", 1, check("2*(x", "2x"))])["format_errors"]
['q2: This could not be read: the bracket opened at column 3 is not closed. Expected here: ). Did you mean 2*(x) ?']
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from tutor.autograde.adapters.task import Task, amount, most, share, total
from tutor.exposition.data import plain
from tutor.exposition.doc import Paragraph
from tutor.exposition.phrases import PHRASES
from tutor.grading.document import verdict_doc
from tutor.render.signs import visible

_LONGEST = 500
"""Characters of a complaint about an answer."""


def results(tasks: Sequence[Task]) -> dict[str, Any]:
    """The document, ready for JSON."""
    if any(task.is_open for task in tasks):
        return {"gradable": False, "message": plain(PHRASES.say("autograde.ungradable", {})), "format_errors": [_complaint(task) for task in tasks if task.is_open]}
    tests = [{"name": task.name, "points": task.points, "max_points": float(task.most), "output": task.feedback()} for task in tasks]
    message = plain(PHRASES.say("autograde.total", {"points": amount(total(tasks)), "most": amount(most(tasks))}))
    return {"gradable": True, "score": share(tasks), "message": message, "tests": tests}


def _complaint(task: Task) -> str:
    """Why an answer is not gradable. The page shows it as HTML, so it is escaped."""
    blocks = verdict_doc(task.verdict).blocks
    said = " ".join(plain(block.phrase) for block in blocks if isinstance(block, Paragraph) and block.role not in ("reason", "remark"))
    return escape(visible(f"{task.name}: {said}"[:_LONGEST]), quote=False)


__all__ = ["results"]
