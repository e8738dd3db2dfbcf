"""What the function and its derivatives are called: f(x), y, ∂f/∂x.

>>> from tutor.form.reading import read
>>> str(equation(Name("f", ("x",)), 1, read("2x")))
"f'(x) = 2*x"
"""

from __future__ import annotations

from dataclasses import dataclass

from tutor.form.tree import Apply, Deriv, Form, Relation, Sym
from tutor.form.walk import nodes


@dataclass(frozen=True, slots=True)
class Name:
    """What the function is called and of which letters it is a function.

    `partial`: its derivatives are written ∂f/∂x; `plain`: the name stands alone (y = x²).
    """

    name: str
    letters: tuple[str, ...]
    partial: bool = False
    plain: bool = False

    def written(self) -> Form:
        """f(x), f(x, y), or y."""
        if self.plain or not self.letters:
            return Sym(self.name)
        return Apply(self.name, tuple(map(Sym, self.letters)), (0,) * len(self.letters))

    def derivative(self, variables: tuple[str, ...]) -> Form:
        """f′(x), f″(x), ∂f/∂x, with respect to one letter after the other."""
        if not self.partial and len(set(variables)) == 1 and self.letters == variables[:1]:
            return Apply(self.name, () if self.plain else (Sym(self.letters[0]),), (len(variables),))
        form: Form = Sym(self.name)
        for variable in dict.fromkeys(variables):
            form = Deriv(form, variable, variables.count(variable), self.partial)
        return form


def named(typed: Form, function: Form, variable: str) -> Name:
    """The name that was typed (P(p) = …, y = …), or f, of all letters of the function."""
    letters = tuple(sorted(function.free | {variable}, key=lambda letter: (letter.lower(), letter)))
    partial = len(letters) > 1
    match typed:
        case Relation((Apply(name, args, _), _), ("=",)) if all(isinstance(arg, Sym) for arg in args):
            return Name(name, tuple(arg.name for arg in args if isinstance(arg, Sym)) if len(args) == len(letters) else letters, partial)
        case Relation((Sym(name), _), ("=",)):
            return Name(name, letters, partial, plain=True)
    free = next(letter for letter in ("f", "g", "h", "F", "G", "H", "y") if letter not in function.free and not _applies(function, letter))
    return Name(free, letters, partial)


def title(typed: Form, function: Form, variable: str) -> Relation:
    """f(x) = …, as a heading."""
    return equation(named(typed, function, variable), 0, function)


def _applies(form: Form, name: str) -> bool:
    return any(isinstance(node, Apply) and node.name == name for node in nodes(form))


def equation(name: Name, order: int, value: Form, variables: tuple[str, ...] = ()) -> Relation:
    """f(x) = …, f′(x) = …, ∂f/∂x = …"""
    left = name.written() if not order else name.derivative(variables or (name.letters[0],) * order)
    return Relation((left, value), ("=",))
