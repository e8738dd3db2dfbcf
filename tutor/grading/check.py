"""`check`: one answer against what was asked.

>>> verdict = check("2x cos(x^2)", derivative_of="sin(x^2)")
>>> verdict.outcome, verdict.points(5)
('right', 5.0)
>>> verdict = check("cos(x^2)", derivative_of="sin(x^2)")
>>> verdict.outcome, [finding.mistake for finding in verdict.findings]
('wrong', ['witness', 'C1'])
>>> print(verdict.findings[0].message, verdict.findings[1].message)
At x = 1 yours is 0.5403, the right value is 1.081. The outer step at sin(x^2) is right. Is the inside only x? What still has to be multiplied on?
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tutor.calculus.differentiate import differentiate
from tutor.calculus.points import read_point, value_at
from tutor.errors import ReadError, RequestError
from tutor.form.reading import read, understand
from tutor.form.tree import Form
from tutor.grading.kinds.base import Kind
from tutor.grading.kinds.expression import Expression
from tutor.grading.kinds.number import Number
from tutor.grading.verdict import Verdict


def check(
    answer: str,
    expected: str | Form | None = None,
    *,
    derivative_of: str | Form | None = None,
    wrt: str | Sequence[str] | None = None,
    order: int = 1,
    at: str | Mapping[str, object] | None = None,
    variables: Iterable[str] = (),
    domain: str | Iterable[str] = (),
    same_domain: bool = False,
    tolerance: float | None = None,
) -> Verdict:
    """The verdict on an answer. Never raises on the answer's text; raises `ReadError` or `RequestError` for a wrong call.

    Give `expected`, or `derivative_of` (with `wrt`, `order`, and `at` for its value at a point). `domain` holds conditions such as
    "x > 0"; `tolerance` is absolute and makes a number right that is that close.
    """
    names = frozenset(variables)
    kind = _kind(expected, derivative_of, wrt, order, at, names, domain, same_domain, tolerance)
    try:
        reading = understand(answer, variables=names)
    except ReadError as fault:
        return Verdict("unreadable", 0.0, fault=fault)
    found = kind.judge(reading.form)
    return Verdict(found.outcome, found.score, found.findings, found.evidence, reading, None, found.remarks)


def _kind(
    expected: str | Form | None, derivative_of: str | Form | None, wrt: str | Sequence[str] | None, order: int,
    at: str | Mapping[str, object] | None, names: frozenset[str], domain: str | Iterable[str], same_domain: bool, tolerance: float | None,
) -> Kind:  # fmt: skip
    if (expected is None) == (derivative_of is None):
        raise RequestError("expected", "say what is expected, in one way", advice="Give expected=..., or derivative_of=....")
    conditions = tuple(map(read, (domain,) if isinstance(domain, str) else domain))
    if expected is not None:
        key = read(expected, variables=names) if isinstance(expected, str) else expected
        return Expression(key, conditions, None, same_domain) if key.free else Number(key, tolerance)
    function = read(derivative_of, variables=names) if isinstance(derivative_of, str) else derivative_of
    derivation = differentiate(function, wrt, order)  # type: ignore[arg-type]
    if at is None:
        return Expression(derivation.value, (*derivation.conditions, *conditions), derivation, same_domain)
    value = value_at(derivation.value, read_point(at))
    if value.exact is None:
        raise RequestError("point", "the derivative has no value at this point")
    return Number(value.exact, tolerance)
