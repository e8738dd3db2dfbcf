"""Tangent line and tangent plane, and what the linear approximation is worth over a step.

At a point a where f is differentiable, L(x) = f(a) + Σ ∂f/∂xᵢ(a) (xᵢ − aᵢ) is the linear function that
touches f best (Stewart, *Calculus*, sections 3.10 and 14.4). The slope times a step is what the tangent
changes by, not what f changes by; in one variable the difference is ½ f″(a) h² up to third order in h,
exactly so for a function of degree two (Taylor's theorem).

>>> coffee = tangent("P(p) = -20p^2 + 200p - 300", "p=2")
>>> str(coffee.slopes[0].exact), str(coffee.touching), str(coffee.expanded)
('120', '20 + 120*(p - 2)', '120*p - 220')
>>> step = coffee.steps[0]
>>> [str(value.exact) for value in (step.linear, step.true, step.difference, step.predicted)]
['120', '100', '-20', '-20']
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from tutor.algebra.laws.arithmetic import numbers
from tutor.algebra.tidy import tidied
from tutor.calculus.differentiate import Derivation, differentiate
from tutor.calculus.inside import has_value, outside, value_there, wanted_point
from tutor.calculus.points import Value, check_point, value_at
from tutor.calculus.request import body
from tutor.calculus.worked import Claim, Worked, equal
from tutor.errors import RequestError
from tutor.form.evaluate import evaluate_ball, holds
from tutor.form.functions import FUNCTIONS
from tutor.form.numerals import number, rational
from tutor.form.reading import read
from tutor.form.tree import ONE, TWO, ZERO, Add, Call, Div, Form, Mul, Neg, Num, Pow, Relation, Sym, total
from tutor.form.walk import nodes, rewritten, substitute

_NEAR = Fraction(1, 1000)
"""How far to each side of a corner the slope is looked at."""
_VERY_NEAR = Fraction(1, 10**9)
_SMALLER = (1, 10, 100)
"""The step is shown as it is, a tenth and a hundredth of it."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step away from the point.

    `by` is how far each variable moves. `linear` is the change along the tangent, `true` that of the function (without
    a value where the function has none), `difference` what the tangent leaves out, `predicted` what the second
    derivative says of that (None in several variables, and where there is no second derivative).
    """

    by: tuple[Form, ...]
    linear: Value
    true: Value
    difference: Value
    predicted: Value | None


@dataclass(frozen=True)
class Tangent(Worked):
    """A function at a point: value, slopes, tangent line or plane, and a few steps along it.

    `trouble` says why there is none: `value` (the function has no value there), `vertical` (its slope grows beyond
    all bounds), `slope` (there is no slope); it is empty where there is a tangent.
    """

    function: Form
    variables: tuple[str, ...]
    point: Mapping[str, Form]
    partials: tuple[Derivation, ...]
    second: Derivation | None
    size: Form
    trouble: str

    @cached_property
    def height(self) -> Value:
        """The function's value at the point."""
        return value_at(self.function, self.point)

    @cached_property
    def slopes(self) -> tuple[Value, ...]:
        """The partial derivatives at the point."""
        return tuple(value_there(partial.value, self.point) for partial in self.partials)

    @cached_property
    def bend(self) -> Value | None:
        """The second derivative at the point, in one variable and where it has a value."""
        if self.second is None or outside(self.second.conditions, self.point):
            return None
        found = value_there(self.second.value, self.point)
        return found if found.exact is not None else None

    @property
    def is_quadratic(self) -> bool:
        """Whether the second derivative is the same everywhere, so that it predicts the difference exactly."""
        return self.second is not None and not self.second.value.free and not self.second.conditions

    @cached_property
    def touching(self) -> Form:
        """f(a) + f′(a)(x − a), with the numbers put in."""
        return _numbered(total([_exact(self.height), *(Mul((_exact(slope), self.shift(name))) for name, slope in self._sloped)]))

    @cached_property
    def expanded(self) -> Form:
        """The same as m x + c."""
        moved = [Mul((_exact(slope), self.point[name])) for name, slope in self._sloped]
        constant = value_at(total([_exact(self.height), *map(Neg, moved)]), {})
        return _numbered(total([*(Mul((_exact(slope), Sym(name))) for name, slope in self._sloped), _exact(constant)]))

    @property
    def _sloped(self) -> list[tuple[str, Value]]:
        return list(zip(self.variables, self.slopes, strict=True))

    def shift(self, name: str) -> Form:
        """x − a."""
        return _numbered(Add((Sym(name), Neg(self.point[name]))))

    def moved(self, name: str, by: Form) -> Form:
        """The place of a letter after a step."""
        return _exact(value_at(Add((self.point[name], by)), {}))

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The steps that are shown: in each of two variables, in all at once, and the same ever smaller."""
        return () if self.trouble else tuple(self._step(by) for by in self._moves())

    def _moves(self) -> Iterator[tuple[Form, ...]]:
        count = len(self.variables)
        if count == 2:
            yield (self.size, ZERO)
            yield (ZERO, self.size)
        for divisor in _SMALLER:
            yield (_divided(self.size, divisor),) * count

    def _step(self, by: tuple[Form, ...]) -> Step:
        there: dict[str, Form] = {name: Add((self.point[name], move)) for name, move in zip(self.variables, by, strict=True)}
        linear = value_at(total(Mul((_exact(slope), move)) for slope, move in zip(self.slopes, by, strict=True)), {})
        true = value_at(Add((substitute(self.function, there), Neg(_exact(self.height)))), {})
        difference = value_at(Add((_exact(true), Neg(_exact(linear)))), {}) if true.exact is not None else true
        predicted = value_at(Mul((Div(ONE, TWO), _exact(self.bend), Pow(by[0], TWO))), {}) if self.bend is not None else None
        return Step(by, linear, true, difference, predicted)

    @cached_property
    def sides(self) -> tuple[tuple[Form, Value], ...]:
        """At a corner: places a little to the left and to the right, with the slopes there, where both exist."""
        if self.trouble != "slope" or len(self.variables) > 1:
            return ()
        (name,), (slope,) = self.variables, self.partials
        places = [_numbered(Add((self.point[name], number(way * _NEAR, decimal=True)))) for way in (-1, 1)]
        if any(outside(slope.conditions, {name: place}) for place in places):
            return ()
        found = tuple((place, value_at(slope.value, {name: place})) for place in places)
        return found if all(value.exact is not None for _, value in found) else ()

    @property
    def is_corner(self) -> bool:
        """Whether the slopes very close to both sides of the point differ."""
        (name,), slope = self.variables, self.partials[0].value
        near = [substitute(slope, {name: Add((self.point[name], number(way * _VERY_NEAR)))}) for way in (-1, 1)]
        gap = Call("abs", (Add((near[1], Neg(near[0]))),))
        return holds(Relation((gap, number(_NEAR)), (">",)), {}) is True

    @cached_property
    def reciprocal(self) -> Form:
        """1/f′, which is zero where the slope is infinite."""
        return reciprocal_of(self.partials[0])

    @property
    def derivations(self) -> tuple[Derivation, ...]:
        """The first derivatives; the second one includes the first."""
        return self.partials if self.second is None else (self.second,)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The values at the point, the two forms of the line, each line of the table."""
        return tuple(self._claims())

    def _claims(self) -> Iterator[Claim]:
        if self.trouble == "vertical":
            slope = self.partials[0]
            yield equal(Mul((self.reciprocal, slope.value)), ONE, "reciprocal of the slope", slope.conditions)
            yield equal(substitute(self.reciprocal, dict(self.point)), ZERO, "the reciprocal is zero at the point")
        for _, value in self.sides:
            yield equal(value.substituted, _exact(value), "slope beside the point")
        if self.trouble:
            return
        for value in (self.height, *self.slopes, *([self.bend] if self.bend else [])):
            yield equal(value.substituted, _exact(value), "value at the point")
        yield equal(self.touching, self.expanded, "the tangent, multiplied out")
        yield equal(substitute(self.expanded, dict(self.point)), _exact(self.height), "the tangent meets the function")
        for step in self.steps:
            yield from self._claimed(step)
        bent = self.bend.exact if self.bend is not None else None
        if bent is not None and bent is not ZERO:
            yield Claim(Relation((bent, ZERO), (">" if is_positive(bent) else "<",)), "sign of the second derivative")

    def _claimed(self, step: Step) -> Iterator[Claim]:
        yield equal(step.linear.substituted, _exact(step.linear), "change along the tangent")
        if step.true.exact is None:
            return
        yield equal(step.true.substituted, step.true.exact, "true change")
        yield equal(step.difference.substituted, _exact(step.difference), "difference")
        if self.is_quadratic and step.predicted is not None:
            yield equal(_exact(step.difference), step.predicted.substituted, "half the second derivative times the square of the step")

    def _repr_latex_(self) -> str:
        return (self.function if self.trouble else self.expanded)._repr_latex_()


def tangent(function: str | Form, at: str | Mapping[str, object], step: str | int | Fraction | Form = 1) -> Tangent:
    """The tangent of a function at a point that gives every letter a value; `step` is how far the table goes from there.

    Raises `ReadError`, or `RequestError` for what is no function, no point or no step.

    >>> str(tangent("x^2 + 2y^2", "x=3,y=1").expanded), tangent("abs(x)", "x=0").trouble
    ('6*x + 4*y - 11', 'slope')
    """
    form = body(read(function) if isinstance(function, str) else function)
    point = wanted_point(at, "the tangent", f"{min(form.free, default='x')}=2")
    check_point(point, form)
    names = tuple(sorted(point, key=lambda letter: (letter.lower(), letter)))
    size = _step_size(step)
    partials = tuple(differentiate(form, name) for name in names)
    trouble = _trouble(form, partials, point)
    second = differentiate(form, names[0], 2) if len(names) == 1 and not trouble else None
    return Tangent(form, names, point, second.chain[:1] if second else partials, second, size, trouble)


def _trouble(form: Form, partials: tuple[Derivation, ...], point: Mapping[str, Form]) -> str:
    if not has_value(form, point):
        return "value"
    if all(has_value(one.value, point) and not outside(one.conditions, point) for one in partials):
        return ""
    return "vertical" if len(partials) == 1 and _is_vertical(partials[0], point) else "slope"


def _is_vertical(slope: Derivation, point: Mapping[str, Form]) -> bool:
    """Whether 1/f′ is continuous at the point and zero there: then f′ grows beyond all bounds."""
    reciprocal = reciprocal_of(slope)
    jumps = any(isinstance(node, Call) and FUNCTIONS[node.name].family == "step" for node in nodes(reciprocal))
    return not jumps and value_there(reciprocal, point).exact is ZERO


def reciprocal_of(slope: Derivation) -> Form:
    """1/f′, tidied."""
    return tidied(Div(ONE, slope.value))[0]


def _step_size(step: str | int | Fraction | Form) -> Form:
    """The step as a number. Raises `RequestError` for zero and for what is no number."""
    form = read(step) if isinstance(step, str) else step if isinstance(step, Form) else number(step)
    if form.free or not evaluate_ball(form, {}).is_finite() or value_at(form, {}).exact is ZERO:
        raise RequestError("step", f"{form} is no step", advice="Give a number other than zero, such as --step 0.1.")
    return form


def _divided(size: Form, divisor: int) -> Form:
    value = rational(size)
    if value is not None:
        return number(value / divisor, decimal=True) if divisor > 1 else size
    return size if divisor == 1 else Div(size, Num(divisor))


def is_positive(form: Form) -> bool:
    """Whether a number without letters is surely positive."""
    return holds(Relation((form, ZERO), (">",)), {}) is True


def _numbered(form: Form) -> Form:
    return rewritten(form, numbers)


def _exact(value: Value | None) -> Form:
    assert value is not None
    assert value.exact is not None
    return value.exact


__all__ = ["Step", "Tangent", "is_positive", "tangent"]
