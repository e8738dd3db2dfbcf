"""Plain ASCII for dumb terminals and `--plain`: the product sign only where it helps.

A number stands right before a letter or a bracket, two brackets stand side by side, and so do
letters that read back as the same letters; every other product has its `*`.

>>> from tutor import read
>>> from tutor.form.write import write
>>> write(read("2x sin(3x) - (1/2)x^2*y + 3(x+1)(x-2)"), PLAIN)
'2x*sin(3x) - (1/2)*x^2*y + 3(x + 1)(x - 2)'
"""

from __future__ import annotations

from collections.abc import Sequence

from tutor.form.notation.unicode import UNICODE, branches, function_name, side_by_side
from tutor.form.tree import Add, Call, Const, Deriv, Div, Form, Mul, Num, Pow, Root, Sym
from tutor.form.write import ATOM, POWER, PRODUCT, Notation, Piece, is_differential, is_transpose


class Plain(Notation):
    """Linear text in ASCII with few signs."""

    def factor(self, position: int, node: Form, piece: Piece) -> str:
        return self.at_least(piece, POWER)

    def product(self, factors: Sequence[Form], pieces: Sequence[Piece]) -> Piece:
        texts: list[str] = []
        run: tuple[str, ...] = ()
        before: Form | None = None
        for place, node in enumerate(factors):
            letter = _letter(node)
            if before is not None:
                close = _stands_close(before, node, run, letter)
                texts.append("" if close else " " if _stands_apart(before, node, letter) else "*")
                run = run if close else ()
            run = (*run, letter) if letter and not isinstance(node, Pow) else ()
            texts.append(self.factor(place, node, pieces[place]))
            before = node
        return "".join(texts), PRODUCT

    def quotient(self, node: Div, top: Piece, bottom: Piece) -> Piece:
        return UNICODE.quotient(node, top, bottom)

    def power(self, node: Pow, base: Piece, exponent: Piece) -> Piece:
        return f"{self.at_least(base, ATOM)}^{self.at_least(exponent, ATOM)}", POWER

    def root(self, node: Root, radicand: Piece, index: Piece) -> Piece:
        if node.index is Num(3):
            return f"cbrt({radicand[0]})", ATOM
        return super().root(node, radicand, index)

    def call(self, node: Call, args: Sequence[Piece]) -> Piece:
        if node.name == "log" and args[1][1] == ATOM and args[1][0].isalnum():
            return f"log_{args[1][0]}({args[0][0]})", ATOM
        name = function_name(node.name)
        return f"{name if name.isascii() else node.name}({', '.join([text for text, _ in args])})", ATOM

    def differential(self, node: Form, inner: Piece) -> Piece:
        return UNICODE.differential(node, inner)

    def derivative(self, node: Deriv, body: Piece) -> Piece:
        inner = self.bracket(body[0])
        if node.partial or len(node.variable.partition("_")[0]) > 1:
            return super().derivative(node, body)
        if node.order <= 3 and node.body.free == {node.variable}:
            return inner + "'" * node.order, POWER
        order = f"^{node.order}" if node.order > 1 else ""
        return f"d{order}/d{self.symbol(node.variable)}{order} {inner}", POWER

    def cases(self, values: Sequence[str], conditions: Sequence[str]) -> str:
        return branches(values, conditions)


PLAIN = Plain()


def _letter(node: Form) -> str:
    """The single ASCII letter with which a factor begins, or nothing."""
    while isinstance(node, Pow):
        node = node.base
    name = node.name if isinstance(node, (Sym, Const)) else ""
    return name if len(name) == 1 and name.isascii() and node is not Const("i") else ""


def _stands_apart(before: Form, node: Form, letter: str) -> bool:
    """Whether a space is enough, as in x^T A dx."""
    return is_differential(node) or ((is_transpose(before) or is_differential(before)) and (bool(letter) or isinstance(node, (Add, Mul))))


def _stands_close(before: Form, node: Form, run: tuple[str, ...], letter: str) -> bool:
    """Whether a factor follows without a sign: 2x, 2(x + 1), (x + 1)(x - 2), 2xy."""
    bracketed = isinstance(node, (Add, Mul))
    if isinstance(before, Num):
        return before not in (Num(0), Num(1)) and (bool(letter) or bracketed)
    if run and letter and not isinstance(node, Pow):
        return side_by_side((*run, letter))
    return bracketed and isinstance(before, (Add, Mul))
