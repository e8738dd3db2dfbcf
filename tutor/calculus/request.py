"""What is asked for: which function, by which letters. Decided before any rule is thought of.

>>> from tutor.form.reading import read
>>> [str(part) for part in asked(read("P(p) = -20p^2 + 200p"))]
['-20*p^2 + 200*p', "('p',)"]
>>> [str(part) for part in asked(read("d/dx(x^2)"))]
['x^2', "('x',)"]
"""

from __future__ import annotations

from collections.abc import Sequence

from tutor.errors import RequestError
from tutor.form.reading import read
from tutor.form.tree import Apply, Deriv, Form, Interval, Listing, Relation, Sym
from tutor.form.walk import nodes

HIGHEST_ORDER = 12
_PLAIN_LETTERS = frozenset("abcdfghjklmnopqrstuvwxyzABCDEFGHJKLMNOPQRSTUVWXYZ")
"""Names that read as themselves."""


def asked(form: Form, variable: str | Sequence[str] | None = None, order: int = 1) -> tuple[Form, tuple[str, ...]]:
    """The function and the letters, one for each time that it is differentiated.

    A text that is a written derivative (d/dx x²) asks for that derivative when no letter is given.
    Raises `RequestError` where this is not clear or makes no sense.
    """
    if isinstance(form, Deriv) and variable is None:
        return body(form.body), variables(form.body, (form.variable,) * form.order * order, 1)
    function = body(form)
    return function, variables(function, variable, order)


def body(form: Form) -> Form:
    """The function itself: of `f(x) = x^2` or `y = x^2` the right side.

    Raises `RequestError` for what is no function: an equation, a list, an interval.
    """
    match form:
        case Relation((Apply(), right), ("=",)):
            return body(right)
        case Relation((Sym(name), right), ("=",)) if right.free and name not in right.free:
            return body(right)
        case Relation():
            raise RequestError("equation", "this is an equation or a relation, not a function", advice="Give one side, such as x^2 + y^2.")
        case Listing() | Interval():
            raise RequestError("several", "this is a list of expressions, not one function", advice="Differentiate one entry at a time.")
    if any(isinstance(node, Relation | Listing | Interval) for node in form.children):
        inner = next(node for node in nodes(form) if isinstance(node, Relation | Listing | Interval))
        if not (isinstance(inner, Relation) and type(form).__name__ == "Cases"):
            raise RequestError("several", f"{inner} stands inside the expression as if it were a number", advice="Give one function.")
    return form


def variables(form: Form, variable: str | Sequence[str] | None, order: int) -> tuple[str, ...]:
    """The variables to differentiate by, one a time. Raises `RequestError` when that is not clear."""
    if not 1 <= order <= HIGHEST_ORDER:
        raise RequestError("order", f"the order must be from 1 to {HIGHEST_ORDER}, not {order}")
    if variable is None:
        names = sorted(form.free)
        if len(names) > 1:
            raise RequestError(
                "variable", f"the expression has several letters: {', '.join(names)}",
                advice=f"Say which one moves, such as --wrt {'x' if 'x' in names else names[0]}.",
            )  # fmt: skip
        return (names[0] if names else "x",) * order
    if isinstance(variable, str):
        return (variable_name(variable),) * order
    if not 1 <= len(variable) <= HIGHEST_ORDER:
        raise RequestError("order", f"between 1 and {HIGHEST_ORDER} variables are needed, not {len(variable)}")
    return tuple(variable_name(name) for name in variable)


def variable_name(variable: str) -> str:
    """A variable's name as the reader keeps it (θ is theta). Raises `RequestError` for what is no letter."""
    if variable in _PLAIN_LETTERS:
        return variable
    form = read(variable, variables=(variable,))
    if not isinstance(form, Sym):
        raise RequestError("variable", f"{variable} is no variable", advice="Give a letter, such as x.")
    return form.name
