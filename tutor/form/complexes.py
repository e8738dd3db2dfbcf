"""Complex balls: values over the complex numbers, where an author asks for them.

The functions are those of the table, in python-flint's `acb`: principal branches, with the argument of
a number in (−π, π], as in SymPy and NIST DLMF 4.2. So √(z²) is not z, and ln z² is not 2 ln z. A root is
the principal one too: of −8 the third root is 1 + √3·i here, and −2 on the real line. What needs an
order (a floor, a maximum, x < 1) has a value where its arguments are surely real.

>>> from tutor import read
>>> complex_value(read("e^(I*pi)"), {}), complex_value(read("sqrt(z^2)"), {"z": Gaussian(Fraction(-1), Fraction(2))})
((-1+0j), (1-2j))
>>> complex_value(read("1/(z - 1)"), {"z": Fraction(1)}) is None
True
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

from tutor.form.arithmetic import Arithmetic, compute
from tutor.form.balls import BITS, ball_arithmetic, ball_holds, precision, to_ball
from tutor.form.functions import FUNCTIONS
from tutor.form.numerals import Gaussian
from tutor.form.tree import Form

if TYPE_CHECKING:
    from flint import acb


def to_complex_ball(value: Fraction | Gaussian) -> acb:
    """An exact number as a complex ball."""
    from flint import acb

    return acb(to_ball(value.real), to_ball(value.imag)) if isinstance(value, Gaussian) else acb(to_ball(value))


@cache
def complex_arithmetic() -> Arithmetic:
    """Complex balls of python-flint, which is imported now. Raises `ImportError` where it is missing."""
    from flint import acb, arb

    nan = acb(arb.nan(), arb.nan())
    constants = {"pi": arb.pi, "e": arb.const_e}

    def constant(name: str) -> Any:
        return acb(0, 1) if name == "i" else acb(constants[name]()) if name in constants else nan

    def call(name: str, args: tuple[Any, ...]) -> Any:
        row = FUNCTIONS[name]
        if row.over_complex is not None:
            found = row.over_complex(*args)
        elif all(arg.imag == 0 for arg in args):
            found = ball_arithmetic().call(name, tuple(arg.real for arg in args))
        else:
            return nan
        return found if isinstance(found, acb) else acb(found)

    def power(base: Any, exponent: Any, exact: Fraction | None) -> Any:
        if exact is not None and exact.denominator == 1:
            return base**exact.numerator
        if base == 0:
            return acb(0) if exponent.real > 0 else nan
        return base**exponent

    def root(radicand: Any, index: int) -> Any:
        return radicand if radicand == 0 else radicand.sqrt() if index == 2 else radicand ** (acb(1) / index)

    def holds(operator: str, left: Any, right: Any) -> bool | None:
        if left.imag == 0 and right.imag == 0:
            return ball_holds(operator, left.real, right.real)
        if operator not in ("=", "!=") or not (left.is_finite() and right.is_finite()) or left.overlaps(right):
            return None
        return operator == "!="

    def select(branches: list[tuple[Any, Any]], otherwise: Any) -> Any:
        for value, condition in branches:
            if condition is None:
                return nan
            if condition:
                return value
        return otherwise

    return Arithmetic(lambda value: acb(to_ball(value)), constant, call, power, root, select, holds, nan)


def complex_value(form: Form, values: Mapping[str, Fraction | Gaussian]) -> complex | None:
    """The value at an exact point, rounded; None where there is none. Raises `RequestError` when a variable has no value."""
    with precision(BITS):
        found = compute(form, {name: to_complex_ball(value) for name, value in values.items()}, complex_arithmetic())
    if found is None or isinstance(found, bool) or not found.is_finite():
        return None
    return complex(*(0.0 if part.contains(0) else float(part.mid()) for part in (found.real, found.imag)))


__all__ = ["complex_arithmetic", "complex_value", "to_complex_ball"]
