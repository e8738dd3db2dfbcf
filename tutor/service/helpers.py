"""The helper processes of a service, each busy with one request at a time; one that a request has ended is replaced.

A request that takes too long, eats memory or ends its process costs only itself: the process is killed (`tutor.autograde.isolated`), and a new one gets
ready before it is given to the next request, so that the start of a process is no part of anybody's time.

>>> async def asked():
...     helpers = Helpers(1)
...     try:
...         return await helpers.ask("check", '{"answer": "2x", "derivative_of": "x^2"}')
...     finally:
...         helpers.close()
>>> reply = asyncio.run(asked())
>>> reply.outcome, reply.feedback[:30]
('200', '{"schema":1,"input":"2x","read')
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from tutor.autograde.isolated import Bench, Job
from tutor.autograde.result import Result
from tutor.service.bench import NO_KEY, PROGRAM, WARM
from tutor.service.limits import LIMITS, Limits

TROUBLE = "trouble."
"""How the finding of a result begins whose process had to be ended."""
Value = TypeVar("Value")
_PAUSE = 1.0
"""Seconds until a process that could not be started is tried again."""


class Busy(Exception):
    """All helpers are at work, and enough requests wait for them."""


class Helpers:
    """So many helper processes. One event loop uses them."""

    def __init__(self, count: int, limits: Limits = LIMITS, program: str = PROGRAM) -> None:
        self.limits, self.count, self.waiting = limits, count, 0
        self._benches = [Bench(Job(NO_KEY, limits.seconds, limits.memory, program)) for _ in range(count)]
        self._threads = ThreadPoolExecutor(count, "helper")
        # The one that has just worked is asked again: what it needs is still at hand.
        self._free: asyncio.LifoQueue[Bench] = asyncio.LifoQueue()
        self._tasks: set[asyncio.Task[Any]] = set()
        for bench in self._benches:
            self._free.put_nowait(bench)

    @property
    def free(self) -> int:
        """How many are not at work."""
        return self._free.qsize()

    async def warm(self) -> None:
        """Start all processes, and wait until they are ready."""
        await asyncio.gather(*(self._renewed(self._free.get_nowait()) for _ in range(self.free)))

    async def ask(self, question: str, request: str) -> Result:
        """The reply of a free helper. Raises `Busy`."""
        bench = await self._taken()
        # When the asker goes away, the helper is still given back.
        return await asyncio.shield(self._started(self._worked(bench, question, request)))

    async def _taken(self) -> Bench:
        if self._free.empty() and self.waiting >= self.limits.waiting:
            raise Busy
        self.waiting += 1
        try:
            async with asyncio.timeout(self.limits.wait_seconds):
                return await self._free.get()
        except TimeoutError:
            raise Busy from None
        finally:
            self.waiting -= 1

    async def _worked(self, bench: Bench, question: str, request: str) -> Result:
        result = None
        try:
            result = await self._graded(bench, question, request)
        finally:
            if result is None or result.finding.startswith(TROUBLE):
                self._started(self._renewed(bench))
            else:
                self._free.put_nowait(bench)
        return result

    async def _renewed(self, bench: Bench) -> None:
        """Have a process get ready, and give it to whoever waits."""
        try:
            await self._graded(bench, WARM, "")
        except (OSError, RuntimeError):  # no process can be started now, or the service ends
            await asyncio.sleep(_PAUSE)
        finally:
            self._free.put_nowait(bench)

    async def _graded(self, bench: Bench, question: str, request: str) -> Result:
        (result,) = await asyncio.get_running_loop().run_in_executor(self._threads, bench.grade, [(question, request)])
        return result

    def _started(self, work: Coroutine[None, None, Value]) -> asyncio.Task[Value]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def close(self) -> None:
        """End the processes. What they are busy with is lost."""
        while not self._free.empty():
            self._free.get_nowait().close()
        for bench in self._benches:
            bench.stop()
        self._threads.shutdown(wait=False, cancel_futures=True)


__all__ = ["TROUBLE", "Busy", "Helpers"]
