"""`tutor grade`."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.autograde.made import csv_file, key_file, read, some
from tests.cli.command import tutor, written


def test_graded_with_a_report(tmp_path: Path) -> None:
    path, key, out, page = csv_file(tmp_path / "in.csv", some(60)), key_file(tmp_path / "key.yaml"), tmp_path / "out.csv", tmp_path / "report.html"
    said = written("grade", str(path), "--key", str(key), "--out", str(out), "--report", str(page), "-j", "1")
    assert said.startswith("60 answers to 3 questions")
    assert len(read(out)) == 60
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    again = tutor("grade", str(path), "--key", str(key), "--out", str(out))
    assert again.exit_code == 2
    assert "--force" in again.stderr


def test_one_question_needs_no_column(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("name;answer\nann;2x\nbob;1,5\n", encoding="utf-8")
    key = key_file(tmp_path / "key.yaml", "questions: {only: {derivative_of: x^2}}")
    written("grade", str(tmp_path / "in.csv"), "--key", str(key), "--out", str(tmp_path / "out.csv"), "-j", "1")
    assert (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()[1].startswith("ann;2x;right;1;1;")


@pytest.mark.parametrize(
    ("submissions", "key", "out", "said"),
    [
        ("none.csv", "key.yaml", "out.csv", "cannot read"),
        ("in.csv", "none.yaml", "out.csv", "cannot read"),
        ("in.csv", "bad.yaml", "out.csv", "line 1"),
        ("in.csv", "key.yaml", "out.pdf", ".csv"),
        ("in.pdf", "key.yaml", "out.csv", "in.pdf"),
        ("in.csv", "key.yaml", "no/out.csv", "no folder"),
        ("columns.csv", "key.yaml", "out.csv", "no column question"),
        ("empty.csv", "key.yaml", "out.csv", "no column question"),
        ("in.csv", "key.yaml", "in.csv", "is read too"),
    ],
)
def test_what_cannot_be_done_is_said(submissions: str, key: str, out: str, said: str, tmp_path: Path) -> None:
    csv_file(tmp_path / "in.csv", some(3))
    (tmp_path / "in.pdf").write_text("x", encoding="utf-8")
    (tmp_path / "columns.csv").write_text("who,what\n1,2\n", encoding="utf-8")
    (tmp_path / "empty.csv").write_bytes(b"")
    key_file(tmp_path / "key.yaml")
    key_file(tmp_path / "bad.yaml", "questions: {q: {expectd: 2}}")
    result = tutor("grade", str(tmp_path / submissions), "--key", str(tmp_path / key), "--out", str(tmp_path / out))
    assert (result.exit_code, result.stdout) == (2, "")
    assert said.lower() in " ".join(result.stderr.split()).lower()
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(("report", "said"), [("r.json", "no report in .json"), ("report", "without an ending"), ("no/r.html", "no folder"), ("r.docx", ".docx")])
def test_a_report_that_cannot_be_written_is_refused_before_the_work(report: str, said: str, tmp_path: Path) -> None:
    path, key, out = csv_file(tmp_path / "in.csv", some(3)), key_file(tmp_path / "key.yaml"), tmp_path / "out.csv"
    result = tutor("grade", str(path), "--key", str(key), "--out", str(out), "--report", str(tmp_path / report))
    assert (result.exit_code, out.exists()) == (2, False)
    assert said in " ".join(result.stderr.split())


@pytest.mark.parametrize(("submissions", "out"), [("in.parquet", "out.csv"), ("in.csv", "out.parquet")])
def test_parquet_without_pyarrow(submissions: str, out: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    path, key = csv_file(tmp_path / submissions, some(3)), key_file(tmp_path / "key.yaml")
    result = tutor("grade", str(path), "--key", str(key), "--out", str(tmp_path / out))
    assert result.exit_code == 2
    assert "calculus-tutor[parquet]" in result.stderr
    assert not list(tmp_path.glob("out*"))


def test_dask_is_asked_for_where_it_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    path, key = csv_file(tmp_path / "in.csv", some(3)), key_file(tmp_path / "key.yaml")
    result = tutor("grade", str(path), "--key", str(key), "--out", str(tmp_path / "out.csv"), "--scheduler", "tcp://127.0.0.1:1")
    assert result.exit_code == 2
    assert "calculus-tutor[cluster]" in result.stderr
