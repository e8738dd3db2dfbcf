"""Minimum, maximum, or neither: the tests at one stationary point.

One letter: the second derivative test; where f″ is 0 it is inconclusive, and the signs of f′ on both sides decide.
Several letters: the eigenvalues of the Hessian (for two letters through D = f_xx·f_yy − f_xy²). Where an eigenvalue is 0 the
Hessian alone decides nothing, and more is said only where it can be proved: a square is not negative, the function is
convex, or along a line through the point it rises and falls (Hubbard & Hubbard, *Vector Calculus*, section 3.6).

>>> from tutor import read
>>> lowest(read("x^3 + 2*x^4"), "x")
(3, 1)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from tutor.algebra.monomial import Monomial
from tutor.calculus.differentiate import Derivation, differentiate
from tutor.calculus.optima.find import value_claims, value_here
from tutor.calculus.optima.hessian import Hessian, Local
from tutor.calculus.optima.line import Cut, Gap, Mark
from tutor.calculus.optima.numbers import approximate, full_value, sign_of, tidy, value_of
from tutor.calculus.optima.polynomial import coefficients, written
from tutor.calculus.optima.said import Remark, compared, equals
from tutor.calculus.optima.signs import span
from tutor.calculus.optima.systems import Point
from tutor.calculus.worked import Claim, equal
from tutor.form.tree import ONE, ZERO, Add, Apply, Form, Listing, Mul, Neg, Num, Sym
from tutor.form.walk import substitute

_HIGHEST = 6
"""Derivatives beyond this order are not asked for."""
_SMALL = 1e-6
_LARGEST = 120
ALONG = "t"


@dataclass(frozen=True)
class Verdict:
    """minimum, maximum, saddle (rises one way and falls another; of one letter: a terrace), or undecided; the tests that say so."""

    kind: str
    tests: tuple[Remark, ...]
    derivations: tuple[Derivation, ...] = ()


# -- one letter --------------------------------------------------------------------------------------


def on_the_line(slope: Form, second: Form, letter: str, place: Form, cut: Cut | None, numeric: bool, exact_slope: Derivation | None = None) -> Verdict:
    """The tests at a stationary point of one letter."""
    value = value_here(second, {letter: place})
    sign = None if value.exact is None else _sign(value.exact, numeric)
    said = {"letter": Sym(letter), "at": place, "second": value}
    if sign:
        claims = (*value_claims(value, numeric), Claim(compared(value.substituted if numeric else value.exact or ZERO, ">" if sign > 0 else "<", ZERO), "sign"))
        return Verdict("minimum" if sign > 0 else "maximum", (Remark(f"second_{'positive' if sign > 0 else 'negative'}", said, claims=claims),))
    first = Remark("second_missing" if value.exact is None else "second_zero" if sign == 0 else "second_open", said, claims=value_claims(value, numeric))
    around = cut.around(place) if cut is not None else None
    if around is not None and all(gap.inside for gap in around):
        kind, test = first_derivative_test(slope, letter, around)
        return Verdict(kind, (first, test))
    if sign == 0 and exact_slope is not None:
        return _higher(exact_slope, letter, place, first)
    return Verdict("undecided", (first, Remark("undecided", {})))


def _sign(exact: Form, numeric: bool) -> int | None:
    """The sign; of a decimal only where it is not tiny."""
    return None if numeric and abs(approximate(exact)) < _SMALL else sign_of(exact)


def first_derivative_test(slope: Form, letter: str, around: tuple[Gap, Gap]) -> tuple[str, Remark]:
    """The signs of f′ at a test point on each side, with no zero of f′ in between."""
    claims, rows = [], []
    for gap in around:
        assert gap.sample is not None
        value = full_value(slope, {letter: gap.sample})
        claims.append(Claim(compared(value.substituted, ">" if gap.slope > 0 else "<", ZERO), "sign"))
        rows.append((gap.low, gap.high, gap.sample, value, gap.slope))
    left, right = around[0].slope, around[1].slope
    kind = "saddle" if left == right else "minimum" if left < right else "maximum"
    name = f"first_{kind}" if kind != "saddle" else "first_rising" if left > 0 else "first_falling"
    return kind, Remark(name, {"letter": Sym(letter), "rows": tuple(rows)}, claims=tuple(claims))


def at_corner(slope: Form, letter: str, mark: Mark, cut: Cut) -> Verdict:
    """A place without a derivative: the slopes on both sides decide."""
    around = cut.around(mark.at)
    assert around is not None
    kind, test = first_derivative_test(slope, letter, around)
    return Verdict(kind, (Remark("corner", {"letter": Sym(letter), "at": mark.at, "slopes": mark.slopes}), test))


def _higher(slope: Derivation, letter: str, place: Form, first: Remark) -> Verdict:
    """The first derivative that is not zero at the point: even order decides, odd order means a terrace."""
    current, found = slope, []
    for order in range(2, _HIGHEST + 1):
        if current.value.size > _LARGEST:
            break
        current = differentiate(current.value, letter)
        found.append(current)
        value = full_value(current.value, {letter: place})
        sign = sign_of(value.exact) if value.exact is not None else None
        if sign is None:
            break
        if sign:
            kind = "saddle" if order % 2 else "minimum" if sign > 0 else "maximum"
            claim = Claim(compared(value.exact or ZERO, ">" if sign > 0 else "<", ZERO), "sign")
            said = {"letter": Sym(letter), "at": place, "order": order, "value": value, "form": current.value}
            return Verdict(kind, (first, Remark(f"higher_{kind}", said, claims=(*value_claims(value), claim))), tuple(found))
    return Verdict("undecided", (first, Remark("undecided", {})))


# -- several letters ---------------------------------------------------------------------------------


def in_space(result: Hessian, local: Local, everywhere: str | None, numeric: bool) -> Verdict:
    """The tests at a stationary point of several letters."""
    if local.spectrum is None:
        return Verdict("undecided", (Remark("hessian_missing", {}), Remark("undecided", {})))
    kind = local.spectrum.kind
    said = {"local": local, "variables": tuple(map(Sym, result.variables)), "kind": kind}
    name = "hessian_two" if len(result.variables) == 2 else "hessian_many"
    signs = [Claim(compared(one.value, ">" if one.sign > 0 else "<", ZERO), "sign") for one in local.spectrum.values if one.sign]
    test = Remark(name, said, claims=(*local.claims, *signs))
    if numeric and any(abs(approximate(one.value)) < _SMALL for one in local.spectrum.values):
        return Verdict("undecided", (test, Remark("undecided", {})))
    clear = {"bowl": "minimum", "dome": "maximum", "saddle": "saddle"}.get(kind)
    if clear:
        return Verdict(clear, (test, Remark(f"hessian_{kind}", said)))
    inconclusive = Remark(f"hessian_{kind}", said)
    if kind == "open" or numeric:
        return Verdict("undecided", (test, inconclusive, Remark("undecided", {})))
    found, remark, derivations = _degenerate(result, local, everywhere)
    return Verdict(found, (test, inconclusive, remark), derivations)


def _degenerate(result: Hessian, local: Local, everywhere: str | None) -> tuple[str, Remark, tuple[Derivation, ...]]:
    by_shape = shape(result.function, local.point, everywhere)
    if by_shape is not None:
        return *by_shape, ()
    along: list[_Along] = []
    for direction in _directions(local):
        one = _along(result, local, direction)
        if one is not None:
            along.append(one)
    derivations = tuple(derivation for one in along for derivation in one.derivations)
    odd = next((one for one in along if one.power % 2), None)
    if odd is not None:
        return "saddle", Remark("along_odd", odd.said, odd.lines, odd.claims), derivations
    assert local.spectrum is not None
    curved = {sign for sign in local.spectrum.signs if sign}
    against = next((one for one in along if -one.sign in curved), None)
    if against is not None:
        return "saddle", Remark(f"along_{'down' if against.sign < 0 else 'up'}", against.said, against.lines, against.claims), derivations
    up, down = (next((one for one in along if one.sign == sign), None) for sign in (1, -1))
    if up is not None and down is not None:
        return "saddle", Remark("along_both", {**up.said, "other": down.said["direction"]}, (*up.lines, *down.lines), (*up.claims, *down.claims)), derivations
    return "undecided", Remark(f"undecided_{local.spectrum.kind}", {}), derivations


def shape(function: Form, point: Point, everywhere: str | None) -> tuple[str, Remark] | None:
    """A minimum or maximum that the shape of the function shows: convex everywhere, or never below its value here."""
    kinds = {"bowl": "minimum", "flat_bowl": "minimum", "dome": "maximum", "flat_dome": "maximum"}
    if everywhere in kinds:
        kind = kinds[everywhere]
        return kind, Remark(f"convex_{kind}", {})
    value = full_value(function, dict(point)).exact if len(point) >= len(function.free) and not any(part.free for part in point.values()) else None
    if value is None:
        moved = tidy(substitute(function, dict(point)))
        value = moved if not moved.free else None
    if value is None:
        return None
    difference = function if value is ZERO else Add((function, Neg(value)))
    for candidate in (difference, tidy(difference)):
        low, high = span(candidate)
        if (low >= 0 or high <= 0) and (low, high) != (0, 0):
            sign = ">=" if low >= 0 else "<="
            kind = "minimum" if low >= 0 else "maximum"
            claims = (Claim(compared(candidate, sign, ZERO), "shape"), *(() if candidate is difference else (equal(difference, candidate, "tidy"),)))
            return kind, Remark(f"shape_{kind}", {"value": value}, (compared(candidate, sign, ZERO),), claims)
    return None


def _directions(local: Local) -> Iterator[tuple[Form, ...]]:
    """Directions in which the Hessian is flat, and their sums and differences."""
    assert local.spectrum is not None
    flat = [vector for one in local.spectrum.values if one.sign == 0 for vector in one.vectors]
    yield from flat
    for one, other in combinations(flat, 2):
        for sign in (ONE, Neg(ONE)):
            entries = [value_of(Add((a, Mul((sign, b))))) for a, b in zip(one, other, strict=True)]
            if None not in entries:
                yield tuple(entry for entry in entries if entry is not None)


@dataclass(frozen=True)
class _Along:
    """What the function does along a line through the point: its change begins with c·t^power, and c has this sign."""

    power: int
    sign: int
    said: dict[str, Form | int]
    lines: tuple[Form, ...]
    claims: tuple[Claim, ...]
    derivations: tuple[Derivation, ...] = ()


def _along(result: Hessian, local: Local, direction: tuple[Form, ...]) -> _Along | None:
    letter = next(name for name in (ALONG, "s", "r", "q") if name not in result.variables)
    step = Sym(letter)
    line = {name: tidy(Add((local.point[name], Mul((step, entry))))) for name, entry in zip(result.variables, direction, strict=True)}
    moved = substitute(result.function, line)
    shown = tidy(moved)
    said: dict[str, Form | int] = {"direction": Listing("tuple", direction), "letter": step}
    values = coefficients(moved, letter)
    if values is not None:
        first = next((power for power, value in enumerate(values) if power and value), None)
        if first is None:
            return None
        flat = written(values, letter)
        left = Apply("g", (step,), (0,))
        said |= {"power": Num(first), "term": written([*[value * 0 for value in values[:first]], values[first]], letter)}
        return _Along(first, 1 if values[first] > 0 else -1, said, (equals(left, flat),), (equal(moved, flat, "along"),))
    return _along_derivatives(shown, letter, said, equal(moved, shown, "along"))


def _along_derivatives(form: Form, letter: str, said: dict[str, Form | int], claim: Claim) -> _Along | None:
    """Of what is no polynomial: the first derivative at 0 that is not zero."""
    if letter not in form.free:
        return None
    current, found = form, []
    for power in range(1, _HIGHEST - 1):
        if current.size > _LARGEST:
            return None
        derivation = differentiate(current, letter)
        found.append(derivation)
        current = derivation.value
        value = full_value(current, {letter: ZERO})
        sign = sign_of(value.exact) if value.exact is not None else None
        if sign is None:
            return None
        if sign and value.exact is not None:
            left = Apply("g", (Sym(letter),), (0,))
            at_zero = Apply("g", (ZERO,), (power,))
            signed = Claim(compared(value.exact, ">" if sign > 0 else "<", ZERO), "sign")
            said = {**said, "power": Num(power), "term": Monomial(1, False, {Sym(letter): power}).form()}
            return _Along(power, sign, said, (equals(left, form), equals(at_zero, value.exact)), (claim, signed, *value_claims(value)), tuple(found))
    return None


def lowest(form: Form, letter: str) -> tuple[int, int] | None:
    """The lowest power above 0 in a polynomial, and the sign of its coefficient."""
    values = coefficients(form, letter) or []
    return next(((power, 1 if value > 0 else -1) for power, value in enumerate(values) if power and value), None)


__all__ = ["Verdict", "at_corner", "in_space", "lowest", "on_the_line", "shape"]
