"""What names mean in a variant: numbers, functions with their letters, and where the variables live.

Everything that an author writes in mathematics (answers, mistakes, the `$…$` of a story) is read here with the family's names, and
gets the variant's numbers and the functions' formulas here. The engine's own calls may stand inside a formula.

>>> from tutor.form.reading import read
>>> scope = Scope({"p_0": read("2")}, {"P": Function(("p",), read("200p - 20p^2"))})
>>> str(scope.plain(scope.read("P(p0 + 1) - P(p0)"))), str(scope.number(scope.read("P(p0)")))
('(200*3 - 20*3^2) - (200*2 - 20*2^2)', '320')
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from tutor.calculus.differentiate import Derivation, differentiate
from tutor.calculus.points import value_at
from tutor.errors import RequestError
from tutor.form.arithmetic import compute
from tutor.form.numerals import number, rational
from tutor.form.rationals import RATIONALS
from tutor.form.reading import read
from tutor.form.tree import Apply, Form, Listing, Neg, Num, Relation, Sym
from tutor.form.walk import nodes, substitute

if TYPE_CHECKING:
    from tutor.problems.calls.base import Call

_DEEPEST = 60
_WORD = re.compile(r"[A-Za-z][A-Za-z_]{2,}")


@dataclass(frozen=True, slots=True)
class Function:
    """A function of a family: its letters in order, and its body with the variant's numbers put in."""

    letters: tuple[str, ...]
    body: Form


@dataclass(frozen=True)
class Scope:
    """What names mean in a variant: numbers by their letters, functions, and where the variables live.

    `variables` are the family's, also those of which no function is.
    """

    values: Mapping[str, Form]
    functions: Mapping[str, Function]
    conditions: tuple[Form, ...] = ()
    variables: tuple[str, ...] = ()
    _plain: dict[Form, Form] = field(default_factory=dict, init=False, compare=False, repr=False)

    @cached_property
    def _letters(self) -> frozenset[str]:
        return frozenset((*self.values, *self.variables, *(letter for function in self.functions.values() for letter in function.letters)))

    def read(self, text: str) -> Form:
        """A text with the names of this scope. Raises `ReadError`."""
        return read_named(text, self._letters, tuple(self.functions))

    def plain(self, form: Form) -> Form:
        """A formula with its numbers, its functions' values and the engine's calls put in. Raises `RequestError`."""
        if form.depth > _DEEPEST:
            raise RequestError("deep", "this formula is nested too deeply")
        found = self._plain.get(form)
        if found is None:
            found = self._plain[form] = self._put_in(form)
        return found

    def _put_in(self, node: Form) -> Form:
        match node:
            case Sym(name) if name in self.values:
                return self.values[name]
            case Sym(name) if name in self.functions:
                return self.functions[name].body
            case Apply(name, args, _) if name in calls():
                return calls()[name](self, args, None).key
            case Apply(name, args, orders) if name in self.functions:
                return self._applied(self.functions[name], tuple(map(self._argument, args)), orders)
        below = tuple(map(self.plain, node.children))
        return node if below == node.children else node.rebuild(below)

    def _argument(self, form: Form) -> Form:
        """An argument of a function; a number is worked out before it is put in."""
        value = self.plain(form)
        return value if value.free or isinstance(value, Listing | Relation) else exact_value(value) or value

    def with_numbers(self, form: Form) -> Form:
        """A formula as it is written first when numbers are put in: P(3) − P(2), where P stays P."""
        match form:
            case Sym(name) if name in self.values:
                return self.values[name]
            case Apply(name, args, orders) if name in self.functions:
                return Apply(name, tuple(map(self._argument, args)), orders)
            case Apply(name, _, _) if name in calls():
                return self.plain(form)
        below = tuple(map(self.with_numbers, form.children))
        return form if below == form.children else form.rebuild(below)

    def _applied(self, function: Function, args: tuple[Form, ...], orders: tuple[int, ...]) -> Form:
        body = function.body
        for letter, order in zip(function.letters, orders, strict=False):
            body = derived(body, letter, order).value if order else body
        if len(args) != len(function.letters):
            raise RequestError("arguments", f"a function of {len(function.letters)} letters is given {len(args)}")
        return substitute(body, dict(zip(function.letters, args, strict=True)))

    def function(self, form: Form) -> Function:
        """What stands where a function is expected: its name, or an expression in letters. Raises `RequestError`."""
        if isinstance(form, Sym) and form.name in self.functions:
            return self.functions[form.name]
        body = self.plain(form)
        letters = tuple(sorted(body.free))
        if not letters:
            raise RequestError("function", f"{form} is no function: it has no letters")
        return Function(letters, body)

    def place(self, form: Form | None, letters: tuple[str, ...]) -> dict[str, Form] | None:
        """A place after @: a number, a tuple in the order of the letters, or p = 2. Raises `RequestError`."""
        if form is None:
            return None
        given = form.items if isinstance(form, Listing) and form.kind in ("tuple", "list") else (form,)
        named: dict[str, Form] = {}
        for k, part in enumerate(given):
            match part:
                case Relation((Sym(name), value), ("=",)):
                    named[name] = self.number(value)
                case _ if k < len(letters):
                    value = self.plain(part)
                    named |= dict(zip(letters, value.items, strict=False)) if isinstance(value, Listing) else {letters[k]: self.number(part)}
                case _:
                    raise RequestError("place", f"the place {form} has more values than {', '.join(letters)}")
        if set(named) != set(letters):
            raise RequestError("place", f"the place {form} does not give {', '.join(letters)} one value each")
        return named

    def number(self, form: Form) -> Form:
        """The exact value of a formula without letters. Raises `RequestError`."""
        value = self.plain(form)
        found = exact_value(value) if not value.free and not isinstance(value, Listing | Relation) else None
        if found is None:
            raise RequestError("value", f"{form} has no value as a number")
        return found


def calls() -> Mapping[str, Call]:
    """The engine's calls by name; imported late, since they speak of scopes."""
    from tutor.problems.answers import CALLS

    return CALLS


# -- reading ------------------------------------------------------------------------------------------


@lru_cache(4096)
def read_named(text: str, letters: frozenset[str], functions: tuple[str, ...]) -> Form:
    """A text with a family's letters and functions. The same lines are read in every variant, so the last ones are kept. Raises `ReadError`."""
    return read(text, variables=letters | words_in(text), functions=(*functions, *calls()))


def words_in(text: str) -> frozenset[str]:
    """The words of a text that mean something to a call: methods, losses, formulas, data sets with their columns."""
    return frozenset(word for word in _WORD.findall(text) if word in _vocabulary()) if "(" in text else frozenset()


def named_in_calls(form: Form) -> frozenset[str]:
    """The names on the left of x = (1, 2) among the arguments of a call: they belong to the call, and so do its words."""
    relations = [arg for node in nodes(form) if isinstance(node, Apply) and node.name in calls() for arg in node.args if isinstance(arg, Relation)]
    return frozenset(side.name for relation in relations for side in relation.operands[:1] if isinstance(side, Sym))


@lru_cache(1)
def _vocabulary() -> frozenset[str]:
    from tutor.descent.data import built_in, built_ins
    from tutor.descent.losses import LOSSES
    from tutor.descent.method import METHODS as BY_CONVENTION
    from tutor.grading.formulas import FORMULAS

    methods = {name for some in BY_CONVENTION.values() for name in some}
    tables = {name: built_in(name).names for name in built_ins()}
    # Not every name with underscores is a letter for the reader: the first word stands for it (clip for clip_by_norm).
    short = {name.partition("_")[0] for name in FORMULAS}
    return frozenset((*FORMULAS, *short, *methods, *LOSSES, *tables, *(name for names in tables.values() for name in names)))


# -- the engine, of which the last results are kept -----------------------------------------------------


@lru_cache(1024)
def derived(body: Form, letter: str, order: int = 1) -> Derivation:
    """A derivative: several questions and many variants ask for the same one, and a solution shows it once."""
    return differentiate(body, letter, order)


def value_of(form: Form, point: Mapping[str, Form]) -> Form:
    """The exact value at a point. Raises `RequestError` where there is none."""
    found = exact_value(substitute(form, dict(point)))
    if found is None:
        raise RequestError("value", f"{form} has no value there")
    return found


@lru_cache(4096)
def exact_value(form: Form) -> Form | None:
    """The exact value of a form without letters, a decimal where decimals stand in it; None where there is none.

    >>> str(exact_value(read("0.5*3 - 1"))), str(exact_value(read("2/4"))), str(exact_value(read("sqrt(8)")))
    ('0.5', '1/2', '2*sqrt(2)')
    """
    if form.free or isinstance(form, Listing | Relation):
        return value_at(form, {}).exact
    if isinstance(form.operand if isinstance(form, Neg) else form, Num):
        return form
    exact = compute(form, {}, RATIONALS)
    if exact is None:
        found = value_at(form, {}).exact
        fraction = None if found is None else rational(found)
        return found if fraction is None else number(fraction, decimal=_has_decimals(form))
    if exact.numerator.bit_length() > 300 or exact.denominator.bit_length() > 300:
        return value_at(form, {}).exact
    return number(exact, decimal=_has_decimals(form))


def _has_decimals(form: Form) -> bool:
    return any(isinstance(node, Num) and node.places for node in nodes(form))


__all__ = ["Function", "Scope", "derived", "exact_value", "named_in_calls", "read_named", "value_of", "words_in"]
