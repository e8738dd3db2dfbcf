"""Exact identities without SymPy: both sides as one fraction of polynomials over ℚ.

Letters are generators, and so is everything that is no rational operation: sin u, ln u, e^u, √u. What
such generators satisfy is used as far as it holds wherever both sides are defined: (√u)² = u,
sin²u + cos²u = 1, |u|² = u², e^(u+v) = e^u·e^v, and the definitions of tan, sinh, σ and their relatives. When the
difference of two forms reduces to zero, they are equal (that is a proof); when only letters occur
and it does not, they differ (that is one too). Otherwise nothing is known. Polynomials are
python-flint's (`fmpq_mpoly`); the reduction is division by one relation after the other.

>>> from tutor import read
>>> identical(read("(x^2 - 1)/(x - 1)"), read("x + 1")), identical(read("x^2"), read("x^3"))
(True, False)
>>> identical(read("tan(x)^2 + 1"), read("1/cos(x)^2")), identical(read("sin(2x)"), read("sin(x)"))
(True, None)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import Any

from tutor.form.functions import FUNCTIONS
from tutor.form.numerals import integer, rational
from tutor.form.reading import read
from tutor.form.tree import ONE, Add, Apply, Call, Cases, Const, Deriv, Div, Form, Integral, Mul, Neg, Num, Pow, Root, Sym, product
from tutor.form.walk import fold, nodes, rewritten, substitute

_MOST_TERMS = 3_000
"""Products that could have more terms than this are not worked out."""
_HIGHEST = 60
_CIRCLE = {"tan": "sin(u)/cos(u)", "cot": "cos(u)/sin(u)", "sec": "1/cos(u)", "csc": "1/sin(u)"}
_DEFINED = ("sinh", "cosh", "tanh", "coth", "sech", "csch", "sigmoid", "log")
"""Functions that are written by their definition, which holds wherever they are defined."""


class _TooLarge(Exception):
    """Not worked out: nothing is known."""


def identical(left: Form, right: Form) -> bool | None:
    """True: equal wherever both sides are defined. False: different. None: not known here."""
    if left is right:
        return True
    try:
        sides = [rewritten(side, _plain) for side in (left, right)]
        ring = _Ring(sides)
        (top, bottom), (other_top, other_bottom) = (ring.fraction(side) for side in sides)
        if not bottom or not other_bottom:
            return None
        if ring.vanishes(_times(top, other_bottom) - _times(other_top, bottom)):
            return True
    except (_TooLarge, ZeroDivisionError, OverflowError, RecursionError):
        return None
    return None if ring.relations or ring.opaque else False


def _plain(node: Form) -> Form:
    """Functions by their definitions, roots and quotients of functions by what they are made of."""
    if isinstance(node, Call):
        text = _CIRCLE.get(node.name) or (FUNCTIONS[node.name].definition if node.name in _DEFINED else "")
        if text:
            return rewritten(substitute(read(text), dict(zip("uv", node.args, strict=False))), _plain)
        if node.name in ("sin", "cos") and _is_negative(node.args[0]):
            flipped = Call(node.name, (_opposite(node.args[0]),))
            return flipped if node.name == "cos" else Neg(flipped)
    return _sorted(node)


def _sorted(node: Form) -> Form:
    """Sums and products in one order, so that sin(x + 1) and sin(1 + x) are one generator."""
    if isinstance(node, Add | Mul):
        return node.rebuild(tuple(sorted(node.children, key=str)))
    return node


def _is_negative(form: Form) -> bool:
    match form:
        case Neg():
            return True
        case Mul((first, *_)) | Div(first, _):
            return _is_negative(first)
        case Add((first, *_)):
            return _is_negative(min(form.terms, key=lambda term: str(term.operand if isinstance(term, Neg) else term)))
    return False


def _opposite(form: Form) -> Form:
    match form:
        case Neg(inner):
            return inner
        case Mul((first, *rest)):
            opposite = _opposite(first)
            return _sorted(product(rest if opposite is ONE else (opposite, *rest)))
        case Div(top, bottom):
            return Div(_opposite(top), bottom)
        case Add(terms):
            return _sorted(Add(tuple(_opposite(term) for term in terms)))
    return Neg(form)


Atom = tuple[Any, ...]
"""What a generator stands for: ("letter", x), ("root", u), ("power", base, rest), ("call", form)."""


@dataclass(slots=True)
class _Ring:
    """The polynomial ring of some forms: its generators, and the relations between them."""

    forms: list[Form]
    degrees: dict[Atom, int] = field(default_factory=dict)
    relations: list[tuple[Atom, int, Any, Any]] = field(default_factory=list)
    opaque: bool = False
    context: Any = None
    generators: dict[Atom, Any] = field(default_factory=dict)
    memo: dict[Form, tuple[Any, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        try:
            from flint import Ordering, fmpq_mpoly_ctx
        except ImportError as missing:
            raise _TooLarge from missing
        for form in self.forms:
            for node in nodes(form):
                for atom, degree in _atoms(node):
                    self.degrees[atom] = lcm(self.degrees.get(atom, 1), degree)
        names = tuple(f"g{k}" for k in range(len(self.degrees))) or ("g",)
        self.context = fmpq_mpoly_ctx.get(names, Ordering.lex)
        self.generators = dict(zip(self.degrees, self.context.gens(), strict=False))
        self.opaque = any(atom[0] != "letter" for atom in self.degrees)
        for atom, degree in self.degrees.items():
            self._relate(atom, degree)

    def _relate(self, atom: Atom, degree: int) -> None:
        match atom:
            case ("root", inner):
                self.relations.append((atom, degree, *self.fraction(inner)))
            case ("call", Call("abs", (inner,))):
                top, bottom = self.fraction(inner)
                self.relations.append((atom, 2, top**2, bottom**2))
            case ("call", Call("cos", args)) if ("call", Call("sin", args)) in self.generators:
                self.relations.append((atom, 2, self.constant(1) - self.generators["call", Call("sin", args)] ** 2, self.constant(1)))

    def constant(self, value: Any) -> Any:
        """A number as a polynomial."""
        from flint import fmpq

        value = Fraction(value)
        return self.context.constant(fmpq(value.numerator, value.denominator))

    def fraction(self, form: Form) -> tuple[Any, Any]:
        """Numerator and denominator."""
        return fold(form, self._visit, self.memo)

    def _visit(self, node: Form, parts: tuple[tuple[Any, Any], ...]) -> tuple[Any, Any]:
        one = self.constant(1)
        match node:
            case Num():
                return self.constant(node.value), one
            case Sym(name):
                return self.generators["letter", name], one
            case Add():
                return _sum(parts)
            case Mul():
                top, bottom = one, one
                for part in parts:
                    top, bottom = _times(top, part[0]), _times(bottom, part[1])
                return top, bottom
            case Neg():
                return -parts[0][0], parts[0][1]
            case Div():
                return _times(parts[0][0], parts[1][1]), _times(parts[0][1], parts[1][0])
            case Root(inner, index):
                power = Fraction(1, integer(index) or 1)
                return self._raised(self.generators["root", inner], self.degrees["root", inner] * power)
            case Pow(base, exponent):
                return self._power(base, exponent, parts[0])
            case Call() | Const() | Apply() | Deriv() | Integral() | Cases():
                return self.generators["call", node], one
        raise _TooLarge

    def _power(self, base: Form, exponent: Form, value: tuple[Any, Any]) -> tuple[Any, Any]:
        exact = rational(exponent)
        if exact is not None and exact.denominator == 1:
            return self._raised(value[0], exact, value[1])
        if exact is not None:
            return self._raised(self.generators["root", base], self.degrees["root", base] * exact)
        top, bottom = self.constant(1), self.constant(1)
        for coefficient, rest in _exponent_terms(exponent):
            atom = _power_atom(base, rest)
            above, below = self._raised(self.generators[atom], self.degrees[atom] * coefficient)
            top, bottom = _times(top, above), _times(bottom, below)
        return top, bottom

    def _raised(self, top: Any, power: Fraction, bottom: Any = None) -> tuple[Any, Any]:
        count = abs(int(power))
        below = self.constant(1) if bottom is None else bottom
        if count > _HIGHEST or max(len(top), len(below)) ** count > _MOST_TERMS:
            raise _TooLarge
        return (top**count, below**count) if power >= 0 else (below**count, top**count)

    def vanishes(self, poly: Any) -> bool:
        """Whether a polynomial is zero by the relations: each power t^(n·k + r) becomes t^r times the k-th power of what t^n is."""
        for atom, degree, top, bottom in reversed(self.relations):
            if not poly:
                break
            poly = self._reduced(poly, list(self.generators).index(atom), degree, top, bottom)
        return not poly

    def _reduced(self, poly: Any, place: int, degree: int, top: Any, bottom: Any) -> Any:
        by_power: dict[int, dict[tuple[int, ...], Any]] = {}
        for exponents, coefficient in poly.terms():
            count, rest = divmod(int(exponents[place]), degree)
            kept = tuple(rest if k == place else int(exponent) for k, exponent in enumerate(exponents))
            by_power.setdefault(count, {})[kept] = coefficient
        most = max(by_power)
        if most == 0:
            return poly
        if max(len(top), len(bottom)) ** most * len(poly) > _MOST_TERMS:
            raise _TooLarge
        zero = self.constant(0)
        return sum((self.context.from_dict(terms) * top**count * bottom ** (most - count) for count, terms in by_power.items()), zero)


def _times(one: Any, other: Any) -> Any:
    if len(one) * len(other) > _MOST_TERMS:
        raise _TooLarge
    return one * other


def _sum(parts: tuple[tuple[Any, Any], ...]) -> tuple[Any, Any]:
    """Fractions over the least common denominator."""
    top, bottom = parts[0]
    for other_top, other_bottom in parts[1:]:
        if bottom == other_bottom:
            top = top + other_top
            continue
        shared = bottom.gcd(other_bottom)
        mine, theirs = bottom / shared, other_bottom / shared
        top, bottom = _times(top, theirs) + _times(other_top, mine), _times(bottom, theirs)
    return top, bottom


def _atoms(node: Form) -> Iterator[tuple[Atom, int]]:
    """The generators that a node needs, and into how many equal powers they are cut."""
    match node:
        case Sym(name):
            yield ("letter", name), 1
        case Root(inner, index):
            count = integer(index)
            if count is None or not 1 < count <= _HIGHEST:
                raise _TooLarge
            yield ("root", inner), count
        case Pow(base, exponent):
            exact = rational(exponent)
            if exact is None:
                yield from ((_power_atom(base, rest), coefficient.denominator) for coefficient, rest in _exponent_terms(exponent))
            elif exact.denominator > 1:
                yield ("root", base), exact.denominator
        case Call("sin", args) | Call("cos", args):
            yield ("call", Call("sin", args)), 1
            yield ("call", Call("cos", args)), 1
        case Call() | Const() | Apply() | Deriv() | Integral() | Cases():
            yield ("call", node), 1


def _power_atom(base: Form, rest: Form) -> Atom:
    return ("root", base) if rest is ONE else ("power", base, rest)


def _exponent_terms(exponent: Form) -> list[tuple[Fraction, Form]]:
    """An exponent as a sum of numbers times forms: 2x − y/3 is 2·x + (−1/3)·y."""
    terms = exponent.terms if isinstance(exponent, Add) else (exponent,)
    return [_scaled(term) for term in terms]


def _scaled(term: Form) -> tuple[Fraction, Form]:
    exact = rational(term)
    if exact is not None:
        return exact, ONE
    match term:
        case Neg(inner):
            size, rest = _scaled(inner)
            return -size, rest
        case Mul(factors):
            size, others = Fraction(1), []
            for factor in factors:
                part, rest = _scaled(factor)
                size *= part
                others += [] if rest is ONE else [rest]
            return size, _sorted(product(others))
        case Div(top, bottom) if (below := rational(bottom)):
            size, rest = _scaled(top)
            return size / below, rest
    return Fraction(1), term


__all__ = ["identical"]
