"""A choice among options: one of them, or all that apply, with credit for a part.

>>> one = Choice(("B",), ("A", "B", "C"))
>>> [one.judge(one.understood(text).form).outcome for text in ("b", "(B)", "Answer: B", "C", "A, B")]
['right', 'right', 'right', 'wrong', 'wrong']
>>> many = Choice(("A", "C"), ("A", "B", "C", "D"), several=True)
>>> [(found := many.judge(many.understood(text).form)).outcome + f" {found.score}" for text in ("a, c", "CA", "A", "A and B", "A B C")]
['right 1.0', 'right 1.0', 'partly 0.5', 'wrong 0.0', 'partly 0.5']
>>> kinds = Choice(("saddle point",), ("minimum", "saddle point"))
>>> [kinds.judge(kinds.understood(text).form).outcome for text in ("Saddle point", "saddle point, minimum")]
['right', 'wrong']
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tutor.algebra.equal import Evidence
from tutor.errors import ReadError
from tutor.form.reading import Reading
from tutor.form.tree import Form, Listing, Sym
from tutor.grading.kinds.base import Judgement, Names, Samples, graded, said
from tutor.grading.kinds.pieces import gathered
from tutor.grading.kinds.typed import stripped
from tutor.grading.kinds.word import LONGEST, folded

_FRONT = re.compile(r"\s*(?:answers?|options?|choices?)\b\s*(?:is|are)?\s*:?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Choice:
    """The `right` options out of `options` (empty: whatever is typed is one); `several` may be chosen."""

    right: tuple[str, ...]
    options: tuple[str, ...] = ()
    several: bool = False

    def understood(self, text: str, names: Names = frozenset()) -> Reading:
        """The options that a text names, as a set. Raises `ReadError` for one that there is not."""
        if len(text) > LONGEST:
            raise self._fault(text[:LONGEST], (0, LONGEST))
        known = {folded(option): option for option in self.options or self.right}
        text = stripped(text) if "\\" in text or "$" in text else text
        front = _FRONT.match(text)
        start = front.end() if front else 0
        whole = folded(text[start:])
        if whole in known:
            return gathered(text, Listing("set", (Sym(whole),)), names=names)
        chosen = [self._option(text, match, known) for match in self._words.finditer(text[start:]) if folded(match.group()) != "and"] if start < len(text) else []
        if not chosen:
            raise ReadError("empty", "there is nothing to read", text, (0, len(text)), expected=self._expected())
        return gathered(text, Listing("set", tuple(map(Sym, dict.fromkeys(name for some in chosen for name in some)))), names=names)

    @property
    def _words(self) -> re.Pattern[str]:
        """What may name an option: one of several words as a whole, else a single word."""
        long = sorted((option for option in self.options if len(option.split()) > 1), key=len, reverse=True)
        return re.compile("|".join([*(rf"(?<!\w){re.escape(option)}(?!\w)" for option in long), r"[^\s,;/&+(){}\[\]]+"]), re.IGNORECASE)

    def _option(self, text: str, match: re.Match[str], known: dict[str, str]) -> list[str]:
        """The options that one word names: CA names two where options are single letters."""
        word = folded(match.group())
        if word in known or (word and not self.options):
            return [word]
        if self.several and len(word) > 1 and all(letter in known for letter in word):
            return list(word)
        start = text.find(match.group())
        raise self._fault(text, (start, start + len(match.group())))

    def _fault(self, text: str, span: tuple[int, int]) -> ReadError:
        return ReadError("choice", "this is none of the options", text, span, expected=self._expected())

    def _expected(self) -> str:
        return "one of " + ", ".join(self.options) if self.options else "an option"

    def judge(self, answer: Form) -> Judgement:
        """One: right or wrong. Several: a right one counts for, a wrong one against; never below nothing."""
        items = answer.items if isinstance(answer, Listing) else (answer,)
        chosen = {folded(str(item)) for item in items}
        wanted = set(map(folded, self.right))
        if not self.several:
            if len(chosen) > 1:
                return Judgement("wrong", 0.0, Evidence(False, "structure"), (said("choice.several", "choice_several"),))
            score = 1.0 if chosen <= wanted else 0.0
            return Judgement(graded(score), score, Evidence(bool(score), "structure"))
        good, bad = len(chosen & wanted), len(chosen - wanted)
        score = max(good - bad, 0) / len(wanted)
        findings = [] if score == 1 else [said("choice", "choice_many", good=good, bad=bad, missing=len(wanted) - good)]
        return Judgement(graded(score), score, Evidence(score == 1, "structure"), tuple(findings))

    def samples(self) -> Samples:
        """The right options; another one, or one too many."""
        others = [option for option in self.options if folded(option) not in set(map(folded, self.right))] or ([] if self.options else ["zz"])
        right = ", ".join(self.right) if self.several else self.right[0]
        more = ", ".join([right, *others[:1]])
        wrong = (*others[:1], *([more] if others else []), *([self.right[0]] if self.several and len(self.right) > 1 else []))
        return Samples((right, f" {right.lower()} ", f"({right})"), wrong, ("", " , ", *(["zzzz"] if self.options else [])))
