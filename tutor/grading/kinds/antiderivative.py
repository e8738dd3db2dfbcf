"""An antiderivative, up to a constant: checked by differentiating the answer.

F + C is as good as F where the constant is not asked for; where it is, F alone earns a part. The letter of the constant is
any letter that only shifts the answer.

>>> from tutor import read
>>> kind = Antiderivative(read("2x"), "x", constant=True)
>>> [kind.judge(read(text)).outcome for text in ("x^2 + C", "x^2", "F(x) = (x - 1)(x + 1) + c", "2 + C", "x^2 + C*x")]
['right', 'partly', 'right', 'wrong', 'wrong']
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite

from tutor.algebra.equal import UNDECIDED, Evidence
from tutor.algebra.monomial import monomial
from tutor.calculus.differentiate import differentiate
from tutor.errors import RequestError
from tutor.form.evaluate import evaluate
from tutor.form.reading import Reading
from tutor.form.tree import ONE, ZERO, Add, Form, Mul, Num, Sym
from tutor.form.walk import substitute
from tutor.grading.equality import domain_change, settled
from tutor.grading.kinds.base import Judgement, Mathematics, Names, Samples, bare, is_scalar, place_phrase, said, wrong
from tutor.grading.kinds.expression import witnessed
from tutor.grading.kinds.typed import Amended, read_answer

_MOST_NODES = 1000
"""Longer answers are not differentiated: a product of n factors has a derivative of n² nodes."""
CREDIT = 0.5
"""For an antiderivative without the constant that is asked for."""
_NAMING = frozenset(("split", "indexed", "applied"))
_PLACES = (-9.5, -3.25, -0.75, 0.75, 3.25, 9.5)
_STEEP = 1e-3
"""Places at which the slope of a shift is looked at, and a slope that does not die out towards them."""


@dataclass(frozen=True, slots=True)
class Antiderivative(Mathematics):
    """A function whose derivative is the `integrand`. `known` is one, where the author has it (for samples only)."""

    integrand: Form
    variable: str
    constant: bool = False
    conditions: tuple[Form, ...] = ()
    known: Form | None = None

    def understood(self, text: str, names: Names = frozenset()) -> Reading:
        """As mathematics, where letters side by side are no name of a constant: Cx is C·x. Raises `ReadError`."""
        reading = read_answer(text, names)
        others = tuple(other for other in reading.alternatives if other.convention not in _NAMING)
        return reading if len(others) == len(reading.alternatives) else Amended(text, reading.form, reading.remarks, names, reading.functions, others)

    def judge(self, answer: Form) -> Judgement:
        """Differentiated and compared; a derivative in its place and a missing constant are findings of their own."""
        given = bare(answer)
        if not is_scalar(given):
            return wrong("kind.expression", "not_expression")
        extra = sorted(given.free - self.integrand.free - {self.variable})
        slope = _derivative(given, self.variable)
        shifts = [letter for letter in extra if _shifts(given, letter, frozenset(extra))]
        if slope is None or len(shifts) < len(extra):
            return _open() if slope is None else Judgement("wrong", 0.0, UNDECIDED, (said("antiderivative.letters", "strange_letters", letter=Sym(extra[0])),))
        evidence = settled(slope, self.integrand, self.conditions)
        if evidence.equal is None:
            return Judgement("undecided", 0.0, evidence, (said("undecided", "undecided"),))
        if not evidence.equal:
            return self._wrong(given, slope, evidence)
        if self.constant and not shifts:
            return Judgement("partly", CREDIT, evidence, (said("antiderivative.constant", "constant_missing"),))
        if self.constant and not any(_takes_all(given, letter) for letter in shifts):
            return Judgement("partly", CREDIT, evidence, (said("antiderivative.constant", "constant_bounded", letter=Sym(shifts[0])),))
        change = domain_change(given, self.known if self.known is not None else self.integrand, self.conditions)
        remarks = () if change is None or change.grew else (said("domain.shrank", "antiderivative_shrank", point=place_phrase(change.point)),)
        return Judgement("right", 1.0, evidence, (), remarks)

    def _wrong(self, given: Form, slope: Form, evidence: Evidence) -> Judgement:
        derived = _derivative(self.integrand, self.variable)
        if derived is not None and settled(given, derived).equal and settled(given, self.integrand).equal is False:
            return Judgement("wrong", 0.0, evidence, (said("antiderivative.derivative", "other_way"),))
        findings = witnessed(slope, self.integrand, evidence)
        said_slope = tuple(said("witness", "slope_witness", witness=finding.phrase) for finding in findings)
        return Judgement("wrong", 0.0, evidence, said_slope)

    def samples(self) -> Samples:
        """The known antiderivative with and without a constant; its derivative, a multiple."""
        if self.known is None:
            return Samples((), (str(Add((self.integrand, Mul((Num(3), Sym(self.variable)))))), "(1, 2)"))
        shifted = Add((self.known, Sym("C")))
        right = (str(shifted), str(Add((self.known, Num(5), Sym("k")))), *(() if self.constant else (str(self.known), str(Add((self.known, ONE))))))
        missing = (str(self.known),) if self.constant else ()
        return Samples(right, (str(Add((self.known, Sym(self.variable)))), "(1, 2)", *missing))


def _derivative(form: Form, variable: str) -> Form | None:
    """The derivative of what a person typed; None where there is none, or the text is too long for one."""
    short = form if form.size <= _MOST_NODES else monomial(form).form()
    if short.size > _MOST_NODES:
        return None
    try:
        return differentiate(short, variable).value
    except RequestError:
        return None


def _shifts(form: Form, letter: str, constants: frozenset[str]) -> bool:
    """Whether a letter only shifts the form: its derivative by that letter is not zero and holds constants only."""
    slope = _derivative(form, letter)
    return slope is not None and slope.free <= constants and slope is not ZERO


def _takes_all(form: Form, letter: str) -> bool:
    """Whether a shift can be any number: C and 3C can, ln k too, but C² and e^C cannot."""
    slope = _derivative(form, letter)
    if slope is None or letter not in slope.free:
        return True
    at = [evaluate(slope, {**dict.fromkeys(slope.free, 1.25), letter: place}) for place in _PLACES]
    signs = {value > 0 for value in at if isfinite(value)}
    inverse = settled(Mul((slope, Sym(letter))), substitute(Mul((slope, Sym(letter))), {letter: ONE}))
    return bool(inverse.equal) or (len(signs) == 1 and isfinite(at[0]) and abs(at[0]) > _STEEP)


def _open() -> Judgement:
    return Judgement("undecided", 0.0, UNDECIDED, (said("undecided", "undecided"),))


def integrand_of(known: Form, variable: str, conditions: Iterable[Form] = (), constant: bool = False) -> Antiderivative:
    """The kind for a known antiderivative. Raises `RequestError` where that cannot be differentiated."""
    return Antiderivative(differentiate(known, variable).value, variable, constant, tuple(conditions), known)
