"""Methods by name, in the two conventions of the big libraries, and how they are put together.

A `Method` is a chain of stages (see `stage`): what changes the gradient, what makes the step, what brings the point back to
where it is allowed. The two conventions differ in places that matter for the numbers and are therefore two tables; sources:
PyTorch's `torch.optim` and DeepMind's `optax`; Polyak 1964 (momentum), Nesterov 1983, Duchi et al. 2011 (AdaGrad), Tieleman & Hinton
2012 (RMSprop), Kingma & Ba 2015 (Adam), Kivinen & Warmuth 1997 (exponentiated gradient).

>>> adam = method("adam", rate="0.1")
>>> [stage.name for stage in adam.stages], str(adam.settings["beta_2"])
(['adam', 'step'], '0.999')
>>> [stage.name for stage in method("gd", rate=1, clip_norm=1, project="box(0, 1)").stages]
['clip_norm', 'step', 'box']
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from fractions import Fraction

from tutor.descent.newton import newton_direction
from tutor.descent.stage import Stage
from tutor.errors import RequestError
from tutor.form.evaluate import evaluate
from tutor.form.numerals import number
from tutor.form.reading import read
from tutor.form.tree import ZERO, Form, Listing, Neg

Number = str | int | float | Fraction | Form
CONVENTIONS = ("torch", "optax")


@dataclass(frozen=True)
class Method:
    """A chain of stages. `name` is what it is called, `convention` whose rules it follows."""

    name: str
    convention: str
    stages: tuple[Stage, ...]

    @property
    def settings(self) -> dict[str, Form | tuple[Form, ...]]:
        """The settings of all stages."""
        return {name: value for stage in self.stages for name, value in stage.settings.items()}

    def check_letters(self, count: int) -> None:
        """Raises `RequestError` where a setting has a number for each letter, and there are more letters or fewer."""
        for name, value in self.settings.items():
            if isinstance(value, tuple) and len(value) != count:
                raise RequestError("project", f"the {name} of the region has {len(value)} components, and the function has {count} letters")

    @property
    def rate(self) -> Form:
        """The learning rate; a schedule is a form in n."""
        found = self.settings["alpha"]
        assert isinstance(found, Form)
        return found


def _stage(name: str, memory: str, settings: Mapping[str, str], *lines: str) -> Stage:
    """A stage from the table: lines "b = g + mu*b", memory "b" or "S = 0.1"."""
    texts = dict(line.split(" = ", 1) for line in lines)
    starts = {piece.split(" = ")[0]: read(piece.partition(" = ")[2] or "0") for piece in memory.split(", ") if piece}
    return Stage(name, texts, starts, {letter: read(value) for letter, value in settings.items()})


_ADAM = (
    "m = beta_1*m + (1 - beta_1)*g", "v = beta_2*v + (1 - beta_2)*g^2", "m_hat = m/(1 - beta_1^n)", "v_hat = v/(1 - beta_2^n)",
    "g = m_hat/(sqrt(v_hat) + epsilon)",
)  # fmt: skip
_ADAM_SETTINGS = {"beta_1": "0.9", "beta_2": "0.999", "epsilon": "0.00000001"}
_PLAIN = Stage("gd", {})
_NEWTON = replace(_PLAIN, name="newton", settings={"damping": ZERO}, direction=newton_direction)

METHODS: dict[str, dict[str, Stage]] = {
    "torch": {
        "gd": _PLAIN,
        "momentum": _stage("momentum", "b", {"mu": "0.9", "tau": "0"}, "b = mu*b + (1 - tau*min(1, n - 1))*g", "g = b"),
        "nesterov": _stage("nesterov", "b", {"mu": "0.9"}, "b = mu*b + g", "g = g + mu*b"),
        "adagrad": _stage("adagrad", "S", {"epsilon": "0.0000000001"}, "S = S + g^2", "g = g/(sqrt(S) + epsilon)"),
        "rmsprop": _stage("rmsprop", "v", {"rho": "0.99", "epsilon": "0.00000001"}, "v = rho*v + (1 - rho)*g^2", "g = g/(sqrt(v) + epsilon)"),
        "adam": _stage("adam", "m, v", _ADAM_SETTINGS, *_ADAM),
        "newton": _NEWTON,
    },
    "optax": {
        "gd": _PLAIN,
        "momentum": _stage("momentum", "b", {"mu": "0.9"}, "b = g + mu*b", "g = b"),
        "nesterov": _stage("nesterov", "b", {"mu": "0.9"}, "b = g + mu*b", "g = g + mu*b"),
        "adagrad": _stage("adagrad", "S = 0.1", {"epsilon": "0.0000001"}, "S = S + g^2", "g = g/sqrt(S + epsilon)"),
        "rmsprop": _stage("rmsprop", "v", {"rho": "0.9", "epsilon": "0.00000001"}, "v = rho*v + (1 - rho)*g^2", "g = g/sqrt(v + epsilon)"),
        "adam": _stage("adam", "m, v", _ADAM_SETTINGS, *_ADAM),
        "newton": _NEWTON,
    },
}
"""What each method does to the gradient, by convention and name."""
_RATES = {"torch": {"adagrad": "0.01", "rmsprop": "0.01", "adam": "0.001"}, "optax": dict[str, str]()}
"""Learning rates that a convention gives when none is named. (torch also gives plain descent 0.001, which teaches nothing.)"""

_STEP = _stage("step", "", {}, "x = x - alpha*g")
_MIRROR = _stage("mirror", "", {}, "w = x*e^(-alpha*g)", "x = w/sum(w)")
_DECAY = _stage("weight_decay", "", {}, "g = g + lambda*x")
_CLIP_VALUE = _stage("clip_value", "", {}, "g = max(-c, min(c, g))")
_CLIP_NORM = {
    "torch": _stage("clip_norm", "", {}, "g = g*min(1, c/(norm(g) + 0.000001))"),
    "optax": _stage("clip_norm", "", {}, "g = g*c/max(c, norm(g))"),
}
_REGIONS: dict[str, Stage] = {
    "box": _stage("box", "", {}, "x = max(lower, min(upper, x))"),
    "l2": _stage("l2", "", {}, "x = x*radius/max(radius, norm(x))"),
    "l1": _stage("l1", "", {}, "t = max(0, threshold(abs(x), radius))", "x = sign(x)*max(0, abs(x) - t)"),
    "simplex": _stage("simplex", "", {}, "t = threshold(x, radius)", "x = max(0, x - t)"),
    "halfspace": _stage("halfspace", "", {}, "x = x - normal*max(0, sum(normal*x) - bound)/sum(normal*normal)"),
}
"""Where a point may be, and the nearest allowed point."""
REGIONS = ("box(0, 1)", "l1(1)", "l2(1)", "linf(1)", "simplex", "halfspace((1, 2), 3)")
"""How regions are written."""


def method(
    name: str = "gd",
    *,
    rate: Number | None = None,
    convention: str = "torch",
    clip_norm: Number | None = None,
    clip_value: Number | None = None,
    weight_decay: Number | None = None,
    project: str | None = None,
    mirror: bool = False,
    settings: Mapping[str, Number] | None = None,
) -> Method:
    """A method by its name with all that belongs to it.

    `rate` is a positive number, or a form in n (see `schedules`); `settings` are the method's own, such as mu or beta_1. The gradient is clipped first, then
    the method works on it, then weight decay adds lambda·x (decoupled, as in AdamW); `mirror` multiplies instead of subtracting
    (exponentiated gradient); `project` brings the point back to a region (`REGIONS`).
    Raises `RequestError` for names and numbers that make no sense.
    """
    chosen = _chosen(name, convention)
    stages = [_clipped(_CLIP_NORM[convention], clip_norm), _clipped(_CLIP_VALUE, clip_value), _set(chosen, settings or {})]
    if weight_decay is not None:
        stages.append(replace(_DECAY, settings={"lambda": _number("weight decay", weight_decay, at_least=0)}))
    stages.append(replace(_MIRROR if mirror else _STEP, settings={"alpha": _rate(name, convention, rate)}))
    if project is not None:
        stages.append(_region(project))
    return Method(name, convention, tuple(stage for stage in stages if stage is not None and (stage.texts or stage.direction)))


def _chosen(name: str, convention: str) -> Stage:
    if convention not in METHODS:
        raise RequestError("convention", f"there is no convention {convention!r}", advice=f"Choose one of {', '.join(CONVENTIONS)}.")
    known = METHODS[convention]
    if name not in known:
        near = get_close_matches(name, known, 1)
        raise RequestError("method", f"there is no method {name!r}", advice=f"Did you mean {near[0]}?" if near else f"Choose one of {', '.join(known)}.")
    return known[name]


def _clipped(stage: Stage, length: Number | None) -> Stage | None:
    return None if length is None else replace(stage, settings={"c": positive("clipping length", length)})


def _set(stage: Stage, given: Mapping[str, Number]) -> Stage:
    for name in given:
        if name not in stage.settings:
            known = ", ".join(stage.settings)
            raise RequestError("setting", f"{stage.name} has no setting {name!r}", advice=f"It has {known}." if known else "It has none besides the rate.")
    values = {name: _number(name, value, at_least=0) for name, value in given.items()}
    for name in ("mu", "rho", "beta_1", "beta_2"):
        if name in values and evaluate(values[name], {}) >= 1:
            raise RequestError("setting", f"{name} lies between 0 and 1, not at {values[name]}")
    return replace(stage, settings={**stage.settings, **values})


def _rate(name: str, convention: str, rate: Number | None) -> Form:
    if rate is None:
        rate = "1" if name == "newton" else _RATES[convention].get(name)
    if rate is None:
        raise RequestError("rate", f"{name} needs a learning rate", advice="Give one, such as --rate 0.1.")
    if isinstance(rate, Form) and rate.free == {"n"}:
        return rate
    return _number("learning rate", rate, at_least=0)


def _number(what: str, value: Number, *, above: float | None = None, at_least: float | None = None) -> Form:
    if isinstance(value, Fraction | int):
        form = number(Fraction(value))
    else:
        form = value if isinstance(value, Form) else read(_decimal(value) if isinstance(value, float) else value)
    size = evaluate(form, {}) if not form.free else float("nan")
    if not abs(size) < float("inf") or (above is not None and size <= above) or (at_least is not None and size < at_least):
        wanted = f"above {above:g}" if above is not None else f"from {at_least:g} on" if at_least is not None else "that is finite"
        raise RequestError("setting", f"the {what} is a number {wanted}, not {value}")
    return form


def positive(what: str, value: Number) -> Form:
    """A positive number as a form. Raises `RequestError` with `what` it should be."""
    return _number(what, value, above=0)


def _decimal(value: float) -> str:
    """A float as a decimal without an exponent: what a person would have typed."""
    from decimal import Decimal

    return f"{Decimal(repr(value)):f}"


def _region(text: str) -> Stage:
    """A region as it is written: a name, and numbers in brackets."""
    match = re.fullmatch(r"\s*(\w+)\s*(\(.*\))?\s*", text)
    name = match[1].lower() if match else ""
    given = _arguments(match[2]) if match and match[2] else ()
    if name == "linf" and len(given) == 1:
        return replace(_REGIONS["box"], name="linf", settings={"lower": Neg(_radius(given[0])), "upper": given[0]})
    if name == "box" and len(given) == 2 and evaluate(_scalar(given[0]), {}) < evaluate(_scalar(given[1]), {}):
        return replace(_REGIONS["box"], settings={"lower": given[0], "upper": given[1]})
    if (name in ("l1", "l2") and len(given) == 1) or (name == "simplex" and len(given) <= 1):
        return replace(_REGIONS[name], settings={"radius": _radius(given[0]) if given else read("1")})
    if name == "halfspace" and len(given) == 2 and isinstance(given[0], Listing):
        return replace(_REGIONS[name], settings={"normal": tuple(map(_scalar, given[0].items)), "bound": _scalar(given[1])})
    raise RequestError("project", f"{text!r} is no region", advice=f"Write one of {', '.join(REGIONS)}.")


def _arguments(text: str) -> tuple[Form, ...]:
    form = read(text)
    return form.items if isinstance(form, Listing) else (form,)


def _scalar(form: Form) -> Form:
    return _number("number of a region", form)


def _radius(form: Form) -> Form:
    return positive("radius of a region", form)


__all__ = ["CONVENTIONS", "METHODS", "REGIONS", "Method", "Number", "method", "positive"]
