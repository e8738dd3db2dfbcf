"""What to say about a wrong derivative: the mistake behind it, the step where it was made, and a question.

The wrong answers to a question (`candidates`) are worked out once, with their values at a few places; an answer is looked
up there, and what fits is confirmed in balls. The simplest explanation counts; two that are equally simple become one
question that separates them. A candidate that equals the right answer is no mistake, and none is reported.

>>> from tutor import differentiate, read
>>> found = diagnoses(differentiate("sin(x^2)"), read("cos(x^2)"))
>>> [(slip.mistake, str(slip.part)) for slip in found[0].slips]
[('C1', 'sin(x^2)')]
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any
from weakref import ref

from tutor.algebra.equal import compared
from tutor.calculus.differentiate import Derivation, differentiate
from tutor.exposition.derivation import step_values
from tutor.exposition.doc import Phrase
from tutor.exposition.phrases import PHRASES
from tutor.form.evaluate import evaluate, evaluate_ball
from tutor.form.tree import ONE, ZERO, Form, Neg, Sym
from tutor.form.walk import nodes, substitute
from tutor.grading.candidates import STAGES, Candidate, Slip, candidates
from tutor.grading.fingerprints import Place, Shelf, close, confirmed, places_of, roughly, same_values
from tutor.grading.verdict import Finding

_LARGEST = 400
"""Answers with more nodes than this are not differentiated to see whether they are an antiderivative."""
_OF_A_VALUE = (0, 1, 2)
"""The stages of candidates that may explain a single number."""
_POINTS = 8
"""Points of one question that are remembered."""


class Known:
    """What is known of a question's wrong answers; each stage of them is worked out when it is first needed.

    It holds no derivation, so that it goes with the one to which it belongs.
    """

    def __init__(self, derivation: Derivation) -> None:
        self.places = places_of(derivation.value, derivation.function.free | {derivation.variable})
        self.key = [place.value(derivation.value) for place in self.places]
        self.function = [place.value(derivation.chain[0].function) for place in self.places]
        self._shelves: dict[int, Shelf[Candidate]] = {}
        self._points: dict[tuple[tuple[str, Form], ...], Place] = {}
        self.owner: ref[Derivation] | None = None

    def shelf(self, derivation: Derivation, stage: int) -> Shelf[Candidate]:
        """The candidates of a stage that differ from the right answer."""
        if stage not in self._shelves:
            found = Shelf((one.value, one) for source in STAGES[stage] for one in source(derivation))
            right = set(found.rows(self.places, self.key))
            self._shelves[stage] = Shelf(entry for row, entry in enumerate(found.entries) if row not in right)
        return self._shelves[stage]

    def place(self, point: Mapping[str, Form]) -> Place:
        """The place of a point, the same one each time."""
        key = tuple(sorted(point.items(), key=lambda item: item[0]))
        if key not in self._points:
            if len(self._points) >= _POINTS:
                self._points.clear()
            self._points[key] = Place({name: evaluate(value, {}) for name, value in point.items()})
        return self._points[key]


_KNOWN: dict[int, Known] = {}
"""By the identity of a derivation (its rules cannot be hashed); an entry goes when the derivation does, or when many newer ones came."""
_KEPT = 128
"""Questions of which the wrong answers are kept: they take about 150 kB each."""


def known(derivation: Derivation) -> Known:
    """What is known of the wrong answers to this question so far."""
    number = id(derivation)
    found = _KNOWN.get(number)
    if found is None:
        for oldest in list(_KNOWN)[: len(_KNOWN) - _KEPT + 1]:
            _KNOWN.pop(oldest, None)
        found = _KNOWN.setdefault(number, Known(derivation))
        found.owner = ref(derivation, lambda _: _KNOWN.pop(number, None))
    return found


class _Given:
    """An answer with its values at the places of a question."""

    def __init__(self, derivation: Derivation, answer: Form, key: Form) -> None:
        self.derivation, self.answer, self.key = derivation, answer, key
        self.known = known(derivation)

    @cached_property
    def values(self) -> list[float]:
        return [place.value(self.answer) for place in self.known.places]

    @property
    def is_comparable(self) -> bool:
        """Whether the answer has values, and they are not those of the right answer."""
        return sum(map(math.isfinite, self.values)) > 1 and not same_values(self.values, self.known.key)

    def explained(self, stage: int) -> list[Candidate]:
        """The candidates of a stage that give this answer."""
        fitting = self.known.shelf(self.derivation, stage).matching(self.known.places, self.values)
        return [one for one in _outermost(fitting) if self.is_value_of(one.value)]

    def is_value_of(self, form: Form) -> bool:
        """Whether a form is this answer, in balls."""
        return confirmed(self.answer, form, self.known.places)


def diagnoses(derivation: Derivation, answer: Form, right: Form | None = None) -> tuple[Candidate, ...]:
    """The simplest explanations of a wrong answer; none for a right one."""
    given = _Given(derivation, answer, derivation.value if right is None else right)
    if not given.is_comparable:
        return ()
    return next((tuple(found) for stage in range(len(STAGES)) if (found := given.explained(stage))), ())


def findings(derivation: Derivation, answer: Form, key: Form) -> tuple[Finding, ...]:
    """What to say about a wrong derivative: the mistake, as a question; where two explain it equally well, a question that separates them."""
    given = _Given(derivation, answer, key)
    if not given.is_comparable:
        return ()
    first = given.explained(0)
    found = _said(derivation, first, key) if first else tuple(_as_a_whole(given))
    for stage in range(1, len(STAGES)):
        found = found or _said(derivation, given.explained(stage), key)
    return found or tuple(_off_by_a_number(given))


def value_findings(derivation: Derivation, point: Mapping[str, Form], answer: Form, key: Form) -> tuple[Finding, ...]:
    """What to say about a wrong value of a derivative at a point: another question answered, a sign lost, or one slip in the derivation.

    One number can come about in many ways, so only explanations by one slip count here, or by one mistake that is made throughout.
    """
    if answer.free or key.free:
        return _before_the_point(derivation, answer)
    wanted, correct = evaluate(answer, {}), evaluate(key, {})
    if not math.isfinite(wanted) or close(wanted, correct):
        return ()
    function = derivation.chain[0].function
    others = (("I1", _gives(function, point, answer)), ("I6", close(-correct, wanted)), ("I2", wanted == 0))
    misread = [Candidate(answer, (Slip(mistake, function),)) for mistake, fits in others if fits]
    asked = known(derivation)
    place = asked.place(point)
    for stage in _OF_A_VALUE:
        fitting = asked.shelf(derivation, stage).matching((place,), (wanted,))
        found = [*(one for one in _outermost(fitting) if _gives(one.value, point, answer)), *(misread if not stage else ())]
        if found:
            return _said(derivation, sorted(found, key=_by_accident)[: 2 if stage < _OF_A_VALUE[-1] else 1], key)
    return ()


def _before_the_point(derivation: Derivation, answer: Form) -> tuple[Finding, ...]:
    """What to say where the letters are still in the answer: that the point is to be put in, or the mistake made before."""
    given = _Given(derivation, answer, derivation.value)
    if same_values(given.values, given.known.key) and given.is_value_of(derivation.value):
        return (Finding("put_in", PHRASES.say("mistakes.put_in.ask", {})),)
    return findings(derivation, answer, derivation.value)


def _by_accident(one: Candidate) -> tuple[bool, bool]:
    """A number may be met by accident: what fits only a loss does so least, then a misread question."""
    slip = one.slips[0]
    return not slip.mistake.startswith("L"), slip.step is not None or slip.mistake == "P17"


def _gives(form: Form, point: Mapping[str, Form], answer: Form) -> bool:
    """Whether a form has this value at the point, in balls."""
    if not form.free <= point.keys():
        return False
    return compared(evaluate_ball(substitute(form, dict(point)), {}), evaluate_ball(answer, {})) is True


def _outermost(found: Sequence[Candidate]) -> list[Candidate]:
    """One of each mistake, without those whose step lies inside the step of another: the outer one knows the whole situation."""
    single = [one for one in found if len(one.slips) == 1 and one.slips[0].step is not None]
    inner: set[int] = set()
    if len(single) > 1:
        for one in single:
            step = one.slips[0].step
            inner |= {id(below) for below in step.walk() if below is not step} if step is not None else set()
    kept = [one for one in found if not (len(one.slips) == 1 and id(one.slips[0].step) in inner)]
    return list({one.mistakes: one for one in reversed(kept)}.values())[::-1]


# -- whole answers -----------------------------------------------------------------------------------


def _as_a_whole(given: _Given) -> Iterator[Finding]:
    """The function itself, the opposite of the right answer, or an antiderivative."""
    derivation, values = given.derivation, given.values
    function = derivation.chain[0].function
    if same_values(values, given.known.function) and given.is_value_of(function):
        yield _other("A2", derivation)
    elif same_values([-value for value in values], given.known.key):
        yield _other("A1", derivation)
    elif derivation.variable in given.answer.free and _is_antiderivative(given, function):
        yield _other("P5", derivation)


def _is_antiderivative(given: _Given, function: Form) -> bool:
    """Whether the answer's derivative is the function: its difference quotients first."""
    variable, answer = given.derivation.variable, given.answer
    seen = 0
    for place, value in list(zip(given.known.places, given.known.function, strict=True))[:3]:
        slope = place.slope(answer, variable)
        if math.isfinite(slope) and not roughly(slope, value):
            return False
        seen += math.isfinite(slope)
    if not seen or answer.size > _LARGEST:
        return False
    return confirmed(differentiate(answer, variable).value, function, given.known.places)


def _off_by_a_number(given: _Given) -> Iterator[Finding]:
    """Right but for a constant factor, or but for a constant."""
    derivation = given.derivation
    pairs = [(yours, right) for yours, right in zip(given.values, given.known.key, strict=True) if math.isfinite(yours)]
    if len(pairs) < 3 or not given.key.free:
        return
    factors = [yours / right for yours, right in pairs if right]
    if len(factors) > 2 and factors[0] and all(close(factor, factors[0]) for factor in factors):
        yield _other("A3", derivation)
    elif all(close(yours - right, pairs[0][0] - pairs[0][1]) for yours, right in pairs):
        yield _other("A4", derivation)


def _other(mistake: str, derivation: Derivation) -> Finding:
    return Finding(mistake, PHRASES.say(f"mistakes.{mistake}.ask", _values(Slip(mistake, derivation.chain[0].function), derivation)))


# -- sentences ---------------------------------------------------------------------------------------


def _said(derivation: Derivation, found: Sequence[Candidate], key: Form) -> tuple[Finding, ...]:
    """One finding for each slip of the explanation, none without one; a question between the first two where several explain it equally well."""
    if not found:
        return ()
    if len(found) > 1 and all(len(one.slips) == 1 for one in found):
        first, second = (one.slips[0] for one in found[:2])
        values = {"first": _asked(first, derivation), "second": _asked(second, derivation)}
        told: Iterable[Finding] = (Finding(f"{first.mistake} or {second.mistake}", PHRASES.say("grade.either", values), first.part),)
    else:
        kinds = {slip.mistake: slip for slip in reversed(found[0].slips)}
        told = (Finding(slip.mistake, _asked(slip, derivation), slip.part) for slip in reversed(kinds.values()))
    return tuple(one for one in told if not _tells(one.phrase, derivation, key))


def _asked(slip: Slip, derivation: Derivation) -> Phrase:
    return PHRASES.say(f"mistakes.{slip.mistake}.ask", _values(slip, derivation))


def _values(slip: Slip, derivation: Derivation) -> Mapping[str, Any]:
    """What a sentence may speak of: the step with its parts, or the question."""
    if slip.step is not None:
        return step_values(slip.step, "u")
    others = sorted(derivation.chain[0].function.free - {derivation.variable})
    return {"variable": Sym(derivation.variable), "before": slip.part, "c": Sym(others[0]) if others else slip.part}


def _tells(phrase: Phrase, derivation: Derivation, key: Form) -> bool:
    """Whether a sentence would show the right answer, or its size: it is in a form that the question does not show."""
    given = set(nodes(derivation.chain[0].function))
    right = {form.operand if isinstance(form, Neg) else form for form in (key, derivation.value)}
    hidden = {form for form in right if form not in given and form not in (ZERO, ONE) and not isinstance(form, Sym)}
    return any(not hidden.isdisjoint(nodes(part)) for part in phrase if isinstance(part, Form))


__all__ = ["Candidate", "Slip", "candidates", "diagnoses", "findings", "value_findings"]
