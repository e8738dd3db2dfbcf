"""A warm process: reading, all steps of one explanation, its numeric audit; beside SymPy on the same expression.

`python benchmarks/warm.py [FOLDER OF corpora]`. Each repetition writes the expression in another
letter, so that no cache of whole results helps either side. SymPy's expression is built beforehand:
its time holds no reading.
"""

from __future__ import annotations

import signal
import statistics
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from time import perf_counter
from typing import Any

from measure import Row, corpora, duration, percentile, show
from probes import Problem, probes, published

from tutor.api import Explanation
from tutor.calculus.audit import audit
from tutor.calculus.differentiate import Derivation, differentiate
from tutor.form.reading import Reading, understand
from tutor.render.text import plain

TURNS = 7
SIMPLIFIED = 3
"""SymPy's simplify takes seconds on some: fewer turns, and after `BOUND` seconds it is stopped and counts as that long."""
BOUND = 3
Times = dict[str, float]


def explained(text: str, wrt: tuple[str, ...]) -> tuple[str, Derivation]:
    """From text to all steps in plain text, and the derivation for an audit."""
    reading = understand(text, variables=[name for name in wrt if len(name) > 1])
    derivation = differentiate(reading.form, wrt)
    return steps(reading, derivation), derivation


def steps(reading: Reading, derivation: Derivation) -> str:
    """The steps in plain text, without the audit's line."""
    return plain(Explanation(reading, derivation, "normal").steps)


def clocked(work: Callable[[], Any]) -> tuple[float, Any]:
    """The time of a call, and what it gave."""
    start = perf_counter()
    found = work()
    return perf_counter() - start, found


@contextmanager
def bounded(seconds: int) -> Iterator[None]:
    """Stop SymPy after a while (here, where nothing else runs; never in the tutor)."""

    def stop(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def once(problem: Problem, turn: int, simplified: bool) -> Times:
    """One repetition of everything, one after the other."""
    text, wrt = problem.fresh(turn)
    declared = [name for name in wrt if len(name) > 1]
    times: Times = {}
    times["read"], reading = clocked(lambda: understand(text, variables=declared))
    del reading
    times["steps"], (_, derivation) = clocked(lambda: explained(text, wrt))
    times["audit"], _ = clocked(lambda: audit(derivation, symbolic=False))
    times["diff"], times["simplify"] = _sympy(derivation, wrt, simplified)
    return times


def _sympy(derivation: Derivation, wrt: tuple[str, ...], simplified: bool) -> tuple[float, float]:
    import sympy

    expression = derivation.chain[0].function.sympy()
    letters = [next((one for one in expression.free_symbols if one.name == name), sympy.Symbol(name)) for name in wrt]
    diffed, value = clocked(lambda: sympy.diff(expression, *letters))
    if not simplified:
        return diffed, 0.0
    start = perf_counter()
    try:
        with bounded(BOUND):
            sympy.simplify(value)
    except TimeoutError:
        return diffed, diffed + BOUND
    except Exception as error:  # noqa: BLE001 (a competitor's failure is reported, and ends nothing)
        print(f"sympy.simplify failed on {derivation.function}: {type(error).__name__}", file=sys.stderr)
    return diffed, diffed + perf_counter() - start


def measured(problems: Sequence[Problem], turns: int, simplified: int) -> list[Times]:
    """The median times of every problem; turns alternate, so that each problem meets every mood of the machine."""
    found: list[dict[str, list[float]]] = [{} for _ in problems]
    for turn in range(-1, turns):
        for problem, mine in zip(problems, found, strict=True):
            for name, time in once(problem, turn + 1, 0 <= turn < simplified).items():
                if turn >= 0 and time:
                    mine.setdefault(name, []).append(time)
    return [{name: statistics.median(times) for name, times in mine.items()} for mine in found]


def table(title: str, times: list[Times], goals: bool) -> list[Row]:
    """Median times over the problems, and the median of the problems' ratios."""
    whole = [{**one, "audited": one["steps"] + one["audit"]} for one in times]

    def times_row(work: str, name: str, goal: str = "") -> Row:
        column = [one[name] for one in whole]
        spread = f"{duration(min(column))}–{duration(max(column))}, p95 {duration(percentile(column, 0.95))}"
        return Row(f"{title}: {work}, median", duration(statistics.median(column)), spread, goal if goals else "")

    def ratio_row(work: str, name: str, other: str) -> Row:
        column = [one[name] / one[other] for one in whole if other in one]
        middle = [percentile(column, share) for share in (0.05, 0.95)]
        return Row(f"{title}: {work}", f"{statistics.median(column):.3g} ×", f"{middle[0]:.3g}–{middle[1]:.3g} (5–95 %)")

    return [
        times_row("reading", "read"),
        times_row("reading and all steps in plain text", "steps", "≤ 150 µs"),
        times_row("the same with the numeric audit", "audited", "≤ 1 ms"),
        times_row("SymPy's diff alone", "diff"),
        times_row("SymPy's diff + simplify", "simplify"),
        ratio_row("all steps / SymPy's diff", "steps", "diff"),
        ratio_row("all steps / SymPy's diff + simplify", "steps", "simplify"),
        ratio_row("all steps and numeric audit / SymPy's diff + simplify", "audited", "simplify"),
    ]


def rows(arguments: Sequence[str] = ()) -> list[Row]:
    """The table's lines; the corpus only where there is one."""
    found = table("probes", measured(probes(), TURNS, SIMPLIFIED), goals=True)
    folder = corpora(arguments)
    if folder is not None:
        found += table("published problems", measured(published(folder), 3, 1), goals=True)
    return found


if __name__ == "__main__":
    show(rows(sys.argv[1:]))
