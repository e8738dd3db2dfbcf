"""Forward-mode differentiation in ball arithmetic: an independent derivative at a point.

A dual number a + b·ε with ε² = 0 carries a value and a derivative through every operation
(Clifford 1873; Griewank & Walther, *Evaluating Derivatives*, chapter 3). With balls for a and b the
derivative comes with a rigorous error bound and without a rule, a planner or a line of algebra: it
shares with the derivation tree only the table of elementary derivatives.

>>> from tutor import read
>>> round(float(derivative_ball(read("sin(x^2)"), {"x": 1}, "x")), 12)
1.080604611736
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

from tutor.form.evaluate import BITS, Arithmetic, ball_arithmetic, compute, evaluate_ball, precision, to_ball
from tutor.form.functions import FUNCTIONS
from tutor.form.reading import read
from tutor.form.tree import Apply, Const, Deriv, Form, Integral
from tutor.form.walk import nodes

if TYPE_CHECKING:
    from flint import arb


@dataclass(frozen=True, slots=True)
class Dual:
    """value + slope·ε over balls."""

    value: Any
    slope: Any

    def __add__(self, other: Dual) -> Dual:
        return Dual(self.value + other.value, self.slope + other.slope)

    def __neg__(self) -> Dual:
        return Dual(-self.value, -self.slope)

    def __mul__(self, other: Dual) -> Dual:
        return Dual(self.value * other.value, self.slope * other.value + self.value * other.slope)

    def __truediv__(self, other: Dual) -> Dual:
        quotient = self.value / other.value
        return Dual(quotient, (self.slope - quotient * other.slope) / other.value)

    def __rtruediv__(self, other: int) -> Dual:
        return Dual(to_ball(other), to_ball(0)) / self


def derivative_ball(
    form: Form, values: Mapping[str, Any], variable: str, bits: int = BITS, memo: dict[Form, Any] | None = None
) -> arb:
    """The derivative at an exact point as a ball; not finite where there is none.

    `values` as for `evaluate_ball`; `memo` carries the duals of parts from one call to the next at the
    same point. Unknown functions and integrals have no value: not finite.
    """
    with precision(bits):
        seeded = {name: Dual(to_ball(value), to_ball(int(name == variable))) for name, value in values.items()}
        result = compute(form, seeded, _dual_arithmetic(), memo)
        return result.slope if isinstance(result, Dual) and result.value.is_finite() else to_ball(float("nan"))


def quotient_ball(form: Form, values: Mapping[str, Any], variable: str, bits: int = 3 * BITS) -> arb:
    """The difference quotient over a step of 2^(−bits/3): a witness for functions whose derivative no table knows.

    Its error is of the order of the step squared for smooth functions; the ball is widened by twice
    the step, which is evidence and no proof.
    """
    step = Fraction(1, 2 ** (bits // 3))
    place = Fraction(values[variable])
    with precision(bits):
        right, left = (evaluate_ball(form, {**values, variable: place + shift}, bits) for shift in (step, -step))
        quotient = (right - left) / to_ball(2 * step)
        return quotient + to_ball(2 * step) * (1 + abs(quotient)) * to_ball(0).union(to_ball(1))


@cache
def _dual_arithmetic() -> Arithmetic:
    balls = ball_arithmetic()
    zero = to_ball(0)

    def number(value: Fraction) -> Dual:
        return Dual(balls.number(value), zero)

    def call(name: str, args: tuple[Dual, ...]) -> Dual:
        values = tuple(arg.value for arg in args)
        if name in ("max", "min"):
            return _chosen(name, args)
        slope = zero
        for k, arg in enumerate(args):
            if not arg.slope.is_zero():  # an undefined slope compares unequal to nothing
                slope = slope + _table_slope(name, k, values) * arg.slope
        return Dual(balls.call(name, values), slope)

    def power(base: Dual, exponent: Dual, exact: Fraction | None) -> Dual:
        value = balls.power(base.value, exponent.value, exact)
        slope = zero
        if not base.slope.is_zero():
            lowered = None if exact is None else exact - 1
            slope = slope + exponent.value * balls.power(base.value, exponent.value - 1, lowered) * base.slope
        if not exponent.slope.is_zero():
            slope = slope + value * base.value.log() * exponent.slope
        return Dual(value, slope)

    def root(radicand: Dual, index: int) -> Dual:
        value = balls.root(radicand.value, index)
        return Dual(value, radicand.slope if radicand.slope.is_zero() else value * radicand.slope / (index * radicand.value))

    def holds(operator: str, left: Dual, right: Dual) -> bool | None:
        decided: bool | None = balls.holds(operator, left.value, right.value)
        return None if left.value.overlaps(right.value) else decided

    nothing = Dual(balls.undefined, balls.undefined)
    return Arithmetic(number, lambda name: Dual(balls.constant(name), zero), call, power, root, _select, holds, nothing)


def _select(branches: list[tuple[Any, Any]], otherwise: Any) -> Any:
    for value, condition in branches:
        if condition is None:
            return None
        if condition:
            return value
    return otherwise


def _chosen(name: str, args: tuple[Dual, ...]) -> Dual:
    """The argument that is surely the greatest (least); no derivative where two are equal."""
    best = args[0]
    for arg in args[1:]:
        if best.value.overlaps(arg.value):
            return Dual(best.value, to_ball(float("nan")))
        best = arg if (arg.value > best.value) == (name == "max") else best
    return best


def _table_slope(name: str, k: int, values: tuple[Any, ...]) -> Any:
    row, place = FUNCTIONS[name], dict(zip("uv", values, strict=False))
    smooth = not row.smooth or compute(_table_form(row.smooth), place, ball_arithmetic()) is True
    if k >= len(row.derivatives) or not smooth:
        return to_ball(float("nan"))
    return compute(_table_form(row.derivatives[k]), place, ball_arithmetic())


@cache
def _table_form(text: str) -> Form:
    return read(text)


def computable(form: Form) -> bool:
    """Whether balls can compute the form: no unknown function, no integral, no complex unit."""
    return not any(
        isinstance(node, Apply | Deriv | Integral) or (isinstance(node, Const) and node.name in ("i", "infinity")) for node in nodes(form)
    )

