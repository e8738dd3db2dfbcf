"""What a question's answer is: a line in calculator text, worked out by the engine, with everything that grading and the solution need.

An answer is a call of the engine, at a place where that is asked for, or any formula in the family's letters and functions:

    diff(P, p)                 the derivative;      diff(P, p, 2)  the second;      diff(P, p) @ 2   its value at p = 2
    gradient(Q), hessian(Q)    at a place: @ (150, 8);      jacobian(F, G)
    argmax(P, p), argmin(P, p) where the greatest or least value is;      P @ argmax(P, p)   that value itself
    stationary(f, x)           all places without slope, as a set;      maxima, minima, saddles   those of one kind
    roots(f, x)                all places where it is zero
    nature(f, 2)               minimum, maximum, saddle point;      trend(f, 2)  rising;      bend(f, 2)  convex
    tangent(f, 2)              the line y = ... at x = 2
    directional(h, (3, 1), (1, 1))      the slope in a direction;      length((3, 4))
    implicit(x^2 + y^2 = 25, x, y)      dy/dx along a curve
    inverse(f, 2)              the slope of the inverse function at the value f(2)
    total(Q, t, T = 150 - 2t)  the rate along all links;      limit(f, x) @ 3   from the definition
    antiderivative(F, x)       a function whose derivative is F', up to a constant
    iterates(f, 0, 0.1, 3)     three steps of gradient descent from 0 with the rate 0.1;      newton(f, 2)
    formula(momentum, f, x0 = 1, a = 0.1, m = 0.9)      a computation by hand with its typical mistakes
    backprop(L, w, x = 1, y = 0, w = 0.5)               a backward pass;      loss(w*x, x = (1, 2), y = (3, 5))
    P(3) - P(2)                a formula

>>> from tutor.form.reading import read
>>> scope = Scope({"p_0": read("2")}, {"P": Function(("p",), read("200p - 20p^2"))})
>>> found = answer("diff(P, p) @ p0", scope)
>>> str(found.key), found.asked.derivative_of, [type(one).__name__ for one in found.worked]
('120', read('200*p - 20*p^2'), ['Derivation'])
>>> str(answer("P(3) - P(2)", scope).key), str(answer("P @ argmax(P, p)", scope).key)
('100', '500')
"""

from __future__ import annotations

from dataclasses import replace

from tutor.algebra.neat import neat
from tutor.form.tree import Apply, Form, Listing, Relation, Sym
from tutor.form.walk import nodes, rewritten, substitute
from tutor.grading.asked import Asked
from tutor.problems.calls import optima, runs, slopes
from tutor.problems.calls.base import Answer, Call, by_number, domain_texts
from tutor.problems.scope import Function, Scope

CALLS: dict[str, Call] = {**slopes.TABLE, **optima.TABLE, **runs.TABLE}
"""The engine's calls by the names that an author uses."""


def parsed(text: str, scope: Scope) -> tuple[Form, Form | None]:
    """The line and the place behind @. Raises `ReadError`."""
    base, at, place = text.partition("@")
    return scope.read(base), scope.read(place) if at else None


def answer(text: str, scope: Scope) -> Answer:
    """The answer that a line asks for. Raises `ReadError` and `RequestError`."""
    form, where = parsed(text, scope)
    if isinstance(form, Apply) and form.name in CALLS:
        return CALLS[form.name](scope, form.args, where)
    return _formula(scope, form, where)


def _formula(scope: Scope, form: Form, where: Form | None) -> Answer:
    """A formula: its value at a place, as a number, or as an expression in letters."""
    if where is not None:
        function = scope.function(form)
        point = scope.place(where, function.letters) or {}
        found = by_number(substitute(function.body, point))
        if not isinstance(form, Sym) or not found.lines:
            return found
        here = Apply(form.name, tuple(point[letter] for letter in function.letters), (0,) * len(function.letters))
        return replace(found, lines=(Relation((here, *found.lines[0].operands), ("=", "=")),))
    value = scope.plain(form)
    if isinstance(value, Listing) and not value.free:
        value = Listing(value.kind, tuple(part if isinstance(part, Listing | Relation) else scope.number(part) for part in value.items))
    if value.free or isinstance(value, Listing | Relation):
        written = scope.with_numbers(form)
        line = _chain(written, value) if isinstance(value, Listing) and not value.free and _plainly(written) != _plainly(value) else None
        return Answer(neat(value), Asked(expected=value, domain=domain_texts(scope)), lines=() if line is None else (line,))
    found = by_number(value)
    return replace(found, lines=_lines(scope, form, found))


def _lines(scope: Scope, form: Form, found: Answer) -> tuple[Relation, ...]:
    """P(3) = … = 120 for each value of a function, then the formula with these values."""
    written = scope.with_numbers(form)
    values: dict[Form, Form] = {node: scope.number(node) for node in nodes(written) if isinstance(node, Apply) and node.name in scope.functions and not node.free}
    lines = [_chain(node, scope.plain(node), value) for node, value in values.items()]
    if written not in values and (values or _plainly(written) != _plainly(found.key)):
        lines.append(_chain(written, rewritten(written, lambda node: values.get(node, node)), found.key) if values else _chain(written, found.key))
    return tuple(line for line in lines if line is not None)


def _plainly(form: Form) -> str:
    """A form without brackets: (-5)/13 says the same as -5/13, and is no line of its own."""
    return str(form).replace("(", "").replace(")", "")


def _chain(*sides: Form) -> Relation | None:
    distinct = tuple(dict.fromkeys(sides))
    return Relation(distinct, ("=",) * (len(distinct) - 1)) if len(distinct) > 1 else None


__all__ = ["CALLS", "Answer", "Function", "Scope", "answer", "parsed"]
