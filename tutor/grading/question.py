"""What a working is about: the question's key, and what the names in a learner's lines stand for.

f′(x), dy/dx, ∂f/∂x and d/dx (x²) are names of values that are known: `Names.value` puts those values in their place, and so does
it with what the learner has defined (u = 3x, then u′). What stays unknown has no value, and nothing is said about it.

>>> from tutor import read
>>> asked = question(derivative_of="sin(x^2)")
>>> names = Names(asked)
>>> names.define("u", ("x",), read("x^2"))
>>> str(names.value(read("cos(u)*u'(x)", functions=["u"]))), str(names.value(read("f'(x)")))
('cos(x^2)*(2*x)', '2*x*cos(x^2)')
>>> names.value(read("v'(x)")) is None
True
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tutor.calculus.differentiate import Derivation, differentiate
from tutor.calculus.gradient import gradient
from tutor.calculus.points import Point, read_point
from tutor.errors import RequestError, TutorError
from tutor.form.reading import read
from tutor.form.tree import Apply, Deriv, Form, Interval, Listing, Relation, Sym
from tutor.form.walk import kinds_of, rewritten, substitute

_USUAL = ("f", "y", "F", "g", "h")
"""What the function of a question is called where nothing else is said; the first three name nothing else."""
LARGEST = 20_000
"""Values with more nodes, from definitions put into definitions, are not worked with."""
_UNKNOWN = kinds_of(Apply) | kinds_of(Deriv)
_PARTIAL = re.compile(r"([^\W\d_])_([^\W\d_]+)")


@dataclass(frozen=True)
class Question:
    """What is asked for. `key` is the right value, before any point is put in.

    `function` is what is differentiated (None where an expression alone is expected), `derivations` one for each order, or for
    each letter of a gradient; `own` are the names that mean the function and nothing else.
    """

    key: Form
    function: Form | None = None
    derivations: tuple[Derivation, ...] = ()
    own: frozenset[str] = frozenset()
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


def question(
    expected: str | Form | None = None,
    *,
    derivative_of: str | Form | None = None,
    gradient_of: str | Form | None = None,
    wrt: str | Sequence[str] | None = None,
    order: int = 1,
    at: str | Mapping[str, object] | None = None,
    variables: Iterable[str] = (),
    domain: str | Iterable[str] = (),
) -> Question:
    """The question of a working. Raises `ReadError` and `RequestError` for one that makes no sense."""
    names = frozenset(variables)
    if sum(one is not None for one in (expected, derivative_of, gradient_of)) != 1:
        raise RequestError("expected", "say what is asked for, in one way", advice="Give expected, derivative_of or gradient_of.")
    conditions = tuple(read(text, variables=names) for text in ((domain,) if isinstance(domain, str) else domain))
    point = read_point(at) if at else {}
    if expected is not None:
        key = _form(expected, names)
        if isinstance(key, Relation | Interval) or (isinstance(key, Listing) and key.kind == "set"):
            raise RequestError("expected", "only expressions, derivatives and gradients are judged line by line", advice="Check the answer alone.")
        return Question(key, letters=tuple(sorted(key.free)), point=point, conditions=conditions)
    typed = _form(derivative_of if derivative_of is not None else gradient_of, names)  # type: ignore[arg-type]
    if derivative_of is not None:
        derivations = differentiate(typed, wrt, order).chain
        key = derivations[-1].value
    else:
        derivations = gradient(typed, (wrt,) if isinstance(wrt, str) else wrt).partials
        key = Listing("tuple", tuple(one.value for one in derivations))
    function = derivations[0].function
    given = tuple(condition for one in derivations for condition in one.conditions)
    letters = tuple(sorted(function.free | {derivations[0].variable}))
    own = {"f", "y", "F"} - set(letters)
    match typed:
        case Relation((Apply(name, args, _), _), _):
            own |= {name}
            letters = tuple(arg.name for arg in args if isinstance(arg, Sym)) if len(args) == len(letters) else letters
        case Relation((Sym(name), _), _):
            own |= {name}
    return Question(key, function, derivations, frozenset(own), letters, point, tuple(dict.fromkeys((*given, *conditions))))


def _form(text: str | Form, names: frozenset[str]) -> Form:
    return read(text, variables=names) if isinstance(text, str) else text


class Names:
    """What names stand for while a working is read: the question's function, and what the learner defines."""

    def __init__(self, asked: Question) -> None:
        self.asked = asked
        self.bodies: dict[str, tuple[tuple[str, ...], Form]] = {}
        self.alone = set(asked.own)
        """Names that stand for a value without a bracket behind them, too."""
        self._derivatives: dict[tuple[Form, str, int], Form] = {}
        if asked.function is not None:
            free = set(_USUAL) - asked.function.free
            self.bodies = dict.fromkeys(sorted(free | asked.own), (asked.letters, asked.function))

    def define(self, name: str, letters: tuple[str, ...], body: Form) -> None:
        """From here on the name stands for this."""
        self.bodies[name] = (letters, body)
        self.alone.add(name)

    def value(self, form: Form) -> Form | None:
        """The form with every name and every written derivative replaced by its value; None where one is not known or too large."""
        try:
            found = rewritten(form, self._valued)
        except TutorError:
            return None
        return None if found.kinds & _UNKNOWN or found.size > LARGEST else found

    def derivative(self, body: Form, variable: str, order: int = 1) -> Form:
        """A derivative's value; each is worked out once."""
        key = body, variable, order
        if key not in self._derivatives:
            self._derivatives[key] = differentiate(body, variable, order).value
        return self._derivatives[key]

    def _valued(self, node: Form) -> Form:
        match node:
            case Deriv(body, variable, order, _) if not body.kinds & _UNKNOWN:
                return self.derivative(body, variable, order)
            case Apply(name, args, orders) if name in self.bodies:
                return self._applied(name, args, orders) or node
            case Sym(name) if name in self.alone and name in self.bodies:
                return self.bodies[name][1]
            case Sym(name) if (partial := _PARTIAL.fullmatch(name)) and self._is_partial(partial[1], partial[2]):
                body = self.bodies[partial[1]][1]
                for letter in partial[2]:
                    body = self.derivative(body, letter)
                return body
        return node

    def _is_partial(self, name: str, letters: str) -> bool:
        return name in self.asked.own and set(letters) <= set(self.asked.letters) and f"{name}_{letters}" not in self.asked.letters

    def letters(self, name: str, args: tuple[Form, ...]) -> tuple[str, ...] | None:
        """The letters for which the arguments stand; None where that is not clear. One argument alone is that of the letter that moves."""
        letters = self.bodies[name][0]
        if len(args) == len(letters) or (not args and len(letters) == 1):
            return letters
        return (self.asked.variable,) if len(args) <= 1 and self.asked.variable in letters else None

    def _applied(self, name: str, args: tuple[Form, ...], orders: tuple[int, ...]) -> Form | None:
        letters, body = self.letters(name, args), self.bodies[name][1]
        if letters is None:
            return None
        for letter, order in zip(letters, orders, strict=False):
            body = self.derivative(body, letter, order) if order else body
        return substitute(body, dict(zip(letters, args, strict=False))) if args else body


__all__ = ["Names", "Question", "question"]
