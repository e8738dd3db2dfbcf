"""The cost of the backward pass beside the forward pass, and how both grow, from 100 to 10,000 nodes, in floats.

Three families: a wide sum (w₁x₁ + … + wₙxₙ)², a deep chain of sigmoids, dense layers of tanh. A round
runs both sweeps of every size in turn, each as the best of three; a ratio is that of one round. The graph
is built and the tape made before the clock starts; with them, from the form to all derivatives, the work
stands in a row of its own.
"""

from __future__ import annotations

import gc
import statistics
import sys
from collections.abc import Callable
from time import perf_counter
from typing import Any

from measure import Row, duration, exponent, ratio, rounds, show

SIZES = (100, 1_000, 10_000)
ROUNDS, BEST_OF = 9, 3


def wide(n: int) -> Any:
    """The square of a sum of products, a letter's weight each."""
    from tutor.form.tree import TWO, Add, Mul, Pow, Sym

    return Pow(Add(tuple(Mul((Sym(f"w_{k}"), Sym(f"x_{k}"))) for k in range(n // 3))), TWO)


def deep(n: int) -> Any:
    """One sigmoid behind the other."""
    from tutor.form.tree import Call, Form, Mul, Num, Sym

    value: Form = Sym("x")
    for _ in range(n // 2):
        value = Call("sigmoid", (Mul((Num(2), value)),))
    return value


def dense(n: int) -> Any:
    """As many layers as units in a layer, every unit reading every one of the layer before."""
    from tutor.form.tree import Add, Call, Form, Mul, Sym

    units = max(2, round((n / 2.1) ** (1 / 3)))
    values: list[Form] = [Sym(f"x_{k}") for k in range(units)]
    for layer in range(units):
        weights = [[Sym(f"w_{(layer * units + j) * units + k}") for k in range(units)] for j in range(units)]
        values = [Call("tanh", (Add(tuple(Mul((w, x)) for w, x in zip(row, values, strict=True))),)) for row in weights]
    return Add(tuple(values))


FAMILIES: dict[str, Callable[[int], Any]] = {"wide sum": wide, "chain of sigmoids": deep, "dense tanh layers": dense}


def timed(work: Callable[[], object]) -> Callable[[], float]:
    """A job that says how long it took at best; no garbage is collected meanwhile."""

    def run() -> float:
        gc.disable()
        found = []
        for _ in range(BEST_OF):
            start = perf_counter()
            work()
            found.append(perf_counter() - start)
        gc.enable()
        return min(found)

    return run


def rows() -> list[Row]:
    """The table's lines: for each family the ratio by size, and the exponents."""
    return [row for name, make in FAMILIES.items() for row in _family(name, make)]


def _family(name: str, make: Callable[[int], Any]) -> list[Row]:
    from tutor.calculus.graph.network import network
    from tutor.calculus.graph.sweep import Tape, gradients
    from tutor.form.evaluate import FLOATS

    jobs: dict[str, Callable[[], float]] = {}
    counts: dict[int, int] = {}
    for size in SIZES:
        form = make(size)
        graph = network(form)
        counts[size] = len(graph.nodes)
        tape = Tape(graph, FLOATS)
        point = {letter: 0.1 + 0.8 * (k * 37 % 101) / 101 for k, letter in enumerate(tape.letters)}
        values = tape.forward(point)
        jobs[f"forward {size}"] = timed(lambda tape=tape, point=point: tape.forward(point))  # type: ignore[misc]
        jobs[f"backward {size}"] = timed(lambda tape=tape, values=values: tape.backward(values))  # type: ignore[misc]
        jobs[f"gradients {size}"] = timed(lambda form=form, point=point: gradients(form, point))  # type: ignore[misc]
    times = rounds(jobs, ROUNDS)
    found = [
        ratio(f"{name}, {counts[size]:,} nodes: backward pass / forward pass", times[f"backward {size}"], times[f"forward {size}"], "a small constant")
        for size in SIZES
    ]
    for what in ("forward", "backward", "gradients"):
        middle = {size: statistics.median(times[f"{what} {size}"]) for size in SIZES}
        small, large = SIZES[0], SIZES[-1]
        p = exponent((counts[small], middle[small]), (counts[large], middle[large]))
        spread = ", ".join(f"{counts[size]:,}: {duration(middle[size])}" for size in SIZES)
        label = "graph, tape and both passes" if what == "gradients" else f"{what} pass"
        found.append(Row(f"{name}: growth of the {label}", f"n^{p:.2f}", spread, "n^p, p ≤ 1.1"))
    return found


if __name__ == "__main__":
    sys.setrecursionlimit(10_000)
    show(rows())
