"""Implicit differentiation: the slope of a curve that is given by an equation.

Near a point of the curve F(x, y) = 0 at which F_y ≠ 0 the curve is the graph of a function y(x) (implicit function theorem;
Rudin, *Principles of Mathematical Analysis*, theorem 9.28). Both sides are differentiated with y as
that unknown function: every y brings a y′ along by the chain rule, y′ occurs only linearly, and
A + B·y′ = 0 is solved by y′ = −A/B. Higher derivatives come from differentiating the formula for y′ again and putting
y′ in; the equation of the curve itself may then make the result shorter. The same slope is −F_x/F_y, which is claimed as a check.

>>> result = implicit("x^2 + y^2 = 25", order=2)
>>> [str(value) for value in result.values]
['-x/y', '-25/y^3']
>>> here = result.at("x=3,y=4")
>>> here.kind, str(here.values[0].exact), str(here.tangent)
('regular', '-3/4', 'y = 4 - 3*(x - 3)/4 = 25/4 - 3*x/4')
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from tutor.algebra.laws.arithmetic import numbers
from tutor.algebra.laws.sums import factor
from tutor.algebra.monomial import monomial
from tutor.algebra.polynomial import multiplied_out, one_fraction, reduced_fraction
from tutor.algebra.tidy import Rewrite, tidied
from tutor.calculus.conditions import needed
from tutor.calculus.curve import Curve, Replacement, curve_of, exchanged_part, length
from tutor.calculus.differentiate import Derivation, differentiate
from tutor.calculus.inside import outside
from tutor.calculus.linear import Line, solved
from tutor.calculus.points import Point, Value, check_point, read_point, value_at
from tutor.calculus.worked import Claim, Worked, equal
from tutor.errors import RequestError
from tutor.form.evaluate import evaluate_ball
from tutor.form.reading import read
from tutor.form.tree import ONE, TWO, ZERO, Add, Apply, Call, Deriv, Div, Form, Mul, Neg, Num, Pow, Relation, Sym
from tutor.form.walk import nodes, rewritten, substitute

HIGHEST_ORDER = 4
_LONG = 250
"""Lines of more nodes than this together are left out: one line says what they lead to."""
_LONGEST = 200
"""No formula with more nodes than this is differentiated again."""
_NEVER_ZERO = ("sec", "csc", "sign")
"""Never zero where the other conditions hold."""


@dataclass(frozen=True, slots=True)
class Finish:
    """From a first formula to its final form: the lines, and for each use of the curve's equation what it replaced."""

    form: Form
    lines: tuple[Rewrite, ...]
    replacements: tuple[Replacement, ...] = ()

    @property
    def value(self) -> Form:
        """The final form."""
        return self.lines[-1].after if self.lines else self.form


@dataclass(frozen=True, slots=True)
class Higher:
    """A derivative of second or higher order.

    `derivation` is that of the formula for the order below, y taken as y(x); `contains` its value in plain letters, with y′
    in it; `finish` begins with the formula for y′ put in.
    """

    order: int
    derivation: Derivation
    contains: Form
    finish: Finish


@dataclass(frozen=True, slots=True)
class ImplicitAt:
    """The curve at one of its points.

    `kind`: `regular`; `vertical` (only F_y is zero: the tangent is vertical); `singular` (both partial derivatives are zero:
    the equation gives no tangent); `undefined` (a derivative has no value there). `values` are y′, y″, … where it is regular.
    """

    point: Point
    left: Value
    right: Value
    kind: str
    values: tuple[Value, ...] = ()
    tangent: Relation | None = None


@dataclass(frozen=True)
class Implicit(Worked):
    """The derivatives of y as a function of x along a curve.

    `sides` are the derivations of both sides, with y(x); `equation` is what they give, in plain letters with y′; `solving`
    the lines that lead to y′ = …, `finish` those that tidy it; `higher` the higher orders. `here` is the curve at a point.
    """

    curve: Curve
    sides: tuple[Derivation, Derivation]
    equation: Relation
    solving: tuple[Line, ...]
    finish: Finish
    higher: tuple[Higher, ...]
    here: ImplicitAt | None = None

    @property
    def order(self) -> int:
        """The highest order that was asked for."""
        return 1 + len(self.higher)

    @property
    def slope(self) -> Form:
        """The formula for y′."""
        return self.finish.value

    @property
    def values(self) -> tuple[Form, ...]:
        """The formulas for y′, y″, …"""
        return (self.slope, *(one.finish.value for one in self.higher))

    @property
    def primed(self) -> Apply:
        """y′(x), as it stands in the lines."""
        return self.curve.derivative(1)

    @property
    def coefficient(self) -> Form:
        """What stands in front of y′ in the equation that is solved."""
        factor = self.solving[-1].factor if self.solving else ONE
        return factor.denominator if isinstance(factor, Div) else ONE

    @cached_property
    def partials(self) -> tuple[Derivation, Derivation]:
        """∂F/∂x and ∂F/∂y of F = left − right."""
        return differentiate(self.curve.function, self.curve.variable), differentiate(self.curve.function, self.curve.of)

    @property
    def quotient(self) -> Form:
        """−F_x/F_y, the same slope by partial derivatives."""
        return Neg(Div(*(partial.value for partial in self.partials)))

    @cached_property
    def seconds(self) -> tuple[Derivation, ...]:
        """F_xx, F_xy, F_yy, where the second derivative is wanted and comes from y′ as it was solved."""
        if not self.higher or self.finish.replacements:
            return ()
        x, y = self.curve.variable, self.curve.of
        return tuple(differentiate(self.curve.function, pair) for pair in ((x, x), (x, y), (y, y)))

    @cached_property
    def conditions(self) -> tuple[Form, ...]:
        """Where the formula for y′ holds, in plain letters."""
        found = [self.curve.plain(condition) for side in self.sides for condition in side.conditions]
        return needed([*found, *_not_zero(self.coefficient)])

    @property
    def derivations(self) -> tuple[Derivation, ...]:
        """Both sides, the formula for each order, and the partial derivatives of the check."""
        return (*self.sides, *(one.derivation for one in self.higher), *self.partials, *self.seconds)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Every line of the solving and the tidying, the checks, and the values at the point."""
        return tuple(self._claims())

    def _claims(self) -> Iterator[Claim]:
        where, letter = self.conditions, Sym(self.letter)
        before = self.equation
        for line in self.solving:
            left, right = (_lettered(_difference(one), self.primed, letter) for one in (line.equation, before))
            yield equal(left, right if line.factor is ONE else Mul((line.factor, right)), line.law, where)
            before = line.equation
        left, right = (_lettered(side, self.primed, self._solution) for side in self.equation.operands)
        yield equal(left, right, "the formula put in", where)
        yield from self._finished(self.finish, where)
        yield equal(self._solution, self.quotient, "minus the quotient of the partial derivatives", where)
        for one in self.higher:
            yield from self._finished(one.finish, where)
        if self.seconds:
            yield equal(self.higher[0].finish.form, self._by_partials(), "by second partial derivatives", where)
        if self.here is not None:
            yield from self._claims_at(self.here)

    def _finished(self, finish: Finish, where: tuple[Form, ...]) -> Iterator[Claim]:
        replacements = iter(finish.replacements)
        for line in finish.lines:
            if line.law != "curve":
                yield equal(line.before, line.after, line.law, where)
                continue
            one = next(replacements)
            yield equal(_minus(one.before, one.after), Mul((one.multiple, _minus(self.curve.left, self.curve.right))), "multiple of the curve's equation", where)
            exchanged, bottom = (exchanged_part(side, one) for side in one_fraction(line.before))
            yield equal(Div(exchanged, bottom), line.after, "replaced on the curve", where)

    @property
    def _solution(self) -> Form:
        """y′ as the solving leaves it."""
        return (self.solving[-1].equation if self.solving else self.equation).operands[1]

    @cached_property
    def letter(self) -> str:
        """Stands for y′ in claims: a letter that the equation does not use."""
        return next(name for name in ("p", "m", "q", "s", "k", "r") if name not in self.curve.equation.free)

    def _by_partials(self) -> Form:
        """−(F_xx F_y² − 2 F_xy F_x F_y + F_yy F_x²)/F_y³."""
        (fx, fy), (fxx, fxy, fyy) = ([one.value for one in found] for found in (self.partials, self.seconds))
        top = Add((Mul((fxx, Pow(fy, TWO))), Neg(Mul((TWO, fxy, fx, fy))), Mul((fyy, Pow(fx, TWO)))))
        return Neg(Div(top, Pow(fy, Num(3))))

    # -- at a point ----------------------------------------------------------------------------------

    def at(self, point: str | Mapping[str, object]) -> ImplicitAt:
        """Slope, higher derivatives and tangent at a point of the curve.

        Raises `RequestError` when a letter has no value, or the point does not lie on the curve.
        """
        place = read_point(point)
        left, right = (value_at(side, _all_letters(place, self.curve)) for side in self.curve.equation.operands)
        _check_on_curve(left, right, place)
        fx, fy = (_value_inside(partial, place) for partial in self.partials)
        if fx is None or fy is None:
            return ImplicitAt(place, left, right, "undefined")
        if fy is ZERO:
            return ImplicitAt(place, left, right, "singular" if fx is ZERO else "vertical")
        values = tuple(value_at(value, place) for value in self.values)
        if any(value.exact is None for value in values):
            return ImplicitAt(place, left, right, "undefined")
        return ImplicitAt(place, left, right, "regular", values, self._tangent(place, values[0]))

    def _tangent(self, place: Point, slope: Value) -> Relation:
        assert slope.exact is not None
        shift = Add((Sym(self.curve.variable), Neg(place[self.curve.variable])))
        line = rewritten(Add((place[self.curve.of], Mul((slope.exact, shift)))), numbers)
        flat = multiplied_out(line)
        sides = dict.fromkeys((Sym(self.curve.of), line, *([flat] if flat is not None else [])))
        return Relation(tuple(sides), ("=",) * (len(sides) - 1))

    def _claims_at(self, here: ImplicitAt) -> Iterator[Claim]:
        yield equal(here.left.substituted, here.right.substituted, "the point lies on the curve")
        for value in here.values:
            assert value.exact is not None
            yield equal(value.substituted, value.exact, "value at the point")
        if here.kind == "undefined":
            return
        for partial, name in zip(self.partials, ("F_x", "F_y"), strict=True):
            if value_at(partial.value, here.point).exact is ZERO:
                yield equal(substitute(partial.value, dict(here.point)), ZERO, f"{name} is zero at the point")
        if here.tangent is not None:
            line, *written = here.tangent.operands[1:]
            yield equal(substitute(line, dict(here.point)), here.point[self.curve.of], "the tangent meets the curve")
            for other in written:
                yield equal(line, other, "the tangent, multiplied out")

    def _repr_latex_(self) -> str:
        return Relation((Apply(self.curve.of, (), (1,)), self.slope), ("=",))._repr_latex_()


def implicit(
    equation: str | Form, variable: str | None = None, of: str | None = None, order: int = 1, *, at: str | Mapping[str, object] | None = None
) -> Implicit:
    """The derivatives up to `order` of `of` as a function of `variable`, where an equation ties the two; other letters are constants.

    Left out, the letters are x and y, or the only two letters in alphabetical order. Raises `ReadError`, or `RequestError`
    for what is no equation, for letters that do not fit, and for a point that does not lie on the curve.

    >>> str(implicit("P*V = n*R*T", "V", "P").slope)
    '-P/V'
    """
    if not 1 <= order <= HIGHEST_ORDER:
        raise RequestError("order", f"the order must be from 1 to {HIGHEST_ORDER} here, not {order}")
    names = tuple(name for name in (variable, of) if name)
    curve = curve_of(read(equation, variables=names) if isinstance(equation, str) else equation, *map(_letter, (variable, of)))
    sides = tuple(differentiate(curve.lifted(side), curve.variable) for side in curve.equation.operands)
    differentiated = Relation(tuple(curve.plain(side.value) for side in sides), ("=",))
    _check_known(differentiated)
    solving = solved(differentiated, curve.derivative(1))
    quotient = (solving[-1].equation if solving else differentiated).operands[1]
    finish = _finish(quotient, curve, first=True)
    result = Implicit(curve, (sides[0], sides[1]), differentiated, solving, finish, _higher(curve, finish.value, order))
    return replace(result, here=result.at(at)) if at else result


def _letter(name: str | None) -> str | None:
    """A letter's name as the reader keeps it (θ is theta). Raises `RequestError` for what is no letter."""
    form = read(name, variables=(name,)) if name else None
    if form is not None and not isinstance(form, Sym):
        raise RequestError("variable", f"{name} is no letter", advice="Give a letter, such as x.")
    return None if form is None else form.name


def _higher(curve: Curve, slope: Form, order: int) -> tuple[Higher, ...]:
    found: list[Higher] = []
    value = slope
    for k in range(2, order + 1):
        if value.size > _LONGEST:
            raise RequestError("order", f"the derivative of order {k} would be too long to read", advice=f"Ask for --order {k - 1}.")
        derivation = differentiate(curve.lifted(value), curve.variable)
        contains = curve.plain(derivation.value)
        put = _lettered(contains, curve.derivative(1), slope)
        found.append(Higher(k, derivation, contains, _finish(put, curve)))
        value = found[-1].finish.value
    return tuple(found)


def _finish(form: Form, curve: Curve, first: bool = False) -> Finish:
    """The shortest of: tidied, tidied as one fraction, the same with the curve's equation used."""
    value, lines = tidied(form)
    tidy = plain = Finish(form, lines)
    fraction = reduced_fraction(value)
    if fraction is not None and fraction is not value:
        long = sum(line.after.size for line in lines) > _LONG
        whole = Finish(form, (Rewrite(form, fraction, "one_fraction"),) if long else (*lines, Rewrite(value, fraction, "one_fraction")))
        plain = whole if fraction.size <= value.size else tidy
        tries = [_on_curve(whole, curve), _on_curve(tidy, curve)]
    else:
        tries = [_on_curve(tidy, curve)]
    best = min((one for one in tries if one.replacements), key=lambda one: curve.weight(one.value), default=plain)
    return best if _is_clearer(best.value, plain.value, curve, first) else plain


def _on_curve(finish: Finish, curve: Curve) -> Finish:
    form = finish.value
    squares = curve.squares(form)
    lines = finish.lines if squares is form else (*finish.lines, Rewrite(form, squares, "pythagoras"))
    used = curve.shorter(squares)
    return Finish(finish.form, (*lines, *(line for line, _ in used)), tuple(replacement for _, replacement in used))


def _is_clearer(shorter: Form, plain: Form, curve: Curve, first: bool) -> bool:
    """Whether using the curve's equation is worth a line: y is gone, or the formula is clearly shorter."""
    if curve.of in plain.free and curve.of not in shorter.free:
        return length(shorter) <= 1.25 * length(plain)
    return length(shorter) <= (0.6 if first else 0.9) * length(plain)


def _check_known(equation: Relation) -> None:
    unsolved = next((node for node in nodes(equation) if isinstance(node, Deriv)), None)
    if unsolved is not None:
        raise RequestError("implicit", f"no rule is known for the derivative of {unsolved.body}", advice="Write the equation with functions that have one.")


def _check_on_curve(left: Value, right: Value, place: Point) -> None:
    """Raises `RequestError` for a point that does not satisfy the equation, with both sides."""
    if left.exact is None or right.exact is None:
        side = "left" if left.exact is None else "right"
        raise RequestError("point", f"the {side} side of the equation has no real value at this point", advice="Give a point of the curve.")
    gap = value_at(_minus(left.substituted, right.substituted), {})
    if gap.exact is ZERO or evaluate_ball(gap.substituted, {}).contains(0):
        return
    raise RequestError(
        "point", f"the point does not lie on the curve: the left side is {_said(left)} there, the right side {_said(right)}",
        advice=f"Change {' or '.join(place)} so that both sides agree.",
    )  # fmt: skip


def _said(value: Value) -> str:
    return str(value.exact) if value.exact is not None and value.exact.size <= 3 else f"about {value.decimal}"


def _all_letters(place: Point, curve: Curve) -> Point:
    check_point(place, curve.equation)
    return place


def _value_inside(partial: Derivation, place: Point) -> Form | None:
    """The exact value of a derivative, None where it has none."""
    return None if outside(partial.conditions, place) else value_at(partial.value, place).exact


def _not_zero(form: Form) -> list[Form]:
    """The conditions under which one can divide by a form, factor by factor."""
    top, _ = one_fraction(form)
    top = factor(top, also_numbers=True)
    bases = [base if not isinstance(power, Form) else Pow(base, power) for base, power in monomial(top).powers.items()]
    return [Relation((base, ZERO), ("!=",)) for base in bases if base.free and not (isinstance(base, Call) and base.name in _NEVER_ZERO)]


def _difference(equation: Relation) -> Form:
    return _minus(*equation.operands)


def _minus(left: Form, right: Form) -> Form:
    return left if right is ZERO else Add((left, Neg(right)))


def _lettered(form: Form, unknown: Form, letter: Form) -> Form:
    return rewritten(form, lambda node: letter if node is unknown else node)


__all__ = ["Higher", "Implicit", "ImplicitAt", "implicit"]
