"""Export and import of the log as JSON Lines: one record a line, the same data as `records.record`.

An import adds what is not there yet, in one transaction: to import twice is to import once.

>>> from datetime import datetime, UTC
>>> from tutor.practice.records import Item
>>> from tutor.practice.store import MemoryStore
>>> store = MemoryStore([Answered(datetime(2026, 1, 5, tzinfo=UTC), "a", Item("chain-rule/one@7k.93f9f6", 0, ("chain-rule",), 1), "2x", "wrong", 0.0)])
>>> lines = list(exported(store))
>>> list(read(lines))[0] == next(store.log())
True
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from tutor.errors import RequestError
from tutor.practice.records import Answered, answered_of, record


class _Log(Protocol):
    def log(self) -> Iterator[Answered]: ...


class _Adding(Protocol):
    def append_all(self, answers: Iterable[Answered]) -> int: ...


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: how many records there were, and how many of them were new."""

    read: int
    added: int


def exported(store: _Log) -> Iterator[str]:
    """The records of a store as lines, each with its line break."""
    return (json.dumps(record(one), ensure_ascii=False) + "\n" for one in store.log())


def read(lines: Iterable[str]) -> Iterator[Answered]:
    """The records in lines; blank lines are left out. Raises `RequestError` with the number of a line that holds none."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
            yield answered_of(data)
        except (RequestError, ValueError, RecursionError) as error:
            message = error.message if isinstance(error, RequestError) else f"this is no JSON: {error}"
            raise RequestError("import", f"line {number}: {message}", advice="Nothing was imported. Records are written by tutor progress --export.") from error


def imported(lines: Iterable[str], store: _Adding) -> Imported:
    """Add the records in lines to a store: all of them, or none. Raises `RequestError`."""
    found = list(read(lines))
    return Imported(len(found), store.append_all(found))


__all__ = ["Imported", "exported", "imported", "read"]
