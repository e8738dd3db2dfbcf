"""What every benchmark here shares: repetitions that alternate, ratios within one run, and the table.

Absolute times on a shared machine drift by half from run to run, so a figure is a ratio of two times
taken in the same round. A round runs every job once, in turn; the figure is the median of the rounds'
ratios, with the least and the greatest beside it.
"""

from __future__ import annotations

import math
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

PACKAGES = ("sympy", "python-flint", "click", "jinja2", "pyyaml", "numpy")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: what was measured, the figure, its range over the rounds, and what is aimed at."""

    work: str
    figure: str
    spread: str = ""
    goal: str = ""


def rounds(jobs: Mapping[str, Callable[[], float]], count: int) -> dict[str, list[float]]:
    """The times of every job, one of each a round; a round before the first warms the disk's cache."""
    for job in jobs.values():
        job()
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(count):
        for name, job in jobs.items():
            times[name].append(job())
    return times


def ratio(work: str, times: Sequence[float], against: Sequence[float], goal: str = "") -> Row:
    """The median of the rounds' ratios and their range."""
    found = [one / other for one, other in zip(times, against, strict=True)]
    return Row(work, f"{statistics.median(found):.2f} ×", f"{min(found):.2f}–{max(found):.2f}", goal)


_bytecode = TemporaryDirectory(prefix="tutor-benchmark-")


def environment() -> dict[str, str]:
    """What a user's process has: compiled modules are kept from one run to the next, here in a folder of their own.

    Where the shell forbids writing them (PYTHONDONTWRITEBYTECODE) every start would compile the tutor again.
    """
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")}
    return {**kept, "PYTHONPYCACHEPREFIX": _bytecode.name}


def process(*arguments: str) -> Callable[[], float]:
    """A job: this Python with these arguments, as a whole process, in the checkout."""

    def run() -> float:
        start = perf_counter()
        subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment(), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return perf_counter() - start

    return run


def percentile(values: Iterable[float], share: float) -> float:
    """The value below which this share of the values lies."""
    ordered = sorted(values)
    return ordered[min(math.ceil(share * len(ordered)), len(ordered)) - 1]


def duration(seconds: float) -> str:
    """A time in the unit that a person would choose."""
    if seconds < 1e-3:
        return f"{seconds * 1e6:.0f} µs"
    return f"{seconds * 1e3:.3g} ms" if seconds < 1 else f"{seconds:.3g} s"


def exponent(small: tuple[int, float], large: tuple[int, float]) -> float:
    """p where the cost grows like n^p between two sizes."""
    return math.log(large[1] / small[1]) / math.log(large[0] / small[0])


def corpora(arguments: Sequence[str] = ()) -> Path | None:
    """The folder of published problems: named as an argument, or beside the checkout; None when there is none."""
    named = [Path(argument) for argument in arguments if not argument.startswith("-")]
    for folder in (*named, ROOT.parent / "shared" / "corpora"):
        if (folder / "derivatives.jsonl").is_file():
            return folder
    return None


def machine() -> str:
    """The machine in one line: processor, cores, Python, packages; nothing that names a host or a folder."""
    return f"{_processor()}, {_cores()} cores; Python {platform.python_version()}; " + ", ".join(
        f"{name} {_version(name)}" for name in PACKAGES
    )


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.machine()


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"


def show(rows: Iterable[Row]) -> None:
    """The table in Markdown."""
    print("| work | figure | range | goal |\n|---|---|---|---|")
    for row in rows:
        print(f"| {row.work} | {row.figure} | {row.spread} | {row.goal} |", flush=True)
