"""Solutions on paper: the answer stands last and once, nothing is told that was not asked, nothing is worked out twice."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.problems.families import family
from tutor.api import write_doc
from tutor.exposition.doc import Block, Doc, Maths, Paragraph, Result, Section
from tutor.form.reading import read
from tutor.problems.library import Library
from tutor.problems.paper import answered, unrepeated
from tutor.problems.problem import Problem, problem_of, seeded
from tutor.problems.solution import result, solution

LIBRARY = Library()
KEY = read("2*x")


def flat(blocks: tuple[Block, ...]) -> list[Block]:
    return list(Doc((), blocks).walk())


@pytest.mark.parametrize(
    "blocks",
    [
        (Maths(read("f'(x) = 2*x")), Result(read("f'(x) = 2*x"))),
        (Section(("Power rule",), (Maths(read("f'(x) = 2*x")),)), Result(read("f'(x) = 2*x"))),
        (Maths(read("f'(x) = 1*2*x = 2*x")), Result(read("f'(x) = 2*x"))),
        (Maths(read("f'(x) = 2*x")), Paragraph(("This holds everywhere.",), "condition")),
    ],
)  # fmt: skip
def test_the_answer_is_one_result(blocks: tuple[Block, ...]) -> None:
    shown, stated = answered(blocks, KEY)
    results = [block for block in flat(shown) if isinstance(block, Result)]
    assert stated
    assert [str(one.form) for one in results] == ["f'(x) = 2*x"]
    assert sum(isinstance(block, Maths) and block.form is results[0].form for block in flat(shown)) == 0


def test_a_line_that_is_not_the_answer_states_nothing() -> None:
    shown, stated = answered((Maths(read("f'(x) = 2*x")), Maths(read("f'(3) = 6"))), KEY)
    assert not stated
    assert not any(isinstance(block, Result) for block in shown)


def test_a_decimal_and_a_fraction_are_the_same_answer() -> None:
    assert answered((Maths(read("d = 0.5*4/-4 = -0.5")),), read("-1/2"))[1]
    assert answered((Maths(read("y = 2/4 = 1/2"), note=("about ", read("0.5"))),), read("1/2"))[1]
    assert not answered((Maths(read("y = sqrt(2)"), note=("about ", read("1.41421"))),), read("sqrt(2)"))[1]


def test_results_on_the_way_are_lines_once() -> None:
    blocks = (Maths(read("f'(x) = 2*x + 0 = 2*x")), Result(read("f'(x) = 2*x")), Result(read("f'(3) = 6")))
    assert [str(block.form) for block in unrepeated(blocks) if isinstance(block, Maths)] == ["f'(x) = 2*x + 0 = 2*x", "f'(3) = 6"]


@pytest.mark.parametrize("name", LIBRARY.names())
def test_each_question_has_one_answer_at_its_end(name: str) -> None:
    problem = seeded(LIBRARY.family(name), 2)
    sections = [block for block in solution(problem).blocks if isinstance(block, Section) and block.rule == "question"]
    assert len(sections) == len(problem.questions)
    for question, section in zip(problem.questions, sections, strict=True):
        blocks = flat(section.blocks)
        answers = [block for block in blocks if isinstance(block, Result) or (isinstance(block, Paragraph) and block.role == "result")]
        assert len(answers) == (0 if question.spotted is not None else 1)
        lines = [block.form for block in blocks if isinstance(block, Maths | Result)]
        assert all(one is not other for one, other in pairwise(lines))


def made(questions: str, functions: str = "f: a*x^3 - 12*x", domain: str = "") -> Problem:
    return problem_of(family(f"parameters: {{a: [1, 2]}}\nvariables: {{x: '{domain}'}}\nfunctions: {{{functions}}}\nquestions:\n{questions}"), 0)


def text_of(problem: Problem) -> str:
    return write_doc(solution(problem), "plain")


def test_higher_orders_are_found_above_and_have_the_functions_name() -> None:
    text = text_of(made("  - {ask: One, answer: 'diff(s, x)'}\n  - {ask: Two, answer: 'diff(s, x, 2)'}\n  - {ask: Three, answer: 'diff(s, x, 2) @ 3'}\n", "s: a*x^3"))
    assert "s''(x) has been found in b)" in text
    assert "f'" not in text
    assert text.count("First derivative") == 0


def test_a_mixed_derivative_is_called_by_both_letters() -> None:
    problem = problem_of(family("parameters: {a: [2]}\nvariables: {x: '', y: ''}\nfunctions: {f: a*x^2*y^3}\nquestions: [{ask: What, answer: 'diff(f, x, y)'}]"), 0)
    assert text_of(problem).rstrip().endswith("partial(partial(f, x), y) = 12x*y^2")


def test_places_that_a_letter_cannot_be_at_are_named() -> None:
    text = text_of(made("  - {ask: Where, answer: 'argmin(f, x)'}\n", domain="x > 0"))
    assert "Of these only x = 2 fulfils x > 0" in text
    assert "the only place without slope" in text


def test_who_asks_for_the_least_is_not_told_of_the_greatest() -> None:
    text = text_of(made("  - {ask: Where, answer: 'argmin(f, x)'}\n", "f: a*x^2 - 4*x"))
    assert "least value" in text
    assert "greatest" not in text


def test_answers_in_numbers_people_can_use() -> None:
    problem = made("  - {ask: 'How long?', answer: 'sqrt(8)', unit: metres}\n  - {ask: 'Where?', answer: '{1, 2}', kind: set}\n  - {ask: 'How many?', answer: a, unit: '{{ answer | plural(\"cup\", \"cups\") }}'}\n")
    said = ["".join(map(str, result(question))) for question in problem.questions]
    assert said == ["2*sqrt(2) ~ 2.828 metres", "1 and 2", "1 cup"]
    assert problem.questions[2].check("1 cup").right
