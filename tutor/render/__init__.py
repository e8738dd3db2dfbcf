"""Documents as text: one file a medium, each with one function from `Doc` to text.

A medium is imported when it is first used, so that importing this package costs nothing.

>>> sorted(FORMATS)
['html', 'latex', 'markdown', 'plain', 'speech', 'typst']
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutor.exposition.doc import Doc


def _medium(module: str, function: str) -> Callable[[Doc], str]:
    def render(doc: Doc) -> str:
        written: str = getattr(import_module(f"tutor.render.{module}"), function)(doc)
        return written

    return render


FORMATS: dict[str, Callable[[Doc], str]] = {
    "plain": _medium("text", "plain"),
    "markdown": _medium("markdown", "markdown"),
    "latex": _medium("latex", "latex"),
    "html": _medium("html", "html"),
    "speech": _medium("speech", "speech"),
    "typst": _medium("typst", "typst"),
}
"""The function that writes a document in each format that is a single text."""

FORMAT_NAMES = ("terminal", "plain", "latex", "markdown", "html", "json", "speech", "typst")
"""Every format that can be asked for; terminal is written in lines, json from the derivation."""

ENDINGS = {".txt": "plain", ".tex": "latex", ".md": "markdown", ".html": "html", ".htm": "html", ".json": "json", ".typ": "typst", ".pdf": "typst"}
"""The format that a file's ending asks for; a PDF is compiled from Typst."""
