"""Matrices of forms: their rows, and their determinants written out.

>>> from tutor import read
>>> str(written_determinant(rows_of(read("[[a, b], [c, d]]"))))
'a*d - b*c'
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tutor.form.tree import ONE, TWO, ZERO, Add, Form, Listing, Mul, Neg, Pow, product, total

Rows = tuple[tuple[Form, ...], ...]
MOST_TERMS = 150
"""A determinant with more products than this is not summed over permutations."""


def rows_of(matrix: Form) -> Rows:
    """The rows of a written matrix."""
    return tuple(tuple(row.children) for row in matrix.children)


def matrix_of(rows: Iterable[Sequence[Form]]) -> Listing:
    """The rows as a written matrix."""
    return Listing("matrix", tuple(Listing("list", tuple(row)) for row in rows))


def written_determinant(rows: Sequence[Sequence[Form]]) -> Form:
    """The determinant by the first row, its products written, zeros left out: a·d − b·c."""
    if len(rows) == 1:
        return rows[0][0]
    if len(rows) == 2:
        (a, b), (c, d) = rows
        return Add((Mul((a, d)), Neg(Pow(b, TWO) if b is c else Mul((b, c)))))
    parts = []
    for k, entry in enumerate(rows[0]):
        if entry is not ZERO:
            below = written_determinant([[*row[:k], *row[k + 1 :]] for row in rows[1:]])
            parts.append(Neg(Mul((entry, below))) if k % 2 else Mul((entry, below)))
    return total(parts)


def leibniz(rows: Sequence[Sequence[Form]]) -> Form | None:
    """The determinant as a sum over permutations, without products that have a zero; None when there are too many.

    >>> from tutor import read
    >>> str(leibniz([[read("a"), read("b")], [read("c"), read("d")]]))
    'a*d - b*c'
    """
    terms: list[Form] = []
    for columns, negative in _permutations(rows):
        if len(terms) == MOST_TERMS:
            return None
        factors = [rows[k][column] for k, column in enumerate(columns)]
        term = product(factor for factor in factors if factor is not ONE)
        terms.append(Neg(term) if negative else term)
    return total(terms)


def _permutations(rows: Sequence[Sequence[Form]]) -> Iterator[tuple[tuple[int, ...], bool]]:
    """Ways to take one entry of each row and column, none of them zero, with the sign of the permutation."""
    stack: list[tuple[tuple[int, ...], bool]] = [((), False)]
    while stack:
        taken, negative = stack.pop()
        row = len(taken)
        if row == len(rows):
            yield taken, negative
            continue
        free = [column for column in range(len(rows)) if column not in taken]
        for place, column in reversed(list(enumerate(free))):
            if rows[row][column] is not ZERO:
                stack.append(((*taken, column), negative ^ (place % 2 == 1)))
