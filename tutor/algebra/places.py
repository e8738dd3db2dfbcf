"""Where two forms are compared: exact points inside a domain, the same on every run and thread.

A `Domain` is what an author says of the letters: conditions such as x > 0, that a letter is an integer
(n = floor(n)), and that letters are complex. The last is no equation but lifts the rule that letters
are real; among conditions it is written as the statement complex(z), or complex of nothing for all
letters (`complex_condition`). Letters of which an order or a floor is stated stay real.

>>> from tutor import read
>>> where = domain_of((complex_condition(), read("x > 0")))
>>> where.is_complex, [str(condition) for condition in where.conditions]
(True, ['x > 0'])
>>> [str(place.point["z"]) for place in islice(where.places(read("z"), read("x*z")), 2)]
['9/20 + 1/2*I', '-3/2 + 27/20*I']
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import count, islice
from typing import Any

from tutor.form.balls import rigorous
from tutor.form.evaluate import BITS, Arithmetic, ball_arithmetic, compute, precision, sample_points
from tutor.form.numerals import Gaussian
from tutor.form.tree import ZERO, Apply, Call, Const, Form, Num, Relation, Sym
from tutor.form.walk import nodes, substitute

_COMPLEX = "complex"
_RINGS, _TRIES = 20, 120
"""Points of each sequence before the other one has its turn (twice over the rings around the origin), and the most of each."""
_MOST_KEPT = 200
"""Values that are kept at a point from one comparison to the next."""


def integer_condition(name: str) -> Form:
    """The condition that a letter is an integer: n = floor(n).

    >>> from tutor import read
    >>> integer_condition("n") is read("n = floor(n)")
    True
    """
    return Relation((Sym(name), Call("floor", (Sym(name),))), ("=",))


def complex_condition(*names: str) -> Form:
    """The statement that letters are complex numbers; without names, that all are."""
    return Apply(_COMPLEX, tuple(map(Sym, names)), (0,) * len(names))


_SPOKEN = re.compile(r"(?:(?P<name>[^\W\d]\w*)\s+(?:is\s+|in\s+)?(?:an?\s+)?)?(?P<word>complex|integer|whole|positive|negative)(?:\s+numbers?)?")
_SIGNS = {"positive": ">", "negative": "<"}


def spoken_condition(text: str) -> Form | None:
    """A statement in words: "complex", "z complex", "n integer", "x is positive"; None where it is none of these.

    >>> [str(spoken_condition(text)) for text in ("complex", "z complex", "n is an integer", "x positive", "x > 0")]
    ['complex', 'complex(z)', 'n = floor(n)', 'x > 0', 'None']
    """
    found = _SPOKEN.fullmatch(text.strip())
    if found is None or (found["name"] is None and found["word"] != "complex"):
        return None
    name, word = found["name"], found["word"]
    if word == "complex":
        return complex_condition(*([name] if name else []))
    return Relation((Sym(name), ZERO), (_SIGNS[word],)) if word in _SIGNS else integer_condition(name)


def with_derived(derived: Iterable[Form], stated: Iterable[Form]) -> tuple[Form, ...]:
    """The conditions that a derivation needs, with those that the author states; the former are about real letters, and left out for complex ones."""
    own = tuple(stated)
    return own if domain_of(own).is_complex else (*derived, *own)


@dataclass(frozen=True)
class Domain:
    """What is said of the letters. `whole` are integers; `lifted` are complex (None: none, empty: all others than the real ones)."""

    conditions: tuple[Form, ...] = ()
    whole: frozenset[str] = frozenset()
    lifted: frozenset[str] | None = None

    @property
    def is_complex(self) -> bool:
        """Whether values are complex numbers."""
        return self.lifted is not None

    @property
    def is_computable(self) -> bool:
        """Whether there is an arithmetic for it: complex balls need python-flint."""
        return self.lifted is None or rigorous()

    @property
    def real(self) -> frozenset[str]:
        """The letters of which an order or a floor is stated."""
        return frozenset().union(*(one.free for one in self.conditions if not isinstance(one, Relation) or {*one.operators} - {"!="}))

    @property
    def arithmetic(self) -> Arithmetic:
        """How values are computed."""
        if not self.is_complex:
            return ball_arithmetic()
        from tutor.form.complexes import complex_arithmetic

        return complex_arithmetic()

    def read(self, form: Form) -> Form:
        """A form as it is meant here: over the complex numbers the letter i is the imaginary unit, unless it is itself declared complex."""
        return substitute(form, {"i": Const("i")}) if self.lifted is not None and "i" in form.free and "i" not in self.lifted else form

    def places(self, left: Form, right: Form) -> Iterator[Place]:
        """The fixed points and points near the numbers that occur, in turns; without letters the one place that there is; integers once each.

        The edges of a small domain, as that of √(x − 100)·√(101 − x), are mostly such numbers, or their products and quotients.
        """
        free = left.free | right.free
        names = tuple(sorted(free.union(*(condition.free for condition in self.conditions)) if self.conditions else free))
        if not self.is_computable:
            return
        if not names:
            yield Place({}, self)
            return
        if not self.whole:
            yield from self._places(names, left, right)
            return
        seen = set()
        for place in self._places(names, left, right):
            if (known := tuple(place.point.values())) not in seen:
                seen.add(known)
                yield place

    def _places(self, names: tuple[str, ...], left: Form, right: Form) -> Iterator[Place]:
        yield from _kept(names, self) if left.size + right.size < _MOST_KEPT else _first(names, self)
        forms = (left, right, *self.conditions)
        for points in (islice(_near(names, forms), _RINGS), islice(sample_points(names), _RINGS, _TRIES), islice(_near(names, forms), _RINGS, _TRIES)):
            yield from (Place(self.fitted(point, k), self) for k, point in enumerate(points))

    def fitted(self, point: Mapping[str, Fraction], turn: int) -> Mapping[str, Fraction | Gaussian]:
        """A point with integers where they are asked for, and with complex numbers in all four quadrants by turns."""
        if not self.whole and self.lifted is None:
            return point
        found: dict[str, Any] = {name: Fraction(round(5 * value) + turn % 3) if name in self.whole else value for name, value in point.items()}
        if self.lifted is not None:
            for place, name in enumerate(name for name in point if name not in self.real and (not self.lifted or name in self.lifted)):
                found[name] = _turned(point[name], turn, place)
        return found


@lru_cache(maxsize=64)
def domain_of(conditions: tuple[Form, ...]) -> Domain:
    """What conditions say of the letters."""
    lifted = [condition for condition in conditions if isinstance(condition, Apply) and condition.name == _COMPLEX]
    rest = tuple(condition for condition in conditions if condition not in lifted)
    whole = frozenset(name for condition in rest for name in condition.free if condition is integer_condition(name))
    names = frozenset(name for condition in lifted for name in condition.free) if all(condition.free for condition in lifted) else frozenset[str]()
    return Domain(rest, whole, names if lifted else None)


class Place:
    """An exact point, with the values there of every part that was asked for."""

    __slots__ = ("arithmetic", "domain", "memo", "point", "values")

    def __init__(self, point: Mapping[str, Fraction | Gaussian], domain: Domain) -> None:
        self.point = point
        self.domain = domain
        self.arithmetic = domain.arithmetic
        self.values = {name: self._number(value) for name, value in point.items()}
        self.memo: dict[Form, Any] = {}

    def _number(self, value: Fraction | Gaussian) -> Any:
        if isinstance(value, Gaussian):
            from tutor.form.complexes import to_complex_ball

            return to_complex_ball(value)
        return self.arithmetic.number(value)

    def value(self, form: Form) -> Any:
        """The value in the working precision of the moment, which has to be the same each time."""
        found = self.memo.get(form)
        return compute(form, self.values, self.arithmetic, self.memo) if found is None else found

    def ball(self, form: Form) -> Any:
        """The value as a number; of a relation 1 or 0."""
        found = self.value(form)
        return self.arithmetic.undefined if found is None else self.arithmetic.number(Fraction(found)) if isinstance(found, bool) else found

    def sharper(self, form: Form, bits: int) -> Any:
        """The value in more bits."""
        with precision(bits):
            return Place(self.point, self.domain).ball(form)

    def holds(self, conditions: tuple[Form, ...]) -> bool:
        """Whether all conditions surely hold here."""
        return all(self.value(condition) is True for condition in conditions)


def _kept(names: tuple[str, ...], domain: Domain) -> Iterator[Place]:
    """The first of the fixed points. What was computed there is kept for the next comparison, within limits."""
    for place in _kept_places(names, domain):
        if len(place.memo) > _MOST_KEPT:
            place.memo.clear()
        yield place


@lru_cache(maxsize=16)
def _kept_places(names: tuple[str, ...], domain: Domain) -> tuple[Place, ...]:
    with precision(BITS):
        return tuple(_first(names, domain))


def _first(names: tuple[str, ...], domain: Domain) -> Iterator[Place]:
    return (Place(domain.fitted(point, k), domain) for k, point in enumerate(islice(sample_points(names), _RINGS)))


def _turned(value: Fraction, turn: int, place: int) -> Gaussian:
    """A complex number off the axes; after four turns the second letter has gone a quarter further, after sixteen the third."""
    real, imag = Fraction(2 * round(10 * value) + 1, 20), Fraction(2 * round(7 * value) + 2 * (turn * (place + 1) % 5) + 1, 14)
    for _ in range(turn // 4**place % 4):
        real, imag = -imag, real
    return Gaussian(real, imag)


def _near(names: tuple[str, ...], forms: tuple[Form, ...]) -> Iterator[dict[str, Fraction]]:
    numbers = _numbers(forms)
    for k in count():
        yield {
            name: numbers[(k * (2 * j + 1) + j) % len(numbers)] + _NEAR[(k // len(numbers) + j) % len(_NEAR)]
            for j, name in enumerate(names)
        }  # fmt: skip


_NEAR = tuple(Fraction(*pair) for pair in ((2, 7), (-2, 7), (1, 97), (-1, 97), (17, 9), (-17, 9), (1, 1009), (-1, 1009)))
_MOST_NUMBERS = 6


def _numbers(forms: tuple[Form, ...]) -> list[Fraction]:
    """The numbers that occur, with their products and quotients, and the opposites of all."""
    numbers = sorted({node.value for form in forms for node in nodes(form) if isinstance(node, Num) and node.digits})[-_MOST_NUMBERS:]
    found = {Fraction(1), *numbers, *(one * other for one in numbers for other in numbers), *(one / other for one in numbers for other in numbers)}
    small = sorted(found, key=lambda value: (value not in numbers, value.denominator, value))[:12]
    return [sign * value for value in small for sign in (1, -1)]


__all__ = ["Domain", "Place", "complex_condition", "domain_of", "integer_condition", "spoken_condition", "with_derived"]
