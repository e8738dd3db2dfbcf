"""A figure drawn with matplotlib: for print at 80 to 160 mm, and so that colour is never the only difference.

Nothing global is touched: no pyplot, and the settings hold only while a picture is drawn. The matplotlib figure is laid out first (`panel`
draws into its frames); then what has distances on paper gets its place: numbers and arrows along a path, labels at the ends of lines (`labels`).
matplotlib's objects have no types here: its annotations change from version to version, and it need not be installed.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from tutor.errors import RequestError
from tutor.exposition.doc import Phrase
from tutor.exposition.figures import Figure, Panel
from tutor.render.figures.panel import MOVING, fill, key, labels_lines
from tutor.render.figures.words import words
from tutor.render.signs import columns

Drawing = Any
"""matplotlib's figure."""
Where = Callable[[float, float], tuple[float, float]]
"""Where a place of a panel lies in a drawing, in points from the upper left."""
_MM = 1 / 25.4
NARROW = 118
"""Below this width (in mm) panels stand under each other."""
_SETTINGS: dict[str, Any] = {
    "font.family": "sans-serif", "font.sans-serif": ["DejaVu Sans", "Verdana", "Arial"], "font.size": 8, "axes.labelsize": 8, "axes.titlesize": 8.5,
    "xtick.labelsize": 7.5, "ytick.labelsize": 7.5, "figure.titlesize": 9.5, "legend.fontsize": 7.5, "axes.linewidth": 0.6,
    "xtick.major.width": 0.6, "ytick.major.width": 0.6, "xtick.minor.width": 0.4, "ytick.minor.width": 0.4, "xtick.major.size": 3, "ytick.major.size": 3,
    "axes.spines.top": False, "axes.spines.right": False, "text.parse_math": False, "text.usetex": False, "svg.fonttype": "none",
    "svg.hashsalt": "tutor", "pdf.fonttype": 42, "hatch.linewidth": 0.4, "path.simplify": True, "savefig.facecolor": "white", "figure.facecolor": "white",
}  # fmt: skip


def library() -> Any:
    """matplotlib. Raises `RequestError` where it is not installed."""
    try:
        import matplotlib
    except ImportError as error:
        raise RequestError("plots", "pictures need matplotlib, which is not installed", advice='Install it: pip install "calculus-tutor[plots]".') from error
    return matplotlib


@contextmanager
def settings() -> Iterator[None]:
    """matplotlib's own defaults and ours, whatever the user's configuration says; a missing glyph is not worth a warning."""
    matplotlib = library()
    with matplotlib.rc_context(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_SETTINGS)
        yield


def drawing(figure: Figure, width: float, *, titled: bool = True) -> Drawing:
    """The figure, `width` mm wide, ready to be saved; to be called inside `settings()`."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Empty

    beside = len(figure.panels) > 1 and width >= NARROW
    labelled = beside and labels_lines(figure)
    legend = () if labelled else figure.legend
    at_side = bool(legend) and len(figure.panels) == 1 and width >= NARROW
    labels = _width(label for _, label in figure.legend) if labelled else 0.0
    room = 0.52 * (width - labels) - 16 if beside else width - 18 - (_width(label for _, label in legend) if at_side else 0.0)
    sizes = [_size(panel, room) for panel in figure.panels]
    below = 0.0 if at_side else 5.0 * math.ceil(len(legend) / max(1, int(width // 52)))
    high = [height + 13 for _, height in sizes]
    whole = (max(high) if beside else sum(high)) + 8 + below
    made: Drawing = Empty(figsize=(width * _MM, whole * _MM), layout="constrained")
    made.get_layout_engine().set(w_pad=1.6 * _MM, h_pad=1.2 * _MM)
    FigureCanvasAgg(made)
    if titled:
        made.suptitle(words(figure.title), x=0.01, ha="left")
    shape = {"ncols": 2, "width_ratios": [sizes[0][0], max(width - sizes[0][0] - labels - 32, 0.6 * sizes[0][0])]} if beside else {"nrows": len(high), "height_ratios": high}
    axes: list[Any] = made.subplots(squeeze=False, **shape).ravel().tolist()
    later: list[Callable[[], None]] = []
    for panel, place in zip(figure.panels, axes, strict=True):
        later += fill(place, panel, figure, labelled=labelled)
    if legend:
        key(made, legend, 1 if at_side else max(1, int(width // 52)), "outside right upper" if at_side else "outside lower left")
    made.draw_without_rendering()
    made.set_layout_engine("none")
    for write in later:
        write()
    _number_moving(made)
    return made


def _number_moving(made: Drawing) -> None:
    """Every artist that belongs to a run gets an id of its own."""
    for place, artist in enumerate(made.findobj(lambda artist: artist.get_gid() == MOVING)):
        artist.set_gid(f"{MOVING}-{place}")


def frames(made: Drawing) -> list[tuple[tuple[float, float, float, float], Where]]:
    """Of each panel its frame in the SVG (left, top, width, height) and where a place of the panel lies there, in points."""
    high = float(made.bbox.height)
    scale = 72 / made.dpi
    found = []
    for axes in made.axes:
        box = axes.get_window_extent()

        corner = float(box.x0) * scale, (high - float(box.y1)) * scale
        found.append(((*corner, float(box.width) * scale, float(box.height) * scale), _placed(axes.transData, high, scale)))
    return found


def _placed(transform: Any, high: float, scale: float) -> Where:
    def where(x: float, y: float) -> tuple[float, float]:
        across, up = transform.transform((x, y))
        return float(across) * scale, (high - float(up)) * scale

    return where


def _size(panel: Panel, room: float) -> tuple[float, float]:
    """The width and the height of a panel's frame in mm."""
    height = min(0.68 * room, 75.0)
    if not panel.level:
        return room, height
    across, up = panel.horizontal, panel.vertical
    ratio = (up.high - up.low) / (across.high - across.low)
    height = min(max(ratio * room, height), 1.05 * room, 110.0)
    return min(room, height / ratio), height


def _width(labels: Iterable[Phrase]) -> float:
    """The room in mm that labels with their signs take."""
    return max((1.5 * columns(words(label)) + 9 for label in labels), default=0.0)


__all__ = ["MOVING", "NARROW", "Drawing", "Where", "drawing", "frames", "library", "settings"]
