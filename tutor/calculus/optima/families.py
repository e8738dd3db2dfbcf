"""Solutions that repeat: x = π/2 + 2πn for every integer n.

A family is tested at one member when the derivative repeats itself with the family's step: then all members are alike. Where it
repeats only with twice the step, every second member is alike, and the family is split in two.

>>> from tutor import read
>>> found = families_of(read("sin(x)"), [read("cos(x)")], {"x": read("pi/2 + pi*n")}, ("x",))
>>> [(str(one.point["x"]), str(one.start["x"])) for one in found]
[('pi/2 + 2*pi*n', 'pi/2'), ('3*pi/2 + 2*pi*n', '3*pi/2')]
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import product as combinations_of
from typing import Any

from tutor.calculus.optima.classify import Verdict, first_derivative_test, on_the_line
from tutor.calculus.optima.find import Solved, family_letters, period_of
from tutor.calculus.optima.line import Gap, is_continuous, is_within, where_defined
from tutor.calculus.optima.numbers import approximate, between, compare, full_value, sign_of, tidy, value_of
from tutor.calculus.optima.said import Remark, compared, equals
from tutor.calculus.optima.systems import Point
from tutor.calculus.points import Value
from tutor.calculus.worked import Claim, equal
from tutor.form.numerals import integer, number
from tutor.form.tree import ZERO, Add, Div, Form, Mul, Sym
from tutor.form.walk import substitute

_MOST = 12
_MOST_MEMBERS = 40


UNTESTED = Verdict("undecided", ())


@dataclass(frozen=True)
class Family:
    """Members that are alike: `point` with its letters for any integer, `start` the one that is tested.

    `same_value`: the function itself has the same value at all of them.
    """

    point: Point
    start: Point
    letters: tuple[str, ...]
    said: Mapping[str, Any]
    claims: tuple[Claim, ...]
    same_value: bool
    verdict: Verdict = UNTESTED
    value: Value | None = None


@dataclass(frozen=True)
class _Step:
    """How one letter moves: from these starts by this period, for any integer."""

    starts: tuple[Form, ...]
    period: Form
    letter: str


def families_of(function: Form, slopes: Sequence[Form], point: Point, names: Sequence[str]) -> list[Family]:
    """The family split into parts whose members are alike; empty where that cannot be proved."""
    if any(name not in point for name in names):
        return []
    steps: dict[str, _Step] = {}
    for name, value in point.items():
        letters = value.free - set(names)
        if not letters:
            continue
        step = _step(slopes, name, value, next(iter(letters))) if len(letters) == 1 else None
        if step is None:
            return []
        steps[name] = step
    claims = tuple(equal(_moved(slope, name, step.period), slope, "period") for name, step in steps.items() for slope in slopes if name in slope.free)
    same = all(name not in function.free or _repeats(function, name, step.period) for name, step in steps.items())
    extra = tuple(equal(_moved(function, name, step.period), function, "period") for name, step in steps.items()) if same else ()
    periods = tuple(step.period for step in steps.values())
    found = []
    for starts in combinations_of(*(step.starts for step in steps.values())):
        here = dict(point) | dict(zip(steps, starts, strict=True))
        written = {name: _member(here[name], steps[name]) if name in steps else value for name, value in point.items()}
        said = {"periods": periods, "start": tuple(equals(Sym(name), value) for name, value in here.items())}
        found.append(Family(written, here, family_letters(written, names), said, (*claims, *extra), same))
    return found


def _step(slopes: Sequence[Form], name: str, value: Form, letter: str) -> _Step | None:
    period = period_of(value, letter)
    start = value_of(substitute(value, {letter: ZERO}))
    if period is None or start is None or not sign_of(period):
        return None
    for count in (1, 2):
        whole = value_of(Mul((number(count), period)))
        if whole is not None and all(_repeats(slope, name, whole) for slope in slopes):
            starts = [value_of(Add((start, Mul((number(k), period))))) for k in range(count)]
            return _Step(tuple(one for one in starts if one is not None), whole, letter)
    return None


def _moved(form: Form, name: str, period: Form) -> Form:
    return substitute(form, {name: Add((Sym(name), period))})


def _repeats(form: Form, name: str, period: Form) -> bool:
    return name not in form.free or bool(import_module("tutor.algebra.proof").equality_proved(_moved(form, name, period), form))


def _member(start: Form, step: _Step) -> Form:
    moving = tidy(Mul((step.period, Sym(step.letter))))
    return moving if start is ZERO else Add((start, moving))


def members_within(points: Sequence[Point], letter: str, on: tuple[Form, Form]) -> tuple[Point, ...]:
    """The solutions with each family replaced by its members in an interval; one that has too many, or no fixed step, stays.

    >>> from tutor import read
    >>> [str(one["x"]) for one in members_within([{"x": read("pi/2 + pi*n")}], "x", (read("0"), read("2*pi")))]
    ['pi/2', '3*pi/2']
    """
    found: list[Point] = []
    for point in points:
        some = _members_of(point, letter, on)
        found += [point] if some is None else some
    return tuple(found)


def _members_of(point: Point, letter: str, on: tuple[Form, Form]) -> list[Point] | None:
    letters = family_letters(point, (letter,))
    if len(letters) != 1 or letter not in point:
        return None
    value = point[letter]
    period, start = period_of(value, letters[0]), value_of(substitute(value, {letters[0]: ZERO}))
    if period is None or start is None or not sign_of(period):
        return None
    ends = sorted((approximate(end) - approximate(start)) / approximate(period) for end in on)
    if ends[1] - ends[0] > _MOST_MEMBERS:
        return None
    exact = [value_of(substitute(value, {letters[0]: number(k)})) for k in range(math.floor(ends[0]) - 1, math.ceil(ends[1]) + 2)]
    return [{letter: one} for one in exact if one is not None and is_within(one, on)]


# -- one letter --------------------------------------------------------------------------------------


def on_a_wave(function: Form, letter: str, slope: Form, second: Form, solved: Solved) -> tuple[tuple[Family, ...], tuple[Remark, ...]]:
    """The families of a function of one letter, each tested; and what holds everywhere, where the function repeats itself."""
    waves = [point for point in solved.points if family_letters(point, (letter,))]
    found = [family for point in waves for family in families_of(function, [slope], point, (letter,))]
    if not waves:
        return (), ()
    if not found or len(found) > _MOST or len({family.point[letter] for family in found}) < len(found):
        return tuple(Family(point, point, family_letters(point, (letter,)), {}, (), False, Verdict("undecided", (Remark("family_open", {}),))) for point in waves), ()
    whole = solved.complete and len(waves) == len(solved.points) and not where_defined(function) and is_continuous(function)
    tested = tuple(_tested(function, letter, slope, second, family, found if whole else []) for family in found)
    if not whole or not all(family.same_value for family in found):
        return tested, ()
    return tested, _whole_wave(letter, tested)


def _tested(function: Form, letter: str, slope: Form, second: Form, family: Family, others: Sequence[Family]) -> Family:
    place = family.start[letter]
    verdict = on_the_line(slope, second, letter, place, None, False)
    if verdict.kind == "undecided" and others:
        around = _around(letter, slope, place, others)
        if around is not None:
            kind, test = first_derivative_test(slope, letter, around)
            verdict = Verdict(kind, (verdict.tests[0], test))
    value = full_value(function, {letter: place}) if family.same_value else None
    tests = (Remark("period", family.said, claims=family.claims), *verdict.tests)
    return Family(family.point, family.start, family.letters, family.said, family.claims, family.same_value, Verdict(verdict.kind, tests), value)


def _around(letter: str, slope: Form, place: Form, others: Sequence[Family]) -> tuple[Gap, Gap] | None:
    """The stretches to the next zeros of f′ on both sides, over one common period."""
    periods = [period for family in others for period in family.said["periods"]]
    longest = max(periods, key=approximate)
    places: list[Form] = []
    for family, period in zip(others, periods, strict=True):
        ratio = value_of(Div(longest, period))
        count = integer(ratio) if ratio is not None else None
        start = family.start[letter]
        if count is None:
            return None
        places += [Add((start, Mul((number(k), period)))) for k in range(-count, 2 * count)]
    exact = sorted((value for value in map(value_of, places) if value is not None), key=approximate)
    left = [one for one in exact if compare(one, place) == -1]
    right = [one for one in exact if compare(one, place) == 1]
    if not left or not right:
        return None
    gaps = [_gap(low, high, letter, slope) for low, high in ((left[-1], place), (place, right[0]))]
    return (gaps[0], gaps[1]) if gaps[0] is not None and gaps[1] is not None else None


def _gap(low: Form, high: Form, letter: str, slope: Form) -> Gap | None:
    sample = between(low, high)
    value = value_of(slope, {letter: sample}) if sample is not None else None
    sign = sign_of(value) if value is not None else None
    return Gap(low, high, True, sample, sign) if sign else None


def _whole_wave(letter: str, families: Sequence[Family]) -> tuple[Remark, ...]:
    """A continuous function that repeats itself takes its least and greatest value within one period."""
    found = [Remark("repeats", {"period": families[0].said["periods"][0]})]
    for name, sign in (("lowest", -1), ("highest", 1)):
        best = families[0]
        for family in families[1:]:
            order = _compare(family, best)
            if order is None:
                return ()
            best = family if order == sign else best
        ties = [family for family in families if _compare(family, best) == 0]
        assert best.value is not None
        assert best.value.exact is not None
        claims = tuple(Claim(compared(family.value.exact, ">" if sign < 0 else "<", best.value.exact), "compared")
                       for family in families if family not in ties and family.value and family.value.exact)  # fmt: skip
        places = tuple(equals(Sym(letter), family.point[letter]) for family in ties)
        found.append(Remark(f"{name}_taken", {"letter": Sym(letter), "value": best.value.exact, "places": places, "ends": (), "where": None, "on": False, "family": True}, claims=claims))
    return tuple(found)


def _compare(one: Family, other: Family) -> int | None:
    if one.value is None or other.value is None or one.value.exact is None or other.value.exact is None:
        return None
    return compare(one.value.exact, other.value.exact)


__all__ = ["Family", "families_of", "on_a_wave"]
