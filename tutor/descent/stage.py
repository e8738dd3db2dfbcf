"""Stages: what happens to a gradient on its way to becoming a step, one short list of assignments each.

An optimiser is a composition of pure stages (as in optax: Babuschkin et al., 2020). A stage is *written*: lines in
calculator text, in the letters x (the point) and g (the gradient as it comes in), n (the number of the step, from 1), its settings
and its memory. Lines hold for every coordinate; `norm(g)`, `sum(x)` and `threshold(x, r)` see all of them. Because
they are written, one text serves the fast loop, exact fractions, the table of the iterations and the explanation.

    clip by norm (c)   g ← g·c / max(c, ‖g‖)
    momentum (mu)      b ← g + mu·b,  g ← b
    step (alpha)       x ← x − alpha·g
    ball (r)           x ← x·r / max(r, ‖x‖)

`threshold(x, r)` is the number t for which the parts max(x − t, 0) add up to r: the greatest of (Σ_S x − r)/|S| over the sets S
of coordinates (Duchi et al., *Efficient projections onto the l1-ball*, 2008).

>>> stage = Stage("momentum", {"b": "g + mu*b", "g": "b"}, {"b": read("0")}, {"mu": read("0.9")})
>>> [f"{line.name} = {line.value}" for line in stage.lines]
['b = g + mu*b', 'g = b']
>>> round(threshold(1.0, 0.8, 0.6), 4)
0.2
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, combinations
from typing import TYPE_CHECKING

from tutor.form.compiled import Assignment
from tutor.form.reading import read
from tutor.form.tree import TWO, Apply, Call, Div, Form, Neg, Num, Pow, Root, total
from tutor.form.walk import rewritten, substitute

if TYPE_CHECKING:
    from tutor.descent.objective import Objective

REDUCTIONS = ("norm", "sum", "threshold")
"""What sees all coordinates at once."""
POINT, SLOPE, NUMBER = "x", "g", "n"
"""The letters of every stage: the point, the gradient that comes in, the number of the step."""
_MOST_SETS = 3
"""Up to so many coordinates the threshold is written out over all sets of them."""

Direction = Callable[["Objective", Mapping[str, Form]], Callable[..., tuple[float, ...]]]


@dataclass(frozen=True)
class Stage:
    """Lines in order, where the memory starts, and the settings with their values.

    `texts` maps the name that a line assigns to its right side; a name may be assigned again. A setting whose value is a tuple
    has one for each coordinate. `direction`, if there is one, puts another vector in the place of g before the lines: a function
    of the point, made from the objective and the settings (Newton's step solves a system of equations).
    """

    name: str
    texts: Mapping[str, str]
    memory: Mapping[str, Form] = field(default_factory=dict)
    settings: Mapping[str, Form | tuple[Form, ...]] = field(default_factory=dict)
    direction: Direction | None = None

    @cached_property
    def lines(self) -> tuple[Assignment, ...]:
        """The lines as forms."""
        names = {POINT, SLOPE, NUMBER, *self.texts, *self.memory, *self.settings}
        return tuple(Assignment(name, read(text, variables=names, functions=REDUCTIONS)) for name, text in self.texts.items())


Components = tuple[Form, ...]
Values = Mapping[str, Form | Components]


def component(form: Form, values: Values, place: int) -> Form:
    """A line's right side for one coordinate, with the values of its letters put in and the reductions written out.

    >>> str(component(read("g/norm(g)", functions=["norm"]), {"g": (read("u"), read("v"))}, 0))
    'u/sqrt(u^2 + v^2)'
    """
    vectors = {name: value for name, value in values.items() if isinstance(value, tuple)}
    length = max((len(value) for value in vectors.values()), default=1)

    def at(part: Form, k: int) -> Form:
        return substitute(part, {name: value[k] if isinstance(value, tuple) else value for name, value in values.items()})

    def reduced(node: Form) -> Form:
        if isinstance(node, Apply) and node.name in REDUCTIONS:
            parts = [at(node.args[0], k) for k in range(length)]
            return _REDUCED[node.name](parts, *(at(other, 0) for other in node.args[1:]))
        return node

    return at(rewritten(form, reduced), place)


def _norm(parts: Sequence[Form]) -> Form:
    return Call("abs", (parts[0],)) if len(parts) == 1 else Root(total(Pow(part, TWO) for part in parts), TWO)


def _threshold(parts: Sequence[Form], radius: Form) -> Form:
    if len(parts) > _MOST_SETS:
        return Apply("threshold", (radius, *parts), ())
    shares = [Div(total((*some, Neg(radius))), Num(size)) if size > 1 else total((*some, Neg(radius)))
              for size in range(1, len(parts) + 1) for some in combinations(parts, size)]  # fmt: skip
    return shares[0] if len(shares) == 1 else Call("max", tuple(shares))


_REDUCED: dict[str, Callable[..., Form]] = {"norm": _norm, "sum": total, "threshold": _threshold}


def threshold(radius: float, *parts: float) -> float:
    """The number t for which the parts max(x − t, 0) add up to the radius: from the largest part down, as long as the mean grows."""
    ordered = sorted(parts, reverse=True)
    return max((whole - radius) / k for k, whole in enumerate(accumulate(ordered), start=1))


CALLS: dict[str, Callable[..., float]] = {"threshold": threshold}
"""The reductions that a loop calls."""

__all__ = ["CALLS", "NUMBER", "POINT", "REDUCTIONS", "SLOPE", "Components", "Direction", "Stage", "component", "threshold"]
