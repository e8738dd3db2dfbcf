"""Where a function of one letter is zero: its equation solved as it is done by hand, each solution put in.

>>> found = zeros("-5p^2 + 50p - 105")
>>> [str(value) for value in found.values], found.proved
(['3', '7'], True)
>>> [str(value) for value in zeros("t^3 - 4t", conditions=[read("t >= 0")]).values]
['0', '2']
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from tutor.calculus.optima.find import Solved, claims_of_point, find
from tutor.calculus.optima.said import claims_of
from tutor.calculus.worked import Claim, Worked
from tutor.errors import RequestError
from tutor.form.evaluate import holds
from tutor.form.reading import read
from tutor.form.tree import Form
from tutor.form.walk import substitute


@dataclass(frozen=True)
class Zeros(Worked):
    """All real zeros of a function of one letter. `solved` is how they were found, `values` are those that the conditions allow, in ascending order; `called` is how the function was written."""

    function: Form
    variable: str
    solved: Solved
    conditions: tuple[Form, ...] = ()
    called: Form | None = None

    @property
    def values(self) -> tuple[Form, ...]:
        """The zeros that the conditions allow."""
        return tuple(point[self.variable] for point in self.solved.points if all(holds(substitute(one, dict(point)), {}) is not False for one in self.conditions))

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """The steps of solving, and each solution put in."""
        points = [claim for point in self.solved.points for claim in claims_of_point([self.function], point, (self.variable,))]
        return (*claims_of(self.solved.remarks), *points)


def zeros(function: str | Form, variable: str = "", conditions: Sequence[Form] = (), called: Form | None = None) -> Zeros:
    """The zeros of a text or form. Raises `ReadError`, and `RequestError` where they are not all known exactly."""
    form = read(function) if isinstance(function, str) else function
    letters = tuple(sorted(form.free))
    if len(letters) != 1 or variable not in ("", *letters):
        raise RequestError("zeros", "the zeros of a function of one letter are looked for", advice="Put numbers in the place of the other letters.")
    solved = find([form], letters)
    if not solved.complete or solved.numeric or any(set(point) != set(letters) or point[letters[0]].free for point in solved.points):
        raise RequestError("zeros", f"the zeros of {form} are not all known exactly")
    return Zeros(form, letters[0], solved, tuple(condition for condition in conditions if condition.free == {letters[0]}), called)


__all__ = ["Zeros", "zeros"]
