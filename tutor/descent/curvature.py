"""How an objective bends, and what that says about steps: the same everywhere for a quadratic function, elsewhere near a point.

For a quadratic with the eigenvalues λ₁ ≤ … ≤ λₙ of its Hessian, L = λₙ and κ = λₙ/λ₁, descent multiplies the distance along each
eigenvector by 1 − αλ. It is stable for 0 < αλ < 2, the best fixed rate is 2/(λ₁ + λₙ) with the factor (κ − 1)/(κ + 1). The heavy ball
x − αg + μ·(last step) is stable for 0 < αλ < 2 + 2μ and contracts by √μ where its roots are complex; Nesterov's form for 0 < αλ < (2 + 2μ)/(1 + 2μ)
(Polyak 1964; Nocedal & Wright, *Numerical Optimization*, section 3.3; Recht & Wright, *Optimization for Data Analysis*, chapter 4).

>>> from tutor.descent.objective import written
>>> bowl = curvature(written("x^2 + 20y^2"))
>>> [str(one.value) for one in bowl.values], str(bowl.bound), str(bowl.best_rate), str(bowl.best_factor), str(bowl.condition)
(['2', '40'], '1/20', '1/21', '19/21', '20')
>>> near = curvature(written("x^4 - 3x^2 + x"), (1.1309,))
>>> near.quadratic, round(near.largest, 3), round(near.bound, 4)
(False, 9.347, 0.214)
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tutor.calculus.differentiate import Derivation
from tutor.calculus.gradient import Gradient
from tutor.calculus.optima.hessian import Hessian, second_derivatives
from tutor.calculus.optima.spectrum import kind_of
from tutor.calculus.worked import Claim, Worked, equal
from tutor.descent import spectral
from tutor.descent.program import Program
from tutor.descent.spectral import Matrix, Polynomial, Vector
from tutor.form.arithmetic import compute
from tutor.form.evaluate import evaluate
from tutor.form.numerals import integer, number
from tutor.form.rationals import RATIONALS
from tutor.form.tree import ONE, TWO, Add, Div, Form, Mul, Neg, Num, Pow, Root, Sym, total
from tutor.form.walk import nodes

if TYPE_CHECKING:
    from tutor.descent.objective import Objective
    from tutor.descent.trace import Trace

Amount = Form | float
"""A number: a form where it is exact, a float where it is not."""
MOST_LETTERS = 10
"""Second derivatives are worked out for so many letters."""
_LONGEST = 10**12
"""Fractions with larger parts than this are given as floats."""
_FLAT = 1e-9
"""An eigenvalue so much smaller than the largest one counts as zero, where it is only a float."""
_WIDTH = 1e-5


@dataclass(frozen=True)
class Eigenvalue:
    """A curvature: as a form (with a root, perhaps) and as a fraction where it has such, as a float anyway; with its directions."""

    size: float
    multiplicity: int = 1
    value: Form | None = None
    exact: Fraction | None = None
    vectors: tuple[tuple[Form, ...], ...] = ()

    @property
    def amount(self) -> Amount:
        """The form, or the float."""
        return self.size if self.value is None else self.value


@dataclass(frozen=True)
class Curvature(Worked):
    """The second derivatives as numbers; `point` is where (None: the same everywhere), `values` the eigenvalues, the least first.

    `exact` is the matrix in fractions, `slope` the gradient at the origin, where a quadratic function has both. `decimals`: numbers are
    written as decimals, as the person did. `measured`: the second derivatives come from differences of gradients.
    """

    letters: tuple[str, ...]
    point: tuple[float, ...] | None
    matrix: tuple[tuple[float, ...], ...]
    values: tuple[Eigenvalue, ...]
    exact: Matrix | None = None
    slope: Vector | None = None
    hessian: Hessian | None = None
    decimals: bool = False
    measured: bool = False

    @property
    def quadratic(self) -> bool:
        """Whether the second derivatives are the same everywhere."""
        return self.point is None

    @property
    def smallest(self) -> float:
        """The least eigenvalue."""
        return self.values[0].size

    @property
    def largest(self) -> float:
        """The greatest eigenvalue, L."""
        return self.values[-1].size

    @cached_property
    def signs(self) -> tuple[int, ...]:
        """The sign of each eigenvalue; floats that are tiny beside the largest count as zero."""
        least = _FLAT * max((abs(one.size) for one in self.values), default=0.0)
        return tuple((0 if one.exact is None and abs(one.size) <= least else (one.size > 0) - (one.size < 0)) for one in self.values)

    @property
    def kind(self) -> str:
        """What the signs mean together: bowl, dome, saddle, flat_bowl, flat_dome, flat."""
        return kind_of(self.signs)

    @property
    def lowest_positive(self) -> Eigenvalue | None:
        """The least eigenvalue above zero."""
        return next((one for one, sign in zip(self.values, self.signs, strict=True) if sign > 0), None)

    @property
    def bound(self) -> Amount | None:
        """2/L: descent is stable below this rate along every direction that curves upwards; None where none does."""
        return self._from(lambda _, high: 2 / high)

    @property
    def best_rate(self) -> Amount | None:
        """2/(λ₁ + λₙ), over the directions that curve upwards; None where some direction curves downwards, or none upwards."""
        return self._from(lambda low, high: 2 / (low + high)) if self.kind in ("bowl", "flat_bowl") else None

    @property
    def best_factor(self) -> Amount | None:
        """(κ − 1)/(κ + 1): how much of the distance the best fixed rate leaves."""
        return self._from(lambda low, high: (high - low) / (high + low)) if self.kind in ("bowl", "flat_bowl") else None

    @property
    def condition(self) -> Amount | None:
        """κ = L/λ₁, over the directions that curve upwards."""
        return self._from(lambda low, high: high / low) if self.kind in ("bowl", "flat_bowl") else None

    def _from(self, formula: Callable[[Any, Any], Any]) -> Amount | None:
        low, high = self.lowest_positive, self.values[-1]
        if low is None:
            return None
        if low.exact is not None and high.exact is not None:
            return self.shown(formula(low.exact, high.exact))
        return float(formula(low.size, high.size))

    def shown(self, value: Fraction) -> Amount:
        """A fraction as a person would write it here; a long one as a float."""
        return shown(value, self.decimals)

    @cached_property
    def stationary(self) -> tuple[Vector | None, tuple[Vector, ...]]:
        """A point where the gradient of a quadratic is zero (None: there is none), and the directions along which it stays so."""
        assert self.exact is not None
        assert self.slope is not None
        return spectral.solved(self.exact, [-part for part in self.slope])

    @property
    def minimum(self) -> str:
        """What a quadratic function in fractions has: one, valley (a whole line or more of them), or none."""
        point, directions = self.stationary
        if point is None or -1 in self.signs:
            return "none"
        return "valley" if directions else "one"

    def data(self) -> dict[str, Any]:
        """What a program wants to know: numbers as floats, exact ones beside them as texts."""
        numbers = {"largest": self.values[-1].amount, "bound": self.bound, "best_rate": self.best_rate, "best_factor": self.best_factor, "condition": self.condition}
        return {
            "everywhere": self.quadratic, "at": None if self.point is None else dict(zip(self.letters, self.point, strict=True)), "kind": self.kind,
            "eigenvalues": [{**amount_data(one.amount), "multiplicity": one.multiplicity} for one in self.values],
            **{name: None if value is None else amount_data(value) for name, value in numbers.items()},
        }  # fmt: skip

    @property
    def derivations(self) -> tuple[Derivation, ...]:
        """The second derivatives."""
        return () if self.hessian is None else tuple(one.derivation for one in self.hessian.seconds)

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """Matrix times direction is eigenvalue times direction; bound, best rate and best factor from the eigenvalues."""
        return tuple(self._claims())

    def _claims(self) -> Iterator[Claim]:
        if self.exact is None:
            return
        rows = [[number(cell, decimal=self.decimals) for cell in row] for row in self.exact]
        for one in self.values:
            for vector in one.vectors if len(rows) > 1 and one.value is not None else ():
                for row, entry in zip(rows, vector, strict=True):
                    yield equal(total(Mul((cell, part)) for cell, part in zip(row, vector, strict=True)), Mul((one.value, entry)), "eigenvector")  # type: ignore[arg-type]
        low, high = self.lowest_positive, self.values[-1]
        if low is not None and low.value is not None and high.value is not None:
            if isinstance(self.bound, Form):
                yield equal(Div(TWO, high.value), self.bound, "bound")
            if isinstance(self.best_rate, Form):
                yield equal(Div(TWO, Add((low.value, high.value))), self.best_rate, "best_rate")
            if isinstance(self.best_factor, Form) and isinstance(self.condition, Form):
                yield equal(Div(high.value, low.value), self.condition, "condition")
                yield equal(Div(Add((self.condition, Neg(ONE))), Add((self.condition, ONE))), self.best_factor, "best_factor")


def amount_data(value: Amount) -> dict[str, Any]:
    """A number as a float (None where it is none), and as text where it is exact.

    >>> amount_data(number(Fraction(1, 3)))
    {'value': 0.3333333333333333, 'exact': '1/3'}
    """
    size = evaluate(value, {}) if isinstance(value, Form) else float(value)
    return {"value": size if math.isfinite(size) else None, "exact": str(value) if isinstance(value, Form) else None}


def shown(value: Fraction, decimals: bool) -> Amount:
    """A fraction as a form; as a float where its parts are very long.

    >>> str(shown(Fraction(4, 5), True)), str(shown(Fraction(1, 3), True)), shown(Fraction(1, 3**40), False)
    ('0.8', '1/3', 8.225263339969959e-20)
    """
    if max(abs(value.numerator), value.denominator) > _LONGEST:
        return float(value)
    return number(value, decimal=decimals)


def has_decimals(*forms: Form) -> bool:
    """Whether a decimal occurs in what was typed."""
    return any(isinstance(node, Num) and node.places for form in forms for node in nodes(form))


def curvature(objective: Objective, point: Sequence[float] | None = None, decimals: bool = False) -> Curvature | None:
    """How an objective bends: everywhere where it is quadratic and written, else at the point; None where nothing is known.

    Without a point, only quadratic functions have an answer.
    """
    letters = objective.letters
    if len(letters) > MOST_LETTERS:
        return None
    gradient = objective.gradient
    if gradient is not None:
        hessian = Hessian(gradient.function, gradient.variables, gradient, second_derivatives(gradient))
        if hessian.constant and is_polynomial(gradient.function):
            return _everywhere(hessian, gradient, decimals or has_decimals(gradient.function))
        if point is None:
            return None
        entries = [[evaluate(entry, dict(zip(letters, point, strict=True))) for entry in row] for row in hessian.rows]
        return _local(letters, point, entries, hessian)
    if point is None:
        return None
    bends = getattr(objective, "curvature", None)
    if bends is None:
        return _local(letters, point, _differences(objective, point), None, measured=True)
    flat, size = bends(*point), len(letters)
    return _local(letters, point, [flat[k * size : (k + 1) * size] for k in range(size)], None)


def is_polynomial(form: Form) -> bool:
    """Whether letters are only added, multiplied and raised to whole powers: |x| has no second derivative but 0 either, and is no parabola.

    >>> from tutor import read
    >>> is_polynomial(read("(x - y)^2/pi")), is_polynomial(read("abs(x)"))
    (True, False)
    """
    for node in nodes(form):
        if not node.free or isinstance(node, Sym | Add | Mul | Neg):
            continue
        whole = isinstance(node, Pow) and not node.exponent.free and (integer(node.exponent) or 0) >= 1
        if not whole and not (isinstance(node, Div) and not node.children[1].free):
            return False
    return True


def _everywhere(hessian: Hessian, gradient: Gradient, decimals: bool) -> Curvature | None:
    """A quadratic function: in fractions where its numbers are such."""
    cells = [[compute(entry, {}, RATIONALS) for entry in row] for row in hessian.rows]
    origin = dict.fromkeys(gradient.variables, Fraction(0))
    slope = [compute(part, origin, RATIONALS) for part in gradient.value]
    floats = tuple(tuple(evaluate(entry, {}) for entry in row) for row in hessian.rows)
    if not all(math.isfinite(cell) for row in floats for cell in row):
        return None
    if any(cell is None for row in cells for cell in row) or any(part is None for part in slope):
        return Curvature(gradient.variables, None, floats, _typed(hessian, floats), hessian=hessian, decimals=decimals)
    rows, start = spectral.matrix(cells), tuple(part for part in slope if part is not None)
    return Curvature(gradient.variables, None, floats, exact_values(rows, decimals), rows, start, hessian, decimals)


def _typed(hessian: Hessian, floats: tuple[tuple[float, ...], ...]) -> tuple[Eigenvalue, ...]:
    """The eigenvalues of a matrix with other numbers than fractions: its entries, if it is diagonal."""
    if any(cell for k, row in enumerate(floats) for j, cell in enumerate(row) if j != k):
        return _numeric(floats)
    found = [Eigenvalue(row[k], 1, hessian.rows[k][k], vectors=(_axis(k, len(floats)),)) for k, row in enumerate(floats)]
    return tuple(sorted(found, key=lambda one: one.size))


def _axis(place: int, size: int) -> tuple[Form, ...]:
    return tuple(Num(int(k == place)) for k in range(size))


def _numeric(rows: Sequence[Sequence[float]]) -> tuple[Eigenvalue, ...]:
    import numpy as np

    return tuple(Eigenvalue(float(value)) for value in np.linalg.eigvalsh((np.array(rows) + np.array(rows).T) / 2))


def exact_values(rows: Matrix, decimals: bool) -> tuple[Eigenvalue, ...]:
    """The eigenvalues of a matrix of fractions: fractions with directions where they are such, roots where two are left."""
    sizes = spectral.roughly(rows)
    roots, rest = spectral.rational_roots(spectral.characteristic(rows), sizes)
    found = []
    for root in dict.fromkeys(roots):
        vectors = tuple(tuple(map(number, vector)) for vector in spectral.eigenvectors(rows, root))
        found.append(Eigenvalue(float(root), roots.count(root), number(root, decimal=decimals), root, vectors))
    found += _rest(rest, [size for size in sizes if all(abs(size - float(root)) > _FLAT * max(1.0, abs(size)) for root in roots)])
    return tuple(sorted(found, key=lambda one: one.size))


def _rest(polynomial: Polynomial, sizes: list[float]) -> list[Eigenvalue]:
    """What has no fraction: t/2 ± √(t²/4 − d) for two, floats for more."""
    if len(polynomial) != 3:
        return [Eigenvalue(size) for size in sizes]
    middle, inside = -polynomial[1] / 2, polynomial[1] ** 2 / 4 - polynomial[2]
    outside, under = spectral.square_root(inside)
    root: Form = Root(Num(under), TWO)
    part = root if outside == 1 else Mul((Num(outside.numerator), root)) if outside.denominator == 1 else Mul((number(outside), root))
    sides = [(Neg(part), -1), (part, 1)]
    forms = [(side if not middle else Add((number(middle), side)), sign) for side, sign in sides]
    return [Eigenvalue(float(middle) + sign * math.sqrt(inside), 1, form) for form, sign in forms]


def _local(letters: tuple[str, ...], point: Sequence[float], rows: Sequence[Sequence[float]], hessian: Hessian | None, measured: bool = False) -> Curvature | None:
    if not all(math.isfinite(cell) for row in rows for cell in row):
        return None
    return Curvature(letters, tuple(point), tuple(map(tuple, rows)), _numeric(rows), hessian=hessian, measured=measured)


def _differences(objective: Objective, point: Sequence[float]) -> list[list[float]]:
    """Second derivatives as central differences of gradients."""
    rows = []
    for k in range(len(point)):
        width = _WIDTH * max(1.0, abs(point[k]))
        right, left = ([part + sign * width * (j == k) for j, part in enumerate(point)] for sign in (1, -1))
        rows.append([(one - other) / (2 * width) for one, other in zip(objective.slopes(*right), objective.slopes(*left), strict=True)])
    return [[(rows[i][j] + rows[j][i]) / 2 for j in range(len(rows))] for i in range(len(rows))]


# -- what a method does along one eigenvector --------------------------------------------------------


@dataclass(frozen=True)
class Rule:
    """A method whose step is linear in point, gradient and memory, with fixed numbers: descent, momentum, Nesterov, or Newton.

    Along an eigenvector with the eigenvalue λ the distance to the stationary point follows z² = t·z − d, or z = 1 − αλ without a memory.
    `decay` adds to every eigenvalue (weight decay with plain descent).
    """

    name: str
    rate: Fraction
    mu: Fraction = Fraction(0)
    tau: Fraction = Fraction(0)
    decay: Fraction = Fraction(0)

    @property
    def edge(self) -> Fraction | None:
        """Eigenvalues between 0 and this are contracted; None where the eigenvalue plays no part (Newton), or nothing moves."""
        if self.name == "newton" or not self.rate:
            return None
        return self.reach / self.rate - self.decay

    @property
    def reach(self) -> Fraction:
        """The bound for αλ: 2, 2 + 2μ or (2 + 2μ)/(1 + 2μ)."""
        if self.name == "momentum":
            return (2 + 2 * self.mu) / (1 - self.tau)
        return (2 + 2 * self.mu) / (1 + 2 * self.mu) if self.name == "nesterov" else Fraction(2)

    def roots(self, eigenvalue: float) -> tuple[complex, ...]:
        """The factors by which the distance along an eigenvector is multiplied at each step; the largest one in size wins."""
        rate, mu = float(self.rate), float(self.mu)
        if self.name == "newton":
            return (complex(1 - rate),)
        product = rate * (eigenvalue + float(self.decay))
        if not mu:
            return (complex(1 - product),)
        if self.name == "momentum":
            sum_of, product_of = 1 + mu - product * float(1 - self.tau), mu
        else:
            sum_of, product_of = (1 + mu) * (1 - product), mu * (1 - product)
        root = cmath.sqrt(sum_of * sum_of / 4 - product_of)
        return sum_of / 2 + root, sum_of / 2 - root

    def factor(self, eigenvalue: float) -> float:
        """How much of the distance along an eigenvector a step leaves, in the long run."""
        return max(abs(root) for root in self.roots(eigenvalue))

    def swings(self, eigenvalue: float) -> bool:
        """Whether its roots are complex."""
        return any(abs(root.imag) > 1e-12 for root in self.roots(eigenvalue))

    def turns(self, eigenvalue: float) -> bool:
        """Whether the root that wins is negative: the distance changes its sign at each step."""
        best = max(self.roots(eigenvalue), key=abs)
        return not self.swings(eigenvalue) and best.real < 0


def rule_of(trace: Trace, *, without: Sequence[str] = ()) -> Rule | None:
    """The rule of a run, where it is linear with fixed numbers and takes the whole gradient.

    `without` names stages that are taken for idle (clipping that does not clip).
    """
    if is_stochastic(trace) or getattr(trace.objective, "temperature", None) is not None:
        return None
    stages = {stage.name: stage for stage in trace.method.stages if stage.name not in without}
    settings = {name: compute(value, {}, RATIONALS) for stage in stages.values() for name, value in stage.settings.items() if isinstance(value, Form) and not value.free}
    rate = settings.get("alpha")
    if rate is None or "step" not in stages or any(settings.get(name, 0) is None for name in ("mu", "tau", "lambda", "damping")):
        return None
    names = set(stages) - {"step"}
    decay = settings.get("lambda", Fraction(0))
    if names <= {"weight_decay"}:
        return Rule("gd", rate, decay=decay)
    if names in ({"momentum"}, {"nesterov"}):
        (name,) = names
        if settings.get("tau", Fraction(0)) >= 1:
            return None
        return Rule(name if settings["mu"] else "gd", rate, settings["mu"], settings.get("tau", Fraction(0))) if settings["mu"] or not settings.get("tau") else None
    return Rule("newton", rate) if names == {"newton"} and not settings["damping"] else None


def is_stochastic(trace: Trace) -> bool:
    """Whether the steps took the gradient from batches."""
    if isinstance(trace.program, Program):
        return any(len(names) > len(trace.letters) for names in (getattr(step, "letters", ()) for step in trace.program.steps))
    return trace.program.batch is not None


__all__ = ["MOST_LETTERS", "Amount", "Curvature", "Eigenvalue", "Rule", "amount_data", "curvature", "exact_values", "has_decimals", "is_polynomial", "is_stochastic", "rule_of", "shown"]
