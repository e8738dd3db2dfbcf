"""Long formulas as rows, for media that set mathematics in two dimensions and break no lines themselves.

The places are those of a careful typesetter: before a relation, and before the + or − of an outermost
sum. A part that carries the focus stays whole.

>>> from tutor import read
>>> [" ".join(f"{part.sign} {part.form}" for part in row) for row in rows(read("f'(x) = x^2 sin(x) + 12x - 5"), 20)]
[" f'(x) = x^2*sin(x)", '+ 12*x - 5']
"""

from __future__ import annotations

from dataclasses import dataclass

from tutor.form.tree import Add, Call, Div, Form, Listing, Neg, Num, Pow, Relation, Root, Sym
from tutor.form.walk import fold


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a formula behind its sign: empty, a relation's, `+` or `-`."""

    sign: str
    form: Form

    @property
    def relates(self) -> bool:
        """Whether the sign is a relation's."""
        return self.sign not in ("", "+", "-")


def rows(form: Form, room: int, focus: Form | None = None) -> list[list[Part]]:
    """The formula in rows of about `room` characters; one row when it fits or cannot be cut."""
    if breadth(form) <= room:
        return [[Part("", form)]]
    parts = _parts(form, focus)
    if len(parts) == 1:
        return [parts]
    found: list[list[Part]] = [[]]
    used, related = 0, False
    for part in parts:
        size = breadth(part.form) + 3
        # A second relation begins a row; a term does when the row is full.
        if found[-1] and (related if part.relates else used + size > room):
            found.append([])
            used = 0
        related = related or part.relates
        found[-1].append(part)
        used += size
    return found


def _parts(form: Form, focus: Form | None) -> list[Part]:
    if isinstance(form, Relation) and form is not focus:
        found: list[Part] = []
        for sign, operand in zip(("", *form.operators), form.operands, strict=True):
            found.extend(_terms(sign, operand, focus))
        return found
    return _terms("", form, focus)


def _terms(sign: str, form: Form, focus: Form | None) -> list[Part]:
    """The terms of a sum; the first stands behind the relation and keeps its own minus."""
    if not isinstance(form, Add) or form is focus:
        return [Part(sign, _whole(form) if sign else form)]
    first, *rest = form.terms
    found = [Part(sign, _whole(first))]
    for term in rest:
        minus = isinstance(term, Neg) and term is not focus
        found.append(Part("-" if minus else "+", _whole(term.operand if isinstance(term, Neg) and minus else term)))
    return found


def _whole(term: Form) -> Form:
    """A term as it stands inside its sum: a sum or a sign of its own needs brackets."""
    return Listing("tuple", (term,)) if isinstance(term, Add | Relation) else term


def breadth(form: Form) -> int:
    """About how many characters wide the formula is when it is set.

    >>> from tutor import read
    >>> breadth(read("x + 12")), breadth(read("(x + 1)/2"))
    (6, 5)
    """
    return fold(form, _breadth)


def _breadth(node: Form, parts: tuple[int, ...]) -> int:
    match node:
        case Num() | Sym():
            return len(str(node))
        case Div():
            return max(parts)
        case Pow():
            return parts[0] + (2 * parts[1] + 2) // 3
        case Add() | Relation():
            return sum(parts) + 3 * (len(parts) - 1)
        case Root():
            return parts[0] + 2
        case Call(name, _):
            return len(name) + 2 + sum(parts)
    return sum(parts) + len(parts) + 1
