"""What is made small: a function of letters with its slopes, as something written or as a loss over data.

>>> bowl = written("x^2 + 2y^2")
>>> bowl.letters, bowl.value(4.0, 3.0), bowl.slopes(4.0, 3.0)
(('x', 'y'), 34.0, (8.0, 12.0))
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from tutor.calculus.conditions import domain
from tutor.calculus.differentiate import Derivation, differentiate
from tutor.calculus.gradient import Gradient, gradient
from tutor.calculus.request import body
from tutor.errors import RequestError
from tutor.form.arrays import evaluate_array
from tutor.form.compiled import function
from tutor.form.reading import read
from tutor.form.tree import TWO, ZERO, Call, Form, Mul, Pow, Sym, total

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Objective(Protocol):
    """What a run needs to know. Points and gradients are floats in the order of `letters`; arrays have one row a point."""

    @property
    def letters(self) -> tuple[str, ...]:
        """The letters that are moved."""

    @property
    def formula(self) -> Form | None:
        """The function as a form in the letters, where it can be written."""

    @property
    def gradient(self) -> Gradient | None:
        """Its gradient with the derivation of each component, where it can be written."""

    @property
    def derivations(self) -> tuple[Derivation, ...]:
        """The derivations that its gradient rests on."""

    @property
    def has_gaps(self) -> bool:
        """Whether there may be points without a value."""

    def value(self, *point: float) -> float:
        """The value at a point; nan where there is none."""

    def slopes(self, *point: float) -> tuple[float, ...]:
        """The gradient at a point."""

    def values(self, points: NDArray[Any]) -> NDArray[Any]:
        """The values at the rows of an array."""

    def gradients(self, points: NDArray[Any]) -> NDArray[Any]:
        """The gradients at the rows of an array."""


@dataclass(frozen=True)
class Written:
    """A function that is written, with the derivation of its gradient."""

    formula: Form
    gradient: Gradient

    @property
    def letters(self) -> tuple[str, ...]:
        """The letters that are moved, in the order of the gradient's components."""
        return self.gradient.variables

    @property
    def derivations(self) -> tuple[Derivation, ...]:
        """The partial derivatives."""
        return self.gradient.partials

    @cached_property
    def has_gaps(self) -> bool:
        """Whether there may be points without a value."""
        return bool(domain(self.formula))

    def value(self, *point: float) -> float:
        """The value at a point; nan where there is none."""
        return self._value(*point)[0]

    def slopes(self, *point: float) -> tuple[float, ...]:
        """The gradient at a point."""
        return self._slopes(*point)

    def curvature(self, *point: float) -> tuple[float, ...]:
        """The second derivatives at a point, row after row."""
        return self._curvature(*point)

    def values(self, points: NDArray[Any]) -> NDArray[Any]:
        """The values at the rows of an array."""
        return self._over(points, (self.formula,))[:, 0]

    def gradients(self, points: NDArray[Any]) -> NDArray[Any]:
        """The gradients at the rows of an array."""
        return self._over(points, self.gradient.value)

    @cached_property
    def hessian(self) -> tuple[tuple[Form, ...], ...]:
        """The second derivatives."""
        return tuple(tuple(differentiate(partial, letter).value for letter in self.letters) for partial in self.gradient.value)

    def _over(self, points: NDArray[Any], forms: Sequence[Form]) -> NDArray[Any]:
        import numpy as np

        columns = dict(zip(self.letters, points.T, strict=True))
        with np.errstate(all="ignore"):
            return np.stack([np.broadcast_to(evaluate_array(form, columns), len(points)) for form in forms], axis=1)

    @cached_property
    def _value(self) -> Callable[..., tuple[float, ...]]:
        return function([self.formula], self.letters)

    @cached_property
    def _slopes(self) -> Callable[..., tuple[float, ...]]:
        return function(self.gradient.value, self.letters)

    @cached_property
    def _curvature(self) -> Callable[..., tuple[float, ...]]:
        return function([entry for row in self.hessian for entry in row], self.letters)


def written(text: str | Form, letters: Sequence[str] | None = None) -> Written:
    """A text or a form as an objective; `letters` are those that are moved (all, if left out). Raises `ReadError` and `RequestError`."""
    form = body(read(text) if isinstance(text, str) else text)
    found = gradient(form, letters)
    if others := form.free - set(found.variables):
        name = min(others)
        raise RequestError("variable", f"{name} is neither moved nor a number", advice=f"Put a number in its place, or move it too: --start {name}=1.")
    return Written(form, found)


def penalised(objective: Written, l1: Form = ZERO, l2: Form = ZERO) -> Written:
    """The objective with l1·Σ|x| + l2·Σx² added, over all its letters.

    >>> str(penalised(written("x^2 + y"), l2=read("0.1")).formula)
    '(x^2 + y) + 0.1*(x^2 + y^2)'
    """
    letters = [Sym(letter) for letter in objective.letters]
    added = [Mul((l1, total(Call("abs", (letter,)) for letter in letters)))] if l1 is not ZERO else []
    added += [Mul((l2, total(Pow(letter, TWO) for letter in letters)))] if l2 is not ZERO else []
    return written(total((objective.formula, *added)), objective.letters) if added else objective


def objective_of(function: str | Form | Objective) -> Objective:
    """An objective as it is; a text or a form as a written one. Raises `ReadError` and `RequestError`."""
    return written(function) if isinstance(function, str | Form) else function


__all__ = ["Objective", "Written", "objective_of", "penalised", "written"]
