"""Working line by line: right lines follow, the line that is wrong is the one marked, and what follows from it is carried."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.calculus.smooth import functions
from tests.corpora import rows
from tests.timing import within
from tutor import RequestError, differentiate, read, understand
from tutor.algebra.equal import by_samples
from tutor.calculus.differentiate import Derivation
from tutor.errors import ReadError
from tutor.exposition.phrases import PHRASES
from tutor.form.tree import Add, Form, Num
from tutor.grading import slips as algebra
from tutor.grading.ambiguity import asked, meant
from tutor.grading.check import check
from tutor.grading.lines import LONGEST, MOST_LINES, pieces
from tutor.grading.slips import candidates, slips
from tutor.grading.verdict import Verdict
from tutor.grading.working import CARRIED, Working, check_working


def outcomes(working: Working) -> list[str]:
    return [line.outcome for line in working.lines]


def board(derivation: Derivation) -> list[Form]:
    """The lines of a derivation as they stand on the board."""
    root = derivation.root
    return list(dict.fromkeys((root.pattern, root.worked, root.after, *(line.after for line in derivation.algebra))))


def text_of(lines: list[Form]) -> str:
    return "\n= ".join(["f'(x)", *map(str, lines)]).replace("\n", " ", 1)


# -- by the table ------------------------------------------------------------------------------------

WORKINGS: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parents[1] / "fixtures" / "workings.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("row", WORKINGS, ids=lambda row: row["about"])
def test_a_working_as_a_teacher_would_judge_it(row: dict[str, Any]) -> None:
    working = check_working(row["text"], **row["call"])
    first = working.first_wrong
    assert " ".join(outcomes(working)) == row["lines"]
    assert working.outcome == row["outcome"]
    assert working.goal.outcome == row.get("goal", "right" if row["outcome"] == "right" else working.goal.outcome)
    assert working.score == pytest.approx(row.get("score", 1.0 if row["outcome"] == "right" else working.score))
    if "mistake" in row:
        assert first is not None
        assert row["mistake"] in [finding.mistake for finding in first.findings]


def test_the_table_is_large_and_says_each_thing_once() -> None:
    assert len({row["about"] for row in WORKINGS}) == len(WORKINGS) >= 60


@pytest.mark.parametrize("row", WORKINGS, ids=lambda row: row["about"])
def test_every_line_has_its_number_and_every_fault_its_place(row: dict[str, Any]) -> None:
    typed = row["text"].split("\n")
    for line in check_working(row["text"], **row["call"]).lines:
        assert line.text == typed[line.number - 1].rstrip()
        if line.fault is not None:
            start, stop = line.fault.span
            assert 0 <= start < stop <= len(line.text) + 1
            assert line.fault.text.rstrip() == line.text


# -- by law ------------------------------------------------------------------------------------------


@given(functions)
@settings(max_examples=40)
def test_every_line_of_the_tutors_own_derivation_follows(form: Form) -> None:
    lines = board(differentiate(form, "x"))
    working = check_working(text_of(lines), derivative_of=form, wrt="x", variables=form.free)
    assert set(outcomes(working)) <= {"follows", "undecided"}
    assert working.goal.outcome in ("right", "undecided")
    assert working.score == 1 or not working.goal.right


@given(functions, st.data())
@settings(max_examples=40)
def test_the_wrong_line_is_the_one_that_is_marked(form: Form, data: st.DataObject) -> None:
    """From a place on, every line is one too large: that line is wrong, those behind it are carried, the answer is wrong."""
    lines = board(differentiate(form, "x"))
    place = data.draw(st.integers(0, len(lines) - 1))
    shifted = [*lines[:place], *(Add((line, Num(1))) for line in lines[place:])]
    working = check_working(text_of(shifted), derivative_of=form, wrt="x")
    assume("undecided" not in outcomes(working))
    assert outcomes(working) == [*["follows"] * place, "wrong", *["carried"] * (len(lines) - place - 1)]
    assert working.first_wrong is not None
    assert (working.first_wrong.number, working.goal.right) == (place + 1, False)
    assert working.score < 1


@given(functions, st.data())
@settings(max_examples=20)
def test_a_slip_that_is_not_carried_on_is_marked_once(form: Form, data: st.DataObject) -> None:
    lines = board(differentiate(form, "x"))
    place = data.draw(st.integers(0, len(lines) - 1))
    working = check_working(text_of([*lines[:place], Add((lines[place], Num(1))), *lines[place:]]), derivative_of=form, wrt="x")
    assume("undecided" not in outcomes(working))
    assert outcomes(working) == [*["follows"] * place, "wrong", "back", *["follows"] * (len(lines) - place - 1)]
    assert working.goal.right
    assert working.score < 1
    assert working.outcome == "partly"


@pytest.mark.parametrize("row", rows("corpora/derivatives.jsonl")[:60], ids=lambda row: str(row["expr"]))
def test_published_answers_follow_from_their_question(row: dict[str, str]) -> None:
    if check(row["answer"], derivative_of=row["expr"], wrt=row["var"], order=int(row["order"])).right:
        working = check_working(row["answer"], derivative_of=row["expr"], wrt=row["var"], order=int(row["order"]))
        assert (outcomes(working), working.score) == (["follows"], 1)


EXPRESSIONS = [
    "x - 2(x^2 - 3)", "(2x - 3)^2 + x", "(x^2 + 3x)/x", "1/(x + 2) + 3x", "x^2*x^3 - x^2", "(3x)^2*sin(x)", "2x*sin(3x) + 3x^2*cos(3x)",
    "(2x(x + 1) - x^2)/(x + 1)^2", "sqrt(x^2 + 4) - x", "x*(2 + x)^3 - (x^2)^3",
]  # fmt: skip


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_a_slip_that_is_named_really_leads_there(text: str) -> None:
    upper = read(text)
    tried = set()
    for slip in candidates(upper):
        if by_samples(slip.line, upper).equal is False:
            tried.add(slip.mistake)
            (found,) = slips(upper, slip.line)
            assert by_samples(found.line, slip.line).equal
            assert by_samples(found.line, upper).equal is False
            assert PHRASES.has(f"working.{found.mistake}.name")
    assert len(tried) > 1


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_equal_lines_have_no_slip(text: str) -> None:
    form = read(text)
    assert slips(form, Add((Num(0), form))) == ()
    assert slips(form, read(f"({text})*2/2")) == ()


@pytest.mark.parametrize(
    ("upper", "lower", "mistake"),
    [
        ("x - (x^2 - 3)", "x - x^2 - 3", "bracket_sign"), ("x - 2(x - 3)", "-x - 6", "bracket_sign"), ("(x + 3)^2", "x^2 + 9", "power_of_sum"),
        ("(x - 3)^2", "x^2 - 9", "power_of_sum"), ("sqrt(x^2 + 4)", "x + 2", "power_of_sum"), ("(3x)^2", "3x^2", "power_of_product"),
        ("2(x + 1) + x", "3x + 1", "first_only"), ("(x + x^2)/x", "x^2", "cancelled_term"), ("(x + x^2)/x", "1 + x^2", "cancelled_term"),
        ("(2x(x+1) - x^2)/(x+1)^2", "(2x - x^2)/(x+1)", "cancelled_term"), ("1/(x + 2)", "1/x + 1/2", "split_denominator"),
        ("x^2*x^3", "x^6", "exponents"), ("(x^2)^3", "x^5", "exponents"), ("x^6/x^2", "x^3", "exponents"), ("x^2 + x^3", "x^5", "exponents_of_sum"),
        ("x^2 + x^2", "x^4", "exponents_of_sum"), ("2x sin(x) - x^2", "2x sin(x) + x^2", "sign"), ("x^3 + sin(x) + 2", "x^3 + 2", "lost_term"),
        ("2x*3*cos(x)", "2x*cos(x)", "lost_factor"), ("2x + 3x + x^2", "6x + x^2", "like_terms"), ("5*4 + 3", "24", "like_terms"),
    ],
)  # fmt: skip
def test_slips_of_algebra(upper: str, lower: str, mistake: str) -> None:
    assert [slip.mistake for slip in slips(read(upper), read(lower))] == [f"algebra.{mistake}"]


def test_every_slip_has_its_words() -> None:
    for mistake in (*algebra._SLIPS, "algebra.like_terms"):
        assert PHRASES.has(f"working.{mistake}.name")
        assert str(PHRASES.say(f"working.{mistake}.ask", {"part": read("x"), "number": True})[-1]).endswith(("?", ".", " again."))


# -- what is said ------------------------------------------------------------------------------------


def test_a_mistake_is_looked_for_where_it_happened() -> None:
    first = check_working("f'(x) = cos(x^2)\n", derivative_of="sin(x^2)").lines[0]
    assert [finding.mistake for finding in first.findings] == ["witness", "C1"]
    later = check_working("f'(x) = (x^2)' (sin(3x))'\n= 6x cos(3x)", derivative_of="x^2 sin(3x)")
    assert [finding.mistake for finding in later.lines[0].findings] == ["witness", "R1"]
    assert later.lines[1].outcome == "carried"
    worked = check_working("f'(x) = (x^2)' sin(3x) + x^2 (sin(3x))'\n= 2x sin(3x) + x^2 cos(3x)", derivative_of="x^2 sin(3x)")
    assert [finding.mistake for finding in worked.lines[1].findings] == ["witness", "T6"]
    rewritten = check_working("2x sin(3x) + 3x^2 cos(3x)\n= 2x sin(3x) - 3x^2 cos(3x)", derivative_of="x^2 sin(3x)")
    assert [finding.mistake for finding in rewritten.lines[1].findings] == ["witness", "algebra.sign"]


def test_a_wrong_part_is_followed_into_the_whole() -> None:
    text = "u = x^2, \nu' = 2x\nv = sin(3x)\nv' = cos(3x)\nf' = u'v + u v'\n= 2x sin(3x) + x^2 cos(3x)"
    working = check_working(text, derivative_of="x^2 sin(3x)")
    assert outcomes(working) == ["stated", "follows", "stated", "wrong", "follows", "carried"]
    assert (working.lines[3].above, working.lines[5].above) == (4, 4)
    order = check_working("f'(x) = x^2\nf''(x) = 2x", derivative_of="x^3", order=2)
    assert outcomes(order) == ["wrong", "carried"]
    vector = check_working("f_x = -2x\nf_y = 4y\n(-2x, 4y)\n(-6, 4)", gradient_of="100 - x^2 - 2y^2", at="x=3,y=1")
    assert outcomes(vector) == ["follows", "wrong", "carried", "carried"]


def test_credit_is_carried_once() -> None:
    question = "x^3 + x"
    once = check_working("3x + 1\n= 1 + 3x\n= 3x + 1 + 0", derivative_of=question)
    assert [line.credit for line in once.lines] == [0, CARRIED, CARRIED]
    twice = check_working("3x + 1\n= 1 + 3x\n= 3x\n= 2x + x", derivative_of=question)
    assert [line.credit for line in twice.lines] == [0, CARRIED, 0, 0]
    assert once.score == pytest.approx(2 * CARRIED / 4)
    assert twice.score == pytest.approx(CARRIED / 5)
    repeated = check_working("3x^2 + 1\n3x^2 + 1\n3x^2 + 1\n= 3x^2", derivative_of=question)
    assert [line.credit for line in repeated.lines] == [1, None, None, 0]
    assert repeated.points(3) == pytest.approx(1)
    assert check_working("3x + 2", derivative_of=question).score == 0


def test_right_workings_of_all_sorts() -> None:
    for text, call in [
        ("f'(x) = 3x^2\nf''(x) = 6x", {"derivative_of": "x^3", "order": 2}),
        ("3x^2\n6x", {"derivative_of": "x^3", "order": 2}),
        ("f'(x) = 2x\nf'(3) = 2*3 = 6", {"derivative_of": "x^2", "at": "x=3"}),
        ("P'(p) = -40p + 200\nP'(2) = 120", {"derivative_of": "P(p) = -20p^2 + 200p - 300", "at": "p=2"}),
        ("∂f/∂x = -2x\n∂f/∂y = -4y\n∇f = (-2x, -4y)\n∇f(3,1) = (-6,-4)", {"gradient_of": "100 - x^2 - 2y^2", "at": "x=3,y=1"}),
        ("y = sin(x^2)\ndy/dx = cos(x^2) * 2x", {"derivative_of": "sin(x^2)"}),
        ("d/dx(sin(x^2)) = cos(x^2) * d/dx(x^2) = cos(x^2)*2x", {"derivative_of": "sin(x^2)"}),
        ("sin^2(x) + cos^2(x) = 1\n2x*cos(x^2)", {"derivative_of": "sin(x^2)"}),
        ("f' = 2 cos(1) ≈ 1.08", {"derivative_of": "sin(x^2)", "at": "x=1", "tolerance": "0.01"}),
        ("(x^2-9)/(x-3) = (x-3)(x+3)/(x-3) = x + 3", {"expected": "x+3"}),
        ("x > 0\n1/(2sqrt(x))", {"derivative_of": "sqrt(x)"}),
    ]:
        working = check_working(text, **call)  # type: ignore[arg-type]
        assert (working.outcome, working.score) == ("right", 1), text


@pytest.mark.parametrize(
    "text",
    [
        "# the product rule\nf'(x) = 2x sin(x) + x^2 cos(x)   # here\n\n= x(2 sin(x) + x cos(x))",
        "1) f'(x) = 2x sin(x) + x^2 cos(x),\n2) => f'(x) = x(2 sin(x) + x cos(x)).",
        "* 2x sin(x) + x^2 cos(x)\n* x(2 sin(x) + x cos(x))",
        "- f'(x) = 2x sin(x) + x^2 cos(x)\n- = x(2 sin(x) + x cos(x))",
        "by the product rule\n⇒ y' = 2x sin(x) + x^2 cos(x)\r\n⇒ y' = x(2 sin(x) + x cos(x))",
        "\ufeffProduct rule:\nf' =\n2x sin(x) + x^2 cos(x) =\nx(2 sin(x) + x cos(x))",
        "\\begin{align}\nf'(x) &= 2x \\sin(x) + x^2 \\cos(x) \\\\\n&= x(2\\sin(x) + x\\cos(x))\\\\\n\\end{align}",
    ],
)
def test_what_only_makes_it_look_tidy_is_tolerated(text: str) -> None:
    working = check_working(text, derivative_of="x^2 sin(x)")
    assert (working.outcome, outcomes(working)[-2:]) == ("right", ["follows", "follows"])


def test_an_unreadable_line_has_its_number_and_its_place_and_costs_nothing() -> None:
    working = check_working("f'(x) = 2x sin(3x) + 3x^2 cos(3x)\n\n=> f' = x(2 sin(3x) + 3x cos(3x)\n= x(2 sin(3x) + 3x cos(3x))", derivative_of="x^2 sin(3x)")
    assert (outcomes(working), working.score) == (["follows", "unreadable", "follows"], 1)
    line = working.lines[1]
    assert line.number == 3
    assert line.fault is not None
    start, stop = line.fault.span
    assert line.fault.text[start:stop] == "("
    assert start == line.text.index("x(") + 1


def test_nothing_to_be_judged() -> None:
    for text in ("", "\n \n# only a remark\n", "2*(x", "\0\0\n\0"):
        assert check_working(text, "x").outcome == "unreadable"
    assert [finding.mistake for finding in check_working("u = 2", derivative_of="x^2").goal.findings] == ["working.no_answer"]
    unfinished = check_working("f'(x) = (x^2)' sin(x) + x^2 (sin(x))'", derivative_of="x^2 sin(x)")
    assert (unfinished.outcome, unfinished.goal.findings[0].mistake) == ("undecided", "working.unfinished")
    assert check_working("f'(x) = 2x", derivative_of="x^2", at="x=3").goal.findings[0].mistake == "working.put_in"
    assert check_working("w' = 2x", derivative_of="x^2").outcome == "undecided"


# -- two readings ------------------------------------------------------------------------------------


def test_an_ambiguous_text_is_asked_for_brackets() -> None:
    verdict = Verdict("wrong", 0.0, reading=understand("1/2x"))
    asked_for = asked(verdict, lambda form: form is read("1/(2x)"))
    assert (asked_for.outcome, asked_for.score, asked_for.findings[0].mistake) == ("undecided", 0, "ambiguous")
    assert "rackets" in asked_for.findings[0].message
    assert asked(verdict, lambda form: False) is verdict
    right = Verdict("right", 1.0, reading=understand("1/2x"))
    assert asked(right, lambda form: True) is right
    assert meant(understand("x^2"), lambda form: True) is None
    assert "rackets" not in asked(Verdict("wrong", 0.0, reading=understand("log(x)")), lambda form: True).findings[0].message


def test_an_ambiguous_line_is_not_wrong() -> None:
    open_line = check_working("f'(x) = 1/2x", derivative_of="ln(x)/2")
    assert (open_line.outcome, open_line.lines[0].findings[0].mistake) == ("undecided", "ambiguous")
    cleared = check_working("f'(x) = 1/2x\n= 1/(2x)", derivative_of="ln(x)/2")
    assert (outcomes(cleared), cleared.outcome) == (["undecided", "follows"], "right")


# -- hostile texts -----------------------------------------------------------------------------------


@given(st.text(alphabet=st.sampled_from("xyuf'(){}=≈+-*/^0123.,;:#\n \0\\&∇∂'′|⇒→<>[]"), max_size=60))
@settings(max_examples=300)
def test_no_text_raises(text: str) -> None:
    for call in ({"derivative_of": "x^2 sin(3x)"}, {"gradient_of": "x*y", "at": "x=1,y=2"}, {"expected": "x"}):
        working = check_working(text, **call)  # type: ignore[arg-type]
        assert 0 <= working.score <= 1
        assert all(line.fault is None or 0 <= line.fault.span[0] <= len(line.fault.text) for line in working.lines)


@given(st.text(max_size=80))
def test_no_other_text_raises_either(text: str) -> None:
    assert check_working(text, derivative_of="x^2").outcome in ("right", "partly", "wrong", "undecided", "unreadable")


def test_too_much_is_refused() -> None:
    for text in ("x" * 1_000_000, "x\n" * (MOST_LINES + 1), "\n" * LONGEST + "x"):
        working = check_working(text, "x")
        assert (working.outcome, working.lines) == ("unreadable", ())
        assert working.goal.fault is not None
        assert working.goal.fault.kind == "length"
    assert len(list(pieces("x\n" * MOST_LINES))) == MOST_LINES


@pytest.mark.parametrize(
    "line",
    ["f'(x) = {k}x - {k}x + 2x", "= {k}x", "u = {k}x", "2*(x + {k}", "f'(x) = 2x + sin({k}x)^2 + cos({k}x)^2 - 1", "so f'(x) = 2x, by the power rule"],
)
def test_many_lines_take_no_longer_each(line: str) -> None:
    with within(5):
        working = check_working("\n".join(line.format(k=k) for k in range(MOST_LINES)), derivative_of="x^2")
    assert len(working.lines) == MOST_LINES


@pytest.mark.parametrize(
    "text",
    ["x" + " " * 59_000 + "x", "→" * 59_000, "so " * 19_000, "a'bb" * 14_000, "x=1," * 14_000, "(" * 59_000, "( )" * 19_000, "=" * 59_000, "a:" * 29_000,
     ",; " * 19_000, "x = 1 and " * 5_900, "1. " * 19_000, "\\" * 59_000, "≈" * 59_000],
    ids=lambda text: repr(text[:8]),
)  # fmt: skip
def test_a_hostile_line_is_refused_at_once(text: str) -> None:
    with within(1):
        assert check_working(text, derivative_of="x^2").outcome == "unreadable"


def test_definitions_in_definitions_do_not_grow_without_end() -> None:
    working = check_working("u = x + 1\n" + "u = u^2*u\n" * 100 + "f'(x) = u\nu'", derivative_of="x^2")
    assert working.lines[-1].outcome in ("wrong", "undecided", "follows", "carried")
    assert working.outcome != "right"


def test_a_wrong_call_raises() -> None:
    for call in ({}, {"expected": "x", "derivative_of": "x"}, {"expected": "x > 2"}, {"derivative_of": "x*y"}):
        with pytest.raises(RequestError):
            check_working("x", **call)  # type: ignore[arg-type]
    with pytest.raises(ReadError):
        check_working("x", "2*(x")
