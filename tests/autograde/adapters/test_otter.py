"""The example for otter-grader with otter itself: `otter assign`, then `otter run` on each submission."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.autograde.adapters.submissions import ROOT, SUBMISSIONS, cells, notebook_with, python_with
from tutor.autograde.adapters.start import write_example

HERE = {"PYTHONPATH": str(ROOT), "JUPYTER_PLATFORM_DIRS": "1"}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """A Python with otter, and the folder with the students' notebook and the autograder."""
    python = python_with("otter")
    folder = tmp_path_factory.mktemp("otter")
    write_example("otter", folder)
    otter(python, folder, "assign", "--no-run-tests", "derivatives.ipynb", "dist")
    return python, folder


def otter(python: str, folder: Path, *args: str) -> str:
    done = subprocess.run([python, "-m", "otter", *args], cwd=folder, env=environment(), capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


def environment() -> dict[str, str]:
    return {**os.environ, **HERE}


def graded(course: tuple[str, Path], tmp_path: Path, answers: dict[str, str]) -> dict[str, Any]:
    """What otter says of a notebook, by question."""
    python, folder = course
    notebook_with(folder / "dist" / "student" / "derivatives.ipynb", answers, tmp_path / "derivatives.ipynb")
    (autograder,) = (folder / "dist" / "autograder").glob("*.zip")
    otter(python, tmp_path, "run", "--no-logo", "-a", str(autograder), "-o", str(tmp_path), str(tmp_path / "derivatives.ipynb"))
    return {test["name"]: test for test in json.loads((tmp_path / "results.json").read_bytes())["tests"]}


def test_the_students_get_no_solution(course: tuple[str, Path]) -> None:
    text = (course[1] / "dist" / "student" / "derivatives.ipynb").read_text(encoding="utf-8")
    assert "answer_1" in text
    assert "2x sin(x)" not in text
    assert "(-6, -4)" not in text


def test_the_solutions_earn_everything(course: tuple[str, Path], tmp_path: Path) -> None:
    python, folder = course
    (autograder,) = (folder / "dist" / "autograder").glob("*.zip")
    otter(python, tmp_path, "run", "--no-logo", "-a", str(autograder), "-o", str(tmp_path), str(folder / "dist" / "autograder" / "derivatives.ipynb"))
    tests = json.loads((tmp_path / "results.json").read_bytes())["tests"]
    assert sum(test.get("score", 0) for test in tests) == 5


@pytest.mark.parametrize("name", ["right", "wrong", "partly", "unreadable", "hostile"])
def test_submissions(course: tuple[str, Path], tmp_path: Path, name: str) -> None:
    tests = graded(course, tmp_path, cells(name))
    assert sum(test.get("score", 0) for test in tests.values()) == SUBMISSIONS[name][1]
    said = " ".join(test["output"] for test in tests.values())
    if name == "partly":
        assert "WrongAnswer: partly: Right: entry x." in said
    if name in ("unreadable", "hostile"):
        assert "UnreadableAnswer: unreadable:" in said
    if name == "wrong":
        assert "WrongAnswer: wrong:" in said
        assert "UnreadableAnswer" not in said
    if name != "right":
        assert "derivative_of" not in said  # the line that raised does not say what is expected


def test_a_notebook_without_answers(course: tuple[str, Path], tmp_path: Path) -> None:
    tests = graded(course, tmp_path, {"answer_1": "False", "answer_2": "lambda: 1"})
    assert sum(test.get("score", 0) for test in tests.values()) == 0
