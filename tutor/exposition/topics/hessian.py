"""The Hessian as a document: the gradient, each second derivative, the matrix, its eigenvalues and what they mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tutor.calculus.matrix import matrix_of
from tutor.calculus.optima.hessian import Hessian, Local, Second
from tutor.calculus.optima.numbers import value_of
from tutor.calculus.optima.spectrum import LAMBDA, Eigenvalue, Spectrum
from tutor.calculus.optima.spread import convex_domain
from tutor.calculus.points import Point, decimal, is_short
from tutor.exposition import Level
from tutor.exposition.data import point_data, texts, value_data, working
from tutor.exposition.derivation import board_blocks
from tutor.exposition.doc import Block, Doc, Maths, Paragraph, Phrase, Result, Section
from tutor.exposition.names import Name, equation, named
from tutor.exposition.phrases import PHRASES, listed
from tutor.exposition.places import point_phrase, where_it_holds
from tutor.form.reading import read
from tutor.form.tree import TWO, ZERO, Add, Apply, Div, Form, Listing, Mul, Neg, Pow, Relation, Sym, total

say = PHRASES.say


def document(result: Hessian, level: Level = "normal", typed: Form | None = None, point: Point | None = None) -> Doc:
    """First and second derivatives, the matrix, and what it means at a point, or everywhere."""
    name = named(typed or result.function, result.function, result.variables[0])
    one = len(result.variables) == 1
    blocks: list[Block] = []
    if level != "brief":
        blocks.append(Paragraph(say("hessian.intro_one" if one else "hessian.intro", {})))
        blocks.append(gradient_section(result, name, level))
        blocks += second_sections(result, name, level)
    blocks += _matrix(result, name)
    blocks += where_it_holds(result)
    local = result.here if result.here is not None or point is None else result.at(point)
    if local is not None:
        blocks.append(_local_section(result, local, name, level))
    elif result.everywhere is not None:
        blocks.append(_everywhere(result))
    else:
        blocks.append(Paragraph(_ask_for_point(result), "remark"))
    return Doc((equation(name, 0, result.function),), tuple(blocks))


def _ask_for_point(result: Hessian) -> Phrase:
    start = ",".join(f"{letter}=1" for letter in sorted(result.function.free | set(result.variables)))
    return say("hessian.depends", {"point": start})


def gradient_section(result: Hessian, name: Name, level: Level) -> Section:
    """The first derivatives: their results in short, or (full) with their steps."""
    blocks: list[Block] = []
    for partial in result.gradient.partials:
        left = name.derivative((partial.variable,))
        blocks += board_blocks(partial, name, level) if level == "full" else [Maths(Relation((left, partial.value), ("=",)))]
    return Section(say("hessian.gradient_one" if len(result.variables) == 1 else "hessian.gradient", {}), tuple(blocks), "gradient")


def second_sections(result: Hessian, name: Name, level: Level) -> Iterator[Block]:
    """One section for each second derivative, and the theorem that spares the other order."""
    for one in result.seconds:
        said = {"first": name.derivative(one.letters[:1]), "variable": Sym(one.letters[1])}
        yield Section(say("hessian.second", said), board_blocks(one.whole, name, level), "second")
    if result.mixed:
        yield Paragraph(_mixed(result.mixed, name))
        if level == "full":
            yield Paragraph(say("hessian.reason.mixed", {}), "reason")


def _mixed(mixed: Sequence[Second], name: Name) -> Phrase:
    if len(mixed) > 1:
        return say("hessian.mixed_many", {})
    (one,) = mixed
    sides = (name.derivative(one.letters[::-1]), name.derivative(one.letters), one.value)
    return say("hessian.mixed", {"shown": Relation(sides, ("=", "="))})


def hessian_name(point: Point | None, variables: Sequence[str]) -> Form:
    """H, or H(1, 2)."""
    if not point:
        return Sym("H")
    return Apply("H", tuple(point[letter] for letter in variables), (0,) * len(variables))


def _matrix(result: Hessian, name: Name) -> tuple[Block, ...]:
    if len(result.variables) == 1:
        left = name.derivative(result.variables * 2)
        return (Result(Relation((left, result.rows[0][0]), ("=",))),)
    return (Result(Relation((Sym("H"), result.matrix), ("=",))),)


# -- as numbers --------------------------------------------------------------------------------------


def _local_section(result: Hessian, local: Local, name: Name, level: Level) -> Section:
    heading = say("hessian.at", {"point": point_phrase(local.point)}) if local.point else say("hessian.everywhere", {})
    if local.spectrum is None:
        return Section(heading, (Paragraph(say("hessian.no_value", {"point": point_phrase(local.point)}), "condition"),), "at")
    blocks: list[Block] = [_numbers(result, local, name)] if local.point else []
    if len(result.variables) > 1:
        blocks += eigen_blocks(local.spectrum, level)
    meaning = _meaning(result, local)
    return Section(heading, (*blocks, Section(say("hessian.meaning", {}), meaning, "meaning")) if len(result.variables) > 1 else (*blocks, *meaning), "at")


def _numbers(result: Hessian, local: Local, name: Name) -> Maths:
    """The entries with the numbers put in."""
    if len(result.variables) == 1:
        (letter,) = result.variables
        left: Form = name.derivative((letter, letter))
        left = Apply(left.name, (local.point[letter],), left.orders) if isinstance(left, Apply) else left
        cell = local.cells[0][0]
        sides = dict.fromkeys((left, cell.substituted, cell.exact or cell.substituted))
        return Maths(Relation(tuple(sides), ("=",) * (len(sides) - 1)))
    assert local.spectrum is not None
    left = hessian_name(local.point, result.variables)
    put_in = matrix_of([[cell.substituted for cell in row] for row in local.cells])
    sides = dict.fromkeys((left, *((put_in,) if put_in.size < 40 else ()), matrix_of(local.spectrum.rows)))
    return Maths(Relation(tuple(sides), ("=",) * (len(sides) - 1)))


def eigen_blocks(spectrum: Spectrum, level: Level) -> Iterator[Block]:
    """Trace, determinant, and the eigenvalues by the way that they were found."""
    rows = spectrum.rows
    if level != "brief" and spectrum.method in ("formula", "none"):
        added = total(row[k] for k, row in enumerate(rows))
        yield Section(say("hessian.trace", {}), (Maths(_chain(added, spectrum.trace)),), "trace")
        yield Section(say("hessian.determinant", {}), (Maths(_chain(determinant_of(rows), spectrum.determinant)),), "determinant")
    elif level == "full":
        yield Section(say("hessian.determinant", {}), (Maths(_chain(determinant_of(rows), spectrum.determinant)),), "determinant")
    blocks: list[Block] = []
    if level == "full":
        blocks.append(Paragraph(say("hessian.reason.eigen", {}), "reason"))
    if level != "brief" or spectrum.method == "none":
        blocks += _method(spectrum)
    blocks += [_eigen_line(one, k + 1, spectrum) for k, one in enumerate(spectrum.values)]
    yield Section(say("hessian.eigenvalues", {}), tuple(blocks), "eigenvalues")


def determinant_of(rows: Sequence[Sequence[Form]]) -> Form:
    """The determinant of a 2×2 matrix as it is worked out, a·d − b²; of a larger one by its name."""
    if len(rows) != 2:
        return Sym("D")
    (a, b), (c, d) = rows
    return Add((Mul((a, d)), Neg(Pow(b, TWO) if b is c else Mul((b, c)))))


def _chain(*sides: Form) -> Form:
    once = tuple(dict.fromkeys(sides))
    return Relation(once, ("=",) * (len(once) - 1)) if len(once) > 1 else once[0]


def _method(spectrum: Spectrum) -> Iterator[Block]:
    letter = Sym(LAMBDA)
    if spectrum.method == "diagonal":
        yield Paragraph(say("hessian.diagonal", {}))
    elif spectrum.method == "formula":
        yield Paragraph(say("hessian.equation", {"lambda": letter}))
        terms: list[Form] = [Pow(letter, TWO)]
        if spectrum.trace is not ZERO:
            terms.append(_signed(spectrum.trace, letter))
        if spectrum.determinant is not ZERO:
            terms.append(spectrum.determinant)
        yield Maths(Relation((total(terms), ZERO), ("=",)))
        yield Maths(_roots_line(spectrum))
    elif spectrum.method == "none":
        yield Paragraph(say("hessian.none", {}), "warning")
    else:
        yield Paragraph(say("hessian.solver_numeric" if any(one.numeric for one in spectrum.values) else "hessian.solver", {}))


def _signed(trace: Form, letter: Form) -> Form:
    """−tr·λ."""
    return Mul((trace.operand, letter)) if isinstance(trace, Neg) else Neg(Mul((trace, letter)))


def _roots_line(spectrum: Spectrum) -> Form:
    """The discriminant of the characteristic equation."""
    inside = Add((Pow(spectrum.trace, TWO), Neg(Mul((read("4"), spectrum.determinant)))))
    return _chain(Sym("D"), inside, value_of(inside) or inside)


def _eigen_line(one: Eigenvalue, place: int, spectrum: Spectrum) -> Maths:
    """λ₁ = 3, along (1, −1)."""
    value = read(one.decimal) if one.numeric else one.value
    note: list[str | Form] = []
    if not one.numeric and read(one.decimal) is not one.value:
        note += [*say("text.approximately", {"decimal": read(one.decimal)}), ", "]
    if one.multiplicity > 1:
        note += [*say("hessian.double", {}), ", "] if one.multiplicity == 2 else []
    if one.vectors:
        note += say("hessian.any", {}) if len(one.vectors) == len(spectrum.rows) else say("hessian.along", {"vectors": listed([Listing("tuple", vector) for vector in one.vectors])})
    elif note:
        note.pop()
    return Maths(Relation((Sym(f"{LAMBDA}_{place}"), value), ("=",)), note=tuple(note))


# -- meaning -----------------------------------------------------------------------------------------


def _meaning(result: Hessian, local: Local) -> tuple[Block, ...]:
    spectrum = local.spectrum
    assert spectrum is not None
    kind, one = spectrum.kind, len(result.variables) == 1
    blocks: list[Block] = [Paragraph(say(f"hessian.{'one' if one else 'kind'}.{kind}", {}))]
    blocks += list(curvature_blocks(spectrum))
    if not local.point:
        if kind != "open" and convex_domain(result.function, result.where):
            blocks.append(Paragraph(say(f"hessian.whole.{kind}", {})))
    elif local.stationary:
        blocks.append(Paragraph(say(f"hessian.here.{kind}", {})))
    elif local.slopes:
        blocks.append(Paragraph(say("hessian.here.slope_one" if one else "hessian.here.slope", {})))
    return tuple(blocks)


def curvature_blocks(spectrum: Spectrum) -> Iterator[Block]:
    """The directions of the strongest and weakest curvature, and the condition number."""
    if len(spectrum.rows) < 2 or any(one.numeric or not one.vectors for one in spectrum.values):
        return
    first, last = spectrum.values[0], spectrum.values[-1]
    vectors = [Listing("tuple", one.vectors[0]) for one in (first, last)]
    if spectrum.kind == "saddle":
        yield Paragraph(say("hessian.saddle", {"up": vectors[0], "down": vectors[1]}))
    elif spectrum.kind in ("bowl", "dome"):
        if len(spectrum.values) == 1:
            yield Paragraph(say("hessian.same", {}))
            yield Paragraph(say("hessian.round", {}))
            return
        most, least = (0, 1) if spectrum.kind == "bowl" else (1, 0)
        pair = (first, last)
        said = {"most": vectors[most], "least": vectors[least], "largest": pair[most].value, "smallest": pair[least].value}
        yield Paragraph(say("hessian.curvature", said))
        yield from _condition(spectrum, pair[most], pair[least])


def _condition(spectrum: Spectrum, most: Eigenvalue, least: Eigenvalue) -> Iterator[Block]:
    value = spectrum.condition
    if value is None:
        return
    note: Phrase = () if is_short(value) else say("text.approximately", {"decimal": read(decimal(value))})
    line = Maths(_chain(Sym("kappa"), Div(most.value, least.value), value), note=note)
    words = Paragraph(say("hessian.zigzag" if spectrum.kind == "bowl" else "hessian.zigzag_up", {}))
    yield Section(say("hessian.condition", {}), (line, words), "condition")


def _everywhere(result: Hessian) -> Section:
    """What the minors say of every point."""
    assert result.everywhere is not None
    kind, remark = result.everywhere
    blocks: list[Block] = [Maths(line) for line in remark.lines]
    blocks.append(Paragraph(say(f"hessian.definite.{remark.id}", {})))
    if convex_domain(result.function, result.where):
        blocks.append(Paragraph(say(f"hessian.convex.{kind}", {})))
    else:
        blocks.append(Paragraph(say("hessian.convex.piece", {})))
    return Section(say("hessian.meaning", {}), tuple(blocks), "everywhere")


# -- data --------------------------------------------------------------------------------------------


def fields(result: Hessian, point: Point | None = None) -> dict[str, Any]:
    """The fields of `tutor hessian --format json`."""
    local = result.here if result.here is not None or point is None else result.at(point)
    data: dict[str, Any] = {
        "variables": list(result.variables), "gradient": texts(result.gradient.value), "value": [texts(row) for row in result.rows],
        "seconds": [{"variables": list(one.letters), "value": str(one.value)} for one in result.seconds],
        "everywhere": None if result.everywhere is None else result.everywhere[0],
        "at": None if local is None else local_data(local), **working(result),
    }  # fmt: skip
    return data


def local_data(local: Local) -> dict[str, Any]:
    """The Hessian at a point: its numbers, eigenvalues, kind."""
    spectrum = local.spectrum
    return {
        "point": point_data(local.point), "value": [[value_data(cell) for cell in row] for row in local.cells],
        "gradient": [value_data(slope) for slope in local.slopes],
        "trace": None if spectrum is None else str(spectrum.trace), "determinant": None if spectrum is None else str(spectrum.determinant),
        "eigenvalues": [] if spectrum is None else [eigen_data(one) for one in spectrum.values],
        "condition": None if spectrum is None or spectrum.condition is None else str(spectrum.condition),
        "kind": None if spectrum is None else spectrum.kind,
    }  # fmt: skip


def eigen_data(one: Eigenvalue) -> dict[str, Any]:
    """An eigenvalue with its directions."""
    return {"value": str(one.value), "decimal": one.decimal, "multiplicity": one.multiplicity, "numeric": one.numeric, "vectors": [texts(vector) for vector in one.vectors]}

