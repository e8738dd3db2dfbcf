"""Questions with right answers in other forms and with wrong ones, from many sources.

Right by law on the whole line: terms and factors in another order, laws read from right to left, equal functions, SymPy's factor and
expand, decimals for fractions, other notations. Wrong: the buggy variants of the rules, a number, a sign or a function that is another one,
a term or a factor too much or too few, near misses (1/2004! for 1/2006!, |u| for u).
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice

from tutor.calculus.differentiate import Derivation, differentiate
from tutor.form.notation.latex import LATEX
from tutor.form.tree import ONE, TWO, Add, Call, Div, E, Form, Mul, Neg, Num, Pow, Root, Sym, sqrt
from tutor.form.walk import nodes, rewritten
from tutor.form.write import write
from tutor.grading import mistakes
from tutor.grading.kinds.base import Kind
from tutor.grading.kinds.expression import Expression

try:
    from tutor.grading.candidates import candidates
except ImportError:
    candidates = mistakes.candidates

X = Sym("x")
_FUNCTIONS = ("sin", "cos", "tanh", "atan", "sigmoid", "asinh", "sinh")
_LARGEST, _LONGEST = 60, 400


@dataclass(frozen=True, slots=True)
class Answer:
    """A text with the form that it means, whether it is right, and how it was made."""

    text: str
    form: Form
    what: str
    how: str


def question(rng: random.Random) -> tuple[Form, Derivation, Kind]:
    """A function that is smooth on the whole line, differentiated."""
    while True:
        form = function(rng, rng.randint(1, 3))
        if "x" in form.free and form.size <= _LARGEST:
            derivation = differentiate(form, "x")
            if derivation.value.size <= 3 * _LARGEST:
                return derivation.value, derivation, Expression(derivation.value, derivation.conditions, derivation)


def function(rng: random.Random, depth: int) -> Form:
    """A function of x that is smooth on the whole line."""
    if depth == 0 or rng.random() < 0.15:
        number = rng.choice([Num(rng.randint(1, 9)), Div(Num(rng.randint(1, 9)), Num(rng.choice([2, 4, 5, 8])))])
        return rng.choice([X, X, number, Pow(X, Num(rng.randint(2, 5))), Mul((Num(rng.randint(2, 9)), X))])
    u, v = function(rng, depth - 1), function(rng, depth - 1)
    square = Add((Pow(v, TWO), ONE))
    return rng.choice([
        Add((u, v)), Mul((u, v)), Add((u, Neg(v))), Call(rng.choice(_FUNCTIONS), (u,)), Pow(E, Call("sin", (u,))), Call("ln", (square,)),
        Div(u, square), Pow(u, Num(rng.randint(2, 3))), sqrt(square),
    ])  # fmt: skip


# -- right -------------------------------------------------------------------------------------------


def by_law(rng: random.Random, form: Form) -> Form:
    """The same value in another form: a law that holds wherever the form has a value."""
    one, circle = Add((Pow(X, TWO), ONE)), Add((Pow(Call("sin", (X,)), TWO), Pow(Call("cos", (X,)), TWO)))
    cube, hyperbolic = Root(Pow(form, Num(3)), Num(3)), Add((Pow(Call("cosh", (X,)), TWO), Neg(Pow(Call("sinh", (X,)), TWO))))
    return rng.choice([
        Add((form, ONE, Neg(ONE))), Mul((TWO, Div(form, TWO))), Div(Mul((form, one)), one), Mul((form, circle)), Mul((form, Pow(E, X), Pow(E, Neg(X)))),
        Neg(Neg(form)), Add((Mul((Div(form, Num(3)), TWO)), Div(form, Num(3)))), Div(form, circle), Mul((form, hyperbolic)), Add((form, X, Neg(X))), cube,
        Div(Neg(form), Neg(ONE)), Add((Mul((form, X)), Neg(Mul((Add((X, Neg(ONE))), form))))),
    ])  # fmt: skip


def inside(rng: random.Random, form: Form) -> Form:
    """The same value with one part written in another way."""
    parts = [node for node in nodes(form) if equivalents(node)]
    if not parts:
        return form
    part = rng.choice(parts)
    new = rng.choice(equivalents(part))
    return rewritten(form, lambda node: new if node is part else node)


def equivalents(node: Form) -> list[Form]:
    """A node in other words: equal functions, powers as roots, products in another order, fractions as decimals."""
    half = Fraction(1, 2)
    match node:
        case Add(parts) | Mul(parts):
            return [node.rebuild(parts[::-1]), node.rebuild((*parts[1:], parts[0]))]
        case Div(Num() as top, Num() as bottom) if _finite(top.value / bottom.value if bottom.value else Fraction(1, 3)):
            return [_decimal(top.value / bottom.value)]
        case Div(top, bottom):
            return [Mul((top, Pow(bottom, Neg(ONE)))), Mul((top, Div(ONE, bottom)))]
        case Neg(inner):
            return [Mul((Neg(ONE), inner))]
        case Call("sin", (u,)):
            return [Mul((TWO, Call("sin", (Div(u, TWO),)), Call("cos", (Div(u, TWO),)))), Neg(Call("sin", (Neg(u),)))]
        case Call("cos", (u,)):
            return [Add((ONE, Neg(Mul((TWO, Pow(Call("sin", (Div(u, TWO),)), TWO)))))), Call("cos", (Neg(u),))]
        case Call("tanh", (u,)):
            return [Div(Call("sinh", (u,)), Call("cosh", (u,)))]
        case Call("asinh", (u,)):
            return [Call("ln", (Add((u, sqrt(Add((Pow(u, TWO), ONE))))),))]
        case Call("sinh", (u,)):
            return [Div(Add((Pow(E, u), Neg(Pow(E, Neg(u))))), TWO)]
        case Call("cosh", (u,)):
            return [Div(Add((Pow(E, u), Pow(E, Neg(u)))), TWO)]
        case Call("sigmoid", (u,)):
            return [Div(ONE, Add((ONE, Pow(E, Neg(u))))), Div(Add((ONE, Call("tanh", (Div(u, TWO),)))), TWO)]
        case Root(u, Num(2, 0)):
            return [Pow(u, Div(ONE, TWO)), Pow(u, _decimal(half))]
        case Pow(u, Num(2, 0)):
            return [Mul((u, u))]
        case Pow(u, Num(n, 0)) if n > 2:
            return [Mul((u, Pow(u, Num(n - 1))))]
    return []


def _finite(value: Fraction) -> bool:
    return value.denominator in (2, 4, 5, 8, 10, 16, 20, 25, 40)


def _decimal(value: Fraction) -> Form:
    places = next(k for k in range(8) if (value * 10**k).denominator == 1)
    return Num(int(value * 10**places), places)


def by_sympy(rng: random.Random, form: Form) -> Iterator[Form]:
    """What SymPy's factor and expand make of a small form; nothing where it fails or goes beyond our words."""
    if form.size > 30:
        return
    from sympy import expand, factor, together

    from tutor.algebra.lower import lift

    try:
        yield lift(rng.choice([expand, factor, together])(form.sympy()))
    except Exception:  # noqa: BLE001 (a helper's failure makes no answer)
        return


def spelled(rng: random.Random, form: Form) -> tuple[str, str]:
    """The form in one of the notations that people type."""
    plain = str(form)
    way = rng.choice(["calculator", "calculator", "python", "unicode", "latex", "blanks"])
    if way == "python":
        return plain.replace("^", "**"), way
    if way == "latex":
        return write(form, LATEX), way
    if way == "unicode":
        squares = re.sub(r"\^([2-9])(?![\d.^])", lambda match: "²³⁴⁵⁶⁷⁸⁹"[int(match[1]) - 2], plain)
        return squares.replace("*", "·").replace("sqrt(", "√(").replace("-", "−"), way
    if way == "blanks":
        return plain.replace("*", " * ").replace("(", "( "), way
    return plain, way


def right(rng: random.Random, derivation: Derivation) -> Iterator[tuple[Form, str]]:
    """Right answers in many forms."""
    lines = [derivation.root.after, derivation.value, *(line.after for line in derivation.also)]
    yield from ((line, "line") for line in lines)
    for line in lines:
        yield from ((by_law(rng, line), "law") for _ in range(2))
        yield from ((inside(rng, line), "inside") for _ in range(3))
    yield from ((inside(rng, by_law(rng, inside(rng, derivation.value))), "both") for _ in range(4))
    if rng.random() < 0.2:
        yield from ((form, "sympy") for form in by_sympy(rng, derivation.value))


# -- wrong -------------------------------------------------------------------------------------------


def perturbed(rng: random.Random, form: Form) -> Form:
    """The form with one thing in it that is another one."""
    parts = [node for node in nodes(form) if changed(node)]
    if not parts:
        return Add((form, ONE))
    part = rng.choice(parts)
    new = rng.choice(changed(part))
    return rewritten(form, lambda node: new if node is part else node)


def changed(node: Form) -> list[Form]:
    """What stands in the place of a node in a wrong answer."""
    match node:
        case Num(digits, places):
            return [Num(digits + 1, places), *([Num(digits - 1, places)] if digits > 1 else [])]
        case Neg(inner):
            return [inner]
        case Add(terms):
            return [node.rebuild((Neg(terms[0]), *terms[1:])), *([Add(terms[1:])] if len(terms) > 2 else [terms[0]])]
        case Mul(factors):
            return [Mul(factors[1:]) if len(factors) > 2 else factors[0], Call("abs", (node,))]
        case Call(name, (u,)):
            others = {"sin": "cos", "cos": "sin", "sinh": "cosh", "cosh": "sinh", "tanh": "atan", "atan": "tanh"}
            return [u, *([Call(others[name], (u,))] if name in others else [])]
        case Pow(u, Num(n, 0)) if n > 1:
            return [Pow(u, Num(n + 1)), Mul((Num(n), u))]
        case Root(u, _):
            return [u]
    return []


def near(rng: random.Random, form: Form) -> Form:
    """Off by very little, or only on a part of the line."""
    tiny = [Div(ONE, Call("factorial", (Num(rng.randint(12, 2006)),))), Pow(Num(10), Neg(Num(rng.randint(6, 40)))), Div(X, Num(10 ** rng.randint(6, 15)))]
    return rng.choice([
        Add((form, rng.choice(tiny))), Mul((form, Add((ONE, rng.choice(tiny))))), Call("abs", (form,)), sqrt(Pow(form, TWO)),
        Mul((form, Div(Call("abs", (X,)), X))), Add((form, Div(ONE, Num(rng.randint(2, 10**6))))),
    ])  # fmt: skip


def wrong(rng: random.Random, derivation: Derivation) -> Iterator[tuple[Form, str]]:
    """Answers that are off by little or much, and those of typical mistakes."""
    lines = [derivation.value, *(line.after for line in derivation.also)]
    yield from ((inside(rng, perturbed(rng, rng.choice(lines))), "perturbed") for _ in range(7))
    yield from ((near(rng, inside(rng, rng.choice(lines))), "near") for _ in range(5))
    yield Neg(derivation.value), "sign"
    yield from ((candidate.value, "mistake") for candidate in islice(candidates(derivation), 8))


def answers(rng: random.Random, derivation: Derivation) -> Iterator[Answer]:
    """Right and wrong answers to a question, as texts."""
    for what, made in (("right", right(rng, derivation)), ("wrong", wrong(rng, derivation))):
        for form, how in made:
            text, notation = spelled(rng, form)
            if len(text) <= _LONGEST and form.free <= {"x"}:
                yield Answer(text, form, what, f"{how}, {notation}")


__all__ = ["Answer", "answers", "function", "question"]
