"""Losses: what a prediction z costs when the target is y, one row a loss.

The loss of a model over data is the **mean** of the losses of its rows, so that a learning rate means the same for ten rows
and for ten thousand. Derivatives with respect to the prediction come from the derivation engine. Sources: Hastie, Tibshirani &
Friedman, *The Elements of Statistical Learning*, 2nd ed., section 10.6 (squared, absolute, Huber, deviance); the logistic loss is
written with softplus(z) = ln(1 + e^z), which does not overflow.

    mse            (z − y)²                               any target
    mae            |z − y|                                slope undefined at z = y; steps take 0 there
    huber          (z − y)²/2 within delta of the target, delta·|z − y| − delta²/2 beyond
    logistic       softplus(z) − y·z                      z is the logit of the probability; targets 0 and 1
    cross-entropy  −(y ln z + (1 − y) ln(1 − z))          z is the probability, 0 < z < 1; targets from 0 to 1

>>> mse = loss("mse")
>>> str(mse.form), str(mse.slope)
('(z - y)^2', '2*(z - y)')
>>> str(loss("logistic").slope)
'sigmoid(z) - y'
>>> str(loss("huber", delta="0.5").slope)
'piecewise(-0.5, z - y < -0.5; z - y, z - y <= 0.5; 0.5)'
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction
from functools import cached_property

from tutor.algebra.laws.arithmetic import numbers
from tutor.calculus.differentiate import Derivation, differentiate
from tutor.calculus.worked import Claim, equal
from tutor.errors import ReadError, RequestError
from tutor.form.evaluate import evaluate
from tutor.form.numerals import number
from tutor.form.reading import read
from tutor.form.tree import Form
from tutor.form.walk import rewritten, substitute

Number = str | int | float | Fraction | Form
PREDICTION, TARGET, RESIDUAL = "z", "y", "r"
"""The letters of a loss: the prediction, the target, their difference z − y."""
SETTING = "delta"


@dataclass(frozen=True)
class Row:
    """A line of the table: the loss in z and y, or in the residual r; the targets that make sense; its slope in a form that computes faster."""

    text: str
    targets: str = ""
    by_residual: bool = False
    quick: str = ""


LOSSES: dict[str, Row] = {
    "mse": Row("(z - y)^2"),
    "mae": Row("abs(z - y)"),
    "huber": Row("piecewise(-delta*r - delta^2/2, r < -delta; r^2/2, r <= delta; delta*r - delta^2/2)", by_residual=True),
    "logistic": Row("softplus(z) - y*z", "0 or 1", quick="tanh(z/2)/2 + 1/2 - y"),
    "cross-entropy": Row("-(y*ln(z) + (1 - y)*ln(1 - z))", "from 0 to 1"),
}
"""The losses by name."""
ALIASES = {"l2": "mse", "squared": "mse", "l1": "mae", "absolute": "mae", "log-loss": "logistic", "bce": "cross-entropy", "cross_entropy": "cross-entropy"}


@dataclass(frozen=True)
class Loss:
    """A loss: its `form` in z (the prediction) and y (the target), and which `targets` make sense ("" for any)."""

    name: str
    form: Form
    targets: str
    derivation: Derivation
    quick: Form | None = None
    """The slope in another form, which computes faster: a claim, which the audit proves."""

    @cached_property
    def slope(self) -> Form:
        """The derivative with respect to the prediction, in z and y."""
        return substitute(self.derivation.value, {RESIDUAL: _DIFFERENCE})

    @cached_property
    def curvature(self) -> Derivation:
        """The second derivative with respect to the prediction."""
        return differentiate(self.derivation.function, self.derivation.variable, 2)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """That the form which is computed is the slope."""
        return () if self.quick is None else (equal(self.slope, self.quick, "quick"),)

    def of(self, prediction: Form, target: Form) -> Form:
        """The loss of one row."""
        return substitute(self.form, {PREDICTION: prediction, TARGET: target})

    def slope_of(self, prediction: Form, target: Form) -> Form:
        """How the loss of one row changes with its prediction."""
        return substitute(self.slope, {PREDICTION: prediction, TARGET: target})


_DIFFERENCE = read("z - y")


def loss(name: str | Loss = "mse", delta: Number = 1) -> Loss:
    """A loss by its name; `delta` is where Huber's loss turns from a square into a line. Raises `RequestError`."""
    if isinstance(name, Loss):
        return name
    known = name.lower().replace(" ", "-")
    known = ALIASES.get(known, known)
    if known not in LOSSES:
        near = get_close_matches(known, [*LOSSES, *ALIASES], 1)
        advice = f"Did you mean {near[0]}?" if near else f"Choose one of {', '.join(LOSSES)}."
        raise RequestError("loss", f"there is no loss {name!r}", advice=advice)
    row = LOSSES[known]
    form = rewritten(substitute(read(row.text, variables=(SETTING,)), {SETTING: setting("delta", delta, above=0)}), numbers)
    if not row.by_residual:
        return Loss(known, form, row.targets, differentiate(form, PREDICTION), read(row.quick) if row.quick else None)
    return Loss(known, substitute(form, {RESIDUAL: _DIFFERENCE}), row.targets, differentiate(form, RESIDUAL))


def setting(what: str, value: Number, *, above: float | None = None, at_least: float | None = None) -> Form:
    """A setting as an exact number. Raises `RequestError` for what is none, or too small.

    >>> str(setting("delta", 0.5)), str(setting("delta", "1/3"))
    ('0.5', '1/3')
    """
    form = value if isinstance(value, Form) else _typed(what, value) if isinstance(value, str) else _exactly(what, value)
    size = float("nan") if form.free else evaluate(form, {})
    if not abs(size) < float("inf") or (above is not None and size <= above) or (at_least is not None and size < at_least):
        wanted = f"above {above:g}" if above is not None else f"from {at_least:g} on" if at_least is not None else "that is finite"
        raise RequestError("setting", f"{what} is a number {wanted}, not {value}")
    return form


def _exactly(what: str, value: float | Fraction) -> Form:
    """A number as a person would have typed it: 0.1 is a tenth."""
    try:
        return number(Fraction(repr(value) if isinstance(value, float) else value), decimal=True)
    except (ValueError, OverflowError):
        raise RequestError("setting", f"{what} is a number, not {value}", advice=f"Give one, such as {what} 0.1.") from None


def _typed(what: str, text: str) -> Form:
    try:
        return read(text)
    except ReadError:
        raise RequestError("setting", f"{what} is a number, not {text}", advice=f"Give one, such as {what} 0.1.") from None


__all__ = ["ALIASES", "LOSSES", "PREDICTION", "TARGET", "Loss", "Number", "loss", "setting"]
