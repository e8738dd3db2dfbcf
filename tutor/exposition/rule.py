"""The rule of a method as it is written on a board, and its first step with the numbers put in, line by line.

The stages of a method are written in the letters x, g and n. Here they speak of the letters of the objective: of one letter x the
rule says x ← x − α f′(x); of several it holds for each letter, which is called θ.

>>> from tutor.descent.run import descend
>>> trace = descend("x^2 - 4x + 5", start="x=0", rate="0.1", steps=2, method="momentum")
>>> for line in rule_lines(trace):
...     print(line.stage, "|", line.form)
gradient | g <- f'(x)
momentum | b <- mu*b + g
step | x <- x - alpha*b
>>> for line in first_step(trace):
...     print(line.form)
g = f'(0) = 2*0 - 4 = -4
b = 0.9*0 - 4 = -4
x_1 = 0 - 0.1*(-4) = 0.4
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tutor.exposition.columns import figures, short
from tutor.exposition.names import Name
from tutor.exposition.objective import data_of, name_of
from tutor.form.arithmetic import compute
from tutor.form.evaluate import evaluate
from tutor.form.numerals import number, rational
from tutor.form.rationals import RATIONALS
from tutor.form.tree import ONE, ZERO, Add, Apply, Call, Div, Form, Listing, Mul, Neg, Pow, Relation, Sym, total
from tutor.form.walk import rewritten, substitute

if TYPE_CHECKING:
    from tutor.descent.trace import Trace

MOST_WRITTEN = 3
"""Letters up to which a step is written out coordinate by coordinate."""
_PLACES, _FIGURES, _SHORT = 6, 6, 1_000
"""Decimals, and significant digits, of a number that is put in; denominators up to which a fraction is shown as one."""
_LONGEST = 60
"""Gradients with more nodes than this are not written with their numbers."""
_OTHERS = {"theta": "p", "g": "G", "n": "k", "b": "B", "S": "V", "v": "V", "m": "M", "t": "T", "w": "W", "c": "C", "H": "K"}
"""What a letter of the rule is called where the objective has a letter of that name."""


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A line of a rule; `stage` and `name` are what the reasons go by."""

    stage: str
    name: str
    form: Form


@dataclass(frozen=True, slots=True)
class Shown:
    """A number of a step: its value, exact where it is a fraction, and how it is shown."""

    value: Fraction | float

    @property
    def exactly(self) -> Form | None:
        """The number without rounding, where that is short."""
        if not isinstance(self.value, Fraction):
            return None
        ends = short(self.value, _PLACES)
        return ends if ends is not None else number(self.value) if self.value.denominator < _SHORT else None

    @property
    def form(self) -> Form:
        """The number as it is shown."""
        return self.exactly or figures(float(self.value), _FIGURES)

    @property
    def is_rounded(self) -> bool:
        """Whether the shown number is not quite the number."""
        return self.exactly is None


# -- the rule ------------------------------------------------------------------------------------------


def renaming(trace: Trace) -> dict[str, str]:
    """What the letters of the stages are called beside the letters of this objective."""
    letters = set(trace.letters)
    names = {name for stage in trace.method.stages for name in (*stage.texts, *stage.memory)} | {"g", "n", "H"}
    found = {name: _OTHERS.get(name, name.upper()) if name in letters else name for name in names}
    found["x"] = trace.letters[0] if len(letters) == 1 else "p" if "theta" in letters else "theta"
    return found


def is_plain(trace: Trace) -> bool:
    """Whether the method is descent and nothing else, so that a step fits into one formula."""
    return [stage.name for stage in trace.method.stages] == ["step"]


def is_reweighted(trace: Trace) -> bool:
    """Whether the steps follow re-weighted slopes, which are the gradient of no function."""
    fit = data_of(trace.objective)
    return fit is not None and fit.temperature is not None


def slope_sign(trace: Trace, name: Name, letter: str) -> Form:
    """What the slope by a letter is called: f′(x), ∂f/∂x; of re-weighted rows g."""
    if not is_reweighted(trace):
        return name.derivative((letter,))
    g = renaming(trace)["g"]
    return Sym(g) if len(trace.letters) == 1 else Sym(f"{g}_{letter}")


def rule_lines(trace: Trace, name: Name | None = None) -> list[RuleLine]:
    """The lines of the rule in general letters; a line that only renames what stands above it is left out."""
    name = name or name_of(trace)
    called = renaming(trace)
    slope = Sym(called["g"]) if is_reweighted(trace) else _slope(name, called["x"], trace.letters)
    if is_plain(trace):
        return [RuleLine("step", "x", _plain_rule(trace, slope))]
    found = [] if is_reweighted(trace) else [RuleLine("gradient", "g", Relation((Sym(called["g"]), slope), ("<-",)))]
    if len(trace.letters) == 1 and any(stage.direction is not None for stage in trace.method.stages):
        found.append(RuleLine("newton", "H", Relation((Sym(called["H"]), name.derivative(trace.letters * 2)), ("<-",))))
    same: dict[str, str] = {}
    for stage, line_name, value in _lines(trace):
        for other in [other for other, root in same.items() if line_name in (other, root)]:
            del same[other]
        shown = _renamed(_aliased(value, same), called)
        if isinstance(value, Sym) and value.name != "x":
            same[line_name] = same.get(value.name, value.name)
            continue
        found.append(RuleLine(stage, line_name, Relation((Sym(called[line_name]), shown), ("<-",))))
    return found


def _slope(name: Name, letter: str, letters: tuple[str, ...]) -> Form:
    return name.derivative((letter,)) if len(letters) == 1 else Call("grad", (Sym(name.name),))


def _plain_rule(trace: Trace, slope: Form) -> Form:
    alpha = Sym("alpha")
    if len(trace.letters) == 1:
        here: Form = Sym(trace.letters[0])
        return Relation((here, Add((here, Neg(Mul((alpha, slope)))))), ("<-",))
    here = Listing("tuple", tuple(map(Sym, trace.letters))) if len(trace.letters) <= MOST_WRITTEN else Sym(renaming(trace)["x"])
    return Relation((here, Add((here, Neg(Mul((alpha, slope)))))), ("<-",))


def _lines(trace: Trace) -> Iterator[tuple[str, str, Form]]:
    """Stage, name and right side of each line, settings that are zero or have no sign of their own put in."""
    for stage in trace.method.stages:
        if stage.direction is not None:
            yield stage.name, "g", _direction(stage.settings, len(trace.letters))
        put_in = {name: value for name, value in stage.settings.items() if not isinstance(value, tuple) and (value is ZERO or (len(name) > 1 and not _is_greek(name)))}
        for line in stage.lines:
            yield stage.name, line.name, _tidied(_single(substitute(line.value, put_in), len(trace.letters)))


def _direction(settings: Mapping[str, Any], size: int) -> Form:
    """H⁻¹ g, with the damping in it where there is some."""
    damping = settings.get("damping", ZERO)
    if size == 1:
        return Div(Sym("g"), Sym("H") if damping is ZERO else Add((Sym("H"), damping)))
    inside: Form = Sym("H") if damping is ZERO else Add((Sym("H"), Mul((damping, Sym("I")))))
    return Mul((Pow(inside, Neg(ONE)), Sym("g")))


def _is_greek(name: str) -> bool:
    from tutor.form.tokens import GREEK_LETTERS

    return name.partition("_")[0] in GREEK_LETTERS


def _single(form: Form, size: int) -> Form:
    """Of one letter the length is the absolute value, and a sum is its only part."""
    if size > 1:
        return form

    def reduced(node: Form) -> Form:
        match node:
            case Apply("norm", (part,)):
                return Call("abs", (part,))
            case Apply("sum", (part,)):
                return part
            case Apply("threshold", (part, radius)):
                return Add((part, Neg(radius)))
        return node

    return rewritten(form, reduced)


def _tidied(form: Form) -> Form:
    """The form without products with zero and sums with nothing."""

    def change(node: Form) -> Form:
        match node:
            case Mul(factors) if ZERO in factors:
                return ZERO
            case Mul(factors) if ONE in factors:
                rest = tuple(factor for factor in factors if factor is not ONE)
                return rest[0] if len(rest) == 1 else Mul(rest) if rest else ONE
            case Neg(inner) if inner is ZERO:
                return ZERO
            case Add(terms) if ZERO in terms:
                return total(term for term in terms if term is not ZERO)
        return node

    return rewritten(form, change)


def _aliased(form: Form, same: Mapping[str, str]) -> Form:
    return substitute(form, {other: Sym(root) for other, root in same.items()})


def _renamed(form: Form, called: Mapping[str, str]) -> Form:
    return substitute(form, {name: Sym(other) for name, other in called.items() if name != other})


def settings_shown(trace: Trace) -> list[Relation]:
    """The settings that the rule names by a sign, with their values: α = 0.1, μ = 0.9."""
    found: list[Relation] = []
    for stage in trace.method.stages:
        for name, value in stage.settings.items():
            if isinstance(value, tuple):
                found.append(Relation((Sym(name), Listing("tuple", value)), ("=",)))
            elif value is not ZERO and (len(name) == 1 or _is_greek(name)):
                found.append(Relation((Sym(name), _readable(value)), ("=",)))
    return sorted(found, key=lambda one: (one.operands[0] is not Sym("alpha")))


def _readable(value: Form) -> Form:
    """0.00000001 as 10⁻⁸."""
    fraction = rational(value)
    return figures(float(fraction)) if fraction is not None and 0 < abs(fraction) < Fraction(1, 1000) else value


# -- the first step ------------------------------------------------------------------------------------


def first_step(trace: Trace, name: Name | None = None) -> list[RuleLine]:
    """The lines of the first step with their numbers, for few letters; nothing where the run has no step or a line no value."""
    if trace.steps < 1 or len(trace.letters) > MOST_WRITTEN:
        return []
    return _Walk(trace, name or name_of(trace)).lines()


def batch_slopes(trace: Trace) -> Callable[..., tuple[float, ...]] | None:
    """The gradient of a step's batch, as a function of the step's number and the point; None where every step sees everything."""
    from tutor.descent.program import Program
    from tutor.form.compiled import Asked

    if not isinstance(trace.program, Program):
        return trace.program.batch
    first = trace.program.steps[0]
    return first.function if isinstance(first, Asked) and first.letters[:1] == ("n",) else None


def slopes_used(trace: Trace, n: int) -> tuple[float, ...]:
    """The gradient that step n + 1 uses: that of its batch, else the whole one at iterate n."""
    point, batch = trace.points[n].tolist(), batch_slopes(trace)
    return trace.objective.slopes(*point) if batch is None else batch(n + 1, *point)


class _Walk:
    """One step on its way: what each letter stands for, coordinate by coordinate."""

    def __init__(self, trace: Trace, name: Name) -> None:
        self.trace, self.name, self.called = trace, name, renaming(trace)
        self.size = len(trace.letters)
        self.known: dict[str, tuple[Shown, ...]] = {"x": tuple(_shown(part, {}) for part in trace.start), "n": (Shown(Fraction(1)),) * self.size}
        self.assigned: set[str] = set()

    def lines(self) -> list[RuleLine]:
        found = self.gradient()
        if is_plain(self.trace):
            rate = _shown(substitute(self.trace.method.rate, {"n": ONE}), {})
            form = update(self.trace.letters, self.known["x"], self.known["g"], rate, 1)
            return [*found, RuleLine("step", "x", form)]
        last = max(k for k, (_, name, _) in enumerate(_lines(self.trace)) if name == "x")
        for k, (stage, name, value) in enumerate(_lines(self.trace)):
            found += self.direction(stage) if name == "g" and stage == "newton" else self.line(stage, name, value, k == last)
            if not all(math.isfinite(float(shown.value)) for shown in self.known[name]):
                return []
        return found

    def gradient(self) -> list[RuleLine]:
        """g = f′(0) = 2·0 − 4 = −4."""
        point = dict(zip(self.trace.letters, self.known["x"], strict=True))
        put_in = {letter: shown.form for letter, shown in point.items()}
        worked = self.trace.objective.gradient if batch_slopes(self.trace) is None else None
        used = slopes_used(self.trace, 0)
        found = [Shown(used[k]) if worked is None else _shown(worked.value[k], point) for k in range(self.size)]
        filled = [None] * self.size if worked is None else [substitute(form, put_in) if form.size <= _LONGEST else None for form in worked.value]
        rounded = any(shown.is_rounded for shown in point.values())
        self.known["g"] = tuple(found)
        self.assigned.add("g")
        plain = is_plain(self.trace) and batch_slopes(self.trace) is None and not is_reweighted(self.trace)
        sides = [(None if plain else self.left("g", k), self.located(letter), filled[k]) for k, letter in enumerate(self.trace.letters)]
        return [RuleLine("gradient", "g", _line(side, shown, rounded)) for side, shown in zip(sides, found, strict=True)]

    def located(self, letter: str, order: int = 1) -> Form | None:
        """f′(0), ∂f/∂x; nothing where the step sees a batch only."""
        if batch_slopes(self.trace) is not None or is_reweighted(self.trace):
            return None
        written = self.name.derivative((letter,) * order)
        return Apply(written.name, (self.known["x"][0].form,), written.orders) if isinstance(written, Apply) and written.args and self.size == 1 else written

    def direction(self, stage_name: str) -> list[RuleLine]:
        """Newton's direction, with the second derivative where it is a single one."""
        stage = next(one for one in self.trace.method.stages if one.name == stage_name)
        assert stage.direction is not None
        point = dict(zip(self.trace.letters, self.known["x"], strict=True))
        found = stage.direction(self.trace.objective, stage.settings)(*(float(shown.value) for shown in self.known["x"]))  # type: ignore[arg-type]
        rows = [[_shown(entry, point) for entry in row] for row in self.trace.objective.hessian]  # type: ignore[attr-defined]
        before = self.known["g"]
        exact = _solved(rows, before, stage.settings.get("damping", ZERO))  # type: ignore[arg-type]
        self.known["g"] = tuple(Shown(part) for part in exact or found)
        if self.size == 1:
            bend = rows[0][0]
            first = RuleLine(stage_name, "H", _line((Sym(self.called["H"]), self.located(self.trace.letters[0], 2)), bend, bend.is_rounded))
            damping = stage.settings.get("damping", ZERO)
            below = bend.form if damping is ZERO else Add((bend.form, damping))  # type: ignore[arg-type]
            rounded = bend.is_rounded or before[0].is_rounded
            return [first, RuleLine(stage_name, "g", _line((self.left("g", 0), Div(before[0].form, below)), self.known["g"][0], rounded, becomes=True))]
        matrix = Listing("matrix", tuple(Listing("list", tuple(shown.form for shown in row)) for row in rows))
        sign = "~" if any(shown.is_rounded for row in rows for shown in row) else "="
        lines = [RuleLine(stage_name, "H", Relation((Sym(self.called["H"]), matrix), (sign,)))]
        vector = Listing("tuple", tuple(shown.form for shown in self.known["g"]))
        sign = "~" if any(shown.is_rounded for shown in self.known["g"]) else "="
        form = Relation((Sym(self.called["g"]), _renamed(_direction(stage.settings, self.size), self.called), vector), ("<-", sign))
        return [*lines, RuleLine(stage_name, "g", form)]

    def line(self, stage_name: str, name: str, value: Form, is_last: bool) -> list[RuleLine]:
        """One line of a stage for each coordinate, or once where it is the same for all."""
        if isinstance(value, Sym) and value.name in self.known and name != "x":
            self.known[name] = self.known[value.name]
            return []
        rounded = any(shown.is_rounded for letter in value.free for shown in self.known.get(letter, ()))
        found = [self.step(stage_name, value, k) for k in range(self.size)]
        self.known[name] = tuple(shown for shown, _ in found)
        becomes = not is_last and (name == "x" or name in self.assigned)
        self.assigned.add(name)
        if self.size > 1 and not is_last and len({filled for _, filled in found}) == 1:
            shown, filled = found[0]
            return [RuleLine(stage_name, name, _line((Sym(self.called[name]), filled), shown, rounded, becomes))]
        sides = [(self.left(name, k, is_last), filled) for k, (_, filled) in enumerate(found)]
        return [RuleLine(stage_name, name, _line(side, shown, rounded, becomes)) for side, (shown, _) in zip(sides, found, strict=True)]

    def step(self, stage_name: str, value: Form, k: int) -> tuple[Shown, Form]:
        """The value of a line for a coordinate, and the line with its numbers."""
        from tutor.descent.stage import component

        stage = next(one for one in self.trace.method.stages if one.name == stage_name)
        letters: dict[str, Any] = {letter: tuple(Sym(f"{letter}@{j}") for j in range(self.size)) for letter in (*self.known, *stage.memory)}
        numbers: dict[str, Shown] = {}
        for letter in letters:
            shown = self.known[letter] if letter in self.known else (_shown(stage.memory[letter], {}),) * self.size
            numbers |= {f"{letter}@{j}": shown[j] for j in range(self.size)}
        rate = {name: substitute(form, {"n": ONE}) for name, form in stage.settings.items() if isinstance(form, Form) and form.free}
        settings = {**stage.settings, **rate}
        exact = component(value, {**settings, **letters}, k)
        readable = {name: tuple(map(_readable, form)) if isinstance(form, tuple) else _readable(form) for name, form in settings.items()}
        written = component(value, {**readable, **letters}, k)
        return _shown(exact, numbers), substitute(written, {letter: shown.form for letter, shown in numbers.items()})

    def left(self, name: str, k: int, is_last: bool = False) -> Form:
        """What a line's value is called: b, of several letters b_x; the new place x_1."""
        if name == "x":
            return numbered(self.trace.letters[k], 1) if is_last else Sym(self.trace.letters[k])
        called = self.called.get(name, name)
        if self.size == 1:
            return Sym(called)
        return Sym(f"{called},{self.trace.letters[k]}" if "_" in called else f"{called}_{self.trace.letters[k]}")


def numbered(letter: str, n: int) -> Form:
    """x₃; a letter that has a subscript keeps it, with the number behind a comma."""
    return Sym(f"{letter},{n}" if "_" in letter else f"{letter}_{n}")


def update(letters: tuple[str, ...], point: tuple[Shown, ...], slopes: tuple[Shown, ...], rate: Shown, n: int) -> Relation:
    """The substituted formula of a plain step: x₁ = 0 − 0.1·(−4) = 0.4."""
    new = tuple(Shown(_minus(place.value, rate.value, slope.value)) for place, slope in zip(point, slopes, strict=True))
    parts = [[one.form for one in some] for some in (point, slopes, new)]
    here, slope, there = (part[0] if len(letters) == 1 else Listing("tuple", tuple(part)) for part in parts)
    left = numbered(letters[0], n) if len(letters) == 1 else Listing("tuple", tuple(numbered(letter, n) for letter in letters))
    rounded = any(one.is_rounded for one in (*point, *slopes, rate, *new))
    return Relation((left, Add((here, Neg(Mul((rate.form, slope))))), there), ("=", "~" if rounded else "="))


def _minus(place: Fraction | float, rate: Fraction | float, slope: Fraction | float) -> Fraction | float:
    if isinstance(place, Fraction) and isinstance(rate, Fraction) and isinstance(slope, Fraction):
        return place - rate * slope
    return float(place) - float(rate) * float(slope)


def _line(sides: Sequence[Form | None], value: Shown, rounded: bool, becomes: bool = False) -> Form:
    """left = with numbers = value, with ≈ in front of what is rounded, and ← where a letter gets another value."""
    said = list(dict.fromkeys(side for side in sides if side is not None))
    if said[-1] is not value.form or value.is_rounded:
        said.append(value.form)
    signs = ["="] * (len(said) - 1)
    if value.is_rounded or rounded:
        signs[-1] = "~"
    if becomes:
        signs[0] = "<-"
    return Relation(tuple(said), tuple(signs))


def _shown(form: Form, values: Mapping[str, Shown]) -> Shown:
    """A form's value: exact where everything in it is, else a float."""
    exact = {letter: shown.value for letter, shown in values.items() if isinstance(shown.value, Fraction)}
    if form.free <= exact.keys():
        found = compute(form, exact, RATIONALS)
        if isinstance(found, Fraction):
            return Shown(found)
    return Shown(evaluate(form, {letter: float(shown.value) for letter, shown in values.items()}))


def _solved(rows: Sequence[Sequence[Shown]], right: Sequence[Shown], damping: Form) -> tuple[Fraction, ...] | None:
    """Newton's direction in fractions, where everything in it is one and there is only one."""
    from tutor.descent.spectral import solved

    added = rational(damping)
    entries = [[shown.value for shown in row] for row in rows]
    sides = [shown.value for shown in right]
    if added is None or not all(isinstance(value, Fraction) for row in (*entries, sides) for value in row):
        return None
    exact = [[Fraction(value) + (added if j == k else 0) for k, value in enumerate(row)] for j, row in enumerate(entries)]
    found, others = solved(tuple(map(tuple, exact)), [Fraction(value) for value in sides])
    return found if not others else None


__all__ = [
    "MOST_WRITTEN", "RuleLine", "Shown", "batch_slopes", "first_step", "is_plain", "is_reweighted", "numbered", "renaming", "rule_lines", "settings_shown",
    "slope_sign", "slopes_used", "update",
]  # fmt: skip
