"""An equation of a line, a curve or a plane, or an inequality in several letters.

Two equations are the same when they have the same solutions: equal up to a constant factor, or a factor that is never
zero. A factor that can be zero adds solutions: yz = 2xz − 5z also holds for z = 0 and is not y = 2x − 5. Polynomials are
compared by their irreducible factors, which is exact; other equations by proportionality, then at points of both curves.
An inequality keeps its direction under a positive factor only.

>>> from tutor import read
>>> line = Equation(read("y = 2x - 5"))
>>> [line.judge(read(text)).outcome for text in ("2y = 4x - 10", "x = (y + 5)/2", "y*z = 2x*z - 5z", "y = 2x + 5", "2x - 5")]
['right', 'right', 'partly', 'wrong', 'wrong']
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice

from tutor.algebra.equal import UNDECIDED, Evidence
from tutor.algebra.factors import Sides, ZeroSets, compared_signs, factor_number, zero_sets
from tutor.algebra.tidy import tidied
from tutor.calculus.conditions import NEGATIVE, POSITIVE, sign
from tutor.errors import LimitError, ReadError
from tutor.exposition.doc import Phrase
from tutor.exposition.phrases import listed
from tutor.form.evaluate import evaluate_ball, holds, sample_points
from tutor.form.numerals import number
from tutor.form.reading import Reading, read
from tutor.form.tokens import check_length
from tutor.form.tree import ZERO, Add, Div, Form, Listing, Mul, Neg, Relation, Sym
from tutor.form.walk import substitute
from tutor.grading.equality import settled
from tutor.grading.kinds.base import Judgement, Mathematics, Names, Samples, is_scalar, said, wrong
from tutor.grading.kinds.collection import signed
from tutor.grading.kinds.curve import Place, lies_on, points_on
from tutor.grading.kinds.interval import RealSet, Undecidable, intersection, region, spans
from tutor.grading.kinds.pieces import cut, gathered, piece_read
from tutor.grading.kinds.typed import read_answer
from tutor.grading.kinds.unknown import lettered
from tutor.grading.verdict import Finding

CREDIT = 0.5
"""For an equation with solutions too many or too few, and for < where ≤ is right."""
_OR = r"\bor\b|∨|\|\||\\lor\b|\\vee\b|\\text\{\s*or\s*\}"
_MAY_BRANCH = re.compile(rf"{_OR}|±|\+/?-|\\pm\b")
_TRIES = 40
_ENOUGH = 4
"""Odd points of each curve that must lie on the other one."""
_REGION = 160
_LARGE = 400
_MIRROR = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "=", "!=": "!="}


@dataclass(frozen=True, slots=True)
class Equation(Mathematics):
    """An equation or inequality between two sides, up to what does not change its solutions."""

    key: Relation
    conditions: tuple[Form, ...] = ()

    def understood(self, text: str, names: Names = frozenset()) -> Reading:
        """As mathematics; a = 0 or b = 0 is read as ab = 0, x = ±2 as (x − 2)(x + 2) = 0. Raises `ReadError`."""
        check_length(text)
        alone = len(self.key.free) == 1
        if alone and self.key.operators[0] not in ("=", "!="):
            return self._region_read(text, names)
        pieces = signed(cut(text, rf"{_OR}|," if alone else _OR)) if _MAY_BRANCH.search(text) or (alone and "," in text) else []
        if len(pieces) < 2:
            return read_answer(text, names)
        found = [piece_read(text, piece, names).form for piece in pieces]
        if alone:  # x = 2 or 3, and 2, -2
            found = [Relation((Sym(min(self.key.free)), form), ("=",)) if not form.free and is_scalar(form) else form for form in found]
        if not all(isinstance(form, Relation) and form.operators == ("=",) for form in found):
            return read_answer(text, names)
        return gathered(text, Relation((Mul(tuple(_difference(form) for form in found if isinstance(form, Relation))), ZERO), ("=",)), names=names)

    def _region_read(self, text: str, names: Names) -> Reading:
        """An inequality in one letter, or its solutions as a set of numbers."""
        try:
            reading = read_answer(text, names)
            if isinstance(reading.form, Relation) and len(reading.form.operators) == 1:
                return reading
        except LimitError:
            raise
        except ReadError as fault:
            try:
                return RealSet(self.key).understood(text, names)
            except ReadError:
                raise fault from None
        return RealSet(self.key).understood(text, names)

    def judge(self, answer: Form) -> Judgement:
        """Right with the same solutions; solutions that were added or lost are told apart. For x = 2 the number alone will do."""
        if len(self.key.free) == 1 and self.key.operators[0] not in ("=", "!=") and not self.conditions and _is_region(answer):
            solutions = region(self.key)
            return _open() if solutions is None else RealSet(solutions).judge(answer)
        if self._is_solved and not answer.free and is_scalar(answer):
            answer = Relation((self.key.operands[0], answer), ("=",))
        if not isinstance(answer, Relation) or len(answer.operators) > 1 or not all(map(is_scalar, answer.operands)):
            return wrong("kind.equation", "not_equation" if self.key.operators == ("=",) else "not_inequality")
        sides = lettered(*answer.operands, *self.key.operands)
        if sides is None:
            return _open()
        given, key = Relation(sides[:2], answer.operators), Relation(sides[2:], self.key.operators)
        if _is_same(given, key):
            return Judgement("right", 1.0, Evidence(True, "structure"))
        if not given.free and not key.free:
            return self._numbers(given, key)
        one, other = given.operators[0], key.operators[0]
        if "=" in (one, other) or "!=" in (one, other):
            return self._equations(given, key) if one == other else wrong("relation.operator", "operator")
        return self._inequalities(given, key)

    @property
    def _is_solved(self) -> bool:
        left, right = self.key.operands
        return self.key.operators == ("=",) and isinstance(left, Sym) and not right.free

    def _numbers(self, given: Relation, key: Relation) -> Judgement:
        """Statements about numbers alone are the same when their sides are."""
        for sides in (given.operands, given.operands[::-1]):
            operator = given.operators[0] if sides is given.operands else _MIRROR[given.operators[0]]
            if operator == key.operators[0] and all(settled(one, other).equal for one, other in zip(sides, key.operands, strict=True)):
                return Judgement("right", 1.0, Evidence(True, "exact"))
        return Judgement("wrong", 0.0, Evidence(False, "structure"))

    # -- equations

    def _equations(self, given: Relation, key: Relation) -> Judgement:
        left, right = _difference(given), _difference(key)
        if settled(left, ZERO, self.conditions).equal:
            return wrong("equation.always", "always")
        solved = self._solved_for(given, key)
        if solved is not None:
            return solved
        zeros = zero_sets(left, right) if left.size + right.size < _LARGE else None
        if zeros is not None:
            return _by_factors(zeros, given, key)
        ratio = _proportion(left, right, self.conditions)
        if ratio is not None:
            return Judgement("right", 1.0, ratio[1])
        numbers = self._numbers_found(given, key)
        if numbers is not None:
            return numbers
        return _by_points(given, key) if factor_number(left) == factor_number(right) == 1 else self._refuted(given, key)

    def _numbers_found(self, given: Relation, key: Relation) -> Judgement | None:
        """Equations in one letter by their solutions, where those of both are found: |x| = 2 is x = 2 or x = −2."""
        if len(given.free | key.free) != 1 or given.free != key.free or self.conditions:
            return None
        sets = [_solutions(relation) for relation in (given, key)]
        if None in sets:
            return None
        return RealSet(sets[1]).judge(sets[0]) if RealSet(sets[1]).judge(sets[0]).outcome == "right" else None  # type: ignore[arg-type]

    def _solved_for(self, given: Relation, key: Relation) -> Judgement | None:
        """y = f(x) and y = g(x) have the same points where f is g; None unless both are solved for the same letter."""
        sides: dict[Sym, list[Form]] = {}
        for relation in (given, key):
            for letter, value in (relation.operands, relation.operands[::-1]):
                if isinstance(letter, Sym) and letter.name not in value.free:
                    sides.setdefault(letter, []).append(value)
                    break
        for values in sides.values():
            if len(values) == 2:
                evidence = settled(values[0], values[1], self.conditions)
                if evidence.equal is None:
                    return _open()
                return Judgement("right", 1.0, evidence) if evidence.equal else Judgement("wrong", 0.0, evidence, _witness(given, key))
        return None

    def _refuted(self, given: Relation, key: Relation) -> Judgement:
        """Several curves in one equation: points may refute, but not confirm."""
        found = _by_points(given, key)
        return found if found.outcome == "wrong" else _open()

    # -- inequalities

    def _inequalities(self, given: Relation, key: Relation) -> Judgement:
        below, above = _small_minus_large(given), _small_minus_large(key)
        sides = compared_signs(below, above, "=" in given.operators[0], "=" in key.operators[0]) if not self.conditions else None
        if sides is not None and (sides.point is None or not _opposite(given, key)):
            return self._on_the_line(sides, given, key)
        ratio = _proportion(below, above, self.conditions)
        if ratio is None and len(key.free) == 1 and given.free == key.free and not self.conditions:
            solutions = region(key) if spans(given) is not None else None
            if solutions is not None:
                return RealSet(solutions).judge(given)
        if ratio is None:
            point = self._differs(given, key)
            return _open() if point is None else Judgement("wrong", 0.0, Evidence(False, "samples", 0, point), (_region(point),))
        positive, evidence = ratio
        if not positive:
            return Judgement("wrong", 0.0, Evidence(False, "shape"), (said("relation.side", "side"),))
        if ("=" in given.operators[0]) is not ("=" in key.operators[0]):
            return Judgement("partly", CREDIT, Evidence(False, "shape"), (said("relation.ends", "relation_ends"),))
        return Judgement("right", 1.0, evidence)

    def _on_the_line(self, sides: Sides, given: Relation, key: Relation) -> Judgement:
        """Two inequalities in one letter, by the signs between their zeros."""
        if sides.point is not None:
            point = {min(given.free | key.free): sides.point}
            return Judgement("wrong", 0.0, Evidence(False, "samples", 0, point), (_region(point),))
        if sides.ends:
            return Judgement("partly", CREDIT, Evidence(False, "exact"), (said("relation.ends", "relation_ends"),))
        return Judgement("right", 1.0, Evidence(True, "exact"))

    def _differs(self, given: Relation, key: Relation) -> dict[str, Fraction] | None:
        """A point at which one holds and the other does not."""
        for point in islice(sample_points(given.free | key.free), _REGION):
            if all(holds(condition, point) for condition in self.conditions):
                one, other = holds(given, point), holds(key, point)
                if one is not None and other is not None and one is not other:
                    return point
        return None

    def samples(self) -> Samples:
        """The sides exchanged, multiplied, moved; one side changed, an expression alone."""
        left, right = self.key.operands
        operator = self.key.operators[0]
        turned = Relation((right, left), (_MIRROR[operator],))
        doubled = Relation(tuple(Mul((number(2), side)) for side in (left, right)), (operator,))
        moved = Relation((Add((left, Neg(right))), ZERO), (operator,))
        shifted = Relation((left, Add((right, number(1)))), (operator,))
        spare = next(letter for letter in "wvuzk" if letter not in self.key.free)
        added = Relation((Mul((Sym(spare), Add((left, Neg(right))))), ZERO), ("=",))
        wrongs = (shifted, left, *((added,) if operator == "=" else ()))
        return Samples(tuple(map(str, (self.key, turned, doubled, moved))), (*map(str, wrongs), "(1, 2)"), ("", "y = ", "2*(x = 1"))


def _solutions(relation: Relation) -> Form | None:
    """The solutions of an equation in one letter as a set of numbers, where they are found."""
    if (found := spans(relation)) is not None:
        return Listing("set", tuple(span.form() for span in found))
    parts = [region(Relation(sides, ("<=",))) for sides in (relation.operands, relation.operands[::-1])]
    if None in parts:
        return None
    try:
        both = intersection(*(spans(part) or () for part in parts if part is not None))
    except Undecidable:
        return None
    return Listing("set", tuple(span.form() for span in both))


def _opposite(given: Relation, key: Relation) -> bool:
    """Whether the same sides are compared the other way round, which has a sentence of its own."""
    return given.operands == key.operands


def _is_region(answer: Form) -> bool:
    """Whether an answer is a set of numbers and no single inequality."""
    return not is_scalar(answer) and not (isinstance(answer, Relation) and len(answer.operators) == 1)


def _difference(relation: Relation) -> Form:
    left, right = relation.operands
    return left if right is ZERO else Add((left, Neg(right)))


def _small_minus_large(relation: Relation) -> Form:
    """What is negative where the inequality holds."""
    left, right = relation.operands
    return Add((left, Neg(right))) if relation.operators[0] in ("<", "<=") else Add((right, Neg(left)))


def _is_same(given: Relation, key: Relation) -> bool:
    return given is key or (given.operands == key.operands[::-1] and given.operators[0] == _MIRROR[key.operators[0]])


def _open() -> Judgement:
    return Judgement("undecided", 0.0, UNDECIDED, (said("undecided", "undecided"),))


def _by_factors(zeros: ZeroSets, given: Relation, key: Relation) -> Judgement:
    """The same irreducible factors, or which are too many and how many are lost."""
    extra, lost = (tuple(form for form in forms if sign(form) not in (POSITIVE, NEGATIVE)) for forms in (zeros.only_left, zeros.only_right))
    evidence = Evidence(not (extra or lost), "exact")
    if not extra and not lost:
        return Judgement("right", 1.0, evidence, (), _exclusions(zeros))
    if not zeros.both or (extra and lost):
        return Judgement("wrong", 0.0, evidence, _witness(given, key))
    if extra:
        return Judgement("partly", CREDIT, evidence, (said("equation.extra", "solutions_extra", where=listed([_zero(form) for form in extra], " or ")),))
    return Judgement("partly", CREDIT, evidence, (said("equation.lost", "solutions_lost" if len(key.free) > 1 else "solutions_lost_one"),))


def _exclusions(zeros: ZeroSets) -> tuple[Finding, ...]:
    """Points that only one of the equations leaves out, because something below a fraction is zero there."""
    mine = [form for form in zeros.left_excludes if form not in zeros.right_excludes]
    theirs = [form for form in zeros.right_excludes if form not in zeros.left_excludes]
    found = [said("domain.shrank", "equation_shrank", where=listed([_zero(form) for form in mine], " or "))] if mine else []
    return (*found, *([said("domain.grew", "equation_grew", where=listed([_zero(form) for form in theirs], " or "))] if theirs else []))


def _zero(form: Form) -> Relation:
    return Relation((form, ZERO), ("=",))


def _witness(given: Relation, key: Relation) -> tuple[Finding, ...]:
    """A point of the answer that is none of the key."""
    for place in points_on(given, 4, key.free):
        if lies_on(key, place) is False:
            return (said("witness", "curve_witness", point=_shown(place)),)
    return ()


def _shown(place: Place) -> Phrase:
    return listed([Relation((Sym(name), read(f"{float(value) + 0.0:.4g}")), ("=",)) for name, value in place.items()])


def _region(point: dict[str, Fraction]) -> Finding:
    return said("witness", "region_witness", point=_shown(point))


# -- proportional ------------------------------------------------------------------------------------


def _proportion(left: Form, right: Form, conditions: tuple[Form, ...]) -> tuple[bool, Evidence] | None:
    """Whether left is a constant times right, or a factor that is never zero: (is it positive, how it is known)."""
    for point in islice(_nonzero_points(left, right, conditions), 2):
        values = {name: number(value) for name, value in point.items()}
        here = [substitute(form, dict(values)) for form in (left, right)]
        evidence = settled(Mul((left, here[1])), Mul((right, here[0])), conditions)
        if evidence.equal:
            return bool(evaluate_ball(Mul((here[0], here[1])), {}) > 0), evidence
    factor = sign(tidied(Div(left, right))[0]) if left.size + right.size < _LARGE else ""
    return (factor == POSITIVE, Evidence(True, "shape")) if factor in (POSITIVE, NEGATIVE) else None


def _nonzero_points(left: Form, right: Form, conditions: tuple[Form, ...]) -> Iterator[dict[str, Fraction]]:
    for point in islice(sample_points(left.free | right.free), _TRIES):
        if all(holds(condition, point) for condition in conditions):
            one, other = evaluate_ball(left, point), evaluate_ball(right, point)
            if one.is_finite() and other.is_finite() and one != 0 and other != 0 and not (one.contains(0) or other.contains(0)):
                yield point


def _by_points(given: Relation, key: Relation) -> Judgement:
    """At points of both curves: one that lies on the other too is evidence if it is odd, one that does not refutes."""
    seen = [0, 0]
    for odd in (False, True):
        for which, (one, other) in enumerate(((given, key), (key, given))):
            for place in points_on(one, names=other.free, odd=odd):
                here = lies_on(other, place)
                if here is False:
                    finding = (said("witness", "curve_witness", point=_shown(place)),) if one is given else ()
                    return Judgement("wrong", 0.0, Evidence(False, "samples", 0, {name: value.limit_denominator(10**6) for name, value in place.items()}), finding)
                seen[which] += odd and here is True
    if min(seen) < _ENOUGH:
        return _open()
    return Judgement("right", 1.0, Evidence(True, "samples", sum(seen)))
