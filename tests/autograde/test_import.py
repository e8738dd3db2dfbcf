"""`from tutor import check` inside other people's programs: silent, the same every time, in many threads at once."""

from __future__ import annotations

import json
import math
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.cli.command import ROOT
from tutor import check
from tutor.algebra.equal import UNDECIDED
from tutor.errors import RequestError
from tutor.exposition.doc import Paragraph
from tutor.grading.document import verdict_data, verdict_doc
from tutor.grading.verdict import NotRight, UndecidedAnswer, UnreadableAnswer, Verdict, WrongAnswer

CALLS: list[tuple[str, dict[str, Any]]] = [
    (answer, asked)
    for answers, asked in (
        (("2x sin(x) + x^2 cos(x)", "2x cos(x)", "x(2 sin(x) + x cos(x))", "2*(x", "", "9**9**9**9", "x sin(x)"), {"derivative_of": "x^2 sin(x)"}),
        (("(-6, -4)", "(-6, 4)", "(-4, -6)", "(6)", "-6"), {"gradient_of": "100 - x^2 - 2y^2", "at": "x=3, y=1"}),
        (("(x-1)(x+1)", "x^2 - 1", "x^2 + 1"), {"expected": "(x-1)(x+1)", "form": "factored"}),
        (("0.25", "0.2499", "0.3", "1/4"), {"expected": "0.25", "tolerance": "1%"}),
        (("x^2/2 + C", "x^2/2", "x^2"), {"antiderivative_of": "x"}),
        (("{1, 2}", "{2, 1}", "{1}"), {"expected": "{1, 2}"}),
    )
    for answer in answers
]

SHOWN = """
import json, sys
from tutor import check
from tutor.grading.document import verdict_data
calls = json.loads(sys.argv[1])
shown = [verdict_data(check(answer, **asked), answer) for answer, asked in calls]
heavy = sorted(sys.modules.keys() & {"sympy", "numpy", "click", "rich"})
sys.stdout.write(json.dumps([shown, heavy], sort_keys=True))
"""


def in_a_process(seed: str, *flags: str) -> tuple[list[Any], list[str]]:
    """What a fresh interpreter says; it must say nothing else."""
    environment = {"PYTHONHASHSEED": seed, "PATH": ""}
    done = subprocess.run([sys.executable, *flags, "-c", SHOWN, json.dumps(CALLS)], capture_output=True, text=True, check=False, cwd=ROOT, env=environment)
    assert (done.returncode, done.stderr) == (0, "")
    shown, heavy = json.loads(done.stdout)
    return shown, heavy


def here() -> list[Any]:
    return json.loads(json.dumps([verdict_data(check(answer, **asked), answer) for answer, asked in CALLS]))  # type: ignore[no-any-return]


def test_the_same_verdict_in_every_process_without_a_word_and_without_sympy() -> None:
    first, heavy = in_a_process("0", "-W", "error", "-X", "dev")
    second, _ = in_a_process("12345", "-W", "error")
    assert first == second == here()
    assert heavy == []


def test_the_same_verdict_every_time_and_in_every_order() -> None:
    wanted = here()
    order = list(range(len(CALLS)))
    random.Random(1).shuffle(order)
    for k in order * 2:
        answer, asked = CALLS[k]
        assert json.loads(json.dumps(verdict_data(check(answer, **asked), answer))) == wanted[k]


def test_the_same_verdict_in_many_threads() -> None:
    code = f"""
import json, sys
from concurrent.futures import ThreadPoolExecutor
sys.setswitchinterval(1e-6)
CALLS = json.loads({json.dumps(CALLS)!r})
def one(call):
    from tutor import check
    from tutor.grading.document import verdict_data
    return verdict_data(check(call[0], **call[1]), call[0])
with ThreadPoolExecutor(8) as pool:  # the import itself, and what is kept at first use, happen in all of them at once
    found = list(pool.map(one, CALLS * 6))
sys.stdout.write(json.dumps(found))
"""
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == here() * 6


def test_nothing_is_printed_and_no_global_state_moves(capfd: pytest.CaptureFixture[str], recwarn: pytest.WarningsRecorder, caplog: pytest.LogCaptureFixture) -> None:
    state = random.getstate()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda call: verdict_doc(check(call[0], **call[1])), CALLS))
    assert capfd.readouterr() == ("", "")
    assert not recwarn.list
    assert not caplog.records
    assert random.getstate() == state


def test_points_are_plain_floats_from_0_to_the_most() -> None:
    for answer, asked in CALLS:
        verdict = check(answer, **asked)
        for most in (0, 0.1, 1, 3, 5, 7.3, 1e6):
            points = verdict.points(most)
            assert type(points) is float
            assert 0 <= points <= most
        assert verdict.points(5) == pytest.approx(5 * verdict.score)


def test_points_whatever_the_score_was_made_of() -> None:
    numpy = pytest.importorskip("numpy")
    for score in (True, 1, numpy.float64(1), numpy.bool_(True), 1.0000000001):
        points = Verdict("right", score).points(numpy.int64(3))
        assert type(points) is float
        assert points == 3.0
        assert repr(points) == "3.0"
    assert Verdict("wrong", -1e-17).points(3) == 0.0


@pytest.mark.parametrize("most", [-1, math.inf, math.nan, "5", None, 1j])
def test_points_that_are_none_are_refused(most: Any) -> None:
    with pytest.raises(RequestError, match="no number of points"):
        Verdict("right", 1.0).points(most)


def test_each_outcome_has_its_error() -> None:
    for answer, asked in CALLS:
        verdict = check(answer, **asked)
        wanted = {"right": None, "unreadable": UnreadableAnswer, "undecided": UndecidedAnswer}.get(verdict.outcome, WrongAnswer)
        if wanted is None:
            verdict.raise_if_wrong()
            continue
        with pytest.raises(AssertionError) as raised:
            verdict.raise_if_wrong()
        assert type(raised.value) is wanted
        assert isinstance(raised.value, NotRight)
        assert str(raised.value).startswith(verdict.outcome)


def test_what_is_unreadable_or_undecided_is_never_called_wrong() -> None:
    for outcome, error in (("undecided", UndecidedAnswer), ("unreadable", UnreadableAnswer)):
        with pytest.raises(error) as raised:
            Verdict(outcome, 0.0, evidence=UNDECIDED).raise_if_wrong()  # type: ignore[arg-type]
        assert not isinstance(raised.value, WrongAnswer)
        assert not str(raised.value).startswith("wrong")


def test_the_error_says_where_it_went_wrong_and_how_it_was_read() -> None:
    with pytest.raises(WrongAnswer, match=r"(?s)wrong: At x = 1 yours is.*Read as: cos\(x\^2\)"):
        check("cos(x^2)", derivative_of="sin(x^2)").raise_if_wrong()
    with pytest.raises(UnreadableAnswer, match=r"the bracket opened at column 3 is not closed\. Did you mean 2\*\(x\+1\) \?"):
        check("2*(x+1", "2x").raise_if_wrong()


def test_no_document_of_a_wrong_answer_holds_the_right_one() -> None:
    said = " ".join(str(block) for block in verdict_doc(check("cos(x^2)", derivative_of="sin(x^2)")).blocks if isinstance(block, Paragraph))
    assert "2x" not in said.replace("*", "").replace(" ", "")
