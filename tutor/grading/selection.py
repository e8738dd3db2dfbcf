"""From the words of a call to a kind with its key: what is expected, how close, in which form.

>>> from tutor import read
>>> select(Asked(expected="(2, 3)")).judge(read("(2, 3)")).outcome, type(select(Asked(derivative_of="x^2", at="x=3"))).__name__
('right', 'Number')
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from tutor.algebra.places import with_derived
from tutor.calculus.differentiate import Derivation, differentiate
from tutor.calculus.gradient import gradient
from tutor.calculus.points import read_point
from tutor.errors import RequestError
from tutor.form.reading import Reading
from tutor.form.tree import ONE, Form, Listing
from tutor.grading.asked import Asked, Expected
from tutor.grading.authored import foreseen
from tutor.grading.expected import ALIASES, KINDS, from_expected, number_kind, one_variable
from tutor.grading.forms import CREDIT, Requirement, lacking, requirements
from tutor.grading.formulas import FORMULAS, Computation, Task
from tutor.grading.kinds.antiderivative import Antiderivative
from tutor.grading.kinds.base import Judgement, Kind, Names, Samples, bare, graded
from tutor.grading.kinds.entries import check_weights
from tutor.grading.kinds.equation import Equation
from tutor.grading.kinds.expression import Expression
from tutor.grading.kinds.matrix import Matrix
from tutor.grading.kinds.number import Number
from tutor.grading.kinds.vector import Vector
from tutor.grading.mistakes import value_findings
from tutor.grading.question import Question, question
from tutor.grading.verdict import Finding

KEPT = 256
"""Calls whose kind of answer is kept, the latest ones."""


@dataclass(frozen=True, slots=True)
class Shaped:
    """Another kind whose answer has to be written in a form as well."""

    kind: Kind
    wanted: tuple[Requirement, ...]
    credit: float = CREDIT
    named: bool = True

    def understood(self, text: str, names: Names = frozenset()) -> Reading:
        """As the kind reads. Raises `ReadError`."""
        return self.kind.understood(text, names)

    def judge(self, answer: Form) -> Judgement:
        """As the kind judges; a right answer that is not in the form is right in part."""
        found = self.kind.judge(answer)
        lacks = self._lacks(answer) if found.outcome == "right" else []
        if not lacks:
            return found
        if self.credit == 1:
            return replace(found, noted=(*found.remarks, *lacks))
        return replace(found, outcome=graded(self.credit), score=self.credit, said=tuple(lacks))

    def _lacks(self, answer: Form) -> list[Finding]:
        value = bare(answer) if self.named else answer
        return [lack for wanted in self.wanted if (lack := lacking(wanted, value)) is not None]

    def samples(self) -> Samples:
        """Those of the kind; right ones that are not in the form are right in part."""
        found = self.kind.samples()
        right = tuple(text for text in found.right if not self._lacks(self.understood(text).form))
        return Samples(right, (*found.wrong, *(text for text in found.right if text not in right)), found.unreadable)


def select(asked: Asked, about: Question | None = None) -> Kind:
    """The kind of answer that a call asks for; its question `about` where that is made already.

    Raises `ReadError` or `RequestError` for a call that makes no sense.
    """
    sources = (asked.expected, asked.derivative_of, asked.gradient_of, asked.hessian_of, asked.antiderivative_of, asked.formula)
    if sum(source is not None for source in sources) != 1:
        raise RequestError("expected", "say what is expected, in one way", advice="Give expected=..., derivative_of=..., or gradient_of=....")
    if not 0 <= asked.form_credit <= 1:
        raise RequestError("form", f"the credit for another form is a number from 0 to 1, not {asked.form_credit}")
    kind, key = _kind(asked, about)
    wanted = requirements(asked.form, key if key is not None else ONE) if asked.form is not None else ()
    whole = Shaped(kind, wanted, float(asked.form_credit), not isinstance(kind, Equation)) if wanted else kind
    return foreseen(whole, [(mistake, _wrong_answer(mistake.answer, asked)) for mistake in asked.mistakes], asked.variables)


def _wrong_answer(text: str, asked: Asked) -> Kind:
    """An answer that an author expects to be given wrongly, as a kind of its own."""
    name = "antiderivative" if asked.antiderivative_of is not None else asked.kind
    return from_expected(Asked(
        text, wrt=asked.wrt, variables=asked.variables, domain=asked.domain, kind=name, tolerance=asked.tolerance,
        relative_tolerance=asked.relative_tolerance, options=asked.options, step=asked.step, given=asked.given, constant=asked.constant,
    ))[0]  # fmt: skip


def kept(*parameters: Any) -> Kind:
    """As `select`, of the parameters of `Asked` in their order; the kinds of the last calls are kept, so that a question is made once.

    What cannot be hashed is not kept. Raises as `select` does.
    """
    try:
        return _kept(*parameters)
    except TypeError:
        return select(Asked(*parameters))


@lru_cache(maxsize=KEPT, typed=True)
def _kept(*parameters: Any) -> Kind:
    return select(Asked(*parameters))


def _kind(asked: Asked, about: Question | None) -> tuple[Kind, Form | None]:
    """The kind, and the key as a form where there is one."""
    if asked.expected is not None:
        return from_expected(asked)
    if asked.formula is not None:
        return _computed(asked)
    if asked.antiderivative_of is not None:
        function = asked.read(asked.antiderivative_of)
        return Antiderivative(function, one_variable(asked, function), asked.constant, asked.conditions), function
    found = question(asked) if about is None else about
    if asked.derivative_of is not None:
        return _derivative(found, asked)
    return _gradient(found, asked) if asked.gradient_of is not None else _hessian(found, asked)


def _derivative(about: Question, asked: Asked) -> tuple[Kind, Form]:
    derivation, (value,) = about.derivations[-1], about.values
    if about.point:
        return _at_point(about, derivation, value, asked), value
    return Expression(value, with_derived(derivation.conditions, about.conditions), derivation, asked.same_domain, *asked.closeness), value


def _gradient(about: Question, asked: Asked) -> tuple[Kind, Form]:
    values = about.values
    kinds = tuple(_entry(about, one, value, asked) for one, value in zip(about.derivations, values, strict=True))
    return Vector(kinds, tuple(one.variable for one in about.derivations), check_weights(asked.weights, len(kinds))), Listing("tuple", values)


def _hessian(about: Question, asked: Asked) -> tuple[Kind, Form]:
    values = about.values
    size = len(about.key.children)
    rows = tuple(values[start : start + size] for start in range(0, len(values), size))
    kinds = iter([_entry(about, one, value, asked) for one, value in zip(about.derivations, values, strict=True)])
    cells = tuple(tuple(next(kinds) for _ in row) for row in rows)
    return Matrix(cells, check_weights(asked.weights, len(values))), Listing("matrix", tuple(Listing("list", row) for row in rows))


def _entry(about: Question, one: Derivation, value: Form, asked: Asked) -> Kind:
    """One derivative among several."""
    if about.point:
        return _at_point(about, one, value, asked)
    return Expression(value, with_derived(one.conditions, about.conditions), one, asked.same_domain, *asked.closeness)


def _at_point(about: Question, one: Derivation, value: Form, asked: Asked) -> Number:
    """The value of a derivative at the point, with the mistakes that learners make in it."""
    return replace(number_kind(value, asked), explain=lambda given: value_findings(one, about.point, given, value))


# -- computations by hand ----------------------------------------------------------------------------


def computation(asked: Asked) -> Computation:
    """A computation by hand with the numbers of the call. Raises `RequestError`."""
    if asked.formula not in FORMULAS:
        raise RequestError("formula", f"there is no formula {asked.formula!r}", advice=f"Choose one of {', '.join(FORMULAS)}.")
    values = asked.values or {}
    numbers = read_point(values if isinstance(values, str) else dict(values))
    return Computation(FORMULAS[asked.formula], Task(numbers, _slopes(asked)))


def _computed(asked: Asked) -> tuple[Kind, Form]:
    """The results of a computation by hand, with the mistakes that learners make in it."""
    sheet = computation(asked)

    def explain(place: int) -> Callable[[Form], tuple[Finding, ...]]:
        return lambda given: sheet.findings({place: given})

    kinds = tuple(replace(number_kind(value, asked), explain=explain(k)) for k, value in enumerate(sheet.right))
    if len(kinds) == 1:
        return kinds[0], sheet.right[0]
    whole = Vector(kinds, sheet.formula.results, check_weights(asked.weights, len(kinds)), lambda given: sheet.findings(dict(enumerate(given))))
    return whole, Listing("tuple", sheet.right)


def _slopes(asked: Asked) -> dict[str, tuple[tuple[str, ...], Form]]:
    """f with its derivatives: of one letter g = f′ and h = f″, of two g and h the partial derivatives."""
    if asked.function is None:
        return {}
    form = asked.read(asked.function)
    letters = gradient(form).variables
    if len(letters) > 2:
        raise RequestError("formula", f"the function has {len(letters)} letters, and such a computation has one or two")
    orders = ((letters[0],), letters * 2) if len(letters) == 1 else ((letters[0],), (letters[1],))
    g, h = (differentiate(form, order).value for order in orders)
    return {"f": (letters, form), "g": (letters, g), "h": (letters, h)}


__all__ = ["ALIASES", "KINDS", "Asked", "Expected", "computation", "kept", "select"]
