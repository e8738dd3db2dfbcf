"""Where polynomials of low degree are stationary, in fractions: the answers of many variants without a solver.

A function of one letter up to degree three has a derivative whose roots the formula gives; a function of several letters of
degree two has linear slopes, and the sign of the leading minors of its second derivatives (Sylvester) says what the one place
is. For everything else the engine is asked (`tutor.calculus.optima.critical`), and so are solutions: both agree, which is tested.

>>> from tutor.form.reading import read
>>> places(read("x^3 - 3x"), ("x",))
[((Fraction(-1, 1),), 'maximum'), ((Fraction(1, 1),), 'minimum')]
>>> places(read("x^2 - y^2 + 2x*y - 4x"), ("x", "y"))
[((Fraction(1, 1), Fraction(1, 1)), 'saddle')]
>>> places(read("sin(x)"), ("x",)) is None
True
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

from tutor.form.arithmetic import compute
from tutor.form.numerals import integer, rational
from tutor.form.rationals import RATIONALS
from tutor.form.tree import Add, Div, Form, Mul, Neg, Num, Pow, Sym
from tutor.form.walk import fold

Powers = tuple[int, ...]
Polynomial = dict[Powers, Fraction]
Place = tuple[tuple[Fraction, ...], str]
_MOST_TERMS, _HIGHEST = 60, 6


def coefficients(form: Form, letters: Sequence[str]) -> Polynomial | None:
    """The coefficients by the powers of the letters; None for what is no polynomial in them with fractions, or a long one.

    >>> from tutor.form.reading import read
    >>> coefficients(read("(x + 1)^2 - 0.5y"), ("x", "y"))
    {(2, 0): Fraction(1, 1), (1, 0): Fraction(2, 1), (0, 0): Fraction(1, 1), (0, 1): Fraction(-1, 2)}
    """
    zero = (0,) * len(letters)

    def visit(node: Form, parts: tuple[Polynomial | None, ...]) -> Polynomial | None:
        match node:
            case Num():
                return {zero: node.value}
            case Sym(name) if name in letters:
                return {tuple(int(letter == name) for letter in letters): Fraction(1)}
            case Pow(_, exponent) if (power := integer(exponent)) is not None and 0 <= power <= _HIGHEST:
                return _product([parts[0]] * power, zero)
            case Div() if parts[1] is not None and parts[1].keys() == {zero} and parts[1][zero]:
                return _product([parts[0], {zero: 1 / parts[1][zero]}], zero)
            case Neg():
                return _product([parts[0], {zero: Fraction(-1)}], zero)
            case Mul():
                return _product(parts, zero)
            case Add():
                return _sum(parts)
        value = None if node.free else compute(node, {}, RATIONALS)
        return None if value is None else {zero: value}

    found = fold(form, visit)
    return None if found is None else {powers: value for powers, value in found.items() if value}


def _sum(parts: Sequence[Polynomial | None]) -> Polynomial | None:
    found: Polynomial = {}
    for part in parts:
        if part is None:
            return None
        for powers, value in part.items():
            found[powers] = found.get(powers, Fraction(0)) + value
    return found


def _product(parts: Sequence[Polynomial | None], zero: Powers) -> Polynomial | None:
    found: Polynomial = {zero: Fraction(1)}
    for part in parts:
        if part is None or len(found) * len(part) > _MOST_TERMS**2:
            return None
        terms: Polynomial = {}
        for one, value in found.items():
            for other, factor in part.items():
                powers = tuple(map(sum, zip(one, other, strict=True)))
                terms[powers] = terms.get(powers, Fraction(0)) + value * factor
        found = terms
        if len(found) > _MOST_TERMS:
            return None
    return found


def places(form: Form, letters: Sequence[str]) -> list[Place] | None:
    """The stationary places with what they are, in ascending order; None where this page does not know."""
    found = coefficients(form, letters)
    if found is None or not found:
        return None
    if len(letters) == 1:
        return _on_a_line({powers[0]: value for powers, value in found.items()})
    return _in_space(found, len(letters)) if max(map(sum, found)) == 2 else None


def _on_a_line(polynomial: Mapping[int, Fraction]) -> list[Place] | None:
    if max(polynomial) > 3 or max(polynomial) < 2:
        return None
    a, b, c = (power * polynomial.get(power, Fraction(0)) for power in (3, 2, 1))
    if not a:
        return [((-c / b,), "minimum" if b > 0 else "maximum")]
    root = compute(_ROOT, {"d": b * b - 4 * a * c}, RATIONALS)
    if not isinstance(root, Fraction) or not root:
        return None
    roots = sorted(((-b - root) / (2 * a), (-b + root) / (2 * a)))
    return [((place,), "minimum" if 2 * a * place + b > 0 else "maximum") for place in roots]


_ROOT = Pow(Sym("d"), Div(Num(1), Num(2)))


def _in_space(polynomial: Polynomial, size: int) -> list[Place] | None:
    """The one solution of H x = −g, and what the leading minors of H say."""
    unit = [tuple(int(i == k) for k in range(size)) for i in range(size)]
    linear = [polynomial.get(one, Fraction(0)) for one in unit]
    matrix = [[_second(polynomial, unit[i], unit[k], i == k) for k in range(size)] for i in range(size)]
    pivots = _pivots(matrix, [-value for value in linear])
    if pivots is None:
        return None
    minors, solution = pivots
    if all(sign > 0 for sign in minors):
        return [(solution, "minimum")]
    return [(solution, "maximum" if all(sign < 0 for sign in minors) else "saddle")]


def _second(polynomial: Polynomial, one: Powers, other: Powers, same: bool) -> Fraction:
    value = polynomial.get(tuple(map(sum, zip(one, other, strict=True))), Fraction(0))
    return 2 * value if same else value


def _pivots(matrix: list[list[Fraction]], right: list[Fraction]) -> tuple[list[Fraction], tuple[Fraction, ...]] | None:
    """The quotients of successive leading minors, and the solution; None where the matrix has none, or they do not exist in this order."""
    size = len(right)
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    swapped = False
    pivots = []
    for k in range(size):
        if not rows[k][k]:
            other = next((i for i in range(k + 1, size) if rows[i][k]), None)
            if other is None:
                return None
            rows[k], rows[other], swapped = rows[other], rows[k], True
        pivots.append(rows[k][k])
        for i in range(k + 1, size):
            share = rows[i][k] / rows[k][k]
            rows[i] = [one - share * above for one, above in zip(rows[i], rows[k], strict=True)]
    solution = [Fraction(0)] * size
    for k in reversed(range(size)):
        solution[k] = (rows[k][size] - sum(rows[k][j] * solution[j] for j in range(k + 1, size))) / rows[k][k]
    # A zero among the leading minors of a regular symmetric matrix: it is neither positive nor negative definite.
    return ([Fraction(1), Fraction(-1)] if swapped else pivots), tuple(solution)


def interval(conditions: Sequence[Form], letter: str) -> tuple[Form | None, Form | None, bool] | None:
    """Low end, high end, and whether both belong to it, of conditions such as 0 <= t <= 10; None where they are no single interval of numbers.

    >>> from tutor.form.reading import read
    >>> interval([read("0 <= t <= 10")], "t"), interval([read("p > 0")], "p")
    ((read('0'), read('10'), True), (read('0'), None, False))
    """
    low: Form | None = None
    high: Form | None = None
    closed = True
    for condition in conditions:
        if letter not in condition.free:
            continue
        for one, sign, other in _pairs(condition):
            left, right = (other, one) if sign in (">", ">=") else (one, other)
            if sign not in ("<", "<=", ">", ">="):
                return None
            closed = closed and sign in ("<=", ">=")
            if isinstance(right, Sym) and right.name == letter and low is None and rational(left) is not None:
                low = left
            elif isinstance(left, Sym) and left.name == letter and high is None and rational(right) is not None:
                high = right
            else:
                return None
    return low, high, closed and low is not None and high is not None


def _pairs(condition: Form) -> list[tuple[Form, str, Form]]:
    sides, signs = condition.children, getattr(condition, "operators", ())
    return [(left, sign, right) for (left, right), sign in zip(pairwise(sides), signs, strict=False)]


__all__ = ["Place", "coefficients", "interval", "places"]
