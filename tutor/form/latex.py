r"""From LaTeX to the same tokens as calculator text.

Commands become the tokens of what they mean (`\cdot` is `*`, `\frac` asks for two groups), layout
commands (`\left`, `\,`, `\displaystyle`) vanish, and everything between commands goes through the
calculator's scanner, so that `2x\sin(3x)` follows the same rules.

>>> [(t[0], str(t[1])) for t in tokenize_latex(r"\frac{1}{2}\cdot x", frozenset())]
[('frac', ''), ('open', '{'), ('num', '1'), ('close', '}'), ('open', '{'), ('num', '2'), ('close', '}'), ('op', '*'), ('name', 'x'), ('end', '')]
"""

from __future__ import annotations

import re

from tutor.errors import ReadError
from tutor.form.tokens import Token, tokenize, whole_word, words

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
    "lvert": ("bar", "|"), "rvert": ("bar", "|"), "vert": ("bar", "|"), "mid": ("bar", "|"), "|": ("bar", "|"),
    "frac": ("frac", ""), "dfrac": ("frac", ""), "tfrac": ("frac", ""), "cfrac": ("frac", ""),
    "sqrt": ("func", "root"), "int": ("int", "∫"), "prime": ("prime", 1), "infty": ("const", "infinity"), "pi": ("const", "pi"),
    "\\": ("row", ""), "exp": ("func", "exp"), "ln": ("func", "ln"), "log": ("func", "log"), "lg": ("func", "lg"),
    "lparen": ("open", "("), "rparen": ("close", ")"), "lbrack": ("open", "["), "rbrack": ("close", "]"), "imath": ("const", "i"),
}  # fmt: skip
_NAMES = frozenset(("operatorname", "mathrm", "text", "mathit", "textrm", "mathbf", "textit", "mathop", "rm", "mbox"))
_VARIANTS = {"varepsilon": "epsilon", "vartheta": "theta", "varphi": "phi", "varrho": "rho"}
_MATRICES = frozenset(("pmatrix", "bmatrix", "matrix", "array", "vmatrix", "smallmatrix"))




def tokenize_latex(text: str, declared: frozenset[str], *, split: bool = True) -> list[Token]:
    """The tokens of a LaTeX formula. Raises `ReadError` at a command that is not known."""
    tokens: list[Token] = []
    integral = "\\int" in text
    place = 0
    while place < len(text):
        sign = text[place]
        if sign == "\\":
            place = _command(tokens, text, place, declared)
        elif sign == "_":
            place = _subscript(tokens, text, place)
        elif sign == "&":
            tokens.append(("amp", "&", place, place + 1))
            place += 1
        elif sign in "~$":
            place += 1
        else:
            match = _PLAIN.match(text, place)
            assert match is not None
            _plain(tokens, match.group(), place, declared, split, integral)
            place = match.end()
    tokens.append(("end", "", len(text), len(text)))
    return tokens


def _plain(tokens: list[Token], piece: str, place: int, declared: frozenset[str], split: bool, integral: bool) -> None:
    """A stretch without commands, by the calculator's scanner; an integral sign before it makes dt a differential."""
    shift = 1 if integral else 0
    for kind, value, start, end in tokenize("∫" * shift + piece, declared, scientific=False, split=split)[shift:-1]:
        tokens.append((kind, value, start + place - shift, end + place - shift))


def _subscript(tokens: list[Token], text: str, place: int) -> int:
    """_1, _{max} or _{\\frac{1}{2}}: one token that holds the text of the subscript."""
    start = place + 1
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
    named = _NAMING.match(text, start + 1)
    inner = named.group(1) if named else text[start + 1 : end - 1]
    tokens.append(("sub", inner.strip(), place, end))
    return end


def _command(tokens: list[Token], text: str, place: int, declared: frozenset[str]) -> int:
    """The command at `place`; returns where reading goes on."""
    match = _COMMAND.match(text, place)
    if match is None:
        raise ReadError("command", "a backslash at the end", text, (place, place + 1), expected=r"a command such as \sin")
    name, end = match.group(1) or match.group(2), match.end()
    if name in _SPACES:
        if name in ("left", "right") and text[end : end + 1] == ".":
            return end + 1
        return end
    if name in _SIGNS:
        kind, value = _SIGNS[name]
        if name == "sqrt" and not text[end:].lstrip().startswith("["):
            tokens.append(("func", "sqrt", place, end))
        else:
            tokens.append((kind, value, place, end))
        return end
    if name in ("begin", "end"):
        return _environment(tokens, text, name, place, end)
    if name in _NAMES:
        named = _NAMED.match(text, end)
        if named is None:
            raise ReadError("command", f"\\{name} needs a name in braces", text, (place, end), expected=f"\\{name}{{arctan}}")
        return _word(tokens, named.group(1).strip(), place, named.end(), text, declared)
    if name in _VARIANTS or whole_word(name, declared, True):
        return _word(tokens, _VARIANTS.get(name, name), place, end, text, declared)
    raise ReadError("command", f"the command \\{name} is not known", text, (place, end), expected="a function, a Greek letter, \\frac, \\sqrt or an operator")


def _word(tokens: list[Token], name: str, start: int, end: int, text: str, declared: frozenset[str]) -> int:
    following = text[end:].lstrip()
    bracket = following.startswith(("(", "\\left", "{", "_", "^", "\\{"))
    found = words(name, declared, bracket)
    kind, value = (found[0][0], found[0][1]) if len(found) == 1 else ("name", name)
    tokens.append((kind, value, start, end))
    return end


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
