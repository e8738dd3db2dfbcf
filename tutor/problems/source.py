"""Files that authors write, read strictly: every scalar is a text with its place, nothing is guessed.

YAML turns no into False, 010 into 8 and 12:30 into 750, lets a duplicate key win silently, and can make any Python object. So
a file is only composed here, which gives nodes with their places and never values: a scalar is its text, a key occurs once, there are
no tags, anchors or aliases, and nothing is nested deeper or longer than a family can need. What the nodes must look like is
said by the reader of a field (`Node.entries`, `Node.items`, `Node.text`, …); each complaint names file, line and column.

>>> node = parse("title: Coffee\\ndifficulty: 2\\n", "shop.yaml")
>>> node.entries(("title", "difficulty"))["difficulty"].whole(1, 3)
2
>>> try: parse("a: 1\\na: 2", "shop.yaml")
... except SourceError as fault: print(fault.place, fault.message)
shop.yaml, line 2, column 1 the key a occurs twice
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from tutor.errors import TutorError

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST, DEEPEST, MOST_NODES = 200_000, 20, 20_000
"""Characters, nesting and nodes of a file."""


class SourceError(TutorError):
    """Something in an author's file that cannot be used, with its place: lines and columns count from 1."""

    def __init__(self, kind: str, message: str, file: str, line: int, column: int, *, advice: str = "") -> None:
        super().__init__(kind, message, advice=advice)
        self.file, self.line, self.column = file, line, column

    @property
    def place(self) -> str:
        """File, line and column as people write them."""
        return f"{self.file}, line {self.line}, column {self.column}"

    def data(self) -> dict[str, object]:
        """The error as JSON-ready data, with the place in the file."""
        return {**super().data(), "file": self.file, "line": self.line, "column": self.column}


@dataclass(frozen=True, slots=True)
class Node:
    """A piece of a file: a text, a list of nodes, or a mapping from key to node, and where it stands."""

    value: str | tuple[Node, ...] | dict[str, Node]
    file: str
    line: int
    column: int
    keys: dict[str, tuple[int, int]] | None = None

    def fault(self, kind: str, message: str, advice: str = "") -> SourceError:
        """A complaint about this node."""
        return SourceError(kind, message, self.file, self.line, self.column, advice=advice)

    def text(self, what: str = "a text") -> str:
        """The text of a scalar that is not empty. Raises `SourceError` for anything else."""
        if not isinstance(self.value, str):
            raise self.fault("type", f"{what} is expected here, not {self._shape}")
        if not self.value.strip():
            raise self.fault("empty", f"{what} is expected here, and there is nothing")
        return self.value.strip()

    def whole(self, least: int, most: int) -> int:
        """A whole number between two. Raises `SourceError` for anything else."""
        text = self.text("a whole number")
        digits = text.removeprefix("-")
        if not digits.isdecimal() or not digits.isascii() or len(digits) > 9 or not least <= int(text) <= most:
            raise self.fault("number", f"a whole number from {least} to {most} is expected here, not {text!r}")
        return int(text)

    def number(self, least: float, most: float) -> float:
        """A decimal number between two. Raises `SourceError` for anything else."""
        text = self.text("a number")
        plain = text.removeprefix("-").replace(".", "", 1)
        if not plain.isdecimal() or not plain.isascii() or not least <= float(text) <= most:
            raise self.fault("number", f"a number from {least:g} to {most:g} is expected here, not {text!r}")
        return float(text)

    def one_of(self, choices: Collection[str]) -> str:
        """One of some words. Raises `SourceError` with the nearest one for any other."""
        text = self.text("a word")
        if text not in choices:
            raise self.fault("choice", f"{text!r} is not known here", _nearest(text, choices))
        return text

    def items(self, what: str = "a list") -> tuple[Node, ...]:
        """The nodes of a list. Raises `SourceError` for anything else."""
        if not isinstance(self.value, tuple):
            raise self.fault("type", f"{what} is expected here, not {self._shape}", "Begin each entry with a dash, or write [one, two].")
        return self.value

    def texts(self, what: str = "a list of texts") -> tuple[str, ...]:
        """The texts of a list of scalars, or one scalar's alone."""
        return (self.text(what),) if isinstance(self.value, str) else tuple(item.text(what) for item in self.items(what))

    def entries(self, known: Collection[str] | None = None, needed: Collection[str] = ()) -> dict[str, Node]:
        """The entries of a mapping. Raises `SourceError` for anything else, for an unknown key (with the nearest one), and for a missing one."""
        if not isinstance(self.value, dict):
            raise self.fault("type", f"a mapping (key: value) is expected here, not {self._shape}")
        for key, (line, column) in (self.keys or {}).items():
            if known is not None and key not in known:
                raise SourceError("key", f"the key {key} is not known here", self.file, line, column, advice=_nearest(key, known))
        for key in needed:
            if key not in self.value:
                raise self.fault("missing", f"the key {key} is missing", f"Add {key}: with its value.")
        return self.value

    def read(self, reader: Callable[[str], Any], what: str = "a formula") -> Any:
        """What a reader of texts makes of the text; its complaint gets this place."""
        text = self.text(what)
        try:
            return reader(text)
        except SourceError:
            raise
        except TutorError as fault:
            raise self.fault(fault.kind, f"{text!r}: {fault.message}", fault.advice) from fault

    @property
    def _shape(self) -> str:
        return "a text" if isinstance(self.value, str) else "a list" if isinstance(self.value, tuple) else "a mapping"


def parse(text: str, file: str) -> Node:
    """The nodes of a file's text. Raises `SourceError`."""
    import yaml

    if len(text) > LONGEST:
        raise SourceError("long", f"the file has {len(text):,} characters, and at most {LONGEST:,} are read", file, 1, 1)
    try:
        found = _composed(text, file)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise SourceError("yaml", error.problem or "this is no YAML", file, line, column, advice=_ADVICE) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise SourceError("yaml", "this is no YAML: it holds signs that no text may hold, or is nested too deeply", file, 1, 1) from error
    if found is None:
        raise SourceError("empty", "the file is empty", file, 1, 1)
    return _Composed(file).node(found, 0)


_ADVICE = "Put a text that holds : # * | > % ! { } [ ] or quotes into quotes, or on lines of its own behind |."


def _composed(text: str, file: str) -> Any:
    """YAML's nodes, made in C where the library was built with it, fifteen times as fast; of a fault Python's reader knows the place better."""
    import yaml

    try:
        loader = yaml.CSafeLoader
        _check_tokens(text, file, loader)
        return yaml.compose(text, Loader=loader)
    except (AttributeError, yaml.YAMLError, UnicodeError):
        _check_tokens(text, file, yaml.SafeLoader)
        return yaml.compose(text, Loader=yaml.SafeLoader)


def _check_tokens(text: str, file: str, loader: Any) -> None:
    """No anchors, aliases or tags, and not too many of anything; asked before anything is built."""
    import yaml

    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=loader)):
        mark = event.start_mark
        assert mark is not None
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST + 1:
            raise SourceError("deep", f"this is nested more than {DEEPEST} times", file, mark.line + 1, mark.column + 1)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) or getattr(event, "tag", None):
            raise SourceError("yaml", "anchors, aliases and tags (& * !) have no meaning here", file, mark.line + 1, mark.column + 1, advice=_ADVICE)
        if count > MOST_NODES:
            raise SourceError("long", f"the file has more than {MOST_NODES:,} entries", file, mark.line + 1, mark.column + 1)


@dataclass(frozen=True, slots=True)
class _Composed:
    """From YAML's nodes to ours."""

    file: str

    def node(self, found: Any, depth: int) -> Node:
        import yaml

        line, column = found.start_mark.line + 1, found.start_mark.column + 1
        if depth > DEEPEST:
            raise SourceError("deep", f"this is nested more than {DEEPEST} times", self.file, line, column)
        if isinstance(found, yaml.ScalarNode):
            return Node(found.value, self.file, line, column)
        if isinstance(found, yaml.SequenceNode):
            return Node(tuple(self.node(item, depth + 1) for item in found.value), self.file, line, column)
        entries: dict[str, Node] = {}
        places: dict[str, tuple[int, int]] = {}
        for key, value in found.value:
            place = key.start_mark.line + 1, key.start_mark.column + 1
            if not isinstance(key, yaml.ScalarNode):
                raise SourceError("key", "a key is a word", self.file, *place)
            if key.value in entries:
                raise SourceError("key", f"the key {key.value} occurs twice", self.file, *place)
            entries[key.value], places[key.value] = self.node(value, depth + 1), place
        return Node(entries, self.file, line, column, places)


def _nearest(word: str, known: Collection[str]) -> str:
    near = get_close_matches(word, known, 1, 0.5)
    return f"Did you mean {near[0]}?" if near else f"Known here: {', '.join(sorted(known))}."


__all__ = ["DEEPEST", "LONGEST", "Node", "SourceError", "parse"]
