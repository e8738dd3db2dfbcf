"""Computations by hand: the right result and the wrong ones are those of the catalogue."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.corpora import shared
from tutor import RequestError, read
from tutor.algebra.equal import by_samples
from tutor.exposition.phrases import PHRASES
from tutor.form.evaluate import evaluate
from tutor.form.tree import Listing
from tutor.grading.formulas import FORMULAS, Computation, Formula, Task

SLOPE = {"f": (("x",), read("x^2 - 4x + 5")), "g": (("x",), read("2x - 4")), "h": (("x",), read("2"))}
SUM = {"g": (("x", "y"), read("2(x + y)")), "h": (("x", "y"), read("2(x + y)"))}
BOWL = {"g": (("x", "y"), read("2x")), "h": (("x", "y"), read("4y"))}


def numbers(**values: str) -> dict[str, Any]:
    return {name: read(text) for name, text in values.items()}


FROM_ZERO, TWICE = Task(numbers(x_0="0", a="0.1"), SLOPE), Task(numbers(x_0="0", a="0.1", m="0.9"), SLOPE)
ADAM = Task(numbers(a="0.1", g_1="4", g_2="4", b="0.9", c="0.999"))
TASKS = {
    **dict.fromkeys(("G1", "G2", "G3", "G4", "G6"), ("descent", FROM_ZERO)), "G7": ("descent_twice", FROM_ZERO), "G9": ("descent_twice", FROM_ZERO),
    "G8": ("descent_in_two_letters", Task(numbers(x_0="1", y_0="1", a="0.1"), SUM)), "G10": ("descent", Task(numbers(x_0="3", a="0.1"), SLOPE)),
    "G11": ("descent_in_two_letters", Task(numbers(x_0="4", y_0="3", a="0.1"), BOWL)), "M15": ("length", Task(numbers(u="-6", v="-4"))),
    "M11": ("directional", Task(numbers(g_1="6", g_2="4", u="3", v="4"))), "O20": ("mean_gradient", Task(numbers(u="-10000", v="-40000"))),
    **dict.fromkeys(("O1", "O2", "O3"), ("momentum", TWICE)), "O4": ("nesterov", TWICE),
    "O5": ("adagrad", Task(numbers(a="0.1", g_1="2", c="0"))), "O6": ("adagrad_twice", Task(numbers(a="0.1", g_1="4", g_2="3"))),
    "O7": ("rmsprop", Task(numbers(a="0.1", g_1="1", s="0.01", c="0.01"))), "O8": ("adam", ADAM), "O9": ("adam", ADAM), "O10": ("adam_twice", ADAM),
    "O11": ("newton", FROM_ZERO), "O12": ("projected", Task(numbers(x_0="0.5", a="0.1", g_1="-10", l="0", u="1"))),
    "O13": ("projected", Task(numbers(x_0="0.5", a="0.1", g_1="-10", l="0", u="1"))),
    "O14": ("mirror", Task(numbers(w_1="1/2", w_2="1/2", s_1="ln(2)", s_2="0"))), "O15": ("mirror", Task(numbers(w_1="1/2", w_2="1/2", s_1="ln(2)", s_2="0"))),
    "O16": ("rgd_weight", Task(numbers(l="1", t="1"))), "O17": ("rgd_weight", Task(numbers(l="10", t="1"))),
    "O18": ("clip_by_norm", Task(numbers(u="3", v="4", c="1"))), "O19": ("clip_by_norm", Task(numbers(u="0.3", v="0.4", c="1"))),
}  # fmt: skip


def same(found: tuple[Any, ...], text: str) -> bool:
    wanted = read(text)
    parts = wanted.items if isinstance(wanted, Listing) else (wanted,)
    return len(parts) == len(found) and all(by_samples(one, other).equal is True for one, other in zip(found, parts, strict=True))


@pytest.mark.parametrize("mistake", TASKS)
def test_right_and_wrong_are_those_of_the_catalogue(mistake: str) -> None:
    rows = {row["id"]: row for row in json.loads(shared("reference/mistakes.json").read_text(encoding="utf-8"))}
    name, task = TASKS[mistake]
    assert same(FORMULAS[name].result(task), rows[mistake]["right"])
    assert same(FORMULAS[name].result(task, mistake), rows[mistake]["student"])


@pytest.mark.parametrize("name", FORMULAS)
def test_every_mistake_has_its_sentence_and_changes_something(name: str) -> None:
    formula = FORMULAS[name]
    for mistake, lines in formula.mistakes.items():
        assert PHRASES.has(f"mistakes.{mistake}.ask")
        assert lines.keys() <= formula.lines.keys()
        assert all(formula.lines[line] != text for line, text in lines.items())


FUNCTIONS = {
    1: {"f": (("x",), read("x^3 - 2x + 5")), "g": (("x",), read("3x^2 - 2")), "h": (("x",), read("6x"))},
    2: {"f": (("x", "y"), read("x^2*y + 3y")), "g": (("x", "y"), read("2x*y")), "h": (("x", "y"), read("x^2 + 3"))},
}


def task_of(formula: Formula, sizes: list[int]) -> Task:
    letters = 2 if any("x_0, y_0" in line for line in formula.lines.values()) else 1
    return Task({name: read(f"{sizes[k % len(sizes)]}/{k + 2}") for k, name in enumerate(formula.letters)}, FUNCTIONS[letters])


@settings(max_examples=10)
@pytest.mark.parametrize("name", FORMULAS)
@given(sizes=st.lists(st.integers(1, 9), min_size=5, max_size=5))
def test_every_diagnosis_of_a_computation_is_true(name: str, sizes: list[int]) -> None:
    """Of the result of each mistake something is said that really leads to it; of the right result nothing."""
    formula = FORMULAS[name]
    sheet = Computation(formula, task_of(formula, sizes))
    assert sheet.findings(dict(enumerate(sheet.right))) == ()
    for _, forms, _ in sheet.wrong:
        found = sheet.findings(dict(enumerate(forms)))
        equal = all(by_samples(one, other).equal is True for one, other in zip(forms, sheet.right, strict=True))
        assert equal or found or not all(math.isfinite(evaluate(form, {})) for form in forms)
        for named in (one for finding in found for one in finding.mistake.split(" or ")):
            results = {one: wrong for one, wrong, _ in sheet.wrong}[named]
            assert all(by_samples(one, other).equal is not False for one, other in zip(results, forms, strict=True))


@pytest.mark.parametrize("name", FORMULAS)
def test_what_a_task_lacks_is_told(name: str) -> None:
    formula = FORMULAS[name]
    with pytest.raises(RequestError) as error:
        formula.result(Task({}))
    assert error.value.advice
    whole = task_of(formula, [1, 2, 3])
    for letter in formula.letters:
        with pytest.raises(RequestError, match=f"no value is given for .*{letter}"):
            formula.result(Task({name: value for name, value in whole.numbers.items() if name != letter}, whole.functions))
