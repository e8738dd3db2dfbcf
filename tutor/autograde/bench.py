"""The process in which answers are judged, one after the other: `python -m tutor.autograde.bench`.

It reads requests from its standard input, one line of JSON each: first the key, then answers; for each answer it writes one line. It can be
killed at any time (see `tutor.autograde.isolated`), limits its own memory, and ends itself when an answer takes too long and nobody
has killed it, or when its asker has gone.
"""

from __future__ import annotations

import faulthandler
import gc
import json
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from time import perf_counter
from typing import IO

from tutor.autograde.key import Key, Source, read_key
from tutor.autograde.result import Result, not_asked, not_graded, result_of

GRACE = 5.0
"""Seconds after which the process ends itself, when whoever should have killed it has not."""
_ARMED = 1.0
OUT_OF_MEMORY = 71
"""The status with which the process ends when an answer took more memory than is allowed."""

READY = b"\n"
"""What is written when the key is read: from here on time is counted."""

Judge = Callable[[Key, str, str], Result]


def judge(key: Key, question: str, answer: str) -> Result:
    """The result of one answer; a fault in the tutor is one too."""
    entry = key.get(question)
    if entry is None:
        return not_asked(question, key)
    start = perf_counter()
    try:
        return result_of(entry.judge(answer))._replace(seconds=perf_counter() - start)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 (one answer never ends the others)
        return not_graded("fault", perf_counter() - start, name=type(error).__name__)


def serve(one: Judge = judge) -> None:
    """Answer requests until standard input ends; `one` judges."""
    out = _output()
    request = json.loads(sys.stdin.readline())
    seconds = float(request["seconds"])
    _limit_memory(int(request["memory"]))
    key = read_key(Source(request["text"], request["file"], tuple(request["own"])))
    # Trees are full of references that no search for garbage can free: a search now and then is enough.
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)
    out.write(READY)
    out.flush()
    for line in sys.stdin:
        armed = -_ARMED
        for question, answer in json.loads(line):
            now = perf_counter()
            if now - armed >= _ARMED:
                # This watchdog is a thread that needs no interpreter, so it also ends what hangs inside a library.
                faulthandler.dump_traceback_later(seconds + GRACE + _ARMED, exit=True, file=_nowhere())
                armed = now
            try:
                found = one(key, question, answer)
            except MemoryError:
                os._exit(OUT_OF_MEMORY)
            out.write(json.dumps(found).encode() + b"\n")
            out.flush()
        faulthandler.cancel_dump_traceback_later()


def _output() -> IO[bytes]:
    """Where results go; what anything else prints goes nowhere."""
    kept = os.dup(1)
    os.dup2(_nowhere().fileno(), 1)
    return os.fdopen(kept, "wb")


_NOWHERE: list[IO[str]] = []


def _nowhere() -> IO[str]:
    if not _NOWHERE:
        _NOWHERE.append(open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 (open as long as the process)
    return _NOWHERE[0]


def _limit_memory(most: int) -> None:
    """Bytes of address space; only the soft limit, as SymPy's process has its own."""
    with suppress(ImportError, OSError, ValueError):  # not on every system
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        serve()
