"""The parameters of a call of `check` as one frozen value, and what several of them mean: names, conditions, tolerances.

>>> call = Asked(expected="2x", domain="x > 0, x != 2", tolerance="1%")
>>> [str(condition) for condition in call.conditions], call.closeness
(['x > 0', 'x != 2'], (None, Fraction(1, 100)))
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tutor.algebra.places import spoken_condition
from tutor.errors import RequestError
from tutor.form.reading import read
from tutor.form.tree import Form, Relation
from tutor.grading.authored import Mistake
from tutor.grading.forms import CREDIT
from tutor.grading.kinds.base import Kind, Names
from tutor.grading.kinds.pieces import cut

Expected = str | Form | Kind | bool | int | float | Fraction | Sequence[str]
Place = str | Mapping[str, object]
"""A point, or the numbers of a task: "x=3, y=1", or a mapping."""


@dataclass(frozen=True)
class Asked:
    """The parameters of `check`, in its order; see there."""

    expected: Expected | None = None
    derivative_of: str | Form | None = None
    wrt: str | Sequence[str] | None = None
    order: int = 1
    gradient_of: str | Form | None = None
    hessian_of: str | Form | None = None
    antiderivative_of: str | Form | None = None
    at: Place | None = None
    variables: Names = frozenset()
    domain: str | Iterable[str] = ()
    same_domain: bool = False
    kind: str | None = None
    form: str | Sequence[str] | None = None
    form_credit: float = CREDIT
    tolerance: float | str | None = None
    relative_tolerance: float | str | None = None
    significant_figures: int | None = None
    decimal_places: int | None = None
    weights: Sequence[float] = ()
    options: Sequence[str] = ()
    step: str | Form | None = None
    given: Sequence[int] = ()
    constant: bool = False
    formula: str | None = None
    values: Place | None = None
    function: str | Form | None = None
    mistakes: Sequence[Mistake] = ()

    def read(self, source: str | Form) -> Form:
        """A text of the call as a form, with the call's names. Raises `ReadError`."""
        return read(source, variables=self.variables) if isinstance(source, str) else source

    @property
    def letters(self) -> tuple[str, ...] | None:
        """The letters that `wrt` names, one or several."""
        return (self.wrt,) if isinstance(self.wrt, str) else None if self.wrt is None else tuple(self.wrt)

    @property
    def conditions(self) -> tuple[Form, ...]:
        """The conditions of the domain: one text with commas, or several. Raises `ReadError`, or `RequestError` for what is none."""
        if not self.domain:
            return ()
        texts = (self.domain,) if isinstance(self.domain, str) else self.domain
        pieces = [piece for text in texts for piece, _ in cut(text, r"[,;]|\band\b")]
        found = tuple(spoken_condition(piece) or self.read(piece) for piece in pieces)
        for form, piece in zip(found, pieces, strict=True):
            if not isinstance(form, Relation) and spoken_condition(piece) is None:
                raise RequestError("domain", f"{form} is no condition", advice='Write conditions as "x > 0, y != 2".')
        return found

    @property
    def closeness(self) -> tuple[Fraction | None, Fraction | None]:
        """The absolute and the relative tolerance: 0.01, or "1%" which is relative. Raises `RequestError`.

        >>> Asked(tolerance=0.01).closeness, Asked(relative_tolerance="5%").closeness
        ((Fraction(1, 100), None), (None, Fraction(1, 20)))
        """
        absolute, relative = self.tolerance, self.relative_tolerance
        if isinstance(absolute, str) and absolute.strip().endswith("%"):
            absolute, relative = None, absolute
        return _tolerance(absolute), _tolerance(relative)


def _tolerance(value: float | str | None) -> Fraction | None:
    if value is None:
        return None
    text = str(value).strip()
    try:
        found = Fraction(text.removesuffix("%").strip()) / (100 if text.endswith("%") else 1)
    except (ValueError, ZeroDivisionError):
        found = Fraction(-1)
    if found < 0 or isinstance(value, bool):
        raise RequestError("tolerance", f"the tolerance is a number that is not negative, not {value!r}", advice='Give 0.01, or "1%" for a relative one.')
    return found


__all__ = ["Asked", "Expected", "Place"]
