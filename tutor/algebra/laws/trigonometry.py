"""Laws of the trigonometric and hyperbolic functions: Pythagoras, and the quotients that have names.

>>> from tutor import read
>>> str(pythagoras(read("sin(x)^2 + cos(x)^2"))), str(quotients(read("sin(x)/cos(x)")))
('1', 'tan(x)')
"""

from __future__ import annotations

from tutor.algebra.laws import LARGE
from tutor.algebra.monomial import Exponent, Monomial, monomial
from tutor.form.tree import ZERO, Add, Call, Div, Form, Mul, total

_SQUARES = (("sin", "cos", 1, 1), ("cosh", "sinh", 1, -1), ("sec", "tan", 1, -1), ("csc", "cot", 1, -1))
"""a² ± b² = 1: Pythagoras for the circle and for the hyperbola."""


_COMPLEMENTS = {
    "sin": (-1, "cos", -1), "cos": (-1, "sin", -1), "sec": (-1, "tan", 1), "csc": (-1, "cot", 1), "cosh": (-1, "sinh", 1),
    "tan": (1, "sec", 1), "cot": (1, "csc", 1), "sinh": (1, "cosh", 1),
}  # fmt: skip
"""f: (s, g, r) says f² + s = r·g²."""


def pythagoras(node: Form) -> Form:
    """sin² + cos² = 1, cosh² − sinh² = 1, sec² − tan² = 1, csc² − cot² = 1; 1 − sin² = cos², 1 + tan² = sec² and their relatives.

    >>> from tutor import read
    >>> str(pythagoras(read("x*sin(x)^2 + x*cos(x)^2 + 1")))
    'x + 1'
    >>> str(pythagoras(read("cos(x)^2 - sin(x)^2*cos(x)^2")))
    'cos(x)^4'
    """
    if not isinstance(node, Add) or node.size > LARGE:
        return node
    monos = [monomial(term) for term in node.terms]
    for i, first in enumerate(monos):
        for j, second in enumerate(monos):
            if i == j:
                continue
            joined = _joined_squares(first, second)
            if joined is not None:
                rest = [joined.form() if k == i else term for k, term in enumerate(node.terms) if k != j]
                return total(part for part in rest if part is not ZERO)
    return node


def _joined_squares(first: Monomial, second: Monomial) -> Monomial | None:
    for base, power in first.powers.items():
        if power != 2 or not isinstance(base, Call):
            continue
        for one, other, sign, other_sign in _SQUARES:
            partner = Call(other, base.args)
            same_size = first.coefficient * other_sign == second.coefficient * sign
            if base.name == one and same_size and second.powers.get(partner) == 2:
                left = {key: value for key, value in first.powers.items() if key is not base}
                if left == {key: value for key, value in second.powers.items() if key is not partner}:
                    return Monomial(first.coefficient, first.decimal, left)
        if base.name in _COMPLEMENTS:
            shift, other, result = _COMPLEMENTS[base.name]
            left = {key: value for key, value in first.powers.items() if key is not base}
            partner = Call(other, base.args)
            before = left.get(partner, 0)  # cos² − sin²cos² is cos⁴: the partner may be a factor already
            if second.powers == left and second.coefficient == shift * first.coefficient and not isinstance(before, Form):
                return Monomial(result * first.coefficient, first.decimal, {**left, partner: before + 2})
    return None


_QUOTIENTS = {("sin", "cos"): "tan", ("cos", "sin"): "cot", ("sinh", "cosh"): "tanh", ("cosh", "sinh"): "coth"}


_RECIPROCALS = {"cos": "sec", "sin": "csc", "cosh": "sech", "sinh": "csch", "tan": "cot", "cot": "tan", "sec": "cos", "csc": "sin", "sech": "cosh", "csch": "sinh"}


def quotients(node: Form) -> Form:
    """sin/cos = tan, cos·sec = 1 and their relatives, where a product gets shorter by them.

    >>> from tutor import read
    >>> str(quotients(read("2*sin(x)/cos(x)"))), str(quotients(read("cos(x)*tan(x)")))
    ('2*tan(x)', 'sin(x)')
    """
    if not isinstance(node, Mul | Div) or node.size > LARGE:
        return node
    mono = monomial(node)
    calls = [base for base, power in mono.powers.items() if isinstance(base, Call) and len(base.args) == 1 and not isinstance(power, Form)]
    for one in calls:
        for other in calls:
            joined = _joined_quotient(mono.powers, one, other)
            if joined is not None:
                form = Monomial(mono.coefficient, mono.decimal, joined).form()
                if form.size < node.size:
                    return form
    return node


def _joined_quotient(all_powers: dict[Form, Exponent], one: Call, other: Call) -> dict[Form, Exponent] | None:
    if one.args != other.args or one is other:
        return None
    p, q = all_powers[one], all_powers[other]
    assert not isinstance(p, Form)
    assert not isinstance(q, Form)
    left = {base: power for base, power in all_powers.items() if base is not one and base is not other}
    if (one.name, other.name) in _QUOTIENTS and p > 0 and q == -p:
        made = Call(_QUOTIENTS[one.name, other.name], one.args)
        return {**left, made: p + (left.pop(made, 0))}  # type: ignore[operator]
    if _RECIPROCALS.get(one.name) == other.name and p == q and p > 0:
        return left
    for (top, bottom), quotient in _QUOTIENTS.items():
        if (one.name, other.name) == (quotient, bottom) and p == q and p > 0:
            made = Call(top, one.args)
            return {**left, made: p + (left.pop(made, 0))}  # type: ignore[operator]
    return None
