"""A set of values or of points: missing ones, ones too many; order and repetition do not matter.

>>> from tutor import read
>>> from tutor.grading.kinds.number import Number
>>> roots = Collection((Number(read("2")), Number(read("-2"))))
>>> [roots.judge(roots.understood(text).form).outcome for text in ("{-2, 2}", "x = 2 or x = -2", "x = ±2", "2", "2, -2, 0", "{}")]
['right', 'right', 'right', 'partly', 'partly', 'wrong']
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tutor.algebra.equal import Evidence
from tutor.exposition.phrases import listed
from tutor.form.reading import Reading, understand
from tutor.form.tokens import check_length
from tutor.form.tree import Form, Interval, Listing, Relation
from tutor.grading.kinds.base import OTHER, Judgement, Kind, Names, Samples, graded, joint, said, wrong
from tutor.grading.kinds.pieces import Piece, assembled, cut, gathered, piece_read
from tutor.grading.kinds.typed import unwrapped, with_points
from tutor.grading.kinds.vector import Vector

MOST_ITEMS = 60
EMPTY = re.compile(
    r"\s*(?:∅|\{\s*\}|\\emptyset|\\varnothing|\\\{\s*\\\}|(?:the )?empty set|none|(?:there (?:is|are) )?no(?: real)? solutions?|no values?"
    r"|D\.?N\.?E|(?:it )?does not exist|undefined|not defined)\s*\.?\s*",
    re.IGNORECASE,
)
_FRONT = re.compile(r"\s*(?:[^\W\d_]\w*\s*(?:∈|\\in\b|\bin\b)|[^\W\d_]\w*\s*=(?=\s*(?:\{|\\\{|\\left\b)))\s*")
_EITHER = re.compile(r"±|\\pm\b|\+/-|(?:(?<=[=,;{(\s])|^)\+-")
BETWEEN = r"[,;∨]|\bor\b|\band\b|\\lor\b|\\text\{\s*(?:or|and)\s*\}"


@dataclass(frozen=True, slots=True)
class Collection:
    """Values or points, each with its kind."""

    items: tuple[Kind, ...]

    def understood(self, text: str, names: Names = frozenset()) -> Reading:
        """As a set in braces, or pieces between commas, `or`, `and`; ± stands for two. Raises `ReadError`."""
        check_length(text)
        body, start = unwrapped(with_points(text))
        if EMPTY.fullmatch(body):
            return gathered(text, Listing("set", ()), names=names)
        if front := _FRONT.match(body):
            body, start = body[front.end() :], start + front.end()
            if EMPTY.fullmatch(body):
                return gathered(text, Listing("set", ()), names=names)
        inside = re.fullmatch(r"(\s*\{)(.*)(\}\s*)", body, re.DOTALL)
        if inside and "\\" not in body and not cut(inside[2], "[{}]")[1:]:
            return assembled(text, signed([(piece, at + start + len(inside[1])) for piece, at in cut(inside[2], "[,;]")]), "set", names)
        if body.lstrip().startswith(("\\{", "\\left\\{", "[")):
            return understand(text, variables=names) if body == text else gathered(text, piece_read(text, (body, start), names).form, names=names)
        return assembled(text, signed([(piece, at + start) for piece, at in cut(body, BETWEEN)]), "set", names, bare=True)

    def judge(self, answer: Form) -> Judgement:
        """What was found, what is missing, what does not belong."""
        given = self._given(answer)
        if any(isinstance(item, Interval) for item in given):
            return wrong("kind.set", "not_set")
        if len(given) > MOST_ITEMS:
            return wrong("set.long", "set_long")
        if not self.items:
            return Judgement("wrong", 0.0, OTHER, (said("set.extra", "set_extra", extra=listed(given), count=len(given)),)) if given else _EMPTY_RIGHT
        table = [[kind.judge(item) for kind in self.items] for item in given]
        return self._told(given, table)

    def _told(self, given: Sequence[Form], table: list[list[Judgement]]) -> Judgement:
        found = [any(row[k].outcome == "right" for row in table) for k in range(len(self.items))]
        extra = [item for item, row in zip(given, table, strict=True) if not any(cell.outcome == "right" for cell in row)]
        open_rows = [row for row in table if not any(cell.outcome == "right" for cell in row) and any(cell.outcome == "undecided" for cell in row)]
        findings = []
        if not all(found):
            findings.append(said("set.missing", "set_missing", count=found.count(False), found=found.count(True)))
        if extra:
            findings.append(said("set.extra", "set_extra", extra=listed(extra), count=len(extra)))
        if open_rows:
            evidence = next(cell.evidence for cell in open_rows[0] if cell.outcome == "undecided")
            return Judgement("undecided", 0.0, evidence, (said("undecided", "undecided"),))
        score = found.count(True) / (len(found) + len(extra))
        if score < 1:
            return Judgement(graded(score), score, Evidence(False, "samples"), tuple(findings))
        return Judgement("right", 1.0, joint(cell.evidence for row in table for cell in row if cell.outcome == "right"))

    def _given(self, answer: Form) -> tuple[Form, ...]:
        """The items of an answer, each once. (1, 2) is two values, or one point where points are asked for."""
        value = answer.operands[1] if isinstance(answer, Relation) and answer.operators == ("=",) and isinstance(answer.operands[1], Listing) else answer
        points = any(isinstance(kind, Vector) for kind in self.items)
        match value:
            case Listing("matrix", items):
                found = items
            case Listing("tuple" | "list", items) if not points or any(isinstance(item, Listing | Relation) for item in items):
                found = items
            case Listing("set", items):
                found = items
            case _:
                found = (answer,)
        return tuple(dict.fromkeys(found))

    def samples(self) -> Samples:
        """The items in two orders; one missing, one too many."""
        parts = [kind.samples() for kind in self.items]
        good = [part.right[0] for part in parts]
        more = [*good, parts[0].wrong[0] if parts else "1"]
        right = (_braces(good), _braces(good[::-1]), _braces([*good, *good[:1]]), f"x ∈ {_braces(good)}", *([" or ".join(good)] if good else ["∅", "no solution"]))
        return Samples(right, (_braces(more), *([_braces(good[1:])] if good else [])), ("{1, 2", "{1, +}"))


_EMPTY_RIGHT = Judgement("right", 1.0, Evidence(True, "structure"))


def _braces(items: Sequence[str]) -> str:
    return "{" + ", ".join(items) + "}"


def signed(pieces: Sequence[Piece]) -> list[Piece]:
    """x = ±2 as x = +2 and x = −2, at the same place."""
    found: list[Piece] = []
    for text, at in pieces:
        either = list(_EITHER.finditer(text))
        match either:
            case [one]:
                found += [(text[: one.start()] + sign.ljust(len(one.group())) + text[one.end() :], at) for sign in "+-"]
            case _:
                found.append((text, at))
    return found
