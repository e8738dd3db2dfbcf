"""GitHub Classroom: the result that a step of a workflow hands to the reporter, in Base64 (https://github.com/classroom-resources/autograding-grading-reporter).

The reporter adds up the scores of the tests. A test with partial credit has the status `fail` and its points.

>>> found = result([Record("q1", 1.0, 2.0, "partly", "Partly right.")])
>>> found["max_score"], found["tests"][0]["score"], found["tests"][0]["status"]
(2.0, 1.0, 'fail')
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Sequence
from typing import Any, NamedTuple

from tutor.autograde.adapters.task import Task


class Record(NamedTuple):
    """A graded task as plain values, as it travels between the processes of a test run."""

    name: str
    points: float
    most: float
    outcome: str
    feedback: str


def record(task: Task) -> Record:
    """The plain values of a task."""
    return Record(task.name, task.points, float(task.most), task.verdict.outcome, task.feedback())


def result(records: Sequence[Record]) -> dict[str, Any]:
    """The document, ready for JSON."""
    tests = [
        {"name": one.name, "status": "pass" if one.outcome == "right" else "error" if one.outcome in ("unreadable", "undecided") else "fail", "score": one.points, "message": one.feedback}
        for one in records
    ]
    status = "pass" if all(test["status"] == "pass" for test in tests) else "fail"
    return {"version": 1, "status": status, "max_score": round(sum(one.most for one in records), 9), "tests": tests}


def output(records: Sequence[Record]) -> str:
    """The line for the file that `GITHUB_OUTPUT` names."""
    return f"result={b64encode(json.dumps(result(records)).encode()).decode()}\n"


__all__ = ["Record", "output", "record", "result"]
