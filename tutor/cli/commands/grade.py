"""`tutor grade`."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

import click

from tutor.cli import options
from tutor.cli.output import Target, guarded

if TYPE_CHECKING:
    from concurrent.futures import Executor


@click.command("grade", cls=options.Command)
@click.argument("submissions", type=click.Path(dir_okay=False), metavar="SUBMISSIONS")
@click.option("--key", "key", required=True, type=click.Path(dir_okay=False), metavar="KEY.YAML", help="What is expected of each question, and its points.")
@click.option("--out", required=True, type=click.Path(dir_okay=False), metavar="FILE", help="The graded rows: .csv, .jsonl or .parquet.")
@click.option("--report", metavar="FILE", type=click.Path(dir_okay=False), help="The report as a file too: .html, .md, .txt, .tex, .pdf.")
@click.option("--jobs", "-j", type=click.IntRange(1, 256), help="Processes that grade.  [default: one a core]")
@click.option("--scheduler", metavar="ADDRESS", help="Grade on a Dask cluster instead, such as tcp://127.0.0.1:8786.")
@click.option("--seconds", type=click.FloatRange(0.1, 3600), help="What one answer may take.  [default: 10]")
@click.option("--times", is_flag=True, help="A column more: the milliseconds that each answer took. Two runs then differ in it.")
@click.option("--force", is_flag=True, help="Overwrite the output, and begin anew where a part of it is there.")
@click.option("--exercises", "own", multiple=True, metavar="FOLDER", help="A folder of your own exercises, which come first; may be repeated.")
@click.option("--plain", is_flag=True, help="The report in ASCII.")
def command(
    submissions: str, key: str, out: str, report: str | None, jobs: int | None, scheduler: str | None, seconds: float | None, times: bool, force: bool,
    own: tuple[str, ...], plain: bool,
) -> None:  # fmt: skip
    """Grade a file of answers: CSV, JSON Lines or Parquet with the columns student, question and answer.

    The rows come back in their order with outcome, score, points, finding, feedback and evidence; a column of that name in the submissions is replaced. The same
    answer to the same question is graded once. A row that cannot be graded is undecided, with the reason. Interrupted and started again,
    the command goes on where it stopped. A report follows: how the answers are spread, the common mistakes, and what a person should look at.

    KEY.YAML holds the arguments of tutor.check for each question, such as questions: {q1: {derivative_of: x^2, points: 2}}.

    Exit status: 0 graded, 2 a file cannot be read or written, 130 interrupted.
    """
    target = Target("plain" if plain else None, plain, None)

    def work() -> int:
        from pathlib import Path

        from tutor.autograde import isolated
        from tutor.autograde.files import grade_file
        from tutor.autograde.key import load
        from tutor.autograde.report import report as document
        from tutor.cli.progress import Progress
        from tutor.cli.shelves import cores
        from tutor.cli.show import show_doc

        page = None if report is None else _page(report)
        job = isolated.Job(load(Path(key), own), seconds or isolated.SECONDS)
        workers = jobs or cores()
        place: AbstractContextManager[tuple[Executor | None, int | None]] = nullcontext((None, None)) if scheduler is None else _cluster(scheduler)
        try:
            with place as (executor, most_sent), Progress("Grading", "answers") as progress:
                tally = grade_file(Path(submissions), Path(out), job, executor, jobs=workers, most_sent=most_sent, times=times, force=force, tick=progress)
        except KeyboardInterrupt:
            click.echo(f"Interrupted. The same command goes on where it stopped ({out}.part).", err=True)
            raise
        finally:
            isolated.close()
        doc = document(tally)
        show_doc(doc, target)
        if page is not None:
            show_doc(doc, page)
        return 0

    guarded(work, target)


def _page(file: str) -> Target:
    """Where the report goes; what is wrong with it is said before the work. Raises `RequestError`."""
    from tutor.api import write_doc
    from tutor.autograde.report import Tally
    from tutor.autograde.report import report as document
    from tutor.errors import RequestError
    from tutor.render import ENDINGS
    from tutor.render.typst import compiled

    target, ending = Target(None, False, file), os.path.splitext(file)[1].lower()
    if target.format == "json" or ending not in ENDINGS:
        raise RequestError("report", f"there is no report in {ending or 'a file without an ending'}", advice="Name a file that ends in .html, .md, .txt, .tex or .pdf.")
    folder = os.path.dirname(file) or "."
    if not os.path.isdir(folder):
        raise RequestError("file", f"there is no folder {folder}", advice="Make it first.")
    text = write_doc(document(Tally({}, students=False)), target.format)
    if target.compiles:
        compiled(text)
    return target


def _cluster(address: str) -> AbstractContextManager[tuple[Executor, int]]:
    from tutor.autograde.dask import cluster

    return cluster(address)
