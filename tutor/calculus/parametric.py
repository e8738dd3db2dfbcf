"""Curves given by a parameter: slope, second derivative, and the tangent at a point.

Where x′(t) ≠ 0 the curve (x(t), y(t)) is locally the graph of a function of x, with dy/dx = y′(t)/x′(t), the chain
rule solved for dy/dx (Stewart, *Calculus*, section 10.2). Each further derivative is taken the same way: differentiate
the one before with respect to t, then divide by x′(t) once more. The quotient of the second derivatives is something else.

>>> found = parametric("(t^2, t^3)", at="t=1")
>>> [str(one.value) for one in found.orders]
['3*t/2', '3/(4*t)']
>>> str(found.here.touching), found.here.kind
('1 + 3*(x - 1)/2', 'slope')
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from tutor.algebra.laws.arithmetic import numbers
from tutor.algebra.tidy import Rewrite, tidied
from tutor.calculus.conditions import needed
from tutor.calculus.differentiate import Derivation, differentiate
from tutor.calculus.inside import outside, value_there, wanted_point
from tutor.calculus.jacobian import components, core
from tutor.calculus.points import Value, check_point, value_at
from tutor.calculus.request import body
from tutor.calculus.worked import Claim, Worked, equal
from tutor.errors import RequestError
from tutor.form.reading import read
from tutor.form.tree import ZERO, Add, Apply, Div, Form, Mul, Neg, Relation, Sym
from tutor.form.walk import rewritten, substitute

HIGHEST = 4
"""No higher derivative than this is worked out."""


@dataclass(frozen=True, slots=True)
class Order:
    """One derivative of y by x: `numerator` is the derivative of the order below with respect to the parameter.

    `raw` is the quotient as it comes, `lines` lead from there to `value`.
    """

    numerator: Derivation
    raw: Form
    lines: tuple[Rewrite, ...]
    value: Form


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """The curve at one value of the parameter.

    `kind`: `slope` (there is a tangent with a slope), `vertical`, `still` (both rates are zero, the quotient says nothing),
    `undefined`. `slopes` are the values of the derivatives by x; at a point of kind `still` the first is the value of the
    reduced quotient, to which the slope tends.
    """

    point: Mapping[str, Form]
    coordinates: tuple[Value, Value]
    rates: tuple[Value, Value]
    slopes: tuple[Value, ...]
    kind: str
    touching: Form | None
    expanded: Form | None


@dataclass(frozen=True)
class Parametric(Worked):
    """A curve by its coordinates as functions of `parameter`, with the derivatives of the second by the first.

    `names` are what the coordinates are called.
    """

    coordinates: tuple[Form, Form]
    parameter: str
    names: tuple[str, str]
    rates: tuple[Derivation, Derivation]
    orders: tuple[Order, ...]
    place: Mapping[str, Form] | None = None

    @property
    def regular(self) -> tuple[Form, ...]:
        """Where the first rate is not zero, so that there is a slope, in its plainest form; empty where it never is."""
        return needed([Relation((core(self.rates[0].value), ZERO), ("!=",))])

    @property
    def where(self) -> tuple[Form, ...]:
        """All conditions of the slope."""
        return needed([*self.rates[0].conditions, *self.rates[1].conditions, *self.regular])

    @cached_property
    def here(self) -> CurvePoint | None:
        """The curve at the point that was asked for."""
        return None if self.place is None else self.at(self.place)

    def at(self, point: str | Mapping[str, object]) -> CurvePoint:
        """The curve at one value of the parameter. Raises `RequestError` when there is none."""
        place = wanted_point(point, "the curve", f"{self.parameter}=1")
        first, second = (value_there(form, place) for form in self.coordinates)
        rates = (value_there(self.rates[0].value, place), value_there(self.rates[1].value, place))
        slopes = tuple(value_there(order.value, place) for order in self.orders)
        kind = self._kind(place, (first, second, *rates), slopes[0])
        touching, expanded = self._line(kind, (first, second), slopes[0])
        return CurvePoint(place, (first, second), rates, slopes, kind, touching, expanded)

    def _kind(self, place: Mapping[str, Form], values: tuple[Value, ...], slope: Value) -> str:
        broken = outside([*self.rates[0].conditions, *self.rates[1].conditions], place)
        if broken or any(value.exact is None for value in values):
            return "undefined"
        if values[2].exact is not ZERO:
            return "slope" if slope.exact is not None else "undefined"
        return "still" if values[3].exact is ZERO else "vertical"

    def _line(self, kind: str, coordinates: tuple[Value, Value], slope: Value) -> tuple[Form | None, Form | None]:
        """y₀ + m (x − x₀), and multiplied out."""
        if kind != "slope":
            return None, None
        x, (across, up) = Sym(self.names[0]), map(_exact, coordinates)
        touching = Add((up, Mul((_exact(slope), rewritten(Add((x, Neg(across))), numbers)))))
        constant = value_at(Add((up, Neg(Mul((_exact(slope), across))))), {})
        return rewritten(touching, numbers), rewritten(Add((Mul((_exact(slope), x)), _exact(constant))), numbers)

    @property
    def derivations(self) -> tuple[Derivation, ...]:
        """The two rates, and the derivative of each order but the last with respect to the parameter."""
        return (*self.rates, *(order.numerator for order in self.orders[1:]))

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The quotients, line by line, and what is said of the point."""
        return tuple(self._claims())

    def _claims(self) -> Iterator[Claim]:
        for order in self.orders:
            where = (*self.where, *order.numerator.conditions)
            yield from (equal(line.before, line.after, "quotient", where) for line in order.lines)
        if self.here is not None and self.here.kind != "undefined":
            yield from self._claimed(self.here)

    def _claimed(self, here: CurvePoint) -> Iterator[Claim]:
        for value in (*here.coordinates, *here.rates):
            yield equal(value.substituted, _exact(value), "value at the point")
        shown = {"slope": here.slopes, "still": here.slopes[:1]}.get(here.kind, ())
        for value in shown:
            if value.exact is not None:
                yield equal(value.substituted, value.exact, "derivative at the point")
        if here.touching is None or here.expanded is None:
            return
        yield equal(Div(_exact(here.rates[1]), _exact(here.rates[0])), _exact(here.slopes[0]), "quotient of the rates")
        yield equal(here.touching, here.expanded, "the tangent, multiplied out")
        across, up = here.coordinates
        yield equal(substitute(here.expanded, {self.names[0]: _exact(across)}), _exact(up), "the tangent meets the curve")

    def _repr_latex_(self) -> str:
        return self.orders[0].value._repr_latex_()


def parametric(
    curve: str | Form, parameter: str | None = None, order: int = 2, at: str | Mapping[str, object] | None = None
) -> Parametric:
    """Slope and higher derivatives of a plane curve (x(t), y(t)); with a point, what the curve does there.

    Raises `ReadError`, or `RequestError` for what is no pair, has no single parameter, or stands upright.

    >>> parametric("(x = cos(t), y = sin(t))", at="t=0").here.kind
    'vertical'
    """
    if not 1 <= order <= HIGHEST:
        raise RequestError("order", f"the order must be from 1 to {HIGHEST}, not {order}")
    parts = components(read(curve) if isinstance(curve, str) else curve)
    if len(parts) != 2:
        found = f"{len(parts)} coordinates were given" if len(parts) != 1 else "this is one expression"
        raise RequestError("curve", f"{found}, and a plane curve has two coordinates", advice="Write it as a pair, such as (t^2, t^3).")
    first, second = (body(part) for part in parts)
    moving = _parameter(first, second, parameter)
    rates = (differentiate(first, moving), differentiate(second, moving))
    if rates[0].value is ZERO:
        raise RequestError("curve", "the first coordinate does not change: the curve is an upright line without a slope")
    place = wanted_point(at, "the curve", f"{moving}=1") if at else None
    if place is not None:
        check_point(place, first, second, Sym(rates[0].variable))
    return Parametric((first, second), rates[0].variable, _names(parts, moving), rates, tuple(_orders(rates, order)), place)


def _parameter(first: Form, second: Form, parameter: str | None) -> str:
    if parameter:
        return parameter
    letters = sorted(first.free | second.free)
    if len(letters) != 1:
        found = f"the curve has several letters: {', '.join(letters)}" if letters else "the coordinates have no letter"
        example = "t" if "t" in letters or not letters else letters[0]
        raise RequestError("variable", found, advice=f"Say which one moves along the curve, such as --wrt {example}.")
    return letters[0]


def _names(parts: tuple[Form, ...], parameter: str) -> tuple[str, str]:
    """What the coordinates are called: as they were typed, else x and y."""
    labels = [part.operands[0].name if isinstance(part, Relation) and isinstance(part.operands[0], Sym | Apply) else "" for part in parts]
    taken = frozenset((parameter,)).union(*(part.free for part in parts if not isinstance(part, Relation)))
    usual = next(pair for pair in (("x", "y"), ("u", "v"), ("p", "q"), ("X", "Y")) if not taken & {*pair})
    first, second = (label or other for label, other in zip(labels, usual, strict=True))
    return first, second


def _orders(rates: tuple[Derivation, Derivation], order: int) -> Iterator[Order]:
    """Each derivative by x: that of the one before with respect to the parameter, divided by x′."""
    numerator = rates[1]
    for _ in range(order):
        raw = Div(numerator.value, rates[0].value)
        value, lines = tidied(raw)
        yield Order(numerator, raw, lines, value)
        numerator = differentiate(value, rates[0].variable)


def _exact(value: Value) -> Form:
    assert value.exact is not None
    return value.exact


__all__ = ["CurvePoint", "Order", "Parametric", "parametric"]
