"""Newton's step as a document: which of the two methods it is, the model or tangent, the step, what was promised, the repetition."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from tutor.calculus.matrix import matrix_of
from tutor.calculus.optima.newton import Iterate, NewtonStep, model_in
from tutor.calculus.optima.numbers import compare, sign_of, tidy, value_of
from tutor.calculus.points import Point, Value
from tutor.exposition import Level
from tutor.exposition.data import point_data, value_data, working
from tutor.exposition.derivation import board_blocks
from tutor.exposition.doc import Block, Doc, Maths, Paragraph, Phrase, Result, Section, Table
from tutor.exposition.names import Name, equation, named
from tutor.exposition.phrases import PHRASES, listed
from tutor.exposition.places import point_phrase, where_it_holds
from tutor.exposition.topics.verdicts import has_short_decimal
from tutor.form.numerals import number
from tutor.form.reading import read
from tutor.form.tree import ZERO, Add, Apply, Div, Form, Listing, Mul, Neg, Pow, Relation, Sym

say = PHRASES.say
_SHOWN, _PLAIN = 12, 6
"""Significant digits in the table of repeated steps."""


def document(result: NewtonStep, level: Level = "normal", typed: Form | None = None, point: Point | None = None) -> Doc:  # noqa: ARG001
    """Which method it is, the derivatives, the step, what it brings, and the repetition."""
    name = named((typed or result.function) if result.equation is None else result.function, result.function, result.variables[0])
    blocks: list[Block] = [Paragraph(_which(result, name))]
    if result.equation is not None:
        blocks.append(Section(say("newton.function", {}), (Maths(equation(name, 0, result.function)),), "function"))
    if level != "brief":
        blocks += _derivatives(result, name, level)
    blocks.append(_here(result, name))
    if result.new is None:
        blocks.append(Paragraph(_no_step(result), "warning"))
        return Doc(_title(result, name), tuple(blocks))
    if level != "brief":
        blocks += _step_blocks(result, name)
    blocks.append(Section(say("newton.new", {}), tuple(_new_place(result, name)), "new"))
    blocks += _judged(result)
    blocks += where_it_holds(result)
    blocks += _repeated(result, name)
    return Doc(_title(result, name), tuple(blocks))


def _title(result: NewtonStep, name: Name) -> Phrase:
    return (result.equation,) if result.equation is not None else (equation(name, 0, result.function),)


def _one(result: NewtonStep) -> bool:
    return len(result.variables) == 1


def _which(result: NewtonStep, name: Name) -> Phrase:
    if result.kind == "root":
        return say("newton.which.root", {})
    if _one(result):
        return say("newton.which.minimum", {"slope": name.derivative(result.variables)})
    return say("newton.which.minimum_many", {})


def _derivatives(result: NewtonStep, name: Name, level: Level) -> Iterator[Block]:
    one = _one(result)
    blocks: list[Block] = []
    for partial in result.gradient.partials:
        blocks += board_blocks(partial, name, level)
    yield Section(say("newton.derivative" if one else "newton.gradient", {}), tuple(blocks), "gradient")
    if result.hessian is None:
        return
    blocks = []
    for second in result.hessian.seconds:
        left = name.derivative(second.letters)
        blocks += board_blocks(second.whole, name, level) if level == "full" or one else [Maths(Relation((left, second.value), ("=",)))]
    yield Section(say("newton.second" if one else "newton.hessian", {}), tuple(blocks), "hessian")


def _here(result: NewtonStep, name: Name) -> Section:
    """The numbers at the point."""
    lines: list[Block] = [_line(_at(name, (), result.point, result.variables), result.before)]
    for letter, slope in zip(result.variables, result.slopes, strict=True):
        lines.append(_line(_at(name, (letter,), result.point, result.variables), slope))
    if result.local is not None:
        if _one(result):
            lines.append(_line(_at(name, result.variables * 2, result.point, result.variables), result.local.cells[0][0]))
        elif result.local.spectrum is not None:
            place = tuple(result.point[letter] for letter in result.variables)
            lines.append(Maths(Relation((Apply("H", place, (0,) * len(place)), matrix_of(result.local.spectrum.rows)), ("=",))))
    return Section(say("newton.at", {"point": point_phrase(result.point)}), tuple(lines), "at")


def _at(name: Name, by: tuple[str, ...], point: Point, variables: tuple[str, ...]) -> Form:
    """f(1), f′(1), ∂f/∂x."""
    written = name.derivative(by) if by else name.written()
    if isinstance(written, Apply) and len(name.letters) == len(written.orders or (0,)):
        return Apply(written.name, tuple(point[letter] for letter in name.letters), written.orders if written.args else (len(by),) * len(variables))
    return written


def _line(left: Form, value: Value) -> Maths:
    """left = with the numbers put in = the value, and its decimal where that says more."""
    assert value.exact is not None
    sides = dict.fromkeys((left, *((value.substituted,) if value.substituted.size < 60 else ()), value.exact))
    return Maths(Relation(tuple(sides), ("=",) * (len(sides) - 1)), note=_about(value))


def _about(value: Value) -> Phrase:
    if value.exact is None or value.decimal is None or has_short_decimal(value.exact):
        return ()
    return say("text.approximately", {"decimal": read(value.decimal)})


def _no_step(result: NewtonStep) -> Phrase:
    if result.kind == "root":
        return say("newton.flat", {})
    return say("newton.singular_one" if _one(result) else "newton.singular", {})


# -- the step ----------------------------------------------------------------------------------------


def _letters(result: NewtonStep) -> tuple[str, ...]:
    """Letters for the step."""
    if _one(result):
        return (next(letter for letter in ("s", "h", "k") if letter not in result.variables),)
    return tuple(f"s_{k + 1}" for k in range(len(result.variables)))


def _step_blocks(result: NewtonStep, name: Name) -> Iterator[Block]:
    letters = _letters(result)
    steps = listed([Sym(letter) for letter in letters])
    if result.kind == "root":
        line = Add((result.before.exact or ZERO, _times(result.slopes[0].exact or ZERO, Sym(letters[0]))))
        shown = Relation((Apply("l", (Sym(letters[0]),), (0,)), line), ("=",))
        yield Section(say("newton.tangent", {"steps": steps}), (Maths(shown),), "model")
    else:
        model = Relation((Apply("m", tuple(map(Sym, letters)), (0,) * len(letters)), model_in(result, letters)), ("=",))
        yield Section(say("newton.model" if _one(result) else "newton.model_many", {"steps": steps}), (Maths(model),), "model")
        yield Paragraph(_model_kind(result), "text" if _kind(result) == "bowl" else "warning")
    yield Section(_step_heading(result, name), tuple(_solved(result, letters)), "step")


def _kind(result: NewtonStep) -> str:
    return result.local.spectrum.kind if result.local is not None and result.local.spectrum is not None else "open"


def _model_kind(result: NewtonStep) -> Phrase:
    kind = _kind(result)
    end = "_one" if _one(result) else ""
    if kind == "bowl":
        return say(f"newton.bowl{end}", {})
    words = say(f"newton.warning.{kind}{end if kind == 'dome' else ''}" if kind in ("dome", "saddle") else "newton.warning.open", {})
    return (*words, " ", *say(f"newton.damping{end}", {}))


def _step_heading(result: NewtonStep, name: Name) -> Phrase:
    if result.kind == "root":
        return say("newton.step.root", {})
    if _one(result):
        return say("newton.step.minimum", {"slope": _at(name, result.variables, result.point, result.variables), "bend": _at(name, result.variables * 2, result.point, result.variables)})
    return say("newton.step.minimum_many", {})


def _solved(result: NewtonStep, letters: tuple[str, ...]) -> Iterator[Block]:
    """The linear equation of the step, and its solution."""
    assert result.steps is not None
    if result.local is None:
        slope, height = result.slopes[0].exact or ZERO, result.before.exact or ZERO
        yield Maths(Relation((Add((height, _times(slope, Sym(letters[0])))), ZERO), ("=",)))
    else:
        for row, slope_value in zip(result.local.cells, result.slopes, strict=True):
            terms = [_times(cell.exact or ZERO, Sym(letter)) for cell, letter in zip(row, letters, strict=True)]
            left = Add((slope_value.exact or ZERO, terms[0])) if _one(result) else _sum([term for term in terms if term is not ZERO])
            yield Maths(Relation((left, ZERO if _one(result) else value_of(Neg(slope_value.exact or ZERO)) or ZERO), ("=",)))
        if not _one(result) and result.local.spectrum is not None:
            yield Paragraph(say("newton.cramer", {"determinant": result.local.spectrum.determinant}))
    for letter, step in zip(letters, result.steps, strict=True):
        yield _line(Sym(letter), step) if result.local is None or _one(result) else _exact(Sym(letter), step)


def _times(factor: Form, letter: Form) -> Form:
    return tidy(Mul((factor, letter)))


def _sum(terms: list[Form]) -> Form:
    return Add(tuple(terms)) if len(terms) > 1 else terms[0] if terms else ZERO


def _exact(left: Form, value: Value) -> Maths:
    assert value.exact is not None
    return Maths(Relation((left, value.exact), ("=",)), note=_about(value))


def _new_place(result: NewtonStep, name: Name) -> Iterator[Block]:
    assert result.new is not None
    if _one(result):
        (new,), (letter,) = result.new, result.variables
        yield Maths(_rule(result, name))
        yield Result(Relation((Sym(f"{letter}_1"), new.exact or new.substituted), ("=",)))
        if note := _about(new):
            yield Paragraph(note)
        yield Paragraph(say(f"newton.rule.{result.kind}", {}))
        return
    values = Listing("tuple", tuple(value.exact or value.substituted for value in result.new))
    yield Result(Relation((Listing("tuple", tuple(map(Sym, result.variables))), values), ("=",)))


def _rule(result: NewtonStep, name: Name) -> Form:
    """x₁ = 1 − f′(1)/f″(1) = 1 − (−1)/6."""
    (letter,) = result.variables
    start = result.point[letter]
    if result.local is None:
        top, bottom = _at(name, (), result.point, result.variables), _at(name, (letter,), result.point, result.variables)
        values = result.before.exact or ZERO, result.slopes[0].exact or ZERO
    else:
        top, bottom = _at(name, (letter,), result.point, result.variables), _at(name, (letter, letter), result.point, result.variables)
        values = result.slopes[0].exact or ZERO, result.local.cells[0][0].exact or ZERO
    return Relation((Sym(f"{letter}_1"), Add((start, Neg(Div(top, bottom)))), Add((start, Neg(Div(*values))))), ("=", "="))


def _judged(result: NewtonStep) -> Iterator[Block]:
    """The value before and after, and what the model promised."""
    before, after = result.before, result.after
    if after is None or after.exact is None or before.exact is None:
        yield Paragraph(say("newton.no_value", {}), "warning")
        return
    said: dict[str, Any] = {"before": _amount(before), "after": _amount(after)}
    if result.steps is not None and all(step.exact is ZERO for step in result.steps):
        yield Paragraph(say("newton.at_root" if result.kind == "root" else "newton.at_zero_one" if _one(result) else "newton.at_zero", {}))
        return
    if result.quadratic:
        yield Paragraph(say(f"newton.arrived.{result.kind}", {}))
    if result.kind == "root":
        order = _sizes(after.exact, before.exact)
        yield Paragraph(say("newton.closer" if order == -1 else "newton.farther", said))
        return
    assert result.promised is not None
    order = compare(after.exact, before.exact)
    said["promised"] = _amount(result.promised)
    words = {-1: "better", 0: "equal", 1: "worse"} if _kind(result) == "bowl" else {-1: "fell", 0: "equal", 1: "climbed"}
    yield Paragraph(say(f"newton.{words[order or 0]}", said))


def _sizes(one: Form, other: Form) -> int | None:
    """The order of two numbers by size, whatever their signs."""
    sizes = [value if sign_of(value) in (0, 1) else Neg(value) for value in (one, other)]
    return compare(sizes[0], sizes[1])


def _amount(value: Value) -> Phrase:
    """A number in a sentence."""
    assert value.exact is not None
    if value.decimal is None or has_short_decimal(value.exact) or value.exact.size <= 3:
        return (value.exact,)
    return say("text.approximately", {"decimal": read(value.decimal)})


# -- repeated ----------------------------------------------------------------------------------------


def _repeated(result: NewtonStep, name: Name) -> Iterator[Block]:
    if not result.iterates:
        return
    last = ("newton.header.length" if not _one(result) else "newton.header.slope") if result.kind == "minimum" else None
    header: list[Phrase] = [say("newton.header.n", {}), *((Sym(letter),) for letter in result.variables), (name.written(),)]
    if last:
        header.append(say(last, {}))
    rows = tuple(_row(k, one, result) for k, one in enumerate(result.iterates))
    blocks: list[Block] = [Table(tuple(header), rows), Paragraph(say("newton.rounded", {}))]
    if result.doubling:
        blocks.append(Paragraph(say("newton.doubling", {})))
    if result.stopped in ("arrived", "singular", "undefined"):
        blocks.append(Paragraph(say(f"newton.stopped.{result.stopped}", {})))
    if result.final_kind in ("saddle", "dome"):
        blocks.append(Paragraph(say(f"newton.final.{result.final_kind}", {}), "warning"))
    yield Section(say("newton.repeat", {}), tuple(blocks), "repeat")


def _row(place: int, one: Iterate, result: NewtonStep) -> tuple[Phrase, ...]:
    cells: list[Phrase] = [(number(place),), *((_digits(value),) for value in one.place), (_digits(one.value, 6),)]
    if result.kind == "minimum":
        cells.append((_digits(one.slopes[0] if _one(result) else Fraction(one.length), 6),))
    return tuple(cells)


def _digits(value: Fraction, most: int = _SHOWN) -> Form:
    """A number with so many significant digits; a very small or large one with a power of ten."""
    mantissa, _, power = f"{float(value):.{most - 1}e}".partition("e")
    if not value or -_PLAIN <= int(power) <= _PLAIN:
        return read(f"{float(value):.{most}g}")
    exponent = number(int(power))
    return Mul((read(f"{float(mantissa):.{min(most, 3)}g}"), Pow(number(10), exponent)))


# -- data --------------------------------------------------------------------------------------------


def fields(result: NewtonStep, point: Point | None = None) -> dict[str, Any]:  # noqa: ARG001
    """The fields of `tutor newton --format json`."""
    new = None if result.new is None else {name: str(value.exact) for name, value in zip(result.variables, result.new, strict=True)}
    return {
        "kind": result.kind, "function": str(result.function), "variables": list(result.variables), "point": point_data(result.point),
        "before": value_data(result.before), "slopes": [value_data(slope) for slope in result.slopes],
        "hessian": None if result.local is None else [[value_data(cell) for cell in row] for row in result.local.cells],
        "definite": None if result.local is None or result.local.spectrum is None else result.local.spectrum.kind,
        "step": None if result.steps is None else [value_data(step) for step in result.steps], "new": new,
        "after": None if result.after is None else value_data(result.after), "promised": None if result.promised is None else value_data(result.promised),
        "quadratic": result.quadratic, "stopped": result.stopped,
        "iterates": [{"place": [f"{float(value):.15g}" for value in one.place], "value": f"{float(one.value):.15g}", "slope": f"{one.length:.6g}"} for one in result.iterates],
        "doubling": result.doubling, **working(result),
    }  # fmt: skip
