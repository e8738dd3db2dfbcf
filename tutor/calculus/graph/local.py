"""The local derivative of an operation by one of its inputs: from tutor's own rules, once for each kind of operation.

A kind is the operation over the letters u, v, w. A long sum or product is the sum or product of one
operand u and the rest v: by each term a sum has the derivative 1, by each factor a product has the
product of the others. So ten thousand nodes need a handful of derivations.

>>> from tutor import read
>>> from tutor.calculus.graph.network import network
>>> found = network(read("(y - sigmoid(w*x + b))^2"))
>>> for node in found.operations:
...     print(node.name, [f"by {found.nodes[source].name}: {one.formula}" for source, one in local(found, node).items()])
v_1 ['by w: x', 'by x: w']
v_2 ['by v_1: 1', 'by b: 1']
v_3 ['by v_2: v_3*(1 - v_3)']
v_4 ['by y: 1', 'by v_3: -1']
L ['by v_4: 2*v_4']
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from tutor.calculus.differentiate import Derivation, differentiate
from tutor.calculus.graph.network import Network, Node, bare, operands, over
from tutor.form.tree import ZERO, Add, Form, Mul, Neg, Sym, product
from tutor.form.walk import rewritten, substitute

_LETTERS = ("u", "v", "w")
LONGEST = 40
"""The product of the other factors is written out for products of no more than so many."""


@dataclass(frozen=True, slots=True)
class Local:
    """The derivative of an operation by one input: `kind` over u, v, w, and `formula` over the names in the graph (None: too long)."""

    kind: Derivation
    formula: Form | None


def local(graph: Network, node: Node) -> dict[int, Local]:
    """The local derivatives of a node, by the index of the input; where the node's own value occurs in one, its name does."""
    parts = tuple(graph.nodes[graph.at[part]].symbol for part in operands(node.form))
    inputs = [graph.nodes[source] for source in node.inputs]
    if len(inputs) > len(_LETTERS) and isinstance(node.form, Add | Mul):
        return _long(over(node.form, parts), inputs)
    letters = {one.symbol: Sym(_LETTERS[k] if len(inputs) <= len(_LETTERS) else f"u_{k + 1}") for k, one in enumerate(inputs)}
    pattern = over(node.form, tuple(letters[part] for part in parts))
    meaning: dict[str, Form] = {letter.name: part for part, letter in letters.items()}
    found = {}
    for one in inputs:
        kind = derived(pattern, letters[one.symbol].name)
        formula = substitute(kind.value, meaning)
        whole = over(node.form, parts)
        found[one.index] = Local(kind, rewritten(formula, lambda part, whole=whole: node.symbol if part is whole else part))  # type: ignore[misc]
    return found


def _long(whole: Form, inputs: list[Node]) -> dict[int, Local]:
    """A long sum or product: for each operand what it and the rest make of each other."""
    own: dict[Form, list[Form]] = {}
    for part in whole.children:
        own.setdefault(bare(part), []).append(part)
    found: dict[int, Local] = {}
    u, v = Sym("u"), Sym("v")
    for one in inputs:
        mine = tuple(Neg(u) if isinstance(part, Neg) else u for part in own[one.symbol])
        if isinstance(whole, Add):
            kind = derived(Add((v, *mine)), "u")
            found[one.index] = Local(kind, kind.value)
        else:
            kind = derived(Mul((*mine, v)), "u")
            others = product(part for part in whole.children if bare(part) is not one.symbol) if len(inputs) <= LONGEST else ZERO
            found[one.index] = Local(kind, substitute(kind.value, {"u": one.symbol, "v": others}) if len(inputs) <= LONGEST else None)
    return found


@lru_cache(maxsize=512)
def derived(pattern: Form, letter: str) -> Derivation:
    """The derivation of one kind of operation."""
    return differentiate(pattern, letter)
