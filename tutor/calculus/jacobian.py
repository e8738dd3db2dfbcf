"""The Jacobian matrix: one row a function, one column a letter, and for as many of both the determinant.

The matrix J(a) of first partial derivatives is the linear map that comes closest to F near a: F(a + h) ≈ F(a) + J(a) h
(Rudin, *Principles of Mathematical Analysis*, 9.17). Its determinant is the factor by which small volumes grow, its
sign says whether orientation is kept, and where it is not zero F has a smooth inverse nearby (9.24, the inverse
function theorem). The determinant is summed over permutations (Leibniz).

>>> found = jacobian("(x*y, x + y^2)")
>>> str(found.matrix), str(found.determinant)
('[[y, x], [1, 2*y]]', '2*y^2 - x')
>>> str(found.at("x=2,y=1").determinant.exact)
'0'
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from tutor.algebra.tidy import Rewrite, tidied
from tutor.calculus.conditions import simplified
from tutor.calculus.differentiate import Derivation, differentiate
from tutor.calculus.inside import outside, value_there
from tutor.calculus.matrix import leibniz, matrix_of
from tutor.calculus.points import Value, check_point, read_point, value_at
from tutor.calculus.request import body
from tutor.calculus.worked import Claim, Worked, equal
from tutor.errors import RequestError
from tutor.form.evaluate import holds
from tutor.form.reading import read
from tutor.form.tree import ZERO, Apply, Div, Form, Listing, Neg, Relation, Sym

LARGEST = 24
"""No more functions, and no more letters, than this."""
_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class JacobianAt:
    """The matrix at one point; `determinant` is None where it has none, or an entry has no value.

    `broken` holds the conditions of entries that do not hold at the point.
    """

    point: Mapping[str, Form]
    entries: tuple[tuple[Value, ...], ...]
    determinant: Value | None
    broken: tuple[Form, ...] = ()

    @property
    def defined(self) -> bool:
        """Whether the matrix is that of the derivative here."""
        return not self.broken and all(value.exact is not None for row in self.entries for value in row)

    @property
    def matrix(self) -> Listing:
        """The matrix of values."""
        return matrix_of([[value.exact or value.substituted for value in row] for row in self.entries])

    @property
    def sign(self) -> str:
        """`+`, `-` or `0` for the determinant; empty where that is unknown."""
        exact = self.determinant.exact if self.determinant is not None else None
        if exact is None:
            return ""
        if exact is ZERO:
            return "0"
        return next((sign for sign, operator in (("+", ">"), ("-", "<")) if holds(Relation((exact, ZERO), (operator,)), {})), "")


@dataclass(frozen=True)
class Jacobian(Worked):
    """The partial derivatives of several functions: `rows[i][j]` is that of the i-th by the j-th letter.

    `labels` are the names that components were given (x = r cos t), or empty texts.
    """

    functions: tuple[Form, ...]
    variables: tuple[str, ...]
    rows: tuple[tuple[Derivation, ...], ...]
    labels: tuple[str, ...]
    place: Mapping[str, Form] | None = None

    @property
    def matrix(self) -> Listing:
        """The matrix of derivatives."""
        return matrix_of([[entry.value for entry in row] for row in self.rows])

    @property
    def is_square(self) -> bool:
        """Whether there are as many functions as letters."""
        return len(self.functions) == len(self.variables)

    @cached_property
    def expansion(self) -> Form | None:
        """The determinant as the sum of its products; None where it has none, or too many to write."""
        return leibniz([[entry.value for entry in row] for row in self.rows]) if self.is_square else None

    @cached_property
    def _tidied(self) -> tuple[Form, tuple[Rewrite, ...]] | None:
        """Tidied until nothing changes: sums of squares of sines come together one layer at a time."""
        if self.expansion is None:
            return None
        form, lines = tidied(self.expansion)
        for _ in range(_ROUNDS):
            form, more = tidied(form)
            if not more:
                break
            lines += more
        return form, lines

    @cached_property
    def regular(self) -> Relation | None:
        """Where the determinant is not zero, in its plainest form; None where it never is."""
        assert self.determinant is not None
        return simplified(Relation((core(self.determinant), ZERO), ("!=",)))

    @property
    def determinant(self) -> Form | None:
        """The determinant, tidied."""
        return None if self._tidied is None else self._tidied[0]

    @property
    def algebra(self) -> tuple[Rewrite, ...]:
        """The lines from the products to the determinant."""
        return () if self._tidied is None else self._tidied[1]

    def at(self, point: str | Mapping[str, object]) -> JacobianAt:
        """The matrix and its determinant at a point. Raises `RequestError` when a letter has no value."""
        place = read_point(point)
        check_point(place, self.matrix, *self.functions)
        entries = tuple(tuple(value_there(entry.value, place) for entry in row) for row in self.rows)
        broken = tuple(dict.fromkeys(condition for row in self.rows for entry in row for condition in outside(entry.conditions, place)))
        found = JacobianAt(place, entries, None, broken)
        if not self.is_square or not found.defined:
            return found
        raw = leibniz([[_exact(value) for value in row] for row in entries])
        return JacobianAt(place, entries, None if raw is None else value_at(raw, {}))

    @cached_property
    def here(self) -> JacobianAt | None:
        """The values at the point that was asked for."""
        return None if self.place is None else self.at(self.place)

    @property
    def derivations(self) -> tuple[Derivation, ...]:
        """The entries, row by row."""
        return tuple(entry for row in self.rows for entry in row)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Each line of the determinant, and the values at the point."""
        return tuple(self._claims())

    def _claims(self) -> Iterator[Claim]:
        conditions = tuple(condition for entry in self.derivations for condition in entry.conditions)
        for line in self.algebra:
            yield equal(line.before, line.after, "determinant", conditions)
        if self.determinant is not None and self.regular is None:
            yield Claim(Relation((core(self.determinant), ZERO), ("!=",)), "the determinant is never zero", conditions)
        if self.here is None or not self.here.defined:
            return
        for value in (value for row in self.here.entries for value in row):
            yield equal(value.substituted, _exact(value), "entry at the point")
        found = self.here.determinant
        if found is not None and found.exact is not None:
            yield equal(found.substituted, found.exact, "determinant at the point")
            if self.here.sign in ("+", "-"):
                yield Claim(Relation((found.exact, ZERO), (">" if self.here.sign == "+" else "<",)), "sign of the determinant")

    def _repr_latex_(self) -> str:
        return self.matrix._repr_latex_()


def jacobian(
    functions: str | Form | Sequence[str | Form], variables: Sequence[str] | None = None, at: str | Mapping[str, object] | None = None
) -> Jacobian:
    """The matrix of partial derivatives of several functions with respect to `variables` (all letters, if left out).

    A text is one function, or several in brackets: `(x*y, x + y^2)`. With a point, the values there are part of the
    result. Raises `ReadError`, or `RequestError` for what is no list of functions.

    >>> str(jacobian(["r cos(t)", "r sin(t)"], ["r", "t"]).determinant)
    'r'
    """
    parts = [_component(part) for part in components(functions)]
    forms, labels = tuple(form for form, _ in parts), tuple(label for _, label in parts)
    names = tuple(variables) if variables else tuple(sorted(frozenset().union(*(form.free for form in forms)), key=lambda letter: (letter.lower(), letter)))
    if not names:
        raise RequestError("variable", "the functions have no letters: there is nothing to differentiate by", advice="Name one, such as --wrt x.")
    if len(set(names)) < len(names):
        raise RequestError("variable", "a letter is named twice")
    if max(len(forms), len(names)) > LARGEST:
        raise RequestError("size", f"a matrix of {len(forms)} by {len(names)} is too large: at most {LARGEST} by {LARGEST}")
    rows = tuple(tuple(differentiate(form, name) for name in names) for form in forms)
    names = tuple(entry.variable for entry in rows[0])
    found = Jacobian(forms, names, rows, labels, read_point(at) if at else None)
    if found.place is not None:
        check_point(found.place, found.matrix, *forms)
    return found


def components(functions: str | Form | Sequence[str | Form]) -> tuple[Form, ...]:
    """The functions of a list, of F(x, y) = (…), or the one function that was given."""
    if not isinstance(functions, str | Form):
        return tuple(read(part) if isinstance(part, str) else part for part in functions)
    form = read(functions) if isinstance(functions, str) else functions
    match form:
        case Relation((Apply() | Sym(), Listing("tuple" | "list", items)), ("=",)) | Listing("tuple" | "list", items):
            return items
    return (form,)


def _component(part: Form) -> tuple[Form, str]:
    """A component and the name that it was given, if any: x = r cos t."""
    label = part.operands[0].name if isinstance(part, Relation) and isinstance(part.operands[0], Sym | Apply) else ""
    return body(part), label


def core(form: Form) -> Form:
    """What must be zero for a form to be zero: without its sign and its denominators.

    >>> str(core(read("-2x/(x^2 + 1)")))
    '2*x'
    """
    while isinstance(form, Neg | Div):
        form = form.operand if isinstance(form, Neg) else form.numerator
    return form


def _exact(value: Value) -> Form:
    assert value.exact is not None
    return value.exact


__all__ = ["Jacobian", "JacobianAt", "components", "core", "jacobian"]
