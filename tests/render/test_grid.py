"""Tables on narrow pages: whatever the width, no line is wider and no number is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.render.grid import grid
from tutor.render.wrap import sentence, text_of

NUMBERS = st.lists(st.lists(st.integers(-(10**9), 10**9), min_size=7, max_size=7), min_size=1, max_size=5)
NAMES = ["n", "gd", "momentum", "nesterov", "adagrad", "rmsprop", "adam"]


def lines(header: list[str], rows: list[list[str]], width: int) -> list[str]:
    """The lines of a table of numbers."""
    cells = [[sentence(text, "") for text in row] for row in (header, *rows)]
    return [text_of(line) for line in grid(cells[0], cells[1:], [True] * len(header), width)]


@given(NUMBERS, st.integers(24, 120))
def test_no_number_is_lost_and_no_line_is_wider(numbers: list[list[int]], width: int) -> None:
    rows = [[str(place), *map(str, row[1:])] for place, row in enumerate(numbers)]
    found = lines(NAMES, rows, width)
    assert max(map(len, found)) <= width
    written = " ".join(found).split()
    assert all(written.count(cell) >= 1 for row in rows for cell in row)
    assert sorted(word for word in written if word in NAMES[1:]) == sorted(NAMES[1:])


@pytest.mark.parametrize(("width", "tables"), [(80, 1), (50, 2), (24, 3), (12, 6)])
def test_what_does_not_fit_goes_into_several_tables_with_the_first_column_in_each(width: int, tables: int) -> None:
    found = lines(NAMES, [[str(k), *(["123456.78"] * 6)] for k in range(3)], width)
    assert sum(line.split()[:1] == ["n"] for line in found) == tables
    assert sum(not line for line in found) == tables - 1


def test_sentences_are_not_torn_into_tables() -> None:
    found = lines(["step", "reason", "value"], [["1", "the_exponent_comes_down_in_front_and_stays", "2x"]], 30)
    assert [line.split()[0] for line in found] == ["step", "reason", "the_exponent_comes_down_in_front_and_stays", "value"]
