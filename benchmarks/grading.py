"""Generated right answers in other forms, and wrong ones: none may be judged wrongly. `python benchmarks/grading.py [SECONDS [SEED]]`.

Functions are generated; the right answers are the derivation's own lines and what sound rewriting makes of them, the wrong ones are
a bit off, or made by the buggy variants of the rules. A verdict that by samples at high precision is false is shown.
Nightly, not part of `all.py`; the times are those of one check in a warm process, reading included, the question made before.
"""

from __future__ import annotations

import random
import statistics
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from time import perf_counter

from measure import Row, duration, percentile, show

from tutor.algebra.equal import by_samples
from tutor.calculus.differentiate import Derivation, differentiate
from tutor.form.reading import read
from tutor.form.tree import ONE, TWO, Add, Call, Div, E, Form, Mul, Neg, Num, Pow, Sym, sqrt
from tutor.grading.check import judged
from tutor.grading.kinds.expression import Expression
from tutor.grading.mistakes import candidates

X = Sym("x")
_FUNCTIONS = ("sin", "cos", "tanh", "atan", "sigmoid")
_LARGEST = 60


def function(rng: random.Random, depth: int) -> Form:
    """A function of x that is smooth on the whole line."""
    if depth == 0 or rng.random() < 0.15:
        return rng.choice([X, X, Num(rng.randint(1, 9)), Pow(X, Num(rng.randint(2, 5))), Mul((Num(rng.randint(2, 9)), X))])
    u, v = function(rng, depth - 1), function(rng, depth - 1)
    square = Add((Pow(v, TWO), ONE))
    return rng.choice([
        Add((u, v)), Mul((u, v)), Add((u, Neg(v))), Call(rng.choice(_FUNCTIONS), (u,)), Pow(E, Call("sin", (u,))), Call("ln", (square,)),
        Div(u, square), Pow(u, Num(rng.randint(2, 3))), sqrt(square),
    ])  # fmt: skip


def rewritten(rng: random.Random, form: Form) -> Form:
    """The same value in another form."""
    one, circle = Add((Pow(X, TWO), ONE)), Add((Pow(Call("sin", (X,)), TWO), Pow(Call("cos", (X,)), TWO)))
    ways = [Add((form, ONE, Neg(ONE))), Mul((TWO, Div(form, TWO))), Div(Mul((form, one)), one), Mul((form, circle)), Mul((form, Pow(E, X), Pow(E, Neg(X))))]
    if isinstance(form, Add | Mul):
        ways.append(form.rebuild(tuple(rng.sample(form.children, len(form.children)))))
    return rng.choice(ways)


def right(rng: random.Random, derivation: Derivation) -> Iterator[Form]:
    """Right answers in many forms."""
    lines = [derivation.root.after, derivation.value, *(line.after for line in derivation.also)]
    yield from lines
    yield from (rewritten(rng, line) for line in lines for _ in range(6))
    yield from (rewritten(rng, rewritten(rng, derivation.value)) for _ in range(6))


def wrong(rng: random.Random, derivation: Derivation) -> Iterator[Form]:
    """Answers that are off by little or much, and those of typical mistakes."""
    for _ in range(8):
        yield Add((rewritten(rng, derivation.value), rng.choice([ONE, X, Div(ONE, Num(rng.randint(2, 10**6)))])))
    yield Neg(derivation.value)
    yield from (candidate.value for candidate in islice(candidates(derivation), 10))


def rows(seconds: float = 60, seed: int = 1) -> list[Row]:
    """The table's lines; false verdicts go to standard error."""
    rng, counts = random.Random(seed), Counter[str]()
    times: dict[str, list[float]] = {"right": [], "wrong": []}
    end = perf_counter() + seconds
    while perf_counter() < end:
        form = function(rng, rng.randint(1, 3))
        if "x" not in form.free or form.size > _LARGEST:
            continue
        derivation = differentiate(form, "x")
        kind = Expression(derivation.value, derivation.conditions, derivation)
        for what, answers in (("right", right(rng, derivation)), ("wrong", wrong(rng, derivation))):
            for answer in answers:
                counts.update(_judged(what, answer, kind, times[what]))
    return [*(Row(f"generated answers that are {name}", f"{count:,}") for name, count in sorted(counts.items())),
            *(Row(f"one check of an answer that is {what}, median", duration(statistics.median(found)), f"p95 {duration(percentile(found, 0.95))}", "≤ 60 µs")
              for what, found in times.items())]  # fmt: skip


def _judged(what: str, answer: Form, kind: Expression, times: list[float]) -> list[str]:
    text = str(answer)
    start = perf_counter()
    verdict = judged(text, kind)
    times.append(perf_counter() - start)
    if what == "wrong" and verdict.outcome == "right" and by_samples(read(text), kind.key, kind.conditions).equal is not False:
        return ["made by a mistake, and equal all the same"]
    if verdict.outcome not in (what, "undecided"):
        print(f"{what}, judged {verdict.outcome}: {text} for {kind.key}", file=sys.stderr)
        return [f"{what} and judged {verdict.outcome}: FALSE"]
    return [f"{what} and judged {verdict.outcome}"]


if __name__ == "__main__":
    show(rows(*map(float, sys.argv[1:2]), *map(int, sys.argv[2:3])))
