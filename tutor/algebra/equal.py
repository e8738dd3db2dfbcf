"""Equality with evidence: equal by proof, equal at samples, different at a witness, or undecided.

Samples are exact points inside the conditions, evaluated in balls. A ball around the difference that
excludes zero *proves* that two forms differ; agreement at several points is strong evidence and is
called that. Points where a side is undefined count for nothing.

>>> from tutor import read
>>> str(by_samples(read("(x+1)^2"), read("x^2 + 2x + 1")))
'equal at 4 points'
>>> found = by_samples(read("x^2"), read("x^3"))
>>> found.equal, {name: str(value) for name, value in found.witness.items()} != {}
(False, True)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import count, islice
from typing import TYPE_CHECKING

from tutor.form.evaluate import BITS, evaluate_ball, holds, sample_points
from tutor.form.functions import FUNCTIONS
from tutor.form.numerals import rational
from tutor.form.tree import Call, Cases, Div, Form, Num, Pow, Relation, Root, Sym
from tutor.form.walk import kinds_of, nodes

if TYPE_CHECKING:
    from flint import arb

ENOUGH = 4
"""Points that must agree; two smooth functions that agree there are the same but for a bad joke."""
_AT_ROOTS, _AT_CORNERS = 12, 40
"""Points that must agree where an even root may hide a sign, and where absolute values and their like choose between functions."""
_TRIES = 120
_MOST_BITS = 1200


_PROOFS = {
    "structure": "the same form", "exact": "reduced to the same fraction of polynomials", "symbolic": "difference reduced to zero",
    "balls": "decided in ball arithmetic", "shape": "true by its shape",
}  # fmt: skip
"""The methods that prove, and what they say."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of two sides: `equal` True, False or None (undecided), and by which `method`.

    Methods: `structure` (the same form), `exact` (both sides reduced to one fraction of polynomials), `symbolic` (SymPy reduces the difference to zero), `balls` (a statement without
    letters, decided with rigorous error bounds), `shape` (true for every value, as squares are not negative),
    `samples` (balls at `points` points), `none`. `witness` is a point that tells the sides apart.
    """

    equal: bool | None
    method: str
    points: int = 0
    witness: Mapping[str, Fraction] = field(default_factory=dict)

    @property
    def proof(self) -> bool:
        """Whether this is a proof of equality and not only evidence."""
        return self.equal is True and self.method in _PROOFS

    def __str__(self) -> str:
        if self.equal is None:
            return "undecided"
        if not self.equal:
            return "different" + (" at " if self.witness else "") + ", ".join(f"{name} = {value}" for name, value in self.witness.items())
        return "equal within the tolerance" if self.method == "tolerance" else _PROOFS.get(self.method, f"equal at {self.points} points")


UNDECIDED = Evidence(None, "none")


def by_samples(left: Form, right: Form, conditions: Iterable[Form] = ()) -> Evidence:
    """Compare two forms at seeded exact points that satisfy the conditions."""
    if left is right:
        return Evidence(True, "structure")
    wanted = tuple(conditions)
    found, enough = 0, max(_enough(left), _enough(right))
    variables = sorted((left.free | right.free).union(*(condition.free for condition in wanted)))
    whole = {name for condition in wanted for name in condition.free if condition is integer_condition(name)}
    for tries, point in enumerate(_points(variables, (left, right, *wanted))):
        if whole:
            point = {name: Fraction(round(value)) if name in whole else value for name, value in point.items()}  # noqa: PLW2901
        if found >= enough or (not variables and tries):
            break
        if not all(holds(condition, point) for condition in wanted):
            continue
        verdict = _at(left, right, point)
        if verdict is False:
            return Evidence(False, "samples", found, point)
        found += verdict is True
    return Evidence(True, "samples", found) if found >= min(enough, _SEEN) or (found and not variables) else UNDECIDED


def integer_condition(name: str) -> Form:
    """The condition that a letter is an integer: n = floor(n).

    >>> from tutor import read
    >>> by_samples(read("cos(pi*n)"), read("(-1)^n"), [integer_condition("n")]).equal, by_samples(read("cos(pi*n)"), read("(-1)^n")).equal
    (True, None)
    """
    return Relation((Sym(name), Call("floor", (Sym(name),))), ("=",))


def _enough(form: Form) -> int:
    """How many points tell a form from another one: |x + 5| is x + 5 at every point near the origin.

    The first forty points lie on all rings up to ±1000 and near the numbers that occur.
    """
    most = ENOUGH
    for node in nodes(form):
        if isinstance(node, Cases) or (isinstance(node, Call) and FUNCTIONS[node.name].family in _CORNERED):
            return _AT_CORNERS
        if (isinstance(node, Root) and _is_even(node.index) and not _is_linear(node.radicand)) or (
            isinstance(node, Pow) and (power := rational(node.exponent)) is not None and power.denominator % 2 == 0 and not _is_linear(node.base)
        ):
            most = _AT_ROOTS if len(node.free) < 2 else _AT_CORNERS
    return most


_CORNERED = frozenset(("corner", "step", "extremum"))
_SEEN = 8
"""Where a form has no value at most points, so many that agree are taken for enough."""


def _is_even(index: Form) -> bool:
    return (rational(index) or 0) % 2 == 0


def _is_linear(form: Form) -> bool:
    return form.size <= 2 or not form.kinds & _NOT_LINEAR


_NOT_LINEAR = kinds_of(Pow, Root, Call, Cases) | kinds_of(Div)


def _points(variables: list[str], forms: tuple[Form, ...]) -> Iterator[dict[str, Fraction]]:
    """The fixed points and points near the numbers that occur, in turns.

    The edges of a small domain, as that of √(x − 100)·√(101 − x), are mostly such numbers, or their products and quotients.
    """
    yield from islice(sample_points(variables), _RINGS)
    yield from islice(_near(variables, forms), _RINGS)
    yield from islice(sample_points(variables), _RINGS, _TRIES)
    yield from islice(_near(variables, forms), _RINGS, _TRIES)


def _near(variables: list[str], forms: tuple[Form, ...]) -> Iterator[dict[str, Fraction]]:
    places = _places(forms)
    for k in count():
        yield {
            name: places[(k * (2 * j + 1) + j) % len(places)] + _NEAR[(k // len(places) + j) % len(_NEAR)]
            for j, name in enumerate(variables)
        }  # fmt: skip


_NEAR = tuple(Fraction(*pair) for pair in ((2, 7), (-2, 7), (1, 97), (-1, 97), (17, 9), (-17, 9), (1, 1009), (-1, 1009)))
_MOST_NUMBERS = 6
_RINGS = 20
"""Points of each sequence before the other one has its turn: twice over the rings around the origin."""


def _places(forms: tuple[Form, ...]) -> list[Fraction]:
    """The numbers that occur, with their products and quotients, and the opposites of all."""
    numbers = sorted({node.value for form in forms for node in nodes(form) if isinstance(node, Num) and node.digits})[-_MOST_NUMBERS:]
    found = {Fraction(1), *numbers, *(one * other for one in numbers for other in numbers), *(one / other for one in numbers for other in numbers)}
    small = sorted(found, key=lambda value: (value not in numbers, value.denominator, value))[:12]
    return [sign * value for value in small for sign in (1, -1)]


def _at(left: Form, right: Form, point: Mapping[str, Fraction]) -> bool | None:
    """True: the values agree closely; False: they surely differ; None: no value here. Precision rises while this is open."""
    bits = BITS
    while bits <= _MOST_BITS:
        one, other = evaluate_ball(left, point, bits), evaluate_ball(right, point, bits)
        if not (one.is_finite() and other.is_finite()):
            return None
        verdict = compared(one, other)
        if verdict is not None:
            return verdict
        bits *= 2
    return None


def compared(one: arb, other: arb) -> bool | None:
    """False: the balls surely differ; True: they agree to a part in 2^60; None: no value, or too wide to say."""
    if not (one.is_finite() and other.is_finite()):
        return None
    if not one.overlaps(other):
        return False
    gap, size = abs(one - other), abs(one) + abs(other)
    return True if gap * _FINE < size + 1 / _FINE else None


_FINE = 2**60
