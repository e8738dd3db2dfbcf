"""Mistakes that an author expects: a wrong answer with a sentence, reported where an answer equals it.

>>> from tutor.grading.check import check
>>> expected = [Mistake("per_cent", "12", "Is that a share, or a number of per cent?")]
>>> check("24/2", "0.12", mistakes=expected).findings[-1].mistake
'per_cent'
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tutor.errors import RequestError
from tutor.exposition.doc import Phrase
from tutor.exposition.phrases import PHRASES
from tutor.form.reading import Reading
from tutor.form.tree import Form
from tutor.grading.kinds.base import Judgement, Kind, Names, Samples
from tutor.grading.verdict import Finding

_KEPT = frozenset(("witness", "entries"))
"""Findings that say where an answer is wrong, and not why: they stay beside the author's sentence."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """A wrong answer as a text in the question's letters, with a stable id and a sentence.

    The sentence may be left out where the id is one of the catalogue whose own sentence speaks of no step.
    """

    id: str
    answer: str
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """Another kind, with wrong answers that the author expects, each as a kind of its own."""

    kind: Kind
    mistakes: tuple[tuple[Kind, Finding], ...]

    def understood(self, text: str, names: Names = frozenset()) -> Reading:
        """As the kind reads. Raises `ReadError`."""
        return self.kind.understood(text, names)

    def judge(self, answer: Form) -> Judgement:
        """As the kind judges; of a wrong answer that was foreseen the author's sentence."""
        found = self.kind.judge(answer)
        if found.outcome not in ("wrong", "partly"):
            return found
        told = next((finding for kind, finding in self.mistakes if kind.judge(answer).outcome == "right"), None)
        if told is None:
            return found
        return replace(found, said=(*(finding for finding in found.findings if finding.mistake in _KEPT), told))

    def samples(self) -> Samples:
        """Those of the kind."""
        return self.kind.samples()


def foreseen(kind: Kind, mistakes: Sequence[tuple[Mistake, Kind]], names: Names = frozenset()) -> Kind:
    """The kind with the author's mistakes, each with its answer as a kind of its own.

    Raises `ReadError` for an answer that cannot be read, and `RequestError` for one that is right or has no sentence.
    """
    for mistake, _ in mistakes:
        if kind.judge(kind.understood(mistake.answer, names).form).outcome == "right":
            raise RequestError("mistakes", f"the answer {mistake.answer!r} of the mistake {mistake.id!r} is right", advice="Give an answer that is wrong.")
    return Foreseen(kind, tuple((wrong, Finding(mistake.id, _sentence(mistake))) for mistake, wrong in mistakes)) if mistakes else kind


def _sentence(mistake: Mistake) -> Phrase:
    key = f"mistakes.{mistake.id}.ask"
    if mistake.sentence.strip():
        return (mistake.sentence,)
    if not PHRASES.is_fixed(key):
        raise RequestError("mistakes", f"the mistake {mistake.id!r} has no sentence", advice="Write a question that the learner can answer, and not the answer.")
    return PHRASES.say(key, {})


__all__ = ["Foreseen", "Mistake", "foreseen"]
