"""The families that these tests use, and nothing that travels with the tutor: their sheets do not change when the library grows."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tutor.problems.library import load
from tutor.worksheets.choose import Stock
from tutor.worksheets.plan import Plan, changed
from tutor.worksheets.sheet import Sheet, make

FOLDER = Path(__file__).parents[1] / "fixtures" / "families"


@cache
def stock() -> Stock:
    """The families of the fixtures."""
    return Stock([load(path, path.relative_to(FOLDER).with_suffix("").as_posix()) for path in sorted(FOLDER.rglob("*.yaml"))])


def plan(**options: str) -> Plan:
    """A plan from options as they are typed."""
    return changed(Plan(), **options)


def sheet(copy: str = "0", student: str = "", **options: str) -> Sheet:
    """A sheet of these families."""
    return make(plan(**options), stock(), copy, student)
