"""The directional derivative: the slope of a function of several letters in a direction.

Where f is differentiable, its slope at a in the direction of the unit vector u is D_u f = ∇f(a) · u (Stewart,
*Calculus*, section 14.6, theorem 3). A direction v of another length is divided by its length first: otherwise the
slope would be counted per |v| steps. By ∇f · u = |∇f| cos θ no direction is steeper than the gradient's own.

>>> slope = directional("x^2 + 2y^2", "x=3,y=1", "3,4")
>>> str(slope.length.exact), [str(part) for part in slope.unit], str(slope.slope.exact)
('5', ['3/5', '4/5'], '34/5')
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from tutor.calculus.differentiate import Derivation
from tutor.calculus.gradient import Gradient, gradient
from tutor.calculus.inside import has_value, outside, wanted_point
from tutor.calculus.points import Value, check_point, read_point, value_at
from tutor.calculus.worked import Claim, Worked, equal
from tutor.errors import RequestError
from tutor.form.evaluate import evaluate_ball
from tutor.form.reading import read
from tutor.form.tree import ONE, PI, TWO, ZERO, Call, Div, Form, Listing, Mul, Num, Pow, Relation, Sym, sqrt, total

Toward = str | Sequence[object] | Mapping[str, object] | Form


@dataclass(frozen=True)
class Directional(Worked):
    """The slope of a function at a point in a direction; components stand in the order of `variables`.

    `trouble`: `value` where the function or its gradient has no value at the point, `slope` where the formula for a
    partial derivative does not hold there; empty where all is well.
    """

    function: Form
    variables: tuple[str, ...]
    point: Mapping[str, Form]
    toward: tuple[Form, ...]
    gradient: Gradient
    trouble: str

    @cached_property
    def length(self) -> Value:
        """The length of the direction as it was given."""
        return _length(self.toward)

    @property
    def is_unit(self) -> bool:
        """Whether the direction had length 1 already."""
        return self.length.exact is ONE

    @cached_property
    def unit(self) -> tuple[Form, ...]:
        """The direction with length 1."""
        return self.toward if self.is_unit else tuple(_exact(value_at(Div(part, _exact(self.length)), {})) for part in self.toward)

    @cached_property
    def components(self) -> tuple[Value, ...]:
        """The gradient at the point."""
        return tuple(value_at(form, self.point) for form in self.gradient.value)

    @cached_property
    def terms(self) -> tuple[Value, ...]:
        """The products that are added up, one for each letter."""
        return tuple(value_at(Mul((_exact(slope), part)), {}) for slope, part in zip(self.components, self.unit, strict=True))

    @cached_property
    def slope(self) -> Value:
        """∇f · u."""
        return value_at(total(term.substituted for term in self.terms), {})

    @cached_property
    def steepest(self) -> Value:
        """The length of the gradient: the greatest slope of all directions."""
        return _length([_exact(slope) for slope in self.components])

    @cached_property
    def cosine(self) -> Value | None:
        """The cosine of the angle between the direction and the gradient; None where the gradient is zero."""
        if self.steepest.exact is ZERO:
            return None
        return value_at(Div(_exact(self.slope), _exact(self.steepest)), {})

    @cached_property
    def degrees(self) -> Value | None:
        """The angle between the direction and the gradient, in degrees."""
        return None if self.cosine is None else value_at(Mul((Call("acos", (_exact(self.cosine),)), Div(Num(180), PI))), {})

    @property
    def derivations(self) -> tuple[Derivation, ...]:
        """The partial derivatives."""
        return self.gradient.partials

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Length, unit length, the gradient at the point, the sum, and how the slope compares with the steepest."""
        return tuple(self._claims())

    def _claims(self) -> Iterator[Claim]:
        yield equal(self.length.substituted, _exact(self.length), "length of the direction")
        yield equal(total(Pow(part, TWO) for part in self.unit), ONE, "the unit vector has length 1")
        if self.trouble:
            return
        for value in self.components:
            yield equal(value.substituted, _exact(value), "component of the gradient")
        yield equal(self.slope.substituted, _exact(self.slope), "the sum of the products")
        yield equal(self.steepest.substituted, _exact(self.steepest), "length of the gradient")
        if self.cosine is not None:
            yield equal(Mul((_exact(self.steepest), _exact(self.cosine))), _exact(self.slope), "steepest slope times the cosine")
            if self.cosine.exact not in (ONE, ZERO):
                yield Claim(Relation((_exact(self.slope), _exact(self.steepest)), ("<",)), "no direction is steeper")

    def _repr_latex_(self) -> str:
        return (self.function if self.trouble else _exact(self.slope))._repr_latex_()


def directional(
    function: str | Form, at: str | Mapping[str, object], toward: Toward, variables: Sequence[str] | None = None
) -> Directional:
    """The slope of a function at a point toward a direction, which is given length 1 first.

    The components of the direction stand in the order of `variables` (alphabetical, if left out), or name their
    letters: `x=3,y=4`. Raises `ReadError`, or `RequestError` for a direction that is zero or does not fit.

    >>> str(directional("x*y", {"x": 1, "y": 2}, {"y": 1, "x": 0}).slope.exact)
    '1'
    """
    found = gradient(function, variables)
    names = found.variables
    point = wanted_point(at, "the slope in a direction", ",".join(f"{name}=1" for name in names))
    check_point(point, found.function, *map(Sym, names))
    parts = _components(toward, names)
    if all(value_at(part, {}).exact is ZERO for part in parts):
        raise RequestError("direction", "the direction is zero: it points nowhere", advice=f"Give one with a length, such as {_example(names)}.")
    return Directional(found.function, names, point, parts, found, _trouble(found, point))


def _trouble(found: Gradient, point: Mapping[str, Form]) -> str:
    if not all(has_value(form, point) for form in (found.function, *found.value)):
        return "value"
    return "slope" if any(outside(partial.conditions, point) for partial in found.partials) else ""


def _components(toward: Toward, names: tuple[str, ...]) -> tuple[Form, ...]:
    """The components in the order of the letters. Raises `RequestError` where they do not fit."""
    if isinstance(toward, str) and "=" in toward:
        toward = read_point(toward)
    if isinstance(toward, Mapping):
        return _numbers(_by_letter(read_point(toward), names))
    parts = _listed(toward)
    if len(parts) != len(names):
        raise RequestError(
            "direction", f"the direction has {len(parts)} component{'s' * (len(parts) != 1)}, the function has {len(names)} letters: {', '.join(names)}",
            advice=f"Give one number for each, in the order {', '.join(names)}: --toward {_example(names)}.",
        )  # fmt: skip
    return _numbers(parts)


def _by_letter(named: Mapping[str, Form], names: tuple[str, ...]) -> tuple[Form, ...]:
    foreign, missing = sorted(set(named) - set(names)), sorted(set(names) - set(named))
    if foreign or missing:
        what = f"names {foreign[0]}, which is no letter of the function" if foreign else f"gives no component for {missing[0]}"
        raise RequestError("direction", f"the direction {what}", advice=f"Name each of {', '.join(names)} once: {_example(names, named=True)}.")
    return tuple(named[name] for name in names)


def _listed(toward: str | Sequence[object] | Form) -> tuple[Form, ...]:
    """3,4 or (3, 4) or a sequence of numbers."""
    if isinstance(toward, str):
        text = toward.strip()
        if not text:
            return ()
        toward = read(text if text[0] in "([" and text[-1] in ")]" else f"({text})")
    if isinstance(toward, Listing) and toward.kind in ("tuple", "list"):
        return toward.items
    if isinstance(toward, Form):
        return (toward,)
    return tuple(part if isinstance(part, Form) else read(str(part)) for part in toward)


def _numbers(parts: tuple[Form, ...]) -> tuple[Form, ...]:
    """Each component as a number. Raises `RequestError` for one with letters, or without a value."""
    for part in parts:
        if part.free or not evaluate_ball(part, {}).is_finite():
            raise RequestError("direction", f"the component {part} is no number", advice="Give the direction in numbers, such as --toward 3,4.")
    return tuple(_exact(value_at(part, {})) for part in parts)


def _example(names: tuple[str, ...], *, named: bool = False) -> str:
    return ",".join(f"{name}={k + 1}" if named else str(k + 1) for k, name in enumerate(names))


def _length(parts: Sequence[Form]) -> Value:
    return value_at(sqrt(total(Pow(part, TWO) for part in parts)), {})


def _exact(value: Value) -> Form:
    assert value.exact is not None
    return value.exact


__all__ = ["Directional", "directional"]
