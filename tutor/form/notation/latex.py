r"""LaTeX, as a textbook sets it: `\frac`, `\sin^{2}(3 x)`, braces around every exponent.

Brackets grow (`\left`, `\right`) only around something tall. Factors stand side by side; `\cdot`
stands in front of a number, and where a bracket would otherwise be taken for an argument.

>>> from tutor import read
>>> from tutor.form.write import write
>>> print(write(read("2x*sin(3x)^2 - (1/2 + x)/sqrt(x)"), LATEX))
2 x \sin^{2}(3 x) - \frac{\frac{1}{2} + x}{\sqrt{x}}
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from tutor.form.functions import CONSTANTS, FUNCTIONS
from tutor.form.tokens import ACCENTS, FUNCTION_LETTERS, GREEK_NAMES
from tutor.form.tree import Add, Apply, Call, Deriv, Div, Form, Integral, Mul, Neg, Num, Pow, Relation, Root, Sym
from tutor.form.write import ATOM, POWER, PRODUCT, SUM, Notation, Piece, begins_with_number, is_differential, is_index, is_named, mixed

_ROW = r" \\ "
_TALL = ("\\frac", "\\begin", "\\int", "\\left", "\\sum")
_POWERED = frozenset(name for name, row in FUNCTIONS.items() if row.family in ("trigonometric", "hyperbolic"))
_FENCES = {
    "abs": (r"\left|", r"\right|"),
    "floor": (r"\left\lfloor ", r" \right\rfloor"),
    "ceil": (r"\left\lceil ", r" \right\rceil"),
}


@lru_cache(maxsize=4096)
def _symbol(name: str) -> str:
    letter, mark, sub = name.partition("_")
    text = "\\" + letter if letter in GREEK_NAMES else letter if len(letter) == 1 else rf"\mathrm{{{letter}}}"
    if not mark:
        return text
    if sub in ACCENTS:
        return rf"\{sub}{{{text}}}"
    return rf"{text}_{{\mathrm{{{sub}}}}}" if len(sub) > 1 and sub.isalpha() and not is_index(sub) else f"{text}_{{{sub}}}"


class Latex(Notation):
    """LaTeX for amsmath; KaTeX and MathJax take it too."""

    relations = {"=": "=", "!=": r"\ne", "<": "<", "<=": r"\le", ">": ">", ">=": r"\ge", "~": r"\approx", "<-": r"\gets"}

    def bracket(self, text: str) -> str:
        return rf"\left({text}\right)" if _is_tall(text) else f"({text})"

    def symbol(self, name: str) -> str:
        return _symbol(name)

    def constant(self, name: str) -> str:
        return CONSTANTS[name].latex

    def product(self, factors: Sequence[Form], pieces: Sequence[Piece]) -> Piece:
        parts = [self.factor(0, factors[0], pieces[0])]
        for place in range(1, len(factors)):
            beside = r" \, " if is_differential(factors[place - 1]) or is_differential(factors[place]) else " "
            between = r" \cdot " if needs_dot(factors[place - 1], factors[place]) else beside
            parts.append(between + self.factor(place, factors[place], pieces[place]))
        return "".join(parts), PRODUCT

    def quotient(self, node: Div, top: Piece, bottom: Piece) -> Piece:
        return rf"\frac{{{top[0]}}}{{{bottom[0]}}}", POWER

    def power(self, node: Pow, base: Piece, exponent: Piece) -> Piece:
        inner = node.base
        if isinstance(inner, Call) and inner.name in _POWERED and isinstance(node.exponent, Num) and not node.exponent.places:
            name = FUNCTIONS[inner.name].latex
            if base[0].startswith(name):
                return f"{name}^{{{exponent[0]}}}{base[0][len(name) :]}", POWER
        return f"{self.at_least(base, ATOM)}^{{{exponent[0]}}}", POWER

    def root(self, node: Root, radicand: Piece, index: Piece) -> Piece:
        order = "" if node.index is Num(2) else f"[{index[0]}]"
        return rf"\sqrt{order}{{{radicand[0]}}}", ATOM

    def call(self, node: Call, args: Sequence[Piece]) -> Piece:
        text = ", ".join([text for text, _ in args])
        if node.name in _FENCES:
            left, right = _FENCES[node.name]
            return f"{left}{text}{right}", ATOM
        if node.name == "log":
            return rf"\log_{{{args[1][0]}}}{self.bracket(args[0][0])}", ATOM
        if node.name == "factorial":
            return f"{self.at_least(args[0], ATOM)}!", POWER
        return FUNCTIONS[node.name].latex + self.bracket(text), ATOM

    def apply(self, node: Apply, args: Sequence[Piece]) -> Piece:
        orders = node.orders
        several = f"^{{({','.join(map(str, orders))})}}" if any(orders) else ""
        marks = "'" * orders[0] if len(orders) == 1 and orders[0] <= 3 else several
        return self.applied(self.symbol(node.name) + marks, args)

    def summation(self, index: str, body: Piece) -> Piece:
        return rf"\sum_{{{index}}} {self.at_least(body, PRODUCT)}", PRODUCT

    def norm(self, kind: str, inner: Piece) -> Piece:
        size = (r"\left", r"\right") if _is_tall(inner[0]) else ("", "")
        return rf"{size[0]}\| {inner[0]} {size[1]}\|{f'_{{{kind}}}' if kind else ''}", ATOM

    def differential(self, node: Form, inner: Piece) -> Piece:
        return rf"\mathrm{{d}}{inner[0] if isinstance(node, Sym) else self.bracket(inner[0])}", POWER

    def derivative(self, node: Deriv, body: Piece) -> Piece:
        inner = self.bracket(body[0])
        if not node.partial and node.order <= 3 and node.body.free == {node.variable}:
            return inner + "'" * node.order, POWER
        several = mixed(node)
        if several:
            name, letters = several
            below = " ".join(rf"\partial {self.symbol(letter)}{f'^{{{order}}}' if order > 1 else ''}" for letter, order in letters)
            return rf"\frac{{\partial^{{{sum(order for _, order in letters)}}} {self.symbol(name)}}}{{{below}}}", POWER
        sign = r"\partial" if node.partial else "d"
        order = f"^{{{node.order}}}" if node.order > 1 else ""
        if node.partial and is_named(node):
            return rf"\frac{{\partial{order} {body[0]}}}{{\partial {self.symbol(node.variable)}{order}}}", POWER
        return rf"\frac{{{sign}{order}}}{{{sign} {self.symbol(node.variable)}{order}}} {inner}", PRODUCT

    def integral(self, node: Integral, body: Piece, lower: Piece, upper: Piece) -> Piece:
        inner = self.at_least(body, SUM + 1)
        return rf"\int_{{{lower[0]}}}^{{{upper[0]}}} {inner} \, d{self.symbol(node.variable)}", PRODUCT

    def cases(self, values: Sequence[str], conditions: Sequence[str]) -> str:
        rows = [rf"{value} & \text{{if }} {condition}" for value, condition in zip(values, conditions, strict=False)]
        rows.extend(rf"{value} & \text{{otherwise}}" for value in values[len(conditions) :])
        return rf"\begin{{cases}} {_ROW.join(rows)} \end{{cases}}"

    def listing(self, kind: str, items: Sequence[str]) -> str:
        left, right = {"tuple": "()", "list": "[]", "set": (r"\{", r"\}")}[kind]
        return f"{left}{', '.join(items)}{right}"

    def matrix(self, rows: Sequence[Sequence[str]]) -> str:
        return rf"\begin{{pmatrix}} {_ROW.join([' & '.join(row) for row in rows])} \end{{pmatrix}}"

    def factor(self, position: int, node: Form, piece: Piece) -> str:
        return self.at_least(piece, POWER)


LATEX = Latex()


def _is_tall(text: str) -> bool:
    return "\\" in text and any(mark in text for mark in _TALL)


def _is_word(node: Form) -> bool:
    return isinstance(node, Sym) and len(node.name) > 1 and "_" not in node.name and node.name not in GREEK_NAMES


def needs_dot(left: Form, right: Form) -> bool:
    """Whether a typeset product needs its dot: in front of a number, a mixed number, an argument that is none.

    >>> needs_dot(Num(2), Num(3)), needs_dot(Num(2), Sym("x")), needs_dot(Sym("f"), Add((Sym("x"), Num(1))))
    (True, False, True)
    """
    if begins_with_number(right) or isinstance(left, (Neg, Deriv, Integral)) or isinstance(right, (Neg, Deriv)) or _is_word(left) or _is_word(right):
        return True
    if isinstance(left, Num):
        return isinstance(right, Div) or left is Num(0) or left is Num(1)
    applied = isinstance(left, Sym) and (left.name in FUNCTION_LETTERS or len(left.name) > 1)
    return applied and isinstance(right, (Add, Mul, Integral, Relation))
