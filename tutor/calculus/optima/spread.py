"""What holds everywhere, said only where it is justified: for functions of several letters.

Convex everywhere (the Hessian positive semidefinite at every point of a convex domain): a stationary point is a global minimum.
A polynomial whose highest powers all stand alone with even exponents and positive coefficients grows in every direction,
so it has a least value, and that is the least among its stationary values. Along a line on which the function
runs to ±∞ there is no greatest, or no least, value. Where none of this applies nothing is claimed.

>>> from tutor.calculus.optima.critical import critical_points
>>> [remark.id for remark in critical_points("100 - x^2 - 2y^2").overall]
['concave_everywhere', 'highest_taken', 'no_lowest']
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tutor.algebra.solve import SECONDS
from tutor.calculus.optima.classify import shape
from tutor.calculus.optima.find import is_numeric
from tutor.calculus.optima.hessian import Hessian
from tutor.calculus.optima.line import Infinite, is_continuous, is_infinite, one_sided, where_defined
from tutor.calculus.optima.numbers import compare, tidy
from tutor.calculus.optima.polynomial import coefficients, terms_of, written
from tutor.calculus.optima.said import Remark, compared, equals
from tutor.calculus.optima.systems import Point, is_point
from tutor.calculus.worked import Claim, equal
from tutor.form.numerals import rational
from tutor.form.tree import ONE, ZERO, Add, Apply, Form, Listing, Mul, Neg, Relation, Sym
from tutor.form.walk import substitute

_MOST_LINES = 8


@dataclass(frozen=True)
class Known:
    """A stationary point with its value, and what it was found to be."""

    point: Point
    value: Form | None
    verdict: str


def everywhere_kind(result: Hessian) -> tuple[str, Remark | None] | None:
    """bowl, flat_bowl, dome or flat_dome, where the Hessian has that kind at every point of a convex domain; with its proof."""
    if not convex_domain(result.function, result.where):
        return None
    if result.constant:
        kind = result.here.spectrum.kind if result.here and result.here.spectrum else "open"
        return (kind, None) if kind in ("bowl", "dome", "flat_bowl", "flat_dome") else None
    return result.everywhere


def convex_domain(function: Form, where: Sequence[Form]) -> bool:
    """Whether the function has no jumps, and exists with its second derivatives on a convex set: conditions such as x > 0, y ≤ 2 only."""
    return is_continuous(function) and all(
        isinstance(one, Relation) and isinstance(one.operands[0], Sym) and "!=" not in one.operators and rational(one.operands[-1]) is not None
        for one in (*where_defined(function), *where)
    )


def overall_in_space(result: Hessian, points: Sequence[Known], complete: bool, seconds: float = SECONDS) -> tuple[Remark, ...]:
    """The statements about the whole domain."""
    found: list[Remark] = []
    bent = everywhere_kind(result)
    low = high = False
    if bent is not None:
        kind, proof = bent
        word = "convex" if kind.endswith("bowl") else "concave"
        found.append(Remark(f"{word}_everywhere", {"strict": kind in ("bowl", "dome")}, proof.lines if proof else (), proof.claims if proof else ()))
        if points:
            found.append(_taken("lowest" if word == "convex" else "highest", points))
            low, high = word == "convex", word == "concave"
        elif complete and not where_defined(result.function):
            found.append(Remark("convex_without" if word == "convex" else "concave_without", {}))
            low, high = word == "convex", word == "concave"
    for name, sign in (("lowest", 1), ("highest", -1)):
        if complete and not (low if sign > 0 else high) and points and _grows(result, sign):
            best = _best(points, sign)
            if best is not None:
                found += [Remark("grows" if sign > 0 else "falls", {}), best[0]]
                low, high = low or name == "lowest", high or name == "highest"
    for point in points:
        if point.verdict == "minimum" and not low and (shown := _never_below(result.function, point, points, 1)):
            found.append(shown)
            low = True
        if point.verdict == "maximum" and not high and (shown := _never_below(result.function, point, points, -1)):
            found.append(shown)
            high = True
    runs = list(_runs(result, points, low, high, seconds))
    found += runs
    low = low or any(run.id in ("no_lowest", "no_both") for run in runs)
    high = high or any(run.id in ("no_highest", "no_both") for run in runs)
    if not (low and high):
        found.append(Remark("both_unknown" if not (low or high) else "highest_unknown" if low else "lowest_unknown", {}))
    return tuple(found)


def _taken(name: str, points: Sequence[Known]) -> Remark:
    """The value at stationary points, which is the least (or greatest) of all."""
    places = tuple(tuple(equals(Sym(letter), value) for letter, value in point.point.items()) for point in points)
    return Remark(f"{name}_taken", {"value": points[0].value, "points": places, "where": None, "on": False})


def _never_below(function: Form, point: Known, points: Sequence[Known], sign: int) -> Remark | None:
    """f − f(a) is a sum of squares or the like: the value there is the least of all."""
    if point.value is None or point.value.free:
        return None
    found = shape(function, point.point, None)
    if found is None or found[0] != ("minimum" if sign > 0 else "maximum"):
        return None
    same = [one for one in points if one.value is not None and not one.value.free and compare(one.value, point.value) == 0]
    best = _taken("lowest" if sign > 0 else "highest", same)
    return Remark(best.id, {**best.values, "shape": True}, found[1].lines, found[1].claims)


def _grows(result: Hessian, sign: int) -> bool:
    """Whether ±f is a polynomial with x^d, y^d, … of one even degree d as its only terms of that degree, all with positive coefficients."""
    terms = terms_of(result.function, result.variables)
    if not terms:
        return False
    degree = max(sum(powers) for powers in terms)
    top = {powers: value for powers, value in terms.items() if sum(powers) == degree}
    alone = {tuple(degree * (k == j) for j in range(len(result.variables))) for k in range(len(result.variables))}
    return degree > 0 and not degree % 2 and top.keys() == alone and all(value * sign > 0 for value in top.values())


def _best(points: Sequence[Known], sign: int) -> tuple[Remark] | None:
    """The least (or greatest) of the stationary values, all of which are known."""
    values = [point.value for point in points]
    if any(value is None or value.free for value in values):
        return None
    best = points[0]
    for point in points[1:]:
        order = compare(point.value or ZERO, best.value or ZERO)
        if order is None:
            return None
        if order == -sign:
            best = point
    ties = [point for point in points if compare(point.value or ZERO, best.value or ZERO) == 0]
    claims = tuple(Claim(compared(point.value or ZERO, ">" if sign > 0 else "<", best.value or ZERO), "compared") for point in points if point not in ties)
    remark = _taken("lowest" if sign > 0 else "highest", ties)
    return (Remark(remark.id, remark.values, claims=claims),)


# -- along lines -------------------------------------------------------------------------------------


def _runs(result: Hessian, points: Sequence[Known], low: bool, high: bool, seconds: float) -> Iterator[Remark]:
    """Lines along which the function runs to −∞ or ∞, one of each, where that is still open."""
    if where_defined(result.function) or result.where:
        return
    plain = [point.point for point in points if is_point(point.point, result.variables) and not is_numeric(point.point)]
    start = min(plain, key=lambda point: sum(value.size for value in point.values()), default=dict.fromkeys(result.variables, ZERO))
    wanted = {"no_lowest": not low, "no_highest": not high}
    for direction in _directions(result):
        if not any(wanted.values()):
            return
        letter = next(name for name in ("t", "s", "r", "q") if name not in result.variables)
        line = {name: tidy(Add((start[name], Mul((Sym(letter), entry))))) for name, entry in zip(result.variables, direction, strict=True)}
        moved = substitute(result.function, line)
        shown = tidy(moved)
        values = coefficients(moved, letter)
        if values is not None:
            shown = written(values, letter) if len(values) > 1 else shown
        ends = {_end(shown, letter, values, end, seconds): Infinite if end > 0 else Neg(Infinite) for end in (-1, 1)}
        names = [name for name, sign in (("no_highest", 1), ("no_lowest", -1)) if wanted[name] and sign in ends]
        if not names:
            continue
        said = {"direction": Listing("tuple", direction), "letter": Sym(letter), "start": tuple(equals(Sym(one), value) for one, value in start.items()),
                "end": ends[1 if names == ["no_highest"] else -1]}  # fmt: skip
        wanted |= dict.fromkeys(names, False)
        yield Remark("no_both" if len(names) == 2 else names[0], said, (equals(Apply("g", (Sym(letter),), (0,)), shown),), (equal(moved, shown, "along"),))


def _end(form: Form, letter: str, values: Sequence[object] | None, end: int, seconds: float) -> int:
    """Whether a function of one letter runs to ∞ (1), to −∞ (−1), or neither (0), as far as is known."""
    if values is not None:
        if len(values) < 2:
            return 0
        leading = values[-1]
        assert hasattr(leading, "numerator")
        return (1 if leading.numerator > 0 else -1) * (end if (len(values) - 1) % 2 else 1)
    if letter not in form.free:
        return 0
    found = one_sided(form, letter, Infinite if end > 0 else Neg(Infinite), "", seconds)
    return 0 if found is None or not is_infinite(found) else 1 if found is Infinite else -1


def _directions(result: Hessian) -> Iterator[tuple[Form, ...]]:
    """Directions to look along: those of the eigenvalues, where the Hessian is constant; the axes; the diagonals of two letters."""
    size = len(result.variables)
    if result.constant and result.here and result.here.spectrum:
        yield from (vector for one in result.here.spectrum.values for vector in one.vectors)
    for k in range(min(size, _MOST_LINES)):
        yield tuple(ONE if j == k else ZERO for j in range(size))
    if size == 2:
        yield from ((ONE, ONE), (ONE, Neg(ONE)))
