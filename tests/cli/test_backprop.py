"""`tutor backprop`: expressions and presets, every format, the picture in a file, wrong input."""

from __future__ import annotations

import json
import math
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.command import FORMATS, tutor, written
from tests.cli.test_json import checked
from tutor import read

NEURON = ("(y - sigmoid(w*x + b))^2", "--at", "x=1,y=0,w=0.5,b=0", "--wrt", "w,b")
LINES = [
    NEURON, ("--preset", "neuron", "--inputs", "2", "--activation", "relu"), ("--preset", "network", "--inputs", "2", "--hidden", "3"),
    ("--preset", "softmax", "--inputs", "2", "--classes", "3"), ("--preset", "chain", "--layers", "10", "--weight", "5", "--activation", "identity"),
    ("-x^2*y", "--at", "x=-3,y=1/2", "--rate", "1/100"), ("ln(x)*x", "--at", "x=-1"), ("relu(x)", "--at", "x=0"), ("--preset", "softmax", "--at", "y_2=1,x_1=pi"),
]  # fmt: skip


@pytest.mark.parametrize("line", LINES, ids=" ".join)
def test_the_json_fits_its_schema_and_is_proved(line: tuple[str, ...]) -> None:
    data = json.loads(written("backprop", *line, "--format", "json"))
    checked("backprop", data)
    assert data["proved"]
    for node in data["nodes"]:
        read(node["operation"])
    assert {edge["from"] for edge in data["edges"]} | {edge["to"] for edge in data["edges"]} <= {node["name"] for node in data["nodes"]}


@pytest.mark.parametrize("line", LINES, ids=" ".join)
@pytest.mark.parametrize("format", FORMATS)
def test_every_format(line: tuple[str, ...], format: str) -> None:
    text = written("backprop", *line, "-f", format)
    assert text.strip()
    if format in ("terminal", "plain"):
        assert all(len(one) <= 80 for one in text.splitlines())
    assert format != "plain" or text.isascii()


def test_the_data_of_a_neuron() -> None:
    data = json.loads(written("backprop", *NEURON, "-f", "json"))
    nodes = {node["name"]: node for node in data["nodes"]}
    assert nodes["L"]["inputs"] == ["v_4"]
    a = 1 / (1 + math.exp(-0.5))
    assert nodes["w"]["derivative"]["value"] == pytest.approx(2 * a * a * (1 - a), rel=1e-15)
    assert nodes["v_1"]["value"] == {"value": 0.5, "digits": "0.5", "exact": "1/2"}
    assert {"from": "v_4", "to": "L", "local": "2*v_4"}.items() <= data["edges"][-1].items()
    assert (data["update"]["change"], data["variables"], data["every"], data["fault"]) == ("fell", ["w", "b"], False, None)
    gradient = {move["letter"]: move for move in data["update"]["moves"]}
    assert gradient["w"]["new"]["value"] == pytest.approx(0.5 - 0.1 * gradient["w"]["derivative"]["value"])


def test_what_stopped_is_data() -> None:
    data = json.loads(written("backprop", "relu(x)*y", "--at", "x=0,y=1", "-f", "json"))
    assert (data["fault"], data["update"]) == ({"node": "v_1", "by": "x", "beyond": False}, None)


def test_the_levels() -> None:
    sizes = [len(written("backprop", *NEURON, "--level", level)) for level in ("brief", "normal", "full")]
    assert sizes == sorted(sizes)
    assert "every line proved" in written("backprop", *NEURON, "--level", "brief")


def test_the_picture(tmp_path: Path) -> None:
    file = tmp_path / "graph.svg"
    assert written("backprop", *NEURON, "--diagram", str(file)) == written("backprop", *NEURON)
    assert ElementTree.parse(file).getroot().tag.endswith("svg")


def test_a_picture_that_cannot_be_written(tmp_path: Path) -> None:
    result = tutor("backprop", *NEURON, "--diagram", str(tmp_path / "no" / "graph.svg"))
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_a_point_changes_a_model() -> None:
    data = json.loads(written("backprop", "--preset", "chain", "--layers", "2", "--at", "w_1=3", "--wrt", "w_1", "-f", "json"))
    assert data["point"]["w_1"] == "3"
    assert data["variables"] == ["w_1"]
    assert data["model"]["options"] == {"layers": "2", "weight": "1", "activation": "sigmoid"}


@pytest.mark.parametrize(("line", "part"), [
    ((), "neither an expression nor a preset"), (("x", "--preset", "neuron"), "only one of them"), (("x", "--hidden", "3"), "--hidden belongs to a model"),
    (("--preset", "neuron", "--inputs", "0"), "from 1 to 50"), (("--preset", "softmax", "--classes", "1"), "from 2 to 9"), (("--preset", "cat"), "no preset 'cat'"),
    (("--preset", "neuron", "--activation", "cat"), "no activation 'cat'"), (("--preset", "softmax", "--activation", "relu"), "no option --activation"),
    (("--preset", "chain", "--layers", "100000"), "from 1 to 120"), (("--preset", "chain", "--weight", "x"), "no number"), (("--preset", "neuron", "--at", "q=1"), "no letter q"),
    (("x*y", "--at", "x=1"), "no value for y"), (("x*y",), "no value for x, y"), (("x*y", "--at", "x=1,y=2", "--wrt", "z"), "no letter"),
    (("x*y", "--at", "x=1,y=2", "--rate", "0"), "positive number"), (("x*(y", "--at", "x=1,y=2"), "not closed"), (("x^2 = 4", "--at", "x=1"), "equation"),
    (("f(x)", "--at", "x=1"), "no place in the graph"), (("5", "--at", "x=1"), "no letters"), (("--preset", "neuron", "--inputs", "two"), "not a valid integer"),
])  # fmt: skip
def test_wrong_input(line: tuple[str, ...], part: str) -> None:
    result = tutor("backprop", *line)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert part in " ".join(result.stderr.split())


def test_from_standard_input() -> None:
    assert written("backprop", "-", "--at", "x=2", typed="x*sin(x) + x") == written("backprop", "x*sin(x) + x", "--at", "x=2")
