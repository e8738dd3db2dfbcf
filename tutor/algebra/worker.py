"""Work that may take too long, in a process of its own that can be killed.

Solving an equation or finding a limit can take SymPy a millisecond or an hour, and nothing inside a
process can stop it: a signal reaches only the main thread, and no thread can be ended from outside. So such work
is done by one helper process, started when it is first needed. A request is a line of JSON with
mathematics as calculator text, and so is its answer. When the time is up the process is killed, and the
next request starts another. The helper limits its own memory, and ends itself when its asker has gone.

>>> ask("solve", 20, equations=["x^2 - 4"], unknowns=["x"])["points"]
[{'x': '-2'}, {'x': '2'}]
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import time
from contextlib import suppress
from contextvars import ContextVar, Token
from pathlib import Path
from threading import Lock, Thread
from typing import Any

START_SECONDS = 20.0
"""What the start of the process, with its import of SymPy, may take on a busy machine; it is not part of a budget."""


class OutOfTime(Exception):
    """The work was not done within its budget, or broke its process (memory), or there can be no process."""


class Allowance:
    """What all requests inside a block may take together; a block inside another one shares the outer's.

    >>> with Allowance(0):
    ...     ask("solve", 20, equations=["x^2 - 4"], unknowns=["x"])
    Traceback (most recent call last):
        ...
    tutor.algebra.worker.OutOfTime: solve: no time is left
    """

    __slots__ = ("_token", "left")
    _token: Token[Allowance | None] | None

    def __init__(self, seconds: float) -> None:
        self.left = seconds

    def __enter__(self) -> Allowance:
        outer = _ALLOWED.get()
        self._token = _ALLOWED.set(self) if outer is None else None
        return outer or self

    def __exit__(self, *_: object) -> None:
        if self._token is not None:
            _ALLOWED.reset(self._token)


_ALLOWED: ContextVar[Allowance | None] = ContextVar("allowance", default=None)


class Worker:
    """One helper process. Calls from several threads wait for each other."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._owner = 0
        self._ready = False
        self._lock = Lock()

    def ask(self, task: str, seconds: float, **request: Any) -> Any:
        """The answer of a task of `tutor.algebra.tasks`. Raises `OutOfTime`."""
        allowed = _ALLOWED.get()
        if allowed is not None:
            seconds = min(seconds, allowed.left)
        if seconds <= 0:
            raise OutOfTime(f"{task}: no time is left")
        with self._lock:
            process = self._running()
            began = time.monotonic()
            answer = _exchange(process, json.dumps({"task": task, "seconds": seconds, **request}), seconds)
            if allowed is not None:
                allowed.left -= time.monotonic() - began
            if answer is None:
                self._stop()
                raise OutOfTime(f"{task}: no answer within {seconds:g} s")
        return json.loads(answer)

    def warm(self) -> None:
        """Start the process now, without waiting for it: for work that will surely be needed."""
        with self._lock, suppress(OSError):  # where it cannot start, the request says so
            if self._is_gone():
                self._begin()

    def close(self) -> None:
        """End the process, if there is one."""
        with self._lock:
            self._stop()

    def _running(self) -> subprocess.Popen[str]:
        """The process; a fork of the asker starts its own."""
        if self._is_gone():
            try:
                self._begin()
            except OSError as error:  # a sandbox that allows no process, or no more of them
                raise OutOfTime(f"the helper process could not be started: {error.strerror}") from error
        assert self._process is not None
        if not self._ready:
            if _exchange(self._process, json.dumps({"task": "ready", "seconds": START_SECONDS}), START_SECONDS) is None:
                self._stop()
                raise OutOfTime("the helper process did not start")
            self._ready = True
        return self._process

    def _is_gone(self) -> bool:
        return self._process is None or self._owner != os.getpid() or self._process.poll() is not None

    def _begin(self) -> None:
        self._stop()
        self._process, self._owner, self._ready = _started(), os.getpid(), False

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return
        process.kill()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(OSError):  # a request that could not be written any more
                    stream.close()
        process.wait()


def _started() -> subprocess.Popen[str]:
    root = str(Path(__file__).parents[2])
    paths = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH", ""))))
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "tutor.algebra.tasks"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        text=True, encoding="utf-8", env={**os.environ, "PYTHONPATH": paths},
    )  # fmt: skip


def _exchange(process: subprocess.Popen[str], line: str, seconds: float) -> str | None:
    """One line out, one line back; None when none came in time."""
    assert process.stdin is not None
    assert process.stdout is not None
    stdout = process.stdout
    found: list[str] = []

    def receive() -> None:
        with suppress(OSError, ValueError):  # closed while waiting
            found.append(stdout.readline())

    try:
        process.stdin.write(line + "\n")
        process.stdin.flush()
    except OSError:
        return None
    waiting = Thread(target=receive, daemon=True)
    waiting.start()
    waiting.join(seconds)
    if waiting.is_alive():
        process.kill()
        waiting.join()
        return None
    return found[0] if found and found[0] else None


_WORKER = Worker()
atexit.register(_WORKER.close)
ask = _WORKER.ask
"""Ask the one helper process of this process."""
warm = _WORKER.warm
"""Start it without waiting."""
