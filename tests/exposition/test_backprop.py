"""What is said of a backpropagation: tables with every node, three levels, faults named, no equation with a rounded number."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tutor.calculus.graph.backprop import Backprop, backprop
from tutor.calculus.graph.presets import model
from tutor.exposition import LEVELS
from tutor.exposition.doc import Doc, Maths, Paragraph, Result, Section, Table
from tutor.exposition.phrases import PHRASES
from tutor.exposition.topics.backprop import count_text, definitions, document, fields
from tutor.form.tree import Form, Num, Relation
from tutor.form.walk import nodes
from tutor.render.text import plain

NEURON = backprop("(y - sigmoid(w*x + b))^2", "x=1, y=0, w=0.5, b=0", ["w", "b"])
RESULTS: dict[str, Backprop] = {
    "neuron": NEURON, "shared": backprop("x*sin(x) + x", "x=2"), "exact": backprop("x^2*y", "x=3, y=1/7"),
    "softmax": backprop(model("softmax")), "network": backprop(model("network", activation="relu")),
    "chain": backprop(model("chain")), "grows": backprop(model("chain", weight=5, activation="identity")), "relus": backprop(model("chain", activation="relu")),
    "stopped": backprop("ln(x)*x", "x=-1"), "corner": backprop("relu(x)*y + x", "x=0, y=1"),
    "worse": backprop("x^2", "x=3", rate="2"), "outside": backprop("ln(x)", "x=1/10", rate="1"), "letter": backprop("x", "x=2"),
}  # fmt: skip


def section(doc: Doc, rule: str) -> Section:
    return next(block for block in doc.walk() if isinstance(block, Section) and block.rule == rule)


def table(doc: Doc, rule: str) -> Table:
    return next(block for block in section(doc, rule).blocks if isinstance(block, Table))


def said(doc: Doc) -> str:
    return re.sub(r"\s+", " ", plain(doc))


@pytest.mark.parametrize("name", RESULTS)
@pytest.mark.parametrize("level", LEVELS)
def test_documents_hold_words_and_forms(name: str, level: Any) -> None:
    doc = document(RESULTS[name], level)
    for block in doc.walk():
        phrases = {
            Paragraph: lambda b: [b.phrase], Section: lambda b: [b.heading], Maths: lambda b: [(b.form,), b.note], Result: lambda b: [(b.form,)],
            Table: lambda b: [b.caption, *b.header, *(cell for row in b.rows for cell in row)],
        }[type(block)](block)  # fmt: skip
        for part in (part for phrase in phrases for part in phrase):
            assert isinstance(part, str | Form)
            assert "{{" not in str(part)
            assert "None" not in str(part)
    assert plain(doc).isascii()


@pytest.mark.parametrize("name", ["neuron", "shared", "exact", "softmax", "network"])
def test_both_tables_have_every_node(name: str) -> None:
    result = RESULTS[name]
    doc = document(result)
    names = [str(node.symbol) for node in result.graph.nodes]
    assert [str(row[0][0]) for row in table(doc, "forward").rows] == names
    backward = table(doc, "backward").rows
    assert sorted(str(row[0][0]) for row in backward) == sorted(names)
    place = {str(row[0][0]): k for k, row in enumerate(backward)}
    for node in result.graph.operations:  # a node comes after all that use it
        assert all(place[result.graph.nodes[user].name] < place[node.name] for user in result.graph.users[node.index])


def test_the_numbers_stand_in_the_tables() -> None:
    doc = document(NEURON)
    forward = {str(row[0][0]): str(row[2][0]) for row in table(doc, "forward").rows}
    backward = {str(row[0][0]): (str(row[1][0]), str(row[2][0])) for row in table(doc, "backward").rows}
    assert (forward["v_3"], forward["L"]) == ("0.622459", "0.387456")
    assert backward["v_3"] == ("partial(L, v_4)*(-1)", "1.24492")
    assert backward["w"] == ("partial(L, v_1)*x", "0.292561")
    assert [str(cell[0]) for cell in table(doc, "step").rows[0]] == ["w", "0.5", "0.292561", "0.470744"]


@pytest.mark.parametrize("name", RESULTS)
@pytest.mark.parametrize("level", LEVELS)
def test_no_equation_with_a_rounded_number(name: str, level: Any) -> None:
    """What is displayed as an equation holds exactly; rounded numbers stand in tables and behind the word about."""
    rounded = {found.shown for found in (*RESULTS[name].values, *RESULTS[name].adjoints) if found is not None and not found.is_short}
    for block in document(RESULTS[name], level).walk():
        if isinstance(block, Maths) and isinstance(block.form, Relation):
            assert rounded.isdisjoint(part for part in nodes(block.form) if not isinstance(part, Num) or part.places)


def test_rounded_numbers_in_sentences_say_so() -> None:
    text = said(document(NEURON, "brief"))
    assert "about 0.292561" in text
    assert said(document(RESULTS["exact"], "brief")).count("about") == 1  # the new loss


def test_more_is_said_level_by_level() -> None:
    sizes = [len(plain(document(NEURON, level))) for level in LEVELS]
    assert sizes == sorted(sizes)
    full = document(NEURON, "full")
    kinds = [block for block in full.walk() if isinstance(block, Section) and block.rule == "local"]
    assert len(kinds) == len(NEURON.kinds)
    assert {block.rule for block in full.walk() if isinstance(block, Section)} >= {"sum", "multiple", "power"}


def test_paths_stand_with_their_products() -> None:
    lines = [plain(Doc((), (block,))) for block in section(document(RESULTS["shared"]), "paths").blocks]
    assert "x -> v_1 -> v_2 -> L: cos(x)*x*1 is about -0.832294" in lines
    assert "x -> L: 1" in lines
    assert "36 paths lead to L" in said(document(RESULTS["softmax"]))


def test_what_softmax_is_about() -> None:
    doc = document(RESULTS["softmax"])
    for row in table(doc, "softmax").rows:
        probability, target, slope = (float(str(cell[0])) for cell in row[1:])
        assert slope == pytest.approx(probability - target, abs=2e-6)
    assert "minus the target" in said(doc)
    scaled = said(document(backprop(model("softmax"), "y_2=1")))
    assert "The targets sum to 2 here" in scaled
    assert "e^z_1/(e^z_1 + e^z_2 + e^z_3)" in plain(document(RESULTS["softmax"], "full"))


def test_what_a_chain_leaves() -> None:
    text = said(document(RESULTS["chain"]))
    assert "never more than 1/4" in text
    assert "at most about 9.53674*10^(-7); here about 3.48312*10^(-7) is left" in text
    assert "vanishes" in text
    grown = said(document(RESULTS["grows"]))
    assert "the factor is 9765625" in grown
    assert "explodes" in grown
    assert "it rose" in grown
    assert "0 or 1" in said(document(RESULTS["relus"]))
    assert "never negative" in said(document(RESULTS["chain"], "full"))


def test_where_it_stops_is_named() -> None:
    text = said(document(RESULTS["stopped"]))
    assert "The forward pass stops at v_1 = ln(x): with x = -1 it has no real value." in text
    assert "Backward pass" not in text
    corner = said(document(RESULTS["corner"]))
    assert "The backward pass stops at v_1 = relu(x): with x = 0 it has a value, but no derivative by x." in corner
    assert said(document(RESULTS["stopped"], "brief")).endswith("here.")


def test_what_the_step_did() -> None:
    assert "it fell" in said(document(NEURON))
    assert "try a smaller rate" in said(document(RESULTS["worse"]))
    assert "it has no value" in said(document(RESULTS["outside"]))


def test_all_letters_are_said_to_count() -> None:
    assert "all of them count: x and y" in said(document(RESULTS["exact"]))
    assert "all of them count" not in said(document(NEURON))


def test_a_model_is_defined_line_by_line() -> None:
    lines = [str(line) for line in definitions(RESULTS["network"])]
    assert lines[0] == "z_1 = w_11*x_1 + w_12*x_2 + b_1"
    assert lines[-2:] == ["p = u_1*a_1 + u_2*a_2 + u_3*a_3 + c", "L = (p - y)^2"]


def test_the_chain_rule_of_a_neuron() -> None:
    doc = document(backprop(model("neuron")))
    (line,) = [block.form for block in section(doc, "chain").blocks if isinstance(block, Maths)]
    assert str(line) == "partial(L, w_1) = partial(L, a)*partial(a, z)*partial(z, w_1)"


def test_long_tables_are_cut() -> None:
    result = backprop(model("chain", layers=60))
    doc = document(result)
    assert len(table(doc, "forward").rows) < 60
    assert "--format json has them all" in said(doc)
    assert len(fields(result)["nodes"]) == len(result.graph.nodes)


def test_the_typed_name_is_kept() -> None:
    from tutor import read

    typed = read("J = (y - w*x)^2")
    result = backprop(typed, "x=1, y=2, w=3")
    assert str(document(result, "normal", typed).title[0]) == "J = (y - w*x)^2"
    assert result.graph.output.name == "J"


@pytest.mark.parametrize(("count", "text"), [(1, "1"), (10**9 - 1, "999999999"), (2**100, "about 1.3e30"), (2**5000, "about 1.4e1505"), (10**12, "about 1.0e12")])
def test_numbers_of_paths(count: int, text: str) -> None:
    assert count_text(count) == text


def test_every_sentence_is_used() -> None:
    """Each id of the file stands in the code, whole or by its last part."""
    from pathlib import Path

    import tutor

    folder = Path(tutor.__file__).parent
    code = "".join((folder / name).read_text(encoding="utf-8") for name in ("exposition/topics/backprop.py", "render/diagram.py"))
    table_ = PHRASES._table("backprop")
    for key, value in table_.items():
        if isinstance(value, dict) and key not in ("title",):
            assert all(f"{key}.{part}" in code or f'"{part}"' in code or f"{key}.{{" in code for part in value), key
        elif isinstance(value, str):
            assert f'"{key}"' in code, key
