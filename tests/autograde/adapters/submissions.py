"""Submissions to the examples' key: right, wrong, right in part, unreadable, hostile; and the points that each must get."""

from __future__ import annotations

import json
import os
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from subprocess import DEVNULL, run
from sys import executable
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.form.hostile import READ, REFUSED
from tutor.autograde.adapters.run import graded
from tutor.autograde.adapters.start import rendered
from tutor.autograde.adapters.task import Task
from tutor.autograde.isolated import Job
from tutor.autograde.key import Source

ROOT = Path(__file__).parents[3]
KEY = rendered("gradescope")["key.yaml"]
JOB = Job(Source(KEY))
QUESTIONS = ("q1", "q2", "q3")

SUBMISSIONS: dict[str, tuple[dict[str, str], float]] = {
    "right": ({"q1": "2x sin(x) + x^2 cos(x)", "q2": "(-6, -4)", "q3": "12"}, 5.0),
    "another form": ({"q1": "x (2 sin(x) + x cos(x))", "q2": r"\begin{pmatrix} -6 \\ -4 \end{pmatrix}", "q3": "2*6"}, 5.0),
    "wrong": ({"q1": "2x cos(x)", "q2": "(4, 6)", "q3": "8"}, 0.0),
    "partly": ({"q1": "2x sin(x) + x^2 cos(x)", "q2": "(-6, 4)", "q3": "8"}, 3.0),
    "unreadable": ({"q1": "2*(x", "q2": "(-6, -4)", "q3": ""}, 2.0),
    "hostile": ({"q1": "__import__('os').system('touch /tmp/owned')", "q2": "<script>alert(1)</script>\x00\u202e", "q3": "9**9**9**9"}, 0.0),
    "injection": ({"q1": "score: 1.0", "q2": "]]></failure><testcase name='x'/>", "q3": "**bold** [a](javascript:alert(1)) \x1b[2J"}, 0.0),
}  # fmt: skip
"""Each with its points of 5."""


@cache
def tasks_of(name: str) -> tuple[Task, ...]:
    """The graded tasks of a submission."""
    return graded(JOB, SUBMISSIONS[name][0])


def hostile_answers(most: int = 60) -> list[str]:
    """Hostile texts, none of them too long for a file of answers."""
    return [text for text in (*REFUSED.values(), *READ.values()) if len(text) < 20_000][:most]


def schema(name: str) -> Draft202012Validator:
    """The documented format of a system."""
    return Draft202012Validator(json.loads((ROOT / "tests" / "fixtures" / "autograders" / f"{name}.json").read_text(encoding="utf-8")))


def python_with(module: str) -> str:
    """A Python that has a system's package, or the test is skipped: this one, or the one that TUTOR_GRADERS_PYTHON names."""
    if find_spec(module) is not None:
        return executable
    other = os.environ.get("TUTOR_GRADERS_PYTHON", "")
    if other and run([other, "-c", f"import {module}, tutor"], stdout=DEVNULL, stderr=DEVNULL, check=False).returncode == 0:
        return other
    pytest.skip(f'{module} is not installed: pip install "calculus-tutor[graders]"')


def lines(answers: dict[str, str]) -> str:
    """A file of answers."""
    return "".join(f"{name}: {answer}\n" for name, answer in answers.items())


def notebook_with(path: Path, answers: dict[str, Any], into: Path) -> None:
    """A student's notebook with the cells `answer_1 = …` filled in; a value is Python text."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        name = "".join(cell["source"]).split(" ")[0]
        if name in answers:
            cell["source"] = [f"{name} = {answers[name]}"]
    into.parent.mkdir(parents=True, exist_ok=True)
    into.write_text(json.dumps(notebook), encoding="utf-8")


def cells(name: str) -> dict[str, str]:
    """A submission as the Python of a notebook's cells."""
    return {f"answer_{question[1:]}": repr(answer) for question, answer in SUBMISSIONS[name][0].items()}
