"""Generators of random values for tests by law.

`forms()` gives forms that the reader can produce, so that writing one and reading it back is a law.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from tutor.form.functions import FUNCTIONS
from tutor.form.tree import (
    Add,
    Apply,
    Call,
    Cases,
    Const,
    Deriv,
    Div,
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

LETTERS = ("x", "y", "t", "a", "b", "n", "d", "f", "p", "i", "l", "s", "T", "theta", "sigma", "Gamma", "phi")
NAMES = (*LETTERS, "w_1", "x_12", "w_max", "w_i", "alpha_1", "price", "rate")
UNARY = tuple(name for name, row in FUNCTIONS.items() if row.arity == 1 and row.most == 1 and name not in ("factorial", "gamma") and "_" not in name)

symbols = st.sampled_from(NAMES).map(Sym)
numbers: st.SearchStrategy[Form] = st.one_of(st.integers(0, 12).map(Num), st.builds(Num, st.integers(0, 999), st.integers(1, 3)))
leaves: st.SearchStrategy[Form] = st.one_of(symbols, symbols, numbers, st.sampled_from(("e", "pi", "i")).map(Const))


def _some(inner: st.SearchStrategy[Form], most: int = 4) -> st.SearchStrategy[tuple[Form, ...]]:
    return st.lists(inner, min_size=2, max_size=most).map(tuple)


def _pow(base: Form, exponent: Form) -> Form:
    """A power within the reader's limits: numbers are not raised to towers of numbers."""
    small = exponent.free or isinstance(exponent, Num) or (isinstance(exponent, Neg) and isinstance(exponent.operand, Num))
    return Pow(base if base.free or base.size == 1 else Sym("x"), exponent if small else Num(2))


def _log(argument: Form, base: Form) -> Form:
    return Call("ln", (argument,)) if base is Const("e") else Call("log", (argument, base))


@st.composite
def _inner(draw: st.DrawFn, inner: st.SearchStrategy[Form]) -> Form:
    """A node over smaller forms (composite, because a union of so many strategies has a repr of megabytes)."""

    def one() -> Form:
        return draw(inner)

    def some(most: int = 4) -> tuple[Form, ...]:
        return tuple(draw(st.lists(inner, min_size=2, max_size=most)))

    def pick(*choices: Any) -> Any:
        return draw(st.sampled_from(choices))

    def exponent() -> Form:
        return draw(st.one_of(leaves, inner, numbers.map(Neg)))

    makers: tuple[Callable[[], Form], ...] = (
        lambda: Add(some()),
        lambda: Mul(some()),
        lambda: Mul(tuple(draw(st.lists(leaves, min_size=2, max_size=5)))),
        lambda: Neg(one()),
        lambda: Div(one(), one()),
        lambda: _pow(one(), exponent()),
        lambda: Root(one(), draw(st.one_of(st.sampled_from((Num(2), Num(3), Num(4))), inner))),
        lambda: Call(pick(*UNARY, "sin", "cos", "ln", "abs", "abs", "sinh"), (one(),)),
        lambda: _log(one(), one()),
        lambda: Call(pick("max", "min"), some(3)),
        lambda: Call("factorial", (draw(symbols),)),
        lambda: Apply(pick("f", "g", "phi"), (one(),), (draw(st.integers(0, 5)),)),
        lambda: Apply("f", some(2), (draw(st.integers(0, 2)), draw(st.integers(0, 2)))),
        lambda: Deriv(one(), pick("x", "t", "a", "theta", "w_1"), draw(st.integers(1, 4)), draw(st.booleans())),
        lambda: Integral(one(), pick("x", "t", "a", "theta", "w_1"), one(), one()),
    )
    return pick(*makers)()


terms: st.SearchStrategy[Form] = st.recursive(leaves, _inner, max_leaves=12)
"""Forms that stand for a number."""


def relations() -> st.SearchStrategy[Relation]:
    """Equations and chains of inequalities."""
    sides = st.lists(terms, min_size=2, max_size=3)
    return sides.flatmap(
        lambda some: st.builds(
            Relation, st.just(tuple(some)), st.tuples(*[st.sampled_from(("=", "!=", "<", "<=", ">", ">="))] * (len(some) - 1))
        )
    )


def cases() -> st.SearchStrategy[Cases]:
    """Piecewise forms, with and without "otherwise"."""
    pair = st.lists(st.tuples(terms, relations()), min_size=1, max_size=2)
    return st.builds(
        lambda pairs, last: Cases((*(value for value, _ in pairs), *last), tuple(condition for _, condition in pairs)),
        pair, st.lists(terms, max_size=1),
    )  # fmt: skip


def listings() -> st.SearchStrategy[Form]:
    """Vectors, lists, sets, matrices and half-open intervals."""
    row = st.tuples(leaves, terms).map(lambda cells: Listing("list", cells))
    return st.one_of(
        st.builds(Listing, st.sampled_from(("tuple", "list", "set")), _some(terms, 3)),
        st.lists(row, min_size=1, max_size=3).map(lambda rows: Listing("matrix", tuple(rows))),
        st.builds(lambda lower, upper, left: Interval(lower, upper, left, not left), terms, terms, st.booleans()),
    )


def forms() -> st.SearchStrategy[Form]:
    """Forms that the reader can produce."""
    return st.one_of(terms, terms, terms, relations(), cases(), listings())
