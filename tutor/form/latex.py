r"""From LaTeX to the same tokens as calculator text.

Commands become the tokens of what they mean (`\cdot` is `*`, `\frac` asks for two groups), layout
commands (`\left`, `\,`, `\displaystyle`) vanish, and everything between commands goes through the
calculator's scanner, so that `2x\sin(3x)` follows the same rules.

>>> [(t[0], str(t[1])) for t in tokenize_latex(r"\frac{1}{2}\cdot x", Spelling())]
[('frac', ''), ('open', '{'), ('num', '1'), ('close', '}'), ('open', '{'), ('num', '2'), ('close', '}'), ('op', '*'), ('name', 'x'), ('end', '')]
"""

from __future__ import annotations

import re

from tutor.errors import ReadError
from tutor.form.tokens import ACCENTS, GREEK_LETTERS, GREEK_NAMES, Spelling, Token, check_word, scan, strange, whole_word, words

_COMMAND = re.compile(r"\\(?:([A-Za-z]+)\*?|(.))", re.DOTALL)
_PLAIN = re.compile(r"[^\\_&~$]+")
_NAMING = re.compile(r"\s*\\(?:text|mathrm|operatorname)\s*\{([^{}]*)\}\s*\}")
_NAMED = re.compile(r"\s*\{\s*([A-Za-z][A-Za-z0-9 ]*)\s*\}")
_ENVIRONMENT = re.compile(r"\s*\{([a-zA-Z]+\*?)\}(?:\{[a-z|]*\})?")
_SPACES = frozenset((",", ";", ":", "!", " ", ">", "quad", "qquad", "left", "right", "displaystyle", "textstyle", "limits", "bigl", "bigr", "big", "Big", "Bigl", "Bigr", "hspace", "mathstrut", "(", ")", "[", "]"))
_SIGNS: dict[str, tuple[str, object]] = {
    "cdot": ("op", "*"), "times": ("op", "*"), "ast": ("op", "*"), "div": ("op", "/"),
    "le": ("rel", "<="), "leq": ("rel", "<="), "leqslant": ("rel", "<="), "ge": ("rel", ">="), "geq": ("rel", ">="), "geqslant": ("rel", ">="),
    "ne": ("rel", "!="), "neq": ("rel", "!="), "lt": ("rel", "<"), "gt": ("rel", ">"),
    "{": ("open", "set"), "}": ("close", "set"), "lbrace": ("open", "set"), "rbrace": ("close", "set"),
    "lfloor": ("open", "⌊"), "rfloor": ("close", "⌋"), "lceil": ("open", "⌈"), "rceil": ("close", "⌉"),
    "lvert": ("open", "abs"), "rvert": ("close", "abs"), "vert": ("bar", "|"), "mid": ("bar", "|"), "|": ("bar", "|"),
    "frac": ("frac", ""), "dfrac": ("frac", ""), "tfrac": ("frac", ""), "cfrac": ("frac", ""),
    "sqrt": ("func", "root"), "int": ("int", "∫"), "prime": ("prime", 1), "infty": ("const", "infinity"), "pi": ("const", "pi"),
    "\\": ("row", ""), "exp": ("func", "exp"), "ln": ("func", "ln"), "log": ("func", "log"), "lg": ("func", "lg"),
    "langle": ("open", "("), "rangle": ("close", ")"), "lparen": ("open", "("), "rparen": ("close", ")"), "lbrack": ("open", "["), "rbrack": ("close", "]"), "imath": ("const", "i"),
}  # fmt: skip
_NAMES = frozenset(("operatorname", "mathrm", "text", "mathit", "textrm", "mathbf", "textit", "mathop", "rm", "mbox"))
_OVER = {**{name: name for name in ACCENTS}, "widehat": "hat", "overline": "bar", "widetilde": "tilde"}
_UNDER_ACCENT = re.compile(r"\s*(\{\s*)?(?:\\mathrm\{([A-Za-z]+)\}|\\([A-Za-z]+)|([A-Za-z]))(?(1)\s*\})")
_VARIANTS = {"varepsilon": "epsilon", "vartheta": "theta", "varphi": "phi", "varrho": "rho"}
_MATRICES = frozenset(("pmatrix", "bmatrix", "matrix", "array", "vmatrix", "smallmatrix"))

_DROPPED = frozenset(("if", "for", "when", "where"))
_FRACTION = re.compile(
    r"\s*\{\s*(d|\\(?:mathrm|text|operatorname)\{d\}|\\partial\b)\s*(?:\^\s*\{?\s*(\d)\s*\}?)?\s*([a-zA-Z])?\s*\}"
    r"\s*\{\s*(?:d|\\(?:mathrm|text|operatorname)\{d\}|\\partial\b)\s*([a-zA-Z]|\\[a-z]+|\\(?:operatorname|mathrm|text|mathit)\{[a-zA-Z]+\})(?:_(?:\{([^{}]*)\}|(\w)))?\s*(?:\^\s*\{?\s*(\d)\s*\}?)?\s*\}"
)
_MIXED = re.compile(
    r"\s*\{\s*\\partial\s*\^\s*\{?\s*(\d)\s*\}?\s*([a-zA-Z])\s*\}\s*\{((?:\s*\\partial\b\s*[a-zA-Z]\s*(?:\^\s*\{?\s*\d\s*\}?)?){2,6})\s*\}"
)
_ONE_OF_MIXED = re.compile(r"\\partial\b\s*([a-zA-Z])\s*(?:\^\s*\{?\s*(\d))?")
_OPENS = re.compile(r"\s*(?:\(|\\left|\{|_|\^|\\\{)")
_ROUND = re.compile(r"\s*(?:\\left\s*)?\(")
_INDEX = re.compile(r"\s*\[")
_CLOSES = re.compile(r"\s*\}")


def tokenize_latex(text: str, spelling: Spelling) -> list[Token]:
    """The tokens of a LaTeX formula. Raises `ReadError` at a command that is not known."""
    tokens: list[Token] = []
    framed = text.strip()
    integral = "\\int" in text or "∫" in text
    spelling = spelling._replace(scientific=False, integral=integral)
    dollars = len(framed) > 1 and framed[0] == framed[-1] == "$"
    place = 0
    while place < len(text):
        sign = text[place]
        if sign == "\\":
            start, place = place, _command(tokens, text, place, spelling)
            if integral and len(tokens) > 1 and tokens[-1][0] == "name" and tokens[-2][:2] == ("name", "d") and tokens[-2][3] == start:
                tokens[-2:] = [("differential", tokens[-1][1], tokens[-2][2], place)]
        elif sign == "_":
            place = _subscript(tokens, text, place)
        elif sign == "&":
            tokens.append(("amp", "&", place, place + 1))
            place += 1
        elif sign == "~" or (sign == "$" and dollars):
            place += 1
        elif sign == "$":
            raise strange(text, place)
        else:
            match = _PLAIN.match(text, place)
            assert match is not None
            scan(tokens, text, place, match.end(), spelling)
            place = match.end()
    tokens.append(("end", "", len(text), len(text)))
    return tokens


def _subscript(tokens: list[Token], text: str, place: int) -> int:
    """_1, _{max} or _{\\frac{1}{2}}: one token that holds the text of the subscript."""
    start = place + 1
    if start == len(text):
        raise strange(text, place)
    if text[start : start + 1] != "{":
        match = _COMMAND.match(text, start)
        end = match.end() if match else start + 1
        tokens.append(("sub", text[start:end], place, end))
        return end
    end, depth = start, 0
    while end < len(text):
        depth += (text[end] == "{") - (text[end] == "}")
        end += 1
        if not depth:
            break
    else:
        raise ReadError("bracket", f"the bracket opened at column {start + 1} is not closed", text, (start, start + 1), expected="}")
    named = None if tokens and tokens[-1][0] in ("int", "func") else _NAMING.match(text, start + 1)
    inner = named.group(1) if named else text[start + 1 : end - 1]
    tokens.append(("sub", inner.strip(), place, end))
    return end


def _command(tokens: list[Token], text: str, place: int, spelling: Spelling) -> int:
    """The command at `place`; returns where reading goes on."""
    match = _COMMAND.match(text, place)
    if match is None:
        raise ReadError("command", "a backslash at the end", text, (place, place + 1), expected=r"a command such as \sin")
    name, end = match.group(1) or match.group(2), match.end()
    if name in _SPACES:
        if name in ("left", "right") and text[end : end + 1] == "|":
            tokens.append(("open" if name == "left" else "close", "abs", place, end + 1))
            return end + 1
        return end + 1 if name in ("left", "right") and text[end : end + 1] == "." else end
    if name == "prime" and _after_power(tokens):
        return _prime(tokens, text, place, end)
    if name in _SIGNS:
        kind, value = _SIGNS[name]
        if kind == "frac" and spelling.leibniz and (several := _MIXED.match(text, end)):
            letters = tuple((letter, int(order or 1)) for letter, order in _ONE_OF_MIXED.findall(several.group(3)))
            if sum(order for _, order in letters) == int(several.group(1)):
                tokens.append(("mixed", (several.group(2), letters), place, several.end()))
                return several.end()
        if kind == "frac" and spelling.leibniz and (derivative := _FRACTION.match(text, end)):
            return _derivative(tokens, derivative, place)
        if name == "sqrt" and not _INDEX.match(text, end):
            value = "sqrt"
        tokens.append((kind, value, place, end))
        return end
    if name in _OVER:
        return _accent(tokens, text, name, place, end)
    if name in ("begin", "end"):
        return _environment(tokens, text, name, place, end)
    if name in _NAMES:
        named = _NAMED.match(text, end)
        if named is None:
            raise ReadError("command", f"\\{name} needs a name in braces", text, (place, end), expected=f"\\{name}{{arctan}}")
        word = named.group(1).strip()
        return named.end() if word in _DROPPED else _word(tokens, word, place, named.end(), text, spelling)
    word = _VARIANTS.get(name, name)
    if word in GREEK_NAMES or whole_word(name, spelling.declared, True):
        return _word(tokens, word, place, end, text, spelling)
    raise ReadError("command", f"the command \\{name} is not known", text, (place, end), expected="a function, a Greek letter, \\frac, \\sqrt or an operator")


def _accent(tokens: list[Token], text: str, name: str, start: int, end: int) -> int:
    r"""\hat{y}: the letter with its accent as a subscript."""
    under = _UNDER_ACCENT.match(text, end)
    letter = under and (under[2] or under[4] or _VARIANTS.get(under[3], under[3]))
    if under is None or letter is None or (under[3] and letter not in GREEK_NAMES):
        raise ReadError("command", f"\\{name} needs one letter", text, (start, end), expected=f"\\{name}{{y}}")
    tokens.extend((("name", letter, start, under.end()), ("sub", _OVER[name], under.end(), under.end())))
    return under.end()


def _word(tokens: list[Token], name: str, start: int, end: int, text: str, spelling: Spelling) -> int:
    if name == "i" and text.startswith("\\mathrm", start):
        tokens.append(("const", "i", start, end))
        return end
    bracket = bool((_ROUND if name in GREEK_NAMES else _OPENS).match(text, end))
    if text[start + 1 : start + 9] == "operator":
        check_word(text, text.index(name, start), name, spelling.declared, bracket)
    found = words(name, spelling.declared, bracket)
    if bracket and found[0][0] == "name" and name in GREEK_NAMES and name not in spelling.declared:
        found = words(GREEK_LETTERS[name], spelling.declared, bracket)
    kind, value = (found[0][0], found[0][1]) if len(found) == 1 else ("name", name)
    tokens.append((kind, value, start, end))
    return end


def _after_power(tokens: list[Token]) -> bool:
    return bool(tokens) and (tokens[-1][:2] == ("op", "^") or (tokens[-1][:2] == ("open", "{") and len(tokens) > 1 and tokens[-2][:2] == ("op", "^")))


def _prime(tokens: list[Token], text: str, start: int, end: int) -> int:
    r"""f^\prime and f^{\prime\prime}: the same as f' and f''."""
    braced, order = tokens.pop()[0] == "open", 1
    if braced:
        tokens.pop()
        while text.startswith("\\prime", end):
            order, end = order + 1, end + len("\\prime")
        closing = _CLOSES.match(text, end)
        if closing is None:
            raise ReadError("prime", "only primes may stand beside a prime", text, (start, end), expected=r"f^{\prime}(x)")
        end = closing.end()
    tokens.append(("prime", order, start, end))
    return end


def _derivative(tokens: list[Token], match: re.Match[str], start: int) -> int:
    r"""\frac{d}{dx}, \frac{d^2}{dx^2}, \frac{\partial}{\partial x}, \frac{dy}{dx}."""
    sign, above, top, variable, braced, single, below = match.groups()
    if above != below:
        raise ReadError("derivative", "the orders above and below the line differ", match.string, (start, match.end()), expected=r"\frac{d^2}{dx^2}")
    name = variable.partition("{")[2].rstrip("}") or variable.lstrip("\\")
    name = f"{name}_{braced or single}" if braced or single else name
    tokens.append(("leibniz", (name, int(above or 1), "partial" in sign, top), start, match.end()))
    return match.end()


def _environment(tokens: list[Token], text: str, which: str, start: int, end: int) -> int:
    named = _ENVIRONMENT.match(text, end)
    if named is None:
        raise ReadError("command", f"\\{which} needs the name of an environment", text, (start, end), expected=f"\\{which}{{cases}}")
    environment = named.group(1).rstrip("*")
    if environment == "cases":
        tokens.append(("cases" if which == "begin" else "endcases", "", start, named.end()))
    elif environment in _MATRICES:
        tokens.append(("matrix" if which == "begin" else "endmatrix", "", start, named.end()))
    else:
        raise ReadError("command", f"the environment {environment} is not known", text, (start, named.end()), expected="cases or pmatrix")
    return named.end()
