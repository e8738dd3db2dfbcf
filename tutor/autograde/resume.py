"""A result file that is whole or not there, and work that goes on where it stopped.

Rows are written beside the file's place (`graded.csv.part`), and every second a small journal (`graded.csv.journal`) says how many rows and
bytes of it are sure. What was written after that, or only in part, is cut off by whoever goes on: no row is written twice, none is lost,
even after the power went. The journal also knows of which submissions, key and settings the rows are; others are refused. In the end the
part is moved to its place.

>>> import tempfile
>>> with tempfile.TemporaryDirectory() as folder:
...     with Work(Path(folder) / "out.txt", "of these", force=False) as work:
...         work.write(b"one", 1)
...     with Work(Path(folder) / "out.txt", "of these", force=False) as work:
...         work.done, work.write(b" two", 1)
...         work.finish()
...     (Path(folder) / "out.txt").read_bytes()
(1, None)
b'one two'
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import IO, Self

from tutor.errors import RequestError

EVERY = 1.0
"""Seconds between two entries of the journal."""


class Work:
    """The part that is being written; to be used in a `with` statement. Raises `RequestError` where it cannot go on."""

    def __init__(self, out: Path, of: str, *, force: bool) -> None:
        self.out, self.of = out, of
        self.part, self.journal = out.with_name(f"{out.name}.part"), out.with_name(f"{out.name}.journal")
        self._refuse(force)
        self.done, self._size = (0, 0) if force else self._known()
        self._stream = self._opened()
        self.save()  # from here on the journal is of this work

    def _refuse(self, force: bool) -> None:
        if self.out.is_dir():
            raise RequestError("file", f"{self.out} is a folder", advice="Name a file in it.")
        if self.out.exists() and not force:
            raise RequestError("file", f"{self.out} is there already", advice="--force overwrites it.")
        if not self.out.parent.is_dir():
            raise RequestError("file", f"there is no folder {self.out.parent}", advice="Make it first.")

    def _known(self) -> tuple[int, int]:
        """Rows and bytes that are sure."""
        try:
            found = json.loads(self.journal.read_text(encoding="utf-8"))
            rows, size, of = int(found["rows"]), int(found["bytes"]), str(found["of"])
            if not rows:
                return 0, 0
            if of == self.of and self.part.stat().st_size >= size:
                return rows, size
        except FileNotFoundError:
            return 0, 0
        except (OSError, ValueError, KeyError, TypeError):
            of = ""
        said = "of other submissions, another key or other settings" if of and of != self.of else "damaged"
        raise RequestError("resume", f"{self.part} is there, and it is {said}", advice="--force begins anew; or give --out another name.")

    def _opened(self) -> IO[bytes]:
        stream = open(self.part, "r+b" if self.part.exists() else "w+b")  # noqa: SIM115 (closed in __exit__)
        try:
            _lock(stream, self.part)
            stream.truncate(self._size)
            stream.seek(self._size)
        except BaseException:
            stream.close()
            raise
        return stream

    def written(self) -> IO[bytes]:
        """What is sure so far, from its beginning."""
        return open(self.part, "rb")

    def write(self, content: bytes, rows: int) -> None:
        """More rows; the journal is written when its time has come."""
        self._stream.write(content)
        self._size += len(content)
        self.done += rows
        if monotonic() - self._since >= EVERY:
            self.save()

    def save(self) -> None:
        """Make sure of what was written."""
        self._stream.flush()
        os.fsync(self._stream.fileno())
        beside = self.journal.with_name(f"{self.journal.name}.new")
        with open(beside, "w", encoding="utf-8") as stream:
            json.dump({"rows": self.done, "bytes": self._size, "of": self.of}, stream)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(self.journal)
        self._since = monotonic()

    def finish(self, convert: Callable[[IO[bytes], Path], None] | None = None) -> None:
        """The part at its place, as it is or converted; the journal goes. The part is kept where that fails."""
        self.save()
        if convert is None:
            self.part.replace(self.out)
        else:
            beside = self.out.with_name(f"{self.out.name}.new")
            with self.written() as stream:
                convert(stream, beside)
            with open(beside, "rb+") as stream:
                os.fsync(stream.fileno())
            beside.replace(self.out)
            self.part.unlink()
        self.journal.unlink()
        self._stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if not self._stream.closed:
            self.save()
            self._stream.close()


def _lock(stream: IO[bytes], path: Path) -> None:
    """Two processes never write the same part. Raises `RequestError`."""
    with suppress(ImportError):
        import fcntl

        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise RequestError("resume", f"{path} is being written by another process", advice="Wait for it, or give --out another name.") from error


def fingerprint(path: Path, *others: str) -> tuple[str, int]:
    """What tells one piece of work from another: the content of the submissions and the settings; and the lines of the file.

    Raises `RequestError` for a file that cannot be read.
    """
    digest, lines = hashlib.sha256(), 0
    for text in others:
        digest.update(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())
    try:
        with path.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
                lines += block.count(b"\n")
    except (OSError, ValueError) as error:
        raise RequestError("file", f"cannot read {path}: {getattr(error, 'strerror', None) or error}", advice="Name a file of submissions, such as submissions.csv.") from error
    return digest.hexdigest(), lines


__all__ = ["EVERY", "Work", "fingerprint"]
