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

import math
from collections.abc import Callable, Iterable
from typing import Any

import sympy

from tutor.algebra.lower import NotLifted, lower, symbol, unknown_derivative
from tutor.algebra.places import integer_condition
from tutor.form.numerals import rational
from tutor.form.tree import Call, Form, Mul, Num, Relation, Sym

_LONG = 400
"""Operations beyond which nothing is tried."""
_LONG_BY_PARTS = 150
"""Operations beyond which the domain is not looked at part by part."""
_MOST_TERMS = 300
"""No expression is multiplied out to more terms."""


_FAILURES = (TypeError, ValueError, NotImplementedError, RecursionError, AttributeError, ZeroDivisionError)


def derivative_proved(function: Form, variable: str, value: Form, conditions: Iterable[Form] = ()) -> bool:
    """Whether SymPy's derivative of the function is provably the value where the conditions hold."""
    try:
        return _vanishes(sympy.diff(_real(function), symbol(variable)) - _real(value), conditions)
    except _FAILURES:
        return False


def equality_proved(left: Form, right: Form, conditions: Iterable[Form] = ()) -> bool:
    """Whether the two sides are provably equal where the conditions hold."""
    try:
        return _vanishes(_real(left) - _real(right), conditions)
    except _FAILURES:
        return False


def _real(form: Form) -> Any:
    """The meaning on the real line: |u| is √(u²) where SymPy does not know u to be real, instead of a complex modulus."""
    expression = lower(form)
    if not expression.has(sympy.Abs, sympy.sign):
        return expression
    return expression.replace(_is_open_modulus, lambda node: sympy.sqrt(node.args[0] ** 2) if node.func is sympy.Abs else node.args[0] / sympy.sqrt(node.args[0] ** 2))


def _is_open_modulus(node: Any) -> bool:
    return isinstance(node, sympy.Abs | sympy.sign) and node.args[0].is_extended_real is not True


def _vanishes(difference: Any, conditions: Iterable[Form]) -> bool:
    """Whether a difference is 0 everywhere, or at least in every part of the domain that the conditions leave."""
    difference, wanted = _named(difference), tuple(conditions)
    if zero(difference) or zero(difference.xreplace(_integers(wanted))):
        return True
    if difference.count_ops() > _LONG_BY_PARTS:
        return False
    cases = _parts_of_domain(wanted)
    if not cases and any(isinstance(condition, Relation) and ">" in condition.operators for condition in wanted):
        cases = [{}]
    return bool(cases) and all(zero(sympy.expand_log(difference.xreplace(case), force=True).doit()) for case in cases)


def _integers(conditions: Iterable[Form]) -> dict[Any, Any]:
    """The letters that are integers, as such: n = floor(n)."""
    names = [name for condition in conditions for name in condition.free if condition is integer_condition(name)]
    return {symbol(name): sympy.Symbol(name, integer=True) for name in names}


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
    size = expression.count_ops()
    return any(size <= most and transform(expression) == 0 for transform, most in _TRANSFORMS)


def _numerator(expression: Any) -> Any:
    top, _ = sympy.together(expression).as_numer_denom()
    return _expanded(top)


def _terms(expression: Any) -> int:
    """How many terms an expression has when it is multiplied out, counted up to a little more than `_MOST_TERMS`."""
    if expression.is_Add:
        count = sum(_terms(part) for part in expression.args)
    elif expression.is_Mul:
        count = math.prod(_terms(part) for part in expression.args)
    elif expression.is_Pow and expression.exp.is_Integer and expression.exp > 0:
        count = _terms(expression.base) ** min(int(expression.exp), 40)
    else:
        count = max((_terms(part) for part in expression.args), default=1)
    return min(count, _MOST_TERMS + 1)


def _expanded(expression: Any) -> Any:
    return sympy.expand(expression) if _terms(expression) <= _MOST_TERMS else expression


def _in_sines(expression: Any) -> Any:
    """Everything trigonometric in sine and cosine, hyperbolic in exponentials."""
    changed = expression.rewrite((sympy.tan, sympy.cot, sympy.sec, sympy.csc), sympy.cos)
    if expression.has(sympy.tan, sympy.cot, sympy.sec, sympy.csc):
        changed = expression.replace(sympy.tan, lambda u: sympy.sin(u) / sympy.cos(u)).replace(sympy.cot, lambda u: sympy.cos(u) / sympy.sin(u))
        changed = changed.replace(sympy.sec, lambda u: 1 / sympy.cos(u)).replace(sympy.csc, lambda u: 1 / sympy.sin(u))
    if expression.has(sympy.sinh, sympy.cosh, sympy.tanh, sympy.coth, sympy.sech, sympy.csch):
        changed = changed.rewrite(sympy.exp)
    top = _numerator(changed)
    return _expanded(top.replace(_is_power_of_sine, _by_cosines))


def _is_power_of_sine(node: Any) -> bool:
    return isinstance(node, sympy.Pow) and isinstance(node.base, sympy.sin) and node.exp.is_Integer and node.exp >= 2


def _by_cosines(node: Any) -> Any:
    """sin³u = sin u · (1 − cos²u)."""
    half, odd = divmod(int(node.exp), 2)
    return node.base**odd * (1 - sympy.cos(node.base.args[0]) ** 2) ** half


def _radicands_factored(expression: Any) -> Any:
    """√(p² + 2p) as √p·√(p + 2), which SymPy does for positive letters once the radicand is a product."""

    def is_root(node: Any) -> bool:
        return isinstance(node, sympy.Pow) and node.exp.is_Rational and not node.exp.is_Integer and node.base.is_Add

    def factored(node: Any) -> Any:
        small = node.base.count_ops() <= 25 and node.base.is_polynomial(*node.base.free_symbols)
        return sympy.factor(node.base) ** node.exp if small else node

    return _numerator(expression.replace(is_root, factored))


def _without_signs(expression: Any) -> Any:
    """sign(u) as u/|u|, |u|² as u² for real u, the unit step by the sign."""
    if not expression.has(sympy.sign, sympy.Abs, sympy.Heaviside):
        return expression
    expression = expression.replace(sympy.Heaviside, lambda u, *_: (1 + sympy.sign(u)) / 2)
    return _numerator(expression.replace(sympy.sign, lambda u: u / sympy.Abs(u)))


def _by_powers(expression: Any) -> Any:
    return sympy.expand(sympy.powsimp(sympy.powdenest(_numerator(expression), force=False), force=False))


def _angles_opened(expression: Any) -> Any:
    """sin(x + h) by the addition theorems, everything in sine and cosine."""
    if not expression.has(sympy.sin, sympy.cos, sympy.tan):
        return expression
    changed = expression.replace(sympy.tan, lambda u: sympy.sin(u) / sympy.cos(u))
    return _expanded(_numerator(sympy.expand_trig(changed)).replace(_is_power_of_sine, _by_cosines))


_TRANSFORMS: tuple[tuple[Callable[[Any], Any], int], ...] = (
    (_expanded, _LONG), (_numerator, _LONG), (_without_signs, _LONG), (_in_sines, 160), (_radicands_factored, 80), (_by_powers, 160),
    (_angles_opened, 80),
)  # fmt: skip
"""What is tried, cheapest first, each up to a number of operations at which it is still quick.

SymPy's `simplify` is not among them: it can take half a minute over an expression of thirty operations.
"""
