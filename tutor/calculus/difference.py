"""Difference quotients worked out until h can go to 0: the algebra behind the definition of the derivative.

Three ways, as in a first course (Stewart, *Calculus*, sections 2.8 and 3.3):

- rational terms: common denominator, multiply out, what has no h cancels, divide by h;
- roots and absolute values: multiply by the conjugate, so that squares (or cubes) are left;
- sine, cosine, tangent, powers, logarithms of a linear inside: `tutor.calculus.known_limits`.

>>> from tutor import read
>>> found = worked_out(read("x^2"), "x", read("3"), read("9"), "h")
>>> [(line.law, str(line.after)) for line in found.lines]
[('multiply_out', '(9 + 6*h + h^2 - 9)/h'), ('collect', '(6*h + h^2)/h'), ('cancel', '6 + h')]
>>> str(found.value)
'6'
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from tutor.algebra.monomial import collected, monomial, terms
from tutor.algebra.polynomial import expanded_terms, one_fraction
from tutor.algebra.tidy import Rewrite
from tutor.calculus.known_limits import Known, add_line, by_known_limits, fraction, negated, over, settled, shortest_value
from tutor.calculus.points import value_at
from tutor.form.evaluate import evaluate, evaluate_ball
from tutor.form.numerals import integer
from tutor.form.tree import ONE, TWO, ZERO, Add, Const, Div, Form, Mul, Neg, Num, Pow, Sym, total
from tutor.form.walk import nodes, rewritten, substitute

_TINY = 1e-9
_ROOTS = frozenset((2, 3))
INFINITY = Const("infinity")


@dataclass(frozen=True, slots=True)
class Way:
    """A difference quotient, the lines that change it, and what the last line tends to.

    `value` is None where the algebra leads nowhere; infinity, or its opposite, where the quotient grows beyond all bounds.
    `known` are the limits that were taken from the list.
    """

    quotient: Form
    lines: tuple[Rewrite, ...]
    value: Form | None
    known: tuple[Known, ...] = ()

    @property
    def last(self) -> Form:
        """The quotient as the last line has it."""
        return self.lines[-1].after if self.lines else self.quotient


def difference_quotient(function: Form, variable: str, place: Form, height: Form, step: str) -> Form:
    """(f(place + h) − height)/h, with the functions written out.

    >>> from tutor import read
    >>> str(difference_quotient(read("x^2 - 4x"), "x", read("x"), read("x^2 - 4x"), "h"))
    '((x + h)^2 - 4*(x + h) - (x^2 - 4*x))/h'
    """
    moved = substitute(function, {variable: shifted(place, step)})
    top = moved if height is ZERO else Add((*terms(moved), *([height.operand] if isinstance(height, Neg) else [Neg(height)])))
    return Div(top, Sym(step))


def shifted(place: Form, step: str) -> Form:
    """place + h."""
    return Sym(step) if place is ZERO else Add((*terms(place), Sym(step)))


def worked_out(function: Form, variable: str, place: Form, height: Form, step: str, side: int = 0) -> Way:
    """The quotient of a function that is one kind of term, worked out; `side` is the sign of h, 0 for both."""
    quotient = difference_quotient(function, variable, place, height, step)
    for way in (_rational, _conjugate):
        lines = way(quotient, step)
        if lines is not None:
            return Way(quotient, lines, limit_of(lines[-1].after if lines else quotient, step, side))
    return _by_known_limits(quotient, function, variable, place, step) or Way(quotient, (), None)


def is_rational(form: Form, letters: Sequence[str]) -> bool:
    """Whether a form is made of the letters by sums, products, quotients and whole powers only."""
    return all(_is_rational_node(node) for node in nodes(form) if not node.free.isdisjoint(letters))


def _is_rational_node(node: Form) -> bool:
    if isinstance(node, Pow):
        return integer(node.exponent) is not None
    return isinstance(node, Sym | Add | Mul | Neg | Div)


# -- letting h go to 0 -------------------------------------------------------------------------------


def limit_of(form: Form, step: str, side: int = 0) -> Form | None:
    """What a form tends to for h → 0, by putting in 0; infinity where only a denominator becomes 0.

    >>> from tutor import read
    >>> str(limit_of(read("6 + h"), "h")), str(limit_of(read("1/h"), "h", -1)), limit_of(read("1/h"), "h")
    ('6', '-infinity', None)
    """
    top, bottom = one_fraction(form)
    if not _is_zero(substitute(bottom, {step: ZERO})):
        return shortest_value(substitute(form, {step: ZERO}))
    if _is_zero(substitute(top, {step: ZERO})) or form.free != {step}:
        return None
    near = [evaluate(form, {step: way * _TINY}) for way in ((side,) if side else (1, -1))]
    signs = {value > 0 for value in near if not math.isnan(value)}
    return (INFINITY if signs.pop() else Neg(INFINITY)) if len(signs) == 1 else None


def _is_zero(form: Form) -> bool:
    if form.free:
        return settled(form) is ZERO
    ball = evaluate_ball(form, {})
    return bool(ball.is_finite() and (ball == 0 or (ball.contains(0) and value_at(form, {}).exact is ZERO)))


# -- rational ----------------------------------------------------------------------------------------


def _rational(quotient: Form, step: str) -> tuple[Rewrite, ...] | None:
    """Common denominator, multiplied out, collected, h cancelled."""
    assert isinstance(quotient, Div)
    if not is_rational(quotient.numerator, (step,)):
        return None
    lines: list[Rewrite] = []
    current: Form = quotient
    top, bottom = one_fraction(quotient.numerator)
    if bottom is not ONE:
        current = add_line(lines, current, over(top, _times(Sym(step), bottom)), "common_denominator")
    return tuple(lines) if _cancelled(lines, current, top, bottom, step) else None


def _cancelled(lines: list[Rewrite], current: Form, top: Form, rest: Form, step: str) -> bool:
    """The lines from top/(h·rest) to the h being gone; whether the top could be multiplied out."""
    flat = expanded_terms(top)
    if flat is None:
        return False
    below = _times(Sym(step), rest)
    short = collected(flat)
    if len(flat) > 1 or flat[0] is not top:
        current = add_line(lines, current, over(total(flat), below), "multiply_out")
    if not (isinstance(current, Div) and current.numerator is short):
        current = add_line(lines, current, over(short, below), "collect")
    if short is not ZERO and all(_power(term, step) >= 1 for term in terms(short)):
        cleared = total(fraction(term, Sym(step)) for term in terms(short))
        add_line(lines, current, cleared if rest is ONE else fraction(cleared, rest), "cancel")
    elif short is ZERO:
        add_line(lines, current, ZERO, "zero")
    return True


def _power(term: Form, step: str) -> Fraction:
    power = monomial(term).powers.get(Sym(step), 0)
    return Fraction(0) if isinstance(power, Form) else Fraction(power)


def _times(left: Form, right: Form) -> Form:
    return monomial(Mul((left, right))).form(_ROOTS)


# -- roots and absolute values -----------------------------------------------------------------------


def _conjugate(quotient: Form, step: str) -> tuple[Rewrite, ...] | None:
    """Multiply by the conjugate, so that squares (cubes) without roots are left."""
    assert isinstance(quotient, Div)
    lines: list[Rewrite] = []
    current: Form = quotient
    top, bottom = one_fraction(quotient.numerator)
    parts = terms(top)
    if len(parts) == 1:
        return _single(quotient, parts[0], bottom, step)
    if len(parts) != 2:
        return None
    if bottom is not ONE:
        current = add_line(lines, current, over(top, _times(Sym(step), bottom)), "common_denominator")
    first, second = parts[0], negated(parts[1])
    for degree, law in ((2, "conjugate"), (3, "conjugate_cubes")):
        raised = [_raised(part, degree) for part in (first, second)]
        if all(is_rational(part, (step,)) for part in raised):
            other = Add((first, second)) if degree == 2 else Add((Pow(first, TWO), Mul((first, second)), Pow(second, TWO)))
            below = _times(other, bottom)
            current = add_line(lines, current, Div(Mul((top, other)), _times(Sym(step), below)), law)
            difference = Add((*terms(raised[0]), Neg(raised[1])))
            current = add_line(lines, current, over(difference, _times(Sym(step), below)), "squares" if degree == 2 else "cubes")
            return tuple(lines) if _cancelled(lines, current, difference, below, step) else None
    return None


def _single(quotient: Form, term: Form, bottom: Form, step: str) -> tuple[Rewrite, ...] | None:
    """A power of h alone, as √h/h: the h are put together."""
    mono = monomial(term)
    others = [base for base, power in mono.powers.items() if isinstance(power, Form) or (step in base.free and base is not Sym(step))]
    if others or bottom is not ONE:
        return None
    joined = fraction(term, Sym(step))
    return (Rewrite(quotient, joined, "powers_of_step"),)


def _raised(part: Form, degree: int) -> Form:
    return monomial(Pow(part, Num(degree))).form()


# -- limits that are known ---------------------------------------------------------------------------


def _by_known_limits(quotient: Form, function: Form, variable: str, place: Form, step: str) -> Way | None:
    found = by_known_limits(function, variable, place, quotient, step)
    if found is None:
        return None
    lines, known = found
    last = lines[-1].after if lines else quotient
    value = rewritten(last, lambda node: next((one.value for one in known if one.form is node), node))
    return Way(quotient, tuple(lines), shortest_value(substitute(value, {step: ZERO})), tuple(known))
