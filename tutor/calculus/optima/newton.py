"""Newton's step, in its two meanings, which must not be mixed up.

For an **equation** g(x) = 0 it goes where the tangent line is zero: x − g/g′. For a **minimum** it asks for a root of f′, so it goes
where the quadratic model of f has its bottom: x − f′/f″, and in several letters x + s with H s = −∇f. That point is a
minimum of the model only where H is positive definite; elsewhere the step may climb (Nocedal & Wright, *Numerical
Optimization*, section 3.3). On a quadratic function the model is the function, and one step arrives.

>>> step = newton_step("x^4 - 3x^2 + x", "x=1")
>>> [str(value.exact) for value in step.new], str(step.after.exact), step.local.spectrum.kind
(['7/6'], '-1379/1296', 'bowl')
>>> root = newton_step("x^2 = 2", "x=1", steps=4)
>>> str(root.new[0].exact), root.kind, root.doubling
('3/2', 'root', True)
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from tutor.algebra.solve import SECONDS
from tutor.calculus.differentiate import Derivation
from tutor.calculus.gradient import Gradient, gradient
from tutor.calculus.optima.hessian import Hessian, Local, second_derivatives
from tutor.calculus.optima.numbers import full_value, sign_of, tidy
from tutor.calculus.optima.said import compared
from tutor.calculus.optima.spectrum import determinant
from tutor.calculus.points import Point, Value, check_point, read_point
from tutor.calculus.request import body
from tutor.calculus.worked import Claim, Worked, equal
from tutor.errors import RequestError
from tutor.form.evaluate import evaluate_ball
from tutor.form.numerals import number, rational
from tutor.form.reading import read
from tutor.form.tree import TWO, ZERO, Add, Apply, Call, Div, Form, Mul, Neg, Pow, Relation, Sym, total
from tutor.form.walk import substitute

MOST_STEPS = 20
_MOST_LETTERS = 6
_BITS = 1200
_DIGITS = 250
"""Iterates are rounded to this many significant digits, which is exact for any reader."""
_CLAIMED = 25


@dataclass(frozen=True)
class Iterate:
    """One point of the repeated step: where it is, the function there, its slopes there (of an equation: none)."""

    place: tuple[Fraction, ...]
    value: Fraction
    slopes: tuple[Fraction, ...]

    @property
    def length(self) -> float:
        """The length of the gradient."""
        return math.sqrt(sum(float(slope) ** 2 for slope in self.slopes))


@dataclass(frozen=True)
class NewtonStep(Worked):
    """One step from `point`, and the iterates when it is repeated.

    `kind` is minimum (a root of the gradient is looked for) or root (of an equation). `new` is None where there is no
    step: the slope of the equation, or the determinant of the Hessian, is zero. `promised` is what the model says of the new value.
    """

    kind: str
    function: Form
    variables: tuple[str, ...]
    point: Point
    gradient: Gradient
    hessian: Hessian | None
    local: Local | None
    slopes: tuple[Value, ...]
    before: Value
    steps: tuple[Value, ...] | None = None
    new: tuple[Value, ...] | None = None
    after: Value | None = None
    promised: Value | None = None
    iterates: tuple[Iterate, ...] = ()
    equation: Relation | None = None
    stopped: str = ""

    @property
    def quadratic(self) -> bool:
        """Whether the model is the function itself, so that one step arrives."""
        return self.hessian.constant if self.hessian is not None else not self.gradient.value[0].free

    @cached_property
    def doubling(self) -> bool:
        """Whether each step about doubles the number of right digits, seen at least twice in a row."""
        gaps = [max(abs(a - b) for a, b in zip(one.place, other.place, strict=True)) for one, other in pairwise(self.iterates)]
        digits = [-math.log10(float(gap)) for gap in gaps if gap > Fraction(1, 10**100)]
        pairs = [(one, other) for one, other in pairwise(digits) if one >= 1]
        return len(pairs) >= 2 and all(1.8 * one <= other for one, other in pairs)

    @cached_property
    def final_kind(self) -> str:
        """What the Hessian is at the last iterate, by its leading minors: bowl, dome, saddle, or open where one is nearly zero."""
        if self.hessian is None or not self.iterates:
            return "open"
        values = dict(zip(self.variables, self.iterates[-1].place, strict=True))
        rows = [[_at(cell, values) or Fraction(0) for cell in row] for row in self.hessian.rows]
        minors = [_minor([row[:k] for row in rows[:k]]) for k in range(1, len(rows) + 1)]
        if not minors[-1] or abs(minors[-1]) < Fraction(1, 10**9):
            return "open"
        if all(minor > 0 for minor in minors):
            return "bowl"
        return "dome" if all(minor * (-1) ** (k + 1) > 0 for k, minor in enumerate(minors)) else "saddle"

    @property
    def derivations(self) -> tuple[Derivation, ...]:
        """The first derivatives, and for a minimum the second ones."""
        return self.gradient.partials if self.hessian is None else self.hessian.derivations

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """The numbers at the point, the step's equation, the new point and values, the repeated steps."""
        values = [self.before, *self.slopes, *(self.steps or ()), *(self.new or ()), self.after, self.promised]
        found = [equal(value.substituted, value.exact, "value") for value in values if value and value.exact is not None and value.exact is not value.substituted]
        found += self.local.claims if self.local else ()
        found += self._system()
        return (*found, *self._repeated())

    def _system(self) -> list[Claim]:
        """H s = −∇f, or g′ s = −g."""
        if self.steps is None:
            return []
        steps = [step.exact or ZERO for step in self.steps]
        if self.local is None:
            return [equal(Mul((self.slopes[0].exact or ZERO, steps[0])), Neg(self.before.exact or ZERO), "step")]
        return [
            equal(total(Mul((cell.exact or ZERO, step)) for cell, step in zip(row, steps, strict=True)), Neg(slope.exact or ZERO), "step")
            for row, slope in zip(self.local.cells, self.slopes, strict=True)
        ]

    def _repeated(self) -> list[Claim]:
        """That each rounded iterate satisfies the step's equation nearly."""
        found = []
        for one, other in pairwise(self.iterates):
            place = {name: number(_short(value), decimal=True) for name, value in zip(self.variables, one.place, strict=True)}
            moves = [number(_short(b) - _short(a), decimal=True) for a, b in zip(one.place, other.place, strict=True)]
            rows = [[*self.gradient.value]] if self.hessian is None else self.hessian.rows
            sides = [self.function] if self.hessian is None else self.gradient.value
            for row, side in zip(rows, sides, strict=True):
                gap = substitute(Add((total(Mul((cell, move)) for cell, move in zip(row, moves, strict=True)), side)), place)
                size = max(1, math.ceil(abs(float(evaluate_ball(substitute(side, place), {})))), *(math.ceil(abs(float(value))) for value in one.place))
                found.append(Claim(compared(Call("abs", (gap,)), "<", number(Fraction(size, 10 ** (_CLAIMED - 5)), decimal=True)), "repeated"))
        return found


def _short(value: Fraction) -> Fraction:
    """A rounded iterate for a claim that can be read."""
    return Fraction(f"{_rounded(value, _CLAIMED + 10)}")


def _rounded(value: Fraction, digits: int) -> Fraction:
    """To so many significant digits."""
    if not value:
        return value
    shift = digits - 1 - math.floor(math.log10(abs(value.numerator)) - math.log10(value.denominator))
    scale = Fraction(10) ** shift
    return Fraction(round(value * scale)) / scale


def newton_step(function_or_equation: str | Form, at: str | Mapping[str, object] | None, steps: int = 1, seconds: float = SECONDS) -> NewtonStep:
    """Newton's step at a point: towards a minimum of a function, or towards a root of an equation such as "x^2 = 2".

    `steps` repeats it. Raises `ReadError`, or `RequestError` without a point, for a point where something is
    undefined, for an equation with several unknowns, for a number of steps that makes no sense.
    """
    form = read(function_or_equation) if isinstance(function_or_equation, str) else function_or_equation
    if not at:
        raise RequestError("point", "Newton's step starts at a point", advice="Give one, such as --at x=1.")
    if not 1 <= steps <= MOST_STEPS:
        raise RequestError("steps", f"the number of steps must be from 1 to {MOST_STEPS}, not {steps}")
    place = read_point(at)
    equation = as_equation(form)
    function = Add((equation.operands[0], Neg(equation.operands[1]))) if equation is not None else body(form)
    if equation is not None and equation.operands[1] is ZERO:
        function = equation.operands[0]
    check_point(place, function)
    first = gradient(function)
    if equation is not None and len(first.variables) > 1:
        names = ", ".join(first.variables)
        raise RequestError("equation", f"the equation has several unknowns: {names}", advice="Newton's method for a root is shown for one unknown.")
    if len(first.variables) > _MOST_LETTERS:
        raise RequestError("variable", f"Newton's step is shown for at most {_MOST_LETTERS} letters, not {len(first.variables)}")
    place = {name: place[name] for name in first.variables}
    return _root(function, first, place, steps, equation) if equation is not None else _minimum(function, first, place, steps, seconds)


def as_equation(form: Form) -> Relation | None:
    """The equation that is to be solved; None where the text defines a function (f(x) = …, y = …) or is one.

    >>> as_equation(read("x^2 = 2")) is not None, as_equation(read("y = x^2")), as_equation(read("f(x) = x^2"))
    (True, None, None)
    """
    match form:
        case Relation((Apply(), _), ("=",)):
            return None
        case Relation((Sym(name), right), ("=",)) if right.free and name not in right.free:
            return None
        case Relation((_, _), ("=",)):
            return form
    return None


def _defined(value: Value, what: str) -> Form:
    if value.exact is None:
        raise RequestError("point", f"{what} has no real value at this point", advice="Start at a point where it is defined.")
    return value.exact


def _root(function: Form, first: Gradient, place: Point, steps: int, equation: Relation) -> NewtonStep:
    (name,) = first.variables
    before, slope = full_value(function, place), full_value(first.value[0], place)
    height, rise = _defined(before, "the equation"), _defined(slope, "the derivative")
    if sign_of(rise) in (0, None):
        return NewtonStep("root", function, first.variables, place, first, None, None, (slope,), before, equation=equation, stopped="flat")
    step = full_value(Neg(Div(height, rise)))
    new = full_value(Add((place[name], step.exact or ZERO)))
    after = full_value(function, {name: new.exact or ZERO})
    iterates, stopped = _iterated(function, first, None, place, steps)
    return NewtonStep("root", function, first.variables, place, first, None, None, (slope,), before, (step,), (new,), after, None, iterates, equation, stopped)


def _minimum(function: Form, first: Gradient, place: Point, steps: int, seconds: float) -> NewtonStep:
    second = Hessian(function, first.variables, first, second_derivatives(first))
    local = second.local(place, seconds)
    before = full_value(function, place)
    height = _defined(before, "the function")
    slopes = [_defined(value, "the gradient") for value in local.slopes]
    rows = [[_defined(cell, "the second derivative") for cell in row] for row in local.cells]
    base = (("minimum", function, first.variables, place, first, second, local, local.slopes, before))
    det = determinant(rows)
    if sign_of(det) in (0, None):
        return NewtonStep(*base, stopped="singular")
    moves = tuple(full_value(Div(determinant(_replaced(rows, k, [Neg(slope) for slope in slopes])), det)) for k in range(len(rows)))
    exact = [move.exact or ZERO for move in moves]
    new = tuple(full_value(Add((place[name], move))) for name, move in zip(first.variables, exact, strict=True))
    after = full_value(function, {name: value.exact or ZERO for name, value in zip(first.variables, new, strict=True)})
    promised = full_value(_model(height, slopes, rows, exact))
    iterates, stopped = _iterated(function, first, second, place, steps)
    return NewtonStep(*base, moves, new, after, promised, iterates, None, stopped)


def _replaced(rows: Sequence[Sequence[Form]], column: int, values: Sequence[Form]) -> list[list[Form]]:
    """The matrix with one column replaced: Cramer's rule."""
    return [[value if k == column else cell for k, cell in enumerate(row)] for row, value in zip(rows, values, strict=True)]


def _model(height: Form, slopes: Sequence[Form], rows: Sequence[Sequence[Form]], step: Sequence[Form]) -> Form:
    """f + ∇f·s + ½ sᵀHs."""
    linear = [Mul((slope, move)) for slope, move in zip(slopes, step, strict=True)]
    bent = total(Mul((cell, one, other)) for row, one in zip(rows, step, strict=True) for cell, other in zip(row, step, strict=True))
    return Add((height, *linear, Div(bent, TWO)))


def model_in(step: NewtonStep, letters: Sequence[str]) -> Form:
    """The quadratic model of the function at the point, in letters for the step."""
    assert step.local is not None
    moves = [Sym(letter) for letter in letters]
    parts: list[Form] = [step.before.exact or ZERO]
    parts += [Mul((slope.exact or ZERO, move)) for slope, move in zip(step.slopes, moves, strict=True)]
    for j, row in enumerate(step.local.cells):
        parts.append(Div(Mul((row[j].exact or ZERO, Pow(moves[j], TWO))), TWO))
        parts += [Mul((row[k].exact or ZERO, moves[j], moves[k])) for k in range(j + 1, len(row))]
    return tidy(Add(tuple(parts)))


# -- repeated ----------------------------------------------------------------------------------------


def _iterated(function: Form, first: Gradient, second: Hessian | None, place: Point, steps: int) -> tuple[tuple[Iterate, ...], str]:
    """The points of so many steps, in long decimals; why it stopped early, if it did."""
    if steps == 1:
        return (), ""
    here = tuple(_decimal(value) for value in place.values())
    found: list[Iterate] = []
    for count in range(steps + 1):
        if any(value is None for value in here):
            return tuple(found), "undefined"
        known = tuple(value for value in here if value is not None)
        values = dict(zip(first.variables, known, strict=True))
        numbers = [_at(form, values) for form in (function, *first.value)]
        if any(value is None for value in numbers):
            return tuple(found), "undefined"
        height, *slopes = [value for value in numbers if value is not None]
        found.append(Iterate(known, height, tuple(slopes)))
        if count == steps:
            break
        if not height and second is None:
            return tuple(found), "arrived"
        if second is not None and not any(slopes):
            return tuple(found), "arrived"
        rows = [[_at(cell, values) for cell in row] for row in (second.rows if second is not None else (first.value,))]
        move = _solved(rows, [-height] if second is None else [-slope for slope in slopes])
        if move is None:
            return tuple(found), "singular"
        here = tuple(_rounded(value + step, _DIGITS) for value, step in zip(known, move, strict=True))
    return tuple(found), ""


def _minor(rows: Sequence[Sequence[Fraction]]) -> Fraction:
    """A determinant by its first row."""
    if len(rows) == 1:
        return rows[0][0]
    return sum(((-1) ** k * entry * _minor([[*row[:k], *row[k + 1 :]] for row in rows[1:]]) for k, entry in enumerate(rows[0])), Fraction(0))


def _decimal(form: Form) -> Fraction | None:
    value = rational(form)
    return value if value is not None else _at(form, {})


def _at(form: Form, values: Mapping[str, Fraction]) -> Fraction | None:
    """The value as a long decimal; exact, where it is a plain number."""
    ball = evaluate_ball(form, values, _BITS)
    return Fraction(ball.str(_DIGITS + 20, radius=False)) if ball.is_finite() else None


def _solved(rows: Sequence[Sequence[Fraction | None]], right: Sequence[Fraction]) -> list[Fraction] | None:
    """A linear system by elimination with the largest pivot; None where it is singular or has no values."""
    if any(cell is None for row in rows for cell in row):
        return None
    table = [[*(cell for cell in row if cell is not None), value] for row, value in zip(rows, right, strict=True)]
    size = len(table)
    for k in range(size):
        pivot = max(range(k, size), key=lambda j: abs(table[j][k]))
        if abs(table[pivot][k]) < Fraction(1, 10**200):
            return None
        table[k], table[pivot] = table[pivot], table[k]
        for j in range(size):
            if j != k:
                share = table[j][k] / table[k][k]
                table[j] = [_rounded(a - share * b, _DIGITS) for a, b in zip(table[j], table[k], strict=True)]
    return [row[-1] / row[k] for k, row in enumerate(table)]


__all__ = ["MOST_STEPS", "Iterate", "NewtonStep", "as_equation", "model_in", "newton_step"]
