"""Runs whose end is known before they start: linear rules on quadratic functions, decided in fractions.

Along an eigenvector with the eigenvalue λ the distance to the stationary point is multiplied by the same number at each step. Which
eigenvectors take part is the minimal polynomial of the first gradient; whether their eigenvalues lie below, at or above the bound
is counted by Descartes' rule (see `spectral`). So nothing here is an estimate except numbers of steps for rules with a memory.

>>> from tutor.descent.run import descend
>>> found = predicted(descend("x^2 - 4x + 5", start="x=0", rate="0.1", steps=20))
>>> found.kind, str(found.factor), [str(part) for part in found.limit], found.more
('converges', '0.8', ['2'], 46)
>>> predicted(descend("x^2 - y^2", start="x=1,y=0", rate="0.1", steps=20)).kind
'saddle'
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tutor.calculus.optima.said import Remark, compared, equals
from tutor.calculus.worked import Claim, equal
from tutor.descent import spectral
from tutor.descent.closed import closed_form, fractions_of, written_in_decimals
from tutor.descent.curvature import Amount, Curvature, Eigenvalue, Rule, curvature, rule_of, shown
from tutor.descent.finding import SLOW, TOLERANCE, Diagnosis, Kind, kept
from tutor.descent.spectral import Polynomial, Vector
from tutor.form.numerals import number
from tutor.form.tree import ONE, ZERO, Add, Call, Div, Form, Listing, Mul, Neg, Num, Root, Sym, total
from tutor.form.walk import substitute

if TYPE_CHECKING:
    from tutor.descent.trace import Trace

_TIE = 1e-12
_LIMIT = 10**9
"""Numbers of steps beyond this are not given."""


@dataclass(frozen=True)
class Along:
    """One eigenvalue that takes part: its directions (a letter, or vectors), and the factor of a step, as it is worked out and in the end."""

    eigenvalue: Eigenvalue
    direction: tuple[Form, ...]
    factor: float
    amount: Amount
    shown: Form | None
    turns: bool
    swings: bool


@dataclass(frozen=True)
class Case:
    """A run of a linear rule on a quadratic function in fractions."""

    trace: Trace
    bent: Curvature
    rule: Rule
    start: Vector
    tolerance: float

    @property
    def decimals(self) -> bool:
        """Whether numbers are written as decimals."""
        return self.bent.decimals

    @cached_property
    def moved(self) -> spectral.Matrix:
        """The matrix that the steps feel: weight decay adds to the diagonal."""
        assert self.bent.exact is not None
        return tuple(tuple(cell + self.rule.decay * (i == j) for j, cell in enumerate(row)) for i, row in enumerate(self.bent.exact))

    @cached_property
    def first(self) -> Vector:
        """The first gradient (with what weight decay adds)."""
        assert self.bent.slope is not None
        return tuple(one + other for one, other in zip(spectral.times(self.moved, self.start), self.bent.slope, strict=True))

    @cached_property
    def part(self) -> Polynomial:
        """Its roots are the eigenvalues that take part."""
        return spectral.minimal(self.moved, self.first)

    @cached_property
    def limit(self) -> Vector | None:
        """The stationary point nearest to the start."""
        assert self.bent.slope is not None
        point, free = spectral.solved(self.moved, [-value for value in self.bent.slope])
        if point is None or not free:
            return point
        gap = [one - other for one, other in zip(self.start, point, strict=True)]
        table = tuple(tuple(_dot(one, other) for other in free) for one in free)
        shares = spectral.solved(table, [_dot(one, gap) for one in free])[0]
        assert shares is not None
        return tuple(value + sum((share * one[k] for share, one in zip(shares, free, strict=True)), Fraction(0)) for k, value in enumerate(point))

    @cached_property
    def along(self) -> tuple[Along, ...]:
        """The eigenvalues that take part, the least first."""
        if len(self.part) == 1:
            return ()
        import numpy as np

        roots = np.roots([float(value) for value in self.part]).real
        found = []
        for one in self.bent.values:
            moved = one.size + float(self.rule.decay)
            near = bool(np.any(np.abs(roots - moved) <= 1e-7 * max(1.0, abs(self.bent.largest))))
            if spectral.at(self.part, one.exact + self.rule.decay) == 0 if one.exact is not None else near:
                found.append(self._along(one))
        return tuple(found)

    def _along(self, one: Eigenvalue) -> Along:
        rule, size = self.rule, one.size
        factor: Amount = rule.factor(size)
        form: Form | None = None
        if rule.name == "newton":
            exact, form = abs(1 - rule.rate), Call("abs", (Add((ONE, Neg(self.trace.method.rate))),))
            factor = shown(exact, self.decimals)
        elif rule.name == "gd" and one.exact is not None:
            curve: Form = number(one.exact, decimal=self.decimals)
            if rule.decay:
                curve = Add((curve, number(rule.decay, decimal=True)))
            form = Call("abs", (Add((ONE, Neg(Mul((self.trace.method.rate, curve))))),))
            factor = shown(abs(1 - rule.rate * (one.exact + rule.decay)), self.decimals)
        elif rule.name == "momentum" and rule.swings(size):
            factor, form = rule.factor(size), Root(number(rule.mu, decimal=self.decimals), Num(2))
        return Along(one, self._direction(one), rule.factor(size), factor, form, rule.turns(size), rule.swings(size))

    def _direction(self, one: Eigenvalue) -> tuple[Form, ...]:
        """The letters, where the directions are axes, else the vectors."""
        names: list[Form] = []
        for vector in one.vectors:
            places = [k for k, entry in enumerate(vector) if entry is not ZERO]
            if len(places) != 1:
                return tuple(Listing("tuple", entries) for entries in one.vectors)
            if self.first[places[0]] or len(self.part) == 1:
                names.append(Sym(self.trace.letters[places[0]]))
        return tuple(names)

    def amounts(self, point: Vector) -> tuple[Amount, ...]:
        """A point as it is written here."""
        return tuple(shown(value, self.decimals) for value in point)

    def places(self, point: Vector) -> tuple[Form, ...]:
        """x = 2, y = 0."""
        return tuple(equals(Sym(letter), number(value, decimal=self.decimals)) for letter, value in zip(self.trace.letters, point, strict=True))


def _dot(one: Sequence[Fraction], other: Sequence[Fraction]) -> Fraction:
    return sum((a * b for a, b in zip(one, other, strict=True)), Fraction(0))


def predicted(trace: Trace, tolerance: float = TOLERANCE) -> Diagnosis | None:
    """The end of a run that is known beforehand; None for any other run."""
    rule = rule_of(trace)
    start = fractions_of(trace.start)
    if rule is None or start is None or not rule.rate or not trace.steps:
        return None
    bent = curvature(trace.objective, decimals=written_in_decimals(trace))
    if bent is None or bent.exact is None or bent.slope is None:
        return None
    case = Case(trace, bent, rule, start, tolerance)
    if rule.name == "newton":
        return _newton(case) if 0 not in bent.signs else None
    return _decided(case)


def _decided(case: Case) -> Diagnosis:
    """What the eigenvalues that take part make of the run."""
    if len(case.part) == 1:
        return _standing(case)
    edge = case.rule.reach / case.rule.rate
    falls = spectral.below(case.part, Fraction(0)), spectral.multiplicity(case.part, Fraction(0))
    if spectral.above(case.part, edge):
        return _diverging(case, any(falls))
    if any(falls):
        return _falling(case, straight=not falls[0])
    if spectral.multiplicity(case.part, edge):
        return _cycling(case)
    return _settling(case)


def _newton(case: Case) -> Diagnosis:
    if len(case.part) == 1:
        return _standing(case)
    rate = case.rule.rate
    if rate > 2:
        return _diverging(case, False)
    return _cycling(case) if rate == 2 else _settling(case)


def _said(case: Case, kind: Kind, remarks: Sequence[Remark | None], **fields: Any) -> Diagnosis:
    limit = case.limit
    found = Diagnosis(kind, case.trace, True, (), case.bent, None if limit is None else case.amounts(limit), tolerance=case.tolerance)
    ending = Remark("overflow", {"n": case.trace.steps}) if case.trace.stopped == "overflow" or fields.get("overflow") else None
    return replace(found, remarks=kept([*remarks, ending]), **{**fields, "overflow": ending is not None})


# -- standing and settling ---------------------------------------------------------------------------


def _standing(case: Case) -> Diagnosis:
    """The first gradient is zero: no step moves."""
    end = _end(case, case.start)
    kind: Kind = "arrived" if end in ("minimum", "valley") else "saddle" if end == "saddle" else "maximum"
    places = case.places(case.start)
    zeros = tuple(_gradient_claims(case, case.start))
    remarks = [Remark("standing", {"places": places, "decayed": bool(case.rule.decay)}, claims=zeros), _end_remark(case, end)]
    return _said(case, kind, remarks, limit=case.amounts(case.start), within=0, more=0)


def _end(case: Case, point: Vector) -> str:  # noqa: ARG001 (the same everywhere)
    """What a stationary point of a quadratic function is."""
    signs = set(case.bent.signs)
    if {1, -1} <= signs:
        return "saddle"
    if -1 in signs:
        return "top"
    return "valley" if 0 in signs else "minimum"


def _gradient_claims(case: Case, point: Vector) -> Iterator[Claim]:
    gradient = case.trace.objective.gradient
    assert gradient is not None
    place: dict[str, Form] = {letter: number(value, decimal=case.decimals) for letter, value in zip(case.trace.letters, point, strict=True)}
    for letter, partial in zip(case.trace.letters, gradient.value, strict=True):
        slope = substitute(partial, place)
        if case.rule.decay:
            slope = Add((slope, Mul((number(case.rule.decay, decimal=True), place[letter]))))
        yield equal(slope, ZERO, "stationary")


def _end_remark(case: Case, end: str) -> Remark | None:
    """What is said of the point: a valley, a saddle with the directions that lead away, a top."""
    if case.rule.decay and end in ("minimum", "valley") and case.limit is not None and any(case.limit):
        return Remark("decayed", {"decay": number(case.rule.decay, decimal=True)})
    if end == "minimum":
        return None
    if end == "valley":
        return Remark("valley", {"directions": _directions(case, 0)})
    return Remark(end, {"directions": _directions(case, -1), "one": len(case.trace.letters) == 1})


def _directions(case: Case, sign: int) -> tuple[Form, ...]:
    found: list[Form] = []
    for one, own in zip(case.bent.values, case.bent.signs, strict=True):
        if own == sign:
            names = [k for vector in one.vectors for k, entry in enumerate(vector) if entry is not ZERO]
            found += [Sym(case.trace.letters[k]) for k in names] if len(names) == len(one.vectors) else [Listing("tuple", vector) for vector in one.vectors]
    return tuple(found)


def _settling(case: Case) -> Diagnosis:
    """Every part that moves shrinks."""
    assert case.limit is not None
    end = _end(case, case.limit)
    distances = _distances(case.trace, case.limit)
    worst = max(case.along, key=lambda one: one.factor)
    claims = tuple(_gradient_claims(case, case.limit))
    if _departed(distances):
        return _thrown_off(case, end, distances)
    zero = all(one.factor == 0 for one in case.along) if case.rule.name in ("gd", "newton") else False
    if zero and case.trace.steps:
        arrival = Remark("arrived", {"places": case.places(case.limit), "n": 1, "one": len(case.trace.letters) == 1}, claims=claims)
        return _said(case, _kind_at(end, "arrived"), [arrival, *_factors(case), _end_remark(case, end)], within=1, more=0, factor=ZERO)
    more, about = _further(case, distances)
    there = _first_within(distances, case.tolerance)
    slow = worst.factor > 0 and math.log(10) > -math.log(worst.factor) * SLOW and there is None
    kind: Kind = "oscillates" if _turning(case) else "crawls" if slow else "converges"
    fields = {"factor": worst.amount, "within": there, "more": more if there is None else 0, "about": about, "better": _better(case)}
    head = Remark(f"{kind}.head", {"places": case.places(case.limit), "factor": worst.amount, "digit": _per_digit(worst.factor), "one": len(case.trace.letters) == 1}, claims=claims)
    if end in ("saddle", "top"):
        kind = _kind_at(end, kind)
        head = Remark("held", {"places": case.places(case.limit), "factor": worst.amount, "newton": case.rule.name == "newton"}, claims=claims)
    remarks: list[Remark | None] = [head, *_factors(case), _end_remark(case, end) if end != "saddle" or case.rule.name == "newton" else _held(case)]
    if end == "saddle" and case.rule.name != "newton":
        remarks.append(_rounding(distances))
    if kind in ("converges", "crawls", "oscillates"):
        cause = _cause(case) if kind == "crawls" else None
        told = cause is not None and bool(cause.values.get("at_once"))
        best = _best(case) if cause is None else None
        fragile = _fragile(case)
        if fragile is not None:
            fields |= {"more": None} if there is None else {}
        steps = None if fragile is not None and there is None else _steps(case, there, more, about)
        remarks += [cause, _range(case, at_once=not told), best, _closed(case), steps, fragile]
    else:
        remarks.append(_closed(case))
    return _said(case, kind, remarks, **fields)


def _departed(distances: Any) -> bool:
    """Whether the floats of the run moved away from where exact numbers would go."""
    return bool(len(distances) > 2 and not distances[-1] <= distances[0] and distances[-1] > 1e3 * distances.min())


def _thrown_off(case: Case, end: str, distances: Any) -> Diagnosis:
    """Exact numbers would settle; rounding brought in a direction in which steps lead away."""
    assert case.limit is not None
    nearest = int(distances.argmin())
    values = {"places": case.places(case.limit), "n": nearest, "directions": _directions(case, -1), "saddle": end == "saddle"}
    top = case.bent.values[-1]
    if end == "saddle":
        return _said(case, "no_minimum", [Remark("thrown_off", {**values, "eigenvalue": case.bent.values[0].amount})], overflow=case.trace.stopped in ("overflow", "undefined"))
    return _said(case, "diverges", [Remark("thrown_off", {**values, "eigenvalue": top.amount}), _closed(case)], overflow=case.trace.stopped in ("overflow", "undefined"))


def _fragile(case: Case) -> Remark | None:
    """A direction in which the start has no part, and in which the rate is too large: rounding can bring it in."""
    edge, top = case.rule.edge, case.bent.values[-1]
    if edge is None or top.size <= float(edge) * (1 + _TIE):
        return None
    return Remark("fragile", {"eigenvalue": top.amount, "rate": case.trace.method.rate})


def _kind_at(end: str, kind: Kind) -> Kind:
    return "saddle" if end == "saddle" else "maximum" if end == "top" else kind


def _turning(case: Case) -> bool:
    """Whether only negative factors are the largest ones."""
    most = max(one.factor for one in case.along)
    first = [one for one in case.along if one.factor >= most * (1 - _TIE)]
    if case.rule.name == "newton":
        return case.rule.rate > 1
    return all(one.turns for one in first)


def _distances(trace: Trace, limit: Vector) -> Any:
    import numpy as np

    with np.errstate(all="ignore"):
        return np.linalg.norm(trace.points - np.array([float(value) for value in limit]), axis=1)


def _first_within(distances: Any, tolerance: float) -> int | None:
    """The first iterate from which on all are within the tolerance."""
    import numpy as np

    outside = np.nonzero(~(distances <= tolerance))[0]
    first = int(outside[-1]) + 1 if len(outside) else 0
    return first if first < len(distances) else None


def _further(case: Case, distances: Any) -> tuple[int | None, bool]:
    """How many more steps until the distance is within the tolerance; whether that is an estimate."""
    worst = max(one.factor for one in case.along)
    if float(distances[-1]) <= case.tolerance:
        return 0, False
    if case.rule.name in ("gd", "newton"):
        found = _exact_steps(case)
        return (None if found is None else max(0, found - case.trace.steps)), False
    if not 0 < worst < 1:
        return None, True
    estimate = math.ceil(math.log(case.tolerance / float(distances[-1])) / math.log(worst))
    return (estimate if estimate < _LIMIT else None), True


def _exact_steps(case: Case) -> int | None:
    """The first n at which √Σ(cᵢqᵢⁿ)² is within the tolerance, by bisection: the sum falls."""
    import numpy as np

    assert case.limit is not None
    sizes, turns = np.linalg.eigh(np.array(case.moved, dtype=float))
    gap = np.array([float(one - other) for one, other in zip(case.start, case.limit, strict=True)])
    shares = turns.T @ gap
    factors = np.full(len(sizes), abs(1 - float(case.rule.rate))) if case.rule.name == "newton" else np.abs(1 - float(case.rule.rate) * sizes)
    shares, factors = shares[np.abs(shares) > 1e-14 * max(1.0, float(np.abs(gap).max()))], factors[np.abs(shares) > 1e-14 * max(1.0, float(np.abs(gap).max()))]

    def outside(n: int) -> bool:
        with np.errstate(under="ignore"):
            return bool(np.sqrt(np.sum((shares * factors**n) ** 2)) > case.tolerance)

    high = 1
    while outside(high):
        high *= 2
        if high > _LIMIT:
            return None
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if outside(middle) else (low, middle)
    return high


def _per_digit(factor: float) -> int | None:
    """How many steps a further digit takes."""
    return math.ceil(math.log(10) / -math.log(factor)) if 0 < factor < 1 else None


# -- the statements ----------------------------------------------------------------------------------


def _factors(case: Case) -> list[Remark]:
    """What a step does along each direction that takes part."""
    found = []
    if len(case.along) > 1 and all(one.swings for one in case.along) and len({round(one.factor, 12) for one in case.along}) == 1:
        one = case.along[0]
        return [Remark("factor.swing.all", {"factor": one.amount, "line": None, "root": one.shown})]
    for one in case.along:
        claims = () if one.shown is None or not isinstance(one.amount, Form) else (equal(one.shown, one.amount, "factor"),)
        line = equals(one.shown, one.amount) if one.shown is not None and isinstance(one.amount, Form) else None
        said = {
            "places": () if case.limit is None else case.places(case.limit), "direction": one.direction, "eigenvalue": one.eigenvalue.amount,
            "factor": one.amount, "line": line, "root": one.shown, "turns": one.turns,
        }  # fmt: skip
        alone = len(case.trace.letters) == 1
        name = "newton" if case.rule.name == "newton" else "swing" if one.swings else "memory" if case.rule.name != "gd" else "gd"
        size = "zero" if one.factor == 0 else "less" if one.factor < 1 - _TIE else "same" if one.factor <= 1 + _TIE else "more"
        found.append(Remark(f"factor.{name}.{size if name in ('gd', 'memory') else 'one'}.{'alone' if alone else 'along'}", said, claims=claims))
        if name == "newton":
            break
    if len(found) > 1:
        worst = max(case.along, key=lambda one: one.factor)
        if len({round(one.factor, 12) for one in case.along}) > 1 and abs(worst.factor - 1) > _TIE:
            found.append(Remark("decides", {"factor": worst.amount, "direction": worst.direction}))
    return found


def _edge(case: Case) -> Amount | None:
    """The greatest rate that is stable along all directions that take part."""
    largest = case.along[-1].eigenvalue if case.along else case.bent.values[-1]
    if largest.exact is None:
        return float(case.rule.reach) / (largest.size + float(case.rule.decay)) if largest.size > 0 else None
    curve = largest.exact + case.rule.decay
    return shown(case.rule.reach / curve, case.decimals) if curve > 0 else None


def _range(case: Case, *, brief: bool = False, at_once: bool = True) -> Remark | None:
    """Which rates converge, and the one that arrives at once; `brief`: where the bound comes from has been said."""
    edge = _edge(case)
    if case.rule.name == "newton" or edge is None:
        return Remark("range.newton", {}) if case.rule.name == "newton" else None
    values = {"edge": edge, "reach": number(case.rule.reach, decimal=case.decimals), "largest": case.along[-1].eigenvalue.amount, "mu": number(case.rule.mu, decimal=True), "brief": brief}
    if case.rule.name != "gd":
        return Remark(f"range.{case.rule.name}", values)
    claims = []
    if isinstance(edge, Form) and case.along[-1].eigenvalue.exact is not None:
        curve = case.along[-1].eigenvalue.exact + case.rule.decay
        claims.append(equal(Div(Num(2), number(curve, decimal=case.decimals)), edge, "bound"))
        rate = case.trace.method.rate
        order = "<" if case.rule.rate * curve < 2 else "=" if case.rule.rate * curve == 2 else ">"
        claims.append(Claim(compared(rate, order, edge), "bound"))
        if len(case.along) == 1:
            return Remark("range.at_once", {**values, "at_once": shown(1 / curve, case.decimals) if at_once else None}, claims=tuple(claims))
    return Remark("range.gd", values, claims=tuple(claims))


def _best(case: Case) -> Remark | None:
    """The best fixed rate for plain descent in several directions."""
    if case.rule.name != "gd" or len(case.along) < 2 or case.rule.decay:
        return None
    low, high = case.along[0].eigenvalue, case.along[-1].eigenvalue
    rate, factor, condition = _best_numbers(low, high, case)
    claims = []
    if isinstance(rate, Form) and isinstance(factor, Form) and low.value is not None and high.value is not None:
        claims.append(equal(Div(Num(2), Add((low.value, high.value))), rate, "best_rate"))
        claims.append(equal(Div(Add((high.value, Neg(low.value))), Add((high.value, low.value))), factor, "best_factor"))
    return Remark("best", {"rate": rate, "factor": factor, "condition": condition, "low": low.amount, "high": high.amount}, claims=tuple(claims))


def _best_numbers(low: Eigenvalue, high: Eigenvalue, case: Case) -> tuple[Amount, Amount, Amount]:
    if low.exact is not None and high.exact is not None:
        return tuple(shown(value, case.decimals) for value in (2 / (low.exact + high.exact), (high.exact - low.exact) / (high.exact + low.exact), high.exact / low.exact))  # type: ignore[return-value]
    return 2 / (low.size + high.size), (high.size - low.size) / (high.size + low.size), high.size / low.size


def _better(case: Case) -> Amount | None:
    """The best fixed rate of plain descent for the directions that take part."""
    if case.rule.name != "gd" or not case.along or case.along[0].eigenvalue.size + float(case.rule.decay) <= 0:
        return None
    low, high, decay = case.along[0].eigenvalue, case.along[-1].eigenvalue, case.rule.decay
    if low.exact is not None and high.exact is not None:
        return shown(2 / (low.exact + high.exact + 2 * decay), case.decimals)
    return 2 / (low.size + high.size + 2 * float(decay))


def _cause(case: Case) -> Remark | None:
    """Why a run crawls: the rate is far from the best one, or even that one is slow."""
    if case.rule.name != "gd" or not case.along:
        return None
    low, high = case.along[0].eigenvalue, case.along[-1].eigenvalue
    decay = float(case.rule.decay)
    left = (high.size - low.size) / (high.size + low.size + 2 * decay)
    values: dict[str, Any] = {"rate": case.trace.method.rate, "better": _better(case), "factor": left, "digit": _per_digit(left), "at_once": left == 0}
    small = float(case.rule.rate) < 1 / (low.size + high.size + 2 * decay)
    slow = left > 0 and (_per_digit(left) or 0) > SLOW
    if small and not slow:
        return Remark("crawls.rate", values)
    condition: Amount = (high.size + decay) / (low.size + decay)
    if not decay:
        _, values["factor"], condition = _best_numbers(low, high, case)
    return Remark("crawls.both" if small else "crawls.condition", {**values, "condition": condition})


def _closed(case: Case) -> Remark | None:
    forms = closed_form(case.trace)
    if forms is None:
        return None
    lines = tuple(equals(Sym(f"{letter}_n"), form) for letter, form in zip(case.trace.letters, forms, strict=True) if "_" not in letter)
    return Remark("closed", {"lines": lines}) if len(lines) == len(forms) else None


def _steps(case: Case, there: int | None, more: int | None, about: bool) -> Remark | None:
    said = {"tolerance": case.tolerance, "n": there, "more": more, "total": None if more is None else case.trace.steps + more}
    if there is not None:
        return Remark("within", said)
    return None if more is None else Remark("more_about" if about else "more", said)


def _held(case: Case) -> Remark:
    """Why nothing leaves a saddle: the gradient has no part along the directions that lead away."""
    assert case.limit is not None
    rows = [one for one, sign in zip(case.bent.values, case.bent.signs, strict=True) if sign < 0]
    directions = _directions(case, -1)
    claims: list[Claim] = []
    lines: list[Form] = []
    gradient = case.trace.objective.gradient
    assert gradient is not None
    for direction in directions:
        if isinstance(direction, Sym):
            place = case.trace.letters.index(direction.name)
            value = number(case.start[place], decimal=case.decimals)
            slope = substitute(gradient.value[place], {direction.name: value})
            if slope.free:
                continue
            claims.append(equal(slope, ZERO, "held"))
            lines.append(equals(direction, value))
    for one in rows:
        for vector in one.vectors:
            parts = [Mul((entry, number(value - end, decimal=case.decimals))) for entry, value, end in zip(vector, case.start, case.limit, strict=True)]
            claims.append(equal(total(parts), ZERO, "held"))
    grows = _growth(case, rows[0])
    return Remark("saddle_held", {"directions": directions, "eigenvalue": rows[0].amount, "lines": tuple(lines), "grows": grows}, claims=tuple(claims))


def _growth(case: Case, one: Eigenvalue) -> Amount:
    """By what a small part along a direction that curves downwards would grow."""
    if case.rule.name == "gd" and one.exact is not None:
        return shown(1 - case.rule.rate * (one.exact + case.rule.decay), case.decimals)
    return case.rule.factor(one.size)


def _rounding(distances: Any) -> Remark | None:
    """In floats a run can leave the line after all: by rounding."""
    import numpy as np

    nearest = int(np.nanargmin(distances))
    return Remark("rounding", {"n": nearest}) if distances[-1] > 100 * distances[nearest] and distances[-1] > 1e-12 else None


# -- not settling ------------------------------------------------------------------------------------


def _diverging(case: Case, falls: bool) -> Diagnosis:
    worst = max(case.along, key=lambda one: one.factor)
    over = [one for one in case.along if case.rule.name == "newton" or float(case.rule.rate) * (one.eigenvalue.size + float(case.rule.decay)) > float(case.rule.reach)] or [worst]
    edge = _edge(case)
    values = {"rate": case.trace.method.rate, "edge": edge, "largest": over[-1].eigenvalue.amount, "reach": number(case.rule.reach, decimal=case.decimals),
              "one": len(case.trace.letters) == 1, "memory": case.rule.name in ("momentum", "nesterov"), "name": case.rule.name, "several": len(over) > 1,
              "factor": worst.amount}  # fmt: skip
    remarks = [Remark("diverges.newton" if case.rule.name == "newton" else "diverges.head", values), *_factors(case), _range(case, brief=True), None if falls or case.rule.name == "newton" else _best(case), _closed(case)]
    remarks.append(Remark("also_falls", {"directions": _directions(case, -1)}) if falls else None)
    return _said(case, "diverges", remarks, factor=worst.amount, better=None if falls else _better(case), overflow=case.trace.stopped in ("overflow", "undefined"))


def _falling(case: Case, straight: bool) -> Diagnosis:
    """Some part runs downhill for ever."""
    down = [one for one in case.along if one.eigenvalue.size + float(case.rule.decay) <= 0]
    one = down[0]
    letters = len(case.trace.letters)
    name = "straight" if straight else "curved"
    claims = [Claim(compared(one.eigenvalue.value, "<", ZERO), "sign")] if not straight and one.eigenvalue.value is not None else []
    values: dict[str, Any] = {"direction": one.direction, "eigenvalue": one.eigenvalue.amount, "factor": _growth(case, one.eigenvalue), "one": letters == 1}
    remarks: list[Remark | None] = [Remark(f"falls.{name}", values, claims=tuple(claims))]
    if case.limit is not None and any(sign > 0 for sign in case.bent.signs):
        remarks.append(Remark("passes_saddle", {"places": case.places(case.limit)}))
    remarks.append(_closed(case))
    return _said(case, "no_minimum", remarks, factor=None if straight else _growth(case, one.eigenvalue), overflow=case.trace.stopped in ("overflow", "undefined"))


def _cycling(case: Case) -> Diagnosis:
    """At the bound: the distance along one direction changes its sign and nothing else."""
    top = case.along[-1]
    exactly = len(case.along) == 1 and case.rule.name in ("gd", "newton")
    values: dict[str, Any] = {"rate": case.trace.method.rate, "largest": top.eigenvalue.amount, "edge": _edge(case), "one": len(case.trace.letters) == 1, "exactly": exactly,
                              "direction": top.direction, "reach": number(case.rule.reach, decimal=case.decimals)}  # fmt: skip
    if exactly and case.limit is not None:
        other = tuple(2 * end - start for start, end in zip(case.start, case.limit, strict=True))
        values |= {"places": _as_point(case, case.start), "others": _as_point(case, other)}
    name = "cycles.newton" if case.rule.name == "newton" else "cycles.exactly" if exactly else "cycles.long_run"
    remarks = [Remark(name, values), *_factors(case), _range(case, brief=True), _best(case), _closed(case)]
    return _said(case, "cycles", remarks, factor=top.amount, period=2, better=_better(case))


def _as_point(case: Case, point: Vector) -> tuple[Form, ...]:
    """x = 2, or (2, 0)."""
    places = case.places(point)
    return places if len(places) == 1 else (Listing("tuple", tuple(number(value, decimal=case.decimals) for value in point)),)


__all__ = ["Along", "Case", "predicted"]
