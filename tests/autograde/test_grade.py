"""Many answers: the same bytes however they are graded, each distinct answer once, and a row that breaks things costs only itself."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import pytest

from tests.autograde.made import JOB, csv_file, read, some
from tests.autograde.troubled import PROGRAM
from tutor.autograde import grade, isolated
from tutor.autograde.files import grade_file
from tutor.autograde.grade import graded
from tutor.autograde.isolated import Bench, Pair, graded_chunk
from tutor.autograde.key import read_key
from tutor.autograde.result import Result, result_of
from tutor.grading.check import check

TROUBLED = replace(JOB, program=PROGRAM, seconds=2.0, memory=600 * 2**20)


@pytest.fixture(autouse=True, scope="module")
def _ended() -> Iterator[None]:
    yield
    isolated.close()


def results(pairs: list[Pair], job: isolated.Job = JOB, **how: object) -> list[Result]:
    return [result._replace(seconds=0.0) for _, result in graded(((pair, pair) for pair in pairs), job, **how)]  # type: ignore[arg-type]


PAIRS = [(question, answer) for _, question, answer in some(600)]
ENTRIES = read_key(JOB.key)
ALONE = [result_of(ENTRIES[question].judge(answer)) if question in ENTRIES else None for question, answer in PAIRS]


@pytest.fixture(scope="module")
def one() -> list[Result]:
    return results(PAIRS)


def test_results_are_those_of_check_in_the_order_of_the_rows(one: list[Result]) -> None:
    assert [result for result, alone in zip(one, ALONE, strict=True) if alone is not None] == [alone for alone in ALONE if alone is not None]
    verdict = check("cos(x^2)", derivative_of="sin(x^2)")
    (found,) = results([("q1", "cos(x^2)")])
    assert (found.outcome, found.score, found.finding) == (verdict.outcome, verdict.score, ";".join(one.mistake for one in verdict.findings))


@pytest.mark.parametrize("jobs", [2, 4])
def test_as_many_processes_as_one_likes(jobs: int, one: list[Result]) -> None:
    assert results(PAIRS, jobs=jobs) == one


class Lossy(Executor):
    """An executor that loses chunks: some fail, some are cancelled, some cannot even be sent."""

    def __init__(self) -> None:
        self.count = 0
        self.pool = ThreadPoolExecutor(1)

    def submit(self, fn: Callable[..., object], /, *args: object, **given: object) -> Future[object]:  # type: ignore[override]
        self.count += 1
        future: Future[object] = Future()
        match self.count % 4:
            case 0:
                return self.pool.submit(fn, *args, **given)
            case 1:
                future.set_exception(OSError("the machine went away"))
            case 2:
                future.cancel()
                future.set_running_or_notify_cancel()
            case 3:
                raise RuntimeError("broken")
        return future


def test_any_executor(one: list[Result]) -> None:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        assert results(PAIRS, executor=pool) == one
    assert results(PAIRS, executor=Lossy()) == one


def _dies(*_: object) -> None:
    os._exit(9)


def test_a_pool_of_processes_that_breaks(one: list[Result]) -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        pool.submit(_dies)
        assert results(PAIRS, executor=pool) == one


def test_a_distinct_answer_is_graded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Pair] = []

    def noting(job: isolated.Job, pairs: list[Pair], busy: set[Bench]) -> list[Result]:
        sent.extend(pairs)
        return graded_chunk(job, pairs, busy)

    monkeypatch.setattr(grade, "graded_chunk", noting)
    results(PAIRS * 3, jobs=2)
    assert sorted(sent) == sorted(set(PAIRS))


def test_what_waits_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grade, "MOST_WAITING", 300)
    taken = 0

    def rows() -> Iterator[tuple[int, Pair]]:
        nonlocal taken
        for taken in range(5_000):
            yield taken, ("q1", "SLOW" if taken == 0 else f"{taken % 7} x")

    for row, _ in graded(rows(), TROUBLED):
        assert taken - row <= 300 + grade.CHUNK
        if row > 1_000:
            break


# -- trouble -------------------------------------------------------------------------------------------


def test_a_row_that_hangs_crashes_or_eats_memory_costs_only_itself() -> None:
    pairs = [("q1", text) for text in ("2x cos(x^2)", "HANG", "CRASH", "x", "EAT", "PRINT", "2x cos(x^2) + 0", "CRASH ")]
    began = time.monotonic()
    found = results(pairs, TROUBLED)
    assert [result.outcome for result in found] == ["right", "undecided", "undecided", "wrong", "undecided", "wrong", "right", "undecided"]
    assert [result.finding for result in found if result.finding.startswith("trouble")] == ["trouble.time", "trouble.crash", "trouble.memory", "trouble.crash"]
    assert "2 seconds" in found[1].feedback
    assert time.monotonic() - began < 60


def test_a_helper_that_somebody_kills_is_replaced(one: list[Result]) -> None:
    bench = Bench(JOB)
    bench.grade(PAIRS[:1])
    assert bench._process is not None
    killer = threading.Timer(0.05, bench._process.kill)
    killer.start()
    found = [result._replace(seconds=0.0) for result in bench.grade(PAIRS)]
    killer.join()
    bench.close()
    assert found == one


def test_a_helper_ends_when_its_asker_has_gone() -> None:
    bench = Bench(JOB)
    bench.grade(PAIRS[:1])
    process = bench._process
    assert process is not None
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(10) == 0
    bench.close()


def test_whoever_interrupts_does_not_wait_for_what_hangs() -> None:
    job = replace(TROUBLED, seconds=300.0)
    found = graded(((row, ("q1", "HANG" if row else "x")) for row in range(grade.CHUNK + 1)), job)
    threading.Timer(2.0, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        list(found)
    assert time.monotonic() - began < 30
    assert [result.outcome for result in results([("q1", "2x cos(x^2)")], job)] == ["right"]


# -- files ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_files_in_and_out(ending: str, tmp_path: Path, one: list[Result]) -> None:
    path = csv_file(tmp_path / "in.csv", some(600))
    for jobs in (1, 2, 4):
        grade_file(path, tmp_path / f"out{jobs}.{ending}", JOB, jobs=jobs)
    assert len({(tmp_path / f"out{jobs}.{ending}").read_bytes() for jobs in (1, 2, 4)}) == 1
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(["in.csv", *(f"out{jobs}.{ending}" for jobs in (1, 2, 4))])
    if ending == "csv":
        rows = read(tmp_path / "out1.csv")
        assert [row["student"] for row in rows] == [student for student, _, _ in some(600)]
        assert [row["outcome"] for row in rows] == [result.outcome for result in one]
        assert {row["points"] for row in rows if row["question"] == "q1" and row["outcome"] == "right"} == {"2"}


def test_parquet(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    path = csv_file(tmp_path / "in.csv", some(300))
    grade_file(path, tmp_path / "out.csv", JOB)
    grade_file(path, tmp_path / "first.parquet", JOB)
    grade_file(tmp_path / "first.parquet", tmp_path / "second.parquet", JOB)
    found = parquet.read_table(tmp_path / "second.parquet").to_pylist()
    assert found == parquet.read_table(tmp_path / "first.parquet").to_pylist()
    assert [(row["outcome"], f"{row['score']:g}", f"{row['points']:g}") for row in found] == [(row["outcome"], row["score"], row["points"]) for row in read(tmp_path / "out.csv")]


def test_times_are_a_column_where_they_are_asked_for(tmp_path: Path) -> None:
    grade_file(csv_file(tmp_path / "in.csv", some(20)), tmp_path / "out.csv", JOB, times=True)
    assert all(float(row["time"]) >= 0 for row in read(tmp_path / "out.csv"))
