"""Every system's document fits its documented format, gives the points that are due, and holds no text of a student as markup."""

from __future__ import annotations

import base64
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.autograde.adapters.submissions import SUBMISSIONS, hostile_answers, schema, tasks_of
from tutor import check
from tutor.autograde.adapters import codegrade, coursera, github, gradescope, junit, prairielearn
from tutor.autograde.adapters.systems import SYSTEMS
from tutor.autograde.adapters.task import LONGEST, Medium, Task, amount, most, overview, share, total, written
from tutor.errors import ReadError, RequestError
from tutor.exposition.doc import Paragraph
from tutor.exposition.phrases import PHRASES
from tutor.grading.verdict import Finding, Verdict

MEDIA: tuple[Medium, ...] = ("text", "markdown", "html")
OUTCOMES = ("right", "partly", "wrong", "unreadable", "undecided")


def strict(text: str) -> object:
    """JSON without what only Python reads."""

    def refused(word: str) -> object:
        raise AssertionError(word)

    return json.loads(text, parse_constant=refused)


class Elements(HTMLParser):
    """The names of the elements and attributes of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}


@pytest.mark.parametrize("name", SUBMISSIONS)
def test_the_points_that_are_due(name: str) -> None:
    tasks, points = tasks_of(name), SUBMISSIONS[name][1]
    assert total(tasks) == points
    assert most(tasks) == 5.0
    assert share(tasks) == points / 5
    assert sum(test["score"] for test in gradescope.results(tasks)["tests"]) == gradescope.results(tasks)["score"] == points
    assert coursera.feedback(tasks)["fractionalScore"] == points / 5
    last = codegrade.output(tasks).splitlines()[-1]
    assert re.fullmatch(codegrade.PATTERN, last)
    assert float(last.removeprefix("score: ")) == pytest.approx(points / 5)
    graded = prairielearn.results(tasks)
    assert graded["gradable"] is not any(task.verdict.outcome in ("unreadable", "undecided") for task in tasks)
    assert graded.get("score", points / 5) == points / 5


@pytest.mark.parametrize("name", SUBMISSIONS)
def test_documents_fit_the_documented_formats(name: str) -> None:
    tasks = tasks_of(name)
    for system, document in (("gradescope", gradescope.results(tasks)), ("prairielearn", prairielearn.results(tasks)), ("coursera", coursera.feedback(tasks))):
        schema(system).validate(document)
        assert strict(SYSTEMS[system].write(tasks)) == document
        assert SYSTEMS[system].write(tasks).isascii()
    for medium in MEDIA:
        schema("gradescope").validate(gradescope.results(tasks, medium=medium, visibility="after_due_date"))
    records = [github.record(task) for task in tasks]
    schema("github").validate(github.result(records))
    assert strict(base64.b64decode(github.output(records).removeprefix("result=")).decode()) == github.result(records)
    assert github.output(records).count("\n") == 1


def test_the_schemas_refuse_what_the_systems_refuse() -> None:
    tasks = tasks_of("partly")
    for name, good, bad in (
        ("gradescope", gradescope.results(tasks), {"score": "5"}),
        ("prairielearn", prairielearn.results(tasks), {"score": 1.5}),
        ("prairielearn", prairielearn.results(tasks), {"gradable": False}),
        ("coursera", coursera.feedback(tasks), {"fractionalScore": True}),
    ):
        assert schema(name).is_valid(good)
        assert not schema(name).is_valid(good | bad)


def verdicts() -> st.SearchStrategy[Verdict]:
    texts = st.text(max_size=60)
    return st.builds(
        lambda outcome, score, said: Verdict(
            outcome, {"right": 1.0, "partly": score}.get(outcome, 0.0), (Finding("made-up", (said,)),), fault=ReadError("made-up", said) if outcome == "unreadable" else None
        ),
        st.sampled_from(OUTCOMES), st.floats(0, 1), texts,
    )  # fmt: skip


TASKS = st.lists(st.builds(Task, st.text(min_size=1, max_size=20), st.floats(0, 1e5), verdicts()), max_size=6)


@given(TASKS)
def test_no_sum_leaves_its_range_and_every_document_can_be_written(tasks: list[Task]) -> None:
    assert type(total(tasks)) is type(share(tasks)) is float
    assert 0 <= total(tasks) <= most(tasks)
    assert 0 <= share(tasks) <= 1
    for name, system in SYSTEMS.items():
        text = system.write(tasks)
        assert text.encode("utf-8")
        if name in ("gradescope", "coursera", "prairielearn"):
            schema(name).validate(strict(text))
    root = ET.fromstring(junit.xml(tasks))
    assert len(root.findall("testsuite/testcase")) == len(tasks)
    found = re.findall(codegrade.PATTERN, codegrade.output(tasks), re.MULTILINE)
    assert len(found) == 1


@given(st.floats(0, 1e6))
def test_an_amount_is_never_more_than_it_is(points: float) -> None:
    assert float(amount(points)) <= points + 1e-6
    assert abs(float(amount(points)) - points) <= 0.01


def test_the_outcomes_in_junit_are_told_apart() -> None:
    tasks = [*tasks_of("partly"), *tasks_of("unreadable")]
    suite = ET.fromstring(junit.xml(tasks))[0]
    kinds = [next((child.tag for child in case), "") for case in suite]
    assert kinds == ["", "failure", "failure", "error", "", "error"]
    assert {name: suite.get(name) for name in ("tests", "failures", "errors")} == {"tests": "6", "failures": "2", "errors": "2"}
    assert suite[1][0].get("message") == "partly: 1 / 2"


def test_where_nothing_can_be_graded_nothing_is_said_of_the_other_answers() -> None:
    right = Task("q1", 1, check("2x", "2x"))
    wrong = Task("q1", 1, check("3x", "2x"))
    broken = Task("q2", 1, check("2*(x", "2x"))
    assert prairielearn.results([right, broken]) == prairielearn.results([wrong, broken])
    undecided = Task("q3", 1, Verdict("undecided", 0.0, (Finding("trouble.time", ("Not graded: too slow.",)),)))
    found = prairielearn.results([right, undecided])
    assert found["gradable"] is False
    assert found["format_errors"] == ["q3: Not graded: too slow."]


def test_an_undecided_answer_is_for_a_person_and_is_not_called_wrong() -> None:
    task = Task("q1", 2, Verdict("undecided", 0.0, (Finding("trouble.crash", ("Not graded: the process ended.",)),)))
    sentence = PHRASES.say("autograde.person", {})[0]
    assert str(sentence) in " ".join(task.feedback().split())
    assert "Not yet" not in task.feedback()
    assert gradescope.results([task])["tests"][0]["tags"] == ["undecided"]
    assert github.result([github.record(task)])["tests"][0]["status"] == "error"


def hostile_tasks() -> Sequence[Task]:
    return [Task(f"q{k}", 1, check(text, "2x")) for k, text in enumerate(hostile_answers())]


def test_hostile_answers_in_every_document() -> None:
    tasks = hostile_tasks()
    assert total(tasks) == 0
    for name in ("gradescope", "coursera", "prairielearn"):
        text = SYSTEMS[name].write(tasks)
        schema(name).validate(strict(text))
        assert len(text) < 1_000_000
    ET.fromstring(junit.xml(tasks))
    assert "\x1b" not in codegrade.output(tasks) + junit.xml(tasks)


MARKUP = ("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "]]><b>", "&lt;b&gt;", "`</code><b>`", "**b** [a](javascript:x) ![i](http://x)", "$$\\href{x}{y}$$")


@pytest.mark.parametrize("text", MARKUP)
def test_the_text_of_a_student_is_no_markup(text: str) -> None:
    said = (Finding("made-up", (f"You wrote {text}",)),)
    tasks = [Task(text, 1, check(text, "2x")), Task("q2", 1, Verdict("wrong", 0.0, said)), Task("q3", 1, Verdict("undecided", 0.0, said))]
    page = Elements(coursera.page(tasks))
    assert page.names <= {"article", "style", "h1", "h2", "h3", "h4", "p", "section", "div", "span", "math", "mrow", "mi", "mn", "mo", "code", "details", "summary"}
    assert not {name for name in page.attributes if name.startswith("on")} | page.attributes & {"src", "href"}
    complaints = prairielearn.results(tasks)["format_errors"]
    assert not Elements(" ".join(complaints)).names
    for task in tasks:
        assert not Elements(task.feedback("markdown")).names
        assert "](" not in task.feedback("markdown").replace("\\]", "")


def test_feedback_has_a_largest_size() -> None:
    long = Verdict("wrong", 0.0, (Finding("made-up", ("x <b> " * 5_000,)),))
    for medium in MEDIA:
        found = Task("q1", 1, long).feedback(medium)
        assert len(found) <= 2 * LONGEST
    assert "<b>" not in Task("q1", 1, long).feedback("html")


def test_a_page_of_all_tasks_names_each_with_its_points() -> None:
    text = written(overview(tasks_of("partly")), "text")
    assert [line for line in text.splitlines() if line and not line.startswith(" ")] == ["3 of 5 points", "q1: 2 of 2 points", "q2: 1 of 2 points", "q3: 0 of 1 point"]


@pytest.mark.parametrize("points", [-1, float("nan"), float("inf")])
def test_a_task_has_points(points: float) -> None:
    with pytest.raises(RequestError):
        Task("q1", points, check("2x", "2x"))


def test_a_verdict_of_a_document_can_be_read_aloud() -> None:
    doc = overview(tasks_of("wrong"))
    assert all(block for block in doc.blocks)
    assert not any(isinstance(block, Paragraph) for block in doc.blocks)
