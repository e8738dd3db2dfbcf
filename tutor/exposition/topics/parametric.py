"""A curve by its parameter as a document: the two rates, their quotient, the second derivative, the tangent at a point."""

from __future__ import annotations

from typing import Any

from tutor.calculus.parametric import CurvePoint, Order, Parametric
from tutor.calculus.points import Point
from tutor.calculus.tangent import is_positive
from tutor.exposition import Level
from tutor.exposition.abbreviate import abbreviated
from tutor.exposition.amounts import chain, vector_line
from tutor.exposition.data import point_data, texts, value_data, working
from tutor.exposition.derivation import board_blocks
from tutor.exposition.doc import Block, Doc, Maths, Paragraph, Phrase, Result, Section
from tutor.exposition.names import Name
from tutor.exposition.phrases import PHRASES, listed
from tutor.exposition.places import point_phrase, value_line
from tutor.form.numerals import number
from tutor.form.tree import ZERO, Apply, Div, Form, Listing, Mul, Pow, Relation, Sym


def document(result: Parametric, level: Level = "normal", typed: Form | None = None, point: Point | None = None) -> Doc:  # noqa: ARG001
    """The rates, the derivatives by the first coordinate, and what the curve does at a point."""
    blocks: list[Block] = []
    if level != "brief":
        x, y = map(Sym, result.names)
        blocks.append(_said("intro", parameter=Sym(result.parameter), slope=by_x(result, 1), x=x, y=y))
        blocks.extend(_rates(result, level))
        blocks.append(_slope(result, level))
        blocks.extend(_order(result, order, level) for order in range(2, len(result.orders) + 1))
    blocks.extend(Result(chain(by_x(result, k + 1), order.value)) for k, order in enumerate(result.orders))
    if result.where:
        blocks.append(_said("where", "condition", conditions=listed(result.where), x=Sym(result.names[0])))
    if result.here is not None:
        blocks.append(Section(_say("at", point=point_phrase(result.here.point)), tuple(_at(result, result.here)), "at"))
    return abbreviated(Doc((_title(result, typed),), tuple(blocks)))


def fields(result: Parametric, point: Point | None = None) -> dict[str, Any]:  # noqa: ARG001
    """The fields of `tutor parametric --format json`."""
    data: dict[str, Any] = {
        "coordinates": texts(result.coordinates),
        "names": list(result.names),
        "parameter": result.parameter,
        "rates": texts(rate.value for rate in result.rates),
        "orders": texts(order.value for order in result.orders),
        "where": texts(result.where),
    }
    here = result.here
    if here is not None:
        data["at"] = {
            "point": point_data(here.point), "kind": here.kind,
            "coordinates": [value_data(value) for value in here.coordinates],
            "rates": [value_data(value) for value in here.rates],
            "slopes": [value_data(value) for value in here.slopes],
            "tangent": None if here.expanded is None else str(here.expanded),
        }  # fmt: skip
    return {**data, **working(result)}


def _say(key: str, **values: Any) -> Phrase:
    return PHRASES.say(f"parametric.{key}", values)


def _said(key: str, role: str = "text", **values: Any) -> Paragraph:
    return Paragraph(_say(key, **values), role)


def by_x(result: Parametric, order: int) -> Form:
    """dy/dx, d²y/dx², written as quotients.

    >>> from tutor.calculus.parametric import parametric
    >>> from tutor.form.notation.unicode import UNICODE
    >>> from tutor.form.write import write
    >>> write(by_x(parametric("(t^2, t^3)"), 2), UNICODE)
    'd²y/dx²'
    """
    x, y = result.names
    if order == 1:
        return Div(_small(y), _small(x))
    return Div(Mul((Pow(Sym("d"), number(order)), Sym(y))), Pow(_small(x), number(order)))


def _small(letter: str) -> Form:
    """dx, as one sign."""
    return Sym(f"d{letter}") if len(letter) == 1 else Apply("differential", (Sym(letter),), (0,))


def _title(result: Parametric, typed: Form | None) -> Form:
    pair = Listing("tuple", result.coordinates)
    match typed:
        case Relation((Apply() | Sym() as left, Listing()), ("=",)):
            return chain(left, pair)
    return chain(Listing("tuple", tuple(map(Sym, result.names))), pair)


def _name(result: Parametric, letter: str) -> Name:
    """A function of the parameter; other letters stand for numbers."""
    return Name(letter, (result.parameter,))


def _rate(result: Parametric, letter: str) -> Form:
    """x′(t)."""
    return _name(result, letter).derivative((result.parameter,))


def _rates(result: Parametric, level: Level) -> list[Block]:
    parameter = Sym(result.parameter)
    return [
        Section(_say("rate", letter=Sym(letter), parameter=parameter), board_blocks(rate, _name(result, letter), level), "rate")
        for letter, rate in zip(result.names, result.rates, strict=True)
    ]


def _slope(result: Parametric, level: Level) -> Section:
    x, y = result.names
    blocks: list[Block] = [_said("reason.slope", "reason", x=Sym(x), y=Sym(y))] if level == "full" else []
    blocks.extend(_quotient(by_x(result, 1), Div(_rate(result, y), _rate(result, x)), result.orders[0]))
    return Section(_say("slope", x=Sym(x), y=Sym(y)), tuple(blocks), "slope")


def _quotient(left: Form, names: Form, order: Order) -> list[Block]:
    """The quotient by its names, with the derivatives put in, then line by line."""
    lines: list[Block] = [Maths(chain(left, names, order.raw))]
    return [*lines, *(Maths(chain(left, line.after), note=PHRASES.say(f"laws.{line.law}.heading", {})) for line in order.lines)]


def _order(result: Parametric, order: int, level: Level) -> Section:
    """The next derivative by x: the one before, differentiated by the parameter, over the rate of x."""
    parameter, rate = Sym(result.parameter), _rate(result, result.names[0])
    found, before = result.orders[order - 1], by_x(result, order - 1)
    letters = [letter for letter in "mkqnpw" if letter not in {*result.names, result.parameter, *result.coordinates[0].free, *result.coordinates[1].free}]
    name = _name(result, letters[order - 2])
    blocks: list[Block] = [_said("reason.second", "reason", x=Sym(result.names[0]), parameter=parameter)] if level == "full" and order == 2 else []
    blocks.append(_said("call", parameter=parameter, name=chain(name.written(), found.numerator.function)))
    blocks.extend(board_blocks(found.numerator, name, level))
    blocks.extend(_quotient(by_x(result, order), Div(_rate(result, name.name), rate), found))
    if order == 2:
        wrong = Div(*(_name(result, letter).derivative((result.parameter,) * 2) for letter in reversed(result.names)))
        blocks.append(_said("not_so", wrong=wrong, x=Sym(result.names[0]), parameter=parameter))
    ordinal = PHRASES.words("text.ordinals")[order]
    return Section(_say("order", ordinal=ordinal, before=before, parameter=parameter, rate=rate), tuple(blocks), "order")


# -- at a point ---------------------------------------------------------------------------------------


def _at(result: Parametric, here: CurvePoint) -> list[Block]:
    if here.kind == "undefined":
        return [_said("undefined", "condition")]
    x, y = map(Sym, result.names)
    place = Listing("tuple", tuple(value.exact for value in here.coordinates if value.exact is not None))
    blocks: list[Block] = [vector_line(Listing("tuple", (x, y)), here.coordinates)]
    blocks.extend(value_line(_rate_at(result, letter, here), rate) for letter, rate in zip(result.names, here.rates, strict=True))
    if here.kind == "vertical":
        line = Relation((x, place.items[0]), ("=",))
        return [*blocks, _said("vertical", x=x, y=y, line=line)]
    if here.kind == "still":
        return [*blocks, *_still(result, here)]
    return [*blocks, *_sloped(result, here, x, y)]


def _rate_at(result: Parametric, letter: str, here: CurvePoint) -> Form:
    """x′(1)."""
    return Apply(letter, (here.point[result.parameter],), (1,))


def _still(result: Parametric, here: CurvePoint) -> list[Block]:
    said: list[Block] = [_said("still", "condition")]
    slope = here.slopes[0].exact
    return [*said, _said("tends", slope=chain(by_x(result, 1), result.orders[0].value), value=slope)] if slope is not None else said


def _sloped(result: Parametric, here: CurvePoint, x: Sym, y: Sym) -> list[Block]:
    blocks: list[Block] = [value_line(by_x(result, 1), here.slopes[0])]
    if here.slopes[0].exact is ZERO:
        blocks.append(_said("horizontal", x=x, y=y))
    for order, value in enumerate(here.slopes[1:], 2):
        blocks.append(value_line(by_x(result, order), value) if value.exact is not None else _said("no_second"))
    second = here.slopes[1].exact if len(here.slopes) > 1 else None
    if second is not None and second is not ZERO:
        blocks.append(_said("up" if is_positive(second) else "down", second=by_x(result, 2)))
    line: list[Block] = [Maths(chain(y, here.touching))]
    assert here.expanded is not None
    return [*blocks, Section(_say("tangent"), tuple(line), "tangent"), Result(chain(y, here.expanded))]
