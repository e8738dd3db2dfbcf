"""What an engine states on the way: the id of a sentence, the forms it speaks of, the lines it writes, and the proof.

No sentence stands here: `tutor.exposition` says `critical.<id>`, or whatever table it belongs to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tutor.calculus.worked import Claim
from tutor.form.tree import ZERO, Form, Relation


@dataclass(frozen=True)
class Remark:
    """One statement: `id` names its sentence, `values` is what that speaks of (forms, or tuples of forms).

    `lines` are written under it, `claims` prove it; `cases` are what has to be gone through one by one.
    """

    id: str
    values: Mapping[str, Any] = field(default_factory=dict)
    lines: tuple[Form, ...] = ()
    claims: tuple[Claim, ...] = ()
    cases: tuple[Case, ...] = ()


@dataclass(frozen=True)
class Case:
    """One of several possibilities: what is assumed, and what follows."""

    assumed: tuple[Form, ...]
    remarks: tuple[Remark, ...]


def claims_of(remarks: Iterable[Remark]) -> Iterator[Claim]:
    """All claims of remarks and of the cases below them."""
    for remark in remarks:
        yield from remark.claims
        for case in remark.cases:
            yield from claims_of(case.remarks)


def is_zero(form: Form) -> Relation:
    """form = 0."""
    return Relation((form, ZERO), ("=",))


def equals(left: Form, right: Form) -> Relation:
    """left = right."""
    return Relation((left, right), ("=",))


def compared(left: Form, operator: str, right: Form) -> Relation:
    """left < right, and the like."""
    return Relation((left, right), (operator,))
