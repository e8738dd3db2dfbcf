"""Bounds on how long something may take, by the clock on the wall."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """What is inside ends within so many seconds. The garbage of the tests before is no part of it: none is searched for meanwhile."""
    searched = gc.isenabled()
    gc.disable()
    start = perf_counter()
    try:
        yield
        took = perf_counter() - start
    finally:
        if searched:
            gc.enable()
    assert took < seconds, f"it took {took:.2f} s"
