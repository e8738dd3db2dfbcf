"""Are two forms equal: with evidence, and with what changed about the domain.

Structure first; rational functions by their exact normal form; everything else at samples, where one point can refute and
several that agree are strong evidence; what they leave open goes to the exact identities, and to SymPy in a process that can be killed. A domain that grew or shrank is told apart from the verdict: (x² − 1)/(x + 1)
is x − 1 wherever both are defined, and a learner should hear that −1 is missing.

>>> from tutor import read
>>> str(settled(read("(x+1)^2"), read("x^2 + 2x + 1")))
'reduced to the same fraction of polynomials'
>>> settled(read("cos(x^2)"), read("2x*cos(x^2)")).equal
False
>>> change = domain_change(read("(x^2 - 1)/(x + 1)"), read("x - 1"))
>>> change.grew, {name: str(value) for name, value in change.point.items()}
(False, {'x': '-1'})
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice

from tutor.algebra.equal import Evidence, by_samples
from tutor.algebra.identity import identical
from tutor.algebra.solve import proved_equal
from tutor.calculus.conditions import domain, needed
from tutor.form.evaluate import evaluate_ball, holds, sample_points
from tutor.form.tree import Apply, Call, Cases, Deriv, Form, Integral, Interval, Listing, Num, Relation, Root
from tutor.form.walk import kinds_of, nodes

SECONDS = 2.0
"""What a proof by SymPy may take."""
_RINGS = 12
_NEAR = tuple(Fraction(k) for k in (0, 1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 10, -10))


def settled(answer: Form, key: Form, conditions: Iterable[Form] = (), seconds: float = SECONDS) -> Evidence:
    """Whether an answer equals the key wherever both are defined and the conditions hold. Undecided is never "different"."""
    if answer is key:
        return Evidence(True, "structure")
    rational = not (answer.kinds | key.kinds) & _NOT_RATIONAL
    if rational and identical(answer, key) is True:
        return Evidence(True, "exact")
    where = tuple(conditions)
    evidence = by_samples(answer, key, where)
    if evidence.equal is not None:
        return evidence
    if not rational and identical(answer, key) is True:
        return Evidence(True, "exact")
    return Evidence(True, "symbolic") if proved_equal(answer, key, where, seconds) else evidence


_NOT_RATIONAL = kinds_of(Root, Call, Apply, Deriv, Integral, Cases, Relation, Listing, Interval)
"""What the exact normal form is not complete for; a power with another exponent than an integer it sees by itself."""


@dataclass(frozen=True, slots=True)
class DomainChange:
    """A point at which exactly one of two forms has a value; `grew`: it is the answer that has one."""

    grew: bool
    point: Mapping[str, Fraction]


def domain_change(answer: Form, key: Form, conditions: Iterable[Form] = ()) -> DomainChange | None:
    """A point inside the conditions at which only one side has a value; None where none is seen.

    Looked for at the sample points and at simple numbers, where denominators and logarithms tend to fail.
    """
    if set(needed(domain(answer))) == set(needed(domain(key))):
        return None
    names = sorted(answer.free | key.free)
    wanted = tuple(conditions)
    for point in (*_simple_points(names, answer, key), *islice(sample_points(names), _RINGS)):
        if all(holds(condition, point) is not False for condition in wanted):
            ours, theirs = (evaluate_ball(form, point).is_finite() for form in (answer, key))
            if ours is not theirs:
                return DomainChange(bool(ours), point)
    return None


def _simple_points(names: list[str], *forms: Form) -> list[dict[str, Fraction]]:
    """Small numbers and those that occur, for one letter after the other while the rest stand at an odd place."""
    numbers = {sign * node.value for form in forms for node in nodes(form) if isinstance(node, Num) for sign in (1, -1)}
    places = dict.fromkeys((*_NEAR, *sorted(numbers, key=abs)[:12]))
    rest = {name: Fraction(7 + 2 * k, 5) for k, name in enumerate(names)}
    return [{**rest, name: place} for name in names for place in places]
