"""The value of a form at a point: in floats, in balls with rigorous error bounds, in NumPy arrays.

One walk serves every kind of number: an `Arithmetic` says how numbers of its kind are made and
which column of the function table computes with them. Where a form has no real value (a root of
-1, a division by zero) the result is `nan`; in balls it is a ball that is not finite. A ball
[m ± r] from python-flint (Johansson, *Arb*, 2017) surely contains the true value.

>>> from tutor import read
>>> evaluate(read("x^2 + 1"), {"x": 3.0})
10.0
>>> evaluate_ball(read("sin(x)"), {"x": "0.5"}).str(20)
'[0.47942553860420300027 +/- 3.29e-21]'
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tutor.errors import RequestError
from tutor.form.functions import CONSTANTS, FUNCTIONS
from tutor.form.numerals import integer, rational
from tutor.form.tree import Add, Call, Cases, Const, Div, Form, Mul, Neg, Num, Pow, Relation, Root, Sym
from tutor.form.walk import fold, nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flint import arb

BITS = 160
"""Working precision of balls, in bits, unless a caller asks for more."""


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """How to compute with one kind of number.

    `number` makes one from a fraction, `constant` from a constant's name; `call` is a known
    function at its arguments; `power` gets the exponent's exact value when it is a plain number;
    `root` takes an integer index; `holds` decides a relation between two numbers; `undefined` is
    what stands for no value.
    """

    number: Callable[[Fraction], Any]
    constant: Callable[[str], Any]
    call: Callable[[str, tuple[Any, ...]], Any]
    power: Callable[[Any, Any, Fraction | None], Any]
    root: Callable[[Any, int], Any]
    select: Callable[[list[tuple[Any, Any]], Any], Any]
    holds: Callable[[str, Any, Any], Any]
    undefined: Any


_ERRORS = (ValueError, OverflowError, ZeroDivisionError, TypeError)


def compute(form: Form, values: Mapping[str, Any], arithmetic: Arithmetic, memo: dict[Form, Any] | None = None) -> Any:
    """The value in one kind of number; every variable needs a value of that kind.

    `memo` carries the values of parts from one call to the next at the same point. Raises `RequestError` when one has none.
    """
    undefined = arithmetic.undefined

    def visit(node: Form, parts: tuple[Any, ...]) -> Any:  # noqa: PLR0911 (one branch a node)
        try:
            match node:
                case Num():
                    return arithmetic.number(node.value)
                case Sym(name):
                    return values.get(name, undefined)
                case Add():
                    result = parts[0]
                    for part in parts[1:]:
                        result = result + part
                    return result
                case Mul():
                    result = parts[0]
                    for part in parts[1:]:
                        result = result * part
                    return result
                case Neg():
                    return -parts[0]
                case Div():
                    return parts[0] / parts[1]
                case Pow(_, exponent):
                    return arithmetic.power(parts[0], parts[1], rational(exponent))
                case Call(name, _):
                    return arithmetic.call(name, parts)
                case Root(_, index):
                    whole = integer(index)
                    if whole is not None and whole > 1:
                        return arithmetic.root(parts[0], whole)
                    return arithmetic.power(parts[0], 1 / parts[1], None)
                case Const(name):
                    return arithmetic.constant(name)
                case Relation(_, operators):
                    held = [arithmetic.holds(operator, parts[k], parts[k + 1]) for k, operator in enumerate(operators)]
                    return _all(held)
                case Cases(branches, _):
                    n = len(branches)
                    conditions = parts[n:]
                    otherwise = parts[n - 1] if len(conditions) < n else undefined
                    return arithmetic.select(list(zip(parts[:n], conditions, strict=False)), otherwise)
        except _ERRORS:
            return undefined
        return undefined

    missing = form.free - values.keys()
    if missing:
        names = ", ".join(sorted(missing))
        raise RequestError("value", f"no value given for {names}", advice=f"Give one, such as {min(missing)}=1.")
    return fold(form, visit, memo)


def _all(held: list[Any]) -> Any:
    """Three-valued "and": None is undecided."""
    if len(held) == 1:
        return held[0]
    if any(part is False for part in held):
        return False
    return None if any(part is None for part in held) else True


# -- floats ------------------------------------------------------------------------------------------


def _float_call(name: str, args: tuple[Any, ...]) -> float:
    row = FUNCTIONS[name]
    if row.real is not None:
        return float(row.real(*args))
    return float(_ball_call(name, tuple(to_ball(arg) for arg in args)))


def _float_power(base: float, exponent: float, exact: Fraction | None) -> float:
    result = base ** (exact.numerator if exact is not None and exact.denominator == 1 else exponent)
    return result if isinstance(result, float | int) else math.nan


def _float_root(radicand: float, index: int) -> float:
    if radicand < 0:
        return -_float_root(-radicand, index) if index % 2 else math.nan
    return math.sqrt(radicand) if index == 2 else math.cbrt(radicand) if index == 3 else radicand ** (1 / index)


def _float_constant(name: str) -> float:
    value = CONSTANTS[name].value
    return math.nan if value is None else value


def _select(branches: list[tuple[Any, Any]], otherwise: Any) -> Any:
    for value, condition in branches:
        if condition is None:
            return math.nan
        if condition:
            return value
    return otherwise


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: bool(a == b), "!=": lambda a, b: bool(a != b), "<": lambda a, b: bool(a < b),
    "<=": lambda a, b: bool(a <= b), ">": lambda a, b: bool(a > b), ">=": lambda a, b: bool(a >= b),
}  # fmt: skip


_COMPARE_ARRAYS: dict[str, Callable[[Any, Any, Any], Any]] = {
    "=": lambda np, a, b: np.equal(a, b), "!=": lambda np, a, b: np.not_equal(a, b), "<": lambda np, a, b: np.less(a, b),
    "<=": lambda np, a, b: np.less_equal(a, b), ">": lambda np, a, b: np.greater(a, b), ">=": lambda np, a, b: np.greater_equal(a, b),
}  # fmt: skip


def _float_holds(operator: str, left: float, right: float) -> bool | None:
    return None if math.isnan(left) or math.isnan(right) else _COMPARE[operator](left, right)


FLOATS = Arithmetic(float, _float_constant, _float_call, _float_power, _float_root, _select, _float_holds, math.nan)


def evaluate(form: Form, values: Mapping[str, float]) -> float:
    """The value as a float, `nan` where there is none.

    Raises `RequestError` when a variable has no value.
    """
    result = compute(form, {name: float(value) for name, value in values.items()}, FLOATS)
    if result is True or result is False or result is None:
        return math.nan if result is None else float(result)
    return float(result)


# -- balls -------------------------------------------------------------------------------------------


def to_ball(value: Any) -> arb:
    """A number, fraction or decimal text as a ball."""
    from flint import arb, fmpq

    if isinstance(value, Fraction):
        return arb(fmpq(value.numerator, value.denominator))
    return value if isinstance(value, arb) else arb(value)


def _ball_constant(name: str) -> arb:
    from flint import arb

    return arb.pi() if name == "pi" else arb.const_e() if name == "e" else arb.nan()


def _ball_call(name: str, args: tuple[Any, ...]) -> Any:
    from flint import arb

    ball = FUNCTIONS[name].ball
    return arb.nan() if ball is None else ball(*args)


_LARGEST_POWER = 10_000


def _ball_power(base: arb, exponent: arb, exact: Fraction | None) -> arb:
    from flint import arb

    if exact is not None and exact.denominator == 1:
        return base**exact.numerator
    if base < 0:  # (−1)^n has a value where n surely is an integer
        return base ** int(exponent.fmpz()) if exponent.is_integer() and abs(exponent) < _LARGEST_POWER else arb.nan()
    if base == 0:
        return arb(0) if exponent > 0 else arb.nan()
    return base**exponent


def _ball_root(radicand: arb, index: int) -> arb:
    if radicand == 0:  # where python-flint has no value for an odd root
        return radicand
    if index % 2 and radicand < 0:
        return -((-radicand).root(index))
    return radicand.sqrt() if index == 2 else radicand.root(index)


def _ball_holds(operator: str, left: arb, right: arb) -> bool | None:
    """None when the balls overlap, so that the relation is open at this precision."""
    if not (left.is_finite() and right.is_finite()):
        return None
    if _COMPARE[operator](left, right):
        return True
    opposite = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}[operator]
    return False if _COMPARE[opposite](left, right) else None


def _ball_select(branches: list[tuple[Any, Any]], otherwise: Any) -> Any:
    from flint import arb

    for value, condition in branches:
        if condition is None:
            return arb.nan()
        if condition:
            return value
    return arb.nan() if isinstance(otherwise, float) else otherwise


_balls: list[Arithmetic] = []


def ball_arithmetic() -> Arithmetic:
    """Balls of python-flint, which is imported now."""
    if not _balls:
        from flint import arb

        _balls.append(Arithmetic(to_ball, _ball_constant, _ball_call, _ball_power, _ball_root, _ball_select, _ball_holds, arb.nan()))
    return _balls[0]


@contextmanager
def precision(bits: int) -> Iterator[None]:
    """Work with this many bits inside the block."""
    from flint import ctx

    before = ctx.prec
    ctx.prec = bits
    try:
        yield
    finally:
        ctx.prec = before


def evaluate_ball(form: Form, values: Mapping[str, Any], bits: int = BITS, memo: dict[Form, Any] | None = None) -> arb:
    """The value as a ball of `bits` working precision; a ball that is not finite means no value.

    `values` are exact: fractions, integers, or decimal texts; `memo` as for `compute`. Raises `RequestError` when a variable
    has no value.
    """
    with precision(bits):
        result = compute(form, {name: to_ball(value) for name, value in values.items()}, ball_arithmetic(), memo)
        if result is True or result is False or result is None:
            return to_ball(int(result)) if result is not None else ball_arithmetic().undefined
        ball: arb = result
        return ball


def holds(relation: Form, values: Mapping[str, Any], bits: int = BITS) -> bool | None:
    """Whether a relation surely holds (or surely not) at an exact point; None: undecided or undefined."""
    with precision(bits):
        result = compute(relation, {name: to_ball(value) for name, value in values.items()}, ball_arithmetic())
        return result if isinstance(result, bool) else None


# -- arrays ------------------------------------------------------------------------------------------


def evaluate_array(form: Form, values: Mapping[str, Any]) -> Any:
    """The values over NumPy arrays that broadcast together; `nan` where there is none.

    >>> from tutor import read
    >>> import numpy
    >>> evaluate_array(read("1/x"), {"x": numpy.array([1.0, 2.0, 0.0])}).tolist()
    [1.0, 0.5, inf]
    """
    import numpy as np

    def call(name: str, args: tuple[Any, ...]) -> Any:
        row = FUNCTIONS[name]
        return row.array(np, *args) if row.array is not None else np.vectorize(lambda *u: _float_call(name, u), otypes=[float])(*args)

    def power(base: Any, exponent: Any, exact: Fraction | None) -> Any:
        return np.asarray(base, dtype=float) ** (exact.numerator if exact is not None and exact.denominator == 1 else exponent)

    def root(radicand: Any, index: int) -> Any:
        if index % 2:
            return np.sign(radicand) * np.abs(radicand) ** (1 / index)
        return np.sqrt(radicand) if index == 2 else np.asarray(radicand, dtype=float) ** (1 / index)

    def select(branches: list[tuple[Any, Any]], otherwise: Any) -> Any:
        result = otherwise
        for value, condition in reversed(branches):
            result = np.where(np.isnan(condition), np.nan, np.where(condition == 1, value, result))
        return result

    def compare(operator: str, left: Any, right: Any) -> Any:
        """1 where the relation holds, 0 where it does not, nan where a side has no value."""
        return np.where(np.isnan(left) | np.isnan(right), np.nan, np.asarray(_COMPARE_ARRAYS[operator](np, left, right), dtype=float))

    def both(node: Form) -> None:
        if isinstance(node, Relation) and len(node.operators) > 1:
            raise RequestError("array", "a chain of relations has no array of values")

    for node in nodes(form):
        both(node)
    arithmetic = Arithmetic(float, _float_constant, call, power, root, select, compare, np.nan)
    with np.errstate(all="ignore"):
        shaped = {name: np.asarray(value, dtype=float) for name, value in values.items()}
        return compute(form, shaped, arithmetic)


def sample_points(names: Iterable[str]) -> Iterator[dict[str, Fraction]]:
    """An endless, fixed sequence of exact points: first near the origin, then further out.

    A Halton-like sequence over the variables in alphabetical order, on rings of growing size, so
    that the same form gets the same points on every run and thread.
    """
    ordered = sorted(names)
    primes = (7, 11, 13, 17, 19, 23, 29, 31)
    rings = ((0, 1), (0, 2), (-1, 1), (-3, 3), (0, 4), (-10, 10), (0, 50), (-200, 200), (1, 1000), (0, 1))
    count = 0
    while True:
        low, high = rings[count % len(rings)]
        count += 1
        yield {
            name: low + (high - low) * Fraction((count * (2 * k + 5) + 3 * k * k + 2) * 37 % (101 * primes[k % 8]), 101 * primes[k % 8])
            for k, name in enumerate(ordered)
        }
