"""An exam at the terminal: no hints, no verdicts before the end, a result file that is written reply by reply.

An exam that was broken off (a lost connection, a closed window) goes on with the same command: the result file holds what was kept, and the clock
has run on. Ctrl-C and Ctrl-D lead to the overview first; there they hand in nothing and leave the exam open.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tutor.cli.quiz.driver import INTERRUPTED, shown_as
from tutor.cli.quiz.keys import EXAM, KEYS, labels, meant
from tutor.cli.quiz.lines import Ended, Prompt, Reader
from tutor.cli.quiz.page import Page
from tutor.cli.quiz.start import reader_for, shelf_for
from tutor.errors import RequestError
from tutor.exposition.data import plain
from tutor.exposition.doc import Doc, Paragraph
from tutor.exposition.phrases import PHRASES
from tutor.practice import exam, sealed
from tutor.practice import exam_screens as screens
from tutor.practice.events import Leave, Reply, Skip, Undo
from tutor.practice.exam import Event, GoTo, Handed, HandIn, Kept, Plan, Sitting, TimeUp, Unread, graded, records, seated
from tutor.practice.screens import keys_doc, letters_of, options_of, pressed
from tutor.practice.shelf import Shelf
from tutor.practice.store import Store

say = PHRASES.say
_HAND_IN = ("hand in", "handin", "submit")
_EVENTS: dict[str, Callable[[], Event]] = {"skip": Skip, "undo": Undo, "leave": Leave}


def _key(path: str | None) -> bytes:
    """The secret in a file. Raises `RequestError`."""
    if path is None:
        return b""
    try:
        found = Path(path).read_bytes()[:4096].strip()
    except OSError as error:
        raise RequestError("key", f"cannot read {path}: {error.strerror or error}") from error
    if len(found) < 8:
        raise RequestError("key", f"the key in {path} is too short", advice="A key has at least 8 characters. Any file with random text will do.")
    return found


class _File:
    """The result file: a line is in it before the person is told that it is kept."""

    def __init__(self, path: Path, seal: sealed.Seal) -> None:
        self.path, self.seal = path, seal

    def add(self, row: Mapping[str, Any]) -> None:
        """Append a record. Raises `OSError`."""
        with open(self.path, "a", encoding="utf-8") as out:
            out.write(self.seal.line(row))
            out.flush()
            os.fsync(out.fileno())


def sit(
    plan: str, seed: str, minutes: float | None, result: str | None, key_file: str | None, own: Sequence[str], page: Page, store: Store,
) -> int:  # fmt: skip
    """Work through an exam; the exit status."""
    key, read, shelf = _key(key_file), exam.load_plan(Path(plan)), shelf_for(own)
    path = Path(result) if result else Path(f"{Path(plan).stem}-result.jsonl")
    sitting, file = _begun(read, shelf, seed, minutes, path, key)
    page.tell(*store.notices())
    page.show(screens.start_doc(sitting, str(path)))
    reader, waits = reader_for(page, False)  # earlier answers are no business of an exam
    driver = ExamDriver(sitting, file, page, reader, waits)
    try:
        status = driver.run()
        if driver.sitting.over:
            _finished(driver, shelf, store)
        return status
    except KeyboardInterrupt:  # while something was being worked out: the file holds what was kept
        return INTERRUPTED
    finally:
        store.close()
        page.tell(*store.notices())


def _begun(plan: Plan, shelf: Shelf, seed: str, minutes: float | None, path: Path, key: bytes) -> tuple[Sitting, _File]:
    """A new exam with its file, or the one that the file holds. Raises `RequestError`."""
    now = datetime.now(UTC)
    try:
        if path.exists():
            sitting, last = sealed.resumed(path.read_text(encoding="utf-8"), key, shelf)
            if sitting.variants != tuple(one.id for one in exam.problems_of(plan, shelf, seed)):
                raise RequestError("result", f"{path} belongs to another exam", advice="Name another file with --result.")
            return sitting, _File(path, sealed.Seal(key, last))
        sitting = seated(plan, shelf, seed, now, minutes)
        file = _File(path, sealed.Seal(key))
        file.add(sealed.begun(sitting, plan, seed, bool(key)))
    except (OSError, UnicodeDecodeError) as error:
        raise RequestError("result", f"cannot use {path} for the result: {getattr(error, 'strerror', None) or error}", advice="Name another file with --result.") from error
    return sitting, file


def _finished(driver: ExamDriver, shelf: Shelf, store: Store) -> None:
    """Grade, write the end of the file, keep the answers, show the results."""
    results = graded(driver.sitting)
    driver.save(sealed.ended(driver.sitting, results))
    for one in records(driver.sitting, results, secrets.token_hex(8), shelf):
        store.append(one)
    driver.page.show(screens.result_doc(driver.sitting, results))
    driver.page.tell(*store.notices())
    if not driver.unsaved:
        driver.page.show(Doc((), (Paragraph(say("exam.file", {"file": str(driver.file.path)})),)))


@dataclass
class ExamDriver:
    """An exam at a terminal."""

    sitting: Sitting
    file: _File
    page: Page
    reader: Reader
    waits: bool = True
    unsaved: bool = False
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))

    def run(self) -> int:
        """The whole exam; the exit status. An exam that is left without handing in stays open."""
        self._screen(first=True)
        while not self.sitting.over:
            line = self.reader.ask(self._prompt())
            if line is Ended.TIME:
                self._to(TimeUp())
            elif line is Ended.INPUT and not self.waits:
                self._to(HandIn())
            elif isinstance(line, Ended):
                if self.sitting.at is None:
                    return INTERRUPTED if line is Ended.INTERRUPTED else 0
                self._to(Leave())
            elif self.sitting.at is None and meant(line, EXAM) == "leave":
                return 0
            else:
                self._line(line)
        return 0

    def save(self, row: Mapping[str, Any]) -> None:
        """Write a record; where that fails it is said, and the exam goes on."""
        try:
            self.file.add(row)
        except OSError as error:
            self.unsaved = True
            self.page.show(Doc((), (Paragraph(say("exam.unsaved", {"file": str(self.file.path), "reason": error.strerror or str(error)}), "warning"),)))

    def _line(self, line: str) -> None:
        text = line.strip()
        if text.casefold() in _HAND_IN:
            self._to(HandIn() if self.sitting.at is None else Leave())
            return
        if self.sitting.at is None and text.isascii() and text.isdigit() and len(text) < 5:
            self._to(GoTo(int(text)))
            return
        key = meant(line, EXAM, self._named())
        if key in _EVENTS:
            self._to(_EVENTS[key]())
        elif key == "words" and self.sitting.at is not None:
            Page(True, True).show(screens.question_doc(self.sitting, self.clock()))
        elif key == "redraw":
            self._screen()
        elif meant(line, KEYS, self._named()) in ("hint", "solution"):
            self.page.show(Doc((), (Paragraph(say("exam.no_help", {}), "remark"),)))
        elif key or self.sitting.at is None:
            self.page.show(keys_doc(self._named(), screens.KEYS, "exam"))
        elif text:
            self._to(Reply(line))

    def _named(self) -> frozenset[str]:
        """Letters that are answers here."""
        if self.sitting.at is None:
            return frozenset()
        which, number = self.sitting.places[self.sitting.at]
        return letters_of(self.sitting.problems[which], number)

    def _to(self, event: Event) -> None:
        before = self.sitting
        self.sitting = exam.step(before, event, self.clock())
        kept: tuple[Handed, ...] = self.sitting.log[len(before.log) :]
        for handed in kept:
            self.save(sealed.reply(handed))
        said = self.sitting.said
        if self.sitting.over:
            self.page.show(screens.said_doc(self.sitting))
        elif isinstance(said, Unread) and not self.page.spoken:
            self.page.fault(said.fault, screens.again())
        elif before.at != self.sitting.at or kept:
            self._screen()
        else:
            self.page.show(screens.said_doc(self.sitting))

    def _screen(self, first: bool = False) -> None:
        now = self.clock()
        if not first:
            self.page.top()
        if isinstance(self.sitting.said, Kept) or first is False:
            self.page.show(screens.said_doc(self.sitting))
        if self.sitting.at is None:
            self.page.show(screens.overview_doc(self.sitting, now))
            return
        self.page.bar(len(self.sitting.replies), len(self.sitting.places))
        self.page.show(screens.question_doc(self.sitting, now))
        if first and not self.reader.shows_keys:
            self.page.keys(self._keys(), screens.KEYS.values())

    def _prompt(self) -> Prompt:
        left = self.sitting.left(self.clock())
        seconds = None if left is None else max(left.total_seconds(), 0.01)
        if self.sitting.at is None:
            keys = tuple(plain(say(f"exam.keys_overview.{one}", {"count": len(self.sitting.places)})) for one in ("number", "hand_in", "leave"))
            return Prompt(plain(say("exam.prompt_overview", {})), keys, None, seconds)
        question = self.sitting.question(self.sitting.at)
        return Prompt(plain(say("exam.prompt", {})), self._keys(), shown_as(question.reading, options_of(question), self.page.plain), seconds)

    def _keys(self) -> tuple[str, ...]:
        return labels(pressed(self._named(), screens.KEYS), "exam")


def check(file: str, plan: str | None, seed: str, key_file: str | None, own: Sequence[str], page: Page) -> int:
    """Check a result file, with its plan where that is given; 0 when everything fits, else 1."""
    key, shelf = _key(key_file), shelf_for(own)
    path = Path(file)
    try:
        if path.stat().st_size > sealed.LONGEST:
            raise RequestError("result", "the file is too long for a result file")
        text = path.read_bytes().decode("utf-8", "replace")
    except OSError as error:
        raise RequestError("result", f"cannot read {path}: {error.strerror or error}") from error
    read = exam.load_plan(Path(plan)) if plan else None
    variants = tuple(one.id for one in exam.problems_of(read, shelf, seed)) if read else ()
    found = sealed.examined(text, key, shelf, read, variants)
    page.show(screens.check_doc(found, bool(key)))
    if found.sitting is not None:
        page.show(screens.result_doc(found.sitting, found.results))
    return int(bool(found.faults))


__all__ = ["ExamDriver", "check", "sit"]
