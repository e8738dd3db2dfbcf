"""A word, or yes and no: case, spaces and hyphens are forgiven, and each answer may have several spellings.

A text that is none of the answers that make sense (where these are known) is unreadable, not wrong: a slip of the pen costs nothing.

>>> kind = Word(("saddle point", "saddle"), ("minimum", "maximum"))
>>> [kind.judge(kind.understood(text).form).outcome for text in ("Saddle  Point", "saddle-point", "maximum")]
['right', 'right', 'wrong']
>>> truth = boolean(True)
>>> [truth.judge(truth.understood(text).form).outcome for text in ("True", "yes", "NO")]
['right', 'right', 'wrong']
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import dataclass

from tutor.algebra.equal import Evidence
from tutor.errors import ReadError
from tutor.form.reading import Reading
from tutor.form.tree import Form, Sym
from tutor.grading.kinds.base import Judgement, Names, Samples, wrong
from tutor.grading.kinds.pieces import gathered

LONGEST = 200
YES = ("true", "yes", "y", "t", "right", "correct")
NO = ("false", "no", "n", "f", "wrong", "incorrect")


@dataclass(frozen=True, slots=True)
class Word:
    """`accepted` spellings of the answer; `others` are answers that make sense and are wrong (empty: any text is)."""

    accepted: tuple[str, ...]
    others: tuple[str, ...] = ()

    def understood(self, text: str, names: Names = frozenset()) -> Reading:
        """The word without case, spaces and hyphens. Raises `ReadError` for what is none of the words that are known."""
        word = folded(text)
        known = [*self.accepted, *self.others]
        if not word:
            raise ReadError("empty", "there is nothing to read", text[:LONGEST], (0, 0), expected="a word")
        if len(text) > LONGEST or (self.others and word not in map(folded, known)):
            near = difflib.get_close_matches(word[:LONGEST], [folded(one) for one in known], 1, 0.75)
            suggestion = next((one for one in known if near and folded(one) == near[0]), "")
            raise ReadError("word", "this is none of the possible answers", text[:LONGEST], (0, min(len(text), LONGEST)), expected=_among(known), suggestion=suggestion)
        return gathered(text, Sym(word), names=names)

    def judge(self, answer: Form) -> Judgement:
        """Right where it is one of the accepted spellings."""
        if isinstance(answer, Sym) and answer.name in map(folded, self.accepted):
            return Judgement("right", 1.0, Evidence(True, "structure"))
        return wrong("word", "word")

    def samples(self) -> Samples:
        """The spellings in other cases; other words."""
        right = tuple(text for word in self.accepted for text in (word, f"  {word.upper()} "))
        return Samples(right, self.others or ("7", f"{self.accepted[0]}x"), ("", "  ", *(["zzzz"] if self.others else [])))


def boolean(value: bool) -> Word:
    """Yes or no, in the usual spellings."""
    return Word(YES, NO) if value else Word(NO, YES)


def folded(text: str) -> str:
    """A word without accents, case, spaces, hyphens and the full stop behind it; other signs stay out as well.

    >>> folded(" Saddle-Point. "), folded("naïve")
    ('saddlepoint', 'naive')
    """
    plain = unicodedata.normalize("NFKD", text[: 2 * LONGEST]).casefold()
    return re.sub(r"[^\w]|_", "", "".join(sign for sign in plain if not unicodedata.combining(sign)))


def _among(known: list[str]) -> str:
    shown = known if len(known) <= 6 else [*known[:6], "…"]
    return "one of " + ", ".join(shown)
