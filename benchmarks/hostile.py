"""How long hostile texts take to be refused (goal: 50 ms): `python benchmarks/hostile.py` prints a table."""

from __future__ import annotations

import sys
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.form.hostile import READ, REFUSED
from tutor.errors import TutorError
from tutor.form.reading import read

GOAL = 0.050


def seconds(text: str) -> tuple[float, str]:
    """The best of three times, and what the text gave."""
    best, answer = 1e9, "read"
    for _ in range(3):
        start = perf_counter()
        try:
            read(text)
        except TutorError as error:
            answer = error.message
        best = min(best, perf_counter() - start)
    return best, answer


def main() -> None:
    slow = 0
    for name, text in {**REFUSED, **READ}.items():
        time, answer = seconds(text)
        late = name in REFUSED and time > GOAL
        slow += late
        print(f"{name:28} {len(text):>10,} characters {time * 1000:9.2f} ms {'LATE' if late else '    '} {answer[:70]}")
    print(f"{slow} of {len(REFUSED)} refused texts took longer than {GOAL * 1000:.0f} ms")


if __name__ == "__main__":
    main()
