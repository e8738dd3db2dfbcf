"""Exercises with answer, solution steps and mistakes: how many a second, beside SymPy's bare derivative in the same round.

An exercise is a question of a variant: its numbers, the sentences, the key, the derivation as a value, the wrong answers of every single
slip. Two kinds: drills whose functions are all different (nothing can be shared), and a family with a story, five questions and few functions.
SymPy's job makes the function of a drill from numbers and differentiates it: no steps, no mistakes, no sentences.

    python benchmarks/exercises.py
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from itertools import islice
from time import perf_counter

from measure import Row, percentile, ratio, rounds, show

from tutor.problems.blind import slips
from tutor.problems.family import Family, read_family
from tutor.problems.library import Library
from tutor.problems.problem import Problem, problem_of
from tutor.problems.quality import check_family

DRILLS = {
    "a x³ − b x² + c x": ("power-rule", "a*x^3 - b*x^2 + c*x"), "(a x + b)^c": ("chain-rule", "(a*x + b)^c"), "x^c sin(a x) + b x": ("product-rule", "x^c*sin(a*x) + b*x"),
}  # fmt: skip
COUNT, ROUNDS = 400, 5


def drill(skill: str, formula: str) -> Family:
    """A drill of one question, with thousands of functions."""
    return read_family(
        f"format: 1\ntitle: Drill\nskills: [{skill}]\ndifficulty: 1\nparameters: {{a: 2..60, b: 1..60, c: 3..9}}\nvariables: {{x: ''}}\nfunctions: {{f: {formula}}}\n"
        "story: Let $f(x) = f$.\nquestions: [{ask: 'What is the derivative of $f$?', answer: 'diff(f, x)'}]", f"drill/{skill}",
    )  # fmt: skip


def made(problem: Problem) -> int:
    """Everything about a problem; how many questions it has."""
    _ = problem.statement
    for question in problem.questions:
        _ = question.ask, question.answer.key
        for derivation in question.answer.derivations:
            slips(derivation)
    return len(problem.questions)


def ours(family: Family) -> Callable[[], float]:
    """A job: the next variants of a family; its time is that of one question."""
    ranks = family.space.ranks("benchmark", 10**9)

    def run() -> float:
        some = list(islice(ranks, COUNT))
        start = perf_counter()
        questions = sum(made(problem_of(family, rank)) for rank in some)
        return (perf_counter() - start) / questions

    return run


def sympys() -> Callable[[], float]:
    """A job: SymPy's derivative of polynomials with other numbers each time."""
    import sympy

    x, seed = sympy.Symbol("x"), iter(range(10**9))

    def run() -> float:
        start = perf_counter()
        for _ in range(COUNT):
            k = next(seed)
            sympy.diff((k + 2) * x**3 - (k % 59 + 1) * x**2 + (k % 7 + 3) * x, x)
        return (perf_counter() - start) / COUNT

    return run


def main() -> None:
    gc.set_threshold(200_000, 20, 20)  # as the command `tutor` itself does
    shop = Library().family("business/coffee-profit")
    everything = list(shop.space.ranks("benchmark", 10**9))

    def story() -> float:
        start = perf_counter()
        return sum(made(problem_of(shop, rank)) for rank in everything) and (perf_counter() - start) / (len(everything) * len(shop.questions))

    jobs: dict[str, Callable[[], float]] = {name: ours(drill(*what)) for name, what in DRILLS.items()}
    times = rounds({**jobs, "story": story, "sympy": sympys()}, ROUNDS)
    rows = [_row(f"exercise {name}, all functions different", times[name], times["sympy"]) for name in jobs]
    rows.append(_row("exercise of a story (coffee shop, five questions)", times["story"], times["sympy"]))
    report = check_family(shop)
    rows.append(Row("check of every variant of the coffee shop", f"{report.valid / report.seconds:,.0f} variants/s", f"{report.valid} variants"))
    show(rows)


def _row(work: str, found: list[float], against: list[float]) -> Row:
    one = ratio(work, found, against, "≥ 5,000/s")
    middle = percentile(found, 0.5)
    return Row(work, f"{1 / middle:,.0f}/s", f"{one.figure} SymPy's bare derivative", one.goal)


if __name__ == "__main__":
    main()
