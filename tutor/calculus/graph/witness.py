"""The audit of the numbers: each one that is shown is computed a second time, by a way that does not know the graph.

Values come from evaluating the form itself, derivatives from forward-mode dual numbers (`derivative_ball`),
local derivatives from their audited formulas, all in balls: a ball that lies within half a unit of the last
digit that is shown proves that digit. Of a large graph, some derivatives are checked so, and all of them
together by the slope along one line through the point: one number that depends on every one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from tutor.algebra.equal import Evidence, compared
from tutor.calculus.forward import derivative_ball
from tutor.calculus.graph.amounts import Amount, amount
from tutor.calculus.graph.network import Network, Node, operands, over
from tutor.form.evaluate import evaluate_ball, precision, to_ball
from tutor.form.numerals import number
from tutor.form.tree import Add, Deriv, Form, Mul, Neg, Relation, Sym, product, total
from tutor.form.walk import substitute

if TYPE_CHECKING:
    from flint import arb

    from tutor.calculus.graph.backprop import Backprop

Witnessed = tuple[Relation, str, Evidence]
"""A statement, why it is made, what is known of it."""

_HOLE = "□"
"""Stands for a node's value, or for the way along a line; no text reads as this letter."""
_SEPARATELY = 4
"""Derivatives of a large graph that are checked one by one."""


def witnessed(result: Backprop) -> Iterator[Witnessed]:
    """The statements about every number that is shown, each with its evidence."""
    if result.balls is None:
        return
    bits = result.balls.bits
    place = {name: evaluate_ball(value, {}, bits) for name, value in result.point.items()}
    if result.small:
        yield from _values(result, place, bits)
        if not result.fault:
            yield from _locals(result, place, bits)
            yield from _adjoints(result, place, bits)
    elif not result.fault:
        for letter in result.variables[:_SEPARATELY]:
            yield _stated(result.gradient(letter), result.derivative(result.leaf[letter]), "backprop.gradient", derivative_ball(result.function, place, letter, bits))
        yield _along_a_line(result, place, bits)
    yield from _updated(result, place, bits)


def after(result: Backprop) -> Sym:
    """What the loss is called after the step."""
    return Sym(f"{result.graph.output.name.partition('_')[0]}_1")


def _stated(found: Amount, what: Form, reason: str, ball: arb) -> Witnessed:
    """That something is the number that is shown, as far as balls can see it."""
    held = found.agrees(ball)
    return found.near(what), reason, Evidence(held, "balls") if held is not None else Evidence(None, "none")


def _values(result: Backprop, place: Mapping[str, Any], bits: int) -> Iterator[Witnessed]:
    memo: dict[Form, Any] = {}
    for node in result.graph.operations:
        found = result.values[node.index]
        if found is not None:
            yield _stated(found, node.symbol, "backprop.value", evaluate_ball(node.form, place, bits, memo))


def _locals(result: Backprop, place: Mapping[str, Any], bits: int) -> Iterator[Witnessed]:
    for node in result.graph.operations:
        for source in node.inputs:
            found, what = result.slopes[source, node.index], Deriv(node.symbol, result.graph.nodes[source].name, 1, True)
            ball = slope_ball(result, source, node.index, place, bits)
            if found is not None and ball is not None:
                yield _stated(found, what, "backprop.local", ball)
    products = [(one.nodes, one.product) for paths in result.paths.values() for one in paths if len(one.nodes) > 2]
    last = result.layers[0].behind if result.layers else 0
    for layer in result.layers:
        inside = (layer.before, layer.inner, layer.behind) if layer.inner != layer.behind else (layer.before, layer.inner)
        products += [(inside, layer.factor), (_chain(result, layer.before, last), layer.left)]
    known: dict[tuple[int, int], Any] = {}
    for path, found in products:
        yield _product(result, path, found, place, bits, known)


def _chain(result: Backprop, start: int, last: int) -> tuple[int, ...]:
    """The way through the layers of a chain."""
    path = [start]
    while path[-1] != last:
        path.append(result.graph.users[path[-1]][0])
    return tuple(path)


def _product(
    result: Backprop, path: tuple[int, ...], found: Amount, place: Mapping[str, Any], bits: int, known: dict[tuple[int, int], Any]
) -> Witnessed:
    pairs = list(pairwise(path))
    factors = [Deriv(result.graph.nodes[user].symbol, result.graph.nodes[source].name, 1, True) for source, user in pairs]
    for source, user in pairs:
        if (source, user) not in known:
            known[source, user] = slope_ball(result, source, user, place, bits)
    with precision(bits):
        ball = to_ball(1)
        for pair in pairs:
            ball = ball * known[pair] if known[pair] is not None else ball * to_ball(float("nan"))
    return _stated(found, product(reversed(factors)), "backprop.path", ball)


def slope_ball(result: Backprop, source: int, user: int, place: Mapping[str, Any], bits: int) -> arb | None:
    """A local derivative from its formula, over the values of the nodes' own forms; None where there is no formula."""
    formula = result.locals[user][source].formula
    if formula is None:
        return None
    values = {name: evaluate_ball(result.named[name].form, place, bits) for name in formula.free}
    return evaluate_ball(formula, values, bits)


def _adjoints(result: Backprop, place: Mapping[str, Any], bits: int) -> Iterator[Witnessed]:
    """The derivative by each node: the node's value becomes a letter, and forward mode differentiates by it."""
    for node in result.graph.nodes[:-1]:
        found = result.adjoints[node.index]
        if found is not None:
            form, at = detached(result.graph, node), {**place, _HOLE: evaluate_ball(node.form, place, bits)}
            yield _stated(found, result.derivative(node), "backprop.gradient", derivative_ball(form, at, _HOLE, bits))


def detached(graph: Network, node: Node) -> Form:
    """The output as a form in which a node is a letter of its own."""
    forms: dict[int, Form] = {node.index: Sym(_HOLE)}
    for user in graph.nodes[node.index + 1 :]:
        if any(source in forms for source in user.inputs):
            parts = [graph.at[part] for part in operands(user.form)]
            forms[user.index] = over(user.form, tuple(forms.get(part, graph.nodes[part].form) for part in parts))
    return forms[graph.output.index]


def _along_a_line(result: Backprop, place: Mapping[str, Any], bits: int) -> Witnessed:
    """All letters move at once, each at its own speed: the slope is the sum of derivative times speed."""
    assert result.balls is not None
    speeds = {node.name: Fraction(1 + 37 * k % 101, 101) for k, node in enumerate(result.graph.leaves)}
    form = substitute(result.function, {name: Add((Sym(name), Mul((number(speed), Sym(_HOLE))))) for name, speed in speeds.items()})
    slope = derivative_ball(form, {**place, _HOLE: to_ball(0)}, _HOLE, bits)
    with precision(bits):
        whole = sum((result.balls.adjoints[node.index][0] * to_ball(speeds[node.name]) for node in result.graph.leaves), to_ball(0))
    verdict = compared(whole, slope)
    statement = amount(slope).near(Deriv(result.graph.output.symbol, "t", 1, True)) if slope.is_finite() else Relation((Sym("t"), Sym("t")), ("=",))
    return statement, "backprop.line", Evidence(verdict, "samples", 1) if verdict is not None else Evidence(None, "none")


def _updated(result: Backprop, place: Mapping[str, Any], bits: int) -> Iterator[Witnessed]:
    update = result.update
    if update is None:
        return
    moved = dict(place)
    forward = _forward(result, bits)
    for move in update.moves:
        slope = forward(result.function, place, move.letter)
        with precision(bits):
            moved[move.letter] = place[move.letter] - to_ball(update.rate) * slope
        step = Neg(Mul((number(update.rate, decimal=True), result.derivative(result.leaf[move.letter]))))
        if result.small:
            yield _stated(move.after, total((Sym(move.letter), step)), "backprop.update", moved[move.letter])
    loss = evaluate_ball(result.function, moved, bits)
    if update.after is None:
        return
    yield _stated(update.after, after(result), "backprop.loss", loss)
    if update.change in ("fell", "rose"):
        before = evaluate_ball(result.function, place, bits)
        held = bool(loss < before) if update.change == "fell" else bool(loss > before)
        statement = Relation((after(result), result.graph.output.symbol), ("<" if update.change == "fell" else ">",))
        yield statement, "backprop.change", Evidence(held or None, "balls" if held else "none")


def _forward(result: Backprop, bits: int) -> Callable[..., Any]:
    """Forward mode by letter; of a large graph with many letters the backward pass's own numbers, checked above."""
    if result.small:
        return lambda form, place, letter: derivative_ball(form, place, letter, bits)
    assert result.balls is not None
    adjoints = result.balls.adjoints
    return lambda _form, _place, letter: adjoints[result.leaf[letter].index][0]
