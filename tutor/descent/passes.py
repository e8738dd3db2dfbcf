"""Passes over data: the mean loss of a model over the rows of a table, its slopes and second derivatives, block by block.

For a model z = f(w, row) and a loss l(z, y) the slopes are the means of l′(z, y)·∂z/∂w. Where no ∂z/∂w holds a parameter the model is
affine in its parameters, z = Dw + c: the design matrix D of the columns ∂z/∂w is computed once, and the slopes are Dᵀ l′(Dw + c, y)/n
(Hastie, Tibshirani & Friedman, *The Elements of Statistical Learning*, section 3.2). There are two short cuts:

- l″ is a number: the mean loss is ½ wᵀHw + gᵀw + c with H = l″·DᵀD/n, and after one pass the data are not needed any more;
- l′ = a·φ(b·z) + ψ(y): what does not depend on w is multiplied out before, so that a step costs two products with a matrix and one φ.

A table too long for the memory is gone through in blocks, and no array is longer than a block.

>>> from tutor import read
>>> from tutor.descent.losses import loss
>>> table = Table.of({"x": [1, 2, 3], "y": [2, 4, 6]})
>>> passes = Passes(read("w*x"), "y", ("w",), loss("mse"), table)
>>> passes.bowl.matrix.tolist(), passes.bowl.vector.tolist(), passes.mean_loss((1.0,))
([[9.333333333333334]], [-18.666666666666668], 4.666666666666667)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tutor.algebra.laws.arithmetic import numbers
from tutor.calculus.differentiate import Derivation, differentiate
from tutor.descent.arrays import Columns, columnwise, is_quiet, scaled, split
from tutor.descent.losses import PREDICTION, TARGET, Loss
from tutor.descent.table import BLOCK, IN_MEMORY, DataError, Floats, Table
from tutor.form.numerals import rational
from tutor.form.tree import ZERO, Add, Call, Div, E, Form, Mul, Num, Pow, Sym
from tutor.form.walk import rewritten, substitute

Rows = slice | NDArray[np.intp]
"""Rows of a table: a block of them, or their numbers."""
Point = Sequence[float]

_SIDE_BY_SIDE = 1 << 16
"""Numbers that are computed at once where there are many points."""


@dataclass(frozen=True)
class Quadratic:
    """The function ½ wᵀHw + gᵀw + c: `matrix` is H, `vector` g, `constant` c."""

    matrix: Floats
    vector: Floats
    constant: float

    @cached_property
    def lowest(self) -> Floats:
        """A point where the gradient is zero, the shortest one where there are several."""
        return np.asarray(np.linalg.lstsq(self.matrix, -self.vector, rcond=None)[0], dtype=np.float64)

    def values(self, points: Floats, least: float) -> Floats:
        """The values at the rows of an array, counted from the lowest point, whose value is `least`, so that no digits are lost there."""
        away = points - self.lowest
        rest = self.matrix @ self.lowest + self.vector  # zero but for rounding
        return np.asarray(least + away @ rest + np.einsum("ij,ij->i", away @ self.matrix, away) / 2)


@dataclass(frozen=True, eq=False)
class Passes:
    """The mean loss of a model over the rows of a table as a function of the parameters `letters`.

    With a `temperature` tau the slopes are re-weighted: row i counts `weight(lᵢ, tau)` times, which is not differentiated. That makes
    them the slopes of the mean of G(lᵢ) with G′ = weight.
    """

    model: Form
    target: str
    letters: tuple[str, ...]
    loss: Loss
    table: Table
    temperature: Form | None = None

    # -- forms ---------------------------------------------------------------------------------------

    @cached_property
    def inner(self) -> tuple[Derivation, ...]:
        """How the prediction changes with each parameter."""
        return tuple(differentiate(self.model, name) for name in self.letters)

    @cached_property
    def row(self) -> Form:
        """The loss of one row, in the parameters and the names of the columns."""
        return self.loss.of(self.model, Sym(self.target))

    @cached_property
    def _factor(self) -> Form:
        """What ∂z/∂w is multiplied by, in z and y: the slope of the loss, re-weighted where that is asked for."""
        return self.loss.slope if self.temperature is None else Mul((self.loss.slope, weight(self.loss.form, self.temperature)))

    @cached_property
    def is_affine(self) -> bool:
        """Whether the model is affine in its parameters: none of its slopes, and none of their conditions, holds one."""
        moving = set(self.letters)
        return not any(moving & form.free for part in self.inner for form in (part.value, *part.conditions))

    # -- columns -------------------------------------------------------------------------------------

    @cached_property
    def _names(self) -> tuple[str, ...]:
        """The columns that are needed."""
        return tuple(name for name in self.table.names if name in self.row.free)

    def _columns(self, rows: Rows) -> list[Floats]:
        return [self.table.column(name)[rows] for name in self._names]

    def _targets(self, rows: Rows) -> Floats:
        return self.table.column(self.target)[rows]

    def _by_row(self, forms: Sequence[Form]) -> Columns:
        """Forms in the parameters and the columns."""
        return columnwise(forms, [*self.letters, *self._names])

    @cached_property
    def _slope_by_prediction(self) -> Columns:
        return columnwise([self._factor], [PREDICTION, TARGET])

    @cached_property
    def _loss_by_prediction(self) -> Columns:
        return columnwise([self.loss.form], [PREDICTION, TARGET])

    @cached_property
    def _loss_by_row(self) -> Columns:
        return self._by_row([self.row])

    @cached_property
    def _slopes_by_row(self) -> Columns:
        """The factor and each ∂z/∂w of a row, for a model that is not affine."""
        factor = substitute(self._factor, {PREDICTION: self.model, TARGET: Sym(self.target)})
        return self._by_row([factor, *(part.value for part in self.inner)])

    @cached_property
    def _bends_by_row(self) -> Columns:
        """How the slopes of one row change with the parameters, those above the diagonal."""
        first = [differentiate(self.row, name).value for name in self.letters]
        if self.temperature is not None:
            first = [Mul((weight(self.row, self.temperature), form)) for form in first]
        return self._by_row([differentiate(form, name).value for k, form in enumerate(first) for name in self.letters[k:]])

    # -- the design matrix of an affine model --------------------------------------------------------

    @cached_property
    def _design_by_row(self) -> Columns:
        offset = rewritten(substitute(self.model, dict.fromkeys(self.letters, ZERO)), numbers)
        return columnwise([*(part.value for part in self.inner), offset], self._names)

    @cached_property
    def _whole(self) -> tuple[Floats, Floats] | None:
        """The design matrix of all rows, where it does not need too much memory."""
        fits = (len(self.letters) + 1) * self.table.rows * 8 <= IN_MEMORY
        return self._designed(slice(0, self.table.rows)) if fits else None

    def _design(self, rows: Rows) -> tuple[Floats, Floats]:
        """D with a parameter a line, and c, for some rows."""
        if self._whole is None:
            return self._designed(rows)
        design, offset = self._whole
        return design[:, rows], offset[rows]

    def _designed(self, rows: Rows) -> tuple[Floats, Floats]:
        found = np.empty((len(self.letters) + 1, _length(rows)))
        with np.errstate(all="ignore"):
            for line, values in zip(found, self._design_by_row(*self._columns(rows)), strict=True):
                line[:] = values
        bad = ~np.isfinite(found).all(axis=0)
        if bad.any():
            k = int(np.argmax(bad))
            raise self._no_value(rows.start + k if isinstance(rows, slice) else int(rows[k]))
        return found[:-1], found[-1]

    def _no_value(self, row: int) -> DataError:
        here = ", ".join(f"{name} = {float(self.table.column(name)[row]):g}" for name in self._names if name != self.target)
        return DataError("model", f"the model has no value where {here}", source=self.table.source, row=row + self.table.first, found=here,
                         expected="a row where the model is defined", advice="Change the model, or leave the row out.")  # fmt: skip

    # -- sums over rows ------------------------------------------------------------------------------

    def sums(self, rows: Rows, point: Point) -> Floats:
        """The sums of l′·∂z/∂w over some rows."""
        if self.is_affine:
            design, offset = self._design(rows)
            factor = self._slope_by_prediction(design.T.dot(point) + offset, self._targets(rows))[0]
            return np.asarray(design.dot(np.broadcast_to(factor, _length(rows))))
        factor, *parts = self._slopes_by_row(*point, *self._columns(rows))
        every = np.broadcast_to(factor, _length(rows))
        return np.array([every.dot(part) if np.ndim(part) else every.sum() * part for part in parts])

    def _losses(self, rows: Rows, point: Point) -> Floats:
        if self.is_affine:
            design, offset = self._design(rows)
            found = self._loss_by_prediction(design.T.dot(point) + offset, self._targets(rows))[0]
        else:
            found = self._loss_by_row(*point, *self._columns(rows))[0]
        return np.broadcast_to(found, _length(rows))

    def _mean(self, sums: Callable[[slice], Any]) -> Any:
        """The mean over all rows of what is summed up block by block."""
        with np.errstate(all="ignore"):
            return sum(sums(rows) for rows in self.table.blocks()) / self.table.rows

    def mean_loss(self, point: Point) -> float:
        """The mean of the rows' losses; nan where a row has none."""
        return float(self._mean(lambda rows: np.add.reduce(self._losses(rows, point))))

    def each(self, form: Form, point: Point) -> Floats:
        """The values of a form in the parameters and the columns for every row."""
        found, values = np.empty(self.table.rows), self._by_row([form])
        with np.errstate(all="ignore"):
            for rows in self.table.blocks():
                found[rows] = values(*point, *self._columns(rows))[0]
        return found

    def bends(self, point: Point) -> Floats:
        """How the slopes change with the parameters: the second derivatives of the mean loss, or of what re-weighted slopes are the slopes of."""
        if self.bowl is not None:
            return self.bowl.matrix
        above = self._mean(lambda rows: np.array([np.broadcast_to(part, _length(rows)).sum() for part in self._bends_by_row(*point, *self._columns(rows))]))
        found = np.zeros((len(self.letters), len(self.letters)))
        found[np.triu_indices(len(found))] = above
        return found + np.triu(found, 1).T

    # -- the mean loss as a function of the parameters -----------------------------------------------

    @cached_property
    def bowl(self) -> Quadratic | None:
        """The mean loss as a quadratic function, where it is one."""
        bend = self.loss.curvature if self.is_affine and self.temperature is None else None
        second = None if bend is None or bend.conditions else rational(bend.value)
        if second is None or second <= 0:
            return None
        size = len(self.letters)
        matrix, vector, origin = np.zeros((size, size)), np.zeros(size), (0.0,) * size
        for rows in self.table.blocks():
            design, _ = self._design(rows)
            matrix += float(second) * (design @ design.T)
            vector += self.sums(rows, origin)
        return Quadratic(matrix / self.table.rows, vector / self.table.rows, self.mean_loss(origin))

    @cached_property
    def _least(self) -> float:
        assert self.bowl is not None
        return self.mean_loss(self.bowl.lowest.tolist())

    @cached_property
    def slopes(self) -> Callable[..., Floats]:
        """The slopes of the mean loss as a function of the parameters, the quickest one that there is for this model and loss."""
        bowl = self.bowl
        if bowl is not None:
            matrix, vector = bowl.matrix, bowl.vector
            return lambda *point: matrix.dot(point) + vector
        return self._separated() or (lambda *point: self._mean(lambda rows: self.sums(rows, point)))

    def _separated(self) -> Callable[..., Floats] | None:
        """For an affine model of one block and l′ = a·φ(b·z) + ψ(y): (a/n)Dᵀφ(b(Dw + c)) + Dᵀψ/n, where all but φ is computed once."""
        parts = split(self.loss.quick or self.loss.slope, PREDICTION)
        if not self.is_affine or self.temperature is not None or parts is None or self.table.rows > BLOCK:
            return None
        moving = scaled(parts[0], PREDICTION)
        if not is_quiet(moving.form):
            return None
        rows = self.table.rows
        design, offset = self._designed(slice(0, rows))
        still = columnwise([parts[1]], [TARGET])(self._targets(slice(0, rows)))[0]
        constant = design.dot(np.broadcast_to(still, rows)) / rows
        before, behind, shift = (design * moving.inner).T, design * (moving.outer / rows), offset * moving.inner
        turned = columnwise([moving.form], [PREDICTION])
        if shift.any():
            return lambda *point: behind.dot(turned(before.dot(point) + shift)[0]) + constant
        return lambda *point: behind.dot(turned(before.dot(point))[0]) + constant

    def values(self, points: Floats) -> Floats:
        """The mean losses at the rows of an array."""
        if self.bowl is not None:
            return self.bowl.values(points, self._least)
        if self.is_affine:
            return self._at_points(points, self._loss_by_prediction, lambda _, losses: losses.sum(axis=0))
        return np.array([self.mean_loss(point) for point in points.tolist()], dtype=np.float64)

    def gradients(self, points: Floats) -> Floats:
        """The slopes at the rows of an array."""
        if self.bowl is not None:
            return points @ self.bowl.matrix + self.bowl.vector
        if self.is_affine:
            return self._at_points(points, self._slope_by_prediction, lambda design, factors: factors.T @ design.T)
        return np.array([self.slopes(*point) for point in points.tolist()], dtype=np.float64).reshape(points.shape)

    def _at_points(self, points: Floats, by_prediction: Columns, summed: Callable[[Floats, Floats], Floats]) -> Floats:
        """Means over the rows at many points of an affine model: each block of rows is gone through once, with several points side by side."""
        if not len(points):
            return summed(np.empty((len(self.letters), 1)), np.empty((1, 0)))
        found: Any = 0.0
        with np.errstate(all="ignore"):
            for rows in self.table.blocks():
                design, offset = self._design(rows)
                targets, some = self._targets(rows)[:, None], max(1, _SIDE_BY_SIDE // _length(rows))
                parts = []
                for start in range(0, len(points), some):
                    predictions = design.T @ points[start : start + some].T + offset[:, None]
                    parts.append(summed(design, np.broadcast_to(by_prediction(predictions, targets)[0], predictions.shape)))
                found = found + np.concatenate(parts)
        return np.asarray(found / self.table.rows)


def weight(form: Form, temperature: Form) -> Form:
    """e^(min(l, tau)/(tau + 1)): below e for every loss, so that an outlier cannot take over.

    >>> from tutor import read
    >>> str(weight(read("l"), read("2")))
    'e^(min(l, 2)/3)'
    """
    return Pow(E, Div(Call("min", (form, temperature)), rewritten(Add((temperature, Num(1))), numbers)))


def _length(rows: Rows) -> int:
    return rows.stop - rows.start if isinstance(rows, slice) else len(rows)


__all__ = ["Passes", "Quadratic", "Rows", "weight"]
