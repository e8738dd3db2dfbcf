"""Wrong answers to a question about a derivative, each with how one comes to it.

Every rule knows what learners do instead of it (`Rule.mistakes`). When one step of a derivation takes such
a variant and everything above it is computed rightly from there, the result is a wrong answer, and the
step and the variant are its diagnosis. Then one mistake is made at every step, then two steps go wrong. A
question can also be misread: another letter, another order, or an algebra that no law allows before anything is differentiated.

>>> from tutor import differentiate
>>> [(one.slips[0].mistake, str(one.value)) for one in singles(differentiate("e^(-x)"))][:2]
[('P13', 'e^(-x)*(-x)'), ('C9', 'e^(-x)*1')]
>>> [(one.slips[0].mistake, str(one.value)) for one in misreadings(differentiate("(x + 3)^2"))][:1]
[('P17', '2*x')]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice

from tutor.calculus.differentiate import Derivation, differentiate
from tutor.calculus.tree import Step, Variant
from tutor.errors import TutorError
from tutor.form.tree import TWO, Add, Form, Mul, Pow, product, total
from tutor.grading.slips import LAWS_THAT_DO_NOT_HOLD
from tutor.grading.slips import candidates as rewritings

MOST_PAIRS = 200
"""Pairs of slips that are tried."""
_WORK = 100_000
"""Slips times nodes of the right answer: where there is more, only the slips near the root are looked at."""
_MOST_WORKED = 12
"""So many misread questions are worked out, and so many slips of an earlier order carried on."""
_LARGEST = 60
"""Questions with more nodes are not rewritten by wrong laws."""


@dataclass(frozen=True, slots=True)
class Slip:
    """A mistake at one part: a variant that was taken in the place of a step's rule, or a question that was misread."""

    mistake: str
    part: Form
    step: Step | None = None
    variant: Variant | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A wrong answer and how one comes to it."""

    value: Form
    slips: tuple[Slip, ...]

    @property
    def mistakes(self) -> tuple[str, ...]:
        """The ids, a mistake that was made twice once."""
        return tuple(dict.fromkeys(slip.mistake for slip in self.slips))


AGAIN = {"R5": "H3", **dict.fromkeys(("C1", "C8", "C9", "E3", "E6", "P14", "T6"), "H4")}
"""What a slip is called when it is made in a second differentiation, where the first one left a product or a factor behind."""


def candidates(derivation: Derivation) -> Iterator[Candidate]:
    """Wrong answers: of one slip, then of one mistake made at every step, then of two slips."""
    yield from singles(derivation)
    yield from everywhere(derivation)
    yield from pairs(derivation)


def singles(derivation: Derivation) -> Iterator[Candidate]:
    """One slip in the last differentiation."""
    tree = tuple(derivation.root.walk())
    above = _parents(tree)
    for slip, value in _slips_with_values(derivation):
        whole = _folded(tree, {}, {id(slip.step): value}) if above is None else _carried_up(slip.step, value, above)
        if whole is not None:
            yield Candidate(whole, (slip,))


def _parents(tree: Sequence[Step]) -> dict[int, Step] | None:
    """The step that needs each step; None where one is needed by several."""
    found: dict[int, Step] = {}
    for step in tree:
        for child in step.steps:
            if found.setdefault(id(child), step) is not step:
                return None
    return found


def _carried_up(step: Step | None, value: Form, above: Mapping[int, Step]) -> Form:
    """What the whole comes to when one step comes to this value."""
    while (parent := above.get(id(step))) is not None:
        value = parent.theorem.value(parent.match, tuple([value if child is step else child.after for child in parent.steps]))
        step = parent
    return value


def everywhere(derivation: Derivation) -> Iterator[Candidate]:
    """One mistake, made at every step where it can be made."""
    slips, tree = _slips(derivation), tuple(derivation.root.walk())
    for mistake in dict.fromkeys(slip.mistake for slip in slips):
        same = {id(slip.step): slip for slip in reversed(slips) if slip.mistake == mistake}
        if len(same) > 1:
            yield from _candidate(tree, tuple(reversed(same.values())))


def pairs(derivation: Derivation) -> Iterator[Candidate]:
    """Two slips at two steps."""
    tree = tuple(derivation.root.walk())
    two = (pair for pair in combinations(_slips(derivation), 2) if pair[0].step is not pair[1].step)
    for pair in islice(two, MOST_PAIRS):
        yield from _candidate(tree, pair)


def carried(derivation: Derivation) -> Iterator[Candidate]:
    """One slip in an earlier differentiation, and everything after it right."""
    for number, before in enumerate(derivation.chain[:-1]):
        later = [one.variable for one in derivation.chain[number + 1 :]]
        for one in islice(singles(before), _MOST_WORKED):
            slips = tuple(Slip(AGAIN.get(slip.mistake, slip.mistake), slip.part, slip.step) for slip in one.slips)
            yield from _worked(one.value, later, slips)


# -- a slip in the tree ------------------------------------------------------------------------------


def _slips(derivation: Derivation) -> list[Slip]:
    """Every step with every variant that is a mistake there."""
    return [slip for slip, _ in _slips_with_values(derivation)]


def _slips_with_values(derivation: Derivation) -> list[tuple[Slip, Form]]:
    """The same, each with what the step comes to."""
    again = derivation.previous is not None
    found = []
    for step in derivation.root.walk():
        below = tuple([child.after for child in step.steps])
        for mistake, variant in step.theorem.variants:
            value = variant(step.match, below)
            if value is not None:
                found.append((Slip(AGAIN.get(mistake, mistake) if again else mistake, step.before, step, variant), value))
    most = max(20, _WORK // derivation.value.size)
    return found[-most:]


def _candidate(tree: Sequence[Step], slips: tuple[Slip, ...]) -> Iterator[Candidate]:
    value = _folded(tree, {id(slip.step): slip.variant for slip in slips if slip.variant is not None})
    if value is not None:
        yield Candidate(value, slips)


def _folded(tree: Sequence[Step], replaced: Mapping[int, Variant], known: Mapping[int, Form] | None = None) -> Form | None:
    """The value of a tree, children before parents, in which some steps take a variant; None where a variant does not apply there.

    `known` are values of steps that are wrong already.
    """
    wrong: dict[int, Form] = dict(known or {})
    for step in tree:
        number = id(step)
        if number in wrong:
            continue
        variant = replaced.get(number)
        if variant is None and not any(id(child) in wrong for child in step.steps):
            continue
        below = tuple([wrong.get(id(child), child.after) for child in step.steps])
        value = step.theorem.value(step.match, below) if variant is None else variant(step.match, below)
        if value is None:
            return None
        wrong[number] = value
    return wrong.get(id(tree[-1]))


# -- a question misread ------------------------------------------------------------------------------


def misreadings(derivation: Derivation) -> Iterator[Candidate]:
    """Right answers to another question: rewritten by a law that does not hold, another order, another letter."""
    yield from _rewritten(derivation)
    for mistake, value in _other_questions(derivation):
        yield Candidate(value, (Slip(mistake, derivation.chain[0].function),))


def _rewritten(derivation: Derivation) -> Iterator[Candidate]:
    function = derivation.chain[0].function
    if function.size > _LARGEST:
        return
    letters = [one.variable for one in derivation.chain]
    moving = (slip for slip in rewritings(function, LAWS_THAT_DO_NOT_HOLD) if derivation.variable in slip.part.free)
    for slip in islice(moving, _MOST_WORKED):
        yield from _worked(slip.line, letters, (Slip("P17", slip.part),))


def _worked(form: Form, letters: Sequence[str], slips: tuple[Slip, ...]) -> Iterator[Candidate]:
    """The derivative of a wrong function, where it has one."""
    try:
        yield Candidate(differentiate(form, tuple(letters)).value, slips)
    except TutorError:
        return


def _other_questions(derivation: Derivation) -> Iterator[tuple[str, Form]]:
    first = derivation.chain[0]
    function, variable = first.function, derivation.variable
    others = sorted(function.free - {variable})
    if derivation.order > 1:
        yield "H1", first.value
        yield "H2", Pow(first.value, TWO)
        if len(set(derivation.asked)) > 1:
            yield "M12", product(_slope(function, letter) for letter in derivation.asked)
        return
    for letter in others[:2]:
        yield "L5", _slope(function, letter)
    if others:
        yield "M1", total(_slope(function, letter) for letter in (variable, *others))
        yield "M3", differentiate(function, (variable, others[0])).value
    yield from _frozen_factor(first, others)


def _frozen_factor(first: Derivation, others: Sequence[str]) -> Iterator[tuple[str, Form]]:
    """The product rule where one factor does not move: u·c becomes u′·c + u·c′, with a c′ taken by its own letters."""
    frozen = first.root.parts.get("c")
    if first.root.rule == "multiple" and frozen is not None and frozen.free:
        moving = first.root.parts["f"]
        yield "M5", Add((Mul((_slope(moving, first.variable), frozen)), Mul((moving, total(_slope(frozen, letter) for letter in others if letter in frozen.free)))))


def _slope(form: Form, letter: str) -> Form:
    return differentiate(form, letter).value


STAGES: tuple[tuple[Callable[[Derivation], Iterable[Candidate]], ...], ...] = ((singles, misreadings), (carried,), (everywhere,), (pairs,))
"""Where to look for an explanation, the simplest first; explanations of one stage are equally simple."""

__all__ = ["AGAIN", "MOST_PAIRS", "STAGES", "Candidate", "Slip", "candidates", "carried", "everywhere", "misreadings", "pairs", "singles"]
