"""The endpoints and their description. A request is validated here and answered in a helper process."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, Query, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from tutor import __version__
from tutor.service import refusals
from tutor.service.bench import PROGRAM
from tutor.service.guard import Guard
from tutor.service.helpers import TROUBLE, Busy, Helpers
from tutor.service.limits import LIMITS, Limits
from tutor.service.requests import CheckRequest, ExplainRequest, ProblemRequest

SUMMARY = "Derivatives and gradients, worked out like on a board, every line proved; answers, checked."
_REFUSED = (400, 408, 413, 415, 422, 500, 503)
_HEALTH = {
    "type": "object", "required": ["status", "version", "helpers", "free", "waiting"],
    "properties": {
        "status": {"const": "ok"}, "version": {"type": "string"},
        "helpers": {"type": "integer", "description": "Processes that answer."},
        "free": {"type": "integer", "description": "Those that are not at work."},
        "waiting": {"type": "integer", "description": "Requests that wait for one."},
    },
}  # fmt: skip


def service(workers: int, limits: Limits = LIMITS, program: str = PROGRAM, ready: Callable[[], object] = bool, *, solutions: bool = True) -> ASGIApp:
    """The service as an ASGI application, with its guard.

    `ready` is called when requests can be answered. Without `solutions` nobody is given the answers of an exercise.
    """
    return Guard(application(workers, limits, program, ready, solutions=solutions), limits)


def application(workers: int, limits: Limits = LIMITS, program: str = PROGRAM, ready: Callable[[], object] = bool, *, solutions: bool = True) -> FastAPI:
    """The endpoints."""
    helpers = Helpers(workers, limits, program)

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        await helpers.warm()
        ready()
        try:
            yield
        finally:
            helpers.close()

    app = FastAPI(
        title="Calculus tutor", version=__version__, summary=SUMMARY, lifespan=life, docs_url=None, redoc_url=None, redirect_slashes=False,
        exception_handlers={RequestValidationError: refusals.invalid, HTTPException: refusals.not_there, Exception: refusals.broken},
    )  # fmt: skip
    _add_endpoints(app, helpers, _asker(helpers, limits), solutions)
    _add_description(app)
    return app


Ask = Callable[[str, dict[str, Any]], Awaitable[Response]]


def _asker(helpers: Helpers, limits: Limits) -> Ask:
    async def ask(question: str, request: dict[str, Any]) -> Response:
        """The response to a valid request."""
        try:
            reply = await helpers.ask(question, json.dumps(request))
        except Busy:
            return refusals.refusal(503, "busy", "all helpers are at work, and enough requests wait for them", "Try again in a moment.", {"Retry-After": "1"})
        if reply.finding.startswith(TROUBLE):
            return refusals.of_trouble(reply.finding, limits.seconds, limits.memory)
        if reply.outcome != "200":
            return refusals.of_reply(int(reply.outcome), json.loads(reply.feedback))
        return Response(reply.feedback.encode("utf-8", "backslashreplace"), media_type="application/json")

    return ask


def _add_endpoints(app: FastAPI, helpers: Helpers, ask: Ask, solutions: bool) -> None:
    @app.post("/check", responses=_replies("check"))
    async def check(request: CheckRequest) -> Response:
        """Is an answer right, how is that known, and if it is wrong, which mistake was made? The right answer is not in the reply."""
        return await ask("check", _given(request))

    @app.post("/explain", responses=_replies("explain", "total"))
    async def explain(request: ExplainRequest) -> Response:
        """A derivative, worked out step by step, every line proved."""
        return await ask("explain", _given(request))

    @app.get("/problem", responses={**_replies("problem"), **refusals.kinds(403)})
    async def problem(request: Annotated[ProblemRequest, Query()]) -> Response:
        """One problem with its numbers; with solution=true also its answers."""
        if request.solution and not solutions:
            return refusals.refusal(403, "solution", "this service gives no solutions", "Leave out solution.", where="/solution")
        return await ask("problem", _given(request))

    @app.get("/health", responses={200: _described({"$ref": "#/components/schemas/Health"}), **refusals.kinds(408, 413, 500)})
    async def health() -> dict[str, Any]:
        """Whether the service runs, and how busy it is."""
        return {"status": "ok", "version": __version__, "helpers": helpers.count, "free": helpers.free, "waiting": helpers.waiting}


def _given(request: BaseModel) -> dict[str, Any]:
    """The fields that were given; null is not given."""
    return request.model_dump(exclude_unset=True, exclude_none=True)


def _replies(*names: str) -> dict[int | str, dict[str, Any]]:
    """The responses of an endpoint: what it replies, and the refusals."""
    refs = [{"$ref": f"#/components/schemas/{name}"} for name in names]
    return {200: _described(refs[0] if len(refs) == 1 else {"anyOf": refs}), **refusals.kinds(*_REFUSED)}


def _described(schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": "The reply.", "content": {"application/json": {"schema": schema}}}


def _add_description(app: FastAPI) -> None:
    """Put the replies' schemas, which are those of `--format json`, into the description that FastAPI makes of the requests."""
    made = app.openapi()
    replies = json.loads(Path(__file__).with_name("replies.json").read_text(encoding="utf-8"))
    made["components"]["schemas"] |= {"Refusal": refusals.SCHEMA, "Health": _HEALTH, **replies}


__all__ = ["application", "service"]
