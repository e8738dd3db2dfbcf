"""Every row of the catalogue of mistakes, asked as an author would ask it: the right answer is right and nothing is found in it,
the student's answer is wrong and is named by the row's id, or by the one question that separates it from another that fits as well."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.corpora import shared
from tutor import Mistake, check

HOUSES = "((100 - 50w)^2 + (200 - 100w)^2 + (300 - 150w)^2)/3"
PROFIT, PARABOLA = "-20p^2 + 200p - 300", "x^2 - 4x + 5"
_DESCENT = {"formula": "descent", "function": PARABOLA, "values": "x_0=0, a=0.1"}
_TWICE = {**_DESCENT, "formula": "descent_twice"}
_PLANE = {"formula": "descent_in_two_letters", "function": "(x+y)^2", "values": "x_0=1, y_0=1, a=0.1"}
_MOMENTUM = {"formula": "momentum", "function": PARABOLA, "values": "x_0=0, a=0.1, m=0.9"}
_ADAM = {"formula": "adam", "values": "a=0.1, g_1=4, b=0.9, c=0.999"}
_PROJECTED = {"formula": "projected", "values": "x_0=0.5, a=0.1, g_1=-10, l=0, u=1"}
_MIRROR = {"formula": "mirror", "values": "w_1=1/2, w_2=1/2, s_1=ln(2), s_2=0"}
_AT_TWO = {"derivative_of": PROFIT, "at": "p=2"}
_LOSS = {"derivative_of": HOUSES, "at": "w=0"}

CALLS: dict[str, dict[str, Any]] = {
    "H1": {"derivative_of": "sin(3x)", "order": 2}, "H2": {"derivative_of": "e^(x^2)", "order": 2}, "H3": {"derivative_of": "e^(x^2)", "order": 2},
    "H4": {"derivative_of": "sin(3x)", "order": 2},
    **dict.fromkeys(("I1", "I2"), _AT_TWO), "I3": {"formula": "change", "function": PROFIT, "values": "x_0=2, x_1=3"},
    "I5": {"formula": "extreme_value", "function": PROFIT, "values": "x_0=5"}, "I6": {"derivative_of": "100 - 10t", "at": "t=1"},
    "M11": {"formula": "directional", "values": "g_1=6, g_2=4, u=3, v=4"},
    "M12": {"derivative_of": "x^2 y^3", "wrt": ["x", "y"]},
    "M15": {"formula": "length", "values": "u=-6, v=-4"},
    **dict.fromkeys(("G1", "G2", "G3", "G4", "G5", "G6"), _DESCENT), **dict.fromkeys(("G7", "G9"), _TWICE), "G8": _PLANE,
    "G10": {**_DESCENT, "values": "x_0=3, a=0.1"}, "G11": {**_PLANE, "function": "x^2 + 2y^2", "values": "x_0=4, y_0=3, a=0.1"},
    **dict.fromkeys(("L1", "L2", "L3", "L4"), _LOSS), "L5": {"derivative_of": "(y - w x)^2", "wrt": "w", "at": "x=50, y=100, w=0"},
    "L6": {"derivative_of": "(50w + b - 100)^2", "wrt": "w", "at": "w=0, b=0"},
    **dict.fromkeys(("O1", "O2", "O3"), _MOMENTUM), "O4": {**_MOMENTUM, "formula": "nesterov"},
    "O5": {"formula": "adagrad", "values": "a=0.1, g_1=2, c=0"}, "O6": {"formula": "adagrad_twice", "values": "a=0.1, g_1=4, g_2=3"},
    "O7": {"formula": "rmsprop", "values": "a=0.1, g_1=1, s=0.01, c=0.01"}, **dict.fromkeys(("O8", "O9"), _ADAM),
    "O10": {"formula": "adam_twice", "values": "a=0.1, g_1=4, g_2=4, b=0.9, c=0.999"}, "O11": {**_DESCENT, "formula": "newton", "values": "x_0=0"},
    **dict.fromkeys(("O12", "O13"), _PROJECTED), **dict.fromkeys(("O14", "O15"), _MIRROR),
    "O16": {"formula": "rgd_weight", "values": "l=1, t=1"}, "O17": {"formula": "rgd_weight", "values": "l=10, t=1"},
    "O18": {"formula": "clip_by_norm", "values": "u=3, v=4, c=1"}, "O19": {"formula": "clip_by_norm", "values": "u=0.3, v=0.4, c=1"},
    "O20": {"formula": "mean_gradient", "values": "u=-10000, v=-40000"},
}  # fmt: skip
"""What an author writes for a row; rows about d/dx of a function and about gradients are read from their task."""

OF_WORDS: dict[str, dict[str, Any]] = {
    "I4": {"expected": "0", "mistakes": [Mistake("I4", "1")], "answer": "1"},
    "M10": {"expected": "scalar", "kind": "choice", "options": ["scalar", "vector"], "mistakes": [Mistake("M10", "vector")], "answer": "vector"},
    "M14": {"expected": "saddle", "kind": "word", "mistakes": [Mistake("M14", "minimum")], "answer": "minimum"},
    "G12": {"expected": "no", "mistakes": [Mistake("G12", "yes")], "answer": "yes"},
    "L7": {"expected": "35000", "mistakes": [Mistake("L7", "50000")], "answer": "50000"},
}
"""Rows about words and counts, and a wrong total that no rule leads to: no expression is rewritten there, the author names the mistake."""

OTHER_TASKS: dict[str, dict[str, Any]] = {"M13": {"formula": "two_paths", "function": "x y", "values": "x_0=1, y_0=1, u=2, v=3", "answers": ("5", "2")}}
"""The catalogue has a function of t here; the same mistake with the numbers of t = 1."""


def catalogue() -> list[dict[str, Any]]:
    try:
        return json.loads(shared("reference/mistakes.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]
    except pytest.skip.Exception:
        return []


def call_of(row: dict[str, Any]) -> dict[str, Any]:
    if row["id"] in CALLS:
        return CALLS[row["id"]]
    gradient = re.fullmatch(r"gradient of (.*)", row["task"])
    if gradient:
        return {"gradient_of": gradient[1]}
    slope = re.fullmatch(r"d/dx (?:of )?(.*)", row["task"])
    assert slope, row
    return {"derivative_of": slope[1], "wrt": "x"}


def named(answer: str, call: dict[str, Any]) -> tuple[str, set[str]]:
    verdict = check(answer, **call)
    return verdict.outcome, {one for finding in verdict.findings for one in finding.mistake.split(" or ") if finding.mistake not in ("witness", "entries")}


ROWS = [row for row in catalogue() if row["id"] not in OF_WORDS and row["id"] not in OTHER_TASKS]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_a_row_is_named(row: dict[str, Any]) -> None:
    call = call_of(row)
    right = check(row["right"], **call)
    assert (right.outcome, right.findings) == ("right", ())
    outcome, mistakes = named(row["student"], call)
    assert outcome == "wrong" or (outcome == "partly" and row["id"] in ("G8", "O18"))
    assert row["id"] in mistakes
    assert len(mistakes) <= 2


@pytest.mark.parametrize("mistake", OTHER_TASKS)
def test_another_task_with_the_same_mistake(mistake: str) -> None:
    call = dict(OTHER_TASKS[mistake])
    right, wrong = call.pop("answers")
    assert named(right, call) == ("right", set())
    assert named(wrong, call) == ("wrong", {mistake})


@pytest.mark.parametrize("mistake", OF_WORDS)
def test_a_row_about_words_is_the_authors(mistake: str) -> None:
    call = dict(OF_WORDS[mistake])
    answer = call.pop("answer")
    assert named(str(call["expected"]), call) == ("right", set())
    assert named(answer, call) == ("wrong", {mistake})


def test_every_row_is_covered() -> None:
    for row in ROWS:
        assert call_of(row)
    assert {*OF_WORDS, *OTHER_TASKS} <= {row["id"] for row in catalogue()} or not catalogue()
