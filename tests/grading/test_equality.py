"""Verdicts on two forms: under assumptions, with what changed about the domain, the same on every run and thread, and without python-flint."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from flint import ctx

from tests.corpora import rows, shared
from tests.grading.test_corpus import COMPLEX, SET_ASIDE
from tutor import check, read
from tutor.algebra.places import complex_condition, spoken_condition
from tutor.form.evaluate import evaluate_ball, precision
from tutor.form.tree import ONE, Add, Div, Form
from tutor.grading.equality import domain_change, fragile, settled

ROOT = Path(__file__).parents[2]


def conditions(*texts: str) -> tuple[Form, ...]:
    return tuple(spoken_condition(text) or read(text) for text in texts)


# -- assumptions -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "right", "said", "equal"),
    [
        ("sqrt(x^2)", "x", (), False), ("sqrt(x^2)", "x", ("x positive",), True), ("sqrt(x^2)", "-x", ("x is negative",), True), ("abs(a*b)", "a*b", ("a > 0", "b > 0"), True),
        ("abs(a*b)", "a*b", ("a > 0",), False), ("cos(pi*n)", "(-1)^n", ("n integer",), True), ("sin(pi*n)", "0", ("n integer",), True), ("sin(pi*x)", "0", (), False),
        ("n", "n^2", ("n integer",), False), ("n*(n-1)*(n-2)*(n-3)*(n-4)*(n-5)", "0", ("n integer",), False), ("(-1)^n", "1", ("n integer", "n >= 0"), False),
        ("floor(n)", "n", ("n is an integer",), True), ("cos(pi*m*n)", "(-1)^(m*n)", ("m integer", "n integer"), True),
    ],
)  # fmt: skip
def test_real_letters_under_assumptions(left: str, right: str, said: tuple[str, ...], equal: bool) -> None:
    assert settled(read(left), read(right), conditions(*said)).equal is equal


OVER_C = [
    ("sqrt(z^2)", "z", False), ("ln(z^2)", "2*ln(z)", False), ("e^(i*pi)", "-1", True), ("z^2 + 1", "(z - i)*(z + i)", True), ("abs(z)^2", "z^2", False),
    ("sin(z)", "(e^(i*z) - e^(-i*z))/(2i)", True), ("cos(i*z)", "cosh(z)", True), ("sqrt(z)*sqrt(w)", "sqrt(z*w)", False), ("ln(z) + ln(w)", "ln(z*w)", False),
    ("e^z*e^w", "e^(z + w)", True), ("sqrt(-4)", "2i", True), ("(-4)^0.5", "2i", True), ("i^2", "-1", True), ("ln(-1)", "i*pi", True), ("1/(z - i)", "(z + i)/(z^2 + 1)", True),
    ("root(z, 3)^3", "z", True), ("root(z^3, 3)", "z", False), ("asin(sin(z))", "z", False), ("sin(asin(z))", "z", True), ("(z^2)^(1/2)", "sqrt(z^2)", True), ("z^2", "z^2 + z/10^20", False),
    ("(e^z)^(1/2)", "e^(z/2)", False),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right", "equal"), OVER_C)
def test_over_the_complex_numbers(left: str, right: str, equal: bool) -> None:
    assert settled(read(left), read(right), (complex_condition(),)).equal is equal


def test_only_the_letters_that_are_named_are_complex() -> None:
    sides = read("sqrt(x^2)*z"), read("x*z")
    assert settled(*sides, conditions("z complex", "x > 0")).equal is True
    assert settled(*sides, conditions("complex", "x > 0")).equal is True
    assert settled(*sides, conditions("z complex")).equal is False
    assert settled(read("ln(x^2)"), read("2*ln(x)"), conditions("z complex")).equal is False  # x = −1: 0 and 2πi
    assert settled(read("i*z"), read("z*i + z"), conditions("i complex", "z complex")).equal is False


def test_what_has_an_order_is_open_over_the_complex_numbers() -> None:
    assert settled(read("floor(z)"), read("z"), (complex_condition(),)).equal is None


@pytest.mark.parametrize(
    ("answer", "expected", "outcome"),
    [("2i", "sqrt(-4)", "right"), ("3i", "sqrt(-4)", "wrong"), ("sqrt(z^2)", "z", "wrong"), ("(z-i)(z+i)", "z^2 + 1", "right"), ("-1", "e^(i*pi)", "right"), ("2i + 0.00001", "2i", "wrong")],
)
def test_check_over_the_complex_numbers(answer: str, expected: str, outcome: str) -> None:
    assert check(answer, expected, domain="complex").outcome == outcome


def test_a_tolerance_over_the_complex_numbers() -> None:
    assert check("0.333i", "i/3", domain="complex", tolerance=0.01).outcome == "right"
    assert check("0.333", "i/3", domain="complex", tolerance=0.01).outcome == "wrong"


def test_a_complex_witness_is_said() -> None:
    found = check("sqrt(z^2)", "z", domain="z complex")
    assert "I" in found.findings[0].message
    assert settled(read("sqrt(z^2)"), read("z"), conditions("z complex")).witness["z"] is not None


def test_a_derivative_over_the_complex_numbers_is_not_compared_on_the_real_line_alone() -> None:
    assert check("1/z", derivative_of="ln(z)", domain="complex").outcome == "right"
    assert check("1/abs(z)", derivative_of="ln(z)", domain="complex").outcome == "wrong"
    assert check("1/abs(z)", derivative_of="ln(z)").outcome == "right"


# -- domains -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "key", "grew"),
    [
        ("(x^2-1)/(x+1)", "x-1", False), ("x-1", "(x^2-1)/(x+1)", True), ("ln(abs(x))", "ln(x)", True), ("ln(x^2)", "2*ln(x)", True), ("sqrt(x)^2", "x", False), ("x*x^(-1)", "1", False),
        ("x*(2x+1)/(2x+1)", "x", False), ("x*(7x-3)/(7x-3)", "x", False), ("1/(1/x)", "x", False), ("x/sqrt(x)", "sqrt(x)", False), ("2x", "x+x", None), ("x^(-1)", "1/x", None),
        ("sec(x)^2", "1/cos(x)^2", None), ("tan(x)", "sin(x)/cos(x)", None), ("1/(x-1)^2 - 1/(x-1)", "(2-x)/(x-1)^2", None), ("(x^2+1)/(x^2+1)", "1", None), ("x^(1/2)", "sqrt(x)", None),
        ("1/(x+1) + 1/(x-1)", "2x/(x^2-1)", None), ("x*y/y", "x", False), ("a*x/(x-3)*(x-3)", "a*x", False),
    ],
)  # fmt: skip
def test_a_domain_that_changed(answer: str, key: str, grew: bool | None) -> None:
    sides = read(answer), read(key)
    assert settled(*sides).equal is True
    change = domain_change(*sides)
    assert (change and change.grew) is grew
    if change is not None:
        values = [evaluate_ball(side, {**dict.fromkeys("axy", 1), **change.point}).is_finite() for side in sides]
        assert values == [grew, not grew]


def test_a_domain_is_looked_at_inside_the_conditions() -> None:
    assert domain_change(read("ln(x^2)"), read("2*ln(x)"), [read("x > 0")]) is None
    assert domain_change(read("x/x"), read("1"), [read("x != 0")]) is None
    assert domain_change(read("z/z"), read("1"), (complex_condition(),)) is not None
    assert domain_change(read("sqrt(z)^2"), read("z"), (complex_condition(),)) is None


@pytest.mark.parametrize("text", ["x^3 - 2x + 1", "sin(x)*e^x", "1/(x^2 + 1)", "sqrt(x^2 + 1)", "abs(x)", "2^x"])
def test_what_always_has_a_value_is_not_fragile(text: str) -> None:
    assert fragile(read(text)) == frozenset()


# -- the same on every run and thread ----------------------------------------------------------------

HARD = [("sqrt(x^2)", "x"), ("sqrt((x-3)*(x-5))", "sqrt(x-3)*sqrt(x-5)"), ("1/2004!", "1/2006!"), ("e^x", "e^x + 1/10^30"), ("sin(pi*x)", "0"), ("asinh(x)", "ln(x + sqrt(x^2 + 1))"),
        ("sqrt(x-100)*sqrt(101-x)", "sqrt((x-100)*(101-x))"), ("log(x^2)", "2*log(abs(x))"), ("x^x*(1 + ln(x))", "e^(x*ln(x))*(1 + ln(x))")]  # fmt: skip


def verdicts(pairs: list[tuple[str, str]]) -> list[str]:
    found = []
    for left, right in pairs:
        sides = read(left), read(right)
        found.append(f"{settled(*sides, seconds=0)!r} {domain_change(*sides)!r}")
    return found


def corpus_pairs() -> list[tuple[str, str]]:
    try:
        return [(row["student"], row["reference"]) for row in rows("corpora/pairs.jsonl")]
    except pytest.skip.Exception:
        return []


def test_threads_do_not_disturb_each_other() -> None:
    pairs = [*HARD, *corpus_pairs()[:60]]
    alone, over = verdicts(pairs), Event()

    def disturb() -> None:
        while not over.is_set():
            with precision(24):
                for _ in range(20):
                    evaluate_ball(read("sin(1/3)"), {}, 30)

    def turned(k: int) -> list[str]:
        found = verdicts(pairs[k:] + pairs[:k])
        return found[-k:] + found[:-k] if k else found

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(6) as pool:
            disturbers = [pool.submit(disturb) for _ in range(2)]
            found = list(pool.map(turned, range(8)))
            over.set()
            for one in disturbers:
                one.result()
    finally:
        over.set()
        sys.setswitchinterval(interval)
    assert all(one == alone for one in found)


def test_a_thread_waits_while_another_one_computes() -> None:
    seen: list[int] = []

    def other() -> None:
        with precision(20):
            seen.append(ctx.prec)

    thread = Thread(target=other)
    with precision(300):
        thread.start()
        thread.join(0.05)
        assert seen == []
        assert ctx.prec == 300
    thread.join()
    assert seen == [20]


def run(code: str, **environment: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_runs_are_the_same() -> None:
    code = f"from tests.grading.test_equality import verdicts\nprint(*verdicts({HARD!r}), sep='\\n')"
    assert len({run(code, PYTHONHASHSEED=seed) for seed in ("0", "1", "77")}) == 1


# -- without python-flint ----------------------------------------------------------------------------

_WITHOUT_FLINT = """
import json, sys

class NoFlint:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "flint":
            raise ImportError(name)

sys.meta_path.insert(0, NoFlint())
from tutor import check, read
from tutor.grading.equality import settled

def verdict(task):
    if task["how"] == "settled":
        found = settled(read(task["answer"]), read(task["expected"]), seconds=0)
        return [found.equal, found.method, str(found)]
    found = check(task["answer"], task["expected"], **task["options"])
    return [found.outcome, found.evidence.method, str(found.evidence)]

print(json.dumps([verdict(task) for task in json.load(sys.stdin)]))
assert "flint" not in sys.modules
"""


def without_flint(tasks: list[dict[str, Any]]) -> list[list[Any]]:
    """What a process says in which python-flint cannot be imported."""
    done = subprocess.run([sys.executable, "-c", _WITHOUT_FLINT], cwd=ROOT, input=json.dumps(tasks), capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    found: list[list[Any]] = json.loads(done.stdout)
    return found


def task(answer: str, expected: str, how: str = "settled", **options: Any) -> dict[str, Any]:
    return {"how": how, "answer": answer, "expected": expected, "options": options}


def test_without_flint_the_pairs_are_judged_in_floats() -> None:
    pairs = [row for row in rows("corpora/pairs.jsonl") if "E" not in row["student"]]
    found = without_flint([task(row["student"], row["reference"]) for row in pairs])
    false = [(row["student"], row["reference"], text) for row, (equal, _, text) in zip(pairs, found, strict=True) if equal is not None and equal is not row["equal"]]
    assert false == []
    assert sum(equal is None for equal, _, _ in found) <= 5
    assert {method for _, method, _ in found} <= {"floats", "exact", "structure", "none"}


def test_without_flint_no_published_row_is_judged_wrongly() -> None:
    shared("corpora/grading.jsonl")
    chosen = [row for row in rows("corpora/grading.jsonl") if row["id"] not in SET_ASIDE | dict.fromkeys(COMPLEX) and row["kind"] not in ("IsSimplified", "CompareForm")]
    tasks = []
    for row in chosen:
        mine = row["source"] == "mitx"
        options = {"tolerance": row["options"].get("tolerance", "0.01%"), "variables": row["options"].get("variables", ())} if mine else {"relative_tolerance": 2e-9}
        tasks.append(task(row["student"], row["answer"], "check", **options))
    found = without_flint(tasks)
    false = [(row["id"], outcome) for row, (outcome, _, _) in zip(chosen, found, strict=True) if outcome != "undecided" and (outcome == "right") is not (row["expected"] is True)]
    assert false == []
    assert sum(outcome == "undecided" for outcome, _, _ in found) <= len(found) // 10


def test_without_flint_the_evidence_names_floats() -> None:
    near = [task("sin(2x)", "2sin(x)*cos(x)"), task("sin(2x)", "2sin(x)"), task("e^x", "e^x*(1 + 1/10^7)"), task("(x+1)^2", "x^2 + 2x + 1"), task("sqrt(x^2)", "x"),
            task("ln(-1)", "i*pi", "check", domain="complex"), task("1/3", "0.3333"), task("7/15", "0.46666", "check", tolerance=1e-3), task("7/15", "0.4", "check", tolerance=1e-3)]  # fmt: skip
    found = without_flint(near)
    assert found[0] == [True, "floats", "agrees within 1e-9 at 12 points"]
    assert found[1][:2] == [False, "floats"]
    assert found[1][2].startswith("different by a margin in floats at x = ")
    assert found[2][0] is None  # too close for a refusal, too far for agreement
    assert found[3][:2] == [True, "exact"]
    assert found[4][0] is False
    assert found[5][0] == "undecided"  # complex balls need python-flint
    assert [outcome for outcome, _, _ in found[6:]] == [False, "right", "wrong"]


def test_shared_parts_cost_nothing() -> None:
    form: Form = read("1/(x - 1)")
    for _ in range(35):
        form = Div(ONE, Add((form, form, read("x"))))
    assert settled(form, read("x"), seconds=0).equal is False
    change = domain_change(form, read("x"))
    assert change is None or not change.grew  # x has a value everywhere
