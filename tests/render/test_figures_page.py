"""The page that moves: it needs nothing else, its data are the run's, and a browser shows any step."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tutor.descent.run import descend
from tutor.exposition.figures import figure_of
from tutor.render.figures.page import page
from tutor.render.figures.style import look
from tutor.render.figures.words import number

from .test_figures import FIGURES, NASTY, RACE, names
from .test_html import CHROMIUM, Tree, chromium

browser = pytest.mark.skipif(CHROMIUM is None, reason="no chromium here")


class Svg(Tree):
    """As in a browser, elements of SVG may close themselves, and fields of a form are empty."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        super().handle_starttag(tag, attrs)
        if tag == "input":
            self.open.pop()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def data(text: str) -> dict[str, object]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    assert found
    assert "<" not in found[1]
    loaded = json.loads(found[1], parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    assert isinstance(loaded, dict)
    return loaded


@names
def test_it_is_whole_and_loads_nothing(name: str) -> None:
    text = page(FIGURES[name])
    tags = Svg(text).tags
    assert ("html", {"lang": "en"}) in tags
    assert not {tag for tag, _ in tags} & {"link", "img", "iframe", "image", "object", "embed", "foreignObject"}
    assert [attributes.get("src") for tag, attributes in tags if tag == "script"] == [None, None]
    policy = next(attributes["content"] for tag, attributes in tags if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    assert policy.startswith("default-src 'none';")
    links = [value for _, attributes in tags for key, value in attributes.items() if key in ("href", "xlink:href") and value]
    assert all(link.startswith("#") for link in links)
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert data(text)["frames"]


def test_nothing_of_a_person_becomes_markup() -> None:
    text = page(FIGURES["nasty"])
    assert text.count("<script") == 2
    assert "\x1b" not in text
    assert NASTY.split(" ", maxsplit=1)[0] in Svg(text).words


def test_the_data_are_those_of_the_run() -> None:
    trace = descend("x^2 + 2y^2", start="x=4,y=3", rate="0.1", steps=20)
    found = data(page(figure_of(trace)))
    (run,) = found["runs"]  # type: ignore[misc]
    assert run["n"] == list(range(21))
    for n, cells in enumerate(run["cells"]):
        row = trace[n]
        assert cells == pytest.approx([*row.point, row.value, row.length])


def test_places_on_the_page_are_those_of_the_run() -> None:
    trace = descend("x^2 + 2y^2", start="x=4,y=3", rate="0.1", steps=20)
    figure = figure_of(trace)
    (left, top, width, height), spots = (data(page(figure))["panels"][0][key] for key in ("box", "spots"))  # type: ignore[index]
    across, up = figure.panels[0].horizontal, figure.panels[0].vertical
    for (x, y), spot in zip(trace.points.tolist(), spots[0], strict=True):
        assert spot == pytest.approx([left + across.part(x) * width, top + (1 - up.part(y)) * height], abs=0.02)


def test_without_javascript_the_end_is_shown() -> None:
    text = page(FIGURES["race"])
    body = text[: text.index('<script type="application/json"')]
    for trace in RACE.traces:
        assert f"<td>{number(trace.last.value)}</td>" in body
    assert re.search(r'<form id="controls" hidden>', body)
    assert 'id="moving-0"' in body
    assert "<noscript>" in body


def test_signs_are_those_of_the_picture() -> None:
    found = data(page(FIGURES["race"]))
    assert all(look(style).sign in found["signs"] for style in range(12))  # type: ignore[operator]


@browser
def test_an_address_opens_a_step(tmp_path: Path) -> None:
    text = page(FIGURES["race"])
    start = '<script>\n"use strict"'
    assert start in text
    dump = chromium(tmp_path, text.replace(start, f"<script>location.hash = '#step=12';</script>{start}"), "--dump-dom")
    assert '<output id="step" for="slider">12</output>' in dump
    for trace in RACE.traces:
        cell = f"{trace[12].value:.8g}"
        assert f"<td>{float(cell):.8g}</td>".replace("-", "−") in dump or "e" in cell
    assert '<form id="controls">' in dump


MOVES = """<script>
  const found = [], slider = document.getElementById("slider"), play = document.getElementById("play"), step = document.getElementById("step");
  const at = (value) => { slider.value = value; slider.dispatchEvent(new Event("input")); };
  const heads = () => [...document.querySelectorAll(".picture g[clip-path] > path[transform]")].map((one) => one.getAttribute("transform"));
  found.push(step.textContent);
  at(0); found.push(step.textContent, slider.getAttribute("aria-valuetext")); const first = heads().join();
  at(1); found.push(step.textContent, heads().join() !== first);
  play.click(); found.push(play.textContent, play.getAttribute("aria-pressed"));
  play.click(); found.push(play.textContent, play.getAttribute("aria-pressed"));
  found.push([...document.querySelectorAll(".picture [id^=moving]")].every((one) => getComputedStyle(one).display === "none"));
  found.push(document.documentElement.scrollWidth - innerWidth);
  document.title = JSON.stringify(found);
</script></body>"""


@browser
@names
def test_a_browser_moves_through_the_run(tmp_path: Path, name: str) -> None:
    figure = FIGURES[name]
    dump = chromium(tmp_path, page(figure).replace("</body>", MOVES), "--window-size=600,900", "--dump-dom")
    found = re.search(r"<title>(\[.*?\])</title>", dump)
    assert found, dump[:300]
    moved = json.loads(found[1].replace("&quot;", '"'))
    last = figure.frames[-1]
    assert moved[:3] == [str(last), "0", "0"]
    assert moved[3] == "1"
    assert moved[4] or name == "flat"
    assert moved[5:] == ["Pause", "true", "Play", "false", True, 0]


@browser
def test_a_run_plays_to_its_end(tmp_path: Path) -> None:
    figure = figure_of(descend("x^2", start="x=1", rate="0.1", steps=3))
    play = "<script>document.getElementById('play').click();</script></body>"
    dump = chromium(tmp_path, page(figure).replace("</body>", play), "--virtual-time-budget=20000", "--dump-dom")
    assert '<output id="step" for="slider">3</output>' in dump
    assert 'aria-pressed="false"' in dump
    dump = chromium(tmp_path, page(figure).replace("</body>", play), "--virtual-time-budget=700", "--dump-dom")
    assert '<output id="step" for="slider">1</output>' in dump
