"""What a store of answers is, and one in memory.

The log of answers is append-only; what is known of a learner is worked out from it. `tutor.practice.file_store` keeps it in an SQLite file,
`tutor.practice.safe_store` opens that file and goes on in memory where it cannot be used.

>>> from datetime import UTC
>>> from tutor.practice.records import Item
>>> answered = Answered(datetime(2026, 1, 5, tzinfo=UTC), "a", Item("chain-rule/one@7k.93f9f6", 0, ("chain-rule",), 1), "2x", "wrong", 0.0)
>>> store = MemoryStore()
>>> store.append(answered), store.append(answered), len(list(store.log()))
(None, None, 1)
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

from tutor.practice.records import Answered, record
from tutor.practice.said import Said


class Store(Protocol):
    """Where answers are kept, and what a program wants to find again next time."""

    def append(self, answered: Answered) -> None:
        """Add an answer to the log. Never raises: where it cannot be saved, `notices` say so."""

    def log(self) -> Iterator[Answered]:
        """All answers in the order of their times."""

    def since(self, when: datetime) -> Iterator[Answered]:
        """The answers after a moment."""

    def count(self, until: datetime | None = None) -> int:
        """How many answers there are (up to a moment)."""

    def sessions(self) -> tuple[Sitting, ...]:
        """The sessions of the log, the oldest first."""

    def keep(self, name: str, data: Mapping[str, Any]) -> None:
        """Keep JSON-ready data under a name: an open session, a snapshot. It replaces what was there; the log does not depend on it."""

    def kept(self, name: str) -> dict[str, Any] | None:
        """What is kept under a name."""

    def notices(self) -> tuple[Said, ...]:
        """What is to be said about the store since the last call."""

    @property
    def saving(self) -> bool:
        """Whether everything that was appended is in a file."""

    def close(self) -> None:
        """Close the file."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """A session in the log: when it began and ended, how many answers it has, and how many of them are right."""

    id: str
    began: datetime
    ended: datetime
    answers: int
    right: int


def sittings(log: Iterable[Answered]) -> tuple[Sitting, ...]:
    """The sessions of a log."""
    found: dict[str, Sitting] = {}
    for one in log:
        before = found.get(one.session, Sitting(one.session, one.when, one.when, 0, 0))
        found[one.session] = Sitting(one.session, before.began, one.when, before.answers + 1, before.right + (one.outcome == "right"))
    return tuple(found.values())


def home() -> Path:
    """The folder of a user's data: `TUTOR_HOME`, or the platform's."""
    named = os.environ.get("TUTOR_HOME")
    if named:
        return Path(named).expanduser()
    from platformdirs import user_data_path

    return user_data_path("calculus-tutor", appauthor=False)


def digest(answered: Answered) -> bytes:
    """What makes a record the same record."""
    return sha256(json_text(record(answered)).encode()).digest()[:16]


def json_text(data: Mapping[str, Any]) -> str:
    """Data in the one way in which they are written."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class MemoryStore:
    """A store without a file: for tests, and for practice that is not to be saved."""

    def __init__(self, log: Iterable[Answered] = (), notices: Iterable[Said] = ()) -> None:
        self._log: dict[bytes, Answered] = {}
        self._kept: dict[str, str] = {}
        self._notices = list(notices)
        for one in log:
            self.append(one)

    def append(self, answered: Answered) -> None:
        """Add an answer; one that is there already changes nothing."""
        self._log.setdefault(digest(answered), answered)

    def log(self) -> Iterator[Answered]:
        """All answers in the order of their times."""
        return iter(sorted(self._log.values(), key=lambda one: one.when))

    def since(self, when: datetime) -> Iterator[Answered]:
        """The answers after a moment."""
        return (one for one in self.log() if one.when > when)

    def count(self, until: datetime | None = None) -> int:
        """How many answers there are (up to a moment)."""
        return len(self._log) if until is None else sum(one.when <= until for one in self._log.values())

    def sessions(self) -> tuple[Sitting, ...]:
        """The sessions of the log."""
        return sittings(self.log())

    def keep(self, name: str, data: Mapping[str, Any]) -> None:
        """Keep JSON-ready data under a name."""
        self._kept[name] = json_text(data)

    def kept(self, name: str) -> dict[str, Any] | None:
        """What is kept under a name."""
        found = self._kept.get(name)
        return None if found is None else json.loads(found)

    def notices(self) -> tuple[Said, ...]:
        """What is to be said, once."""
        said, self._notices = tuple(self._notices), []
        return said

    @property
    def saving(self) -> bool:
        """Nothing is in a file."""
        return False

    def close(self) -> None:
        """There is nothing to close."""


__all__ = ["MemoryStore", "Sitting", "Store", "digest", "home", "json_text", "sittings"]
