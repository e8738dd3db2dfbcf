"""Deciding equality in a warm process: published pairs of a right derivative and an answer. `python benchmarks/equality.py [FOLDER OF corpora]`.

Each turn writes a pair in other letters, so that no value of an answer is known from the turn before. A turn times, one after the
other: reading both sides; the verdict with its remark about the domain; the same where the reference was read and used before, as for
the second answer to a question. The ratios are to the time of reading, taken in the same turn.
"""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Sequence
from time import perf_counter

from measure import Row, corpora, duration, percentile, show

from tutor.form.reading import read
from tutor.form.tree import Form, Sym
from tutor.form.walk import substitute
from tutor.grading.equality import domain_change, settled

TURNS = 9
_LETTERS = "tuvqrpjlh"
Times = dict[str, list[float]]


def pairs(folder: str) -> list[tuple[bool, Form, Form]]:
    """Whether the two are equal, the answer, the reference."""
    with open(f"{folder}/pairs.jsonl", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [(row["equal"], read(row["student"]), read(row["reference"])) for row in rows]


def verdict(answer: Form, key: Form) -> bool:
    """What a check does with two forms."""
    equal = settled(answer, key).equal is True
    if equal:
        domain_change(answer, key)
    return equal


def turn(number: int, answer: Form, key: Form, times: Times) -> None:
    """One turn of one pair."""
    fresh = {"x": Sym(_LETTERS[number % len(_LETTERS)])}
    texts = [str(substitute(form, fresh)) for form in (answer, key)]
    start = perf_counter()
    mine, right = (read(text) for text in texts)
    times["read"].append(perf_counter() - start)
    start = perf_counter()
    verdict(mine, right)
    times["first"].append(perf_counter() - start)
    shifted = read(f"2*({texts[0]})/2") if number % 2 else read(f"({texts[0]})*1")  # another answer to the same question, of the same value
    start = perf_counter()
    verdict(shifted, right)
    times["again"].append(perf_counter() - start)


def rows(arguments: Sequence[str] = ()) -> list[Row]:
    """The table's lines; none where the corpus is missing."""
    folder = corpora(arguments)
    if folder is None:
        return []
    found = []
    for equal, title in ((True, "a right answer"), (False, "a wrong answer")):
        medians: Times = {"read": [], "first": [], "again": []}
        for same, answer, key in pairs(str(folder)):
            if same is equal:
                times: Times = {"read": [], "first": [], "again": []}
                for number in range(-1, TURNS):
                    turn(number, answer, key, times)
                for name, column in times.items():
                    medians[name].append(statistics.median(column[1:]))
        both = [read_time + first for read_time, first in zip(medians["read"], medians["first"], strict=True)]
        found += [
            _row(f"{title}: reading both sides", medians["read"], "35 µs"),
            _row(f"{title}: verdict and domain", medians["first"]),
            _row(f"{title}: verdict and domain, the reference known", medians["again"]),
            _row(f"{title}: reading, verdict and domain", both, "≤ 60 µs, p95 ≤ 0.5 ms"),
            Row(f"{title}: verdict and domain / reading", f"{statistics.median(a / b for a, b in zip(medians['first'], medians['read'], strict=True)):.2f} ×"),
        ]
    return found


def _row(work: str, column: list[float], goal: str = "") -> Row:
    return Row(f"{work}, median", duration(statistics.median(column)), f"p95 {duration(percentile(column, 0.95))}", goal)


if __name__ == "__main__":
    show(rows(sys.argv[1:]))
