"""The example for nbgrader with nbgrader itself: `generate_assignment`, `autograde`, and the points in its gradebook."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.autograde.adapters.submissions import ROOT, SUBMISSIONS, cells, notebook_with, python_with
from tutor.autograde.adapters.start import write_example

STUDENTS: dict[str, tuple[dict[str, str], float]] = {
    **{name.replace(" ", "_"): (cells(name), points) for name, (_, points) in SUBMISSIONS.items()},
    "nothing": ({}, 0.0),
    "false": ({"answer_1": "False", "answer_2": "None", "answer_3": "True"}, 0.0),
    "objects": ({"answer_1": "object()", "answer_2": "lambda: 2", "answer_3": "print"}, 0.0),
    "undefined": ({"answer_1": '"2x sin(x) + x^2 cos(x)"', "answer_2": "1 / 0", "answer_3": "12"}, 3.0),
}
"""Each with its points; the values that nbgrader itself would give full credit for are among them."""

POINTS = """
import json, sys
from nbgrader.api import Gradebook
with Gradebook("sqlite:///gradebook.db") as book:
    print(json.dumps({student.id: book.find_submission("derivatives", student.id).score for student in book.students}))
"""


def run(python: str, folder: Path, *args: str) -> str:
    path = f"{Path(python).parent}{os.pathsep}{os.environ.get('PATH', '')}"  # nbgrader calls alembic by its name
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "JUPYTER_PLATFORM_DIRS": "1", "JUPYTER_CONFIG_DIR": str(folder / "config"), "IPYTHONDIR": str(folder / "ipython")}
    done = subprocess.run([python, *args], cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """A Python with nbgrader, and the course after grading."""
    python = python_with("nbgrader")
    folder = tmp_path_factory.mktemp("nbgrader")
    write_example("nbgrader", folder)
    run(python, folder, "-m", "nbgrader", "generate_assignment", "derivatives")
    released = folder / "release" / "derivatives" / "derivatives.ipynb"
    for name, (answers, _) in STUDENTS.items():
        notebook_with(released, answers, folder / "submitted" / name / "derivatives" / "derivatives.ipynb")
    run(python, folder, "-m", "nbgrader", "autograde", "derivatives")
    return python, folder


def test_the_points_in_the_gradebook(course: tuple[str, Path]) -> None:
    python, folder = course
    found = json.loads(run(python, folder, "-c", POINTS))
    assert found == {name: points for name, (_, points) in STUDENTS.items()}


def test_the_students_get_no_solution(course: tuple[str, Path]) -> None:
    text = (course[1] / "release" / "derivatives" / "derivatives.ipynb").read_text(encoding="utf-8")
    assert "answer_3" in text
    for secret in ("2x sin(x)", "(-6, -4)", 'points(answer_3, 1, \\"12\\")'):
        assert secret not in text


def test_nothing_is_on_standard_error_and_the_feedback_is_there(course: tuple[str, Path]) -> None:
    for name in ("partly", "unreadable", "hostile", "objects"):
        notebook = json.loads((course[1] / "autograded" / name / "derivatives" / "derivatives.ipynb").read_bytes())
        tests = [cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade")]
        assert len(tests) == 3
        for cell in tests:
            kinds = [output.get("name", output["output_type"]) for output in cell["outputs"]]
            assert set(kinds) == {"stdout", "execute_result"}
            value = "".join(cell["outputs"][-1]["data"]["text/plain"])
            assert 0 <= float(value) <= cell["metadata"]["nbgrader"]["points"]
    partly = (course[1] / "autograded" / "partly" / "derivatives" / "derivatives.ipynb").read_text(encoding="utf-8")
    assert "Right: entry x. Look again at entry y." in partly
