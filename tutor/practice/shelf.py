"""The shelf: an index of the families, with what each of their questions practises and which mistakes it can tell apart.

The index is read from a cache where a family's file has not changed, so a session starts without reading all files; what a family's questions tell is
worked out when it is first needed (a few milliseconds each).

>>> shelf = shelf_of()
>>> one = shelf.entry("power-rule/power-sums")
>>> one.difficulty, one.asks
(1, (('power-rule',), ('power-rule', 'derivative-at-point')))
>>> shelf.before("chain-rule"), {entry.topic for entry in shelf.about(["product-rule"]).entries} >= {"product-rule"}
(('power-rule',), True)
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tutor.errors import RequestError, TutorError
from tutor.practice.records import Item
from tutor.practice.tells import Told, tells, told_by
from tutor.problems.family import Family
from tutor.problems.library import Library
from tutor.problems.problem import Problem, problem_of, seeded
from tutor.problems.skills import SKILLS

_FORMAT = 1
_PROBLEMS = 64
_SHOWN_BY = {
    "derivative-at-point": ("@", "slope"), "optimum": ("argmax", "argmin", "maxima", "minima"), "stationary-points": ("stationary", "nature", "maxima", "minima", "argm"),
    "tangent-line": ("tangent",), "second-derivative": (", 2)", "nature", "bend"), "convexity": ("bend",), "saddle": ("saddles", "nature"), "find-the-error": ("error",),
}  # fmt: skip
"""Skills of a family that only some of its questions need, by what stands in the answer's line of these."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A family in the index; `asks` are the skills of each of its questions."""

    id: str
    title: str
    difficulty: int
    asks: tuple[tuple[str, ...], ...]
    digest: str

    @property
    def topic(self) -> str:
        """The first part of the id: the folder."""
        return self.id.partition("/")[0]

    @property
    def skills(self) -> frozenset[str]:
        """Everything that it practises."""
        return frozenset(skill for skills in self.asks for skill in skills)


class Shelf:
    """The families from which a session chooses. `whole` is the shelf of which this one is a part."""

    def __init__(self, entries: Iterable[Entry], library: Library, whole: Shelf | None = None, chosen: Collection[str] = ()) -> None:
        self.entries = tuple(entries)
        self.library = library
        self.whole = self if whole is None else whole
        self.chosen = frozenset(chosen)
        self._by_id = {entry.id: entry for entry in self.entries}
        self._families: dict[str, Family] = {} if whole is None else whole._families
        self._problems: dict[str, Problem] = {} if whole is None else whole._problems
        self._tells: dict[str, tuple[Told, ...]] = {} if whole is None else whole._tells
        self._told: dict[tuple[str, int], Told] = {} if whole is None else whole._told

    def entry(self, family: str) -> Entry | None:
        """A family's entry; None where it is not on this shelf."""
        return self._by_id.get(family)

    @cached_property
    def skills(self) -> tuple[str, ...]:
        """The skills that can be practised here, in their order: those that were chosen, else every question's first one."""
        here = self.chosen & SKILLS.keys() or {skills[0] for entry in self.entries for skills in entry.asks}
        return tuple(skill for skill in SKILLS if skill in here)

    def before(self, skill: str) -> tuple[str, ...]:
        """The nearest skills before this one that can be practised here."""
        found: dict[str, None] = {}
        for one in SKILLS[skill].after if skill in SKILLS else ():
            found |= dict.fromkeys((one,) if one in self.skills else self.before(one))
        return tuple(found)

    def about(self, topics: Collection[str], difficulty: tuple[int, int] = (1, 3)) -> Shelf:
        """The part of the shelf with these skills or folders. Raises `RequestError` for an unknown topic, and where nothing is left."""
        known = {*SKILLS, *(entry.topic for entry in self.entries)}
        for name in topics:
            if name not in known:
                raise RequestError("topic", f"there is no topic {name!r}", advice=_nearest(name, known))
        low, high = difficulty
        found = [one for one in self.entries if low <= one.difficulty <= high and (not topics or _is_about(one, topics))]
        if not found:
            raise RequestError("topic", "there is no exercise for this choice", advice="tutor exercises lists what there is.")
        return Shelf(found, self.library, self.whole, topics)

    def family(self, name: str) -> Family:
        """A family, read once. Raises `RequestError` and `SourceError`."""
        if name not in self._families:
            self._families[name] = self.library.family(name)
        return self._families[name]

    def fresh(self, entry: Entry, seed: int | str, avoid: Collection[str] = ()) -> Problem:
        """A variant of a family for a seed, if possible none of those to avoid. Raises `RequestError` and `SourceError`."""
        family = self.family(entry.id)
        problem = seeded(family, seed)
        for k in range(8):
            if problem.id not in avoid:
                break
            problem = seeded(family, f"{seed}/{k}")
        return self._kept(problem)

    def problem(self, variant: str) -> Problem:
        """The problem of an item's variant. Raises `RequestError` where the family has gone or changed since, and `SourceError`."""
        return self._problems.get(variant) or self._kept(self.library.problem(variant))

    def _kept(self, problem: Problem) -> Problem:
        while len(self._problems) >= _PROBLEMS:
            del self._problems[next(iter(self._problems))]
        return self._problems.setdefault(problem.id, problem)

    def tells(self, family: str) -> tuple[Told, ...]:
        """Which mistakes each question of a family shows and tells apart, from a fixed variant; nothing for a family that cannot be read."""
        if family not in self._tells:
            self._tells[family] = self._worked_out(family)
        return self._tells[family]

    def _worked_out(self, name: str) -> tuple[Told, ...]:
        try:
            family = self.family(name)
            return told_by(problem_of(family, family.space.seeded(f"{name}/reference/0")))
        except TutorError:
            return ()

    def told(self, item: Item) -> Told:
        """What an item's question tells with its own numbers; of a family that has changed, what it tells now."""
        key = item.variant, item.question
        if key not in self._told:
            try:
                self._told[key] = tells(self.problem(item.variant).questions[item.question])
            except (TutorError, IndexError):
                found = self.tells(item.family)
                self._told[key] = found[item.question] if item.question < len(found) else ()
        return self._told[key]


def _is_about(entry: Entry, topics: Collection[str]) -> bool:
    """Whether a family belongs to a topic: its folder, or the first skill of one of its questions."""
    return entry.topic in topics or any(skills[0] in topics for skills in entry.asks)


def _nearest(name: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, sorted(known), 1, 0.4)
    return f"Did you mean {near[0]}?" if near else "tutor exercises lists the topics."


# -- the index -----------------------------------------------------------------------------------------


def shelf_of(library: Library | None = None, cache: Path | None = None) -> Shelf:
    """The shelf of a library; families with an error are left out. `cache` is a file in which the index is found and kept, where that is possible."""
    library = library or Library()
    known = {} if cache is None else _cached(cache)
    rows: dict[str, dict[str, Any]] = {}
    read: dict[str, Family] = {}
    for name, path in library.files.items():
        stamp = _stamp(path)
        row = known.get(str(path))
        if row is None or row.get("stamp") != stamp:
            try:
                read[name] = library.family(name)
            except TutorError:
                row = {"stamp": stamp, "entry": None}
            else:
                row = {"stamp": stamp, "entry": asdict(entry_of(read[name]))}
        rows[str(path)] = row
    shelf = Shelf([entry for row in rows.values() if (entry := _entry(row["entry"])) is not None], library)
    shelf._families.update(read)
    if cache is not None and rows != known:
        _keep(cache, rows)
    return shelf


def entry_of(family: Family) -> Entry:
    """A family's entry in the index."""
    return Entry(family.id, family.title, family.difficulty, tuple(_asked(family, k) for k in range(len(family.questions))), family.digest)


def _asked(family: Family, number: int) -> tuple[str, ...]:
    """The skills of a question: the family's without those that its line evidently does not need."""
    question = family.questions[number]
    line = "error" if question.finds_error else question.answer
    found = tuple(skill for skill in family.skills if skill not in _SHOWN_BY or any(mark in line for mark in _SHOWN_BY[skill]))
    return found or family.skills


def _stamp(path: Path) -> list[int]:
    try:
        status = path.stat()
    except OSError:
        return []
    return [status.st_mtime_ns, status.st_size]


def _entry(data: dict[str, Any] | None) -> Entry | None:
    return None if data is None else Entry(data["id"], data["title"], data["difficulty"], tuple(map(tuple, data["asks"])), data["digest"])


def _cached(path: Path) -> dict[str, dict[str, Any]]:
    """The rows of a cache; none where it is not one."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["format"] == _FORMAT:
            rows: dict[str, dict[str, Any]] = data["rows"]
            for row in rows.values():
                _entry(row["entry"])
            return rows
    return {}


def _keep(path: Path, rows: dict[str, dict[str, Any]]) -> None:
    """Write a cache at once, so that nobody reads half of one; where that is impossible there is none."""
    part = path.with_name(f"{path.stem}-{os.getpid()}.part")
    with suppress(OSError):
        part.write_text(json.dumps({"format": _FORMAT, "rows": rows}), encoding="utf-8")
        part.replace(path)


__all__ = ["Entry", "Shelf", "entry_of", "shelf_of"]
