"""The computation graph of a form: a node for each operation, shared parts once, an edge for each thing that an operation reads.

Forms are interned, so equal parts are one object already; the graph leaves out what is no operation of
its own. Numbers belong to the operation that uses them (2u, u², u + 3), and a minus in front of a term
belongs to the sum. A node that reads the same input twice (u·u) has one edge to it. Nodes stand in an
order in which every one comes after its inputs, so one sweep along it computes all values and one sweep
back all derivatives (Griewank & Walther, *Evaluating Derivatives*, chapter 3).

>>> from tutor import read
>>> found = network(read("(y - sigmoid(w*x + b))^2"))
>>> [f"{node.name} = {found.operation(node)}" for node in found.operations]
['v_1 = w*x', 'v_2 = v_1 + b', 'v_3 = sigmoid(v_2)', 'v_4 = y - v_3', 'L = v_4^2']
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from tutor.errors import RequestError
from tutor.form.numerals import integer
from tutor.form.tree import ONE, Add, Apply, Cases, Deriv, Div, Form, Integral, Interval, Listing, Neg, Pow, Relation, Root, Sym
from tutor.form.walk import kinds_of, nodes, rewritten

OUTPUT = "L"
"""The output's name, unless a letter is called so: it is the loss, most often."""
_NO_OPERATION = kinds_of(Apply, Deriv, Integral, Listing, Interval)


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A letter or an operation; `form` is what it stands for, `inputs` the nodes that it reads, once each, in written order."""

    index: int
    name: str
    form: Form
    inputs: tuple[int, ...]

    @property
    def symbol(self) -> Sym:
        """Its name as a form."""
        return Sym(self.name)


@dataclass(frozen=True, eq=False)
class Network:
    """All nodes, each after its inputs: the letters, the operations, the output last."""

    nodes: tuple[Node, ...]

    @property
    def output(self) -> Node:
        """The node at the end."""
        return self.nodes[-1]

    @cached_property
    def leaves(self) -> tuple[Node, ...]:
        """The letters."""
        return tuple(node for node in self.nodes if isinstance(node.form, Sym))

    @cached_property
    def operations(self) -> tuple[Node, ...]:
        """All that are no letters."""
        return tuple(node for node in self.nodes if not isinstance(node.form, Sym))

    @cached_property
    def users(self) -> tuple[tuple[int, ...], ...]:
        """For each node those that read it, in order."""
        found: list[list[int]] = [[] for _ in self.nodes]
        for node in self.nodes:
            for source in node.inputs:
                found[source].append(node.index)
        return tuple(map(tuple, found))

    @cached_property
    def at(self) -> dict[Form, int]:
        """The node that stands for a form."""
        return {node.form: node.index for node in self.nodes}

    @cached_property
    def layers(self) -> tuple[int, ...]:
        """How many operations lie between a node and the letters, along the longest way."""
        found: list[int] = []
        for node in self.nodes:
            found.append(1 + max((found[source] for source in node.inputs), default=-1))
        return tuple(found)

    def operation(self, node: Node) -> Form:
        """What a node computes, over the names of its inputs (a letter: itself)."""
        return over(node.form, tuple(self.nodes[self.at[part]].symbol for part in operands(node.form)))


def network(form: Form, names: Mapping[Form, str] | None = None, output: str = OUTPUT, letters: tuple[str, ...] = ()) -> Network:
    """The graph of a form. `names` calls parts by a name of their own; the others are v₁, v₂, …

    The letters stand in the order of `letters`, those that it leaves out in that of the alphabet.

    Raises `RequestError` for a form without letters, or with a part that no operation computes: an
    unknown function, an open derivative, an integral.
    """
    root = rewritten(form, _as_power, None, kinds_of(Root))
    _check(root)
    order = _ordered(root, letters)
    called = _named(order, root, names or {}, output)
    index = {part: place for place, part in enumerate(order)}
    return Network(tuple(
        Node(place, called[part], part, tuple(dict.fromkeys(index[one] for one in operands(part)))) for place, part in enumerate(order)
    ))  # fmt: skip


def operands(form: Form) -> tuple[Form, ...]:
    """What an operation reads, as often as it reads it: its parts with letters; of a term −u, u.

    >>> from tutor import read
    >>> [str(part) for part in operands(read("3 - x + x*y"))]
    ['x', 'x*y']
    """
    match form:
        case Add(terms):
            return tuple([bare(term) for term in terms if term.free])
        case Cases(values, conditions):
            compared = [side for condition in conditions for side in condition.children]
            return tuple([part for part in (*values, *compared) if part.free])
        case _:
            return tuple([child for child in form.children if child.free])


def bare(term: Form) -> Form:
    """A term of a sum without its minus."""
    return term.operand if isinstance(term, Neg) else term


def over(form: Form, parts: tuple[Form, ...]) -> Form:
    """The operation with other things in the place of its operands (as many as it has)."""
    if not parts:
        return form
    rest = iter(parts)
    if isinstance(form, Add):
        return form.rebuild(tuple((Neg(next(rest)) if isinstance(term, Neg) else next(rest)) if term.free else term for term in form.terms))
    if isinstance(form, Cases):
        values = tuple(next(rest) if value.free else value for value in form.values)
        return Cases(values, tuple(one.rebuild(tuple(next(rest) if side.free else side for side in one.children)) for one in form.conditions))
    return form.rebuild(tuple(next(rest) if child.free else child for child in form.children))


def _as_power(node: Form) -> Form:
    """A root whose index is no whole number is a power."""
    if isinstance(node, Root) and integer(node.index) is None:
        return Pow(node.radicand, Div(ONE, node.index))
    return node


def _check(form: Form) -> None:
    if not form.free:
        raise RequestError("variable", "the expression has no letters: nothing can be propagated back to them", advice="Give one with letters, such as (y - w*x)^2.")
    if not (form.kinds & _NO_OPERATION or isinstance(form, Relation)):
        return
    part = next(node for node in nodes(form) if node.kinds & _NO_OPERATION or isinstance(node, Relation))
    raise RequestError("operation", f"{part} is no operation with a value of its own, so it has no place in the graph", advice="Write out what it stands for.")


def _ordered(root: Form, first: tuple[str, ...]) -> list[Form]:
    """The parts that are nodes: letters first, then every operation after its operands."""
    done: set[Form] = set()
    order: list[Form] = []
    stack = [root]
    while stack:
        form = stack[-1]
        waiting = [part for part in operands(form) if part not in done] if form not in done else []
        if waiting:
            stack.extend(reversed(waiting))
            continue
        stack.pop()
        if form not in done:
            done.add(form)
            order.append(form)
    place = {name: k for k, name in enumerate(first)}
    letters = sorted((form for form in order if isinstance(form, Sym)), key=lambda form: (place.get(form.name, len(place)), ordered_name(form.name)))
    return [*letters, *(form for form in order if not isinstance(form, Sym))]


def ordered_name(name: str) -> tuple[str, bool, int, str]:
    """Letters in the order of the alphabet, small before capital, w₂ before w₁₀."""
    head, _, below = name.partition("_")
    return head.lower(), head != head.lower(), int(below) if below.isdigit() else 0, below


def _named(order: list[Form], root: Form, names: Mapping[Form, str], output: str) -> dict[Form, str]:
    taken = {form.name for form in order if isinstance(form, Sym)} | set(names.values())
    last = next(name for name in (output, OUTPUT, "F", "G", "H", "f", "g", "h", "output") if name not in taken)
    letter = next(letter for letter in "vuzqhgkmnpr" if not any(name.startswith(letter) for name in (*taken, last)))
    found: dict[Form, str] = {}
    count = 0
    for form in order:
        if isinstance(form, Sym):
            found[form] = form.name
        elif form is root:
            found[form] = last
        elif form in names:
            found[form] = names[form]
        else:
            count += 1
            found[form] = f"{letter}_{count}"
    return found
