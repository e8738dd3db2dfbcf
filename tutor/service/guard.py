"""What every request passes first: its size, the time that its body takes to arrive, its id, and the line in the log.

The body is taken in as a whole before anything looks at it, so that one that is too large or never ends costs no more than the limit.
"""

from __future__ import annotations

import asyncio
import re
from time import perf_counter
from typing import Any
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tutor.service.limits import LIMITS, Limits
from tutor.service.logs import log
from tutor.service.refusals import NOTES, Refusal, refusal

PATHS = ("/check", "/explain", "/problem", "/health", "/openapi.json")
"""The paths by which the log calls a request; any other could hold an answer."""
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "QUERY")
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}


class _TooLarge(Exception):
    """The body is larger than the limit."""


class _Gone(Exception):
    """Whoever asked has gone away."""


class Guard:
    """The outermost layer of the service."""

    def __init__(self, app: ASGIApp, limits: Limits = LIMITS) -> None:
        self._app, self._limits = app, limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, with its body, and write its line."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start = perf_counter()
        notes: dict[str, Any] = {"id": _id(scope), "status": 0, "received": 0, "sent": 0}
        scope[NOTES] = notes

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                notes["status"] = message["status"]
                MutableHeaders(scope=message).update({**_HEADERS, "X-Request-ID": notes["id"]})
            elif message["type"] == "http.response.body":
                notes["sent"] += len(message.get("body", b""))
            await send(message)

        try:
            await self._passed(scope, receive, noted)
        finally:
            method, path = (one if one in known else "other" for one, known in ((scope["method"], _METHODS), (scope["path"], PATHS)))
            log("request", method=method, path=path, milliseconds=round(1000 * (perf_counter() - start), 1), **notes)

    async def _passed(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with asyncio.timeout(self._limits.body_seconds):
                body = await self._body(scope, receive)
        except _TooLarge:
            await _closing(413, "size", f"the body has more than {self._limits.body:,} bytes", "Send a smaller request.")(scope, receive, send)
        except TimeoutError:
            await _closing(408, "slow", f"the body did not arrive within {self._limits.body_seconds:g} s", "Send it again.")(scope, receive, send)
        except _Gone:
            return
        else:
            await self._app(scope, _again(body, receive), send)

    async def _body(self, scope: Scope, receive: Receive) -> bytes:
        """The whole body. Raises `_TooLarge`, before any of it is asked for where its length is said."""
        said = Headers(scope=scope).get("content-length", "0")
        if said.isdecimal() and int(said[:20]) > self._limits.body:
            raise _TooLarge
        pieces, more, size = [], True, 0
        while more:
            message = await receive()
            if message["type"] != "http.request":
                raise _Gone
            piece, more = message.get("body", b""), message.get("more_body", False)
            pieces.append(piece)
            size += len(piece)
            scope[NOTES]["received"] = size
            if size > self._limits.body:
                raise _TooLarge
        return b"".join(pieces)


def _id(scope: Scope) -> str:
    """The id that a proxy has given, where it is one; else a new one."""
    given = Headers(scope=scope).get("x-request-id", "")
    return given if _ID.fullmatch(given) else uuid4().hex


def _closing(status: int, kind: str, message: str, advice: str) -> Refusal:
    """A refusal after which the connection is closed: the rest of the body is not wanted."""
    return refusal(status, kind, message, advice, {"Connection": "close"})


def _again(body: bytes, receive: Receive) -> Receive:
    """The body as one message, then what comes after it."""
    sent = False

    async def received() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return received


__all__ = ["PATHS", "Guard"]
