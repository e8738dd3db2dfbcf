"""Submissions: every row of a file comes once, whatever the others are like; and what is written is harmless."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.autograde.result import Result
from tutor.autograde.rows import LONGEST_ROW, Row, csv_table, jsonl_table
from tutor.autograde.written import Layout, harmless
from tutor.errors import RequestError

HEAD = b"student,question,answer\n"


def answers(content: bytes) -> list[tuple[str, str]]:
    return [(row.answer, row.trouble[:11]) for row in csv_table(io.BytesIO(content), "f.csv").rows]


@given(st.lists(st.tuples(*[st.text(st.characters(codec="utf-8", exclude_characters="\r\x00"), max_size=20)] * 3), max_size=20))
def test_what_the_csv_module_writes_is_read(rows: list[tuple[str, str, str]]) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows([("student", "question", "answer"), *rows])
    found = list(csv_table(io.BytesIO(stream.getvalue().encode()), "f.csv").rows)
    assert [row.cells for row in found] == rows
    assert not any(row.trouble for row in found)


@given(st.lists(st.binary(max_size=60), max_size=30))
def test_good_rows_survive_among_bad_ones(lines: list[bytes]) -> None:
    content = HEAD + b"\n".join(line.replace(b"\n", b"").replace(b"\r", b"") + b"\n" + b"good,q,%d" % k for k, line in enumerate(lines))
    plain = [line for line in content.split(b"\n")[1:] if b'"' not in line]
    found = [row.answer for row in csv_table(io.BytesIO(content), "f.csv").rows if row.student == "good" and not row.trouble]
    if len(plain) == 2 * len(lines):  # a quotation mark may take lines into its cell
        assert found[: len(lines)] == [str(k) for k in range(len(lines))]


@pytest.mark.parametrize("encoded", [("é²".encode(), "é²"), (b"\xe9\xb2", "é²"), (b"\x81", "\x81"), (b"x\x00y", "x\x00y")])
def test_encodings_line_by_line(encoded: tuple[bytes, str]) -> None:
    line, text = encoded
    assert answers(HEAD + b"a,q," + line + b"\nb,q,x\xc2\xb2\n") == [(text, ""), ("x²", "")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-8"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_marks_ends_and_separators(encoding: str, end: str, separator: str) -> None:
    lines = [["student", "question", "answer"], ["ann", "q", "x²"], ["bob", "q", "2x"]]
    content = end.join(separator.join(line) for line in lines).encode(encoding)
    assert answers(content) == [("x²", ""), ("2x", "")]


def test_a_quotation_mark_that_is_never_closed_takes_no_other_row() -> None:
    lines = [f"s{k},q,{k}" for k in range(1000)]
    lines[10] = 's10,q,"2x'
    found = answers(HEAD + "\n".join(lines).encode())
    assert len(found) == 1000
    assert [answer for k, (answer, _) in enumerate(found) if k != 10] == [str(k) for k in range(1000) if k != 10]
    assert found[10][0].strip('"') == "2x"


def test_ragged_rows_are_kept_with_what_is_wrong() -> None:
    assert answers(HEAD + b"a,q\nb,q,1,2\nc,q,3\n\n") == [("", "the row has"), ("1", "the row has"), ("3", "")]


def test_long_lines_are_cut_and_the_next_row_is_whole() -> None:
    for encoding in ("utf-8", "utf-16"):
        content = f"student,question,answer\na,q,{'x' * (9 * LONGEST_ROW)}\nb,q,2x\nc,q,{'x' * LONGEST_ROW}\nd,q,{'x' * (LONGEST_ROW - 2)}".encode(encoding)
        found = list(csv_table(io.BytesIO(content), "f.csv").rows)
        assert [(row.student, len(row.answer), row.trouble) for row in found] == [
            ("a", 200, f"the row has more than {LONGEST_ROW:,} characters"), ("b", 2, ""), ("c", 200, f"the row has more than {LONGEST_ROW:,} characters"),
            ("d", LONGEST_ROW - 2, ""),
        ]  # fmt: skip


@pytest.mark.parametrize("head", [b"", b"\n", b"name,task\n", b"student,answer\n", b"answer,question,answer\n", b"\x00\x01\x02", b'"', b"x" * 500_000, b"," * 2_000 + b"answer,question", "student,question,answer".encode("utf-16-le")])
def test_a_file_without_its_columns_is_refused(head: bytes) -> None:
    with pytest.raises(RequestError):
        csv_table(io.BytesIO(head), "f.csv")


def test_a_hint_for_spreadsheets_and_bars() -> None:
    assert [row.answer for row in csv_table(io.BytesIO(b"sep=;\nstudent;question;answer\na;q;1,5\n"), "f.csv").rows] == ["1,5"]
    assert [row.answer for row in csv_table(io.BytesIO(b"student|question|answer\na|q|1,5\n"), "f.csv").rows] == ["1,5"]


def test_json_lines() -> None:
    lines = [
        '{"student": 7, "question": "q", "answer": "2x"}', "nonsense", "[1]", '{"student": "b", "question": "q", "answer": 1e5000}', '{"question": "q"}',
        '{"student": null, "question": "q", "answer": ["a", true]}', '{"question": "q", "answer": "\\ud800", "student": "c"}', "[" * 100_000,
        '{"student": "d", "question": "q", "answer": ' + "9" * 6_000 + "}",
    ]  # fmt: skip
    found = [(row.student, row.answer[:12], bool(row.trouble)) for row in jsonl_table(io.BytesIO("\n".join(lines).encode()), "f.jsonl").rows]
    assert found == [
        ("7", "2x", False), ("", "", True), ("", "", True), ("b", "1e5000", False), ("", "", True), ("", '["a", true]', False), ("c", "?", False), ("", "", True),
        ("d", "9" * 12, False),
    ]  # fmt: skip


# -- what is written -----------------------------------------------------------------------------------


@given(st.text(max_size=30) | st.tuples(st.text(" \t\r\n\x00\u00a0\u200b", max_size=3), st.sampled_from("=+-@＝＋－＠"), st.text(max_size=9)).map("".join))
def test_no_cell_is_a_formula(cell: str) -> None:
    found = harmless(cell)
    bare = "".join(sign for sign in found if sign.isprintable() and sign != "\xa0").lstrip()
    try:
        float(bare.replace(",", "."))
    except ValueError:
        assert not bare.startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
    assert not set(map(chr, range(32))) - set("\t\n") & set(found)


@given(st.lists(st.tuples(st.text(max_size=12), st.text(max_size=12)), max_size=8), st.sampled_from(",;\t"))
def test_the_output_is_a_table(cells: list[tuple[str, str]], separator: str) -> None:
    layout = Layout(("question", "answer"), separator)
    rows = [(Row(pair, "", *pair), Result("wrong", 0.5, "C1", pair[1], ""), 3.0) for pair in cells]
    text = (layout.csv_head() + layout.csv(rows)).decode()
    found = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    assert found[0] == list(layout.names)
    assert [row[:5] for row in found[1:]] == [[harmless(question), harmless(answer), "wrong", "0.5", "1.5"] for question, answer in cells]
    assert [json.loads(line)["answer"] for line in layout.jsonl(rows).decode().split("\n") if line] == [answer for _, answer in cells]


def test_columns_of_an_earlier_run_are_replaced() -> None:
    assert Layout(("answer", "Score", "when")).names == ("answer", "when", "outcome", "score", "points", "finding", "feedback", "evidence")


def test_columns_of_the_same_name_are_all_kept() -> None:
    layout = Layout(("", "answer", "note", "", "note"))
    assert layout.names[:5] == ("", "answer", "note", "2", "note 2")
    assert list(json.loads(layout.jsonl([(Row(("a", "b", "c", "d", "e"), "", "", "b"), Result("right", 1.0), 1.0)])).values())[:5] == ["a", "b", "c", "d", "e"]
