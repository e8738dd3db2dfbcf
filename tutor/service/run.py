"""The server: one process that listens, with uvicorn, and its helpers.

Ended by SIGTERM or Ctrl-C it takes no new requests, answers those that it has, and ends its helpers.
"""

from __future__ import annotations

import errno
import logging
import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from types import FrameType

import uvicorn

from tutor.errors import RequestError
from tutor.service.app import service
from tutor.service.bench import PROGRAM
from tutor.service.limits import LIMITS, Limits
from tutor.service.logs import CONFIGURATION, log

_QUEUE = 2048
"""Connections that the system keeps until they are taken."""


def serve(
    host: str, port: int, workers: int, limits: Limits = LIMITS, program: str = PROGRAM, ready: Callable[[str], object] = str, *, solutions: bool = True,
) -> None:  # fmt: skip
    """Listen until told to end; `ready` is called with the address when requests are answered.

    Raises `RequestError` where it cannot listen.
    """
    with bound(host, port) as listening:
        url = _url(listening)

        def started() -> None:
            if not _is_loopback(listening.getsockname()[0]):
                log("open", logging.WARNING, message="not bound to loopback: whoever can reach this address can ask; there is no authentication")
            log("listening", url=url, workers=workers)
            ready(url)

        config = uvicorn.Config(
            service(workers, limits, program, started, solutions=solutions), http="h11", ws="none", loop="asyncio", lifespan="on", log_config=CONFIGURATION, access_log=False,
            server_header=False, proxy_headers=False, limit_concurrency=limits.connections, h11_max_incomplete_event_size=limits.head,
            timeout_graceful_shutdown=limits.grace,
        )  # fmt: skip
        with _told_to_end():
            uvicorn.Server(config).run(sockets=[listening])
        log("ended")


def bound(host: str, port: int) -> socket.socket:
    """A socket that listens; port 0 is any that is free. Raises `RequestError`.

    >>> with bound("127.0.0.1", 0) as taken:
    ...     try: bound("127.0.0.1", taken.getsockname()[1])
    ...     except RequestError as fault: print(fault.kind, fault.advice)
    port Choose another one with --port; 0 takes any that is free.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listening = socket.create_server((host, port), family=family, backlog=_QUEUE)
    except socket.gaierror as error:
        raise RequestError("host", f"there is no address {host!r} here", advice="Choose one with --host, such as 127.0.0.1.") from error
    except OSError as error:
        why = os.strerror(error.errno).lower() if error.errno else str(error)
        if error.errno == errno.EADDRNOTAVAIL:
            raise RequestError("host", f"cannot listen at {host}: {why}", advice="Choose an address of this machine with --host.") from error
        raise RequestError("port", f"cannot listen at {host}, port {port}: {why}", advice="Choose another one with --port; 0 takes any that is free.") from error
    # What is written goes out at once; asyncio does not say so for a socket that was given to it, and each reply would wait 40 ms for its end.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def _url(listening: socket.socket) -> str:
    host, port, *_ = listening.getsockname()
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _is_loopback(host: str) -> bool:
    return ip_address(host.partition("%")[0]).is_loopback


@contextmanager
def _told_to_end() -> Iterator[None]:
    """SIGTERM is an ordinary end: uvicorn sends itself once more the signal that has ended it."""
    if not hasattr(signal, "SIGTERM"):
        yield
        return

    def nothing(number: int, frame: FrameType | None) -> None:
        pass

    before = signal.signal(signal.SIGTERM, nothing)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


__all__ = ["bound", "serve"]
