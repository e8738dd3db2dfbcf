"""`tutor progress`: where the learner stands; export, import and deletion of what is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tutor.cli import options
from tutor.cli.output import Target, guarded

if TYPE_CHECKING:
    from tutor.exposition.doc import Phrase


@click.command("progress")
@click.option("--plot", is_flag=True, help="How each skill went, answer by answer.")
@click.option("--export", "exported", type=click.Path(dir_okay=False, allow_dash=True), metavar="FILE", help="Write the log of answers as JSON Lines; - is standard output.")
@click.option("--import", "imported", type=click.Path(dir_okay=False, allow_dash=True), metavar="FILE", help="Add the records of such a file; twice is once.")
@click.option("--delete-my-data", "deleted", is_flag=True, help="Delete everything that is kept of you.")
@click.option("--yes", is_flag=True, help="Delete without being asked.")
@options.output
def command(plot: bool, exported: str | None, imported: str | None, deleted: bool, yes: bool, format: str | None, plain: bool, file: str | None) -> None:
    """Where you stand: each skill, how surely it is known, when its review is due, and what to do next."""
    target = Target(format, plain, file)
    if sum(map(bool, (exported, imported, deleted))) > 1:
        raise click.UsageError("Give one of --export, --import and --delete-my-data.")

    def work() -> int:
        if deleted:
            return _delete(yes)
        if exported:
            return _export(exported)
        if imported:
            return _import(imported)
        return _show(plot, target)

    guarded(work, target)


def _show(plot: bool, target: Target) -> int:
    import json
    from datetime import UTC, datetime

    from tutor.cli.show import show_doc
    from tutor.practice.progress import progress_data, progress_doc
    from tutor.practice.safe_store import opened

    store, now = opened(), datetime.now(UTC)
    try:
        log = list(store.log())
        for notice in store.notices():
            click.echo(str(notice), err=True)
    finally:
        store.close()
    if target.format == "json":
        target.text(json.dumps(progress_data(log, now), ensure_ascii=False, indent=2))
    else:
        show_doc(progress_doc(log, now, plot, target.format == "plain"), target)
    return 0


def _export(path: str) -> int:
    import sys

    from tutor.practice.safe_store import opened
    from tutor.practice.transfer import exported

    store, count = opened(), 0
    try:
        with click.open_file(path, "w", encoding="utf-8") as out:
            for line in exported(store):
                out.write(line)
                count += 1
        if path != "-":
            _tell("progress.exported", count=count, file=path)
        for notice in store.notices():
            click.echo(str(notice), file=sys.stderr)
    finally:
        store.close()
    return 0


def _import(path: str) -> int:
    from tutor.errors import RequestError
    from tutor.practice.safe_store import opened
    from tutor.practice.transfer import imported

    store = opened()
    try:
        with click.open_file(path, encoding="utf-8", errors="replace") as lines:
            found = imported(lines, store)
    except OSError as error:
        raise RequestError("import", f"cannot read {path}: {error.strerror or error}") from error
    finally:
        notices = store.notices()
        store.close()
    for notice in notices:
        click.echo(str(notice), err=True)
    _tell("progress.imported", read=found.read, added=found.added)
    return 0


def _delete(yes: bool) -> int:
    """Delete everything, after the word has been typed."""
    from tutor.practice.safe_store import delete, files
    from tutor.practice.store import home

    folder, found = home(), files()
    if not found:
        _tell("progress.delete_none", folder=folder)
        return 0
    if not yes:
        answer = click.prompt(_words("progress.delete_ask", count=len(found), folder=folder), default="", show_default=False, prompt_suffix=": ")
        if answer.strip().casefold() != "delete":
            _tell("progress.delete_not")
            return 1
    _tell("progress.deleted", count=len(delete()))
    return 0


def _words(key: str, **values: object) -> str:
    from tutor.exposition.data import plain
    from tutor.exposition.phrases import PHRASES

    said: Phrase = PHRASES.say(key, values)
    return plain(said)


def _tell(key: str, **values: object) -> None:
    click.echo(_words(key, **values))
