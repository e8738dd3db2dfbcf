"""An equation that is linear in one quantity, solved line by line as on a board.

Cleared of the denominator under a bracket with the quantity, multiplied out, the terms with the quantity on
one side, the quantity in front of a bracket, divided. Each line says by what the difference of the two
sides was multiplied, so that it can be claimed.

>>> from tutor import read
>>> for line in solved(read("3x^2 + 3y^2*m = 3(y + x*m)"), read("m")):
...     print(f"{line.law:15}", line.equation)
multiplied_out  3*x^2 + 3*m*y^2 = 3*y + 3*m*x
moved           3*m*y^2 - 3*m*x = 3*y - 3*x^2
factored        (3*y^2 - 3*x)*m = 3*y - 3*x^2
divided         m = (3*y - 3*x^2)/(3*y^2 - 3*x)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tutor.algebra.laws.sums import positive_first
from tutor.algebra.monomial import collected, monomial, terms
from tutor.errors import RequestError
from tutor.form.numerals import number
from tutor.form.tree import ONE, ZERO, Add, Div, Form, Mul, Neg, Relation, total
from tutor.form.walk import nodes


@dataclass(frozen=True, slots=True)
class Line:
    """One line: the equation, the id of what led to it, and what the difference of the sides before was multiplied by.

    `by` is what both sides were multiplied by (`cleared`, `multiplied`) or divided by (`divided`).
    """

    law: str
    equation: Relation
    factor: Form = ONE
    by: Form = ONE


@dataclass(frozen=True, slots=True)
class _Part:
    """A term without the unknown, or the coefficient of one with it."""

    form: Form
    has_unknown: bool

    def times(self, factor: Form) -> _Part:
        return _Part(_product(factor, self.form), self.has_unknown)

    def written(self, unknown: Form) -> Form:
        return _product(self.form, unknown) if self.has_unknown else self.form


def solved(equation: Relation, unknown: Form) -> tuple[Line, ...]:
    """The lines that lead from an equation to unknown = …; the last one is that.

    Raises `RequestError` where the unknown stands in no linear place, or drops out.
    """
    return tuple(_lines(equation, unknown))


def _lines(equation: Relation, unknown: Form) -> Iterator[Line]:
    bottom = _to_clear(equation, unknown)
    if bottom is not None:
        equation = _equation(*(_cleared(side, bottom) for side in equation.operands))
        yield Line("cleared", equation, bottom, bottom)
    parts = tuple(_parts(side, unknown) for side in equation.operands)
    flat = _equation(*(total(part.written(unknown) for part in side) for side in parts))
    if _opened(equation, unknown):
        yield Line("multiplied_out", flat)
    swapped = not any(part.has_unknown for part in parts[0])
    here, there = parts[::-1] if swapped else parts
    coefficients = [part.form for part in here if part.has_unknown] + [Neg(part.form) for part in there if part.has_unknown]
    right = positive_first(_sum([part.form for part in there if not part.has_unknown] + [Neg(part.form) for part in here if not part.has_unknown]))
    left = total(_product(part, unknown) for part in coefficients)
    moved = _equation(left, right)
    if moved is not flat:
        yield Line("moved", moved, number(-1) if swapped else ONE)
    whole = positive_first(_sum(coefficients))
    if whole is ZERO:
        raise RequestError("implicit", "the derivative drops out of the equation, so it cannot be found from it", advice="Does the equation really tie the two letters to each other?")
    if len(coefficients) > 1:
        left = _product(whole, unknown) if not isinstance(whole, Add) else Mul((whole, unknown))
        yield Line("factored", _equation(left, right))
    if whole is not ONE:
        yield _divided(right, whole, unknown)


def _divided(right: Form, whole: Form, unknown: Form) -> Line:
    """By division, or where the coefficient is a fraction, by multiplication with its reciprocal."""
    negative = isinstance(whole, Neg) != isinstance(right, Neg)
    top, below = (side.operand if isinstance(side, Neg) else side for side in (right, whole))
    if isinstance(below, Div):
        by = below.denominator if below.numerator is ONE else Div(below.denominator, below.numerator)
        value: Form = Mul((top, by))
        name, shown = "multiplied", Neg(by) if isinstance(whole, Neg) else by
    else:
        name, shown, value = "divided", whole, Div(top, below)
    return Line(name, _equation(unknown, Neg(value) if negative else value), Div(ONE, whole), shown)


def _equation(left: Form, right: Form) -> Relation:
    return Relation((left, right), ("=",))


def _product(left: Form, right: Form) -> Form:
    return monomial(Mul((left, right))).form()


def _sum(parts: Sequence[Form]) -> Form:
    return collected(term for part in parts for term in terms(_product(ONE, part)))


def _parts(form: Form, unknown: Form) -> list[_Part]:
    """The form as a sum of terms with and without the unknown; brackets that hold it are opened."""
    if not has(form, unknown):
        return [] if form is ZERO else [_Part(term, False) for term in terms(form)]
    match form:
        case Add(summands):
            return [part for term in summands for part in _parts(term, unknown)]
        case Neg(inner):
            return [part.times(number(-1)) for part in _parts(inner, unknown)]
        case Div(top, bottom) if not has(bottom, unknown):
            return [part.times(Div(ONE, bottom)) for part in _parts(top, unknown)]
        case Mul(factors):
            holding = [factor for factor in factors if has(factor, unknown)]
            if len(holding) == 1:
                rest = Mul((ONE, *(factor for factor in factors if factor is not holding[0])))
                return [part.times(rest) for part in _parts(holding[0], unknown)]
    if form is unknown:
        return [_Part(ONE, True)]
    raise RequestError("implicit", "the derivative stands inside a function here, so the equation cannot be solved for it", advice="Write the equation without cases, maxima and minima.")


def has(form: Form, part: Form) -> bool:
    """Whether a form holds another one."""
    return any(node is part for node in nodes(form))


def _opened(equation: Relation, unknown: Form) -> bool:
    """Whether the unknown stands in a bracket, so that multiplying out changes the line."""
    return any(isinstance(node, Add) and has(node, unknown) and not any(node is side for side in equation.operands) for node in nodes(equation))


def _to_clear(equation: Relation, unknown: Form) -> Form | None:
    """The denominator of the first term whose numerator has the unknown in a bracket."""
    for side in equation.operands:
        for term in terms(side):
            inner = term.operand if isinstance(term, Neg) else term
            if isinstance(inner, Div) and any(isinstance(node, Add) and has(node, unknown) for node in nodes(inner.numerator)):
                return inner.denominator
    return None


def _cleared(side: Form, bottom: Form) -> Form:
    return total(_product(bottom, term) for term in terms(side))
