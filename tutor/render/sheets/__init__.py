"""Worksheets and answer keys in each medium: a `Sheet` becomes text, or the bytes of a PDF.

Several copies may stand in one file, each on pages of its own. A medium is imported when it is first used.

>>> sorted(ENDINGS), format_of("class/key.PDF")
(['htm', 'html', 'md', 'pdf', 'tex', 'txt', 'typ'], 'pdf')
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.errors import RequestError

if TYPE_CHECKING:
    from tutor.worksheets.sheet import Sheet

FORMATS = ("pdf", "html", "latex", "markdown", "plain", "terminal", "typst")
"""Every format of a sheet; `terminal` is plain text with the signs of mathematics."""

ENDINGS = {"pdf": "pdf", "html": "html", "htm": "html", "tex": "latex", "md": "markdown", "txt": "plain", "typ": "typst"}
"""What a file's ending says."""

_MODULES = {"pdf": "typst", "terminal": "text", "plain": "text"}


def format_of(file: str) -> str:
    """The format of a file by its ending. Raises `RequestError` for any other ending."""
    ending = Path(file).suffix.lower().lstrip(".")
    if ending not in ENDINGS:
        raise RequestError("format", f"{file}: this ending says no format", advice=f"Use one of .{', .'.join(ENDINGS)}, or give --format.")
    return ENDINGS[ending]


def ending_of(format: str) -> str:
    """The ending of a file in a format."""
    return next((ending for ending, name in ENDINGS.items() if name == format), "txt")


def sheet_in(format: str, sheets: Sequence[Sheet], *, answers: bool = False) -> bytes:
    """The sheets in a format; with `answers`, HTML has folded answers on the sheet itself. Raises `RequestError`."""
    return _written(format, "sheet", sheets, answers=answers)


def key_in(format: str, sheets: Sequence[Sheet]) -> bytes:
    """The answer keys of sheets in a format: full solutions or results, as their layout says. Raises `RequestError`."""
    return _written(format, "key", sheets, answers=True)


def _written(format: str, what: str, sheets: Sequence[Sheet], *, answers: bool) -> bytes:
    if format not in FORMATS:
        raise RequestError("format", f"there is no format {format!r} for worksheets", advice=f"Choose one of {', '.join(FORMATS)}.")
    module = import_module(f"tutor.render.sheets.{_MODULES.get(format, format)}")
    found: str | bytes = module.written(what, sheets, format=format, answers=answers)
    return found.encode() if isinstance(found, str) else found


__all__ = ["ENDINGS", "FORMATS", "ending_of", "format_of", "key_in", "sheet_in"]
