"""Between what is written and what SymPy means: `lower` (Form to Expr) and `lift` (Expr to Form).

SymPy is imported here, when this module first is. Lowering goes through constructors, never
through text; letters become real symbols, so that SymPy reasons over the real line.

>>> from tutor import read
>>> lower(read("(2x)^3"))
8*x**3
>>> str(lift(lower(read("sin(x)/x"))))
'sin(x)/x'
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy

from tutor.algebra.monomial import fraction_form
from tutor.form.functions import CONSTANTS, FUNCTIONS
from tutor.form.numerals import number
from tutor.form.reading import read
from tutor.form.tree import (
    ONE,
    Add,
    Apply,
    Call,
    Cases,
    Const,
    Deriv,
    Div,
    E,
    Form,
    Integral,
    Interval,
    Listing,
    Mul,
    Neg,
    Num,
    Pow,
    Relation,
    Root,
    Sym,
)
from tutor.form.walk import fold

_RELATIONS = {"=": sympy.Eq, "!=": sympy.Ne, "<": sympy.Lt, "<=": sympy.Le, ">": sympy.Gt, ">=": sympy.Ge}
_OPERATORS = {kind: sign for sign, kind in _RELATIONS.items()}
LARGEST = 3_000
"""Forms with more nodes than this are not handed to SymPy."""


class NotLifted(Exception):
    """A SymPy expression that has no written form here."""


def lower(form: Form) -> sympy.Basic:
    """The SymPy expression that a form means.

    Numbers are exact (0.1 is 1/10), letters are real symbols, an odd root is the real root.
    """
    return fold(form, _lowered)


def _lowered(node: Form, parts: tuple[Any, ...]) -> Any:  # noqa: PLR0911 (one branch a node)
    match node:
        case Num():
            return sympy.Rational(node.value.numerator, node.value.denominator)
        case Sym(name):
            return symbol(name)
        case Const(name):
            return getattr(sympy, CONSTANTS[name].sympy)
        case Add():
            return sympy.Add(*parts)
        case Mul():
            return sympy.Mul(*parts)
        case Neg():
            return -parts[0]
        case Div():
            return parts[0] / parts[1]
        case Pow():
            return sympy.Pow(*parts)
        case Root():
            return sympy.real_root(*parts) if parts[0].is_negative else parts[0] ** (1 / parts[1])
        case Call(name, _):
            return _function(name, parts)
        case Apply(name, _, orders):
            return _applied(name, parts, orders)
        case Deriv(_, variable, order, _):
            return sympy.Derivative(parts[0], (symbol(variable), order))
        case Integral(_, variable, _, _):
            return sympy.Integral(parts[0], (symbol(variable), parts[1], parts[2]))
        case Cases(values, _):
            n = len(values)
            conditions = [*parts[n:], *([True] if len(parts) - n < n else [])]
            return sympy.Piecewise(*zip(parts[:n], conditions, strict=True))
        case Relation(_, operators):
            return sympy.And(*(_RELATIONS[sign](parts[k], parts[k + 1]) for k, sign in enumerate(operators)))
        case Listing("set", _):
            return sympy.FiniteSet(*parts)
        case Listing("matrix", _):
            return sympy.Matrix([list(row) for row in parts])
        case Listing():
            return sympy.Tuple(*parts)
        case Interval():
            return sympy.Interval(parts[0], parts[1], node.left_open, node.right_open)
    raise TypeError(f"no meaning for {type(node).__name__}")


def symbol(name: str) -> sympy.Symbol:
    """The real symbol of a letter."""
    return sympy.Symbol(name, real=True)


def _function(name: str, args: tuple[Any, ...]) -> Any:
    row = FUNCTIONS[name]
    if row.sympy:
        return getattr(sympy, row.sympy)(*args)
    letters: dict[Any, Any] = dict(zip((symbol("u"), symbol("v")), args, strict=False))
    return lower(read(row.definition)).xreplace(letters)


def _applied(name: str, args: tuple[Any, ...], orders: tuple[int, ...]) -> Any:
    function = sympy.Function(name, real=True)
    slots = [sympy.Dummy(f"s{k}", real=True) for k in range(len(args))]
    value = function(*slots)
    for slot, order in zip(slots, orders, strict=True):
        if order:
            value = sympy.Derivative(value, (slot, order))
    if not any(orders):
        return function(*args)
    return sympy.Subs(value, slots, args).doit()


def sympy_derivative(form: Form, variable: str) -> Form | None:
    """SymPy's own derivative, written as a form; None where it has none that can be written."""
    if form.size > LARGEST:
        return None
    try:
        return lift(sympy.diff(lower(form), symbol(variable)))
    except (NotLifted, TypeError, ValueError, NotImplementedError, RecursionError):
        return None


# -- lifting -----------------------------------------------------------------------------------------

_BY_CLASS = {getattr(sympy, row.sympy): row.name for row in FUNCTIONS.values() if row.sympy and row.name != "log"}


def lift(expression: Any) -> Form:
    """A form that means the same as a SymPy expression. Raises `NotLifted`."""
    done: dict[Any, Form] = {}
    stack = [expression]
    while stack:
        node = stack[-1]
        waiting = [arg for arg in _parts(node) if arg not in done]
        if waiting:
            stack.extend(waiting)
            continue
        stack.pop()
        done[node] = _lifted(node, [done[arg] for arg in _parts(node)], done)
    return done[expression]


def _parts(node: Any) -> tuple[Any, ...]:
    if isinstance(node, sympy.Rational | sympy.Symbol | sympy.Subs | sympy.Derivative | sympy.logic.boolalg.BooleanAtom | sympy.Tuple):
        return ()
    if isinstance(node, sympy.Piecewise):
        return tuple(part for pair in node.args for part in pair.args)
    if isinstance(node, sympy.Integral):
        return (node.function, *node.limits[0][1:])
    return tuple(node.args)


def _lifted(node: Any, parts: list[Form], done: dict[Any, Form]) -> Form:  # noqa: PLR0911 (one branch a node)
    if isinstance(node, sympy.Rational):
        return number(int(node.p)) if node.q == 1 else _fraction(node)
    for constant in CONSTANTS.values():
        if node == getattr(sympy, constant.sympy):
            return Const(constant.name)
    if isinstance(node, sympy.Symbol):
        return Sym(node.name)
    if isinstance(node, sympy.Add):
        return Add(tuple(parts))
    if isinstance(node, sympy.Mul):
        return _lifted_product(node, done)
    if isinstance(node, sympy.Pow):
        return _lifted_power(node, parts)
    if isinstance(node, sympy.exp):
        return Pow(E, parts[0])
    if isinstance(node, sympy.Rel):
        return Relation(tuple(parts), (_OPERATORS[type(node)],))
    if isinstance(node, sympy.logic.boolalg.BooleanAtom):
        return Sym("□")
    if isinstance(node, sympy.Piecewise):
        open_end = node.args[-1].cond == True  # noqa: E712 (SymPy's own truth)
        return Cases(tuple(parts[0::2]), tuple(parts[1::2][: -1 if open_end else None]))
    if isinstance(node, sympy.Integral):
        return Integral(parts[0], node.limits[0][0].name, parts[1], parts[2])
    if isinstance(node, sympy.Derivative | sympy.Subs):
        return _lifted_derivative(node)
    if type(node) in _BY_CLASS:
        row = FUNCTIONS[_BY_CLASS[type(node)]]
        if len(parts) < row.arity or (row.most is not None and len(parts) > row.most):
            raise NotLifted(f"{row.name} of {len(parts)} arguments")  # another branch of Lambert's W, say
        return Call(row.name, tuple(parts))
    if isinstance(node, sympy.core.function.AppliedUndef):
        return Apply(node.func.__name__, tuple(parts), (0,) * len(parts))
    raise NotLifted(type(node).__name__)


def _fraction(node: Any) -> Form:
    top = Div(Num(abs(int(node.p))), Num(int(node.q)))
    return Neg(top) if node.p < 0 else top


def _lifted_product(node: Any, done: dict[Any, Form]) -> Form:
    coefficient, rest = node.as_coeff_Mul()
    if not isinstance(coefficient, sympy.Rational):
        coefficient, rest = sympy.Integer(1), node
    above: list[Form] = []
    below: list[Form] = []
    for factor in sympy.Mul.make_args(rest):
        base, power = factor.as_base_exp()
        if power.is_Rational and power < 0:
            below.append(lift(base**-power))
        else:
            above.append(done.get(factor) or lift(factor))
    return fraction_form(Fraction(int(coefficient.p), int(coefficient.q)), False, above, below)


def _lifted_power(node: Any, parts: list[Form]) -> Form:
    base, power = node.args
    if power.is_Rational and power.q == 2 and power.p == 1:
        return Root(parts[0], Num(2))
    if power.is_Rational and power < 0:
        return Div(ONE, lift(base**-power))
    return Pow(parts[0], parts[1])


def _lifted_derivative(node: Any) -> Form:
    name, orders, args = unknown_derivative(node)
    return Apply(name, tuple(lift(arg) for arg in args), orders)


def unknown_derivative(node: Any) -> tuple[str, tuple[int, ...], tuple[Any, ...]]:
    """Name, orders and arguments of f′(g(x)) as SymPy writes it: a Subs of a Derivative, or plain f′(x).

    Raises `NotLifted` for the derivative of anything else.
    """
    inner = node.expr if isinstance(node, sympy.Subs) else node
    replaced = dict(zip(node.variables, node.point, strict=True)) if isinstance(node, sympy.Subs) else {}
    if not isinstance(inner, sympy.Derivative) or not isinstance(inner.expr, sympy.core.function.AppliedUndef):
        raise NotLifted(type(node).__name__)
    counts = dict(inner.variable_count)
    args = inner.expr.args
    if any(letter not in args for letter in counts):
        raise NotLifted("Derivative")
    orders = tuple(int(counts.get(arg, 0)) for arg in args)
    return inner.expr.func.__name__, orders, tuple(replaced.get(arg, arg) for arg in args)



def simplest(form: Form) -> Form | None:
    """A number without letters as SymPy evaluates it (sin(pi/6) is 1/2); None where it cannot be written."""
    try:
        return lift(sympy.radsimp(lower(form)) if form.size < 40 else lower(form))
    except (NotLifted, TypeError, ValueError, NotImplementedError, RecursionError):
        return None
