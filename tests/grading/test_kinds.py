"""Kinds of answers: one law over all of them by their own samples, then what each says of typical answers."""

from __future__ import annotations

import string
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.calculus.smooth import functions
from tests.form import hostile
from tests.strategies import forms
from tests.timing import within
from tutor import RequestError, read
from tutor.errors import ReadError
from tutor.form.tree import Form
from tutor.grading.check import check, judged
from tutor.grading.kinds.base import Kind
from tutor.grading.kinds.interval import spans
from tutor.grading.kinds.number import figures_of
from tutor.grading.kinds.unit import UNITS, measured, quantity
from tutor.grading.selection import ALIASES, KINDS, Asked, select

CALLS: dict[str, dict[str, Any]] = {
    "expression": {"expected": "2x cos(x^2)"},
    "expression of a name": {"expected": "price^2 + 1"},
    "expression, close": {"expected": "x/3 + 1", "tolerance": 1e-3},
    "derivative": {"derivative_of": "x^2 sin(3x)"},
    "derivative at a point": {"derivative_of": "-20p^2 + 200p - 300", "at": "p=2"},
    "number": {"expected": "7/15"},
    "number, irrational": {"expected": "2sqrt(13)"},
    "number, close": {"expected": "7/15", "tolerance": 1e-3},
    "number, per cent": {"expected": "sqrt(2)", "tolerance": "1%"},
    "number, figures": {"expected": "2/3", "significant_figures": 3},
    "number, places": {"expected": "22.2222", "decimal_places": 1},
    "number, infinite": {"expected": "infinity"},
    "unit": {"expected": "80 km/h", "kind": "unit"},
    "unit, figures": {"expected": "9.81 m/s^2", "kind": "unit", "significant_figures": 3},
    "unit, mixed": {"expected": "36 kJ/mol", "kind": "unit", "relative_tolerance": "2%"},
    "unit, close": {"expected": "22.2 m/s", "kind": "unit", "tolerance": 0.05},
    "unit, points": {"expected": "-10 percentage points per hour", "kind": "unit"},
    "vector": {"expected": "(1, -2, 1/3)"},
    "gradient": {"gradient_of": "x^2 y^3"},
    "gradient, constant": {"gradient_of": "3x + 2y"},
    "gradient at a point": {"gradient_of": "100 - x^2 - 2y^2", "at": {"x": 3, "y": 1}},
    "vector, weights": {"expected": "(1, 2, 3)", "weights": [2, 1, 1]},
    "vector, close": {"expected": "(1/3, sqrt(2))", "tolerance": 0.01},
    "matrix": {"expected": "[[1, 2], [3, 4]]"},
    "matrix, weights": {"expected": "[[1, x], [3, 4]]", "weights": [4, 1, 1, 0]},
    "hessian": {"hessian_of": "x^2*y + y^3"},
    "set": {"expected": "{1, 2, sqrt(2)}"},
    "set, empty": {"expected": "{}"},
    "set, one value": {"expected": "{x + 1}"},
    "points": {"expected": "{(1, 2), (3, 4)}"},
    "equation": {"expected": "y = 2x - 5"},
    "plane": {"expected": "x - 2y + z = 1"},
    "equation in one letter": {"expected": "x^2 = 4"},
    "inequality in one letter": {"expected": "x^2 >= 4"},
    "circle": {"expected": "x^2 + y^2 = 25"},
    "curve": {"expected": "y = e^x"},
    "inequality": {"expected": "y < x + 1"},
    "interval": {"expected": "x > 2"},
    "interval, closed": {"expected": "[0, 1]", "kind": "interval"},
    "interval, union": {"expected": "x < 1 or x >= 3"},
    "interval, all": {"expected": "(-oo, oo)"},
    "choice": {"expected": "B", "kind": "choice", "options": "ABC"},
    "choices": {"expected": "A, C", "kind": "choices", "options": "ABCD"},
    "iterates": {"expected": "0.4; 0.72; 0.976", "kind": "iterates", "step": "x - 0.1*(2x - 4)"},
    "iterates, points": {"expected": "(3.2, 1.8); (2.56, 1.08)", "kind": "iterates", "wrt": ("x", "y"), "step": "(0.8x, 0.6y)"},
    "antiderivative": {"expected": "x^2 + ln(x)", "kind": "antiderivative"},
    "antiderivative, constant": {"expected": "x^2", "kind": "antiderivative", "constant": True},
    "word": {"expected": "saddle point | saddle", "kind": "word"},
    "word, others": {"expected": "saddle point", "kind": "word", "options": ("minimum", "maximum")},
    "boolean": {"expected": True},
    "factored": {"expected": "(x + 1)*(x - 2)", "form": "factored"},
    "pattern": {"expected": "2x + 1", "form": "a*x + b"},
    "expanded derivative": {"derivative_of": "x^3 + x^2", "form": "expanded", "form_credit": 0.75},
    "form, only a remark": {"expected": "3/2", "form": "lowest terms", "form_credit": 1},
    "form of a set": {"expected": "{1/2, x + 1}", "form": "simplified"},
}


def kind_of(call: dict[str, Any]) -> Kind:
    return select(Asked(**call))


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_the_samples_of_a_kind(call: dict[str, Any]) -> None:
    samples = kind_of(call).samples()
    assert samples.right
    assert samples.wrong
    assert samples.unreadable
    for text in samples.right:
        verdict = check(text, **call)
        assert (verdict.outcome, verdict.score) == ("right", 1.0), text
        assert verdict.findings == ()
        assert verdict.evidence.equal is True
    for text in samples.wrong:
        verdict = check(text, **call)
        assert verdict.outcome in ("wrong", "partly"), text
        assert (0 < verdict.score < 1) is (verdict.outcome == "partly")
    for text in samples.unreadable:
        verdict = check(text, **call)
        assert (verdict.outcome, verdict.score) == ("unreadable", 0.0), text
        assert verdict.fault is not None
        start, end = verdict.fault.span
        assert 0 <= start <= end <= len(verdict.fault.text)


def test_no_kind_needs_sympy_for_its_samples() -> None:
    code = """
import sys
from tests.grading.test_kinds import CALLS, kind_of
from tutor.grading.check import judged
for call in CALLS.values():
    kind = kind_of(call)
    samples = kind.samples()
    for text in (*samples.right, *samples.wrong, *samples.unreadable):
        judged(text, kind)
    assert "sympy" not in sys.modules, call
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
    assert done.stderr == ""


def test_every_kind_is_tried() -> None:
    used = {call.get("kind") for call in CALLS.values()}
    by_shape = {"expression", "number", "vector", "matrix", "set", "equation", "boolean", "points", "interval"}
    assert set(KINDS) <= used | by_shape
    assert set(ALIASES.values()) <= set(KINDS)


_KINDS = [kind_of(call) for call in CALLS.values()]


@settings(max_examples=40)
@given(st.sampled_from(_KINDS), forms())
def test_no_answer_makes_a_kind_fail(kind: Kind, form: Form) -> None:
    found = kind.judge(form)
    assert 0 <= found.score <= 1
    assert (found.outcome == "right") is (found.score == 1)
    assert (found.outcome == "partly") is (0 < found.score < 1)


@given(st.sampled_from(_KINDS), st.text(alphabet=string.ascii_letters[:8] + "xy0123.,;()[]{}<>=^*/+-|'\"\\ \n∪±€%_", max_size=24))
def test_no_text_makes_a_kind_fail(kind: Kind, text: str) -> None:
    verdict = judged(text, kind)
    assert (verdict.fault is not None) is (verdict.outcome == "unreadable")
    if verdict.reading is not None:
        assert verdict.reading.text == text
        for _, (start, end) in verdict.reading.places if verdict.reading.form.free else ():
            assert 0 <= start <= end <= len(text)


# -- what is said ------------------------------------------------------------------------------------

SAID: list[tuple[str, dict[str, Any], str, float, list[str]]] = [
    # numbers
    ("0.333", {"expected": "1/3"}, "wrong", 0, ["rounded"]),
    ("-0.333", {"expected": "-1/3"}, "wrong", 0, ["rounded"]),
    ("0.66", {"expected": "2/3"}, "wrong", 0, ["rounded", "rounded.down"]),
    ("0.66", {"expected": "2/3", "decimal_places": 2}, "wrong", 0, ["rounded.down"]),
    ("0.667", {"expected": "2/3", "decimal_places": 2}, "partly", 0.5, ["number.places"]),
    ("2/3", {"expected": "2/3", "significant_figures": 2}, "partly", 0.5, ["number.figures"]),
    ("1200", {"expected": "12"}, "wrong", 0, ["number.power_of_ten"]),
    ("-12", {"expected": "12"}, "wrong", 0, ["I6"]),
    ("1/0", {"expected": "12"}, "wrong", 0, ["no_value"]),
    ("ln(-1)", {"expected": "12"}, "wrong", 0, ["no_value"]),
    ("x", {"expected": "12"}, "wrong", 0, ["kind.number"]),
    ("sin(x)^2 + cos(x)^2", {"expected": "1"}, "right", 1, []),
    ("50%", {"expected": "1/2"}, "right", 1, []),
    ("(-8)^(1/3)", {"expected": "-2"}, "right", 1, []),
    # units
    ("80 m/s", {"expected": "80 km/h", "kind": "unit"}, "partly", 0.5, ["unit.scale"]),
    ("80 km", {"expected": "80 km/h", "kind": "unit"}, "partly", 0.5, ["unit.wrong"]),
    ("80", {"expected": "80 km/h", "kind": "unit"}, "partly", 0.5, ["unit.missing"]),
    ("70 km/h", {"expected": "80 km/h", "kind": "unit"}, "wrong", 0, ["unit.number"]),
    ("22.2 m/s", {"expected": "80 km/h", "kind": "unit", "significant_figures": 3}, "right", 1, []),
    ("22 m/s", {"expected": "80 km/h", "kind": "unit", "significant_figures": 3}, "wrong", 0, ["unit.number"]),
    ("70 km", {"expected": "80 km/h", "kind": "unit"}, "wrong", 0, ["unit.wrong", "unit.number"]),
    ("-10 % per hour", {"expected": "-10 pp/h", "kind": "unit"}, "partly", 0.5, ["unit.points"]),
    ("80 furlongs", {"expected": "80 km", "kind": "unit"}, "wrong", 0, ["unit.unknown"]),
    ("2 h 30 min", {"expected": "150 min", "kind": "unit"}, "right", 1, []),
    ("12000 ct", {"expected": "120 €", "kind": "unit"}, "right", 1, []),
    ("5000 m²", {"expected": "0.5 ha", "kind": "unit"}, "right", 1, []),
    # vectors
    ("(3x^2*y^2, 2x*y^3)", {"gradient_of": "x^2*y^3"}, "wrong", 0, ["M8"]),
    ("2x*y^3 + 3x^2*y^2", {"gradient_of": "x^2*y^3"}, "wrong", 0, ["M9"]),
    ("(-2x*y^3, -3x^2*y^2)", {"gradient_of": "x^2*y^3"}, "wrong", 0, ["A1"]),
    ("(2x*y^3)", {"gradient_of": "x^2*y^3"}, "wrong", 0, ["kind.vector"]),
    ("(2x*y^3, 0, 1)", {"gradient_of": "x^2*y^3"}, "wrong", 0, ["vector.length"]),
    ("{2x*y^3, 3x^2*y^2}", {"gradient_of": "x^2*y^3"}, "wrong", 0, ["vector.set"]),
    ("[[2x*y^3, 3x^2*y^2]]", {"gradient_of": "x^2*y^3"}, "partly", 0.5, ["vector.transposed"]),
    ("(2x*y^3, x^2*y^2)", {"gradient_of": "x^2*y^3", "weights": (1, 3)}, "partly", 0.25, ["entries", "witness", "P2"]),
    ("∇f = (-6, -4)", {"gradient_of": "100 - x^2 - 2y^2", "at": "x=3,y=1"}, "right", 1, []),
    # matrices
    ("[[1, 3], [2, 4]]", {"expected": "[[1, 2], [3, 4]]"}, "partly", 0.5, ["matrix.transposed"]),
    ("[[1, 2]]", {"expected": "[[1, 2], [3, 4]]"}, "wrong", 0, ["matrix.shape"]),
    ("[1, 2; 3, 4]", {"expected": "[[1, 2], [3, 4]]"}, "right", 1, []),
    ("[[1, 2], [3]]", {"expected": "[[1, 2], [3, 4]]"}, "wrong", 0, ["matrix.shape"]),
    ("[[1], [2]]", {"expected": "[[1, 2]]"}, "wrong", 0, ["matrix.shape"]),
    ("7", {"expected": "[[1, 2], [3, 4]]"}, "wrong", 0, ["kind.matrix"]),
    # sets
    ("x = 2 or x = 1", {"expected": "{1, 2}"}, "right", 1, []),
    ("1, 2, 2", {"expected": "{1, 2}"}, "right", 1, []),
    ("x = ±sqrt(2)", {"expected": "{sqrt(2), -sqrt(2)}"}, "right", 1, []),
    ("{1, 3}", {"expected": "{1, 2}"}, "partly", 1 / 3, ["set.missing", "set.extra"]),
    ("(1, 2)", {"expected": "{(1, 2), (3, 4)}"}, "partly", 0.5, ["set.missing"]),
    ("no solution", {"expected": "{}"}, "right", 1, []),
    ("{0}", {"expected": "{}"}, "wrong", 0, ["set.extra"]),
    ("(0, 1]", {"expected": "{1, 2}"}, "wrong", 0, ["kind.set"]),
    # equations
    ("2y = 4x - 10", {"expected": "y = 2x - 5"}, "right", 1, []),
    ("y*z = 2x*z - 5z", {"expected": "y = 2x - 5"}, "partly", 0.5, ["equation.extra"]),
    ("y = 2x - 5", {"expected": "y*z = 2x*z - 5z"}, "partly", 0.5, ["equation.lost"]),
    ("(y - 2x + 5)*(x^2 + 1) = 0", {"expected": "y = 2x - 5"}, "right", 1, []),
    ("y = 2x - 4", {"expected": "y = 2x - 5"}, "wrong", 0, ["witness"]),
    ("2x - 5", {"expected": "y = 2x - 5"}, "wrong", 0, ["kind.equation"]),
    ("x = x", {"expected": "y = 2x - 5"}, "wrong", 0, ["equation.always"]),
    ("y < 2x - 5", {"expected": "y = 2x - 5"}, "wrong", 0, ["relation.operator"]),
    ("ln(y) = x", {"expected": "y = e^x"}, "right", 1, []),
    ("y = e^x + 10^-12", {"expected": "y = e^x"}, "wrong", 0, []),
    ("y = 3^x", {"expected": "y = e^x"}, "wrong", 0, ["witness"]),
    ("(y - e^x)*(y - 500) = 0", {"expected": "y = e^x"}, "wrong", 0, ["witness"]),
    ("(y - e^x)*(y - 10^9) = 0", {"expected": "y = e^x"}, "undecided", 0, ["undecided"]),
    ("y^2 = x", {"expected": "y = sqrt(x)"}, "wrong", 0, ["witness"]),
    ("2", {"expected": "x = 2"}, "right", 1, []),
    ("x + 1 = 3", {"expected": "x = 2"}, "right", 1, []),
    ("x^2 = 4", {"expected": "x = 2"}, "partly", 0.5, ["equation.extra"]),
    ("2x > 2y", {"expected": "y < x"}, "right", 1, []),
    ("x < y", {"expected": "y < x"}, "wrong", 0, ["relation.side"]),
    ("x >= y", {"expected": "y < x"}, "partly", 0.5, ["relation.ends"]),
    ("y < x + 1", {"expected": "y < x"}, "wrong", 0, ["witness"]),
    # intervals
    ("[2, ∞)", {"expected": "x > 2"}, "partly", 0.5, ["interval.ends"]),
    ("x < 2", {"expected": "x > 2"}, "wrong", 0, ["interval.side"]),
    ("x > 3", {"expected": "x > 2"}, "wrong", 0, ["interval.try"]),
    ("x^2 > 4", {"expected": "x > 2"}, "wrong", 0, ["interval.unsolved"]),
    ("x^2 > 4", {"expected": "|x| > 2"}, "partly", 0.5, ["interval.unsolved"]),
    ("t > 2", {"expected": "x > 2"}, "wrong", 0, ["interval.letter"]),
    ("7", {"expected": "x > 2"}, "wrong", 0, ["kind.interval"]),
    ("4 < 2x", {"expected": "x > 2"}, "right", 1, []),
    ("(-oo, 1) ∪ (3, oo)", {"expected": "x < 1 or x > 3"}, "right", 1, []),
    ("|x - 2| > 1", {"expected": "x < 1 or x > 3"}, "right", 1, []),
    ("x < 1", {"expected": "x < 1 or x > 3"}, "partly", 0.5, ["interval.try"]),
    ("1 <= x and x < 3", {"expected": "[1, 3)"}, "right", 1, []),
    ("ℝ \\ {0}", {"expected": "x != 0"}, "right", 1, []),
    ("x ∈ (1, 2) ∪ [2, 3)", {"expected": "1 < x < 3"}, "right", 1, []),
    ("all real numbers", {"expected": "(-oo, oo)"}, "right", 1, []),
    # choices and words
    ("B, C", {"expected": "B", "kind": "choice", "options": "ABC"}, "wrong", 0, ["choice.several"]),
    ("A", {"expected": "A, C", "kind": "choice", "options": "ABCD"}, "partly", 0.5, ["choice"]),
    ("A, B", {"expected": "A, C", "kind": "choice", "options": "ABCD"}, "wrong", 0, ["choice"]),
    ("Saddle-Point", {"expected": "saddle point", "kind": "choice", "options": ("minimum", "saddle point")}, "right", 1, []),
    ("minimum", {"expected": "saddle point|saddle", "kind": "word"}, "wrong", 0, ["word"]),
    ("no", {"expected": "true"}, "wrong", 0, ["word"]),
    # tables
    ("0.4; 0.8; 1.04", {"expected": "0.4; 0.72; 0.976", "kind": "iterates", "step": "x - 0.1*(2x - 4)"}, "partly", 2 / 3, ["cells", "cell.wrong", "cell.followed"]),
    ("0.4; 0.8; 1.04", {"expected": "0.4; 0.72; 0.976", "kind": "iterates"}, "partly", 1 / 3, ["cells", "cell.wrong", "cell.wrong"]),
    ("0.4; ; 0.976", {"expected": "0.4; 0.72; 0.976", "kind": "iterates"}, "partly", 2 / 3, ["cells", "cell.blank"]),
    ("0.4; 0.72", {"expected": "0.4; 0.72; 0.976", "kind": "iterates"}, "wrong", 0, ["cells.count"]),
    ("0.4; 0.976", {"expected": "0; 0.4; 0.72; 0.976", "kind": "iterates", "given": (0, 2)}, "right", 1, []),
    ("(3.2, 1.9); (2.56, 1.14)", {"expected": "(3.2, 1.8); (2.56, 1.08)", "kind": "iterates", "wrt": ("x", "y"), "step": "(0.8x, 0.6y)"}, "partly", 0.75, ["cells", "entries", "cell.followed"]),
    # antiderivatives
    ("x^2", {"antiderivative_of": "2x", "constant": True}, "partly", 0.5, ["antiderivative.constant"]),
    ("x^2 + e^C", {"antiderivative_of": "2x", "constant": True}, "partly", 0.5, ["antiderivative.constant"]),
    ("x^2 + ln(C)", {"antiderivative_of": "2x", "constant": True}, "right", 1, []),
    ("x^2 + 1 + k", {"antiderivative_of": "2x", "constant": True}, "right", 1, []),
    ("2", {"antiderivative_of": "2x"}, "wrong", 0, ["antiderivative.derivative"]),
    ("x^2 + C*x", {"antiderivative_of": "2x"}, "wrong", 0, ["antiderivative.letters"]),
    ("2x^2", {"antiderivative_of": "2x"}, "wrong", 0, ["witness"]),
    # expressions
    ("y = 2x", {"expected": "2x"}, "wrong", 0, ["kind.expression"]),
    ("f(x) = 2x", {"expected": "2x"}, "right", 1, []),
    ("y = 2x", {"derivative_of": "x^2"}, "right", 1, []),
    ("x = 2x", {"derivative_of": "x^2"}, "wrong", 0, ["kind.expression"]),
    ("d/dx(x^2)", {"derivative_of": "x^2"}, "wrong", 0, ["unfinished"]),
    ("f(3x - x)", {"expected": "f(2x)"}, "right", 1, []),
    ("g(x)", {"expected": "f(x)"}, "wrong", 0, []),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "call", "outcome", "score", "mistakes"), SAID, ids=[f"{row[0]!r} for {next(iter(row[1].values()))}" for row in SAID])
def test_what_is_said(answer: str, call: dict[str, Any], outcome: str, score: float, mistakes: list[str]) -> None:
    verdict = check(answer, **call)
    assert (verdict.outcome, verdict.score) == (outcome, pytest.approx(score))
    assert [finding.mistake for finding in verdict.findings] == mistakes
    assert not any("{" in finding.message or "None" in finding.message for finding in verdict.findings if finding.mistake != "set.extra")


@pytest.mark.parametrize(("answer", "call", "remark"), [
    ("ln(x)", {"antiderivative_of": "1/x"}, "domain.shrank"),
    ("(y + 5)/x = 2", {"expected": "y = 2x - 5"}, "domain.shrank"),
    ("y = 2x - 5", {"expected": "(y + 5)/x = 2"}, "domain.grew"),
    ("(-8)^(1/3)", {"expected": "-2"}, "number.real_root"),
])  # fmt: skip
def test_remarks_on_right_answers(answer: str, call: dict[str, Any], remark: str) -> None:
    verdict = check(answer, **call)
    assert verdict.right
    assert [one.mistake for one in verdict.remarks] == [remark]


@pytest.mark.parametrize(("answer", "call", "span"), [
    ("x = 1 or x = +*2", {"expected": "{1, 2}"}, (14, 15)),
    ("5 €/", {"expected": "5 €", "kind": "unit"}, (3, 4)),
    ("(1, 2) ∪ (3, ", {"expected": "x != 2"}, (11, 12)),
    ("0.4; 0.7+; 1", {"expected": "1; 2; 3", "kind": "iterates"}, (8, 9)),
    ("[1, 2; 3, 4+]", {"expected": "[[1, 2], [3, 4]]"}, (11, 12)),
    ("E", {"expected": "A", "kind": "choice", "options": "AB"}, (0, 1)),
])  # fmt: skip
def test_a_fault_has_its_place_in_the_whole_text(answer: str, call: dict[str, Any], span: tuple[int, int]) -> None:
    verdict = check(answer, **call)
    assert verdict.fault is not None
    assert (verdict.fault.text, verdict.fault.span) == (answer, span)


@pytest.mark.parametrize("call", [
    {"expected": "x", "kind": "number"}, {"expected": "1/0"}, {"expected": float("nan")}, {"expected": 1j}, {"expected": "2x", "kind": "colour"},
    {"expected": "2", "tolerance": -1}, {"expected": "2", "tolerance": "some"}, {"expected": "2", "tolerance": True}, {"expected": "2", "significant_figures": 0},
    {"expected": "2", "decimal_places": 1.5}, {"expected": "80 km/h + 3 s", "kind": "unit"}, {"expected": "3 bananas", "kind": "unit"}, {"expected": "2", "kind": "vector"},
    {"expected": "(1, 2)", "weights": (1, 2, 3)}, {"expected": "(1, 2)", "weights": (0, 0)}, {"expected": "(1, 2)", "weights": (-1, 2)}, {"expected": "2", "kind": "matrix"},
    {"expected": "2", "kind": "equation"}, {"expected": "x^5 > x + 1", "kind": "interval"}, {"expected": "D", "kind": "choice", "options": "AB"}, {"expected": " ", "kind": "word"},
    {"expected": "perhaps", "kind": "boolean"}, {"expected": "1; x", "kind": "iterates"}, {"expected": "1; 2", "kind": "iterates", "given": (7,)}, {"expected": "1", "form": "tidy up"},
    {"expected": "x", "form_credit": 2}, {"gradient_of": "ln(x)", "at": "x=-1"}, {"derivative_of": "sqrt(x)", "at": "x=0"}, {"antiderivative_of": "x*y"},
    {"expected": "1", "derivative_of": "x"}, {}, {"expected": "(x, 2) = 3 = 4", "kind": "equation"}, {"expected": "x", "domain": "x + 1"},
], ids=str)  # fmt: skip
def test_a_wrong_call_raises_with_advice(call: dict[str, Any]) -> None:
    with pytest.raises(RequestError) as caught:
        check("1", **call)
    assert caught.value.message


def test_a_key_that_cannot_be_read_raises() -> None:
    for call in ({"expected": "2*(x"}, {"expected": "x = 1 or", "kind": "set"}, {"expected": "2", "form": "a*(x"}):
        with pytest.raises((ReadError, RequestError)):
            check("1", **call)  # type: ignore[arg-type]


# -- laws --------------------------------------------------------------------------------------------


@given(functions)
def test_an_expression_equals_itself_and_no_shift_of_it(form: Form) -> None:
    kind = select(Asked(expected=form))
    samples = kind.samples()
    for text in samples.right:
        assert kind.judge(kind.understood(text).form).outcome in ("right", "undecided", "wrong" if not form.free else "right")
    for text in samples.wrong:
        assert kind.judge(kind.understood(text).form).outcome != "right"


@given(st.fractions(min_value=-50, max_value=50, max_denominator=60), st.integers(0, 5))
def test_a_number_rounded_by_python_is_rounded_rightly(value: Fraction, places: int) -> None:
    text = f"{float(round(value, places)):.{places}f}"
    assert check(text, value, decimal_places=places).outcome == "right"
    other = f"{float(round(value, places)) + 10**-places:.{places}f}"
    assert check(other, value, decimal_places=places).outcome in ("wrong", "right" if (2 * value * 10**places).denominator == 1 else "wrong")


@given(st.integers(1, 10**6), st.integers(0, 6), st.integers(1, 6))
def test_a_number_with_its_figures(digits: int, shift: int, figures: int) -> None:
    value = Fraction(digits, 10**shift)
    text = f"{float(value):.{figures - 1}e}".replace("e", "*10^(") + ")"
    assert check(text, value, significant_figures=figures).outcome == "right"
    assert figures_of(read(text)) == (figures, figures) if figures > 1 else True


@given(st.floats(-1e3, 1e3), st.floats(1e-6, 1))
def test_a_tolerance_is_a_border(value: float, tolerance: float) -> None:
    assert check(f"{value + tolerance / 2:.15f}", value, tolerance=tolerance).outcome == "right"
    assert check(f"{value + 2 * tolerance:.15f}", value, tolerance=tolerance).outcome == "wrong"


@given(st.sampled_from(sorted(UNITS)), st.integers(1, 999))
def test_every_unit_converts_to_base_units_and_back(name: str, count: int) -> None:
    found = measured(quantity(f"{count} {name}"))
    assert found is not None
    base = " ".join(f"{unit}^({power})" for unit, power in found.dimensions.items()) or ""
    text = f"{count}*({found.scale}) {base}"
    assert check(text, f"{count} {name}", kind="unit").outcome == "right"
    assert check(f"{count + 1} {name}", f"{count} {name}", kind="unit").outcome == "wrong"


ends = st.sampled_from(("-oo", "-2", "-1/3", "0", "1", "sqrt(2)", "3/2", "pi", "oo"))
ORDER = ("-oo", "-2", "-1/3", "0", "1", "sqrt(2)", "3/2", "pi", "oo")


@st.composite
def intervals(draw: st.DrawFn) -> str:
    low, high = sorted(draw(st.lists(st.integers(0, len(ORDER) - 1), min_size=2, max_size=2, unique=True)))
    left = "(" if low == 0 else draw(st.sampled_from("(["))
    right = ")" if high == len(ORDER) - 1 else draw(st.sampled_from(")]"))
    return f"{left}{ORDER[low]}, {ORDER[high]}{right}"


@given(st.lists(intervals(), min_size=1, max_size=3), st.randoms(use_true_random=False))
def test_a_union_does_not_depend_on_its_order(parts: list[str], random: Any) -> None:
    key = " ∪ ".join(parts)
    shuffled = [*parts, parts[0]]
    random.shuffle(shuffled)
    assert check(" or ".join(shuffled), key, kind="interval").outcome == "right"


@given(intervals(), intervals())
def test_an_intersection_lies_in_both(one: str, other: str) -> None:
    kind = select(Asked(expected="x > 0"))
    form = kind.understood(f"{one} and {other}").form
    inside = spans(form)
    assert inside is not None
    assert check(f"{one} or ({other} and {one})".replace("(" + other, other).removesuffix(")"), one, kind="interval").outcome in ("right", "unreadable")
    union = check(f"{one} ∪ {other}", one, kind="interval")
    same = check(other, one, kind="interval")
    assert union.right or not same.right


@given(st.lists(st.integers(-9, 9), min_size=1, max_size=5, unique=True), st.randoms(use_true_random=False))
def test_a_set_has_no_order(values: list[int], random: Any) -> None:
    texts = [str(value) for value in values]
    again = [*texts, texts[0]]
    random.shuffle(again)
    key = "{" + ", ".join(texts) + "}"
    assert check("{" + ", ".join(again) + "}", key).right
    assert check(" or ".join(f"x = {text}" for text in again), key).right
    assert check("{" + ", ".join([*texts, "10"]) + "}", key).outcome == "partly"


@given(st.integers(-5, 5), st.integers(-5, 5), st.integers(-4, 4).filter(bool))
def test_a_line_may_be_written_in_any_way(slope: int, shift: int, factor: int) -> None:
    key = f"y = {slope}*x + {shift}"
    assert check(f"{factor}*y - ({factor * slope})*x = {factor * shift}", key).right
    assert check(f"{factor}*({slope}*x + {shift} - y) = 0", key).right
    assert not check(f"{factor}*y - ({factor * slope})*x = {factor * shift + 1}", key).right
    assert not check(f"(y - ({slope}*x + {shift}))*(x - 1) = 0", key).right


@given(st.lists(st.integers(-9, 9), min_size=2, max_size=4), st.data())
def test_credit_for_each_entry(values: list[int], data: st.DataObject) -> None:
    weights = data.draw(st.lists(st.integers(1, 5), min_size=len(values), max_size=len(values)))
    wrong = data.draw(st.sets(st.integers(0, len(values) - 1), min_size=1, max_size=len(values)))
    answer = [value + 20 * (place in wrong) for place, value in enumerate(values)]
    verdict = check(str(tuple(answer)), str(tuple(values)), weights=weights)
    assert verdict.score == pytest.approx(sum(weight for place, weight in enumerate(weights) if place not in wrong) / sum(weights))


def test_a_table_forgives_one_slip() -> None:
    """From a wrong cell on, every cell that follows from it is right."""
    step, cells = "x - 0.1*(2x - 4)", ["0.4", "0.72", "0.976", "1.1808"]
    for slip in range(4):
        answer, value = [], Fraction(0)
        for place in range(4):
            value -= (2 * value - 4) / 10
            value += Fraction(1, 2) * (place == slip)
            answer.append(str(float(value)))
        verdict = check("; ".join(answer), "; ".join(cells), kind="iterates", step=step, tolerance=1e-9)
        assert verdict.score == pytest.approx(3 / 4)


def test_a_kind_may_be_given_as_it_is() -> None:
    kind = select(Asked(expected="{1, 2}"))
    assert check("{2, 1}", kind).right
    assert check("(1, 2)", ["1", "2"]).right
    assert check("B", ["B"], kind="choice", options=["A", "B"]).right


def test_conditions_of_the_domain() -> None:
    assert not check("abs(x)*y", "x*y").right
    assert check("abs(x)*y", "x*y", domain="x > 0, y > 0").right
    assert check("abs(x)*y", "x*y", domain=["x > 0", "y > 0"]).right
    assert not check("abs(x)*y", "x*y", domain=None, variables=None).right
    with pytest.raises(RequestError, match="no condition"):
        check("x", "x", domain="x + 1")


@pytest.mark.parametrize("name", ["unit", "interval", "antiderivative", "curve", "set"])
def test_hostile_texts_end_soon(name: str) -> None:
    kind = kind_of(CALLS[name])
    for text in (*hostile.REFUSED.values(), *hostile.READ.values(), "±" * 300, "1," * 150 + "1", "(1, 2) ∪ " * 90 + "(1, 2)", "x > 1 and " * 150 + "x > 2"):
        with within(5):
            judged(text, kind)


def test_undecided_is_never_wrong() -> None:
    for answer, expected in (("(f(x), 2)", "(1, 2)"), ("{zeta(3)}", "{2}")):
        assert check(answer, expected).outcome in ("undecided", "wrong", "partly")
    verdict = check("(-2)^x", "(-2)^(x + 2)/4")
    assert verdict.outcome in ("undecided", "right")
