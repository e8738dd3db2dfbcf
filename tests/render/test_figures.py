"""Pictures as files: well-formed, the same bytes each time, with words; nothing of a person's becomes markup; labels do not cover each other."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor import RequestError
from tutor.descent.compare import Race, race, sweep
from tutor.descent.run import descend
from tutor.descent.starts import basins
from tutor.exposition.figures import Axis, Figure, figure_of
from tutor.exposition.plots.words import shown_number
from tutor.render.figures import ENDINGS, write_figure
from tutor.render.figures.draw import drawing, settings
from tutor.render.figures.files import pdf, png, svg
from tutor.render.figures.labels import spread
from tutor.render.figures.style import look
from tutor.render.figures.words import decades, tick, ticks, told, words

SVG = "{http://www.w3.org/2000/svg}"
NASTY = '</text><script>alert(1)</script> $x^2$ "&\x1b]'
RACE = race("x^2 + 20y^2", start="x=4,y=3", methods=["gd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "newton"], rate="0.01", steps=30)

FIGURES: dict[str, Figure] = {
    "curve": figure_of(descend("x^2 - 4x + 5", start="x=0", rate="0.1", steps=20)),
    "contour": figure_of(descend("x^2 + 20y^2", start="x=4,y=3", rate="0.045", steps=40)),
    "diverging": figure_of(descend("x^2", start="x=1", rate="1.2", steps=30)),
    "saddle": figure_of(descend("x^2 - y^2", start="x=1,y=0.001", rate="0.1", steps=100)),
    "overflow": figure_of(descend("x^2 + y^2", start="x=1,y=1", rate="3", steps=2000)),
    "domain": figure_of(descend("x*ln(x) + y", start="x=1,y=1", rate="0.2", steps=12)),
    "flat": figure_of(descend("x^2 + y^2", start="x=0,y=0", rate="0.1", steps=3)),
    "region": figure_of(descend("(x-3)^2 + y^2", start="x=0,y=0", rate="0.1", steps=20, project="l2(2)")),
    "three": figure_of(descend("x^2 + y^2 + z^2", start="x=4,y=3,z=1", rate="0.1", steps=20)),
    "race": figure_of(RACE),
    "sweep": figure_of(sweep("x^2", start="x=10", rates=["1", "0.1", "0.001"], steps=20)),
    "rates": figure_of(sweep("x^2", start="x=10", rates=["1.1", "0.4", "0.1", "0.01", "0.001"], steps=20)),
    "basins": figure_of(basins("(x^2+y-11)^2 + (x+y^2-7)^2", starts=20, seed=1, rate="0.01", steps=200, box=(-5.0, 5.0))),
    "valleys": figure_of(basins("x^4 - 3x^2 + x", starts=20, seed=1, rate="0.05", steps=200)),
    "nasty": figure_of(Race("method", (NASTY, "$\\frac"), RACE.traces[:2])),
}
names = pytest.mark.parametrize("name", FIGURES)


@names
@pytest.mark.parametrize("width", [80, 160])
def test_an_svg_is_well_formed_and_says_what_it_shows(name: str, width: int) -> None:
    figure = FIGURES[name]
    root = ElementTree.fromstring(svg(figure, width))
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == words(figure.title)
    assert root.findtext(f"{SVG}desc") == told(figure)
    assert float(root.get("width", "").removesuffix("pt")) == pytest.approx(width * 72 / 25.4, abs=0.1)
    ids = [part.get("id") for part in root.iter() if part.get("id")]
    assert len(set(ids)) == len(ids)
    assert not {part.tag for part in root.iter()} & {f"{SVG}script", f"{SVG}image", f"{SVG}foreignObject"}


@names
def test_text_stays_text(name: str) -> None:
    figure = FIGURES[name]
    texts = ["".join(part.itertext()).strip() for part in ElementTree.fromstring(svg(figure)).iter(f"{SVG}text")]
    for panel in figure.panels:
        assert words(panel.horizontal.label) in texts
        assert words(panel.vertical.label) in texts
    if len(figure.traces) > 1:
        assert {words(label) for _, label in figure.legend} <= set(texts)


def test_nothing_of_a_person_becomes_markup_or_mathematics() -> None:
    text = svg(FIGURES["nasty"])
    assert "<script" not in text
    assert "\x1b" not in text
    assert "$x^2$" in text


@pytest.mark.parametrize("make", [svg, png, pdf])
@pytest.mark.parametrize("name", ["contour", "race"])
def test_the_bytes_are_the_same_each_time(name: str, make: object) -> None:
    assert make(FIGURES[name]) == make(FIGURES[name])  # type: ignore[operator]


def test_another_process_writes_the_same_bytes(tmp_path: Path) -> None:
    code = f"""
from tutor.descent.run import descend
from tutor.exposition.figures import figure_of
from tutor.render.figures import write_figure
figure = figure_of(descend("x^2 + 20y^2", start="x=4,y=3", rate="0.045", steps=40))
for ending in ("svg", "png", "pdf"):
    write_figure(figure, {str(tmp_path / "other.")!r} + ending)
"""
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONHASHSEED": "7", "PATH": "", "MPLBACKEND": "TkAgg"}, cwd=Path(__file__).parents[2])
    assert (tmp_path / "other.svg").read_text(encoding="utf-8") == svg(FIGURES["contour"])
    assert (tmp_path / "other.png").read_bytes() == png(FIGURES["contour"])
    assert (tmp_path / "other.pdf").read_bytes() == pdf(FIGURES["contour"])


def test_nothing_global_is_touched() -> None:
    code = """
import sys, matplotlib
matplotlib.rcParams["font.size"] = 23
known = [key for key in matplotlib.rcParams if key != "backend"]  # asking for the backend imports pyplot
before = [matplotlib.rcParams[key] for key in known]
from tutor.descent.run import descend
from tutor.exposition.figures import figure_of
from tutor.render.figures.files import svg
figure = figure_of(descend("x^2", start="x=1", rate="0.1", steps=3))
one = svg(figure)
assert [matplotlib.rcParams[key] for key in known] == before
assert "matplotlib.pyplot" not in sys.modules
matplotlib.rcdefaults()
assert svg(figure) == one
"""
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])


@names
def test_what_stands_beside_points_lies_on_the_paper(name: str) -> None:
    with settings():
        made = drawing(FIGURES[name], 160)
        canvas = made.canvas.get_renderer()
        for axes in made.axes:
            for text in [*axes.texts, axes.xaxis.label, axes.yaxis.label]:
                box = text.get_window_extent(canvas)
                # Heights of contour lines are cut at the frame, which is as it should be.
                if text.get_text() and text.get_fontsize() > 6.5:
                    assert box.x0 >= -3
                    assert box.x1 <= made.bbox.width + 3
                    assert box.y0 >= -3
                    assert box.y1 <= made.bbox.height + 3


def test_labels_at_lines_do_not_cover_each_other() -> None:
    with settings():
        made = drawing(FIGURES["race"], 160)
        canvas = made.canvas.get_renderer()
        wanted = {words(label) for _, label in FIGURES["race"].legend}
        boxes = sorted((text.get_window_extent(canvas) for text in made.axes[-1].texts if text.get_text() in wanted), key=lambda box: box.y0)
    assert len(boxes) == 7
    assert all(below.y1 <= above.y0 + 2 for below, above in pairwise(boxes))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=9), st.floats(0.01, 0.1))
def test_spreading_keeps_the_order_and_the_room(wanted: list[float], gap: float) -> None:
    found = spread(wanted, gap)
    order = sorted(range(len(wanted)), key=lambda k: wanted[k])
    assert all(found[after] - found[before] >= gap * 0.999 for before, after in pairwise(order))
    assert min(found) >= -1e-9
    assert max(found) <= 1 + 1e-9
    if all(wanted[after] - wanted[before] >= gap for before, after in pairwise(order)):
        assert found == pytest.approx(wanted)


def test_colour_is_never_the_only_difference() -> None:
    looks = [look(style) for style in range(12)]
    assert len({one.sign for one in looks}) == 12
    assert len({one.colour for one in looks[:7]}) == len({one.dash for one in looks[:7]}) == 7
    for one in looks:  # dark enough on white paper and on the lightest bands
        red, green, blue = (int(one.colour[k : k + 2], 16) / 255 for k in (1, 3, 5))
        assert 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.72


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_ending_chooses_the_medium(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"picture{ending.upper()}"
    write_figure(FIGURES["curve"], path, width=100)
    start = {".svg": b"<?xml", ".png": b"\x89PNG", ".pdf": b"%PDF", ".html": b"<!doctype html>"}[ending]
    assert path.read_bytes().startswith(start)


def test_what_cannot_be_drawn_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    figure = FIGURES["curve"]
    for name in ("picture.gif", "picture", "svg"):
        with pytest.raises(RequestError, match=r"is no picture") as wrong:
            write_figure(figure, tmp_path / name)
        assert ".svg, .png, .pdf, .html" in wrong.value.advice
    with pytest.raises(RequestError, match="cannot be written"):
        write_figure(figure, tmp_path / "nowhere" / "picture.svg")
    for width in (0, -3, 5000, float("nan")):
        with pytest.raises(RequestError, match="mm wide"):
            write_figure(figure, tmp_path / "picture.svg", width=width)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(RequestError, match="not installed") as missing:
        write_figure(figure, tmp_path / "picture.svg")
    assert "calculus-tutor[plots]" in missing.value.advice
    assert list(tmp_path.iterdir()) == []


@given(st.floats(1e-200, 1e200), st.floats(1e-200, 1e200))
def test_decades_are_few_and_inside(one: float, other: float) -> None:
    low, high = sorted((one, other))
    found = decades(low, high)
    assert len(found) <= 7
    assert all(low * 0.999 <= 10.0**power <= high * 1.001 for power in found)
    assert len({after - before for before, after in pairwise(found)}) <= 1


@given(st.floats(-1e9, 1e9), st.floats(1e-6, 1e9), st.integers(3, 9))
def test_ticks_are_few_and_inside(low: float, size: float, most: int) -> None:
    axis = Axis(("x",), low, low + size)
    if axis.high > axis.low + 1e-9 * abs(axis.low):
        found = ticks(axis, most)
        assert len(found) <= most
        assert all(-1e-6 <= axis.part(value) <= 1 + 1e-6 for value in found)
        assert len(found) >= 1


@pytest.mark.parametrize(
    ("value", "scale", "text"),
    [(0.0, "linear", "0"), (-2.5, "linear", "−2.5"), (300_000.0, "linear", "300\u202f000"), (1000.0, "log", "1000"), (1e-7, "log", "10⁻⁷"), (1e12, "log", "10¹²"), (-100.0, "symlog", "−100"),
     (float("inf"), "log", "")],
)  # fmt: skip
def test_numbers_at_axes(value: float, scale: str, text: str) -> None:
    assert tick(value, scale) == text  # type: ignore[arg-type]


@given(st.floats(-1e300, 1e300))
def test_numbers_in_pictures_are_close_and_short(value: float) -> None:
    from tutor.form.evaluate import evaluate

    form = shown_number(value)
    assert evaluate(form, {}) == pytest.approx(value, rel=6e-4)
    assert len(re.sub(r"[^0-9]", "", words((form,)).split("·")[0].strip("0"))) <= 10


def test_a_figure_without_a_legend_entry_is_still_drawn() -> None:
    assert svg(replace(FIGURES["race"], legend=()))
