"""Symmetric matrices of fractions: eigenvalues counted, compared and found exactly, without ever leaving the fractions.

The characteristic polynomial of a symmetric matrix has only real roots. For such a polynomial Descartes' rule of signs is exact: it has
as many positive roots as its coefficients change sign. So "every eigenvalue lies below 2/α" is decided, not estimated. Which eigenvalues take part in a
run is the minimal polynomial of the start: its roots are the eigenvalues along which the start lies off the stationary point
(Krylov; Golub & Van Loan, *Matrix Computations*, chapter 10).

>>> rows = matrix([[2, 1], [1, 2]])
>>> [str(value) for value in characteristic(rows)], above(characteristic(rows), Fraction(1)), multiplicity(characteristic(rows), Fraction(3))
(['1', '-4', '3'], 1, 1)
>>> minimal(rows, (Fraction(1), Fraction(1)))
(Fraction(1, 1), Fraction(-3, 1))
>>> eigenvalues(rows)
[(Fraction(1, 1), 1), (Fraction(3, 1), 1)]
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import reduce
from itertools import pairwise
from math import gcd, isqrt, lcm

from tutor.form.numerals import rational
from tutor.form.tree import Form

Vector = tuple[Fraction, ...]
Matrix = tuple[Vector, ...]
Polynomial = tuple[Fraction, ...]
"""The coefficients, the highest power first."""
_GUESSED = 10**6
"""Rational eigenvalues with denominators up to this are found."""


def matrix(rows: Sequence[Sequence[int | Fraction]]) -> Matrix:
    """Rows as fractions."""
    return tuple(tuple(map(Fraction, row)) for row in rows)


def fractions(forms: Iterable[Form]) -> Vector:
    """Written numbers as fractions."""
    return tuple(value for value in map(rational, forms) if value is not None)


def times(rows: Matrix, vector: Sequence[Fraction]) -> Vector:
    """The matrix times a vector."""
    return tuple(sum((cell * part for cell, part in zip(row, vector, strict=True)), Fraction(0)) for row in rows)


# -- polynomials with real roots ---------------------------------------------------------------------


def characteristic(rows: Matrix) -> Polynomial:
    """det(λI − H), by the method of Faddeev and LeVerrier."""
    size = len(rows)
    found, product = [Fraction(1)], _identity(size)
    for k in range(1, size + 1):
        product = tuple(zip(*(times(rows, column) for column in zip(*product, strict=True)), strict=True))
        found.append(-sum((product[j][j] for j in range(size)), Fraction(0)) / k)
        product = tuple(tuple(cell + found[-1] * (i == j) for j, cell in enumerate(row)) for i, row in enumerate(product))
    return tuple(found)


def _identity(size: int) -> Matrix:
    return tuple(tuple(Fraction(i == j) for j in range(size)) for i in range(size))


def at(polynomial: Polynomial, place: Fraction) -> Fraction:
    """The value at a place (Horner)."""
    return reduce(lambda found, coefficient: found * place + coefficient, polynomial, Fraction(0))


def shifted(polynomial: Polynomial, by: Fraction) -> Polynomial:
    """The polynomial whose roots are those of this one, less `by`."""
    rest, found = list(polynomial), []
    for _ in polynomial:
        for k in range(1, len(rest)):
            rest[k] += rest[k - 1] * by
        found.append(rest.pop())
    return tuple(reversed(found))


def above(polynomial: Polynomial, place: Fraction) -> int:
    """How many roots lie above a place, each as often as it counts; all roots must be real."""
    signs = [value > 0 for value in shifted(polynomial, place) if value]
    return sum(one != other for one, other in pairwise(signs))


def multiplicity(polynomial: Polynomial, place: Fraction) -> int:
    """How often a place is a root."""
    moved = shifted(polynomial, place)
    return next((k for k, value in enumerate(reversed(moved)) if value), len(moved) - 1)


def below(polynomial: Polynomial, place: Fraction) -> int:
    """How many roots lie below a place; all roots must be real."""
    return len(polynomial) - 1 - above(polynomial, place) - multiplicity(polynomial, place)


def divided(polynomial: Polynomial, root: Fraction) -> Polynomial:
    """The polynomial without one of its roots."""
    found = [polynomial[0]]
    for value in polynomial[1:-1]:
        found.append(value + found[-1] * root)
    return tuple(found)


def rational_roots(polynomial: Polynomial, near: Sequence[float]) -> tuple[list[Fraction], Polynomial]:
    """The rational roots among places that are known roughly, each once more for each time that it counts, and what is left of the polynomial."""
    found: list[Fraction] = []
    for place in near:
        for guess in (Fraction(place).limit_denominator(60), Fraction(place).limit_denominator(_GUESSED)):
            if len(polynomial) > 1 and at(polynomial, guess) == 0:
                found.append(guess)
                polynomial = divided(polynomial, guess)
                break
    return sorted(found), polynomial


def eigenvalues(rows: Matrix) -> list[tuple[Fraction, int]]:
    """The rational eigenvalues with their multiplicities, the least first."""
    found, _ = rational_roots(characteristic(rows), roughly(rows))
    return [(value, found.count(value)) for value in dict.fromkeys(found)]


def roughly(rows: Matrix) -> list[float]:
    """The eigenvalues as floats, the least first."""
    import numpy as np

    return [float(value) for value in np.linalg.eigvalsh(np.array(rows, dtype=float))]


def square_root(value: Fraction) -> tuple[Fraction, int]:
    """√value as a fraction times the root of a whole number, which is 1 for the square of a fraction.

    >>> square_root(Fraction(45, 4)), square_root(Fraction(9, 4))
    ((Fraction(3, 2), 5), (Fraction(3, 2), 1))
    """
    inside, outside = value.numerator * value.denominator, 1
    if isqrt(inside) ** 2 == inside:
        return Fraction(isqrt(inside), value.denominator), 1
    for prime in range(2, min(isqrt(inside), 2_000) + 1):
        while inside % (prime * prime) == 0:
            inside, outside = inside // (prime * prime), outside * prime
    return Fraction(outside, value.denominator), inside


# -- systems of equations ----------------------------------------------------------------------------


def solved(rows: Matrix, right: Sequence[Fraction]) -> tuple[Vector | None, tuple[Vector, ...]]:
    """One solution of H x = right (None where there is none), and the directions that can be added to it."""
    size = len(rows[0])
    table = [[*row, value] for row, value in zip(rows, right, strict=True)]
    pivots: list[int] = []
    for column in range(size):
        place = next((k for k in range(len(pivots), len(table)) if table[k][column]), None)
        if place is None:
            continue
        table[len(pivots)], table[place] = table[place], table[len(pivots)]
        lead = table[len(pivots)]
        lead[:] = [value / lead[column] for value in lead]
        for k, row in enumerate(table):
            if k != len(pivots) and row[column]:
                table[k] = [value - row[column] * other for value, other in zip(row, lead, strict=True)]
        pivots.append(column)
    free = [column for column in range(size) if column not in pivots]
    directions = []
    for column in free:
        entries = {pivot: -table[k][column] for k, pivot in enumerate(pivots)} | {column: Fraction(1)}
        directions.append(tuple(entries.get(k, Fraction(0)) for k in range(size)))
    if any(row[size] for row in table[len(pivots) :]):
        return None, tuple(directions)
    values = {pivot: table[k][size] for k, pivot in enumerate(pivots)}
    return tuple(values.get(k, Fraction(0)) for k in range(size)), tuple(directions)


def eigenvectors(rows: Matrix, value: Fraction) -> tuple[Vector, ...]:
    """Directions that belong to an eigenvalue, with small whole entries."""
    moved = tuple(tuple(cell - value * (i == j) for j, cell in enumerate(row)) for i, row in enumerate(rows))
    return tuple(map(whole, solved(moved, (Fraction(0),) * len(rows))[1]))


def whole(vector: Sequence[Fraction]) -> Vector:
    """The same direction with whole entries as small as they get, the first one positive."""
    scale = lcm(*(value.denominator for value in vector))
    entries = [int(value * scale) for value in vector]
    common = gcd(*entries) or 1
    sign = 1 if next((entry for entry in entries if entry), 1) > 0 else -1
    return tuple(Fraction(sign * entry // common) for entry in entries)


def minimal(rows: Matrix, vector: Vector) -> Polynomial:
    """The shortest polynomial p with p(H) vector = 0: its roots are the eigenvalues whose directions occur in the vector, each once."""
    powers: list[Vector] = [vector]
    while True:
        columns = tuple(zip(*powers[:-1], strict=True)) if len(powers) > 1 else ((),) * len(vector)
        found = solved(columns, powers[-1])[0] if len(powers) > 1 else (() if not any(vector) else None)
        if found is not None:
            return (Fraction(1), *(-value for value in reversed(found)))
        powers.append(times(rows, powers[-1]))


__all__ = [
    "Matrix", "Polynomial", "Vector", "above", "at", "below", "characteristic", "divided", "eigenvalues", "eigenvectors", "fractions", "matrix", "minimal",
    "multiplicity", "rational_roots", "roughly", "shifted", "solved", "square_root", "times", "whole",
]  # fmt: skip
