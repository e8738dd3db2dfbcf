"""Paths through the graph: how many lead from a letter to the output, and, where they are few, which.

The derivative of the output by a letter is the sum over all paths of the products of the local
derivatives along them. A graph can have exponentially many paths; the backward pass adds them up
without going along any of them twice (Bauer 1974).

>>> from tutor import read
>>> from tutor.calculus.graph.network import network
>>> found = network(read("x*sin(x) + x"))
>>> counts(found)[0], [[found.nodes[k].name for k in path] for path in listed(found, 0)]
(3, [['x', 'v_1', 'v_2', 'L'], ['x', 'v_2', 'L'], ['x', 'L']])
"""

from __future__ import annotations

from tutor.calculus.graph.network import Network

Path = tuple[int, ...]


def counts(graph: Network) -> list[int]:
    """For each node the number of paths from it to the output, counted without listing them."""
    found = [0] * len(graph.nodes)
    found[-1] = 1
    for node in reversed(graph.nodes):
        for source in node.inputs:
            found[source] += found[node.index]
    return found


def listed(graph: Network, start: int) -> list[Path]:
    """Every path from a node to the output; ask `counts` first."""
    users, done = graph.users, []
    stack: list[Path] = [(start,)]
    while stack:
        path = stack.pop()
        if path[-1] == len(graph.nodes) - 1:
            done.append(path)
        stack.extend((*path, user) for user in reversed(users[path[-1]]))
    return done


def longest(graph: Network) -> Path:
    """A path with the most operations, from a letter to the output."""
    layers, path = graph.layers, [graph.output.index]
    while graph.nodes[path[-1]].inputs:
        path.append(max(graph.nodes[path[-1]].inputs, key=lambda source: layers[source]))
    return tuple(reversed(path))
