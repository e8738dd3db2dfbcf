"""The log is JSON, a line a request, and holds nothing that anybody sent."""

from __future__ import annotations

import json
import logging
import socket
import sys

from tests.service.running import Service
from tutor.service.logs import Lines

SECRET = "zyxwvut"


def test_the_log_holds_nothing_that_was_sent(service: Service) -> None:
    ids = [
        service.ask("/check", {"answer": SECRET, "expected": SECRET}).headers["x-request-id"],
        service.ask("/check", {"answer": f"2*({SECRET}", "expected": "x"}).headers["x-request-id"],
        service.ask("/check", {"answer": "x", "expected": f"2*({SECRET}"}).headers["x-request-id"],
        service.ask("/check", {"answer": "x", SECRET: 1}).headers["x-request-id"],
        service.ask("/explain", {"expression": f"{SECRET}^2"}).headers["x-request-id"],
        service.ask(f"/{SECRET}", {}).headers["x-request-id"],
        service.raw("/check", f'{{"answer": "{SECRET}'.encode()).headers["x-request-id"],
        service.client.get("/problem", params={"name": SECRET, SECRET: SECRET}).headers["x-request-id"],
        service.client.request(SECRET.upper(), "/check").headers["x-request-id"],
        service.client.get("/health", headers={"User-Agent": SECRET, "Cookie": SECRET, "X-Request-ID": f"{SECRET}!"}).headers["x-request-id"],
    ]
    with socket.create_connection(("127.0.0.1", service.port)) as client:
        client.sendall(f"{SECRET} is no request\r\n\r\n".encode())
        client.recv(1000)
    assert SECRET not in service.text.lower()
    lines = {line["id"]: line for line in service.lines if line["event"] == "request"}
    seen = [lines[one] for one in ids]
    assert [line["status"] for line in seen] == [200, 200, 422, 422, 200, 404, 400, 422, 405, 200]
    assert [line["path"] for line in seen][5] == "other"
    assert [line["method"] for line in seen][8] == "other"


def test_a_line_has_its_fields(service: Service) -> None:
    sent = b'{"answer": "x", "expected": "y"}'
    response = service.raw("/check", sent)
    line = next(line for line in service.lines if line.get("id") == response.headers["x-request-id"])
    assert line.keys() == {"time", "level", "event", "method", "path", "status", "milliseconds", "received", "sent", "id"}
    assert (line["method"], line["path"], line["status"], line["received"], line["sent"]) == ("POST", "/check", 200, len(sent), len(response.content))
    assert 0 < line["milliseconds"] < 60_000


def test_what_a_library_logs_is_known_by_its_template() -> None:
    record = logging.LogRecord("uvicorn.error", logging.WARNING, __file__, 1, "Refused %s\nand more", (SECRET,), None)
    assert SECRET not in Lines().format(record)
    assert json.loads(Lines().format(record))["message"] == "Refused %s"


def test_a_fault_is_known_by_its_kind_and_place() -> None:
    try:
        raise ValueError(SECRET)
    except ValueError:
        record = logging.LogRecord("uvicorn.error", logging.ERROR, __file__, 1, "Exception in ASGI application", (), sys.exc_info())
    line = json.loads(Lines().format(record))
    assert (line["fault"], line["level"]) == ("ValueError", "error")
    assert line["place"].endswith(f"test_log.py:{record.exc_info[2].tb_lineno}")  # type: ignore[index, union-attr]
    assert SECRET not in Lines().format(record)


def test_importing_the_service_logs_nothing() -> None:
    import tutor.service.app

    assert tutor.service.app.service
    assert not logging.getLogger("tutor.service").handlers
