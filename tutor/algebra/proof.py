"""Exact proofs of equality through SymPy, within a budget of expression size.

A difference is zero when one of a fixed list of exact transformations reduces it to 0. Each is
sound: a result of 0 is a proof; anything else proves nothing. No step is tried on an expression that
is large enough to be slow. SymPy is imported here, when this module first is.

>>> from tutor import read
>>> derivative_proved(read("tan(x)"), "x", read("1/cos(x)^2"))
True
>>> equality_proved(read("sin(x)"), read("x"))
False
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import sympy

from tutor.algebra.lower import NotLifted, lower, symbol, unknown_derivative
from tutor.form.numerals import rational
from tutor.form.tree import Call, Form, Mul, Num, Relation, Sym

_LONG = 400
"""Operations beyond which only the cheapest transformations are tried."""


_FAILURES = (TypeError, ValueError, NotImplementedError, RecursionError, AttributeError, ZeroDivisionError)


def derivative_proved(function: Form, variable: str, value: Form, conditions: Iterable[Form] = ()) -> bool:
    """Whether SymPy's derivative of the function is provably the value where the conditions hold."""
    try:
        return _vanishes(sympy.diff(lower(function), symbol(variable)) - lower(value), conditions)
    except _FAILURES:
        return False


def equality_proved(left: Form, right: Form, conditions: Iterable[Form] = ()) -> bool:
    """Whether the two sides are provably equal where the conditions hold."""
    try:
        return _vanishes(lower(left) - lower(right), conditions)
    except _FAILURES:
        return False


def _vanishes(difference: Any, conditions: Iterable[Form]) -> bool:
    """Whether a difference is 0 everywhere, or at least in every part of the domain that the conditions leave."""
    difference = _named(difference)
    if zero(difference):
        return True
    if difference.count_ops() > _LONG:
        return False
    wanted = tuple(conditions)
    cases = _parts_of_domain(wanted)
    if not cases and any(isinstance(condition, Relation) and ">" in condition.operators for condition in wanted):
        cases = [{}]
    return bool(cases) and all(zero(sympy.expand_log(difference.xreplace(case), force=True).doit()) for case in cases)


def _named(expression: Any) -> Any:
    """Each derivative of an unknown function as a function of its own, so that two ways to write f′(x²) are one."""
    if not expression.has(sympy.Subs, sympy.Derivative):
        return expression

    def name(node: Any) -> Any:
        try:
            function, orders, args = unknown_derivative(node)
        except NotLifted:
            return node
        return sympy.Function(f"{function}^{orders}")(*args)

    return expression.replace(lambda node: isinstance(node, sympy.Subs), name).replace(lambda node: isinstance(node, sympy.Derivative), name)


def _parts_of_domain(conditions: Iterable[Form]) -> list[dict[Any, Any]]:
    """The domain as substitutions by positive letters: x > 1 is x = 1 + p, |x| > 1 is x = 1 + p and x = −1 − p.

    Expanding ln(u·v) by force afterwards is sound exactly where every factor is positive, which the
    conditions of the law of logarithms state.
    """
    cases: list[dict[Any, Any]] = [{}]
    for condition in conditions:
        if not isinstance(condition, Relation) or len(condition.operators) != 1:
            continue
        left, right = condition.operands
        sign, bound = condition.operators[0], rational(right)
        if bound is None or sign not in (">", "<", "!="):
            continue
        shift = sympy.Rational(bound.numerator, bound.denominator)
        match left:
            case Sym(name):
                cases = _split(cases, symbol(name), sympy.Integer(1), shift, sign)
            case Call("abs", (Sym(name),)) if sign == ">" and bound >= 0:
                cases = _split(cases, symbol(name), sympy.Integer(1), shift, "abs")
            case Call("abs", (Mul((Num() as scale, Sym(name))),)) if sign == ">" and bound >= 0:
                cases = _split(cases, symbol(name), lower(scale), shift, "abs")
    return cases if cases != [{}] else []


def _split(cases: list[dict[Any, Any]], letter: Any, scale: Any, bound: Any, sign: str) -> list[dict[Any, Any]]:
    step = sympy.Dummy(letter.name, positive=True)
    places = {
        ">": [bound + step], "<": [bound - step], "!=": [bound + step, bound - step],
        "abs": [(bound + step) / scale, (-bound - step) / scale],
    }[sign]  # fmt: skip
    return [{**case, letter: place} for case in cases if letter not in case for place in places] or cases


def zero(expression: Any) -> bool:
    """Whether an expression is provably 0."""
    if expression == 0:
        return True
    if expression.has(sympy.nan, sympy.zoo, sympy.oo):
        return False
    for transform in _TRANSFORMS:
        size = expression.count_ops()
        if size > _LONG:
            return False
        reduced = transform(expression)
        if reduced == 0:
            return True
    return False


def _numerator(expression: Any) -> Any:
    top, _ = sympy.together(expression).as_numer_denom()
    return sympy.expand(top) if _bounded_powers(top) else top


def _bounded_powers(expression: Any) -> bool:
    """Whether expanding cannot explode: no high power of a sum."""
    return all(not (power.exp.is_Integer and abs(power.exp) > 12 and power.base.is_Add) for power in expression.atoms(sympy.Pow))


def _expanded(expression: Any) -> Any:
    return sympy.expand(expression) if _bounded_powers(expression) else expression


def _in_sines(expression: Any) -> Any:
    """Everything trigonometric in sine and cosine, hyperbolic in exponentials."""
    changed = expression.rewrite((sympy.tan, sympy.cot, sympy.sec, sympy.csc), sympy.cos)
    if expression.has(sympy.tan, sympy.cot, sympy.sec, sympy.csc):
        changed = expression.replace(sympy.tan, lambda u: sympy.sin(u) / sympy.cos(u)).replace(sympy.cot, lambda u: sympy.cos(u) / sympy.sin(u))
        changed = changed.replace(sympy.sec, lambda u: 1 / sympy.cos(u)).replace(sympy.csc, lambda u: 1 / sympy.sin(u))
    if expression.has(sympy.sinh, sympy.cosh, sympy.tanh, sympy.coth, sympy.sech, sympy.csch):
        changed = changed.rewrite(sympy.exp)
    top = _numerator(changed)
    return sympy.expand(top.subs({sine**2: 1 - sympy.cos(sine.args[0]) ** 2 for sine in top.atoms(sympy.sin)})) if top != 0 else top


def _without_signs(expression: Any) -> Any:
    """sign(u) as u/|u|, |u|² as u² for real u, the unit step by the sign."""
    if not expression.has(sympy.sign, sympy.Abs, sympy.Heaviside):
        return expression
    expression = expression.replace(sympy.Heaviside, lambda u, *_: (1 + sympy.sign(u)) / 2)
    return _numerator(expression.replace(sympy.sign, lambda u: u / sympy.Abs(u)))


def _by_powers(expression: Any) -> Any:
    return sympy.expand(sympy.powsimp(sympy.powdenest(_numerator(expression), force=False), force=False))


def _simplified(expression: Any) -> Any:
    return sympy.simplify(expression) if expression.count_ops() <= 60 else expression


_TRANSFORMS: tuple[Callable[[Any], Any], ...] = (_expanded, _numerator, _without_signs, _in_sines, _by_powers, _simplified)
