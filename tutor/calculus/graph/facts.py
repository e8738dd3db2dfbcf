"""What holds for a model besides its numbers, as derivations and claims: p − y for softmax, the bound of an activation's slope.

>>> from tutor.calculus.graph.presets import model
>>> found = model("softmax", inputs=1, classes=2)
>>> [str(claim.statement) for claim in claims(found, found.point)][1]
'(-y_1*e^z_2 + y_2*e^z_1)/(e^z_1 + e^z_2) = e^z_1/(e^z_1 + e^z_2)*(y_1 + y_2) - y_1'
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from tutor.calculus.differentiate import Derivation, differentiate
from tutor.calculus.graph.presets import ACTIVATIONS, Model
from tutor.calculus.graph.sweep import exact_arithmetic
from tutor.calculus.points import Point
from tutor.calculus.worked import Claim, equal
from tutor.form.evaluate import compute
from tutor.form.numerals import number
from tutor.form.reading import read
from tutor.form.tree import ONE, ZERO, Add, Call, Div, E, Form, Mul, Neg, Pow, Relation, Sym, total
from tutor.form.walk import substitute


def derivations(model: Model | None) -> tuple[Derivation, ...]:
    """The derivations behind the claims: of the cross-entropy by each z, of the activation."""
    if model is None:
        return ()
    if model.classes:
        return tuple(_by_score(len(model.classes)))
    return (_slope(model.activation),) if model.layers else ()


def claims(model: Model | None, point: Point) -> Iterator[Claim]:
    """What is claimed of the model; that the targets sum to 1 where they do at the point."""
    if model is None:
        return
    if model.classes:
        yield from _softmax(model, point)
    elif model.layers:
        yield from _bounded(model.activation)


def targets(model: Model, point: Point) -> Form:
    """The sum of the targets of the classes, at the point."""
    return total(point[y] for _, _, y in model.classes)


def sums_to_one(model: Model, point: Point) -> bool:
    """Whether the targets sum to 1, as shares do."""
    return bool(compute(targets(model, point), {}, exact_arithmetic()) == 1)


def _softmax(model: Model, point: Point) -> Iterator[Claim]:
    """∂L/∂zₖ = pₖ (y₁ + … + yₙ) − yₖ for all z and y; the targets sum to 1, which leaves pₖ − yₖ."""
    if point and sums_to_one(model, point):
        yield equal(targets(model, point), ONE, "backprop.targets")
    wanted = [Sym(y) for _, _, y in model.classes]
    for derivation, probability, y in zip(_by_score(len(wanted)), _probabilities(len(wanted)), wanted, strict=True):
        yield equal(derivation.value, Add((Mul((probability, Add(tuple(wanted)))), Neg(y))), "backprop.p_minus_y")


def _probabilities(classes: int) -> list[Form]:
    powers = [Pow(E, Sym(f"z_{k}")) for k in range(1, classes + 1)]
    return [Div(power, Add(tuple(powers))) for power in powers]


@lru_cache(maxsize=16)
def _by_score(classes: int) -> tuple[Derivation, ...]:
    """The derivative of −Σ yₖ ln pₖ by each z."""
    logs = [Mul((Sym(f"y_{k}"), Call("ln", (p,)))) for k, p in enumerate(_probabilities(classes), 1)]
    loss = Add(tuple(Neg(one) for one in logs))
    return tuple(differentiate(loss, f"z_{k}") for k in range(1, classes + 1))


@lru_cache(maxsize=16)
def _slope(activation: str) -> Derivation:
    return differentiate(read(ACTIVATIONS[activation].text), "u")


def _bounded(activation: str) -> Iterator[Claim]:
    """The greatest slope minus the slope is a square, or the like."""
    row = ACTIVATIONS[activation]
    if row.gap:
        gap = substitute(read(row.gap), {})
        yield equal(Add((number(row.most), Neg(_slope(activation).value))), gap, "backprop.bound")
        yield Claim(Relation((gap, ZERO), (">=",)), "backprop.bound")
