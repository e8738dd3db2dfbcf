"""The sign of a form wherever its letters may be: what makes a function convex everywhere, or never zero.

Shape decides squares, exponentials and sums of such; a polynomial in one letter is decided by its real roots; what
stays below 1 in size is outweighed by a larger number (2 + cos x). Everything else is open. All of this is
proof: `tutor.calculus.worked` takes it as one. A form is looked at where it is defined.

>>> from tutor import read
>>> span(read("12x^2 - 24x + 12")), span(read("e^x*(x^2 + x + 1)")), span(read("1/x"), [read("x > 0")]), span(read("x*y"))
((0, 1), (1, 1), (1, 1), (-1, 1))
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from tutor.algebra.laws.sums import expanded
from tutor.calculus.optima.polynomial import coefficients, never_changes_sign
from tutor.form.numerals import integer, rational
from tutor.form.tree import ZERO, Add, Call, Const, Div, Form, Mul, Neg, Num, Pow, Relation, Root, Sym
from tutor.form.walk import fold

Span = tuple[int, int]
"""The least and the greatest sign that a form can have: (0, 1) is never negative."""
ANY: Span = (-1, 1)
_ALWAYS_POSITIVE = frozenset(("cosh", "sigmoid", "softplus", "sech"))
_SIGN_OF_ARGUMENT = frozenset(("sinh", "tanh", "atan", "asinh", "asin", "atanh", "erf", "sign"))
_NOT_ABOVE_ONE = frozenset(("sin", "cos", "tanh", "sigmoid", "erf", "sech"))
_STRICTLY_BELOW_ONE = frozenset(("tanh", "sigmoid", "erf"))
_LARGEST = 400
Bounds = dict[str, tuple[Fraction | None, bool, Fraction | None, bool]]
"""Where a letter lies: from, whether that end is open, to, whether that end is open."""


def span(form: Form, conditions: Iterable[Form] = ()) -> Span:
    """The signs that a form can have where it is defined and the conditions hold."""
    bounds = bounds_of(conditions)
    found = _span(form, bounds)
    if found == ANY and isinstance(form, Add | Mul) and form.size <= _LARGEST:
        flat = expanded(form)
        found = ANY if flat is None or flat is form else _span(flat, bounds)
    return found


def holds_everywhere(relation: Relation, conditions: Iterable[Form] = ()) -> bool:
    """Whether a comparison with 0 is true by the signs alone.

    >>> from tutor import read
    >>> holds_everywhere(read("x^2 - x + 1 > 0")), holds_everywhere(read("x >= 0"))
    (True, False)
    """
    if len(relation.operators) != 1 or relation.operands[1] is not ZERO:
        return False
    low, high = span(relation.operands[0], conditions)
    return {">": low > 0, ">=": low >= 0, "<": high < 0, "<=": high <= 0, "!=": low > 0 or high < 0, "=": low == high == 0}[relation.operators[0]]


def bounds_of(conditions: Iterable[Form]) -> Bounds:
    """What the conditions say of single letters: x > 0, −1 < x < 1."""
    found: Bounds = {}
    for condition in conditions:
        match condition:
            case Relation((Sym(name), right), (sign,)) if sign != "!=" and (value := rational(right)) is not None:
                _narrow(found, name, sign, value)
            case Relation((left, Sym(name), right), (first, second)) if first[0] == second[0] == "<":
                for sign, end in ((first.replace("<", ">"), left), (second, right)):
                    if (value := rational(end)) is not None:
                        _narrow(found, name, sign, value)
    return found


def _narrow(found: Bounds, name: str, sign: str, value: Fraction) -> None:
    low, low_open, high, high_open = found.get(name, (None, True, None, True))
    if sign[0] == ">" and (low is None or value >= low):
        low, low_open = value, sign == ">"
    if sign[0] == "<" and (high is None or value <= high):
        high, high_open = value, sign == "<"
    found[name] = (low, low_open, high, high_open)


def _span(form: Form, bounds: Bounds) -> Span:
    return fold(form, lambda node, parts: _visited(node, parts, bounds))


def _visited(node: Form, parts: tuple[Span, ...], bounds: Bounds) -> Span:
    found = _by_shape(node, parts, bounds)
    if found[0] < found[1] and isinstance(node, Add | Mul | Pow | Neg | Div) and len(node.free) == 1:
        found = _meet(found, _by_roots(node, bounds))
    return found


def _meet(one: Span, other: Span) -> Span:
    return max(one[0], other[0]), min(one[1], other[1])


def _by_roots(node: Form, bounds: Bounds) -> Span:
    (letter,) = node.free
    values = coefficients(node, letter)
    if values is None:
        return ANY
    low, low_open, high, high_open = bounds.get(letter, (None, True, None, True))
    sign, touches = never_changes_sign(values, low, high)
    for end, is_open in ((low, low_open), (high, high_open)):
        touches = touches or (end is not None and not is_open)
    if not sign:
        return ANY
    return (0 if touches else 1, 1) if sign > 0 else (-1, 0 if touches else -1)


def _by_shape(node: Form, parts: tuple[Span, ...], bounds: Bounds) -> Span:  # noqa: PLR0911 (one branch a node)
    match node:
        case Num(digits, _):
            return (1, 1) if digits else (0, 0)
        case Const("e" | "pi"):
            return 1, 1
        case Sym(name) if name in bounds:
            return _of_letter(*bounds[name])
        case Neg():
            return -parts[0][1], -parts[0][0]
        case Add():
            return _meet(_of_sum(parts), _outweighed(node))
        case Mul():
            return _times(parts)
        case Div():
            return _times((parts[0], _not_zero(parts[1])))
        case Pow(Call("sec" | "csc", _), exponent) if (whole := integer(exponent)) is not None and not whole % 2:
            return 1, 1
        case Pow(_, exponent):
            return _of_power(parts[0], exponent)
        case Root(_, index) if (order := integer(index)) is not None and order % 2:
            return parts[0]
        case Root():
            return (1, 1) if parts[0] == (1, 1) else (0, 1)
        case Call(name, _):
            return _of_call(name, parts[0])
    return ANY


def _of_letter(low: Fraction | None, low_open: bool, high: Fraction | None, high_open: bool) -> Span:
    if low is not None and low >= 0:
        return (1 if low > 0 or low_open else 0), 1
    if high is not None and high <= 0:
        return -1, (-1 if high < 0 or high_open else 0)
    return ANY


def _of_sum(parts: tuple[Span, ...]) -> Span:
    low = max(part[0] for part in parts) if all(part[0] >= 0 for part in parts) else -1
    high = min(part[1] for part in parts) if all(part[1] <= 0 for part in parts) else 1
    return low, high


def _times(parts: tuple[Span, ...]) -> Span:
    low, high = 1, 1
    for part in parts:
        corners = [one * other for one in (low, high) for other in part]
        low, high = min(corners), max(corners)
    return low, high


def _not_zero(part: Span) -> Span:
    """Below a fraction line nothing is zero where the fraction is defined."""
    return (1, 1) if part[0] >= 0 else (-1, -1) if part[1] <= 0 else ANY


def _of_power(base: Span, exponent: Form) -> Span:
    whole = integer(exponent)
    if base == (1, 1):
        return 1, 1
    if whole is None:  # then the base is not negative where the power is defined
        return 0, 1
    base = _not_zero(base) if whole < 0 else base
    if whole % 2:
        return base
    return (1, 1) if whole <= 0 or 0 not in range(base[0], base[1] + 1) else (0, 1)


def _of_call(name: str, argument: Span) -> Span:
    if name in _ALWAYS_POSITIVE:
        return 1, 1
    if name in _SIGN_OF_ARGUMENT:
        return argument
    if name in ("abs", "relu"):
        return (1, 1) if argument == (1, 1) or (name == "abs" and argument == (-1, -1)) else (0, 1)
    return ANY


def _outweighed(node: Add) -> Span:
    """A number beside terms that stay within −1 and 1, or within their factor: 2 + cos x, 1 − tanh²x."""
    constant, reach, strict = Fraction(0), Fraction(0), True
    for term in node.terms:
        value = rational(term)
        if value is not None:
            constant += value
            continue
        size, below = _reach(term)
        if size is None:
            return ANY
        reach += size
        strict = strict and below
    if abs(constant) < reach or not constant:
        return ANY
    edge = 1 if abs(constant) > reach or strict else 0
    return (edge, 1) if constant > 0 else (-1, -edge)


def _reach(term: Form) -> tuple[Fraction | None, bool]:
    """How large a term can get in size, and whether it stays strictly below that."""
    scale = Fraction(1)
    while isinstance(term, Neg | Mul):
        if isinstance(term, Mul):
            value = rational(term.factors[0])
            if value is None or len(term.factors) != 2:
                return None, False
            scale, term = scale * abs(value), term.factors[1]
        else:
            term = term.operand
    if isinstance(term, Pow) and (whole := integer(term.exponent)) is not None and whole > 0:
        term = term.base
    if isinstance(term, Call) and term.name in _NOT_ABOVE_ONE:
        return scale, term.name in _STRICTLY_BELOW_ONE
    return None, False
