"""What varies from one variant to the next: parameters with their choices, values derived from them, constraints.

Every parameter has finitely many choices, so a variant is a number: its place in the list of all combinations (the last
parameter varies fastest). The same number always means the same variant; a seed is turned into such a number by a hash
that is the same on every machine, and walks on where the constraints do not hold.

>>> from tutor.problems.source import parse
>>> node = parse('''
... parameters: {best: 3..8, a: [5, 10, 20], shop: [coffee shop, tea house]}
... derived: {b: 2*a*best}
... constraints: [b < 200]
... ''', "shop.yaml").entries()
>>> space = read_space(node["parameters"], node["derived"], node["constraints"])
>>> space.size, [str(value) for value in space.values(7).values()]
(36, ['4', '5', 'tea house', '40'])
>>> space.holds(space.values(35))
False
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction
from functools import cache, cached_property, lru_cache
from hashlib import sha256
from math import prod

from tutor.algebra.tidy import tidied
from tutor.errors import RequestError
from tutor.form import evaluate as numeric
from tutor.form.arithmetic import compute
from tutor.form.numerals import number, rational
from tutor.form.rationals import RATIONALS
from tutor.form.reading import read
from tutor.form.tree import Form, Neg, Num, Relation, Sym
from tutor.form.walk import nodes, substitute
from tutor.problems.source import Node, SourceError

Record = Mapping[str, str]
"""Words that belong together: a name and its pronouns."""
Value = Form | str | Record
Values = dict[str, Value]

MOST_CHOICES = 10_000
_NAME = re.compile(r"[A-Za-z](?:[A-Za-z0-9]*|_[A-Za-z0-9]+)")
_NUMBER = r"-?\d+(?:\.\d+)?"
_RANGE = re.compile(rf"({_NUMBER})\s*\.\.\s*({_NUMBER})(?:\s+by\s+({_NUMBER}))?")
_TRIES = 2_000


@dataclass(frozen=True)
class Space:
    """All variants of a family: the choices of each parameter, the derived values in order, the constraints."""

    choices: dict[str, tuple[Value, ...]]
    derived: dict[str, Form]
    constraints: tuple[tuple[Form, Node], ...]

    @cached_property
    def size(self) -> int:
        """How many combinations there are, valid or not."""
        return prod(len(choices) for choices in self.choices.values())

    def values(self, rank: int) -> Values:
        """The values of a combination: parameters, then what is derived. Raises `RequestError` for a number that no combination has."""
        if not 0 <= rank < self.size:
            raise RequestError("variant", f"there is no variant {rank}: they are numbered from 0 to {self.size - 1}")
        chosen: Values = {}
        for name, choices in reversed(self.choices.items()):
            rank, place = divmod(rank, len(choices))
            chosen[name] = choices[place]
        found = {name: chosen[name] for name in self.choices}
        known = forms(found)
        for name, form in self.derived.items():
            found[name] = known[letter(name)] = worked_out(form, known)
        return found

    def rank(self, values: Mapping[str, Value]) -> int:
        """The number of the combination with these values of the parameters. Raises `RequestError` where there is none."""
        rank = 0
        for name, choices in self.choices.items():
            if values.get(name) not in choices:
                raise RequestError("variant", f"{name} has no choice {values.get(name)}")
            rank = rank * len(choices) + choices.index(values[name])
        return rank

    def holds(self, values: Mapping[str, Value]) -> bool:
        """Whether all constraints hold; where one cannot be decided, it does not."""
        known = forms(values)
        return all(_decided(constraint, known) for constraint, _ in self.constraints)

    def ranks(self, key: str, most: int) -> Iterator[int]:
        """The valid combinations: all in order where there are up to `most`, else `most` different ones by a seeded walk."""
        if self.size <= most:
            yield from (rank for rank in range(self.size) if self.holds(self.values(rank)))
            return
        seen: set[int] = set()
        for k in range(20 * most):
            rank = hashed(f"{key}/{k}", self.size)
            if rank not in seen and self.holds(self.values(rank)):
                seen.add(rank)
                yield rank
                if len(seen) == most:
                    return

    def seeded(self, key: str) -> int:
        """A valid combination for a text, the same on every machine. Raises `RequestError` where none is found."""
        for k in range(_TRIES):
            rank = hashed(f"{key}/{k}", self.size)
            if self.holds(self.values(rank)):
                return rank
        start = hashed(key, self.size)
        for step in range(min(self.size, MOST_CHOICES)):
            if self.holds(self.values((start + step) % self.size)):
                return (start + step) % self.size
        raise RequestError("variant", "no variant fulfils the constraints", advice="Loosen the constraints, or widen the parameters.")


def hashed(text: str, size: int) -> int:
    """A number below `size` for a text: SHA-256, which is the same everywhere."""
    return int.from_bytes(sha256(text.encode()).digest(), "big") % size


def forms(values: Mapping[str, Value]) -> dict[str, Form]:
    """Those values that are mathematics, by their letters."""
    return {letter(name): value for name, value in values.items() if isinstance(value, Form)}


@cache
def letter(name: str) -> str:
    """A name as it stands in formulas: x0 is the letter x_0. Raises `RequestError` for what is no letter."""
    form = read(name, variables=(name,))
    if not isinstance(form, Sym):
        raise RequestError("name", f"{name} is no letter, but {form}", advice="Choose another name.")
    return form.name


def worked_out(form: Form, values: Mapping[str, Form]) -> Form:
    """A formula with the values put in, as one number where it is one.

    >>> str(worked_out(read("a/4 + 0.5"), {"a": read("3")})), str(worked_out(read("a/4"), {"a": read("3")}))
    ('1.25', '3/4')
    """
    used = {name: values[name] for name in form.free if name in values}
    exact = compute(form, {name: rational(value) for name, value in used.items()}, RATIONALS) if len(used) == len(form.free) else None
    if not isinstance(exact, Fraction):
        return tidied(substitute(form, used))[0]
    decimals = _has_decimals(form) or any(map(_has_decimals, used.values()))
    return (decimal_number(exact) if decimals else None) or number(exact)


@lru_cache(4096)
def _has_decimals(form: Form) -> bool:
    return any(isinstance(node, Num) and node.places for node in nodes(form))


def decimal_number(value: Fraction) -> Form | None:
    """A fraction as a decimal with few places; None where there is none.

    >>> str(decimal_number(Fraction(-5, 4))), decimal_number(Fraction(1, 3))
    ('-1.25', None)
    """
    for places in range(7):
        scaled = value * 10**places
        if scaled.denominator == 1:
            digits = Num(abs(int(scaled)), places)
            return Neg(digits) if value < 0 else digits
    return None


def _decided(constraint: Form, values: Mapping[str, Form]) -> bool:
    found = compute(constraint, {name: rational(values[name]) for name in constraint.free}, RATIONALS)
    if isinstance(found, bool):
        return found
    return numeric.holds(substitute(constraint, dict(values)), {}) is True


# -- from a file --------------------------------------------------------------------------------------


def read_space(parameters: Node | None, derived: Node | None, constraints: Node | None) -> Space:
    """The variants that a file describes. Raises `SourceError`."""
    choices = {name: _choices(_named(name, node)) for name, node in (parameters.entries() if parameters else {}).items()}
    formulas: dict[str, Form] = {}
    for name, node in (derived.entries() if derived else {}).items():
        if name in choices:
            raise node.fault("key", f"{name} is a parameter already")
        formulas[name] = formula(_named(name, node), {*choices, *formulas})
    known = {*choices, *formulas}
    conditions = [(formula(node, known), node) for node in (constraints.items("a list of conditions") if constraints else ())]
    for form, node in conditions:
        if not isinstance(form, Relation):
            raise node.fault("constraint", f"{node.value} is no condition", "Write conditions as a < b, a != 0.")
    return Space(choices, formulas, tuple(conditions))


def formula(node: Node, known: set[str]) -> Form:
    """A formula in known letters. Raises `SourceError`."""
    form: Form = node.read(lambda text: read(text, variables=known))
    if unknown := sorted(form.free - {letter(name) for name in known}):
        raise strange_letter(node, unknown[0], known)
    return form


_WORD = re.compile(r"[A-Za-z][A-Za-z_]*\d*")


def strange_letter(node: Node, unknown: str, known: Collection[str]) -> SourceError:
    """A complaint about a letter, or about the word that it was read from: a misspelt name is read as a product of its letters."""
    words = [word for word in _WORD.findall(str(node.value)) if word not in known]
    word = next((word for word in words if word == unknown), next((word for word in words if unknown[:1] in word), unknown))
    near = get_close_matches(word, list(known), 1, 0.6)
    hint = f"Did you mean {near[0]}? " if near else ""
    return node.fault("letter", f"{word} is not known here", f"{hint}Known: {', '.join(sorted(known)) or 'nothing yet'}.")


def _named(name: str, node: Node) -> Node:
    if not _NAME.fullmatch(name):
        raise node.fault("name", f"{name!r} is no name of a value", "A name is letters and digits, with one underscore at most: a, x0, p_best.")
    if len(name) > 1 and not isinstance(read(name, variables=(name,)), Sym):
        raise node.fault("name", f"{name} is no letter of a formula", "Choose another name.")
    return node


def _choices(node: Node) -> tuple[Value, ...]:
    found = _range(node) if isinstance(node.value, str) else tuple(map(_choice, node.items("a range such as 3..8, or a list of choices")))
    if not found:
        raise node.fault("empty", "there is nothing to choose from")
    if len(set(map(str, found))) < len(found):
        raise node.fault("choice", "a choice occurs twice")
    if len(found) > MOST_CHOICES:
        raise node.fault("long", f"{len(found):,} choices are too many", f"Take at most {MOST_CHOICES:,}.")
    return found


def _range(node: Node) -> tuple[Value, ...]:
    text = node.text("a range such as 3..8, or a list of choices")
    match = _RANGE.fullmatch(text)
    if match is None:
        raise node.fault("range", f"{text!r} is no range", "Write 3..8, 0.5..3 by 0.5, or a list [2, 4, 8].")
    low, high, step = (Fraction(part) for part in (match[1], match[2], match[3] or "1"))
    if step <= 0 or high < low:
        raise node.fault("range", f"{text!r} is empty", "Begin with the smaller end; the step is positive.")
    count = (high - low) // step + 1
    if count > MOST_CHOICES:
        raise node.fault("long", f"{count:,} choices are too many", f"Take at most {MOST_CHOICES:,}.")
    decimals = "." in text.replace("..", "")
    found = [low + k * step for k in range(count)]
    return tuple((decimal_number(value) if decimals else None) or number(value) for value in found)


def _choice(node: Node) -> Value:
    """A number, a word, or a record of words."""
    if isinstance(node.value, dict):
        return {key: value.text("a word") for key, value in node.value.items()}
    text = node.text("a number or a word")
    found: Value = node.read(read, "a number") if re.fullmatch(rf"{_NUMBER}(?:/\d+)?", text) else text
    return found


__all__ = ["MOST_CHOICES", "Record", "Space", "Value", "Values", "decimal_number", "forms", "formula", "hashed", "read_space", "worked_out"]
