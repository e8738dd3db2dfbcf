"""Stationary points: the gradient is set to zero, solved step by step, and each solution is tested.

A function has its least or greatest value inside its domain only where the gradient is zero or missing (Fermat).
Each solution is put into the gradient; each test states its numbers; what an interval or the whole domain allows to
conclude is said only where it is justified (see `overall` and `spread`).

>>> found = critical_points("x^3 - 3x")
>>> [(str(one.point["x"]), one.verdict, str(one.value.exact)) for one in found.points]
[('-1', 'maximum', '2'), ('1', 'minimum', '-2')]
>>> [(one.verdict, [test.id for test in one.tests]) for one in critical_points("x^2 - y^2").points]
[('saddle', ['hessian_two', 'hessian_saddle'])]
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from tutor.algebra.solve import SECONDS
from tutor.algebra.worker import warm
from tutor.calculus.conditions import needed
from tutor.calculus.differentiate import Derivation
from tutor.calculus.gradient import gradient
from tutor.calculus.optima.classify import Verdict, at_corner, in_space, on_the_line, shape
from tutor.calculus.optima.families import Family, families_of, members_within, on_a_wave
from tutor.calculus.optima.find import Solved, claims_of_point, find, is_numeric, value_claims, value_here
from tutor.calculus.optima.hessian import Hessian, second_derivatives
from tutor.calculus.optima.line import Cut, cut, is_continuous, is_within, where_defined
from tutor.calculus.optima.numbers import approximate, compare, full_value, tidy
from tutor.calculus.optima.overall import overall
from tutor.calculus.optima.said import Remark, claims_of, equals
from tutor.calculus.optima.spectrum import definite_everywhere
from tutor.calculus.optima.spread import Known, everywhere_kind, overall_in_space
from tutor.calculus.optima.systems import Point, is_point
from tutor.calculus.points import Value
from tutor.calculus.worked import Claim, Worked
from tutor.errors import RequestError
from tutor.form.evaluate import holds
from tutor.form.reading import read
from tutor.form.tree import Const, Form, Interval, Listing, Neg, Sym
from tutor.form.walk import substitute

Ends = tuple[Form, Form]


@dataclass(frozen=True)
class CriticalPoint:
    """A place, what it is, the function's value there, and the tests that were made.

    `kind`: stationary (the gradient is zero) or corner (there is no derivative). `verdict`: minimum, maximum, saddle (of one
    letter: a terrace), undecided. A letter that `point` does not name is free; `family` holds the letters that stand for any integer.
    """

    point: Point
    kind: str
    verdict: str
    value: Value | None
    tests: tuple[Remark, ...]
    numeric: bool = False
    family: tuple[str, ...] = ()
    derivations: tuple[Derivation, ...] = ()

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The value, and what the tests state."""
        return (*(value_claims(self.value, self.numeric) if self.value else ()), *claims_of(self.tests))


@dataclass(frozen=True)
class StationaryPoints(Worked):
    """The places at which a function may have a least or greatest value, and what is known of them.

    `solved` is how the gradient's equations were solved, `dropped` what was found and does not count, `overall` what holds on
    the whole domain, or on the interval `on`; `inside` are the members of families that lie in that interval.
    """

    function: Form
    variables: tuple[str, ...]
    hessian: Hessian
    solved: Solved
    points: tuple[CriticalPoint, ...]
    dropped: tuple[Remark, ...] = ()
    overall: tuple[Remark, ...] = ()
    on: Ends | None = None
    seconds: float = SECONDS
    inside: tuple[Point, ...] = ()

    @property
    def slopes(self) -> tuple[Derivation, ...]:
        """The first derivatives, one for each variable."""
        return self.hessian.gradient.partials

    @property
    def parameters(self) -> frozenset[str]:
        """Letters of the function that are held fixed."""
        return self.function.free - set(self.variables)

    @property
    def derivations(self) -> tuple[Derivation, ...]:
        """The first and second derivatives, and those of higher order that a test needed."""
        return (*self.hessian.derivations, *(one for point in self.points for one in point.derivations))

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """The steps of solving, each solution put in, each test, each statement about the whole domain."""
        equations = [slope.value for slope in self.slopes]
        found = list(claims_of(self.solved.remarks))
        for point in (*self.solved.points, *self.inside):
            if self.parameters or _inside(self, point):
                found += claims_of_point(equations, point, self.variables, self.hessian.where, self.parameters)
        for one in self.points:
            found += one.claims
        return (*found, *claims_of((*self.dropped, *self.overall)))


def _inside(result: StationaryPoints, point: Point) -> bool:
    places = tuple(equals(Sym(name), value) for name, value in point.items())
    if any(remark.values["places"] == places for remark in result.dropped):
        return False
    return any(one.point == point for one in result.points if not one.family) or any(value.free for value in point.values())


def critical_points(
    function: str | Form, variables: Sequence[str] | None = None, on: str | Form | Ends | None = None, seconds: float = SECONDS
) -> StationaryPoints:
    """The stationary points of a text or form with respect to `variables` (all its letters, if left out), each classified.

    `on` is a closed interval for one variable, such as "[0, 4]": its ends are compared too. `seconds` bounds each question to the
    solver. Raises `ReadError`, or `RequestError` for what is no function, has no letters, or no such interval.

    >>> [str(remark.values["value"]) for remark in critical_points("x^2 - 4x + 5", on="[0, 3]").overall if "taken" in remark.id]
    ['1', '5']
    """
    first = gradient(function, variables)
    interval = read_interval(on)
    if interval is not None and len(first.variables) > 1:
        raise RequestError("interval", "an interval needs a function of one variable", advice="Name the variable, such as --wrt x, or leave out --on.")
    if len(first.variables) == 1 and interval is None:
        warm()  # the limits at the ends of the domain are SymPy's
    second = Hessian(first.function, first.variables, first, second_derivatives(first))
    second = replace(second, here=second.local({}, seconds)) if second.constant else replace(second, everywhere=definite_everywhere(second.rows, second.where))
    equations = [slope.value for slope in first.partials]
    solved = find(equations, first.variables, seconds, second.gradient_where)
    result = StationaryPoints(first.function, first.variables, second, solved, (), on=interval, seconds=seconds)
    if result.parameters:
        return _with_parameters(result)
    return _one_letter(result) if len(first.variables) == 1 else _several_letters(result)


def read_interval(on: str | Form | Ends | None) -> Ends | None:
    """The ends of a closed interval, typed as [0, 4] or 0..4. Raises `ReadError`, or `RequestError` for what is none.

    >>> [str(end) for end in read_interval("-1..pi")]
    ['-1', 'pi']
    """
    if on is None or isinstance(on, tuple):
        return on
    if isinstance(on, str) and ".." in on and "[" not in on:
        low, _, high = on.partition("..")
        ends: tuple[Form, ...] = (read(low), read(high.lstrip(".")))
    else:
        form = read(on) if isinstance(on, str) else on
        closed = isinstance(form, Interval) and not form.left_open and not form.right_open
        ends = form.children if closed or (isinstance(form, Listing) and form.kind == "list") else ()
    wrong = RequestError("interval", f"{on} is no closed interval", advice="Write it as [0, 4] or 0..4: both ends belong to it.")
    if len(ends) != 2 or any(end.free or not _finite(end) for end in ends):
        raise wrong
    if compare(ends[0], ends[1]) != -1:
        raise RequestError("interval", f"the interval {on} has no length", advice="Write the smaller end first, such as [0, 4].")
    return ends[0], ends[1]


def _finite(end: Form) -> bool:
    inner = end.operand if isinstance(end, Neg) else end
    return not isinstance(inner, Const) or inner.name in ("e", "pi")


# -- one letter --------------------------------------------------------------------------------------


def _one_letter(result: StationaryPoints) -> StationaryPoints:
    (letter,), solved = result.variables, result.solved
    slope, second = result.slopes[0], result.hessian.seconds[0].derivation
    if result.on is not None:
        solved = replace(solved, points=members_within(solved.points, letter, result.on))
        result = replace(result, inside=solved.points)
    plain = [point[letter] for point in solved.points if is_point(point, (letter,))]
    whole = solved.complete and len(plain) == len(solved.points)
    dropped = list(_outside(result, solved.points))
    inside = [place for place in plain if not any(remark.values.get("place") is place for remark in dropped)]
    line = cut(result.function, letter, slope.value, slope.conditions, inside, result.on, result.seconds) if whole else None
    points = [_tested(result, place, line) for place in inside]
    if line is not None:
        points += _corners(result, line, inside)
        points.sort(key=lambda one: approximate(one.point[letter]))
        said = overall(result.function, letter, slope, second, line, result.on, result.seconds)
        return replace(result, points=tuple(points), dropped=tuple(dropped), overall=said)
    waves, said = on_a_wave(result.function, letter, slope.value, second.value, solved) if not result.on else ((), ())
    points += [_wave(family) for family in waves]
    points += [_flat(result, point) for point in solved.points if not point]
    if not said and not any(not point for point in solved.points):
        said = (Remark("both_unknown", {}),)
    return replace(result, points=tuple(points), dropped=tuple(dropped), overall=said)


def _outside(result: StationaryPoints, points: Iterable[Point]) -> Iterator[Remark]:
    """Remarks about solutions at which the function is not defined, that lie outside of the interval, or where the derivative does not hold."""
    for point in points:
        if not is_point(point, result.variables):
            continue
        places = tuple(equals(Sym(name), value) for name, value in point.items())
        said = {"place": next(iter(point.values())), "places": places}
        if full_value(result.function, dict(point)).exact is None:
            yield Remark("not_defined", said)
        elif any(holds(substitute(condition, dict(point)), {}) is False for condition in result.hessian.gradient_where) or any(
            full_value(slope.value, dict(point)).exact is None for slope in result.slopes
        ):
            yield Remark("no_gradient", said)
        elif result.on and not is_within(next(iter(point.values())), result.on):
            yield Remark("outside", said)


def _tested(result: StationaryPoints, place: Form, line: Cut | None) -> CriticalPoint:
    (letter,) = result.variables
    point = {letter: place}
    numeric = is_numeric(point)
    verdict = on_the_line(result.slopes[0].value, result.hessian.seconds[0].value, letter, place, line, numeric, result.slopes[0])
    return _point(point, "stationary", verdict, value_here(result.function, point), numeric)


def _point(point: Point, kind: str, verdict: Verdict, value: Value | None, numeric: bool = False, family: tuple[str, ...] = ()) -> CriticalPoint:
    return CriticalPoint(point, kind, verdict.kind, value, verdict.tests, numeric, family, verdict.derivations)


def _corners(result: StationaryPoints, line: Cut, inside: Sequence[Form]) -> Iterator[CriticalPoint]:
    """Places without a derivative, and those where the slopes only tend to 0."""
    (letter,) = result.variables
    for mark in line.marks:
        if mark.kind == "corner" or (mark.kind == "stationary" and not any(compare(mark.at, place) == 0 for place in inside)):
            verdict = at_corner(result.slopes[0].value, letter, mark, line)
            if mark.kind == "stationary":
                verdict = replace(verdict, tests=(Remark("slopes_meet", verdict.tests[0].values), *verdict.tests[1:]))
            yield _point({letter: mark.at}, mark.kind, verdict, value_here(result.function, {letter: mark.at}), is_numeric({letter: mark.at}))


def _wave(family: Family) -> CriticalPoint:
    return CriticalPoint(family.point, "stationary", family.verdict.kind, family.value, family.verdict.tests, False, family.letters, family.verdict.derivations)


def _flat(result: StationaryPoints, point: Point) -> CriticalPoint:
    """Every value solves the equation: the function is constant, or at least between the places where it has no derivative."""
    value = tidy(result.function)
    whole = not result.hessian.gradient_where and is_continuous(result.function) and not where_defined(result.function)
    return CriticalPoint(point, "stationary", "undecided", None if value.free else full_value(value), (Remark("constant" if whole else "pieces", {}),))


# -- several letters ---------------------------------------------------------------------------------


def _several_letters(result: StationaryPoints) -> StationaryPoints:
    dropped = tuple(_outside(result, result.solved.points))
    out = [remark.values["places"] for remark in dropped]
    inside = [point for point in result.solved.points if tuple(equals(Sym(name), value) for name, value in point.items()) not in out]
    bent = everywhere_kind(result.hessian)
    everywhere = bent[0] if bent else None
    points: list[CriticalPoint] = []
    for point in inside:
        if is_point(point, result.variables):
            points.append(_in_space(result, point, everywhere))
        elif any(value.free - set(result.variables) for value in point.values()):
            points += _families(result, point, everywhere)
        else:
            points.append(_on_a_path(result, point, everywhere))
    known = [Known(one.point, one.value.exact if one.value else None, one.verdict) for one in points if not one.family]
    said = overall_in_space(result.hessian, known, result.solved.complete and len(known) == len(points), result.seconds) if not any(one.family for one in points) else (
        Remark("both_unknown", {}),)  # fmt: skip
    return replace(result, points=tuple(points), dropped=dropped, overall=said)


def _in_space(result: StationaryPoints, point: Point, everywhere: str | None) -> CriticalPoint:
    numeric = is_numeric(point)
    verdict = in_space(result.hessian, result.hessian.local(point, result.seconds), everywhere, numeric)
    return _point(point, "stationary", verdict, value_here(result.function, point), numeric)


def _families(result: StationaryPoints, point: Point, everywhere: str | None) -> list[CriticalPoint]:
    """A family over all integers: where the gradient repeats itself, one member of each kind is tested."""
    found = families_of(result.function, [slope.value for slope in result.slopes], point, result.variables)
    if not found:
        verdict = Verdict("undecided", (Remark("family_open", {}),))
        return [_point(point, "stationary", verdict, None, family=tuple(sorted(_letters(point) - set(result.variables))))]
    points = []
    for family in found:
        one = _in_space(result, family.start, everywhere)
        tests = (Remark("period", family.said, claims=family.claims), *one.tests)
        points.append(CriticalPoint(family.point, "stationary", one.verdict, one.value if family.same_value else None, tests, False, family.letters, one.derivations))
    return points


def _letters(point: Point) -> frozenset[str]:
    return frozenset().union(*(value.free for value in point.values()))


def _on_a_path(result: StationaryPoints, point: Point, everywhere: str | None) -> CriticalPoint:
    """A line or curve of stationary points: the Hessian is flat along it, so only the shape can decide."""
    moved = tidy(substitute(result.function, dict(point)))
    value = None if moved.free else full_value(moved)
    found = shape(result.function, point, everywhere)
    free = tuple(Sym(name) for name in result.variables if name not in point)
    first = Remark("path", {"free": free, "many": len(free) > 1, "value": value.exact if value else None})
    verdict = Verdict(found[0], (first, found[1])) if found else Verdict("undecided", (first, Remark("undecided", {})))
    return _point(point, "stationary", verdict, value)


def _with_parameters(result: StationaryPoints) -> StationaryPoints:
    """Letters that are held fixed: the solutions are found, and left untested."""
    letters = tuple(map(Sym, sorted(result.parameters)))
    points = []
    for point in result.solved.points:
        needs = needed(condition for value in point.values() for condition in where_defined(value))
        points.append(CriticalPoint(point, "stationary", "undecided", None, (Remark("parameters", {"letters": letters, "needs": needs}),)))
    return replace(result, points=tuple(points), overall=(Remark("both_unknown", {}),))


__all__ = ["CriticalPoint", "StationaryPoints", "critical_points", "read_interval"]
