"""An expression whose letters all have a shape, and with it every expression over these letters.

>>> from tutor import read
>>> letters = (Letter("A", "matrix", ("m", "n")), Letter("x", "vector", ("n", "1")))
>>> Typed(read("A*x"), letters).shape(read("x^T*A^T"))
('1', 'm')
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tutor.calculus.matrices.letters import IDENTITY, SCALAR, TRANSPOSE, UNIT, Letter, Shape
from tutor.form.tree import Add, Apply, Call, Div, Form, Mul, Neg, Pow, Sym
from tutor.form.walk import fold


@dataclass(frozen=True)
class Typed:
    """An expression whose letters all have a shape.

    `letters` are in the order of writing. `names` are letters for parts (p for softmax(z)).
    """

    form: Form
    letters: tuple[Letter, ...]
    symmetric: frozenset[str] = frozenset()
    names: Mapping[Form, Sym] = field(default_factory=dict)
    _shapes: dict[Form, Shape] = field(default_factory=dict, repr=False, compare=False)

    def letter(self, name: str) -> Letter:
        """The letter of this name."""
        return next(letter for letter in self.letters if letter.name == name)

    @property
    def sizes(self) -> tuple[str, ...]:
        """The sizes that occur, in order: m, n."""
        return tuple(dict.fromkeys(size for letter in self.letters for size in letter.shape if size != UNIT))

    def shape(self, form: Form) -> Shape:
        """Rows and columns of an expression over these letters."""
        found = self._shapes.get(form)
        if found is None:
            found = self._shapes[form] = self._shape(form)
        return found

    def _shape(self, form: Form) -> Shape:
        known = {letter.name: letter.shape for letter in self.letters}
        known.update({name.name: shape_over(part, known) for part, name in self.names.items()})
        return shape_over(form, known)

    def is_number(self, form: Form) -> bool:
        """Whether an expression is a number."""
        return self.shape(form) == SCALAR


def shape_over(form: Form, letters: Mapping[str, Shape]) -> Shape:
    """Rows and columns of an expression that is known to fit."""

    def visit(node: Form, parts: tuple[Shape, ...]) -> Shape:
        match node:
            case Sym(name):
                return letters.get(name, ("?", "?") if node is IDENTITY else SCALAR)
            case Add():
                return next((part for part in parts if "?" not in part), parts[0])
            case Mul():
                wide = [part for part in parts if part != SCALAR]
                return (wide[0][0], wide[-1][1]) if wide else SCALAR
            case Pow(_, exponent):
                return parts[0][::-1] if exponent is TRANSPOSE else SCALAR
            case Apply("diag", _):
                return parts[0][0], parts[0][0]
            case Neg() | Div() | Call("sign", _) | Apply("softmax" | "differential", _):
                return parts[0]
        return SCALAR

    return fold(form, visit)
