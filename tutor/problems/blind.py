"""Blind variants: numbers with which a mistake leads to the right answer, or two mistakes lead to the same one.

A question whose answer is 4 whether or not the inner derivative was forgotten cannot show that it was forgotten. The mistakes
are the catalogue's (one slip in the derivation, `tutor.grading.candidates`) and the author's. Some of them fall together whatever
the numbers are; only what happens by accident makes a variant blind: what most of a few fixed other variants of the family can tell apart.
Two mistakes of the catalogue that meet in one number are told apart by the grader's question, so they count only where more than half of all
mistakes are in such company. `seeded` draws a blind variant again, `check` counts them.

>>> from tutor.problems.library import load
>>> from tutor.problems.problem import problem_of
>>> from tutor.resources import find
>>> tank = load(find("templates", "stories/new.yaml"))
>>> sum(bool(collisions(problem_of(tank, rank))) for rank in tank.space.ranks("", 1000)) < tank.space.size/2
True
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import combinations, islice
from typing import TYPE_CHECKING

from tutor.calculus.differentiate import Derivation
from tutor.errors import TutorError
from tutor.form.evaluate import evaluate
from tutor.form.tree import Form, Listing
from tutor.grading.candidates import singles
from tutor.grading.fingerprints import Place

if TYPE_CHECKING:
    from tutor.problems.family import Family
    from tutor.problems.problem import Problem, Question

Print = tuple[float, ...]
Pair = tuple[int, str, str]
"""The number of a question and two mistakes; the second is empty where the first leads to the right answer."""
_REFERENCES = 8
_NEEDED = 3
_SCALES = (1.0, 0.3, 3.0, -1.0, 10.0)
"""How far from zero functions are compared: near it, where an exponential does not drown everything else, or as far as it takes to have values."""
_DIGITS = 9
_AUTHOR = " of the author"


_KEPT: dict[int, tuple[Derivation, tuple[tuple[str, Form], ...]]] = {}
"""By the identity of a derivation, which is kept beside it."""
_MOST_KEPT = 1024


def slips(derivation: Derivation) -> tuple[tuple[str, Form], ...]:
    """The wrong answers of one slip with the ids of the mistakes; those of the last derivations are kept."""
    found = _KEPT.get(id(derivation))
    if found is None:
        while len(_KEPT) >= _MOST_KEPT:
            del _KEPT[next(iter(_KEPT))]
        found = _KEPT[id(derivation)] = derivation, tuple((one.slips[0].mistake, one.value) for one in singles(derivation))
    return found[1]


def pairs(problem: Problem) -> frozenset[Pair]:
    """Which mistakes cannot be told from the right answer, or from each other; questions whose author allows that (`allow: [blind]`) do not count."""
    asked = ((k, question) for k, question in enumerate(problem.questions) if "blind" not in question.source.allow)
    return frozenset((k, one, other) for k, question in asked for one, other in _question_pairs(question))


def _question_pairs(question: Question) -> Iterator[tuple[str, str]]:
    right, wrong = _prints(question)
    yield from ((mistake, "") for mistake, prints in wrong.items() if prints == {right})
    alike = [(one, other) for one, other in combinations(sorted(wrong), 2) if wrong[one] & wrong[other]]
    unclear = {mistake for pair in alike for mistake in pair}
    yield from (pair for pair in alike if 2 * len(unclear) > len(wrong) or any(mistake.endswith(_AUTHOR) for mistake in pair))


def _clear_pairs(question: Question) -> Iterator[tuple[str, str]]:
    """Which mistakes can be told from the right answer, and from each other."""
    right, wrong = _prints(question)
    yield from ((mistake, "") for mistake, prints in wrong.items() if prints != {right})
    yield from ((one, other) for one, other in combinations(sorted(wrong), 2) if not wrong[one] & wrong[other])


def _authored(question: Question) -> dict[str, Form]:
    return {one.id + _AUTHOR: question.worked_out(one.answer, one.node).key for one in question.source.mistakes}


def _prints(question: Question) -> tuple[Print, dict[str, set[Print]]]:
    """The fingerprints of the right answer and of each mistake: values at the point, or at a few places."""
    wrong: dict[str, set[Print]] = {}
    found = question.answer
    if question.source.finds_error:
        return (), wrong
    point = found.point or (found.about.point if found.about is not None else None)
    places = _places(point, found.key)
    if len(found.derivations) == 1:
        for mistake, value in slips(found.derivations[0]):
            wrong.setdefault(mistake, set()).add(_print(value, places))
    right = _print(found.key, places)
    for name, form in _authored(question).items():
        wrong.setdefault(name, set()).add(_print(form, places))
    return right, wrong


def _places(point: Mapping[str, Form] | None, key: Form) -> tuple[Place, ...]:
    """The point of the question; where there is none, places near zero at which the right answer has a value of ordinary size."""
    if point:
        return (Place({name: evaluate(value, {}) for name, value in point.items()}),)
    if not key.free:
        return _FREE[:_NEEDED]
    parts = _parts(key)
    found = tuple(islice((place for place in _FREE if all(abs(place.value(part)) < _HUGE for part in parts)), _NEEDED))
    return found if len(found) == _NEEDED else _FREE[:_NEEDED]


_HUGE = 1e5
_FREE = tuple(
    Place({name: scale * (0.7310586 + 0.2142136 * k + 0.0131 * (ord(name) - 96)) for name in (*map(chr, range(97, 123)), *map(chr, range(65, 91)))})
    for scale in _SCALES for k in range(3)
)  # fmt: skip


def _print(form: Form, places: tuple[Place, ...]) -> Print:
    """The values of a form, rounded so that equal ones are equal."""
    parts = _parts(form)
    return tuple(_rounded(place.value(part)) for part in parts for place in (places if part.free else places[:1]))


def _parts(form: Form) -> tuple[Form, ...]:
    return tuple(part for item in form.items for part in _parts(item)) if isinstance(form, Listing) else (form,)


def _rounded(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}") + 0.0


def clear(problem: Problem) -> frozenset[Pair]:
    """What most of a few fixed variants of the family can tell apart."""
    kept: dict[str, frozenset[Pair]] = problem.family.kept
    if "clear" not in kept:
        kept["clear"] = _clear(problem.family)
    return kept["clear"]


def _clear(family: Family) -> frozenset[Pair]:
    from tutor.problems.problem import problem_of

    counted: Counter[Pair] = Counter()
    ranks = {family.space.seeded(f"{family.id}/reference/{k}") for k in range(_REFERENCES)}
    for rank in ranks:
        try:
            counted.update((k, *pair) for k, question in enumerate(problem_of(family, rank).questions) for pair in _clear_pairs(question))
        except TutorError:
            continue
    return frozenset(pair for pair, times in counted.items() if 2 * times >= len(ranks))


def collisions(problem: Problem) -> frozenset[Pair]:
    """The mistakes that this variant cannot tell apart, and most others can."""
    try:
        found = pairs(problem)
        return found & clear(problem) if found else found
    except TutorError:
        return frozenset()


__all__ = ["Pair", "clear", "collisions", "pairs", "slips"]
