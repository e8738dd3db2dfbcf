"""Greatest and least values as answers: argmax, argmin, stationary, maxima, minima, saddles, roots, nature, trend, bend, newton.

A place counts where the variables may be (`p > 0`). The greatest value is claimed only where it is one: at the one stationary place of
a function of one letter on its interval, at the best of places and ends of a closed interval, for a quadratic function of several
letters, or where the engine has shown it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Literal

from tutor.algebra.neat import neat
from tutor.algebra.tidy import tidied
from tutor.calculus.optima.critical import StationaryPoints, critical_points
from tutor.calculus.optima.newton import newton_step
from tutor.calculus.optima.zeros import Zeros, zeros
from tutor.calculus.worked import Worked
from tutor.errors import RequestError
from tutor.form.evaluate import evaluate, holds
from tutor.form.numerals import number
from tutor.form.tree import Form, Listing, Relation, Sym
from tutor.form.walk import substitute
from tutor.grading.asked import Asked
from tutor.problems.calls.base import Answer, Call, count, letters_of, pair
from tutor.problems.extremes import interval, places
from tutor.problems.scope import Function, Scope, derived, value_of

Extreme = Literal["maximum", "minimum"]
Found = tuple[tuple[Form, ...], str]


@lru_cache(256)
def _critical(body: Form, letters: tuple[str, ...]) -> StationaryPoints:
    """The engine's search, of which the last results are kept: it may take a second."""
    return critical_points(body, letters)


def inside(function: Function, conditions: Sequence[Form]) -> list[Found]:
    """The stationary places that the conditions allow, each with what it is. Raises `RequestError` where they cannot be found exactly."""
    quick = places(function.body, function.letters)
    if quick is not None:
        found = [(tuple(map(number, place)), verdict) for place, verdict in quick]
    else:
        result = _critical(function.body, function.letters)
        if not result.solved.complete or any(point.numeric or point.family or set(point.point) != set(function.letters) for point in result.points):
            raise RequestError("optimum", f"the stationary points of {function.body} are not all known exactly")
        found = [(tuple(point.point[letter] for letter in function.letters), point.verdict) for point in result.points]
    return [one for one in found if allowed(dict(zip(function.letters, one[0], strict=True)), conditions)]


def allowed(point: Mapping[str, Form], conditions: Sequence[Form]) -> bool:
    """Whether a point fulfils the conditions."""
    return all(holds(substitute(condition, dict(point)), {}) is not False for condition in conditions if condition.free <= point.keys())


def solved(scope: Scope, function: Function) -> StationaryPoints:
    """The engine's own search, for the solution; what it says of places outside of the variables' domain is left out."""
    conditions = [one for one in scope.conditions if one.free & set(function.letters)]
    if not conditions:
        return _critical(function.body, function.letters)
    if len(function.letters) == 1 and (ends := _closed(scope, function)) is not None:
        return critical_points(function.body, function.letters, on=ends)
    found = _critical(function.body, function.letters)
    points = tuple(point for point in found.points if allowed(point.point, conditions))
    taken = () if len(points) < len(found.points) else ("highest_taken", "lowest_taken")
    kept = tuple(remark for remark in found.overall if remark.id in ("convex", "concave", "bowl_everywhere", "concave_everywhere", "convex_everywhere", *taken))
    return replace(found, points=points, overall=kept)


def _closed(scope: Scope, function: Function) -> tuple[Form, Form] | None:
    found = interval(scope.conditions, function.letters[0])
    return (found[0], found[1]) if found is not None and found[0] is not None and found[1] is not None and found[2] else None


def best_place(scope: Scope, function: Function, kind: Extreme) -> tuple[Form, ...]:
    """Where the greatest or least value is. Raises `RequestError` where there is none, or it is not known."""
    found = inside(function, scope.conditions)
    right = [place for place, verdict in found if verdict == kind]
    if len(function.letters) == 1:
        ends = _closed(scope, function)
        if ends is not None:
            return _best_of([*((one,) for one in ends), *(place for place, _ in found)], function, kind)
        if len(found) == len(right) == 1 and interval(scope.conditions, function.letters[0]) is not None:
            return right[0]
    elif len(right) == 1 and places(function.body, function.letters) is not None:
        return right[0]
    taken = f"{'highest' if kind == 'maximum' else 'lowest'}_taken"
    if len(right) == 1 and not scope.conditions and any(remark.id == taken for remark in _critical(function.body, function.letters).overall):
        return right[0]
    word = "greatest" if kind == "maximum" else "least"
    raise RequestError("optimum", f"it is not known where {function.body} has its {word} value", advice="Use maxima or minima for all local ones, or give the variable a domain.")


def _best_of(candidates: Sequence[tuple[Form, ...]], function: Function, kind: Extreme) -> tuple[Form, ...]:
    values = [evaluate(substitute(function.body, dict(zip(function.letters, place, strict=True))), {}) for place in candidates]
    best = max(values) if kind == "maximum" else min(values)
    winners = dict.fromkeys(place for place, value in zip(candidates, values, strict=True) if value == best)
    if len(winners) != 1:
        raise RequestError("optimum", f"{function.body} has its {'greatest' if kind == 'maximum' else 'least'} value at several places")
    return next(iter(winners))


def _function(scope: Scope, name: str, args: tuple[Form, ...], where: Form | None) -> Function:
    count(name, args, 1, 4, where)
    function = scope.function(args[0])
    return Function(letters_of(args[1:], function), function.body) if len(args) > 1 else function


def _best(name: str, kind: Extreme) -> Call:
    def best(scope: Scope, args: tuple[Form, ...], where: Form | None) -> Answer:
        function = _function(scope, name, args, where)
        key = pair(best_place(scope, function, kind))
        return Answer(key, Asked(expected=key), lambda: (_one_sided(solved(scope, function), kind),))

    return best


def _one_sided(found: StationaryPoints, kind: Extreme) -> StationaryPoints:
    """Without what is said of the other end: who looks for the least value is not told of the greatest."""
    other, bends = ("lowest", "concave") if kind == "maximum" else ("highest", "convex")
    bent = any(remark.id == bends for remark in found.overall)
    kept = (remark for remark in found.overall if not remark.id.startswith((other, f"no_{other}")) and not (bent and remark.id == "limits"))
    return replace(found, overall=tuple(kept))


def _all(name: str, kinds: Sequence[str]) -> Call:
    def some(scope: Scope, args: tuple[Form, ...], where: Form | None) -> Answer:
        function = _function(scope, name, args, where)
        found = [pair(place) for place, verdict in inside(function, scope.conditions) if verdict in kinds or not kinds]
        if not found:
            raise RequestError("optimum", f"{function.body} has no such places")
        key = Listing("set", tuple(found))
        asked = Asked(expected=key, kind="set" if len(function.letters) == 1 else "points", wrt=function.letters)
        return Answer(key, asked, lambda: (_local(solved(scope, function)),))

    return some


def _local(found: StationaryPoints) -> StationaryPoints:
    """Without what is said of the whole domain, unless a test rests on it: nobody asked for that."""
    rests = any(test.id.startswith(("convex_", "shape_")) for point in found.points for test in point.tests)
    return found if rests else replace(found, overall=())


def _roots(scope: Scope, args: tuple[Form, ...], where: Form | None) -> Answer:
    """roots(f, x): all places where a function is zero, in the variable's domain, as a set."""
    function = _function(scope, "roots", args, where)
    is_name = isinstance(args[0], Sym)
    body = function.body if is_name else tidied(function.body)[0]
    found = _zeros(body, scope.conditions, None if is_name else neat(scope.with_numbers(args[0])))
    if not found.values:
        raise RequestError("roots", f"{body} is zero nowhere that its variable may be")
    key = Listing("set", found.values)
    return Answer(key, Asked(expected=key, kind="set", wrt=function.letters), lambda: (found,))


@lru_cache(256)
def _zeros(body: Form, conditions: tuple[Form, ...], called: Form | None) -> Zeros:
    return zeros(body, conditions=conditions, called=called)


def _nature(scope: Scope, args: tuple[Form, ...], where: Form | None) -> Answer:
    """nature(f, 2): minimum, maximum, saddle point (of one letter: terrace) or none of them."""
    count("nature", args, 2, 2, where)
    function = scope.function(args[0])
    point = scope.place(args[1], function.letters) or {}
    here = tuple(point[letter] for letter in function.letters)
    verdict = next((verdict for place, verdict in inside(function, scope.conditions) if place == here), "none of them")
    if verdict == "undecided":
        raise RequestError("optimum", f"it is not known what {function.body} has there")
    name = {"saddle": "saddle point" if len(here) > 1 else "terrace"}.get(verdict, verdict)
    options = ("minimum", "maximum", "saddle point" if len(here) > 1 else "terrace")
    return word(name, options if name in options else (*options, name), lambda: (_local(solved(scope, function)),))


def word(said: str, options: tuple[str, ...], made: Callable[[], tuple[Worked, ...]]) -> Answer:
    """An answer in one word among several."""
    return Answer(Sym(said), Asked(expected=said, kind="choice", options=options), made)


def _sign(name: str, order: int, words: tuple[str, str, str]) -> Call:
    """trend(f, 2): rising, falling or flat; bend(f, 2): convex, concave or neither, by the sign of a derivative."""

    def sign(scope: Scope, args: tuple[Form, ...], where: Form | None) -> Answer:
        count(name, args, 2, 2, where)
        function = scope.function(args[0])
        point = scope.place(args[1], function.letters) or {}
        if len(function.letters) != 1:
            raise RequestError("arguments", f"{name} is for functions of one letter")
        found = derived(function.body, function.letters[0], order)
        value = value_of(found.value, point)
        size = evaluate(value, {})
        answer = word(words[0] if size > 0 else words[1] if size < 0 else words[2], words, lambda: (found,))
        shown = Relation((value, number(0)), (">" if size > 0 else "<",)) if size else Relation((found.value, value), ("=",))
        return replace(answer, point=point, lines=() if size == 0 else (shown,))

    return sign


def _newton(scope: Scope, args: tuple[Form, ...], where: Form | None) -> Answer:
    """newton(f, 2): one step towards a minimum; newton(f = 0, 2): one step towards a root."""
    count("newton", args, 2, 2, where)
    target = args[0]
    if isinstance(target, Relation):
        equation: Form = Relation(tuple(map(scope.plain, target.operands)), target.operators)
        function = Function(tuple(sorted(equation.free)), equation)
    else:
        function = scope.function(target)
    point = scope.place(args[1], function.letters) or {}
    found = newton_step(function.body, dict(point))
    if found.new is None or any(value.exact is None for value in found.new):
        raise RequestError("newton", "there is no step from this place")
    key = pair([value.exact for value in found.new if value.exact is not None])
    return Answer(key, Asked(expected=key), lambda: (found,))


TABLE: dict[str, Call] = {
    "argmax": _best("argmax", "maximum"), "argmin": _best("argmin", "minimum"), "stationary": _all("stationary", ()),
    "maxima": _all("maxima", ("maximum",)), "minima": _all("minima", ("minimum",)), "saddles": _all("saddles", ("saddle",)),
    "roots": _roots, "nature": _nature, "trend": _sign("trend", 1, ("rising", "falling", "flat")), "bend": _sign("bend", 2, ("convex", "concave", "neither")), "newton": _newton,
}  # fmt: skip

__all__ = ["TABLE", "allowed", "best_place", "inside", "solved"]
