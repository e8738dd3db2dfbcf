"""A matrix, such as a Hessian or a Jacobian: entry by entry, and its shape.

>>> from tutor import read
>>> from tutor.grading.kinds.number import Number
>>> key = Matrix(tuple(tuple(Number(read(cell)) for cell in row) for row in (("1", "2"), ("3", "4"))))
>>> [key.judge(read(text)).outcome for text in ("[[1, 2], [3, 4]]", "((1, 2), (3, 4))", "[[1, 2], [3, 5]]", "[[1, 3], [2, 4]]")]
['right', 'right', 'partly', 'partly']
>>> key.judge(read("[[1, 3], [2, 4]]")).findings[0].mistake, key.judge(read("(1, 2)")).findings[0].mistake
('matrix.transposed', 'matrix.shape')
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tutor.exposition.phrases import PHRASES
from tutor.form.reading import Reading
from tutor.form.tokens import check_length
from tutor.form.tree import Form, Listing, Neg, Relation, Sym
from tutor.grading.kinds.base import OTHER, Judgement, Kind, Names, Samples, is_scalar, said, wrong
from tutor.grading.kinds.entries import judged
from tutor.grading.kinds.pieces import Piece, cut, gathered, piece_read
from tutor.grading.kinds.typed import read_answer
from tutor.grading.verdict import Finding

TRANSPOSED = 0.5
_NAMED = re.compile(r"\s*((?:np\.|sp\.)?(?:[Mm]atrix|array))\((.*)\)\s*", re.DOTALL)
Cells = tuple[tuple[Form, ...], ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows of kinds; `weights` row after row."""

    rows: tuple[tuple[Kind, ...], ...]
    weights: tuple[float, ...] = ()

    def understood(self, text: str, names: Names = frozenset()) -> Reading:
        """As mathematics; rows may also be separated by semicolons, as in [1, 2; 3, 4]. Raises `ReadError`."""
        check_length(text)
        if named := _NAMED.fullmatch(text):
            rows = named[2] if named[2].lstrip().startswith("[[") else f"[{named[2]}]"
            return gathered(text, piece_read(text, (rows, named.start(2)), names).form, names=names)
        stripped = text.strip()
        if "\\" in text or not (stripped[:1] in "[(" and stripped[-1:] in "])" and stripped) or len(cut(stripped[1:-1], ";")) < 2:
            return read_answer(text, names)
        start = text.index(stripped[0]) + 1
        rows = [_cells(text, (row, start + at), names) for row, at in cut(stripped[1:-1], ";")]
        return gathered(text, Listing("matrix", tuple(rows)), names=names)

    def judge(self, answer: Form) -> Judgement:
        """Each entry for itself; a transposed matrix and a wrong shape are told apart."""
        value = answer.operands[1] if isinstance(answer, Relation) and answer.operators == ("=",) else answer
        cells = _rows(value)
        if cells is None:
            return wrong("kind.matrix", "not_matrix", rows=len(self.rows), columns=len(self.rows[0]))
        if not any(isinstance(row, Listing) for row in value.children):
            return wrong("matrix.shape", "matrix_shape", rows=len(self.rows), columns=len(self.rows[0]))
        turned = tuple(zip(*cells, strict=True)) if len({len(row) for row in cells}) == 1 else ()
        if not self._fits(cells):
            if self._fits(turned) and self._judged(turned).outcome == "right":
                return _transposed()
            return wrong("matrix.shape", "matrix_shape", rows=len(self.rows), columns=len(self.rows[0]))
        found = self._judged(cells)
        if found.outcome in ("partly", "wrong") and self._fits(turned) and self._judged(turned).outcome == "right":
            return _transposed()
        return self._exchanged(cells, found) if found.outcome == "wrong" else found

    def _exchanged(self, cells: Cells, found: Judgement) -> Judgement:
        """All entries with the opposite sign, or the order of the letters turned round; else what was found."""
        if all(is_scalar(cell) for row in cells for cell in row) and self._judged(tuple(tuple(map(Neg, row)) for row in cells)).outcome == "right":
            return Judgement("wrong", 0.0, found.evidence, (Finding("A1", PHRASES.say("mistakes.A1.ask", {})),))
        if self._judged(tuple(row[::-1] for row in cells[::-1])).outcome == "right":
            return wrong("swapped", "swapped_plain")
        return found

    def _fits(self, cells: Cells) -> bool:
        return [len(row) for row in cells] == [len(row) for row in self.rows]

    def _judged(self, cells: Cells) -> Judgement:
        labels = [Sym(f"a_{i + 1}{j + 1}" if len(self.rows) < 10 and len(row) < 10 else f"a_{i + 1}_{j + 1}") for i, row in enumerate(self.rows) for j in range(len(row))]
        return judged([kind for row in self.rows for kind in row], [cell for row in cells for cell in row], labels, self.weights)

    def samples(self) -> Samples:
        """The entries in rows; one changed, a row too many."""
        good = [[kind.samples().right[0] for kind in row] for row in self.rows]
        bad = [[self.rows[0][0].samples().wrong[0], *good[0][1:]], *good[1:]]
        longer = [*good, ["1/7"] * len(good[0])]
        return Samples((_text(good), _semicolons(good), f"Matrix({_text(good)})", f"A = {_text(good)}"), (_text(bad), _text(longer), "1"), ("", "[[1, 2], [3", "[1, 2; 3, +]"))


def _transposed() -> Judgement:
    return Judgement("partly", TRANSPOSED, OTHER, (said("matrix.transposed", "transposed"),))


def _rows(form: Form) -> Cells | None:
    if not isinstance(form, Listing):
        return None
    rows = form.items
    wanted = ("set",) if form.kind == "set" else ("list", "tuple")  # {{1, 2}, {3, 4}} are rows in other programs
    if any((isinstance(row, Listing) and row.kind not in wanted) or (form.kind == "set" and not isinstance(row, Listing)) for row in rows):
        return None
    if any(isinstance(row, Listing) for row in rows):
        return tuple(row.children if isinstance(row, Listing) else (row,) for row in rows)
    return (rows,)


def _cells(text: str, row: Piece, names: Names) -> Listing:
    inside, start = row
    return Listing("list", tuple(piece_read(text, (cell, start + at), names).form for cell, at in cut(inside, ",")))


def _text(rows: list[list[str]]) -> str:
    return "[" + ", ".join("[" + ", ".join(row) + "]" for row in rows) + "]"


def _semicolons(rows: list[list[str]]) -> str:
    return "[" + "; ".join(", ".join(row) for row in rows) + "]" if len(rows) > 1 else _text(rows)
