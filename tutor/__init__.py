"""A symbolic calculus tutor: reads what a person types, differentiates it like a teacher, proves every line.

>>> from tutor import differentiate
>>> d = differentiate("x^2 sin(3x)")
>>> str(d.value), d.proved
('2*x*sin(3*x) + 3*x^2*cos(3*x)', True)
"""

from __future__ import annotations

TYPE_CHECKING = False  # type checkers know this name; importing typing would double the cost of `import tutor`

if TYPE_CHECKING:
    from typing import Any

    from tutor.api import Explanation, explain, explain_gradient
    from tutor.calculus.differentiate import Derivation, differentiate
    from tutor.calculus.gradient import Gradient, gradient
    from tutor.errors import LimitError, ReadError, RequestError, TutorError
    from tutor.form.reading import Reading, read, understand
    from tutor.form.tree import Form

__version__ = "0.1.0"

_HOMES = {
    "Derivation": "tutor.calculus.differentiate",
    "Explanation": "tutor.api",
    "Form": "tutor.form.tree",
    "Gradient": "tutor.calculus.gradient",
    "LimitError": "tutor.errors",
    "ReadError": "tutor.errors",
    "Reading": "tutor.form.reading",
    "RequestError": "tutor.errors",
    "TutorError": "tutor.errors",
    "differentiate": "tutor.calculus.differentiate",
    "explain": "tutor.api",
    "explain_gradient": "tutor.api",
    "gradient": "tutor.calculus.gradient",
    "read": "tutor.form.reading",
    "understand": "tutor.form.reading",
}
"""Where each public name lives: it is imported when it is first asked for, so that `import tutor` is quick."""

__all__ = [
    "Derivation", "Explanation", "Form", "Gradient", "LimitError", "ReadError", "Reading", "RequestError", "TutorError",
    "__version__", "differentiate", "explain", "explain_gradient", "gradient", "read", "understand",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'tutor' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
