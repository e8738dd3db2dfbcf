"""The published runs: our numbers are the right ones, the wrong ones are named as wrong, with the iterate at which they would be right."""

from __future__ import annotations

import json
import re
from fractions import Fraction

import pytest

from tests.corpora import shared
from tutor.descent.published import compared, first_past, first_within, printed
from tutor.descent.run import descend
from tutor.errors import RequestError

HOUSES = "((50w - 100)^2 + (100w - 200)^2 + (150w - 300)^2)/3"
RUNS = {
    "quad": ("x^2 - 4x + 5", "x=0", "0.1"), "house": (HOUSES, "w=0", "0.00001"), "alpha001": ("x^2", "x=10", "0.001"), "alpha01": ("x^2", "x=10", "0.1"),
    "alpha1": ("x^2", "x=10", "1"), "bowl": ("x^2 + 2y^2", "x=4,y=3", "0.1"),
}  # fmt: skip
WOULD_BE_RIGHT = {"quad-x-10": 15, "quad-x-20": 27, "alpha001-x-1000": 518, "alpha01-x-20": 30, "bowl-x-20": 21}
"""The first iterate that rounds to what was published; the others are right of no iterate."""


def _rows():
    return [row for row in json.loads(shared("reference/worked_examples.json").read_text(encoding="utf-8")) if re.fullmatch(r"(quad|house|alpha\w*|bowl)-(x|w|g|grad)-\d+", row["id"])]


def _run(row):
    name = row["id"].partition("-")[0]
    function, start, rate = RUNS[name]
    return descend(function, start=start, rate=rate, steps=1200)


def _place(row):
    """Which iterate a row speaks of: the k-th gradient is that of the iterate before the k-th update."""
    _, what, count = row["id"].split("-")
    slopes = what in ("g", "grad")
    return int(count) - slopes, slopes


def _listed(value):
    return value if isinstance(value, list) else [value]


@pytest.mark.parametrize("row", _rows(), ids=lambda row: row["id"])
def test_each_number_is_right(row):
    n, slopes = _place(row)
    trace = _run(row)
    found = (trace.gradients if slopes else trace.points)[n].tolist()
    assert found == pytest.approx(_listed(row["value"]), rel=1e-12)
    if not slopes and n <= 20:
        assert list(trace.exact(n)[n]) == [Fraction(text) for text in _listed(row["right"])]


@pytest.mark.parametrize("row", [row for row in _rows() if row.get("published_wrongly_as")], ids=lambda row: row["id"])
def test_each_wrong_number_is_named_as_wrong(row):
    n, slopes = _place(row)
    trace = _run(row)
    found = compared(trace, n, _listed(row["published_wrongly_as"]), slopes=slopes)
    assert not found.right
    assert found.ours == pytest.approx(tuple(_listed(row["value"])), rel=1e-12)
    assert found.first == WOULD_BE_RIGHT.get(row["id"])


def test_every_wrong_run_of_the_list_is_among_them():
    assert len([row for row in _rows() if row.get("published_wrongly_as")]) >= 12


def test_the_right_numbers_are_called_right():
    trace = _run({"id": "quad-x-1"})
    assert compared(trace, 10, ("1.79",)).right
    assert compared(trace, 20, ("1.98",)).right
    assert compared(_run({"id": "bowl-x-1"}), 10, ("0.43", "0.02")).right
    assert compared(_run({"id": "house-w-1"}), 0, ("-46,667",), slopes=True).right


def test_what_was_meant_as_a_bound_has_a_first_iterate_beyond_it():
    assert first_past(_run({"id": "alpha001-x-1"}), 0, 3.5) == 525
    assert first_past(_run({"id": "alpha01-x-1"}), 0, 0.01) == 31
    assert first_past(_run({"id": "quad-x-1"}), 0, 2.0) in (None, *range(140, 1200))  # never in exact numbers; floats end up there


def test_the_second_published_slope_fits_no_iterate():
    assert first_within(_run({"id": "house-w-1"}), 0, -44222, 0, slopes=True) is None
    assert first_within(_run({"id": "bowl-x-1"}), 0, 0.42, 2) is None


def test_what_is_no_number_is_refused():
    with pytest.raises(RequestError):
        printed("nothing")
    trace = descend("x^2 + y^2", start="x=1,y=1", rate="0.1", steps=3)
    with pytest.raises(RequestError):
        compared(trace, 1, ("1",))
    with pytest.raises(RequestError):
        compared(trace, 9, ("1", "1"))
