"""One panel drawn with matplotlib: its axes, the relief, lines and marks. The signs and dashes of `style` tell runs apart without colour."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from tutor.exposition.doc import Phrase
from tutor.exposition.figures import Axis, Figure, Line, Mark, Panel
from tutor.render.figures.labels import MOVING, along, arrows, label_ends
from tutor.render.figures.style import FUNCTION, GROUND, TANGENT, look
from tutor.render.figures.words import decades, number, tick, ticks, words

_CROWD = 12
"""More runs than this have no signs on their lines."""


def fill(axes: Any, panel: Panel, figure: Figure, *, labelled: bool) -> list[Callable[[], None]]:
    """Draw what has its place already; what comes back is to be called when the layout is fixed. `labelled`: labels stand at the lines."""
    many = len(figure.traces) > 1
    _axis(axes.xaxis, axes.set_xscale, panel.horizontal)
    _axis(axes.yaxis, axes.set_yscale, panel.vertical)
    axes.set_xlabel(words(panel.horizontal.label))
    axes.set_ylabel(words(panel.vertical.label))
    axes.set_xlim(panel.horizontal.low, panel.horizontal.high)
    axes.set_ylim(panel.vertical.low, panel.vertical.high)
    if panel.level:
        axes.set_aspect("equal", adjustable="box")
    if panel.kind == "contour":
        for side in ("top", "right"):
            axes.spines[side].set_visible(True)
    if panel.kind in ("progress", "rates"):
        axes.grid(visible=True, which="major", color="#dddddd", linewidth=0.5)
        axes.set_axisbelow(True)
    if panel.relief is not None:
        _relief(axes, panel)
    crowd = len(figure.traces) > _CROWD
    for line in panel.lines:
        _line(axes, line, panel, many=many, crowd=crowd)
    for mark in panel.marks:
        _mark(axes, mark, panel, many=many)
    later: list[Callable[[], None]] = []
    paths = [line for line in panel.lines if line.role == "path"]
    if len(paths) == 1:
        later.append(partial(along, axes, paths[0], panel))
    elif not crowd:
        later += [partial(arrows, axes, path, 2) for path in paths]
    named = [line for line in panel.lines if line.role == "series" and line.label]
    if labelled and named and panel is _labelled_panel(figure):
        later.append(label_ends(axes, named))
    return later


def _labelled_panel(figure: Figure) -> Panel:
    """The last panel with lines that carry labels; one with labels is enough."""
    return next(panel for panel in reversed(figure.panels) if any(line.role == "series" and line.label for line in panel.lines))


def _axis(axis: Any, scale: Callable[..., Any], given: Axis) -> None:
    """The scale of an axis and what stands at it."""
    from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, MaxNLocator, NullFormatter, NullLocator, SymmetricalLogLocator

    if given.scale == "log":
        scale("log")
        powers = decades(given.low, given.high)
        axis.set_major_locator(FixedLocator(ticks(given, 7)))
        axis.set_minor_locator(LogLocator(subs="all") if len(powers) < 2 or powers[1] - powers[0] == 1 else NullLocator())
        axis.set_minor_formatter(NullFormatter())
    elif given.scale == "symlog":
        scale("symlog", linthresh=1.0)
        axis.set_major_locator(SymmetricalLogLocator(linthresh=1.0, base=10))
    else:
        size = max(abs(given.low), abs(given.high))
        axis.set_major_locator(MaxNLocator(4 if size >= 100_000 else "auto", integer=given.whole, steps=[1, 2, 2.5, 5, 10]))
        if size < 10_000:
            return
    axis.set_major_formatter(FuncFormatter(lambda value, _: tick(value, given.scale)))


def _relief(axes: Any, panel: Panel) -> None:
    """Bands from dark (low) to light (high), thin lines between them, the heights of some."""
    import numpy as np

    relief = panel.relief
    assert relief is not None
    values = np.ma.masked_invalid(np.array(relief.values))
    if relief.has_holes:
        axes.contourf(relief.xs, relief.ys, np.ma.getmaskarray(values).astype(float), levels=[0.5, 1.5], colors="none", hatches=["////"])
    if not relief.levels:
        return
    edges = [min(float(values.min()), relief.levels[0]) - 1e-12, *relief.levels, max(float(values.max()), relief.levels[-1]) + 1e-12]
    edges = sorted(set(edges))
    greys = [str(round(0.82 + 0.17 * k / (len(edges) - 2), 3)) for k in range(len(edges) - 1)]
    axes.contourf(relief.xs, relief.ys, values, levels=edges, colors=greys)
    lines = axes.contour(relief.xs, relief.ys, values, levels=relief.levels, colors=GROUND, linewidths=0.5, linestyles="solid")
    axes.clabel(lines, levels=list(relief.levels)[1::3], fontsize=6, colors="#555555", fmt=number, inline_spacing=2)


def _line(axes: Any, line: Line, panel: Panel, *, many: bool, crowd: bool) -> None:
    style = look(line.style)
    dash: Any = (0, style.dash) if style.dash else "solid"
    match line.role:
        case "function":
            axes.plot(line.xs, line.ys, color=FUNCTION, linewidth=1.2)
        case "tangent":
            axes.plot(line.xs, line.ys, color=TANGENT, linewidth=1, linestyle=(0, (4, 2)), zorder=2.6, gid=MOVING)
        case "region":
            axes.plot(line.xs, line.ys, color="black", linewidth=1.1, linestyle=(0, (5, 2)))
        case "path" if crowd:
            axes.plot(line.xs, line.ys, color=style.colour, linewidth=0.6, alpha=0.7, gid=MOVING)
        case "path":
            every: Any = 1 if len(line.xs) <= 60 and not many else 0.04
            axes.plot(
                line.xs, line.ys, color=style.colour, linewidth=0.6 if panel.kind == "curve" else 1.1, linestyle=dash if many else "solid", marker=style.sign if many else "o", gid=MOVING,
                markersize=3.4 if many else 2.8, markevery=every, markeredgewidth=0.4, markeredgecolor="white",
            )  # fmt: skip
        case "series" if crowd:
            axes.plot(line.xs, line.ys, color=style.colour, linewidth=0.6, linestyle=dash, gid=MOVING)
        case "series":
            few = len(line.xs) <= 26 and not many
            every = 1 if few or panel.kind == "rates" else (0.05 * ((line.style * 3) % 7) / 7, 0.13)
            axes.plot(
                line.xs, line.ys, color=GROUND if panel.kind == "rates" else style.colour, linewidth=1.1, linestyle=dash if many else "solid",
                gid=None if panel.kind == "rates" else MOVING,
                marker="" if panel.kind == "rates" else style.sign, markersize=3.4, markevery=every, markeredgewidth=0.4, markeredgecolor="white",
            )  # fmt: skip


def _mark(axes: Any, mark: Mark, panel: Panel, *, many: bool) -> None:
    style = look(max(mark.style, 0))
    common: dict[str, Any] = {"linestyle": "none", "zorder": 5, "clip_on": False}
    match mark.kind:
        case "start" if mark.style >= 0:
            axes.plot([mark.x], [mark.y], marker=style.sign, color=style.colour, markersize=4.2, markeredgewidth=0.4, markeredgecolor="white", **common)
        case "start":
            axes.plot([mark.x], [mark.y], marker="o", markersize=5.5, markerfacecolor="white", markeredgecolor="black", markeredgewidth=1.1, **common)
            if many:
                axes.annotate(words(mark.label), (mark.x, mark.y), xytext=(0, 5.5), textcoords="offset points", ha="center", fontsize=7, zorder=6, annotation_clip=False)
        case "end":
            sign = style.sign if many else "s"
            axes.plot([mark.x], [mark.y], gid=MOVING if panel.kind != "rates" else None, marker=sign, markersize=5, color=style.colour, markeredgecolor="black", markeredgewidth=0.8, **common)
        case "bottom" if mark.style >= 0:
            axes.plot([mark.x], [mark.y], marker=style.sign, markersize=8, color=style.colour, markeredgecolor="black", markeredgewidth=1.2, **common)
        case "bottom":
            axes.plot([mark.x], [mark.y], marker="+", markersize=7, color="black", markeredgewidth=0.9, linestyle="none", zorder=4)


def key(made: Any, entries: Sequence[tuple[int, Phrase]], across: int, where: Any) -> None:
    """What the signs mean, where no line carries its label."""
    from matplotlib.lines import Line2D

    handles = [Line2D([], [], color=look(style).colour, marker=look(style).sign, linestyle="none", markersize=5, label=words(label)) for style, label in entries]
    made.legend(handles=handles, loc=where, ncols=min(across, len(entries)), frameon=False, handletextpad=0.2, borderaxespad=0.2)


def labels_lines(figure: Figure) -> bool:
    """Whether there are several runs and lines at which their labels can stand, so that no key is needed."""
    return len(figure.traces) > 1 and any(line.role == "series" and line.label for panel in figure.panels for line in panel.lines)


__all__ = ["MOVING", "fill", "key", "labels_lines"]
