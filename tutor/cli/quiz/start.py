"""What a session starts with: the shelf of exercises, the reader of lines that fits the terminal, the first words."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from tutor.cli.quiz.lines import Lines, Reader
from tutor.cli.quiz.page import Page
from tutor.exposition.doc import Doc, Paragraph
from tutor.exposition.phrases import PHRASES
from tutor.practice.learner import Learner
from tutor.practice.shelf import Shelf, shelf_of
from tutor.practice.store import home
from tutor.problems.library import Library


def shelf_for(own: Sequence[str]) -> Shelf:
    """The exercises, with those of the user's own folders; their index is kept beside the progress."""
    mark = sha256("\n".join(own).encode()).hexdigest()[:8] if own else ""
    return shelf_of(Library(tuple(own)), home() / f"shelf{mark and '-' + mark}.json")


def reader_for(page: Page, remembers: bool) -> tuple[Reader, bool]:
    """The reader of lines, and whether somebody is there who presses Enter: an editor at a capable terminal, else lines as they come.

    `remembers`: earlier sessions' lines can be had again, and these later.
    """
    there = sys.stdin is not None and sys.stdin.isatty()
    if not (there and page.moves):
        return Lines(), there
    from tutor.cli.quiz.editor import Editor

    folder = home()
    return Editor(folder / "history" if remembers and folder.is_dir() else None, page.target.colour), True


def welcome(known: Learner, now: datetime) -> Doc:
    """The first words: what to type, or how much there is already."""
    if not known.answered:
        return Doc((), (Paragraph(PHRASES.say("quiz.welcome", {}), "reason"),))
    return Doc((), (Paragraph(PHRASES.say("quiz.welcome_back", {"count": known.answered, "due": len(known.due(now))}), "reason"),))


__all__ = ["reader_for", "shelf_for", "welcome"]
