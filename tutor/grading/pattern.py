"""What is written, compared up to the order of terms and factors and the place of signs; and patterns such as a·x² + b·x + c.

`same_shape` says whether two forms are the same but for order and signs: (1 − x)(−6x − 1) is (6x + 1)(x − 1), but
y − b = mx is not y = mx + b. `fits` matches a form with a pattern in which some letters stand for numbers: a number has
to be written as one number, a term whose number is 0 and a factor whose number is 1 may be left out.

>>> from tutor import read
>>> same_shape(read("(6x + 1)(x - 1)"), read("(1 - x)(-6x - 1)")), same_shape(read("a - b - c"), read("c + b + a"))
(True, False)
>>> square = read("a*(x - b)^2 + c")
>>> [fits(square, read(text), frozenset("abc")) for text in ("2(x + 3)^2 - 1", "x^2", "1/2*(x - 1)^2", "x^2 + 2x + 1", "2*3*(x - 1)^2")]
[True, True, True, False, False]
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tutor.algebra.tidy import tidied
from tutor.form.numerals import integer
from tutor.form.tree import ONE, ZERO, Add, Div, Form, Listing, Mul, Neg, Num, Pow, Relation, Sym, product
from tutor.form.walk import fold, nodes
from tutor.grading.equality import settled

Bound = Mapping[str, Form]
_MOST_TERMS = 12
"""Sums and products with more parts than this fit no pattern."""


# -- the same shape ----------------------------------------------------------------------------------

Signed = tuple[int, int]
"""A sign, and the number under which a shape without sign is kept."""


def same_shape(one: Form, other: Form) -> bool:
    """Whether two forms are the same up to order and the place of signs."""
    kept: dict[Any, int] = {}
    return _shape(one, kept) == _shape(other, kept)


def _shape(form: Form, kept: dict[Any, int]) -> Signed:
    fractions: dict[int, tuple[tuple[int, ...], tuple[int, ...]]] = {}

    def visit(node: Form, parts: tuple[Signed, ...]) -> Signed:
        if isinstance(node, Neg):
            return -parts[0][0], parts[0][1]
        if isinstance(node, Mul | Div):
            sign, above, below = _quotient(node, parts, fractions)
            key: Any = ("div", above, below)
        else:
            sign, key = _signed(node, parts)
        number = kept.setdefault(key, len(kept))
        if isinstance(node, Mul | Div):
            fractions[number] = above, below
        return sign, number

    return fold(flattened(form), visit)


def _signed(node: Form, parts: tuple[Signed, ...]) -> tuple[int, Any]:
    match node:
        case Num():
            return 1, ("num", node.value)
        case Add():
            flat = sorted(parts, key=lambda part: part[1])
            sign = flat[0][0]
            return sign, ("add", tuple((part * sign, key) for part, key in flat))
        case Pow(_, exponent) if (power := integer(exponent)) is not None:
            return parts[0][0] ** abs(power), ("pow", parts[0][1], power)
        case Listing("set"):
            return 1, ("set", tuple(sorted(parts)))
        case Relation() if len(node.operators) == 1:
            return 1, _relation(node.operators[0], *parts)
    own = tuple(value for value in (getattr(node, name) for name in type(node).__match_args__) if not isinstance(value, Form) and not _holds_forms(value))  # type: ignore[attr-defined]
    return 1, (type(node).__name__, own, parts)


def _quotient(node: Form, parts: tuple[Signed, ...], fractions: Mapping[int, tuple[tuple[int, ...], tuple[int, ...]]]) -> tuple[int, tuple[int, ...], tuple[int, ...]]:
    """The sign, the factors above and the divisors of a product or a quotient: a·(b/c) is (ab)/c, and 1/2·x is not x/2."""
    sign = 1
    for part, _ in parts:
        sign *= part
    upper = parts if isinstance(node, Mul) else parts[:1]
    above: list[int] = []
    below = [key for _, key in parts[1:]] if isinstance(node, Div) else []
    for _, key in upper:
        more, under = fractions.get(key, ((key,), ()))
        above += more
        below += under
    return sign, tuple(sorted(above)), tuple(sorted(below))


def _holds_forms(value: object) -> bool:
    return isinstance(value, tuple) and any(isinstance(part, Form) for part in value)


def _relation(operator: str, left: Signed, right: Signed) -> Any:
    """An equation without an order of its sides, an inequality from the smaller to the larger; both sides may change their signs."""
    if operator in ("=", "!="):
        (sign, first), (other, second) = sorted((left, right), key=lambda part: part[1])
        return operator, sign * other, first, second
    if operator in (">", ">="):
        left, right = right, left
    if left[0] < 0 and right[0] < 0:
        left, right = (1, right[1]), (1, left[1])
    return operator.replace(">", "<"), left, right


def flattened(form: Form) -> Form:
    """Products and sums without brackets of their own kind, and minus signs in front of products: (ab)c is abc."""

    def visit(node: Form, parts: tuple[Form, ...]) -> Form:
        match node:
            case Neg() if isinstance(parts[0], Neg):
                return parts[0].operand
            case Mul():
                factors: list[Form] = []
                negative = False
                for part in parts:
                    negative ^= isinstance(part, Neg)
                    inner = part.operand if isinstance(part, Neg) else part
                    factors += inner.factors if isinstance(inner, Mul) else (inner,)
                value = product(factors)
                return Neg(value) if negative else value
            case Add():
                terms = [term for part in parts for term in (part.terms if isinstance(part, Add) else (part,))]
                return Add(tuple(terms))
        return node if parts == node.children else node.rebuild(parts)

    return fold(form, visit)


# -- patterns ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Product:
    """A form as sign, factors above and factors below, as they are written."""

    negative: bool
    above: tuple[Form, ...]
    below: tuple[Form, ...]


def product_of(form: Form) -> Product:
    """The written factors.

    >>> from tutor import read
    >>> found = product_of(read("-3x/2*(x + 1)"))
    >>> found.negative, [str(part) for part in found.above], [str(part) for part in found.below]
    (True, ['3', 'x', 'x + 1'], ['2'])
    """
    negative, above, below = False, list[Form](), list[Form]()
    stack = [(form, True)]
    while stack:
        node, up = stack.pop()
        match node:
            case Neg(inner):
                negative = not negative
                stack.append((inner, up))
            case Mul(factors):
                stack.extend((factor, up) for factor in reversed(factors))
            case Div(top, bottom):
                stack.append((bottom, not up))
                stack.append((top, up))
            case _:
                (above if up else below).append(node)
    return Product(negative, tuple(above), tuple(below))


def fits(pattern: Form, form: Form, letters: frozenset[str]) -> bool:
    """Whether a form is written in the pattern, with numbers for the letters."""
    if sum(1 for _ in nodes(pattern)) > 60:
        return False
    return next(_match(flattened(pattern), flattened(form), letters, {}), None) is not None


def _match(pattern: Form, form: Form, letters: frozenset[str], bound: Bound) -> Iterator[Bound]:
    if isinstance(pattern, Relation):
        yield from _relations(pattern, form, letters, bound)
    elif pattern.free.isdisjoint(letters):
        if same_shape(pattern, form):
            yield bound
    elif isinstance(pattern, Add):
        yield from _sums(pattern.terms, form.terms if isinstance(form, Add) else () if form is ZERO else (form,), letters, bound)
    else:
        yield from _products(pattern, form, letters, bound)


def _relations(pattern: Relation, form: Form, letters: frozenset[str], bound: Bound) -> Iterator[Bound]:
    if isinstance(form, Relation) and form.operators == pattern.operators:
        for sides in (form.operands, form.operands[::-1]) if pattern.operators == ("=",) else (form.operands,):
            for found in _match(pattern.operands[0], sides[0], letters, bound):
                yield from _match(pattern.operands[1], sides[1], letters, found)


def _sums(pattern: tuple[Form, ...], terms: tuple[Form, ...], letters: frozenset[str], bound: Bound) -> Iterator[Bound]:
    """Each term of the form with a term of the pattern of its own; a term of the pattern that is left over has the number 0."""
    if len(terms) > min(len(pattern), _MOST_TERMS):
        return
    if not terms:
        yield from _without(pattern, letters, bound)
        return
    for k, part in enumerate(pattern):
        for found in _match(part, terms[0], letters, bound):
            yield from _sums((*pattern[:k], *pattern[k + 1 :]), terms[1:], letters, found)


def _without(pattern: tuple[Form, ...], letters: frozenset[str], bound: Bound) -> Iterator[Bound]:
    """Terms that are left out: each has a letter as a factor that is 0, or that has no number yet."""
    if not pattern:
        yield bound
        return
    for part in product_of(pattern[0]).above:
        if isinstance(part, Sym) and part.name in letters and bound.get(part.name, ZERO) is ZERO:
            yield from _without(pattern[1:], letters, {**bound, part.name: ZERO})
            return


def _products(pattern: Form, form: Form, letters: frozenset[str], bound: Bound) -> Iterator[Bound]:
    """Numbers of the form go to the letters of the pattern, the other factors one to one."""
    wanted, given = product_of(pattern), product_of(form)
    slots = [part for part in (*wanted.above, *wanted.below) if part.free and part.free <= letters]
    fixed = [part for part in (*wanted.above, *wanted.below) if not part.free]
    number = _number(given)
    if number is None or (not slots and not _same_number(fixed, given)):
        return
    rest = [tuple(part for part in some if part.free) for some in (given.above, given.below)]
    shapes = [tuple(part for part in some if part.free - letters) for some in (wanted.above, wanted.below)]
    negative = wanted.negative
    opposite = Neg(number) if given.negative is not negative and number is not ZERO else number
    for above in _factors(shapes[0], rest[0], letters, bound):
        for below in _factors(shapes[1], rest[1], letters, above):
            yield from _bind(slots, opposite, below)


def _number(given: Product) -> Form | None:
    """The numbers among the factors as one number, where they are written as one; None where they are not."""
    above, below = (tuple(part for part in some if not part.free) for some in (given.above, given.below))
    if len([part for part in above if isinstance(part, Num)]) > 1 or len([part for part in below if isinstance(part, Num)]) > 1:
        return None
    value = product(above) if not below else Div(product(above), product(below))
    return value if tidied(value)[0].size >= value.size else None


def _same_number(fixed: list[Form], given: Product) -> bool:
    number = _number(given)
    return number is not None and bool(settled(number, product(fixed)).equal)


def _bind(slots: list[Form], number: Form, bound: Bound) -> Iterator[Bound]:
    """The number for the first letter, 1 for others; a letter keeps the number that it has."""
    if not slots:
        yield bound
        return
    first, *others = slots
    name = min(first.free)
    if name in bound:
        if others or settled(bound[name], number).equal:
            yield bound
        return
    yield {**bound, name: number, **{min(other.free): ONE for other in others}}


def _factors(shapes: tuple[Form, ...], given: tuple[Form, ...], letters: frozenset[str], bound: Bound) -> Iterator[Bound]:
    """Each factor with one of the pattern, all of them used."""
    if len(shapes) != len(given) or len(given) > _MOST_TERMS:
        return
    if not shapes:
        yield bound
        return
    for k, part in enumerate(given):
        for found in _factor(shapes[0], part, letters, bound):
            yield from _factors(shapes[1:], (*given[:k], *given[k + 1 :]), letters, found)


def _factor(shape: Form, given: Form, letters: frozenset[str], bound: Bound) -> Iterator[Bound]:
    """A single factor: powers base to base and exponent to exponent, sums as sums, functions argument by argument."""
    base, exponent = (shape.base, shape.exponent) if isinstance(shape, Pow) else (shape, ONE)
    own, power = (given.base, given.exponent) if isinstance(given, Pow) else (given, ONE)
    if isinstance(shape, Pow) or isinstance(given, Pow):
        for found in _match(base, own, letters, bound):
            yield from _match(exponent, power, letters, found)
    elif isinstance(shape, Add):
        yield from _match(shape, given, letters, bound)
    elif shape.free.isdisjoint(letters):
        if same_shape(shape, given):
            yield bound
    elif type(shape) is type(given) and len(shape.children) == len(given.children) and shape.rebuild(given.children) is given:
        states = [bound]
        for part, inner in zip(shape.children, given.children, strict=True):
            states = [found for state in states for found in _match(part, inner, letters, state)]
        yield from states
