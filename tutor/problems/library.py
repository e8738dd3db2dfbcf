"""Where families are found: the folder that travels with the tutor, and folders of the user's own, which come first.

>>> "business/coffee-profit" in Library().names()
True
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

from tutor.errors import RequestError
from tutor.problems.family import Family, read_family
from tutor.problems.problem import Problem, problem_of, rank_of, seeded
from tutor.problems.skills import SKILLS
from tutor.problems.source import LONGEST, SourceError
from tutor.resources import Folder, folders


@dataclass(frozen=True)
class Library:
    """The families of some folders; a family in an earlier folder replaces one of the same name in a later one."""

    own: tuple[Folder, ...] = ()

    @cached_property
    def files(self) -> dict[str, Path]:
        """The file of each family by its id, in alphabetical order. Raises `RequestError` for a folder that does not exist."""
        found: dict[str, Path] = {}
        for folder in reversed(folders("exercises", self.own)):
            found |= {path.relative_to(folder).with_suffix("").as_posix(): path for path in folder.rglob("*.yaml")}
        return dict(sorted(found.items()))

    def names(self) -> list[str]:
        """The ids of all families."""
        return list(self.files)

    def family(self, name: str) -> Family:
        """A family by its id. Raises `RequestError` with the nearest one for an unknown id, `SourceError` for a file with an error."""
        typed, name = name, name.removesuffix(".yaml")
        if name not in self.files:
            near = get_close_matches(name, self.files, 1, 0.5 if "/" in name.strip("/") else 0.6) or [one for one in self.files if one.endswith(f"/{name}")][:1]
            advice = f"Did you mean {near[0]}?" if near else "tutor exercises lists what there is."
            raise RequestError("family", f"there is no {'file' if typed != name else 'exercise'} {typed!r}", advice=advice)
        return load(self.files[name], name)

    def families(self, faults: list[SourceError] | None = None) -> Iterator[Family]:
        """All families; one with an error is put among `faults` and left out. Raises `SourceError` where there is no such list."""
        for name in self.files:
            try:
                yield self.family(name)
            except SourceError as fault:
                if faults is None:
                    raise
                faults.append(fault)

    def problem(self, name: str, seed: int | str | None = None) -> Problem:
        """A problem by a variant's id (business/coffee-profit@7k.93f9f6), or by a family's id and a seed (0, if left out).

        Raises `RequestError` also where the family has changed since the variant's id was given.
        """
        base, at, variant = name.partition("@")
        if not at:
            return seeded(self.family(base), 0 if seed is None else seed)
        digits, _, digest = variant.partition(".")
        family = self.family(base)
        if digest and digest != family.digest:
            raise RequestError("variant", f"{base} has changed since this variant was made ({digest}, now {family.digest})", advice=f"Leave out .{digest} to see what it is now.")
        return problem_of(family, rank_of(digits))


def load(path: Path, name: str | None = None) -> Family:
    """The family in a file; its name is the id, or that of its folder and file. Raises `RequestError` and `SourceError`."""
    try:
        if path.stat().st_size > 4 * LONGEST:
            raise SourceError("long", f"the file is larger than {4 * LONGEST:,} bytes", str(path), 1, 1)
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise RequestError("file", f"cannot read {path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise SourceError("encoding", "the file is not UTF-8", str(path), 1, 1, advice="Save it as UTF-8.") from error
    return read_family(text, name or f"{path.parent.name}/{path.stem}".lstrip("/"), str(path))


def topics(families: Iterable[Family]) -> dict[str, list[Family]]:
    """The families by the skills that they practise, in the order of the skills."""
    found: dict[str, list[Family]] = {name: [] for name in SKILLS}
    for family in families:
        for skill in family.skills:
            found[skill].append(family)
    return {name: some for name, some in found.items() if some}


__all__ = ["Library", "load", "topics"]
