"""The command as a process: a real terminal, pipes that close, Ctrl-C, shell completion, `python -m tutor`."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from tests.cli.command import ROOT, written
from tutor.cli import COMMANDS

PROGRAM = [sys.executable, "-m", "tutor"]
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
needs_unix = pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals and these signals are Unix's")


def environment(**more: str) -> dict[str, str]:
    plain = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "TUTOR_DEBUG")}
    return {**plain, "TERM": "xterm-256color", "PYTHONIOENCODING": "utf-8", **more}


def at_a_terminal(*args: str, columns: int = 80, **more: str) -> str:
    """What a pseudo-terminal receives."""
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen([*PROGRAM, *args], stdin=theirs, stdout=theirs, stderr=theirs, env=environment(**more), cwd=ROOT)
    os.close(theirs)
    received = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # Linux ends a pseudo-terminal with an error
            break
        if not piece:
            break
        received += piece
    os.close(ours)
    assert process.wait() == 0
    return received.decode().replace("\r\n", "\n")


@needs_unix
def test_a_terminal_gets_colour_unicode_and_the_line_of_the_audit() -> None:
    shown = at_a_terminal("explain", "sin(x^2)")
    bare = COLOUR.sub("", shown)
    assert bare != shown
    assert "\x1b" not in bare
    assert "f′(x) = 2x cos(x²)" in bare
    assert bare.splitlines()[-1].startswith("every line proved")
    assert bare == written("explain", "sin(x^2)", "--format", "terminal")


@needs_unix
@pytest.mark.parametrize("more", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_colour_can_be_refused(more: dict[str, str]) -> None:
    assert at_a_terminal("explain", "sin(x^2)", **more) == written("explain", "sin(x^2)", "--format", "terminal")


@needs_unix
def test_plain_at_a_terminal_is_ascii_without_tricks() -> None:
    assert at_a_terminal("explain", "sin(x^2)", "--plain") == written("explain", "sin(x^2)", "--plain")


@needs_unix
def test_a_terminal_without_unicode_gets_the_plain_text() -> None:
    assert at_a_terminal("explain", "sin(x^2)", PYTHONIOENCODING="latin-1").isascii()


@needs_unix
def test_a_narrow_terminal_gets_narrow_lines() -> None:
    shown = COLOUR.sub("", at_a_terminal("explain", "x^2 sin(3x)", "--level", "full", columns=50))
    assert max(map(len, shown.splitlines())) <= 50


def run(*args: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *args], stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", env=environment(**more), cwd=ROOT, check=False
    )


def test_a_pipe_is_plain_and_standard_input_is_read() -> None:
    done = subprocess.run(
        [*PROGRAM, "explain", "-"], input="sin(x^2)", capture_output=True, encoding="utf-8", env=environment(), cwd=ROOT, check=True
    )
    assert done.stdout == written("explain", "sin(x^2)", "--plain")


def test_an_error_ends_with_status_2() -> None:
    done = run("explain", "2*(x+1")
    assert (done.returncode, done.stdout) == (2, "")
    assert "\n      ^    expected )\n" in done.stderr


def test_an_unknown_command_ends_with_status_2() -> None:
    done = run("explian", "x")
    assert (done.returncode, done.stdout) == (2, "")


def test_an_encoding_without_the_signs_is_no_fault() -> None:
    program = [*PROGRAM, "read", "θ²", "-f", "terminal"]
    done = subprocess.run(program, capture_output=True, env=environment(PYTHONIOENCODING="latin-1"), cwd=ROOT, check=True)
    assert b"\\u03b8" in done.stdout


@needs_unix
@pytest.mark.parametrize("closed", [">&-", "<&-", "2>&-", "| head -n 1", "| head -c 0"])
def test_a_closed_stream_is_no_traceback(closed: str) -> None:
    done = subprocess.run(
        f'set -o pipefail; "{sys.executable}" -m tutor explain "x^2 sin(3x)" {closed}', shell=True, executable="/bin/bash",
        capture_output=True, text=True, env=environment(), cwd=ROOT, check=False,
    )  # fmt: skip
    assert done.returncode == 0
    assert done.stderr == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_full_disk_is_said() -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [*PROGRAM, "explain", "x^2"], stdout=full, stderr=subprocess.PIPE, text=True, env=environment(), cwd=ROOT, check=False
        )
    assert done.returncode == 2
    assert done.stderr.startswith("Cannot write the output: ")


@needs_unix
def test_an_interrupt_ends_with_status_130() -> None:
    # The program waits for standard input until the signal comes. A shell that runs the tests in the background ignores the signal.
    pipe = subprocess.PIPE
    hears = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    with subprocess.Popen([*PROGRAM, "explain", "-"], stdin=pipe, stderr=pipe, env=environment(), cwd=ROOT, preexec_fn=hears) as process:  # noqa: PLW1509
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 130
        assert process.stderr is not None
        assert b"Traceback" not in process.stderr.read()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_gets_its_completion_script(shell: str) -> None:
    assert "_TUTOR_COMPLETE" in run(_TUTOR_COMPLETE=f"{shell}_source").stdout


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("tutor ", set(COMMANDS)),
        ("tutor ex", {"explain", "exercises"}),
        ("tutor explain x --lev", {"--level"}),
        ("tutor explain x --level ", {"brief", "normal", "full"}),
    ],
)
def test_completion_knows_commands_options_and_choices(words: str, offered: set[str]) -> None:
    count = len(words.split(" ")) - 1
    done = run(_TUTOR_COMPLETE="bash_complete", COMP_WORDS=words, COMP_CWORD=str(count))
    assert {line.split(",")[1] for line in done.stdout.splitlines()} == offered
