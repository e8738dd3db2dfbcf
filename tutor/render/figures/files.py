"""Pictures as files: SVG, PNG and PDF, the same bytes each time, with words for those who do not see them."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from tutor.render.figures.draw import Drawing, drawing, settings
from tutor.render.figures.words import told, words

if TYPE_CHECKING:
    from tutor.exposition.figures import Figure

_DPI = 240


def svg(figure: Figure, width: float = 160) -> str:
    """The figure as an SVG document; text stays text, `<title>` and `<desc>` say what there is to see."""
    with settings():
        return '<?xml version="1.0" encoding="UTF-8"?>\n' + svg_element(figure, drawing(figure, width))


def svg_element(figure: Figure, made: Drawing) -> str:
    """The `<svg>` element alone, of a drawing that was made of the figure; to be called inside `settings()`."""
    raw = _written(made, "svg", {"Date": None, "Creator": None, "Format": None, "Type": None}).decode("utf-8")
    start = raw.index("<svg")
    end = raw.index(">", start)
    said = f'<title id="title">{escape(words(figure.title))}</title>\n <desc id="desc">{escape(told(figure))}</desc>'
    return f'{raw[start:end]} role="img" aria-labelledby="title desc">\n {said}{raw[end + 1 :]}'


def png(figure: Figure, width: float = 160) -> bytes:
    """The figure as a PNG image at 240 dots an inch; its description stands in the file."""
    return _saved(figure, width, "png", {"Software": None, "Title": words(figure.title), "Description": told(figure)})


def pdf(figure: Figure, width: float = 160) -> bytes:
    """The figure as a PDF page."""
    return _saved(figure, width, "pdf", {"CreationDate": None, "Producer": None, "Creator": None, "Title": words(figure.title), "Subject": told(figure)})


def _saved(figure: Figure, width: float, ending: str, metadata: dict[str, str | None]) -> bytes:
    with settings():
        return _written(drawing(figure, width), ending, metadata)


def _written(made: Drawing, ending: str, metadata: dict[str, str | None]) -> bytes:
    out = BytesIO()
    made.savefig(out, format=ending, metadata=metadata, dpi=_DPI)
    return out.getvalue()


__all__ = ["pdf", "png", "svg", "svg_element"]
