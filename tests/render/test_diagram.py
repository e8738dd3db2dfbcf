"""The picture: well-formed, with every node and edge, nothing over a box, words for those who do not see it."""

from __future__ import annotations

import re
import shutil
import subprocess
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.calculus.smooth import functions
from tutor import RequestError, read
from tutor.calculus.graph.backprop import Backprop, backprop
from tutor.calculus.graph.presets import model
from tutor.form.tree import Add, Form, Mul, Sym
from tutor.render.diagram import diagram, picture
from tutor.render.layers import Box, arranged

SVG = "{http://www.w3.org/2000/svg}"
EXAMPLES: dict[str, Backprop] = {
    "expression": backprop("(y - sigmoid(w*x + b))^2", "x=1, y=0, w=0.5, b=0", ["w", "b"]),
    "shared": backprop("x*sin(x) + x", "x=2"), "neuron": backprop(model("neuron")), "network": backprop(model("network")),
    "softmax": backprop(model("softmax")), "chain": backprop(model("chain")), "grows": backprop(model("chain", weight=5)),
    "exploding": backprop(model("chain", weight=5, activation="identity")), "letter": backprop("x", "x=1"), "fan": backprop(model("neuron", inputs=12)),
    "stopped": backprop("ln(x)*x", "x=-1"), "corner": backprop("relu(x)*y + x", "x=0, y=1"), "wide": backprop(model("network", inputs=4, hidden=5)),
}  # fmt: skip
names = pytest.mark.parametrize("name", EXAMPLES)


def boxes(entries: list[dict[str, str]]) -> list[Box]:
    return [
        Box(float(one["left"]) + float(one["width"]) / 2, float(one["top"]) + float(one["height"]) / 2, float(one["width"]), float(one["height"]))
        for one in entries
    ]


@names
def test_it_is_well_formed_and_complete(name: str) -> None:
    result = EXAMPLES[name]
    root = ElementTree.fromstring(diagram(result))
    assert root.tag == f"{SVG}svg"
    ids = [part.get("id") for part in root.iter() if part.get("id")]
    assert len(set(ids)) == len(ids)
    assert {f"node-{node.index}" for node in result.graph.nodes} <= set(ids)
    assert {f"edge-{source}-{node.index}" for node in result.graph.nodes for source in node.inputs} <= set(ids)
    assert len([part for part in root.iter(f"{SVG}path") if part.get("class") == "edge"]) == len(result.slopes)


@names
def test_it_has_words(name: str) -> None:
    root = ElementTree.fromstring(diagram(EXAMPLES[name]))
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert desc is not None
    assert f"{len(EXAMPLES[name].graph.operations)} operation" in (desc.text or "")
    assert root.get("role") == "img"
    groups = [part for part in root.iter(f"{SVG}g") if "node" in (part.get("class") or "")]
    assert all(part.find(f"{SVG}title") is not None for part in groups)


@names
def test_no_boxes_overlap(name: str) -> None:
    found = picture(EXAMPLES[name])
    for one, other in combinations(boxes(found["nodes"]), 2):
        assert not one.meets(other)


@names
def test_labels_keep_off_boxes_and_each_other(name: str) -> None:
    found = picture(EXAMPLES[name])
    labels = boxes(found["labels"])
    assert not any(label.meets(box) for label in labels for box in boxes(found["nodes"]))
    assert not any(one.meets(other) for one, other in combinations(labels, 2))


@names
def test_everything_lies_on_the_page(name: str) -> None:
    found = picture(EXAMPLES[name])
    for box in boxes([*found["nodes"], *found["labels"]]):
        assert box.left >= 0
        assert box.top >= 0
        assert box.right <= found["width"]
        assert box.bottom <= found["height"]
    for edge in found["edges"]:
        for x, y in re.findall(r"(-?[\d.]+),(-?[\d.]+)", edge["path"]):
            assert 0 <= float(x) <= found["width"]
            assert 0 <= float(y) <= found["height"]
    assert found["width"] <= 2200
    assert found["height"] <= 2500


@names
def test_arrows_end_at_their_boxes(name: str) -> None:
    result, found = EXAMPLES[name], picture(EXAMPLES[name])
    at = dict(zip([node.index for node in result.graph.nodes], boxes(found["nodes"]), strict=True))
    for edge in found["edges"]:
        source, user = (int(part) for part in edge["id"].split("-")[1:])
        spots = [(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+),(-?[\d.]+)", edge["path"])]
        assert abs(spots[0][0] - at[source].right) < 0.2
        assert at[source].top < spots[0][1] < at[source].bottom
        assert abs(spots[-1][0] - at[user].left) < 1.5
        assert at[user].top < spots[-1][1] < at[user].bottom


def test_the_numbers_are_on_it() -> None:
    text = "".join(ElementTree.fromstring(diagram(EXAMPLES["shared"])).itertext())
    for part in ("v₁ = sin(x)", "3.819", "∂ 1.077", "← −0.8323", "−0.4161"):
        assert part in text


def test_inputs_stand_left_of_what_reads_them() -> None:
    result = EXAMPLES["network"]
    at = boxes(picture(result)["nodes"])
    assert all(at[source].right < at[node.index].left for node in result.graph.nodes for source in node.inputs)


def test_it_reads_in_black_and_white() -> None:
    for colour in re.findall(r"#([0-9a-fA-F]{3})\b", diagram(EXAMPLES["softmax"])):
        assert len(set(colour)) == 1


def test_long_operations_are_cut_and_names_escaped() -> None:
    form = Add(tuple(Mul((Sym(f"w_{k}"), Sym(f"x_{k}"))) for k in range(1, 9)))
    assert "…" in diagram(backprop(form, dict.fromkeys(form.free, 1)))
    hostile = Mul((Sym("<a&b>"), Sym("x")))
    text = diagram(_with_letter(hostile))
    assert "<a&b>" not in text
    ElementTree.fromstring(text)


def _with_letter(form: Form) -> Backprop:
    """A letter that no reader would make."""
    from tutor.calculus.graph import backprop as engine

    point = {"<a&b>": read("1"), "x": read("2")}
    graph = engine.network(form, letters=tuple(point))
    sweep = engine._swept(graph, point, tuple(point))
    return Backprop(form, graph, point, tuple(point), engine.RATE, *sweep.amounts(), balls=sweep)


def test_what_stopped_has_no_derivatives() -> None:
    text = diagram(EXAMPLES["stopped"])
    assert "∂" not in re.sub(r"<title>.*?</title>|<desc.*?</desc>", "", text)
    assert "The sweep stops" in text


def test_a_picture_that_nobody_could_read_is_refused() -> None:
    form = Add(tuple(Mul((Sym(f"w_{k}"), Sym(f"x_{k}"))) for k in range(200)))
    with pytest.raises(RequestError, match="601 nodes"):
        diagram(backprop(form, dict.fromkeys(form.free, 1)))


@given(functions)
def test_any_function_has_a_picture(form: Form) -> None:
    found = picture(backprop(form, dict.fromkeys(form.free, "1/3")))
    for one, other in combinations(boxes(found["nodes"]), 2):
        assert not one.meets(other)


# -- places ------------------------------------------------------------------------------------------


@st.composite
def graphs(draw: st.DrawFn) -> tuple[int, list[tuple[int, int]]]:
    count = draw(st.integers(1, 25))
    edges = [(source, user) for user in range(1, count) for source in sorted(draw(st.sets(st.integers(0, user - 1), max_size=4)))]
    return count, edges


@given(graphs(), st.lists(st.tuples(st.floats(20, 200), st.floats(20, 90)), min_size=25, max_size=25))
def test_any_graph_is_laid_out_from_left_to_right(graph: tuple[int, list[tuple[int, int]]], sizes: list[tuple[float, float]]) -> None:
    count, edges = graph
    place = arranged(edges, sizes[:count])
    assert all(place.columns[source] < place.columns[user] for source, user in edges)
    assert not any(one.meets(other) for one, other in combinations(place.boxes.values(), 2))
    for (source, user), bends in place.bends.items():
        assert len(bends) == place.columns[user] - place.columns[source] - 1
        inside = [place.boxes[source].x, *(x for x, _, row in bends if row == place.rows[source])]
        assert all(left < right for left, right in pairwise(inside))
        assert not any(box.left < x < box.right and box.top < y < box.bottom for x, y, _ in bends for box in place.boxes.values())


def test_a_chain_is_straight() -> None:
    edges = [(k, k + 1) for k in range(8)]
    assert len({round(box.y, 6) for box in arranged(edges, [(60, 40)] * 9).boxes.values()}) == 1


def test_a_long_chain_is_broken_into_rows() -> None:
    edges = [(k, k + 1) for k in range(30)]
    place = arranged(edges, [(60, 40)] * 31)
    assert 3 <= max(place.rows.values()) + 1 <= 5
    assert max(box.right for box in place.boxes.values()) < 9 * (60 + 90)


@pytest.mark.skipif(shutil.which("chromium") is None, reason="no chromium here")
def test_a_browser_draws_it(tmp_path: Path) -> None:
    source, shot = tmp_path / "graph.svg", tmp_path / "graph.png"
    source.write_text(diagram(EXAMPLES["expression"]), encoding="utf-8")
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", f"--screenshot={shot}", source.as_uri()]
    done = subprocess.run([*command[:1], f"--user-data-dir={tmp_path / 'profile'}", *command[1:]], capture_output=True, timeout=120, check=False)
    assert done.returncode == 0
    assert shot.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    assert shot.stat().st_size > 4000
