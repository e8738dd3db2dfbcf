"""A table of iterates with blanks, such as the steps of gradient descent: x₁, x₂, x₃, …

Each blank is a number or a point and counts by itself. Where the step is known, a cell that follows rightly from a wrong one
before it is right (follow-through): one slip costs one cell, not the rest of the table.

>>> from tutor import read
>>> table = Iterates(tuple(map(read, ("2/5", "18/25", "122/125"))), step=read("x - (2x - 4)/10"), letters=("x",))
>>> for text in ("0.4; 0.72; 0.976", "0.4, 0.8, 1.04", "0.5; ; 0.976"):
...     found = table.judge(table.understood(text).form)
...     print(found.outcome, round(found.score, 3), [finding.mistake for finding in found.findings])
right 1.0 []
partly 0.667 ['cells', 'cell.wrong', 'cell.followed']
partly 0.333 ['cells', 'cell.wrong', 'cell.blank']
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction

from tutor.algebra.equal import UNDECIDED, Evidence
from tutor.algebra.tidy import tidied
from tutor.exposition.phrases import PHRASES, listed
from tutor.form.reading import Reading, understand
from tutor.form.tokens import check_length
from tutor.form.tree import Form, Listing, Num, Sym
from tutor.form.walk import substitute
from tutor.grading.kinds.base import Judgement, Kind, Names, Samples, bare, graded, joint, said, wrong
from tutor.grading.kinds.entries import shared_out
from tutor.grading.kinds.number import Number
from tutor.grading.kinds.pieces import Piece, cut, gathered, piece_read
from tutor.grading.kinds.vector import Vector
from tutor.grading.verdict import Finding

BLANK = Sym("blank")
_EMPTY = re.compile(r"\s*(?:|\?+|_+|-|–|—|…|\.\.\.)\s*")
_SEPARATORS = (r"\n", ";", ",")


@dataclass(frozen=True, slots=True)
class Iterates:
    """The values of the cells in order. `step` (the next value, in `letters`) allows follow-through.

    `given` holds the places (from 0) of cells that are filled in already: they are not asked for, and not part of an answer.
    """

    cells: tuple[Form, ...]
    step: Form | None = None
    letters: tuple[str, ...] = ("x",)
    given: frozenset[int] = frozenset()
    absolute: Fraction | None = None
    relative: Fraction | None = None
    figures: int | None = None
    places: int | None = None
    weights: tuple[float, ...] = field(default=())

    @property
    def blanks(self) -> list[int]:
        """The places of the cells that are asked for."""
        return [k for k in range(len(self.cells)) if k not in self.given]

    def understood(self, text: str, names: Names = frozenset()) -> Reading:
        """Cells between line ends, semicolons or commas; an empty one stays blank. Raises `ReadError`."""
        check_length(text)
        inside = re.fullmatch(r"(\s*[\[({])(.*)([\])}]\s*)", text, re.DOTALL)
        brackets = inside is not None and _is_one_bracket(text.strip())
        body, offset = (inside[2], len(inside[1])) if inside is not None and brackets and not (len(self.blanks) == 1 and len(self.letters) > 1) else (text, 0)
        if "\\" in text:
            return understand(text, variables=names)
        pieces = _pieces(body)
        forms = tuple(BLANK if _EMPTY.fullmatch(piece) else piece_read(text, (piece, at + offset), names).form for piece, at in pieces)
        if all(form is BLANK for form in forms):
            return understand(text.strip(" ?_-–—…;,\n") and text, variables=names) if len(forms) < 2 else gathered(text, Listing("tuple", forms), names=names)
        return gathered(text, Listing("tuple", forms), names=names)

    def judge(self, answer: Form) -> Judgement:
        """Each cell against its value, or against the step from the learner's own cell before it."""
        given = answer.items if isinstance(answer, Listing) and answer.kind in ("tuple", "list", "matrix") else (answer,)
        if len(given) != len(self.blanks):
            return wrong("cells.count", "cells_count", count=len(self.blanks), yours=len(given))
        filled = dict(zip(self.blanks, map(bare, given), strict=True))
        parts: list[Judgement] = []
        followed: list[int] = []
        for place in self.blanks:
            found = self._cell(self.cells[place]).judge(filled[place]) if filled[place] is not BLANK else _BLANK
            if found.outcome in ("wrong", "partly") and found is not _BLANK and self._follows(place, filled):
                found = Judgement("right", 1.0, Evidence(True, "samples"))
                followed.append(place)
            parts.append(found)
        return self._told(parts, followed)

    def _cell(self, value: Form) -> Kind:
        if isinstance(value, Listing):
            return Vector(tuple(self._number(item) for item in value.items), self.letters)
        return self._number(value)

    def _number(self, value: Form) -> Number:
        return Number(value, self.absolute, self.relative, self.figures, self.places)

    def _follows(self, place: int, filled: dict[int, Form]) -> bool:
        """Whether a cell is one step from the learner's own cell before it, which is not the right one."""
        if self.step is None or place == 0 or place - 1 not in filled:
            return False
        before = filled[place - 1]
        values = before.items if isinstance(before, Listing) else (before,)
        if before is BLANK or len(values) != len(self.letters) or any(value.free for value in values):
            return False
        moved = substitute(self.step, dict(zip(self.letters, values, strict=True)))
        items = moved.items if isinstance(moved, Listing) else (moved,)
        exact = tuple(tidied(item)[0] for item in items)
        return self._cell(Listing("tuple", exact) if isinstance(moved, Listing) else exact[0]).judge(filled[place]).outcome == "right"

    def _told(self, parts: list[Judgement], followed: list[int]) -> Judgement:
        shares = shared_out(self.weights, len(parts))
        score = sum(part.score * share for part, share in zip(parts, shares, strict=True))
        bad = [place for place, part in zip(self.blanks, parts, strict=True) if part.outcome != "right"]
        if any(part.outcome == "undecided" for part in parts):
            return Judgement("undecided", 0.0, UNDECIDED, (said("undecided", "undecided"),))
        if not bad:
            return Judgement("right", 1.0, joint(part.evidence for part in parts))
        findings = [said("cells", "cells_good", good=len(parts) - len(bad), all=len(parts))]
        for place, part in zip(self.blanks, parts, strict=True):
            if part is _BLANK:
                findings.append(_at(place, said("cell.blank", "cell_blank")))
            elif part.outcome != "right":
                findings += [_at(place, finding) for finding in part.findings or (said("cell.wrong", "cell_wrong"),)]
        if followed:
            findings.append(said("cell.followed", "cell_followed", cells=listed([Num(place + 1) for place in followed]), count=len(followed)))
        return Judgement(graded(score), score, Evidence(False, "samples"), tuple(findings))

    def samples(self) -> Samples:
        """The cells; one changed, one left out."""
        good = [self._cell(self.cells[place]).samples().right[0] for place in self.blanks]
        changed = [self._cell(self.cells[self.blanks[0]]).samples().wrong[0], *good[1:]]
        return Samples(
            ("; ".join(good), "\n".join(good), f"[{', '.join(good)}]"),
            ("; ".join(changed), "; ".join([*good, "1"]), *(["; ".join(["", *good[1:]])] if len(good) > 1 else [])),
            ("", "1; 2 +", "(1; 2"),
        )


_BLANK = Judgement("wrong", 0.0, Evidence(None, "none"))


def _at(place: int, finding: Finding) -> Finding:
    return Finding(finding.mistake, (*PHRASES.say("grade.cell", {"place": Num(place + 1)}), *finding.phrase), finding.step)


def _pieces(text: str) -> list[Piece]:
    """The text cut at line ends, else at semicolons, else at commas; an empty last line is none."""
    for separator in _SEPARATORS:
        pieces = cut(text.rstrip("\n") if separator == r"\n" else text, separator)
        if len(pieces) > 1:
            return pieces
    return [(text, 0)]


def _is_one_bracket(text: str) -> bool:
    """Whether the bracket at the beginning is the one that closes at the end."""
    depth = 0
    for place, sign in enumerate(text):
        depth += (sign in "([{") - (sign in ")]}")
        if depth == 0:
            return place == len(text) - 1
    return False


__all__ = ["BLANK", "Iterates"]
