"""What is asked for: the right value and how it comes about, made once for `check` and for `check_working`.

>>> from tutor.grading.asked import Asked
>>> found = question(Asked(derivative_of="f(x) = x^3", order=2, at="x=1"))
>>> str(found.key), [str(one.value) for one in found.derivations], [str(value) for value in found.values]
('6*x', ['3*x^2', '6*x'], ['6'])
>>> [str(value) for value in question(Asked(gradient_of="100 - x^2 - 2y^2", at="x=3,y=1")).values]
['-6', '-4']
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tutor.algebra.places import with_derived
from tutor.calculus.differentiate import Derivation, differentiate
from tutor.calculus.gradient import gradient
from tutor.calculus.points import Point, read_point, value_at
from tutor.errors import RequestError
from tutor.form.evaluate import holds
from tutor.form.tree import Apply, Form, Listing, Relation, Sym
from tutor.form.walk import substitute
from tutor.grading.asked import Asked


@dataclass(frozen=True)
class Question:
    """What is asked for.

    `key` is the right value before any point is put in; `function` is what is differentiated (None where an expression alone is
    expected), `derivations` one for each order, each letter of a gradient, or each entry of a Hessian, row after row.
    `names` are the names that mean the function and nothing else, `letters` what it is a function of. `conditions` are the author's.
    """

    key: Form
    function: Form | None = None
    derivations: tuple[Derivation, ...] = ()
    names: frozenset[str] = frozenset()
    letters: tuple[str, ...] = ()
    point: Point = field(default_factory=dict)
    conditions: tuple[Form, ...] = ()

    @property
    def variable(self) -> str:
        """The letter that moves, or the first of them."""
        return self.derivations[0].variable if self.derivations else min(self.key.free, default="x")

    @property
    def is_gradient(self) -> bool:
        """Whether a vector of partial derivatives is asked for."""
        return isinstance(self.key, Listing) and bool(self.derivations)

    @property
    def results(self) -> tuple[Derivation, ...]:
        """The derivations whose values are asked for: the last order alone, or every entry."""
        return self.derivations if self.is_gradient else self.derivations[-1:]

    @property
    def where(self) -> tuple[Form, ...]:
        """All conditions: those of the derivations, and the author's."""
        return tuple(dict.fromkeys(with_derived((condition for one in self.derivations for condition in one.conditions), self.conditions)))

    @property
    def values(self) -> tuple[Form, ...]:
        """The values of the results, at the point if there is one. Raises `RequestError` where one has none."""
        return tuple(one.value if not self.point else self._value(one) for one in self.results)

    def _value(self, one: Derivation) -> Form:
        value = value_at(one.value, self.point).exact
        known = [substitute(condition, dict(self.point)) for condition in one.conditions]
        if value is None or any(holds(condition, {}) is False for condition in known if not condition.free):
            what = "the gradient" if self.is_gradient else "the derivative"
            raise RequestError("point", f"{what} has no value at this point", advice="Choose a point inside the domain.")
        return value


def question(asked: Asked) -> Question:
    """The question of a call that expects an expression, or asks for a derivative, a gradient or a Hessian.

    Raises `ReadError` and `RequestError` for a call that makes no sense.
    """
    point = {} if asked.at is None else read_point(asked.at if isinstance(asked.at, str) else dict(asked.at))
    source = next((one for one in (asked.derivative_of, asked.gradient_of, asked.hessian_of) if one is not None), None)
    if source is None:
        key = asked.read(asked.expected)  # type: ignore[arg-type]
        return Question(key, letters=tuple(sorted(key.free)), point=point, conditions=asked.conditions)
    typed = asked.read(source)
    key, derivations = _derived(typed, asked)
    function = derivations[0].function
    names, letters = _named(typed, tuple(sorted(function.free | {derivations[0].variable})))
    return Question(key, function, derivations, names, letters, point, asked.conditions)


def _derived(typed: Form, asked: Asked) -> tuple[Form, tuple[Derivation, ...]]:
    """The key, and how it comes about."""
    if asked.derivative_of is not None:
        found = differentiate(typed, asked.wrt, asked.order)
        return found.value, found.chain
    slopes = gradient(typed, asked.letters)
    if asked.gradient_of is not None:
        return slopes.vector, slopes.partials
    rows = [tuple(differentiate(typed, (one, other)) for other in slopes.variables) for one in slopes.variables]
    return Listing("matrix", tuple(Listing("list", tuple(one.value for one in row)) for row in rows)), tuple(one for row in rows for one in row)


def _named(typed: Form, letters: Sequence[str]) -> tuple[frozenset[str], tuple[str, ...]]:
    """The names that mean the function and nothing else, and its letters in the order in which g(x, y) = … names them."""
    names = {"f", "y", "F"} - set(letters)
    match typed:
        case Relation((Apply(name, args, _), _), _):
            named = tuple(arg.name for arg in args if isinstance(arg, Sym))
            return frozenset(names | {name}), named if len(args) == len(letters) else tuple(letters)
        case Relation((Sym(name), _), _):
            return frozenset(names | {name}), tuple(letters)
    return frozenset(names), tuple(letters)


__all__ = ["Question", "question"]
