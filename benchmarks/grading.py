"""Generated answers, right ones in other forms and wrong ones: none may be judged wrongly.

`python benchmarks/grading.py [COUNT [SEED [PROCESSES]]]`: COUNT right answers and as many wrong ones (`sources.py` makes them), in several
processes; progress and every false verdict go to standard error. What is right is known by construction, what is wrong by a point at
which mpmath's values differ (`oracle.py`); an answer of which that says nothing is not counted. Not part of `all.py`. The times are those
of one check in a warm process, reading included, the question made before.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import resource
import statistics
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from time import perf_counter

from measure import Row, duration, percentile, show
from oracle import FINEST, same
from sources import Answer, answers, question

from tutor.grading.check import judged

BATCH = 500
"""Answers of each sort that a process makes before it reports."""


@dataclass
class Tally:
    """What was seen: how many of which verdict, how long a check took, what was judged wrongly, and the greatest memory in MB."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    times: dict[str, list[float]] = field(default_factory=lambda: {"right": [], "wrong": []})
    false: list[str] = field(default_factory=list)
    memory: float = 0.0

    def add(self, other: Tally) -> None:
        """Take in a batch; of the times a sample is enough."""
        self.counts.update(other.counts)
        for what, times in other.times.items():
            self.times[what] += times[::10]
        self.false += other.false
        self.memory = max(self.memory, other.memory)


def batch(seed: int) -> Tally:
    """`BATCH` right and `BATCH` wrong answers, judged."""
    rng, tally = random.Random(seed), Tally()
    left = {"right": BATCH, "wrong": BATCH}
    while any(left.values()):
        key, derivation, kind = question(rng)
        for answer in answers(rng, derivation):
            if left[answer.what]:
                left[answer.what] -= one(tally, answer, key, kind)
    tally.memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return tally


def one(tally: Tally, answer: Answer, key: object, kind: object) -> bool:
    """Judge an answer; False where it does not count, as nothing is known of it."""
    start = perf_counter()
    verdict = judged(answer.text, kind)
    took = perf_counter() - start
    known = same(answer.form, key)
    if known and answer.how.startswith("near") and "factorial" in str(answer.form):
        known = same(answer.form, key, FINEST)
    if known is not (answer.what == "right"):
        if answer.what == "right" and known is False:
            tally.false.append(f"made as right, and is not: {answer.text} for {key} ({answer.how})")
        return False
    tally.times[answer.what].append(took)
    tally.counts[answer.what, verdict.outcome] += 1
    if verdict.outcome == "unreadable" or (verdict.outcome not in (answer.what, "undecided")):
        tally.false.append(f"{answer.what}, judged {verdict.outcome}: {answer.text} for {key} ({answer.how})")
    return True


def rows(count: int = 2_000, seed: int = 1, processes: int = 0) -> list[Row]:
    """The table's lines; false verdicts go to standard error."""
    tally, start = Tally(), perf_counter()
    batches = max(1, -(-count // BATCH))
    with multiprocessing.get_context("spawn").Pool(processes or os.cpu_count() or 1) as pool:
        for done, found in enumerate(pool.imap_unordered(batch, [seed * 1_000_003 + k for k in range(batches)]), 1):
            for line in found.false:
                print(line, file=sys.stderr, flush=True)
            tally.add(found)
            if done % 10 == 0 or done == batches:
                spent = perf_counter() - start
                print(f"{done * BATCH:,} of {batches * BATCH:,} of each sort, {spent:.0f} s, {found.memory:.0f} MB, {len(tally.false)} false", file=sys.stderr, flush=True)
    return list(table(tally))


def table(tally: Tally) -> Iterator[Row]:
    """The counts, the times and the memory as lines of a table."""
    for (what, outcome), count in sorted(tally.counts.items()):
        yield Row(f"generated answers that are {what} and judged {outcome}", f"{count:,}", "", "" if outcome in (what, "undecided") else "0")
    yield Row("false verdicts", f"{len(tally.false)}", "", "0")
    for what, found in tally.times.items():
        yield Row(f"one check of an answer that is {what}, median", duration(statistics.median(found)), f"p95 {duration(percentile(found, 0.95))}", "≤ 60 µs")
    yield Row("memory of a process, at most", f"{tally.memory:.0f} MB", "", "≤ 150 MB")


if __name__ == "__main__":
    show(rows(*map(int, sys.argv[1:4])))
