"""A real pseudo-terminal around `tutor`, with a screen as a person sees it: pexpect starts the program, pyte draws what it writes.

The program runs with a home of its own, so that nothing is known of anybody.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest

from tests.cli.command import ROOT

pexpect: Any = pytest.importorskip("pexpect", reason="a pseudo-terminal needs pexpect")
pyte: Any = pytest.importorskip("pyte", reason="what stands on the screen needs pyte")
if sys.platform == "win32":
    pytest.skip("there is no pseudo-terminal on Windows", allow_module_level=True)

PATIENCE = 90.0
"""Seconds until what is waited for must have come, also on a computer that is busy with other things."""


class Terminal:
    """`tutor` with these arguments in a window of so many columns and rows."""

    def __init__(self, home: Path, *args: str, columns: int = 80, rows: int = 30, term: str = "xterm-256color", **more: str) -> None:
        env = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "TUTOR_DEBUG", "COLUMNS", "LINES")}
        env |= {"TERM": term, "TUTOR_HOME": str(home), "PYTHONUTF8": "1", "LANG": "C.UTF-8", **more}
        self.screen = pyte.HistoryScreen(columns, rows, history=2000)
        self.stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self.sent = 0
        """How much the program had written when Enter was pressed."""
        self.child = pexpect.spawn(sys.executable, ["-m", "tutor", *args], env=env, dimensions=(rows, columns), timeout=PATIENCE, cwd=str(ROOT))
        self.child.delaybeforesend = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.child.close(force=True)

    @property
    def text(self) -> str:
        """What stands on the screen."""
        return "\n".join(line.rstrip() for line in self.screen.display).rstrip()

    @property
    def past(self) -> str:
        """What has scrolled away above it."""
        return "\n".join("".join(line[column].data for column in range(self.screen.columns)).rstrip() for line in self.screen.history.top)

    def read(self, seconds: float = 0.05) -> bool:
        """Take what the program has written; whether it still runs."""
        try:
            data = self.child.read_nonblocking(65_536, timeout=seconds)
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        self.raw += data
        self.stream.feed(data)
        return True

    def wait(self, *wanted: str, patience: float = PATIENCE) -> str:
        """Wait until all these texts stand on the screen. Raises `AssertionError` where they do not come."""
        end = time.monotonic() + patience
        while not all(text in self.text for text in wanted):
            if not self.read() or time.monotonic() > end:
                assert all(text in self.text for text in wanted), f"{wanted!r} does not stand on the screen:\n{self.past[-500:]}\n{self.text}"
                break
        return self.text

    def ready(self, label: str, typed: str = "", patience: float = PATIENCE) -> str:
        """Wait until the program waits for keys: behind this prompt and what has been typed there; after Enter it is a new prompt."""
        end = time.monotonic() + patience
        while not self._waits(label, typed):
            going = self.read()
            assert self._waits(label, typed) or (going and time.monotonic() < end), f"{label!r} with {typed!r} does not wait for keys:\n{self.text}"
        self.sent = 0
        return self.text

    def _waits(self, label: str, typed: str) -> bool:
        """Whether the prompt has been drawn since Enter, and stands in front of the cursor; a long line goes on from the rows above."""
        if label.encode() not in self.raw[self.sent :]:
            return False
        line = f"{label}: {typed}"
        width, cursor = self.screen.columns, self.screen.cursor
        rows = -(-len(line) // width) - 1
        shown = "".join(self.screen.display[max(cursor.y - rows, 0) : cursor.y]) + self.screen.display[cursor.y][: cursor.x]
        return shown.rstrip() == line.rstrip()

    def settle(self, seconds: float = 0.3) -> str:
        """The screen once nothing has been written for a while; for what is expected not to come."""
        size = -1
        while size != len(self.raw):
            size = len(self.raw)
            if not self.read(seconds):
                break
        return self.text

    def type(self, text: str) -> None:
        """Press keys."""
        self.child.send(text)

    def enter(self, text: str = "") -> None:
        """Type a line; the answer to it may come later."""
        self.sent = len(self.raw)
        self.child.send(text + "\r")

    def resize(self, columns: int, rows: int) -> None:
        """Give the window another size."""
        self.child.setwinsize(rows, columns)
        self.screen.resize(rows, columns)

    def end(self, patience: float = PATIENCE) -> int:
        """Read to the end; the exit status."""
        end = time.monotonic() + patience
        while self.read(0.2) and time.monotonic() < end:
            pass
        self.child.close()
        return self.child.exitstatus if self.child.exitstatus is not None else -self.child.signalstatus
