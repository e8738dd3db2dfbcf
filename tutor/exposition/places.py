"""The value of a derivative at a point, exactly and as a decimal, and a check by a small step."""

from __future__ import annotations

from collections.abc import Mapping

from tutor.calculus.differentiate import Derivation
from tutor.calculus.points import Point, Value, is_short, value_at
from tutor.calculus.worked import Worked, conditions_of
from tutor.exposition.doc import Maths, Paragraph, Phrase, Section
from tutor.exposition.names import Name
from tutor.exposition.phrases import PHRASES, listed
from tutor.form.evaluate import evaluate
from tutor.form.reading import read
from tutor.form.tree import Apply, Form, Relation, Sym

_STEP = 0.001


def point_phrase(point: Point) -> Phrase:
    """x = 3 and y = 1."""
    return listed([Relation((Sym(name), value), ("=",)) for name, value in point.items()])


def where_it_holds(result: Worked) -> tuple[Paragraph, ...]:
    """The sentence with the conditions of a result, where there are any."""
    conditions = conditions_of(result)
    return (Paragraph(PHRASES.say("text.conditions", {"conditions": listed(conditions)}), "condition"),) if conditions else ()


def value_section(derivation: Derivation, name: Name, point: Point) -> Section:
    """The derivative at a point. Raises `RequestError` when a letter has no value."""
    place = dict(point)
    found = value_at(derivation.value, place)
    left = at_point(name, tuple(one.variable for one in derivation.chain), place)
    heading = PHRASES.say("text.at", {"point": point_phrase(place)})
    if found.exact is None:
        return Section(heading, (Paragraph(PHRASES.say("text.no_value", {"what": left}), "condition"),), "at")
    return Section(heading, (value_line(left, found),), "at")


def at_point(name: Name, variables: tuple[str, ...], point: Point) -> Form:
    """f′(3), or the derivative as a symbol where there are several letters."""
    derivative = name.derivative(variables)
    if isinstance(derivative, Apply) and variables[0] in point:
        return Apply(derivative.name, (point[variables[0]],), derivative.orders)
    return derivative


def value_line(left: Form, value: Value) -> Maths:
    """left = with the numbers put in = exact value, and the decimal behind it where that says more."""
    assert value.exact is not None
    sides = list(dict.fromkeys((left, value.substituted, value.exact)))
    note: Phrase = ()
    if not is_short(value.exact) and value.decimal is not None:
        note = PHRASES.say("text.approximately", {"decimal": read(value.decimal)})
    return Maths(Relation(tuple(sides), ("=",) * (len(sides) - 1)), note=note)


def check(derivation: Derivation) -> Paragraph | None:
    """The slope beside a difference quotient, at the first of a few points where both exist."""
    first = derivation.chain[-1]
    if len(first.function.free) != 1 or first.variable not in first.function.free:
        return None
    for place in (1.0, 2.0, 0.5, -1.0, 3.0, 0.1):
        values: Mapping[str, float] = {first.variable: place}
        slope = evaluate(first.value, values)
        right, left = (evaluate(first.function, {first.variable: place + step}) for step in (_STEP, -_STEP))
        ratio = (right - left) / (2 * _STEP)
        if abs(slope) < 1e6 and abs(ratio - slope) <= 1e-3 * max(1.0, abs(slope)):
            said = {
                "point": Relation((Sym(first.variable), _text(place)), ("=",)), "slope": _rounded(slope), "ratio": _rounded(ratio),
                "right": _text(place + _STEP), "left": _text(place - _STEP), "width": _text(2 * _STEP),
            }  # fmt: skip
            return Paragraph(PHRASES.say("text.check", said), "evidence")
    return None


def _text(value: float) -> Form:
    return read(f"{value:.10g}")


def _rounded(value: float) -> Form:
    return _text(float(f"{value:.4g}"))
