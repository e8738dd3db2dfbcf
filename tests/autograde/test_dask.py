"""On a real cluster on loopback: the same bytes as on one core, also when a worker is killed in the middle."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.autograde.made import BLOCKWISE, JOB, csv_file, key_file, read, rows_done, some
from tests.cli.command import ROOT
from tutor.autograde.files import grade_file

pytest.importorskip("distributed")
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore", "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "10s"}


@contextmanager
def process(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of the cluster, which is ended."""
    running = subprocess.Popen([sys.executable, "-m", "distributed.cli." + arguments[0], *arguments[1:]], cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        yield running
    finally:
        running.kill()
        running.wait()
        assert running.stderr is not None
        running.stderr.close()


def address(scheduler: subprocess.Popen[bytes]) -> str:
    """Where a scheduler says that it is."""
    assert scheduler.stderr is not None
    for line in scheduler.stderr:
        found = re.search(rb"tcp://127\.0\.0\.1:\d+", line)
        if found:
            return found.group().decode()
    raise AssertionError("the scheduler did not start")


def graded(path: Path, key: Path, out: Path, scheduler: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", BLOCKWISE, "grade", str(path), "--key", str(key), "--out", str(out), "--scheduler", scheduler]
    return subprocess.Popen(command, cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


@contextmanager
def cluster(folder: Path, count: int) -> Iterator[tuple[str, subprocess.Popen[bytes], list[subprocess.Popen[bytes]]]]:
    """A scheduler's address, its process, and its workers."""
    options = ("--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", str(folder))
    with ExitStack() as stack:
        scheduler = stack.enter_context(process("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show"))
        where = address(scheduler)
        yield where, scheduler, [stack.enter_context(process("dask_worker", where, *options)) for _ in range(count)]


def test_a_worker_and_then_the_scheduler_are_killed_in_the_middle(tmp_path: Path) -> None:
    rows = [*some(500), *((f"t{k}", "q1", f"2x cos(x^2) + {k % 1_000}") for k in range(1_500))]
    path, key = csv_file(tmp_path / "in.csv", rows), key_file(tmp_path / "key.yaml")
    grade_file(path, tmp_path / "alone.csv", JOB)
    with cluster(tmp_path, 3) as (where, scheduler, workers):
        for name, victim in (("worker", workers[0]), ("scheduler", scheduler)):
            out = tmp_path / f"{name}.csv"
            running = graded(path, key, out, where)
            until = time.monotonic() + 60
            while running.poll() is None and not rows_done(out) and time.monotonic() < until:
                time.sleep(0.005)
            assert 0 < rows_done(out) < len(rows)
            assert running.poll() is None
            victim.send_signal(signal.SIGKILL)
            _, said = running.communicate(timeout=120)
            assert (running.returncode, said) == (0, b"")
            assert out.read_bytes() == (tmp_path / "alone.csv").read_bytes()
            assert [(row["student"], row["question"]) for row in read(out)] == [row[:2] for row in rows]


def test_no_scheduler_there(tmp_path: Path) -> None:
    running = graded(csv_file(tmp_path / "in.csv", some(3)), key_file(tmp_path / "key.yaml"), tmp_path / "out.csv", "nonsense://127.0.0.1:1")
    _, said = running.communicate(timeout=60)
    assert running.returncode == 2
    assert b"scheduler" in said
    assert b"Traceback" not in said
