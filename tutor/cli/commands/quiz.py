"""`tutor quiz`: practice, exams, and the check of an exam's result file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tutor.cli import options
from tutor.cli.output import Target, guarded

if TYPE_CHECKING:
    from tutor.cli.quiz.page import Page
    from tutor.practice.store import Store


@click.command("quiz")
@click.option("--topic", metavar="LIST", callback=options.names, help="Only these, separated by commas: skills such as chain-rule, or folders.")
@click.option("--count", type=click.IntRange(1, 1000), help="How many questions.  [default: 10]")
@click.option("--seed", metavar="TEXT", help="The same questions for the same replies, whatever is known of you.")
@click.option("--exam", "plan", type=click.Path(dir_okay=False), metavar="PLAN", help="An exam by a plan: no hints, results at the end.")
@click.option("--minutes", type=click.FloatRange(0.1, 600), help="The time limit of the exam.")
@click.option("--result", type=click.Path(dir_okay=False), metavar="FILE", help="Where the exam's result goes.  [default: PLAN-result.jsonl]")
@click.option("--check-result", "checked", type=click.Path(dir_okay=False), metavar="FILE", help="Is a result file as it was written? With --exam: and of that plan?")
@click.option("--key", "key_file", type=click.Path(dir_okay=False), metavar="FILE", help="A secret with which the result is sealed, and checked.")
@click.option("--plain", is_flag=True, help="Linear: ASCII, no cursor movement; for screen readers, pipes and logs.")
@click.option("--spoken", is_flag=True, help="Formulas in words, to be read aloud; linear as well.")
@click.option("--why", is_flag=True, help="Say why each question was chosen.")
@click.option("--no-save", "unsaved", is_flag=True, help="Keep nothing of this session.")
@click.option("--exercises", "own", multiple=True, metavar="FOLDER", help="A folder of your own families, which come first; may be repeated.")
def command(
    topic: tuple[str, ...], count: int | None, seed: str | None, plan: str | None, minutes: float | None, result: str | None, checked: str | None,
    key_file: str | None, plain: bool, spoken: bool, why: bool, unsaved: bool, own: tuple[str, ...],
) -> None:  # fmt: skip
    """Practice: one question at a time, chosen for you; everything is kept.

    Type the answer as mathematics. ? is a hint, ! the worked solution, s skips, u takes back, b asks something easier, q leaves. The next
    tutor quiz goes on where you stopped; tutor progress shows where you stand. TUTOR_HOME names another folder for what is kept.

    With --exam, a plan of problems is worked through without hints, against a time limit; with --check-result, its result file is checked.

    Exit status: 0 done; 1 a checked result file is not right; 2 the request could not be understood; 130 left with Ctrl-C.
    """
    target = Target("plain" if plain else None, False, None)
    if plan is None:
        for name, value in (("--minutes", minutes), ("--result", result)):
            if value is not None:
                raise click.UsageError(f"{name} belongs to an exam: give its plan with --exam.")
        if key_file and not checked:
            raise click.UsageError("--key belongs to an exam or to --check-result.")
    elif topic or count or why:
        raise click.UsageError("An exam's plan says what is asked: leave out --topic, --count and --why.")

    def work() -> int:
        from tutor.cli.quiz.page import Page

        page = Page(plain, spoken)
        if checked:
            from tutor.cli.quiz.sitting import check

            return check(checked, plan, seed or "", key_file, own, page)
        if plan is not None:
            from tutor.cli.quiz.sitting import sit

            return sit(plan, seed or "", minutes, result, key_file, own, page, store_for(unsaved))
        return _practice(topic, count, seed, own, page, store_for(unsaved), unsaved, why)

    guarded(work, target)


def store_for(unsaved: bool) -> Store:
    """Where answers are kept."""
    from tutor.practice.safe_store import opened
    from tutor.practice.said import Said
    from tutor.practice.store import MemoryStore

    return MemoryStore(notices=(Said("practice.store.memory"),)) if unsaved else opened()


def _practice(topic: tuple[str, ...], count: int | None, seed: str | None, own: tuple[str, ...], page: Page, store: Store, unsaved: bool, why: bool) -> int:
    """A session of practice."""
    import secrets
    from datetime import UTC, datetime

    from tutor.cli.quiz.driver import Driver
    from tutor.cli.quiz.start import reader_for, shelf_for, welcome
    from tutor.practice.chooser import FromShelf
    from tutor.practice.learner import NEW, learner_in
    from tutor.practice.session import COUNT, World, begin

    shelf = shelf_for(own)
    if topic:
        shelf.about(topic)  # an unknown topic is told before anything else
    known = learner_in(store)
    world = World(store, FromShelf(shelf), shelf, lambda: datetime.now(UTC), seed or secrets.token_hex(8), NEW if seed else known)
    session = begin(world, secrets.token_hex(8), count or COUNT, topic, None if seed else store.kept("open"))
    page.tell(*store.notices())
    page.show(welcome(known, world.clock()))
    reader, waits = reader_for(page, not unsaved)
    try:
        return Driver(session, world, page, reader, known, store.notices, lambda data: store.keep("open", data), waits, why).run()
    finally:
        store.close()
        page.tell(*store.notices())
