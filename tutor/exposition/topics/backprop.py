"""Backpropagation as a document: the graph, both sweeps as tables, the sum over paths, the descent step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from math import isfinite
from typing import Any

from tutor.calculus.graph.amounts import Amount
from tutor.calculus.graph.backprop import RATE, Backprop, rate_form
from tutor.calculus.graph.facts import claims, derivations, sums_to_one, targets
from tutor.calculus.graph.network import Node
from tutor.calculus.graph.paths import longest
from tutor.calculus.graph.presets import ACTIVATIONS, Model
from tutor.calculus.points import Point, value_at
from tutor.calculus.worked import conditions_of
from tutor.exposition import Level
from tutor.exposition.data import point_data, texts, working
from tutor.exposition.derivation import board_blocks
from tutor.exposition.doc import Block, Doc, Maths, Paragraph, Phrase, Section, Table
from tutor.exposition.names import Name, equation
from tutor.exposition.phrases import PHRASES, listed
from tutor.form.numerals import number
from tutor.form.reading import read
from tutor.form.tree import ONE, Deriv, Form, Mul, Relation, Sym, product, total
from tutor.form.walk import rewritten

_ROWS, _FIRST, _LAST = 60, 25, 15
"""A table with more rows shows its first and last ones."""
_TERMS = 4
"""Users of a node that are written out in its row."""
_LONG_PATH = 9
_DEEP = 10
"""Operations on a path beyond which something is said about what is left of the derivative."""
_DEFINITIONS = 14


def document(result: Backprop, level: Level = "normal", typed: Form | None = None, point: Point | None = None) -> Doc:  # noqa: ARG001
    """The graph at its point, both sweeps, and one step; the point is the result's own."""
    title = _title(result, typed)
    if level == "brief":
        return Doc(title, (*_fault(result), *_brief(result)))
    blocks: list[Block] = [*_intro(result), _forward(result, level)]
    if result.fault and result.fault.forward:
        return Doc(title, (*blocks, *_fault(result)))
    if level == "full":
        blocks.append(_locals(result))
    blocks.append(_backward(result, level))
    blocks += [*_fault(result), *_paths(result), *_chain_rule(result), *_softmax(result, level), *_layers(result, level)]
    if result.update:
        blocks.append(_step(result, level))
    return Doc(title, tuple(blocks))


def _say(key: str, **values: Any) -> Phrase:
    return PHRASES.say(f"backprop.{key}", values)


def _shown(found: Amount | None) -> Phrase:
    return (found.shown,) if found is not None else _say("nothing")


def _about(found: Amount) -> Phrase:
    """A number inside a sentence: rounded ones say so."""
    return (found.shown,) if found.is_short else _say("about", value=found.shown)


# -- the graph ---------------------------------------------------------------------------------------


def _title(result: Backprop, typed: Form | None) -> Phrase:
    model = result.model
    if model is not None:
        options = {name: int(value) if value.isdigit() else value for name, value in model.options.items()}
        return _say(f"title.{model.preset}", **options)
    letters = tuple(node.name for node in result.graph.leaves)
    plain = isinstance(typed, Relation) and isinstance(typed.operands[0], Sym)
    if not result.graph.operations:
        return (result.function,)
    return (equation(Name(result.graph.output.name, letters, True, plain), 0, result.function),)


def _intro(result: Backprop) -> Iterator[Block]:
    if result.model is not None and len(result.model.names) < _DEFINITIONS:
        yield Section(_say("model"), tuple(Maths(line) for line in definitions(result)), "model")
    shared = [node.symbol for node in result.graph.nodes if len(result.graph.users[node.index]) > 1]
    values = {"shared": listed(shared), "many": len(shared)} if len(shared) <= _TERMS else {"shared": (), "many": 0}
    yield Paragraph(_say("intro", letters=len(result.graph.leaves), operations=len(result.graph.operations), **values))
    if result.every and len(result.variables) > 1:
        yield Paragraph(_say("every", letters=listed([Sym(letter) for letter in result.variables])))
    if len(result.graph.nodes) > _ROWS:
        return
    yield Paragraph(_say("rounded"), "remark")


def definitions(result: Backprop) -> list[Relation]:
    """What the named parts of a model are, each over the others' names."""
    model, graph = result.model, result.graph
    named = {**(model.names if model else {}), graph.output.form: graph.output.name}
    lines = []
    for node in graph.operations:
        if node.form in named:
            inner = {form: Sym(name) for form, name in named.items() if form is not node.form and form.size < node.form.size}
            lines.append(Relation((node.symbol, rewritten(node.form, lambda part, inner=inner: inner.get(part, part), dict(inner))), ("=",)))  # type: ignore[misc]
    return lines


def _cut(rows: Sequence[tuple[Phrase, ...]]) -> tuple[tuple[Phrase, ...], ...]:
    """The rows, of a long table the first and last ones."""
    if len(rows) <= _ROWS:
        return tuple(rows)
    return (*rows[:_FIRST], tuple(("…",) for _ in rows[0]), *rows[-_LAST:])


def _tabled(header: Sequence[Phrase], rows: Sequence[tuple[Phrase, ...]]) -> Iterator[Block]:
    yield Table(tuple(header), _cut(rows))
    if len(rows) > _ROWS:
        yield Paragraph(_say("left_out"), "remark")


def _forward(result: Backprop, level: Level) -> Section:
    graph = result.graph
    output = graph.output.symbol
    rows = [_forward_row(result, node) for node in graph.nodes]
    if result.fault and result.fault.forward:
        rows = rows[: result.fault.node.index + 1]
    why = (Paragraph(_say("forward.reason"), "reason"),) if level == "full" else ()
    return Section(_say("forward.heading", output=output), (*why, *_tabled((_say("node"), _say("operation"), _say("value")), rows)), "forward")


def _forward_row(result: Backprop, node: Node) -> tuple[Phrase, ...]:
    how = (result.graph.operation(node),) if node.inputs else _say("trained" if node.name in result.variables else "given")
    return (node.symbol,), how, _shown(result.values[node.index])


def _locals(result: Backprop) -> Section:
    """Each kind of operation with its rules, once."""
    blocks: list[Block] = [Paragraph(_say("locals.text"), "reason")]
    for kind in result.kinds:
        letters = tuple(sorted(kind.function.free))
        name = Name("f", letters, len(letters) > 1)
        blocks.append(Section(_say("locals.line", operation=kind.function, letter=Sym(kind.variable)), board_blocks(kind, name, "normal"), "local"))
    return Section(_say("locals.heading"), tuple(blocks), "locals")


def _backward(result: Backprop, level: Level) -> Section:
    graph, output = result.graph, result.graph.output.symbol
    order = [*reversed(graph.operations), *graph.leaves] if graph.operations else [*graph.leaves]
    full = level == "full"
    rows = [_backward_row(result, node, full) for node in order]
    header = [_say("node"), _say("backward.derivative", output=output), *([_say("backward.numbers")] if full else []), _say("value")]
    why = (Paragraph(_say("backward.reason"), "reason"),) if full else ()
    text = Paragraph(_say("backward.text", output=output))
    return Section(_say("backward.heading", output=output), (text, *why, *_tabled(header, rows)), "backward")


def _backward_row(result: Backprop, node: Node, full: bool) -> tuple[Phrase, ...]:
    users = result.graph.users[node.index]
    shown = _shown(result.adjoints[node.index])
    if not users:
        formula: Phrase = _say("backward.one", formula=ONE)
        return ((node.symbol,), formula, *(((),) if full else ()), shown)
    written_out = users if len(users) <= _TERMS else users[: _TERMS - 1]
    formula = (total(_contribution(result, node, result.graph.nodes[user]) for user in written_out),)
    if len(written_out) < len(users):
        formula = _say("backward.more", formula=formula, users=len(users))
    cells: tuple[Phrase, ...] = ((node.symbol,), formula)
    return (*cells, _in_numbers(result, node, written_out), shown) if full else (*cells, shown)


def _contribution(result: Backprop, node: Node, user: Node) -> Form:
    """∂L/∂user · ∂user/∂node, with the local derivative as a formula; of the output, the formula alone."""
    formula = result.locals[user.index][node.index].formula
    slope = Deriv(user.symbol, node.name, 1, True) if formula is None else formula
    return slope if user is result.graph.output else _flat([result.derivative(user), slope])


def _flat(factors: Sequence[Form]) -> Form:
    """A product without brackets around the products in it."""
    return product(part for factor in factors for part in (factor.factors if isinstance(factor, Mul) else (factor,)))


def _in_numbers(result: Backprop, node: Node, users: Sequence[int]) -> Phrase:
    terms = []
    for user in users:
        outer, slope = result.adjoints[user], result.slopes[node.index, user]
        if outer is None or slope is None:
            return _say("nothing")
        terms.append(slope.shown if user == result.graph.output.index else Mul((outer.shown, slope.shown)))
    return (total(terms), *((" + …",) if len(users) < len(result.graph.users[node.index]) else ()))


def _fault(result: Backprop) -> Iterator[Block]:
    fault = result.fault
    if fault is None:
        return
    node, output = fault.node, result.graph.output.symbol
    inputs = listed([_is(result, source) for source in node.inputs])
    values = {"node": node.symbol, "operation": result.graph.operation(node), "inputs": inputs, "output": output}
    if fault.beyond:
        yield Paragraph(_say("fault.beyond", **values), "warning")
    elif fault.source is None:
        yield Paragraph(_say("fault.value", **values), "warning")
    else:
        yield Paragraph(_say("fault.slope", **values, source=fault.source.symbol), "warning")
        yield Paragraph(_say("fault.convention"), "reason")


def _is(result: Backprop, index: int) -> Form:
    found = result.values[index]
    return Relation((result.graph.nodes[index].symbol, found.shown if found else Sym("?")), ("=",))


# -- paths -------------------------------------------------------------------------------------------


def _paths(result: Backprop) -> Iterator[Block]:
    if result.fault or not result.graph.operations:
        return
    output = result.graph.output.symbol
    count = sum(result.counts[result.leaf[letter].index] for letter in result.variables)
    short = result.paths and all(len(one.nodes) <= _LONG_PATH for paths in result.paths.values() for one in paths)
    several = [letter for letter, paths in result.paths.items() if len(paths) > 1]
    if not short or (len(result.variables) > 3 and not several):
        edges = sum(len(node.inputs) for node in result.graph.nodes)
        yield Paragraph(_say("paths.counts", count=count_text(count), edges=edges, output=output))
        return
    blocks: list[Block] = [Paragraph(_say("paths.text", output=output))]
    for letter, paths in result.paths.items():
        for one in paths:
            symbols = [result.graph.nodes[index].symbol for index in one.nodes]
            factors = [result.locals[user][source].formula or ONE for source, user in pairwise(one.nodes)]
            blocks.append(Paragraph(_say("paths.one", path=_arrows(symbols), product=_times(factors, one.product))))
        if len(paths) > 1:
            values = {"derivative": result.derivative(result.leaf[letter]), "value": _about(result.gradient(letter))}
            blocks.append(Paragraph(_say("paths.sum", **values)))
    yield Section(_say("paths.heading"), tuple(blocks), "paths")


def _arrows(symbols: Sequence[Form]) -> Phrase:
    found: list[str | Form] = []
    for symbol in symbols:
        found += [" → ", symbol] if found else [symbol]
    return tuple(found)


def _times(factors: Sequence[Form], found: Amount) -> Phrase:
    """The product of the local derivatives and what it is."""
    line = _flat(factors)
    return (line,) if line is found.shown else _say("paths.product", product=line, value=_about(found))


def count_text(count: int) -> str:
    """A number of paths, in powers of ten where it is long.

    >>> count_text(12), count_text(2**100)
    ('12', 'about 1.3e30')
    """
    if count < 10**9:
        return str(count)
    shift = max(count.bit_length() - 64, 0)
    power = 0.30102999566398119521 * shift
    whole = int(power)
    mantissa = (count >> shift) * 10 ** (power - whole)
    text = f"{mantissa:.1e}"
    digits, _, exponent = text.partition("e")
    return f"about {digits}e{int(exponent) + whole}"


def _chain_rule(result: Backprop) -> Iterator[Block]:
    """∂L/∂w = ∂L/∂a · ∂a/∂z · ∂z/∂w, for a neuron."""
    model = result.model
    if result.fault or model is None or model.preset != "neuron":
        return
    output, inner = result.graph.output, [name for name in ("a", "z") if name in result.named]
    weights = [letter for letter in result.variables if letter != "b"][:1] or list(result.variables[:1])
    names = [output.name, *inner, *weights]
    factors = [Deriv(Sym(above), below, 1, True) for above, below in pairwise(names)]
    line = Relation((Deriv(output.symbol, names[-1], 1, True), product(factors)), ("=",))
    text = _say("chain.text", output=output.symbol, names=listed([Sym(name) for name in reversed(inner)]))
    yield Section(_say("chain.heading"), (Paragraph(text), Maths(line)), "chain")


# -- models ------------------------------------------------------------------------------------------


def _softmax(result: Backprop, level: Level) -> Iterator[Block]:
    model = result.model
    if result.fault or model is None or not model.classes:
        return
    whole = sums_to_one(model, result.point)
    blocks: list[Block] = [Paragraph(_say("softmax.text" if whole else "softmax.scaled"))]
    rows = [_class_row(result, *names) for names in model.classes]
    header = [_say(f"softmax.{part}") for part in ("class", "probability", "target", "derivative")]
    blocks.append(Table(tuple(header), tuple(rows)))
    if not whole:
        sum_ = value_at(targets(model, result.point), {}).exact
        blocks.append(Paragraph(_say("softmax.sum", sum=sum_)))
    elif level == "full":
        blocks += [Paragraph(_say("softmax.reason"), "reason"), _proof(model)]
    yield Section(_say("softmax.heading"), tuple(blocks), "softmax")


def _proof(model: Model) -> Section:
    """The derivation by the first score, and that it is p − y."""
    kind = derivations(model)[0]
    score = Sym(kind.variable)
    claim = next(one for one in claims(model, {}) if one.reason == "backprop.p_minus_y")
    line = Relation((Deriv(Sym("L"), kind.variable, 1, True), *claim.statement.operands), ("=", "="))
    name = Name("L", tuple(sorted(kind.function.free)), True)
    blocks = (*board_blocks(kind, name, "normal"), Maths(line))
    return Section(_say("softmax.proof", letter=score), blocks, "proof")


def _class_row(result: Backprop, z: str, p: str, y: str) -> tuple[Phrase, ...]:
    values = [result.values[result.named[name].index] for name in (p, y)]
    return (z.partition("_")[2],), _shown(values[0]), _shown(values[1]), _shown(result.adjoints[result.named[z].index])


def _layers(result: Backprop, level: Level) -> Iterator[Block]:
    layers, model = result.layers, result.model
    if not layers or model is None:
        yield from _deep(result)
        return
    rows = [((result.graph.nodes[one.behind].name.partition("_")[2],), _shown(one.factor), _shown(one.left)) for one in layers]
    header = [_say("layers.layer"), _say("layers.factor"), _say("layers.left")]
    blocks: list[Block] = [Paragraph(_say("layers.text")), *_tabled(header, rows), Paragraph(_bound(result, model))]
    row = ACTIVATIONS[model.activation]
    if level == "full" and row.gap:
        blocks.append(Paragraph(_say("layers.proof", most=number(row.most), gap=read(row.gap)), "reason"))
    size = abs(layers[-1].left.digits)
    if len(layers) > 2 and not 0.1 <= size <= 10:
        blocks.append(Paragraph(_say("layers.vanishing" if size < 1 else "layers.exploding"), "reason"))
    yield Section(_say("layers.heading"), tuple(blocks), "layers")


def _bound(result: Backprop, model: Model) -> Phrase:
    layers, row = result.layers, ACTIVATIONS[model.activation]
    values = {"activation": model.activation, "count": len(layers), "left": _about(layers[-1].left), "most": number(row.most)}
    if model.activation == "identity":
        return _say("layers.identity", **values)
    if not row.gap:
        return _say("layers.open", **values)
    limit = result.limit
    assert limit is not None
    return _say("layers.bound", **values, limit=_about(limit))


def _deep(result: Backprop) -> Iterator[Block]:
    path = longest(result.graph)
    far = result.adjoints[path[0]]
    if result.fault is None and len(path) > _DEEP + 1 and far is not None:
        letter = result.graph.nodes[path[0]].symbol
        yield Paragraph(_say("deep", count=len(path) - 1, output=result.graph.output.symbol, far=_about(far), letter=letter))


# -- the step ----------------------------------------------------------------------------------------


def _step(result: Backprop, level: Level) -> Section:
    update = result.update
    assert update is not None
    rate = rate_form(update.rate)
    blocks: list[Block] = [Paragraph(_say("step.default" if update.rate == RATE else "step.text", rate=rate))]
    if level == "full":
        blocks.append(Paragraph(_say("step.reason"), "reason"))
    rows = [((Sym(move.letter),), _shown(move.before), _shown(move.slope), _shown(move.after)) for move in update.moves]
    blocks += _tabled([_say(f"step.{part}") for part in ("letter", "old", "derivative", "new")], rows)
    blocks.append(_change(result))
    return Section(_say("step.heading", rate=rate), tuple(blocks), "step")


def _change(result: Backprop) -> Paragraph:
    update = result.update
    assert update is not None
    after = _about(update.after) if update.after else ()
    role = "warning" if update.change in ("rose", "undefined", "beyond") else "text"
    return Paragraph(_say(f"step.{update.change}", output=result.graph.output.symbol, before=_about(update.before), after=after), role)


def _brief(result: Backprop) -> Iterator[Block]:
    if result.update is None:
        return
    for letter in result.variables[:_ROWS]:
        yield Paragraph(_say("result", output=result.graph.output.symbol, letter=Sym(letter), value=_about(result.gradient(letter))))
    yield _change(result)


# -- data --------------------------------------------------------------------------------------------


def fields(result: Backprop, point: Point | None = None) -> dict[str, Any]:  # noqa: ARG001
    """The fields of `tutor backprop --format json`."""
    graph = result.graph
    return {
        "output": graph.output.name, "point": point_data(result.point), "variables": list(result.variables), "every": result.every,
        "rate": str(rate_form(result.rate)),
        "model": None if result.model is None else {"preset": result.model.preset, "options": dict(result.model.options)},
        "nodes": [_node_data(result, node) for node in graph.nodes],
        "edges": [_edge_data(result, source, node) for node in graph.nodes for source in node.inputs],
        "paths": [_path_data(result, one.nodes, one.product) for paths in result.paths.values() for one in paths],
        "layers": [{"layer": graph.nodes[one.behind].name, "factor": _number(one.factor), "left": _number(one.left)} for one in result.layers],
        "update": _update_data(result),
        "fault": _fault_data(result),
        **working(result),
        "conditions": texts(_conditions(result)),
    }  # fmt: skip


def _conditions(result: Backprop) -> Iterable[Form]:
    """Conditions in the letters of the function: those of its derivation trees."""
    return dict.fromkeys(condition for tree in result.trees.values() for condition in conditions_of(tree))


def _number(found: Amount | None) -> dict[str, Any] | None:
    """A number as the nearest float (null beyond their range), and exactly where it is a fraction that was found."""
    if found is None:
        return None
    value = found.value
    inside = isfinite(value) and (value != 0 or not found.digits)
    return {"value": value if inside else None, "digits": str(found.digits), "exact": None if found.exact is None else str(number(found.exact))}


def _node_data(result: Backprop, node: Node) -> dict[str, Any]:
    return {
        "name": node.name, "operation": str(result.graph.operation(node)), "inputs": [result.graph.nodes[source].name for source in node.inputs],
        "value": _number(result.values[node.index]), "derivative": _number(result.adjoints[node.index]), "paths": count_text(result.counts[node.index]),
    }  # fmt: skip


def _edge_data(result: Backprop, source: int, node: Node) -> dict[str, Any]:
    formula = result.locals[node.index][source].formula
    return {
        "from": result.graph.nodes[source].name, "to": node.name, "local": None if formula is None else str(formula),
        "value": _number(result.slopes[source, node.index]),
    }  # fmt: skip


def _path_data(result: Backprop, path: Sequence[int], found: Amount) -> dict[str, Any]:
    return {"nodes": [result.graph.nodes[index].name for index in path], "product": _number(found)}


def _update_data(result: Backprop) -> dict[str, Any] | None:
    update = result.update
    if update is None:
        return None
    moves = [{"letter": one.letter, "old": _number(one.before), "derivative": _number(one.slope), "new": _number(one.after)} for one in update.moves]
    return {"moves": moves, "before": _number(update.before), "after": _number(update.after), "change": update.change}


def _fault_data(result: Backprop) -> dict[str, Any] | None:
    fault = result.fault
    return None if fault is None else {"node": fault.node.name, "by": None if fault.source is None else fault.source.name, "beyond": fault.beyond}
