"""Worksheets and answer keys in each medium: a `Sheet` becomes text, or the bytes of a PDF.

Several copies may stand in one file, each on pages of its own. A medium is imported when it is first used.

>>> sorted(ENDINGS), format_of("class/key.PDF")
(['htm', 'html', 'md', 'pdf', 'tex', 'txt', 'typ'], 'pdf')
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
    if format == "pdf":
        return compiled_later(what, sheets)()
    if format == "html":
        from tutor.render.sheets import html

        return html.written(what, sheets, answers=answers).encode()
    if format in ("plain", "terminal"):
        from tutor.render.sheets import text

        return text.written(what, sheets, ascii_only=format == "plain").encode()
    written: Callable[[str, Sequence[Sheet]], str] = import_module(f"tutor.render.sheets.{format}").written
    return written(what, sheets).encode()


def compiled_later(what: str, sheets: Sequence[Sheet]) -> Callable[[], bytes]:
    """A PDF whose text is made now; the compiler, which needs no Python, may then run in a thread."""
    from tutor.render.sheets import typst
    from tutor.render.typst import compiled

    text = typst.written(what, sheets)
    return lambda: compiled(text)


__all__ = ["ENDINGS", "FORMATS", "compiled_later", "ending_of", "format_of", "key_in", "sheet_in"]
