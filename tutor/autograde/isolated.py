"""Answers judged in a process of their own, so that one that hangs, crashes or eats memory costs only itself.

`graded_chunk` is the one piece of work that is sent anywhere: to a thread of this process, to another process, to a worker of a cluster. Wherever it
runs, it keeps a helper process (`tutor.autograde.bench`) that can be killed: nothing inside a process can stop a computation, and a crash
of the interpreter takes everything in it along. The answer at which the helper ended gets a fresh helper once, alone; what
ends that one too is `undecided`, with the reason. An answer that takes too long is not tried again.

>>> job = Job(Source("questions: {q1: {derivative_of: x^2}}"))
>>> [result.outcome for result in graded_chunk(job, [("q1", "2x"), ("q1", "x"), ("q2", "x")])]
['right', 'wrong', 'undecided']
>>> close()
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from time import sleep

from tutor.algebra.worker import START_SECONDS
from tutor.autograde.bench import OUT_OF_MEMORY, READY
from tutor.autograde.key import Source
from tutor.autograde.result import Result, not_graded

SECONDS = 10.0
"""What one answer may take; SymPy's proofs have a budget of their own inside of it."""
MEMORY = 2**30
"""Bytes of address space of a helper."""
_RETIRES = 200_000
"""Answers after which a helper is replaced."""
_NAP, _QUICK = 0.005, 0.00005
"""Results are fetched so many seconds apart; towards the end of a chunk sooner, as if an answer took no longer than this."""

Pair = tuple[str, str]
"""A question's name and an answer."""


@dataclass(frozen=True, slots=True)
class Job:
    """What grading needs besides the answers: the key, the limits of an answer, and the module whose process judges."""

    key: Source
    seconds: float = SECONDS
    memory: int = MEMORY
    program: str = "tutor.autograde.bench"


class Bench:
    """A helper process for one job. One thread uses it at a time; another one may stop it."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.owner = os.getpid()
        self._process: subprocess.Popen[bytes] | None = None
        self._output: SimpleQueue[bytes] = SimpleQueue()
        self._left = self._done = 0
        self._stopped = False

    def grade(self, pairs: Sequence[Pair]) -> list[Result]:
        """A result for each answer, in order. Raises `RuntimeError` when it is stopped meanwhile."""
        found: list[Result] = []
        while len(found) < len(pairs):
            results, trouble = self._attempt(pairs[len(found) :])
            found += results
            if trouble:
                found.append(self._troubled(pairs[len(found)], trouble))
        return found

    def _troubled(self, pair: Pair, trouble: str) -> Result:
        """The result of the answer at which the process ended: tried once more, alone, unless it takes too long."""
        if trouble != "time":
            results, trouble = self._attempt([pair])
            if results:
                return results[0]
        return not_graded(trouble, self.job.seconds if trouble == "time" else 0.0, seconds=f"{self.job.seconds:g}")

    def _attempt(self, pairs: Sequence[Pair]) -> tuple[list[Result], str]:
        """Results as far as the process comes, and why it came no further."""
        if (self._process is None or self._process.poll() is not None) and not self._begin():
            return [], self._end()
        self._left = len(pairs)
        self._send(pairs)
        found: list[Result] = []
        rest = b""
        while len(found) < len(pairs):
            try:
                block = self._output.get(timeout=self.job.seconds)
            except Empty:
                self.close()
                return found, "time"
            if not block:
                return found, self._end()
            *lines, rest = (rest + block).split(b"\n")
            found += [Result(*values) for values in json.loads(b"[%b]" % b",".join(lines))]
        self._done += len(pairs)
        if self._done >= _RETIRES:
            self.close()
        return found, ""

    def _begin(self) -> bool:
        """Start the process and wait until it has read the key: its start is not part of any answer's time. False where it did not."""
        self.close()
        job, key = self.job, self.job.key
        self._process, self._output, self._done = _started(job.program), SimpleQueue(), 0
        Thread(target=self._receive, args=(self._process, self._output), daemon=True).start()
        if self._stopped:
            self.close()
            raise RuntimeError("stopped")
        self._send({"text": key.text, "file": key.file, "own": key.own, "seconds": job.seconds, "memory": job.memory})
        try:
            return self._output.get(timeout=START_SECONDS) == READY
        except Empty:
            self._process.kill()
            return False

    def _send(self, value: object) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        with suppress(OSError):  # a process that has ended is seen when its output ends
            self._process.stdin.write(json.dumps(value).encode() + b"\n")
            self._process.stdin.flush()

    def _receive(self, process: subprocess.Popen[bytes], output: SimpleQueue[bytes]) -> None:
        """Fetch what a process writes until it ends: many results at once, since to be woken for each takes longer than to read it."""
        assert process.stdout is not None
        with process.stdout as out, suppress(OSError, ValueError):
            while block := os.read(out.fileno(), 1 << 16):
                output.put(block)
                self._left -= block.count(b"\n")
                sleep(max(0.0, min(_NAP, _QUICK * self._left)))
        output.put(b"")

    def _end(self) -> str:
        """Why the process has ended by itself."""
        assert self._process is not None
        trouble = "memory" if self._process.wait() == OUT_OF_MEMORY else "crash"
        self.close()
        return trouble

    def close(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is None or self.owner != os.getpid():
            return
        process.kill()
        if process.stdin is not None:
            with suppress(OSError):
                process.stdin.close()
        process.wait()

    def stop(self) -> None:
        """End the process, from another thread and for good."""
        self._stopped = True
        process = self._process
        if process is not None:
            process.kill()


def _started(program: str) -> subprocess.Popen[bytes]:
    root = str(Path(__file__).parents[2])
    paths = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH", ""))))
    # -P: no module is taken from the folder where we are, which may be a student's.
    # NumPy's threads would reserve memory that is never used here; Ctrl-C at a terminal is for the process that asks.
    return subprocess.Popen(  # noqa: S603 (this Python and a module of ours)
        [sys.executable, "-P", "-m", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, process_group=0,
        env={**os.environ, "PYTHONPATH": paths, "OPENBLAS_NUM_THREADS": "1"},
    )  # fmt: skip


# -- the helpers of this process -----------------------------------------------------------------------

_IDLE: list[Bench] = []
_LOCK = Lock()
_MOST_IDLE = 64


def graded_chunk(job: Job, pairs: Sequence[Pair], busy: set[Bench] | None = None) -> list[Result]:
    """A result for each answer, in order; never raises on what an answer does. Safe in several threads: each has its own helper.

    While it works its helper is in `busy`. Raises `RuntimeError` when somebody stops that.
    """
    bench = _taken(job)
    if busy is not None:
        busy.add(bench)
    try:
        found = bench.grade(pairs)
    except BaseException:
        bench.close()
        raise
    finally:
        if busy is not None:
            busy.discard(bench)
    with _LOCK:
        _IDLE.append(bench)
        spare = [_IDLE.pop(0)] if len(_IDLE) > _MOST_IDLE else []
    for one in spare:
        one.close()
    return found


def _taken(job: Job) -> Bench:
    """A helper that is free, or a new one; those of a process that was forked stay with the one that began them."""
    with _LOCK:
        for k in reversed(range(len(_IDLE))):
            if _IDLE[k].owner != os.getpid():
                del _IDLE[k]
            elif _IDLE[k].job == job:
                return _IDLE.pop(k)
    return Bench(job)


def close() -> None:
    """End the helpers that are free."""
    with _LOCK:
        benches, _IDLE[:] = list(_IDLE), []
    for bench in benches:
        bench.close()


atexit.register(close)

__all__ = ["MEMORY", "SECONDS", "Bench", "Job", "Pair", "close", "graded_chunk"]
