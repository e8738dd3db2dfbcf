"""What goes wrong costs only itself: helpers that hang, crash or eat memory, bodies that never end, a port that is taken, signals."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from tests.cli.command import ROOT, tutor
from tests.service.running import Service, is_refusal, running
from tests.service.troubled import HELPER, PROGRAM
from tutor.service.limits import LIMITS
from tutor.service.run import bound

TIGHT = {"seconds": 2.5, "memory": 2**29, "body": 20_000, "body_seconds": 0.7, "waiting": 40, "wait_seconds": 30, "head": 8_192}
RIGHT = {"answer": "2x", "derivative_of": "x^2"}
WORD = {"expected": "x"}


@pytest.fixture(scope="module")
def troubled() -> Iterator[Service]:
    with running(PROGRAM, json.dumps(TIGHT)) as one:
        yield one


def free(service: Service) -> int:
    return int(service.client.get("/health").json()["free"])


def settled(service: Service) -> bool:
    """Whether all helpers are at hand again, after some patience."""
    until = time.monotonic() + 20
    while free(service) < 2 and time.monotonic() < until:
        time.sleep(0.05)
    return free(service) == 2


def test_a_slow_request_is_stopped_while_others_are_answered(troubled: Service) -> None:
    with ThreadPoolExecutor(8) as pool:
        start = time.monotonic()
        slow = pool.submit(troubled.ask, "/check", {"answer": "HANG", **WORD})
        time.sleep(0.1)
        others = list(pool.map(lambda k: troubled.ask("/check", {"answer": f"{k}", "expected": f"{k}"}).json(), range(50)))
        assert time.monotonic() - start < TIGHT["seconds"]
        assert [(one["outcome"], one["input"]) for one in others] == [("right", str(k)) for k in range(50)]
        is_refusal(slow.result(), 422, "time")
        assert TIGHT["seconds"] <= time.monotonic() - start < TIGHT["seconds"] + 3
    assert settled(troubled)


@pytest.mark.parametrize(("word", "status", "kind"), [("CRASH", 500, "crash"), ("EAT", 422, "memory"), ("FAULT", 500, "fault")])
def test_a_process_that_ends_costs_one_request(troubled: Service, word: str, status: int, kind: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        bad = [pool.submit(troubled.ask, "/check", {"answer": word, **WORD}) for _ in range(3)]
        good = [pool.submit(troubled.ask, "/check", RIGHT) for _ in range(10)]
        for one in bad:
            is_refusal(one.result(), status, kind)
        assert all(one.result().json()["outcome"] == "right" for one in good)
    assert settled(troubled)


def test_a_fault_is_told_to_the_log_by_its_place_alone(troubled: Service) -> None:
    response = troubled.ask("/check", {"answer": "FAULT", **WORD})
    line = next(line for line in reversed(troubled.lines) if line.get("id") == response.headers["x-request-id"])
    assert line["kind"] == "fault"
    assert line["fault"].startswith("KeyError at tutor/service/replies.py:")
    assert "replies.py" not in response.text


def test_a_client_that_goes_away_keeps_no_helper(troubled: Service) -> None:
    for _ in range(4):
        with socket.create_connection(("127.0.0.1", troubled.port)) as gone:
            gone.sendall(request(json.dumps({"answer": "SLOW", **WORD}).encode()))
            time.sleep(0.05)
    assert settled(troubled)


# -- bodies --------------------------------------------------------------------------------------------


def request(body: bytes, *, said: int | None = None, more: str = "") -> bytes:
    head = f"POST /check HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{more}"
    length = "" if "chunked" in more else f"Content-Length: {len(body) if said is None else said}\r\n"
    return (head + length + "\r\n").encode() + body


def received(service: Service, sent: bytes, *, patience: float = 10) -> bytes:
    """What a client gets that sends this and waits until the connection is closed, or for so long."""
    found = b""
    with socket.create_connection(("127.0.0.1", service.port), timeout=patience) as client:
        client.sendall(sent)
        try:
            while piece := client.recv(65536):
                found += piece
        except (TimeoutError, ConnectionResetError):
            pass
    return found


def test_a_body_that_is_too_large_is_refused(troubled: Service) -> None:
    is_refusal(troubled.raw("/check", b"x" * 20_001), 413, "size")
    assert troubled.raw("/check", b"x" * 20_000).status_code == 400


def test_a_body_that_is_too_large_is_not_waited_for(troubled: Service) -> None:
    start = time.monotonic()
    assert received(troubled, request(b"", said=10**12)).startswith(b"HTTP/1.1 413 ")
    assert time.monotonic() - start < TIGHT["body_seconds"]


def test_a_body_of_unknown_length_is_cut_off(troubled: Service) -> None:
    piece = b"1000\r\n" + b"x" * 4096 + b"\r\n"
    assert received(troubled, request(piece * 6, more="Transfer-Encoding: chunked\r\n")).startswith(b"HTTP/1.1 413 ")


def test_a_body_that_does_not_arrive_is_refused(troubled: Service) -> None:
    found = received(troubled, request(b'{"answer"', said=100))
    assert found.startswith(b"HTTP/1.1 408 ")
    assert b'"kind":"slow"' in found


@pytest.mark.parametrize("sent", [b"\x16\x03\x01\x02\x00\x01", b"GET\r\n\r\n", request(b"", said=-1), b"x" * 20_000])
def test_what_is_no_http_is_refused(troubled: Service, sent: bytes) -> None:
    assert received(troubled, sent, patience=2).startswith(b"HTTP/1.1 400 ")
    assert free(troubled) == 2


def test_a_head_that_is_too_large_is_refused(troubled: Service) -> None:
    assert received(troubled, request(b"", more="X-Long: " + "x" * 200_000 + "\r\n"), patience=2).startswith(b"HTTP/1.1 400 ")


# -- too many ------------------------------------------------------------------------------------------


def test_more_than_can_wait_are_refused() -> None:
    with running(PROGRAM, json.dumps({"seconds": 20, "waiting": 1, "wait_seconds": 1.5, "grace": 1})) as service, ThreadPoolExecutor(4) as pool:
        for _ in range(2):
            pool.submit(service.ask, "/check", {"answer": "HANG", **WORD})
        until = time.monotonic() + 5
        while free(service) and time.monotonic() < until:
            time.sleep(0.02)
        start = time.monotonic()
        waits = pool.submit(service.ask, "/check", RIGHT)
        time.sleep(0.1)
        at_once = service.ask("/check", RIGHT)
        assert time.monotonic() - start < 1.5
        for one in (at_once, waits.result()):
            is_refusal(one, 503, "busy")
            assert one.headers["retry-after"] == "1"
        assert service.client.get("/health").status_code == 200
        start = time.monotonic()
        assert service.told(signal.SIGTERM) == 0
        assert time.monotonic() - start < 10


def test_helpers_that_are_done_serve_those_who_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    from tutor.service.helpers import Helpers

    monkeypatch.setenv(HELPER, "1")

    async def asked() -> list[str]:
        helpers = Helpers(2, replace(LIMITS, seconds=5, waiting=20), PROGRAM)
        try:
            await helpers.warm()
            replies = await asyncio.gather(*(helpers.ask("check", json.dumps({"answer": f"{k}", "expected": "7"})) for k in range(20)))
            assert (helpers.free, helpers.waiting) == (2, 0)
            return [json.loads(reply.feedback)["outcome"] for reply in replies]
        finally:
            helpers.close()

    assert asyncio.run(asked()) == ["right" if k == 7 else "wrong" for k in range(20)]


# -- the command ---------------------------------------------------------------------------------------


def test_the_real_thing_is_stopped_too() -> None:
    """A derivative of order 12 that takes minutes."""
    with running("tutor", "serve", "--port", "0", "--workers", "1", "--seconds", "0.5") as service:
        start = time.monotonic()
        is_refusal(service.ask("/explain", {"expression": "sin(x)*sin(x^2)*sin(x^3)*sin(x^4)*sin(x^5)*sin(x^6)*sin(x^7)", "order": 12}), 422, "time")
        assert time.monotonic() - start < 10
        assert service.ask("/check", RIGHT).json()["outcome"] == "right"


def test_it_ends_when_told_and_answers_what_it_has() -> None:
    with running(PROGRAM) as service, ThreadPoolExecutor(1) as pool:
        last = pool.submit(service.ask, "/check", {"answer": "SLOW", **WORD})
        until = time.monotonic() + 5
        while free(service) == 2 and time.monotonic() < until:
            time.sleep(0.02)
        helpers = children(service.process.pid)
        assert service.told(signal.SIGTERM) == 0
        assert last.result().status_code == 200
        assert [line["event"] for line in service.lines][-1] == "ended"
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.1", service.port), timeout=2)
        assert len(helpers) >= 2
        assert gone(helpers)


def test_an_interrupt_ends_it_with_status_130() -> None:
    with running("tutor", "serve", "--port", "0", "--workers", "1") as service:
        helpers = children(service.process.pid)
        assert service.told(signal.SIGINT) == 130
        assert "Traceback" not in service.text
        assert gone(helpers)


def children(process: int) -> list[object]:
    psutil = pytest.importorskip("psutil", reason="psutil looks for processes that are left, and is not here")
    return list(psutil.Process(process).children(recursive=True))


def gone(processes: list[object]) -> bool:
    import psutil

    _, alive = psutil.wait_procs(processes, timeout=15)
    return not alive


def test_a_port_that_is_taken_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = tutor("serve", "--port", str(port))
        assert done.exit_code == 2
        assert done.stderr.startswith(f"Cannot listen at 127.0.0.1, port {port}: address already in use")
        assert "--port" in done.stderr


def test_a_reply_is_sent_at_once() -> None:
    """What is written in two pieces would wait 40 ms for the first to be confirmed."""
    with bound("127.0.0.1", 0) as listening, socket.create_connection(listening.getsockname()), listening.accept()[0] as accepted:
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_an_address_that_is_not_here_is_said() -> None:
    for host in ("no.such.host.invalid", "203.0.113.1"):
        done = tutor("serve", "--host", host, "--port", "0")
        assert (done.exit_code, done.stdout) == (2, "")
        assert "--host" in done.stderr
        assert "Traceback" not in done.stderr


def test_a_warning_is_said_where_others_can_reach_it() -> None:
    with running("tutor", "serve", "--host", "0.0.0.0", "--port", "0", "--workers", "1") as service:
        warning, listening = service.lines[:2]
        assert (warning["level"], warning["event"], listening["event"]) == ("warning", "open", "listening")
        assert "no authentication" in warning["message"]


def test_solutions_can_be_kept() -> None:
    with running("tutor", "serve", "--port", "0", "--workers", "1", "--no-solutions") as service:
        for query in ("solution=true", "%73olution=1", "solution=false&solution=yes"):
            is_refusal(service.client.get(f"/problem?name=business/coffee-profit&{query}"), 403, "solution")
        assert "answer" not in service.client.get("/problem?name=business/coffee-profit").json()["questions"][0]


def test_without_the_extra_it_says_what_to_install() -> None:
    program = "import sys; sys.modules['fastapi'] = None; sys.argv = ['tutor', 'serve']; from tutor.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert 'pip install "calculus-tutor[serve]"' in done.stderr
    assert "fastapi" in done.stderr
