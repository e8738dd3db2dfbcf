"""Each finding is made by a family that has this fault, and by none that has not."""

from __future__ import annotations

import pytest

from tests.problems.families import TANK, family, questions
from tutor.form.reading import read
from tutor.problems.blind import collisions, pairs
from tutor.problems.problem import problem_of
from tutor.problems.quality import check_family, ugly

FAULTY = {
    "no-variant": "parameters: {a: 1..3}\nconstraints: [a > 5]\nquestions: [{ask: 'What is $a + 1$?', answer: a + 1}]",
    "error": "parameters: {a: 0..3}\nquestions: [{ask: 'What is $6/a$?', answer: 6/a}]",
    "ugly": "parameters: {a: 2..5}\nquestions: [{ask: 'What is $1/(100a + 3)$?', answer: 1/(100a + 3)}]",
    "zero": "parameters: {a: 2..5}\nquestions: [{ask: 'What is $a - 2$?', answer: a - 2}]",
    "given": "parameters: {a: 2..5}\nquestions: [{ask: 'It has {{ a }}. How many?', answer: a}]",
    "same": "parameters: {a: 2..5}\nquestions: [{ask: 'What is $a - a + 7$?', answer: a - a + 7}]",
    "hint": "parameters: {a: 2..5}\nquestions: [{ask: 'How many?', answer: 11a, hints: ['It is $11a$.']}]",
    "test": "parameters: {a: 2..5}\nquestions: [{ask: 'What is $a + 1$?', answer: a + 1, tests: [{reply: '{{ a }}', outcome: right}]}]",
    "words": "parameters: {a: 1..5}\nquestions: [{ask: 'There are {{ a }} cups; and $a$ more?', answer: 2a}]",
    "pinned": "parameters: {a: 2..5}\npinned: [{a: 2}]\ndisabled: [{a: 2}]\nquestions: [{ask: 'What is $a + 9$?', answer: a + 9}]",
    "blind": "parameters: {a: 2..5}\nquestions: [{ask: 'How many?', answer: 2a, mistakes: [{id: b, answer: a + 2, say: H}, {id: c, answer: a + 3, say: H}, {id: d, answer: a + 4, say: H}]}]",
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTY)
def test_a_fault_is_found(fault: str) -> None:
    report = check_family(family(FAULTY[fault]))
    assert fault in [finding.id for finding in report.findings]
    assert all(finding.sentence for finding in report.findings)


@pytest.mark.parametrize("fault", ["ugly", "zero", "given", "same", "hint", "words"])
def test_an_author_may_want_it(fault: str) -> None:
    text = FAULTY[fault].replace("{ask:", f"{{allow: [{fault}], ask:")
    assert fault not in [finding.id for finding in check_family(family(text)).findings]


def test_a_good_family_has_no_findings_and_all_its_variants_are_seen() -> None:
    one = family(TANK)
    report = check_family(one)
    valid = [rank for rank in range(one.space.size) if one.space.holds(one.space.values(rank))]
    assert (report.findings, report.valid, report.complete) == ((), len(valid), True)
    assert report.blind == sum(bool(collisions(problem_of(one, rank))) for rank in valid)
    assert report.slowest[1] > 0


def test_a_finding_counts_its_variants_and_names_the_first() -> None:
    (finding,) = check_family(family(FAULTY["zero"])).findings
    assert (finding.count, finding.question, finding.variant.partition(".")[0]) == (1, "question", "tests/one@0")


def test_of_a_large_family_a_seeded_sample_is_seen() -> None:
    large = family("parameters: {a: 1..1000, b: 1..1000}\nquestions: [{ask: 'What is $1000a + b$?', answer: 1000a + b, allow: [ugly]}]")
    report = check_family(large, most=500, sample=300)
    assert (report.combinations, report.valid, report.complete) == (10**6, 300, False)
    assert report.valid == check_family(large, most=500, sample=300).valid


def test_a_mistake_that_is_mostly_right_is_found_and_one_that_seldom_is_says_nothing_there() -> None:
    text = "parameters: {a: 1..5}\nquestions: [{ask: 'What is it?', answer: 7a, mistakes: [{id: m, answer: WRONG, say: Hm.}]}]"
    assert [finding.id for finding in check_family(family(text.replace("WRONG", "a*7"))).findings] == ["mistake"]
    assert check_family(family(text.replace("WRONG", "7a^2"))).findings == ()
    assert problem_of(family(text.replace("WRONG", "7a^2")), 0).questions[0].check("7").outcome == "right"


def test_progress_is_told() -> None:
    told: list[tuple[int, int]] = []
    check_family(family("parameters: {a: 1..200}\nquestions: [{ask: 'What is $a + 1$?', answer: a + 1}]"), tick=lambda done, whole: told.append((done, whole)))
    assert told[-1][1] == 200
    assert sorted(told) == told


@pytest.mark.parametrize(
    ("text", "nice"),
    [("12", True), ("-140000/3", True), ("0.976", True), ("1/7", True), ("sqrt(13)", True), ("1234567", False), ("0.1234567", False), ("1/137", False), ("sqrt(101)", False), ("sqrt(1 + sqrt(2))", False), ("1200000000", True)],
)
def test_what_is_ugly(text: str, nice: bool) -> None:
    assert (list(ugly(read(text))) == []) is nice


def test_a_mistake_without_consequence_is_blind() -> None:
    """x^2 at x = 1: that the exponent was not lowered does not show there; at x = 3 it does."""
    one = questions('{ask: x, answer: "diff(f, x) @ a"}', before="parameters: {a: 1..9}\nvariables: {x: ''}\nfunctions: {f: x^2}\n")
    assert (0, "P1", "") in pairs(problem_of(one, 0))
    assert (0, "P1", "") in collisions(problem_of(one, 0))
    assert (0, "P1", "") not in pairs(problem_of(one, 2))


def test_mistakes_of_the_author_that_meet_are_blind() -> None:
    one = questions('{ask: x, answer: "10a + 1", mistakes: [{id: one, answer: 2a, say: Hm.}, {id: two, answer: a^2, say: Hm.}]}', before="parameters: {a: 1..9}\n")
    assert [rank for rank in range(9) if collisions(problem_of(one, rank))] == [1]


def test_exponentials_are_compared_near_zero() -> None:
    """Far from zero 3e^(5x) drowns 7x: a mistake in the small term would not show."""
    one = questions('{ask: x, answer: "diff(f, x)"}', before="parameters: {a: 1..9}\nvariables: {x: ''}\nfunctions: {f: e^(5x) + a*x^2}\n")
    assert [rank for rank in range(9) if pairs(problem_of(one, rank)) & collisions(problem_of(one, rank))] == []


@pytest.mark.parametrize("setting", ["decimal_places: 2", "significant_figures: 3", "tolerance: 0.01"])
def test_an_answer_that_is_to_be_rounded_is_tried_rounded(setting: str) -> None:
    one = questions(f'{{ask: x, answer: "-a*ln(2)", {setting}}}', before="parameters: {a: 1..9}\n")
    assert [finding.id for finding in check_family(one).findings] == []


def test_a_unit_that_does_not_agree_is_found() -> None:
    one = questions('{ask: x, answer: a, unit: dollars per cup}', before="parameters: {a: 1..9}\n")
    assert [finding.id for finding in check_family(one).findings] == ["words"]
    other = questions('{ask: x, answer: a, unit: "{{ answer | plural(\'dollar\', \'dollars\') }} per cup"}', before="parameters: {a: 1..9}\n")
    assert check_family(other).findings == ()


def test_a_complaint_names_the_line() -> None:
    one = questions('{ask: x, answer: "f(1"}', before="parameters: {a: 1..9}\nvariables: {x: ''}\nfunctions: {f: a*x^2}\n")
    (finding,) = check_family(one).findings
    assert finding.sentence.startswith("line ")
