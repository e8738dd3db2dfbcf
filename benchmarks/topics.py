"""Every topic's command line as a whole process, beside a process that imports SymPy: `python benchmarks/topics.py`.

A command that solves has a second process, which imports SymPy too, at the same time where there are two cores.
"""

from __future__ import annotations

import shlex

from measure import Row, process, ratio, rounds, show

ROUNDS = 5
LINES = (
    'gradient "100 - x^2 - 2y^2" --at x=3,y=1', 'hessian "-0.01T^2 - 0.5t^2 + 3T + 10t"', 'jacobian "(x*y, x + y^2)"',
    'directional "x^2 + 2y^2" --at x=3,y=1 --toward 3,4', 'tangent "x^3 - x" --at x=2', 'critical "x^2 - y^2"', 'critical "x^3 - 3x"',
    'newton "x^4 - 3x^2 + x" --at x=1', 'implicit "x^2 + y^2 = 25" --order 2 --at x=3,y=4', 'inverse "x^3 + x" --at y=2', 'parametric "(t^2, t^3)" --at t=1',
    'limit "x^2" --at x=3', 'explain "x*y" --where x=t^2 --where y=t^3 --wrt t',
    'backprop "(y - sigmoid(w*x + b))^2" --at x=1,y=0,w=0.5,b=0 --wrt w,b', "backprop --preset network --inputs 2 --hidden 3", 'matrix "norm(A x - b)^2" --wrt x',
)  # fmt: skip


def rows() -> list[Row]:
    """The table's lines."""
    jobs = {"import": process("-c", "import sympy"), **{line: process("-m", "tutor", *shlex.split(line)) for line in LINES}}
    times = rounds(jobs, ROUNDS)
    return [ratio(f"`tutor {line}` / a process that imports SymPy", times[line], times["import"]) for line in LINES]


if __name__ == "__main__":
    show(rows())
