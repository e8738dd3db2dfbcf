"""What the names in a learner's lines stand for.

f′(x), dy/dx, ∂f/∂x and d/dx (x²) are names of values that are known: `Names.value` puts those values in their place, and so does
it with what the learner has defined (u = 3x, then u′). What stays unknown has no value, and nothing is said about it.

>>> from tutor import read
>>> from tutor.grading.asked import Asked
>>> from tutor.grading.question import question
>>> names = Names(question(Asked(derivative_of="sin(x^2)")))
>>> names.define("u", ("x",), read("x^2"))
>>> str(names.value(read("cos(u)*u'(x)", functions=["u"]))), str(names.value(read("f'(x)")))
('cos(x^2)*(2*x)', '2*x*cos(x^2)')
>>> names.value(read("v'(x)")) is None
True
"""

from __future__ import annotations

import re

from tutor.calculus.differentiate import differentiate
from tutor.errors import TutorError
from tutor.form.tree import Apply, Deriv, Div, Form, Sym
from tutor.form.walk import kinds_of, rewritten, substitute
from tutor.grading.question import Question

_USUAL = ("f", "y", "F", "g", "h")
"""What the function of a question is called where nothing else is said; the first three name nothing else."""
LARGEST = 20_000
"""Values with more nodes, from definitions put into definitions, are not worked with."""
_UNKNOWN = kinds_of(Apply) | kinds_of(Deriv)
_PARTIAL = re.compile(r"([^\W\d_])_([^\W\d_]+)")


class Names:
    """What names stand for while a working is read: the question's function, and what the learner defines."""

    def __init__(self, asked: Question) -> None:
        self.asked = asked
        self.own = set(asked.names)
        """Names that mean the question's function."""
        self.defined: set[str] = set()
        """Names that the learner has given to something."""
        self.bodies: dict[str, tuple[tuple[str, ...], Form]] = {}
        self.alone = set(asked.names)
        """Names that stand for a value without a bracket behind them, too."""
        self._derivatives: dict[tuple[Form, str, int], Form] = {}
        if asked.function is not None:
            free = set(_USUAL) - asked.function.free
            self.bodies = dict.fromkeys(sorted(free | asked.names), (asked.letters, asked.function))

    def define(self, name: str, letters: tuple[str, ...], body: Form) -> None:
        """From here on the name stands for this."""
        self.bodies[name] = (letters, body)
        self.alone.add(name)
        self.defined.add(name)
        self.own.discard(name)

    def value(self, form: Form) -> Form | None:
        """The form with every name and every written derivative replaced by its value; None where one is not known or too large."""
        try:
            found = rewritten(rewritten(form, self._along_parts) if self.defined else form, self._valued)
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
                return self._along(body, variable, order) if self.is_inner(variable) else self.derivative(body, variable, order)
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
        return name in self.own and set(letters) <= set(self.asked.letters) and f"{name}_{letters}" not in self.asked.letters

    def letters(self, name: str, args: tuple[Form, ...]) -> tuple[str, ...] | None:
        """The letters for which the arguments stand; None where that is not clear. One argument alone is that of the letter that moves."""
        letters = self.bodies[name][0]
        if len(args) == len(letters) or (not args and len(letters) == 1):
            return letters
        return (self.asked.variable,) if len(args) <= 1 and self.asked.variable in letters else None

    def is_inner(self, name: str) -> bool:
        """Whether this is a letter that the learner has put in the place of a part: u in dy/du."""
        return name in self.defined and name not in self.asked.letters and len(self.asked.letters) == 1

    def inner(self, args: tuple[Form, ...]) -> str | None:
        """The letter of a part that stands alone in the bracket: u in y(u)."""
        return args[0].name if len(args) == 1 and isinstance(args[0], Sym) and self.is_inner(args[0].name) else None

    def _along(self, body: Form, name: str, order: int) -> Form:
        """The derivative with respect to a part: dy/du is dy/dx over du/dx."""
        slope = self.derivative(self.bodies[name][1], self.asked.variable)
        for _ in range(order):
            body = Div(self.derivative(body, self.asked.variable), slope)
        return body

    def _along_parts(self, node: Form) -> Form:
        """y(u), y'(u) by their values; the rest as it is."""
        if isinstance(node, Apply) and node.name in self.bodies and (inner := self.inner(node.args)) is not None and node.name != inner:
            return self._along(self.bodies[node.name][1], inner, node.orders[0])
        return node

    def _applied(self, name: str, args: tuple[Form, ...], orders: tuple[int, ...]) -> Form | None:
        letters, body = self.letters(name, args), self.bodies[name][1]
        if letters is None:
            return None
        for letter, order in zip(letters, orders, strict=False):
            body = self.derivative(body, letter, order) if order else body
        return substitute(body, dict(zip(letters, args, strict=False))) if args else body


__all__ = ["Names"]
