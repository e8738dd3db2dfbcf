"""Wrong answers with their diagnosis, from the derivation tree.

Every rule knows what learners do instead of it (`Rule.mistakes`). When one step of a derivation takes such
a variant and everything above it is computed rightly from there, the result is a wrong answer, and the
step and the variant are its diagnosis. Then two steps go wrong, then one mistake is made at every step.

A variant whose result is the right answer is no mistake, and none is reported. Candidates are compared by
their values at a few points first; what agrees there is confirmed in balls.

>>> from tutor import differentiate, read
>>> found = diagnoses(differentiate("sin(x^2)"), read("cos(x^2)"))
>>> [(slip.mistake, str(slip.step.before)) for slip in found[0].slips]
[('C1', 'sin(x^2)')]
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, islice
from typing import Any

from tutor.algebra.equal import by_samples
from tutor.calculus.differentiate import Derivation, differentiate
from tutor.calculus.tree import Step, Variant
from tutor.exposition.derivation import step_values
from tutor.exposition.doc import Phrase
from tutor.exposition.phrases import PHRASES
from tutor.form.evaluate import FLOATS, compute, evaluate, sample_points
from tutor.form.tree import TWO, Add, Div, Form, Neg, Pow, Sym, product, total
from tutor.grading.verdict import Finding

MOST_PAIRS = 200
"""Pairs of slips that are tried."""
_CLOSE = 1e-9
_LARGEST = 400
"""Answers with more nodes than this are not differentiated to see whether they are an antiderivative."""
_POINTS = 3


@dataclass(frozen=True, slots=True)
class Slip:
    """One step at which a variant was taken in the place of the rule."""

    mistake: str
    step: Step


@dataclass(frozen=True, slots=True)
class Candidate:
    """A wrong answer and how one comes to it."""

    value: Form
    slips: tuple[Slip, ...]


def candidates(derivation: Derivation) -> Iterator[Candidate]:
    """Wrong answers: of one slip, then of one mistake made at every step, then of two slips."""
    slips = _slips(derivation)
    yield from _single(derivation, slips)
    yield from _everywhere(derivation, slips)
    pairs = (pair for pair in combinations(slips, 2) if pair[0].step is not pair[1].step)
    for pair in islice(pairs, MOST_PAIRS):
        yield from _candidate(derivation, pair)


def _everywhere(derivation: Derivation, slips: Sequence[Slip]) -> Iterator[Candidate]:
    """One mistake, made at every step where it can be made."""
    for mistake in dict.fromkeys(slip.mistake for slip in slips):
        same = tuple(slip for slip in slips if slip.mistake == mistake)
        if len(same) > 1:
            yield from _candidate(derivation, same)


def _single(derivation: Derivation, slips: Sequence[Slip]) -> Iterator[Candidate]:
    for slip in slips:
        yield from _candidate(derivation, (slip,))


def _slips(derivation: Derivation) -> list[Slip]:
    """Every step with every variant that is a mistake there."""
    return [
        Slip(mistake, step) for step in derivation.root.walk() for mistake, variant in step.theorem.mistakes.items()
        if variant(step.match, tuple(child.after for child in step.steps)) is not None
    ]  # fmt: skip


def _candidate(derivation: Derivation, slips: tuple[Slip, ...]) -> Iterator[Candidate]:
    value = _folded(derivation.root, {id(slip.step): slip.step.theorem.mistakes[slip.mistake] for slip in slips})
    if value is not None:
        yield Candidate(value, slips)


def _folded(root: Step, replaced: Mapping[int, Variant]) -> Form | None:
    """The value of a tree in which some steps take a variant; None where a variant does not apply there."""
    done: dict[int, Form] = {}
    for step in root.walk():
        below = tuple(done[id(child)] for child in step.steps)
        variant = replaced.get(id(step))
        if variant is not None:
            wrong = variant(step.match, below)
            if wrong is None:
                return None
            done[id(step)] = wrong
        elif all(value is child.after for value, child in zip(below, step.steps, strict=True)):
            done[id(step)] = step.after
        else:
            done[id(step)] = step.theorem.value(step.match, below)
    return done[id(root)]


def diagnoses(derivation: Derivation, answer: Form, right: Form | None = None) -> tuple[Candidate, ...]:
    """The simplest explanations of a wrong answer: all candidates with the fewest slips that give it; none for a right one."""
    key = derivation.value if right is None else right
    places = _places(key, answer)
    if not places or all(place.agree(answer, key) for place in places):
        return ()
    found: list[Candidate] = []
    for candidate in candidates(derivation):
        if found and len(candidate.slips) > len(found[0].slips):
            break
        fits = all(place.agree(candidate.value, answer) for place in places)
        if fits and not all(place.agree(candidate.value, key) for place in places) and by_samples(candidate.value, answer, derivation.conditions).equal:
            found.append(candidate)
    return tuple({tuple(slip.mistake for slip in one.slips): one for one in reversed(found)}.values())[::-1]


def findings(derivation: Derivation, answer: Form, key: Form) -> tuple[Finding, ...]:
    """What to say about a wrong derivative: the mistake, as a question; where two explain it equally well, a question that separates them."""
    found = _outermost(diagnoses(derivation, answer, key))
    return _said(found) if found else tuple(islice(_misreadings(derivation, answer, key), 1))


def _said(found: Sequence[Candidate]) -> tuple[Finding, ...]:
    """One finding for each slip of the explanation, none without one; a question between the first two where several explain it equally well."""
    if not found:
        return ()
    if len(found) > 1 and all(len(one.slips) == 1 for one in found):
        first, second = (_asked(one.slips[0]) for one in found[:2])
        said = PHRASES.say("grade.either", {"first": first, "second": second})
        return (Finding(" or ".join(one.slips[0].mistake for one in found[:2]), said, found[0].slips[0].step.before),)
    return tuple(Finding(slip.mistake, _asked(slip), slip.step.before) for slip in _distinct(found[0].slips))


def value_findings(derivation: Derivation, point: Mapping[str, Form], answer: Form, key: Form) -> tuple[Finding, ...]:
    """What to say about a wrong value of a derivative at a point: another question answered, a sign lost, or one slip in the derivation.

    One number can come about in many ways, so only slips at one step count here, or one mistake that is made throughout.
    """
    place = _Place({name: evaluate(value, {}) for name, value in point.items()})
    wanted, correct = evaluate(answer, {}), evaluate(key, {})

    def gives(form: Form) -> bool:
        value = place.value(form)
        return _close(value, wanted) and not _close(value, correct)

    if gives(derivation.chain[0].function):
        return (Finding("I1", PHRASES.say("mistakes.I1.ask", {})),)
    if _close(-correct, wanted):
        return (Finding("I6", PHRASES.say("mistakes.I6.ask", {})),)
    slips = _slips(derivation)
    found = [one for one in _single(derivation, slips) if gives(one.value)]
    if not found and wanted == 0:
        return (Finding("I2", PHRASES.say("mistakes.I2.ask", {})),)
    return _said(_outermost(found or [one for one in _everywhere(derivation, slips) if gives(one.value)][:1]))


def _distinct(slips: Sequence[Slip]) -> tuple[Slip, ...]:
    """One slip of each kind: a mistake that was made twice is named once."""
    return tuple({slip.mistake: slip for slip in reversed(slips)}.values())[::-1]


def _outermost(found: Sequence[Candidate]) -> list[Candidate]:
    """Without explanations whose step lies inside the step of another: the outer one knows the whole situation."""
    return [
        one for one in found
        if not any(other is not one and len(one.slips) == len(other.slips) == 1 and one.slips[0].step is not other.slips[0].step
                   and any(step is one.slips[0].step for step in other.slips[0].step.walk()) for other in found)
    ]  # fmt: skip


def _asked(slip: Slip) -> Phrase:
    return PHRASES.say(f"mistakes.{slip.mistake}.ask", step_values(slip.step, "u"))


def _misreadings(derivation: Derivation, answer: Form, key: Form) -> Iterator[Finding]:
    """Answers to another question: the function itself, another order, another letter, an antiderivative, a sign or a constant off."""
    first = derivation.chain[0]
    values = {"variable": Sym(derivation.variable), "c": first.function, "before": first.function}
    for mistake, wrong in _other_questions(derivation):
        if by_samples(answer, wrong).equal and not by_samples(wrong, key).equal:
            yield Finding(mistake, PHRASES.say(f"mistakes.{mistake}.ask", values))
    if by_samples(answer, Neg(key)).equal:
        yield Finding("A1", PHRASES.say("mistakes.A1.ask", values))
    if derivation.variable in answer.free and answer.size <= _LARGEST and by_samples(differentiate(answer, derivation.variable).value, first.function).equal:
        yield Finding("P5", PHRASES.say("mistakes.P5.ask", values))
    if _is_constant(Div(answer, key), derivation.variable):
        yield Finding("A3", PHRASES.say("mistakes.A3.ask", values))
    if _is_constant(Add((answer, Neg(key))), derivation.variable):
        yield Finding("A4", PHRASES.say("mistakes.A4.ask", values))


def _other_questions(derivation: Derivation) -> Iterator[tuple[str, Form]]:
    first = derivation.chain[0]
    others = sorted(first.function.free - {derivation.variable})
    yield "A2", first.function
    if derivation.order > 1:
        yield "H1", first.value
        yield "H2", Pow(first.value, TWO)
        if len(set(derivation.asked)) > 1:
            yield "M12", product(differentiate(first.function, letter).value for letter in derivation.asked)
    elif others:
        yield "M1", total(differentiate(first.function, letter).value for letter in (derivation.variable, *others))
        yield "M3", differentiate(first.function, (derivation.variable, others[0])).value


def _is_constant(form: Form, variable: str) -> bool:
    """Whether a form has one value wherever it has any, seen at a few points."""
    values = [evaluate(form, {name: float(value) for name, value in point.items()}) for point in islice(sample_points(form.free | {variable}), 12)]
    finite = [value for value in values if math.isfinite(value)]
    return len(finite) > 2 and max(finite) - min(finite) <= _CLOSE * (1 + abs(finite[0]))


@dataclass(frozen=True, slots=True)
class _Place:
    """A point, with what was computed there so far: candidates share most of their parts."""

    values: Mapping[str, float]
    known: dict[Form, Any] = field(default_factory=dict)

    def value(self, form: Form) -> float:
        """The value of a form here; nan where there is none."""
        found = compute(form, self.values, FLOATS, self.known) if form.free <= self.values.keys() else math.nan
        return found if isinstance(found, float) else math.nan

    def agree(self, one: Form, other: Form) -> bool:
        """Whether two forms have the same value here, as far as floats can tell."""
        return _close(self.value(one), self.value(other))


def _places(*forms: Form) -> list[_Place]:
    """Points at which all forms have values."""
    names = frozenset().union(*(form.free for form in forms))
    found: list[_Place] = []
    for point in islice(sample_points(names), 60):
        place = _Place({name: float(value) for name, value in point.items()})
        if all(math.isfinite(place.value(form)) for form in forms):
            found.append(place)
            if len(found) == _POINTS:
                break
    return found


def _close(one: float, other: float) -> bool:
    return abs(one - other) <= _CLOSE * (1 + abs(one) + abs(other))
