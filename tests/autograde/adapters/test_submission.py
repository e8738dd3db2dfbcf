"""A submission is read, whatever it is; nothing in it is followed, waited for or run."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.autograde.adapters.submissions import JOB, QUESTIONS, SUBMISSIONS, hostile_answers, lines
from tests.autograde.troubled import PROGRAM
from tutor.autograde.adapters.run import graded, graded_submission
from tutor.autograde.adapters.submission import LARGEST, answers_in, read_answers
from tutor.autograde.isolated import Job
from tutor.autograde.key import Source
from tutor.errors import ReadError

WORDS = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="\x85"), max_size=40).map(str.strip)


@given(st.dictionaries(st.sampled_from(QUESTIONS), WORDS))
def test_what_is_written_is_read_back(answers: dict[str, str]) -> None:
    assert answers_in(lines(answers), QUESTIONS) == answers


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("q1: 2x\r\nq2 = 3\rq3 :4", {"q1": "2x", "q2": "3", "q3": "4"}),
        ("# q1: 2x\nq1 2x\nq10: 1\nq1x: 2", {}),
        ("q1: a: b = c", {"q1": "a: b = c"}),
        ("  q1\t=  y' = 2x  ", {"q1": "y' = 2x"}),
        ("q1: 1\nq1: 2", {"q1": "2"}),
        ("", {}),
    ],
)
def test_lines_of_answers(text: str, found: dict[str, str]) -> None:
    assert answers_in(text, QUESTIONS) == found


def test_a_question_may_have_any_name() -> None:
    assert answers_in("a.b: 1\naxb: 2\n1 (a): 3", ("a.b", "1 (a)")) == {"a.b": "1", "1 (a)": "3"}
    assert answers_in("q-1: 1\nx_2 = 2\n# no: 3") == {"q-1": "1", "x_2": "2"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "answers.txt").write_bytes("q1: 2·x²\n".encode(encoding))
    assert read_answers(tmp_path, QUESTIONS) == {"q1": "2·x²"}


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "answers.txt").write_bytes(b"q1: \xb2\x81\x00\nq3: 12\n")
    found = read_answers(tmp_path, QUESTIONS)
    assert not isinstance(found, ReadError)
    assert found["q3"] == "12"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"q1": "2x", "q2": 3, "q3": null}', {"q1": "2x", "q2": "3"}),
        ('{"submitted_answers": {"q1": "2x", "_files": []}, "correct_answers": {"q1": "3x"}}', {"q1": "2x"}),
        ('{"q1": 1e999999}', {"q1": "1e999999"}),
        ('{"q1": NaN}', {"q1": "NaN"}),
    ],
)
def test_json(tmp_path: Path, text: str, found: dict[str, str]) -> None:
    (tmp_path / "answers.json").write_text(text, encoding="utf-8")
    assert read_answers(tmp_path, QUESTIONS) == found


@pytest.mark.parametrize("text", ["", "[]", "{", "[" * 200_000, '"q1"', '{"submitted_answers": []}'])
def test_json_that_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "answers.json").write_text(text, encoding="utf-8")
    assert isinstance(read_answers(tmp_path, QUESTIONS), ReadError)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("q1: the key", encoding="utf-8")
    cases = {"nothing": lambda path: None, "folder": lambda path: path.mkdir(), "link": lambda path: path.symlink_to(secret), "dangling": lambda path: path.symlink_to("nowhere")}
    if hasattr(os, "mkfifo"):
        cases["pipe"] = os.mkfifo
    for name, make in cases.items():
        folder = tmp_path / name
        folder.mkdir()
        make(folder / "answers.txt")
        found = read_answers(folder, QUESTIONS)
        assert isinstance(found, ReadError), name
        assert "the key" not in str(found)
        assert {task.verdict.outcome for task in graded(JOB, found)} == {"unreadable"}


def test_a_large_file_is_not_read_to_its_end(tmp_path: Path) -> None:
    with (tmp_path / "answers.txt").open("wb") as out:
        out.truncate(50 * LARGEST)
    found = read_answers(tmp_path, QUESTIONS)
    assert isinstance(found, ReadError)
    assert found.kind == "long"


@pytest.mark.parametrize("name", SUBMISSIONS)
def test_a_folder_and_a_file_are_graded_alike(tmp_path: Path, name: str) -> None:
    answers, points = SUBMISSIONS[name]
    (tmp_path / "answers.txt").write_text(lines(answers), encoding="utf-8")
    (tmp_path / "answers.json").write_text(json.dumps(answers), encoding="utf-8")
    for path in (tmp_path, tmp_path / "answers.txt", tmp_path / "answers.json"):
        tasks = graded_submission(JOB, path)
        assert [task.name for task in tasks] == list(QUESTIONS)
        assert sum(task.points for task in tasks) == points


def test_one_answer_that_hangs_or_crashes_costs_only_itself() -> None:
    job = Job(JOB.key, seconds=1.0, program=PROGRAM)
    tasks = graded(job, {"q1": "HANG", "q2": "(-6, -4)", "q3": "CRASH"})
    assert [task.verdict.outcome for task in tasks] == ["undecided", "right", "undecided"]
    assert [task.points for task in tasks] == [0.0, 2.0, 0.0]
    assert "longer than 1 second" in tasks[0].feedback()
    assert "process" in tasks[2].feedback()


def test_hostile_answers_are_graded_to_the_end() -> None:
    texts = hostile_answers()
    key = "".join(f"  h{k}: {{derivative_of: x^2}}\n" for k in range(len(texts)))
    tasks = graded(Job(Source(f"questions:\n{key}  last: {{expected: '12'}}\n")), {**{f"h{k}": text for k, text in enumerate(texts)}, "last": "12"})
    assert {task.verdict.outcome for task in tasks[:-1]} <= {"unreadable", "wrong"}
    assert tasks[-1].verdict.right
