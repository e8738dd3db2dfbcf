"""From calculator text and Unicode to tokens.

A token is `(kind, value, start, end)`. Kinds: `num` (value: a `Num`), `name` (a variable), `const`,
`func` (a known function), `op`, `rel`, `open`, `close`, `bar`, `sup` (superscript digits, already
calculator text), `sub` (after an underscore), `prime`, `sep` (comma, semicolon), `sqrt`, `int`,
`differential`, `end`, and from LaTeX `frac`, `cases`, `amp`, `row`.

A run of letters is split by `words`: known functions, constants and Greek names first (`xsin` is
x and sin, `sinx` is sin and x, but no more than two letters may stand between them), then up to
three letters are a product of single letters, and four or more are one name (`price`). A declared
variable is always one name.

>>> [(t[0], str(t[1])) for t in tokenize("2xsin(θ)", frozenset())]
[('num', '2'), ('name', 'x'), ('func', 'sin'), ('open', '('), ('name', 'theta'), ('close', ')'), ('end', '')]
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

from tutor.errors import LimitError, ReadError
from tutor.form.functions import ALIASES, FUNCTIONS
from tutor.form.tree import Num

Token = tuple[str, Any, int, int]

LONGEST_TEXT = 50_000
MOST_TOKENS = 20_000
MOST_DIGITS = 400

GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ϵ": "epsilon", "ζ": "zeta", "η": "eta",
    "θ": "theta", "ϑ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "µ": "mu", "ν": "nu", "ξ": "xi",
    "ρ": "rho", "σ": "sigma", "τ": "tau", "υ": "upsilon", "φ": "phi", "ϕ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega",
    "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi", "Σ": "Sigma", "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega",
    "Γ": "Gamma",
}  # fmt: skip
"""Greek letters and the names under which they are kept."""
GREEK_NAMES = frozenset(GREEK.values())
GREEK_LETTERS = {name: letter for letter, name in reversed(GREEK.items())}

FUNCTION_LETTERS = frozenset(("f", "g", "h", "F", "G", "H", "phi", "psi", "Phi", "Psi"))
"""Letters that name a function when a bracket follows; any other letter multiplies: a(b + c)."""

CONSTANT_WORDS = {"pi": "pi", "π": "pi", "e": "e", "ℯ": "e", "I": "i", "ⅈ": "i", "oo": "infinity", "inf": "infinity", "infinity": "infinity", "∞": "infinity"}
_WORD_FUNCTIONS = {
    **{name: name for name in FUNCTIONS}, **ALIASES,
    "exp": "exp", "log": "log", "log2": "log2", "log10": "log10", "lg": "lg", "lb": "log2", "sqrt": "sqrt", "cbrt": "cbrt", "root": "root",
    "diff": "diff", "partial": "partial", "integral": "integral", "integrate": "integral", "int": "integral",
    "piecewise": "piecewise", "cases": "piecewise", "Piecewise": "piecewise", "csch": "csch", "cosec": "csc", "tg": "tan", "ctg": "cot",
    "arctg": "atan", "Abs": "abs", "ceil": "ceil",
}  # fmt: skip
"""Words that are read as functions, and under which name the parser knows them."""
_NEED_BRACKET = frozenset(name for name, row in FUNCTIONS.items() if row.family in ("special", "step", "extremum", "activation")) | {
    "diff", "partial", "integral", "piecewise", "root",
}  # fmt: skip
_INSIDE = sorted(
    (word for word, name in _WORD_FUNCTIONS.items() if name not in _NEED_BRACKET and word.isascii() and word.isalpha() and word != "lg"),
    key=len, reverse=True,
)  # fmt: skip
_SEGMENT = re.compile("|".join((*_INSIDE, "pi")))
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿˣʸᵗᵃᵇᵏᵐⁱ", "0123456789+-()nxytabkmi")
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉ₐₑₒₓₕₖₗₘₙₚₛₜᵢⱼ", "0123456789aeoxhklmnpstij")
_RELATIONS = {"=": "=", "==": "=", "<": "<", ">": ">", "<=": "<=", ">=": ">=", "≤": "<=", "≥": ">=", "⩽": "<=", "⩾": ">=", "!=": "!=", "≠": "!=", "=<": "<=", "=>": ">="}
_SCANNER = re.compile(
    r"""(?P<space>\s+)
    |(?P<num>\d+\.?\d*|\.\d+)
    |(?P<word>[^\W\d_²³¹⁰-₟√∫ˣʸᵗᵃᵇᵏᵐⁱ]+)
    |(?P<rel><=|>=|==|!=|=<|=>|[=<>≤≥⩽⩾≠])
    |(?P<op>\*\*|[-+*/^!−–—·⋅×∙÷∕])
    |(?P<sup>[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿˣʸᵗᵃᵇᵏᵐⁱ]+)
    |(?P<sub>_(?:[A-Za-z0-9]+|\{[^{}]*\})|[₀-₉ₐ-ₜᵢⱼ]+)
    |(?P<open>[(\[{⌊⌈])
    |(?P<close>[)\]}⌋⌉])
    |(?P<bar>[|∣‖])
    |(?P<prime>['′″‴’´]+)
    |(?P<sep>[,;])
    |(?P<sqrt>[√∛∜])
    |(?P<int>∫)
    |(?P<infinity>∞)
    """,
    re.VERBOSE,
)
_SAME_OPERATOR = {"**": "^", "−": "-", "–": "-", "—": "-", "·": "*", "⋅": "*", "×": "*", "∙": "*", "÷": "/", "∕": "/"}
_LOOK_ALIKE = dict(zip("асеорхуіАВСЕНІКМОРТХ", "aceopxyiABCEHIKMOPTX", strict=True))
"""Cyrillic letters that look like Latin ones."""
_SCIENTIFIC = re.compile(r"[eE][+-]?\d+(?![\w.])")


def check_length(text: str) -> None:
    """Raises `LimitError` for a text that is too long to be an expression."""
    if len(text) > LONGEST_TEXT:
        raise LimitError(
            "length",
            f"the text has {len(text):,} characters; at most {LONGEST_TEXT:,} are read",
            text[:60],
            (0, min(len(text), 60)),
            advice="Shorten it, or read it in parts.",
        )


def tokenize(text: str, declared: frozenset[str], *, scientific: bool = True, split: bool = True) -> list[Token]:
    """The tokens of calculator text.

    `declared` names variables of several letters. With `scientific` off, `2e-3` is 2·e − 3; with
    `split` off, a run of letters is one name. Raises `ReadError` at a sign that is no mathematics.
    """
    tokens: list[Token] = []
    position, end = 0, len(text)
    scan = _SCANNER.match
    integral = "∫" in text
    while position < end:
        match = scan(text, position)
        if match is None:
            raise _strange(text, position)
        kind, start, position = match.lastgroup or "", position, match.end()
        value: Any = match.group()
        if kind == "space":
            continue
        if len(tokens) > MOST_TOKENS:
            raise LimitError("nodes", f"an expression of more than {MOST_TOKENS:,} signs", text, (0, start), advice="Name a part with a letter.")
        if kind == "num":
            if value in ("2", "10") and tokens and tokens[-1][:2] == ("func", "log") and tokens[-1][3] == start and text[position : position + 1] == "(":
                tokens[-1] = ("func", "log" + value, tokens[-1][2], position)
                continue
            exponent = _SCIENTIFIC.match(text, position) if scientific else None
            if exponent:
                position = exponent.end()
            tokens.append(("num", numeral(text, start, position), start, position))
            continue
        if kind == "word":
            bracket = text.find("(", position, position + 1) >= 0
            for word in words(value, declared, bracket, split):
                shift = start + len(word[2])
                if integral and word[0] == "name" and word[1].startswith("d") and len(word[1]) == 2:
                    tokens.append(("differential", word[1][1:], start, shift))
                elif (
                    integral and tokens and tokens[-1][:2] == ("name", "d") and tokens[-1][3] == start and word[0] == "name"
                ):
                    tokens[-1] = ("differential", word[1], tokens[-1][2], shift)
                else:
                    tokens.append((word[0], word[1], start, shift))
                start = shift
            continue
        if kind == "op":
            value = _SAME_OPERATOR.get(value, value)
        elif kind == "rel":
            value = _RELATIONS[value]
        elif kind == "sup":
            value = value.translate(_SUPERSCRIPTS)
        elif kind == "sub":
            value = value.translate(_SUBSCRIPTS).strip("_{}").strip()
        elif kind == "prime":
            value = sum({"″": 2, "‴": 3}.get(mark, 1) for mark in value)
        elif kind == "infinity":
            kind, value = "const", "infinity"
        tokens.append((kind, value, start, position))
    tokens.append(("end", "", end, end))
    return tokens


def numeral(text: str, start: int, end: int) -> Num:
    """The number written in text[start:end], exactly. Raises `LimitError` beyond `MOST_DIGITS`."""
    mantissa, _, exponent = text[start:end].lower().partition("e")
    whole, _, fraction = mantissa.partition(".")
    shift = int(exponent) if exponent and len(exponent) < 6 else 0 if not exponent else MOST_DIGITS + 1
    if len(whole) + len(fraction) + abs(shift) > MOST_DIGITS:
        raise LimitError(
            "digits", f"a number of more than {MOST_DIGITS} digits", text, (start, end),
            advice="Round it, or use a letter for it.",
        )  # fmt: skip
    digits, places = int(whole + fraction or "0"), len(fraction) - shift
    return Num(digits * 10**-places) if places < 0 else Num(digits, places)


Word = tuple[str, str, str]
"""Kind, value and the piece of text that it was read from."""


@lru_cache(maxsize=4096)
def words(run: str, declared: frozenset[str], bracket: bool, split: bool = True) -> tuple[Word, ...]:
    """Split a run of letters into names, constants and functions; `bracket`: a `(` follows.

    >>> words("xe", frozenset(), False)
    (('name', 'x', 'x'), ('const', 'e', 'e'))
    >>> words("price", frozenset(), False)
    (('name', 'price', 'price'),)
    """
    whole = whole_word(run, declared, bracket)
    if whole:
        return (whole,)
    if not split:
        return (("name", GREEK.get(run, run), run),)
    pieces: list[Word] = []
    place, longest = 0, 0
    for match in _SEGMENT.finditer(run) if run.isascii() else ():
        pieces.extend(_letters(run[place : match.start()], declared))
        longest = max(longest, match.start() - place)
        text = match.group()
        pieces.append(("const", "pi", text) if text == "pi" else ("func", _WORD_FUNCTIONS[text], text))
        place = match.end()
    rest = run[place:]
    tail = whole_word(rest, declared, bracket) if rest and place else None
    longest = max(longest, 0 if tail else len(rest))
    if pieces and longest <= 2:
        return (*pieces, *((tail,) if tail else _letters(rest, declared)))
    if len(run) >= 4 and run.isascii():
        return (("name", run, run),)
    return tuple(_letters(run, declared))


def whole_word(run: str, declared: frozenset[str], bracket: bool) -> Word | None:
    """The word as one token: a declared name, a constant, a function, a Greek name; None otherwise."""
    if run in declared:
        return "name", GREEK.get(run, run), run
    if run in CONSTANT_WORDS:
        return "const", CONSTANT_WORDS[run], run
    function = _WORD_FUNCTIONS.get(run) or (_WORD_FUNCTIONS.get(run.lower()) if len(run) > 2 or run == "Ln" else None)
    if function and (bracket or function not in _NEED_BRACKET):
        return "func", function, run
    if run in GREEK_NAMES:
        return "name", run, run
    return None


def _letters(run: str, declared: frozenset[str]) -> list[Word]:
    pieces: list[Word] = []
    for letter in run:
        if letter in CONSTANT_WORDS and letter not in declared:
            pieces.append(("const", CONSTANT_WORDS[letter], letter))
        else:
            pieces.append(("name", GREEK.get(letter, letter), letter))
    return pieces


def joins(run: str, names: list[str]) -> bool:
    """Whether letters written side by side would be read as exactly these names.

    >>> joins("xy", ["x", "y"]), joins("pi", ["p", "i"])
    (True, False)
    """
    return [(kind, value) for kind, value, _ in words(run, frozenset(), False)] == [("name", name) for name in names]


def look_alikes(text: str) -> str:
    """The text with Cyrillic look-alikes and full-width signs replaced by Latin ones."""
    return unicodedata.normalize("NFKC", "".join(_LOOK_ALIKE.get(sign, sign) for sign in text)) if not text.isascii() else text


def _strange(text: str, position: int) -> ReadError:
    sign = text[position]
    name = unicodedata.name(sign, f"character number {ord(sign)}").lower()
    return ReadError("sign", f"the sign {sign!r} ({name}) has no meaning here", text, (position, position + 1), expected="a number, a letter, an operator or a bracket")
