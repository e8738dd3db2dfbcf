"""The long fuzzing: random functions of every kind, each explained at full length and audited in both ways.

    python benchmarks/fuzz.py [SEED [COUNT [SIZE]]]

Says which explanations a witness contradicts (none may be), how many lines stay without a proof, and
which functions took longer than two seconds. The same seed gives the same functions.
"""

from __future__ import annotations

import random
import sys
import time

from tutor.calculus.audit import audit
from tutor.calculus.differentiate import differentiate
from tutor.exposition.derivation import explanation
from tutor.form.tree import PI, Add, Call, Div, E, Form, Mul, Neg, Num, Pow, Sym, sqrt
from tutor.render.text import plain

FUNCTIONS = ("sin", "cos", "tan", "sec", "atan", "tanh", "cosh", "sigmoid", "erf", "asinh", "ln", "asin", "acosh", "abs", "relu")
SLOW = 2.0


def function(draw: random.Random, size: int) -> Form:
    """A random function of x and a with about `size` leaves and operations."""
    if size <= 1:
        return draw.choice([Sym("x"), Sym("x"), Sym("x"), Sym("a"), Num(draw.randint(0, 9)), E, PI])
    split = draw.randint(1, size - 1)
    kind = draw.random()
    if kind < 0.5:
        return (Add if kind < 0.25 else Mul)((function(draw, split), function(draw, size - split)))
    if kind < 0.66:
        return (Div if kind < 0.62 else Pow)(function(draw, split), function(draw, size - split))
    inner = function(draw, size - 1)
    if kind < 0.76:
        return Pow(inner, Num(draw.randint(2, 5)))
    if kind < 0.88:
        return sqrt(inner) if kind < 0.82 else Pow(E, inner)
    return Neg(inner) if kind < 0.91 else Call(draw.choice(FUNCTIONS), (inner,))


def main(seed: int = 1, count: int = 300, size: int = 16) -> int:
    """Run; the exit status is 1 when a line was contradicted."""
    draw = random.Random(seed)
    tried = contradicted = proved = lines = 0
    for _ in range(count):
        form = function(draw, draw.randint(4, size))
        if "x" not in form.free:
            continue
        tried += 1
        start = time.perf_counter()
        derivation = differentiate(form, "x")
        plain(explanation(derivation, "full"))
        numeric, result = audit(derivation, symbolic=False), derivation.audit
        took = time.perf_counter() - start
        for line in (*numeric.failed, *result.failed):
            contradicted += 1
            print(f"contradicted in {form}: {line.line.rule}: {line.line.before} = {line.line.after}: {line.evidence}")
        lines += len(result.lines)
        proved += sum(line.evidence.proof for line in result.lines)
        if took > SLOW:
            print(f"{took:.1f} s: {form}")
    print(f"seed {seed}: {tried} functions, {lines} lines, {proved} proved, {contradicted} contradicted")
    return int(contradicted > 0)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:4])))
