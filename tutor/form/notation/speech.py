"""Speech: a form in words that can be understood without seeing it, and in one way only.

What is said without "times" belongs together: "sine of 2 x times y" is sin(2x) times y. A part
that would be misheard is announced: "the quantity x plus 1, end quantity".

>>> from tutor import read
>>> from tutor.form.write import write
>>> write(read("diff(sin(x^2), x)"), SPEECH)
'the derivative of sine of x squared'
>>> write(read("2(x + 1)/(3x)"), SPEECH)
'the fraction with numerator 2 times the quantity x plus 1, end quantity, and denominator 3 x, end of fraction'
"""

from __future__ import annotations

from collections.abc import Sequence

from tutor.form.functions import CONSTANTS, FUNCTIONS
from tutor.form.tokens import ACCENTS
from tutor.form.tree import Apply, Call, Const, Deriv, Div, Form, Integral, Interval, Mul, Neg, Num, Pow, Root, Sym
from tutor.form.write import ATOM, POWER, PRODUCT, SIGN, Notation, Piece, is_index

TIGHT, OF = 33, 36
"""2 x, and sine of x: tighter than a product with "times", looser than a power."""

_ORDINALS = ("", "", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_PARTS = ("", "", "half", "third", "quarter", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_POWERED = frozenset(name for name, row in FUNCTIONS.items() if row.family in ("trigonometric", "hyperbolic"))
_SHORT = (Num, Sym, Const)
_RAISED = {Num(2): "squared", Num(3): "cubed"}


class Speech(Notation):
    """English words; a medium for other languages overrides the same methods."""

    relations = {
        "=": "equals", "!=": "is not equal to", "<": "is less than", "<=": "is at most", ">": "is greater than", ">=": "is at least",
        "~": "is about", "<-": "becomes",
    }  # fmt: skip
    plus, minus = "plus", "minus"

    def whole(self, text: str) -> str:
        return text.replace(",,", ",").replace(",;", ";").removesuffix(",")

    def bracket(self, text: str) -> str:
        return f"the quantity {text}, end quantity,"

    def symbol(self, name: str) -> str:
        letter, mark, sub = name.partition("_")
        spoken = f"capital {letter}" if letter[:1].isupper() else letter
        if sub in ACCENTS:
            return f"{spoken} {sub}"
        return f"{spoken} sub {' '.join(sub) if is_index(sub) else sub}" if mark else spoken

    def constant(self, name: str) -> str:
        return CONSTANTS[name].spoken

    def negative(self, text: str) -> str:
        return f"minus {text}"

    def factor(self, position: int, node: Form, piece: Piece) -> str:
        """A product inside a product is announced, even a tight one; a negative number behind "times" is not."""
        if position and isinstance(node, Neg) and isinstance(node.operand, _SHORT):
            return piece[0]
        return self.bracket(piece[0]) if isinstance(node, Mul) else self.at_least(piece, TIGHT)

    def product(self, factors: Sequence[Form], pieces: Sequence[Piece]) -> Piece:
        parts: list[str] = []
        joined, tight = False, isinstance(factors[0], Num)
        for place, (node, piece) in enumerate(zip(factors, pieces, strict=True)):
            before = factors[place - 1] if place else None
            joined = _is_plain(node) and not isinstance(node, Num) and (joined or (isinstance(before, Num) and before is not Num(1)))
            tight = tight and (joined or not place)
            parts.append("" if not place else " " if joined else " times ")
            parts.append(self.factor(place, node, piece))
        return "".join(parts), TIGHT if tight else PRODUCT

    def quotient(self, node: Div, top: Piece, bottom: Piece) -> Piece:
        if isinstance(node.numerator, Num) and isinstance(node.denominator, Num):
            above, below = node.numerator, node.denominator
            if 0 < above.digits < 10 and 2 <= below.digits <= 10 and not above.places and not below.places:
                part = _PARTS[below.digits]
                plural = "halves" if part == "half" else part + "s"
                return (f"one {part}" if above.digits == 1 else f"{above.digits} {plural}"), ATOM
        if _is_plain(node.numerator) and isinstance(node.denominator, _SHORT):
            return f"{top[0]} over {bottom[0]}", PRODUCT - 1
        return f"the fraction with numerator {_clause(top[0])}and denominator {_clause(bottom[0])}end of fraction", ATOM

    def power(self, node: Pow, base: Piece, exponent: Piece) -> Piece:
        how = _RAISED.get(node.exponent) if isinstance(node.exponent, Num) else None
        if how is None:
            bare = exponent[1] >= TIGHT or (exponent[1] == SIGN and "quantity" not in exponent[0] and " times " not in exponent[0])
            how = f"to the power {exponent[0] if bare else self.bracket(exponent[0])}"
        inner = node.base
        if isinstance(inner, Call) and inner.name in _POWERED and node.exponent in _RAISED:
            name = FUNCTIONS[inner.name].spoken
            if base[0].startswith(name):
                return f"{name} {how}{base[0][len(name) :]}", OF
        return f"{self.at_least(base, ATOM)} {how}", POWER

    def root(self, node: Root, radicand: Piece, index: Piece) -> Piece:
        inner = self.at_least(radicand, TIGHT)
        if isinstance(node.index, Num) and node.index.digits in (2, 3) and not node.index.places:
            return f"the {'square' if node.index.digits == 2 else 'cube'} root of {inner}", OF
        return f"the root of order {self.at_least(index, TIGHT)} of {inner}", OF

    def call(self, node: Call, args: Sequence[Piece]) -> Piece:
        texts = self.arguments(args)
        if node.name == "log":
            return f"log base {self.at_least(args[1], TIGHT)} of {self.at_least(args[0], TIGHT)}", OF
        article = "the " if node.name == "abs" else ""
        return f"{article}{FUNCTIONS[node.name].spoken} of {texts}", OF

    def arguments(self, args: Sequence[Piece]) -> str:
        """One argument follows as it is; several are closed, so that the last one ends somewhere."""
        texts = [self.at_least(piece, TIGHT) for piece in args]
        return texts[0] if len(texts) == 1 else " and ".join(texts) + ", end of arguments,"

    def apply(self, node: Apply, args: Sequence[Piece]) -> Piece:
        name, orders = self.symbol(node.name), node.orders
        if len(orders) == 1:
            marks = {0: "", 1: " prime", 2: " double prime", 3: " triple prime"}.get(orders[0], f" differentiated {orders[0]} times")
            return (f"{name}{marks} of {self.arguments(args)}", OF) if args else (name + marks, POWER)
        places = ", ".join([f"{'once' if count == 1 else f'{count} times'} in argument {place}" for place, count in enumerate(orders, 1) if count])
        return f"{name}{f', differentiated {places},' if places else ''} of {self.arguments(args)}", OF

    def summation(self, index: str, body: Piece) -> Piece:
        return f"the sum over {index} of {self.at_least(body, PRODUCT)}, end of sum,", ATOM

    def norm(self, kind: str, inner: Piece) -> Piece:
        return f"the {kind and f'{kind}-'}norm of {self.at_least(inner, TIGHT)}", OF

    def transpose(self, node: Pow, inner: Piece) -> Piece:
        return f"{self.at_least(inner, ATOM)} transposed", POWER

    def differential(self, node: Form, inner: Piece) -> Piece:
        return (f"d {inner[0]}" if isinstance(node, Sym) else f"the differential of {self.at_least(inner, TIGHT)}"), OF

    def derivative(self, node: Deriv, body: Piece) -> Piece:
        order = "" if node.order == 1 else (_ORDINALS[node.order] if node.order < len(_ORDINALS) else f"{node.order}-th") + " "
        partial = "partial " if node.partial else ""
        respect = "" if node.body.free <= {node.variable} and not node.partial else f"with respect to {self.symbol(node.variable)} "
        return f"the {order}{partial}derivative {respect}of {self.at_least(body, TIGHT)}", OF

    def integral(self, node: Integral, body: Piece, lower: Piece, upper: Piece) -> Piece:
        limits = f"from {lower[0]} to {upper[0]}"
        return f"the integral {limits} of {_clause(body[0])}with respect to {self.symbol(node.variable)}, end of integral,", ATOM

    def cases(self, values: Sequence[str], conditions: Sequence[str]) -> str:
        parts = [f"{value} if {condition}" for value, condition in zip(values, conditions, strict=False)]
        parts.extend(f"{value} otherwise" for value in values[len(conditions) :])
        return f"by cases: {'; '.join(parts)}; end of cases"

    def listing(self, kind: str, items: Sequence[str]) -> str:
        name = {"tuple": "vector", "list": "list", "set": "set"}[kind]
        return f"the {name} with entries {'; '.join(items)}; end of {name}"

    def matrix(self, rows: Sequence[Sequence[str]]) -> str:
        lines = [f"row {place}: {'; '.join(row)}" for place, row in enumerate(rows, 1)]
        return f"the matrix with {'; '.join(lines)}; end of matrix"

    def interval(self, node: Interval, lower: str, upper: str) -> str:
        ends = [f"{value} {'excluded' if is_open else 'included'}" for value, is_open in ((lower, node.left_open), (upper, node.right_open))]
        return f"the interval from {ends[0]} to {ends[1]}"


SPEECH = Speech()


def _is_plain(node: Form) -> bool:
    """A letter, a constant, or such with a number as its exponent: what may follow a number without "times"."""
    if isinstance(node, Pow):
        return isinstance(node.base, (Sym, Const)) and isinstance(node.exponent, Num)
    return isinstance(node, _SHORT)


def _clause(text: str) -> str:
    """A text that another clause follows: with exactly one comma at its end."""
    return text.rstrip(",") + ", "
