"""The total derivative: a letter reaches a function along several paths, and the effects add up.

    dz/dt = ∂z/∂t + Σ ∂z/∂x · dx/dt        over every letter x of z that depends on t

(Stewart, *Calculus*, section 14.5). Where x depends on t through other letters, the rule is used again,
so that each path from z down to t gives one product: the rates along it multiply, the paths add.

>>> found = total_derivative("x*y", {"x": "t^2", "y": "t^3"}, "t")
>>> [(path.letters, str(path.product)) for path in found.paths]
[(('x', 't'), 'y*(2*t)'), (('y', 't'), 'x*(3*t^2)')]
>>> str(found.value), found.proved
('5*t^4', True)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from tutor.algebra.tidy import Rewrite, tidied
from tutor.calculus.differentiate import Derivation, differentiate
from tutor.calculus.request import body, variable_name
from tutor.calculus.worked import Claim, Worked, equal
from tutor.errors import RequestError
from tutor.form.reading import read
from tutor.form.tree import ONE, Apply, Form, Relation, Sym, product, total
from tutor.form.walk import substitute

MOST_PATHS = 60
"""More paths than this are not written down."""


@dataclass(frozen=True)
class Path:
    """One way from the function down to the variable: the letters on it, and the rate of each link."""

    letters: tuple[str, ...]
    links: tuple[Derivation, ...]

    @property
    def product(self) -> Form:
        """The rates along the path, multiplied; a rate of 1 is left out."""
        return product(link.value for link in self.links if link.value is not ONE)


@dataclass(frozen=True)
class TotalDerivative(Worked):
    """A function of letters that depend on `variable`, and its derivative along all paths.

    `where` maps each dependent letter to what it stands for. `links` hold the derivative of the function (under the
    name "") and of each dependent letter with respect to each letter that it is written with and that depends on the variable.
    """

    function: Form
    where: Mapping[str, Form]
    variable: str
    links: Mapping[tuple[str, str], Derivation]

    @property
    def partial(self) -> bool:
        """Whether other free letters stay fixed, so that the result is a partial derivative."""
        return bool(self.composed.free - {self.variable})

    @property
    def composed(self) -> Form:
        """The function with everything put in: it contains no dependent letter."""
        return _composed(self.function, self.where)

    @cached_property
    def paths(self) -> tuple[Path, ...]:
        """Every way from the function to the variable, the direct one first."""
        return tuple(Path(letters, links) for letters, links in _paths(self, "", ()))

    @cached_property
    def sum(self) -> Form:
        """The products of all paths, added."""
        return total(path.product for path in self.paths)

    @cached_property
    def substituted(self) -> Form:
        """The sum with what the letters stand for."""
        return _composed(self.sum, self.where)

    @cached_property
    def _tidied(self) -> tuple[Form, tuple[Rewrite, ...]]:
        return tidied(self.substituted)

    @property
    def value(self) -> Form:
        """The derivative in the free letters alone."""
        return self._tidied[0]

    @property
    def algebra(self) -> tuple[Rewrite, ...]:
        """The lines from the substituted sum to the value."""
        return self._tidied[1]

    @cached_property
    def direct(self) -> Derivation:
        """The other way: everything put in first, then one derivative in one letter."""
        return differentiate(self.composed, self.variable)

    @property
    def derivations(self) -> tuple[Derivation, ...]:
        """The rate of every link, and the direct way."""
        return (*self.links.values(), self.direct)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Each line of algebra, and that both ways agree."""
        lines = [equal(line.before, line.after, f"laws.{line.law}", self.direct.conditions) for line in self.algebra]
        return (*lines, equal(self.value, self.direct.value, "direct", self.direct.conditions))


def total_derivative(function: str | Form, where: Mapping[str, str | Form], variable: str) -> TotalDerivative:
    """The derivative of a function whose letters depend on `variable` as `where` says.

    Raises `ReadError`, or `RequestError` where a letter is defined in a circle, does not occur, nothing depends on the variable, or
    more than `MOST_PATHS` paths lead to it.
    """
    form = body(read(function) if isinstance(function, str) else function)
    given = {variable_name(name): body(read(value) if isinstance(value, str) else value) for name, value in where.items()}
    moving = variable_name(variable)
    _check(form, given, moving)
    needed = {"": form, **given}
    reached = _reached(form, given)
    links = {
        (name, letter): differentiate(inner, letter)
        for name, inner in needed.items() if not name or name in reached
        for letter in sorted(inner.free) if moving in _letters_below(letter, given)
    }  # fmt: skip
    if not links:
        raise RequestError("variable", f"nothing here depends on {moving}", advice=f"Letters that are left: {', '.join(sorted(reached - given.keys()))}.")
    count = _count(links, "", moving)
    if count > MOST_PATHS:
        raise RequestError("paths", f"{count} paths lead from {moving} to the function: too many to write down", advice="One backward sweep serves them all: tutor backprop.")
    return TotalDerivative(form, given, moving, links)


def _count(links: Mapping[tuple[str, str], Derivation], name: str, moving: str) -> int:
    """How many paths lead down from a letter, each letter counted once."""
    done: dict[str, int] = {moving: 1}

    def below(name: str) -> int:
        if name not in done:
            done[name] = sum(below(letter) for start, letter in links if start == name)
        return done[name]

    return below(name)


def definitions(texts: Iterable[str]) -> dict[str, Form]:
    """What letters stand for, from texts such as `x = t^2`.

    Raises `ReadError`, or `RequestError` for a text that is no definition or a letter that is defined twice.

    >>> {name: str(form) for name, form in definitions(["x=t^2", "y = t^3"]).items()}
    {'x': 't^2', 'y': 't^3'}
    """
    found: dict[str, Form] = {}
    for text in texts:
        match read(text):
            case Relation((Sym(name) | Apply(name), value), ("=",)):
                if name in found:
                    raise RequestError("where", f"{name} is defined twice: {found[name]} and {value}")
                found[name] = value
            case _:
                raise RequestError("where", f"{text.strip()!r} does not say what a letter stands for", advice="Write --where x=t^2.")
    return found


def _check(form: Form, given: Mapping[str, Form], moving: str) -> None:
    if moving in given:
        raise RequestError("variable", f"{moving} is given as {given[moving]}, so it does not move freely", advice="Differentiate by a letter without --where.")
    for name in given:
        below = _letters_below(name, given, itself=False)
        if name in below:
            raise RequestError("where", f"{name} is defined by itself: {name} = {given[name]}", advice="Each letter may depend only on later ones.")
    for name in given.keys() - _reached(form, given):
        raise RequestError("where", f"{name} does not occur in {form}", advice=f"Letters there: {', '.join(sorted(form.free)) or 'none'}.")


def _letters_below(letter: str, given: Mapping[str, Form], itself: bool = True) -> frozenset[str]:
    """The letters that a letter depends on, directly or through others."""
    found: set[str] = {letter} if itself else set()
    stack = [letter]
    seen: set[str] = set()
    while stack:
        name = stack.pop()
        if name in seen or name not in given:
            continue
        seen.add(name)
        found |= given[name].free
        stack.extend(given[name].free)
    return frozenset(found)


def _reached(form: Form, given: Mapping[str, Form]) -> frozenset[str]:
    return frozenset(form.free).union(*(_letters_below(letter, given) for letter in form.free))


def _composed(form: Form, given: Mapping[str, Form]) -> Form:
    """The form with all dependent letters replaced, as often as that is needed (definitions have no circles)."""
    while not form.free.isdisjoint(given):
        form = substitute(form, dict(given))
    return form


def _paths(found: TotalDerivative, name: str, above: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], tuple[Derivation, ...]]]:
    letters = sorted((letter for start, letter in found.links if start == name), key=lambda letter: (letter != found.variable, letter))
    for letter in letters:
        link = found.links[name, letter]
        if letter == found.variable:
            yield (letter,), (link,)
        else:
            for below, links in _paths(found, letter, (*above, letter)):
                yield (letter, *below), (link, *links)


__all__ = ["MOST_PATHS", "Path", "TotalDerivative", "definitions", "total_derivative"]
