"""The planner: which rule would a teacher take here?

For every form it weighs all rules that match: the rule's own cost plus the cost of what the rule
needs, each planned in the same way. The cheapest route is taken, the others stay available as
alternatives. Costs say how gladly a teacher reaches for a rule: a table entry costs 1, the chain
rule 2, a product 3, a quotient 5; rewriting first is cheap when it saves a heavy rule. So x/3 is a
constant multiple, (x² + 3x)/x is divided first, and (x² + 1)/(x − 1) is a quotient.

>>> from tutor import read
>>> planner = Planner("x")
>>> [planner.best(read(text)).rule.id for text in ("x/3", "x*e^(-x)", "(x^2 + 3x)/x", "1/x^3")]
['multiple', 'product', 'split_fraction', 'reciprocal_as_power']
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from tutor.calculus.rules import RULES
from tutor.calculus.rules.products import match_logarithmic, match_power_tower
from tutor.calculus.tree import Match, Rule
from tutor.errors import RequestError
from tutor.form.tree import Add, Apply, Call, Cases, Const, Deriv, Div, Form, Integral, Mul, Neg, Num, Pow, Root, Sym

_CANDIDATES: dict[type[Form], tuple[str, ...]] = {
    Num: ("constant",),
    Const: ("constant",),
    Sym: ("identity", "constant"),
    Add: ("sum",),
    Neg: ("multiple",),
    Mul: ("multiple", "product", "expand_first", "split_fraction", "logarithmic"),
    Div: ("multiple", "quotient", "reciprocal_as_power", "exponential_up", "split_fraction", "logarithmic"),
    Pow: ("table", "chain", "power_tower", "trivial_power", "power_of_power", "expand_first"),
    Root: ("root_as_power", "power_of_power"),
    Call: ("table", "chain", "log_laws", "change_of_base", "extremum", "definition"),
    Apply: ("table", "chain", "several"),
    Cases: ("cases",),
    Integral: ("integral",),
    Deriv: ("written_derivative",),
}
"""Which rules can match which kind of node, so that the others need not be asked."""


_ASKED: dict[str, tuple[tuple[str, Callable[[Form, str], Match | None]], ...]] = {
    "logarithmic": (("power_tower", match_power_tower), ("logarithmic", lambda form, variable: match_logarithmic(form, variable, least=1)))
}
"""Methods that several rules share, or that fit more often when they are asked for by name."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A rule with its match, and what the whole route costs."""

    rule: Rule
    match: Match
    cost: float


_KEPT: dict[str, Planner] = {}
_MOST_KEPT, _MOST_VARIABLES, _SMALL = 2_000, 16, 200
"""Forms of a planner that is kept, variables, and nodes of a form for which the kept one is asked."""


def planner(variable: str, form: Form) -> Planner:
    """A planner for a variable: for a small form the kept one, since the same parts occur in many exercises."""
    if form.size > _SMALL:
        return Planner(variable)
    found = _KEPT.get(variable)
    if found is None or found.planned > _MOST_KEPT:
        if len(_KEPT) >= _MOST_VARIABLES:
            _KEPT.clear()
        found = _KEPT[variable] = Planner(variable)
    return found


class Planner:
    """Plans for one variable; what it has planned once it remembers (forms are shared objects)."""

    def __init__(self, variable: str) -> None:
        self.variable = variable
        self._choices: dict[Form, tuple[Choice, ...]] = {}

    @property
    def planned(self) -> int:
        """How many forms are planned."""
        return len(self._choices)

    def best(self, form: Form) -> Choice:
        """The cheapest route."""
        return self.choices(form)[0]

    def choices(self, form: Form) -> tuple[Choice, ...]:
        """Every route from here, the cheapest first; below, each takes its own cheapest."""
        open_forms: dict[Form, list[tuple[Rule, Match]]] = {}
        stack = [form]
        while stack:
            node = stack[-1]
            if node in self._choices:
                stack.pop()
                continue
            matches = open_forms.get(node)
            if matches is None:
                matches = open_forms[node] = self._matches(node)
                waiting = [need for _, match in matches for need in match.needs if need not in self._choices and need not in open_forms]
                if waiting:
                    stack.extend(waiting)
                    continue
            self._choices[node] = self._weighed(matches)
            del open_forms[node]
            stack.pop()
        return self._choices[form]

    def by(self, form: Form, method: str) -> Choice:
        """The route that begins with a method: a rule's id, or `logarithmic`. Raises `RequestError` where it does not fit."""
        tries = _ASKED.get(method) or tuple((name, rule.match) for name, rule in RULES.items() if name == method != "unknown")
        for name, match in tries:
            found = match(form, self.variable)
            if found is not None:
                for need in found.needs:
                    self.choices(need)
                return self._weighed([(RULES[name], found)])[0]
        fitting = ", ".join(dict.fromkeys(choice.rule.id for choice in self.choices(form)))
        raise RequestError("method", f"{method} does not fit here" if tries else f"there is no method {method!r}", advice=f"What fits: {fitting}.")

    def _matches(self, form: Form) -> list[tuple[Rule, Match]]:
        if self.variable not in form.free:
            return [(rule := RULES["constant"], rule.match(form, self.variable))]  # type: ignore[list-item]
        found: list[tuple[Rule, Match]] = []
        for name in _CANDIDATES.get(type(form), ()):
            rule = RULES[name]
            match = rule.match(form, self.variable)
            if match is not None:
                found.append((rule, match))
        if not found:
            rule = RULES["unknown"]
            found.append((rule, rule.match(form, self.variable)))  # type: ignore[arg-type]
        return found

    def _weighed(self, matches: list[tuple[Rule, Match]]) -> tuple[Choice, ...]:
        """The matches with their costs; one that leads back to where it came from costs infinitely much."""
        choices = []
        for rule, match in matches:
            cost = rule.cost + match.weight
            for need in match.needs:
                planned = self._choices.get(need)
                cost += planned[0].cost if planned else math.inf
            choices.append(Choice(rule, match, cost))
        return tuple(sorted(choices, key=lambda choice: choice.cost))
