"""A bar for long runs, on standard error at a terminal, and Ctrl-C that keeps what was computed.

The bar appears when a run takes longer than about a second. Ctrl-C ends the run, and those that would follow it; what was
computed is shown.
"""

from __future__ import annotations

import signal
import sys
import threading
import time
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

PATIENCE = 1.0
"""Seconds without a bar."""


class Progress:
    """Called with the steps that are done and those that were asked for; to be used in a `with` statement around the run."""

    def __init__(self, doing: str = "Descending", steps: str = "steps") -> None:
        self.interrupted = False
        self._words = doing, steps
        self._began = time.monotonic()
        self._bar: Bar | None = None
        self._before: Any = None

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._interrupt)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)
        if self._bar is not None:
            self._bar.stop()

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        self.interrupted = True
        raise KeyboardInterrupt

    def __call__(self, done: int, steps: int) -> None:
        if self.interrupted:  # a run that follows an interrupted one ends at once
            raise KeyboardInterrupt
        if self._bar is None and time.monotonic() - self._began > PATIENCE and sys.stderr is not None and sys.stderr.isatty():
            self._bar = _bar(steps, *self._words)
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], completed=done, total=steps)


def _bar(steps: int, doing: str, unit: str) -> Bar:
    """A bar with the share, the rate and the time that is left; it goes away when it is done."""
    from rich.console import Console
    from rich.progress import BarColumn, Task, TaskProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar
    from rich.text import Text

    class Rate(TextColumn):
        """Steps a second."""

        def render(self, task: Task) -> Text:
            return Text(f"{task.speed:,.0f} {unit}/s" if task.speed else "")

    bar = Bar(TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), Rate(""), TimeRemainingColumn(), console=Console(stderr=True), transient=True)
    bar.add_task(doing, total=steps)
    bar.start()
    return bar


__all__ = ["PATIENCE", "Progress"]
