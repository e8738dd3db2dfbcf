"""Models from a line of options: a neuron, a network of two layers, softmax regression, a chain of layers.

A preset is a pure function from its options to a `Model`: the loss as a form, a point for all letters
(fixed, small numbers, the same on every run), the letters to train, and what the parts are called: z
what an activation reads, a what it gives, p a probability or a prediction, L the loss.

>>> found = model("neuron", inputs=2)
>>> str(found.form), found.trained
('(sigmoid(w_1*x_1 + w_2*x_2 + b) - y)^2', ('b', 'w_1', 'w_2'))
>>> {letter: str(value) for letter, value in found.point.items()}
{'x_1': '1', 'x_2': '2', 'y': '1', 'w_1': '0.5', 'w_2': '-0.3', 'b': '0.2'}
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from tutor.calculus.graph.network import ordered_name
from tutor.errors import RequestError
from tutor.form.numerals import number
from tutor.form.reading import read
from tutor.form.tree import TWO, Add, Call, Div, E, Form, Mul, Neg, Num, Pow, Sym, total
from tutor.form.walk import substitute


@dataclass(frozen=True, slots=True)
class Model:
    """A loss with everything that is needed to propagate through it.

    `layers` holds, for a chain, what each layer reads and gives (z, a); `classes`, for softmax, the
    names (z, p, y) of each class.
    """

    preset: str
    options: Mapping[str, str]
    form: Form
    point: Mapping[str, Form]
    trained: tuple[str, ...]
    names: Mapping[Form, str]
    activation: str = ""
    layers: tuple[tuple[str, str], ...] = ()
    classes: tuple[tuple[str, str, str], ...] = ()

    @property
    def text(self) -> str:
        """The line of options."""
        return " ".join([f"--preset {self.preset}", *(f"--{name} {value}" for name, value in self.options.items())])


@dataclass(frozen=True, slots=True)
class Activation:
    """An activation as a text in u. Its slope lies between 0 and `most`: `most` minus its slope is `gap`, which is never negative (empty: said by no formula)."""

    text: str
    most: Fraction
    gap: str = ""


ACTIVATIONS: dict[str, Activation] = {
    "sigmoid": Activation("sigmoid(u)", Fraction(1, 4), "(sigmoid(u) - 1/2)^2"),
    "tanh": Activation("tanh(u)", Fraction(1), "tanh(u)^2"),
    "relu": Activation("relu(u)", Fraction(1)),
    "softplus": Activation("softplus(u)", Fraction(1), "sigmoid(-u)"),
    "identity": Activation("u", Fraction(1)),
}
"""The activations by name."""


@dataclass(frozen=True, slots=True)
class Option:
    """A whole number that a preset takes, from `least` to `most`."""

    default: int
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Preset:
    """How a model is built, and which options it takes."""

    build: Callable[..., Model]
    options: Mapping[str, Option]
    activation: str = "sigmoid"
    weighted: bool = False


def model(preset: str, *, activation: str | None = None, weight: str | float | Form | None = None, **options: int | None) -> Model:
    """The model of a preset (neuron, network, softmax, chain) with these options; those left out have their defaults.

    Raises `RequestError` for what is no preset, an option that it does not take, a size outside its limits.

    >>> str(model("chain", layers=2, activation="tanh").form)
    '(tanh(w_2*tanh(w_1*x)) - y)^2'
    """
    if preset not in PRESETS:
        raise RequestError("preset", f"there is no preset {preset!r}", advice=f"Choose one of {', '.join(PRESETS)}.")
    found = PRESETS[preset]
    given = {name: value for name, value in options.items() if value is not None}
    allowed = [*found.options, *(["activation"] if found.activation else []), *(["weight"] if found.weighted else [])]
    asked = [*given, *(["activation"] if activation is not None else []), *(["weight"] if weight is not None else [])]
    for name in asked:
        if name not in allowed:
            raise RequestError("preset", f"the preset {preset} has no option --{name}", advice=f"It takes {', '.join('--' + one for one in allowed)}.")
    sizes = {name: _size(name, given.get(name, option.default), option) for name, option in found.options.items()}
    extra: dict[str, object] = {}
    if found.activation:
        extra["activation"] = _activation(activation or found.activation)
    if found.weighted:
        extra["weight"] = _weight(weight)
    return found.build(**sizes, **extra)


def _size(name: str, value: int, option: Option) -> int:
    if not option.least <= value <= option.most:
        raise RequestError("preset", f"--{name} is a number from {option.least} to {option.most}, not {value}", advice=f"Give one, such as --{name} {option.default}.")
    return value


def _activation(name: str) -> str:
    if name not in ACTIVATIONS:
        raise RequestError("preset", f"there is no activation {name!r}", advice=f"Choose one of {', '.join(ACTIVATIONS)}.")
    return name


def _weight(weight: str | float | Form | None) -> Form:
    form = weight if isinstance(weight, Form) else read(str(1 if weight is None else weight))
    if form.free:
        raise RequestError("preset", f"the weight {form} is no number", advice="Give one, such as --weight 5.")
    return form


# -- numbers -----------------------------------------------------------------------------------------

_WEIGHTS = ("0.5", "-0.3", "0.8", "0.2", "-0.6", "0.1", "0.4", "-0.5", "0.7")
_BIASES = ("0.2", "-0.1", "0.3")
_INPUTS = ("1", "2", "-1", "0.5", "3", "-2", "1.5")


def _cycled(values: tuple[str, ...], place: int) -> Form:
    return read(values[place % len(values)])


@dataclass(slots=True)
class _Maker:
    """The letters made so far with their numbers, and the names of the parts."""

    point: dict[str, Form] = field(default_factory=dict)
    trained: list[str] = field(default_factory=list)
    names: dict[Form, str] = field(default_factory=dict)
    weights: int = 0

    def data(self, name: str, value: Form) -> Sym:
        """A letter that is given."""
        self.point[name] = value
        return Sym(name)

    def weight(self, name: str, value: Form | None = None) -> Sym:
        """A letter that is trained."""
        self.point[name] = _cycled(_WEIGHTS, self.weights) if value is None else value
        self.weights += value is None
        self.trained.append(name)
        return Sym(name)

    def bias(self, name: str, place: int = 0) -> Sym:
        """A bias, which is trained too."""
        return self.weight(name, _cycled(_BIASES, place))

    def called(self, name: str, form: Form) -> Form:
        """A part with a name of its own."""
        if not isinstance(form, Sym):
            self.names[form] = name
        return form

    def model(self, preset: str, options: Mapping[str, object], form: Form, activation: str = "", **more: object) -> Model:
        """The finished model."""
        texts = {name: str(value) for name, value in options.items()}
        return Model(preset, texts, form, self.point, tuple(sorted(self.trained, key=ordered_name)), self.names, activation, **more)  # type: ignore[arg-type]


def _active(activation: str, inner: Form) -> Form:
    return substitute(read(ACTIVATIONS[activation].text), {"u": inner})


def _squared(value: Form, wanted: Form) -> Form:
    return Pow(Add((value, Neg(wanted))), TWO)


def _neuron(inputs: int, activation: str) -> Model:
    make = _Maker()
    xs = [make.data(f"x_{k}", _cycled(_INPUTS, k - 1)) for k in range(1, inputs + 1)]
    y = make.data("y", Num(1))
    terms = [Mul((make.weight(f"w_{k}"), x)) for k, x in enumerate(xs, 1)]
    z = make.called("z", Add((*terms, make.bias("b"))))
    a = make.called("a", _active(activation, z))
    return make.model("neuron", {"inputs": inputs, "activation": activation}, _squared(a, y), activation)


def _network(inputs: int, hidden: int, activation: str) -> Model:
    """p = u·a + c over the hidden layer a = σ(W x + b)."""
    make = _Maker()
    xs = [make.data(f"x_{k}", _cycled(_INPUTS, k - 1)) for k in range(1, inputs + 1)]
    y = make.data("y", Num(1))
    outer: list[Form] = []
    for j in range(1, hidden + 1):
        terms = [Mul((make.weight(f"w_{j}{k}"), x)) for k, x in enumerate(xs, 1)]
        z = make.called(f"z_{j}", Add((*terms, make.bias(f"b_{j}", j - 1))))
        outer.append(make.called(f"a_{j}", _active(activation, z)))
    sums = [Mul((make.weight(f"u_{j}"), a)) for j, a in enumerate(outer, 1)]
    p = make.called("p", Add((*sums, make.bias("c"))))
    return make.model("network", {"inputs": inputs, "hidden": hidden, "activation": activation}, _squared(p, y), activation)


def _softmax(inputs: int, classes: int) -> Model:
    """L = −Σ yₖ ln pₖ with p = softmax(W x + b); the first class is the right one."""
    make = _Maker()
    xs = [make.data(f"x_{i}", _cycled(_INPUTS, i - 1)) for i in range(1, inputs + 1)]
    powers: list[Form] = []
    for k in range(1, classes + 1):
        terms = [Mul((make.weight(f"w_{k}{i}"), x)) for i, x in enumerate(xs, 1)]
        z = make.called(f"z_{k}", Add((*terms, make.bias(f"b_{k}", k - 1))))
        powers.append(make.called(f"q_{k}", Pow(E, z)))
    s = make.called("s", total(powers))
    logs = []
    for k, power in enumerate(powers, 1):
        y = make.data(f"y_{k}", Num(int(k == 1)))
        logs.append(Mul((y, Call("ln", (make.called(f"p_{k}", Div(power, s)),)))))
    loss = Add(tuple(Neg(one) for one in logs))
    names = tuple((f"z_{k}", f"p_{k}", f"y_{k}") for k in range(1, classes + 1))
    return make.model("softmax", {"inputs": inputs, "classes": classes}, loss, classes=names)


def _chain(layers: int, weight: Form, activation: str) -> Model:
    """aₖ = σ(wₖ aₖ₋₁), one weight a layer."""
    make = _Maker()
    a: Form = make.data("x", number(Fraction(1, 2), decimal=True))
    y = make.data("y", Num(1))
    names = []
    for k in range(1, layers + 1):
        z = make.called(f"z_{k}", Mul((make.weight(f"w_{k}", weight), a)))
        a = _active(activation, z)
        if a is not z:
            make.called(f"a_{k}", a)
        names.append((f"z_{k}", f"a_{k}" if a is not z else f"z_{k}"))
    options = {"layers": layers, "weight": weight, "activation": activation}
    return make.model("chain", options, _squared(a, y), activation, layers=tuple(names))


PRESETS: dict[str, Preset] = {
    "neuron": Preset(_neuron, {"inputs": Option(2, 1, 50)}),
    "network": Preset(_network, {"inputs": Option(2, 1, 9), "hidden": Option(3, 1, 9)}),
    "softmax": Preset(_softmax, {"inputs": Option(2, 1, 9), "classes": Option(3, 2, 9)}, activation=""),
    "chain": Preset(_chain, {"layers": Option(10, 1, 120)}, weighted=True),
}
"""The presets by name."""
