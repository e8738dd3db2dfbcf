"""Where a line of a working is cut, and which words are passed over; every statement keeps its column."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.grading.statements import statements, without_words


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("u = x^2, u' = 2x", ["u = x^2", "u' = 2x"]), ("u = x; v = 2", ["u = x", "v = 2"]), ("u = x and v = 2", ["u = x", "v = 2"]), ("(1, 2)", ["(1, 2)"]),
        ("-2x, -4y", ["-2x, -4y"]), ("1,5x", ["1,5x"]), ("y = x => y' = 1", ["y = x", "y' = 1"]), ("x -> 1", ["x", "1"]), ("2x, where x > 0", ["2x", "x > 0"]),
        ("so f' = 2x", ["f' = 2x"]), ("Answer: 2x", ["2x"]), ("2x (chain rule)", ["2x"]), ("2x by the chain rule", ["2x"]), ("2x, because of Leibniz", ["2x"]),
        ("I use the product rule", []), ("qed", []), ("sin x", ["sin x"]), ("2x (x)", ["2x (x)"]), ("a x + i", ["a x + i"]), (r"2\\,x", [r"2\\,x"]), ("f: x", ["f: x"]),
    ],
)  # fmt: skip
def test_what_a_line_says(line: str, said: list[str]) -> None:
    assert [body.strip() for body in statements(line)] == said


@given(st.lists(st.sampled_from(["x", " ", "2", "so ", "the ", ",", ";", "=", "(", ")", " and ", "=>", "→", ":", "rule", "'", "sin", "."]), max_size=14).map("".join))
def test_what_is_left_keeps_its_column(line: str) -> None:
    for body in (*statements(line), without_words(line)):
        assert len(body) <= len(line)
        assert all(sign == " " or sign == line[place] for place, sign in enumerate(body))


def test_a_declared_name_is_no_word() -> None:
    assert [body.strip() for body in statements("rule + 1", {"rule"})] == ["rule + 1"]
    assert [body.strip() for body in statements("point = 2", {"point"})] == ["point = 2"]
