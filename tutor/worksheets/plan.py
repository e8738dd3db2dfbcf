"""What a worksheet is to be: its topics, how many problems, how hard, for whom, and how the page looks.

A plan comes from options, or from a YAML file, which is read as strictly as a family (`tutor.problems.source`):

    title: Chain rule, Tuesday
    topics: [chain-rule, partial-derivative]    # skills, folders of exercises, or single exercises
    count: 12
    difficulty: 1-3
    seed: 3
    points: 2                                   # for each question of weight 1
    space: grid                                 # lines, grid or none

Which problems there are is decided by topics, count, difficulty and seed alone; the rest is layout.

>>> plan = read_plan("topics: chain-rule\\ncount: 4\\ndifficulty: 1-2\\nlarge: yes\\n", "plan.yaml")
>>> plan.topics, plan.count, plan.difficulty, plan.layout.large
(('chain-rule',), 4, (1, 2), True)
>>> changed(plan, count="5", space="grid").layout.space
'grid'
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tutor.errors import RequestError
from tutor.problems.source import LONGEST, Node, SourceError, parse

SPACES = ("lines", "grid", "none")
PAPERS = ("a4", "a5", "a3", "letter", "legal")
KEYS = ("full", "results", "none")
MOST_PROBLEMS, MOST_COPIES = 200, 2_000
LARGEST_SEED = 10**9 - 1


@dataclass(frozen=True, slots=True)
class Layout:
    """How a sheet looks.

    `space` is what answers are written on, `room` how many lines of it a question gets (None: by its difficulty), `points` what
    a question of weight 1 counts (0: no points), `key` what the answer key shows.
    """

    paper: str = "a4"
    columns: int = 1
    large: bool = False
    space: str = "lines"
    room: int | None = None
    points: int = 0
    key: str = "full"
    instructions: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """A worksheet's plan; `names` is a file with a class list, `variants` how many copies with other numbers there are."""

    title: str = ""
    topics: tuple[str, ...] = ()
    count: int = 10
    difficulty: tuple[int, int] = (1, 3)
    seed: int = 0
    variants: int = 1
    names: str = ""
    layout: Layout = field(default_factory=Layout)


_Reader = Callable[[Node], Any]


def _flag(node: Node) -> bool:
    return node.one_of(("yes", "no", "true", "false")) in ("yes", "true")


def _topics(node: Node) -> tuple[str, ...]:
    texts = node.texts("a topic, or a list of topics")
    return tuple(name.strip() for text in texts for name in text.split(",") if name.strip())


def _difficulty(node: Node) -> tuple[int, int]:
    text = node.text("a difficulty such as 2, or a range such as 1-3")
    low, _, high = text.replace("..", "-").replace("–", "-").partition("-")
    ends = [int(part) if part.strip() in ("1", "2", "3") else 0 for part in (low, high or low)]
    if 0 in ends or ends[0] > ends[1]:
        raise node.fault("difficulty", f"{text!r} is no range of difficulties", "Write 1, 2, 3, or a range such as 1-3.")
    return ends[0], ends[1]


_PLAN: dict[str, _Reader] = {
    "title": lambda node: node.text("a title"),
    "topics": _topics,
    "count": lambda node: node.whole(1, MOST_PROBLEMS),
    "difficulty": _difficulty,
    "seed": lambda node: node.whole(0, LARGEST_SEED),
    "variants": lambda node: node.whole(1, MOST_COPIES),
    "names": lambda node: node.text("the name of a file"),
}
_LAYOUT: dict[str, _Reader] = {
    "paper": lambda node: node.one_of(PAPERS),
    "columns": lambda node: node.whole(1, 3),
    "large": _flag,
    "space": lambda node: node.one_of(SPACES),
    "room": lambda node: node.whole(0, 60),
    "points": lambda node: node.whole(0, 100),
    "key": lambda node: node.one_of(KEYS),
    "instructions": lambda node: node.text("a sentence"),
}


def read_plan(text: str, file: str = "plan.yaml") -> Plan:
    """The plan in a file's text. Raises `SourceError` with file, line and column."""
    root = parse(text, file)
    entries = root.entries((*_PLAN, *_LAYOUT, "format"))
    if "format" in entries:
        entries.pop("format").whole(1, 1)
    return _filled(Plan(), entries)


def load_plan(path: str | Path) -> Plan:
    """The plan in a file; a class list that it names is looked for beside it. Raises `RequestError` and `SourceError`."""
    path = Path(path)
    try:
        if path.stat().st_size > 4 * LONGEST:
            raise SourceError("long", f"the file is larger than {4 * LONGEST:,} bytes", str(path), 1, 1)
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        advice = "" if path.suffix else f"A plan is a YAML file. Topics stand behind --topic: tutor worksheet --topic {path}"
        raise RequestError("file", f"there is no file {path}", advice=advice) from error
    except OSError as error:
        raise RequestError("file", f"cannot read {path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise SourceError("encoding", "the file is not UTF-8", str(path), 1, 1, advice="Save it as UTF-8.") from error
    plan = read_plan(text, str(path))
    return replace(plan, names=str(path.parent / plan.names)) if plan.names else plan


def changed(plan: Plan, **options: str | None) -> Plan:
    """The plan with options put over it, written as in a file; None leaves what it says. Raises `RequestError`."""
    nodes = {name: Node(value, "", 0, 0) for name, value in options.items() if value is not None}
    try:
        return _filled(plan, nodes)
    except SourceError as fault:
        name = next(name for name, node in nodes.items() if _fails(name, node))
        raise RequestError(fault.kind, f"--{_OPTIONS.get(name, name)}: {fault.message}", advice=fault.advice) from fault


_OPTIONS = {"topics": "topic"}


def _fails(name: str, node: Node) -> bool:
    try:
        (_PLAN | _LAYOUT)[name](node)
    except SourceError:
        return True
    return False


def _filled(plan: Plan, entries: Mapping[str, Node]) -> Plan:
    """The plan with what some nodes say."""
    found = {name: (_PLAN | _LAYOUT)[name](node) for name, node in entries.items()}
    layout = replace(plan.layout, **{name: value for name, value in found.items() if name in _LAYOUT})
    return replace(plan, layout=layout, **{name: value for name, value in found.items() if name in _PLAN})


__all__ = ["KEYS", "MOST_COPIES", "MOST_PROBLEMS", "PAPERS", "SPACES", "Layout", "Plan", "changed", "load_plan", "read_plan"]
