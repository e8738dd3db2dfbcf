"""The plugin for pytest, in processes of its own: points, partial credit, errors, several processes, GitHub's reporter."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

from tests.autograde.adapters.submissions import ROOT, SUBMISSIONS, lines, schema
from tutor.autograde.adapters.start import write_example
from tutor.autograde.pytest_plugin import assert_equivalent
from tutor.grading.verdict import UnreadableAnswer, WrongAnswer

TESTS = """
import pytest
from tutor.autograde.pytest_plugin import assert_equivalent

@pytest.mark.points(4)
def test_two_answers(graded):
    assert graded("2x", derivative_of="x^2").right
    graded("x", derivative_of="x^2")

@pytest.mark.points(3)
def test_never_comes_so_far(graded):
    raise RuntimeError("broken")

@pytest.mark.points(2)
def test_without_an_answer():
    pass

@pytest.fixture
def broken():
    raise RuntimeError

@pytest.mark.points(1)
def test_of_a_broken_fixture(broken, graded):
    pass

def test_without_a_mark(graded):
    graded(None, "12")

def test_of_something_else():
    assert_equivalent("2x", derivative_of="x^2")

def test_right_answer_but_a_wrong_program(graded):
    graded("2x", "2x")
    assert 1 == 2
"""


def run(folder: Path, *args: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """pytest in a folder, with no other plugin than ours and those that are named."""
    command = [sys.executable, "-m", "pytest", "-p", "tutor.autograde.pytest_plugin", "-p", "no:cacheprovider", "-q", *args]
    paths = {"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": ""}
    return subprocess.run(command, cwd=folder, env={**os.environ, **paths, **environment}, capture_output=True, text=True, check=False)


def points(folder: Path) -> dict[str, tuple[float, float, str]]:
    """The points by the names of the tests."""
    found = json.loads((folder / "points.json").read_bytes())
    assert found["points"] == pytest.approx(sum(one["points"] for one in found["tests"]))
    return {one["name"]: (one["points"], one["most"], one["outcome"]) for one in found["tests"]}


WANTED = {
    "test_two_answers": (2.0, 4.0, "wrong"),
    "test_never_comes_so_far": (0.0, 3.0, "wrong"),
    "test_without_an_answer": (2.0, 2.0, "right"),
    "test_of_a_broken_fixture": (0.0, 1.0, "wrong"),
    "test_without_a_mark": (0.0, 1.0, "unreadable"),
    "test_right_answer_but_a_wrong_program": (0.0, 1.0, "wrong"),
}


def test_the_points_of_tests(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(TESTS, encoding="utf-8")
    done = run(tmp_path, "--tutor-points", "points.json", "--strict-markers", "-W", "error")
    assert points(tmp_path) == WANTED
    assert "4 / 12  points" in done.stdout
    assert "4 failed, 2 passed, 1 error" in done.stdout
    assert done.stderr == ""


def test_the_points_of_tests_in_several_processes(tmp_path: Path) -> None:
    pytest.importorskip("xdist", reason="pytest-xdist runs tests in several processes")
    (tmp_path / "test_it.py").write_text(TESTS, encoding="utf-8")
    done = run(tmp_path, "--tutor-points", "points.json", "-p", "xdist", "-n", "2")
    assert points(tmp_path) == WANTED
    assert "4 / 12  points" in done.stdout


@pytest.mark.parametrize("name", SUBMISSIONS)
def test_the_example_for_github(tmp_path: Path, name: str) -> None:
    answers, wanted = SUBMISSIONS[name]
    write_example("github", tmp_path)
    (tmp_path / "answers.txt").write_text(lines(answers), encoding="utf-8")
    done = run(tmp_path, "--tutor-points", "points.json", "--tutor-github", GITHUB_OUTPUT=str(tmp_path / "output"))
    assert sum(one[0] for one in points(tmp_path).values()) == wanted
    (line,) = (tmp_path / "output").read_text(encoding="utf-8").splitlines()
    found = json.loads(base64.b64decode(line.removeprefix("result=")))
    schema("github").validate(found)
    assert (sum(test["score"] for test in found["tests"]), found["max_score"]) == (wanted, 5.0)
    assert (done.returncode, found["status"]) == ((0, "pass") if wanted == 5 else (1, "fail"))
    outcomes = [one[2] for one in points(tmp_path).values()]
    assert ("unreadable" in outcomes) is (name in ("unreadable", "hostile", "injection"))
    assert "traceback" not in done.stdout.lower()
    assert "\x1b" not in done.stdout


def test_the_example_as_it_stands_gives_nothing(tmp_path: Path) -> None:
    write_example("github", tmp_path)
    run(tmp_path, "--tutor-points", "points.json")
    assert set(points(tmp_path).values()) == {(0.0, 2.0, "unreadable"), (0.0, 1.0, "unreadable")}


def test_a_missing_file_of_answers_is_unreadable(tmp_path: Path) -> None:
    write_example("github", tmp_path)
    done = run(tmp_path, "--tutor-points", "points.json", "--tutor-answers", "nowhere.txt")
    assert {one[2] for one in points(tmp_path).values()} == {"unreadable"}
    assert done.returncode == 1


def test_it_keeps_quiet_where_it_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text("import sys\ndef test_it(): assert 'tutor.form' not in sys.modules and 'sympy' not in sys.modules", encoding="utf-8")
    done = run(tmp_path)
    assert "points" not in done.stdout
    assert done.returncode == 0


def test_the_entry_point_names_the_plugin() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["entry-points"]["pytest11"] == {"tutor": "tutor.autograde.pytest_plugin"}
    module = import_module(project["entry-points"]["pytest11"]["tutor"])
    assert callable(module.pytest_addoption)


def test_assert_equivalent() -> None:
    assert_equivalent("x (2 sin(x) + x cos(x))", derivative_of="x^2 sin(x)")
    with pytest.raises(WrongAnswer):
        assert_equivalent("3x", "2x")
    with pytest.raises(UnreadableAnswer, match="no answer"):
        assert_equivalent(None, "2x")
    with pytest.raises(UnreadableAnswer):
        assert_equivalent("2*(x", "2x")
