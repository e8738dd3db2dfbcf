"""Recursion without Python's stack: a generator asks for a smaller result by yielding the generator of it.

>>> def depth(n):
...     return 0 if n == 0 else 1 + (yield depth(n - 1))
>>> unwound(depth(5000))
5000
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, TypeVar

T = TypeVar("T")


def unwound(work: Generator[Any, Any, T]) -> T:
    """Run a generator whose `yield`s are generators of the same kind, answering each with its result."""
    stack: list[Generator[Any, Any, Any]] = [work]
    answer: Any = None
    while True:
        try:
            smaller = stack[-1].send(answer)
        except StopIteration as done:
            stack.pop()
            answer = done.value
            if not stack:
                return answer  # type: ignore[no-any-return]
        else:
            stack.append(smaller)
            answer = None
