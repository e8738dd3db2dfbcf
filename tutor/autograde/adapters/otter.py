"""otter-grader: a test case passes, or raises; a case has its own points.

Partial credit is made of several cases, each of which asks for a share of the credit:

    QUESTION = {"gradient_of": "100 - x^2 - 2y^2", "at": "x=3, y=1"}

    @test_case(points=1)
    def test_half(answer_2):
        credit(answer_2, 0.5, **QUESTION)

    @test_case(points=1)
    def test_all(answer_2):
        credit(answer_2, **QUESTION)

Otter shows the line of the test that raised: write what is expected on another line, as above, and the line does not give it away.

>>> credit("(-6, 4)", 0.5, gradient_of="100 - x^2 - 2y^2", at="x=3, y=1")
>>> credit("2*(x", expected="2x")
Traceback (most recent call last):
    ...
tutor.grading.verdict.UnreadableAnswer: unreadable: the bracket opened at column 3 is not closed. Did you mean 2*(x) ?
"""

from __future__ import annotations

from typing import Any

from tutor.autograde.adapters.cells import judged


def credit(answer: object, share: float = 1.0, expected: Any = None, **asked: Any) -> None:
    """For a test case. Raises `tutor.grading.verdict.NotRight`, an `AssertionError`, unless the answer earns at least this share of the credit.

    The other arguments are those of `tutor.check`.
    """
    verdict = judged(answer, expected, **asked)
    if not (0 < share <= verdict.score):
        verdict.raise_if_wrong()


__all__ = ["credit"]
