"""One explanation as a whole process: when its first line is there, when its steps are, when it ends.

`python benchmarks/process.py ["x^2*sin(3x)"]`. SymPy's process imports it and differentiates, then
also simplifies; it prints one line and no steps.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from time import perf_counter

from measure import ROOT, Row, environment, process, ratio, rounds, show

ROUNDS = 9
EXPRESSION = "x^2*sin(3x)"


class Explained:
    """The process `tutor explain` with the time of its first line, of its last step, and of its end."""

    def __init__(self, expression: str) -> None:
        self.command = [sys.executable, "-m", "tutor", "explain", expression]
        self.moments: list[tuple[float, float, float]] = []

    def __call__(self) -> float:
        start = perf_counter()
        seen: list[float] = []
        with subprocess.Popen(self.command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE) as run:
            assert run.stdout is not None
            for _ in run.stdout:
                seen.append(perf_counter() - start)
        end = perf_counter() - start
        self.moments.append((seen[0], seen[-2], end))
        return end


def _sympy(expression: str, then: str) -> Callable[[], float]:
    from tutor import read

    source = str(read(expression).sympy())
    return process("-c", f"from sympy import *; x = Symbol('x'); print({then.format(source)})")


def rows(expression: str = EXPRESSION) -> list[Row]:
    """The table's lines."""
    explained = Explained(expression)
    times = rounds(
        {
            "bare": process("-c", "pass"),
            "import": process("-c", "import sympy"),
            "explain": explained,
            "diff": _sympy(expression, "diff({}, x)"),
            "simplify": _sympy(expression, "simplify(diff({}, x))"),
        },
        ROUNDS,
    )
    first, steps, end = (list(column) for column in zip(*explained.moments[1:], strict=True))
    name = f"`tutor explain \"{expression}\"`"
    return [
        ratio(f"{name}, first line / bare Python", first, times["bare"], "≤ 6"),
        ratio(f"{name}, all steps on screen / bare Python", steps, times["bare"]),
        ratio(f"{name}, first line / a process that imports SymPy", first, times["import"]),
        ratio(f"{name}, to the audit's end / a process that imports SymPy", end, times["import"], "≤ 1.2"),
        ratio(f"{name}, to the audit's end / SymPy's diff", end, times["diff"]),
        ratio(f"{name}, to the audit's end / SymPy's diff + simplify", end, times["simplify"]),
        ratio("SymPy's diff, whole process / bare Python", times["diff"], times["bare"]),
    ]


if __name__ == "__main__":
    show(rows(*sys.argv[1:2]))
