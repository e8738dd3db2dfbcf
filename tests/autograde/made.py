"""Submissions and keys that the tests of this room share."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterable, Sequence
from pathlib import Path

from tutor.autograde.isolated import Job
from tutor.autograde.key import Source

KEY = """\
format: 1
questions:
  q1: {derivative_of: sin(x^2), points: 2}
  q2: {derivative_of: x^3 - 4x^2 + 7x - 2}
  q3: {expected: "(2, 3)", points: 3}
"""
JOB = Job(Source(KEY))


def some(count: int, seed: int = 1) -> list[tuple[str, str, str]]:
    """Students, questions and answers: right, wrong, the same ones again and again, and unreadable."""
    rng = random.Random(seed)
    found = []
    for k in range(count):
        a = rng.randrange(2, 60)
        question, answer = rng.choice([
            ("q1", f"2x cos(x^2) + {a} - {a}"), ("q1", "cos(x^2)"), ("q1", f"{a} x"), ("q2", f"3x^2 - 8x + {a} - {a - 7}"), ("q2", f"{a}x^2-8x+7"),
            ("q3", "(2, 3)"), ("q3", f"(2, {a})"), ("q3", "2, 3)"), ("q9", "1"), ("q1", "=cmd|' /C calc'!A0"), ("q2", ""),
        ])  # fmt: skip
        found.append((f"s{k % 97}", question, answer))
    return found


def csv_file(path: Path, rows: Iterable[Sequence[str]]) -> Path:
    """A file of submissions."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([("student", "question", "answer"), *rows])
    return path


def key_file(path: Path, text: str = KEY) -> Path:
    """A key."""
    path.write_text(text, encoding="utf-8")
    return path


BLOCKWISE = "from tutor.autograde import files, resume; files.BLOCK, resume.EVERY = 20, 0.0; from tutor.cli import run; run()"
"""The program with a journal that is written every few rows."""


def rows_done(out: Path) -> int:
    """How many rows the journal of an output is sure of."""
    try:
        return int(json.loads(out.with_name(f"{out.name}.journal").read_text(encoding="utf-8"))["rows"])
    except (OSError, ValueError):
        return 0


def read(path: Path) -> list[dict[str, str]]:
    """The rows of a graded file."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
