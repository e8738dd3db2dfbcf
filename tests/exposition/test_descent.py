"""What is said of runs: tables with true numbers, formulas that are right, three levels, exercises that are graded as they should be."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cli.test_json import checked
from tests.corpora import shared
from tutor import descend, explained, read
from tutor.descent.blanks import exercise_of
from tutor.descent.compare import race, sweep
from tutor.descent.exactly import exactly
from tutor.descent.fit import fit
from tutor.descent.method import METHODS, REGIONS
from tutor.descent.objective import written
from tutor.descent.starts import basins
from tutor.descent.suggested import suggested_rate
from tutor.descent.trace import Trace
from tutor.errors import RequestError
from tutor.exposition import LEVELS
from tutor.exposition.blanks import exercise_doc
from tutor.exposition.columns import Column, figures, fixed, tables, width
from tutor.exposition.columns import written as column
from tutor.exposition.doc import Block, Doc, Maths, Paragraph, Result, Section, Table
from tutor.exposition.iterations import Rows, shown_rows
from tutor.exposition.objective import name_of
from tutor.exposition.phrases import PHRASES
from tutor.exposition.rule import first_step, rule_lines
from tutor.exposition.topics.descent import fields
from tutor.form.evaluate import evaluate
from tutor.form.tree import Add, Form, Listing, Relation
from tutor.form.walk import nodes
from tutor.grading.kinds.iterates import Iterates
from tutor.render.text import plain, terminal
from tutor.render.wrap import text_of

QUADRATIC, BOWL = "x^2 - 4x + 5", "x^2 + 2y^2"


def one(text: str = QUADRATIC, start: str = "x=0", **options: Any) -> Trace:
    return descend(text, start=start, **{"rate": "0.1", "steps": 20, **options})


def bowl(**options: Any) -> Trace:
    return one(BOWL, "x=4,y=3", **options)


def houses(**options: Any) -> Trace:
    return descend(fit("w*size", "price", "houses"), start="w=0", **{"rate": "1e-5", "steps": 20, **options})


METHOD_NAMES = sorted(METHODS["torch"])
RUNS: dict[str, Callable[[], Any]] = {
    "one": one, "bowl": bowl, "data": houses, "exact": lambda: exactly(one()), "diverges": lambda: one("x^2", "x=10", rate="1.5", steps=600),
    "saddle": lambda: one("x^2 - y^2", "x=1,y=0"), "scheduled": lambda: one(rate=read("0.1*0.9^n")), "none": lambda: one(steps=0),
    "four": lambda: one("a^2 + b^2 + c^2 + d^4", "a=1,b=2,c=3,d=0.1"), "many": lambda: one("+".join(f"x_{k}^2" for k in range(12)), ",".join(f"x_{k}={k}" for k in range(12))),
    "left": lambda: one("x - ln(x)", "x=0.01", rate="1"), "reweighted": lambda: descend(fit("w*size", "price", "houses", temperature=1), start="w=0", rate="1e-5", steps=5),
    "rates": lambda: sweep("x^2", start="x=10", rates=["1", "0.1", "0.001"], steps=20),
    "race": lambda: race("x^2 + 20y^2", start="x=4,y=3", methods=METHOD_NAMES, rate="0.01", steps=20),
    "basins": lambda: basins("x^4 - 3x^2 + x", starts=12, seed=1, rate="0.05", steps=300), "flat": lambda: basins("x^2 + y^2", starts=3, rate="0.001", steps=5),
    **{f"{convention}.{name}": (lambda name=name, convention=convention: bowl(method=name, convention=convention, steps=6))
       for convention in METHODS for name in METHOD_NAMES},
    **{f"in {region}": (lambda region=region: bowl(project=region, steps=4)) for region in REGIONS},
    "mirror": lambda: bowl(mirror=True, steps=4), "clipped": lambda: bowl(clip_norm=1, clip_value=2, weight_decay="0.01", steps=4),
}  # fmt: skip


def sections(doc: Doc, rule: str) -> list[Section]:
    return [block for block in doc.walk() if isinstance(block, Section) and block.rule == rule]


def said(doc: Doc) -> str:
    return re.sub(r"\s+", " ", plain(doc))


def phrases(block: Block) -> list[tuple[str | Form, ...]]:
    match block:
        case Paragraph(phrase, _):
            return [phrase]
        case Section(heading, _, _, _):
            return [heading]
        case Maths(form, _, note):
            return [(form,), note]
        case Result(form, also):
            return [(form, *also)]
        case Table(header, rows, caption):
            return [*header, caption, *(cell for row in rows for cell in row)]


# -- every document ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("level", LEVELS)
def test_documents_are_whole_and_fit_the_page(name: str, level: Any) -> None:
    doc = explained(RUNS[name](), level=level).steps
    for block in doc.walk():
        for part in (part for phrase in phrases(block) for part in phrase):
            assert isinstance(part, str | Form)
            assert "{{" not in str(part)
            assert "None" not in str(part)
    assert plain(doc).isascii()
    assert max(len(text_of(line)) for line in terminal(doc, 80)) <= 80


@pytest.mark.parametrize("name", ["one", "bowl", "saddle", "torch.adam", "torch.newton", "rates", "basins", "data"])
def test_everything_is_proved(name: str) -> None:
    assert explained(RUNS[name]()).text("plain").splitlines()[-1].startswith("every line proved")


@pytest.mark.parametrize("name", RUNS)
def test_the_data_fit_the_schema(name: str) -> None:
    data = json.loads(json.dumps(explained(RUNS[name]()).data(), allow_nan=False))
    checked("descend", data)


def test_more_is_said_level_by_level() -> None:
    for name in ("one", "bowl", "torch.adam", "data"):
        sizes = [len(plain(explained(RUNS[name](), level=level).steps)) for level in LEVELS]
        assert sizes == sorted(sizes)


# -- the numbers ---------------------------------------------------------------------------------------


def test_the_table_has_the_right_numbers() -> None:
    (section,) = sections(explained(one()).steps, "iterations")
    (table,) = [block for block in section.blocks if isinstance(block, Table)]
    rows = {str(row[0][0]): row for row in table.rows}
    assert list(rows) == ["0", "1", "2", "3", "4", "…", "10", "20"]
    assert [str(rows["1"][k][0]) for k in (1, 2, 3, 4, 5)] == ["0.4000", "-3.2000", "0.4 - 0.1*(-3.2) = 0.72", "3.5600", "0.8"]
    assert str(rows["10"][1][0]) == "1.7853"  # the article printed 1.93
    assert str(rows["20"][1][0]) == "1.9769"  # and 2.00


def test_the_shared_numbers_are_in_the_data() -> None:
    """Exact values of the worked examples: those of the two articles on descent and their data set."""
    known = {row["id"]: row["right"] for row in json.loads(shared("reference/worked_examples.json").read_text(encoding="utf-8"))}
    for name, trace in (("quad", one()), ("alpha01", one("x^2", "x=10")), ("alpha1", one("x^2", "x=10", rate="1")), ("alpha001", one("x^2", "x=10", rate="0.001"))):
        rows = fields(exactly(trace))["iterations"]
        for key, right in known.items():
            if match := re.fullmatch(rf"{name}-(x|grad|g)-(\d+)", key):
                n = int(match[2]) - (match[1] != "x")
                if n < len(rows):
                    assert rows[n]["exact"]["point" if match[1] == "x" else "gradient"] == [right]
    rows = fields(exactly(bowl()))["iterations"]
    for n in (1, 2, 3, 10, 20):
        assert rows[n]["exact"]["point"] == known[f"bowl-x-{n}"]
    for n, right in ((1, known["house-w-1"]), (2, known["house-w-2"]), (3, known["house-w-3"])):
        assert houses().points[n, 0] == pytest.approx(float(Fraction(right)), rel=1e-14)


@pytest.mark.parametrize("name", ["one", "bowl", "data", "scheduled", "left"])
def test_each_formula_is_the_step(name: str) -> None:
    """The numbers put in lead to the next iterate, exactly where it says =, and to what is shown where it says ≈."""
    trace = RUNS[name]()
    rows = Rows(trace, name_of(trace), "normal")
    for n in rows.shown[:-1]:
        form = rows.formula(n)
        assert isinstance(form, Relation)
        step, result = form.operands[1:]
        for k in range(len(trace.letters)):
            here, there = (evaluate(_coordinate(part, k), {}) for part in (step, result))
            scale = max(1.0, abs(float(trace.points[n, k])))
            assert here == pytest.approx(there, abs=1e-12 * scale if form.operators[1] == "=" else 2e-3 * scale)
            assert there == pytest.approx(float(trace.points[n + 1, k]), abs=2e-4 * scale)


def _coordinate(form: Form, k: int) -> Form:
    """The k-th coordinate of vectors that are added up and multiplied by numbers."""
    if isinstance(form, Listing):
        return form.items[k]
    return form.rebuild(tuple(_coordinate(child, k) for child in form.children)) if any(isinstance(node, Listing) for node in nodes(form)) else form


@pytest.mark.parametrize("name", sorted(name for name in RUNS if name.startswith(("torch", "optax", "in ", "mirror", "clipped"))))
def test_the_first_step_line_by_line_is_the_first_step(name: str) -> None:
    """Every line is true in numbers, and the last ones are the run's own first iterate."""
    trace = RUNS[name]()
    lines = [line.form for line in first_step(trace)]
    assert lines
    for form in lines:
        assert isinstance(form, Relation)
        numbers = [side for side in form.operands if not side.free and not any(isinstance(node, Listing) for node in nodes(side))]
        for one_side, other in pairwise(numbers):
            assert evaluate(one_side, {}) == pytest.approx(evaluate(other, {}), rel=1e-4, abs=1e-5)
    last = [form.operands[-1] for form in lines if isinstance(form, Relation)][-2:]
    values = [evaluate(part, {}) for part in (last[-1].items if isinstance(last[-1], Listing) else last)]
    assert values == pytest.approx(trace.points[1].tolist(), rel=1e-4)


@pytest.mark.parametrize("name", sorted(name for name in RUNS if name.startswith(("torch", "optax", "in ", "mirror", "clipped"))))
def test_every_line_of_a_rule_has_its_reason(name: str) -> None:
    for line in rule_lines(RUNS[name]()):
        assert PHRASES.has(f"descent.why.{line.stage}.{line.name}")


def test_a_rule_in_its_own_letters() -> None:
    lines = [str(line.form) for line in rule_lines(one("b^2", "b=1", method="momentum"))]
    assert lines == ["g <- f'(b)", "B <- mu*B + g", "b <- b - alpha*B"]  # the velocity gives way to the letter of the function


def test_rounded_numbers_say_so() -> None:
    text = said(explained(one()).steps)
    assert "x_20 ~ 1.97694" in text
    text = said(explained(exactly(one())).steps)
    assert "x_20 = 188535840025698/95367431640625 ~ 1.97694" in text
    assert "(x_20, y_20) ~ (0.0461169, 0.000109685)" in said(explained(bowl()).steps)


def test_why_it_ended() -> None:
    assert "It stops after 1 step: the next step leads to where" in said(explained(one("sqrt(x)", "x=1", rate="3")).steps)
    assert "no longer than the tolerance" in said(explained(one(tolerance=1e-3, steps=200)).steps)
    assert "too large to be written" in said(explained(one("x^4", "x=10", rate="1", steps=50)).steps)
    assert "until then" in said(explained(_interrupted()).steps)


def _interrupted() -> Trace:
    def stop(done: int, steps: int) -> None:
        raise KeyboardInterrupt

    trace = one(steps=5000, progress=stop)
    assert trace.stopped == "interrupted"
    assert trace.steps > 0
    return trace


def test_a_sum_is_not_divided_by_zero_in_the_factor() -> None:
    text = plain(explained(one("x^2", "x=10", rate="0.5", steps=3)).steps)  # arrives at once: the next gradients are 0
    assert "nan" not in text
    assert "inf" not in text


def test_batches_are_said_to_be_batches() -> None:
    from tutor.descent.batches import batch_slopes

    objective = fit("w*size", "price", "houses")
    trace = descend(objective, start="w=0", rate="1e-5", steps=5, batch=batch_slopes(objective, 2, 7))
    text = said(explained(trace).steps)
    assert "a step uses that of its batch" in text
    assert "w_1 = 0 - 0.00001*(-50000) ~ 0.5" in text  # the mean slope of the two rows of the first batch


def test_data_show_the_chain_rule_and_the_mean() -> None:
    text = said(explained(houses()).steps)
    assert "L(w) = the mean of (w*size - price)^2 over the 3 rows of houses.csv" in text
    assert "partial(l, w) = " in text
    assert "L'(w) = (70000*w - 140000)/3" in text.replace("70000w", "70000*w")


def test_python_gives_what_the_topics_say() -> None:
    found = explained(one())
    assert found.text("json") == json.dumps(found.data(), ensure_ascii=False, indent=2)
    assert found.data()["iterations"][20] == {"n": 20, "point": one().points[20].tolist(), "gradient": one().gradients[20].tolist(), "value": float(one().values[20])}


# -- columns -------------------------------------------------------------------------------------------


@given(st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=6))
def test_a_column_shows_its_numbers(values: list[float]) -> None:
    for value, form in zip(values, column(values), strict=True):
        assert form is not None
        assert evaluate(form, {}) == pytest.approx(value, rel=1e-4, abs=5e-7)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_figures_are_right_at_every_size(value: float) -> None:
    form = figures(value)
    if 1e-300 < abs(value) < 1e300 or not value:
        assert evaluate(form, {}) == pytest.approx(value, rel=1e-4)


def test_zero_has_no_sign() -> None:
    assert str(fixed(-1e-9, 4)) == "0.0000"
    assert column([math.nan, None, 1.0])[:2] == [None, None]


@given(st.integers(0, 5000), st.sampled_from(LEVELS))
def test_shown_rows_begin_and_end_with_the_run(steps: int, level: Any) -> None:
    rows = shown_rows(steps, level)
    numbers = [n for n in rows if n is not None]
    assert numbers[0] == 0
    assert numbers[-1] == steps
    assert numbers == sorted(set(numbers))
    for before, here, after in zip(rows, rows[1:], rows[2:], strict=False):  # a gap stands where something is left out
        if here is None:
            assert before is not None
            assert after is not None
            assert after - before > 1
        elif before is not None:
            assert here - before == 1


@given(st.lists(st.lists(st.integers(1, 30), min_size=1, max_size=5), min_size=1, max_size=4))
def test_tables_are_no_wider_than_the_page(sizes: list[list[int]]) -> None:
    groups = [[Column(("h",), ("x" * size,)) for size in group] for group in sizes]
    found = tables(Column(("n",), ("0",)), groups, room=40)
    assert sum(len(table.header) - 1 for table in found) == sum(map(len, sizes))
    for table in found:
        assert sum(max(width(head), width(cell)) + 2 for head, cell in zip(table.header, table.rows[0], strict=True)) - 2 <= 40


# -- several runs --------------------------------------------------------------------------------------


def test_a_race_names_the_lowest() -> None:
    text = said(explained(RUNS["race"]()).steps)
    assert "The lowest value is that of newton: 0." in text
    assert "7 methods on the same function, 20 steps each from x = 4 and y = 3." in text
    text = said(explained(RUNS["rates"]()).steps)
    assert "The lowest value is that of alpha = 0.1" in text
    assert "10.0000" in text


def test_which_start_falls_where() -> None:
    result = RUNS["basins"]()
    text = said(explained(result).steps)
    assert "There are 2 valleys; the lowest found is x ~ -1.3008 with the value -3.5139" in text
    for k, trace in enumerate(result.traces):  # the table repeats the engine's own words
        home = next(place for place, valley in enumerate(result.valleys, 1) if k in valley.starts)
        assert re.search(rf"{re.escape(f'{trace.points[0, 0]:.3f}')} {home} ", text)
    assert "none has settled" in said(explained(RUNS["flat"]()).steps)


def test_equally_low_valleys_are_told_as_such() -> None:
    text = said(explained(basins("(x^2 - 1)^2", starts=8, seed=2, rate="0.02", steps=800)).steps)
    assert "There are 2 valleys; all of them share the lowest value found, 0" in text


@given(st.floats(0.01, 1e6))
def test_a_suggested_rate_never_overshoots(bend: float) -> None:
    rate = evaluate(suggested_rate(written(f"{bend:.6f}*x^2/2"), [(1.0,)]), {})
    assert 0 < rate <= 0.1
    assert rate * bend <= 1 + 1e-9
    assert rate == 0.1 or rate * bend > 0.35  # and it is not needlessly small


# -- exercises -----------------------------------------------------------------------------------------


def kind_of(exercise: Any) -> Iterates:
    return Iterates(exercise.cells, exercise.step, exercise.letters, exercise.given, absolute=exercise.absolute)


def answer(cells: Iterator[Form] | list[Form]) -> str:
    return "; ".join(map(str, cells))


EXERCISES = {"one": one, "bowl": bowl, "adam": lambda: bowl(method="adam"), "data": houses, "box": lambda: bowl(project="box(1, 2)"), "decay": lambda: one(weight_decay="0.1")}


@pytest.mark.parametrize("name", EXERCISES)
@pytest.mark.parametrize("seed", range(4))
def test_the_right_cells_are_right_and_each_wrong_one_costs_its_share(name: str, seed: int) -> None:
    exercise = exercise_of(EXERCISES[name](), 3, seed)
    kind = kind_of(exercise)
    cells = [exercise.cells[n] for n in exercise.blanks]
    rounded = [Listing("tuple", tuple(map(_rounded, cell.items))) if isinstance(cell, Listing) else _rounded(cell) for cell in cells]
    for good in (cells, rounded):
        assert kind.judge(kind.understood(answer(good)).form).outcome == "right"
    for k in range(3):
        wrong = [_off(cell) if place == k else cell for place, cell in enumerate(cells)]
        found = kind.judge(kind.understood(answer(wrong)).form)
        parts = len(exercise.letters)
        assert found.score == pytest.approx(1 - 1 / 3 if parts == 1 else found.score)
        assert 2 / 3 - 1e-9 <= found.score < 1


def _rounded(form: Form) -> Form:
    return read(f"{evaluate(form, {}):.4f}")


def _off(form: Form) -> Form:
    return Listing("tuple", (_off(form.items[0]), *form.items[1:])) if isinstance(form, Listing) else Add((form, read("0.3")))


def test_a_slip_costs_one_cell() -> None:
    """Whoever goes on rightly from a wrong number loses that one only: where the step is known."""
    exercise = next(found for seed in range(50) if (found := exercise_of(one(), 3, seed)).blanks == (1, 2, 3))
    assert exercise.step is not None
    kind, x = kind_of(exercise), 0.5  # x₁ is 0.4
    answers = [x]
    for _ in range(2):
        answers.append(x := x - 0.1 * (2 * x - 4))
    found = kind.judge(kind.understood("; ".join(f"{value:.4f}" for value in answers)).form)
    assert found.score == pytest.approx(2 / 3)
    assert "cell.followed" in [finding.mistake for finding in found.findings]


@pytest.mark.parametrize("name", ["one", "bowl", "box", "decay"])
def test_the_step_of_an_exercise_is_the_run_s(name: str) -> None:
    trace = EXERCISES[name]()
    exercise = exercise_of(trace, 2)
    assert exercise.step is not None
    for n in range(3):
        here = dict(zip(trace.letters, trace.points[n].tolist(), strict=True))
        parts = exercise.step.items if isinstance(exercise.step, Listing) else (exercise.step,)
        assert [evaluate(part, here) for part in parts] == pytest.approx(trace.points[n + 1].tolist())


def test_methods_with_memory_have_no_step() -> None:
    assert exercise_of(bowl(method="adam"), 2).step is None
    assert exercise_of(one(rate=read("0.1*0.9^n")), 2).step is None
    assert exercise_of(bowl(method="newton"), 2).step is None


def test_blanks_hide_their_row_and_the_solution_shows_it() -> None:
    exercise = exercise_of(one(), 3, seed=4)
    hidden, shown = plain(exercise_doc(exercise)), plain(exercise_doc(exercise, solution=True))
    for n in exercise.blanks:
        assert re.search(rf"^ +{n}  ____$", hidden, re.MULTILINE)
        assert re.search(rf"^ +{n}  +{exercise.trace.points[n, 0]:.4f} ", shown, re.MULTILINE)
    assert hidden.count("____") == 3
    assert "____" not in shown
    assert hidden.isascii()


def test_the_same_seed_asks_for_the_same() -> None:
    assert exercise_of(one(), 3, 7).blanks == exercise_of(one(), 3, 7).blanks
    assert len({exercise_of(one(), 3, seed).blanks for seed in range(30)}) > 3


@pytest.mark.parametrize("count", [0, 21, 99])
def test_blanks_that_do_not_fit_are_refused(count: int) -> None:
    with pytest.raises(RequestError, match="blanks"):
        exercise_of(one(), count)
