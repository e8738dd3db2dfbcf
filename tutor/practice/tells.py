"""What a question can tell: which mistakes show in it, and which of them look the same.

A mistake is carried through the derivation wherever it can be made (`tutor.grading.candidates`), through a computation by hand, or was foreseen by
the author; two mistakes with the same wrong answer are told apart by another question only.

>>> from tutor.problems.library import Library
>>> told = tells(Library().problem("product-rule/two-polynomials", 1).questions[0])
>>> any("R1" in one for one in told), all(not (one & other) for one in told for other in told if one is not other)
(True, True)
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator

from tutor.calculus.differentiate import Derivation
from tutor.errors import TutorError
from tutor.form.evaluate import evaluate
from tutor.form.tree import Form, Listing
from tutor.grading.candidates import carried, everywhere, misreadings, singles
from tutor.grading.fingerprints import Place
from tutor.grading.question import question as asked_for
from tutor.grading.selection import computation
from tutor.problems.answers import CALLS
from tutor.problems.calls.optima import TABLE as SOLVED
from tutor.problems.problem import Problem, Question

Told = tuple[frozenset[str], ...]
"""The mistakes that show in a question, those with the same wrong answer together."""
_PLACES = tuple(Place({name: (0.7310586 + 0.4142136 * k) * (1 + 0.17 * (ord(name) - 96)) for name in map(chr, range(97, 123))}) for k in range(3))
_DIGITS = 9
SWAPPED = "M8"
"""The entries of a gradient in another order."""
_WORKED_OUT = CALLS.keys() - SOLVED.keys()
"""Calls whose answers come without SymPy, so that it is quickly seen what shows in them."""


def wrong_values(derivation: Derivation) -> dict[str, Form]:
    """What each mistake leads to, made at every step where it can be made."""
    once = (*singles(derivation), *misreadings(derivation), *carried(derivation))
    found = {one.slips[0].mistake: one.value for one in reversed(once)}
    return found | {one.slips[0].mistake: one.value for one in everywhere(derivation)}


def wrong_answers(question: Question) -> Iterator[tuple[str, tuple[Form, ...]]]:
    """Each mistake with the answer to which it leads, entry by entry. Raises `TutorError` where the question cannot be worked out."""
    if question.source.finds_error:
        return
    found = question.answer
    derivations = asked_for(found.asked).results if found.asked.hessian_of is not None else found.derivations
    entries = [(one.value, wrong_values(one)) for one in derivations]
    for mistake in dict.fromkeys(name for _, wrong in entries for name in wrong):
        yield mistake, tuple(wrong.get(mistake, right) for right, wrong in entries)
    if found.asked.gradient_of is not None and len(entries) == 2:
        yield SWAPPED, tuple(right for right, _ in reversed(entries))
    if found.asked.formula is not None:
        yield from ((mistake, forms) for mistake, forms, _ in computation(found.asked).wrong)
    for one in question.source.mistakes:
        yield one.id, _parts(question.worked_out(one.answer, one.node).key)


def tells(question: Question) -> Told:
    """Which mistakes show in a question, those with the same wrong answer together; none where they are not known."""
    if not _has_mistakes(question):
        return ()
    try:
        places = _places(question)
        right = _print(_parts(question.answer.key), places)
        told: dict[tuple[float, ...], set[str]] = {}
        for mistake, forms in wrong_answers(question):
            told.setdefault(_print(forms, places), set()).add(mistake)
    except TutorError:
        return ()
    return tuple(frozenset(names) for print_, names in told.items() if print_ != right and all(map(math.isfinite, print_)))


def _has_mistakes(question: Question) -> bool:
    """Whether mistakes of the catalogue are known for a question; what has to be solved first (by SymPy) is not worked out to see that."""
    source = question.source
    words = set(re.findall(r"[a-z]+", source.answer))
    return not source.finds_error and not words & SOLVED.keys() and (bool(words & _WORKED_OUT) or any(one.id[1:].isdigit() for one in source.mistakes))


def told_by(problem: Problem) -> tuple[Told, ...]:
    """What each question of a problem can tell."""
    return tuple(map(tells, problem.questions))


def _places(question: Question) -> tuple[Place, ...]:
    found = question.answer
    point = found.point or (found.about.point if found.about is not None else None)
    return (Place({name: evaluate(value, {}) for name, value in point.items()}),) if point else _PLACES


def _parts(form: Form) -> tuple[Form, ...]:
    return tuple(part for item in form.items for part in _parts(item)) if isinstance(form, Listing) else (form,)


def _print(forms: Iterable[Form], places: tuple[Place, ...]) -> tuple[float, ...]:
    """Values, rounded so that equal ones are equal."""
    return tuple(float(f"{place.value(form):.{_DIGITS}g}") + 0.0 for form in forms for place in (places if form.free else places[:1]))


__all__ = ["Told", "tells", "told_by", "wrong_answers", "wrong_values"]
