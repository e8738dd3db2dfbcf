"""Tables: columns of finite numbers under names that are letters of the tutor.

A column's heading becomes a letter as the reader would keep it: size stays size, x1 is x_1, and signs that stand in no
name become underscores (floor area is floor_area). Columns of up to `IN_MEMORY` bytes are held in memory; a longer table
lies in temporary files without names, which the system removes when nobody uses them any more, and only the pages in use
are in memory.

>>> table = Table.of({"floor area": [50, 100, 150], "price": [100, 200, 300]})
>>> table.names, table.rows, table.column("floor_area").tolist()
(('floor_area', 'price'), 3, [50.0, 100.0, 150.0])
"""

from __future__ import annotations

import mmap
import re
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from tutor.errors import ReadError, RequestError
from tutor.form.reading import read
from tutor.form.tree import Const, Sym

Floats = NDArray[np.float64]

IN_MEMORY = 32 * 2**20
"""Bytes of numbers that a table holds in memory; what is longer lies in temporary files."""
RESIDENT = 256 * 2**20
"""Bytes of a table in files beyond which its pages do not stay in memory from one pass to the next."""
_RELEASED = 32
"""Blocks after which they are let go."""
BLOCK = 8_192
"""Rows that are worked on at once."""
MOST_FILES = 256
"""Columns that a long table can keep."""
_SHOWN = 40


class DataError(RequestError):
    """Data that cannot be used.

    `source` is the file, `row` the row as a spreadsheet counts (the headings are row 1), `column` the heading, `found` what stands
    there, `expected` what would have fitted; each of them may be missing.
    """

    def __init__(
        self, kind: str, message: str, *, source: str = "", row: int | None = None, column: str = "", found: str = "", expected: str = "", advice: str = ""
    ) -> None:  # fmt: skip
        place = [source, f"row {row}" if row is not None else "", f"column {column}" if column else ""]
        super().__init__(kind, ": ".join(part for part in (", ".join(part for part in place if part), message) if part), advice=advice)
        self.source, self.row, self.column, self.found, self.expected = source, row, column, found, expected

    def data(self) -> dict[str, object]:
        """The error as JSON-ready data, with the place in the file."""
        return {**super().data(), "source": self.source, "row": self.row, "column": self.column, "found": self.found, "expected": self.expected}


@dataclass(frozen=True, eq=False)
class Table:
    """Columns of finite numbers, all of the same length.

    `names` are letters, `headings` what stands in the file, `source` where the numbers come from, `first` the number of the
    first row as people count (2 under a row of headings). The arrays cannot be written to.
    """

    names: tuple[str, ...]
    columns: tuple[Floats, ...]
    rows: int
    source: str
    headings: tuple[str, ...]
    first: int = 2

    @classmethod
    def of(cls, columns: Mapping[str, Sequence[float] | Floats], source: str = "the data") -> Table:
        """A table of sequences by their names. Raises `DataError` for what is no column of numbers, or columns of different lengths."""
        if not columns:
            raise DataError("header", "there are no columns", source=source)
        arrays = tuple(_numbers(name, column, source) for name, column in columns.items())
        rows = len(arrays[0])
        for name, array in zip(columns, arrays, strict=True):
            if len(array) != rows:
                raise DataError("row", f"{len(array)} numbers beside {rows} of {next(iter(columns))}", source=source, column=name, advice="Give every column as many numbers.")
        if not rows:
            raise DataError("row", "there are no rows", source=source, advice="Give at least one number a column.")
        return cls(letters(columns, source), arrays, rows, source, tuple(columns), 1)

    def __contains__(self, name: object) -> bool:
        return name in self.names

    def place(self, name: str) -> int:
        """Where a column stands, by its letter or heading. Raises `DataError` with a suggestion when there is none."""
        for known in (self.names, self.headings):
            if name in known:
                return known.index(name)
        raise no_column(name, self.headings, self.source)

    def column(self, name: str) -> Floats:
        """A column by its letter or heading. Raises `DataError` with a suggestion when there is none."""
        return self.columns[self.place(name)]

    def blocks(self, size: int = BLOCK) -> Iterator[slice]:
        """The rows in blocks. What a long table has in memory is let go from time to time."""
        long = len(self.columns) * self.rows * 8 > RESIDENT
        for start in range(0, self.rows, size):
            if long and start % (_RELEASED * size) == 0:
                for column in self.columns:
                    _release(column)
            yield slice(start, min(start + size, self.rows))


def _numbers(name: str, column: Sequence[float] | Floats, source: str) -> Floats:
    try:
        array = np.array(column, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise DataError("cell", "this is no column of numbers", source=source, column=name, expected="numbers", advice="Give a sequence of numbers.") from None
    if array.ndim != 1:
        raise DataError("cell", "this is no column of numbers", source=source, column=name, expected="numbers", advice="Give a sequence of numbers.")
    bad = ~np.isfinite(array)
    if bad.any():
        row = int(np.argmax(bad))
        raise DataError("cell", f"{array[row]} is no finite number", source=source, row=row + 1, column=name, found=str(array[row]),
                        expected="a finite number", advice="Fill the value in, or leave the row out.")  # fmt: skip
    array.setflags(write=False)
    return array


def no_column(name: str, headings: Sequence[str], source: str) -> DataError:
    """The error for a column that is not there, with the one that was probably meant."""
    near = suggestion(name, headings)
    advice = f"Did you mean {shown(near)}?" if near else f"The columns are {listing(headings)}."
    return DataError("column", f"there is no column {shown(name)}", source=source, found=listing(headings), expected=shown(name), advice=advice)


def suggestion(name: str, known: Iterable[str], least: float = 0.6) -> str | None:
    """The name that was probably meant, if one is near."""
    folded = {underscored(one).casefold(): one for one in known}
    near = get_close_matches(underscored(name).casefold(), folded, 1, least)
    return folded[near[0]] if near else None


def shown(text: str) -> str:
    """A text out of a file as it can be shown: shortened, and nothing in it that a terminal would obey.

    >>> shown("price"), shown("floor area"), shown("\x1b[2J")
    ('price', "'floor area'", "'\\\\x1b[2J'")
    """
    short = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
    return short if short.isidentifier() else repr(short)


def listing(names: Sequence[str], most: int = 12) -> str:
    """Names as they can be shown, the first ones of many."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(shown(name) for name in names[:most]) + more


# -- names -------------------------------------------------------------------------------------------

_NAME = re.compile(r"([^\W\d_]+)_*(\w*)")


def underscored(heading: str) -> str:
    """A heading as one word: what stands in no name becomes an underscore.

    >>> underscored("floor area (m2)"), underscored(" x1 ")
    ('floor_area_m2', 'x1')
    """
    return re.sub(r"\W+", "_", unicodedata.normalize("NFC", heading)).strip("_")


def letter(heading: str, source: str = "") -> str:
    """The letter under which the tutor knows a column. Raises `DataError` for a heading that can be none.

    >>> letter("size"), letter("x1"), letter("floor area"), letter("log_price"), letter("α")
    ('size', 'x_1', 'floor_area', 'log_price', 'alpha')
    """
    word = underscored(heading)
    parts = _NAME.fullmatch(word)
    if parts is None or len(word) > _SHOWN:
        wanted = f"a name of at most {_SHOWN} signs that begins with a letter"
        said = "has no name" if not word else "does not begin with a letter" if parts is None else f"has a name of more than {_SHOWN} signs"
        raise DataError("name", f"the column {said}, and so a model cannot name it", source=source, column=shown(heading), found=heading[:_SHOWN],
                        expected=wanted, advice="Give the column a short name in the first row of the file, such as size or floor_area.")  # fmt: skip
    native = _native(word)
    if isinstance(native, Const):
        raise DataError("name", f"{word} is the name of a number", source=source, column=word, found=word, expected="a name that is free",
                        advice=f"Rename the column in the first row of the file, such as {word}_value.")  # fmt: skip
    return native.name if isinstance(native, Sym) else "_".join(part for part in parts.groups() if part)


def _native(word: str) -> Sym | Const | None:
    """What the reader makes of a word by itself, if that is one letter or a constant."""
    try:
        form = read(word)
    except ReadError:
        return None
    return form if isinstance(form, Sym | Const) else None


def is_letter(name: str, heading: str) -> bool:
    """Whether a name is the letter of a heading."""
    try:
        return letter(heading) == name
    except DataError:
        return False


def letters(headings: Iterable[str], source: str) -> tuple[str, ...]:
    """The letters of several columns. Raises `DataError` when two are the same."""
    found: dict[str, str] = {}
    for heading in headings:
        name = letter(heading, source)
        if name in found:
            two = f"{shown(found[name])} twice" if found[name] == heading else f"{shown(found[name])} and {shown(heading)}, which is the same name"
            raise DataError("name", f"the headings hold {two}", source=source, column=heading, found=heading, expected="different names", advice="Rename one of the columns.")
        found[name] = heading
    return tuple(found)


# -- where the numbers are kept ----------------------------------------------------------------------


class Keeper:
    """Takes columns block by block, and keeps them in memory or, when they are many, in temporary files without a name."""

    def __init__(self, count: int, in_memory: int = IN_MEMORY) -> None:
        self._parts: list[list[Floats]] = [[] for _ in range(count)]
        self._files: list[IO[bytes]] = []
        self._room = in_memory

    def add(self, block: Sequence[Floats]) -> None:
        """The next rows: one array a column. Raises `OSError` when the disk is full."""
        for parts, array in zip(self._parts, block, strict=True):
            parts.append(array)
            self._room -= array.nbytes
        if self._files or self._room < 0:
            self._write()

    def _write(self) -> None:
        if not self._files:
            if len(self._parts) > MOST_FILES:
                raise DataError("size", f"the table is long and has {len(self._parts)} columns", expected=f"at most {MOST_FILES} columns", advice="Name the columns that you need.")
            self._files = [tempfile.TemporaryFile(prefix="tutor-column-") for _ in self._parts]  # noqa: SIM115 (closed in `columns`)
        for file, parts in zip(self._files, self._parts, strict=True):
            for array in parts:
                file.write(array.data)
            parts.clear()

    def columns(self) -> tuple[Floats, ...]:
        """All columns; nothing can be added after that."""
        if not self._files:
            return tuple(_frozen(np.concatenate(parts) if parts else np.empty(0)) for parts in self._parts)
        return tuple(_mapped(file) for file in self._files)


def _mapped(file: IO[bytes]) -> Floats:
    """The numbers in a file; it lives as long as the array."""
    with file:
        file.flush()
        return np.frombuffer(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), dtype=np.float64)


def _release(column: Floats) -> None:
    """Let the pages of a column in a file go; they are read again when they are needed."""
    base: Any = column.base
    pages = base.obj if isinstance(base, memoryview) else None
    if isinstance(pages, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        pages.madvise(mmap.MADV_DONTNEED)


def _frozen(array: NDArray[Any]) -> Floats:
    array.setflags(write=False)
    return array


__all__ = ["BLOCK", "IN_MEMORY", "RESIDENT", "DataError", "Floats", "Keeper", "Table", "is_letter", "letter", "letters", "listing", "no_column", "shown", "suggestion", "underscored"]
