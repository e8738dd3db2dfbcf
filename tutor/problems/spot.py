"""Find the error: a working with one wrong line, of which everything below is computed rightly.

A known mistake of the catalogue (`Rule.mistakes`) is made at one step of a right derivation, and everything above that step is folded again: so
a wrong line looks like one that learners write. Or the author writes the lines (`working`), such as figures that were published wrongly; then
the first line whose sides are not equal is looked for. Decimals count as rounded to their last place.

>>> from tutor.calculus.differentiate import differentiate
>>> from tutor.form.reading import read
>>> found = planted(differentiate("x^2*sin(3x)"), ("T6",), read("f"))
>>> found.wrong, str(found.lines[1]), str(found.lines[-1])
(2, 'diff(sin(3*x), x) = cos(3*x)', "f'(x) = 2*x*sin(3*x) + x^2*cos(3*x)")
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from tutor.algebra.equal import by_samples
from tutor.algebra.tidy import tidied
from tutor.calculus.differentiate import Derivation
from tutor.calculus.tree import Step
from tutor.errors import RequestError
from tutor.form.evaluate import evaluate
from tutor.form.numerals import number as numeral
from tutor.form.numerals import rational
from tutor.form.tree import Apply, Deriv, Form, Neg, Num, Relation, Sym
from tutor.form.walk import substitute
from tutor.grading.candidates import Slip, singles
from tutor.grading.fingerprints import places_of, same_values
from tutor.problems.scope import Scope, exact_value

_SILENT = ("constant", "identity")
_NAMED = re.compile(r"[A-Z]{1,2}\d+")


@dataclass(frozen=True)
class Spotted:
    """Lines of a working, and the number of the first wrong one, counted from 1; `mistake` is the catalogue's id, `right` what the line should say."""

    lines: tuple[Form, ...]
    wrong: int
    mistake: str = ""
    right: Form | None = None


def planted(derivation: Derivation, mistakes: Sequence[str], name: Form) -> Spotted:
    """The working of a derivation with the first of these mistakes that makes a difference. Raises `RequestError` where none does."""
    places = places_of(derivation.value, derivation.function.free)
    key = [place.value(derivation.value) for place in places]
    for wanted in mistakes:
        for one in singles(derivation):
            slip = one.slips[0]
            if slip.mistake == wanted and not same_values([place.value(one.value) for place in places], key):
                return _working(derivation, slip, name)
    known = ", ".join(dict.fromkeys(one.slips[0].mistake for one in singles(derivation)))
    raise RequestError("error", f"{' and '.join(mistakes)} cannot be made in the derivative of {derivation.function}", advice=f"Here can be made: {known}.")


def _working(derivation: Derivation, slip: Slip, name: Form) -> Spotted:
    """One line a step, smaller ones first; the last lines are f′ put together and tidied."""
    values = _folded(derivation.root, slip)
    lines: list[Form] = []
    wrong, right = 0, None
    for step in derivation.root.walk():
        is_root = step is derivation.root
        if not (is_root or step is slip.step or _is_worth_a_line(step)):
            continue
        left = _slope(name, derivation) if is_root else Deriv(step.before, step.variable, 1, step.partial)
        lines.append(Relation((left, values[id(step)]), ("=",)))
        if step is slip.step:
            wrong, right = len(lines), Relation((left, step.worked), ("=",))
    after = tidied(values[id(derivation.root)])[0]
    if after is not values[id(derivation.root)]:
        lines.append(Relation((_slope(name, derivation), after), ("=",)))
    return Spotted(tuple(lines), wrong, slip.mistake, right)


def _slope(name: Form, derivation: Derivation) -> Form:
    """f′(x) with the name that the story gives the function."""
    letters = tuple(sorted(derivation.function.free | {derivation.variable}))
    if isinstance(name, Sym) and len(letters) == 1:
        return Apply(name.name, (Sym(letters[0]),), (1,))
    return Deriv(name if isinstance(name, Sym) else derivation.function, derivation.variable, 1, len(letters) > 1)


def _is_worth_a_line(step: Step) -> bool:
    linear = step.rule in ("multiple", "sum") and all(below.rule in _SILENT for below in step.steps)
    return step.rule not in (*_SILENT, "multiple", "sum") and not linear and step.before.size > 1


def _folded(root: Step, slip: Slip) -> dict[int, Form]:
    """The value of every step, with the slip made at its step."""
    values: dict[int, Form] = {}
    for step in root.walk():
        below = tuple(values[id(child)] for child in step.steps)
        value = slip.variant(step.match, below) if step is slip.step and slip.variant is not None else None
        values[id(step)] = value if value is not None else step.theorem.value(step.match, below)
    return values


# -- lines that the author writes --------------------------------------------------------------------


def written_out(lines: Sequence[str], scope: Scope) -> Spotted:
    """The author's lines with the variant's numbers, and the first that is false. Raises `RequestError` where all are true."""
    shown = shown_lines(lines, scope)
    defined: dict[str, Form] = {}
    for number, line in enumerate(lines, 1):
        form = scope.read(line)
        if not isinstance(form, Relation) or set(form.operators) != {"="}:
            raise RequestError("working", f"{line!r} is no equation", advice="Write each line of a working as left = right.")
        sides = [substitute(scope.plain(side), dict(defined)) for side in form.operands]
        if isinstance(form.operands[0], Sym) and form.operands[0].name not in (*defined, *scope.values, *scope.functions):
            defined[form.operands[0].name] = sides[-1]
            sides = sides[1:]
        if not all(_same(one, other) for one, other in pairwise(sides)):
            right = _righted(shown, number, sides)
            if right is shown[number - 1]:
                raise RequestError("working", f"line {number} of this working is right when it is rounded as the others are", advice="Constrain such numbers away.")
            return Spotted(shown, number, right=right)
    raise RequestError("working", "no line of this working is wrong", advice="Check the numbers, or say which line is wrong with answer:.")


def _righted(shown: tuple[Form, ...], number: int, sides: Sequence[Form]) -> Form | None:
    """The line with the right number at its end, rounded as the numbers of the other lines are; None where its end is no number."""
    line = shown[number - 1]
    value = exact_value(sides[-2]) if len(sides) > 1 and not sides[-2].free else None
    fraction = None if value is None else rational(value)
    if fraction is None or not isinstance(line, Relation) or rational(line.operands[-1]) is None:
        return None
    ends = [one.operands[-1] for k, one in enumerate(shown, 1) if isinstance(one, Relation) and k != number]
    places = max((_places(end) for end in ends), default=0)
    exact = numeral(fraction, decimal=True)
    short = isinstance(exact.operand if isinstance(exact, Neg) else exact, Num) and _places(exact) <= max(places, 2)
    right = exact if short else numeral(Fraction(round(fraction * 10**max(places, 2)), 10 ** max(places, 2)), decimal=True)
    return Relation((*line.operands[:-1], right), line.operators)


def _places(form: Form) -> int:
    size = form.operand if isinstance(form, Neg) else form
    return size.places if isinstance(size, Num) else 0


def shown_lines(lines: Sequence[str], scope: Scope) -> tuple[Form, ...]:
    """The author's lines with the variant's numbers put in."""
    return tuple(_shown(scope.read(line), scope) for line in lines)


def _shown(form: Form, scope: Scope) -> Form:
    return substitute(form, {name: value for name, value in scope.values.items() if name in form.free})


def _same(one: Form, other: Form) -> bool:
    """Whether two sides agree; a decimal stands for everything that rounds to it."""
    if one.free or other.free:
        return by_samples(one, other).equal is not False
    gap = max(_half_unit(one), _half_unit(other))
    left, right = rational(one), rational(other)
    if left is not None and right is not None:
        return abs(left - right) <= gap
    values = evaluate(one, {}), evaluate(other, {})
    return abs(values[0] - values[1]) <= float(gap) + 1e-12 * max(1.0, *map(abs, values))


def _half_unit(form: Form) -> Fraction:
    places = _places(form)
    return Fraction(1, 2 * 10**places) if places else Fraction(0)


def ids(text: str) -> tuple[str, ...]:
    """The ids of mistakes in a text: C1, or C1, C9.

    >>> ids("C1, P2")
    ('C1', 'P2')
    """
    return tuple(_NAMED.findall(text))


__all__ = ["Spotted", "ids", "planted", "shown_lines", "written_out"]
