"""What is exact about a run: its first updates in numbers, and its closed form where the run is a linear recurrence.

On a quadratic function with the matrix H plain descent at a fixed rate multiplies the distance to the stationary point along each eigenvector
by 1 − αλ, so xₙ = x* + Σ cᵢ (1 − αλᵢ)ⁿ vᵢ; along an eigenvalue 0 it walks at constant speed. The heavy ball solves
z² = (1 + μ − αλ) z − μ, which gives two powers where the roots are fractions. Each closed form is claimed twice: it begins at the
start, and putting it into the update gives its own next member.

>>> from tutor.descent.run import descend
>>> [str(form) for form in closed_form(descend("x^2 - 4x + 5", start="x=0", rate="0.1", steps=20))]
['2 - 2*0.8^n']
>>> [str(form) for form in closed_form(descend("x^2 + x*y + y^2", start="x=1,y=0", rate="1/10", steps=5))]
['1/2*(9/10)^n + 1/2*(7/10)^n', '-1/2*(9/10)^n + 1/2*(7/10)^n']
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from tutor.algebra.equal import integer_condition
from tutor.calculus.optima.said import compared
from tutor.calculus.worked import Claim, equal
from tutor.descent import spectral
from tutor.descent.curvature import Curvature, Rule, curvature, has_decimals, rule_of
from tutor.descent.program import Program
from tutor.descent.spectral import Vector
from tutor.form.arithmetic import compute
from tutor.form.compiled import Assignment
from tutor.form.evaluate import evaluate
from tutor.form.numerals import number, rational
from tutor.form.rationals import RATIONALS
from tutor.form.reading import read
from tutor.form.tree import ONE, TWO, Add, Apply, Call, Form, Mul, Neg, Pow, Sym, total
from tutor.form.walk import nodes, substitute

if TYPE_CHECKING:
    from tutor.descent.trace import Trace

COUNT = "n"
"""The number of the iterate in a closed form; where the function has that letter itself, there is none."""
_LONGEST = 10**12
_MOST_LETTERS = 4
_CLAIMED = 3
"""So many updates are claimed."""
_MOST_CLAIMS = 60
_PLAIN, _PLACES = 1_000_000, 24
"""Fractions with larger denominators, or more decimals, are claimed as rounded decimals."""
_ROUNDED = Fraction(1, 10**9)

Terms = dict[Fraction, Fraction]
"""The sum of c·qⁿ, from q to c."""


@dataclass(frozen=True)
class _Part:
    """What one letter follows: terms c·qⁿ (q = 1 is the constant) and a speed."""

    terms: Terms
    speed: Fraction = Fraction(0)


# -- the closed form ---------------------------------------------------------------------------------


def closed_form(trace: Trace) -> tuple[Form, ...] | None:
    """The iterates as forms in n, one for each letter; None where the run is no linear recurrence with fractions, or they are long.

    A run that arrives in one step has none either: 0ⁿ says less than the arrival.
    """
    parts = _parts(trace)
    if parts is None:
        return None
    decimals = written_in_decimals(trace)
    return tuple(_written(part, decimals) for part in parts)


def written_in_decimals(trace: Trace) -> bool:
    """Whether a person who typed this wants to see 0.8 and not 4/5."""
    formula = trace.objective.formula
    return has_decimals(trace.method.rate, *trace.start, *([formula] if formula is not None else []))


def _parts(trace: Trace) -> tuple[_Part, ...] | None:
    rule = rule_of(trace)
    formula = trace.objective.formula
    if rule is None or formula is None or len(trace.letters) > _MOST_LETTERS or COUNT in trace.letters or not trace.steps:
        return None
    bent = curvature(trace.objective)
    start = fractions_of(trace.start)
    if bent is None or bent.exact is None or bent.slope is None or start is None:
        return None
    found = _diagonal(bent, rule, start) if rule.name != "newton" else None
    return found if found is not None and all(_is_short(part) for part in found) else None


def fractions_of(forms: Sequence[Form]) -> Vector | None:
    """Numbers as fractions, where all are such."""
    found = tuple(compute(form, {}, RATIONALS) for form in forms)
    return None if None in found else found


def _diagonal(bent: Curvature, rule: Rule, start: Vector) -> tuple[_Part, ...] | None:
    """Start and slope taken apart along the eigenvectors, each part followed by itself, and put together again."""
    assert bent.exact is not None
    assert bent.slope is not None
    if any(one.exact is None for one in bent.values):
        return None
    pairs = [(one.exact, spectral.fractions(vector)) for one in bent.values for vector in one.vectors]
    columns = tuple(zip(*(vector for _, vector in pairs), strict=True))
    begins, pulls = spectral.solved(columns, start)[0], spectral.solved(columns, bent.slope)[0]
    assert begins is not None
    assert pulls is not None
    along = [_along(rule, (value or Fraction(0)) + rule.decay, begin, pull) for (value, _), begin, pull in zip(pairs, begins, pulls, strict=True)]
    if any(part is None for part in along):
        return None
    return tuple(_joined([(part, vector[k]) for part, (_, vector) in zip(along, pairs, strict=True) if part is not None]) for k in range(len(start)))


def _along(rule: Rule, value: Fraction, begin: Fraction, pull: Fraction) -> _Part | None:
    """The coordinate along an eigenvector: x ↦ x − α(λx + b), with memory or without."""
    if not value:
        if not pull:
            return _Part({Fraction(1): begin})
        return _Part({Fraction(1): begin}, -rule.rate * pull) if rule.name == "gd" else None
    rest = -pull / value
    if begin == rest:
        return _Part({Fraction(1): rest})
    factors = _factors(rule, value)
    if factors is None or Fraction(0) in factors:
        return None
    terms: Terms = {Fraction(1): rest}
    for factor, share in factors.items():
        terms[factor] = terms.get(factor, Fraction(0)) + share * (begin - rest)
    return _Part(terms)


def _factors(rule: Rule, value: Fraction) -> Terms | None:
    """By what the distance is multiplied at each step, and with which share of the first distance."""
    first = 1 - rule.rate * value
    if rule.name == "gd":
        return {first: Fraction(1)}
    if rule.name != "momentum" or rule.tau:
        return None
    middle = (1 + rule.mu - rule.rate * value) / 2
    inside = middle**2 - rule.mu
    if inside <= 0:
        return None
    root, under = spectral.square_root(inside)
    if under != 1:
        return None
    high, low = middle + root, middle - root
    share = (first - low) / (high - low)
    return {factor: part for factor, part in ((high, share), (low, 1 - share)) if part}


def _joined(parts: Sequence[tuple[_Part, Fraction]]) -> _Part:
    terms: Terms = {}
    for part, weight in parts:
        for factor, value in part.terms.items():
            terms[factor] = terms.get(factor, Fraction(0)) + weight * value
    return _Part({factor: value for factor, value in terms.items() if value}, sum((part.speed * weight for part, weight in parts), Fraction(0)))


def _is_short(part: _Part) -> bool:
    numbers = [part.speed, *part.terms, *part.terms.values()]
    return all(max(abs(value.numerator), value.denominator) <= _LONGEST for value in numbers)


def _written(part: _Part, decimals: bool) -> Form:
    """2 − 2·0.8ⁿ."""
    n = Sym(COUNT)
    found: list[Form] = []
    for factor in sorted(part.terms, key=lambda factor: (factor != 1, -abs(factor), factor < 0)):
        power = None if factor == 1 else Pow(number(factor, decimal=decimals), n)
        found.append(_times(part.terms[factor], power, decimals))
    if part.speed:
        found.append(_times(part.speed, n, decimals))
    return total(found)


def _times(value: Fraction, other: Form | None, decimals: bool) -> Form:
    size = number(abs(value), decimal=decimals)
    form = size if other is None else other if abs(value) == 1 else Mul((size, other))
    return Neg(form) if value < 0 else form


# -- claims ------------------------------------------------------------------------------------------


def claims_of(trace: Trace) -> tuple[Claim, ...]:
    """The first updates in numbers, and that the closed form begins at the start and follows the update."""
    return (*first_updates(trace), *_recurrence(trace))


def first_updates(trace: Trace, steps: int = _CLAIMED) -> tuple[Claim, ...]:
    """Every assignment of the first steps with its numbers put in: −4 = 2·0 − 4, then 0.4 = 0 − 0.1·(−4).

    As long as all values are fractions these are equations; after that each value that the run used agrees to nine digits.
    """
    program = trace.program
    if not isinstance(program, Program) or not all(isinstance(step, Assignment) for step in program.steps):
        return ()
    return tuple(_updates(trace, program, min(steps, trace.steps)))[:_MOST_CLAIMS]


def _updates(trace: Trace, program: Program, steps: int) -> Iterator[Claim]:
    decimals = written_in_decimals(trace)
    held = dict(zip(program.carried, (*trace.start, *program.memory), strict=True))
    for n in range(1, steps + 1):
        values: dict[str, Form] = {**held, COUNT: number(n)}
        for step in program.steps:
            assert isinstance(step, Assignment)
            shown = substitute(step.value, {name: values[name] for name in step.value.free if name in values})
            found = _value(shown, decimals)
            if found is None:
                return
            values[step.name], claim = found
            if claim is not None:
                yield claim
        held = {old: values[new] for old, new in program.carried.items()}


def _value(shown: Form, decimals: bool) -> tuple[Form, Claim | None] | None:
    """The value of what is shown, and that it is this."""
    if any(isinstance(node, Apply) for node in nodes(shown)):
        return None
    if rational(shown) is not None:
        return shown, None
    exact = compute(shown, {}, RATIONALS)
    if exact is not None and (exact.denominator <= _PLAIN or (10**_PLACES % exact.denominator == 0 and abs(exact.numerator) < 10**_PLACES)):
        value = number(exact, decimal=decimals)
        return value, equal(shown, value, "update")
    rounded = evaluate(shown, {})
    if not abs(rounded) < float("inf"):
        return None
    value = read(f"{rounded:.15e}".replace("e", "*10^(") + ")") if not 1e-4 < abs(rounded) < 1e6 else read(f"{rounded:.17g}")
    bound = number(Fraction(max(1, int(abs(rounded)) + 1)) * _ROUNDED, decimal=True)
    return value, Claim(compared(Call("abs", (Add((shown, Neg(value))),)), "<", bound), "update")


def _recurrence(trace: Trace) -> Iterator[Claim]:
    closed = closed_form(trace)
    if closed is None or trace.objective.gradient is None:
        return
    rule = rule_of(trace)
    assert rule is not None
    conditions = (integer_condition(COUNT), compared(Sym(COUNT), ">=", number(0)))
    for form, start in zip(closed, trace.start, strict=True):
        yield equal(substitute(form, {COUNT: number(0)}), start, "closed_start")
    after = 1 if rule.name == "momentum" else 0
    members = [tuple(_member(form, k) for form in closed) for k in range(after + 2)]
    here = dict(zip(trace.letters, members[after], strict=True))
    for k, partial in enumerate(trace.objective.gradient.value):
        slope: Form = substitute(partial, here)
        if rule.decay:
            slope = Add((slope, Mul((number(rule.decay, decimal=True), members[after][k]))))
        right: list[Form] = [members[after][k], Neg(Mul((trace.method.rate, slope)))]
        if after:
            last = Add((members[1][k], Neg(members[0][k])))
            right.append(Mul((number(rule.mu, decimal=True), last)))
            first = substitute(partial, dict(zip(trace.letters, trace.start, strict=True)))
            yield equal(substitute(closed[k], {COUNT: ONE}), Add((trace.start[k], Neg(Mul((trace.method.rate, first))))), "closed_start")
        yield equal(members[after + 1][k], Add(tuple(right)), "closed_step", conditions)


def _member(form: Form, further: int) -> Form:
    """The member so many steps after the n-th."""
    return form if not further else substitute(form, {COUNT: Add((Sym(COUNT), ONE if further == 1 else TWO))})


__all__ = ["COUNT", "claims_of", "closed_form", "first_updates", "fractions_of", "written_in_decimals"]
