"""A service as a process of its own, and clients that ask it over loopback."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import ROOT

for needed in ("fastapi", "uvicorn"):
    pytest.importorskip(needed, reason=f"the service needs {needed}, which is not here")
httpx = pytest.importorskip("httpx", reason="httpx asks the service, and is not here")


@dataclass(frozen=True)
class Service:
    """A running service: its address, its process, a client, and the file with its log."""

    url: str
    process: subprocess.Popen[str]
    client: httpx.Client
    errors: Path

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    @property
    def text(self) -> str:
        """All that it has written to standard error."""
        return self.errors.read_text(encoding="utf-8")

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Its log."""
        return [json.loads(line) for line in self.text.splitlines()]

    def ask(self, path: str, request: Any) -> httpx.Response:
        return self.client.post(path, json=request)

    def raw(self, path: str, body: bytes, content: str = "application/json") -> httpx.Response:
        return self.client.post(path, content=body, headers={"Content-Type": content})

    def told(self, number: int) -> int:
        """How it ends on a signal."""
        self.process.send_signal(number)
        return self.process.wait(20)


@contextmanager
def running(*program: str) -> Iterator[Service]:
    """A service, ended at the end. Its first line on standard output holds its address."""
    with tempfile.TemporaryDirectory() as folder, open(Path(folder, "errors"), "w+b") as errors:
        # A shell that runs the tests in the background ignores interrupts; the service must hear them.
        hears = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
        process = subprocess.Popen(
            [sys.executable, "-m", *program], cwd=ROOT, stdout=subprocess.PIPE, stderr=errors, text=True, preexec_fn=hears,  # noqa: PLW1509
        )  # fmt: skip
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            found = re.search(r"http://\S+:\d+", line)
            assert found, Path(folder, "errors").read_text(encoding="utf-8")
            with httpx.Client(base_url=found[0], timeout=60, limits=httpx.Limits(max_connections=None, max_keepalive_connections=None)) as client:
                yield Service(found[0], process, client, Path(folder, "errors"))
        finally:
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
            process.stdout.close()


def is_refusal(response: httpx.Response, status: int, kind: str) -> None:
    """Fails where this is no refusal of this status and kind, with all that belongs to one."""
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json"), response.text
    data = response.json()
    assert (data["status"], data["kind"], data["type"]) == (status, kind, "about:blank")
    assert data["title"]
    assert data["detail"]
    assert "Traceback" not in response.text
