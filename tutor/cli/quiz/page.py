"""What is written to the terminal: documents, one question on the screen, or one line after the other.

At a capable terminal each question begins at the top of the screen; what stood there before scrolls up and can be looked at. With `--plain`, on a
dumb terminal and in a pipe the cursor is never moved. The width is asked for anew each time, so that a resized window is used.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from textwrap import wrap

from tutor.cli.output import Target
from tutor.cli.quiz.keys import rows_of
from tutor.cli.show import doc_lines
from tutor.errors import TutorError
from tutor.exposition.doc import Block, Doc, Paragraph
from tutor.practice.said import Said
from tutor.practice.screens import words_doc
from tutor.render.wrap import Line

_BAR = 40


class Page:
    """Where documents go. `spoken`: as sentences to be read aloud. `moves`: whether the cursor may be moved."""

    def __init__(self, plain: bool, spoken: bool = False) -> None:
        self.target = Target("plain" if plain else None, False, None)
        self.spoken = spoken
        self.at_terminal = sys.stdout is not None and sys.stdout.isatty()
        self.dumb = os.environ.get("TERM", "dumb") in ("dumb", "") and os.name != "nt"
        self.moves = self.at_terminal and not plain and not spoken and not self.dumb
        self.plain = self.target.format == "plain"

    @property
    def width(self) -> int:
        """The columns that there are now, at most 100."""
        return max(min(shutil.get_terminal_size((80, 24)).columns, 100), 20) if self.at_terminal else 80

    def show(self, *docs: Doc) -> None:
        """Write documents one after the other, each with an empty line behind it."""
        for doc in docs:
            if not doc.title and not doc.blocks:
                continue
            if self.spoken:
                self._write([((line, ""),) for line in _aloud(doc, self.width if self.at_terminal else 0)])
            else:
                self.target.width = self.width
                self._write(doc_lines(doc, self.target))
            self._write([()])

    def tell(self, *notices: Said) -> None:
        """Write what the store has to say."""
        self.show(*(Doc((), (Paragraph(one.phrase, "warning"),)) for one in notices))

    def fault(self, error: TutorError, *after: Block) -> None:
        """An error with a caret under its place, and what stands below it."""
        from tutor.render.faults import fault_lines

        if self.spoken:
            self.show(Doc((), (Paragraph((error.message,), "warning"), *([Paragraph((error.advice,))] if error.advice else ()), *after)))
            return
        self._write([((line, "warning" if k == 0 else ""),) for k, line in enumerate(fault_lines(error, self.width, ascii_only=self.plain))])
        self.show(Doc((), after)) if after else self._write([()])

    def top(self) -> None:
        """Begin at the top of the screen; what stands there scrolls up."""
        if self.moves:
            rows = shutil.get_terminal_size((80, 24)).lines
            sys.stdout.write("\n" * rows + "\x1b[H\x1b[J")
            sys.stdout.flush()

    def bar(self, done: int, count: int) -> None:
        """How far the session is; a line at a terminal, nothing where it would be read aloud or logged."""
        if self.plain or self.spoken or not self.at_terminal:
            return
        size = min(_BAR, self.width - 12)
        full = size * done // max(count, 1)
        self.target.width = self.width
        self.target.lines([(("━" * full, "rule"), ("─" * (size - full), "note"), (f"  {done}/{count}", "note"))])

    def keys(self, labels: Iterable[str], words: Iterable[str]) -> None:
        """The keys that can be pressed; for ears the words."""
        if self.spoken:
            self.show(words_doc(words))
        else:
            self._write([((row, "note"),) for row in rows_of(labels, self.width)])

    def _write(self, lines: Iterable[Line]) -> None:
        self.target.lines(lines)
        if sys.stdout is not None:
            sys.stdout.flush()


def _aloud(doc: Doc, width: int) -> Iterator[str]:
    """A document as sentences, in lines that fit (`width` 0: one sentence a line); a word is never cut in two."""
    from tutor.render.speech import speech

    for line in speech(doc).splitlines():
        yield from wrap(line, width, break_long_words=False, break_on_hyphens=False) if width else [line]


__all__ = ["Page"]
