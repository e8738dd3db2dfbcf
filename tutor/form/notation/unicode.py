"""Linear Unicode for a terminal: `x²`, `2x sin(3x)`, `−`, `√(x + 1)`, and a dot only where a dot helps.

Two factors stand side by side where the reader, and a person, take them for the same two factors;
`_BETWEEN` says what is put between them, by how the left one ends and how the right one begins.
Everything that is written here reads back as the same form.

>>> from tutor import read
>>> from tutor.form.write import write
>>> write(read("2x*sin(3x) - 1/(2sqrt(x)) + x^2*3*cos(3x)"), UNICODE)
'2x sin(3x) − 1/(2√x) + x² · 3 cos(3x)'
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from tutor.form.functions import CONSTANTS, FUNCTIONS
from tutor.form.tokens import FUNCTION_LETTERS, GREEK_LETTERS, words
from tutor.form.tree import Add, Apply, Call, Const, Deriv, Div, Form, Integral, Mul, Neg, Num, Pow, Relation, Root, Sym
from tutor.form.write import ATOM, POWER, PRODUCT, SUM, Notation, Piece, is_differential, is_index, is_named, is_transpose, mixed

_RAISED = dict(zip("0123456789−nxytabkmiT", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻ⁿˣʸᵗᵃᵇᵏᵐⁱᵀ", strict=True))
_LOWERED = dict(zip("0123456789aeoxhklmnpstij", "₀₁₂₃₄₅₆₇₈₉ₐₑₒₓₕₖₗₘₙₚₛₜᵢⱼ", strict=True))
_LOW_SIGNS = frozenset(_LOWERED.values())
_PRIMES = ("", "′", "″", "‴")
_ROOT_SIGNS: dict[Form, str] = {Num(2): "√", Num(3): "∛", Num(4): "∜"}
_FENCES = {"abs": "||", "floor": "⌊⌋", "ceil": "⌈⌉"}
_POWERED = frozenset(name for name, row in FUNCTIONS.items() if row.family in ("trigonometric", "hyperbolic"))
"""Functions whose positive integer powers are written behind the name: sin²(x)."""

DOT = " · "
_DOT_OR_JOIN, _DOT_OR_SPACE = "join?", "space?"
_BETWEEN: dict[str, dict[str, str]] = {
    # left end: {right start: what stands between}; a pair that is missing gets a dot
    "number": {"letter": "", "word": " ", "call": " ", "bracket": "", "root": "", "fence": "", "integral": " "},
    "letter": {"letter": _DOT_OR_JOIN, "call": " ", "bracket": _DOT_OR_SPACE, "root": "", "fence": "", "integral": " "},
    "raised": {"letter": "", "call": " ", "bracket": " ", "root": "", "fence": "", "integral": " "},
    "call": {"call": " "},
    "power": {"call": " "},
    "bracket": {"letter": " ", "word": " ", "call": " ", "bracket": "", "root": " ", "fence": " ", "integral": " "},
    "differential": {"letter": " ", "word": " ", "call": " ", "bracket": " ", "root": " ", "fence": " ", "integral": " "},
    "fraction": {"letter": " ", "word": " ", "call": " ", "bracket": " ", "root": " ", "fence": " ", "integral": " "},
}
_BRACKETED = (Add, Mul, Relation)


def function_name(name: str) -> str:
    """The name that people write: the sign where a function has one, arcsin and arsinh for the inverses.

    >>> function_name("sigmoid"), function_name("asin"), function_name("tan")
    ('σ', 'arcsin', 'tan')
    """
    return _FUNCTION_NAMES.get(name, name)


_FUNCTION_NAMES = {
    name: next((alias for alias in row.aliases if not alias.isascii()), row.aliases[-1] if row.family.startswith("inverse") else name)
    for name, row in FUNCTIONS.items()
}


@lru_cache(maxsize=4096)
def _symbol(name: str) -> str:
    letter, mark, sub = name.partition("_")
    letter = GREEK_LETTERS.get(letter, letter)
    if not mark:
        return letter
    if sub.isdigit() or len(sub) == 1 or is_index(sub):
        lowered = "".join([_LOWERED.get(sign, "") for sign in sub])
        if len(lowered) == len(sub):
            return letter + lowered
    return f"{letter}_{sub}" if sub.isascii() and sub.isalnum() else f"{letter}_{{{sub}}}"


@lru_cache(maxsize=4096)
def _ends(name: str) -> tuple[str, str]:
    """How a variable begins and ends."""
    text = _symbol(name)
    if len(text) == 1:
        return "letter", "letter"
    return ("letter", "raised") if text[1] in _LOW_SIGNS else ("word", "word")


def raised(exponent: Form) -> str:
    """The exponent in superscripts when it is an integer or a letter that has one, else nothing.

    >>> raised(Neg(Num(2))), raised(Sym("n")), raised(Sym("q"))
    ('⁻²', 'ⁿ', '')
    """
    match exponent:
        case Num(digits, 0):
            return _digits(digits)
        case Neg(Num(digits, 0)):
            return "⁻" + _digits(digits)
        case Sym(name):
            return _RAISED.get(name, "")
    return ""


@lru_cache(maxsize=1024)
def _digits(value: int) -> str:
    return "".join([_RAISED[digit] for digit in str(value)])


def branches(values: Sequence[str], conditions: Sequence[str]) -> str:
    """A piecewise form on one line.

    >>> branches(["x²", "2x − 1"], ["x ≤ 1"])
    '{x² if x ≤ 1; 2x − 1 otherwise}'
    """
    parts = [f"{value} if {condition}" for value, condition in zip(values, conditions, strict=False)]
    parts.extend(f"{value} otherwise" for value in values[len(conditions) :])
    return f"{{{'; '.join(parts)}}}"


@lru_cache(maxsize=4096)
def side_by_side(run: tuple[str, ...]) -> bool:
    """Whether letters written as one run are read as these letters; d is kept apart because of dx."""
    found = words("".join(run), frozenset(), False)
    return len(found) == len(run) and "d" not in run[:-1] and all(piece[2] == letter and piece[0] != "func" for piece, letter in zip(found, run, strict=True))


class Unicode(Notation):
    """Linear text as a teacher would type it with every sign at hand."""

    minus = "−"
    relations = {"=": "=", "!=": "≠", "<": "<", "<=": "≤", ">": ">", ">=": "≥", "~": "≈", "<-": "←"}

    def symbol(self, name: str) -> str:
        return _symbol(name)

    def constant(self, name: str) -> str:
        return "ⅈ" if name == "i" else CONSTANTS[name].unicode

    def factor(self, position: int, node: Form, piece: Piece) -> str:
        return self.at_least(piece, POWER)

    def product(self, factors: Sequence[Form], pieces: Sequence[Piece]) -> Piece:
        texts: list[str] = []
        ending = ""
        run: tuple[str, ...] = ()
        before: Form | None = None
        for place, node in enumerate(factors):
            begins, ends, letter = _shape(node)
            if before is not None:
                between = _BETWEEN.get(ending, _NOTHING).get(begins, DOT)
                if between is _DOT_OR_JOIN:
                    between = "" if side_by_side((*run, letter)) else DOT
                elif between is _DOT_OR_SPACE:
                    between = " " if _multiplies(run) else DOT
                elif ending == "number" and (before is _ZERO or before is _ONE):
                    between = DOT
                texts.append(between)
                if between:
                    run = ()
            run = (*run, letter) if letter and begins == "letter" and ends == "letter" else ()
            texts.append(self.factor(place, node, pieces[place]))
            ending, before = ends, node
        return "".join(texts), PRODUCT

    def quotient(self, node: Div, top: Piece, bottom: Piece) -> Piece:
        above = self.at_least(top, PRODUCT)
        return f"{self.bracket(above) if type(node.numerator) is Div else above}/{self.at_least(bottom, POWER)}", PRODUCT

    def power(self, node: Pow, base: Piece, exponent: Piece) -> Piece:
        inner = node.base  # e^T may be a temperature's: eᵀ would look like a transpose
        above = "" if is_transpose(node) and isinstance(inner, (Num, Const)) else raised(node.exponent)
        if type(inner) is Call and above and inner.name in _POWERED and type(node.exponent) is Num:
            name = function_name(inner.name)
            if base[0].startswith(name):
                return f"{name}{above}{base[0][len(name) :]}", POWER
        text = self.at_least(base, ATOM)
        return text + above if above else f"{text}^{self.at_least(exponent, ATOM)}", POWER

    def root(self, node: Root, radicand: Piece, index: Piece) -> Piece:
        sign = _ROOT_SIGNS.get(node.index)
        if sign is None:
            return super().root(node, radicand, index)
        return sign + (radicand[0] if _is_bare(node.radicand) else self.bracket(radicand[0])), POWER

    def call(self, node: Call, args: Sequence[Piece]) -> Piece:
        text = args[0][0]
        if node.name in _FENCES and not (node.name == "abs" and "|" in text):
            fence = _FENCES[node.name]
            return f"{fence[0]}{text}{fence[1]}", ATOM
        if node.name == "log":
            return self.logarithm(node, args)
        if node.name == "factorial" and isinstance(node.args[0], (Sym, Num, Add)):
            return f"{self.at_least(args[0], ATOM)}!", POWER
        return f"{function_name(node.name)}({', '.join([text for text, _ in args])})", ATOM

    def logarithm(self, node: Call, args: Sequence[Piece]) -> Piece:
        """log₂(x); log_b(x) where the base has no subscript; log(x, b + 1) where it has several signs."""
        (text, _), (base, _) = args
        lowered = "".join([_LOWERED.get(sign, " ") for sign in base])
        if (isinstance(node.args[1], Num) and lowered.isalnum()) or (isinstance(node.args[1], Sym) and len(base) == 1 and lowered != " "):
            return f"log{lowered}({text})", ATOM
        return (f"log_{base}({text})" if base.isascii() and base.isalnum() else f"log({text}, {base})"), ATOM

    def apply(self, node: Apply, args: Sequence[Piece]) -> Piece:
        orders = node.orders
        if len(orders) == 1 and orders[0] < len(_PRIMES):
            marks = _PRIMES[orders[0]]
        else:
            marks = f"^({','.join(map(str, orders))})" if any(orders) else ""
        return self.applied(self.symbol(node.name) + marks, args)

    def derivative(self, node: Deriv, body: Piece) -> Piece:
        """(x²)′ where only one letter can be meant; otherwise ∂/∂x (x²y), d/dx (ax²)."""
        inner = self.bracket(body[0])
        if not node.partial and node.order < len(_PRIMES) and node.body.free == {node.variable}:
            return inner + _PRIMES[node.order], POWER
        several = mixed(node)
        if several:
            name, letters = several
            below = "".join(f"∂{letter}{_digits(order) if order > 1 else ''}" for letter, order in letters)
            return f"∂{_digits(sum(order for _, order in letters))}{name}/{below}", POWER
        sign, order = ("∂" if node.partial else "d"), (_digits(node.order) if node.order > 1 else "")
        if node.partial and is_named(node):
            return f"∂{order}{body[0]}/∂{self.symbol(node.variable)}{order}", POWER
        return f"{sign}{order}/{sign}{self.symbol(node.variable)}{order} {inner}", POWER

    def summation(self, index: str, body: Piece) -> Piece:
        return f"{_symbol(f'Sigma_{index}')} {self.at_least(body, PRODUCT)}", PRODUCT

    def norm(self, kind: str, inner: Piece) -> Piece:
        return f"‖{inner[0]}‖{_symbol(f'_{kind}') if kind else ''}", ATOM

    def differential(self, node: Form, inner: Piece) -> Piece:
        return f"d{inner[0] if isinstance(node, Sym) else self.bracket(inner[0])}", POWER

    def integral(self, node: Integral, body: Piece, lower: Piece, upper: Piece) -> Piece:
        variable = self.symbol(node.variable)
        if _ends(node.variable)[0] == "word" or "∫" in lower[0] or "{" in lower[0]:
            return super().integral(node, body, lower, upper)
        below = "".join([_LOWERED.get(sign, " ") for sign in lower[0]]) if isinstance(node.lower, (Num, Sym)) else " "
        from_ = below if " " not in below else f"_{{{lower[0]}}}"
        above = raised(node.upper)
        to = above or f"^({upper[0]})"
        return f"∫{from_}{to} {self.at_least(body, SUM + 1)} d{variable}", POWER

    def cases(self, values: Sequence[str], conditions: Sequence[str]) -> str:
        return branches(values, conditions)


UNICODE = Unicode()
_ZERO, _ONE = Num(0), Num(1)
_NOTHING: dict[str, str] = {}


def _is_bare(radicand: Form) -> bool:
    return isinstance(radicand, (Sym, Num, Const))


def _multiplies(run: tuple[str, ...]) -> bool:
    """Whether letters in front of a bracket multiply it: neither a function's letter nor nearly its name."""
    last = run[-1]
    return len(run) < 3 and last.isascii() and last not in FUNCTION_LETTERS


def _shape(node: Form) -> tuple[str, str, str]:
    """How a factor begins, how it ends, and the letter that it begins with."""
    kind = type(node)
    if kind is Sym:
        begins, ends = _ends(node.name)  # type: ignore[attr-defined]
        return begins, ends, _symbol(node.name)[0]  # type: ignore[attr-defined]
    if kind is Num:
        return "digit", "number", ""
    if kind is Call:
        return _call_shape(node.name)  # type: ignore[attr-defined]
    if kind is Pow:
        return _power_shape(node)  # type: ignore[arg-type]
    if kind is Const and node.name != "infinity":  # type: ignore[attr-defined]
        return "letter", "letter", UNICODE.constant(node.name)  # type: ignore[attr-defined]
    if kind is Div:
        return "fraction", "fraction", ""
    if kind in _BRACKETED:
        return "bracket", "bracket", ""
    if kind is Apply:
        return "call", "differential" if is_differential(node) else "call", ""
    if kind is Root:
        return _root_shape(node)  # type: ignore[arg-type]
    return ("integral" if kind is Integral else "other"), "other", ""


def _call_shape(name: str) -> tuple[str, str, str]:
    if name in _FENCES:
        return "fence", "fence", ""
    return ("other", "other", "") if name == "factorial" else ("call", "call", "")


def _root_shape(node: Root) -> tuple[str, str, str]:
    if node.index not in _ROOT_SIGNS:
        return "call", "call", ""
    return "root", "root" if _is_bare(node.radicand) else "call", ""


def _power_shape(node: Pow) -> tuple[str, str, str]:
    """How a power begins and ends: its base begins it, superscripts or a bracket behind ^ end it."""
    base = node.base
    if type(base) in (Neg, Deriv):
        return "other", "other", ""
    begins, _, letter = ("bracket", "", "") if type(base) in (Pow, Div, Root) else _shape(base)
    if is_transpose(node) and not isinstance(base, (Num, Const)):
        return begins, "raised", letter
    if not raised(node.exponent) or begins in ("digit", "fence", "call", "other", "word") or is_transpose(node):
        return begins, "power", letter
    if begins == "letter":
        return begins, "power" if type(node.exponent) is Sym else "raised", letter
    return begins, begins, letter
