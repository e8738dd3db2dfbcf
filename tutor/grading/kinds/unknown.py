"""Unknown functions in an answer: f(3x − x) and f(2x) are one value, f(x) and g(x) are two, whatever f and g are.

Each distinct value of an unknown function becomes a letter of its own: what is equal then is equal for every f. Two
arguments are the same where they are equal by evidence; where that is open, nothing is known.

>>> from tutor import read
>>> [str(form) for form in lettered(read("sin(f(3x - x))"), read("sin(f(2x)) + g(2x)"))]
['sin(f_1)', 'sin(f_1) + g_1']
"""

from __future__ import annotations

from itertools import count

from tutor.form.tree import Apply, Form, Sym
from tutor.form.walk import kinds_of, nodes, rewritten
from tutor.grading.equality import settled

_APPLY = kinds_of(Apply)
_MOST = 12


def lettered(*forms: Form) -> tuple[Form, ...] | None:
    """The forms with a letter in the place of each value of an unknown function; None where it is open which are the same."""
    if not any(form.kinds & _APPLY for form in forms):
        return forms
    taken = frozenset().union(*(form.free for form in forms))
    letters: dict[Apply, Sym] = {}
    while True:
        inner = next((node for form in forms for node in nodes(form) if isinstance(node, Apply)), None)
        if inner is None:
            return forms
        letter = _letter(inner, letters, taken)
        if letter is None or len(letters) > _MOST:
            return None
        letters[inner] = letter
        forms = tuple(rewritten(form, lambda node, inner=inner, letter=letter: letter if node is inner else node) for form in forms)  # type: ignore[misc]


def _letter(node: Apply, letters: dict[Apply, Sym], taken: frozenset[str]) -> Sym | None:
    """The letter of an equal value, or a new one."""
    for other, letter in letters.items():
        if (other.name, other.orders, len(other.args)) == (node.name, node.orders, len(node.args)):
            same = [settled(one, two).equal for one, two in zip(node.args, other.args, strict=True)]
            if all(same):
                return letter
            if False not in same:
                return None
    used = taken | {letter.name for letter in letters.values()}
    return next(Sym(f"{node.name}_{k}") for k in count(1) if f"{node.name}_{k}" not in used)
