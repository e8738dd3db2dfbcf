"""Interrupted anywhere and started again: the same file, no row twice, none lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.autograde.made import BLOCKWISE, JOB, csv_file, key_file, read, rows_done, some
from tests.cli.command import ROOT
from tutor.autograde import files, resume
from tutor.autograde.files import grade_file
from tutor.autograde.isolated import Job
from tutor.autograde.key import Source, load
from tutor.autograde.report import report
from tutor.autograde.resume import Work
from tutor.autograde.rows import LONGEST_ROW
from tutor.errors import RequestError
from tutor.render.text import plain

ROWS = some(400)


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_interrupted_anywhere(ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if ending == "parquet":
        pytest.importorskip("pyarrow")
    monkeypatch.setattr(files, "BLOCK", 7)
    monkeypatch.setattr(resume, "EVERY", 0.0)
    path = csv_file(tmp_path / "in.csv", ROWS)
    whole = plain(report(grade_file(path, tmp_path / f"whole.{ending}", JOB)))
    out, starts = tmp_path / f"out.{ending}", 0

    def interrupts(done: int, _: int) -> None:
        if done > 90 * starts and starts < 5:
            raise KeyboardInterrupt

    while not out.exists():
        starts += 1
        try:
            again = plain(report(grade_file(path, out, JOB, tick=interrupts)))
        except KeyboardInterrupt:
            with (tmp_path / f"out.{ending}.part").open("ab") as stream:
                stream.write(b"half a r")  # what a process that was killed may leave
    assert starts == 5
    assert out.read_bytes() == (tmp_path / f"whole.{ending}").read_bytes()
    assert again == whole
    assert not list(tmp_path.glob("*.part")) + list(tmp_path.glob("*.journal"))


def interrupted(path: Path, out: Path, after: int = 1) -> None:
    """Begin, and stop when some rows are done."""

    def interrupts(done: int, _: int) -> None:
        if done >= after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        grade_file(path, out, JOB, tick=interrupts)


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_rows_of_many_lines_and_signs_are_counted_again(ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "BLOCK", 2)
    long = '=",\n' * (LONGEST_ROW // 4 - 10)
    found = [{"student": f"s{k}", "question": "q1", "answer": answer} for k, answer in enumerate((long, "2x", "x\r\n\r\ny\x00\u2028\x85", "\ud800", "cos(x^2)", long[1:], "x"))]
    path, out = tmp_path / "in.jsonl", tmp_path / f"out.{ending}"
    path.write_text("".join(json.dumps({**one, "\udfff": "half"}) + "\n" for one in found), encoding="utf-8")
    whole = plain(report(grade_file(path, tmp_path / f"whole.{ending}", JOB)))
    interrupted(path, out, 6)
    assert rows_done(out) >= 6
    assert plain(report(grade_file(path, out, JOB))) == whole
    assert out.read_bytes() == (tmp_path / f"whole.{ending}").read_bytes()


def test_a_part_of_other_work_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "BLOCK", 7)
    path, out = csv_file(tmp_path / "in.csv", ROWS), tmp_path / "out.csv"
    other = Job(Source(JOB.key.text.replace("points: 2", "points: 4")))
    interrupted(path, out, 0)
    grade_file(path, out, other)  # of the part before nothing was there yet
    out.unlink()
    interrupted(path, out)
    with pytest.raises(RequestError, match="another key"):
        grade_file(path, out, other)
    (tmp_path / "out.csv.journal").write_text("{", encoding="utf-8")
    with pytest.raises(RequestError, match="damaged"):
        grade_file(path, out, JOB)
    grade_file(path, out, JOB, force=True)
    assert len(read(out)) == len(ROWS)
    with pytest.raises(RequestError, match="there already"):
        grade_file(path, out, JOB)


def test_what_is_read_is_never_overwritten(tmp_path: Path) -> None:
    path, key = csv_file(tmp_path / "in.csv", ROWS), key_file(tmp_path / "key.csv")
    before = path.read_bytes()
    for out in (path, key, tmp_path / "." / "in.csv"):
        with pytest.raises(RequestError, match="read too"):
            grade_file(path, out, Job(load(key)), force=True)
    assert path.read_bytes() == before
    assert sorted(one.name for one in tmp_path.iterdir()) == ["in.csv", "key.csv"]


def test_begun_anew_the_old_journal_counts_no_more(tmp_path: Path) -> None:
    with Work(tmp_path / "out.txt", "x", force=False) as work:
        work.write(b"old and long", 3)
    Work(tmp_path / "out.txt", "x", force=True)._stream.close()  # killed at once
    with Work(tmp_path / "out.txt", "x", force=False) as work:
        assert work.done == 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the lock is POSIX's")
def test_two_processes_never_write_the_same_part(tmp_path: Path) -> None:
    with Work(tmp_path / "out.csv", "x", force=False), pytest.raises(RequestError, match="another process"):
        Work(tmp_path / "out.csv", "x", force=False)


def test_kill_nine(tmp_path: Path) -> None:
    rows = [(f"s{k}", "q1", f"2x cos(x^2) + {k}") for k in range(800)]
    path, key, out = csv_file(tmp_path / "in.csv", rows), key_file(tmp_path / "key.yaml"), tmp_path / "out.csv"
    command = [sys.executable, "-c", BLOCKWISE, "grade", str(path), "--key", str(key), "--out", str(out), "--jobs", "1"]
    kills = 0
    while not out.exists():
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        before = rows_done(out)
        while process.poll() is None and not (kills < 2 and rows_done(out) > before):
            time.sleep(0.005)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            kills += 1
        _, said = process.communicate()
        assert process.returncode in (0, -signal.SIGKILL), said
    assert kills == 2
    assert [(row["student"], row["question"], row["answer"]) for row in read(out)] == rows
    grade_file(path, tmp_path / "whole.csv", JOB, jobs=2)
    assert out.read_bytes() == (tmp_path / "whole.csv").read_bytes()
