"""What holds everywhere, said only where it is justified: for functions of one letter.

On an interval on which f is continuous its greatest and least value are among those at the places where f′ is zero or missing, at
the ends that belong to it, and the limits at the ends that do not (the extreme value theorem, with the limits beside it).
A limit that is beyond every value taken is never reached. Limits are SymPy's; each is compared with the direction in
which f moves there. A function that is convex on an interval has its least value at any stationary point.

>>> from tutor.calculus.optima.critical import critical_points
>>> [remark.id for remark in critical_points("e^x").overall]
['rising', 'convex', 'limits', 'lowest_approached', 'highest_infinite']
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from tutor.algebra.solve import SECONDS
from tutor.calculus.differentiate import Derivation
from tutor.calculus.optima.find import is_numeric, value_claims, value_here
from tutor.calculus.optima.line import Cut, Gap, Infinite, Piece, boundaries, is_infinite, one_sided, where_defined
from tutor.calculus.optima.numbers import approximate, compare, full_value
from tutor.calculus.optima.said import Remark, compared, equals
from tutor.calculus.optima.signs import span
from tutor.calculus.optima.spectrum import definite_everywhere
from tutor.calculus.worked import Claim, equal
from tutor.form.tree import ZERO, Form, Neg, Relation, Sym


@dataclass(frozen=True)
class Candidate:
    """A value that f takes (at a place), or a limit that it comes close to at an open end (`end`: "-" or "+", the side it is seen from)."""

    at: Form
    value: Form
    taken: bool
    side: str = ""
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True)
class Extreme:
    """The greatest or least value on a piece: `taken` at places, `infinite` or `approached` at an end, or `unknown`."""

    status: str
    best: tuple[Candidate, ...] = ()
    claims: tuple[Claim, ...] = field(default=(), compare=False)


def overall(
    function: Form, letter: str, slope: Derivation, second: Derivation, cut: Cut, on: tuple[Form, Form] | None, seconds: float = SECONDS
) -> tuple[Remark, ...]:
    """The statements about the whole domain (or the given interval)."""
    pieces = cut.pieces
    if not pieces:
        return ()
    found: list[Remark] = []
    if not any(mark.kind in ("stationary", "corner") for mark in cut.marks):
        found += _monotone(letter, slope, pieces)
    bent = _convex(letter, second, cut, pieces, seconds)
    if bent is not None:
        found.append(bent)
    candidates = [_candidates(function, letter, cut, piece, seconds) for piece in pieces]
    limits = [one for some in candidates for one in some if one is not None and not one.taken]
    if limits:
        found.append(Remark("limits", {"letter": Sym(letter), "rows": tuple((one.at, one.side, one.value) for one in limits)}, claims=tuple(claim for one in limits for claim in one.claims)))
    values = [one for some in candidates for one in some if one is not None and one.taken]
    bottom = bent if any(mark.kind == "stationary" for mark in cut.marks) else None
    extremes = _extremes(letter, pieces, candidates, bottom, on)
    if len(values) > 1 and any(remark.id.endswith("_taken") for remark in extremes):
        claims = tuple(claim for one in values for claim in one.claims)
        found.append(Remark("values", {"letter": Sym(letter), "rows": tuple((one.at, one.value) for one in values)}, claims=claims))
    return (*found, *extremes)


def _monotone(letter: str, slope: Derivation, pieces: Sequence[Piece]) -> list[Remark]:
    """Without any critical place f rises, or falls, all along each piece."""
    found = []
    for piece in pieces:
        gap = piece.gaps[0]
        assert gap.sample is not None
        where = _where(letter, piece, pieces)
        low, high = span(slope.value, slope.conditions)
        sign = ">" if gap.slope > 0 else "<"
        everywhere = (low > 0) if gap.slope > 0 else (high < 0)
        statement = compared(slope.value, sign, ZERO)
        claim = Claim(statement, "sign", slope.conditions) if everywhere else Claim(compared(full_value(slope.value, {letter: gap.sample}).substituted, sign, ZERO), "sign")
        found.append(Remark("rising" if gap.slope > 0 else "falling", {"where": where, "shown": everywhere, "slope": statement}, claims=(claim,)))
    return found


def _where(letter: str, piece: Piece, pieces: Sequence[Piece]) -> Form | None:
    """The piece as a relation, x > 0; None where it is the whole line, or the only piece."""
    if len(pieces) == 1 or piece.whole_line:
        return None
    return within(letter, piece.low, piece.high, piece.low_closed, piece.high_closed)


def within(letter: str, low: Form | None, high: Form | None, low_closed: bool, high_closed: bool) -> Form:
    """0 < x <= 4 and the like; of the whole line the letter alone."""
    x = Sym(letter)
    below, above = ("<=" if low_closed else "<"), ("<=" if high_closed else "<")
    if low is not None and high is not None:
        return Relation((low, x, high), (below, above))
    if low is not None:
        return compared(x, ">=" if low_closed else ">", low)
    return x if high is None else compared(x, above, high)


def _convex(letter: str, second: Derivation, cut: Cut, pieces: Sequence[Piece], seconds: float) -> Remark | None:
    """f″ ≥ 0 (or ≤ 0) all over the one piece of the domain, with a derivative everywhere inside."""
    if len(pieces) != 1 or any(mark.kind == "corner" for mark in cut.marks):
        return None
    conditions = [*where_defined(second.value), *(one for one in second.conditions if isinstance(one, Relation))]
    inner = boundaries(conditions, letter, seconds)
    outside = [mark.at for mark in cut.marks if mark.kind in ("hole", "end")]
    if inner is None or any(all(compare(place, other) != 0 for other in outside) for place in inner):
        return None
    found = definite_everywhere(((second.value,),), [*conditions, *_bounds(letter, pieces[0])])
    if found is None:
        return None
    kind, remark = found
    name = {"bowl": "convex", "flat_bowl": "convex", "dome": "concave", "flat_dome": "concave"}[kind]
    statement = Claim(compared(second.value, _operator(kind), ZERO), "sign", tuple(remark.claims[-1].conditions))
    if second.value is ZERO:
        return None
    return Remark(name, {"strict": kind in ("bowl", "dome"), "second": statement.statement}, claims=(statement,))


def _operator(kind: str) -> str:
    return {"bowl": ">", "flat_bowl": ">=", "dome": "<", "flat_dome": "<="}[kind]


def _bounds(letter: str, piece: Piece) -> list[Form]:
    """The piece as conditions on the letter."""
    found: list[Form] = []
    if piece.low is not None:
        found.append(compared(Sym(letter), ">=" if piece.low_closed else ">", piece.low))
    if piece.high is not None:
        found.append(compared(Sym(letter), "<=" if piece.high_closed else "<", piece.high))
    return found


# -- candidates --------------------------------------------------------------------------------------


def _candidates(function: Form, letter: str, cut: Cut, piece: Piece, seconds: float) -> list[Candidate | None]:
    """Everything that can be the greatest or least value on a piece; None for a limit that is not known."""
    found: list[Candidate | None] = []
    if not piece.low_closed:
        found.append(_limit(function, letter, piece.gaps[0], piece.low, "+", seconds))
    inside = [mark.at for mark in cut.marks if any(mark.at in (gap.low, gap.high) for gap in piece.gaps) and mark.kind != "hole"]
    found += [_taken(function, letter, place) for place in inside]
    if not piece.high_closed:
        found.append(_limit(function, letter, piece.gaps[-1], piece.high, "-", seconds))
    return found


def _taken(function: Form, letter: str, place: Form) -> Candidate | None:
    value = value_here(function, {letter: place})
    if value.exact is None:
        return None
    return Candidate(place, value.exact, True, claims=value_claims(value, is_numeric({letter: place})))


def _limit(function: Form, letter: str, gap: Gap, end: Form | None, side: str, seconds: float) -> Candidate | None:
    """The limit at an open end, if it fits the direction in which f moves towards that end."""
    place = end if end is not None else Infinite if side == "-" else Neg(Infinite)
    found = one_sided(function, letter, place, "" if end is None else side, seconds)
    if found is None or gap.sample is None:
        return None
    rises = gap.slope > 0 if side == "-" else gap.slope < 0
    shown = "" if end is None else side
    if is_infinite(found):
        return Candidate(place, found, False, shown) if (found is Infinite) == rises else None
    sample = full_value(function, {letter: gap.sample})
    if sample.exact is None or compare(sample.exact, found) != (-1 if rises else 1):
        return None
    return Candidate(place, found, False, shown, (Claim(compared(sample.substituted, "<" if rises else ">", found), "limit"),))


# -- comparing ---------------------------------------------------------------------------------------


def _extremes(letter: str, pieces: Sequence[Piece], candidates: Sequence[Sequence[Candidate | None]], bent: Remark | None, on: tuple[Form, Form] | None) -> list[Remark]:
    found: list[Remark] = []
    for name, sign in (("lowest", -1), ("highest", 1)):
        each = [_extreme(some, sign) for some in candidates]
        whole = _extreme([one for some in candidates for one in some], sign)
        decided = bent is not None and bent.id == ("convex" if sign < 0 else "concave")
        if whole.status == "unknown" and decided:
            whole = _by_bend(candidates[0], sign)
        remark = _said(name, letter, whole, None, on)
        found.append(Remark("lowest_unknown" if sign < 0 else "highest_unknown", {}) if remark is None else remark)
        if len(pieces) > 1 and whole.status != "unknown":
            for piece, one in zip(pieces, each, strict=True):
                if one.status == "taken" and whole.status != "taken":
                    part = _said(name, letter, one, _where(letter, piece, pieces), on)
                    found += [part] if part is not None else []
    unknown = [remark for remark in found if remark.id.endswith("_unknown")]
    return [remark for remark in found if remark not in unknown] + ([Remark("both_unknown", {})] if len(unknown) == 2 else unknown)


def _by_bend(some: Sequence[Candidate | None], sign: int) -> Extreme:
    """Convex: the stationary point that is there has the least value, whatever the limits are."""
    return _extreme([one for one in some if one is not None and one.taken], sign)


def _extreme(some: Sequence[Candidate | None], sign: int) -> Extreme:
    """The candidate furthest in one direction, and what proves that it is."""
    known = [one for one in some if one is not None]
    infinite = [one for one in known if is_infinite(one.value) and (one.value is Infinite) == (sign > 0)]
    if infinite:
        return Extreme("infinite", tuple(infinite))
    finite = [one for one in known if not is_infinite(one.value)]
    if len(known) < len(some) or not finite:
        return Extreme("unknown")
    best = finite[0]
    for one in finite[1:]:
        order = _order(one, best)
        if order is None:
            return Extreme("unknown")
        if order == sign:
            best = one
    ties = [one for one in finite if _order(one, best) == 0]
    claims = [claim for one in finite if one is not best for claim in _against(one, best, sign)]
    taken = tuple(one for one in ties if one.taken)
    return Extreme("taken", taken, tuple(claims)) if taken else Extreme("approached", tuple(ties), tuple(claims))


def _order(one: Candidate, other: Candidate) -> int | None:
    """The order of two values; rounded ones that agree to nine digits count as equal."""
    rounded = is_numeric({"x": one.at}) or is_numeric({"x": other.at})
    if rounded and math.isclose(approximate(one.value), approximate(other.value), rel_tol=1e-9, abs_tol=1e-9):
        return 0
    return compare(one.value, other.value)


def _against(one: Candidate, best: Candidate, sign: int) -> tuple[Claim, ...]:
    """What proves that a value is not beyond the best one."""
    if _order(one, best) != 0:
        return (Claim(compared(one.value, "<" if sign > 0 else ">", best.value), "compared"),)
    same = one.value is best.value or is_numeric({"x": one.at}) or is_numeric({"x": best.at})
    return () if same else (equal(one.value, best.value, "equal_values"),)


def _said(name: str, letter: str, extreme: Extreme, where: Form | None, on: tuple[Form, Form] | None) -> Remark | None:
    if extreme.status == "unknown" or not extreme.best:
        return None
    best = extreme.best[0]
    places = tuple(equals(Sym(letter), one.at) for one in extreme.best)
    ends = tuple((one.at, one.side) for one in extreme.best)
    said = {"letter": Sym(letter), "value": best.value, "places": places, "ends": ends, "where": where, "on": on is not None}
    return Remark(f"{name}_{extreme.status}", said, claims=extreme.claims)
