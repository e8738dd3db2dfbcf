"""YAML's traps: each is refused or read as the text that stands there, with line and column; hostile files end at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.timing import within
from tutor.problems.source import DEEPEST, LONGEST, MOST_NODES, Node, SourceError, parse


def text_of(line: str) -> str:
    return parse(line, "f.yaml").entries()["a"].text()


@pytest.mark.parametrize("text", ["no", "off", "yes", "True", "~", "null", "010", "12:30", "1e3", "0x1F", "2024-01-01", ".5", "+1", "1_000", "NaN", "=", "x^2"])
def test_a_scalar_is_the_text_that_stands_there(text: str) -> None:
    assert text_of(f"a: {text}") == text


@given(st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=20))
def test_quoted_text_is_kept(text: str) -> None:
    quoted = "'" + text.replace("'", "''") + "'"
    assert text_of(f"a: {quoted}") == text


@pytest.mark.parametrize(
    ("file", "line", "column"),
    [
        ("a: *p", 1, 4), ("a: &x 1", 1, 4), ("a: !x 1", 1, 4), ("a: !!python/object:os.system 1", 1, 4), ("x: 1\na: %d", 2, 4),
        ("a: `b", 1, 4), ("a: @b", 1, 4), ("a: 1\nb: 2\na: 3", 3, 1), ("a: {b: 1, b: 2}", 1, 11), ("? [1, 2]\n: 3", 1, 3), ("a: [1, 2", 1, 9),
        ("a: |x|\n  1", 1, 5), ("- 1\nb: 2", 2, 1), ("a: 1\n\tb: 2", 2, 1), ("", 1, 1), ("<<: *a", 1, 5), ("a: b: c", 1, 5),
    ],
)  # fmt: skip
def test_what_is_no_plain_yaml_is_refused_with_its_place(file: str, line: int, column: int) -> None:
    with pytest.raises(SourceError) as caught:
        parse(file, "f.yaml").entries()
    assert (caught.value.line, caught.value.column) == (line, column)
    assert caught.value.place == f"f.yaml, line {line}, column {column}"


def test_a_comment_behind_a_formula_is_cut_as_yaml_does_and_a_hash_within_one_is_kept() -> None:
    assert text_of("a: 2*x # twice") == "2*x"
    assert text_of("a: 2*x#y") == "2*x#y"


def test_several_documents_are_refused() -> None:
    with pytest.raises(SourceError):
        parse("a: 1\n---\nb: 2", "f.yaml")


HOSTILE = {
    "alias bomb": "a: &a [x, x]\n" + "\n".join(f"b{k}: &b{k} [*a, *a, *a]" for k in range(50)),
    "deep flow": "a: " + "[" * 5_000 + "]" * 5_000,
    "deep blocks": "\n".join("  " * k + "a:" for k in range(60)),
    "too many entries": "\n".join(f"k{k}: 1" for k in range(MOST_NODES)),
    "too long": "a: " + "x" * LONGEST,
    "object": "a: !!python/object/apply:os.system ['true']",
    "binary": "a: \x00\x01",
    "control": "a: \x1b[2J",
    "surrogate": "a: \ud800",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_soon(name: str) -> None:
    with within(5), pytest.raises(SourceError):
        parse(HOSTILE[name], "f.yaml")


def test_nesting_up_to_the_limit_is_read() -> None:
    assert parse("[" * DEEPEST + "]" * DEEPEST, "f.yaml").items() == parse("[" * DEEPEST + "]" * DEEPEST, "f.yaml").items()


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found: Node | SourceError = parse(text, "f.yaml")
    except SourceError as fault:
        found = fault
    assert found.line >= 1
    assert found.column >= 1


@given(st.text("0123456789-+.eE_ ٣²", min_size=1, max_size=12))
def test_whole_numbers_are_plain_digits(text: str) -> None:
    node = Node(text, "f.yaml", 1, 1)
    try:
        value = node.whole(-99, 99)
    except SourceError:
        return
    assert text.strip() in (str(value), f"{'-' * text.strip().startswith('-')}{text.strip().lstrip('-')}")
    assert int(text) == value


@given(st.text("0123456789-.e ", min_size=1, max_size=12))
def test_numbers_are_read_as_python_reads_them_or_refused(text: str) -> None:
    try:
        value = Node(text, "f.yaml", 1, 1).number(-1e6, 1e6)
    except SourceError:
        return
    assert float(text) == value


def test_an_unknown_key_is_answered_with_the_nearest_one_and_its_place() -> None:
    with pytest.raises(SourceError) as caught:
        parse("title: x\ndificulty: 1", "f.yaml").entries(("title", "difficulty"))
    assert (caught.value.line, caught.value.advice) == (2, "Did you mean difficulty?")


def test_data_names_file_line_and_column() -> None:
    with pytest.raises(SourceError) as caught:
        parse("a: 1", "f.yaml").entries(("a", "b"), ("b",))
    assert {"file": "f.yaml", "line": 1, "column": 1}.items() <= caught.value.data().items()
