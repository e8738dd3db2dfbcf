"""Pictures in a terminal: no wider than asked, ASCII where that is asked, and true places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.descent.run import descend
from tutor.exposition.figures import figure_of
from tutor.render.figures import terminal_figure
from tutor.render.figures.text import Canvas
from tutor.render.signs import columns

from .test_figures import FIGURES, names


@names
@pytest.mark.parametrize("width", [30, 47, 60, 78, 80, 100])
@pytest.mark.parametrize("ascii", [False, True])
def test_it_is_never_wider_than_asked(name: str, width: int, ascii: bool) -> None:
    figure = FIGURES[name]
    lines = terminal_figure(figure, width, ascii=ascii)
    assert max(map(columns, lines)) <= width or (len(figure.legend) and max(map(columns, lines[: -len(figure.legend)])) <= width)
    assert all(line == line.rstrip() and line.isprintable() for line in lines)
    assert not ascii or all(line.isascii() for line in lines)


@names
def test_it_is_fifteen_lines_and_a_legend(name: str) -> None:
    figure = FIGURES[name]
    assert 15 <= len(terminal_figure(figure, 80)) <= 15 + len(figure.legend)


def test_a_run_down_a_straight_line_is_drawn_where_it_is() -> None:
    figure = figure_of(descend("x^2 + y^2", start="x=4,y=4", rate="0.25", steps=6))
    contour = figure.panels[0]
    canvas = Canvas(40, 20, contour, ascii=True)
    (path,) = (line for line in contour.lines if line.role == "path")
    canvas.line(path, "*")
    cells = {(column, row) for row, line in enumerate(canvas.rows()) for column, sign in enumerate(line) if sign == "*"}
    assert {canvas.cell(x, y) for x, y in zip(path.xs, path.ys, strict=True)} <= cells
    # On a line from corner to corner columns and rows keep their ratio.
    (left, top), (right, bottom) = canvas.cell(4, 4), canvas.cell(0, 0)
    assert all(abs((column - left) * (bottom - top) - (row - top) * (right - left)) <= 2 * max(abs(right - left), abs(bottom - top)) for column, row in cells)


def test_numbers_stand_at_the_first_places_and_a_sign_at_the_end() -> None:
    figure = figure_of(descend("x^2 + 2y^2", start="x=4,y=3", rate="0.1", steps=20))
    for ascii, end in ((True, "@"), (False, "●")):
        left = [line[:40] for line in terminal_figure(figure, 80, ascii=ascii)[1:12]]
        text = "\n".join(line[6:] for line in left)
        assert all(text.count(sign) == 1 for sign in ("0", "1", "2", "3", end))
        places = [next((line.index(sign), row) for row, line in enumerate(left) if sign in line[6:]) for sign in ("1", "2", "3", end)]
        assert [column for column, _ in places] == sorted((column for column, _ in places), reverse=True)


@given(st.integers(1, 40), st.integers(-9, 9), st.integers(-9, 9))
def test_dots_and_letters_agree(steps: int, x: int, y: int) -> None:
    """Each letter that ASCII puts on a path is a letter with dots in Unicode, or touches one."""
    figure = figure_of(descend("x^2 + 3y^2 + x*y", start=f"x={x},y={y}", rate="0.2", steps=steps))
    (path,) = (line for line in figure.panels[0].lines if line.role == "path")
    drawn = []
    for ascii in (True, False):
        canvas = Canvas(30, 12, figure.panels[0], ascii=ascii)
        canvas.line(path, "*")
        drawn.append({(column, row) for row, line in enumerate(canvas.rows()) for column, sign in enumerate(line) if sign != " "})
    assert all(any((column + right, row + down) in drawn[1] for right in (-1, 0, 1) for down in (-1, 0, 1)) for column, row in drawn[0])


def test_each_run_of_a_race_has_its_letter() -> None:
    lines = terminal_figure(FIGURES["race"], 80)
    text = "\n".join(line[:40] for line in lines[1:12])
    assert all(letter in text for letter in "abcdefg")
    assert "a gradient descent" in "\n".join(lines)
