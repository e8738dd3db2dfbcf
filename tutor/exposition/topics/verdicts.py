"""The tests at one stationary point, as blocks: second and first derivative test, the Hessian test, what shape and lines say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tutor.calculus.matrix import matrix_of
from tutor.calculus.optima.critical import CriticalPoint
from tutor.calculus.optima.find import is_numeric
from tutor.calculus.optima.hessian import Local
from tutor.calculus.optima.numbers import approximate
from tutor.calculus.optima.said import Remark
from tutor.calculus.points import Value
from tutor.exposition import Level
from tutor.exposition.doc import Block, Maths, Paragraph, Phrase, Table
from tutor.exposition.names import Name
from tutor.exposition.phrases import PHRASES, listed
from tutor.form.numerals import rational
from tutor.form.reading import read
from tutor.form.tree import TWO, Add, Apply, Form, Mul, Neg, Pow, Relation, Sym

say = PHRASES.say
_PLACES = 4
"""Fractions with so many decimals need no decimal beside them."""


def verdict_blocks(point: CriticalPoint, name: Name, level: Level) -> Iterator[Block]:
    """Every test of a point in its order, and the function's value there."""
    for test in point.tests:
        yield from _test(point, test, name, level)
    if point.value is not None and point.value.exact is not None and point.point:
        yield from _value_line(point, name)


def _value_line(point: CriticalPoint, name: Name) -> Iterator[Block]:
    value = point.value
    assert value is not None
    if point.family or len(point.point) < len(name.letters):
        return
    assert value.exact is not None
    place = [_rounded(point.point[letter]) for letter in name.letters if letter in point.point]
    left = Apply(name.name, tuple(place), (0,) * len(place)) if len(place) == len(name.letters) else Sym(name.name)
    yield _number_line(left, value, point.numeric)


def _number_line(left: Form, value: Value, numeric: bool) -> Maths:
    """left = with the numbers put in = value; of a rounded point only the rounded value."""
    assert value.exact is not None
    if numeric:
        return Maths(Relation((left, read(f"{approximate(value.exact):.6g}")), ("=",)), note=say("critical.rounded", {}))
    sides = dict.fromkeys((left, *((value.substituted,) if value.substituted.size < 60 else ()), value.exact))
    short = value.decimal is None or has_short_decimal(value.exact)
    note: Phrase = () if short or value.decimal is None else say("text.approximately", {"decimal": read(value.decimal)})
    return Maths(Relation(tuple(sides), ("=",) * (len(sides) - 1)), note=note)


def has_short_decimal(value: Form) -> bool:
    """Whether a number is rational and its decimal is exact, so that "about" would be wrong."""
    exact = rational(value)
    return exact is not None and 10**_PLACES % exact.denominator == 0


def _rounded(value: Form) -> Form:
    return read(f"{approximate(value):.6g}") if is_numeric({"x": value}) else value


def _test(point: CriticalPoint, test: Remark, name: Name, level: Level) -> Iterator[Block]:
    if test.id.startswith("second_") and test.values["second"].exact is not None:
        yield _number_line(_second_name(name, test), test.values["second"], point.numeric)
    if test.id.startswith("higher_"):
        yield from _higher(point, test, name)
    if test.id in ("hessian_two", "hessian_many"):
        yield from _hessian(test, name, level, point.numeric)
        return
    if test.id.startswith("along_"):
        yield Paragraph(say("critical.test.walk", _values(test, name)))
    yield from (Maths(line) for line in test.lines)
    if "rows" in test.values:
        yield _first_table(test)
    yield Paragraph(say(f"critical.test.{test.id}", _values(test, name)))
    if "rows" in test.values and level == "full":
        yield Paragraph(say("critical.test.why_first", {}), "reason")


def _second_name(name: Name, test: Remark) -> Form:
    letter = test.values["letter"].name
    written = name.derivative((letter, letter))
    return Apply(written.name, (_rounded(test.values["at"]),), written.orders) if isinstance(written, Apply) else written


def _higher(point: CriticalPoint, test: Remark, name: Name) -> Iterator[Block]:
    """The derivatives of higher order, one after the other, up to the first that is not zero."""
    letter = test.values["letter"].name
    for k, one in enumerate(point.derivations):
        order = k + 2
        left = name.derivative((letter,) * order)
        if k:
            yield Maths(Relation((left, one.value), ("=",)))
    written = name.derivative((letter,) * test.values["order"])
    here = Apply(written.name, (test.values["at"],), written.orders) if isinstance(written, Apply) else written
    yield _number_line(here, test.values["value"], False)


def _first_table(test: Remark) -> Table:
    """The signs of f′ on both sides."""
    header = tuple(say(f"critical.header.{one}", {}) for one in ("between", "test", "slope", "move"))
    rows = []
    for low, high, sample, value, sign in test.values["rows"]:
        if low is not None and high is not None:
            where = say("critical.from_to", {"low": _rounded(low), "high": _rounded(high)})
        else:
            where = say("critical.left_of", {"high": _rounded(high)}) if low is None else say("critical.right_of", {"low": _rounded(low)})
        shown = value.exact if value.exact.size < 9 else read(value.decimal)
        point = Relation((test.values["letter"], sample), ("=",))
        rows.append((where, (point,), (shown,), say("critical.rising" if sign > 0 else "critical.falling", {})))
    return Table(header, tuple(rows))


def _hessian(test: Remark, name: Name, level: Level, numeric: bool) -> Iterator[Block]:
    """The Hessian as numbers; of two letters D and its corner; the eigenvalues."""
    local: Local = test.values["local"]
    spectrum = local.spectrum
    assert spectrum is not None
    rows = [[_short(cell, numeric) for cell in row] for row in spectrum.rows]
    place = [_rounded(value) for value in local.point.values()]
    yield Maths(Relation((Apply("H", tuple(place), (0,) * len(place)), matrix_of(rows)), ("=",)))
    if test.id == "hessian_two":
        x, y = (one.name for one in test.values["variables"])
        a, b, d = name.derivative((x, x)), name.derivative((x, y)), name.derivative((y, y))
        pattern = Add((Mul((a, d)), Neg(Pow(b, TWO))))
        put_in = Add((Mul((rows[0][0], rows[1][1])), Neg(Pow(rows[0][1], TWO))))
        sides = (Sym("D"), *((pattern,) if level == "full" else ()), *(() if numeric else (put_in,)), _short(spectrum.determinant, numeric))
        yield Maths(Relation(sides, ("=",) * (len(sides) - 1)))
    values = [_eigen(one.value, one.decimal) for one in spectrum.values for _ in range(one.multiplicity)]
    if values:
        yield Paragraph(say("critical.eigenvalues" if len(values) > 1 else "critical.eigenvalue", {"values": _enumerated(values)}))


def _short(value: Form, numeric: bool) -> Form:
    return read(f"{approximate(value):.6g}") if numeric else value


def _eigen(value: Form, text: str) -> Phrase:
    return (value,) if value.size <= 4 and not is_numeric({"x": value}) else say("text.approximately", {"decimal": read(text)})


def _enumerated(phrases: list[Phrase]) -> Phrase:
    found: list[str | Form] = []
    for k, phrase in enumerate(phrases):
        if k:
            found.append(" and " if k == len(phrases) - 1 else ", ")
        found += phrase
    return tuple(found)


def _values(test: Remark, name: Name) -> dict[str, Any]:
    said: dict[str, Any] = dict(test.values)
    if test.id.startswith("hessian_") and "variables" in said:
        letters = tuple(one.name for one in said["variables"])
        said |= {"two": len(letters) == 2, "D": Sym("D"), "corner": name.derivative(letters[:1] * 2)}
    if test.id in ("corner", "slopes_meet"):
        left, right = said["slopes"]
        known = left is not None and right is not None
        said["slopes"] = say("critical.test.slopes_differ", {"left": left, "right": right}) if known else say("critical.test.slopes_unknown", {})
        said["at"] = Relation((said["letter"], _rounded(said["at"])), ("=",))
    for key in ("periods", "letters", "free", "needs"):
        if isinstance(said.get(key), tuple):
            said[key] = listed(said[key])
    if test.id == "period":
        said["start"] = listed(said["start"])
    return said


__all__ = ["has_short_decimal", "verdict_blocks"]
