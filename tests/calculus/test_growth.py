"""Work grows with what was typed: counted in characters and steps, not in seconds (seconds: benchmarks/growth.py)."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from tutor import differentiate
from tutor.calculus.audit import audit
from tutor.exposition.derivation import explanation
from tutor.form.tree import Add, Call, Div, Form, Mul, Num, Sym
from tutor.render.text import plain

X = Sym("x")


def product_of(n: int) -> Form:
    return Mul(tuple(Add((X, Num(k + 1))) for k in range(n)))


def nested(n: int) -> Form:
    form: Form = X
    for _ in range(n):
        form = Call("sin", (form,))
    return form


def continued_fraction(n: int) -> Form:
    form: Form = X
    for _ in range(n):
        form = Add((Num(1), Div(Num(1), form)))
    return form


def doubling(n: int) -> Form:
    form: Form = X
    for _ in range(n):
        form = Mul((form, Call("sin", (form,))))
    return form


@pytest.mark.parametrize("make", [product_of, nested, continued_fraction, doubling], ids=lambda make: make.__name__)
def test_text_and_steps_grow_linearly(make: Callable[[int], Form]) -> None:
    sizes = []
    for n in (80, 160):
        derivation = differentiate(make(n), "x")
        sizes.append((len(plain(explanation(derivation))), len(list(derivation.root.walk()))))
    for small, large in zip(*sizes, strict=True):
        assert math.log2(large / small) <= 1.15


def test_a_long_sum_does_not_exhaust_the_stack() -> None:
    derivation = differentiate(Add(tuple(Mul((Num(k), X)) for k in range(1, 5001))), "x")
    assert str(derivation.value) == str(5000 * 5001 // 2)


def test_a_deep_form_is_audited() -> None:
    assert audit(differentiate(nested(200), "x"), symbolic=False).failed == ()
