"""A learner's working as lines: what each says, without what only makes it look tidy.

Blank lines, comments (`# …`, `// …`, `% …`), headings that end with a colon, bullets, numbers in front, arrows (`=>`, `⇒`) and the
signs with which LaTeX sets columns are tolerated. u' stands for u'(x), ∇f = … says that the gradient follows, and ≈ joins a
rounded number. What is left of a line is read; a fault keeps its place in the line as it was typed.

>>> for line in pieces("# the product rule\\n1) f' = 2x sin(x)\\n  => = 2x\\n"):
...     print(line.number, repr(line.body), line.continues)
2 "   f' = 2x sin(x)" False
3 '       2x' True
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from tutor.errors import LimitError, ReadError
from tutor.form.reading import Reading, understand
from tutor.form.tokens import GREEK_NAMES
from tutor.form.tree import Form, Relation, Sym
from tutor.grading.statements import ARROW, is_prose, statements

MOST_LINES = 500
"""Lines that are judged, and statements in them."""
LONGEST = 60_000
"""Characters of a whole working."""
LONGEST_LINE = 2_000
"""Lines with more characters are read as they are."""

_COMMENT = re.compile(r"(?:^\s*(?:%|//)|#|\s//).*$")
_ENVIRONMENT = re.compile(r"^\s*(?:\\begin|\\end)\{[^}]*\}\s*$|^\s*(?:\$\$|\\\[|\\\])\s*$")
_BULLET = r"[*•◦▪‣·]\s+|\d{1,3}[.)](?=\s)|[a-z]\)(?=\s)"
_FRONT = re.compile(rf"\s*(?:{_BULLET}|{ARROW}|&)")
_DASH = re.compile(r"\s*[-–—]\s+")
_LINK = re.compile(r"\s*(=(?![=><])|≈|\\approx(?![a-z]))")
_COLUMNS = re.compile(r"&(?=\s*(?:=|≈|\\approx))")
_ENDS_WORDS = re.compile(r"[^\W\d_]{2}[^=≈]*:\s*$")
_GRADIENT = re.compile(r"\s*(?:∇|\\nabla|grad(?:ient)?\b)\s*[^\W\d_]?\w*\s*(?:\([^()]*\))?\s*(?==)")
_PRIMED = re.compile(r"([^\W\d_])(['′’″]+)(?!\s*\(|['′’″])")
_ROUNDED = re.compile(r"≈|\\approx(?![a-z])")


_DERIVATIVE = re.compile(r"['′’″∂∇]|\bd\w*\s*/\s*d|\\(?:frac\{d|partial|nabla|prime)|\b[^\W\d_]_[^\W\d_]+\b|\bgrad")
_RUN = re.compile(r"(?<!\\)[^\W\d_]{4,}")


@dataclass(frozen=True, slots=True)
class Piece:
    """A line that says something.

    `number` counts the typed lines from 1, `typed` is the line itself; `body` what is left to be read, with blanks in the place
    of what was dropped. `continues`: the line began with =. `rounds`: it began with ≈. `gradient`: it began with ∇f =.
    """

    number: int
    typed: str
    body: str
    continues: bool = False
    rounds: bool = False
    gradient: bool = False

    @property
    def derives(self) -> bool:
        """Whether a derivative is written in it."""
        return bool(_DERIVATIVE.search(self.body))


@dataclass(frozen=True, slots=True)
class Sides:
    """What a line says: forms that are said to be equal, one after the other; those at the places of `rounded` only about."""

    forms: tuple[Form, ...]
    rounded: frozenset[int] = frozenset()
    relation: Relation | None = None
    readings: tuple[Reading, ...] = ()

    def others(self, place: int) -> Iterator[Form]:
        """What the side at a place would be under the other readings of the line's text."""
        start = 0
        for reading in self.readings:
            count = len(operands(reading.form))
            if start <= place < start + count:
                for other in reading.alternatives:
                    found = operands(other.form)
                    if len(found) == count and found[place - start] is not self.forms[place]:
                        yield found[place - start]
            start += count


def operands(form: Form) -> tuple[Form, ...]:
    """The sides of an equation or a chain of equalities; any other form is one side."""
    return form.operands if isinstance(form, Relation) and set(form.operators) == {"="} else (form,)


def pieces(text: str, names: Collection[str] = ()) -> tuple[Piece, ...]:
    """What the lines say, one after the other. Raises `LimitError` where there is too much."""
    if len(text) > LONGEST:
        raise _too_long(len(text), "characters", LONGEST)
    typed = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    lines = [(number, line) for number, line in enumerate(typed, 1) if _says_something(line, names)]
    if len(lines) > MOST_LINES:
        raise _too_long(len(lines), "lines", MOST_LINES)
    dashed = len(lines) > 1 and all(_DASH.match(line) for _, line in lines)
    found = [piece for number, line in lines for piece in _pieces(number, line, dashed, names) if piece.body.strip()]
    if len(found) > MOST_LINES:
        raise _too_long(len(found), "statements", MOST_LINES)
    return tuple(found)


def _too_long(count: int, what: str, most: int) -> LimitError:
    message = f"the working has {count} {what}, and at most {most} are read"
    return LimitError("length", message, advice="Hand in one question's working at a time.")


def _says_something(line: str, names: Collection[str]) -> bool:
    kept = _COMMENT.sub("", line)
    return bool(kept.strip()) and not _ENVIRONMENT.match(kept) and not _ENDS_WORDS.match(kept.strip()) and not is_prose(kept, names)


def _pieces(number: int, line: str, dashed: bool, names: Collection[str]) -> Iterator[Piece]:
    """The statements of a line. Only the first can go on from the line above."""
    if len(line) > LONGEST_LINE:
        yield Piece(number, line, line)
        return
    body = _COLUMNS.sub(" ", _COMMENT.sub("", line))
    dash = _DASH.match(body)
    start = dash.end() if dash and (dashed or _LINK.match(body, dash.end())) else 0
    while found := _FRONT.match(body, start):
        start = found.end()
    body = " " * start + body[start:]
    yield from (_piece(number, line, statement) for statement in statements(body, names))


def _piece(number: int, line: str, body: str) -> Piece:
    gradient = bool(_GRADIENT.match(body))
    if gradient:
        body = _without(body, _GRADIENT)
    link = _LINK.match(body)
    body = _without(body, _LINK) if link else body
    return Piece(number, line.rstrip(), _trimmed(body), bool(link), bool(link and link[1] != "="), gradient)


def _trimmed(body: str) -> str:
    """Without what ends a sentence or a line: commas, a full stop, the LaTeX sign for a new line, a sign of equality."""
    while True:
        body = body.rstrip(" \t\r\f\v\u00a0,;&")
        ending = next((end for end in _ENDINGS if body.endswith(end)), "")
        before = body[: -len(ending)][-1:] if ending else ""
        if not ending or (ending == "." and before.isdecimal()) or (ending == "=" and (not before or before in "=<>!")):
            return body
        body = body[: -len(ending)]


_ENDINGS = ("\\\\", ".", "=")


def _without(text: str, pattern: re.Pattern[str]) -> str:
    """Blanks in the place of what stands in front, so that everything behind keeps its column."""
    found = pattern.match(text)
    return text if found is None else " " * found.end() + text[found.end() :]


def sides(piece: Piece, variable: str, names: Collection[str], functions: Collection[str], letters: Collection[str] = ()) -> Sides:
    """What a line says; `letters` are those of the question. Raises `ReadError` with the place in the line as it was typed."""
    forms: list[Form] = []
    rounded: set[int] = set()
    relation: Relation | None = None
    readings: list[Reading] = []
    start = 0
    for match in (*_ROUNDED.finditer(piece.body), None):
        stop = len(piece.body) if match is None else match.start()
        if start:
            rounded.add(len(forms))
        readings.append(_read(piece, (start, stop), variable, names, functions))
        forms.extend(operands(readings[-1].form))
        relation = forms[-1] if isinstance(forms[-1], Relation) else relation
        start = stop if match is None else match.end()
    label = {forms[0].name} if len(forms) > 1 and isinstance(forms[0], Sym) else set()
    _check_words(piece, {*names, *letters, *label}, forms)
    return Sides(tuple(forms), frozenset(rounded | {0} if piece.rounds else rounded), relation, tuple(readings))


def _check_words(piece: Piece, known: set[str], forms: Collection[Form]) -> None:
    """A word that nobody has named is no mathematics, whether it was read as a name or as a product of its letters. Raises `ReadError`."""
    free = frozenset().union(*(form.free for form in forms))
    for run in _RUN.finditer(piece.body):
        word, letters = run[0], set(run[0]) - {"e", "i"}
        split = letters <= free and not letters <= known and len(letters) > 1
        if word not in known and word not in GREEK_NAMES and (split or word in free):
            raise ReadError("word", f"the word {word} is no mathematics here", piece.typed, run.span(), expected="an expression; words go on a line of their own")


def _read(piece: Piece, span: tuple[int, int], variable: str, names: Collection[str], functions: Collection[str]) -> Reading:
    """The reading of a part of a line, in which u' is u'(x)."""
    start, stop = span
    text, places = _filled(piece.body[start:stop], variable)
    try:
        return understand(text, variables=names, functions=functions)
    except ReadError as fault:
        first, last = (start + places[min(max(at, 0), len(text))] for at in fault.span)
        fault.text, fault.span = piece.typed, (first, max(last, first + 1))
        fault.suggestion = fault.suggestion.strip()
        raise


def _filled(text: str, variable: str) -> tuple[str, list[int]]:
    """The text with (x) behind each prime that has no argument, and for each of its places the place in the typed text."""
    made, places, at = "", [], 0
    for match in _PRIMED.finditer(text):
        made += text[at : match.end()] + f"({variable})"
        places += [*range(at, match.end()), *[match.end()] * (len(variable) + 2)]
        at = match.end()
    return made + text[at:], [*places, *range(at, len(text) + 1)]
