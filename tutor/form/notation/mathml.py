"""Presentation MathML: the content of a `<math>` element, and the element itself for a page.

Products and function applications carry the invisible signs U+2062 and U+2061, so that a screen
reader can say them. A marked part is wrapped in `<mrow class="focus">`.

>>> from tutor import read
>>> math_element(read("x^2 < 3"))
'<math xmlns="http://www.w3.org/1998/Math/MathML" alttext="x^2 &lt; 3"><mrow><msup><mi>x</mi><mn>2</mn></msup><mo>&lt;</mo><mn>3</mn></mrow></math>'
"""

from __future__ import annotations

from collections.abc import Sequence

from tutor.form.functions import CONSTANTS, FUNCTIONS
from tutor.form.notation.latex import needs_dot
from tutor.form.notation.unicode import function_name
from tutor.form.tokens import ACCENTS, GREEK_LETTERS
from tutor.form.tree import Apply, Call, Deriv, Div, Form, Integral, Interval, Num, Pow, Root, Sym
from tutor.form.write import ATOM, POWER, PRODUCT, SUM, Notation, Piece, is_differential, is_index, is_named, mixed, write

NAMESPACE = "http://www.w3.org/1998/Math/MathML"
TIMES, APPLIED = "<mo>\u2062</mo>", "<mo>\u2061</mo>"
_POWERED = frozenset(name for name, row in FUNCTIONS.items() if row.family in ("trigonometric", "hyperbolic"))
_FENCES = {"abs": "||", "floor": "⌊⌋", "ceil": "⌈⌉"}
_LISTS = {"tuple": "()", "list": "[]", "set": "{}"}


def escape(text: str) -> str:
    """Text for the inside of an element or of a quoted attribute.

    >>> escape('a < "b" & c')
    'a &lt; &quot;b&quot; &amp; c'
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def math_element(form: Form, focus: Form | None = None, display: bool = False) -> str:
    """A whole `<math>` element, with the calculator text as its alternative text."""
    block = ' display="block"' if display else ""
    return f'<math xmlns="{NAMESPACE}"{block} alttext="{escape(str(form))}">{write(form, MATHML, focus)}</math>'


def _row(*parts: str) -> str:
    return f"<mrow>{''.join(parts)}</mrow>"


def _mo(sign: str) -> str:
    return f"<mo>{escape(sign)}</mo>"


def _fenced(left: str, inner: str, right: str) -> str:
    return _row(f'<mo fence="true">{left}</mo>', inner, f'<mo fence="true">{right}</mo>')


def _separated(items: Sequence[str]) -> str:
    return _mo(",").join(items)


class MathML(Notation):
    """Every method gives exactly one element, so that it fits into `msup` and `mfrac`."""

    relations = {"=": "=", "!=": "≠", "<": "<", "<=": "≤", ">": ">", ">=": "≥", "~": "≈", "<-": "←"}

    def bracket(self, text: str) -> str:
        return _fenced("(", text, ")")

    def focus(self, text: str) -> str:
        return f'<mrow class="focus">{text}</mrow>'

    def number(self, node: Num) -> str:
        return f"<mn>{super().number(node)}</mn>"

    def symbol(self, name: str) -> str:
        letter, mark, sub = name.partition("_")
        main = f"<mi>{escape(GREEK_LETTERS.get(letter, letter))}</mi>"
        if not mark:
            return main
        if sub in ACCENTS:
            return f'<mover accent="true">{main}<mo>{ACCENTS[sub]}</mo></mover>'
        kind = "mn" if sub.isdigit() else "mi"
        if len(sub) > 1 and is_index(sub):
            return f"<msub>{main}<mrow>{''.join(f'<mi>{index}</mi>' for index in sub)}</mrow></msub>"
        return f"<msub>{main}<{kind}>{escape(GREEK_LETTERS.get(sub, sub))}</{kind}></msub>"

    def constant(self, name: str) -> str:
        return f"<mi>{CONSTANTS[name].unicode}</mi>"

    def negative(self, text: str) -> str:
        return _row("<mo>−</mo>", text)

    def sum(self, signed: Sequence[tuple[bool, str]]) -> str:
        (negative, first), *rest = signed
        signs = {True: "<mo>−</mo>", False: "<mo>+</mo>"}
        return _row("<mo>−</mo>" if negative else "", first, *(signs[minus] + text for minus, text in rest))

    def product(self, factors: Sequence[Form], pieces: Sequence[Piece]) -> Piece:
        parts = [self.factor(0, factors[0], pieces[0])]
        for place in range(1, len(factors)):
            parts.append("<mo>⋅</mo>" if needs_dot(factors[place - 1], factors[place]) else TIMES)
            before_function = isinstance(factors[place], Call) and factors[place].name not in _FENCES  # type: ignore[attr-defined]
            if (before_function or is_differential(factors[place - 1]) or is_differential(factors[place])) and parts[-1] is TIMES:
                parts.append('<mspace width="0.17em"/>')
            parts.append(self.factor(place, factors[place], pieces[place]))
        return _row(*parts), PRODUCT

    def factor(self, position: int, node: Form, piece: Piece) -> str:
        return self.at_least(piece, POWER)

    def quotient(self, node: Div, top: Piece, bottom: Piece) -> Piece:
        return f"<mfrac>{top[0]}{bottom[0]}</mfrac>", POWER

    def power(self, node: Pow, base: Piece, exponent: Piece) -> Piece:
        inner = node.base
        if isinstance(inner, Call) and inner.name in _POWERED and isinstance(node.exponent, Num) and not node.exponent.places:
            name = f"<mi>{function_name(inner.name)}</mi>"
            head, found, tail = base[0].partition(name + APPLIED)
            if found and head == "<mrow>":
                return f"<mrow><msup>{name}{exponent[0]}</msup>{APPLIED}{tail}", POWER
        return f"<msup>{self.at_least(base, ATOM)}{exponent[0]}</msup>", POWER

    def root(self, node: Root, radicand: Piece, index: Piece) -> Piece:
        if node.index is Num(2):
            return f"<msqrt>{radicand[0]}</msqrt>", ATOM
        return f"<mroot>{radicand[0]}{index[0]}</mroot>", ATOM

    def call(self, node: Call, args: Sequence[Piece]) -> Piece:
        if node.name in _FENCES:
            fence = _FENCES[node.name]
            return _fenced(fence[0], args[0][0], fence[1]), ATOM
        if node.name == "factorial":
            return _row(self.at_least(args[0], ATOM), _mo("!")), POWER
        if node.name == "log":
            return _row(f"<msub><mi>log</mi>{args[1][0]}</msub>", APPLIED, self.bracket(args[0][0])), ATOM
        return _row(f"<mi>{function_name(node.name)}</mi>", APPLIED, self.bracket(_separated([text for text, _ in args]))), ATOM

    def apply(self, node: Apply, args: Sequence[Piece]) -> Piece:
        name, orders = self.symbol(node.name), node.orders
        if len(orders) == 1 and 0 < orders[0] <= 3:
            name = _row(name, _prime(orders[0]))
        elif any(orders):
            name = f"<msup>{name}{self.bracket(_separated([f'<mn>{order}</mn>' for order in orders]))}</msup>"
        return (_row(name, APPLIED, self.bracket(_separated([text for text, _ in args]))), ATOM) if args else (name, POWER)

    def summation(self, index: str, body: Piece) -> Piece:
        return _row(f"<munder><mo>∑</mo><mi>{index}</mi></munder>", self.at_least(body, PRODUCT)), PRODUCT

    def norm(self, kind: str, inner: Piece) -> Piece:
        fenced = _fenced("‖", inner[0], "‖")
        return (f"<msub>{fenced}<mn>{kind}</mn></msub>" if kind else fenced), ATOM

    def differential(self, node: Form, inner: Piece) -> Piece:
        return _row("<mi>d</mi>", inner[0] if isinstance(node, Sym) else self.bracket(inner[0])), POWER

    def derivative(self, node: Deriv, body: Piece) -> Piece:
        inner = self.bracket(body[0])
        if not node.partial and node.order <= 3 and node.body.free == {node.variable}:
            return _row(inner, _prime(node.order)), POWER
        several = mixed(node)
        if several:
            name, letters = several
            below = "".join(f"<mo>∂</mo>{self.symbol(letter) if order == 1 else f'<msup>{self.symbol(letter)}<mn>{order}</mn></msup>'}" for letter, order in letters)
            above = f"<msup><mo>∂</mo><mn>{sum(order for _, order in letters)}</mn></msup>"
            return f"<mfrac>{_row(above, self.symbol(name))}{_row(below)}</mfrac>", POWER
        sign = "<mo>∂</mo>" if node.partial else "<mi>d</mi>"
        variable = self.symbol(node.variable)
        if node.partial and is_named(node):
            mark = f"<mn>{node.order}</mn>"
            above, below = (sign, variable) if node.order == 1 else (f"<msup>{sign}{mark}</msup>", f"<msup>{variable}{mark}</msup>")
            return f"<mfrac>{_row(above, body[0])}{_row(sign, below)}</mfrac>", POWER
        if node.order == 1:
            return _row(f"<mfrac>{sign}{_row(sign, variable)}</mfrac>", inner), PRODUCT
        order = f"<mn>{node.order}</mn>"
        return _row(f"<mfrac><msup>{sign}{order}</msup>{_row(sign, f'<msup>{variable}{order}</msup>')}</mfrac>", inner), PRODUCT

    def integral(self, node: Integral, body: Piece, lower: Piece, upper: Piece) -> Piece:
        sign = f"<msubsup><mo>∫</mo>{lower[0]}{upper[0]}</msubsup>"
        return _row(sign, self.at_least(body, SUM + 1), _row("<mi>d</mi>", self.symbol(node.variable))), PRODUCT

    def cases(self, values: Sequence[str], conditions: Sequence[str]) -> str:
        ends = [f"<mtext>if </mtext>{condition}" for condition in conditions] + ["<mtext>otherwise</mtext>"]
        rows = [f"<mtr><mtd>{value}</mtd><mtd>{end}</mtd></mtr>" for value, end in zip(values, ends, strict=False)]
        return _row('<mo fence="true">{</mo>', f"<mtable>{''.join(rows)}</mtable>")

    def relation(self, operands: Sequence[str], operators: Sequence[str]) -> str:
        pairs = zip(operators, operands[1:], strict=True)
        return _row(operands[0], *(_mo(self.relations[operator]) + operand for operator, operand in pairs))

    def listing(self, kind: str, items: Sequence[str]) -> str:
        fence = _LISTS[kind]
        return _fenced(fence[0], _separated(items), fence[1])

    def matrix(self, rows: Sequence[Sequence[str]]) -> str:
        lines = ["".join([f"<mtd>{cell}</mtd>" for cell in row]) for row in rows]
        return _fenced("(", f"<mtable>{''.join([f'<mtr>{line}</mtr>' for line in lines])}</mtable>", ")")

    def interval(self, node: Interval, lower: str, upper: str) -> str:
        return _fenced("(" if node.left_open else "[", _separated([lower, upper]), ")" if node.right_open else "]")


MATHML = MathML()


def _prime(order: int) -> str:
    """The primes of a derivative, at the height that the font gives them, close to what they follow."""
    return f'<mo lspace="0" rspace="0">{"′″‴"[order - 1]}</mo>'
