"""A submission read: a file of answers, each behind the name of its question. It is a text and is never run.

    # a comment
    q1: 2x sin(x) + x^2 cos(x)
    q2 = (-6, -4)

or JSON: `{"q1": "2x"}`; PrairieLearn's `data.json` holds its answers under `submitted_answers`. What a student handed in is hostile until read: a link to another
file is not followed, a pipe not waited for, of a large file only the beginning is read; what is wrong with the file is said for each question.

>>> answers_in("q1: 2x\\nq2 = 3 = x\\nnotes: none\\nq1: 3x", ("q1", "q2", "q3"))
{'q1': '3x', 'q2': '3 = x'}
"""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path

from tutor.errors import ReadError

NAMES = ("answers.txt", "answers.json")
"""Where the answers stand in a folder."""
LARGEST = 1_000_000
"""Bytes of a submission."""
_ANY_NAME = r"[A-Za-z][\w.-]*"
_ADVICE = "Hand in a file answers.txt with a line for each question, such as q1: 2x"


def read_answers(path: Path, questions: Sequence[str] | None = None) -> Mapping[str, str] | ReadError:
    """The answers of a file, or of the file answers.txt (answers.json) in a folder; or why there are none.

    Without `questions`, every name that begins with a letter is one.
    """
    if path.is_dir():
        found = next((path / name for name in NAMES if os.path.lexists(path / name)), None)
        if found is None:
            return ReadError("missing", f"there is no file {NAMES[0]} in the submission", advice=f"{_ADVICE}.")
        path = found
    content = _content(path)
    if isinstance(content, ReadError):
        return content
    text = _decoded(content)
    return _json_answers(text) if path.suffix == ".json" else answers_in(text, questions)


def answers_in(text: str, questions: Sequence[str] | None = None) -> dict[str, str]:
    """The answers in a text: a line that begins with a question's name and `:` or `=`. The last one counts."""
    names = _ANY_NAME if questions is None else "|".join(re.escape(name) for name in sorted(questions, key=len, reverse=True))
    line = re.compile(rf"[ \t]*({names})[ \t]*[:=](.*)")
    found = (line.fullmatch(one) for one in re.split(r"\r\n|\r|\n", text))
    return {match[1]: match[2].strip() for match in found if match}


def _json_answers(text: str) -> Mapping[str, str] | ReadError:
    try:
        found = json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        return ReadError("json", "the file of the submission is no JSON")
    if isinstance(found, dict) and "submitted_answers" in found:
        found = found["submitted_answers"]
    if not isinstance(found, dict):
        return ReadError("json", "the file of the submission holds no answers by name", advice='Write {"q1": "2x"}.')
    return {name: value for name, value in found.items() if isinstance(value, str)}


def _content(path: Path) -> bytes | ReadError:
    """The bytes of a file that is one: no link, no pipe, no device."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        handle = os.open(path, flags)
    except (OSError, ValueError):
        return ReadError("missing", f"the file {path.name} of the submission cannot be read", advice=f"{_ADVICE}.")
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        return ReadError("missing", f"{path.name} in the submission is no file", advice=f"{_ADVICE}.")
    with os.fdopen(handle, "rb") as stream:
        content = stream.read(LARGEST + 1)
    return content if len(content) <= LARGEST else ReadError("long", f"the file {path.name} is larger than {LARGEST:,} bytes")


def _decoded(content: bytes) -> str:
    """The text: UTF-8, else UTF-16 with its mark, else Windows-1252."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


__all__ = ["LARGEST", "NAMES", "answers_in", "read_answers"]
