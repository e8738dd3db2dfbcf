"""Solving several equations as it is done by hand: one unknown at a time, substitution, case by case.

An equation with one unknown is solved for itself; a letter that stands alone is replaced in the other equations
("from the first, y = x²; put into the second"); a product gives a case for each factor. A letter that is left over
when nothing is left to satisfy is free. What this cannot do is left to SymPy by the caller.

>>> from tutor import read
>>> found = solve_all([read("3x^2 - 3y"), read("3y^2 - 3x")], ("x", "y"))
>>> [{name: str(value) for name, value in point.items()} for point in found.points]
[{'x': '0', 'y': '0'}, {'x': '1', 'y': '1'}]
>>> [remark.id for remark in found.remarks]
['express', 'put_in', 'factor', 'product', 'back']
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tutor.algebra.laws.sums import expanded
from tutor.algebra.monomial import Monomial, monomial, terms
from tutor.calculus.optima.numbers import approximate, compare, sign_of, tidy, value_of
from tutor.calculus.optima.said import Case, Remark, equals, is_zero
from tutor.calculus.optima.solving import FAMILY, as_fraction, factors_of, nonzero, solve_one, split_never
from tutor.calculus.worked import equal
from tutor.form.tree import ONE, ZERO, Div, Form, Neg, Sym, total
from tutor.form.walk import substitute

Point = Mapping[str, Form]
_DEEPEST = 7


@dataclass(frozen=True)
class Found:
    """All solutions of a system, and the remarks that lead there; a letter that a point does not name is free."""

    remarks: tuple[Remark, ...]
    points: tuple[Point, ...]


def solve_all(equations: Sequence[Form], unknowns: Sequence[str], families: Sequence[str] = FAMILY, depth: int = 0, conditions: Sequence[Form] = ()) -> Found | None:
    """All real points at which every form is zero; None where the steps by hand do not reach."""
    if depth > _DEEPEST or any(not form.free <= set(unknowns) for form in equations):
        return None
    forms = list(equations)
    wrong = next((form for form in forms if not form.free and form is not ZERO), None)
    if wrong is not None:
        sign = sign_of(wrong)
        if sign:
            return Found((Remark("contradiction", {"form": wrong}, (), (nonzero(wrong, sign),)),), ())
        if sign is None:
            return None
    forms = [form for form in dict.fromkeys(forms) if form.free]
    if not forms:
        free = tuple(Sym(name) for name in unknowns)
        return Found((Remark("free", {"letters": free, "many": len(free) > 1}),) if free else (), ({},))
    here = _System(tuple(forms), tuple(unknowns), tuple(families), depth, tuple(conditions))
    for way in (_fractions, _one_unknown, _express, _product):
        found = way(here)
        if found is not None:
            return Found(found.remarks, distinct_points(found.points, unknowns))
    return None


@dataclass(frozen=True)
class _System:
    """Forms that are to be zero."""

    forms: tuple[Form, ...]
    unknowns: tuple[str, ...]
    families: tuple[str, ...]
    depth: int
    conditions: tuple[Form, ...] = ()

    def then(self, forms: Sequence[Form], unknowns: Sequence[str], families: Sequence[str] | None = None) -> Found | None:
        return solve_all(forms, unknowns, self.families if families is None else families, self.depth + 1, self.conditions)

    def without(self, form: Form) -> tuple[Form, ...]:
        return tuple(other for other in self.forms if other is not form)

    def others(self, name: str) -> tuple[str, ...]:
        return tuple(other for other in self.unknowns if other != name)


def short(form: Form) -> Form:
    """Tidied, and multiplied out where that is not longer."""
    neat = tidy(form)
    flat = expanded(neat)
    return flat if flat is not None and flat.size <= neat.size else neat


def _fractions(here: _System) -> Found | None:
    """An equation with a letter below a fraction line: its top is zero, its bottom is not."""
    for form in here.forms:
        top, bottom = as_fraction(form, frozenset(here.unknowns))
        if bottom is ONE:
            continue
        rest = here.then([top if other is form else other for other in here.forms], here.unknowns)
        if rest is None:
            return None
        kept = []
        for point in rest.points:
            value = short(substitute(bottom, dict(point)))
            sign = sign_of(value) if not value.free else None
            if sign is None:
                return None
            if sign:
                kept.append(point)
        joined = Div(top, bottom)
        lines = (is_zero(joined), is_zero(top)) if joined is not form else (is_zero(top),)
        return Found((Remark("fraction", {"top": top}, lines, (equal(form, joined, "common_denominator"),)), *rest.remarks), tuple(kept))
    return None


def _one_unknown(here: _System) -> Found | None:
    """An equation in which only one unknown stands."""
    for form in here.forms:
        names = [name for name in here.unknowns if name in form.free]
        if len(names) != 1:
            continue
        (name,) = names
        roots = solve_one(form, name, here.families, 0, here.conditions)
        if roots is None or roots.every:
            continue
        families = tuple(letter for letter in here.families if all(letter not in value.free for value in roots.values))
        said = () if form is Sym(name) else (Remark("one_unknown", {"letter": Sym(name), "equation": is_zero(form)}),)
        rest = here.without(form)
        if not roots.values:
            return Found((*said, *roots.remarks), ())
        if all(name not in other.free for other in rest):
            found = here.then(rest, here.others(name), families)
            if found is not None:
                points = tuple({name: value, **point} for value in roots.values for point in found.points)
                return Found((*said, *roots.remarks, *found.remarks), points)
        elif not any(value.free for value in roots.values):
            return _put_in(here, name, roots.values, rest, (*said, *roots.remarks))
    return None


def _put_in(here: _System, name: str, values: Sequence[Form], rest: Sequence[Form], remarks: tuple[Remark, ...]) -> Found | None:
    """Each value of a letter put into the other equations."""
    cases: list[Case] = []
    points: list[Point] = []
    for value in values:
        written = [substitute(form, {name: value}) for form in rest]
        forms = [short(form) for form in written]
        found = here.then(forms, here.others(name))
        if found is None:
            return None
        lines = tuple(is_zero(form) for form in forms)
        claims = tuple(equal(before, after, "put_in") for before, after in zip(written, forms, strict=True) if before is not after)
        said = Remark("put_in", {"letter": Sym(name), "value": equals(Sym(name), value)}, lines, claims)
        cases.append(Case((equals(Sym(name), value),), (said, *_unrepeated(said, found.remarks))))
        points += [{name: value, **point} for point in found.points]
    if len(cases) == 1:
        return Found((*remarks, *cases[0].remarks), tuple(points))
    return Found((*remarks, Remark("each", {}, cases=tuple(cases))), tuple(points))


def _unrepeated(said: Remark, rest: tuple[Remark, ...]) -> tuple[Remark, ...]:
    """Without a heading about the one equation that has just been written."""
    return rest[1:] if rest and rest[0].id == "one_unknown" and said.lines == (rest[0].values["equation"],) else rest


def _express(here: _System) -> Found | None:
    """A letter with a number as its factor, expressed by the others and replaced in the other equations."""
    if len(here.forms) < 2 and len(here.unknowns) < 2:
        return None
    options = [(value.size, k, name, form, value) for k, form in enumerate(here.forms) for name in here.unknowns
               if (value := _alone(form, name)) is not None]  # fmt: skip
    if not options:
        return None
    _, _, name, form, value = min(options, key=lambda one: one[:2])
    rest = here.without(form)
    written = [substitute(other, {name: value}) for other in rest]
    forms = [short(other) for other in written]
    said = [Remark("express", {"letter": Sym(name), "equation": is_zero(form)}, (equals(Sym(name), value),), (equal(substitute(form, {name: value}), ZERO, "express"),))]
    if forms:
        claims = tuple(equal(before, after, "put_in") for before, after in zip(written, forms, strict=True) if before is not after)
        said.append(Remark("put_in", {"letter": Sym(name), "value": equals(Sym(name), value)}, tuple(is_zero(other) for other in forms), claims))
    found = here.then(forms, here.others(name))
    if found is None:
        return None
    points: list[Point] = []
    lines: list[Form] = []
    for point in found.points:
        back = substitute(value, dict(point))
        exact = value_of(back) if not back.free else short(back)
        if exact is None:
            return None
        points.append({**point, name: exact})
        if point:
            lines.append(equals(Sym(name), exact))
    remarks = (*said, *(_unrepeated(said[-1], found.remarks) if len(forms) == 1 else found.remarks))
    if not lines:
        return Found(remarks, tuple(points))
    given = tuple(tuple(equals(Sym(letter), entry) for letter, entry in point.items()) for point in found.points)
    return Found((*remarks, Remark("back", {"letter": Sym(name), "value": equals(Sym(name), value), "given": given}, tuple(lines))), tuple(points))


def _alone(form: Form, name: str) -> Form | None:
    """What a letter equals, where it stands in one term only, to the first power and with a number as its factor."""
    moving = [term for term in terms(form) if name in term.free]
    if len(moving) != 1:
        return None
    mono = monomial(moving[0])
    if mono.powers.get(Sym(name)) != 1 or len(mono.powers) != 1:
        return None
    rest = total(term for term in terms(form) if term is not moving[0])
    return short(Neg(Div(rest, Monomial(mono.coefficient, mono.decimal, {}).form())))


def _product(here: _System) -> Found | None:
    """A product is zero where one of its factors is: a case for each."""
    for form in here.forms:
        taken, bases = factors_of(form)
        if not bases or (len(bases) == 1 and bases[0][1] == 1 and bases[0][0] is form):
            continue
        open_bases, never = split_never(bases, here.conditions)
        if any(isinstance(power, Form) for _, power in open_bases):
            continue
        said = () if taken is form else (Remark("factor", {}, (is_zero(taken),), (equal(form, taken, "factor"),)),)
        found = _factor_cases(here, form, [base for base, _ in open_bases], (*said, *never))
        if found is not None:
            return found
    return None


def _factor_cases(here: _System, form: Form, bases: Sequence[Form], remarks: tuple[Remark, ...]) -> Found | None:
    if not bases:
        return Found(remarks, ())
    cases: list[Case] = []
    points: list[Point] = []
    for base in bases:
        found = here.then([base if other is form else other for other in here.forms], here.unknowns)
        if found is None:
            return None
        cases.append(Case((is_zero(base),), found.remarks))
        points += found.points
    if len(cases) == 1:
        return Found((*remarks, Remark("rest" if any(one.id == "never" for one in remarks) else "divide", {"base": bases[0]}, (is_zero(bases[0]),)), *cases[0].remarks), tuple(points))
    return Found((*remarks, Remark("product", {"form": is_zero(form)}, cases=tuple(cases))), tuple(points))


def distinct_points(points: Sequence[Point], unknowns: Sequence[str]) -> tuple[Point, ...]:
    """Each point once, its letters in order; points of numbers in order, before lines of points."""
    once: list[Point] = []
    for point in points:
        ordered = {name: point[name] for name in unknowns if name in point}
        if not any(_same(ordered, other) for other in once):
            once.append(ordered)
    plain = [point for point in once if is_point(point, unknowns)]
    return (*sorted(plain, key=lambda point: [approximate(value) for value in point.values()]), *(point for point in once if point not in plain))


def is_point(point: Point, unknowns: Sequence[str]) -> bool:
    """Whether every letter has a number as its value."""
    return len(point) == len(unknowns) and not any(value.free for value in point.values())


def _same(one: Point, other: Point) -> bool:
    if one.keys() != other.keys():
        return False
    return all(value is other[name] or (not (value.free or other[name].free) and compare(value, other[name]) == 0) for name, value in one.items())
