"""An answer whose text can be read in two ways, one of them right: the verdict asks for brackets instead of failing it.

1/2x is read as (1/2)·x. Where 1/(2x) is right, nobody can know whether the answer or its spelling is wrong. Such an answer is
`undecided`, with the finding `ambiguous`: it is not accepted and costs no attempt. An answer that is right as it was read stays
right, whatever else it could mean.

>>> from tutor import read, understand
>>> from tutor.algebra.equal import by_samples
>>> key = read("1/(2x)")
>>> verdict = asked(Verdict("wrong", 0.0, reading=understand("1/2x")), lambda form: by_samples(form, key).equal is True)
>>> verdict.outcome, [finding.mistake for finding in verdict.findings]
('undecided', ['ambiguous'])
"""

from __future__ import annotations

from collections.abc import Callable

from tutor.exposition.phrases import PHRASES
from tutor.form.reading import Alternative, Reading
from tutor.form.tree import Form
from tutor.grading.verdict import Finding, Verdict

SPELLED = frozenset(("scientific", "split", "applied", "indexed", "leibniz", "inverse", "common_log", "grouped"))
"""Conventions about a name or a sign: brackets alone do not settle them."""


def meant(reading: Reading, is_right: Callable[[Form], bool]) -> Alternative | None:
    """The first other reading of a text that would be right."""
    return next((other for other in reading.alternatives if is_right(other.form)), None)


def asked(verdict: Verdict, is_right: Callable[[Form], bool]) -> Verdict:
    """The verdict; where it refuses a text of which another reading would be right, one that asks for brackets."""
    if verdict.outcome not in ("wrong", "partly", "undecided") or verdict.reading is None:
        return verdict
    other = meant(verdict.reading, is_right)
    if other is None:
        return verdict
    return Verdict("undecided", 0.0, (finding(verdict.reading.form, other.form, other.convention),), reading=verdict.reading)


def finding(taken: Form, other: Form, convention: str = "") -> Finding:
    """The finding that names both readings and asks for a text that has only one."""
    sentence = "verdict.spelling" if convention in SPELLED else "verdict.brackets"
    return Finding("ambiguous", PHRASES.say(sentence, {"taken": taken, "other": other}))
