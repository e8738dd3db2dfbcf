"""Are two forms equal: with evidence, and with what changed about the domain.

Structure first; then one point, which refutes most wrong answers; rational functions by their exact normal form; everything else
at samples, where several that agree are strong evidence; what they leave open goes to the exact identities, and to SymPy in a
process that can be killed. A domain that grew or shrank is told apart from the verdict: (x² − 1)/(x + 1) is x − 1 wherever both
are defined, and a learner should hear that −1 is missing.

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

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from itertools import islice

from tutor.algebra.equal import Domain, Evidence, by_samples, domain_of, refuted
from tutor.algebra.identity import identical
from tutor.algebra.places import Place
from tutor.algebra.ratio import same_ratio
from tutor.algebra.residue import differ_modulo
from tutor.algebra.solve import proved_equal
from tutor.calculus.conditions import NOT_NEGATIVE, POSITIVE, sign
from tutor.form.evaluate import BITS, FLOATS, compute, evaluate, precision, sample_points
from tutor.form.functions import FUNCTIONS
from tutor.form.numerals import rational
from tutor.form.reading import read
from tutor.form.tree import ONE, Call, Div, Form, Mul, Neg, Num, Pow, Relation, Root, sqrt
from tutor.form.walk import kinds_of, nodes

SECONDS = 2.0
"""What a proof by SymPy may take."""
_RINGS = 12
_NEAR = tuple(Fraction(k) for k in (0, 1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 10, -10))


def settled(answer: Form, key: Form, conditions: Iterable[Form] = (), seconds: float = SECONDS) -> Evidence:
    """Whether an answer equals the key wherever both are defined and the conditions hold. Undecided is never "different"."""
    where = tuple(conditions)
    domain = domain_of(where)
    answer, key = domain.read(answer), domain.read(key)
    if answer is key:
        return Evidence(True, "structure")
    different = refuted(answer, key, domain)
    if different is not None:
        return different
    ratio = same_ratio(answer, key) if not (answer.kinds | key.kinds) & _FUNCTIONS or abs(answer.size - key.size) <= _REORDERED else None
    if ratio is True:
        return Evidence(True, "exact")
    evidence = by_samples(answer, key, where)
    if evidence.equal and ratio is None and differ_modulo(answer, key):
        return Evidence(False, "exact")
    if evidence.equal is not None or (domain.is_complex and _has_modulus(answer, key)):
        return evidence
    if ratio is None and identical(answer, key) is True:
        return Evidence(True, "exact")
    return Evidence(True, "symbolic") if not domain.is_complex and proved_equal(answer, key, where, seconds) else evidence


_FUNCTIONS = kinds_of(Call, Root)
_REORDERED = 2
"""With functions in it, an answer that is about as long as the key may be the same terms and factors in another order."""


def _has_modulus(*forms: Form) -> bool:
    """Whether |u| occurs: |u|² = u² is an identity of real numbers alone."""
    return any(isinstance(node, Call) and node.name == "abs" for form in forms for node in nodes(form))


@dataclass(frozen=True, slots=True)
class DomainChange:
    """A point at which exactly one of two forms has a value; `grew`: it is the answer that has one."""

    grew: bool
    point: Mapping[str, Fraction]


def domain_change(answer: Form, key: Form, conditions: Iterable[Form] = ()) -> DomainChange | None:
    """A point inside the conditions at which only one side has a value; None where none is seen.

    Only parts that can fail in one of the forms and not in the other are looked at: at the sample points and at simple numbers, where
    denominators and logarithms tend to fail. Floats say where to look, balls decide.
    """
    domain = domain_of(tuple(conditions))
    if _risky(answer) == _risky(key) or not domain.is_computable:
        return None
    suspects = tuple(sorted((part for part in fragile(answer) ^ fragile(key) if part.size <= _LONGEST), key=str))
    if not suspects:
        return None
    names = sorted(answer.free | key.free)
    looked: Counter[tuple[Form, ...]] = Counter()
    for point in (*_simple_points(names, suspects), *islice(sample_points(names), _RINGS)):
        failing = _failing(suspects, point)
        if failing and looked[failing] < _LOOKS:
            looked[failing] += 1
            mine, other = _defined(domain, answer, key, point)
            if mine is not other:
                return DomainChange(mine, point)
    return None


def _defined(domain: Domain, answer: Form, key: Form, point: Mapping[str, Fraction]) -> tuple[bool, bool]:
    """Whether the forms have values at a point; outside the domain nobody asks."""
    with precision(BITS):
        place = Place(point, domain)
        if any(place.value(condition) is False for condition in domain.conditions if condition.free <= point.keys()):
            return False, False
        mine, other = (place.ball(domain.read(form)).is_finite() for form in (answer, key))
        return bool(mine), bool(other)


@lru_cache(maxsize=256)
def fragile(form: Form) -> frozenset[Form]:
    """The parts that have no value at some points though what they are made of has: fractions, even roots, logarithms, …

    They are brought to a plain form: of (x − 2)³ in a denominator it is 1/(x − 2), of tan x 1/cos x, of u^(−1/2) 1/u and √u.

    >>> sorted(map(str, fragile(read("sqrt(x)/(x - 2)^3 + ln(3)*(x - 1)^-1 + tan(x)/(2*(x - 2)) + 1/(x^2 + 1)"))))
    ['1/(x - 1)', '1/(x - 2)', '1/cos(x)', 'sqrt(x)']
    """
    return frozenset(part for node in _risky(form) for part in _fragile(node))


@lru_cache(maxsize=256)
def _risky(form: Form) -> frozenset[Form]:
    """The nodes of which `fragile` speaks, as they are written; of a fraction one over the denominator."""
    if not form.kinds & _FRAGILE:
        return frozenset()
    found: set[Form] = set()
    seen, stack = {form}, [form]
    while stack:
        node = stack.pop()
        kind = type(node)
        if kind is Div:
            if node.children[1].free:
                found.add(Div(ONE, node.children[1]))
        elif kind is Root or (kind is Call and FUNCTIONS[node.name].domain):  # type: ignore[attr-defined]
            found.add(node)
        elif kind is Pow:
            exponent = node.children[1]
            if type(exponent) is not Num or exponent.places:
                found.add(node)
        for child in node.children:
            if child.kinds & _FRAGILE and child not in seen:
                seen.add(child)
                stack.append(child)
    return frozenset(found)


_FRAGILE = kinds_of(Div, Root, Pow, Call)


def _fragile(node: Form) -> Iterator[Form]:
    match node:
        case Div(_, bottom) if bottom.free:
            yield from _below(bottom)
        case Pow(base, exponent) if node.free:
            power = rational(exponent)
            if base.free and (power is None or power < 0):
                yield from _below(base)
            if (power is None or power.denominator > 1) and sign(base) not in (POSITIVE, NOT_NEGATIVE):
                yield sqrt(base)
        case Root(inner, index) if inner.free and (not isinstance(index, Num) or index.digits % 2 == 0) and sign(inner) not in (POSITIVE, NOT_NEGATIVE):
            yield sqrt(inner)
        case Call(name, (inner,)) if inner.free and FUNCTIONS[name].domain:
            match _domain_of(name):
                case Relation((Call(other, _), Num(0, 0)), ("!=",)):
                    yield Div(ONE, Call(other, (inner,)))
                case _:
                    yield node


def _below(bottom: Form) -> Iterator[Form]:
    """What must not vanish in a denominator, factor by factor."""
    match bottom:
        case Mul(factors):
            for factor in factors:
                yield from _below(factor)
        case Neg(inner) | Root(inner, _):
            yield from _below(inner)
        case Pow(inner, exponent) if (rational(exponent) or 0) > 0:
            yield from _below(inner)
        case _ if bottom.free and sign(bottom) != POSITIVE:
            yield Div(ONE, bottom)


@cache
def _domain_of(name: str) -> Form:
    return read(FUNCTIONS[name].domain)


def _failing(parts: Iterable[Form], point: Mapping[str, Fraction]) -> tuple[Form, ...]:
    """The parts that in floats have no value at a point, or are at their edge there."""
    values = {name: float(value) for name, value in point.items()}
    memo: dict[Form, float] = {}
    return tuple(
        part for part in parts
        if not abs(compute(part, values, FLOATS, memo)) < _FAR or any(abs(memo[child]) < _CLOSE for child in part.children)
    )  # fmt: skip


_LONGEST = 600
"""Parts with more nodes than this are not looked at."""
_LOOKS = 3
"""So many points are looked at in balls at which the same parts fail: ln x and ln x³ fail at every negative number."""
_FAR, _CLOSE = 1e9, 1e-9
"""Values beyond the one and arguments below the other make balls look closer."""


def _simple_points(names: list[str], parts: Iterable[Form]) -> list[dict[str, Fraction]]:
    """Small numbers and those that occur, for one letter after the other while the rest stand at an odd place."""
    numbers = {sign * node.value for part in parts for node in nodes(part) if isinstance(node, Num) for sign in (1, -1)}
    places = dict.fromkeys((*_NEAR, *sorted(numbers, key=abs)[:12]))
    rest = {name: Fraction(7 + 2 * k, 5) for k, name in enumerate(names)}
    return [{**rest, name: place} for name in names for place in (*places, *_zeros(parts, name, rest))]


def _zeros(parts: Iterable[Form], name: str, rest: Mapping[str, Fraction]) -> list[Fraction]:
    """Where what stands in a part vanishes, if it is linear in the letter: of 1/(2x + 1) it is −1/2."""
    found = []
    floats = {letter: float(value) for letter, value in rest.items()}
    for part in parts:
        for inner in part.children:
            if name in inner.free:
                at = [evaluate(inner, {**floats, name: place}) for place in (0.0, 1.0, 2.0)]
                slope = at[1] - at[0]
                if slope and abs(at[2] - at[1] - slope) < _CLOSE * abs(slope):
                    found.append(Fraction(-at[0] / slope).limit_denominator(1000))
    return found
