"""A generator of functions that learners meet: smooth on a large part of the line, of moderate size."""

from __future__ import annotations

from hypothesis import strategies as st

from tutor.form.tree import Add, Call, Div, E, Form, Mul, Neg, Num, Pow, Sym, sqrt

X = Sym("x")
_FUNCTIONS = ("sin", "cos", "tan", "atan", "tanh", "sinh", "cosh", "sigmoid", "softplus", "erf", "asinh")
leaves = st.one_of(st.just(X), st.just(X), st.integers(0, 9).map(Num), st.sampled_from([Sym("a"), E, Num(25, 1), Div(Num(1), Num(3))]))


def _branches(inner: st.SearchStrategy[Form]) -> st.SearchStrategy[Form]:
    square_plus_one = inner.map(lambda u: Add((Pow(u, Num(2)), Num(1))))
    return st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: Add(tuple(parts))),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: Mul(tuple(parts))),
        st.builds(lambda u, v: Add((u, Neg(v))), inner, inner),
        st.builds(Div, inner, square_plus_one),
        st.builds(Div, inner, st.integers(2, 9).map(Num)),
        st.builds(lambda u, n: Pow(u, Num(n)), inner, st.integers(2, 4)),
        st.builds(lambda name, u: Call(name, (u,)), st.sampled_from(_FUNCTIONS), inner),
        st.builds(lambda u: Pow(E, Call("sin", (u,))), inner),
        st.builds(lambda u: Call("ln", (u,)), square_plus_one),
        st.builds(sqrt, square_plus_one),
        st.builds(Pow, square_plus_one, inner.filter(lambda v: v.size < 8)),
    )


functions = st.recursive(leaves, _branches, max_leaves=7).filter(lambda form: "x" in form.free and form.size <= 60)
