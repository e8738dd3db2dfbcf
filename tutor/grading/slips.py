"""Slips of algebra between two lines: what learners do to a sum, a power or a fraction that no law allows.

Each slip rewrites one part of the upper line. It is named where the rewritten line equals the lower one and not the upper one:
the slip really leads there, whatever right algebra was done in the same line.

>>> from tutor import read
>>> [slip.mistake for slip in slips(read("x - (x^2 - 3)"), read("x - x^2 - 3"))]
['algebra.bracket_sign']
>>> [slip.mistake for slip in slips(read("(x + 3)^2"), read("x^2 + 9"))]
['algebra.power_of_sum']
>>> slips(read("(x + 3)^2"), read("x^2 + 6x + 9"))
()
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, islice

from tutor.algebra.equal import by_samples
from tutor.algebra.laws.arithmetic import numbers
from tutor.algebra.laws.sums import expanded
from tutor.form.evaluate import FLOATS, compute, sample_points
from tutor.form.numerals import number, rational
from tutor.form.tree import ONE, Add, Call, Div, Form, Mul, Neg, Num, Pow, Root, product, total
from tutor.form.walk import nodes, rewritten

_POINTS, _TRIES = 4, 60
_CLOSE = 1e-9
_MOST = 2_000
"""Rewritten lines that are compared."""
_LARGEST = 400
"""Lines with more nodes are not searched for slips."""


@dataclass(frozen=True, slots=True)
class Slip:
    """A slip by its id, the part at which it happened, and the line to which it leads."""

    mistake: str
    part: Form
    line: Form


def slips(upper: Form, lower: Form) -> tuple[Slip, ...]:
    """The first slip that leads from the upper line to the lower one; none where the lines are equal."""
    places = _places(upper, lower)
    if not places or max(upper.size, lower.size) > _LARGEST:
        return ()
    wanted, right = _values(lower, places), _values(upper, places)
    if _agree(wanted, right):
        return ()
    for slip in (*islice(candidates(upper), _MOST), *_differing_term(upper, wanted, right, places)):
        found = _values(slip.line, places)
        if _agree(found, wanted) and not _agree(found, right) and by_samples(slip.line, lower).equal:
            return (slip,)
    return ()


def candidates(line: Form, mistakes: Iterable[str] = ()) -> Iterator[Slip]:
    """The line with one slip in it, of these ids or of all: the telling ones first, a lost sign or term last."""
    parts = [node for node in nodes(line) if not isinstance(node, Num)]
    for mistake in mistakes or _SLIPS:
        for part in reversed(parts):
            for wrong in _SLIPS[mistake](part):
                if wrong is not part:
                    yield Slip(mistake, part, _replaced(line, part, wrong))


def _replaced(line: Form, part: Form, wrong: Form) -> Form:
    return rewritten(line, lambda node: wrong if node is part else node)


# -- the slips ---------------------------------------------------------------------------------------


def _bracket_sign(node: Form) -> Iterator[Form]:
    """a − (b + c) becomes a − b + c: only the first sign of the bracket is changed; the same behind a factor."""
    match node:
        case Neg(Add((first, *rest))):
            yield Add((Neg(first), *rest))
        case Neg(Mul(factors)):
            for k, factor in enumerate(factors):
                if isinstance(factor, Add):
                    others = (*factors[:k], *factors[k + 1 :])
                    first, *rest = factor.terms
                    yield total((Neg(product((*others, first))), *(product((*others, term)) for term in rest)))


def _power_of_sum(node: Form) -> Iterator[Form]:
    """(a + b)² becomes a² + b², √(a + b) becomes √a + √b; the signs of the terms are kept or squared away."""
    match node:
        case Pow(Add(terms), exponent):
            yield Add(tuple(Neg(Pow(term.operand, exponent)) if isinstance(term, Neg) else Pow(term, exponent) for term in terms))
            yield Add(tuple(Pow(term, exponent) for term in terms))
        case Root(Add(terms), index):
            yield Add(tuple(Neg(_root(term.operand, index)) if isinstance(term, Neg) else _root(term, index) for term in terms))


def _root(form: Form, index: Form) -> Form:
    """The root as learners take it: that of x² is x."""
    return form.base if isinstance(form, Pow) and form.exponent is index else Root(form, index)


def _power_of_product(node: Form) -> Iterator[Form]:
    """(3x)² becomes 3x²: the exponent reaches the last factor only."""
    match node:
        case Pow(Mul(factors), exponent):
            yield Mul((*factors[:-1], Pow(factors[-1], exponent)))
            yield Mul((Pow(factors[0], exponent), *factors[1:]))


def _first_only(node: Form) -> Iterator[Form]:
    """a(b + c) becomes ab + c."""
    match node:
        case Mul(factors):
            for k, factor in enumerate(factors):
                if isinstance(factor, Add):
                    others = (*factors[:k], *factors[k + 1 :])
                    yield Add((product((*others, factor.terms[0])), *factor.terms[1:]))
                    yield Add((*factor.terms[:-1], product((*others, factor.terms[-1]))))


def _cancelled_term(node: Form) -> Iterator[Form]:
    """(a + b)/a becomes b or 1 + b: a term of a sum is cancelled as if it were a factor."""
    match node:
        case Div(Add(above), below):
            beneath = below.terms if isinstance(below, Add) else below.factors if isinstance(below, Mul) else (below,)
            for term in above:
                for other in beneath:
                    if _bare(term) is _bare(other):
                        yield from _without_both(above, term, below, other)
            yield from _cancelled_in_one(above, below)
        case Div(top, Add(below)):
            for term in below:
                for factor in top.factors if isinstance(top, Mul) else (top,):
                    if _bare(term) is _bare(factor):
                        yield Div(_without(top, factor), total(other for other in below if other is not term))


def _cancelled_in_one(above: Sequence[Form], below: Form) -> Iterator[Form]:
    """(ac + b)/c² becomes (a + b)/c: a factor is cancelled out of one term only."""
    for k, term in enumerate(above):
        inner = _bare(term)
        for factor in inner.factors if isinstance(inner, Mul) else ():
            for other in below.factors if isinstance(below, Mul) else (below,):
                base, exponent = _power(other)
                if base is factor:
                    left = _without(inner, factor)
                    top = Add((*above[:k], Neg(left) if isinstance(term, Neg) else left, *above[k + 1 :]))
                    kept = () if exponent is ONE else (Pow(base, _number_of(Add((exponent, Neg(ONE))))),)
                    yield Div(top, product((*_factors(_without(below, other)), *kept)))


def _factors(form: Form) -> tuple[Form, ...]:
    return form.factors if isinstance(form, Mul) else () if form is ONE else (form,)


def _without_both(above: Sequence[Form], term: Form, below: Form, other: Form) -> Iterator[Form]:
    rest = total(one for one in above if one is not term)
    for top in (rest, Add((ONE, rest))):
        lower = _without(below, other)
        yield top if lower is ONE else Div(top, lower)


def _without(form: Form, part: Form) -> Form:
    match form:
        case Add(terms):
            return total(term for term in terms if term is not part)
        case Mul(factors):
            return product(factor for factor in factors if factor is not part)
    return ONE


def _bare(form: Form) -> Form:
    return form.operand if isinstance(form, Neg) else form


def _split_denominator(node: Form) -> Iterator[Form]:
    """a/(b + c) becomes a/b + a/c."""
    match node:
        case Div(top, Add(terms)):
            yield Add(tuple(Neg(Div(top, term.operand)) if isinstance(term, Neg) else Div(top, term) for term in terms))


def _function_of_sum(node: Form) -> Iterator[Form]:
    """sin(a + b) becomes sin a + sin b, e^(a + b) becomes e^a + e^b, ln(a·b) becomes ln a · ln b."""
    match node:
        case Call(name, (Add(terms),)):
            yield Add(tuple(Neg(Call(name, (term.operand,))) if isinstance(term, Neg) else Call(name, (term,)) for term in terms))
        case Call("ln", (Mul(factors),)):
            yield Mul(tuple(Call("ln", (factor,)) for factor in factors))
        case Pow(base, Add(terms)) if not base.free:
            yield Add(tuple(Pow(base, term) for term in terms))


def _exponents(node: Form) -> Iterator[Form]:
    """x²·x³ becomes x⁶, (x²)³ becomes x⁵."""
    match node:
        case Mul(factors):
            for one, other in combinations(factors, 2):
                (base, m), (second, n) = _power(one), _power(other)
                if base is second and rational(base) is None:
                    wrong = Pow(base, _number_of(Mul((m, n))))
                    yield product((wrong, *(factor for factor in factors if factor is not one and factor is not other)))
        case Pow(Pow(base, m), n):
            yield Pow(base, _number_of(Add((m, n))))
        case Div(top, bottom):
            for one in top.factors if isinstance(top, Mul) else (top,):
                for other in bottom.factors if isinstance(bottom, Mul) else (bottom,):
                    (base, m), (second, n) = _power(one), _power(other)
                    if base is second and rational(base) is None and rational(n) != 0:
                        wrong = Pow(base, _number_of(Div(m, n)))
                        rest = _without(bottom, other)
                        above = product((wrong, *(factor for factor in (top.factors if isinstance(top, Mul) else ()) if factor is not one)))
                        yield above if rest is ONE else Div(above, rest)


def _power(form: Form) -> tuple[Form, Form]:
    return (form.base, form.exponent) if isinstance(form, Pow) else (form, ONE)


def _number_of(form: Form) -> Form:
    """An exponent with its arithmetic done."""
    return rewritten(form, numbers)


def _exponents_of_sum(node: Form) -> Iterator[Form]:
    """x² + x³ becomes x⁵, x² + x² becomes x⁴ or 2x⁴: exponents are added where terms are."""
    match node:
        case Add(terms):
            for one, other in combinations(terms, 2):
                (m, base, p), (n, second, q) = _monomial(one), _monomial(other)
                if base is not None and base is second:
                    rest = [term for term in terms if term is not one and term is not other]
                    power = Pow(base, number(p + q))
                    for count in dict.fromkeys((m + n, m * n)):
                        yield total((product((number(count), power)), *rest))


def _monomial(form: Form) -> tuple[Fraction, Form | None, Fraction]:
    """3x² as (3, x, 2); the base is None where it is no such term."""
    match form:
        case Neg(inner):
            count, base, power = _monomial(inner)
            return -count, base, power
        case Mul((first, rest)) if (front := rational(first)) is not None:
            count, base, power = _monomial(rest)
            return front * count, base, power
    base, exponent = _power(form)
    exact = rational(exponent)
    return (Fraction(1), base, exact) if exact is not None and rational(base) is None else (Fraction(1), None, Fraction(0))


def _sign(node: Form) -> Iterator[Form]:
    """One term of a sum changes its sign, or a minus in front is lost."""
    match node:
        case Add(terms):
            for k, term in enumerate(terms):
                yield Add((*terms[:k], _opposite(term), *terms[k + 1 :]))
        case Neg(inner):
            yield inner
        case Mul((Neg(first), *rest)):
            yield Mul((first, *rest))


def _opposite(form: Form) -> Form:
    return form.operand if isinstance(form, Neg) else Neg(form)


def _lost_term(node: Form) -> Iterator[Form]:
    """One term of a sum is not written down."""
    match node:
        case Add(terms):
            for k in range(len(terms)):
                yield total((*terms[:k], *terms[k + 1 :]))


def _lost_factor(node: Form) -> Iterator[Form]:
    """One factor of a product or a power is not written down."""
    match node:
        case Mul(factors):
            for k in range(len(factors)):
                yield product((*factors[:k], *factors[k + 1 :]))
        case Pow(base, exponent) if (count := rational(exponent)) is not None and count > 1:
            yield Pow(base, number(count - 1)) if count != 2 else base


_SLIPS: Mapping[str, Callable[[Form], Iterator[Form]]] = {
    "algebra.bracket_sign": _bracket_sign,
    "algebra.power_of_sum": _power_of_sum,
    "algebra.power_of_product": _power_of_product,
    "algebra.first_only": _first_only,
    "algebra.cancelled_term": _cancelled_term,
    "algebra.split_denominator": _split_denominator,
    "algebra.function_of_sum": _function_of_sum,
    "algebra.exponents": _exponents,
    "algebra.exponents_of_sum": _exponents_of_sum,
    "algebra.sign": _sign,
    "algebra.lost_term": _lost_term,
    "algebra.lost_factor": _lost_factor,
}
"""The slips by id, in the order in which they are looked for; `algebra.like_terms` is found by the difference of the lines."""
LAWS_THAT_DO_NOT_HOLD = ("algebra.power_of_sum", "algebra.split_denominator", "algebra.function_of_sum", "algebra.power_of_product", "algebra.cancelled_term")
"""The slips by which a function is rewritten wrongly before it is differentiated."""


def _differing_term(upper: Form, wanted: Sequence[float], right: Sequence[float], places: Sequence[Mapping[str, float]]) -> Iterator[Slip]:
    """Only the number in front of one kind of term is off: the difference of the lines is a multiple of that term."""
    gaps = [one - other for one, other in zip(wanted, right, strict=True)]
    flat = expanded(upper) if upper.size <= _LARGEST else None
    terms = [term for form in dict.fromkeys((upper, flat or upper)) for term in (form.terms if isinstance(form, Add) else (form,))]
    for kind in dict.fromkeys(_kind(term) for term in terms):
        ratios = [gap / value if value else math.nan for gap, value in zip(gaps, _values(kind, places), strict=True)]
        if all(abs(ratio - ratios[0]) <= _CLOSE * (1 + abs(ratios[0])) for ratio in ratios):
            count = Fraction(ratios[0]).limit_denominator(1000)
            if count and abs(float(count) - ratios[0]) <= _CLOSE * (1 + abs(ratios[0])):
                yield Slip("algebra.like_terms", kind, Add((upper, product((number(count), kind)))))


def _kind(term: Form) -> Form:
    """A term without the number in front: of 3x²·sin x the form x² sin x, of a number 1."""
    match term:
        case Neg(inner):
            return _kind(inner)
        case Mul(factors):
            return product(factor for factor in factors if rational(factor) is None)
        case Div(top, bottom) if rational(bottom) is not None:
            return _kind(top)
    return ONE if rational(term) is not None else term


# -- values ------------------------------------------------------------------------------------------


def _places(*forms: Form) -> list[dict[str, float]]:
    """Points at which all forms have values."""
    names = frozenset[str]().union(*(form.free for form in forms))
    found: list[dict[str, float]] = []
    for point in islice(sample_points(names), _TRIES):
        place = {name: float(value) for name, value in point.items()}
        if all(math.isfinite(value) for form in forms for value in _values(form, [place])):
            found.append(place)
        if len(found) == _POINTS:
            break
    return found


def _values(form: Form, places: Sequence[Mapping[str, float]]) -> list[float]:
    return [value if isinstance(value := compute(form, place, FLOATS), float) else math.nan for place in places]


def _agree(one: Sequence[float], other: Sequence[float]) -> bool:
    return all(abs(a - b) <= _CLOSE * (1 + abs(a) + abs(b)) for a, b in zip(one, other, strict=True))


__all__ = ["LAWS_THAT_DO_NOT_HOLD", "Slip", "candidates", "slips"]
