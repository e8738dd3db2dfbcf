"""Fitting a model to data: the mean loss over the rows as an objective for descent.

For a model z = f(w, row), a loss l(z, y) and n rows, the objective is L(w) = (1/n) Σ l(zᵢ, yᵢ) plus penalties, and by the chain rule

    ∂L/∂wⱼ = (1/n) Σ l′(zᵢ, yᵢ) · ∂zᵢ/∂wⱼ.

l′ and ∂z/∂wⱼ are derivations of the tutor's engine; how they are computed over many rows is the matter of `passes`. Of a few rows the
objective is also written out with exact numbers, so that the ordinary engine derives its gradient and iterates can be fractions.

>>> houses = fit("w*size", "price", "houses")
>>> houses.letters, houses.slopes(0.0), str(houses.formula)
(('w',), (-46666.666666666664,), '((50*w - 100)^2 + (100*w - 200)^2 + (150*w - 300)^2)/3')
>>> [str(part.value) for part in houses.partials]
['2*size*(w*size - price)']
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from operator import add
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tutor.algebra.laws.arithmetic import numbers
from tutor.calculus.conditions import domain, needed
from tutor.calculus.differentiate import Derivation, differentiate
from tutor.calculus.gradient import Gradient, gradient
from tutor.calculus.request import body, variable_name
from tutor.calculus.worked import Claim, Worked, equal
from tutor.descent.arrays import Columns, columnwise
from tutor.descent.data import Source, data_set
from tutor.descent.losses import Loss, Number, setting
from tutor.descent.losses import loss as loss_of
from tutor.descent.model import columns_by_word, parameters_of, read_model, target_of
from tutor.descent.passes import Passes, Quadratic, weight
from tutor.descent.table import DataError, Floats, Table, no_column
from tutor.errors import RequestError
from tutor.form.compiled import function
from tutor.form.evaluate import compute, evaluate
from tutor.form.numerals import number
from tutor.form.rationals import RATIONALS
from tutor.form.tree import TWO, ZERO, Add, Call, Cases, Div, Form, Mul, Num, Pow, Sym, total
from tutor.form.walk import rewritten, substitute

MOST_WRITTEN = 12
"""Rows of which the loss can be written out, where its values at fractions are fractions, so that iterates can be exact."""
_FEW_WRITTEN = 3
"""Rows of which any other loss is written out: what stands there should still be read, and proved."""
_LARGEST_WRITTEN = 200
_FRACTION = Fraction(1, 7)
_FEW_LETTERS = 8
"""Up to so many parameters the slopes of a quadratic are plain arithmetic, which is faster than NumPy."""


@dataclass(frozen=True, eq=False)
class Fit(Worked):
    """The mean loss of a model over a table, as a function of the parameters `letters`.

    `target` is the column to predict; `l1` and `l2` add l1·Σ|w| and l2·Σw². With a `temperature` tau the steps are those of re-weighted
    descent (Kumar et al., arXiv 2306.09222): row i counts exp(min(lᵢ, tau)/(tau + 1)) times, and this weight is not differentiated. `value` stays
    the plain mean loss, and **`slopes` is then neither its gradient nor that of the weighted mean**: it is the gradient of the mean of G(lᵢ) with
    G(l) = (tau + 1)(e^(l/(tau + 1)) − 1) up to tau and a line from there on. Arrays are not changed by any method, so one fit can be
    used by several threads. Raises `RequestError` where the parts do not fit together.
    """

    model: Form
    target: str
    loss: Loss
    table: Table
    letters: tuple[str, ...]
    l1: Form = ZERO
    l2: Form = ZERO
    temperature: Form | None = None

    def __post_init__(self) -> None:
        if self.target not in self.table:
            raise no_column(self.target, self.table.headings, self.table.source)
        if self.target in self.model.free:
            raise RequestError("model", f"the target {self.target} stands in the model itself", advice="A model predicts the target from the other columns.")
        _check_targets(self.table, self.target, self.loss)
        _check_domain(self.table, self.model)

    # -- what it consists of -------------------------------------------------------------------------

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return self.table.rows

    @cached_property
    def _passes(self) -> Passes:
        return Passes(self.model, self.target, self.letters, self.loss, self.table, self.temperature)

    @property
    def row(self) -> Form:
        """The loss of one row, in the parameters and the names of the columns."""
        return self._passes.row

    @property
    def inner(self) -> tuple[Derivation, ...]:
        """How the prediction changes with each parameter."""
        return self._passes.inner

    @cached_property
    def has_gaps(self) -> bool:
        """Whether there may be parameters for which a row has no loss."""
        return any(set(self.letters) & condition.free for condition in needed(domain(self.row)))

    @cached_property
    def partials(self) -> tuple[Derivation, ...]:
        """How the loss of one row changes with each parameter."""
        return tuple(differentiate(self.row, name) for name in self.letters)

    @cached_property
    def penalty(self) -> Form | None:
        """What is added to the mean loss."""
        letters = [Sym(name) for name in self.letters]
        sums = ((self.l1, total(Call("abs", (name,)) for name in letters)), (self.l2, total(Pow(name, TWO) for name in letters)))
        found = [rewritten(Mul((factor, size)), numbers) for factor, size in sums if factor is not ZERO]
        return total(found) if found else None

    @cached_property
    def penalty_partials(self) -> tuple[Derivation, ...]:
        """How the penalty changes with each parameter."""
        return () if self.penalty is None else tuple(differentiate(self.penalty, name) for name in self.letters)

    @property
    def derivations(self) -> tuple[Derivation, ...]:
        """The derivative of the loss by the prediction, of the prediction and of one row's loss by each parameter, and of what is written out."""
        written = () if self.gradient is None else self.gradient.partials
        return (self.loss.derivation, *self.inner, *self.partials, *self.penalty_partials, *written)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The chain rule for one row in each parameter, and that the loss is written out rightly."""
        slope = self.loss.slope_of(self.model, Sym(self.target))
        chain = [claim for whole, part in zip(self.partials, self.inner, strict=True) for claim in _chain(whole, slope, part.value)]
        written = self.formula
        return (*self.loss.claims, *chain, *([] if written is None else [equal(self._row_by_row(plain=False), written, "written")]))

    # -- written out ---------------------------------------------------------------------------------

    def written(self) -> Form | None:
        """The objective as one form with exact numbers, for few rows; None for many, and for re-weighted descent."""
        return self.formula

    @cached_property
    def formula(self) -> Form | None:
        """The objective as one form with exact numbers, for few rows; None for many, and for re-weighted descent."""
        if self.temperature is not None or self.rows > MOST_WRITTEN or self.rows * self.row.size > _LARGEST_WRITTEN or isinstance(self.row, Cases):
            return None
        if self.rows > _FEW_WRITTEN and compute(self.row, dict.fromkeys(self.row.free, _FRACTION), RATIONALS) is None:
            return None
        return self._row_by_row(plain=True)

    @cached_property
    def gradient(self) -> Gradient | None:
        """The gradient of the written objective."""
        return None if self.formula is None else gradient(self.formula, self.letters)

    def _row_by_row(self, *, plain: bool) -> Form:
        """The mean over the rows with their numbers put in; `plain` does the arithmetic that this brings along."""
        tidy: Callable[[Form], Form] = (lambda form: rewritten(form, numbers)) if plain else (lambda form: form)
        names = [name for name in self.table.names if name in self.row.free]
        each = []
        for values in zip(*(self.table.column(name).tolist() for name in names), strict=True):
            row = {name: number(Fraction(repr(value)), decimal=True) for name, value in zip(names, values, strict=True)}
            each.append(tidy(self.loss.of(tidy(substitute(self.model, row)), row[self.target])))
        mean = Div(total(each), Num(len(each))) if len(each) > 1 else each[0]
        return mean if self.penalty is None else Add((mean, self.penalty))

    # -- values and slopes ---------------------------------------------------------------------------

    def value(self, *point: float) -> float:
        """The mean loss and the penalty at a point; nan where a row has none, infinity where one is too large for floats."""
        return float(self.values(np.array([point], dtype=np.float64))[0])

    def slopes(self, *point: float) -> tuple[float, ...]:
        """The gradient at a point (with a temperature: the re-weighted one); nan where a row has none."""
        return self._slopes(*point)

    def curvature(self, *point: float) -> tuple[float, ...]:
        """How the slopes change with the parameters at a point, row after row: the second derivatives."""
        entries = [differentiate(part.value, part.variable).value for part in self.penalty_partials] or [ZERO for _ in self.letters]
        matrix = self._passes.bends(point) + np.diag(function(entries, self.letters)(*point))
        return tuple(matrix.ravel().tolist())

    def values(self, points: NDArray[Any]) -> NDArray[Any]:
        """The values at the rows of an array."""
        found = self._passes.values(points)
        return found if self._penalty_over is None else np.asarray(found + self._penalty_over(*points.T)[0])

    def gradients(self, points: NDArray[Any]) -> NDArray[Any]:
        """The gradients at the rows of an array."""
        found = self._passes.gradients(points)
        if self._penalty_over is None:
            return found
        return np.asarray(found + np.stack(np.broadcast_arrays(*self._penalty_over(*points.T)[1:], points[:, 0])[:-1], axis=1))

    def slopes_over(self, rows: NDArray[np.intp], *point: float) -> tuple[float, ...]:
        """The gradient at a point if these rows were all: their mean, and the penalty."""
        with np.errstate(all="ignore"):
            return self._with_penalty(self._passes.sums(rows, point) / len(rows), point)

    def predictions(self, *point: float) -> Floats:
        """What the model predicts for each row."""
        return self._passes.each(self.model, point)

    def losses(self, *point: float) -> Floats:
        """The loss of each row."""
        return self._passes.each(self.row, point)

    def weights(self, *point: float) -> Floats:
        """How many times each row counts: once, and in re-weighted descent more often the larger its loss."""
        return np.ones(self.rows) if self.temperature is None else self._passes.each(weight(self.row, self.temperature), point)

    @cached_property
    def quadratic(self) -> Quadratic | None:
        """The objective as a quadratic function of the parameters, where it is one: after one pass it needs no data any more."""
        bowl = self._passes.bowl
        if bowl is None or self.l1 is not ZERO:
            return None
        return replace(bowl, matrix=bowl.matrix + 2 * evaluate(self.l2, {}) * np.eye(len(self.letters)))

    @cached_property
    def _slopes(self) -> Callable[..., tuple[float, ...]]:
        bowl, slopes = self._passes.bowl, self._passes.slopes
        if bowl is not None and len(self.letters) <= _FEW_LETTERS:
            penalties = [part.value for part in self.penalty_partials] or [ZERO for _ in self.letters]
            return _in_arithmetic(bowl, self.letters, penalties)
        if self._penalty_slopes is None:
            return lambda *point: tuple(slopes(*point).tolist())
        return lambda *point: self._with_penalty(slopes(*point), point)

    def _with_penalty(self, found: Floats, point: Sequence[float]) -> tuple[float, ...]:
        slopes: list[float] = found.tolist()
        return tuple(slopes) if self._penalty_slopes is None else tuple(map(add, slopes, self._penalty_slopes(*point)))

    @cached_property
    def _penalty_slopes(self) -> Callable[..., tuple[float, ...]] | None:
        return function([part.value for part in self.penalty_partials], self.letters) if self.penalty_partials else None

    @cached_property
    def _penalty_over(self) -> Columns | None:
        """The penalty and its slopes over columns of parameters."""
        return None if self.penalty is None else columnwise([self.penalty, *(part.value for part in self.penalty_partials)], self.letters)


def _chain(whole: Derivation, outer: Form, inner: Form) -> list[Claim]:
    """That a derivative is outer times inner; for a loss in pieces, in each of them."""
    pairs = [(whole.value, outer)]
    if isinstance(whole.value, Cases) and isinstance(outer, Cases) and whole.value.conditions == outer.conditions:
        pairs = list(zip(whole.value.values, outer.values, strict=True))
    return [equal(value, Mul((slope, inner)), "chain", whole.conditions) for value, slope in pairs]


def _in_arithmetic(bowl: Quadratic, names: Sequence[str], penalties: Sequence[Form]) -> Callable[..., tuple[float, ...]]:
    """Hw + g and the slopes of the penalty as plain arithmetic."""
    lines = zip(bowl.matrix.tolist(), bowl.vector.tolist(), penalties, strict=True)
    return function([total([*(Mul((_exact(entry), Sym(name))) for entry, name in zip(line, names, strict=True)), _exact(last), penalty])
                     for line, last, penalty in lines], names)  # fmt: skip


def _exact(value: float) -> Form:
    return number(Fraction(value))


def fit(
    model: str | Form,
    target: str | None,
    data: Source | Table | Mapping[str, Sequence[float]],
    loss: str | Loss = "mse",
    *,
    delta: Number = 1,
    l1: Number = 0,
    l2: Number = 0,
    temperature: Number | None = None,
    parameters: Sequence[str] | None = None,
) -> Fit:
    """The mean loss of a model over data, as an objective.

    `model` is an expression in columns and parameters ("w*size + b"), or an equation whose left side is the target; `data` a CSV file, the name of
    a data set, a `Table`, or a mapping of names to numbers. Only the columns that the model needs are read. `delta` belongs to Huber's loss;
    `l1`, `l2` and `temperature` are those of `Fit`. `parameters` says which letters are parameters, and in which order. Raises `ReadError` and
    `RequestError` (for data `DataError`).

    >>> line = fit("price = w*size + b", None, {"size": [1, 2, 3], "price": [3, 5, 7]}, "mae")
    >>> line.target, line.letters, line.value(2.0, 1.0), line.slopes(3.0, 1.0)
    ('price', ('w', 'b'), 0.0, (2.0, 1.0))
    """
    chosen = loss_of(loss, delta)
    lasso, ridge = (_or_none(setting(name, value, at_least=0)) for name, value in (("l1", l1), ("l2", l2)))
    tau = None if temperature is None else setting("the temperature", temperature, above=0)
    table = Table.of(data) if isinstance(data, Mapping) else data
    if isinstance(table, Table):
        form, goal, names = _understood(model, target, table.headings, parameters)
    else:
        asked: list[tuple[Form, str, tuple[str, ...]]] = []

        def wanted(headings: tuple[str, ...]) -> list[str]:
            asked.append(_understood(model, target, headings, parameters))
            return _needed(asked[0][0], asked[0][1], headings)

        table = data_set(table, wanted)
        form, goal, names = asked[0]
    return Fit(form, table.names[table.place(goal)], chosen, table, names, lasso, ridge, tau)


def _understood(model: str | Form, target: str | None, headings: Sequence[str], parameters: Sequence[str] | None) -> tuple[Form, str, tuple[str, ...]]:
    """The model, the column to predict and the parameters, as soon as the headings are known."""
    form = model if isinstance(model, Form) else read_model(model, headings, [variable_name(name) for name in parameters or ()])
    goal = target or target_of(form)
    if goal is None:
        raise RequestError("target", "it is not said which column the model predicts", advice="Name it, such as --target price, or write the model as price = w*size.")
    return body(form), goal, parameters_of(body(form), tuple(columns_by_word(headings).values()), parameters)


def _needed(model: Form, goal: str, headings: Sequence[str]) -> list[str]:
    """The columns that the model and the target need."""
    return [*(name for name in dict.fromkeys(columns_by_word(headings).values()) if name in model.free), goal]


def _or_none(penalty: Form) -> Form:
    return penalty if evaluate(penalty, {}) else ZERO


def _check_targets(table: Table, target: str, chosen: Loss) -> None:
    """Raises `DataError` at a row whose target the loss cannot take."""
    if not chosen.targets:
        return
    column = table.column(target)
    for rows in table.blocks():
        here = column[rows]
        fine = (here == 0) | (here == 1) if chosen.targets == "0 or 1" else (here >= 0) & (here <= 1)
        if not fine.all():
            k = rows.start + int(np.argmin(fine))
            raise DataError("target", f"the {chosen.name} loss needs targets {chosen.targets}, and here stands {column[k]:g}", source=table.source,
                            row=k + table.first, column=table.headings[table.place(target)], found=f"{column[k]:g}", expected=chosen.targets,
                            advice="Choose another loss, such as mse, or write the two classes as 0 and 1.")  # fmt: skip


def _check_domain(table: Table, model: Form) -> None:
    """Raises `DataError` at a row where the model has no value whatever the parameters are."""
    for condition in needed(domain(model)):
        names = sorted(condition.free)
        if not names or not condition.free <= set(table.names):
            continue
        holds = columnwise([condition], names)
        for rows in table.blocks():
            columns = [table.column(name)[rows] for name in names]
            with np.errstate(all="ignore"):
                held = holds(*columns)[0]
            if not (held == 1).all():
                k = int(np.argmin(held == 1))
                here = ", ".join(f"{name} = {column[k]:g}" for name, column in zip(names, columns, strict=True))
                raise DataError("model", f"the model needs {condition}, and here {here}", source=table.source, row=rows.start + k + table.first,
                                found=here, expected=str(condition), advice="Change the model, or leave the row out.")  # fmt: skip


__all__ = ["MOST_WRITTEN", "Fit", "Quadratic", "fit"]
