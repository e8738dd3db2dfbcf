"""What a call of the engine gives: the key, how a reply is graded, and, when a solution is asked for, how the key comes about.

>>> from tutor.form.reading import read
>>> found = by_number(read("2*3 + 1"))
>>> str(found.key), [str(line) for line in found.lines]
('7', ['2*3 + 1 = 7'])
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from tutor.calculus.differentiate import Derivation
from tutor.calculus.worked import Worked
from tutor.errors import RequestError
from tutor.form.numerals import rational
from tutor.form.tree import Form, Listing, Relation, Sym
from tutor.grading.asked import Asked
from tutor.grading.question import Question as Graded
from tutor.problems.scope import Function, Scope, exact_value

_ADVICE = "See the list of answers in docs/families.md."


@dataclass(frozen=True, eq=False)
class Answer:
    """The right answer (`key`), how a reply is graded (`asked`), and what shows how it comes about.

    `worked` are results of the engine, made when they are first asked for (`made`); `point` is where their values are taken; `lines` are
    equalities with numbers put in. `about` is the grader's question where it is made already; `derivations` are those whose mistakes
    a reply may show.
    """

    key: Form
    asked: Asked
    made: Callable[[], tuple[Worked, ...]] = tuple
    point: Mapping[str, Form] | None = None
    lines: tuple[Relation, ...] = ()
    about: Graded | None = None

    @cached_property
    def worked(self) -> tuple[Worked, ...]:
        """The results of the engine behind the key."""
        return self.made()

    @property
    def derivations(self) -> tuple[Derivation, ...]:
        """The derivations whose typical mistakes are known."""
        return () if self.about is None else self.about.results


Call = Callable[[Scope, tuple[Form, ...], Form | None], Answer]


def count(name: str, args: Sequence[Form], least: int, most: int, where: Form | None = None) -> None:
    """Raises `RequestError` for too few or too many arguments, or a place where none belongs."""
    if where is not None:
        raise RequestError("place", f"{name} takes no place behind @", advice=_ADVICE)
    if not least <= len(args) <= most:
        wanted = str(least) if least == most else f"{least} to {most}"
        raise RequestError("arguments", f"{name} takes {wanted} arguments, not {len(args)}", advice=_ADVICE)


def letters_of(given: Sequence[Form], function: Function) -> tuple[str, ...]:
    """The letters that are named behind a function, or its own. Raises `RequestError`."""
    names = tuple(form.name for form in given if isinstance(form, Sym))
    if len(names) < len(given):
        raise RequestError("arguments", "letters are expected after the function", advice=_ADVICE)
    if function.letters and (strange := [name for name in names if name not in function.letters]):
        raise RequestError("arguments", f"the function has no letter {strange[0]}", advice=f"Its letters: {', '.join(function.letters)}.")
    if not names and len(function.letters) != 1:
        raise RequestError("arguments", "the function has several letters: name the one that moves", advice="Such as diff(Q, T).")
    return names or function.letters


def whole(scope: Scope, form: Form, what: str, least: int, most: int) -> int:
    """A whole number. Raises `RequestError`."""
    value = rational(scope.number(form))
    if value is None or value.denominator != 1 or not least <= value <= most:
        raise RequestError("arguments", f"{what} is a whole number from {least} to {most}, not {form}")
    return int(value)


def settings(args: Sequence[Form]) -> tuple[list[Form], dict[str, Form]]:
    """The arguments as they come, and those that are written as a = 0.1 by their names."""
    plain: list[Form] = []
    named: dict[str, Form] = {}
    for arg in args:
        match arg:
            case Relation((Sym(name), value), ("=",)):
                named[name] = value
            case _:
                plain.append(arg)
    return plain, named


def by_number(substituted: Form) -> Answer:
    """A number, with the line that shows it. Raises `RequestError` where there is none."""
    value = exact_value(substituted)
    if value is None:
        raise RequestError("value", f"{substituted} has no value as a number")
    lines = () if value is substituted else (Relation((substituted, value), ("=",)),)
    return Answer(value, Asked(expected=value), lines=lines)


def pair(parts: Sequence[Form]) -> Form:
    """One form, or several as a tuple."""
    return parts[0] if len(parts) == 1 else Listing("tuple", tuple(parts))


def domain_texts(scope: Scope) -> tuple[str, ...]:
    """The conditions of the variables as the grader takes them."""
    return tuple(map(str, scope.conditions))


__all__ = ["Answer", "Call", "by_number", "count", "domain_texts", "letters_of", "pair", "settings", "whole"]
