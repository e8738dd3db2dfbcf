"""The same work on a cluster that is there already: `--scheduler tcp://…`, through `dask.distributed` (the extra `cluster`).

A cluster is one more executor. Dask sends a chunk again when its worker dies, and a chunk's results are plain values, so each row is graded once
and the file is the same as from one core. When the scheduler goes away, the rest is graded here. The workers need the same version of the tutor, and the user's own exercise folders at the same place.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from typing import Any, TypeVar

from tutor.errors import RequestError

PATIENCE = 15.0
"""Seconds in which a scheduler has to answer, and to have a worker."""
_EACH, _LEAST = 2, 4
T = TypeVar("T")


def worker_version() -> str:
    """The version of the tutor where this runs."""
    from tutor import __version__

    return __version__


@contextmanager
def cluster(address: str, patience: float = PATIENCE) -> Iterator[tuple[Executor, int]]:
    """An executor on a scheduler's workers, and how many chunks should be on their way.

    Raises `RequestError` where there is no such scheduler, it has no worker, or its workers have another tutor.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise RequestError("scheduler", "a cluster needs the package distributed", advice='pip install "calculus-tutor[cluster]"') from error
    try:
        client: Any = Client(address, timeout=patience, set_as_default=False)  # type: ignore[no-untyped-call, unused-ignore]
    except (OSError, ValueError, TimeoutError) as error:
        raise RequestError("scheduler", f"there is no scheduler at {address}", advice="Start one with `dask scheduler`, and workers with `dask worker tcp://...`.") from error
    with _silent(), client:
        _check(client, patience)
        threads = sum(client.nthreads().values())
        # Several chunks a thread are on their way, so that no worker waits for the next one.
        yield _Connected(client), max(_LEAST, _EACH * threads)


@contextmanager
def _silent() -> Iterator[None]:
    """Without the library's log on standard error: what got lost is graded again, and a bar may be there."""
    loggers = [logging.getLogger(name) for name in ("distributed", "distributed.client")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


class _Connected(Executor):
    """The executor of a client that takes nothing when the scheduler has gone: what nobody receives would never end."""

    def __init__(self, client: Any) -> None:
        self._client, self._executor = client, client.get_executor(pure=False, retries=2)

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """As the client's executor. Raises `ConnectionError` where there is no scheduler any more."""
        if self._client.status != "running":
            raise ConnectionError("the scheduler has gone")
        future: Future[T] = self._executor.submit(fn, *args, **kwargs)
        return future


def _check(client: Any, patience: float) -> None:
    """Raises `RequestError` where no worker comes, or one has another tutor."""
    try:
        client.wait_for_workers(1, timeout=patience)
        versions = client.run(worker_version)
    except TimeoutError as error:
        raise RequestError("scheduler", "the scheduler has no workers", advice="Start one with `dask worker tcp://...`.") from error
    except ImportError as error:
        raise RequestError("scheduler", "the workers cannot import the tutor", advice="Install calculus-tutor where they run.") from error
    wrong = sorted({version for version in versions.values() if version != worker_version()})
    if wrong:
        raise RequestError("scheduler", f"the workers have version {', '.join(wrong)}, and this is {worker_version()}", advice="Install the same version everywhere.")


__all__ = ["PATIENCE", "cluster", "worker_version"]
