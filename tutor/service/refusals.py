"""What is not answered, as `application/problem+json` (RFC 9457): what is wrong, where, what was expected, what to do.

>>> refusal(404, "path", "there is nothing at this path", "There is /check.").body[:69]
b'{"type":"about:blank","title":"Not Found","status":404,"kind":"path",'
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from difflib import get_close_matches
from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from tutor.service.requests import CheckRequest, ExplainRequest, ProblemRequest

MEDIA = "application/problem+json"
NOTES = "tutor.notes"
"""Under which name the scope of a request has what the log will say of it."""

SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "kind", "detail", "advice", "where"],
    "properties": {
        "type": {"const": "about:blank"},
        "title": {"type": "string", "description": "The status in words."},
        "status": {"type": "integer"},
        "kind": {"type": "string", "description": "A stable word for programs."},
        "detail": {"type": "string", "description": "What is wrong, for people."},
        "advice": {"type": "string", "description": "What to do about it; may be empty."},
        "where": {"type": "string", "description": "The JSON pointer of the field; empty where no field is to blame."},
        "text": {"type": "string", "description": "The text that could not be read."},
        "span": {"type": "array", "items": {"type": "integer"}, "description": "The place in the text, in characters from 0."},
        "expected": {"type": "string"},
        "suggestion": {"type": "string", "description": "A text that reads well and is probably what was meant."},
        "errors": {
            "type": "array", "description": "All complaints about the fields of a request.",
            "items": {
                "type": "object", "required": ["where", "detail", "advice"],
                "properties": {"where": {"type": "string"}, "detail": {"type": "string"}, "advice": {"type": "string"}},
            },
        },
    },
}  # fmt: skip
"""The schema of a refusal."""

_PARTS: Mapping[str, type[BaseModel]] = {"/check": CheckRequest, "/explain": ExplainRequest, "/problem": ProblemRequest}
_OPTION = re.compile(r"--([a-z][a-z-]*)")
_UNREADABLE = "Send one JSON object with the header Content-Type: application/json."
_DESCRIBED = "GET /openapi.json describes what can be asked."


class Refusal(JSONResponse):
    """A refusal as a response; it tells the log its kind."""

    media_type = MEDIA
    notes: Mapping[str, str] = {}

    def render(self, content: Any) -> bytes:
        """The body; half a pair of surrogates, which UTF-8 has no place for, stays the escape as which it came."""
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        scope.get(NOTES, {}).update(self.notes)
        await super().__call__(scope, receive, send)


def refusal(status: int, kind: str, message: str, advice: str = "", headers: Mapping[str, str] | None = None, place: str = "", **more: Any) -> Refusal:
    """A refusal; `place` is where in the program a fault was, for the log alone."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "kind": kind, "detail": message, "advice": advice, "where": "", **more}
    found = Refusal(body, status, headers)
    found.notes = {"kind": kind, "fault": place} if place else {"kind": kind}
    return found


async def invalid(request: Request, fault: Exception) -> Refusal:
    """The refusal of a request whose fields are not those that were expected."""
    assert isinstance(fault, RequestValidationError)
    errors = fault.errors()
    broken = next((one for one in errors if one["type"] == "json_invalid"), None)
    if broken is not None:
        return refusal(400, "json", f"the body is no JSON: {broken['ctx']['error']} at character {broken['loc'][-1]}", _UNREADABLE)
    if request.method == "POST" and not _is_json(request.headers.get("content-type", "")):
        return refusal(415, "content", "the body is not said to be JSON", _UNREADABLE)
    said = [_complaint(request.url.path, one) for one in errors]
    first = said[0]
    more = f" (and {len(said) - 1} more)" if len(said) > 1 else ""
    return refusal(422, "request", first["detail"] + more, first["advice"], where=first["where"], errors=said)


def _is_json(content: str) -> bool:
    name = content.partition(";")[0].strip().lower()
    return name.startswith("application/") and name.endswith(("/json", "+json"))


def _complaint(path: str, error: Mapping[str, Any]) -> dict[str, str]:
    """One complaint about a field; what was sent is not in it.

    >>> _complaint("/check", {"type": "extra_forbidden", "loc": ("body", "derivate_of"), "msg": "Extra inputs are not permitted"})["advice"]
    'Did you mean derivative_of?'
    """
    place = [str(part) for part in error["loc"][1:] if not _is_of_a_type(part)]
    where = "".join(f"/{part.replace('~', '~0').replace('/', '~1')}" for part in place)
    name = ".".join(place) or "the body"
    known = list(_PARTS[path].model_fields) if path in _PARTS else []
    match error["type"]:
        case "extra_forbidden":
            near = get_close_matches(place[-1], known, 1)
            return {"where": where, "detail": f"there is no field {name}", "advice": f"Did you mean {near[0]}?" if near else _DESCRIBED}
        case "missing":
            return {"where": where, "detail": f"{name} is missing", "advice": _UNREADABLE if not place else _DESCRIBED}
    message = str(error["msg"])
    return {"where": where, "detail": f"{name}: {message[:1].lower()}{message[1:]}", "advice": _DESCRIBED}


_TYPES = frozenset(("str", "bool", "int", "float", "constrained-str", "constrained-float"))


def _is_of_a_type(part: object) -> bool:
    """Whether a part of a place names the type that was tried, and no field."""
    return isinstance(part, str) and (part in _TYPES or part.startswith(("list[", "dict[")))


async def not_there(_: Request, fault: Exception) -> Refusal:
    """The refusal of a path or a method that there is not, or of a body that cannot be parsed."""
    assert isinstance(fault, HTTPException)
    match fault.status_code:
        case 404:
            return refusal(404, "path", "there is nothing at this path", "There are /check, /explain, /problem, /health and /openapi.json.")
        case 405:
            allowed = (fault.headers or {}).get("Allow", "")
            return refusal(405, "method", "this path does not take this method", f"Use {allowed}." if allowed else "", fault.headers)
        case 400:
            return refusal(400, "json", "the body cannot be parsed as JSON", _UNREADABLE)
    return refusal(fault.status_code, "http", str(fault.detail), "", fault.headers)


async def broken(_: Request, fault: Exception) -> Refusal:
    """The refusal where the service itself is at fault."""
    return refusal(500, "fault", f"this is a fault in the tutor, not in the request ({type(fault).__name__})", "Please report it with the id of the request.")


def of_trouble(finding: str, seconds: float, memory: int) -> Refusal:
    """The refusal of a request whose process had to be ended."""
    match finding.rpartition(".")[2]:
        case "time":
            return refusal(422, "time", f"the work took longer than {seconds:g} s and was stopped", "Ask for something smaller.")
        case "memory":
            return refusal(422, "memory", f"the work needed more than {memory // 2**20} MiB and was stopped", "Ask for something smaller.")
    return refusal(500, "crash", "the process that worked on this ended", "Please report it with the id of the request.")


def of_reply(status: int, data: Mapping[str, Any]) -> Refusal:
    """The refusal that a helper gave, with all that it says of it."""
    if data["kind"] == "fault":
        return refusal(500, "fault", f"this is a fault in the tutor, not in the request ({data['name']})", "Please report it with the id of the request.", place=f"{data['name']} at {data['place']}")
    more = {name: value for name, value in data.items() if name not in ("kind", "message", "advice", "file", "line", "column")}
    return refusal(status, data["kind"], data["message"], _of_fields(data["advice"]), **more)


def _of_fields(advice: str) -> str:
    """Advice for the command line, for someone who has fields instead of options.

    >>> _of_fields("Say which one moves, such as --wrt x.")
    'Say which one moves, such as wrt x.'
    """
    return _OPTION.sub(lambda found: found[1].replace("-", "_"), advice)


def kinds(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The responses of an endpoint for its description."""
    return {status: {"description": HTTPStatus(status).phrase, "content": {MEDIA: {"schema": {"$ref": "#/components/schemas/Refusal"}}}} for status in statuses}


__all__ = ["MEDIA", "NOTES", "SCHEMA", "Refusal", "broken", "invalid", "kinds", "not_there", "of_reply", "of_trouble", "refusal"]
