"""Data sets: CSV files of anybody's, read block by block, and the small ones that come with the tutor.

A file begins with a row of headings; columns are separated by commas, semicolons or tabs; with semicolons a number may have a
decimal comma. A number is written as on paper, `-12.5` or `1.2e-3`: no units, no separated thousands, no nan. What cannot be
read is named with its row and column. The file is untrusted: no text of it is ever run, and no line and no cell is read
without a limit.

>>> houses = built_in("houses")
>>> houses.names, houses.column("price").tolist()
(('size', 'price'), [100.0, 200.0, 300.0])
>>> data_set("huoses")
Traceback (most recent call last):
    ...
tutor.descent.table.DataError: there is no file and no data set of the name huoses
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import TextIO

import numpy as np

from tutor.descent.table import (
    BLOCK,
    DataError,
    Floats,
    Keeper,
    Table,
    is_letter,
    letters,
    listing,
    no_column,
    shown,
    suggestion,
    underscored,
)
from tutor.resources import find, folders

Source = str | os.PathLike[str] | TextIO
Choice = Iterable[str] | Callable[[tuple[str, ...]], Iterable[str]]
"""The columns to keep, by heading or letter, or a function that chooses among the headings."""

LONGEST_LINE = 100_000
MOST_NUMBERS = 200_000_000
"""Numbers that a table can hold (1.6 GB on the disk)."""
_CHUNK = 1 << 18
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_PATH = "Is the path right, seen from this folder?"
_PLAIN = b"0123456789+-.eE "
_SAVE = "Save the file as CSV UTF-8, and try again."
_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}


# -- data sets ---------------------------------------------------------------------------------------


def built_ins(own: Iterable[str | os.PathLike[str]] = ()) -> tuple[str, ...]:
    """The names of the data sets that come with the tutor, and of those in folders of the user's own."""
    return tuple(sorted({path.stem for folder in folders("exercises", own) for path in (folder / "data").glob("*.csv")}))


def built_in(name: str, wanted: Choice | None = None, own: Iterable[str | os.PathLike[str]] = ()) -> Table:
    """A data set that comes with the tutor, by its name. Raises `DataError` when there is none of that name.

    >>> built_in("coffee").names
    ('price', 'profit')
    """
    known = built_ins(own)
    if name not in known:
        raise _unknown(name, known)
    return read_table(find("exercises", f"data/{name}.csv", own), wanted)


def data_set(source: Source, wanted: Choice | None = None, own: Iterable[str | os.PathLike[str]] = ()) -> Table:
    """A file by its path, or a data set that comes with the tutor by its name. Raises `DataError`."""
    if not isinstance(source, str) or os.path.exists(source):
        return read_table(source, wanted)
    known = built_ins(own)
    if source in known:
        return built_in(source, wanted, own)
    raise _unknown(source, known)


def _unknown(name: str, known: Sequence[str]) -> DataError:
    near = suggestion(name, known)
    if os.sep in name or "." in name:
        stem = os.path.splitext(os.path.basename(name))[0]
        carried = f" {stem} without an ending is a data set that comes with the tutor." if stem in known else ""
        return DataError("file", f"there is no file {shown(name)}", found=name, expected="a CSV file", advice=_PATH + carried)
    advice = f"Did you mean {near}?" if near else f"Name a CSV file, or one of {', '.join(known)}."
    return DataError("file", f"there is no file and no data set of the name {shown(name)}", found=name, expected="a CSV file or a data set", advice=advice)


# -- reading -----------------------------------------------------------------------------------------


def read_table(source: Source, wanted: Choice | None = None) -> Table:
    """The table in a CSV file or an open text, of the `wanted` columns in that order (all, if left out).

    Columns are named by heading or letter. Raises `DataError`, which names the file, the row, the column, what stands there
    and what to do.

    >>> import io
    >>> read_table(io.StringIO("size;price\\n50;1,5\\n100;3\\n")).column("price").tolist()
    [1.5, 3.0]
    """
    if not isinstance(source, str | os.PathLike):
        return _table(source, getattr(source, "name", None) or "the data", wanted)
    name = os.path.basename(source) or str(source)
    try:
        with open(source, encoding="utf-8-sig") as stream:
            return _table(stream, name, wanted)
    except UnicodeDecodeError:
        raise _encoding(source, name) from None
    except ValueError as error:  # a null byte in the path
        raise DataError("file", f"{shown(str(source))} is no path", found=str(source), expected="a CSV file") from error
    except OSError as error:
        raise DataError("file", f"{shown(name)} cannot be read: {(error.strerror or str(error)).lower()}", source=str(source), expected="a CSV file",
                        advice=_PATH) from error  # fmt: skip


def _encoding(source: str | os.PathLike[str], name: str) -> DataError:
    """Where the text stops being UTF-8."""
    row = 1
    with open(source, "rb") as stream:
        while line := stream.readline(LONGEST_LINE):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError as error:
                wrong = repr(line[error.start : error.start + 1])[1:]
                wide = row == 1 and line[:2] in (b"\xff\xfe", b"\xfe\xff")
                return DataError("encoding", f"the file is {'UTF-16' if wide else 'not'} {'and not ' * wide}in UTF-8", source=name, row=row, found=wrong,
                                 expected="text in UTF-8", advice=_SAVE)  # fmt: skip
            row += 1
    return DataError("encoding", "the file is not in UTF-8", source=name, expected="text in UTF-8", advice=_SAVE)


@dataclass
class _File:
    """A file while it is read: its name, what stands between columns, the headings, the columns that are kept."""

    name: str
    separator: str
    headings: tuple[str, ...]
    kept: tuple[int, ...]
    decimal: str = ""
    """The decimal sign, once one has been seen in a file with semicolons."""

    def fault(self, kind: str, message: str, row: int, place: int | None = None, *, found: str = "", expected: str = "", advice: str = "") -> DataError:
        column = "" if place is None else shown(self.headings[place])
        return DataError(kind, message, source=self.name, row=row, column=column, found=found, expected=expected, advice=advice)


def _table(stream: TextIO, name: str, wanted: Choice | None) -> Table:
    lines = _lines(stream, name)
    first = next(lines, "").removeprefix("\ufeff")
    separator = _separator(first)
    records = _Records(chain((first,), lines), separator, name)
    headings = tuple(heading.strip() for heading in next(records, []))
    file = _File(name, separator, headings, _kept(headings, wanted, name))
    names = letters([headings[place] for place in file.kept], name)
    keeper = Keeper(len(file.kept))
    row = 2
    for block in _blocks(records, lines, file):
        keeper.add(block)
        row += len(block[0])
        if row * len(names) > MOST_NUMBERS:
            raise file.fault("size", f"the table has more than {MOST_NUMBERS:,} numbers", row, advice="Name the columns that you need, or take a sample of the rows.")
    if row == 2:
        raise DataError("row", "there are no rows under the headings", source=name, row=2, expected="numbers", advice="Add at least one row of numbers.")
    return Table(names, keeper.columns(), row - 2, name, tuple(headings[place] for place in file.kept))


class _Records:
    """The records of a file, which knows how many have been read when one cannot be."""

    def __init__(self, lines: Iterator[str], separator: str, name: str, row: int = 1) -> None:
        self._records = csv.reader(lines, delimiter=separator, skipinitialspace=True, strict=True)
        self._name, self.row = name, row - 1

    def __iter__(self) -> Iterator[list[str]]:
        return self

    def __next__(self) -> list[str]:
        self.row += 1
        try:
            return next(self._records)
        except csv.Error as error:
            message, advice = _QUOTING
            if "new-line" in str(error):
                message, advice = "the line ends in a carriage return alone", "Save the file with line feeds at the ends of its lines."
            raise DataError("row", message, source=self._name, row=self.row, expected='cells such as 12.5 or "floor area"', advice=advice) from None


_QUOTING = (
    "a quotation mark is not closed, or stands in the middle of a cell",
    "Close the quotation mark; where one belongs to the text, write two, and quotation marks around the cell.",
)


def _lines(stream: TextIO, name: str) -> Iterator[str]:
    """The lines, none of them longer than the limit."""
    rest, number = "", 1
    while chunk := stream.read(_CHUNK):
        if "\0" in chunk:
            raise DataError("encoding", "the file holds null bytes, so it is no text in UTF-8", source=name, found="'\\x00'", expected="text in UTF-8", advice=_SAVE)
        lines = (rest + chunk).split("\n")
        for k, line in enumerate(lines):
            if len(line) > LONGEST_LINE:
                raise DataError("size", f"the line has more than {LONGEST_LINE:,} signs", source=name, row=number + k, expected="one row a line",
                                advice="Is this a CSV file, with one row a line?")  # fmt: skip
        rest = lines.pop()
        number += len(lines)
        yield from lines
    if rest:
        yield rest


def _separator(line: str) -> str:
    """What separates the columns: the sign that occurs most often in the first line, outside of quotation marks."""
    bare = re.sub(r'"[^"]*"', "", line)
    return max(_SEPARATORS, key=bare.count)


def _kept(headings: tuple[str, ...], wanted: Choice | None, name: str) -> tuple[int, ...]:
    """The places of the wanted columns."""
    named = [heading for heading in headings if heading]
    if all(_NUMBER.fullmatch(heading.replace(",", ".")) for heading in named):
        said = "numbers stand where the headings are expected" if named else "the file does not begin with a row of headings"
        raise DataError("header", said, source=name, row=1, found=listing(named), expected="headings such as size,price",
                        advice="Begin the file with one row of names, such as size,price.")  # fmt: skip
    if callable(wanted):
        wanted = wanted(headings)
    if wanted is None:
        return tuple(range(len(headings)))
    return tuple(dict.fromkeys(_place(one, headings, name) for one in wanted))


def _place(wanted: str, headings: tuple[str, ...], name: str) -> int:
    """Where a column stands, by heading or letter."""
    places = [k for k, heading in enumerate(headings) if heading == wanted]
    places = places or [k for k, heading in enumerate(headings) if underscored(heading) == wanted]
    places = places or [k for k, heading in enumerate(headings) if is_letter(wanted, heading)]
    if not places:
        raise no_column(wanted, headings, name)
    if len(places) > 1:
        raise DataError("name", f"two columns have the name {shown(wanted)}", source=name, row=1, column=wanted, found=wanted, expected="different names",
                        advice="Rename one of them in the first row of the file.")  # fmt: skip
    return places[0]


def _blocks(records: Iterator[list[str]], lines: Iterator[str], file: _File) -> Iterator[list[Floats]]:
    """The columns block by block: whole blocks at once as long as every line holds plain numbers, then record by record."""
    row = 2
    while block := list(islice(lines, BLOCK)):
        quick = _at_once(block, file)
        if quick is None:
            records = _Records(chain(block, lines), file.separator, file.name, row)
            break
        yield quick
        row += len(block)
    while cells := _filled(list(islice(records, BLOCK)), row, records, file):
        yield _block(cells, row, file)
        row += len(cells)


def _at_once(block: list[str], file: _File) -> list[Floats] | None:
    """The numbers in lines, or None when they may hold anything else than numbers and separators."""
    text, others = "".join(block), len(file.headings) - 1
    if not text.isascii() or text.encode().translate(None, _PLAIN + file.separator.encode()):
        return None
    if any(line.count(file.separator) != others for line in block) or not all(map(str.strip, block)):
        return None
    try:
        found = np.loadtxt(block, delimiter=file.separator, usecols=file.kept, comments=None, ndmin=2)
    except ValueError:
        return None
    if file.separator == ";" and "." in text:
        file.decimal = "."
    return [column.copy() for column in found.T] if np.isfinite(found).all() else None


def _filled(block: list[list[str]], row: int, records: Iterator[list[str]], file: _File) -> list[list[str]]:
    """The rows of a block; empty lines may only end a file."""
    if [] not in block:
        return block
    end = block.index([])
    if any(block[end:]) or any(records):
        raise file.fault("row", "the line is empty, and more rows follow", row + end, expected=f"{len(file.headings)} cells", advice="Delete the empty line.")
    return block[:end]


def _block(block: list[list[str]], row: int, file: _File) -> list[Floats]:
    """The numbers of a block, one array a column. What is not surely right as a whole is read cell by cell, as the file stands."""
    if set(map(len, block)) == {len(file.headings)}:
        columns = list(zip(*block, strict=True))
        arrays = [_numbers(columns[place], file) for place in file.kept]
        found = [array for array in arrays if array is not None]
        if len(found) == len(arrays):
            return found
    values = [[_number(cells, row + k, place, file) for place in file.kept] for k, cells in enumerate(block)]
    return list(np.array(values).T.copy())


# -- numbers -----------------------------------------------------------------------------------------


def _numbers(cells: Sequence[str], file: _File) -> Floats | None:
    """The numbers of a column, or None when not every cell surely is a finite one."""
    joined = "".join(cells)
    if not joined.isascii() or "_" in joined:  # Python's float would read more than a number on paper
        return None
    if file.separator == ";" and ("," in joined or "." in joined):
        sign = "," if "," in joined else "."
        file.decimal = file.decimal or sign
        if sign != file.decimal or ("," in joined and "." in joined):
            return None
        cells = [cell.replace(",", ".") for cell in cells]
    try:
        found = np.fromiter(map(float, cells), np.float64, len(cells))
    except ValueError:
        return None
    return found if np.isfinite(found).all() else None


def _number(cells: Sequence[str], row: int, place: int, file: _File) -> float:
    """The number in one cell of a row. Raises `DataError` for a row of another length, and for a cell that is no finite number."""
    if len(cells) != len(file.headings):
        raise _ragged(cells, row, file)
    text = cells[place].strip()
    if not text:
        raise file.fault("cell", "the cell is empty where a number is expected", row, place, expected="a number", advice="Fill it in, or delete the row.")
    plain = _with_point(text, row, place, file) if file.separator == ";" else text
    if not _NUMBER.fullmatch(plain):
        raise _no_number(text, row, place, file)
    value = float(plain)
    if not np.isfinite(value):
        raise file.fault("cell", f"{shown(text)} is too large a number", row, place, found=text, expected="a number below 10^308", advice="Choose another unit for the column.")
    return value


def _with_point(text: str, row: int, place: int, file: _File) -> str:
    """A number of a file with semicolons, its decimal comma a point. One file writes one of the two."""
    if "," in text and "." in text:
        raise _no_number(text, row, place, file, "Write thousands without a sign between them.")
    sign = "," if "," in text else "." if "." in text else ""
    file.decimal = file.decimal or sign
    if sign and sign != file.decimal:
        usual = "comma" if file.decimal == "," else "point"
        raise _no_number(text, row, place, file, f"Other numbers here have a decimal {usual}: write all of them in one way, and thousands without a sign.")
    return text.replace(",", ".")


def _ragged(cells: Sequence[str], row: int, file: _File) -> DataError:
    have, wanted = len(cells), len(file.headings)
    advice = "Fill in the cells that are missing." if have < wanted else "Put a cell that holds the separator into quotation marks."
    if file.separator == "," and have > wanted:
        advice = "Is a comma meant as a decimal sign? Write 12.5, or separate the columns by semicolons."
    return file.fault("row", f"the row has {have} cell{'s' * (have != 1)} under {wanted} heading{'s' * (wanted != 1)}", row,
                      found=shown(file.separator.join(cells)), expected=f"{wanted} cells separated by {_SEPARATORS[file.separator]}", advice=advice)  # fmt: skip


def _no_number(text: str, row: int, place: int, file: _File, advice: str = "") -> DataError:
    message = f"{shown(text.strip())} stands where a number is expected"
    return file.fault("cell", message, row, place, found=text.strip()[:200], expected="a number such as 12.5", advice=advice or _what_to_do(text.strip()))


def _what_to_do(text: str) -> str:
    bare = text.lower().strip(" .-+")
    if bare in ("nan", "na", "n/a", "null", "none", "inf", "infinity", "", "?", "#n/a", "missing"):
        return "A mean needs a number in every row: fill one in, or delete the row."
    if re.fullmatch(r"[+-]?\d+,\d+", text):
        return f"A comma is no decimal sign here. Write {text.replace(',', '.')}, or {text.replace(',', '')} if it separates thousands."
    if re.fullmatch(r"[+-]?\d[\d_,' \u00a0\u2009\u202f]*\d(\.\d+)?", text):
        return f"Write it without signs between the digits: {re.sub(r'[^0-9.+-]', '', text)}."
    if re.search(r"\d", text) and re.fullmatch(r"\D{0,4}[+-]?[\d.]+\D{0,4}", text):
        return "Write the number alone; the unit belongs into the heading."
    return "Write a number such as 12.5. A column of words can be left out, or numbered."


def table_text(table: Table) -> str:
    """A table as the text of a CSV file, which reads back as the same numbers.

    >>> table_text(Table.of({"size": [50, 0.1]}))
    'size\\n50\\n0.1\\n'
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(table.headings)
    for row in zip(*(column.tolist() for column in table.columns), strict=True):
        writer.writerow([int(value) if value.is_integer() and abs(value) < 2**53 else repr(value) for value in row])
    return stream.getvalue()


__all__ = ["DataError", "Source", "Table", "built_in", "built_ins", "data_set", "read_table", "table_text"]
