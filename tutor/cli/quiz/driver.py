"""Practice at the terminal: the state machine is shown a line, and what it says is shown.

While a person reads, the next thing is made ready: the grader of the open question, and, once it is settled, the question that would come next.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from tutor.cli.quiz.keys import KEYS, labels, meant
from tutor.cli.quiz.lines import Ended, Prompt, Reader
from tutor.cli.quiz.page import Page
from tutor.errors import ReadError, TutorError
from tutor.exposition.data import plain
from tutor.exposition.doc import Paragraph
from tutor.exposition.phrases import PHRASES
from tutor.form.notation.plain import PLAIN
from tutor.form.notation.unicode import UNICODE
from tutor.form.reading import Reading
from tutor.form.write import write
from tutor.practice import screens
from tutor.practice.events import Easier, Event, Hint, Judged, Leave, More, Next, Reply, Skip, Solution, Undo
from tutor.practice.learner import Learner
from tutor.practice.said import Said
from tutor.practice.session import Asking, Session, left_open, shown, step
from tutor.practice.world import World
from tutor.problems.problem import Question

say = PHRASES.say
_EVENTS: dict[str, Callable[[], Event]] = {"hint": Hint, "solution": Solution, "skip": Skip, "undo": Undo, "easier": Easier, "leave": Leave}
_OPEN = ("hint", "solution", "skip", "undo", "easier", "why", "keys", "leave")
_SETTLED = ("solution", "undo", "easier", "leave")
INTERRUPTED = 130


@dataclass
class Driver:
    """A session at a terminal. `waits`: whether somebody is there who presses Enter for the next question."""

    session: Session
    world: World
    page: Page
    reader: Reader
    known: Learner
    notices: Callable[[], tuple[Said, ...]] = tuple
    keep: Callable[[Mapping[str, Any]], None] = lambda _: None
    waits: bool = True
    why: bool = False
    shown: int = field(default=0, init=False)

    def run(self) -> int:
        """The whole session; the exit status. Ctrl-C ends it with the summary, also while something is being worked out."""
        try:
            return self._run()
        except KeyboardInterrupt:
            self._summary()
            return INTERRUPTED

    def _run(self) -> int:
        self.keep(left_open(self.session, self.world.clock()))
        self._question()
        while True:
            if self.session.over and not self._goes_on():
                return 0
            ahead = self._prepared()
            if self.session.settled and not self.waits:
                self._to(ahead or step(self.session, Next(), self.world))
                continue
            line = self.reader.ask(self._prompt())
            if line is Ended.INTERRUPTED:
                raise KeyboardInterrupt
            if isinstance(line, Ended):
                self._summary()
                return 0
            self._line(line, ahead)

    def _line(self, line: str, ahead: Session | None) -> None:
        """One line of the person."""
        asking = self.session.asking
        key = meant(line, KEYS, screens.answers_of(self.session))
        if key in _EVENTS:
            self._to(step(self.session, _EVENTS[key](), self.world))
        elif key == "unknown":
            self.page.show(screens.keys_doc())
        elif key:
            self._display(key)
        elif not line.strip() and (self.session.settled or (asking is not None and asking.aside)):
            self._to(ahead or step(self.session, Next(), self.world))
        elif (letter := screens.letter_doc(self.session, line)) is not None:
            self.page.show(letter)
        else:
            self._to(step(self.session, Reply(line), self.world))

    def _to(self, session: Session) -> None:
        """Show what a step has brought."""
        before, self.session = self.session, session
        self.keep(left_open(session, self.world.clock()))
        if session.number != before.number or (session.asking and before.asking and session.asking.item != before.asking.item):
            self._question()
        else:
            self._said()
        self.page.tell(*self.notices())

    # -- what is shown

    def _question(self) -> None:
        if self.session.asking is None or self.session.over:
            self._said()
            return
        if self.shown:
            self.page.top()
        self.page.bar(len(self.session.done), self.session.count)
        if self.session.said is not None:
            self._said()
        self.page.show(screens.question_doc(self.session))
        if self.why:
            self.page.show(screens.why_doc(self.session.asking))
        if not self.reader.shows_keys and (not self.shown or not self.page.plain):
            self.page.keys(self._keys(), screens.KEYS.values())
        self.shown += 1
        self.session = shown(self.session, self.world.clock())

    def _said(self) -> None:
        told = self.session.said
        if isinstance(told, Judged) and told.verdict.fault is not None and not self.page.spoken:
            self.page.fault(told.verdict.fault, Paragraph(say("verdict.free", {}), "remark"))
        else:
            self.page.show(screens.said_doc(self.session))

    def _display(self, key: str) -> None:
        """What changes nothing: the keys, the reasons, the question again, or in words."""
        asking = self.session.asking
        if key == "keys" or asking is None:
            self.page.show(screens.keys_doc(screens.answers_of(self.session)))
        elif key == "why":
            self.page.show(screens.why_doc(asking))
        elif key == "words":
            Page(True, True).show(screens.question_doc(self.session))
        else:
            self.page.top()
            self.page.bar(len(self.session.done), self.session.count)
            self.page.show(screens.question_doc(self.session))

    def _summary(self) -> None:
        self.page.show(*screens.summary_docs(self.session, self.known, self.world.clock()))

    def _goes_on(self) -> bool:
        """At the end: the summary, and whether as many questions again are wanted."""
        self._summary()
        if not self.waits or not self.session.complete or self.session.asking is not None:
            return False
        more, end = plain(say("quiz.prompt_more", {"count": self.session.size})), plain(say("quiz.prompt_end", {}))
        line = self.reader.ask(Prompt(more, (end,)))
        undo = isinstance(line, str) and meant(line, KEYS) == "undo"
        if isinstance(line, Ended) or (line.strip() and not undo):
            return False
        self._to(step(self.session, Undo() if undo else More(), self.world))
        return not self.session.over

    # -- the prompt

    def _prompt(self) -> Prompt:
        session = self.session
        if session.settled or session.asking is None:
            return Prompt(plain(say("quiz.prompt_last" if session.complete else "quiz.prompt_next", {})), self._keys())
        if session.asking.aside:
            return Prompt(plain(say("quiz.prompt_smaller", {})), (plain(say("quiz.prompt_whole", {})), *self._keys()), preview(session.asking, self.page.plain))
        return Prompt(plain(say("quiz.prompt", {})), self._keys(), preview(session.asking, self.page.plain))

    def _keys(self) -> tuple[str, ...]:
        session = self.session
        typed = screens.pressed(screens.answers_of(self.session))
        if session.asking is None or session.settled:
            return labels(typed, "quiz", [word for word in _SETTLED if word != "solution" or session.asking is None or session.asking.outcome != "shown"])
        return labels(typed, "quiz", _OPEN)

    def _prepared(self) -> Session | None:
        """Make the next thing ready while the person reads: the next question, or the grader of this one."""
        if self.session.over or self.session.asking is None:
            return None
        if self.session.settled:
            return step(self.session, Next(), self.world)
        warmed(self.session.asking.question)
        _ = self.session.asking.clues
        return None


def warmed(question: Question) -> None:
    """Judge a wrong answer once, so that what all verdicts on this question share is worked out."""
    from tutor.grading.document import verdict_doc

    with suppress(TutorError):
        for wrong in question.kind.samples().wrong[:1]:
            verdict_doc(question.check(wrong))


def preview(asking: Asking, ascii_only: bool) -> Callable[[str], str]:
    """How a text would be read now, in one line; empty where it cannot be read (yet)."""
    reading = asking.smaller.kind.understood if asking.aside and asking.smaller is not None else asking.question.reading
    return shown_as(reading, screens.options_of(asking.question), ascii_only)


def shown_as(reading: Callable[[str], Reading], options: tuple[str, ...], ascii_only: bool) -> Callable[[str], str]:
    """A text as a reading understands it, behind a word that says so; empty where it cannot be read."""
    label = plain(say("quiz.preview", {}))

    def read(text: str) -> str:
        if not text.strip() or len(text) > 2_000:
            return ""
        try:
            understood = screens.said(reading(text).form, options)
        except ReadError:
            return ""
        return label + "".join(part if isinstance(part, str) else write(part, PLAIN if ascii_only else UNICODE) for part in understood)

    return read


__all__ = ["INTERRUPTED", "Driver", "shown_as", "warmed"]
