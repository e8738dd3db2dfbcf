"""From calculator text and Unicode to tokens.

A token is `(kind, value, start, end)`. Kinds: `num` (value: a `Num`), `name` (a variable), `const`,
`func` (a known function), `op`, `rel`, `open`, `close`, `bar`, `sup` (superscript digits, already
calculator text), `sub` (after an underscore), `prime`, `sep` (comma, semicolon), `sqrt`, `int`,
`differential`, `leibniz` (d/dx), `if`, `otherwise`, `end`, and from LaTeX `frac`, `cases`, `amp`, `row`.

A run of letters is split by `words`: known functions, constants and Greek names first (`xsin` is
x and sin, `sinx` is sin and x, but no more than two letters may stand between them), then up to
three letters are a product of single letters, and four or more are one name (`price`). A declared
variable is always one name.

>>> [(t[0], str(t[1])) for t in tokenize("2xsin(θ)", Spelling())]
[('num', '2'), ('name', 'x'), ('func', 'sin'), ('open', '('), ('name', 'theta'), ('close', ')'), ('end', '')]
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any, NamedTuple

from tutor.errors import LimitError, ReadError
from tutor.form.functions import ALIASES, FUNCTIONS
from tutor.form.tree import Num

Token = tuple[str, Any, int, int]

LONGEST_TEXT = 50_000
MOST_TOKENS = 20_000
MOST_DIGITS = 400
LONGEST_WORD = 60

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
ACCENTS = {"hat": "^", "bar": "‾", "tilde": "~"}
"""Accents over a letter, in the place of its subscript (`y_hat`), by their names in LaTeX; and their signs."""

FUNCTION_LETTERS = frozenset(("f", "g", "h", "F", "G", "H", "phi", "psi", "Phi", "Psi"))
"""Letters that name a function when a bracket follows; any other letter multiplies: a(b + c)."""

CONSTANT_WORDS = {
    "pi": "pi", "π": "pi", "e": "e", "ℯ": "e", "I": "i", "ⅈ": "i", "oo": "infinity", "inf": "infinity", "infty": "infinity", "infinity": "infinity",
    "Infinity": "infinity", "∞": "infinity",
}  # fmt: skip
_WORD_FUNCTIONS = {
    **{name: name for name in FUNCTIONS}, **ALIASES,
    "exp": "exp", "log": "log", "log2": "log2", "log10": "log10", "lg": "lg", "lb": "log2", "sqrt": "sqrt", "cbrt": "cbrt", "root": "root",
    "diff": "diff", "partial": "partial", "integral": "integral", "integrate": "integral", "int": "integral",
    "piecewise": "piecewise", "cases": "piecewise", "Piecewise": "piecewise", "csch": "csch", "cosech": "csch", "cosec": "csc", "tg": "tan", "ctg": "cot",
    "arctg": "atan", "Abs": "abs", "ceil": "ceil", "sigma": "sigmoid",
}  # fmt: skip
"""Words that are read as functions, and under which name the parser knows them."""
_TABLE_ONLY = frozenset(name for name, row in FUNCTIONS.items() if row.family in ("special", "step", "extremum", "activation")) | {
    "diff", "partial", "integral", "piecewise", "root",
}  # fmt: skip
_BARE = frozenset(("erf", "erfc", "erfi", "relu", "ReLU", "sigmoid", "softplus", "floor", "ceil", "sign", "sgn", "max", "min", "piecewise"))
_NEED_BRACKET = frozenset(word for word, name in _WORD_FUNCTIONS.items() if name in _TABLE_ONLY) - _BARE
"""Words that are also good names (`step`, `gamma`, `li`): functions only when a bracket follows."""
_INSIDE = sorted(
    (word for word, name in _WORD_FUNCTIONS.items() if name not in _TABLE_ONLY and word.isascii() and word.isalpha() and word != "lg"),
    key=len, reverse=True,
)  # fmt: skip
_SEGMENT = re.compile("|".join((*_INSIDE, "pi")))
_ENGLISH = frozenset(("absent", "basin", "expo", "login", "logic", "since", "stand", "tank", "tanks"))
"""Words that hold the name of a function and are names all the same."""
_MEANT = {
    "In": "ln", "IN": "ln", "sen": "sin", "arcsen": "arcsin", "sine": "sin", "cosine": "cos", "tangent": "tan", "cotangent": "cot",
    "secant": "sec", "cosecant": "csc", "arcsine": "arcsin", "arccosine": "arccos", "arctangent": "arctan", "cotg": "cot",
    "logarithm": "ln", "exponential": "exp", "squareroot": "sqrt", "absolute": "abs", "derivative": "diff", "derive": "diff",
    "sum": "", "lim": "", "limit": "", "prod": "", "product": "", "eval": "", "exec": "", "solve": "", "simplify": "",
}  # fmt: skip
"""Words before a bracket that other languages and programs use, and what is written here ("": nothing)."""
_SPELLING = [word for word in _WORD_FUNCTIONS if len(word) > 2 and word.isalpha() and word.isascii()]
_PROSE = frozenset(("and", "or", "not", "then"))
_SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿˣʸᵗᵃᵇᵏᵐⁱᵀ"
_SUPERSCRIPTS = str.maketrans(_SUPERSCRIPT, "0123456789+-()nxytabkmiT")
_SUBSCRIPT = "₀₁₂₃₄₅₆₇₈₉ₐₑₒₓₕₖₗₘₙₚₛₜᵢⱼ"
_SUBSCRIPTS = str.maketrans(_SUBSCRIPT, "0123456789aeoxhklmnpstij")
_PRIMES = {"'": 1, "′": 1, "’": 1, "´": 1, "″": 2, "‴": 3}
_SIGNS: dict[str, tuple[str, Any]] = {
    **{sign: ("op", sign) for sign in "+-*/^!"},
    **dict.fromkeys("−–—－", ("op", "-")), **dict.fromkeys("·⋅×∙∗✕•", ("op", "*")), **dict.fromkeys("÷∕⁄", ("op", "/")),
    "**": ("op", "^"), "＋": ("op", "+"),
    **{sign: ("rel", sign) for sign in ("=", "<", ">", "<=", ">=", "!=")},
    "==": ("rel", "="), "≤": ("rel", "<="), "⩽": ("rel", "<="), "=<": ("rel", "<="), "≥": ("rel", ">="), "⩾": ("rel", ">="),
    "=>": ("rel", ">="), "≠": ("rel", "!="), "=/=": ("rel", "!="), "<>": ("rel", "!="),
    **{sign: ("open", sign) for sign in "([{⌊⌈"}, **{sign: ("close", sign) for sign in ")]}⌋⌉"}, "（": ("open", "("), "）": ("close", ")"),
    "|": ("bar", "|"), "∣": ("bar", "|"), "‖": ("bar", "|"), ",": ("sep", ","), ";": ("sep", ";"),
    "√": ("sqrt", 2), "∛": ("sqrt", 3), "∜": ("sqrt", 4), "∫": ("int", "∫"), "∞": ("const", "infinity"),
}  # fmt: skip
"""Signs that are a token by themselves."""
_FRACTIONS = "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
_NUMBER = r"(?:\d+\.?\d*|\.\d+)"
_PIECES = {
    scientific: re.compile(
        rf"{_NUMBER}{exponent}|[^\W\d_{_SUPERSCRIPT}{_SUBSCRIPT}{_FRACTIONS}ªº]+"
        rf"|\*\*|<=|>=|==|!=|=<|=>|=/=|<>|\s+|[{_SUPERSCRIPT}]+|[{_SUBSCRIPT}]+|_(?:\d+|[^\W\d_]+\d*|\{{[^{{}}]*\}})|['′″‴’´]+|.",
        re.DOTALL,
    )
    for scientific, exponent in ((True, r"(?:[eE][+-]?\d++(?![.\d]))?"), (False, ""))
}
"""What is cut from a text at once; the last branch takes any sign, so that nothing is skipped."""
_LEIBNIZ = re.compile(
    rf"(?<![^\W\d_])[d∂](?:\^?(\d)|([{_SUPERSCRIPT}]+))?\s?([a-zA-Z])?\s*/\s*[d∂]([^\W\d_{_SUPERSCRIPT}{_SUBSCRIPT}]+)"
    rf"(_(?:\d+|[a-zA-Z]+\d*|\{{\w+\}})|[{_SUBSCRIPT}]+)?(?:\^?(\d)|([{_SUPERSCRIPT}]+))?(?![^\W\d_])"
)
_MIXED = re.compile(rf"∂(?:\^?(\d)|([{_SUPERSCRIPT}]+))\s?([a-zA-Z])\s*/\s*((?:∂[a-zA-Z](?:\^?\d|[{_SUPERSCRIPT}]+)?\s?){{2,6}})(?![^\W\d_])")
_ONE_OF_MIXED = re.compile(rf"∂([a-zA-Z])(?:\^?(\d)|([{_SUPERSCRIPT}]+))?")
_INVISIBLE = frozenset("\u200b\u200c\u200d\u2060\u2061\u2062\u2063\u2064\ufeff\u00ad")
_LOOK_ALIKE = dict(zip("асеорхуіАВСЕНІКМОРТХ", "aceopxyiABCEHIKMOPTX", strict=True))
"""Cyrillic letters that look like Latin ones."""


class Spelling(NamedTuple):
    """How the letters of a text are taken: `declared` are names of several letters, the rest as in `Conventions`."""

    declared: frozenset[str] = frozenset()
    scientific: bool = True
    split: bool = True
    leibniz: bool = True
    integral: bool = False
    """An integral sign stands in the text, so that dt is a differential."""


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


def tokenize(text: str, spelling: Spelling) -> list[Token]:
    """The tokens of calculator text. Raises `ReadError` at a sign that is no mathematics."""
    tokens: list[Token] = []
    place = 0
    if "∫" in text:
        spelling = spelling._replace(integral=True)
    if spelling.leibniz and "/" in text and ("d" in text or "∂" in text):
        for match in _LEIBNIZ.finditer(text):
            inside = text.rfind("_{", place, match.start()) > text.rfind("}", place, match.start())
            token = None if inside else _leibniz(match, spelling) or _mixed(_MIXED.match(text, match.start()))
            if token is not None:
                scan(tokens, text, place, match.start(), spelling)
                tokens.append(token)
                place = token[3]
    scan(tokens, text, place, len(text), spelling)
    tokens.append(("end", "", len(text), len(text)))
    return tokens


def scan(tokens: list[Token], text: str, place: int, end: int, spelling: Spelling) -> None:
    """Add the tokens of text[place:end]."""
    pieces = _PIECES[spelling.scientific].findall(text, place, end)
    if len(tokens) + len(pieces) > MOST_TOKENS:
        raise LimitError("nodes", f"an expression of more than {MOST_TOKENS:,} signs", text, (0, len(text)), advice="Name a part with a letter.")
    integral = spelling.integral
    pieces.append("")
    for index, piece in enumerate(pieces):
        start = place
        place += len(piece)
        sign = _SIGNS.get(piece)
        if sign is not None:
            tokens.append((sign[0], sign[1], start, place))
        elif piece.isspace() or not piece:
            continue
        elif piece.isdecimal() or piece[0] in "0123456789" or (piece[0] == "." and len(piece) > 1):
            _number(tokens, text, start, place, pieces[index + 1])
        elif piece.isascii() and piece.isalpha():
            _words(tokens, text, start, piece, pieces[index + 1], spelling, integral)
        else:
            _other(tokens, text, start, piece, pieces[index + 1], spelling, integral)


def _number(tokens: list[Token], text: str, start: int, end: int, following: str) -> None:
    value = text[start:end]
    if value in ("2", "10") and tokens and tokens[-1][1] == "log" and tokens[-1][3] == start and (following == "(" or following.isspace()):
        tokens[-1] = ("func", "log" + value, tokens[-1][2], end)
    else:
        tokens.append(("num", _short(value) if end - start < 16 else numeral(text, start, end), start, end))


def _words(tokens: list[Token], text: str, start: int, run: str, following: str, spelling: Spelling, integral: bool) -> None:
    declared, bracket = spelling.declared, following == "("
    if len(run) > 1:
        check_word(text, start, run, declared, bracket)
    if integral and run[0] == "d" and run not in declared and (len(run) == 2 or run[1:] in GREEK_NAMES):
        tokens.append(("differential", GREEK.get(run[1:], run[1:]), start, start + len(run)))
        return
    for kind, value, piece in (words if len(run) < 40 else words.__wrapped__)(run, declared, bracket, spelling.split):
        end = start + len(piece)
        if integral and tokens and tokens[-1][:2] == ("name", "d") and tokens[-1][3] == start and kind == "name":
            tokens[-1] = ("differential", value, start - 1, end)
        else:
            tokens.append((kind, value, start, end))
        start = end


def _other(tokens: list[Token], text: str, start: int, piece: str, following: str, spelling: Spelling, integral: bool) -> None:
    """What a person rarely types: raised and lowered signs, subscripts, primes, letters beyond ASCII."""
    first, end = piece[0], start + len(piece)
    if first in _SUPERSCRIPT:
        tokens.append(("sup", piece.translate(_SUPERSCRIPTS), start, end))
    elif first in _SUBSCRIPT:
        tokens.append(("sub", piece.translate(_SUBSCRIPTS), start, end))
    elif first in _PRIMES:
        tokens.append(("prime", sum(_PRIMES[mark] for mark in piece), start, end))
    elif first == "_" and len(piece) > 1:
        tokens.append(("sub", piece[1:].strip("{}").strip(), start, end))
    elif first in _FRACTIONS:
        top, bottom = unicodedata.normalize("NFKC", first).split("⁄")
        if tokens and tokens[-1][0] == "num" and tokens[-1][3] == start:
            _, whole, start, _ = tokens.pop()
            tokens.extend((("open", "(", start, end), ("num", whole, start, end), ("op", "+", start, end)))
            tokens.extend((("num", Num(int(top)), end, end), ("op", "/", end, end), ("num", Num(int(bottom)), end, end), ("close", ")", start, end)))
        else:
            for token in (("open", "("), ("num", Num(int(top))), ("op", "/"), ("num", Num(int(bottom))), ("close", ")")):
                tokens.append((*token, start, end))
    elif first.isalpha():
        plain = "".join([sign if sign in CONSTANT_WORDS else unicodedata.normalize("NFKC", sign) for sign in piece])
        if len(plain) != len(piece) or not plain.isalpha():
            raise strange(text, start)
        _words(tokens, text, start, plain, following, spelling, integral)
    elif first not in _INVISIBLE:
        raise strange(text, start)


def _leibniz(match: re.Match[str], spelling: Spelling) -> Token | None:
    """The token of d/dx, d²/dx² or dy/dx; its value is (variable, order, partial, the letter on top)."""
    above, raised, top, variable, index, below, lowered = match.groups()
    found = words(variable, spelling.declared, False)
    order = above or (raised or "1").translate(_SUPERSCRIPTS)
    if "d" in spelling.declared or (above or raised) != (below or lowered) or len(found) > 1 or found[0][0] != "name" or not order.isdecimal() or not 1 <= int(order) <= 20:
        return None
    name = f"{found[0][1]}_{index.translate(_SUBSCRIPTS).strip('_{}')}" if index else found[0][1]
    return "leibniz", (name, int(order), "∂" in match.group(), top), match.start(), match.end()


def _mixed(match: re.Match[str] | None) -> Token | None:
    """The token of ∂²f/∂y∂x; its value is (the letter on top, its letters with their orders, outermost first)."""
    if match is None:
        return None
    above, raised, top, below = match.groups()
    letters = tuple((letter, int(digit or (power or "1").translate(_SUPERSCRIPTS))) for letter, digit, power in _ONE_OF_MIXED.findall(below))
    order = above or raised.translate(_SUPERSCRIPTS)
    if not order.isdecimal() or int(order) != sum(count for _, count in letters):
        return None
    return "mixed", (top, letters), match.start(), match.end()


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


_numbers = lru_cache(maxsize=1024)(lambda value: numeral(value, 0, len(value)))


def _short(value: str) -> Num:
    """The number in a short text; few numbers make up most of what is typed."""
    return numeral(value, 0, len(value)) if "e" in value or "E" in value else _numbers(value)


def check_word(text: str, start: int, run: str, declared: frozenset[str], bracket: bool) -> None:
    """A word that no reading would do justice to is a mistake, not a product of letters."""
    if run in declared:
        return
    end = start + len(run)
    if len(run) > LONGEST_WORD:
        raise LimitError("word", f"a word of more than {LONGEST_WORD} letters", text, (start, end), advice="Use a shorter name.")
    if run in _PROSE:
        raise ReadError("word", f"the word {run} is no mathematics here", text, (start, end), expected="piecewise(x^2, x <= 1; 2x - 1) for cases")
    meant = _misspelt(run) if bracket else "ln" if run == "In" else None
    if meant is not None:
        suggestion = text[:start] + meant + text[end:] if meant else ""
        raise ReadError("function", f"there is no function {run} here", text, (start, end), expected="a function that is known", suggestion=suggestion)


@lru_cache(maxsize=1024)
def _misspelt(run: str) -> str | None:
    """The function that a word before a bracket probably means, "" for one that is not read here, None: no mistake."""
    pieces = words(run, frozenset(), True)
    if (len(pieces) == 1 and (pieces[0][0] != "name" or run in GREEK_NAMES)) or pieces[-1][0] == "func":
        return None
    if run in _MEANT or run.lower() in _MEANT:
        return _MEANT.get(run, _MEANT.get(run.lower()))
    if len(run) < 3 or not run.isascii():
        return None
    import difflib

    return next(iter(difflib.get_close_matches(run.lower(), _SPELLING, 1, 0.75)), None)


Word = tuple[str, str, str]
"""Kind, value and the piece of text that it was read from."""


@lru_cache(maxsize=4096)
def words(run: str, declared: frozenset[str], bracket: bool, split: bool = True) -> tuple[Word, ...]:
    """Split a run of letters into names, constants and functions; `bracket`: a `(` follows.

    With `split` off, letters that would be a product (and `cost`) are one name.

    >>> words("xe", frozenset(), False)
    (('name', 'x', 'x'), ('const', 'e', 'e'))
    >>> words("price", frozenset(), False)
    (('name', 'price', 'price'),)
    """
    whole = whole_word(run, declared, bracket)
    if whole:
        return (whole,)
    named = _declared(run, declared) if declared else ()
    if named:
        return named
    pieces = _pieces(run, declared)
    if not split and run.isascii() and (run == "cost" or all(kind != "func" for kind, _, _ in pieces)):
        return (("name", run, run),)
    return pieces


def _pieces(run: str, declared: frozenset[str]) -> tuple[Word, ...]:
    """Functions and pi inside a run, with at most two letters between them; or a name; or single letters."""
    pieces: list[Word] = []
    place, longest = 0, 0
    for match in _SEGMENT.finditer(run) if run.isascii() and run not in _ENGLISH else ():
        text = match.group()
        if text == "pi" and len(run) > 3 and match.start() != place:
            continue
        pieces.extend(_letters(run[place : match.start()], declared))
        longest = max(longest, match.start() - place)
        pieces.append(("const", "pi", text) if text == "pi" else ("func", _WORD_FUNCTIONS[text], text))
        place = match.end()
    rest = run[place:]
    tail = whole_word(rest, declared, False) if rest and place else None
    if pieces and max(longest, 0 if tail else len(rest)) <= 2:
        return (*pieces, *((tail,) if tail else _letters(rest, declared)))
    if len(run) >= 4 and run.isascii():
        return (("name", run, run),)
    return tuple(_letters(run, declared))


def _declared(run: str, declared: frozenset[str]) -> tuple[Word, ...]:
    """A run that consists of declared names, of which one has several letters, the longest first: abcxyz as abc and xyz."""
    ends: list[tuple[str, ...] | None] = [(), *[None] * len(run)]
    for end in range(1, len(run) + 1):
        for start in range(end):
            before = ends[start]
            if before is not None and run[start:end] in declared and (ends[end] is None or len(before) + 1 < len(ends[end] or ())):
                ends[end] = (*before, run[start:end])
    names = ends[-1] or ()
    return tuple(("name", GREEK.get(name, name), name) for name in names) if any(len(name) > 1 for name in names) else ()


def whole_word(run: str, declared: frozenset[str], bracket: bool) -> Word | None:
    """The word as one token: a declared name, a constant, a function, a Greek name; None otherwise."""
    if run in declared:
        return "name", GREEK.get(run, run), run
    if run in CONSTANT_WORDS:
        return "const", CONSTANT_WORDS[run], run
    if run in ("if", "otherwise"):
        return run, run, run
    word = run if run in _WORD_FUNCTIONS else run.lower() if len(run) > 2 or run in ("Ln", "LN", "Lg", "LG") else ""
    if word in _WORD_FUNCTIONS and (bracket or word not in _NEED_BRACKET):
        return "func", _WORD_FUNCTIONS[word], run
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


def strange(text: str, position: int) -> ReadError:
    """The error for a sign that has no meaning at a place."""
    sign, span = text[position], (position, position + 1)
    if sign == "_":
        return ReadError("subscript", "an underscore without a subscript", text, span, expected="a number or a letter behind it, such as x_1")
    if sign == "." and text[position - 1 : position].isdecimal():
        return ReadError("number", "a number with two points", text, span, expected="one decimal point")
    name = unicodedata.name(sign, f"character number {ord(sign)}").lower()
    return ReadError("sign", f"the sign {sign!r} ({name}) has no meaning here", text, span, expected="a number, a letter, an operator or a bracket")
