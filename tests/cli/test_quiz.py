"""`tutor quiz` and `tutor progress` without a terminal: input from a pipe, plain text, exams, what is kept."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path

import pytest
from click.testing import Result

from tests.cli.command import ROOT, tutor, written
from tests.cli.test_json import checked
from tutor.cli.quiz.driver import Driver
from tutor.practice import screens
from tutor.practice.exam import load_plan, problems_of, read_plan
from tutor.practice.safe_store import opened
from tutor.practice.shelf import shelf_of

PLAN = "format: 1\ntitle: A first test\nminutes: 10\nquestions:\n  - {family: power-rule/power-sums, seed: 3}\n"
ONE = ("--seed", "3", "--topic", "product-rule")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TUTOR_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


def quiz(typed: str | bytes, *args: str) -> Result:
    return tutor("quiz", *args, typed=typed)


def log() -> list[str]:
    store = opened()
    try:
        return [one.outcome for one in store.log()]
    finally:
        store.close()


# -- practice -------------------------------------------------------------------------------------------------


def test_the_first_start_is_an_exercise_and_no_form() -> None:
    result = quiz("")
    assert result.exit_code == 0
    assert "Question 1 of 10: " in result.stdout
    assert "? hint   ! solution   s skip" in result.stdout
    assert result.stdout.isascii()
    assert "\x1b" not in result.stdout


def test_a_session_from_a_pipe_ends_with_a_summary_and_is_kept() -> None:
    result = quiz("x\n?\n?\n2*(\n!\ns\nq\n", *ONE)
    said = result.stdout
    order = ["Your answer: x\n", "Read as: x", "Not yet.", "Hint 1 of", "Hint 2 of", "First a smaller one", "Cannot read", "It counts as no attempt", "How it goes", "Question 2 of", "Skipped.", "What to do next"]
    places = [said.index(text) for text in order]
    assert places == sorted(places)
    assert log() == ["wrong", "unreadable", "shown", "skipped"]
    assert (result.exit_code, result.stderr) == (0, "")


def test_the_same_seed_gives_the_same_questions_whatever_is_known() -> None:
    first, second = quiz("s\ns\ns\n", "--seed", "7").stdout, quiz("s\ns\ns\n", "--seed", "7").stdout
    questions = [[line for line in text.splitlines() if line.startswith("Question")] for text in (first, second)]
    assert questions[0] == questions[1]
    assert len(set(questions[0])) > 2


def test_it_goes_on_where_it_stopped() -> None:
    first = quiz("?\nx\nq\n").stdout
    second = quiz("q\n").stdout
    title = next(line for line in first.splitlines() if line.startswith("Question 1"))
    assert title in second
    assert "left open last time" in second
    assert "Welcome back: 1 answer so far" in second
    assert "left open last time" not in quiz("q\n", "--seed", "1").stdout


def test_why_and_the_keys_and_the_question_in_words() -> None:
    said = quiz("w\nr\nh\nq\n", "--why", *ONE).stdout
    assert said.count("Why this question:") == 2
    assert "What is f prime of x?" in said
    assert "the worked solution; the question then counts as not solved" in said
    assert "What is f prime of x?" in quiz("q\n", "--spoken", *ONE).stdout


def test_colons_and_words_are_keys() -> None:
    assert "Hint 1 of" in quiz(":?\n", *ONE).stdout
    assert "Hint 1 of" in quiz("hint\n", *ONE).stdout
    assert "Keys, each followed by Enter" in quiz(":what\n", *ONE).stdout


@pytest.mark.parametrize("typed", [b"\xff\xfe\x00\n", b"\x1b[2J\x07\n", b"x" * 300_000 + b"\n", b"9**9**9**9\n", b"__import__('os').system('touch gone')\n", b"(" * 5000 + b"\n", b"\r\n\r\n\n", b"x"])
def test_hostile_input_is_a_verdict_or_a_refusal(typed: bytes, tmp_path: Path) -> None:
    started = time.monotonic()
    result = quiz(typed, *ONE)
    assert result.exit_code == 0, result.output
    assert "\x1b" not in result.stdout
    assert "\x07" not in result.stdout
    assert not (tmp_path / "gone").exists()
    assert time.monotonic() - started < 20


def test_ctrl_c_while_something_is_worked_out_leaves_with_the_summary(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    quiz("x\n", *ONE)
    monkeypatch.setattr(Driver, "_line", interrupted)
    result = quiz("x\n", *ONE)
    assert (result.exit_code, "The open question waits" in result.stdout) == (130, True)


def test_with_no_save_nothing_is_kept(home: Path) -> None:
    assert "Progress is not saved in this session." in quiz("x\nq\n", "--no-save", *ONE).stdout
    assert log() == []


def test_a_home_that_cannot_be_used_is_told_and_the_quiz_goes_on(home: Path) -> None:
    home.write_text("this is no folder", encoding="utf-8")
    result = quiz("x\nq\n", *ONE)
    assert result.exit_code == 0
    assert "Progress is not saved" in result.stdout
    assert "Not yet." in result.stdout


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--topic", "chain-rul"), "Did you mean chain-rule?"),
        (("--count", "0"), "--count"),
        (("--minutes", "5"), "belongs to an exam"),
        (("--key", "k"), "belongs to an exam"),
        (("--exam", "none.yaml"), "none.yaml"),
        (("--exam", "none.yaml", "--topic", "chain-rule"), "leave out"),
        (("--check-result", "none.jsonl"), "none.jsonl"),
        (("--exercises", "nowhere"), "nowhere"),
    ],
)
def test_a_request_that_makes_no_sense_is_told(args: tuple[str, ...], message: str) -> None:
    result = quiz("", *args)
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_process_with_a_pipe_writes_no_colour_and_ends_by_itself(home: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "tutor", "quiz", *ONE], input=b"x\n", capture_output=True, check=True, cwd=ROOT, timeout=120)
    assert b"\x1b" not in done.stdout
    assert b"Not yet." in done.stdout
    assert done.stderr == b""


# -- exams -----------------------------------------------------------------------------------------------------


def right_answers(plan: Path) -> list[str]:
    return [question.kind.samples().right[0] for problem in problems_of(load_plan(plan), shelf_of()) for question in problem.questions]


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.yaml"
    path.write_text(PLAN, encoding="utf-8")
    return path


def test_an_exam_says_nothing_before_its_end_and_its_file_passes_the_check(plan: Path) -> None:
    result = quiz("\n".join([*right_answers(plan), "hand in", ""]), "--exam", str(plan))
    before, after = result.stdout.split("A first test: ")[0:2]
    assert result.exit_code == 0
    assert "Hint" not in before
    assert "ight" not in before
    assert after.startswith("2 of 2 points (100 %)")
    check = quiz("", "--check-result", "plan-result.jsonl", "--exam", str(plan))
    assert check.exit_code == 0
    assert "as it was written" in check.stdout
    assert log() == ["right", "right"]


def test_keys_of_practice_give_no_help_in_an_exam(plan: Path) -> None:
    said = quiz("?\n!\nq\n1\nhand in\nhand in\n", "--exam", str(plan)).stdout
    assert said.count("There are no hints and no solutions in an exam.") == 2
    assert "Hint" not in said
    assert "How it goes" not in said


def test_an_exam_that_is_left_stays_open_and_goes_on(plan: Path) -> None:
    left = quiz("7x\nq\nq\n", "--exam", str(plan)).stdout
    assert "Leaving" in left
    assert "points" not in left
    assert "goes on with 1 reply kept" in quiz("hand in\nhand in\n", "--exam", str(plan)).stdout


def test_an_edited_result_file_is_not_right(plan: Path, tmp_path: Path) -> None:
    quiz("x\n7\nhand in\n", "--exam", str(plan), "--result", "mine.jsonl")
    path = tmp_path / "mine.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace('"7"', '"8"'), encoding="utf-8")
    result = quiz("", "--check-result", "mine.jsonl")
    assert (result.exit_code, "is not as it was written" in result.stdout) == (1, True)


def test_a_key_seals(plan: Path, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("a secret of the teacher", encoding="utf-8")
    (tmp_path / "other").write_text("a secret of somebody else", encoding="utf-8")
    quiz("x\n", "--exam", str(plan), "--key", "key")
    assert quiz("", "--check-result", "plan-result.jsonl", "--key", "key").exit_code == 0
    assert quiz("", "--check-result", "plan-result.jsonl", "--key", "other").exit_code == 1
    assert quiz("", "--check-result", "plan-result.jsonl").exit_code == 1


def test_an_exam_in_a_pipe_that_ends_is_handed_in_and_a_finished_one_is_not_begun_again(plan: Path) -> None:
    assert "0 of 2 points" in quiz("x\n", "--exam", str(plan)).stdout
    again = quiz("x\n", "--exam", str(plan))
    assert (again.exit_code, "has been handed in" in again.stderr) == (2, True)


def test_the_time_ends_an_exam_that_waits_for_a_line(plan: Path) -> None:
    with subprocess.Popen([sys.executable, "-m", "tutor", "quiz", "--exam", str(plan), "--minutes", "0.1"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=plan.parent, env=_env()) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        said = process.stdout.read().decode()  # nothing is typed, and the pipe stays open
        process.stdin.close()
        assert process.wait(60) == 0
    assert "The time is up." in said


def _env() -> dict[str, str]:
    import os

    return {**os.environ, "PYTHONPATH": str(ROOT)}


# -- progress ----------------------------------------------------------------------------------------------------


def test_progress_shows_what_was_practised_and_its_json_fits_the_schema() -> None:
    assert "Nothing is known yet" in written("progress")
    quiz("x\ns\nq\n", *ONE)
    assert "Product rule" in written("progress")
    assert "How each skill went" in written("progress", "--plot")
    data = json.loads(written("progress", "--format", "json"))
    checked("progress", data)
    assert data["answers"] == 2


def test_export_and_import_twice_is_once(home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    quiz("x\ns\nq\n", *ONE)
    assert "2 records written" in written("progress", "--export", "log.jsonl")
    monkeypatch.setenv("TUTOR_HOME", str(tmp_path / "other"))
    assert "2 of them new" in written("progress", "--import", "log.jsonl")
    assert "0 of them new" in written("progress", "--import", "log.jsonl")
    assert log() == ["wrong", "skipped"]
    assert len(written("progress", "--export", "-").splitlines()) == 2
    (tmp_path / "bad.jsonl").write_text("{}\n", encoding="utf-8")
    assert tutor("progress", "--import", "bad.jsonl").exit_code == 2
    assert tutor("progress", "--import", "nowhere.jsonl").exit_code == 2
    assert tutor("progress", "--import", "log.jsonl", "--export", "x").exit_code == 2


def test_my_data_are_deleted_when_the_word_is_typed(home: Path) -> None:
    quiz("x\nq\n", *ONE)
    assert tutor("progress", "--delete-my-data", typed="no\n").exit_code == 1
    assert log() == ["wrong"]
    assert tutor("progress", "--delete-my-data", typed="delete\n").exit_code == 0
    assert [path for path in home.iterdir() if path.name.startswith("progress")] == []
    assert "nothing to delete" in written("progress", "--delete-my-data")


# -- the page ----------------------------------------------------------------------------------------------------

PAGE = (ROOT / "docs" / "quiz.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("line", re.findall(r"^    (tutor .*)$", PAGE, re.MULTILINE))
def test_the_page_names_options_that_there_are(line: str) -> None:
    name, *args = shlex.split(line, comments=True)[1:]
    command = import_module(f"tutor.cli.commands.{name}").command
    assert {arg for arg in args if arg.startswith("--")} <= {option for one in command.params for option in one.opts}


def test_the_page_names_every_key_and_its_plan_can_be_read() -> None:
    assert re.findall(r"^\| `(.)` \| `(\w+)`", PAGE, re.MULTILINE) == list(screens.KEYS.items())
    found = read_plan(re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[0], "plan.yaml")
    assert [one.kind for one in found.entries] == ["family", "topic", "variant"]
