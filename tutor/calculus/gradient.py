"""Partial derivatives and the gradient: one derivation a letter, the vector, its length and direction.

At a point where the function is differentiable, the gradient points where the function climbs
fastest, and its (Euclidean) length is the slope in that direction (Stewart, *Calculus*, section 14.6).

>>> g = gradient("100 - x^2 - 2y^2")
>>> [str(value) for value in g.value]
['-2*x', '-4*y']
>>> here = g.at({"x": 3, "y": 1})
>>> [str(value.exact) for value in here.components], str(here.length.exact)
(['-6', '-4'], '2*sqrt(13)')
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tutor.calculus.differentiate import Derivation, differentiate
from tutor.calculus.points import Value, read_point, value_at
from tutor.calculus.request import body
from tutor.calculus.worked import Worked
from tutor.errors import RequestError
from tutor.form.reading import read
from tutor.form.tree import Div, Form, Listing, Num, Pow, Root, total


@dataclass(frozen=True, slots=True)
class GradientAt:
    """The gradient at one point: its components, its length, its direction (None where it is zero)."""

    point: Mapping[str, Form]
    components: tuple[Value, ...]
    length: Value
    direction: tuple[Value, ...] | None

    @property
    def defined(self) -> bool:
        """Whether every component has a value here."""
        return all(component.exact is not None for component in self.components)


@dataclass(frozen=True)
class Gradient(Worked):
    """The partial derivatives of a function, one for each of `variables`, in their order."""

    function: Form
    variables: tuple[str, ...]
    partials: tuple[Derivation, ...]

    @property
    def value(self) -> tuple[Form, ...]:
        """The components as forms."""
        return tuple(partial.value for partial in self.partials)

    @property
    def vector(self) -> Listing:
        """The components as one vector."""
        return Listing("tuple", self.value)

    @property
    def derivations(self) -> tuple[Derivation, ...]:
        """The partial derivatives."""
        return self.partials

    def at(self, point: str | Mapping[str, object]) -> GradientAt:
        """Value, length and direction at a point. Raises `RequestError` when a letter has no value."""
        place = read_point(point)
        components = tuple(value_at(form, place) for form in self.value)
        exact = [component.exact if component.exact is not None else component.substituted for component in components]
        length = value_at(Root(total(Pow(part, Num(2)) for part in exact), Num(2)), {})
        if length.exact is None or length.exact is Num(0):
            return GradientAt(place, components, length, None)
        return GradientAt(place, components, length, tuple(value_at(Div(part, length.exact), {}) for part in exact))

    def _repr_latex_(self) -> str:
        return self.vector._repr_latex_()


def gradient(function: str | Form, variables: Sequence[str] | None = None) -> Gradient:
    """The gradient of a text or form with respect to `variables` (all its letters, if left out).

    Raises `ReadError`, or `RequestError` for what is no function or has no letters.
    """
    form = body(read(function) if isinstance(function, str) else function)
    names = tuple(variables) if variables else tuple(sorted(form.free, key=lambda letter: (letter.lower(), letter)))
    if not names:
        raise RequestError("variable", "the expression has no letters: its gradient is empty", advice="Name one, such as --wrt x.")
    if len(set(names)) < len(names):
        raise RequestError("variable", "a letter is named twice")
    partials = tuple(differentiate(form, name) for name in names)
    return Gradient(form, tuple(partial.variable for partial in partials), partials)


__all__ = ["Gradient", "GradientAt", "gradient"]
