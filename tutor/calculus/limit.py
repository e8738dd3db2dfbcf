"""The derivative from its definition: the limit of the difference quotient (f(x + h) − f(x))/h for h → 0.

The derivative is the limit, not the ratio: for no h is the quotient the derivative (unless the graph is a line), and
at h = 0 it has no value (Stewart, *Calculus*, section 2.7). The quotient is worked out by algebra until h can go to 0
(`tutor.calculus.difference`), each side of the place on its own where the function has a join there. What algebra does
not reach is SymPy's limit, within a budget. Every value found is claimed to be the one that the rules give.

>>> found = limit_definition("x^2", at="x=3")
>>> str(found.quotient), str(found.sides[0].terms[0].way.last), str(found.value)
('((3 + h)^2 - 9)/h', '6 + h', '6')
>>> str(limit_definition("1/x").value), limit_definition("abs(x)", at="x=0").trouble
('-1/x^2', 'corner')
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from tutor.algebra.polynomial import one_fraction
from tutor.algebra.tidy import Rewrite
from tutor.calculus.conditions import domain, needed
from tutor.calculus.difference import difference_quotient, shifted
from tutor.calculus.differentiate import Derivation, differentiate
from tutor.calculus.inside import outside
from tutor.calculus.known_limits import shortest_value
from tutor.calculus.pieces import is_in_pieces
from tutor.calculus.points import Value, read_point, value_at
from tutor.calculus.request import asked
from tutor.calculus.sides import ALGEBRA, Question, Side, Term, is_infinite, sides_of, trouble_of
from tutor.calculus.worked import Claim, Worked, equal
from tutor.errors import RequestError
from tutor.form.numerals import number
from tutor.form.reading import read
from tutor.form.tree import ZERO, Add, Apply, Call, Deriv, Form, Neg, Num, Pow, Relation, Root, Sym, total
from tutor.form.walk import nodes, rewritten, substitute

_STEPS = tuple(Fraction(sign, size) for sign in (1, -1) for size in (10, 100, 1000))
"""The values of h in the table."""
_PLACES = tuple(number(Fraction(place)) for place in ("1", "2", "1/2", "3", "-1", "-1/2", "1/3"))
"""Where the table is made when no place was given: the first of these that fits."""


@dataclass(frozen=True, slots=True)
class Table:
    """The quotient for a few h close to 0, at a place that is a number."""

    place: Form
    rows: tuple[tuple[Form, Value], ...]


@dataclass(frozen=True)
class LimitDefinition(Worked):
    """The derivative of a function as a limit: at `place`, which is the variable itself where no place was given.

    `height` is the function's value there. `trouble` says why there is no derivative: `value` (no value there), `alone` (no
    values near it), `corner` (two slopes), `jump`, `infinite` (the quotient grows beyond all bounds), `late` and `none` (no limit
    was found); `end` where the function has values on one side only, which gives a derivative from that side.
    """

    function: Form
    variable: str
    place: Form
    step: str
    height: Form | None
    sides: tuple[Side, ...]
    trouble: str
    rules: Derivation

    @property
    def quotient(self) -> Form:
        """(f(x + h) − f(x))/h with the function written out."""
        return difference_quotient(self.function, self.variable, self.place, self.height or _unknown_height(self), self.step)

    @property
    def value(self) -> Form | None:
        """The derivative, or the one-sided derivative at an end; None where there is none."""
        return self.sides[0].value if self.sides and self.trouble in ("", "end") else None

    @property
    def is_general(self) -> bool:
        """Whether no place was given."""
        return self.place is Sym(self.variable)

    @property
    def by_rules(self) -> Form | None:
        """The derivative at the place by the rules of differentiation, None where they do not reach it."""
        return self._by_rules(self.sides[0]) if self.value is not None else None

    def _by_rules(self, side: Side) -> Form | None:
        if self.is_general:
            return None if _is_open(side.rules.value) else side.rules.value
        point = {self.variable: self.place}
        if side.sign == 0 and not self.function.free - {self.variable} and outside(side.rules.conditions, point):
            return None
        return _value_or_none(side.rules.value, point)

    @cached_property
    def table(self) -> Table | None:
        """The quotient for small h; None where the function has other letters, or no value."""
        if self.function.free - {self.variable} or self.height is None:
            return None
        place = self.place if not self.is_general else self._example_place()
        if place is None:
            return None
        height = value_at(self.function, {self.variable: place}).exact
        assert height is not None
        quotient = difference_quotient(self.function, self.variable, place, height, self.step)
        steps = [number(step, decimal=True) for step in _STEPS]
        return Table(place, tuple((step, value_at(quotient, {self.step: step})) for step in steps))

    @property
    def rules_here(self) -> Form | None:
        """What the rules give at the place, also where the limit was not found."""
        return self._by_rules(self.sides[0]) if self.sides else None

    @property
    def slope_in_table(self) -> Form | None:
        """The derivative at the place of the table."""
        if self.table is None or self.value is None:
            return None
        return value_at(self.value, {self.variable: self.table.place}).exact

    def _example_place(self) -> Form | None:
        for place in _PLACES:
            point = {self.variable: place}
            if not outside([*self.rules.conditions, *domain(self.function)], point) and _value_or_none(self.rules.value, point) is not None:
                return place
        return None

    @property
    def conditions(self) -> tuple[Form, ...]:
        """Where the derivative holds: at a place only what concerns the other letters."""
        if self.is_general:
            return self.rules.conditions
        placed = (substitute(condition, {self.variable: self.place}) for condition in self.rules.conditions)
        return needed(condition for condition in placed if condition.free) if self.trouble == "" else ()

    # -- what must be true ---------------------------------------------------------------------------

    @property
    def derivations(self) -> tuple[Derivation, ...]:
        """The derivative by the rules, of each piece."""
        return tuple(side.rules for side in self.sides) or (self.rules,)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Every line of the algebra, every limit by putting in h = 0, the agreement with the rules, the table."""
        return tuple(self._claims())

    def _claims(self) -> Iterator[Claim]:
        if self.height is not None and not self.is_general:
            yield equal(substitute(self.function, {self.variable: self.place}), self.height, "value at the place")
        for side in self.sides:
            yield from self._side(side)
        if self.trouble == "corner":
            one, other = (side.value for side in self.sides)
            assert one is not None
            assert other is not None
            yield Claim(Relation((one, other), ("!=",)), "the two sides differ")
        elif self.trouble == "" and len(self.sides) == 2:
            right, left = (side.value or ZERO for side in self.sides)
            yield equal(right, left, "the two sides agree")
        yield from self._table()

    def _side(self, side: Side) -> Iterator[Claim]:
        where = self._where(side)
        if side.piece.form is not self.function:
            moved: dict[str, Form] = {self.variable: shifted(self.place, self.step)}
            close = needed([*(where if side.sign else ()), *(substitute(condition, moved) for condition in side.piece.conditions)])
            yield equal(substitute(self.function, moved), substitute(side.piece.form, moved), "the piece near the place", close)
        if len(side.terms) > 1:
            whole = difference_quotient(side.piece.form, self.variable, self.place, self._height_of(side), self.step)
            yield equal(whole, total(term.way.quotient for term in side.terms), "sum of the quotients", where)
        for term in side.terms:
            for line in term.way.lines:
                yield _line(line, needed([*domain(line.before), *domain(line.after), *where]))
            if term.source == ALGEBRA and term.value is not None:
                yield from self._limit(term, term.value)
        if side.value is not None and not is_infinite(side.value):
            found = self._by_rules(side)
            if found is not None:
                yield equal(side.value, found, "the derivative by the rules", self.conditions)

    def _where(self, side: Side) -> tuple[Form, ...]:
        h = Sym(self.step)
        return (Relation((h, ZERO), ("!=" if not side.sign else ">" if side.sign > 0 else "<",)),)

    def _height_of(self, side: Side) -> Form:
        if self.is_general:
            return side.piece.form
        return self.height or ZERO

    def _limit(self, term: Term, value: Form) -> Iterator[Claim]:
        """The limit by h = 0 in the last line, known limits replaced; for an infinite one, that only the bottom is zero there."""
        last = term.way.last
        if is_infinite(value):
            top, bottom = (substitute(part, {self.step: ZERO}) for part in one_fraction(last))
            yield equal(bottom, ZERO, "the denominator is zero at h = 0")
            yield Claim(Relation((top, ZERO), ("!=",)), "the numerator is not zero at h = 0")
            return
        known = {one.form: one.value for one in term.way.known}
        placed = substitute(rewritten(last, lambda node: known.get(node, node)), {self.step: ZERO})
        yield equal(placed, value, "the limit of the last line", needed([*self.conditions, *domain(placed)]))

    def _table(self) -> Iterator[Claim]:
        for _, value in self.table.rows if self.table else ():
            if value.decimal is not None:
                shown = read(value.decimal)
                gap = Call("abs", (Add((value.substituted, Neg(shown))),))
                yield Claim(Relation((gap, number(_last_place(value.decimal))), ("<=",)), "value in the table")

    def _repr_latex_(self) -> str:
        return (self.value or self.quotient)._repr_latex_()


def _unknown_height(result: LimitDefinition) -> Form:
    return Apply("f", (result.place,), (0,))


def _line(line: Rewrite, where: tuple[Form, ...]) -> Claim:
    """Two sides with cube roots are compared by their cubes, which are equal only when they are."""
    cubic = any(isinstance(node, Root) and node.index is Num(3) for node in nodes(line.before)) and line.law == "powers_of_step"
    if cubic:
        return equal(Pow(line.before, Num(3)), Pow(line.after, Num(3)), f"{line.law}, cubed", where)
    if line.law == "divide_inside":  # only what stands in the logarithm changes
        return equal(_inside(line.before), _inside(line.after), line.law, where)
    return equal(line.before, line.after, line.law, where)


def _inside(form: Form) -> Form:
    return next(node.args[0] for node in nodes(form) if isinstance(node, Call) and node.name == "ln" and Add in map(type, nodes(node)))


def _last_place(decimal: str) -> Fraction:
    """One in the sixth significant digit of a decimal."""
    size = abs(Fraction(decimal))
    place = Fraction(1, 10**6)
    while size >= 10:
        size, place = size / 10, place * 10
    while 0 < size < 1:
        size, place = size * 10, place / 10
    return 10 * place


def _is_open(form: Form) -> bool:
    """Whether a derivative in it is only written down, because no rule is known."""
    return any(isinstance(node, Deriv) for node in nodes(form))


def _value_or_none(form: Form, point: Mapping[str, Form]) -> Form | None:
    if form.free - point.keys():
        return shortest_value(substitute(form, dict(point)))
    if _is_open(form):
        return None
    return value_at(form, point).exact


# -- the engine --------------------------------------------------------------------------------------


def limit_definition(
    function: str | Form, variable: str | None = None, at: str | Mapping[str, object] | None = None
) -> LimitDefinition:
    """The derivative of a text or form as the limit of its difference quotient, at a point or for every place.

    Letters other than the variable are constants, or get their values from the point. Raises `ReadError`, or `RequestError`
    for what is no function, for a letter that is not clear, and for a function in pieces without a place.

    >>> str(limit_definition("sin(x)").value)
    'cos(x)'
    """
    form = read(function, variables=(variable,) if variable else ()) if isinstance(function, str) else function
    point = read_point(at) if at else {}
    if variable is None and len(point) == 1 and next(iter(point)) in form.free:
        variable = next(iter(point))
    body, (name,) = asked(form, variable)
    _check(body, name, point)
    others = {letter: value for letter, value in point.items() if letter != name}
    question = Question(substitute(body, others), name, point.get(name, Sym(name)), _free_letter(form, name))
    return _answered(question)


def _check(body: Form, name: str, point: Mapping[str, Form]) -> None:
    unknown = sorted(set(point) - body.free - {name})
    if unknown:
        raise RequestError("point", f"the function has no letter {unknown[0]}", advice=f"Give a place such as {name}=1.")
    if any(isinstance(node, Apply | Deriv) for node in nodes(body)):
        raise RequestError("limit", "a function without a formula has no difference quotient to work out", advice="Give a formula, such as x^2.")
    if any(value.free for value in point.values()):
        raise RequestError("point", "the value of a letter has letters in it", advice=f"Give a number, such as {name}=1, or no place at all.")
    if name not in point and is_in_pieces(body, name) and not _is_modulus(body, name):
        raise RequestError(
            "limit", "this function is put together from pieces, so its difference quotient depends on the place",
            advice=f"Name a place, such as --at {name}=1.",
        )  # fmt: skip


def _is_modulus(body: Form, name: str) -> bool:
    """Whether absolute values are the only joins: these can be squared away."""
    return is_in_pieces(body, name) and not is_in_pieces(rewritten(body, lambda node: node.args[0] if isinstance(node, Call) and node.name == "abs" else node), name)


def _free_letter(form: Form, variable: str) -> str:
    """h, or another letter where the function, its variable or its own name is called h."""
    names = form.free | {variable} | {node.name for node in nodes(form) if isinstance(node, Apply)}
    return next(letter for letter in ("h", "k", "t", "s", "d", "q", "u") if letter not in names)


def _answered(question: Question) -> LimitDefinition:
    rules = differentiate(question.function, question.variable)
    height = question.height(question.function)
    found = LimitDefinition(question.function, question.variable, question.place, question.step, height, (), "value", rules)
    if height is None:
        return found
    sides = sides_of(question, height, rules)
    return replace(found, sides=sides, trouble=trouble_of(question, sides, height))


__all__ = ["LimitDefinition", "Table", "limit_definition"]
