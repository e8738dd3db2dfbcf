"""Runs as CSV: one row an iterate, numbers with all their digits; nothing that a spreadsheet would run.

>>> from tutor.descent.run import descend
>>> print("".join(csv_of(descend("x^2 - 4x + 5", start="x=0", rate="0.1", steps=2))), end="")
n,x,slope_x,length,value
0,0.0,-4.0,4.0,5.0
1,0.4,-3.2,3.2,3.56
2,0.7200000000000001,-2.5599999999999996,2.5599999999999996,2.6384
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Iterator, Sequence

from tutor.descent.compare import Race
from tutor.descent.exactly import ExactTrace
from tutor.descent.starts import Basins
from tutor.descent.trace import Trace
from tutor.errors import RequestError

_BLOCK = 4_096
_RUN = ("=", "+", "-", "@", "\t", "\r")
"""What a cell must not begin with: a spreadsheet takes it for a formula."""


def csv_of(result: object) -> Iterator[str]:
    """The text of a run, a race, or many starts, in pieces. Raises `RequestError` for anything else."""
    return _written(_records(result))


def _records(result: object) -> Iterator[Sequence[object]]:
    match result:
        case Trace():
            return _trace_records(result)
        case ExactTrace():
            return _exact_records(result)
        case Race():
            return _race_records(result)
        case Basins():
            return _basin_records(result)
    raise RequestError("format", f"there is no CSV of a {type(result).__name__}", advice="Choose another format, such as json.")


def _heading(letters: Sequence[str]) -> list[str]:
    return ["n", *letters, *(f"slope_{letter}" for letter in letters), "length", "value"]


def _trace_records(trace: Trace) -> Iterator[Sequence[object]]:
    yield _heading(trace.letters)
    yield from _rows(trace)


def _rows(trace: Trace) -> Iterator[Sequence[object]]:
    """Block by block, so that a long run is never a list of Python numbers as a whole."""
    for start in range(0, len(trace), _BLOCK):
        block = slice(start, start + _BLOCK)
        parts = zip(trace.points[block].tolist(), trace.gradients[block].tolist(), trace.values[block].tolist(), strict=True)
        for n, (point, slopes, value) in enumerate(parts, start):
            yield [n, *point, *map(_number, slopes), _number(math.hypot(*slopes)), _number(value)]


def _exact_records(result: ExactTrace) -> Iterator[Sequence[object]]:
    yield [*_heading(result.trace.letters), *(f"exact_{letter}" for letter in result.trace.letters)]
    for row, point in zip(_rows(result.trace), result.points, strict=True):
        yield [*row, *(_Fraction(part) for part in point)]


def _race_records(result: Race) -> Iterator[Sequence[object]]:
    yield [result.varied, *_heading(result.traces[0].letters)]
    for label, trace in zip(result.labels, result.traces, strict=True):
        for row in _rows(trace):
            yield [label, *row]


def _basin_records(result: Basins) -> Iterator[Sequence[object]]:
    letters = result.traces[0].letters
    yield ["start", *(f"start_{letter}" for letter in letters), *(f"end_{letter}" for letter in letters), "value", "steps", "valley"]
    homes = {start: place + 1 for place, valley in enumerate(result.valleys) for start in valley.starts}
    for k, trace in enumerate(result.traces):
        yield [k + 1, *trace.points[0].tolist(), *trace.points[-1].tolist(), _number(trace.last.value), trace.steps, homes.get(k, "")]


class _Fraction(str):
    """A fraction as text; its minus sign begins no formula."""

    def __new__(cls, value: object) -> _Fraction:
        return super().__new__(cls, value)


def _number(value: float) -> object:
    """The number; nothing where it is none."""
    return value if math.isfinite(value) else ""


def _written(records: Iterable[Sequence[object]]) -> Iterator[str]:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for count, record in enumerate(records, 1):
        writer.writerow([_cell(one) for one in record])
        if count % _BLOCK == 0:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


def _cell(value: object) -> object:
    """A text that a spreadsheet would take for a formula gets an apostrophe in front; numbers stay numbers."""
    if isinstance(value, str) and not isinstance(value, _Fraction) and value.startswith(_RUN):
        return "'" + value
    return value


__all__ = ["csv_of"]
