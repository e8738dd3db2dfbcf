"""Hints, one at a time, from the derivation tree: structure, a smaller piece, the rule, the first part.

The answer is never among them: no hint shows a value that the learner is asked for.

>>> from tutor.calculus.differentiate import differentiate
>>> for hint in hints(differentiate("x^2*sin(3x)")):
...     print("".join(map(str, hint.phrase)))
Look at the outermost operation: two factors multiplied. Which rule belongs to it?
First a smaller one: what is the derivative of x^2?
The product rule keeps one factor while the other is differentiated. You need two terms.
The first part is diff(x^2, x)*sin(3*x). What is diff(x^2, x)?
For sin(3*x): outer sin(u), inner u = 3*x. Differentiate the outer function, keep the inside as it is. What must still be multiplied on?
"""

from __future__ import annotations

from tutor.calculus.differentiate import Derivation
from tutor.calculus.tree import Step
from tutor.exposition.derivation import step_values
from tutor.exposition.doc import Paragraph, Phrase
from tutor.exposition.naming import Letters, kind
from tutor.exposition.phrases import PHRASES
from tutor.form.tree import Add, Deriv, Form, Neg

_NO_WORDS = frozenset(("constant", "identity"))


def hints(derivation: Derivation) -> tuple[Paragraph, ...]:
    """All hints for the last order of a derivation, from the vaguest to the most definite."""
    letters = Letters(derivation.function, derivation.variable)
    found: list[Phrase] = []
    step = derivation.root
    while step.rewrite is not None:
        found += [_say("structure", step, letters[0]), _say("form", step, letters[0])]
        step = step.steps[0]
    found.append(_say("structure", step, letters[0]))
    part = smaller(derivation)
    if part is not None:
        found.append(PHRASES.say("hint.smaller", {"part": part}))
    found.append(_say("form", step, letters[0]))
    found.extend(_pieces(step))
    for child in dict.fromkeys(step.steps):
        if child.rule not in (*_NO_WORDS, "table"):
            form = _say("form", child, letters[1] if step.rule == "chain" else letters[0])
            found.append(PHRASES.say("hint.part", {"part": child.before, "hint": _lowered(form)}))
    return tuple(Paragraph(phrase, "hint") for phrase in dict.fromkeys(found))


def smaller(derivation: Derivation) -> Form | None:
    """A part whose derivative can be asked for first; None where every part is a constant or the letter itself.

    >>> from tutor.calculus.differentiate import differentiate
    >>> str(smaller(differentiate("x^2*sin(3x)")))
    'x^2'
    """
    step = derivation.root
    while step.rewrite is not None:
        step = step.steps[0]
    return next((child.before for child in step.steps if child.rule not in _NO_WORDS), None)


def _say(which: str, step: Step, letter: str) -> Phrase:
    return PHRASES.say(f"rules.{kind(step)}.{which}", step_values(step, letter))


def _lowered(phrase: Phrase) -> Phrase:
    first, *rest = phrase
    return (first[:1].lower() + first[1:], *rest) if isinstance(first, str) else phrase


def _pieces(step: Step) -> list[Phrase]:
    """The first term of the rule's right side, with its derivative still open."""
    if not isinstance(step.pattern, Add) or step.rule not in ("product", "sum"):
        return []
    first = step.pattern.terms[0]
    piece = first.operand if isinstance(first, Neg) else first
    openings = [part for part in (piece, *piece.children) if isinstance(part, Deriv)]
    return [PHRASES.say("hint.piece", {"piece": piece, "open": openings[0]})] if openings and piece is not openings[0] else []
