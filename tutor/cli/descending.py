"""What `tutor descend` is asked: options that contradict each other are refused, the others become an objective and a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import product
from typing import TYPE_CHECKING, Any

from tutor.errors import RequestError

if TYPE_CHECKING:
    from tutor.descent.compare import Race
    from tutor.descent.exactly import ExactTrace
    from tutor.descent.objective import Objective
    from tutor.descent.starts import Basins
    from tutor.descent.trace import Trace
    from tutor.form.reading import Reading
    from tutor.form.tree import Form

Progress = Callable[[int, int], None]
_STEPS = {"one": 20, "race": 50, "starts": 500}
"""Steps where their number is not given."""
_ADAPTIVE = ("adagrad", "rmsprop", "adam")
"""Methods whose steps are about as long as the learning rate, whatever the curvature."""
_ALIASES = {"beta1": "beta_1", "beta2": "beta_2", "eps": "epsilon", "momentum": "mu", "dampening": "tau"}
_FUNCTION = 'tutor descend "x^2 - 4x + 5" --start x=0 --rate 0.1'
_DATA = 'tutor descend --data houses --model "w*size" --target price --start w=0'


@dataclass(frozen=True)
class Request:
    """The options of the command, named as they are typed."""

    expression: str | None = None
    data: str | None = None
    model: str | None = None
    target: str | None = None
    loss: str | None = None
    delta: str | None = None
    batch: int | None = None
    rgd: str | None = None
    l1: str | None = None
    l2: str | None = None
    start: str | None = None
    starts: int | None = None
    within: str | None = None
    seed: int | None = None
    rate: str | None = None
    schedule: str | None = None
    steps: int | None = None
    tolerance: float | None = None
    method: str | None = None
    settings: tuple[str, ...] = ()
    convention: str | None = None
    clip_norm: str | None = None
    clip_value: str | None = None
    weight_decay: str | None = None
    project: str | None = None
    mirror: bool = False
    compare: tuple[str, ...] = ()
    compare_rates: tuple[str, ...] = ()
    exact: bool = False
    blanks: int | None = None
    solution: bool = False

    def has(self, name: str) -> bool:
        """Whether an option was given."""
        return getattr(self, name) not in (None, (), False)


# -- what does not go together -------------------------------------------------------------------------

_NEEDS = {
    "model": ("data", f"a model is fitted to data, and no --data is given: {_DATA}"), "target": ("data", "the target is a column of --data, and none is given"),
    "loss": ("data", "a loss compares a model with data, and no --data is given"), "delta": ("loss", "it belongs to the loss huber: --loss huber"),
    "batch": ("data", f"a batch is a part of the rows of --data, and none is given: {_DATA} --batch 2"),
    "rgd": ("data", f"the rows of --data are weighted by their loss, and none is given: {_DATA} --rgd 1"),
    "within": ("starts", "it says where many starts lie: --starts 20"), "solution": ("blanks", "it fills in the blanks of an exercise: --blanks 3"),
}  # fmt: skip
"""An option, the one that it needs, and why."""
_EXCLUDES = (
    ("compare", "compare_rates", "one thing is compared at a time; leave one out"),
    ("compare", "method", "the methods are those of --compare; leave --method out"),
    ("compare", "mirror", "mirror descent is a method of its own; run it by itself"),
    ("compare", "schedule", "the methods are compared at fixed rates; leave --schedule out"),
    ("compare_rates", "rate", "the rates are those of --compare-rates; leave --rate out"),
    ("compare_rates", "schedule", "fixed rates are compared; leave --schedule out"),
    ("starts", "start", "--starts spreads many starts, --start is one; leave one out"),
    ("starts", "compare", "many starts are for one method; choose it with --method"),
    ("starts", "compare_rates", "many starts are for one rate; choose it with --rate"),
    ("exact", "starts", "exact fractions are for a single run; leave one out"), ("exact", "compare", "exact fractions are for a single run; leave one out"),
    ("exact", "compare_rates", "exact fractions are for a single run; leave one out"),
    ("exact", "data", "fractions are for written functions; the losses of data are computed in floats"),
    ("blanks", "starts", "an exercise is one table; leave one out"), ("blanks", "compare", "an exercise is one table; leave one out"),
    ("blanks", "compare_rates", "an exercise is one table; leave one out"),
    ("mirror", "project", "mirror descent stays on the simplex by itself; leave one out"),
)  # fmt: skip
"""Two options that contradict each other, and what to do."""
_SEEDED = ("batch", "starts", "blanks")


def typed(name: str) -> str:
    """An option as it is typed."""
    return f"--{ {'settings': 'set'}.get(name, name).replace('_', '-') }"


def check(request: Request) -> None:
    """Raises `RequestError` for options that do not go together, with what to do."""
    if request.has("expression") and request.has("data"):
        raise RequestError("options", "both a function and --data are given, and only one of them can be made small", advice="Leave one out.")
    if not request.has("expression") and not request.has("data"):
        raise RequestError("options", "there is nothing to make small", advice=f"Give a function, {_FUNCTION}; or data, {_DATA}.")
    if request.has("data") and not request.has("model"):
        raise RequestError("options", "--data needs a model", advice=f'Write what is predicted from the columns, with letters for what is looked for: {_DATA}.')
    for name, (other, why) in _NEEDS.items():
        if request.has(name) and not request.has(other):
            raise RequestError("options", f"{typed(name)} goes with {typed(other)}", advice=f"{why[0].upper()}{why[1:]}.")
    for one, other, what in _EXCLUDES:
        if request.has(one) and request.has(other):
            raise RequestError("options", f"{typed(one)} and {typed(other)} contradict each other", advice=f"{what[0].upper()}{what[1:]}.")
    if request.seed is not None and not any(map(request.has, _SEEDED)):
        raise RequestError("options", "--seed chooses starts, batches or blanks, and there are none here", advice="Leave it out, or add --starts, --batch or --blanks.")
    if request.seed is not None and request.seed < 0:
        raise RequestError("seed", f"the seed is a whole number from 0 on, not {request.seed}")
    if request.tolerance is not None and not 0 <= request.tolerance < float("inf"):
        raise RequestError("tolerance", f"the tolerance is a length from 0 on, not {request.tolerance:g}")


# -- what is made small --------------------------------------------------------------------------------


def objective_of(request: Request) -> tuple[Reading, Objective]:
    """How the text was read, and what is made small."""
    from tutor.form.reading import Reading, understand

    if request.data is not None:
        from tutor.descent.fit import fit

        assert request.model is not None
        found = fit(
            request.model, request.target, request.data, request.loss or "mse", delta=request.delta or 1, l1=request.l1 or 0, l2=request.l2 or 0,
            temperature=request.rgd,
        )  # fmt: skip
        return Reading(request.model, found.model, (), frozenset(), frozenset()), found
    from tutor.descent.losses import setting
    from tutor.descent.objective import penalised, written
    from tutor.form.tree import ZERO

    assert request.expression is not None
    reading = understand(request.expression, variables=_long_names(request.start))
    if not reading.form.free:
        raise RequestError("expression", "the function has no letters, so there is nothing to move", advice=f"Write a function of some letters: {_FUNCTION}.")
    penalties = [ZERO if value is None else setting(name, value, at_least=0) for name, value in (("l1", request.l1), ("l2", request.l2))]
    return reading, penalised(written(reading.form), *penalties)


def _long_names(start: str | None) -> tuple[str, ...]:
    """Names of several letters that the start gives a value, so that the function is read with them."""
    names = (piece.partition("=")[0].strip() for piece in (start or "").replace(";", ",").split(","))
    return tuple(name for name in names if len(name) > 1 and name.replace("_", "").isalnum() and not name[0].isdigit())


# -- the run -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Run:
    """A finished run, and how the text was read; what was decided for the person stands among the remarks."""

    reading: Reading
    result: Trace | ExactTrace | Race | Basins

    @property
    def drawn(self) -> Trace | Race | Basins:
        """What a picture is made of."""
        from tutor.descent.exactly import ExactTrace

        return self.result.trace if isinstance(self.result, ExactTrace) else self.result

    @property
    def interrupted(self) -> bool:
        """Whether a person stopped it."""
        return any(trace.stopped == "interrupted" for trace in traces_of(self.result))


def traces_of(result: Any) -> tuple[Trace, ...]:
    """The runs in a result."""
    return getattr(result, "traces", None) or (getattr(result, "trace", result),)


def run(request: Request, progress: Progress | None = None) -> Run:
    """The run that is asked for. Raises `ReadError` and `RequestError`."""
    check(request)
    reading, objective = objective_of(request)
    _check_region(request.project, objective.letters)
    decide = _Decisions(request, objective)
    result = _starts(request, objective, decide, progress) if request.starts is not None else _from_one(request, objective, decide, progress)
    if decide.chosen:
        reading = replace(reading, remarks=(*reading.remarks, f"descent.chosen.{decide.chosen}"))
    return Run(reading, result)


def _check_region(project: str | None, letters: Sequence[str]) -> None:
    """Raises `RequestError` for a half-space with more or fewer directions than there are letters."""
    if project is None:
        return
    from tutor.descent.method import method

    for value in method("gd", rate=1, project=project).settings.values():
        if isinstance(value, tuple) and len(value) != len(letters):
            raise RequestError(
                "project", f"the normal of the half-space has {len(value)} parts, and there {'is' if len(letters) == 1 else 'are'} {len(letters)} to move",
                advice=f"Give one for each of {', '.join(letters)}.",
            )  # fmt: skip


class _Decisions:
    """What was not given and is decided here: the learning rate, above all."""

    def __init__(self, request: Request, objective: Objective) -> None:
        self.request, self.objective, self.chosen = request, objective, ""

    @property
    def options(self) -> dict[str, Any]:
        """What all methods share."""
        names = ("clip_norm", "clip_value", "weight_decay", "project")
        found: dict[str, Any] = {name: value for name in names if (value := getattr(self.request, name)) is not None}
        return found | {"convention": self.request.convention or "torch", "mirror": self.request.mirror}

    def rate(self, method: str, points: Sequence[Sequence[float]], steps: int) -> Any:
        """The rate that was given, that of the library whose convention was asked for, or one that fits the curvature; then its schedule."""
        from tutor.descent.suggested import suggested_rate
        from tutor.form.reading import read

        rate: Any = self.request.rate
        if rate is None and method == "newton":
            rate = "1"
        elif rate is None and not (method in _ADAPTIVE and self.request.convention == "torch"):
            kind = "adaptive" if method in _ADAPTIVE else "curvature"
            self.chosen = kind if self.chosen in ("", kind) else "race"
            rate = read("0.1") if method in _ADAPTIVE else suggested_rate(self.objective, points)
        if self.request.schedule is None:
            return rate
        from tutor.descent.schedules import schedule

        return schedule(self.request.schedule, rate if rate is not None else "0.01", steps)

    def settings(self, methods: Sequence[str]) -> dict[str, dict[str, str]]:
        """The settings of --set for each method that has them."""
        from tutor.descent.method import METHODS

        found: dict[str, dict[str, str]] = {method: {} for method in methods}
        known = METHODS.get(self.request.convention or "torch", {})
        for name, value in _assignments(self.request.settings).items():
            owners = [method for method in methods if method in known and name in known[method].settings]
            for method in owners or methods[:1]:
                found[method][name] = value
        return found


def _assignments(texts: Sequence[str]) -> dict[str, str]:
    """mu=0.95 as a name and a value; several may stand behind each other with commas."""
    found: dict[str, str] = {}
    for piece in (piece for text in texts for piece in text.split(",")):
        name, sign, value = (part.strip() for part in piece.partition("="))
        if not (name and sign and value):
            raise RequestError("setting", f"{piece.strip()!r} sets nothing", advice="Write a name and a number, such as --set mu=0.95.")
        name = _ALIASES.get(name, name)
        if name in found:
            raise RequestError("setting", f"{name} is set twice", advice="Leave one out.")
        found[name] = value
    return found


def _from_one(request: Request, objective: Objective, decide: _Decisions, progress: Progress | None) -> Trace | ExactTrace | Race:
    """One run, or several from one start."""
    start = _start(request, objective)
    kind = "race" if request.compare else "one"
    steps = _STEPS[kind] if request.steps is None else request.steps
    shared: dict[str, Any] = {"start": start, "steps": steps, "tolerance": request.tolerance, "progress": progress, **decide.options}
    if request.batch is not None:
        from tutor.descent.batches import batch_slopes
        from tutor.descent.fit import Fit

        assert isinstance(objective, Fit)
        shared["batch"] = batch_slopes(objective, request.batch, request.seed or 0)
    points = [_floats(start, objective)]
    if request.compare:
        from tutor.descent.compare import race

        rates = {name: decide.rate(name, points, steps) for name in request.compare}
        return race(objective, methods=request.compare, rate=rates, settings=decide.settings(request.compare), **shared)
    name = request.method or "gd"
    if request.compare_rates:
        from tutor.descent.compare import sweep

        return sweep(objective, rates=request.compare_rates, method=name, settings=decide.settings([name])[name], **shared)
    from tutor.descent.run import descend

    trace = descend(objective, rate=decide.rate(name, points, steps), method=name, settings=decide.settings([name])[name], **shared)
    if not request.exact:
        return trace
    from tutor.descent.exactly import exactly

    return exactly(trace)


def _start(request: Request, objective: Objective) -> dict[str, Form]:
    """Where it begins."""
    from tutor.calculus.points import read_point
    from tutor.form.evaluate import evaluate

    shown = ",".join(f"{letter}=1" for letter in objective.letters[:6]) + (",…" if len(objective.letters) > 6 else "")
    if request.start is None:
        raise RequestError("start", "it is not said where to begin", advice=f"Give a point, such as --start {shown}; or many starts, --starts 20.")
    point = read_point(request.start)
    if request.mirror and any(not value.free and evaluate(value, {}) <= 0 for value in point.values()):
        raise RequestError("start", "mirror descent multiplies, so every part of the start is above 0", advice=f"Start at {_even(objective.letters)}.")
    return point


def _even(letters: Sequence[str]) -> str:
    if len(letters) == 1:
        return f"{letters[0]}=1"
    return ",".join(f"{letter}=1/{len(letters)}" for letter in letters[:6])


def _floats(start: Mapping[str, Form], objective: Objective) -> list[float]:
    from tutor.form.evaluate import evaluate

    known = {letter: evaluate(value, {}) for letter, value in start.items() if not value.free}
    return [known.get(letter, 0.0) for letter in objective.letters]


def _starts(request: Request, objective: Objective, decide: _Decisions, progress: Progress | None) -> Basins:
    from tutor.descent.starts import basins

    assert request.starts is not None
    steps = _STEPS["starts"] if request.steps is None else request.steps
    box = _box(request.within, objective.letters)
    sides = [box[letter] for letter in objective.letters]
    name = request.method or "gd"
    if request.batch is not None:
        raise RequestError("options", "--starts and --batch contradict each other", advice="Where a start leads is only certain without batches: leave one out.")
    return basins(
        objective, starts=request.starts, seed=request.seed or 0, rate=decide.rate(name, _spread(sides), steps), steps=steps, method=name, box=box,
        settings=decide.settings([name])[name], tolerance=request.tolerance, progress=progress, **decide.options,
    )  # fmt: skip


def _spread(sides: Sequence[tuple[float, float]]) -> list[tuple[float, ...]]:
    """A few points of a box, its corners among them: of many letters only two corners and the middle."""
    if len(sides) > 4:
        return [tuple(low for low, _ in sides), tuple((low + high) / 2 for low, high in sides), tuple(high for _, high in sides)]
    return list(product(*([low, (low + high) / 2, high] for low, high in sides)))


def _box(text: str | None, letters: Sequence[str]) -> dict[str, tuple[float, float]]:
    """The sides of the box: "-3,3" for all letters, or "x=(-2,2),y=(0,1)"."""
    if text is None:
        return dict.fromkeys(letters, (-3.0, 3.0))
    from tutor.calculus.points import read_point
    from tutor.form.evaluate import evaluate
    from tutor.form.reading import read
    from tutor.form.tree import Listing

    def pair(form: Form) -> tuple[float, float]:
        parts = form.items if isinstance(form, Listing) and len(form.items) == 2 else ()
        if not parts or form.free:
            raise RequestError("box", f"{text!r} gives no box", advice="Write --within -3,3 for all letters, or --within \"x=(-2,2),y=(0,1)\".")
        low, high = (evaluate(part, {}) for part in parts)
        if not low < high:
            raise RequestError("box", f"the box goes from {low:g} to {high:g}", advice="Give the smaller number first.")
        return low, high

    if "=" not in text:
        return dict.fromkeys(letters, pair(read(text if text.strip().startswith("(") else f"({text})")))
    point = read_point(text)
    missing = [letter for letter in letters if letter not in point]
    if missing:
        raise RequestError("box", f"the box has no sides for {', '.join(missing)}", advice=f"Add them, such as {missing[0]}=(-3,3).")
    return {letter: pair(point[letter]) for letter in letters}


OPTIONS = tuple(one.name for one in fields(Request))
"""The names of the options that make a request."""

__all__ = ["OPTIONS", "Request", "Run", "check", "objective_of", "run", "traces_of", "typed"]
