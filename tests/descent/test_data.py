"""Tables: what is written reads back, faults are named where they stand, long tables need little memory, and names become letters."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.descent import data as data_module
from tutor.descent import table as table_module
from tutor.descent.data import DataError, built_in, built_ins, data_set, read_table, table_text
from tutor.descent.table import Keeper, Table, letter
from tutor.errors import RequestError

numbers = st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.integers(-(10**6), 10**6).map(float), st.sampled_from([0.1, 1e-300, -0.0]))
headings = st.lists(st.sampled_from(["size", "price", "x1", "x2", "floor area", "log_price", "Größe", "α", "lot_area_m2", "max", "rooms"]), min_size=1, max_size=5, unique=True)


@st.composite
def tables(draw: st.DrawFn, most: int = 12) -> Table:
    names = draw(headings)
    rows = draw(st.integers(1, most))
    return Table.of({name: draw(st.lists(numbers, min_size=rows, max_size=rows)) for name in names}, "made up")


def same(left: Table, right: Table) -> bool:
    return left.names == right.names and left.rows == right.rows and all(np.array_equal(a, b) for a, b in zip(left.columns, right.columns, strict=True))


def text_of(table: Table, separator: str = ",", ends: str = "\n", quote: bool = False, comma: bool = False, pad: str = "") -> str:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=separator, lineterminator=ends, quoting=csv.QUOTE_ALL if quote else csv.QUOTE_MINIMAL)
    writer.writerow(table.headings)
    for row in zip(*(column.tolist() for column in table.columns), strict=True):
        cells = [repr(value) for value in row]
        writer.writerow([pad + (cell.replace(".", ",") if comma else cell) + pad for cell in cells])
    return stream.getvalue()


def fault(text: str, wanted: list[str] | None = None) -> DataError:
    with pytest.raises(DataError) as raised:
        read_table(io.StringIO(text), wanted)
    json.dumps(raised.value.data())
    assert raised.value.message
    return raised.value


# -- what is written reads back ----------------------------------------------------------------------


@given(tables())
def test_a_table_reads_back(table: Table) -> None:
    assert same(read_table(io.StringIO(table_text(table))), table)


@given(tables(), st.sampled_from([",", ";", "\t"]), st.sampled_from(["\n", "\r\n"]), st.booleans(), st.booleans(), st.sampled_from(["", " "]))
def test_in_every_dialect(table: Table, separator: str, ends: str, quote: bool, mark: bool, pad: str) -> None:
    comma = separator == ";" and len(table.names) > 1
    if len(table.names) == 1:
        separator = ","
    text = text_of(table, separator, ends, quote, comma, pad)
    assert same(read_table(io.StringIO("\ufeff" * mark + text)), table)


@given(tables(), st.data())
def test_wanted_columns_are_those_of_the_whole(table: Table, data: st.DataObject) -> None:
    wanted = data.draw(st.lists(st.sampled_from(table.headings), min_size=1, unique=True))
    some = read_table(io.StringIO(table_text(table)), wanted)
    assert some.headings == tuple(wanted)
    assert all(np.array_equal(some.column(name), table.column(name)) for name in wanted)


def test_other_columns_may_hold_anything() -> None:
    table = read_table(io.StringIO('city,size,"note, long",price\n"Bern, old",50,nan,100\n,100,,200\n'), ["size", "price"])
    assert table.column("price").tolist() == [100, 200]


def test_columns_are_found_by_heading_word_and_letter() -> None:
    text = "floor area,x1\n1,2\n"
    for names in (["floor area", "x1"], ["floor_area", "x_1"]):
        assert read_table(io.StringIO(text), names).names == ("floor_area", "x_1")
    assert read_table(io.StringIO(text), lambda found: found[1:]).names == ("x_1",)


def test_empty_lines_may_end_a_file_and_a_last_line_needs_no_end() -> None:
    assert read_table(io.StringIO("a,b\n1,2\n\n\n")).rows == 1
    assert read_table(io.StringIO("a,b\n1,2")).rows == 1


def test_arrays_cannot_be_written_to() -> None:
    table = built_in("houses")
    with pytest.raises(ValueError, match="read-only"):
        table.columns[0][0] = 7


# -- faults ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "row", "column"),
    [
        ("", "header", 1, ""),
        ("\n1,2\n", "header", 1, ""),
        ("1,2\n3,4\n", "header", 1, ""),
        ("1.5,-2e3\n", "header", 1, ""),
        ("a,b\n", "row", 2, ""),
        ("a,b\n1\n", "row", 2, ""),
        ("a,b\n1,2\n1,2,3\n", "row", 3, ""),
        ("a,b\n1,2\n\n3,4\n", "row", 3, ""),
        ('a,b\n1,2\n1,"2\n3,4\n', "row", 3, ""),
        ("a,b\n1,\n", "cell", 2, "b"),
        ("a,b\n1, \n", "cell", 2, "b"),
        ("a,b\n1,2\n3,red\n", "cell", 3, "b"),
        ("a,b\n1,1e999\n", "cell", 2, "b"),
        ("a;b\n1,5;2\n1.5;2\n", "cell", 3, "a"),
        ("a;b\n1;1.234,5\n", "cell", 2, "b"),
        ("a,a\n1,2\n", "name", None, "a"),
        ("a b,a_b\n1,2\n", "name", None, "a_b"),
        ("a,e\n1,2\n", "name", None, "e"),
        ("a,2020\n1,2\n", "name", None, "'2020'"),
        ("a,\n1,2\n", "name", None, "''"),
        ("a\0,b\n1,2\n", "encoding", None, ""),
        ("a,b\n1," + "2" * 100_001, "size", 2, ""),
        ("a,b\n1," + "2" * 400, "cell", 2, "b"),
    ],
)
def test_faults_have_a_place(text: str, kind: str, row: int | None, column: str) -> None:
    found = fault(text)
    assert (found.kind, found.row, found.column) == (kind, row, column)
    assert found.advice
    assert found.expected


@pytest.mark.parametrize("cell", ["nan", "NaN", "inf", "-Infinity", "1_000", "0x10", "0b1", "٣", "１２", "1e", "--1", "1e5.5", "1 000", "'5", "$5", "5%", "5 kg", "True", "1j", "n/a", "#REF!", "=1+1", "__import__('os')", "1;2", "\x1b[2J"])
def test_what_is_no_number_on_paper_is_refused(cell: str) -> None:
    found = fault(f"a,b\n1,2\n3,{cell}\n5,6\n")
    assert (found.kind, found.row, found.column) == ("cell", 3, "b")
    assert found.found.strip() == cell.strip()
    assert "\x1b" not in found.message


@given(tables(), st.sampled_from(["", "nan", "x", "1_0", "1e400"]), st.data())
def test_the_first_fault_in_reading_order_is_named(table: Table, cell: str, data: st.DataObject) -> None:
    lines = [line.split(",") for line in table_text(table).splitlines()]
    places = data.draw(st.sets(st.tuples(st.integers(1, table.rows), st.integers(0, len(table.names) - 1)), min_size=1, max_size=3))
    for row, column in places:
        lines[row][column] = cell or ('""' if len(table.names) == 1 else "")
    found = fault("\n".join(map(",".join, lines)) + "\n")
    first = min(places)
    assert found.row == first[0] + 1
    assert found.column in (table.headings[first[1]], repr(table.headings[first[1]]))


def test_a_fault_far_down_keeps_its_number() -> None:
    lines = ["a,b", *(f"{k},1" for k in range(20_000)), "7,x", "1,2"]
    assert fault("\n".join(lines)).row == 20_002


@pytest.mark.parametrize(("wanted", "meant"), [("prize", "price"), ("Size", "size"), ("floor", "floor area"), ("flor_area", "floor area")])
def test_a_missing_column_is_met_with_the_one_that_was_meant(wanted: str, meant: str) -> None:
    found = fault("size,price,floor area\n1,2,3\n", [wanted])
    assert found.kind == "column"
    assert meant in found.advice


def test_of_many_columns_with_one_name_none_is_guessed() -> None:
    assert fault("a,a,b\n1,2,3\n", ["a"]).kind == "name"
    assert read_table(io.StringIO("a,a,b\n1,2,3\n"), ["b"]).names == ("b",)


@pytest.mark.parametrize(("content", "kind"), [("größe,b\n1,2\n".encode("latin-1"), "encoding"), ("a,b\n1,2\n".encode("utf-16"), "encoding"), (b"a,b\n1,\xff\n", "encoding"), (b"", "header")])
def test_files_that_are_no_text(tmp_path: Path, content: bytes, kind: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"bad\.csv") as raised:
        read_table(path)
    assert raised.value.kind == kind


def test_the_place_where_a_file_stops_being_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(b"a,b\n" + b"1,2\n" * 30_000 + b"1,\xe4\n")
    with pytest.raises(DataError) as raised:
        read_table(path)
    assert raised.value.row == 30_002


@pytest.mark.parametrize("name", ["nothing", "nothing.csv", "no/such/file.csv", "huoses", "\0", ""])
def test_there_is_no_such_file(name: str) -> None:
    with pytest.raises(DataError) as raised:
        data_set(name)
    assert raised.value.kind == "file"
    assert raised.value.advice


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="directory"):
        data_set(tmp_path)


def test_a_built_in_that_was_taken_for_a_file() -> None:
    with pytest.raises(DataError) as raised:
        data_set("houses.csv")
    assert "houses without an ending" in raised.value.advice


@pytest.mark.parametrize(
    ("columns", "kind"),
    [({}, "header"), ({"a": []}, "row"), ({"a": [1], "b": [1, 2]}, "row"), ({"a": [1, float("nan")]}, "cell"), ({"a": ["x"]}, "cell"), ({"a": [[1]]}, "cell"),
     ({"a": [10**400]}, "cell"), ({"a": [None]}, "cell"), ({"a b": [1], "a_b": [1]}, "name")],
)  # fmt: skip
def test_mappings_are_checked_as_files_are(columns: dict[str, list[float]], kind: str) -> None:
    with pytest.raises(DataError) as raised:
        Table.of(columns)
    assert raised.value.kind == kind


@given(st.text(alphabet='ab,;\t"\n\r 0123456789.-+eEx_ä\0', max_size=60))
def test_any_text_is_a_table_or_a_named_fault(text: str) -> None:
    with contextlib.suppress(DataError):
        table = read_table(io.StringIO(text))
        assert all(np.isfinite(column).all() and len(column) == table.rows > 0 for column in table.columns)


@given(st.lists(st.text(alphabet="0123456789+-.eE ,", max_size=9), min_size=1, max_size=4), st.integers(1, 3))
def test_whole_blocks_are_read_as_records_are(lines: list[str], columns: int) -> None:
    """What is read at once is what is read cell by cell; a file in quotation marks is never read at once."""
    head = ",".join("abc"[:columns])
    plain, quoted = "\n".join([head, *lines]), "\n".join([head, *(",".join(f'"{cell}"' for cell in line.split(",")) if line else "" for line in lines)])
    try:
        table = read_table(io.StringIO(quoted))
    except DataError as error:
        assert fault(plain).kind == error.kind  # noqa: PT017 (the same fault is the law)
    else:
        assert same(read_table(io.StringIO(plain)), table)


def test_one_decimal_sign_in_a_file_however_long() -> None:
    assert fault("a;b\n" + "1.5;2\n" * 9000 + "1,5;2\n").row == 9002


# -- long tables -------------------------------------------------------------------------------------


@given(st.lists(st.lists(st.floats(-1e9, 1e9), min_size=3, max_size=3), min_size=1, max_size=20), st.integers(0, 200))
def test_what_is_kept_in_files_is_the_same(rows: list[list[float]], room: int) -> None:
    keeper = Keeper(3, room)
    for row in rows:
        keeper.add([np.array([value]) for value in row])
    assert np.array_equal(np.array(keeper.columns()).T, np.array(rows))


def test_temporary_files_have_no_name_and_disappear(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_module.tempfile, "tempdir", str(tmp_path))
    keeper = Keeper(2, 0)
    keeper.add([np.arange(1000.0), np.arange(1000.0)])
    columns = keeper.columns()
    assert columns[1][999] == 999
    assert os.name == "nt" or list(tmp_path.iterdir()) == []


def test_too_many_columns_for_files() -> None:
    with pytest.raises(DataError, match="columns"):
        Keeper(1000, 0).add([np.zeros(1)] * 1000)


def test_too_many_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_module, "MOST_NUMBERS", 10)
    assert fault("a,b\n" + "1,2\n" * 20).kind == "size"


LONG = """
import resource, sys
from tutor.descent.data import read_table
rows = int(sys.argv[2])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
table = read_table(sys.argv[1])
assert table.rows == rows and table.column("x4")[rows - 1] == rows - 1
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss is counted in kilobytes there")
def test_a_long_file_is_read_in_little_memory(tmp_path: Path) -> None:
    path, rows = tmp_path / "long.csv", 500_000
    block = 1000
    with path.open("w") as stream:
        stream.write(",".join(f"x{k}" for k in range(10)) + "\n")
        for start in range(0, rows, block):
            stream.write("".join(f"{k},0.5,-1e-3,7,{k},1,2,3,4,5\n" for k in range(start, start + block)))
    done = subprocess.run([sys.executable, "-c", LONG, str(path), str(rows)], capture_output=True, text=True, check=True)
    grown = int(done.stdout) * 1024
    assert grown < 100 * 2**20  # the numbers alone are 40 MB, the file 17 MB, its cells as texts 300 MB


def test_blocks_cover_all_rows_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_module, "RESIDENT", 0)
    keeper = Keeper(1, 0)
    keeper.add([np.arange(5000.0)])
    table = Table(("x",), keeper.columns(), 5000, "made up", ("x",))
    for size in (1, 7, 100, 4999, 5000, 9999):
        assert np.concatenate([table.column("x")[rows] for rows in table.blocks(size)]).tolist() == list(range(5000))


# -- names -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "expected"),
    [("size", "size"), ("x1", "x_1"), ("x_1", "x_1"), (" floor area (m²) ", None), ("floor-area", "floor_area"), ("Price (EUR)", "Price_EUR"), ("age", "age"),
     ("cost", "cost"), ("max", "max"), ("log_price", "log_price"), ("lot_area_m2", "lot_area_m2"), ("θ", "theta"), ("T", "T"), ("i", "i")],
)  # fmt: skip
def test_headings_become_letters(heading: str, expected: str | None) -> None:
    assert letter(heading) == expected if expected else letter(heading).startswith("floor_area")


@pytest.mark.parametrize("heading", ["e", "pi", "π", "infinity", "2020", "", "%", "_", "x" * 100])
def test_headings_that_can_be_no_letter(heading: str) -> None:
    with pytest.raises(DataError) as raised:
        letter(heading)
    assert raised.value.kind == "name"
    assert raised.value.advice


# -- what comes with the tutor -----------------------------------------------------------------------

LAWS = {
    "houses": lambda t: t.column("price") == 2 * t.column("size"),
    "battery": lambda t: t.column("charge") == 100 - 10 * t.column("hours"),
    "coffee": lambda t: t.column("profit") == -20 * t.column("price") ** 2 + 200 * t.column("price") - 300,
    "cookies": lambda t: np.isclose(t.column("quality"), -0.01 * t.column("temperature") ** 2 - 0.5 * t.column("minutes") ** 2 + 3 * t.column("temperature") + 10 * t.column("minutes"), rtol=1e-15),
    "drive": lambda t: t.column("kilometres") == 80 * t.column("hours"),
    "exam": lambda t: np.isin(t.column("passed"), (0, 1)),
    "flats": lambda t: np.abs(t.column("price") - (2 * t.column("size") + 10 * t.column("rooms") - t.column("age") + 40)) < 15,
    "outlier": lambda t: (t.column("y") == 2 * t.column("x")) | (t.column("x") == 5),
    "xor": lambda t: t.column("c") == (t.column("a") != t.column("b")),
}


def test_every_data_set_has_its_law() -> None:
    assert set(built_ins()) == set(LAWS)


@pytest.mark.parametrize("name", sorted(LAWS))
def test_data_sets_say_what_they_should(name: str) -> None:
    assert LAWS[name](data_set(name)).all()


def test_a_folder_of_the_users_own_comes_first(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "houses.csv").write_text("size,price\n1,2\n")
    (tmp_path / "data" / "mine.csv").write_text("a\n1\n")
    assert built_in("houses", own=[tmp_path]).rows == 1
    assert "mine" in built_ins([tmp_path])
    assert isinstance(data_set("mine", own=[tmp_path]), Table)
    with pytest.raises(RequestError):
        built_in("mine")
