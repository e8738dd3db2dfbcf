"""The derivation tree: which rule was used where, on what, and what came out.

A `Rule` is a theorem that can be applied: `match` says whether it fits a form and names the parts,
`value` computes the derivative from those parts and from the derivatives of what the rule `needs`.
The same `value` function writes the pattern line, when it is given unworked derivatives (x²)′, and
the worked line, when it is given the children's values; and each buggy variant in `mistakes` is what
learners compute instead. A `Step` is one use of a rule.

>>> from tutor.calculus.rules import RULES
>>> rule = RULES["product"]
>>> rule.theorem, sorted(rule.mistakes)[:3]
("(u*v)' = u'*v + u*v'", ['R1', 'R2', 'R3'])
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from tutor.algebra.tidy import Rewrite
from tutor.form.tree import Deriv, Form, Sym

HOLE = Sym("□")
"""Stands for the inner function in an outer one; no text reads as this letter, so it never collides."""


@dataclass(frozen=True, slots=True, eq=False)
class Match:
    """A rule that fits: the function, what has to be differentiated first, and the named parts.

    `rewrite` is the algebra done before differentiating (a root as a power). `conditions` are
    relations that must hold for the rule to apply. `weight` is what the match adds to the rule's cost.
    """

    form: Form
    variable: str
    needs: tuple[Form, ...] = ()
    parts: Mapping[str, Form] = field(default_factory=dict)
    conditions: tuple[Form, ...] = ()
    rewrite: Rewrite | None = None
    weight: float = 0.0

    def varies(self, form: Form) -> bool:
        """Whether a form depends on the variable."""
        return self.variable in form.free


Value = Callable[[Match, tuple[Form, ...]], Form]
Variant = Callable[[Match, tuple[Form, ...]], Form | None]
"""What a learner computes instead of a rule's value; None where nobody would make that mistake."""


def where(fits: Callable[[Match], bool], variant: Variant) -> Variant:
    """A variant that is a mistake only in some matches, such as a sign of the cosine's derivative."""
    return lambda m, d: variant(m, d) if fits(m) else None


@dataclass(frozen=True, slots=True)
class Rule:
    """A theorem that can be applied; `cost` is how gladly a teacher reaches for it (less is gladder).

    `mistakes` holds what learners do instead, by the ids of the catalogue: one variant, or several of one kind.
    """

    id: str
    theorem: str
    example: str
    cost: float
    match: Callable[[Form, str], Match | None]
    value: Value
    mistakes: Mapping[str, Variant | tuple[Variant, ...]] = field(default_factory=dict)

    @property
    def variants(self) -> Iterator[tuple[str, Variant]]:
        """Each mistake with its variants, one by one."""
        for mistake, found in self.mistakes.items():
            for variant in found if isinstance(found, tuple) else (found,):
                yield mistake, variant


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One use of a rule: `before` has the derivative `after`.

    `worked` is the rule's right side with the values of `steps` (the derivatives that the rule
    needed), `after` that with the arithmetic done. `partial`: other letters are held fixed.
    """

    theorem: Rule
    match: Match
    worked: Form
    after: Form
    steps: tuple[Step, ...] = ()
    partial: bool = False

    @property
    def rule(self) -> str:
        """The stable id of the rule."""
        return self.theorem.id

    @property
    def before(self) -> Form:
        """The function that is differentiated here."""
        return self.match.form

    @property
    def variable(self) -> str:
        """The letter that moves."""
        return self.match.variable

    @property
    def parts(self) -> Mapping[str, Form]:
        """The named parts: outer, inner, u, v, …"""
        return self.match.parts

    @property
    def conditions(self) -> tuple[Form, ...]:
        """What must hold for the rule to apply."""
        return self.match.conditions

    @property
    def rewrite(self) -> Rewrite | None:
        """The algebra done before differentiating, if any."""
        return self.match.rewrite

    @property
    def pattern(self) -> Form:
        """The rule's right side with its derivatives written, not yet worked out."""
        return self.over(tuple(self.unworked(step) for step in self.steps))

    def over(self, derivatives: tuple[Form, ...]) -> Form:
        """The rule's right side over any forms in the place of the derivatives that it needs."""
        return self.theorem.value(self.match, derivatives) if self.steps else self.worked

    def unworked(self, step: Step) -> Deriv:
        """The derivative of a step below, written down and not yet worked out."""
        return Deriv(step.before, step.variable, 1, self.partial)

    def walk(self) -> Iterator[Step]:
        """This step and those below it, each distinct one once, children before parents."""
        seen: set[int] = set()
        stack: list[tuple[Step, bool]] = [(self, False)]
        while stack:
            step, done = stack.pop()
            if done:
                yield step
            elif id(step) not in seen:
                seen.add(id(step))
                stack.append((step, True))
                stack.extend((child, False) for child in reversed(step.steps))
