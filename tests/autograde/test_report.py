"""The report: counts that add up, mistakes by how common they are, and the answers that a person should see."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tests.autograde.made import JOB, some
from tutor.autograde.grade import graded
from tutor.autograde.key import read_key
from tutor.autograde.report import MOST_STUDENTS, OUTCOMES, Common, Tally, report
from tutor.autograde.result import Result
from tutor.autograde.rows import Row
from tutor.exposition.doc import Section, Table
from tutor.render.html import html
from tutor.render.text import plain

KEY = read_key(JOB.key)


def tally_of(rows: list[tuple[str, str, str]]) -> Tally:
    tally = Tally({name: one.points for name, one in KEY.items()}, students=True)
    for row, result in graded(((Row(one, *one), (one[1], one[2])) for one in rows), JOB):
        tally.add(row, result, KEY[row.question].points if row.question in KEY else 0.0)
    return tally


def test_the_counts_add_up() -> None:
    rows = some(500)
    tally = tally_of(rows)
    known = [row for row in rows if row[1] in KEY]
    assert sum(tally.outcomes.values()) == tally.rows == 500
    assert set(tally.outcomes) <= set(OUTCOMES)
    assert sum(tally.bins) == sum(sum(one.outcomes.values()) for one in tally.questions.values()) == len(known)
    assert tally.students is not None
    assert set(tally.students) == {student for student, _, _ in known}
    points = Counter[str]()
    for student, question, _ in known:
        points[student] += KEY[question].points
    assert all(most == points[student] for student, (_, most) in tally.students.items())


def test_the_common_mistake_is_named_and_the_unexplained_answer_found() -> None:
    rows = [("a", "q1", "cos(x^2)")] * 9 + [("b", "q1", "x^17 + 3")] * 5 + [("c", "q1", "2x cos(x^2)")] * 9 + [("d", "q9", "1"), ("e", "q3", "(2, 5)")]
    doc = report(tally_of(rows))
    sections = {block.rule: block for block in doc.walk() if isinstance(block, Section)}
    text = plain(doc)
    assert "inner derivative missing (C1)" in text
    assert [cell for block in sections["unexplained"].blocks if isinstance(block, Table) for row in block.rows for cell in row] == [("q1",), ("x^17 + 3",), ("5",)]
    assert "q9" in plain(type(doc)((), (sections["undecided"],)))
    assert "(2, 5)" in plain(type(doc)((), (sections["borderline"],)))
    assert all(len(line) <= 80 or "Not graded" in line for line in text.splitlines())


def test_answers_are_escaped_in_a_page() -> None:
    page = html(report(tally_of([("<b>", "<script>alert(1)</script>", "<img src=x>"), ("x", "q1", "<script>")])))
    assert "<script>" not in page
    assert "<img" not in page


@given(st.lists(st.sampled_from("aaaabcdefghijklmnop"), max_size=300), st.integers(1, 20))
def test_what_is_frequent_is_found(signs: list[str], places: int) -> None:
    common, exact = Common(places), Counter(signs)
    for sign in signs:
        common.add(("q", sign))
    assert len(common.counts) <= places
    for sign, count in exact.items():
        assert count - len(signs) / (places + 1) <= common.counts["q", sign] <= count


def test_students_are_counted_as_far_as_they_fit() -> None:
    tally = Tally({"q1": 1.0}, students=True)
    for k in range(MOST_STUDENTS + 1):
        tally.add(Row((), f"s{k}", "q1", "x"), Result("wrong", 0.0), 1.0)
    assert tally.students is None
    assert f"{MOST_STUDENTS:,}" in plain(report(tally))
