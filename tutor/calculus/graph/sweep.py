"""The two sweeps over a graph, in any kind of number: forward for the values, backward for all derivatives at once.

The graph becomes a flat tape: for each node where its operands stand, how its value is computed and how
its local derivatives are. The backward pass goes along it from its end: a node hands to each operand its
own derivative times the local one, and an operand that several nodes use adds up what it gets (Linnainmaa
1970; Rumelhart, Hinton & Williams 1986). No recursion, and about as much work as the forward pass.

>>> from tutor import read
>>> value, slopes = gradients(read("(y - sigmoid(w*x + b))^2"), {"x": 1, "y": 0, "w": 0.5, "b": 0})
>>> round(value, 6), {name: round(slope, 6) for name, slope in slopes.items()}
(0.387456, {'b': 0.292561, 'w': 0.292561, 'x': 0.14628, 'y': -1.244919})
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import cache
from itertools import accumulate
from typing import Any

from tutor.calculus.graph.local import derived
from tutor.calculus.graph.network import Network, network, operands
from tutor.errors import RequestError
from tutor.form.evaluate import FLOATS, Arithmetic, compute, to_ball
from tutor.form.functions import FUNCTIONS
from tutor.form.numerals import integer, rational
from tutor.form.reading import read
from tutor.form.tree import Add, Call, Cases, Const, Div, Form, Mul, Neg, Pow, Relation, Root, Sym, product, total
from tutor.form.walk import rewritten

Numbers = Sequence[Any]
Operation = tuple[Callable[[Numbers], Any], Callable[[Numbers, Any], Numbers]]
"""The value from the operands' values; the local derivatives from those and the value, one for each operand."""
Memo = dict[tuple[str, int], list[Callable[..., Any]]]
"""The local derivatives of functions, by name and number of arguments."""

_FAILURES = (ValueError, OverflowError, ZeroDivisionError, TypeError)


class Tape:
    """A graph made ready for one kind of number. `settle` is applied to every number, where it is given."""

    def __init__(self, graph: Network, arithmetic: Arithmetic, settle: Callable[[Any], Any] | None = None) -> None:
        self.arithmetic, self.settle = arithmetic, settle
        self.letters = [node.name for node in graph.leaves]
        self.slots: list[tuple[int, ...]] = []
        self.operations: list[Operation] = []
        memo: Memo = {}
        for node in graph.operations:
            self.slots.append(tuple([graph.at[part] for part in operands(node.form)]))
            self.operations.append(operation(node.form, arithmetic, memo))

    def forward(self, point: Mapping[str, Any]) -> list[Any]:
        """The values of all nodes; every letter needs one of this kind of number. What has no value is `undefined`."""
        return self.run([point[name] for name in self.letters])

    def run(self, values: list[Any]) -> list[Any]:
        """The same from a list with the letters' values, in their order; the list grows."""
        undefined, settle = self.arithmetic.undefined, self.settle
        for slots, (value, _) in zip(self.slots, self.operations, strict=True):
            try:
                found = value([values[slot] for slot in slots])
            except _FAILURES:
                found = undefined
            values.append(found if settle is None else settle(found))
        return values

    def backward(self, values: Numbers) -> tuple[list[Any], list[Numbers]]:
        """The derivative of the last node by every node, and the local derivatives of each operation, operand by operand."""
        nothing, one = self.arithmetic.number(Fraction(0)), self.arithmetic.number(Fraction(1))
        adjoints = [nothing] * len(values)
        adjoints[-1] = one
        locals_: list[Numbers] = [()] * len(self.slots)
        first, settle = len(self.letters), self.settle
        for place in range(len(self.slots) - 1, -1, -1):
            slots, index = self.slots[place], first + place
            try:
                slopes = self.operations[place][1]([values[slot] for slot in slots], values[index])
            except _FAILURES:
                slopes = [self.arithmetic.undefined] * len(slots)
            locals_[place] = slopes
            mine = adjoints[index] if settle is None else settle(adjoints[index])
            for slot, slope in zip(slots, slopes, strict=True):
                adjoints[slot] = adjoints[slot] + mine * slope
        return adjoints, locals_


def gradients(form: Form, point: Mapping[str, float]) -> tuple[float, dict[str, float]]:
    """The value of a form and its derivative by every letter, in floats, by one sweep forward and one back.

    A derivative that does not exist is `nan`. Raises `RequestError` when a letter has no value.
    """
    graph = network(form)
    missing = form.free - point.keys()
    if missing:
        raise RequestError("point", f"the point gives no value for {', '.join(sorted(missing))}", advice=f"Add it, such as {min(missing)}=1.")
    tape = Tape(graph, FLOATS)
    values = tape.forward({name: float(value) for name, value in point.items()})
    adjoints, _ = tape.backward(values)
    return float(values[-1]), {name: float(adjoints[k]) for k, name in enumerate(tape.letters)}


# -- operations: value and local derivatives ---------------------------------------------------------


def operation(form: Form, numbers: Arithmetic, memo: Memo) -> Operation:
    """How an operation is computed in one kind of number; what has no letters in it is computed now."""
    match form:
        case Add():
            return _sum(form, numbers)
        case Mul():
            return _product(form, numbers)
        case Neg():
            minus = numbers.number(Fraction(-1))
            return lambda parts: -parts[0], lambda *_: (minus,)
        case Div(top, bottom):
            return _quotient(top, bottom, numbers)
        case Pow(base, exponent):
            return _power(base, exponent, numbers)
        case Root(_, index):
            n = integer(index) or 1
            return lambda parts: numbers.root(parts[0], n), lambda parts, value: (value / (n * parts[0]),)
        case Call():
            return _call(form, numbers, memo)
        case Cases():
            return _choice(form, numbers)
    return lambda _: numbers.undefined, lambda parts, _: [numbers.undefined] * len(parts)


def _closed(form: Form, numbers: Arithmetic) -> Any:
    return compute(form, {}, numbers)


def _sum(form: Add, numbers: Arithmetic) -> Operation:
    terms = [term for term in form.terms if term.free]
    fixed = [term for term in form.terms if not term.free]
    constant = _closed(total(fixed), numbers) if fixed else None
    slopes = tuple(numbers.number(Fraction(-1 if isinstance(term, Neg) else 1)) for term in terms)
    minus = [place for place, term in enumerate(terms) if isinstance(term, Neg)]

    def value(parts: Numbers) -> Any:
        if minus:
            parts = list(parts)
            for place in minus:
                parts[place] = -parts[place]
        return sum(parts[1:], parts[0]) if constant is None else sum(parts, constant)

    return value, lambda *_: slopes


def _product(form: Mul, numbers: Arithmetic) -> Operation:
    fixed = [factor for factor in form.factors if not factor.free]
    scale = _closed(product(fixed), numbers) if fixed else None
    one = numbers.number(Fraction(1))

    def value(parts: Numbers) -> Any:
        return math.prod(parts[1:], start=parts[0]) if scale is None else math.prod(parts, start=scale)

    def slopes(parts: Numbers, _: Any) -> Numbers:
        """Each time the product of the others, from those in front and those behind."""
        start = one if scale is None else scale
        if len(parts) == 1:
            return (start,)
        if len(parts) == 2:
            return (parts[1], parts[0]) if scale is None else (scale * parts[1], scale * parts[0])
        before = list(accumulate(parts[:-1], _times, initial=start))
        behind = list(accumulate(reversed(parts[1:]), _times, initial=one))
        return [left * right for left, right in zip(before, reversed(behind), strict=True)]

    return value, slopes


def _times(left: Any, right: Any) -> Any:
    return left * right


def _quotient(top: Form, bottom: Form, numbers: Arithmetic) -> Operation:
    one = numbers.number(Fraction(1))
    if not bottom.free:
        under = _closed(bottom, numbers)
        return lambda parts: parts[0] / under, lambda *_: (one / under,)
    if not top.free:
        above = _closed(top, numbers)
        return lambda parts: above / parts[0], lambda parts, value: (-value / parts[0],)
    return lambda parts: parts[0] / parts[1], lambda parts, value: (one / parts[1], -value / parts[1])


def _power(base: Form, exponent: Form, numbers: Arithmetic) -> Operation:
    """u^c by the power rule, c^u with the logarithm of c, u^v both (for u > 0)."""
    if not exponent.free:
        exact, fixed = rational(exponent), _closed(exponent, numbers)
        less = None if exact is None else exact - 1
        lowered = numbers.number(less) if less is not None else fixed - numbers.number(Fraction(1))
        return lambda parts: numbers.power(parts[0], fixed, exact), lambda parts, _: (fixed * numbers.power(parts[0], lowered, less),)
    if not base.free:
        under = _closed(base, numbers)
        if base is Const("e"):
            return lambda parts: numbers.power(under, parts[0], None), lambda _, value: (value,)
        return lambda parts: numbers.power(under, parts[0], None), lambda _, value: (value * numbers.call("ln", (under,)),)

    def slopes(parts: Numbers, value: Any) -> Numbers:
        by_exponent = value * numbers.call("ln", (parts[0],))
        return parts[1] * value / parts[0], by_exponent

    return lambda parts: numbers.power(parts[0], parts[1], None), slopes


def _call(form: Call, numbers: Arithmetic, memo: Memo) -> Operation:
    """A known function; its local derivatives are computed along tapes of their own, made when they are first wanted."""
    name, count = form.name, len(form.args)
    fixed = [None if arg.free else _closed(arg, numbers) for arg in form.args]
    places = [place for place, arg in enumerate(form.args) if arg.free]

    def arguments(parts: Numbers) -> Numbers:
        if len(places) == count:
            return parts
        found = list(fixed)
        for place, part in zip(places, parts, strict=True):
            found[place] = part
        return found

    def slopes(parts: Numbers, value: Any) -> Numbers:
        args = arguments(parts)
        if FUNCTIONS[name].family == "extremum":
            return [_wins(name, args, place, numbers) for place in places]
        if (name, count) not in memo:
            memo[name, count] = [_slope(name, count, place, numbers) for place in range(count)]
        return [memo[name, count][place](*args, value) for place in places]

    return lambda parts: numbers.call(name, tuple(arguments(parts))), slopes


def _wins(name: str, args: Numbers, place: int, numbers: Arithmetic) -> Any:
    """1 for the greatest (least) argument, 0 for the others; nothing where two share that place."""
    better = ">" if name == "max" else "<"
    held = [numbers.holds(better, args[place], other) for k, other in enumerate(args) if k != place]
    if all(one is True for one in held):
        return numbers.number(Fraction(1))
    beaten = any(numbers.holds(better, other, args[place]) is True for k, other in enumerate(args) if k != place)
    return numbers.number(Fraction(0)) if beaten else numbers.undefined


def _slope(name: str, count: int, place: int, numbers: Arithmetic) -> Callable[..., Any]:
    """The derivative of a function by one argument, as a function of the arguments and its value."""
    letters = tuple(Sym("uvw"[k]) for k in range(count))
    out = Sym("y")
    call = Call(name, letters)
    formula = rewritten(derived(call, letters[place].name).value, lambda node: out if node is call else node)
    try:
        compute_slope = _function(formula, (*letters, out), numbers)
    except RequestError:
        return lambda *_: numbers.undefined
    smooth = _smooth(name, numbers)
    return compute_slope if smooth is None else lambda *args: compute_slope(*args) if smooth(*args) is True else numbers.undefined


def _function(formula: Form, letters: tuple[Sym, ...], numbers: Arithmetic) -> Callable[..., Any]:
    """A formula as a function of numbers."""
    if not formula.free:
        found = _closed(formula, numbers)
        return lambda *_: found
    tape = Tape(network(formula), numbers)
    places = [next(k for k, letter in enumerate(letters) if letter.name == name) for name in tape.letters]
    return lambda *args: tape.run([args[place] for place in places])[-1]


def _smooth(name: str, numbers: Arithmetic) -> Callable[..., Any] | None:
    """Whether the function has its derivative at its first argument; None where it always has."""
    text = FUNCTIONS[name].smooth
    if not text:
        return None
    condition = read(text)
    assert isinstance(condition, Relation)
    sides = [_function(side, (Sym("u"),), numbers) for side in condition.operands]

    def holds(argument: Any, *_: Any) -> Any:
        found = [side(argument) for side in sides]
        return all(numbers.holds(sign, found[k], found[k + 1]) is True for k, sign in enumerate(condition.operators))

    return holds


def _choice(form: Cases, numbers: Arithmetic) -> Operation:
    """A piecewise form: 1 for the branch that holds, 0 for all else; nothing where two branches meet."""
    count, conditions = len(form.values), form.conditions

    def sides(parts: Numbers) -> tuple[list[Any], list[list[Any]]]:
        rest = iter(parts)
        values = [next(rest) if value.free else _closed(value, numbers) for value in form.values]
        return values, [[next(rest) if side.free else _closed(side, numbers) for side in one.children] for one in conditions]

    def held(compared: list[list[Any]]) -> list[Any]:
        return [_every(one, found, numbers) for one, found in zip(conditions, compared, strict=True)]

    def value(parts: Numbers) -> Any:
        values, compared = sides(parts)
        otherwise = values[-1] if len(conditions) < count else numbers.undefined
        return numbers.select(list(zip(values, held(compared), strict=False)), otherwise)

    def slopes(parts: Numbers, _: Any) -> Numbers:
        compared = sides(parts)[1]
        decided = held(compared)
        meets = any(numbers.holds("!=", one[k], one[k + 1]) is not True for one in compared for k in range(len(one) - 1))
        chosen = next((place for place, one in enumerate(decided) if one is not False), count - 1)
        zero, unit = numbers.number(Fraction(0)), numbers.undefined if meets or None in decided[: chosen + 1] else numbers.number(Fraction(1))
        weights = [unit if place == chosen else zero for place, branch in enumerate(form.values) if branch.free]
        return [*weights, *[zero] * (len(parts) - len(weights))]

    return value, slopes


def _every(condition: Form, sides: list[Any], numbers: Arithmetic) -> bool | None:
    assert isinstance(condition, Relation)
    found = [numbers.holds(sign, sides[k], sides[k + 1]) for k, sign in enumerate(condition.operators)]
    return False if False in found else None if None in found else True


# -- exact numbers -----------------------------------------------------------------------------------

_LONGEST = 512
"""Bits of a fraction beyond which it is not kept exactly."""


def settled(value: Any) -> Any:
    """A fraction, or nan where it is none or too long to be kept."""
    if isinstance(value, Fraction | int) and value.numerator.bit_length() + value.denominator.bit_length() <= _LONGEST:
        return Fraction(value)
    return math.nan


@cache
def exact_arithmetic() -> Arithmetic:
    """Fractions, and nan for every number that is not known to be one.

    Balls say where a function of a fraction is one: sin(0), ln(1), sigmoid(0) have radius 0.
    """
    return Arithmetic(lambda value: value, lambda _: math.nan, _exact_call, _exact_power, _exact_root, _exact_select, _exact_holds, math.nan)


def _exact_call(name: str, args: tuple[Any, ...]) -> Any:
    row = FUNCTIONS[name]
    if not all(isinstance(arg, Fraction) for arg in args):
        return math.nan
    if row.family in ("corner", "step", "extremum") and row.real is not None:
        return settled(Fraction(row.real(*args)))
    return _certain(row.ball(*map(to_ball, args))) if row.ball is not None else math.nan


def _certain(ball: Any) -> Any:
    """The number in a ball without radius."""
    if not (ball.is_finite() and ball.is_exact()):
        return math.nan
    digits, power = ball.man_exp()
    return settled(Fraction(int(digits)) * Fraction(2) ** int(power)) if abs(int(power)) <= _LONGEST else math.nan


def _exact_power(base: Any, exponent: Any, exact: Fraction | None) -> Any:
    if exponent == 0:
        return Fraction(1) if exact is not None or base != 0 else math.nan
    if not (isinstance(base, Fraction) and isinstance(exponent, Fraction)) or exponent.denominator != 1:
        return math.nan
    if exact is None and base <= 0:
        return math.nan
    bits = base.numerator.bit_length() + base.denominator.bit_length()
    return base**exponent.numerator if bits * abs(exponent.numerator) <= _LONGEST else math.nan


def _exact_root(radicand: Any, index: int) -> Any:
    if not isinstance(radicand, Fraction) or (radicand < 0 and index % 2 == 0):
        return math.nan
    parts = [round(abs(part) ** (1 / index)) if abs(part) < _WIDE else 0 for part in (radicand.numerator, radicand.denominator)]
    found = Fraction(parts[0] if radicand >= 0 else -parts[0], parts[1] or 1)
    return found if found**index == radicand else math.nan


_WIDE = 2**50


def _exact_select(branches: list[tuple[Any, Any]], otherwise: Any) -> Any:
    for value, condition in branches:
        if condition is None:
            return math.nan
        if condition:
            return value
    return otherwise


def _exact_holds(operator: str, left: Any, right: Any) -> bool | None:
    held: bool | None = FLOATS.holds(operator, left, right) if isinstance(left, Fraction) and isinstance(right, Fraction) else None
    return held
