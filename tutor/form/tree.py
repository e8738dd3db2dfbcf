"""What is written: a frozen tree that keeps the shape in which a person typed it.

SymPy rewrites `(2x)^3` to `8x^3` and `x/x` to `1` while it builds them. A tutor has to hold the
unsimplified line, so every line that is shown is a `Form`. Nothing here knows what a sine is: the
names of functions are looked up in `tutor.form.functions`.

Equal trees are one object (hash consing, Ershov 1958), so `is` and `==` mean the same thing, a
dictionary keyed by forms costs as much as one keyed by integers, and a sub-expression that occurs
ten times is differentiated once. The table holds its entries weakly: a form that nobody uses is
gone. Depth is not bounded by Python's stack: walk trees with `tutor.form.walk`.

>>> x = Sym("x")
>>> Add((x, Num(1))) is Add((x, Num(1)))
True
>>> Pow(Mul((Num(2), x)), Num(3)).size
5
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from threading import RLock
from typing import Any, ClassVar, NoReturn, TypeVar
from weakref import ref

HUGE = 10**9
"""Sizes saturate here: a shared tree can stand for more nodes than can be counted cheaply."""

_EMPTY: frozenset[str] = frozenset()
T = TypeVar("T")
F = TypeVar("F", bound="Form")


class Form:
    """A node of written mathematics; see the subclasses. Immutable, compared by identity.

    `children` are the sub-forms in written order, `size` the number of nodes written out in full,
    `depth` the longest path downwards, `kinds` which classes occur in it (the bits of `kinds_of`), `free` the names of the variables that it depends on.
    """

    __slots__ = ("__weakref__", "children", "depth", "free", "kinds", "size")
    bit: ClassVar[int] = 0
    setters: ClassVar[tuple[Callable[[Form, Any], None], ...]] = ()
    children: tuple[Form, ...]
    kinds: int
    size: int
    depth: int
    free: frozenset[str]

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a form is immutable: cannot set {name!r}")

    __delattr__ = __setattr__  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"read({str(self)!r})"

    def __str__(self) -> str:
        from tutor.form.notation.calculator import CALCULATOR
        from tutor.form.write import write

        return write(self, CALCULATOR)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), tuple(getattr(self, name) for name in type(self).__match_args__)  # type: ignore[attr-defined]

    def __copy__(self) -> Form:
        return self

    def __deepcopy__(self, memo: object) -> Form:
        return self

    def rebuild(self, children: tuple[Form, ...]) -> Form:
        """The same node over other children (as many as before).

        >>> str(Add((Sym("x"), Num(1))).rebuild((Sym("y"), Num(2))))
        'y + 2'
        """
        return self

    def evaluate(self, **values: float) -> float:
        """The value at a point, as a float; `nan` where the form is undefined over the reals.

        >>> from tutor import read
        >>> read("x^2/4").evaluate(x=2.0)
        1.0

        Raises `RequestError` when a variable has no value.
        """
        from tutor.form.evaluate import evaluate

        return evaluate(self, values)

    def sympy(self) -> Any:
        """The SymPy expression that it means (SymPy is imported now, if it was not).

        >>> from tutor import read
        >>> read("(2x)^3").sympy()
        8*x**3
        """
        from importlib import import_module

        return import_module("tutor.algebra.lower").lower(self)

    def _repr_latex_(self) -> str:
        from tutor.form.notation.latex import LATEX
        from tutor.form.write import write

        return f"$\\displaystyle {write(self, LATEX)}$"


class _Entry(ref[Form]):
    """A form in the table, with its key, so that it can be taken out when nobody uses it any more."""

    __slots__ = ("key",)
    key: tuple[Any, ...]


_table: dict[tuple[Any, ...], _Entry] = {}
_lock = RLock()
"""Held while an entry is replaced or removed; re-entrant, since a form can die inside. Looking up and adding are atomic."""


def _forget(entry: ref[Form]) -> None:
    with _lock:
        if _table.get(entry.key) is entry:  # type: ignore[attr-defined]
            del _table[entry.key]


_put_children, _put_size, _put_depth, _put_free, _put_kinds = (
    Form.__dict__[name].__set__ for name in ("children", "size", "depth", "free", "kinds")
)


def _node(cls: type[F], values: tuple[Any, ...], children: tuple[Form, ...], free: frozenset[str] | None = None) -> F:
    """The one node of this class with these values."""
    key = (cls, values)
    entry = _table.get(key)
    if entry is not None:
        found = entry()
        if found is not None:
            return found  # type: ignore[return-value]
    size, depth, names, kinds = 1, 0, _EMPTY, cls.bit
    for child in children:
        size += child.size
        kinds |= child.kinds
        below, own = child.depth, child.free
        depth = below if below > depth else depth
        if own and own is not names:
            names = names | own if names else own
    node = object.__new__(cls)
    _put_children(node, children)
    _put_size(node, size if size < HUGE else HUGE)
    _put_depth(node, depth + 1)
    _put_kinds(node, kinds)
    _put_free(node, names if free is None else free)
    for put, value in zip(cls.setters, values):  # noqa: B905 (as many as the class has fields; strict costs a tenth)
        put(node, value)
    made = _Entry(node, _forget)
    made.key = key
    if _table.setdefault(key, made) is made:
        return node
    with _lock:  # another thread was quicker, or an entry has just died
        entry = _table.get(key)
        found = entry() if entry is not None else None
        if found is not None:
            return found  # type: ignore[return-value]
        _table[key] = made
    return node


class Num(Form):
    """A non-negative number as typed: `digits / 10^places`, so that 0.50 stays 0.50."""

    __slots__ = __match_args__ = ("digits", "places")
    digits: int
    places: int

    def __new__(cls, digits: int, places: int = 0) -> Num:
        return _node(cls, (digits, places), ())

    @property
    def value(self) -> Fraction:
        """The exact value."""
        return Fraction(self.digits, 10**self.places)


class Sym(Form):
    """A variable. Subscripts follow an underscore: `w_1`."""

    __slots__ = __match_args__ = ("name",)
    name: str

    def __new__(cls, name: str) -> Sym:
        return _node(cls, (name,), (), frozenset((name,)))


class Const(Form):
    """A named constant: `pi`, `e`, `i`, `infinity`."""

    __slots__ = __match_args__ = ("name",)
    name: str

    def __new__(cls, name: str) -> Const:
        return _node(cls, (name,), ())


class Add(Form):
    """A sum of two or more terms in typed order; a minus is a `Neg` term."""

    __slots__ = __match_args__ = ("terms",)
    terms: tuple[Form, ...]

    def __new__(cls, terms: tuple[Form, ...]) -> Add:
        return _node(cls, (terms,), terms)

    def rebuild(self, children: tuple[Form, ...]) -> Form:
        return Add(children)


class Mul(Form):
    """A product of two or more factors in typed order."""

    __slots__ = __match_args__ = ("factors",)
    factors: tuple[Form, ...]

    def __new__(cls, factors: tuple[Form, ...]) -> Mul:
        return _node(cls, (factors,), factors)

    def rebuild(self, children: tuple[Form, ...]) -> Form:
        return Mul(children)


class Neg(Form):
    """The opposite of its operand."""

    __slots__ = __match_args__ = ("operand",)
    operand: Form

    def __new__(cls, operand: Form) -> Neg:
        return _node(cls, (operand,), (operand,))

    def rebuild(self, children: tuple[Form, ...]) -> Form:
        return Neg(*children)


class Div(Form):
    """A fraction or a typed division."""

    __slots__ = __match_args__ = ("numerator", "denominator")
    numerator: Form
    denominator: Form

    def __new__(cls, numerator: Form, denominator: Form) -> Div:
        return _node(cls, (numerator, denominator), (numerator, denominator))

    def rebuild(self, children: tuple[Form, ...]) -> Form:
        return Div(*children)


class Pow(Form):
    """A power; with an exponent that is no integer the base must be positive."""

    __slots__ = __match_args__ = ("base", "exponent")
    base: Form
    exponent: Form

    def __new__(cls, base: Form, exponent: Form) -> Pow:
        return _node(cls, (base, exponent), (base, exponent))

    def rebuild(self, children: tuple[Form, ...]) -> Form:
        return Pow(*children)


class Root(Form):
    """The real root: an odd root exists for every real radicand, an even one for those >= 0."""

    __slots__ = __match_args__ = ("radicand", "index")
    radicand: Form
    index: Form

    def __new__(cls, radicand: Form, index: Form) -> Root:
        children = (radicand, index)
        return _node(cls, children, children)

    def rebuild(self, children: tuple[Form, ...]) -> Form:
        return Root(*children)


class Call(Form):
    """A known function (a row of `tutor.form.functions`) at its arguments."""

    __slots__ = __match_args__ = ("name", "args")
    name: str
    args: tuple[Form, ...]

    def __new__(cls, name: str, args: tuple[Form, ...]) -> Call:
        return _node(cls, (name, args), args)

    def rebuild(self, children: tuple[Form, ...]) -> Form:
        return Call(self.name, children)


class Apply(Form):
    """An unknown function at its arguments, differentiated `orders[i]` times in the i-th.

    Without arguments it is the function by its name alone, as people write y' for the derivative of y.
    """

    __slots__ = __match_args__ = ("name", "args", "orders")
    name: str
    args: tuple[Form, ...]
    orders: tuple[int, ...]

    def __new__(cls, name: str, args: tuple[Form, ...], orders: tuple[int, ...]) -> Apply:
        return _node(cls, (name, args, orders), args)

    def rebuild(self, children: tuple[Form, ...]) -> Form:
        return Apply(self.name, children, self.orders)


class Deriv(Form):
    """A derivative that is written, not yet worked out: (x^2)' or, when `partial`, d/dx of it."""

    __slots__ = __match_args__ = ("body", "variable", "order", "partial")
    body: Form
    variable: str
    order: int
    partial: bool

    def __new__(cls, body: Form, variable: str, order: int = 1, partial: bool = False) -> Deriv:
        return _node(cls, (body, variable, order, partial), (body,))

    def rebuild(self, children: tuple[Form, ...]) -> Form:
        return Deriv(children[0], self.variable, self.order, self.partial)


class Integral(Form):
    """A definite integral; `variable` is bound inside `body` and free in the limits."""

    __slots__ = __match_args__ = ("body", "variable", "lower", "upper")
    body: Form
    variable: str
    lower: Form
    upper: Form

    def __new__(cls, body: Form, variable: str, lower: Form, upper: Form) -> Integral:
        free = (body.free - {variable}) | lower.free | upper.free
        return _node(cls, (body, variable, lower, upper), (body, lower, upper), free)

    def rebuild(self, children: tuple[Form, ...]) -> Form:
        body, lower, upper = children
        return Integral(body, self.variable, lower, upper)


class Cases(Form):
    """A piecewise form: the value whose condition holds first; a last value without one is "otherwise"."""

    __slots__ = __match_args__ = ("values", "conditions")
    values: tuple[Form, ...]
    conditions: tuple[Form, ...]

    def __new__(cls, values: tuple[Form, ...], conditions: tuple[Form, ...]) -> Cases:
        return _node(cls, (values, conditions), values + conditions)

    def rebuild(self, children: tuple[Form, ...]) -> Form:
        n = len(self.values)
        return Cases(children[:n], children[n:])


class Relation(Form):
    """An equation or a chain of inequalities; operators are `= != < <= > >=`, and of lines that are only written, `~` (about) and `<-` (becomes)."""

    __slots__ = __match_args__ = ("operands", "operators")
    operands: tuple[Form, ...]
    operators: tuple[str, ...]

    def __new__(cls, operands: tuple[Form, ...], operators: tuple[str, ...]) -> Relation:
        return _node(cls, (operands, operators), operands)

    def rebuild(self, children: tuple[Form, ...]) -> Form:
        return Relation(children, self.operators)


class Listing(Form):
    """Several forms in brackets: kind `tuple` (a, b), `list` [a, b], `set` {a, b}, `matrix` (of lists)."""

    __slots__ = __match_args__ = ("kind", "items")
    kind: str
    items: tuple[Form, ...]

    def __new__(cls, kind: str, items: tuple[Form, ...]) -> Listing:
        return _node(cls, (kind, items), items)

    def rebuild(self, children: tuple[Form, ...]) -> Form:
        return Listing(self.kind, children)


class Interval(Form):
    """An interval; an open end is written with a round bracket."""

    __slots__ = __match_args__ = ("lower", "upper", "left_open", "right_open")
    lower: Form
    upper: Form
    left_open: bool
    right_open: bool

    def __new__(cls, lower: Form, upper: Form, left_open: bool, right_open: bool) -> Interval:
        return _node(cls, (lower, upper, left_open, right_open), (lower, upper))

    def rebuild(self, children: tuple[Form, ...]) -> Form:
        return Interval(children[0], children[1], self.left_open, self.right_open)


_KINDS: tuple[type[Form], ...] = (
    Num, Sym, Const, Add, Mul, Neg, Div, Pow, Root, Call, Apply, Deriv, Integral, Cases, Relation, Listing, Interval,
)  # fmt: skip
for _place, _kind in enumerate(_KINDS):
    _kind.bit = 1 << _place
    _kind.setters = tuple(_kind.__dict__[_name].__set__ for _name in _kind.__match_args__)  # type: ignore[attr-defined]

ZERO, ONE, TWO = Num(0), Num(1), Num(2)
_KEPT = tuple(kind for k in range(100) for kind in (Num(k), Neg(Num(k))))
"""Small numbers are wanted so often that they are never let go."""
E, PI = Const("e"), Const("pi")


def sqrt(radicand: Form) -> Root:
    """The square root."""
    return Root(radicand, TWO)


def total(terms: Iterable[Form]) -> Form:
    """The sum of any number of terms: 0 of none, the term itself of one."""
    some = tuple(terms)
    return Add(some) if len(some) > 1 else some[0] if some else ZERO


def product(factors: Iterable[Form]) -> Form:
    """The product of any number of factors: 1 of none, the factor itself of one."""
    some = tuple(factors)
    return Mul(some) if len(some) > 1 else some[0] if some else ONE
