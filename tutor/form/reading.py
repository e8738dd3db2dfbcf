"""Reading: text to `Form`, with what a person should be told about how it was understood.

`read` gives the form alone. `understand` gives a `Reading`: the form, remarks (log is natural),
where each part was written, and the other forms that the same text could have meant. The rule for
each ambiguous text is in `Conventions` (`tutor.form.cursor`) and in the table `docs/reading.md`, which is generated from
the tests' fixture table.

>>> str(read("1/2x")), [str(other.form) for other in understand("1/2x").alternatives]
('1/2*x', ['1/(2*x)'])
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from functools import cached_property

from tutor.errors import LimitError, ReadError, Span
from tutor.form.cursor import CLOSER, Conventions
from tutor.form.doubts import doubtful
from tutor.form.functions import FUNCTIONS
from tutor.form.parser import Parser
from tutor.form.tokens import Spelling, Token, check_length, look_alikes, tokenize
from tutor.form.tree import Form


@dataclass(frozen=True)
class Alternative:
    """Another form that the text could have meant, and the convention that gives it."""

    form: Form
    convention: str


@dataclass(frozen=True)
class Reading:
    """A text and the form it was read as.

    `remarks` are ids of sentences (templates/phrases): what the reader decided that a person may
    not expect. `places` and `alternatives` are computed when asked for.
    """

    text: str
    form: Form
    remarks: tuple[str, ...]
    variables: frozenset[str]
    functions: frozenset[str]

    @cached_property
    def places(self) -> tuple[tuple[Form, Span], ...]:
        """Every part with the place where it was written, in reading order."""
        parser = _parser(self.text, Conventions(), self.variables, self.functions)
        parser.spans = []
        parser.whole()
        return tuple(parser.spans)

    def spans(self, part: Form) -> tuple[Span, ...]:
        """Every place in the text where a part was written (start and end, in characters).

        >>> understand("x + 2x").spans(read("x"))
        ((0, 1), (5, 6))
        """
        return tuple(sorted({span for form, span in self.places if form is part}))

    @cached_property
    def alternatives(self) -> tuple[Alternative, ...]:
        """Other readings of the same text, each under one changed convention."""
        found: list[Alternative] = []
        for name in doubtful(self.text, not (self.variables or self.functions)):
            try:
                form = _parser(self.text, _CHANGED[name], self.variables, self.functions).whole()
            except ReadError:
                continue
            if form is not self.form and all(form is not other.form for other in found):
                found.append(Alternative(form, name))
        return tuple(found)


def read(text: str, *, variables: Iterable[str] = (), functions: Iterable[str] = ()) -> Form:
    """The form of a text in calculator notation, Unicode or LaTeX.

    `variables` declares names of several letters, `functions` letters that are unknown functions.
    `str(form)` is calculator text that reads back as the same form. Raises `ReadError` (with the
    place and what was expected) and `LimitError`.

    >>> read("2x sin(3x)"), read(r"\\frac{x}{2}")
    (read('2*x*sin(3*x)'), read('x/2'))
    """
    return _read(text, frozenset(variables), frozenset(functions))[0]


def understand(text: str, *, variables: Iterable[str] = (), functions: Iterable[str] = ()) -> Reading:
    """The form of a text together with remarks, places and other possible readings.

    Raises as `read` does; the error carries a suggestion where a likely correction reads well.
    """
    declared, unknown = frozenset(variables), frozenset(functions)
    form, parser = _read(text, declared, unknown)
    remarks = tuple(dict.fromkeys(parser.remarks)) if parser.remarks else ()
    if "e" in text or "E" in text:
        remarks += _scientific(parser.tokens, text)
    return Reading(text, form, remarks, declared, unknown)


_USUAL = Conventions()
_CHANGED = {field.name: replace(_USUAL, **{field.name: not getattr(_USUAL, field.name)}) for field in fields(Conventions)}
"""Each convention taken the other way."""
_DEFINITION = re.compile(r"\s*([^\W\d_])\s*\(\s*[^\W\d_]\w*\s*(?:,\s*[^\W\d_]\w*\s*)*\)\s*=(?!=)")
"""A text that begins with Q(T, t) = defines a function Q, whatever the letter."""


def _read(text: str, declared: frozenset[str], unknown: frozenset[str]) -> tuple[Form, Parser]:
    """The form under the documented rules, and the parser that read it; errors carry their suggestions."""
    check_length(text)
    if "=" in text:
        definition = _DEFINITION.match(text)
        if definition and definition.group(1) not in declared:
            unknown |= {definition.group(1)}
    try:
        if not text.isascii():
            _check_letters(text)
        parser = _parser(text, _USUAL, declared, unknown)
        return parser.whole(), parser
    except LimitError:
        raise
    except ReadError as error:
        if not error.suggestion and len(text) <= LONGEST_REPAIRED:
            error.suggestion = _suggestion(error, declared, unknown)
        raise
    except RecursionError:
        raise LimitError("depth", "brackets nested too deep for the stack of the calling program", text, (0, len(text)), advice="Name a part with a letter.") from None


def _parser(text: str, conventions: Conventions, variables: frozenset[str], functions: frozenset[str]) -> Parser:
    latex = "\\" in text or "$" in text
    scan = tokenize
    if latex:
        from tutor.form.latex import tokenize_latex as scan
    spelling = Spelling(variables | functions, conventions.scientific, conventions.split, conventions.leibniz)

    def lexer(piece: str) -> list[Token]:
        return scan(piece, spelling)

    return Parser(text, lexer, conventions, functions, latex)


def _check_letters(text: str) -> None:
    found = _CYRILLIC.search(text)
    if found:
        latin = look_alikes(text)
        raise ReadError(
            "look-alike", f"the letter {found.group()} is a Cyrillic letter", text, found.span(),
            expected="a Latin or Greek letter", suggestion=latin if latin.isascii() else "",
        )  # fmt: skip


_CYRILLIC = re.compile("[\u0400-\u04ff]")
LONGEST_REPAIRED = 500
"""Corrections are looked for in texts up to this length."""


def _scientific(tokens: list[Token], text: str) -> tuple[str, ...]:
    return ("read.exponent_notation",) if any(token[0] == "num" and "e" in text[token[2] : token[3]].lower() for token in tokens) else ()


def _suggestion(error: ReadError, declared: frozenset[str], functions: frozenset[str]) -> str:
    """The first repaired text that reads well, or an empty text."""
    for candidate in _repairs(error):
        try:
            _parser(candidate, Conventions(), declared, functions).whole()
        except ReadError:
            continue
        return candidate
    return ""


def _repairs(error: ReadError) -> Iterator[str]:
    """Texts that a person may have meant, the likeliest first."""
    text, (start, end) = error.text, error.span
    before, wrong, after = text[:start], text[start:end], text[end:]
    match error.kind:
        case "bracket":
            yield _all_closed(text)
            yield _all_closed(text + ("" if before.endswith("^") else " ") + "x").replace("( x", "(x").replace("{ x", "{x").replace("[ x", "[x")
            if len(error.expected) <= 2:
                yield before + error.expected + after
            yield before + after
        case "bar":
            for place in (len(text), *(match.start() for match in re.finditer(r"[)\]}=<>]", text))):
                yield text[:place] + "|" + text[place:]
        case "argument":
            yield before + re.sub(r"\(\s*\)$", "", wrong) + "(x)" + after
            if not after.strip():
                yield before + error.expected
        case "operand":
            yield before.rstrip("+-*/^ ") + wrong + after
            yield text.replace("=!", "!=").replace("=/=", "!=")
            yield (before + after).strip()
            yield before.rstrip("+-*/^=<>≤≥ ").rstrip()
        case "fraction":
            yield _all_closed(text + "{x}")
            yield before + r"\frac{a}{b}" + after
        case "number" if ".." in text:
            yield text.replace("..", ".")
        case "number":
            if re.match(r"\d+\s*/", wrong + after):
                yield before.rstrip() + " + " + wrong + after
            yield before + after if wrong == "." else before.rstrip() + "*" + wrong + after
        case "separator" | "rest":
            yield _one_decimal_sign(text)
            if text.startswith("{"):
                yield "piecewise(" + text.strip()[1:-1] + ")"
            yield text.replace(";", ",")
            yield f"({text.replace(';', ',')})"
            yield before.rstrip() if not after.strip() else text
        case "sign":
            yield _other_sign(before, wrong, after)
        case "prime" if error.expected.startswith("diff"):
            yield re.sub(r"^(\w+)'\((\w+)\)$", r"diff(\1(\2), \2)", text.strip())
        case "prime":
            yield before + wrong + ("(t)" if error.expected == "x'(t)" else "(x)") + after
            yield before + after
        case "command" | "function":
            import difflib

            word = wrong.lstrip("\\")
            for match in difflib.get_close_matches(word, [*FUNCTIONS, "frac", "sqrt", "cdot"], 2, 0.65):
                if sorted(match) == sorted(word) or abs(len(match) - len(word)) == 1:
                    yield before + "\\" * wrong.startswith("\\") + match + after
        case "integral":
            letters = re.findall(r"[a-z]", text)
            yield f"{text} d{letters[-1] if letters else 'x'}"


def _all_closed(text: str) -> str:
    """The text with the closing signs that are missing at its end, innermost first."""
    waiting: list[str] = []
    for place, sign in enumerate(text):
        if sign in "([{":
            waiting.append("\\right" * text.endswith("\\left", 0, place) + CLOSER[sign])
        elif sign in ")]}" and waiting:
            waiting.pop()
    return text + "".join(reversed(waiting))


def _one_decimal_sign(text: str) -> str:
    """1,000,000 without its commas, 3,5 with a point."""
    if re.fullmatch(r"\s*\d{1,3}(,\d{3})+\s*", text):
        return text.replace(",", "")
    return re.sub(r"(?<=\d),(?=\d)", ".", text)


_MEANT_SIGNS = {":": "/", ".": "*"}


def _other_sign(before: str, sign: str, after: str) -> str:
    """What a sign without meaning here probably stands for; signs that cannot be seen are left out."""
    if sign == "%" and re.match(r"\s*(?:[-+*/)=]|$)", after):
        return f"{before}/100{after}"
    if sign in _MEANT_SIGNS and before[-1:].strip() and after[:1].strip():
        return before + _MEANT_SIGNS[sign] + after
    if unicodedata.category(sign) in ("Cf", "Cc", "Mn"):
        return "".join(other for other in before + after if unicodedata.category(other) not in ("Cf", "Cc", "Mn"))
    return unicodedata.normalize("NFKC", before + sign + after)
