"""Quadratic functions with eigenvalues that are known because they were built from them: H = Q diag(λ) Qᵀ with a rational orthogonal Q.

Cayley's transform (I − A)(I + A)⁻¹ of a skew matrix of fractions is orthogonal and rational, so everything about such a function is
known in fractions without the code under test.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from random import Random

import sympy

from tutor.descent.objective import Written, written

LETTERS = ("x", "y", "z", "u")
SIGNS = ("definite", "definite", "definite", "semidefinite", "indefinite", "negative", "slope")


@dataclass(frozen=True)
class Quadratic:
    """f(p) = ½(p − c)ᵀH(p − c) + sᵀ(p − c); `shares` are the start's coordinates along the eigenvectors, seen from the centre c."""

    values: tuple[Fraction, ...]
    turns: sympy.Matrix
    centre: tuple[Fraction, ...]
    shares: tuple[Fraction, ...]
    slopes: tuple[Fraction, ...]

    @property
    def letters(self) -> tuple[str, ...]:
        return LETTERS[: len(self.values)]

    @property
    def text(self) -> str:
        letters = sympy.Matrix([sympy.Symbol(name) - _number(part) for name, part in zip(self.letters, self.centre, strict=True)])
        rows = self.turns * sympy.diag(*map(_number, self.values)) * self.turns.T
        linear = self.turns * sympy.Matrix(list(map(_number, self.slopes)))
        return str(sympy.expand((letters.T * rows * letters)[0] / 2 + (linear.T * letters)[0])).replace("**", "^")

    @property
    def objective(self) -> Written:
        """The function in these letters, in this order."""
        return written(self.text, self.letters)

    @property
    def start(self) -> dict[str, str]:
        away = self.turns * sympy.Matrix(list(map(_number, self.shares)))
        return {name: str(_number(part) + away[k]) for k, (name, part) in enumerate(zip(self.letters, self.centre, strict=True))}

    @property
    def moving(self) -> tuple[Fraction, ...]:
        """The eigenvalues along which the first gradient is not zero."""
        return tuple(value for value, share, slope in zip(self.values, self.shares, self.slopes, strict=True) if value * share + slope)


def _number(value: Fraction) -> sympy.Rational:
    return sympy.Rational(value.numerator, value.denominator)


def rotation(random: Random, size: int) -> sympy.Matrix:
    """A rational orthogonal matrix; often the identity, so that letters are apart."""
    if size == 1 or random.random() < 0.4:
        return sympy.eye(size)
    skew = sympy.zeros(size)
    for i in range(size):
        for j in range(i):
            skew[i, j] = sympy.Rational(random.randint(-1, 1), random.choice((1, 2)))
            skew[j, i] = -skew[i, j]
    return (sympy.eye(size) - skew) * (sympy.eye(size) + skew).inv()


def quadratic(random: Random) -> Quadratic:
    """A quadratic function with a start."""
    kind = random.choice(SIGNS)
    size = random.randint(2 if kind == "semidefinite" else 1, 4)
    values = [Fraction(random.choice((1, 2, 3, 4, 6, 10, 40)), random.choice((1, 1, 2))) for _ in range(size)]
    if kind == "negative":
        values = [-value for value in values]
    elif kind in ("semidefinite", "slope"):
        values[0] = Fraction(0)
    elif kind == "indefinite":
        values[0] = -values[0]
    shares = [Fraction(random.choice((0, 0, 1, 2, -3)) if kind == "indefinite" else random.choice((0, 1, 2, -3, 5))) for _ in range(size)]
    slopes = [Fraction(0)] * size
    if kind == "slope":
        slopes[0] = Fraction(random.choice((1, -2)))
    centre = tuple(Fraction(random.randint(-3, 3)) for _ in range(size))
    return Quadratic(tuple(values), rotation(random, size), centre, tuple(shares), tuple(slopes))


def rate_for(random: Random, one: Quadratic) -> Fraction:
    """A rate below, at, or above what the eigenvalues that move allow; or so small that the run crawls; or the one that arrives."""
    top = max((value for value in one.moving if value > 0), default=Fraction(1))
    share = random.choice((Fraction(1, 500), Fraction(1, 10), Fraction(3, 10), Fraction(1, 2), Fraction(9, 10), Fraction(1), Fraction(11, 10), Fraction(2)))
    return share * 2 / top
