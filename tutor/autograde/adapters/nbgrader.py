"""nbgrader: the last value of a test cell is its points.

In nbgrader's `determine_grade` a last value that is no number (False, None, an object) gives full credit, anything on standard error, a warning
included, gives nothing, and a number above the points of the cell raises. `points` therefore returns a plain float from 0 to the points, and says what there is
to say on standard output. One answer a cell: sums of floats may come out above the points.

>>> points("(-6, 4)", 2, gradient_of="100 - x^2 - 2y^2", at="x=3, y=1", say=False)
1.0
"""

from __future__ import annotations

from typing import Any

from tutor.autograde.adapters.cells import judged
from tutor.autograde.adapters.task import Task


def points(answer: object, most: float, expected: Any = None, *, say: bool = True, **asked: Any) -> float:
    """The points of an answer, for the last line of a test cell; `say` prints the feedback. Raises only for a wrong call.

    The arguments behind `most`, which is what the cell gives, are those of `tutor.check`.
    """
    task = Task("", most, judged(answer, expected, **asked))
    if say:
        print(task.feedback())
    return task.points


__all__ = ["points"]
