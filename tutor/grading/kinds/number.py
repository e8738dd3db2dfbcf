"""A number: exactly, within a tolerance, or rounded to so many figures or places.

Exact is exact: 0.333 for 1/3 is a rounded number, and is told so. A tolerance is absolute or relative. Where figures or places
are asked for, the number has to be the key rounded to them (a tie may go either way), and written with them.

>>> from tutor import read
>>> third = Number(read("1/3"))
>>> third.judge(read("2/6")).outcome, [finding.mistake for finding in third.judge(read("0.333")).findings]
('right', ['rounded'])
>>> [Number(read("2/3"), figures=3).judge(read(text)).outcome for text in ("0.667", "0.66667", "0.666")]
['right', 'partly', 'wrong']
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from tutor.algebra.equal import Evidence
from tutor.algebra.laws.arithmetic import numbers
from tutor.calculus.conditions import domain
from tutor.exposition.phrases import PHRASES
from tutor.form.evaluate import evaluate_ball, holds, to_ball
from tutor.form.numerals import number, rational
from tutor.form.reading import Reading
from tutor.form.tokens import check_length
from tutor.form.tree import ONE, Add, Const, Div, Form, Mul, Neg, Num, Pow, Root
from tutor.form.walk import nodes, rewritten
from tutor.grading.equality import settled
from tutor.grading.kinds.base import Judgement, Mathematics, Names, Samples, bare, is_scalar, said, wrong
from tutor.grading.kinds.jumps import jump
from tutor.grading.kinds.typed import read_answer, with_times
from tutor.grading.verdict import Finding

if TYPE_CHECKING:
    from flint import arb

CREDIT = 0.5
"""For the right value with the wrong number of figures."""
_FAR_POWERS = 12


@dataclass(frozen=True, slots=True)
class Number(Mathematics):
    """A number: exactly, or within an `absolute` or `relative` tolerance, or rounded to `figures` or to decimal `places`.

    `explain` looks for the mistake behind a wrong number, where it is known how the right one comes about.
    """

    key: Form
    absolute: Fraction | None = None
    relative: Fraction | None = None
    figures: int | None = None
    places: int | None = None
    explain: Callable[[Form], tuple[Finding, ...]] | None = None
    conditions: tuple[Form, ...] = ()

    def understood(self, text: str, names: Names = frozenset()) -> Reading:
        """As any mathematics; 20% is 20/100."""
        check_length(text)
        if (plain := with_times(text)) != text:
            reading = read_answer(plain, names)
            return Reading(text, reading.form, reading.remarks, names, frozenset())
        bareword = text.rstrip()
        if not bareword.endswith("%") or "%" in bareword[:-1] or bareword.endswith("\\%"):
            return read_answer(text, names)
        reading = read_answer(bareword[:-1], names)
        return Reading(text, Div(reading.form, Num(100)), reading.remarks, names, frozenset())

    def judge(self, answer: Form) -> Judgement:
        """Right where it is the same number, or close enough where that is allowed."""
        given = bare(answer)
        if not is_scalar(given):
            return wrong("kind.number", "not_number")
        if given.free:
            return self._of_letters(given)
        if (size := infinite(given)) is not None or infinite(self.key) is not None:
            same = size == infinite(self.key)
            return Judgement("right" if same else "wrong", float(same), Evidence(same, "structure"))
        real, remarks = _real_roots(given)
        if _has_no_value(real):
            return wrong("no_value", "no_value")
        found = self._rounded(real) if self.figures is not None or self.places is not None else self._compared(real)
        return Judgement(found.outcome, found.score, found.evidence, found.said, remarks if found.outcome == "right" else ())

    def _of_letters(self, given: Form) -> Judgement:
        """sin²x + cos²x is 1: letters that do not matter are no mistake."""
        evidence = settled(given, self.key, self.conditions)
        if evidence.equal is None:
            return Judgement("undecided", 0.0, evidence, (said("undecided", "undecided"),))
        if evidence.equal and not evidence.proof and (point := jump(given, self.key, self.conditions)) is not None:
            evidence = Evidence(False, "samples", evidence.points, point)
        if evidence.equal:
            return Judgement("right", 1.0, evidence)
        return Judgement("wrong", 0.0, evidence, lambda: (self.explain(given) if self.explain is not None else ()) or (said("kind.number", "not_number"),))

    def _compared(self, given: Form) -> Judgement:
        if self.absolute is not None or self.relative is not None:
            close = self.is_close(given)
            if close is not None:
                method = "exact" if close and _distance(given, self.key) == 0 else "tolerance"
                return Judgement("right" if close else "wrong", float(close), Evidence(close, method), () if close else lambda: self._explained(given))
        evidence = settled(given, self.key)
        allowed = self.absolute is not None or self.relative is not None
        if evidence.equal is None or (allowed and not evidence.equal):  # how close it is has not been decided
            return Judgement("undecided", 0.0, evidence, (said("undecided", "undecided"),))
        return Judgement("right", 1.0, evidence) if evidence.equal else Judgement("wrong", 0.0, evidence, lambda: self._explained(given))

    def _explained(self, given: Form) -> tuple[Finding, ...]:
        """The mistake that leads to this number; else what the number looks like."""
        return (self.explain(given) if self.explain is not None else ()) or _findings(given, self.key)

    def is_close(self, given: Form) -> bool | None:
        """Whether it is within the tolerance, decided exactly or in balls."""
        bounds = [bound for bound in (self.absolute, self._share()) if bound is not None]
        gap = _distance(given, self.key)
        if isinstance(gap, Fraction) and all(isinstance(bound, Fraction) for bound in bounds):
            return any(_at_most(gap, bound) for bound in bounds)
        decided = [_at_most(gap, bound) for bound in bounds]
        return True if True in decided else None if None in decided else False

    def _share(self) -> Fraction | arb | None:
        if self.relative is None:
            return None
        size = _exact(self.key)
        return self.relative * abs(size) if isinstance(size, Fraction) else to_ball(self.relative) * abs(size)

    def _rounded(self, given: Form) -> Judgement:
        """Right as rounded, and written with the figures that are asked for."""
        unit = self._unit()
        gap = _distance(given, self.key)
        near = _at_most(gap, unit / 2)
        if near is None:
            return Judgement("undecided", 0.0, Evidence(None, "none"), (said("undecided", "undecided"),))
        if not near:
            cut_off = _at_most(gap, unit) and self._is_written(given)
            findings = (said("rounded.down", "rounded_down"),) if cut_off else _findings(given, self.key, rounded=True)
            return Judgement("wrong", 0.0, Evidence(False, "tolerance"), findings)
        if self._is_written(given):
            return Judgement("right", 1.0, Evidence(True, "tolerance"))
        asked = said("number.figures", "figures", count=self.figures) if self.figures is not None else said("number.places", "places", count=self.places)
        return Judgement("partly", CREDIT, Evidence(True, "tolerance"), (asked,))

    def _unit(self) -> Fraction:
        """One in the last figure that is asked for."""
        if self.places is not None:
            return Fraction(1, 10**self.places)
        value = abs(evaluate_ball(self.key, {}))
        power = 0 if value == 0 else int(float(value.log() / to_ball(10).log()) // 1)
        power += bool(value >= to_ball(Fraction(10) ** (power + 1))) - bool(value < to_ball(Fraction(10) ** power))
        return Fraction(10) ** (power + 1 - (self.figures or 1))

    def _is_written(self, given: Form) -> bool:
        if self.places is not None:
            size = given.operand if isinstance(given, Neg) else given
            return isinstance(size, Num) and size.places == self.places
        least, most = figures_of(given)
        return least <= (self.figures or 1) <= most

    def samples(self) -> Samples:
        """The key; other numbers."""
        if infinite(self.key) is not None:
            return Samples((str(self.key),), (str(Neg(self.key)), "7", "(1, 2)"))
        rounding = self.figures is not None or self.places is not None
        right = (self._sample(), f"= {self._sample()}") if rounding else (str(self.key), str(Add((self.key, ONE, Neg(ONE)))), f"x = {self.key}", f" {self.key}. ")
        return Samples(right, (str(Add((self.key, Num(7)))), "x", "(1, 2)", "1/0"))

    def _sample(self) -> str:
        unit = self._unit()
        exact = Fraction(f"{float(evaluate_ball(self.key, {})):.15g}")
        places = max(len(str(unit.denominator)) - 1, 0)
        return f"{float(round(exact / unit) * unit):.{places}f}"


# -- how numbers are written -------------------------------------------------------------------------


def figures_of(form: Form) -> tuple[int, int]:
    """How many significant figures a written number has, at least and at most: 2.50 has three, 250 has two or three, 1/3 none.

    >>> from tutor import read
    >>> [figures_of(read(text)) for text in ("2.50", "250", "0.0071", "6.02*10^23", "1/3")]
    [(3, 3), (2, 3), (2, 2), (3, 3), (0, 0)]
    """
    match form:
        case Neg(inner):
            return figures_of(inner)
        case Num(digits, places):
            written = str(digits)
            return (len(written) if places else len(written.rstrip("0")) or 1), len(written)
        case Mul((Num() as front, Pow(Num(10, 0), _))):
            return figures_of(front)
    return 0, 0


def infinite(form: Form) -> int | None:
    """1 for ∞, −1 for −∞, None for everything else."""
    match form:
        case Const("infinity"):
            return 1
        case Neg(Const("infinity")):
            return -1
    return None


def _real_roots(form: Form) -> tuple[Form, tuple[Finding, ...]]:
    """(−8)^(1/3) as the real cube root of −8, with a remark that says so."""

    def change(node: Form) -> Form:
        match node:
            case Pow(base, exponent) if not base.free and (power := _exact_rational(exponent)) is not None and power.denominator % 2 and power.denominator > 1:
                if evaluate_ball(base, {}) < 0:
                    root = Root(base, Num(power.denominator))
                    return root if power.numerator == 1 else Pow(root, number(power.numerator))
        return node

    real = rewritten(form, change)
    return real, () if real is form else (said("number.real_root", "real_root", power=form),)


def _exact_rational(form: Form) -> Fraction | None:
    return rational(rewritten(form, numbers)) if not form.free else None


def _has_no_value(form: Form) -> bool:
    """Whether a number surely has no real value: a division by zero, an even root or a logarithm of what is negative."""
    if evaluate_ball(form, {}).is_finite():
        return False
    for node in nodes(form):
        if isinstance(node, Div) and evaluate_ball(node.denominator, {}) == 0:
            return True
        if isinstance(node, Pow) and evaluate_ball(node.base, {}) == 0 and evaluate_ball(node.exponent, {}) < 0:
            return True
        if isinstance(node, Pow) and evaluate_ball(node.base, {}) < 0 and (power := _exact_rational(node.exponent)) is not None and power.denominator % 2 == 0:
            return True
    return any(holds(condition, {}) is False for condition in domain(form))


# -- how far apart -----------------------------------------------------------------------------------


def _exact(form: Form) -> Fraction | arb:
    """The value as a fraction where it is one that the arithmetic of numbers finds, else as a ball."""
    value = rational(rewritten(form, numbers))
    return evaluate_ball(form, {}) if value is None else value


def _distance(one: Form, other: Form) -> Fraction | arb:
    left, right = _exact(one), _exact(other)
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return abs(left - right)
    return abs(to_ball(left) - to_ball(right))


def _at_most(gap: Fraction | arb, bound: Fraction | arb) -> bool | None:
    """Whether a distance is at most a bound; None where the balls overlap or have no value."""
    if isinstance(gap, Fraction) and isinstance(bound, Fraction):
        return gap <= bound
    left, right = to_ball(gap), to_ball(bound)
    if not (left.is_finite() and right.is_finite()):
        return None
    return True if left <= right else False if left > right else None


def _findings(given: Form, key: Form, rounded: bool = False) -> tuple[Finding, ...]:
    """What a wrong number looks like: another sign, rounded, or the point at the wrong place."""
    if settled(given, Neg(key)).equal and not settled(key, Neg(key)).equal:
        return (Finding("I6", PHRASES.say("mistakes.I6.ask", {})),)
    size = given.operand if isinstance(given, Neg) else given
    gap = _distance(given, key)
    if not rounded and isinstance(size, Num) and size.places and _at_most(gap, Fraction(1, 2 * 10**size.places)):
        return (said("rounded", "rounded"),)
    if not rounded and isinstance(size, Num) and size.places > 1 and _at_most(gap, Fraction(1, 10**size.places)):
        return (said("rounded", "rounded"), said("rounded.down", "rounded_down"))
    if _is_power_of_ten(given, key):
        return (said("number.power_of_ten", "power_of_ten"),)
    return ()


def _is_power_of_ten(given: Form, key: Form) -> bool:
    left, right = _exact(given), _exact(key)
    if not (isinstance(left, Fraction) and isinstance(right, Fraction)) or not left or not right:
        return False
    quotient = left / right
    return any(quotient == Fraction(10) ** power for power in range(-_FAR_POWERS, _FAR_POWERS + 1) if power)


__all__ = ["Number", "figures_of", "infinite"]
