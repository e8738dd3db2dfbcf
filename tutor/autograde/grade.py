"""Many rows graded: the same answer once, in chunks, in any executor, and the results in the order of the rows.

What differs goes into chunks, chunks go to an executor of `concurrent.futures`; rows wait in a queue for their results, which leave it in the order of the
input. Chunks on their way, rows that wait and answers that are remembered are all bounded, so memory is the same for ten thousand rows and for a million.
A chunk that its executor lost (a process that was killed, a machine that went away) is sent again, and is graded here in the end: it is
graded by the same process as everywhere (`tutor.autograde.isolated`), and so the result is the same.

>>> from tutor.autograde.key import Source
>>> job = Job(Source("questions: {q1: {derivative_of: x^2}}"))
>>> pairs = [("q1", "2x"), ("q1", "x"), ("q1", "2x")]
>>> [result.outcome for _, result in graded(((pair, pair) for pair in pairs), job)]
['right', 'wrong', 'right']
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial
from typing import Generic, TypeVar

from tutor.autograde.isolated import Bench, Job, Pair, graded_chunk
from tutor.autograde.result import Result

CHUNK = 128
"""Distinct answers that are sent together: at most some tenths of a second of work."""
MOST_WAITING = 10_000
"""Rows that wait for a result before them."""
MOST_WAITING_SIZE = 8_000_000
"""Characters in them."""
MOST_SENT = 32
"""Chunks on their way to an executor of which nothing else is known."""
MOST_REMEMBERED = 30_000_000
"""Bytes, about, of the answers and results that are remembered."""
_ATTEMPTS = 2
"""How often a chunk is sent before it is graded here."""

T = TypeVar("T")


@dataclass(slots=True)
class _Slot:
    """A distinct answer on its way."""

    pair: Pair
    result: Result | None = None


@dataclass(slots=True)
class _Chunk:
    """Distinct answers that travel together, and how often they were sent."""

    slots: list[_Slot] = field(default_factory=list)
    sent: int = 0

    @property
    def pairs(self) -> list[Pair]:
        return [slot.pair for slot in self.slots]


class Remembered:
    """The results of the latest distinct answers, as many as fit.

    >>> kept = Remembered(most=1_700)
    >>> for text in ("a", "b", "c"): kept.put(("q", text), Result("right", 1.0))
    >>> kept.get(("q", "a")), kept.get(("q", "c")).outcome
    (None, 'right')
    """

    _EACH = 800

    def __init__(self, most: int = MOST_REMEMBERED) -> None:
        self._most, self._size = most, 0
        self._results: OrderedDict[Pair, Result] = OrderedDict()

    def get(self, pair: Pair) -> Result | None:
        """The result, if it is still known."""
        found = self._results.get(pair)
        if found is not None:
            self._results.move_to_end(pair)
        return found

    def put(self, pair: Pair, result: Result) -> None:
        """Remember a result, and forget the ones that were not needed for longest."""
        if self._weight(pair, result) > self._most // 2:
            return
        self._results[pair] = result
        self._size += self._weight(pair, result)
        while self._size > self._most:
            self._size -= self._weight(*self._results.popitem(last=False))

    def _weight(self, pair: Pair, result: Result) -> int:
        return len(pair[0]) + len(pair[1]) + len(result.finding) + len(result.feedback) + len(result.evidence) + self._EACH


class _Line(Generic[T]):
    """The rows that wait, the chunks on their way, and what is known."""

    def __init__(self, job: Job, executor: Executor, grading: Callable[[Job, list[Pair]], list[Result]], most_sent: int) -> None:
        self.job, self.executor, self.grading, self.most_sent = job, executor, grading, most_sent
        self.rows: deque[tuple[T, _Slot, int]] = deque()
        self.open: dict[Pair, _Slot] = {}
        self.size = 0
        self.chunk = _Chunk()
        self.sent: dict[Future[list[Result]], _Chunk] = {}
        self.known = Remembered()

    def add(self, row: T, what: Pair | Result, size: int) -> None:
        """A row behind all others; its answer joins the chunk unless it is known or on its way."""
        self.rows.append((row, _Slot(("", ""), what) if isinstance(what, Result) else self._slot(what), size))
        self.size += size
        if len(self.chunk.slots) >= CHUNK:
            self.send()

    def _slot(self, pair: Pair) -> _Slot:
        slot = self.open.get(pair)
        if slot is None:
            slot = _Slot(pair, self.known.get(pair))
            if slot.result is None:
                self.open[pair] = slot
                self.chunk.slots.append(slot)
        return slot

    def send(self) -> None:
        """The chunk, full or not, on its way."""
        chunk, self.chunk = self.chunk, _Chunk()
        if chunk.slots:
            self._submit(chunk)

    def _submit(self, chunk: _Chunk) -> None:
        chunk.sent += 1
        try:
            if chunk.sent > _ATTEMPTS:
                raise RuntimeError("the executor lost it again and again")
            future = self.executor.submit(self.grading, self.job, chunk.pairs)
        except Exception:  # noqa: BLE001 (whatever is wrong with an executor: the rows are graded here)
            self._settle(chunk, self.grading(self.job, chunk.pairs))
        else:
            self.sent[future] = chunk

    def receive(self) -> None:
        """Wait for at least one chunk."""
        done, _ = wait(self.sent, return_when=FIRST_COMPLETED)
        for future in done:
            chunk = self.sent.pop(future)
            try:
                results = [Result(*result) for result in future.result()]
            except Exception:  # noqa: BLE001 (a worker that was killed, a scheduler that went away)
                self._submit(chunk)
            else:
                self._settle(chunk, results)

    def _settle(self, chunk: _Chunk, results: list[Result]) -> None:
        for slot, result in zip(chunk.slots, results, strict=True):
            slot.result = result
            self.known.put(slot.pair, result)
            del self.open[slot.pair]

    def ready(self) -> Iterator[tuple[T, Result]]:
        """The rows at the front that have their results."""
        while self.rows and (result := self.rows[0][1].result) is not None:
            row, _, size = self.rows.popleft()
            self.size -= size
            yield row, result

    def make_room(self) -> Iterator[tuple[T, Result]]:
        """Receive until more rows may be read; the rows that became ready."""
        yield from self.ready()
        while self.rows and (len(self.sent) >= self.most_sent or len(self.rows) >= MOST_WAITING or self.size >= MOST_WAITING_SIZE):
            if len(self.sent) < self.most_sent:
                self.send()
            if self.sent:
                self.receive()
            yield from self.ready()

    def rest(self) -> Iterator[tuple[T, Result]]:
        """All that are still there."""
        self.send()
        yield from self.ready()
        while self.sent:
            self.receive()
            yield from self.ready()


def graded(
    rows: Iterable[tuple[T, Pair | Result]], job: Job, executor: Executor | None = None, *, jobs: int = 1, most_sent: int | None = None,
    size: Callable[[T], int] = lambda _: 0,
) -> Generator[tuple[T, Result], None, None]:  # fmt: skip
    """Each row with its result, in order. A row comes with question and answer, or with the result that it has already.

    Without an executor, `jobs` processes of this machine grade. Any executor will do: threads, processes, a cluster's; a chunk has its own
    helper process everywhere. `most_sent` bounds the chunks on their way, `size` says how many characters a row holds while it waits.
    """
    own: set[Bench] = set()
    grading = partial(graded_chunk, busy=own) if executor is None else graded_chunk
    with ThreadPoolExecutor(jobs) if executor is None else nullcontext(executor) as pool:
        line: _Line[T] = _Line(job, pool, grading, most_sent or (2 * jobs + 1 if executor is None else MOST_SENT))
        try:
            for row, what in rows:
                line.add(row, what, size(row))
                yield from line.make_room()
            yield from line.rest()
        finally:
            for future in line.sent:
                future.cancel()
            for bench in list(own):  # whoever interrupts does not wait for what is still being graded
                bench.stop()


__all__ = ["CHUNK", "Remembered", "graded"]
