"""The schema of the store, and how an older file becomes a newer one.

`MIGRATIONS[n]` leads from version n to n + 1; version 0 is an empty file. All steps that a file needs happen in one transaction, so a process
that dies in between leaves the old file. Before an older file with answers is changed, a copy of it is laid beside it.

>>> import sqlite3
>>> from pathlib import Path
>>> db = sqlite3.connect(":memory:", isolation_level=None)
>>> migrated(db, Path("progress.sqlite"))
>>> db.execute("PRAGMA user_version").fetchone()[0] == SCHEMA
True
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

APPLICATION = 0x63616C63
"""The tutor's mark in a SQLite header: calc."""


class ForeignFile(Exception):  # what it is, not that it fails
    """A file of another program."""


class NewerFile(Exception):
    """A file of a newer version of the tutor."""


def _first(db: sqlite3.Connection) -> None:
    """The log, which nobody changes, and what is kept by name. `at` is in microseconds since 1970."""
    for line in (
        "CREATE TABLE answers (number INTEGER PRIMARY KEY, at INTEGER NOT NULL, session TEXT NOT NULL, digest BLOB NOT NULL UNIQUE, record TEXT NOT NULL)",
        "CREATE INDEX answers_in_time ON answers (at, number)",
        "CREATE TRIGGER answers_are_not_changed BEFORE UPDATE ON answers BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END",
        "CREATE TRIGGER answers_are_not_deleted BEFORE DELETE ON answers BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END",
        "CREATE TABLE kept (name TEXT PRIMARY KEY, data TEXT NOT NULL)",
    ):
        db.execute(line)


Migration = Callable[[sqlite3.Connection], None]
MIGRATIONS: tuple[Migration, ...] = (_first,)
SCHEMA = len(MIGRATIONS)


def version_of(db: sqlite3.Connection) -> int:
    """The version of a file's schema."""
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def migrated(db: sqlite3.Connection, path: Path, steps: tuple[Migration, ...] = MIGRATIONS) -> None:
    """Bring an open file to the newest schema. Raises `sqlite3.Error` (the file is then as it was) and `NewerFile`."""
    version = version_of(db)
    if version == len(steps):
        return
    if version:
        _copied(db, path.with_name(f"{path.stem}-version-{version}{path.suffix}"))
    db.execute("BEGIN IMMEDIATE")
    try:
        version = version_of(db)  # another process may have been faster
        if version > len(steps):
            raise NewerFile(path)
        for step in steps[version:]:
            step(db)
        db.execute(f"PRAGMA application_id = {APPLICATION}")
        db.execute(f"PRAGMA user_version = {len(steps)}")
        db.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            db.execute("ROLLBACK")
        raise


def _copied(db: sqlite3.Connection, path: Path) -> None:
    """A copy of an open file."""
    with closing(sqlite3.connect(path)) as copy:
        db.backup(copy)


__all__ = ["APPLICATION", "MIGRATIONS", "SCHEMA", "ForeignFile", "Migration", "NewerFile", "migrated", "version_of"]
