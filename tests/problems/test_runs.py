"""Computations by hand as answers: the names that an author uses, and the lines that a solution shows."""

import pytest

from tutor.errors import RequestError
from tutor.form.reading import read
from tutor.grading.formulas import FORMULAS
from tutor.problems.answers import Function, Scope, answer
from tutor.problems.blind import pairs
from tutor.problems.family import read_family
from tutor.problems.problem import problem_of

SCOPE = Scope({}, {"f": Function(("x",), read("x^2 - 4x + 5")), "L": Function(("w",), read("(6 - 2w)^2")), "Q": Function(("x", "y"), read("x^2 + 2y^2"))})


@pytest.mark.parametrize(("line", "key"), [
    ("formula(descent, f, x0 = 0, a = 0.1)", "0.4"),
    ("formula(descent, Q, x0 = 4, y0 = 3, a = 0.1)", "(3.2, 1.8)"),
    ("formula(clip, u = 30, v = 40, c = 5)", "(3, 4)"),
    ("formula(rgd, l = 10, t = 1)", "e^(1/2)"),
    ("formula(mean, u = -10, v = -30)", "-20"),
])  # fmt: skip
def test_a_formula_goes_by_its_first_word_and_by_the_number_of_letters(line: str, key: str) -> None:
    found = answer(line, SCOPE)
    assert str(found.key) == key
    assert found.asked.formula in FORMULAS


@pytest.mark.parametrize("name", ["extreme", "nothing", "d"])
def test_a_word_that_begins_no_formula_or_several_is_refused(name: str) -> None:
    with pytest.raises(RequestError, match="no formula"):
        answer(f"formula({name}, f, x0 = 0)", SCOPE)


@pytest.mark.parametrize(("line", "shown"), [
    ("formula(descent, f, x0 = 0, a = 0.1)", ["x_1 = x_0 - alpha*f'(x_0) = 0 - 0.1*(-4) = 0.4"]),
    ("formula(descent, L, x0 = 0, a = 0.1)", ["w_1 = w_0 - alpha*L'(w_0) = 0 - 0.1*(-24) = 2.4"]),
    ("formula(descent, Q, x0 = 4, y0 = 3, a = 0.1)", ["x_1 = x_0 - alpha*partial(Q, x) = 4 - 0.1*8 = 3.2", "y_1 = y_0 - alpha*partial(Q, y) = 3 - 0.1*12 = 1.8"]),
    ("formula(newton, f, x0 = 7)", ["x_1 = x_0 - f'(x_0)/f''(x_0) = 7 - 10/2 = 2"]),
    ("formula(adam, a = 0.1, b = 0.9, c = 0.99, g_1 = 5)", ["m = (1 - beta_1)*g_1 = (1 - 0.9)*5 = 0.5"]),
])  # fmt: skip
def test_the_lines_are_written_in_the_letters_of_the_story(line: str, shown: list[str]) -> None:
    assert [str(one) for one in answer(line, SCOPE).lines][: len(shown)] == shown


@pytest.mark.parametrize("name", [name for name in FORMULAS if FORMULAS[name].letters])
def test_every_line_of_every_formula_is_true(name: str) -> None:
    """The last side of the last line is the key, and no line says more than equalities of numbers."""
    numbers = {letter: f"{k + 2}/10" for k, letter in enumerate(FORMULAS[name].letters)}
    function = next((letters for letters in ("f, ", "Q, ", "") if _is_given(name, letters, numbers)), None)
    assert function is not None
    found = answer(_call(name, function, numbers), SCOPE)
    results = [one.operands[-1] for one in found.lines][-len(FORMULAS[name].results) :]
    assert results == list(found.key.children if len(FORMULAS[name].results) > 1 else (found.key,))


def _call(name: str, function: str, numbers: dict[str, str]) -> str:
    short = name.partition("_")[0]
    name = name.removesuffix("_in_two_letters")
    known = short if short not in FORMULAS and sum(one.startswith(f"{short}_") for one in FORMULAS) == 1 else name
    return f"formula({known}, {function}{', '.join(f'{letter} = {value}' for letter, value in numbers.items())})"


def _is_given(name: str, function: str, numbers: dict[str, str]) -> bool:
    try:
        return answer(_call(name, function, numbers), SCOPE).asked.formula == name
    except RequestError:
        return False


FAMILY = """
format: 1
title: A slope
skills: [power-rule]
difficulty: 1
parameters: {k: [1, 2]}
variables: {x: {}}
functions: {f: k*x^2}
questions:
  - ask: What is the slope at 1?
    answer: diff(f, x) @ 1
"""


def test_a_question_that_may_be_blind_makes_no_variant_blind() -> None:
    assert pairs(problem_of(read_family(FAMILY, "a/slope"), 0))
    assert not pairs(problem_of(read_family(FAMILY + "    allow: [blind]\n", "a/slope"), 0))
