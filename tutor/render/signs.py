"""Signs of mathematics inside sentences, in each medium; the width of text; hostile characters made visible.

Formulas are forms and are written by a notation. Sentences may still hold a `−`, a `′` or a `→`,
and a person's own text may hold anything. One row a sign says how ASCII, LaTeX and a voice give it.

>>> plain_text("near 150 °C: f′ → −2"), spoken_text("f′ = −2 · x²")
("near 150 deg C: f' -> -2", 'f prime equals minus 2 times x squared')
>>> visible("a\\x1b[2Jb")
'a␛[2Jb'
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import NamedTuple


class Sign(NamedTuple):
    """How a sign is given in ASCII, in LaTeX (text mode), and aloud."""

    plain: str
    latex: str
    spoken: str


SIGNS: dict[str, Sign] = {
    "−": Sign("-", "$-$", " minus "),
    "±": Sign("+/-", "$\\pm$", " plus or minus "),
    "·": Sign("*", "$\\cdot$", " times "),
    "×": Sign("x", "$\\times$", " times "),
    "÷": Sign("/", "$\\div$", " divided by "),
    "′": Sign("'", "$'$", " prime"),
    "″": Sign("''", "$''$", " double prime"),
    "‴": Sign("'''", "$'''$", " triple prime"),
    "→": Sign("->", "$\\to$", " to "),
    "↦": Sign("|->", "$\\mapsto$", " becomes "),
    "⇒": Sign("=>", "$\\Rightarrow$", " implies "),
    "⇔": Sign("<=>", "$\\Leftrightarrow$", " if and only if "),
    "≤": Sign("<=", "$\\le$", " at most "),
    "≥": Sign(">=", "$\\ge$", " at least "),
    "≠": Sign("!=", "$\\ne$", " not equal to "),
    "≈": Sign("~", "$\\approx$", " about "),
    "≡": Sign("==", "$\\equiv$", " identical to "),
    "√": Sign("sqrt", "$\\surd$", " root of "),
    "∞": Sign("infinity", "$\\infty$", " infinity "),
    "∂": Sign("d", "$\\partial$", " partial "),
    "∇": Sign("grad ", "$\\nabla$", " gradient of "),
    "∫": Sign("integral ", "$\\int$", " integral of "),
    "∑": Sign("sum ", "$\\sum$", " sum of "),
    "Δ": Sign("Delta", "$\\Delta$", " delta "),
    "∈": Sign("in", "$\\in$", " in "),
    "ℝ": Sign("R", "$\\mathbf{R}$", " the real numbers "),
    "…": Sign("...", "\\ldots{}", " and so on "),
    "–": Sign("-", "\\textendash{}", " – "),
    "—": Sign("-", "\\textemdash{}", " – "),
    "“": Sign('"', "``", " "),
    "”": Sign('"', "''", " "),
    "„": Sign('"', ",,", " "),
    "‘": Sign("'", "`", "'"),
    "’": Sign("'", "'", "'"),
    "‚": Sign(",", ",", ","),
    "«": Sign('"', "``", " "),
    "»": Sign('"', "''", " "),
    "°": Sign("deg ", "$^\\circ$", " degrees "),
    "€": Sign("EUR", "EUR", " euros "),
    "£": Sign("GBP", "\\pounds{}", " pounds "),
    "½": Sign("1/2", "$\\frac12$", " one half "),
    "⅓": Sign("1/3", "$\\frac13$", " one third "),
    "¼": Sign("1/4", "$\\frac14$", " one quarter "),
    "¾": Sign("3/4", "$\\frac34$", " three quarters "),
    "²": Sign("^2", "$^2$", " squared"),
    "³": Sign("^3", "$^3$", " cubed"),
    "✓": Sign("[ok]", "$\\surd$", " confirmed"),
    "•": Sign("*", "$\\bullet$", " "),
    "ß": Sign("ss", "\\ss{}", "ß"),
    "æ": Sign("ae", "\\ae{}", "æ"),
    "ø": Sign("o", "\\o{}", "ø"),
    "ł": Sign("l", "\\l{}", "ł"),
    "ı": Sign("i", "\\i{}", "ı"),
    "=": Sign("=", "=", " equals "),
    "^": Sign("^", "\\textasciicircum{}", " to the power "),
    "<": Sign("<", "\\textless{}", " less than "),
    ">": Sign(">", "\\textgreater{}", " greater than "),
}

_ACCENTS = {
    "\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0304": "=", "\u0306": "u", "\u0307": ".", "\u0308": '"',
    "\u030a": "r", "\u030b": "H", "\u030c": "v", "\u0323": "d", "\u0327": "c", "\u0328": "k",
}  # fmt: skip
_RAISED = str.maketrans("⁰¹⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿⁱˣʸ", "01456789+-()nixy")
_LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉₊₋₍₎ₙᵢₖₓ", "0123456789+-()nikx")
_GREEK_IN_LATIN = frozenset(("Alpha", "Beta", "Epsilon", "Zeta", "Eta", "Iota", "Kappa", "Mu", "Nu", "Omicron", "Rho", "Tau", "Chi", "omicron"))


@cache
def _greek(sign: str) -> str:
    """The English name of a Greek letter with its case, or nothing."""
    words = unicodedata.name(sign, "").split()
    if len(words) == 4 and words[0] == "GREEK" and words[2] == "LETTER":
        name = {"LAMDA": "lambda"}.get(words[3], words[3].lower())
        return name.capitalize() if words[1] == "CAPITAL" else name
    return {"ϕ": "phi", "ϵ": "epsilon", "ϑ": "theta", "ς": "sigma", "𝜋": "pi"}.get(sign, "")


def visible(text: str, *, plain: bool = False) -> str:
    """The text with white space as spaces and nothing in it that moves a cursor or hides a letter."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(" " if sign.isspace() else shown(sign, plain=plain) for sign in text)


def shown(sign: str, *, plain: bool = False) -> str:
    """One character made visible: a control character as its picture or as an escape.

    >>> shown("\\n"), shown("\\n", plain=True), shown("\\u202e"), shown("x")
    ('↵', '\\\\n', '\\\\u202e', 'x')
    """
    category = unicodedata.category(sign)
    if category in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"):
        if not plain and sign in "\n\t":
            return {"\n": "↵", "\t": "⇥"}[sign]
        if not plain and ord(sign) < 32:
            return chr(0x2400 + ord(sign))
        return sign.encode("unicode_escape").decode("ascii")
    return sign


def columns(text: str) -> int:
    """How many columns of a terminal the text takes: wide characters two, combining marks none.

    >>> columns("x²"), columns("変数"), columns("e\\u0301")
    (2, 4, 1)
    """
    if text.isascii():
        return len(text)
    return sum(_columns(sign) for sign in text)


@cache
def _columns(sign: str) -> int:
    if unicodedata.category(sign) in ("Mn", "Me", "Cf", "Co"):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


def plain_text(text: str) -> str:
    """The text in ASCII: signs by name, accents dropped, what is left as an escape."""
    return text if text.isascii() and text.isprintable() else "".join(map(_plain, visible(text, plain=True)))


@cache
def _plain(sign: str) -> str:
    if sign.isascii():
        return sign
    if sign in SIGNS:
        return SIGNS[sign].plain
    for table, mark in ((_RAISED, "^"), (_LOWERED, "_")):
        if ord(sign) in table:
            return mark + sign.translate(table)
    bare = "".join(part for part in unicodedata.normalize("NFKD", sign) if part.isascii())
    return _greek(sign) or bare or sign.encode("ascii", "backslashreplace").decode("ascii")


_LATEX = {"\\": "\\textbackslash{}", "{": "\\{", "}": "\\}", "$": "\\$", "&": "\\&", "#": "\\#", "%": "\\%", "_": "\\_"} | {
    "~": "\\textasciitilde{}", "|": "\\textbar{}", '"': "''", "`": "\\textasciigrave{}", "[": "{[}", "]": "{]}"
}  # fmt: skip


def latex_text(text: str) -> str:
    """The text for LaTeX, in ASCII, so that pdflatex and xelatex both print it without a font package.

    >>> print(latex_text("50% of α_1 \\\\input{x} é"))
    50\\% of $\\alpha$\\_1 \\textbackslash{}input\\{x\\} \\'{e}
    """
    # Two hyphens side by side would print as a dash.
    return re.sub("-(?=-)", "-{}", "".join(map(_latex, visible(text, plain=True))))


@cache
def _latex(sign: str) -> str:
    if sign in SIGNS:
        return SIGNS[sign].latex
    if sign.isascii():
        return _LATEX.get(sign, sign)
    for table, mark in ((_RAISED, "^"), (_LOWERED, "_")):
        if ord(sign) in table:
            return f"${mark}{{{sign.translate(table)}}}$"
    name = _greek(sign)
    if name:
        return name[0] if name in _GREEK_IN_LATIN else f"$\\{name}$"
    letters = unicodedata.normalize("NFD", sign)
    if len(letters) == 2 and letters[0].isascii() and letters[1] in _ACCENTS:
        return f"\\{_ACCENTS[letters[1]]}{{{letters[0]}}}"
    return f"{{[}}U+{ord(sign):04X}{{]}}"


def spoken_text(text: str) -> str:
    """The text with its signs as words."""
    words = "".join(map(_spoken, visible(text)))
    return " ".join(words.split()).replace(" ,", ",").replace(" .", ".") if words != text else text


@cache
def _spoken(sign: str) -> str:
    if sign in SIGNS:
        return SIGNS[sign].spoken
    if ord(sign) in _RAISED:
        return " to the power " + sign.translate(_RAISED)
    if ord(sign) in _LOWERED:
        return " " + sign.translate(_LOWERED)
    return f" {_greek(sign)} " if _greek(sign) else sign
