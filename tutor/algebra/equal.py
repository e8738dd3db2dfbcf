"""Equality with evidence: equal by proof, equal at samples, different at a witness, or undecided.

Samples are exact points inside the conditions, evaluated in balls. A ball around the difference that
excludes zero *proves* that two forms differ; agreement at several points is strong evidence and is
called that. Points where a side is undefined count for nothing. Letters are real, unless the conditions say otherwise
(`tutor.algebra.places`).

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
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from tutor.algebra.places import Domain, Place, complex_condition, domain_of, integer_condition
from tutor.form.balls import BITS, precision, rigorous
from tutor.form.evaluate import evaluate, evaluate_ball
from tutor.form.functions import FUNCTIONS
from tutor.form.numerals import Gaussian, integer, rational
from tutor.form.tree import Call, Cases, Div, Form, Num, Pow, Root, Sym
from tutor.form.walk import kinds_of, nodes

if TYPE_CHECKING:
    from flint import arb

ENOUGH = 4
"""Points that must agree; two smooth functions that agree there are the same but for a bad joke."""
_AT_ROOTS, _AT_CORNERS = 12, 40
"""Points that must agree where an even root may hide a sign, and where absolute values and their like choose between functions."""
_MOST_BITS = 1200


_PROOFS = {
    "structure": "the same form", "exact": "reduced to the same fraction of polynomials", "symbolic": "difference reduced to zero",
    "balls": "decided in ball arithmetic", "shape": "true by its shape",
}  # fmt: skip
"""The methods that prove, and what they say."""
_EVIDENCE = {"tolerance": "equal within the tolerance", "floats": "agrees within 1e-9 at {}"}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of two sides: `equal` True, False or None (undecided), and by which `method`.

    Methods: `structure` (the same form), `exact` (both sides reduced to one fraction of polynomials), `symbolic` (SymPy reduces the difference to zero), `balls` (a statement without
    letters, decided with rigorous error bounds), `shape` (true for every value, as squares are not negative),
    `samples` (balls at `points` points), `floats` (the same without python-flint: no proof of anything), `none`. `witness` is a point that tells the sides apart.
    """

    equal: bool | None
    method: str
    points: int = 0
    witness: Mapping[str, Fraction | Gaussian] = field(default_factory=dict)

    @property
    def proof(self) -> bool:
        """Whether this is a proof of equality and not only evidence."""
        return self.equal is True and self.method in _PROOFS

    def __str__(self) -> str:
        if self.equal is None:
            return "undecided"
        if not self.equal:
            by = " by a margin in floats" if self.method == "floats" else ""
            return "different" + by + (" at " if self.witness else "") + ", ".join(f"{name} = {value}" for name, value in self.witness.items())
        many = f"{self.points} point" + "s" * (self.points != 1)
        return _PROOFS.get(self.method) or _EVIDENCE.get(self.method, "equal at {}").format(many)


UNDECIDED = Evidence(None, "none")


def by_samples(left: Form, right: Form, conditions: Iterable[Form] = ()) -> Evidence:
    """Compare two forms at seeded exact points that satisfy the conditions.

    >>> from tutor import read
    >>> whole = [integer_condition("n")]
    >>> by_samples(read("cos(pi*n)"), read("(-1)^n"), whole).equal, by_samples(read("cos(pi*n)"), read("(-1)^n")).equal
    (True, None)
    >>> by_samples(read("ln(z^2)"), read("2*ln(z)")).equal, by_samples(read("ln(z^2)"), read("2*ln(z)"), [complex_condition("z")]).equal
    (True, False)
    """
    domain = domain_of(tuple(conditions))
    left, right = domain.read(left), domain.read(right)
    if left is right:
        return Evidence(True, "structure")
    found, faint, enough = 0, 0, max(_enough(left, domain.is_complex), _enough(right, domain.is_complex))
    if domain.whole:  # n² is n at 0 and 1
        enough = max(enough, _AT_ROOTS)
    with precision(BITS):
        for place in domain.places(left, right):
            if found >= enough or (faint >= enough and not found):
                break
            if domain.conditions and not place.holds(domain.conditions):
                continue
            verdict = _at(left, right, place)
            if verdict and not found and not faint:
                verdict = _at_depth(left, right, place) and verdict
            if verdict is False:
                return Evidence(False, _method(), found, place.point)
            found += verdict is True
            faint += verdict == "faint"
        for place in _either_side(left, right, domain) if found else ():
            if place.holds(domain.conditions) and _at(left, right, place) is False:
                return Evidence(False, _method(), found, place.point)
    found = found or faint
    return Evidence(True, _method(), found) if found >= min(enough, _SEEN) or (found and not (left.free or right.free)) else UNDECIDED


def _method() -> str:
    return "samples" if rigorous() else "floats"


def refuted(left: Form, right: Form, domain: Domain) -> Evidence | None:
    """The difference, where the first of the points of `by_samples` shows one: most wrong answers need no more."""
    with precision(BITS):
        place = next(domain.places(left, right), None)
        if place is not None and place.holds(domain.conditions) and _at(left, right, place) is False:
            return Evidence(False, _method(), 0, place.point)
    return None


@lru_cache(maxsize=256)
def _enough(form: Form, is_complex: bool) -> int:
    """How many points tell a form from another one: |x + 5| is x + 5 at every point near the origin.

    The first forty points lie on all rings up to ±1000 and near the numbers that occur. Over the complex numbers every inverse
    function has a cut.
    """
    least = ENOUGH if rigorous() else _AT_ROOTS
    if not form.kinds & _HIDES:
        return least
    if is_complex:
        return _AT_CORNERS if any(isinstance(node, _CUT) and not (isinstance(node, Pow) and integer(node.exponent) is not None) for node in nodes(form)) else least
    most, seen, stack = least, {form}, [form]
    while stack:
        node = stack.pop()
        if isinstance(node, Cases) or (isinstance(node, Call) and FUNCTIONS[node.name].family in _CORNERED):
            return _AT_CORNERS
        if isinstance(node, Root | Pow) and _hides_sign(node):
            inner = node.radicand if isinstance(node, Root) else node.base
            if len(node.free) > 1 or (isinstance(inner, Pow) and _is_even(inner.exponent)):  # √(u²) is |u|
                return _AT_CORNERS
            most = _AT_ROOTS
        for child in node.children:
            if child.kinds & _HIDES and child not in seen:
                seen.add(child)
                stack.append(child)
    return most


def _either_side(left: Form, right: Form, domain: Domain) -> Iterator[Place]:
    """Places at which what stands in an absolute value and its like has either sign: |x(5 + 14x)| shows only between −5/14 and 0."""
    names = sorted(left.free | right.free)
    if domain.is_complex or domain.whole:
        return
    for inner in dict.fromkeys(inner for form in (left, right) for node in nodes(form) for inner in _with_sign(node)):
        missing = {True, False}
        for point in _grid(names):
            value = evaluate(inner, {name: float(number) for name, number in point.items()})
            if value and (value > 0) in missing:
                missing.discard(value > 0)
                yield Place(point, domain)
            if not missing:
                break


def _with_sign(node: Form) -> tuple[Form, ...]:
    """What a node takes the absolute value of."""
    match node:
        case Call("abs" | "sign", (inner,)) | Root(Pow(inner, _), _) | Pow(Pow(inner, _), Div()) if inner.free and not isinstance(inner, Sym):
            return (inner,)
    return ()


def _grid(names: list[str]) -> Iterator[dict[str, Fraction]]:
    """Places close together around the origin."""
    for k in range(_CLOSE):
        step = Fraction((k + 1) // 2 * (-1) ** k, 16) + Fraction(1, 97)
        yield {name: step * (-1) ** (j * (k // 2)) + Fraction(j, 7) for j, name in enumerate(names)}


_CLOSE = 200


def _hides_sign(node: Root | Pow) -> bool:
    """Whether this is an even root of something that is not linear."""
    if isinstance(node, Root):
        return _is_even(node.index) and not _is_linear(node.radicand)
    if isinstance(node.exponent, Num) and not node.exponent.places:
        return False
    power = rational(node.exponent)
    return power is not None and power.denominator % 2 == 0 and not _is_linear(node.base)


_CUT = (Cases, Call, Root, Pow)
_HIDES = kinds_of(*_CUT)
_CORNERED = frozenset(("corner", "step", "extremum"))
_SEEN = 8
"""Where a form has no value at most points, so many that agree are taken for enough."""


def _is_even(index: Form) -> bool:
    return (rational(index) or 0) % 2 == 0


def _is_linear(form: Form) -> bool:
    return form.size <= 2 or not form.kinds & _NOT_LINEAR


_NOT_LINEAR = kinds_of(Pow, Root, Call, Cases) | kinds_of(Div)


def _at(left: Form, right: Form, place: Place) -> bool | Literal["faint"] | None:
    """True: the values agree closely; False: they surely differ; None: no value here. Precision rises while this is open.

    `faint`: both are too close to zero to be seen, as e^(-x^6) is far out; zero itself is faint everywhere.
    """
    one, other, bits = place.ball(left), place.ball(right), BITS
    while one.is_finite() and other.is_finite():
        verdict = compared(one, other)
        bits *= 2
        if verdict is False or not rigorous() or (verdict and _is_seen(one) and _is_seen(other)):
            return verdict
        if bits > _MOST_BITS:
            return "faint" if verdict else None
        one, other = place.sharper(left, bits), place.sharper(right, bits)
    return None


def _is_seen(ball: arb) -> bool:
    """Whether a value is known well beside its size."""
    return bool(ball.rel_accuracy_bits() > _VISIBLE)


_VISIBLE = 20


def _at_depth(left: Form, right: Form, place: Place) -> bool | None:
    """Whether values that agree still do with as many bits as the numbers need that occur: 1/2004! is far below what is compared else."""
    depth = max(_depth(left), _depth(right)) if rigorous() else 0
    if not depth:
        return True
    if depth > _DEEPEST:
        return None
    one, other = place.sharper(left, BITS + depth), place.sharper(right, BITS + depth)
    return bool(one.overlaps(other)) if one.is_finite() and other.is_finite() else None


@lru_cache(maxsize=256)
def _depth(form: Form) -> int:
    """How many bits lie between 1 and the greatest or smallest number that the constants of a form can make; 0 for everyday ones."""
    found = 0.0
    for node in nodes(form) if form.kinds & _NUMBERS else ():
        if not node.free and isinstance(node, Call | Pow | Num) and not (isinstance(node, Num) and node.digits < _LONG and not node.places):
            size = abs(evaluate_ball(node, {}))
            if size.is_finite() and size > 0:
                found += abs(float(size.log())) * _BITS_OF_E
    return int(found) if found > _EVERYDAY else 0


_NUMBERS = kinds_of(Call, Pow, Num)
_BITS_OF_E = 1.4427
_EVERYDAY, _DEEPEST, _LONG = 90, 60_000, 10**9


def compared(one: arb, other: arb) -> bool | None:
    """False: the balls surely differ; True: they agree to a part in 2^60; None: no value, or too wide to say.

    Without python-flint as `tutor.form.blurs.agree` says.
    """
    if not (one.is_finite() and other.is_finite()):
        return None
    if not rigorous():
        return _agree(one, other)
    if not one.overlaps(other):
        return False
    if one.rel_accuracy_bits() > _SHARP and other.rel_accuracy_bits() > _SHARP:
        return True
    gap, size = abs(one - other), abs(one) + abs(other)
    return True if gap * _FINE < size + 1 / _FINE else None


def _agree(one: Any, other: Any) -> bool | None:
    from tutor.form.blurs import agree

    return agree(one, other)


_FINE = 2**60
_SHARP = 64
"""Two balls that meet, each with so many bits, agree to a part in 2^60: their middles are no further apart than the radii."""

__all__ = [
    "ENOUGH", "UNDECIDED", "Domain", "Evidence", "by_samples", "compared", "complex_condition", "domain_of", "integer_condition", "refuted",
]  # fmt: skip
