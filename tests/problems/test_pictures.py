"""Pictures of problems: where they stand, what they show, words for those who do not see them, the same bytes every time."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

from tests.problems.families import family
from tutor.exposition.figures import Figure
from tutor.exposition.plots.graph import graph, surface
from tutor.form.reading import read
from tutor.problems.library import Library
from tutor.problems.pictures import figures
from tutor.problems.problem import problem_of, seeded
from tutor.render.figures.words import told
from tutor.render.sheets.picture import svg

LIBRARY = Library()
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("name", ["business/coffee-profit", "landscape/hill", "kitchen/cookies", "gradient-descent/three-steps", "tangent-line/parabola", "optimisation/box"])
def test_a_picture_is_drawn_with_words(name: str) -> None:
    pictures = figures(seeded(LIBRARY.family(name), 3))
    assert pictures
    for _, figure in pictures:
        drawn = svg(figure)
        root = ET.fromstring(drawn)
        assert root.find(f"{SVG}title") is not None
        assert len(root.findtext(f"{SVG}desc") or "") > 20
        assert "nan" not in drawn
        assert "inf" not in drawn
        assert drawn == svg(figures(seeded(LIBRARY.family(name), 3))[0][1]) or len(pictures) > 1


@pytest.mark.parametrize("name", ["power-rule/power-sums", "chain-rule/two-layers", "errors/published-run"])
def test_a_drill_has_none(name: str) -> None:
    assert figures(seeded(LIBRARY.family(name), 3)) == []


def test_one_picture_for_all_questions_about_a_function() -> None:
    problem = seeded(LIBRARY.family("business/coffee-profit"), 3)
    ((place, figure),) = figures(problem)
    assert place == 4  # the price that earns most is asked for last
    roles = [line.role for line in figure.panels[0].lines]
    assert roles == ["function", "tangent", "tangent"]
    assert len(figure.panels[0].marks) == 1


def points(figure: Figure) -> list[tuple[float, float]]:
    return [tuple(map(float, pair.split(","))) for found in re.findall(r'<polyline points="([^"]*)"', svg(figure)) for pair in found.split()]  # type: ignore[misc]


@pytest.mark.parametrize(("text", "x"), [("x^2", 1.0), ("1/x", 2.0), ("sqrt(x)", 4.0), ("ln(x) - 5x", 1.0), ("e^(3x)", 2.0), ("3", 0.0), ("1000000*x", 3.0), ("tan(x)", 0.5)])
def test_lines_stay_in_the_frame(text: str, x: float) -> None:
    figure = graph(read("f(x)"), read(text), "x", tangents=(x,))
    assert figure is not None
    assert all(0 <= across <= 330 and 0 <= up <= 205 for across, up in points(figure))
    assert re.search(r"The tangent at [\d.]+ has the slope", told(figure))


def test_nothing_is_drawn_where_there_is_nothing() -> None:
    assert graph(read("f(x)"), read("sqrt(x)"), "x", tangents=(-1.0,)) is None
    assert graph(read("f(x)"), read("x"), "x") is None
    assert surface(read("f(x, y)"), read("3 + 0*x*y"), ("x", "y"), arrows=(((1.0, 1.0), (0.0, 0.0)),)) is None


def test_a_contour_line_has_its_height() -> None:
    figure = surface(read("f(x, y)"), read("x^2 + y^2"), ("x", "y"), arrows=(((3.0, 4.0), (6.0, 8.0)),))
    assert figure is not None
    assert figure.panels[0].relief is not None
    panel = figure.panels[0]
    (line,) = panel.lines
    across, up = (line.xs[1] - line.xs[0], line.ys[1] - line.ys[0])
    assert across * 8 == pytest.approx(up * 6)
    assert "(3, 4) in the direction of the gradient (6, 8)" in told(figure)


def test_a_story_with_a_unit_has_its_tangent_and_a_domain_is_kept() -> None:
    text = "parameters: {a: [2]}\nvariables: {t: t >= 0}\nfunctions: {h: a*t^2}\nquestions: [{ask: How, answer: 'diff(h, t) @ 1', unit: metres}]"
    ((place, figure),) = figures(problem_of(family(text), 0))
    assert place == 0
    assert figure.panels[0].horizontal.low == 0
