"""The log: one JSON object a line on standard error, with nothing in it that anybody sent.

A request's line has `time`, `level`, `event`, `method`, `path` (`other` for one that there is not), `status`, `milliseconds`, `received`
and `sent` in bytes, `id`, and of a refusal its `kind`; of a fault in the tutor also `fault`, the kind
of the exception and its place in the program. The message of an exception is left out: it could quote an answer.

>>> record = logging.makeLogRecord({"name": "tutor.service", "levelname": "INFO", "created": 0.0, "msg": "request", "fields": {"path": "/check", "status": 200}})
>>> Lines().format(record)
'{"time": "1970-01-01T00:00:00.000Z", "level": "info", "event": "request", "path": "/check", "status": 200}'
"""

from __future__ import annotations

import json
import logging
import traceback
from datetime import UTC, datetime
from typing import Any

NAME = "tutor.service"
_LOGGER = logging.getLogger(NAME)


class Lines(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line. What a library logs is known by its template alone: what it puts in could be anybody's text."""
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        own = record.name == NAME
        event = {"event": str(record.msg)} if own else {"event": "server", "message": _first_line(str(record.msg))}
        return json.dumps({"time": time, "level": record.levelname.lower(), **event, **getattr(record, "fields", {}), **_fault(record)})


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0][:200]


def _fault(record: logging.LogRecord) -> dict[str, str]:
    fault = record.exc_info[1] if record.exc_info else None
    if fault is None:
        return {}
    frames = traceback.extract_tb(fault.__traceback__)
    return {"fault": type(fault).__name__, "place": f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""}


def log(event: str, level: int = logging.INFO, **fields: Any) -> None:
    """Write a line."""
    _LOGGER.log(level, event, extra={"fields": fields})


CONFIGURATION: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": Lines}},
    "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "lines", "stream": "ext://sys.stderr"}},
    "loggers": {
        NAME: {"handlers": ["lines"], "level": "INFO", "propagate": False},
        "uvicorn": {"handlers": ["lines"], "level": "WARNING", "propagate": False},
        "asyncio": {"handlers": ["lines"], "level": "ERROR", "propagate": False},
    },
}
"""What `logging.config.dictConfig` is told; only a server says it, an import never does."""

__all__ = ["CONFIGURATION", "NAME", "Lines", "log"]
