"""Pictures of runs: files (matplotlib, when it is there), a page that moves, and lines for a terminal.

Each medium is imported when it is asked for.

>>> from tutor.descent.run import descend
>>> from tutor.exposition.figures import figure_of
>>> figure = figure_of(descend("x^2", start="x=1", rate="0.25", steps=6))
>>> terminal_figure(figure, 60, ascii=True)[0]
'    f(x)                             f(x) above the bottom'
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.errors import RequestError

if TYPE_CHECKING:
    from tutor.exposition.figures import Figure

WIDTH = 160.0
"""The width of a picture in mm; 80 is that of a column."""
_NARROWEST, _WIDEST = 60, 400


def _svg(figure: Figure, width: float) -> bytes:
    from tutor.render.figures.files import svg

    return svg(figure, width).encode("utf-8")


def _png(figure: Figure, width: float) -> bytes:
    from tutor.render.figures.files import png

    return png(figure, width)


def _pdf(figure: Figure, width: float) -> bytes:
    from tutor.render.figures.files import pdf

    return pdf(figure, width)


def _page(figure: Figure, _: float) -> bytes:
    from tutor.render.figures.page import page

    return page(figure).encode("utf-8")


ENDINGS: dict[str, Callable[[Figure, float], bytes]] = {".svg": _svg, ".png": _png, ".pdf": _pdf, ".html": _page}
"""What a picture's file is called, and how it is made."""


def check_picture(path: str | os.PathLike[str]) -> Callable[[Figure, float], bytes]:
    """How a picture with this name is made. Raises `RequestError` for another ending, and without matplotlib: to be asked before the work.

    >>> check_picture("path.gif")
    Traceback (most recent call last):
    tutor.errors.RequestError: 'path.gif' is no picture that can be drawn: it ends in '.gif'
    """
    ending = Path(path).suffix.lower()
    if ending not in ENDINGS:
        said = f"it ends in {ending!r}" if ending else "its name has no ending"
        known = ", ".join(ENDINGS)
        raise RequestError("plot", f"{os.fspath(path)!r} is no picture that can be drawn: {said}", advice=f"The ending chooses the medium: {known}.")
    from tutor.render.figures.draw import library

    library()
    return ENDINGS[ending]


def write_figure(figure: Figure, path: str | os.PathLike[str], *, width: float = WIDTH) -> None:
    """Write a figure into a file, whose ending chooses the medium: .svg, .png, .pdf, or .html (a page with a slider).

    `width` is in mm (a page has its own). Raises `RequestError` for another ending, without matplotlib, for a width that no
    paper has, and where the file cannot be written.
    """
    make = check_picture(path)
    if not _NARROWEST <= width <= _WIDEST:
        raise RequestError("plot", f"a picture is from {_NARROWEST} to {_WIDEST} mm wide, and not {width:g}")
    made = make(figure, width)
    try:
        Path(path).write_bytes(made)
    except OSError as error:
        raise RequestError("plot", f"the picture cannot be written to {os.fspath(path)!r}: {error.strerror or error}") from error


def terminal_figure(figure: Figure, width: int = 78, *, ascii: bool = False, height: int = 15) -> list[str]:
    """A small picture in lines of text, at most `width` columns wide; `ascii` uses nothing else."""
    from tutor.render.figures import text

    return text.terminal_figure(figure, width, ascii=ascii, height=height)


__all__ = ["ENDINGS", "WIDTH", "check_picture", "terminal_figure", "write_figure"]
