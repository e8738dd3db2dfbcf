"""The two sides of a place: what the difference quotient tends to on each, term by term.

Both sides are looked at together where the function is one formula around the place. Where it has a join, or ends, or where
its quotient grows in opposite directions, each side is looked at on its own. SymPy is asked last.

>>> from tutor import read
>>> question = Question(read("abs(x) + x^2"), "x", read("0"), "h")
>>> sides = sides_of(question, read("0"), differentiate("abs(x) + x^2"))
>>> [(side.sign, str(side.value)) for side in sides], trouble_of(question, sides, read("0"))
([(1, '1'), (-1, '-1')], 'corner')
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from tutor.algebra.laws.arithmetic import numbers
from tutor.algebra.monomial import terms
from tutor.algebra.tidy import tidied
from tutor.calculus.difference import INFINITY, Way, is_rational, worked_out
from tutor.calculus.differentiate import Derivation, differentiate
from tutor.calculus.known_limits import shortest_value
from tutor.calculus.pieces import Piece, near
from tutor.calculus.points import value_at
from tutor.form.evaluate import evaluate_ball
from tutor.form.numerals import number
from tutor.form.tree import ZERO, Add, Form, Neg, Sym, total
from tutor.form.walk import rewritten, substitute

ALGEBRA, SOLVER, LATE, NONE = "algebra", "sympy", "late", "none"
_CLOSE = (Fraction(1, 10**6), Fraction(1, 10**9))
"""Where a function has values this close to a place, it has them on that side of it."""


@dataclass(frozen=True, slots=True)
class Term:
    """A part of the function with its own difference quotient.

    `source` says where its limit comes from: `algebra`, `sympy` (its limit was asked for), `late` (no answer within the budget),
    `none` (no limit was found).
    """

    function: Form
    way: Way
    source: str

    @property
    def value(self) -> Form | None:
        """The limit of its quotient; infinity, or its opposite, where that grows beyond all bounds."""
        return self.way.value


@dataclass(frozen=True)
class Side:
    """The limit for h → 0 (`sign` 0), from the right (1) or from the left (−1).

    `piece` is what the function is there; the quotient is the sum of those of `terms`.
    """

    sign: int
    piece: Piece
    terms: tuple[Term, ...]
    rules: Derivation

    @property
    def value(self) -> Form | None:
        """The limit, None where none was found."""
        values = [term.value for term in self.terms]
        endless = {value for value in values if value is not None and is_infinite(value)}
        if None in values or len(endless) > 1:
            return None
        return endless.pop() if endless else shortest_value(total(value for value in values if value is not None))


@dataclass(frozen=True, slots=True)
class Question:
    """A function, its variable, the place (the variable itself for every place), and the letter of the step."""

    function: Form
    variable: str
    place: Form
    step: str

    @property
    def general(self) -> bool:
        """Whether no place was given."""
        return self.place is Sym(self.variable)

    def height(self, form: Form) -> Form | None:
        """The value of a form at the place; with other letters, as it stands."""
        if self.general:
            return form
        if form.free - {self.variable}:
            return _tidy(substitute(form, {self.variable: self.place}))
        return value_at(form, {self.variable: self.place}).exact

    def reaches(self, sign: int) -> bool:
        """Whether the function has values close to the place on this side."""
        if self.general or self.function.free - {self.variable}:
            return True
        points = (Add((self.place, number(sign * distance))) for distance in _CLOSE)
        return all(evaluate_ball(substitute(self.function, {self.variable: point}), {}).is_finite() for point in points)


def sides_of(question: Question, height: Form, rules: Derivation) -> tuple[Side, ...]:
    """Both sides at once where that leads to a limit, else each side that there is; SymPy is asked last."""
    if question.general:
        return (_solved(question, _side(question, 0, Piece(question.function), height, rules)),)
    signs = [sign for sign in (1, -1) if question.reaches(sign)]
    pieces = {sign: near(question.function, question.variable, question.place, sign) for sign in signs}
    together = len(signs) == 2 and pieces[1].form is pieces[-1].form
    both = _side(question, 0, pieces[1], height, rules) if together else None
    if both is not None and both.value is not None:
        return (both,)
    each = tuple(_side(question, sign, pieces[sign], height, rules) for sign in signs)
    if all(side.value is not None for side in each):
        return each
    if both is not None:
        both = _solved(question, both)
        if both.value is not None or any(term.source == LATE for term in both.terms):
            return (both,)
    return tuple(_solved(question, side) for side in each)


def _side(question: Question, sign: int, piece: Piece, height: Form, rules: Derivation) -> Side:
    own = rules if piece.form is question.function else differentiate(piece.form, question.variable)
    parts = _parts(piece.form, question.variable)
    heights = [question.height(part) for part in parts]
    if any(part is None for part in heights) or (not question.general and not _same(total(part for part in heights if part is not None), height)):
        parts, heights = (piece.form,), [height]
    ways = [worked_out(part, question.variable, question.place, start or ZERO, question.step, sign) for part, start in zip(parts, heights, strict=True)]
    return Side(sign, piece, tuple(Term(part, way, ALGEBRA if way.value is not None else NONE) for part, way in zip(parts, ways, strict=True)), own)


def _parts(form: Form, variable: str) -> tuple[Form, ...]:
    """The terms, those that are rational in the variable as one."""
    plain = [term for term in terms(form) if is_rational(term, (variable,))]
    others = [term for term in terms(form) if not is_rational(term, (variable,))]
    moving = [term for term in plain if variable in term.free]
    if not others or (len(others) + bool(moving) == 1 and not plain):
        return (form,)
    return (*([total(plain)] if plain else []), *others)


def _same(one: Form, other: Form) -> bool:
    if one is other:
        return True
    gap = Add((one, Neg(other)))
    return _tidy(gap) is ZERO or (not gap.free and value_at(gap, {}).exact is ZERO)


def _solved(question: Question, side: Side) -> Side:
    """The side with SymPy's limit for each term that algebra did not reach."""
    return replace(side, terms=tuple(term if term.value is not None else _asked_for(question, side, term) for term in side.terms))


def _asked_for(question: Question, side: Side, term: Term) -> Term:
    from tutor.algebra.solve import limit
    from tutor.algebra.worker import OutOfTime

    try:
        value = limit(term.way.quotient, question.step, ZERO, {0: "", 1: "+", -1: "-"}[side.sign])
    except OutOfTime:
        return replace(term, source=LATE)
    if value is None:
        return term
    return Term(term.function, replace(term.way, value=value if is_infinite(value) else _tidy(value)), SOLVER)


def trouble_of(question: Question, sides: tuple[Side, ...], height: Form) -> str:
    """Why there is no derivative, or only one from one side; empty where there is one (see `LimitDefinition`)."""
    if not sides:
        return "alone"
    values = [side.value for side in sides]
    if any(value is None for value in values):
        return LATE if any(term.source == LATE for side in sides for term in side.terms) else NONE
    if any(is_infinite(value) for value in values if value is not None):
        ends = [question.height(side.piece.form) for side in sides]
        return "infinite" if all(end is not None and _same(end, height) for end in ends) else "jump"
    if len(sides) == 2:
        one, other = values
        return "" if one is not None and other is not None and _same(one, other) else "corner"
    return "" if sides[0].sign == 0 else "end"


def is_infinite(value: Form) -> bool:
    """Whether a limit is infinity or its opposite."""
    return value is INFINITY or value is Neg(INFINITY)


def _tidy(form: Form) -> Form:
    return tidied(rewritten(form, numbers))[0]
