"""Tidying in named steps: from what the rules gave to what a textbook's key would print.

A `Rewrite` is one line: before, after, and the id of the law that leads from one to the other. Each
law changes the whole form at once, bottom-up; a law that changes nothing leaves no line.

>>> from tutor import read
>>> for line in tidied(read("5*(2x+1)^4*2*(3x-2)^7 + (2x+1)^5*(7*(3x-2)^6*3)"))[1]:
...     print(f"{line.law:10}", line.after)
numbers    10*(2*x + 1)^4*(3*x - 2)^7 + 21*(2*x + 1)^5*(3*x - 2)^6
factor     (2*x + 1)^4*(3*x - 2)^6*(10*(3*x - 2) + 21*(2*x + 1))
expand     (2*x + 1)^4*(3*x - 2)^6*(72*x + 1)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tutor.algebra.laws import LARGE, fractions, sums, trigonometry
from tutor.algebra.laws import arithmetic as numeric
from tutor.form.tree import Add, Call, Const, Div, Form, Mul, Neg, Pow
from tutor.form.walk import kinds_of, rewritten


@dataclass(frozen=True, slots=True)
class Rewrite:
    """One line of algebra: `before` = `after` by the law with this id."""

    before: Form
    after: Form
    law: str

    @property
    def rule(self) -> str:
        """The id under which explanations speak of this line."""
        return f"law.{self.law}"


@dataclass(frozen=True, slots=True)
class Law:
    """A law and the kinds of nodes without which it has nothing to do (bits of `Form.kinds`)."""

    change: Callable[[Form], Form]
    need: int = 0


LAWS: dict[str, Law] = {
    "numbers": Law(numeric.numbers),
    "restore": Law(numeric.restore, kinds_of(Pow)),
    "logarithms": Law(numeric.logarithms, kinds_of(Call, Const)),
    "powers": Law(numeric.powers),
    "collect": Law(sums.collect, kinds_of(Add)),
    "pythagoras": Law(trigonometry.pythagoras, kinds_of(Add, Call, Pow)),
    "quotients": Law(trigonometry.quotients, kinds_of(Call)),
    "distribute": Law(sums.distribute, kinds_of(Add, Mul, Div)),
    "nested": Law(fractions.nested_fractions, kinds_of(Add, Div)),
    "expand": Law(sums.expand, kinds_of(Add)),
    "factor": Law(sums.factor_shorter, kinds_of(Add)),
    "fraction": Law(fractions.common_denominator, kinds_of(Add, Div)),
    "cancel": Law(fractions.cancel, kinds_of(Add, Div)),
}
"""The laws by id; each id has its name and reason in `templates/phrases/`."""

_FIRST = ("numbers", "restore", "logarithms", "powers", "distribute", "collect", "pythagoras", "collect", "quotients")
_SECOND = ("distribute", "nested", "expand", "factor", "fraction", "cancel", "powers")
_SILENT_AFTER = frozenset(LAWS) - {"numbers"}
"""Laws that may leave a 1 or a 0 behind: the arithmetic is done in the same line."""


def arithmetic(form: Form, settled: dict[Form, Form]) -> Form:
    """The form with its numbers worked out; `settled` maps parts that are to stay as they are."""
    value = rewritten(form, numeric.numbers, settled)
    settled[value] = value
    return value


def tidied(form: Form, settled: dict[Form, Form] | None = None) -> tuple[Form, tuple[Rewrite, ...]]:
    """The form as a textbook would print it, and the lines that lead there.

    `settled` maps parts of the learner's own writing to themselves: they are not rewritten inside.
    """
    kept = settled if settled is not None else {}
    lines: list[Rewrite] = []
    seen: dict[str, dict[Form, Form]] = {}

    def rewrite(name: str, current: Form) -> Form:
        """By one law; what it has made of a part it remembers from one round to the next."""
        law = LAWS[name]
        if current.kinds & law.need != law.need:
            return current
        if name not in seen:
            seen[name] = kept.copy()
        return rewritten(current, law.change, seen[name], law.need)

    def apply(name: str, current: Form) -> Form:
        changed = rewrite(name, current)
        if changed is not current and name in _SILENT_AFTER:
            changed = rewrite("numbers", changed)
        if changed is not current:
            lines.append(Rewrite(current, changed, name))
        return changed

    for name in _FIRST:
        form = apply(name, form)
    for _ in range(3):
        before = form
        for name in _SECOND:
            form = apply(name, form)
        if form is before:
            break
        for name in ("collect", "pythagoras", "collect", "quotients"):
            form = apply(name, form)
    return form, tuple(lines)


def variants(form: Form) -> tuple[Rewrite, ...]:
    """Other ways to write a tidy result: with the common factor taken out, or multiplied out.

    >>> from tutor import read
    >>> [str(line.after) for line in variants(read("2*x*sin(3*x) + 3*x^2*cos(3*x)"))]
    ['x*(2*sin(3*x) + 3*x*cos(3*x))']
    """
    found = []
    factored = sums.factor(form)
    if isinstance(factored, Mul | Neg):
        found.append(Rewrite(form, factored, "factor"))
    flat = sums.expanded(form) if form.size <= LARGE else None
    if flat is not None:
        found.append(Rewrite(form, flat, "expand"))
    return tuple(line for line in found if line.after is not form and line.after.size <= 1.3 * form.size)
