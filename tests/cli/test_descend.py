"""`tutor descend`: every command line of its page works, what contradicts itself is refused with a way out, the formats hold all digits."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import re
import select
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import FORMATS, ROOT, tutor, written
from tests.cli.test_json import checked
from tutor.cli.descending import OPTIONS, Request, check, typed
from tutor.cli.progress import Progress
from tutor.errors import RequestError
from tutor.render.records import csv_of

HOUSES = "size,price\n50,100\n100,200\n150,300\n"
LINES = [
    'descend "x^2 - 4x + 5" --start x=0 --rate 0.1 --steps 20',
    'descend "x^2 + 2y^2" --start x=4,y=3 --rate 0.1 --steps 20',
    'descend --data {houses} --model "w*size" --target price --loss mse --start w=0 --rate 1e-5',
    'descend "x^2" --start x=10 --compare-rates 1,0.1,0.001',
    'descend "x^2 + 20y^2" --start x=4,y=3 --compare gd,momentum,nesterov,adagrad,rmsprop,adam,newton',
    'descend "x^2 + y^2" --start x=4,y=3 --project simplex',
    'descend "x^2 + y^2" --start x=4,y=3 --project "box(0,1)"',
    'descend "x^2 + y^2" --start x=0.4,y=0.6 --mirror',
    'descend "x^2 + y^2" --start x=4,y=3 --clip-norm 1',
    'descend --data {houses} --model "w*size" --target price --start w=0 --batch 2 --seed 7',
    'descend --data {houses} --model "w*size" --target price --start w=0 --rgd 1',
    'descend "x^4 - 3x^2 + x" --starts 20 --seed 1',
    'descend "x^2 - y^2" --start x=1,y=0',
    'descend "x^2 - 4x + 5" --start x=0 --rate 0.1 --exact',
    'descend "x^2 - 4x + 5" --start x=0 --method adam --convention optax',
    'descend "x^2 - 4x + 5" --start x=0 --schedule cosine',
    'descend "x^2 - 4x + 5" --start x=0 --method momentum --set mu=0.95 --clip-value 2 --weight-decay 0.01 --l1 0.1 --l2 0.1 --tolerance 1e-3',
    'descend --data houses --model "price = w*size + b" --start w=0,b=0 --loss huber --delta 2',
    'descend "x^2 - 4x + 5" --start x=0 --rate 0.1 --blanks 3 --solution',
]  # fmt: skip


@pytest.fixture
def houses(tmp_path: Path) -> str:
    path = tmp_path / "houses.csv"
    path.write_text(HOUSES)
    return str(path)


def split(line: str, houses: str) -> list[str]:
    return shlex.split(line.replace("{houses}", shlex.quote(houses)))


@pytest.mark.parametrize("line", LINES)
def test_every_line_works_at_80_columns(line: str, houses: str) -> None:
    for name in ("terminal", "plain"):
        text = written(*split(line, houses), "--format", name)
        assert max(map(len, text.splitlines())) <= 80
        assert name == "terminal" or text.isascii()
    data = json.loads(written(*split(line, houses), "--format", "json"))
    checked("descend", data)
    assert data["confirmed"]


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("line", [LINES[0], LINES[2], LINES[4], LINES[11], LINES[18]])
def test_every_format(line: str, name: str, houses: str) -> None:
    assert len(written(*split(line, houses), "--format", name)) > 300


@pytest.mark.parametrize("level", ["brief", "normal", "full"])
def test_levels(level: str) -> None:
    text = written("descend", "x^2 - 4x + 5", "--start", "x=0", "--rate", "0.1", "--level", level)
    assert "1.9769" in text
    assert ("line by line" in text) == (level == "full")
    assert ("The rule" in text) == (level != "brief")


def test_the_first_of_all_lines() -> None:
    text = written("descend", "x^2 - 4x + 5", "--start", "x=0", "--rate", "0.1", "--steps", "20", "--format", "terminal")
    assert "     1  0.4000  −3.2000  0.4 − 0.1 · (−3.2) = 0.72          3.5600     0.8\n" in text
    assert "|1 − 0.1 · 2| = 0.8" in text
    assert "xₙ = 2 − 2 · 0.8ⁿ" in text
    assert "every line proved" in text


# -- all digits ----------------------------------------------------------------------------------------


def table(*args: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(written(*args, "--format", "csv"))))


def test_csv_and_json_hold_every_step_with_all_digits() -> None:
    args = ("descend", "x^2 + 2y^2", "--start", "x=4,y=3", "--rate", "0.1", "--steps", "500")
    rows, data = table(*args), json.loads(written(*args, "--format", "json"))["iterations"]
    assert len(rows) == len(data) == 501
    for n, (row, one) in enumerate(zip(rows, data, strict=True)):
        assert (int(row["n"]), one["n"]) == (n, n)
        assert [float(row["x"]), float(row["y"])] == one["point"]
        assert [float(row["slope_x"]), float(row["slope_y"])] == one["gradient"]
        assert float(row["value"]) == one["value"]
    assert data[500]["point"][0] == pytest.approx(4 * 0.8**500, rel=1e-12)


def test_exact_fractions_stand_beside_the_floats() -> None:
    args = ("descend", "x^2 - 4x + 5", "--start", "x=0", "--rate", "0.1", "--steps", "10", "--exact")
    assert table(*args)[10]["exact_x"] == "17434098/9765625"
    row = json.loads(written(*args, "--format", "json"))["iterations"][10]
    assert row["exact"]["point"] == ["17434098/9765625"]
    assert row["point"] == [1.7852516352]


def test_a_value_that_is_none_is_empty_or_null() -> None:
    args = ("descend", "x^2", "--start", "x=10", "--rate", "1.5", "--steps", "800")
    assert table(*args)[800]["value"] == ""
    assert json.loads(written(*args, "--format", "json"), parse_constant=_no_constant)["iterations"][800]["value"] is None


def _no_constant(name: str) -> None:
    raise AssertionError(name)


def test_the_csv_of_several_runs() -> None:
    rows = table("descend", "x^2 + 20y^2", "--start", "x=4,y=3", "--compare", "gd,newton", "--steps", "3")
    assert [row["method"] for row in rows] == ["gd"] * 4 + ["newton"] * 4
    rows = table("descend", "x^4 - 3x^2 + x", "--starts", "20", "--seed", "1")
    assert len(rows) == 20
    assert {row["valley"] for row in rows} == {"1", "2"}
    assert all(-3 <= float(row["start_x"]) <= 3 for row in rows)


def test_no_cell_is_a_formula() -> None:
    """Names and labels come from people: nothing that a spreadsheet would run stands at the beginning of a cell."""
    from tutor.descent.compare import Race
    from tutor.descent.run import descend

    trace = descend("x^2", start="x=1", rate="0.1", steps=1)
    text = "".join(csv_of(Race("method", ("=HYPERLINK(1)", "+1", "@x", "-2+3"), (trace,) * 4)))
    assert [row[0] for row in csv.reader(io.StringIO(text))][1::2] == ["'=HYPERLINK(1)", "'+1", "'@x", "'-2+3"]
    with pytest.raises(RequestError, match="no CSV"):
        csv_of(3)


def test_a_file_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / "run.csv"
    assert written("descend", "x^2", "--start", "x=1", "-f", "csv", "-o", str(path)) == ""
    assert path.read_text().splitlines()[0] == "n,x,slope_x,length,value"


# -- what is decided where nothing is said -------------------------------------------------------------


def test_a_rate_is_chosen_and_that_is_said() -> None:
    assert "No learning rate was given" in written("descend", "x^2 + 20y^2", "--start", "x=4,y=3")
    data = json.loads(written("descend", "x^2 + 20y^2", "--start", "x=4,y=3", "-f", "json"))
    assert data["rate"] == "0.02"
    assert "No learning rate" not in written("descend", "x^2", "--start", "x=4", "--rate", "0.1")
    assert "No learning rate" not in written("descend", "x^2", "--start", "x=4", "--method", "newton")
    assert json.loads(written("descend", "x^2", "--start", "x=4", "--method", "adam", "--convention", "torch", "-f", "json"))["rate"] == "0.001"


def test_settings_go_to_the_methods_that_have_them() -> None:
    data = json.loads(written("descend", "x^2", "--start", "x=4", "--compare", "gd,momentum,adam", "--set", "mu=0.5,beta1=0.8", "-f", "json"))
    settings = {run["label"]: run["settings"] for run in data["runs"]}
    assert settings["momentum"]["mu"] == "0.5"
    assert settings["adam"]["beta_1"] == "0.8"


def test_the_same_seed_gives_the_same() -> None:
    args = ("descend", "--data", "houses", "--model", "w*size", "--target", "price", "--start", "w=0", "--batch", "1", "-f", "csv")
    assert written(*args, "--seed", "7") == written(*args, "--seed", "7") != written(*args, "--seed", "8")


def test_an_expression_may_begin_with_a_minus() -> None:
    assert "f(x) = -x + x^2" in written("descend", "-x + x^2", "--start", "x=-1", "--rate", "0.1")


def test_names_of_several_letters() -> None:
    assert json.loads(written("descend", "speed^2", "--start", "speed=3", "-f", "json"))["letters"] == ["speed"]


# -- pictures ------------------------------------------------------------------------------------------


def test_a_picture_is_written(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    path = tmp_path / "path.svg"
    result = tutor("descend", "x^2 + 2y^2", "--start", "x=4,y=3", "--rate", "0.1", "--plot", str(path))
    assert (result.exit_code, result.stderr) == (0, f"The picture is in {path}.\n")
    assert "<svg" in path.read_text(encoding="utf-8")


def test_a_small_picture_in_the_terminal_only() -> None:
    args = ("descend", "x^2", "--start", "x=4", "--rate", "0.1")
    assert "└──" in written(*args, "--format", "terminal")
    assert "└──" not in written(*args, "--format", "terminal", "--level", "brief")
    assert "+--" not in written(*args, "--format", "plain")


# -- what is refused -----------------------------------------------------------------------------------

WRONG = {
    "descend": "There is nothing to make small",
    'descend "x^2"': "--start x=1",
    'descend "x^2*y" --start x=1': "x=1,y=1",
    'descend "5" --start x=1': "no letters",
    'descend "x^2" --start x=1 --data houses': "Leave one out",
    "descend --data houses --start w=0": "--data needs a model",
    'descend --data houses --model "w*siz" --target price --start w=0': "Did you mean size?",
    'descend --data huoses --model "w*size" --target price --start w=0': "Did you mean houses?",
    'descend --data houses --model "w*size" --start w=0': "--target price",
    'descend --data houses --model "w*size" --target price --start w=0 --batch 9': "from 1 to 3 rows",
    'descend --data houses --model "w*size" --target price --starts 3 --batch 1': "Leave one out" "|leave one out",
    'descend "x^2" --start x=1 --rate -1': "from 0 on",
    'descend "x^2" --start x=1 --method adm': "Did you mean adam?",
    'descend "x^2" --start x=1 --method momentum --set mu': "--set mu=0.95",
    'descend "x^2" --start x=1 --method momentum --set mu=0.5,mu=0.6': "set twice",
    'descend "x^2" --start x=1 --project ball': "box\\(0, 1\\)",
    'descend "x^2" --start x=1 --project "halfspace((1,2),3)"': "2 parts",
    'descend "x^2 + y^2" --start x=-1,y=2 --mirror': "x=1/2,y=1/2",
    'descend "x^2" --starts 3 --within 3,-3': "smaller number first",
    'descend "x^2 + y^2" --starts 3 --within "x=(-1,1)"': "y=\\(-3,3\\)",
    'descend "x^2" --start x=1 --exact --method adam': "leaves the fractions",
    'descend "x^2" --start x=1 --blanks 50': "too few",
    'descend "x^2" --start x=1 --blanks 2 -f csv': "no CSV",
    'descend "x^2" --start x=1 --plot a.gif': ".svg",
    'descend "x^2" --start x=1 --plot /nowhere/a.svg': "no folder",
    'descend "x^2" --start x=1 --tolerance -1': "from 0 on",
    'descend "x^2" --start x=1 --seed -1 --blanks 2': "from 0 on",
    'descend "x^2" --start x=1 --steps 100000000000': "Take at most",
    'descend "2*(x+1" --start x=1': "expected \\)",
}


@pytest.mark.parametrize("line", WRONG)
def test_wrong_input_is_told_with_a_way_out(line: str) -> None:
    result = tutor(*shlex.split(line))
    assert (result.exit_code, result.stdout) == (2, "")
    assert re.search(WRONG[line], re.sub(r"\s+", " ", result.stderr))


GIVEN: dict[str, Any] = {
    "expression": "x^2", "data": "houses", "model": "w*size", "target": "price", "loss": "huber", "delta": "1", "batch": 1, "rgd": "1", "l1": "1", "l2": "1", "start": "x=1",
    "starts": 3, "within": "-1,1", "seed": 1, "rate": "1", "schedule": "cosine", "steps": 3, "tolerance": 1e-3, "method": "gd", "settings": ("mu=0.5",), "convention": "torch",
    "clip_norm": "1", "clip_value": "1", "weight_decay": "1", "project": "simplex", "mirror": True, "compare": ("gd", "adam"), "compare_rates": ("1", "2"), "exact": True, "blanks": 2,
    "solution": True,
}  # fmt: skip


def test_every_option_is_known_here() -> None:
    assert set(OPTIONS) == set(GIVEN)


@pytest.mark.parametrize("name", [name for name in GIVEN if name not in ("expression", "data", "model")])
def test_an_option_without_what_it_needs_names_that(name: str) -> None:
    """Each option alone on a function either makes sense, or is refused with the option that is missing."""
    needs = {"target": "--data", "loss": "--data", "delta": "--loss", "batch": "--data", "rgd": "--data", "within": "--starts", "solution": "--blanks", "seed": "--starts"}
    request = Request(**{"expression": "x^2", name: GIVEN[name]})
    if name in needs:
        with pytest.raises(RequestError) as error:
            check(request)
        assert needs[name] in f"{error.value} {error.value.advice}"
    else:
        check(request)


@pytest.mark.parametrize(
    ("one", "other"),
    [("compare", "compare_rates"), ("compare", "method"), ("compare_rates", "rate"), ("starts", "start"), ("starts", "compare"), ("exact", "starts"), ("blanks", "compare"),
     ("mirror", "project"), ("compare", "schedule")],
)  # fmt: skip
def test_contradictions_name_both_sides(one: str, other: str) -> None:
    for first, second in ((one, other), (other, one)):
        with pytest.raises(RequestError) as error:
            check(Request(**{"expression": "x^2", first: GIVEN[first], second: GIVEN[second]}))
        assert typed(one) in str(error.value)
        assert typed(other) in str(error.value)
        assert error.value.advice


def test_help_is_grouped() -> None:
    text = written("descend", "--help")
    headings = [line for line in text.splitlines() if line.endswith(":") and not line.startswith(" ")]
    assert len(headings) == 7
    assert headings[-1] == "Output:"
    for name in OPTIONS:
        assert name == "expression" or typed(name) in text


# -- long runs -----------------------------------------------------------------------------------------


def test_an_interrupted_run_ends_those_that_follow() -> None:
    from tutor.descent.compare import sweep

    with Progress() as progress:

        def called(done: int, steps: int) -> None:
            if not progress.interrupted and done > 1_000:
                signal.raise_signal(signal.SIGINT)
            progress(done, steps)

        found = sweep("x^2", start="x=1", rates=["0.1", "0.2"], steps=400_000, progress=called)
    assert [trace.stopped for trace in found.traces] == ["interrupted"]
    assert all(trace.steps < 400_000 for trace in found.traces)
    assert math.isfinite(found.traces[0].last.value)


def test_the_signal_is_as_before_afterwards() -> None:
    before = signal.getsignal(signal.SIGINT)
    with Progress():
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="no terminals here")
def test_a_long_run_shows_a_bar_and_keeps_what_it_has() -> None:
    """At a terminal: a bar on standard error after a second; Ctrl-C shows what was computed, and the status says so."""
    import pty

    outside, inside = pty.openpty()
    args = [sys.executable, "-m", "tutor", "descend", "x^2 + y^2", "--start", "x=1,y=1", "--rate", "0.000001", "--steps", "140000000", "--level", "brief"]
    with subprocess.Popen(args, stdout=subprocess.PIPE, stderr=inside, cwd=ROOT, text=True) as process:
        os.close(inside)
        seen = b""
        end = time.monotonic() + 60
        while b"steps/s" not in seen and time.monotonic() < end:
            if select.select([outside], [], [], 0.2)[0]:
                seen += os.read(outside, 65_536)
        process.send_signal(signal.SIGINT)
        text = process.communicate(timeout=120)[0]
    os.close(outside)
    assert b"Descending" in seen
    assert process.returncode == 130
    assert re.search(r"It was interrupted after \d+ steps", re.sub(r"\s+", " ", text))
    assert "every line" in text
