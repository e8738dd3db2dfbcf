"""A run of a linear rule on a quadratic function, in fractions: where it goes, and which eigenvalues take part.

>>> from tutor.descent.curvature import curvature, rule_of
>>> from tutor.descent.run import descend
>>> trace = descend("x^2 + 2y^2", start="x=4,y=0", rate="0.1", steps=3)
>>> case = Case(trace, curvature(trace.objective), rule_of(trace), (Fraction(4), Fraction(0)), 1e-6)
>>> [str(part) for part in case.limit], [(str(one.direction[0]), str(one.amount)) for one in case.along]
(['0', '0'], [('x', '4/5')])
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from tutor.calculus.optima.said import equals
from tutor.descent import spectral
from tutor.descent.curvature import Amount, Curvature, Eigenvalue, Rule, shown
from tutor.descent.spectral import Polynomial, Vector
from tutor.form.numerals import number
from tutor.form.tree import ONE, ZERO, Add, Call, Form, Listing, Mul, Neg, Num, Root, Sym

if TYPE_CHECKING:

    from tutor.descent.trace import Trace



@dataclass(frozen=True)
class Along:
    """One eigenvalue that takes part: its directions (a letter, or vectors), and the factor of a step, as it is worked out and in the end."""

    eigenvalue: Eigenvalue
    direction: tuple[Form, ...]
    factor: float
    amount: Amount
    shown: Form | None
    turns: bool
    swings: bool


@dataclass(frozen=True)
class Case:
    """A run of a linear rule on a quadratic function in fractions."""

    trace: Trace
    bent: Curvature
    rule: Rule
    start: Vector
    tolerance: float

    @property
    def decimals(self) -> bool:
        """Whether numbers are written as decimals."""
        return self.bent.decimals

    @cached_property
    def moved(self) -> spectral.Matrix:
        """The matrix that the steps feel: weight decay adds to the diagonal."""
        assert self.bent.exact is not None
        return tuple(tuple(cell + self.rule.decay * (i == j) for j, cell in enumerate(row)) for i, row in enumerate(self.bent.exact))

    @cached_property
    def first(self) -> Vector:
        """The first gradient (with what weight decay adds)."""
        assert self.bent.slope is not None
        return tuple(one + other for one, other in zip(spectral.times(self.moved, self.start), self.bent.slope, strict=True))

    @cached_property
    def part(self) -> Polynomial:
        """Its roots are the eigenvalues that take part."""
        return spectral.minimal(self.moved, self.first)

    @cached_property
    def limit(self) -> Vector | None:
        """The stationary point nearest to the start."""
        assert self.bent.slope is not None
        point, free = spectral.solved(self.moved, [-value for value in self.bent.slope])
        if point is None or not free:
            return point
        gap = [one - other for one, other in zip(self.start, point, strict=True)]
        table = tuple(tuple(_dot(one, other) for other in free) for one in free)
        shares = spectral.solved(table, [_dot(one, gap) for one in free])[0]
        assert shares is not None
        return tuple(value + sum((share * one[k] for share, one in zip(shares, free, strict=True)), Fraction(0)) for k, value in enumerate(point))

    @cached_property
    def along(self) -> tuple[Along, ...]:
        """The eigenvalues that take part, the least first."""
        if len(self.part) == 1:
            return ()
        import numpy as np

        roots = np.roots([float(value) for value in self.part]).real
        found = []
        for one in self.bent.values:
            moved = one.size + float(self.rule.decay)
            near = bool(np.any(np.abs(roots - moved) <= 1e-7 * max(1.0, abs(self.bent.largest))))
            if spectral.at(self.part, one.exact + self.rule.decay) == 0 if one.exact is not None else near:
                found.append(self._along(one))
        return tuple(found)

    def _along(self, one: Eigenvalue) -> Along:
        rule, size = self.rule, one.size
        factor: Amount = rule.factor(size)
        form: Form | None = None
        if rule.name == "newton":
            exact, form = abs(1 - rule.rate), Call("abs", (Add((ONE, Neg(self.trace.method.rate))),))
            factor = shown(exact, self.decimals)
        elif rule.name == "gd" and one.exact is not None:
            curve: Form = number(one.exact, decimal=self.decimals)
            if rule.decay:
                curve = Add((curve, number(rule.decay, decimal=True)))
            form = Call("abs", (Add((ONE, Neg(Mul((self.trace.method.rate, curve))))),))
            factor = shown(abs(1 - rule.rate * (one.exact + rule.decay)), self.decimals)
        elif rule.name == "momentum" and rule.swings(size):
            factor, form = rule.factor(size), Root(number(rule.mu, decimal=self.decimals), Num(2))
        return Along(one, self._direction(one), rule.factor(size), factor, form, rule.turns(size), rule.swings(size))

    def _direction(self, one: Eigenvalue) -> tuple[Form, ...]:
        """The letters, where the directions are axes, else the vectors."""
        names: list[Form] = []
        for vector in one.vectors:
            places = [k for k, entry in enumerate(vector) if entry is not ZERO]
            if len(places) != 1:
                return tuple(Listing("tuple", entries) for entries in one.vectors)
            if self.first[places[0]] or len(self.part) == 1:
                names.append(Sym(self.trace.letters[places[0]]))
        return tuple(names)

    def amounts(self, point: Vector) -> tuple[Amount, ...]:
        """A point as it is written here."""
        return tuple(shown(value, self.decimals) for value in point)

    def places(self, point: Vector) -> tuple[Form, ...]:
        """x = 2, y = 0."""
        return tuple(equals(Sym(letter), number(value, decimal=self.decimals)) for letter, value in zip(self.trace.letters, point, strict=True))


def _dot(one: Sequence[Fraction], other: Sequence[Fraction]) -> Fraction:
    return sum((a * b for a, b in zip(one, other, strict=True)), Fraction(0))


__all__ = ["Along", "Case"]
