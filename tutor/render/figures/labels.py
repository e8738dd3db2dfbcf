"""What has distances on paper: numbers and arrows along a path, and the labels at the ends of lines. The layout is fixed before."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from tutor.exposition.figures import Line, Panel
from tutor.render.figures.style import look
from tutor.render.figures.words import words

MOVING = "moving"
"""How the ids of what belongs to a run begin: a page that moves draws it anew."""
_NUMBERED = 8
"""Places along a path that may get a number, besides the first and the last."""
_ARROWS = 6


def _pixels(axes: Any, line: Line) -> list[tuple[float, float]]:
    """The places of a line on paper, in points from the lower left."""
    scale = 72 / axes.figure.dpi
    return [(float(x) * scale, float(y) * scale) for x, y in axes.transData.transform(list(zip(line.xs, line.ys, strict=True)))]


def _inside(panel: Panel, line: Line, k: int) -> bool:
    return 0 <= panel.horizontal.part(line.xs[k]) <= 1 and 0 <= panel.vertical.part(line.ys[k]) <= 1


def along(axes: Any, path: Line, panel: Panel) -> None:
    """Arrows on the first steps; numbers at the first places and at the last one, as far as there is room."""
    arrows(axes, path, _ARROWS)
    spots = _pixels(axes, path)
    taken: list[tuple[float, float]] = []
    last = len(spots) - 1
    for k in dict.fromkeys([0, last, *range(1, min(len(spots), 30))]):
        if len(taken) > _NUMBERED or not _inside(panel, path, k):
            continue
        here = _beside(spots, k, len(str(path.numbers[k])))
        if any(math.dist(here, other) < 10 for other in taken) or (k not in (0, last) and min(math.dist(spots[k], spots[other]) for other in (0, last)) < 6):
            continue
        taken.append(here)
        shift = (here[0] - spots[k][0], here[1] - spots[k][1])
        axes.annotate(
            str(path.numbers[k]), (path.xs[k], path.ys[k]), gid=MOVING, xytext=shift, textcoords="offset points", ha="center", va="center", fontsize=7,
            bbox={"boxstyle": "round,pad=0.08", "facecolor": "white", "edgecolor": "none", "alpha": 0.6}, zorder=6, annotation_clip=False,
        )  # fmt: skip


def _beside(spots: Sequence[tuple[float, float]], k: int, signs: int) -> tuple[float, float]:
    """A place beside the path: away from both neighbours, or at right angles to the path."""
    x, y = spots[k]
    away = [0.0, 0.0]
    for other in (k - 1, k + 1):
        if 0 <= other < len(spots) and (length := math.dist(spots[k], spots[other])) > 1e-9:
            away[0] += (x - spots[other][0]) / length
            away[1] += (y - spots[other][1]) / length
    size = math.hypot(*away)
    if size < 0.3:
        other = k + 1 if k + 1 < len(spots) else k - 1
        length = math.dist(spots[k], spots[other]) or 1.0
        away = [-(spots[other][1] - y) / length, (spots[other][0] - x) / length]
        away = away if away[1] > 0 else [-away[0], -away[1]]
        size = math.hypot(*away) or 1.0
    return x + (6 + 2.2 * signs) * away[0] / size, y + 8.5 * away[1] / size


def arrows(axes: Any, path: Line, most: int) -> None:
    """Arrow heads in the middle of the first steps that are long enough on paper."""
    spots = _pixels(axes, path)
    done = 0
    for k in range(min(len(spots) - 1, 40)):
        if math.dist(spots[k], spots[k + 1]) < 11 or done == most:
            continue
        done += 1
        middle = tuple(0.42 * along_side[k] + 0.58 * along_side[k + 1] for along_side in (path.xs, path.ys))
        head = axes.annotate(
            "", middle, xytext=(path.xs[k], path.ys[k]), annotation_clip=True, zorder=3,
            arrowprops={"arrowstyle": "-|>,head_length=0.42,head_width=0.2", "mutation_scale": 10, "color": look(path.style).colour, "linewidth": 0.01, "shrinkA": 0, "shrinkB": 0},
        )  # fmt: skip
        if head.arrow_patch is not None:
            head.arrow_patch.set_gid(f"{MOVING}-arrow-{path.style}-{k}")


def label_ends(axes: Any, lines: Sequence[Line]) -> Callable[[], None]:
    """The labels of lines behind their ends, spread so that none covers another; the second part puts them in their places."""
    from matplotlib.lines import Line2D

    made = []
    for line in lines:
        style = look(line.style)
        text = axes.annotate(words(line.label), (1.0, 0.5), xycoords="axes fraction", xytext=(15, 0), textcoords="offset points", va="center", fontsize=7.5, annotation_clip=False)
        made.append((line, style, text))

    def place() -> None:
        box = axes.get_window_extent()
        height = box.height * 72 / axes.figure.dpi
        ends = []
        for line in lines:
            y = float(axes.transData.transform((1, line.ys[-1]))[1]) if line.ys else box.y0
            ends.append(min(max((y - box.y0) / box.height, 0.0), 1.0))
        for (line, style, text), y, wanted in zip(made, spread(ends, 9.5 / height), ends, strict=True):
            text.xy = (1.0, y)
            right = float(axes.transAxes.inverted().transform(axes.transData.transform((line.xs[-1], 1)))[0]) if line.xs else 1.0
            gap = 7 / (box.width * 72 / axes.figure.dpi)
            whole = 1 + 1.2 * gap
            axes.add_line(Line2D([right, 1.0, whole - gap * 0.4], [wanted, wanted, y] if right > 0.98 else [wanted, y, y], transform=axes.transAxes, clip_on=False, color="#999999", linewidth=0.4, zorder=1, gid=MOVING))
            axes.add_line(Line2D([whole + 0.3 * gap], [y], transform=axes.transAxes, clip_on=False, color=style.colour, marker=style.sign, markersize=4.2, linestyle="none"))

    return place


def spread(wanted: Sequence[float], gap: float) -> list[float]:
    """Places near those that are wanted, in the same order, at least a gap apart, from 0 to 1 as far as that goes.

    >>> [round(one, 2) for one in spread([0.5, 0.5, 0.0], 0.1)]
    [0.45, 0.55, 0.0]
    """
    order = sorted(range(len(wanted)), key=lambda k: wanted[k])
    groups: list[tuple[float, list[int]]] = []
    for k in order:
        middle, members = wanted[k], [k]
        while groups and groups[-1][0] + gap * len(groups[-1][1]) / 2 > middle - gap * len(members) / 2:
            other, earlier = groups.pop()
            members = earlier + members
            middle = (other * len(earlier) + middle * (len(members) - len(earlier))) / len(members)
            half = gap * (len(members) - 1) / 2
            middle = min(max(middle, half), max(1 - half, half))
        groups.append((middle, members))
    found = [0.0] * len(wanted)
    for middle, members in groups:
        for place, k in enumerate(members):
            found[k] = middle + gap * (place - (len(members) - 1) / 2)
    return found


__all__ = ["MOVING", "along", "arrows", "label_ends", "spread"]
