"""What every medium says on a sheet in words, and how much room an answer gets.

>>> points(1), points(3)
('1 point', '3 points')
"""

from __future__ import annotations

from functools import lru_cache

from tutor.exposition.phrases import PHRASES
from tutor.problems.problem import Problem
from tutor.worksheets.sheet import Asked, Item, Sheet


class Once:
    """A problem that is equal to another one with the same id, so that what a medium makes of it can be kept."""

    __slots__ = ("problem",)

    def __init__(self, problem: Problem) -> None:
        self.problem = problem

    @property
    def item(self) -> Item:
        """The problem without its place on a sheet."""
        return Item(0, self.problem, ())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Once) and self.problem.id == other.problem.id

    def __hash__(self) -> int:
        return hash((self.problem.family.id, self.problem.rank))


@lru_cache(maxsize=1_000)
def word(key: str, **values: object) -> str:
    """A word or a few from `templates/phrases/en/worksheet.yaml`."""
    return "".join(map(str, PHRASES.say(f"worksheet.{key}", values)))


def points(count: int) -> str:
    """A number of points."""
    return word("points", n=count)


def score(sheet: Sheet) -> str:
    """What stands behind the line for the score."""
    return f"/ {sheet.total}" if sheet.total else ""


def room(sheet: Sheet, item: Item, asked: Asked) -> int:
    """How many lines an answer gets: as the layout says, or more where a problem is harder. A cross in a box needs none."""
    if sheet.layout.space == "none" or (asked.options and sheet.layout.room is None):
        return 0
    wanted = sheet.layout.room
    return 2 + item.problem.family.difficulty if wanted is None else wanted


__all__ = ["Once", "points", "room", "score", "word"]
