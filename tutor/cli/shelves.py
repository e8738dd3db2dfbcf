"""Families for the command line: by their ids, from files and folders, and checked in several processes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.errors import RequestError, TutorError

if TYPE_CHECKING:
    from tutor.problems.family import Family
    from tutor.problems.problem import Problem
    from tutor.problems.quality import Report
    from tutor.problems.source import SourceError

Named = tuple[str, str]
"""A family's file and id."""
Tick = Callable[[int, int], None]


def problem_named(name: str, seed: str | None, own: Sequence[str]) -> Problem:
    """A problem by a family's or variant's name, or from a file."""
    from tutor.problems.library import Library, load
    from tutor.problems.problem import seeded

    if name.endswith((".yaml", ".yml")) and Path(name).is_file():
        return seeded(load(Path(name)), 0 if seed is None else seed)
    return Library(tuple(own)).problem(name, seed)


def family_named(name: str, own: Sequence[str]) -> Family:
    """A family by its id or file."""
    from tutor.problems.library import Library, load

    return load(Path(name)) if Path(name).is_file() else Library(tuple(own)).family(name)


def all_families(own: Sequence[str]) -> tuple[list[Family], list[SourceError]]:
    """All families that can be read, and what is wrong with the others."""
    from tutor.problems.library import Library

    faults: list[SourceError] = []
    return list(Library(tuple(own)).families(faults)), faults


def files(paths: Sequence[str], own: Sequence[str]) -> list[Named]:
    """The files of families that these paths mean: files, folders, ids; all families without a path. Raises `RequestError`."""
    from tutor.problems.library import Library

    library = Library(tuple(own))
    if not paths:
        return [(str(path), name) for name, path in library.files.items()]
    found: list[Named] = []
    for text in paths:
        path = Path(text)
        if path.is_dir():
            found += [(str(one), one.relative_to(path).with_suffix("").as_posix()) for one in sorted(path.rglob("*.yaml"))]
        elif path.is_file():
            found.append((str(path), f"{path.resolve().parent.name}/{path.stem}"))
        elif text.endswith(("/", os.sep)):
            raise RequestError("file", f"there is no folder {text}", advice="Give a file, a folder, or an exercise such as business/coffee-profit.")
        else:
            name = library.family(text).id
            found.append((str(library.files[name]), name))
    if not found:
        raise RequestError("file", f"there is no family in {', '.join(paths)}", advice="A family is a file that ends in .yaml.")
    return list(dict.fromkeys(found))


def checked(named: Sequence[Named], most: int, sample: int, jobs: int, tick: Tick) -> tuple[list[Report], list[TutorError]]:
    """The reports in the order of the files, and the families that cannot be read. `tick` is told how many families are done."""
    found: list[Report | TutorError] = []
    for k, one in enumerate(_each(named, most, sample, min(jobs, len(named)))):
        found.append(one)
        tick(k + 1, len(named))
    return [one for one in found if not isinstance(one, TutorError)], [one for one in found if isinstance(one, TutorError)]


def _each(named: Sequence[Named], most: int, sample: int, jobs: int) -> Iterable[Report | TutorError]:
    if jobs < 2:
        for one in named:
            yield _one(one, most, sample)
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        futures = [pool.submit(_one, one, most, sample) for one in named]
        for future in futures:
            yield future.result()


def _one(named: Named, most: int, sample: int) -> Report | TutorError:
    from tutor.problems.library import load
    from tutor.problems.quality import check_family

    path, name = named
    try:
        return check_family(load(Path(path), name), most, sample)
    except TutorError as fault:
        return fault


def cores() -> int:
    """How many processes may work at the same time."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


__all__ = ["all_families", "checked", "cores", "family_named", "files", "problem_named"]
