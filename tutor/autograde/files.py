"""A file of submissions, graded into another: read, graded, written in order, and gone on with where it stopped.

>>> import tempfile
>>> from tutor.autograde.key import Source
>>> with tempfile.TemporaryDirectory() as folder:
...     path = Path(folder) / "in.csv"
...     _ = path.write_text("student,question,answer\\nann,q1,2x\\n")
...     tally = grade_file(path, Path(folder) / "out.csv", Job(Source("questions: {q1: {derivative_of: x^2, points: 2}}")))
...     print((Path(folder) / "out.csv").read_text())
student,question,answer,outcome,score,points,finding,feedback,evidence
ann,q1,2x,right,1,2,,Right.,the same form
<BLANKLINE>
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO

from tutor import __version__
from tutor.autograde.grade import graded
from tutor.autograde.isolated import Job, Pair
from tutor.autograde.key import Key, read_key
from tutor.autograde.report import Tally
from tutor.autograde.result import Result, not_asked, not_graded
from tutor.autograde.resume import Work, fingerprint
from tutor.autograde.rows import Format, Row, Table, csv_table, format_of, jsonl_table, parquet_table, pyarrow_parquet
from tutor.autograde.written import Graded, Layout, to_parquet
from tutor.errors import RequestError

BLOCK = 500
"""Rows that are written at once."""
Tick = Callable[[int, int], None]
"""Told how many rows are done, of about how many."""


@dataclass(frozen=True)
class Plan:
    """What is written where: the table that is read, the key, the formats."""

    table: Table
    key: Key
    layout: Layout
    format: Format

    def waiting(self, row: Row) -> Pair | Result:
        """What a row asks for; its result where that is known without grading."""
        if row.trouble:
            return not_graded("row", reason=row.trouble)
        if row.question not in self.key:
            return not_asked(row.question, self.key)
        return row.question, row.answer

    def points(self, row: Row) -> float:
        """The points of a right answer."""
        entry = self.key.get(row.question)
        return 0.0 if entry is None else entry.points


def grade_file(
    path: Path, out: Path, job: Job, executor: Executor | None = None, *, jobs: int = 1, most_sent: int | None = None,
    times: bool = False, force: bool = False, tick: Tick | None = None,
) -> Tally:  # fmt: skip
    """Grade the submissions in a file into another, and count them. A part that is there is gone on with.

    Raises `RequestError` and `SourceError` before anything is graded; of a row that cannot be graded the result says so.
    """
    key = read_key(job.key)
    written = _format_of_output(path, out, job.key.file)
    of, lines = fingerprint(path, job.key.text, json.dumps([job.key.own, job.seconds, job.program, written, times, __version__]))
    with path.open("rb") as stream:
        table = _table(path, stream, next(iter(key)) if len(key) == 1 else "")
        plan = Plan(table, key, Layout(table.headings, table.separator if written == "csv" else ",", times), written)
        with Work(out, of, force=force) as work:

            def told() -> None:
                if tick is not None:
                    tick(work.done, max(table.count or lines, work.done))

            tally = Tally({name: one.points for name, one in key.items()}, students="student" in [heading.lower() for heading in table.headings])
            _replay(plan, work, tally)
            told()
            rows = ((row, plan.waiting(row)) for row in table.rows)
            with closing(graded(rows, job, executor, jobs=jobs, most_sent=most_sent, size=lambda row: row.size)) as results:
                _go_on(plan, work, tally, results, told)
            work.finish(partial(to_parquet, layout=plan.layout) if written == "parquet" else None)
    return tally


def _format_of_output(path: Path, out: Path, key: str) -> Format:
    """The format to write, which can be written, to a place of its own. Raises `RequestError`."""
    written = format_of(out)
    if written == "parquet":
        pyarrow_parquet()
    if any(one.exists() and out.exists() and one.samefile(out) for one in (path, Path(key))):
        raise RequestError("file", f"{out} is read too", advice="Give --out another name.")
    return written


def _table(path: Path, stream: IO[bytes], only: str) -> Table:
    match format_of(path):
        case "parquet":
            return parquet_table(path, only)
        case "jsonl":
            return jsonl_table(stream, path.name, only)
        case _:
            return csv_table(stream, path.name, only)


def _go_on(plan: Plan, work: Work, tally: Tally, results: Iterable[tuple[Row, Result]], told: Callable[[], None]) -> None:
    """Write the rows, block by block."""
    encoded = plan.layout.encoder(plan.format)
    if plan.format == "csv" and work.done == 0:
        work.write(plan.layout.csv_head(), 0)
    block: list[Graded] = []

    def put() -> None:
        done, block[:] = list(block), []
        work.write(encoded(done), len(done))

    try:
        for row, result in results:
            points = plan.points(row)
            tally.add(row, result, points)
            block.append((row, result, points))
            if len(block) >= BLOCK:
                put()
                told()
    finally:
        put()  # what is known is kept, also when somebody interrupts


def _replay(plan: Plan, work: Work, tally: Tally) -> None:
    """The rows that are done, counted again from what was written of them."""
    if not work.done:
        return
    with work.written() as stream:
        results = plan.layout.csv_results(stream) if plan.format == "csv" else plan.layout.jsonl_results(stream)
        for row, result in zip(islice(plan.table.rows, work.done), results, strict=True):
            tally.add(row, result, plan.points(row))


__all__ = ["BLOCK", "Plan", "Tick", "grade_file"]
