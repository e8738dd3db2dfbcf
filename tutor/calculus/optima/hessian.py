"""The Hessian: all second partial derivatives, and what their eigenvalues say about the shape.

By the theorem of Schwarz (Clairaut) the mixed derivatives ∂²f/∂x∂y and ∂²f/∂y∂x agree where they are
continuous, so only one of them is worked out, in the order that takes the cheaper rules. The eigenvalues are the
curvatures along the directions that belong to them (Boyd & Vandenberghe, *Convex Optimization*, sections 3.1 and 9.1).

>>> found = hessian("-0.01T^2 - 0.5t^2 + 3T + 10t")
>>> str(found.matrix), found.here.spectrum.kind
('[[-0.02, 0], [0, -1]]', 'dome')
>>> hessian("e^x + y^2").everywhere[0]
'bowl'
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from tutor.algebra.solve import SECONDS
from tutor.calculus.conditions import needed
from tutor.calculus.differentiate import Derivation, differentiate
from tutor.calculus.gradient import Gradient, gradient
from tutor.calculus.matrix import Rows, matrix_of
from tutor.calculus.optima.numbers import full_value
from tutor.calculus.optima.said import Remark
from tutor.calculus.optima.spectrum import Spectrum, definite_everywhere, spectrum
from tutor.calculus.plan import Planner
from tutor.calculus.points import Point, Value, check_point, read_point
from tutor.calculus.worked import Claim, Worked, equal
from tutor.form.tree import ZERO, Form, Listing


@dataclass(frozen=True)
class Second:
    """One second partial derivative: by `letters`, the first one first. `derivation` starts from the first derivative."""

    letters: tuple[str, str]
    first: Derivation
    derivation: Derivation

    @property
    def value(self) -> Form:
        """The second derivative."""
        return self.derivation.value

    @property
    def whole(self) -> Derivation:
        """The derivation with the first derivative as its previous order."""
        return replace(self.derivation, previous=self.first)


@dataclass(frozen=True)
class Local:
    """The Hessian as numbers, at a point (of no letters, where it is the same everywhere)."""

    point: Point
    cells: tuple[tuple[Value, ...], ...]
    slopes: tuple[Value, ...]
    spectrum: Spectrum | None

    @property
    def defined(self) -> bool:
        """Whether every second derivative has a value here."""
        return self.spectrum is not None

    @property
    def stationary(self) -> bool:
        """Whether the gradient is zero here."""
        return bool(self.slopes) and all(slope.exact is ZERO for slope in self.slopes)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The values, and all that was found of the eigenvalues."""
        values = [value for row in self.cells for value in row] + list(self.slopes)
        shown = tuple(equal(value.substituted, value.exact, "value") for value in values if value.exact is not None and value.exact is not value.substituted)
        return shown if self.spectrum is None else (*shown, *self.spectrum.claims)


@dataclass(frozen=True)
class Hessian(Worked):
    """All second partial derivatives of a function; `here` is what they are as numbers, where that was asked or they are constant.

    `everywhere` is a kind (bowl, dome, flat_bowl, flat_dome) that holds at every point, with its proof.
    """

    function: Form
    variables: tuple[str, ...]
    gradient: Gradient
    seconds: tuple[Second, ...]
    here: Local | None = None
    everywhere: tuple[str, Remark] | None = None

    @property
    def rows(self) -> Rows:
        """The entries, row by row."""
        known = {frozenset(one.letters): one.value for one in self.seconds}
        return tuple(tuple(known[frozenset((row, column))] for column in self.variables) for row in self.variables)

    @property
    def matrix(self) -> Listing:
        """The entries as a matrix."""
        return matrix_of(self.rows)

    @property
    def constant(self) -> bool:
        """Whether no entry depends on a letter."""
        return not any(one.value.free for one in self.seconds)

    @property
    def mixed(self) -> tuple[Second, ...]:
        """The mixed derivatives."""
        return tuple(one for one in self.seconds if one.letters[0] != one.letters[1])

    @cached_property
    def where(self) -> tuple[Form, ...]:
        """Where all derivatives exist."""
        return needed(condition for one in self.derivations for condition in one.conditions)

    @cached_property
    def gradient_where(self) -> tuple[Form, ...]:
        """Where the first derivatives exist."""
        return needed(condition for one in self.gradient.partials for condition in one.conditions)

    @property
    def derivations(self) -> tuple[Derivation, ...]:
        """The first derivatives, then the second ones, each from the first one that it starts from."""
        return (*self.gradient.partials, *(one.derivation for one in self.seconds))

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The numbers at the point, the eigenvalues, the minors."""
        local = self.here.claims if self.here else ()
        return (*local, *(self.everywhere[1].claims if self.everywhere else ()))

    def at(self, point: str | Mapping[str, object], seconds: float = SECONDS) -> Local:
        """The Hessian as numbers. Raises `RequestError` when a letter has no value."""
        place = read_point(point)
        check_point(place, self.function)
        return self.local(place, seconds)

    def local(self, place: Point, seconds: float = SECONDS) -> Local:
        """The Hessian at a point that gives each letter a number."""
        cells = tuple(tuple(full_value(entry, place) for entry in row) for row in self.rows)
        slopes = tuple(full_value(slope, place) for slope in self.gradient.value) if place else ()
        rows = tuple(tuple(cell.exact for cell in row if cell.exact is not None) for row in cells)
        defined = all(len(row) == len(self.variables) for row in rows)
        return Local(place, cells, slopes, spectrum(rows, seconds) if defined else None)

    def _repr_latex_(self) -> str:
        return self.matrix._repr_latex_()


def hessian(
    function: str | Form, variables: Sequence[str] | None = None, at: str | Mapping[str, object] | None = None, seconds: float = SECONDS
) -> Hessian:
    """The Hessian of a text or form with respect to `variables` (all its letters, if left out), and at a point.

    `seconds` bounds the search for eigenvalues. Raises `ReadError`, or `RequestError` for what is no function or has no letters.
    """
    first = gradient(function, variables)
    found = Hessian(first.function, first.variables, first, second_derivatives(first))
    if at:
        return replace(found, here=found.at(at, seconds))
    if found.constant:
        return replace(found, here=found.local({}, seconds))
    return replace(found, everywhere=definite_everywhere(found.rows, found.where))


def second_derivatives(first: Gradient) -> tuple[Second, ...]:
    """Each second derivative once, the mixed ones in the order with the cheaper rules."""
    partials = dict(zip(first.variables, first.partials, strict=True))
    found = []
    for k, one in enumerate(first.variables):
        for other in first.variables[k:]:
            letters = min(((one, other), (other, one)), key=lambda pair: _cost(partials[pair[0]].value, pair[1]))
            found.append(Second(letters, partials[letters[0]], differentiate(partials[letters[0]].value, letters[1])))
    return tuple(found)


def _cost(form: Form, variable: str) -> tuple[float, int]:
    """What it takes to differentiate a form: the planner's cost, then the size."""
    return Planner(variable).best(form).cost, form.size


__all__ = ["Hessian", "Local", "Second", "hessian", "second_derivatives"]
