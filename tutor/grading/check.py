"""`check`: one answer against what was asked.

>>> verdict = check("2x cos(x^2)", derivative_of="sin(x^2)")
>>> verdict.outcome, verdict.points(5)
('right', 5.0)
>>> verdict = check("cos(x^2)", derivative_of="sin(x^2)")
>>> verdict.outcome, [finding.mistake for finding in verdict.findings]
('wrong', ['witness', 'C1'])
>>> print(verdict.findings[0].message, verdict.findings[1].message)
At x = 1 yours is 0.5403, the right value is 1.081. The outer step at sin(x^2) is right. Is the inside only x? What still has to be multiplied on?
>>> [check(answer, gradient_of="100 - x^2 - 2y^2", at="x=3,y=1").outcome for answer in ("(-6, -4)", "(-6, 4)", "(-4, -6)")]
['right', 'partly', 'wrong']
>>> [check(answer, "(x - 1)(x + 1)", form="factored").score for answer in ("(x + 1)(x - 1)", "x^2 - 1", "x^2 + 1")]
[1.0, 0.5, 0.0]
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tutor.algebra.worker import Allowance
from tutor.errors import ReadError
from tutor.form.tree import Form
from tutor.grading.ambiguity import asked
from tutor.grading.asked import Expected, Place
from tutor.grading.authored import Mistake
from tutor.grading.forms import CREDIT
from tutor.grading.kinds.base import Kind
from tutor.grading.selection import kept
from tutor.grading.verdict import Verdict

PROOFS = 4.0
"""Seconds that all proofs of one verdict may take together."""

def check(
    answer: str,
    expected: Expected | None = None,
    *,
    derivative_of: str | Form | None = None,
    wrt: str | Sequence[str] | None = None,
    order: int = 1,
    gradient_of: str | Form | None = None,
    hessian_of: str | Form | None = None,
    antiderivative_of: str | Form | None = None,
    at: Place | None = None,
    variables: Iterable[str] | None = None,
    domain: str | Iterable[str] | None = None,
    same_domain: bool = False,
    kind: str | None = None,
    form: str | Sequence[str] | None = None,
    form_credit: float = CREDIT,
    tolerance: float | str | None = None,
    relative_tolerance: float | str | None = None,
    significant_figures: int | None = None,
    decimal_places: int | None = None,
    weights: Sequence[float] = (),
    options: Sequence[str] = (),
    step: str | Form | None = None,
    given: Sequence[int] = (),
    constant: bool = False,
    formula: str | None = None,
    values: Place | None = None,
    function: str | Form | None = None,
    mistakes: Sequence[Mistake] = (),
) -> Verdict:
    """The verdict on an answer. Never raises on the answer's text; raises `ReadError` or `RequestError` for a wrong call.

    Give one of `expected`, `derivative_of` (with `wrt`, `order`, and `at` for its value at a point), `gradient_of` and `hessian_of` (with `at`, and
    `wrt` for the order of the letters), `antiderivative_of` (with `wrt`; `constant`: the + C is asked for).

    `formula` names a computation by hand (`tutor.grading.formulas`: descent, momentum, adam, length, …) with its numbers as `values` ("x_0=0, a=0.1")
    and the `function` whose slopes it needs.

    `kind` names the kind of answer where `expected` does not show it: expression, number, unit, vector, matrix, set, points, equation,
    interval, choice (choices: several may be right), iterates, antiderivative, word, boolean; `expected` may also be a kind itself.
    `form` asks for a form as well (`tutor.grading.forms`: names, or a pattern such as "a*x + b"), and `form_credit` is the score of a right answer in another.

    `variables` declares names of several letters, `domain` holds conditions such as "x > 0, y > 0", "n integer", "z complex" or "complex" for all letters, `same_domain` makes a domain that changed cost credit.
    `tolerance` is absolute, or relative as "1%"; `significant_figures` and `decimal_places` ask for a rounded number.
    `weights` belong to the entries of a vector, a matrix (row after row) or a table; `options` to a choice or a word;
    `step` (the next value) and `given` (places of cells that are filled in, from 0) to iterates.
    `mistakes` are wrong answers that the author expects, each a `Mistake` with its sentence.
    """
    names = frozenset(variables or ())
    if isinstance(expected, Sequence) and not isinstance(expected, str):
        expected = tuple(map(str, expected))
    wanted = kept(
        expected, derivative_of, _frozen(wrt), order, gradient_of, hessian_of, antiderivative_of, _frozen(at), names, _frozen(domain or ()), same_domain, kind,
        _frozen(form), form_credit, tolerance, relative_tolerance, significant_figures, decimal_places, _frozen(weights), _frozen(options), step, _frozen(given),
        constant, formula, _frozen(values), function, tuple(mistakes),
    )  # fmt: skip
    return judged(answer, wanted, names)


def _frozen(value: Any) -> Any:
    """A parameter of a call as it is, or as a tuple where it could change."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return tuple((name, one if isinstance(one, Form) else str(one)) for name, one in value.items())
    return tuple(value)


def judged(answer: str, kind: Kind, names: frozenset[str] = frozenset()) -> Verdict:
    """The verdict of a kind on an answer's text: for many answers to one question the kind is made once."""
    try:
        reading = kind.understood(answer, names)
    except ReadError as fault:
        return Verdict("unreadable", 0.0, fault=fault)
    with Allowance(PROOFS):
        found = kind.judge(reading.form)
        verdict = Verdict(found.outcome, found.score, found.said, found.evidence, reading, None, found.noted)
        return asked(verdict, lambda form: kind.judge(form).outcome == "right")
