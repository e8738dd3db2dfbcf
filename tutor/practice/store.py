"""The store: the log of answers in one SQLite file, appended in a transaction each, and never changed.

The file lies in the platform's folder for a user's data; the environment variable `TUTOR_HOME` names another folder. `opened` never raises:
where nothing can be saved, or later nothing more, the session goes on in memory, and `notices` say so.

- **A killed process** loses nothing that `append` acknowledged: write-ahead log, one transaction an answer. `synchronous=FULL` syncs each, so that
  a power cut does not either.
- **Two sessions at once** take turns: a writer waits up to five seconds for the other, which holds the file for milliseconds.
- **A full disk**: what could not be saved waits in memory, and every further answer tries again, and the end of the session.
- **A file that is deleted or renamed** while a session goes on is begun anew with the next answer.
- **A damaged file** is renamed and kept, what can be read of it goes to a new one. **A newer file**, or another program's, is left untouched.
- Triggers refuse to change or delete a row. The same record is never there twice: its digest is unique.

Source of what SQLite promises: sqlite.org/wal.html, sqlite.org/atomiccommit.html, sqlite.org/pragma.html#pragma_synchronous.

>>> from tutor.practice.records import Item
>>> from datetime import datetime, UTC
>>> answered = Answered(datetime(2026, 1, 5, tzinfo=UTC), "a", Item("chain-rule/one@7k.93f9f6", 0, ("chain-rule",), 1), "2x", "wrong", 0.0)
>>> store = MemoryStore()
>>> store.append(answered), store.append(answered), len(list(store.log()))
(None, None, 1)
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Protocol

from tutor.errors import RequestError
from tutor.practice.migrations import APPLICATION, SCHEMA, ForeignFile, NewerFile, migrated
from tutor.practice.records import Answered, answered_of, record
from tutor.practice.said import Said

FILE = "progress.sqlite"
_OURS = re.compile(r"progress(-damaged-[0-9T]+|-version-[0-9]+)?\.sqlite(-wal|-shm|-journal)?|history|shelf(-[0-9a-f]{8})?(\.json|-[0-9]+\.part)")
"""The names of what the tutor keeps in its folder: the log with its copies, the history of the prompt, the index of the exercises."""
_WAIT, _AGAIN = 5.0, 0.01
"""So many seconds a session waits for another one, and between two tries."""
_CHECKED = 32_000_000
"""Larger files are not read through when they are opened; damage shows when a page is read."""
_RECORD = re.compile(rb'(?s)(?=(.{16})(\{"attempt":[^\x00-\x1f]*?"when":"[^"]{1,40}"\}))')
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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
    return sha256(_json(record(answered)).encode()).digest()[:16]


def _json(data: Mapping[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _micros(when: datetime) -> int:
    return (when - _EPOCH) // timedelta(microseconds=1)


# -- in memory -----------------------------------------------------------------------------------------


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
        self._kept[name] = _json(data)

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


# -- in a file -----------------------------------------------------------------------------------------


class FileStore:
    """The log in a SQLite file. Its methods raise `sqlite3.Error`; `opened` gives a store that does not.

    Raises `NewerFile` and `ForeignFile` for files that are not to be touched.
    """

    def __init__(self, path: Path, readonly: bool = False) -> None:
        self.path = path
        self.readonly = readonly
        if readonly:
            self._db = _read_only(path)
            return
        self._db = sqlite3.connect(path, timeout=_WAIT, isolation_level=None)
        try:
            _prepared(self._db, path)
        except BaseException:
            self._db.close()
            raise
        self._identity = _identity(path)

    @property
    def there(self) -> bool:
        """Whether the open file is still the one at its path: somebody may have deleted or renamed it."""
        return self.readonly or _identity(self.path) == self._identity

    def append(self, answered: Answered) -> None:
        """Add an answer; when this returns, it is in the file. Raises `sqlite3.Error`."""
        self.append_all((answered,))

    def append_all(self, answers: Iterable[Answered]) -> int:
        """Add answers in one transaction; how many of them were new. Raises `sqlite3.Error`."""
        rows = [(_micros(one.when), one.session, digest(one), _json(record(one))) for one in answers]
        with self._writing():
            before = self._db.total_changes
            self._db.executemany("INSERT INTO answers (at, session, digest, record) VALUES (?, ?, ?, ?) ON CONFLICT (digest) DO NOTHING", rows)
            return self._db.total_changes - before

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """A transaction that takes its turn at its beginning; an error rolls it back."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                self._db.execute("ROLLBACK")
            raise

    def log(self) -> Iterator[Answered]:
        """All answers in the order of their times. Raises `sqlite3.Error`."""
        return self._read(-(2**63))

    def since(self, when: datetime) -> Iterator[Answered]:
        """The answers after a moment. Raises `sqlite3.Error`."""
        return self._read(_micros(when))

    def _read(self, after: int) -> Iterator[Answered]:
        """The answers after a time; a record that cannot be read is left out."""
        for (text,) in self._db.execute("SELECT record FROM answers WHERE at > ? ORDER BY at, number", (after,)):
            with suppress(RequestError, ValueError, TypeError):
                yield answered_of(json.loads(text))

    def count(self, until: datetime | None = None) -> int:
        """How many answers there are (up to a moment)."""
        last = 2**63 - 1 if until is None else _micros(until)
        return int(self._db.execute("SELECT count(*) FROM answers WHERE at <= ?", (last,)).fetchone()[0])

    def keep(self, name: str, data: Mapping[str, Any]) -> None:
        """Keep data under a name. Raises `sqlite3.Error`."""
        with self._writing():
            self._db.execute("INSERT INTO kept (name, data) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET data = excluded.data", (name, _json(data)))

    def kept(self, name: str) -> dict[str, Any] | None:
        """What is kept under a name; None also for what cannot be read. Raises `sqlite3.Error`."""
        row = self._db.execute("SELECT data FROM kept WHERE name = ?", (name,)).fetchone()
        try:
            found = None if row is None else json.loads(row[0])
        except (TypeError, ValueError):
            return None
        return found if isinstance(found, dict) else None

    def close(self) -> None:
        """Close the file."""
        self._db.close()


def _identity(path: Path) -> tuple[int, int] | None:
    """What tells a file from another one of the same name; None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _prepared(db: sqlite3.Connection, path: Path) -> None:
    """The settings of a connection, and the newest schema. Raises `sqlite3.Error`, `NewerFile`, `ForeignFile`."""
    _belongs(db, path)
    if path.stat().st_size <= _CHECKED and db.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        raise sqlite3.DatabaseError("malformed")
    _write_ahead(db)
    db.execute("PRAGMA synchronous = FULL")
    migrated(db, path)


def _write_ahead(db: sqlite3.Connection) -> None:
    """Switch to write-ahead logging. SQLite does not wait by itself for another process that does the same, or reads. Raises `sqlite3.Error`."""
    last = monotonic() + _WAIT
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or monotonic() >= last:
                raise
            sleep(_AGAIN)
        else:
            return


def _belongs(db: sqlite3.Connection, path: Path) -> None:
    """Raises `ForeignFile` and `NewerFile`; a file without any table is a new one. All is read at one moment: another process may just be making the file."""
    db.execute("BEGIN")
    try:
        version, program = (db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("user_version", "application_id"))
        tables = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    finally:
        with suppress(sqlite3.Error):
            db.execute("ROLLBACK")
    if program != APPLICATION and tables:
        raise ForeignFile(path)
    if program == APPLICATION and version > SCHEMA:
        raise NewerFile(path)


def _read_only(path: Path) -> sqlite3.Connection:
    """A connection that writes nothing, also where the folder cannot be written. Raises `sqlite3.Error`."""
    for query in ("mode=ro", "mode=ro&immutable=1"):
        db = sqlite3.connect(f"{path.absolute().as_uri()}?{query}", uri=True, timeout=_WAIT, isolation_level=None)
        try:
            _belongs(db, path)
            db.execute("SELECT count(*) FROM answers").fetchone()
        except sqlite3.OperationalError:
            db.close()
            if query != "mode=ro":
                raise
        else:
            return db
    raise AssertionError


# -- that never fails ----------------------------------------------------------------------------------


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
    foreign = tuple(path.name for path in where.glob("*.sqlite") if _OURS.fullmatch(path.name) and _is_foreign(path))
    return tuple(sorted(path for path in where.iterdir() if _OURS.fullmatch(path.name) and path.is_file() and not path.name.startswith(foreign)))


def _is_foreign(path: Path) -> bool:
    """Whether a file is another program's database. (The mark may still be in the write-ahead log: SQLite has to read it.)"""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=_WAIT)) as db:
            _belongs(db, path)
    except ForeignFile:
        return True
    except (sqlite3.Error, NewerFile):  # a damaged one, or a newer one
        return False
    return False


def delete(folder: Path | None = None) -> tuple[Path, ...]:
    """Delete everything of `files`; what was deleted. Close stores first. Raises `RequestError` for a file that cannot be deleted."""
    found = files(folder)
    for path in found:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise RequestError("delete", f"cannot delete {path}: {error.strerror or error}") from error
    return found


__all__ = ["FILE", "FileStore", "MemoryStore", "SafeStore", "Sitting", "Store", "delete", "digest", "files", "home", "opened", "sittings"]
