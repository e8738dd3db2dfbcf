"""A process that writes answers and is killed: for the test, and for `benchmarks/quiz.py`."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from tutor.practice.safe_store import FILE, opened

_WRITER = """
import sys
from pathlib import Path
from datetime import UTC, datetime, timedelta
from tutor.practice.records import Answered, Item
from tutor.practice.safe_store import opened
store, number = opened(Path(sys.argv[1])), int(sys.argv[2])
while True:
    item = Item(f"power-rule/sums@{number}.93f9f6", 0, ("power-rule",), 1)
    store.append(Answered(datetime(1990, 1, 5, tzinfo=UTC) + timedelta(milliseconds=number), "a", item, "2x" * 50, "right", 1.0))
    if not store.saving:
        sys.exit(3)
    sys.stdout.write(f"{number}\\n")
    sys.stdout.flush()
    number += 1
"""


BEGIN = datetime(1990, 1, 5, tzinfo=UTC)
"""The time of answer 0 of the writer; each of the next is a millisecond later."""


@dataclass(frozen=True)
class Round:
    """One kill: how many answers were acknowledged before it, how many of them are missing after it, and whether the file is whole.

    After the last one, those that are missing of all rounds are counted.
    """

    acknowledged: int
    lost: int
    intact: bool


def killed_rounds(home: Path, rounds: int, random: Random, longest: float = 0.15) -> list[Round]:
    """Start a writer again and again in one home, and kill it at a random moment, also while it starts."""
    done: list[Round] = []
    acknowledged: set[int] = set()
    for number in range(rounds):
        with subprocess.Popen([sys.executable, "-c", _WRITER, str(home), str(1_000_000 * number)], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]) as writer:
            assert writer.stdout is not None
            first = writer.stdout.readline() if random.random() < 0.9 else b""  # now and then it is killed before its first answer
            time.sleep(random.uniform(0, longest))
            writer.send_signal(signal.SIGKILL)
            said = (first + writer.stdout.read()).split(b"\n")[:-1]  # a line without an end was never said
        if writer.returncode != -signal.SIGKILL:
            raise AssertionError(f"the writer ended by itself: {writer.returncode}")
        latest = set(map(int, said))
        acknowledged |= latest
        done.append(Round(len(said), *_compared(home, acknowledged if number == rounds - 1 else latest)))
    return done


def _compared(home: Path, acknowledged: set[int]) -> tuple[int, bool]:
    found = opened(home)
    first = min(acknowledged, default=0)
    there = {int(one.item.variant.partition("@")[2].partition(".")[0]) for one in found.since(BEGIN + timedelta(milliseconds=first - 1))}
    whole = found.saving and not found.notices()
    found.close()
    with closing(sqlite3.connect(home / FILE)) as db:
        return len(acknowledged - there), whole and db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
