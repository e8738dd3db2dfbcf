"""A learner's working as lines: what stands on each, without what only makes it look tidy.

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
from tutor.form.functions import FUNCTIONS
from tutor.form.reading import Reading, understand
from tutor.form.tree import Form, Relation

MOST_LINES = 200
"""Lines that are judged."""
LONGEST = 60_000
"""Characters of a whole working."""

_COMMENT = re.compile(r"(?:^\s*(?:%|//)|#|\s//).*$")
_ENVIRONMENT = re.compile(r"^\s*(?:\\begin|\\end)\{[^}]*\}\s*$|^\s*(?:\$\$|\\\[|\\\])\s*$")
_BULLET = r"[*•◦▪‣·]\s+|\d{1,3}[.)](?=\s)|[a-z]\)(?=\s)"
_ARROW = r"<?=>|<?->|[⇒⟹⇔⟺→↔∴➜]|\\(?:Rightarrow|implies|iff|Leftrightarrow|to|therefore)(?![a-z])"
_FRONT = re.compile(rf"\s*(?:{_BULLET}|{_ARROW}|&)")
_DASH = re.compile(r"\s*[-–—]\s+")
_LINK = re.compile(r"\s*(=(?![=><])|≈|\\approx(?![a-z]))")
_COLUMNS = re.compile(r"&(?=\s*(?:=|≈|\\approx))")
_WORDS = re.compile(r"(?:[^\W\d_]|[\s,.;:!?'’\"-])+")
_ENDS_WORDS = re.compile(r"[^\W\d_]{2}[^=≈]*:\s*$")
_BACK = re.compile(r"(?:\s|,|;|\\\\|&|(?<!\d)\.|(?<=[^=<>!])=)+$")
_GRADIENT = re.compile(r"\s*(?:∇|\\nabla|grad(?:ient)?\b)\s*[^\W\d_]?\w*\s*(?:\([^()]*\))?\s*(?==)")
_PRIMED = re.compile(r"([^\W\d_])(['′’″]+)(?!\s*\(|['′’″])")
_ROUNDED = re.compile(r"≈|\\approx(?![a-z])")


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


def pieces(text: str, names: Collection[str] = ()) -> Iterator[Piece]:
    """The lines that say something. Raises `LimitError` where there are too many."""
    if len(text) > LONGEST:
        raise _too_long(len(text), "characters", LONGEST)
    typed = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    lines = [(number, line) for number, line in enumerate(typed, 1) if _says_something(line, names)]
    if len(lines) > MOST_LINES:
        raise _too_long(len(lines), "lines", MOST_LINES)
    dashed = len(lines) > 1 and all(_DASH.match(line) for _, line in lines)
    for number, line in lines:
        piece = _piece(number, line, dashed)
        if piece.body.strip():
            yield piece


def _too_long(count: int, what: str, most: int) -> LimitError:
    message = f"the working has {count} {what}, and at most {most} are read"
    return LimitError("length", message, advice="Hand in one question's working at a time.")


def _says_something(line: str, names: Collection[str]) -> bool:
    kept = _COMMENT.sub("", line)
    return bool(kept.strip()) and not _ENVIRONMENT.match(kept) and not _ENDS_WORDS.match(kept.strip()) and not _is_prose(kept, names)


def _is_prose(line: str, names: Collection[str]) -> bool:
    """Whether a line is words only, such as "by the product rule": two or more that are no names of functions or variables."""
    words = re.findall(r"[^\W\d_]{3,}", line)
    return bool(_WORDS.fullmatch(line)) and sum(word.lower() not in FUNCTIONS and word not in names for word in words) > 1


def _piece(number: int, line: str, dashed: bool) -> Piece:
    body = _COLUMNS.sub(" ", _COMMENT.sub("", line))
    dash = _DASH.match(body)
    if dashed or (dash and _LINK.match(body, dash.end())):
        body = _without(body, _DASH)
    while _FRONT.match(body):
        body = _without(body, _FRONT)
    gradient = bool(_GRADIENT.match(body))
    if gradient:
        body = _without(body, _GRADIENT)
    link = _LINK.match(body)
    body = _without(body, _LINK) if link else body
    return Piece(number, line.rstrip(), _BACK.sub("", body), bool(link), bool(link and link[1] != "="), gradient)


def _without(text: str, pattern: re.Pattern[str]) -> str:
    """Blanks in the place of what stands in front, so that everything behind keeps its column."""
    found = pattern.match(text)
    return text if found is None else " " * found.end() + text[found.end() :]


def sides(piece: Piece, variable: str, names: Collection[str], functions: Collection[str]) -> Sides:
    """What a line says. Raises `ReadError` with the place in the line as it was typed."""
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
    return Sides(tuple(forms), frozenset(rounded | {0} if piece.rounds else rounded), relation, tuple(readings))


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
