"""What a person calls the parts of a derivation: letters of inner functions, kinds of rules.

>>> from tutor import read
>>> letters = Letters(read("u*sin(x)"), "x")
>>> letters[0], letters[1], letters[20]
('v', 'w', 'u_7')
"""

from __future__ import annotations

from tutor.calculus.tree import HOLE, Step
from tutor.form.functions import FUNCTIONS
from tutor.form.tree import Apply, Call, Const, Deriv, Form, Neg, Pow, Sym
from tutor.form.walk import substitute

_LETTERS = "uvwpqrszkmnabcd"


class Letters:
    """Letters for inner functions, one a layer, none of which the function uses: u, v, w, …, then u₁, u₂, …"""

    def __init__(self, function: Form, variable: str) -> None:
        used = function.free | {variable, "e", "i"}
        self._free = tuple(letter for letter in _LETTERS if letter not in used)

    def __getitem__(self, layer: int) -> str:
        return self._free[layer] if layer < len(self._free) else f"u_{layer - len(self._free) + 1}"


def in_letter(outer: Form, letter: str) -> Form:
    """The outer function with a letter in its hole: sin(u)."""
    return substitute(outer, {HOLE.name: Sym(letter)})


def kind(step: Step) -> str:
    """The id under which a step's sentences stand: its rule, or for rewritings and tables the finer kind."""
    if step.rewrite is not None:
        return "trivial_power" if step.rewrite.law == "numbers" else step.rewrite.law
    if step.rule == "multiple" and isinstance(step.before, Neg):
        return "opposite"
    if step.rule == "unknown" and isinstance(step.after, Deriv):
        return "unsolved"
    if step.rule != "table":
        return step.rule
    match step.parts["outer"]:
        case Pow(Const("e"), _):
            return "exp"
        case Pow(base, _):
            return "power" if base is HOLE else "exponential"
        case Apply():
            return "apply"
    return "function"


def spoken(form: Form) -> str:
    """What a known function is called: sine, natural log."""
    return FUNCTIONS[form.name].spoken if isinstance(form, Call) else form.name if isinstance(form, Apply) else ""
