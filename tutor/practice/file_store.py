"""The log of answers in one SQLite file, appended in a transaction each, and never changed.

- **A killed process** loses nothing that `append` acknowledged: write-ahead log, one transaction an answer. `synchronous=FULL` syncs each, so that
  a power cut does not either.
- **Two sessions at once** take turns: a writer waits up to five seconds for the other, which holds the file for milliseconds.
- Triggers refuse to change or delete a row. The same record is never there twice: its digest is unique.

Source of what SQLite promises: sqlite.org/wal.html, sqlite.org/atomiccommit.html, sqlite.org/pragma.html#pragma_synchronous.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from tutor.errors import RequestError
from tutor.practice.migrations import APPLICATION, SCHEMA, ForeignFile, NewerFile, migrated
from tutor.practice.records import Answered, answered_of, record
from tutor.practice.store import digest, json_text

_WAIT, _AGAIN = 5.0, 0.01
"""So many seconds a session waits for another one, and between two tries."""
_CHECKED = 32_000_000
"""Larger files are not read through when they are opened; damage shows when a page is read."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class FileStore:
    """The log in a SQLite file. Its methods raise `sqlite3.Error`; `tutor.practice.safe_store.opened` gives a store that does not.

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
        rows = [(_micros(one.when), one.session, digest(one), json_text(record(one))) for one in answers]
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
            self._db.execute("INSERT INTO kept (name, data) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET data = excluded.data", (name, json_text(data)))

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


def is_foreign(path: Path) -> bool:
    """Whether a file is another program's database. (The mark may still be in the write-ahead log: SQLite has to read it.)"""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=_WAIT)) as db:
            _belongs(db, path)
    except ForeignFile:
        return True
    except (sqlite3.Error, NewerFile):  # a damaged one, or a newer one
        return False
    return False


def _micros(when: datetime) -> int:
    return (when - _EPOCH) // timedelta(microseconds=1)


__all__ = ["FileStore", "is_foreign"]
