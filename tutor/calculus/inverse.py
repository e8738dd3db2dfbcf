"""The derivative of the inverse function: the reciprocal of the slope at the place it came from.

Where f is differentiable near a with f′(a) ≠ 0, it has an inverse g near b = f(a), and g′(b) = 1/f′(a) (Spivak, *Calculus*,
chapter 12, theorem 5). The chain rule says the same: f(g(y)) = y gives f′(g(y)) · g′(y) = 1. Where f′(a) = 0 the
inverse, if there is one, has a vertical tangent and no derivative.

>>> found = inverse_derivative("x^3 + x", "y=10")
>>> [(str(branch.place), str(branch.inverse.exact)) for branch in found.branches]
[('2', '1/13')]
>>> str(inverse_derivative("sin(x)").known), str(inverse_derivative("sin(x)").general)
('asin(y)', '1/cos(g(y))')
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from tutor.algebra.equal import by_samples
from tutor.calculus.conditions import POSITIVE, domain, sign, simplified
from tutor.calculus.differentiate import Derivation, differentiate
from tutor.calculus.inside import outside, value_there, wanted_point
from tutor.calculus.jacobian import core
from tutor.calculus.points import Value, value_at
from tutor.calculus.request import body
from tutor.calculus.tangent import reciprocal_of
from tutor.calculus.worked import Claim, Worked, equal
from tutor.errors import RequestError
from tutor.form.functions import FUNCTIONS
from tutor.form.reading import read
from tutor.form.tree import ONE, ZERO, Add, Apply, Call, Div, E, Form, Mul, Neg, Num, Pow, Relation, Sym
from tutor.form.walk import nodes, substitute

_MOST = 4
"""No more places than this are looked at for one value."""
_CLOSE = Num(1, 9)
"""How well a numeric solution must fit."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One place where the function takes the value: a, f(a), f′(a), and 1/f′(a).

    `trouble`: `value` (f has none at a), `slope` (f′ has none), `flat` (f′(a) = 0); empty where g′ exists. `numeric`
    where a is a decimal that is only close.
    """

    place: Form
    value: Value
    slope: Value
    inverse: Value | None
    trouble: str
    numeric: bool = False


@dataclass(frozen=True)
class InverseDerivative(Worked):
    """A function, its derivative, and the derivative of its inverse in general and at a point.

    `letter` stands for the values of the function, `name` for the inverse; `target` is the value that was asked for, or None. `known` is the
    inverse where it has a name, as an expression in `letter`. `complete`: there are no other places than those of
    `branches`; `in_time` is False where the search was given up.
    """

    function: Form
    variable: str
    letter: str
    name: str
    slope: Derivation
    target: Form | None
    branches: tuple[Branch, ...]
    known: Form | None
    complete: bool = True
    in_time: bool = True

    @cached_property
    def reciprocal(self) -> Form:
        """1/f′, as one fraction."""
        return reciprocal_of(self.slope)

    @property
    def general(self) -> Form:
        """1/f′(g(y))."""
        return substitute(self.reciprocal, {self.variable: Apply(self.name, (Sym(self.letter),), (0,))})

    @cached_property
    def named(self) -> Derivation | None:
        """The derivative of the inverse that has a name."""
        return None if self.known is None else differentiate(self.known, self.letter)

    @property
    def through(self) -> Form | None:
        """1/f′(g(y)), with the inverse that has a name put in."""
        return None if self.known is None else Div(ONE, substitute(self.slope.value, {self.variable: self.known}))

    @cached_property
    def regular(self) -> Relation | None:
        """Where f′ is not zero, in its plainest form; None where it never is."""
        return None if self.direction else simplified(Relation((core(self.slope.value), ZERO), ("!=",)))

    @property
    def direction(self) -> str:
        """`>` where f′ is positive on the whole line, `<` where it is negative there, else empty."""
        if self.slope.conditions or domain(self.function):
            return ""
        if sign(self.slope.value) == POSITIVE:
            return ">"
        return "<" if sign(negated(self.slope.value)) == POSITIVE else ""

    @property
    def derivations(self) -> tuple[Derivation, ...]:
        """The derivative of the function, and that of its inverse where that has a name."""
        return (self.slope,) if self.named is None else (self.slope, self.named)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Where the slope has one sign, the named inverse, and each place with its values."""
        return tuple(self._claims())

    def _claims(self) -> Iterator[Claim]:
        yield equal(Mul((self.reciprocal, self.slope.value)), ONE, "reciprocal of the derivative", (*self.slope.conditions, *([self.regular] if self.regular else [])))
        if self.direction:
            positive = self.slope.value if self.direction == ">" else negated(self.slope.value)
            yield Claim(Relation((positive, ZERO), (">",)), "sign of the derivative")
        if self.named is not None and self.through is not None:
            yield equal(self.through, self.named.value, "reciprocal of the slope at the inverse", self.named.conditions)
        for branch in self.branches:
            if branch.trouble in ("", "flat"):
                yield from self._claimed(branch)

    def _claimed(self, branch: Branch) -> Iterator[Claim]:
        if branch.numeric and self.target is not None:
            gap = Call("abs", (Add((branch.value.substituted, Neg(self.target))),))
            yield Claim(Relation((gap, _CLOSE), ("<",)), "the place fits the value")
        elif branch.value.exact is not None:
            yield equal(branch.value.substituted, self.target or branch.value.exact, "value at the place")
        if branch.slope.exact is not None:
            yield equal(branch.slope.substituted, branch.slope.exact, "slope at the place")
        if branch.inverse is not None and branch.inverse.exact is not None and branch.slope.exact is not None:
            yield equal(Div(ONE, branch.slope.exact), branch.inverse.exact, "reciprocal of the slope")

    def _repr_latex_(self) -> str:
        return self.general._repr_latex_()


def inverse_derivative(function: str | Form, at: str | Mapping[str, object] | None = None) -> InverseDerivative:
    """The derivative of the inverse of a function of one letter, in general and at a point.

    `at` gives the place (`x=2`) or, by any other letter, the function's value (`y=10`), for which the place is looked
    for. Raises `ReadError`, or `RequestError` for what has no inverse or no single point.
    """
    given = read(function) if isinstance(function, str) else function
    form = body(given)
    variable = _variable(form)
    slope = differentiate(form, variable)
    if slope.value is ZERO:
        raise RequestError("function", "the function is constant: it has no inverse", advice=f"Give one that changes with {variable}.")
    point = wanted_point(at, "the inverse", f"{variable}=1") if at else {}
    if len(point) > 1:
        raise RequestError("point", "the inverse of a function of one letter has one number for its point", advice=f"Write {variable}=1 or y=1.")
    letter = next(name for name in (*point, "y", "z", "s") if name != variable)
    name = _name(given, variable, letter)
    known = _named(form, variable, letter, slope)
    if not point:
        return InverseDerivative(form, variable, letter, name, slope, None, (), known)
    if variable in point:
        return InverseDerivative(form, variable, letter, name, slope, None, (_branch(form, variable, slope, point[variable]),), known)
    return _searched(form, variable, letter, name, slope, point[letter], known)


def _variable(form: Form) -> str:
    names = sorted(form.free)
    if len(names) != 1:
        raise RequestError(
            "variable", f"the expression has several letters: {', '.join(names)}" if names else "the expression has no letter: it has no inverse",
            advice="Give a function of one letter, such as x^3 + x.",
        )  # fmt: skip
    return names[0]


def _name(given: Form, variable: str, letter: str) -> str:
    """What the inverse is called: g, or another letter where that is taken, also by the function's own name."""
    applied = {node.name for node in nodes(given) if isinstance(node, Apply)}
    taken = {variable, letter, *applied, *("fgh" if applied and not isinstance(given, Relation) else "f")}
    return next(name for name in "ghkpq" if name not in taken)


def _searched(form: Form, variable: str, letter: str, name: str, slope: Derivation, target: Form, known: Form | None) -> InverseDerivative:
    """The places where the function takes a value: by the inverse's name, by trying numbers, by solving."""
    found = None if known is None else value_at(known, {letter: target}).exact
    if found is not None:
        return InverseDerivative(form, variable, letter, name, slope, target, (_branch(form, variable, slope, found),), known)
    from tutor.algebra.solve import PARAMETER, solve

    solutions = solve([Add((form, Neg(target)))], [variable])
    points = [point[variable] for point in solutions.points if variable in point]
    places = [_settled(substitute(place, {PARAMETER: ZERO})) if place.free else place for place in points]
    numeric = [solutions.numeric and _is_decimal(place) for place in places]
    branches = tuple(_branch(form, variable, slope, place, rough) for place, rough in zip(places[:_MOST], numeric, strict=False))
    complete = solutions.complete and not any(place.free for place in points) and len(places) <= _MOST
    return InverseDerivative(form, variable, letter, name, slope, target, branches, known, complete, solutions.in_time)


def _settled(place: Form) -> Form:
    return value_at(place, {}).exact or place


def _is_decimal(form: Form) -> bool:
    return any(isinstance(node, Num) and node.places > 6 for node in nodes(form))


def _branch(form: Form, variable: str, slope: Derivation, place: Form, numeric: bool = False) -> Branch:
    point = {variable: place}
    value, steep = value_there(form, point), value_there(slope.value, point)
    if value.exact is None:
        return Branch(place, value, steep, None, "value", numeric)
    if steep.exact is None or outside(slope.conditions, point):
        return Branch(place, value, steep, None, "slope", numeric)
    if steep.exact is ZERO:
        return Branch(place, value, steep, None, "flat", numeric)
    return Branch(place, value, steep, value_at(Div(ONE, steep.exact), {}), "", numeric)


def _named(form: Form, variable: str, letter: str, slope: Derivation) -> Form | None:
    """The inverse, where the table of functions has a name for it and its derivative fits."""
    found = _partner(form, variable, Sym(letter))
    if found is None:
        return None
    other = differentiate(found, letter)
    fits = by_samples(Div(ONE, substitute(slope.value, {variable: found})), other.value, other.conditions)
    return found if fits.equal is True else None


def negated(form: Form) -> Form:
    """The opposite, each sign of a sum turned.

    >>> str(negated(read("-3x^2 - 1")))
    '3*x^2 + 1'
    """
    match form:
        case Add(terms):
            return Add(tuple(map(negated, terms)))
        case Neg(operand):
            return operand
    return Neg(form)


def _partner(form: Form, variable: str, letter: Sym) -> Form | None:
    """asin(y) for sin(x), sin(y) for asin(x), ln(y) for e^x, e^y for ln(x)."""
    match form:
        case Pow(base, Sym(name)) if base is E and name == variable:
            return Call("ln", (letter,))
        case Call("ln", (Sym(),)):
            return Pow(E, letter)
        case Call(name, (Sym(),)) if FUNCTIONS.get(f"a{name}") and FUNCTIONS[f"a{name}"].family.startswith("inverse"):
            return Call(f"a{name}", (letter,))
        case Call(name, (Sym(),)) if FUNCTIONS[name].family.startswith("inverse"):
            return Call(name[1:], (letter,))
    return None


__all__ = ["Branch", "InverseDerivative", "inverse_derivative"]
