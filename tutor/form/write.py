"""The one precedence walker: a form becomes text in some notation, with the brackets that it needs.

A notation (a subclass of `Notation`, one file a medium in `tutor.form.notation`) says how a sum, a
fraction or a power looks; this module says when a bracket is needed, how a minus joins a sum, and
where two factors may stand side by side. A part can be marked (`focus`) so that a medium may colour it.

Precedence, loosest first: relation, sum, sign, product, power, atom. A minus in front binds looser
than a product and tighter than a sum: `-x^2`, `-2*x` are `-(x^2)`, `-(2*x)`.

>>> from tutor.form.notation.calculator import CALCULATOR
>>> from tutor.form.tree import Add, Mul, Neg, Num, Sym
>>> write(Mul((Num(2), Add((Sym("x"), Neg(Num(1)))))), CALCULATOR)
'2*(x - 1)'
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from tutor.errors import LimitError
from tutor.form.tree import (
    Add,
    Apply,
    Call,
    Cases,
    Const,
    Deriv,
    Div,
    Form,
    Integral,
    Interval,
    Listing,
    Mul,
    Neg,
    Num,
    Pow,
    Relation,
    Root,
    Sym,
)
from tutor.form.walk import fold

RELATION, SUM, SIGN, PRODUCT, POWER, ATOM = 0, 10, 20, 30, 40, 50
Piece = tuple[str, int]
"""A written part and how tightly it binds."""

LARGEST = 200_000
"""Forms with more nodes than this are not written out in full."""


class Notation:
    """How each kind of node looks; the defaults are linear text with ASCII signs.

    Subclasses override what their medium writes differently. Methods get finished texts, already
    in brackets where the precedence asks for them.
    """

    minus, plus, slash = "-", "+", "/"
    relations = {"=": "=", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">=", "~": "~", "<-": "<-"}

    def bracket(self, text: str) -> str:
        return f"({text})"

    def focus(self, text: str) -> str:
        return text

    def whole(self, text: str) -> str:
        """The last touch to the whole text."""
        return text

    def number(self, node: Num) -> str:
        if not node.places:
            return str(node.digits)
        text = str(node.digits).rjust(node.places + 1, "0")
        return f"{text[: -node.places]}.{text[-node.places :]}"

    def symbol(self, name: str) -> str:
        letter, mark, sub = name.partition("_")
        return f"{letter}_{{{sub}}}" if mark and not (sub.isascii() and sub.isalnum()) else name

    def constant(self, name: str) -> str:
        return "I" if name == "i" else name

    def negative(self, text: str) -> str:
        return f"{self.minus}{text}"

    def sum(self, signed: Sequence[tuple[bool, str]]) -> str:
        """`signed` holds (is subtracted, text) for each term."""
        (negative, first), *rest = signed
        parts = [self.negative(first) if negative else first]
        for is_minus, text in rest:
            parts.append(f" {self.minus if is_minus else self.plus} {text}")
        return "".join(parts)

    def product(self, factors: Sequence[Form], pieces: Sequence[Piece]) -> Piece:
        return "*".join([self.factor(place, factor, pieces[place]) for place, factor in enumerate(factors)]), PRODUCT

    def quotient(self, node: Div, top: Piece, bottom: Piece) -> Piece:
        above = self.at_least(top, PRODUCT)
        return f"{above}{self.slash}{self.at_least(bottom, POWER)}", PRODUCT

    def power(self, node: Pow, base: Piece, exponent: Piece) -> Piece:
        return f"{self.at_least(base, ATOM)}^{self.at_least(exponent, POWER)}", POWER

    def root(self, node: Root, radicand: Piece, index: Piece) -> Piece:
        if node.index is Num(2):
            return f"sqrt({radicand[0]})", ATOM
        return f"root({radicand[0]}, {index[0]})", ATOM

    def call(self, node: Call, args: Sequence[Piece]) -> Piece:
        return f"{node.name}({', '.join([text for text, _ in args])})", ATOM

    def apply(self, node: Apply, args: Sequence[Piece]) -> Piece:
        orders = node.orders
        marks = "'" * orders[0] if len(orders) == 1 else f"^({','.join(map(str, orders))})" if any(orders) else ""
        return self.applied(self.symbol(node.name) + marks, args)

    def applied(self, name: str, args: Sequence[Piece]) -> Piece:
        """A function's name with its arguments in brackets, or alone: y', which is raised in brackets."""
        return (name + self.bracket(", ".join([text for text, _ in args])), ATOM) if args else (name, POWER)

    def summation(self, index: str, body: Piece) -> Piece:
        """The sum over an index, which `sum_i(…)` stands for."""
        return f"sum_{index}({body[0]})", ATOM

    def norm(self, kind: str, inner: Piece) -> Piece:
        """The length of a vector; `kind` is 1 for the sum of absolute values, else empty."""
        return f"norm{f'_{kind}' if kind else ''}({inner[0]})", ATOM

    def transpose(self, node: Pow, inner: Piece) -> Piece:
        """The transpose Aᵀ; `node` is the power A^T that looks the same."""
        return self.power(node, inner, (self.symbol("T"), ATOM))

    def differential(self, node: Form, inner: Piece) -> Piece:
        """The differential dx, d(Ax − b)."""
        return f"differential({inner[0]})", ATOM

    def derivative(self, node: Deriv, body: Piece) -> Piece:
        name = "partial" if node.partial else "diff"
        order = f", {node.order}" if node.order > 1 else ""
        return f"{name}({body[0]}, {self.symbol(node.variable)}{order})", ATOM

    def integral(self, node: Integral, body: Piece, lower: Piece, upper: Piece) -> Piece:
        return f"integral({body[0]}, {self.symbol(node.variable)}, {lower[0]}, {upper[0]})", ATOM

    def cases(self, values: Sequence[str], conditions: Sequence[str]) -> str:
        parts = [f"{value}, {condition}" for value, condition in zip(values, conditions, strict=False)]
        parts.extend(values[len(conditions) :])
        return f"piecewise({'; '.join(parts)})"

    def relation(self, operands: Sequence[str], operators: Sequence[str]) -> str:
        parts = [operands[0]]
        for operator, operand in zip(operators, operands[1:], strict=True):
            parts.append(f" {self.relations[operator]} {operand}")
        return "".join(parts)

    def listing(self, kind: str, items: Sequence[str]) -> str:
        fence = {"tuple": "()", "list": "[]", "set": "{}"}[kind]
        return f"{fence[0]}{', '.join(items)}{fence[1]}"

    def matrix(self, rows: Sequence[Sequence[str]]) -> str:
        return self.listing("list", [self.listing("list", row) for row in rows])

    def interval(self, node: Interval, lower: str, upper: str) -> str:
        left = "(" if node.left_open else "["
        right = ")" if node.right_open else "]"
        return f"{left}{lower}, {upper}{right}"

    def at_least(self, piece: Piece, level: int) -> str:
        """The text of a piece, in brackets when it binds looser than `level`."""
        text, binding = piece
        return text if binding >= level else self.bracket(text)

    def factor(self, position: int, node: Form, piece: Piece) -> str:
        """A factor of a product: brackets around sums, signs and inner products."""
        if position == 0 and isinstance(node, Div):
            return piece[0]
        return self.at_least(piece, POWER)


def write(form: Form, notation: Notation, focus: Form | None = None, memo: dict[Form, Piece] | None = None) -> str:
    """The form in a notation. `focus` is a sub-form to be marked wherever it occurs.

    `memo` carries what is written from one call to the next, in one notation and without a focus.
    Raises `LimitError` for a form that stands for more than `LARGEST` written nodes.
    """
    if form.size > LARGEST:
        raise LimitError("size", f"this expression has more than {LARGEST:,} parts: too long to write out in full")

    done: dict[Form, Piece] = {} if memo is None or focus is not None else memo

    def term(node: Form) -> tuple[bool, str]:
        """A term of a sum as (is subtracted, text): the minus of a term becomes the sum's own."""
        if type(node) is Neg:
            text = notation.at_least(done[node.operand], PRODUCT)
            return True, notation.focus(text) if node is focus else text
        return False, notation.at_least(done[node], SIGN)

    def visit(node: Form, pieces: tuple[Piece, ...]) -> Piece:
        kind = type(node)
        if kind is Add:
            piece = notation.sum([term(child) for child in node.children]), SUM
        elif kind is Listing and node.kind == "matrix":  # type: ignore[attr-defined]
            piece = notation.matrix([[done[cell][0] for cell in row.children] for row in node.children]), ATOM
        else:
            piece = _WRITERS[kind](notation, node, pieces)
        return (notation.focus(piece[0]), piece[1]) if node is focus else piece

    return notation.whole(fold(form, visit, done)[0])


def begins_with_number(node: Form) -> bool:
    """Whether a factor shows a digit first, so that it cannot stand right behind another factor.

    >>> begins_with_number(Pow(Num(2), Sym("x"))), begins_with_number(Pow(Sym("x"), Num(2)))
    (True, False)
    """
    while isinstance(node, Pow):
        node = node.base
    return isinstance(node, Num)


def _apply(notation: Notation, node: Apply, pieces: tuple[Piece, ...]) -> Piece:
    """An unknown function; those of linear algebra that have signs of their own are written with them.

    `sum_i(u)`, `norm(u)`, `norm_1(u)` and `differential(u)` are read only where these names are declared as functions;
    `transpose(u)` is u^T where a transpose is meant and no power of a letter T.
    """
    name, _, sub = node.name.partition("_")
    if node.orders != (0,) or name not in _SIGNED or (name == "sum" and not sub):
        return notation.apply(node, pieces)
    match name:
        case "sum":
            return notation.summation(sub, pieces[0])
        case "norm":
            return notation.norm(sub, pieces[0])
        case "transpose":
            return notation.transpose(Pow(node.args[0], _T), pieces[0])
    return notation.differential(node.args[0], pieces[0])


_SIGNED = frozenset(("sum", "norm", "differential", "transpose"))


def _product(notation: Notation, node: Mul, pieces: tuple[Piece, ...]) -> Piece:
    """A product; a sum over an index needs no brackets at its end: 2 Σᵢ xᵢ. Transposes stand in it as powers do."""
    factors = tuple([Pow(factor.args[0], _T) if type(factor) is Apply and factor.name == "transpose" else factor for factor in node.factors])
    last = factors[-1]
    if isinstance(last, Apply) and last.name.startswith("sum_") and pieces[-1][1] == PRODUCT:
        pieces = (*pieces[:-1], (pieces[-1][0], POWER))
    return notation.product(factors, pieces)


def _cases(notation: Notation, node: Cases, pieces: tuple[Piece, ...]) -> Piece:
    texts, count = [text for text, _ in pieces], len(node.values)
    return notation.cases(texts[:count], texts[count:]), ATOM


def _relation(notation: Notation, node: Relation, pieces: tuple[Piece, ...]) -> Piece:
    return notation.relation([notation.at_least(piece, SUM) for piece in pieces], node.operators), RELATION


_WRITERS: dict[type[Form], Callable[[Notation, Any, tuple[Piece, ...]], Piece]] = {
    Num: lambda notation, node, _: (notation.number(node), ATOM),
    Sym: lambda notation, node, _: (notation.symbol(node.name), ATOM),
    Const: lambda notation, node, _: (notation.constant(node.name), ATOM),
    Mul: _product,
    Neg: lambda notation, _, pieces: (notation.negative(notation.at_least(pieces[0], PRODUCT)), SIGN),
    Div: lambda notation, node, pieces: notation.quotient(node, pieces[0], pieces[1]),
    Pow: lambda notation, node, pieces: notation.power(node, pieces[0], pieces[1]),
    Root: lambda notation, node, pieces: notation.root(node, pieces[0], pieces[1]),
    Call: lambda notation, node, pieces: notation.call(node, pieces),
    Apply: _apply,
    Deriv: lambda notation, node, pieces: notation.derivative(node, pieces[0]),
    Integral: lambda notation, node, pieces: notation.integral(node, *pieces),
    Cases: _cases,
    Relation: _relation,
    Listing: lambda notation, node, pieces: (notation.listing(node.kind, [text for text, _ in pieces]), ATOM),
    Interval: lambda notation, node, pieces: (notation.interval(node, pieces[0][0], pieces[1][0]), ATOM),
}


def is_named(node: Deriv) -> bool:
    """Whether a derivative is that of a function by its name, so that ∂f/∂x and ∂f/∂x₁ can be written; names of one letter."""
    letter, mark, sub = node.variable.partition("_")
    short = len(letter) == 1 and (not mark or sub.isdecimal() or is_index(sub))
    return isinstance(node.body, Sym) and len(node.body.name) == 1 and node.body.name != node.variable and short


def mixed(node: Deriv) -> tuple[str, tuple[tuple[str, int], ...]] | None:
    """The function's name and its letters, outermost first, where ∂²f/∂y∂x can be written; else None.

    >>> mixed(Deriv(Deriv(Sym("f"), "x", 1, True), "y", 2, True))
    ('f', (('y', 2), ('x', 1)))
    """
    found: list[tuple[str, int]] = []
    inner: Form = node
    while isinstance(inner, Deriv) and inner.partial and len(found) < _MOST_LETTERS:
        found.append((inner.variable, inner.order))
        if is_named(inner):
            plain = all(len(name) == 1 and name.isascii() for name, _ in found)
            different = all(one[0] != other[0] for one, other in pairwise(found))
            return (inner.body.name, tuple(found)) if len(found) > 1 and plain and different and inner.body.name not in dict(found) else None  # type: ignore[attr-defined]
        inner = inner.body
    return None


_MOST_LETTERS = 6


def is_transpose(node: Form) -> bool:
    """Whether a form is a power with the exponent T, as the transpose Aᵀ is written."""
    return isinstance(node, Pow) and node.exponent is _T


_T = Sym("T")


def is_differential(node: Form) -> bool:
    """Whether a form is a differential such as dx, or the transpose of one."""
    inner = node.base if is_transpose(node) else node  # type: ignore[attr-defined]
    return isinstance(inner, Apply) and inner.name == "differential"


def is_index(sub: str) -> bool:
    """Whether a subscript is one or two indices: the k of x_k, the ij of A_ij.

    >>> is_index("ij"), is_index("k"), is_index("in"), is_index("max")
    (True, True, False, False)
    """
    return len(sub) in (1, 2) and all(letter in "ijklst" for letter in sub)
