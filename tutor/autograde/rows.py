"""Submissions as rows, read one after the other: CSV, JSON Lines, and Parquet through an extra.

A file of submissions is hostile until read, and one bad row takes no other with it:

- text is UTF-8, with or without a mark at its beginning, or UTF-16 with one; a line that is not is read as Windows-1252, for itself;
- the separator is the one of the first line (comma, semicolon, tab or bar), lines may end in any of the three ways;
- a cell in quotation marks may hold line breaks, but a quotation mark that is never closed belongs to its own line only;
- a row of another length than the first, one that is too long, or a line that is no JSON, is kept with what is wrong with it (`Row.trouble`).

The cells are texts. Nothing grows with the number of rows.

>>> import io
>>> table = csv_table(io.BytesIO(b'student,question,answer\\nann,q1,"(1, 2)"\\nbob,q1,1, 2\\n'), "answers.csv")
>>> [(row.question, row.answer, row.trouble) for row in table.rows]
[('q1', '(1, 2)', ''), ('q1', '1', 'the row has 4 cells under 3 headings; a cell that holds the separator needs quotation marks')]
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal, NamedTuple

from tutor.errors import RequestError

LONGEST_ROW = 60_000
"""Characters of a row that is graded; of an answer the reader takes fewer."""
_LONGEST_LINE = 8 * LONGEST_ROW
"""Bytes of a line that are kept; a sign has up to four in UTF-8, and six as JSON can spell it."""
_MOST_LINES = 200
"""Lines of a record in quotation marks."""
_TOO_LONG = f"the row has more than {LONGEST_ROW:,} characters"
_MOST_COLUMNS = 1_000
_OF_BAD = 200
"""Characters that are kept of the cells of a row that is not graded."""
_BLOCK = 1 << 18
_SEPARATORS = ",;\t|"
_BATCH = 1_000
NAMES = ("student", "question", "answer")
_HINT = re.compile(r"sep=.")
"""A first line that tells a spreadsheet the separator."""

Format = Literal["csv", "jsonl", "parquet"]
ENDINGS: dict[str, Format] = {".csv": "csv", ".tsv": "csv", ".txt": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet"}


class Row(NamedTuple):
    """A submission: its cells under the table's headings, and among them student, question and answer."""

    cells: tuple[str, ...]
    student: str
    question: str
    answer: str
    trouble: str = ""

    @property
    def size(self) -> int:
        """Its characters."""
        return sum(map(len, self.cells))


@dataclass(frozen=True)
class Table:
    """The headings of a file, and its rows, which can be gone through once; how many they are, where the file says so."""

    headings: tuple[str, ...]
    rows: Iterator[Row]
    separator: str = ","
    count: int = 0


def format_of(path: Path) -> Format:
    """The format that a file's name asks for. Raises `RequestError`."""
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise RequestError("file", f"{path.name} ends in none of {', '.join(ENDINGS)}", advice="Name a file that ends in .csv, .jsonl or .parquet.")
    return ENDINGS[ending]


def csv_table(stream: IO[bytes], name: str, only: str = "") -> Table:
    """The table in a CSV file; `only` is the question of all rows where there is no such column. Raises `RequestError`."""
    lines = _texts(stream)
    first = next((line for line in lines if line.strip() and not _HINT.fullmatch(line)), "")
    separator = max(_SEPARATORS, key=first.count)
    headings = tuple(cell.strip() for cell in _cells(first, separator, strict=False) or first.split(separator))
    places = _places(headings, name, only)
    return Table(headings, (_row(cells, headings, places, only) for cells in _records(lines, separator, len(headings))), separator)


def jsonl_table(stream: IO[bytes], name: str, only: str = "") -> Table:
    """The table in a file of JSON Lines, its headings those of the first line. Raises `RequestError`."""
    lines = (line for line in _texts(stream) if line.strip())
    first = next(lines, "")
    found = _object(first)
    if isinstance(found, str):
        raise RequestError("file", f"the first line of {name} is no JSON object", advice='Write a line as {"student": "ann", "question": "q1", "answer": "2x"}.')
    headings = tuple(found)
    places = _places(headings, name, only)

    def rows() -> Iterator[Row]:
        yield _row([found[heading] for heading in headings], headings, places, only)
        for line in lines:
            one = _object(line)
            if isinstance(one, str):
                yield Row(("",) * len(headings), "", "", "", one)
            else:
                lacks = [heading for heading in places.values() if headings[heading] not in one]
                row = _row([one.get(heading, "") for heading in headings], headings, places, only)
                yield row._replace(trouble=f"the line has no {headings[lacks[0]]}") if lacks else row

    return Table(headings, rows())


def parquet_table(path: Path, only: str = "") -> Table:
    """The table in a Parquet file. Raises `RequestError` also where pyarrow is missing."""
    parquet = pyarrow_parquet()
    try:
        file = parquet.ParquetFile(path)
    except (OSError, ValueError) as error:
        raise RequestError("file", f"{path.name} is no Parquet file that can be read", advice="Is it complete?") from error
    headings = tuple(str(name) for name in file.schema_arrow.names)
    places = _places(headings, path.name, only)

    def rows() -> Iterator[Row]:
        for batch in file.iter_batches(batch_size=_BATCH):
            for cells in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                yield _row([_cell(cell) for cell in cells], headings, places, only)

    return Table(headings, rows(), count=file.metadata.num_rows)


def pyarrow_parquet() -> Any:
    """The module that reads and writes Parquet. Raises `RequestError` where it is missing."""
    try:
        from pyarrow import parquet
    except ImportError as error:
        raise RequestError("parquet", "Parquet files need the package pyarrow", advice='pip install "calculus-tutor[parquet]"') from error
    return parquet


# -- rows ----------------------------------------------------------------------------------------------


def _places(headings: Sequence[str], name: str, only: str) -> dict[str, int]:
    """Where student, question and answer stand. Raises `RequestError`."""
    if len(headings) > _MOST_COLUMNS:
        raise RequestError("column", f"{name} has {len(headings):,} columns", advice=f"At most {_MOST_COLUMNS:,} are read.")
    plain = [heading.strip().lower() for heading in headings]
    for wanted in NAMES:
        if plain.count(wanted) > 1:
            raise RequestError("column", f"{name} has {plain.count(wanted)} columns with the name {wanted}", advice="Rename all but one of them.")
    found = {wanted: plain.index(wanted) for wanted in NAMES if wanted in plain}
    for wanted in ("question", "answer"):
        if wanted not in found and not (wanted == "question" and only):
            there = ", ".join(heading[:40] for heading in headings[:20]) or "nothing"
            raise RequestError("column", f"{name} has no column {wanted}", advice=f"The first line names the columns: student,question,answer. There is: {there}.")
    return found


def _row(cells: Sequence[str], headings: Sequence[str], places: Mapping[str, int], only: str) -> Row:
    trouble = _trouble(cells, len(headings))
    if trouble:
        cells = [cell[:_OF_BAD] for cell in (*cells, *[""] * (len(headings) - len(cells)))][: len(headings)]
    student, question, answer = [cells[places[name]] if name in places else "" for name in NAMES]
    return Row(tuple(cells), student, question.strip() if "question" in places else only, answer, trouble)


def _trouble(cells: Sequence[str], wanted: int) -> str:
    """What is wrong with the shape of a row."""
    have = len(cells)
    if have != wanted:
        advice = "a cell that holds the separator needs quotation marks" if have > wanted else "the others are missing"
        return f"the row has {have} cell{'s' * (have != 1)} under {wanted} heading{'s' * (wanted != 1)}; {advice}"
    return _TOO_LONG if sum(map(len, cells)) > LONGEST_ROW else ""


def _object(line: str) -> dict[str, str] | str:
    """The entries of a line of JSON as texts, or what is wrong with it."""
    if len(line) >= _LONGEST_LINE:
        return _TOO_LONG
    try:
        found = json.loads(line, parse_int=str, parse_float=str, parse_constant=str)
        if isinstance(found, dict):
            return {_cell(name): _cell(value) for name, value in found.items()}
    except (ValueError, RecursionError):
        return "the line is no JSON"
    return "the line is no JSON object"


def _cell(value: object) -> str:
    if isinstance(value, bytes):
        return _decoded(value)
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value).lower()
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
    # Half of a pair of signs, as JSON can spell it, is no text that any file can hold.
    return text.encode("utf-8", "replace").decode() if not text.isascii() else text


# -- lines and records ---------------------------------------------------------------------------------


def _records(lines: Iterator[str], separator: str, width: int) -> Iterator[list[str]]:
    """The cells of each record; empty lines are left out."""
    waiting: deque[str] = deque()
    while True:
        line = waiting.popleft() if waiting else next(lines, None)
        if line is None:
            return
        if '"' not in line:
            if line.strip():
                yield line.split(separator)
            continue
        yield _quoted(line, lines, waiting, separator, width)


def _quoted(line: str, lines: Iterator[str], waiting: deque[str], separator: str, width: int) -> list[str]:
    """The cells of a record with quotation marks; lines that it does not need are put back to those that wait."""
    if line.count('"') % 2:
        taken, size = [line], len(line)
        while len(taken) < _MOST_LINES and size <= LONGEST_ROW:
            more = waiting.popleft() if waiting else next(lines, None)
            if more is None:
                break
            taken.append(more)
            size += len(more)
            if more.count('"') % 2:
                cells = _cells("\n".join(taken), separator, strict=True)
                if cells is not None and len(cells) == width:
                    return cells
                break
        waiting.extendleft(reversed(taken[1:]))
    return _cells(line, separator, strict=True) or _cells(line, separator, strict=False) or line.split(separator)


def _cells(text: str, separator: str, *, strict: bool) -> list[str] | None:
    try:
        found = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=strict))
    except csv.Error:
        return None
    return found[0] if len(found) == 1 else None


def _texts(stream: IO[bytes]) -> Iterator[str]:
    """The lines as texts, without their ends."""
    start = stream.read(4)
    stream.seek(0)
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        yield from _wide(stream)
        return
    if start[:3] == b"\xef\xbb\xbf":
        stream.read(3)
    for line in _lines(stream):
        yield _decoded(line)


def _wide(stream: IO[bytes]) -> Iterator[str]:
    with io.TextIOWrapper(stream, encoding="utf-16", errors="replace") as text:
        while line := text.readline(_LONGEST_LINE):
            yield line.rstrip("\r\n")
            while line and not line.endswith("\n"):
                line = text.readline(_LONGEST_LINE)  # the rest of one that is too long


def _lines(stream: IO[bytes]) -> Iterator[bytes]:
    """The lines in bytes; of one that is too long only its beginning."""
    rest, dropping, end = b"", False, b""
    while block := stream.read(_BLOCK):
        end = end or (b"\r" if b"\r" in block and b"\n" not in block else b"\n")
        first, *lines = block.split(end)
        for line in (rest if dropping else rest + first, *lines[:-1]) if lines else ():
            yield line.removesuffix(b"\r")
        rest, dropping = (lines[-1], False) if lines else (rest if dropping else rest + first, dropping)
        if len(rest) > _LONGEST_LINE:
            rest, dropping = rest[:_LONGEST_LINE], True
    if rest:
        yield rest.removesuffix(b"\r")


def _decoded(line: bytes) -> str:
    with suppress(UnicodeDecodeError):
        return line.decode("utf-8")
    with suppress(UnicodeDecodeError):
        return line.decode("cp1252")
    return line.decode("latin-1")


__all__ = ["ENDINGS", "LONGEST_ROW", "NAMES", "Format", "Row", "Table", "csv_table", "format_of", "jsonl_table", "parquet_table", "pyarrow_parquet"]
