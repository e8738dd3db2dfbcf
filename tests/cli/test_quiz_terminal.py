"""Real sessions through a real pseudo-terminal: what a person sees at 80 and at 40 columns, and how keys, paste, resize and signals behave."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.terminal import PATIENCE, Terminal, pexpect
from tutor.practice.file_store import FileStore
from tutor.practice.shelf import shelf_of
from tutor.problems.library import Library
from tutor.render.signs import columns

PROMPT = "Your answer"
ONE = ("quiz", "--seed", "3", "--topic", "quotient-rule", "--count", "3")


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of the exercises, as a session before has left it."""
    path = tmp_path_factory.mktemp("index") / "shelf.json"
    shelf_of(cache=path)
    return path


@pytest.fixture(autouse=True)
def known(request: pytest.FixtureRequest, tmp_path: Path, index: Path) -> None:
    if "first" not in request.node.name:
        shutil.copy(index, tmp_path / "shelf.json")


def outcomes(home: Path) -> list[str]:
    store = FileStore(home / "progress.sqlite")
    try:
        return [one.outcome for one in store.log()]
    finally:
        store.close()


def answer(home: Path) -> str:
    """The right answer to the question that is open."""
    store = FileStore(home / "progress.sqlite")
    try:
        data = store.kept("open")
    finally:
        store.close()
    assert data
    question = Library().problem(data["variant"]).questions[data["question"]]
    return question.kind.samples().right[0]


@pytest.mark.parametrize("width", [80, 40])
def test_a_session_from_the_first_question_to_the_summary(tmp_path: Path, width: int) -> None:
    with Terminal(tmp_path, *ONE, columns=width, rows=40) as screen:
        screen.ready(PROMPT)
        text = screen.wait("Question 1 of 3", "? hint", "q leave", "0/3")
        assert text.count("Question") == 1
        assert max(map(columns, text.splitlines())) <= width
        screen.enter("7x")
        screen.ready(PROMPT)
        screen.wait("Read as: 7x", "Not yet.")
        screen.enter("?")
        screen.ready(PROMPT)
        screen.wait("Hint 1 of")
        screen.enter("?")
        screen.ready("The smaller question")
        screen.wait("Hint 2 of", "Enter: the whole question")
        screen.enter("99x")
        screen.ready("The smaller question")
        screen.wait("counts as no attempt")
        screen.enter(answer(tmp_path))
        screen.ready("Enter for the next question")
        text = screen.wait("Right.")
        assert max(map(columns, text.splitlines())) <= width
        screen.enter()
        screen.ready(PROMPT)
        text = screen.wait("Question 2 of 3", "1/3")
        assert "Question 1 of 3" not in text, "one question on the screen"
        assert "Right." in screen.past, "what was there can be scrolled to"
        screen.enter("s")
        screen.ready(PROMPT)
        screen.wait("Skipped.", "Question 3 of 3")
        screen.enter("!")
        screen.ready("Enter for the summary")
        screen.wait("How it goes")
        screen.enter()
        screen.ready("Enter for 3 more")
        screen.wait("What to do next")
        screen.enter("q")
        assert screen.end() == 0
    assert outcomes(tmp_path) == ["wrong", "right", "skipped", "shown"]


def test_how_a_text_reads_is_shown_while_it_is_typed(tmp_path: Path) -> None:
    with Terminal(tmp_path, *ONE) as screen:
        screen.ready(PROMPT)
        screen.type("x^2 sin(x")
        screen.type(")")
        screen.wait("reads as: x² sin(x)")
        assert outcomes(tmp_path) == []


def test_editing_and_history(tmp_path: Path) -> None:
    with Terminal(tmp_path, *ONE) as screen:
        screen.ready(PROMPT)
        screen.enter("7y\x7fx\x01(\x05)^2")  # backspace, to the start, to the end
        screen.ready(PROMPT)
        screen.wait("Read as: (7x)²", "Not yet.")
        screen.enter("8x")
        screen.ready(PROMPT)
        screen.type("\x1b[A\x1b[A")
        screen.ready(PROMPT, "(7x)^2")


def test_what_was_typed_in_one_session_can_be_had_again_in_the_next_and_not_in_an_exam(tmp_path: Path) -> None:
    with Terminal(tmp_path, *ONE) as screen:
        screen.ready(PROMPT)
        screen.enter("8x")
        screen.ready(PROMPT)
        screen.enter("q")
        assert screen.end() == 0
    with Terminal(tmp_path, *ONE) as screen:
        screen.ready(PROMPT)
        screen.type("\x1b[A")
        screen.ready(PROMPT, "8x")
    with Terminal(tmp_path, "quiz", "--exam", str(plan(tmp_path)), "--result", str(tmp_path / "result.jsonl")) as screen:
        screen.ready("Your reply")
        screen.type("\x1b[A5")
        screen.ready("Your reply", "5")


def test_unreadable_text_gets_a_caret_and_is_no_attempt(tmp_path: Path) -> None:
    with Terminal(tmp_path, *ONE) as screen:
        screen.ready(PROMPT)
        screen.enter("2*(x+1")
        screen.ready(PROMPT)
        screen.wait("is not closed", "^    expected )", "It counts as no attempt")
    assert outcomes(tmp_path) == ["unreadable"]


def test_paste_stays_one_line_and_is_not_sent_by_itself(tmp_path: Path) -> None:
    with Terminal(tmp_path, *ONE) as screen:
        screen.ready(PROMPT)
        assert b"\x1b[?2004h" in screen.raw, "bracketed paste is asked for"
        screen.type("\x1b[200~7x\n+ 1\r\n!\nq\n\x1b[201~")
        screen.ready(PROMPT, "7x + 1 ! q")
        assert outcomes(tmp_path) == []
        screen.type("\x15\x1b[200~" + "(" * 30_000 + "\x1b[201~\r")
        screen.wait("It counts as no attempt")


@pytest.mark.parametrize("text", ["__import__('os').system('touch gone')", "9**9**9**9", "\x1b]0;title\x07x", "\x00\x01\x02", "ﷺ∮𝔘", "((((((((((", "x" * 3000])
def test_hostile_lines_leave_the_screen_and_the_program_whole(tmp_path: Path, text: str) -> None:
    with Terminal(tmp_path, *ONE) as screen:
        screen.ready(PROMPT)
        screen.enter(text)
        screen.type("\x1b[F\x15")  # to the end, and delete to the start: where something is left in the line
        screen.enter("7x")
        screen.wait("Read as: 7x")
        screen.type("\x15")
        screen.enter("q")
        assert screen.end() == 0
    assert not (tmp_path / "gone").exists()


def test_the_window_may_change_its_size(tmp_path: Path) -> None:
    with Terminal(tmp_path, *ONE, columns=80) as screen:
        screen.ready(PROMPT)
        screen.type("7x")
        screen.ready(PROMPT, "7x")
        screen.resize(40, 30)
        screen.settle(0.5)
        screen.enter()
        screen.ready(PROMPT)
        screen.wait("Read as: 7x", "Not yet.")
        screen.enter(":l")
        screen.ready(PROMPT)
        text = screen.wait("Question 1 of 3", "b easier")
        assert max(map(columns, text.splitlines())) <= 40
        screen.resize(100, 30)
        screen.enter("h")
        screen.wait("Keys, each followed by Enter")


def test_ctrl_c_clears_the_line_and_on_an_empty_one_leaves_with_the_summary(tmp_path: Path) -> None:
    with Terminal(tmp_path, *ONE) as screen:
        screen.ready(PROMPT)
        screen.type("7x")
        screen.ready(PROMPT, "7x")
        screen.type("\x03")
        screen.ready(PROMPT)
        screen.type("\x03")
        screen.wait("No question was answered.")
        assert screen.end() == 130
        assert "Traceback" not in screen.text


def test_ctrl_d_leaves(tmp_path: Path) -> None:
    with Terminal(tmp_path, *ONE) as screen:
        screen.ready(PROMPT)
        screen.enter("7x")
        screen.ready(PROMPT)
        screen.wait("Not yet.")
        screen.type("\x04")
        screen.wait("The open question waits")
        assert screen.end() == 0


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGHUP, signal.SIGTERM])
def test_a_killed_session_has_lost_no_answer_and_goes_on(tmp_path: Path, number: signal.Signals) -> None:
    with Terminal(tmp_path, "quiz") as screen:
        screen.ready(PROMPT)
        title = re.search(r"Question 1 of 10: (.*)", screen.text)
        assert title is not None
        screen.enter("7777777")
        screen.wait("Read as: 7777777")
        os.kill(screen.child.pid, number)
        screen.end()
    assert len(outcomes(tmp_path)) == 1
    with Terminal(tmp_path, "quiz") as screen:
        screen.ready(PROMPT)
        screen.wait("left open last time", title[1].strip())


def test_a_dumb_terminal_gets_lines_only(tmp_path: Path) -> None:
    with Terminal(tmp_path, *ONE, term="dumb", columns=40) as screen:
        screen.ready(PROMPT)
        text = screen.wait("Question 1 of 3", "? hint")
        assert max(map(columns, text.splitlines())) <= 40
        screen.enter("7x")
        screen.ready(PROMPT)
        screen.wait("Not yet.")
        screen.enter("s")
        screen.ready(PROMPT)
        screen.wait("Question 2 of 3")
        assert b"\x1b" not in screen.raw
        screen.type("\x03")
        screen.wait("tutor progress shows all skills.")
        assert screen.end() == 130


def test_plain_moves_no_cursor_and_shows_no_colour(tmp_path: Path) -> None:
    with Terminal(tmp_path, *ONE, "--plain") as screen:
        screen.ready(PROMPT)
        for line, label in (("7x", PROMPT), ("?", PROMPT), ("s", PROMPT), ("!", "Enter for the next question"), ("", PROMPT)):
            screen.enter(line)
            screen.ready(label)
        screen.type("\x04")
        screen.wait("tutor progress shows all skills.")
        assert screen.end() == 0
        assert b"\x1b" not in screen.raw
        assert screen.raw.isascii()


def test_a_session_for_ears_has_words_for_its_keys_and_cuts_none_in_two(tmp_path: Path) -> None:
    with Terminal(tmp_path, *ONE, "--spoken", columns=40) as screen:
        screen.ready(PROMPT)
        assert max(map(columns, screen.text.splitlines())) <= 40
        text = " ".join(screen.text.split())
        assert "What is f prime of x?" in text
        assert "words: hint, solution, skip" in text
        screen.enter("hint")
        screen.ready(PROMPT)
        screen.wait("Hint 1 of")
        assert b"\x1b" not in screen.raw


COLOURS = re.compile(rb"\x1b\[(?:\d+;)*(?:3[0-7]|9[0-7]|38|48)[;m]")


def test_no_color_is_respected(tmp_path: Path) -> None:
    with Terminal(tmp_path, *ONE, NO_COLOR="1") as screen:
        screen.ready(PROMPT)
        screen.wait("q leave")
        screen.enter("7x")
        screen.ready(PROMPT)
        screen.wait("Not yet.")
        assert COLOURS.findall(screen.raw) == []
    with Terminal(tmp_path, *ONE) as screen:
        screen.ready(PROMPT)
        screen.wait("q leave")
        assert COLOURS.findall(screen.raw) != []


def test_the_terminal_is_never_asked_where_its_cursor_is(tmp_path: Path) -> None:
    with Terminal(tmp_path, *ONE) as screen:
        screen.ready(PROMPT)
        screen.settle(1.0)
        assert b"\x1b[6n" not in screen.raw


def test_output_to_a_pipe_at_a_terminal_is_plain(tmp_path: Path) -> None:
    """`tutor quiz | cat`: the input is a terminal, the output is none."""
    env = {**os.environ, "TUTOR_HOME": str(tmp_path), "TERM": "xterm"}
    child = pexpect.spawn("/bin/sh", ["-c", f"{sys.executable} -m tutor {' '.join(ONE)} | cat"], env=env, timeout=PATIENCE)
    child.expect_exact(PROMPT)
    child.send("7x\r")
    child.expect_exact("Not yet.")
    child.send("q\r")
    child.expect(pexpect.EOF)
    assert b"\x1b" not in child.before


# -- to mastery ----------------------------------------------------------------------------------------------


def test_from_the_first_start_to_the_mastery_of_a_topic(tmp_path: Path) -> None:
    """Right answers, sometimes a wrong one before: after some sessions the skill counts as known, and the summary says so."""
    for _ in range(8):
        with Terminal(tmp_path, "quiz", "--topic", "power-rule,product-rule", "--count", "6") as screen:
            for number in range(6):
                screen.ready(PROMPT)
                if number == 2:
                    screen.enter("7")
                    screen.ready(PROMPT)
                screen.enter(answer(tmp_path))
                screen.ready("Enter for the summary" if number == 5 else "Enter for the next question")
                screen.enter()
            screen.ready("Enter for 6 more")
            said = screen.past + screen.text
            screen.enter("q")
            assert screen.end() == 0
        if "Known now:" in said:
            break
    assert "Known now:" in said
    with Terminal(tmp_path, "progress", "--plot") as screen:
        screen.wait("mastered", "How each skill went")


# -- exams ---------------------------------------------------------------------------------------------------


def plan(folder: Path, minutes: str = "") -> Path:
    """A plan with two questions."""
    path = folder / "plan.yaml"
    path.write_text(f"format: 1\ntitle: A test\n{minutes}questions:\n  - {{family: power-rule/power-sums, seed: 3}}\n", encoding="utf-8")
    return path


def test_an_exam_at_a_terminal_ends_when_its_time_is_up(tmp_path: Path) -> None:
    result = tmp_path / "result.jsonl"
    with Terminal(tmp_path, "quiz", "--exam", str(plan(tmp_path)), "--minutes", "0.1", "--result", str(result)) as screen:
        screen.wait("Question 1 of 2")
        screen.type("half a li")
        screen.wait("The time is up.", "0 of 2 points")
        assert screen.end() == 0
    rows = [json.loads(line) for line in result.read_text(encoding="utf-8").splitlines()]
    assert [row["kind"] for row in rows] == ["begun", "handed in"]
    assert datetime.fromisoformat(rows[1]["when"]) - datetime.fromisoformat(rows[0]["when"]) == timedelta(seconds=6)


def test_an_exam_that_was_broken_off_goes_on_with_the_clock_running(tmp_path: Path) -> None:
    args = ("quiz", "--exam", str(plan(tmp_path, "minutes: 60\n")), "--result", str(tmp_path / "result.jsonl"))
    with Terminal(tmp_path, *args) as screen:
        screen.ready("Your reply")
        screen.enter("7x")
        screen.ready("Your reply")
        assert "Not yet" not in screen.wait("Kept: 7x", "q overview")
        os.kill(screen.child.pid, signal.SIGKILL)
        screen.end()
    with Terminal(tmp_path, *args) as screen:
        screen.ready("Your reply")
        screen.wait("goes on with 1 reply", "Question 2 of 2")
        screen.type("\x03")
        screen.ready("Number or hand in")
        screen.wait("Before handing in", "1 question has no reply yet")
        screen.enter("hand in")
        screen.wait("0 of 2 points")
        assert screen.end() == 0


def test_the_first_question_is_there_within_five_seconds(tmp_path: Path) -> None:
    """Processor time: the wall clock of a busy computer says little."""
    with Terminal(tmp_path, "quiz") as screen:
        screen.ready(PROMPT)
        screen.wait("Question 1 of 10")
        if not Path("/proc").exists():
            pytest.skip("the processor time of another process is not known here")
        fields = Path(f"/proc/{screen.child.pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
        own = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        assert own < 5
