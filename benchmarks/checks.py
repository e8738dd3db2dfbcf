"""One check in a warm process, over published pairs of answers: right and wrong ones; beside SymPy's simplify and equals on the same pairs.

`python benchmarks/checks.py [FOLDER OF corpora]`. Both sides read: question and answer are texts, each turn in another letter, so that
nothing is known from before. Reference read once: the question is made before, the answer is a text. SymPy's sides are built beforehand.
math-verify is measured where it is installed.
"""

from __future__ import annotations

import json
import re
import statistics
import sys
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from itertools import product
from typing import Any

from measure import Row, corpora, duration, percentile, show
from warm import BOUND, bounded, clocked

from tutor.form.reading import read
from tutor.grading.asked import Asked
from tutor.grading.check import check, judged
from tutor.grading.selection import select

TURNS = 7
_LETTER = re.compile(r"(?<![A-Za-z])x(?![A-Za-z])")
_FRESH = "cmpqrstuvzABCM"
"""Letters that occur in no pair, two for each turn."""
Times = dict[tuple[str, bool], list[float]]


def pairs(folder: Any) -> list[dict[str, Any]]:
    """The published pairs: a reference, a student's answer, and whether they are equal."""
    return [json.loads(line) for line in (folder / "pairs.jsonl").read_text(encoding="utf-8").splitlines()]


def fresh(text: str, turn: int) -> str:
    """The text in another letter."""
    return _LETTER.sub(_FRESH[turn], text)


def ours(row: dict[str, Any], turn: int) -> dict[str, float]:
    """The times of one pair: both sides read, and the reference read before."""
    reference, answer = fresh(row["reference"], turn), fresh(row["student"], turn)
    both, verdict = clocked(lambda: check(answer, reference))
    if not turn and verdict.outcome != ("right" if row["equal"] else "wrong"):
        print(f"judged {verdict.outcome}: {answer} for {reference}", file=sys.stderr)
    reference, answer = fresh(row["reference"], turn + 1), fresh(row["student"], turn + 1)
    kind = select(Asked(expected=reference))
    once, _ = clocked(lambda: judged(answer, kind))
    return {"both sides read": both, "the reference read once": once}


def theirs(row: dict[str, Any]) -> dict[str, float]:
    """SymPy's times on the same pair; stopped after `BOUND` seconds."""
    import sympy

    left, right = read(row["student"]).sympy(), read(row["reference"]).sympy()
    jobs: dict[str, Callable[[], Any]] = {"SymPy simplify": lambda: sympy.simplify(left - right) == 0, "SymPy equals": lambda: left.equals(right)}
    found = {name: stopped(job) for name, job in jobs.items()}
    if find_spec("math_verify") is not None:
        from math_verify import parse, verify

        key, answer = (f"${text}$" for text in row["latex"])
        found["math-verify"] = stopped(lambda: verify(parse(key), parse(answer)))
    return found


def stopped(job: Callable[[], Any]) -> float:
    """The time of a competitor's job, at most `BOUND` seconds."""
    try:
        with bounded(BOUND):
            return clocked(job)[0]
    except TimeoutError:
        return float(BOUND)
    except Exception as error:  # noqa: BLE001 (a competitor's failure is reported, and ends nothing)
        print(f"a competitor failed: {type(error).__name__}", file=sys.stderr)
        return float(BOUND)


def measured(rows: Sequence[dict[str, Any]]) -> Times:
    """The median times of every pair, by work and by whether the answer is right."""
    found: Times = {}
    for row in rows:
        turns = [ours(row, 2 * turn) for turn in range(TURNS)][1:]
        once = {name: statistics.median(turn[name] for turn in turns) for name in turns[0]}
        for name, time in {**once, **theirs(row)}.items():
            found.setdefault((name, row["equal"]), []).append(time)
    return found


def rows(arguments: Sequence[str] = ()) -> list[Row]:
    """The table's lines; none where there is no corpus."""
    folder = corpora(arguments)
    if folder is None:
        return []
    times = measured(pairs(folder))
    goals = {"both sides read": "≤ 60 µs, p95 ≤ 0.5 ms", "the reference read once": "≤ 30 µs, p95 ≤ 0.5 ms"}
    names = dict.fromkeys(name for name, _ in times)
    table = [
        Row(f"check of {'a right' if equal else 'a wrong'} answer, {name}, median", duration(statistics.median(times[name, equal])),
            f"p95 {duration(percentile(times[name, equal], 0.95))}", goals.get(name, ""))
        for name, equal in product(names, (True, False))
    ]  # fmt: skip
    simplified = [one / other for equal in (True, False) for one, other in zip(times["both sides read", equal], times["SymPy simplify", equal], strict=True)]
    return [*table, Row("check, both sides read / SymPy simplify", f"{statistics.median(simplified):.3g} ×", f"p95 {percentile(simplified, 0.95):.3g} ×")]


if __name__ == "__main__":
    show(rows(sys.argv[1:]))
