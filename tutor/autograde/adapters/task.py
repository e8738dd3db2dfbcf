"""A graded task as all systems see it: its name, its points, the verdict. And what is said about it, in the media that systems show.

>>> from tutor.grading.check import check
>>> tasks = [Task("q1", 2, check("2x", "2x")), Task("q2", 3, check("(-6, 4)", gradient_of="100 - x^2 - 2y^2", at="x=3,y=1"))]
>>> total(tasks), most(tasks), share(tasks)
(3.5, 5.0, 0.7)
>>> print(tasks[0].feedback())
Read as: 2x
<BLANKLINE>
Right.
Known because it is written in the same form.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tutor.exposition.doc import Block, Doc, Paragraph, Section
from tutor.exposition.phrases import PHRASES
from tutor.grading.document import verdict_doc
from tutor.grading.verdict import Verdict

Medium = Literal["text", "markdown", "html"]
LONGEST = 20_000
"""Characters of feedback for one task: systems limit the size of a document."""
OPEN = ("unreadable", "undecided")
"""Outcomes that say nothing about the answer: it is not wrong."""
say = PHRASES.say


@dataclass(frozen=True)
class Task:
    """A task of a submission: its name, the points of a right answer, the verdict. Raises `RequestError` for points that are none."""

    name: str
    most: float
    verdict: Verdict

    def __post_init__(self) -> None:
        self.verdict.points(self.most)

    @property
    def points(self) -> float:
        """A plain float from 0 to `most`."""
        return self.verdict.points(self.most)

    @property
    def is_open(self) -> bool:
        """Whether nothing is said of the answer: it could not be read, or not decided."""
        return self.verdict.outcome in OPEN

    def feedback(self, medium: Medium = "text") -> str:
        """What is said to the student. Student text in it is escaped."""
        return written(_answered(self), medium)


def total(tasks: Sequence[Task]) -> float:
    """The points of all tasks, never more than there are.

    >>> from tutor.grading.verdict import Verdict
    >>> total([Task("a", 0.1, Verdict("right", 1.0)), Task("b", 0.2, Verdict("right", 1.0))])
    0.3
    """
    return round(min(float(sum(task.points for task in tasks)), most(tasks)), 9)


def most(tasks: Sequence[Task]) -> float:
    """The points that there are."""
    return round(float(sum(task.most for task in tasks)), 9)


def share(tasks: Sequence[Task]) -> float:
    """The share of the points, a plain float from 0 to 1; where no task has points, the mean of the scores."""
    if most(tasks) > 0:
        return min(total(tasks) / most(tasks), 1.0)
    scores = [task.verdict.points() for task in tasks]
    return min(sum(scores) / len(scores), 1.0) if scores else 0.0


def amount(points: float) -> str:
    """Points for a reader: as many digits as say something.

    >>> amount(2.0), amount(1 / 3), amount(2.9999)
    ('2', '0.33', '2.99')
    """
    short = f"{int(points * 100 + 1e-6) / 100:.2f}"
    return short.rstrip("0").rstrip(".")


def overview(tasks: Sequence[Task]) -> Doc:
    """All tasks on one page."""
    sections = (
        Section(say("autograde.task", {"name": task.name, "points": amount(task.points), "most": amount(task.most)}), _section(task), "task") for task in tasks
    )
    return Doc(say("autograde.total", {"points": amount(total(tasks)), "most": amount(most(tasks))}), tuple(sections))


def written(doc: Doc, medium: Medium) -> str:
    """A document as text in ASCII, as Markdown or as an HTML fragment with its style."""
    from tutor.render.html import fragment
    from tutor.render.markdown import markdown
    from tutor.render.text import plain

    found = {"text": plain, "markdown": markdown, "html": fragment}[medium](doc).rstrip("\n")
    if len(found) <= LONGEST:
        return found
    short = plain(doc)[:LONGEST]
    return short if medium == "text" else written(Doc((), (Paragraph((short[: LONGEST // 4],)),)), medium)


def _answered(task: Task) -> Doc:
    doc = verdict_doc(task.verdict)
    return Doc(doc.title, (*doc.blocks, *_person(task)))


def _section(task: Task) -> tuple[Block, ...]:
    doc = _answered(task)
    return (Paragraph(doc.title), *doc.blocks) if doc.title else doc.blocks


def _person(task: Task) -> tuple[Block, ...]:
    """An answer that was not decided is a matter for a person, and the student is told."""
    told = task.verdict.outcome == "undecided" and not any(finding.mistake == "ambiguous" for finding in task.verdict.findings)
    return (Paragraph(say("autograde.person", {}), "remark"),) if told else ()


__all__ = ["LONGEST", "OPEN", "Medium", "Task", "amount", "most", "overview", "share", "total", "written"]
