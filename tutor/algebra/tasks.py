"""What the helper process can be asked for: solutions, limits, eigenvalues, by SymPy.

`python -m tutor.algebra.tasks` serves requests from its standard input, one line of JSON each (see
`tutor.algebra.worker`). Mathematics comes and goes as calculator text through the tutor's own reader
and writer. What has no closed form that can be written comes as a decimal and is said to be numeric.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Any

import sympy

from tutor.algebra.lower import NotLifted, lift, lower, symbol
from tutor.algebra.proof import equality_proved
from tutor.form.reading import read

MEMORY = 3 * 2**30
"""Bytes of address space that the process may use, where the system can limit that."""
_LONGEST = 60
"""Closed forms of more operations than this tell a reader less than a decimal."""
_DIGITS = 15
_PRECISE, _TINY = 60, sympy.Float("1e-15")
"""Digits with which the points of a system are computed, and what counts as zero then (a double root loses half of the digits)."""
_LARGEST_BOTTOM = 10**6
_PARAMETER = "n"
_FAILURES = (NotImplementedError, TypeError, ValueError, RecursionError, ZeroDivisionError, AttributeError, KeyError, NotLifted)


def serve() -> None:
    """Answer requests until standard input ends."""
    _limit_memory()
    for line in sys.stdin:
        request = json.loads(line)
        # When the asker has gone without killing this process, it ends itself soon after its time is up.
        alarm = threading.Timer(request.pop("seconds") + 2, os._exit, (1,))
        alarm.daemon = True
        alarm.start()
        answer = TASKS[request.pop("task")](**request)
        alarm.cancel()
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # not on this system
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def ready() -> bool:
    """Whether the process has started."""
    return True


def solve(equations: list[str], unknowns: list[str], names: Iterable[str] = ()) -> dict[str, Any]:
    """The real solutions of forms that are to be zero.

    `points` map unknowns to texts, `numeric` says which of them are decimals; `complete`: there are no
    others. A point may contain the parameter n (any integer), or unknowns that stay free.
    """
    declared = (*unknowns, *names)
    expressions = [lower(read(text, variables=declared)) for text in equations]
    letters = [symbol(name) for name in unknowns]
    found, complete = _one(expressions[0], letters[0]) if len(expressions) == len(letters) == 1 else _several(expressions, letters)
    points, numeric = [], []
    for point in found:
        written = [_written(value) for value in point.values()]
        points.append({letter.name: text for letter, (text, _) in zip(point, written, strict=True)})
        numeric.append(any(is_numeric for _, is_numeric in written))
    return {"points": points, "numeric": numeric, "complete": complete}


Points = list[dict[Any, Any]]


def _one(expression: Any, letter: Any) -> tuple[Points, bool]:
    top, bottom = sympy.fraction(sympy.together(expression))
    if top.free_symbols <= {letter} and top.is_polynomial(letter):
        roots = _polynomial_roots(sympy.Poly(top, letter))
        return [{letter: root} for root in roots if bottom.subs(letter, root) != 0] if not top.is_zero else [{}], True
    if expression.free_symbols != {letter}:
        return _several([expression], [letter])
    try:
        return _from_set(sympy.solveset(expression, letter, sympy.S.Reals), letter)
    except _FAILURES:
        return [], False


def _polynomial_roots(poly: Any) -> list[Any]:
    """All real roots, smallest first: in radicals from factors of degree two or with one power only, else as numbers."""
    found: set[Any] = set()
    for factor, _ in poly.factor_list()[1]:
        closed = sympy.roots(factor) if factor.degree() <= 2 or len(factor.terms()) == 2 else {}
        real = [root for root in closed if root.is_real]
        found.update(real if closed and len(real) == len(factor.real_roots()) else factor.real_roots())
    return sorted(found, key=lambda root: sympy.N(root, 30))


def _from_set(found: Any, letter: Any) -> tuple[Points, bool]:
    """The members of a set of SymPy; families over all integers as values with n."""
    if found is sympy.S.EmptySet:
        return [], True
    if isinstance(found, sympy.FiniteSet):
        real = [value for value in found if value.is_real is not False]
        return [{letter: value} for value in sorted(real, key=lambda value: sympy.N(value, 30) if value.is_number else 0)], True
    if isinstance(found, sympy.ImageSet) and found.base_sets == (sympy.S.Integers,) and len(found.lamda.variables) == 1:
        return [{letter: sympy.expand(found.lamda(sympy.Symbol(_PARAMETER, real=True)))}], True
    if isinstance(found, sympy.Union):
        parts = [_from_set(part, letter) for part in found.args]
        return [point for points, _ in parts for point in points], all(complete for _, complete in parts)
    if isinstance(found, sympy.Complement | sympy.Intersection) and isinstance(found.args[0], sympy.Union | sympy.ImageSet | sympy.FiniteSet):
        return _from_set(found.args[0], letter)[0], False
    raise NotImplementedError(type(found).__name__)


def _several(expressions: Sequence[Any], letters: Sequence[Any]) -> tuple[Points, bool]:
    """Of a system. SymPy's solver says "none" where it has no radicals, so polynomials are counted by a Gröbner basis."""
    try:
        found = sympy.solve(expressions, letters, dict=True)
    except _FAILURES:
        found = []
    real = [point for point in found if all(_is_real(value) for value in point.values())]
    tops = [sympy.fraction(sympy.together(expression))[0] for expression in expressions]
    if all(top.free_symbols <= set(letters) and top.is_polynomial(*letters) for top in tops):
        try:
            return _polynomial_points(expressions, tops, letters, real), True
        except _FAILURES:  # not finitely many points
            pass
    ordered = sorted(real, key=lambda point: [sympy.default_sort_key(point[letter]) for letter in letters if letter in point])
    return ordered, bool(ordered)


def _polynomial_points(expressions: Sequence[Any], tops: Sequence[Any], letters: Sequence[Any], closed: Points) -> Points:
    """All real points of a polynomial system that has finitely many, in closed form where the solver has found one.

    A lexicographic Gröbner basis is triangular (Cox, Little & O'Shea, chapter 3): the last letter from a
    polynomial in it alone, then the letters in front of it one by one.
    """
    basis = sympy.groebner(tops, *letters, order="lex")
    if basis.exprs == [1]:
        return []
    if not basis.is_zero_dimensional:
        raise NotImplementedError
    points: Points = [{}]
    for place in reversed(range(len(letters))):
        letter = letters[place]
        known = [one for one in basis.exprs if letter in one.free_symbols and one.free_symbols <= set(letters[place:])]
        points = [{letter: root, **point} for point in points for root in _roots_here(known, letter, point)]
    points = [point for point in points if all(_near_zero(one.subs(point)) for one in expressions)]
    exact = [next((one for one in closed if _same_point(one, point)), point) for point in points]
    return sorted(exact, key=lambda point: [sympy.N(point[letter], 20) for letter in letters])


def _roots_here(known: Sequence[Any], letter: Any, point: dict[Any, Any]) -> list[Any]:
    """The values of a letter that are roots of all polynomials, when the letters behind it are put in."""
    if not point:
        return [sympy.N(root, _PRECISE) for root in sympy.Poly(known[-1], letter).real_roots(multiple=False) for root in root[:1]]
    polys = [poly for poly in (sympy.Poly(one.subs(point), letter) for one in known) if poly.degree() > 0 and not _near_zero(poly.LC())]
    if not polys:
        raise NotImplementedError
    roots = min(polys, key=lambda poly: poly.degree()).nroots(n=_PRECISE, maxsteps=200)
    real = [sympy.re(root) for root in roots if _near_zero(sympy.im(root))]
    fitting = [root for root in real if all(_near_zero(poly(root)) for poly in polys)]
    return [root for k, root in enumerate(fitting) if not any(_near_zero(root - other) for other in fitting[:k])]


def polynomial_points(equations: list[str], unknowns: list[str]) -> dict[str, Any] | None:
    """All real points of a polynomial system with finitely many, without looking for radicals: fractions where they are that, else decimals."""
    expressions = [lower(read(text, variables=unknowns)) for text in equations]
    letters = [symbol(name) for name in unknowns]
    tops = [sympy.fraction(sympy.together(expression))[0] for expression in expressions]
    try:
        points = [_with_fractions(point, expressions) for point in _polynomial_points(expressions, tops, letters, [])]
    except _FAILURES:
        return None
    written = [{letter.name: _written(value) for letter, value in point.items()} for point in points]
    return {
        "points": [{name: text for name, (text, _) in point.items()} for point in written],
        "numeric": [any(is_numeric for _, is_numeric in point.values()) for point in written], "complete": True,
    }  # fmt: skip


def _with_fractions(point: dict[Any, Any], expressions: Sequence[Any]) -> dict[Any, Any]:
    """The point in fractions, where those solve the system exactly."""
    exact = {letter: sympy.Rational(*Fraction(str(value)).limit_denominator(_LARGEST_BOTTOM).as_integer_ratio()) for letter, value in point.items()}
    return exact if all(expression.subs(exact) == 0 for expression in expressions) else point


def _near_zero(value: Any) -> bool:
    return bool(abs(sympy.N(value, _PRECISE)) < _TINY)


def _same_point(closed: dict[Any, Any], point: dict[Any, Any]) -> bool:
    return closed.keys() == point.keys() and all(value.is_number and _near_zero(value - point[letter]) for letter, value in closed.items())


def _is_real(value: Any) -> bool:
    if value.is_real is None and value.is_number:
        return _near_zero(sympy.im(sympy.N(value, 30)))
    return bool(value.is_real is not False)


def _written(value: Any) -> tuple[str, bool]:
    """A value as text, and whether it is only a decimal."""
    try:
        form = lift(sympy.radsimp(value) if value.is_number else value)
        if value.count_ops() <= _LONGEST and not value.has(sympy.CRootOf, sympy.Float, sympy.I):
            return str(form), False
    except _FAILURES:
        pass
    return str(sympy.re(sympy.N(value, 2 * _DIGITS)).round(_DIGITS)), True


def limit(form: str, variable: str, place: str, side: str, names: Iterable[str] = ()) -> str | None:
    """The limit as text, `infinity` or `-infinity`; None where there is none or SymPy finds none."""
    expression = lower(read(form, variables=(variable, *names)))
    try:
        value = sympy.limit(expression, symbol(variable), lower(read(place, variables=names)), side or "+-")
        if value.is_infinite and value.is_extended_real:
            return "infinity" if value > 0 else "-infinity"
        return str(lift(value)) if value.is_real else None
    except _FAILURES:
        return None


def eigen(rows: list[list[str]], names: Iterable[str] = ()) -> list[dict[str, Any]]:
    """Eigenvalues of a symmetric matrix of numbers with multiplicity and eigenvectors, the largest first.

    `numeric` where an eigenvalue is only a decimal; then there are no vectors.
    """
    matrix = sympy.Matrix([[lower(read(cell, variables=names)) for cell in row] for row in rows])
    found = []
    for value, count, vectors in matrix.eigenvects():
        text, numeric = _written(value)
        entries = [] if numeric else [[_written(sympy.radsimp(entry))[0] for entry in vector] for vector in vectors]
        found.append((sympy.re(sympy.N(value, 30)), {"value": text, "numeric": numeric, "multiplicity": int(count), "vectors": entries}))
    return [data for _, data in sorted(found, key=lambda pair: -pair[0])]


def prove(left: str, right: str, conditions: list[str], names: Iterable[str] = ()) -> bool:
    """Whether two forms are provably equal where the conditions hold; SymPy's slow simplifiers may try too, since this process can be killed."""
    one, other, *where = (read(text, variables=names) for text in (left, right, *conditions))
    if equality_proved(one, other, where):
        return True
    try:
        difference = lower(one) - lower(other)
        return any(transform(difference) == 0 for transform in (sympy.expand_trig, sympy.simplify))
    except _FAILURES:
        return False


TASKS: dict[str, Callable[..., Any]] = {"ready": ready, "solve": solve, "polynomial_points": polynomial_points, "limit": limit, "eigen": eigen, "prove": prove}
"""What can be asked for, by name."""

if __name__ == "__main__":
    serve()
