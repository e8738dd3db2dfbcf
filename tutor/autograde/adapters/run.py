"""A submission graded with a key: the tasks in the order of the key.

Each answer is tried in a process that can be killed first (`tutor.autograde.isolated`); one that hangs, crashes or takes too much memory there is undecided,
with the reason. All others are then judged here, which gives the verdict with everything that can be said about it.

>>> from tutor.autograde.key import Source
>>> job = Job(Source("questions: {q1: {derivative_of: x^2, points: 2}, q2: {expected: '12'}}"))
>>> [(task.name, task.points, task.verdict.outcome) for task in graded(job, {"q1": "2x"})]
[('q1', 2.0, 'right'), ('q2', 0.0, 'unreadable')]
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from tutor.autograde.adapters.submission import read_answers
from tutor.autograde.adapters.task import Task
from tutor.autograde.isolated import Bench, Job
from tutor.autograde.key import Entry, read_key
from tutor.autograde.result import Result
from tutor.errors import ReadError
from tutor.grading.verdict import Finding, Verdict

_TROUBLE = "trouble."


def graded_submission(job: Job, path: Path) -> tuple[Task, ...]:
    """The tasks of a submission: a file of answers, or a folder with one. Raises `SourceError` for a key that cannot be used."""
    return graded(job, read_answers(path, tuple(read_key(job.key))))


def graded(job: Job, answers: Mapping[str, str] | ReadError) -> tuple[Task, ...]:
    """The tasks of a key with the verdicts on answers; a fault in all of them is a fault in each. Raises `SourceError` for a key that cannot be used."""
    key = read_key(job.key)
    if isinstance(answers, ReadError):
        fault = answers
        return tuple(Task(name, entry.points, Verdict("unreadable", 0.0, fault=fault)) for name, entry in key.items())
    given = {name: answers[name] for name in key if answers.get(name, "").strip()}
    with closing(Bench(job)) as bench:
        tried = dict(zip(given, bench.grade(list(given.items())), strict=True))
    return tuple(Task(name, entry.points, _verdict(entry, given.get(name), tried.get(name))) for name, entry in key.items())


def _verdict(entry: Entry, answer: str | None, tried: Result | None) -> Verdict:
    if answer is None or tried is None:
        return Verdict("unreadable", 0.0, fault=ReadError("missing", "there is no answer to this question"))
    if tried.finding.startswith(_TROUBLE):
        return Verdict("undecided", 0.0, (Finding(tried.finding, (tried.feedback,)),))
    return entry.judge(answer)


__all__ = ["graded", "graded_submission"]
