"""A vector, such as a gradient: entry by entry, in their order.

>>> from tutor import read
>>> from tutor.grading.kinds.number import Number
>>> uphill = Vector((Number(read("-6")), Number(read("-4"))), ("x", "y"))
>>> [uphill.judge(read(text)).outcome for text in ("(-6, -4)", "[-6, -4]", "(-6, 4)", "(-4, -6)")]
['right', 'right', 'partly', 'wrong']
>>> [uphill.judge(read(text)).findings[0].mistake for text in ("(-4, -6)", "-10", "(-6, -4, 0)", "(6, 4)")]
['M8', 'M9', 'vector.length', 'A1']
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import permutations

from tutor.exposition.phrases import PHRASES
from tutor.form.reading import Reading
from tutor.form.tokens import check_length
from tutor.form.tree import ONE, ZERO, Form, Listing, Mul, Neg, Relation, Sym, total
from tutor.form.walk import substitute
from tutor.grading.equality import settled
from tutor.grading.kinds.base import OTHER, Judgement, Kind, Names, Samples, bare, is_scalar, said, wrong
from tutor.grading.kinds.entries import judged, numbered
from tutor.grading.kinds.expression import Expression
from tutor.grading.kinds.number import Number
from tutor.grading.kinds.pieces import assembled, cut, gathered, piece_read
from tutor.grading.kinds.typed import read_answer, with_points
from tutor.grading.verdict import Finding

TRANSPOSED = 0.5
"""For the right entries in a row where a column is meant, or the other way round."""
_MOST_SHUFFLED = 4
_NABLA = re.compile(r"\s*(?:(?:\\nabla|∇)\s*\w*|grad\s*\w?)\s*(?:\([^()]*\))?\s*=")
_COLUMN = re.compile(r"([)\]])\s*(\^\s*(?:T|\{\s*T\s*\}|\\top|\{\s*\\top\s*\})|ᵀ)\s*$")
"""(1, 2)^T is the column of a row."""
_UNIT_LETTER = re.compile(r"\\(?:hat|vec|mathbf|boldsymbol|bm)\s*\{\s*\\?([ijk])(?:math)?\s*\}")
_HATS = str.maketrans("îĵ", "ij")
_ANGLES = str.maketrans("⟨⟩〈〉;", "()(),")


@dataclass(frozen=True, slots=True)
class Vector:
    """Entries in an order, each with its kind; `letters` name them (of a gradient: the variables).

    `explain` looks for one mistake behind all entries of a wrong answer, where it is known how the right ones come about.
    """

    entries: tuple[Kind, ...]
    letters: tuple[str, ...] = ()
    weights: tuple[float, ...] = ()
    explain: Callable[[tuple[Form, ...]], tuple[Finding, ...]] | None = None

    def understood(self, text: str, names: Names = frozenset()) -> Reading:
        """As mathematics; ∇f = in front, angle brackets, semicolons, and no brackets at all are fine too. Raises `ReadError`."""
        check_length(text)
        typed, text = text, with_points(text)
        text = _UNIT_LETTER.sub(lambda match: match[1].ljust(len(match.group())), text).translate(_HATS)
        plain = _NABLA.sub(lambda match: " " * len(match.group()), text, count=1)
        plain = re.sub(r"^(\s*)<(.*)>(\s*)$", r"\1(\2)\3", plain)
        plain = plain.translate(_ANGLES) if "\\" not in plain else plain
        plain = _COLUMN.sub(lambda match: match[1] + " " * len(match[2]), plain)
        pieces = cut(plain, ",") if "\\" not in plain else []
        if len(pieces) > 1:
            return assembled(typed, pieces, "tuple", names)
        return read_answer(typed, names) if plain == typed else gathered(typed, piece_read(typed, (plain, 0), names).form, names=names)

    def judge(self, answer: Form) -> Judgement:
        """Each entry for itself; swapped entries, a number, and a wrong length are told apart."""
        given = _value(answer)
        if not isinstance(given, Listing) and (parts := self._in_units(bare(given))) is not None:
            given = Listing("tuple", parts)
        if not isinstance(given, Listing):
            return self._no_vector(given)
        if given.kind == "matrix":
            return self._matrix(given)
        if given.kind == "set":
            return wrong("vector.set", "vector_set")
        found = judged_or_none(self, given.items)
        if found is None:
            return wrong("vector.length", "vector_length", count=len(self.entries), yours=len(given.items))
        if found.outcome in ("right", "undecided"):
            return found
        if self.explain is not None and (mistakes := self.explain(given.items)):
            return Judgement(found.outcome, found.score, found.evidence, (*found.findings[:1], *mistakes) if found.score else mistakes)
        special = self._swapped(given.items) if found.outcome == "wrong" else None
        return found if special is None else Judgement("wrong", 0.0, found.evidence, (special,))

    def _swapped(self, items: tuple[Form, ...]) -> Finding | None:
        """All entries are there in another order, or all have the opposite sign."""
        if not all(map(is_scalar, items)):
            return None
        if len(items) > 1 and all(entry.judge(Neg(item)).outcome == "right" for entry, item in zip(self.entries, items, strict=True)):
            return Finding("A1", PHRASES.say("mistakes.A1.ask", {}))
        for order in permutations(items) if len(items) <= _MOST_SHUFFLED else (items[::-1],):
            if order != items and all(entry.judge(item).outcome == "right" for entry, item in zip(self.entries, order, strict=True)):
                return said("M8", "swapped", letter=Sym(self.letters[0])) if self.letters else said("swapped", "swapped_plain")
        return None

    def _in_units(self, given: Form) -> tuple[Form, ...] | None:
        """The entries of a sum such as 3i − 4j; None where it is none, or where i, j, k are letters of the key."""
        units = ("i", "j", "k")[: len(self.entries)]
        keys = [entry.key for entry in self.entries if isinstance(entry, Expression | Number)]
        if not 2 <= len(self.entries) <= 3 or not is_scalar(given) or given.free.isdisjoint(units) or any(not key.free.isdisjoint(units) for key in keys):
            return None
        parts = tuple(substitute(given, {other: ONE if other == unit else ZERO for other in units}) for unit in units)
        return parts if settled(given, total(Mul((part, Sym(unit))) for part, unit in zip(parts, units, strict=True))).equal else None

    def _no_vector(self, given: Form) -> Judgement:
        keys = [entry.key for entry in self.entries if isinstance(entry, Expression | Number)]
        if is_scalar(given) and len(keys) == len(self.entries) > 1 and settled(given, total(keys)).equal:
            return Judgement("wrong", 0.0, OTHER, (said("M9", "collapsed"),))
        return wrong("kind.vector", "not_vector", count=len(self.entries))

    def _matrix(self, given: Listing) -> Judgement:
        """A row [[a, b]] has the right entries in the wrong shape."""
        cells = [cell for row in given.items for cell in row.children]
        found = judged_or_none(self, cells)
        if found is not None and found.outcome == "right":
            return Judgement("partly", TRANSPOSED, OTHER, (said("vector.transposed", "transposed_vector"),))
        return wrong("kind.vector", "not_vector", count=len(self.entries))

    def samples(self) -> Samples:
        """The entries as a tuple and as a list; one changed, swapped, one too many, none at all."""
        parts = [entry.samples() for entry in self.entries]
        good = [part.right[0] for part in parts]
        bad = [parts[0].wrong[0], *good[1:]]
        return Samples(
            (f"({', '.join(good)})", f"[{', '.join(good)}]", f"v = ({'; '.join(good)})" if len(good) > 1 else good[0], ", ".join(good) if len(good) > 1 else good[0]),
            (f"({', '.join(bad)})", f"({', '.join([*good, good[0]])})", "1/7"),
            ("", "(1, 2", "(1, +)"),
        )


def judged_or_none(vector: Vector, items: Sequence[Form]) -> Judgement | None:
    """The entries judged; None where there are more or fewer than asked for."""
    if len(items) != len(vector.entries):
        return None
    labels = tuple(map(Sym, vector.letters)) if len(vector.letters) == len(items) else numbered(len(items))
    return judged(vector.entries, items, labels, vector.weights)


def _value(answer: Form) -> Form:
    """What an equation such as grad(f) = (2x, 4y) or g = (2x, 4y) states."""
    match answer:
        case Relation((_, Listing() as value), ("=",)):
            return value
    return answer
