"""Sentences by stable id: `templates/phrases/<language>/<first part of the id>.yaml`, one Jinja template a phrase.

`rules.chain.heading` stands in `rules.yaml` under `chain`, `heading`. A file is read when one of its sentences is first said.
A phrase is rendered to a tuple of text and forms: mathematics passes through Jinja as an object and
is never turned into text here. A template is compiled when it is first said.

>>> from tutor import read
>>> PHRASES.say("hint.smaller", {"part": read("3x")})
('First a smaller one: what is the derivative of ', read('3*x'), '?')
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tutor.errors import RequestError
from tutor.exposition.doc import Phrase
from tutor.form.tree import Form
from tutor.resources import find

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

LANGUAGE = "en"


class Phrases:
    """The sentences of one language. Raises `RequestError` for an id that its files do not hold."""

    def __init__(self, language: str = LANGUAGE) -> None:
        self.language = language
        self._said: dict[str, Callable[[Mapping[str, Any]], Phrase]] = {}
        self._tables: dict[str, dict[str, Any]] = {}

    def has(self, key: str) -> bool:
        """Whether there is a phrase with this id."""
        return self._raw(key) is not None

    def is_fixed(self, key: str) -> bool:
        """Whether there is a phrase with this id that is the same each time: no values are put into it."""
        text = self._raw(key)
        return text is not None and "{" not in text

    def say(self, key: str, values: Mapping[str, Any]) -> Phrase:
        """The phrase with values put in; forms stay forms."""
        renderer = self._said.get(key)
        if renderer is None:
            renderer = self._said[key] = self._renderer(key)
        return renderer(values)

    def words(self, key: str) -> list[str]:
        """A list of words, such as the names of numbers."""
        found = self._node(key)
        if not isinstance(found, list):
            raise RequestError("phrase", f"the phrases have no list {key!r}")
        return found

    def _table(self, name: str) -> dict[str, Any]:
        if name not in self._tables:
            self._tables[name] = _loaded(find("templates", f"phrases/{self.language}/{name}.yaml"))
        return self._tables[name]

    @cached_property
    def _environment(self) -> Any:
        from jinja2 import StrictUndefined
        from jinja2.nativetypes import NativeEnvironment

        return NativeEnvironment(undefined=StrictUndefined, autoescape=False)

    def _node(self, key: str) -> Any:
        first, *rest = key.split(".")
        node: Any = self._table(first)
        for part in rest:
            node = node.get(part) if isinstance(node, dict) else None
        return node

    def _raw(self, key: str) -> str | None:
        node = self._node(key)
        return node if isinstance(node, str) else None

    def _renderer(self, key: str) -> Callable[[Mapping[str, Any]], Phrase]:
        text = self._raw(key)
        if text is None:
            raise RequestError("phrase", f"the phrases have no sentence {key!r}")
        if "{" not in text:
            fixed: Phrase = (text,) if text else ()
            return lambda _: fixed
        template = self._environment.from_string(text)
        return lambda values: joined(template.root_render_func(template.new_context(dict(values))))


def _loaded(path: Path) -> dict[str, Any]:
    from yaml import load

    try:
        from yaml import CBaseLoader as Loader
    except ImportError:
        from yaml import BaseLoader as Loader  # type: ignore[assignment]
    table = load(path.read_bytes(), Loader=Loader)  # noqa: S506 (the base loader makes strings only)
    if not isinstance(table, dict):
        raise RequestError("phrase", f"{path} holds no table of phrases")
    return table


def joined(pieces: Iterator[Any]) -> Phrase:
    """Neighbouring texts as one; forms, and phrases inside a phrase, in their places."""
    found: list[str | Form] = []
    for piece in pieces:
        for part in piece if isinstance(piece, tuple) else (piece,):
            if isinstance(part, Form):
                found.append(part)
            elif found and isinstance(found[-1], str):
                found[-1] += str(part)
            elif str(part):
                found.append(str(part))
    return tuple(found)


PHRASES = Phrases()
"""The sentences of the default language."""


def listed(forms: Sequence[Form], last: str = " and ") -> Phrase:
    """Forms as an enumeration: x, y and z.

    >>> from tutor import read
    >>> listed([read("x"), read("y"), read("z")])
    (read('x'), ', ', read('y'), ' and ', read('z'))
    """
    found: list[str | Form] = []
    for k, form in enumerate(forms):
        if k:
            found.append(last if k == len(forms) - 1 else ", ")
        found.append(form)
    return tuple(found)
