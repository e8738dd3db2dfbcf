"""The store that a session opens: the file where there is one that works, and memory for what it does not take.

The file lies in the platform's folder for a user's data; the environment variable `TUTOR_HOME` names another folder. `opened` never raises:
where nothing can be saved, or later nothing more, the session goes on in memory, and `notices` say so.

- **A full disk**: what could not be saved waits in memory, and every further answer tries again, and the end of the session.
- **A file that is deleted or renamed** while a session goes on is begun anew with the next answer.
- **A damaged file** is renamed and kept, what can be read of it goes to a new one. **A newer file**, or another program's, is left untouched.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tutor.errors import RequestError
from tutor.practice.file_store import FileStore, is_foreign
from tutor.practice.migrations import ForeignFile, NewerFile
from tutor.practice.records import Answered, answered_of
from tutor.practice.said import Said
from tutor.practice.store import MemoryStore, Sitting, digest, home, sittings

FILE = "progress.sqlite"
_OURS = re.compile(r"progress(-damaged-[0-9T]+|-version-[0-9]+)?\.sqlite(-wal|-shm|-journal)?|history|shelf(-[0-9a-f]{8})?(\.json|-[0-9]+\.part)")
"""The names of what the tutor keeps in its folder: the log with its copies, the history of the prompt, the index of the exercises."""
_RECORD = re.compile(rb'(?s)(?=(.{16})(\{"attempt":[^\x00-\x1f]*?"when":"[^"]{1,40}"\}))')


class SafeStore:
    """A file where there is one that works, and memory for what it does not take."""

    def __init__(self, file: FileStore | None, notices: Iterable[Said] = ()) -> None:
        self.file = file
        self._waiting = MemoryStore()
        self._failing = False
        self._notices = list(notices)

    @property
    def path(self) -> Path | None:
        """The file."""
        return None if self.file is None else self.file.path

    @property
    def saving(self) -> bool:
        """Whether everything that was appended is in a file."""
        return self._writable is not None and not self._waiting.count()

    @property
    def _writable(self) -> FileStore | None:
        """The file, where it can be written."""
        return None if self.file is None or self.file.readonly else self.file

    def append(self, answered: Answered) -> None:
        """Add an answer, and what waits from before. Where the file does not take it, it waits, and a notice says so."""
        self._waiting.append(answered)
        self._save()

    def _save(self) -> None:
        """Write what waits, if the file takes it."""
        if self.file is not None and not self.file.there:
            self._open_again(self.file)
        file, waited = self._writable, self._waiting.count()
        if file is None:
            return
        try:
            file.append_all(self._waiting.log())
        except sqlite3.Error as error:
            if not self._failing:
                self._notices.append(Said("practice.store.failing", {"reason": str(error)}))
            self._failing = True
            return
        self._waiting = MemoryStore()
        if self._failing:
            self._notices.append(Said("practice.store.again", {"count": waited}))
        self._failing = False

    def _open_again(self, file: FileStore) -> None:
        """The file of the same path, where the open one was deleted or renamed while the session went on."""
        file.close()
        found = opened(file.path.parent)
        self.file = found.file
        self._notices += found.notices()

    def append_all(self, answers: Iterable[Answered]) -> int:
        """Add many answers in one transaction; how many were new. Raises `RequestError` where they cannot be saved."""
        file = self._writable
        if file is None:
            raise RequestError("store", "nothing can be saved here", advice="Set TUTOR_HOME to a folder that can be written.")
        try:
            return file.append_all(answers)
        except sqlite3.Error as error:
            raise RequestError("store", f"the answers could not be saved: {error}", advice="Nothing was added.") from error

    def log(self) -> Iterator[Answered]:
        """All answers in the order of their times, those that wait for the file as well."""
        return self._joined(self._listed(self.file.log() if self.file else iter(())), self._waiting.log())

    def since(self, when: datetime) -> Iterator[Answered]:
        """The answers after a moment."""
        return self._joined(self._listed(self.file.since(when) if self.file else iter(())), self._waiting.since(when))

    def _listed(self, answers: Iterator[Answered]) -> Iterator[Answered]:
        """Answers up to a place where the file turns out to be damaged."""
        try:
            yield from answers
        except sqlite3.Error as error:
            self._notices.append(Said("practice.store.failing", {"reason": str(error)}))

    def _joined(self, *logs: Iterator[Answered]) -> Iterator[Answered]:
        from heapq import merge

        return merge(*logs, key=lambda one: one.when)

    def count(self, until: datetime | None = None) -> int:
        """How many answers there are (up to a moment)."""
        try:
            return (self.file.count(until) if self.file else 0) + self._waiting.count(until)
        except sqlite3.Error:
            return self._waiting.count(until)

    def sessions(self) -> tuple[Sitting, ...]:
        """The sessions of the log."""
        return sittings(self.log())

    def keep(self, name: str, data: Mapping[str, Any]) -> None:
        """Keep data under a name; in memory where the file does not take it."""
        self._waiting.keep(name, data)
        file = self._writable
        if file is not None:
            with suppress(sqlite3.Error):
                file.keep(name, data)

    def kept(self, name: str) -> dict[str, Any] | None:
        """What is kept under a name."""
        found = self._waiting.kept(name)
        if found is None and self.file is not None:
            with suppress(sqlite3.Error):
                return self.file.kept(name)
        return found

    def notices(self) -> tuple[Said, ...]:
        """What is to be said, once."""
        said, self._notices = tuple(self._notices), []
        return said

    def close(self) -> None:
        """Try once more to save what waits, and close the file; a notice says how many answers could not be saved."""
        if self._waiting.count():
            self._save()
        if self._failing:
            self._notices.append(Said("practice.store.lost", {"count": self._waiting.count()}))
        if self.file is not None:
            self.file.close()


def opened(folder: Path | None = None) -> SafeStore:
    """The store in a folder (that of `home()`, if left out). Never raises: what is the matter is among its `notices`."""
    path = (home() if folder is None else folder) / FILE
    values = {"path": str(path)}
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return SafeStore(FileStore(path))
    except NewerFile:
        return SafeStore(None, (Said("practice.store.newer", values),))
    except ForeignFile:
        return SafeStore(None, (Said("practice.store.foreign", values),))
    except (OSError, sqlite3.OperationalError) as error:
        return _unwritable(path, error)
    except sqlite3.DatabaseError:
        return _renewed(path)


def _unwritable(path: Path, error: Exception) -> SafeStore:
    """What is there is read; nothing is saved."""
    values = {"path": str(path)}
    with suppress(OSError, sqlite3.Error, NewerFile, ForeignFile):
        if path.is_file():
            return SafeStore(FileStore(path, readonly=True), (Said("practice.store.readonly", values),))
    return SafeStore(None, (Said("practice.store.closed", {**values, "reason": str(getattr(error, "strerror", None) or error)}),))


def _renewed(path: Path) -> SafeStore:
    """A new file in the place of a damaged one, which is kept beside it, with the answers that can be read."""
    try:
        kept = _set_aside(path)
        found = _salvaged(kept)
        file = FileStore(path)
        file.append_all(found)
    except (OSError, sqlite3.Error) as error:
        return _unwritable(path, error)
    return SafeStore(file, (Said("practice.store.damaged", {"path": str(kept), "count": len(found)}),))


def _set_aside(path: Path) -> Path:
    """Rename a file with what belongs to it. Raises `OSError`."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    kept = path.with_name(f"{path.stem}-damaged-{stamp}{path.suffix}")
    path.rename(kept)
    for end in ("-wal", "-shm", "-journal"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + end).rename(kept.with_name(kept.name + end))
    return kept


def _salvaged(path: Path) -> list[Answered]:
    """The answers that can be found in a damaged file and its write-ahead log, page after page, whatever is wrong around them.

    A row ends with its digest and the record, so what was altered is not taken for a record.
    """
    found: dict[bytes, Answered] = {}
    for name in (path.name, f"{path.name}-wal"):
        with suppress(OSError):
            whole = path.with_name(name).read_bytes()
            for match in _RECORD.finditer(whole):
                with suppress(RequestError, ValueError):
                    one = answered_of(json.loads(match[2].decode()))
                    if digest(one) == match[1]:
                        found[match[1]] = one
    return sorted(found.values(), key=lambda one: one.when)


def files(folder: Path | None = None) -> tuple[Path, ...]:
    """Everything that the tutor keeps in its folder: the log with its copies, the history of the prompt, the index of the exercises.

    A database of another program is not among it, whatever its name is.
    """
    where = home() if folder is None else folder
    if not where.is_dir():
        return ()
    foreign = tuple(path.name for path in where.glob("*.sqlite") if _OURS.fullmatch(path.name) and is_foreign(path))
    return tuple(sorted(path for path in where.iterdir() if _OURS.fullmatch(path.name) and path.is_file() and not path.name.startswith(foreign)))


def delete(folder: Path | None = None) -> tuple[Path, ...]:
    """Delete everything of `files`; what was deleted. Close stores first. Raises `RequestError` for a file that cannot be deleted."""
    found = files(folder)
    for path in found:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise RequestError("delete", f"cannot delete {path}: {error.strerror or error}") from error
    return found


__all__ = ["FILE", "SafeStore", "delete", "files", "opened"]
