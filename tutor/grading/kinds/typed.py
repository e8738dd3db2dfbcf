r"""The text of an answer as people type it, where it is no mathematics as it stands.

`read_answer` reads a text as it is. Only where that fails, it looks at what people put around an answer or into it: a full stop
behind it, an equals sign or y′ = in front, \boxed{}, commas in numbers. The one text that is left is read instead, so that no answer
that reads well is ever changed. A comma between digits is a decimal comma, 1,234,567 groups digits; 1,234 could be either, and is
read in groups of three with the other reading kept as an alternative.

>>> [str(read_answer(text).form) for text in ("2,5", "7,425,000", "12 500", "1,234.5", "= 2x.", "y' = 2x", r"$\boxed{\frac{1}{2}}$")]
['2.5', '7425000', '12500', '1234.5', '2*x', '2*x', '1/2']
>>> [str(other.form) for other in read_answer("1,234").alternatives]
['1.234']
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from tutor.errors import LimitError, ReadError
from tutor.form.reading import Alternative, Reading, understand

LONGEST = 2000
"""Longer texts are read as they are, or not at all."""
_LABEL = re.compile(r"(?:[^\W\d_](?:_\w+)?\s*(?:['′’´″‴]+|\\prime)\s*)?=(?![=<>])")
_CORNERS = (("\\boxed{", "}"), ("\\(", "\\)"), ("\\[", "\\]"), ("$$", "$$"), ("$", "$"), ("\\text{", "}"), ("\\mathrm{", "}"), ("\\textbf{", "}"))
_GROUP = r"(?:,|,?\\[!,]\s*|[ \u00a0\u2009\u202f'’])"
_GROUPED = re.compile(rf"(?<![\w.,])[1-9]\d{{0,2}}(?:({_GROUP})\s?\d{{3}})(?:\1\s?\d{{3}})*(?!\d)(?!\s*/)")
_POINTS = re.compile(r"(?<![\w.,])[1-9]\d{0,2}(?:\.\d{3})+(?=,\d+(?![\d.,]))")
_DECIMAL = re.compile(r"(?<![\d.,])(\d+),(\d+)(?![\d.,])")
_TIMES = re.compile(r"(?:(?<=\d)|(?<=\d\s))[xX](?=\s*10\s*(?:\^|\*\*|[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]))")
_CIRCLE = re.compile(r"(?<![A-Za-z\\])(?:Pi|PI)(?![A-Za-z])")


@dataclass(frozen=True)
class Amended(Reading):
    """A reading of what a text stands for; the places of its parts are not known."""

    others: tuple[Alternative, ...] = ()

    @cached_property
    def places(self) -> tuple[()]:
        """None: the text that was read is not the one that was typed."""
        return ()

    @cached_property
    def alternatives(self) -> tuple[Alternative, ...]:
        """What the commas could mean as well."""
        return self.others


def read_answer(text: str, names: frozenset[str] = frozenset()) -> Reading:
    """An answer's text read as it is, or as what it stands for. Raises `ReadError` at a place in the text as typed."""
    try:
        reading = understand(text, variables=names)
    except LimitError:
        raise
    except ReadError as fault:
        meant = _meant(text, names)
        if meant is None:
            raise fault from None
        return meant
    return reading if len(text) > LONGEST or not ("Pi" in reading.form.free or "PI" in text) or not _CIRCLE.search(text) else _circle(text, reading, names)


def _circle(text: str, reading: Reading, names: frozenset[str]) -> Reading:
    """Pi and PI as the number, unless they are declared."""
    if names & {"Pi", "PI", "P"}:
        return reading
    again = understand(_CIRCLE.sub("pi", text), variables=names)
    return Amended(text, again.form, again.remarks, names, frozenset(), again.alternatives)


def _meant(text: str, names: frozenset[str]) -> Reading | None:
    """The reading of the text without what stands around the answer, and with its numbers as they are written here."""
    if len(text) > LONGEST:
        return None
    inner = stripped(text)
    found: list[Reading] = []
    for candidate in dict.fromkeys((inner, *(_numbers(inner) if re.search(r"\d", inner) else ()))):
        try:
            found.append(understand(candidate, variables=names))
        except ReadError:
            continue
    if not found:
        return None
    first, *rest = found
    others = tuple(Alternative(other.form, "grouped") for other in rest if other.form is not first.form)
    return Amended(text, first.form, first.remarks, names, frozenset(), others or first.alternatives)


def stripped(text: str) -> str:
    r"""A text without a box, dollar signs, a label with an equals sign in front, and a full stop behind.

    >>> stripped(r" $\boxed{x + 1}$. "), stripped("f'' = 2"), stripped("= 5"), stripped("\\text{C}")
    ('x + 1', '2', '5', 'C')
    """
    inner, before = text, ""
    while inner != before:
        before = inner = unwrapped(inner)[0]
        label = _LABEL.match(inner)
        inner = inner[label.end() :] if label else inner
    return inner


def unwrapped(text: str) -> tuple[str, int]:
    r"""The part of a text that lies inside a box, dollar signs, and before a full stop, and where it begins.

    >>> unwrapped(r" \boxed{1, 2}. ")
    ('1, 2', 8)
    """
    start, end = 0, len(text)
    before = None
    while (start, end) != before:
        before = start, end
        start, end = start + len(text[start:end]) - len(text[start:end].lstrip()), start + len(text[start:end].rstrip())
        if end - start > 1 and text[end - 1] == "." and text[end - 2] != ".":
            end -= 1
        for opener, closer in _CORNERS:
            inside = text[start + len(opener) : end - len(closer)]
            if text.startswith(opener, start) and text.endswith(closer, start + len(opener), end) and _is_whole(inside) and (closer == "}" or closer not in inside):
                start, end = start + len(opener), end - len(closer)
    return text[start:end], start


def _is_whole(body: str) -> bool:
    """Whether no brace is closed that was opened outside."""
    depth = 0
    for sign in body:
        depth += (sign == "{") - (sign == "}")
        if depth < 0:
            return False
    return depth == 0


def _numbers(text: str) -> list[str]:
    """The text with numbers as they are written here: digits in groups joined, decimal commas as points."""
    plain = _POINTS.sub(_digits, text.replace("{,}", ","))
    return [_DECIMAL.sub(r"\1.\2", _GROUPED.sub(_digits, plain)), _DECIMAL.sub(r"\1.\2", plain)]


def _digits(match: re.Match[str]) -> str:
    """The digits of a grouped number; 1,234,5678 is none."""
    more = match.string[match.end() : match.end() + 1] == "," == match.group().lstrip("0123456789")[:1]
    return match.group() if more else re.sub(r"\D", "", match.group())


def with_times(text: str) -> str:
    """The letter x as a sign between a number and a power of ten, sign by sign.

    >>> with_times("6.02 x 10^23"), with_times("2x")
    ('6.02 * 10^23', '2x')
    """
    return _TIMES.sub("*", text)


def with_points(text: str) -> str:
    """Commas between digits as points wherever semicolons separate the entries of the same bracket: (0,5; 1,5).

    >>> with_points("(0,5; 1,5)"), with_points("{(1,2); (3,4)}"), with_points("0,5; 1, 2")
    ('(0.5; 1.5)', '{(1,2); (3,4)}', '0,5; 1, 2')
    """
    if ";" not in text or "," not in text:
        return text
    groups: list[tuple[list[int], list[bool]]] = [([], [])]
    closed = []
    for place, sign in enumerate(text):
        if sign in "([{":
            groups.append(([], []))
        elif sign in ")]}" and len(groups) > 1:
            closed.append(groups.pop())
        elif sign in ",;":
            groups[-1][0].append(place) if sign == "," else groups[-1][1].append(True)
    signs = list(text)
    for commas, semicolons in (*closed, *groups):
        if semicolons and all(text[place - 1 : place].isdigit() and text[place + 1 : place + 2].isdigit() for place in commas):
            for place in commas:
                signs[place] = "."
    return "".join(signs)
