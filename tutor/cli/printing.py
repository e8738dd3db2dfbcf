"""What `tutor worksheet` does: options become a plan, the plan becomes sheets, the sheets become files.

Nothing is written before it is known that nothing stands in the way; a sheet and its key are written together or not at all.
"""

from __future__ import annotations

import sys
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import click

from tutor.cli.files import refuse_existing, write_all
from tutor.cli.output import Target
from tutor.errors import RequestError
from tutor.problems.library import Library
from tutor.render.faults import fault_lines
from tutor.render.sheets import compiled_later, ending_of, format_of, key_in, sheet_in
from tutor.worksheets.choose import Stock, stocked
from tutor.worksheets.names import Student, load_students
from tutor.worksheets.plan import Plan, changed, load_plan
from tutor.worksheets.sheet import Sheet, copies, is_id, rebuilt

PATIENCE = 2.0
"""Seconds without a word about how far it is."""
_AHEAD = 8
"""So many PDFs are waited for at once."""
_THREADS = 2


@dataclass(frozen=True)
class Request:
    """The options of the command."""

    plan: str | None = None
    topics: str | None = None
    count: str | None = None
    difficulty: str | None = None
    seed: str | None = None
    exercises: tuple[str, ...] = ()
    title: str | None = None
    instructions: str | None = None
    points: str | None = None
    space: str | None = None
    room: str | None = None
    columns: str | None = None
    paper: str | None = None
    large: bool = False
    variants: str | None = None
    names: str | None = None
    pdf: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    results: bool = False
    out: str | None = None
    format: str | None = None
    force: bool = False

    @property
    def to_screen(self) -> bool:
        """Whether the sheet is shown, not written."""
        return not (self.pdf or self.others or self.keys or self.out)

    def planned(self) -> Plan:
        """The plan of the file, with the options over it. Raises `RequestError` and `SourceError`."""
        plan = load_plan(self.plan) if self.plan and not is_id(self.plan) else Plan()
        shown = "none" if self.to_screen and self.format in (None, "plain", "terminal") and not self.plan else None
        return changed(
            plan, topics=self.topics, count=self.count, difficulty=self.difficulty, seed=self.seed, title=self.title, instructions=self.instructions,
            points=self.points, space=self.space or shown, room=self.room, columns=self.columns, paper=self.paper, large="yes" if self.large else None,
            variants=self.variants, names=self.names, key="results" if self.results else None,
        )  # fmt: skip


@dataclass(frozen=True)
class Job:
    """Files that belong together: the sheet or the key of some copies, in a format each."""

    sheets: tuple[Sheet, ...]
    files: tuple[tuple[Path, str, str], ...]
    """A path, `sheet` or `key`, and a format."""


def run(request: Request, target: Target) -> int:
    """Make the sheets and show or write them; 0 when all was done. Raises `RequestError`, `SourceError` and `OSError`."""
    plan = request.planned()
    files = _named(request)
    refuse_existing([path for path, _, _ in files], force=request.force)
    stock = stocked(Library(request.exercises))
    students = load_students(plan.names) if plan.names else ()
    try:
        if request.to_screen:
            return _shown(request, _first(request, plan, stock, students), target)
        if request.out:
            return _into_folder(request, plan, stock, students, files)
        sheets = _all(request, plan, stock, students)
        _written([Job(tuple(sheets), files)], 1)
        _report(sheets, files)
        return 0
    finally:
        for fault in stock.faults:
            click.echo("\n".join(["This exercise is left out:", *fault_lines(fault)]), err=True)


def _named(request: Request) -> tuple[tuple[Path, str, str], ...]:
    """The files that options name. Raises `RequestError` for an ending that says no format, and for a file that is named twice."""
    found = [(name, "sheet", "pdf") for name in request.pdf]
    found += [(name, "sheet", format_of(name)) for name in request.others]
    found += [(name, "key", format_of(name)) for name in request.keys]
    twice = [name for name, count in Counter(str(Path(name).resolve()) for name, _, _ in found).items() if count > 1]
    if twice:
        raise RequestError("file", f"{Path(twice[0]).name} is named twice", advice="Give the sheet and its key files of their own.")
    return tuple((Path(name), what, format) for name, what, format in found)


def _all(request: Request, plan: Plan, stock: Stock, students: Sequence[Student]) -> list[Sheet]:
    if request.plan and is_id(request.plan):
        return [rebuilt(request.plan, stock, plan)]
    return list(copies(plan, stock, students))


def _first(request: Request, plan: Plan, stock: Stock, students: Sequence[Student]) -> Sheet:
    if students or plan.variants > 1:
        raise RequestError("output", "several copies need a place to be written to", advice="Give --out FOLDER, or one file for all: --pdf FILE.")
    return _all(request, plan, stock, students)[0]


def _shown(request: Request, sheet: Sheet, target: Target) -> int:
    """On the screen, or to whoever reads standard output."""
    content = sheet_in(request.format or target.format, [sheet], answers=True)
    if request.format == "pdf" and sys.stdout.isatty():
        raise RequestError("output", "a PDF is nothing for a screen", advice="Give it a file: --pdf sheet.pdf.")
    if request.format == "pdf":
        sys.stdout.buffer.write(content)
    else:
        click.echo(content.decode(), nl=False)
    return 0


# -- one file a copy -----------------------------------------------------------------------------------


def _into_folder(request: Request, plan: Plan, stock: Stock, students: Sequence[Student], files: tuple[tuple[Path, str, str], ...]) -> int:
    """Every copy and its key in files of their own; files that options name hold all copies."""
    folder = Path(request.out or ".")
    format = request.format or "pdf"
    count = len(students) or plan.variants
    names = _file_names(students) or [f"{k:0{len(str(count))}}" for k in range(1, count + 1)]
    kinds = ["sheet"] + ["key"] * (plan.layout.key != "none")
    paths = {name: tuple((folder / f"{name}{'-key' * (kind == 'key')}.{ending_of(format)}", kind, format) for kind in kinds) for name in names}
    if folder.exists() and not folder.is_dir():
        raise RequestError("file", f"{folder} is no folder", advice="Give another name behind --out.")
    folder.mkdir(parents=True, exist_ok=True)
    refuse_existing([path for some in paths.values() for path, _, _ in some], force=request.force)
    made: list[Sheet] = []
    sheets = iter(_all(request, plan, stock, students)) if request.plan and is_id(request.plan) else copies(plan, stock, students)

    def jobs() -> Iterator[Job]:
        for name, sheet in zip(names, sheets, strict=True):
            if files:
                made.append(sheet)
            yield Job((sheet,), paths[name])

    _written(jobs(), count)
    if files:
        _written([Job(tuple(made), files)], 1)
    behind = " with its key" if count == 1 and len(kinds) > 1 else " with their keys" if len(kinds) > 1 else ""
    click.echo(f"{folder}: {count} {'sheet' if count == 1 else 'sheets'}{behind}, {count * len(kinds)} files")
    _report(made, files)
    return 0


def _file_names(students: Sequence[Student]) -> list[str]:
    """A name each; the second of a name gets a 2 behind it."""
    found: list[str] = []
    taken: set[str] = set()
    for student in students:
        name, k = student.file, 1
        while name in taken:
            k += 1
            name = f"{student.file}-{k}"
        taken.add(name)
        found.append(name)
    return found


# -- making and writing --------------------------------------------------------------------------------


def _written(jobs: Iterable[Job], count: int) -> None:
    """Write each job's files together. Texts are made here, PDFs by two threads: the compiler works beside Python."""
    progress = _Progress(count)
    waiting: deque[list[tuple[Path, Future[bytes]]]] = deque()
    with ThreadPoolExecutor(_THREADS) as pool:
        source = iter(jobs)
        while True:
            for job in islice(source, _AHEAD - len(waiting)):
                answers = not any(what == "key" for _, what, _ in job.files)
                waiting.append([(path, pool.submit(_finish(job.sheets, what, format, answers=answers))) for path, what, format in job.files])
            if not waiting:
                break
            write_all({path: future.result() for path, future in waiting.popleft()})
            progress.one()
    progress.end()


def _finish(sheets: Sequence[Sheet], what: str, format: str, *, answers: bool) -> Callable[[], bytes]:
    """What is left to be done for a file when its text has been made."""
    if format == "pdf":
        return compiled_later(what, sheets)
    content = key_in(format, sheets) if what == "key" else sheet_in(format, sheets, answers=answers)
    return lambda: content


class _Progress:
    """How many sheets are done, on a terminal's standard error, when it takes longer than a moment."""

    def __init__(self, count: int) -> None:
        self.count, self.done = count, 0
        self._began = time.monotonic()
        self._said = False

    def one(self) -> None:
        """One more is done."""
        self.done += 1
        if time.monotonic() - self._began > PATIENCE and self.count > 1 and sys.stderr is not None and sys.stderr.isatty():
            click.echo(f"\r{self.done} of {self.count} sheets", nl=False, err=True)
            self._said = True

    def end(self) -> None:
        """All are done: the line goes away."""
        if self._said:
            click.echo("\r" + " " * 40 + "\r", nl=False, err=True)


def _report(sheets: Sequence[Sheet], files: Sequence[tuple[Path, str, str]]) -> None:
    """What was written, and the id with which it can be made again."""
    for path, what, _ in files:
        first = sheets[0]
        many = f"{len(sheets)} copies, " if len(sheets) > 1 else ""
        shown = {"full": "full solutions", "results": "results", "none": "results"}[first.layout.key]
        total = f", {first.total} points" if first.total else ""
        count = "1 problem" if len(first.items) == 1 else f"{len(first.items)} problems"
        click.echo(f"{path}: {many}{shown if what == 'key' else count + total}")
    if len(sheets) == 1 and files:
        click.echo(f"Sheet {sheets[0].id}")


__all__ = ["PATIENCE", "Job", "Request", "run"]
