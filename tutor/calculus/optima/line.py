"""The real line cut at every place that matters to a function of one letter, and the sign of the slope in between.

Places: where f′ is zero, where f is defined and f′ is not, where f stops being defined, the ends of a given interval.
Between neighbours f′ is continuous and not zero, so one test point decides its sign (the intermediate value theorem).
Nothing is said where the list of places may not be complete, or where f may jump inside its domain.

>>> from tutor import read
>>> found = cut(read("abs(x)"), "x", read("sign(x)"), [read("x != 0")], [])
>>> [(str(mark.at), mark.kind) for mark in found.marks], [gap.slope for gap in found.gaps]
([('0', 'corner')], [-1, 1])
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tutor.algebra.solve import SECONDS, limit
from tutor.algebra.worker import OutOfTime
from tutor.calculus.conditions import domain
from tutor.calculus.optima.find import find
from tutor.calculus.optima.numbers import between, compare, sign_of, value_of
from tutor.calculus.optima.signs import span
from tutor.calculus.optima.solving import in_order
from tutor.form.evaluate import holds
from tutor.form.functions import FUNCTIONS
from tutor.form.numerals import integer, rational
from tutor.form.tree import ZERO, Add, Call, Const, Div, Form, Mul, Neg, Num, Pow, Relation, Root, Sym
from tutor.form.walk import nodes, substitute

_JUMPS = frozenset(("sign", "step", "floor", "ceil"))
_CONTINUOUS = frozenset(("trigonometric", "inverse trigonometric", "hyperbolic", "inverse hyperbolic", "logarithm", "activation", "corner", "extremum"))
"""Families of functions that are continuous where they are defined."""
_ALSO_CONTINUOUS = frozenset(("erf", "erfc"))
Infinite = Const("infinity")


@dataclass(frozen=True)
class Mark:
    """A place: `stationary`, `corner` (f is defined, f′ is not), `end` (of the domain or of the interval, f is defined there), `hole`.

    `slopes`: what f′ tends to from the left and from the right of a corner, where that was found.
    """

    at: Form
    kind: str
    slopes: tuple[Form | None, Form | None] = (None, None)


@dataclass(frozen=True)
class Gap:
    """An open interval between neighbouring places (None: no end): in the domain with a test point and the sign of f′ there, or not."""

    low: Form | None
    high: Form | None
    inside: bool
    sample: Form | None = None
    slope: int = 0


@dataclass(frozen=True)
class Piece:
    """A maximal interval of the domain; an end of the domain that f reaches is `closed`."""

    low: Form | None
    high: Form | None
    low_closed: bool
    high_closed: bool
    gaps: tuple[Gap, ...]

    @property
    def whole_line(self) -> bool:
        """Whether it has no ends."""
        return self.low is None and self.high is None


@dataclass(frozen=True)
class Cut:
    """The marks in order, and the gaps around them: one more than marks."""

    marks: tuple[Mark, ...]
    gaps: tuple[Gap, ...]

    def around(self, place: Form) -> tuple[Gap, Gap] | None:
        """The gaps to the left and right of a mark."""
        for k, mark in enumerate(self.marks):
            if compare(mark.at, place) == 0:
                return self.gaps[k], self.gaps[k + 1]
        return None

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The intervals of the domain, the leftmost first."""
        found: list[Piece] = []
        run: list[Gap] = []
        for k, gap in enumerate(self.gaps):
            if gap.inside:
                run.append(gap)
            mark = self.marks[k] if k < len(self.marks) else None
            ends = mark is None or mark.kind in ("hole", "end") or not gap.inside
            if ends and run:
                before = next((one for one in self.marks if one.at is run[0].low), None)
                found.append(Piece(run[0].low, run[-1].high, before is not None and before.kind == "end", mark is not None and mark.kind == "end", tuple(run)))
                run = []
        return tuple(found)


def where_defined(form: Form) -> list[Relation]:
    """All that must hold for a form to have a value: the table's conditions, and those of powers.

    >>> from tutor import read
    >>> [str(one) for one in where_defined(read("x^(2/3) + x^(-2) + ln(x)"))]
    ['x > 0', 'x >= 0', 'x != 0']
    """
    found = [condition for condition in domain(form) if isinstance(condition, Relation)]
    for node in nodes(form):
        match node:
            case Pow(base, exponent) if base.free and (whole := integer(exponent)) is not None:
                if whole < 0:
                    found.append(Relation((base, ZERO), ("!=",)))
            case Pow(base, exponent) if base.free or exponent.free:
                power = rational(exponent)
                found.append(Relation((base, ZERO), (">=" if power is not None and power > 0 else ">",)))
    return [condition for condition in dict.fromkeys(found) if not _always(condition)]


def _always(condition: Relation) -> bool:
    if len(condition.operators) != 1 or condition.operands[1] is not ZERO:
        return not condition.free and holds(condition, {}) is True
    low, high = span(condition.operands[0])
    sign = condition.operators[0]
    return (sign == ">" and low > 0) or (sign == ">=" and low >= 0) or (sign == "!=" and (low > 0 or high < 0))


def is_continuous(form: Form) -> bool:
    """Whether a form is surely continuous wherever it is defined."""
    for node in nodes(form):
        if isinstance(node, Call):
            row = FUNCTIONS[node.name]
            if node.name in _JUMPS or (row.family not in _CONTINUOUS and node.name not in _ALSO_CONTINUOUS):
                return False
        elif not isinstance(node, Num | Sym | Const | Add | Mul | Neg | Div | Pow | Root):
            return False
    return True


def boundaries(conditions: Sequence[Relation], letter: str, seconds: float) -> list[Form] | None:
    """The places at which a condition may change from true to false; None where they are not all known."""
    found: list[Form] = []
    for condition in conditions:
        for left, right in zip(condition.operands, condition.operands[1:], strict=False):
            if letter not in left.free | right.free:
                continue
            difference = left if right is ZERO else Add((left, Neg(right)))
            solved = find([difference], (letter,), seconds)
            if not solved.complete or any(len(point) != 1 or point[letter].free for point in solved.points):
                return None
            found += [point[letter] for point in solved.points]
    return found


def satisfied(conditions: Sequence[Relation], letter: str, place: Form) -> bool | None:
    """Whether all conditions hold at a place; None where that is not decided."""
    undecided = False
    for condition in conditions:
        held = _holds(substitute(condition, {letter: place}))
        if held is False:
            return False
        undecided = undecided or held is None
    return None if undecided else True


def _holds(condition: Form) -> bool | None:
    assert isinstance(condition, Relation)
    held = holds(condition, {})
    if held is not None:
        return held
    for left, operator, right in zip(condition.operands, condition.operators, condition.operands[1:], strict=False):
        order = compare(left, right)
        if order is None:
            return None
        if not {"<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0, "!=": order != 0, "=": order == 0}[operator]:
            return False
    return True


def cut(
    function: Form, letter: str, slope: Form, conditions: Sequence[Form], stationary: Sequence[Form],
    on: tuple[Form, Form] | None = None, seconds: float = SECONDS,
) -> Cut | None:  # fmt: skip
    """The line cut at every place; `conditions` say where the slope exists, `stationary` is every zero of it.

    None where the places are not all known, or the function may jump.
    """
    if not is_continuous(function) or not function.free <= {letter}:
        return None
    defined = where_defined(function)
    smooth = [*where_defined(slope), *(one for one in conditions if isinstance(one, Relation))]
    edges = boundaries([*defined, *smooth], letter, seconds)
    if edges is None:
        return None
    places = [*(place for place in stationary if on is None or is_within(place, on)), *(place for place in edges if on is None or is_within(place, on))]
    places = list(in_order([*places, *(on or ())]))
    gaps = [_gap(low, high, defined, letter, slope, on) for low, high in zip([None, *places], [*places, None], strict=True)]
    if any(gap is None for gap in gaps):
        return None
    known = [gap for gap in gaps if gap is not None]
    marks = [_mark(place, k, known, function, letter, slope, (defined, smooth), stationary, seconds) for k, place in enumerate(places)]
    return _joined(marks, known)


def is_within(place: Form, on: tuple[Form, Form]) -> bool:
    """Whether a number lies in a closed interval."""
    return compare(on[0], place) in (-1, 0) and compare(place, on[1]) in (-1, 0)


def _gap(low: Form | None, high: Form | None, defined: Sequence[Relation], letter: str, slope: Form, on: tuple[Form, Form] | None) -> Gap | None:
    sample = between(low, high)
    if sample is None:
        return None
    if on is not None and not is_within(sample, on):
        return Gap(low, high, False)
    held = satisfied(defined, letter, sample)
    if held is None:
        return None
    if not held:
        return Gap(low, high, False)
    value = value_of(slope, {letter: sample})
    sign = sign_of(value) if value is not None else None
    if sign is None:
        return None
    return Gap(low, high, True, sample, sign)


def _mark(
    place: Form, k: int, gaps: Sequence[Gap], function: Form, letter: str, slope: Form,
    conditions: tuple[Sequence[Relation], Sequence[Relation]], stationary: Sequence[Form], seconds: float,
) -> Mark | None:  # fmt: skip
    """What a place is; None where nothing special happens. `conditions`: where the function and its slope exist."""
    defined, smooth = conditions
    if satisfied(defined, letter, place) is False or value_of(function, {letter: place}) is None:
        return Mark(place, "hole")
    if not (gaps[k].inside and gaps[k + 1].inside):
        return Mark(place, "end")
    here = satisfied(smooth, letter, place)
    if any(compare(place, other) == 0 for other in stationary) and here is not False:
        return Mark(place, "stationary")
    if here and value_of(slope, {letter: place}) is not None:
        return None
    left, right = one_sided(slope, letter, place, "-", seconds), one_sided(slope, letter, place, "+", seconds)
    finite = left is not None and right is not None and not is_infinite(left) and not is_infinite(right)
    if finite and left is not None and right is not None and compare(left, right) == 0:
        return Mark(place, "stationary", (left, right)) if sign_of(left) == 0 else None
    return Mark(place, "corner", (left, right))


def _joined(marks: Sequence[Mark | None], gaps: Sequence[Gap]) -> Cut | None:
    """Without the places at which nothing happens: their gaps are joined."""
    kept: list[Mark] = []
    found = [gaps[0]]
    for mark, gap in zip(marks, gaps[1:], strict=True):
        if mark is not None:
            kept.append(mark)
            found.append(gap)
        elif found[-1].slope != gap.slope:
            return None
        else:
            before = found[-1]
            found[-1] = Gap(before.low, gap.high, before.inside, before.sample, before.slope)
    return Cut(tuple(kept), tuple(found))


def one_sided(form: Form, letter: str, place: Form, side: str, seconds: float = SECONDS) -> Form | None:
    """SymPy's limit from one side, as the shortest number; None where it finds none in time."""
    try:
        found = limit(form, letter, place, side, seconds)
    except OutOfTime:
        return None
    if found is None or is_infinite(found):
        return found
    return value_of(found) if not found.free else None


def is_infinite(form: Form) -> bool:
    """Whether a limit is ∞ or −∞."""
    return form is Infinite or (isinstance(form, Neg) and form.operand is Infinite)


__all__ = ["Cut", "Gap", "Infinite", "Mark", "Piece", "boundaries", "cut", "is_continuous", "is_infinite", "is_within", "one_sided", "satisfied", "where_defined"]
