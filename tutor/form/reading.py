"""Reading: text to `Form`, with what a person should be told about how it was understood.

`read` gives the form alone. `understand` gives a `Reading`: the form, remarks (log is natural),
where each part was written, and the other forms that the same text could have meant. The rule for
each ambiguous text is in `Conventions` and in the table `docs/reading.md`, which is generated from
the tests' fixture table.

>>> str(read("1/2x")), [str(other.form) for other in understand("1/2x").alternatives]
('1/2*x', ['1/(2*x)'])
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from tutor.errors import LimitError, ReadError, Span
from tutor.form.functions import FUNCTIONS
from tutor.form.latex import tokenize_latex
from tutor.form.parser import Conventions, Parser
from tutor.form.tokens import GREEK_NAMES, Token, check_length, look_alikes, tokenize
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
    not expect. `alternatives` is computed when asked for.
    """

    text: str
    form: Form
    remarks: tuple[str, ...]
    places: tuple[tuple[Form, Span], ...]
    variables: frozenset[str]
    functions: frozenset[str]

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
        for name, conventions in _changed():
            try:
                form = _parse(self.text, conventions, self.variables, self.functions)[0]
            except ReadError:
                continue
            if form is not self.form and all(form is not other.form for other in found):
                found.append(Alternative(form, name))
        return tuple(found)


def _changed() -> Iterator[tuple[str, Conventions]]:
    usual = Conventions()
    for name in ("tight_product", "scientific", "split", "applied", "loose_exponent", "wide_argument"):
        yield name, replace(usual, **{name: not getattr(usual, name)})


def read(text: str, *, variables: Iterable[str] = (), functions: Iterable[str] = ()) -> Form:
    """The form of a text in calculator notation, Unicode or LaTeX.

    `variables` declares names of several letters, `functions` letters that are unknown functions.
    `str(form)` is calculator text that reads back as the same form. Raises `ReadError` (with the
    place and what was expected) and `LimitError`.

    >>> read("2x sin(3x)"), read(r"\\frac{x}{2}")
    (read('2*x*sin(3*x)'), read('x/2'))
    """
    return understand(text, variables=variables, functions=functions).form


def understand(text: str, *, variables: Iterable[str] = (), functions: Iterable[str] = ()) -> Reading:
    """The form of a text together with remarks, places and other possible readings.

    Raises as `read` does; the error carries a suggestion where a likely correction reads well.
    """
    declared, unknown = frozenset(variables), frozenset(functions)
    check_length(text)
    try:
        _check_letters(text)
        form, parser = _parse(text, Conventions(), declared, unknown)
    except LimitError:
        raise
    except ReadError as error:
        error.suggestion = error.suggestion or _suggestion(error, declared, unknown)
        raise
    return Reading(text, form, _remarks(parser.tokens, text), tuple(parser.spans), declared, unknown)


def _parse(text: str, conventions: Conventions, declared: frozenset[str], functions: frozenset[str]) -> tuple[Form, Parser]:
    latex = "\\" in text

    def lexer(piece: str) -> list[Token]:
        if latex:
            return tokenize_latex(piece, declared, split=conventions.split)
        return tokenize(piece, declared, scientific=conventions.scientific, split=conventions.split)

    parser = Parser(text, lexer, conventions, functions, latex)
    _check_words(parser, declared, functions)
    return parser.whole(), parser


def _check_letters(text: str) -> None:
    if text.isascii():
        return
    latin = look_alikes(text)
    for place, sign in enumerate(text):
        if "\u0400" <= sign <= "\u04ff":
            raise ReadError(
                "look-alike", f"the letter {sign} is a Cyrillic letter", text, (place, place + 1),
                expected="a Latin or Greek letter", suggestion=latin if latin.isascii() else "",
            )  # fmt: skip


def _check_words(parser: Parser, declared: frozenset[str], functions: frozenset[str]) -> None:
    """A word in front of a bracket that looks like a misspelt function is a mistake, not a product."""
    tokens, text = parser.tokens, parser.text
    for place, (kind, value, start, end) in enumerate(tokens):
        if kind != "name" or tokens[place + 1][:2] != ("open", "(") or value in declared or value in functions or value in GREEK_NAMES:
            continue
        word = re.search(r"[A-Za-z]+$", text[:end])
        run = word.group() if word else ""
        if len(run) < 2 or len(run) == 2 and run not in ("In", "IN", "1n"):
            continue
        match = "ln" if run in ("In", "IN") else next(iter(difflib.get_close_matches(run.lower(), _FUNCTION_WORDS, 1, 0.75)), "")
        if match and run.lower() != match:
            begin = end - len(run)
            raise ReadError(
                "function", f"there is no function {run}", text, (begin, end), expected="a function that is known",
                suggestion=text[:begin] + match + text[end:],
            )  # fmt: skip
        start = max(start, 0)


_FUNCTION_WORDS = [*FUNCTIONS, "exp", "log", "sqrt", "arcsin", "arccos", "arctan"]


def _suggestion(error: ReadError, declared: frozenset[str], functions: frozenset[str]) -> str:
    """The first repaired text that reads well, or an empty text."""
    for candidate in _repairs(error):
        try:
            _parse(candidate, Conventions(), declared, functions)
        except ReadError:
            continue
        return candidate
    return ""


def _repairs(error: ReadError) -> Iterator[str]:
    text, (start, end) = error.text, error.span
    match error.kind:
        case "bracket":
            yield text + error.expected
            yield text + ")" * max(text.count("(") - text.count(")"), 0) + "}" * max(text.count("{") - text.count("}"), 0)
            yield text[:start] + text[end:]
        case "argument":
            yield text[:end] + "(x)" + text[end:].removeprefix("()")
        case "operand":
            yield text[:start].rstrip("+-*/^ ") + text[start:]
            yield text[:start] + text[end:]
            yield text[:start].rstrip().rstrip("+-*/^ ")
        case "number" if ".." in text:
            yield text.replace("..", ".")
        case "number":
            yield text[:start].rstrip() + "*" + text[start:]
        case "separator" | "sign":
            if re.fullmatch(r"\s*\d+,\d+\s*", text):
                yield text.replace(",", ".")
            yield f"({text})"
            yield text[:start] + text[end:]
            yield text[:start]
        case "command" | "function":
            word = text[start:end].lstrip("\\")
            for match in difflib.get_close_matches(word, [*FUNCTIONS, "frac", "sqrt", "cdot"], 2, 0.6):
                yield text[:start] + "\\" * text[start:end].startswith("\\") + match + text[end:]
        case _:
            yield text[:start].rstrip() + text[end:]


def _remarks(tokens: list[Token], text: str) -> tuple[str, ...]:
    """Ids of what a reader should be told about this text."""
    found: list[str] = []
    for place, (kind, value, start, end) in enumerate(tokens):
        if kind == "func" and value == "log" and tokens[place + 1][0] != "sub":
            found.append("read.log")
        elif kind == "const" and value == "i":
            found.append("read.imaginary")
        elif kind == "num" and "e" in text[start:end].lower():
            found.append("read.scientific")
        elif kind == "func" and tokens[place + 1][0] in ("sup", "op") and text[end : end + 3].replace("^", "").startswith(("⁻¹", "-1", "(-1")):
            found.append("read.inverse")
    return tuple(dict.fromkeys(found))
