"""Solutions by hand where the steps reach, else SymPy's, with what is known of them.

What was found by hand is compared with an independent count: a polynomial's real roots by Sturm's theorem, anything
else by SymPy's own solutions. Where SymPy knows a solution that the steps have missed, the steps are thrown away.

>>> from tutor import read
>>> found = find([read("4x^3 - 6x + 1")], ("x",))
>>> found.by, [str(point["x"])[:8] for point in found.points], found.complete
('solver', ['-1.30083', '0.169938', '1.130901'], True)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from tutor.algebra.solve import PARAMETER, SECONDS, Solutions, solve, solve_polynomials
from tutor.calculus.optima.numbers import approximate, compare, exactly, full_value, sign_of, value_of
from tutor.calculus.optima.polynomial import coefficients, distinct_roots, terms_of
from tutor.calculus.optima.said import Remark, compared
from tutor.calculus.optima.search import searched
from tutor.calculus.optima.solving import FAMILY, solve_one
from tutor.calculus.optima.systems import Point, distinct_points, is_point, solve_all
from tutor.calculus.points import Value
from tutor.calculus.worked import Claim, equal
from tutor.form.evaluate import evaluate, holds
from tutor.form.numerals import number
from tutor.form.reading import read
from tutor.form.tree import ZERO, Add, Call, Form, Neg, Num, Sym
from tutor.form.walk import substitute

_LONG_DECIMAL = 8
_CLOSE, _PLACES = 1e-7, 12
MOST_MET = 12
"""A search keeps this many points, those nearest to the origin."""
MANY = 40
"""More decimals than this are a whole stretch of zeros, and no list."""
_MEMBERS = (0, 1, -1)
"""Members of a family for which it is claimed that they solve the equations."""


@dataclass(frozen=True)
class Solved:
    """Real solutions. `by`: hand, solver, search (from many starts), nobody, or many (so many decimals that they are no list); `complete`: there are no others; `in_time`: the budget was enough."""

    remarks: tuple[Remark, ...]
    points: tuple[Point, ...]
    by: str
    complete: bool
    in_time: bool = True

    @property
    def numeric(self) -> bool:
        """Whether some solution is only a decimal."""
        return any(is_numeric(point) for point in self.points)


def is_numeric(point: Point) -> bool:
    """Whether a value of the point is a rounded decimal."""
    return any(_is_rounded(value) for value in point.values())


def _is_rounded(value: Form) -> bool:
    inner = value.operand if isinstance(value, Neg) else value
    return isinstance(inner, Num) and inner.places >= _LONG_DECIMAL


def value_here(form: Form, point: Point) -> Value:
    """The value at a point; at a rounded one it is rounded too."""
    found = full_value(form, dict(point))
    if found.exact is None or not is_numeric(point):
        return found
    rounded = read(f"{approximate(found.exact):.12g}")
    return Value(found.substituted, rounded, found.decimal)


def value_claims(value: Value, numeric: bool = False) -> tuple[Claim, ...]:
    """That the numbers put in give the exact value; at a rounded point, nearly."""
    if value.exact is None or value.exact is value.substituted:
        return ()
    if not numeric:
        return (equal(value.substituted, value.exact, "value"),)
    gap = Call("abs", (Add((value.substituted, Neg(value.exact))),))
    return (Claim(compared(gap, "<", number(Fraction(max(1, int(abs(approximate(value.exact)))), 10**9), decimal=True)), "value"),)


def find(equations: Sequence[Form], unknowns: Sequence[str], seconds: float = SECONDS, conditions: Sequence[Form] = ()) -> Solved:
    """All points at which every form is zero and the conditions hold, as far as they can be found within the budget.

    A point that violates the conditions may still be among those found by hand.
    """
    families = tuple(letter for letter in FAMILY if not any(letter in form.free for form in equations))
    names = tuple(unknowns)
    by_hand: Solved | None = None
    if len(equations) == len(names) == 1:
        roots = solve_one(equations[0], names[0], families, 0, conditions)
        if roots is not None:
            by_hand = Solved(roots.remarks, ({},) if roots.every else tuple({names[0]: value} for value in roots.values), "hand", True)
    else:
        found = solve_all(equations, names, families, 0, conditions)
        if found is not None:
            by_hand = Solved(found.remarks, found.points, "hand", True)
    if by_hand is not None and _counted(equations, names, by_hand.points):
        return by_hand
    theirs = _theirs(equations, names, seconds)
    fitting = [point for point in theirs.points if _allowed(point, names, conditions)]
    if by_hand is not None and not _missed(fitting, by_hand.points, names, equations):
        return by_hand
    if len(fitting) > MANY:
        return Solved((), (), "many", False)
    points = distinct_points([dict(point) for point in fitting], names)
    if len(names) > 1 and not points and not theirs.complete:
        met = [point for point in _met(equations, names, seconds) if _allowed(point, names, conditions)]
        if met:
            return Solved((), distinct_points(met, names), "search", False)
    return Solved((), points, "solver" if theirs.in_time else "nobody", theirs.complete and (len(names) == 1 or _polynomial(equations, names)), theirs.in_time)


def _met(equations: Sequence[Form], names: Sequence[str], seconds: float) -> list[Point]:
    """Points met by searching, as decimals."""
    found = sorted(searched(equations, names, min(2.0, seconds)), key=lambda point: max(map(abs, point)))[:MOST_MET]
    return [{name: read(f"{value:.{_PLACES}f}") for name, value in zip(names, point, strict=True)} for point in found]


def _allowed(point: Point, names: Sequence[str], conditions: Sequence[Form]) -> bool:
    """Whether a point of numbers violates none of the conditions for sure."""
    if not is_point(point, names):
        return True
    return all(holds(substitute(condition, dict(point)), {}) is not False for condition in conditions)


def _polynomial(equations: Sequence[Form], names: Sequence[str]) -> bool:
    """Whether SymPy's solutions of several equations are surely all: it may leave some out where functions occur."""
    return all(terms_of(form, names) is not None for form in equations)


def _counted(equations: Sequence[Form], names: Sequence[str], points: Sequence[Point]) -> bool:
    """Whether there are surely as many solutions as were found: by Sturm's theorem, letter by letter where the equations are separate."""
    if len(equations) != len(names) or any(len(point) < len(names) for point in points):
        return False
    count = 1
    for form in equations:
        if len(form.free) != 1:
            return False
        (name,) = form.free
        values = coefficients(form, name)
        if values is None:
            return False
        count *= distinct_roots(values)
    return count == len(points) and len(frozenset().union(*(form.free for form in equations))) == len(names)


def _theirs(equations: Sequence[Form], names: Sequence[str], seconds: float) -> Solutions:
    """SymPy's solutions; of a polynomial system its points first, in fractions or decimals, then closed forms where the time allows."""
    if len(names) < 2 or not _polynomial(equations, names):
        return _by_solver(equations, names, seconds)
    points = solve_polynomials(equations, names, seconds / 2)
    if points is not None and not points.numeric:
        return points
    closed = _by_solver(equations, names, seconds / 2)
    return points if points is not None and (not closed.in_time or len(closed.points) != len(points.points)) else closed


def _by_solver(equations: Sequence[Form], names: Sequence[str], seconds: float) -> Solutions:
    """SymPy's solutions; where the letter of its families is taken, under other names."""
    if not any(PARAMETER in form.free for form in equations):
        return solve(equations, names, seconds)
    other = next(name for name in (f"{PARAMETER}_{k}" for k in range(1, 99)) if not any(name in form.free for form in equations))
    renamed = [substitute(form, {PARAMETER: Sym(other)}) for form in equations]
    found = solve(renamed, [other if name == PARAMETER else name for name in names], seconds)
    if any(PARAMETER in value.free for point in found.points for value in point.values()):
        return Solutions((), complete=False)
    back: dict[str, Form] = {other: Sym(PARAMETER)}
    points = tuple({PARAMETER if name == other else name: substitute(value, back) for name, value in point.items()} for point in found.points)
    return Solutions(points, found.complete, found.numeric, found.in_time)


def _missed(theirs: Sequence[Point], ours: Sequence[Point], names: Sequence[str], equations: Sequence[Form]) -> bool:
    """Whether one of their points really solves the equations and is none of ours."""
    for point in theirs:
        sample = _sample(point, names)
        if not any(_member(sample, other) for other in ours) and all(abs(evaluate(form, sample)) < _CLOSE for form in equations):
            return True
    return False


def _sample(point: Point, names: Sequence[str]) -> dict[str, float]:
    """One point of a line or family, as floats."""
    letters = frozenset(names).union(*(value.free for value in point.values()))
    given = {letter: float(k + 2) if letter not in names else 0.7 + k for k, letter in enumerate(sorted(letters))}
    return {name: evaluate(point[name], given) if name in point else given[name] for name in names}


def _member(sample: dict[str, float], point: Point) -> bool:
    """Whether a point of floats lies on a point, line or family of ours."""
    letters = frozenset().union(*(value.free for value in point.values())) - sample.keys()
    if not letters:
        return all(abs(evaluate(value, sample) - sample[name]) < _CLOSE * (1 + abs(sample[name])) for name, value in point.items())
    return all(_on_family(value, sample, sample[name]) for name, value in point.items())


def _on_family(value: Form, sample: dict[str, float], wanted: float) -> bool:
    letters = sorted(value.free - sample.keys())
    if not letters:
        return abs(evaluate(value, sample) - wanted) < _CLOSE
    return any(abs(evaluate(value, {**sample, letters[0]: float(k)}) - wanted) < _CLOSE for k in range(-60, 61))


# -- claims ------------------------------------------------------------------------------------------


def family_letters(point: Point, names: Sequence[str]) -> tuple[str, ...]:
    """The letters in a point that stand for any integer."""
    return tuple(sorted(frozenset().union(*(value.free for value in point.values())) - frozenset(names)))


def members(point: Point, names: Sequence[str], parameters: Iterable[str] = ()) -> list[Point]:
    """Some members of a family; the point itself where it is none. `parameters` are letters that are held fixed."""
    letters = family_letters(point, (*names, *parameters))
    if not letters:
        return [point]
    return [{name: substitute(value, dict.fromkeys(letters, number(k))) for name, value in point.items()} for k in _MEMBERS]


def claims_of_point(equations: Sequence[Form], point: Point, names: Sequence[str], conditions: Sequence[Form] = (), parameters: Iterable[str] = ()) -> list[Claim]:
    """That a point solves the equations: exactly; of a decimal, that a root lies close by, or that the values are tiny."""
    if is_numeric(point):
        return [claim for form in equations for claim in _near(form, point, names)]
    found = []
    for member in members(point, names, parameters):
        for form in equations:
            put_in = substitute(form, dict(member))
            here = tuple(substitute(condition, dict(member)) for condition in conditions) if put_in.free else ()
            if put_in is not ZERO:
                found.append(equal(put_in, ZERO, "solution", here))
    return found


def _near(form: Form, point: Point, names: Sequence[str]) -> list[Claim]:
    """Of one letter: opposite signs on both sides. Of several: the value is less than a millionth."""
    if len(names) == 1:
        (name,) = names
        place = exactly(point[name])
        width = Fraction(1, 10**9) * max(1, abs(int(place)))
        sides = [substitute(form, {name: number(place + shift, decimal=True)}) for shift in (-width, width)]
        signs = [sign_of(side) for side in sides]
        if None not in signs and signs[0] == -(signs[1] or 0) != 0:
            return [Claim(compared(side, "<" if sign == -1 else ">", ZERO), "sign") for side, sign in zip(sides, signs, strict=True)]
    size = Call("abs", (substitute(form, dict(point)),))
    return [Claim(compared(size, "<", Num(1, 6)), "small")]


def period_of(value: Form, letter: str) -> Form | None:
    """By how much a family moves from one member to the next; None where that is not always the same."""
    steps = [substitute(value, {letter: number(k)}) for k in (0, 1, 2)]
    first, second = (value_of(Add((after, Neg(before)))) for before, after in pairwise(steps))
    if first is None or second is None or compare(first, second) != 0:
        return None
    return first


__all__ = ["MANY", "Solved", "claims_of_point", "family_letters", "find", "is_numeric", "members", "period_of", "value_claims", "value_here"]
