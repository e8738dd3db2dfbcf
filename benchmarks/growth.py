"""How time and text grow with the size of what was typed, up to n = 200, beside SymPy's diff.

Each family runs in a process of its own with a time limit; an exponent is fitted between the sizes
100 and 200 (p in n^p), from the median of three fresh letters.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from time import perf_counter

from measure import Row, duration, environment, exponent, show

SIZES = (25, 50, 100, 200)
LETTERS = "xtz"
LIMIT = 30
"""Seconds that a family may take, all sizes together."""


FAMILIES = ("product of n factors", "n nested functions", "continued fraction", "e → e·sin e")


def ours(family: str, letter: str, n: int) -> object:
    """The form of a family; equal parts are one object."""
    from tutor.form.tree import Add, Call, Div, Form, Mul, Num, Sym

    x: Form = Sym(letter)
    if family == FAMILIES[0]:
        return Mul(tuple(Add((x, Num(k))) for k in range(1, n + 1)))
    value = x
    for k in range(n):
        if family == FAMILIES[1]:
            value = Call("sin" if k % 2 else "cos", (value,))
        elif family == FAMILIES[2]:
            value = Div(x, Add((Num(1), value)))
        else:
            value = Mul((value, Call("sin", (value,))))
    return value


def theirs(family: str, letter: str, n: int) -> object:
    """The same in SymPy."""
    import sympy

    x = sympy.Symbol(letter)
    if family == FAMILIES[0]:
        return sympy.Mul(*[x + k for k in range(1, n + 1)])
    value = x
    for k in range(n):
        if family == FAMILIES[1]:
            value = (sympy.sin if k % 2 else sympy.cos)(value)
        elif family == FAMILIES[2]:
            value = x / (1 + value)
        else:
            value = value * sympy.sin(value)
    return value


def explained(family: str, letter: str, n: int) -> tuple[float, int]:
    """Time and length of a whole explanation in plain text."""
    import measure  # noqa: F401 (puts the checkout on the path)

    from tutor.api import Explanation
    from tutor.calculus.differentiate import differentiate
    from tutor.form.reading import Reading
    from tutor.render.text import plain

    form = ours(family, letter, n)
    start = perf_counter()
    derivation = differentiate(form, letter)  # type: ignore[arg-type]
    text = plain(Explanation(Reading("", form, (), frozenset(), frozenset()), derivation, "normal").steps)  # type: ignore[arg-type]
    return perf_counter() - start, len(text)


def diffed(family: str, letter: str, n: int) -> tuple[float, int]:
    """Time of SymPy's diff alone; its result is not written out."""
    import sympy

    value = theirs(family, letter, n)
    start = perf_counter()
    sympy.diff(value, sympy.Symbol(letter))
    return perf_counter() - start, 0


def work(who: str, family: str) -> None:
    """In the process of its own: a line of JSON a size."""
    sys.setrecursionlimit(100_000)
    run = explained if who == "ours" else diffed
    run(family, "w", 5)
    for n in SIZES:
        found = [run(family, letter, n) for letter in LETTERS]
        print(json.dumps([n, statistics.median(time for time, _ in found), found[0][1]]), flush=True)


def grown(who: str, family: str) -> tuple[dict[int, tuple[float, int]], str]:
    """Time and length by size, as far as it came; and why it came no further."""
    command = [sys.executable, __file__, "--work", who, family]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment()) as run:
        try:
            out, errors = run.communicate(timeout=LIMIT)
            end = "" if run.returncode == 0 else (errors.strip().splitlines() or ["ended"])[-1][:60]
        except subprocess.TimeoutExpired:
            run.kill()
            out, _ = run.communicate()
            end = f"over {LIMIT} s"
    return {n: (time, length) for n, time, length in map(json.loads, out.splitlines())}, end


def rows() -> list[Row]:
    """The table's lines: our exponents of time and of text, SymPy's of time."""
    found: list[Row] = []
    for family in FAMILIES:
        mine, end = grown("ours", family)
        for place, what, limit in ((0, "time", 1.1), (1, "text", 1.1)):
            found.append(_row(f"{family}: {what} of the explanation", mine, end, place, f"n^p, p ≤ {limit}"))
        other, end = grown("sympy", family)
        found.append(_row(f"{family}: time of SymPy's diff", other, end, 0, ""))
    return found


def _row(name: str, sizes: dict[int, tuple[float, int]], end: str, place: int, goal: str) -> Row:
    written = ", ".join(f"{n}: {duration(cost[0]) if place == 0 else f'{cost[1]:,}'}" for n, cost in sizes.items())
    if not {100, 200} <= sizes.keys():
        return Row(name, end or "incomplete", written, goal)
    return Row(name, f"n^{exponent((100, sizes[100][place]), (200, sizes[200][place])):.2f}", written, goal)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--work"]:
        work(*sys.argv[2:4])
    else:
        show(rows())
