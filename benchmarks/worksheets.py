"""Worksheets in a warm process: `python benchmarks/worksheets.py [COUNT [PROCESSES]]`.

A sheet of 20 problems from the shipped exercises, with its key: making it (variants drawn and checked), its texts, its PDFs; beside
pdflatex, where it is installed, on the LaTeX of the same sheet. Each round takes copies that were never made before, so nothing of a problem
is at hand but what other copies share by chance. Then COUNT (1,000) different sheets with keys, in two processes (begun afresh: the threads of
the compiler do not survive a fork); their PDFs are only made, not written. Not part of `all.py`.
"""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter

from measure import Row, duration, show

from tutor.problems.library import Library
from tutor.render.sheets import compiled_later, key_in, sheet_in
from tutor.worksheets.choose import Stock, stocked
from tutor.worksheets.plan import Plan, changed
from tutor.worksheets.sheet import Sheet, make

ROUNDS = 15
COUNT = 1_000
PLAN = {"count": "20", "points": "2"}


def plan(key: str) -> Plan:
    """Twenty problems of every topic."""
    return changed(Plan(), **PLAN, key=key)


def timed(work: Callable[[], object]) -> tuple[float, object]:
    """Seconds, and what came out."""
    began = perf_counter()
    found = work()
    return perf_counter() - began, found


def latex(sheet: Sheet) -> float | None:
    """Seconds that pdflatex takes for the sheet and its key."""
    if shutil.which("pdflatex") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        total = 0.0
        for name, text in (("sheet", sheet_in("latex", [sheet])), ("key", key_in("latex", [sheet]))):
            Path(folder, f"{name}.tex").write_bytes(text)
            command = ["pdflatex", "-interaction=batchmode", "-halt-on-error", f"{name}.tex"]
            seconds, _ = timed(lambda command=command: subprocess.run(command, cwd=folder, check=True, capture_output=True))
            total += seconds
        return total


def warm(key: str) -> list[Row]:
    """One sheet with its key, stage by stage."""
    stock = stocked(Library())
    stages: dict[str, list[float]] = {"made": [], "texts": [], "PDFs": [], "sheet alone": [], "pdflatex": []}
    for k in range(ROUNDS + 2):
        seconds, sheet = timed(lambda k=k: make(plan(key), stock, str(10_000 + k)))
        assert isinstance(sheet, Sheet)
        stages["made"].append(seconds)
        first, compile_sheet = timed(lambda sheet=sheet: compiled_later("sheet", [sheet]))
        second, compile_key = timed(lambda sheet=sheet: compiled_later("key", [sheet]))
        stages["texts"].append(first + second)
        assert callable(compile_sheet)
        assert callable(compile_key)
        first, second = timed(compile_sheet)[0], timed(compile_key)[0]
        stages["sheet alone"].append(first)
        stages["PDFs"].append(first + second)
        beside = latex(sheet)
        if beside is not None:
            stages["pdflatex"].append(beside)
    middle = {name: statistics.median(times[2:]) for name, times in stages.items() if times}
    ratio = f"{middle['PDFs'] / middle['pdflatex']:.2f}" if "pdflatex" in middle else "no pdflatex here"
    return [
        Row(f"20 problems, key of {key}: drawn and checked", duration(middle["made"])),
        Row(f"20 problems, key of {key}: texts of sheet and key", duration(middle["texts"])),
        Row(f"20 problems, key of {key}: PDF of the sheet", duration(middle["sheet alone"])),
        Row(f"20 problems, key of {key}: PDF of sheet and key", duration(middle["PDFs"]), f"{ratio} of pdflatex"),
    ]


_STOCK: list[Stock] = []


def _begin() -> None:
    _STOCK.append(stocked(Library()))


def one(task: tuple[str, int]) -> int:
    """A sheet with its key: how many bytes its PDFs have."""
    key, copy = task
    sheet = make(plan(key), _STOCK[0], str(copy))
    return len(sheet_in("pdf", [sheet])) + len(key_in("pdf", [sheet]))


def many(count: int, processes: int, key: str) -> Row:
    """So many different sheets with keys."""
    os.environ["RAYON_NUM_THREADS"] = "1"  # as many compilers as processes, not twice as many
    with get_context("spawn").Pool(processes, _begin) as pool:
        seconds, sizes = timed(lambda: pool.map(one, [(key, k) for k in range(1, count + 1)], chunksize=5))
    assert isinstance(sizes, list)
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return Row(f"{count:,} different sheets with keys of {key}, {processes} processes", f"{seconds:.1f} s", f"{seconds / count * 1e3:.0f} ms each, {memory:.0f} MB")


def main() -> None:
    count, processes = [*map(int, sys.argv[1:]), *(COUNT, os.cpu_count() or 2)[len(sys.argv) - 1 :]]
    show(row for key in ("results", "full") for rows in (lambda key=key: warm(key), lambda key=key: [many(count, processes, key)]) for row in rows())


if __name__ == "__main__":
    main()
