"""Derivatives of every kind as answers: diff, gradient, hessian, jacobian, tangent, directional, implicit, inverse, limit, total, antiderivative."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tutor.algebra.neat import neat
from tutor.algebra.tidy import tidied
from tutor.calculus.differentiate import Derivation
from tutor.calculus.directional import directional
from tutor.calculus.gradient import Gradient
from tutor.calculus.implicit import implicit
from tutor.calculus.inverse import inverse_derivative
from tutor.calculus.jacobian import jacobian
from tutor.calculus.limit import limit_definition
from tutor.calculus.optima.hessian import hessian
from tutor.calculus.tangent import tangent
from tutor.calculus.total import total_derivative
from tutor.errors import RequestError
from tutor.form.tree import ONE, TWO, Add, Div, Form, Listing, Mul, Neg, Pow, Relation, Root, Sym, total
from tutor.grading.asked import Asked
from tutor.grading.question import Question as Graded
from tutor.problems.calls.base import Answer, Call, count, domain_texts, letters_of, settings, whole
from tutor.problems.scope import Function, Scope, derived, exact_value, value_of


def _diff(scope: Scope, args: tuple[Form, ...], where: Form | None) -> Answer:
    """diff(P, p), diff(P, p, 2), diff(Q, T, t) for a mixed one; at a place where one is given."""
    count("diff", args, 1, 3)
    function = scope.function(args[0])
    names = letters_of([arg for arg in args[1:] if isinstance(arg, Sym) and arg.name not in scope.values], function)
    if len(names) == 2:
        return _mixed(scope, function, names, where)
    order = whole(scope, args[2], "the order of a derivative", 1, 5) if len(args) == 3 else 1
    return derivative(scope, function, names[0], order, scope.place(where, function.letters))


def derivative(scope: Scope, function: Function, letter: str, order: int, point: Mapping[str, Form] | None) -> Answer:
    """A derivative of a function, or its value at a point."""
    found = derived(function.body, letter, order)
    asked = Asked(derivative_of=function.body, wrt=letter, order=order, at=None if point is None else dict(point), domain=domain_texts(scope))
    key = found.value if point is None else value_of(found.value, point)
    about = Graded(found.value, function.body, found.chain, frozenset({"f", "y", "F"} - set(function.letters)), function.letters, point or {}, asked.conditions)
    return Answer(key, asked, lambda: (found,), point, about=about)


def _mixed(scope: Scope, function: Function, names: tuple[str, ...], where: Form | None) -> Answer:
    first, second = names
    inner = derived(function.body, first)
    outer = derived(inner.value, second)
    # One derivation of second order, so that the solution names it as one: first this letter, then that.
    found = replace(outer, previous=inner, asked=(first, second))
    point = scope.place(where, function.letters)
    key = found.value if point is None else value_of(found.value, point)
    return Answer(key, Asked(expected=key, domain=domain_texts(scope)), lambda: (found,), point)


def partials(function: Function) -> tuple[Derivation, ...]:
    """The partial derivatives by each letter."""
    return tuple(derived(function.body, letter) for letter in function.letters)


def slopes_of(function: Function) -> Gradient:
    """The gradient as a result of the engine, from partial derivatives that are kept."""
    return Gradient(function.body, function.letters, partials(function))


def _gradient(scope: Scope, args: tuple[Form, ...], where: Form | None) -> Answer:
    count("gradient", args, 1, 1)
    function = scope.function(args[0])
    found = slopes_of(function)
    point = scope.place(where, function.letters)
    parts = found.value if point is None else tuple(value_of(part, point) for part in found.value)
    asked = Asked(gradient_of=function.body, wrt=function.letters, at=None if point is None else dict(point), domain=domain_texts(scope))
    about = Graded(found.vector, function.body, found.partials, letters=function.letters, point=point or {}, conditions=asked.conditions)
    return Answer(Listing("tuple", parts), asked, lambda: (found,), point, about=about)


def _hessian(scope: Scope, args: tuple[Form, ...], where: Form | None) -> Answer:
    count("hessian", args, 1, 1)
    function = scope.function(args[0])
    if len(function.letters) < 2:
        raise RequestError("arguments", "the Hessian is for functions of several letters", advice="Of one letter ask for diff(f, x, 2).")
    point = scope.place(where, function.letters)
    first = partials(function)
    size = range(len(first))
    rows = [[derived(first[max(i, j)].value, function.letters[min(i, j)]).value for j in size] for i in size]  # one order, so that both are written alike
    cells = rows if point is None else [[value_of(cell, point) for cell in row] for row in rows]
    asked = Asked(hessian_of=function.body, wrt=function.letters, at=None if point is None else dict(point), domain=domain_texts(scope))
    return Answer(_matrix(cells), asked, lambda: (hessian(function.body, function.letters),), point)


def _matrix(rows: Sequence[Sequence[Form]]) -> Form:
    return Listing("matrix", tuple(Listing("list", tuple(row)) for row in rows))


def _jacobian(scope: Scope, args: tuple[Form, ...], where: Form | None) -> Answer:
    """jacobian(F, G), at a place where one is given: the rows are the functions."""
    count("jacobian", args, 2, 4)
    functions = [scope.function(arg) for arg in args]
    letters = tuple(dict.fromkeys(letter for one in functions for letter in one.letters))
    point = scope.place(where, letters)
    rows = [[derived(one.body, letter).value for letter in letters] for one in functions]
    key = _matrix(rows if point is None else [[value_of(cell, point) for cell in row] for row in rows])
    bodies = [one.body for one in functions]
    return Answer(key, Asked(expected=key, kind="matrix"), lambda: (jacobian(bodies, letters, dict(point) if point else None),), point)


def _tangent(scope: Scope, args: tuple[Form, ...], where: Form | None) -> Answer:
    """tangent(f, 2): the line y = …; of two letters the plane z = …"""
    count("tangent", args, 2, 2, where)
    function = scope.function(args[0])
    point = scope.place(args[1], function.letters) or {}
    slopes = [value_of(one.value, point) for one in partials(function)]
    parts = [*zip(slopes, function.letters, strict=True)]
    constant = Add((value_of(function.body, point), *(Neg(Mul((slope, point[letter]))) for slope, letter in parts)))
    line = tidied(total([*(Mul((slope, Sym(letter))) for slope, letter in parts), exact_value(constant) or constant]))[0]
    key = Relation((Sym("y" if len(function.letters) == 1 else "z"), line), ("=",))
    return Answer(key, Asked(expected=key, kind="equation"), lambda: (tangent(function.body, dict(point)),))


def _directional(scope: Scope, args: tuple[Form, ...], where: Form | None) -> Answer:
    """directional(h, (3, 1), (1, 1)): the slope at a place in a direction, whose length does not matter."""
    count("directional", args, 3, 3, where)
    function = scope.function(args[0])
    point = scope.place(args[1], function.letters) or {}
    toward = scope.plain(args[2])
    parts = toward.items if isinstance(toward, Listing) else (toward,)
    if len(parts) != len(function.letters):
        raise RequestError("arguments", f"a direction of {len(function.letters)} numbers is expected, not {len(parts)}")
    slopes = [value_of(one.value, point) for one in partials(function)]
    along = total(Mul(pair) for pair in zip(slopes, parts, strict=True))
    key = exact_value(Div(along, Root(total(Pow(part, TWO) for part in parts), TWO)))
    if key is None:
        raise RequestError("directional", f"{function.body} has no slope there")
    return Answer(key, Asked(expected=key), lambda: (directional(function.body, dict(point), parts, function.letters),))


def _implicit(scope: Scope, args: tuple[Form, ...], where: Form | None) -> Answer:
    """implicit(x^2 + y^2 = 25, x, y): dy/dx along a curve, at a point where one is given."""
    count("implicit", args, 3, 3)
    variable, of = letters_of(args[1:], Function((), args[0]))
    point = scope.place(where, (variable, of))
    found = implicit(neat(scope.plain(args[0])), variable, of, at=None if point is None else dict(point))
    key = found.slope if point is None else value_of(found.slope, point)
    return Answer(key, Asked(expected=key), lambda: (found,))


def _inverse(scope: Scope, args: tuple[Form, ...], where: Form | None) -> Answer:
    """inverse(f, 2): the slope of the inverse function at the value f(2), which is 1/f'(2)."""
    count("inverse", args, 2, 2, where)
    function = scope.function(args[0])
    point = scope.place(args[1], function.letters) or {}
    key = value_of(Div(ONE, value_of(derived(function.body, *function.letters).value, point)), {}) if len(point) == 1 else None
    if key is None:
        raise RequestError("arguments", "inverse wants a function of one letter", advice="Such as inverse(f, 2).")
    return Answer(key, Asked(expected=key), lambda: (inverse_derivative(function.body, dict(point)),))


def _antiderivative(scope: Scope, args: tuple[Form, ...], where: Form | None) -> Answer:
    """antiderivative(f, x): a function whose derivative is f, up to a constant. f is written as diff(F, x)."""
    count("antiderivative", args, 2, 2, where)
    function = scope.function(args[0])
    (letter,) = letters_of(args[1:], function)
    found = derived(function.body, letter)
    return Answer(function.body, Asked(antiderivative_of=found.value, wrt=letter), lambda: (found,))


def _limit(scope: Scope, args: tuple[Form, ...], where: Form | None) -> Answer:
    """limit(f, x): the derivative from its definition; limit(f, x) @ 3 at a place."""
    count("limit", args, 1, 2)
    function = scope.function(args[0])
    (letter,) = letters_of(args[1:], function)
    point = scope.place(where, function.letters)
    plain = derivative(scope, function, letter, 1, point)
    return Answer(plain.key, plain.asked, lambda: (limit_definition(function.body, letter, dict(point) if point else None),), about=plain.about)


def _total(scope: Scope, args: tuple[Form, ...], where: Form | None) -> Answer:
    """total(Q, t, T = 150 - 2t, s = 3t): the rate along all links."""
    plain, named = settings(args)
    count("total", plain, 2, 2)
    if not named or not isinstance(plain[1], Sym):
        raise RequestError("arguments", "total wants a function, a letter, and what the other letters are", advice="Such as total(Q, t, T = 150 - 2t).")
    function, letter = scope.function(plain[0]), plain[1].name
    links = {name: neat(scope.plain(value)) for name, value in named.items()}
    found = total_derivative(function.body, links, letter)
    point = scope.place(where, (letter,))
    key = found.direct.value if point is None else value_of(found.direct.value, point)
    return Answer(key, Asked(expected=key), lambda: (found,), point)


TABLE: dict[str, Call] = {
    "diff": _diff, "gradient": _gradient, "hessian": _hessian, "jacobian": _jacobian, "tangent": _tangent, "directional": _directional,
    "implicit": _implicit, "inverse": _inverse, "antiderivative": _antiderivative, "limit": _limit, "total": _total,
}  # fmt: skip

__all__ = ["TABLE", "derivative", "partials", "slopes_of"]
