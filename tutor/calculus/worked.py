"""What an engine has worked out: derivations, claims, and the audit of both.

A derivative is a tree of rules and has its own audit. Everything else that is found on the way, such as a
slope solved from an equation, a value at a point, a sign, is a `Claim`: a statement that must hold
wherever its conditions do. Every value that is shown as a result of its own is a `Worked`.

>>> from tutor import read
>>> evidence = proved(Claim(read("(3 + 1)^2 = 16"), "value"))
>>> evidence.proof, str(evidence)
(True, 'reduced to the same fraction of polynomials')
>>> str(proved(Claim(read("x^2 + 1 > 0"), "sign"))), str(proved(Claim(read("x^2 = x^3"), "wrong")))[:12]
('true by its shape', 'different at')
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from tutor.algebra.equal import ENOUGH, UNDECIDED, Evidence, by_samples
from tutor.algebra.identity import identical
from tutor.calculus.audit import Audit, Line
from tutor.calculus.conditions import needed, simplified
from tutor.calculus.optima.signs import holds_everywhere
from tutor.form.evaluate import holds, sample_points
from tutor.form.tree import Form, Relation

if TYPE_CHECKING:
    from tutor.calculus.differentiate import Derivation

_LARGEST = 1_500
"""Statements with more nodes than this are checked by samples only."""
_TRIES = 120


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement (an equation or inequality of two sides), why it is made, and where it must hold.

    `reason` is the id of a sentence, or a word for programs.
    """

    statement: Relation
    reason: str
    conditions: tuple[Form, ...] = ()

    @property
    def before(self) -> Form:
        """The line that a reader is shown when the claim fails."""
        return self.statement


def equal(left: Form, right: Form, reason: str, conditions: Iterable[Form] = ()) -> Claim:
    """The claim that two forms are equal."""
    return Claim(Relation((left, right), ("=",)), reason, tuple(conditions))


class Worked:
    """Base of every result: what it consists of, and what is known of that.

    Subclasses are frozen dataclasses; they say of which `derivations` and `claims` they consist.
    """

    @property
    def derivations(self) -> tuple[Derivation, ...]:
        """The derivatives that were worked out on the way, each with its tree of rules."""
        return ()

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Everything else that must be true."""
        return ()

    @cached_property
    def audits(self) -> tuple[Audit, ...]:
        """The audit of each derivation, and one of all claims (SymPy is imported now)."""
        found = tuple(one.audit for one in distinct(self.derivations))
        return (*found, audit_claims(self.claims)) if self.claims else found

    @property
    def proved(self) -> bool:
        """Whether every line is proved."""
        return all(audit.proved for audit in self.audits)

    @property
    def confirmed(self) -> bool:
        """Whether every line is proved, or agrees at samples."""
        return all(audit.confirmed for audit in self.audits)


def distinct(derivations: Iterable[Derivation]) -> list[Derivation]:
    """Each derivation once, also where a result needs it several times."""
    return list({id(one): one for one in derivations}.values())


def conditions_of(worked: Worked) -> tuple[Form, ...]:
    """Where a result holds: the conditions of its derivations and claims, those that say something, once each."""
    found = [condition for one in worked.derivations for condition in one.conditions]
    return needed([*found, *(condition for claim in worked.claims for condition in claim.conditions)])


def audit_claims(claims: Iterable[Claim]) -> Audit:
    """The evidence for each claim, once each."""
    lines = tuple(Line(claim, proved(claim)) for claim in dict.fromkeys(claims))
    return Audit(lines, {id(line.line): line.evidence for line in lines})


def proved(claim: Claim) -> Evidence:
    """What is known of a claim.

    A point in exact arithmetic or balls that contradicts it refutes it. An equation is proved by
    SymPy, an inequality without letters by balls, one with letters by its shape (a square is not negative).
    """
    left, right = claim.statement.operands
    if claim.statement.operators == ("=",):
        return _equation(left, right, claim.conditions)
    if not claim.statement.free:
        held = holds(claim.statement, {})
        return UNDECIDED if held is None else Evidence(held, "balls")
    sampled = _inequality(claim)
    if sampled.equal is True and (simplified(claim.statement) is None or holds_everywhere(claim.statement, claim.conditions)):
        return Evidence(True, "shape", sampled.points)
    return sampled


def _equation(left: Form, right: Form, conditions: tuple[Form, ...]) -> Evidence:
    evidence = by_samples(left, right, conditions)
    if evidence.equal is False or evidence.proof or left.size + right.size > _LARGEST:
        return evidence
    if identical(left, right):
        return Evidence(True, "exact", evidence.points)
    from tutor.algebra.proof import equality_proved

    return Evidence(True, "symbolic", evidence.points) if equality_proved(left, right, conditions) else evidence


def _inequality(claim: Claim) -> Evidence:
    agreed = 0
    for tries, point in enumerate(sample_points(claim.statement.free.union(*(condition.free for condition in claim.conditions)))):
        if agreed == ENOUGH or tries == _TRIES:
            break
        if all(holds(condition, point) for condition in claim.conditions):
            held = holds(claim.statement, point)
            if held is False:
                return Evidence(False, "samples", agreed, point)
            agreed += held is True
    return Evidence(True, "samples", agreed) if agreed == ENOUGH else UNDECIDED
