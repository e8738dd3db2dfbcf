"""Grading many answers: distinct answers a second on one core and on two, and the memory of ten thousand and a million rows.

`python benchmarks/bulk.py [DISTINCT [ROWS]]`. The distinct answers are half right (other forms of the key) and half wrong (with and without a known
mistake), to five questions; none has the form of another. Beside the clock stands the processor's time of the processes that grade: on a machine
that does other work too it is the fairer figure. Not part of `all.py`: a million rows take a while.
"""

from __future__ import annotations

import csv
import json
import os
import random
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from measure import ROOT, Row, duration, environment, machine, show

KEY = """\
format: 1
questions:
  q1: {derivative_of: sin(x^2)}
  q2: {derivative_of: x^3 - 4x^2 + 7x - 2}
  q3: {derivative_of: x e^x}
  q4: {derivative_of: ln(x^2 + 1)}
  q5: {derivative_of: (x + 1)^5}
"""
RIGHT = {
    "q1": ("2x cos(x^2) + {a} - {a}", "{a}x cos(x^2) - {b}x cos(x^2)"), "q2": ("3x^2 - 8x + {a} - {c}", "x(3x - 8) + {a} - {c}"), "q3": ("e^x + x e^x + {a} - {a}", "(x + {a}) e^x - {d} e^x"),
    "q4": ("2x/(x^2 + 1) + {a} - {a}", "{a}*2x/({a}(x^2 + 1))"), "q5": ("5(x + 1)^4 + {a} - {a}", "{a}(x + 1)^4 - {e}(x + 1)^4"),
}  # fmt: skip
WRONG = {
    "q1": ("cos(x^2) + {a} - {a}", "{a}x cos(x^2)"), "q2": ("{a}x^2 - 8x + 7", "3x^2 - 8x + {a}"), "q3": ("e^x + {a} - {a}", "x e^x + {a}"), "q4": ("1/(x^2 + {a})", "{a}x/(x^2 + 1)"),
    "q5": ("5x^4 + {a}", "{a}(x + 1)^4"),
}  # fmt: skip

PROGRAM = """
import json, os, resource, sys
from pathlib import Path
from time import perf_counter
from tutor.autograde import isolated
from tutor.autograde.files import grade_file
from tutor.autograde.key import load
path, key, out, jobs = sys.argv[1:]
if hasattr(os, "sched_setaffinity"):  # one core is one core, for reading and writing too
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: int(jobs)])
job = isolated.Job(load(Path(key)))
benches = [isolated.Bench(job) for _ in range(int(jobs))]
for bench in benches:  # the helpers have started, and have made their questions
    bench.grade([(f"q{k}", "x") for k in range(1, 6)])
    isolated._IDLE.append(bench)
start, before = perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
grade_file(Path(path), Path(out), job, jobs=int(jobs), force=True)
took = perf_counter() - start
isolated.close()
own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
peak = int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
print(json.dumps([took, own.ru_utime + own.ru_stime - before.ru_utime - before.ru_stime, others.ru_utime + others.ru_stime, peak / 1024, others.ru_maxrss / 1024]))
"""


def answers(count: int) -> Iterator[tuple[str, str, str]]:
    """Distinct answers with their students and questions."""
    rng = random.Random(1)
    for k in range(count):
        question, a = f"q{k % 5 + 1}", 10 + k
        text = rng.choice((RIGHT if k // 5 % 2 else WRONG)[question]).format(a=a, b=a - 2, c=a - 7, d=a - 1, e=a - 5)
        yield f"s{k % 500}", question, text


def written(path: Path, rows: Iterator[tuple[str, str, str]]) -> Path:
    """A file of submissions."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream)
        out.writerow(("student", "question", "answer"))
        out.writerows(rows)
    return path


def graded(path: Path, key: Path, jobs: int) -> list[float]:
    """Seconds, the processor's seconds of the main process and of those that grade, and the memory of both in MB."""
    command = [sys.executable, "-c", PROGRAM, str(path), str(key), str(path.with_suffix(".out.csv")), str(jobs)]
    done = subprocess.run(command, cwd=ROOT, env=environment(), check=True, capture_output=True, text=True)
    found: list[float] = json.loads(done.stdout)
    return found


def alone(count: int, part: Callable[[Any, str], object]) -> float:
    """Seconds of one part of grading, in this process."""
    from tutor.autograde.key import Source, read_key

    key = read_key(Source(KEY))
    made = list(answers(count))
    for _, question, text in made[:200]:
        part(key[question], text)
    start = perf_counter()
    for _, question, text in made[200:]:
        part(key[question], text)
    return (perf_counter() - start) / (count - 200)


def parts() -> Iterator[Row]:
    """Where the time of one answer goes, in one process."""
    from tutor.autograde.result import result_of
    from tutor.form.reading import understand

    count = 4_000
    reading = alone(count, lambda _, text: understand(text))
    judging = alone(count, lambda entry, text: entry.judge(text))
    naming = alone(count, lambda entry, text: entry.judge(text).findings)
    whole = alone(count, lambda entry, text: result_of(entry.judge(text)))
    steps = {"reading": reading, "comparing": judging - reading, "naming the mistake": naming - judging, "the sentence": whole - naming}
    for name, seconds in steps.items():
        yield Row(f"one distinct answer: {name}", duration(max(seconds, 0)), f"{100 * seconds / whole:.0f} %")


def rows(distinct: int = 20_000, many: int = 1_000_000) -> Iterator[Row]:
    """The table's lines."""
    yield from parts()
    with TemporaryDirectory() as name:
        folder = Path(name)
        key = folder / "key.yaml"
        key.write_text(KEY, encoding="utf-8")
        path = written(folder / "distinct.csv", answers(distinct))
        rounds = [{jobs: graded(path, key, jobs) for jobs in (1, 2)} for _ in range(3)]
        runs = {jobs: [one[jobs] for one in rounds] for jobs in (1, 2)}
        for jobs, found in runs.items():
            rates = [distinct / one[0] for one in found]
            yield Row(f"distinct answers a second, {jobs} core{'s' * (jobs > 1)}", f"{statistics.median(rates):,.0f}", f"{min(rates):,.0f}-{max(rates):,.0f}", "≥ 10,000" if jobs == 1 else "")
        ratios = [one[0] / two[0] for one, two in zip(runs[1], runs[2], strict=True)]
        yield Row("two cores against one", f"{statistics.median(ratios):.2f} ×", f"{min(ratios):.2f}-{max(ratios):.2f}; load {os.getloadavg()[0]:.1f}", "≥ 1.8 ×")
        yield Row("processor's time of an answer where it is graded", duration(statistics.median(one[2] for one in runs[1]) / distinct))
        yield Row("processor's time of an answer in the main process", duration(statistics.median(one[1] for one in runs[1]) / distinct))
        for count in (10_000, many):
            path = written(folder / f"{count}.csv", _repeated(count))
            took, *_, own, helper = graded(path, key, 1)
            yield Row(f"memory with {count:,} rows: main process, helper", f"{own:.0f} MB, {helper:.0f} MB", f"{count / took:,.0f} rows/s", "≤ 150 MB")


def _repeated(count: int) -> Iterator[tuple[str, str, str]]:
    """Rows of which one in fifty is new."""
    rng, made = random.Random(2), list(answers(max(count // 50, 100)))
    for k in range(count):
        _, question, text = made[k // 50] if k % 50 == 0 else made[rng.randrange(k // 50 + 1)]
        yield f"s{k % 40_000}", question, text


if __name__ == "__main__":
    print(machine(), file=sys.stderr)
    show(rows(*map(int, sys.argv[1:3])))
