"""The picture of a worked problem: the graph of its function with the tangents that were asked for, contour lines with a gradient, the path of a descent.

One function has one picture, below the last question about it. A drill without words has none, unless a tangent is what it asks for.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from tutor.calculus.differentiate import Derivation
from tutor.calculus.gradient import Gradient
from tutor.calculus.optima.critical import StationaryPoints
from tutor.calculus.optima.zeros import Zeros
from tutor.calculus.points import Point
from tutor.calculus.tangent import Tangent
from tutor.descent.trace import Trace
from tutor.exposition.figures import Figure, figure_of
from tutor.exposition.plots.graph import graph, surface
from tutor.form.evaluate import evaluate
from tutor.form.tree import Apply, Form, Relation, Sym
from tutor.problems.extremes import interval
from tutor.problems.problem import Problem, Question

_MOST = 4
"""Tangents in one picture."""


@dataclass
class _Seen:
    """What a picture of one function shows, and the last question that asks for it."""

    letters: tuple[str, ...]
    last: int = 0
    wanted: bool = False
    tangents: list[Point] = field(default_factory=list)
    marked: list[tuple[Point, str]] = field(default_factory=list)
    held: list[Form] = field(default_factory=list)


def figures(problem: Problem) -> list[tuple[int, Figure]]:
    """The pictures that help, each with the number of the question below which it stands."""
    seen: dict[Form, _Seen] = {}
    found: list[tuple[int, Figure]] = []
    for k, question in enumerate(problem.questions):
        for worked in question.answer.worked:
            if isinstance(worked, Trace) and len(worked.letters) <= 2:
                found.append((k, _path(worked, problem)))
            elif isinstance(worked, Zeros):
                seen.setdefault(worked.function, _Seen((worked.variable,))).held += worked.values
            elif isinstance(worked, Derivation | Gradient | StationaryPoints | Tangent):
                _noted(seen, k, question, worked)
    for function, one in seen.items():
        figure = _drawn(problem, function, one) if one.wanted else None
        if figure is not None:
            found.append((one.last, figure))
    return found


def _path(trace: Trace, problem: Problem) -> Figure:
    """The curve or the contour lines with the path; the values against the step are in the table."""
    typed = trace.objective.formula
    named = None if typed is None else Relation((_called(problem, typed, trace.letters), typed), ("=",))
    whole = figure_of(trace, named)
    return replace(whole, panels=whole.panels[:1], description=(whole.description[0], whole.description[-1]))


def _noted(seen: dict[Form, _Seen], k: int, question: Question, worked: Derivation | Gradient | StationaryPoints | Tangent) -> None:
    function = worked.function
    if isinstance(worked, Derivation) and (worked.order > 1 or question.answer.point is None):
        return
    letters = tuple(sorted(function.free))
    if len(letters) > 2 or not letters:
        return
    one = seen.setdefault(function, _Seen(letters))
    if isinstance(worked, StationaryPoints):
        one.marked += [(point.point, point.verdict) for point in worked.points if point.verdict in ("minimum", "maximum", "saddle") and set(point.point) == set(letters)]
        one.wanted, one.last = True, k
        return
    place = worked.point if isinstance(worked, Tangent) else question.answer.point
    if place is None or set(place) != set(letters) or (isinstance(worked, Derivation) and len(letters) > 1):
        return
    if place not in one.tangents:
        one.tangents.append(dict(place))
    if isinstance(worked, Tangent) or (question.unit and len(letters) == 1) or (isinstance(worked, Gradient) and question.interpretation):
        one.wanted, one.last = True, max(one.last, k)


def _drawn(problem: Problem, function: Form, one: _Seen) -> Figure | None:
    written = _called(problem, function, one.letters)
    if len(one.letters) == 1:
        (letter,) = one.letters
        marked = [(_number(place[letter]), kind) for place, kind in one.marked]
        tops = {x for x, _ in marked}
        tangents = [x for x in (_number(place[letter]) for place in one.tangents) if x not in tops]
        return graph(written, function, letter, tangents=tangents[:_MOST], marked=marked, held=[_number(value) for value in one.held], domain=_domain(problem, letter))
    slopes = list(_slopes(function, one))
    return surface(written, function, (one.letters[0], one.letters[1]), arrows=slopes, marked=[([_number(place[letter]) for letter in one.letters], kind) for place, kind in one.marked])


def _called(problem: Problem, function: Form, letters: tuple[str, ...]) -> Form:
    """P(p), as the story calls it; f where it has no name."""
    name = next((called for called, known in problem.scope.functions.items() if known.body is function), "f")
    return Apply(name, tuple(map(Sym, letters)), (0,) * len(letters))


def _slopes(function: Form, one: _Seen) -> Iterator[tuple[list[float], list[float]]]:
    """The gradients at the places."""
    from tutor.problems.scope import derived

    for place in one.tangents:
        point = {letter: _number(value) for letter, value in place.items()}
        yield [point[letter] for letter in one.letters], [evaluate(derived(function, letter).value, point) for letter in one.letters]


def _domain(problem: Problem, letter: str) -> tuple[float, float]:
    found = interval(problem.scope.conditions, letter)
    low, high = (None, None) if found is None else found[:2]
    return -math.inf if low is None else _number(low), math.inf if high is None else _number(high)


def _number(form: Form) -> float:
    return float(evaluate(form, {}))


__all__ = ["figures"]
