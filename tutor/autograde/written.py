"""Graded rows as bytes: CSV that no spreadsheet runs, JSON Lines, and at the end Parquet.

A cell that begins with = + - @ (or a sign that a spreadsheet takes for one) would be worked out as a formula by the program that opens the
file, so that a pupil's answer could run on a teacher's machine. Such a cell gets an apostrophe in front; plain numbers keep their sign.
See https://owasp.org/www-community/attacks/CSV_Injection. Control characters become visible signs.

>>> harmless("=HYPERLINK(1)"), harmless("-2x"), harmless("-2.5"), harmless("2x")
("'=HYPERLINK(1)", "'-2x", '-2.5', '2x')
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Any

from tutor.autograde.result import FIELDS, TIME, Result
from tutor.autograde.rows import Format, Row, pyarrow_parquet

_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?")
_BEGIN = frozenset("=+-@\uff1d\uff0b\uff0d\uff20")
"""Signs with which a formula begins, the wide ones too; what cannot be seen may stand before them."""
_BREAKS = frozenset("\t\n")
_CONTROL = {code: 0x2400 + code for code in range(32) if chr(code) not in "\t\n"} | {127: 0x2421}
_BATCH = 5_000
Graded = tuple[Row, Result, float]
"""A row with its result and the points that a right answer gets."""


def harmless(cell: str) -> str:
    """A cell that is text in every spreadsheet, without control characters."""
    if not cell.isprintable():
        cell = cell.replace("\r\n", "\n").translate(_CONTROL)
    if not cell or cell[0].isalnum():
        return cell
    first = next((sign for sign in cell if sign.isprintable() and not sign.isspace()), "")
    return f"'{cell}" if (first in _BEGIN or cell[0] in _BREAKS) and not _NUMBER.fullmatch(cell) else cell


@dataclass(frozen=True)
class Layout:
    """How graded rows are written: which columns, separated how."""

    headings: tuple[str, ...]
    separator: str = ","
    times: bool = False

    @cached_property
    def kept(self) -> tuple[int, ...]:
        """The columns of the submissions that stay: all but those that grading writes itself."""
        return tuple(k for k, heading in enumerate(self.headings) if heading.strip().lower() not in (*FIELDS, TIME))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The headings of the output; of two that are the same the second gets a number."""
        found: list[str] = []
        for k in self.kept:
            name, number = self.headings[k], 1
            while name in found:
                number += 1
                name = f"{self.headings[k]} {number}".strip()
            found.append(name)
        return (*found, *FIELDS, *((TIME,) if self.times else ()))

    def csv_head(self) -> bytes:
        """The line with the headings."""
        return self._lines([[harmless(name) for name in self.names]])

    def csv(self, rows: Iterable[Graded]) -> bytes:
        """Rows as lines of CSV."""
        kept = self.kept
        return self._lines(
            [*(harmless(row.cells[k]) for k in kept), *map(harmless, self._columns(result, points))] for row, result, points in rows
        )  # fmt: skip

    def jsonl(self, rows: Iterable[Graded]) -> bytes:
        """Rows as lines of JSON; the numbers are numbers."""
        return "".join(json.dumps(self._object(*one), ensure_ascii=False) + "\n" for one in rows).encode()

    def csv_results(self, stream: IO[bytes]) -> Iterator[Result]:
        """The results in what `csv_head` and `csv` wrote."""
        cells = csv.reader((line.decode() for line in stream), delimiter=self.separator)
        next(cells, None)
        for row in cells:
            outcome, score, _, finding, feedback, evidence = row[len(self.kept) :][: len(FIELDS)]
            yield Result(outcome, float(score), finding, feedback, evidence)

    def jsonl_results(self, stream: IO[bytes]) -> Iterator[Result]:
        """The results in what `jsonl` wrote."""
        for line in stream:
            found = json.loads(line)
            yield Result(*(found[name] for name in FIELDS if name != "points"))

    def _lines(self, rows: Iterable[Sequence[str]]) -> bytes:
        stream = io.StringIO(newline="")
        csv.writer(stream, delimiter=self.separator, lineterminator="\n").writerows(rows)
        return stream.getvalue().encode()

    def _columns(self, result: Result, points: float) -> Iterator[str]:
        yield from (result.outcome, f"{result.score:.10g}", f"{result.score * points:.10g}", result.finding, result.feedback, result.evidence)
        if self.times:
            yield f"{1_000 * result.seconds:.3f}"

    def _object(self, row: Row, result: Result, points: float) -> dict[str, Any]:
        cells = (row.cells[k] for k in self.kept)
        values = (result.outcome, float(f"{result.score:.10g}"), float(f"{result.score * points:.10g}"), result.finding, result.feedback, result.evidence)
        return dict(zip(self.names, (*cells, *values, *((round(1_000 * result.seconds, 3),) if self.times else ())), strict=True))

    def encoder(self, format: Format) -> Callable[[Iterable[Graded]], bytes]:
        """How rows become bytes; what will be Parquet is kept as JSON Lines until it is whole."""
        return self.csv if format == "csv" else self.jsonl


def to_parquet(lines: IO[bytes], path: Path, layout: Layout) -> None:
    """JSON Lines as a Parquet file, batch by batch."""
    parquet = pyarrow_parquet()
    import pyarrow

    numbers = {"score", "points", TIME}
    schema = pyarrow.schema([(name, pyarrow.float64() if name in numbers else pyarrow.string()) for name in layout.names])
    with parquet.ParquetWriter(path, schema) as writer:
        batch: list[dict[str, Any]] = []
        for line in lines:
            batch.append(json.loads(line))
            if len(batch) == _BATCH:
                writer.write_table(pyarrow.Table.from_pylist(batch, schema))
                batch = []
        if batch:
            writer.write_table(pyarrow.Table.from_pylist(batch, schema))


__all__ = ["Graded", "Layout", "harmless", "to_parquet"]
