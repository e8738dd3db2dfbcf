"""The service under load: requests per second and how long they take, for some numbers of clients that ask without a pause.

    python benchmarks/service.py [SECONDS [WORKERS]]

The service and its clients share this machine's cores; the clients are one process of bare sockets, so that little of the time is theirs.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from time import perf_counter

CLIENTS = (1, 4, 16, 64)


def check(k: int) -> tuple[str, dict[str, object]]:
    """A right and a wrong answer in turn, each to another question."""
    power = k % 40 + 2
    return "/check", {"answer": f"{power + k % 2}x^{power - 1} + cos(x + {k})", "derivative_of": f"x^{power} + sin(x + {k})"}


def explain(k: int) -> tuple[str, dict[str, object]]:
    """The derivative of a product and a chain, in other numbers each time."""
    return "/explain", {"expression": f"x^{k % 9 + 2} sin({k + 2}x)"}


WORK = {"check": check, "explain": explain}


@contextmanager
def service(workers: int) -> Iterator[int]:
    """The port of a running service."""
    program = [sys.executable, "-m", "tutor", "serve", "--port", "0", "--workers", str(workers)]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            found = re.search(r":(\d+) ", process.stdout.readline())
            assert found is not None, "the service did not start"
            yield int(found[1])
        finally:
            process.terminate()


async def client(port: int, work: str, numbers: Iterator[int], until: float, times: list[float]) -> None:
    """Ask until it is time; each answer's time is added."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while perf_counter() < until:
        path, data = WORK[work](next(numbers))
        body = json.dumps(data).encode()
        start = perf_counter()
        writer.write(b"POST %b HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (path.encode(), len(body), body))
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head)
        assert head.startswith(b"HTTP/1.1 200 "), head
        assert length is not None
        await reader.readexactly(int(length[1]))
        times.append(perf_counter() - start)
    writer.close()


async def load(port: int, work: str, clients: int, seconds: float) -> tuple[float, list[float]]:
    """Requests per second, and the times in order."""
    times: list[float] = []
    numbers = count()
    start = perf_counter()
    await asyncio.gather(*(client(port, work, numbers, start + seconds, times) for _ in range(clients)))
    return len(times) / (perf_counter() - start), sorted(times)


def main(seconds: float = 4.0, workers: int = 0) -> None:
    """Print the table."""
    helpers = workers or os.cpu_count() or 1
    print(f"{helpers} helpers, {os.cpu_count()} cores, {seconds:g} s each\n")
    print("| request | clients | requests/s | median | p95 | p99 |\n|---|---|---|---|---|---|")
    with service(helpers) as port:
        for work in WORK:
            asyncio.run(load(port, work, 4, 1.0))
            for clients in CLIENTS:
                rate, times = asyncio.run(load(port, work, clients, seconds))
                median, p95, p99 = (f"{1000 * times[int(share * (len(times) - 1))]:.1f} ms" for share in (0.5, 0.95, 0.99))
                print(f"| {work} | {clients} | {rate:,.0f} | {median} | {p95} | {p99} |", flush=True)


if __name__ == "__main__":
    main(*(cast(text) for cast, text in zip((float, int), sys.argv[1:], strict=False)))
