"""Typst maths: the inside of `$ … $`, as `typst` sets it with its own fonts.

Signs and Greek letters are written as themselves, so that no name of a variable is taken for one of Typst's words; a name of several
letters is a text in quotes. Brackets grow on their own in Typst; round brackets behind `_` and `^` only group and are not shown.

>>> from tutor import read
>>> from tutor.form.write import write
>>> print(write(read("2x*sin(3x)^2 - (1/2 + x)/cbrt(x) + alpha*rate_max"), TYPST))
2 x sin^(2)(3 x) - frac(frac(1, 2) + x, root(3, x)) + α "rate"_("max")
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from tutor.form.functions import CONSTANTS, FUNCTIONS
from tutor.form.notation.latex import needs_dot
from tutor.form.tokens import ACCENTS, GREEK_LETTERS
from tutor.form.tree import Apply, Call, Deriv, Div, Form, Integral, Interval, Num, Pow, Root, Sym
from tutor.form.write import ATOM, POWER, PRODUCT, SUM, Notation, Piece, is_differential, is_index, is_named, mixed

_OPERATORS = frozenset((
    "sin", "cos", "tan", "sec", "csc", "cot", "sinh", "cosh", "tanh", "coth", "sech", "arcsin", "arccos", "arctan", "ln", "log", "exp", "max", "min",
))  # fmt: skip
"""The function names that Typst itself has a word for."""
_POWERED = frozenset(name for name, row in FUNCTIONS.items() if row.family in ("trigonometric", "hyperbolic"))
_FENCES = {"abs": "abs", "floor": "floor", "ceil": "ceil"}
_GAP = " thin "


def quoted(text: str) -> str:
    r"""A text in quotes, as Typst has it in mathematics and in code.

    >>> print(quoted('a "b" \\ c'))
    "a \"b\" \\ c"
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _letters(text: str) -> str:
    """A letter as it is, a Greek one by its sign, anything longer as text."""
    found = GREEK_LETTERS.get(text, text)
    return found if len(found) == 1 and found.isalnum() else found if found.isdigit() else quoted(found)


@lru_cache(maxsize=4096)
def _symbol(name: str) -> tuple[str, str]:
    """A variable's letter, with its accent, and its subscript."""
    letter, mark, sub = name.partition("_")
    if not mark:
        return _letters(letter), ""
    if sub in ACCENTS:
        return f"{'macron' if sub == 'bar' else sub}({_letters(letter)})", ""
    return _letters(letter), f"_({' '.join(sub) if len(sub) > 1 and is_index(sub) else _letters(sub)})"


@lru_cache(maxsize=256)
def function_name(name: str) -> str:
    """A function's name, from the one that it has in LaTeX.

    >>> function_name("sin"), function_name("asec"), function_name("sigmoid"), function_name("airyaiprime")
    ('sin', 'op("arcsec")', 'σ', 'op("Ai")′')
    """
    text = FUNCTIONS[name].latex
    primes = len(text) - len(text.rstrip("'"))
    bare = text.rstrip("'").removeprefix("\\").removeprefix("operatorname{").removesuffix("}")
    plain = bare if bare in _OPERATORS else GREEK_LETTERS[bare] if bare in GREEK_LETTERS else bare if len(bare) == 1 else f"op({quoted(bare)})"
    return plain + "′" * primes


class Typst(Notation):
    """Mathematics for Typst, in its own words where it has some."""

    relations = {"=": "=", "!=": "≠", "<": "<", "<=": "≤", ">": ">", ">=": "≥", "~": "≈", "<-": "←"}

    def symbol(self, name: str) -> str:
        return "".join(_symbol(name))

    def constant(self, name: str) -> str:
        return 'upright("i")' if name == "i" else CONSTANTS[name].unicode

    def product(self, factors: Sequence[Form], pieces: Sequence[Piece]) -> Piece:
        parts = [self.factor(0, factors[0], pieces[0])]
        for place in range(1, len(factors)):
            beside = _GAP if is_differential(factors[place - 1]) or is_differential(factors[place]) else " "
            parts.append(" ⋅ " if needs_dot(factors[place - 1], factors[place]) else beside)
            parts.append(self.factor(place, factors[place], pieces[place]))
        return "".join(parts), PRODUCT

    def factor(self, position: int, node: Form, piece: Piece) -> str:
        return self.at_least(piece, POWER)

    def quotient(self, node: Div, top: Piece, bottom: Piece) -> Piece:
        return f"frac({top[0]}, {bottom[0]})", POWER

    def power(self, node: Pow, base: Piece, exponent: Piece) -> Piece:
        inner = node.base
        if isinstance(inner, Call) and inner.name in _POWERED and isinstance(node.exponent, Num) and not node.exponent.places:
            name = function_name(inner.name)
            if base[0].startswith(name):
                return f"{name}^({exponent[0]}){base[0][len(name) :]}", POWER
        return f"{self.at_least(base, ATOM)}^({exponent[0]})", POWER

    def root(self, node: Root, radicand: Piece, index: Piece) -> Piece:
        return (f"sqrt({radicand[0]})" if node.index is Num(2) else f"root({index[0]}, {radicand[0]})"), ATOM

    def call(self, node: Call, args: Sequence[Piece]) -> Piece:
        text = ", ".join([text for text, _ in args])
        if node.name in _FENCES:
            return f"{_FENCES[node.name]}({text})", ATOM
        if node.name == "log":
            return f"log_({args[1][0]}){self.bracket(args[0][0])}", ATOM
        if node.name == "factorial":
            return f"{self.at_least(args[0], ATOM)}!", POWER
        return function_name(node.name) + self.bracket(text), ATOM

    def apply(self, node: Apply, args: Sequence[Piece]) -> Piece:
        letter, sub = _symbol(node.name)
        orders = node.orders
        if len(orders) == 1 and orders[0] <= 3:
            # Typst would take a prime behind a subscript for a part of it.
            return self.applied(letter + "'" * orders[0] + sub, args)
        return self.applied(f"{letter}{sub}^(({', '.join(map(str, orders))}))" if any(orders) else letter + sub, args)

    def summation(self, index: str, body: Piece) -> Piece:
        return f"∑_({index}) {self.at_least(body, PRODUCT)}", PRODUCT

    def norm(self, kind: str, inner: Piece) -> Piece:
        return f"norm({inner[0]}){f'_({kind})' if kind else ''}", ATOM

    def differential(self, node: Form, inner: Piece) -> Piece:
        return f"upright(d) {inner[0] if isinstance(node, Sym) else self.bracket(inner[0])}", POWER

    def derivative(self, node: Deriv, body: Piece) -> Piece:
        inner = self.bracket(body[0])
        if not node.partial and node.order <= 3 and node.body.free == {node.variable}:
            return inner + "'" * node.order, POWER
        several = mixed(node)
        if several:
            name, letters = several
            below = " ".join(f"∂ {self.symbol(letter)}{f'^({order})' if order > 1 else ''}" for letter, order in letters)
            return f"frac(∂^({sum(order for _, order in letters)}) {self.symbol(name)}, {below})", POWER
        sign = "∂" if node.partial else "d"
        order = f"^({node.order})" if node.order > 1 else ""
        if node.partial and is_named(node):
            return f"frac(∂{order} {body[0]}, ∂ {self.symbol(node.variable)}{order})", POWER
        return f"frac({sign}{order}, {sign} {self.symbol(node.variable)}{order}) {inner}", PRODUCT

    def integral(self, node: Integral, body: Piece, lower: Piece, upper: Piece) -> Piece:
        return f"∫_({lower[0]})^({upper[0]}) {self.at_least(body, SUM + 1)}{_GAP}d {self.symbol(node.variable)}", PRODUCT

    def cases(self, values: Sequence[str], conditions: Sequence[str]) -> str:
        rows = [f'{value} & "if " {condition}' for value, condition in zip(values, conditions, strict=False)]
        rows.extend(f'{value} & "otherwise"' for value in values[len(conditions) :])
        return f"cases({', '.join(rows)})"

    def matrix(self, rows: Sequence[Sequence[str]]) -> str:
        return f"mat({'; '.join([', '.join(row) for row in rows])})"

    def interval(self, node: Interval, lower: str, upper: str) -> str:
        left = "paren.l" if node.left_open else "bracket.l"
        right = "paren.r" if node.right_open else "bracket.r"
        return f"lr({left} {lower}, {upper} {right})"


TYPST = Typst()

__all__ = ["TYPST", "Typst", "function_name", "quoted"]
