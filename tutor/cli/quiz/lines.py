"""Lines as they come: from a terminal that is left as it is, from a pipe, from a file.

The terminal's own editing works (backspace, Ctrl-U, Ctrl-W); nothing is drawn but the prompt. A time limit works where the system can wait for
input with one. Lines are cut at a length that no answer has.
"""

from __future__ import annotations

import os
import select
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

import click

from tutor.render.signs import visible

LONGEST = 60_000
"""Bytes of a line that are kept; what is longer is refused by every reader of answers."""
_LOOK = 0.5
"""Seconds of waiting without a look round: a Ctrl-C that comes in the moment before the wait begins would else be seen with the next line only."""


class Ended(Enum):
    """Why there is no line."""

    INPUT = "the input has ended"
    INTERRUPTED = "Ctrl-C"
    TIME = "the time is up"


@dataclass(frozen=True)
class Prompt:
    """What stands in front of the line, the keys that can be pressed, how a text would be read, and how many seconds there are."""

    label: str
    keys: tuple[str, ...] = ()
    preview: Callable[[str], str] | None = None
    seconds: float | None = None


class Reader(Protocol):
    """Something that gives lines."""

    shows_keys: bool
    """Whether it shows the keys itself."""

    def ask(self, prompt: Prompt) -> str | Ended:
        """The next line."""


class Lines:
    """Lines from standard input, `echoed` where nobody has seen them typed."""

    shows_keys = False

    def __init__(self) -> None:
        self.echoed = sys.stdin is None or not sys.stdin.isatty()
        self._kept = b""
        self._ended = sys.stdin is None
        self._file = self._number()

    @staticmethod
    def _number() -> int | None:
        """The descriptor of standard input, where it can be waited for."""
        try:
            number = sys.stdin.fileno()
            select.select([number], [], [], 0)
        except (AttributeError, OSError, ValueError):  # no file, or a system that waits for sockets only
            return None
        return number

    def ask(self, prompt: Prompt) -> str | Ended:
        """The next line, without its end."""
        try:
            click.echo(f"{prompt.label}: ", nl=False)
            found = self._line(None if prompt.seconds is None else time.monotonic() + prompt.seconds)
        except KeyboardInterrupt:
            found = Ended.INTERRUPTED
        if isinstance(found, Ended):
            click.echo()
            return found
        text = found.decode("utf-8", "replace").rstrip("\r\n")
        if self.echoed:
            click.echo(visible(text))
        return text

    def _line(self, deadline: float | None) -> bytes | Ended:
        if self._file is None:
            return self._blocking()
        while b"\n" not in self._kept and not self._ended:
            left = _LOOK if deadline is None else min(deadline - time.monotonic(), _LOOK)
            if left <= 0:
                return Ended.TIME
            if not select.select([self._file], [], [], left)[0]:
                continue
            piece = os.read(self._file, 65_536)
            self._ended = not piece
            self._kept = _cut(self._kept + piece)
        if not self._kept:
            return Ended.INPUT
        line, _, self._kept = self._kept.partition(b"\n")
        return line

    def _blocking(self) -> bytes | Ended:
        if self._ended:
            return Ended.INPUT
        line = sys.stdin.buffer.readline(LONGEST)
        while line and not line.endswith(b"\n"):
            more = sys.stdin.buffer.readline(LONGEST)
            if not more:
                break
            line = line[:LONGEST] + more[-1:]
        return line or Ended.INPUT


def _cut(kept: bytes) -> bytes:
    """A line that has no end yet is kept up to its limit, so that memory stays flat."""
    return kept if b"\n" in kept or len(kept) <= LONGEST else kept[:LONGEST]


__all__ = ["LONGEST", "Ended", "Lines", "Prompt", "Reader"]
