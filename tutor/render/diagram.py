"""The computation graph as a picture: SVG in columns, numbers in the boxes and on the arrows, readable in black and white.

A box holds an operation, its value, and (in italics, after ∂) the derivative of the output by it. Letters
have square corners, those to train a thick border. An arrow holds the local derivative; where a node is
used several times, also (in italics, after ←) what comes back along this arrow, so that the sum can be
seen. What each box and arrow says stands in its `<title>` too, for screen readers.

>>> from tutor.calculus.graph.backprop import backprop
>>> picture = diagram(backprop("x*sin(x) + x", "x=2"))
>>> picture.count('class="edge"'), picture.count('class="node')
(5, 4)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tutor.calculus.graph.amounts import Amount, written
from tutor.calculus.graph.backprop import SMALL, Backprop
from tutor.calculus.graph.network import Node
from tutor.errors import RequestError
from tutor.exposition.doc import Phrase
from tutor.exposition.phrases import PHRASES
from tutor.form.notation.unicode import UNICODE
from tutor.form.tree import Form
from tutor.form.write import write
from tutor.render import layers
from tutor.render.layers import ROW_GAP, Arranged, Box, Edge, arranged
from tutor.render.signs import columns, visible
from tutor.resources import Folder, folders

_SIGN, _SMALL_SIGN = 8.2, 7.4
"""Width of a sign in a box and on an arrow, on the safe side."""
_LINE, _SMALL_LINE = 18.0, 14.0
_PADDING, _MARGIN = 11.0, 24.0
_LONGEST = 26
"""Signs of an operation; a longer one is cut."""
_ROUNDED = 4
_SPREAD = 12.0
"""Between the ends of arrows at one side of a box."""
_TRIED = (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.12, 0.88)
_CURVE = 24
_CROWD = 9
"""More arrows behind one column need more room."""


def diagram(result: Backprop, *, templates: Iterable[Folder] = ()) -> str:
    """The picture of both sweeps as an SVG file.

    Raises `RequestError` for a graph that is too large to be looked at.
    """
    if not result.small:
        raise RequestError("diagram", f"the graph has {len(result.graph.nodes)} nodes, and no picture of it could be read", advice=f"Pictures are drawn of graphs up to {SMALL} nodes.")
    return drawn(picture(result), templates)


def drawn(found: dict[str, Any], templates: Iterable[Folder] = ()) -> str:
    """The SVG of a picture."""
    environment = _environment(tuple(map(str, folders("templates", templates))))
    return environment.get_template("pages/graph.svg").render(found)


@lru_cache(maxsize=8)
def _environment(searched: tuple[str, ...]) -> Environment:
    return Environment(loader=FileSystemLoader(searched), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def picture(result: Backprop) -> dict[str, Any]:
    """Everything that the template draws, with its coordinates."""
    graph = result.graph
    edges = [(source, node.index) for node in graph.nodes for source in node.inputs]
    labels = {edge: _label(result, edge) for edge in edges}
    place = arranged(edges, [_size(_lines(result, node)) for node in graph.nodes], _gaps(edges, labels, len(graph.nodes)))
    routes = _routes(place, edges)
    spots = _spots(place, routes, labels)
    legend = _legend(result)
    boxes = [*place.boxes.values(), *spots.values(), *(Box(x, y, 0, 0) for route in routes.values() for x, y in _points(route))]
    shift = _Shift(_MARGIN - min(box.left for box in boxes), _MARGIN - min(box.top for box in boxes))
    low = max(box.bottom for box in boxes) + shift.down + _MARGIN
    width = max(max(box.right for box in boxes) + shift.right, *(columns(line) * _SMALL_SIGN + _MARGIN for line in legend)) + _MARGIN
    return {
        "width": round(width), "height": round(low + _LINE * len(legend) + _MARGIN / 2),
        "title": _text(PHRASES.say("backprop.picture.title", {"output": graph.output.symbol})),
        "desc": _text(PHRASES.say("backprop.picture.desc", {"letters": len(graph.leaves), "operations": len(graph.operations), "output": graph.output.symbol})),
        "nodes": [_node(result, node, shift.box(place.boxes[node.index])) for node in graph.nodes],
        "edges": [_edge(result, edge, shift.route(routes[edge])) for edge in edges],
        "labels": [_label_data(shift.box(spots[edge]), labels[edge]) for edge in edges if labels[edge]],
        "legend": [{"x": _MARGIN, "y": _at(low + _LINE * (k + 0.5)), "text": line} for k, line in enumerate(legend)],
    }  # fmt: skip


# -- texts -------------------------------------------------------------------------------------------


def _text(phrase: Phrase) -> str:
    return "".join(_formula(part) if isinstance(part, Form) else visible(part) for part in phrase)


def _formula(form: Form) -> str:
    return visible(write(form, UNICODE))


def _rounded(found: Amount | None) -> str:
    """A number with four digits, or a dash."""
    if found is None:
        return "–"
    if found.exact is not None and found.is_short and len(str(abs(found.exact))) <= _ROUNDED + 1:
        return _formula(found.shown)
    return _formula(written(found.rounded(_ROUNDED))).replace(" ", "")


def _lines(result: Backprop, node: Node) -> list[str]:
    """What a box holds: the operation, the value, the derivative of the output."""
    name = _formula(node.symbol)
    text = f"{name} = {_formula(result.graph.operation(node))}" if node.inputs else name
    text = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    lines = [text, _rounded(result.values[node.index])]
    adjoint = result.adjoints[node.index]
    return lines if adjoint is None else [*lines, f"∂ {_rounded(adjoint)}"]


def _label(result: Backprop, edge: Edge) -> list[str]:
    """What an arrow holds: the local derivative; of a node with several users, also what comes back along it."""
    source, user = edge
    slope, outer = result.slopes[edge], result.adjoints[user]
    if slope is None:
        return []
    lines = [_rounded(slope)]
    if len(result.graph.users[source]) > 1 and outer is not None:
        lines.append(f"← {_rounded(Amount(slope.digits * outer.digits, _times(slope, outer)))}")
    return lines


def _times(one: Amount, other: Amount) -> Any:
    return None if one.exact is None or other.exact is None else one.exact * other.exact


def _legend(result: Backprop) -> list[str]:
    key = "legend_forward" if result.fault and result.fault.forward else "legend"
    found = [_text(PHRASES.say(f"backprop.picture.{key}", {"output": result.graph.output.symbol}))]
    if key == "legend" and any(len(users) > 1 for users in result.graph.users):
        found.append(_text(PHRASES.say("backprop.picture.legend_back", {})))
    return [*found, _text(PHRASES.say("backprop.picture.legend_letters", {}))]


# -- places ------------------------------------------------------------------------------------------


def _size(lines: Sequence[str]) -> tuple[float, float]:
    widest = max(columns(line) * (_SIGN if place else _SIGN * 1.08) for place, line in enumerate(lines))
    return max(widest, 46.0) + 2 * _PADDING, _LINE * len(lines) + 12


def _label_size(lines: Sequence[str]) -> tuple[float, float]:
    return max((columns(line) for line in lines), default=0) * _SMALL_SIGN + 4, _SMALL_LINE * len(lines) + 2


def _gaps(edges: Sequence[Edge], labels: dict[Edge, list[str]], count: int) -> Callable[[int], float]:
    """Room for labels behind a column; more of it where many arrows pass."""
    column = layers.columns(edges, count)
    room: dict[int, float] = {}
    passing: dict[int, int] = {}
    for source, user in edges:
        for place in range(column[source], column[user]):
            room[place] = max(room.get(place, 0.0), _label_size(labels[source, user])[0])
            passing[place] = passing.get(place, 0) + 1
    return lambda place: room.get(place, 0.0) * (1.0 if passing.get(place, 0) <= _CROWD else 1.8) + 40


Spot = tuple[float, float]
Route = list[tuple[Spot, Spot, Spot, Spot]]
"""Cubic curves, one behind the other."""


def _routes(place: Arranged, edges: Sequence[Edge]) -> dict[Edge, Route]:
    """Each arrow from the right side of the one box to the left side of the other, through its bends."""
    found: dict[Edge, Route] = {}
    around = 0
    for edge in edges:
        source, user = edge
        start, end = place.boxes[source], place.boxes[user]
        leaving = sorted((one for one in edges if one[0] == source), key=lambda one: _toward(place, one, first=True))
        coming = sorted((one for one in edges if one[1] == user), key=lambda one: _toward(place, one, first=False))
        stops = [
            (start.right, start.y + _port(leaving.index(edge), len(leaving), start.height), place.rows[source]),
            *place.bends[edge],
            (end.left - 1, end.y + _port(coming.index(edge), len(coming), end.height), place.rows[user]),
        ]
        route: Route = []
        for one, other in pairwise(stops):
            if one[2] == other[2]:
                route.append(_curve(one[:2], other[:2]))
            else:
                route += _around(place, one, other, around)
                around += 1
        found[edge] = route
    return found


def _toward(place: Arranged, edge: Edge, *, first: bool) -> tuple[int, float]:
    """The height of an arrow's next stop, seen from one of its ends; to another row it goes below all others."""
    here, there = edge if first else (edge[1], edge[0])
    bends = place.bends[edge]
    next_row = (bends[0][2] if first else bends[-1][2]) if bends else place.rows[there]
    if next_row != place.rows[here]:
        return (1 if first else -1), 0.0
    return 0, (bends[0][1] if first else bends[-1][1]) if bends else place.boxes[there].y


def _port(index: int, count: int, height: float) -> float:
    """Where an arrow ends at the side of a box, counted from the side's middle."""
    step = min(_SPREAD, (height - 12) / max(count - 1, 1))
    return (index - (count - 1) / 2) * step


def _curve(start: Spot, end: Spot) -> tuple[Spot, Spot, Spot, Spot]:
    bend = (end[0] - start[0]) * 0.45
    return start, (start[0] + bend, start[1]), (end[0] - bend, end[1]), end


def _around(place: Arranged, start: tuple[float, float, int], end: tuple[float, float, int], number: int) -> Route:
    """From the end of one row to the beginning of the next: out to the right, back between the rows, in from the left."""
    band = place.bands[start[2]]
    lane = (number % 3 - 1) * 9.0
    right, middle, left = max(band.right, start[0]) + 80 + lane, band.bottom + ROW_GAP / 2 + lane, -30.0 + lane
    corners = [start[:2], (right, start[1]), (right, middle), (left, middle), (left, end[1]), end[:2]]
    return [(one, one, other, other) for one, other in pairwise(corners)]


def _points(route: Route) -> list[Spot]:
    """Points along a route, evenly in its parameter."""
    return [_on(piece, k / _CURVE) for piece in route for k in range(_CURVE + 1)]


def _on(piece: tuple[Spot, Spot, Spot, Spot], t: float) -> Spot:
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
    return sum(w * spot[0] for w, spot in zip(weights, piece, strict=True)), sum(w * spot[1] for w, spot in zip(weights, piece, strict=True))


def _spots(place: Arranged, routes: dict[Edge, Route], labels: dict[Edge, list[str]]) -> dict[Edge, Box]:
    """A place on its arrow for every label: free of boxes and of other labels, and of other arrows as far as that goes."""
    lines = {edge: _points(route) for edge, route in routes.items()}
    around = {edge: _hull(points) for edge, points in lines.items()}
    found: dict[Edge, Box] = {}
    for edge in sorted(routes, key=lambda one: (around[one].width, one)):
        if not labels[edge]:
            continue
        size = _label_size(labels[edge])
        best, least = Box(0, 0, *size), float("inf")
        for rank, (piece, t) in enumerate((piece, t) for t in _TRIED for piece in _where(routes[edge])):
            box = Box(*_on(piece, t), *size)
            taken = sum(box.meets(other) for other in (*place.boxes.values(), *found.values()))
            crossed = 0 if taken else sum(_crossed(box, lines[other]) for other in routes if other != edge and box.meets(around[other]))
            cost = 1000 * taken + 3 * crossed + rank / len(_TRIED)
            if cost < least:
                best, least = box, cost
        found[edge] = best
    return found


def _where(route: Route) -> Route:
    """The pieces of a route on which its label may stand."""
    return route if len(route) <= 3 else [route[0], route[-1]]


def _crossed(box: Box, points: Sequence[Spot]) -> int:
    return any(box.left < x < box.right and box.top < y < box.bottom for x, y in points)


def _hull(points: Sequence[Spot]) -> Box:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Box((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2, max(xs) - min(xs) + 1, max(ys) - min(ys) + 1)


# -- what the template gets --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Shift:
    """The picture moved into the page."""

    right: float
    down: float

    def box(self, box: Box) -> Box:
        return Box(box.x + self.right, box.y + self.down, box.width, box.height)

    def route(self, route: Route) -> Route:
        return [tuple((x + self.right, y + self.down) for x, y in piece) for piece in route]  # type: ignore[misc]


def _at(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _node(result: Backprop, node: Node, box: Box) -> dict[str, Any]:
    lines = _lines(result, node)
    output, letter = node is result.graph.output, not node.inputs
    trained = letter and node.name in result.variables
    said = {"node": node.symbol, "value": _rounded(result.values[node.index]), "output": result.graph.output.symbol, "derivative": _rounded(result.adjoints[node.index])}
    top = box.top + 8 + _LINE * 0.72
    return {
        "id": f"node-{node.index}", "kind": "output" if output else "trained" if trained else "given" if letter else "operation",
        "title": _text(PHRASES.say("backprop.picture.node", said)),
        "left": _at(box.left), "top": _at(box.top), "width": _at(box.width), "height": _at(box.height), "x": _at(box.x),
        "corner": 0 if letter else 9, "fill": "#fff" if not letter or trained else "#eee", "stroke": 2.6 if trained or output else 1.2,
        "y_name": _at(top), "y_value": _at(top + _LINE), "y_derivative": _at(top + 2 * _LINE),
        "formula": lines[0], "value": lines[1], "derivative": lines[2] if len(lines) > 2 else "",
    }  # fmt: skip


def _edge(result: Backprop, edge: Edge, route: Route) -> dict[str, Any]:
    source, user = (result.graph.nodes[index] for index in edge)
    said = {"source": source.symbol, "target": user.symbol, "value": _rounded(result.slopes[edge])}
    path = f"M{_spot(route[0][0])}" + "".join(
        f" L{_spot(piece[3])}" if piece[0] == piece[1] else f" C{_spot(piece[1])} {_spot(piece[2])} {_spot(piece[3])}" for piece in route
    )
    return {"id": f"edge-{edge[0]}-{edge[1]}", "path": path, "title": _text(PHRASES.say("backprop.picture.edge", said))}


def _spot(spot: Spot) -> str:
    return f"{_at(spot[0])},{_at(spot[1])}"


def _label_data(box: Box, lines: Sequence[str]) -> dict[str, Any]:
    return {
        "left": _at(box.left), "top": _at(box.top), "width": _at(box.width), "height": _at(box.height), "x": _at(box.x),
        "lines": [{"y": _at(box.top + _SMALL_LINE * (k + 0.85)), "text": line, "back": k > 0} for k, line in enumerate(lines)],
    }  # fmt: skip
