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

from collections.abc import Sequence

from tutor.errors import LimitError
from tutor.form.tree import (
    Add, Apply, Call, Cases, Const, Deriv, Div, Form, Integral, Interval, Listing, Mul, Neg, Num, Pow, Relation, Root,
    Sym, fold,
)  # fmt: skip

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
    relations = {"=": "=", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}

    def bracket(self, text: str) -> str:
        return f"({text})"

    def focus(self, text: str) -> str:
        return text

    def number(self, node: Num) -> str:
        if not node.places:
            return str(node.digits)
        text = str(node.digits).rjust(node.places + 1, "0")
        return f"{text[: -node.places]}.{text[-node.places :]}"

    def symbol(self, name: str) -> str:
        return name

    def constant(self, name: str) -> str:
        return name

    def negative(self, text: str) -> str:
        return f"{self.minus}{text}"

    def sum(self, signed: Sequence[tuple[bool, str]]) -> str:
        """`signed` holds (is subtracted, text) for each term."""
        (negative, first), *rest = signed
        parts = [self.negative(first) if negative else first]
        for is_minus, text in rest:
            parts.append(f" {self.minus if is_minus else self.plus} {text}")
        return "".join(parts)

    def product(self, factors: Sequence[Form], texts: Sequence[str]) -> str:
        return "*".join(texts)

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
        return f"{node.name}({', '.join(text for text, _ in args)})", ATOM

    def apply(self, node: Apply, args: Sequence[Piece]) -> Piece:
        orders = node.orders
        marks = "'" * orders[0] if len(orders) == 1 else f"^({','.join(map(str, orders))})" if any(orders) else ""
        return f"{self.symbol(node.name)}{marks}({', '.join(text for text, _ in args)})", ATOM

    def derivative(self, node: Deriv, body: Piece) -> Piece:
        name = "partial" if node.partial else "diff"
        order = f", {node.order}" if node.order > 1 else ""
        return f"{name}({body[0]}, {node.variable}{order})", ATOM

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
        left, right = {"tuple": "()", "list": "[]", "set": "{}", "matrix": "[]"}[kind]
        return f"{left}{', '.join(items)}{right}"

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


def write(form: Form, notation: Notation, focus: Form | None = None) -> str:
    """The form in a notation. `focus` is a sub-form to be marked wherever it occurs.

    Raises `LimitError` for a form that stands for more than `LARGEST` written nodes.
    """
    if form.size > LARGEST:
        raise LimitError("size", f"this expression has more than {LARGEST:,} parts: too long to write out in full")

    done: dict[Form, Piece] = {}

    def term(node: Form) -> tuple[bool, str]:
        """A term of a sum as (is subtracted, text): the minus of a term becomes the sum's own."""
        negative = isinstance(node, Neg)
        text = notation.at_least(done[node.operand], PRODUCT) if isinstance(node, Neg) else notation.at_least(done[node], SIGN)
        return negative, notation.focus(text) if negative and node is focus else text

    def visit(node: Form, pieces: tuple[Piece, ...]) -> Piece:
        if isinstance(node, Add):
            piece = notation.sum([term(child) for child in node.terms]), SUM
        else:
            piece = _piece(notation, node, pieces)
        return (notation.focus(piece[0]), piece[1]) if node is focus else piece

    return fold(form, visit, done)[0]


def _piece(notation: Notation, node: Form, pieces: tuple[Piece, ...]) -> Piece:  # noqa: PLR0911, PLR0912 (one branch a node)
    match node:
        case Num():
            return notation.number(node), ATOM
        case Sym(name):
            return notation.symbol(name), ATOM
        case Const(name):
            return notation.constant(name), ATOM
        case Mul(factors):
            texts = [notation.factor(k, factor, pieces[k]) for k, factor in enumerate(factors)]
            return notation.product(factors, texts), PRODUCT
        case Call():
            return notation.call(node, pieces)
        case Pow():
            return notation.power(node, pieces[0], pieces[1])
        case Neg():
            return notation.negative(notation.at_least(pieces[0], PRODUCT)), SIGN
        case Div():
            return notation.quotient(node, pieces[0], pieces[1])
        case Root():
            return notation.root(node, pieces[0], pieces[1])
        case Deriv():
            return notation.derivative(node, pieces[0])
        case Apply():
            return notation.apply(node, pieces)
        case Integral():
            return notation.integral(node, *pieces)
        case Cases(values):
            texts = [text for text, _ in pieces]
            return notation.cases(texts[: len(values)], texts[len(values) :]), ATOM
        case Relation(_, operators):
            return notation.relation([notation.at_least(piece, SUM) for piece in pieces], operators), RELATION
        case Listing(kind, _):
            return notation.listing(kind, [text for text, _ in pieces]), ATOM
        case Interval():
            return notation.interval(node, pieces[0][0], pieces[1][0]), ATOM
    raise TypeError(f"no notation for {type(node).__name__}")
