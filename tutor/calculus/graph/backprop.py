"""Backpropagation: forward pass, backward pass, and one step of gradient descent, with every number checked by another way.

The derivative of the loss L by a node is the sum over the nodes that use it: their derivative of L times
their local derivative (the chain rule along several paths). Going backwards, each is found once, and one
sweep gives the derivatives by all letters (Rumelhart, Hinton & Williams, *Nature* 323, 1986). The update
is not part of it: gradient descent moves every letter against its derivative, w ← w − α · ∂L/∂w.

Numbers come from balls with error bounds, and from exact fractions where they are fractions. The audit
computes them again: values from the form itself, derivatives by forward-mode dual numbers, and by the
derivation tree where that is of moderate size.

>>> found = backprop("(y - sigmoid(w*x + b))^2", "x=1, y=0, w=0.5, b=0", ["w", "b"])
>>> {letter: str(found.gradient(letter).shown) for letter in found.variables}
{'w': '0.292561', 'b': '0.292561'}
>>> str(found.update.before.shown), str(found.update.after.shown), found.update.change
('0.387456', '0.37041', 'fell')
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from tutor.calculus.audit import Audit, Line
from tutor.calculus.differentiate import Derivation, differentiate
from tutor.calculus.graph import facts
from tutor.calculus.graph.amounts import Amount, amount, beyond
from tutor.calculus.graph.local import Local, local
from tutor.calculus.graph.network import OUTPUT, Network, Node, network, ordered_name
from tutor.calculus.graph.paths import Path, counts, listed
from tutor.calculus.graph.presets import ACTIVATIONS, Model
from tutor.calculus.graph.sweep import Tape, exact_arithmetic, settled
from tutor.calculus.graph.witness import witnessed
from tutor.calculus.points import Point, check_point, read_point
from tutor.calculus.request import body
from tutor.calculus.worked import Claim, Worked, distinct
from tutor.errors import RequestError
from tutor.form.evaluate import BITS, ball_arithmetic, compute, evaluate_ball, precision, to_ball
from tutor.form.numerals import number, rational
from tutor.form.reading import read
from tutor.form.tree import Apply, Deriv, Form, Relation, Sym
from tutor.form.walk import substitute

if TYPE_CHECKING:
    from flint import arb

SMALL = 400
"""Nodes up to which fractions are kept exactly, every number is audited, and documents show every node."""
RATE = Fraction(1, 10)
_PRECISIONS = (BITS, 4 * BITS, 16 * BITS)
_SHARP = 70
"""Bits of every number that must be certain."""
_LISTED = 12
"""Paths are listed up to this number, over all letters that were asked for."""
_TREES = 16
_MODERATE, _LONGEST_VALUE = 100, 150
"""Sizes of function and derivative up to which the derivation tree is a witness."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a sweep stopped: an operation without a value, or (`source` given) one without a derivative by that input.

    `forward`: it was the forward pass. `beyond`: there is a number, its own or its derivative, and it is too large or too small to be written.
    """

    node: Node
    source: Node | None = None
    beyond: bool = False
    forward: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """One letter's part of a descent step."""

    letter: str
    before: Amount
    slope: Amount
    after: Amount


@dataclass(frozen=True, slots=True)
class Update:
    """One step of gradient descent: the letters, and the loss before and after.

    `change` is `fell`, `rose`, `same`, `undefined` where the new point has no loss, `beyond` where it is too large to be written.
    """

    rate: Fraction
    moves: tuple[Move, ...]
    before: Amount
    after: Amount | None
    change: str


@dataclass(frozen=True, slots=True)
class Along:
    """A path from a letter to the output and the product of the local derivatives on it."""

    nodes: Path
    product: Amount


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer of a chain: the nodes before it, in it and behind it, what it multiplies the derivative by, and what is left behind all layers so far."""

    before: int
    inner: int
    behind: int
    factor: Amount
    left: Amount


@dataclass(frozen=True, eq=False, repr=False)
class Backprop(Worked):
    """What the two sweeps found. An entry of `values`, `adjoints` or `slopes` is None where there is no number.

    `adjoints` are the derivatives of the output by each node, `slopes` the local derivatives by (what is
    read, what reads it); `every` says that no letters were asked for, so that all are trained.
    """

    function: Form
    graph: Network
    point: Point
    variables: tuple[str, ...]
    rate: Fraction
    values: tuple[Amount | None, ...]
    adjoints: tuple[Amount | None, ...]
    slopes: Mapping[tuple[int, int], Amount | None]
    fault: Fault | None = None
    update: Update | None = None
    every: bool = False
    model: Model | None = None
    balls: _Sweep | None = None

    @property
    def small(self) -> bool:
        """Whether every node can be shown."""
        return len(self.graph.nodes) <= SMALL

    @cached_property
    def leaf(self) -> dict[str, Node]:
        """The letters' nodes."""
        return {node.name: node for node in self.graph.leaves}

    @cached_property
    def named(self) -> dict[str, Node]:
        """All nodes by name."""
        return {node.name: node for node in self.graph.nodes}

    def gradient(self, letter: str) -> Amount:
        """The derivative of the output by a letter. Raises `RequestError` where it does not exist."""
        found = self.adjoints[self.leaf[letter].index]
        if found is None:
            raise RequestError("point", f"there is no derivative by {letter} at this point")
        return found

    def derivative(self, node: Node) -> Form:
        """∂L/∂node, as a symbol."""
        return Deriv(self.graph.output.symbol, node.name, 1, True)

    @cached_property
    def locals(self) -> tuple[dict[int, Local], ...]:
        """For each node its local derivatives as formulas, by the index of the input."""
        return tuple(local(self.graph, node) if node.inputs else {} for node in self.graph.nodes)

    @cached_property
    def kinds(self) -> tuple[Derivation, ...]:
        """The local derivatives that were worked out, one for each kind of operation."""
        return tuple(distinct(one.kind for found in self.locals for one in found.values()))

    @cached_property
    def counts(self) -> list[int]:
        """The number of paths from each node to the output."""
        return counts(self.graph)

    @cached_property
    def paths(self) -> dict[str, tuple[Along, ...]]:
        """The paths from each letter that was asked for, where they are few; else nothing."""
        if self.fault or sum(self.counts[self.leaf[letter].index] for letter in self.variables) > _LISTED or self.balls is None:
            return {}
        return {letter: tuple(self._along(path) for path in listed(self.graph, self.leaf[letter].index)) for letter in self.variables}

    def _along(self, path: Path) -> Along:
        return Along(path, amount(*self._product(path)))

    def _product(self, path: Path, start: Pair | None = None) -> Pair:
        """The product of the local derivatives along a path."""
        assert self.balls is not None
        ball, exact = start or (to_ball(1), Fraction(1))
        with precision(self.balls.bits):
            for edge in pairwise(path):
                ball, exact = ball * self.balls.slopes[edge][0], settled(exact * self.balls.slopes[edge][1])
        return ball, exact

    @cached_property
    def layers(self) -> tuple[Layer, ...]:
        """The layers of a chain, the last one first, as the backward pass meets them; else nothing."""
        if self.fault or self.model is None:
            return ()
        found: list[Layer] = []
        left: Pair = (to_ball(1), Fraction(1))
        for inner, behind in ((self.named[z].index, self.named[a].index) for z, a in reversed(self.model.layers)):
            before = self.graph.nodes[inner].inputs[1]
            path = (before, inner, behind) if inner != behind else (before, inner)
            left = self._product(path, left)
            found.append(Layer(before, inner, behind, self._along(path).product, amount(*left)))
        return tuple(found)

    @cached_property
    def limit(self) -> Amount | None:
        """What the layers of a chain leave of the derivative at most: the greatest slope times the size of the weight, layer by layer."""
        if not self.layers or self.balls is None or self.model is None:
            return None
        most = ACTIVATIONS[self.model.activation].most
        ball, exact = to_ball(1), Fraction(1)
        with precision(self.balls.bits):
            for layer in self.layers:
                weight = self.balls.values[self.graph.nodes[layer.inner].inputs[0]]
                ball, exact = ball * to_ball(most) * abs(weight[0]), settled(exact * most * abs(weight[1]))
        return amount(ball, exact)

    @cached_property
    def trees(self) -> dict[str, Derivation]:
        """The derivation tree by each letter that was asked for, where it is of moderate size: a second way to the same number."""
        if self.function.size > _MODERATE or self.fault:
            return {}
        found = {letter: differentiate(self.function, letter) for letter in self.variables[:_TREES]}
        return {letter: one for letter, one in found.items() if one.value.size <= _LONGEST_VALUE}

    @property
    def derivations(self) -> tuple[Derivation, ...]:
        """The local derivatives, kind by kind, and the derivation trees."""
        return (*self.kinds, *self.trees.values(), *facts.derivations(self.model))

    @property
    def claims(self) -> tuple[Claim, ...]:
        """What can be said in closed form: derivatives by the tree at the point, exact values, what holds for the model."""
        return tuple(dict.fromkeys((*self._by_tree(), *facts.claims(self.model, self.point))))

    def _by_tree(self) -> Iterator[Claim]:
        for letter, tree in self.trees.items():
            yield Claim(self.gradient(letter).states(substitute(tree.value, dict(self.point))), "backprop.gradient")

    @cached_property
    def audits(self) -> tuple[Audit, ...]:
        """The audits of the derivations and claims, and one of every number that is shown."""
        lines = tuple(Line(Claim(statement, reason), evidence) for statement, reason, evidence in witnessed(self))
        mine = Audit(lines, {id(line.line): line.evidence for line in lines})
        return (*super().audits, mine) if lines else super().audits


def backprop(
    function: str | Form | Model, at: str | Mapping[str, object] | None = None, wrt: Sequence[str] | None = None, rate: str | float | Fraction | Form = RATE
) -> Backprop:
    """Both sweeps through a text, form or model at a point, and one descent step for the letters of `wrt` (all, if left out).

    A model brings its point and letters; `at` replaces some of its numbers. Where the point has no value,
    or no derivative, `fault` says at which node. Raises `ReadError`, or `RequestError` for what is no
    function, a letter without a value, a letter that does not occur, a rate that is no positive number.
    """
    model = function if isinstance(function, Model) else None
    typed = function.form if isinstance(function, Model) else read(function) if isinstance(function, str) else function
    form = body(typed)
    point = _point(form, model, at)
    graph = network(form, model.names if model else None, _output(typed), tuple(point))
    letters = _letters(form, wrt, model, tuple(point))
    step = _rate(rate)
    sweep = _swept(graph, point, letters)
    values, adjoints, slopes = sweep.amounts()
    update = None if sweep.fault else _update(graph, sweep, letters, step)
    every = not wrt and model is None
    return Backprop(form, graph, point, letters, step, values, adjoints, slopes, sweep.fault, update, every, model, sweep)


def _output(typed: Form) -> str:
    """What the output was called when it was typed."""
    match typed:
        case Relation((Sym(name), _), ("=",)) | Relation((Apply(name, _, _), _), ("=",)):
            return name
    return OUTPUT


def _point(form: Form, model: Model | None, at: str | Mapping[str, object] | None) -> dict[str, Form]:
    given = read_point(at) if at else {}
    strange = [name for name in given if name not in form.free]
    if model and strange:
        raise RequestError("point", f"the model has no letter {strange[0]}", advice=f"Its letters are {', '.join(model.point)}.")
    point = {**(model.point if model else {}), **given}
    check_point(point, form)
    kept = {name: point[name] for name in point if name in form.free}
    for name, value in kept.items():
        if not evaluate_ball(value, {}).is_finite():
            raise RequestError("point", f"{name} = {value} is no real number")
    return kept


def _letters(form: Form, wrt: Sequence[str] | None, model: Model | None, letters: tuple[str, ...]) -> tuple[str, ...]:
    if not wrt:
        return model.trained if model else letters
    names = []
    for name in wrt:
        letter = read(name, variables=(name,))
        if not isinstance(letter, Sym) or letter.name not in form.free:
            raise RequestError("variable", f"{name} is no letter of the expression", advice=f"Its letters are {', '.join(sorted(form.free, key=ordered_name))}.")
        names.append(letter.name)
    if len(set(names)) < len(names):
        raise RequestError("variable", "a letter is named twice")
    return tuple(names)


def _rate(rate: str | float | Fraction | Form) -> Fraction:
    if isinstance(rate, Fraction):
        found: Fraction | None = rate
    else:
        found = rational(rate if isinstance(rate, Form) else read(str(rate)))
    if found is None or found <= 0:
        raise RequestError("rate", f"the learning rate must be a positive number, not {rate}", advice="Give one, such as --rate 0.1.")
    return found


# -- the sweeps --------------------------------------------------------------------------------------

Pair = tuple[Any, Any]
"""A ball, and the fraction that it surely is (or nan)."""


@dataclass(frozen=True, slots=True, eq=False)
class _Sweep:
    """Both sweeps in balls and in exact numbers, at one precision."""

    bits: int
    point: Mapping[str, Pair]
    values: list[Pair]
    adjoints: list[Pair]
    slopes: Mapping[tuple[int, int], Pair]
    fault: Fault | None

    def amounts(self) -> tuple[tuple[Amount | None, ...], tuple[Amount | None, ...], dict[tuple[int, int], Amount | None]]:
        """Values, derivatives of the output, local derivatives; None where there is no number."""
        stopped = self.fault is not None and self.fault.forward
        adjoints = [None] * len(self.adjoints) if stopped else [_amount(pair) for pair in self.adjoints]
        slopes = {edge: None if stopped else _amount(pair) for edge, pair in self.slopes.items()}
        return tuple(_amount(pair) for pair in self.values), tuple(adjoints), slopes


def _amount(pair: Pair) -> Amount | None:
    return amount(*pair) if _written(pair[0]) else None


def _written(ball: arb) -> bool:
    """Whether there is a number, and one that can be written."""
    return ball.is_finite() and not beyond(ball)


def _swept(graph: Network, point: Point, letters: tuple[str, ...]) -> _Sweep:
    """The sweeps at the first precision at which every number is certain."""
    small = len(graph.nodes) <= SMALL
    for bits in _PRECISIONS if small else _PRECISIONS[:2]:
        found = _at_precision(graph, point, letters, bits, exactly=small)
        if all(_sharp(pair) for pair in (*found.values, *found.adjoints)):
            break
    return found


def _sharp(pair: Pair) -> bool:
    ball, exact = pair
    return isinstance(exact, Fraction) or not ball.is_finite() or ball.rel_accuracy_bits() >= _SHARP


def _at_precision(graph: Network, point: Point, letters: tuple[str, ...], bits: int, exactly: bool) -> _Sweep:
    with precision(bits):
        place = {name: (evaluate_ball(value, {}, bits), compute(value, {}, exact_arithmetic())) for name, value in point.items()}
        ball = Tape(graph, ball_arithmetic())
        values = ball.forward({name: pair[0] for name, pair in place.items()})
        adjoints, slopes = ball.backward(values)
        if exactly:
            exact = Tape(graph, exact_arithmetic(), settled)
            fractions = exact.forward({name: pair[1] for name, pair in place.items()})
            exact_adjoints, exact_slopes = exact.backward(fractions)
        else:
            fractions = exact_adjoints = [None] * len(values)
            exact_slopes = [[None] * len(one) for one in slopes]
        edges = _merged(graph, ball, slopes, exact_slopes)
    fault = _fault(graph, letters, values, adjoints, edges)
    return _Sweep(bits, place, list(zip(values, fractions, strict=True)), list(zip(adjoints, map(settled, exact_adjoints), strict=True)), edges, fault)


def _merged(graph: Network, tape: Tape, balls: list[Sequence[Any]], fractions: list[Sequence[Any]]) -> dict[tuple[int, int], Pair]:
    """The local derivative by each input; where an operation reads an input twice, the sum."""
    found: dict[tuple[int, int], Pair] = {}
    for node, slots, ball, exact in zip(graph.operations, tape.slots, balls, fractions, strict=True):
        for slot, one, other in zip(slots, ball, exact, strict=True):
            edge = (slot, node.index)
            found[edge] = (found[edge][0] + one, found[edge][1] + other) if edge in found and other is not None else (found[edge][0] + one, None) if edge in found else (one, other)
    return found


def _fault(graph: Network, letters: tuple[str, ...], values: list[Any], adjoints: list[Any], slopes: Mapping[tuple[int, int], Pair]) -> Fault | None:
    for node in graph.nodes:
        if not _written(values[node.index]):
            return Fault(node, beyond=beyond(values[node.index]), forward=True)
    wanted = [node for node in graph.leaves if node.name in letters]
    if all(_written(adjoints[node.index]) for node in wanted):
        return None
    reached = {node.index for node in wanted}
    for node in graph.nodes:
        if reached.intersection(node.inputs):
            reached.add(node.index)
    for node in reversed(graph.nodes):
        for source in node.inputs:
            if source in reached and not slopes[source, node.index][0].is_finite():
                return Fault(node, graph.nodes[source])
    return Fault(next(node for node in reversed(graph.nodes) if not _written(adjoints[node.index])), beyond=True)


def _update(graph: Network, sweep: _Sweep, letters: tuple[str, ...], rate: Fraction) -> Update:
    index = {node.name: node.index for node in graph.leaves}
    moved: dict[str, Pair] = dict(sweep.point)
    moves = []
    with precision(sweep.bits):
        for letter in letters:
            slope = sweep.adjoints[index[letter]]
            before = sweep.point[letter]
            moved[letter] = (before[0] - to_ball(rate) * slope[0], before[1] - rate * slope[1] if isinstance(slope[1], Fraction) else float("nan"))
            moves.append(Move(letter, amount(*before), amount(*slope), amount(*moved[letter])))
        loss = sweep.values[-1]
        ball = Tape(graph, ball_arithmetic()).forward({name: pair[0] for name, pair in moved.items()})[-1]
        exact = Tape(graph, exact_arithmetic(), settled).forward({name: pair[1] for name, pair in moved.items()})[-1] if len(graph.nodes) <= SMALL else None
        after = amount(ball, exact) if _written(ball) else None
        change = _compared(loss[0], ball) if after else "beyond" if beyond(ball) else "undefined"
    return Update(rate, tuple(moves), amount(*loss), after, change)


def _compared(before: arb, after: arb) -> str:
    return "fell" if after < before else "rose" if after > before else "same"


def rate_form(rate: Fraction) -> Form:
    """The learning rate as it is written."""
    return number(rate, decimal=True)


__all__ = ["Along", "Backprop", "Fault", "Move", "Update", "backprop"]
