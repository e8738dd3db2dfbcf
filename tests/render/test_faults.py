"""Errors as lines: the caret stands under the place, whatever the text is."""

from __future__ import annotations

import json

import pytest

from tutor.errors import LimitError, ReadError, RequestError, TutorError
from tutor.form.reading import read
from tutor.render.faults import fault_data, fault_lines
from tutor.render.signs import columns


def test_the_sample_of_the_voice() -> None:
    with pytest.raises(ReadError) as caught:
        read("2*(x+1")
    assert fault_lines(caught.value) == [
        "Cannot read the expression: the bracket opened at column 3 is not closed.",
        "    2*(x+1",
        "      ^    expected )",
        "Did you mean 2*(x+1) ?",
    ]


def fault(text: str, start: int, stop: int, **more: str) -> ReadError:
    return ReadError("kind", "this is wrong", text, (start, stop), **more)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (fault("sinn(x)", 0, 4), ["    sinn(x)", "    ^^^^"]),
        (fault("x\t+\n*3", 4, 5), ["    x⇥+↵*3", "        ^"]),
        (fault("変数+*", 3, 4), ["    変数+*", "         ^"]),
        (fault("変+", 0, 1), ["    変+", "    ^^"]),
        (fault("e\u0301+*", 3, 4), ["    e\u0301+*", "      ^"]),
        (fault("x\x1b[2J", 1, 2), ["    x␛[2J", "     ^"]),
        (fault("x^", 2, 2), ["    x^", "      ^"]),
        (fault("x^", 9, 99), ["    x^", "      ^"]),
        (fault("", 0, 0, expected="an expression"), ["Expected an expression."]),
        (fault(" ", 0, 1), []),
        (fault("a;b", 1, 2, expected="one thing", suggestion="(a;b)", advice="Use brackets."),
         ["    a;b", "     ^    expected one thing", "Did you mean (a;b) ?", "Use brackets."]),
    ],
)  # fmt: skip
def test_the_caret(error: ReadError, expected: list[str]) -> None:
    found = fault_lines(error)
    assert found[0] == "Cannot read the expression: this is wrong."
    assert found[1:] == expected


@pytest.mark.parametrize("length", [1, 40, 71, 72, 75, 76, 77, 80, 200, 5_000])
@pytest.mark.parametrize("where", [0.0, 0.3, 0.5, 1.0])
@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("ascii_only", [False, True])
def test_a_long_text_is_cut_around_the_place(length: int, where: float, wide: bool, ascii_only: bool) -> None:
    place = int(where * (length - 1))
    filler = "変" if wide else "x"
    text = filler * place + "@" + filler * (length - place - 1)
    found = fault_lines(fault(text, place, place + 1, expected="an operator", suggestion=text.replace("@", "+")), ascii_only=ascii_only)
    assert max(map(columns, found)) <= 80
    line, caret = found[1], found[2]
    before = line[: line.index("@")]
    assert caret.index("^") == columns(before)
    assert caret.count("^") == 1


@pytest.mark.parametrize("width", [30, 50, 80])
def test_ascii_only(width: int) -> None:
    found = fault_lines(fault("α+é*→\u202e", 2, 3, suggestion="α", advice="Not − here…"), width, ascii_only=True)
    assert all(line.isascii() and line.isprintable() and len(line) <= width for line in found)


def test_limits_and_requests() -> None:
    assert fault_lines(LimitError("size", "more than 9 parts", advice="Name a part.")) == [
        "This is more than the tutor takes on: more than 9 parts.", "Name a part.",
    ]  # fmt: skip
    assert fault_lines(RequestError("variable", "there is no x in y")) == ["There is no x in y."]
    assert fault_lines(TutorError("kind", "")) == ["."]


def test_data_is_json() -> None:
    error = fault("x+*", 2, 3, expected="a number", suggestion="x")
    assert json.loads(json.dumps(fault_data(error))) == {
        "kind": "kind", "message": "this is wrong", "advice": "", "text": "x+*", "span": [2, 3], "expected": "a number", "suggestion": "x",
    }  # fmt: skip
    assert set(fault_data(RequestError("variable", "no x"))) == {"kind", "message", "advice"}
