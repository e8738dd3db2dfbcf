"""Differentiating: the planned route becomes a tree of steps, and the result is tidied in named lines.

Each distinct sub-expression is derived once. Walks are iterative, so that depth costs no stack.

>>> d = differentiate("x^2*sin(3x)")
>>> str(d.value)
'2*x*sin(3*x) + 3*x^2*cos(3*x)'
>>> [step.rule for step in d.root.walk()]
['table', 'identity', 'multiple', 'chain', 'product']
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from tutor.algebra.monomial import monomial
from tutor.algebra.tidy import Rewrite, arithmetic, tidied, variants
from tutor.calculus.conditions import domain, needed, radicands
from tutor.calculus.plan import Choice, Planner
from tutor.calculus.plan import planner as planner_for
from tutor.calculus.request import asked
from tutor.calculus.tree import Step
from tutor.calculus.worked import Worked
from tutor.errors import RequestError
from tutor.form.functions import FUNCTIONS
from tutor.form.reading import read
from tutor.form.tree import Call, Cases, Div, Form, Relation
from tutor.form.walk import nodes

if TYPE_CHECKING:
    from tutor.calculus.audit import Audit

@dataclass(frozen=True)
class Derivation(Worked):
    """A function, one derivative of it, and how it came about.

    `function` is differentiated with respect to `variable`; `root` is the tree of rules, `algebra`
    the lines that tidy its result into `value`. For a higher order, `previous` is the derivation of
    the order below, and `function` its value. `conditions` say where the result holds. `asked` are the
    letters in the order in which they were asked for; the chain may take an easier order.
    """

    function: Form
    variable: str
    root: Step
    algebra: tuple[Rewrite, ...]
    value: Form
    conditions: tuple[Form, ...]
    previous: Derivation | None = None
    routes: tuple[Choice, ...] = field(default=(), repr=False)
    asked: tuple[str, ...] = ()

    @property
    def derivations(self) -> tuple[Derivation, ...]:
        """Itself."""
        return (self,)

    @property
    def order(self) -> int:
        """Which derivative of the first function this is."""
        return 1 if self.previous is None else self.previous.order + 1

    @property
    def chain(self) -> tuple[Derivation, ...]:
        """The derivations of every order, the first one first."""
        found = [self]
        while found[-1].previous is not None:
            found.append(found[-1].previous)
        return tuple(reversed(found))

    @property
    def steps(self) -> tuple[Step | Rewrite, ...]:
        """The rule at the root of each order with its algebra lines behind it."""
        found: list[Step | Rewrite] = []
        for one in self.chain:
            found += [one.root, *one.algebra]
        return tuple(found)

    @cached_property
    def also(self) -> tuple[Rewrite, ...]:
        """The same value written in other ways (factored, multiplied out)."""
        return variants(self.value)

    @cached_property
    def audit(self) -> Audit:
        """Every line checked against an independent derivative (SymPy is imported now)."""
        from tutor.calculus.audit import audit

        return audit(self)

    def _repr_latex_(self) -> str:
        return self.value._repr_latex_()


def differentiate(
    function: str | Form, variable: str | Sequence[str] | None = None, order: int = 1, *, another_way: int = 0, by: str = ""
) -> Derivation:
    """The derivative of a text or form with respect to a variable, with all its steps.

    `variable` may be left out when there is only one letter; a sequence of names gives a mixed partial
    derivative, worked out in the easier order. `another_way` takes the n-th best route at the root, `by` a method by its name
    (a rule's id, or `logarithmic`). Raises `ReadError` for a text that cannot be read, `RequestError` for a request that makes no sense.

    >>> str(differentiate("sin(x^2)").value), str(differentiate("x^3", "x", 2).value)
    ('2*x*cos(x^2)', '6*x')
    >>> [one.variable for one in differentiate("x^2*sin(x)*y", ["x", "y"]).chain], differentiate("x^2*sin(x)", by="logarithmic").root.rule
    (['y', 'x'], 'logarithmic')
    """
    form, names = asked(read(function) if isinstance(function, str) else function, variable, order)
    free_order = len(set(names)) > 1 and is_smooth(form)
    left = list(names)
    result: Derivation | None = None
    while left:
        start = form if result is None else result.value
        name = min(dict.fromkeys(left), key=lambda name: _work(start, name)) if free_order else left[0]
        left.remove(name)
        result = _once(start, name, result, another_way, by if result is None else "")
    assert result is not None
    return replace(result, asked=names)


def _work(form: Form, variable: str) -> tuple[float, int]:
    """How much a teacher would have to do: the cost of the route, then the size of what has to be differentiated."""
    best = planner_for(variable, form).best(form)
    return best.cost, sum(need.size for need in best.match.needs)


def is_smooth(form: Form) -> bool:
    """Whether mixed partial derivatives are continuous wherever the form is defined, as Clairaut's theorem wants."""
    return not any(isinstance(node, Cases) or (isinstance(node, Call) and FUNCTIONS[node.name].family in _CORNERED) for node in nodes(form))


_CORNERED = frozenset(("corner", "step", "extremum"))


def _once(function: Form, variable: str, previous: Derivation | None, another_way: int, by: str) -> Derivation:
    planner = planner_for(variable, function)
    routes = planner.choices(function)
    if another_way and another_way >= len(routes):
        raise RequestError("route", f"there {'is' if len(routes) < 3 else 'are'} only {len(routes) - 1} other way{'s' * (len(routes) != 2)} to begin here")
    first = planner.by(function, by) if by else routes[another_way]
    partial = len(function.free | {variable}) > 1
    given: dict[Form, Form] = {node: node for node in nodes(function)}
    root = _derived(function, planner, first, partial, dict(given))
    value, algebra = tidied(root.after, given)
    conditions = _holds_where(root, value)
    return Derivation(function, variable, root, algebra, value, conditions, previous, routes)


def _derived(function: Form, planner: Planner, first: Choice, partial: bool, settled: dict[Form, Form]) -> Step:
    """The steps along the chosen route, each distinct sub-expression once, children before parents."""
    done: dict[Form, Step] = {}
    stack: list[Form] = [function]
    while stack:
        form = stack[-1]
        choice = first if form is function else planner.best(form)
        waiting = [need for need in choice.match.needs if need not in done]
        if waiting:
            stack.extend(reversed(waiting))
            continue
        stack.pop()
        if form not in done:
            done[form] = _step(choice, [done[need] for need in choice.match.needs], partial, settled)
    return done[function]


def _step(choice: Choice, children: list[Step], partial: bool, settled: dict[Form, Form]) -> Step:
    worked = choice.rule.value(choice.match, tuple([child.after for child in children]))
    return Step(choice.rule, choice.match, worked, arithmetic(worked, settled), tuple(children), partial)


def _wants_positive(condition: Form) -> bool:
    return isinstance(condition, Relation) and condition.operators == (">",)


def _holds_where(root: Step, value: Form) -> tuple[Form, ...]:
    """Where the result holds: the conditions of all steps.

    A rewriting may lose a root ((√x)² is x): what stood under it stays a condition.
    Logarithmic differentiation is a detour: the product rule gives the same value without the
    logarithms of the factors, so of its conditions only those stay that the value itself needs.
    """
    below = {base for node in nodes(value) if isinstance(node, Div) for base in monomial(node.denominator).powers}
    found: list[Form] = []
    seen: set[int] = set()
    stack = [root]
    while stack:
        step = stack.pop()
        if id(step) in seen:
            continue
        seen.add(id(step))
        if step.rule == "logarithmic":
            found.extend(condition for condition in step.conditions if condition.children[0] in below or _wants_positive(condition))
            found.extend(domain(step.before))
        else:
            found.extend(step.conditions)
            if step.rewrite is not None:
                found.extend(radicands(step.before))
            stack.extend(reversed(step.steps))
    return needed(found)
