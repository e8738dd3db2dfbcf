"""What every medium says on a sheet in words, and how much room an answer gets.

>>> points(1), points(3)
('1 point', '3 points')
"""

from __future__ import annotations

from functools import lru_cache

from tutor.exposition.phrases import PHRASES
from tutor.worksheets.sheet import Item, Sheet


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


def room(sheet: Sheet, item: Item) -> int:
    """How many lines an answer gets: as the layout says, or more where a problem is harder."""
    if sheet.layout.space == "none":
        return 0
    wanted = sheet.layout.room
    return 2 + item.problem.family.difficulty if wanted is None else wanted


__all__ = ["points", "room", "score", "word"]
